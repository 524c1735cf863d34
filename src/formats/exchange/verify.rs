//! Finds out by the quoted words in which unit a file counts, and places what is marked. What does not fit becomes *unplaced*.
//!
//! Tools disagree, and some disagree with their own documentation: W3C, brat, spaCy and Label Studio count Unicode scalar values,
//! JavaScript and Java tools UTF-16 units, Taguette bytes, doccano graphemes on demand; REFI-QDA tools disagree whether the end is
//! included; some count a byte-order mark or the CR of a line end that they do not show. Only the words tell.

use super::{Annotated, Span, Stretch};
use crate::{
    model::{LIMITS, Text},
    text::{Ranges, TextRange, boundary::is_grapheme_boundary},
};
use std::{collections::BTreeMap, fmt};
use unicode_segmentation::UnicodeSegmentation as _;

/// What an offset counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Unicode scalar values, as Python and Rust count characters.
    Scalar,
    /// UTF-16 code units, as JavaScript and Java count.
    Utf16,
    /// Bytes of UTF-8.
    Byte,
    /// What readers see as one character.
    Grapheme,
}

/// How a file counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Convention {
    /// The unit.
    pub unit: Unit,
    /// Whether the end names the last character instead of the one after it.
    pub inclusive: bool,
    /// Whether the byte-order mark and the CR of CRLF are counted.
    pub raw: bool,
}

impl Convention {
    /// Scalars, half-open, counted in the file as it is: what most documented formats say.
    pub const SCALAR: Self = Self { unit: Unit::Scalar, inclusive: false, raw: true };
    /// UTF-16 units, half-open.
    pub const UTF16: Self = Self { unit: Unit::Utf16, inclusive: false, raw: true };
}

impl fmt::Display for Convention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.unit {
            Unit::Scalar => "Unicode characters",
            Unit::Utf16 => "UTF-16 units",
            Unit::Byte => "bytes",
            Unit::Grapheme => "visible characters",
        })?;
        if self.inclusive {
            f.write_str(", end included")?;
        }
        Ok(())
    }
}

/// Something marked that has no place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The article's title.
    pub document: String,
    /// The label, as the file calls it.
    pub label: String,
    /// The words that it is said to mark.
    pub words: String,
    /// The offsets as the file has them.
    pub offsets: Vec<(usize, usize)>,
    /// Why.
    pub why: &'static str,
}

/// What verification found, over all articles of an import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// How the articles count, and how many of each kind. Articles in which all units are the same count as what their format says.
    pub conventions: BTreeMap<Convention, usize>,
    /// Spans whose words are where the file says.
    pub agreed: usize,
    /// Spans of files that hold no words to compare with.
    pub without_words: usize,
    /// Spans that do not fit.
    pub unplaced: Vec<Unplaced>,
}

impl Verified {
    /// Adds what was found in further articles.
    pub fn add(&mut self, other: Self) {
        for (convention, count) in other.conventions {
            *self.conventions.entry(convention).or_default() += count;
        }
        self.agreed += other.agreed;
        self.without_words += other.without_words;
        self.unplaced.extend(other.unplaced);
    }

    /// The finding in sentences.
    pub fn lines(&self) -> Vec<String> {
        use crate::display::line::count;
        let mut lines = Vec::new();
        let all = self.agreed + self.without_words + self.unplaced.len();
        let units: Vec<String> = match self.conventions.len() {
            0 => Vec::new(),
            1 => self.conventions.keys().map(ToString::to_string).collect(),
            _ => self.conventions.iter().map(|(convention, articles)| format!("{convention} in {}", count(*articles, "article"))).collect(),
        };
        if all > 0 {
            lines.push(format!("Offsets count {}.", units.join("; ")));
            lines.push(format!("{} of {} agree with the words that the file quotes.", self.agreed, count(all, "annotation")));
        }
        if self.without_words > 0 {
            lines.push(format!("{} could not be checked: the file quotes no words.", count(self.without_words, "annotation")));
        }
        match self.unplaced.len() {
            0 => {}
            1 => lines.push("1 annotation is unplaced: it keeps its words, and the issues list it.".to_owned()),
            several => lines.push(format!("{several} annotations are unplaced: they keep their words, and the issues list them.")),
        }
        lines
    }
}

/// An article whose text is clean and whose spans are placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The article; spans count Unicode scalar values of its clean text now. Those without a place have no range.
    pub article: Annotated,
    /// The text, lines ended by LF.
    pub text: Text,
    /// What cleaning changed: `bom`, `crlf`, `cr`.
    pub changed: Vec<String>,
}

/// Finds the convention of one article and places its spans. Takes time by the length of the text.
pub fn verify(article: Annotated, stated: Convention, found: &mut Verified) -> Placed {
    let clean = Clean::new(&article.content);
    verify_in(article, clean, None, stated, found)
}

/// The same for an article whose text the project has already.
pub fn verify_against(article: Annotated, text: &Text, stated: Convention, found: &mut Verified) -> Placed {
    let clean = Clean { content: text.content.to_string(), ..Clean::new("") };
    verify_in(article, clean, Some(text.clone()), stated, found)
}

fn verify_in(mut article: Annotated, clean: Clean, text: Option<Text>, stated: Convention, found: &mut Verified) -> Placed {
    let Clean { content, changed, dropped } = clean;
    let text = text.unwrap_or_else(|| Text::new(content));
    let raw = std::mem::take(&mut article.content);
    let raw = if changed.is_empty() { &*text.content } else { raw.as_str() };
    let counters = Counters { raw: Counter::new(raw), clean: (!dropped.is_empty()).then(|| Counter::new(&text.content)), dropped };
    let convention = if article.spans.is_empty() { stated } else { counters.convention(&article.spans, stated) };
    if !article.spans.is_empty() {
        *found.conventions.entry(convention).or_default() += 1;
    }
    let Annotated { spans, omissions, title, .. } = &mut article;
    for span in spans {
        match counters.place(&text, span, convention) {
            Ok((ranges, checked)) => {
                if checked {
                    found.agreed += 1;
                } else {
                    found.without_words += 1;
                }
                span.quote = crate::anchor::quote_at(&ranges, &text).unwrap_or_default();
                span.ranges = ranges.iter().map(|range| (range.start.get(), range.end.get())).collect();
            }
            Err(why) => {
                let offsets = std::mem::take(&mut span.ranges);
                let (label, words) = (span.label.clone(), span.words());
                found.unplaced.push(Unplaced { document: title.clone(), label, words, offsets, why });
            }
        }
    }
    omissions.retain_mut(|Stretch { ranges, .. }| {
        let placed = counters.ranges(&text, ranges, convention);
        *ranges = placed.iter().flat_map(Ranges::iter).map(|range| (range.start.get(), range.end.get())).collect();
        placed.is_some()
    });
    Placed { article, text, changed }
}

/// A text without byte-order mark and CR, and where in it something was dropped.
struct Clean {
    content: String,
    changed: Vec<String>,
    /// Scalars of the raw text that the clean one does not have, in order.
    dropped: Vec<usize>,
}

impl Clean {
    fn new(raw: &str) -> Self {
        let mut changed = Vec::new();
        if !raw.contains(['\r', '\u{feff}']) {
            return Self { content: raw.to_owned(), changed, dropped: Vec::new() };
        }
        let mut dropped = Vec::new();
        let mut content = String::with_capacity(raw.len());
        let (mut crlf, mut cr) = (false, false);
        let mut letters = raw.chars().enumerate().peekable();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\u{feff}' if at == 0 => {
                    dropped.push(at);
                    changed.push("bom".to_owned());
                }
                '\r' if letters.peek().is_some_and(|(_, next)| *next == '\n') => {
                    dropped.push(at);
                    crlf = true;
                }
                '\r' => {
                    content.push('\n');
                    cr = true;
                }
                letter => content.push(letter),
            }
        }
        changed.extend(crlf.then(|| "crlf".to_owned()));
        changed.extend(cr.then(|| "cr".to_owned()));
        Self { content, changed, dropped }
    }
}

/// Offsets of one text in every unit, as tables; none where all units are the same.
struct Counter<'t> {
    text: &'t str,
    scalars: usize,
    /// Scalar number of each UTF-16 unit, byte, grapheme; `None` inside a character.
    tables: Option<[Vec<u32>; 3]>,
}

/// In a table: an offset inside a character.
const INSIDE: u32 = u32::MAX;

impl<'t> Counter<'t> {
    fn new(text: &'t str) -> Self {
        if text.is_ascii() && !text.contains('\r') {
            return Self { text, scalars: text.len(), tables: None };
        }
        let (mut utf16, mut bytes, mut graphemes) = (Vec::with_capacity(text.len()), Vec::with_capacity(text.len()), Vec::new());
        let mut scalar = 0_u32;
        for letter in text.chars() {
            for (table, length) in [(&mut utf16, letter.len_utf16()), (&mut bytes, letter.len_utf8())] {
                table.push(scalar);
                table.extend(std::iter::repeat_n(INSIDE, length - 1));
            }
            scalar += 1;
        }
        let mut at = 0_u32;
        for grapheme in text.graphemes(true) {
            graphemes.push(at);
            at += u32::try_from(grapheme.chars().count()).unwrap_or(u32::MAX);
        }
        for table in [&mut utf16, &mut bytes, &mut graphemes] {
            table.push(scalar);
        }
        Self { text, scalars: scalar as usize, tables: Some([utf16, bytes, graphemes]) }
    }

    /// The scalar at an offset; `None` outside the text or inside a character.
    fn scalar(&self, offset: usize, unit: Unit) -> Option<usize> {
        let table = match (&self.tables, unit) {
            (None, _) | (_, Unit::Scalar) => return (offset <= self.scalars).then_some(offset),
            (Some([utf16, ..]), Unit::Utf16) => utf16,
            (Some([_, bytes, _]), Unit::Byte) => bytes,
            (Some([.., graphemes]), Unit::Grapheme) => graphemes,
        };
        table.get(offset).copied().filter(|scalar| *scalar != INSIDE).map(|scalar| scalar as usize)
    }
}

struct Counters<'t> {
    raw: Counter<'t>,
    clean: Option<Counter<'t>>,
    dropped: Vec<usize>,
}

impl Counters<'_> {
    /// The offsets of one part in scalars of the clean text.
    fn part(&self, (start, end): (usize, usize), convention: Convention) -> Option<(usize, usize)> {
        let end = if convention.inclusive { end.checked_add(1)? } else { end };
        let counter = if convention.raw { &self.raw } else { self.clean.as_ref().unwrap_or(&self.raw) };
        let (start, end) = (counter.scalar(start, convention.unit)?, counter.scalar(end, convention.unit)?);
        if !convention.raw || self.dropped.is_empty() {
            return Some((start, end));
        }
        let clean = |scalar: usize| scalar - self.dropped.partition_point(|dropped| *dropped < scalar);
        Some((clean(start), clean(end)))
    }

    /// Parts as ranges of the clean text.
    fn ranges(&self, text: &Text, parts: &[(usize, usize)], convention: Convention) -> Option<Ranges> {
        let mut placed = Vec::with_capacity(parts.len());
        for part in parts {
            let (start, end) = self.part(*part, convention)?;
            let (start, end) = (u32::try_from(start).ok()?, u32::try_from(end).ok()?);
            (start < end && end <= text.index.len().0).then(|| placed.push(TextRange::new(start, end)))?;
        }
        Ranges::from_parts(placed).filter(|ranges| ranges.len() <= LIMITS.ranges)
    }

    /// Where a span is, and whether its words proved it.
    fn place(&self, text: &Text, span: &Span, convention: Convention) -> Result<(Ranges, bool), &'static str> {
        if span.ranges.iter().any(|(start, end)| if convention.inclusive { end < start } else { end <= start }) {
            return Err("it marks no character");
        }
        if span.ranges.len() > LIMITS.ranges {
            return Err("it has more parts than Onrecord keeps");
        }
        let ranges = self.ranges(text, &span.ranges, convention).ok_or("its offsets are not in the text")?;
        if span.quote.is_empty() {
            return Ok((ranges, false));
        }
        if self.agrees(text, span, convention) { Ok((ranges, true)) } else { Err("other words stand at its offsets") }
    }

    /// Whether the words at a span's offsets are those that it quotes. White space counts as white space: brat writes a line end as a space.
    fn agrees(&self, text: &Text, span: &Span, convention: Convention) -> bool {
        let mut words = span.ranges.iter().map(|part| {
            let (start, end) = self.part(*part, convention)?;
            let (start, end) = (u32::try_from(start).ok()?, u32::try_from(end).ok()?);
            text.index.slice(&text.content, TextRange::new(start, end))
        });
        if span.quote.len() == span.ranges.len() {
            return words.zip(&span.quote).all(|(words, quote)| words.is_some_and(|words| same(words, quote)));
        }
        // One quote for all parts, joined as the tool joins them.
        let Some(words) = words.try_fold(String::new(), |all, words| words.map(|words| all + words)) else { return false };
        let quote: String = span.quote.concat();
        let letters = |words: &str| words.chars().filter(|letter| !letter.is_whitespace() && *letter != '…').collect::<String>();
        letters(&words) == letters(&quote)
    }

    /// The convention that most words prove; among equals the stated one, then the one whose edges look like edges of words.
    fn convention(&self, spans: &[Span], stated: Convention) -> Convention {
        let text = Text::new(self.clean.as_ref().unwrap_or(&self.raw).text);
        let all_fit = |convention| spans.iter().all(|span| span.quote.is_empty() || self.agrees(&text, span, convention));
        let quoted = spans.iter().any(|span| !span.quote.is_empty());
        if quoted && all_fit(stated) && spans.iter().all(|span| !span.quote.is_empty()) {
            return stated;
        }
        let mut best = (self.score(&text, spans, stated), stated);
        for unit in [Unit::Scalar, Unit::Utf16, Unit::Byte, Unit::Grapheme] {
            for inclusive in [false, true] {
                for raw in [true, false] {
                    let convention = Convention { unit, inclusive, raw };
                    let same = (self.raw.tables.is_none() && unit != Unit::Scalar) || (!raw && self.clean.is_none());
                    // Without words an end may not be taken for included: it would always seem to fit.
                    if same || convention == stated || (inclusive && !quoted) {
                        continue;
                    }
                    let score = self.score(&text, spans, convention);
                    if score > best.0 {
                        best = (score, convention);
                    }
                }
            }
        }
        best.1
    }

    /// How many words agree, and how many spans without words have edges where words have them.
    fn score(&self, text: &Text, spans: &[Span], convention: Convention) -> (usize, usize) {
        let (mut agreed, mut plausible) = (0, 0);
        for span in spans {
            if span.quote.is_empty() {
                plausible += usize::from(self.is_plausible(text, span, convention));
            } else {
                agreed += usize::from(self.agrees(text, span, convention));
            }
        }
        (agreed, plausible)
    }

    fn is_plausible(&self, text: &Text, span: &Span, convention: Convention) -> bool {
        let Some(ranges) = self.ranges(text, &span.ranges, convention) else { return false };
        ranges.iter().all(|range| {
            let (start, end) = (text.index.byte_from_char(&text.content, range.start), text.index.byte_from_char(&text.content, range.end));
            let inside = |byte: usize| {
                let before = text.content.get(..byte).and_then(|before| before.chars().next_back());
                let after = text.content.get(byte..).and_then(|after| after.chars().next());
                before.zip(after).is_some_and(|(before, after)| before.is_alphanumeric() && after.is_alphanumeric())
            };
            is_grapheme_boundary(&text.content, start) && is_grapheme_boundary(&text.content, end) && !inside(start) && !inside(end)
        })
    }
}

fn same(words: &str, quote: &str) -> bool {
    if words == quote {
        return true;
    }
    let (mut left, mut right) = (words.chars(), quote.chars().filter(|letter| *letter != '\r'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(left), Some(right)) if left == right || (left.is_whitespace() && right.is_whitespace()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(content: &str, spans: &[(usize, usize, &str)]) -> Annotated {
        let spans = spans.iter().map(|(start, end, quote)| Span {
            label: "claim".to_owned(),
            ranges: vec![(*start, *end)],
            quote: if quote.is_empty() { Vec::new() } else { vec![(*quote).to_owned()] },
            ..Span::default()
        });
        Annotated { content: content.to_owned(), spans: spans.collect(), ..Annotated::default() }
    }

    /// Convention, placed words, number of unplaced.
    fn check(content: &str, spans: &[(usize, usize, &str)], convention: &str, words: &[&str], unplaced: usize) {
        let mut found = Verified::default();
        let placed = verify(article(content, spans), Convention::SCALAR, &mut found);
        let said: Vec<String> = found.conventions.keys().map(ToString::to_string).collect();
        let got: Vec<String> = placed.article.spans.iter().filter(|span| !span.ranges.is_empty()).map(Span::words).collect();
        assert_eq!((said.join("; ").as_str(), got.iter().map(String::as_str).collect::<Vec<_>>()), (convention, words.to_vec()));
        assert_eq!(found.unplaced.len(), unplaced);
    }

    #[test]
    fn units_are_told_apart_by_the_words() {
        let text = "👍🏽 naïve flag 🇷🇺 end";
        check(text, &[(3, 8, "naïve"), (17, 20, "end")], "Unicode characters", &["naïve", "end"], 0);
        check(text, &[(5, 10, "naïve"), (21, 24, "end")], "UTF-16 units", &["naïve", "end"], 0);
        check(text, &[(9, 15, "naïve"), (30, 33, "end")], "bytes", &["naïve", "end"], 0);
        check(text, &[(2, 7, "naïve"), (15, 18, "end")], "visible characters", &["naïve", "end"], 0);
        check(text, &[(3, 7, "naïve"), (17, 19, "end")], "Unicode characters, end included", &["naïve", "end"], 0);
        check(text, &[(5, 9, "naïve"), (21, 23, "end")], "UTF-16 units, end included", &["naïve", "end"], 0);
    }

    #[test]
    fn line_ends_and_marks_may_be_counted_or_not() {
        check("\u{feff}a\r\nsix weeks", &[(4, 13, "six weeks")], "Unicode characters", &["six weeks"], 0);
        check("\u{feff}a\r\nsix weeks", &[(2, 11, "six weeks")], "Unicode characters", &["six weeks"], 0);
        check("six\r\nweeks", &[(0, 10, "six\r\nweeks")], "Unicode characters", &["six\nweeks"], 0);
        check("six\nweeks", &[(0, 9, "six weeks")], "Unicode characters", &["six\nweeks"], 0);
    }

    #[test]
    fn what_does_not_fit_is_unplaced_and_keeps_its_words() {
        check("six weeks", &[(0, 3, "six"), (4, 9, "years"), (5, 99, ""), (3, 3, "")], "Unicode characters", &["six"], 3);
        // Inside a surrogate pair: one span that cannot be, one that can.
        check("👍 six", &[(1, 2, "x"), (3, 6, "six")], "UTF-16 units", &["six"], 1);
    }

    #[test]
    fn without_words_edges_of_words_decide() {
        check("👍 six weeks", &[(2, 5, ""), (6, 11, "")], "Unicode characters", &["six", "weeks"], 0);
        check("👍 six weeks", &[(3, 6, ""), (7, 12, "")], "UTF-16 units", &["six", "weeks"], 0);
    }
}
