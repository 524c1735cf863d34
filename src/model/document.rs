//! Documents: an article's text with what is known of its publication.

use super::{Id, Kind, Text};

words! {
    /// How far the work on a document has come.
    Status {
        /// Not begun.
        New = "new",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// Marked as done.
        Done = "done",
    }
}

words! {
    /// The base direction of a document's paragraphs.
    Direction {
        /// Left to right.
        LeftToRight = "ltr",
        /// Right to left.
        RightToLeft = "rtl",
    }
}

part! {
    /// Where a text came from and what reading it changed.
    ImportRecord {
        /// SHA-256 of the original bytes, in hex.
        must sha256: String,
        /// The encoding that the bytes were read in, by its WHATWG name.
        must encoding: String,
        /// What changed: `bom`, `crlf`, `cr`.
        may changed: Vec<String>,
        /// The file's name without folders.
        may name: String,
    }
}

part! {
    /// An earlier text of the document.
    Revision {
        /// Full SHA-256 of the earlier text, in hex.
        must sha256: String,
        /// The day of the change, UTC.
        may date: String,
        /// Why it changed.
        may reason: String,
    }
}

record! {
    /// An article in a project. Its text never changes in place.
    Document, Kind::Document, {
        /// Its id, a UUID v4.
        must id: Id<Document>,
        /// The current text.
        must text: Id<Text>,
        /// What the article is called here.
        may title: String,
        /// Language of the copy, BCP 47.
        may language: String,
        /// Base direction; without it each paragraph's first strong letter decides.
        may direction: Option<Direction>,
        /// How far the work has come.
        must status: Status,
        /// Where the text came from.
        may imported: Option<ImportRecord>,
        /// Who published it.
        may outlet: String,
        /// Who wrote it.
        may byline: String,
        /// The desk that it belongs to.
        may desk: String,
        /// Where it was published.
        may address: String,
        /// When it was published, as the article says.
        may published: String,
        /// The language that it was translated from.
        may original_language: String,
        /// Who translated it.
        may translator: String,
        /// Earlier texts, oldest first.
        may revisions: Vec<Revision>,
    }
}
