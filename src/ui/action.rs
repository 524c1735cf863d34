//! Everything a user can trigger. Panels push actions; after all panels are drawn the app carries them out.

use super::{
    exchanging::ExportDraft,
    keymap::Shortcut,
    reviewing::{DeskAction, Mode},
};
use crate::{
    edit::{Command, Speaker},
    find::Hit,
    formats::article::Choices,
    model::{Annotation, Document, Id, Key, Label, Source},
    store::settings::ThemeChoice,
    text::{Ranges, boundary::Unit},
};
use std::path::PathBuf;

/// What a user can trigger.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    // Listed in `action_list`, with a key or a menu entry of their own.
    Open,
    Paste,
    NewProject,
    Save,
    SaveAs,
    CloseProject,
    Quit,
    Undo,
    Redo,
    Delete,
    RepeatLabel,
    Marker,
    AddRange,
    RemoveRange,
    Note,
    Select(Unit),
    SelectQuotation,
    SelectAll,
    Grow,
    Shrink,
    QuoteWithSpeaker,
    SameSource,
    AskForSource,
    Link,
    RemoveLink,
    NotArticle,
    FocusMode,
    Find {
        everywhere: bool,
    },
    LabelAllLike,
    NextMention(bool),
    CopyCited,
    MergeFrom,
    Import,
    ImportFolder,
    Export,
    CompareWithDisk,
    CompareWithFile,
    GitSetup,
    NextUndecided(bool),
    TakeChoice(usize),
    WriteThird,
    Guidelines,
    ProposeOmissions,
    EditCues,
    MoveEdge(Edge),
    NextAnnotation,
    PreviousAnnotation,
    ToInspector,
    NextPanel,
    DoneNext,
    TextSize(i8),
    LineSpacing,
    InterfaceSize(i8),
    Theme(ThemeChoice),
    ToggleLeft,
    ToggleRight,
    Palette,
    Keys,
    About,
    Figures,
    Introduce,
    RemoveArticle,
    ChooseEncoding,
    StepBack,
    // From controls that carry their own content.
    MergePaths(Vec<PathBuf>),
    ImportPaths(Vec<PathBuf>),
    ImportAgain(Choices),
    TakeImport,
    ChooseExport(ExportDraft),
    ExportTo(PathBuf),
    WriteExport(ExportDraft),
    ComparePaths(Vec<PathBuf>),
    Dropped(Vec<PathBuf>),
    TakeMerge,
    LeaveMerge,
    SaveAnew,
    SaveOverEmpty,
    /// Save although the system does not keep all that it has with the file.
    SaveAllTheSame,
    TakeOver,
    Recover(PathBuf),
    /// Brings back what a journal holds, without the file that it belongs to.
    RecoverAlone(PathBuf),
    ForgetJournal(PathBuf),
    SettleWith(String),
    WriteGitAttributes,
    LabelNumber(usize),
    Label(Id<Label>),
    Edit(Command),
    ChooseAnnotation(Option<Id<Annotation>>),
    OpenDocument(Id<Document>),
    OpenPaths(Vec<PathBuf>),
    AddPasted(String),
    OpenSample(usize),
    ClearRecent,
    CancelOpening,
    SetPerson {
        initials: String,
        role: String,
    },
    Reread(String),
    SaveTo(PathBuf),
    SaveThen(Box<Action>),
    DiscardThen(Box<Action>),
    ResolveIssue(Id<Annotation>),
    ShowSource(Id<Source>),
    ShowDocument,
    /// Gives the selected annotation, or the selection, a source.
    TakeSource(Speaker),
    /// Removes a source; asks first where something points to it.
    RemoveSource(Id<Source>),
    /// Asks before what was written about a record is taken out for good.
    AskToPurge(Key),
    Purge(Key),
    /// Takes what is proposed: a structure or a link.
    Take,
    /// Changes what is proposed.
    Change {
        on: bool,
    },
    /// Links two annotations in whatever way fits.
    LinkTo {
        from: Id<Annotation>,
        to: Id<Annotation>,
    },
    Mode(Mode),
    /// What is done on the review desk.
    Desk(DeskAction),
    CloseFind,
    OpenHit(Hit),
    LabelHits,
    CancelWork,
    OmitAll(Vec<(Ranges, &'static str)>),
    RebindKey {
        row: &'static str,
        shortcut: Option<Shortcut>,
    },
    ResetKeys,
    SetCues(String),
}

/// An end of the selection or of the selected annotation, and how it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    /// The end; else the start.
    pub(crate) end: bool,
    /// On in the order of the text; else back.
    pub(crate) on: bool,
    /// By word; else by letter.
    pub(crate) word: bool,
}
