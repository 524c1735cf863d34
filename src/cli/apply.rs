//! `onrecord apply`: commands from a file, all of them or none.

use super::{CLEAN, Failure, Work, note, output};
use crate::{
    anchor,
    edit::Command,
    model::{Annotation, Document, Id, Key, Project},
    session::Session,
    store,
    text::Ranges,
};
use clap::Args;
use serde_json::{Map, Value};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
#[command(after_help = "\
A line is an object: {\"command\":\"annotate\",\"document\":\"ferry.txt\",\"quote\":[\"six more weeks\"],\"label\":\"quote\",\"as\":\"q1\"}
A document is named by id, file name or title. A place is \"ranges\", or \"quote\" with \"nth\" (1 if left out).
\"as\" names what a line makes; a later line refers to it as \"@q1\". onrecord apply --list shows every command.")]
pub(super) struct Apply {
    /// The project
    #[arg(required_unless_present = "list")]
    project: Option<PathBuf>,
    /// The commands, one JSON object a line; - is standard input
    #[arg(required_unless_present = "list")]
    commands: Option<PathBuf>,
    /// Write to another file; - is standard output
    #[arg(short, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Replace what is at OUT, whatever it holds
    #[arg(long, requires = "output")]
    force: bool,
    /// Print every command with an example
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    work: Work,
}

impl Apply {
    pub(super) fn run(self) -> Result<u8, Failure> {
        if self.list {
            let examples: Vec<&str> = Command::ALL.iter().map(|(_, example)| *example).collect();
            return super::print(&format!("{}\n", examples.join("\n")));
        }
        let (Some(project), Some(commands)) = (&self.project, &self.commands) else { return Ok(CLEAN) };
        let lines = read_lines(commands)?;
        let mut session = self.work.open(project)?;
        let mut names = BTreeMap::new();
        for (at, line) in lines.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            run_line(&mut session, line, &mut names)
                .map_err(|failure| Failure { message: format!("line {}: {}", at + 1, failure.message), ..failure })?;
        }
        match self.output.as_deref().filter(|out| !output::is_same(out, project)) {
            None if session.is_dirty() => output::save(&mut session, project)?,
            None => {}
            Some(out) if session.is_dirty() || store::is_device(project) => {
                let (ledger, bytes) = session.stamped()?;
                return output::write_project(out, &ledger, &bytes, self.force);
            }
            // Nothing changed: the very bytes, whoever wrote them.
            Some(out) => return output::write_project(out, session.ledger(), &store::read(project)?, self.force),
        }
        Ok(CLEAN)
    }
}

fn read_lines(path: &Path) -> Result<String, Failure> {
    let bytes = if path == Path::new("-") { store::read_standard_input()? } else { store::read(path)? };
    String::from_utf8(bytes)
        .map_err(|_error| Failure::new(&"the commands are not UTF-8 text", "Save them as UTF-8, one JSON object a line."))
}

fn run_line(session: &mut Session, line: &str, names: &mut BTreeMap<String, Key>) -> Result<(), Failure> {
    let mut object: Map<String, Value> =
        serde_json::from_str(line).map_err(|error| Failure::new(&error, "Each line is one JSON object. See onrecord apply --help."))?;
    let name = match object.remove("as") {
        None => None,
        Some(Value::String(name)) if !name.is_empty() && !names.contains_key(&name) => Some(name),
        Some(Value::String(name)) => {
            return Err(Failure::new(&format!("the name {name:?} is taken or empty"), "Give each record a name of its own."));
        }
        Some(_) => return Err(Failure::new(&"\"as\" is not a word", "It names what the line makes: \"as\":\"q1\".")),
    };
    resolve(&mut object, session.project(), names)?;
    let Some(Value::String(name_of_command)) = object.remove("command") else {
        return Err(Failure::new(&"\"command\" is missing", "onrecord apply --list shows every command with its fields."));
    };
    let tagged = Map::from_iter([(name_of_command, Value::Object(object))]);
    let command: Command = serde_json::from_value(Value::Object(tagged))
        .map_err(|error| Failure::new(&error, "onrecord apply --list shows every command with its fields."))?;
    let done = session.run(&command).map_err(|error| Failure::new(&error, error.hint()))?;
    if let Command::Purge { record } = &command {
        note(&format!("{} {record}. Copies that were made before still have it.", done.title));
    }
    if let Some(name) = name {
        let made = done.made.clone();
        let made = made.ok_or_else(|| Failure::new(&"this command makes nothing that could be named", "Leave out \"as\"."))?;
        names.insert(name, made);
    }
    Ok(())
}

/// Names, documents and quoted words become ids and ranges, in the parts of the command too; a part without a document is in the
/// command's.
fn resolve(object: &mut Map<String, Value>, project: &Project, names: &BTreeMap<String, Key>) -> Result<(), Failure> {
    resolve_references(object, names)?;
    resolve_document(object, project)?;
    resolve_place(object, project)?;
    for field in ["places", "marks"] {
        let document = object.get("document").cloned();
        let Some(Value::Array(parts)) = object.get_mut(field) else { continue };
        for part in parts.iter_mut().filter_map(Value::as_object_mut) {
            let part = match part.get("new") {
                Some(Value::Object(_)) => part.get_mut("new").and_then(Value::as_object_mut),
                _ => Some(part),
            };
            let Some(part) = part else { continue };
            let own = part.contains_key("document");
            if let (false, Some(document)) = (own, &document) {
                part.insert("document".to_owned(), document.clone());
            }
            resolve(part, project, names)?;
            if !own && document.is_some() {
                part.remove("document");
            }
        }
    }
    if let Some(Value::Object(speaker)) = object.get_mut("speaker") {
        resolve_references(speaker, names)?;
    }
    Ok(())
}

/// The fields that hold an id.
const ID_FIELDS: [&str; 13] =
    ["on", "comment", "document", "annotation", "annotations", "source", "into", "known", "from", "to", "relation", "omission", "record"];

fn resolve_references(object: &mut Map<String, Value>, names: &BTreeMap<String, Key>) -> Result<(), Failure> {
    let resolve = |value: &mut Value| -> Result<(), Failure> {
        if let Value::String(written) = value
            && let Some(name) = written.strip_prefix('@')
        {
            let unknown =
                || Failure::new(&format!("no earlier line made @{name}"), "A name is given with \"as\" on the line that makes it.");
            *value = Value::String(names.get(name).ok_or_else(unknown)?.to_string());
        }
        Ok(())
    };
    for field in ID_FIELDS {
        match object.get_mut(field) {
            Some(Value::Array(values)) => values.iter_mut().try_for_each(resolve)?,
            Some(value) => resolve(value)?,
            None => {}
        }
    }
    Ok(())
}

/// A file name or a title in place of the id.
fn resolve_document(object: &mut Map<String, Value>, project: &Project) -> Result<(), Failure> {
    let Some(Value::String(named)) = object.get("document") else { return Ok(()) };
    if project.documents.contains(&Id::from(named.as_str())) {
        return Ok(());
    }
    let is_named = |document: &&std::sync::Arc<Document>| {
        document.title == *named || document.imported.as_ref().is_some_and(|imported| imported.name == *named)
    };
    let found: Vec<_> = project.documents.iter().filter(is_named).collect();
    match found.as_slice() {
        [document] => {
            object.insert("document".to_owned(), Value::String(document.id.to_string()));
            Ok(())
        }
        [] => Err(Failure::new(&format!("there is no document {named:?} in this project"), "onrecord show lists the documents.")),
        several => Err(Failure::new(&format!("{} documents are called {named:?}", several.len()), "Name it by its id.")),
    }
}

/// Ranges in place of the quoted words.
fn resolve_place(object: &mut Map<String, Value>, project: &Project) -> Result<(), Failure> {
    let Some(quote) = object.remove("quote") else { return Ok(()) };
    let quote: Vec<String> = match quote {
        Value::String(words) => vec![words],
        other => serde_json::from_value(other)
            .map_err(|_error| Failure::new(&"\"quote\" is not a list of words", "Write \"quote\":[\"the words\"]."))?,
    };
    let nth = match object.remove("nth") {
        None => 1,
        Some(nth) => nth
            .as_u64()
            .and_then(|nth| usize::try_from(nth).ok())
            .filter(|nth| *nth > 0)
            .ok_or_else(|| Failure::new(&"\"nth\" is no number from 1", ""))?,
    };
    let document = match (object.get("document"), object.get("annotation")) {
        (Some(Value::String(id)), _) => project.documents.get(&Id::from(id.as_str())),
        (None, Some(Value::String(id))) => {
            project.annotations.get(&Id::<Annotation>::from(id.as_str())).and_then(|annotation| project.documents.get(&annotation.document))
        }
        _ => None,
    };
    let text = document.and_then(|document| project.text_of(document));
    let text = text.ok_or_else(|| Failure::new(&"\"quote\" needs a document", "Add \"document\" with a file name, a title or an id."))?;
    let ranges = anchor::find_quote(text, &quote, nth).ok_or_else(|| {
        let times = anchor::count_quote(text, &quote);
        let words = crate::check::spans::shorten(&quote.join(" … "));
        match times {
            0 => Failure::new(
                &format!("the article does not say “{words}”"),
                "Copy the words as they stand, with their quotation marks and spaces.",
            ),
            _ => Failure::new(&format!("the article says “{words}” {times} times, not {nth}"), "Choose a smaller \"nth\"."),
        }
    })?;
    insert_ranges(object, &ranges)
}

fn insert_ranges(object: &mut Map<String, Value>, ranges: &Ranges) -> Result<(), Failure> {
    let value = serde_json::to_value(ranges).map_err(|error| Failure::new(&error, ""))?;
    let one = object.get("command").is_some_and(|command| command == "add_range" || command == "remove_range");
    match (one, value) {
        (true, Value::Array(mut parts)) if parts.len() == 1 => object.insert("range".to_owned(), parts.remove(0)),
        (_, value) => object.insert("ranges".to_owned(), value),
    };
    Ok(())
}
