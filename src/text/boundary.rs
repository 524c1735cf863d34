//! Natural boundaries: grapheme, word, sentence, paragraph. All offsets are bytes on character boundaries.

use std::ops::Range;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};

/// How far a word or a sentence is looked for in either direction: a 10 MB line costs no more than a paragraph.
const REACH: usize = 2 * 1024;

/// What a selection grows by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A letter with all its marks.
    Grapheme,
    /// A word, or one punctuation mark (UAX #29).
    Word,
    /// A sentence (UAX #29, mended for abbreviations, initials and titles).
    Sentence,
    /// Up to the next line feed.
    Paragraph,
}

/// The unit around a place, white space at its ends left out; empty where there is nothing but white space.
pub fn unit_at(text: &str, byte: usize, unit: Unit) -> Range<usize> {
    match unit {
        Unit::Grapheme => byte..byte,
        // A space with a bidi mark behind it counts as one word there.
        Unit::Word => trim(text, word_at(text, byte)),
        Unit::Sentence => sentence_at(text, byte),
        Unit::Paragraph => trim(text, paragraph_at(text, byte)),
    }
}

/// The end of the letter that starts at `byte`, marks included; the end of the text stays.
pub fn next_grapheme(text: &str, byte: usize) -> usize {
    let mut cursor = GraphemeCursor::new(floor(text, byte), text.len(), true);
    cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len())
}

/// The start of the letter that ends at `byte`.
pub fn previous_grapheme(text: &str, byte: usize) -> usize {
    let mut cursor = GraphemeCursor::new(floor(text, byte), text.len(), true);
    cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0)
}

/// Whether a range may start or end here without cutting a letter from its marks.
pub fn is_grapheme_boundary(text: &str, byte: usize) -> bool {
    let plain =
        |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(|byte| byte.is_ascii() && !matches!(byte, b'\r' | b'\n'));
    if plain(byte.checked_sub(1)) && plain(Some(byte)) {
        // Two ASCII characters are two letters: no need to ask the Unicode tables, which are asked for every end when a file opens.
        return true;
    }
    text.is_char_boundary(byte) && GraphemeCursor::new(byte, text.len(), true).is_boundary(text, 0).unwrap_or(false)
}

/// The nearest whole letters around a range: its start moves back, its end on.
pub fn snap_to_graphemes(text: &str, bytes: Range<usize>) -> Range<usize> {
    let start = floor(text, bytes.start);
    let end = text.ceil_char_boundary(bytes.end).max(start);
    let start = if is_grapheme_boundary(text, start) { start } else { previous_grapheme(text, start) };
    let end = if is_grapheme_boundary(text, end) { end } else { next_grapheme(text, end) };
    start..end
}

/// The word or mark around a place; at the end of a line, the last one.
pub fn word_at(text: &str, byte: usize) -> Range<usize> {
    let window = window(text, byte);
    let body = text.get(window.clone()).unwrap_or_default();
    let within = byte.saturating_sub(window.start);
    let mut last = within..within;
    for (start, word) in body.split_word_bound_indices() {
        let blank = word.chars().all(char::is_whitespace);
        let end = start + word.len();
        if within < end && !(blank && last.end == within && !last.is_empty()) {
            last = if blank { within..within } else { start..end };
            break;
        }
        last = if blank { end..end } else { start..end };
    }
    last.start + window.start..last.end + window.start
}

/// The phrase between two punctuation marks around a place, within its sentence.
pub fn phrase_at(text: &str, byte: usize) -> Range<usize> {
    let sentence = sentence_at(text, byte);
    let byte = floor(text, byte).clamp(sentence.start, sentence.end);
    let ends = |mark: char| ",;:—–()[]“”«»„\"،؛.!?…؟".contains(mark);
    let before = text.get(sentence.start..byte).unwrap_or_default();
    let after = text.get(byte..sentence.end).unwrap_or_default();
    // A point or a comma between two digits or letters ends no phrase: 4.5, U.S.
    let is_end = |at: usize, mark: char| {
        ends(mark)
            && (!matches!(mark, '.' | ',' | ':')
                || text.get(at + mark.len_utf8()..).and_then(|rest| rest.chars().next()).is_none_or(|next| !next.is_alphanumeric()))
    };
    let start = before.char_indices().rev().find(|(at, mark)| is_end(sentence.start + at, *mark));
    let end = after.char_indices().find(|(at, mark)| is_end(byte + at, *mark));
    let start = start.map_or(sentence.start, |(at, mark)| sentence.start + at + mark.len_utf8());
    trim(text, start..end.map_or(sentence.end, |(at, _)| byte + at))
}

/// The next larger unit around a range: word, phrase between punctuation, sentence, quotation, paragraph, text; whichever of them holds
/// more than the range and is the smallest. `None` when everything is selected.
pub fn grow(text: &str, bytes: Range<usize>) -> Option<Range<usize>> {
    let end = if bytes.is_empty() { bytes.end } else { previous_grapheme(text, bytes.end).max(bytes.start) };
    let joined = |unit: fn(&str, usize) -> Range<usize>| {
        let (first, last) = (unit(text, bytes.start), unit(text, end));
        first.start.min(last.start)..first.end.max(last.end)
    };
    let quotation = super::quotation::quotation_at(text, bytes.start, &bytes);
    // The words within the marks come before the marks.
    let inner = quotation.clone().map(|quoted| {
        let open = text.get(quoted.clone()).and_then(|words| words.chars().next()).map_or(0, char::len_utf8);
        let close = text.get(quoted.clone()).and_then(|words| words.chars().next_back()).map_or(0, char::len_utf8);
        trim(text, quoted.start + open..quoted.end - close.min(quoted.len() - open))
    });
    let units = [
        Some(trim(text, joined(word_at))),
        Some(joined(phrase_at)),
        Some(joined(sentence_at)),
        inner,
        quotation,
        Some(trim(text, joined(paragraph_at))),
        Some(trim(text, 0..text.len())),
    ];
    let larger = |unit: &Range<usize>| unit.start <= bytes.start && bytes.end <= unit.end && unit.len() > bytes.len();
    units.into_iter().flatten().filter(larger).min_by_key(Range::len)
}

/// The next place where a word starts or, at the end of a paragraph, where it ends: a step of Ctrl+Right.
pub fn next_word(text: &str, byte: usize) -> usize {
    let window = window(text, byte);
    if byte >= window.end {
        return next_grapheme(text, byte);
    }
    let body = text.get(window.clone()).unwrap_or_default();
    let mut words = body.split_word_bound_indices().map(|(start, word)| (start + window.start, word));
    words.find(|(start, word)| *start > byte && !word.chars().all(char::is_whitespace)).map_or(window.end, |(start, _)| start)
}

/// The start of the word before: a step of Ctrl+Left.
pub fn previous_word(text: &str, byte: usize) -> usize {
    let window = window(text, byte);
    if byte <= window.start {
        return previous_grapheme(text, byte);
    }
    let body = text.get(window.clone()).unwrap_or_default();
    let words = body.split_word_bound_indices().map(|(start, word)| (start + window.start, word));
    let before = words.take_while(|(start, _)| *start < byte).filter(|(_, word)| !word.chars().all(char::is_whitespace));
    before.last().map_or(window.start, |(start, _)| start)
}

/// The end of the word that ends at or after `byte + 1`: how an edge grows by one word.
pub fn next_word_end(text: &str, byte: usize) -> usize {
    let window = window(text, if byte >= text.len() { byte } else { next_grapheme(text, byte) });
    let body = text.get(window.clone()).unwrap_or_default();
    let words = body.split_word_bound_indices().map(|(start, word)| (start + window.start + word.len(), word));
    let mut ends = words.filter(|(_, word)| !word.chars().all(char::is_whitespace)).map(|(end, _)| end);
    ends.find(|end| *end > byte).unwrap_or(window.end.max(byte))
}

/// The end of the word before `byte`: how an end shrinks by one word.
pub fn previous_word_end(text: &str, byte: usize) -> usize {
    let window = window(text, previous_grapheme(text, byte));
    let body = text.get(window.clone()).unwrap_or_default();
    let words = body.split_word_bound_indices().map(|(start, word)| (start + window.start + word.len(), word));
    let ends = words.filter(|(_, word)| !word.chars().all(char::is_whitespace)).map(|(end, _)| end);
    ends.take_while(|end| *end < byte).last().unwrap_or(window.start)
}

/// The sentence around a place, without the white space behind it.
pub fn sentence_at(text: &str, byte: usize) -> Range<usize> {
    let window = window(text, byte);
    let body = text.get(window.clone()).unwrap_or_default();
    let within = byte.saturating_sub(window.start);
    let mut start = 0;
    for (at, piece) in body.split_sentence_bound_indices() {
        let end = at + piece.len();
        let rest = body.get(end..).unwrap_or_default();
        if !rest.is_empty() && runs_on(body.get(start..end).unwrap_or_default(), rest) {
            continue;
        }
        if within < end || rest.is_empty() {
            return trim(text, start + window.start..end + window.start);
        }
        start = end;
    }
    trim(text, window)
}

/// The paragraph around a place, without its line feed.
pub fn paragraph_at(text: &str, byte: usize) -> Range<usize> {
    let byte = floor(text, byte);
    let (before, after) = text.split_at_checked(byte).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = after.find('\n').map_or(text.len(), |at| byte + at);
    start..end
}

/// The paragraph around a place, cut where it is further away than `reach` bytes to either side: no line is looked through for it.
pub fn paragraph_within(text: &str, byte: usize, reach: usize) -> Range<usize> {
    let byte = floor(text, byte).min(text.len());
    let from = floor(text, byte.saturating_sub(reach));
    let to = floor(text, byte.saturating_add(reach).min(text.len()));
    let start = text.get(from..byte).and_then(|before| before.rfind('\n')).map_or(from, |at| from + at + 1);
    let end = text.get(byte..to).and_then(|after| after.find('\n')).map_or(to, |at| byte + at);
    start..end
}

/// The range without white space at its ends, no-break spaces included.
pub fn trim(text: &str, bytes: Range<usize>) -> Range<usize> {
    let Some(slice) = text.get(bytes.clone()) else { return bytes };
    let kept = slice.trim_start();
    let start = bytes.start + slice.len() - kept.len();
    start..start + kept.trim_end().len()
}

/// The nearest character boundary at or before a byte.
pub fn floor(text: &str, byte: usize) -> usize {
    text.floor_char_boundary(byte)
}

/// The paragraph around a place, cut at a space where it is very long.
fn window(text: &str, byte: usize) -> Range<usize> {
    let byte = floor(text, byte);
    let from = floor(text, byte.saturating_sub(REACH));
    let to = floor(text, (byte + REACH).min(text.len()));
    let (before, after) = (text.get(from..byte).unwrap_or_default(), text.get(byte..to).unwrap_or_default());
    let start = match before.rfind('\n') {
        Some(at) => from + at + 1,
        None if from == 0 => 0,
        None => from + before.find(char::is_whitespace).unwrap_or(0),
    };
    let end = match after.find('\n') {
        Some(at) => byte + at,
        None if to == text.len() => to,
        None => byte + after.rfind(char::is_whitespace).unwrap_or(after.len()),
    };
    start..end
}

/// Abbreviations that a name or a number follows, so that their full stop ends no sentence: house styles of AP and Reuters,
/// with the commonest Russian ones.
const LEADS_ON: [&str; 64] = [
    "adm", "al", "apr", "art", "aug", "bros", "brig", "capt", "cf", "cmdr", "co", "col", "corp", "cpl", "dec", "dept", "dr", "ed", "esp",
    "etc", "feb", "fig", "fr", "ft", "gen", "gov", "hon", "inc", "jan", "jr", "lt", "ltd", "maj", "messrs", "mr", "mrs", "ms", "mt", "no",
    "nov", "oct", "p", "pfc", "pp", "pres", "prof", "rep", "reps", "rev", "sen", "sens", "sept", "sgt", "sr", "st", "vs", "г", "гг", "др",
    "им", "напр", "проф", "стр", "ул",
];

/// Words that open a sentence more often than they follow "U.S.".
const OPENERS: [&str; 24] = [
    "A", "After", "An", "And", "As", "At", "But", "Despite", "For", "He", "However", "I", "In", "It", "On", "She", "That", "The", "There",
    "They", "This", "We", "When", "While",
];

/// Whether a piece that UAX #29 takes for a sentence goes on in the next one.
fn runs_on(piece: &str, rest: &str) -> bool {
    let body = piece.trim_end();
    let Some(stem) = body.strip_suffix('.') else { return false };
    let last = stem.rsplit(char::is_whitespace).next().unwrap_or_default();
    let last = last.trim_start_matches(|mark: char| !mark.is_alphanumeric());
    let next = rest.split_whitespace().next().unwrap_or_default();
    if last.contains('.') {
        // "U.S. officials", "e.g. this"; but "in the U.S. The vote" ends.
        let initials = last.split('.').all(|part| part.chars().count() <= 2 && part.chars().all(char::is_alphabetic));
        return initials && !OPENERS.contains(&next);
    }
    let mut letters = last.chars();
    let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    if initial {
        return true;
    }
    let lower = last.to_lowercase();
    let known = LEADS_ON.contains(&lower.as_str());
    // "No. 5" leads on, "He said no." does not; the same for other words that are also abbreviations.
    let number_only = matches!(lower.as_str(), "no" | "art" | "fig" | "p" | "pp");
    known && (!number_only || next.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` marks the caret and the place is taken out of the text.
    fn at(marked: &str, unit: Unit) -> String {
        let byte = marked.find('|').unwrap_or(0);
        let text = marked.replace('|', "");
        text.get(unit_at(&text, byte, unit)).unwrap_or("?").to_owned()
    }

    #[test]
    fn words_are_found_in_every_script() {
        assert_eq!(at("The upc|oming visit", Unit::Word), "upcoming");
        assert_eq!(at("The visit|", Unit::Word), "visit");
        assert_eq!(at("don’|t stop", Unit::Word), "don’t");
        assert_eq!(at("قال مس|ؤول كبير", Unit::Word), "مسؤول");
        assert_eq!(at("דובר צה\"|ל אמר", Unit::Word), "צה\"ל");
        assert_eq!(at("a  | b", Unit::Word), "");
        assert_eq!(at("", Unit::Word), "");
    }

    #[test]
    fn sentences_survive_abbreviations_initials_and_decimals() {
        let first = |text: &str| at(&format!("|{text}"), Unit::Sentence);
        assert_eq!(first("Mr. Lee met Sen. J. Smith. They spoke."), "Mr. Lee met Sen. J. Smith.");
        assert_eq!(first("The U.S. Senate rose 3.5 percent. It fell."), "The U.S. Senate rose 3.5 percent.");
        assert_eq!(first("He lives in the U.S. The vote is over."), "He lives in the U.S.");
        assert_eq!(first("He said no. Then he left."), "He said no.");
        assert_eq!(first("See No. 5 there. Go."), "See No. 5 there.");
        assert_eq!(first("“We left.” He stayed."), "“We left.”");
        assert_eq!(first("В 2014 г. Москва ответила. Потом нет."), "В 2014 г. Москва ответила.");
        assert_eq!(first("قال المسؤول ذلك. ثم غادر."), "قال المسؤول ذلك.");
        assert_eq!(at("One. Tw|o\nThree.", Unit::Sentence), "Two");
    }

    #[test]
    fn a_selection_grows_by_the_structure_of_the_text() {
        let text = "One. The minister, who left, said “we need six weeks, or more” on Monday. Two.\nNext paragraph.";
        let grown = |start: &str| {
            let at = text.find(start).unwrap();
            let mut steps = Vec::new();
            let mut here = at..at;
            while let Some(next) = grow(text, here.clone()) {
                steps.push(&text[next.clone()]);
                here = next;
            }
            steps
        };
        assert_eq!(
            grown("six"),
            [
                "six",
                "we need six weeks",
                "we need six weeks, or more",
                "“we need six weeks, or more”",
                "The minister, who left, said “we need six weeks, or more” on Monday.",
                "One. The minister, who left, said “we need six weeks, or more” on Monday. Two.",
                text,
            ]
        );
        assert_eq!(
            grown("left").get(..3),
            Some(["left", "who left", "The minister, who left, said “we need six weeks, or more” on Monday."].as_slice())
        );
        let number = "It rose 4.5 percent, or more.";
        assert_eq!(&number[phrase_at(number, 9)], "It rose 4.5 percent");
    }

    #[test]
    fn letters_keep_their_marks() {
        let text = "e\u{301}👨‍👩‍👧x";
        assert_eq!(next_grapheme(text, 0), 3);
        assert_eq!(next_grapheme(text, 3), text.len() - 1);
        assert_eq!(previous_grapheme(text, text.len() - 1), 3);
        assert_eq!(snap_to_graphemes(text, 1..5), 0..text.len() - 1);
        assert_eq!(next_grapheme("a", 9), 1);
    }

    #[test]
    fn steps_by_word_cross_paragraphs() {
        let text = "ab cd, ef\ngh";
        let mut stops = vec![0];
        while let Some(last) = stops.last().copied().filter(|last| *last < text.len()) {
            stops.push(next_word(text, last));
        }
        assert_eq!(stops, [0, 3, 5, 7, 9, 10, 12]);
        assert_eq!(previous_word(text, 12), 10);
        assert_eq!(previous_word(text, 10), 9);
        assert_eq!(previous_word(text, 9), 7);
        assert_eq!(next_word_end(text, 2), 5);
        assert_eq!(previous_word_end(text, 5), 2);
        assert_eq!(next_word_end(text, 9), 12);
    }

    #[test]
    fn a_line_of_ten_megabytes_costs_no_more_than_its_neighbourhood() {
        let text = "word ".repeat(2_000_000);
        assert_eq!(text.get(word_at(&text, 5_000_001)), Some("word"));
        assert!(sentence_at(&text, 5_000_001).len() < 4 * REACH);
    }
}
