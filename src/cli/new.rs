//! `onrecord new`: a project from articles.

use super::{CLEAN, Failure, Work};
use crate::{
    edit::Command,
    formats::article,
    model::{Extra, ImportRecord},
    session::Session,
    store,
};
use clap::Args;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
pub(super) struct New {
    /// The project to make, NAME.onrecord.json
    project: PathBuf,
    /// Articles to put into it
    articles: Vec<PathBuf>,
    /// Title of the project; else that of the first article
    #[arg(long, value_name = "T")]
    title: Option<String>,
    #[command(flatten)]
    work: Work,
}

impl New {
    pub(super) fn run(self) -> Result<u8, Failure> {
        let mut commands = Vec::new();
        let mut seen = BTreeSet::new();
        for path in &self.articles {
            let name = store::file_name(path);
            let bytes = store::read(path).map_err(|error| Failure::new(&error, error.hint()))?;
            let article = article::read(&name, &bytes, None).map_err(|error| Failure::new(&error, error.hint()))?;
            if !seen.insert(article.content.clone()) {
                return Err(Failure::new(&format!("{name} is the same article as an earlier one"), "Name each article once."));
            }
            let ImportRecord { sha256, encoding, changed, name, .. } = article.imported;
            let imported = Some(ImportRecord { sha256, encoding, changed, name, extra: Extra::default() });
            commands.push(Command::AddDocument { title: article.title, content: article.content, language: String::new(), imported });
        }
        let mut session = Session::new(&self.title(&commands), self.work.environment());
        let mut chance = self.work.environment();
        let person = self.work.person(session.project(), &mut chance);
        session.set_person(person);
        for command in &commands {
            session.run(command).map_err(|error| Failure::new(&error, error.hint()))?;
        }
        if session.person().is_some() {
            session.run(&Command::IntroduceMyself {}).map_err(|error| Failure::new(&error, error.hint()))?;
        }
        super::output::create(&mut session, &self.project)?;
        Ok(CLEAN)
    }

    fn title(&self, commands: &[Command]) -> String {
        if let Some(title) = &self.title {
            return title.clone();
        }
        match commands.first() {
            Some(Command::AddDocument { title, .. }) => title.clone(),
            _ => stem(&self.project),
        }
    }
}

/// The file's name up to its first full stop.
fn stem(path: &Path) -> String {
    let name = store::file_name(path);
    name.split('.').next().unwrap_or(&name).to_owned()
}
