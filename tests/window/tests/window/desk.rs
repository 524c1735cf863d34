//! The app in a harness, with the gestures that the tests make.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect};
use egui_kittest::{Harness, kittest::Queryable as _};
use onrecord::{
    model::{Annotation, Project},
    store::settings::{Settings, ThemeChoice},
    ui::{App, Options, SystemFonts},
};
use std::{path::PathBuf, sync::Arc};

/// An article for tests: quotation marks, an accent, an Arabic paragraph.
pub(crate) const ARTICLE: &str = "Ministry weighs delay of tender\n\n\
    The ferry tender will slip to spring, an official with knowledge of the talks said on condition of anonymity.\n\
    “We need,” she said, “six more weeks.”\n\
    قال مسؤول كبير في الوزارة إن القرار سيُعلن غدًا.\n\
    The café owners said that the delay costs them a summer.\n";

/// A window with its app, and a folder for its files.
pub(crate) struct Desk {
    pub(crate) harness: Harness<'static, App>,
    pub(crate) folder: tempfile::TempDir,
}

impl Desk {
    /// The start screen.
    pub(crate) fn empty() -> Self {
        Self::with(&[], ThemeChoice::Light, [1440.0, 900.0])
    }

    /// The test article, opened from a file.
    pub(crate) fn with_article() -> Self {
        Self::with(&[("ferry.txt", ARTICLE)], ThemeChoice::Light, [1440.0, 900.0])
    }

    /// Files that are written into a folder and opened.
    pub(crate) fn with(files: &[(&str, &str)], theme: ThemeChoice, size: [f32; 2]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |(name, content): &(&str, &str)| {
            let path = folder.path().join(name);
            std::fs::write(&path, content).unwrap();
            path
        };
        let files: Vec<PathBuf> = files.iter().map(write).collect();
        Self::open(folder, files, theme, size)
    }

    /// The app on files that are there already.
    pub(crate) fn open(folder: tempfile::TempDir, files: Vec<PathBuf>, theme: ThemeChoice, size: [f32; 2]) -> Self {
        let data = folder.path().join("data");
        Self::start(folder, &data, files, theme, size)
    }

    /// A second window of the same user.
    pub(crate) fn beside(data: &std::path::Path, files: Vec<PathBuf>) -> Self {
        Self::start(tempfile::tempdir().unwrap(), data, files, ThemeChoice::Light, [1440.0, 900.0])
    }

    fn start(folder: tempfile::TempDir, data: &std::path::Path, files: Vec<PathBuf>, theme: ThemeChoice, size: [f32; 2]) -> Self {
        let settings = Settings { theme, ..Settings::default() };
        let settings_folder = Some(folder.path().join("settings"));
        let minute = Some("2026-11-20T14:05Z".to_owned());
        let data_folder = Some(data.to_owned());
        let options = Options { files, settings, settings_folder, data_folder, system_fonts: SystemFonts::None, inline_jobs: true, minute };
        let harness = Harness::builder()
            .with_size(size)
            .with_pixels_per_point(1.0)
            .with_step_dt(1.0 / 60.0)
            .with_render_cursor(false)
            .build_eframe(move |creation| App::new(&creation.egui_ctx, options));
        let mut desk = Self { harness, folder };
        desk.settle();
        desk
    }

    /// Some frames, so that what was asked for is done and shown.
    pub(crate) fn settle(&mut self) {
        self.harness.run_steps(6);
    }

    /// Until presses no longer count as those of one row.
    pub(crate) fn pause(&mut self) {
        self.harness.run_steps(30);
    }

    pub(crate) fn app(&self) -> &App {
        self.harness.state()
    }

    pub(crate) fn project(&self) -> &Project {
        self.app().session().unwrap().project()
    }

    /// Label and words of every annotation, by place.
    pub(crate) fn marked(&self) -> Vec<(String, String)> {
        let mut all: Vec<&Arc<Annotation>> = self.project().annotations.iter().collect();
        all.sort_by_key(|annotation| (annotation.ranges.bounds().start, std::cmp::Reverse(annotation.ranges.bounds().end)));
        all.into_iter().map(|annotation| (annotation.label.to_string(), annotation.excerpt())).collect()
    }

    /// Where words of the article stand on the screen.
    pub(crate) fn place(&self, words: &str) -> Rect {
        self.app().place_of(words).unwrap_or_else(|| panic!("{words:?} is not in sight"))
    }

    pub(crate) fn button(&mut self, at: Pos2, pressed: bool, modifiers: Modifiers) {
        self.harness.input_mut().events.push(Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers });
        self.harness.step();
    }

    pub(crate) fn move_to(&mut self, at: Pos2) {
        self.harness.input_mut().events.push(Event::PointerMoved(at));
        self.harness.step();
    }

    pub(crate) fn click(&mut self, at: Pos2, times: usize) {
        self.pause();
        self.move_to(at);
        for _ in 0..times {
            self.button(at, true, Modifiers::NONE);
            self.button(at, false, Modifiers::NONE);
        }
        self.settle();
    }

    pub(crate) fn drag(&mut self, from: Pos2, to: Pos2) {
        self.pause();
        self.move_to(from);
        self.button(from, true, Modifiers::NONE);
        for step in 1..=5_u8 {
            self.move_to(from.lerp(to, f32::from(step) / 5.0));
        }
        self.button(to, false, Modifiers::NONE);
        self.settle();
    }

    pub(crate) fn key(&mut self, key: Key) {
        self.key_with(Modifiers::NONE, key);
    }

    pub(crate) fn key_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    pub(crate) fn type_text(&mut self, text: &str) {
        self.harness.input_mut().events.push(Event::Text(text.to_owned()));
        self.harness.step();
        self.settle();
    }

    /// The name of what has the keyboard.
    pub(crate) fn focused_name(&self) -> Option<String> {
        use egui_kittest::kittest::NodeT as _;
        let node = self.harness.root().children_recursive().find(|node| node.accesskit_node().is_focused())?;
        let node = node.accesskit_node();
        node.label().or_else(|| node.value())
    }

    /// Presses a control by its accessible name.
    pub(crate) fn press(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.settle();
    }

    /// What a key puts into the clipboard.
    pub(crate) fn copied_by(&mut self, modifiers: Modifiers, key: Key) -> Vec<String> {
        let event = Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
        self.harness.input_mut().events.push(event);
        let mut copied = Vec::new();
        for _ in 0..6 {
            self.harness.step();
            copied.extend(self.harness.output().platform_output.commands.iter().filter_map(|command| match command {
                egui::OutputCommand::CopyText(text) => Some(text.clone()),
                _ => None,
            }));
        }
        copied
    }

    /// Presses the first of that name as a screen reader does, wherever it has been scrolled to.
    pub(crate) fn press_out_of_sight(&mut self, name: &str) {
        self.harness.query_all_by_label(name).next().unwrap_or_else(|| panic!("nothing is called {name:?}")).click_accesskit();
        self.settle();
    }

    pub(crate) fn shows(&self, name: &str) -> bool {
        self.harness.query_all_by_label_contains(name).next().is_some()
    }
}
