//! What would be linked, at the foot of the article: both ends, the kind, the keys.

use crate::display::safe::visible;
use crate::ui::{
    action::Action,
    app::{App, Desk},
    article::bidi_text::Words,
    article::layout::TextStyle,
    linking::{Linking, Way, ways},
    theme::{self, Theme},
    widgets::{self, Tone},
};
use egui::{Align, Align2, Area, Frame, Id, Margin, Order, RichText, Sense, Stroke, Ui, pos2, vec2};

/// The ways in which the two ends can be linked.
pub(crate) fn ways_of(desk: &Desk, linking: &Linking) -> Vec<Way> {
    let project = desk.session.project();
    let ends = project.annotations.get(&linking.from).zip(linking.target.as_ref().and_then(|target| project.annotations.get(target)));
    ends.map_or_else(Vec::new, |(from, to)| ways(project, desk.sources.links(), from, to))
}

pub(crate) fn show(ui: &Ui, app: &mut App, theme: &Theme) {
    let (Some(desk), Some(linking)) = (&app.desk, &app.state.linking) else { return };
    let Some(view) = desk.view() else { return };
    let project = desk.session.project();
    let ways = ways_of(desk, linking);
    let way = ways.get(linking.at);
    let kind = way.and_then(|way| project.relation_kinds.get(&way.kind)).map(|kind| visible(&kind.name));
    let quoted = |id: &crate::model::Id<crate::model::Annotation>| {
        project.annotations.get(id).map_or_else(String::new, |annotation| {
            let label = desk.label_of(annotation).map_or_else(String::new, |label| visible(&label.name));
            format!("{label}: {}", crate::display::safe::brief(&annotation.beginning()))
        })
    };
    let (from, to) = (quoted(&linking.from), linking.target.as_ref().map(quoted));
    let (first, second) = match (way, to) {
        (Some(way), Some(to)) if !way.forward => (to, from),
        (_, Some(to)) => (from, to),
        (_, None) => (from, "choose what to link to".to_owned()),
    };
    let width = (view.rect.width() - 32.0).min(720.0);
    let mut actions = Vec::new();
    let area = Area::new(Id::unique("link bar"))
        .order(Order::Middle)
        .pivot(Align2::CENTER_BOTTOM)
        .fixed_pos(pos2(view.rect.center().x, view.rect.bottom() - 12.0));
    let (engine, cache) = (&mut app.engine, &mut app.words);
    area.show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(Margin::symmetric(14, 10)).stroke(Stroke::new(1.0, theme.line2)).show(ui, |ui| {
            ui.set_width(width);
            let mut words = Words { engine, cache };
            let style = TextStyle::interface(13.0, 400.0);
            for (name, words_of_end) in [("from", &first), ("to", &second)] {
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("Link {name}: {words_of_end}")));
                widgets::line(ui, rect.with_max_x(rect.left() + 44.0), name, theme::small(), theme.ink3, Align::Min);
                words.line(ui, rect.with_min_x(rect.left() + 48.0), words_of_end, &style, theme.ink);
            }
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                let shown = kind.unwrap_or_else(|| "No kind of link joins these".to_owned());
                ui.label(RichText::new(shown).font(theme::medium(13.0)).color(theme.ink));
                if ways.len() > 1 {
                    let count = format!("{} of {}, ↑ ↓ for another", linking.at + 1, ways.len());
                    ui.label(RichText::new(count).font(theme::small()).color(theme.ink3));
                }
                ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
                    let enabled = way.is_some();
                    let keys = ["Enter".to_owned()];
                    if enabled && widgets::button(ui, theme, "Link", &keys, Tone::Primary).clicked() {
                        actions.push(Action::Take);
                    }
                    if widgets::button(ui, theme, "Leave", &["Esc".to_owned()], Tone::Quiet).clicked() {
                        actions.push(Action::StepBack);
                    }
                    ui.label(RichText::new("] [ or a click for another end").font(theme::small()).color(theme.ink3));
                });
            });
        });
    });
    app.actions.extend(actions);
}
