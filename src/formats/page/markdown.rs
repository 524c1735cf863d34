//! The annotated article as Markdown: a footnote where each annotation ends. Reads Markdown as an article, rendered or raw.

use super::{byline, carries, closing, facts, is_headline, paragraphs, quoted};
use crate::formats::{
    Format, Glimpse, Reader, Writer, article,
    exchange::{
        ExchangeError,
        behind::Behind,
        container::Chunk,
        release::{Head, Release},
        verify::Convention,
    },
    format::Stream,
    report::markdown::text,
};

/// The format.
pub const FORMAT: Format = Format {
    name: "markdown",
    title: "Markdown",
    about: "Reads Markdown as an article; writes the annotated article with footnotes.",
    endings: &["md", "markdown"],
    main: "articles.md",
    is_folder: false,
    is_archive: false,
    convention: Convention::SCALAR,
    carries,
    alone: None,
    read: Reader::Article(article::markdown::read),
    write: Writer::Stream(&Pages),
    detect: |glimpse: &Glimpse<'_>| glimpse.is_file() && glimpse.ends(&["md", "markdown"]),
};

struct Pages;

impl Stream for Pages {
    fn article(&self, head: &Head, release: &Release, number: usize) -> Result<Vec<Chunk>, ExchangeError> {
        let article = release.article();
        let mut out = if number > 0 { "\n---\n\n".to_owned() } else { String::new() };
        let paragraphs = paragraphs(article);
        let mut headline = paragraphs.iter().find(|paragraph| !paragraph.runs.is_empty()).filter(|first| is_headline(article, first));
        if headline.is_none() {
            out.push_str(&format!("# {}\n\n", text(&article.title)));
        }
        let by = byline(article);
        let by = if by.is_empty() { String::new() } else { format!("*{}*\n\n", text(&by)) };
        if headline.is_none() {
            out.push_str(&by);
        }
        for paragraph in paragraphs.iter().filter(|paragraph| !paragraph.runs.is_empty()) {
            // A paragraph that begins like a list or an indented block must not become one.
            let mut line = String::new();
            for run in &paragraph.runs {
                line.push_str(&text(&run.text));
                run.end.iter().for_each(|at| line.push_str(&format!("[^{}-{}]", number + 1, at + 1)));
            }
            let line = line.trim_start();
            let is_list = line.starts_with(['-', '+', '='])
                || line.trim_start_matches(|letter: char| letter.is_ascii_digit()).starts_with(['.', ')']);
            if headline.take().is_some() {
                out.push_str(&format!("# {line}\n\n{by}"));
                continue;
            }
            out.push_str(&format!("{}{line}\n\n", if is_list { "\u{200b}" } else { "" }));
        }
        let behind = Behind::new(article);
        for (heading, lines) in closing(article, &behind) {
            out.push_str(&format!("## {heading}\n\n"));
            for line in &lines {
                out.push_str(&format!("- {}\n", text(line)));
            }
            out.push('\n');
        }
        for (at, span) in article.spans.iter().enumerate() {
            let place = if span.ranges.is_empty() { " (no place in the text)" } else { "" };
            let facts: Vec<String> =
                facts(head, &behind, span).into_iter().map(|(name, value)| format!("; {}: {}", text(&name), text(&value))).collect();
            let (label, words) = (text(head.label_name(&span.label)), text(&quoted(span)));
            out.push_str(&format!("[^{}-{}]: **{label}** {words}{place}{}\n", number + 1, at + 1, facts.concat()));
        }
        Ok(vec![Chunk::part(out)])
    }
}
