//! Saves that fail half-way: the old file stays, no temporary file does, and the message says why.

#![cfg(target_os = "linux")]

use std::{fs, process::Command};
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
