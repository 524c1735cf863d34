//! The only place where scalar, byte, UTF-16 and paragraph offsets are turned into each other.

use super::{CharOffset, TextRange};
use std::ops::Range;

/// Characters between two stops: a conversion scans at most this many.
const STRIDE: usize = 64;

/// The byte and UTF-16 offset of every 64th character.
#[derive(Debug, Clone, Copy)]
struct Stop {
    byte: u32,
    utf16: u32,
}

/// Converts offsets of one text in constant time; built once when the text comes in.
///
/// ASCII needs no stops, since all units agree there. Every method takes the text that the index was built from, clamps what
/// lies behind its end, and maps a byte or UTF-16 offset inside a character to that character's start.
#[derive(Debug, Clone)]
pub struct TextIndex {
    stops: Vec<Stop>,
    /// Byte offset of each paragraph's first character; paragraphs end at `\n`.
    paragraphs: Vec<u32>,
    /// How many paragraphs with words there are up to and with each.
    numbers: Vec<u32>,
    chars: u32,
    bytes: u32,
    utf16: u32,
}

impl TextIndex {
    /// Indexes a text of at most 4 GiB (far above the 32 MB that the app reads).
    pub fn new(text: &str) -> Self {
        let feeds: Vec<u32> = memchr::memchr_iter(b'\n', text.as_bytes()).map(narrow).collect();
        let mut paragraphs = Vec::with_capacity(feeds.len() + 1);
        paragraphs.push(0);
        paragraphs.extend(feeds.iter().map(|feed| feed + 1));
        let mut number = 0;
        let ends = feeds.iter().copied().chain([narrow(text.len())]);
        let numbers = paragraphs.iter().zip(ends).map(|(start, end)| {
            let line = text.get(*start as usize..end as usize).unwrap_or_default();
            number += u32::from(line.contains(|letter: char| !letter.is_whitespace()));
            number
        });
        let mut index = Self {
            stops: Vec::new(),
            numbers: numbers.collect(),
            paragraphs,
            chars: narrow(text.len()),
            bytes: narrow(text.len()),
            utf16: narrow(text.len()),
        };
        if text.is_ascii() {
            return index;
        }
        index.stops.reserve(text.len() / STRIDE);
        let (mut rest, mut chars, mut utf16) = (text, 0, 0);
        while !rest.is_empty() {
            index.stops.push(Stop { byte: narrow(text.len() - rest.len()), utf16 });
            let next = behind(rest, STRIDE);
            let passed;
            (passed, rest) = rest.split_at(next);
            if next == STRIDE && passed.is_ascii() {
                chars += narrow(STRIDE);
                utf16 += narrow(STRIDE);
            } else {
                chars += narrow(passed.chars().count());
                utf16 += narrow(passed.chars().map(char::len_utf16).sum());
            }
        }
        (index.chars, index.utf16) = (chars, utf16);
        index
    }

    /// Length of the text in characters.
    pub fn len(&self) -> CharOffset {
        CharOffset(self.chars)
    }

    /// Whether all of the text is ASCII, which only such a text needs no stops for: known without another look at it.
    pub fn is_ascii(&self) -> bool {
        self.stops.is_empty()
    }

    /// Whether the text holds nothing.
    pub fn is_empty(&self) -> bool {
        self.chars == 0
    }

    /// Scalar to byte.
    pub fn byte_from_char(&self, text: &str, offset: CharOffset) -> usize {
        let count = offset.0.min(self.chars) as usize;
        let Some(stop) = self.stops.get(count / STRIDE) else {
            return if self.stops.is_empty() { count } else { self.bytes as usize };
        };
        let from = stop.byte as usize;
        from + behind(text.get(from..).unwrap_or_default(), count % STRIDE)
    }

    /// Byte to scalar.
    pub fn char_from_byte(&self, text: &str, byte: usize) -> CharOffset {
        let byte = narrow(byte).min(self.bytes);
        if self.stops.is_empty() {
            return CharOffset(byte);
        }
        let at = self.stops.partition_point(|stop| stop.byte <= byte).saturating_sub(1);
        let from = self.stops.get(at).map_or(0, |stop| stop.byte);
        let within = text.get(from as usize..).unwrap_or_default().char_indices();
        let passed = within.take_while(|(start, character)| from as usize + start + character.len_utf8() <= byte as usize).count();
        CharOffset(narrow(at * STRIDE + passed))
    }

    /// Scalar to UTF-16 code unit, the offset of JavaScript, Java and the Windows clipboard.
    pub fn utf16_from_char(&self, text: &str, offset: CharOffset) -> usize {
        let count = offset.0.min(self.chars) as usize;
        let Some(stop) = self.stops.get(count / STRIDE) else {
            return if self.stops.is_empty() { count } else { self.utf16 as usize };
        };
        let rest = text.get(stop.byte as usize..).unwrap_or_default();
        stop.utf16 as usize + rest.chars().take(count % STRIDE).map(char::len_utf16).sum::<usize>()
    }

    /// UTF-16 code unit to scalar.
    pub fn char_from_utf16(&self, text: &str, unit: usize) -> CharOffset {
        let unit = narrow(unit).min(self.utf16);
        if self.stops.is_empty() {
            return CharOffset(unit);
        }
        let at = self.stops.partition_point(|stop| stop.utf16 <= unit).saturating_sub(1);
        let Some(stop) = self.stops.get(at) else { return CharOffset::ZERO };
        let mut reached = stop.utf16;
        let rest = text.get(stop.byte as usize..).unwrap_or_default();
        let passed = rest.chars().take_while(|character| {
            reached += narrow(character.len_utf16());
            reached <= unit
        });
        CharOffset(narrow(at * STRIDE + passed.count()))
    }

    /// Number of paragraphs, at least one.
    pub fn paragraph_count(&self) -> usize {
        self.paragraphs.len()
    }

    /// The paragraph, counted from 0, that holds a byte offset.
    pub fn paragraph_from_byte(&self, byte: usize) -> usize {
        self.paragraphs.partition_point(|start| *start as usize <= byte).saturating_sub(1)
    }

    /// The number that people know a paragraph by: from 1, blank ones not counted. A blank one has that of the paragraph before.
    pub fn number_of_paragraph(&self, paragraph: usize) -> usize {
        self.numbers.get(paragraph).or(self.numbers.last()).map_or(1, |number| (*number).max(1) as usize)
    }

    /// The number of the paragraph that holds a character.
    pub fn number_from_char(&self, text: &str, offset: CharOffset) -> usize {
        self.number_of_paragraph(self.paragraph_from_byte(self.byte_from_char(text, offset)))
    }

    /// The bytes of a paragraph without its line feed; empty behind the last.
    pub fn paragraph_bytes(&self, paragraph: usize) -> Range<usize> {
        let end_of_text = self.bytes as usize;
        let start = self.paragraphs.get(paragraph).map_or(end_of_text, |start| *start as usize);
        let end = self.paragraphs.get(paragraph + 1).map_or(end_of_text, |next| *next as usize - 1);
        start..end
    }

    /// Line and column, both from 1, the column in characters: for messages.
    pub fn line_column_from_char(&self, text: &str, offset: CharOffset) -> (usize, usize) {
        let byte = self.byte_from_char(text, offset);
        let line = self.paragraph_from_byte(byte);
        let start = self.char_from_byte(text, self.paragraph_bytes(line).start);
        (line + 1, offset.0.min(self.chars).saturating_sub(start.0) as usize + 1)
    }

    /// Scalar range to byte range, or `None` when it does not lie in the text.
    pub fn bytes_from_range(&self, text: &str, range: TextRange) -> Option<Range<usize>> {
        (range.start <= range.end && range.end.0 <= self.chars)
            .then(|| self.byte_from_char(text, range.start)..self.byte_from_char(text, range.end))
    }

    /// Byte range to scalar range.
    pub fn range_from_bytes(&self, text: &str, bytes: &Range<usize>) -> TextRange {
        TextRange { start: self.char_from_byte(text, bytes.start), end: self.char_from_byte(text, bytes.end) }
    }

    /// The words of a range, or `None` when it does not lie in the text.
    pub fn slice<'t>(&self, text: &'t str, range: TextRange) -> Option<&'t str> {
        text.get(self.bytes_from_range(text, range)?)
    }
}

/// The byte behind so many characters, at most the text's end. Most stretches of most texts are ASCII: those are not decoded.
fn behind(text: &str, chars: usize) -> usize {
    match text.get(..chars) {
        Some(ascii) if ascii.is_ascii() => chars,
        _ => text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at),
    }
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
