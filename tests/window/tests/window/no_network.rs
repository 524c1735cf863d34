//! The window where there is no network, and what sockets it opens where there is one.

#![cfg(target_os = "linux")]

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// The session that is watched: labelling, a review, merging, recovery.
const SESSION: [&str; 4] = [
    "review::a_whole_review_by_keyboard",
    "sharing::a_save_joins_what_was_written_a_moment_before",
    "sharing::after_a_crash_what_was_not_saved_is_shown_and_joined_into_what_is_there_now",
    "searching::hits_come_while_typing_and_are_labelled_in_one_step",
];

fn this_program() -> PathBuf {
    std::env::current_exe().unwrap()
}

fn works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Says by name what is not tested; where `.ci/run` wants it tested, that is a failure.
fn skipped(what: &str, why: &str, variable: &str) {
    assert!(std::env::var(variable).as_deref() != Ok("required"), "{what} was not tested: {why}");
    eprintln!("{what} was not tested: {why}");
}

/// The calls to `socket` that are neither local nor to the kernel.
fn foreign(trace: &str) -> Vec<&str> {
    trace
        .lines()
        .filter(|line| line.contains("socket(") && !["AF_UNIX", "AF_LOCAL", "AF_NETLINK"].iter().any(|family| line.contains(family)))
        .collect()
}

#[test]
fn a_scripted_session_runs_where_there_is_no_network() {
    if !works("unshare", &["-rn", "true"]) {
        return skipped("the window without network", "unshare -rn fails", "ONRECORD_MOUNTS");
    }
    let output = Command::new("unshare").arg("-rn").arg(this_program()).args(["--exact"]).args(SESSION).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("4 passed"), "{said}");
}

#[test]
fn a_session_opens_only_local_sockets() {
    if !works("strace", &["-o", "/dev/null", "true"]) {
        return skipped("the sockets of a session", "strace is not here", "ONRECORD_STRACE");
    }
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let watch = |program: &PathBuf, arguments: &[&str]| {
        let mut command = Command::new("strace");
        command.args(["-f", "-e", "trace=network", "-o"]).arg(&trace).arg(program).args(arguments);
        command
    };
    let arguments: Vec<&str> = std::iter::once("--exact").chain(SESSION).collect();
    let output = watch(&this_program(), &arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let calls = std::fs::read_to_string(&trace).unwrap();
    assert_eq!(foreign(&calls), Vec::<&str>::new());
    // The control: a program that asks for an internet socket is seen.
    if works("python3", &["--version"]) {
        let asks = "import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM)";
        watch(&PathBuf::from("python3"), &["-c", asks]).status().unwrap();
        assert_eq!(foreign(&std::fs::read_to_string(&trace).unwrap()).len(), 1, "an internet socket is not overlooked");
    }
}

/// The real window, with a display, drivers, screen reader and file dialogs.
#[test]
fn the_window_opens_only_local_sockets() {
    let program = this_program().ancestors().nth(2).unwrap().join("onrecord");
    if !program.exists() {
        return skipped("the sockets of the window", "the program is not built: cargo test builds it", "ONRECORD_STRACE");
    }
    if !works("strace", &["-o", "/dev/null", "true"]) || !works("xvfb-run", &["--help"]) {
        return skipped("the sockets of the window", "strace or xvfb-run is not here", "ONRECORD_STRACE");
    }
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sample_projects/port-strike.onrecord.json");
    let mut display = Command::new("xvfb-run");
    // A group of its own, so that display, tracer and program end together.
    std::os::unix::process::CommandExt::process_group(&mut display, 0);
    let mut child = display
        .args(["-a", "-s", "-screen 0 1440x900x24", "strace", "-f", "-e", "trace=network", "-o"])
        .arg(&trace)
        .args([program.as_os_str(), sample.as_ref()])
        .env("ONRECORD_CONFIG", folder.path().join("config"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let since = Instant::now();
    let mut calls = String::new();
    // Until it has connected to the display, and some time more.
    while since.elapsed() < Duration::from_secs(20) && !calls.contains("X11-unix") {
        std::thread::sleep(Duration::from_millis(200));
        calls = std::fs::read_to_string(&trace).unwrap_or_default();
    }
    std::thread::sleep(Duration::from_secs(4));
    drop(Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]).status());
    drop(child.wait());
    let calls = std::fs::read_to_string(&trace).unwrap_or_default();
    if !calls.contains("X11-unix") {
        return skipped("the sockets of the window", "the window does not come up here", "ONRECORD_WINDOW");
    }
    assert_eq!(foreign(&calls), Vec::<&str>::new());
}
