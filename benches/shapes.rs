//! Projects of many shapes and any size, for whatever asks how cost grows: included by path, made by hand and not by the code under test.

use onrecord::{
    formats::{labels::LabelSet, native},
    merge::{Ledger, Save},
    model::{
        Annotation, Comment, Decision, Deleted, Document, Dot, Id, Key, Omission, Project, ProjectInfo, Record as _, Relation, Source,
        Stamp, Text, VersionVector, news, record::Kind,
    },
    session::{Session, WorkEnvironment},
    text::TextRange,
};
use serde_json::{Value, json};
use std::sync::Arc;

/// What a project is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Every letter is ASCII, and there is much more text than is marked.
    Ascii,
    /// The only other letter is the last one.
    LateLetter,
    /// No paragraph ends, and there is much more text than is marked.
    OneLine,
    /// Chinese, which has no spaces, on one line.
    Chinese,
    /// Arabic.
    Arabic,
    /// Annotations within each other, 64 deep, over and over.
    Nested,
    /// Every annotation is on the same word.
    OneWord,
    /// Every quote has 20,000 characters.
    LongQuotes,
    /// Four quotes an article.
    ManyArticles,
    /// A source for every quote, linked through an attribution; what is said is a claim too, which repeats sixteen of the beginning.
    ManySources,
    /// Every claim is linked to one mention of one source.
    OneSource,
    /// Eight ranges an annotation.
    Discontinuous,
    /// As many comments as annotations, half of them a chain of answers.
    Comments,
    /// As many decisions on one source, each following the one before.
    Decisions,
    /// Every record was saved by somebody else, and the project's own by eight times as many.
    Saves,
    /// Ten deleted for each annotation that is left.
    Deleted,
    /// A field of every annotation is undecided, and one has very many values.
    Undecided,
    /// As many omissions as annotations.
    Omissions,
    /// As many keys that this version does not know.
    UnknownKeys,
}

impl Shape {
    /// All of them.
    pub(crate) const ALL: [Self; 19] = [
        Self::Ascii,
        Self::LateLetter,
        Self::OneLine,
        Self::Chinese,
        Self::Arabic,
        Self::Nested,
        Self::OneWord,
        Self::LongQuotes,
        Self::ManyArticles,
        Self::ManySources,
        Self::OneSource,
        Self::Discontinuous,
        Self::Comments,
        Self::Decisions,
        Self::Saves,
        Self::Deleted,
        Self::Undecided,
        Self::Omissions,
        Self::UnknownKeys,
    ];

    /// A project of this shape: `size` quotes, each with what belongs to it, in a file of about 1 kB a quote.
    pub(crate) fn ledger(self, size: usize) -> Ledger {
        let mut maker = Maker::new();
        match self {
            Self::Nested => maker.nested(size),
            Self::OneWord => maker.one_word(size),
            Self::LongQuotes => maker.long_quotes(size),
            Self::Discontinuous => maker.discontinuous(size),
            _ => maker.quotes(self, size),
        }
        match self {
            Self::Comments => maker.comments(size),
            Self::Decisions => maker.decisions(size),
            Self::Omissions => maker.omissions(size),
            Self::UnknownKeys => {
                for number in 0..size {
                    maker.project.extra.insert(format!("unknown_{}", scattered(number)).into(), record(json!([1, 2, 3])));
                }
            }
            _ => {}
        }
        let dot = Dot { session: "first".into(), save: 1 };
        let project = maker.project;
        let mut ledger = Ledger::new(Project::new(ProjectInfo::clone(&project.info)))
            .stamped(&project, &Save { dot, person: None, purges: Vec::new() })
            .0;
        match self {
            Self::Saves => many_saves(&mut ledger, size),
            Self::Deleted => deleted(&mut ledger, size),
            Self::Undecided => undecided(&mut ledger, size),
            _ => {}
        }
        ledger
    }
}

/// A project that is open.
pub(crate) fn session(file: &[u8], seed: u64) -> Session {
    Session::from_opened(native::read(file).unwrap_or_else(|error| panic!("{error}")), WorkEnvironment::seeded(seed, None))
}

/// A record as a file has it, so that a field that comes later is none here.
fn record<R: serde::de::DeserializeOwned>(json: Value) -> R {
    serde_json::from_value(json).unwrap_or_else(|error| panic!("{error}"))
}

/// A number that tells `number` from all others and keeps no order.
fn scattered(number: usize) -> String {
    format!("{:016x}", (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

fn id<T>(kind: &str, number: usize) -> Id<T> {
    format!("{kind}{}", scattered(number)).as_str().into()
}

struct Maker {
    project: Project,
    content: String,
    /// Characters of `content`.
    length: u32,
    articles: usize,
    marks: Vec<Annotation>,
    links: usize,
}

/// Words with the place that they got in the article.
type Said = (TextRange, String);

impl Maker {
    fn new() -> Self {
        let info = record(json!({"id": "0252f615-d75b-4e24-9419-cf4d60597bdc", "title": "Growth", "created": "2026-11-21"}));
        let labels = LabelSet::read(onrecord::formats::labels::NEWS).unwrap_or_else(|error| panic!("{error}"));
        let project = labels.install(Project::new(info));
        Self { project, content: String::new(), length: 0, articles: 0, marks: Vec::new(), links: 0 }
    }

    /// Goes on with the article.
    fn say(&mut self, words: &str) -> Said {
        let start = self.length;
        self.content.push_str(words);
        self.length += u32::try_from(words.chars().count()).unwrap_or(u32::MAX);
        (TextRange::new(start, self.length), words.to_owned())
    }

    /// Marks words; the document is known when the article is complete.
    fn mark(&mut self, label: &str, parts: &[Said], source: Option<Id<Source>>) -> Id<Annotation> {
        let mark = id("a", self.articles * 1_000_000 + self.marks.len());
        let ranges: Vec<[u32; 2]> = parts.iter().map(|(range, _)| [range.start.0, range.end.0]).collect();
        let quote: Vec<&str> = parts.iter().map(|(_, words)| words.as_str()).collect();
        let fields = json!({"id": mark.to_string(), "document": "none", "label": label, "text": "none", "ranges": ranges, "quote": quote});
        let annotation = Annotation { source, ..record(fields) };
        self.marks.push(annotation);
        mark
    }

    fn link(&mut self, kind: &str, from: &Id<Annotation>, to: &Id<Annotation>) {
        let fields =
            json!({"id": id::<Relation>("r", self.links).to_string(), "kind": kind, "from": from.to_string(), "to": to.to_string()});
        let link: Relation = record(fields);
        self.links += 1;
        self.project.relations.set(&link.id.clone(), Some(Arc::new(link)));
    }

    fn source(&mut self, number: usize) -> Id<Source> {
        let kind = if number.is_multiple_of(3) { "named_person" } else { "anonymous" };
        let fields =
            json!({"id": id::<Source>("s", number).to_string(), "alias": format!("Source {number}"), "kind": kind, "role": "official"});
        let source: Source = record(fields);
        let made = source.id.clone();
        self.project.sources.set(&made, Some(Arc::new(source)));
        made
    }

    /// Ends the article; the next words begin another one.
    fn article(&mut self) {
        let text = Text::new(std::mem::take(&mut self.content));
        self.length = 0;
        let document: Document = record(json!({
            "id": id::<Document>("d", self.articles).to_string(), "text": text.id.to_string(), "title": format!("Article {}", self.articles),
            "status": "new", "outlet": format!("Outlet {}", self.articles % 7), "published": "2026-11-20",
        }));
        self.project.texts.set(&text.id.clone(), Some(Arc::new(text)));
        for mut mark in std::mem::take(&mut self.marks) {
            (mark.document, mark.text) = (document.id.clone(), document.text.clone());
            self.project.annotations.set(&mark.id.clone(), Some(Arc::new(mark)));
        }
        self.project.documents.set(&document.id.clone(), Some(Arc::new(document)));
        self.articles += 1;
    }

    /// Quotes with their attributions, as copy has them.
    fn quotes(&mut self, shape: Shape, size: usize) {
        let only = self.source(1);
        let mention = (shape == Shape::OneSource).then(|| {
            let said = self.say("An official who asked not to be named");
            let mention = self.mark(news::ANONYMOUS_SOURCE, &[said], Some(only.clone()));
            self.say(" spoke at length.\n");
            mention
        });
        let beginning = if shape == Shape::ManySources { 16 } else { 0 };
        let claims: Vec<Id<Annotation>> = (0..beginning)
            .map(|number| {
                let said = self.say(&format!("More weeks are needed, {number} at least.\n"));
                self.mark(news::CLAIM, &[said], None)
            })
            .collect();
        for number in 0..size {
            let source = match shape {
                Shape::ManySources => self.source(number + 2),
                _ => only.clone(),
            };
            let (quote, between, attribution, rest) = match shape {
                Shape::Ascii | Shape::LateLetter => (
                    format!("\"We need {number} more weeks,\""),
                    " ".to_owned(),
                    format!("official {number} said"),
                    format!(
                        " on the phone. {}\n",
                        "Nobody at the office would comment on it. ".repeat(if shape == Shape::Ascii { 40 } else { 4 })
                    ),
                ),
                Shape::Chinese => (format!("“我们还需要{number}个星期，”"), String::new(), format!("第{number}位官员说"), "。".to_owned()),
                Shape::Arabic => {
                    (format!("«نحتاج إلى {number} أسابيع»"), "، ".to_owned(), format!("قال المسؤول رقم {number}"), ".\n".to_owned())
                }
                _ => (
                    format!("“We need {number} more weeks,”"),
                    " ".to_owned(),
                    format!("official {number} said"),
                    format!(
                        " on the phone.{}",
                        if shape == Shape::OneLine {
                            " Nobody at the office would comment on it.".repeat(20) + " "
                        } else {
                            "\n".to_owned()
                        }
                    ),
                ),
            };
            let quote = self.say(&quote);
            self.say(&between);
            let attribution = self.say(&attribution);
            self.say(&rest);
            if let Some(mention) = &mention {
                let claim = self.mark(news::CLAIM, &[quote], None);
                self.link("supported_by", &claim, mention);
                continue;
            }
            if shape == Shape::ManySources {
                let claim = self.mark(news::CLAIM, std::slice::from_ref(&quote), None);
                for before in &claims {
                    self.link("repeats", &claim, before);
                }
            }
            let quote = self.mark(news::QUOTE, &[quote], None);
            let attribution = self.mark(news::ATTRIBUTION, &[attribution], Some(source.clone()));
            self.link(news::ATTRIBUTED_VIA, &quote, &attribution);
            if shape == Shape::ManyArticles && number % 4 == 3 {
                self.article();
            }
        }
        if shape == Shape::LateLetter {
            self.say("—");
        }
        if !self.content.is_empty() {
            self.article();
        }
    }

    fn nested(&mut self, size: usize) {
        for number in 0..size.div_ceil(32) {
            let words = format!("{:<200}", format!("Paragraph {number} holds sixty-four marks within each other"));
            let (range, words) = self.say(&words.replace(' ', "-"));
            self.say("\n");
            for depth in 0..64_u32 {
                let inner = TextRange::new(range.start.0 + depth, range.end.0 - depth);
                let words = words.get(depth as usize..words.len() - depth as usize).unwrap_or_default().to_owned();
                self.mark(news::CLAIM, &[(inner, words)], None);
            }
        }
        self.article();
    }

    fn one_word(&mut self, size: usize) {
        let word = self.say("Officials");
        for number in 0..size {
            self.say(&format!(" went on {number}.\n"));
            let label = [news::CLAIM, news::QUOTE][number % 2];
            self.mark(label, std::slice::from_ref(&word), None);
        }
        self.article();
    }

    fn long_quotes(&mut self, size: usize) {
        for number in 0..size.div_ceil(16) {
            let words = format!("“{number} {}”", "words that go on and on ".repeat(830));
            let quote = self.say(&words);
            let first = self.mark(news::QUOTE, &[quote], None);
            let attribution = self.say(&format!(" official {number} said"));
            let attribution = self.mark(news::ATTRIBUTION, &[attribution], None);
            self.link(news::ATTRIBUTED_VIA, &first, &attribution);
            self.say(".\n");
        }
        self.article();
    }

    fn discontinuous(&mut self, size: usize) {
        for number in 0..size {
            let parts: Vec<Said> = (0..8)
                .map(|part| {
                    let said = self.say(&format!("part {part} of {number}"));
                    self.say(" and ");
                    said
                })
                .collect();
            self.say("\n");
            self.mark(news::CLAIM, &parts, None);
        }
        self.article();
    }

    fn comments(&mut self, size: usize) {
        let on: Vec<Key> = self.project.annotations.iter().map(|annotation| annotation.id.key().clone()).collect();
        let mut before: Option<Key> = None;
        for number in 0..size {
            let made: Id<Comment> = id("c", number);
            let answers = if number % 2 == 0 { before.clone() } else { None };
            let Some(on) = answers.or_else(|| on.get(number).cloned()) else { continue };
            let comment: Comment = record(
                json!({"id": made.to_string(), "on": on.to_string(), "text": format!("Question {number}?"), "resolved": false, "at": "2026-11-20T14:05Z"}),
            );
            if number % 2 == 0 {
                before = Some(made.key().clone());
            }
            self.project.comments.set(&made, Some(Arc::new(comment)));
        }
    }

    fn decisions(&mut self, size: usize) {
        let mut before: Vec<String> = Vec::new();
        for number in 0..size {
            let made: Id<Decision> = id("e", number);
            let after = std::mem::replace(&mut before, vec![made.to_string()]);
            let decision: Decision = record(json!({
                "id": made.to_string(), "document": id::<Document>("d", 0).to_string(), "source": id::<Source>("s", 1).to_string(),
                "after": after, "from": "needs_work", "to": "needs_work", "note": format!("note {number}"), "role": "editor",
                "at": "2026-11-20T14:05Z",
            }));
            self.project.decisions.set(&made, Some(Arc::new(decision)));
        }
    }

    fn omissions(&mut self, size: usize) {
        let Some(document) = self.project.documents.iter().next().cloned() else { return };
        for number in 0..size {
            let fields = json!({
                "id": id::<Omission>("o", number).to_string(), "document": document.id.to_string(), "text": document.text.to_string(),
                "ranges": [[number * 20, number * 20 + 1]], "why": "menu",
            });
            let omission: Omission = record(fields);
            self.project.omissions.set(&omission.id.clone(), Some(Arc::new(omission)));
        }
    }
}

fn many_saves(ledger: &mut Ledger, size: usize) {
    for (number, stamp) in ledger.stamps.values_mut().enumerate() {
        *stamp = Stamp::new(&Dot { session: scattered(number).as_str().into(), save: 1 });
    }
    let all: Vec<String> = (0..(size * 8).min(99_999)).map(|number| format!("\"{}\":1", scattered(number))).collect();
    let vector: VersionVector = serde_json::from_str(&format!("{{{}}}", all.join(","))).unwrap_or_default();
    if let Some(stamp) = ledger.stamps.get_mut(&(Kind::Project, ledger.base.info.key().clone())) {
        *stamp = Stamp { vector, ..stamp.clone() };
    }
}

fn deleted(ledger: &mut Ledger, size: usize) {
    for number in 0..size * 10 {
        let deleted: Deleted = record(json!({
            "id": format!("x{}", scattered(number)), "kind": "annotation", "document": id::<Document>("d", 0).to_string(),
            "label": "quote", "text": "0000000000000000", "ranges": [[0, 8]], "gone": {"first": 1}, "v": {"first": 1},
        }));
        ledger.deleted.insert(deleted.id.clone(), deleted);
    }
}

/// Undecided values of one field, as a join leaves them.
fn undecided(ledger: &mut Ledger, size: usize) {
    let all: Vec<Arc<Annotation>> = ledger.base.annotations.iter().cloned().collect();
    for (place, annotation) in all.iter().enumerate() {
        let values = if place == 0 { size.min(9_999) } else { 2 };
        let mut pairs: Vec<(String, String)> =
            (0..values).map(|number| (format!("{}.1", scattered(place * 16_384 + number)), format!("note {number}"))).collect();
        pairs.sort();
        let mut after = Annotation { note: "note 0".to_owned(), ..Annotation::clone(annotation) };
        after.conflicts.insert("note".into(), record(json!(pairs)));
        ledger.base.annotations.set(&annotation.id, Some(Arc::new(after)));
    }
}
