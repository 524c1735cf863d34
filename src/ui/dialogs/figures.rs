//! Figures over time: bars, a table, and the same as CSV.

use super::heading;
use crate::{
    display::figures::{self, Figures, Grouping},
    store::atomic,
    ui::{
        app::App,
        article::{bidi_text::Words, layout::TextStyle},
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, Id, Rect, RichText, ScrollArea, Sense, Stroke, Ui, vec2};
use egui_plot::{Bar, BarChart, Legend, Plot};
use std::path::PathBuf;

/// What the page keeps.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FiguresDraft {
    pub(crate) by: Grouping,
    path: String,
    said: Option<String>,
    /// What was computed, of which state of the project; asked for once.
    asked: bool,
    pub(crate) found: Option<Vec<(Grouping, Vec<Figures>)>>,
}

impl super::Dialog {
    pub(crate) fn figures() -> Self {
        let path = "figures.csv".to_owned();
        Self::Figures(FiguresDraft { by: Grouping::Month, path, said: None, asked: false, found: None })
    }
}

/// Columns of the table: head and width; the group takes the rest.
const COLUMNS: [(&str, f32); 8] = [
    ("Articles", 62.0),
    ("Named", 58.0),
    ("Unnamed", 70.0),
    ("Claims", 58.0),
    ("On one unnamed", 112.0),
    ("Share", 58.0),
    ("No reason", 76.0),
    ("Bare", 50.0),
];
const ROW: f32 = 26.0;

pub(super) fn show(ui: &mut Ui, app: &mut App, theme: &Theme, draft: &mut FiguresDraft) -> bool {
    heading(ui, theme, "Figures over time");
    let mut stays = true;
    ui.horizontal(|ui| {
        for by in Grouping::ALL {
            if widgets::segment(ui, theme, &format!("By {}", by.name().to_lowercase()), draft.by == by).clicked() {
                draft.by = by;
            }
        }
    });
    ui.label(RichText::new("A source counts once in each article that it speaks in.").font(theme::small()).color(theme.ink3));
    ui.add_space(6.0);
    if !std::mem::replace(&mut draft.asked, true)
        && let Some(desk) = &app.desk
    {
        app.jobs.figures(desk.session.project().clone());
    }
    let Some(found) = &draft.found else {
        ui.label(RichText::new("Counting…").color(theme.ink2));
        return !widgets::button(ui, theme, "Close", &["Esc".to_owned()], Tone::Quiet).clicked();
    };
    let rows = found.iter().find(|(by, _)| *by == draft.by).map_or(&[][..], |(_, rows)| rows.as_slice());
    bars(ui, rows, draft.by, theme);
    ui.add_space(6.0);
    let mut words = Words { engine: &mut app.engine, cache: &mut app.words };
    table(ui, rows, draft.by, &mut words, theme);
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        let field = ui.add(egui::TextEdit::singleline(&mut draft.path).id(Id::unique("figures path")).desired_width(220.0));
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "File of the figures"));
        let path = PathBuf::from(draft.path.trim());
        let name = if path.exists() { "Replace the file" } else { "Write as CSV" };
        if widgets::button(ui, theme, name, &[], Tone::Primary).clicked() && !draft.path.trim().is_empty() {
            let written = figures::csv(rows).map_err(|error| error.to_string());
            let done = written
                .and_then(|written| atomic::save_soon(&path, written.as_bytes()).map_err(|error| format!("{error}. {}", error.hint())));
            match done {
                Ok(unkept) => {
                    let name = crate::store::file_name(&path);
                    if unkept.is_empty() {
                        app.toasts.success(format!("Wrote {name}"), None);
                    } else {
                        app.toasts.failure(format!("Wrote {name}"), unkept.to_string(), None);
                    }
                    stays = false;
                }
                Err(wrong) => draft.said = Some(wrong),
            }
        }
        if widgets::button(ui, theme, "Copy", &[], Tone::Secondary).clicked() {
            ui.copy_text(figures::csv(rows).unwrap_or_default());
        }
        stays &= !widgets::button(ui, theme, "Close", &["Esc".to_owned()], Tone::Quiet).clicked();
    });
    if let Some(said) = &draft.said {
        ui.label(RichText::new(said.as_str()).color(theme.block));
    }
    stays
}

/// Sources without a name beside those with one.
fn bars(ui: &mut Ui, rows: &[Figures], by: Grouping, theme: &Theme) {
    let chart = |name: &str, shift: f64, count: fn(&Figures) -> usize, colour| {
        let bars = rows
            .iter()
            .enumerate()
            .map(|(at, row)| Bar::new(at as f64 + shift, count(row) as f64).width(0.34).name(crate::display::safe::brief(&row.group)));
        BarChart::new(name, bars.collect()).color(colour).width(0.34)
    };
    let (named, unnamed) =
        (chart("Named sources", -0.18, |row| row.named, theme.ink3), chart("Unnamed sources", 0.18, |row| row.unnamed, theme.warn));
    let groups: Vec<String> = rows.iter().map(|row| crate::check::spans::shorten(&crate::display::safe::brief(&row.group))).collect();
    // Names of months fit below the bars; titles and bylines are read in the table.
    let has_names = by == Grouping::Month && groups.len() <= 14;
    Plot::new(("figures", by as u8))
        .height(180.0)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .show_x(false)
        .show_grid([false, true])
        .include_x(-0.6)
        .include_x(rows.len() as f64 - 0.4)
        .include_y(0.0)
        .legend(Legend::default())
        .x_axis_formatter(move |mark, _| {
            // Marks stand at whole numbers and between them; only the former are groups.
            let group = groups.iter().enumerate().find(|(place, _)| (*place as f64 - mark.value).abs() < 0.01);
            group.filter(|_| has_names).map_or_else(String::new, |(_, group)| group.clone())
        })
        .y_axis_formatter(|mark, _| if mark.value.fract() == 0.0 { format!("{}", mark.value) } else { String::new() })
        .show(ui, |plot| {
            plot.bar_chart(named);
            plot.bar_chart(unnamed);
        });
}

fn table(ui: &mut Ui, rows: &[Figures], by: Grouping, words: &mut Words<'_>, theme: &Theme) {
    let mut cells = |ui: &Ui, rect: Rect, group: &str, cells: [String; 8], strong: bool| {
        let (font, colour) = if strong { (theme::semibold(12.0), theme.ink2) } else { (theme::body(), theme.ink) };
        let mut x = rect.right();
        for ((_, width), cell) in COLUMNS.iter().zip(cells).rev() {
            let place = Rect::from_min_max(egui::pos2(x - width, rect.top()), egui::pos2(x - 4.0, rect.bottom()));
            widgets::line(ui, place, &cell, font.clone(), colour, Align::Max);
            x -= width;
        }
        let style = TextStyle::interface(if strong { 12.0 } else { 13.0 }, if strong { 600.0 } else { 400.0 });
        words.line(ui, rect.with_max_x(x - 8.0), group, &style, colour);
    };
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
    cells(ui, rect, by.name(), COLUMNS.map(|(name, _)| name.to_owned()), true);
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme.line2));
    ui.style_mut().spacing.item_spacing.y = 0.0;
    ScrollArea::vertical().max_height(ROW * 7.0).auto_shrink([false, true]).show_rows(ui, ROW, rows.len(), |ui, range| {
        for row in rows.get(range).unwrap_or_default() {
            let (rect, response) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
            let counts = [row.documents, row.named, row.unnamed, row.claims, row.on_one_unnamed].map(|count| count.to_string());
            let [documents, named, unnamed, claims, on_one] = counts;
            let share = format!("{:.0} %", row.share_on_one_unnamed());
            let group = crate::display::safe::brief(&row.group);
            let spoken = format!("{group}: {named} named, {unnamed} unnamed, {on_one} of {claims} claims on one unnamed source");
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &spoken));
            let all = [documents, named, unnamed, claims, on_one, share, row.without_reason.to_string(), row.bare.to_string()];
            cells(ui, rect, &group, all, false);
        }
    });
    ui.style_mut().spacing.item_spacing.y = 6.0;
}
