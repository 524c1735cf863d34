//! What hangs on a span of an article on its way: its links, its comments, and who stands behind it by the rule of
//! [`links::sources_behind`](crate::model::links::sources_behind).

use super::{Annotated, Link, Remark, Span, Speaker};
use std::collections::{BTreeSet, HashMap};

/// An article by its spans.
#[derive(Debug)]
pub struct Behind<'a> {
    /// Spans by id, with their places in the article.
    spans: HashMap<&'a str, (usize, &'a Span)>,
    links: HashMap<&'a str, Vec<&'a Link>>,
    remarks: HashMap<&'a str, Vec<&'a Remark>>,
}

impl<'a> Behind<'a> {
    /// Indexes an article.
    pub fn new(article: &'a Annotated) -> Self {
        let spans = article.spans.iter().enumerate().map(|(at, span)| (span.id.as_str(), (at, span))).collect();
        let mut links: HashMap<&str, Vec<&Link>> = HashMap::new();
        for link in &article.links {
            links.entry(&link.from).or_default().push(link);
        }
        let mut remarks: HashMap<&str, Vec<&Remark>> = HashMap::new();
        for remark in &article.remarks {
            remarks.entry(&remark.on).or_default().push(remark);
        }
        Self { spans, links, remarks }
    }

    /// The links that start at a span, each with the place of the span that it leads to.
    pub fn links(&self, span: &Span) -> impl Iterator<Item = (&'a Link, usize)> {
        let links = self.links.get(span.id.as_str()).into_iter().flatten();
        links.filter_map(|link| Some((*link, self.spans.get(link.to.as_str())?.0)))
    }

    /// What colleagues said about a span or the article, each remark followed by the answers to it.
    pub fn remarks(&self, on: &str) -> Vec<&'a Remark> {
        let about = |on: &str| self.remarks.get(on).into_iter().flatten().copied().rev();
        let (mut next, mut seen, mut found): (Vec<&Remark>, _, _) = (about(on).collect(), BTreeSet::new(), Vec::new());
        while let Some(remark) = next.pop() {
            if seen.insert(remark.id.as_str()) {
                found.push(remark);
                next.extend(about(&remark.id));
            }
        }
        found
    }

    /// The speakers behind a span, its own included.
    pub fn speakers(&self, span: &'a Span) -> BTreeSet<&'a Speaker> {
        let (mut seen, mut next, mut found) = (BTreeSet::new(), vec![span.id.as_str()], BTreeSet::new());
        while let Some(id) = next.pop() {
            let Some((_, here)) = self.spans.get(id).filter(|_| seen.insert(id)) else { continue };
            found.extend(&here.source);
            for link in self.links.get(id).into_iter().flatten() {
                // Links within a label, as of a claim that repeats another, pass no source on.
                if self.spans.get(link.to.as_str()).is_some_and(|(_, to)| to.label != here.label) {
                    next.push(&link.to);
                }
            }
        }
        found
    }
}
