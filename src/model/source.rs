//! Who speaks. There is no field for a confidential identity, on purpose.

use super::{Id, Kind, fields};

words! {
    /// What a source is, from the most to the least accountable.
    SourceKind {
        /// Somebody whom the article names.
        NamedPerson = "named_person",
        /// An organisation that speaks officially.
        Organisation = "organisation",
        /// A document that readers can look up.
        PublishedDocument = "published_document",
        /// A person whom the article does not name.
        Anonymous = "anonymous",
        /// A document that readers cannot see.
        ConfidentialDocument = "confidential_document",
        /// A leak without a visible origin.
        Leak = "leak",
        /// "Critics", "observers".
        VagueCollective = "vague_collective",
        /// Nobody is said to speak.
        Unstated = "unstated",
    }
}

impl SourceKind {
    /// Whether readers cannot identify it, so that an editor has to review it.
    pub fn is_anonymous(self) -> bool {
        matches!(self, Self::Anonymous | Self::ConfidentialDocument | Self::Leak)
    }
}

record! {
    /// Who is behind mentions, over all documents of the project. Holds only what the article prints.
    Source, Kind::Source, {
        /// Its id, a UUID v4.
        must id: Id<Source>,
        /// What colleagues call it: a printed name, or "Source A".
        must alias: String,
        /// What it is.
        must kind: SourceKind,
        /// The article's own description.
        may role: String,
        /// What may be shown to readers.
        may public_label: String,
    }
}

impl Source {
    /// Whether an editor has to review it. As long as colleagues have not agreed on what it is, one who calls it unnamed is enough:
    /// otherwise chance would decide which of their copies clears an article.
    pub fn is_unnamed(&self) -> bool {
        let unnamed = |json: &str| SourceKind::ALL.iter().any(|kind| kind.is_anonymous() && kind.word() == json.trim_matches('"'));
        let undecided = || self.conflicts.get("kind").and_then(|raw| fields::undecided(raw).ok()).unwrap_or_default();
        self.kind.is_anonymous() || undecided().iter().any(|(_, kind)| kind.as_deref().is_some_and(unnamed))
    }
}
