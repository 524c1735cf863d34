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

/// A name as a control shows it.
pub fn visible(name: &str) -> String {
    one_line(name).into_owned()
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
}
