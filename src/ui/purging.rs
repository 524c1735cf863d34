//! Purging in the window: the record, its undo and its journal, and everything on the screen and in memory that may still tell its words.

use super::{action::Action, app::App, toast::Toasts};
use crate::{edit::purge, model::Key as RecordKey, text::search::Query};
use egui::{Context, Event, Id, ViewportCommand, text_edit::TextEditState};
use std::{collections::BTreeSet, sync::Arc};

/// How long the clipboard may take to answer, in seconds.
const PATIENCE: f64 = 1.0;

/// What was purged, until the clipboard was looked at.
#[derive(Clone, Default)]
struct Asked {
    words: Arc<BTreeSet<String>>,
    since: f64,
}

fn asked() -> Id {
    Id::unique("purged words")
}

impl App {
    /// Takes what was written about a record out of the project and its history, and saves the file without it.
    pub(crate) fn purge(&mut self, ctx: &Context, record: &RecordKey) {
        self.commit_review();
        self.commit_drafts();
        let Some(desk) = &mut self.desk else { return };
        let words = purge::words_of(desk.session.project(), record);
        let purged = match desk.session.purge(record) {
            Ok(purged) => purged,
            Err(error) => return self.toasts.failure(error.to_string(), error.hint(), None),
        };
        desk.sources = crate::display::source_index::SourceIndex::new(desk.session.project());
        desk.rebuild();
        desk.find_undecided();
        let has_file = desk.session.path().is_some();
        // The journal must not keep it until the next save.
        self.begin_journal();
        self.forget_words(ctx);
        let since = ctx.input(|input| input.time);
        ctx.data_mut(|data| data.insert_temp(asked(), Asked { words: Arc::new(words), since }));
        ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
        self.read_answers();
        if has_file {
            self.actions.push(Action::Save);
        }
        self.toasts.success(format!("Done: {}. It is in no step of undo any more", purged.title()), None);
    }

    /// Empties what is being written, looked for or told: any of it may hold what was purged.
    fn forget_words(&mut self, ctx: &Context) {
        ctx.data_mut(|data| {
            data.remove_by_type::<String>();
            // The warning about a note keeps the note, a field its own undo.
            data.remove_by_type::<(String, Option<String>)>();
            data.remove_by_type::<TextEditState>();
        });
        let state = &mut self.state;
        (state.note, state.commenting, state.switching_off) = (None, None, None);
        state.drafts.clear();
        state.properties.clear();
        (state.deciding, state.list, state.source_list) = Default::default();
        (state.reviewing.noting, state.reviewing.item_note) = (None, None);
        if let Some(mut finding) = state.finding.take() {
            finding.stop();
        }
        self.last_query = Query::default();
        self.recent_queries.clear();
        self.toasts = Toasts::default();
    }
}

/// Empties the clipboard when it still holds what was purged. Called before any widget sees the frame's events.
pub(crate) fn look_at_clipboard(ctx: &Context) {
    let Some(Asked { words, since }) = ctx.data(|data| data.get_temp::<Asked>(asked())) else { return };
    let mut answer = None;
    let now = ctx.input_mut(|input| {
        input.events.retain(|event| match event {
            Event::Paste(text) => {
                answer = Some(words.iter().any(|word| text.contains(word.as_str())));
                false
            }
            _ => true,
        });
        input.time
    });
    if answer == Some(true) {
        ctx.copy_text(String::new());
    }
    if answer.is_some() || now - since > PATIENCE {
        ctx.data_mut(|data| data.remove_temp::<Asked>(asked()));
    }
}
