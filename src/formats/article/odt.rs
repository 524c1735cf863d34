//! OpenDocument text: paragraphs and headings, footnotes at the end. Deleted text, comments and the author's name stay behind.

use super::{
    ArticleError, Choices, Imported,
    docx::article,
    office::{Node, Package, attribute, text_of, walk},
};

/// Elements whose text is none: deleted text, comments, the number of a note where it stands.
const HIDDEN: [&str; 4] = ["text:tracked-changes", "office:annotation", "text:note-citation", "text:ruby-text"];

/// Most spaces that one element may stand for.
const SPACES: usize = 1_000;

/// Reads an OpenDocument text.
pub fn read(name: &str, bytes: &[u8], _choices: &Choices) -> Result<Imported, ArticleError> {
    let mut package = Package::open(name, bytes, "OpenDocument text")?;
    let content = package.needed("content.xml", "OpenDocument text")?;
    let (mut paragraphs, mut notes): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    // Open paragraphs, the innermost last: a note holds paragraphs inside a paragraph.
    let mut open: Vec<String> = Vec::new();
    let (mut hidden, mut note, mut comments, mut changes) = (0_usize, 0_usize, 0, 0);
    walk(name, "content.xml", &content, &mut |node| match node {
        Node::Start(start) => {
            let element = start.name();
            let element = std::str::from_utf8(element.as_ref()).unwrap_or_default();
            if HIDDEN.contains(&element) {
                hidden += 1;
            }
            comments += usize::from(element == "office:annotation");
            changes += usize::from(element == "text:changed-region");
            if hidden > 0 {
                return;
            }
            match element {
                "text:p" | "text:h" => open.push(String::new()),
                "text:note" => {
                    note += 1;
                    let number = notes.len() + note;
                    open.iter_mut().rev().take(1).for_each(|line| line.push_str(&format!("[{number}]")));
                }
                "text:s" => {
                    let count = attribute(start, "text:c").and_then(|count| count.parse::<usize>().ok()).unwrap_or(1).min(SPACES);
                    open.iter_mut().rev().take(1).for_each(|line| line.extend(std::iter::repeat_n(' ', count)));
                }
                "text:tab" => open.iter_mut().rev().take(1).for_each(|line| line.push('\t')),
                "text:line-break" => open.iter_mut().rev().take(1).for_each(|line| line.push('\n')),
                _ => {}
            }
        }
        Node::End(element) => {
            if HIDDEN.contains(&element) {
                hidden = hidden.saturating_sub(1);
            } else if hidden == 0 && matches!(element, "text:p" | "text:h") {
                let line = open.pop().unwrap_or_default();
                if note > 0 { notes.push(format!("[{}] {line}", notes.len() + 1)) } else { paragraphs.push(line) }
            } else if element == "text:note" && hidden == 0 {
                note = note.saturating_sub(1);
            }
        }
        Node::Text(words) if hidden == 0 => {
            // Line ends of the file are spaces; spaces of the text are elements of their own.
            if let Some(line) = open.last_mut() {
                for letter in words.chars() {
                    let blank = matches!(letter, ' ' | '\n' | '\r' | '\t');
                    if !(blank && line.ends_with([' ', '\n', '\t'])) {
                        line.push(if blank { ' ' } else { letter });
                    }
                }
            }
        }
        Node::Text(_) => {}
    })?;
    paragraphs.extend(notes);
    let title = match package.part("meta.xml")? {
        Some(xml) => text_of(name, "meta.xml", &xml, "dc:title")?,
        None => String::new(),
    };
    let mut warnings = Vec::new();
    if changes > 0 {
        warnings.push(format!("Tracked changes were taken as accepted: {changes} of them."));
    }
    if comments > 0 {
        warnings.push("The document's comments were left out.".to_owned());
    }
    article(name, bytes, "odt", &paragraphs, &title, warnings)
}
