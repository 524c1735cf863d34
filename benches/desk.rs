//! How fast the desk is on long and dense articles: prints figures and, in the same run, a plain egui label of the same text.
//!
//! `cargo bench --bench desk` measures 10 MB and 1 MB with 100,000 annotations each; `-- --quick` a tenth of it, to see that it
//! runs; `-- --table` prints each number of README's tables on a line of its own too, for `tests/figures`. CPU is that of the process, so other work on the machine does not count; series are CPU too unless they say wall; a frame is layout, input and tessellation, without
//! the graphics card.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a benchmark prints, and stops when something is wrong")]

use cpu_time::ProcessTime;
use egui::{Event, Key, Modifiers, RawInput, Rect, pos2, vec2};
use onrecord::{
    edit::{
        Command, Import, Mark, MarkLink, Speaker,
        import::{ImportAnnotation, ImportDocument},
    },
    formats::{
        self, FORMATS, Reader,
        article::{self, Choices, Extent},
        convert::{self, Outgoing},
        exchange::{release::Head, verify::Verified},
        native, policies,
        profile::{Pass, Profile},
    },
    merge,
    model::{Answer, AttributeValue, Conflicts, Document, Extra, Id, Origin, Person, ReviewState, SourceKind},
    review::{Answered, Answers, Outcomes},
    session::{
        Recorder, Session, WorkEnvironment,
        exchange::{Export, gather, is_export},
        recover,
    },
    store::{
        incoming, journal,
        outgoing::{Shape, Target},
        settings::Settings,
    },
    text::{Ranges, TextRange},
    ui::{App, Options, SystemFonts},
};
use std::{
    collections::BTreeMap,
    io::Write as _,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

fn main() {
    // The test runner of cargo calls benchmarks with --test: then a run that shows that nothing breaks is enough.
    let quick = std::env::args().any(|argument| argument == "--quick" || argument == "--test");
    let share: u16 = if quick { 10 } else { 1 };
    TABLE.store(std::env::args().any(|argument| argument == "--table"), Ordering::Relaxed);
    // A tenth of the work is no figure for anybody to read.
    figure("share", f64::from(share), "");
    let mut first_frames = Vec::new();
    for (name, bytes) in [("10 MB", 10 << 20_usize), ("1 MB", 1 << 20)] {
        let annotations = 100_000 / u32::from(share);
        println!("\n{name} / {share}, {annotations} annotations");
        let column = name.to_lowercase().replace(' ', "");
        let first_frame = measure(&column, bytes / usize::from(share), annotations);
        first_frames.push((name, column, bytes / usize::from(share), first_frame));
    }
    println!("\nfind in 10 MB / {share}, label all of 100,000 / {share} hits");
    find_and_label(10 * (1 << 20) / usize::from(share), 100_000 / usize::from(share));
    println!("\n1 MB / {share} with 10,000 / {share} links and 5,000 / {share} sources");
    links_and_sources((1 << 20) / usize::from(share), 10_000 / u32::from(share), 5_000 / u32::from(share));
    println!("\n1,000 / {share} articles with 5,000 / {share} reviewed sources");
    review(1_000 / usize::from(share));
    println!("\nlive checks beside 10,000 / {share} annotations in one article");
    live_checks(10_000 / u32::from(share));
    println!("\nsharing: 100,000 / {share} annotations, 10,000 / {share} edits");
    sharing(10 * (1 << 20) / usize::from(share), 100_000 / u32::from(share), 10_000 / u32::from(share));
    println!("\na file of 100 / {share} MB");
    large_file(20 * (1 << 20) / usize::from(share), 245_000 / u32::from(share));
    println!("\nother formats: 1,000 / {share} articles with 100,000 / {share} annotations; as the project file is 1");
    other_formats(1_000 / usize::from(share), 100);
    println!("\nbatch: 10,000 / {share} articles with 500,000 / {share} annotations from JSON Lines to a brat zip");
    batch(10_000 / usize::from(share), 50);
    println!("\nthe same text in one egui label, which gives its memory back to nobody, hence last");
    for (name, column, bytes, ours) in first_frames {
        plain_label(name, &column, &article(bytes), ours);
    }
}

/// Whether the numbers of README's tables are printed on lines of their own.
static TABLE: AtomicBool = AtomicBool::new(false);

/// A number of README's tables: `figure NAME VALUE UNIT`.
fn figure(name: &str, value: f64, unit: &str) {
    if TABLE.load(Ordering::Relaxed) {
        println!("figure {name} {value:.4} {unit}");
    }
}

/// Prints the figures, those of README's tables for a column; gives the milliseconds of the frame that first drew the article.
fn measure(column: &str, bytes: usize, annotations: u32) -> f64 {
    let figure = |name: &str, value: f64, unit: &str| figure(&format!("{column}.{name}"), value, unit);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.onrecord.json");
    let text = article(bytes);
    let mut session = marked(&text, annotations);
    session.save(&path).unwrap();
    println!("  file                      {:>9.1} MB", std::fs::metadata(&path).unwrap().len() as f64 / 1e6);
    drop(session);
    let before = memory("VmRSS:");

    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    // Jobs on threads, as in the app: the review of the project is computed after the first frame, beside it.
    let mut desk = Desk::open_with(&path, false);
    assert!(desk.app.session().is_some_and(|session| session.project().annotations.len() == annotations as usize));
    let (wall, cpu) = (ms(wall.elapsed()), ms(cpu.elapsed()));
    println!("  open to first frame       {wall:>9.0} ms wall {cpu:>7.0} ms CPU");
    figure("open.wall", wall, "ms");
    figure("open.cpu", cpu, "ms");
    let held = memory("VmRSS:");
    println!("  memory                    {held:>9.0} MB ({before:.0} before, {:.0} at most)", memory("VmHWM:"));
    figure("memory", held, "MB");

    desk.wait();
    for _ in 0..30 {
        desk.frame(Vec::new());
    }
    figure("frame.still.p95", desk.series("frame, still", 120, |_, _| {}).p95, "ms");
    figure("frame.scrolling.p95", desk.series("frame, scrolling", 300, |app, _| app.scroll(60.0, None)).p95, "ms");
    let mut place = 0.5_f64;
    let jumps = desk.series("frame, random jump", 120, |app, _| {
        place = (place * 7.3 + 0.137).fract();
        app.scroll(0.0, Some(place));
    });
    figure("frame.jump.p95", jumps.p95, "ms");

    let mut labelled = Vec::new();
    for number in 0..20 {
        desk.app.scroll(0.0, Some(0.03 * f64::from(number)));
        for _ in 0..3 {
            desk.frame(Vec::new());
        }
        assert!(desk.app.select_words(&format!("marker{number}")));
        desk.frame(Vec::new());
        desk.frame(Vec::new());
        labelled.push(desk.wall_frame(vec![key(Key::Num1, Modifiers::NONE)]));
    }
    let now = desk.app.session().unwrap().project().annotations.len();
    assert_eq!(now, annotations as usize + 20, "every key press labelled");
    let labelled = report("key to labelled, wall", &mut labelled);
    figure("label.p95", labelled.p95, "ms");
    figure("label.most", labelled.most, "ms");
    desk.wait();

    let cpu = ProcessTime::now();
    let job = desk.app.save_job(&path).unwrap();
    let snapshot = ms(cpu.elapsed());
    println!("  snapshot                  {snapshot:>9.3} ms CPU");
    figure("snapshot", snapshot, "ms");
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    job.run().unwrap();
    let (wall, cpu) = (ms(wall.elapsed()), ms(cpu.elapsed()));
    println!("  save, on its own thread   {wall:>9.0} ms wall {cpu:>7.0} ms CPU");
    figure("save", cpu, "ms");
    desk.first_frame
}

/// Words typed into the find page letter by letter, a regular expression, and every hit labelled and undone.
fn find_and_label(bytes: usize, most: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("find.onrecord.json");
    let text = article(bytes);
    let mut session = Session::new("Find", WorkEnvironment::seeded(1, None));
    let add = Command::AddDocument { title: "Find".to_owned(), content: text.clone(), language: String::new(), imported: None };
    session.run(&add).unwrap();
    session.save(&path).unwrap();
    let mut desk = Desk::open(&path);
    let control = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
    desk.frame(vec![key(Key::F, control)]);
    desk.frame(Vec::new());
    let mut typed = Vec::new();
    for letter in "ministry’s office".chars() {
        desk.frame(vec![Event::Text(letter.to_string())]);
        // The search runs in the frame after, at once, since there are no threads here.
        typed.push(desk.frame(Vec::new()));
    }
    // What is found arrives with the frame after.
    desk.frame(Vec::new());
    let hits = desk.app.found();
    let typed = report("find, a letter typed", &mut typed);
    figure("find.letter.p95", typed.p95, "ms");
    let cpu = ProcessTime::now();
    let naive = text.to_lowercase().matches("ministry’s office").count();
    let plain = ms(cpu.elapsed());
    assert_eq!(hits, naive, "both find the same");
    println!("  the same in one plain pass {plain:>8.2} ms CPU: {:.1} times ours at p95", plain / typed.p95);
    figure("find.plain", plain, "ms");
    desk.app.look_for("(council|official) \\w+", true);
    let pattern = desk.frame(Vec::new());
    desk.frame(Vec::new());
    println!("  regular expression        {pattern:>9.2} ms CPU, {} hits", desk.app.found());
    desk.app.look_for("a", false);
    desk.frame(Vec::new());
    desk.frame(Vec::new());
    let count = desk.app.check_hits(most);
    let before = desk.app.session().unwrap().project().annotations.len();
    let cpu = ProcessTime::now();
    desk.frame(vec![key(Key::Enter, control)]);
    for _ in 0..4 {
        desk.frame(Vec::new());
    }
    let labelled = desk.app.session().unwrap().project().annotations.len() - before;
    assert_eq!(labelled, count, "every checked hit is labelled");
    let all = ms(cpu.elapsed());
    println!("  label all, {count:>6} hits    {all:>9.0} ms CPU, threads included");
    figure("find.label", all, "ms");
    desk.frame(vec![key(Key::Escape, Modifiers::NONE)]);
    let cpu = ProcessTime::now();
    desk.frame(vec![key(Key::Z, control)]);
    for _ in 0..4 {
        desk.frame(Vec::new());
    }
    assert_eq!(desk.app.session().unwrap().project().annotations.len(), before);
    let undone = ms(cpu.elapsed());
    println!("  undo of it                {undone:>9.0} ms CPU, threads included");
    figure("find.undo", undone, "ms");
}

/// Frames with many links and sources, and a label given there, which the list of sources follows.
fn links_and_sources(bytes: usize, links: u32, sources: u32) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("links.onrecord.json");
    let mut session = marked(&article(bytes), links * 2);
    let ids: Vec<_> = (0..sources)
        .map(|number| {
            let kind = if number % 3 == 0 { SourceKind::Anonymous } else { SourceKind::NamedPerson };
            let command = Command::AddSource { alias: format!("Speaker {number}"), kind, role: String::new(), public_label: String::new() };
            session.run(&command).unwrap().made.clone().unwrap()
        })
        .collect();
    let project = session.project().clone();
    let mut quotes = project.annotations.iter().filter(|annotation| annotation.label == "quote".into());
    let mut claims = project.annotations.iter().filter(|annotation| annotation.label == "claim".into());
    let attributions: Vec<_> = project.annotations.iter().filter(|annotation| annotation.label == "attribution".into()).collect();
    for (number, annotation) in project.annotations.iter().filter(|annotation| annotation.label == "attribution".into()).enumerate() {
        let source = Some(ids[number % ids.len()].clone().into());
        session.run(&Command::SetSource { annotation: annotation.id.clone(), source }).unwrap();
    }
    for number in 0..links as usize {
        let from = if number % 2 == 0 { quotes.next() } else { claims.next() };
        let Some(from) = from else { continue };
        let to = attributions[(number / 2) % attributions.len()].id.clone();
        session.run(&Command::Link { kind: "attributed_via".into(), from: from.id.clone(), to }).unwrap();
    }
    println!("  links                     {:>9}", session.project().relations.len());
    session.save(&path).unwrap();
    let mut desk = Desk::open(&path);
    desk.frame(vec![key(Key::CloseBracket, Modifiers::NONE)]);
    desk.series("frame, still", 120, |_, _| {});
    desk.series("frame, scrolling", 200, |app, _| app.scroll(60.0, None));
    let mut labelled = Vec::new();
    for number in 0..10 {
        desk.app.scroll(0.0, Some(0.06 * f64::from(number)));
        for _ in 0..3 {
            desk.frame(Vec::new());
        }
        assert!(desk.app.select_words(&format!("marker{number}")));
        desk.frame(Vec::new());
        labelled.push(desk.frame(vec![key(Key::Num1, Modifiers::NONE)]));
    }
    figure("links.label.p95", report("key press to labelled", &mut labelled).p95, "ms");
}

/// The review desk over many articles, each with five unnamed sources that were decided on.
fn review(articles: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("review.onrecord.json");
    let editor = |name: &str| Person {
        id: name.into(),
        name: name.to_owned(),
        roles: vec!["editor".to_owned()],
        conflicts: Conflicts::default(),
        extra: Extra::default(),
    };
    let mut session = Session::new("Benchmark", WorkEnvironment::seeded(3, Some(editor("AK"))));
    session.run(&Command::AdoptPolicy { policy: policies::built_in().remove(0) }).unwrap();
    let answers = Answers(
        session
            .project()
            .policies
            .iter()
            .flat_map(|policy| &policy.items)
            .map(|item| (item.key.clone(), Answered::plain(Answer::Yes)))
            .collect(),
    );
    let text = (0..5).map(|number| format!("The order will be signed, said official number {number}.\n")).collect::<Vec<_>>().concat();
    for article in 0..articles {
        let (title, content) = (format!("Article {article}"), format!("Headline {article}\n{text}"));
        let add = Command::AddDocument { title, content: content.clone(), language: String::new(), imported: None };
        let document: Id<Document> = session.run(&add).unwrap().made.clone().unwrap().into();
        for number in 0..5 {
            let mark = |label: &str, words: &str, nth: usize| {
                let (start, _) = content.match_indices(words).nth(nth).unwrap();
                let (start, length) = (u32::try_from(start).unwrap(), u32::try_from(words.len()).unwrap());
                let ranges = Ranges::one(TextRange::new(start, start + length));
                let kind = (label == "claim").then(|| ("kind".to_owned(), AttributeValue::Text("fact".into())));
                let attributes = kind.into_iter().collect();
                Mark::New { label: label.into(), ranges, attributes }
            };
            let link = |kind: &str, from, to| MarkLink { kind: kind.into(), from, to };
            let said = format!("official number {number}");
            let structure = Command::MarkTogether {
                document: document.clone(),
                marks: vec![
                    mark("claim", "The order will be signed", number),
                    mark("attribution", &format!("said {said}"), 0),
                    mark("anonymous_source", &said, 0),
                ],
                links: vec![link("attributed_via", 0, 1), link("names_source", 1, 2), link("supported_by", 0, 2)],
                speaker: Some(Speaker::New {
                    alias: format!("Source {article}.{number}"),
                    kind: SourceKind::Anonymous,
                    role: String::new(),
                }),
                origin: Origin::Rule,
            };
            session.run(&structure).unwrap();
        }
    }
    session.set_person(Some(editor("EK")));
    let sources: Vec<_> =
        session.project().annotations.iter().filter(|mention| mention.label == "anonymous_source".into()).cloned().collect();
    for mention in &sources {
        let (document, source, answers) = (mention.document.clone(), mention.source.clone().unwrap(), answers.clone());
        let decide =
            Command::Decide { document, source, to: ReviewState::InReview, answers, outcomes: Outcomes::default(), note: String::new() };
        session.run(&decide).unwrap();
    }
    println!("  reviews                   {:>9}", session.project().decisions.len());
    session.save(&path).unwrap();
    let mut desk = Desk::open(&path);
    desk.frame(Vec::new());
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    desk.frame(vec![key(Key::Num2, Modifiers::COMMAND)]);
    desk.frame(Vec::new());
    desk.frame(Vec::new());
    let (wall, cpu) = (ms(wall.elapsed()), ms(cpu.elapsed()));
    println!("  queue opens               {wall:>9.0} ms wall {cpu:>7.0} ms CPU");
    figure("review.open", cpu, "ms");
    figure("review.still.p95", desk.series("frame, still", 120, |_, _| {}).p95, "ms");
    figure("review.next.p95", desk.key_series("next source", 60, Key::J).p95, "ms");
    let cpu = ProcessTime::now();
    desk.app.compute_review();
    let anew = ms(cpu.elapsed());
    println!("  queue, checks, clearance  {anew:>9.1} ms CPU, on a thread of their own");
    figure("review.anew", anew, "ms");
}

/// What an edit costs where the sourcing checks follow it.
fn live_checks(annotations: u32) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("live.onrecord.json");
    marked(&article(1 << 20), annotations).save(&path).unwrap();
    let mut desk = Desk::open_with(&path, false);
    desk.app.show_issues();
    desk.wait();
    let mut labelled = Vec::new();
    let mut after = Vec::new();
    for number in 0..10 {
        desk.app.scroll(0.0, Some(0.06 * f64::from(number)));
        desk.wait();
        assert!(desk.app.select_words(&format!("marker{number}")));
        desk.frame(Vec::new());
        labelled.push(desk.wall_frame(vec![key(Key::Num1, Modifiers::NONE)]));
        for _ in 0..5 {
            after.push(desk.wall_frame(Vec::new()));
        }
    }
    report("label, checks live, wall", &mut labelled);
    report("frames right after, wall", &mut after);
    desk.wait();
    let cpu = ProcessTime::now();
    desk.app.compute_review();
    let anew = ms(cpu.elapsed());
    println!("  all checks anew           {anew:>9.2} ms CPU, on a thread of their own");
    figure("checks.anew", anew, "ms");
    let ids: Vec<_> = desk.app.session().unwrap().project().annotations.iter().take(200).map(|annotation| annotation.id.clone()).collect();
    let mut again = Vec::new();
    for id in &ids {
        let cpu = ProcessTime::now();
        desk.app.check_again(id);
        again.push(ms(cpu.elapsed()));
    }
    figure("checks.edit.p95", report("checks after an edit", &mut again).p95, "ms");
}

/// Two colleagues' copies joined, the journal, and what comes back from it. None of it runs on the thread of the window.
fn sharing(bytes: usize, annotations: u32, edits: u32) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sharing.onrecord.json");
    marked(&article(bytes), annotations).save(&path).unwrap();
    let before = std::fs::read(&path).unwrap();
    let copy = |seed: u64, every: usize| {
        let mut session = Session::open(&path, WorkEnvironment::seeded(seed, None)).unwrap();
        let chosen: Vec<_> = session.project().annotations.iter().step_by(every).map(|annotation| annotation.id.clone()).collect();
        for annotation in chosen {
            session.run(&Command::SetNote { annotation, note: format!("note {seed}") }).unwrap();
        }
        native::read(&session.to_bytes().unwrap()).unwrap().ledger
    };
    let (ours, theirs) = (copy(2, 50), copy(3, 70));
    let cpu = ProcessTime::now();
    let joined = merge::join(&ours, &theirs).unwrap();
    let took = ms(cpu.elapsed());
    let open = joined.base.annotations.iter().filter(|annotation| !annotation.conflicts.is_empty()).count();
    println!("  join of two copies        {took:>9.0} ms CPU, {open} conflicts");
    figure("join", took, "ms");
    let cpu = ProcessTime::now();
    let plain: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&before).unwrap();
    let plain_took = ms(cpu.elapsed());
    assert!(plain.contains_key("annotations"));
    drop(plain);
    println!("  parsing one of them plainly {plain_took:>7.0} ms CPU: {:.1} times the join", plain_took / took);
    figure("join.plain", plain_took, "ms");
    let cpu = ProcessTime::now();
    assert_eq!(merge::join(&joined, &ours).unwrap(), joined);
    println!("  join of an older copy     {:>9.0} ms CPU", ms(cpu.elapsed()));

    let mut session = Session::open(&path, WorkEnvironment::seeded(4, None)).unwrap();
    let mut recorder = Recorder::begin(folder.path(), &"bench".into(), session.begin_journal()).unwrap();
    let chosen: Vec<_> = session.project().annotations.iter().map(|annotation| annotation.id.clone()).collect();
    let mut appended = Vec::new();
    for (number, annotation) in (0..edits).zip(chosen.into_iter().cycle()) {
        session.run(&Command::SetNote { annotation, note: format!("edit {number}") }).unwrap();
        let steps = session.take_steps();
        let wall = Instant::now();
        recorder.record(&steps).unwrap();
        appended.push(ms(wall.elapsed()));
    }
    let appended = report("journal append, wall", &mut appended);
    figure("journal.p95", appended.p95, "ms");
    figure("journal.most", appended.most, "ms");
    drop(recorder);
    let (_, journal) = journal::orphans(folder.path()).pop().unwrap();
    let mut log = std::fs::File::create(folder.path().join("plain")).unwrap();
    let mut plainly: Vec<f64> = journal
        .split_inclusive(|byte| *byte == b'\n')
        .map(|line| {
            let wall = Instant::now();
            std::io::Write::write_all(&mut log, line).unwrap();
            ms(wall.elapsed())
        })
        .collect();
    report("the same bytes plainly", &mut plainly);
    let disk = native::read(&before).unwrap().ledger;
    let cpu = ProcessTime::now();
    let recovered = recover(&journal, &"fresh".into()).unwrap();
    let joined = merge::join(&disk, &recovered.ledger).unwrap();
    let took = ms(cpu.elapsed());
    println!("  recovery of {edits} edits  {took:>9.0} ms CPU, a journal of {:.1} MB", journal.len() as f64 / 1e6);
    figure("recovery", took, "ms");
    assert_eq!(joined.base, *session.project());
}

/// A file as large as they get, read and written.
fn large_file(bytes: usize, annotations: u32) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.onrecord.json");
    marked(&article(bytes), annotations).save(&path).unwrap();
    let file = std::fs::read(&path).unwrap();
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let mut session = Session::open(&path, WorkEnvironment::seeded(2, None)).unwrap();
    let (wall, cpu) = (ms(wall.elapsed()), ms(cpu.elapsed()));
    println!("  load of {:>6.1} MB        {wall:>9.0} ms wall {cpu:>7.0} ms CPU", file.len() as f64 / 1e6);
    figure("large.load", cpu, "ms");
    let cpu = ProcessTime::now();
    serde_json::from_slice::<serde::de::IgnoredAny>(&file).unwrap();
    println!("  skipping through it plainly {:>7.0} ms CPU", ms(cpu.elapsed()));
    session.run(&Command::SetTitle { title: "Changed".to_owned() }).unwrap();
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    session.save(&path).unwrap();
    let (wall, cpu) = (ms(wall.elapsed()), ms(cpu.elapsed()));
    println!("  save                      {wall:>9.0} ms wall {cpu:>7.0} ms CPU");
    figure("large.save", cpu, "ms");
}

/// A project of many articles.
fn many_articles(articles: usize, annotations: usize) -> Session {
    let documents: Vec<ImportDocument> = (0..articles)
        .map(|number| {
            let content = format!("Article {number}\n\n{}", "The ferry tender will slip to spring, an official said. ".repeat(annotations));
            let one = |at: usize| {
                let start = u32::try_from(content.chars().count() - 56 * (annotations - at)).unwrap();
                ImportAnnotation {
                    id: format!("{at}"),
                    label: "claim".into(),
                    ranges: Ranges::one(TextRange::new(start, start + 36)),
                    quote: vec!["The ferry tender will slip to spring".to_owned()],
                    attributes: BTreeMap::from([("kind".to_owned(), AttributeValue::Text("fact".into()))]),
                    source: None,
                    note: String::new(),
                    by: String::new(),
                    origin: Origin::Person,
                    was: String::new(),
                }
            };
            let annotations = (0..annotations).map(one).collect();
            ImportDocument { title: format!("Article {number}"), content, annotations, ..ImportDocument::default() }
        })
        .collect();
    let mut session = Session::new("Bench", WorkEnvironment::seeded(1, None));
    session.run(&Command::Import { import: Box::new(Import { documents, ..Import::default() }) }).unwrap();
    session
}

/// Each writer and reader, wall time beside that of the project file.
fn other_formats(articles: usize, annotations: usize) {
    let folder = tempfile::tempdir().unwrap();
    let mut session = many_articles(articles, annotations);
    let path = folder.path().join("bench.onrecord.json");
    let begin = Instant::now();
    session.save(&path).unwrap();
    let save = ms(begin.elapsed());
    let begin = Instant::now();
    drop(Session::open(&path, WorkEnvironment::seeded(2, None)).unwrap());
    let open = ms(begin.elapsed());
    println!("  {:<16} write {save:>7.0} ms  read {open:>7.0} ms", "onrecord");
    figure("onrecord.write", save, "ms");
    figure("onrecord.read", open, "ms");
    for format in FORMATS.iter().filter(|format| is_export(format)) {
        let path = folder.path().join(if format.is_folder {
            format!("{}.zip", format.name)
        } else {
            format!("x-{}.{}", format.name, format.endings[0])
        });
        let export = Export { document: None, pass: Pass::new(Profile::Full, [0; 16]), format, today: "2026-11-20".to_owned() };
        let begin = Instant::now();
        export.run(session.project(), &path, &|_| true).unwrap();
        let write = ms(begin.elapsed());
        let read = matches!(format.read, Reader::Annotated(_)).then(|| {
            let found = incoming::inputs(&[path], Some(format)).found;
            let begin = Instant::now();
            let draft = gather(session.project(), &found, &Choices::default(), &|_| true).unwrap();
            assert_eq!(draft.placed.len(), articles);
            ms(begin.elapsed())
        });
        // Of verified claims there are none here, so that a ClaimReview says nothing.
        if format.name != "claim-review" {
            for (way, took, plain) in [("write", Some(write), save), ("read", read, open)] {
                if let Some(took) = took {
                    figure(&format!("{}.{way}", format.name), took, "ms");
                    figure(&format!("{}.{way}.times", format.name), took / plain, "times");
                }
            }
        }
        let read = read.map_or_else(String::new, |read| format!("  read {read:>7.0} ms ({:.1})", read / open));
        println!("  {:<16} write {write:>7.0} ms ({:.1}){read}", format.name, write / save);
    }
    // Articles of web pages: the words of the article above within a page.
    let body = "<p>The ferry tender will slip to spring, an official said on condition of anonymity, since the talks go on.</p>".repeat(40);
    let menu = "<li><a href=\"/a\">Section</a></li>".repeat(200);
    let page = format!(
        "<html><head><title>Ferry</title></head><body><nav><ul>{menu}</ul></nav><article><h1>Ferry</h1>{body}</article><footer>{menu}</footer></body></html>"
    );
    let count = articles.min(300);
    let begin = Instant::now();
    for _ in 0..count {
        article::html::read("a.html", page.as_bytes(), &Choices::default()).unwrap();
    }
    let extent = begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    for _ in 0..count {
        article::html::read("a.html", page.as_bytes(), &Choices { extent: Extent::Page, ..Choices::default() }).unwrap();
    }
    let whole = begin.elapsed().as_secs_f64();
    figure("pages", count as f64 / extent, "a second");
    println!(
        "  web pages of {} kB: {:.0} articles/s on one thread, whole pages {:.0}/s",
        page.len() / 1000,
        count as f64 / extent,
        count as f64 / whole
    );
}

/// A batch that is larger than what is held of it: memory is that of the largest articles.
fn batch(articles: usize, annotations: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.jsonl");
    let text = format!("Article\n\n{}", "The ferry tender will slip to spring, an official said. ".repeat(annotations));
    let spans: Vec<String> = (0..annotations)
        .map(|at| {
            format!(
                "{{\"start\":{0},\"end\":{1},\"label\":\"claim\",\"text\":\"The ferry tender will slip to spring\"}}",
                9 + 56 * at,
                45 + 56 * at
            )
        })
        .collect();
    let text = serde_json::to_string(&text).unwrap();
    let mut lines = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    for number in 0..articles {
        writeln!(lines, "{{\"id\":\"{number}\",\"title\":\"Article {number}\",\"text\":{text},\"spans\":[{}]}}", spans.join(",")).unwrap();
    }
    lines.flush().unwrap();
    drop(lines);
    let before = memory("VmRSS:");
    let format = formats::named("jsonl").unwrap();
    let found = incoming::inputs(std::slice::from_ref(&path), Some(format)).found;
    let mut target = Target::begin(&folder.path().join("many.zip"), Shape::Zip).unwrap();
    let begin = Instant::now();
    let mut outgoing = Outgoing::begin(formats::named("brat").unwrap(), Head::default(), false, &mut target).unwrap().unwrap();
    let mut verified = Verified::default();
    convert::read(format, found[0].open().unwrap(), &Choices::default(), &mut |_| {}, &mut |article| {
        let placed = convert::place(None, article, format.convention, &mut verified)?;
        outgoing.take(convert::pass_on(placed, Pass::new(Profile::Public, [0; 16])))
    })
    .unwrap();
    let written = outgoing.finish().unwrap();
    assert_eq!((written.articles, verified.agreed), (articles, articles * annotations));
    let seconds = begin.elapsed().as_secs_f64();
    figure("batch", seconds * 1e3, "ms");
    let size = std::fs::metadata(&path).unwrap().len() as f64 / 1e6;
    println!(
        "  {size:.0} MB in {seconds:.1} s, {:.0} annotations/s; memory {:+.0} MB",
        (articles * annotations) as f64 / seconds,
        memory("VmRSS:") - before
    );
}

fn key(key: Key, modifiers: Modifiers) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
}

/// The same text in one egui label.
fn plain_label(name: &str, column: &str, text: &str, ours: f64) {
    let ctx = egui::Context::default();
    let cpu = ProcessTime::now();
    let frame = |ctx: &egui::Context| {
        let mut output = ctx.run_ui(input(0.0, Vec::new()), |ui| {
            egui::ScrollArea::vertical().show(ui, |ui| ui.label(text));
        });
        output.textures_delta.clear();
        ctx.tessellate(output.shapes, output.pixels_per_point)
    };
    drop(frame(&ctx));
    let plain = ms(cpu.elapsed());
    figure(&format!("{column}.plain"), plain, "ms");
    figure(&format!("{column}.plain.times"), plain / ours, "times");
    println!("  {name}: {plain:>6.0} ms CPU for its first frame, {:.0} times ours of {ours:.1} ms", plain / ours);
}

struct Desk {
    ctx: egui::Context,
    app: App,
    time: f64,
    first_frame: f64,
}

impl Desk {
    fn open(path: &Path) -> Self {
        Self::open_with(path, true)
    }

    fn open_with(path: &Path, inline_jobs: bool) -> Self {
        let ctx = egui::Context::default();
        ctx.enable_accesskit();
        let options = Options {
            files: vec![path.to_owned()],
            settings: Settings::default(),
            settings_folder: None,
            // The journal is written, as in the app.
            data_folder: path.parent().map(|folder| folder.join("data")),
            system_fonts: SystemFonts::None,
            inline_jobs,
            minute: None,
        };
        let app = App::new(&ctx, options);
        let mut desk = Self { ctx, app, time: 0.0, first_frame: 0.0 };
        // Reads the file; the article is drawn in the frame after.
        while desk.app.session().is_none() {
            desk.frame(Vec::new());
            std::thread::sleep(std::time::Duration::from_micros(200));
        }
        desk.first_frame = desk.wall_frame(Vec::new());
        desk
    }

    /// CPU milliseconds of one frame.
    fn frame(&mut self, events: Vec<Event>) -> f64 {
        self.time += 1.0 / 60.0;
        let cpu = ProcessTime::now();
        let app = &mut self.app;
        let mut output = self.ctx.run_ui(input(self.time, events), |ui| app.frame(ui));
        // There is no graphics card to take them.
        output.textures_delta.clear();
        drop(self.ctx.tessellate(output.shapes, output.pixels_per_point));
        ms(cpu.elapsed())
    }

    /// Wall milliseconds of one frame, where a thread is at work beside it.
    fn wall_frame(&mut self, events: Vec<Event>) -> f64 {
        let wall = Instant::now();
        self.frame(events);
        ms(wall.elapsed())
    }

    /// Frames until everything that was asked for is there.
    fn wait(&mut self) {
        let begun = Instant::now();
        for number in 0.. {
            self.frame(Vec::new());
            if number > 3 && self.app.session().is_some() && !self.app.is_computing() {
                break;
            }
            assert!(begun.elapsed().as_secs() < 60, "nothing came back");
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    }

    fn key_series(&mut self, name: &str, frames: usize, pressed: Key) -> Spread {
        let mut figures: Vec<f64> = (0..frames).map(|_| self.frame(vec![key(pressed, Modifiers::NONE)])).collect();
        report(name, &mut figures)
    }

    fn series(&mut self, name: &str, frames: usize, mut before: impl FnMut(&mut App, usize)) -> Spread {
        let mut figures = Vec::with_capacity(frames);
        for number in 0..frames {
            before(&mut self.app, number);
            figures.push(self.frame(Vec::new()));
        }
        report(name, &mut figures)
    }
}

/// What of a series is told, in milliseconds.
struct Spread {
    p95: f64,
    most: f64,
}

fn report(name: &str, figures: &mut [f64]) -> Spread {
    figures.sort_by(f64::total_cmp);
    let at = |percent: usize| figures[(figures.len() - 1) * percent / 100];
    println!("  {name:<25} {:>9.2} ms p50 {:>7.2} p95 {:>7.2} max", at(50), at(95), at(100));
    Spread { p95: at(95), most: at(100) }
}

fn input(time: f64, events: Vec<Event>) -> RawInput {
    RawInput {
        screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1440.0, 900.0))),
        time: Some(time),
        events,
        focused: true,
        ..RawInput::default()
    }
}

fn ms(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A figure of the process in MB, where Linux tells it.
fn memory(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0");
    line.split_whitespace().next().and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// Paragraphs that all differ, with curly quotes, so that no cache helps and offsets are not bytes.
fn article(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 1000);
    let mut number = 0;
    while text.len() < bytes {
        if number % 20 == 0 {
            text.push_str(&format!("marker{} ", number / 20));
        }
        text.push_str(&format!(
            "Paragraph {number}: the council said on day {} that “the harbour will open {} weeks late,” and an official who asked not \
             to be named called the plan number {} unworkable. Nobody at the ministry’s office would comment on the figure of {}.\n",
            number % 365,
            number % 52,
            number * 7,
            number * 13
        ));
        number += 1;
    }
    text
}

/// A project with annotations strewn over the article: nested, crossing, one in ten with two ranges.
fn marked(text: &str, annotations: u32) -> Session {
    let mut session = Session::new("Benchmark", WorkEnvironment::seeded(1, None));
    let add = Command::AddDocument { title: "Benchmark".to_owned(), content: text.to_owned(), language: String::new(), imported: None };
    let document = session.run(&add).unwrap().made.clone().unwrap();
    let labels: Vec<_> = session.project().labels_in_order().iter().map(|label| label.id.clone()).collect();
    let length = u32::try_from(text.chars().count()).unwrap() - 2_000;
    let mut random = 0x9E37_79B9_u64;
    let mut next = |most: u32| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((random >> 33) % u64::from(most)).unwrap()
    };
    for number in 0..annotations {
        let start = next(length);
        let end = start + 20 + next(if number % 50 == 0 { 1_500 } else { 150 });
        let second = TextRange::new(end + 10, end + 40);
        let ranges = Ranges::from_parts([TextRange::new(start, end)].into_iter().chain((number % 10 == 0).then_some(second))).unwrap();
        let label = labels[number as usize % labels.len()].clone();
        let document = document.clone().into();
        let (attributes, note) = (BTreeMap::new(), String::new());
        session.run(&Command::Annotate { document, label, ranges, attributes, source: None, note, origin: Origin::Person }).unwrap();
    }
    session
}
