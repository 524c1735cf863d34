//! The annotated article as HTML: one file, no script, nothing loaded, readable in light and dark, set for print. Reads web pages.

use super::{byline, carries, closing, colour, facts, is_headline, paragraphs, xml_text};
use crate::{
    formats::{
        Format, Glimpse, Reader, Writer, article,
        exchange::{
            Annotated, ExchangeError,
            behind::Behind,
            container::Chunk,
            release::{Head, Release},
            verify::Convention,
        },
        format::{Stream, Tally},
    },
    model::Pattern,
};

/// The format.
pub const FORMAT: Format = Format {
    name: "html",
    title: "Web page (HTML)",
    about: "Reads the article of a web page; writes the annotated article as one file to read and print.",
    endings: &["html", "htm", "xhtml"],
    main: "articles.html",
    is_folder: false,
    is_archive: false,
    convention: Convention::SCALAR,
    carries,
    alone: None,
    read: Reader::Article(article::html::read),
    write: Writer::Stream(&Pages),
    detect: |glimpse: &Glimpse<'_>| glimpse.is_file() && glimpse.ends(&["html", "htm", "xhtml"]),
};

const STYLE: &str = ":root{color-scheme:light dark}@page{margin:18mm 16mm}\
body{font:12pt/1.6 Georgia,'Source Serif 4',serif;color:#1f2328;background:#fbfaf7;max-width:42em;margin:2em auto;padding:0 1em;overflow-wrap:break-word}\
h1{font-size:20pt;line-height:1.2;margin-bottom:.2em}h2{font-size:13pt;margin-top:2em}.by{color:#5e636b;margin-top:0}\
mark{color:inherit;border-radius:2px;text-decoration-line:underline;text-decoration-thickness:2px;text-underline-offset:.18em;-webkit-print-color-adjust:exact;print-color-adjust:exact}\
sup{font:600 8pt/1 system-ui,sans-serif;padding:0 .15em}sup a,li>a{color:#2a5fd0;text-decoration:none}\
.key{font:10pt/1.6 system-ui,sans-serif;padding:0;list-style:none}.key li{display:inline-block;margin-inline-end:1.2em}\
ol{font-size:10.5pt;padding-inline-start:2em}ol li{margin:.6em 0;break-inside:avoid}.facts{margin:.15em 0 0;font:9.5pt/1.45 system-ui,sans-serif;overflow-wrap:anywhere}.facts span{color:#5e636b}.label{font:600 9.5pt/1.4 system-ui,sans-serif}article+article{break-before:page;border-top:1px solid #c8c4bb;margin-top:3em}\
@media print{body{background:none;margin:0;max-width:none}}";

const DARK: &str = "@media screen and (prefers-color-scheme:dark){body{color:#dfe2e6;background:#17191d}.by,.facts span{color:#969da7}sup a,li>a{color:#86aeff}";

struct Pages;

/// A class name for a label: labels of newsrooms may be called anything.
fn class(labels: &[&str], label: &str) -> String {
    labels.iter().position(|known| *known == label).map_or_else(|| "l".to_owned(), |at| format!("l{at}"))
}

fn line(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::Solid => "solid",
        Pattern::Dotted => "dotted",
        Pattern::Dashed | Pattern::DashDot => "dashed",
        Pattern::Zigzag => "wavy",
        Pattern::Double => "double",
    }
}

fn known(head: &Head) -> Vec<String> {
    head.labels.iter().map(|label| label.id.to_string()).collect()
}

impl Stream for Pages {
    fn begin(&self, head: &Head) -> Vec<Chunk> {
        let mut style = STYLE.to_owned() + "mark.l{background:#e8e6e0}";
        let mut dark = DARK.to_owned() + "mark.l{background:#343a43}";
        for (at, label) in head.labels.iter().enumerate() {
            let tint = |tint: Option<&String>, line: &str| tint.map_or_else(|| format!("{line}33"), |tint| colour(tint).to_owned());
            let (light, night) = (colour(&label.colour.light), colour(&label.colour.dark));
            style.push_str(&format!(
                ".l{at}{{background:{};text-decoration-color:{light};text-decoration-style:{}}}",
                tint(label.colour.light_tint.as_ref(), light),
                line(label.pattern)
            ));
            dark.push_str(&format!(".l{at}{{background:{};text-decoration-color:{night}}}", tint(label.colour.dark_tint.as_ref(), night)));
        }
        let title = xml_text(&head.title);
        vec![Chunk::part(format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<style>{style}{dark}}}</style>\n</head>\n<body>\n",
            if title.is_empty() { "Annotated articles" } else { &title },
        ))]
    }

    fn article(&self, head: &Head, release: &Release, number: usize) -> Result<Vec<Chunk>, ExchangeError> {
        Ok(vec![Chunk::part(page(head, release.article(), number))])
    }

    fn end(&self, _head: &Head, _tally: &Tally) -> Result<Vec<Chunk>, ExchangeError> {
        Ok(vec![Chunk::part("</body>\n</html>\n")])
    }
}

fn page(head: &Head, article: &Annotated, number: usize) -> String {
    let known = known(head);
    let labels: Vec<&str> = known.iter().map(String::as_str).collect();
    let language = article.details.get("language").map_or_else(String::new, |language| format!(" lang=\"{}\"", xml_text(language)));
    let direction = article.details.get("direction").map_or("auto", |direction| if direction == "rtl" { "rtl" } else { "ltr" });
    let paragraphs = paragraphs(article);
    let mut headline = paragraphs.iter().find(|paragraph| !paragraph.runs.is_empty()).filter(|first| is_headline(article, first));
    let mut out = format!("<article{language}>\n");
    if headline.is_none() {
        out.push_str(&format!("<h1 dir=\"auto\">{}</h1>\n", xml_text(&article.title)));
    }
    let by = byline(article);
    if !by.is_empty() {
        out.push_str(&format!("<p class=\"by\"><bdi>{}</bdi></p>\n", xml_text(&by)));
    }
    let used: std::collections::BTreeSet<&str> = article.spans.iter().map(|span| span.label.as_str()).collect();
    if !used.is_empty() {
        out.push_str("<ul class=\"key\" lang=\"en\">\n");
        for label in
            labels.iter().copied().filter(|label| used.contains(label)).chain(used.iter().copied().filter(|label| !labels.contains(label)))
        {
            out.push_str(&format!("<li><mark class=\"{}\">{}</mark></li>\n", class(&labels, label), xml_text(head.label_name(label))));
        }
        out.push_str("</ul>\n");
    }
    for paragraph in paragraphs.iter().filter(|paragraph| !paragraph.runs.is_empty()) {
        let element = if headline.take().is_some() { "h1" } else { "p" };
        out.push_str(&format!("<{element} dir=\"{direction}\">"));
        for run in &paragraph.runs {
            let inner = run.over.last().and_then(|at| article.spans.get(*at));
            match inner {
                Some(span) => out.push_str(&format!("<mark class=\"{}\">{}</mark>", class(&labels, &span.label), xml_text(&run.text))),
                None => out.push_str(&xml_text(&run.text)),
            }
            for at in &run.end {
                out.push_str(&format!("<sup><a id=\"t{number}-{0}\" href=\"#a{number}-{0}\">{0}</a></sup>", at + 1));
            }
        }
        out.push_str(&format!("</{element}>\n"));
    }
    let behind = Behind::new(article);
    for (heading, lines) in closing(article, &behind) {
        out.push_str(&format!("<h2 lang=\"en\">{heading}</h2>\n<ul>\n"));
        for line in &lines {
            out.push_str(&format!("<li><bdi>{}</bdi></li>\n", xml_text(line)));
        }
        out.push_str("</ul>\n");
    }
    if !article.spans.is_empty() {
        out.push_str("<h2 lang=\"en\">Annotations</h2>\n<ol>\n");
        for (at, span) in article.spans.iter().enumerate() {
            let back = if span.ranges.is_empty() {
                String::new()
            } else {
                format!(" <a href=\"#t{number}-{0}\" aria-label=\"To its place\">↑</a>", at + 1)
            };
            let place = if span.ranges.is_empty() { " (no place in the text)" } else { "" };
            out.push_str(&format!(
                "<li id=\"a{number}-{}\"><span class=\"label\"><mark class=\"{}\">{}</mark></span> <bdi>{}</bdi>{place}{back}",
                at + 1,
                class(&labels, &span.label),
                xml_text(head.label_name(&span.label)),
                xml_text(&span.words())
            ));
            let facts = facts(head, &behind, span);
            if !facts.is_empty() {
                let facts: Vec<String> =
                    facts.iter().map(|(name, value)| format!("<span>{}:</span> <bdi>{}</bdi>", xml_text(name), xml_text(value))).collect();
                out.push_str(&format!("\n<p class=\"facts\" lang=\"en\">{}</p>", facts.join(" · ")));
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n");
    }
    out.push_str("</article>\n");
    out
}
