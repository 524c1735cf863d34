//! `onrecord formats`: what is read and written.

use super::{Failure, print};
use crate::formats::{
    FORMATS, Reader, Writer,
    exchange::feature::{Feature, How},
};
use clap::Args;
use serde_json::{Value, json};

#[derive(Debug, Args)]
pub(super) struct Formats {
    /// Print JSON: an array, one object a format
    #[arg(long)]
    json: bool,
}

impl Formats {
    pub(super) fn run(self) -> Result<u8, Failure> {
        if !self.json {
            return print(&table());
        }
        let all: Vec<Value> = FORMATS
            .iter()
            .map(|format| {
                let carries: serde_json::Map<String, Value> = Feature::ALL
                    .into_iter()
                    .filter(|_| matches!(format.write, Writer::Stream(_) | Writer::Whole(_)))
                    .map(|feature| {
                        let how = match (format.carries)(feature) {
                            How::Kept => "kept",
                            How::Aside(_) => "aside",
                            How::Lost(_) => "lost",
                        };
                        (feature.word().to_owned(), json!(how))
                    })
                    .collect();
                json!({
                    "name": format.name, "title": format.title, "about": format.about, "endings": format.endings, "folder": format.is_folder,
                    "reads": match format.read { Reader::None => Value::Null, Reader::Article(_) => json!("article"), _ => json!("annotations") },
                    "writes": format.write.is_some(), "carries": carries,
                })
            })
            .collect();
        let text = serde_json::to_string_pretty(&all).map_err(|error| Failure::new(&error, ""))?;
        print(&format!("{text}\n"))
    }
}

/// The formats as a table, which is that of README too.
pub(super) fn table() -> String {
    let mut out = format!("{:<15} {:<12} {:<7} {}\n", "name", "reads", "writes", "what");
    for format in FORMATS {
        let reads = match format.read {
            Reader::None => "",
            Reader::Article(_) => "article",
            Reader::Annotated(_) => "annotations",
            Reader::Project => "project",
        };
        let writes = if format.write.is_some() { "yes" } else { "" };
        out.push_str(&format!("{:<15} {reads:<12} {writes:<7} {}: {}\n", format.name, format.title, format.about));
    }
    out
}
