//! Markdown, rendered to its text or as it is written.

use super::{Article, ArticleError, Choices, Imported, html::Paragraphs, text};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Reads Markdown.
pub fn read(name: &str, bytes: &[u8], choices: &Choices) -> Result<Imported, ArticleError> {
    let raw = text::read(name, bytes, choices.encoding.as_deref())?;
    if choices.raw {
        return Ok(Imported::plain(raw));
    }
    let mut out = Paragraphs::default();
    let (mut code, mut hidden, mut note) = (false, false, false);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    for event in Parser::new_ext(&raw.content, options) {
        match event {
            Event::Start(Tag::MetadataBlock(_)) => hidden = true,
            Event::End(TagEnd::MetadataBlock(_)) => hidden = false,
            Event::Start(Tag::CodeBlock(_)) => {
                out.paragraph();
                code = true;
            }
            Event::End(TagEnd::CodeBlock) => {
                out.paragraph();
                code = false;
            }
            // The paragraph of a note goes on behind its number.
            Event::Start(Tag::Paragraph) if std::mem::take(&mut note) => {}
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Item | Tag::TableRow | Tag::TableHead | Tag::BlockQuote(_))
            | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead)
            | Event::Rule => out.paragraph(),
            Event::End(TagEnd::TableCell) => out.words(" ", false),
            Event::Text(words) | Event::Code(words) if !hidden => out.words(&words, code),
            Event::FootnoteReference(name) => out.words(&format!("[{name}]"), false),
            Event::Start(Tag::FootnoteDefinition(name)) => {
                out.paragraph();
                out.words(&format!("[{name}] "), false);
                note = true;
            }
            Event::SoftBreak => out.words(" ", false),
            Event::HardBreak => out.line(),
            _ => {}
        }
    }
    let content = out.finish();
    if content.trim().is_empty() {
        return Err(ArticleError::Empty { name: name.to_owned() });
    }
    let mut imported = raw.imported;
    imported.changed.push("markdown".to_owned());
    Ok(Imported::plain(Article { title: raw.title, content, imported }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_rendered_or_left_as_it_is() {
        let source = "---\ntitle: x\n---\n# Port strike\n\nThe **union** [said](https://example.org) so.\nIt\n did.\n\n- one\n- two\n\n> quoted[^1]\n\n[^1]: Note.\n";
        let rendered = read("a.md", source.as_bytes(), &Choices::default()).unwrap().article;
        assert_eq!(rendered.title, "Port strike");
        assert_eq!(rendered.content, "Port strike\n\nThe union said so. It did.\n\none\n\ntwo\n\nquoted[1]\n\n[1] Note.\n");
        let raw = read("a.md", source.as_bytes(), &Choices { raw: true, ..Choices::default() }).unwrap().article;
        assert_eq!(raw.content, source);
    }
}
