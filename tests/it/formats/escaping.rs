//! Nothing that an article or a person wrote breaks out of its place: nasty words in every field, every format's output parsed by
//! somebody else's code.

use super::{Profile, export, place, read, written};
use onrecord::{
    edit::{Command, Import},
    formats::exchange::container::{Files as _, Zip, ends},
    model::Project,
    session::{Session, WorkEnvironment},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Cursor,
    path::Path,
};

/// Words that mean something in some format. `@` stands where the name of the field goes, so that each can be told from the others.
const NASTY: [&str; 22] = [
    "=HYPERLINK(\"https://example.org/@\")",
    "+@+1",
    "-@+1",
    "@@(A1)",
    "\t=@",
    "\r=@",
    "\n=@",
    "＝@",
    "a,@;\"b\"\t'c",
    "one @\r\ntwo\rthree\nfour",
    "tab\t@\ttab\\n \\t \\\\ \\u0041",
    "separators\u{2028}@\u{2029}\u{85}\u{b}\u{c}end",
    "nul\u{0}@\u{1}\u{1f}\u{7f}",
    "\u{fffe}@\u{ffff}\u{1fffe}",
    "<script>@</script><img src=x onerror=@>",
    "</mark></title></style><!-- @ --> <![CDATA[ @ ]]> <?xml @?>",
    "&lt;@&amp;&#60;&#x3c;",
    "[@](javascript:@) ![@](https://example.org/@) <https://example.org/@> https://example.org/@ www.example.org",
    "# @\n- @\n> @\n1. @\n```\n@\n```\n| @ |\n---\n$$@$$ [^1]: @",
    "T9\tclaim 0 3\t@\nA1\tX T1 @",
    "{\"@\":[}]\u{202e}\u{2066}x\u{feff}",
    "_x0041_ ]]>@",
];

/// The fields that hold what somebody wrote, by the words that they are filled with.
const FIELDS: [&str; 18] = [
    "title",
    "outlet",
    "byline",
    "desk",
    "address",
    "translator",
    "content",
    "note",
    "freetext",
    "listed",
    "alias",
    "role",
    "publiclabel",
    "initials",
    "omitted",
    "comment",
    "keptline",
    "labelname",
];

fn project(nasty: &str) -> Project {
    let word = |field: &str| nasty.replace('@', field);
    let content = format!("Head\n\nStart {} end.\n", word("content").replace(['\0', '\r'], ""));
    let start = "Head\n\nStart ".chars().count();
    let end = content.chars().count() - " end.\n".chars().count();
    let words: String = content.chars().skip(start).take(end - start).collect();
    let source = json!({"alias": word("alias"), "kind": "anonymous", "role": word("role"), "public_label": word("publiclabel")});
    let import = json!({
        "labels": [{"id": "own", "place": 100, "name": word("labelname"), "definition": word("definition"), "source": true,
            "colour": {"light": word("colour"), "dark": word("colour"), "light_tint": word("colour")}, "pattern": "solid",
            "attributes": [{"key": "free", "name": word("attribute")}, {"key": "listed", "name": "Listed", "values": [word("listed"), "plain"]}]}],
        "relation_kinds": [{"id": "leads", "place": 100, "name": word("kindname"), "from": ["own"], "to": ["own"]}],
        "documents": [{"id": "6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1a01", "title": word("title"), "content": content,
            "details": {"outlet": word("outlet"), "byline": word("byline"), "desk": word("desk"), "address": word("address"), "translator": word("translator")},
            "annotations": [
                {"id": "6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b01", "label": "own", "ranges": [[start, end]], "quote": [words], "note": word("note"),
                    "attributes": {"free": word("freetext"), "listed": word("listed")}, "source": source, "by": word("initials")},
                {"id": "6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b02", "label": "own", "ranges": [], "quote": [word("unplaced")]},
                {"id": "6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b03", "label": "claim", "ranges": [[start, end]], "quote": [words], "attributes": {"verification": "supported"}},
            ],
            "links": [{"kind": "leads", "from": "6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b01", "to": "6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b02", "by": word("linker")}],
            "omissions": [{"ranges": [[0, 4]], "why": word("omitted")}],
            "comments": [{"on": "6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b01", "text": word("comment"), "by": word("initials")}],
            "kept": {"brat": [word("keptline")]}}],
    });
    let import: Import = serde_json::from_value(import).unwrap();
    let mut session = Session::new(&word("project"), WorkEnvironment::seeded(9, None));
    session.run(&Command::Import { import: Box::new(import) }).unwrap();
    session.project().clone()
}

/// Name and bytes of everything that was written, archives of ours opened, office files too.
fn files(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let inside = |name: &str, bytes: &[u8]| {
        let mut zip = Zip::open(name, Cursor::new(bytes)).unwrap();
        zip.names().into_iter().map(|inside| (format!("{name}/{inside}"), zip.read(&inside).unwrap())).collect::<Vec<_>>()
    };
    if path.is_file() {
        let all = inside("", &fs::read(path).unwrap()).into_iter();
        let office = all.flat_map(|(name, bytes)| if bytes.starts_with(b"PK") { inside(&name, &bytes) } else { vec![(name, bytes)] });
        return office.collect();
    }
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        found.insert(path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap());
    }
    found
}

/// What a spreadsheet takes for a formula, after OWASP's list; white space before it may go when the table is read.
fn is_formula(cell: &str) -> bool {
    let sign = cell.chars().find(|letter| !letter.is_whitespace());
    matches!(sign, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')) || cell.starts_with(['\t', '\r'])
}

fn csv_is_sound(name: &str, bytes: &[u8]) {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap_or_else(|error| panic!("{name}: {error}"))).collect();
    for row in &rows {
        for (column, cell) in rows[0].iter().zip(row) {
            assert!(!is_formula(cell), "{name}, column {column}: {cell:?}");
        }
    }
}

/// The elements and attributes of our pages.
const ELEMENTS: [&str; 18] =
    ["html", "head", "meta", "title", "style", "body", "article", "h1", "h2", "p", "bdi", "ul", "ol", "li", "mark", "sup", "a", "span"];
const KEYS: [&str; 10] = ["lang", "charset", "http-equiv", "content", "name", "dir", "class", "id", "href", "aria-label"];

/// The words of a page that holds nothing but what our pages are made of.
fn html_is_sound(name: &str, bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).unwrap();
    let (mut words, mut in_style) = (String::new(), false);
    for token in html5gum::Tokenizer::new(text) {
        match token.unwrap() {
            html5gum::Token::StartTag(tag) => {
                let element = String::from_utf8(tag.name.to_vec()).unwrap();
                assert!(ELEMENTS.contains(&element.as_str()), "{name}: <{element}>");
                in_style = element == "style";
                for (key, value) in &tag.attributes {
                    let (key, value) = (String::from_utf8(key.to_vec()).unwrap(), String::from_utf8(value.to_vec()).unwrap());
                    assert!(KEYS.contains(&key.as_str()), "{name}: <{element} {key}={value:?}>");
                    assert!(key != "href" || value.starts_with('#'), "{name}: {value:?}");
                    assert!(!FIELDS.iter().any(|field| value.contains(field) && field.len() > 5), "{name}: {key}={value:?}");
                }
            }
            html5gum::Token::String(part) if in_style => {
                let style = String::from_utf8(part.to_vec()).unwrap();
                // A style sheet may not load anything, and only the ones we write hold braces.
                assert!(!style.contains("url(") && !style.contains("@import") && !style.contains("colour"), "{name}: {style}");
            }
            html5gum::Token::String(part) => words += std::str::from_utf8(&part).unwrap(),
            html5gum::Token::EndTag(_) => in_style = false,
            html5gum::Token::Comment(comment) => panic!("{name}: a comment {comment:?}"),
            html5gum::Token::Doctype(_) => {}
            html5gum::Token::Error(error) => panic!("{name}: {error:?}"),
        }
    }
    words
}

/// The words of a page without code, links, pictures, tables or HTML.
fn markdown_is_sound(name: &str, bytes: &[u8]) -> String {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let text = std::str::from_utf8(bytes).unwrap();
    let mut words = String::new();
    // Every extension that somebody's reader may have switched on.
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Text(part) => words += &part,
            Event::SoftBreak | Event::HardBreak => words.push('\n'),
            Event::Html(html) | Event::InlineHtml(html) => panic!("{name}: {html}"),
            Event::Code(code) | Event::InlineMath(code) | Event::DisplayMath(code) => panic!("{name}: {code}"),
            Event::Start(tag) => match tag {
                Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::Emphasis
                | Tag::Strong
                | Tag::List(None)
                | Tag::Item
                | Tag::FootnoteDefinition(_) => {}
                other => panic!("{name}: {other:?} in\n{text}"),
            },
            Event::End(_) | Event::FootnoteReference(_) | Event::Rule => {}
            Event::TaskListMarker(_) => panic!("{name}: a box to tick"),
        }
    }
    words
}

/// The words of a file that XML 1.0 takes (characters: section 2.2).
fn xml_is_sound(name: &str, bytes: &[u8]) -> String {
    use quick_xml::events::Event;
    let text = std::str::from_utf8(bytes).unwrap();
    let legal = |letter: char| matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(legal), "{name}: a character that XML does not have");
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut words, mut depth) = (String::new(), 0_i32);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")) {
            Event::Start(tag) => {
                depth += 1;
                assert_ne!(tag.name().as_ref(), b"f", "{name}: a formula");
                assert!(tag.attributes().all(|attribute| attribute.is_ok()), "{name}: {tag:?}");
            }
            Event::End(_) => depth -= 1,
            Event::Text(part) => words += &part.decode().unwrap(),
            Event::GeneralRef(reference) => {
                let known = ["amp", "lt", "gt", "quot", "apos"];
                let said = reference.decode().unwrap().into_owned();
                assert!(known.contains(&said.as_str()) || reference.resolve_char_ref().unwrap().is_some_and(legal), "{name}: &{said};");
            }
            Event::Comment(_) | Event::CData(_) | Event::PI(_) | Event::DocType(_) => panic!("{name}: more than elements and text"),
            Event::Eof => break,
            Event::Empty(_) | Event::Decl(_) => {}
        }
    }
    assert_eq!(depth, 0, "{name}");
    words
}

/// Every line is one that the standoff documentation knows, and says what we meant.
fn ann_is_sound(name: &str, bytes: &[u8], nasty: &str) {
    let text = std::str::from_utf8(bytes).unwrap();
    let splits =
        |letter: char| matches!(letter, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\0');
    let lines: Vec<&str> = text.split(splits).filter(|line| !line.is_empty()).collect();
    let of = |kind: char| lines.iter().filter(|line| line.starts_with(kind) && line.contains('\t')).count();
    // Two placed annotations, one reference, one note, their plain attributes; the unplaced one and its link have no line.
    let kept = usize::from(nasty.starts_with('T'));
    assert_eq!((of('T'), of('N'), of('#'), of('R'), of('E')), (2 + kept, 1, 1, 0, 0), "{name}: {lines:#?}");
    let attributes =
        1 + 2 * usize::from(!nasty.contains(|letter: char| letter.is_whitespace() || letter.is_control() || "|,:<>".contains(letter)));
    assert_eq!(of('A'), attributes, "{name}: {lines:#?}");
    assert_eq!(lines.len() - of('T') - of('N') - of('#') - of('A') + kept, 1, "{name}: the line that is kept, on one line: {lines:#?}");
}

fn json_is_sound(name: &str, bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    let parse = |text: &str| serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    if ends(name, &["jsonl"]) {
        // A reader that splits at whatever Unicode calls a line end sees the same lines.
        let lines: Vec<&str> = text.split_terminator('\n').collect();
        assert!(lines.iter().all(|line| !line.contains(['\r', '\0', '\u{b}', '\u{c}'])), "{name}");
        return lines.into_iter().map(parse).collect();
    }
    vec![parse(text)]
}

/// All strings of a JSON value.
fn strings(json: &Value, found: &mut BTreeSet<String>) {
    match json {
        Value::String(text) => drop(found.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => fields.values().for_each(|item| strings(item, found)),
        _ => {}
    }
}

#[test]
fn no_field_breaks_out_of_its_place_in_any_format() {
    let mut judged: BTreeMap<&str, usize> = BTreeMap::new();
    for nasty in NASTY {
        let project = project(nasty);
        for format in written() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(if format.is_archive { "x.zip" } else { "x" });
            export(&project, Profile::Full, format, &path).unwrap_or_else(|error| panic!("{} with {nasty:?}: {error}", format.name));
            for (file, bytes) in files(&path) {
                let name = format!("{} {file} with {nasty:?}", format.name);
                match (format.name, file.rsplit('.').next().unwrap()) {
                    (_, "csv") => csv_is_sound(&name, &bytes),
                    (_, "html") => {
                        let words = html_is_sound(&name, &bytes);
                        assert!(["note", "alias", "comment", "outlet"].iter().all(|field| words.contains(field)), "{name}");
                    }
                    ("jsonl", "md") | ("spacy", "py") => {
                        // The same lines whatever is written.
                        assert!(!FIELDS.iter().any(|field| String::from_utf8_lossy(&bytes).contains(&nasty.replace('@', field))), "{name}");
                    }
                    (_, "md") => {
                        let words = markdown_is_sound(&name, &bytes);
                        assert!(file != "articles.md" || ["note", "alias", "comment"].iter().all(|field| words.contains(field)), "{name}");
                    }
                    (_, "xml" | "rels") => {
                        let words = xml_is_sound(&name, &bytes);
                        assert!(!file.ends_with("word/comments.xml") || words.contains("note"), "{name}");
                    }
                    (_, "json" | "jsonl" | "jsonld") => {
                        let mut found = BTreeSet::new();
                        for json in json_is_sound(&file, &bytes) {
                            strings(&json, &mut found);
                        }
                        // JSON holds the words as they are.
                        let note = nasty.replace('@', "note");
                        let has = matches!(format.name, "web-annotation") || (format.name == "label-studio" && file == "tasks.json");
                        assert!(!has || found.contains(&note), "{name}");
                    }
                    ("brat", "ann") => ann_is_sound(&name, &bytes, nasty),
                    ("brat", "conf") => {
                        let text = std::str::from_utf8(&bytes).unwrap();
                        let broken = text.lines().filter(|line| line.contains("colour") && !line.starts_with('#'));
                        assert_eq!(broken.count(), 0, "{name}: a colour that is none: {text}");
                        let labels = text.lines().skip_while(|line| *line != "[labels]").skip(1).take_while(|line| !line.starts_with('['));
                        assert!(labels.filter(|line| !line.is_empty()).all(|line| line.split('|').count() == 2), "{name}: {text}");
                    }
                    ("brat", "txt") => assert!(std::str::from_utf8(&bytes).is_ok()),
                    _ => panic!("{name}: nothing here judges such a file"),
                }
                *judged.entry(format.name).or_default() += 1;
            }
        }
    }
    assert_eq!(judged.keys().copied().collect::<BTreeSet<_>>(), written().map(|format| format.name).collect());
}

#[test]
fn every_field_comes_back_as_it_was_written() {
    for nasty in NASTY {
        let project = project(nasty);
        for format in super::both_ways() {
            let folder = tempfile::tempdir().unwrap();
            let path = if format.name == "csv" { folder.path().join("x") } else { place(folder.path(), "x", format) };
            export(&project, Profile::Full, format, &path).unwrap();
            let session = Session::new("x", WorkEnvironment::seeded(1, None));
            let draft = read(session.project(), &path, format).unwrap();
            let name = format!("{} with {nasty:?}", format.name);
            assert!(draft.failed.is_empty(), "{name}: {:?}", draft.failed);
            let spans = &draft.placed[0].article.spans;
            let span =
                spans.iter().find(|span| span.label == "own" && !span.ranges.is_empty()).unwrap_or_else(|| panic!("{name}: its place"));
            let source = span.source.as_ref().unwrap();
            let back =
                [&span.note, span.attributes["free"].as_str(), span.attributes["listed"].as_str(), &source.alias, &source.role, &span.by];
            let sent = ["note", "freetext", "listed", "alias", "role", "initials"].map(|field| nasty.replace('@', field));
            // Initials and aliases are names: they were trimmed when they came in.
            assert_eq!(back.map(str::trim), sent.each_ref().map(|words| words.trim()), "{name}");
        }
    }
}
