//! What differs between the disk and the window, or between two copies.

use super::{Listing, Shared, read_copy};
use crate::{display::differences::differences, merge::Ledger, store::file_name, ui::app::App};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// What differs, for the dialog that shows it.
pub(crate) struct Compared {
    pub(crate) title: String,
    pub(crate) list: Listing,
}

impl App {
    /// The file on the disk against what is in the window.
    pub(crate) fn compare_with_disk(&mut self) {
        let Some(desk) = &self.desk else { return };
        let (project, ledger) = (desk.session.project().clone(), Arc::clone(desk.session.ledger()));
        let Some(path) = desk.session.path().map(Path::to_owned) else {
            self.toasts.success("This project was never saved: everything is new", None);
            return;
        };
        self.jobs.share(move || {
            Shared::Compared(compared(
                &read_copy(&path).map(|opened| opened.ledger),
                &Ok(with(&ledger, project)),
                "What is not saved".to_owned(),
            ))
        });
    }

    /// One file against the open project, or two files with each other.
    pub(crate) fn compare_paths(&mut self, paths: &[PathBuf]) {
        let read = |path: &PathBuf| read_copy(path).map(|opened| opened.ledger);
        match (paths, &self.desk) {
            ([one, other, ..], _) => {
                let (one, other) = (one.clone(), other.clone());
                let title = format!("From {} to {}", file_name(&one), file_name(&other));
                self.jobs.share(move || Shared::Compared(compared(&read(&one), &read(&other), title)));
            }
            ([one], Some(desk)) => {
                let (project, ledger) = (desk.session.project().clone(), Arc::clone(desk.session.ledger()));
                let one = one.clone();
                let title = format!("From this project to {}", file_name(&one));
                self.jobs.share(move || Shared::Compared(compared(&Ok(with(&ledger, project)), &read(&one), title)));
            }
            ([_], None) => {
                self.toasts.failure("One file alone compares with nothing", "Choose two files, or open one of them first.", None);
            }
            ([], _) => {}
        }
    }
}

/// The contents of the window with the stamps that are known.
fn with(ledger: &Ledger, project: crate::model::Project) -> Ledger {
    Ledger { base: project, ..ledger.clone() }
}

fn compared(
    before: &Result<Ledger, (String, String)>,
    after: &Result<Ledger, (String, String)>,
    title: String,
) -> Result<Box<Compared>, (String, String)> {
    let (before, after) = (before.as_ref().map_err(Clone::clone)?, after.as_ref().map_err(Clone::clone)?);
    let changes = crate::edit::change::changes_between(&before.base, &after.base);
    let found = differences(&changes, &before.base, &after.base, after);
    Ok(Box::new(Compared { title, list: Listing::new(found) }))
}
