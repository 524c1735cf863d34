//! The annotated article for people to read: HTML, Markdown, DOCX with comments. Each annotation has a number where it ends and stands in
//! a list with all that the profile lets out. Whatever an article or a note says, the page stays inert.

pub mod docx;
pub mod html;
pub mod markdown;

use super::exchange::{
    Annotated, Span,
    behind::Behind,
    feature::{Feature, How},
    release::Head,
};
use crate::{display::safe::one_line, model::Origin};

fn carries(feature: Feature) -> How {
    match feature {
        Feature::Text | Feature::Parts | Feature::Overlaps | Feature::Attributes | Feature::Notes | Feature::Marker => How::Kept,
        Feature::Links | Feature::Comments | Feature::Unplaced | Feature::Reviews => How::Kept,
        Feature::Details => How::Lost("outlet, byline, date and address are printed"),
        Feature::Sources => How::Lost("name and role are printed"),
        Feature::Lines => How::Lost("only the tool that wrote them reads them"),
        Feature::Omissions => How::Lost("left out of pages"),
        Feature::Ids => How::Lost("annotations are numbered in the order of the text"),
    }
}

/// A paragraph cut where annotations begin or end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Paragraph {
    pub(super) runs: Vec<Run>,
}

/// Words under the same annotations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Run {
    pub(super) text: String,
    /// The spans over it, by their places in the article, the outermost first.
    pub(super) over: Vec<usize>,
    /// The spans of which a part begins here, and of which the last part ends here.
    pub(super) begin: Vec<usize>,
    pub(super) end: Vec<usize>,
}

/// Cuts a text into paragraphs and runs. Takes time by the text and its annotations.
pub(super) fn paragraphs(article: &Annotated) -> Vec<Paragraph> {
    let mut parts: Vec<(usize, usize, usize)> = Vec::new();
    for (at, span) in article.spans.iter().enumerate() {
        parts.extend(span.ranges.iter().map(|(start, end)| (*start, *end, at)));
    }
    parts.sort_by_key(|(start, end, at)| (*start, std::cmp::Reverse(*end), *at));
    let last_end: Vec<usize> = article.spans.iter().map(|span| span.ranges.iter().map(|range| range.1).max().unwrap_or_default()).collect();
    let mut edges: Vec<usize> = parts.iter().flat_map(|(start, end, _)| [*start, *end]).collect();
    edges.sort_unstable();
    edges.dedup();
    let (mut edges, mut parts) = (edges.into_iter().peekable(), parts.into_iter().peekable());
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut found = Vec::new();
    let mut at = 0;
    for line in article.content.split('\n') {
        let mut paragraph = Paragraph::default();
        let mut run = Run::default();
        let length = line.chars().count();
        for (place, letter) in line.chars().map(Some).chain([None]).enumerate() {
            let here = at + place;
            if edges.next_if(|edge| *edge <= here).is_some() || place == 0 {
                // What ended at a line feed ends with the line before it; here only ends within the line are seen.
                let ended: Vec<usize> = open.iter().filter(|(end, _)| *end <= here).map(|(_, span)| *span).collect();
                if !run.text.is_empty() {
                    run.end = ended.iter().copied().filter(|span| last_end.get(*span) <= Some(&here)).collect();
                    paragraph.runs.push(std::mem::take(&mut run));
                }
                open.retain(|(end, _)| *end > here);
                while let Some((_, end, span)) = parts.next_if(|(start, ..)| *start <= here) {
                    open.push((end, span));
                    run.begin.push(span);
                }
                run.over = open.iter().map(|(_, span)| *span).collect();
            }
            run.text.extend(letter);
        }
        if !run.text.is_empty() {
            run.end = open
                .iter()
                .filter(|(end, span)| *end <= at + length + 1 && last_end.get(*span) == Some(end))
                .map(|(_, span)| *span)
                .collect();
            paragraph.runs.push(run);
        }
        found.push(paragraph);
        at += length + 1;
    }
    found
}

/// What is known of an annotation: names and values.
pub(super) fn facts<'a>(head: &Head, behind: &Behind<'a>, span: &'a Span) -> Vec<(String, String)> {
    let label = head.labels.iter().find(|label| label.id.to_string() == span.label);
    let mut facts = Vec::new();
    for (key, value) in &span.attributes {
        let name = label.and_then(|label| label.attribute(key)).map_or_else(|| key.replace('_', " "), |attribute| attribute.name.clone());
        facts.push((name, value.as_str().replace('_', " ")));
    }
    let who: Vec<String> = behind
        .speakers(span)
        .into_iter()
        .map(|speaker| if speaker.role.is_empty() { speaker.alias.clone() } else { format!("{} ({})", speaker.alias, speaker.role) })
        .collect();
    if !who.is_empty() {
        facts.push((if who.len() == 1 { "Source" } else { "Sources" }.to_owned(), who.join("; ")));
    }
    for (link, to) in behind.links(span) {
        let by = if link.by.is_empty() { String::new() } else { format!(", by {}", link.by) };
        facts.push((capital(head.kind_name(&link.kind)), format!("{}{by}", to + 1)));
    }
    if span.origin != Origin::Person {
        facts.push(("Found by".to_owned(), span.origin.word().to_owned()));
    }
    for (name, value) in [("Note", &span.note), ("Marked by", &span.by)] {
        if !value.is_empty() {
            facts.push((name.to_owned(), value.clone()));
        }
    }
    facts.extend(remarks(behind, &span.id));
    facts
}

/// What colleagues said about a record and answered: who and when, and what.
fn remarks(behind: &Behind<'_>, on: &str) -> Vec<(String, String)> {
    let facts = behind.remarks(on).into_iter().map(|remark| {
        let what = if remark.on == on { "Comment" } else { "Answer" };
        let by = if remark.by.is_empty() { String::new() } else { format!(" by {}", remark.by) };
        let at = if remark.at.is_empty() { String::new() } else { format!(", {}", remark.at) };
        (format!("{what}{by}{at}"), if remark.resolved { format!("{} (settled)", remark.text) } else { remark.text.clone() })
    });
    facts.collect()
}

/// The words of an annotation in quotation marks, unless they bring their own.
pub(super) fn quoted(span: &Span) -> String {
    let words = span.words();
    if words.starts_with(['“', '"', '«', '„', '‘', '‹']) { words } else { format!("“{words}”") }
}

/// Whether a paragraph is the headline: it is set as one then, instead of standing below itself.
pub(super) fn is_headline(article: &Annotated, paragraph: &Paragraph) -> bool {
    let words: String = paragraph.runs.iter().map(|run| run.text.as_str()).collect();
    !article.title.trim().is_empty() && words.trim() == article.title.trim()
}

/// What is known of the article.
pub(super) fn byline(article: &Annotated) -> String {
    let parts = ["outlet", "byline", "published", "address"].map(|key| article.details.get(key).map(String::as_str).unwrap_or_default());
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// What stands below an article beside its annotations: headings with their lines, none without lines.
pub(super) fn closing(article: &Annotated, behind: &Behind<'_>) -> Vec<(&'static str, Vec<String>)> {
    let comments = remarks(behind, &article.id).into_iter().map(|(who, what)| format!("{who}: {what}")).collect();
    let mut sections = vec![("Review of unnamed sources", reviews(article)), ("Comments on the article", comments)];
    sections.retain(|(_, lines)| !lines.is_empty());
    sections
}

/// How the review stands, a line a source.
fn reviews(article: &Annotated) -> Vec<String> {
    let lines = article.reviews.iter().map(|review| {
        let when = [review.by.as_str(), review.at.as_str()].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ");
        if when.is_empty() { format!("{}: {}", review.alias, review.state) } else { format!("{}: {} ({when})", review.alias, review.state) }
    });
    lines.collect()
}

/// A colour of a label, unless the file says something else in its place.
pub(in crate::formats) fn colour(written: &str) -> &str {
    let digits = written.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) { written } else { "#888888" }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Characters that mean something in HTML and XML become references, those that show nothing become visible.
pub(in crate::formats) fn xml_text(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 16);
    for letter in one_line(words).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML 1.0 has not all of Unicode's noncharacters, not even as references (section 2.2); HTML has none.
            letter if u32::from(letter) & 0xFFFE == 0xFFFE || matches!(letter, '\u{fdd0}'..='\u{fdef}') => {
                out.push_str(&format!("‹U+{:04X}›", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_cover_the_text_and_end_where_annotations_end() {
        let span = |ranges: &[(usize, usize)]| Span { ranges: ranges.to_vec(), ..Span::default() };
        let content = "One two\n\nthree four".to_owned();
        let spans = vec![span(&[(0, 7)]), span(&[(4, 12)]), span(&[(9, 14), (15, 19)])];
        let article = Annotated { content, spans, ..Annotated::default() };
        let runs = paragraphs(&article);
        let said: Vec<String> = runs
            .iter()
            .flat_map(|paragraph| &paragraph.runs)
            .map(|run| format!("{}|{:?}|{:?}|{:?}", run.text, run.over, run.begin, run.end))
            .collect();
        assert_eq!(said, ["One |[0]|[0]|[]", "two|[0, 1]|[1]|[0]", "thr|[1, 2]|[2]|[1]", "ee|[2]|[]|[]", " |[]|[]|[]", "four|[2]|[2]|[2]"]);
    }
}
