//! What a project holds beside its articles, so that no file of an article has a place for it: counted, so that it is told.

use crate::model::{Comment, Document, Id, Key, Project, Source};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// How much stays behind with one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Left {
    /// Annotations that the profile holds back, since the article does not print their words.
    pub unplaced: usize,
    /// Comments on links, sources, stretches and whatever else is no article and no annotation, with all answers.
    pub comments: usize,
    /// Links that lead to another article.
    pub links: usize,
}

/// Comments by what they are on.
pub(super) type Comments<'p> = HashMap<Key, Vec<&'p Arc<Comment>>>;

/// Counts the comments that go into no article, each with one of the articles that go out: a source's with the first that names it,
/// and those on labels, people and the project itself with the first of all, unless only one article of the project is wanted.
pub(super) fn comments<'p>(project: &'p Project, by_record: &Comments<'p>, only: Option<&Id<Document>>) -> BTreeMap<Id<Document>, usize> {
    let goes = |document: &Id<Document>| only.is_none_or(|only| only == document);
    let documents = project.documents_in_order();
    let first = documents.first().filter(|_| only.is_none()).map(|document| &document.id);
    let mut left = BTreeMap::new();
    let beside: Vec<&Key> = by_record.keys().filter(|on| !is_in_an_article(project, on)).collect();
    let named = if beside.is_empty() { HashMap::new() } else { named(project, &documents, &goes) };
    for on in beside {
        let home = match home(project, on) {
            Some(document) => Some(document).filter(|document| goes(document)),
            None => named.get(&Id::<Source>::from(on.clone())).copied().or(first),
        };
        if let Some(document) = home {
            *left.entry(document.clone()).or_default() += with_answers(by_record, on);
        }
    }
    left
}

/// Whether comments on it go out with an article, or with what they answer.
fn is_in_an_article(project: &Project, on: &Key) -> bool {
    let annotation = project.annotations.get(&on.clone().into());
    project.documents.contains(&on.clone().into())
        || annotation.is_some_and(|annotation| project.documents.contains(&annotation.document))
        || project.comments.contains(&on.clone().into())
}

/// The article that a link, a stretch or a decision belongs to.
fn home<'p>(project: &'p Project, on: &Key) -> Option<&'p Id<Document>> {
    let link = project.relations.get(&on.clone().into()).and_then(|link| project.annotations.get(&link.from));
    let of_link = link.map(|from| &from.document);
    let of_stretch = || project.omissions.get(&on.clone().into()).map(|omission| &omission.document);
    let of_decision = || project.decisions.get(&on.clone().into()).map(|decision| &decision.document);
    of_link.or_else(of_stretch).or_else(of_decision).filter(|document| project.documents.contains(document))
}

/// The first article that names each source.
fn named<'p>(
    project: &'p Project,
    documents: &[&'p Arc<Document>],
    goes: &dyn Fn(&Id<Document>) -> bool,
) -> HashMap<&'p Id<Source>, &'p Id<Document>> {
    let places: HashMap<&Id<Document>, usize> = documents.iter().enumerate().map(|(at, document)| (&document.id, at)).collect();
    let mut first: HashMap<&Id<Source>, (usize, &Id<Document>)> = HashMap::new();
    for annotation in project.annotations.iter().filter(|annotation| goes(&annotation.document)) {
        if let (Some(source), Some(at)) = (&annotation.source, places.get(&annotation.document)) {
            let found = (*at, &annotation.document);
            first.entry(source).and_modify(|before| *before = found.min(*before)).or_insert(found);
        }
    }
    first.into_iter().map(|(source, (_, document))| (source, document)).collect()
}

/// How many comments are on a record and on each other below it.
fn with_answers(by_record: &Comments<'_>, on: &Key) -> usize {
    let mut about = vec![on];
    let mut found = 0;
    while let Some(on) = about.pop() {
        let comments = by_record.get(on).map_or(&[][..], Vec::as_slice);
        found += comments.len();
        about.extend(comments.iter().map(|comment| comment.id.key()));
    }
    found
}
