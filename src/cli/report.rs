//! `onrecord report`: the audit of unnamed sources as HTML, Markdown or JSON.

use super::{CLEAN, Failure, output, print};
use crate::{
    check::{publish, sourcing},
    display::audit::Audit,
    edit::Environment as _,
    formats::{
        policies,
        report::{self, Profile, Target},
    },
    model::links::Links,
    review,
    session::{Session, WorkEnvironment},
};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProfileName {
    Public,
    Desk,
    Full,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TargetName {
    Html,
    Md,
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "\
public: what the articles print, and whether they are cleared; no alias, no review, no notes; no title of the project without --names
desk:   also aliases, checklist answers, outcomes, decisions with initials and roles; no notes
full:   also every note and comment")]
pub(super) struct Report {
    /// The project
    #[arg(required_unless_present = "policies")]
    project: Option<PathBuf>,
    /// Which fields it holds
    #[arg(long, value_enum, default_value = "public")]
    profile: ProfileName,
    /// How it is written
    #[arg(long = "to", value_enum, default_value = "html")]
    target: TargetName,
    /// Public: the project's title and names of files go out too
    #[arg(long)]
    names: bool,
    /// Only this document, by title, file name or id
    #[arg(long, value_name = "D")]
    document: Option<String>,
    /// Write to a file instead of standard output; - is standard output too
    #[arg(short, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Replace what is at OUT, whatever it is
    #[arg(long, requires = "output")]
    force: bool,
    /// Make the time of the report repeat, for tests
    #[arg(long, hide = true)]
    seed: Option<u64>,
    /// Print the review policies of the app, as files that can be changed
    #[arg(long)]
    policies: bool,
}

impl Report {
    pub(super) fn run(self) -> Result<u8, Failure> {
        if self.policies {
            return print(&[policies::WIRE_STRICT, policies::SMALL_DESK].concat());
        }
        let Some(path) = &self.project else { return Ok(CLEAN) };
        let environment = self.seed.map_or_else(|| WorkEnvironment::system(None), |seed| WorkEnvironment::seeded(seed, None));
        let made = environment.minute();
        let session = Session::open(path, environment).map_err(|error| Failure::new(&error, error.hint()))?;
        let project = session.project();
        let document = self.document.as_deref().map(|named| super::document_named(project, named)).transpose()?;
        let links = Links::new(project);
        let units = review::units(project, &links);
        let issues = sourcing::check(project, &links, &units, document.as_ref());
        let clearances = publish::check(project, &links, &units, &issues, document.as_ref());
        let audit = Audit { project, links: &links, units: &units, clearances: &clearances, made: &made, house: self.names };
        let profile = match self.profile {
            ProfileName::Public => Profile::Public,
            ProfileName::Desk => Profile::Desk,
            ProfileName::Full => Profile::Full,
        };
        let target = match self.target {
            TargetName::Html => Target::Html,
            TargetName::Md => Target::Markdown,
            TargetName::Json => Target::Json,
        };
        let written = report::write(&audit, profile, target).map_err(|error| Failure::new(&error, ""))?;
        match &self.output {
            None => print(&written),
            Some(path) => output::write(path, written.as_bytes(), self.force),
        }
    }
}
