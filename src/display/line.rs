//! One readable line an annotation: for `onrecord show`, and for git to compare by.

use super::safe::one_line;
use crate::{
    check::spans::shortened,
    model::{Annotation, Document, Id, Project, Relation},
};
use std::{collections::BTreeMap, fmt::Write as _};

/// The whole project in lines: a heading for the project and for each document, then a line an annotation, by place. Same
/// content, same lines; ids are left out, so that lines compare by what people see.
pub fn project(project: &Project) -> String {
    let mut out = String::new();
    let documents = project.documents_in_order();
    let title = one_line(&project.info.title);
    push(&mut out, format_args!("# {title}: {}, {}", count(documents.len(), "document"), count(project.annotations.len(), "annotation")));
    for source in project.sources.iter() {
        let role = if source.role.is_empty() { String::new() } else { format!(", {}", source.role) };
        push(&mut out, format_args!("# source {}: {}{}", one_line(&source.alias), source.kind.word(), one_line(&role)));
    }
    let mut links: BTreeMap<&Id<Annotation>, Vec<&Relation>> = BTreeMap::new();
    for link in project.relations.iter() {
        links.entry(&link.from).or_default().push(link);
    }
    let mut by_document = project.annotations_by_document();
    for document in documents {
        let annotations = by_document.remove(&document.id).unwrap_or_default();
        push(
            &mut out,
            format_args!("# {}: {}, {}", one_line(&document.title), document.status.word(), count(annotations.len(), "annotation")),
        );
        for annotation in annotations {
            let own = links.get(&annotation.id).map(Vec::as_slice).unwrap_or_default();
            push(&mut out, format_args!("{}", line(project, document, annotation, own)));
        }
    }
    let missing = project.annotations.iter().filter(|annotation| !project.documents.contains(&annotation.document));
    for annotation in missing {
        push(
            &mut out,
            format_args!("missing document\t{}\t“{}”", one_line(&annotation.label.to_string()), one_line(&annotation.excerpt())),
        );
    }
    out
}

/// Writing to a string cannot fail.
fn push(out: &mut String, line: std::fmt::Arguments<'_>) {
    let _written = writeln!(out, "{line}");
}

/// `3 annotations`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Title, paragraph, ranges, label, words, then what is said about it.
fn line(project: &Project, document: &Document, annotation: &Annotation, links: &[&Relation]) -> String {
    let ranges: Vec<String> = annotation.ranges.iter().map(|range| range.to_string()).collect();
    let text = project.texts.get(&annotation.text);
    let paragraph = text.map_or(0, |text| text.index.number_from_char(&text.content, annotation.ranges.bounds().start));
    let mut parts = vec![format!("{}", annotation.label), format!("“{}”", annotation.excerpt())];
    for (key, value) in annotation.attributes.iter() {
        parts.push(format!("{key}={}", value.as_str()));
    }
    if let Some(source) = &annotation.source {
        let alias = project.sources.get(source).map_or("missing", |source| source.alias.as_str());
        parts.push(format!("source={alias}"));
    }
    let mut ends: Vec<String> = links
        .iter()
        .map(|link| {
            let end = project.annotations.get(&link.to).map_or_else(|| "missing".to_owned(), |end| shortened(end));
            format!("{} → “{end}”", link.kind)
        })
        .collect();
    ends.sort();
    parts.extend(ends);
    if !annotation.note.is_empty() {
        parts.push(format!("note: {}", annotation.note));
    }
    if let Some(person) = annotation.by.as_ref().and_then(|by| project.persons.get(by)) {
        parts.push(format!("by {}", person.name));
    }
    let place = format!("{} ¶ {paragraph}\t{}", one_line(&document.title), ranges.join("+"));
    let said: Vec<_> = parts.iter().map(|part| one_line(part)).collect();
    format!("{place}\t{}", said.join("\t"))
}
