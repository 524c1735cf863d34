//! Figures over time: how much the copy leans on sources without a name, by article, outlet, desk, byline or month. What managers look
//! at, and what they compare with other months.

use crate::{
    model::{
        Document, Id, Project, Source,
        links::{Links, sources_behind},
        news,
    },
    review::Unit,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// By what documents are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// Every document by itself.
    Document,
    /// The outlet.
    Outlet,
    /// The desk.
    Desk,
    /// The byline.
    Byline,
    /// The month of publication.
    Month,
}

impl Grouping {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 5] = [Self::Month, Self::Document, Self::Outlet, Self::Desk, Self::Byline];

    /// As people choose it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "Article",
            Self::Outlet => "Outlet",
            Self::Desk => "Desk",
            Self::Byline => "Byline",
            Self::Month => "Month",
        }
    }

    fn of(self, document: &Document) -> String {
        let said = match self {
            Self::Document => document.title.clone(),
            Self::Outlet => document.outlet.clone(),
            Self::Desk => document.desk.clone(),
            Self::Byline => document.byline.clone(),
            Self::Month => month(&document.published).unwrap_or_default(),
        };
        if said.trim().is_empty() { "not stated".to_owned() } else { said.trim().to_owned() }
    }
}

/// Year and month of a date as the article states it: `2026-11` of `2026-11-20` or `2026-11-20T14:05Z`.
fn month(published: &str) -> Option<String> {
    let (year, rest) = published.trim().split_once('-')?;
    let month = rest.get(..2)?;
    let digits = |words: &str| words.chars().all(|letter| letter.is_ascii_digit());
    let is_month = year.len() == 4 && digits(year) && digits(month) && matches!(month.parse(), Ok(1..=12));
    is_month.then(|| format!("{year}-{month}"))
}

/// The figures of one group of documents. A source counts once in each document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// What the documents have in common.
    pub group: String,
    /// Documents.
    pub documents: usize,
    /// Sources that the copy names, or that readers can look up.
    pub named: usize,
    /// Sources without a name.
    pub unnamed: usize,
    /// Claims.
    pub claims: usize,
    /// Claims that rest on one unnamed source alone.
    pub on_one_unnamed: usize,
    /// Unnamed sources of which no mention says why no name is given.
    pub without_reason: usize,
    /// Unnamed sources that no mention describes more than barely.
    pub bare: usize,
}

impl Figures {
    /// The share of claims on one unnamed source alone, in percent; 0 without a claim.
    pub fn share_on_one_unnamed(&self) -> f64 {
        if self.claims == 0 { 0.0 } else { self.on_one_unnamed as f64 * 100.0 / self.claims as f64 }
    }
}

/// The figures of a project, by group: months in their order, others by name.
pub fn figures(project: &Project, links: &Links, units: &[Unit], by: Grouping) -> Vec<Figures> {
    let groups: HashMap<&Id<Document>, String> = project.documents.iter().map(|document| (&document.id, by.of(document))).collect();
    let mut all: BTreeMap<&str, Figures> = BTreeMap::new();
    for document in project.documents.iter() {
        if let Some(group) = groups.get(&document.id) {
            all.entry(group).or_insert_with(|| Figures { group: group.clone(), ..Figures::default() }).documents += 1;
        }
    }
    let mut named: BTreeSet<(&Id<Document>, Id<Source>)> = BTreeSet::new();
    for annotation in project.annotations.iter() {
        let behind = sources_behind(project, links, annotation);
        let unnamed = |id: &Id<Source>| project.sources.get(id).is_some_and(|source| source.is_unnamed());
        if annotation.label == news::label(news::CLAIM)
            && let Some(figures) = groups.get(&annotation.document).and_then(|group| all.get_mut(group.as_str()))
        {
            figures.claims += 1;
            figures.on_one_unnamed += usize::from(behind.len() == 1 && behind.iter().any(unnamed));
        }
        named.extend(behind.into_iter().filter(|id| !unnamed(id)).map(|id| (&annotation.document, id)));
    }
    for (document, _) in named {
        if let Some(figures) = groups.get(document).and_then(|group| all.get_mut(group.as_str())) {
            figures.named += 1;
        }
    }
    for unit in units {
        let Some(figures) = groups.get(&unit.document).and_then(|group| all.get_mut(group.as_str())) else { continue };
        figures.unnamed += 1;
        figures.without_reason += usize::from(unit.has_no_reason(project));
        figures.bare += usize::from(unit.is_bare(project));
    }
    all.into_values().collect()
}

/// The columns of the table, in their order.
pub const COLUMNS: [&str; 9] = [
    "group",
    "documents",
    "named_sources",
    "unnamed_sources",
    "claims",
    "claims_on_one_unnamed_source",
    "share_of_claims_percent",
    "unnamed_without_reason",
    "unnamed_described_barely",
];

/// The figures as CSV (RFC 4180), with a row of names. A group that a spreadsheet would take for a formula begins with an apostrophe
/// (OWASP, CSV injection).
pub fn csv(figures: &[Figures]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in figures {
        let shown = super::safe::one_line(&row.group);
        let group = if shown.starts_with(['=', '+', '-', '@']) { format!("'{shown}") } else { shown.into_owned() };
        let counts = [row.documents, row.named, row.unnamed, row.claims, row.on_one_unnamed].map(|count| count.to_string());
        let rest = [format!("{:.1}", row.share_on_one_unnamed()), row.without_reason.to_string(), row.bare.to_string()];
        writer.write_record(std::iter::once(group).chain(counts).chain(rest))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_from_dates_and_nothing_else() {
        assert_eq!(month("2026-11-20").as_deref(), Some("2026-11"));
        assert_eq!(month("2026-11-20T14:05Z").as_deref(), Some("2026-11"));
        for other in ["", "20 November 2026", "2026-13-01", "26-11-20", "2026", "2026-1"] {
            assert_eq!(month(other), None, "{other}");
        }
    }

    #[test]
    fn a_group_is_no_formula_and_commas_stay_in_their_cell() {
        let rows = [
            Figures { group: "=HYPERLINK(\"x\")".to_owned(), claims: 3, on_one_unnamed: 1, ..Figures::default() },
            Figures { group: "Calder, Ines".to_owned(), ..Figures::default() },
        ];
        let written = csv(&rows).unwrap();
        assert!(written.contains("\"'=HYPERLINK(\"\"x\"\")\",0,0,0,3,1,33.3,0,0\n"), "{written}");
        assert!(written.contains("\"Calder, Ines\",0,0,0,0,0,0.0,0,0\n"), "{written}");
    }
}
