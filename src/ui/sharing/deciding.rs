//! Decisions needed: one open question after the other, settled by one of its values or another one.

use crate::{
    display::{line::count, undecided::Undecided},
    edit::{Change, Command},
    model::{Conflicts, Record},
    ui::{
        action::Action,
        app::{App, Desk, Tab},
    },
};
use std::sync::Arc;

impl App {
    /// Takes one of the values of the question that is shown.
    pub(crate) fn take_choice(&mut self, number: usize) {
        let Some(open) = self.open_question() else { return };
        let Some(choice) = open.choices.get(number) else { return };
        if open.field == "decisions" {
            self.actions.push(Action::Mode(crate::ui::reviewing::Mode::Review));
            return;
        }
        let command =
            Command::Settle { kind: open.kind, record: open.record.clone(), field: open.field.clone(), value: choice.value.clone() };
        self.settle(&command);
    }

    /// Writes what the user typed in place of all values.
    pub(crate) fn settle_with(&mut self, words: &str) {
        let Some(open) = self.open_question() else { return };
        let value = crate::model::RawJson::from_value(&words).ok();
        self.settle(&Command::Settle { kind: open.kind, record: open.record, field: open.field, value });
    }

    fn settle(&mut self, command: &Command) {
        if self.run(command).is_some() {
            self.state.deciding.third = None;
            let left = self.desk.as_ref().map_or(0, |desk| desk.undecided.len());
            let words =
                if left == 0 { "Settled: nothing is undecided".to_owned() } else { format!("Settled; {} left", count(left, "decision")) };
            self.toasts.success(words, Some(("Undo".to_owned(), Action::Undo)));
            self.show_question(0);
        }
    }

    /// The question that is shown.
    pub(crate) fn open_question(&self) -> Option<Undecided> {
        let desk = self.desk.as_ref()?;
        desk.undecided.get(self.state.deciding.at.min(desk.undecided.len().saturating_sub(1))).cloned()
    }

    /// Goes `by` questions on and shows where it is in the text.
    pub(crate) fn show_question(&mut self, by: isize) {
        let Some(desk) = &self.desk else { return };
        let last = desk.undecided.len().saturating_sub(1);
        self.state.deciding.at = self.state.deciding.at.saturating_add_signed(by).min(last);
        self.state.deciding.third = None;
        self.state.tab = Tab::Undecided;
        self.state.open_side(crate::ui::app::Side::Right);
        let Some(open) = self.open_question() else { return };
        if open.kind == crate::model::Kind::Annotation {
            self.choose(Some(&open.record.into()), false);
            self.state.tab = Tab::Undecided;
        } else if let (Some(document), Some(desk)) = (open.document, &mut self.desk)
            && desk.document.as_ref() != Some(&document)
        {
            desk.open_document(&document);
        }
    }

    /// Opens the field for a value that nobody wrote yet.
    pub(crate) fn write_third(&mut self) {
        self.show_question(0);
        let Some(open) = self.open_question() else { return };
        if crate::ui::panels::undecided::takes_words(&open) {
            self.state.deciding.third = Some(open.choices.first().map(|choice| choice.words.clone()).unwrap_or_default());
            self.state.focus = Some(crate::ui::app::FocusTarget::Third);
        } else {
            self.toasts.success("Take one of the values; another can be set in the inspector", None);
        }
    }
}

impl Desk {
    /// Lists what is undecided anew.
    pub(crate) fn find_undecided(&mut self) {
        self.undecided = crate::display::undecided::undecided(self.session.project(), self.session.ledger());
    }

    /// Whether changes may open or settle a question: nearly never, so that nearly no edit lists them anew.
    pub(crate) fn touches_undecided(changes: &[Change]) -> bool {
        fn either<R: Record>(swap: &crate::edit::Swap<R>) -> bool {
            let open = |side: &Option<Arc<R>>| side.as_ref().is_some_and(|record| !Conflicts::is_empty(record.conflicts()));
            open(&swap.before) || open(&swap.after)
        }
        changes.iter().any(|change| match change {
            Change::Decision(_) => true,
            Change::Text(_) => false,
            Change::Info { before, after } => !before.conflicts.is_empty() || !after.conflicts.is_empty(),
            Change::Person(swap) => either(swap),
            Change::Label(swap) => either(swap),
            Change::RelationKind(swap) => either(swap),
            Change::Policy(swap) => either(swap),
            Change::Document(swap) => either(swap),
            Change::Source(swap) => either(swap),
            Change::Annotation(swap) => either(swap),
            Change::Relation(swap) => either(swap),
            Change::Comment(swap) => either(swap),
            Change::Omission(swap) => either(swap),
        })
    }
}
