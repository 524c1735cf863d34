//! The annotated article as a Word document: every annotation is a comment. Reads Word documents as articles.
//! Source: ECMA-376, Office Open XML, part 1.

use super::{byline, carries, closing, facts, paragraphs, xml_text};
use crate::formats::{
    Format, Glimpse, Reader, Writer, article,
    exchange::{
        Annotated, ExchangeError,
        behind::Behind,
        container::zip_of,
        feature::{Feature, How},
        release::{Head, Release},
        verify::Convention,
    },
};

/// The format.
pub const FORMAT: Format = Format {
    name: "docx",
    title: "Word document",
    about: "Reads a Word document as an article; writes the annotated article with a comment for each annotation.",
    endings: &["docx"],
    main: "articles.docx",
    is_folder: false,
    is_archive: true,
    convention: Convention::SCALAR,
    carries: |feature| match feature {
        Feature::Parts => How::Lost("each comment reaches from the first part to the last"),
        other => carries(other),
    },
    alone: None,
    read: Reader::Article(article::docx::read),
    write: Writer::Whole(write),
    detect: |glimpse: &Glimpse<'_>| glimpse.ends(&["docx"]) || glimpse.has("word/document.xml"),
};

const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/><Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/><Override PartName=\"/word/comments.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml\"/></Types>";
const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
const PARTS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments\" Target=\"comments.xml\"/></Relationships>";
const STYLES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Georgia\" w:hAnsi=\"Georgia\"/><w:sz w:val=\"23\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"160\" w:line=\"300\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:keepNext/><w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"36\"/></w:rPr></w:style><w:style w:type=\"paragraph\" w:styleId=\"Heading2\"><w:name w:val=\"heading 2\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:keepNext/><w:outlineLvl w:val=\"1\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"28\"/></w:rPr></w:style></w:styles>";
const NAMESPACE: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

/// Text as a run. XML 1.0 has no control characters; `xml_text` made them visible.
fn run(words: &str, about: &str) -> String {
    format!("<w:r>{about}<w:t xml:space=\"preserve\">{}</w:t></w:r>", xml_text(words))
}

fn paragraph(style: &str, right_to_left: bool, runs: &str) -> String {
    let style = if style.is_empty() { String::new() } else { format!("<w:pStyle w:val=\"{style}\"/>") };
    let bidi = if right_to_left { "<w:bidi/>" } else { "" };
    format!("<w:p><w:pPr>{style}{bidi}</w:pPr>{runs}</w:p>")
}

/// Whether the first letter with a direction runs from right to left.
fn is_right_to_left(words: &str) -> bool {
    let first = words.chars().find(|letter| letter.is_alphabetic());
    first.is_some_and(|letter| matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'))
}

fn write(head: &Head, releases: &[Release]) -> Result<Vec<u8>, ExchangeError> {
    let (mut body, mut comments) = (String::new(), String::new());
    let mut next = 0;
    for release in releases {
        article(head, release.article(), &mut next, &mut body, &mut comments);
    }
    let start = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    let document = format!("{start}<w:document {NAMESPACE}><w:body>{body}<w:sectPr/></w:body></w:document>");
    let comments = format!("{start}<w:comments {NAMESPACE}>{comments}</w:comments>");
    zip_of([
        ("[Content_Types].xml", TYPES.into()),
        ("_rels/.rels", RELATIONS.into()),
        ("word/document.xml", document.into_bytes()),
        ("word/_rels/document.xml.rels", PARTS.into()),
        ("word/styles.xml", STYLES.into()),
        ("word/comments.xml", comments.into_bytes()),
    ])
}

fn article(head: &Head, article: &Annotated, next: &mut usize, body: &mut String, comments: &mut String) {
    let behind = Behind::new(article);
    let first = *next;
    *next += article.spans.len();
    body.push_str(&paragraph("Heading1", is_right_to_left(&article.title), &run(&article.title, "")));
    let by = byline(article);
    if !by.is_empty() {
        body.push_str(&paragraph("", is_right_to_left(&by), &run(&by, "<w:rPr><w:i/></w:rPr>")));
    }
    let mut begun = vec![false; article.spans.len()];
    for lines in paragraphs(article).iter().filter(|paragraph| !paragraph.runs.is_empty()) {
        let (mut runs, mut words) = (String::new(), String::new());
        for part in &lines.runs {
            for at in &part.begin {
                // A comment reaches from the first part to the last: Word has no comment in several parts.
                if begun.get(*at) == Some(&false) {
                    runs.push_str(&format!("<w:commentRangeStart w:id=\"{}\"/>", first + at));
                    begun.iter_mut().skip(*at).take(1).for_each(|begun| *begun = true);
                }
            }
            runs.push_str(&run(&part.text, ""));
            words.push_str(&part.text);
            for at in part.end.iter().filter(|at| begun.get(**at) == Some(&true)) {
                let id = first + at;
                runs.push_str(&format!("<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:commentReference w:id=\"{id}\"/></w:r>"));
            }
        }
        let direction = article.details.get("direction").map(|direction| direction == "rtl");
        body.push_str(&paragraph("", direction.unwrap_or_else(|| is_right_to_left(&words)), &runs));
    }
    for (at, span) in article.spans.iter().enumerate() {
        let mut lines = vec![format!("{}: {}", head.label_name(&span.label), span.words())];
        lines.extend(facts(head, &behind, span).into_iter().map(|(name, value)| format!("{name}: {value}")));
        if span.ranges.is_empty() {
            body.push_str(&paragraph(
                "",
                is_right_to_left(&span.words()),
                &run(&format!("No place in the text: {}", lines.join("; ")), ""),
            ));
            continue;
        }
        let author = if span.by.is_empty() { "Onrecord" } else { &span.by };
        let text: String = lines.iter().map(|line| paragraph("", is_right_to_left(line), &run(line, ""))).collect();
        comments.push_str(&format!(
            "<w:comment w:id=\"{}\" w:author=\"{1}\" w:initials=\"{1}\">{text}</w:comment>",
            first + at,
            xml_text(author)
        ));
    }
    for (heading, lines) in closing(article, &behind) {
        body.push_str(&paragraph("Heading2", false, &run(heading, "")));
        for line in &lines {
            body.push_str(&paragraph("", is_right_to_left(line), &run(line, "")));
        }
    }
}
