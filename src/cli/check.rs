//! `onrecord check`: what is wrong with project files.

use super::{CANNOT, CLEAN, FINDINGS, Failure, complain, print};
use crate::{
    display::safe::one_line,
    model::Issue,
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
                    if let Some(version) = session.newer_version() {
                        issues.push(newer(version));
                    }
                    code = code.max(if issues.is_empty() { CLEAN } else { FINDINGS });
                    findings.push(Finding { file, error: None, hint: None, issues });
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
            if finding.issues.is_empty() {
                out.push_str(&format!("{}: clean\n", one_line(&finding.file)));
            }
        }
        print(&out)?;
        Ok(code)
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
