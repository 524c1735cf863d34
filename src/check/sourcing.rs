//! Sourcing: what newsroom rules say of claims, quotes and unnamed sources. Each rule names whose it is and can be switched off for a
//! project, with a reason.

use super::spans::{place, shorten};
use crate::{
    model::{
        Annotation, Document, Id, Issue, Project, Severity,
        links::{Links, sources_behind},
        news,
    },
    review::{Unit, unit::is_plural_for_one},
};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// A rule, as people read of it.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name in issues and in the file.
    pub key: &'static str,
    /// What it finds.
    pub what: &'static str,
    /// Whose rule it is.
    pub provenance: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What it looks at.
    pub about: About,
    /// What to do about it.
    pub hint: &'static str,
}

/// What a rule looks at: what is found of an annotation can be said at once after an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A single annotation with its links.
    Annotation,
    /// An unnamed source in an article, with all its mentions.
    Source,
}

const fn rule(
    key: &'static str,
    about: About,
    severity: Severity,
    what: &'static str,
    provenance: &'static str,
    hint: &'static str,
) -> Rule {
    Rule { key, what, provenance, severity, about, hint }
}

use Severity::{Fault, Hint, Warning};

const CLAIM_WITHOUT_SOURCE: Rule = rule(
    "claim_without_source",
    About::Annotation,
    Warning,
    "An attributed claim is linked to no source",
    "AP",
    "Link it to its attribution: L, then Enter.",
);
const QUOTE_WITHOUT_SPEAKER: Rule = rule(
    "quote_without_speaker",
    About::Annotation,
    Warning,
    "A quote has no speaker",
    "AP, Guardian",
    "Put the caret into it and press Q.",
);
const NO_REASON: Rule = rule(
    "no_reason",
    About::Source,
    Warning,
    "No mention says why no name is given",
    "AP, SPJ, NPR, JTI",
    "Say why in the copy, and set Reason in text.",
);
const NO_BASIS: Rule =
    rule("no_basis", About::Source, Warning, "No mention says how the source knows", "AP, NYT, BBC", "Say it in the copy, and set Basis.");
const BARE_DESCRIPTOR: Rule = rule(
    "bare_descriptor",
    About::Source,
    Warning,
    "The source is described barely",
    "AP, Guardian, NPR",
    "Describe role and affiliation as far as safety permits.",
);
const PLURAL_FOR_ONE: Rule =
    rule("plural_for_one", About::Annotation, Fault, "A plural stands for one source", "Reuters", "Write the singular.");
const SINGLE_UNNAMED_SOURCE: Rule = rule(
    "single_unnamed_source",
    About::Annotation,
    Warning,
    "A claim rests on one unnamed source alone",
    "Reuters, AP, BBC, RTDNA",
    "Find a second source, or have it approved by rank.",
);
const SINGLE_SOURCE: Rule = rule(
    "single_source",
    About::Annotation,
    Hint,
    "A claim worth checking rests on one source alone",
    "Reuters, BBC",
    "Find a second source.",
);
const NO_FACT: Rule = rule(
    "no_fact",
    About::Annotation,
    Warning,
    "An unnamed source gives an opinion or a prediction",
    "AP, Reuters, USA Today, NPR",
    "Cut it, or find somebody who says it by name.",
);
const OFF_RECORD: Rule =
    rule("off_record", About::Annotation, Fault, "Off the record, and in the copy", "AP, Washington Post", "Take it out.");
const SHOWN_AS_SILENT: Rule = rule(
    "shown_as_silent",
    About::Source,
    Warning,
    "A body is quoted without a name and shown as declining comment",
    "AP",
    "Make sure that it is not the same body.",
);
const VERDICT_CUE: Rule =
    rule("verdict_cue", About::Annotation, Hint, "The cue carries a verdict", "house styles of AP and Reuters", "“Said” carries none.");
const LEAD_ON_UNNAMED_SOURCE: Rule = rule(
    "lead_on_unnamed_source",
    About::Source,
    Warning,
    "Headline or lead rests on an unnamed source",
    "NYT 2016",
    "Have it approved at the top, or lead with something else.",
);
const QUOTE_OF_SEVERAL: Rule = rule(
    "quote_of_several",
    About::Annotation,
    Warning,
    "A direct quote from several people at once",
    "Reuters, AP",
    "Attribute it to one of them, or paraphrase.",
);

/// All rules, in the order of the settings.
pub const RULES: [Rule; 14] = [
    CLAIM_WITHOUT_SOURCE,
    QUOTE_WITHOUT_SPEAKER,
    NO_REASON,
    NO_BASIS,
    BARE_DESCRIPTOR,
    PLURAL_FOR_ONE,
    SINGLE_UNNAMED_SOURCE,
    SINGLE_SOURCE,
    NO_FACT,
    OFF_RECORD,
    SHOWN_AS_SILENT,
    VERDICT_CUE,
    LEAD_ON_UNNAMED_SOURCE,
    QUOTE_OF_SEVERAL,
];

/// The rule of a name.
pub fn rule_of(key: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.key == key)
}

/// What is found in a project, or in one document; rules that are switched off find nothing.
pub fn check(project: &Project, links: &Links, units: &[Unit], document: Option<&Id<Document>>) -> Vec<Issue> {
    let mut found = Found { project, links, refusals: HashMap::new(), issues: Vec::new() };
    let is_here = |of: &Id<Document>| document.is_none_or(|document| document == of);
    for annotation in project.annotations.iter().filter(|annotation| is_here(&annotation.document)) {
        found.annotation(annotation);
        if Found::is(annotation, news::ATTRIBUTION) && annotation.value("act") == "refusal" {
            found.refusals.entry(&annotation.document).or_default().push(annotation);
        }
    }
    for unit in units.iter().filter(|unit| is_here(&unit.document)) {
        found.unit(unit);
    }
    let mut issues = found.issues;
    issues.sort_by_cached_key(|(at, issue)| (std::cmp::Reverse(issue.severity), at.clone(), issue.rule));
    issues.into_iter().map(|(_, issue)| issue).collect()
}

/// What the rules for single annotations find in some of them: what can be said at once after an edit.
pub fn check_some(project: &Project, links: &Links, annotations: &BTreeSet<Id<Annotation>>) -> Vec<Issue> {
    let mut found = Found { project, links, refusals: HashMap::new(), issues: Vec::new() };
    for annotation in annotations.iter().filter_map(|id| project.annotations.get(id)) {
        found.annotation(annotation);
    }
    found.issues.into_iter().map(|(_, issue)| issue).collect()
}

/// Whether a rule looks at a source as a whole; the others look at single annotations.
pub fn is_of_source(rule: &str) -> bool {
    rule_of(rule).is_some_and(|rule| rule.about == About::Source)
}

/// Title, start, id: where an issue stands.
type At = (String, u32, String);

struct Found<'f> {
    project: &'f Project,
    links: &'f Links,
    /// Who declined to comment, in each document.
    refusals: HashMap<&'f Id<Document>, Vec<&'f Arc<Annotation>>>,
    issues: Vec<(At, Issue)>,
}

impl Found<'_> {
    fn say(&mut self, rule: &Rule, annotation: &Annotation, message: String) {
        if self.project.info.checks_off.get(rule.key).is_some() {
            return;
        }
        let start = annotation.ranges.bounds().start;
        let title = self.project.documents.get(&annotation.document).map_or_else(String::new, |document| document.title.clone());
        let issue = Issue {
            severity: rule.severity,
            rule: rule.key,
            record: Some(annotation.id.key().clone()),
            place: place(self.project, &annotation.document, &annotation.text, start),
            message,
            hint: format!("{} ({})", rule.hint, rule.provenance),
        };
        self.issues.push(((title, start.0, annotation.id.to_string()), issue));
    }

    fn is(annotation: &Annotation, label: &str) -> bool {
        annotation.label == news::label(label)
    }

    fn annotation(&mut self, annotation: &Arc<Annotation>) {
        let words = || shorten(&annotation.excerpt());
        if Self::is(annotation, news::CLAIM) {
            let behind = sources_behind(self.project, self.links, annotation);
            let unnamed = behind.iter().filter_map(|source| self.project.sources.get(source)).filter(|source| source.is_unnamed()).count();
            let linked = !self.links.out_of(&annotation.id).is_empty();
            match behind.len() {
                0 if !linked && !matches!(annotation.value("voice"), "article" | "headline" | "caption") => {
                    self.say(&CLAIM_WITHOUT_SOURCE, annotation, format!("The claim “{}” is linked to no source.", words()));
                }
                1 if unnamed == 1 => {
                    self.say(&SINGLE_UNNAMED_SOURCE, annotation, format!("The claim “{}” rests on one unnamed source alone.", words()));
                }
                1 if annotation.value("check_worthiness") == "high" => {
                    self.say(&SINGLE_SOURCE, annotation, format!("The claim “{}” rests on one source alone.", words()));
                }
                _ => {}
            }
            if unnamed > 0 && unnamed == behind.len() && matches!(annotation.value("kind"), "opinion" | "prediction") {
                let kind = annotation.value("kind");
                self.say(&NO_FACT, annotation, format!("The {kind} “{}” comes from an unnamed source.", words()));
            }
        }
        if Self::is(annotation, news::QUOTE) {
            let attributed = self.links.out_of(&annotation.id).iter().filter_map(|link| self.project.relations.get(link));
            let via: Vec<_> = attributed.filter_map(|link| self.project.annotations.get(&link.to)).collect();
            if via.is_empty() {
                self.say(&QUOTE_WITHOUT_SPEAKER, annotation, format!("The quote “{}” has no speaker.", words()));
            }
            if annotation.value("type") == "direct" && self.speaks_for_several(&via) {
                self.say(&QUOTE_OF_SEVERAL, annotation, format!("The direct quote “{}” is given to several people at once.", words()));
            }
        }
        if Self::is(annotation, news::ATTRIBUTION) && annotation.value("stance") == "doubting" {
            let cue = annotation.value("cue");
            let cue = if cue.is_empty() { words() } else { cue.to_owned() };
            self.say(&VERDICT_CUE, annotation, format!("“{cue}” says more than that somebody said it."));
        }
        if Self::is(annotation, news::ANONYMOUS_SOURCE) {
            if annotation.value("terms") == "off_record" {
                self.say(&OFF_RECORD, annotation, format!("“{}” spoke off the record.", words()));
            }
            if is_plural_for_one(annotation) {
                self.say(&PLURAL_FOR_ONE, annotation, format!("“{}” is a plural for one source.", words()));
            }
        }
    }

    /// Whether an attribution names a mention of two people or more.
    fn speaks_for_several(&self, via: &[&Arc<Annotation>]) -> bool {
        let named =
            via.iter().flat_map(|attribution| self.links.out_of(&attribution.id)).filter_map(|link| self.project.relations.get(link));
        named
            .filter_map(|link| self.project.annotations.get(&link.to))
            .any(|mention| matches!(mention.value("number"), "two" | "three_or_more" | "plural_unspecified"))
    }

    fn unit(&mut self, unit: &Unit) {
        let project = self.project;
        let mut mentions = unit.mentions.iter().filter_map(|id| project.annotations.get(id));
        let Some(first) = mentions.find(|mention| Self::is(mention, news::ANONYMOUS_SOURCE)) else { return };
        let alias = project.sources.get(&unit.source).map_or_else(String::new, |source| source.alias.clone());
        if unit.has_no_reason(project) {
            self.say(&NO_REASON, first, format!("No mention of {alias} says why no name is given."));
        }
        if unit.has_no_basis(project) {
            self.say(&NO_BASIS, first, format!("No mention of {alias} says how the source knows."));
        }
        if unit.is_bare(project) {
            self.say(&BARE_DESCRIPTOR, first, format!("{alias} is only called “{}”.", shorten(&first.excerpt())));
        }
        if unit.risk.lead
            && let Some(claim) = unit.claims.iter().find_map(|id| project.annotations.get(id))
        {
            self.say(&LEAD_ON_UNNAMED_SOURCE, claim, format!("Headline or lead rests on {alias}."));
        }
        self.silent(unit, first, &alias);
    }

    /// AP: nobody who is quoted without a name is shown as declining comment. A shared word of the description is a hint.
    fn silent(&mut self, unit: &Unit, first: &Arc<Annotation>, alias: &str) {
        let project = self.project;
        let telling = |words: &str| -> HashSet<String> {
            words
                .split(|letter: char| !letter.is_alphanumeric())
                .filter(|word| word.chars().count() > 4)
                .map(str::to_lowercase)
                .filter(|word| !COMMON.contains(&word.as_str()))
                .collect()
        };
        let source = project.sources.get(&unit.source);
        let own = telling(&format!("{} {}", source.map_or("", |source| source.role.as_str()), first.excerpt()));
        for refusal in self.refusals.get(&unit.document).cloned().unwrap_or_default() {
            let who = refusal
                .source
                .as_ref()
                .and_then(|source| project.sources.get(source))
                .map_or_else(String::new, |source| source.alias.clone());
            if telling(&format!("{} {who}", refusal.excerpt())).intersection(&own).next().is_some() {
                self.say(&SHOWN_AS_SILENT, refusal, format!("“{}”: is it the body that {alias} speaks for?", shorten(&refusal.excerpt())));
            }
        }
    }
}

/// Words that tell no body from another.
const COMMON: [&str; 10] =
    ["official", "officials", "source", "sources", "senior", "people", "person", "comment", "declined", "spokesperson"];
