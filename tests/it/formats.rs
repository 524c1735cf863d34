//! Exchange formats: one set of tests that loops over the list of formats.

mod articles;
mod bad_input;
mod damaged;
mod escaping;
mod imports;
mod losses;
mod offsets;
mod outputs;
mod round_trips;
mod secrecy;

use onrecord::{
    edit::{Command, Import},
    formats::{
        FORMATS, Format, Reader,
        article::Choices,
        convert::{Draft, Written},
        exchange::{ExchangeError, adopt::Mapping},
        native,
        profile::{Pass, Profile},
    },
    model::Project,
    session::{
        Session, WorkEnvironment,
        exchange::{Export, gather},
    },
    store::incoming::inputs,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The formats that carry annotations both ways.
fn both_ways() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(|format| matches!(format.read, Reader::Annotated(_)) && format.write.is_some())
}

/// The formats that are written for others.
fn written() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(|format| onrecord::session::exchange::is_export(format))
}

/// A place for a format in a folder: the name as its users would choose it.
fn place(folder: &Path, name: &str, format: &Format) -> PathBuf {
    if format.is_folder { folder.join(format!("{name}-{}", format.name)) } else { folder.join(format!("{name}.{}", format.endings[0])) }
}

fn export(project: &Project, profile: Profile, format: &'static Format, path: &Path) -> Result<Written, ExchangeError> {
    Export { document: None, pass: Pass::new(profile, [7; 16]), format, today: "2026-11-20".to_owned() }.run(project, path, &|_| true)
}

/// Reads files for a project.
fn read(project: &Project, path: &Path, format: &'static Format) -> Result<Draft, ExchangeError> {
    let found = inputs(&[path.to_owned()], Some(format));
    if let Some((message, _)) = found.failed.first() {
        return Err(ExchangeError::at("", message));
    }
    gather(project, &found.found, &Choices::default(), &|_| true)
}

/// A project without articles that has the labels of another.
fn with_labels_of(project: &Project) -> Session {
    let mut session = Session::new("Import", WorkEnvironment::seeded(77, None));
    let labels = project.labels.iter().map(|label| label.as_ref().clone()).collect();
    let relation_kinds = project.relation_kinds.iter().map(|kind| kind.as_ref().clone()).collect();
    session.run(&Command::Import { import: Box::new(Import { labels, relation_kinds, documents: Vec::new() }) }).unwrap();
    session
}

/// Brings a draft into a session.
fn bring(session: &mut Session, draft: Draft) -> Vec<String> {
    let mapping = Mapping::suggest(session.project(), &draft.seen);
    let adopted = draft.adopt(session.project(), &mapping);
    session.run(&Command::Import { import: Box::new(adopted.import) }).unwrap();
    adopted.left_out
}

/// The sample projects with their names.
fn samples() -> Vec<(String, Project)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_projects");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/data/example.onrecord.json"));
    paths.sort();
    let open = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().split('.').next().unwrap().to_owned();
        (name, native::read(&fs::read(path).unwrap()).unwrap().project)
    };
    let mut samples: Vec<_> = paths.into_iter().map(open).collect();
    samples.push(("pitfalls".to_owned(), pitfalls()));
    samples
}

/// The pitfalls of other tools in one project: characters of every size, odd names, split and crossing places, words of every kind.
fn pitfalls() -> Project {
    let mut session = Session::new("Pitfalls", WorkEnvironment::seeded(5, None));
    let import: Import = serde_json::from_str(PITFALLS).unwrap();
    session.run(&Command::Import { import: Box::new(import) }).unwrap();
    session.project().clone()
}

/// Emoji with joiners, flags, combining marks; a line separator, a tab; nested, crossing, split, equal, empty and unplaced annotations;
/// names with signs that other formats use.
const PITFALLS: &str = r##"{
"labels":[
{"id":"pipe | and; semi","place":100,"name":"Pipe | and; semi, \"quoted\" & <b>","colour":{"light":"#112233","dark":"#445566"},"pattern":"solid","source":true,"attributes":[{"key":"free text","name":"Free text"},{"key":"list","name":"List","values":["a-b","c d","e|f"]}]},
{"id":"эмодзи 👍🏽","place":110,"name":"Эмодзи 👍🏽","colour":{"light":"#112233","dark":"#445566"},"pattern":"double"},
{"id":"תווית","place":120,"name":"תווית -> * [x]","colour":{"light":"javascript:alert(1)","dark":"red;}"},"pattern":"dashed"}
],
"relation_kinds":[{"id":"leads to; ->","place":100,"name":"leads to; ->","from":["pipe | and; semi"],"to":["эмодзи 👍🏽"]}],
"documents":[
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1a01","title":"../Same title/..","content":"👍🏽 naïve e\u0301 flag 🇷🇺 family 👨‍👩‍👧 end\n\n=SUM(A1) | pipe;\ttab “we need,” she said, “six weeks”\nline\u2028separator\u0085next שלום and <b>&amp; code\n",
"details":{"language":"en","outlet":"Harbour; \"News\"","byline":"A, B","published":"2026-11-20","address":"https://example.org/a?b=1&c=2"},
"annotations":[
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b01","label":"claim","ranges":[[0,2]],"quote":["👍🏽"],"attributes":{"kind":"fact"}},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b02","label":"claim","ranges":[[3,8]],"quote":["naïve"],"note":"first line\nsecond\tline \\n \\ end"},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b03","label":"pipe | and; semi","ranges":[[9,11]],"quote":["e\u0301"],"attributes":{"free text":"=1+1; a|b \"c\"","list":"e|f"},"source":{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1c01","alias":"@cmd, \"A\"","kind":"anonymous","role":"an official | B","public_label":"-an official"},"by":"AK"},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b04","label":"эмодзи 👍🏽","ranges":[[17,19]],"quote":["🇷🇺"],"by":"BL","origin":"rule"},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b05","label":"תווית","ranges":[[27,32]],"quote":["👨‍👩‍👧"]},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b06","label":"quote","ranges":[[59,69],[80,90]],"quote":["“we need,”","“six weeks"],"attributes":{"type":"direct"}},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b07","label":"claim","ranges":[[9,40]],"quote":["e\u0301 flag 🇷🇺 family 👨‍👩‍👧 end\n\n=S"]},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b08","label":"claim","ranges":[[38,46]],"quote":["=SUM(A1)"],"note":"=cmd|' /C calc'!A0"},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b09","label":"claim","ranges":[],"quote":["words that are gone"],"note":"Where?"},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b10","label":"attribution","ranges":[[70,78]],"quote":["she said"],"source":{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1c02","alias":"Ada Roe","kind":"named_person"}}
],
"links":[
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1d01","kind":"leads to; ->","from":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b03","to":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b04","by":"AK"},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1d03","kind":"repeats","from":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b08","to":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b09"},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1d02","kind":"attributed_via","from":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b06","to":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b10"}
],
"omissions":[{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1e01","ranges":[[12,16]],"why":"=navigation"}],
"comments":[
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1f01","on":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b06","text":"One person,\nor two?","by":"BL","at":"2026-11-20T14:05Z"},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1f02","on":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1f01","text":"One.","resolved":true,"by":"AK","at":"2026-11-20T14:06Z"}
]},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1a02","title":"../Same title/..","content":"\tالوزارة نفت.\n\n","details":{"language":"ar","direction":"rtl"},
"annotations":[{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b20","label":"claim","ranges":[[1,8]],"quote":["الوزارة"]}]},
{"id":"6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1a03","title":"CON","content":"Nothing is marked here.","kept":{"brat":["X1\tunknown line\tkept"]}}
]
}"##;
