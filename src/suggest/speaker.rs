//! Who a subject is: a name, an organisation, somebody unnamed; and which source of the registry that may be.

use super::{
    cues::{Cues, Role},
    quotes::{Token, tokens},
    structure::Surroundings,
};
use crate::{
    edit::Speaker,
    model::{Id, Project, Source, SourceKind},
};
use std::ops::Range;

/// What a subject says of who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The name, or what it is called: `Mara Oduya`, `port authority`.
    pub name: String,
    /// What it is.
    pub kind: SourceKind,
    /// Whether it points back to somebody mentioned before.
    pub points_back: bool,
    /// Whether a pronoun stands for it.
    pub is_pronoun: bool,
    /// The noun that tells what it is, lower case.
    head: String,
}

/// Reads a subject.
pub fn describe(text: &str, subject: &Range<usize>, cues: &Cues) -> Described {
    let words = tokens(text, subject);
    let plain = words.first().filter(|_| words.len() == 1).filter(|word| cues.is(&word.lower, Role::Pronoun));
    let first = words.first().map_or("", |word| word.lower.as_str());
    let article = ["the", "a", "an", "its", "their", "his", "her"].contains(&first);
    let core_end = words.iter().position(|word| cues.is(&word.lower, Role::Modifier) && !word.capital).unwrap_or(words.len());
    let core = words.get(..core_end.max(1)).unwrap_or(&words);
    // "union president": the union is no head there.
    let titled = |at: usize| core.get(at + 1).is_some_and(|next| cues.is(&next.lower, Role::Title));
    let head = core.iter().enumerate().rev().find_map(|(at, word)| cues.head(&word.lower).filter(|_| !titled(at)).map(|kind| (word, kind)));
    let name = name_in(text, &words, cues);
    let points_back = core.iter().any(|word| cues.is(&word.lower, Role::Definite));
    let is_confidential = words.iter().any(|word| cues.is(&word.lower, Role::Confidential));
    let whole = text.get(subject.clone()).unwrap_or_default();
    let without_article = core.get(usize::from(article)..).filter(|rest| !rest.is_empty()).unwrap_or(core);
    let phrase = |words: &[Token]| match (words.first(), words.last()) {
        (Some(first), Some(last)) => text.get(first.bytes.start..last.bytes.end).unwrap_or_default().to_owned(),
        _ => whole.to_owned(),
    };
    // "official Mara Oduya" is named; "the Lebanese official" is not, and neither is "Critics".
    let is_named = |name: &Range<usize>| match &head {
        Some((head, _)) => name.start >= head.bytes.end || (name.start < head.bytes.start && name.end >= head.bytes.end),
        None => true,
    };
    let name = name.filter(is_named);
    let noun = head.map_or_else(String::new, |(word, _)| word.lower.clone());
    let (name, kind) = match (head, name) {
        (Some((_, SourceKind::PublishedDocument)), _) => {
            (phrase(without_article), if is_confidential { SourceKind::ConfidentialDocument } else { SourceKind::PublishedDocument })
        }
        (Some((_, SourceKind::Organisation)), Some(name)) => (text.get(name).unwrap_or_default().to_owned(), SourceKind::Organisation),
        (Some((_, SourceKind::Anonymous)), None) => (phrase(words.get(usize::from(article)..).unwrap_or(&words)), SourceKind::Anonymous),
        (_, Some(name)) => (text.get(name).unwrap_or_default().to_owned(), SourceKind::NamedPerson),
        (Some((_, kind)), None) => (phrase(without_article), kind),
        // Scripts without capitals: nothing tells a name, so the whole phrase is taken for one.
        (None, None) if !article && !words.iter().any(|word| word.lower.is_ascii()) => (whole.to_owned(), SourceKind::NamedPerson),
        (None, None) => (phrase(without_article), SourceKind::Organisation),
    };
    Described { name, kind, points_back, is_pronoun: plain.is_some(), head: noun }
}

/// The longest run of capitalised words, titles left out.
fn name_in(text: &str, words: &[Token], cues: &Cues) -> Option<Range<usize>> {
    let mut runs: Vec<&[Token]> = Vec::new();
    let mut start = 0;
    for at in 0..=words.len() {
        let joins = |one: &Token, two: &Token| {
            let between = text.get(one.bytes.end..two.bytes.start).unwrap_or_default();
            between.chars().all(|mark| mark == ' ' || mark == '-' || mark == '.' || mark == '’' || mark == '\u{a0}')
        };
        let is_name = |at: usize| {
            words.get(at).is_some_and(|word| {
                word.capital
                    && !cues.is(&word.lower, Role::Title)
                    && !cues.is(&word.lower, Role::Definite)
                    && !cues.is(&word.lower, Role::Pronoun)
            })
        };
        // "Association of Quay Merchants"
        let is_link = |at: usize| {
            at > start
                && words.get(at).is_some_and(|word| ["of", "al", "de", "van", "von", "der", "bin", "la"].contains(&word.lower.as_str()))
                && is_name(at + 1)
                && cues.head(words.get(start).map_or("", |word| word.lower.as_str())).is_some_and(|kind| kind == SourceKind::Organisation)
        };
        let goes_on = at < words.len()
            && (is_name(at) || is_link(at))
            && (at == start || words.get(at - 1).zip(words.get(at)).is_some_and(|(one, two)| joins(one, two)));
        if !goes_on {
            if at > start {
                runs.extend(words.get(start..at));
            }
            start = if is_name(at) { at } else { at + 1 };
        }
    }
    let first_word = words.first()?.bytes.start;
    let is_article = |run: &[Token]| {
        run.len() == 1 && run.first().is_some_and(|word| ["the", "a", "an", "two", "three", "one"].contains(&word.lower.as_str()))
    };
    runs.retain(|run| !is_article(run));
    // The first word of a sentence has a capital anyway: it is no name beside a longer one.
    let best = runs
        .iter()
        .find(|run| run.len() > 1)
        .or_else(|| runs.iter().rev().find(|run| run.first().is_some_and(|word| word.bytes.start != first_word)))
        .or(runs.first())?;
    let (first, last) = (best.first()?, best.last()?);
    let start =
        if best.len() > 1 && ["the", "a", "an"].contains(&first.lower.as_str()) { best.get(1)?.bytes.start } else { first.bytes.start };
    Some(start..last.bytes.end)
}

/// Who a subject may be, the likeliest first: sources of the registry, and somebody new.
pub fn candidates(project: &Project, described: &Described, around: &Surroundings<'_>, cues: &Cues) -> Vec<Speaker> {
    let mut found: Vec<Speaker> = Vec::new();
    let mut add = |speaker: Speaker| {
        if !found.contains(&speaker) {
            found.push(speaker);
        }
    };
    let known = |id: &Id<Source>| Speaker::Known(id.clone());
    let mentioned: Vec<&Source> = around.mentioned.iter().filter_map(|id| project.sources.get(id)).map(|source| &**source).collect();
    let is_person = |source: &Source| matches!(source.kind, SourceKind::NamedPerson | SourceKind::Anonymous);
    if described.is_pronoun {
        mentioned.iter().filter(|source| is_person(source)).take(4).for_each(|source| add(known(&source.id)));
        return found;
    }
    let is_anonymous = described.kind.is_anonymous();
    let new = Speaker::New {
        alias: if is_anonymous { next_alias(project, cues) } else { described.name.clone() },
        kind: described.kind,
        role: if is_anonymous { described.name.to_lowercase() } else { String::new() },
    };
    if is_anonymous {
        if described.points_back {
            let same = |source: &&&Source| source.kind.is_anonymous() && source.role.to_lowercase().contains(&described.head);
            mentioned.iter().filter(same).for_each(|source| add(known(&source.id)));
            mentioned.iter().filter(|source| source.kind.is_anonymous()).for_each(|source| add(known(&source.id)));
            add(new);
        } else {
            add(new);
            mentioned.iter().filter(|source| source.kind == described.kind).take(4).for_each(|source| add(known(&source.id)));
        }
        return found;
    }
    let wanted = described.name.to_lowercase();
    let fits = |source: &Source| {
        let alias = source.alias.to_lowercase();
        let last = |name: &str| name.split_whitespace().next_back().unwrap_or_default().to_owned();
        !source.kind.is_anonymous()
            && (alias == wanted
                || last(&alias) == last(&wanted)
                || (wanted.chars().count() > 3 && (alias.contains(&wanted) || wanted.contains(&alias))))
    };
    let mut all: Vec<&Source> = project.sources.iter().map(|source| &**source).filter(|source| fits(source)).collect();
    all.sort_by_key(|source| (source.alias.to_lowercase() != wanted, source.alias.clone()));
    for source in &all {
        add(known(&source.id));
    }
    if described.points_back && described.kind == SourceKind::Organisation && all.is_empty() {
        mentioned.iter().filter(|source| source.kind == SourceKind::Organisation).take(2).for_each(|source| add(known(&source.id)));
    }
    add(new);
    found
}

/// The next free name for an anonymous source: Source A to Source Z, then Source 27.
pub fn next_alias(project: &Project, cues: &Cues) -> String {
    let word = &cues.anonymous_alias;
    let letters = ('A'..='Z').map(|letter| format!("{word} {letter}"));
    let taken: std::collections::BTreeSet<&str> = project.sources.iter().map(|source| source.alias.as_str()).collect();
    let mut names = letters.chain((27..).map(|number| format!("{word} {number}")));
    names.find(|name| !taken.contains(name.as_str())).unwrap_or_else(|| word.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subject: &str, name: &str, kind: SourceKind) {
        let described = describe(subject, &(0..subject.len()), &Cues::default());
        assert_eq!((described.name.as_str(), described.kind), (name, kind), "{subject}");
    }

    #[test]
    fn names_organisations_and_the_unnamed_are_told_apart() {
        check("Union president Mara Oduya", "Mara Oduya", SourceKind::NamedPerson);
        check("Economist Piet Lindqvist of the Coastal Institute", "Piet Lindqvist", SourceKind::NamedPerson);
        check("Dr. Hana Weiss, its regional head", "Hana Weiss", SourceKind::NamedPerson);
        check("Oduya", "Oduya", SourceKind::NamedPerson);
        check("the City Tide Office", "City Tide Office", SourceKind::Organisation);
        check("The company", "company", SourceKind::Organisation);
        check(
            "a senior ministry official who has seen the draft",
            "senior ministry official who has seen the draft",
            SourceKind::Anonymous,
        );
        check(
            "A Lebanese official knowledgeable about Hamas’ relations",
            "Lebanese official knowledgeable about Hamas’ relations",
            SourceKind::Anonymous,
        );
        check("Sources close to the operator", "Sources close to the operator", SourceKind::Anonymous);
        check("an internal forecast of the operator", "internal forecast", SourceKind::ConfidentialDocument);
        check("Critics", "Critics", SourceKind::VagueCollective);
        check("رنا الخطيب", "رنا الخطيب", SourceKind::NamedPerson);
    }
}
