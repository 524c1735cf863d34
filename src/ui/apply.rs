//! Carries actions out: the only place where the window changes a session.

use super::{
    action::{Action, Edge},
    app::{App, Desk, FocusTarget, Inspected, Side, Tab},
    article::ArticleView,
    dialogs::Dialog,
    finding::Progress,
    jobs::{Ask, Choice, Done, Opened, is_project, whole},
    keymap,
};
use crate::{
    edit::{Change, Command, DocumentField, RepairTo, Transaction},
    formats::article::{self, Article, Choices},
    model::{Annotation, AttributeValue, Document, Id, Key, Label, Origin, Source, Status},
    session::{SaveError, SaveJob, Session, WorkEnvironment},
    store::{StoreError, file_name, settings::Recent},
    text::{Ranges, boundary, quotation},
};
use egui::{Context, ViewportCommand};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The samples that come with the app: title, what it shows, the file.
pub(crate) const SAMPLES: [(&str, &str, &str); 3] = [
    ("A story on unnamed officials", "6 unnamed sources", include_str!("../../sample_projects/port-strike.onrecord.json")),
    ("An explainer with named sources", "9 sources", include_str!("../../sample_projects/tide-explainer.onrecord.json")),
    ("Mixed scripts", "Arabic, Hebrew, Russian", include_str!("../../sample_projects/mixed-scripts.onrecord.json")),
];

/// Changes from which an undo or redo is made on a thread.
const LARGE_STEP: usize = 2_000;

impl App {
    /// Carries out what panels and keys asked for.
    pub(crate) fn carry_out(&mut self, ctx: &Context) {
        for action in std::mem::take(&mut self.actions) {
            self.perform(ctx, action);
        }
    }

    fn perform(&mut self, ctx: &Context, action: Action) {
        match action {
            Action::Open => self.jobs.choose_files(Choice::Open),
            Action::Import => self.jobs.choose_files(Choice::Import),
            Action::ImportFolder => self.jobs.choose_folder(),
            Action::ImportPaths(paths) => self.import_paths(paths, Choices::default()),
            Action::ImportAgain(choices) => self.import_again(choices),
            Action::TakeImport => self.take_import(),
            Action::Export => self.open_export(),
            Action::ChooseExport(draft) => self.choose_export(draft),
            Action::ExportTo(path) => self.export_to(&path),
            Action::WriteExport(draft) => self.write_export(&draft),
            Action::CompareWithFile => self.jobs.choose_files(Choice::Compare),
            Action::ComparePaths(paths) => self.compare_paths(&paths),
            Action::Dropped(paths) => self.take_dropped(paths),
            Action::Recover(journal) => self.recover_orphan(&journal),
            Action::RecoverAlone(journal) => self.recover_alone(&journal),
            Action::ForgetJournal(journal) => self.forget_orphan(&journal),
            // The system is asked for the text and answers with an event.
            Action::Paste => ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
            Action::AddPasted(text) => self.add_pasted(&text),
            Action::NewProject | Action::CloseProject | Action::OpenSample(_) if self.must_ask(&action) => {}
            Action::NewProject => self.set_desk(Desk::new(Session::new("Untitled project", self.environment()()))),
            Action::CloseProject => {
                self.end_journal();
                self.desk = None;
                self.state.marker = None;
            }
            Action::OpenSample(number) => self.open_sample(number),
            Action::OpenPaths(paths) => self.open_paths(&paths),
            Action::Save => match self.desk.as_ref().and_then(|desk| desk.session.path()).map(std::path::Path::to_owned) {
                Some(path) => self.save_to(&path),
                None => self.perform(ctx, Action::SaveAs),
            },
            Action::SaveAs => {
                if let Some(desk) = &self.desk {
                    let name = suggested_name(desk);
                    self.jobs.choose_target(&name);
                }
            }
            Action::SaveTo(path) => self.save_to(&path),
            Action::SaveAnew => self.save_again(SaveJob::anew),
            Action::SaveOverEmpty => self.save_again(SaveJob::over_empty),
            Action::SaveAllTheSame => self.save_all_the_same(),
            Action::SaveThen(then) => {
                self.after_save = Some(*then);
                self.state.dialog = None;
                self.perform(ctx, Action::Save);
            }
            Action::DiscardThen(then) => {
                self.state.dialog = None;
                self.end_journal();
                self.desk = None;
                self.state.reviewing = super::reviewing::Reviewing::default();
                self.perform(ctx, *then);
            }
            Action::Quit if self.must_ask(&Action::Quit) => {}
            Action::Quit => {
                self.may_close = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
            Action::Undo => self.step_history(true),
            Action::Redo => self.step_history(false),
            Action::Theme(choice) => self.settings.theme = choice,
            Action::TextSize(0) => self.settings.text_size = 18.0,
            Action::TextSize(step) => self.settings.text_size = (self.settings.text_size + f32::from(step)).clamp(14.0, 28.0),
            Action::LineSpacing => {
                self.settings.line_height = if self.settings.line_height < 1.8 {
                    1.9
                } else if self.settings.line_height < 2.0 {
                    2.1
                } else {
                    1.72
                };
            }
            Action::InterfaceSize(step) => self.settings.zoom = (self.settings.zoom + f32::from(step) * 0.1).clamp(0.7, 2.0),
            Action::ToggleLeft => self.state.toggle_side(Side::Left),
            Action::ToggleRight => self.state.toggle_side(Side::Right),
            Action::Palette => self.state.dialog = Some(Dialog::palette()),
            Action::Keys => self.state.dialog = Some(Dialog::Keys { filter: String::new(), waiting: None, refused: None }),
            Action::About => self.state.dialog = Some(Dialog::About),
            Action::Introduce => {
                self.state.dialog = Some(Dialog::Introduce { initials: self.settings.initials.clone(), role: self.settings.role.clone() });
            }
            Action::SetPerson { initials, role } => self.set_person(&initials, &role),
            Action::ClearRecent => self.settings.recent.clear(),
            Action::CancelOpening => self.jobs.cancel_opening(),
            Action::Figures => self.state.dialog = Some(Dialog::figures()),
            Action::AskToPurge(record) => self.state.dialog = Some(Dialog::Purge { record }),
            Action::Purge(record) => self.purge(ctx, &record),
            Action::StepBack => self.step_back(),
            Action::NextPanel => self.next_panel(),
            Action::CopyCited => self.copy_cited(ctx),
            Action::RebindKey { row, shortcut } => {
                self.settings.keys.insert(row.to_owned(), shortcut.map(|shortcut| shortcut.written()).unwrap_or_default());
            }
            Action::ResetKeys => self.settings.keys.clear(),
            Action::EditCues => self.edit_cues(),
            Action::SetCues(written) => self.set_cues(&written),
            action => self.perform_on_desk(action),
        }
        self.write_settings();
    }

    /// What needs an open project.
    fn perform_on_desk(&mut self, action: Action) {
        match action {
            Action::Edit(command) => {
                let says = match &command {
                    Command::Relabel { .. } => Some("Relabelled"),
                    Command::DeleteAnnotations { .. } => Some("Deleted"),
                    _ => None,
                };
                if let (Some(done), Some(says)) = (self.run(&command), says) {
                    self.tell_lost_links(&done.changes, says);
                }
            }
            Action::MergeFrom => self.jobs.choose_files(Choice::Merge),
            Action::MergePaths(paths) => self.merge_paths(paths),
            Action::TakeMerge => self.take_waiting(),
            Action::LeaveMerge => self.leave_waiting(),
            Action::CompareWithDisk => self.compare_with_disk(),
            Action::GitSetup => self.state.dialog = Some(Dialog::Git { said: None }),
            Action::WriteGitAttributes => self.write_git_attributes(),
            Action::TakeOver => self.take_over(),
            Action::NextUndecided(on) => self.show_question(if self.state.tab == Tab::Undecided { if on { 1 } else { -1 } } else { 0 }),
            Action::TakeChoice(number) => self.take_choice(number),
            Action::SettleWith(words) => self.settle_with(&words),
            Action::WriteThird => self.write_third(),
            Action::Label(label) => self.label(&label),
            Action::LabelNumber(number) => {
                let label =
                    self.desk.as_ref().and_then(|desk| desk.session.project().labels_in_order().get(number).map(|label| label.id.clone()));
                if let Some(label) = label {
                    self.label(&label);
                }
            }
            Action::RepeatLabel => match self.state.last_label.clone() {
                Some(label) => self.label(&label),
                None => self.toasts.success("No label was given yet", None),
            },
            Action::Marker => {
                let first =
                    || self.desk.as_ref().and_then(|desk| desk.session.project().labels_in_order().first().map(|label| label.id.clone()));
                self.state.marker = if self.state.marker.is_some() { None } else { self.state.last_label.clone().or_else(first) };
            }
            Action::Select(unit) => {
                self.with_view(|view, text| view.select_unit(text, unit));
                self.label_if_armed();
            }
            Action::SelectAll => self.with_view(|view, text| (view.anchor, view.head) = (0, text.len())),
            Action::SelectQuotation => {
                let mut found = false;
                self.with_view(|view, text| {
                    if let Some(bytes) = quotation::quotation_at(text, view.head, &view.selection()) {
                        view.select_bytes(bytes);
                        found = true;
                    }
                });
                if found {
                    self.label_if_armed();
                } else {
                    self.toasts.success("No quotation around the caret", None);
                }
            }
            Action::MoveEdge(edge) => self.move_edge(edge),
            Action::NextAnnotation if self.state.linking.is_some() => self.walk_target(true),
            Action::PreviousAnnotation if self.state.linking.is_some() => self.walk_target(false),
            Action::NextAnnotation => self.walk(true),
            Action::PreviousAnnotation => self.walk(false),
            Action::ChooseAnnotation(annotation) => self.choose(annotation.as_ref(), false),
            Action::ResolveIssue(annotation) => self.state.dialog = Some(Dialog::Repair { annotation }),
            Action::OpenDocument(id) => {
                self.state.overlay = None;
                if let Some(desk) = &mut self.desk {
                    desk.open_document(&id);
                }
                self.state.fresh_selection = false;
                self.state.focus = Some(FocusTarget::Article);
            }
            Action::Delete => {
                if let Some(annotation) = self.desk.as_ref().and_then(Desk::selected).map(|annotation| annotation.id.clone())
                    && let Some(done) = self.run(&Command::DeleteAnnotations { annotations: vec![annotation] })
                {
                    self.tell_lost_links(&done.changes, "Deleted");
                }
            }
            Action::AddRange => self.change_range(true),
            Action::RemoveRange => self.change_range(false),
            Action::Note => {
                self.state.tab = Tab::Inspector;
                self.state.open_side(Side::Right);
                self.state.focus = Some(FocusTarget::Note);
            }
            Action::ToInspector => {
                self.state.tab = Tab::Inspector;
                self.state.open_side(Side::Right);
                self.state.focus = Some(FocusTarget::Inspector);
            }
            Action::DoneNext if self.state.tab == Tab::Undecided && self.state.deciding.third.is_some() => {
                // Ctrl Enter in the field of another value keeps that value.
                let words = self.state.deciding.third.clone().unwrap_or_default();
                self.settle_with(words.trim());
            }
            Action::DoneNext => self.done_next(),
            Action::RemoveArticle => {
                if let Some(document) = self.desk.as_ref().and_then(|desk| desk.document.clone()) {
                    self.run(&Command::RemoveDocument { document });
                }
            }
            Action::ChooseEncoding => self.choose_encoding(),
            Action::Reread(encoding) => self.reread(&encoding),
            Action::Grow => self.grow(),
            Action::Shrink => self.shrink(),
            Action::QuoteWithSpeaker => self.propose_quote(),
            Action::SameSource => self.same_source(),
            Action::AskForSource => self.ask_for_source(),
            Action::TakeSource(speaker) => self.take_source(speaker),
            Action::ShowSource(source) => self.show_source(&source),
            Action::RemoveSource(source) => self.remove_source(&source),
            Action::NextMention(on) => self.walk_mentions(on),
            Action::ShowDocument => {
                self.commit_drafts();
                self.state.inspected = Inspected::Document;
                self.state.tab = Tab::Inspector;
                self.state.open_side(Side::Right);
            }
            Action::Link => self.begin_link(),
            Action::LinkTo { from, to } => self.link_to(from, to),
            Action::RemoveLink => self.remove_link(),
            Action::Take if self.state.linking.is_some() => self.take_link(),
            Action::Take => self.take_proposal(),
            Action::Change { on } if self.state.linking.is_some() => self.change_link(on),
            Action::Change { on } => self.change_proposal(on),
            Action::NotArticle => self.not_article(),
            Action::ProposeOmissions => self.propose_omissions(),
            Action::OmitAll(stretches) => self.omit_all(stretches),
            Action::FocusMode => self.toggle_focus_mode(),
            Action::Find { everywhere } => self.open_find(everywhere),
            Action::LabelAllLike => self.label_all_like(),
            Action::Mode(mode) => self.set_mode(mode),
            Action::Desk(action) => self.on_desk(action),
            Action::CloseFind => self.close_find(),
            Action::OpenHit(hit) => self.open_hit(&hit),
            Action::LabelHits => self.label_hits(),
            Action::CancelWork => self.cancel_work(),
            Action::Guidelines => self.state.dialog = Some(Dialog::Guidelines { draft: None }),
            _ => {}
        }
    }

    fn with_view(&mut self, act: impl FnOnce(&mut ArticleView, &str)) {
        let Some(desk) = &mut self.desk else { return };
        let Some(text) = desk.index.as_ref().map(|index| Arc::clone(index.text())) else { return };
        if let Some(view) = desk.view_mut() {
            act(view, &text.content);
            self.state.fresh_selection = true;
        }
    }

    fn label_if_armed(&mut self) {
        if let Some(label) = self.state.marker.clone() {
            self.label(&label);
        }
    }

    /// Runs a command, follows it with the caches, and shows where it happened.
    pub(crate) fn run(&mut self, command: &Command) -> Option<Arc<Transaction>> {
        self.commit_drafts();
        let desk = self.desk.as_mut()?;
        match desk.session.run(command) {
            Ok(transaction) => {
                self.follow(&transaction, false);
                Some(transaction)
            }
            Err(error) => {
                self.toasts.failure(sentence(&error.to_string()), error.hint(), None);
                None
            }
        }
    }

    /// Takes over what is being written in a field: before anything that would take the field away, and before a save.
    pub(crate) fn commit_drafts(&mut self) {
        let note = self.state.note.take();
        let drafts = std::mem::take(&mut self.state.drafts);
        let Some(desk) = &self.desk else { return };
        let annotations = &desk.session.project().annotations;
        let mut commands = Vec::new();
        if let Some((annotation, note)) = note
            && annotations.get(&annotation).is_some_and(|record| record.note != note.trim_end())
        {
            commands.push(Command::SetNote { annotation, note });
        }
        for ((annotation, key), draft) in drafts {
            let draft = draft.trim();
            let known = annotations.get(&annotation).map(|record| record.value(&key).to_owned());
            if known.is_some_and(|known| known != draft) {
                let value = (!draft.is_empty()).then(|| AttributeValue::Text(draft.into()));
                commands.push(Command::SetAttribute { annotation, key, value });
            }
        }
        for ((record, field), draft) in std::mem::take(&mut self.state.properties) {
            let project = desk.session.project();
            let (document, source) = (Id::<Document>::from(record.clone()), Id::<Source>::from(record));
            if project.documents.contains(&document) {
                commands.extend(super::panels::document::command(&document, field, draft));
            } else if project.sources.contains(&source) {
                commands.extend(Self::source_command(&source, field, draft));
            }
        }
        for command in commands {
            self.run(&command);
        }
    }

    fn step_history(&mut self, undo: bool) {
        self.commit_drafts();
        let Some(desk) = &mut self.desk else { return };
        let size = desk.session.history().next(undo).map_or(0, |next| next.changes.len());
        if size > LARGE_STEP
            && let Some(step) = desk.session.long_step(undo)
        {
            let what = format!("{} {}", if undo { "Undoing:" } else { "Doing again:" }, crate::display::line::count(size, "change"));
            self.jobs.step(step, desk.document.clone());
            self.working = Some(Progress { done: Arc::default(), of: size, stop: Arc::default(), what });
            self.state.dialog = Some(Dialog::Working);
            return;
        }
        let done = if undo { desk.session.undo() } else { desk.session.redo() };
        if let Some(transaction) = done {
            self.follow(&transaction, undo);
            self.tell_step(undo, &transaction);
        }
    }

    pub(crate) fn tell_step(&mut self, undo: bool, step: &Transaction) {
        let done = if undo { "Undone:" } else { "Done again:" };
        let words = if step.changes.is_empty() {
            format!("Left as it is, since colleagues have changed it: {}", step.title)
        } else {
            format!("{done} {}", step.title)
        };
        self.toasts.success(words, None);
    }

    /// Brings index, counts, selection and scroll place in step with a change.
    fn follow(&mut self, transaction: &Transaction, undone: bool) {
        let Some(desk) = &mut self.desk else { return };
        desk.follow(&transaction.changes, undone);
        self.state.reviewing.follow(desk.session.project(), desk.sources.links(), &transaction.changes);
        let omissions = transaction.changes.iter().any(|change| matches!(change, Change::Omission(_)));
        let shown = desk.document.clone();
        let focus = transaction.focus.document.clone().filter(|document| desk.session.project().documents.contains(document));
        let in_step = desk.index.as_mut().is_some_and(|index| index.follow(&transaction.changes, undone));
        let exists = shown.as_ref().is_some_and(|shown| desk.session.project().documents.contains(shown));
        match focus {
            Some(focus) if Some(&focus) != shown.as_ref() => desk.open_document(&focus),
            _ if !exists => {
                let next = desk.documents.first().map(|document| document.id.clone());
                desk.document = next;
                desk.rebuild();
            }
            _ if !in_step => desk.rebuild(),
            _ if omissions => desk.rebuild_omissions(),
            _ => {}
        }
        let exists = transaction.focus.annotation.clone().filter(|id| desk.session.project().annotations.contains(id));
        let place = transaction.focus.range;
        let text = desk.index.as_ref().map(|index| Arc::clone(index.text()));
        if let Some(view) = desk.view_mut() {
            if exists.is_some() || transaction.focus.annotation.is_some() || view.selected.is_some() {
                view.selected = exists;
            }
            if let (Some(text), Some(range)) = (text, place) {
                view.reveal(text.index.byte_from_char(&text.content, range.start));
            }
        }
    }

    /// Labels the selection; without one, the selected annotation gets the label.
    fn label(&mut self, label: &Id<Label>) {
        let Some(desk) = &self.desk else { return };
        let (Some(index), Some(view), Some(document)) = (&desk.index, desk.view(), desk.document.clone()) else { return };
        let text = index.text();
        let taken = view.to_take(&text.content);
        if taken.is_empty() {
            // With the marker in hand, a label's key changes what it marks with.
            if self.state.marker.is_some() {
                self.state.marker = Some(label.clone());
                return;
            }
            match desk.selected().map(|annotation| annotation.id.clone()) {
                Some(annotation) => {
                    if let Some(done) = self.run(&Command::Relabel { annotation, label: label.clone() }) {
                        self.state.last_label = Some(label.clone());
                        self.tell_lost_links(&done.changes, "Relabelled");
                    }
                }
                None => self.toasts.success("Select words first: W takes the word at the caret", None),
            }
            return;
        }
        let ranges = Ranges::one(text.index.range_from_bytes(&text.content, &taken));
        // The same words with the same label by the same person: show the annotation instead of making another.
        let me = desk.session.person().map(|person| person.id.clone());
        let twin = index.at(taken.start).into_iter().filter_map(|slot| index.span(slot)).map(|span| &span.annotation);
        let twin = twin.into_iter().find(|twin| twin.label == *label && twin.ranges == ranges && twin.by == me).map(|twin| twin.id.clone());
        if let Some(twin) = twin {
            self.choose(Some(&twin), false);
            self.toasts.success("These words have this label already", None);
            return;
        }
        let command = Command::Annotate {
            document,
            label: label.clone(),
            ranges,
            attributes: BTreeMap::new(),
            source: None,
            note: String::new(),
            origin: Origin::Person,
        };
        if self.run(&command).is_some() {
            self.state.last_label = Some(label.clone());
            self.state.fresh_selection = false;
            if let Some(view) = self.desk.as_mut().and_then(Desk::view_mut) {
                view.collapse(taken.end);
            }
        }
    }

    fn change_range(&mut self, add: bool) {
        let Some(desk) = &self.desk else { return };
        let (Some(index), Some(view), Some(annotation)) = (&desk.index, desk.view(), desk.selected()) else { return };
        let text = index.text();
        let taken = view.to_take(&text.content);
        if taken.is_empty() {
            let words = if add { "Select the further words first" } else { "Select the words to take out first" };
            self.toasts.success(words, None);
            return;
        }
        let range = text.index.range_from_bytes(&text.content, &taken);
        let annotation = annotation.id.clone();
        let command = if add { Command::AddRange { annotation, range } } else { Command::RemoveRange { annotation, range } };
        if self.run(&command).is_some() {
            self.state.fresh_selection = false;
            if let Some(view) = self.desk.as_mut().and_then(Desk::view_mut) {
                view.collapse(taken.end);
            }
        }
    }

    /// Moves an end of the selection; without one, of the selected annotation.
    fn move_edge(&mut self, edge: Edge) {
        let Some(desk) = &self.desk else { return };
        let (Some(index), Some(view)) = (&desk.index, desk.view()) else { return };
        let text = Arc::clone(index.text());
        let selection = view.selection();
        if !selection.is_empty() {
            let moved = moved(&text.content, selection, edge);
            self.with_view(|view, _| view.select_bytes(moved));
            return;
        }
        let Some(annotation) = desk.selected() else { return };
        let Some(mut parts) =
            annotation.ranges.iter().map(|range| text.index.bytes_from_range(&text.content, range)).collect::<Option<Vec<_>>>()
        else {
            return;
        };
        let part = if edge.end { parts.last_mut() } else { parts.first_mut() };
        if let Some(part) = part {
            *part = moved(&text.content, part.clone(), edge);
        }
        let ranges = Ranges::from_parts(parts.iter().map(|bytes| text.index.range_from_bytes(&text.content, bytes)));
        let annotation = annotation.id.clone();
        if let Some(ranges) = ranges {
            self.run(&Command::SetRanges { annotation, ranges });
        }
    }

    /// To the next or the previous annotation, from the selected one or from the caret.
    fn walk(&mut self, on: bool) {
        let Some(desk) = &self.desk else { return };
        let (Some(index), Some(view)) = (&desk.index, desk.view()) else { return };
        let order = index.in_order();
        let rank = match view.selected.as_ref().and_then(|selected| index.rank(selected)) {
            Some(rank) if on => rank + 1,
            Some(rank) => rank.wrapping_sub(1),
            None if on => index.rank_from(view.head),
            None => index.rank_from(view.head).wrapping_sub(1),
        };
        match order.get(rank).and_then(|slot| index.span(*slot)).map(|span| span.annotation.id.clone()) {
            Some(next) => self.choose(Some(&next), true),
            None => self.toasts.success(if on { "That was the last annotation" } else { "That was the first annotation" }, None),
        }
    }

    /// Selects an annotation and brings it into sight.
    pub(crate) fn choose(&mut self, annotation: Option<&Id<Annotation>>, move_caret: bool) {
        self.commit_drafts();
        let Some(desk) = &mut self.desk else { return };
        let record = annotation.and_then(|id| desk.session.project().annotations.get(id)).cloned();
        if let Some(record) = &record
            && desk.document.as_ref() != Some(&record.document)
            && desk.session.project().documents.contains(&record.document)
        {
            desk.open_document(&record.document);
        }
        let start = annotation.and_then(|id| desk.index.as_ref()?.get(id)).map(|span| span.bounds().start);
        if let Some(view) = desk.view_mut() {
            view.selected = annotation.cloned();
            if let Some(start) = start {
                view.reveal(start);
                if move_caret {
                    view.collapse(start);
                }
            }
        }
        self.state.inspected = Inspected::Selection;
        if record.is_some() && self.state.tab == Tab::Issues {
            self.state.tab = Tab::Inspector;
        }
        self.state.fresh_selection = false;
    }

    /// Escape: closes what lies on top, then lets go of selection, marker and annotation, one by one.
    fn step_back(&mut self) {
        if self.state.dialog.take().is_some() {
            // Whoever leaves a question does not want what was to follow it.
            self.after_save = None;
            if self.working.is_some() {
                self.cancel_work();
                self.state.dialog = Some(Dialog::Working);
            }
            self.state.focus = Some(FocusTarget::Article);
            return;
        }
        self.commit_drafts();
        if self.state.overlay.take().is_some() {
            self.state.focus = Some(FocusTarget::Article);
            return;
        }
        if !self.text_had_focus {
            self.state.focus = Some(FocusTarget::Article);
            return;
        }
        if self.state.reviewing.noting.take().is_some() || self.state.reviewing.item_note.take().is_some() {
            self.state.focus = Some(FocusTarget::Article);
            return;
        }
        if self.state.proposing.take().is_some() || self.state.linking.take().is_some() {
            return;
        }
        if self.state.inspected != Inspected::Selection {
            self.state.inspected = Inspected::Selection;
            return;
        }
        if self.state.marker.take().is_some() {
            return;
        }
        let Some(view) = self.desk.as_mut().and_then(Desk::view_mut) else { return };
        if view.selection().is_empty() {
            view.selected = None;
        } else {
            let head = view.head;
            view.collapse(head);
        }
    }

    /// F6: text, right panel, left panel, text.
    fn next_panel(&mut self) {
        let next = match self.state.panel {
            Some(Side::Right) => Some(Side::Left),
            Some(Side::Left) => None,
            None => Some(Side::Right),
        };
        let next = if self.text_had_focus { Some(Side::Right) } else { next };
        self.state.panel = next;
        self.state.focus = Some(match next {
            Some(Side::Right) => FocusTarget::Right,
            Some(Side::Left) => FocusTarget::Left,
            None => FocusTarget::Article,
        });
        match next {
            Some(side) => self.state.open_side(side),
            None => self.state.overlay = None,
        }
    }

    fn done_next(&mut self) {
        let Some(document) = self.desk.as_ref().and_then(|desk| desk.document.clone()) else { return };
        self.run(&Command::SetDocument { document: document.clone(), field: DocumentField::Status, value: Status::Done.word().to_owned() });
        let Some(desk) = &mut self.desk else { return };
        let order = &desk.documents;
        let at = order.iter().position(|other| other.id == document).unwrap_or(0);
        let next =
            order.iter().cycle().skip(at + 1).take(order.len()).find(|other| other.status != Status::Done).map(|next| next.id.clone());
        match next {
            Some(next) => {
                desk.open_document(&next);
                self.toasts.success("Done. Next article", Some(("Undo".to_owned(), Action::Undo)));
            }
            None => self.toasts.success("All articles are done", Some(("Undo".to_owned(), Action::Undo))),
        }
    }

    fn set_person(&mut self, initials: &str, role: &str) {
        initials.trim().clone_into(&mut self.settings.initials);
        role.trim().clone_into(&mut self.settings.role);
        self.settings.person.get_or_insert_with(|| {
            use crate::edit::Environment as _;
            Key::short_from_random(WorkEnvironment::system(None).random())
        });
        let person = self.settings.as_person();
        self.state.dialog = None;
        self.state.focus = Some(FocusTarget::Article);
        let Some(desk) = &mut self.desk else { return };
        desk.session.set_person(person.clone());
        // Initials that a project knows already are corrected there; a new person comes in with the first record.
        let known = person.is_some_and(|person| desk.session.project().persons.contains(&person.id));
        if known {
            self.run(&Command::IntroduceMyself {});
        }
    }

    fn choose_encoding(&mut self) {
        let Some(desk) = &self.desk else { return };
        let Some(document) = &desk.document else { return };
        let marked = desk.counts.get(document).is_some_and(|count| *count > 0);
        match desk.originals.contains_key(document) {
            _ if marked => self.toasts.failure(
                "The encoding is settled: something is marked in this article",
                "Undo the annotations first, or add the article again.",
                None,
            ),
            true => self.state.dialog = Some(Dialog::Encoding),
            false => self.toasts.failure("The original file is not at hand", "Add the article again to read it in another encoding.", None),
        }
    }

    fn reread(&mut self, encoding: &str) {
        self.state.dialog = None;
        let Some(desk) = &self.desk else { return };
        let Some((document, bytes)) = desk.document.as_ref().and_then(|id| Some((id.clone(), Arc::clone(desk.originals.get(id)?)))) else {
            return;
        };
        let name =
            desk.open_record().and_then(|record| record.imported.as_ref()).map_or_else(String::new, |imported| imported.name.clone());
        match article::read(&name, &bytes, Some(encoding)) {
            Ok(Article { content, imported, .. }) => {
                self.run(&Command::ReplaceText { document, content, imported: Some(imported) });
            }
            Err(error) => self.toasts.failure(error.to_string(), error.hint(), None),
        }
    }

    // Opening.

    /// Says that a label has a letter that a command has too: then the letter does not label.
    fn tell_shadowed_labels(&mut self) {
        let Some(desk) = &self.desk else { return };
        let labels = desk.session.project().labels_in_order();
        let shadowed = labels.into_iter().find_map(|label| Some((label.clone(), keymap::shadowed(&label.hotkey)?)));
        if let Some((label, action)) = shadowed {
            let words = format!("The key {} of the label {} belongs to: {action}", label.hotkey, label.name);
            self.toasts.failure(words, "Change one of the two: the list of keys opens with ?.", Some(("Keys".to_owned(), Action::Keys)));
        }
    }

    fn open_paths(&mut self, paths: &[PathBuf]) {
        let paths: Vec<PathBuf> = paths.iter().map(|path| whole(path)).collect();
        // What is neither a project nor plain text is looked at before it comes in.
        let is_plain = |path: &PathBuf| {
            let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
            !path.is_dir() && matches!(ending.as_deref(), None | Some("txt" | "text" | "md" | "markdown"))
        };
        if paths.iter().any(|path| !(is_project(path) || is_plain(path))) {
            return self.import_paths(paths, Choices::default());
        }
        // A file of another tool may end in .json too; what turns out to be a project is asked about when it is read.
        let is_surely = |path: &PathBuf| path.to_string_lossy().to_lowercase().ends_with(".onrecord.json");
        if paths.iter().any(is_surely) && self.must_ask(&Action::OpenPaths(paths.clone())) {
            return;
        }
        self.jobs.open(paths, self.environment());
    }

    fn open_sample(&mut self, number: usize) {
        let Some((_, _, json)) = SAMPLES.get(number) else { return };
        match crate::formats::native::read(json.as_bytes()) {
            Ok(opened) => self.set_desk(Desk::new(Session::from_opened(opened, self.environment()()))),
            Err(error) => self.toasts.failure(error.to_string(), error.hint(), None),
        }
    }

    fn add_pasted(&mut self, text: &str) {
        match article::paste(text) {
            Ok(mut article) => {
                if article.title.is_empty() || article.title == "pasted text" {
                    "Pasted article".clone_into(&mut article.title);
                }
                self.add_articles(vec![(article, None)]);
            }
            Err(_) => self.toasts.failure("The clipboard holds no text", "Copy the article's text first.", None),
        }
    }

    pub(crate) fn set_desk(&mut self, desk: Desk) {
        self.desk = Some(desk);
        self.state.marker = None;
        self.state.fresh_selection = false;
        self.state.dialog = None;
        self.state.note = None;
        self.state.list = super::panels::annotations::ListState::default();
        (self.state.inspected, self.state.proposing, self.state.linking, self.state.finding) = (Inspected::Selection, None, None, None);
        self.state.properties.clear();
        self.state.reviewing = super::reviewing::Reviewing::default();
        self.state.mode = super::reviewing::Mode::Annotate;
        self.state.banner = None;
        self.state.source_list = super::panels::sources::ListState::default();
        self.state.focus = Some(FocusTarget::Article);
        self.tell_shadowed_labels();
        self.state.deciding = super::app::Deciding::default();
        self.share_desk();
        let Some(desk) = &self.desk else { return };
        if let Some(version) = desk.session.newer_version() {
            self.toasts.failure(
                format!("This project has format version {version} and can only be read"),
                "Update Onrecord to edit it.",
                None,
            );
        } else if !desk.session.issues().is_empty() {
            let count = crate::display::line::count(desk.session.issues().len(), "issue");
            self.toasts.failure(format!("{count} in this file"), "See Issues at the right.", None);
            self.state.tab = Tab::Issues;
        }
    }

    /// Asks about unsaved work before an action that would drop it; `true` when it was asked.
    pub(crate) fn must_ask(&mut self, action: &Action) -> bool {
        self.commit_drafts();
        self.commit_review();
        let dirty = self.is_dirty() || self.state.reviewing.drafted;
        if dirty {
            self.state.dialog = Some(Dialog::Unsaved { then: action.clone() });
        }
        dirty
    }

    /// Adds articles to the open project, else to a new one named after the first.
    fn add_articles(&mut self, articles: Vec<(Article, Option<Arc<[u8]>>)>) {
        let Some((first, _)) = articles.first() else { return };
        if self.desk.is_none() {
            let title = first.title.clone();
            self.set_desk(Desk::new(Session::new(&title, self.environment()())));
        }
        let mut added = 0;
        let mut last = None;
        let mut twin = None;
        for (article, bytes) in articles {
            let Some(desk) = &self.desk else { return };
            let text = crate::model::Text::id_of(&article.content);
            if let Some(document) = desk.session.project().documents.iter().find(|document| document.text == text) {
                twin = Some((document.id.clone(), document.title.clone()));
                continue;
            }
            let command = Command::AddDocument {
                title: article.title,
                content: article.content,
                language: String::new(),
                imported: Some(article.imported),
            };
            let Some(transaction) = self.run(&command) else { continue };
            let Some(id) = transaction.made.clone().map(Id::<Document>::from) else { continue };
            if let (Some(desk), Some(bytes)) = (&mut self.desk, bytes) {
                desk.originals.insert(id.clone(), bytes);
            }
            added += 1;
            last.get_or_insert(id);
        }
        if let Some(id) = last.or_else(|| twin.as_ref().map(|(id, _)| id.clone()))
            && let Some(desk) = &mut self.desk
        {
            desk.open_document(&id);
        }
        self.state.focus = Some(FocusTarget::Article);
        if added == 1 {
            self.offer_omissions();
        }
        match twin {
            Some((_, title)) => self.toasts.success(format!("“{}” is in the project already", crate::check::spans::shorten(&title)), None),
            None if added > 1 => self.toasts.success(format!("{added} articles added"), Some(("Undo".to_owned(), Action::Undo))),
            None => {}
        }
    }

    // Results of jobs.

    pub(crate) fn take_results(&mut self) {
        for done in self.jobs.collect() {
            match done {
                Done::Opened(_, opened) => self.take_opened(opened),
                Done::Saved(result) => self.take_saved(result),
                Done::Found(number, part) => {
                    if let Some(finding) = &mut self.state.finding {
                        finding.take(number, part);
                    }
                }
                Done::Figures(found) => {
                    if let Some(Dialog::Figures(draft)) = &mut self.state.dialog {
                        draft.found = Some(found);
                    }
                }
                Done::Reviewed(number, revision, computed) => self.take_review(number, revision, *computed),
                Done::Edited(edited) => self.take_edited(edited),
                Done::Stepped(stepped, indexes) => self.take_stepped(stepped, indexes),
                Done::Chosen(_, paths) if paths.is_empty() => {}
                Done::Chosen(Choice::Open, paths) => self.actions.push(Action::OpenPaths(paths)),
                Done::Chosen(Choice::Merge, paths) => self.actions.push(Action::MergePaths(paths)),
                Done::Chosen(Choice::Compare, paths) => self.actions.push(Action::ComparePaths(paths)),
                Done::Chosen(Choice::Import, paths) => self.actions.push(Action::ImportPaths(paths)),
                Done::Shared(shared) => self.take_shared(shared),
                Done::Exchanged(exchanged) => self.take_exchanged(exchanged),
                Done::ExportChosen(Some(path)) => self.export_to(&path),
                Done::ExportChosen(None) => self.back_to_export(),
                Done::SaveChosen(Some(path)) => self.actions.push(Action::SaveTo(with_extension(path))),
                Done::SaveChosen(None) => self.after_save = None,
                Done::NoDialog { ask } => {
                    let path = if ask == Ask::Save { self.desk.as_ref().map(suggested_name).unwrap_or_default() } else { String::new() };
                    self.state.dialog = Some(Dialog::Path { ask, path });
                }
            }
        }
    }

    fn take_opened(&mut self, opened: Vec<Opened>) {
        let mut articles = Vec::new();
        let mut foreign = Vec::new();
        for file in opened {
            match file {
                Opened::Foreign(path) => foreign.push(path),
                Opened::Empty { path, copies } => self.tell_empty(path, copies),
                Opened::Project(Ok(desk)) => {
                    // Something may have been edited while the file was read.
                    let path = desk.session.path().map(Path::to_owned);
                    if self.must_ask(&Action::OpenPaths(path.into_iter().collect())) {
                        continue;
                    }
                    self.set_desk(*desk);
                    self.remember();
                }
                Opened::Project(Err(error)) => self.toasts.failure(sentence(&error.to_string()), error.hint(), None),
                Opened::Article(Ok((article, bytes))) => articles.push((article, Some(bytes))),
                Opened::Article(Err(refused)) => self.toasts.failure(sentence(&refused.message), refused.hint, None),
            }
        }
        self.add_articles(articles);
        if !foreign.is_empty() {
            self.import_paths(foreign, Choices::default());
        }
    }

    /// An empty project file: what is left of the project elsewhere is offered.
    fn tell_empty(&mut self, path: PathBuf, copies: Vec<PathBuf>) {
        let is_of = |orphan: &&super::sharing::Orphan| orphan.recovered.header.path.as_deref() == Some(&*path);
        let journal = self.sharing.orphans.iter().find(is_of).map(|orphan| (orphan.journal.clone(), orphan.recovered.records));
        self.state.dialog = Some(Dialog::Empty { path, copies, journal });
    }

    fn remember(&mut self) {
        let Some(desk) = &self.desk else { return };
        let Some(path) = desk.session.path() else { return };
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let project = desk.session.project();
        self.settings.remember(Recent {
            path,
            title: desk.title().to_owned(),
            documents: project.documents.len(),
            annotations: project.annotations.len(),
        });
        self.write_settings();
    }

    fn save_to(&mut self, path: &Path) {
        let path = &std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.commit_drafts();
        self.commit_review();
        if self.ask_who_answered() {
            return;
        }
        let Some(desk) = &mut self.desk else { return };
        if self.saving {
            return;
        }
        match desk.session.save_job(path) {
            Ok(job) => {
                self.saving = true;
                let job = self.sharing.as_asked(job, path);
                self.jobs.save(job);
            }
            Err(error) => {
                self.after_save = None;
                self.toasts.failure(sentence(&error.to_string()), error.hint(), None);
            }
        }
    }

    fn take_saved(&mut self, result: Result<crate::session::Saved, SaveError>) {
        self.saving = false;
        match result {
            Ok(saved) => {
                let is_open = self.desk.as_mut().is_some_and(|desk| desk.session.saved(saved));
                if !is_open {
                    // Another project was opened meanwhile: the file is written, and nothing of it concerns this one.
                    self.after_save = None;
                    return;
                }
                self.saved_journal();
                self.remember();
                let name = self.desk.as_ref().and_then(|desk| desk.session.path()).map(file_name).unwrap_or_default();
                self.toasts.success(format!("Saved {name}"), None);
                if let Some(then) = self.after_save.take() {
                    self.actions.push(then);
                }
            }
            Err(SaveError::Changed { .. }) => self.join_then_save(),
            Err(SaveError::Gone { .. }) => {
                self.after_save = None;
                self.file_is_gone();
            }
            Err(SaveError::Store(StoreError::Unkept { name, unkept })) => {
                self.after_save = None;
                self.ask_about_unkept(&name, unkept);
            }
            Err(error) => {
                self.after_save = None;
                let hint = format!("{} Your changes are kept here.", error.hint());
                self.toasts.failure(format!("Not saved: {error}"), hint, Some(("Save as".to_owned(), Action::SaveAs)));
            }
        }
    }

    pub(crate) fn take_dropped_files(&mut self, ctx: &Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.clone());
        let paths: Vec<PathBuf> = dropped.iter().map(|file| file.path().to_owned()).collect();
        if !paths.is_empty() {
            self.actions.push(Action::Dropped(paths));
        }
    }

    pub(crate) fn guard_close(&mut self, ctx: &Context) {
        let asked = ctx.input(|input| input.viewport().close_requested());
        if asked && !self.may_close && self.must_ask(&Action::Quit) {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        } else if asked {
            // What is not saved is not wanted, or there is nothing unsaved.
            self.end_journal();
            self.write_settings();
        }
    }

    /// Repairs an annotation whose words and place disagree.
    pub(crate) fn repair(&mut self, annotation: &Id<Annotation>, to: RepairTo) {
        self.state.dialog = None;
        if self.run(&Command::RepairQuote { annotation: annotation.clone(), to }).is_some() {
            self.toasts.success("Repaired the quote", Some(("Undo".to_owned(), Action::Undo)));
        }
    }
}

/// The selection with one of its ends moved, never past the other.
fn moved(text: &str, bytes: std::ops::Range<usize>, edge: Edge) -> std::ops::Range<usize> {
    let from = if edge.end { bytes.end } else { bytes.start };
    let to = match (edge.on, edge.word, edge.end) {
        (true, true, true) => boundary::next_word_end(text, from),
        (true, true, false) => boundary::next_word(text, from),
        (false, true, true) => boundary::previous_word_end(text, from),
        (false, true, false) => boundary::previous_word(text, from),
        (true, false, _) => boundary::next_grapheme(text, from),
        (false, false, _) => boundary::previous_grapheme(text, from),
    };
    let moved = if edge.end { bytes.start..to } else { to..bytes.end };
    if moved.start < moved.end { moved } else { bytes }
}

/// Letters of a title in the name of a file: with its ending it fits every disk, in every script.
const MOST_OF_NAME: usize = 60;

fn suggested_name(desk: &Desk) -> String {
    if let Some(path) = desk.session.path() {
        return file_name(path);
    }
    let plain: String =
        desk.title().chars().map(|letter| if letter.is_alphanumeric() || letter == ' ' || letter == '-' { letter } else { ' ' }).collect();
    let words: Vec<&str> = plain.split_whitespace().take(6).collect();
    let name: String = words.join("-").to_lowercase().chars().take(MOST_OF_NAME).collect();
    let name = if name.is_empty() { "project" } else { &name };
    format!("{name}.onrecord.json")
}

/// A project is found again by its ending.
pub(crate) fn with_extension(path: PathBuf) -> PathBuf {
    let name = file_name(&path);
    if name.to_lowercase().ends_with(".json") { path } else { path.with_file_name(format!("{name}.onrecord.json")) }
}

/// The same message with a capital letter, for a place of its own.
pub(crate) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
