//! Finding words while they are typed, on a thread of its own, and labelling what was found.

use super::{
    action::Action,
    app::{App, Desk, FocusTarget},
    jobs::Jobs,
};
use crate::{
    edit::{Command, Place},
    find::{self, Hit, Said},
    model::{Annotation, Document, Id, Label, Origin, Project, Source},
    text::search::{Pattern, PatternError, Query},
};
use std::{
    collections::{BTreeSet, HashMap},
    ops::{ControlFlow, Range},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// Hits that are handed over at a time, and how long they are collected at most.
const BATCH: usize = 2_000;
const BATCH_TIME: Duration = Duration::from_millis(30);
/// Hits after which a search ends: more than a project may hold annotations.
const MOST_HITS: usize = 500_000;
/// Hits that are labelled at once; more are labelled on a thread, with progress.
const AT_ONCE: usize = 500;
/// Searches that are remembered while the app runs.
const RECENT: usize = 8;

/// Where is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Selection,
    Article,
    All,
}

impl Scope {
    pub(crate) const ALL: [Self; 3] = [Self::Selection, Self::Article, Self::All];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Selection => "Selection",
            Self::Article => "This article",
            Self::All => "All articles",
        }
    }
}

/// A hit with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) hit: Hit,
    /// An annotation of the chosen label that covers it already.
    pub(crate) covered: Option<Id<Annotation>>,
}

/// A row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    /// The heading of a document, by its place among [`Finding::groups`].
    Group(usize),
    /// A hit, by its place among [`Finding::found`].
    Hit(usize),
    /// The heading of notes and attributes.
    Notes,
    /// A note or an attribute.
    Said(usize),
}

/// The hits of one document.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) document: Id<Document>,
    pub(crate) hits: Range<usize>,
    pub(crate) covered: usize,
}

/// A part of what a search found.
#[derive(Debug)]
pub(crate) enum Part {
    Found(Vec<Found>),
    Said(Vec<Said>),
    /// The search is over; whether it was ended early.
    End {
        cut: bool,
    },
}

/// What a search depends on: words, where, label, state of the project, article.
type Asked = (Query, Scope, Option<Id<Label>>, u64, Option<Id<Document>>);

/// Where annotations of a label stand in one document, in bytes and in order.
type Covering = Vec<(Range<usize>, Id<Annotation>)>;

/// What the find page shows.
pub(crate) struct Finding {
    pub(crate) query: Query,
    pub(crate) scope: Scope,
    /// What was selected when the page opened.
    pub(crate) selection: Option<(Id<Document>, Range<usize>)>,
    pub(crate) label: Option<Id<Label>>,
    pub(crate) source: Option<Id<Source>>,
    pub(crate) error: Option<PatternError>,
    pub(crate) found: Vec<Found>,
    pub(crate) said: Vec<Said>,
    pub(crate) groups: Vec<Group>,
    pub(crate) rows: Vec<Row>,
    pub(crate) checked: BTreeSet<usize>,
    /// The row that has the keys.
    pub(crate) at: usize,
    pub(crate) moved: bool,
    /// How long the search took, once it is over.
    pub(crate) took: Option<Duration>,
    pub(crate) cut: bool,
    pub(crate) focus_field: bool,
    /// What the hits belong to: a search for anything else begins anew.
    asked: Option<Asked>,
    number: u64,
    began: Instant,
    stop: Arc<AtomicBool>,
}

impl Finding {
    fn new(query: Query, scope: Scope, number: u64) -> Self {
        Self {
            query,
            scope,
            selection: None,
            label: None,
            source: None,
            error: None,
            found: Vec::new(),
            said: Vec::new(),
            groups: Vec::new(),
            rows: Vec::new(),
            checked: BTreeSet::new(),
            at: 0,
            moved: false,
            took: None,
            cut: false,
            focus_field: true,
            asked: None,
            number,
            began: Instant::now(),
            stop: Arc::default(),
        }
    }

    /// Begins a search when something of what it depends on changed; the one before is given up.
    pub(crate) fn refresh(&mut self, desk: &Desk, jobs: &Jobs) {
        let document = desk.document.clone().filter(|_| self.scope != Scope::All);
        let asked = (self.query.clone(), self.scope, self.label.clone(), desk.session.history().revision(), document);
        if self.asked.as_ref() == Some(&asked) {
            return;
        }
        // The label only says what is marked already: the same hits stay checked.
        let same_words = self.asked.as_ref().is_some_and(|(query, scope, ..)| *query == asked.0 && *scope == asked.1);
        self.asked = Some(asked);
        self.stop.store(true, Ordering::Relaxed);
        self.stop = Arc::default();
        self.number += 1;
        self.found.clear();
        self.said.clear();
        self.groups.clear();
        self.rows.clear();
        if !same_words {
            self.checked.clear();
            self.at = 0;
        }
        (self.took, self.cut, self.error) = (None, false, None);
        match Pattern::new(&self.query) {
            Ok(Some(pattern)) => {
                self.began = Instant::now();
                let search = Search {
                    project: desk.session.project().clone(),
                    documents: match self.scope {
                        Scope::All => desk.documents.clone(),
                        _ => desk.open_record().cloned().into_iter().collect(),
                    },
                    within: self.selection.clone().filter(|_| self.scope == Scope::Selection),
                    label: self.label.clone(),
                    pattern,
                    stop: Arc::clone(&self.stop),
                };
                jobs.search(self.number, move |tell| search.run(tell));
            }
            Ok(None) => self.took = Some(Duration::ZERO),
            Err(error) => self.error = Some(error),
        }
    }

    /// Takes a part of what the search found; parts of searches that were given up are thrown away.
    pub(crate) fn take(&mut self, number: u64, part: Part) {
        if number != self.number {
            return;
        }
        match part {
            Part::Found(found) => {
                for one in found {
                    let at = self.found.len();
                    if self.groups.last().is_none_or(|group| group.document != one.hit.document) {
                        self.rows.push(Row::Group(self.groups.len()));
                        self.groups.push(Group { document: one.hit.document.clone(), hits: at..at, covered: 0 });
                    }
                    if let Some(group) = self.groups.last_mut() {
                        group.hits.end = at + 1;
                        group.covered += usize::from(one.covered.is_some());
                    }
                    if one.covered.is_some() {
                        self.checked.remove(&at);
                    }
                    self.rows.push(Row::Hit(at));
                    self.found.push(one);
                }
            }
            Part::Said(said) => {
                self.rows.push(Row::Notes);
                self.rows.extend((0..said.len()).map(Row::Said));
                self.said = said;
            }
            Part::End { cut } => {
                self.took = Some(self.began.elapsed());
                self.cut = cut;
                self.checked.retain(|at| *at < self.found.len());
            }
        }
        if self.at == 0 && matches!(self.rows.first(), Some(Row::Group(_) | Row::Notes)) {
            self.at = 1;
        }
    }

    /// Gives the search up.
    pub(crate) fn stop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.number += 1;
        self.took = Some(self.began.elapsed());
        self.cut = true;
    }

    /// Whether a search is at work.
    pub(crate) fn is_searching(&self) -> bool {
        self.took.is_none() && self.error.is_none()
    }

    /// How long it has been at work.
    pub(crate) fn since(&self) -> Duration {
        self.began.elapsed()
    }

    /// Hits that may be checked.
    pub(crate) fn free(&self) -> impl Iterator<Item = usize> + '_ {
        self.found.iter().enumerate().filter(|(_, found)| found.covered.is_none()).map(|(at, _)| at)
    }

    /// Checks all that may be checked, or nothing when all are.
    pub(crate) fn check_all(&mut self, within: Option<&Range<usize>>) {
        let free: Vec<usize> = self.free().filter(|at| within.is_none_or(|within| within.contains(at))).collect();
        if free.iter().all(|at| self.checked.contains(at)) {
            for at in free {
                self.checked.remove(&at);
            }
        } else {
            self.checked.extend(free);
        }
    }

    /// Checks a hit, or takes its check away.
    pub(crate) fn check(&mut self, at: usize) {
        if self.found.get(at).is_some_and(|found| found.covered.is_none()) && !self.checked.remove(&at) {
            self.checked.insert(at);
        }
    }

    /// Moves to the next or the previous row that is no heading.
    pub(crate) fn step(&mut self, on: bool) {
        let mut at = self.at;
        loop {
            let Some(next) = (if on { at.checked_add(1) } else { at.checked_sub(1) }) else { return };
            at = next;
            match self.rows.get(at) {
                Some(Row::Group(_) | Row::Notes) => {}
                Some(_) => break,
                None => return,
            }
        }
        (self.at, self.moved) = (at, true);
    }

    /// The hit in the row that has the keys.
    pub(crate) fn current(&self) -> Option<&Found> {
        match self.rows.get(self.at)? {
            Row::Hit(at) => self.found.get(*at),
            _ => None,
        }
    }
}

/// A search on its way through a snapshot of the project.
struct Search {
    project: Project,
    documents: Vec<Arc<Document>>,
    within: Option<(Id<Document>, Range<usize>)>,
    label: Option<Id<Label>>,
    pattern: Pattern,
    stop: Arc<AtomicBool>,
}

impl Search {
    fn run(self, tell: &dyn Fn(Part)) {
        let covering = self.covering();
        let mut batch: Vec<Found> = Vec::new();
        let mut since = Instant::now();
        let mut count = 0;
        let mut cut = false;
        let omitted = find::Omitted::new(&self.project);
        for document in &self.documents {
            let within = self.within.as_ref().filter(|(of, _)| *of == document.id).map(|(_, bytes)| bytes);
            let mut covered = covering.get(&document.id).map(|spans| Covered { spans, next: 0, open: Vec::new() });
            let went_on = find::in_document(&self.project, document, &omitted.of(document), &self.pattern, within, &mut |hit| {
                if self.stop.load(Ordering::Relaxed) {
                    return ControlFlow::Break(());
                }
                if let Some(hit) = hit {
                    let covered = covered.as_mut().and_then(|covered| covered.by(&hit.bytes));
                    batch.push(Found { hit, covered });
                    count += 1;
                }
                if count >= MOST_HITS {
                    cut = true;
                    return ControlFlow::Break(());
                }
                if batch.len() >= BATCH || (!batch.is_empty() && since.elapsed() > BATCH_TIME) {
                    tell(Part::Found(std::mem::take(&mut batch)));
                    since = Instant::now();
                }
                ControlFlow::Continue(())
            });
            if went_on.is_break() {
                break;
            }
        }
        if !batch.is_empty() {
            tell(Part::Found(batch));
        }
        if !self.stop.load(Ordering::Relaxed) {
            let documents: BTreeSet<&Id<Document>> = self.documents.iter().map(|document| &document.id).collect();
            let here =
                self.project.annotations.iter().filter(|annotation| documents.contains(&annotation.document) && self.within.is_none());
            let said: Vec<Said> =
                here.filter_map(|annotation| find::in_annotation(annotation, &self.pattern)).take(MOST_HITS / 100).collect();
            if !said.is_empty() {
                tell(Part::Said(said));
            }
        }
        tell(Part::End { cut });
    }

    /// Where annotations of the chosen label stand, in bytes and in order, by document.
    fn covering(&self) -> HashMap<Id<Document>, Covering> {
        let mut covering: HashMap<Id<Document>, Covering> = HashMap::new();
        let Some(label) = &self.label else { return covering };
        let wanted: BTreeSet<&Id<Document>> = self.documents.iter().map(|document| &document.id).collect();
        for annotation in
            self.project.annotations.iter().filter(|annotation| annotation.label == *label && wanted.contains(&annotation.document))
        {
            let Some(text) = self.project.texts.get(&annotation.text) else { continue };
            let spans = covering.entry(annotation.document.clone()).or_default();
            let parts = annotation.ranges.iter().filter_map(|range| text.index.bytes_from_range(&text.content, range));
            spans.extend(parts.map(|bytes| (bytes, annotation.id.clone())));
        }
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for spans in covering.values_mut() {
            spans.sort_by_key(|(bytes, _)| bytes.start);
        }
        covering
    }
}

/// Walks along annotations while hits come in order.
struct Covered<'c> {
    spans: &'c [(Range<usize>, Id<Annotation>)],
    next: usize,
    open: Vec<usize>,
}

impl Covered<'_> {
    /// The annotation that covers a hit.
    fn by(&mut self, hit: &Range<usize>) -> Option<Id<Annotation>> {
        while let Some((bytes, _)) = self.spans.get(self.next).filter(|(bytes, _)| bytes.start <= hit.start) {
            if bytes.end > hit.start {
                self.open.push(self.next);
            }
            self.next += 1;
        }
        self.open.retain(|at| self.spans.get(*at).is_some_and(|(bytes, _)| bytes.end > hit.start));
        let covers = self.open.iter().filter_map(|at| self.spans.get(*at)).find(|(bytes, _)| bytes.end >= hit.end);
        covers.map(|(_, id)| id.clone())
    }
}

/// Work on a large edit: how far it is, and the way to stop it.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    pub(crate) done: Arc<AtomicUsize>,
    pub(crate) of: usize,
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) what: String,
}

impl App {
    /// Ctrl F, Ctrl Shift F: opens the find page with what is selected.
    pub(crate) fn open_find(&mut self, everywhere: bool) {
        self.commit_drafts();
        let Some(desk) = &self.desk else { return };
        let selected = desk.index.as_ref().zip(desk.view()).map(|(index, view)| (index, view.to_take(&index.text().content)));
        let words = selected.as_ref().and_then(|(index, bytes)| index.text().content.get(bytes.clone())).unwrap_or_default().to_owned();
        let is_long = words.contains('\n') || words.chars().count() > 80;
        let selection = selected.filter(|(_, bytes)| !bytes.is_empty()).and_then(|(_, bytes)| Some((desk.document.clone()?, bytes)));
        let query = match &self.state.finding {
            Some(finding) if words.is_empty() => finding.query.clone(),
            _ if is_long || words.is_empty() => Query { fold: true, ..self.last_query.clone() },
            _ => Query { words, regex: false, fold: true, ..self.last_query.clone() },
        };
        let scope = if everywhere {
            Scope::All
        } else if is_long && selection.is_some() {
            Scope::Selection
        } else {
            Scope::Article
        };
        self.show_find(query, scope, selection, None, None);
    }

    fn show_find(
        &mut self,
        query: Query,
        scope: Scope,
        selection: Option<(Id<Document>, Range<usize>)>,
        label: Option<Id<Label>>,
        source: Option<Id<Source>>,
    ) {
        (self.state.proposing, self.state.linking, self.state.overlay) = (None, None, None);
        self.state.fresh_selection = false;
        let number = self.state.finding.as_ref().map_or(0, |finding| finding.number);
        let known = self.desk.as_ref().and_then(|desk| desk.session.project().labels_in_order().first().map(|label| label.id.clone()));
        let label = label.or_else(|| self.state.last_label.clone()).or(known);
        self.state.finding = Some(Finding { selection, label, source, ..Finding::new(query, scope, number) });
    }

    /// Ctrl L: everything like the selected annotation, or like what is selected.
    pub(crate) fn label_all_like(&mut self) {
        let Some(desk) = &self.desk else { return };
        let taken = desk.index.as_ref().zip(desk.view()).map(|(index, view)| view.to_take(&index.text().content));
        if let (Some(annotation), true) = (desk.selected(), taken.is_none_or(|taken| taken.is_empty())) {
            let (query, label, source) = (find::like(annotation), annotation.label.clone(), annotation.source.clone());
            self.show_find(query, Scope::Article, None, Some(label), source);
        } else {
            self.open_find(false);
        }
    }

    /// Begins or goes on with a search: once a frame.
    pub(crate) fn refresh_find(&mut self) {
        if let (Some(finding), Some(desk)) = (&mut self.state.finding, &self.desk) {
            finding.refresh(desk, &self.jobs);
        }
    }

    /// Escape: back to the place before.
    pub(crate) fn close_find(&mut self) {
        let Some(mut finding) = self.state.finding.take() else { return };
        finding.stop();
        self.remember_query(&finding.query);
        self.state.focus = Some(FocusTarget::Article);
    }

    fn remember_query(&mut self, query: &Query) {
        self.last_query = query.clone();
        if !query.words.trim().is_empty() {
            self.recent_queries.retain(|known| known.words != query.words);
            self.recent_queries.insert(0, query.clone());
            self.recent_queries.truncate(RECENT);
        }
    }

    /// Enter on a hit: the article there, with the hit selected.
    pub(crate) fn open_hit(&mut self, hit: &Hit) {
        self.close_find();
        let Some(desk) = &mut self.desk else { return };
        if desk.document.as_ref() != Some(&hit.document) && desk.session.project().documents.contains(&hit.document) {
            desk.open_document(&hit.document);
        }
        if let Some(view) = desk.view_mut() {
            view.select_bytes(hit.bytes.clone());
            view.selected = None;
        }
        self.state.fresh_selection = true;
    }

    /// Ctrl Enter: labels every checked hit, as one step.
    pub(crate) fn label_hits(&mut self) {
        let (Some(desk), Some(finding)) = (&self.desk, &self.state.finding) else { return };
        let Some(label) = finding.label.clone() else { return };
        let project = desk.session.project();
        let points = project.labels.get(&label).is_some_and(|label| label.source);
        let checked = finding.checked.iter().filter_map(|at| finding.found.get(*at)).filter(|found| found.covered.is_none());
        let places: Vec<Place> = checked
            .filter_map(|found| find::ranges_of(project, &found.hit))
            .map(|(document, ranges)| Place { document: document.id.clone(), ranges })
            .collect();
        if places.is_empty() {
            self.toasts.success("Check hits first: Space checks one, Ctrl A all", None);
            return;
        }
        let count = places.len();
        let query = finding.query.clone();
        let source = finding.source.clone().filter(|source| points && project.sources.contains(source));
        let command = Command::AnnotateAll { label: label.clone(), places, source, origin: Origin::Person };
        self.remember_query(&query);
        if count > AT_ONCE {
            self.begin_long_edit(&command, count, format!("Labelling {count} hits"));
        } else if self.run(&command).is_some() {
            self.labelled(count);
        }
        self.state.last_label = Some(label);
    }

    fn labelled(&mut self, count: usize) {
        if let Some(finding) = &mut self.state.finding {
            finding.checked.clear();
        }
        let words = format!("Labelled {}", crate::display::line::count(count, "hit"));
        self.toasts.success(words, Some(("Undo".to_owned(), Action::Undo)));
    }

    /// Runs a large edit on a thread: the window shows how far it is and can stop it; meanwhile nothing else is edited.
    pub(crate) fn begin_long_edit(&mut self, command: &Command, of: usize, what: String) {
        let Some(desk) = &self.desk else { return };
        let progress = Progress { done: Arc::default(), of, stop: Arc::default(), what };
        progress.stop.store(std::mem::take(&mut self.stop_next), Ordering::Relaxed);
        match desk.session.long_edit(command, self.environment()()) {
            Ok(edit) => {
                let document = desk.document.clone();
                self.jobs.edit(edit, progress.clone(), document);
                self.state.dialog = Some(super::dialogs::Dialog::Working);
                self.working = Some(progress);
            }
            Err(error) => self.toasts.failure(error.to_string(), error.hint(), None),
        }
    }

    /// Takes over a large edit that is done.
    pub(crate) fn take_edited(&mut self, edited: Result<super::jobs::LongEdited, crate::edit::EditError>) {
        let Some(progress) = self.working.take() else { return };
        self.state.dialog = None;
        match edited {
            Ok(edited) => {
                let Some(desk) = &mut self.desk else { return };
                match desk.session.take(edited.edited) {
                    Some(done) => {
                        desk.take_indexes(edited.indexes);
                        if done.title.starts_with("import ") { self.told_import(&done) } else { self.labelled(progress.of) }
                    }
                    None => self.toasts.failure("The project changed meanwhile", "Nothing was done. Try again.", None),
                }
            }
            Err(crate::edit::EditError::Cancelled) => self.toasts.success("Stopped. Everything is as it was", None),
            Err(error) => self.toasts.failure(error.to_string(), error.hint(), None),
        }
        self.state.focus = Some(FocusTarget::Article);
    }

    /// Takes over a large undo or redo that is done.
    pub(crate) fn take_stepped(&mut self, stepped: crate::session::LongStepped, indexes: super::jobs::Indexes) {
        self.working = None;
        self.state.dialog = None;
        let Some(desk) = &mut self.desk else { return };
        let undo = stepped.undo();
        if let Some(done) = desk.session.take_step(stepped) {
            desk.take_indexes(indexes);
            self.tell_step(undo, &done);
        }
        self.state.focus = Some(FocusTarget::Article);
    }

    /// Stops the large edit that is at work.
    pub(crate) fn cancel_work(&mut self) {
        if let Some(progress) = &self.working {
            progress.stop.store(true, Ordering::Relaxed);
        }
        if let Some(finding) = self.state.finding.as_mut().filter(|finding| finding.is_searching()) {
            finding.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_abandoned_search_found_is_thrown_away() {
        let mut finding = Finding::new(Query::default(), Scope::All, 7);
        let hit = |start| Found { hit: Hit { document: "d".into(), bytes: start..start + 1, paragraph: 1 }, covered: None };
        finding.take(6, Part::Found(vec![hit(1)]));
        finding.take(6, Part::End { cut: false });
        assert!(finding.found.is_empty() && finding.is_searching());
        finding.take(7, Part::Found(vec![hit(1), hit(3)]));
        assert_eq!((finding.found.len(), finding.rows.len()), (2, 3), "a heading and two hits");
        finding.stop();
        finding.take(7, Part::Found(vec![hit(5)]));
        assert_eq!(finding.found.len(), 2, "nothing comes after Stop");
        assert!(finding.cut);
    }

    #[test]
    fn hits_under_annotations_are_found_however_those_overlap() {
        let spans: Vec<(Range<usize>, Id<Annotation>)> =
            vec![(0..4, "a".into()), (2..30, "b".into()), (5..9, "c".into()), (40..50, "d".into())];
        let mut covered = Covered { spans: &spans, next: 0, open: Vec::new() };
        let by = |covered: &mut Covered<'_>, hit: Range<usize>| covered.by(&hit).map(|id| id.to_string());
        assert_eq!(by(&mut covered, 1..3).as_deref(), Some("a"));
        assert_eq!(by(&mut covered, 3..5).as_deref(), Some("b"));
        assert_eq!(by(&mut covered, 10..30).as_deref(), Some("b"));
        assert_eq!(by(&mut covered, 29..31), None);
        assert_eq!(by(&mut covered, 41..50).as_deref(), Some("d"));
        assert_eq!(by(&mut covered, 50..51), None);
    }
}
