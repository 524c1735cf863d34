//! The audit of unnamed sources as data, in three profiles. Each is a type of its own that lists what it may hold: what a profile does
//! not list cannot reach a writer.

use super::public::{self, Listed, Printed};
use crate::{
    anchor::{Placement, placement},
    check::publish::Clearance,
    model::{
        Annotation, Comment, Decision, Document, Id, Outcome, Project, ReviewState, Source, Text, links::Links, links::sources_behind, news,
    },
    review::{Answers, Outcomes, Unit},
};
use serde::Serialize;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// What everybody may read: what the articles print, and whether they are cleared. No notes, no review, no alias; the project's title
/// only where it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct PublicReport {
    pub profile: &'static str,
    pub project: String,
    pub made: String,
    pub cleared: bool,
    pub documents: Vec<PublicDocument>,
}

/// One article, as everybody may read of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct PublicDocument {
    pub title: String,
    pub outlet: String,
    pub byline: String,
    pub published: String,
    pub text_sha256: String,
    pub characters: usize,
    pub cleared: bool,
    pub totals: Totals,
    pub sources: Vec<PublicSource>,
}

/// Figures of one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct Totals {
    pub named_sources: usize,
    pub unnamed_sources: usize,
    pub claims: usize,
    pub claims_on_one_unnamed_source: usize,
    pub bare_descriptions: usize,
    pub without_reason: usize,
}

/// One unnamed source, by what the article prints of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct PublicSource {
    pub number: usize,
    pub mentions: Vec<Quoted>,
    pub direct_quotes: Vec<Quoted>,
    pub claims: Vec<PublicClaim>,
}

/// Words of the article with their paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct Quoted {
    pub paragraph: usize,
    pub words: Printed,
}

/// A claim that rests on the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct PublicClaim {
    pub paragraph: usize,
    pub words: Printed,
    pub kind: Listed,
    pub sources: usize,
}

/// What the desk reads: the review with its decisions and roles, without anybody's notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct DeskReport {
    pub profile: &'static str,
    pub project: String,
    pub made: String,
    pub cleared: bool,
    pub names: &'static str,
    pub documents: Vec<DeskDocument>,
}

/// One article with its review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct DeskDocument {
    pub id: String,
    pub article: PublicDocument,
    pub blockers: Vec<Blocker>,
    pub reviews: Vec<DeskReview>,
}

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct Blocker {
    pub place: String,
    pub message: String,
    pub rule: String,
}

/// The review of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct DeskReview {
    pub number: usize,
    pub alias: String,
    pub kind: String,
    pub description: String,
    pub terms: String,
    pub basis: String,
    pub reason_in_text: String,
    pub people: String,
    pub state: String,
    pub stale: Vec<String>,
    pub decided_twice: bool,
    pub claims: Vec<DeskClaim>,
    pub decisions: Vec<DeskDecision>,
}

/// A claim with its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct DeskClaim {
    pub paragraph: usize,
    pub words: String,
    pub kind: String,
    pub check_worthiness: String,
    pub verification: String,
    pub sources: usize,
    pub outcome: String,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct DeskDecision {
    pub at: String,
    pub initials: String,
    pub role: String,
    pub from: String,
    pub to: String,
    pub policy: String,
    pub answers: Vec<DeskAnswer>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct DeskAnswer {
    pub question: String,
    pub provenance: String,
    pub answer: String,
    pub overridden: bool,
}

/// Everything: the desk's report with all notes and comments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct FullReport {
    #[serde(flatten)]
    pub desk: DeskReport,
    pub notes: Vec<Note>,
}

/// A note or a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the headings of the report")]
pub struct Note {
    pub on: String,
    pub text: String,
    pub initials: String,
    pub at: String,
}

/// That names in a report are what people called themselves.
pub const SELF_DECLARED: &str = "Initials and roles are those that people gave themselves; Onrecord does not verify them.";

/// What a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct Audit<'a> {
    /// The project.
    pub project: &'a Project,
    /// Its links.
    pub links: &'a Links,
    /// Its units.
    pub units: &'a [Unit],
    /// What stands in the way of each document.
    pub clearances: &'a [Clearance],
    /// The minute, UTC.
    pub made: &'a str,
    /// Whether the public report has the project's title and names of files.
    pub house: bool,
}

/// What belongs to one document: its units by their first mention, its annotations.
#[derive(Default)]
struct Here<'a> {
    units: Vec<&'a Unit>,
    annotations: Vec<&'a Arc<Annotation>>,
}

impl<'a> Audit<'a> {
    fn documents(&self) -> impl Iterator<Item = (&'a Arc<Document>, &'a Clearance)> {
        let project = self.project;
        self.clearances.iter().filter_map(move |clearance| Some((project.documents.get(&clearance.document)?, clearance)))
    }

    fn cleared(&self) -> bool {
        self.clearances.iter().all(Clearance::is_clear)
    }

    /// The report for everybody.
    pub fn public(&self) -> PublicReport {
        let (by_document, nothing) = (self.by_document(), Here::default());
        PublicReport {
            profile: "public",
            project: if self.house { self.project.info.title.clone() } else { String::new() },
            made: self.made.to_owned(),
            cleared: self.cleared(),
            documents: self
                .documents()
                .map(|(document, clearance)| {
                    self.public_document(document, clearance, by_document.get(&document.id).unwrap_or(&nothing), self.house)
                })
                .collect(),
        }
    }

    /// The report for the desk.
    pub fn desk(&self) -> DeskReport {
        let (by_document, nothing) = (self.by_document(), Here::default());
        let of = |(document, clearance): (&Arc<Document>, &Clearance)| {
            let here = by_document.get(&document.id).unwrap_or(&nothing);
            DeskDocument {
                id: document.id.to_string(),
                article: self.public_document(document, clearance, here, true),
                blockers: clearance
                    .blockers
                    .iter()
                    .map(|issue| Blocker { place: issue.place.clone(), message: issue.message.clone(), rule: issue.rule.to_owned() })
                    .collect(),
                reviews: here.units.iter().enumerate().map(|(at, unit)| self.review(at + 1, unit)).collect(),
            }
        };
        DeskReport {
            profile: "desk",
            project: self.project.info.title.clone(),
            made: self.made.to_owned(),
            cleared: self.cleared(),
            names: SELF_DECLARED,
            documents: self.documents().map(of).collect(),
        }
    }

    /// Everything, notes included.
    pub fn full(&self) -> FullReport {
        let documents: HashSet<&Id<Document>> = self.clearances.iter().map(|clearance| &clearance.document).collect();
        let is_here = |document: &Id<Document>| documents.contains(document);
        let mut notes = Vec::new();
        for annotation in self.project.annotations.iter().filter(|annotation| !annotation.note.is_empty() && is_here(&annotation.document))
        {
            notes.push(Note {
                on: self.named(annotation),
                text: annotation.note.clone(),
                initials: self.initials(annotation.by.as_ref()),
                at: String::new(),
            });
        }
        for decision in self.project.decisions.iter().filter(|decision| is_here(&decision.document)) {
            let alias = self.project.sources.get(&decision.source).map_or_else(String::new, |source| source.alias.clone());
            let mut add = |on: String, text: &str| {
                if !text.is_empty() {
                    notes.push(Note { on, text: text.to_owned(), initials: self.initials(decision.by.as_ref()), at: decision.at.clone() });
                }
            };
            add(format!("decision on {alias}: {}", ReviewState::of(&decision.to).name()), &decision.note);
            for (key, answered) in Answers::read(decision.answers.as_ref()).0 {
                add(format!("answer on {alias}: {}", key.replace('_', " ")), &answered.note);
            }
        }
        for comment in self.project.comments.iter() {
            notes.push(self.comment(comment));
        }
        FullReport { desk: DeskReport { profile: "full", ..self.desk() }, notes }
    }

    fn comment(&self, comment: &Comment) -> Note {
        let annotation = self.project.annotations.get(&comment.on.clone().into()).map(|annotation| self.named(annotation));
        let source = || self.project.sources.get(&Id::<Source>::from(comment.on.clone())).map(|source| source.alias.clone());
        let on = annotation.or_else(source).unwrap_or_else(|| "an answer".to_owned());
        let state = if comment.resolved { ", resolved" } else { "" };
        Note {
            on: format!("comment on {on}{state}"),
            text: comment.text.clone(),
            initials: self.initials(comment.by.as_ref()),
            at: comment.at.clone(),
        }
    }

    /// What belongs to each document: one look at all units and annotations for any number of documents.
    fn by_document(&self) -> HashMap<&'a Id<Document>, Here<'a>> {
        let project = self.project;
        let mut all: HashMap<&Id<Document>, Here<'_>> = HashMap::new();
        for unit in self.units {
            all.entry(&unit.document).or_default().units.push(unit);
        }
        for annotation in project.annotations.iter() {
            all.entry(&annotation.document).or_default().annotations.push(annotation);
        }
        let first =
            |unit: &Unit| unit.mentions.first().and_then(|id| project.annotations.get(id)).map(|mention| mention.ranges.bounds().start);
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for here in all.values_mut() {
            here.units.sort_by_cached_key(|unit| (first(unit), unit.source.clone()));
        }
        all
    }

    fn text_of(&self, annotation: &Annotation) -> Option<&'a Arc<Text>> {
        self.project.texts.get(&annotation.text)
    }

    fn paragraph(&self, annotation: &Annotation) -> usize {
        self.text_of(annotation).map_or(0, |text| text.index.number_from_char(&text.content, annotation.ranges.bounds().start))
    }

    fn named(&self, annotation: &Annotation) -> String {
        let label = self.project.labels.get(&annotation.label).map_or_else(|| annotation.label.to_string(), |label| label.name.clone());
        format!("{} “{}”, ¶ {}", label.to_lowercase(), crate::check::spans::shortened(annotation), self.paragraph(annotation))
    }

    fn initials(&self, person: Option<&Id<crate::model::Person>>) -> String {
        person.and_then(|person| self.project.persons.get(person)).map_or_else(String::new, |person| person.name.clone())
    }

    fn quoted(&self, ids: &[Id<Annotation>], keep: impl Fn(&Annotation) -> bool) -> Vec<Quoted> {
        let found = ids.iter().filter_map(|id| self.project.annotations.get(id)).filter(|annotation| keep(annotation));
        found.filter_map(|annotation| Some(Quoted { paragraph: self.paragraph(annotation), words: self.printed(annotation)? })).collect()
    }

    /// The words of an annotation as its article has them now; `None` where it has no place in it.
    fn printed(&self, annotation: &Annotation) -> Option<Printed> {
        let text = self.project.documents.get(&annotation.document).and_then(|document| self.project.text_of(document))?;
        let stands = annotation.text == text.id && placement(&annotation.ranges, &annotation.quote, text) == Placement::Placed;
        stands.then(|| {
            Printed::parts(&text.content, annotation.ranges.iter().map(|range| text.index.bytes_from_range(&text.content, range)))
        })?
    }

    fn public_document(&self, document: &Arc<Document>, clearance: &Clearance, here: &Here<'_>, house: bool) -> PublicDocument {
        let text = self.project.text_of(document);
        let in_document = || here.annotations.iter();
        let mut named: Vec<&Id<Source>> = in_document()
            .filter_map(|annotation| annotation.source.as_ref())
            .filter(|source| self.project.sources.get(source).is_some_and(|source| !source.is_unnamed()))
            .collect();
        let file = document.imported.as_ref().map(|imported| imported.name.as_str());
        let content = text.map_or("", |text| &*text.content);
        named.sort();
        named.dedup();
        let units = &here.units;
        let totals = Totals {
            named_sources: named.len(),
            unnamed_sources: units.len(),
            claims: in_document().filter(|annotation| annotation.label == news::label(news::CLAIM)).count(),
            claims_on_one_unnamed_source: units.iter().map(|unit| unit.risk.single).sum(),
            bare_descriptions: units.iter().filter(|unit| unit.is_bare(self.project)).count(),
            without_reason: units.iter().filter(|unit| unit.has_no_reason(self.project)).count(),
        };
        PublicDocument {
            title: if house { document.title.clone() } else { public::title(&document.title, file, content) },
            outlet: document.outlet.clone(),
            byline: document.byline.clone(),
            published: document.published.clone(),
            text_sha256: text.map_or_else(String::new, |text| crate::model::text_record::sha256_hex(text.content.as_bytes())),
            characters: text.map_or(0, |text| text.index.len().get()),
            cleared: clearance.is_clear(),
            totals,
            sources: units.iter().enumerate().map(|(at, unit)| self.public_source(at + 1, unit)).collect(),
        }
    }

    fn public_source(&self, number: usize, unit: &Unit) -> PublicSource {
        let claims = unit.claims.iter().filter_map(|id| self.project.annotations.get(id)).filter_map(|claim| {
            Some(PublicClaim {
                paragraph: self.paragraph(claim),
                words: self.printed(claim)?,
                kind: Listed::in_annotation(self.project, claim, "kind"),
                sources: sources_behind(self.project, self.links, claim).len(),
            })
        });
        PublicSource {
            number,
            mentions: self.quoted(&unit.mentions, |_| true),
            direct_quotes: self.quoted(&unit.quotes, |quote| matches!(quote.spoken("type").as_str(), "direct" | "mixed")),
            claims: claims.collect(),
        }
    }

    fn review(&self, number: usize, unit: &Unit) -> DeskReview {
        let project = self.project;
        let source = project.sources.get(&unit.source);
        let mentions: Vec<&Arc<Annotation>> = unit.mentions.iter().filter_map(|id| project.annotations.get(id)).collect();
        let first_said = |key: &str| {
            let said =
                mentions.iter().map(|mention| mention.spoken(key)).find(|said| !said.is_empty() && said != "not stated" && said != "none");
            said.unwrap_or_else(|| "not stated".to_owned())
        };
        let newest = unit.standing.newest.last().and_then(|id| project.decisions.get(id));
        let outcomes = Outcomes::read(newest.and_then(|decision| decision.outcomes.as_ref()));
        let claims = unit.claims.iter().filter_map(|id| project.annotations.get(id)).map(|claim| DeskClaim {
            paragraph: self.paragraph(claim),
            words: claim.excerpt(),
            kind: claim.spoken("kind"),
            check_worthiness: claim.spoken("check_worthiness"),
            verification: claim.spoken("verification"),
            sources: sources_behind(project, self.links, claim).len(),
            outcome: outcomes.0.get(&claim.id).map_or_else(String::new, |outcome: &Outcome| outcome.word().replace('_', " ")),
        });
        DeskReview {
            number,
            alias: source.map_or_else(|| unit.source.to_string(), |source| source.alias.clone()),
            kind: source.map_or_else(String::new, |source| source.kind.word().replace('_', " ")),
            description: source.map_or_else(String::new, |source| source.role.clone()),
            terms: first_said("terms"),
            basis: first_said("basis"),
            reason_in_text: first_said("reason_in_text"),
            people: first_said("number"),
            state: unit.standing.state.name().to_owned(),
            stale: unit.standing.stale.iter().map(|stale| stale.words(project)).collect(),
            decided_twice: unit.standing.is_split(),
            claims: claims.collect(),
            decisions: unit
                .standing
                .history
                .iter()
                .filter_map(|id| project.decisions.get(id))
                .map(|decision| self.decision(decision))
                .collect(),
        }
    }

    fn decision(&self, decision: &Decision) -> DeskDecision {
        let policy = decision.policy.as_ref().and_then(|policy| self.project.policies.get(policy));
        let answers = Answers::read(decision.answers.as_ref());
        let question = |key: &str| policy.and_then(|policy| policy.items.iter().find(|item| item.key == key));
        let answers = answers.0.iter().map(|(key, answered)| DeskAnswer {
            question: question(key).map_or_else(|| key.clone(), |item| item.text.clone()),
            provenance: question(key).map_or_else(String::new, |item| item.provenance.clone()),
            answer: answered.answer.word().replace('_', " "),
            overridden: answered.overridden,
        });
        DeskDecision {
            at: decision.at.clone(),
            initials: self.initials(decision.by.as_ref()),
            role: decision.role.clone(),
            from: ReviewState::of(&decision.from).name().to_owned(),
            to: ReviewState::of(&decision.to).name().to_owned(),
            policy: policy.map_or_else(
                || decision.policy.as_ref().map_or_else(String::new, ToString::to_string),
                |policy| format!("{} ({})", policy.name, policy.id),
            ),
            answers: answers.collect(),
        }
    }
}
