//! The right panel: inspector, all annotations of the article, issues of the file.

use super::{annotations, inspector, issues, undecided};
use crate::ui::{
    action::Action,
    app::{Desk, FocusTarget, Tab, ViewState},
    article::bidi_text::Words,
    theme::{self, Theme},
    widgets,
};

use egui::{Sense, Stroke, Ui, pos2, vec2};

/// Issues of the file and, once they are computed, of the open article's sourcing; hints are not counted.
fn open_issues(desk: &Desk, state: &ViewState) -> usize {
    let computed = state.reviewing.computed.as_ref().zip(desk.document.as_ref());
    let found = computed.and_then(|(computed, document)| computed.open.get(document)).copied().unwrap_or(0);
    desk.session.issues().len() + found
}

pub(crate) fn show(ui: &mut Ui, desk: &Desk, state: &mut ViewState, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    let total = desk.index.as_ref().map_or(0, |index| index.in_order().len());
    let tabs = [
        (Tab::Inspector, "Inspector", None),
        (Tab::Annotations, "Annotations", Some(total)),
        (Tab::Issues, "Issues", Some(open_issues(desk, state))),
        (Tab::Undecided, "Decide", Some(desk.undecided.len())),
    ];
    // Nearly always nothing is undecided, and the tab is not there.
    let shown = if desk.undecided.is_empty() && state.tab != Tab::Undecided { 3 } else { 4 };
    let head = egui::Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), 40.0));
    let mut x = head.left() + 16.0;
    for (tab, name, count) in tabs.into_iter().take(shown) {
        let open = state.tab == tab;
        let title = ui.painter().layout_no_wrap(
            name.to_owned(),
            if open { theme::medium(13.0) } else { theme::body() },
            if open { theme.ink } else { theme.ink2 },
        );
        let number = ui.painter().layout_no_wrap(count.map_or_else(String::new, |count| count.to_string()), theme::body(), theme.ink3);
        let gap = if count.is_some() { 4.0 } else { 0.0 };
        let rect = egui::Rect::from_min_size(pos2(x, head.top()), vec2(title.size().x + gap + number.size().x, 40.0));
        let response = ui.interact(rect, egui::Id::unique(("tab", name)), Sense::click());
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, open, name));
        ui.painter().galley(pos2(rect.left(), rect.center().y - title.size().y / 2.0), title.clone(), theme.ink);
        ui.painter().galley(pos2(rect.left() + title.size().x + gap, rect.center().y - number.size().y / 2.0), number, theme.ink3);
        if open {
            ui.painter().hline(rect.x_range(), head.bottom() - 1.0, Stroke::new(2.0, theme.ink));
        }
        widgets::focus_ring(ui, theme, &response, 4);
        if response.clicked() {
            state.tab = tab;
        }
        if open && state.focus == Some(FocusTarget::Right) {
            response.request_focus();
            state.focus = None;
        }
        x = rect.right() + 16.0;
    }
    ui.painter().hline(head.x_range(), head.bottom() - 0.5, Stroke::new(1.0, theme.line));
    ui.painter().vline(head.left() + 0.5, ui.clip_rect().y_range(), Stroke::new(1.0, theme.line));
    ui.advance_cursor_after_rect(head);
    match state.tab {
        Tab::Inspector => inspector::show(ui, desk, state, words, actions, theme),
        Tab::Annotations => annotations::show(ui, desk, state, words, actions, theme),
        Tab::Issues => issues::show(ui, desk, state, words, actions, theme),
        Tab::Undecided => undecided::show(ui, desk, state, words, actions, theme),
    }
}
