//! Words in their context: what stands before and after them in their paragraph, on one line.

use super::safe::one_line;
use std::ops::Range;

/// Words with what stands around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// What stands before, at most as many characters as asked for, cut at the front.
    pub before: String,
    /// The words.
    pub words: String,
    /// What stands behind, cut at its end.
    pub after: String,
}

/// The context of a place within its paragraph: `reach` characters to either side, cut between words where there is room.
pub fn context(text: &str, bytes: &Range<usize>, reach: usize) -> Context {
    // A paragraph may be the whole article: only as much of it is looked at as is shown.
    let before = text.get(..bytes.start).unwrap_or_default();
    let line = before.char_indices().rev().take(reach + 1).take_while(|(_, letter)| *letter != '\n');
    let from = line.last().map_or(before.len(), |(at, _)| at);
    let after = text.get(bytes.end..).unwrap_or_default();
    let line = after.char_indices().take(reach + 1).take_while(|(_, letter)| *letter != '\n');
    let to = line.last().map_or(0, |(at, letter)| at + letter.len_utf8());
    Context {
        before: last_words(before.get(from..).unwrap_or_default(), reach),
        words: one_line(text.get(bytes.clone()).unwrap_or_default()).into_owned(),
        after: first_words(after.get(..to).unwrap_or_default(), reach),
    }
}

fn last_words(text: &str, reach: usize) -> String {
    match text.char_indices().rev().nth(reach) {
        None => one_line(text).into_owned(),
        Some((at, _)) => {
            let kept = text.get(at..).unwrap_or_default();
            let word =
                kept.char_indices().find(|(_, letter)| letter.is_whitespace()).map_or(kept, |(at, _)| kept.get(at..).unwrap_or_default());
            format!("…{}", one_line(word))
        }
    }
}

fn first_words(text: &str, reach: usize) -> String {
    match text.char_indices().nth(reach) {
        None => one_line(text).into_owned(),
        Some((at, _)) => {
            let kept = text.get(..at).unwrap_or_default();
            let word = kept.rfind(char::is_whitespace).map_or(kept, |at| kept.get(..at).unwrap_or_default());
            format!("{}…", one_line(word))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_stays_in_its_paragraph_and_is_cut_between_words() {
        let text = "Other.\nThe Lebanese official said Qatar mediated between them.\nNext.";
        let at = text.find("official").unwrap();
        let found = context(text, &(at..at + 8), 13);
        assert_eq!((found.before.as_str(), found.words.as_str(), found.after.as_str()), ("The Lebanese ", "official", " said Qatar…"));
        let found = context(text, &(at..at + 8), 6);
        assert_eq!(found.before, "… ");
        assert_eq!(context("a\u{202e}b", &(0..1), 9).after, "‹U+202E›b");
    }
}
