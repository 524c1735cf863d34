//! The third-party notices against `Cargo.lock`: every package is named, with its licence, and none that is gone.
//!
//! `ONRECORD_UPDATE_NOTICES=1 cargo test -p onrecord --test it notices` writes them anew; that asks cargo for the packages of all
//! platforms and may download them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const HEAD: &str =
    "# Third-party notices\n\nOnrecord is licensed under MIT or Apache-2.0, at your choice. It contains the following works.\n";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `name version` of every package of the lock file but our own.
fn locked() -> BTreeSet<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("a lock file");
    let value = |line: &str| line.split('"').nth(1).unwrap_or_default().to_owned();
    let packages = lock.split("[[package]]").skip(1).map(|package| {
        let field = |name: &str| package.lines().find(|line| line.starts_with(name)).map(value).unwrap_or_default();
        format!("{} {}", field("name = "), field("version = "))
    });
    packages.filter(|package| !package.starts_with("onrecord")).collect()
}

/// The packages that the notices name, in both lists.
fn named(notices: &str) -> BTreeSet<String> {
    let rows = notices.lines().filter_map(|line| line.strip_prefix("- `")?.split_once('`').map(|(package, _)| package.to_owned()));
    rows.collect()
}

/// Name, version, licence and folder of each package, and whether the product contains it.
fn packages() -> BTreeMap<String, (String, PathBuf, bool)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let nodes: BTreeMap<String, &serde_json::Value> =
        metadata["resolve"]["nodes"].as_array().expect("nodes").iter().map(|node| (text(&node["id"]), node)).collect();
    let list = metadata["packages"].as_array().expect("packages");
    let own = list.iter().find(|package| package["name"] == "onrecord").map(|package| text(&package["id"])).expect("our own package");
    let mut contained = BTreeSet::from([own.clone()]);
    let mut open = vec![own];
    while let Some(id) = open.pop() {
        for dependency in nodes[&id]["deps"].as_array().expect("dependencies") {
            let is_part = dependency["dep_kinds"].as_array().expect("kinds").iter().any(|kind| kind["kind"] != "dev");
            let id = text(&dependency["pkg"]);
            if is_part && contained.insert(id.clone()) {
                open.push(id);
            }
        }
    }
    let rows = list.iter().filter(|package| !text(&package["name"]).starts_with("onrecord")).map(|package| {
        let folder = PathBuf::from(text(&package["manifest_path"])).parent().expect("a folder").to_owned();
        (
            format!("{} {}", text(&package["name"]), text(&package["version"])),
            (text(&package["license"]), folder, contained.contains(&text(&package["id"]))),
        )
    });
    rows.collect()
}

/// The licence texts in a package's folder.
fn texts(folder: &Path) -> Vec<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    let is_licence = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        path.is_file() && (name.starts_with("LICEN") || name.starts_with("COPYING") || name.starts_with("NOTICE"))
    };
    files
        .into_iter()
        .filter(is_licence)
        .filter_map(|path| fs::read_to_string(path).ok())
        .map(|text| text.replace("\r\n", "\n").trim().to_owned())
        .collect()
}

fn write_anew() -> String {
    let packages = packages();
    let mut notices = format!("{HEAD}\n## Fonts and icons\n\n");
    for (work, file) in [
        ("Source Serif Pro, SIL Open Font Licence 1.1", "SourceSerifPro-LICENSE.txt"),
        ("Inter, SIL Open Font Licence 1.1", "Inter-LICENSE.txt"),
        ("Noto Naskh Arabic, Noto Sans Arabic, Noto Serif Hebrew, Noto Sans Hebrew, SIL Open Font Licence 1.1", "Noto-LICENSE.txt"),
        ("Phosphor Icons, MIT", "Phosphor-LICENSE.txt"),
    ] {
        let text = fs::read_to_string(root().join("assets/fonts").join(file)).expect("a licence beside the font");
        notices.push_str(&format!("### {work}\n\n{}\n\n", text.replace("\r\n", "\n").trim()));
    }
    notices.push_str("## Packages\n\n");
    for (package, (licence, _, _)) in packages.iter().filter(|(_, (_, _, part))| *part) {
        notices.push_str(&format!("- `{package}` {licence}\n"));
    }
    notices.push_str("\n## Packages that are used only to test and measure, and are not part of the program\n\n");
    for (package, (licence, _, _)) in packages.iter().filter(|(_, (_, _, part))| !*part) {
        notices.push_str(&format!("- `{package}` {licence}\n"));
    }
    let mut by_text: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (package, (_, folder, _)) in packages.iter().filter(|(_, (_, _, part))| *part) {
        for text in texts(folder) {
            by_text.entry(text).or_default().push(package);
        }
    }
    notices.push_str("\n## Licence texts\n");
    for (text, packages) in by_text {
        notices.push_str(&format!("\n### {}\n\n{text}\n", packages.join(", ")));
    }
    notices
}

#[test]
fn notices_name_every_package_of_the_lock_file() {
    let path = root().join("assets/THIRD_PARTY_NOTICES.md");
    if std::env::var_os("ONRECORD_UPDATE_NOTICES").is_some() {
        fs::write(&path, write_anew()).expect("notices are written");
    }
    let notices = fs::read_to_string(path).expect("notices");
    assert!(notices.starts_with(HEAD));
    let (locked, named) = (locked(), named(&notices));
    let missing: Vec<_> = locked.difference(&named).collect();
    let gone: Vec<_> = named.difference(&locked).collect();
    assert!(missing.is_empty() && gone.is_empty(), "write the notices anew; missing {missing:?}, gone {gone:?}");
    let unlicensed: Vec<_> = notices.lines().filter(|line| line.starts_with("- `") && line.trim_end().ends_with('`')).collect();
    assert!(unlicensed.is_empty(), "no licence: {unlicensed:?}");
}
