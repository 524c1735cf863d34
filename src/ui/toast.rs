//! Outcomes at the bottom of the window: success leaves by itself, failure stays until it is closed.

use super::{
    action::Action,
    icons,
    theme::{self, Theme},
    widgets::{self, Tone},
};
use egui::{Align2, Area, Frame, Id, Order, Stroke, Ui, vec2};

/// Seconds that a success is shown.
const SHOWN: f64 = 4.0;

/// One outcome.
#[derive(Debug, Clone)]
pub(crate) struct Toast {
    pub(crate) words: String,
    pub(crate) hint: String,
    pub(crate) failed: bool,
    pub(crate) offer: Option<(String, Action)>,
    until: Option<f64>,
}

/// The outcomes in sight, two at most.
#[derive(Debug, Default)]
pub(crate) struct Toasts(Vec<Toast>);

impl Toasts {
    pub(crate) fn success(&mut self, words: impl Into<String>, offer: Option<(String, Action)>) {
        self.push(Toast { words: words.into(), hint: String::new(), failed: false, offer, until: None });
    }

    pub(crate) fn failure(&mut self, words: impl Into<String>, hint: impl Into<String>, offer: Option<(String, Action)>) {
        self.push(Toast { words: words.into(), hint: hint.into(), failed: true, offer, until: None });
    }

    fn push(&mut self, toast: Toast) {
        let safe = |words: &str| crate::display::safe::brief(words).into_owned();
        let toast = Toast { words: safe(&toast.words), hint: safe(&toast.hint), ..toast };
        self.0.retain(|shown| shown.words != toast.words);
        if self.0.len() == 2 {
            self.0.remove(0);
        }
        self.0.push(toast);
    }

    /// Shows them `above` the foot of the window, so that no bar is covered.
    pub(crate) fn show(&mut self, ui: &Ui, theme: &Theme, above: f32, actions: &mut Vec<Action>) {
        let now = ui.input(|input| input.time);
        let mut closed = None;
        let mut below = above + 16.0;
        for (at, toast) in self.0.iter_mut().enumerate().rev() {
            let until = *toast.until.get_or_insert(now + SHOWN);
            let area = Area::new(Id::unique(("toast", at))).order(Order::Foreground).anchor(Align2::CENTER_BOTTOM, vec2(0.0, -below));
            let shown = area.show(ui.ctx(), |ui| {
                Frame::popup(ui.style()).inner_margin(egui::Margin::symmetric(12, 8)).stroke(Stroke::new(1.0, theme.line2)).show(
                    ui,
                    |ui| {
                        ui.set_min_width(296.0);
                        ui.set_max_width(456.0);
                        ui.horizontal(|ui| {
                            let (icon, colour) =
                                if toast.failed { (icons::WARNING_CIRCLE, theme.block) } else { (icons::CHECK_CIRCLE, theme.ok) };
                            ui.label(egui::RichText::new(icon).font(theme::icon(16.0)).color(colour));
                            let words = egui::RichText::new(&toast.words).font(theme::medium(13.0)).color(theme.ink);
                            if toast.hint.is_empty() {
                                ui.label(words);
                            } else {
                                ui.vertical(|ui| {
                                    ui.set_max_width(300.0);
                                    ui.label(words);
                                    ui.label(egui::RichText::new(&toast.hint).font(theme::small()).color(theme.ink2));
                                });
                            }
                            if let Some((name, action)) = &toast.offer
                                && widgets::button(ui, theme, name, &[], Tone::Secondary).clicked()
                            {
                                actions.push(action.clone());
                                closed = Some(at);
                            }
                            if toast.failed && widgets::icon_button(ui, theme, icons::X, "Close the message", &[]).clicked() {
                                closed = Some(at);
                            }
                        });
                    },
                );
            });
            below += shown.response.rect.height() + 8.0;
            if shown.response.contains_pointer() {
                toast.until = Some(now + SHOWN);
            } else if !toast.failed && now > until {
                closed = Some(at);
            }
            if !toast.failed {
                ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64((until - now).max(0.05)));
            }
        }
        if let Some(at) = closed {
            self.0.remove(at);
        }
    }
}
