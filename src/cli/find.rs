//! `onrecord find`: one line a hit, with document, place and context.

use super::{CLEAN, FINDINGS, Failure, print};
use crate::{
    display::{context::context, safe::one_line},
    find,
    session::{Session, WorkEnvironment},
    text::search::{Pattern, Query},
};
use clap::Args;
use std::{ops::ControlFlow, path::PathBuf};

/// Characters of context on either side.
const REACH: usize = 40;

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 found, 1 nothing found, 2 cannot do it. What is marked as not article is not searched.")]
pub(super) struct Find {
    /// The project
    project: PathBuf,
    /// The words to find; any quotation mark, dash or space stands for all of its kind
    pattern: String,
    /// Take the pattern for a regular expression
    #[arg(long)]
    regex: bool,
    /// Tell capitals and small letters apart
    #[arg(long)]
    case: bool,
    /// Find whole words only
    #[arg(long)]
    word: bool,
}

impl Find {
    pub(super) fn run(self) -> Result<u8, Failure> {
        let query = Query { words: self.pattern, regex: self.regex, case: self.case, whole_word: self.word, fold: true };
        let pattern = Pattern::new(&query).map_err(|error| Failure::new(&error, error.hint()))?;
        let pattern = pattern.ok_or_else(|| Failure::new(&"there is nothing to look for", "Give at least one letter."))?;
        let session = Session::open(&self.project, WorkEnvironment::system(None)).map_err(|error| Failure::new(&error, error.hint()))?;
        let project = session.project();
        let mut out = String::new();
        let omitted = find::Omitted::new(project);
        for document in project.documents_in_order() {
            let Some(text) = project.text_of(document) else { continue };
            let _all = find::in_document(project, document, &omitted.of(document), &pattern, None, &mut |hit| {
                if let Some(hit) = hit {
                    let range = text.index.range_from_bytes(&text.content, &hit.bytes);
                    let words = context(&text.content, &hit.bytes, REACH);
                    let line = format!("{}[{}]{}", words.before, words.words, words.after);
                    out.push_str(&format!("{} ¶ {}\t{range}\t{}\n", one_line(&document.title), hit.paragraph, line.trim()));
                }
                ControlFlow::Continue(())
            });
        }
        print(&out)?;
        Ok(if out.is_empty() { FINDINGS } else { CLEAN })
    }
}
