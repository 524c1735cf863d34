//! The review desk: which source is open, what the editor answered so far, and the keys. Everything that is computed comes from a thread.

use super::{
    action::Action,
    app::{App, Desk, FocusTarget},
    computed::Computed,
    dialogs::Dialog,
};
use crate::{
    edit::{Change, Command},
    formats::policies,
    model::{Answer, Document, Id, Outcome, Person, Policy, Project, ReviewState, Source, links::Links},
    review::{self, Answered, Answers, Outcomes, Prefilled, Unit, open_items},
};
use egui::{Event, Key};
use std::sync::Arc;

/// What the window is for right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Annotate,
    Review,
}

/// A tab of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeskTab {
    Checklist,
    Claims,
    Mentions,
    History,
}

impl DeskTab {
    pub(crate) const ALL: [Self; 4] = [Self::Checklist, Self::Claims, Self::Mentions, Self::History];
}

/// What a user does on the desk.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DeskAction {
    Next(bool),
    OpenUnit(Id<Document>, Id<Source>),
    Mention(bool),
    Item(bool),
    Tab(bool),
    Answer(Answer),
    Override,
    Evidence,
    ItemNote,
    Outcome(Outcome),
    Decide(ReviewState),
    SendNote,
    AdoptPolicy(Policy),
    ChoosePolicy,
    Report,
}

/// The review desk, as the window keeps it.
pub(crate) struct Reviewing {
    pub(crate) computed: Option<Computed>,
    /// The state of the project that was computed, and that is being computed.
    pub(crate) of: Option<u64>,
    asked: Option<u64>,
    number: u64,
    /// The source that is open.
    pub(crate) open: Option<(Id<Document>, Id<Source>)>,
    pub(crate) tab: DeskTab,
    pub(crate) answers: Answers,
    pub(crate) outcomes: Outcomes,
    /// Whether answers or outcomes differ from the newest decision.
    pub(crate) drafted: bool,
    /// Whether it was asked who works, since answers wait for initials.
    asked_who: bool,
    /// What the annotations answer, by the key of the question.
    pub(crate) prefilled: Vec<(String, Prefilled)>,
    /// The question that has the keys, and the claim.
    pub(crate) item: usize,
    pub(crate) claim: usize,
    /// The decision that waits for its note.
    pub(crate) noting: Option<(ReviewState, String)>,
    /// The question whose note is being written.
    pub(crate) item_note: Option<String>,
    /// Only units in this state are listed.
    pub(crate) filter: Option<ReviewState>,
    /// Only units that this person marked or decided on.
    pub(crate) person: Option<Id<Person>>,
    /// Only units of the open article.
    pub(crate) here_only: bool,
}

impl Default for Reviewing {
    fn default() -> Self {
        Self {
            computed: None,
            of: None,
            asked: None,
            number: 0,
            open: None,
            tab: DeskTab::Checklist,
            answers: Answers::default(),
            outcomes: Outcomes::default(),
            drafted: false,
            asked_who: false,
            prefilled: Vec::new(),
            item: 0,
            claim: 0,
            noting: None,
            item_note: None,
            filter: None,
            person: None,
            here_only: false,
        }
    }
}

impl Reviewing {
    /// The unit that is open.
    pub(crate) fn unit(&self) -> Option<&Unit> {
        let (document, source) = self.open.as_ref()?;
        self.computed.as_ref()?.units.iter().find(|unit| unit.document == *document && unit.source == *source)
    }

    /// The units that are listed, in their order.
    pub(crate) fn listed<'u>(&'u self, desk: &'u Desk) -> impl Iterator<Item = &'u Unit> {
        let all = self.computed.iter().flat_map(|computed| &computed.units);
        all.filter(move |unit| {
            self.filter.is_none_or(|state| unit.standing.state == state)
                && self.person.as_ref().is_none_or(|person| unit.people.contains(person))
                && (!self.here_only || desk.document.as_ref() == Some(&unit.document))
        })
    }

    /// Brings what was computed in step with an edit.
    pub(crate) fn follow(&mut self, project: &Project, links: &Links, changes: &[Change]) {
        if let Some(computed) = &mut self.computed {
            computed.follow(project, links, changes);
        }
    }

    /// Whether a thread is at it.
    pub(crate) fn is_computing(&self) -> bool {
        self.asked.is_some() && self.of != self.asked
    }

    /// Everything may differ: it is computed anew.
    pub(crate) fn forget_computed(&mut self) {
        self.computed = None;
    }

    /// Takes what a thread computed; what was given up is thrown away.
    pub(crate) fn take(&mut self, number: u64, revision: u64, computed: Computed) {
        if number == self.number {
            self.computed = Some(computed);
            self.of = Some(revision);
        }
    }
}

impl Desk {
    /// The policy in force.
    pub(crate) fn policy(&self) -> Option<&Arc<Policy>> {
        let project = self.session.project();
        project.policies.get(project.info.policy.as_ref()?)
    }
}

/// Keys of the review desk, where the text has the keyboard.
pub(crate) fn review_key(event: &Event) -> Option<DeskAction> {
    if let Event::Text(text) = event {
        return (text == "/").then_some(DeskAction::ItemNote);
    }
    let Event::Key { key, physical_key, pressed: true, modifiers, .. } = event else { return None };
    if modifiers.command && *key == Key::Tab {
        return Some(DeskAction::Tab(!modifiers.shift));
    }
    if modifiers.command || modifiers.alt || modifiers.shift {
        return None;
    }
    let is_letter = key.name().len() == 1 && key.name().chars().all(|letter| letter.is_ascii_alphanumeric());
    let key = if is_letter { *key } else { physical_key.filter(|key| key.name().len() == 1).unwrap_or(*key) };
    Some(match key {
        Key::J => DeskAction::Next(true),
        Key::K => DeskAction::Next(false),
        Key::CloseBracket => DeskAction::Mention(true),
        Key::OpenBracket => DeskAction::Mention(false),
        Key::ArrowDown => DeskAction::Item(true),
        Key::ArrowUp => DeskAction::Item(false),
        Key::Y => DeskAction::Answer(Answer::Yes),
        Key::N => DeskAction::Answer(Answer::No),
        Key::X => DeskAction::Answer(Answer::NotApplicable),
        Key::O => DeskAction::Override,
        Key::Space => DeskAction::Evidence,
        Key::Num1 => DeskAction::Outcome(Outcome::Keep),
        Key::Num2 => DeskAction::Outcome(Outcome::AttributeCloser),
        Key::Num3 => DeskAction::Outcome(Outcome::Corroborate),
        Key::Num4 => DeskAction::Outcome(Outcome::Cut),
        Key::A => DeskAction::Decide(ReviewState::Approved),
        Key::C => DeskAction::Decide(ReviewState::ApprovedWithConditions),
        Key::W => DeskAction::Decide(ReviewState::NeedsWork),
        Key::R => DeskAction::Decide(ReviewState::Rejected),
        Key::Num0 => DeskAction::Decide(ReviewState::NotApplicable),
        _ => return None,
    })
}

impl App {
    /// Annotate, or review.
    pub(crate) fn set_mode(&mut self, mode: Mode) {
        if self.state.mode == mode {
            return;
        }
        self.commit_drafts();
        self.commit_review();
        (self.state.proposing, self.state.linking, self.state.finding, self.state.overlay) = (None, None, None, None);
        self.state.fresh_selection = false;
        self.state.marker = None;
        self.state.mode = mode;
        if mode == Mode::Review && self.desk.as_ref().is_some_and(|desk| desk.policy().is_none()) {
            self.state.dialog = Some(Dialog::Policies { error: None, written: None });
        }
        if mode == Mode::Review && self.state.reviewing.open.is_none() {
            self.next_unit(true);
        }
        self.state.focus = Some(FocusTarget::Article);
    }

    /// Has the review computed anew when the project changed: once a frame, on a thread.
    pub(crate) fn refresh_review(&mut self) {
        self.ask_who_answers();
        let Some(desk) = &self.desk else { return };
        let wanted =
            self.state.mode == Mode::Review || self.state.tab == super::app::Tab::Issues || self.state.reviewing.computed.is_none();
        let revision = desk.session.history().revision();
        let reviewing = &mut self.state.reviewing;
        // One at a time: while an edit is being made every second, the next one waits for the last.
        if wanted && !reviewing.is_computing() && reviewing.of != Some(revision) {
            reviewing.asked = Some(revision);
            reviewing.number += 1;
            self.jobs.review(reviewing.number, revision, desk.session.project().clone());
        }
    }

    /// Takes what was computed, and opens the riskiest source if none is open.
    pub(crate) fn take_review(&mut self, number: u64, revision: u64, computed: Computed) {
        let now = self.desk.as_ref().map(|desk| desk.session.history().revision());
        if now != Some(revision) && self.state.reviewing.computed.is_some() {
            // Edited meanwhile: what is shown followed the edit and is nearer than this; the next one is on its way.
            self.state.reviewing.of = Some(revision);
            return;
        }
        self.state.reviewing.take(number, revision, computed);
        if self.state.mode == Mode::Review {
            if self.state.reviewing.open.is_none() {
                self.next_unit(true);
            } else {
                self.refill();
            }
        }
    }

    pub(crate) fn on_desk(&mut self, action: DeskAction) {
        match action {
            DeskAction::Next(on) => self.next_unit(on),
            DeskAction::OpenUnit(document, source) => self.open_unit(document, source),
            DeskAction::Mention(on) => self.walk_unit(on),
            DeskAction::Item(on) => self.step_item(on),
            DeskAction::Tab(on) => {
                let all = DeskTab::ALL;
                let at = all.iter().position(|tab| *tab == self.state.reviewing.tab).unwrap_or(0);
                let next = if on { at + 1 } else { at + all.len() - 1 } % all.len();
                self.state.reviewing.tab = all.get(next).copied().unwrap_or(DeskTab::Checklist);
            }
            DeskAction::Answer(answer) => self.answer(answer),
            DeskAction::Override => self.override_item(),
            DeskAction::Evidence => self.show_evidence(),
            DeskAction::ItemNote => {
                self.state.reviewing.item_note = self.current_item();
                self.state.reviewing.tab = DeskTab::Checklist;
            }
            DeskAction::Outcome(outcome) => self.set_outcome(outcome),
            DeskAction::Decide(to) => self.begin_decision(to),
            DeskAction::SendNote => {
                if let Some((to, note)) = self.state.reviewing.noting.take() {
                    self.decide(to, &note);
                }
            }
            DeskAction::AdoptPolicy(policy) => {
                if self.run(&Command::AdoptPolicy { policy }).is_some() {
                    self.state.dialog = None;
                    self.refill();
                }
            }
            DeskAction::ChoosePolicy => self.state.dialog = Some(Dialog::Policies { error: None, written: None }),
            DeskAction::Report => {
                self.commit_review();
                self.state.dialog = Some(Dialog::report());
            }
        }
    }

    fn next_unit(&mut self, on: bool) {
        let Some(desk) = &self.desk else { return };
        let listed: Vec<_> = self.state.reviewing.listed(desk).map(|unit| (unit.document.clone(), unit.source.clone())).collect();
        let at = self.state.reviewing.open.as_ref().and_then(|open| listed.iter().position(|unit| unit == open));
        let next = match at {
            Some(at) if on => at + 1,
            Some(at) => at.wrapping_sub(1),
            None => 0,
        };
        match listed.get(next).cloned() {
            Some((document, source)) => self.open_unit(document, source),
            None if at.is_some() => self.toasts.success(if on { "That was the last source" } else { "That was the first source" }, None),
            None => {}
        }
    }

    fn open_unit(&mut self, document: Id<Document>, source: Id<Source>) {
        self.commit_review();
        if self.ask_who_answered() {
            return;
        }
        let Some(desk) = &mut self.desk else { return };
        if desk.document.as_ref() != Some(&document) && desk.session.project().documents.contains(&document) {
            desk.open_document(&document);
        }
        let reviewing = &mut self.state.reviewing;
        reviewing.open = Some((document, source));
        (reviewing.item, reviewing.claim, reviewing.noting, reviewing.item_note) = (0, 0, None, None);
        reviewing.tab = DeskTab::Checklist;
        self.read_answers();
        let reviewing = &self.state.reviewing;
        let first = reviewing.unit().and_then(|unit| unit.mentions.first()).cloned();
        self.refill();
        if let Some(first) = first {
            self.choose(Some(&first), true);
        }
        self.state.focus = Some(FocusTarget::Article);
    }

    /// Takes answers and outcomes from the newest decision on the source that is open.
    pub(crate) fn read_answers(&mut self) {
        let Some(desk) = &self.desk else { return };
        let reviewing = &mut self.state.reviewing;
        // From the project, not from what was computed: a decision of this moment may not be in that yet.
        let newest = reviewing.open.as_ref().and_then(|(document, source)| {
            let all = review::standing::newest(desk.session.project(), document, source);
            all.last().copied()
        });
        let answers = Answers::read(newest.and_then(|decision| decision.answers.as_ref()));
        let outcomes = Outcomes::read(newest.and_then(|decision| decision.outcomes.as_ref()));
        (reviewing.answers, reviewing.outcomes, reviewing.drafted) = (answers, outcomes, false);
    }

    /// Fills in what the annotations answer.
    fn refill(&mut self) {
        let Some(desk) = &self.desk else { return };
        let project = desk.session.project();
        let person = desk.session.person().map(|person| &person.id);
        let prefilled = match (desk.policy(), self.state.reviewing.unit()) {
            (Some(policy), Some(unit)) => policy
                .items
                .iter()
                .filter_map(|item| Some((item.key.clone(), review::prefill(&item.prefill, project, desk.sources.links(), unit, person)?)))
                .collect(),
            _ => Vec::new(),
        };
        self.state.reviewing.prefilled = prefilled;
    }

    /// The questions in the order of the desk: those that need an answer first, then those that are filled in, then the answered ones.
    pub(crate) fn items_in_order(&self) -> Vec<(usize, String)> {
        let Some(policy) = self.desk.as_ref().and_then(Desk::policy) else { return Vec::new() };
        let reviewing = &self.state.reviewing;
        let mut items: Vec<(usize, usize, String)> = policy
            .items
            .iter()
            .enumerate()
            .map(|(number, item)| {
                let answered = reviewing.answers.0.contains_key(&item.key);
                let filled = reviewing.prefilled.iter().any(|(key, _)| *key == item.key);
                (if answered { 2 } else { usize::from(filled) }, number, item.key.clone())
            })
            .collect();
        items.sort();
        items.into_iter().map(|(_, number, key)| (number, key)).collect()
    }

    fn current_item(&self) -> Option<String> {
        self.items_in_order().get(self.state.reviewing.item).map(|(_, key)| key.clone())
    }

    fn step_item(&mut self, on: bool) {
        let items = self.items_in_order().len();
        let claims = self.state.reviewing.unit().map_or(0, |unit| unit.claims.len());
        let reviewing = &mut self.state.reviewing;
        let (at, count) = if reviewing.tab == DeskTab::Claims { (&mut reviewing.claim, claims) } else { (&mut reviewing.item, items) };
        *at = if on { (*at + 1).min(count.saturating_sub(1)) } else { at.saturating_sub(1) };
        if reviewing.tab == DeskTab::Claims {
            let claim = reviewing.unit().and_then(|unit| unit.claims.get(reviewing.claim)).cloned();
            if let Some(claim) = claim {
                self.choose(Some(&claim), true);
            }
        }
    }

    /// Y, N, X: answers the question that has the keys; the next one that needs an answer follows.
    fn answer(&mut self, answer: Answer) {
        let Some(key) = self.current_item() else { return };
        self.set_answer(&key, answer);
        // What was answered moves down, so that the next open one stands in its place.
        let count = self.items_in_order().len();
        self.state.reviewing.item = self.state.reviewing.item.min(count.saturating_sub(1));
    }

    pub(crate) fn set_answer(&mut self, key: &str, answer: Answer) {
        let reviewing = &mut self.state.reviewing;
        if reviewing.unit().is_none() {
            return;
        }
        let note = reviewing.answers.0.get(key).map_or_else(String::new, |answered| answered.note.clone());
        reviewing.answers.0.insert(key.to_owned(), Answered { note, ..Answered::plain(answer) });
        reviewing.drafted = true;
        reviewing.tab = DeskTab::Checklist;
    }

    /// O: a "no" that the policy lets this rank override.
    fn override_item(&mut self) {
        let role = self.desk.as_ref().and_then(|desk| desk.session.person()).map_or_else(String::new, |person| person.roles.join(", "));
        let Some(key) = self.current_item() else { return };
        let Some(item) =
            self.desk.as_ref().and_then(Desk::policy).and_then(|policy| policy.items.iter().find(|item| item.key == key)).cloned()
        else {
            return;
        };
        let rank = if item.rank.is_empty() && item.on_no == "escalate" { "senior".to_owned() } else { item.rank };
        if rank.is_empty() {
            self.toasts.success("The policy lets nobody override this one", None);
        } else if !review::answers::has_rank(&role, &rank) {
            self.toasts.success(format!("Only a {rank} editor may override this one. Your role is set in the status bar"), None);
        } else {
            let answered = self.state.reviewing.answers.0.entry(key).or_insert_with(|| Answered::plain(Answer::No));
            answered.answer = Answer::No;
            answered.overridden = !answered.overridden;
            self.state.reviewing.drafted = true;
        }
    }

    fn show_evidence(&mut self) {
        if self.state.reviewing.tab == DeskTab::Claims {
            return;
        }
        let Some(key) = self.current_item() else { return };
        let evidence =
            self.state.reviewing.prefilled.iter().find(|(known, _)| *known == key).and_then(|(_, filled)| filled.evidence.first()).cloned();
        match evidence {
            Some(evidence) => self.choose(Some(&evidence), true),
            None => self.toasts.success("Nothing in the article to show for this one", None),
        }
    }

    /// 1 to 4: what becomes of the claim that has the keys.
    fn set_outcome(&mut self, outcome: Outcome) {
        let reviewing = &mut self.state.reviewing;
        let Some(claim) = reviewing.unit().and_then(|unit| unit.claims.get(reviewing.claim)).cloned() else { return };
        reviewing.outcomes.0.insert(claim, outcome);
        reviewing.drafted = true;
        reviewing.tab = DeskTab::Claims;
        let count = reviewing.unit().map_or(0, |unit| unit.claims.len());
        reviewing.claim = (reviewing.claim + 1).min(count.saturating_sub(1));
    }

    fn walk_unit(&mut self, on: bool) {
        let Some(unit) = self.state.reviewing.unit() else { return };
        let mentions = unit.mentions.clone();
        let selected = self.desk.as_ref().and_then(Desk::view).and_then(|view| view.selected.clone());
        let at = selected.and_then(|selected| mentions.iter().position(|mention| *mention == selected));
        let next = match at {
            Some(at) if on => at + 1,
            Some(at) => at.wrapping_sub(1),
            None => 0,
        };
        match mentions.get(next).cloned() {
            Some(mention) => self.choose(Some(&mention), true),
            None => self.toasts.success(if on { "That was the last mention" } else { "That was the first mention" }, None),
        }
    }

    /// The blocking questions that are open.
    pub(crate) fn open_blockers(&self) -> Vec<String> {
        let Some(desk) = &self.desk else { return Vec::new() };
        let (Some(policy), Some(unit)) = (desk.policy(), self.state.reviewing.unit()) else { return Vec::new() };
        let role = desk.session.person().map_or_else(String::new, |person| person.roles.join(", "));
        let reviewing = &self.state.reviewing;
        open_items(desk.session.project(), policy, &reviewing.answers, &reviewing.outcomes, &unit.claims, &role)
            .into_iter()
            .map(|item| item.key.clone())
            .collect()
    }

    fn begin_decision(&mut self, to: ReviewState) {
        if self.state.reviewing.unit().is_none() {
            return;
        }
        if self.settings.as_person().is_none() {
            self.toasts.success("Decisions carry initials: say who is working first", None);
            self.state.dialog = Some(Dialog::Introduce { initials: self.settings.initials.clone(), role: self.settings.role.clone() });
            return;
        }
        let overrides = self.state.reviewing.answers.0.values().any(|answered| answered.overridden);
        if to.needs_note() || (overrides && to == ReviewState::Approved) {
            self.state.reviewing.noting = Some((to, String::new()));
        } else {
            self.decide(to, "");
        }
    }

    fn decide(&mut self, to: ReviewState, note: &str) {
        let Some((document, source)) = self.state.reviewing.open.clone() else { return };
        let Some(desk) = &self.desk else { return };
        let alias = super::panels::sources::alias(desk, &source);
        let command = Command::Decide {
            document,
            source,
            to,
            answers: self.state.reviewing.answers.clone(),
            outcomes: self.state.reviewing.outcomes.clone(),
            note: note.to_owned(),
        };
        if self.run(&command).is_some() {
            self.state.reviewing.drafted = false;
            self.toasts.success(format!("{alias}: {}", to.name().to_lowercase()), Some(("Undo".to_owned(), Action::Undo)));
            self.next_unit(true);
        }
    }

    /// Answers that were given go into the file before they could be lost: as "in review". Without initials they stay on the desk.
    pub(crate) fn commit_review(&mut self) {
        if !self.state.reviewing.drafted || self.settings.as_person().is_none() {
            return;
        }
        let Some((document, source)) = self.state.reviewing.open.clone() else { return };
        let command = Command::Decide {
            document,
            source,
            to: ReviewState::InReview,
            answers: self.state.reviewing.answers.clone(),
            outcomes: self.state.reviewing.outcomes.clone(),
            note: String::new(),
        };
        if self.run(&command).is_some() {
            self.state.reviewing.drafted = false;
        }
    }

    /// Whether answers still wait for initials, which are then asked for: nothing that was answered is left behind.
    pub(crate) fn ask_who_answered(&mut self) -> bool {
        self.state.reviewing.asked_who = false;
        self.ask_who_answers();
        self.state.reviewing.drafted
    }

    /// Asks who works as soon as there is something to keep: answers need somebody's initials.
    fn ask_who_answers(&mut self) {
        let reviewing = &mut self.state.reviewing;
        let unsigned = reviewing.drafted && self.settings.as_person().is_none() && self.state.dialog.is_none();
        if unsigned && !std::mem::replace(&mut reviewing.asked_who, true) {
            self.state.dialog = Some(Dialog::Introduce { initials: self.settings.initials.clone(), role: self.settings.role.clone() });
        }
    }

    /// The policies that can be chosen: those of the project, then those of the app.
    pub(crate) fn policies(&self) -> Vec<Policy> {
        let own = self.desk.iter().flat_map(|desk| desk.session.project().policies.iter().map(|policy| Policy::clone(policy)));
        let mut all: Vec<Policy> = own.collect();
        for policy in policies::built_in() {
            if all.iter().all(|known| known.id != policy.id) {
                all.push(policy);
            }
        }
        all
    }
}
