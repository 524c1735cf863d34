//! Bringing files in and taking formats out. Reading, mapping and writing run on threads; the window shows how far they are and can stop
//! them, and what would come in before it does.

use super::{
    action::Action,
    app::{App, Desk},
    dialogs::Dialog,
    finding::Progress,
    jobs::{Done, Jobs},
};
use crate::{
    display::line::count,
    edit::{Command, Environment as _, Import, Transaction},
    formats::{
        FORMATS, Format, Reader,
        article::Choices,
        convert::{Draft, Written},
        exchange::{
            ExchangeError,
            adopt::{Adopted, Mapping, Target},
            feature::Loss,
        },
        profile::{Pass, Profile},
    },
    model::{Document, Id, Project},
    session::{
        Session,
        exchange::{Export, gather, is_export},
    },
    store::{
        file_name,
        incoming::{Inputs, inputs},
        outgoing::{Shape, shape},
    },
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
};

/// Characters of a paragraph that the dialog keeps: a line of it, and more under the pointer.
const PREVIEW: usize = 400;
/// Lines of a list of findings.
const LISTED: usize = 200;

/// What was read and waits for the user's word.
pub(crate) struct Gathered {
    pub(crate) name: String,
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) choices: Choices,
    draft: Draft,
    pub(crate) mapping: Mapping,
    /// What the project has: labels and kinds of links by id and name, in their order.
    pub(crate) labels: Arc<[(String, String)]>,
    pub(crate) kinds: Arc<[(String, String)]>,
    /// Foreign names with their counts and an example, for labels and for links.
    pub(crate) rows: Vec<MapRow>,
    /// What verification and reading found, in sentences.
    pub(crate) said: Vec<String>,
    /// What needs a look, in sentences.
    pub(crate) warnings: Vec<String>,
    /// What could not be read, and annotations without a place.
    pub(crate) failed: Vec<String>,
    /// The paragraphs of the only article, where nothing is marked in it, and whether each comes in.
    pub(crate) paragraphs: Vec<(String, bool)>,
    /// How many of them come in.
    pub(crate) taken: usize,
    /// The paragraph that was last taken or left, for Shift.
    pub(crate) last: usize,
    /// Whether the choices of web pages, and of Markdown, matter.
    pub(crate) has_pages: bool,
    pub(crate) has_markdown: bool,
    pub(crate) is_empty: bool,
}

/// A foreign label or kind of link.
pub(crate) struct MapRow {
    pub(crate) is_link: bool,
    pub(crate) name: String,
    pub(crate) count: usize,
    pub(crate) example: String,
}

/// What a job of this module found.
pub(crate) enum Exchanged {
    /// How many inputs there are.
    Found(usize),
    Gathered(Result<Box<Gathered>, ExchangeError>),
    Adopted(Box<Adopted>),
    Losses(ExportKey, Vec<Loss>),
    Written(String, Result<Written, ExchangeError>),
}

/// What a list of losses is of.
pub(crate) type ExportKey = (&'static str, Profile, Option<Id<Document>>, bool, u64);

/// What the window keeps of an import and an export.
#[derive(Default)]
pub(crate) struct Exchanging {
    pub(crate) waiting: Option<Box<Gathered>>,
    /// The export dialog while the system asks for a place.
    draft: Option<ExportDraft>,
}

/// The export dialog.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExportDraft {
    /// The place of the format in the list of all.
    pub(crate) format: usize,
    pub(crate) profile: Profile,
    /// Whether a public export has the project's title, desks and names of files.
    pub(crate) house: bool,
    pub(crate) only_document: bool,
    pub(crate) path: String,
    /// The folder of the project, where it has one.
    folder: String,
    /// Whether the user wrote the path.
    pub(crate) written: bool,
    pub(crate) asked: Option<ExportKey>,
    pub(crate) losses: Option<Vec<Loss>>,
    pub(crate) said: Option<String>,
    /// What is at the path of a format.
    place: Option<((usize, String), Place)>,
}

/// What an export would meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Whether only the main file is written.
    pub(crate) is_alone: bool,
    /// Whether a file is there already.
    pub(crate) replaces: bool,
}

impl ExportDraft {
    pub(crate) fn format(&self) -> &'static Format {
        FORMATS.get(self.format).or_else(|| FORMATS.first()).unwrap_or(&crate::formats::native::FORMAT)
    }

    /// A name for the format: a file, or for several files a zip.
    pub(crate) fn suggest(&mut self, title: &str) {
        if self.written {
            return;
        }
        let format = self.format();
        let stem: String =
            title.chars().map(|letter| if letter.is_alphanumeric() || "-_ ".contains(letter) { letter } else { '-' }).take(60).collect();
        let stem = stem.trim().trim_matches('-');
        let ending = if format.is_folder || format.alone.is_some() { "zip" } else { format.endings.first().copied().unwrap_or("txt") };
        let name = format!("{}.{ending}", if stem.is_empty() { "export" } else { stem });
        self.path = PathBuf::from(&self.folder).join(name).display().to_string();
    }

    /// What is at the path: the disk is asked when path or format change, not in every frame.
    pub(crate) fn place(&mut self) -> Place {
        let of = (self.format, self.path.clone());
        if let Some((known, place)) = &self.place
            && *known == of
        {
            return *place;
        }
        let path = PathBuf::from(self.path.trim());
        let place = Place { is_alone: shape(&path, self.format()) == Shape::File, replaces: path.is_file() };
        self.place = Some((of, place));
        place
    }
}

impl Gathered {
    fn new(name: String, paths: Vec<PathBuf>, choices: Choices, project: &Project, found: &Inputs, draft: Draft) -> Self {
        let mapping = Mapping::suggest(project, &draft.seen);
        let mut rows: Vec<MapRow> = draft
            .seen
            .labels
            .iter()
            .map(|(name, seen)| MapRow { is_link: false, name: name.clone(), count: seen.count, example: seen.example.clone() })
            .collect();
        rows.extend(draft.seen.kinds.iter().map(|(name, (count, _))| MapRow {
            is_link: true,
            name: name.clone(),
            count: *count,
            example: String::new(),
        }));
        let articles = draft.placed.len();
        let annotations: usize = draft.placed.iter().map(|placed| placed.article.spans.len()).sum();
        let links: usize = draft.placed.iter().map(|placed| placed.article.links.len()).sum();
        let mut said = vec![match (annotations, links) {
            (0, _) => format!("{}, nothing marked in them.", count(articles, "article"))
                .replace("1 article, nothing marked in them.", "1 article."),
            (_, 0) => format!("{} with {}.", count(articles, "article"), count(annotations, "annotation")),
            _ => format!("{} with {} and {}.", count(articles, "article"), count(annotations, "annotation"), count(links, "link")),
        }];
        if let [only] = draft.placed.as_slice() {
            let article = &only.article;
            let facts = ["byline", "outlet", "published", "language"].iter().filter_map(|key| article.details.get(*key));
            let facts: Vec<String> =
                std::iter::once(&article.title).chain(facts).map(|fact| crate::display::safe::brief(fact).into_owned()).collect();
            said.insert(0, facts.join(" · "));
        }
        said.extend(draft.verified.lines());
        let mut warnings = draft.warnings.clone();
        if found.skipped > 0 {
            warnings.push(format!("{} of no kind that is read: skipped.", count(found.skipped, "file")));
        }
        warnings.truncate(LISTED);
        let mut failed: Vec<String> =
            found.failed.iter().chain(&draft.failed).map(|(message, hint)| format!("{message}. {hint}")).collect();
        failed.extend(draft.verified.unplaced.iter().take(LISTED).map(|one| {
            let words: String = one.words.chars().take(80).collect();
            format!("Unplaced in {}: {} “{words}”: {}", one.document, one.label, one.why)
        }));
        failed.truncate(LISTED);
        let paragraphs = match draft.placed.as_slice() {
            [only] if only.article.spans.is_empty() => {
                let written = only.text.content.split('\n').filter(|line| !line.trim().is_empty());
                written.map(|line| (line.chars().take(PREVIEW).collect(), true)).collect()
            }
            _ => Vec::new(),
        };
        let ours = |id: String, name: &str| (id, crate::display::safe::brief(name).into_owned());
        let labels = project.labels_in_order().into_iter().map(|label| ours(label.id.to_string(), &label.name)).collect();
        let kinds = project.relation_kinds.iter().map(|kind| ours(kind.id.to_string(), &kind.name)).collect();
        let is = |name: &str| found.found.iter().any(|input| input.format.name == name);
        Self {
            name,
            paths,
            choices,
            mapping,
            labels,
            kinds,
            rows,
            said,
            warnings,
            failed,
            taken: paragraphs.len(),
            paragraphs,
            last: 0,
            has_pages: is("html") || is("mhtml"),
            has_markdown: is("markdown"),
            is_empty: articles == 0,
            draft,
        }
    }

    /// What becomes of a foreign name.
    pub(crate) fn target(&mut self, row: usize) -> Option<&mut Target> {
        let row = self.rows.get(row)?;
        if row.is_link { self.mapping.kinds.get_mut(&row.name) } else { self.mapping.labels.get_mut(&row.name) }
    }

    /// Takes or leaves a paragraph, with Shift all up to the last one.
    pub(crate) fn toggle(&mut self, at: usize, range: bool) {
        let on = self.paragraphs.get(at).is_some_and(|(_, on)| !on);
        let (first, last) = if range { (self.last.min(at), self.last.max(at)) } else { (at, at) };
        for (_, taken) in self.paragraphs.iter_mut().take(last + 1).skip(first) {
            *taken = on;
        }
        self.last = at;
        self.taken = self.paragraphs.iter().filter(|(_, on)| *on).count();
    }

    /// Leaves of the only article the paragraphs that were taken.
    fn cut(&mut self) {
        if self.taken == self.paragraphs.len() {
            return;
        }
        let [only] = self.draft.placed.as_mut_slice() else { return };
        let mut taken = self.paragraphs.iter().map(|(_, on)| *on);
        let lines: Vec<&str> =
            only.text.content.split('\n').filter(|line| line.trim().is_empty() || taken.next().unwrap_or(true)).collect();
        let mut words = lines.join("\n");
        // Where paragraphs went, one blank line is enough.
        while words.contains("\n\n\n") {
            words = words.replace("\n\n\n", "\n\n");
        }
        only.text = crate::model::Text::new(format!("{}\n", words.trim_matches('\n')));
        only.changed.push("selection".to_owned());
        only.article.omissions.clear();
    }
}

impl Jobs {
    /// Reads files for an import.
    fn gather(&self, paths: Vec<PathBuf>, choices: Choices, project: Project, progress: Progress) {
        let teller = self.teller();
        self.start(move || {
            let project = project.unshared();
            let name = match paths.as_slice() {
                [one] => file_name(one),
                several => count(several.len(), "file"),
            };
            let found = inputs(&paths, None);
            teller(Done::Exchanged(Exchanged::Found(found.found.len())));
            let go_on = |done: usize| {
                progress.done.store(done, Ordering::Relaxed);
                !progress.stop.load(Ordering::Relaxed)
            };
            let draft = gather(&project, &found.found, &choices, &go_on);
            let gathered = draft.map(|draft| Box::new(Gathered::new(name, paths, choices, &project, &found, draft)));
            Done::Exchanged(Exchanged::Gathered(gathered))
        });
    }

    /// Counts what a format does not carry.
    fn count_losses(&self, key: ExportKey, export: Export, project: Project) {
        self.start(move || {
            let losses = export.losses(&project, key.3);
            Done::Exchanged(Exchanged::Losses(key, losses))
        });
    }

    fn export(&self, export: Export, project: Project, path: PathBuf, progress: Progress) {
        self.start(move || {
            let go_on = |done: usize| {
                progress.done.store(done, Ordering::Relaxed);
                !progress.stop.load(Ordering::Relaxed)
            };
            let written = export.run(&project, &path, &go_on);
            Done::Exchanged(Exchanged::Written(file_name(&path), written))
        });
    }
}

impl App {
    fn begin_work(&mut self, of: usize, what: String) -> Progress {
        let progress = Progress { done: Arc::default(), of, stop: Arc::default(), what };
        progress.stop.store(std::mem::take(&mut self.stop_next), Ordering::Relaxed);
        self.working = Some(progress.clone());
        self.state.dialog = Some(Dialog::Working);
        progress
    }

    /// Reads files, then shows what would come in.
    pub(crate) fn import_paths(&mut self, paths: Vec<PathBuf>, choices: Choices) {
        self.commit_drafts();
        if let Some(Err(error)) = self.desk.as_ref().map(|desk| desk.session.check_writable()) {
            return self.toasts.failure(error.to_string(), error.hint(), None);
        }
        let project = match &self.desk {
            Some(desk) => desk.session.project().clone(),
            None => Session::new("Import", self.environment()()).project().clone(),
        };
        let progress = self.begin_work(1, "Reading".to_owned());
        self.jobs.gather(paths, choices, project, progress);
    }

    /// Reads the same files in another way.
    pub(crate) fn import_again(&mut self, choices: Choices) {
        if let Some(gathered) = self.exchanging.waiting.take() {
            self.import_paths(gathered.paths, choices);
        }
    }

    /// Takes what the dialog shows: mapped on a thread, then one step of undo.
    pub(crate) fn take_import(&mut self) {
        self.state.dialog = None;
        let Some(mut gathered) = self.exchanging.waiting.take() else { return };
        gathered.cut();
        if self.desk.is_none() {
            let title = match gathered.draft.placed.as_slice() {
                [only] if !only.article.title.is_empty() => only.article.title.clone(),
                _ => gathered.name.split('.').next().unwrap_or(&gathered.name).to_owned(),
            };
            self.set_desk(Desk::new(Session::new(&title, self.environment()())));
        }
        let Some(desk) = &self.desk else { return };
        let project = desk.session.project().clone();
        let _working = self.begin_work(1, "Importing".to_owned());
        self.jobs.start(move || {
            let Gathered { draft, mapping, .. } = *gathered;
            let adopted = draft.adopt(&project, &mapping);
            Done::Exchanged(Exchanged::Adopted(Box::new(adopted)))
        });
    }

    fn bring_in(&mut self, import: Import, left_out: &[String]) {
        self.working = None;
        self.state.dialog = None;
        if import.documents.is_empty() {
            return self.toasts.success("Nothing came in", None);
        }
        if import.annotations() == 0 && import.documents.iter().all(|document| document.into.is_some()) {
            return self.toasts.success("All of it is in the project already", None);
        }
        for line in left_out {
            self.toasts.failure(line.as_str(), "See what the mapping leaves out, and import again after undo.", None);
        }
        let of = import.annotations().max(1);
        let command = Command::Import { import: Box::new(import) };
        self.begin_long_edit(&command, of, "Importing".to_owned());
    }

    /// Opens the export dialog.
    pub(crate) fn open_export(&mut self) {
        self.commit_drafts();
        let Some(desk) = &self.desk else { return };
        let format = FORMATS.iter().position(is_export).unwrap_or_default();
        let folder = desk.session.path().and_then(Path::parent).map(|folder| folder.display().to_string()).unwrap_or_default();
        let mut draft = ExportDraft {
            format,
            folder,
            profile: Profile::Public,
            house: false,
            only_document: false,
            path: String::new(),
            written: false,
            asked: None,
            losses: None,
            said: None,
            place: None,
        };
        draft.suggest(desk.title());
        self.state.dialog = Some(Dialog::Export(draft));
    }

    /// What the dialog asks for.
    fn export_of(&self, draft: &ExportDraft) -> Option<Export> {
        let desk = self.desk.as_ref()?;
        let document = desk.document.clone().filter(|_| draft.only_document);
        let mut chance = self.environment()();
        let pass = Pass { house: draft.house, ..Pass::new(draft.profile, chance.random()) };
        Some(Export { document, pass, format: draft.format(), today: chance.today() })
    }

    /// Asks once for the losses of what the dialog shows.
    pub(crate) fn ask_for_losses(&self, draft: &mut ExportDraft) {
        let (Some(desk), Some(export)) = (&self.desk, self.export_of(draft)) else { return };
        let key =
            (export.format.name, export.pass.profile, export.document.clone(), draft.place().is_alone, desk.session.history().revision());
        if draft.asked.as_ref() != Some(&key) {
            (draft.asked, draft.losses) = (Some(key.clone()), None);
            self.jobs.count_losses(key, export, desk.session.project().clone());
        }
    }

    pub(crate) fn write_export(&mut self, draft: &ExportDraft) {
        let Some(export) = self.export_of(draft) else { return };
        let Some(desk) = &self.desk else { return };
        let project = desk.session.project().clone();
        let path = PathBuf::from(draft.path.trim());
        let path = std::path::absolute(&path).unwrap_or(path);
        if desk.session.path() == Some(path.as_path()) {
            return self.toasts.failure("The project itself is not written over", "Choose another name.", None);
        }
        let of = if export.document.is_some() { 1 } else { project.documents.len() };
        let progress = self.begin_work(of, format!("Writing {}", file_name(&path)));
        self.jobs.export(export, project, path, progress);
    }

    pub(crate) fn take_exchanged(&mut self, exchanged: Exchanged) {
        match exchanged {
            Exchanged::Found(inputs) => {
                if let Some(working) = &mut self.working {
                    working.of = inputs.max(1);
                }
            }
            Exchanged::Gathered(gathered) => {
                self.working = None;
                self.state.dialog = None;
                match gathered {
                    Ok(gathered) => {
                        self.exchanging.waiting = Some(gathered);
                        self.state.dialog = Some(Dialog::Import);
                    }
                    Err(ExchangeError::Cancelled) => self.toasts.success("Stopped. Nothing came in", None),
                    Err(error) => self.toasts.failure(super::apply::sentence(&error.to_string()), error.hint(), None),
                }
            }
            Exchanged::Adopted(adopted) => {
                let Adopted { import, left_out } = *adopted;
                self.bring_in(import, &left_out);
            }
            Exchanged::Losses(key, losses) => {
                if let Some(Dialog::Export(draft)) = &mut self.state.dialog
                    && draft.asked.as_ref() == Some(&key)
                {
                    draft.losses = Some(losses);
                }
            }
            Exchanged::Written(name, written) => {
                self.working = None;
                self.state.dialog = None;
                match written {
                    Ok(written) => {
                        let words =
                            format!("Wrote {name}: {}, {}", count(written.articles, "article"), count(written.annotations, "annotation"));
                        self.toasts.success(words, None);
                    }
                    Err(ExchangeError::Cancelled) => self.toasts.success("Stopped. Nothing was written", None),
                    Err(error) => self.toasts.failure(super::apply::sentence(&error.to_string()), error.hint(), None),
                }
            }
        }
    }

    /// Says what came in, and opens the first article of it.
    pub(crate) fn told_import(&mut self, done: &Transaction) {
        if let (Some(document), Some(desk)) = (&done.focus.document, &mut self.desk) {
            desk.open_document(document);
        }
        let words = done.title.replacen("import ", "Imported ", 1);
        self.toasts.success(words, Some(("Undo".to_owned(), Action::Undo)));
        self.state.focus = Some(super::app::FocusTarget::Article);
    }

    /// Asks where to export to; the dialog comes back with the place.
    pub(crate) fn choose_export(&mut self, draft: ExportDraft) {
        let name = file_name(&PathBuf::from(draft.path.trim()));
        self.exchanging.draft = Some(draft);
        self.jobs.choose_export(&name);
    }

    /// The place was chosen.
    pub(crate) fn export_to(&mut self, path: &Path) {
        if let Some(draft) = &mut self.exchanging.draft {
            (draft.path, draft.written, draft.asked) = (path.display().to_string(), true, None);
        }
        self.back_to_export();
    }

    /// The dialog as it was before a place was asked for.
    pub(crate) fn back_to_export(&mut self) {
        if let Some(draft) = self.exchanging.draft.take() {
            self.state.dialog = Some(Dialog::Export(draft));
        }
    }
}

/// Whether a JSON file is of another tool, by its beginning; what cannot be read is left to whoever opens projects.
pub(crate) fn is_foreign(path: &Path) -> bool {
    inputs(&[path.to_owned()], None)
        .found
        .first()
        .is_some_and(|input| !matches!(input.format.read, Reader::Project) && input.format.name != "text")
}
