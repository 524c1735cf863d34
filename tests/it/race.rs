//! Writers who save one file at the same time, programs and windows, also killed ones: what was said to be saved is in the file.

use onrecord::{
    edit::Command as Edit,
    formats::native,
    model::text_record::sha256_hex,
    session::{SaveError, SaveJob, Saved, Session, WorkEnvironment},
    store::turn::Turn,
};
use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_onrecord");
const EXAMPLE: &str = include_str!("data/example.onrecord.json");

/// Who saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writer {
    /// A program that applies one command at a time.
    Program,
    /// A session that stays open, as that of a window: a save that meets another's file joins it and saves again.
    Window,
    /// A window where no lock works.
    WindowWithoutLock,
}

fn adds(alias: &str) -> String {
    format!(r#"{{"command":"add_source","alias":"{alias}","kind":"named_person"}}"#)
}

/// Runs the program on a command from a pipe.
fn apply(arguments: &[&str], path: &Path, alias: &str) -> std::process::Child {
    let (first, rest) = arguments.split_first().expect("a program");
    let mut child = Command::new(first)
        .args(rest)
        .arg("apply")
        .arg(path)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // One that was killed before it read is no failure here.
    drop(child.stdin.take().expect("a pipe").write_all(adds(alias).as_bytes()));
    child
}

/// The file joined into a session, as the window does it.
fn join_file(session: &mut Session, path: &Path) {
    let Ok(bytes) = fs::read(path) else { return };
    let theirs = Arc::new(native::read(&bytes).expect("never torn").ledger);
    let merged = session.merge_job().run(&theirs, "colleagues").expect("one project");
    session.take_merge(merged, Some((&theirs, &sha256_hex(&bytes)))).expect("nothing was edited meanwhile");
}

fn save_as_a_window_does(session: &mut Session, path: &Path, run: &dyn Fn(SaveJob) -> Result<Saved, SaveError>) {
    loop {
        match run(session.save_job(path).expect("a job")) {
            Ok(saved) => {
                assert!(session.saved(saved));
                return;
            }
            Err(SaveError::Changed { .. }) => join_file(session, path),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Aliases whose saves were acknowledged.
fn work(writer: Writer, number: usize, saves: usize, path: &Path) -> Vec<String> {
    let aliases = (0..saves).map(|save| format!("w{number} s{save}"));
    match writer {
        Writer::Program => aliases
            .filter(|alias| {
                let output = apply(&[PROGRAM], path, alias).wait_with_output().expect("it ends");
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                true
            })
            .collect(),
        Writer::Window | Writer::WindowWithoutLock => {
            let mut session = Session::open(path, WorkEnvironment::system(None)).expect("a session");
            let add = |alias: String| {
                let command: Edit =
                    serde_json::from_value(serde_json::json!({"add_source": {"alias": alias, "kind": "named_person"}})).unwrap();
                session.run(&command).expect("an edit");
                if writer == Writer::Window {
                    save_as_a_window_does(&mut session, path, &SaveJob::run);
                } else {
                    save_as_a_window_does(&mut session, path, &|job| job.run_in(&Turn::unlocked()));
                }
                alias
            };
            aliases.map(add).collect()
        }
    }
}

fn missing(acknowledged: &[String], path: &Path) -> Vec<String> {
    let opened = native::read(&fs::read(path).expect("the file")).expect("whole");
    let there: BTreeSet<&str> = opened.project.sources.iter().map(|source| source.alias.as_str()).collect();
    acknowledged.iter().filter(|alias| !there.contains(alias.as_str())).cloned().collect()
}

fn desk() -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("p.onrecord.json");
    fs::write(&path, EXAMPLE).expect("a project");
    (folder, path)
}

/// Lets all of them save at once; gives how many saves were acknowledged, and those that are missing.
fn race(writers: &[Writer], saves: usize) -> (usize, Vec<String>) {
    let (folder, path) = desk();
    let acknowledged: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = writers
            .iter()
            .enumerate()
            .map(|(number, writer)| {
                scope.spawn({
                    let path = &path;
                    move || work(*writer, number, saves, path)
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a writer")).collect()
    });
    let names: Vec<_> = fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names, ["p.onrecord.json"], "nothing is left beside the file");
    (acknowledged.len(), missing(&acknowledged, &path))
}

#[test]
fn no_save_is_lost_however_many_save_at_once() {
    use Writer::{Program, Window};
    let mixes: [&[Writer]; 4] = [
        &[Program, Program],
        &[Window, Program],
        &[Program, Window, Program],
        &[Program, Window, Program, Window, Program, Window, Program, Window],
    ];
    let mut all = 0;
    for round in 0..crate::scale(1) {
        for writers in mixes {
            let (acknowledged, lost) = race(writers, 8);
            assert!(lost.is_empty(), "round {round}, {writers:?}: {} of {acknowledged} lost: {lost:?}", lost.len());
            all += acknowledged;
        }
    }
    eprintln!("{all} saves by 2, 3 and 8 writers at once: none lost");
}

#[test]
fn no_save_is_lost_where_no_lock_works() {
    use Writer::WindowWithoutLock as Window;
    let mut all = 0;
    for round in 0..crate::scale(1) {
        for writers in [&[Window; 2][..], &[Window; 3], &[Window; 8]] {
            let (acknowledged, lost) = race(writers, 8);
            assert!(lost.is_empty(), "round {round}, {} writers: {} of {acknowledged} lost: {lost:?}", writers.len(), lost.len());
            all += acknowledged;
        }
    }
    eprintln!("{all} saves by 2, 3 and 8 writers without a lock: none lost");
}

/// Programs whose every lock fails, as the system makes them fail: the path without a lock as it is in the program.
#[cfg(target_os = "linux")]
#[test]
fn programs_lose_nothing_where_the_system_refuses_locks() {
    let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=flock,renameat2", "-e", "inject=flock:error=ENOLCK", PROGRAM];
    if !crate::can_trace("programs without locks") {
        return;
    }
    let (_folder, path) = desk();
    let acknowledged: Vec<String> = std::thread::scope(|scope| {
        let add = |number: usize| {
            let (path, strace) = (&path, &strace);
            move || -> Vec<String> {
                let aliases = (0..6).map(|save| format!("w{number} s{save}"));
                aliases.filter(|alias| apply(strace, path, alias).wait_with_output().expect("it ends").status.success()).collect()
            }
        };
        let threads: Vec<_> = (0..3).map(|number| scope.spawn(add(number))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a writer")).collect()
    });
    assert_eq!(acknowledged.len(), 18);
    assert_eq!(missing(&acknowledged, &path), Vec::<String>::new());
}

/// Some are killed at any moment. Nobody else's save goes with theirs, and nobody waits for them.
#[test]
fn whoever_is_killed_takes_nobody_elses_save_along() {
    let (_folder, path) = desk();
    let (killed, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let saves = 25 * crate::scale(1) as usize;
    let acknowledged: Vec<String> = std::thread::scope(|scope| {
        let kill = |number: usize| {
            let (path, killed, done) = (&path, &killed, &done);
            move || {
                let mut acknowledged = Vec::new();
                for save in 0.. {
                    if done.load(Ordering::SeqCst) == 2 {
                        return acknowledged;
                    }
                    let alias = format!("k{number} s{save}");
                    let mut child = apply(&[PROGRAM], path, &alias);
                    std::thread::sleep(Duration::from_micros((save * 7_919 + number as u64 * 331) % 30_000));
                    drop(child.kill());
                    if child.wait().expect("it ends").success() {
                        acknowledged.push(alias);
                    } else {
                        killed.fetch_add(1, Ordering::SeqCst);
                    }
                }
                acknowledged
            }
        };
        let live = |number: usize, writer: Writer| {
            let (path, done) = (&path, &done);
            move || {
                let acknowledged = work(writer, number, saves, path);
                done.fetch_add(1, Ordering::SeqCst);
                acknowledged
            }
        };
        let mut threads = vec![scope.spawn(live(0, Writer::Program)), scope.spawn(live(1, Writer::Window))];
        let killers: Vec<_> = (0..2).map(|number| scope.spawn(kill(number))).collect();
        let mut all: Vec<String> = threads.drain(..).flat_map(|thread| thread.join().expect("a writer")).collect();
        all.extend(killers.into_iter().flat_map(|thread| thread.join().expect("a writer")));
        all
    });
    let lost = missing(&acknowledged, &path);
    let killed = killed.into_inner();
    assert!(lost.is_empty(), "{} of {} lost: {lost:?}", lost.len(), acknowledged.len());
    assert!(killed > 0, "nobody was killed");
    eprintln!("{} saves beside {killed} killed ones: none lost", acknowledged.len());
}

#[test]
fn a_join_into_one_of_its_inputs_loses_no_save_that_comes_meanwhile() {
    let (folder, path) = desk();
    let copy = folder.path().join("copy.onrecord.json");
    fs::write(&copy, EXAMPLE).expect("a copy");
    let saves = 12 * crate::scale(1) as usize;
    let acknowledged: Vec<String> = std::thread::scope(|scope| {
        let writer = scope.spawn(|| work(Writer::Program, 0, saves, &path));
        let mut merges = 0;
        while !writer.is_finished() || merges == 0 {
            let merge = Command::new(PROGRAM).args(["merge", "none"]).args([&path, &copy]).arg("-o").arg(&path).output().expect("it runs");
            // The example has an open question.
            assert_eq!(merge.status.code(), Some(1), "{}", String::from_utf8_lossy(&merge.stderr));
            merges += 1;
        }
        writer.join().expect("a writer")
    });
    assert_eq!(missing(&acknowledged, &path), Vec::<String>::new());
}

/// A program that stopped in its turn: nobody waits for it for ever, and the message says what to do.
#[test]
fn a_stuck_program_is_named_and_not_waited_for() {
    let (_folder, path) = desk();
    let mut session = Session::open(&path, WorkEnvironment::system(None)).expect("a session");
    let edit: Edit = serde_json::from_value(serde_json::json!({"set_title": {"title": "Mine"}})).unwrap();
    session.run(&edit).expect("an edit");
    let stuck = Turn::take(&path, Duration::from_secs(1)).expect("free");
    let error = Turn::take(&path, Duration::from_millis(50)).expect_err("taken");
    assert_eq!(error.to_string(), "cannot save p.onrecord.json: another program has been saving in its folder for 0 s");
    assert!(error.hint().starts_with("Wait for it or end it"));
    drop(stuck);
    session.save(&path).expect("free again");
}
