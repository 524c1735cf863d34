//! What formats can carry, and the losses that follow from it: told before anything is written, counted on what would be written.

use super::{Annotated, Span, left::Left, release::Release};
use crate::display::line::count;
use std::collections::BTreeMap;

/// Something that a project holds and a format may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// The text of the article.
    Text,
    /// Outlet, byline, dates, language.
    Details,
    /// Several parts of one annotation.
    Parts,
    /// Annotations over the same words.
    Overlaps,
    /// Ids that stay.
    Ids,
    /// Attributes of annotations.
    Attributes,
    /// Who speaks.
    Sources,
    /// Notes on annotations.
    Notes,
    /// Who marked or linked it, and whether a rule found it.
    Marker,
    /// Links between annotations.
    Links,
    /// Comments.
    Comments,
    /// Stretches that are not article.
    Omissions,
    /// Lines of another tool that Onrecord does not read.
    Lines,
    /// Annotations without a place.
    Unplaced,
    /// Reviews of unnamed sources.
    Reviews,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Text,
        Self::Details,
        Self::Parts,
        Self::Overlaps,
        Self::Ids,
        Self::Attributes,
        Self::Sources,
        Self::Notes,
        Self::Marker,
        Self::Links,
        Self::Comments,
        Self::Omissions,
        Self::Lines,
        Self::Unplaced,
        Self::Reviews,
    ];

    /// The word in the JSON of `onrecord formats`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Details => "details",
            Self::Parts => "parts",
            Self::Overlaps => "overlaps",
            Self::Ids => "ids",
            Self::Attributes => "attributes",
            Self::Sources => "sources",
            Self::Notes => "notes",
            Self::Marker => "marker",
            Self::Links => "links",
            Self::Comments => "comments",
            Self::Omissions => "omissions",
            Self::Lines => "lines",
            Self::Unplaced => "unplaced",
            Self::Reviews => "reviews",
        }
    }

    /// How much of it an article holds.
    fn amount(self, article: &Annotated) -> usize {
        let spans = |has: &dyn Fn(&Span) -> bool| article.spans.iter().filter(|span| has(span)).count();
        match self {
            Self::Text => 1,
            Self::Details => usize::from(!article.details.is_empty() || article.imported.is_some()),
            Self::Parts => spans(&|span| span.ranges.len() > 1),
            Self::Overlaps => overlaps(&article.spans),
            Self::Ids => article.spans.len() + article.links.len(),
            Self::Attributes => spans(&|span| !span.attributes.is_empty()),
            Self::Sources => spans(&|span| span.source.is_some()),
            Self::Notes => spans(&|span| !span.note.is_empty()),
            Self::Marker => {
                let marked = spans(&|span| !span.by.is_empty() || span.origin != crate::model::Origin::Person);
                marked + article.links.iter().filter(|link| !link.by.is_empty()).count()
            }
            Self::Links => article.links.len(),
            Self::Comments => article.remarks.len(),
            Self::Omissions => article.omissions.len(),
            Self::Lines => article.kept.values().map(Vec::len).sum(),
            Self::Unplaced => spans(&|span| span.ranges.is_empty()),
            Self::Reviews => article.reviews.len(),
        }
    }

    fn thing(self, amount: usize) -> String {
        match self {
            Self::Text => count(amount, "article text"),
            Self::Details => format!("details of {}", count(amount, "article")),
            Self::Parts => format!("{} in several parts", count(amount, "annotation")),
            Self::Overlaps => format!("{} over words that are marked already", count(amount, "annotation")),
            Self::Ids => format!("ids of {}", count(amount, "record")),
            Self::Attributes => format!("attributes of {}", count(amount, "annotation")),
            Self::Sources => format!("sources of {}", count(amount, "annotation")),
            Self::Notes => count(amount, "note"),
            Self::Marker => format!("who marked {}", count(amount, "record")),
            Self::Links => count(amount, "link"),
            Self::Comments => count(amount, "comment"),
            Self::Omissions => format!("{amount} stretch{} marked as not article", if amount == 1 { "" } else { "es" }),
            Self::Lines => format!("{} of another tool", count(amount, "line")),
            Self::Unplaced => format!("{} without a place", count(amount, "annotation")),
            Self::Reviews => format!("reviews of {}", count(amount, "source")),
        }
    }
}

/// Annotations that share a character with one that begins before them.
fn overlaps(spans: &[Span]) -> usize {
    let mut bounds: Vec<(usize, usize)> = spans.iter().flat_map(|span| span.ranges.iter().copied()).collect();
    bounds.sort_unstable();
    let mut reached = 0;
    bounds
        .into_iter()
        .filter(|(start, end)| {
            let over = *start < reached;
            reached = reached.max(*end);
            over
        })
        .count()
}

/// How a format carries a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Other tools read it too.
    Kept,
    /// Other tools see less; Onrecord reads it back whole. The words say what others see.
    Aside(&'static str),
    /// It is not written. The words say what is left.
    Lost(&'static str),
}

/// What one format does with what is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// What.
    pub feature: Feature,
    /// How many.
    pub amount: usize,
    /// Whether Onrecord reads it back.
    pub comes_back: bool,
    /// What becomes of it.
    pub what: &'static str,
}

impl Loss {
    /// The loss as a sentence.
    pub fn sentence(&self) -> String {
        let what = if self.what.is_empty() { "left out" } else { self.what };
        let thing = self.feature.thing(self.amount);
        let mut letters = thing.chars();
        let thing = letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect::<String>());
        if self.comes_back { format!("{thing}: {what}; Onrecord reads it back.") } else { format!("{thing}: {what}.") }
    }
}

/// Counts losses article by article.
#[derive(Debug, Clone, Default)]
pub struct Losses {
    held: BTreeMap<Feature, usize>,
    left: Left,
}

impl Losses {
    /// Counts what an article holds that passed the profile.
    pub fn count(&mut self, release: &Release) {
        let Left { unplaced, comments, links } = release.left();
        self.left.unplaced += unplaced;
        self.left.comments += comments;
        self.left.links += links;
        self.count_article(release.article());
    }

    /// Counts what an article holds.
    pub fn count_article(&mut self, article: &Annotated) {
        for feature in Feature::ALL {
            let amount = feature.amount(article);
            if amount > 0 {
                *self.held.entry(feature).or_default() += amount;
            }
        }
    }

    /// What a format does not carry, those that never come back first.
    pub fn of(&self, carries: &dyn Fn(Feature) -> How) -> Vec<Loss> {
        let mut losses: Vec<Loss> = self
            .held
            .iter()
            .filter_map(|(&feature, &amount)| match carries(feature) {
                How::Kept => None,
                How::Aside(what) => Some(Loss { feature, amount, comes_back: true, what }),
                How::Lost(what) => Some(Loss { feature, amount, comes_back: false, what }),
            })
            .collect();
        losses.extend(self.left());
        losses.sort_by_key(|loss| loss.comes_back);
        losses
    }

    /// What stays behind, whatever the format.
    pub fn left(&self) -> impl Iterator<Item = Loss> {
        let Left { unplaced, comments, links } = self.left;
        let all = [
            (Feature::Unplaced, unplaced, "held back, since public output has no words that the article does not print"),
            (
                Feature::Comments,
                comments,
                "left out, since those on links, sources and other records go only with a copy of the project file",
            ),
            (Feature::Links, links, "left out, since those to another article go only with a copy of the project file"),
        ];
        let left = all.into_iter().filter(|(_, amount, _)| *amount > 0);
        left.map(|(feature, amount, what)| Loss { feature, amount, comes_back: false, what })
    }
}

/// The report that lies in archives.
pub fn notes(format: &str, profile: &str, losses: &[Loss]) -> String {
    let mut out = format!("Written by Onrecord as {format}, profile {profile}.\n\n");
    if losses.is_empty() {
        out.push_str("Everything in the profile is in these files.\n");
    } else {
        out.push_str("What other tools will not see:\n\n");
        for loss in losses {
            out.push_str(&format!("- {}\n", loss.sentence()));
        }
    }
    out
}
