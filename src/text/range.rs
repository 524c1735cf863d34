//! Where an annotation is: one half-open range, or several for a split quote.

use super::CharOffset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smallvec::SmallVec;
use std::fmt;

/// A half-open stretch of text in Unicode scalar values. A file may hold an empty or reversed one; see [`Ranges::is_well_formed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextRange {
    /// First character taken.
    pub start: CharOffset,
    /// One past the last character taken.
    pub end: CharOffset,
}

impl TextRange {
    /// A range from `start` up to, not with, `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start: CharOffset(start), end: CharOffset(end) }
    }

    /// Number of characters; 0 when the range is reversed.
    pub fn len(self) -> usize {
        self.end.get().saturating_sub(self.start.get())
    }

    /// Whether no character is taken.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether the character after `offset` is taken.
    pub fn contains(self, offset: CharOffset) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Whether the two ranges share a character.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl fmt::Display for TextRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl Serialize for TextRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.start, self.end).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TextRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (start, end) = Deserialize::deserialize(deserializer)?;
        Ok(Self { start, end })
    }
}

/// The ranges of one annotation, nearly always one.
///
/// [`Ranges::from_parts`] makes only sorted, disjoint, non-empty ones. A file may hold others; they are kept as they are and
/// make an *unplaced* annotation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ranges(SmallVec<[TextRange; 2]>);

impl Ranges {
    /// One range.
    pub fn one(range: TextRange) -> Self {
        Self(SmallVec::from_slice(&[range]))
    }

    /// Sorts the parts and joins those that touch or overlap; `None` when nothing is left.
    pub fn from_parts(parts: impl IntoIterator<Item = TextRange>) -> Option<Self> {
        let mut parts: SmallVec<[TextRange; 2]> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.sort();
        let mut joined: SmallVec<[TextRange; 2]> = SmallVec::new();
        for part in parts {
            match joined.last_mut() {
                Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
                _ => joined.push(part),
            }
        }
        (!joined.is_empty()).then_some(Self(joined))
    }

    /// Whether there is at least one range and all are non-empty, sorted and disjoint.
    pub fn is_well_formed(&self) -> bool {
        let ordered = self.0.iter().zip(self.0.iter().skip(1)).all(|(left, right)| left.end <= right.start);
        !self.0.is_empty() && ordered && self.0.iter().all(|range| !range.is_empty())
    }

    /// The ranges in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = TextRange> + ExactSizeIterator + '_ {
        self.0.iter().copied()
    }

    /// Number of ranges.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no range, as only a damaged file has it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// From the first character taken to the last, gaps included.
    pub fn bounds(&self) -> TextRange {
        let start = self.0.first().map_or(CharOffset::ZERO, |range| range.start);
        let end = self.0.iter().map(|range| range.end).max().unwrap_or(start);
        TextRange { start, end }
    }

    /// Number of characters taken, gaps left out.
    pub fn char_count(&self) -> usize {
        self.iter().map(TextRange::len).sum()
    }

    /// Whether one of the ranges takes the character after `offset`.
    pub fn contains(&self, offset: CharOffset) -> bool {
        self.iter().any(|range| range.contains(offset))
    }

    /// The ranges with one more, joined where they touch.
    #[must_use]
    pub fn with(&self, range: TextRange) -> Option<Self> {
        Self::from_parts(self.iter().chain([range]))
    }

    /// The ranges less what lies in `range`; `None` when nothing is left.
    #[must_use]
    pub fn without(&self, range: TextRange) -> Option<Self> {
        Self::from_parts(self.iter().flat_map(|part| {
            [TextRange { start: part.start, end: part.end.min(range.start) }, TextRange { start: part.start.max(range.end), end: part.end }]
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(parts: &[(u32, u32)]) -> Option<Ranges> {
        Ranges::from_parts(parts.iter().map(|(start, end)| TextRange::new(*start, *end)))
    }

    #[test]
    fn parts_are_sorted_joined_and_emptied_of_nothing() {
        assert_eq!(ranges(&[(5, 9), (0, 2), (2, 3), (4, 4)]), ranges(&[(0, 3), (5, 9)]));
        assert_eq!(ranges(&[(4, 4), (9, 3)]), None);
    }

    #[test]
    fn taking_a_middle_out_leaves_two_ranges() {
        let whole = ranges(&[(0, 10)]).unwrap_or_default();
        assert_eq!(whole.without(TextRange::new(3, 5)), ranges(&[(0, 3), (5, 10)]));
        assert_eq!(whole.without(TextRange::new(0, 10)), None);
        assert_eq!(whole.with(TextRange::new(12, 14)), ranges(&[(0, 10), (12, 14)]));
    }

    #[test]
    fn what_a_damaged_file_holds_is_told_apart() {
        let read = |json: &str| serde_json::from_str::<Ranges>(json).map(|ranges| ranges.is_well_formed()).ok();
        assert_eq!(read("[[0,2],[2,4]]"), Some(true));
        assert_eq!(read("[[3,4],[0,2]]"), Some(false));
        assert_eq!(read("[[2,2]]"), Some(false));
        assert_eq!(read("[]"), Some(false));
        assert_eq!(read("[[0,-1]]"), None);
    }
}
