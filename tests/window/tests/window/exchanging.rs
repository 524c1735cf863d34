//! Bringing files in and taking formats out, as a user sees it.

use crate::desk::Desk;
use egui::{Key, Modifiers};
use onrecord::store::settings::ThemeChoice;
use std::fs;

const TASKS: &str = r#"[{"data":{"text":"The tender will slip, an official said.","title":"Ferry"},"annotations":[{"result":[
{"id":"a","from_name":"l","to_name":"text","type":"labels","value":{"start":0,"end":20,"text":"The tender will slip","labels":["Claim"]}},
{"id":"b","from_name":"l","to_name":"text","type":"labels","value":{"start":22,"end":33,"text":"an official","labels":["PER"]}},
{"id":"c","from_name":"l","to_name":"text","type":"labels","value":{"start":34,"end":38,"text":"says","labels":["CUE"]}},
{"type":"relation","from_id":"a","to_id":"b","direction":"right","labels":["rests on"]}]}]}]"#;

const PAGE: &str = "<html lang=\"en\"><head><title>Ministry weighs delay</title><meta name=\"author\" content=\"Ada Roe\"></head><body><nav>Home Sport</nav><article><h1>Ministry weighs delay</h1><p>The ferry tender will slip to spring, an official with knowledge of the talks said on condition of anonymity. The ministry declined to comment on the matter.</p><p>“We need,” she said, “six more weeks.” The tender was announced in March, after a year of talks.</p></article><footer>Cookies</footer></body></html>";

fn import(desk: &mut Desk, name: &str, content: &str) {
    let path = desk.folder.path().join(name);
    fs::write(&path, content).unwrap();
    desk.harness.state_mut().open_files(vec![path]);
    desk.settle();
}

#[test]
fn annotations_of_another_tool_are_shown_mapped_brought_in_and_undone() {
    let mut desk = Desk::with_article();
    let before = desk.project().clone();
    import(&mut desk, "tasks.json", TASKS);
    assert!(desk.shows("Import from tasks.json"));
    assert!(desk.shows("1 article with 3 annotations and 1 link."));
    assert!(desk.shows("2 of 3 annotations agree with the words that the file quotes."));
    assert!(desk.shows("Unplaced in Ferry: CUE “says”: other words stand at its offsets"));
    assert!(desk.shows("Claim becomes Claim") && desk.shows("PER becomes New: PER"));
    // Another label for the foreign one.
    desk.press("PER becomes New: PER");
    desk.press("Anonymous source");
    assert!(desk.shows("PER becomes Anonymous source"));
    desk.press("CUE becomes New: CUE");
    desk.press("Leave out");
    assert_eq!(*desk.project(), before, "nothing came in yet");
    desk.press("Import");
    desk.settle();
    assert!(desk.shows("Imported 1 article with 2 annotations"));
    assert_eq!(desk.project().documents.len(), 2);
    assert_eq!(
        desk.marked(),
        [("claim".to_owned(), "The tender will slip".to_owned()), ("anonymous_source".to_owned(), "an official".to_owned())]
    );
    assert!(desk.project().relation_kinds.iter().any(|kind| kind.name == "rests on"));
    // The new article is open; one step takes everything back.
    assert!(desk.app().place_of("The tender will slip").is_some());
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(*desk.project(), before);
}

#[test]
fn a_web_page_opens_as_article_as_page_or_in_part() {
    let mut desk = Desk::empty();
    import(&mut desk, "page.html", PAGE);
    assert!(desk.shows("Ministry weighs delay · Ada Roe · en"));
    desk.press("The whole page");
    desk.settle();
    desk.press("Import");
    desk.settle();
    let text = desk.project().texts.iter().next().unwrap().content.to_string();
    assert!(text.contains("Cookies") && text.contains("Home Sport"), "{text}");
    let document = desk.project().documents.iter().next().unwrap().clone();
    assert_eq!((document.title.as_str(), document.byline.as_str()), ("Ministry weighs delay", "Ada Roe"));
    // Another one, only what is selected of it.
    import(&mut desk, "other.html", &PAGE.replace("ferry", "bridge"));
    let last = "“We need,” she said, “six more weeks.” The tender was announced in March, after a year of talks.";
    desk.press(last);
    assert!(desk.shows("2 of 3 paragraphs come in."));
    desk.press("Import");
    desk.settle();
    let texts: Vec<String> = desk.project().texts.iter().map(|text| text.content.to_string()).collect();
    assert!(texts.iter().any(|text| text.contains("bridge tender") && !text.contains("announced")), "{texts:?}");
    let cut = desk
        .project()
        .documents
        .iter()
        .filter_map(|document| document.imported.as_ref())
        .find(|imported| imported.name == "other.html")
        .unwrap();
    assert_eq!(cut.changed, ["html", "selection"]);
}

#[test]
fn broken_files_are_told_and_nothing_changes() {
    let mut desk = Desk::with_article();
    let before = desk.project().clone();
    import(&mut desk, "broken.docx", "no word file");
    assert!(desk.shows(
        "broken.docx: no Word document, it is something else. Check that the file is complete and that its name ends as its kind does."
    ));
    desk.press("Close");
    assert_eq!(*desk.project(), before);
    // Stopped before it begins.
    desk.harness.state_mut().stop_next_work();
    import(&mut desk, "page.html", PAGE);
    assert!(desk.shows("Stopped. Nothing came in"));
    assert_eq!(*desk.project(), before);
}

#[test]
fn an_export_tells_its_losses_and_writes_what_the_profile_lets_out() {
    let json = include_str!("../../../it/data/example.onrecord.json");
    let mut desk = Desk::with(&[("p.onrecord.json", json)], ThemeChoice::Light, [1440.0, 900.0]);
    desk.key_with(Modifiers::COMMAND, Key::E);
    desk.settle();
    assert!(desk.shows("Format: W3C Web Annotation"));
    assert!(desk.shows("• 1 annotation in several parts: written as one annotation with several targets, which some tools take one by one; Onrecord reads it back."));
    desk.press("Full");
    desk.settle();
    assert!(desk.shows("• Reviews of 1 source: reviews are not annotations."));
    desk.press("Format: W3C Web Annotation");
    desk.press("Web page (HTML)");
    desk.settle();
    desk.press("Public");
    desk.settle();
    desk.press("Export");
    desk.settle();
    let path = desk.folder.path().join("Ferry tender.html");
    assert!(desk.shows("Wrote Ferry tender.html: 1 article, 2 annotations"));
    let page = fs::read_to_string(&path).unwrap();
    assert!(page.contains("an official with knowledge of the talks") && !page.contains("Source A") && !page.contains("One person"));
    // Enter does it too, at once.
    desk.key_with(Modifiers::COMMAND, Key::E);
    desk.settle();
    desk.key(Key::Enter);
    desk.settle();
    assert!(desk.folder.path().join("Ferry tender.jsonld").exists(), "Enter exports");
    // It is there now: the dialog says so before it is replaced.
    desk.key_with(Modifiers::COMMAND, Key::E);
    desk.press("Format: W3C Web Annotation");
    desk.press("Web page (HTML)");
    desk.settle();
    assert!(desk.shows("A file of this name is there already. Replacing it cannot be undone.") && desk.shows("Replace the file"));
}

#[test]
fn a_project_that_is_only_looked_at_takes_nothing_in() {
    let json = include_str!("../../../it/data/example.onrecord.json").replace("\"version\":1", "\"version\":99");
    let mut desk = Desk::with(&[("p.onrecord.json", &json)], ThemeChoice::Light, [1440.0, 900.0]);
    import(&mut desk, "page.html", PAGE);
    assert!(desk.shows("this project was made by a newer version and can only be read"));
}
