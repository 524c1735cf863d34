//! Reads a sentence of reported speech: where the quote is, which clause reports it, who is its subject. Rules only, no parser; what
//! they reach is measured by `onrecord suggest`.

#![allow(clippy::single_range_in_vec_init, reason = "a quote is a list of ranges, often of one")]

use super::cues::{Cue, Cues, Role};
use crate::text::{
    boundary::{sentence_at, trim},
    quotation::{Marks, paragraph_near},
};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation as _;

/// Longest clause between two halves of a quote, in bytes, and longest subject, in words.
const LONGEST_BETWEEN: usize = 240;
const LONGEST_SUBJECT: usize = 24;
/// Furthest that a caret may be from a quotation whose clause holds it, in bytes.
const FURTHEST: usize = 4 * 1024;

/// How a quote is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteType {
    /// All of it within marks.
    Direct,
    /// None of it.
    Indirect,
    /// A paraphrase that runs into marks.
    Mixed,
}

impl QuoteType {
    /// The value of the quote's attribute `type`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Indirect => "indirect",
            Self::Mixed => "mixed",
        }
    }
}

/// The clause that reports a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The whole of it, in bytes.
    pub bytes: Range<usize>,
    /// The words that report.
    pub cue: Range<usize>,
    /// Who speaks.
    pub subject: Range<usize>,
    /// Stance and act of the cue.
    pub stance: String,
    /// What is done.
    pub act: String,
}

/// One way to read a place: a quote and the clause that reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The quote, a split one in several ranges, in bytes.
    pub quote: Vec<Range<usize>>,
    /// How it is set.
    pub quote_type: QuoteType,
    /// The clause, where there is one.
    pub clause: Option<Clause>,
}

/// Every way to read a place, the likeliest first. `selection` is the caret or what is selected, in bytes.
pub fn readings(text: &str, selection: &Range<usize>, cues: &Cues) -> Vec<Reading> {
    readings_among(&Marks::new(text), selection, cues)
}

/// The same where the quotations of the text are known, for whoever reads many places.
pub fn readings_among(marks: &Marks<'_>, selection: &Range<usize>, cues: &Cues) -> Vec<Reading> {
    let text = marks.text();
    let reader = Reader { text, marks, cues };
    let mut found = Vec::new();
    let here = reader.quotation(selection);
    let selected = trim(text, selection.clone());
    match (here, selected.is_empty()) {
        (Some(quotation), _) if quotation.start <= selected.start && selected.end <= quotation.end => {
            let halves = reader.halves(&quotation);
            found.extend(reader.of_quotation(&halves));
            if halves.len() > 1 {
                found.extend(reader.of_quotation(std::slice::from_ref(&quotation)));
            }
            let inner = marks.quotation_at(selection.start, &(selection.start..selection.start));
            if let Some(inner) = inner.filter(|inner| *inner != quotation) {
                found.extend(reader.of_quotation(&[inner]));
            }
            found.push(Reading { quote: halves, quote_type: QuoteType::Direct, clause: None });
        }
        (_, false) => {
            let here = marks.paragraph(selected.start);
            let has_marks = here.all().iter().any(|mark| selected.start <= mark.bytes.start && mark.bytes.end <= selected.end);
            let quote_type = if has_marks { QuoteType::Mixed } else { QuoteType::Indirect };
            let clauses = [reader.after(&selected), reader.before(&selected).map(|(clause, _)| clause)];
            let reading = |clause| Reading { quote: vec![selected.clone()], quote_type, clause };
            found.extend(clauses.into_iter().flatten().map(|clause| reading(Some(clause))));
            found.push(reading(None));
        }
        (_, true) => {
            let reported = reader.reported_at(selection.start);
            found.extend(if reported.is_empty() { reader.indirect(selection.start) } else { reported });
        }
    }
    let mut distinct: Vec<Reading> = Vec::new();
    for reading in found {
        if !distinct.contains(&reading) {
            distinct.push(reading);
        }
    }
    distinct
}

/// A word and where it is.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) bytes: Range<usize>,
    pub(super) lower: String,
    pub(super) capital: bool,
}

/// The words of a stretch.
pub(super) fn tokens(text: &str, bytes: &Range<usize>) -> Vec<Token> {
    let body = text.get(bytes.clone()).unwrap_or_default();
    let token = |(at, word): (usize, &str)| Token {
        bytes: bytes.start + at..bytes.start + at + word.len(),
        lower: word.to_lowercase(),
        capital: word.chars().next().is_some_and(char::is_uppercase),
    };
    body.unicode_word_indices().map(token).collect()
}

struct Reader<'r> {
    text: &'r str,
    marks: &'r Marks<'r>,
    cues: &'r Cues,
}

impl Reader<'_> {
    fn words(&self, bytes: &Range<usize>) -> &str {
        self.text.get(bytes.clone()).unwrap_or_default()
    }

    /// The outermost quotation around a place; of quotes within quotes the outer one is marked.
    fn quotation(&self, selection: &Range<usize>) -> Option<Range<usize>> {
        let within = selection.start..selection.start;
        let mut outer = self.marks.quotation_at(selection.start, &within)?;
        while let Some(wider) = self.marks.quotation_at(selection.start, &outer) {
            outer = wider;
        }
        Some(outer)
    }

    /// A quotation with its other halves: `“We need,” she said, “six more weeks.”`
    fn halves(&self, quotation: &Range<usize>) -> Vec<Range<usize>> {
        // In Russian copy one pair of marks holds quote, attribution and quote.
        if let Some(split) = self.within_marks(quotation) {
            return split;
        }
        let here = self.marks.paragraph(quotation.start);
        let outer = &here.outer;
        let Ok(at) = outer.binary_search_by_key(&quotation.start, |bytes| bytes.start) else { return vec![quotation.clone()] };
        if outer.get(at) != Some(quotation) {
            return vec![quotation.clone()];
        }
        let (mut first, mut last) = (at, at);
        let joined = |one: Option<&Range<usize>>, two: Option<&Range<usize>>| match (one, two) {
            (Some(one), Some(two)) => self.is_interruption(&(one.end..two.start)),
            _ => false,
        };
        while first > 0 && joined(outer.get(first - 1), outer.get(first)) {
            first -= 1;
        }
        while joined(outer.get(last), outer.get(last + 1)) {
            last += 1;
        }
        outer.get(first..=last).unwrap_or_default().to_vec()
    }

    /// Whether what stands between two quotations reports both and ends no sentence.
    fn is_interruption(&self, between: &Range<usize>) -> bool {
        let words = self.words(between).trim();
        between.len() < LONGEST_BETWEEN
            && words.ends_with([',', '—', '–', ':'])
            && !words.contains(". ")
            && self.first_cue(&tokens(self.text, between)).is_some()
    }

    /// `«Мы ждём, — сказал он, — ещё неделю»`
    fn within_marks(&self, quotation: &Range<usize>) -> Option<Vec<Range<usize>>> {
        let body = self.words(quotation);
        let dash = |from: usize| body.get(from..).and_then(|rest| rest.find(", — ")).map(|at| from + at);
        let first = dash(0)?;
        let second = dash(first + 1)?;
        let between = quotation.start + first + ", — ".len()..quotation.start + second;
        self.first_cue(&tokens(self.text, &between))?;
        let rest = quotation.start + second + ", — ".len()..quotation.end;
        Some(vec![quotation.start..quotation.start + first, rest])
    }

    /// Clauses around a quotation within marks, the likeliest first.
    fn of_quotation(&self, halves: &[Range<usize>]) -> Vec<Reading> {
        let (Some(first), Some(last)) = (halves.first(), halves.last()) else { return Vec::new() };
        let mut found = Vec::new();
        let mut direct = |clause| found.push(Reading { quote: halves.to_vec(), quote_type: QuoteType::Direct, clause: Some(clause) });
        if let Some(second) = halves.get(1)
            && let Some(clause) = self.clause_in(&(first.end..second.start))
        {
            direct(clause);
        }
        if let Some(clause) = self.after(last) {
            direct(clause);
        }
        if let Some((clause, content)) = self.before(first) {
            match content {
                Some(start) if halves.len() == 1 => {
                    let end = self.end_of_paraphrase(last);
                    let quote_type = if start < first.start || end > last.end { QuoteType::Mixed } else { QuoteType::Direct };
                    found.push(Reading { quote: vec![start.min(first.start)..end], quote_type, clause: Some(clause) });
                }
                _ => direct(clause),
            }
        }
        // A sentence of the same speaker that goes on without a clause of its own.
        if found.is_empty()
            && let Some(before) = self.quotation_before(first)
        {
            let clause = self.after(&before).or_else(|| self.before(&before).map(|(clause, _)| clause));
            found.extend(clause.map(|clause| Reading { quote: halves.to_vec(), quote_type: QuoteType::Direct, clause: Some(clause) }));
        }
        found
    }

    fn quotation_before(&self, quotation: &Range<usize>) -> Option<Range<usize>> {
        let here = self.marks.paragraph(quotation.start);
        // Outer quotations lie one after the other.
        let behind = here.outer.partition_point(|bytes| bytes.end <= quotation.start);
        behind.checked_sub(1).and_then(|at| here.outer.get(at)).cloned()
    }

    /// The clause behind a quote, in its sentence: `said Dr. Nwosu, who heads the office`.
    fn after(&self, quote: &Range<usize>) -> Option<Clause> {
        let here = self.marks.paragraph(quote.start);
        let rest = trim(self.text, quote.end..here.bytes.end);
        let lead = self.words(&rest).trim_start_matches([',', '—', '–', '-', ' ', '\u{a0}']);
        let start = rest.end - lead.len();
        let ends_sentence =
            self.words(quote).trim_end_matches(|mark: char| !mark.is_alphanumeric() && !".,?!…".contains(mark)).ends_with('.');
        let goes_on = lead.chars().next().is_some_and(char::is_lowercase) || start > rest.start;
        if ends_sentence && !goes_on {
            return None;
        }
        let end = sentence_at(self.text, start).end;
        let next = here.all().iter().map(|found| found.bytes.start).filter(|next| *next > start).min();
        self.clause_in(&(start..next.map_or(end, |next| next.min(end))))
    }

    /// The clause in a stretch that holds nothing else.
    fn clause_in(&self, region: &Range<usize>) -> Option<Clause> {
        let words = tokens(self.text, region);
        let (at, count, cue) = self.first_cue(&words)?;
        let start = words.first()?.bytes.start;
        let cue_bytes = words.get(at)?.bytes.start..words.get(at + count - 1)?.bytes.end;
        let mut end = self.cut(&(cue_bytes.end..region.end));
        let lead = words.get(..at)?;
        let is_inverted = cue.before_source || lead.iter().all(|word| self.cues.is(&word.lower, Role::Opener));
        let subject = if is_inverted {
            self.subject_after(cue_bytes.end, end)?
        } else {
            let subject = self.subject_before(start, cue_bytes.start)?;
            if subject.start > start + 2 && self.words(&(start..subject.start)).contains('.') {
                return None;
            }
            subject
        };
        end = end.max(subject.end);
        let from = if is_inverted { cue_bytes.start } else { subject.start };
        Some(self.clause(from..end, cue_bytes, subject, cue))
    }

    /// The clause before a quote, and where its content begins when it is more than what stands in marks.
    fn before(&self, quote: &Range<usize>) -> Option<(Clause, Option<usize>)> {
        let sentence = sentence_at(self.text, quote.start).start.min(quote.start);
        let paragraph = &self.marks.paragraph(quote.start).bytes;
        let behind = self.quotation_before(quote).map_or(paragraph.start, |before| before.end);
        let mut start = sentence.max(behind);
        let lead = self.words(&(start..quote.start));
        if let Some(at) = lead.rfind("; ") {
            start += at + 2;
        }
        let region = start..quote.start;
        let words = tokens(self.text, &region);
        let (at, count, cue) = self.last_cue(&words)?;
        let cue_bytes = words.get(at)?.bytes.start..words.get(at + count - 1)?.bytes.end;
        let introducer = words.iter().skip(at + count).find(|word| self.cues.is(&word.lower, Role::Introducer));
        let rest = self.words(&(cue_bytes.end..quote.start));
        let is_direct = rest.trim_end().ends_with([',', ':']) || rest.trim().is_empty();
        let (end, content) = match introducer {
            Some(word) => (word.bytes.start, Some(trim(self.text, word.bytes.end..quote.start).start)),
            None if is_direct => (quote.start, None),
            // The paraphrase follows the cue at once: `said the visit aimed “to find a way”`.
            None => (cue_bytes.end, Some(trim(self.text, cue_bytes.end..quote.start).start)),
        };
        let (subject, from) = if cue.before_source {
            let subject = self.subject_after(cue_bytes.end, quote.start)?;
            (subject, cue_bytes.start)
        } else if let Some(subject) = self.subject_before(start, cue_bytes.start) {
            let from = subject.start;
            (subject, from)
        } else {
            (self.subject_after(cue_bytes.end, end)?, cue_bytes.start)
        };
        let end = self.without_marks(from..end).end;
        Some((self.clause(from..end.max(subject.end), cue_bytes, subject, cue), content))
    }

    /// Where the paraphrase around a quotation ends: at the closing mark, or with the sentence where it goes on.
    fn end_of_paraphrase(&self, quotation: &Range<usize>) -> usize {
        let rest = self.words(&(quotation.end..paragraph_near(self.text, quotation.end).end));
        let goes_on = rest.strip_prefix(' ').is_some_and(|rest| rest.chars().next().is_some_and(char::is_lowercase));
        let sentence = sentence_at(self.text, quotation.start);
        if goes_on && sentence.end > quotation.end { self.without_marks(sentence).end } else { quotation.end }
    }

    /// The quote whose clause holds the caret.
    fn reported_at(&self, caret: usize) -> Vec<Reading> {
        let here = self.marks.paragraph(caret);
        // A clause is looked for within a sentence, and that is not longer.
        let near = |bytes: &&Range<usize>| bytes.start <= caret + FURTHEST && caret <= bytes.end + FURTHEST;
        for quotation in here.outer.iter().filter(near) {
            let readings = self.of_quotation(&self.halves(quotation));
            let holds = |clause: &Clause| clause.bytes.start <= caret && caret <= clause.bytes.end;
            if readings.first().and_then(|reading| reading.clause.as_ref()).is_some_and(holds) {
                return readings;
            }
        }
        Vec::new()
    }

    /// A sentence without quotation marks: `Feld said that the level has risen`.
    fn indirect(&self, caret: usize) -> Vec<Reading> {
        let sentence = sentence_at(self.text, caret);
        let words = tokens(self.text, &sentence);
        let Some((at, count, cue)) = self.first_cue(&words) else { return Vec::new() };
        let (Some(first), Some(last)) = (words.get(at), words.get(at + count - 1)) else { return Vec::new() };
        let cue_bytes = first.bytes.start..last.bytes.end;
        let reading = |quote: Range<usize>, clause| {
            let quote = self.without_marks(quote);
            Reading { quote: vec![quote], quote_type: QuoteType::Indirect, clause: Some(clause) }
        };
        let introducer = words.iter().skip(at + count).find(|word| self.cues.is(&word.lower, Role::Introducer));
        if let (Some(word), Some(subject)) = (introducer, self.subject_before(sentence.start, cue_bytes.start)) {
            let clause = subject.start..self.without_marks(subject.start..word.bytes.start).end;
            let content = trim(self.text, word.bytes.end..sentence.end);
            return vec![reading(content, self.clause(clause, cue_bytes, subject, cue))];
        }
        // The clause comes last: `The quay floods, the office said.`
        let lead = self.words(&(sentence.start..cue_bytes.start));
        if let Some(comma) = lead.rfind(", ") {
            let region = sentence.start + comma + 2..sentence.end;
            return self.clause_in(&region).map(|clause| reading(sentence.start..sentence.start + comma, clause)).into_iter().collect();
        }
        Vec::new()
    }

    fn clause(&self, bytes: Range<usize>, cue: Range<usize>, subject: Range<usize>, data: &Cue) -> Clause {
        Clause { bytes: trim(self.text, bytes), cue, subject, stance: data.stance.clone(), act: data.act.clone() }
    }

    /// The first cue, as place, number of words and data.
    fn first_cue(&self, words: &[Token]) -> Option<(usize, usize, &Cue)> {
        (0..words.len()).find_map(|at| self.cue_at(words, at))
    }

    fn last_cue(&self, words: &[Token]) -> Option<(usize, usize, &Cue)> {
        (0..words.len()).rev().find_map(|at| self.cue_at(words, at))
    }

    fn cue_at(&self, words: &[Token], at: usize) -> Option<(usize, usize, &Cue)> {
        let found = self.cues.at(words.get(at..)?.iter().map(|word| word.lower.as_str()))?;
        // "to say", "the reported loss": no report.
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let is_noun = before.is_some_and(|before| before.lower == "to" || before.lower == "the" || before.lower == "a");
        (!is_noun || found.cue.before_source).then_some((at, found.words, found.cue))
    }

    /// The subject that ends before a cue: the last part of its sentence, with the part before it where that stands between commas.
    fn subject_before(&self, start: usize, cue: usize) -> Option<Range<usize>> {
        let lead = self.words(&(start..cue));
        let stripped = lead.trim_end();
        let is_apposition = stripped.ends_with(',');
        let body = stripped.trim_end_matches(',');
        let mut from = body.rfind(", ").map_or(0, |at| at + 2);
        if is_apposition {
            let before = body.get(..from.saturating_sub(2)).unwrap_or_default();
            from = before.rfind(", ").map_or(0, |at| at + 2);
        }
        for mark in ["— ", "– ", ": ", "; ", "(", "”", "»"] {
            from = from.max(body.rfind(mark).map_or(0, |at| at + mark.len()));
        }
        let mut words = tokens(self.text, &(start + from..start + body.len()));
        while words.first().is_some_and(|word| self.cues.is(&word.lower, Role::Opener)) && words.len() > 1 {
            words.remove(0);
        }
        // "would later say", "has also told": helpers are no part of who speaks.
        while words.last().is_some_and(|word| is_helper(&word.lower)) {
            words.pop();
        }
        if words.is_empty() || words.len() > LONGEST_SUBJECT {
            return None;
        }
        let (first, last) = (words.first()?, words.last()?);
        // A relative clause that holds the cue is no subject: `, who warned about “a tug of war”`.
        let subject = first.bytes.start..last.bytes.end;
        Some(self.with_letters(subject))
    }

    /// The subject that follows a cue.
    fn subject_after(&self, cue: usize, end: usize) -> Option<Range<usize>> {
        let rest = self.words(&(cue..end));
        let reach = rest.find([',', '“', '«', '"', ':', '(']).map_or(end, |at| cue + at);
        let words = tokens(self.text, &(cue..reach));
        let is_stop = |word: &Token| self.cues.is(&word.lower, Role::Stop) && !word.capital;
        let count = words.iter().enumerate().take_while(|(at, word)| *at == 0 || !is_stop(word)).count().min(LONGEST_SUBJECT);
        let (first, last) = (words.first()?, words.get(count.checked_sub(1)?)?);
        Some(self.with_letters(first.bytes.start..last.bytes.end))
    }

    /// A possessive apostrophe at the end, or the full stop of an initial, belongs to the word.
    fn with_letters(&self, bytes: Range<usize>) -> Range<usize> {
        let closes = self.text.get(bytes.end..).is_some_and(|rest| rest.starts_with(['’', '\'']) && rest.chars().nth(1) == Some(' '));
        let end = if closes {
            bytes.end + self.text.get(bytes.end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
        } else {
            bytes.end
        };
        bytes.start..end
    }

    /// Where a clause ends: before a comma, unless what follows describes the subject further.
    fn cut(&self, rest: &Range<usize>) -> usize {
        let body = self.words(rest);
        let mut from = 0;
        while let Some(at) = body.get(from..).and_then(|rest| rest.find([',', ';', ':'])).map(|at| from + at) {
            let next = body.get(at + 1..).unwrap_or_default().trim_start();
            let word = next.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
            let describes = ["who", "which", "whose", "a", "an", "the", "its", "his", "her", "their"].contains(&word);
            let is_latin = word.chars().next().is_none_or(|letter| letter.is_ascii() || ('\u{c0}'..'\u{250}').contains(&letter));
            if body.get(at..).is_some_and(|rest| !rest.starts_with(',')) || (is_latin && !describes) {
                return self.without_marks(rest.start..rest.start + at).end;
            }
            from = at + 1;
        }
        let words = tokens(self.text, rest);
        let introducer = words.iter().find(|word| self.cues.is(&word.lower, Role::Introducer));
        let end = introducer.map_or(rest.end, |word| word.bytes.start);
        self.without_marks(rest.start..end).end
    }

    /// A stretch without white space and punctuation at its end.
    fn without_marks(&self, bytes: Range<usize>) -> Range<usize> {
        let body = self.words(&bytes);
        let kept = body.trim_end_matches(|mark: char| mark.is_whitespace() || ".,;:—–-!?".contains(mark));
        let lead = body.len() - body.trim_start().len();
        bytes.start + lead.min(kept.len())..bytes.start + kept.len()
    }
}

/// Words between a subject and its verb.
fn is_helper(word: &str) -> bool {
    matches!(
        word,
        "has" | "have" | "had" | "also" | "later" | "would" | "then" | "repeatedly" | "again" | "once" | "who" | "himself" | "herself"
    ) || (word.len() > 4 && word.ends_with("ly"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` marks the caret, or two of them the selection: quote, clause, subject.
    fn read(marked: &str) -> (String, String, String) {
        let start = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        let end = text.find('|').unwrap_or(start);
        let text = text.replacen('|', "", 1);
        let cues = Cues::default();
        let Some(reading) = readings(&text, &(start..end), &cues).into_iter().next() else { return Default::default() };
        let quote: Vec<&str> = reading.quote.iter().map(|bytes| &text[bytes.clone()]).collect();
        let (clause, subject) =
            reading.clause.map(|clause| (text[clause.bytes].to_owned(), text[clause.subject].to_owned())).unwrap_or_default();
        (quote.join(" … "), clause, subject)
    }

    fn check(marked: &str, quote: &str, clause: &str, subject: &str) {
        assert_eq!(read(marked), (quote.to_owned(), clause.to_owned(), subject.to_owned()), "{marked}");
    }

    #[test]
    fn a_clause_behind_its_quote() {
        check("“We ne|ed six weeks,” Mara Oduya said on Monday.", "“We need six weeks,”", "Mara Oduya said on Monday", "Mara Oduya");
        check(
            "“It is ra|re,” said Dr. Amara Nwosu, who heads the office. More.",
            "“It is rare,”",
            "said Dr. Amara Nwosu, who heads the office",
            "Dr. Amara Nwosu",
        );
        check("“Y|es,” the official told the council. No.", "“Yes,”", "the official told the council", "the official");
        check(
            "«Нам нуж|но время», — сказал он, попросив не называть имени. Да.",
            "«Нам нужно время»",
            "сказал он, попросив не называть имени",
            "он",
        );
    }

    #[test]
    fn a_clause_before_its_quote() {
        check("Badran told Al-Monitor by phone, “The vi|sit aims.”", "“The visit aims.”", "Badran told Al-Monitor by phone", "Badran");
        check(
            "The company claimed in a statement that its offer was “fa|ir.” Next.",
            "its offer was “fair.”",
            "The company claimed in a statement",
            "The company",
        );
        check(
            "The official warned that it would “not hes|itate” to use it. Next.",
            "it would “not hesitate” to use it",
            "The official warned",
            "The official",
        );
        check(
            "Ahmed Youssef, a former adviser, said Moscow “kno|ws that.”",
            "Moscow “knows that.”",
            "Ahmed Youssef, a former adviser, said",
            "Ahmed Youssef, a former adviser",
        );
    }

    #[test]
    fn a_split_quote_is_one() {
        check("“We need,” sh|e said, “six weeks.”", "“We need,” … “six weeks.”", "she said", "she");
        check("“We need,” she said, “six w|eeks.”", "“We need,” … “six weeks.”", "she said", "she");
        check("«Мы ж|дём, — сказал он, — ещё неделю».", "«Мы ждём … ещё неделю»", "сказал он", "он");
    }

    #[test]
    fn a_quote_without_a_clause_stands_alone() {
        check("Badran avoided it. “The ta|lks will go on.”", "“The talks will go on.”", "", "");
    }

    #[test]
    fn reported_speech_without_marks() {
        check("Feld said that the le|vel has risen. More.", "the level has risen", "Feld said", "Feld");
        check("The quay flo|ods at noon, the office said.", "The quay floods at noon", "the office said", "the office");
        check("Feld said |the level has risen|.", "the level has risen", "Feld said", "Feld");
    }
}
