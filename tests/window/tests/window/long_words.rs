//! Words of any length, wherever people write them: shown as far as anybody reads, and never a burden.

use crate::{desk::Desk, opening::said};
use egui::{Key, Modifiers, ViewportCommand};
use onrecord::store::settings::ThemeChoice;

const LIGHT: (ThemeChoice, [f32; 2]) = (ThemeChoice::Light, [1440.0, 900.0]);

/// As long as what stands in one line may be, without a space, and in letters of two bytes.
fn line() -> String {
    "é".repeat(8_000)
}

/// The example with a long name in every field that is shown in a line, and a note and a comment as long as they may be.
fn long_example() -> String {
    let (line, prose) = (line(), "word ".repeat(200_000));
    let mut file = include_str!("../../../it/data/example.onrecord.json").to_owned();
    for (from, to) in [
        ("\"title\":\"Ferry tender\"", format!("\"title\":\"{line}\"")),
        ("\"title\":\"Ministry weighs delay\"", format!("\"title\":\"{line}\"")),
        ("\"alias\":\"Source A\"", format!("\"alias\":\"{line}\"")),
        ("\"role\":\"official with", format!("\"role\":\"{line}")),
        ("\"name\":\"BL\"", format!("\"name\":\"{line}\"")),
        ("\"name\":\"AK\"", format!("\"name\":\"{line}\"")),
        ("\"name\":\"Quote\"", format!("\"name\":\"{line}\"")),
        ("\"name\":\"Anonymous source\"", format!("\"name\":\"{line}\"")),
        ("\"name\":\"Basis\"", format!("\"name\":\"{line}\"")),
        ("\"name\":\"said by\"", format!("\"name\":\"{line}\"")),
        ("\"outlet\":\"Harbour News\"", format!("\"outlet\":\"{line}\"")),
        ("\"text\":\"One person or two?\"", format!("\"text\":\"{prose}\"")),
        ("\"note\":\"Say why", format!("\"note\":\"{prose}")),
        ("\"why\":\"repeated headline\"", format!("\"why\":\"{line}\"")),
        ("\"name\":\"Small desk\"", format!("\"name\":\"{line}\"")),
    ] {
        assert!(file.contains(from), "{from}");
        file = file.replacen(from, &to, 1);
    }
    file
}

#[test]
fn what_is_shown_is_cut_in_every_view() {
    let mut desk = Desk::with(&[("p.onrecord.json", &long_example())], LIGHT.0, LIGHT.1);
    assert!(desk.app().session().is_some(), "{:?}", said(&desk));
    let mut all: Vec<String> = Vec::new();
    let mut check = |desk: &Desk, view: &str| {
        let bad = said(desk).into_iter().filter(|words| words.chars().count() > 10_000);
        all.extend(bad.map(|words| format!("{view}: {} letters: {}", words.chars().count(), words.chars().take(40).collect::<String>())));
    };
    check(&desk, "annotate");
    desk.key(Key::CloseBracket);
    check(&desk, "a mention in the inspector");
    desk.key(Key::CloseBracket);
    check(&desk, "a quote in the inspector");
    for tab in ["Annotations", "Issues", "Decide"] {
        desk.press(tab);
        check(&desk, tab);
    }
    desk.key_with(Modifiers::COMMAND, Key::Num2);
    check(&desk, "review");
    desk.key_with(Modifiers::COMMAND, Key::Num1);
    desk.key_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    desk.type_text("ferry");
    desk.harness.run_steps(10);
    check(&desk, "find");
    desk.key(Key::Escape);
    desk.key(Key::Escape);
    desk.key_with(Modifiers::COMMAND, Key::K);
    check(&desk, "palette");
    desk.key(Key::Escape);
    desk.key_with(Modifiers::COMMAND, Key::W);
    check(&desk, "closing");
    assert!(all.is_empty(), "{all:#?}");
}

#[test]
fn the_window_s_own_title_is_cut() {
    // Longer than a file may say it: also what comes in otherwise ends no window.
    let mut desk = Desk::with(&[("p.onrecord.json", &long_example())], LIGHT.0, LIGHT.1);
    desk.harness.state_mut().run_command(&onrecord::edit::Command::SetTitle { title: "x".repeat(17 << 20) });
    let mut titles = Vec::new();
    for _ in 0..6 {
        desk.harness.step();
        let viewports = desk.harness.output().viewport_output.values();
        titles.extend(viewports.flat_map(|viewport| &viewport.commands).filter_map(|command| match command {
            ViewportCommand::Title(title) => Some(title.chars().count()),
            _ => None,
        }));
    }
    assert!(titles.iter().all(|length| *length < 600), "{titles:?}");
    let file = include_str!("../../../it/data/example.onrecord.json").replacen("Ferry tender", &"x".repeat(17 << 20), 1);
    let desk = Desk::with(&[("p.onrecord.json", &file)], LIGHT.0, LIGHT.1);
    assert!(desk.app().session().is_none() && desk.shows("P.onrecord.json cannot be opened"), "{:?}", said(&desk));
    assert!(said(&desk).iter().all(|words| words.chars().count() < 1_000));
}

#[test]
fn a_word_of_five_megabytes_is_marked_and_quoted() {
    let word = "word".repeat(1_250_000);
    let mut desk = Desk::with(&[("long.txt", word.as_str())], LIGHT.0, LIGHT.1);
    desk.key_with(Modifiers::COMMAND, Key::A);
    desk.key(Key::Num2);
    assert_eq!(desk.marked().first().map(|(label, words)| (label.as_str(), words.len())), Some(("quote", word.len())));
    desk.key(Key::CloseBracket);
    for tab in ["Annotations", "Inspector"] {
        desk.press(tab);
        let longest = said(&desk).iter().map(|words| words.chars().count()).max();
        assert!(longest < Some(10_000), "{tab}: {longest:?} letters");
    }
    desk.key_with(Modifiers::COMMAND, Key::K);
    desk.key(Key::Escape);
    // The name that is proposed for the file fits the disk, and so does one as long as the disk allows.
    let name = format!("{}.onrecord.json", "n".repeat(255 - ".onrecord.json".len()));
    let path = desk.folder.path().join(&name);
    desk.harness.state_mut().save_as(&path);
    desk.settle();
    assert!(path.exists() && !desk.app().is_dirty(), "{:?}", said(&desk).last());
}
