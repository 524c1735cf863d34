//! The layers of `src/lib.rs` as a test that reads the sources.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// From left to right: a module imports only from modules to its left.
const LAYERS: [&str; 15] = [
    "text", "model", "anchor", "review", "edit", "check", "find", "suggest", "merge", "display", "formats", "store", "session", "cli", "ui",
];

/// Packages of the window, and where they may be named.
const WINDOW: [&str; 6] = ["egui", "eframe", "rfd", "parley", "skrifa", "vello_cpu"];

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        let mut entries: Vec<_> = fs::read_dir(folder).expect("sources are readable").flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let source = fs::read_to_string(&path).expect("sources are text");
                found.push((path, source));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

/// The top module of a file: `src/text/index.rs` is in `text`.
fn layer_of(path: &Path) -> Option<usize> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    LAYERS.iter().position(|layer| *layer == name)
}

/// Code without comments and without the tests at its end, line by line.
fn code(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let end = source.find("#[cfg(test)]\nmod tests").unwrap_or(source.len());
    source[..end].lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(at, line)| (at + 1, line))
}

/// Module names that a line takes from the crate: `crate::text::…` and `crate::{text::…, model}`.
fn faults_in(path: &Path, source: &str) -> Vec<String> {
    let Some(own) = layer_of(path) else { return Vec::new() };
    let mut faults = Vec::new();
    let mut in_group = false;
    for (line_number, line) in code(source) {
        let mut named: Vec<&str> =
            line.split("crate::").skip(1).map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("")).collect();
        if in_group {
            named.push(line.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(""));
        }
        if line.contains("use crate::{") {
            in_group = !line.contains('}') || line.matches('{').count() > line.matches('}').count();
            named.extend(
                line.split("use crate::{").nth(1).unwrap_or("").split(',').map(|part| part.trim().split("::").next().unwrap_or("")),
            );
        } else if in_group && line.trim_end() == "};" {
            in_group = false;
        }
        for name in named {
            if LAYERS.iter().position(|layer| *layer == name).is_some_and(|named| named > own) {
                faults.push(format!("{}:{line_number} imports {name}", path.display()));
            }
        }
        if LAYERS[own] != "ui" {
            for package in WINDOW {
                if line.contains(&format!("{package}::")) {
                    faults.push(format!("{}:{line_number} names {package}", path.display()));
                }
            }
        }
        if !matches!(LAYERS[own], "store" | "cli" | "ui")
            && (line.contains("std::fs") || line.contains("std::env") || line.contains("    fs::"))
        {
            faults.push(format!("{}:{line_number} touches the system", path.display()));
        }
        if !matches!(LAYERS[own], "edit") && line.contains("&mut Project") {
            faults.push(format!("{}:{line_number} changes a project", path.display()));
        }
    }
    faults
}

#[test]
fn modules_import_only_from_their_left() {
    let faults: Vec<String> = sources().iter().flat_map(|(path, source)| faults_in(path, source)).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_planted_fault_is_found() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text/planted.rs");
    for planted in [
        "use crate::model::Key;",
        "use crate::{\n    text,\n    model::Key,\n};",
        "fn f() { std::fs::read(\"x\"); }",
        "fn f(p: &mut Project) {}",
        "use egui::Ui;",
    ] {
        assert_eq!(faults_in(&path, planted).len(), 1, "{planted}");
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<_> = sources().into_iter().filter(|(_, source)| !source.starts_with("//!")).map(|(path, _)| path).collect();
    assert!(silent.is_empty(), "{silent:?}");
}
