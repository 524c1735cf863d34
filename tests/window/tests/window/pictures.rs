//! Pictures of the window, compared where a Vulkan driver draws them.
//!
//! Without an adapter the tests say what was not compared and which package brings a driver, and pass;
//! `ONRECORD_PICTURES=required` makes that a failure. `UPDATE_SNAPSHOTS=force` takes new pictures.

use crate::desk::Desk;
use egui::Key;
use egui_kittest::{SnapshotOptions, SnapshotResults};
use onrecord::store::settings::ThemeChoice;

/// Whether pictures can be drawn here.
fn can_draw(name: &str) -> bool {
    let has_driver = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"]
        .iter()
        .any(|folder| std::fs::read_dir(folder).is_ok_and(|mut found| found.next().is_some()));
    let elsewhere = cfg!(any(target_os = "macos", target_os = "windows"));
    if has_driver || elsewhere {
        return true;
    }
    let missing = format!("picture {name} was not compared: no Vulkan driver (Debian: mesa-vulkan-drivers)");
    assert!(std::env::var("ONRECORD_PICTURES").as_deref() != Ok("required"), "{missing}");
    eprintln!("{missing}");
    false
}

fn compare(results: &mut SnapshotResults, desk: &mut Desk, name: &str) {
    if !can_draw(name) {
        return;
    }
    // Rounding differs between processors; a moved line or another colour changes far more.
    let options = SnapshotOptions::new().threshold(1.2).max_failed_pixels(60).output_path(concat!(env!("CARGO_MANIFEST_DIR"), "/pictures"));
    results.add(desk.harness.try_snapshot_options(name, &options));
}

fn sample(name: &str, theme: ThemeChoice, size: [f32; 2]) -> Desk {
    let json = std::fs::read_to_string(format!("{}/../../sample_projects/{name}.onrecord.json", env!("CARGO_MANIFEST_DIR"))).unwrap();
    Desk::with(&[(&format!("{name}.onrecord.json"), json.as_str())], theme, size)
}

#[test]
fn start() {
    let mut results = SnapshotResults::new();
    compare(&mut results, &mut Desk::empty(), "start");
}

#[test]
fn annotate_light_and_dark() {
    let mut results = SnapshotResults::new();
    for (theme, name) in [(ThemeChoice::Light, "annotate-light"), (ThemeChoice::Dark, "annotate-dark")] {
        let mut desk = sample("port-strike", theme, [1440.0, 900.0]);
        for _ in 0..10 {
            desk.key(Key::CloseBracket);
        }
        desk.harness.run_steps(20);
        compare(&mut results, &mut desk, name);
    }
}

#[test]
fn fresh_selection_with_palette() {
    let mut results = SnapshotResults::new();
    let mut desk = sample("tide-explainer", ThemeChoice::Light, [1100.0, 760.0]);
    desk.harness.state_mut().select_words("the wind alone added");
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "palette-1100");
}

#[test]
fn arabic() {
    let mut results = SnapshotResults::new();
    let mut desk = sample("mixed-scripts", ThemeChoice::Light, [1440.0, 900.0]);
    desk.press("Article: محادثات الغاز تقترب من اتفاق أولي");
    desk.press("Annotations");
    compare(&mut results, &mut desk, "arabic");
}

#[test]
fn key_sheet_and_command_palette() {
    let mut results = SnapshotResults::new();
    let mut desk = sample("port-strike", ThemeChoice::Light, [1440.0, 900.0]);
    desk.type_text("?");
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "keys");
    desk.key(Key::Escape);
    desk.key_with(egui::Modifiers::COMMAND, Key::K);
    desk.type_text("label");
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "command-palette");
}

#[test]
fn narrow() {
    let mut results = SnapshotResults::new();
    let mut desk = sample("port-strike", ThemeChoice::Dark, [760.0, 640.0]);
    compare(&mut results, &mut desk, "narrow-760");
}

#[test]
fn finding() {
    let mut results = SnapshotResults::new();
    let mut desk = sample("port-strike", ThemeChoice::Light, [1440.0, 900.0]);
    desk.key_with(egui::Modifiers::COMMAND, Key::F);
    desk.type_text("official");
    desk.press("Label hits as: Claim");
    desk.press("Anonymous source");
    desk.key(Key::ArrowDown);
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "find");
}

#[test]
fn finding_in_arabic() {
    let mut results = SnapshotResults::new();
    let mut desk = sample("mixed-scripts", ThemeChoice::Dark, [1100.0, 760.0]);
    desk.key_with(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, Key::F);
    desk.type_text("المسؤول|מקור|Порт|port");
    desk.press("Pattern");
    desk.key(Key::ArrowDown);
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "find-mixed");
}

#[test]
fn proposal_source_and_link() {
    let mut results = SnapshotResults::new();
    let mut desk = sample("tide-explainer", ThemeChoice::Light, [1440.0, 900.0]);
    let place = desk.place("unusual").center();
    desk.click(place, 1);
    desk.key(Key::Q);
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "proposal");
    desk.key(Key::Escape);
    desk.press("Source: Amara Nwosu, 3");
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "source");
    desk.key(Key::Escape);
    desk.click(desk.place("unusual").center(), 1);
    desk.key(Key::L);
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "link");
}

#[test]
fn review() {
    let mut results = SnapshotResults::new();
    for (theme, size, name) in [(ThemeChoice::Light, [1440.0, 900.0], "review"), (ThemeChoice::Dark, [1100.0, 760.0], "review-1100")] {
        let mut desk = sample("port-strike", theme, size);
        desk.harness.state_mut().introduce("EK", "senior editor");
        desk.key_with(egui::Modifiers::COMMAND, Key::Num2);
        desk.harness.run_steps(20);
        compare(&mut results, &mut desk, name);
        if name == "review" {
            desk.key_with(egui::Modifiers::COMMAND, Key::Tab);
            desk.harness.run_steps(20);
            compare(&mut results, &mut desk, "review-claims");
        }
    }
}

#[test]
fn issues_and_report() {
    let mut results = SnapshotResults::new();
    let mut desk = sample("port-strike", ThemeChoice::Light, [1440.0, 900.0]);
    desk.press("Issues");
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "issues");
    desk.key_with(egui::Modifiers::COMMAND, Key::Num2);
    desk.press("Audit report");
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "report");
}

#[test]
fn figures_over_time() {
    let mut results = SnapshotResults::new();
    let mut desk = sample("mixed-scripts", ThemeChoice::Light, [1440.0, 900.0]);
    desk.harness.state_mut().show_figures();
    desk.settle();
    desk.press("By article");
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "figures");
}

#[test]
fn importing_and_exporting() {
    let mut results = SnapshotResults::new();
    let tasks = r#"[{"data":{"text":"The tender will slip, an official said. كتبت الصحيفة.","title":"Ferry"},"annotations":[{"result":[
{"id":"a","from_name":"l","to_name":"t","type":"labels","value":{"start":0,"end":20,"text":"The tender will slip","labels":["Claim"]}},
{"id":"b","from_name":"l","to_name":"t","type":"labels","value":{"start":22,"end":33,"text":"an official","labels":["PER"]}},
{"id":"c","from_name":"l","to_name":"t","type":"labels","value":{"start":34,"end":38,"text":"says","labels":["רמז"]}},
{"type":"relation","from_id":"a","to_id":"b","direction":"right","labels":["rests on"]}]}]}]"#;
    let mut desk = sample("port-strike", ThemeChoice::Light, [1440.0, 900.0]);
    let path = desk.folder.path().join("tasks.json");
    std::fs::write(&path, tasks).unwrap();
    desk.harness.state_mut().open_files(vec![path]);
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "import");
    // Without a file of its own the project has no folder to suggest.
    let mut desk = Desk::with(&[], ThemeChoice::Dark, [1440.0, 900.0]);
    desk.press("A story on unnamed officials");
    desk.key_with(egui::Modifiers::COMMAND, Key::E);
    desk.press("Full");
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "export-dark");
}

#[test]
fn merging_and_deciding() {
    use onrecord::{
        edit::Command,
        session::{Session, WorkEnvironment},
    };
    let mut results = SnapshotResults::new();
    let mut desk = sample("port-strike", ThemeChoice::Light, [1440.0, 900.0]);
    let path = desk.folder.path().join("port-strike.onrecord.json");
    let copy = desk.folder.path().join("port-strike from BL.onrecord.json");
    let quote = desk.project().annotations.iter().find(|annotation| annotation.label.to_string() == "quote").unwrap().id.clone();
    let claims: Vec<_> = desk
        .project()
        .annotations
        .iter()
        .filter(|annotation| annotation.label.to_string() == "claim")
        .map(|claim| claim.id.clone())
        .collect();
    // Its key sorts before any other, so that its values are always shown first.
    let colleague = WorkEnvironment::seeded(5, None).with_session(Some("0".into()));
    let mut theirs = Session::open(&path, colleague).unwrap();
    let person = onrecord::model::Person {
        name: "BL".to_owned(),
        ..onrecord::model::Person::clone(theirs.project().persons.iter().next().unwrap())
    };
    theirs.set_person(Some(onrecord::model::Person { id: "blblblblbl".into(), ..person }));
    for command in [
        Command::IntroduceMyself {},
        Command::SetNote { annotation: quote.clone(), note: "Checked against the recording.".to_owned() },
        Command::DeleteAnnotations { annotations: vec![claims[1].clone()] },
        Command::SetNote { annotation: claims[0].clone(), note: "Ask the harbour master.".to_owned() },
    ] {
        theirs.run(&command).unwrap();
    }
    std::fs::write(&copy, theirs.to_bytes().unwrap()).unwrap();
    desk.harness.state_mut().run_command(&Command::SetNote { annotation: quote, note: "Not in the recording.".to_owned() });
    desk.settle();
    desk.harness.state_mut().merge(vec![copy]);
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "merge");
    desk.press("Merge");
    desk.key_with(egui::Modifiers::ALT, Key::ArrowDown);
    desk.harness.run_steps(300);
    assert!(desk.shows("1 of 1 decision"), "the note field of the inspector must not answer it");
    compare(&mut results, &mut desk, "decide");
    let Desk { harness, folder } = desk;
    drop(harness);
    let mut desk = Desk::open(folder, Vec::new(), ThemeChoice::Dark, [1440.0, 900.0]);
    desk.harness.run_steps(20);
    compare(&mut results, &mut desk, "start-unsaved");
}
