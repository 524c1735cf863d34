//! W3C Web Annotation (JSON-LD): the standard of Recogito, Annotorious, Hypothesis and IIIF.
//!
//! An annotation of several parts has several targets. The text of an article is the body of an annotation that describes it, so that the
//! file stands alone. Links and comments are annotations whose target is an annotation. Offsets are Unicode characters (model 4.2.5).
//! Source: <https://www.w3.org/TR/annotation-model/>.

use super::{
    Format, Glimpse, Reader, Writer,
    exchange::{
        Annotated, ExchangeError, Link, Remark, Span, Speaker, Stretch,
        container::{Chunk, Incoming, ends, read_all, utf8},
        feature::{Feature, How},
        release::{Head, Release},
        verify::Convention,
    },
    format::{Stream, Take, Tally},
};
use crate::model::{AttributeValue, Origin, RawJson};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The format.
pub const FORMAT: Format = Format {
    name: "web-annotation",
    title: "W3C Web Annotation",
    about: "The web's standard for annotations (JSON-LD): Recogito, Annotorious, Hypothesis, IIIF.",
    endings: &["jsonld"],
    main: "annotations.jsonld",
    is_folder: false,
    is_archive: false,
    convention: Convention::SCALAR,
    carries,
    alone: None,
    read: Reader::Annotated(read),
    write: Writer::Stream(&Collection),
    detect,
};

fn carries(feature: Feature) -> How {
    match feature {
        Feature::Text | Feature::Overlaps | Feature::Ids | Feature::Notes | Feature::Links | Feature::Unplaced => How::Kept,
        Feature::Details => How::Aside("written as tags; where the text came from only Onrecord reads"),
        Feature::Attributes => How::Aside("written as tags; lists only Onrecord reads"),
        Feature::Marker => How::Aside("initials are written as the creator; what a rule found only Onrecord tells apart"),
        Feature::Comments => How::Aside("written as replies; whether they are settled only Onrecord reads"),
        Feature::Lines => How::Aside("only Onrecord reads them"),
        Feature::Parts => How::Aside("written as one annotation with several targets, which some tools take one by one"),
        Feature::Reviews => How::Lost("reviews are not annotations"),
        Feature::Sources => How::Aside("written as a tag"),
        Feature::Omissions => How::Aside("written as annotations with the motivation editing"),
    }
}

fn detect(glimpse: &Glimpse<'_>) -> bool {
    let is_annotation = glimpse.ends(&["jsonld"]) || (glimpse.ends(&["json"]) && glimpse.says(&["www.w3.org/ns/anno"]));
    (glimpse.is_file() && is_annotation) || glimpse.has("annotations.jsonld")
}

/// Characters of context on each side of a quoted text.
const CONTEXT: usize = 32;

struct Collection;

impl Stream for Collection {
    fn begin(&self, head: &Head) -> Vec<Chunk> {
        let title = json!(head.title);
        vec![Chunk::part(format!(
            "{{\n\"@context\":[\"http://www.w3.org/ns/anno.jsonld\",{{\"onrecord\":\"urn:onrecord:\"}}],\n\"id\":\"{}\",\n\"type\":\"AnnotationCollection\",\n\"label\":{title},\n\"first\":{{\n\"id\":\"{0}/page\",\n\"type\":\"AnnotationPage\",\n\"startIndex\":0,\n\"items\":[\n",
            iri("", &head.id),
        ))]
    }

    fn article(&self, _head: &Head, release: &Release, number: usize) -> Result<Vec<Chunk>, ExchangeError> {
        let article = release.article();
        let own;
        let document = if article.id.is_empty() {
            own = format!("article-{number}");
            &own
        } else {
            &article.id
        };
        let source = iri("", document);
        let letters: Vec<char> = article.content.chars().collect();
        let mut items = vec![describing(article, &source)];
        items.extend(article.spans.iter().map(|span| classifying(span, document, &source, &letters)));
        for link in &article.links {
            items.push(json!({
                "id": iri(document, &link.id), "type": "Annotation", "motivation": "linking", "creator": creator(&link.by),
                "body": [iri(document, &link.to), text_body(&link.kind, "tagging")], "target": iri(document, &link.from),
            }));
        }
        for omission in &article.omissions {
            items.push(json!({
                "id": iri(document, &omission.id), "type": "Annotation", "motivation": "editing",
                "body": [text_body(if omission.why.is_empty() { "not article" } else { &omission.why }, "editing")],
                "target": targets(&omission.ranges, &[], &source, &letters),
            }));
        }
        for remark in &article.remarks {
            let created = remark.at.strip_suffix('Z').map(|at| format!("{at}:00Z"));
            items.push(json!({
                "id": iri(document, &remark.id), "type": "Annotation", "motivation": "replying", "creator": creator(&remark.by),
                "created": created, "body": [text_body(&remark.text, "replying")], "target": iri(document, &remark.on),
                "onrecord:resolved": remark.resolved.then_some("true"),
            }));
        }
        let lines: Vec<String> = items.into_iter().map(|item| without_nulls(item).to_string()).collect();
        let comma = if number > 0 { ",\n" } else { "" };
        Ok(vec![Chunk::part(format!("{comma}{}", lines.join(",\n")))])
    }

    fn end(&self, _head: &Head, tally: &Tally) -> Result<Vec<Chunk>, ExchangeError> {
        let total = tally.articles + tally.spans + tally.links + tally.omissions + tally.remarks;
        Ok(vec![Chunk::part(format!("\n]\n}},\n\"total\":{total}\n}}\n"))])
    }
}

/// The annotation that says what an article is, with its text as its body.
fn describing(article: &Annotated, source: &str) -> Value {
    let mut text = json!({"type": "TextualBody", "value": article.content, "format": "text/plain", "purpose": "describing"});
    if let (Some(language), Some(fields)) = (article.details.get("language"), text.as_object_mut()) {
        fields.insert("language".to_owned(), json!(language));
    }
    let mut bodies = vec![text, text_body(&article.title, "identifying")];
    bodies.extend(article.details.iter().map(|(key, value)| text_body(&format!("{key}={value}"), "tagging")));
    json!({
        "id": format!("{source}/text"), "type": "Annotation", "motivation": "describing", "body": bodies, "target": source,
        "onrecord:imported": article.imported.as_ref().map(|imported| json!(imported).to_string()),
        "onrecord:kept": (!article.kept.is_empty()).then(|| json!(article.kept).to_string()),
    })
}

fn classifying(span: &Span, document: &str, source: &str, letters: &[char]) -> Value {
    let mut bodies = vec![text_body(&span.label, "classifying")];
    bodies.extend(span.attributes.iter().map(|(key, value)| text_body(&format!("{key}={}", value.as_str()), "tagging")));
    bodies.extend(span.source.iter().map(|source| text_body(&format!("source={}", source.alias), "tagging")));
    if !span.note.is_empty() {
        bodies.push(text_body(&span.note, "commenting"));
    }
    let raw: BTreeMap<_, _> = span.attributes.iter().filter(|(_, value)| matches!(value, AttributeValue::Raw(_))).collect();
    json!({
        "id": iri(document, &span.id), "type": "Annotation", "motivation": "classifying", "creator": creator(&span.by), "body": bodies,
        "target": targets(&span.ranges, &span.quote, source, letters),
        "onrecord:source": span.source.as_ref().map(|source| json!(source).to_string()),
        "onrecord:origin": (span.origin != Origin::Person).then(|| span.origin.word()),
        "onrecord:values": (!raw.is_empty()).then(|| json!(raw).to_string()),
    })
}

fn text_body(value: &str, purpose: &str) -> Value {
    json!({"type": "TextualBody", "value": value, "format": "text/plain", "purpose": purpose})
}

fn creator(by: &str) -> Value {
    if by.is_empty() { Value::Null } else { json!({"type": "Person", "name": by}) }
}

/// A target for each part; what has no place keeps its words.
fn targets(ranges: &[(usize, usize)], quote: &[String], source: &str, letters: &[char]) -> Value {
    let words = |start: usize, end: usize| letters.get(start..end.min(letters.len())).unwrap_or_default().iter().collect::<String>();
    if ranges.is_empty() {
        let selectors: Vec<Value> = quote.iter().map(|exact| json!({"type": "TextQuoteSelector", "exact": exact})).collect();
        return json!([{"type": "SpecificResource", "source": source, "selector": selectors}]);
    }
    let targets = ranges.iter().map(|&(start, end)| {
        json!({
            "type": "SpecificResource", "source": source,
            "selector": [
                {"type": "TextPositionSelector", "start": start, "end": end},
                {"type": "TextQuoteSelector", "exact": words(start, end), "prefix": words(start.saturating_sub(CONTEXT), start), "suffix": words(end, end + CONTEXT)},
            ],
        })
    });
    Value::Array(targets.collect())
}

fn without_nulls(mut item: Value) -> Value {
    if let Some(fields) = item.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    item
}

/// An IRI for an id: a UUID is one nearly as it is, any other name stands behind that of its article.
fn iri(document: &str, id: &str) -> String {
    if uuid::Uuid::try_parse(id).is_ok() {
        return format!("urn:uuid:{id}");
    }
    if document.is_empty() {
        format!("urn:onrecord:{}", escaped(id))
    } else {
        format!("urn:onrecord:{}/{}", escaped(document), escaped(id))
    }
}

fn escaped(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The id in an IRI of ours; other IRIs are ids as they are.
fn id_of(iri: &str) -> String {
    if let Some(uuid) = iri.strip_prefix("urn:uuid:") {
        return uuid.to_owned();
    }
    let Some(escaped) = iri.strip_prefix("urn:onrecord:") else { return iri.to_owned() };
    let escaped = escaped.rsplit('/').next().unwrap_or(escaped);
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let code = if *first == b'%' {
            others.get(..2).and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok())
        } else {
            None
        };
        bytes.push(code.unwrap_or(*first));
        rest = others.get(if code.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn read(incoming: Incoming<'_>, take: Take<'_>) -> Result<(), ExchangeError> {
    incoming.each(&|name| ends(name, &["jsonld", "json"]), &mut |name, reader| {
        let bytes = read_all(name, reader)?;
        let json: Value = serde_json::from_str(utf8(name, &bytes)?).map_err(|error| ExchangeError::at(name, error))?;
        let mut items = Vec::new();
        collect(&json, &mut items);
        if items.is_empty() {
            return Err(ExchangeError::at(name, "there is no annotation in it"));
        }
        articles(&items).into_iter().try_for_each(&mut *take)
    })
}

/// The annotations of a collection, a page, a list, or one alone.
fn collect<'v>(json: &'v Value, items: &mut Vec<&'v Value>) {
    match json {
        Value::Array(all) => all.iter().for_each(|one| collect(one, items)),
        Value::Object(fields) => {
            if is(json, "type", "Annotation") || (fields.contains_key("target") && !fields.contains_key("items")) {
                items.push(json);
            }
            for key in ["first", "items", "annotations", "@graph", "rows"] {
                fields.get(key).into_iter().for_each(|inner| collect(inner, items));
            }
        }
        _ => {}
    }
}

fn is(json: &Value, key: &str, word: &str) -> bool {
    match json.get(key) {
        Some(Value::String(value)) => value == word,
        Some(Value::Array(values)) => values.iter().any(|value| value == word),
        _ => false,
    }
}

fn text<'v>(json: &'v Value, key: &str) -> &'v str {
    json.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// One or many.
fn list(json: Option<&Value>) -> &[Value] {
    match json {
        Some(Value::Array(all)) => all,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}

/// The IRI of a target: of its source, or its own.
fn resource(target: &Value) -> &str {
    match target {
        Value::String(iri) => iri,
        _ => match target.get("source") {
            Some(Value::String(iri)) => iri,
            Some(source) => text(source, "id"),
            None => text(target, "id"),
        },
    }
}

/// Sorts annotations into articles.
fn articles(items: &[&Value]) -> Vec<Annotated> {
    let ids: std::collections::HashSet<&str> = items.iter().map(|item| text(item, "id")).filter(|id| !id.is_empty()).collect();
    let mut found: BTreeMap<String, Annotated> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut home: BTreeMap<&str, String> = BTreeMap::new();
    let mut about: Vec<&Value> = Vec::new();
    for item in items {
        let targets = list(item.get("target"));
        let first = targets.first().map_or("", resource);
        if ids.contains(first) {
            about.push(item);
            continue;
        }
        let source = first.split('#').next().unwrap_or(first).to_owned();
        if !found.contains_key(&source) {
            order.push(source.clone());
        }
        let article = found.entry(source.clone()).or_insert_with(|| Annotated { id: id_of(&source), ..Annotated::default() });
        home.insert(text(item, "id"), source);
        if is(item, "motivation", "describing") && item.get("target").is_some_and(serde_json::Value::is_string) {
            describe(article, item);
        } else if is(item, "motivation", "editing") {
            let (ranges, _) = places(targets);
            let why = bodies(item, "editing").next().filter(|why| *why != "not article").unwrap_or_default();
            article.omissions.push(Stretch { id: id_of(text(item, "id")), ranges, why: why.to_owned() });
        } else if is(item, "motivation", "replying") && targets.iter().all(serde_json::Value::is_string) {
            belonging(article, item, first);
        } else {
            article.spans.push(span(item, targets));
        }
    }
    // Links and comments stand in the article of what they are about; comments on comments follow in later rounds.
    while !about.is_empty() {
        let before = about.len();
        about.retain(|item| {
            let on = list(item.get("target")).first().map_or("", resource);
            let Some(source) = home.get(on).cloned() else { return true };
            home.insert(text(item, "id"), source.clone());
            if let Some(article) = found.get_mut(&source) {
                belonging(article, item, on);
            }
            false
        });
        if about.len() == before {
            break;
        }
    }
    order.iter().filter_map(|source| found.remove(source)).map(placed_by_words).collect()
}

fn describe(article: &mut Annotated, item: &Value) {
    for body in list(item.get("body")) {
        let value = text(body, "value");
        match text(body, "purpose") {
            "describing" => value.clone_into(&mut article.content),
            "identifying" => value.clone_into(&mut article.title),
            "tagging" => {
                if let Some((key, value)) = value.split_once('=') {
                    article.details.insert(key.to_owned(), value.to_owned());
                }
            }
            _ => {}
        }
    }
    article.imported = serde_json::from_str(text(item, "onrecord:imported")).ok();
    article.kept = serde_json::from_str(text(item, "onrecord:kept")).unwrap_or_default();
}

/// A link or a comment.
fn belonging(article: &mut Annotated, item: &Value, on: &str) {
    let (id, by) = (id_of(text(item, "id")), person(item));
    let linked = list(item.get("body")).iter().find_map(|body| match body {
        Value::String(iri) => Some(iri.as_str()),
        body => Some(text(body, "id")).filter(|id| !id.is_empty()),
    });
    match linked {
        Some(to) if is(item, "motivation", "linking") => {
            let kind = bodies(item, "tagging").next().unwrap_or("linking").to_owned();
            article.links.push(Link { id, kind, from: id_of(on), to: id_of(to), by });
        }
        _ => {
            let words: Vec<&str> = list(item.get("body")).iter().map(|body| body.as_str().unwrap_or_else(|| text(body, "value"))).collect();
            let at = text(item, "created");
            article.remarks.push(Remark {
                id,
                on: id_of(on),
                text: words.join("\n"),
                resolved: text(item, "onrecord:resolved") == "true",
                by,
                at: at.get(..16).map_or_else(String::new, |minute| format!("{minute}Z")),
            });
        }
    }
}

fn person(item: &Value) -> String {
    list(item.get("creator")).first().map_or_else(String::new, |creator| text(creator, "name").to_owned())
}

fn bodies<'v>(item: &'v Value, purpose: &'v str) -> impl Iterator<Item = &'v str> {
    list(item.get("body")).iter().filter(move |body| text(body, "purpose") == purpose).map(|body| text(body, "value"))
}

fn span(item: &Value, targets: &[Value]) -> Span {
    let (ranges, quote) = places(targets);
    let mut attributes = BTreeMap::new();
    let mut tags = Vec::new();
    for tag in bodies(item, "tagging") {
        match tag.split_once('=') {
            Some((key, value)) => drop(attributes.insert(key.to_owned(), AttributeValue::Text(value.into()))),
            None => tags.push(tag.to_owned()),
        }
    }
    let source: Option<Speaker> = serde_json::from_str(text(item, "onrecord:source")).ok();
    if source.is_some() {
        attributes.remove("source");
    }
    if let Ok(raw) = serde_json::from_str::<BTreeMap<String, RawJson>>(text(item, "onrecord:values")) {
        attributes.extend(raw.into_iter().map(|(key, value)| (key, AttributeValue::Raw(value))));
    }
    // Tools of the Hypothesis family tag, others classify, the simplest only highlight.
    let label = bodies(item, "classifying").next().map(str::to_owned).or_else(|| (!tags.is_empty()).then(|| tags.remove(0)));
    let label = label.unwrap_or_else(|| list(item.get("motivation")).first().and_then(Value::as_str).unwrap_or("annotation").to_owned());
    if !tags.is_empty() {
        attributes.insert("tags".to_owned(), AttributeValue::Text(tags.join(", ").into()));
    }
    let mut notes: Vec<&str> = bodies(item, "commenting").collect();
    notes.extend(list(item.get("body")).iter().filter(|body| text(body, "purpose").is_empty()).map(|body| {
        let words = body.as_str().unwrap_or_else(|| text(body, "value"));
        if words.is_empty() { text(body, "id") } else { words }
    }));
    notes.retain(|note| !note.is_empty());
    let origin = Origin::ALL.iter().copied().find(|origin| origin.word() == text(item, "onrecord:origin")).unwrap_or_default();
    let (id, note, by) = (id_of(text(item, "id")), notes.join("\n"), person(item));
    Span { id, was: String::new(), label, ranges, quote, attributes, source, note, by, origin }
}

/// Positions and words of all targets. Words without a position stand in the quote alone, with their context before and after it.
fn places(targets: &[Value]) -> (Vec<(usize, usize)>, Vec<String>) {
    let (mut ranges, mut quote) = (Vec::new(), Vec::new());
    for target in targets {
        for selector in list(target.get("selector")) {
            let number = |key: &str| selector.get(key).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
            match text(selector, "type") {
                "TextPositionSelector" => ranges.extend(number("start").zip(number("end"))),
                "TextQuoteSelector" => quote.push(text(selector, "exact").to_owned()),
                _ => {}
            }
        }
    }
    (ranges, quote)
}

/// Gives annotations that have words but no offsets the place where their words stand, when that is one place only.
fn placed_by_words(mut article: Annotated) -> Annotated {
    if article.content.is_empty() {
        return article;
    }
    for span in article.spans.iter_mut().filter(|span| span.ranges.is_empty() && uuid::Uuid::try_parse(&span.id).is_err()) {
        let places: Option<Vec<_>> = span
            .quote
            .iter()
            .map(|words| {
                let mut found = article.content.match_indices(words.as_str()).map(|(byte, _)| byte);
                let byte = found.next().filter(|_| !words.is_empty() && found.next().is_none())?;
                let start = article.content.get(..byte)?.chars().count();
                Some((start, start + words.chars().count()))
            })
            .collect();
        span.ranges = places.unwrap_or_default();
    }
    article
}
