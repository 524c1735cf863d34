//! Torn, wrong and harmful files: an error with a place, never a panic, and nothing changed.

use super::{both_ways, export, place, read, samples};
use onrecord::{
    formats::{
        Format,
        exchange::{
            ExchangeError,
            container::{Files as _, Zip},
        },
        named,
        profile::Profile,
    },
    session::{Session, WorkEnvironment},
};
use std::{
    fs,
    io::{Cursor, Write as _},
    path::Path,
};

fn one(name: &str, bytes: &[u8], format: &'static Format) -> Result<usize, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let session = Session::new("x", WorkEnvironment::seeded(1, None));
    match read(session.project(), &path, format) {
        Ok(draft) if draft.failed.is_empty() => Ok(draft.placed.iter().map(|placed| placed.article.spans.len()).sum()),
        Ok(draft) => Err(draft.failed[0].0.clone()),
        Err(error) => Err(error.to_string()),
    }
}

/// A written sample as one file: folders as a zip.
fn written(format: &'static Format, folder: &Path) -> (String, Vec<u8>) {
    let (name, project) = samples().into_iter().find(|(name, _)| name == "example").unwrap();
    let path = if format.is_folder { folder.join(format!("{name}.zip")) } else { place(folder, &name, format) };
    export(&project, Profile::Full, format, &path).unwrap();
    (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap())
}

#[test]
fn cut_files_say_where_they_end() {
    let folder = tempfile::tempdir().unwrap();
    for format in both_ways() {
        let (name, whole) = written(format, folder.path());
        let mut refused = 0;
        let cuts = [0, 1, 7, whole.len() / 3, whole.len() / 2, whole.len() - 3];
        for at in cuts {
            if let Err(message) = one(&name, &whole[..at], format) {
                refused += 1;
                // A file that is a folder's can only be named by what is in it.
                assert!(
                    message.contains(&*name) || message.contains("annotations") || message.contains("article"),
                    "{}: {message}",
                    format.name
                );
                assert!(!message.contains(folder.path().to_str().unwrap()), "a path of this machine: {message}");
            }
        }
        // Lines end anywhere, so a table or list of lines may end early; what is cut inside a line is refused.
        assert!(refused >= if format.name == "csv" { 1 } else { 3 }, "{}: {refused} of {} cuts refused", format.name, cuts.len());
    }
}

#[test]
fn changed_files_are_read_or_refused_but_never_panic() {
    let folder = tempfile::tempdir().unwrap();
    let mut chance = 7_u64;
    let mut next = |below: usize| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(chance >> 33).unwrap() % below
    };
    let signs = [b'{', b'}', b'[', b'"', b',', b'\t', b'\n', b'-', b'9', 0, 0xFF, b';', b'\\', b'<'];
    for format in both_ways() {
        let (name, whole) = written(format, folder.path());
        for _ in 0..crate::scale(60) {
            let mut changed = whole.clone();
            for _ in 0..=next(4) {
                let at = next(changed.len());
                changed[at] = signs[next(signs.len())];
            }
            drop(one(&name, &changed, format));
        }
    }
}

#[test]
fn faults_name_their_place() {
    let check = |format: &str, name: &str, content: &str, message: &str| {
        assert_eq!(
            one(name, content.as_bytes(), named(format).unwrap()).map_or_else(|error| error, |spans| format!("{spans} spans")),
            message
        );
    };
    check("jsonl", "a.jsonl", "{\"text\":\"a\"}\n{\"text\":\n", "a.jsonl line 2, character 8: EOF while parsing a value");
    check("jsonl", "a.jsonl", "{\"text\":\"a\"}\n\n{\"spans\":[]}\n", "a.jsonl line 3, character 12: missing field `text`");
    check("jsonl", "a.jsonl", "\u{feff}{\"text\":\"six weeks\",\"spans\":[{\"start\":0,\"end\":3,\"label\":\"x\"}]}\n", "1 spans");
    check("brat", "a.ann", "T1\tclaim 0 3\tsix\nT2\tclaim zero 3\tsix\n", "a.ann line 2: \"zero 3\" are no offsets");
    check("brat", "a.ann", "R1\tsays Arg1:T1\n", "a.ann line 1: a relation needs two ends");
    check("label-studio", "a.json", "[{\"data\":{\"text\":\"a\"}},{\"data\":{}}]", "a.json, task 2: it has no text");
    check("label-studio", "a.json", "{", "a.json: EOF while parsing an object at line 1 column 1");
    check("web-annotation", "a.jsonld", "{\"a\":1}", "a.jsonld: there is no annotation in it");
    check("csv", "a.csv", "one,two\n1,2\n", "a.csv has no columns label and text");
    check("csv", "a.csv", "article,label,start,end,text\na,claim,x,3,six\n", "a.csv, annotations row 2: start is \"x\", not a number");
    check(
        "csv",
        "a.csv",
        "article,label,start,end,text\na,claim,0,3,six\n",
        "the file has no text of the article \"a\", and it is in no project",
    );
    check("xlsx", "a.xlsx", "no workbook", "a.xlsx: not a zip archive that can be read (invalid Zip archive: Could not find EOCD)");
}

/// An archive with whatever names are asked for.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn archives_that_could_harm_are_refused_whole() {
    let why = |bytes: Vec<u8>| match Zip::open("a.zip", Cursor::new(bytes)) {
        Ok(zip) => format!("{:?}", zip.names()),
        Err(error) => error.to_string(),
    };
    assert_eq!(why(archive(&[("a.txt", b"x")])), "[\"a.txt\"]");
    for name in ["../a.txt", "/etc/a", "a/../../b", "c:\\a", "a\\b"] {
        assert_eq!(why(archive(&[("ok.txt", b"x"), (name, b"x")])), format!("a.zip, {name}: its name leads out of the archive"));
    }
    assert_eq!(why(archive(&[("A.txt", b"x"), ("a.txt", b"y")])), "a.zip, a.txt: two names differ in capitals only");
    let zeros = vec![b'0'; 64 << 20];
    assert_eq!(why(archive(&[("bomb.txt", &zeros)])), "a.zip, bomb.txt: it unpacks to far more than an article");
    let mut link = zip::ZipWriter::new(Cursor::new(Vec::new()));
    link.add_symlink("link.txt", "/etc/passwd", zip::write::SimpleFileOptions::default()).unwrap();
    assert_eq!(why(link.finish().unwrap().into_inner()), "a.zip, link.txt: it is a link");
    // The same name twice, as only a file made by hand has it: the second name is overwritten in place.
    let mut twice = archive(&[("one.txt", b"x"), ("two.txt", b"y")]);
    while let Some(at) = twice.windows(7).position(|window| window == b"two.txt") {
        twice[at..at + 7].copy_from_slice(b"one.txt");
    }
    assert_eq!(why(twice), "a.zip, the list of its files: one name stands twice");
    // The list says less than there is.
    let mut lies = archive(&[("big.txt", &[b'a'; 2_000])]);
    for at in 0..lies.len() - 4 {
        if lies[at..at + 4] == 2_000_u32.to_le_bytes() {
            lies[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
        }
    }
    match Zip::open("a.zip", Cursor::new(lies)) {
        Ok(mut zip) => assert!(matches!(zip.read("big.txt"), Err(ExchangeError::Harmful { .. } | ExchangeError::Damaged { .. }))),
        Err(error) => assert!(error.to_string().contains("a.zip")),
    }
}

#[test]
fn tables_of_spreadsheets_hold_no_formula_and_read_none() {
    let folder = tempfile::tempdir().unwrap();
    let (_, project) = samples().into_iter().find(|(name, _)| name == "pitfalls").unwrap();
    let path = folder.path().join("a.csv");
    export(&project, Profile::Full, named("csv").unwrap(), &path).unwrap();
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let cells: Vec<String> = reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(cells.iter().any(|cell| cell == "'=cmd|' /C calc'!A0") && cells.iter().any(|cell| cell == "'@cmd, \"A\""));
    assert!(!cells.iter().any(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));
    // In a workbook every cell is text.
    let path = folder.path().join("a.xlsx");
    export(&project, Profile::Full, named("xlsx").unwrap(), &path).unwrap();
    let mut zip = Zip::open("a.xlsx", fs::File::open(path).unwrap()).unwrap();
    for name in zip.names().into_iter().filter(|name| name.starts_with("xl/worksheets/")) {
        assert!(!String::from_utf8(zip.read(&name).unwrap()).unwrap().contains("<f>"), "{name}");
    }
}

/// A workbook of somebody else with formulas: their values are read, their text never.
#[test]
fn formulas_of_others_are_read_as_their_values() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["article", "label", "text", "start", "end"].into_iter().enumerate() {
        sheet.write_string(0, u16::try_from(column).unwrap(), name).unwrap();
    }
    sheet.write_string(1, 0, "Ferry").unwrap().write_string(1, 1, "claim").unwrap();
    let formula = rust_xlsxwriter::Formula::new("=HYPERLINK(\"https://example.org\",\"six\")").set_result("six");
    sheet.write_formula(1, 2, formula).unwrap().write_number(1, 3, 0.0).unwrap().write_number(1, 4, 3.0).unwrap();
    let folder = tempfile::tempdir().unwrap();
    book.save(folder.path().join("a.xlsx")).unwrap();
    let mut session = Session::new("x", WorkEnvironment::seeded(1, None));
    let add = onrecord::edit::Command::AddDocument {
        title: "Ferry".to_owned(),
        content: "six weeks".to_owned(),
        language: String::new(),
        imported: None,
    };
    session.run(&add).unwrap();
    let draft = read(session.project(), &folder.path().join("a.xlsx"), named("xlsx").unwrap()).unwrap();
    assert!(draft.failed.is_empty(), "{:?}", draft.failed);
    assert_eq!(draft.placed[0].article.spans[0].words(), "six");
    assert!(draft.verified.unplaced.is_empty());
}

/// Older versions of other tools, and tables of other people.
#[test]
fn older_files_of_other_tools_are_read() {
    let words = |format: &str, name: &str, content: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), content).unwrap();
        let session = Session::new("x", WorkEnvironment::seeded(1, None));
        let draft = read(session.project(), &folder.path().join(name), named(format).unwrap()).unwrap();
        assert!(draft.failed.is_empty(), "{:?}", draft.failed);
        let spans = draft.placed.iter().flat_map(|placed| &placed.article.spans);
        spans.map(|span| format!("{}:{}", span.label, span.words())).collect::<Vec<_>>().join(" ")
    };
    // Label Studio before 1.0 called annotations completions; JSON_MIN has the regions beside the text; offsets were UTF-16 once.
    assert_eq!(
        words(
            "label-studio",
            "a.json",
            r#"[{"completions":[{"result":[{"id":"a","from_name":"l","to_name":"t","type":"labels","value":{"start":3,"end":6,"text":"six","labels":["X"]}}]}],"data":{"text":"👍 six"}}]"#
        ),
        "X:six"
    );
    assert_eq!(
        words("label-studio", "a.json", r#"[{"text":"six weeks","label":[{"start":0,"end":3,"text":"six","labels":["X"]}],"id":1}]"#),
        "X:six"
    );
    // doccano: triples, the names of older exports, UTF-16 of its window.
    assert_eq!(words("doccano", "a.jsonl", "{\"text\":\"six weeks\",\"label\":[[0,3,\"X\"]]}\n"), "X:six");
    assert_eq!(words("doccano", "a.jsonl", "{\"data\":\"six weeks\",\"labels\":[[4,9,\"Y\"]]}\n"), "Y:weeks");
    assert_eq!(
        words("doccano", "a.jsonl", "{\"text\":\"six weeks\",\"annotations\":[{\"label\":3,\"start_offset\":0,\"end_offset\":3}]}\n"),
        "3:six"
    );
    assert_eq!(
        words(
            "doccano",
            "a.jsonl",
            "{\"text\":\"👍👍👍 six weeks\",\"entities\":[{\"id\":1,\"label\":\"X\",\"start_offset\":7,\"end_offset\":10}],\"relations\":[]}\n"
        ),
        "X:six"
    );
    // brat: attributes of old files begin with M, events are links, parts may be out of order, notes may be of a link.
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "We need, she said, six.").unwrap();
    fs::write(folder.path().join("a.ann"), "T1\tq 19 22;0 7\tsix We need\nT2\tcue 13 17\tsaid\nE1\tcue:T2 Content:T1 Content2:T1\nM1\tNegation E1\n#1\tAnnotatorNotes T1\tnote \\ kept\n#2\tAnnotatorNotes R9\tlost\nN1\tReference T1 Wiki:5\tWords\nZ9\tunknown\n").unwrap();
    let session = Session::new("x", WorkEnvironment::seeded(1, None));
    let draft = read(session.project(), folder.path(), named("brat").unwrap()).unwrap();
    let article = &draft.placed[0].article;
    assert_eq!(article.spans[0].words(), "We need … six");
    assert_eq!(article.spans[0].note, "note \\ kept");
    assert_eq!(article.spans[0].attributes["reference"].as_str(), "Wiki:5 Words");
    assert_eq!(article.spans[1].attributes["Negation"].as_str(), "yes");
    assert_eq!(
        article.links.iter().map(|link| format!("{} {} {}", link.kind, link.from, link.to)).collect::<Vec<_>>(),
        ["Content T2 T1", "Content T2 T1"]
    );
    assert_eq!(article.kept["brat"], ["Z9\tunknown", "#2\tAnnotatorNotes R9\tlost"]);
    // A table of somebody else, semicolons and all, goes by its quotes.
    let mut session = Session::new("x", WorkEnvironment::seeded(1, None));
    session
        .run(&onrecord::edit::Command::AddDocument {
            title: "Ferry".to_owned(),
            content: "👍 six weeks".to_owned(),
            language: String::new(),
            imported: None,
        })
        .unwrap();
    fs::write(folder.path().join("t.csv"), "Doc;Code;Quote;Begin;End_offset\nFerry;Time;six;3;6\n").unwrap();
    let draft = read(session.project(), &folder.path().join("t.csv"), named("csv").unwrap()).unwrap();
    assert_eq!(
        (draft.placed[0].article.spans[0].words().as_str(), draft.verified.lines()[0].as_str()),
        ("six", "Offsets count UTF-16 units.")
    );
}
