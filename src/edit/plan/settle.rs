//! Plans for what colleagues wrote differently: one value is taken, another written, a deleted record kept or deleted again.

use super::{EditError, Plan, annotation, document, source};
use crate::{
    edit::{Environment, Focus, change::Changeable},
    model::{Id, Key, Kind, Project, ProjectInfo, RawJson, Record, fields},
};
use std::{collections::BTreeSet, sync::Arc};

/// Settles one field of one record.
pub(super) fn settle(
    plan: &mut Plan<'_>,
    environment: &impl Environment,
    kind: Kind,
    record: &Key,
    field: &str,
    value: Option<&RawJson>,
) -> Result<String, EditError> {
    // Whoever settles is part of the project from now on.
    plan.me(environment);
    let value = value.map(RawJson::get).filter(|json| *json != "null");
    if field == fields::GONE && value.is_none() {
        return delete(plan, kind, record);
    }
    macro_rules! settle {
        ($($kind:ident)*) => {
            match kind {
                $(Kind::$kind => one::<crate::model::$kind>(plan, record, field, value)?,)*
                Kind::Project => info(plan, field, value)?,
            }
        };
    }
    settle!(Person Label RelationKind Policy Document Source Annotation Relation Decision Comment Omission);
    if let Some(annotation) = plan.project.annotations.get(&record.clone().into()) {
        plan.focus = annotation::focus(annotation);
    }
    Ok(if field == fields::GONE { "keep what was deleted".to_owned() } else { format!("settle the {}", fields::name(field)) })
}

fn one<R: Record + serde::de::DeserializeOwned + Changeable>(
    plan: &mut Plan<'_>,
    record: &Key,
    field: &str,
    value: Option<&str>,
) -> Result<(), EditError> {
    let id: Id<R> = record.clone().into();
    let before = plan.find(&id, R::KIND.word())?;
    let after = settled(plan.project, &**before, field, value)?;
    plan.replace(&id, before, after);
    Ok(())
}

fn info(plan: &mut Plan<'_>, field: &str, value: Option<&str>) -> Result<(), EditError> {
    let after: ProjectInfo = settled(plan.project, &*plan.project.info, field, value)?;
    plan.set_info(|info| *info = after);
    Ok(())
}

fn settled<R: Record + serde::de::DeserializeOwned>(
    project: &Project,
    record: &R,
    field: &str,
    value: Option<&str>,
) -> Result<R, EditError> {
    if record.conflicts().get(field).is_none() {
        return Err(EditError::NothingToSettle);
    }
    // A place that comes from a file is kept without its words; the text has them.
    let quoted =
        value.filter(|_| R::KIND == Kind::Annotation && field == fields::PLACE).and_then(|place| fields::with_quote(place, &project.texts));
    let value = quoted.as_deref().or(value);
    fields::with_field(record, field, value)
        .map_err(|error| EditError::BadValue { what: format!("the {} cannot be so: {error}", fields::name(field)) })
}

/// Deletes a record again that somebody else went on with.
fn delete(plan: &mut Plan<'_>, kind: Kind, record: &Key) -> Result<String, EditError> {
    match kind {
        Kind::Annotation => annotation::delete_annotations(plan, &[record.clone().into()]),
        Kind::Document => document::remove_document(plan, &record.clone().into()),
        Kind::Source => source::remove_source(plan, &record.clone().into()),
        Kind::Label => super::schema::remove_label(plan, &record.clone().into()),
        Kind::RelationKind => super::schema::remove_relation_kind(plan, &record.clone().into()),
        Kind::Relation => super::relation::unlink(plan, &record.clone().into()),
        Kind::Omission => annotation::remove_omission(plan, &record.clone().into()),
        Kind::Comment => {
            let id: Id<crate::model::Comment> = record.clone().into();
            let comment = Arc::clone(plan.find(&id, "comment")?);
            plan.remove(&id, &comment);
            plan.remove_comments_on(BTreeSet::from([record.clone()]));
            plan.focus = Focus::default();
            Ok("delete a comment".to_owned())
        }
        Kind::Person | Kind::Policy | Kind::Decision | Kind::Project => Err(EditError::InUse { count: 1 }),
    }
}
