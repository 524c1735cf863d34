//! What this program is, and the licences of everything in it.

use crate::ui::theme::{self, Theme};
use egui::{RichText, ScrollArea, Ui};

pub(super) fn show(ui: &mut Ui, theme: &Theme) -> bool {
    ui.horizontal(|ui| {
        crate::ui::panels::top_bar::mark(ui, theme, 12.0);
        ui.label(RichText::new("Onrecord").font(theme::serif(24.0)).color(theme.ink));
        ui.label(RichText::new(env!("CARGO_PKG_VERSION")).font(theme::body()).color(theme.ink3));
    });
    ui.label(RichText::new("Mark what an article claims, who said it, and who would not be named.").font(theme::body()).color(theme.ink2));
    ui.label(RichText::new("Works without a network. Nothing leaves this computer.").font(theme::body()).color(theme.ink2));
    ui.add_space(12.0);
    ui.label(RichText::new("Licences").font(theme::semibold(13.0)).color(theme.ink));
    let lines: Vec<&str> = crate::LICENSES.lines().collect();
    let height = ui.text_style_height(&egui::TextStyle::Small);
    ScrollArea::both().max_height(380.0).auto_shrink([false, false]).show_rows(ui, height, lines.len(), |ui, rows| {
        ui.style_mut().spacing.item_spacing.y = 0.0;
        for line in lines.get(rows).unwrap_or_default() {
            ui.add(egui::Label::new(RichText::new(*line).font(theme::small()).color(theme.ink2)).extend());
        }
    });
    true
}
