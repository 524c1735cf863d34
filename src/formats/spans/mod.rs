//! JSON Lines of spans: one article a line, in the dialects of three tools. What a dialect has no key for lies aside in `onrecord`.

pub mod hugging_face;
pub mod prodigy;
pub mod spacy;

use super::{
    exchange::{
        Annotated, ExchangeError, Span,
        aside::{Aside, reunite},
        container::{Incoming, ends},
        feature::{Feature, How},
    },
    format::Take,
};
use crate::model::LIMITS;
use serde::{Deserialize, de::DeserializeOwned};
use std::io::{BufRead, Read as _};
use unicode_segmentation::UnicodeSegmentation as _;

/// What the dialects do: they differ in whether links have a key.
pub(super) fn carries(feature: Feature) -> How {
    match feature {
        Feature::Text | Feature::Overlaps => How::Kept,
        Feature::Parts => How::Aside("written as one span for each part"),
        Feature::Reviews => How::Lost("reviews are not spans"),
        Feature::Details
        | Feature::Ids
        | Feature::Attributes
        | Feature::Sources
        | Feature::Notes
        | Feature::Marker
        | Feature::Links
        | Feature::Comments
        | Feature::Omissions
        | Feature::Lines
        | Feature::Unplaced => How::Aside("written to the key onrecord, which other tools carry along"),
    }
}

/// Hands every line of a file to a reader of lines. An article of the limits fits into a line; a longer line is none.
pub(super) fn each_line<T: DeserializeOwned>(
    incoming: Incoming<'_>,
    take: Take<'_>,
    article: &dyn Fn(T) -> Result<Annotated, String>,
) -> Result<(), ExchangeError> {
    let wanted = |name: &str| ends(name, &["jsonl", "ndjson", "jsonlines"]);
    incoming.each(&wanted, &mut |name, reader| {
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let place = || format!("{name} line {number}");
            let most = LIMITS.string as u64 * 4;
            let read = (&mut *reader).take(most).read_until(b'\n', &mut line).map_err(|error| ExchangeError::at(place(), error))?;
            if read == 0 {
                return Ok(());
            }
            if read as u64 == most {
                return Err(ExchangeError::TooLarge { place: place(), limit: (LIMITS.string * 4) >> 20 });
            }
            let bytes = if number == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line) } else { &line };
            let bytes = bytes.trim_ascii_end();
            if bytes.is_empty() {
                continue;
            }
            let row: T = serde_json::from_slice(bytes).map_err(|error| {
                let what = error.to_string();
                let what = what.split(" at line 1").next().unwrap_or(&what);
                ExchangeError::at(format!("{}, character {}", place(), error.column()), what)
            })?;
            take(article(row).map_err(|what| ExchangeError::at(place(), what))?)?;
        }
        Ok(())
    })
}

/// A span as most dialects write it.
#[derive(Debug, Deserialize)]
pub(super) struct Row {
    #[serde(default)]
    id: Option<serde_json::Value>,
    start: usize,
    end: usize,
    #[serde(alias = "type", alias = "tag")]
    label: String,
    #[serde(default)]
    text: Option<String>,
}

impl Row {
    fn span(self) -> Span {
        let id = match self.id {
            Some(serde_json::Value::String(id)) => id,
            Some(serde_json::Value::Number(id)) => id.to_string(),
            _ => String::new(),
        };
        Span { id, label: self.label, ranges: vec![(self.start, self.end)], quote: self.text.into_iter().collect(), ..Span::default() }
    }
}

/// The article with what lies aside.
pub(super) fn with_aside(article: Annotated, aside: Option<Aside>, has_links: bool) -> Annotated {
    match aside {
        Some(aside) => reunite(article, aside.article, has_links),
        None => article,
    }
}

/// A word or sign, as trainers want texts cut: no span edge lies inside one, or it would silently be dropped.
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether a space follows.
    pub(super) space: bool,
}

/// Cuts a text into words, signs and runs of white space, and wherever a span begins or ends. A single space after a word belongs to it;
/// further white space is one token, as spaCy puts words and text together again.
pub(super) fn tokens<'t>(content: &'t str, spans: &[Span]) -> Vec<Token<'t>> {
    let mut edges: Vec<usize> = spans.iter().flat_map(|span| &span.ranges).flat_map(|range| [range.0, range.1]).collect();
    edges.sort_unstable();
    edges.dedup();
    // A span that begins with a space needs it as a token of its own.
    let starts: std::collections::HashSet<usize> = spans.iter().flat_map(|span| &span.ranges).map(|range| range.0).collect();
    let mut edges = edges.into_iter().peekable();
    let mut found: Vec<Token<'t>> = Vec::new();
    // Where the last token begins in bytes.
    let mut last_byte = 0;
    let (mut at, mut byte) = (0, 0);
    for word in content.split_word_bounds() {
        let blank = word.chars().all(char::is_whitespace);
        let length = word.chars().count();
        let is_free = !starts.contains(&at);
        if let Some(last) = found.last_mut().filter(|last| blank && is_free && last.end == at && !last.space) {
            let after_blank = last.text.chars().all(char::is_whitespace);
            if after_blank || word == " " {
                if after_blank {
                    (last.text, last.end) = (content.get(last_byte..byte + word.len()).unwrap_or_default(), at + length);
                } else {
                    last.space = true;
                }
                (at, byte) = (at + length, byte + word.len());
                continue;
            }
        }
        let (mut from, mut start) = (byte, at);
        for (place, (inside, _)) in word.char_indices().enumerate() {
            while edges.next_if(|edge| *edge < at + place).is_some() {}
            if place > 0 && edges.peek() == Some(&(at + place)) {
                let text = content.get(from..byte + inside).unwrap_or_default();
                found.push(Token { text, start, end: at + place, space: false });
                (from, start) = (byte + inside, at + place);
            }
        }
        (at, byte) = (at + length, byte + word.len());
        found.push(Token { text: content.get(from..byte).unwrap_or_default(), start, end: at, space: false });
        last_byte = from;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_cover_the_text_and_end_at_every_edge() {
        let spans = [Span { ranges: vec![(2, 6), (9, 13)], ..Span::default() }];
        let text = "naïve talk, 👍🏽 she\nsaid";
        let tokens = tokens(text, &spans);
        let whole: String = tokens.iter().flat_map(|token| [token.text, if token.space { " " } else { "" }]).collect();
        assert_eq!(whole, text);
        for edge in [2, 6, 9, 13] {
            assert!(tokens.iter().any(|token| token.start == edge) || tokens.iter().any(|token| token.end == edge), "{edge}");
        }
        let letters: Vec<char> = text.chars().collect();
        assert!(tokens.iter().all(|token| letters[token.start..token.end].iter().collect::<String>() == token.text));
    }
}
