//! Plans for sources. There is no command for a real name, since there is no field for one.

use super::{EditError, Plan};
use crate::{
    edit::{Environment, SourceField},
    model::{Annotation, Comment, Conflicts, Extra, Id, Source, SourceKind},
};

/// Adds a source.
pub(super) fn add_source(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    alias: &str,
    kind: SourceKind,
    role: &str,
    public_label: &str,
) -> Result<String, EditError> {
    let source = new_source(environment, alias, kind, role, public_label)?;
    plan.add(&source.id.clone(), source);
    Ok("add source".to_owned())
}

/// A checked source that is not in the plan yet.
pub(super) fn new_source(
    environment: &mut impl Environment,
    alias: &str,
    kind: SourceKind,
    role: &str,
    public_label: &str,
) -> Result<Source, EditError> {
    Ok(Source {
        id: environment.new_id(),
        alias: named(alias)?,
        kind,
        role: role.trim().to_owned(),
        public_label: public_label.trim().to_owned(),
        conflicts: Conflicts::default(),
        extra: Extra::default(),
    })
}

/// Sets a property of a source.
pub(super) fn edit_source(plan: &mut Plan<'_>, source: &Id<Source>, field: SourceField, value: &str) -> Result<String, EditError> {
    let before = plan.find(source, "source")?;
    let mut after = Source::clone(before);
    let name = match field {
        SourceField::Alias => {
            after.alias = named(value)?;
            "alias"
        }
        SourceField::Kind => {
            let known = SourceKind::ALL.iter().copied().find(|kind| kind.word() == value);
            after.kind = known.ok_or_else(|| EditError::BadValue { what: format!("there is no kind of source {value:?}") })?;
            "kind"
        }
        SourceField::Role => {
            value.trim().clone_into(&mut after.role);
            "role"
        }
        SourceField::PublicLabel => {
            value.trim().clone_into(&mut after.public_label);
            "public_label"
        }
    };
    after.conflicts = after.conflicts.without(name);
    plan.replace(source, before, after);
    Ok("change the source".to_owned())
}

/// Removes a source; its mentions stay, without it.
pub(super) fn remove_source(plan: &mut Plan<'_>, source: &Id<Source>) -> Result<String, EditError> {
    let before = plan.find(source, "source")?;
    let decided = plan.project.decisions.iter().filter(|decision| decision.source == *source).count();
    if decided > 0 {
        return Err(EditError::InUse { count: decided });
    }
    for mention in plan.project.annotations.iter().filter(|annotation| annotation.source.as_ref() == Some(source)) {
        plan.replace(&mention.id, mention, Annotation { source: None, ..Annotation::clone(mention) });
    }
    plan.remove_comments_on([source.key().clone()].into());
    plan.remove(source, before);
    Ok("remove source".to_owned())
}

/// Makes two sources one: mentions and decisions would otherwise be about nobody.
pub(super) fn merge_sources(plan: &mut Plan<'_>, source: &Id<Source>, into: &Id<Source>) -> Result<String, EditError> {
    let (before, kept) = (plan.find(source, "source")?, plan.find(into, "source")?);
    if source == into {
        return Err(EditError::BadValue { what: "a source cannot be merged into itself".to_owned() });
    }
    let decided = plan.project.decisions.iter().filter(|decision| decision.source == *source).count();
    if decided > 0 {
        return Err(EditError::InUse { count: decided });
    }
    for mention in plan.project.annotations.iter().filter(|annotation| annotation.source.as_ref() == Some(source)) {
        let after = Annotation { source: Some(into.clone()), conflicts: mention.conflicts.without("source"), ..Annotation::clone(mention) };
        plan.replace(&mention.id, mention, after);
    }
    for comment in plan.project.comments.iter().filter(|comment| comment.on == *source.key()) {
        plan.replace(&comment.id, comment, Comment { on: into.key().clone(), ..Comment::clone(comment) });
    }
    plan.remove(source, before);
    Ok(format!("merge {} into {}", before.alias, kept.alias))
}

/// Makes a new source of some mentions of another.
pub(super) fn split_source(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    source: &Id<Source>,
    annotations: &[Id<Annotation>],
    alias: &str,
) -> Result<String, EditError> {
    let before = plan.find(source, "source")?;
    if annotations.is_empty() {
        return Err(EditError::BadValue { what: "no mention was chosen to split off".to_owned() });
    }
    let split = new_source(environment, alias, before.kind, "", "")?;
    let id = split.id.clone();
    plan.add(&id, split);
    for mention in annotations {
        let before = plan.find(mention, "annotation")?;
        if before.source.as_ref() != Some(source) {
            return Err(EditError::BadValue { what: "a chosen mention does not point to this source".to_owned() });
        }
        let after = Annotation { source: Some(id.clone()), conflicts: before.conflicts.without("source"), ..Annotation::clone(before) };
        plan.replace(mention, before, after);
    }
    Ok(format!("split off {}", alias.trim()))
}

fn named(alias: &str) -> Result<String, EditError> {
    match alias.trim() {
        "" => Err(EditError::BadValue { what: "a source needs an alias".to_owned() }),
        alias => Ok(alias.to_owned()),
    }
}
