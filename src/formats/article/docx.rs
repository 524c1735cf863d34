//! Word documents: paragraphs, tracked changes as if accepted, footnotes at the end. Comments and the author's name stay behind.

use super::{
    Article, ArticleError, Choices, Imported, converted,
    office::{Node, Package, attribute, text_of, walk},
    text,
};
use std::collections::BTreeMap;

/// Reads a Word document.
pub fn read(name: &str, bytes: &[u8], _choices: &Choices) -> Result<Imported, ArticleError> {
    let mut package = Package::open(name, bytes, "Word document")?;
    let document = package.needed("word/document.xml", "Word document")?;
    let mut body = Body::default();
    walk(name, "word/document.xml", &document, &mut |node| body.visit(&node))?;
    let mut warnings = Vec::new();
    let (inserted, deleted) = (body.inserted, body.deleted);
    if inserted + deleted > 0 {
        warnings.push(format!("Tracked changes were taken as accepted: {inserted} insertions, {deleted} deletions."));
    }
    let mut paragraphs = body.finish();
    for (part, element) in [("word/footnotes.xml", "w:footnote"), ("word/endnotes.xml", "w:endnote")] {
        if let Some(xml) = package.part(part)? {
            paragraphs.extend(notes(name, part, &xml, element)?);
        }
    }
    if package.part("word/comments.xml")?.is_some() {
        warnings.push("The document's comments were left out.".to_owned());
    }
    let title = match package.part("docProps/core.xml")? {
        Some(xml) => text_of(name, "docProps/core.xml", &xml, "dc:title")?,
        None => String::new(),
    };
    article(name, bytes, "docx", &paragraphs, &title, warnings)
}

/// The article of paragraphs: a blank line between them.
pub(super) fn article(
    name: &str,
    bytes: &[u8],
    kind: &str,
    paragraphs: &[String],
    title: &str,
    warnings: Vec<String>,
) -> Result<Imported, ArticleError> {
    let lines: Vec<&str> = paragraphs.iter().map(|line| line.trim_matches([' ', '\n'])).filter(|line| !line.trim().is_empty()).collect();
    let content = lines.join("\n\n") + "\n";
    if content.trim().is_empty() {
        return Err(ArticleError::NoText { name: name.to_owned() });
    }
    if content.len() > crate::model::LIMITS.article {
        return Err(ArticleError::TooLarge { name: name.to_owned(), limit: crate::model::LIMITS.article });
    }
    let title = if title.trim().is_empty() { text::title(name, &content) } else { title.trim().to_owned() };
    let imported = converted(name, bytes, kind, "UTF-8");
    Ok(Imported { article: Article { title, content, imported }, details: BTreeMap::new(), warnings })
}

/// Paragraphs in the making.
#[derive(Default)]
struct Body {
    paragraphs: Vec<String>,
    current: String,
    /// Elements whose text is none, by how many of them are open.
    hidden: usize,
    in_text: bool,
    inserted: usize,
    deleted: usize,
}

/// Deleted and moved-away text, field codes, and the picture form of what stands there as text too.
const HIDDEN: [&str; 5] = ["w:del", "w:moveFrom", "mc:Fallback", "w:instrText", "w:delText"];

impl Body {
    fn visit(&mut self, node: &Node<'_>) {
        match node {
            Node::Start(start) => {
                let name = start.name();
                let name = std::str::from_utf8(name.as_ref()).unwrap_or_default();
                if HIDDEN.contains(&name) {
                    self.hidden += 1;
                    self.deleted += usize::from(matches!(name, "w:del" | "w:moveFrom"));
                }
                if self.hidden > 0 {
                    return;
                }
                match name {
                    "w:ins" | "w:moveTo" => self.inserted += 1,
                    "w:t" => self.in_text = true,
                    "w:tab" => self.current.push('\t'),
                    "w:br" | "w:cr" => self.current.push('\n'),
                    "w:noBreakHyphen" => self.current.push('\u{2011}'),
                    "w:softHyphen" => self.current.push('\u{ad}'),
                    // A text box inside a paragraph has paragraphs of its own.
                    "w:p" => self.end_paragraph(),
                    "w:footnoteReference" | "w:endnoteReference" => {
                        if let Some(id) = attribute(start, "w:id") {
                            self.current.push_str(&format!("[{id}]"));
                        }
                    }
                    _ => {}
                }
            }
            Node::End(name) => {
                if HIDDEN.contains(name) {
                    self.hidden = self.hidden.saturating_sub(1);
                }
                match *name {
                    "w:t" => self.in_text = false,
                    "w:p" => self.end_paragraph(),
                    "w:tc" if self.hidden == 0 => self.current.push('\t'),
                    _ => {}
                }
            }
            Node::Text(words) if self.in_text && self.hidden == 0 => self.current.push_str(words),
            Node::Text(_) => {}
        }
    }

    fn end_paragraph(&mut self) {
        self.paragraphs.push(std::mem::take(&mut self.current));
    }

    fn finish(mut self) -> Vec<String> {
        self.end_paragraph();
        self.paragraphs
    }
}

/// The notes of a part, each behind its number.
fn notes(name: &str, part: &str, xml: &[u8], element: &str) -> Result<Vec<String>, ArticleError> {
    let (mut notes, mut body, mut id) = (Vec::new(), Body::default(), None);
    walk(name, part, xml, &mut |node| {
        match &node {
            Node::Start(start) if start.name().as_ref() == element.as_bytes() => {
                // Separators are notes of a type of their own.
                id = attribute(start, "w:id").filter(|_| attribute(start, "w:type").is_none());
                body = Body::default();
            }
            Node::End(end) if *end == element => {
                let words = std::mem::take(&mut body).finish().join(" ");
                if let Some(id) = id.take() {
                    notes.push(format!("[{id}] {}", words.trim()));
                }
            }
            _ => body.visit(&node),
        }
    })?;
    Ok(notes)
}
