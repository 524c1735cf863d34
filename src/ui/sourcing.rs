//! Who speaks: the same as before by one key, a known one by its name, a new one; and walking through the mentions of one.

use super::{
    action::Action,
    app::{App, Desk, FocusTarget, Inspected, Side, Tab},
    dialogs::Dialog,
};
use crate::{
    edit::{Command, Mark, SourceField, Speaker},
    model::{Annotation, Id, Label, Origin, Source, SourceKind, news},
    suggest::speaker,
    text::Ranges,
};
use std::collections::BTreeMap;

/// Annotations that are looked through, backwards, for a source that was mentioned before.
const LOOKED_BACK: usize = 4_000;
/// Sources that the chooser offers at most.
const OFFERED: usize = 40;

/// One line of the chooser.
pub(crate) struct Choice {
    pub(crate) speaker: Speaker,
    pub(crate) name: String,
    pub(crate) more: String,
    pub(crate) kind: SourceKind,
}

impl SourceKind {
    /// The kind for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NamedPerson => "Named person",
            Self::Organisation => "Organisation",
            Self::PublishedDocument => "Published document",
            Self::Anonymous => "Anonymous person",
            Self::ConfidentialDocument => "Confidential document",
            Self::Leak => "Leak",
            Self::VagueCollective => "Vague collective",
            Self::Unstated => "Unstated",
        }
    }

    /// Its icon.
    pub(crate) fn icon(self) -> char {
        use super::icons;
        match self {
            Self::NamedPerson => icons::USER,
            Self::Organisation => icons::BUILDINGS,
            Self::PublishedDocument => icons::FILE_TEXT,
            Self::Anonymous => icons::DETECTIVE,
            Self::ConfidentialDocument => icons::FILE_LOCK,
            Self::Leak => icons::FILE_DASHED,
            Self::VagueCollective => icons::USERS_THREE,
            Self::Unstated => icons::CIRCLE_DASHED,
        }
    }
}

impl Desk {
    /// Sources by how lately they were mentioned before a place, each once, with the label of that mention; only for some labels.
    fn mentioned_before(&self, byte: usize, of: impl Fn(&Annotation) -> bool) -> Vec<(Id<Source>, Id<Label>)> {
        let Some(index) = &self.index else { return Vec::new() };
        let here = index.rank_from(byte);
        let before = index.in_order().get(here.saturating_sub(LOOKED_BACK)..here).unwrap_or_default();
        let mut found: Vec<(Id<Source>, Id<Label>)> = Vec::new();
        for annotation in before.iter().rev().filter_map(|slot| index.span(*slot)).map(|span| &span.annotation) {
            if let Some(source) =
                annotation.source.as_ref().filter(|source| of(annotation) && found.iter().all(|(known, _)| known != *source))
            {
                found.push((source.clone(), annotation.label.clone()));
            }
        }
        found
    }
}

impl App {
    /// S: the source of the mention before. Pressed again, the one before that. A selection is labelled like that mention.
    pub(crate) fn same_source(&mut self) {
        let Some(desk) = &self.desk else { return };
        let (Some(index), Some(view), Some(document)) = (&desk.index, desk.view(), desk.document.clone()) else { return };
        let text = index.text();
        let taken = view.to_take(&text.content);
        if !taken.is_empty() {
            let is_mention = |annotation: &Annotation| annotation.label == news::label(news::ANONYMOUS_SOURCE);
            let before = desk.mentioned_before(taken.start, is_mention).into_iter().next();
            let before = before.or_else(|| desk.mentioned_before(taken.start, |_| true).into_iter().next());
            let Some((source, label)) = before else {
                self.toasts.success("Nobody was mentioned before. Shift S chooses a source", None);
                return;
            };
            let ranges = Ranges::one(text.index.range_from_bytes(&text.content, &taken));
            let (attributes, note) = (BTreeMap::new(), String::new());
            let command = Command::Annotate {
                document,
                label: label.clone(),
                ranges,
                attributes,
                source: Some(source.clone()),
                note,
                origin: Origin::Person,
            };
            if self.run(&command).is_some() {
                self.state.last_label = Some(label);
                self.tell_source(&source);
                if let Some(view) = self.desk.as_mut().and_then(Desk::view_mut) {
                    view.collapse(taken.end);
                }
            }
            return;
        }
        let Some(annotation) = desk.selected().cloned() else {
            self.toasts.success("Choose a mention first, or select its words", None);
            return;
        };
        if !desk.label_of(&annotation).is_some_and(|label| label.source) {
            self.toasts.success("Annotations with this label point to no source: link it to its attribution with L", None);
            return;
        }
        let start = index.get(&annotation.id).map_or(0, |span| span.bounds().start);
        let mut before = desk.mentioned_before(start, |other| other.label == annotation.label);
        let others = desk.mentioned_before(start, |_| true);
        before.extend(others.into_iter().filter(|(source, _)| before.iter().all(|(known, _)| known != source)).collect::<Vec<_>>());
        let at = before.iter().position(|(source, _)| Some(source) == annotation.source.as_ref()).map_or(0, |at| at + 1);
        match before.get(at % before.len().max(1)).cloned() {
            Some((source, _)) => {
                if self.run(&Command::SetSource { annotation: annotation.id.clone(), source: Some(source.clone()) }).is_some() {
                    self.tell_source(&source);
                }
            }
            None => self.toasts.success("Nobody was mentioned before. Shift S chooses a source", None),
        }
    }

    fn tell_source(&mut self, source: &Id<Source>) {
        let Some(record) = self.desk.as_ref().and_then(|desk| desk.session.project().sources.get(source)) else { return };
        let words = format!("Source: {}", record.alias);
        self.toasts.success(words, Some(("Undo".to_owned(), Action::Undo)));
    }

    /// Shift S: asks who speaks.
    pub(crate) fn ask_for_source(&mut self) {
        let Some(desk) = &self.desk else { return };
        let has_words = desk.index.as_ref().zip(desk.view()).is_some_and(|(index, view)| !view.to_take(&index.text().content).is_empty());
        let points = desk.selected().and_then(|annotation| desk.label_of(annotation)).is_some_and(|label| label.source);
        if !has_words && !points {
            self.toasts.success("Choose a mention or an attribution first, or select its words", None);
            return;
        }
        self.state.dialog = Some(Dialog::ChooseSource { words: String::new(), at: 0 });
    }

    /// Gives the selected annotation its source; a selection is labelled with it.
    pub(crate) fn take_source(&mut self, speaker: Speaker) {
        let Some(desk) = &self.desk else { return };
        let (Some(index), Some(view), Some(document)) = (&desk.index, desk.view(), desk.document.clone()) else { return };
        let text = index.text();
        let taken = view.to_take(&text.content);
        let project = desk.session.project();
        let mark = if taken.is_empty() {
            let Some(annotation) = desk.selected() else { return };
            if let Speaker::Known(source) = speaker {
                self.run(&Command::SetSource { annotation: annotation.id.clone(), source: Some(source) });
                return;
            }
            // A new source takes the place of another: the structure only fills in where there is none.
            if annotation.source.is_some() {
                let Speaker::New { alias, kind, role } = speaker else { return };
                let annotation = annotation.id.clone();
                let made = self.run(&Command::AddSource { alias, kind, role, public_label: String::new() });
                if let Some(source) = made.and_then(|done| done.made.clone()) {
                    self.run(&Command::SetSource { annotation, source: Some(source.into()) });
                }
                return;
            }
            Mark::Known(annotation.id.clone())
        } else {
            let kind = match &speaker {
                Speaker::Known(source) => project.sources.get(source).map(|source| source.kind),
                Speaker::New { kind, .. } => Some(*kind),
            };
            let wanted = if kind.is_some_and(SourceKind::is_anonymous) { news::ANONYMOUS_SOURCE } else { news::ATTRIBUTION };
            let label =
                project.labels.get(&news::label(wanted)).or_else(|| project.labels_in_order().into_iter().find(|label| label.source));
            let Some(label) = label else { return };
            let ranges = Ranges::one(text.index.range_from_bytes(&text.content, &taken));
            Mark::New { label: label.id.clone(), ranges, attributes: BTreeMap::new() }
        };
        let command =
            Command::MarkTogether { document, marks: vec![mark], links: Vec::new(), speaker: Some(speaker), origin: Origin::Person };
        if self.run(&command).is_some() && !taken.is_empty() {
            self.state.fresh_selection = false;
            if let Some(view) = self.desk.as_mut().and_then(Desk::view_mut) {
                view.collapse(taken.end);
            }
        }
    }

    /// What the chooser offers for what was typed.
    pub(crate) fn source_choices(&self, words: &str) -> Vec<Choice> {
        let Some(desk) = &self.desk else { return Vec::new() };
        let project = desk.session.project();
        let needle = words.trim().to_lowercase();
        let known = |source: &Source| Choice {
            speaker: Speaker::Known(source.id.clone()),
            name: source.alias.clone(),
            more: if source.role.is_empty() { source.kind.name().to_owned() } else { source.role.clone() },
            kind: source.kind,
        };
        let fits = |source: &Source| {
            let has = |text: &str| text.to_lowercase().contains(&needle);
            needle.is_empty() || has(&source.alias) || has(&source.role) || has(&source.public_label)
        };
        let place = desk.view().map_or(0, |view| {
            view.head
                .max(desk.selected().and_then(|annotation| desk.index.as_ref()?.get(&annotation.id)).map_or(0, |span| span.bounds().end))
        });
        let lately: Vec<Id<Source>> = desk.mentioned_before(place, |_| true).into_iter().map(|(source, _)| source).collect();
        let mut sources: Vec<&Source> = project.sources.iter().map(|source| &**source).filter(|source| fits(source)).collect();
        sources.sort_by_cached_key(|source| {
            let begins = !source.alias.to_lowercase().starts_with(&needle);
            (begins, lately.iter().position(|id| *id == source.id).unwrap_or(usize::MAX), source.alias.to_lowercase())
        });
        let mut choices: Vec<Choice> = sources.into_iter().take(OFFERED).map(known).collect();
        let name = words.trim();
        let new = |alias: String, kind: SourceKind, role: &str| Choice {
            name: format!("New {}: {alias}", kind.name().to_lowercase()),
            more: if role.is_empty() { String::new() } else { format!("described as “{role}”") },
            speaker: Speaker::New { alias, kind, role: role.to_owned() },
            kind,
        };
        if !name.is_empty() {
            for kind in [SourceKind::NamedPerson, SourceKind::Organisation, SourceKind::PublishedDocument, SourceKind::VagueCollective] {
                choices.push(new(name.to_owned(), kind, ""));
            }
        }
        for kind in [SourceKind::Anonymous, SourceKind::ConfidentialDocument, SourceKind::Leak] {
            choices.push(new(speaker::next_alias(project, &self.cues), kind, name));
        }
        choices
    }

    /// Shows a source in the inspector.
    pub(crate) fn show_source(&mut self, source: &Id<Source>) {
        self.commit_drafts();
        self.state.inspected = Inspected::Source(source.clone());
        self.state.source_panel = super::panels::source::PanelState::default();
        self.state.tab = Tab::Inspector;
        self.state.open_side(Side::Right);
    }

    /// To the next or the previous mention of the source that is shown, over all articles.
    pub(crate) fn walk_mentions(&mut self, on: bool) {
        let Some(desk) = &self.desk else { return };
        let source = match &self.state.inspected {
            Inspected::Source(source) => Some(source.clone()),
            _ => desk.selected().and_then(|annotation| desk.sources.behind(&annotation.id).first().cloned()),
        };
        let Some(source) = source else {
            self.toasts.success("Choose a source, or an annotation that has one", None);
            return;
        };
        let mentions = super::panels::source::mentions(desk, &source);
        let selected = desk.view().and_then(|view| view.selected.clone());
        let at = selected.and_then(|selected| mentions.iter().position(|mention| *mention == selected));
        let next = match at {
            Some(at) if on => at + 1,
            Some(at) => at.wrapping_sub(1),
            None if on => 0,
            None => mentions.len().wrapping_sub(1),
        };
        match mentions.get(next).cloned() {
            Some(mention) => {
                self.choose(Some(&mention), true);
                self.state.inspected = Inspected::Source(source);
            }
            None => self.toasts.success(if on { "That was the last mention" } else { "That was the first mention" }, None),
        }
    }

    /// Removes a source; where something points to it, asks whether to merge it into another instead.
    pub(crate) fn remove_source(&mut self, source: &Id<Source>) {
        let Some(desk) = &self.desk else { return };
        let points = desk.session.project().annotations.iter().filter(|annotation| annotation.source.as_ref() == Some(source)).count();
        if points > 0 {
            self.state.dialog = Some(Dialog::RemoveSource { source: source.clone(), into: None });
        } else if self.run(&Command::RemoveSource { source: source.clone() }).is_some() {
            self.state.inspected = Inspected::Selection;
            self.toasts.success("Removed the source", Some(("Undo".to_owned(), Action::Undo)));
        }
    }

    /// Writes a property of a source that was typed.
    pub(crate) fn source_command(source: &Id<Source>, field: &str, value: String) -> Option<Command> {
        let field = match field {
            "alias" => SourceField::Alias,
            "role" => SourceField::Role,
            "public_label" => SourceField::PublicLabel,
            _ => return None,
        };
        Some(Command::EditSource { source: source.clone(), field, value })
    }

    /// Copies the selected words, or those of the selected annotation, with article, outlet and paragraph.
    pub(crate) fn copy_cited(&mut self, ctx: &egui::Context) {
        let Some(desk) = &self.desk else { return };
        let (Some(index), Some(view), Some(record)) = (&desk.index, desk.view(), desk.open_record()) else { return };
        let text = index.text();
        let taken = view.to_take(&text.content);
        let selected = desk.selected();
        let (words, start) = match selected {
            _ if !taken.is_empty() => (text.content.get(taken.clone()).unwrap_or_default().to_owned(), taken.start),
            Some(annotation) => (annotation.excerpt(), index.get(&annotation.id).map_or(0, |span| span.bounds().start)),
            None => {
                self.toasts.success("Select words or an annotation first", None);
                return;
            }
        };
        let names = selected.filter(|_| taken.is_empty()).map_or_else(Vec::new, |annotation| {
            let behind = desk.sources.behind(&annotation.id).iter().filter_map(|source| desk.session.project().sources.get(source));
            behind.map(|source| source.alias.clone()).collect()
        });
        let quoted = if words.starts_with(['“', '"', '«', '„', '‘']) { words } else { format!("“{words}”") };
        let number = text.index.number_of_paragraph(text.index.paragraph_from_byte(start));
        let parts = [
            names.join(", "),
            record.title.clone(),
            record.outlet.clone(),
            record.byline.clone(),
            record.published.clone(),
            record.address.clone(),
        ];
        let cited: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).chain([format!("¶ {number}")]).collect();
        ctx.copy_text(format!("{quoted} ({})", cited.join(", ")));
        self.toasts.success("Copied with its citation", None);
        self.state.focus = Some(FocusTarget::Article);
    }
}
