//! Finds faults in a project and mends nothing. Mending is a command of `edit`, with the user's consent.

pub mod publish;
pub mod references;
pub mod sourcing;
pub mod spans;

use crate::model::{Annotation, Issue, Project};

/// Everything that opening and `onrecord check` look at: the file itself, not the journalism.
pub fn on_load(project: &Project) -> Vec<Issue> {
    let (mut issues, references) = rayon::join(|| spans::check(project), || references::check(project));
    issues.extend(references);
    issues
}

/// The same for one annotation, as after an edit.
pub fn annotation(project: &Project, annotation: &Annotation) -> Vec<Issue> {
    let mut issues: Vec<Issue> = spans::check_annotation(project, annotation).into_iter().collect();
    references::check_annotation(project, annotation, &mut issues);
    issues
}
