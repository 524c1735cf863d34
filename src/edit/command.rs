//! What can be done to a project. A command carries no new ids and no time, so that redo restores the same and tests repeat.

use super::Import;
use crate::{
    model::{
        Annotation, AttributeValue, Comment, Document, Id, ImportRecord, Key, Kind, Label, Omission, Origin, Policy, RawJson, Relation,
        RelationKind, ReviewState, Source, SourceKind,
    },
    review::{Answers, Outcomes},
    text::{Ranges, TextRange},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A property of a document that is plain text or a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named after the field of the document")]
pub enum DocumentField {
    Title,
    Language,
    Direction,
    Status,
    Outlet,
    Byline,
    Desk,
    Address,
    Published,
    OriginalLanguage,
    Translator,
}

/// A property of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named after the field of the source")]
pub enum SourceField {
    Alias,
    Kind,
    Role,
    PublicLabel,
}

/// How an annotation whose words and place disagree is repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairTo {
    /// Move it to where the quoted words stand, nearest to its place.
    Words,
    /// Keep its place and take the words there.
    Place,
}

/// Where one of many annotations goes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The document.
    pub document: Id<Document>,
    /// The ranges in its text.
    pub ranges: Ranges,
}

/// One part of a structure that is marked in one step: a new annotation, or one that is there already.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the records")]
pub enum Mark {
    /// A new annotation.
    New {
        label: Id<Label>,
        ranges: Ranges,
        #[serde(default)]
        attributes: BTreeMap<String, AttributeValue>,
    },
    /// An annotation that is there already.
    Known(Id<Annotation>),
}

/// A link between two parts of a structure, by their places in its list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkLink {
    /// The kind of link.
    pub kind: Id<RelationKind>,
    /// The part where it starts.
    pub from: usize,
    /// The part that it leads to.
    pub to: usize,
}

/// Who speaks: somebody in the registry, or somebody new.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the records")]
pub enum Speaker {
    /// A source of the registry.
    Known(Id<Source>),
    /// A new one.
    New {
        alias: String,
        kind: SourceKind,
        #[serde(default)]
        role: String,
    },
}

/// An edit. In a file of commands, the variant is the value of `command`, in snake case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the records")]
pub enum Command {
    /// Adds an article.
    AddDocument {
        #[serde(default)]
        title: String,
        content: String,
        #[serde(default)]
        language: String,
        #[serde(default)]
        imported: Option<ImportRecord>,
    },
    /// Removes an article with everything marked in it.
    RemoveDocument { document: Id<Document> },
    /// Sets a property of an article; an empty value clears it.
    SetDocument { document: Id<Document>, field: DocumentField, value: String },
    /// Reads an article again, in another encoding; only while nothing is marked in it.
    ReplaceText {
        document: Id<Document>,
        content: String,
        #[serde(default)]
        imported: Option<ImportRecord>,
    },
    /// Labels a place; work on a new article has begun with that.
    Annotate {
        document: Id<Document>,
        label: Id<Label>,
        ranges: Ranges,
        #[serde(default)]
        attributes: BTreeMap<String, AttributeValue>,
        #[serde(default)]
        source: Option<Id<Source>>,
        #[serde(default)]
        note: String,
        #[serde(default)]
        origin: Origin,
    },
    /// Labels many places in one step, as "label all" does.
    AnnotateAll {
        label: Id<Label>,
        places: Vec<Place>,
        #[serde(default)]
        source: Option<Id<Source>>,
        #[serde(default)]
        origin: Origin,
    },
    /// Marks a whole structure in one step, as a quote with its attribution, source and links. The speaker becomes the source of every
    /// part whose label points to sources and that has none.
    MarkTogether {
        document: Id<Document>,
        marks: Vec<Mark>,
        #[serde(default)]
        links: Vec<MarkLink>,
        #[serde(default)]
        speaker: Option<Speaker>,
        #[serde(default)]
        origin: Origin,
    },
    /// Deletes annotations with their links.
    DeleteAnnotations { annotations: Vec<Id<Annotation>> },
    /// Gives an annotation another label. Attributes and links that the new label does not allow go.
    Relabel { annotation: Id<Annotation>, label: Id<Label> },
    /// Moves the ends of an annotation.
    SetRanges { annotation: Id<Annotation>, ranges: Ranges },
    /// Adds a range, as for the second half of a split quote.
    AddRange { annotation: Id<Annotation>, range: TextRange },
    /// Takes a stretch out of an annotation.
    RemoveRange { annotation: Id<Annotation>, range: TextRange },
    /// Sets an attribute; without a value it is cleared.
    SetAttribute {
        annotation: Id<Annotation>,
        key: String,
        #[serde(default)]
        value: Option<AttributeValue>,
    },
    /// Writes a note.
    SetNote { annotation: Id<Annotation>, note: String },
    /// Says who speaks; without a source, nobody.
    SetSource {
        annotation: Id<Annotation>,
        #[serde(default)]
        source: Option<Id<Source>>,
    },
    /// Makes words and place of an annotation agree again.
    RepairQuote { annotation: Id<Annotation>, to: RepairTo },
    /// Adds a source.
    AddSource {
        alias: String,
        kind: SourceKind,
        #[serde(default)]
        role: String,
        #[serde(default)]
        public_label: String,
    },
    /// Sets a property of a source.
    EditSource { source: Id<Source>, field: SourceField, value: String },
    /// Removes a source; its mentions stay, without it.
    RemoveSource { source: Id<Source> },
    /// Makes two sources one: the mentions of the first go to the second, and the first is removed.
    MergeSources { source: Id<Source>, into: Id<Source> },
    /// Makes a new source of some mentions of another, of the same kind.
    SplitSource { source: Id<Source>, annotations: Vec<Id<Annotation>>, alias: String },
    /// Links two annotations.
    Link { kind: Id<RelationKind>, from: Id<Annotation>, to: Id<Annotation> },
    /// Removes a link.
    Unlink { relation: Id<Relation> },
    /// Marks a stretch as not article.
    Omit {
        document: Id<Document>,
        ranges: Ranges,
        #[serde(default)]
        why: String,
    },
    /// Takes such a mark away.
    RemoveOmission { omission: Id<Omission> },
    /// Names the project.
    SetTitle { title: String },
    /// Writes the guidelines, a line of Markdown each.
    SetGuidelines { guidelines: Vec<String> },
    /// Adds a label, or changes one.
    DefineLabel { label: Label },
    /// Removes a label that nothing has.
    RemoveLabel { label: Id<Label> },
    /// Adds a kind of link, or changes one.
    DefineRelationKind { relation_kind: RelationKind },
    /// Removes a kind of link that nothing has.
    RemoveRelationKind { relation_kind: Id<RelationKind> },
    /// Puts a review policy in force; a new version is a new policy.
    AdoptPolicy { policy: Policy },
    /// Decides on an unnamed source in a document. Decisions are only ever added.
    Decide {
        document: Id<Document>,
        source: Id<Source>,
        to: ReviewState,
        #[serde(default)]
        answers: Answers,
        #[serde(default)]
        outcomes: Outcomes,
        #[serde(default)]
        note: String,
    },
    /// Remarks on any record, or answers a remark.
    AddComment { on: Key, text: String },
    /// Settles a remark, or opens it again.
    ResolveComment { comment: Id<Comment>, resolved: bool },
    /// Settles what colleagues wrote differently: the value that the field gets, `null` for none. For the field `gone`, a record that
    /// somebody deleted and somebody else went on with, `null` deletes it and any other value keeps it.
    Settle {
        kind: Kind,
        record: Key,
        field: String,
        #[serde(default)]
        value: Option<RawJson>,
    },
    /// Switches a sourcing check off for this project, with the reason; without one, on again.
    SwitchCheck {
        rule: String,
        #[serde(default)]
        off_because: String,
    },
    /// Brings in articles and annotations from another format.
    Import { import: Box<Import> },
    /// Takes all text that people wrote about a record out of the project and out of every step of undo. It is no step itself: the
    /// session carries it out, and nothing takes it back.
    Purge { record: Key },
    /// Writes the person who works into the project, as when the initials change.
    IntroduceMyself {},
}

impl Command {
    /// The names in a file of commands, each with one line that shows it.
    pub const ALL: &'static [(&'static str, &'static str)] = &[
        ("add_document", r#"{"command":"add_document","title":"Ferry tender","content":"The tender will slip.","as":"d1"}"#),
        ("remove_document", r#"{"command":"remove_document","document":"ferry.txt"}"#),
        ("set_document", r#"{"command":"set_document","document":"ferry.txt","field":"outlet","value":"Harbour News"}"#),
        ("replace_text", r#"{"command":"replace_text","document":"ferry.txt","content":"The tender slips."}"#),
        ("annotate", r#"{"command":"annotate","document":"ferry.txt","quote":["“We need,”","“six weeks.”"],"label":"quote","as":"q1"}"#),
        (
            "annotate_all",
            r#"{"command":"annotate_all","label":"claim","places":[{"document":"ferry.txt","quote":["six weeks"]},{"document":"ferry.txt","quote":["six weeks"],"nth":2}]}"#,
        ),
        (
            "mark_together",
            r#"{"command":"mark_together","document":"ferry.txt","marks":[{"new":{"quote":["“We need,”"],"label":"quote"}},{"new":{"quote":["she said"],"label":"attribution"}}],"links":[{"kind":"attributed_via","from":0,"to":1}],"speaker":{"new":{"alias":"Ada Roe","kind":"named_person"}}}"#,
        ),
        ("delete_annotations", r#"{"command":"delete_annotations","annotations":["@q1"]}"#),
        ("relabel", r#"{"command":"relabel","annotation":"@q1","label":"claim"}"#),
        ("set_ranges", r#"{"command":"set_ranges","annotation":"@q1","ranges":[[0,10]]}"#),
        ("add_range", r#"{"command":"add_range","annotation":"@q1","range":[12,20]}"#),
        ("remove_range", r#"{"command":"remove_range","annotation":"@q1","range":[12,20]}"#),
        ("set_attribute", r#"{"command":"set_attribute","annotation":"@q1","key":"type","value":"direct"}"#),
        ("set_note", r#"{"command":"set_note","annotation":"@q1","note":"Check the date."}"#),
        ("set_source", r#"{"command":"set_source","annotation":"@a1","source":"@s1"}"#),
        ("repair_quote", r#"{"command":"repair_quote","annotation":"@q1","to":"words"}"#),
        ("add_source", r#"{"command":"add_source","alias":"Source A","kind":"anonymous","role":"ministry official","as":"s1"}"#),
        ("edit_source", r#"{"command":"edit_source","source":"@s1","field":"role","value":"senior official"}"#),
        ("remove_source", r#"{"command":"remove_source","source":"@s1"}"#),
        ("merge_sources", r#"{"command":"merge_sources","source":"@s2","into":"@s1"}"#),
        ("split_source", r#"{"command":"split_source","source":"@s1","annotations":["@a1"],"alias":"Source B"}"#),
        ("link", r#"{"command":"link","kind":"attributed_via","from":"@q1","to":"@a1","as":"l1"}"#),
        ("unlink", r#"{"command":"unlink","relation":"@l1"}"#),
        ("omit", r#"{"command":"omit","document":"ferry.txt","quote":["Skip to main content"],"why":"navigation","as":"o1"}"#),
        ("remove_omission", r#"{"command":"remove_omission","omission":"@o1"}"#),
        ("set_title", r#"{"command":"set_title","title":"Ferry tender"}"#),
        ("set_guidelines", r#"{"command":"set_guidelines","guidelines":["Mark every unnamed source."]}"#),
        (
            "define_label",
            r##"{"command":"define_label","label":{"id":"headline","place":50,"name":"Headline","colour":{"light":"#5A4FCF","dark":"#A9A2F5"},"pattern":"double"}}"##,
        ),
        ("remove_label", r#"{"command":"remove_label","label":"headline"}"#),
        (
            "define_relation_kind",
            r#"{"command":"define_relation_kind","relation_kind":{"id":"answers","name":"answers","from":["quote"],"to":["quote"]}}"#,
        ),
        ("remove_relation_kind", r#"{"command":"remove_relation_kind","relation_kind":"answers"}"#),
        (
            "adopt_policy",
            r#"{"command":"adopt_policy","policy":{"id":"own.1","name":"Own","items":[{"key":"vital","text":"Vital","on_no":"block"}]}}"#,
        ),
        (
            "decide",
            r#"{"command":"decide","document":"ferry.txt","source":"@s1","to":"needs_work","answers":{"vital":{"answer":"yes"}},"note":"Say why no name is given."}"#,
        ),
        ("add_comment", r#"{"command":"add_comment","on":"@q1","text":"Is this his own word?","as":"k1"}"#),
        ("resolve_comment", r#"{"command":"resolve_comment","comment":"@k1","resolved":true}"#),
        ("settle", r#"{"command":"settle","kind":"annotation","record":"@q1","field":"note","value":"His own word."}"#),
        ("switch_check", r#"{"command":"switch_check","rule":"verdict_cue","off_because":"House style allows it."}"#),
        (
            "import",
            r#"{"command":"import","import":{"documents":[{"title":"Ferry","content":"The tender will slip.","annotations":[{"label":"claim","ranges":[[0,20]],"quote":["The tender will slip"]}]}]}}"#,
        ),
        ("purge", r#"{"command":"purge","record":"@q1"}"#),
        ("introduce_myself", r#"{"command":"introduce_myself"}"#),
    ];
}
