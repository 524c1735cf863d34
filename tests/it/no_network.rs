//! No network: nothing in the tree that could open an internet socket, and a whole session where there is none.

use std::{collections::BTreeMap, fs, path::Path, process::Command};
use tempfile::TempDir;

/// The bans of `.ci/deny.toml`: crate to the crates that may name it.
fn bans() -> BTreeMap<String, Vec<String>> {
    let file = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/deny.toml")).unwrap();
    let mut found = BTreeMap::new();
    for entry in file.lines().filter(|line| !line.trim_start().starts_with('#')).flat_map(|line| line.split("{ crate = ").skip(1)) {
        let mut words = entry.split('"').skip(1).step_by(2).map(str::to_owned);
        let name = words.next().unwrap();
        found.insert(name, words.collect());
    }
    found
}

/// Package to the packages that depend on it, from `Cargo.lock`.
fn dependents() -> BTreeMap<String, Vec<String>> {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in lock.split("[[package]]").skip(1) {
        let name = package.lines().find_map(|line| line.strip_prefix("name = ")).unwrap().trim_matches('"').to_owned();
        found.entry(name.clone()).or_default();
        let dependencies = package.split("dependencies = [").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
        for dependency in dependencies.split('"').skip(1).step_by(2) {
            let dependency = dependency.split(' ').next().unwrap_or_default();
            found.entry(dependency.to_owned()).or_default().push(name.clone());
        }
    }
    found
}

#[test]
fn nothing_that_could_open_a_socket_is_in_the_tree() {
    let (bans, dependents) = (bans(), dependents());
    assert!(bans.len() > 25 && dependents.len() > 200 && dependents.contains_key("egui"), "both files are read");
    for (name, wrappers) in bans {
        for dependent in dependents.get(&name).into_iter().flatten() {
            assert!(wrappers.contains(dependent), "{dependent} brings {name}, which .ci/deny.toml bans");
        }
    }
}

#[test]
fn a_whole_session_runs_where_there_is_no_network() {
    let shell = ["-rn", "sh", "-ec"];
    if !Command::new("unshare").args(shell).arg("true").status().is_ok_and(|status| status.success()) {
        assert!(
            std::env::var("ONRECORD_MOUNTS").as_deref() != Ok("required"),
            "a session without network was not tested: unshare -rn fails"
        );
        eprintln!("a session without network was not tested: unshare -rn fails");
        return;
    }
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.txt"), "Ministry weighs delay\n\n“We need six weeks,” an official said.\n").unwrap();
    let annotate = r#"{"command":"annotate","document":"a.txt","quote":"an official said","label":"attribution"}"#;
    fs::write(folder.path().join("c.jsonl"), annotate).unwrap();
    // The first line shows that there is nothing but a loopback, and that it leads nowhere.
    let script = r#"
        test "$(tail -n +3 /proc/net/dev | wc -l)" = 1 && test "$(wc -l < /proc/net/route)" -le 1
        "$ONRECORD" new p.onrecord.json a.txt --as AK
        cp p.onrecord.json q.onrecord.json
        "$ONRECORD" apply p.onrecord.json c.jsonl --as AK
        "$ONRECORD" show p.onrecord.json
        "$ONRECORD" check p.onrecord.json
        "$ONRECORD" find p.onrecord.json weeks
        "$ONRECORD" stats p.onrecord.json
        "$ONRECORD" suggest p.onrecord.json
        "$ONRECORD" diff q.onrecord.json p.onrecord.json || test $? = 1
        "$ONRECORD" merge none p.onrecord.json q.onrecord.json -o m.onrecord.json
        "$ONRECORD" report m.onrecord.json --to html -o r.html
    "#;
    let output = Command::new("unshare")
        .args(shell)
        .arg(script)
        .env("ONRECORD", env!("CARGO_BIN_EXE_onrecord"))
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.path().join("r.html").exists());
}
