//! What is done with a project: every command and every hot path of the core as a piece of work of its own, for whatever asks how its
//! cost grows. Included by path.

use super::shapes::{self, Shape};
use onrecord::{
    check::{self, publish, sourcing},
    display::{
        audit::Audit,
        context::context,
        differences::{Difference, differences},
        figures::{Grouping, figures},
        line,
        source_index::SourceIndex,
        span_index::SpanIndex,
        summary::Summary,
        undecided::undecided,
    },
    edit::{Command, Transaction, change::changes_between},
    find,
    formats::{self, article::Choices, native, profile, report},
    merge::{self, Ledger},
    model::{Annotation, Document, Id, Origin, Project, links::Links, news},
    review,
    session::{
        Recorder, Session,
        exchange::{Export, gather},
        recover,
    },
    store::incoming,
    suggest::{self, Cues},
    text::{
        Ranges, TextRange,
        search::{Pattern, Query},
    },
};
use std::{cell::OnceCell, hint::black_box, ops::ControlFlow};

/// A project with what its works need, so that they are asked for nothing but their own work; made when a work first asks for it.
pub(crate) struct Prepared {
    /// The file.
    pub(crate) bytes: Vec<u8>,
    ledger: Ledger,
    theirs: OnceCell<Ledger>,
    session: OnceCell<Session>,
    folder: tempfile::TempDir,
}

impl Prepared {
    /// A project of a shape and size.
    pub(crate) fn new(shape: Shape, size: usize) -> Self {
        let ledger = shape.ledger(size);
        let bytes = native::write(&ledger).unwrap_or_default();
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        Self { bytes, ledger, theirs: OnceCell::new(), session: OnceCell::new(), folder }
    }

    /// The project, open.
    fn session(&self) -> &Session {
        self.session.get_or_init(|| shapes::session(&self.bytes, 8))
    }

    /// The project, to look at.
    fn project(&self) -> &Project {
        self.session().project()
    }

    /// A colleague's copy, with a note on one annotation in ten.
    fn theirs(&self) -> &Ledger {
        self.theirs.get_or_init(|| {
            let mut colleague = shapes::session(&self.bytes, 7);
            for annotation in one_in_ten(&colleague) {
                let _refused = colleague.run(&Command::SetNote { annotation, note: "Theirs".to_owned() });
            }
            let copy = colleague.to_bytes().ok().and_then(|bytes| native::read(&bytes).ok());
            copy.unwrap_or_else(|| panic!("the copy cannot be read")).ledger
        })
    }
}

fn one_in_ten(session: &Session) -> Vec<Id<Annotation>> {
    session.project().annotations.iter().step_by(10).map(|annotation| annotation.id.clone()).collect()
}

/// One piece of work.
pub(crate) struct Work {
    /// What it is called.
    pub(crate) name: &'static str,
    /// Prepares; what comes back is measured.
    pub(crate) begin: for<'p> fn(&'p Prepared) -> Box<dyn FnOnce() + 'p>,
}

/// Shorthand for a row of the list.
const fn work(name: &'static str, begin: for<'p> fn(&'p Prepared) -> Box<dyn FnOnce() + 'p>) -> Work {
    Work { name, begin }
}

/// All of them.
pub(crate) const WORKS: &[Work] = &[
    work("open", |prepared| {
        Box::new(|| {
            black_box(native::read(&prepared.bytes).is_ok());
        })
    }),
    work("save", |prepared| {
        let mut session = shapes::session(&prepared.bytes, 2);
        let _done = session.run(&Command::SetTitle { title: "Changed".to_owned() });
        let path = prepared.folder.path().join("saved.onrecord.json");
        let _none_yet = std::fs::remove_file(&path);
        Box::new(move || {
            let saved = session.save(&path);
            assert!(saved.is_ok(), "a save is refused");
        })
    }),
    work("label", |prepared| edits(prepared, 0, false)),
    work("undo", |prepared| edits(prepared, 0, true)),
    work("delete all", |prepared| delete_all(prepared, false)),
    work("undelete all", |prepared| delete_all(prepared, true)),
    work("remove article", |prepared| {
        let mut session = shapes::session(&prepared.bytes, 2);
        let mut sources = SourceIndex::new(session.project());
        let document = session.project().documents.iter().next().map(|document| document.id.clone());
        Box::new(move || {
            let Some(document) = document else { return };
            follow(&mut session, &mut sources, &mut None, &Command::RemoveDocument { document });
        })
    }),
    work("indexes", |prepared| {
        let project = prepared.project();
        Box::new(move || {
            black_box(SourceIndex::new(project));
            for document in project.documents.iter().take(1) {
                let Some(index) = SpanIndex::new(project, document) else { continue };
                let length = index.text().content.len();
                for part in 0..64 {
                    black_box(index.at(length * part / 64).len());
                }
            }
        })
    }),
    work("find", |prepared| {
        let query = Query { words: "more weeks".to_owned(), fold: true, ..Query::default() };
        finding(prepared, &query)
    }),
    work("find every word", |prepared| {
        let query = Query { words: r"\w+".to_owned(), regex: true, whole_word: true, ..Query::default() };
        finding(prepared, &query)
    }),
    work("check", |prepared| {
        let project = prepared.project();
        Box::new(move || {
            black_box(check::on_load(project).len());
        })
    }),
    work("check --publish", |prepared| {
        let project = prepared.project();
        Box::new(move || {
            let links = Links::new(project);
            let units = review::units(project, &links);
            let issues = sourcing::check(project, &links, &units, None);
            black_box(publish::check(project, &links, &units, &issues, None).len());
        })
    }),
    work("report", |prepared| {
        let project = prepared.project();
        Box::new(move || {
            let links = Links::new(project);
            let units = review::units(project, &links);
            let issues = sourcing::check(project, &links, &units, None);
            let clearances = publish::check(project, &links, &units, &issues, None);
            let audit = Audit { project, links: &links, units: &units, clearances: &clearances, made: "2026-11-21T14:00Z", house: false };
            for profile in [report::Profile::Public, report::Profile::Desk, report::Profile::Full] {
                black_box(report::write(&audit, profile, report::Target::Html).is_ok());
            }
        })
    }),
    work("show", |prepared| {
        let (project, ledger) = (prepared.project(), prepared.session().ledger());
        Box::new(move || {
            black_box(line::project(project).len());
            black_box(undecided(project, ledger).len());
        })
    }),
    work("stats", |prepared| {
        let project = prepared.project();
        Box::new(move || {
            black_box(Summary::new(project));
            let links = Links::new(project);
            black_box(figures(project, &links, &review::units(project, &links), Grouping::Document).len());
        })
    }),
    work("suggest", |prepared| {
        let (project, cues) = (prepared.project(), Cues::default());
        Box::new(move || {
            black_box(suggest::score::score(project, &cues));
        })
    }),
    work("join", |prepared| {
        let theirs = prepared.theirs();
        Box::new(move || {
            black_box(merge::join(&prepared.ledger, theirs).is_ok());
        })
    }),
    work("diff", |prepared| {
        let theirs = prepared.theirs();
        Box::new(move || {
            let (before, after) = (&prepared.ledger.base, &theirs.base);
            let found = differences(&changes_between(before, after), before, after, theirs);
            black_box(found.iter().map(Difference::lines).map(|lines| lines.len()).sum::<usize>());
        })
    }),
    work("journal and recovery", |prepared| {
        let mut session = shapes::session(&prepared.bytes, 3);
        Box::new(move || {
            let folder = prepared.folder.path().join("journal");
            let Ok(mut recorder) = Recorder::begin(&folder, &"growth".into(), session.begin_journal()) else { panic!("no journal") };
            for annotation in one_in_ten(&session) {
                let _refused = session.run(&Command::SetNote { annotation, note: "Mine".to_owned() });
                assert!(recorder.record(&session.take_steps()).is_ok(), "the journal is not written");
            }
            let bytes = std::fs::read(folder.join("journal/growth.log")).or_else(|_| std::fs::read(folder.join("growth.log")));
            black_box(bytes.ok().and_then(|bytes| recover(&bytes, &"fresh".into())).is_some());
            recorder.remove();
        })
    }),
    work("convert to jsonl", |prepared| export(prepared, "jsonl")),
    work("convert to web-annotation", |prepared| export(prepared, "web-annotation")),
    work("convert to brat", |prepared| export(prepared, "brat")),
    work("convert to csv", |prepared| export(prepared, "csv")),
    work("read jsonl", |prepared| import(prepared, "jsonl")),
    work("read web-annotation", |prepared| import(prepared, "web-annotation")),
    work("read brat", |prepared| import(prepared, "brat")),
];

/// Runs a command and lets the indexes of the window follow it.
fn follow(session: &mut Session, sources: &mut SourceIndex, spans: &mut Option<SpanIndex>, command: &Command) {
    let done = session.run(command).unwrap_or_else(|error| panic!("{error}"));
    take_over(session, sources, spans, &done, false);
}

fn take_over(session: &Session, sources: &mut SourceIndex, spans: &mut Option<SpanIndex>, done: &Transaction, undone: bool) {
    sources.follow(session.project(), &done.changes, undone);
    if let Some(index) = spans
        && !index.follow(&done.changes, undone)
    {
        let document = session.project().documents.get(index.document()).cloned();
        *spans = document.and_then(|document| SpanIndex::new(session.project(), &document));
    }
}

/// A label for one annotation in sixteen that is there, each as a step of its own; or all of these steps taken back.
fn edits(prepared: &Prepared, from: usize, undone: bool) -> Box<dyn FnOnce() + '_> {
    let mut session = shapes::session(&prepared.bytes, 2);
    let (mut sources, mut spans) = indexes(&session);
    let Some(document) = session.project().documents.iter().next().map(|document| document.id.clone()) else { return Box::new(|| ()) };
    let count = session.project().annotations.len().div_ceil(16);
    let label = move |session: &mut Session, sources: &mut SourceIndex, spans: &mut Option<SpanIndex>| {
        let length = spans.as_ref().map_or(0, |index| index.text().index.len().get());
        for step in from..count {
            let start = u32::try_from(step * (length.saturating_sub(16)) / count).unwrap_or(0);
            let ranges = Ranges::one(TextRange::new(start, start + 12));
            let (document, attributes, note) = (document.clone(), std::collections::BTreeMap::new(), String::new());
            let label = news::label(news::CLAIM);
            let command = Command::Annotate { document, label, ranges, attributes, source: None, note, origin: Origin::Person };
            if let Ok(done) = session.run(&command) {
                take_over(session, sources, spans, &done, false);
            }
        }
    };
    if !undone {
        return Box::new(move || label(&mut session, &mut sources, &mut spans));
    }
    label(&mut session, &mut sources, &mut spans);
    Box::new(move || {
        while let Some(done) = session.undo() {
            take_over(&session, &mut sources, &mut spans, &done, true);
        }
    })
}

fn indexes(session: &Session) -> (SourceIndex, Option<SpanIndex>) {
    let project = session.project();
    (SourceIndex::new(project), project.documents.iter().next().and_then(|document| SpanIndex::new(project, document)))
}

fn delete_all(prepared: &Prepared, undone: bool) -> Box<dyn FnOnce() + '_> {
    let mut session = shapes::session(&prepared.bytes, 2);
    let (mut sources, mut spans) = indexes(&session);
    let annotations = session.project().annotations.iter().map(|annotation| annotation.id.clone()).collect();
    let command = Command::DeleteAnnotations { annotations };
    if !undone {
        return Box::new(move || follow(&mut session, &mut sources, &mut spans, &command));
    }
    follow(&mut session, &mut sources, &mut spans, &command);
    Box::new(move || {
        if let Some(done) = session.undo() {
            take_over(&session, &mut sources, &mut spans, &done, true);
        }
    })
}

fn finding<'p>(prepared: &'p Prepared, query: &Query) -> Box<dyn FnOnce() + 'p> {
    let pattern = Pattern::new(query).unwrap_or_default().unwrap_or_else(|| panic!("there is nothing to look for"));
    let project = prepared.project();
    Box::new(move || {
        let omitted = find::Omitted::new(project);
        for document in project.documents_in_order() {
            let Some(text) = project.text_of(document) else { continue };
            let _all = find::in_document(project, document, &omitted.of(document), &pattern, None, &mut |hit| {
                if let Some(hit) = hit {
                    black_box(context(&text.content, &hit.bytes, 40));
                }
                ControlFlow::Continue(())
            });
        }
        black_box(project.annotations.iter().filter_map(|annotation| find::in_annotation(annotation, &pattern)).count());
    })
}

fn target(prepared: &Prepared, format: &formats::Format) -> std::path::PathBuf {
    let name = if format.is_folder { "out.zip".to_owned() } else { format!("out.{}", format.endings.first().unwrap_or(&"out")) };
    prepared.folder.path().join(format!("{}-{name}", format.name))
}

fn write(prepared: &Prepared, format: &'static formats::Format) {
    let export = Export {
        document: None::<Id<Document>>,
        pass: profile::Pass::new(profile::Profile::Full, [0; 16]),
        format,
        today: "2026-11-20".to_owned(),
    };
    let written = export.run(prepared.project(), &target(prepared, format), &|_| true);
    assert!(written.is_ok(), "{} is not written", format.name);
}

fn export<'p>(prepared: &'p Prepared, name: &'static str) -> Box<dyn FnOnce() + 'p> {
    let format = formats::named(name).unwrap_or_else(|| panic!("no format {name}"));
    prepared.session();
    Box::new(move || write(prepared, format))
}

fn import<'p>(prepared: &'p Prepared, name: &'static str) -> Box<dyn FnOnce() + 'p> {
    let format = formats::named(name).unwrap_or_else(|| panic!("no format {name}"));
    write(prepared, format);
    let found = incoming::inputs(&[target(prepared, format)], Some(format)).found;
    Box::new(move || {
        let draft = gather(prepared.project(), &found, &Choices::default(), &|_| true);
        assert!(draft.is_ok_and(|draft| !draft.placed.is_empty()), "{name} is not read");
    })
}
