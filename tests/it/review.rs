//! The review of unnamed sources: states, refusals, stale, conflicts, checks, clearance, reports that stay inert.

use onrecord::{
    check::{publish, sourcing},
    display::figures::{self, Grouping},
    edit::{Command, EditError, Mark, MarkLink, SourceField, Speaker},
    formats::{native, policies},
    model::{Annotation, Answer, AttributeValue, Document, Id, Origin, Outcome, Person, ReviewState, Source, SourceKind, links::Links},
    review::{self, Answered, Answers, Outcomes, Stale, Unit},
    session::{Session, WorkEnvironment},
    text::{Ranges, TextRange},
};
use std::collections::BTreeMap;

fn person(initials: &str, role: &str) -> Person {
    Person {
        id: initials.into(),
        name: initials.to_owned(),
        roles: vec![role.to_owned()],
        conflicts: onrecord::model::Conflicts::default(),
        extra: onrecord::model::Extra::default(),
    }
}

/// An article in which one claim and one quote rest on one unnamed source, marked by MK.
struct Case {
    session: Session,
    document: Id<Document>,
    source: Id<Source>,
    claim: Id<Annotation>,
    mention: Id<Annotation>,
}

const TEXT: &str = "The tender will slip, an official said. “It will slip,” the official said.";

fn range(words: &str) -> Ranges {
    let start = TEXT.char_indices().position(|(at, _)| TEXT[at..].starts_with(words)).unwrap();
    let start = u32::try_from(start).unwrap();
    Ranges::one(TextRange::new(start, start + u32::try_from(words.chars().count()).unwrap()))
}

impl Case {
    fn new() -> Self {
        let mut session = Session::new("Review", WorkEnvironment::seeded(9, Some(person("MK", "annotator"))));
        let add = Command::AddDocument { title: "Tender".to_owned(), content: TEXT.to_owned(), language: String::new(), imported: None };
        let document: Id<Document> = session.run(&add).unwrap().made.clone().unwrap().into();
        let new = |label: &str, words: &str, attributes: &[(&str, &str)]| Mark::New {
            label: label.into(),
            ranges: range(words),
            attributes: attributes.iter().map(|(key, value)| ((*key).to_owned(), AttributeValue::Text((*value).into()))).collect(),
        };
        let link = |kind: &str, from, to| MarkLink { kind: kind.into(), from, to };
        let structure = Command::MarkTogether {
            document: document.clone(),
            marks: vec![
                new("claim", "The tender will slip", &[("kind", "fact")]),
                new("attribution", "an official said", &[]),
                new("anonymous_source", "an official", &[("number", "one")]),
                new("quote", "“It will slip,”", &[("type", "direct")]),
            ],
            links: vec![link("attributed_via", 0, 1), link("names_source", 1, 2), link("supported_by", 0, 2), link("attributed_via", 3, 1)],
            speaker: Some(Speaker::New { alias: "Source A".to_owned(), kind: SourceKind::Anonymous, role: "ministry official".to_owned() }),
            origin: Origin::Rule,
        };
        session.run(&structure).unwrap();
        let by = |label: &str| session.project().annotations.iter().find(|annotation| annotation.label == label.into()).unwrap().id.clone();
        let (claim, mention) = (by("claim"), by("anonymous_source"));
        let source = session.project().sources.iter().next().unwrap().id.clone();
        Self { session, document, source, claim, mention }
    }

    /// The same with the strict policy, an editor at work.
    fn with_editor(role: &str) -> Self {
        let mut case = Self::new();
        case.session.set_person(Some(person("EK", role)));
        case.session.run(&Command::AdoptPolicy { policy: policies::built_in().remove(0) }).unwrap();
        case
    }

    fn unit(&self) -> Unit {
        let project = self.session.project();
        review::unit(project, &Links::new(project), &self.document, &self.source)
    }

    fn decide(&mut self, to: ReviewState, answers: Answers, note: &str) -> Result<(), EditError> {
        let command = Command::Decide {
            document: self.document.clone(),
            source: self.source.clone(),
            to,
            answers,
            outcomes: Outcomes(BTreeMap::from([(self.claim.clone(), Outcome::Keep)])),
            note: note.to_owned(),
        };
        self.session.run(&command).map(|_| ())
    }

    fn blockers(&self) -> Vec<&'static str> {
        let project = self.session.project();
        let links = Links::new(project);
        let units = review::units(project, &links);
        let issues = sourcing::check(project, &links, &units, None);
        publish::check(project, &links, &units, &issues, None).remove(0).blockers.into_iter().map(|blocker| blocker.rule).collect()
    }

    fn rules(&self) -> Vec<&'static str> {
        let project = self.session.project();
        let links = Links::new(project);
        let units = review::units(project, &links);
        sourcing::check(project, &links, &units, None).into_iter().map(|issue| issue.rule).collect()
    }

    fn set(&mut self, annotation: &Id<Annotation>, key: &str, value: &str) {
        let value = Some(AttributeValue::Text(value.into()));
        self.session.run(&Command::SetAttribute { annotation: annotation.clone(), key: key.to_owned(), value }).unwrap();
    }
}

/// Yes to every question of the strict policy.
fn all_yes() -> Answers {
    let policy = policies::built_in().remove(0);
    Answers(policy.items.into_iter().map(|item| (item.key, Answered::plain(Answer::Yes))).collect())
}

#[test]
fn a_unit_holds_what_rests_on_the_source() {
    let case = Case::new();
    let unit = case.unit();
    assert_eq!((unit.mentions.len(), unit.attributions.len(), unit.quotes.len(), unit.claims.len()), (1, 1, 1, 1));
    assert_eq!(unit.standing.state, ReviewState::Unreviewed);
    assert!(unit.risk.lead && unit.risk.single == 1 && unit.risk.direct_quotes == 1);
    let project = case.session.project();
    assert_eq!(review::units(project, &Links::new(project)), [unit], "one by one and all at once agree");
    assert_eq!(case.blockers(), ["not_approved"]);
}

#[test]
fn approval_needs_answers_another_person_and_a_policy() {
    let mut case = Case::new();
    assert_eq!(case.decide(ReviewState::Approved, all_yes(), ""), Err(EditError::NoPolicy));
    let mut case2 = Case::new();
    case2.session.run(&Command::AdoptPolicy { policy: policies::built_in().remove(0) }).unwrap();
    assert_eq!(case2.decide(ReviewState::Approved, all_yes(), ""), Err(EditError::OwnApproval), "MK marked it");
    case.session.set_person(None);
    assert_eq!(case.decide(ReviewState::Approved, all_yes(), ""), Err(EditError::NoPerson));
    let mut case = Case::with_editor("editor");
    assert!(
        matches!(case.decide(ReviewState::Approved, Answers::default(), ""), Err(EditError::OpenItems { count: 19, .. })),
        "3 of 22 only warn"
    );
    let mut one_no = all_yes();
    one_no.0.insert("vital".to_owned(), Answered::plain(Answer::No));
    assert!(matches!(case.decide(ReviewState::Approved, one_no, ""), Err(EditError::OpenItems { count: 1, .. })));
    for to in [ReviewState::NeedsWork, ReviewState::Rejected, ReviewState::ApprovedWithConditions, ReviewState::NotApplicable] {
        assert_eq!(case.decide(to, Answers::default(), " "), Err(EditError::NoteNeeded), "{to:?}");
    }
    case.decide(ReviewState::Approved, all_yes(), "").unwrap();
    assert_eq!(case.unit().standing.state, ReviewState::Approved);
    assert!(case.blockers().is_empty());
    let decision = case.session.project().decisions.iter().next().unwrap().clone();
    assert_eq!((decision.from.as_str(), decision.at.as_str(), decision.role.as_str()), ("unreviewed", "2026-11-20T14:05Z", "editor"));
    assert_eq!(decision.policy.as_ref().map(ToString::to_string).as_deref(), Some("wire-strict.1"));
}

#[test]
fn a_senior_editor_may_override_where_the_policy_says_so_and_nowhere_else() {
    let no = |key: &str| {
        let mut answers = all_yes();
        answers.0.insert(key.to_owned(), Answered { answer: Answer::No, note: String::new(), overridden: true });
        answers
    };
    let mut editor = Case::with_editor("editor");
    assert!(matches!(editor.decide(ReviewState::Approved, no("corroborated"), "Only source."), Err(EditError::OpenItems { .. })));
    let mut senior = Case::with_editor("senior editor");
    assert_eq!(senior.decide(ReviewState::Approved, no("corroborated"), ""), Err(EditError::NoteNeeded), "an override says why");
    assert!(
        matches!(senior.decide(ReviewState::Approved, no("vital"), "So be it."), Err(EditError::OpenItems { .. })),
        "no rank opens this one"
    );
    senior.decide(ReviewState::InReview, no("corroborated"), "").expect("work in progress is kept without a note");
    senior.decide(ReviewState::Approved, no("corroborated"), "Only source, documents seen.").unwrap();
    assert!(senior.blockers().is_empty());
}

#[test]
fn a_change_to_what_was_judged_makes_a_decision_stale_and_a_note_does_not() {
    let mut case = Case::with_editor("editor");
    case.decide(ReviewState::Approved, all_yes(), "").unwrap();
    let claim = case.claim.clone();
    case.session.run(&Command::SetNote { annotation: claim.clone(), note: "Ring again.".to_owned() }).unwrap();
    assert!(case.unit().standing.stale.is_empty(), "a note judges nothing");
    case.set(&claim, "kind", "prediction");
    assert_eq!(case.unit().standing.stale, [Stale::Meaning(claim.clone())]);
    assert_eq!(case.blockers(), ["stale"]);
    case.session.undo();
    assert!(case.unit().standing.stale.is_empty());
    case.session.run(&Command::SetRanges { annotation: claim.clone(), ranges: range("The tender will") }).unwrap();
    assert_eq!(case.unit().standing.stale, [Stale::Words(claim.clone())]);
    case.session.undo();
    case.session.run(&Command::DeleteAnnotations { annotations: vec![claim.clone()] }).unwrap();
    assert!(case.unit().standing.stale.contains(&Stale::Removed(claim)));
    case.session.undo();
    let second = Command::Annotate {
        document: case.document.clone(),
        label: "anonymous_source".into(),
        ranges: range("the official"),
        attributes: BTreeMap::new(),
        source: Some(case.source.clone()),
        note: String::new(),
        origin: Origin::Person,
    };
    let made: Id<Annotation> = case.session.run(&second).unwrap().made.clone().unwrap().into();
    assert_eq!(case.unit().standing.stale, [Stale::Added(made)]);
    // Deciding again follows the first decision and is no longer stale. EK has marked a mention now, so somebody else does it.
    assert_eq!(case.decide(ReviewState::Approved, all_yes(), ""), Err(EditError::OwnApproval));
    case.session.set_person(Some(person("LT", "editor")));
    case.decide(ReviewState::Approved, all_yes(), "").unwrap();
    let standing = case.unit().standing;
    assert!(standing.stale.is_empty() && standing.history.len() == 2 && !standing.is_split());
}

#[test]
fn two_newest_decisions_are_a_conflict_until_a_third_follows_both() {
    let mut case = Case::with_editor("editor");
    case.decide(ReviewState::Approved, all_yes(), "").unwrap();
    // A colleague decided without knowing of it.
    let first = case.session.project().decisions.iter().next().unwrap().clone();
    let json = String::from_utf8(case.session.to_bytes().unwrap()).unwrap();
    let line = json.lines().find(|line| line.contains(&format!("\"id\":\"{}\"", first.id))).unwrap();
    let twin = line
        .trim_end_matches(',')
        .replace(&first.id.to_string(), "22222222-2222-4222-8222-222222222222")
        .replace("\"to\":\"approved\"", "\"to\":\"rejected\"");
    let both = json.replace(line, &format!("{},\n{}", line.trim_end_matches(','), twin));
    let both = if line.ends_with(',') { both.replace(&twin, &format!("{twin},")) } else { both };
    let (a, b) = (line.trim_end_matches(',').to_owned(), twin);
    let both = if first.id.to_string().as_str() > "22222222" { both.replace(&a, "@").replace(&b, &a).replace('@', &b) } else { both };
    let opened = native::read(both.as_bytes()).unwrap();
    case.session = Session::from_opened(opened, WorkEnvironment::seeded(4, Some(person("EK", "editor"))));
    assert!(case.unit().standing.is_split());
    assert_eq!(case.blockers(), ["decided_twice"]);
    case.decide(ReviewState::Approved, all_yes(), "").unwrap();
    let standing = case.unit().standing;
    assert!(!standing.is_split() && standing.history.len() == 3);
    assert!(case.blockers().is_empty());
}

#[test]
fn a_changed_policy_needs_a_new_version() {
    let mut case = Case::with_editor("editor");
    let mut policy = policies::built_in().remove(0);
    case.session.run(&Command::AdoptPolicy { policy: policy.clone() }).unwrap();
    policy.items.remove(0);
    assert!(matches!(case.session.run(&Command::AdoptPolicy { policy: policy.clone() }), Err(EditError::PolicyChanged { .. })));
    policy.id = policies::next_version(&policy);
    case.session.run(&Command::AdoptPolicy { policy }).unwrap();
    assert_eq!(case.session.project().policies.len(), 2, "the old version stays for the decisions made under it");
    assert_eq!(case.session.project().info.policy.as_ref().map(ToString::to_string).as_deref(), Some("wire-strict.2"));
}

#[test]
fn a_decision_that_lacks_policy_person_or_source_is_reported_and_kept() {
    let mut case = Case::with_editor("editor");
    case.decide(ReviewState::Approved, all_yes(), "").unwrap();
    let json = String::from_utf8(case.session.to_bytes().unwrap()).unwrap();
    let decision = json.lines().find(|line| line.contains("\"from\":\"unreviewed\"")).unwrap();
    let source = format!("\"source\":\"{}\"", case.source);
    for (from, to, rule) in [
        ("\"policy\":\"wire-strict.1\"", "\"policy\":\"gone.1\"", "missing_policy"),
        ("\"by\":\"EK\"", "\"by\":\"XX\"", "missing_person"),
        (source.as_str(), "\"source\":\"33333333-3333-4333-8333-333333333333\"", "missing_source"),
    ] {
        let broken = decision.replace(from, to);
        assert_ne!(broken, decision, "{from}");
        let opened = native::read(json.replace(decision, &broken).as_bytes()).unwrap();
        assert!(opened.issues.iter().any(|issue| issue.rule == rule), "{rule}: {:?}", opened.issues);
        assert_eq!(opened.project.decisions.len(), 1);
    }
}

#[test]
fn prefilled_answers_follow_the_annotations() {
    let mut case = Case::with_editor("editor");
    let answer = |case: &Case, rule: &str| {
        let project = case.session.project();
        let person = "EK".into();
        review::prefill(rule, project, &Links::new(project), &case.unit(), Some(&person))
            .map(|filled| (filled.answer, filled.evidence.len()))
    };
    let (claim, mention) = (case.claim.clone(), case.mention.clone());
    assert_eq!(answer(&case, "claims_are_facts"), Some((Answer::Yes, 0)));
    case.set(&claim, "kind", "opinion");
    assert_eq!(answer(&case, "claims_are_facts"), Some((Answer::No, 1)));
    assert_eq!(answer(&case, "basis_recorded"), Some((Answer::No, 1)));
    case.set(&mention, "basis", "participant");
    assert_eq!(answer(&case, "basis_recorded"), Some((Answer::Yes, 1)));
    assert_eq!(answer(&case, "approver_is_not_annotator"), Some((Answer::Yes, 0)));
    assert_eq!(answer(&case, "reason_in_text"), Some((Answer::No, 1)));
    case.set(&mention, "reason_in_text", "specific");
    assert_eq!(answer(&case, "reason_in_text"), Some((Answer::Yes, 1)));
    assert_eq!(answer(&case, "specificity"), None);
    case.set(&mention, "specificity", "bare");
    assert_eq!(answer(&case, "specificity"), Some((Answer::No, 1)));
    assert_eq!(answer(&case, "count_of_sources"), Some((Answer::No, 1)));
    assert_eq!(answer(&case, "allegation_is_serious"), Some((Answer::NotApplicable, 0)));
    case.set(&claim, "allegation", "serious");
    assert_eq!(answer(&case, "allegation_is_serious"), None);
    assert_eq!(answer(&case, "supports_first_claims"), Some((Answer::No, 1)));
    case.set(&mention, "terms", "off_record");
    assert_eq!(answer(&case, "terms_not_off_record"), Some((Answer::No, 1)));
    assert_eq!(answer(&case, "byline"), Some((Answer::No, 0)));
    assert_eq!(answer(&case, "is_document"), Some((Answer::NotApplicable, 0)));
    assert_eq!(answer(&case, "no_such_rule"), None);
}

#[test]
fn every_sourcing_rule_finds_its_case_and_can_be_switched_off() {
    let mut case = Case::with_editor("editor");
    let (claim, mention) = (case.claim.clone(), case.mention.clone());
    let has = |case: &Case, rule: &str| case.rules().contains(&rule);
    for rule in ["no_reason", "no_basis", "single_unnamed_source", "lead_on_unnamed_source"] {
        assert!(has(&case, rule), "{rule}");
    }
    for (annotation, key, value, rule) in [
        (&claim, "kind", "prediction", "no_fact"),
        (&mention, "terms", "off_record", "off_record"),
        (&mention, "specificity", "bare", "bare_descriptor"),
        (&mention, "number", "three_or_more", "quote_of_several"),
    ] {
        assert!(!has(&case, rule), "{rule}");
        case.set(annotation, key, value);
        assert!(has(&case, rule), "{rule}");
        let off = |because: &str| Command::SwitchCheck { rule: rule.to_owned(), off_because: because.to_owned() };
        case.session.run(&off("House style.")).unwrap();
        assert!(!has(&case, rule), "{rule} is off");
        case.session.run(&off("")).unwrap();
        assert!(has(&case, rule), "{rule} is on again");
    }
    assert!(case.blockers().contains(&"off_record"), "a fault stands in the way");
    let links: Vec<_> = case.session.project().relations.iter().map(|link| link.id.clone()).collect();
    for relation in links {
        case.session.run(&Command::Unlink { relation }).unwrap();
    }
    case.set(&claim, "voice", "attributed");
    assert!(has(&case, "claim_without_source") && has(&case, "quote_without_speaker"));
    let known: Vec<&str> = sourcing::RULES.iter().map(|rule| rule.key).collect();
    assert!(case.rules().iter().all(|rule| known.contains(rule)));
}

#[test]
fn comments_are_answered_resolved_and_opened_again() {
    let mut case = Case::with_editor("editor");
    let on = case.claim.key().clone();
    let comment = |on: &onrecord::model::Key, text: &str| Command::AddComment { on: on.clone(), text: text.to_owned() };
    let first = case.session.run(&comment(&on, "Who says so?")).unwrap().made.clone().unwrap();
    let answer = case.session.run(&comment(&first, "The second document.")).unwrap().made.clone().unwrap();
    assert_eq!(case.session.project().comments.get(&answer.into()).unwrap().on, first);
    let resolve = |resolved| Command::ResolveComment { comment: first.clone().into(), resolved };
    case.session.run(&resolve(true)).unwrap();
    assert!(case.session.project().comments.get(&first.clone().into()).unwrap().resolved);
    case.session.run(&resolve(false)).unwrap();
    assert!(!case.session.project().comments.get(&first.clone().into()).unwrap().resolved);
    assert!(matches!(case.session.run(&comment(&"nothing".into(), "x")), Err(EditError::Missing { .. })));
    assert!(matches!(case.session.run(&comment(&on, "  ")), Err(EditError::BadValue { .. })));
}

#[test]
fn what_is_purged_is_in_no_file_and_in_no_step_of_undo() {
    const SECRET: &str = "Jonas Unheard";
    let mut case = Case::with_editor("senior editor");
    let claim = case.claim.clone();
    let note = |note: &str| Command::SetNote { annotation: claim.clone(), note: note.to_owned() };
    let source = case.source.clone();
    let rename = |field, value: &str| Command::EditSource { source: source.clone(), field, value: value.to_owned() };
    case.session.run(&note(SECRET)).unwrap();
    case.session.run(&note("harmless")).unwrap();
    case.session.run(&rename(SourceField::Alias, SECRET)).unwrap();
    case.session.run(&rename(SourceField::Role, SECRET)).unwrap();
    case.session.run(&rename(SourceField::Alias, "Source A")).unwrap();
    let mut answers = all_yes();
    answers.0.values_mut().next().unwrap().note = format!("{SECRET} told us");
    case.decide(ReviewState::NeedsWork, answers, SECRET).unwrap();
    let on = case.claim.key().clone();
    let comment = case.session.run(&Command::AddComment { on, text: SECRET.to_owned() }).unwrap().made.clone().unwrap();
    let delete = Command::DeleteAnnotations { annotations: vec![case.claim.clone()] };
    case.session.run(&delete).unwrap();
    case.session.undo();
    case.session.run(&note("last")).unwrap();
    let decision = case.session.project().decisions.iter().next().unwrap().id.key().clone();
    let told = |case: &Case| {
        let file = String::from_utf8(case.session.to_bytes().unwrap()).unwrap();
        (file.matches(SECRET).count(), format!("{:?}", case.session.history()).matches(SECRET).count())
    };
    assert!(told(&case).0 > 0 && told(&case).1 > 0, "it was there");
    let state = case.session.history().state();
    for record in [case.claim.key().clone(), case.source.key().clone(), decision, comment] {
        let before = told(&case);
        case.session.purge(&record).unwrap();
        assert!(told(&case) < before, "{record:?} held some of it");
    }
    assert_eq!(told(&case), (0, 0));
    assert!(case.session.history().state() != state, "a save is due");
    assert!(matches!(case.session.purge(&"nothing".into()), Err(EditError::Missing { .. })));
    // Every step still goes back and forth, without it.
    let mut steps = 0;
    while case.session.undo().is_some() {
        steps += 1;
        assert_eq!(told(&case), (0, 0));
    }
    for _ in 0..steps {
        case.session.redo().unwrap();
    }
    assert!(steps > 8 && told(&case) == (0, 0));
    let comments: Vec<_> = case.session.project().comments.iter().map(|comment| comment.text.clone()).collect();
    assert_eq!(comments, ["(purged)"]);
    assert_eq!(case.session.project().sources.get(&case.source).unwrap().alias, "Source A");
}

/// Two articles: one that leans on a body that is also shown as silent, one that names its source.
fn silent_body() -> Session {
    let text = "Officials at the harbour board said the tender will slip. The harbour board declined to comment. The union claimed the rent is up.";
    let mut session = Session::new("Silent", WorkEnvironment::seeded(11, Some(person("MK", "annotator"))));
    let add = Command::AddDocument { title: "Board".to_owned(), content: text.to_owned(), language: String::new(), imported: None };
    let document: Id<Document> = session.run(&add).unwrap().made.clone().unwrap().into();
    let mark = |label: &str, words: &str, attributes: &[(&str, &str)]| {
        let start = u32::try_from(text.find(words).unwrap()).unwrap();
        let ranges = Ranges::one(TextRange::new(start, start + u32::try_from(words.len()).unwrap()));
        let attributes = attributes.iter().map(|(key, value)| ((*key).to_owned(), AttributeValue::Text((*value).into()))).collect();
        Mark::New { label: label.into(), ranges, attributes }
    };
    let link = |kind: &str, from, to| MarkLink { kind: kind.into(), from, to };
    let mut together = |marks, links, alias: &str, kind| {
        let speaker = Some(Speaker::New { alias: alias.to_owned(), kind, role: String::new() });
        let document = document.clone();
        session.run(&Command::MarkTogether { document, marks, links, speaker, origin: Origin::Rule }).unwrap();
    };
    together(
        vec![
            mark("claim", "the tender will slip", &[("kind", "fact")]),
            mark("attribution", "Officials at the harbour board said", &[]),
            mark("anonymous_source", "Officials at the harbour board", &[("number", "one")]),
        ],
        vec![link("attributed_via", 0, 1), link("names_source", 1, 2), link("supported_by", 0, 2)],
        "Source A",
        SourceKind::Anonymous,
    );
    together(
        vec![mark("attribution", "The harbour board declined to comment", &[("act", "refusal")])],
        Vec::new(),
        "Harbour board",
        SourceKind::Organisation,
    );
    together(
        vec![
            mark("claim", "the rent is up", &[("kind", "fact"), ("check_worthiness", "high")]),
            mark("attribution", "The union claimed", &[("stance", "doubting")]),
        ],
        vec![link("attributed_via", 0, 1)],
        "Union",
        SourceKind::Organisation,
    );
    session
}

fn found_in(session: &Session) -> Vec<&'static str> {
    let links = Links::new(session.project());
    let units = review::units(session.project(), &links);
    sourcing::check(session.project(), &links, &units, None).into_iter().map(|issue| issue.rule).collect()
}

#[test]
fn a_body_shown_as_silent_a_plural_for_one_a_verdict_and_a_single_source_are_found() {
    let mut session = silent_body();
    for rule in ["shown_as_silent", "plural_for_one", "verdict_cue", "single_source"] {
        assert_eq!(found_in(&session).iter().filter(|found| **found == rule).count(), 1, "{rule}");
    }
    // Another body than the one that is quoted.
    let refusal = session.project().annotations.iter().find(|annotation| annotation.excerpt().contains("declined")).unwrap().id.clone();
    session.run(&Command::DeleteAnnotations { annotations: vec![refusal] }).unwrap();
    assert!(!found_in(&session).contains(&"shown_as_silent"));
}

#[test]
fn figures_tell_claims_on_one_unnamed_source_from_corroborated_ones() {
    let mut session = silent_body();
    let of = |session: &Session| {
        let links = Links::new(session.project());
        figures::figures(session.project(), &links, &review::units(session.project(), &links), Grouping::Document)
    };
    let before = of(&session).remove(0);
    assert_eq!((before.documents, before.named, before.unnamed, before.claims, before.on_one_unnamed), (1, 2, 1, 2, 1));
    assert_eq!((before.without_reason, before.bare), (1, 0));
    // The union says it too.
    let find = |words: &str| session.project().annotations.iter().find(|annotation| annotation.excerpt() == words).unwrap().id.clone();
    let (from, to) = (find("the tender will slip"), find("The union claimed"));
    session.run(&Command::Link { kind: "attributed_via".into(), from, to }).unwrap();
    assert_eq!(of(&session).remove(0).on_one_unnamed, 0);
}

#[test]
fn a_source_with_blocking_answers_missing_comes_before_one_that_waits_only_for_the_decision() {
    let mut case = Case::with_editor("editor");
    // A second source on which nothing rests is less risky, until the first has all its answers.
    let ranges = range("the official");
    let second =
        Command::AddSource { alias: "Source B".to_owned(), kind: SourceKind::Anonymous, role: String::new(), public_label: String::new() };
    let second: Id<Source> = case.session.run(&second).unwrap().made.clone().unwrap().into();
    let (document, label) = (case.document.clone(), "anonymous_source".into());
    let (attributes, source, note) = (BTreeMap::new(), Some(second.clone()), String::new());
    case.session.run(&Command::Annotate { document, label, ranges, attributes, source, note, origin: Origin::Person }).unwrap();
    let order = |case: &Case| -> Vec<Id<Source>> {
        let project = case.session.project();
        review::units(project, &Links::new(project)).into_iter().map(|unit| unit.source).collect()
    };
    assert_eq!(order(&case), [case.source.clone(), second.clone()]);
    case.decide(ReviewState::InReview, all_yes(), "").unwrap();
    assert_eq!(order(&case), [second, case.source.clone()]);
}

/// Which of two copies was joined first must not decide whether an article is cleared.
#[test]
fn a_source_that_one_colleague_calls_unnamed_is_reviewed() {
    let case = Case::new();
    let file = String::from_utf8(case.session.to_bytes().unwrap()).unwrap();
    let mut project: serde_json::Value = serde_json::from_str(&file).unwrap();
    for kinds in [["anonymous", "named_person"], ["named_person", "anonymous"], ["named_person", "organisation"]] {
        let source =
            project["sources"].as_array_mut().unwrap().iter_mut().find(|source| source["id"] == case.source.key().to_string()).unwrap();
        source["kind"] = serde_json::json!(kinds[0]);
        source["v"] = serde_json::json!({"aa": 1, "bb": 1});
        source["conflicts"] = serde_json::json!({"kind": [["aa.1", kinds[0]], ["bb.1", kinds[1]]]});
        let opened = native::read(&serde_json::to_vec(&project).unwrap()).unwrap().project;
        let links = Links::new(&opened);
        let is_reviewed = review::units(&opened, &links).iter().any(|unit| unit.source == case.source);
        assert_eq!(is_reviewed, kinds.contains(&"anonymous"), "{kinds:?}");
    }
}
