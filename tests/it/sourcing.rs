//! Every sourcing rule finds its example and not the opposite, and every value that a label offers says what it is said to say.

use onrecord::{
    check::sourcing::{self, RULES},
    edit::{Command, Import},
    model::{Annotation, AttributeValue, Id, links::Links},
    review,
    session::{Session, WorkEnvironment},
    text::{Ranges, TextRange},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Headline and a lead in which nothing rests on anybody, then everything that rules look at.
fn text() -> String {
    let lead = "A paragraph that rests on nobody at all. ".repeat(40);
    format!(
        "Ferry plans\n\n{lead}\n\nA third one, and then the news. The tender will slip, an official briefed on the talks said, citing the rules of \
         the ministry. Ada Roe said so too. “It will slip,” the official said. Several officials agreed. The harbour board declined to comment.\n"
    )
}

/// What is marked: name, label, words, attributes, source.
type Marked = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

const MARKED: [Marked; 8] = [
    ("claim", "claim", "The tender will slip", &[("kind", "fact"), ("voice", "attributed"), ("check_worthiness", "low")], ""),
    ("said", "attribution", "an official briefed on the talks said", &[], "unnamed"),
    ("named", "attribution", "Ada Roe said so too", &[], "named"),
    (
        "mention",
        "anonymous_source",
        "an official briefed on the talks",
        &[
            ("basis", "briefed"),
            ("reason_in_text", "specific"),
            ("number", "one"),
            ("specificity", "role_affiliation"),
            ("terms", "background"),
        ],
        "unnamed",
    ),
    ("quote", "quote", "“It will slip,”", &[("type", "direct")], ""),
    ("again", "attribution", "the official said", &[], "unnamed"),
    ("silent", "attribution", "The harbour board declined to comment", &[("act", "statement")], "board"),
    ("headline", "claim", "A third one", &[("voice", "article")], ""),
];

const LINKS: [(&str, &str, &str); 6] = [
    ("attributed_via", "claim", "said"),
    ("attributed_via", "claim", "named"),
    ("names_source", "said", "mention"),
    ("attributed_via", "quote", "again"),
    ("names_source", "again", "mention"),
    ("supported_by", "claim", "mention"),
];

struct Case(Session);

fn id(name: &str) -> String {
    let at = MARKED.iter().position(|(known, ..)| *known == name).unwrap();
    format!("6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1b{at:02}")
}

fn place(words: &str) -> (usize, usize) {
    let text = text();
    let start = text[..text.find(words).unwrap_or_else(|| panic!("{words}"))].chars().count();
    (start, start + words.chars().count())
}

impl Case {
    /// An article in which no rule finds anything.
    fn sound() -> Self {
        let source = |name: &str| match name {
            "unnamed" => {
                json!({"id": "6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1c01", "alias": "Source A", "kind": "anonymous", "role": "harbour official"})
            }
            "named" => json!({"id": "6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1c02", "alias": "Ada Roe", "kind": "named_person"}),
            "board" => json!({"id": "6c0e0c26-94b2-4e7e-9b0f-2a4b4f7f1c03", "alias": "Harbour board", "kind": "organisation"}),
            _ => Value::Null,
        };
        let annotations = MARKED.iter().map(|(name, label, words, attributes, by)| {
            let attributes: serde_json::Map<String, Value> =
                attributes.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
            let mut annotation =
                json!({"id": id(name), "label": label, "ranges": [place(words)], "quote": [words], "attributes": attributes});
            if !by.is_empty() {
                annotation["source"] = source(by);
            }
            annotation
        });
        let links = LINKS.iter().map(|(kind, from, to)| json!({"kind": kind, "from": id(from), "to": id(to)}));
        let document = json!({"title": "Ferry", "content": text(), "annotations": annotations.collect::<Vec<_>>(), "links": links.collect::<Vec<_>>()});
        let import: Import = serde_json::from_value(json!({ "documents": [document] })).unwrap();
        let mut session = Session::new("Sourcing", WorkEnvironment::seeded(21, None));
        session.run(&Command::Import { import: Box::new(import) }).unwrap();
        Self(session)
    }

    fn set(&mut self, name: &str, key: &str, value: &str) {
        let value = (!value.is_empty()).then(|| AttributeValue::Text(value.into()));
        self.0.run(&Command::SetAttribute { annotation: id(name).as_str().into(), key: key.to_owned(), value }).unwrap();
    }

    fn unlink(&mut self, from: &str, to: &str) {
        let (from, to): (Id<Annotation>, Id<Annotation>) = (id(from).as_str().into(), id(to).as_str().into());
        let link = self.0.project().relations.iter().find(|link| link.from == from && link.to == to).unwrap().id.clone();
        self.0.run(&Command::Unlink { relation: link }).unwrap();
    }

    fn move_to(&mut self, name: &str, words: &str) {
        let (start, end) = place(words);
        let range = TextRange::new(u32::try_from(start).unwrap(), u32::try_from(end).unwrap());
        self.0.run(&Command::SetRanges { annotation: id(name).as_str().into(), ranges: Ranges::one(range) }).unwrap();
    }

    /// The claim rests on the unnamed source alone.
    fn on_unnamed() -> Self {
        let mut case = Self::sound();
        case.unlink("claim", "named");
        case
    }

    /// The claim rests on the named source alone.
    fn on_named() -> Self {
        let mut case = Self::sound();
        case.unlink("claim", "said");
        case.unlink("claim", "mention");
        case
    }

    /// The claim is linked to nobody.
    fn on_nobody() -> Self {
        let mut case = Self::on_named();
        case.unlink("claim", "named");
        case
    }

    /// The quote comes from two people.
    fn of_two() -> Self {
        let mut case = Self::sound();
        case.set("mention", "number", "two");
        case
    }

    fn found(&self) -> BTreeSet<&'static str> {
        let project = self.0.project();
        let links = Links::new(project);
        let found = sourcing::check(project, &links, &review::units(project, &links), None);
        assert!(found.iter().all(|issue| RULES.iter().any(|rule| rule.key == issue.rule)), "a rule that is not in the list");
        found.into_iter().map(|issue| issue.rule).collect()
    }
}

/// What makes a sound article one in which a rule finds something.
type Breaks = fn(&mut Case);
type Makes = fn() -> Case;

/// An example of each rule. Keys are written into project files when a rule is switched off, so they never change.
const EXAMPLES: [(&str, Breaks); 14] = [
    ("claim_without_source", |case| *case = Case::on_nobody()),
    ("quote_without_speaker", |case| case.unlink("quote", "again")),
    ("no_reason", |case| case.set("mention", "reason_in_text", "none")),
    ("no_basis", |case| case.set("mention", "basis", "")),
    ("bare_descriptor", |case| case.set("mention", "specificity", "bare")),
    ("plural_for_one", |case| case.move_to("mention", "Several officials")),
    ("single_unnamed_source", |case| *case = Case::on_unnamed()),
    ("single_source", |case| {
        *case = Case::on_named();
        case.set("claim", "check_worthiness", "high");
    }),
    ("no_fact", |case| {
        *case = Case::on_unnamed();
        case.set("claim", "kind", "opinion");
    }),
    ("off_record", |case| case.set("mention", "terms", "off_record")),
    ("shown_as_silent", |case| case.set("silent", "act", "refusal")),
    ("verdict_cue", |case| case.set("named", "stance", "doubting")),
    ("lead_on_unnamed_source", |case| case.move_to("claim", "Ferry plans")),
    ("quote_of_several", |case| *case = Case::of_two()),
];

#[test]
fn every_rule_finds_its_example_and_nothing_in_the_opposite() {
    assert_eq!(Case::sound().found(), BTreeSet::new(), "a sound article");
    assert_eq!(EXAMPLES.map(|(rule, _)| rule), RULES.map(|rule| rule.key), "every rule has an example, in the order of the list");
    for (rule, breaks) in EXAMPLES {
        let mut case = Case::sound();
        breaks(&mut case);
        // A claim on one unnamed source is that whatever else it is.
        let also = if rule == "no_fact" { vec!["single_unnamed_source", rule] } else { vec![rule] };
        assert_eq!(case.found(), also.iter().copied().collect(), "{rule}");
        let off = |because: &str| Command::SwitchCheck { rule: rule.to_owned(), off_because: because.to_owned() };
        case.0.run(&off("House style.")).unwrap();
        assert!(!case.found().contains(rule), "{rule} is off");
        // What is said at once after an edit is what is said of single annotations.
        case.0.run(&off("")).unwrap();
        let project = case.0.project();
        let all = project.annotations.iter().map(|annotation| annotation.id.clone()).collect();
        let at_once: BTreeSet<&str> =
            sourcing::check_some(project, &Links::new(project), &all).into_iter().map(|issue| issue.rule).collect();
        assert_eq!(at_once.contains(rule), !sourcing::is_of_source(rule), "{rule}");
    }
}

/// Which values make a rule find something that it did not find before (`+`), or no longer (`-`): articles, annotation, attribute, value.
/// Every other value of every attribute changes nothing.
const SAYS: [(&str, &str, &str, &str, &str); 20] = [
    ("sound unnamed two", "claim", "voice", "headline", "+lead_on_unnamed_source"),
    ("nobody", "claim", "voice", "article", "-claim_without_source"),
    ("nobody", "claim", "voice", "headline", "-claim_without_source"),
    ("nobody", "claim", "voice", "caption", "-claim_without_source"),
    ("unnamed", "claim", "kind", "prediction", "+no_fact"),
    ("unnamed", "claim", "kind", "opinion", "+no_fact"),
    ("named", "claim", "check_worthiness", "high", "+single_source"),
    (ALL, "silent", "stance", "doubting", "+verdict_cue"),
    (ALL, "silent", "act", "refusal", "+shown_as_silent"),
    (ALL, "mention", "specificity", "bare", "+bare_descriptor"),
    (ALL, "mention", "basis", "not_stated", "+no_basis"),
    (ALL, "mention", "reason_in_text", "none", "+no_reason"),
    (ALL, "mention", "terms", "off_record", "+off_record"),
    ("sound unnamed named nobody", "mention", "number", "two", "+quote_of_several"),
    ("sound unnamed named nobody", "mention", "number", "three_or_more", "+quote_of_several"),
    ("sound unnamed named nobody", "mention", "number", "plural_unspecified", "+quote_of_several"),
    ("two", "mention", "number", "one", "-quote_of_several"),
    ("two", "mention", "number", "unknown", "-quote_of_several"),
    ("two", "quote", "type", "indirect", "-quote_of_several"),
    ("two", "quote", "type", "mixed", "-quote_of_several"),
];
const ALL: &str = "sound unnamed named nobody two";

#[test]
fn every_value_of_every_attribute_says_what_it_is_said_to() {
    let cases: [(&str, Makes); 5] = [
        ("sound", Case::sound),
        ("unnamed", Case::on_unnamed),
        ("named", Case::on_named),
        ("nobody", Case::on_nobody),
        ("two", Case::of_two),
    ];
    let mut used: BTreeSet<&(&str, &str, &str, &str, &str)> = BTreeSet::new();
    let (mut tried, mut wrong) = (0, Vec::new());
    for (article, make) in cases {
        let mut case = make();
        let labels: Vec<_> = case.0.project().labels.iter().cloned().collect();
        let before = case.found();
        for (label, name) in [("claim", "claim"), ("quote", "quote"), ("attribution", "silent"), ("anonymous_source", "mention")] {
            let label = labels.iter().find(|known| known.id == label.into()).unwrap();
            for (attribute, value) in label.attributes.iter().flat_map(|one| one.values.iter().map(move |value| (one, value))) {
                let state = case.0.history().state();
                case.set(name, &attribute.key, value);
                let after = case.found();
                let mut change: Vec<String> = after.difference(&before).map(|rule| format!("+{rule}")).collect();
                change.extend(before.difference(&after).map(|rule| format!("-{rule}")));
                let said: Vec<_> = SAYS
                    .iter()
                    .filter(|(articles, who, key, word, _)| {
                        articles.split(' ').any(|one| one == article)
                            && (*who, *key, *word) == (name, attribute.key.as_str(), value.as_str())
                    })
                    .collect();
                if change != said.iter().map(|row| row.4.to_owned()).collect::<Vec<_>>() {
                    wrong.push(format!("{article}: {name} {} {value}: {change:?}", attribute.key));
                }
                used.extend(said);
                // What is there already is no step of undo.
                if case.0.history().state() != state {
                    case.0.undo();
                }
                tried += 1;
            }
        }
        assert_eq!(case.found(), before);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(used.len(), SAYS.len(), "every row of the table is a value that a label offers");
    assert!(tried > 300, "{tried}");
}
