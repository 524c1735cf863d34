//! `onrecord suggest`: what the rules for reported speech find, and how often they are right.

use super::{CLEAN, Failure, print};
use crate::{
    display::{line::count, safe::one_line},
    session::{Session, WorkEnvironment},
    store,
    suggest::{
        Cues, cues,
        score::{Score, Tally, score},
    },
};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Suggest {
    /// Projects whose marked quotes are compared with what the rules propose for them
    #[arg(required_unless_present = "list")]
    projects: Vec<PathBuf>,
    /// Cues to use instead of those that the app comes with
    #[arg(long, value_name = "FILE")]
    cues: Option<PathBuf>,
    /// Print the cues as a file that can be changed
    #[arg(long)]
    list: bool,
}

impl Suggest {
    pub(super) fn run(self) -> Result<u8, Failure> {
        if self.list {
            return print(cues::NEWS);
        }
        let cues = match &self.cues {
            None => Cues::default(),
            Some(path) => {
                let bytes = store::read(path).map_err(|error| Failure::new(&error, error.hint()))?;
                let json =
                    String::from_utf8(bytes).map_err(|_error| Failure::new(&"the cues are not UTF-8 text", "Save them as UTF-8."))?;
                Cues::read(&json).map_err(|error| Failure::new(&error, error.hint()))?
            }
        };
        let mut all = Score::default();
        let mut out = String::new();
        for path in &self.projects {
            let session = Session::open(path, WorkEnvironment::system(None)).map_err(|error| Failure::new(&error, error.hint()))?;
            let scored = score(session.project(), &cues);
            out.push_str(&table(&session.project().info.title, &scored));
            all.add(scored);
        }
        if self.projects.len() > 1 {
            out.push_str(&table("all", &all));
        }
        print(&out)?;
        Ok(CLEAN)
    }
}

fn table(title: &str, score: &Score) -> String {
    let row = |name: &str, tally: &Tally| {
        format!(
            "  {name:<22} precision {:>3} %  recall {:>3} %  ({} right of {} proposed, {} marked)\n",
            tally.precision(),
            tally.recall(),
            tally.right,
            tally.proposed,
            tally.marked
        )
    };
    format!(
        "{}: {}\n{}{}{}{}",
        one_line(title),
        count(score.quotes.marked, "quote"),
        row("quote, exact", &score.quotes),
        row("attribution, exact", &score.attributions),
        row("attribution, overlap", &score.overlapping),
        row("speaker", &score.speakers)
    )
}
