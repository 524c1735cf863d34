//! What screen readers get of the blocks in sight: document, paragraphs, text runs with the place of each letter, marks.

use super::{ArticleView, Page, Visible, layout::Line, marked::parts_from};
use egui::{
    Id, Rect, Ui, UiBuilder,
    accesskit::{Action, Rect as Bounds, Role, TextDirection, TextPosition, TextSelection},
    pos2,
};

/// A text run holds at most this many letters, since AccessKit counts them in bytes.
const RUN: usize = 255;

/// Annotations of one block that a screen reader walks; more than this stand one upon the other, and are walked in their list.
const MOST_MARKS: usize = 300;

impl ArticleView {
    pub(crate) fn expose(&self, ui: &mut Ui, page: &Page<'_>) {
        let id = Self::widget_id();
        let document = ui.ctx().accesskit_node_builder(id, |node| {
            node.set_role(Role::Document);
            node.set_label(format!("Article: {}", page.title));
            node.set_read_only();
        });
        if document.is_none() {
            return;
        }
        let (mut anchor, mut head) = (None, None);
        for visible in &self.visible {
            self.expose_block(ui, page, visible, &mut anchor, &mut head);
        }
        if let (Some(anchor), Some(focus)) = (anchor, head) {
            ui.ctx().accesskit_node_builder(id, |node| node.set_text_selection(TextSelection { anchor, focus }));
        }
    }

    fn expose_block(
        &self,
        ui: &mut Ui,
        page: &Page<'_>,
        visible: &Visible,
        anchor: &mut Option<TextPosition>,
        head: &mut Option<TextPosition>,
    ) {
        let Some(laid_out) = self.laid_out(visible.block) else { return };
        let id = Self::widget_id();
        let bytes = page.index.blocks().bytes(visible.block);
        let rect = Rect::from_min_size(visible.origin, laid_out.size);
        let paragraph = child(ui, id, id.with(("paragraph", visible.block)), rect);
        ui.ctx().accesskit_node_builder(paragraph, |node| node.set_role(Role::Paragraph));
        for (at, line) in laid_out.lines.iter().enumerate() {
            for (part, letters) in line.clusters.chunks(RUN).enumerate() {
                let (Some(first), Some(last)) = (letters.first(), letters.last()) else { continue };
                let (start, end) = (bytes.start + first.start as usize, bytes.start + last.end as usize);
                let run_rect = extent(line, visible);
                let run = child(ui, paragraph, paragraph.with((at, part)), run_rect);
                for (byte, place) in [(self.anchor, &mut *anchor), (self.head, &mut *head)] {
                    let within = byte >= start && (byte < end || (byte == end && end == bytes.end));
                    if within && place.is_none() {
                        let character_index = letters.partition_point(|letter| bytes.start + letter.end as usize <= byte);
                        *place = Some(TextPosition { node: run.accesskit_id(), character_index });
                    }
                }
                let words = page.text().get(start..end).unwrap_or_default();
                ui.ctx().accesskit_node_builder(run, |node| {
                    node.set_role(Role::TextRun);
                    node.set_value(words.to_owned());
                    node.set_text_direction(if laid_out.rtl { TextDirection::RightToLeft } else { TextDirection::LeftToRight });
                    let length = |letter: &super::layout::Cluster| u8::try_from(letter.end - letter.start).unwrap_or(u8::MAX);
                    node.set_character_lengths(letters.iter().map(length).collect::<Vec<_>>());
                    let from_left = |x: f32| visible.origin.x + x - run_rect.left();
                    let place = |letter: &super::layout::Cluster| {
                        if laid_out.rtl { run_rect.width() - from_left(letter.right) } else { from_left(letter.left) }
                    };
                    node.set_character_positions(letters.iter().map(place).collect::<Vec<_>>());
                    node.set_character_widths(letters.iter().map(|letter| letter.right - letter.left).collect::<Vec<_>>());
                    node.set_word_starts(word_starts(page.text(), bytes.start, letters));
                    node.set_bounds(bounds(run_rect));
                });
            }
        }
        let starts = self.marked.get(visible.block).map_or(&[][..], |marked| marked.starts.as_slice());
        if starts.len() > MOST_MARKS {
            let more = crate::display::line::count(starts.len() - MOST_MARKS, "more annotation");
            ui.ctx().accesskit_node_builder(paragraph, |node| node.set_description(format!("{more}, in the list of annotations")));
        }
        let selected = self.selected.as_ref().and_then(|selected| page.index.slot(selected));
        let (named, hidden) = starts.split_at(starts.len().min(MOST_MARKS));
        let kept = hidden.iter().filter(|start| Some(start.slot) == selected);
        for start in named.iter().chain(kept) {
            let Some(span) = page.index.span(start.slot) else { continue };
            let mut place = Rect::NOTHING;
            for (_, part) in parts_from(span, bytes.start).take_while(|(_, part)| part.start < bytes.end) {
                let within = part.start.max(bytes.start)..part.end.min(bytes.end);
                if within.start < within.end {
                    laid_out.pieces(&(within.start - bytes.start..within.end - bytes.start), |line, left, right| {
                        let line = laid_out.lines.get(line).map_or(0.0..=0.0, |line| line.top..=line.bottom);
                        let min = visible.origin + egui::vec2(left, *line.start());
                        place = place.union(Rect::from_min_max(min, visible.origin + egui::vec2(right, *line.end())));
                    });
                }
            }
            if !place.is_finite() {
                // It begins with the line feed behind this block: it shows in the next one.
                place = rect;
            }
            let mark = child(ui, paragraph, mark_id(&span.annotation.id), place);
            ui.ctx().accesskit_node_builder(mark, |node| {
                node.set_role(Role::Mark);
                node.set_label(format!("{}: {}", (page.name)(&span.annotation), span.annotation.beginning()));
                node.add_action(Action::Click);
                node.set_bounds(bounds(place));
            });
        }
    }
}

/// The id of a mark, by which a screen reader presses it.
fn mark_id(annotation: &crate::model::Id<crate::model::Annotation>) -> Id {
    ArticleView::widget_id().with(("mark", annotation))
}

/// The annotation whose mark a screen reader pressed.
pub(super) fn pressed_mark(ui: &Ui, page: &Page<'_>, visible: &[Visible]) -> Option<crate::model::Id<crate::model::Annotation>> {
    let pressed = ui.input(|input| {
        input.events.iter().find_map(|event| match event {
            egui::Event::AccessKitActionRequest(request) if request.action == Action::Click => Some(request.target_node),
            _ => None,
        })
    })?;
    let spans = visible.iter().flat_map(|visible| page.index.in_block(visible.block)).filter_map(|slot| page.index.span(*slot));
    spans.map(|span| &span.annotation.id).find(|id| mark_id(id).accesskit_id() == pressed).cloned()
}

/// A node below another. egui keeps the way to do this by id to itself, so it is done by an empty child of the ui.
fn child(ui: &mut Ui, parent: Id, id: Id, rect: Rect) -> Id {
    ui.new_child(UiBuilder::new().scope_id(id).max_rect(rect).accessibility_parent(parent)).unique_id()
}

fn extent(line: &Line, visible: &Visible) -> Rect {
    let left = line.clusters.iter().map(|letter| letter.left).fold(f32::INFINITY, f32::min);
    let right = line.clusters.iter().map(|letter| letter.right).fold(f32::NEG_INFINITY, f32::max);
    let origin = visible.origin;
    Rect::from_min_max(pos2(origin.x + left.min(right), origin.y + line.top), pos2(origin.x + right.max(left), origin.y + line.bottom))
}

fn bounds(rect: Rect) -> Bounds {
    let [x0, y0, x1, y1] = [rect.left(), rect.top(), rect.right(), rect.bottom()].map(f64::from);
    Bounds { x0, y0, x1, y1 }
}

/// The letters at which words begin, but for the first.
fn word_starts(text: &str, start: usize, letters: &[super::layout::Cluster]) -> Vec<u8> {
    let is_word = |letter: &super::layout::Cluster| {
        let first = text.get(start + letter.start as usize..).and_then(|rest| rest.chars().next());
        first.is_some_and(char::is_alphanumeric)
    };
    let pairs = letters.iter().zip(letters.iter().skip(1)).enumerate();
    pairs.filter(|(_, (before, here))| !is_word(before) && is_word(here)).filter_map(|(at, _)| u8::try_from(at + 1).ok()).collect()
}
