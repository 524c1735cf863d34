//! From a command to a transaction: changes nothing, may refuse, says why.

mod annotation;
mod document;
mod import;
mod many;
mod relation;
mod review;
mod schema;
mod settle;
mod source;

use super::{Change, Command, Environment, Focus, Swap, Transaction, change::Changeable};
use crate::model::{
    Comment, Id, Key, Person, Project, ProjectInfo, Record,
    lengths::{TooLong, too_long_to_write},
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// Why a command is refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// A newer version's file is looked at, not changed.
    #[error("this project was made by a newer version and can only be read")]
    ReadOnly,
    /// Another window edits the project.
    #[error("this project is open in another window, which edits it")]
    OpenElsewhere,
    /// A record that the command names is not in the project.
    #[error("there is no {kind} {id} in this project")]
    Missing {
        /// What was looked for.
        kind: &'static str,
        /// Under which id.
        id: Key,
    },
    /// A range holds no character.
    #[error("the range {range} is empty")]
    EmptyRange {
        /// The range.
        range: String,
    },
    /// A range holds nothing to read.
    #[error("there is only white space at {range}")]
    OnlyBlank {
        /// The range.
        range: String,
    },
    /// A range goes beyond the text.
    #[error("the range {range} is outside the text, which has {length} characters")]
    OutsideText {
        /// The range.
        range: String,
        /// Length of the text.
        length: u32,
    },
    /// A range cuts a letter from its marks.
    #[error("an end of {range} lies inside a letter with its accent")]
    InsideLetter {
        /// The range.
        range: String,
    },
    /// Ranges overlap or are out of order.
    #[error("the ranges are not in order, or overlap")]
    Disordered,
    /// More ranges than the format allows.
    #[error("an annotation has at most {limit} ranges")]
    TooManyRanges {
        /// The limit.
        limit: usize,
    },
    /// Larger than the format allows.
    #[error("the article is larger than {} MB", limit >> 20)]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Longer than the format allows.
    #[error("the {field} is longer than {limit} bytes")]
    TooLong {
        /// The field for people.
        field: String,
        /// The limit.
        limit: usize,
    },
    /// More records than the format allows.
    #[error("the project holds {limit} annotations already")]
    TooManyRecords {
        /// The limit.
        limit: usize,
    },
    /// The last range cannot be taken away.
    #[error("nothing would be left of the annotation")]
    NothingLeft,
    /// The label does not ask for this attribute.
    #[error("the label {label} has no attribute {key}")]
    NoSuchAttribute {
        /// The label's name.
        label: String,
        /// The attribute.
        key: String,
    },
    /// The attribute's list does not have this value.
    #[error("{key} cannot be {value:?}; it is one of {allowed}")]
    NoSuchValue {
        /// The attribute.
        key: String,
        /// The value.
        value: String,
        /// The list.
        allowed: String,
    },
    /// The label's annotations do not point to sources.
    #[error("annotations with the label {label} point to no source")]
    NoSource {
        /// The label's name.
        label: String,
    },
    /// The kind of link does not join these labels.
    #[error("{kind} does not lead from {from} to {to}")]
    WrongEnds {
        /// The kind's name.
        kind: String,
        /// The label where it would start.
        from: String,
        /// The label where it would lead.
        to: String,
    },
    /// The link would lead back to its start.
    #[error("the link would lead back to its start")]
    Cycle,
    /// The link is there already.
    #[error("these annotations are linked already")]
    AlreadyLinked,
    /// A text may be read again only while nothing is marked in it.
    #[error("something is marked in this article already")]
    AlreadyMarked,
    /// A label or kind is in use.
    #[error("{count} records use it")]
    InUse {
        /// How many.
        count: usize,
    },
    /// A required word is empty or unknown.
    #[error("{what}")]
    BadValue {
        /// What is wrong, in the user's words.
        what: String,
    },
    /// The quoted words are nowhere in the article.
    #[error("the quoted words are not in the article")]
    QuoteNotFound,
    /// Words and place agree.
    #[error("the annotation needs no repair")]
    NothingToRepair,
    /// The user has not said who works.
    #[error("nobody has said who works")]
    NoPerson,
    /// A version of a policy is never changed.
    #[error("the policy {id} is in the project with other questions")]
    PolicyChanged {
        /// Its id.
        id: Key,
    },
    /// A decision is made under a policy.
    #[error("the project has no review policy")]
    NoPolicy,
    /// Some decisions say why.
    #[error("this decision needs a note")]
    NoteNeeded,
    /// Whoever marked a source does not approve it.
    #[error("you marked this source yourself")]
    OwnApproval,
    /// Questions that block are not answered, or with a "no".
    #[error("{count} blocking items are open, the first: {first}")]
    OpenItems {
        /// How many.
        count: usize,
        /// The first question.
        first: String,
    },
    /// There is nothing to settle.
    #[error("nobody wrote this field differently")]
    NothingToSettle,
    /// The work was given up by the user.
    #[error("given up")]
    Cancelled,
}

impl EditError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::ReadOnly => "Update Onrecord to edit it.",
            Self::OpenElsewhere => "Take it over in the bar above the article, or edit it there.",
            Self::Missing { .. } => "onrecord show lists what the project holds.",
            Self::EmptyRange { .. } | Self::OnlyBlank { .. } => "Select at least one letter.",
            Self::OutsideText { .. } => "Offsets count Unicode characters from 0; the end is one past the last.",
            Self::InsideLetter { .. } => "Move the end to the nearest whole letter.",
            Self::Disordered => "Sort the ranges and join those that overlap.",
            Self::TooManyRanges { .. } => "Make a second annotation.",
            Self::TooLarge { .. } => "Split the article.",
            Self::TooLong { .. } => "Shorten it.",
            Self::TooManyRecords { .. } => "Begin a second project.",
            Self::NothingLeft => "Delete the annotation instead.",
            Self::NoSuchAttribute { .. } | Self::NoSuchValue { .. } => "onrecord labels lists attributes and their values.",
            Self::NoSource { .. } => "Only labels marked as source do.",
            Self::WrongEnds { .. } => "onrecord labels lists which labels each kind of link joins.",
            Self::Cycle => "Link it the other way round, or remove a link of the circle.",
            Self::AlreadyLinked => "One link of a kind is enough.",
            Self::AlreadyMarked => "Undo the annotations first, or add the article again.",
            Self::InUse { .. } => "Give them another one first.",
            Self::BadValue { .. } => "Correct the value.",
            Self::QuoteNotFound => "Take the words at its place instead.",
            Self::NothingToRepair => "Leave it as it is.",
            Self::NoPerson => "Give your initials first: --as AK, or in the status bar.",
            Self::PolicyChanged { .. } => "Give the changed policy a new version: wire-strict.2.",
            Self::NoPolicy => "Choose one on the review desk, or with adopt_policy.",
            Self::NoteNeeded => "Say why, in a sentence. Never write who a source is.",
            Self::OwnApproval => "Another editor has to approve it, unless the policy allows it.",
            Self::OpenItems { .. } => "Answer them, override with a note where the policy lets your rank, or decide otherwise.",
            Self::NothingToSettle => "onrecord show lists what is undecided.",
            Self::Cancelled => "Nothing was changed.",
        }
    }
}

/// Plans a command.
pub fn plan(project: &Project, command: &Command, environment: &mut impl Environment) -> Result<Transaction, EditError> {
    let mut plan = Plan { project, changes: Vec::new(), focus: Focus::default(), made: None };
    let title = match command {
        Command::Annotate { document, label, ranges, attributes, source, note, origin } => {
            annotation::annotate(&mut plan, environment, document, label, ranges, attributes, source.as_ref(), note, *origin)?
        }
        Command::AnnotateAll { label, places, source, origin } => {
            many::annotate_all(&mut plan, environment, label, places, source.as_ref(), *origin, &|_| true)?
        }
        Command::MarkTogether { document, marks, links, speaker, origin } => {
            many::mark_together(&mut plan, environment, document, marks, links, speaker.as_ref(), *origin)?
        }
        Command::DeleteAnnotations { annotations } => annotation::delete_annotations(&mut plan, annotations)?,
        Command::Relabel { annotation, label } => annotation::relabel(&mut plan, annotation, label)?,
        Command::SetRanges { annotation, ranges } => annotation::set_ranges(&mut plan, annotation, ranges)?,
        Command::AddRange { annotation, range } => annotation::add_range(&mut plan, annotation, *range)?,
        Command::RemoveRange { annotation, range } => annotation::remove_range(&mut plan, annotation, *range)?,
        Command::SetAttribute { annotation, key, value } => annotation::set_attribute(&mut plan, annotation, key, value.as_ref())?,
        Command::SetNote { annotation, note } => annotation::set_note(&mut plan, annotation, note)?,
        Command::SetSource { annotation, source } => annotation::set_source(&mut plan, annotation, source.as_ref())?,
        Command::RepairQuote { annotation, to } => annotation::repair_quote(&mut plan, annotation, *to)?,
        Command::Omit { document, ranges, why } => annotation::omit(&mut plan, environment, document, ranges, why)?,
        Command::RemoveOmission { omission } => annotation::remove_omission(&mut plan, omission)?,
        Command::AddDocument { title, content, language, imported } => {
            document::add_document(&mut plan, environment, title, content, language, imported.as_ref())?
        }
        Command::RemoveDocument { document } => document::remove_document(&mut plan, document)?,
        Command::SetDocument { document, field, value } => document::set_document(&mut plan, document, *field, value)?,
        Command::ReplaceText { document, content, imported } => document::replace_text(&mut plan, document, content, imported.as_ref())?,
        Command::Link { kind, from, to } => relation::link(&mut plan, environment, kind, from, to)?,
        Command::Unlink { relation } => relation::unlink(&mut plan, relation)?,
        Command::AddSource { alias, kind, role, public_label } => {
            source::add_source(&mut plan, environment, alias, *kind, role, public_label)?
        }
        Command::EditSource { source, field, value } => source::edit_source(&mut plan, source, *field, value)?,
        Command::RemoveSource { source } => source::remove_source(&mut plan, source)?,
        Command::MergeSources { source, into } => source::merge_sources(&mut plan, source, into)?,
        Command::SplitSource { source, annotations, alias } => source::split_source(&mut plan, environment, source, annotations, alias)?,
        Command::SetTitle { title } => schema::set_title(&mut plan, title)?,
        Command::SetGuidelines { guidelines } => schema::set_guidelines(&mut plan, guidelines)?,
        Command::DefineLabel { label } => schema::define_label(&mut plan, label)?,
        Command::RemoveLabel { label } => schema::remove_label(&mut plan, label)?,
        Command::DefineRelationKind { relation_kind } => schema::define_relation_kind(&mut plan, relation_kind)?,
        Command::RemoveRelationKind { relation_kind } => schema::remove_relation_kind(&mut plan, relation_kind)?,
        Command::AdoptPolicy { policy } => review::adopt_policy(&mut plan, policy)?,
        Command::Decide { document, source, to, answers, outcomes, note } => {
            let deciding = review::Deciding { document, source, to: *to, answers, outcomes, note };
            review::decide(&mut plan, environment, &deciding)?
        }
        Command::AddComment { on, text } => review::add_comment(&mut plan, environment, on, text)?,
        Command::ResolveComment { comment, resolved } => review::resolve_comment(&mut plan, comment, *resolved)?,
        Command::Settle { kind, record, field, value } => settle::settle(&mut plan, environment, *kind, record, field, value.as_ref())?,
        Command::SwitchCheck { rule, off_because } => review::switch_check(&mut plan, rule, off_because)?,
        Command::Import { import } => import::import(&mut plan, environment, import, &|_| true)?,
        // Planning changes nothing and a transaction can be undone; a purge does and cannot.
        Command::Purge { .. } => {
            return Err(EditError::BadValue { what: "a purge is no step of undo: the session carries it out at once".to_owned() });
        }
        Command::IntroduceMyself {} => schema::introduce_myself(&mut plan, environment)?,
    };
    if !plan.changes.is_empty() {
        // Whoever edits is named to colleagues, once they have said who they are.
        plan.me(environment);
    }
    plan.check_lengths()?;
    Ok(plan.finish(title))
}

/// Plans a command on another thread: for [`Command::AnnotateAll`] and [`Command::Import`], `go_on` is told how many places are done and
/// says whether to go on.
pub fn plan_many(
    project: &Project,
    command: &Command,
    environment: &mut impl Environment,
    go_on: &dyn Fn(usize) -> bool,
) -> Result<Transaction, EditError> {
    let mut plan = Plan { project, changes: Vec::new(), focus: Focus::default(), made: None };
    let title = match command {
        Command::AnnotateAll { label, places, source, origin } => {
            many::annotate_all(&mut plan, environment, label, places, source.as_ref(), *origin, go_on)?
        }
        Command::Import { import } => import::import(&mut plan, environment, import, go_on)?,
        other => return self::plan(project, other, environment),
    };
    if !plan.changes.is_empty() {
        plan.me(environment);
    }
    plan.check_lengths()?;
    Ok(plan.finish(title))
}

/// A transaction in the making.
struct Plan<'p> {
    project: &'p Project,
    changes: Vec<Change>,
    focus: Focus,
    made: Option<Key>,
}

impl<'p> Plan<'p> {
    fn finish(self, title: String) -> Transaction {
        Transaction { title, changes: self.changes, focus: self.focus, made: self.made }
    }

    /// Refuses what could not be read again.
    fn check_lengths(&self) -> Result<(), EditError> {
        fn of<R: Record>(record: Option<&Arc<R>>) -> Option<TooLong> {
            too_long_to_write(&**record?)
        }
        let too_long = self.changes.iter().find_map(|change| match change {
            Change::Info { after, .. } => of(Some(after)),
            Change::Text(_) => None,
            Change::Person(swap) => of(swap.after.as_ref()),
            Change::Label(swap) => of(swap.after.as_ref()),
            Change::RelationKind(swap) => of(swap.after.as_ref()),
            Change::Document(swap) => of(swap.after.as_ref()),
            Change::Source(swap) => of(swap.after.as_ref()),
            Change::Annotation(swap) => of(swap.after.as_ref()),
            Change::Relation(swap) => of(swap.after.as_ref()),
            Change::Omission(swap) => of(swap.after.as_ref()),
            Change::Policy(swap) => of(swap.after.as_ref()),
            Change::Decision(swap) => of(swap.after.as_ref()),
            Change::Comment(swap) => of(swap.after.as_ref()),
        });
        too_long.map_or(Ok(()), |TooLong { field, limit }| Err(EditError::TooLong { field, limit }))
    }

    /// The record of an id, or the refusal that says what is missing.
    fn find<T: Changeable>(&self, id: &Id<T>, kind: &'static str) -> Result<&'p Arc<T>, EditError> {
        T::table(self.project).get(id).ok_or_else(|| EditError::Missing { kind, id: id.key().clone() })
    }

    /// Adds a new record.
    fn add<T: Changeable>(&mut self, id: &Id<T>, record: T) {
        self.made.get_or_insert_with(|| id.key().clone());
        self.changes.push(T::change(Swap { id: id.clone(), before: None, after: Some(Arc::new(record)) }));
    }

    /// Puts a changed record in place of the old one; nothing happens when they are equal.
    fn replace<T: Changeable + PartialEq>(&mut self, id: &Id<T>, before: &Arc<T>, after: T) {
        if **before != after {
            self.changes.push(T::change(Swap { id: id.clone(), before: Some(Arc::clone(before)), after: Some(Arc::new(after)) }));
        }
    }

    /// Takes a record away.
    fn remove<T: Changeable>(&mut self, id: &Id<T>, before: &Arc<T>) {
        self.changes.push(T::change(Swap { id: id.clone(), before: Some(Arc::clone(before)), after: None }));
    }

    /// Takes away what was said about records that go, with the answers to it.
    fn remove_comments_on(&mut self, gone: BTreeSet<Key>) {
        let mut on: HashMap<&Key, Vec<&Arc<Comment>>> = HashMap::new();
        for comment in self.project.comments.iter() {
            on.entry(&comment.on).or_default().push(comment);
        }
        let mut open: Vec<Key> = gone.into_iter().rev().collect();
        while let Some(key) = open.pop() {
            for comment in on.remove(&key).unwrap_or_default() {
                open.push(comment.id.key().clone());
                self.remove(&comment.id, comment);
            }
        }
    }

    /// Changes the project's own record; nothing is planned where nothing differs.
    fn set_info(&mut self, change: impl FnOnce(&mut ProjectInfo)) {
        let before = Arc::clone(&self.project.info);
        let mut after = ProjectInfo::clone(&before);
        change(&mut after);
        if *before != after {
            self.changes.push(Change::Info { before, after: Arc::new(after) });
        }
    }

    /// Who works, written into the project with the first record that names them.
    fn me(&mut self, environment: &impl Environment) -> Option<Id<Person>> {
        let person = environment.person()?.clone();
        let id = person.id.clone();
        let planned = |change: &Change| matches!(change, Change::Person(swap) if swap.id == id);
        if !self.project.persons.contains(&id) && !self.changes.iter().any(planned) {
            self.changes.push(Change::Person(Swap { id: id.clone(), before: None, after: Some(Arc::new(person)) }));
        }
        Some(id)
    }
}

/// A sentence-case name as it follows a verb: `label anonymous source`.
fn lower(name: &str) -> String {
    name.to_lowercase()
}
