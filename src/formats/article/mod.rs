//! Articles in: the text of files as they arrive in newsrooms, with what they say of themselves. The original's hash is recorded.

pub mod docx;
pub mod html;
pub mod markdown;
pub mod mhtml;
pub mod odt;
pub mod office;
pub mod pdf;
pub mod text;

pub use text::{decode, paste, read};

use super::{
    Format, Glimpse, Reader, Writer,
    exchange::{feature::How, verify::Convention},
};
use crate::model::ImportRecord;
use std::collections::BTreeMap;

/// An article, ready to be added.
#[derive(Debug, Clone)]
pub struct Article {
    /// A title for it: the first line where that looks like one, else the file's name.
    pub title: String,
    /// The text, lines ended by LF. No-break spaces, joiners, marks and bidi controls are as they were.
    pub content: String,
    /// Where it came from.
    pub imported: ImportRecord,
}

/// Why bytes are no article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArticleError {
    /// Nothing in it.
    #[error("{name} is empty")]
    Empty {
        /// The file's name.
        name: String,
    },
    /// Pictures, archives, office files.
    #[error("{name} is not a text file")]
    Binary {
        /// The file's name.
        name: String,
    },
    /// Over the limit.
    #[error("{name} is larger than {} MB", limit >> 20)]
    TooLarge {
        /// The file's name.
        name: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// Not what its name says, or cut off.
    #[error("{name}: {what}")]
    Damaged {
        /// The file's name.
        name: String,
        /// What is wrong, with a place.
        what: String,
    },
    /// Something that could harm.
    #[error("{name} is refused: {what}")]
    Harmful {
        /// The file's name.
        name: String,
        /// What it would do.
        what: String,
    },
    /// A scan, or an empty page.
    #[error("{name} has no text that can be read")]
    NoText {
        /// The file's name.
        name: String,
    },
    /// The chosen encoding does not fit.
    #[error("{name} cannot be read as {encoding}")]
    WrongEncoding {
        /// The file's name.
        name: String,
        /// The encoding.
        encoding: String,
    },
}

impl ArticleError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "There is nothing to annotate in it.",
            Self::Binary { .. } => "Onrecord reads text, Markdown, HTML, Word, OpenDocument, saved pages and PDF. Or paste the text.",
            Self::Damaged { .. } => "Check that the file is complete and that its name ends as its kind does.",
            Self::Harmful { .. } => "Ask its sender for a clean file, or paste the text.",
            Self::NoText { .. } => "It may be a scan: recognise its text with another program first, or paste it.",
            Self::TooLarge { .. } => "Split it into several files.",
            Self::WrongEncoding { .. } => "Choose another encoding, or let the app find it.",
        }
    }
}

/// The encodings offered for choice, by their WHATWG names.
pub const ENCODINGS: [&str; 14] = [
    "UTF-8",
    "UTF-16LE",
    "UTF-16BE",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1255",
    "windows-1256",
    "ISO-8859-2",
    "KOI8-R",
    "Shift_JIS",
    "EUC-KR",
    "GBK",
    "Big5",
];

/// How much of a web page is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// What looks like the article.
    #[default]
    Article,
    /// All its text.
    Page,
}

/// What the user chose for reading an article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// The encoding; `None` finds it.
    pub encoding: Option<String>,
    /// How much of a web page is taken.
    pub extent: Extent,
    /// Only the part of a web page that this CSS selector names.
    pub selector: Option<String>,
    /// Whether Markdown is taken as it is written instead of rendered.
    pub raw: bool,
}

/// An article with what its file says of it.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The article.
    pub article: Article,
    /// Properties of the document by their words in the project file: `byline`, `outlet`, …
    pub details: BTreeMap<String, String>,
    /// What the user should look at, in sentences.
    pub warnings: Vec<String>,
}

impl Imported {
    /// An article that says nothing of itself.
    pub fn plain(article: Article) -> Self {
        Self { article, details: BTreeMap::new(), warnings: Vec::new() }
    }
}

/// Plain text. Reads whatever no other format wants.
pub const TEXT: Format = Format {
    name: "text",
    title: "Plain text",
    about: "An article as text, in any common encoding.",
    endings: &["txt", "text"],
    main: "",
    is_folder: false,
    is_archive: false,
    convention: Convention::SCALAR,
    carries: |_| How::Kept,
    alone: None,
    read: Reader::Article(text::read_text),
    write: Writer::None,
    detect: |glimpse: &Glimpse<'_>| glimpse.is_file(),
};

/// OpenDocument text.
pub const ODT: Format = Format {
    name: "odt",
    title: "OpenDocument text",
    about: "An article written in LibreOffice.",
    endings: &["odt"],
    is_archive: true,
    read: Reader::Article(odt::read),
    detect: |glimpse: &Glimpse<'_>| glimpse.ends(&["odt"]),
    ..TEXT
};

/// A page saved by a browser.
pub const MHTML: Format = Format {
    name: "mhtml",
    title: "Saved page (MHTML)",
    about: "A web page that a browser saved as one file.",
    endings: &["mhtml", "mht"],
    read: Reader::Article(mhtml::read),
    detect: |glimpse: &Glimpse<'_>| glimpse.is_file() && glimpse.ends(&["mhtml", "mht"]),
    ..TEXT
};

/// PDF with a text layer.
pub const PDF: Format = Format {
    name: "pdf",
    title: "PDF",
    about: "The text layer of a PDF; columns and hyphens need a look.",
    endings: &["pdf"],
    read: Reader::Article(pdf::read),
    detect: |glimpse: &Glimpse<'_>| glimpse.is_file() && (glimpse.ends(&["pdf"]) || glimpse.head.starts_with(b"%PDF-")),
    ..TEXT
};

/// The record of a text that was taken out of another kind of file.
fn converted(name: &str, bytes: &[u8], kind: &str, encoding: &str) -> ImportRecord {
    ImportRecord {
        sha256: crate::model::text_record::sha256_hex(bytes),
        encoding: encoding.to_owned(),
        changed: vec![kind.to_owned()],
        name: name.to_owned(),
        extra: crate::model::Extra::default(),
    }
}

/// A text with its headline on top: what is a claim of the headline can be marked then.
fn with_headline(title: &str, content: String) -> String {
    let folded = |words: &str| words.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let begins: String = content.lines().filter(|line| !line.trim().is_empty()).take(3).collect();
    let (headline, begins) = (folded(title), folded(&begins));
    if headline.is_empty() || begins.contains(&headline) { content } else { format!("{}\n\n{content}", title.trim()) }
}
