//! The words that report speech and tell who speaks: data, so that a newsroom can change them.

use crate::model::SourceKind;
use serde::Deserialize;
use std::{collections::HashMap, fmt};

/// The cues that the app comes with.
pub const NEWS: &str = include_str!("../../assets/cues/news.json");

/// Largest file of cues that is read.
const LARGEST: usize = 1 << 20;

/// Words that report speech, all with the same stance and act.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    /// The words in all their forms, lower case.
    pub words: Vec<String>,
    /// The value of the attribution's attribute `stance`.
    pub stance: String,
    /// The value of the attribution's attribute `act`.
    pub act: String,
    /// Whether the source always follows: "according to".
    #[serde(default)]
    pub before_source: bool,
}

/// Nouns that tell what a source is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heads {
    anonymous: Vec<String>,
    organisation: Vec<String>,
    document: Vec<String>,
    confidential: Vec<String>,
    vague: Vec<String>,
}

/// All of it, as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    cues: Vec<Cue>,
    joined_prefixes: Vec<String>,
    introducers: Vec<String>,
    pronouns: Vec<String>,
    definite: Vec<String>,
    modifiers: Vec<String>,
    stops: Vec<String>,
    openers: Vec<String>,
    titles: Vec<String>,
    heads: Heads,
    anonymous_alias: String,
}

/// What a word does in a report of speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Introduces the content: "that".
    Introducer,
    /// Stands for somebody named before: "she".
    Pronoun,
    /// Points back: "the", "same".
    Definite,
    /// Begins what describes a noun further: "with", "who".
    Modifier,
    /// Ends the phrase of a source: "during", "after".
    Stop,
    /// Begins a clause without being part of its subject: "but".
    Opener,
    /// Stands before a name: "Dr.", "Mayor".
    Title,
    /// Makes a document confidential: "leaked".
    Confidential,
}

/// Why a file of cues cannot be used. The cues that the app comes with are used instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CueError {
    /// The JSON is broken, or a field is.
    #[error("the cues cannot be read at line {line}, column {column}: {what}")]
    Broken {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        what: String,
    },
    /// A word stands in two cues, or is empty.
    #[error("the cue {word:?} {what}")]
    Word {
        /// The word.
        word: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Too large to be a list of words.
    #[error("the cues are larger than 1 MB")]
    TooLarge,
}

impl CueError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        "Correct the place, or take the cues that the app comes with: onrecord suggest --list."
    }
}

/// The cues, ready to be looked up.
#[derive(Debug, Clone)]
pub struct Cues {
    listed: Vec<Cue>,
    by_word: HashMap<String, usize>,
    /// Cues of several words: the words, which cue.
    phrases: Vec<(Vec<String>, usize)>,
    roles: HashMap<String, Vec<Role>>,
    heads: HashMap<String, SourceKind>,
    joined_prefixes: Vec<String>,
    /// What new anonymous sources are called, before their letter.
    pub anonymous_alias: String,
}

/// A cue that was found: which, and how many words it has.
#[derive(Debug, Clone, Copy)]
pub struct Found<'c> {
    /// The cue.
    pub cue: &'c Cue,
    /// How many words it takes.
    pub words: usize,
}

impl Cues {
    /// Reads a file of cues.
    pub fn read(json: &str) -> Result<Self, CueError> {
        if json.len() > LARGEST {
            return Err(CueError::TooLarge);
        }
        let written: Written = serde_json::from_str(json).map_err(|error| {
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default().to_owned();
            CueError::Broken { line: error.line(), column: error.column(), what }
        })?;
        let mut cues = Self {
            by_word: HashMap::new(),
            phrases: Vec::new(),
            roles: HashMap::new(),
            heads: HashMap::new(),
            joined_prefixes: written.joined_prefixes,
            anonymous_alias: written.anonymous_alias,
            listed: written.cues,
        };
        for (at, cue) in cues.listed.iter().enumerate() {
            for word in &cue.words {
                let parts: Vec<String> = word.split_whitespace().map(str::to_lowercase).collect();
                match parts.as_slice() {
                    [] => return Err(CueError::Word { word: word.clone(), what: "is empty" }),
                    [one] => {
                        if cues.by_word.insert(one.clone(), at).is_some() {
                            return Err(CueError::Word { word: word.clone(), what: "stands twice" });
                        }
                    }
                    _ => cues.phrases.push((parts, at)),
                }
            }
        }
        let roles = [
            (written.introducers, Role::Introducer),
            (written.pronouns, Role::Pronoun),
            (written.definite, Role::Definite),
            (written.modifiers, Role::Modifier),
            (written.stops, Role::Stop),
            (written.openers, Role::Opener),
            (written.titles, Role::Title),
            (written.heads.confidential, Role::Confidential),
        ];
        for (words, role) in roles {
            for word in words {
                cues.roles.entry(word.to_lowercase()).or_default().push(role);
            }
        }
        let heads = [
            (written.heads.anonymous, SourceKind::Anonymous),
            (written.heads.organisation, SourceKind::Organisation),
            (written.heads.document, SourceKind::PublishedDocument),
            (written.heads.vague, SourceKind::VagueCollective),
        ];
        for (words, kind) in heads {
            for word in words {
                cues.heads.entry(word.to_lowercase()).or_insert(kind);
            }
        }
        Ok(cues)
    }

    /// The cue that begins with the first of some lower-case words.
    pub fn at<'w>(&self, mut words: impl Iterator<Item = &'w str> + Clone) -> Option<Found<'_>> {
        let all = words.clone();
        for (phrase, at) in &self.phrases {
            if phrase.iter().map(String::as_str).eq(all.clone().take(phrase.len())) {
                return Some(Found { cue: self.listed.get(*at)?, words: phrase.len() });
            }
        }
        let first = words.next()?;
        let plain = || self.joined_prefixes.iter().find_map(|prefix| self.by_word.get(first.strip_prefix(prefix.as_str())?));
        let at = self.by_word.get(first).or_else(plain)?;
        Some(Found { cue: self.listed.get(*at)?, words: 1 })
    }

    /// Whether a lower-case word has a role.
    pub fn is(&self, word: &str, role: Role) -> bool {
        self.roles.get(word).is_some_and(|roles| roles.contains(&role))
    }

    /// What kind of source a lower-case noun names.
    pub fn head(&self, word: &str) -> Option<SourceKind> {
        self.heads.get(word).copied()
    }

    /// How many cues there are, over all their forms.
    pub fn len(&self) -> usize {
        self.by_word.len() + self.phrases.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for Cues {
    /// The cues that the app comes with; a test reads them.
    fn default() -> Self {
        Self::read(NEWS).unwrap_or_else(|_| Self {
            listed: Vec::new(),
            by_word: HashMap::new(),
            phrases: Vec::new(),
            roles: HashMap::new(),
            heads: HashMap::new(),
            joined_prefixes: Vec::new(),
            anonymous_alias: "Source".to_owned(),
        })
    }
}

impl fmt::Display for Cue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, {}", self.words.join(", "), self.stance, self.act)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cues_of_the_app_are_read() {
        let cues = Cues::read(NEWS).unwrap();
        assert!(cues.len() > 150, "{}", cues.len());
        assert_eq!(cues.at(["according", "to", "him"].into_iter()).map(|found| found.words), Some(2));
        assert_eq!(cues.at(["وأضاف"].into_iter()).map(|found| found.cue.stance.as_str()), Some("neutral"));
        assert_eq!(cues.head("official"), Some(SourceKind::Anonymous));
    }

    #[test]
    fn a_broken_file_says_where() {
        let broken = NEWS.replacen("\"stance\":\"neutral\",", "\"stance\":,", 1);
        match Cues::read(&broken) {
            Err(CueError::Broken { line: 4, column, .. }) => assert!(column > 40),
            other => panic!("{other:?}"),
        }
        let twice = NEWS.replacen("\"tells\"", "\"said\"", 1);
        assert!(matches!(Cues::read(&twice), Err(CueError::Word { word, .. }) if word == "said"));
        assert!(matches!(Cues::read("{}"), Err(CueError::Broken { .. })));
        assert!(matches!(Cues::read(&" ".repeat(2 << 20)), Err(CueError::TooLarge)));
    }
}
