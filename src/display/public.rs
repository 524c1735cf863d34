//! What everybody may see, as types that can hold nothing else: words of a closed list, made from its definition alone, and words that
//! an article prints, cut from its text alone.

use crate::model::{Annotation, AttributeDefinition, AttributeValue, Id, Label, Project, Source, SourceKind, news};
use serde::Serialize;
use std::{
    cell::OnceCell,
    collections::{BTreeMap, HashMap},
    ops::Range,
};

/// What a mention says of an unnamed source beyond its words: how it knows, why it is not named, on which terms it spoke, what it is.
const WITHHELD: [&str; 5] = ["basis", "reason", "reason_in_text", "terms", "source_class"];

/// A word of a closed list, as the list has it; the empty one stands for none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(transparent)]
pub struct Listed(String);

impl Listed {
    /// The word that a value is; `None` for free text, for what the list does not have, and for what is told of unnamed sources.
    pub fn of(definition: &AttributeDefinition, value: &AttributeValue) -> Option<Self> {
        if WITHHELD.contains(&definition.key.as_str()) {
            return None;
        }
        definition.word(value).map(|word| Self(word.to_owned()))
    }

    /// The word of an annotation's attribute; the empty one where it has none that may be shown.
    pub fn in_annotation(project: &Project, annotation: &Annotation, key: &str) -> Self {
        let definition = project.labels.get(&annotation.label).and_then(|label| label.attribute(key));
        definition.zip(annotation.attributes.get(key)).and_then(|(definition, value)| Self::of(definition, value)).unwrap_or_default()
    }

    /// The word as the list has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The word for people: `not_stated` is "not stated".
    pub fn spoken(&self) -> String {
        self.0.replace('_', " ")
    }
}

/// The words of closed lists that annotations of a label have.
pub fn listed<'v>(label: &Label, attributes: impl Iterator<Item = (&'v str, &'v AttributeValue)>) -> BTreeMap<String, Listed> {
    attributes
        .filter_map(|(key, value)| {
            let definition = label.attribute(key)?;
            Some((definition.key.clone(), Listed::of(definition, value)?))
        })
        .collect()
}

impl std::fmt::Display for Printed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Words that an article prints.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(transparent)]
pub struct Printed(String);

impl Printed {
    /// The words at a place, in bytes; `None` where the text has no such place.
    pub fn at(text: &str, bytes: Range<usize>) -> Option<Self> {
        text.get(bytes).map(|words| Self(words.to_owned()))
    }

    /// The words at several places, with a sign for what stands between them.
    pub fn parts(text: &str, bytes: impl Iterator<Item = Option<Range<usize>>>) -> Option<Self> {
        let words: Option<Vec<&str>> = bytes.map(|bytes| text.get(bytes?)).collect();
        words.map(|words| Self(words.join(" … ")))
    }

    /// The words of the first line that has some, at most 120 characters.
    pub fn first_line(text: &str) -> Self {
        let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        Self(line.chars().take(120).collect())
    }

    /// Words as they stand among these, whole ones only.
    pub fn within(&self, words: &str) -> Option<Self> {
        Article::new(&self.0).printed(words)
    }

    /// The words as the article prints them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text of an article, in which words are looked up.
#[derive(Debug)]
pub struct Article<'t> {
    text: &'t str,
    /// Where each word of the text begins, in bytes. Made for the first question.
    places: OnceCell<HashMap<&'t str, Vec<usize>>>,
}

/// Letters and digits; everything else parts words.
fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric()
}

impl<'t> Article<'t> {
    /// A text to look in.
    pub fn new(text: &'t str) -> Self {
        Self { text, places: OnceCell::new() }
    }

    /// Words as the article prints them, whole ones only; `None` where it does not. Signs at their ends do not count.
    pub fn printed(&self, words: &str) -> Option<Printed> {
        let words = words.trim_matches(|letter| !is_of_word(letter));
        let first = words.split(|letter| !is_of_word(letter)).next().filter(|first| !first.is_empty())?;
        let places = self.places.get_or_init(|| {
            let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
            let mut at = 0;
            for piece in self.text.split_inclusive(|letter| !is_of_word(letter)) {
                let word = piece.trim_end_matches(|letter| !is_of_word(letter));
                if !word.is_empty() {
                    places.entry(word).or_default().push(at);
                }
                at += piece.len();
            }
            places
        });
        let stands = |at: &&usize| {
            let rest = self.text.get(**at..).and_then(|rest| rest.strip_prefix(words));
            rest.is_some_and(|rest| rest.chars().next().is_none_or(|next| !is_of_word(next)))
        };
        let at = places.get(first)?.iter().find(stands)?;
        Printed::at(self.text, *at..*at + words.len())
    }
}

/// Whether readers know who a source is: a person, an organisation or a document that the article names. As long as colleagues have not
/// agreed on what it is, they do not.
pub fn is_named(source: &Source) -> bool {
    is_named_kind(source.kind) && source.conflicts.get("kind").is_none()
}

/// Whether a source of this kind is named.
pub fn is_named_kind(kind: SourceKind) -> bool {
    matches!(kind, SourceKind::NamedPerson | SourceKind::Organisation | SourceKind::PublishedDocument)
}

/// Whether an annotation of this label speaks of its source: a claim or a quote may print anybody's name.
pub fn is_phrase(label: &Id<Label>) -> bool {
    ![news::CLAIM, news::QUOTE].iter().any(|key| *label == news::label(key))
}

/// What an article is called for everybody: its title, but where that is the name of the file which it came from, its first line.
pub fn title(title: &str, file: Option<&str>, text: &str) -> String {
    let stem = |name: &str| name.rsplit_once('.').map_or(name.to_owned(), |(stem, _)| stem.to_owned());
    let is_file = file.is_some_and(|file| !file.is_empty() && (title == file || title == stem(file)));
    if is_file && Article::new(text).printed(title).is_none() { Printed::first_line(text).0 } else { title.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_that_are_printed_are_found() {
        let article = Article::new("A senior official, Ada Roe; “Port-Amsel” said. الوزارة نفت");
        let printed = |words: &str| article.printed(words).map(|printed| printed.as_str().to_owned());
        assert_eq!(printed("senior official").as_deref(), Some("senior official"));
        assert_eq!(printed("(Ada Roe)").as_deref(), Some("Ada Roe"));
        assert_eq!(printed("Port-Amsel").as_deref(), Some("Port-Amsel"));
        assert_eq!(printed("الوزارة").as_deref(), Some("الوزارة"));
        for not in ["offic", "enior official", "Ada Ro", "ada roe", "Ada  Roe", "", "—", "Port Amsel"] {
            assert_eq!(printed(not), None, "{not}");
        }
    }
}
