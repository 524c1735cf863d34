//! The mouse in the text: select, extend by unit, choose annotations, drag their ends.

use super::{ArticleView, BAR, Page, ViewEvent, Visible, marked::parts_from};
use crate::{
    display::span_index::Span,
    model::{Annotation, Id},
    text::{
        Ranges,
        boundary::{self, Unit},
    },
};
use egui::{CursorIcon, Pos2, Response, Ui, pos2};
use std::ops::Range;

/// Radius within which an end can be grabbed.
const GRAB: f32 = 9.0;

/// What the button that is down does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Drag {
    None,
    /// Selecting by unit, from the unit where it began.
    Select {
        unit: Unit,
        began: Range<usize>,
        moved: bool,
    },
    /// Moving an end of an annotation.
    End {
        annotation: Id<Annotation>,
        part: usize,
        end: bool,
    },
}

impl Drag {
    pub(crate) fn scrolls(&self) -> bool {
        *self != Self::None
    }
}

impl ArticleView {
    /// The boundary between letters nearest to a place on the screen.
    pub(crate) fn byte_at(&self, page: &Page<'_>, point: Pos2) -> Option<usize> {
        let Visible { block, origin } = *self.nearest(point)?;
        let bytes = page.index.blocks().bytes(block);
        let hit = self.laid_out(block)?.hit(point - origin.to_vec2());
        Some((bytes.start + hit).min(bytes.end))
    }

    /// The byte of the letter at a place on the screen, where there is one.
    fn letter_at(&self, page: &Page<'_>, point: Pos2) -> Option<usize> {
        let Visible { block, origin } = *self.nearest(point)?;
        let letter = self.laid_out(block)?.letter_at(point - origin.to_vec2())?;
        Some(page.index.blocks().bytes(block).start + letter)
    }

    /// The innermost annotation at a place on the screen, of those that stay in colour.
    fn innermost_at(&self, page: &Page<'_>, point: Pos2) -> Option<Id<Annotation>> {
        let Visible { block, origin } = *self.nearest(point)?;
        let letter = self.laid_out(block)?.letter_at(point - origin.to_vec2())?;
        let span = page.index.span(self.marked.get(block)?.innermost_at(letter)?)?;
        Some(span.annotation.id.clone())
    }

    fn nearest(&self, point: Pos2) -> Option<&Visible> {
        let at = self.visible.partition_point(|visible| visible.origin.y <= point.y).saturating_sub(1);
        self.visible.get(at)
    }

    pub(crate) fn take_pointer(&mut self, ui: &Ui, page: &Page<'_>, response: &Response) -> Vec<ViewEvent> {
        let mut events = Vec::new();
        let (pointer, pressed, released, down, modifiers) = ui.input(|input| {
            let pointer = &input.pointer;
            (pointer.latest_pos(), pointer.primary_pressed(), pointer.primary_released(), pointer.primary_down(), input.modifiers)
        });
        let Some(point) = pointer else { return events };
        let over = response.contains_pointer() && point.x < self.rect.right() - BAR;
        let exact = modifiers.alt || (modifiers.ctrl && modifiers.shift);
        let grabbed = if over || self.drag.scrolls() { self.end_at(page, point) } else { None };
        if over && self.drag == Drag::None {
            self.hovered = self.innermost_at(page, point);
            ui.set_cursor_icon(if grabbed.is_some() { CursorIcon::ResizeHorizontal } else { CursorIcon::Text });
        }
        if pressed && over {
            response.request_focus();
            self.press(ui, page, point, grabbed, modifiers.shift);
        } else if down {
            self.drag_to(ui, page, point, exact);
        }
        if released {
            events.extend(self.release(page, point, response));
        }
        if !down {
            self.drag = Drag::None;
            self.preview = None;
        }
        events
    }

    fn press(&mut self, ui: &Ui, page: &Page<'_>, point: Pos2, grabbed: Option<Drag>, shift: bool) {
        self.caret_since = ui.input(|input| input.time);
        if let Some(end) = grabbed {
            self.drag = end;
            return;
        }
        let Some(byte) = self.byte_at(page, point) else { return };
        self.goal_x = None;
        let unit = match self.count_presses(ui, point) {
            2 => Unit::Word,
            3 => Unit::Sentence,
            4 => Unit::Paragraph,
            _ => Unit::Grapheme,
        };
        let within = self.letter_at(page, point).unwrap_or(byte);
        let began = if unit == Unit::Grapheme { byte..byte } else { boundary::unit_at(page.text(), within, unit) };
        if shift && unit == Unit::Grapheme {
            self.head = byte;
            self.drag = Drag::Select { unit, began: self.anchor..self.anchor, moved: true };
            return;
        }
        (self.anchor, self.head) = (began.start, began.end);
        self.drag = Drag::Select { unit, began, moved: unit != Unit::Grapheme };
    }

    /// Presses in a row, 1 to 4. egui counts clicks when they end; a drag has to know when it begins.
    fn count_presses(&mut self, ui: &Ui, point: Pos2) -> u32 {
        let now = ui.input(|input| input.time);
        let (before, place, count) = self.last_press;
        let delay = ui.ctx().options(|options| options.input_options.max_double_click_delay);
        let again = now - before < delay && place.distance(point) < 6.0;
        let count = if again { count % 4 + 1 } else { 1 };
        self.last_press = (now, point, count);
        count
    }

    fn drag_to(&mut self, ui: &Ui, page: &Page<'_>, point: Pos2, exact: bool) {
        let moving = ui.input(|input| input.pointer.is_decidedly_dragging());
        let Some(byte) = self.byte_at(page, point).filter(|_| moving) else { return };
        let text = page.text();
        match &mut self.drag {
            Drag::Select { unit, began, moved } => {
                *moved = true;
                let unit = if *unit == Unit::Grapheme && !exact { Unit::Word } else { *unit };
                let (from, to) = (began.start.min(byte), began.end.max(byte));
                let taken = if exact { from..to } else { snapped(text, from..to, unit) };
                let backwards = byte < began.start;
                (self.anchor, self.head) = if backwards { (taken.end, taken.start) } else { (taken.start, taken.end) };
            }
            Drag::End { annotation, part, end } => {
                let Some(span) = page.index.get(annotation) else { return };
                let mut parts: Vec<Range<usize>> = span.parts.iter().map(|part| part.start as usize..part.end as usize).collect();
                let byte = if exact { byte } else { nearest_word_edge(text, byte, *end) };
                if let Some(range) = parts.get_mut(*part) {
                    let moved = if *end { range.start..byte } else { byte..range.end };
                    let moved = if exact { moved } else { boundary::trim(text, moved) };
                    if moved.start < moved.end {
                        *range = moved;
                    }
                }
                self.preview = Some((annotation.clone(), parts));
            }
            Drag::None => {}
        }
    }

    fn release(&mut self, page: &Page<'_>, point: Pos2, response: &Response) -> Option<ViewEvent> {
        match std::mem::replace(&mut self.drag, Drag::None) {
            Drag::End { annotation, .. } => {
                let (_, parts) = self.preview.take()?;
                let text = page.index.text();
                let ranges = Ranges::from_parts(parts.iter().map(|bytes| text.index.range_from_bytes(&text.content, bytes)))?;
                Some(ViewEvent::Resize { annotation, ranges })
            }
            Drag::Select { moved: true, .. } if !self.selection().is_empty() => Some(ViewEvent::Selected),
            Drag::Select { .. } if response.contains_pointer() => {
                let chosen = self.letter_at(page, point).and_then(|byte| innermost(page, byte, self.selected.as_ref()));
                (chosen != self.selected || chosen.is_some()).then_some(ViewEvent::Select(chosen))
            }
            _ => None,
        }
    }

    /// The end of the selected annotation under the pointer.
    fn end_at(&self, page: &Page<'_>, point: Pos2) -> Option<Drag> {
        let annotation = self.selected.as_ref()?;
        let span = page.index.get(annotation)?;
        for (part, range) in self.parts_in_sight(page, span) {
            for (byte, end) in [(range.start, false), (range.end, true)] {
                let place = self.end_place(page, byte, end);
                if place.is_some_and(|place| place.distance(point) < GRAB) {
                    return Some(Drag::End { annotation: annotation.clone(), part, end });
                }
            }
        }
        None
    }

    /// The parts of an annotation that are in sight, with their numbers.
    pub(crate) fn parts_in_sight<'s>(&self, page: &Page<'_>, span: &'s Span) -> impl Iterator<Item = (usize, Range<usize>)> + 's {
        let bytes = |visible: Option<&Visible>| visible.map_or(0..0, |visible| page.index.blocks().bytes(visible.block));
        let (first, last) = (bytes(self.visible.first()).start, bytes(self.visible.last()).end);
        parts_from(span, first.saturating_sub(1)).take_while(move |(_, range)| range.start <= last)
    }

    /// Where the disc of an end is: above the line at the start, below it at the end.
    pub(crate) fn end_place(&self, page: &Page<'_>, byte: usize, end: bool) -> Option<Pos2> {
        // An end belongs to the letter before it, which matters at wraps and bidi joins.
        let owner = if end { byte.saturating_sub(1) } else { byte };
        let block = page.index.blocks().block_at(owner);
        let visible = self.visible.iter().find(|visible| visible.block == block)?;
        let start = page.index.blocks().bytes(block).start;
        let laid_out = self.laid_out(block)?;
        let line = laid_out.lines.get(laid_out.line_of(owner - start))?;
        let letter = line.cluster_at(owner - start)?;
        let size = Self::style_of(page, block).size;
        let (x, y) = if end {
            (letter.trailing(), line.baseline + size * 0.27 + 6.0)
        } else {
            (letter.leading(), line.baseline - size * 0.84 - 4.0)
        };
        Some(pos2(visible.origin.x + x, visible.origin.y + y))
    }
}

/// The innermost annotation at a byte; where that is chosen already, the one around it, and after the outermost the innermost again.
fn innermost(page: &Page<'_>, byte: usize, chosen: Option<&Id<Annotation>>) -> Option<Id<Annotation>> {
    let found = page.index.at(byte);
    let ids: Vec<_> = found.iter().filter_map(|slot| page.index.span(*slot)).map(|span| &span.annotation.id).collect();
    let next = chosen.and_then(|chosen| ids.iter().position(|id| *id == chosen)).map_or(0, |at| (at + 1) % ids.len());
    ids.get(next).map(|id| (*id).clone())
}

/// A range whose ends reach to the ends of their units, white space left out.
fn snapped(text: &str, bytes: Range<usize>, unit: Unit) -> Range<usize> {
    let kept = boundary::trim(text, bytes.clone());
    if kept.is_empty() {
        return bytes;
    }
    let first = boundary::unit_at(text, kept.start, unit);
    let last = boundary::unit_at(text, boundary::previous_grapheme(text, kept.end), unit);
    boundary::trim(text, first.start.min(kept.start)..last.end.max(kept.end))
}

/// The edge of the word at a place that is nearer.
fn nearest_word_edge(text: &str, byte: usize, end: bool) -> usize {
    let word = boundary::word_at(text, byte);
    if word.is_empty() {
        return byte;
    }
    if byte - word.start.min(byte) < word.end.saturating_sub(byte) || (!end && byte == word.start) { word.start } else { word.end }
}
