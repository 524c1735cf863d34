//! What Word and OpenDocument files have in common: a zip of XML. No DOCTYPE, no external entity, no deep nesting, no bomb.

use super::ArticleError;
use crate::formats::exchange::{
    ExchangeError,
    container::{Files as _, Zip},
};
use quick_xml::{Reader, events::BytesStart, events::Event};
use std::io::Cursor;

/// Most levels of elements.
const LEVELS: usize = 1_000;

/// A part of an office file.
pub(super) struct Package<'b> {
    name: &'b str,
    zip: Zip<Cursor<&'b [u8]>>,
}

impl<'b> Package<'b> {
    /// Opens an office file; `kind` is what it is called where it is something else.
    pub(super) fn open(name: &'b str, bytes: &'b [u8], kind: &str) -> Result<Self, ArticleError> {
        if !bytes.starts_with(b"PK") {
            let what = match bytes {
                [b'%', b'P', b'D', b'F', ..] => "it is a PDF",
                [0xD0, 0xCF, 0x11, 0xE0, ..] => "it is an office file of the kind before 2007, or encrypted: save it anew",
                [b'{', b'\\', b'r', b't', b'f', ..] => "it is rich text (RTF): save it anew",
                _ => "it is something else",
            };
            return Err(ArticleError::Damaged { name: name.to_owned(), what: format!("no {kind}, {what}") });
        }
        let zip = Zip::open(name, Cursor::new(bytes)).map_err(|error| match error {
            ExchangeError::Harmful { place, what } => ArticleError::Harmful { name: name.to_owned(), what: format!("{place}: {what}") },
            other => ArticleError::Damaged { name: name.to_owned(), what: other.to_string() },
        })?;
        Ok(Self { name, zip })
    }

    /// A part that may be missing.
    pub(super) fn part(&mut self, part: &str) -> Result<Option<Vec<u8>>, ArticleError> {
        if !self.zip.names().iter().any(|name| name == part) {
            return Ok(None);
        }
        self.zip.read(part).map(Some).map_err(|error| ArticleError::Damaged { name: self.name.to_owned(), what: error.to_string() })
    }

    /// A part that has to be there.
    pub(super) fn needed(&mut self, part: &str, kind: &str) -> Result<Vec<u8>, ArticleError> {
        self.part(part)?.ok_or_else(|| ArticleError::Damaged { name: self.name.to_owned(), what: format!("no {kind}: {part} is missing") })
    }
}

/// What a walk over XML meets.
pub(super) enum Node<'n> {
    /// An element begins.
    Start(&'n BytesStart<'n>),
    /// An element ends.
    End(&'n str),
    /// Words.
    Text(&'n str),
}

/// Walks over the XML of a part; names come with their prefixes, as all writers of these files use them.
pub(super) fn walk(name: &str, part: &str, xml: &[u8], visit: &mut dyn FnMut(Node<'_>)) -> Result<(), ArticleError> {
    let damaged = |at: u64, what: String| ArticleError::Damaged { name: name.to_owned(), what: format!("{part}, byte {at}: {what}") };
    let mut reader = Reader::from_reader(xml);
    let mut depth = 0_usize;
    loop {
        let at = reader.buffer_position();
        match reader.read_event().map_err(|error| damaged(at, error.to_string()))? {
            Event::DocType(_) => {
                return Err(ArticleError::Harmful {
                    name: name.to_owned(),
                    what: format!("{part} has a DOCTYPE, which office files never have"),
                });
            }
            Event::Start(start) => {
                depth += 1;
                if depth > LEVELS {
                    return Err(damaged(at, format!("more than {LEVELS} levels of elements")));
                }
                visit(Node::Start(&start));
            }
            Event::Empty(start) => {
                visit(Node::Start(&start));
                visit(Node::End(&String::from_utf8_lossy(start.name().as_ref())));
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                visit(Node::End(&String::from_utf8_lossy(end.name().as_ref())));
            }
            Event::Text(text) => visit(Node::Text(&text.decode().map_err(|error| damaged(at, error.to_string()))?)),
            Event::CData(text) => visit(Node::Text(&text.decode().map_err(|error| damaged(at, error.to_string()))?)),
            Event::GeneralRef(entity) => {
                let letter = match entity.resolve_char_ref().map_err(|error| damaged(at, error.to_string()))? {
                    Some(letter) => letter,
                    None => match &*entity {
                        b"amp" => '&',
                        b"lt" => '<',
                        b"gt" => '>',
                        b"quot" => '"',
                        b"apos" => '\'',
                        other => return Err(damaged(at, format!("the entity &{}; is not known", String::from_utf8_lossy(other)))),
                    },
                };
                visit(Node::Text(letter.encode_utf8(&mut [0; 4])));
            }
            Event::Eof if depth > 0 => return Err(damaged(at, "it ends in the middle".to_owned())),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The value of an attribute.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|attribute| attribute.key.as_ref() == name.as_bytes())?;
    Some(String::from_utf8_lossy(&found.value).into_owned())
}

/// The text of the first element of a name.
pub(super) fn text_of(name: &str, part: &str, xml: &[u8], element: &str) -> Result<String, ArticleError> {
    let (mut inside, mut found) = (false, String::new());
    walk(name, part, xml, &mut |node| match node {
        Node::Start(start) => inside |= start.name().as_ref() == element.as_bytes() && found.is_empty(),
        Node::End(end) if end == element => inside = false,
        Node::Text(words) if inside => found.push_str(words),
        _ => {}
    })?;
    Ok(found.trim().to_owned())
}
