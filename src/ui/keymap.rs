//! Keys: what they are, how people write them, and which the user changed. A key that something else has is refused.

use super::action_list::{ACTIONS, Row};
use egui::{Event, Key, Modifiers};
use std::{cell::RefCell, collections::BTreeMap};

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
                Key::ArrowUp => "↑".to_owned(),
                Key::ArrowDown => "↓".to_owned(),
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

impl Shortcut {
    /// The key as the settings keep it: `Ctrl+Shift+F`.
    pub(crate) fn written(&self) -> String {
        let mut parts = Vec::new();
        if self.command {
            parts.push("Ctrl".to_owned());
        }
        if self.alt {
            parts.push("Alt".to_owned());
        }
        if self.shift {
            parts.push("Shift".to_owned());
        }
        parts.push(match self.press {
            Press::Typed(character) => format!("'{character}'"),
            Press::Key(key) => key.name().to_owned(),
            Press::Place(key) => format!("@{}", key.name()),
        });
        parts.join("+")
    }

    /// Reads what [`Shortcut::written`] wrote.
    pub(crate) fn read(written: &str) -> Option<Self> {
        let (modifiers, name) = match written.strip_suffix("'+'") {
            Some(rest) => (rest, "'+'"),
            None => written.rsplit_once('+').map_or(("", written), |(modifiers, name)| (modifiers, name)),
        };
        let mut shortcut = Self { command: false, shift: false, alt: false, press: Press::Key(Key::F35) };
        for modifier in modifiers.split('+').filter(|part| !part.is_empty()) {
            match modifier {
                "Ctrl" => shortcut.command = true,
                "Alt" => shortcut.alt = true,
                "Shift" => shortcut.shift = true,
                _ => return None,
            }
        }
        let mut letters = name.chars();
        shortcut.press = match (letters.next()?, letters.next(), letters.next(), letters.next()) {
            ('\'', Some(character), Some('\''), None) => Press::Typed(character),
            ('@', ..) => Press::Place(Key::from_name(name.get(1..)?)?),
            _ => Press::Key(Key::from_name(name)?),
        };
        Some(shortcut)
    }

    /// The shortcut that somebody presses, for a list of keys to be changed; `None` for a modifier alone, and for keys that always
    /// keep their work.
    pub(crate) fn pressed(event: &Event) -> Option<Self> {
        let Event::Key { key, pressed: true, repeat: false, modifiers, .. } = event else { return None };
        if matches!(key, Key::Escape | Key::Tab | Key::Enter | Key::Space) && !modifiers.command {
            return None;
        }
        Some(Self { command: modifiers.command, shift: modifiers.shift, alt: modifiers.alt, press: Press::Key(*key) })
    }

    /// Whether two shortcuts are pressed with the same keys.
    fn is_same(&self, other: &Self) -> bool {
        let key = |press| match press {
            Press::Key(key) | Press::Place(key) => Some(key),
            Press::Typed(_) => None,
        };
        let same_press = self.press == other.press || (key(self.press).is_some() && key(self.press) == key(other.press));
        same_press && (self.command, self.shift, self.alt) == (other.command, other.shift, other.alt)
    }
}

thread_local! {
    /// The keys that the user changed, for the frame that is being drawn: by the name of their row.
    static CHANGED: RefCell<BTreeMap<&'static str, Option<Shortcut>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Puts the user's keys in force. What cannot be read, or clashes, is left out.
pub(crate) fn take(written: &BTreeMap<String, String>) {
    let read = ACTIONS.iter().filter_map(|row| {
        let written = written.get(row.name)?;
        Some((row.name, if written.is_empty() { None } else { Some(Shortcut::read(written)?) }))
    });
    let read: BTreeMap<&'static str, Option<Shortcut>> = read.collect();
    CHANGED.with_borrow_mut(|changed| *changed = read);
}

/// The keys of a row.
pub(crate) fn of(row: &Row) -> Vec<Shortcut> {
    CHANGED.with_borrow(|changed| match changed.get(row.name) {
        Some(chosen) => chosen.iter().copied().collect(),
        None => row.shortcuts.to_vec(),
    })
}

/// Whether the user changed the keys of a row.
pub(crate) fn is_changed(row: &Row) -> bool {
    CHANGED.with_borrow(|changed| changed.contains_key(row.name))
}

/// What has a key already: another action, or a label.
pub(crate) fn holder(shortcut: &Shortcut, row: &str, labels: &[(String, String)]) -> Option<String> {
    let other = ACTIONS.iter().filter(|other| other.name != row).find(|other| other.keys().iter().any(|key| key.is_same(shortcut)));
    if let Some(other) = other {
        return Some(other.name.to_owned());
    }
    let plain = !shortcut.command && !shortcut.alt && !shortcut.shift;
    let Press::Key(key) = shortcut.press else { return None };
    let named = |hotkey: &str| !hotkey.is_empty() && key.name().eq_ignore_ascii_case(hotkey);
    // Digits label, with or without a label for each.
    if plain && key.name().len() == 1 && key.name().starts_with(|digit: char| digit.is_ascii_digit()) {
        return Some(
            labels
                .iter()
                .find(|(hotkey, _)| named(hotkey))
                .map_or_else(|| "the labels".to_owned(), |(_, name)| format!("the label {name}")),
        );
    }
    labels.iter().find(|(hotkey, _)| plain && named(hotkey)).map(|(_, name)| format!("the label {name}"))
}

/// The action that has a label's letter, so that the letter does not label.
pub(crate) fn shadowed(hotkey: &str) -> Option<&'static str> {
    let named = |shortcut: &Shortcut| {
        matches!(shortcut.press, Press::Key(key) if key.name().eq_ignore_ascii_case(hotkey))
            && !shortcut.command
            && !shortcut.alt
            && !shortcut.shift
    };
    ACTIONS.iter().find(|row| !hotkey.is_empty() && row.keys().iter().any(named)).map(|row| row.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_as_it_is_written() {
        for row in ACTIONS {
            for shortcut in row.shortcuts {
                assert_eq!(Shortcut::read(&shortcut.written()), Some(*shortcut), "{}", shortcut.written());
            }
        }
        for wrong in ["", "Ctrl+", "Hyper+A", "Nokey", "'ab'"] {
            assert_eq!(Shortcut::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_key_that_something_has_is_refused() {
        let labels = [("g".to_owned(), "Gloss".to_owned()), ("1".to_owned(), "Claim".to_owned())];
        let free = Shortcut::read("Ctrl+J").unwrap();
        assert_eq!(holder(&free, "Undo", &labels), None);
        assert_eq!(holder(&Shortcut::read("W").unwrap(), "Undo", &labels).as_deref(), Some("Select the word"));
        assert_eq!(holder(&Shortcut::read("W").unwrap(), "Select the word", &labels), None);
        assert_eq!(holder(&Shortcut::read("G").unwrap(), "Undo", &labels).as_deref(), Some("the label Gloss"));
        assert_eq!(holder(&Shortcut::read("1").unwrap(), "Undo", &labels).as_deref(), Some("the label Claim"));
        assert_eq!(
            holder(&Shortcut::read("]").map_or(Shortcut::read("CloseBracket").unwrap(), |key| key), "Undo", &labels).as_deref(),
            Some("Next annotation")
        );
        assert_eq!(shadowed("w"), Some("Select the word"));
        assert_eq!(shadowed("z"), None);
    }

    #[test]
    fn changed_keys_are_in_force_and_damaged_ones_are_not() {
        let row = ACTIONS.iter().find(|row| row.name == "Quote with its speaker").unwrap();
        take(&BTreeMap::from([
            (row.name.to_owned(), "Ctrl+J".to_owned()),
            ("Undo".to_owned(), "Nokey".to_owned()),
            ("Gone".to_owned(), "A".to_owned()),
        ]));
        assert_eq!(row.caps(), ["Ctrl", "J"]);
        assert_eq!(ACTIONS.iter().find(|row| row.name == "Undo").unwrap().caps(), ["Ctrl", "Z"]);
        take(&BTreeMap::from([(row.name.to_owned(), String::new())]));
        assert!(row.keys().is_empty() && is_changed(row));
        take(&BTreeMap::new());
        assert_eq!(row.caps(), ["Q"]);
    }
}
