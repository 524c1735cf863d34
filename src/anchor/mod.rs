//! Whether an annotation still stands where it says, and where else its words are.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::panic))]

use crate::{
    model::{Annotation, Text},
    text::Ranges,
};

/// How an annotation's ranges and quoted words fit the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// The words at the ranges are the quoted ones.
    Placed,
    /// The ranges are in the text, but other words stand there.
    Misquoted,
    /// The ranges are empty, out of order, or beyond the text: the annotation cannot be shown in it.
    Unplaced,
}

/// Compares ranges and quoted words with the text that they count in.
pub fn placement(ranges: &Ranges, quote: &[String], text: &Text) -> Placement {
    if !has_place(ranges, text) {
        return Placement::Unplaced;
    }
    let same = ranges.iter().zip(quote).all(|(range, words)| text.index.slice(&text.content, range) == Some(words));
    if same && quote.len() == ranges.len() { Placement::Placed } else { Placement::Misquoted }
}

/// Whether ranges are in order and within the text, whatever words stand there.
pub fn has_place(ranges: &Ranges, text: &Text) -> bool {
    ranges.is_well_formed() && ranges.bounds().end <= text.index.len()
}

/// The words at each range, or `None` when one does not lie in the text.
pub fn quote_at(ranges: &Ranges, text: &Text) -> Option<Vec<String>> {
    ranges.iter().map(|range| text.index.slice(&text.content, range).map(str::to_owned)).collect()
}

/// Where the quoted words of an annotation stand: the occurrence nearest to where it was.
pub fn find_again(annotation: &Annotation, text: &Text) -> Option<Ranges> {
    let was = annotation.ranges.bounds().start.min(text.index.len());
    let near = text.index.byte_from_char(&text.content, was);
    let mut starts = occurrences(text, &annotation.quote);
    starts.sort_by_key(|ranges| ranges.first().map_or(usize::MAX, |bytes| bytes.start.abs_diff(near)));
    ranges_from_bytes(text, starts.first()?)
}

/// The `nth` place, from 1, where all parts of a quote follow each other within a page.
pub fn find_quote(text: &Text, quote: &[String], nth: usize) -> Option<Ranges> {
    let places = occurrences(text, quote);
    ranges_from_bytes(text, places.get(nth.checked_sub(1)?)?)
}

/// How often [`find_quote`] finds a quote.
pub fn count_quote(text: &Text, quote: &[String]) -> usize {
    occurrences(text, quote).len()
}

/// Further parts of a split quote stand within this many bytes of the part before.
const PAGE: usize = 4_000;

fn occurrences(text: &Text, quote: &[String]) -> Vec<Vec<std::ops::Range<usize>>> {
    let Some((first, further)) = quote.split_first().filter(|(first, _)| !first.is_empty()) else { return Vec::new() };
    let starts = text.content.match_indices(first.as_str());
    let whole = starts.filter_map(|(start, part)| {
        let mut parts = Vec::with_capacity(quote.len());
        parts.push(start..start + part.len());
        for part in further {
            let from = parts.last()?.end;
            let page = text.content.get(from..text.content.floor_char_boundary(from + PAGE))?;
            let at = from + page.find(part.as_str())?;
            parts.push(at..at + part.len());
        }
        Some(parts)
    });
    whole.collect()
}

fn ranges_from_bytes(text: &Text, parts: &[std::ops::Range<usize>]) -> Option<Ranges> {
    Ranges::from_parts(parts.iter().map(|bytes| text.index.range_from_bytes(&text.content, bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextRange;

    #[test]
    fn a_split_quote_is_found_by_its_parts() {
        let text = Text::new("“We need,” she said, “six.” “We need,” he said, “ten.”");
        let found = |quote: &[&str], nth| {
            let quote: Vec<String> = quote.iter().map(|part| (*part).to_owned()).collect();
            find_quote(&text, &quote, nth).map(|ranges| ranges.iter().map(|range| (range.start.0, range.end.0)).collect::<Vec<_>>())
        };
        assert_eq!(found(&["“We need,”", "“six.”"], 1), Some(vec![(0, 10), (21, 27)]));
        assert_eq!(found(&["“We need,”"], 2), Some(vec![(28, 38)]));
        assert_eq!(found(&["“We need,”"], 3), None);
        assert_eq!(found(&["“We need,”"], 0), None);
        assert_eq!(found(&[""], 1), None);
        let three = Some(vec![(0, 10), (11, 19), (21, 27)]);
        assert_eq!(found(&["“We need,”", "she said", "“six.”"], 1), three);
        assert_eq!(found(&["“We need,”", "she said", "“twelve.”"], 1), None, "every part is there, or it is not the place");
    }

    #[test]
    fn the_nearest_place_has_every_part() {
        let text = Text::new("“We need,” she said, “six,” and “weeks.” “We need,” he said, “six,” or “weeks.”");
        let quote = ["“We need,”", "“six,”", "“weeks.”"];
        let check = |from: u32, to: u32, wanted: [(u32, u32); 3]| {
            let record =
                serde_json::json!({"id": "a", "document": "d", "text": "t", "label": "quote", "ranges": [[from, to]], "quote": quote});
            let annotation: Annotation = serde_json::from_value(record).expect("an annotation");
            let found = find_again(&annotation, &text).expect("a place");
            assert_eq!(found.iter().map(|range| (range.start.0, range.end.0)).collect::<Vec<_>>(), wanted);
        };
        check(3, 9, [(0, 10), (21, 27), (32, 40)]);
        check(60, 70, [(41, 51), (61, 67), (71, 79)]);
    }

    #[test]
    fn placement_tells_moved_words_from_missing_ranges() {
        let text = Text::new("naïve 👍 end");
        let check = |start, end, words: &str| placement(&Ranges::one(TextRange::new(start, end)), &[words.to_owned()], &text);
        assert_eq!(check(6, 7, "👍"), Placement::Placed);
        assert_eq!(check(5, 6, "👍"), Placement::Misquoted);
        assert_eq!(check(6, 99, "👍"), Placement::Unplaced);
        assert_eq!(check(7, 6, "👍"), Placement::Unplaced);
    }
}
