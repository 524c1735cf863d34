//! The command line as a program: what it writes where, and its exit code.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

const ARTICLE: &str = "Ministry weighs delay\n\nThe ferry tender will slip to spring, an official with knowledge of the talks said on condition of anonymity.\n“We need,” she said, “six more weeks.”\n";

/// A folder with an article in it.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("ferry.txt"), ARTICLE).expect("the article");
        Self(folder)
    }

    /// A desk with the project made from the article.
    fn with_project() -> Self {
        let desk = Self::new();
        assert_eq!(
            desk.run(&["new", "p.onrecord.json", "ferry.txt", "--as", "AK", "--session", "first", "--seed", "7"]),
            (0, String::new(), String::new())
        );
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).expect("a file");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    fn output(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_onrecord")).args(arguments).current_dir(self.0.path()).output().expect("the program runs")
    }

    /// Exit code, standard output, standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.output(arguments);
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    fn apply(&self, commands: &str) -> (i32, String, String) {
        self.write("c.jsonl", commands);
        self.run(&["apply", "p.onrecord.json", "c.jsonl", "--as", "AK", "--session", "second", "--seed", "8"])
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.0.path())
            .expect("a folder")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

const COMMANDS: &str = r#"{"command":"annotate","document":"ferry.txt","quote":["“We need,”","“six more weeks.”"],"label":"quote","attributes":{"type":"direct"},"as":"q1"}
{"command":"annotate","document":"ferry.txt","quote":["she said"],"label":"attribution","attributes":{"cue":"said"},"as":"a1"}
{"command":"add_source","alias":"Source A","kind":"anonymous","role":"official with knowledge of the talks","as":"s1"}

{"command":"annotate","document":"ferry.txt","quote":"an official with knowledge of the talks","label":"anonymous_source","source":"@s1","as":"n1"}
{"command":"link","kind":"attributed_via","from":"@q1","to":"@a1"}
{"command":"link","kind":"names_source","from":"@a1","to":"@n1"}
{"command":"set_note","annotation":"@q1","note":"One person\nor two?"}
"#;

#[test]
fn a_project_is_made_annotated_shown_and_checked() {
    let desk = Desk::with_project();
    assert_eq!(desk.apply(COMMANDS), (0, String::new(), String::new()));
    let (code, shown, _) = desk.run(&["show", "p.onrecord.json"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(shown, @r#"
    # Ministry weighs delay: 1 document, 3 annotations
    # source Source A: anonymous, official with knowledge of the talks
    # Ministry weighs delay: in_progress, 3 annotations
    Ministry weighs delay ¶ 2	61..100	anonymous_source	“an official with knowledge of the talks”	source=Source A	by AK
    Ministry weighs delay ¶ 3	133..143+154..171	quote	““We need,” … “six more weeks.””	type=direct	attributed_via → “she said”	note: One person or two?	by AK
    Ministry weighs delay ¶ 3	144..152	attribution	“she said”	cue=said	names_source → “an official with knowledge of the talks”	by AK
    "#);
    assert_eq!(desk.run(&["check", "p.onrecord.json"]), (0, "p.onrecord.json: clean\n".to_owned(), String::new()));
    assert_eq!(desk.names(), ["c.jsonl", "ferry.txt", "p.onrecord.json"]);
}

#[test]
fn the_same_commands_with_the_same_seed_give_the_same_bytes() {
    let [left, right] = [Desk::with_project(), Desk::with_project()];
    left.apply(COMMANDS);
    right.apply(COMMANDS);
    assert_eq!(left.read("p.onrecord.json"), right.read("p.onrecord.json"));
    assert!(left.read("p.onrecord.json").contains(r#"{"id":"second","person":""#));
}

#[test]
fn nothing_is_written_when_a_line_fails() {
    let desk = Desk::with_project();
    let before = desk.read("p.onrecord.json");
    let cases = [
        (r#"{"command":"annotate","document":"ferry.txt","quote":["nowhere"],"label":"quote"}"#, "the article does not say “nowhere”"),
        (r#"{"command":"annotate","document":"ferry.txt","quote":["We"],"nth":9,"label":"quote"}"#, "the article says “We” 1 times, not 9"),
        (r#"{"command":"annotate","document":"other.txt","quote":["We"],"label":"quote"}"#, "there is no document \"other.txt\""),
        (r#"{"command":"annotate","document":"ferry.txt","ranges":[[0,0]],"label":"quote"}"#, "the range 0..0 is empty"),
        (r#"{"command":"annotate","document":"ferry.txt","ranges":[[21,23]],"label":"quote"}"#, "only white space at 21..23"),
        (r#"{"command":"annotate","document":"ferry.txt","ranges":[[5,9999]],"label":"quote"}"#, "outside the text"),
        (r#"{"command":"annotate","document":"ferry.txt","ranges":[[5,9],[2,4]],"label":"quote"}"#, "not in order"),
        (r#"{"command":"annotate","document":"ferry.txt","ranges":[[0,8]],"label":"shout"}"#, "there is no label shout"),
        (
            r#"{"command":"annotate","document":"ferry.txt","ranges":[[0,8]],"label":"quote","attributes":{"type":"loud"}}"#,
            "type cannot be \"loud\"",
        ),
        (r#"{"command":"annotate","document":"ferry.txt","ranges":[[0,8]],"label":"quote","color":"red"}"#, "unknown field `color`"),
        (r#"{"command":"shout"}"#, "unknown variant `shout`"),
        (r#"{"command":"unlink","relation":"@l1"}"#, "no earlier line made @l1"),
        (r#"{"command":"set_title","title":"x","as":"t"}"#, "makes nothing that could be named"),
        ("{\"command\":", "EOF while parsing"),
        ("[]", "invalid type"),
    ];
    for (line, expected) in cases {
        let (code, out, err) = desk.apply(&format!("{COMMANDS}{line}\n"));
        assert_eq!((code, out.as_str()), (2, ""), "{line}");
        assert!(err.contains("line 9: ") && err.contains(expected) && err.lines().count() == 2, "{err} / {expected}");
        assert_eq!(desk.read("p.onrecord.json"), before);
    }
    let (code, _, err) = desk.apply(
        r#"{"command":"annotate","document":"ferry.txt","ranges":[[0,8]],"label":"claim","as":"c"}
{"command":"link","kind":"attributed_via","from":"@c","to":"@c"}"#,
    );
    assert_eq!(code, 2);
    assert!(err.contains("line 2: attributed via does not lead from claim to claim"), "{err}");
    assert_eq!(desk.names(), ["c.jsonl", "ferry.txt", "p.onrecord.json"], "no temporary file stays");
}

#[test]
fn no_commands_change_no_byte_and_a_dash_is_standard_output() {
    let desk = Desk::with_project();
    let before = desk.read("p.onrecord.json");
    desk.write("empty.jsonl", "\n\n");
    assert_eq!(desk.run(&["apply", "p.onrecord.json", "empty.jsonl"]).0, 0);
    assert_eq!(desk.read("p.onrecord.json"), before);
    assert_eq!(desk.run(&["apply", "p.onrecord.json", "empty.jsonl", "-o", "-"]), (0, before.clone(), String::new()));
    desk.write("c.jsonl", COMMANDS);
    let (code, out, _) = desk.run(&["apply", "p.onrecord.json", "c.jsonl", "--seed", "3", "-o", "-"]);
    assert!(code == 0 && out.contains("\"annotations\":[") && out.ends_with("\n}\n"));
    assert_eq!(desk.read("p.onrecord.json"), before);
    assert_eq!(desk.run(&["apply", "p.onrecord.json", "c.jsonl", "-o", "out.onrecord.json"]).0, 0);
    assert_eq!(desk.read("p.onrecord.json"), before);
    assert_eq!(desk.run(&["check", "out.onrecord.json"]).0, 0);
}

#[test]
fn every_command_of_the_model_has_an_example_that_runs() {
    use onrecord::edit::Command as Edit;
    let desk = Desk::with_project();
    desk.write("ferry.txt", &ARTICLE.replace("\nThe", "\nSkip to main content. The").replace("six more", "six"));
    desk.run(&["new", "all.onrecord.json", "ferry.txt", "--seed", "1"]);
    // The examples in an order in which each finds what it needs.
    let order = [
        "set_title",
        "set_guidelines",
        "introduce_myself",
        "add_source",
        "annotate",
        "link",
        "unlink",
        "relabel",
        "set_ranges",
        "add_range",
        "remove_range",
        "set_note",
        "edit_source",
        "omit",
        "remove_omission",
        "set_document",
        "add_document",
        "define_label",
        "remove_label",
        "define_relation_kind",
        "remove_relation_kind",
        "split_source",
        "merge_sources",
        "remove_source",
        "delete_annotations",
    ];
    let example = |name: &str| Edit::ALL.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no example of {name}")).1;
    let mut lines: Vec<String> = order.iter().map(|name| example(name).to_owned()).collect();
    // The source split off is merged back under the name that the example has.
    let split = lines.iter_mut().find(|line| line.contains("split_source")).expect("the example");
    *split = split.replace('}', ",\"as\":\"s2\"}");
    // Partners that the examples name.
    lines.insert(5, r#"{"command":"annotate","document":"ferry.txt","quote":["she said"],"label":"attribution","as":"a1"}"#.to_owned());
    lines.insert(6, example("set_attribute").to_owned());
    lines.insert(7, example("set_source").to_owned());
    desk.write("c.jsonl", &lines.join("\n"));
    let (code, _, err) = desk.run(&["apply", "all.onrecord.json", "c.jsonl", "--as", "AK", "--seed", "2"]);
    assert_eq!((code, err.as_str()), (0, ""));
    // These two need a project of their own; a repair needs a damaged one and is tested below.
    desk.write("d.jsonl", &[example("replace_text"), example("remove_document")].join("\n"));
    desk.run(&["new", "one.onrecord.json", "ferry.txt"]);
    assert_eq!(desk.run(&["apply", "one.onrecord.json", "d.jsonl"]), (0, String::new(), String::new()));
    // And these two mark several places at once.
    desk.write("ferry.txt", &format!("{ARTICLE}It took six weeks, and six weeks more.\n"));
    desk.write("e.jsonl", &[example("mark_together"), example("annotate_all")].join("\n"));
    desk.run(&["new", "many.onrecord.json", "ferry.txt"]);
    assert_eq!(desk.run(&["apply", "many.onrecord.json", "e.jsonl"]), (0, String::new(), String::new()));
    let (_, shown, _) = desk.run(&["show", "many.onrecord.json"]);
    assert!(shown.contains("“We need,”") && shown.contains("source=Ada Roe") && shown.contains("attributed_via → “she said”"), "{shown}");
    assert_eq!(shown.matches("“six weeks”").count(), 2, "{shown}");
    // The review needs a source that is mentioned, and a person.
    let review = [
        r#"{"command":"add_source","alias":"Source A","kind":"anonymous","as":"s1"}"#,
        r#"{"command":"annotate","document":"ferry.txt","quote":["she said"],"label":"attribution","source":"@s1","as":"q1"}"#,
        example("adopt_policy"),
        example("decide"),
        example("add_comment"),
        example("resolve_comment"),
        example("switch_check"),
        example("purge"),
    ];
    desk.write("f.jsonl", &review.join("\n"));
    desk.run(&["new", "review.onrecord.json", "ferry.txt"]);
    let (code, out, err) = desk.run(&["apply", "review.onrecord.json", "f.jsonl", "--as", "EK"]);
    assert!(
        (code, out.as_str()) == (0, "") && err.contains("of the annotation") && err.lines().count() == 1,
        "only the purge says something: {err}"
    );
    desk.write("g.jsonl", example("import"));
    desk.run(&["new", "import.onrecord.json", "ferry.txt"]);
    assert_eq!(desk.run(&["apply", "import.onrecord.json", "g.jsonl"]), (0, String::new(), String::new()));
    // The list and the type name the same commands.
    let known = serde_json::from_str::<Edit>(r#"{"?":{}}"#).map_err(|error| error.to_string()).expect_err("no such command");
    let listed: Vec<String> = Edit::ALL.iter().map(|(name, _)| format!("`{name}`")).collect();
    assert!(known.contains(&format!("expected one of {}", listed.join(", "))), "{known}");
    assert_eq!(order.len() + 15, Edit::ALL.len(), "settle needs a file with an open question: see `sharing`");
}

#[test]
fn a_wrong_quote_is_found_and_repaired_by_command() {
    let desk = Desk::with_project();
    desk.apply(COMMANDS);
    let good = desk.read("p.onrecord.json");
    let broken = good.replacen("[[61,100]]", "[[58,97]]", 1);
    desk.write("p.onrecord.json", &broken);
    let (code, out, _) = desk.run(&["check", "p.onrecord.json"]);
    assert_eq!(code, 1);
    assert!(out.contains("fault quote_differs at Ministry weighs delay ¶ 2"), "{out}");
    let id = good.lines().find(|line| line.contains("[[61,100]]")).and_then(|line| line.split('"').nth(3)).expect("the id").to_owned();
    let repair = format!("{{\"command\":\"repair_quote\",\"annotation\":\"{id}\",\"to\":\"words\"}}\n");
    assert_eq!(desk.apply(&repair), (0, String::new(), String::new()));
    assert!(desk.read("p.onrecord.json").contains("[[61,100]]"));
    assert_eq!(desk.run(&["check", "p.onrecord.json"]).0, 0);
    assert!(desk.apply(&repair).2.contains("needs no repair"));
    desk.write("p.onrecord.json", &broken);
    assert_eq!(desk.apply(&repair.replace("\"words\"", "\"place\"")).0, 0);
    assert!(desk.read("p.onrecord.json").contains("\"quote\":[\"g, an official with knowledge of the t"));
}

#[test]
fn files_that_cannot_be_used_give_two_lines_and_code_two() {
    let desk = Desk::with_project();
    desk.write("cut.onrecord.json", &desk.read("p.onrecord.json")[..900]);
    desk.write("other.json", "{\"a\":1}");
    desk.write("empty.txt", "");
    for (arguments, expected) in [
        (vec!["show", "none.onrecord.json"], "cannot open none.onrecord.json: there is no such file"),
        (vec!["show", "cut.onrecord.json"], "cut.onrecord.json cannot be opened: the file ends"),
        (vec!["show", "other.json"], "is not an Onrecord project"),
        (vec!["show", "."], "this is a folder"),
        (vec!["new", "p.onrecord.json", "ferry.txt"], "a file of this name is there already"),
        (vec!["new", "n.onrecord.json", "empty.txt"], "empty.txt is empty"),
        (vec!["new", "n.onrecord.json", "ferry.txt", "ferry.txt"], "same article"),
    ] {
        let (code, out, err) = desk.run(&arguments);
        assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 2), "{err}");
        assert!(err.contains(expected), "{err} / {expected}");
        assert!(!err.contains(&*desk.0.path().to_string_lossy()), "no folder of the machine in {err}");
    }
    assert!(!desk.path("n.onrecord.json").exists());
    assert_eq!(desk.run(&["check", "p.onrecord.json", "other.json"]).0, 2);
    let (_, json, _) = desk.run(&["check", "--json", "p.onrecord.json", "other.json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json[0]["issues"], serde_json::json!([]));
    assert!(json[1]["error"].as_str().is_some_and(|error| error.contains("not an Onrecord project")));
}

#[test]
fn labels_schema_licences_and_version_are_printed() {
    let desk = Desk::new();
    assert!(desk.run(&["labels"]).1.contains("anonymous_source [4]  Anonymous source: A mention"));
    assert!(desk.run(&["schema"]).1.contains("\"title\": \"Onrecord project, version 1\""));
    assert!(desk.run(&["--licenses"]).1.contains("Third-party notices"));
    assert_eq!(desk.run(&["--version"]).1, format!("onrecord {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(desk.run(&["apply"]).0, 2);
}

#[test]
fn shown_lines_carry_no_terminal_escapes() {
    let desk = Desk::new();
    desk.write("evil.txt", "Title \u{1b}[31m here\n\nBody \u{202e}text said so.\n");
    desk.run(&["new", "p.onrecord.json", "evil.txt"]);
    desk.write("c.jsonl", r#"{"command":"annotate","document":"evil.txt","quote":["said so"],"label":"claim","note":"\u001b]0;x\u0007"}"#);
    desk.run(&["apply", "p.onrecord.json", "c.jsonl"]);
    let (code, out, _) = desk.run(&["show", "p.onrecord.json"]);
    assert!(code == 0 && out.contains("‹U+001B›") && !out.contains('\u{1b}') && !out.contains('\u{7}'), "{out}");
}

#[test]
fn every_sample_opens_clean_fits_the_schema_and_saves_to_the_same_bytes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_projects");
    let samples: Vec<PathBuf> = fs::read_dir(folder)
        .expect("samples")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".onrecord.json"))
        .collect();
    assert!(samples.len() >= 3, "{samples:?}");
    let schema = serde_json::from_str(onrecord::formats::native::SCHEMA).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for sample in samples {
        let bytes = fs::read(&sample).expect("a sample");
        let opened = onrecord::formats::native::read(&bytes).unwrap_or_else(|error| panic!("{}: {error}", sample.display()));
        assert_eq!(opened.issues, [], "{}", sample.display());
        assert!(validator.is_valid(&serde_json::from_slice(&bytes).expect("JSON")), "{}", sample.display());
        let session = onrecord::session::Session::from_opened(opened, onrecord::session::WorkEnvironment::seeded(1, None));
        assert!(session.to_bytes().expect("bytes") == bytes, "{} saves to other bytes", sample.display());
    }
}

#[test]
fn what_would_not_be_read_again_is_not_written() {
    let desk = Desk::with_project();
    desk.apply(COMMANDS);
    let before = desk.read("p.onrecord.json");
    let id = before.lines().find(|line| line.contains("[[61,100]]")).and_then(|line| line.split('"').nth(3)).expect("the id").to_owned();
    let note = format!("{{\"command\":\"set_note\",\"annotation\":\"{id}\",\"note\":\"{}\"}}\n", "x".repeat(33 << 20));
    let (code, _, err) = desk.apply(&note);
    assert_eq!(code, 2);
    assert!(err.contains("the note is longer than 1048576 bytes") && err.contains("Shorten it"), "{err}");
    let article = format!("{{\"command\":\"add_document\",\"content\":\"{}\"}}\n", "word ".repeat(7 << 20));
    assert!(desk.apply(&article).2.contains("the article is larger than 32 MB"));
    let ranges: Vec<String> = (0..65).map(|at| format!("[{},{}]", at * 2 + 30, at * 2 + 31)).collect();
    let many = format!("{{\"command\":\"annotate\",\"document\":\"ferry.txt\",\"label\":\"quote\",\"ranges\":[{}]}}\n", ranges.join(","));
    assert!(desk.apply(&many).2.contains("at most 64 ranges"));
    assert_eq!(desk.read("p.onrecord.json"), before);
}

/// The window needs a display; where there is none the program says so and names no folder of the machine that built it.
#[cfg(all(feature = "gui", target_os = "linux"))]
#[test]
fn without_a_display_there_is_a_clear_message() {
    let desk = Desk::with_project();
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    for variable in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(variable);
    }
    let output = command.arg("p.onrecord.json").current_dir(desk.0.path()).env("ONRECORD_CONFIG", desk.path("settings")).output();
    let output = output.expect("the program runs");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("onrecord: the window cannot be opened: ") && err.contains("onrecord --help"), "{err}");
    assert!(!err.contains(".rs:"), "no file of the source in {err}");
}

#[test]
fn find_prints_a_line_a_hit_and_says_when_there_is_none() {
    let desk = Desk::with_project();
    let (code, out, err) = desk.run(&["find", "p.onrecord.json", "\"we need"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, "Ministry weighs delay ¶ 3\t133..141\t[“We need],” she said, “six more weeks.”\n");
    assert_eq!(desk.run(&["find", "p.onrecord.json", "MINISTRY", "--case"]), (1, String::new(), String::new()));
    let (code, out, _) = desk.run(&["find", "p.onrecord.json", "s(he|ix)", "--regex"]);
    assert_eq!((code, out.lines().count()), (0, 2));
    let (code, _, err) = desk.run(&["find", "p.onrecord.json", "s(he", "--regex"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("onrecord: the pattern cannot be read at character 2: unclosed group\n"), "{err}");
    assert_eq!(desk.run(&["find", "p.onrecord.json", " "]).0, 2);
    // What is not article is not searched.
    desk.apply(r#"{"command":"omit","document":"ferry.txt","quote":["“We need,”"]}"#);
    assert_eq!(desk.run(&["find", "p.onrecord.json", "we need"]).0, 1);
}

#[test]
fn stats_count_documents_sources_and_corroboration() {
    let desk = Desk::with_project();
    let commands = [
        r#"{"command":"add_source","alias":"Source A","kind":"anonymous","as":"s1"}"#,
        r#"{"command":"add_source","alias":"Ada Roe","kind":"named_person","as":"s2"}"#,
        r#"{"command":"annotate","document":"ferry.txt","quote":["The ferry tender will slip to spring"],"label":"claim","as":"c1"}"#,
        r#"{"command":"annotate","document":"ferry.txt","quote":["an official with knowledge of the talks"],"label":"anonymous_source","source":"@s1","as":"m1"}"#,
        r#"{"command":"annotate","document":"ferry.txt","quote":["an official with knowledge of the talks said"],"label":"attribution","source":"@s1","as":"a1"}"#,
        r#"{"command":"annotate","document":"ferry.txt","quote":["she said"],"label":"attribution","source":"@s2","as":"a2"}"#,
        r#"{"command":"link","kind":"names_source","from":"@a1","to":"@m1"}"#,
        r#"{"command":"link","kind":"attributed_via","from":"@c1","to":"@a1"}"#,
        r#"{"command":"omit","document":"ferry.txt","quote":["Ministry weighs delay"]}"#,
    ];
    assert_eq!(desk.apply(&commands.join("\n")), (0, String::new(), String::new()));
    let (code, out, _) = desk.run(&["stats", "p.onrecord.json"]);
    assert_eq!(code, 0);
    assert_eq!(
        out,
        "Ministry weighs delay: 1 document, 4 annotations, 2 links\n\
         document Ministry weighs delay: in_progress, 151 characters, 21 not article; Claim 1, Attribution 2, Anonymous source 1\n\
         source Ada Roe: named_person, 1 mention in 1 document; Attribution 1\n\
         source Source A: anonymous, 1 mention in 1 document; Claim 1, Attribution 1, Anonymous source 1\n\
         claims: 0 without a source, 1 on one source (1 of them unnamed), 0 corroborated\n"
    );
    let (_, json, _) = desk.run(&["stats", "p.onrecord.json", "--json"]);
    let stats: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(stats["claims"]["single_unnamed"], 1);
    assert_eq!(stats["sources"][1]["labels"]["claim"], 1);
    let project: serde_json::Value = serde_json::from_str(&desk.read("p.onrecord.json")).expect("JSON");
    let id = |words: &str| {
        let all = project["annotations"].as_array().expect("a list");
        all.iter().find(|record| record["quote"][0] == words).expect("the annotation")["id"].as_str().expect("an id").to_owned()
    };
    // A second source behind the claim bears it out.
    let link = format!(
        r#"{{"command":"link","kind":"attributed_via","from":"{}","to":"{}"}}"#,
        id("The ferry tender will slip to spring"),
        id("she said")
    );
    assert_eq!(desk.apply(&link).0, 0);
    assert!(
        desk.run(&["stats", "p.onrecord.json"])
            .1
            .ends_with("claims: 0 without a source, 0 on one source (0 of them unnamed), 1 corroborated\n")
    );
}

#[test]
fn the_rules_for_reported_speech_are_scored_on_the_samples() {
    let desk = Desk::new();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_projects");
    let paths: Vec<String> = ["port-strike", "tide-explainer", "mixed-scripts"]
        .iter()
        .map(|name| samples.join(format!("{name}.onrecord.json")).display().to_string())
        .collect();
    let (code, out, _) = desk.run(&["suggest", &paths[0], &paths[1], &paths[2]]);
    assert_eq!(code, 0);
    let all = out.split("all: ").nth(1).expect("the sum of all");
    let percent = |row: &str| -> usize {
        let line = all.lines().find(|line| line.trim_start().starts_with(row)).expect("the row");
        line.split("recall").nth(1).and_then(|rest| rest.split('%').next()).and_then(|number| number.trim().parse().ok()).expect("a number")
    };
    // Floors, not aims: the figures of the day are in the README.
    assert!(percent("quote, exact") >= 85 && percent("attribution, overlap") >= 90 && percent("attribution, exact") >= 65, "{out}");
    assert!(percent("speaker") >= 65, "{out}");
    desk.write("cues.json", "{\n\"name\": oops");
    let (code, _, err) = desk.run(&["suggest", &paths[0], "--cues", "cues.json"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("onrecord: the cues cannot be read at line 2, column 9: expected value\n"), "{err}");
    let (_, list, _) = desk.run(&["suggest", "--list"]);
    desk.write("cues.json", &list.replace("\"said\",", "").replace("[\"tell\"", "[\"said\",\"tell\""));
    assert_eq!(desk.run(&["suggest", &paths[0], "--cues", "cues.json"]).0, 0, "changed cues are used");
}

/// A project whose words try to break out of a report.
fn hostile() -> Desk {
    let desk = Desk::new();
    let text = "<script>alert(1)</script> & \u{202e}evil\u{202c}\n\nThe tender will slip, an official <b>said</b> [x](http://x.example) | `code`.\n";
    desk.write("evil.txt", text);
    desk.run(&["new", "p.onrecord.json", "evil.txt", "--seed", "3", "--title", "<img src=x onerror=alert(1)>"]);
    let commands = [
        r#"{"command":"add_source","alias":"Source \"A\" <i>","kind":"anonymous","role":"**bold** | cell","as":"s1"}"#,
        r#"{"command":"annotate","document":"evil.txt","quote":["an official <b>said</b> [x](http://x.example) | `code`"],"label":"anonymous_source","source":"@s1","note":"SECRET-NOTE </td><script>","as":"m1"}"#,
        r#"{"command":"annotate","document":"evil.txt","quote":["The tender will slip"],"label":"claim","as":"c1"}"#,
        r#"{"command":"link","kind":"supported_by","from":"@c1","to":"@m1"}"#,
        r#"{"command":"adopt_policy","policy":{"id":"own.1","name":"Own <b>","items":[{"key":"vital","text":"Vital? <script>","on_no":"block","provenance":"AP"}]}}"#,
        r#"{"command":"decide","document":"evil.txt","source":"@s1","to":"needs_work","answers":{"vital":{"answer":"no","note":"SECRET-ANSWER"}},"note":"SECRET-DECISION <script>"}"#,
        r#"{"command":"add_comment","on":"@c1","text":"SECRET-COMMENT <iframe>"}"#,
    ];
    desk.write("c.jsonl", &commands.join("\n"));
    let (code, _, err) = desk.run(&["apply", "p.onrecord.json", "c.jsonl", "--as", "EK", "--seed", "4"]);
    assert_eq!((code, err.as_str()), (0, ""));
    desk
}

#[test]
fn a_report_stays_inert_whatever_the_copy_says() {
    let desk = hostile();
    for profile in ["public", "desk", "full"] {
        let (code, html, err) = desk.run(&["report", "p.onrecord.json", "--profile", profile, "--seed", "1"]);
        assert_eq!((code, err.as_str()), (0, ""));
        inert(&html);
        assert!(html.contains("NOT CLEARED") && html.contains("default-src 'none'"), "{html}");
        assert!(!html.contains('\u{202e}'), "bidi controls are visible marks");
        let (_, markdown, _) = desk.run(&["report", "p.onrecord.json", "--profile", profile, "--to", "md", "--seed", "1"]);
        assert!(!markdown.contains("<script") && !markdown.contains("<b>") && !markdown.contains("[x]("), "{markdown}");
        let (_, json, _) = desk.run(&["report", "p.onrecord.json", "--profile", profile, "--to", "json", "--seed", "1"]);
        let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!((value["profile"].as_str(), value["cleared"].as_bool()), (Some(profile), Some(false)));
    }
}

/// A strict reader of the few tags that a report has: anything else, or an attribute that acts, fails.
fn inert(html: &str) {
    const TAGS: [&str; 24] = [
        "!DOCTYPE", "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "h4", "p", "bdi", "dl", "dt", "dd", "ul", "li",
        "table", "thead", "tbody", "tr", "th", "td",
    ];
    let mut open: Vec<String> = Vec::new();
    for piece in html.split('<').skip(1) {
        let (tag, rest) = piece.split_once('>').unwrap_or_else(|| panic!("an open tag: {piece}"));
        assert!(!rest.contains('>') || open.last().is_some_and(|open| open == "style"), "a stray > in {piece}");
        let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap_or_default();
        assert!(TAGS.contains(&name), "<{tag}>");
        let attributes = tag.split_once(' ').map_or("", |(_, attributes)| attributes);
        assert!(!attributes.contains("on") || name == "meta", "<{tag}>");
        assert!(!attributes.contains("src") || name == "meta", "<{tag}>");
        assert!(!attributes.contains("href"), "<{tag}>");
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "<{tag}> closes something else");
        } else if !matches!(name, "meta" | "!DOCTYPE") {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "{open:?} stay open");
}

#[test]
fn each_profile_of_a_report_holds_only_its_fields() {
    let desk = hostile();
    let report = |profile: &str, to: &str| desk.run(&["report", "p.onrecord.json", "--profile", profile, "--to", to, "--seed", "1"]).1;
    for to in ["html", "md", "json"] {
        let (public, of_desk, full) = (report("public", to), report("desk", to), report("full", to));
        for secret in ["SECRET-NOTE", "SECRET-ANSWER", "SECRET-DECISION", "SECRET-COMMENT"] {
            assert!(!public.contains(secret) && !of_desk.contains(secret) && full.contains(secret), "{secret} in {to}");
        }
        for review in ["EK", "own.1", "Needs work"] {
            assert!(!public.contains(review) && of_desk.contains(review), "{review} in {to}");
        }
        assert!(!public.contains("bold"), "the description of the registry is the desk's");
    }
    let standard = desk.run(&["report", "p.onrecord.json", "--seed", "1"]).1;
    assert_eq!(standard, report("public", "html"), "public unless said otherwise");
    assert_eq!(desk.run(&["report", "p.onrecord.json", "-o", "out.html", "--seed", "1"]).0, 0);
    assert_eq!(desk.read("out.html"), standard);
}

#[test]
fn ready_to_publish_is_an_exit_code_with_the_list() {
    let desk = hostile();
    let (code, out, _) = desk.run(&["check", "p.onrecord.json"]);
    assert_eq!((code, out.as_str()), (0, "p.onrecord.json: clean\n"), "plain check stays about the file");
    let (code, out, _) = desk.run(&["check", "--publish", "p.onrecord.json"]);
    assert_eq!(code, 1);
    assert!(out.contains("not_approved") && out.contains("not cleared, 1 in the way"), "{out}");
    let (code, out, _) = desk.run(&["check", "--sourcing", "p.onrecord.json"]);
    assert!(code == 1 && out.contains("no_reason") && !out.contains("not_approved"), "{out}");
    let approve = r#"{"command":"decide","document":"evil.txt","source":"S","to":"approved","answers":{"vital":{"answer":"yes"}}}"#;
    let project: serde_json::Value = serde_json::from_str(&desk.read("p.onrecord.json")).expect("JSON");
    let source = project["sources"][0]["id"].as_str().expect("an id").to_owned();
    desk.write("c.jsonl", &approve.replace("\"S\"", &format!("\"{source}\"")));
    let (code, _, err) = desk.run(&["apply", "p.onrecord.json", "c.jsonl", "--as", "EK"]);
    assert!(code == 2 && err.contains("you marked this source yourself"), "{err}");
    assert_eq!(desk.run(&["apply", "p.onrecord.json", "c.jsonl", "--as", "LT"]).0, 0);
    let (code, json, _) = desk.run(&["check", "--publish", "p.onrecord.json", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((code, value[0]["documents"][0]["cleared"].as_bool()), (0, Some(true)), "{json}");
    assert_eq!(desk.run(&["check", "--publish", "p.onrecord.json", "--document", "evil.txt"]).0, 0);
    assert_eq!(desk.run(&["check", "--publish", "p.onrecord.json", "--document", "nobody"]).0, 2);
}

#[test]
fn the_worked_example_shows_every_state_of_a_review() {
    let path = format!("{}/sample_projects/port-strike.onrecord.json", env!("CARGO_MANIFEST_DIR"));
    let desk = Desk::new();
    let (code, out, err) = desk.run(&["check", &path]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "port-strike.onrecord.json: clean\n", ""));
    let (code, out, _) = desk.run(&["check", "--publish", &path]);
    assert_eq!(code, 1);
    for said in ["Source A is unreviewed", "The decision on Source C is stale", "Source F is rejected", "not cleared, 3 in the way"] {
        assert!(out.contains(said), "{said}: {out}");
    }
    let (_, out, _) = desk.run(&["report", &path, "--profile", "desk", "--to", "md"]);
    for state in ["approved", "with conditions", "rejected", "unreviewed", "stale"] {
        assert!(out.to_lowercase().contains(state), "{state}: {out}");
    }
    assert!(!out.contains("Two editors compared it"), "notes are in the full profile only");
    let (_, out, _) = desk.run(&["report", &path, "--profile", "full", "--to", "md"]);
    assert!(out.contains("Two editors compared it"), "{out}");
}

#[test]
fn figures_over_time_are_csv() {
    let path = format!("{}/sample_projects/port-strike.onrecord.json", env!("CARGO_MANIFEST_DIR"));
    let desk = Desk::new();
    let (code, out, _) = desk.run(&["stats", &path, "--by", "month"]);
    assert_eq!(code, 0);
    let mut lines = out.lines();
    assert_eq!(lines.next().map(|head| head.split(',').count()), Some(9));
    assert_eq!(lines.next(), Some("2026-11,1,8,6,22,11,50.0,4,0"));
    assert_eq!(desk.run(&["stats", &path, "--by", "colour"]).0, 2);
}

#[test]
fn a_role_goes_with_the_initials_into_the_decision() {
    let desk = hostile();
    let (code, _, err) = desk.run(&["apply", "p.onrecord.json", "c.jsonl", "--role", "editor"]);
    assert!(code == 2 && err.contains("--as"), "a role needs somebody: {err}");
}

#[test]
fn a_project_that_is_made_goes_to_standard_output_too() {
    let desk = Desk::with_project();
    for output in ["-", "/dev/stdout"] {
        let (code, out, err) = desk.run(&["convert", "p.onrecord.json", "--to", "onrecord", "-o", output]);
        assert!(code == 0 && out.starts_with('{') && out.contains("\"format\":\"onrecord\""), "{output}: {code} {err}");
        assert!(!desk.path("-").exists());
    }
}
