//! The one list of actions: menus, palette, key sheet, tooltips and the keyboard all read it, so that no key is written twice.

use super::{
    action::{Action, Edge},
    app::Desk,
    icons,
    keymap::{self, Press, Shortcut},
    reviewing::{DeskAction, Mode},
};
use crate::{store::settings::ThemeChoice, text::boundary::Unit};
use egui::Key;

const fn key(key: Key) -> Shortcut {
    Shortcut { command: false, shift: false, alt: false, press: Press::Key(key) }
}

const fn ctrl(key: Key) -> Shortcut {
    Shortcut { command: true, shift: false, alt: false, press: Press::Key(key) }
}

const fn ctrl_shift(key: Key) -> Shortcut {
    Shortcut { command: true, shift: true, alt: false, press: Press::Key(key) }
}

const fn alt(command: bool, shift: bool, key: Key) -> Shortcut {
    Shortcut { command, shift, alt: true, press: Press::Key(key) }
}

const fn typed(character: char) -> Shortcut {
    Shortcut { command: false, shift: false, alt: false, press: Press::Typed(character) }
}

const fn shift(key: Key) -> Shortcut {
    Shortcut { command: false, shift: true, alt: false, press: Press::Key(key) }
}

const fn shift_place(key: Key) -> Shortcut {
    Shortcut { command: false, shift: true, alt: false, press: Press::Place(key) }
}

const fn place(key: Key) -> Shortcut {
    Shortcut { command: false, shift: false, alt: false, press: Press::Place(key) }
}

/// The task that an action belongs to: its place in the key sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Task {
    Select,
    Move,
    Label,
    File,
    View,
    Everywhere,
    Help,
}

impl Task {
    pub(crate) const ALL: [Self; 7] = [Self::Select, Self::Move, Self::Label, Self::File, Self::View, Self::Everywhere, Self::Help];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Select => "Select",
            Self::Move => "Move",
            Self::Label => "Label",
            Self::File => "File",
            Self::View => "View",
            Self::Everywhere => "Everywhere",
            Self::Help => "Help",
        }
    }
}

/// One row of the list.
pub(crate) struct Row {
    pub(crate) action: Action,
    pub(crate) name: &'static str,
    pub(crate) task: Task,
    pub(crate) shortcuts: &'static [Shortcut],
    pub(crate) icon: char,
    /// Why it cannot be done now.
    pub(crate) blocked: fn(Option<&Desk>) -> Option<&'static str>,
}

fn always(_: Option<&Desk>) -> Option<&'static str> {
    None
}

fn needs_project(desk: Option<&Desk>) -> Option<&'static str> {
    if desk.is_some() { None } else { Some("Open an article first") }
}

fn needs_article(desk: Option<&Desk>) -> Option<&'static str> {
    if desk.is_some_and(|desk| desk.index.is_some()) { None } else { Some("Open an article first") }
}

fn needs_annotation(desk: Option<&Desk>) -> Option<&'static str> {
    if desk.is_some_and(|desk| desk.selected().is_some()) { None } else { Some("Choose an annotation first") }
}

fn needs_source(desk: Option<&Desk>) -> Option<&'static str> {
    if desk.is_some_and(|desk| !desk.session.project().sources.is_empty()) { None } else { Some("No source is known yet") }
}

fn needs_decision(desk: Option<&Desk>) -> Option<&'static str> {
    if desk.is_some_and(|desk| !desk.undecided.is_empty()) { None } else { Some("Nothing is undecided") }
}

fn needs_undo(desk: Option<&Desk>) -> Option<&'static str> {
    if desk.is_some_and(|desk| desk.session.history().undo_title().is_some()) { None } else { Some("Nothing to undo") }
}

fn needs_redo(desk: Option<&Desk>) -> Option<&'static str> {
    if desk.is_some_and(|desk| desk.session.history().redo_title().is_some()) { None } else { Some("Nothing to redo") }
}

const fn edge(end: bool, on: bool, word: bool) -> Action {
    Action::MoveEdge(Edge { end, on, word })
}

macro_rules! rows {
    ($($task:ident $name:literal $action:expr, [$($shortcut:expr),*], $icon:ident, $blocked:ident;)*) => {
        &[$(Row { action: $action, name: $name, task: Task::$task, shortcuts: &[$($shortcut),*], icon: icons::$icon, blocked: $blocked }),*]
    };
}

/// All actions with a name, in the order of the key sheet.
pub(crate) const ACTIONS: &[Row] = rows! {
    Select "Select the word" Action::Select(Unit::Word), [key(Key::W)], TEXT_AA, needs_article;
    Select "Select the sentence" Action::Select(Unit::Sentence), [key(Key::T)], TEXT_AA, needs_article;
    Select "Select the quotation around the caret" Action::SelectQuotation, [typed('"')], QUOTES, needs_article;
    Select "Select the paragraph" Action::Select(Unit::Paragraph), [key(Key::P)], TEXT_AA, needs_article;
    Select "Grow the selection: word, phrase, sentence, quotation, paragraph" Action::Grow, [key(Key::E)], TEXT_AA, needs_article;
    Select "Shrink the selection again" Action::Shrink, [shift(Key::E)], TEXT_AA, needs_article;
    Select "Select the whole article" Action::SelectAll, [ctrl(Key::A)], TEXT_AA, needs_article;
    Select "End one word on" edge(true, true, true), [alt(false, false, Key::ArrowRight)], CARET_RIGHT, needs_article;
    Select "End one word back" edge(true, false, true), [alt(false, false, Key::ArrowLeft)], CARET_RIGHT, needs_article;
    Select "Start one word on" edge(false, true, true), [alt(false, true, Key::ArrowRight)], CARET_RIGHT, needs_article;
    Select "Start one word back" edge(false, false, true), [alt(false, true, Key::ArrowLeft)], CARET_RIGHT, needs_article;
    Select "End one letter on" edge(true, true, false), [alt(true, false, Key::ArrowRight)], CARET_RIGHT, needs_article;
    Select "End one letter back" edge(true, false, false), [alt(true, false, Key::ArrowLeft)], CARET_RIGHT, needs_article;
    Select "Start one letter on" edge(false, true, false), [alt(true, true, Key::ArrowRight)], CARET_RIGHT, needs_article;
    Select "Start one letter back" edge(false, false, false), [alt(true, true, Key::ArrowLeft)], CARET_RIGHT, needs_article;
    Move "Next annotation" Action::NextAnnotation, [place(Key::CloseBracket)], ARROW_RIGHT, needs_article;
    Move "Previous annotation" Action::PreviousAnnotation, [place(Key::OpenBracket)], ARROW_RIGHT, needs_article;
    Move "Into the inspector" Action::ToInspector, [key(Key::Enter)], ARROW_BEND_DOWN_RIGHT, needs_article;
    Move "One step back" Action::StepBack, [key(Key::Escape)], X, always;
    Move "Next panel" Action::NextPanel, [key(Key::F6)], COLUMNS, needs_project;
    Move "Done, next unfinished article" Action::DoneNext, [ctrl(Key::Enter)], CHECK_CIRCLE, needs_article;
    Move "Next mention of the source" Action::NextMention(true), [shift_place(Key::CloseBracket)], DETECTIVE, needs_source;
    Move "Previous mention of the source" Action::NextMention(false), [shift_place(Key::OpenBracket)], DETECTIVE, needs_source;
    Label "Quote with its speaker" Action::QuoteWithSpeaker, [key(Key::Q)], QUOTES, needs_article;
    Label "Same source as before" Action::SameSource, [key(Key::S)], DETECTIVE, needs_article;
    Label "Choose a source…" Action::AskForSource, [shift(Key::S)], DETECTIVE, needs_article;
    Label "Link" Action::Link, [key(Key::L)], LINK_SIMPLE, needs_annotation;
    Label "Remove a link" Action::RemoveLink, [shift(Key::L)], LINK_BREAK, needs_annotation;
    Label "Label all like this" Action::LabelAllLike, [ctrl(Key::L)], MAGNIFYING_GLASS, needs_article;
    Label "Not part of the article" Action::NotArticle, [key(Key::X)], PROHIBIT, needs_article;
    Label "Look for what is not article…" Action::ProposeOmissions, [], PROHIBIT, needs_article;
    Label "Repeat the last label" Action::RepeatLabel, [typed('.')], ARROW_CLOCKWISE, needs_article;
    Label "Marker: label as you select" Action::Marker, [key(Key::M)], HIGHLIGHTER, needs_article;
    Label "Add the selection as a range" Action::AddRange, [key(Key::A)], SELECTION_PLUS, needs_annotation;
    Label "Take the selection out of the annotation" Action::RemoveRange, [key(Key::R)], MINUS, needs_annotation;
    Label "Write a note" Action::Note, [key(Key::N)], NOTE_PENCIL, needs_annotation;
    Move "Next decision that is needed" Action::NextUndecided(true), [alt(false, false, Key::ArrowDown)], GIT_MERGE, needs_decision;
    Move "Previous decision that is needed" Action::NextUndecided(false), [alt(false, false, Key::ArrowUp)], GIT_MERGE, needs_decision;
    Label "Delete the annotation" Action::Delete, [key(Key::Delete), key(Key::Backspace)], TRASH, needs_annotation;
    Label "Settle: take the first value" Action::TakeChoice(0), [alt(false, false, Key::Num1)], CHECK, needs_decision;
    Label "Settle: take the second value" Action::TakeChoice(1), [alt(false, false, Key::Num2)], CHECK, needs_decision;
    Label "Settle: take the third value" Action::TakeChoice(2), [alt(false, false, Key::Num3)], CHECK, needs_decision;
    Label "Settle: write another value" Action::WriteThird, [alt(false, false, Key::Num0)], NOTE_PENCIL, needs_decision;
    Everywhere "Find in the article" Action::Find { everywhere: false }, [ctrl(Key::F)], MAGNIFYING_GLASS, needs_article;
    Everywhere "Find in all articles" Action::Find { everywhere: true }, [ctrl_shift(Key::F)], MAGNIFYING_GLASS, needs_project;
    Everywhere "Copy the words with their citation" Action::CopyCited, [ctrl_shift(Key::C)], COPY, needs_article;
    File "Open articles or a project…" Action::Open, [ctrl(Key::O)], FOLDER_OPEN, always;
    File "Paste an article" Action::Paste, [ctrl(Key::V)], CLIPBOARD_TEXT, always;
    File "New project" Action::NewProject, [ctrl(Key::N)], FILE_PLUS, always;
    File "Import articles and annotations…" Action::Import, [ctrl_shift(Key::O)], DOWNLOAD_SIMPLE, always;
    File "Import a folder…" Action::ImportFolder, [], FOLDER_OPEN, always;
    File "Export…" Action::Export, [ctrl(Key::E)], UPLOAD_SIMPLE, needs_project;
    File "Save" Action::Save, [ctrl(Key::S)], FLOPPY_DISK, needs_project;
    File "Save as…" Action::SaveAs, [ctrl_shift(Key::S)], FLOPPY_DISK, needs_project;
    File "Merge from a colleague's copy…" Action::MergeFrom, [ctrl_shift(Key::M)], GIT_MERGE, needs_project;
    File "What is not saved yet" Action::CompareWithDisk, [ctrl(Key::D)], GIT_DIFF, needs_project;
    File "Compare with a copy…" Action::CompareWithFile, [ctrl_shift(Key::D)], GIT_DIFF, always;
    File "Set up git here…" Action::GitSetup, [], GIT_BRANCH, needs_project;
    File "Audit report…" Action::Desk(DeskAction::Report), [], PRINTER, needs_project;
    File "Figures over time…" Action::Figures, [], CHART_BAR, needs_project;
    File "Review policy…" Action::Desk(DeskAction::ChoosePolicy), [], SCALES, needs_project;
    File "Read the article in another encoding…" Action::ChooseEncoding, [], TEXT_AA, needs_article;
    File "Remove the article from the project" Action::RemoveArticle, [], TRASH, needs_article;
    File "Close the project" Action::CloseProject, [ctrl(Key::W)], X, needs_project;
    File "Quit" Action::Quit, [ctrl(Key::Q)], X, always;
    View "Text larger" Action::TextSize(1), [ctrl(Key::Plus), ctrl(Key::Equals)], PLUS, always;
    View "Text smaller" Action::TextSize(-1), [ctrl(Key::Minus)], MINUS, always;
    View "Text at its usual size" Action::TextSize(0), [ctrl(Key::Num0)], TEXT_AA, always;
    View "Line spacing" Action::LineSpacing, [], LIST, always;
    View "Everything larger" Action::InterfaceSize(1), [], PLUS, always;
    View "Everything smaller" Action::InterfaceSize(-1), [], MINUS, always;
    View "Light" Action::Theme(ThemeChoice::Light), [], SUN, always;
    View "Dark" Action::Theme(ThemeChoice::Dark), [], MOON, always;
    View "Light or dark as the system has it" Action::Theme(ThemeChoice::System), [], CIRCLE_HALF, always;
    View "Focus on the chosen label or source" Action::FocusMode, [key(Key::F)], CROSSHAIR_SIMPLE, needs_article;
    View "Annotate" Action::Mode(Mode::Annotate), [ctrl(Key::Num1)], HIGHLIGHTER, needs_project;
    View "Review" Action::Mode(Mode::Review), [ctrl(Key::Num2)], SCALES, needs_project;
    View "Properties of the article" Action::ShowDocument, [], FILE_TEXT, needs_article;
    View "Show or hide the articles" Action::ToggleLeft, [ctrl(Key::B)], SIDEBAR_SIMPLE, needs_project;
    View "Show or hide the inspector" Action::ToggleRight, [ctrl(Key::I)], SIDEBAR_SIMPLE, needs_project;
    Everywhere "Search or run" Action::Palette, [ctrl(Key::K)], MAGNIFYING_GLASS, always;
    Everywhere "Undo" Action::Undo, [ctrl(Key::Z)], ARROW_COUNTER_CLOCKWISE, needs_undo;
    Everywhere "Redo" Action::Redo, [ctrl_shift(Key::Z), ctrl(Key::Y)], ARROW_CLOCKWISE, needs_redo;
    Everywhere "Say who is working…" Action::Introduce, [], USER, always;
    Help "Keys" Action::Keys, [typed('?'), key(Key::F1)], KEYBOARD, always;
    Help "Guidelines of the project" Action::Guidelines, [ctrl(Key::G)], BOOK_OPEN, needs_project;
    Help "Words that report speech…" Action::EditCues, [], QUOTES, always;
    Help "About Onrecord" Action::About, [], INFO, always;
};

/// The row of an action.
pub(crate) fn row_of(action: &Action) -> Option<&'static Row> {
    ACTIONS.iter().find(|row| row.action == *action)
}

impl Row {
    /// The keys that are in force for it: its own, or those that the user chose.
    pub(crate) fn keys(&self) -> Vec<Shortcut> {
        keymap::of(self)
    }

    /// The caps of its first key.
    pub(crate) fn caps(&self) -> Vec<String> {
        self.keys().first().map(Shortcut::caps).unwrap_or_default()
    }
}

/// The caps of an action's first key.
pub(crate) fn caps_of(action: &Action) -> Vec<String> {
    row_of(action).map(Row::caps).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things() {
        let mut seen: Vec<(Shortcut, &str)> = Vec::new();
        for row in ACTIONS {
            for shortcut in row.shortcuts {
                let twin = seen.iter().find(|(known, _)| known == shortcut);
                assert!(twin.is_none(), "{:?} does {} and {}", shortcut.caps(), row.name, twin.map_or("", |(_, name)| name));
                seen.push((*shortcut, row.name));
            }
        }
        assert!(seen.len() > 40);
    }

    #[test]
    fn names_and_actions_are_listed_once() {
        for (at, row) in ACTIONS.iter().enumerate() {
            let twins = ACTIONS.iter().skip(at + 1).filter(|other| other.name == row.name || other.action == row.action);
            assert_eq!(twins.count(), 0, "{}", row.name);
        }
    }

    #[test]
    fn letters_work_by_place_on_other_layouts() {
        use egui::{Event, Modifiers};
        let event =
            |key, physical| Event::Key { key, physical_key: Some(physical), pressed: true, repeat: false, modifiers: Modifiers::NONE };
        let word = super::key(Key::W);
        assert!(word.matches(&event(Key::W, Key::W)));
        assert!(word.matches(&event(Key::W, Key::Z)), "the letter counts on Latin layouts");
        assert!(!word.matches(&event(Key::Z, Key::W)));
        assert!(word.matches(&event(Key::Comma, Key::W)), "a mark in the place of a letter");
        assert!(place(Key::CloseBracket).matches(&event(Key::U, Key::CloseBracket)));
    }
}
