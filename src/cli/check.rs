//! `onrecord check`: what is wrong with project files.

use super::{CANNOT, CLEAN, FINDINGS, Failure, complain, print};
use crate::{
    check::{publish, sourcing},
    display::safe::one_line,
    model::{Issue, Project, Severity, links::Links},
    review,
    session::{Session, WorkEnvironment},
    store,
};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The projects
    #[arg(required = true)]
    projects: Vec<PathBuf>,
    /// Print an array, one object a project
    #[arg(long)]
    json: bool,
    /// Check sourcing too: what newsroom rules say of claims, quotes and unnamed sources
    #[arg(long)]
    sourcing: bool,
    /// Say for each document whether it is ready to publish, and what stands in the way; sourcing included
    #[arg(long)]
    publish: bool,
    /// With --publish: only this document, by title, file name or id
    #[arg(long, value_name = "D", requires = "publish")]
    document: Option<String>,
}

/// What was found in one file.
#[derive(Debug, Serialize)]
struct Finding {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    issues: Vec<Issue>,
    /// With `--publish`: whether each document is cleared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    documents: Vec<Cleared>,
}

/// Whether a document may run.
#[derive(Debug, Serialize)]
struct Cleared {
    id: String,
    title: String,
    #[serde(rename = "cleared")]
    is_clear: bool,
    blockers: usize,
}

impl Check {
    pub(super) fn run(self) -> Result<u8, Failure> {
        let mut code = CLEAN;
        let mut findings = Vec::new();
        for path in &self.projects {
            let file = store::file_name(path);
            match Session::open(path, WorkEnvironment::system(None)) {
                Ok(session) => {
                    let mut issues = session.issues().to_vec();
                    let file_is_clean = issues.is_empty();
                    let mut cleared = Vec::new();
                    if self.sourcing || self.publish {
                        issues.extend(self.journalism(session.project(), &mut cleared)?);
                    }
                    if let Some(version) = session.newer_version() {
                        issues.push(newer(version));
                    }
                    // Hints are no findings; with --publish only what stands in the way is one.
                    let least = if self.publish { Severity::Fault } else { Severity::Warning };
                    let found = !file_is_clean || issues.iter().any(|issue| issue.severity >= least);
                    code = code.max(if found { FINDINGS } else { CLEAN });
                    findings.push(Finding { file, error: None, hint: None, issues, documents: cleared });
                }
                Err(error) => {
                    code = CANNOT;
                    if !self.json {
                        complain(&Failure::new(&error, error.hint()));
                    }
                    findings.push(Finding {
                        file,
                        error: Some(error.to_string()),
                        hint: Some(error.hint().to_owned()),
                        issues: Vec::new(),
                        documents: Vec::new(),
                    });
                }
            }
        }
        if self.json {
            let json = serde_json::to_string_pretty(&findings).map_err(|error| Failure::new(&error, ""))?;
            print(&format!("{json}\n"))?;
            return Ok(code);
        }
        let mut out = String::new();
        for finding in findings.iter().filter(|finding| finding.error.is_none()) {
            for issue in &finding.issues {
                out.push_str(&format!("{}: {}\n", one_line(&finding.file), one_line(&issue.to_string())));
            }
            for document in &finding.documents {
                let state = if document.is_clear { "cleared".to_owned() } else { format!("not cleared, {} in the way", document.blockers) };
                out.push_str(&format!("{}: {}: {state}\n", one_line(&finding.file), one_line(&document.title)));
            }
            if finding.issues.is_empty() && finding.documents.is_empty() {
                out.push_str(&format!("{}: clean\n", one_line(&finding.file)));
            }
        }
        print(&out)?;
        Ok(code)
    }
}

impl Check {
    /// Sourcing, and with `--publish` what stands in the way of each document. Hints are no findings.
    fn journalism(&self, project: &Project, cleared: &mut Vec<Cleared>) -> Result<Vec<Issue>, Failure> {
        let document = self.document.as_deref().map(|named| super::document_named(project, named)).transpose()?;
        let links = Links::new(project);
        let units = review::units(project, &links);
        let mut issues = sourcing::check(project, &links, &units, document.as_ref());
        if self.publish {
            for clearance in publish::check(project, &links, &units, &issues, document.as_ref()) {
                let (id, title) = (clearance.document.to_string(), clearance.title.clone());
                cleared.push(Cleared { id, title, is_clear: clearance.is_clear(), blockers: clearance.blockers.len() });
                issues.extend(clearance.blockers.into_iter().filter(|blocker| sourcing::rule_of(blocker.rule).is_none()));
            }
        }
        Ok(issues)
    }
}

fn newer(version: u64) -> Issue {
    Issue {
        severity: crate::model::Severity::Warning,
        rule: "newer_version",
        record: None,
        place: String::new(),
        message: format!("The file has format version {version}; it can be read here, not written."),
        hint: "Update Onrecord.".to_owned(),
    }
}
