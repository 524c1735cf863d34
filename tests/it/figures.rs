//! README's speed tables have the rows and numbers that `tests/figures` writes, and it writes what a run prints, all of it, or says why not.

use onrecord::{
    formats::{FORMATS, Reader},
    session::exchange::is_export,
};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The script, and whether it went well; none where Python is missing.
fn figures(arguments: &[&str]) -> Option<(bool, String)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/figures");
    let Ok(output) = Command::new("python3").arg(script).args(arguments).output() else {
        assert!(std::env::var("ONRECORD_TOOLS").as_deref() != Ok("required"), "README's tables were not tested: python3 is not here");
        eprintln!("README's tables were not tested: python3 is not here");
        return None;
    };
    Some((output.status.success(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()))
}

/// README and a run of its own that names each figure.
struct Desk {
    folder: tempfile::TempDir,
    readme: String,
    run: String,
}

impl Desk {
    fn new() -> Option<Self> {
        let (_, names) = figures(&["--names"])?;
        let unit = |name: &str| match name.rsplit('.').next() {
            Some("pages") => "a second",
            Some("memory") => "MB",
            Some("times") => "times",
            _ => "ms",
        };
        let lines = names.lines().enumerate().map(|(at, name)| format!("figure {name} {}.0 {}\n", 1_000 * (1 + at), unit(name)));
        let run = format!("  words for people  12 ms\nfigure share 1.0000 \n{}", lines.collect::<String>());
        let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
        Some(Self { folder: tempfile::tempdir().unwrap(), readme, run })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What becomes of a README and a run: what is wrong, or the README.
    fn write(&self, readme: &str, run: &str, more: &[&str]) -> Result<String, String> {
        fs::write(self.path("README.md"), readme).unwrap();
        fs::write(self.path("run"), run).unwrap();
        let (readme, run) = (self.path("README.md"), self.path("run"));
        let arguments = [&["--readme", readme.to_str().unwrap(), run.to_str().unwrap()], more].concat();
        let (went_well, said) = figures(&arguments).unwrap();
        if went_well { Ok(fs::read_to_string(self.path("README.md")).unwrap()) } else { Err(said) }
    }
}

#[test]
fn the_tables_of_the_readme_are_those_that_the_script_writes() {
    if let Some((went_well, said)) = figures(&["--check"]) {
        assert!(went_well, "{said}");
    }
}

/// What the benchmark prints, read from its source: a run of it takes minutes.
#[test]
fn the_benchmark_prints_every_number_of_the_tables_and_no_other() {
    let Some((_, names)) = figures(&["--names"]) else { return };
    let source = include_str!("../../benches/desk.rs");
    let calls = source.split("figure(").skip(1).map(str::trim_start);
    let literals = calls.filter_map(|call| call.strip_prefix("&format!(").unwrap_or(call).strip_prefix('"')?.split('"').next());
    let mut printed: BTreeSet<String> = literals
        .filter(|name| *name != "share" && !name.starts_with("{}.") && !name.ends_with("{name}"))
        .map(|name| name.trim_start_matches("{column}.").to_owned())
        .collect();
    for format in FORMATS.iter().filter(|format| is_export(format) && format.name != "claim-review") {
        let ways = if matches!(format.read, Reader::Annotated(_)) { &["write", "read"][..] } else { &["write"] };
        printed.extend(ways.iter().flat_map(|way| [format!("{}.{way}", format.name), format!("{}.{way}.times", format.name)]));
    }
    let column = |name: &str| name.strip_prefix("10mb.").or_else(|| name.strip_prefix("1mb.")).unwrap_or(name).to_owned();
    assert_eq!(printed, names.lines().map(column).collect());
}

#[test]
fn every_number_comes_from_the_run_and_every_word_stays() {
    let Some(desk) = Desk::new() else { return };
    let written = desk.write(&desk.readme, &desk.run, &[]).unwrap();
    let is_figure = |letter: char| letter.is_ascii_digit() || letter == '.';
    let words = |text: &str| text.replace(is_figure, "");
    assert_eq!(words(&written), words(&desk.readme), "words stay");
    let tables = |text: &str| {
        let marked = text.split("<!-- figures: ").skip(1).map(|after| after.split("<!-- end of figures -->").next().unwrap().to_owned());
        marked.collect::<Vec<_>>()
    };
    let outside = |text: &str| tables(text).iter().fold(text.to_owned(), |text, table| text.replace(table.as_str(), ""));
    assert_eq!(outside(&written), outside(&desk.readme), "nothing else is touched");
    // The values are the names' places, so that each row can be told by them.
    let places: Vec<&str> = desk.run.lines().filter_map(|line| line.strip_prefix("figure ")?.split(' ').next()).skip(1).collect();
    let value = |name: &str| 1_000.0 * (1 + places.iter().position(|place| *place == name).unwrap()) as f64;
    for row in [
        format!("| open to first frame, wall (CPU) | {:.2} ({:.2}) s |", value("10mb.open.wall") / 1e3, value("10mb.open.cpu") / 1e3),
        format!("| memory | {} MB | {} MB |", value("10mb.memory"), value("1mb.memory")),
        format!("| label all of 100,000 hits; undo | {:.2} s; {:.2} s |", value("find.label") / 1e3, value("find.undo") / 1e3),
        format!("| brat, zip | {:.1} s ({:.1}) |", value("brat.write") / 1e3, value("brat.write.times")),
        format!("| {} times a second |", value("pages")),
    ] {
        assert!(written.contains(&row), "{row}\n{written}");
    }
    // A number that no line of the run gave would be one of before.
    let old: String = tables(&desk.readme).concat();
    let again = desk.write(&written, &desk.run, &[]).unwrap();
    assert!(again == written && tables(&written).concat() != old);
}

#[test]
fn what_does_not_fit_is_named_and_nothing_is_written() {
    let Some(desk) = Desk::new() else { return };
    let line = |name: &str| desk.run.lines().find(|line| line.starts_with(&format!("figure {name} "))).unwrap().to_owned() + "\n";
    let runs = [
        ("a figure without a line", desk.run.replace(&line("join"), ""), "the run does not name join\n"),
        ("a line without a place", format!("{}figure new 1.0 ms\n", desk.run), "no table has a place for new\n"),
        ("a line twice", format!("{}{}", desk.run, line("join")), "the run names join twice\n"),
        ("another unit", desk.run.replace(&line("join"), "figure join 1.0 s\n"), "join is printed in 's' and should be in 'ms'\n"),
        ("a tenth of the work", desk.run.replace("share 1.0000", "share 10.0000"), "the run did not do the whole work"),
        ("no share", desk.run.replace("figure share 1.0000 \n", ""), "the run did not do the whole work"),
    ];
    for (name, run, wanted) in runs {
        assert!(run != desk.run, "{name}: planted");
        let said = desk.write(&desk.readme, &run, &[]).unwrap_err();
        assert!(said.contains(wanted), "{name}: {said}");
        assert_eq!(fs::read_to_string(desk.path("README.md")).unwrap(), desk.readme, "{name}");
    }
    let pages = desk.readme.split(" times a second").next().unwrap().rsplit("| ").next().unwrap();
    let readme = [
        ("a row that no figure is known for", ("| memory |", "| memory at most |"), "no figure is known for the row 'memory at most'"),
        ("a row gone", ("| memory |", "| frame, still (p95) |"), "the row 'memory' is missing"),
        ("a row twice", ("| memory |", "| frame, still (p95) |"), "the row 'frame, still (p95)' is there twice"),
        ("a number more", ("times a second", "times a second of 9"), "should hold pages with 0 decimals"),
        ("a number less", (&*format!("| {pages} times"), "| many times"), "should hold pages with 0 decimals"),
        ("a table gone", ("<!-- figures: desk -->", "<!-- of the desk -->"), "desk: the marked table is missing"),
        ("a table that is unknown", ("<!-- figures: desk -->", "<!-- figures: more -->"), "no table is called more"),
    ];
    for (name, (from, to), wanted) in readme {
        let other = desk.readme.replacen(from, to, 1);
        assert!(other != desk.readme, "{name}: planted");
        for more in [&[][..], &["--check"]] {
            let said = desk.write(&other, &desk.run, more).unwrap_err();
            assert!(said.contains(wanted), "{name}: {said}");
            assert_eq!(fs::read_to_string(desk.path("README.md")).unwrap(), other, "{name}");
        }
    }
    // What a small run names is compared all the same, and nothing is written.
    let small = desk.run.replace("share 1.0000", "share 10.0000");
    assert_eq!(desk.write(&desk.readme, &small, &["--check"]).unwrap(), desk.readme);
    assert!(desk.write(&desk.readme, &small.replace(&line("join"), ""), &["--check"]).unwrap_err().contains("does not name join"));
}
