//! The app: what is open, what is shown, and the order of one frame.

use super::{
    action::Action,
    action_list::{ACTIONS, Task},
    article::{
        ArticleView,
        bidi_text::{WordCache, Words},
        layout::TextEngine,
    },
    dialogs::{self, Dialog},
    finding::{Finding, Progress},
    fonts::{self, SystemFonts},
    jobs::{Early, Indexes, Jobs},
    keymap::{self, Press},
    linking::Linking,
    panels,
    proposing::Proposing,
    reviewing::{Mode, Reviewing, review_key},
    sharing::Sharing,
    theme::Theme,
    toast::Toasts,
};
use crate::{
    display::undecided::Undecided,
    display::{source_index::SourceIndex, span_index::SpanIndex},
    edit::Change,
    model::{Annotation, Document, Id, Label, Project, Source, Status},
    session::{Session, WorkEnvironment},
    store::{
        beside::Seen,
        settings::{Settings, ThemeChoice},
    },
    suggest::Cues,
    text::search::Query,
};
use egui::{Context, Event, Frame, Key, Ui};
use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    path::PathBuf,
    sync::Arc,
};

/// How the app is started.
#[derive(Debug)]
pub struct Options {
    /// Articles or a project to open.
    pub files: Vec<PathBuf>,
    /// What was remembered.
    pub settings: Settings,
    /// Where to remember it; `None` remembers nothing.
    pub settings_folder: Option<PathBuf>,
    /// Where the journal of unsaved work lies; `None` keeps none.
    pub data_folder: Option<PathBuf>,
    /// Which fonts of the machine are used.
    pub system_fonts: SystemFonts,
    /// Runs slow work at once instead of on threads, as tests want it.
    pub inline_jobs: bool,
    /// The minute, UTC, at which the clock stands still, as pictures need it.
    pub minute: Option<String>,
}

/// An open project with all that belongs to looking at it.
pub(crate) struct Desk {
    pub(crate) session: Session,
    pub(crate) document: Option<Id<Document>>,
    pub(crate) index: Option<SpanIndex>,
    pub(crate) views: HashMap<Id<Document>, ArticleView>,
    /// Annotations of each document.
    pub(crate) counts: HashMap<Id<Document>, usize>,
    /// Documents by title, as the panel lists them.
    pub(crate) documents: Vec<Arc<Document>>,
    /// Links, and what rests on each source.
    pub(crate) sources: SourceIndex,
    /// Not article in the open document, in bytes.
    pub(crate) omissions: Vec<Range<usize>>,
    /// Bytes of articles that were added since the project was opened, for reading them in another encoding.
    pub(crate) originals: HashMap<Id<Document>, Arc<[u8]>>,
    /// What colleagues wrote differently and nobody has decided.
    pub(crate) undecided: Vec<Undecided>,
    /// What the system said of the file before it was read.
    pub(crate) seen: Option<Seen>,
    /// Whether the article was on the screen: what can wait for it does.
    pub(crate) is_drawn: bool,
}

impl ViewState {
    /// Brings a panel into sight, beside the article or over it.
    pub(crate) fn open_side(&mut self, side: Side) {
        match side {
            _ if !self.room.has_beside(side) => self.overlay = Some(side),
            Side::Left => self.show_left = true,
            Side::Right => self.show_right = true,
        }
    }

    /// Shows a panel, or hides it.
    pub(crate) fn toggle_side(&mut self, side: Side) {
        match side {
            _ if !self.room.has_beside(side) => self.overlay = if self.overlay == Some(side) { None } else { Some(side) },
            Side::Left => self.show_left = !self.show_left,
            Side::Right => self.show_right = !self.show_right,
        }
    }
}

impl Desk {
    pub(crate) fn new(session: Session) -> Self {
        let first = session
            .project()
            .documents
            .iter()
            .min_by(|left, right| Project::document_order(left, right))
            .map(|document| document.id.clone());
        let Indexes { index, sources, counts, documents } = Indexes::new(session.project(), first.as_ref());
        let mut desk = Self {
            session,
            document: first,
            index,
            views: HashMap::new(),
            counts,
            documents,
            sources,
            omissions: Vec::new(),
            originals: HashMap::new(),
            undecided: Vec::new(),
            seen: None,
            is_drawn: false,
        };
        desk.find_undecided();
        desk.show_document();
        desk
    }

    /// Keeps counts, order of documents and links in step with a change, so that no frame counts or sorts.
    pub(crate) fn follow(&mut self, changes: &[Change], undone: bool) {
        for change in changes {
            let Change::Annotation(swap) = change else { continue };
            let (before, after) = swap.sides(undone);
            if let Some(count) = before.and_then(|before| self.counts.get_mut(&before.document)) {
                *count = count.saturating_sub(1);
            }
            if let Some(after) = after {
                *self.counts.entry(after.document.clone()).or_default() += 1;
            }
        }
        self.sources.follow(self.session.project(), changes, undone);
        if Self::touches_undecided(changes) {
            self.find_undecided();
        }
        if changes.iter().any(|change| matches!(change, Change::Document(_))) {
            self.documents = self.session.project().documents_in_order().into_iter().cloned().collect();
        }
    }

    /// Takes over indexes that were built beside a large edit.
    pub(crate) fn take_indexes(&mut self, indexes: Indexes) {
        (self.index, self.sources, self.counts, self.documents) = (indexes.index, indexes.sources, indexes.counts, indexes.documents);
        self.rebuild_omissions();
    }

    /// Shows a document.
    pub(crate) fn open_document(&mut self, id: &Id<Document>) {
        self.document = Some(id.clone());
        self.rebuild();
    }

    /// Indexes the open document anew.
    pub(crate) fn rebuild(&mut self) {
        let project = self.session.project();
        let document = self.document.as_ref().and_then(|id| project.documents.get(id));
        self.index = document.and_then(|document| SpanIndex::new(project, document));
        self.show_document();
    }

    /// What belongs to the open document beside its index.
    fn show_document(&mut self) {
        self.rebuild_omissions();
        if let Some(id) = &self.document {
            self.views.entry(id.clone()).or_insert_with(ArticleView::new);
        }
    }

    pub(crate) fn rebuild_omissions(&mut self) {
        let project = self.session.project();
        self.omissions = self.open_record().map_or_else(Vec::new, |document| crate::find::omitted(project, document));
    }

    /// The record of the open document.
    pub(crate) fn open_record(&self) -> Option<&Arc<Document>> {
        self.session.project().documents.get(self.document.as_ref()?)
    }

    pub(crate) fn view(&self) -> Option<&ArticleView> {
        self.views.get(self.document.as_ref()?)
    }

    pub(crate) fn view_mut(&mut self) -> Option<&mut ArticleView> {
        self.views.get_mut(self.document.as_ref()?)
    }

    /// The selected annotation's id, while it exists.
    pub(crate) fn selected(&self) -> Option<&Arc<Annotation>> {
        self.session.project().annotations.get(self.view()?.selected.as_ref()?)
    }

    /// The label of an annotation.
    pub(crate) fn label_of(&self, annotation: &Annotation) -> Option<&Arc<Label>> {
        self.session.project().labels.get(&annotation.label)
    }

    /// The project's name for the title bar.
    pub(crate) fn title(&self) -> &str {
        &self.session.project().info.title
    }
}

/// Which tab of the right panel is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    Inspector,
    Annotations,
    Issues,
    Undecided,
}

/// A side of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// How much room there is beside the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// Both panels stand beside it.
    Wide,
    /// The left one is a rail.
    Medium,
    /// The right one is laid over it too.
    Narrow,
}

impl Room {
    fn of(width: f32) -> Self {
        match width {
            width if width >= 1300.0 => Self::Wide,
            width if width >= 1050.0 => Self::Medium,
            _ => Self::Narrow,
        }
    }

    /// Whether a panel stands beside the article.
    pub(crate) fn has_beside(self, side: Side) -> bool {
        match side {
            Side::Left => self == Self::Wide,
            Side::Right => self != Self::Narrow,
        }
    }
}

/// What the inspector is about when no annotation is selected, or besides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inspected {
    /// The selected annotation; without one, the article.
    Selection,
    /// A source.
    Source(Id<Source>),
    /// The article, whatever is selected.
    Document,
}

/// A check that is being switched off, asked for at one of its issues.
pub(crate) struct SwitchingOff {
    pub(crate) rule: &'static str,
    pub(crate) record: Option<crate::model::Key>,
    pub(crate) reason: String,
}

/// What the window shows beside the article; never saved with the project, never undone.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct ViewState {
    pub(crate) tab: Tab,
    pub(crate) show_left: bool,
    pub(crate) show_right: bool,
    pub(crate) room: Room,
    /// The panel that is laid over the article.
    pub(crate) overlay: Option<Side>,
    /// The panel that F6 went to last.
    pub(crate) panel: Option<Side>,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) marker: Option<Id<Label>>,
    pub(crate) last_label: Option<Id<Label>>,
    /// Whether the palette near the selection may be shown.
    pub(crate) fresh_selection: bool,
    pub(crate) list: panels::annotations::ListState,
    pub(crate) inspected: Inspected,
    pub(crate) source_list: panels::sources::ListState,
    pub(crate) source_panel: panels::source::PanelState,
    pub(crate) mode: Mode,
    /// How many issues each part of their panel shows at most.
    pub(crate) issues_shown: usize,
    /// The check that is being switched off, with the reason.
    pub(crate) switching_off: Option<SwitchingOff>,
    /// A comment being written, and what it is on.
    pub(crate) commenting: Option<(crate::model::Key, String)>,
    pub(crate) reviewing: Reviewing,
    /// What waits for an answer above the article.
    pub(crate) banner: Option<panels::banner::Banner>,
    /// Only articles of this status are listed.
    pub(crate) status: Option<Status>,
    /// A link that is being made.
    pub(crate) linking: Option<Linking>,
    /// A structure that is proposed.
    pub(crate) proposing: Option<Proposing>,
    /// What the find page shows, while it is open.
    pub(crate) finding: Option<Finding>,
    /// Whether there is a quotation at what is selected.
    pub(crate) quotation: Option<(std::ops::Range<usize>, bool)>,
    /// Selections that growing went through, so that shrinking goes back.
    pub(crate) grown: Vec<std::ops::Range<usize>>,
    pub(crate) focus_mode: bool,
    /// Properties of articles and sources being written: whose, which, what.
    pub(crate) properties: BTreeMap<(crate::model::Key, &'static str), String>,
    /// The note being written and whose it is.
    pub(crate) note: Option<(Id<Annotation>, String)>,
    /// Free-text attributes being written.
    pub(crate) drafts: BTreeMap<(Id<Annotation>, String), String>,
    /// Which open question is shown, and what is being written in place of its values.
    pub(crate) deciding: Deciding,
    pub(crate) focus: Option<FocusTarget>,
}

/// The open question that is shown.
#[derive(Debug, Default)]
pub(crate) struct Deciding {
    pub(crate) at: usize,
    pub(crate) third: Option<String>,
}

/// What gets the keyboard with the next frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FocusTarget {
    Article,
    Inspector,
    Note,
    Left,
    Right,
    /// A value in place of those that colleagues wrote.
    Third,
}

/// The window's state.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct App {
    pub(crate) desk: Option<Desk>,
    pub(crate) state: ViewState,
    pub(crate) engine: TextEngine,
    pub(crate) words: WordCache,
    pub(crate) settings: Settings,
    pub(crate) settings_folder: Option<PathBuf>,
    pub(crate) jobs: Jobs,
    /// Colleagues, sync programs, other windows, crashes.
    pub(crate) sharing: Sharing,
    pub(crate) exchanging: super::exchanging::Exchanging,
    /// Where the clock stands still.
    minute: Option<String>,
    pub(crate) toasts: Toasts,
    pub(crate) actions: Vec<Action>,
    /// What to do once the save that is running is done.
    pub(crate) after_save: Option<Action>,
    pub(crate) saving: bool,
    pub(crate) may_close: bool,
    /// A large edit at work.
    pub(crate) working: Option<Progress>,
    /// Whether the next large edit is stopped before it begins; only tests do that.
    pub(crate) stop_next: bool,
    /// What was looked for last, and before.
    pub(crate) last_query: Query,
    pub(crate) recent_queries: Vec<Query>,
    /// Words that report speech: the app's, or the user's own.
    pub(crate) cues: Cues,
    /// Whether the text, or nothing at all, had the keyboard in the last frame: egui lets go of a control before Escape arrives here.
    pub(crate) text_had_focus: bool,
    dark: Option<bool>,
    written_settings: Settings,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

impl App {
    /// Makes the app and begins to open its files.
    pub fn new(ctx: &Context, options: Options) -> Self {
        Self::reading(ctx, options, None)
    }

    /// The same, where the files are being read already.
    pub(crate) fn reading(ctx: &Context, options: Options, early: Option<Early>) -> Self {
        // Ctrl + and Ctrl − change the article's text here, not everything.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        fonts::install(ctx, options.system_fonts);
        let state = ViewState {
            tab: Tab::Inspector,
            show_left: true,
            show_right: true,
            room: Room::Wide,
            overlay: None,
            panel: None,
            dialog: None,
            marker: None,
            last_label: None,
            fresh_selection: false,
            list: panels::annotations::ListState::default(),
            inspected: Inspected::Selection,
            source_list: panels::sources::ListState::default(),
            source_panel: panels::source::PanelState::default(),
            mode: Mode::Annotate,
            issues_shown: panels::issues::SHOWN_FIRST,
            switching_off: None,
            commenting: None,
            reviewing: Reviewing::default(),
            banner: None,
            status: None,
            linking: None,
            proposing: None,
            finding: None,
            quotation: None,
            grown: Vec::new(),
            focus_mode: false,
            properties: BTreeMap::new(),
            note: None,
            drafts: BTreeMap::new(),
            deciding: Deciding::default(),
            focus: None,
        };
        let mut app = Self {
            desk: None,
            state,
            engine: TextEngine::new(options.system_fonts),
            words: WordCache::default(),
            written_settings: options.settings.clone(),
            settings: options.settings,
            settings_folder: options.settings_folder,
            jobs: Jobs::new(ctx, options.inline_jobs, early),
            sharing: Sharing::new(options.data_folder),
            exchanging: super::exchanging::Exchanging::default(),
            minute: options.minute,
            toasts: Toasts::default(),
            actions: Vec::new(),
            after_save: None,
            saving: false,
            may_close: false,
            working: None,
            stop_next: false,
            last_query: Query::default(),
            recent_queries: Vec::new(),
            cues: Cues::default(),
            text_had_focus: true,
            dark: None,
        };
        app.read_cues();
        app.look_for_orphans();
        if !options.files.is_empty() {
            app.actions.push(Action::OpenPaths(options.files));
        }
        app
    }

    /// A new environment for a session, with the person of the settings.
    pub(crate) fn environment(&self) -> impl Fn() -> WorkEnvironment + Send + 'static + use<> {
        let person = self.settings.as_person();
        let minute = self.minute.clone();
        move || WorkEnvironment::system(person.clone()).with_minute(minute.clone())
    }

    fn theme(&mut self, ctx: &Context) -> &'static Theme {
        let preference = match self.settings.theme {
            ThemeChoice::System => egui::ThemePreference::System,
            ThemeChoice::Light => egui::ThemePreference::Light,
            ThemeChoice::Dark => egui::ThemePreference::Dark,
        };
        ctx.options_mut(|options| options.fallback_theme = egui::Theme::Light);
        ctx.set_theme(preference);
        let dark = ctx.theme() == egui::Theme::Dark;
        let theme = Theme::get(dark);
        if self.dark != Some(dark) {
            self.dark = Some(dark);
            ctx.all_styles_mut(|style| theme.apply(style));
        }
        theme
    }

    /// Sends keys to actions before any widget sees them.
    fn take_keys(&mut self, ctx: &Context) {
        let writing = ctx.text_edit_focused();
        // An open menu takes Escape itself.
        let menu = egui::Popup::is_any_open(ctx);
        let modal = self.state.dialog.is_some();
        keymap::take(&self.settings.keys);
        let keys: Vec<_> = ACTIONS.iter().flat_map(|row| row.keys().into_iter().map(move |shortcut| (row, shortcut))).collect();
        let in_article = ctx.memory(|memory| memory.focused().is_none_or(|focused| focused == ArticleView::widget_id()));
        let labels = self
            .desk
            .as_ref()
            .map(|desk| desk.session.project().labels_in_order().iter().map(|label| label.hotkey.clone()).collect::<Vec<_>>());
        let letters = self.settings.letter_keys;
        let proposing = self.state.proposing.is_some() || self.state.linking.is_some();
        let finding = self.state.finding.is_some();
        let reviewing = self.state.mode == Mode::Review && self.desk.is_some();
        let noting = self.state.reviewing.noting.is_some();
        let (desk, actions) = (self.desk.as_ref(), &mut self.actions);
        ctx.input_mut(|input| {
            input.events.retain(|event| {
                if modal {
                    // A dialog closes with Escape and keeps everything else.
                    let escape = matches!(event, Event::Key { key: Key::Escape, pressed: true, .. });
                    if escape {
                        actions.push(Action::StepBack);
                    }
                    return !escape;
                }
                if let Event::Paste(text) = event
                    && !writing
                {
                    actions.push(Action::AddPasted(text.clone()));
                    return false;
                }
                if menu && matches!(event, Event::Key { key: Key::Escape | Key::Enter, .. }) {
                    return true;
                }
                // What is proposed is taken, changed or left; everything else leaves it first.
                if let (true, true, Event::Key { key, pressed: true, modifiers, .. }) = (proposing, in_article, event)
                    && modifiers.is_none()
                {
                    let change = match key {
                        Key::Enter => Some(Action::Take),
                        Key::ArrowDown => Some(Action::Change { on: true }),
                        Key::ArrowUp => Some(Action::Change { on: false }),
                        _ => None,
                    };
                    if let Some(change) = change {
                        actions.push(change);
                        return false;
                    }
                }
                if let (true, Some(action)) = (finding, finding_key(event)) {
                    actions.push(action);
                    return false;
                }
                if reviewing && noting && matches!(event, Event::Key { key: Key::Escape, pressed: true, .. }) {
                    actions.push(Action::StepBack);
                    return false;
                }
                if let (true, false, false, true, Some(action)) = (reviewing, writing, menu, in_article && letters, review_key(event)) {
                    actions.push(Action::Desk(action));
                    return false;
                }
                for (row, shortcut) in &keys {
                    if !shortcut.matches(event) {
                        continue;
                    }
                    // The article is not in sight while words are looked for, and locked while it is reviewed.
                    let is_editing = matches!(row.task, Task::Select | Task::Move | Task::Label);
                    let stays = matches!(row.action, Action::NextPanel | Action::StepBack);
                    if (finding || reviewing) && is_editing && !stays {
                        continue;
                    }
                    let escape = row.action == Action::StepBack;
                    let enter = row.action == Action::ToInspector;
                    let plain = shortcut.is_plain() && !escape;
                    let is_letter =
                        matches!(shortcut.press, Press::Key(key) if key.name().len() == 1) || matches!(shortcut.press, Press::Typed(_));
                    if plain && (writing || (enter && !in_article) || (is_letter && !letters)) {
                        continue;
                    }
                    // While a field is written in, its own editing keys stay its own.
                    let editing = matches!(row.action, Action::Undo | Action::Redo | Action::SelectAll | Action::MoveEdge(_));
                    if writing && editing {
                        continue;
                    }
                    if (row.blocked)(desk).is_none() {
                        actions.push(row.action.clone());
                        return false;
                    }
                }
                // Labels by their key, or by its place where the layout prints other signs there.
                if let (false, true, false, Some(labels), Event::Key { physical_key, key, pressed: true, modifiers, .. }) =
                    (writing, letters, reviewing, &labels, event)
                    && modifiers.is_none()
                {
                    let is_named = |hotkey: &str, key: Key| !hotkey.is_empty() && key.name().eq_ignore_ascii_case(hotkey);
                    let by_name = labels.iter().position(|hotkey| is_named(hotkey, *key));
                    let by_place = || labels.iter().position(|hotkey| physical_key.is_some_and(|key| is_named(hotkey, key)));
                    if let Some(number) = by_name.or_else(by_place) {
                        actions.push(Action::LabelNumber(number));
                        return false;
                    }
                }
                true
            });
        });
        if menu && !self.actions.is_empty() {
            egui::Popup::close_all(ctx);
        }
    }

    /// One frame.
    pub fn frame(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let theme = self.theme(&ctx);
        ctx.set_zoom_factor(self.settings.zoom);
        if self.engine.atlas.is_full() {
            self.engine.atlas.clear();
            self.words.clear();
            for view in self.desk.iter_mut().flat_map(|desk| desk.views.values_mut()) {
                view.forget();
            }
        }
        self.words.begin_frame();
        self.take_results();
        self.take_dropped_files(&ctx);
        self.guard_close(&ctx);
        super::purging::look_at_clipboard(&ctx);
        self.take_keys(&ctx);
        self.carry_out(&ctx);
        self.refresh_find();
        if self.desk.as_ref().is_some_and(|desk| desk.is_drawn) {
            self.refresh_review();
            self.refresh_sharing(&ctx);
        }
        panels::top_bar::show(ui, self, theme);
        panels::status_bar::show(ui, self, theme);
        if self.desk.is_some() {
            self.desk_ui(ui, theme);
        } else {
            panels::start::show(ui, self, theme);
        }
        let mut actions = std::mem::take(&mut self.actions);
        let bars = match (&self.state.finding, &self.state.linking) {
            (Some(_), _) => 88.0,
            (None, Some(_)) => 148.0,
            (None, None) => 28.0,
        };
        self.toasts.show(ui, theme, bars, &mut actions);
        self.actions.append(&mut actions);
        dialogs::show(ui, self, theme);
        panels::drop_target::show(&ctx, theme, self.desk.is_some());
        self.carry_out(&ctx);
        self.text_had_focus = ctx.memory(|memory| memory.focused().is_none_or(|focused| focused == ArticleView::widget_id()));
        self.set_title(&ctx);
        self.remember_window(&ctx);
        if let Some(desk) = self.desk.as_mut().filter(|desk| !desk.is_drawn) {
            desk.is_drawn = true;
            ctx.request_repaint();
        }
    }

    /// Panels at both sides, or laid over the article where the window is narrow.
    fn desk_ui(&mut self, ui: &mut Ui, theme: &'static Theme) {
        let room = ui.available_rect_before_wrap();
        self.state.room = Room::of(room.width());
        let frame = Frame::new().fill(theme.panel);
        if self.state.room != Room::Wide {
            egui::Panel::left("rail")
                .show_separator_line(false)
                .exact_size(48.0)
                .resizable(false)
                .frame(frame)
                .show(ui, |ui| panels::rail::show(ui, self, theme));
        } else if self.state.show_left {
            let panel = egui::Panel::left("documents")
                .show_separator_line(false)
                .resizable(true)
                .default_size(256.0)
                .size_range(208.0..=360.0)
                .frame(frame);
            panel.show(ui, |ui| self.side_ui(ui, theme, Side::Left));
        }
        if self.state.mode == Mode::Review {
            panels::decision_bar::show(ui, self, theme);
        }
        if self.state.room != Room::Narrow && self.state.show_right && self.state.mode == Mode::Review {
            let width = if room.width() < 1112.0 { 384.0 } else { 424.0 };
            let panel = egui::Panel::right("review desk")
                .show_separator_line(false)
                .resizable(true)
                .default_size(width)
                .size_range(384.0..=520.0)
                .frame(frame);
            panel.show(ui, |ui| self.side_ui(ui, theme, Side::Right));
        } else if self.state.room != Room::Narrow && self.state.show_right {
            let width = if self.state.room == Room::Wide { 336.0 } else { 320.0 };
            let id = if self.state.room == Room::Wide { "inspector" } else { "inspector beside a rail" };
            let panel = egui::Panel::right(id)
                .show_separator_line(false)
                .resizable(true)
                .default_size(width)
                .size_range(288.0..=440.0)
                .frame(frame);
            panel.show(ui, |ui| self.side_ui(ui, theme, Side::Right));
        }
        // The decision bar stays in reach below what is laid over the article.
        let free = room.with_max_y(ui.available_rect_before_wrap().bottom());
        self.overlay_ui(ui, theme, free);
        egui::CentralPanel::default().frame(Frame::new().fill(theme.paper)).show(ui, |ui| {
            if self.state.finding.is_some() {
                panels::find::show(ui, self, theme);
                return;
            }
            panels::document_bar::show(ui, self, theme);
            panels::banner::show(ui, self, theme);
            if self.desk.as_ref().is_some_and(|desk| desk.index.is_some()) {
                self.article_ui(ui, theme);
            } else {
                let (line, hint) = if self.desk.as_ref().is_some_and(|desk| desk.session.project().documents.is_empty()) {
                    ("No article yet", "Drop a text here, paste one with Ctrl V, or open one with Ctrl O.")
                } else {
                    ("This article has no text", "The file lacks the text that the article names. Take it from your backup.")
                };
                super::widgets::empty_state(ui, theme, super::icons::FILE_TEXT, line, hint);
            }
        });
    }

    /// What stands in a side panel, wherever the panel is.
    fn side_ui(&mut self, ui: &mut Ui, theme: &Theme, side: Side) {
        let (Some(desk), state) = (&self.desk, &mut self.state) else { return };
        let mut words = Words { engine: &mut self.engine, cache: &mut self.words };
        match side {
            Side::Left if state.mode == Mode::Review => panels::queue::show(ui, self, theme),
            Side::Right if state.mode == Mode::Review => panels::desk::show(ui, self, theme),
            Side::Left => {
                panels::sources::show(ui, desk, state, &mut words, &mut self.actions, theme);
                panels::documents::show(ui, desk, state, &mut words, &mut self.actions, theme);
            }
            Side::Right if state.finding.is_some() => {
                if let Some(finding) = &state.finding {
                    panels::find::aside(ui, desk, finding, &mut words, &mut self.actions, theme);
                }
            }
            Side::Right => panels::right::show(ui, desk, state, &mut words, &mut self.actions, theme),
        }
    }

    /// A side panel laid over the article, until Escape or a click beside it.
    fn overlay_ui(&mut self, ui: &Ui, theme: &Theme, room: egui::Rect) {
        let Some(side) = self.state.overlay.filter(|side| !self.state.room.has_beside(*side)) else {
            self.state.overlay = None;
            return;
        };
        let wanted: f32 = match (side, self.state.mode) {
            (Side::Left, _) => 280.0,
            (Side::Right, Mode::Review) => 384.0,
            (Side::Right, Mode::Annotate) => 336.0,
        };
        let width = wanted.min(room.width() - 48.0);
        let left = if side == Side::Left { room.left() + 48.0 } else { room.right() - width };
        let place = egui::Rect::from_min_size(egui::pos2(left, room.top()), egui::vec2(width, room.height()));
        let area = egui::Area::new(egui::Id::unique(("overlay", side == Side::Left))).order(egui::Order::Middle).fixed_pos(place.min);
        let shown = area.show(ui.ctx(), |ui| {
            ui.set_min_size(place.size());
            ui.set_max_size(place.size());
            ui.set_clip_rect(place);
            ui.painter().rect(place, 0.0, theme.panel, egui::Stroke::new(1.0, theme.line2), egui::StrokeKind::Inside);
            self.side_ui(ui, theme, side);
        });
        let clicked = ui.input(|input| input.pointer.primary_clicked().then(|| input.pointer.latest_pos()).flatten());
        if clicked
            .is_some_and(|place| !shown.response.rect.contains(place) && place.x > room.left() + 48.0 && room.y_range().contains(place.y))
        {
            self.state.overlay = None;
        }
    }

    fn set_title(&self, ctx: &Context) {
        let title = match &self.desk {
            Some(desk) => {
                format!("{}{} – Onrecord", if desk.session.is_dirty() { "• " } else { "" }, crate::display::safe::brief(desk.title()))
            }
            None => "Onrecord".to_owned(),
        };
        let id = egui::Id::unique("window title");
        let shown = ctx.data(|data| data.get_temp::<String>(id));
        if shown.as_ref() != Some(&title) {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            ctx.data_mut(|data| data.insert_temp(id, title));
        }
    }

    /// Size and place of the window, kept for the next start.
    fn remember_window(&mut self, ctx: &Context) {
        let (inner, outer, maximized) = ctx.input(|input| {
            let viewport = input.viewport();
            (viewport.inner_rect, viewport.outer_rect, viewport.maximized.unwrap_or(false))
        });
        self.settings.maximized = maximized;
        if let (Some(inner), false) = (inner, maximized) {
            self.settings.window_size = Some((inner.size() * self.settings.zoom).into());
        }
        if let (Some(outer), false) = (outer, maximized) {
            self.settings.window_position = Some((outer.min * self.settings.zoom).into());
        }
    }

    /// Writes the settings when they changed.
    pub(crate) fn write_settings(&mut self) {
        if self.settings == self.written_settings {
            return;
        }
        self.written_settings = self.settings.clone();
        if let Some(folder) = &self.settings_folder {
            // Forgetting the window's place is no reason to bother anybody.
            drop(self.settings.save(folder));
        }
    }

    /// Whether closing would lose something.
    pub fn is_dirty(&self) -> bool {
        self.desk.as_ref().is_some_and(|desk| desk.session.is_dirty())
    }
}

/// Keys that act while words are looked for, also in the search field.
fn finding_key(event: &Event) -> Option<Action> {
    let Event::Key { key, pressed: true, modifiers, .. } = event else { return None };
    match key {
        Key::Escape => Some(Action::CloseFind),
        Key::Enter if modifiers.command => Some(Action::LabelHits),
        _ => None,
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.frame(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.write_settings();
    }
}
