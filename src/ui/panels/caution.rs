//! What a note looks like that says too much, said while it is written.

use crate::{
    display::safe::{brief, is_invisible},
    review::privacy,
    ui::{
        app::Desk,
        icons,
        theme::{self, Theme},
    },
};
use egui::{Id, RichText, Ui};

/// The warning under a field, if there is one. Looked up in the article once for each change, not in every frame.
pub(super) fn show(ui: &mut Ui, desk: &Desk, note: &str, theme: &Theme) {
    let hidden = hidden(note);
    if !hidden.is_empty() {
        warn(ui, &format!("Characters that cannot be seen are in it: {hidden}"), theme);
    }
    if let Some(warning) = warning(ui, desk, note) {
        warn(ui, &warning, theme);
    }
}

/// The characters of a note that show nothing of themselves, as marks, each once.
fn hidden(note: &str) -> String {
    let mut found: Vec<char> =
        note.chars().filter(|letter| is_invisible(*letter) && !matches!(letter, '\n' | '\t' | '\u{200c}' | '\u{200d}')).collect();
    found.sort_unstable();
    found.dedup();
    found.iter().map(|letter| brief(&letter.to_string()).into_owned()).collect::<Vec<_>>().join(" ")
}

fn warn(ui: &mut Ui, warning: &str, theme: &Theme) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(icons::WARNING).font(theme::icon(14.0)).color(theme.warn));
        ui.add(egui::Label::new(RichText::new(warning).font(theme::small()).color(theme.warn)).wrap());
    });
}

fn warning(ui: &Ui, desk: &Desk, note: &str) -> Option<String> {
    if note.trim().is_empty() {
        return None;
    }
    let id = Id::unique("caution");
    let known = ui.data(|data| data.get_temp::<(String, Option<String>)>(id));
    if let Some((_, warning)) = known.filter(|(of, _)| of == note) {
        return warning;
    }
    let printed = desk.index.as_ref().map_or("", |index| &*index.text().content);
    let warning = privacy::hint(note, printed);
    ui.data_mut(|data| data.insert_temp(id, (note.to_owned(), warning.clone())));
    warning
}
