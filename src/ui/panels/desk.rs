//! The desk for one source: what the article says of it, the checklist, the claims that rest on it, its mentions, what was decided.

use super::{document::labelled, queue::look, sources::alias};
use crate::{
    display::safe::visible,
    edit::Command,
    model::{Annotation, Answer, AttributeValue, Id as RecordId, Key, Outcome, PolicyItem, ReviewState},
    review::{Answered, Answers, Unit},
    ui::{
        action::Action,
        app::{App, Desk},
        article::{bidi_text::Words, layout::TextStyle},
        icons,
        reviewing::{DeskAction, DeskTab, Reviewing},
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, Align2, Color32, CornerRadius, Id, Margin, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

pub(crate) fn show(ui: &mut Ui, app: &mut App, theme: &Theme) {
    ui.painter().vline(ui.max_rect().left() + 0.5, ui.clip_rect().y_range(), Stroke::new(1.0, theme.line));
    let order = app.items_in_order();
    let Some(desk) = &app.desk else { return };
    let mut actions = Vec::new();
    let Some(unit) = app.state.reviewing.unit().cloned() else {
        widgets::empty_state(
            ui,
            theme,
            icons::SCALES,
            "No source is open",
            "J opens the riskiest one. Letters act when the article has the keyboard.",
        );
        return;
    };
    let (reviewing, commenting) = (&mut app.state.reviewing, &mut app.state.commenting);
    let mut words = Words { engine: &mut app.engine, cache: &mut app.words };
    egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 10, bottom: 0 }).show(ui, |ui| {
        head(ui, desk, &unit, &mut words, theme);
        ui.add_space(6.0);
        tabs(ui, desk, &unit, reviewing, theme);
    });
    let line = ui.cursor().top();
    ui.painter().hline(ui.max_rect().x_range(), line - 0.5, Stroke::new(1.0, theme.line));
    ScrollArea::vertical().id_salt(("desk", reviewing.tab as u8)).auto_shrink([false, false]).show(ui, |ui| {
        ui.style_mut().spacing.item_spacing.y = 0.0;
        match reviewing.tab {
            DeskTab::Checklist => checklist(ui, desk, reviewing, &order, &mut actions, theme),
            DeskTab::Claims => claims(ui, desk, &unit, reviewing, &mut words, &mut actions, theme),
            DeskTab::Mentions => mentions(ui, desk, &unit, &mut words, &mut actions, theme),
            DeskTab::History => history(ui, desk, &unit, commenting, &mut words, &mut actions, theme),
        }
        ui.add_space(16.0);
    });
    app.actions.extend(actions);
}

/// The source as the article has it.
fn head(ui: &mut Ui, desk: &Desk, unit: &Unit, words: &mut Words<'_>, theme: &Theme) {
    let project = desk.session.project();
    let source = project.sources.get(&unit.source);
    let mentions: Vec<_> = unit.mentions.iter().filter_map(|id| project.annotations.get(id)).collect();
    let (icon, state, colour) = look(unit, theme);
    ui.horizontal(|ui| {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width() - 8.0, 26.0), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{}: {state}", alias(desk, &unit.source))));
        let kind = source.map_or(icons::DETECTIVE, |source| source.kind.icon());
        ui.painter().text(pos2(rect.left() + 10.0, rect.center().y), Align2::CENTER_CENTER, kind, theme::icon(20.0), theme.ink2);
        let used =
            words.line(ui, rect.with_min_x(rect.left() + 28.0), &alias(desk, &unit.source), &TextStyle::interface(15.0, 500.0), theme.ink);
        let x = rect.left() + 28.0 + used + 14.0;
        ui.painter().text(pos2(x, rect.center().y), Align2::CENTER_CENTER, icon, theme::icon(14.0), colour);
        ui.painter().text(pos2(x + 12.0, rect.center().y), Align2::LEFT_CENTER, state, theme::small(), colour);
    });
    if let Some(first) = mentions.first() {
        let shown = first.beginning();
        let style = TextStyle::reading(15.0, 22.0);
        let width = ui.available_width();
        let height = words.height(ui, width, &shown, &style, 2);
        let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        words.paragraph(ui, rect, &shown, &style, theme.ink, 2);
    }
    let fullest = |key: &str| {
        mentions
            .iter()
            .map(|mention| mention.spoken(key))
            .find(|said| !matches!(said.as_str(), "" | "none" | "not stated"))
            .unwrap_or_else(|| "not stated".to_owned())
    };
    let facts = [
        ("Number", fullest("number"), "Mentions", unit.mentions.len().to_string()),
        ("Basis", fullest("basis"), "Direct quotes", unit.risk.direct_quotes.to_string()),
        ("Reason", fullest("reason_in_text"), "Terms", fullest("terms")),
    ];
    ui.add_space(4.0);
    for (name, said, other, number) in facts {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{name}: {said}, {other}: {number}")));
        let half = rect.center().x;
        let warn = |said: &str| if said == "not stated" || said == "terms only" { theme.warn } else { theme.ink };
        widgets::line(ui, rect.with_max_x(rect.left() + 70.0), name, theme::small(), theme.ink3, Align::Min);
        widgets::line(ui, rect.with_min_x(rect.left() + 72.0).with_max_x(half), &said, theme::small(), warn(&said), Align::Min);
        widgets::line(ui, rect.with_min_x(half).with_max_x(half + 84.0), other, theme::small(), theme.ink3, Align::Min);
        widgets::line(ui, rect.with_min_x(half + 86.0), &number, theme::small(), theme.ink, Align::Min);
    }
    if !unit.standing.stale.is_empty() {
        let what: Vec<String> = unit.standing.stale.iter().take(3).map(|stale| stale.words(project)).collect();
        ui.label(RichText::new(format!("Stale: {}.", what.join("; "))).font(theme::small()).color(theme.stale));
    }
    if unit.standing.is_split() {
        ui.label(
            RichText::new("Two review decisions at the same time. A new decision follows both.").font(theme::small()).color(theme.block),
        );
    }
}

fn tabs(ui: &mut Ui, desk: &Desk, unit: &Unit, reviewing: &mut Reviewing, theme: &Theme) {
    let items = desk.policy().map_or(0, |policy| policy.items.len());
    let answered = desk.policy().map_or(0, |policy| policy.items.iter().filter(|item| reviewing.answers.0.contains_key(&item.key)).count());
    let settled = unit.claims.iter().filter(|claim| reviewing.outcomes.0.contains_key(*claim)).count();
    ui.horizontal(|ui| {
        ui.style_mut().spacing.item_spacing.x = 14.0;
        let all = [
            (DeskTab::Checklist, "Checklist", format!("{answered} of {items}")),
            (DeskTab::Claims, "Claims", format!("{settled} of {}", unit.claims.len())),
            (DeskTab::Mentions, "Mentions", unit.mentions.len().to_string()),
            (DeskTab::History, "History", unit.standing.history.len().to_string()),
        ];
        for (tab, name, number) in all {
            let open = reviewing.tab == tab;
            let mut job = egui::text::LayoutJob::default();
            let format = |font, color| egui::TextFormat { font_id: font, color, ..Default::default() };
            job.append(
                name,
                0.0,
                format(if open { theme::medium(13.0) } else { theme::body() }, if open { theme.ink } else { theme.ink2 }),
            );
            job.append(&number, 5.0, format(theme::small(), theme.ink3));
            let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
            let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, 34.0), Sense::click());
            response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, open, name));
            ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, theme.ink);
            if open {
                ui.painter().hline(rect.x_range(), rect.bottom() - 1.0, Stroke::new(2.0, theme.ink));
            }
            widgets::focus_ring(ui, theme, &response, 4);
            if response.clicked() {
                reviewing.tab = tab;
            }
        }
    });
}

fn checklist(ui: &mut Ui, desk: &Desk, reviewing: &mut Reviewing, order: &[(usize, String)], actions: &mut Vec<Action>, theme: &Theme) {
    let Some(policy) = desk.policy().cloned() else {
        ui.add_space(16.0);
        ui.vertical_centered(|ui| {
            ui.label(RichText::new("No review policy is chosen.").color(theme.ink2));
            ui.add_space(8.0);
            if widgets::button(ui, theme, "Choose a policy…", &[], Tone::Primary).clicked() {
                actions.push(Action::Desk(DeskAction::ChoosePolicy));
            }
        });
        return;
    };
    let mut section = "";
    for (at, (number, key)) in order.iter().enumerate() {
        let Some(item) = policy.items.get(*number) else { continue };
        let answered = reviewing.answers.0.get(key).cloned();
        let filled = reviewing.prefilled.iter().find(|(known, _)| known == key).map(|(_, filled)| filled.clone());
        let heading = match (&answered, &filled) {
            (None, None) => "Needs your answer",
            (None, Some(_)) => "Filled in from the annotations: check, then confirm",
            (Some(_), _) => "Answered",
        };
        if heading != section {
            section = heading;
            ui.add_space(10.0);
            ui.horizontal(|ui| {
                ui.add_space(16.0);
                ui.label(RichText::new(heading).font(theme::semibold(12.0)).color(theme.ink2));
            });
            ui.add_space(4.0);
        }
        let focused = reviewing.item == at;
        let shown = answered.as_ref().map(|answered| answered.answer).or(filled.as_ref().map(|filled| filled.answer));
        item_row(ui, *number, item, focused, shown, answered.as_ref(), filled.as_ref(), actions, reviewing, at, theme);
        if reviewing.item_note.as_deref() == Some(key.as_str()) {
            note_field(ui, desk, reviewing, key, theme);
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one question with all that it shows")]
fn item_row(
    ui: &mut Ui,
    number: usize,
    item: &PolicyItem,
    focused: bool,
    shown: Option<Answer>,
    answered: Option<&Answered>,
    filled: Option<&crate::review::Prefilled>,
    actions: &mut Vec<Action>,
    reviewing: &mut Reviewing,
    at: usize,
    theme: &Theme,
) {
    let width = ui.available_width();
    let job = |text: &str, room: f32| {
        let mut job = egui::text::LayoutJob::simple(text.to_owned(), theme::medium(13.0), theme.ink, room);
        job.wrap.max_rows = 3;
        job
    };
    let question = ui.fonts_mut(|fonts| fonts.layout_job(job(&item.text, width - 44.0 - 150.0)));
    let note = answered.map_or("", |answered| answered.note.as_str());
    let lines = 1 + usize::from(filled.is_some()) + usize::from(!note.is_empty());
    let height = (question.size().y + 18.0 * lines as f32 + 14.0).max(52.0);
    let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    if focused {
        ui.painter().rect_filled(rect, 0.0, theme.selected);
        ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(2.0, rect.height())), 0.0, theme.accent);
    }
    let left = rect.left() + 44.0;
    ui.painter().text(pos2(rect.left() + 34.0, rect.top() + 15.0), Align2::RIGHT_CENTER, number + 1, theme::small(), theme.ink3);
    let mut y = rect.top() + 7.0;
    ui.painter().galley(pos2(left, y), question.clone(), theme.ink);
    y += question.size().y;
    let does = match item.on_no.as_str() {
        "block" => "Blocks",
        "block_claim" => "Blocks those claims",
        "escalate" => "Senior approval if not",
        _ => "Warns",
    };
    let over = if item.rank.is_empty() { String::new() } else { format!(", a {} editor may override: O", item.rank) };
    let line = |top: f32| Rect::from_min_max(pos2(left, top), pos2(rect.right() - 156.0, top + 18.0));
    widgets::line(ui, line(y), &format!("{}. {does}{over}", item.provenance), theme::small(), theme.ink3, Align::Min);
    y += 18.0;
    if let Some(filled) = filled {
        let jump = !filled.evidence.is_empty();
        let place = line(y);
        let response = ui.interact(place, Id::unique(("evidence", &item.key)), if jump { Sense::click() } else { Sense::hover() });
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, jump, format!("Evidence: {}", filled.words)));
        ui.painter().text(
            pos2(place.left() + 6.0, place.center().y),
            Align2::CENTER_CENTER,
            icons::ARROW_BEND_DOWN_RIGHT,
            theme::icon(12.0),
            theme.ink3,
        );
        widgets::line(
            ui,
            place.with_min_x(place.left() + 16.0),
            &filled.words,
            theme::small(),
            if jump { theme.accent } else { theme.ink2 },
            Align::Min,
        );
        if let (true, Some(first)) = (response.clicked(), filled.evidence.first()) {
            actions.push(Action::ChooseAnnotation(Some(first.clone())));
        }
        y += 18.0;
    }
    if !note.is_empty() {
        widgets::line(ui, line(y), &format!("Note: {}", crate::display::safe::brief(note)), theme::small(), theme.ink2, Align::Min);
    }
    let mut x = rect.right() - 14.0;
    for (answer, name) in [(Answer::NotApplicable, "n.a."), (Answer::No, "No"), (Answer::Yes, "Yes")] {
        let chosen = shown == Some(answer);
        let confirmed = chosen && answered.is_some();
        let galley = ui.painter().layout_no_wrap(name.to_owned(), theme::medium(12.0), theme.ink2);
        let place = Rect::from_min_size(pos2(x - 44.0, rect.top() + 8.0), vec2(44.0, 26.0));
        x -= 46.0;
        let response = ui.interact(place, Id::unique(("answer", &item.key, name)), Sense::click());
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, confirmed, format!("{name}: {}", item.text)));
        let (fill, ink) = answer_colours(answer, chosen, theme);
        ui.painter().rect(place, CornerRadius::same(6), fill, Stroke::new(1.0, theme.line2), StrokeKind::Inside);
        if chosen && !confirmed {
            let corners = place.shrink(3.0);
            let points = [corners.left_top(), corners.right_top(), corners.right_bottom(), corners.left_bottom(), corners.left_top()];
            ui.painter().extend(egui::Shape::dashed_line(&points, Stroke::new(1.0, ink), 3.0, 2.0));
        }
        ui.painter().galley_with_override_text_color(place.center() - galley.size() / 2.0, galley, ink);
        widgets::focus_ring(ui, theme, &response, 6);
        if response.clicked() {
            reviewing.item = at;
            let note = answered.map_or_else(String::new, |answered| answered.note.clone());
            reviewing.answers.0.insert(item.key.clone(), Answered { note, ..Answered::plain(answer) });
            reviewing.drafted = true;
        }
    }
    if answered.is_some_and(|answered| answered.overridden) {
        ui.painter().text(pos2(rect.right() - 14.0, rect.top() + 46.0), Align2::RIGHT_CENTER, "overridden", theme::small(), theme.warn);
    }
}

fn answer_colours(answer: Answer, chosen: bool, theme: &Theme) -> (Color32, Color32) {
    match (chosen, answer) {
        (true, Answer::Yes) => (theme.ok_soft, theme.ok),
        (true, Answer::No) => (theme.block_soft, theme.block),
        (true, Answer::NotApplicable) => (theme.pressed, theme.ink),
        (false, _) => (theme.raised, theme.ink2),
    }
}

fn note_field(ui: &mut Ui, desk: &Desk, reviewing: &mut Reviewing, key: &str, theme: &Theme) {
    egui::Frame::new().inner_margin(Margin { left: 44, right: 16, top: 4, bottom: 6 }).show(ui, |ui| {
        let mut note = reviewing.answers.0.get(key).map_or_else(String::new, |answered| answered.note.clone());
        let field = ui.add(
            egui::TextEdit::singleline(&mut note)
                .id(Id::unique("note of an answer"))
                .hint_text(RichText::new("Why. Do not write who a source is.").color(theme.ink3))
                .desired_width(f32::INFINITY),
        );
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Note of the answer"));
        if !field.has_focus() && !field.lost_focus() {
            field.request_focus();
        }
        if field.changed()
            && let Some(answered) = reviewing.answers.0.get_mut(key)
        {
            note.clone_into(&mut answered.note);
            reviewing.drafted = true;
        }
        super::caution::show(ui, desk, &note, theme);
        if !reviewing.answers.0.contains_key(key) {
            ui.label(RichText::new("Answer first, then write why.").font(theme::small()).color(theme.ink3));
        }
        if field.lost_focus() {
            reviewing.item_note = None;
        }
    });
}

fn claims(
    ui: &mut Ui,
    desk: &Desk,
    unit: &Unit,
    reviewing: &mut Reviewing,
    words: &mut Words<'_>,
    actions: &mut Vec<Action>,
    theme: &Theme,
) {
    let project = desk.session.project();
    if unit.claims.is_empty() {
        widgets::empty_state(
            ui,
            theme,
            icons::SCALES,
            "No claim rests on it",
            "Link a claim to a mention of the source, and it appears here.",
        );
    }
    for (at, claim) in unit.claims.iter().enumerate().filter_map(|(at, id)| Some((at, project.annotations.get(id)?))) {
        let focused = reviewing.claim == at;
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 104.0), Sense::click());
        let excerpt = claim.beginning();
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, focused, format!("Claim {}: {excerpt}", at + 1)));
        if focused {
            ui.painter().rect_filled(rect, 0.0, theme.selected);
            ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(2.0, rect.height())), 0.0, theme.accent);
        }
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line));
        let inner = rect.shrink2(vec2(16.0, 8.0));
        let about: Vec<String> =
            ["kind", "check_worthiness", "verification"].iter().map(|key| claim.spoken(key)).filter(|said| !said.is_empty()).collect();
        widgets::line(
            ui,
            Rect::from_min_size(inner.min, vec2(64.0, 18.0)),
            &format!("Claim {}", at + 1),
            theme::medium(13.0),
            theme.ink,
            Align::Min,
        );
        widgets::line(
            ui,
            Rect::from_min_size(inner.min + vec2(66.0, 0.0), vec2(inner.width() - 66.0, 18.0)),
            &about.join(", "),
            theme::small(),
            theme.ink3,
            Align::Min,
        );
        words.line(
            ui,
            Rect::from_min_size(inner.min + vec2(0.0, 18.0), vec2(inner.width(), 22.0)),
            &excerpt,
            &TextStyle::reading(15.0, 22.0),
            theme.ink,
        );
        let others: Vec<String> =
            desk.sources.behind(&claim.id).iter().filter(|source| **source != unit.source).map(|source| alias(desk, source)).collect();
        let (said, colour) = match (claim.spoken("kind").as_str(), others.is_empty()) {
            ("opinion", _) => ("An opinion from an unnamed source".to_owned(), theme.warn),
            ("prediction", _) => ("A prediction from an unnamed source".to_owned(), theme.warn),
            (_, true) => ("No second source".to_owned(), theme.ink3),
            (_, false) => (format!("Also: {}", others.join(", ")), theme.ok),
        };
        widgets::line(
            ui,
            Rect::from_min_size(inner.min + vec2(0.0, 40.0), vec2(inner.width(), 18.0)),
            &said,
            theme::small(),
            colour,
            Align::Min,
        );
        let mut x = inner.left();
        for (number, (outcome, name)) in [
            (Outcome::Keep, "Keep"),
            (Outcome::AttributeCloser, "Attribute closer"),
            (Outcome::Corroborate, "Corroborate"),
            (Outcome::Cut, "Cut"),
        ]
        .into_iter()
        .enumerate()
        {
            let chosen = reviewing.outcomes.0.get(&claim.id) == Some(&outcome);
            let shown = if focused { format!("{name} {}", number + 1) } else { name.to_owned() };
            let galley = ui.painter().layout_no_wrap(shown, theme::medium(12.0), if chosen { theme.ok } else { theme.ink2 });
            let place = Rect::from_min_size(pos2(x, inner.bottom() - 26.0), vec2(galley.size().x + 16.0, 24.0));
            x = place.right() + 2.0;
            let response = ui.interact(place, Id::unique(("outcome", &claim.id, name)), Sense::click());
            response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, chosen, format!("{name}: claim {}", at + 1)));
            let fill = if chosen {
                theme.ok_soft
            } else if response.hovered() {
                theme.hover2
            } else {
                theme.raised
            };
            ui.painter().rect(place, CornerRadius::same(6), fill, Stroke::new(1.0, theme.line2), StrokeKind::Inside);
            ui.painter().galley(place.center() - galley.size() / 2.0, galley, theme.ink);
            if response.clicked() {
                reviewing.outcomes.0.insert(claim.id.clone(), outcome);
                (reviewing.drafted, reviewing.claim) = (true, at);
            }
        }
        if response.clicked() {
            reviewing.claim = at;
            actions.push(Action::ChooseAnnotation(Some(claim.id.clone())));
        }
        if focused {
            evidence(ui, claim, actions, theme);
        }
    }
}

/// The evidence links of the claim: its own attribute, so that fact checkers find it in every format.
fn evidence(ui: &mut Ui, claim: &Annotation, actions: &mut Vec<Action>, theme: &Theme) {
    let id = Id::unique(("evidence of", &claim.id));
    let known = claim.attributes.get("evidence").map_or("", |value| value.as_str()).to_owned();
    let mut draft = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_else(|| known.clone());
    egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 6, bottom: 6 }).show(ui, |ui| {
        labelled(ui, theme, "Evidence", |ui| {
            let field = ui.add(
                egui::TextEdit::singleline(&mut draft)
                    .id(Id::unique("evidence"))
                    .hint_text(RichText::new("Address, stance, note").color(theme.ink3))
                    .desired_width(ui.available_width() - 8.0),
            );
            field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Evidence of the claim"));
            if field.changed() {
                ui.data_mut(|data| data.insert_temp(id, draft.clone()));
            }
            if field.lost_focus() && draft.trim() != known {
                let value = (!draft.trim().is_empty()).then(|| AttributeValue::Text(draft.trim().into()));
                actions.push(Action::Edit(Command::SetAttribute { annotation: claim.id.clone(), key: "evidence".to_owned(), value }));
                ui.data_mut(|data| data.remove::<String>(id));
            }
        });
    });
}

fn mentions(ui: &mut Ui, desk: &Desk, unit: &Unit, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    let project = desk.session.project();
    let selected: Option<RecordId<Annotation>> = desk.view().and_then(|view| view.selected.clone());
    for mention in unit.mentions.iter().chain(&unit.quotes).filter_map(|id| project.annotations.get(id)) {
        let text = project.texts.get(&mention.text);
        let number = text.map_or(0, |text| text.index.number_from_char(&text.content, mention.ranges.bounds().start));
        let excerpt = mention.beginning();
        let label = desk.label_of(mention).map_or_else(String::new, |label| visible(&label.name));
        let about: Vec<String> = ["specificity", "basis", "reason_in_text", "terms", "type"]
            .iter()
            .map(|key| mention.spoken(key))
            .filter(|said| !said.is_empty())
            .collect();
        let name = format!("{label} in ¶ {number}: {}", crate::check::spans::shorten(&excerpt));
        let response = widgets::row(
            ui,
            theme,
            Id::unique(("desk mention", &mention.id)),
            48.0,
            &name,
            selected.as_ref() == Some(&mention.id),
            |ui, rect| {
                let inner = rect.shrink2(vec2(16.0, 4.0));
                words.line(ui, inner.with_max_y(inner.center().y + 2.0), &excerpt, &TextStyle::reading(15.0, 22.0), theme.ink);
                widgets::line(
                    ui,
                    inner.with_min_y(inner.center().y + 2.0),
                    &format!("¶ {number}  {label}  {}", about.join(", ")),
                    theme::small(),
                    theme.ink3,
                    Align::Min,
                );
            },
        );
        if response.clicked() {
            actions.push(Action::ChooseAnnotation(Some(mention.id.clone())));
        }
    }
}

fn history(
    ui: &mut Ui,
    desk: &Desk,
    unit: &Unit,
    commenting: &mut Option<(Key, String)>,
    words: &mut Words<'_>,
    actions: &mut Vec<Action>,
    theme: &Theme,
) {
    let project = desk.session.project();
    egui::Frame::new().inner_margin(Margin::symmetric(16, 10)).show(ui, |ui| {
        ui.style_mut().spacing.item_spacing.y = 4.0;
        if unit.standing.history.is_empty() {
            ui.label(RichText::new("Nothing was decided yet.").color(theme.ink3));
        }
        for decision in unit.standing.history.iter().rev().filter_map(|id| project.decisions.get(id)) {
            let by = decision
                .by
                .as_ref()
                .and_then(|by| project.persons.get(by))
                .map_or_else(|| "somebody".to_owned(), |person| visible(&person.name));
            let (from, to) = (ReviewState::of(&decision.from), ReviewState::of(&decision.to));
            ui.label(RichText::new(format!("{} → {}", from.name(), to.name())).font(theme::medium(13.0)).color(theme.ink));
            let role = if decision.role.is_empty() { String::new() } else { format!(", {}", decision.role) };
            let policy = decision.policy.as_ref().map_or_else(String::new, |policy| format!(", under {policy}"));
            ui.label(RichText::new(format!("{by}{role}, {}{policy}", decision.at)).font(theme::small()).color(theme.ink3));
            if !decision.note.is_empty() {
                words.label(ui, &decision.note, &TextStyle::interface(13.0, 400.0), theme.ink2);
            }
            let answers = Answers::read(decision.answers.as_ref());
            let overridden = answers.0.values().filter(|answered| answered.overridden).count();
            let more = if overridden > 0 { format!(", {overridden} overridden") } else { String::new() };
            ui.label(RichText::new(format!("{} answers{more}", answers.0.len())).font(theme::small()).color(theme.ink3));
            let has_notes = !decision.note.is_empty() || answers.0.values().any(|answered| !answered.note.is_empty());
            if has_notes && widgets::button(ui, theme, "Purge its notes…", &[], Tone::Quiet).clicked() {
                actions.push(Action::AskToPurge(decision.id.key().clone()));
            }
            super::comments::show(ui, desk, commenting, decision.id.key(), words, actions, theme);
            ui.separator();
        }
        ui.label(RichText::new("On the source").font(theme::medium(13.0)).color(theme.ink));
        super::comments::show(ui, desk, commenting, unit.source.key(), words, actions, theme);
        ui.separator();
        ui.label(RichText::new(crate::display::audit::SELF_DECLARED).font(theme::small()).color(theme.ink3));
    });
}
