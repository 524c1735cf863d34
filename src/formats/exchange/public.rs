//! An article as everybody may read it, in types that can hold nothing else: words of closed lists, words that the article prints, what it
//! says of itself, and ids that were made for this one export. What these types have no place for cannot reach a writer.

use super::{Annotated, Link, Span, Speaker, Stretch};
use crate::{
    display::public::{self, Article, Listed, Printed},
    formats::profile::Pass,
    model::{AttributeValue, Extra, Id, ImportRecord, Key, Label, RelationKind, SourceKind, Table},
    text::{CharOffset, TextIndex},
};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, HashMap};

/// The lists that values are taken from.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'p> {
    /// Labels with their closed lists.
    pub labels: &'p Table<Label>,
    /// Kinds of links. `None` for a foreign file, whose labels and kinds are what it calls them.
    pub kinds: Option<&'p Table<RelationKind>>,
}

/// What an article tells of itself, by the words of the project file. The desk is the house's word for it.
const IMPRINT: [&str; 8] = ["language", "direction", "outlet", "byline", "address", "published", "original_language", "translator"];
const DESK: &str = "desk";

/// What reading a file may have changed: nothing else is told of it.
const CHANGED: [&str; 3] = ["bom", "crlf", "cr"];

/// An id that nothing else has: of this export alone.
#[derive(Debug, Clone, PartialEq, Eq)]
struct MadeId(String);

/// Makes ids from chance that nobody keeps, so that the same record has another id in the next export.
struct Ids<'a> {
    salt: [u8; 16],
    article: &'a Annotated,
}

impl Ids<'_> {
    /// The id of something in this article; the empty one where the file gave none.
    fn here(&self, what: &str, id: &str) -> MadeId {
        self.made(&[what, &self.article.id, &self.article.title, id], id)
    }

    fn made(&self, parts: &[&str], id: &str) -> MadeId {
        MadeId(if id.is_empty() { String::new() } else { made_id(self.salt, parts) })
    }
}

/// An id of this export for whatever is named so.
pub fn made_id(salt: [u8; 16], parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    digest.update(salt);
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0xFF]);
    }
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.finalize()).for_each(|(byte, from)| *byte = from);
    Key::from_random(bytes).to_string()
}

/// An article that everybody may read.
#[derive(Debug)]
pub struct PublicArticle {
    id: MadeId,
    title: String,
    text: String,
    imprint: BTreeMap<&'static str, String>,
    file: Option<ImportRecord>,
    spans: Vec<PublicSpan>,
    links: Vec<PublicLink>,
    omissions: Vec<(MadeId, Vec<(usize, usize)>)>,
}

#[derive(Debug)]
struct PublicSpan {
    id: MadeId,
    /// The newsroom's name for what is marked.
    label: String,
    ranges: Vec<(usize, usize)>,
    words: Vec<Printed>,
    attributes: BTreeMap<String, Listed>,
    speaker: Option<PublicSpeaker>,
}

#[derive(Debug, Clone)]
struct PublicSpeaker {
    id: MadeId,
    called: Called,
    kind: Option<SourceKind>,
    role: Option<Printed>,
    public_label: Option<Printed>,
}

#[derive(Debug, Clone)]
enum Called {
    /// As the article prints it.
    Printed(Printed),
    /// By its number among those without a name in this article.
    Unnamed(usize),
    /// By its number among those whose name the article prints otherwise.
    Other(usize),
}

#[derive(Debug)]
struct PublicLink {
    id: MadeId,
    kind: String,
    from: MadeId,
    to: MadeId,
}

impl PublicArticle {
    /// What everybody may read of an article. What has no place in its text is not in it, nor what hangs on that.
    pub fn of(article: &Annotated, pass: Pass, terms: Terms<'_>) -> Self {
        let ids = Ids { salt: pass.salt, article };
        let text = article.content.as_str();
        let index = TextIndex::new(text);
        let is_known = |span: &&Span| terms.kinds.is_none() || terms.labels.contains(&span.label.as_str().into());
        let mut placed: Vec<&Span> = article.spans.iter().filter(|span| !span.ranges.is_empty()).filter(is_known).collect();
        placed.sort_by_key(|span| (span.bounds().0, std::cmp::Reverse(span.bounds().1)));
        let words = |span: &Span| -> Option<Vec<Printed>> {
            let at = |offset: usize| Some(index.byte_from_char(text, CharOffset(u32::try_from(offset).ok()?)));
            span.ranges.iter().map(|(start, end)| Printed::at(text, at(*start)?..at(*end)?)).collect()
        };
        let mut speakers = Speakers::new(&ids, text, &placed, &words);
        let mut order: HashMap<&str, usize> = HashMap::new();
        let mut spans = Vec::with_capacity(placed.len());
        for span in placed {
            let Some(printed) = words(span) else { continue };
            order.entry(&span.id).or_insert(spans.len());
            let values = span.attributes.iter().map(|(key, value)| (key.as_str(), value));
            spans.push(PublicSpan {
                id: ids.here("annotation", &span.id),
                label: span.label.clone(),
                ranges: span.ranges.clone(),
                words: printed,
                attributes: terms.labels.get(&Id::from(span.label.as_str())).map(|label| public::listed(label, values)).unwrap_or_default(),
                speaker: span.source.as_ref().map(|speaker| speakers.public(speaker)),
            });
        }
        let is_kind = |link: &&Link| terms.kinds.is_none_or(|kinds| kinds.contains(&link.kind.as_str().into()));
        let mut links: Vec<(usize, usize, &Link)> = article
            .links
            .iter()
            .filter(is_kind)
            .filter_map(|link| Some((*order.get(link.from.as_str())?, *order.get(link.to.as_str())?, link)))
            .collect();
        links.sort_by(|left, right| (left.0, left.1, &left.2.kind).cmp(&(right.0, right.1, &right.2.kind)));
        let mut omissions: Vec<&Stretch> = article.omissions.iter().collect();
        omissions.sort_by(|left, right| left.ranges.cmp(&right.ranges));
        let told = |key: &&'static str| Some((*key, article.details.get(*key)?.clone()));
        let file = article.imported.as_ref();
        Self {
            id: ids.here("document", &article.id),
            title: if pass.house {
                article.title.clone()
            } else {
                public::title(&article.title, file.map(|file| file.name.as_str()), text)
            },
            text: text.to_owned(),
            imprint: IMPRINT.iter().chain(pass.house.then_some(&DESK)).filter_map(told).collect(),
            file: file.filter(|_| pass.house).map(|file| ImportRecord {
                sha256: file.sha256.clone(),
                encoding: file.encoding.clone(),
                changed: file.changed.iter().filter(|change| CHANGED.contains(&change.as_str())).cloned().collect(),
                name: file.name.clone(),
                extra: Extra::default(),
            }),
            spans,
            links: links
                .into_iter()
                .map(|(.., link)| PublicLink {
                    id: ids.here("link", &link.id),
                    kind: link.kind.clone(),
                    from: ids.here("annotation", &link.from),
                    to: ids.here("annotation", &link.to),
                })
                .collect(),
            omissions: omissions.into_iter().map(|stretch| (ids.here("omission", &stretch.id), stretch.ranges.clone())).collect(),
        }
    }
}

/// Who speaks in an article, each looked up once.
struct Speakers<'a> {
    ids: &'a Ids<'a>,
    article: Article<'a>,
    /// The words of each speaker's own mentions and attributions.
    phrases: HashMap<&'a Speaker, Vec<Printed>>,
    known: HashMap<&'a Speaker, PublicSpeaker>,
    unnamed: usize,
    others: usize,
}

impl<'a> Speakers<'a> {
    fn new(ids: &'a Ids<'a>, text: &'a str, placed: &[&'a Span], words: &dyn Fn(&Span) -> Option<Vec<Printed>>) -> Self {
        let mut phrases: HashMap<&Speaker, Vec<Printed>> = HashMap::new();
        for span in placed.iter().filter(|span| public::is_phrase(&Id::from(span.label.as_str()))) {
            if let Some(speaker) = &span.source {
                phrases.entry(speaker).or_default().extend(words(span).unwrap_or_default());
            }
        }
        Self { ids, article: Article::new(text), phrases, known: HashMap::new(), unnamed: 0, others: 0 }
    }

    fn public(&mut self, speaker: &'a Speaker) -> PublicSpeaker {
        if let Some(known) = self.known.get(speaker) {
            return known.clone();
        }
        let kind = SourceKind::ALL.iter().copied().find(|kind| kind.word() == speaker.kind);
        let is_named = kind.is_some_and(public::is_named_kind);
        let phrases = self.phrases.get(speaker).map_or(&[][..], Vec::as_slice);
        // What describes a named source stands beside its name: words from elsewhere may be how the article hides somebody. Of a source
        // without a name even the choice among its own words would tell it from others in the next article.
        let own = |words: &str| phrases.iter().filter(|_| is_named).find_map(|phrase| phrase.within(words));
        let called = is_named.then(|| own(&speaker.alias).or_else(|| self.article.printed(&speaker.alias))).flatten();
        let (role, public_label) = (own(&speaker.role), own(&speaker.public_label));
        let called = if let Some(printed) = called {
            Called::Printed(printed)
        } else if is_named {
            self.others += 1;
            Called::Other(self.others)
        } else {
            self.unnamed += 1;
            Called::Unnamed(self.unnamed)
        };
        // Foreign files may name a speaker without an id.
        let id = if speaker.id.is_empty() { &speaker.alias } else { &speaker.id };
        let public = PublicSpeaker {
            id: if is_named { self.ids.made(&["source", id], id) } else { self.ids.here("source", id) },
            called,
            // Whether it is a person, a paper or a leak is told by nothing that is printed.
            kind: kind.map(|kind| if kind.is_anonymous() { SourceKind::Anonymous } else { kind }),
            role,
            public_label,
        };
        self.known.insert(speaker, public.clone());
        public
    }
}

impl From<PublicSpeaker> for Speaker {
    fn from(speaker: PublicSpeaker) -> Self {
        let words = |printed: Option<Printed>| printed.map_or_else(String::new, |printed| printed.as_str().to_owned());
        Self {
            id: speaker.id.0,
            alias: match speaker.called {
                Called::Printed(printed) => words(Some(printed)),
                Called::Unnamed(number) => format!("Unnamed source {number}"),
                Called::Other(number) => format!("Source {number}"),
            },
            kind: speaker.kind.map_or_else(String::new, |kind| kind.word().to_owned()),
            role: words(speaker.role),
            public_label: words(speaker.public_label),
        }
    }
}

impl From<PublicSpan> for Span {
    fn from(span: PublicSpan) -> Self {
        let text = |listed: Listed| AttributeValue::Text(listed.as_str().into());
        Self {
            id: span.id.0,
            label: span.label,
            ranges: span.ranges,
            quote: span.words.iter().map(|words| words.as_str().to_owned()).collect(),
            attributes: span.attributes.into_iter().map(|(key, value)| (key, text(value))).collect(),
            source: span.speaker.map(Into::into),
            ..Self::default()
        }
    }
}

impl From<PublicArticle> for Annotated {
    fn from(article: PublicArticle) -> Self {
        let link = |link: PublicLink| Link { id: link.id.0, kind: link.kind, from: link.from.0, to: link.to.0, by: String::new() };
        Self {
            id: article.id.0,
            title: article.title,
            content: article.text,
            details: article.imprint.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            imported: article.file,
            spans: article.spans.into_iter().map(Into::into).collect(),
            links: article.links.into_iter().map(link).collect(),
            omissions: article.omissions.into_iter().map(|(id, ranges)| Stretch { id: id.0, ranges, why: String::new() }).collect(),
            ..Self::default()
        }
    }
}
