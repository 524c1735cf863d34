//! The command line: one file a sub-command. Exit codes: 0 clean, 1 findings, 2 cannot do it.

mod apply;
mod check;
mod convert;
mod diff;
mod find;
mod formats;
mod git_setup;
mod labels;
mod merge;
mod new;
mod output;
mod report;
mod show;
mod stats;
mod suggest;

use crate::{
    model::{Conflicts, Document, Extra, Id, Key, Person, Project},
    session::{Session, WorkEnvironment},
};
use clap::{Args, Parser, Subcommand};
use std::{
    ffi::OsString,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Nothing was found.
const CLEAN: u8 = 0;
/// Something was found.
const FINDINGS: u8 = 1;
/// It could not be done.
const CANNOT: u8 = 2;

/// Mark what an article claims, who said it, and who would not be named.
#[derive(Debug, Parser)]
#[command(
    name = "onrecord",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Exit codes: 0 clean, 1 findings, 2 cannot do it."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<SubCommand>,
    /// Articles (.txt, .md) or a project (.onrecord.json) to open in the window
    files: Vec<PathBuf>,
    /// Print the licences of this program and of everything in it
    #[arg(long, visible_alias = "licences")]
    licenses: bool,
}

#[derive(Debug, Subcommand)]
enum SubCommand {
    /// Make a project; never replaces a file
    New(new::New),
    /// Run commands on a project: all of them, or none
    Apply(apply::Apply),
    /// Print one readable line an annotation
    Show(show::Show),
    /// Check the file itself: format, offsets, quotes, schema, dangling references
    Check(check::Check),
    /// Print labels with their definitions, attributes and links
    Labels(labels::Labels),
    /// Find words in the articles: one line a hit
    Find(find::Find),
    /// Count documents, labels, sources, claims
    Stats(stats::Stats),
    /// Compare what the rules for reported speech propose with what is marked
    Suggest(suggest::Suggest),
    /// Write the audit of unnamed sources
    Report(report::Report),
    /// Read any format, write any other
    Convert(convert::Convert),
    /// List what is read and written
    Formats(formats::Formats),
    /// Join two copies of a project; nothing that anybody wrote is lost
    Merge(merge::Merge),
    /// The same, as git calls it
    MergeDriver(merge::MergeDriver),
    /// Show what differs between two copies of a project
    Diff(diff::Diff),
    /// Let git merge and show projects with this program
    GitSetup(git_setup::GitSetup),
    /// Print the JSON Schema of the project file
    Schema,
}

/// Who works, and what makes ids repeat.
#[derive(Debug, Args)]
struct Work {
    /// Initials of the person who works
    #[arg(long = "as", value_name = "INITIALS")]
    initials: Option<String>,
    /// The role in which they work, such as annotator or senior editor
    #[arg(long, value_name = "ROLE", requires = "initials")]
    role: Option<String>,
    /// Key of the session, for tests
    #[arg(long, value_name = "KEY")]
    session: Option<String>,
    /// Make ids repeat, for tests
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

impl Work {
    fn environment(&self) -> WorkEnvironment {
        let environment = match self.seed {
            Some(seed) => WorkEnvironment::seeded(seed, None),
            None => WorkEnvironment::system(None),
        };
        environment.with_session(self.session.as_deref().map(Key::from))
    }

    /// The person of these initials: the one that the project knows, else a new one.
    fn person(&self, project: &Project, environment: &mut WorkEnvironment) -> Option<Person> {
        use crate::edit::Environment as _;
        let initials = self.initials.as_deref()?.trim();
        let role = self.role.as_deref().map(str::trim).filter(|role| !role.is_empty());
        if let Some(known) = project.persons.iter().find(|person| person.name == initials) {
            let roles = role.map_or_else(|| known.roles.clone(), |role| vec![role.to_owned()]);
            return Some(Person { roles, ..Person::clone(known) });
        }
        let id = Key::short_from_random(environment.random()).into();
        let (conflicts, extra) = (Conflicts::default(), Extra::default());
        Some(Person { id, name: initials.to_owned(), roles: vec![role.unwrap_or("annotator").to_owned()], conflicts, extra })
    }

    /// A project with the person at work.
    fn open(&self, path: &Path) -> Result<Session, Failure> {
        let mut session = Session::open(path, self.environment()).map_err(|error| Failure::new(&error, error.hint()))?;
        // Chance for the person's key comes from its own stream, so that ids of records do not depend on who works.
        let mut chance = match self.seed {
            Some(seed) => WorkEnvironment::seeded(!seed, None),
            None => WorkEnvironment::system(None),
        };
        let person = self.person(session.project(), &mut chance);
        session.set_person(person);
        Ok(session)
    }
}

/// A refusal: what went wrong, and what to do about it.
#[derive(Debug)]
struct Failure {
    message: String,
    hint: String,
}

impl Failure {
    fn new(message: &impl ToString, hint: &str) -> Self {
        Self { message: message.to_string(), hint: hint.to_owned() }
    }
}

/// The document of a title, a file name or an id.
fn document_named(project: &Project, named: &str) -> Result<Id<Document>, Failure> {
    let is_named = |document: &&std::sync::Arc<Document>| {
        document.id.to_string() == named
            || document.title == named
            || document.imported.as_ref().is_some_and(|imported| imported.name == named)
    };
    let found: Vec<_> = project.documents.iter().filter(is_named).collect();
    match found.as_slice() {
        [document] => Ok(document.id.clone()),
        [] => Err(Failure::new(&format!("there is no document {named:?} in this project"), "onrecord show lists the documents.")),
        several => Err(Failure::new(&format!("{} documents are called {named:?}", several.len()), "Name it by its id.")),
    }
}

/// What the program is asked for.
#[derive(Debug)]
pub enum Request {
    /// A sub-command, which has run.
    Done(ExitCode),
    /// The window.
    Window {
        /// Files to open in it.
        files: Vec<PathBuf>,
    },
}

/// Runs a sub-command, or asks for the window.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Request {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no failures; clap knows which is which.
            drop(error.print());
            return Request::Done(ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(CANNOT)));
        }
    };
    let done = match arguments.command {
        _ if arguments.licenses => print(crate::LICENSES),
        Some(SubCommand::New(new)) => new.run(),
        Some(SubCommand::Apply(apply)) => apply.run(),
        Some(SubCommand::Show(show)) => show.run(),
        Some(SubCommand::Check(check)) => check.run(),
        Some(SubCommand::Labels(labels)) => labels.run(),
        Some(SubCommand::Find(find)) => find.run(),
        Some(SubCommand::Stats(stats)) => stats.run(),
        Some(SubCommand::Suggest(suggest)) => suggest.run(),
        Some(SubCommand::Report(report)) => report.run(),
        Some(SubCommand::Convert(convert)) => convert.run(),
        Some(SubCommand::Formats(formats)) => formats.run(),
        Some(SubCommand::Merge(merge)) => merge.run(),
        Some(SubCommand::MergeDriver(driver)) => driver.run(),
        Some(SubCommand::Diff(diff)) => diff.run(),
        Some(SubCommand::GitSetup(setup)) => setup.run(),
        Some(SubCommand::Schema) => print(crate::formats::native::SCHEMA),
        None => return Request::Window { files: arguments.files },
    };
    Request::Done(match done {
        Ok(code) => ExitCode::from(code),
        Err(failure) => complain(&failure),
    })
}

/// Says on standard error why the program ends, and gives the exit code for it.
pub fn refuse(message: &impl ToString, hint: &str) -> ExitCode {
    complain(&Failure::new(message, hint))
}

/// To standard output; a reader that has gone away, as `head` does, is no failure.
fn print(text: &str) -> Result<u8, Failure> {
    print_bytes(text.as_bytes())
}

fn print_bytes(bytes: &[u8]) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(&"cannot write to standard output", "Check where it leads."))
        }
        _ => Ok(CLEAN),
    }
}

/// A remark to standard error.
fn note(words: &str) {
    drop(writeln!(std::io::stderr().lock(), "onrecord: {}", crate::display::safe::one_line(words)));
}

/// To standard error, without terminal escapes that a file may hold.
fn complain(failure: &Failure) -> ExitCode {
    let mut err = std::io::stderr().lock();
    let message = crate::display::safe::one_line(&failure.message).into_owned();
    drop(writeln!(err, "onrecord: {message}"));
    if !failure.hint.is_empty() {
        drop(writeln!(err, "  {}", crate::display::safe::one_line(&failure.hint)));
    }
    ExitCode::from(CANNOT)
}
