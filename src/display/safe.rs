//! Text for a terminal, a menu or a message: controls that could hide or reorder words become visible marks.

use std::borrow::Cow;

/// Whether a character shows nothing of itself but changes what is around it: controls, bidi marks, zero-width characters.
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0001}'..='\u{e007f}')
}

/// The same words on one line: white space of any kind becomes a space, other invisible characters become `‹U+202E›`. A joiner
/// between two characters of the same word stays, since Persian and emoji need it.
pub fn one_line(words: &str) -> Cow<'_, str> {
    if !words.contains(is_invisible) {
        return Cow::Borrowed(words);
    }
    let mut line = String::with_capacity(words.len() + 8);
    let mut before = None;
    let mut rest = words.chars().peekable();
    while let Some(character) = rest.next() {
        let joins = matches!(character, '\u{200c}' | '\u{200d}');
        let inside = before.is_some_and(|before: char| !before.is_whitespace()) && rest.peek().is_some_and(|next| !next.is_whitespace());
        match character {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => line.push(' '),
            _ if is_invisible(character) && !(joins && inside) => line.push_str(&format!("‹U+{:04X}›", u32::from(character))),
            _ => line.push(character),
        }
        before = Some(character);
    }
    Cow::Owned(line)
}

/// Letters that a control, a message or the title of a window shows at most.
const MOST_SHOWN: usize = 500;

/// The same words on one line, cut where nobody reads on: a name of some megabytes costs no more than one of some words.
pub fn brief(words: &str) -> Cow<'_, str> {
    match words.char_indices().nth(MOST_SHOWN) {
        Some((at, _)) => Cow::Owned(format!("{}…", one_line(words.get(..at).unwrap_or_default().trim_end()))),
        None => one_line(words),
    }
}

/// A name as a control shows it.
pub fn visible(name: &str) -> String {
    brief(name).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_bidi_controls_become_visible() {
        assert_eq!(one_line("a\u{1b}[31mred\u{202e}x"), "a‹U+001B›[31mred‹U+202E›x");
        assert_eq!(one_line("two\nlines\ttab"), "two lines tab");
        assert_eq!(one_line("می‌خواهم 👨‍👩‍👧"), "می‌خواهم 👨‍👩‍👧");
        assert_eq!(one_line("a\u{200d} b"), "a‹U+200D› b");
    }

    #[test]
    fn what_nobody_reads_to_its_end_is_cut() {
        assert_eq!(brief(&"é".repeat(500)), "é".repeat(500));
        assert_eq!(brief(&"é".repeat(501)), format!("{}…", "é".repeat(500)));
        assert_eq!(visible(&format!("a\nb{}", "\u{202e}".repeat(1_000_000))), format!("a b{}…", "‹U+202E›".repeat(497)));
    }
}
