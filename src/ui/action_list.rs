//! The one list of actions: menus, palette, key sheet, tooltips and the keyboard all read it, so that no key is written twice.

use super::{
    action::{Action, Edge},
    app::Desk,
    icons,
};
use crate::{store::settings::ThemeChoice, text::boundary::Unit};
use egui::{Event, Key, Modifiers};

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shortcut {
    /// Control, on macOS Command.
    pub(crate) command: bool,
    pub(crate) shift: bool,
    pub(crate) alt: bool,
    pub(crate) press: Press,
}

/// How a key is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Press {
    /// By its name; on layouts without Latin letters by its place.
    Key(Key),
    /// By its place on the keyboard, whatever it prints.
    Place(Key),
    /// By what was typed.
    Typed(char),
}

const fn key(key: Key) -> Shortcut {
    Shortcut { command: false, shift: false, alt: false, press: Press::Key(key) }
}

const fn ctrl(key: Key) -> Shortcut {
    Shortcut { command: true, shift: false, alt: false, press: Press::Key(key) }
}

const fn ctrl_shift(key: Key) -> Shortcut {
    Shortcut { command: true, shift: true, alt: false, press: Press::Key(key) }
}

const fn alt(command: bool, shift: bool, key: Key) -> Shortcut {
    Shortcut { command, shift, alt: true, press: Press::Key(key) }
}

const fn typed(character: char) -> Shortcut {
    Shortcut { command: false, shift: false, alt: false, press: Press::Typed(character) }
}

const fn place(key: Key) -> Shortcut {
    Shortcut { command: false, shift: false, alt: false, press: Press::Place(key) }
}

impl Shortcut {
    /// Whether it acts only outside fields: a letter, a digit or a mark without Control or Alt.
    pub(crate) fn is_plain(&self) -> bool {
        !self.command && !self.alt && !matches!(self.press, Press::Key(Key::F1 | Key::F6 | Key::F11))
    }

    /// Whether an event of the keyboard is this shortcut.
    pub(crate) fn matches(&self, event: &Event) -> bool {
        match (self.press, event) {
            (Press::Typed(character), Event::Text(text)) => text.chars().eq([character]),
            (Press::Key(wanted), Event::Key { key, physical_key, pressed: true, modifiers, .. }) => {
                let is_latin = key.name().len() == 1 && key.name().chars().all(|name| name.is_ascii_alphanumeric());
                (*key == wanted || (!is_latin && *physical_key == Some(wanted))) && self.fits(*modifiers)
            }
            (Press::Place(wanted), Event::Key { key, physical_key, pressed: true, modifiers, .. }) => {
                physical_key.unwrap_or(*key) == wanted && self.fits(*modifiers)
            }
            _ => false,
        }
    }

    fn fits(&self, modifiers: Modifiers) -> bool {
        modifiers.command == self.command && modifiers.shift == self.shift && modifiers.alt == self.alt
    }

    /// The caps of the key, for people.
    pub(crate) fn caps(&self) -> Vec<String> {
        let mut caps = Vec::new();
        if self.command {
            caps.push(if cfg!(target_os = "macos") { "⌘".to_owned() } else { "Ctrl".to_owned() });
        }
        if self.alt {
            caps.push("Alt".to_owned());
        }
        if self.shift {
            caps.push("Shift".to_owned());
        }
        caps.push(match self.press {
            Press::Typed(character) => character.to_string(),
            Press::Key(key) | Press::Place(key) => match key {
                Key::ArrowLeft => "←".to_owned(),
                Key::ArrowRight => "→".to_owned(),
                Key::Delete => "Del".to_owned(),
                Key::Escape => "Esc".to_owned(),
                Key::OpenBracket => "[".to_owned(),
                Key::CloseBracket => "]".to_owned(),
                Key::Plus => "+".to_owned(),
                Key::Minus => "−".to_owned(),
                key => key.name().to_owned(),
            },
        });
        caps
    }
}

/// The task that an action belongs to: its place in the key sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Task {
    Select,
    Move,
    Label,
    File,
    View,
    Everywhere,
    Help,
}

impl Task {
    pub(crate) const ALL: [Self; 7] = [Self::Select, Self::Move, Self::Label, Self::File, Self::View, Self::Everywhere, Self::Help];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Select => "Select",
            Self::Move => "Move",
            Self::Label => "Label",
            Self::File => "File",
            Self::View => "View",
            Self::Everywhere => "Everywhere",
            Self::Help => "Help",
        }
    }
}

/// One row of the list.
pub(crate) struct Row {
    pub(crate) action: Action,
    pub(crate) name: &'static str,
    pub(crate) task: Task,
    pub(crate) shortcuts: &'static [Shortcut],
    pub(crate) icon: char,
    /// Why it cannot be done now.
    pub(crate) blocked: fn(Option<&Desk>) -> Option<&'static str>,
}

fn always(_: Option<&Desk>) -> Option<&'static str> {
    None
}

fn needs_project(desk: Option<&Desk>) -> Option<&'static str> {
    if desk.is_some() { None } else { Some("Open an article first") }
}

fn needs_article(desk: Option<&Desk>) -> Option<&'static str> {
    if desk.is_some_and(|desk| desk.index.is_some()) { None } else { Some("Open an article first") }
}

fn needs_annotation(desk: Option<&Desk>) -> Option<&'static str> {
    if desk.is_some_and(|desk| desk.selected().is_some()) { None } else { Some("Choose an annotation first") }
}

fn needs_undo(desk: Option<&Desk>) -> Option<&'static str> {
    if desk.is_some_and(|desk| desk.session.history().undo_title().is_some()) { None } else { Some("Nothing to undo") }
}

fn needs_redo(desk: Option<&Desk>) -> Option<&'static str> {
    if desk.is_some_and(|desk| desk.session.history().redo_title().is_some()) { None } else { Some("Nothing to redo") }
}

const fn edge(end: bool, on: bool, word: bool) -> Action {
    Action::MoveEdge(Edge { end, on, word })
}

macro_rules! rows {
    ($($task:ident $name:literal $action:expr, [$($shortcut:expr),*], $icon:ident, $blocked:ident;)*) => {
        &[$(Row { action: $action, name: $name, task: Task::$task, shortcuts: &[$($shortcut),*], icon: icons::$icon, blocked: $blocked }),*]
    };
}

/// All actions with a name, in the order of the key sheet.
pub(crate) const ACTIONS: &[Row] = rows! {
    Select "Select the word" Action::Select(Unit::Word), [key(Key::W)], TEXT_AA, needs_article;
    Select "Select the sentence" Action::Select(Unit::Sentence), [key(Key::T)], TEXT_AA, needs_article;
    Select "Select the quotation around the caret" Action::SelectQuotation, [typed('"')], QUOTES, needs_article;
    Select "Select the paragraph" Action::Select(Unit::Paragraph), [key(Key::P)], TEXT_AA, needs_article;
    Select "Select the whole article" Action::SelectAll, [ctrl(Key::A)], TEXT_AA, needs_article;
    Select "End one word on" edge(true, true, true), [alt(false, false, Key::ArrowRight)], CARET_RIGHT, needs_article;
    Select "End one word back" edge(true, false, true), [alt(false, false, Key::ArrowLeft)], CARET_RIGHT, needs_article;
    Select "Start one word on" edge(false, true, true), [alt(false, true, Key::ArrowRight)], CARET_RIGHT, needs_article;
    Select "Start one word back" edge(false, false, true), [alt(false, true, Key::ArrowLeft)], CARET_RIGHT, needs_article;
    Select "End one letter on" edge(true, true, false), [alt(true, false, Key::ArrowRight)], CARET_RIGHT, needs_article;
    Select "End one letter back" edge(true, false, false), [alt(true, false, Key::ArrowLeft)], CARET_RIGHT, needs_article;
    Select "Start one letter on" edge(false, true, false), [alt(true, true, Key::ArrowRight)], CARET_RIGHT, needs_article;
    Select "Start one letter back" edge(false, false, false), [alt(true, true, Key::ArrowLeft)], CARET_RIGHT, needs_article;
    Move "Next annotation" Action::NextAnnotation, [place(Key::CloseBracket)], ARROW_RIGHT, needs_article;
    Move "Previous annotation" Action::PreviousAnnotation, [place(Key::OpenBracket)], ARROW_RIGHT, needs_article;
    Move "Into the inspector" Action::ToInspector, [key(Key::Enter)], ARROW_BEND_DOWN_RIGHT, needs_article;
    Move "One step back" Action::StepBack, [key(Key::Escape)], X, always;
    Move "Next panel" Action::NextPanel, [key(Key::F6)], COLUMNS, needs_project;
    Move "Done, next unfinished article" Action::DoneNext, [ctrl(Key::Enter)], CHECK_CIRCLE, needs_article;
    Label "Repeat the last label" Action::RepeatLabel, [typed('.')], ARROW_CLOCKWISE, needs_article;
    Label "Marker: label as you select" Action::Marker, [key(Key::M)], HIGHLIGHTER, needs_article;
    Label "Add the selection as a range" Action::AddRange, [key(Key::A)], SELECTION_PLUS, needs_annotation;
    Label "Take the selection out of the annotation" Action::RemoveRange, [key(Key::R)], MINUS, needs_annotation;
    Label "Write a note" Action::Note, [key(Key::N)], NOTE_PENCIL, needs_annotation;
    Label "Delete the annotation" Action::Delete, [key(Key::Delete), key(Key::Backspace)], TRASH, needs_annotation;
    File "Open articles or a project…" Action::Open, [ctrl(Key::O)], FOLDER_OPEN, always;
    File "Paste an article" Action::Paste, [ctrl(Key::V)], CLIPBOARD_TEXT, always;
    File "New project" Action::NewProject, [ctrl(Key::N)], FILE_PLUS, always;
    File "Save" Action::Save, [ctrl(Key::S)], FLOPPY_DISK, needs_project;
    File "Save as…" Action::SaveAs, [ctrl_shift(Key::S)], FLOPPY_DISK, needs_project;
    File "Read the article in another encoding…" Action::ChooseEncoding, [], TEXT_AA, needs_article;
    File "Remove the article from the project" Action::RemoveArticle, [], TRASH, needs_article;
    File "Close the project" Action::CloseProject, [ctrl(Key::W)], X, needs_project;
    File "Quit" Action::Quit, [ctrl(Key::Q)], X, always;
    View "Text larger" Action::TextSize(1), [ctrl(Key::Plus), ctrl(Key::Equals)], PLUS, always;
    View "Text smaller" Action::TextSize(-1), [ctrl(Key::Minus)], MINUS, always;
    View "Text at its usual size" Action::TextSize(0), [ctrl(Key::Num0)], TEXT_AA, always;
    View "Line spacing" Action::LineSpacing, [], LIST, always;
    View "Everything larger" Action::InterfaceSize(1), [], PLUS, always;
    View "Everything smaller" Action::InterfaceSize(-1), [], MINUS, always;
    View "Light" Action::Theme(ThemeChoice::Light), [], SUN, always;
    View "Dark" Action::Theme(ThemeChoice::Dark), [], MOON, always;
    View "Light or dark as the system has it" Action::Theme(ThemeChoice::System), [], CIRCLE_HALF, always;
    View "Show or hide the articles" Action::ToggleLeft, [ctrl(Key::B)], SIDEBAR_SIMPLE, needs_project;
    View "Show or hide the inspector" Action::ToggleRight, [ctrl(Key::I)], SIDEBAR_SIMPLE, needs_project;
    Everywhere "Search or run" Action::Palette, [ctrl(Key::K)], MAGNIFYING_GLASS, always;
    Everywhere "Undo" Action::Undo, [ctrl(Key::Z)], ARROW_COUNTER_CLOCKWISE, needs_undo;
    Everywhere "Redo" Action::Redo, [ctrl_shift(Key::Z), ctrl(Key::Y)], ARROW_CLOCKWISE, needs_redo;
    Everywhere "Say who is working…" Action::Introduce, [], USER, always;
    Help "Keys" Action::Keys, [typed('?'), key(Key::F1)], KEYBOARD, always;
    Help "About Onrecord" Action::About, [], INFO, always;
};

/// The row of an action.
pub(crate) fn row_of(action: &Action) -> Option<&'static Row> {
    ACTIONS.iter().find(|row| row.action == *action)
}

/// The caps of an action's first key.
pub(crate) fn caps_of(action: &Action) -> Vec<String> {
    row_of(action).and_then(|row| row.shortcuts.first()).map(Shortcut::caps).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things() {
        let mut seen: Vec<(Shortcut, &str)> = Vec::new();
        for row in ACTIONS {
            for shortcut in row.shortcuts {
                let twin = seen.iter().find(|(known, _)| known == shortcut);
                assert!(twin.is_none(), "{:?} does {} and {}", shortcut.caps(), row.name, twin.map_or("", |(_, name)| name));
                seen.push((*shortcut, row.name));
            }
        }
        assert!(seen.len() > 40);
    }

    #[test]
    fn names_and_actions_are_listed_once() {
        for (at, row) in ACTIONS.iter().enumerate() {
            let twins = ACTIONS.iter().skip(at + 1).filter(|other| other.name == row.name || other.action == row.action);
            assert_eq!(twins.count(), 0, "{}", row.name);
        }
    }

    #[test]
    fn letters_work_by_place_on_other_layouts() {
        let event =
            |key, physical| Event::Key { key, physical_key: Some(physical), pressed: true, repeat: false, modifiers: Modifiers::NONE };
        let word = super::key(Key::W);
        assert!(word.matches(&event(Key::W, Key::W)));
        assert!(word.matches(&event(Key::W, Key::Z)), "the letter counts on Latin layouts");
        assert!(!word.matches(&event(Key::Z, Key::W)));
        assert!(word.matches(&event(Key::Comma, Key::W)), "a mark in the place of a letter");
        assert!(place(Key::CloseBracket).matches(&event(Key::U, Key::CloseBracket)));
    }
}
