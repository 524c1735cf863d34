//! An editor at the review desk, from the keyboard: from the queue to a decision, and what follows from it.

use crate::desk::Desk;
use egui::{Key, Modifiers};
use onrecord::{
    model::{Decision, Id},
    store::settings::ThemeChoice,
};
use std::sync::Arc;

/// A sample as its annotator left it, with an editor at work.
fn at_the_desk(role: &str) -> Desk {
    let json = std::fs::read_to_string(format!("{}/tests/window/strike.onrecord.json", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut desk = Desk::with(&[("strike.onrecord.json", json.as_str())], ThemeChoice::Light, [1440.0, 900.0]);
    desk.harness.state_mut().introduce("EK", role);
    desk.settle();
    desk
}

fn review(desk: &mut Desk) {
    desk.key_with(Modifiers::COMMAND, Key::Num2);
    desk.press("Use Wire agency, strict");
}

fn decisions(desk: &Desk) -> Vec<Arc<Decision>> {
    let mut all: Vec<Arc<Decision>> = desk.project().decisions.iter().cloned().collect();
    all.sort_by(|one, other| one.at.cmp(&other.at).then(one.after.len().cmp(&other.after.len())).then(one.id.cmp(&other.id)));
    all
}

#[test]
fn a_whole_review_by_keyboard() {
    let mut desk = at_the_desk("senior editor");
    desk.key_with(Modifiers::COMMAND, Key::Num2);
    assert!(desk.shows("Which rules does this review follow?"), "the first review asks for its rules");
    desk.press("Use Wire agency, strict");
    assert!(desk.shows("Source A: unreviewed"), "the riskiest source is open");
    assert!(desk.shows("blocking items open"));
    // What can be answered by the annotations is filled in; everything else is asked first.
    desk.key(Key::A);
    assert!(desk.shows("blocking items are open") && decisions(&desk).is_empty(), "it cannot be approved yet");
    for _ in 0..22 {
        desk.key(Key::Y);
    }
    assert!(desk.shows("No blocking item open"));
    // Claims: tab, outcomes.
    desk.key_with(Modifiers::COMMAND, Key::Tab);
    for outcome in [Key::Num1, Key::Num3, Key::Num4] {
        desk.key(outcome);
    }
    desk.key(Key::A);
    let made = decisions(&desk);
    assert_eq!(made.len(), 1);
    assert_eq!((made[0].to.as_str(), made[0].role.as_str()), ("approved", "senior editor"));
    assert!(made[0].outcomes.as_ref().is_some_and(|outcomes| outcomes.get().matches(':').count() == 3));
    assert!(desk.shows("Source B: unreviewed"), "the next source opened");
    // A note is needed where something goes back.
    desk.key(Key::W);
    desk.type_text("Say why no name is given.");
    desk.key_with(Modifiers::COMMAND, Key::Enter);
    assert_eq!(decisions(&desk).len(), 2);
    assert!(decisions(&desk).iter().any(|decision| decision.to == "needs_work" && decision.note == "Say why no name is given."));
    // Undo takes the decision back, and the desk follows.
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(decisions(&desk).len(), 1);
    // Back to the first: K.
    for _ in 0..6 {
        desk.key(Key::K);
    }
    assert!(desk.shows("unreviewed"));
}

#[test]
fn answers_are_kept_when_the_editor_moves_on_or_saves() {
    let mut desk = at_the_desk("editor");
    review(&mut desk);
    desk.key(Key::Y);
    desk.key(Key::N);
    desk.key(Key::J);
    let made = decisions(&desk);
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].to, "in_review");
    assert!(made[0].answers.as_ref().is_some_and(|answers| answers.get().contains("\"no\"")));
    desk.key(Key::Y);
    let path = desk.folder.path().join("saved.onrecord.json");
    desk.harness.state_mut().save_as(&path);
    desk.settle();
    assert_eq!(std::fs::read_to_string(path).unwrap().matches("\"to\":\"in_review\"").count(), 2);
    desk.key(Key::K);
    assert!(desk.shows("Checklist") && decisions(&desk).len() == 2, "looking decides nothing");
}

#[test]
fn the_article_is_locked_while_it_is_reviewed() {
    let mut desk = at_the_desk("editor");
    review(&mut desk);
    let before = desk.project().annotations.clone();
    for key in [Key::Num1, Key::Num2, Key::Delete, Key::M, Key::E, Key::Q, Key::L, Key::S] {
        desk.key(key);
    }
    desk.type_text(".");
    assert!(desk.project().annotations == before, "no key of the annotator works here");
    let place = desk.place("The order could").center();
    desk.drag(place, place + egui::vec2(60.0, 0.0));
    assert!(!desk.shows("Label as Claim"), "no palette");
    assert!(desk.project().annotations == before);
}

#[test]
fn a_rank_overrides_with_a_note_and_nobody_else_does() {
    let mut desk = at_the_desk("editor");
    review(&mut desk);
    desk.key(Key::O);
    assert!(desk.shows("The policy lets nobody override this one"));
    let overridable = "Corroborated by a second independent source or document";
    desk.press(&format!("No: {overridable}"));
    desk.key(Key::O);
    assert!(decisions(&desk).is_empty());
}

#[test]
fn an_edit_after_the_approval_makes_it_stale_and_says_what_changed() {
    let mut desk = at_the_desk("editor");
    review(&mut desk);
    for _ in 0..22 {
        desk.key(Key::Y);
    }
    desk.key(Key::A);
    assert_eq!(decisions(&desk).len(), 1);
    desk.key_with(Modifiers::COMMAND, Key::Num1);
    let source = decisions(&desk)[0].source.clone();
    let mention: Id<onrecord::model::Annotation> =
        desk.project().annotations.iter().find(|annotation| annotation.source.as_ref() == Some(&source)).unwrap().id.clone();
    desk.harness.state_mut().run_command(&onrecord::edit::Command::DeleteAnnotations { annotations: vec![mention] });
    desk.settle();
    desk.key_with(Modifiers::COMMAND, Key::Num2);
    assert!(desk.shows("stale"), "the queue says so");
    desk.key_with(Modifiers::COMMAND, Key::Num1);
    desk.press("Issues");
    assert!(desk.shows("is stale") || desk.shows("Review…"), "and so does what stands in the way");
}

#[test]
fn issues_of_sourcing_are_live_and_switched_off_with_a_reason() {
    let mut desk = at_the_desk("editor");
    desk.press("Issues");
    assert!(desk.shows("Ready to publish") && desk.shows("Sourcing"));
    let first = desk.project().info.checks_off.iter().count();
    assert_eq!(first, 0);
    desk.press_out_of_sight("Switch off…");
    desk.type_text("House style.");
    desk.key(Key::Enter);
    assert_eq!(desk.project().info.checks_off.iter().count(), 1);
    assert!(desk.shows("Switched off"));
}

#[test]
fn a_report_is_previewed_and_written() {
    let mut desk = at_the_desk("editor");
    review(&mut desk);
    desk.press("Audit report");
    assert!(desk.shows("This is what would be written") && desk.shows("No alias, no review, no notes"));
    assert!(desk.shows("NOT CLEARED"));
    desk.press("Desk");
    assert!(desk.shows("decisions with initials and roles"));
    desk.press("MD");
    let path = desk.folder.path().join("audit.md");
    desk.press("File of the report");
    desk.key_with(Modifiers::COMMAND, Key::A);
    desk.type_text(&path.display().to_string());
    desk.press("Write the report");
    let written = std::fs::read_to_string(path).unwrap();
    assert!(written.starts_with("# Audit of unnamed sources") && written.contains("Source A"), "{written}");
}

#[test]
fn a_note_that_says_too_much_is_noticed_before_it_is_kept() {
    let mut desk = at_the_desk("editor");
    review(&mut desk);
    desk.key(Key::R);
    desk.type_text("Ask a.roe@harbour.example about it.");
    assert!(desk.shows("This looks like an e-mail address"));
    desk.key_with(Modifiers::COMMAND, Key::A);
    desk.type_text("It is Jonas Unheard.");
    assert!(desk.shows("“Jonas Unheard” is not in the article"));
    desk.key(Key::Escape);
    assert!(decisions(&desk).is_empty(), "Escape leaves everything as it was");
}

#[test]
fn a_broken_policy_is_refused_with_its_place() {
    let mut desk = at_the_desk("editor");
    desk.key_with(Modifiers::COMMAND, Key::Num2);
    desk.press("Paste another policy…");
    desk.press("Policy as JSON");
    desk.type_text("{\"id\": oops");
    desk.press("Keep as a new version");
    assert!(desk.shows("The policy cannot be read at line 1, column 8") || desk.shows("the policy cannot be read at line 1, column 8"));
    assert!(desk.project().policies.is_empty());
}

#[test]
fn what_is_purged_is_gone_from_the_file_at_once() {
    const SECRET: &str = "Jonas Unheard";
    let mut desk = at_the_desk("editor");
    let first = desk.project().annotations.iter().next().unwrap().id.clone();
    desk.harness.state_mut().run_command(&onrecord::edit::Command::SetNote { annotation: first.clone(), note: SECRET.to_owned() });
    let path = desk.folder.path().join("told.onrecord.json");
    desk.harness.state_mut().save_as(&path);
    desk.settle();
    let holds = || std::fs::read_to_string(&path).unwrap().contains(SECRET);
    assert!(holds());
    // The journal has the record as the file has it, once something else is written about it.
    let relabel = onrecord::edit::Command::SetRanges {
        annotation: first.clone(),
        ranges: onrecord::text::Ranges::one(onrecord::text::TextRange::new(0, 4)),
    };
    desk.harness.state_mut().run_command(&relabel);
    desk.settle();
    let folder = onrecord::store::journal::folder(&desk.folder.path().join("data"));
    let journalled = || {
        let logs = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        logs.map(|log| std::fs::read_to_string(log.path()).unwrap()).any(|log| log.contains(SECRET))
    };
    assert!(journalled());
    desk.harness.state_mut().choose_annotation(&first);
    desk.settle();
    desk.press("Purge…");
    assert!(desk.shows("Copies that were sent"));
    desk.press("Cancel");
    assert!(holds(), "it was left");
    desk.press("Purge…");
    desk.press("Purge");
    desk.settle();
    assert!(!holds() && !journalled() && desk.shows("Saved"));
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert!(!format!("{:?}", desk.app().session().unwrap().history()).contains(SECRET));
    assert!(desk.project().annotations.get(&first).unwrap().note.is_empty());
}

#[test]
fn the_queue_is_filtered_by_state_person_and_article() {
    let mut desk = at_the_desk("editor");
    review(&mut desk);
    let listed = |desk: &Desk| ["A", "B", "C", "D", "E", "F"].iter().filter(|name| desk.shows(&format!("Source {name}, "))).count();
    assert_eq!(listed(&desk), 6);
    desk.key(Key::Y);
    desk.key(Key::J);
    desk.press("Marked or decided by: Anybody");
    desk.press("EK");
    assert_eq!(listed(&desk), 1, "the one that the editor began");
    desk.press("Marked or decided by: EK");
    desk.press("Anybody");
    desk.press("Only: All states");
    desk.press("Unreviewed");
    assert_eq!(listed(&desk), 5);
}

#[test]
fn sources_and_decisions_are_commented_on() {
    let mut desk = at_the_desk("editor");
    review(&mut desk);
    desk.key(Key::W);
    desk.type_text("Say why no name is given.");
    desk.key_with(Modifiers::COMMAND, Key::Enter);
    desk.key(Key::K);
    for _ in 0..3 {
        desk.key_with(Modifiers::COMMAND, Key::Tab);
    }
    let decision = decisions(&desk)[0].id.key().clone();
    desk.press_out_of_sight("Comment…");
    desk.press("Comment");
    desk.type_text("Ask the desk.");
    desk.press("Send");
    let made: Vec<_> = desk.project().comments.iter().map(|comment| (comment.on.clone(), comment.text.clone())).collect();
    assert_eq!(made, [(decision, "Ask the desk.".to_owned())]);
}

#[test]
fn figures_are_shown_by_group_and_written_as_csv() {
    let mut desk = at_the_desk("editor");
    desk.harness.state_mut().show_figures();
    desk.settle();
    assert!(desk.shows("2026-11: 8 named, 6 unnamed, "), "months first");
    desk.press("By outlet");
    assert!(desk.shows("Harbour News Agency: 8 named, 6 unnamed, "));
    let path = desk.folder.path().join("figures.csv");
    desk.press("File of the figures");
    desk.key_with(Modifiers::COMMAND, Key::A);
    desk.type_text(&path.display().to_string());
    desk.press("Write as CSV");
    let written = std::fs::read_to_string(path).unwrap();
    assert!(written.starts_with("group,documents,named_sources,"), "{written}");
    assert!(written.contains("Harbour News Agency,1,8,6,"), "{written}");
}

#[test]
fn answers_wait_for_initials_and_are_not_lost() {
    let json = std::fs::read_to_string(format!("{}/tests/window/strike.onrecord.json", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut desk = Desk::with(&[("strike.onrecord.json", json.as_str())], ThemeChoice::Light, [1440.0, 900.0]);
    desk.key_with(Modifiers::COMMAND, Key::Num2);
    desk.press("Use Wire agency, strict");
    desk.key(Key::Y);
    assert!(desk.shows("Who is working?"), "an answer needs initials");
    desk.key(Key::Escape);
    desk.key(Key::J);
    assert!(desk.shows("Who is working?") && desk.shows("Source A: unreviewed"), "and is not left behind without");
    assert_eq!(desk.focused_name().as_deref(), Some("Initials"));
    desk.type_text("EK");
    desk.press("Keep");
    assert!(desk.shows("EK"), "the initials are known");
    assert!(!desk.shows("Who is working?"), "and no longer asked for");
    desk.key(Key::J);
    assert!(desk.shows("Source B: unreviewed"));
    assert_eq!(decisions(&desk).len(), 1);
    // Back and on at once: what was answered is there, and one more answer is added to it.
    desk.key(Key::K);
    desk.key(Key::Y);
    desk.key(Key::J);
    let all = decisions(&desk);
    let answers = |decision: &Decision| decision.answers.as_ref().map_or(0, |answers| answers.get().matches("\"yes\"").count());
    assert_eq!(all.iter().map(|decision| answers(decision)).collect::<Vec<_>>(), [1, 2]);
}
