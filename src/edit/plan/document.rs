//! Plans for documents.

use super::{EditError, Plan};
use crate::{
    edit::{DocumentField, Environment, Focus},
    model::{Conflicts, Direction, Document, Extra, Id, ImportRecord, LIMITS, Status, Text},
};

/// Adds an article.
pub(super) fn add_document(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    title: &str,
    content: &str,
    language: &str,
    imported: Option<&ImportRecord>,
) -> Result<String, EditError> {
    let text = add_text(plan, content)?;
    let title = if title.trim().is_empty() { "Untitled article" } else { title.trim() };
    let document = bare(environment.new_id(), text, title, language, imported.cloned());
    plan.focus = Focus { document: Some(document.id.clone()), ..Focus::default() };
    plan.made = Some(document.id.key().clone());
    plan.add(&document.id.clone(), document);
    Ok("add article".to_owned())
}

/// An article about which nothing else is known.
pub(super) fn bare(id: Id<Document>, text: Id<Text>, title: &str, language: &str, imported: Option<ImportRecord>) -> Document {
    Document {
        id,
        text,
        title: title.to_owned(),
        language: language.to_owned(),
        direction: None,
        status: Status::New,
        imported,
        outlet: String::new(),
        byline: String::new(),
        desk: String::new(),
        address: String::new(),
        published: String::new(),
        original_language: String::new(),
        translator: String::new(),
        revisions: Vec::new(),
        conflicts: Conflicts::default(),
        extra: Extra::default(),
    }
}

/// Removes an article with everything marked in it.
pub(super) fn remove_document(plan: &mut Plan<'_>, document: &Id<Document>) -> Result<String, EditError> {
    let before = plan.find(document, "document")?;
    let gone: std::collections::BTreeSet<_> =
        plan.project.annotations.iter().filter(|annotation| annotation.document == *document).map(|annotation| &annotation.id).collect();
    for link in plan.project.relations.iter().filter(|link| gone.contains(&link.from) || gone.contains(&link.to)) {
        plan.remove(&link.id, link);
    }
    for annotation in plan.project.annotations.iter().filter(|annotation| annotation.document == *document) {
        plan.remove(&annotation.id, annotation);
    }
    for omission in plan.project.omissions.iter().filter(|omission| omission.document == *document) {
        plan.remove(&omission.id, omission);
    }
    // What was decided and said about it goes with it.
    let mut about: std::collections::BTreeSet<_> = gone.iter().map(|annotation| annotation.key().clone()).collect();
    about.insert(document.key().clone());
    for decision in plan.project.decisions.iter().filter(|decision| decision.document == *document) {
        about.insert(decision.id.key().clone());
        plan.remove(&decision.id, decision);
    }
    plan.remove_comments_on(about);
    plan.focus = Focus { document: Some(document.clone()), ..Focus::default() };
    plan.remove(document, before);
    Ok("remove article".to_owned())
}

/// Sets a property of an article; an empty value clears it.
pub(super) fn set_document(plan: &mut Plan<'_>, document: &Id<Document>, field: DocumentField, value: &str) -> Result<String, EditError> {
    let before = plan.find(document, "document")?;
    let after = with_field(before, field, value.trim())?;
    plan.focus = Focus { document: Some(document.clone()), ..Focus::default() };
    plan.replace(document, before, after);
    Ok(match field {
        DocumentField::Status => "change the status".to_owned(),
        _ => "change the article's details".to_owned(),
    })
}

/// The id of the text, which is added unless the project has it.
pub(super) fn add_text(plan: &mut Plan<'_>, content: &str) -> Result<Id<Text>, EditError> {
    if content.len() > LIMITS.article {
        return Err(EditError::TooLarge { limit: LIMITS.article });
    }
    if content.trim().is_empty() {
        return Err(EditError::BadValue { what: "the article is empty".to_owned() });
    }
    let text = Text::new(content);
    let id = text.id.clone();
    if !plan.project.texts.contains(&id) {
        plan.add(&id, text);
    }
    Ok(id)
}

/// Reads an article again, in another encoding; only while nothing is marked in it.
pub(super) fn replace_text(
    plan: &mut Plan<'_>,
    id: &Id<Document>,
    content: &str,
    imported: Option<&ImportRecord>,
) -> Result<String, EditError> {
    let before = plan.find(id, "document")?;
    let marked = plan.project.annotations.iter().any(|annotation| annotation.document == *id)
        || plan.project.omissions.iter().any(|omission| omission.document == *id);
    if marked {
        return Err(EditError::AlreadyMarked);
    }
    let text = add_text(plan, content)?;
    let after = Document { text, imported: imported.cloned().or_else(|| before.imported.clone()), ..Document::clone(before) };
    plan.focus = Focus { document: Some(id.clone()), ..Focus::default() };
    plan.replace(id, before, after);
    Ok("read the article in another encoding".to_owned())
}

pub(super) fn with_field(before: &Document, field: DocumentField, value: &str) -> Result<Document, EditError> {
    let mut after = before.clone();
    let name = match field {
        DocumentField::Title if value.is_empty() => return Err(EditError::BadValue { what: "an article needs a title".to_owned() }),
        DocumentField::Direction => {
            let known = Direction::ALL.iter().copied().find(|direction| direction.word() == value);
            if known.is_none() && !value.is_empty() {
                return Err(EditError::BadValue { what: format!("a direction is ltr or rtl, not {value:?}") });
            }
            after.direction = known;
            "direction"
        }
        DocumentField::Status => {
            let known = Status::ALL.iter().copied().find(|status| status.word() == value);
            after.status =
                known.ok_or_else(|| EditError::BadValue { what: format!("a status is new, in_progress or done, not {value:?}") })?;
            "status"
        }
        DocumentField::Title => text(&mut after.title, value, "title"),
        DocumentField::Language => text(&mut after.language, value, "language"),
        DocumentField::Outlet => text(&mut after.outlet, value, "outlet"),
        DocumentField::Byline => text(&mut after.byline, value, "byline"),
        DocumentField::Desk => text(&mut after.desk, value, "desk"),
        DocumentField::Address => text(&mut after.address, value, "address"),
        DocumentField::Published => text(&mut after.published, value, "published"),
        DocumentField::OriginalLanguage => text(&mut after.original_language, value, "original_language"),
        DocumentField::Translator => text(&mut after.translator, value, "translator"),
    };
    after.conflicts = after.conflicts.without(name);
    Ok(after)
}

fn text(field: &mut String, value: &str, name: &'static str) -> &'static str {
    value.clone_into(field);
    name
}
