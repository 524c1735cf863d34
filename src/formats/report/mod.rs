//! The audit report: one page of headings, lines and tables from any profile, written as HTML, Markdown or JSON. Whatever an article or
//! a note says, the report stays inert.

pub mod html;
pub mod markdown;

pub use super::profile::Profile;

use crate::display::audit::{Audit, DeskReport, FullReport, PublicDocument, PublicReport, Totals};

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// One file, no script.
    Html,
    /// Markdown.
    Markdown,
    /// JSON.
    Json,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Html, Self::Markdown, Self::Json];

    /// The ending of its files, and the word on the command line.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }
}

/// A page of a report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// Whether everything is cleared.
    pub cleared: bool,
    /// What stands below the title.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Block {
    /// A heading, 2 to 4.
    Heading { level: u8, text: String },
    /// A sentence or two.
    Line(String),
    /// Names and values.
    Facts(Vec<(&'static str, String)>),
    /// Lines with a mark before each.
    List(Vec<String>),
    /// A table with its header.
    Table { header: Vec<&'static str>, rows: Vec<Vec<String>> },
}

/// Writes a report.
pub fn write(audit: &Audit<'_>, profile: Profile, target: Target) -> serde_json::Result<String> {
    let page = || match profile {
        Profile::Public => public_page(&audit.public()),
        Profile::Desk => desk_page(&audit.desk()),
        Profile::Full => full_page(&audit.full()),
    };
    Ok(match target {
        Target::Html => html::write(&page()),
        Target::Markdown => markdown::write(&page()),
        Target::Json => {
            let json = match profile {
                Profile::Public => serde_json::to_string_pretty(&audit.public())?,
                Profile::Desk => serde_json::to_string_pretty(&audit.desk())?,
                Profile::Full => serde_json::to_string_pretty(&audit.full())?,
            };
            format!("{json}\n")
        }
    })
}

fn heading(level: u8, text: impl Into<String>) -> Block {
    Block::Heading { level, text: text.into() }
}

fn public_page(report: &PublicReport) -> Page {
    let mut page = begin(&report.project, report.cleared, &report.made, report.profile);
    for document in &report.documents {
        article(&mut page, document);
        for source in &document.sources {
            page.blocks.push(heading(3, format!("Unnamed source {}", source.number)));
            page.blocks
                .push(Block::List(source.mentions.iter().map(|mention| format!("¶ {}: “{}”", mention.paragraph, mention.words)).collect()));
            if !source.claims.is_empty() {
                let rows = source.claims.iter().map(|claim| {
                    vec![format!("¶ {}", claim.paragraph), claim.words.to_string(), claim.kind.spoken(), claim.sources.to_string()]
                });
                page.blocks.push(Block::Table { header: vec!["Place", "Claim", "Kind", "Sources"], rows: rows.collect() });
            }
            if !source.direct_quotes.is_empty() {
                page.blocks.push(Block::Line(format!("Direct quotes: {}", source.direct_quotes.len())));
            }
        }
    }
    page
}

fn begin(project: &str, cleared: bool, made: &str, profile: &str) -> Page {
    let title = if project.is_empty() { "Audit of unnamed sources".to_owned() } else { format!("Audit of unnamed sources: {project}") };
    let facts = vec![
        ("Profile", profile.to_owned()),
        ("Made", made.to_owned()),
        ("By", concat!("Onrecord ", env!("CARGO_PKG_VERSION")).to_owned()),
    ];
    Page { title, cleared, blocks: vec![Block::Facts(facts)] }
}

fn article(page: &mut Page, document: &PublicDocument) {
    page.blocks.push(heading(2, &document.title));
    page.blocks.push(Block::Line(if document.cleared { "CLEARED".to_owned() } else { "NOT CLEARED".to_owned() }));
    let mut facts = Vec::new();
    for (name, value) in [("Outlet", &document.outlet), ("Byline", &document.byline), ("Published", &document.published)] {
        if !value.is_empty() {
            facts.push((name, value.clone()));
        }
    }
    let Totals { named_sources, unnamed_sources, claims, claims_on_one_unnamed_source, bare_descriptions, without_reason } =
        document.totals;
    facts.push(("Text", format!("{} characters, SHA-256 {}", document.characters, document.text_sha256)));
    facts.push(("Sources", format!("{named_sources} named, {unnamed_sources} unnamed")));
    facts.push(("Claims", format!("{claims}, of them {claims_on_one_unnamed_source} on one unnamed source alone")));
    facts.push(("Descriptions", format!("{bare_descriptions} bare, {without_reason} without a reason for the reader")));
    page.blocks.push(Block::Facts(facts));
}

fn desk_page(report: &DeskReport) -> Page {
    let mut page = begin(&report.project, report.cleared, &report.made, report.profile);
    page.blocks.push(Block::Line(report.names.to_owned()));
    for document in &report.documents {
        article(&mut page, &document.article);
        if !document.blockers.is_empty() {
            page.blocks.push(heading(3, "What stands in the way"));
            page.blocks
                .push(Block::List(document.blockers.iter().map(|blocker| format!("{} ({})", blocker.message, blocker.place)).collect()));
        }
        for review in &document.reviews {
            page.blocks.push(heading(3, format!("{}: {}", review.alias, review.state)));
            if review.decided_twice {
                page.blocks.push(Block::Line("Decided twice at the same time: a decision has to follow both.".to_owned()));
            }
            if !review.stale.is_empty() {
                page.blocks.push(Block::Line(format!("Stale: {}", review.stale.join("; "))));
            }
            page.blocks.push(Block::Facts(vec![
                ("Kind", review.kind.clone()),
                ("Description", review.description.clone()),
                ("People", review.people.clone()),
                ("Basis", review.basis.clone()),
                ("Terms", review.terms.clone()),
                ("Reason in the text", review.reason_in_text.clone()),
            ]));
            if let Some(source) = document.article.sources.iter().find(|source| source.number == review.number) {
                page.blocks.push(Block::List(
                    source.mentions.iter().map(|mention| format!("¶ {}: “{}”", mention.paragraph, mention.words)).collect(),
                ));
                page.blocks.push(Block::List(
                    source.direct_quotes.iter().map(|quote| format!("Direct quote, ¶ {}: {}", quote.paragraph, quote.words)).collect(),
                ));
            }
            if !review.claims.is_empty() {
                let rows = review.claims.iter().map(|claim| {
                    let about = [&claim.kind, &claim.check_worthiness, &claim.verification]
                        .into_iter()
                        .filter(|word| !word.is_empty())
                        .cloned()
                        .collect::<Vec<_>>();
                    vec![
                        format!("¶ {}", claim.paragraph),
                        claim.words.clone(),
                        about.join(", "),
                        claim.sources.to_string(),
                        claim.outcome.clone(),
                    ]
                });
                page.blocks.push(Block::Table {
                    header: vec!["Place", "Claim", "Kind, worth, verification", "Sources", "Outcome"],
                    rows: rows.collect(),
                });
            }
            for decision in &review.decisions {
                page.blocks.push(heading(
                    4,
                    format!("{}: {} → {}, {} ({})", decision.at, decision.from, decision.to, decision.initials, decision.role),
                ));
                page.blocks.push(Block::Line(format!("Policy: {}", decision.policy)));
                if !decision.answers.is_empty() {
                    let rows = decision.answers.iter().map(|answer| {
                        let said = if answer.overridden { format!("{}, overridden", answer.answer) } else { answer.answer.clone() };
                        vec![answer.question.clone(), said, answer.provenance.clone()]
                    });
                    page.blocks.push(Block::Table { header: vec!["Question", "Answer", "Asked by"], rows: rows.collect() });
                }
            }
        }
    }
    page
}

fn full_page(report: &FullReport) -> Page {
    let mut page = desk_page(&report.desk);
    page.blocks.push(heading(2, "Notes and comments"));
    let rows = report.notes.iter().map(|note| vec![note.on.clone(), note.text.clone(), note.initials.clone(), note.at.clone()]);
    page.blocks.push(Block::Table { header: vec!["On", "Text", "By", "When"], rows: rows.collect() });
    page
}
