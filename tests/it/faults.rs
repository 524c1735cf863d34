//! Saves that fail half-way: the old file stays, no temporary file does, and the message says why.

#![cfg(target_os = "linux")]

use onrecord::formats::native;
use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_onrecord");

/// Runs a script of the shell with the program as `$ONRECORD` in a folder with a project and commands for it.
fn run(folder: &TempDir, shell: &[&str], script: &str) -> (Option<i32>, String) {
    let (first, rest) = shell.split_first().expect("a shell");
    let output =
        Command::new(first).args(rest).arg(script).env("ONRECORD", PROGRAM).current_dir(folder.path()).output().expect("a shell runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn desk() -> (TempDir, String) {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("a.txt"), "A headline here\n\nThe mayor said no to the plan.\n".repeat(3000)).expect("an article");
    fs::write(folder.path().join("c.jsonl"), "{\"command\":\"set_title\",\"title\":\"Changed\"}\n").expect("commands");
    let (code, err) = run(&folder, &["sh", "-c"], "\"$ONRECORD\" new p.onrecord.json a.txt");
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let project = fs::read_to_string(folder.path().join("p.onrecord.json")).expect("the project");
    (folder, project)
}

fn names(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_write_that_is_cut_off_leaves_the_old_file() {
    let (folder, project) = desk();
    // The system lets a file grow to 16 blocks and no further, as a quota does.
    let (code, err) = run(&folder, &["sh", "-c"], "trap '' XFSZ; ulimit -f 16; \"$ONRECORD\" apply p.onrecord.json c.jsonl");
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("cannot save p.onrecord.json"), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("p.onrecord.json")).expect("the project"), project);
    assert_eq!(names(&folder), ["a.txt", "c.jsonl", "p.onrecord.json"]);
}

/// Whether file systems can be mounted here, in a name space of their own.
fn can_mount(what: &str) -> bool {
    let tried = Command::new("unshare").args(["-rm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]).output();
    if tried.is_ok_and(|output| output.status.success()) {
        return true;
    }
    assert!(std::env::var("ONRECORD_MOUNTS").as_deref() != Ok("required"), "{what} was not tested: no mount in a name space (unshare -rm)");
    eprintln!("{what} was not tested: no mount in a name space (unshare -rm)");
    false
}

#[test]
fn a_full_disk_and_a_read_only_folder_are_named_and_lose_nothing() {
    if !can_mount("a full disk") {
        return;
    }
    let (folder, project) = desk();
    fs::create_dir(folder.path().join("disk")).expect("a folder");
    let script = "mount -t tmpfs -o size=256k tmpfs disk && cp p.onrecord.json disk/ && head -c 200k /dev/zero > disk/filler; \
                  \"$ONRECORD\" apply disk/p.onrecord.json c.jsonl; echo code $? >&2; ls -A disk >&2; cmp p.onrecord.json disk/p.onrecord.json";
    let (code, err) = run(&folder, &["unshare", "-rm", "sh", "-c"], script);
    assert!(err.contains("cannot save p.onrecord.json: the disk is full") && err.contains("code 2"), "{err}");
    assert!(code == Some(0) && err.ends_with("filler\np.onrecord.json\n"), "{err}");
    let script = "mount -t tmpfs tmpfs disk && cp p.onrecord.json disk/ && mount -o remount,ro disk; \
                  \"$ONRECORD\" apply disk/p.onrecord.json c.jsonl; echo code $? >&2; cmp p.onrecord.json disk/p.onrecord.json";
    let (code, err) = run(&folder, &["unshare", "-rm", "sh", "-c"], script);
    assert!(err.contains("cannot save p.onrecord.json: the disk can only be read") && err.contains("code 2"), "{err}");
    assert_eq!(code, Some(0));
    assert_eq!(fs::read_to_string(folder.path().join("p.onrecord.json")).expect("the project"), project);
}

/// Microseconds that a kill waits, from a seed.
fn pause(seed: u64, most: u64) -> Duration {
    Duration::from_micros(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23) % most)
}

#[test]
fn a_save_that_is_killed_leaves_the_old_file_or_the_new_one() {
    let (folder, _) = desk();
    let path = folder.path().join("p.onrecord.json");
    let title = |bytes: &[u8]| native::read(bytes).map(|opened| opened.project.info.title.clone());
    let (mut killed, mut finished) = (0, 0);
    for number in 0..u64::from(crate::scale(30)) {
        let before = title(&fs::read(&path).expect("the project")).expect("whole");
        let after = format!("Title {number}");
        fs::write(folder.path().join("c.jsonl"), format!("{{\"command\":\"set_title\",\"title\":\"{after}\"}}\n")).expect("commands");
        let mut child = Command::new(PROGRAM)
            .args(["apply", "p.onrecord.json", "c.jsonl"])
            .current_dir(folder.path())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(pause(number, 25_000));
        drop(child.kill());
        let acknowledged = child.wait().expect("it ends").success();
        let now = title(&fs::read(&path).expect("the project")).unwrap_or_else(|error| panic!("kill {number} tore the file: {error}"));
        if acknowledged {
            finished += 1;
            assert_eq!(now, after, "kill {number}: an acknowledged save is lost");
        } else {
            killed += 1;
            assert!(now == before || now == after, "kill {number}: {now}");
        }
    }
    eprintln!("{killed} saves killed, {finished} finished before: no file torn, no acknowledged save lost");
    assert!(killed > 0, "nothing was killed, {finished} finished");
}

/// The control: a program that writes in place, in the same harness, has to tear files; otherwise the test above would see nothing.
#[test]
fn a_program_that_writes_in_place_tears_files() {
    let (folder, project) = desk();
    let long = project.replacen("A headline", "Another headline", 1);
    fs::write(folder.path().join("one"), &project).expect("a copy");
    fs::write(folder.path().join("other"), &long).expect("a copy");
    let mut torn = 0;
    for number in 0..u64::from(crate::scale(40)) {
        let mut child = Command::new("sh")
            .args(["-c", "while :; do cat one > p.onrecord.json; cat other > p.onrecord.json; done"])
            .current_dir(folder.path())
            .spawn()
            .expect("a shell");
        std::thread::sleep(pause(number, 12_000) + Duration::from_millis(2));
        drop(child.kill());
        child.wait().expect("it ends");
        // What the shell had started goes on for a moment; what counts is what a reader finds at once.
        let now = fs::read_to_string(folder.path().join("p.onrecord.json")).unwrap_or_default();
        torn += usize::from(now != project && now != long);
        std::thread::sleep(Duration::from_millis(2));
    }
    eprintln!("{torn} of {} files torn by a program that writes in place", crate::scale(40));
    assert!(torn > 0, "the harness sees no torn files");
}

#[test]
fn a_file_system_without_room_for_another_file_keeps_the_old_one() {
    if !can_mount("a file system without inodes") {
        return;
    }
    let (folder, _) = desk();
    let script = "mkdir small && mount -t tmpfs -o size=4m,nr_inodes=3 tmpfs small && cp p.onrecord.json small/ && cp c.jsonl small/ && cd small \
        && cp p.onrecord.json ../before; \"$ONRECORD\" apply p.onrecord.json c.jsonl; code=$?; cmp p.onrecord.json ../before || exit 9; exit $code";
    let (code, err) = run(&folder, &["unshare", "-rm", "sh", "-c"], script);
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("cannot save p.onrecord.json: the disk is full"), "{err}");
}
