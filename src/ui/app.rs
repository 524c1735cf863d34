//! The app: what is open, what is shown, and the order of one frame.

use super::{
    action::Action,
    action_list::{ACTIONS, Press},
    article::{
        ArticleView, Page, ViewEvent,
        bidi_text::{WordCache, Words},
        layout::TextEngine,
    },
    dialogs::{self, Dialog},
    fonts::{self, SystemFonts},
    jobs::Jobs,
    panels,
    theme::{LabelStyle, Theme},
    toast::Toasts,
};
use crate::{
    display::span_index::SpanIndex,
    edit::Change,
    model::{Annotation, Document, Id, Label, Relation},
    session::{Session, WorkEnvironment},
    store::settings::{Settings, ThemeChoice},
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
    /// Which fonts of the machine are used.
    pub system_fonts: SystemFonts,
    /// Runs slow work at once instead of on threads, as tests want it.
    pub inline_jobs: bool,
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
    /// Links that start or end at an annotation.
    pub(crate) links: HashMap<Id<Annotation>, Vec<Id<Relation>>>,
    /// Not article in the open document, in bytes.
    pub(crate) omissions: Vec<Range<usize>>,
    /// Bytes of articles that were added since the project was opened, for reading them in another encoding.
    pub(crate) originals: HashMap<Id<Document>, Arc<[u8]>>,
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
        let mut counts: HashMap<Id<Document>, usize> = HashMap::new();
        for annotation in session.project().annotations.iter() {
            *counts.entry(annotation.document.clone()).or_default() += 1;
        }
        let documents: Vec<Arc<Document>> = session.project().documents_in_order().into_iter().cloned().collect();
        let first = documents.first().map(|document| document.id.clone());
        let mut desk = Self {
            session,
            document: None,
            index: None,
            views: HashMap::new(),
            counts,
            documents,
            links: HashMap::new(),
            omissions: Vec::new(),
            originals: HashMap::new(),
        };
        for link in desk.session.project().relations.iter().cloned().collect::<Vec<_>>() {
            desk.follow_link(None, Some(&link));
        }
        if let Some(first) = first {
            desk.open_document(&first);
        }
        desk
    }

    /// Keeps counts, order of documents and links in step with a change, so that no frame counts or sorts.
    pub(crate) fn follow(&mut self, changes: &[Change], undone: bool) {
        for change in changes {
            match change {
                Change::Annotation(swap) => {
                    let (before, after) = swap.sides(undone);
                    if let Some(count) = before.and_then(|before| self.counts.get_mut(&before.document)) {
                        *count = count.saturating_sub(1);
                    }
                    if let Some(after) = after {
                        *self.counts.entry(after.document.clone()).or_default() += 1;
                    }
                }
                Change::Relation(swap) => {
                    let (before, after) = swap.sides(undone);
                    self.follow_link(before, after);
                }
                _ => {}
            }
        }
        if changes.iter().any(|change| matches!(change, Change::Document(_))) {
            self.documents = self.session.project().documents_in_order().into_iter().cloned().collect();
        }
    }

    fn follow_link(&mut self, before: Option<&Arc<Relation>>, after: Option<&Arc<Relation>>) {
        if let Some(gone) = before {
            for end in [&gone.from, &gone.to] {
                if let Some(links) = self.links.get_mut(end) {
                    links.retain(|link| *link != gone.id);
                }
            }
        }
        if let Some(link) = after {
            self.links.entry(link.from.clone()).or_default().push(link.id.clone());
            self.links.entry(link.to.clone()).or_default().push(link.id.clone());
        }
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
        self.rebuild_omissions();
        if let Some(id) = &self.document {
            self.views.entry(id.clone()).or_insert_with(ArticleView::new);
        }
    }

    pub(crate) fn rebuild_omissions(&mut self) {
        self.omissions.clear();
        let Some(index) = &self.index else { return };
        let text = index.text();
        let here = self.session.project().omissions.iter().filter(|omission| omission.document == *index.document());
        let ranges = here.flat_map(|omission| omission.ranges.iter().collect::<Vec<_>>());
        self.omissions = ranges.filter_map(|range| text.index.bytes_from_range(&text.content, range)).collect();
        self.omissions.sort_by_key(|range| range.start);
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

/// What the window shows beside the article; never saved with the project, never undone.
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
    /// The note being written and whose it is.
    pub(crate) note: Option<(Id<Annotation>, String)>,
    /// Free-text attributes being written.
    pub(crate) drafts: BTreeMap<(Id<Annotation>, String), String>,
    pub(crate) focus: Option<FocusTarget>,
}

/// What gets the keyboard with the next frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FocusTarget {
    Article,
    Inspector,
    Note,
    Left,
    Right,
}

/// The window's state.
pub struct App {
    pub(crate) desk: Option<Desk>,
    pub(crate) state: ViewState,
    pub(crate) engine: TextEngine,
    pub(crate) words: WordCache,
    pub(crate) settings: Settings,
    pub(crate) settings_folder: Option<PathBuf>,
    pub(crate) jobs: Jobs,
    pub(crate) toasts: Toasts,
    pub(crate) actions: Vec<Action>,
    /// What to do once the save that is running is done.
    pub(crate) after_save: Option<Action>,
    pub(crate) saving: bool,
    pub(crate) may_close: bool,
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
            note: None,
            drafts: BTreeMap::new(),
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
            jobs: Jobs::new(ctx, options.inline_jobs),
            toasts: Toasts::default(),
            actions: Vec::new(),
            after_save: None,
            saving: false,
            may_close: false,
            text_had_focus: true,
            dark: None,
        };
        if !options.files.is_empty() {
            app.actions.push(Action::OpenPaths(options.files));
        }
        app
    }

    /// A new environment for a session, with the person of the settings.
    pub(crate) fn environment(&self) -> impl Fn() -> WorkEnvironment + Send + 'static + use<> {
        let person = self.settings.as_person();
        move || WorkEnvironment::system(person.clone())
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
        let in_article = ctx.memory(|memory| memory.focused().is_none_or(|focused| focused == ArticleView::widget_id()));
        let labels = self
            .desk
            .as_ref()
            .map(|desk| desk.session.project().labels_in_order().iter().map(|label| label.hotkey.clone()).collect::<Vec<_>>());
        let letters = self.settings.letter_keys;
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
                for row in ACTIONS {
                    let Some(shortcut) = row.shortcuts.iter().find(|shortcut| shortcut.matches(event)) else { continue };
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
                if let (false, true, Some(labels), Event::Key { physical_key, key, pressed: true, modifiers, .. }) =
                    (writing, letters, &labels, event)
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
        self.take_keys(&ctx);
        self.carry_out(&ctx);
        panels::top_bar::show(ui, self, theme);
        panels::status_bar::show(ui, self, theme);
        if self.desk.is_some() {
            self.desk_ui(ui, theme);
        } else {
            panels::start::show(ui, self, theme);
        }
        let mut actions = std::mem::take(&mut self.actions);
        self.toasts.show(ui, theme, &mut actions);
        self.actions.append(&mut actions);
        dialogs::show(ui, self, theme);
        panels::drop_target::show(&ctx, theme, self.desk.is_some());
        self.carry_out(&ctx);
        self.text_had_focus = ctx.memory(|memory| memory.focused().is_none_or(|focused| focused == ArticleView::widget_id()));
        self.set_title(&ctx);
        self.remember_window(&ctx);
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
        if self.state.room != Room::Narrow && self.state.show_right {
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
        self.overlay_ui(ui, theme, room);
        egui::CentralPanel::default().frame(Frame::new().fill(theme.paper)).show(ui, |ui| {
            panels::document_bar::show(ui, self, theme);
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
            Side::Left => panels::documents::show(ui, desk, state, &mut words, &mut self.actions, theme),
            Side::Right => panels::right::show(ui, desk, state, &mut words, &mut self.actions, theme),
        }
    }

    /// A side panel laid over the article, until Escape or a click beside it.
    fn overlay_ui(&mut self, ui: &Ui, theme: &Theme, room: egui::Rect) {
        let Some(side) = self.state.overlay.filter(|side| !self.state.room.has_beside(*side)) else {
            self.state.overlay = None;
            return;
        };
        let width = if side == Side::Left { 280.0 } else { 336.0_f32.min(room.width() - 48.0) };
        let left = if side == Side::Left { room.left() + 48.0 } else { room.right() - width };
        let place = egui::Rect::from_min_size(egui::pos2(left, room.top()), egui::vec2(width, room.height()));
        let area = egui::Area::new(egui::Id::unique(("overlay", side == Side::Left))).order(egui::Order::Middle).fixed_pos(place.min);
        let shown = area.show(ui.ctx(), |ui| {
            ui.set_min_size(place.size());
            ui.set_max_size(place.size());
            ui.painter().rect(place, 0.0, theme.panel, egui::Stroke::new(1.0, theme.line2), egui::StrokeKind::Inside);
            self.side_ui(ui, theme, side);
        });
        let clicked = ui.input(|input| input.pointer.primary_clicked().then(|| input.pointer.latest_pos()).flatten());
        if clicked.is_some_and(|place| !shown.response.rect.contains(place) && place.x > room.left() + 48.0 && place.y > room.top()) {
            self.state.overlay = None;
        }
    }

    fn article_ui(&mut self, ui: &mut Ui, theme: &'static Theme) {
        let Some(desk) = &mut self.desk else { return };
        let project = desk.session.project();
        let labels: Vec<LabelStyle> = project.labels_in_order().iter().map(|label| theme.label(Some(label))).collect();
        let (Some(index), Some(id)) = (&desk.index, &desk.document) else { return };
        let Some(view) = desk.views.get_mut(id) else { return };
        let record = project.documents.get(id);
        let name_of = |annotation: &Annotation| {
            project.labels.get(&annotation.label).map_or_else(|| annotation.label.to_string(), |label| label.name.clone())
        };
        let chip = |annotation: &Annotation| {
            let source =
                annotation.source.as_ref().and_then(|source| project.sources.get(source)).filter(|source| source.kind.is_anonymous());
            let is_mention = source.is_some() && project.labels.get(&annotation.label).is_some_and(|label| label.source);
            match source {
                Some(source) if is_mention && !is_attribution(project, annotation) => source.alias.clone(),
                _ => name_of(annotation),
            }
        };
        let page = Page {
            index,
            labels: &labels,
            chip: &chip,
            name: &name_of,
            title: record.map_or("", |record| record.title.as_str()),
            rtl: record.and_then(|record| record.direction).map(|direction| direction == crate::model::Direction::RightToLeft),
            omissions: &desk.omissions,
            unknown: theme.label(None),
            size: self.settings.text_size,
            line_height: self.settings.line_height,
            theme,
        };
        let before = view.selection();
        if matches!(self.state.focus, Some(FocusTarget::Article)) {
            self.state.focus = None;
            ui.memory_mut(|memory| memory.request_focus(ArticleView::widget_id()));
        }
        let events = view.show(ui, &page, &mut self.engine);
        if view.selection() != before {
            self.state.fresh_selection = true;
        }
        for event in events {
            match event {
                ViewEvent::Select(annotation) => self.actions.push(Action::ChooseAnnotation(annotation)),
                ViewEvent::Resize { annotation, ranges } => {
                    self.actions.push(Action::Edit(crate::edit::Command::SetRanges { annotation, ranges }));
                }
                ViewEvent::Selected => {
                    if let Some(label) = &self.state.marker {
                        self.actions.push(Action::Label(label.clone()));
                    }
                }
            }
        }
        panels::label_palette::show(ui, self, theme);
    }

    fn set_title(&self, ctx: &Context) {
        let title = match &self.desk {
            Some(desk) => {
                format!("{}{} – Onrecord", if desk.session.is_dirty() { "• " } else { "" }, crate::display::safe::one_line(desk.title()))
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

/// Whether other labels than this one also point to sources and it is the wider one: then the chip names the label.
fn is_attribution(project: &crate::model::Project, annotation: &Annotation) -> bool {
    project.relation_kinds.iter().any(|kind| {
        kind.from.contains(&annotation.label)
            && kind.to.iter().any(|to| project.labels.get(to).is_some_and(|label| label.source) && *to != annotation.label)
    })
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.frame(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.write_settings();
    }
}
