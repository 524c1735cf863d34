//! The open article in the inspector: its properties, and how far the work is.

use crate::{
    display::line::count,
    edit::{Command, DocumentField},
    model::{Direction, Document, Key, Status},
    ui::{
        action::Action,
        action_list::caps_of,
        app::{Desk, ViewState},
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, ComboBox, Id, Margin, RichText, ScrollArea, Ui, vec2};

/// The properties that are typed: field, name, hint.
const FIELDS: [(&str, &str, &str); 9] = [
    ("title", "Title", "What the article is called here"),
    ("outlet", "Outlet", "Who published it"),
    ("byline", "Byline", "Who wrote it"),
    ("desk", "Desk", "World, Business…"),
    ("published", "Published", "As the article says"),
    ("address", "Address", "Where it was published"),
    ("language", "Language", "en, ar, he, ru…"),
    ("original_language", "Translated from", "ru"),
    ("translator", "Translator", "Who translated it"),
];

fn value<'d>(document: &'d Document, field: &str) -> &'d str {
    match field {
        "title" => &document.title,
        "outlet" => &document.outlet,
        "byline" => &document.byline,
        "desk" => &document.desk,
        "published" => &document.published,
        "address" => &document.address,
        "language" => &document.language,
        "original_language" => &document.original_language,
        _ => &document.translator,
    }
}

/// The command that writes a property that was typed.
pub(crate) fn command(document: &crate::model::Id<Document>, field: &str, value: String) -> Option<Command> {
    let field = match field {
        "title" => DocumentField::Title,
        "outlet" => DocumentField::Outlet,
        "byline" => DocumentField::Byline,
        "desk" => DocumentField::Desk,
        "published" => DocumentField::Published,
        "address" => DocumentField::Address,
        "language" => DocumentField::Language,
        "original_language" => DocumentField::OriginalLanguage,
        "translator" => DocumentField::Translator,
        _ => return None,
    };
    Some(Command::SetDocument { document: document.clone(), field, value })
}

pub(crate) fn show(ui: &mut Ui, desk: &Desk, state: &mut ViewState, actions: &mut Vec<Action>, theme: &Theme) {
    let Some(document) = desk.open_record().cloned() else { return };
    ScrollArea::vertical().id_salt("article properties").auto_shrink([false, false]).show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 12 }).show(ui, |ui| {
            ui.label(
                RichText::new("Click marked words, or walk with ] and [. To mark: select words and press the key of a label.")
                    .font(theme::small())
                    .color(theme.ink3),
            );
            super::inspector::divider(ui);
            widgets::section(ui, theme, "The article", "");
            ui.add_space(4.0);
            labelled(ui, theme, "Status", |ui| {
                let names = [(Status::New, "New"), (Status::InProgress, "In progress"), (Status::Done, "Done")];
                let shown = names.iter().find(|(status, _)| *status == document.status).map_or("", |(_, name)| name);
                let set = |ui: &mut Ui| {
                    for (status, name) in names {
                        if ui.selectable_label(status == document.status, name).clicked() && status != document.status {
                            let value = status.word().to_owned();
                            actions.push(Action::Edit(Command::SetDocument {
                                document: document.id.clone(),
                                field: DocumentField::Status,
                                value,
                            }));
                        }
                    }
                };
                let combo =
                    ComboBox::from_id_salt("status of the article").width(ui.available_width() - 8.0).selected_text(shown).show_ui(ui, set);
                combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Status: {shown}")));
            });
            for (name, label, hint) in FIELDS {
                let id = document.id.clone();
                field(ui, state, id.key(), name, label, value(&document, name), hint, theme, &mut |value| {
                    actions.extend(command(&id, name, value).map(Action::Edit));
                });
            }
            labelled(ui, theme, "Direction", |ui| {
                let names = [
                    (None, "", "As the letters say"),
                    (Some(Direction::LeftToRight), "ltr", "Left to right"),
                    (Some(Direction::RightToLeft), "rtl", "Right to left"),
                ];
                let shown = names.iter().find(|(direction, ..)| *direction == document.direction).map_or("", |(_, _, name)| name);
                let combo = ComboBox::from_id_salt("direction of the article")
                    .width(ui.available_width() - 8.0)
                    .selected_text(shown)
                    .show_ui(ui, |ui| {
                        for (direction, word, name) in names {
                            if ui.selectable_label(direction == document.direction, name).clicked() && direction != document.direction {
                                let value = word.to_owned();
                                actions.push(Action::Edit(Command::SetDocument {
                                    document: document.id.clone(),
                                    field: DocumentField::Direction,
                                    value,
                                }));
                            }
                        }
                    });
                combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Direction: {shown}")));
            });
            super::inspector::divider(ui);
            facts(ui, desk, &document, theme);
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                if widgets::button(ui, theme, "Done, next", &caps_of(&Action::DoneNext), Tone::Secondary).clicked() {
                    actions.push(Action::DoneNext);
                }
                if widgets::button(ui, theme, "Guidelines", &caps_of(&Action::Guidelines), Tone::Quiet).clicked() {
                    actions.push(Action::Guidelines);
                }
            });
        });
    });
}

/// What is known without being typed.
fn facts(ui: &mut Ui, desk: &Desk, document: &Document, theme: &Theme) {
    let Some(index) = &desk.index else { return };
    let text = index.text();
    let omitted: usize = desk
        .omissions
        .iter()
        .map(|bytes| {
            text.index.char_from_byte(&text.content, bytes.end).get() - text.index.char_from_byte(&text.content, bytes.start).get()
        })
        .sum();
    let mut lines = vec![
        format!(
            "{}, {}",
            count(text.index.len().get(), "character"),
            count(text.index.number_of_paragraph(text.index.paragraph_count().saturating_sub(1)), "paragraph")
        ),
        count(index.in_order().len() + index.unplaced().len(), "annotation"),
    ];
    if omitted > 0 {
        lines.push(format!("{} not article: left out of search and counts", count(omitted, "character")));
    }
    if let Some(imported) = &document.imported {
        lines.push(format!("Read from {} as {}", crate::display::safe::brief(&imported.name), imported.encoding));
    }
    for line in lines {
        ui.label(RichText::new(line).font(theme::small()).color(theme.ink2));
    }
}

/// A name at the left, a control at the right.
pub(crate) fn labelled(ui: &mut Ui, theme: &Theme, name: &str, control: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.set_min_height(30.0);
        let (rect, _) = ui.allocate_exact_size(vec2(96.0, 28.0), egui::Sense::hover());
        widgets::line(ui, rect, name, theme::body(), theme.ink2, Align::Min);
        control(ui);
    });
}

/// A property that is typed: written when the field is left, or with whatever would take the field away.
#[expect(clippy::too_many_arguments, reason = "a field with its name, its value and whose it is")]
pub(crate) fn field(
    ui: &mut Ui,
    state: &mut ViewState,
    of: &Key,
    field: &'static str,
    name: &str,
    known: &str,
    hint: &str,
    theme: &Theme,
    write: &mut dyn FnMut(String),
) {
    labelled(ui, theme, name, |ui| {
        let key = (of.clone(), field);
        let mut draft = state.properties.get(&key).cloned().unwrap_or_else(|| known.to_owned());
        let edit = egui::TextEdit::singleline(&mut draft)
            .id(Id::unique(("property", field)))
            .hint_text(RichText::new(hint).color(theme.ink3))
            .desired_width(ui.available_width() - 8.0);
        let response = ui.add(edit);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, name));
        if response.changed() {
            state.properties.insert(key.clone(), draft.clone());
        }
        if response.lost_focus()
            && let Some(draft) = state.properties.remove(&key).filter(|draft| draft.trim() != known)
        {
            write(draft);
        }
    });
}
