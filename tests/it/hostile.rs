//! Files that are torn, wrong or meant to harm. Each case is made by a row of the recipe and has its verdict; what is opened has to
//! stay harmless in everything that is done with it.

use onrecord::{
    check,
    display::{line, undecided::undecided},
    edit::Command,
    formats::{article, labels::LabelSet, native, policies},
    merge::{Ledger, Save, join},
    model::Dot,
    session::recover,
    store::journal,
};
use std::fmt::Write as _;

const EXAMPLE: &str = include_str!("data/example.onrecord.json");

/// What has to become of a project file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It opens without an issue.
    Clean,
    /// It opens and says what is wrong.
    Issues,
    /// It is refused in words that hold these.
    Refused(&'static str),
}

struct Case {
    name: String,
    bytes: Vec<u8>,
    verdict: Verdict,
}

#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    fn add(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>, verdict: Verdict) {
        self.0.push(Case { name: name.into(), bytes: bytes.into(), verdict });
    }

    /// The example with one thing replaced.
    fn swap(&mut self, name: impl Into<String>, from: &str, to: &str, verdict: Verdict) {
        assert!(EXAMPLE.contains(from), "the recipe names {from:?}");
        self.add(name, EXAMPLE.replacen(from, to, 1), verdict);
    }
}

/// The lines of the example that are records, without their commas.
fn records() -> impl Iterator<Item = &'static str> {
    EXAMPLE.lines().filter(|line| line.starts_with("{\"id\"")).map(|line| line.trim_end_matches(','))
}

/// The recipe: each block makes cases of one kind.
fn recipe() -> Vec<Case> {
    use Verdict::{Clean, Issues, Refused};
    let mut cases = Cases::default();
    // Torn: cut at 60 places.
    for part in 0..60 {
        let at = EXAMPLE.len() * part / 60;
        let at = (0..=at).rev().find(|at| EXAMPLE.is_char_boundary(*at)).unwrap_or(0);
        let verdict = Refused("the file ends in the middle of a record");
        cases.add(format!("cut at {at}"), &EXAMPLE.as_bytes()[..at], verdict);
    }
    // Not a project at all.
    for (name, bytes, words) in [
        ("an array", "[]", "not an Onrecord project"),
        ("a number", "5", "not an Onrecord project"),
        ("another format", r#"{"format":"other","version":1}"#, "not an Onrecord project"),
        ("no version", r#"{"format":"onrecord"}"#, "not an Onrecord project"),
        ("no project", r#"{"format":"onrecord","version":1}"#, "not an Onrecord project"),
        ("a version in words", r#"{"format":"onrecord","version":"one"}"#, "line 1"),
        ("a negative version", r#"{"format":"onrecord","version":-1}"#, "line 1"),
        ("a version with a point", r#"{"format":"onrecord","version":1.5}"#, "line 1"),
        ("a huge version", r#"{"format":"onrecord","version":99999999999999999999}"#, "line 1"),
        ("html", "<html><body>no</body></html>", "not an Onrecord project"),
        ("two objects", "{}{}", "a bracket closes nothing here"),
        ("a stray bracket", "}", "not an Onrecord project"),
    ] {
        cases.add(name, bytes, Refused(words));
    }
    // Bytes that are no text.
    for (name, bytes) in [
        ("0xFF", &b"\xFF"[..]),
        ("a lone continuation", b"\x80"),
        ("a cut letter", b"\xE2\x82"),
        ("a surrogate", b"\xED\xA0\x80"),
        ("too long a form", b"\xC0\xAF"),
        ("beyond Unicode", b"\xF4\x90\x80\x80"),
    ] {
        let mut broken = EXAMPLE.as_bytes().to_vec();
        let at = EXAMPLE.find("Ferry tender").unwrap();
        broken.splice(at..at, bytes.iter().copied());
        cases.add(format!("{name} in a title"), broken, Refused("not UTF-8"));
    }
    let utf16: Vec<u8> = EXAMPLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    cases.add("UTF-16", utf16, Refused("line 1, column 2"));
    cases.add("a byte order mark", format!("\u{feff}{EXAMPLE}"), Clean);
    cases.add("Windows line ends", EXAMPLE.replace('\n', "\r\n"), Clean);
    cases.add("all on one line", EXAMPLE.replace('\n', " "), Clean);
    // A section twice, a section of the wrong type.
    let lists = native::write::SECTIONS.iter().filter(|section| !["format", "version", "project", "texts"].contains(section));
    for section in lists {
        cases.swap(
            format!("{section} twice"),
            "\"texts\":",
            &format!("\"{section}\":[],\n\"{section}\":[],\n\"texts\":"),
            Refused("stands twice"),
        );
        for wrong in ["5", "\"x\"", "{}", "[5]", "[null]", "[[]]", "[\"x\"]", "[{}]"] {
            let mut lines: Vec<String> = Vec::new();
            let mut inside = false;
            for line in EXAMPLE.lines() {
                if line == format!("\"{section}\":[") {
                    inside = true;
                    lines.push(format!("\"{section}\":{wrong}{}", if *section == "deleted" { "" } else { "," }));
                } else if inside && line.starts_with(']') {
                    inside = false;
                } else if !inside {
                    lines.push(line.to_owned());
                }
            }
            cases.add(format!("{section} is {wrong}"), lines.join("\n"), Refused("line "));
        }
    }
    // Each record twice, and each of its keys twice, missing its id, or of a wrong type.
    for record in records() {
        let id: String = record.chars().take(30).collect();
        cases.swap(format!("{id} twice"), record, &format!("{record},\n{record}"), Refused("stands twice"));
        cases.swap(format!("{id} with a doubled key"), record, &record.replacen('{', "{\"new\":1,\"new\":2,", 1), Refused("stands twice"));
        cases.swap(
            format!("{id} with an empty id"),
            record,
            &format!("{{\"id\":\"\"{}", &record[record.find("\",").unwrap() + 1..]),
            Refused("an id is empty"),
        );
        cases.swap(
            format!("{id} with a number as id"),
            record,
            &format!("{{\"id\":7{}", &record[record.find("\",").unwrap() + 1..]),
            Refused("line "),
        );
        cases.swap(
            format!("{id} without id"),
            record,
            &format!("{{{}", &record[record.find("\",").unwrap() + 2..]),
            Refused("`id` is missing"),
        );
    }
    // Nesting, and numbers of things.
    for depth in [40, 200, 10_000, 1_000_000] {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        cases.swap(
            format!("unknown content {depth} deep"),
            "\"texts\":",
            &format!("\"unknown\":{nested},\n\"texts\":"),
            if depth < 64 { Clean } else { Refused("nesting is over the limit") },
        );
        let open = "{\"a\":".repeat(depth);
        cases.swap(
            format!("objects {depth} deep and never closed"),
            "\"texts\":",
            &format!("\"unknown\":{open}"),
            Refused(if depth < 64 { "in the middle of a record" } else { "nesting is over the limit" }),
        );
    }
    cases.swap(
        "a million and one records",
        "\"annotations\":[",
        &format!("\"annotations\":[{}", "{},".repeat(1_000_001)),
        Refused("the number of records in a section is over the limit"),
    );
    cases.swap(
        "65 ranges",
        "\"ranges\":[[133,143],[154,171]]",
        &format!("\"ranges\":[{}]", (0..65).map(|at| format!("[{},{}]", at * 2, at * 2 + 1)).collect::<Vec<_>>().join(",")),
        Refused("ranges of an annotation"),
    );
    // More than anybody's work adds up to. Just within a limit it opens, is joined and written.
    let numbered = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().join(",");
    for (count, verdict) in [(20_000, Clean), (100_001, Refused("more than 100000 entries in a version vector"))] {
        let vector = numbered(count, &|number| format!("\"s{:x}\":1", number * 7919 % 1_000_003));
        cases.swap(
            format!("{count} entries in a vector"),
            "\"v\":{\"bx2kjqevta\":1,\"kei4iiaann\":1,\"kksumnlmyt\":2}",
            &format!("\"v\":{{\"bx2kjqevta\":1,\"kei4iiaann\":1,\"kksumnlmyt\":2,{vector}}}"),
            verdict,
        );
    }
    for (count, verdict) in [(10_000, Clean), (10_001, Refused("more than 10000 undecided values of one field"))] {
        let values = numbered(count, &|number| format!("[\"s{number:05}.1\",\"value {number}\"]"));
        cases.swap(
            format!("{count} undecided values"),
            "\"attributes.basis\":[[\"bx2kjqevta.1\",\"briefed\"],[\"kksumnlmyt.2\",\"participant\"]]",
            &format!("\"note\":[{values}]"),
            verdict,
        );
    }
    for (place, from) in [("the file", "\"texts\":"), ("a record", "\"label\":\"quote\",\"text\":\"1bad3d984536a42c\",\"ranges\":[[133")] {
        for (count, verdict) in [(10_000, Clean), (100_001, Refused("more than 100000 keys that this version does not know"))] {
            let unknown = numbered(count, &|number| format!("\"k{number}\":0"));
            cases.swap(format!("{count} unknown keys in {place}"), from, &format!("{unknown},{from}"), verdict);
        }
        let doubled = numbered(50_000, &|number| format!("\"k{}\":0", number % 49_999));
        cases.swap(format!("an unknown key of 50,000 twice in {place}"), from, &format!("{doubled},{from}"), Refused("stands twice"));
    }
    for (field, from, length) in [
        ("title", "\"title\":\"Ferry tender", 17 << 20),
        ("title", "\"title\":\"Ministry weighs delay", 20_000),
        ("alias", "\"alias\":\"Source A", 20_000),
        ("role", "\"role\":\"official", 20_000),
        ("name", "\"name\":\"BL", 20_000),
        ("roles", "\"roles\":[\"editor", 20_000),
        ("name", "\"name\":\"Quote", 20_000),
        ("definition", "\"definition\":\"Words", 2 << 20),
        ("outlet", "\"outlet\":\"Harbour", 20_000),
        ("attributes", "\"basis\":\"", 20_000),
        ("basis", "[\"bx2kjqevta.1\",\"briefed", 20_000),
        ("text", "\"text\":\"One person", 2 << 20),
        ("note", "\"note\":\"Say why", 2 << 20),
        ("why", "\"why\":\"repeated", 2 << 20),
        ("guidelines", "[\"Mark every", 2 << 20),
    ] {
        let words = match field {
            "definition" => "the definition is longer than 1048576 bytes",
            "text" => "the text is longer than 1048576 bytes",
            "note" => "the note is longer than 1048576 bytes",
            "why" => "the why is longer than 1048576 bytes",
            "guidelines" => "the guidelines is longer than 1048576 bytes",
            _ => "is longer than 16384 bytes",
        };
        cases.swap(format!("{length} bytes in {from}"), from, &format!("{from}{}", "x".repeat(length)), Refused(words));
    }
    cases.swap("a title of 16,000 bytes", "\"title\":\"Ferry", &format!("\"title\":\"Ferry{}", "x".repeat(16_000)), Clean);
    // Places.
    for (ranges, verdict) in [
        ("[[133,9999]]", Issues),
        ("[[9998,9999]]", Issues),
        ("[[0,4294967295]]", Issues),
        ("[[132,142],[154,171]]", Issues),
        ("[]", Issues),
        ("[[143,133]]", Issues),
        ("[[133,133]]", Issues),
        ("[[133,143],[140,171]]", Issues),
        ("[[154,171],[133,143]]", Issues),
        ("[[-1,5]]", Refused("line ")),
        ("[[0,4294967296]]", Refused("line ")),
        ("[[0.5,2]]", Refused("line ")),
        ("[[1e3,2e3]]", Refused("line ")),
        ("[[1]]", Refused("line ")),
        ("[[1,2,3]]", Refused("line ")),
        ("[\"1\",\"2\"]", Refused("line ")),
        ("null", Refused("line ")),
        ("{}", Refused("line ")),
    ] {
        cases.swap(format!("ranges {ranges}"), "[[133,143],[154,171]]", ranges, verdict);
    }
    // References that lead nowhere: the file opens and says so.
    for (name, from) in [
        (
            "document of an annotation",
            "\"document\":\"568068b9-b52a-43ab-ad8d-194a98921396\",\"label\":\"quote\",\"text\":\"1bad3d984536a42c\",\"ranges\":[[133",
        ),
        ("end of a link", "\"to\":\"50d7d13f"),
        ("source of an annotation", "\"source\":\"d18a669a-5af8-4e6b-8f59-672710e6d8e6\",\"by\":\"qwb5pdkhx6\""),
        ("person of an annotation", "\"by\":\"qwb5pdkhx6\",\"v\":{\"bx2"),
        ("comment's record", "\"on\":\"50d7d13f"),
        ("policy of a decision", "\"policy\":\"desk-light.1\""),
    ] {
        let to = match name {
            "document of an annotation" => from.replacen("568068b9", "668068b9", 1),
            "end of a link" | "comment's record" => from.replacen("50d7d13f", "60d7d13f", 1),
            "source of an annotation" => from.replacen("d18a669a", "e18a669a", 1),
            "person of an annotation" => from.replacen("qwb5pdkhx6", "nobody", 1),
            _ => from.replacen("desk-light.1", "desk-light.9", 1),
        };
        cases.swap(format!("no {name}"), from, &to, Issues);
    }
    cases.swap("the words of a text were changed", "Ministry weighs delay\",\n\"\"", "Ministry weighs a delay\",\n\"\"", Issues);
    cases.swap("a quote was changed", "“six more weeks.”\"],", "“six more years.”\"],", Issues);
    // Stamps.
    for dot in
        ["\"x\"", "\".1\"", "\"a.\"", "\"a.-1\"", "\"a.1.5x\"", "\"a.99999999999999999999\"", "5", "null", "[]", "[\"x\"]", "[5]", "{}"]
    {
        cases.swap(format!("the dot {dot}"), "\"d\":{\"*\":\"kei4iiaann.1\"}", &format!("\"d\":{{\"*\":{dot}}}"), Refused("line "));
    }
    for vector in ["{\"a\":-1}", "{\"a\":\"1\"}", "{\"a\":1.5}", "{\"a\":99999999999999999999}", "{\"a\":1,\"a\":2}", "[]", "5", "{\"\":1}"]
    {
        cases.swap(
            format!("the vector {vector}"),
            "\"v\":{\"bx2kjqevta\":1,\"kei4iiaann\":1,\"kksumnlmyt\":2}",
            &format!("\"v\":{vector}"),
            Refused("line "),
        );
    }
    cases.swap("no stamp at all", ",\"v\":{\"kei4iiaann\":1}}\n],\n\"relations\"", "}\n],\n\"relations\"", Clean);
    cases.swap(
        "the largest number of a save",
        "\"kksumnlmyt\":2},\"d\":{\"*\":\"kei4iiaann.1\"},\"conf",
        "\"kksumnlmyt\":18446744073709551615},\"d\":{\"*\":\"kei4iiaann.1\"},\"conf",
        Clean,
    );
    for purged in ["5", "{\"note\":5}", "{\"note\":\"x\"}", "[]"] {
        cases.swap(
            format!("purges {purged}"),
            "\"d\":{\"*\":\"kei4iiaann.1\"}",
            &format!("\"d\":{{\"*\":\"kei4iiaann.1\"}},\"p\":{purged}"),
            Refused("line "),
        );
    }
    // Open questions.
    let conflict = "{\"attributes.basis\":[[\"bx2kjqevta.1\",\"briefed\"],[\"kksumnlmyt.2\",\"participant\"]]}";
    for open in [
        "{\"label\":5}",
        "{\"label\":[]}",
        "{\"label\":[[]]}",
        "{\"label\":[[\"a.1\"]]}",
        "{\"label\":[[\"x\",\"quote\"]]}",
        "{\"label\":[[\"a.1\",5],[\"b.1\",\"quote\"]]}",
        "{\"ranges\":[[\"a.1\",\"nowhere\"],[\"b.1\",{}]]}",
        "{\"gone\":[[\"a.1\",5]]}",
        "{\"gone\":[[\"a.1\",null]]}",
        "{\"note\":[[\"a.1\",{\"deep\":1}]]}",
        "[]",
        "5",
    ] {
        cases.swap(format!("the conflict {open}"), conflict, open, Refused("line "));
    }
    cases.swap("a conflict with an emptied value", conflict, "{\"note\":[[\"a.1\",null],[\"b.1\",\"x\"]]}", Clean);
    cases.swap("a conflict on a key nobody knows", conflict, "{\"new\":[[\"a.1\",{\"x\":1}],[\"b.1\",2]]}", Clean);
    // Conflict markers of git.
    let marked = |ours: &str, theirs: &str| {
        EXAMPLE.replacen("\"persons\":[", &format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> x\n\"persons\":["), 1)
    };
    cases.add("markers around nothing", marked("", ""), Clean);
    cases.add("markers around the same", marked("\"new\":1,\n", "\"new\":1,\n"), Clean);
    cases.add("markers around a broken side", marked("\"new\":,\n", ""), Refused("conflict markers of git"));
    cases.add(
        "markers out of order",
        EXAMPLE.replacen("\"persons\":[", "<<<<<<< HEAD\n\"persons\":[", 1),
        Refused("conflict markers of git"),
    );
    cases.add("markers within markers", marked("<<<<<<< HEAD\n", ""), Refused("conflict markers of git"));
    cases.add("only markers", "<<<<<<< HEAD\n=======\n>>>>>>> x\n", Refused("conflict markers of git"));
    // Words that could hide or harm: the file opens, and nothing of it reaches a terminal.
    for word in [
        "\\u001b[31m",
        "\\u202e",
        "\\u2066",
        "\\u200b",
        "\\u0000",
        "\\u0007",
        "\\u009b31m",
        "\\ufeff",
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "\\\\\\\\host\\\\share",
        "%s%n",
        "\\ud83d\\ude00",
    ] {
        cases.swap(format!("the title {word}"), "\"title\":\"Ferry tender\"", &format!("\"title\":\"Ferry {word} tender\""), Clean);
        cases.swap(format!("the alias {word}"), "\"alias\":\"Source A\"", &format!("\"alias\":\"Source {word}\""), Clean);
        cases.swap(format!("the initials {word}"), "\"name\":\"BL\"", &format!("\"name\":\"B{word}L\""), Clean);
    }
    cases.swap("half a surrogate pair", "\"title\":\"Ferry tender\"", "\"title\":\"Ferry \\ud83d tender\"", Refused("line 3"));
    cases.swap("a raw control character", "\"title\":\"Ferry tender\"", "\"title\":\"Ferry \u{7} tender\"", Refused("line 3"));
    cases.swap("a number that overflows", "\"place\":40", "\"place\":1e999", Refused("line "));
    cases.swap("NaN", "\"place\":40", "\"place\":NaN", Refused("line "));
    cases.swap("a trailing comma", "\"created\":\"2026-11-20\",", "\"created\":\"2026-11-20\",,", Refused("line 3"));
    cases.swap("a comment", "\"texts\":", "// no\n\"texts\":", Refused("line "));
    // Deleted records.
    for (name, line, verdict) in [
        ("purged", "{\"id\":\"x1\",\"purged\":true}", Clean),
        ("of no kind", "{\"id\":\"x1\"}", Clean),
        ("of a new kind", "{\"id\":\"x1\",\"kind\":\"hologram\",\"gone\":{\"a\":1}}", Clean),
        ("with a note all the same", "{\"id\":\"x1\",\"kind\":\"annotation\",\"note\":\"left\",\"gone\":{\"a\":1}}", Clean),
        ("with nothing that fits", "{\"id\":\"x1\",\"kind\":\"annotation\",\"ranges\":5,\"gone\":{\"a\":1}}", Clean),
        ("purged in words", "{\"id\":\"x1\",\"purged\":\"yes\"}", Refused("line ")),
        ("gone in words", "{\"id\":\"x1\",\"gone\":\"yes\"}", Refused("line ")),
    ] {
        cases.swap(format!("a deleted record {name}"), "\"deleted\":[", &format!("\"deleted\":[\n{line},"), verdict);
    }
    cases.0
}

/// Everything that is done with an opened file: nothing panics, and what is written is read again with the same contents.
fn stays_harmless(name: &str, ledger: &Ledger) {
    let project = &ledger.base;
    let shown = line::project(project);
    assert!(!shown.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\t')), "{name}: {shown:?}");
    assert!(!shown.contains(['\u{202e}', '\u{2066}', '\u{feff}']), "{name}");
    drop(undecided(project, ledger));
    drop(check::on_load(project));
    let example = native::read(EXAMPLE.as_bytes()).unwrap().ledger;
    let joined = join(ledger, &example).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut edited = joined.base.clone();
    if let Some(annotation) = joined.base.annotations.iter().next() {
        edited.annotations.set(&annotation.id.clone(), None);
    }
    let save = Save { dot: Dot { session: "hostile".into(), save: 1 }, person: None, purges: Vec::new() };
    for ledger in [&joined, &joined.stamped(&edited, &save).0] {
        let bytes = native::write(ledger).unwrap();
        let again = native::read(&bytes)
            .unwrap_or_else(|error| panic!("{name}: what was written is not read: {error}\n{}", String::from_utf8_lossy(&bytes)));
        assert_eq!(again.ledger.base, ledger.base, "{name}");
    }
}

#[test]
fn every_hostile_project_gets_its_verdict() {
    let cases = recipe();
    eprintln!("{} hostile projects", cases.len());
    assert!(cases.len() >= 300, "the recipe makes {} cases", cases.len());
    let mut wrong = String::new();
    for Case { name, bytes, verdict } in &cases {
        let found = native::read(bytes);
        let is_right = match (&found, verdict) {
            (Ok(opened), Verdict::Clean) => opened.issues.is_empty(),
            (Ok(opened), Verdict::Issues) => !opened.issues.is_empty(),
            (Err(error), Verdict::Refused(words)) => error.to_string().contains(words) && !error.hint().is_empty(),
            _ => false,
        };
        if !is_right {
            let found = found.as_ref().map(|opened| &opened.issues).map_err(ToString::to_string);
            writeln!(wrong, "{name}: {verdict:?} expected, {found:?} found").unwrap();
        }
        if let Ok(opened) = &found {
            stays_harmless(name, &opened.ledger);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_could_not_be_read_again_is_not_written() {
    use onrecord::{
        edit::EditError,
        formats::native::read::check_added_up,
        session::{Session, WorkEnvironment},
    };
    let mut session = Session::from_opened(native::read(EXAMPLE.as_bytes()).unwrap(), WorkEnvironment::seeded(1, None));
    let annotation = session.project().annotations.iter().next().unwrap().id.clone();
    for (command, limit) in [
        (Command::SetTitle { title: "x".repeat(16_385) }, 16_384),
        (Command::SetNote { annotation: annotation.clone(), note: "x".repeat((1 << 20) + 1) }, 1 << 20),
        (Command::AddComment { on: annotation.key().clone(), text: "x".repeat((1 << 20) + 1) }, 1 << 20),
    ] {
        let person = session.project().persons.iter().next().map(|person| onrecord::model::Person::clone(person));
        session.set_person(person);
        let refused = session.run(&command).unwrap_err();
        assert!(matches!(refused, EditError::TooLong { limit: found, .. } if found == limit), "{refused}");
    }
    session.run(&Command::SetNote { annotation: annotation.clone(), note: "é".repeat(1 << 19) }).unwrap();
    session.run(&Command::SetTitle { title: "é".repeat(8_192) }).unwrap();
    native::read(&session.to_bytes().unwrap()).unwrap();
    // Joins may add up to more.
    let mut ledger = native::read(EXAMPLE.as_bytes()).unwrap().ledger;
    assert_eq!(check_added_up(&ledger), Ok(()));
    let values: Vec<(String, usize)> = (0..10_001).map(|number| (format!("s{number:05}.1"), number)).collect();
    let mut open = onrecord::model::Annotation::clone(ledger.base.annotations.get(&annotation).unwrap());
    open.conflicts.insert("note".into(), onrecord::model::RawJson::from_value(&values).unwrap());
    ledger.base.annotations.set(&annotation, Some(open.into()));
    assert!(check_added_up(&ledger).unwrap_err().to_string().contains("more than 10000 undecided values"));
}

#[test]
fn commands_policies_labels_journals_and_articles_never_panic() {
    // Cut at every place, and with each byte replaced by those that mean most in JSON.
    let policy = policies::write(policies::built_in().first().unwrap()).unwrap();
    let labels = onrecord::formats::labels::NEWS;
    let commands: Vec<&str> = Command::ALL.iter().map(|(_, example)| *example).collect();
    let step = 7;
    for (whole, read) in [
        (policy.as_str(), (|json: &str| drop(policies::read(json))) as fn(&str)),
        (labels, |json| drop(LabelSet::read(json))),
        (onrecord::suggest::cues::NEWS, |json| drop(onrecord::suggest::cues::Cues::read(json))),
    ] {
        for at in (0..whole.len()).step_by(step).filter(|at| whole.is_char_boundary(*at)) {
            read(&whole[..at]);
            for letter in ["{", "]", "\"", "\\", ",", "-", "1e999", "null"] {
                read(&format!("{}{letter}{}", &whole[..at], &whole[at..]));
            }
        }
    }
    for command in commands {
        for at in (0..command.len()).filter(|at| command.is_char_boundary(*at)) {
            assert!(serde_json::from_str::<Command>(&command[..at]).is_err(), "{command} cut at {at}");
        }
    }
    let fresh = "fresh".into();
    for bytes in [&b""[..], b"\n", b"\n\n\n", b"0 {}", b"\xFF\xFE\n", b"00000000000000000000000000000000 {}\n"] {
        assert!(journal::entries(bytes).is_empty() && recover(bytes, &fresh).is_none());
    }
    for (name, bytes) in [
        ("a.txt", &b""[..]),
        ("a.txt", b"\0\0\0\0"),
        ("a.txt", b"\xFF\xFE"),
        ("a.txt", b"\xFE\xFF\xD8\x00"),
        ("a.txt", b"\xEF\xBB\xBF"),
        ("a.txt", b"\x1b[31mred\x1b[0m"),
        ("a.md", b"# \x00"),
        ("../../a.txt", b"words"),
        ("a\x1b[2J.txt", b"words"),
        ("", b"words"),
    ] {
        if let Ok(article) = article::read(name, bytes, None) {
            assert!(!article.content.is_empty());
        }
    }
}

#[test]
fn no_sub_command_writes_a_terminal_escape() {
    use std::process::Command as Process;
    let folder = tempfile::tempdir().unwrap();
    // Every string that people write carries an escape, a bidi control and a bell.
    let harm = "\\u001b[31m\\u202e\\u0007";
    let mut file = EXAMPLE.to_owned();
    for (from, to) in [
        ("\"title\":\"Ferry tender\"", format!("\"title\":\"Ferry{harm}\"")),
        ("\"title\":\"Ministry weighs delay\"", format!("\"title\":\"Ministry{harm}\"")),
        ("\"alias\":\"Source A\"", format!("\"alias\":\"Source{harm}\"")),
        ("\"role\":\"official with knowledge of the talks\"", format!("\"role\":\"official{harm}\"")),
        ("\"name\":\"BL\"", format!("\"name\":\"BL{harm}\"")),
        ("\"name\":\"AK\"", format!("\"name\":\"AK{harm}\"")),
        ("\"name\":\"Quote\"", format!("\"name\":\"Quote{harm}\"")),
        ("\"definition\":\"Words", format!("\"definition\":\"{harm}Words")),
        ("\"name\":\"said by\"", format!("\"name\":\"said by{harm}\"")),
        ("\"outlet\":\"Harbour News\"", format!("\"outlet\":\"Harbour{harm}\"")),
        ("\"text\":\"One person or two?\"", format!("\"text\":\"One{harm}\"")),
        ("\"note\":\"Say why", format!("\"note\":\"{harm}Say why")),
        ("\"why\":\"repeated headline\"", format!("\"why\":\"repeated{harm}\"")),
    ] {
        assert!(file.contains(from), "{from}");
        file = file.replacen(from, &to, 1);
    }
    let path = folder.path().join("p\u{1b}[31m.onrecord.json");
    std::fs::write(&path, &file).unwrap();
    std::fs::write(folder.path().join("other.onrecord.json"), EXAMPLE).unwrap();
    std::fs::write(folder.path().join("bad\u{1b}[31m.jsonl"), "{\"command\":\"\\u001b[31m\"}").unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    for arguments in [
        &["show", name][..],
        &["check", name],
        &["check", "--sourcing", name],
        &["check", "--publish", name],
        &["find", name, "ferry"],
        &["stats", name],
        &["stats", name, "--by", "outlet"],
        &["labels", name],
        &["suggest", name],
        &["diff", "other.onrecord.json", name],
        &["merge", "x", name, "missing\u{1b}[31m", "-o", "out"],
        &["merge-driver", "x", name, "missing\u{1b}[31m", "7", "name\u{1b}[31m"],
        &["apply", name, "bad\u{1b}[31m.jsonl"],
        &["show", "no\u{1b}[31msuch"],
        &["report", name, "--to", "md"],
        &["new", name, "x"],
        &["nonsense\u{1b}[31m"],
    ] {
        let output = Process::new(env!("CARGO_BIN_EXE_onrecord")).args(arguments).current_dir(folder.path()).output().unwrap();
        for (stream, bytes) in [("out", output.stdout), ("err", output.stderr)] {
            let words = String::from_utf8(bytes).unwrap();
            let bad = words.chars().find(|letter| (letter.is_control() && !matches!(letter, '\n' | '\t')) || *letter == '\u{202e}');
            assert_eq!(bad, None, "{arguments:?}, {stream}: {words:?}");
        }
    }
}
