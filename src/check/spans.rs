//! Texts against their hashes, ranges against texts, quotes against ranges.

use crate::{
    anchor::{Placement, placement},
    model::{Annotation, Id, Issue, Project, Severity, Text},
    text::{CharOffset, boundary::is_grapheme_boundary},
};
use rayon::prelude::*;
use std::sync::Arc;

/// Checks every text, annotation and omission.
pub fn check(project: &Project) -> Vec<Issue> {
    let annotations: Vec<&Arc<Annotation>> = project.annotations.iter().collect();
    let (texts, places) = rayon::join(
        || project.texts.iter().filter_map(|text| check_text(text)).collect::<Vec<_>>(),
        || annotations.par_iter().filter_map(|annotation| check_annotation(project, annotation)).collect::<Vec<_>>(),
    );
    let mut issues = texts;
    issues.extend(places);
    for omission in project.omissions.iter() {
        let fits = project
            .texts
            .get(&omission.text)
            .is_some_and(|text| omission.ranges.is_well_formed() && omission.ranges.bounds().end <= text.index.len());
        if !fits {
            issues.push(Issue {
                severity: Severity::Fault,
                rule: "unplaced",
                record: Some(omission.id.key().clone()),
                place: place(project, &omission.document, &omission.text, omission.ranges.bounds().start),
                message: "An omission lies outside its text.".to_owned(),
                hint: "Remove it with the command remove_omission.".to_owned(),
            });
        }
    }
    issues
}

/// Whether a text still has the words that it is named by.
fn check_text(text: &Text) -> Option<Issue> {
    (Text::id_of(&text.content) != text.id).then(|| Issue {
        severity: Severity::Fault,
        rule: "text_changed",
        record: Some(text.id.key().clone()),
        place: String::new(),
        message: format!("The words of the text {} are not those that were annotated.", text.id),
        hint: "The file was changed by hand. Take the text from your backup or from the original article.".to_owned(),
    })
}

/// What is wrong with the place of one annotation.
pub fn check_annotation(project: &Project, annotation: &Annotation) -> Option<Issue> {
    let text = project.texts.get(&annotation.text)?;
    let at = || place(project, &annotation.document, &annotation.text, annotation.ranges.bounds().start);
    let issue = |severity, rule, message: String, hint: &str| {
        let record = Some(annotation.id.key().clone());
        Some(Issue { severity, rule, record, place: at(), message, hint: hint.to_owned() })
    };
    match placement(&annotation.ranges, &annotation.quote, text) {
        Placement::Unplaced => issue(
            Severity::Fault,
            "unplaced",
            format!("The annotation of “{}” lies outside its text.", shortened(annotation)),
            "Repair it: the quoted words are looked for in the article.",
        ),
        Placement::Misquoted => issue(
            Severity::Fault,
            "quote_differs",
            format!("The annotation quotes “{}”, but other words stand there.", shortened(annotation)),
            "Repair it: move it to the quoted words, or take the words at its place.",
        ),
        Placement::Placed => {
            let whole = |offset: CharOffset| is_grapheme_boundary(&text.content, text.index.byte_from_char(&text.content, offset));
            let cut = !text.index.is_ascii() && annotation.ranges.iter().any(|range| !whole(range.start) || !whole(range.end));
            if !cut {
                return None;
            }
            issue(
                Severity::Warning,
                "cuts_letter",
                "An end lies inside a letter with its accent.".to_owned(),
                "Move the end by one letter.",
            )
        }
    }
}

/// A place for people: the document's title and the paragraph.
pub fn place(project: &Project, document: &Id<crate::model::Document>, text: &Id<Text>, offset: CharOffset) -> String {
    let title = project.documents.get(document).map_or("missing document", |document| document.title.as_str());
    match project.texts.get(text) {
        Some(text) => {
            format!("{title} ¶ {}", text.index.number_from_char(&text.content, offset))
        }
        None => title.to_owned(),
    }
}

/// The words of an annotation as [`shorten`] leaves them; no more of them is copied than is shown.
pub fn shortened(annotation: &Annotation) -> String {
    let mut words = String::new();
    for (at, part) in annotation.quote.iter().enumerate() {
        words.push_str(if at > 0 { " … " } else { "" });
        words.extend(part.chars().take(SHORT + 1));
        if part.len() > SHORT * 4 {
            break;
        }
    }
    shorten(&words)
}

/// Characters of words that a message quotes.
const SHORT: usize = 60;

/// At most 60 characters, cut with an ellipsis.
pub fn shorten(words: &str) -> String {
    match words.char_indices().nth(SHORT) {
        Some((at, _)) => format!("{}…", words.get(..at).unwrap_or_default().trim_end()),
        None => words.to_owned(),
    }
}
