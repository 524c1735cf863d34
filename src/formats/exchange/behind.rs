//! Who stands behind a span of an article, by its links: the rule of [`links::sources_behind`](crate::model::links::sources_behind) for
//! articles on their way.

use super::{Annotated, Span, Speaker};
use std::collections::{BTreeSet, HashMap};

/// The links of an article by where they start.
#[derive(Debug)]
pub struct Behind<'a> {
    spans: HashMap<&'a str, &'a Span>,
    out: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Behind<'a> {
    /// Indexes an article.
    pub fn new(article: &'a Annotated) -> Self {
        let spans: HashMap<_, _> = article.spans.iter().map(|span| (span.id.as_str(), span)).collect();
        let mut out: HashMap<&str, Vec<&str>> = HashMap::new();
        for link in &article.links {
            let label = |id: &str| spans.get(id).map(|span| span.label.as_str());
            // Links within a label, as of a claim that repeats another, pass no source on.
            if label(&link.from) != label(&link.to) {
                out.entry(&link.from).or_default().push(&link.to);
            }
        }
        Self { spans, out }
    }

    /// The speakers behind a span, its own included.
    pub fn speakers(&self, span: &'a Span) -> BTreeSet<&'a Speaker> {
        let (mut seen, mut next, mut found) = (BTreeSet::new(), vec![span.id.as_str()], BTreeSet::new());
        while let Some(id) = next.pop() {
            if seen.insert(id) {
                found.extend(self.spans.get(id).and_then(|span| span.source.as_ref()));
                next.extend(self.out.get(id).into_iter().flatten().copied());
            }
        }
        found
    }
}
