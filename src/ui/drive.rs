//! How tests and benchmarks drive the app where no widget can be pressed: files that arrive, places in the text, scrolling.

use super::{
    action::Action,
    app::{App, Desk},
    dialogs::Dialog,
};
use crate::session::Session;
use std::path::PathBuf;

impl App {
    /// The open project, for tests.
    pub fn session(&self) -> Option<&Session> {
        self.desk.as_ref().map(|desk| &desk.session)
    }

    /// The snapshot that a save takes; for benchmarks.
    pub fn save_job(&mut self, path: &std::path::Path) -> Option<crate::session::SaveJob> {
        self.desk.as_mut()?.session.save_job(path).ok()
    }

    /// Files are dropped on the window; for tests.
    pub fn drop_files(&mut self, files: Vec<PathBuf>) {
        self.actions.push(Action::Dropped(files));
    }

    /// Copies were chosen to be merged; for tests.
    pub fn merge(&mut self, files: Vec<PathBuf>) {
        self.actions.push(Action::MergePaths(files));
    }

    /// Copies were chosen to be compared; for tests.
    pub fn compare(&mut self, files: Vec<PathBuf>) {
        self.actions.push(Action::ComparePaths(files));
    }

    /// Opens what git needs; for tests.
    pub fn set_up_git(&mut self) {
        self.actions.push(Action::GitSetup);
    }

    /// The selected words of the open article, for tests.
    pub fn selected_words(&self) -> Option<&str> {
        let desk = self.desk.as_ref()?;
        let text = &desk.index.as_ref()?.text().content;
        text.get(desk.view()?.to_take(text))
    }

    /// Where words of the open article stand on the screen, as far as their first line is in sight; for tests.
    pub fn place_of(&self, words: &str) -> Option<egui::Rect> {
        let desk = self.desk.as_ref()?;
        let index = desk.index.as_ref()?;
        let start = index.text().content.find(words)?;
        let view = desk.view()?;
        let block = index.blocks().block_at(start);
        let origin = view.visible.iter().find(|visible| visible.block == block)?.origin;
        let within = start - index.blocks().bytes(block).start;
        let laid_out = view.laid_out(block)?;
        let mut place: Option<egui::Rect> = None;
        laid_out.pieces(&(within..within + words.len()), |line, left, right| {
            if let Some(line) = laid_out.lines.get(line) {
                let piece = egui::Rect::from_min_max(
                    egui::pos2(origin.x + left, origin.y + line.top),
                    egui::pos2(origin.x + right, origin.y + line.bottom),
                );
                place = Some(place.map_or(piece, |place| place.union(piece)));
            }
        });
        place
    }

    /// Where the start or the end of the selected annotation can be grabbed; for tests.
    pub fn handle_of_selected(&self, end: bool) -> Option<egui::Pos2> {
        let view = self.desk.as_ref()?.view()?;
        if end { view.handles.1 } else { view.handles.0 }
    }

    /// Says who works, as the dialog does; for tests.
    pub fn introduce(&mut self, initials: &str, role: &str) {
        self.actions.push(Action::SetPerson { initials: initials.to_owned(), role: role.to_owned() });
    }

    /// The selected annotation, for tests.
    pub fn selected_annotation(&self) -> Option<crate::model::Id<crate::model::Annotation>> {
        self.desk.as_ref()?.selected().map(|annotation| annotation.id.clone())
    }

    /// Where the chip of the annotation with these words is; for tests.
    pub fn chip_of(&self, words: &str) -> Option<egui::Rect> {
        let desk = self.desk.as_ref()?;
        let view = desk.view()?;
        let found = desk.session.project().annotations.iter().find(|annotation| annotation.excerpt() == words)?;
        view.chips.iter().find(|(of, _)| *of == found.id).map(|(_, rect)| *rect)
    }

    /// Whether an annotation has a chip in the margin; for tests.
    pub fn has_chip(&self, annotation: &crate::model::Id<crate::model::Annotation>) -> bool {
        let view = self.desk.as_ref().and_then(Desk::view);
        view.is_some_and(|view| view.chips.iter().any(|(of, _)| of == annotation))
    }

    /// How many hits the find page shows; for benchmarks.
    pub fn found(&self) -> usize {
        self.state.finding.as_ref().map_or(0, |finding| finding.found.len())
    }

    /// Looks for other words on the find page; for benchmarks.
    pub fn look_for(&mut self, words: &str, regex: bool) {
        if let Some(finding) = &mut self.state.finding {
            (finding.query.words, finding.query.regex) = (words.to_owned(), regex);
        }
    }

    /// Checks the first hits and gives how many there were; for benchmarks.
    pub fn check_hits(&mut self, most: usize) -> usize {
        let Some(finding) = &mut self.state.finding else { return 0 };
        finding.checked = (0..most.min(finding.found.len())).collect();
        finding.checked.len()
    }

    /// Computes queue, checks and clearance as their thread does; for benchmarks.
    pub fn compute_review(&self) {
        if let Some(desk) = &self.desk {
            drop(crate::ui::computed::Computed::new(desk.session.project()));
        }
    }

    /// Looks again at what an annotation says, as after an edit of it; for benchmarks.
    pub fn check_again(&mut self, annotation: &crate::model::Id<crate::model::Annotation>) {
        if let Some(desk) = &self.desk {
            let record = desk.session.project().annotations.get(annotation).cloned();
            let change =
                crate::edit::Change::Annotation(crate::edit::Swap { id: annotation.clone(), before: record.clone(), after: record });
            self.state.reviewing.follow(desk.session.project(), desk.sources.links(), &[change]);
        }
    }

    /// Shows the issues, so that they are live; for benchmarks.
    pub fn show_issues(&mut self) {
        self.state.tab = crate::ui::app::Tab::Issues;
    }

    /// Whether the review is being computed; for tests and benchmarks.
    pub fn is_computing(&self) -> bool {
        self.state.reviewing.is_computing()
    }

    /// Opens the figures over time, as the menu does; for tests.
    pub fn show_figures(&mut self) {
        self.actions.push(Action::Figures);
    }

    /// Stops the next large edit before it begins, as a user who is quick; for tests.
    pub fn stop_next_work(&mut self) {
        self.stop_next = true;
    }

    /// Runs a command, as panels do; for tests.
    pub fn run_command(&mut self, command: &crate::edit::Command) {
        self.actions.push(Action::Edit(command.clone()));
    }

    /// Chooses an annotation, as its chip does; for tests.
    pub fn choose_annotation(&mut self, annotation: &crate::model::Id<crate::model::Annotation>) {
        self.actions.push(Action::ChooseAnnotation(Some(annotation.clone())));
    }

    /// Saves to a file, as the dialog does; for tests.
    pub fn save_as(&mut self, path: &std::path::Path) {
        self.actions.push(Action::SaveTo(path.to_owned()));
    }

    /// Asks for a path to save to, as where the system has no dialogs; for tests.
    pub fn ask_for_path(&mut self, path: &std::path::Path) {
        self.state.dialog = Some(Dialog::Path { ask: super::jobs::Ask::Save, path: path.display().to_string() });
    }

    /// Lets a project that was asked for arrive, whatever happened meanwhile; for tests.
    pub fn project_arrives(&mut self, path: &std::path::Path) {
        self.jobs.open(vec![path.to_owned()], self.environment());
    }

    /// Opens files, as dropping them does; for tests.
    pub fn open_files(&mut self, paths: Vec<PathBuf>) {
        self.actions.push(Action::OpenPaths(paths));
    }

    /// Scrolls the open article by pixels, or to a share of its height; for benchmarks.
    pub fn scroll(&mut self, by: f64, to_share: Option<f64>) {
        if let Some(view) = self.desk.as_mut().and_then(Desk::view_mut) {
            let y = to_share.map_or_else(|| view.scroll_y() + by, |share| view.total_height() * share);
            view.set_scroll_y(y);
        }
    }

    /// Selects words of the open article, as a drag would; for tests and benchmarks.
    pub fn select_words(&mut self, words: &str) -> bool {
        let Some(desk) = &mut self.desk else { return false };
        let found = desk.index.as_ref().and_then(|index| index.text().content.find(words));
        let (Some(start), Some(view)) = (found, desk.view_mut()) else { return false };
        view.select_bytes(start..start + words.len());
        self.state.fresh_selection = true;
        true
    }
}
