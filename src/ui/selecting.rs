//! Growing a selection by the structure of the text and shrinking it again, focus mode, and the user's own cue words.

use super::{
    app::{App, Desk},
    dialogs::Dialog,
};
use crate::{
    store::settings::Settings,
    suggest::{Cues, cues},
    text::boundary,
};
use std::sync::Arc;

impl App {
    /// E: the next larger unit around what is selected.
    pub(crate) fn grow(&mut self) {
        let Some(desk) = &mut self.desk else { return };
        let Some(text) = desk.index.as_ref().map(|index| Arc::clone(index.text())) else { return };
        let selected =
            desk.selected().and_then(|annotation| desk.index.as_ref()?.get(&annotation.id)).map(crate::display::span_index::Span::bounds);
        let Some(view) = desk.view_mut() else { return };
        // Without a selection an annotation that holds the caret is where growing begins.
        let here = match selected {
            Some(bounds) if view.selection().is_empty() && bounds.start <= view.head && view.head <= bounds.end => bounds,
            _ => view.selection(),
        };
        let Some(grown) = boundary::grow(&text.content, here.clone()) else { return };
        if self.state.grown.last().is_none_or(|last| *last != here) {
            self.state.grown.clear();
            self.state.grown.push(here);
        }
        self.state.grown.push(grown.clone());
        view.select_bytes(grown);
        self.state.fresh_selection = true;
    }

    /// Shift E: back to what was selected before growing.
    pub(crate) fn shrink(&mut self) {
        let Some(view) = self.desk.as_mut().and_then(Desk::view_mut) else { return };
        let is_last = self.state.grown.last().is_some_and(|last| *last == view.selection());
        if !is_last {
            self.state.grown.clear();
            return;
        }
        self.state.grown.pop();
        if let Some(before) = self.state.grown.last().cloned() {
            view.select_bytes(before);
            self.state.fresh_selection = true;
        }
    }

    /// F: only the chosen label or source in colour, or everything again.
    pub(crate) fn toggle_focus_mode(&mut self) {
        self.state.focus_mode = !self.state.focus_mode;
        match (self.state.focus_mode, self.focused_name()) {
            (false, _) => {}
            (true, Some(name)) => self.toasts.success(format!("Only {name} in colour"), None),
            (true, None) => {
                self.state.focus_mode = false;
                self.toasts.success("Choose an annotation or a source first", None);
            }
        }
    }

    /// Reads the user's own cue words; broken ones are left aside, and said so.
    pub(crate) fn read_cues(&mut self) {
        let Some(written) = self.settings_folder.as_ref().and_then(|folder| Settings::load_cues(folder)) else { return };
        match Cues::read(&written) {
            Ok(cues) => self.cues = cues,
            Err(error) => self.toasts.failure(
                format!("Your words that report speech are not used: {error}"),
                "Help > Words that report speech shows the place. Those of the app are used instead.",
                None,
            ),
        }
    }

    pub(crate) fn edit_cues(&mut self) {
        let own = self.settings_folder.as_ref().and_then(|folder| Settings::load_cues(folder));
        let written = own.unwrap_or_else(|| cues::NEWS.to_owned());
        let error = Cues::read(&written).err().map(|error| format!("{error}. {}", error.hint()));
        self.state.dialog = Some(Dialog::Cues { written, error });
    }

    pub(crate) fn set_cues(&mut self, written: &str) {
        match Cues::read(written) {
            Ok(cues) => self.cues = cues,
            Err(error) => return self.toasts.failure(error.to_string(), error.hint(), None),
        }
        if let Some(folder) = &self.settings_folder
            && let Err(error) = Settings::save_cues(folder, written)
        {
            return self.toasts.failure(format!("Not kept: {error}"), error.hint(), None);
        }
        self.toasts.success("Kept. Q uses these words from now on", None);
    }
}
