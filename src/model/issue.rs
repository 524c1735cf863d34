//! A fault that was found: where, what, and how to mend it. Finding is the work of `check`, mending that of `edit`.

use super::Key;
use serde::Serialize;
use std::fmt;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Hint,
    /// Worth a look.
    Warning,
    /// The file says something that cannot be right.
    Fault,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// How much it matters.
    pub severity: Severity,
    /// The rule that found it: `quote_differs`.
    pub rule: &'static str,
    /// The record that it is about.
    pub record: Option<Key>,
    /// The place, for people: a document's title and paragraph.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Hint => "hint",
            Severity::Warning => "warning",
            Severity::Fault => "fault",
        };
        write!(f, "{word} {}", self.rule)?;
        if !self.place.is_empty() {
            write!(f, " at {}", self.place)?;
        }
        write!(f, ": {}", self.message)?;
        if !self.hint.is_empty() {
            write!(f, " {}", self.hint)?;
        }
        Ok(())
    }
}
