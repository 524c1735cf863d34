//! What is not article: marked by one key, proposed for scraped pages, always confirmed by a person.

use super::{
    action::Action,
    app::{App, Desk},
    dialogs::Dialog,
    panels::banner::Banner,
};
use crate::{
    edit::Command,
    model::{Document, Id},
    suggest::omissions,
    text::Ranges,
};

impl App {
    /// X: what is selected is not article, or, inside such a stretch, is article again.
    pub(crate) fn not_article(&mut self) {
        let Some(desk) = &self.desk else { return };
        let (Some(index), Some(view), Some(document)) = (&desk.index, desk.view(), desk.document.clone()) else { return };
        let text = index.text();
        let taken = view.to_take(&text.content);
        if taken.is_empty() {
            let project = desk.session.project();
            let caret = text.index.char_from_byte(&text.content, view.head);
            let here = project.omissions.iter().filter(|omission| omission.document == document);
            let at_caret = here.into_iter().find(|omission| omission.ranges.iter().any(|range| range.start <= caret && caret <= range.end));
            match at_caret.map(|omission| omission.id.clone()) {
                Some(omission) => {
                    self.run(&Command::RemoveOmission { omission });
                    self.toasts.success("Article again", Some(("Undo".to_owned(), Action::Undo)));
                }
                None => self.toasts.success("Select what is not article first; P takes the paragraph", None),
            }
            return;
        }
        let ranges = Ranges::one(text.index.range_from_bytes(&text.content, &taken));
        let lost = index.in_order().iter().filter_map(|slot| index.span(*slot)).take_while(|span| span.bounds().start < taken.end);
        let inside = lost.filter(|span| taken.start <= span.bounds().start && span.bounds().end <= taken.end).count();
        if self.run(&Command::Omit { document, ranges, why: String::new() }).is_some() {
            let words = match inside {
                0 => "Not part of the article".to_owned(),
                count => format!("Not part of the article; {} in it stay", crate::display::line::count(count, "annotation")),
            };
            self.toasts.success(words, Some(("Undo".to_owned(), Action::Undo)));
            self.state.fresh_selection = false;
            if let Some(view) = self.desk.as_mut().and_then(Desk::view_mut) {
                view.collapse(taken.end);
            }
        }
    }

    /// Looks for navigation, repeated captions and newsletters, and shows what was found to be confirmed.
    pub(crate) fn propose_omissions(&mut self) {
        let found = self.desk.as_ref().map_or_else(Vec::new, Desk::proposed_omissions);
        if found.is_empty() {
            self.toasts.success("Nothing here looks like navigation, a repeated caption or a newsletter", None);
            return;
        }
        let chosen = vec![true; found.len()];
        self.state.dialog = Some(Dialog::Omissions { found, chosen });
    }

    /// After an article came in: offers to leave out what looks like no article.
    pub(crate) fn offer_omissions(&mut self) {
        let Some(desk) = &self.desk else { return };
        let Some(document) = desk.document.clone() else { return };
        let words = match desk.proposed_omissions().len() {
            0 => return,
            1 => "1 stretch of this article looks like navigation or a newsletter".to_owned(),
            count => format!("{count} stretches of this article look like navigation, captions or a newsletter"),
        };
        self.state.banner = Some(Banner::of_article(document, words, "Look", Action::ProposeOmissions));
    }

    /// Leaves out what was confirmed, one step of undo each.
    pub(crate) fn omit_all(&mut self, stretches: Vec<(Ranges, &'static str)>) {
        let Some(document): Option<Id<Document>> = self.desk.as_ref().and_then(|desk| desk.document.clone()) else { return };
        let count = stretches.len();
        for (ranges, why) in stretches {
            self.run(&Command::Omit { document: document.clone(), ranges, why: why.to_owned() });
        }
        self.toasts.success(format!("{count} marked as not article"), Some(("Undo".to_owned(), Action::Undo)));
    }
}

/// A stretch that is proposed: where, its words, why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) ranges: Ranges,
    pub(crate) words: String,
    pub(crate) why: &'static str,
}

impl Desk {
    /// What looks like no article and is not marked as such yet.
    pub(crate) fn proposed_omissions(&self) -> Vec<Stretch> {
        let Some(index) = &self.index else { return Vec::new() };
        let text = index.text();
        let is_known =
            |bytes: &std::ops::Range<usize>| self.omissions.iter().any(|known| known.start < bytes.end && bytes.start < known.end);
        let found = omissions::propose(&text.content, &text.index).into_iter().filter(|found| !is_known(&found.bytes));
        let stretch = |found: omissions::Omitted| Stretch {
            ranges: Ranges::one(text.index.range_from_bytes(&text.content, &found.bytes)),
            words: text.content.get(found.bytes).unwrap_or_default().to_owned(),
            why: found.why,
        };
        found.map(stretch).collect()
    }
}
