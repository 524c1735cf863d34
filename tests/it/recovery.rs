//! The journal: what was not saved comes back after a crash, whatever is on the disk by then.

use onrecord::{
    edit::{
        Command,
        SourceField::{Alias, PublicLabel, Role},
    },
    formats::native,
    model::{Key, SourceKind},
    session::{Recorder, Session, WorkEnvironment, recover},
    store::journal,
};
use std::{fs, path::Path};
use tempfile::TempDir;

const EXAMPLE: &str = include_str!("data/example.onrecord.json");
const QUOTE: &str = "b4653252-78f8-45f5-bb31-20df2f4d4c86";
const NAMED: &str = "50d7d13f-b248-4191-bb12-1dc54e5a3a26";

fn note(of: &str, words: &str) -> Command {
    Command::SetNote { annotation: of.into(), note: words.to_owned() }
}

fn source(alias: &str) -> Command {
    Command::AddSource { alias: alias.to_owned(), kind: SourceKind::NamedPerson, role: String::new(), public_label: String::new() }
}

/// A project on the disk, open in a session with a journal.
struct Desk {
    folder: TempDir,
    session: Session,
    recorder: Recorder,
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("p.onrecord.json"), EXAMPLE).expect("the project");
        let mut session = Session::open(&folder.path().join("p.onrecord.json"), WorkEnvironment::seeded(1, None)).expect("a session");
        let recorder = Recorder::begin(folder.path(), &"s".into(), session.begin_journal()).expect("a journal");
        Self { folder, session, recorder }
    }

    fn run(&mut self, command: &Command) {
        self.session.run(command).expect("an edit");
        self.write();
    }

    fn write(&mut self) {
        let steps = self.session.take_steps();
        self.recorder.record(&steps).expect("the journal is written");
    }

    /// The program is killed. What is left is the folder.
    fn crash(self) -> (TempDir, Vec<u8>) {
        drop(self.recorder);
        let bytes = journal::orphans(self.folder.path()).pop().map(|(_, bytes)| bytes).unwrap_or_default();
        (self.folder, bytes)
    }
}

/// What is on the disk, joined with the journal.
fn come_back(path: &Path, journal: &[u8]) -> Session {
    let mut session = Session::open(path, WorkEnvironment::seeded(2, None)).expect("a session");
    let recovered = recover(journal, &"fresh".into()).expect("a journal");
    let merged = session.merge_job().run(&recovered.ledger, "what was not saved").expect("one project");
    session.take_merge(merged, None).expect("nothing happened meanwhile");
    session
}

fn text(session: &Session) -> String {
    String::from_utf8(session.to_bytes().expect("bytes")).expect("text")
}

#[test]
fn what_was_not_saved_comes_back_with_undo_and_deletion() {
    let mut desk = Desk::new();
    desk.run(&note(QUOTE, "first"));
    desk.run(&note(QUOTE, "second"));
    desk.run(&source("Ada Roe"));
    desk.run(&source("Taken back"));
    desk.session.undo();
    desk.write();
    desk.run(&Command::DeleteAnnotations { annotations: vec![NAMED.into()] });
    let project = desk.session.project().clone();
    let (folder, journal) = desk.crash();
    let session = come_back(&folder.path().join("p.onrecord.json"), &journal);
    assert_eq!(*session.project(), project);
    assert!(session.is_dirty());
    assert_eq!(session.history().undo_title(), Some("merge what was not saved"));
}

#[test]
fn it_is_joined_with_what_a_colleague_saved_meanwhile() {
    let mut desk = Desk::new();
    desk.run(&note(QUOTE, "mine"));
    desk.run(&source("Ada Roe"));
    let (folder, journal) = desk.crash();
    let path = folder.path().join("p.onrecord.json");
    let mut colleague = Session::open(&path, WorkEnvironment::seeded(3, None)).expect("a session");
    colleague.run(&note(QUOTE, "theirs")).expect("an edit");
    colleague.run(&source("Ben Roe")).expect("an edit");
    colleague.save(&path).expect("a save");
    let session = come_back(&path, &journal);
    let joined = text(&session);
    for words in ["mine", "theirs", "Ada Roe", "Ben Roe"] {
        assert!(joined.contains(words), "{words}: {joined}");
    }
}

#[test]
fn what_was_saved_after_all_changes_nothing() {
    let mut desk = Desk::new();
    desk.run(&note(QUOTE, "saved"));
    let path = desk.folder.path().join("p.onrecord.json");
    desk.session.save(&path).expect("a save");
    // The program dies between the save and the removal of the journal.
    let (folder, journal) = desk.crash();
    let mut session = Session::open(&folder.path().join("p.onrecord.json"), WorkEnvironment::seeded(2, None)).expect("a session");
    let recovered = recover(&journal, &"fresh".into()).expect("a journal");
    let merged = session.merge_job().run(&recovered.ledger, "what was not saved").expect("one project");
    assert!(merged.transaction.changes.is_empty(), "{:?}", merged.transaction.changes);
}

#[test]
fn a_project_that_was_never_saved_comes_back_whole() {
    let folder = TempDir::new().expect("a folder");
    let mut session = Session::new("Never saved", WorkEnvironment::seeded(4, None));
    let mut recorder = Recorder::begin(folder.path(), &"s".into(), session.begin_journal()).expect("a journal");
    assert!(
        journal::entries(&fs::read(journal::folder(folder.path()).join("s.log")).unwrap_or_default()).is_empty(),
        "nothing to lose yet"
    );
    let add =
        Command::AddDocument { title: "A".to_owned(), content: "The mayor said no.\n".to_owned(), language: String::new(), imported: None };
    session.run(&add).expect("an article");
    recorder.record(&session.take_steps()).expect("the journal is written");
    let project = session.project().clone();
    drop(recorder);
    let (_, bytes) = journal::orphans(folder.path()).pop().expect("a journal");
    let recovered = recover(&bytes, &"fresh".into()).expect("a journal");
    assert_eq!((recovered.header.title.as_str(), recovered.header.path.clone()), ("Never saved", None));
    let back = Session::from_recovered(&recovered, WorkEnvironment::seeded(5, None));
    assert_eq!(*back.project(), project);
    assert!(back.is_dirty());
}

#[test]
fn a_purge_rewrites_the_journal() {
    let mut desk = Desk::new();
    desk.run(&note(NAMED, "SECRET"));
    desk.run(&note(QUOTE, "harmless"));
    desk.session.purge(&NAMED.into()).expect("a purge");
    desk.recorder = Recorder::begin(desk.folder.path(), &"s".into(), desk.session.begin_journal()).expect("a journal");
    desk.run(&source("Ada Roe"));
    let (folder, journal) = desk.crash();
    let words = String::from_utf8_lossy(&journal).into_owned();
    assert!(!words.contains("SECRET") && words.contains("harmless"), "{words}");
    let session = come_back(&folder.path().join("p.onrecord.json"), &journal);
    assert!(text(&session).contains("\"note\":\"fresh.1\""), "the purge itself comes back");
}

#[test]
fn a_purged_note_of_the_file_is_not_in_the_journal() {
    let mut desk = Desk::new();
    desk.run(&note(NAMED, "SECRET"));
    let path = desk.folder.path().join("p.onrecord.json");
    desk.session.save(&path).expect("a save");
    desk.session.purge(&NAMED.into()).expect("a purge");
    desk.recorder = Recorder::begin(desk.folder.path(), &"s".into(), desk.session.begin_journal()).expect("a journal");
    let (folder, journal) = desk.crash();
    assert!(!String::from_utf8_lossy(&journal).contains("SECRET"));
    let session = come_back(&folder.path().join("p.onrecord.json"), &journal);
    assert!(!text(&session).contains("SECRET"));
}

/// The journal of a few edits, and the project after each.
fn written() -> (TempDir, Vec<u8>, Vec<onrecord::model::Project>) {
    let mut desk = Desk::new();
    let mut states = vec![desk.session.project().clone()];
    for command in [note(QUOTE, "first"), source("Ada Roe"), note(NAMED, "second"), note(QUOTE, ""), source("Ben Roe")] {
        desk.run(&command);
        states.push(desk.session.project().clone());
    }
    let (folder, journal) = desk.crash();
    (folder, journal, states)
}

fn lines(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}

#[test]
fn a_torn_journal_brings_back_all_but_its_tail() {
    let (folder, journal, states) = written();
    let path = folder.path().join("p.onrecord.json");
    let disk = native::read(&fs::read(&path).expect("the file")).expect("a project").ledger;
    let fresh: Key = "fresh".into();
    let back =
        |bytes: &[u8]| recover(bytes, &fresh).map(|recovered| onrecord::merge::join(&disk, &recovered.ledger).expect("one project").base);
    for end in 0..=journal.len() {
        let whole = lines(&journal[..end]);
        match back(&journal[..end]) {
            None => assert_eq!(whole, 0, "cut at {end}"),
            Some(project) => assert_eq!(project, states[whole - 1], "cut at {end}"),
        }
    }
    // Bits: every eighth here, every one in the full scale and in the unit test of the log.
    let step = if crate::scale(1) > 1 { 1 } else { 31 };
    for bit in (0..journal.len() * 8).step_by(step) {
        let mut flipped = journal.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let whole = lines(&journal[..bit / 8]);
        match back(&flipped) {
            None => assert_eq!(whole, 0, "bit {bit}"),
            Some(project) => assert_eq!(project, states[whole - 1], "bit {bit}"),
        }
    }
}

#[test]
fn a_file_that_changed_or_went_is_not_written_over() {
    let mut desk = Desk::new();
    desk.run(&note(QUOTE, "mine"));
    let path = desk.folder.path().join("p.onrecord.json");
    let mut colleague = Session::open(&path, WorkEnvironment::seeded(3, None)).expect("a session");
    colleague.run(&source("Ben Roe")).expect("an edit");
    colleague.save(&path).expect("a save");
    let theirs = fs::read(&path).expect("the file");
    let refused = desk.session.save_job(&path).expect("a job").run().expect_err("it changed");
    assert_eq!(refused.to_string(), "p.onrecord.json was changed by somebody else");
    assert_eq!(fs::read(&path).expect("the file"), theirs);
    // Joined, it can be saved, and holds both.
    let opened = native::read(&theirs).expect("a project");
    let merged = desk.session.merge_job().run(&opened.ledger, "p").expect("one project");
    desk.session
        .take_merge(merged, Some((&std::sync::Arc::new(opened.ledger.clone()), &onrecord::model::text_record::sha256_hex(&theirs))))
        .expect("taken");
    desk.session.save(&path).expect("a save");
    let both = fs::read_to_string(&path).expect("the file");
    assert!(both.contains("mine") && both.contains("Ben Roe"));
    fs::remove_file(&path).expect("removed");
    desk.run(&note(QUOTE, "more"));
    let refused = desk.session.save_job(&path).expect("a job").run().expect_err("it is gone");
    assert_eq!(refused.to_string(), "p.onrecord.json was moved or deleted");
    assert!(!path.exists());
    let saved = desk.session.save_job(&path).expect("a job").anew().run().expect("a save");
    assert!(desk.session.saved(saved) && path.exists());
}

/// Every file below a folder that holds the words in any writing that a program would use: plain, upper case, in JSON escapes, as UTF-16.
fn holders(folder: &Path, secret: &str) -> Vec<String> {
    let escaped = secret.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect::<Vec<_>>().concat();
    let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let writings = [secret.as_bytes().to_vec(), secret.to_uppercase().into_bytes(), escaped.into_bytes(), wide];
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            found.extend(holders(&entry.path(), secret));
        } else {
            let bytes = fs::read(entry.path()).unwrap_or_default();
            if writings.iter().any(|writing| bytes.windows(writing.len()).any(|window| window == writing)) {
                found.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
    }
    found
}

/// Secret names are typed into every field that people write about a source, saved, journalled and purged; then the program is killed,
/// opened again and everything exported. No file knows them any more.
#[test]
fn purged_names_are_in_no_file_after_saves_a_crash_and_exports() {
    for round in 0..crate::scale(5) {
        let mut desk = Desk::new();
        let path = desk.folder.path().join("p.onrecord.json");
        let person = desk.session.project().persons.iter().next().cloned().expect("a person");
        desk.session.set_person(Some(onrecord::model::Person::clone(&person)));
        let secrets: Vec<String> = (0..6).map(|field| format!("Sekret{round}x{field}Ünal")).collect();
        let owner: Key = "d18a669a-5af8-4e6b-8f59-672710e6d8e6".into();
        let edit = |field| {
            move |value: &str| Command::EditSource { source: "d18a669a-5af8-4e6b-8f59-672710e6d8e6".into(), field, value: value.to_owned() }
        };
        // Half of the rounds save before the purge, so that the file has the names; the others only journal them.
        desk.run(&note(NAMED, &secrets[0]));
        desk.run(&edit(Alias)(&secrets[1]));
        desk.run(&edit(Role)(&secrets[2]));
        desk.run(&edit(PublicLabel)(&secrets[3]));
        let comment = desk
            .session
            .run(&Command::AddComment { on: NAMED.into(), text: secrets[4].clone() })
            .expect("a comment")
            .made
            .clone()
            .expect("its id");
        let policy = onrecord::model::Policy::clone(desk.session.project().policies.iter().next().expect("a policy"));
        desk.run(&Command::AdoptPolicy { policy });
        let decision = desk.session.run(&Command::Decide {
            document: "568068b9-b52a-43ab-ad8d-194a98921396".into(),
            source: owner.clone().into(),
            to: onrecord::model::ReviewState::NeedsWork,
            answers: onrecord::review::Answers::default(),
            outcomes: onrecord::review::Outcomes::default(),
            note: secrets[5].clone(),
        });
        let decision = decision.expect("a decision").made.clone().expect("its id");
        desk.write();
        if round % 2 == 0 {
            desk.session.save(&path).expect("a save");
        }
        desk.run(&edit(Alias)("Source A"));
        assert!(secrets.iter().all(|secret| !holders(desk.folder.path(), secret).is_empty()), "the search finds what is there");
        for record in [NAMED.into(), owner, comment, decision] {
            desk.session.purge(&record).expect("a purge");
        }
        let name = "s".into();
        desk.recorder = Recorder::begin(desk.folder.path(), &name, desk.session.begin_journal()).expect("a journal");
        if round % 2 == 0 {
            desk.session.save(&path).expect("a save");
            desk.recorder = Recorder::begin(desk.folder.path(), &name, desk.session.begin_journal()).expect("a journal");
        }
        desk.run(&note(QUOTE, "later work"));
        let (folder, journal) = desk.crash();
        let mut session = come_back(&path, &journal);
        session.save(&path).expect("a save");
        for (profile, form) in [("public", "html"), ("desk", "md"), ("full", "json")] {
            let written = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
                .args(["report", "p.onrecord.json", "--profile", profile, "--to", form, "-o", &format!("report.{form}")])
                .current_dir(folder.path())
                .output()
                .expect("it runs");
            assert!(written.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&written.stderr));
        }
        for secret in &secrets {
            assert_eq!(holders(folder.path(), secret), Vec::<String>::new(), "{secret}, round {round}");
        }
        assert!(!holders(folder.path(), "later work").is_empty());
    }
}
