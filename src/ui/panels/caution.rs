//! What a note looks like that says too much, said while it is written.

use crate::{
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
    let Some(warning) = warning(ui, desk, note) else { return };
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
