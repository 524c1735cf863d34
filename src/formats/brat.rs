//! brat standoff: the exchange format of language research. A folder or zip of `NAME.txt` and `NAME.ann` with `annotation.conf`,
//! `visual.conf`, and for each article `NAME.onrecord.json` with what brat has no line for.
//!
//! Offsets are characters of the text file as it is stored. Parts of an annotation are read in the order of the file. Names of types may
//! have letters, digits, `_` and `-` only; a note is one line. Sources: <https://brat.nlplab.org/standoff.html>, `configuration.html`,
//! and the behaviour of brat's own parser (`server/src/annotation.py`).

use super::{
    Format, Glimpse, Reader, Writer,
    exchange::{
        Annotated, ExchangeError, Link, Span, Speaker,
        aside::reunite,
        container::{Chunk, Incoming, file_stem, read_all, utf8},
        feature::{Feature, How},
        release::{Head, Release},
        verify::Convention,
    },
    format::{Stream, Take, Tally},
    page::colour,
};
use crate::model::{AttributeValue, text_record::sha256_hex};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The format.
pub const FORMAT: Format = Format {
    name: "brat",
    title: "brat standoff",
    about: "Folder or zip of text and .ann files with brat's configuration: language research.",
    endings: &["zip", "ann"],
    main: "",
    is_folder: true,
    is_archive: false,
    convention: Convention::SCALAR,
    carries,
    alone: None,
    read: Reader::Annotated(read),
    write: Writer::Stream(&Standoff),
    detect,
};

fn carries(feature: Feature) -> How {
    match feature {
        Feature::Text | Feature::Parts | Feature::Overlaps | Feature::Notes | Feature::Links => How::Kept,
        Feature::Ids => How::Aside("numbered anew: T1, T2, …"),
        Feature::Attributes => How::Aside("free text stands in NAME.onrecord.json, words of lists as attributes"),
        Feature::Sources => How::Aside("written as normalizations to “Source”"),
        Feature::Details | Feature::Marker | Feature::Omissions | Feature::Comments | Feature::Unplaced => {
            How::Aside("written to NAME.onrecord.json, which brat does not show")
        }
        Feature::Lines => How::Aside("those of brat stand in its files, those of others in NAME.onrecord.json"),
        Feature::Reviews => How::Lost("reviews are not annotations"),
    }
}

fn detect(glimpse: &Glimpse<'_>) -> bool {
    if glimpse.is_file() { glimpse.ends(&["ann"]) } else { glimpse.has(".ann") }
}

/// What lies beside each article: names as they are in the project, and everything that brat has no line for.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Beside {
    /// Ids of brat to ids of the project.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    ids: BTreeMap<String, String>,
    /// Names of types that had to change.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    names: BTreeMap<String, String>,
    /// The article without its text.
    article: Annotated,
}

/// The key under which lines that the reader does not understand are kept.
const KEY: &str = "brat";

/// A name that brat takes; one that had to change ends in four digits that tell it from others.
fn safe(name: &str) -> String {
    let is_safe = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    if !name.is_empty() && name.chars().all(is_safe) {
        return name.to_owned();
    }
    let changed: String = name.chars().map(|letter| if is_safe(letter) { letter } else { '_' }).collect();
    let digest = sha256_hex(name.as_bytes());
    format!("{}_{}", changed.trim_matches('_'), digest.get(..4).unwrap_or_default()).trim_start_matches('_').to_owned()
}

/// A value that an attribute line can hold and the configuration can list.
fn is_plain(value: &str) -> bool {
    !value.is_empty()
        && !value.contains(|letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '|' | ',' | ':' | '<' | '>'))
}

/// Whether a reader may end a line here: brat reads with Python, whose decoders of old versions split at all of these, others at NUL.
fn ends_line(letter: char) -> bool {
    matches!(letter, '\0' | '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A note or text on one line.
fn one_line(note: &str) -> String {
    let mut out = String::with_capacity(note.len());
    for letter in note.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if ends_line(letter) => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out
}

fn many_lines(note: &str) -> String {
    let mut out = String::with_capacity(note.len());
    let mut letters = note.chars();
    while let Some(letter) = letters.next() {
        out.push(match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('u') => {
                    let code: String = letters.by_ref().take(4).collect();
                    u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
                }
                Some(other) => other,
                None => '\\',
            },
            letter => letter,
        });
    }
    out
}

struct Standoff;

impl Stream for Standoff {
    fn article(&self, _head: &Head, release: &Release, number: usize) -> Result<Vec<Chunk>, ExchangeError> {
        let article = release.article();
        let id = if article.id.is_empty() { number.to_string() } else { article.id.clone() };
        let stem = file_stem(&article.title, &id);
        let mut beside = Beside { article: article.clone(), ..Beside::default() };
        let ann = lines(article, &mut beside);
        let json = serde_json::to_string(&beside).map_err(|error| ExchangeError::at(&stem, error))?;
        Ok(vec![
            Chunk::whole(format!("{stem}.txt"), article.content.as_bytes()),
            Chunk::whole(format!("{stem}.ann"), ann),
            Chunk::whole(format!("{stem}.onrecord.json"), json + "\n"),
        ])
    }

    fn end(&self, head: &Head, tally: &Tally) -> Result<Vec<Chunk>, ExchangeError> {
        Ok(vec![Chunk::whole("annotation.conf", annotation_conf(tally)), Chunk::whole("visual.conf", visual_conf(head, tally))])
    }
}

/// The lines of an `.ann` file; ids and names that differ from the project's are noted beside it.
fn lines(article: &Annotated, beside: &mut Beside) -> String {
    let mut out = String::new();
    let letters: Vec<char> = article.content.chars().collect();
    let kept = article.kept.get(KEY).map_or(&[][..], Vec::as_slice);
    // Lines that are kept name annotations by the ids that they had.
    let mut used: BTreeSet<String> = article.spans.iter().filter(|span| is_id(&span.was, 'T')).map(|span| span.was.clone()).collect();
    used.extend(kept.iter().filter_map(|line| line.split('\t').next()).map(str::to_owned));
    let mut next = BTreeMap::new();
    let mut fresh = |kind: char| {
        let number: &mut usize = next.entry(kind).or_default();
        loop {
            *number += 1;
            let id = format!("{kind}{number}");
            if !used.contains(&id) {
                return id;
            }
        }
    };
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for span in article.spans.iter().filter(|span| !span.ranges.is_empty()) {
        let id = if is_id(&span.was, 'T') { span.was.clone() } else { fresh('T') };
        let label = named(&span.label, beside);
        let places: Vec<String> = span.ranges.iter().map(|(start, end)| format!("{start} {end}")).collect();
        let words = span.ranges.iter().map(|(start, end)| letters.get(*start..*end).unwrap_or_default().iter().collect::<String>());
        let words: Vec<String> = words.map(|words| words.replace(|letter| letter == '\t' || ends_line(letter), " ")).collect();
        out.push_str(&format!("{id}\t{label} {}\t{}\n", places.join(";"), words.join(" ")));
        for (key, value) in &span.attributes {
            if let AttributeValue::Text(value) = value
                && is_plain(value)
            {
                out.push_str(&format!("{}\t{} {id} {value}\n", fresh('A'), named(key, beside)));
            }
        }
        if let Some(source) = &span.source {
            let reference = if is_plain(&source.id) { source.id.clone() } else { safe(&source.alias) };
            out.push_str(&format!("{}\tReference {id} Source:{reference}\t{}\n", fresh('N'), one_line(&source.alias)));
        }
        if !span.note.is_empty() {
            out.push_str(&format!("{}\tAnnotatorNotes {id}\t{}\n", fresh('#'), one_line(&span.note)));
        }
        beside.ids.insert(id.clone(), span.id.clone());
        ids.insert(&span.id, id);
    }
    for link in &article.links {
        if let (Some(from), Some(to)) = (ids.get(link.from.as_str()), ids.get(link.to.as_str())) {
            let (id, kind) = (fresh('R'), named(&link.kind, beside));
            out.push_str(&format!("{id}\t{kind} Arg1:{from} Arg2:{to}\n"));
        }
    }
    for line in kept {
        out.push_str(&line.replace(ends_line, " "));
        out.push('\n');
    }
    out
}

fn named(name: &str, beside: &mut Beside) -> String {
    let safe = safe(name);
    if safe != name {
        beside.names.insert(safe.clone(), name.to_owned());
    }
    safe
}

fn is_id(id: &str, kind: char) -> bool {
    id.strip_prefix(kind).is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn annotation_conf(tally: &Tally) -> String {
    let mut out = "# Written by Onrecord.\n\n[entities]\n\n".to_owned();
    for label in tally.labels.keys() {
        out.push_str(&format!("{}\n", safe(label)));
    }
    out.push_str("\n[relations]\n\n");
    for (kind, ends) in &tally.kinds {
        let side = |labels: BTreeSet<&String>| labels.into_iter().map(|label| safe(label)).collect::<Vec<_>>().join("|");
        let (from, to) = (side(ends.iter().map(|(from, _)| from).collect()), side(ends.iter().map(|(_, to)| to).collect()));
        out.push_str(&format!("{}\tArg1:{from}, Arg2:{to}\n", safe(kind)));
    }
    out.push_str("\n[events]\n\n[attributes]\n\n");
    let mut attributes: BTreeMap<String, (BTreeSet<String>, BTreeSet<&String>)> = BTreeMap::new();
    for (label, keys) in &tally.labels {
        for (key, values) in keys {
            let (labels, all) = attributes.entry(safe(key)).or_default();
            labels.insert(safe(label));
            all.extend(values.iter().filter(|value| is_plain(value)));
        }
    }
    for (key, (labels, values)) in attributes.iter().filter(|(_, (_, values))| !values.is_empty()) {
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let values: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
        out.push_str(&format!("{key}\tArg:{}, Value:{}\n", labels.join("|"), values.join("|")));
    }
    out
}

fn visual_conf(head: &Head, tally: &Tally) -> String {
    let mut out = "# Written by Onrecord.\n\n[labels]\n\n".to_owned();
    let clean = |name: &str| name.replace(['|', '\n', '\r', '\t'], " ");
    for label in tally.labels.keys() {
        out.push_str(&format!("{} | {}\n", safe(label), clean(head.label_name(label))));
    }
    for kind in tally.kinds.keys() {
        out.push_str(&format!("{} | {}\n", safe(kind), clean(head.kind_name(kind))));
    }
    out.push_str("\n[drawing]\n\nSPAN_DEFAULT\tfgColor:black, bgColor:lightgreen, borderColor:darken\nARC_DEFAULT\tcolor:black, arrowHead:triangle-5\n");
    for label in &head.labels {
        let id = label.id.to_string();
        if tally.labels.contains_key(&id) {
            let tint = label.colour.light_tint.as_ref().unwrap_or(&label.colour.light);
            out.push_str(&format!("{}\tbgColor:{}, borderColor:{}\n", safe(&id), colour(tint), colour(&label.colour.light)));
        }
    }
    out
}

fn read(incoming: Incoming<'_>, take: Take<'_>) -> Result<(), ExchangeError> {
    match incoming {
        Incoming::File { name, mut reader } => {
            let ann = read_all(&name, &mut *reader)?;
            let stem = name.strip_suffix(".ann").unwrap_or(&name);
            take(article(stem, &name, String::new(), utf8(&name, &ann)?, None)?)
        }
        Incoming::Files { name, mut files } => {
            let names: BTreeSet<String> = files.names().into_iter().collect();
            let stems: BTreeSet<&str> =
                names.iter().filter_map(|name| name.strip_suffix(".ann").or_else(|| name.strip_suffix(".txt"))).collect();
            if stems.is_empty() {
                return Err(ExchangeError::at(name, "there is no .ann file in it"));
            }
            for stem in stems {
                let mut part = |ending: &str| -> Result<Option<(String, Vec<u8>)>, ExchangeError> {
                    let name = format!("{stem}{ending}");
                    if names.contains(&name) { files.read(&name).map(|bytes| Some((name, bytes))) } else { Ok(None) }
                };
                let content = match part(".txt")? {
                    // Offsets count in the file as it is stored: the mark and the line ends stay for now.
                    Some((name, bytes)) => String::from_utf8(bytes).map_err(|error| ExchangeError::at(name, error.utf8_error()))?,
                    None => String::new(),
                };
                let beside = match part(".onrecord.json")? {
                    Some((name, bytes)) => {
                        Some(serde_json::from_str::<Beside>(utf8(&name, &bytes)?).map_err(|error| ExchangeError::at(name, error))?)
                    }
                    None => None,
                };
                let (ann_name, ann) = part(".ann")?.unwrap_or_default();
                take(article(stem, &ann_name, content, utf8(&ann_name, &ann)?, beside)?)?;
            }
            Ok(())
        }
    }
}

/// One article from its lines.
fn article(stem: &str, name: &str, content: String, ann: &str, beside: Option<Beside>) -> Result<Annotated, ExchangeError> {
    let id = stem.rsplit('/').next().unwrap_or(stem).to_owned();
    let mut read = Reading { own: beside.is_some(), ..Reading::default() };
    for (at, line) in ann.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if !line.trim().is_empty() {
            read.line(line).map_err(|what| ExchangeError::at(format!("{name} line {}", at + 1), what))?;
        }
    }
    let (spans, links, kept) = read.finish();
    let mut article = Annotated { id: id.clone(), title: id, content, spans, links, ..Annotated::default() };
    if !kept.is_empty() {
        article.kept.insert(KEY.to_owned(), kept);
        article.spans.iter_mut().for_each(|span| span.was.clone_from(&span.id));
    }
    let Some(Beside { ids, names, article: aside }) = beside else { return Ok(article) };
    let id = |id: &mut String| {
        if let Some(known) = ids.get(id) {
            id.clone_from(known);
        }
    };
    let name = |name: &mut String| {
        if let Some(known) = names.get(name) {
            name.clone_from(known);
        }
    };
    for span in &mut article.spans {
        id(&mut span.id);
        name(&mut span.label);
        span.attributes = std::mem::take(&mut span.attributes)
            .into_iter()
            .map(|(mut key, value)| {
                name(&mut key);
                (key, value)
            })
            .collect();
    }
    for link in &mut article.links {
        id(&mut link.from);
        id(&mut link.to);
        name(&mut link.kind);
        link.id.clear();
    }
    article.title = String::new();
    let kept = std::mem::take(&mut article.kept);
    let mut article = reunite(article, aside, true);
    // Lines of brat are those that the file has now; those of other tools lay beside it.
    article.kept.remove(KEY);
    article.kept.extend(kept);
    if article.title.is_empty() {
        article.title.clone_from(&article.id);
    }
    Ok(article)
}

/// An `.ann` file, line by line.
#[derive(Default)]
struct Reading {
    /// Whether we wrote it: then notes have escapes.
    own: bool,
    spans: Vec<Span>,
    links: Vec<Link>,
    /// Events by id: their trigger and the roles that it plays.
    events: BTreeMap<String, (String, Vec<(String, String)>)>,
    /// What is said about others: attribute, note, reference. They may stand before what they are about.
    about: Vec<(String, About, String)>,
    kept: Vec<String>,
}

enum About {
    Attribute(String, AttributeValue),
    Note(String),
    Source(Speaker),
}

impl Reading {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let mut fields = line.splitn(3, '\t');
        let (id, body, tail) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let mut words = body.split(' ').filter(|word| !word.is_empty());
        match id.chars().next() {
            Some('T') => {
                let (label, places) = body.split_once(' ').ok_or("a line of a text has no offsets")?;
                let ranges = places.split(';').map(part).collect::<Option<Vec<_>>>();
                let ranges = ranges.ok_or_else(|| format!("{places:?} are no offsets"))?;
                let quote = if tail.is_empty() { Vec::new() } else { vec![tail.to_owned()] };
                self.spans.push(Span { id: id.to_owned(), label: label.to_owned(), ranges, quote, ..Span::default() });
            }
            Some('E') => {
                let mut roles = words.map(|word| word.split_once(':').map(|(role, to)| (role.to_owned(), to.to_owned())));
                let (_, trigger) = roles.next().flatten().ok_or("an event has no trigger")?;
                let roles = roles.collect::<Option<Vec<_>>>().ok_or("a role of an event names nothing")?;
                self.events.insert(id.to_owned(), (trigger, roles));
            }
            Some('R') => {
                let kind = words.next().ok_or("a relation has no type")?.to_owned();
                let ends: Vec<&str> = words.filter_map(|word| word.split_once(':').map(|(_, to)| to)).collect();
                let [from, to] = ends.as_slice() else { return Err("a relation needs two ends".to_owned()) };
                self.links.push(Link { id: id.to_owned(), kind, from: (*from).to_owned(), to: (*to).to_owned(), by: String::new() });
            }
            Some('*') if id == "*" && words.clone().count() > 2 => {
                let kind = words.next().ok_or("a relation has no type")?;
                let ends: Vec<&str> = words.collect();
                for pair in ends.windows(2) {
                    if let [from, to] = pair {
                        let (kind, from, to) = (kind.to_owned(), (*from).to_owned(), (*to).to_owned());
                        self.links.push(Link { id: String::new(), kind, from, to, by: String::new() });
                    }
                }
            }
            Some('A' | 'M') => {
                let key = words.next().ok_or("an attribute has no name")?.to_owned();
                let on = words.next().ok_or("an attribute is about nothing")?.to_owned();
                let value = words.collect::<Vec<_>>().join(" ");
                let value = AttributeValue::Text(if value.is_empty() { "yes".into() } else { value.into() });
                self.about.push((on, About::Attribute(key, value), line.to_owned()));
            }
            Some('N') => {
                let kind = words.next().ok_or("a reference has no type")?.to_owned();
                let on = words.next().ok_or("a reference is about nothing")?.to_owned();
                let to = words.collect::<Vec<_>>().join(" ");
                let about = match to.strip_prefix("Source:") {
                    Some(id) if self.own => About::Source(Speaker { id: id.to_owned(), alias: many_lines(tail), ..Speaker::default() }),
                    _ => About::Attribute(kind.to_lowercase(), AttributeValue::Text(format!("{to} {tail}").trim().into())),
                };
                self.about.push((on, about, line.to_owned()));
            }
            Some('#') if body.split(' ').next().is_some_and(|kind| kind == "AnnotatorNotes") => {
                let on = words.nth(1).ok_or("a note is about nothing")?.to_owned();
                let note = if self.own { many_lines(tail) } else { tail.to_owned() };
                self.about.push((on, About::Note(note), line.to_owned()));
            }
            _ => self.kept.push(line.to_owned()),
        }
        Ok(())
    }

    fn finish(mut self) -> (Vec<Span>, Vec<Link>, Vec<String>) {
        let places: BTreeMap<String, usize> = self.spans.iter().enumerate().map(|(at, span)| (span.id.clone(), at)).collect();
        let trigger = |id: &str| self.events.get(id).map_or(id, |(trigger, _)| trigger).to_owned();
        for (event, (from, roles)) in &self.events {
            for (role, to) in roles {
                // Roles that stand twice are numbered: Org-Arg2.
                let kind = role.trim_end_matches(|letter: char| letter.is_ascii_digit());
                let kind = if kind.is_empty() { role } else { kind };
                self.links.push(Link { id: event.clone(), kind: kind.to_owned(), from: from.clone(), to: trigger(to), by: String::new() });
            }
        }
        for link in &mut self.links {
            (link.from, link.to) = (trigger(&link.from), trigger(&link.to));
        }
        for (on, about, line) in self.about {
            let Some(span) = places.get(&trigger(&on)).and_then(|at| self.spans.get_mut(*at)) else {
                // About a relation, or about nothing: brat keeps such lines, and so do we.
                self.kept.push(line);
                continue;
            };
            match about {
                About::Attribute(key, value) => drop(span.attributes.insert(key, value)),
                About::Note(note) if span.note.is_empty() => span.note = note,
                About::Note(note) => span.note = format!("{}\n{note}", span.note),
                About::Source(speaker) => span.source = Some(speaker),
            }
        }
        (self.spans, self.links, self.kept)
    }
}

fn part(part: &str) -> Option<(usize, usize)> {
    let (start, end) = part.trim().split_once(' ')?;
    Some((start.parse().ok()?, end.trim().parse().ok()?))
}
