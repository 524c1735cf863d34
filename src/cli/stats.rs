//! `onrecord stats`: figures of a project, for people or as JSON.

use super::{Failure, print};
use crate::{
    display::{
        figures::{self, Grouping},
        line::count,
        safe::one_line,
        summary::{DocumentFigures, SourceFigures, Summary},
    },
    model::{Id, Label, Project, links::Links},
    review,
    session::{Session, WorkEnvironment},
};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf};

#[derive(Debug, Clone, Copy, ValueEnum)]
enum GroupName {
    Document,
    Outlet,
    Desk,
    Byline,
    Month,
}

#[derive(Debug, Args)]
pub(super) struct Stats {
    /// The project
    project: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print figures over time as CSV, by this
    #[arg(long, value_name = "GROUP", conflicts_with = "json")]
    by: Option<GroupName>,
}

impl Stats {
    pub(super) fn run(self) -> Result<u8, Failure> {
        let session = Session::open(&self.project, WorkEnvironment::system(None)).map_err(|error| Failure::new(&error, error.hint()))?;
        if let Some(by) = self.by {
            let by = match by {
                GroupName::Document => Grouping::Document,
                GroupName::Outlet => Grouping::Outlet,
                GroupName::Desk => Grouping::Desk,
                GroupName::Byline => Grouping::Byline,
                GroupName::Month => Grouping::Month,
            };
            let project = session.project();
            let links = Links::new(project);
            let rows = figures::figures(project, &links, &review::units(project, &links), by);
            return print(&figures::csv(&rows).map_err(|error| Failure::new(&error, ""))?);
        }
        let summary = Summary::new(session.project());
        if self.json {
            let value = as_json(session.project(), &summary);
            let text = serde_json::to_string_pretty(&value).map_err(|error| Failure::new(&error, ""))?;
            return print(&format!("{text}\n"));
        }
        print(&as_text(session.project(), &summary))
    }
}

fn as_text(project: &Project, summary: &Summary) -> String {
    let mut out = format!("{}: {}, ", one_line(&project.info.title), count(summary.documents.len(), "document"));
    out.push_str(&format!("{}, {}\n", count(project.annotations.len(), "annotation"), count(summary.links, "link")));
    let labels = |counts: &BTreeMap<Id<Label>, usize>| {
        let named =
            project.labels_in_order().into_iter().filter_map(|label| Some(format!("{} {}", one_line(&label.name), counts.get(&label.id)?)));
        named.collect::<Vec<_>>().join(", ")
    };
    for DocumentFigures { title, status, characters, omitted, labels: counts, .. } in &summary.documents {
        let left_out = if *omitted > 0 { format!(", {omitted} not article") } else { String::new() };
        out.push_str(&format!(
            "document {}: {}, {}{left_out}; {}\n",
            one_line(title),
            status.word(),
            count(*characters, "character"),
            labels(counts)
        ));
    }
    for SourceFigures { alias, kind, mentions, documents, labels: counts, .. } in &summary.sources {
        let documents = count(*documents, "document");
        out.push_str(&format!(
            "source {}: {}, {} in {documents}; {}\n",
            one_line(alias),
            kind.word(),
            count(*mentions, "mention"),
            labels(counts)
        ));
    }
    let claims = summary.claims;
    out.push_str(&format!(
        "claims: {} without a source, {} on one source ({} of them unnamed), {} corroborated\n",
        claims.none, claims.single, claims.single_unnamed, claims.several
    ));
    out
}

fn as_json(project: &Project, summary: &Summary) -> Value {
    let labels = |counts: &BTreeMap<Id<Label>, usize>| {
        counts.iter().map(|(label, count)| (label.to_string(), json!(count))).collect::<serde_json::Map<_, _>>()
    };
    let documents: Vec<Value> = summary
        .documents
        .iter()
        .map(|document| {
            json!({
                "id": document.id.to_string(), "title": document.title, "status": document.status.word(),
                "characters": document.characters, "omitted": document.omitted, "labels": labels(&document.labels),
            })
        })
        .collect();
    let sources: Vec<Value> = summary
        .sources
        .iter()
        .map(|source| {
            json!({
                "id": source.id.to_string(), "alias": source.alias, "kind": source.kind.word(), "mentions": source.mentions,
                "documents": source.documents, "labels": labels(&source.labels),
            })
        })
        .collect();
    let claims = summary.claims;
    json!({
        "title": project.info.title, "annotations": project.annotations.len(), "links": summary.links, "documents": documents, "sources": sources,
        "claims": {"without_source": claims.none, "single": claims.single, "single_unnamed": claims.single_unnamed, "corroborated": claims.several},
    })
}
