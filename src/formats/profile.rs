//! Profiles of what leaves the project: for everybody, for the desk, for its own records.

/// Which fields a report or an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// What everybody may read.
    #[default]
    Public,
    /// The review, without notes.
    Desk,
    /// Everything.
    Full,
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Public, Self::Desk, Self::Full];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Desk => "desk",
            Self::Full => "full",
        }
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "Public",
            Self::Desk => "Desk",
            Self::Full => "Full",
        }
    }

    /// What an export lets out, for people.
    pub fn lets_out(self) -> &'static str {
        match self {
            Self::Public => {
                "What the articles print and what is marked in them. Unnamed sources are numbered. No alias of them, no notes, reviews, comments or initials."
            }
            Self::Desk => "Also aliases, the state of reviews, and who marked what. No notes, no comments.",
            Self::Full => "Everything, with notes and comments. For the desk's own records.",
        }
    }

    /// What a report holds, for people.
    pub fn holds(self) -> &'static str {
        match self {
            Self::Public => {
                "What the articles print of unnamed sources, what rests on them, totals, and whether they are cleared. No alias, no review, no notes."
            }
            Self::Desk => {
                "Also the aliases, terms, checklist answers, outcomes, decisions with initials and roles, and what stands in the way. No notes, no comments."
            }
            Self::Full => "Also every note and comment. For the desk's own records.",
        }
    }
}
