//! Quotations in copy: which marks open, which close, and what lies between. An apostrophe is no quotation mark.

use super::boundary::{floor, paragraph_within};
use std::{cell::RefCell, collections::HashMap, ops::Range, rc::Rc};

/// Longest paragraph that is read for quotation marks, and most paragraphs that one quotation may run through.
const LONGEST: usize = 64 * 1024;
const MOST_PARAGRAPHS: usize = 40;

/// One quotation, marks included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotation {
    /// Bytes from the opening mark to behind the closing one.
    pub bytes: Range<usize>,
    /// 0 for the outermost.
    pub depth: usize,
}

/// A mark that waits for its partner.
#[derive(Debug, Clone, Copy)]
struct Open {
    at: usize,
    mark: char,
}

/// What one paragraph holds: whole quotations, and the one still open at its end.
#[derive(Debug, Default)]
struct Scan {
    closed: Vec<Quotation>,
    open: Option<Open>,
}

/// The paragraph around a place, whole where it is read for quotation marks, and longer than that where it is not.
pub fn paragraph_near(text: &str, byte: usize) -> Range<usize> {
    // A letter may be cut at either end.
    paragraph_within(text, byte, LONGEST + 8)
}

/// The quotations of one paragraph.
#[derive(Debug)]
pub struct Paragraph {
    /// Where it is, in bytes.
    pub bytes: Range<usize>,
    /// The quotations that nothing quotes, by their starts.
    pub outer: Vec<Range<usize>>,
    scan: Scan,
}

impl Paragraph {
    /// All quotations that open and close in it, in the order of their ends.
    pub fn all(&self) -> &[Quotation] {
        &self.scan.closed
    }
}

/// The quotations of a text, each paragraph read for them once: for whoever asks of many places.
#[derive(Debug)]
pub struct Marks<'t> {
    text: &'t str,
    known: RefCell<HashMap<usize, Rc<Paragraph>>>,
}

impl<'t> Marks<'t> {
    /// Nothing is read yet.
    pub fn new(text: &'t str) -> Self {
        Self { text, known: RefCell::default() }
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The paragraph around a place; one that is too long to be read has no quotations.
    pub fn paragraph(&self, byte: usize) -> Rc<Paragraph> {
        self.read(paragraph_near(self.text, byte))
    }

    fn read(&self, bytes: Range<usize>) -> Rc<Paragraph> {
        if let Some(known) = self.known.borrow().get(&bytes.start).filter(|known| known.bytes == bytes) {
            return Rc::clone(known);
        }
        let scan = scan(self.text, bytes.clone());
        let mut outer: Vec<Range<usize>> = scan.closed.iter().filter(|found| found.depth == 0).map(|found| found.bytes.clone()).collect();
        outer.sort_by_key(|bytes| bytes.start);
        let read = Rc::new(Paragraph { bytes, outer, scan });
        self.known.borrow_mut().insert(read.bytes.start, Rc::clone(&read));
        read
    }

    /// The smallest quotation around a place that is larger than `inside`, through re-opened paragraphs if need be.
    ///
    /// A caret on either side of a mark counts as inside. `inside` is what is selected already, so that asking again goes outwards.
    pub fn quotation_at(&self, byte: usize, inside: &Range<usize>) -> Option<Range<usize>> {
        let byte = floor(self.text, byte);
        let here = self.paragraph(byte);
        if here.bytes.len() > LONGEST {
            return None;
        }
        let around = |bytes: &Range<usize>| {
            bytes.start <= byte && byte <= bytes.end && bytes.start <= inside.start && inside.end <= bytes.end && bytes != inside
        };
        let found = here.all().iter().map(|quotation| &quotation.bytes).filter(|bytes| around(bytes));
        found.min_by_key(|bytes| bytes.len()).cloned().or_else(|| self.running_on(here.bytes.clone()).filter(around))
    }

    /// The quotation that runs through this paragraph and its neighbours: left open at the end of one, opened again in the next.
    fn running_on(&self, here: Range<usize>) -> Option<Range<usize>> {
        let text = self.text;
        let mut start = here;
        for _ in 0..MOST_PARAGRAPHS {
            let Some(before) = previous_paragraph(text, &start) else { break };
            if !reopens(text, &start) || self.read(before.clone()).scan.open.is_none() {
                break;
            }
            start = before;
        }
        let opened = self.read(start.clone()).scan.open?;
        let mut last = start;
        for _ in 0..MOST_PARAGRAPHS {
            let next = next_paragraph(text, &last).filter(|next| reopens(text, next))?;
            let read = self.read(next.clone());
            let first_mark = next.start + leading_blank(text, &next);
            if let Some(end) = read.all().iter().find(|quotation| quotation.bytes.start == first_mark) {
                return Some(opened.at..end.bytes.end);
            }
            read.scan.open.filter(|open| open.at == first_mark)?;
            last = next;
        }
        None
    }
}

/// [`Marks::quotation_at`] for one place.
pub fn quotation_at(text: &str, byte: usize, inside: &Range<usize>) -> Option<Range<usize>> {
    Marks::new(text).quotation_at(byte, inside)
}

fn scan(text: &str, paragraph: Range<usize>) -> Scan {
    let mut found = Scan::default();
    let body = text.get(paragraph.clone()).unwrap_or_default();
    if body.len() > LONGEST {
        return found;
    }
    let mut stack: Vec<Open> = Vec::new();
    let mut before = None;
    let mut rest = body.char_indices().peekable();
    while let Some((at, mark)) = rest.next() {
        let after = rest.peek().map(|(_, next)| *next);
        match role(mark, before, after, &stack) {
            Role::Opens => stack.push(Open { at: paragraph.start + at, mark }),
            Role::Closes(level) => {
                if let Some(open) = stack.get(level).copied() {
                    stack.truncate(level);
                    let end = paragraph.start + at + mark.len_utf8();
                    found.closed.push(Quotation { bytes: open.at..end, depth: level });
                }
            }
            Role::Nothing => {}
        }
        before = Some(mark);
    }
    // A single mark that never closes was an apostrophe after all: ’Twas, the ‘90s.
    found.open = stack.into_iter().find(|open| open.mark != '‘');
    found
}

enum Role {
    Opens,
    /// Closes the open mark at this depth.
    Closes(usize),
    Nothing,
}

/// What a character does, from its neighbours and the marks that are open.
fn role(mark: char, before: Option<char>, after: Option<char>, stack: &[Open]) -> Role {
    let letter_before = before.is_some_and(char::is_alphanumeric);
    let letter_after = after.is_some_and(char::is_alphanumeric);
    let room_before = before.is_none_or(|before| before.is_whitespace() || "([{—–-/".contains(before) || is_opening(before));
    let room_after = after.is_none_or(|after| after.is_whitespace() || ")]}.,;:!?—–-/".contains(after));
    let partner = |openers: &str| stack.iter().rposition(|open| openers.contains(open.mark));
    let close_or = |openers: &str, otherwise: Role| partner(openers).map_or(otherwise, Role::Closes);
    match mark {
        // Hebrew gershayim and inches stand against a letter or digit on both sides, or behind a digit with nothing open.
        '"' if letter_before && letter_after => Role::Nothing,
        '"' => match partner("\"") {
            Some(level) if !(room_before && letter_after && !room_after && before.is_some_and(char::is_whitespace)) => Role::Closes(level),
            Some(_) | None if letter_before || (room_after && !room_before) => Role::Nothing,
            Some(level) => Role::Closes(level),
            None => Role::Opens,
        },
        '„' | '‚' | '「' | '『' => Role::Opens,
        '」' => close_or("「", Role::Nothing),
        '』' => close_or("『", Role::Nothing),
        // German and Polish close with “, English opens with it.
        '“' if partner("„").is_some() && (letter_before || !room_before) => close_or("„", Role::Opens),
        '“' => Role::Opens,
        '”' => close_or("“„”", if room_before && !room_after { Role::Opens } else { Role::Nothing }),
        '«' | '‹' => match partner(if mark == '«' { "»" } else { "›" }) {
            Some(level) if !room_before => Role::Closes(level),
            _ => Role::Opens,
        },
        '»' => close_or("«", if room_before && !room_after { Role::Opens } else { Role::Nothing }),
        '›' => close_or("‹", if room_before && !room_after { Role::Opens } else { Role::Nothing }),
        '‘' if partner("‚").is_some() && !room_before => close_or("‚", Role::Nothing),
        '‘' if room_before && !room_after => Role::Opens,
        // Between letters it is an apostrophe; after one it closes only what a single mark opened.
        '’' if letter_after => Role::Nothing,
        '’' => close_or("‘", Role::Nothing),
        _ => Role::Nothing,
    }
}

fn is_opening(mark: char) -> bool {
    "“„‚‘«‹「『\"".contains(mark)
}

/// Whether a paragraph begins with an opening mark, the sign that a quotation goes on.
fn reopens(text: &str, paragraph: &Range<usize>) -> bool {
    let body = text.get(paragraph.clone()).unwrap_or_default();
    body.trim_start().starts_with(|mark: char| is_opening(mark) || mark == '»')
}

fn leading_blank(text: &str, paragraph: &Range<usize>) -> usize {
    let body = text.get(paragraph.clone()).unwrap_or_default();
    body.len() - body.trim_start().len()
}

fn previous_paragraph(text: &str, here: &Range<usize>) -> Option<Range<usize>> {
    let body = text.get(..here.start)?.trim_end();
    (!body.is_empty()).then(|| paragraph_near(text, body.len()))
}

fn next_paragraph(text: &str, here: &Range<usize>) -> Option<Range<usize>> {
    let rest = text.get(here.end..)?;
    let start = here.end + rest.find(|next: char| !next.is_whitespace())?;
    Some(paragraph_near(text, start))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` marks the caret.
    fn at(marked: &str) -> Option<String> {
        let byte = marked.find('|').unwrap_or(0);
        let text = marked.replacen('|', "", 1);
        quotation_at(&text, byte, &(byte..byte)).and_then(|bytes| text.get(bytes).map(str::to_owned))
    }

    #[test]
    fn every_style_of_marks_is_known() {
        for quote in [
            "“We need”",
            "\"We need\"",
            "«Мы ждём»",
            "„Wir warten“",
            "‹oui›",
            "「待つ」",
            "»Wir warten«",
            "”Vi väntar”",
            "‘We need’",
            "„Czekamy”",
        ] {
            let found = at(&format!("She said: {}, then left.", quote.replacen(|c: char| c.is_alphabetic(), "|X", 1)));
            let wanted = quote.replacen(|c: char| c.is_alphabetic(), "X", 1);
            assert_eq!(found.as_deref(), Some(wanted.as_str()), "{quote}");
        }
    }

    #[test]
    fn an_apostrophe_is_no_quotation_mark() {
        assert_eq!(at("The movement’s plan and officials’ talks don|'t hold"), None);
        assert_eq!(at("דובר צה\"ל אמ|ר וגם חז\"ל"), None);
        assert_eq!(at("a 5\" gu|n and a 6\" one"), None);
        assert_eq!(at("‘It’s la|te,’ he said").as_deref(), Some("‘It’s late,’"));
        assert_eq!(at("“It’s the officials’ pl|an,” he said").as_deref(), Some("“It’s the officials’ plan,”"));
    }

    #[test]
    fn nested_quotations_are_taken_from_the_inside_out() {
        let text = "“She said ‘never again’ twice,” he recalled.";
        let inner = text.find("never").unwrap_or(0);
        let first = quotation_at(text, inner, &(inner..inner)).unwrap_or_default();
        assert_eq!(text.get(first.clone()), Some("‘never again’"));
        let second = quotation_at(text, inner, &first).unwrap_or_default();
        assert_eq!(text.get(second.clone()), Some("“She said ‘never again’ twice,”"));
        assert_eq!(quotation_at(text, inner, &second), None);
    }

    #[test]
    fn a_quotation_opened_again_in_each_paragraph_is_one() {
        let text = "He said: “First point.\n\n“Second po|int.\n\n“Third point.” Then he left.";
        assert_eq!(at(text).as_deref(), Some("“First point.\n\n“Second point.\n\n“Third point.”"));
        assert_eq!(at("He said: “Never clo|sed.\n\nNext paragraph."), None);
    }

    #[test]
    fn a_split_quote_is_two_quotations() {
        assert_eq!(at("“We need,” sh|e said, “six more weeks.”"), None);
        assert_eq!(at("\"We need,\" she said, \"six |more weeks.\"").as_deref(), Some("\"six more weeks.\""));
        assert_eq!(at("(\"No,\" he s|aid.)"), None);
    }
}
