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

/// How something goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// What may leave.
    pub profile: Profile,
    /// Whether public output has what the house calls its work too: the project's title, desks, names of files.
    pub house: bool,
    /// Chance from which the ids in public output are made: another one makes other ids.
    pub salt: [u8; 16],
}

impl Pass {
    /// Out by a profile; what the house calls its work stays in.
    pub fn new(profile: Profile, salt: [u8; 16]) -> Self {
        Self { profile, house: false, salt }
    }

    /// Whether the project's title, desks and names of files go out.
    pub fn tells_house(self) -> bool {
        self.house || self.profile != Profile::Public
    }
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
                "The articles with title, byline and where they ran, what is marked in them, and words of closed lists. A source without a \
                 name has a number that holds for one article. No alias, description, basis, reason, terms or class of it, no free text, \
                 notes, reviews, comments, initials or lasting ids. Project title, desks and file names stay in unless you choose."
            }
            Self::Desk => {
                "Also aliases and descriptions of sources, what was written in attributes, why stretches are left out, the state of reviews, \
                 and who marked what. No notes, no comments."
            }
            Self::Full => "Everything, with notes and comments. For the desk's own records.",
        }
    }

    /// What a report holds, for people.
    pub fn holds(self) -> &'static str {
        match self {
            Self::Public => {
                "What the articles print of unnamed sources, what rests on them, totals, and whether they are cleared. No alias, no review, no \
                 notes, no words that are not in the article any more. The project's title stays in unless you choose."
            }
            Self::Desk => {
                "Also the aliases, terms, checklist answers, outcomes, decisions with initials and roles, and what stands in the way. No notes, no comments."
            }
            Self::Full => "Also every note and comment. For the desk's own records.",
        }
    }
}
