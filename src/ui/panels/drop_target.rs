//! What dropping the files that hang over the window would do.

use crate::{
    display::line::count,
    ui::theme::{self, Theme},
};
use egui::{Align2, Context, Id, LayerId, Order, Stroke, StrokeKind};

pub(crate) fn show(ctx: &Context, theme: &Theme, is_open: bool) {
    let hovered = ctx.input(|input| input.raw.hovered_files.clone());
    if hovered.is_empty() {
        return;
    }
    let is_project =
        |file: &egui::HoveredFile| file.path.as_ref().is_some_and(|path| path.extension().is_some_and(|ending| ending == "json"));
    let words = match (hovered.iter().any(is_project), is_open) {
        (true, _) => "Open this project".to_owned(),
        (false, true) => format!("Add {} to this project", count(hovered.len(), "article")),
        (false, false) => format!("Open {}", count(hovered.len(), "article")),
    };
    let painter = ctx.layer_painter(LayerId::new(Order::Foreground, Id::unique("drop target")));
    let rect = ctx.content_rect().shrink(8.0);
    painter.rect(rect, 10.0, theme.accent_soft.gamma_multiply(0.6), Stroke::new(2.0, theme.accent), StrokeKind::Inside);
    painter.text(rect.center(), Align2::CENTER_CENTER, words, theme::semibold(15.0), theme.ink);
}
