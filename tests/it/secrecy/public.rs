//! What people write makes no difference to public output: not in capitals, not in digits, not as a word that the article prints elsewhere.

use super::section;
use onrecord::{
    check::{publish, sourcing},
    display::audit::Audit,
    formats::{
        FORMATS, Format,
        exchange::{
            Speaker,
            container::{Files as _, Zip},
            release::Releases,
        },
        native,
        profile::{Pass, Profile},
        report::{self, Target},
    },
    model::{Kind, Project, Text, free_text, free_text::Holds, links::Links},
    review,
    session::{
        Session, WorkEnvironment,
        exchange::{Export, is_export},
    },
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, io::Cursor, path::Path};

/// What secrets look like. The article prints some of them, of somebody else; one is a word of a closed list.
const SHAPES: [&str; 9] = ["ZEUGE-QX", "zeuge_qx", "Ж", "90417553", "Petrove", "Petrova", "director of the port", "الشاهد", "supported"];
/// What stands in the same fields otherwise.
const NEUTRAL: &str = "neutral words";

const ONE: &str = "Harbour tender slips\n\nThe tender will slip, a senior official said on Monday.\n\nPetrova, the director of the port, denied it. Ada Roe said no. الشاهد\n";
const TWO: &str = "Harbour again\n\nA senior official warned the union. Ada Roe said nothing, critics say.\n";

/// Two articles with one unnamed source, every kind of record, and every field filled.
fn planted() -> Value {
    let session = Session::new("Neutral title", WorkEnvironment::seeded(4, None));
    let mut project: Value = serde_json::from_slice(&session.to_bytes().expect("bytes")).expect("JSON");
    let (one, two) = (Text::id_of(ONE).to_string(), Text::id_of(TWO).to_string());
    let lines = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
    project["texts"] = json!({&one: lines(ONE), &two: lines(TWO)});
    let document = |id: &str, text: &str| {
        json!({"id": id, "text": text, "title": "Harbour tender slips", "status": "done", "language": "en", "outlet": "Harbour News",
            "imported": {"sha256": NEUTRAL, "encoding": "UTF-8", "name": "neutral.txt"}, "desk": NEUTRAL})
    };
    project["documents"] = json!([document("d-one", &one), document("d-two", &two)]);
    project["persons"] = json!([{"id": "p-one", "name": NEUTRAL, "roles": [NEUTRAL]}]);
    project["sources"] = json!([
        {"id": "s-named", "alias": "Ada Roe", "kind": "named_person"},
        {"id": "s-unnamed", "alias": NEUTRAL, "kind": "anonymous", "role": NEUTRAL, "public_label": NEUTRAL},
        {"id": "s-vague", "alias": NEUTRAL, "kind": "vague_collective"},
    ]);
    let mark = |id: &str, document: (&str, &str, &str), label: &str, words: &str, source: &str, attributes: Value| {
        let (document, text, content) = document;
        let start = content[..content.find(words).expect("printed")].chars().count();
        let mut record = json!({"id": id, "document": document, "label": label, "text": text, "quote": [words], "note": NEUTRAL,
            "ranges": [[start, start + words.chars().count()]], "attributes": attributes, "by": "p-one", "kept.id": "T77"});
        if !source.is_empty() {
            record["source"] = json!(source);
        }
        record
    };
    let (first, second) = (("d-one", one.as_str(), ONE), ("d-two", two.as_str(), TWO));
    let told =
        json!({"specificity": "role_affiliation", "basis": "briefed", "reason": "job", "terms": "background", "source_class": "diplomat"});
    project["annotations"] = json!([
        mark("a-claim", first, "claim", "The tender will slip", "", json!({"verification": "supported", "evidence": NEUTRAL})),
        mark("a-mention", first, "anonymous_source", "a senior official", "s-unnamed", told.clone()),
        mark("a-named", first, "attribution", "Ada Roe said", "s-named", json!({})),
        mark("a-said", first, "attribution", "a senior official said", "s-unnamed", json!({"cue": NEUTRAL, "stance": "neutral"})),
        {"id": "a-unplaced", "document": "d-one", "label": "claim", "text": one, "ranges": [], "quote": [NEUTRAL]},
        mark("b-again", second, "anonymous_source", "A senior official", "s-unnamed", told),
        mark("b-named", second, "attribution", "Ada Roe said", "s-named", json!({})),
        mark("b-vague", second, "attribution", "critics say", "s-vague", json!({"cue": NEUTRAL})),
    ]);
    project["relations"] = json!([
        {"id": "r-one", "kind": "attributed_via", "from": "a-claim", "to": "a-said", "by": "p-one"},
        {"id": "r-two", "kind": "names_source", "from": "a-said", "to": "a-mention"},
        {"id": "r-gone", "kind": "repeats", "from": "a-claim", "to": "a-unplaced"},
    ]);
    project["policies"] = json!([{"id": "own.1", "name": "Own", "items": [{"key": "vital", "text": "Vital", "on_no": "block"}]}]);
    project["decisions"] = json!([{"id": "x-one", "document": "d-one", "source": "s-unnamed", "after": [], "from": "unreviewed",
        "to": "needs_work", "by": "p-one", "policy": "own.1", "role": NEUTRAL}]);
    project["comments"] = json!([{"id": "c-one", "on": "a-claim", "text": NEUTRAL, "resolved": false, "by": "p-one"}]);
    project["omissions"] = json!([{"id": "o-one", "document": "d-one", "text": one, "ranges": [[0, 20]], "why": NEUTRAL}]);
    project
}

/// What is written into a place of a record: a function of the words.
type Plant = Box<dyn Fn(&mut Value, &str)>;

/// A place of a record that people write into, and every record of its kind.
fn places() -> Vec<(String, Kind, Plant)> {
    let mut found: Vec<(String, Kind, Plant)> = Vec::new();
    for kind in Kind::ALL {
        for (path, holds) in free_text::listed(kind) {
            // Stable digests and encodings tell as much as names; ids of other tools are anybody's words.
            if !matches!(holds, Holds::Written | Holds::Worker | Holds::House | Holds::Computed) && *path != free_text::KEPT_ID {
                continue;
            }
            let path = (*path).to_owned();
            found.push((
                format!("{}.{path}", kind.word()),
                kind,
                Box::new(move |record, words| {
                    // What the article prints of a named source may be shown.
                    let is_named = record["kind"] == "named_person";
                    let field = path.split('.').next().unwrap_or(&path);
                    match (kind, path.as_str()) {
                        _ if is_named => {}
                        (_, free_text::KEPT_ID) => record[free_text::KEPT_ID] = json!(words),
                        (Kind::Person, "roles") => record["roles"] = json!([words]),
                        (Kind::Decision, "judged") => record["judged"] = json!({"a-claim": words}),
                        (Kind::Document, "revisions.sha256") => record["revisions"] = json!([{"sha256": words}]),
                        (Kind::Document, "imported.name" | "imported.sha256" | "imported.encoding") => {
                            record["imported"][path.trim_start_matches("imported.")] = json!(words);
                        }
                        _ => record[field] = super::telling(kind, field, words),
                    }
                }),
            ));
        }
    }
    let mut more = |name: &str, kind: Kind, plant: Plant| found.push((name.to_owned(), kind, plant));
    for key in ["evidence", "cue", "own_remark"] {
        more(key, Kind::Annotation, Box::new(move |record, words| record["attributes"][key] = json!(words)));
    }
    more("a list of evidence", Kind::Annotation, Box::new(|record, words| record["attributes"]["evidence"] = json!([{"note": words}])));
    more("a key of an attribute", Kind::Annotation, Box::new(|record, words| record["attributes"][words] = json!("yes")));
    more(
        "words of a place that is gone",
        Kind::Annotation,
        Box::new(|record, words| {
            if record["id"] == "a-unplaced" {
                record["quote"] = json!([words]);
            }
        }),
    );
    more("what was changed while reading", Kind::Document, Box::new(|record, words| record["imported"]["changed"] = json!([words])));
    more("an unknown key of an import", Kind::Document, Box::new(|record, words| record["imported"]["from"] = json!(words)));
    more("lines of another tool", Kind::Document, Box::new(|record, words| record["kept.brat"] = json!([words])));
    more(
        "a description of a label",
        Kind::Label,
        Box::new(|record, words| {
            record["definition"] = json!(words);
            record["rules"] = json!([words]);
        }),
    );
    for kind in Kind::ALL {
        more("an unknown key", kind, Box::new(|record, words| record["unheard_of"] = json!(words)));
    }
    found
}

/// Writes words into a place of every record of its kind.
fn plant(project: &mut Value, place: &(String, Kind, Plant), words: &str) {
    let (_, kind, plant) = place;
    match project.get_mut(section(*kind)) {
        Some(Value::Array(records)) => records.iter_mut().for_each(|record| plant(record, words)),
        Some(record) => plant(record, words),
        None => panic!("no {}", kind.word()),
    }
}

fn opened(project: &Value) -> Project {
    let opened = native::read(&serde_json::to_vec(project).expect("JSON")).unwrap_or_else(|error| panic!("{error}: {project}"));
    opened.project
}

const PASS: Pass = Pass { profile: Profile::Public, house: false, salt: [7; 16] };

fn audited<R>(project: &Project, then: impl Fn(&Audit<'_>) -> R) -> R {
    let links = Links::new(project);
    let units = review::units(project, &links);
    let issues = sourcing::check(project, &links, &units, None);
    let clearances = publish::check(project, &links, &units, &issues, None);
    then(&Audit { project, links: &links, units: &units, clearances: &clearances, made: "2026-11-20T14:05Z", house: false })
}

/// Everything that a writer gets for the public.
fn handed_out(project: &Project) -> String {
    let releases = Releases::new(project, PASS);
    let articles: Vec<_> = project.documents_in_order().into_iter().map(|document| releases.release(document)).collect();
    let report = audited(project, |audit| format!("{:#?}", audit.public()));
    format!("{:?}\n{articles:#?}\n{report}", releases.head("2026-11-20"))
}

#[test]
fn no_writer_is_handed_what_people_wrote() {
    let places = places();
    for holds in [Holds::Written, Holds::Worker, Holds::House] {
        let listed = Kind::ALL.iter().flat_map(|kind| free_text::listed(*kind)).filter(|(_, known)| *known == holds).count();
        assert!(listed > 0 && places.len() > listed, "{holds:?}");
    }
    for place in &places {
        let mut neutral = planted();
        plant(&mut neutral, place, NEUTRAL);
        let expected = handed_out(&opened(&neutral));
        assert!(expected.contains("a senior official") && expected.contains("role_affiliation") && expected.contains("Unnamed source 1"));
        for shape in SHAPES {
            let mut telling = planted();
            plant(&mut telling, place, shape);
            if place.0 == "a list of evidence" || place.0 == "evidence" {
                assert!(telling.to_string().contains(shape));
            }
            similar(&expected, &handed_out(&opened(&telling)), &format!("{} as {shape}", place.0));
        }
    }
}

/// Both are the same, or the first line that differs is told.
fn similar(expected: &str, found: &str, what: &str) {
    let differs = expected.lines().zip(found.lines()).find(|(one, other)| one != other);
    assert!(expected == found, "{what} makes a difference: {differs:?}");
}

#[test]
fn what_is_judged_of_an_unnamed_source_is_not_handed_out() {
    let expected = handed_out(&opened(&planted()));
    let news: Value = serde_json::from_str(onrecord::formats::labels::NEWS).expect("JSON");
    let label = news["labels"].as_array().expect("labels").iter().find(|label| label["id"] == "anonymous_source").expect("a label");
    for key in ["basis", "reason", "terms", "source_class"] {
        let attribute = label["attributes"].as_array().expect("attributes").iter().find(|attribute| attribute["key"] == key);
        for word in attribute.expect("an attribute")["values"].as_array().expect("words") {
            let mut other = planted();
            for annotation in other["annotations"].as_array_mut().expect("annotations") {
                if annotation["label"] == "anonymous_source" {
                    annotation["attributes"][key] = word.clone();
                }
            }
            similar(&expected, &handed_out(&opened(&other)), &format!("{key} {word}"));
        }
    }
    for kind in ["leak", "confidential_document"] {
        let mut other = planted();
        other["sources"][1]["kind"] = json!(kind);
        similar(&expected, &handed_out(&opened(&other)), kind);
    }
    // Whoever may be unnamed is, until colleagues agree.
    let mut open = planted();
    open["sources"][1] = json!({"id": "s-unnamed", "alias": "Petrova", "kind": "named_person", "role": NEUTRAL, "public_label": NEUTRAL,
        "v": {"bx2kjqevta": 1, "kksumnlmyt": 1}, "conflicts": {"kind": [["bx2kjqevta.1", "named_person"], ["kksumnlmyt.1", "anonymous"]]}});
    open["sessions"] = json!([{"id": "bx2kjqevta"}, {"id": "kksumnlmyt"}]);
    let handed = handed_out(&opened(&open));
    assert!(!handed.contains("alias: \"Petrova\"") && handed.contains("Unnamed source 1"), "{handed}");
}

fn speakers(project: &Project, pass: Pass) -> Vec<Vec<Speaker>> {
    let releases = Releases::new(project, pass);
    let of = |release: &onrecord::formats::exchange::release::Release| {
        release.article().spans.iter().filter_map(|span| span.source.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    };
    project.documents_in_order().into_iter().map(|document| of(&releases.release(document))).collect()
}

#[test]
fn of_an_unnamed_source_nothing_that_somebody_chose_goes_out() {
    // The director stands two paragraphs further down; to name her here would say who it was. And which of its own words somebody chose
    // would tell one unnamed source from another in every article.
    for words in ["senior official", "a senior official", "a", "Petrova", "director of the port", "a senior official said", ""] {
        let mut project = planted();
        project["sources"][1]["role"] = json!(words);
        project["sources"][1]["public_label"] = json!(words);
        let found = speakers(&opened(&project), PASS);
        let unnamed = found[0].iter().find(|speaker| speaker.kind == "anonymous").expect("it speaks");
        assert_eq!((unnamed.role.as_str(), unnamed.public_label.as_str(), unnamed.alias.as_str()), ("", "", "Unnamed source 1"), "{words}");
    }
    // A named source is described by words beside its own name alone.
    let mut project = planted();
    project["sources"][0]["role"] = json!("a senior official");
    assert!(speakers(&opened(&project), PASS)[0].iter().all(|speaker| speaker.role.is_empty()));
    // Names that the article prints go out with it; others are numbers.
    assert!(speakers(&opened(&planted()), PASS)[0].iter().any(|speaker| speaker.alias == "Ada Roe"));
    let mut project = planted();
    project["sources"][0]["alias"] = json!("Ada Roe who told us at home");
    assert!(speakers(&opened(&project), PASS)[0].iter().any(|speaker| speaker.alias == "Source 1"));
}

#[test]
fn nothing_joins_two_articles_or_two_exports() {
    let project = opened(&planted());
    let ids = |found: &[Speaker], kind: &str| -> BTreeSet<String> {
        found.iter().filter(|speaker| (speaker.kind == kind) || kind.is_empty()).map(|speaker| speaker.id.clone()).collect()
    };
    let found = speakers(&project, PASS);
    assert!(!ids(&found[0], "anonymous").is_empty() && ids(&found[0], "anonymous").is_disjoint(&ids(&found[1], "anonymous")));
    assert_eq!(ids(&found[0], "named_person"), ids(&found[1], "named_person"), "whom both name is one");
    assert_eq!(found, speakers(&project, PASS), "the same chance makes the same ids");
    let again = speakers(&project, Pass { salt: [8; 16], ..PASS });
    assert!(ids(&found[0], "").is_disjoint(&ids(&again[0], "")));
    // Records come in the order of their places, not of their ids.
    let mut renamed = planted();
    for (one, other) in [("a-claim", "z-claim"), ("r-one", "z-one")] {
        renamed = serde_json::from_str(&renamed.to_string().replace(one, other)).expect("JSON");
    }
    let order = |project: &Project| {
        let releases = Releases::new(project, PASS);
        let release = releases.release(project.documents_in_order()[0]);
        let kinds: Vec<String> = release.article().links.iter().map(|link| link.kind.clone()).collect();
        (release.article().spans.iter().map(onrecord::formats::exchange::Span::words).collect::<Vec<_>>(), kinds)
    };
    assert_eq!(order(&project), order(&opened(&renamed)));
}

/// Everything in a file or folder, archives unpacked.
fn contents(path: &Path) -> String {
    if path.is_dir() {
        let mut names: Vec<_> = fs::read_dir(path).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
        names.sort();
        let all = names.iter().map(|name| format!("{}\n{}", name.file_name().unwrap_or_default().display(), contents(name)));
        return all.collect::<Vec<_>>().concat();
    }
    unpacked(&fs::read(path).expect("a file"))
}

fn unpacked(bytes: &[u8]) -> String {
    if !bytes.starts_with(b"PK") {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let mut zip = Zip::open("x", Cursor::new(bytes)).expect("a zip");
    zip.names().iter().map(|name| format!("{name}\n{}", unpacked(&zip.read(name).expect("a file")))).collect::<Vec<_>>().concat()
}

/// Every format as file or folder and as archive, and every report.
fn written_out(project: &Project, pass: Pass) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut found = Vec::new();
    for format in FORMATS.iter().filter(|format| is_export(format)) {
        let format: &'static Format = format;
        let plain = if format.is_folder { format!("out-{}", format.name) } else { format!("out.{}", format.endings[0]) };
        for name in [plain, format!("{}-all.zip", format.name)] {
            let path = folder.path().join(&name);
            let export = Export { document: None, pass, format, today: "2026-11-20".to_owned() };
            export.run(project, &path, &|_| true).expect("an export");
            found.push((name, contents(&path)));
        }
    }
    for target in Target::ALL {
        let written =
            audited(project, |audit| report::write(&Audit { house: pass.house, ..*audit }, pass.profile, target).expect("a report"));
        found.push((format!("report.{}", target.ending()), written));
    }
    found
}

#[test]
fn every_format_and_report_is_the_same_whatever_people_wrote() {
    let places = places();
    let all = |words: &str| {
        let mut project = planted();
        for place in places.iter().filter(|(name, ..)| name != "a list of evidence") {
            plant(&mut project, place, words);
        }
        opened(&project)
    };
    let expected = written_out(&all(NEUTRAL), PASS);
    for shape in SHAPES {
        for ((name, one), (_, other)) in expected.iter().zip(written_out(&all(shape), PASS)) {
            similar(one, &other, &format!("{name} with {shape}"));
        }
    }
    for (name, content) in &expected {
        for id in ["a-claim", "a-mention", "s-unnamed", "s-named", "r-one", "o-one", "d-one", "T77"] {
            assert!(!content.contains(id), "{name} has the id {id}");
        }
        assert!(!content.contains(NEUTRAL) && !content.contains("Neutral title") && !content.contains("neutral.txt"), "{name}: {content}");
    }
    // Where the house's words are asked for, they are there, and nothing else is.
    let house = written_out(&all(NEUTRAL), Pass { house: true, ..PASS });
    let page = &house.iter().find(|(name, _)| name == "out.prodigy.jsonl").expect("a file").1;
    assert!(page.contains("\"desk\":\"neutral words\"") && page.contains("\"name\":\"neutral words\""), "{page}");
    assert!(house.iter().any(|(_, content)| content.contains("Audit of unnamed sources: neutral words")));
}

#[test]
fn the_command_line_says_nothing_that_people_wrote() {
    let places = places();
    let said = |words: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let mut project = planted();
        for place in places.iter().filter(|(name, ..)| name != "a list of evidence") {
            plant(&mut project, place, words);
        }
        fs::write(folder.path().join("p.onrecord.json"), project.to_string()).expect("a file");
        let run = |arguments: &[&str]| {
            let done = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
                .args(arguments)
                .current_dir(folder.path())
                .output()
                .expect("it runs");
            format!("{:?}\n{}\n{}", done.status.code(), String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
        };
        let mut all = run(&["convert", "p.onrecord.json", "-o", "out.csv", "--seed", "1"]);
        all.push_str(&run(&["convert", "p.onrecord.json", "-o", "brat", "--to", "brat", "--seed", "1"]));
        all.push_str(&run(&["convert", "p.onrecord.json", "-o", "copy.onrecord.json", "--seed", "1"]));
        all.push_str(&run(&["report", "p.onrecord.json", "--seed", "1"]));
        fs::remove_file(folder.path().join("p.onrecord.json")).expect("it goes");
        all + &contents(folder.path())
    };
    let expected = said(NEUTRAL);
    assert!(expected.contains("a senior official"), "{expected}");
    for shape in SHAPES {
        similar(&expected, &said(shape), shape);
    }
}
