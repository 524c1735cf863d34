//! Label Studio: tasks as JSON with their labelling configuration. Offsets count Unicode characters (the frontend corrects them with
//! `fixCodePointsInRange`; exports before that counted UTF-16). The words in a task may be stale, so they are checked like any others.
//! Sources: <https://labelstud.io/guide/task_format>, <https://labelstud.io/guide/export>.

use super::{
    Format, Glimpse, Reader, Writer,
    exchange::{
        Annotated, ExchangeError, Link, Span,
        aside::{Aside, parts},
        container::{Chunk, Incoming, ends, read_all, utf8},
        feature::{Feature, How},
        release::{Head, Release},
        verify::Convention,
    },
    format::{Stream, Take, Tally},
    page::xml_text,
};
use crate::model::{AttributeValue, Origin};
use serde_json::{Value, json};

/// The format.
pub const FORMAT: Format = Format {
    name: "label-studio",
    title: "Label Studio",
    about: "Tasks with annotations, and in a folder or zip the labelling configuration.",
    endings: &["json"],
    main: "tasks.json",
    is_folder: false,
    is_archive: false,
    convention: Convention::SCALAR,
    carries,
    alone: None,
    read: Reader::Annotated(read),
    write: Writer::Stream(&Tasks),
    detect,
};

fn carries(feature: Feature) -> How {
    match feature {
        Feature::Text | Feature::Overlaps | Feature::Links | Feature::Ids => How::Kept,
        Feature::Parts => How::Aside("written as one region for each part"),
        Feature::Attributes => How::Aside("written as choices of each region; free text lies in the task's data"),
        Feature::Notes => How::Aside("written as a text area of each region"),
        Feature::Reviews => How::Lost("reviews are not annotations"),
        Feature::Details
        | Feature::Sources
        | Feature::Marker
        | Feature::Comments
        | Feature::Omissions
        | Feature::Lines
        | Feature::Unplaced => How::Aside("written to the task's data, where Label Studio carries it along"),
    }
}

fn detect(glimpse: &Glimpse<'_>) -> bool {
    let tasks = glimpse.says(&["\"from_name\""]) || glimpse.says(&["\"data\"", "\"annotations\""]) || glimpse.says(&["\"completions\""]);
    glimpse.is_file() && glimpse.ends(&["json"]) && tasks || glimpse.has("tasks.json")
}

/// The key under which regions that are no text are kept.
const KEY: &str = "label-studio";

struct Tasks;

/// The name of the control of an attribute: the same attribute of two labels has two lists.
fn control(label: &str, key: &str) -> String {
    format!("{label}.{key}")
}

impl Stream for Tasks {
    fn begin(&self, _head: &Head) -> Vec<Chunk> {
        vec![Chunk::part("[\n")]
    }

    fn article(&self, _head: &Head, release: &Release, number: usize) -> Result<Vec<Chunk>, ExchangeError> {
        let article = release.article();
        let mut result = Vec::new();
        for part in parts(article) {
            let (start, end) = part.range;
            let region = |from: &str, kind: &str, key: &str, value: Value| {
                let mut fields = json!({"start": start, "end": end, "text": part.words});
                if let Some(fields) = fields.as_object_mut() {
                    fields.insert(key.to_owned(), value);
                }
                json!({"id": part.id(), "from_name": from, "to_name": "text", "type": kind, "value": fields})
            };
            result.push(region("label", "labels", "labels", json!([part.span.label])));
            if part.number > 0 {
                continue;
            }
            for (key, value) in &part.span.attributes {
                if let AttributeValue::Text(value) = value {
                    result.push(region(&control(&part.span.label, key), "choices", "choices", json!([value])));
                }
            }
            if !part.span.note.is_empty() {
                result.push(region("note", "textarea", "text", json!([part.span.note])));
            }
        }
        for link in &article.links {
            result.push(json!({"type": "relation", "from_id": link.from, "to_id": link.to, "direction": "right", "labels": [link.kind]}));
        }
        if let Some(kept) = article.kept.get(KEY) {
            result.extend(kept.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok()));
        }
        let task = json!({
            "id": number + 1,
            "data": {"text": article.content, "title": article.title, "document": article.id,
                "onrecord": Aside { offsets: String::new(), article: article.clone() }},
            "annotations": [{"id": number + 1, "result": result}],
        });
        Ok(vec![Chunk::part(format!("{}{task}", if number > 0 { ",\n" } else { "" }))])
    }

    fn end(&self, head: &Head, tally: &Tally) -> Result<Vec<Chunk>, ExchangeError> {
        Ok(vec![Chunk::part("\n]\n"), Chunk::whole("config.xml", config(head, tally))])
    }
}

/// The labelling configuration for what was written.
fn config(head: &Head, tally: &Tally) -> String {
    let mut out = "<View>\n  <Labels name=\"label\" toName=\"text\">\n".to_owned();
    for label in tally.labels.keys() {
        let colour = head.labels.iter().find(|known| known.id.to_string() == *label).map_or("#888888", |known| &known.colour.light);
        out.push_str(&format!("    <Label value=\"{}\" background=\"{}\"/>\n", xml_text(label), xml_text(colour)));
    }
    out.push_str("  </Labels>\n  <Relations>\n");
    for kind in tally.kinds.keys() {
        out.push_str(&format!("    <Relation value=\"{}\"/>\n", xml_text(kind)));
    }
    out.push_str("  </Relations>\n  <Text name=\"text\" value=\"$text\" granularity=\"symbol\"/>\n");
    for (label, attributes) in &tally.labels {
        for (key, written) in attributes {
            let known = head.labels.iter().find(|known| known.id.to_string() == *label).and_then(|known| known.attribute(key));
            let mut values: Vec<&str> = known.map(|known| known.values.iter().map(String::as_str).collect()).unwrap_or_default();
            values.extend(
                written.iter().map(String::as_str).filter(|value| !known.is_some_and(|known| known.values.iter().any(|one| one == value))),
            );
            if values.is_empty() {
                continue;
            }
            out.push_str(&format!(
                "  <Choices name=\"{}\" toName=\"text\" perRegion=\"true\" whenTagName=\"label\" whenLabelValue=\"{}\">\n",
                xml_text(&control(label, key)),
                xml_text(label)
            ));
            for value in values {
                out.push_str(&format!("    <Choice value=\"{}\"/>\n", xml_text(value)));
            }
            out.push_str("  </Choices>\n");
        }
    }
    out.push_str("  <TextArea name=\"note\" toName=\"text\" perRegion=\"true\" placeholder=\"Note\"/>\n</View>\n");
    out
}

fn read(incoming: Incoming<'_>, take: Take<'_>) -> Result<(), ExchangeError> {
    incoming.each(&|name| ends(name, &["json"]) && !name.ends_with("config.json"), &mut |name, reader| {
        let bytes = read_all(name, reader)?;
        let json: Value = serde_json::from_str(utf8(name, &bytes)?).map_err(|error| ExchangeError::at(name, error))?;
        let one;
        let tasks = match &json {
            Value::Array(tasks) => tasks,
            task => {
                one = vec![task.clone()];
                &one
            }
        };
        for (at, task) in tasks.iter().enumerate() {
            take(article(task).ok_or_else(|| ExchangeError::at(format!("{name}, task {}", at + 1), "it has no text"))?)?;
        }
        Ok(())
    })
}

fn text<'v>(json: &'v Value, key: &str) -> &'v str {
    json.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn items<'v>(json: &'v Value, key: &str) -> &'v [Value] {
    json.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn article(task: &Value) -> Option<Annotated> {
    // JSON_MIN exports have the data beside the regions.
    let data = task.get("data").unwrap_or(task);
    let named = data.get("text").and_then(Value::as_str);
    // A configuration may call the text anything; then the longest string is it.
    let longest = || data.as_object()?.values().filter_map(Value::as_str).max_by_key(|value| value.len());
    let content = named.or_else(longest)?.to_owned();
    // The number of a task is Label Studio's; our own id travels in the data.
    let own = data.get("document").filter(|id| id.as_str().is_some_and(|id| uuid::Uuid::try_parse(id).is_ok()));
    let id = match own.or_else(|| task.get("id")).or_else(|| data.get("document")) {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => String::new(),
    };
    let mut article = Annotated { id, title: text(data, "title").to_owned(), content, ..Annotated::default() };
    let mut runs: Vec<(&Value, Origin)> = Vec::new();
    // Before version 1.0 annotations were called completions.
    for key in ["annotations", "completions"] {
        let done = items(task, key).iter().filter(|run| run.get("was_cancelled").and_then(Value::as_bool) != Some(true));
        runs.extend(done.map(|run| (run, Origin::Person)));
    }
    if runs.is_empty() {
        runs.extend(items(task, "predictions").iter().map(|run| (run, Origin::Learned)));
    }
    let several = runs.len() > 1;
    for (at, (run, origin)) in runs.iter().enumerate() {
        let prefix = if several { format!("{}:", at + 1) } else { String::new() };
        let by = run.get("completed_by").map(|by| by.get("id").unwrap_or(by)).filter(|by| by.is_number());
        let by = by.map_or_else(String::new, |by| format!("annotator {by}"));
        results(&mut article, items(run, "result"), &prefix, &by, *origin);
    }
    for (at, region) in items(task, "label").iter().enumerate() {
        article.spans.extend(labelled(region, region, &format!("r{}", at + 1)));
    }
    let aside = data.get("onrecord").and_then(|aside| serde_json::from_value::<Aside>(aside.clone()).ok());
    Some(match aside {
        Some(aside) => {
            // Only what other annotators said is new: ours comes back from aside.
            article.spans.iter_mut().for_each(|span| span.by.clear());
            let kept = std::mem::take(&mut article.kept);
            let mut article = super::exchange::aside::reunite(article, aside.article, true);
            article.kept.extend(kept);
            article
        }
        None => article,
    })
}

/// A labelled region as a span.
fn labelled(region: &Value, value: &Value, id: &str) -> Option<Span> {
    let labels = ["labels", "hypertextlabels"].iter().find_map(|key| value.get(*key)?.as_array())?;
    let label = labels.first()?.as_str()?.to_owned();
    // Regions of HTML count in the whole text beside their paths.
    let offsets = value.get("globalOffsets").unwrap_or(value);
    let number = |key: &str| offsets.get(key).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
    let quote = value.get("text").and_then(Value::as_str).map(str::to_owned);
    let mut span = Span {
        id: id.to_owned(),
        label,
        ranges: vec![(number("start")?, number("end")?)],
        quote: quote.into_iter().collect(),
        ..Span::default()
    };
    let further: Vec<&str> = labels.iter().skip(1).filter_map(Value::as_str).collect();
    if !further.is_empty() {
        span.attributes.insert("labels".to_owned(), AttributeValue::Text(further.join(", ").into()));
    }
    if let Some(score) = region.get("score").filter(|score| score.is_number()) {
        span.attributes.insert("score".to_owned(), AttributeValue::Text(score.to_string().into()));
    }
    Some(span)
}

fn results(article: &mut Annotated, results: &[Value], prefix: &str, by: &str, origin: Origin) {
    let mut places: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    let mut rest = Vec::new();
    for region in results {
        let value = region.get("value").unwrap_or(&Value::Null);
        let id = format!("{prefix}{}", text(region, "id"));
        match labelled(region, value, &id) {
            Some(span) => {
                places.insert(id, article.spans.len());
                article.spans.push(Span { by: by.to_owned(), origin, ..span });
            }
            None => rest.push(region),
        }
    }
    for region in rest {
        let value = region.get("value").unwrap_or(&Value::Null);
        if text(region, "type") == "relation" {
            let kind = items(region, "labels").first().and_then(Value::as_str).unwrap_or("relation").to_owned();
            let (mut from, mut to) = (format!("{prefix}{}", text(region, "from_id")), format!("{prefix}{}", text(region, "to_id")));
            if text(region, "direction") == "left" {
                std::mem::swap(&mut from, &mut to);
            }
            article.links.push(Link { kind, from, to, by: by.to_owned(), ..Link::default() });
            continue;
        }
        let span = places.get(&format!("{prefix}{}", text(region, "id"))).and_then(|at| article.spans.get_mut(*at));
        let name = text(region, "from_name");
        let words = |key: &str| {
            let all: Vec<&str> = match value.get(key) {
                Some(Value::String(one)) => vec![one.as_str()],
                Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
                _ => return None,
            };
            Some(all.join(if key == "text" { "\n" } else { ", " }))
        };
        match (text(region, "type"), span) {
            ("choices", Some(span)) => {
                let key = name.strip_prefix(&format!("{}.", span.label)).unwrap_or(name).to_owned();
                if let Some(choices) = words("choices") {
                    span.attributes.insert(key, AttributeValue::Text(choices.into()));
                }
            }
            ("textarea", Some(span)) => span.note = words("text").unwrap_or_default(),
            // Pictures, sounds, ratings: not text, carried along.
            _ => article.kept.entry(KEY.to_owned()).or_default().push(region.to_string()),
        }
    }
}
