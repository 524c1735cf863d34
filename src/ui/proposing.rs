//! The attribution gesture: one key proposes a quote with its speaker, Enter marks it all in one step.

use super::{
    app::{App, Desk, Inspected},
    theme::{LabelStyle, Theme},
};
use crate::{
    edit::{Command, Mark, Speaker},
    model::{Annotation, Document, Id, Project, Source, Text, news},
    suggest::{self, Proposal, Surroundings, structure},
};
use std::{ops::Range, sync::Arc};

/// Paragraphs before and after the caret whose annotations are taken over instead of being marked again, in bytes.
const AROUND: usize = 4 * 1024;
/// Annotations that are looked through, backwards, for who was mentioned lately.
const LOOKED_BACK: usize = 2_000;
/// Sources mentioned lately that are offered.
const LATELY: usize = 12;

/// What is proposed for a place, and which of it is shown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Proposing {
    pub(crate) document: Id<Document>,
    pub(crate) proposals: Vec<Proposal>,
    pub(crate) at: usize,
    /// What is shown, as people read it: the label's key, the words.
    pub(crate) rows: Vec<(String, String)>,
    /// Where the parts stand, with the key of their label.
    parts: Vec<(Range<usize>, &'static str)>,
}

impl Proposing {
    fn new(document: Id<Document>, proposals: Vec<Proposal>, project: &Project, text: &str) -> Self {
        let mut proposing = Self { document, proposals, at: 0, rows: Vec::new(), parts: Vec::new() };
        proposing.show(0, project, text);
        proposing
    }

    fn show(&mut self, at: usize, project: &Project, text: &str) {
        self.at = at;
        self.rows.clear();
        self.parts.clear();
        let Some(proposal) = self.proposals.get(at) else { return };
        let words = |bytes: &Range<usize>| text.get(bytes.clone()).unwrap_or_default().to_owned();
        let quote = proposal.reading.quote.iter().map(words).collect::<Vec<_>>().join(" … ");
        self.rows.push((news::QUOTE.to_owned(), quote));
        self.parts.extend(proposal.reading.quote.iter().map(|bytes| (bytes.clone(), news::QUOTE)));
        if let Some(clause) = &proposal.reading.clause {
            self.rows.push((news::ATTRIBUTION.to_owned(), words(&clause.bytes)));
            self.parts.push((clause.bytes.clone(), news::ATTRIBUTION));
        }
        if let Some(mention) = &proposal.mention {
            self.rows.push((news::ANONYMOUS_SOURCE.to_owned(), words(mention)));
            self.parts.push((mention.clone(), news::ANONYMOUS_SOURCE));
        }
        let speaker = match &proposal.speaker {
            Some(Speaker::Known(source)) => project.sources.get(source).map(|source| source.alias.clone()),
            Some(Speaker::New { alias, .. }) => Some(format!("{alias}, new")),
            None => None,
        };
        self.rows.push((String::new(), speaker.unwrap_or_else(|| "Nobody yet".to_owned())));
    }

    /// Where the parts stand, each in the look of its label.
    pub(crate) fn preview(&self, project: &Project, theme: &Theme) -> Vec<(Range<usize>, LabelStyle)> {
        let style = |key: &str| theme.label(project.labels.get(&news::label(key)).map(|label| &**label));
        self.parts.iter().map(|(bytes, key)| (bytes.clone(), style(key))).collect()
    }
}

impl Desk {
    /// What is marked around a place, and who was mentioned before it.
    pub(crate) fn surroundings(&self, place: &Range<usize>) -> Surroundings<'_> {
        let Some(index) = &self.index else { return Surroundings::default() };
        let order = index.in_order();
        let first = index.rank_from(place.start.saturating_sub(AROUND));
        let last = index.rank_from(place.end + AROUND);
        let spans = |from: usize, to: usize| order.get(from..to).unwrap_or_default().iter().filter_map(|slot| index.span(*slot));
        let nearby: Vec<&Arc<Annotation>> = spans(first, last).map(|span| &span.annotation).collect();
        let here = index.rank_from(place.start);
        let mut mentioned: Vec<Id<Source>> = Vec::new();
        for span in spans(here.saturating_sub(LOOKED_BACK), here).rev() {
            if let Some(source) = span.annotation.source.as_ref().filter(|source| !mentioned.contains(source)) {
                mentioned.push(source.clone());
                if mentioned.len() == LATELY {
                    break;
                }
            }
        }
        Surroundings { nearby, mentioned }
    }

    fn open_text(&self) -> Option<(Id<Document>, Arc<Text>)> {
        Some((self.document.clone()?, Arc::clone(self.index.as_ref()?.text())))
    }
}

impl App {
    /// Q: proposes the structure at the caret, or of what is selected.
    pub(crate) fn propose_quote(&mut self) {
        self.state.linking = None;
        let Some(desk) = &self.desk else { return };
        let (Some((document, text)), Some(view)) = (desk.open_text(), desk.view()) else { return };
        if !desk.session.project().labels.contains(&news::label(news::QUOTE)) {
            self.toasts.failure(
                "This project has no label “quote”",
                "The key needs the labels quote and attribution of the news set.",
                None,
            );
            return;
        }
        let selection = view.selection();
        if desk.omissions.iter().any(|omitted| omitted.start <= selection.start && selection.end < omitted.end) {
            self.toasts.success("This stretch is marked as not article: X makes it article again", None);
            return;
        }
        let around = desk.surroundings(&selection);
        let proposals = suggest::propose(desk.session.project(), &text, &selection, &around, &self.cues);
        if proposals.is_empty() {
            self.toasts.success("No reported speech at the caret: put it into a quotation, or select the words", None);
            return;
        }
        self.state.proposing = Some(Proposing::new(document, proposals, desk.session.project(), &text.content));
        self.state.fresh_selection = false;
        self.show_proposal();
    }

    fn show_proposal(&mut self) {
        let (Some(desk), Some(proposing)) = (&mut self.desk, &self.state.proposing) else { return };
        let last = proposing.parts.iter().map(|(bytes, _)| bytes.end).max();
        if let (Some(last), Some(view)) = (last, desk.view_mut()) {
            view.reveal(last);
        }
    }

    /// Up and down: another way to read the place, or another speaker.
    pub(crate) fn change_proposal(&mut self, on: bool) {
        let (Some(desk), Some(proposing)) = (&self.desk, &mut self.state.proposing) else { return };
        let Some((_, text)) = desk.open_text() else { return };
        let count = proposing.proposals.len();
        if count > 0 {
            let to = if on { proposing.at + 1 } else { proposing.at + count - 1 };
            proposing.show(to % count, desk.session.project(), &text.content);
        }
        self.show_proposal();
    }

    /// Enter: marks what is shown, as one step.
    pub(crate) fn take_proposal(&mut self) {
        let (Some(desk), Some(proposing)) = (&self.desk, self.state.proposing.take()) else { return };
        let Some((document, text)) = desk.open_text().filter(|(document, _)| *document == proposing.document) else { return };
        let Some(proposal) = proposing.proposals.get(proposing.at) else { return };
        let place = proposal.reading.quote.first().map_or(0, |first| first.start)..proposal.reading.quote.last().map_or(0, |last| last.end);
        let around = desk.surroundings(&place);
        let Some(command) = structure::command(desk.session.project(), &document, &text, proposal, &around) else { return };
        let nothing_new =
            matches!(&command, Command::MarkTogether { marks, .. } if marks.iter().all(|mark| matches!(mark, Mark::Known(_))));
        let end = place.end;
        if let Some(done) = self.run(&command) {
            if done.changes.is_empty() || (nothing_new && done.changes.is_empty()) {
                self.toasts.success("All of this is marked and linked already", None);
            }
            self.state.last_label = Some(news::label(news::QUOTE));
            self.state.inspected = Inspected::Selection;
            if let Some(view) = self.desk.as_mut().and_then(Desk::view_mut) {
                view.collapse(end);
            }
        }
    }
}
