//! The guidelines of the project, with what each label means and examples from the project; and the words that report speech.

use crate::{
    display::safe::visible,
    edit::Command,
    model::Label,
    suggest::{Cues, cues},
    ui::{
        action::Action,
        app::App,
        article::{bidi_text::Words, layout::TextStyle, paint::draw_line},
        markdown,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, Id, Layout, Mesh, RichText, ScrollArea, Sense, Ui, vec2};

/// Examples of each label, and annotations that are looked through for them.
const EXAMPLES: usize = 3;
const LOOKED_AT: usize = 5_000;

pub(super) fn show(ui: &mut Ui, app: &mut App, theme: &Theme, draft: &mut Option<String>) -> bool {
    let mut stays = true;
    let Some(desk) = &app.desk else { return false };
    let known = desk.session.project().info.guidelines.join("\n");
    ui.horizontal(|ui| {
        ui.label(RichText::new("Guidelines").font(theme::semibold(16.0)).color(theme.ink));
        ui.label(RichText::new("Markdown. They travel with the project.").font(theme::small()).color(theme.ink3));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let Some(written) = draft else {
                if widgets::button(ui, theme, "Close", &["Esc".to_owned()], Tone::Quiet).clicked() {
                    stays = false;
                }
                if widgets::button(ui, theme, "Edit the guidelines", &[], Tone::Secondary).clicked() {
                    *draft = Some(known.clone());
                }
                return;
            };
            let keep = widgets::button(ui, theme, "Keep", &["Ctrl".to_owned(), "Enter".to_owned()], Tone::Primary).clicked();
            if keep || ui.input(|input| input.modifiers.command && input.key_pressed(egui::Key::Enter)) {
                if *written != known {
                    let guidelines = written.trim_end().lines().map(str::to_owned).collect();
                    app.actions.push(Action::Edit(Command::SetGuidelines { guidelines }));
                }
                *draft = None;
            } else if widgets::button(ui, theme, "Leave as it was", &[], Tone::Quiet).clicked() {
                *draft = None;
            }
        });
    });
    ui.add_space(8.0);
    let room = ui.ctx().content_rect().height() - 180.0;
    ScrollArea::vertical().max_height(room).min_scrolled_height(room.min(420.0)).auto_shrink([false, true]).show(ui, |ui| {
        if let Some(written) = draft {
            let field =
                ui.add(egui::TextEdit::multiline(written).id(Id::unique("guidelines")).desired_rows(18).desired_width(f32::INFINITY));
            field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Guidelines in Markdown"));
            return;
        }
        if known.trim().is_empty() {
            ui.label(RichText::new("No guidelines yet. Write what this project marks, and what it does not.").color(theme.ink3));
        } else {
            markdown::show(ui, theme, &known);
        }
        ui.add_space(8.0);
        let labels: Vec<Label> = desk.session.project().labels_in_order().into_iter().map(|label| Label::clone(label)).collect();
        let mut words = Words { engine: &mut app.engine, cache: &mut app.words };
        for label in &labels {
            ui.separator();
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(20.0, 16.0), Sense::hover());
                let style = theme.label(Some(label));
                let mut sample = Mesh::default();
                draw_line(&mut sample, style.pattern, rect.left(), rect.left() + 16.0, rect.center().y, 1.8, style.line);
                ui.painter().add(egui::Shape::mesh(sample));
                ui.label(RichText::new(visible(&label.name)).font(theme::semibold(13.0)).color(theme.ink));
                ui.label(RichText::new(&label.hotkey).font(theme::medium(11.0)).color(theme.ink3));
            });
            ui.label(RichText::new(visible(&label.definition)).color(theme.ink));
            for rule in &label.rules {
                ui.label(RichText::new(format!("•  {rule}")).color(theme.ink2));
            }
            for definition in label.attributes.iter().filter(|attribute| !attribute.definition.is_empty()) {
                ui.label(
                    RichText::new(format!("{}: {}", visible(&definition.name), visible(&definition.definition)))
                        .font(theme::small())
                        .color(theme.ink3),
                );
            }
            let examples = desk.session.project().annotations.iter().take(LOOKED_AT).filter(|annotation| annotation.label == label.id);
            for example in examples.take(EXAMPLES) {
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::click());
                let excerpt = example.excerpt();
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Example: {excerpt}")));
                if response.hovered() {
                    ui.painter().rect_filled(rect, 4.0, theme.hover2);
                }
                words.line(ui, rect.with_min_x(rect.left() + 14.0), &excerpt, &TextStyle::reading(15.0, 22.0), theme.ink);
                if response.on_hover_text("An example from this project").clicked() {
                    app.actions.push(Action::ChooseAnnotation(Some(example.id.clone())));
                    stays = false;
                }
            }
            ui.add_space(6.0);
        }
    });
    stays
}

/// The words that report speech, as the file that holds them; what is wrong with it is said before it is kept.
pub(super) fn edit_cues(ui: &mut Ui, app: &mut App, theme: &Theme, written: &mut String, error: &mut Option<String>) -> bool {
    let mut stays = true;
    ui.horizontal(|ui| {
        ui.label(RichText::new("Words that report speech").font(theme::semibold(16.0)).color(theme.ink));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if widgets::button(ui, theme, "Close", &["Esc".to_owned()], Tone::Quiet).clicked() {
                stays = false;
            }
            if widgets::button(ui, theme, "Those of the app", &[], Tone::Quiet).clicked() {
                cues::NEWS.clone_into(written);
                *error = None;
            }
            if widgets::button(ui, theme, "Keep", &[], Tone::Primary).clicked() {
                match Cues::read(written) {
                    Ok(_) => {
                        app.actions.push(Action::SetCues(written.clone()));
                        stays = false;
                    }
                    Err(wrong) => *error = Some(format!("{wrong}. {}", wrong.hint())),
                }
            }
        });
    });
    ui.label(RichText::new("For the key Q: cue words in all their forms, with their stance; nouns that tell what a source is. Kept for you, not in the project.").font(theme::small()).color(theme.ink3));
    if let Some(error) = error {
        ui.label(RichText::new(error.as_str()).color(theme.block));
    }
    ui.add_space(6.0);
    let room = ui.ctx().content_rect().height() - 220.0;
    ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show(ui, |ui| {
        let field = ui.add(egui::TextEdit::multiline(written).id(Id::unique("cues")).desired_rows(24).desired_width(f32::INFINITY));
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Words that report speech"));
        if field.changed() {
            *error = None;
        }
    });
    stays
}
