//! References between records: every label, document, text, source, annotation and person that is named must be there.

use crate::model::{Annotation, Issue, Key, Project, Severity};

/// Checks every reference.
pub fn check(project: &Project) -> Vec<Issue> {
    let mut issues: Vec<Issue> = Vec::new();
    for document in project.documents.iter() {
        if !project.texts.contains(&document.text) {
            issues.push(missing(document.id.key(), "missing_text", "The text", document.text.key(), "Take the file from your backup."));
        }
    }
    for annotation in project.annotations.iter() {
        check_annotation(project, annotation, &mut issues);
    }
    for omission in project.omissions.iter() {
        if !project.documents.contains(&omission.document) {
            issues.push(missing(omission.id.key(), "missing_document", "The document", omission.document.key(), "Remove the omission."));
        }
    }
    for relation in project.relations.iter() {
        for end in [&relation.from, &relation.to] {
            if !project.annotations.contains(end) {
                issues.push(missing(relation.id.key(), "missing_end", "The linked annotation", end.key(), "Remove the link."));
            }
        }
        if !project.relation_kinds.contains(&relation.kind) {
            let hint = "Define it or remove the link.";
            issues.push(missing(relation.id.key(), "unknown_relation_kind", "The kind of link", relation.kind.key(), hint));
        }
    }
    for decision in project.decisions.iter() {
        if !project.documents.contains(&decision.document) {
            issues.push(missing(
                decision.id.key(),
                "missing_document",
                "The document",
                decision.document.key(),
                "Bring the document back.",
            ));
        }
        if let Some(policy) = decision.policy.as_ref().filter(|policy| !project.policies.contains(policy)) {
            let hint = "Bring the policy back; the decision stands.";
            issues.push(missing(decision.id.key(), "missing_policy", "The policy", policy.key(), hint));
        }
        if let Some(person) = decision.by.as_ref().filter(|person| !project.persons.contains(person)) {
            issues.push(missing(decision.id.key(), "missing_person", "The person", person.key(), "Nothing is lost but the initials."));
        }
        if !project.sources.contains(&decision.source) {
            issues.push(missing(decision.id.key(), "missing_source", "The source", decision.source.key(), "Bring the source back."));
        }
    }
    for comment in project.comments.iter() {
        if !project.has_record(&comment.on) {
            issues.push(missing(comment.id.key(), "missing_record", "The commented record", &comment.on, "Delete the comment."));
        }
    }
    issues
}

/// Checks what one annotation refers to, and its attributes.
pub fn check_annotation(project: &Project, annotation: &Annotation, issues: &mut Vec<Issue>) {
    let id = annotation.id.key();
    if !project.documents.contains(&annotation.document) {
        let hint = "Delete the annotation or bring the document back.";
        issues.push(missing(id, "missing_document", "The document", annotation.document.key(), hint));
    }
    if !project.texts.contains(&annotation.text) {
        issues.push(missing(id, "missing_text", "The text", annotation.text.key(), "Take the file from your backup."));
    }
    if !project.labels.contains(&annotation.label) {
        issues.push(missing(id, "unknown_label", "The label", annotation.label.key(), "Give it another label, or define this one."));
    }
    if let Some(source) = &annotation.source
        && !project.sources.contains(source)
    {
        issues.push(missing(id, "missing_source", "The source", source.key(), "Choose another source."));
    }
    if let Some(person) = &annotation.by
        && !project.persons.contains(person)
    {
        issues.push(missing(id, "missing_person", "The person", person.key(), "Nothing is lost but the initials."));
    }
    issues.extend(check_attributes(project, annotation));
}

fn missing(record: &Key, rule: &'static str, what: &str, name: &Key, hint: &str) -> Issue {
    Issue {
        severity: Severity::Fault,
        rule,
        record: Some(record.clone()),
        place: String::new(),
        message: format!("{what} {name} is not in the project."),
        hint: hint.to_owned(),
    }
}

/// Attributes that the label does not ask for, and words that are not in its list.
fn check_attributes(project: &Project, annotation: &Annotation) -> Option<Issue> {
    let label = project.labels.get(&annotation.label)?;
    annotation.attributes.iter().find_map(|(key, value)| {
        let message = match label.attribute(key) {
            None => format!("The label {} has no attribute {key}.", label.name),
            Some(definition) if !definition.values.is_empty() && !definition.values.iter().any(|word| word == value.as_str()) => {
                format!("The attribute {key} of {} has no value {}.", label.name, value.as_str())
            }
            Some(_) => return None,
        };
        Some(Issue {
            severity: Severity::Warning,
            rule: "unknown_attribute",
            record: Some(annotation.id.key().clone()),
            place: super::spans::place(project, &annotation.document, &annotation.text, annotation.ranges.bounds().start),
            message,
            hint: "Choose one of the label's values.".to_owned(),
        })
    })
}
