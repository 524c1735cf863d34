//! Looking for words: plain or by regular expression, whatever the quotation marks, dashes and spaces look like.

use regex::{Regex, RegexBuilder};
use std::ops::{ControlFlow, Range};

/// Most memory that a compiled pattern may take: a pattern such as `(\w{999}){999}` is refused instead of filling the machine.
const LARGEST: usize = 4 << 20;

/// Longest hit, in bytes, that is looked into for another one when it does not count: a pattern that takes half a line is not tried
/// again at each of its letters.
const HIDING: usize = 1_024;

/// What is looked for.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The words, or the regular expression.
    pub words: String,
    /// Whether they are a regular expression.
    pub regex: bool,
    /// Whether capitals count.
    pub case: bool,
    /// Whether only whole words count.
    pub whole_word: bool,
    /// Whether any quotation mark, dash or space stands for all of its kind.
    pub fold: bool,
}

/// Why a regular expression cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It cannot be read.
    #[error("the pattern cannot be read{}: {what}", at.map_or_else(String::new, |at| format!(" at character {at}")))]
    Syntax {
        /// Which character is wrong, counted from 1.
        at: Option<usize>,
        /// What is wrong, as the library says it.
        what: String,
    },
    /// It would need too much memory.
    #[error("the pattern is too large")]
    TooLarge,
}

impl PatternError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "Write a backslash before a sign that stands for itself, or turn Pattern off.",
            Self::TooLarge => "Use smaller counts.",
        }
    }
}

/// A query that can be looked for.
#[derive(Debug, Clone)]
pub struct Pattern {
    regex: Regex,
    whole_word: bool,
}

impl Pattern {
    /// Compiles a query; `None` when there is nothing to look for.
    pub fn new(query: &Query) -> Result<Option<Self>, PatternError> {
        let words = if query.regex { query.words.as_str() } else { query.words.trim_end_matches('\n') };
        if words.trim().is_empty() {
            return Ok(None);
        }
        let written = match (query.regex, query.fold) {
            (true, _) => words.to_owned(),
            (false, true) => folded(words),
            (false, false) => regex::escape(words),
        };
        let built = RegexBuilder::new(&written).case_insensitive(!query.case).size_limit(LARGEST).dfa_size_limit(LARGEST * 2).build();
        match built {
            Ok(regex) => Ok(Some(Self { regex, whole_word: query.whole_word })),
            Err(regex::Error::CompiledTooBig(_)) => Err(PatternError::TooLarge),
            Err(error) => Err(explain(&error.to_string(), words)),
        }
    }

    /// Tells every hit in a text, in bytes and in order, paragraph by paragraph: no hit crosses a line feed, and whoever listens
    /// is asked once a paragraph, with `None`, whether to go on.
    pub fn find(&self, text: &str, hit: &mut dyn FnMut(Option<Range<usize>>) -> ControlFlow<()>) -> ControlFlow<()> {
        let mut start = 0;
        for paragraph in text.split('\n') {
            hit(None)?;
            let mut from = 0;
            while let Some(found) = self.regex.find_at(paragraph, from) {
                let bytes = found.range();
                let counts = !bytes.is_empty() && (!self.whole_word || is_whole(paragraph, &bytes));
                // A hit that does not count may hide one that begins inside it.
                from = if counts || bytes.len() > HIDING { bytes.end } else { next_char(paragraph, bytes.start) };
                if counts {
                    hit(Some(start + bytes.start..start + bytes.end))?;
                }
                if from > paragraph.len() {
                    break;
                }
            }
            start += paragraph.len() + 1;
        }
        ControlFlow::Continue(())
    }

    /// All hits in a text.
    pub fn find_all(&self, text: &str) -> Vec<Range<usize>> {
        let mut hits = Vec::new();
        let _went_on = self.find(text, &mut |hit| {
            hits.extend(hit);
            ControlFlow::Continue(())
        });
        hits
    }

    /// Whether a short text, such as a note, has it.
    pub fn is_in(&self, text: &str) -> bool {
        self.find(text, &mut |hit| if hit.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }).is_break()
    }
}

/// Signs that people do not tell apart when they look for words, each group as a class of a regular expression.
const ALIKE: [(&[char], &str); 4] = [
    (&['"', '“', '”', '„', '‟', '«', '»', '″'], "[\"“”„‟«»″]"),
    (&['\'', '‘', '’', '‚', '‛', '‹', '›', '′'], "['‘’‚‛‹›′]"),
    (&['-', '‐', '‑', '‒', '–', '—', '−'], "[-‐‑‒–—−]"),
    (&['…'], "(?:…|\\.\\.\\.)"),
];

/// Plain words as a regular expression that takes signs alike for each other, and any white space for any other.
fn folded(words: &str) -> String {
    let mut written = String::with_capacity(words.len() + 16);
    let mut in_space = false;
    for character in words.chars() {
        if character.is_whitespace() {
            if !in_space {
                written.push_str("[\\s--\\n]+");
            }
            in_space = true;
            continue;
        }
        in_space = false;
        match ALIKE.iter().find(|(signs, _)| signs.contains(&character)) {
            Some((_, class)) => written.push_str(class),
            None => written.push_str(&regex::escape(character.encode_utf8(&mut [0; 4]))),
        }
    }
    written
}

fn is_whole(text: &str, bytes: &Range<usize>) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let before = text.get(..bytes.start).and_then(|before| before.chars().next_back()).is_some_and(is_word);
    let after = text.get(bytes.end..).and_then(|after| after.chars().next()).is_some_and(is_word);
    !before && !after
}

fn next_char(text: &str, byte: usize) -> usize {
    byte + text.get(byte..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

/// The message of the library, which draws a picture of several lines, as one sentence with a place.
fn explain(message: &str, words: &str) -> PatternError {
    let what = message.lines().rev().find_map(|line| line.strip_prefix("error: ")).unwrap_or("it is not finished").to_owned();
    // The picture has the pattern in one line and a caret below the character.
    let at =
        message.lines().find(|line| line.trim_start().starts_with('^')).and_then(|line| line.find('^')).and_then(|at| at.checked_sub(3));
    let at = at.filter(|_| !words.contains('\n')).map(|at| at.min(words.chars().count()));
    PatternError::Syntax { at, what }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(query: &Query, text: &str) -> Vec<String> {
        let pattern = Pattern::new(query).unwrap().unwrap();
        pattern.find_all(text).into_iter().map(|hit| text[hit].to_owned()).collect()
    }

    fn plain(words: &str) -> Query {
        Query { words: words.to_owned(), fold: true, ..Query::default() }
    }

    #[test]
    fn plain_words_are_found_whatever_their_signs_and_spaces() {
        assert_eq!(hits(&plain("\"we need\""), "“We need” and «we\u{a0}need»"), ["“We need”", "«we\u{a0}need»"]);
        assert_eq!(hits(&plain("Hamas' plan"), "Hamas’ plan, Hamas' plan"), ["Hamas’ plan", "Hamas' plan"]);
        assert_eq!(hits(&plain("north - south"), "north — south"), ["north — south"]);
        assert_eq!(hits(&plain("wait..."), "Wait... wait…"), ["Wait..."]);
        assert_eq!(hits(&plain("a.c"), "a.c abc"), ["a.c"]);
        assert_eq!(hits(&plain("МИНИСТР"), "Министр"), ["Министр"]);
        assert_eq!(hits(&plain("one two"), "one\ntwo"), Vec::<String>::new());
        let exact = Query { fold: false, ..plain("\"a\"") };
        assert_eq!(hits(&exact, "“a” \"a\""), ["\"a\""]);
    }

    #[test]
    fn case_and_whole_words_narrow_the_hits() {
        let text = "Source said a source of sources: resource, source_a";
        assert_eq!(hits(&plain("source"), text).len(), 5);
        assert_eq!(hits(&Query { whole_word: true, ..plain("source") }, text), ["Source", "source"]);
        assert_eq!(hits(&Query { case: true, ..plain("source") }, text).len(), 4);
        // A hit inside a word hides no whole word that begins in it.
        assert_eq!(hits(&Query { whole_word: true, ..plain("a a") }, "ba a a"), ["a a"]);
        assert_eq!(hits(&Query { whole_word: true, ..plain("كبير") }, "مسؤول كبير الكبير"), ["كبير"]);
    }

    #[test]
    fn regular_expressions_are_found_and_refused_with_a_place() {
        let regex = |words: &str| Query { words: words.to_owned(), regex: true, ..Query::default() };
        assert_eq!(hits(&regex("officials?|sources?"), "Officials and a source"), ["Officials", "source"]);
        assert_eq!(hits(&regex("x*"), "axxb"), ["xx"]);
        match Pattern::new(&regex("said (that")) {
            Err(PatternError::Syntax { at, what }) => assert_eq!((at, what.as_str()), (Some(6), "unclosed group")),
            other => panic!("{other:?}"),
        }
        assert!(matches!(Pattern::new(&regex(r"(\w{999}){999}")), Err(PatternError::TooLarge)));
        assert!(Pattern::new(&regex("")).unwrap().is_none() && Pattern::new(&plain(" ")).unwrap().is_none());
    }

    #[test]
    fn a_search_stops_when_nobody_listens() {
        let pattern = Pattern::new(&plain("a")).unwrap().unwrap();
        let mut seen = 0;
        let went_on = pattern.find(&"a\n".repeat(1000), &mut |hit| {
            seen += usize::from(hit.is_some());
            if seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert!(went_on.is_break() && seen == 3);
    }
}
