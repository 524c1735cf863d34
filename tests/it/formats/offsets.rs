//! Every format's output parsed by code that is not ours: each offset, counted in the unit that the format promises, gives the words.
//!
//! Our own readers heal a wrong unit by the words, so a round trip through them cannot see one.

use super::{FORMATS, Profile, Reader, export, place};
use onrecord::{
    edit::{Command, Import},
    formats::{Format, exchange::container::ends, native},
    merge::Ledger,
    model::Project,
    session::{Session, WorkEnvironment},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path};

/// Characters beyond the first plane, combining marks, joiners, right-to-left: four units, four different offsets.
const TEXT: &str = "👍🏽 naïve e\u{301}lan 🇷🇺 said 👨‍👩‍👧 today.\n\nالوزارة قالت 𝕆𝕜 שלום “we need 🚢,” she said, “six 🚢,” and “weeks.”\n";

/// Label and parts of what is marked.
const MARKED: [(&str, &[&str]); 7] = [
    ("claim", &["👍🏽"]),
    ("claim", &["naïve e\u{301}lan"]),
    ("attribution", &["said"]),
    ("claim", &["👨‍👩‍👧 today"]),
    ("claim", &["الوزارة"]),
    ("claim", &["𝕆𝕜 שלום"]),
    ("quote", &["“we need 🚢,”", "“six 🚢,”", "“weeks.”"]),
];

fn scalars(words: &str) -> (usize, usize) {
    let start = TEXT[..TEXT.find(words).unwrap()].chars().count();
    (start, start + words.chars().count())
}

fn project() -> Project {
    let annotations: Vec<Value> = MARKED
        .iter()
        .map(|(label, parts)| json!({"label": label, "ranges": parts.iter().map(|part| scalars(part)).collect::<Vec<_>>(), "quote": parts}))
        .collect();
    let import: Import =
        serde_json::from_value(json!({"documents": [{"title": "Units", "content": TEXT, "annotations": annotations}]})).unwrap();
    let mut session = Session::new("Units", WorkEnvironment::seeded(8, None));
    session.run(&Command::Import { import: Box::new(import) }).unwrap();
    session.project().clone()
}

/// In what a format says that it counts.
#[derive(Clone, Copy)]
enum Counts {
    Scalars,
    Utf16,
}

/// What one file says: its text, and label, start, end and the words that it repeats, if it does, of each part.
struct Said {
    text: String,
    counts: Counts,
    parts: Vec<(String, usize, usize, Option<String>)>,
}

fn string(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().expect("a number")).unwrap()
}

/// The files of a folder, or the one file under an empty name; workbooks stay as they are.
fn files(path: &Path) -> BTreeMap<String, Vec<u8>> {
    if path.is_file() {
        return BTreeMap::from([(String::new(), fs::read(path).unwrap())]);
    }
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap())).collect()
}

fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
    let header = reader.headers().unwrap().clone();
    reader.records().map(|row| header.iter().map(str::to_owned).zip(row.unwrap().iter().map(str::to_owned)).collect()).collect()
}

fn sheets(bytes: Vec<u8>) -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
    use calamine::Reader as _;
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    let sheet = |name: &String| {
        let range = book.worksheet_range(name).unwrap();
        let mut lines = range.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>());
        let header = lines.next().unwrap();
        (name.clone(), lines.map(|line| header.iter().cloned().zip(line).collect()).collect())
    };
    names.iter().map(sheet).collect()
}

/// What tables say: the text of their lines put together, and each part of each row.
fn tables(annotations: &[BTreeMap<String, String>], lines: &[BTreeMap<String, String>]) -> Said {
    let mut letters: Vec<char> = Vec::new();
    for line in lines {
        letters.resize(line["start"].parse().unwrap(), '\n');
        letters.extend(line["text"].chars());
    }
    letters.push('\n');
    let mut parts = Vec::new();
    for row in annotations {
        let whole = format!("{}-{}", row["start"], row["end"]);
        let ranges = if row["ranges"].is_empty() { &whole } else { &row["ranges"] };
        for (range, words) in ranges.split(' ').zip(row["text"].split(" […] ")) {
            let (start, end) = range.split_once('-').unwrap();
            parts.push((row["label"].clone(), start.parse().unwrap(), end.parse().unwrap(), Some(words.to_owned())));
        }
    }
    Said { text: letters.into_iter().collect(), counts: Counts::Scalars, parts }
}

/// JSON Lines with a list of flat spans.
fn spans(line: &Value, list: &Value, counts: Counts, [start, end]: [&str; 2]) -> Said {
    let part = |span: &Value| (string(&span["label"]), number(&span[start]), number(&span[end]), span["text"].as_str().map(str::to_owned));
    Said { text: string(&line["text"]), counts, parts: list.as_array().unwrap().iter().map(part).collect() }
}

/// What a written file says. A format that nobody can read here fails.
fn said(format: &Format, path: &Path) -> Said {
    let files = files(path);
    let json = |name: &str| -> Value { serde_json::from_slice(&files[name]).unwrap() };
    match format.name {
        "web-annotation" => {
            let json = json("");
            let items = json["first"]["items"].as_array().unwrap();
            let of = |item: &Value, purpose: &str| {
                let bodies = item["body"].as_array().unwrap();
                bodies.iter().find(|body| body["purpose"] == purpose).map_or_else(String::new, |body| string(&body["value"]))
            };
            let text = of(items.iter().find(|item| item["motivation"] == "describing").unwrap(), "describing");
            let letters: Vec<char> = text.chars().collect();
            let mut parts = Vec::new();
            for item in items.iter().filter(|item| item["motivation"] == "classifying") {
                for target in item["target"].as_array().unwrap() {
                    let [position, quote] = target["selector"].as_array().unwrap().as_slice() else { panic!("two selectors") };
                    let (start, end) = (number(&position["start"]), number(&position["end"]));
                    // What stands before and after the words does in the text too.
                    let (prefix, suffix) = (string(&quote["prefix"]), string(&quote["suffix"]));
                    assert!(letters[..start].iter().collect::<String>().ends_with(&prefix) && prefix.is_empty() == (start == 0));
                    assert!(letters[end..].iter().collect::<String>().starts_with(&suffix) && suffix.is_empty() == (end == letters.len()));
                    parts.push((of(item, "classifying"), start, end, Some(string(&quote["exact"]))));
                }
            }
            Said { text, counts: Counts::Scalars, parts }
        }
        "brat" => {
            let (name, ann) = files.iter().find(|(name, _)| ends(name, &["ann"])).unwrap();
            let text = String::from_utf8(files[&name.replace(".ann", ".txt")].clone()).unwrap();
            let mut parts = Vec::new();
            for line in String::from_utf8(ann.clone()).unwrap().lines().filter(|line| line.starts_with('T')) {
                let [_, place, words] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
                let (label, places) = place.split_once(' ').unwrap();
                let mut repeated = String::new();
                for place in places.split(';') {
                    let (start, end) = place.split_once(' ').unwrap();
                    let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
                    let part: String = text.chars().skip(start).take(end - start).collect();
                    repeated = if repeated.is_empty() { part } else { format!("{repeated} {part}") };
                    parts.push((label.to_owned(), start, end, None));
                }
                assert_eq!(repeated, words, "the words of all parts, with a space between");
            }
            Said { text, counts: Counts::Scalars, parts }
        }
        "csv" => tables(&rows(&files["annotations.csv"]), &rows(&files["text.csv"])),
        "xlsx" => {
            let sheets = sheets(files[""].clone());
            tables(&sheets["annotations"], &sheets["text"])
        }
        "label-studio" => {
            let task = json("");
            let results = task[0]["annotations"][0]["result"].as_array().unwrap().clone();
            let part = |region: &Value| {
                let value = &region["value"];
                (string(&value["labels"][0]), number(&value["start"]), number(&value["end"]), Some(string(&value["text"])))
            };
            let parts = results.iter().filter(|region| region["type"] == "labels").map(part).collect();
            Said { text: string(&task[0]["data"]["text"]), counts: Counts::Scalars, parts }
        }
        "doccano" => {
            let line = json("");
            spans(&line, &line["entities"], Counts::Utf16, ["start_offset", "end_offset"])
        }
        "prodigy" => {
            let line = json("");
            let letters: Vec<char> = string(&line["text"]).chars().collect();
            let tokens = line["tokens"].as_array().unwrap();
            let mut whole = String::new();
            for (at, token) in tokens.iter().enumerate() {
                let words: String = letters[number(&token["start"])..number(&token["end"])].iter().collect();
                assert_eq!((token["text"].as_str(), number(&token["id"])), (Some(words.as_str()), at));
                whole += &words;
                whole += if token["ws"] == true { " " } else { "" };
            }
            assert_eq!(whole, TEXT);
            for span in line["spans"].as_array().unwrap() {
                // The first and the last token of a span, the last included.
                assert_eq!(tokens[number(&span["token_start"])]["start"], span["start"]);
                assert_eq!(tokens[number(&span["token_end"])]["end"], span["end"]);
            }
            spans(&line, &line["spans"], Counts::Scalars, ["start", "end"])
        }
        "spacy" => {
            let line = json("");
            let tokens = line["tokens"].as_array().unwrap();
            let ends = |key: &str| tokens.iter().map(|token| number(&token[key])).collect::<Vec<_>>();
            let (starts, ends) = (ends("start"), ends("end"));
            assert!(starts.iter().skip(1).zip(&ends).all(|(start, end)| start == end || *start == end + 1), "a token or one space");
            // Doc.from_json drops what does not begin and end with a token.
            for span in line["spans"]["sc"].as_array().unwrap().iter().chain(line["ents"].as_array().unwrap()) {
                assert!(starts.contains(&number(&span["start"])) && ends.contains(&number(&span["end"])), "{span}");
            }
            spans(&line, &line["spans"]["sc"], Counts::Scalars, ["start", "end"])
        }
        "jsonl" => {
            let line = json("");
            spans(&line, &line["spans"], Counts::Scalars, ["start", "end"])
        }
        "onrecord" => {
            let json = json("");
            let lines = json["texts"].as_object().unwrap().values().next().unwrap().as_array().unwrap();
            let text = lines.iter().map(string).collect::<Vec<_>>().join("\n");
            let mut parts = Vec::new();
            for annotation in json["annotations"].as_array().unwrap() {
                let (ranges, quote) = (annotation["ranges"].as_array().unwrap(), annotation["quote"].as_array().unwrap());
                for (range, words) in ranges.iter().zip(quote) {
                    parts.push((string(&annotation["label"]), number(&range[0]), number(&range[1]), Some(string(words))));
                }
            }
            Said { text, counts: Counts::Scalars, parts }
        }
        other => panic!("{other} is written and read, and nothing here reads it but our own code"),
    }
}

#[test]
fn every_offset_of_every_format_gives_its_words_in_the_unit_that_it_promises() {
    let project = project();
    let folder = tempfile::tempdir().unwrap();
    let mut wanted: Vec<(String, String)> =
        MARKED.iter().flat_map(|(label, parts)| parts.iter().map(|part| ((*label).to_owned(), (*part).to_owned()))).collect();
    wanted.sort();
    let annotated = FORMATS.iter().filter(|format| matches!(format.read, Reader::Annotated(_) | Reader::Project) && format.write.is_some());
    let mut tried = 0;
    for format in annotated {
        let path = if format.name == "csv" { folder.path().join("tables") } else { place(folder.path(), "units", format) };
        if matches!(format.read, Reader::Project) {
            fs::write(&path, native::write(&Ledger::new(project.clone())).unwrap()).unwrap();
        } else {
            export(&project, Profile::Full, format, &path).unwrap();
        }
        let said = said(format, &path);
        assert_eq!(said.text, TEXT, "{}: its text is not the article's", format.name);
        let mut found = Vec::new();
        for (label, start, end, repeated) in &said.parts {
            let words = match said.counts {
                Counts::Scalars => said.text.chars().skip(*start).take(end - start).collect(),
                Counts::Utf16 => String::from_utf16(&said.text.encode_utf16().collect::<Vec<_>>()[*start..*end]).unwrap(),
            };
            assert!(repeated.as_ref().is_none_or(|repeated| *repeated == words), "{}: {repeated:?} is not {words:?}", format.name);
            found.push((label.clone(), words));
        }
        found.sort();
        assert_eq!(found, wanted, "{}", format.name);
        tried += 1;
    }
    assert_eq!(tried, 10, "every format that is read and written");
}

#[test]
fn the_text_tells_units_apart() {
    let before = &TEXT[..TEXT.find("“weeks.”").unwrap()];
    let (bytes, utf16, scalars) = (before.len(), before.encode_utf16().count(), before.chars().count());
    assert!(bytes > utf16 && utf16 > scalars + 10);
}
