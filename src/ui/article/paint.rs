//! Draws the blocks in sight: tints, selection, words, lanes, ends, chips, in this order. Everything of one kind is one mesh.

#![allow(clippy::indexing_slicing, reason = "lines are indexed by what the layout itself reports")]

use super::{
    ArticleView, Page, ViewEvent,
    layout::{Ink, LaidOut, TextEngine, TextStyle},
    marked::{LANES, Marked, parts_from},
};
use crate::{
    display::{safe::is_invisible, span_index::Slot},
    model::Pattern,
    ui::theme,
};
use egui::{Align2, Color32, Mesh, Pos2, Rect, Response, Shape, Stroke, Ui, pos2, vec2};
use std::{collections::HashMap, ops::Range};

/// Where the last part of an annotation ended: for joining its parts.
struct Joint {
    line: usize,
    at: Pos2,
}

/// What one frame draws, layer by layer.
struct Layers {
    tints: Mesh,
    selection: Mesh,
    words: Mesh,
    lanes: Mesh,
    over: Vec<Shape>,
}

impl ArticleView {
    pub(crate) fn paint(
        &mut self,
        ui: &mut Ui,
        page: &Page<'_>,
        engine: &mut TextEngine,
        scale: f32,
        response: &Response,
        events: &mut Vec<ViewEvent>,
    ) {
        let painter = ui.painter_at(self.rect);
        painter.rect_filled(self.rect, 0.0, page.theme.paper);
        let texture = engine.atlas.texture(ui.ctx());
        let mut layers = Layers {
            tints: Mesh::default(),
            selection: Mesh::default(),
            words: Mesh::with_texture(texture),
            lanes: Mesh::default(),
            over: Vec::new(),
        };
        let mut overflow: Vec<(f32, usize)> = Vec::new();
        let taken = self.to_take(page.text());
        self.selection_rect = None;
        let mut proposed_rect: Option<Rect> = None;
        for at in 0..self.visible.len() {
            let (block, origin) = (self.visible[at].block, self.visible[at].origin);
            let (Some((laid_out, _)), Some(marked)) = (self.layouts.get(&block), self.marked.get(block)) else { continue };
            let bytes = page.index.blocks().bytes(block);
            let style = Self::style_of(page, block);
            self.paint_tints(page, laid_out, origin, &style, marked, &mut layers.tints);
            let strong = self.selected_pieces(page, laid_out, &bytes);
            let mut selection_rect = self.selection_rect;
            paint_selection(page, laid_out, origin, &bytes, &taken, &style, &mut layers.selection, &mut selection_rect);
            let mut strong = strong;
            let left_out = omitted_in(page, &bytes);
            let dim = !left_out.is_empty() || page.focus.is_some();
            let colour = if dim { page.theme.ink3 } else { page.theme.article };
            if page.focus.is_some() {
                // In focus mode the words that stay in colour are in full ink, everything else steps back.
                for (stretch, _) in &marked.innermost {
                    laid_out.pieces(stretch, |line, left, right| strong.push((line, left, right)));
                }
            } else if !left_out.is_empty() {
                // What is left of a paragraph that is not all article keeps its ink.
                for kept in without(bytes.len(), &left_out) {
                    laid_out.pieces(&kept, |line, left, right| strong.push((line, left, right)));
                }
            }
            if let Some(rect) = paint_proposed(page, laid_out, origin, &bytes, &style, &mut layers) {
                proposed_rect = Some(proposed_rect.map_or(rect, |whole| whole.union(rect)));
            }
            let ink = Ink { origin, scale, clip: self.rect, colour, strong: &strong, strong_colour: page.theme.strong_ink };
            laid_out.paint(&engine.atlas, &ink, &mut layers.words);
            if marked.depth > LANES {
                overflow.push((origin.y + laid_out.lines[0].top, marked.depth - LANES));
            }
            self.paint_lanes(page, laid_out, origin, &style, marked, &mut layers);
            paint_marks_of_invisible(page, laid_out, origin, &bytes, &style, &mut layers.over);
            for range in &left_out {
                // A bar in the gutter beside every line that is not article.
                let (mut top, mut bottom) = (f32::INFINITY, f32::NEG_INFINITY);
                laid_out.pieces(range, |line, _, _| {
                    (top, bottom) = (top.min(laid_out.lines[line].top), bottom.max(laid_out.lines[line].bottom));
                });
                let x = self.columns.left - 12.0;
                if top < bottom {
                    let bar = Rect::from_min_max(pos2(x, origin.y + top), pos2(x + 1.0, origin.y + bottom));
                    layers.over.push(Shape::rect_filled(bar, 0.0, page.theme.line2));
                }
            }
            self.paint_number(&painter, page, block, laid_out, origin, &style);
            if response.has_focus() && bytes.start <= self.head && self.head <= bytes.end {
                self.paint_caret(ui, page, laid_out, origin, self.head - bytes.start, &style, &mut layers.over);
            }
            self.selection_rect = selection_rect;
        }
        self.proposed_rect = proposed_rect;
        self.paint_ends(page, &mut layers.over);
        for mesh in [layers.tints, layers.selection, layers.words, layers.lanes] {
            if !mesh.is_empty() {
                painter.add(Shape::mesh(mesh));
            }
        }
        painter.extend(layers.over);
        self.chips_ui(ui, page, &overflow, events);
    }

    /// Draws the tints, the longest annotation first so that the innermost shows.
    fn paint_tints(&self, page: &Page<'_>, laid_out: &LaidOut, origin: Pos2, style: &TextStyle, marked: &Marked, mesh: &mut Mesh) {
        for part in &marked.tints {
            let Some(span) = page.index.span(part.slot) else { continue };
            let is_selected = self.selected.as_ref() == Some(&span.annotation.id);
            let label = page.style_of(span.label);
            let colour = if is_selected { label.selected } else { label.tint };
            laid_out.pieces(&part.bytes, |line, left, right| {
                let baseline = origin.y + laid_out.lines[line].baseline;
                let rect = Rect::from_min_max(
                    pos2(origin.x + left - 1.0, baseline - style.size * 0.84),
                    pos2(origin.x + right + 1.0, baseline + style.size * 0.27),
                );
                if rect.max.y > self.rect.top() && rect.min.y < self.rect.bottom() {
                    mesh.add_colored_rect(rect, colour);
                }
            });
        }
    }

    /// The pieces of the selected annotation in a block: line, left, right.
    fn selected_pieces(&self, page: &Page<'_>, laid_out: &LaidOut, block: &Range<usize>) -> Vec<(usize, f32, f32)> {
        let mut pieces = Vec::new();
        let Some(span) = self.selected.as_ref().and_then(|selected| page.index.get(selected)) else { return pieces };
        let mut add = |bytes: &Range<usize>| {
            let within = bytes.start.max(block.start)..bytes.end.min(block.end);
            if within.start < within.end {
                let within = within.start - block.start..within.end - block.start;
                laid_out.pieces(&within, |line, left, right| pieces.push((line, left, right)));
            }
        };
        match &self.preview {
            Some((annotation, ranges)) if *annotation == span.annotation.id => ranges.iter().for_each(add),
            _ if !page.is_in_focus(&span.annotation) => {}
            _ => parts_from(span, block.start).take_while(|(_, bytes)| bytes.start < block.end).for_each(|(_, bytes)| add(&bytes)),
        }
        pieces
    }

    fn paint_lanes(&self, page: &Page<'_>, laid_out: &LaidOut, origin: Pos2, style: &TextStyle, marked: &Marked, layers: &mut Layers) {
        // Where four meet the lanes move closer, so that the lines of text do not.
        let (pitch, thin) = if marked.depth >= LANES { (2.6, 1.5) } else { (3.4, 1.8) };
        let mut joints: HashMap<Slot, Joint> = HashMap::new();
        for part in &marked.lanes {
            let Some(span) = page.index.span(part.slot) else { continue };
            let label = page.style_of(span.label);
            let is_selected = self.selected.as_ref() == Some(&span.annotation.id);
            let width = if is_selected { 2.6 } else { thin };
            let below = style.size * 0.27 + 1.9 + pitch * part.lane as f32;
            let mut first = true;
            let mut end = None;
            laid_out.pieces(&part.bytes, |line, left, right| {
                let metrics = &laid_out.lines[line];
                if origin.y + metrics.bottom + 8.0 < self.rect.top() || origin.y + metrics.top > self.rect.bottom() {
                    first = false;
                    return;
                }
                let y = origin.y + metrics.baseline + below;
                draw_line(&mut layers.lanes, label.pattern, origin.x + left, origin.x + right, y, width, label.line);
                if first && part.number > 0 {
                    let before = joints.get(&part.slot);
                    draw_joint(layers, before, line, pos2(origin.x + left, y), label.line);
                }
                first = false;
                end = Some(Joint { line, at: pos2(origin.x + right, y) });
            });
            if let Some(end) = end {
                joints.insert(part.slot, end);
            }
        }
    }

    fn paint_number(&self, painter: &egui::Painter, page: &Page<'_>, block: usize, laid_out: &LaidOut, origin: Pos2, style: &TextStyle) {
        let text = page.index.text();
        let start = page.index.blocks().bytes(block).start;
        let paragraph = text.index.paragraph_from_byte(start);
        if text.index.paragraph_bytes(paragraph).start != start || page.index.blocks().len() < 2 {
            return;
        }
        let number = text.index.number_of_paragraph(paragraph);
        let y = origin.y + laid_out.lines[0].baseline - style.size * 0.3;
        let (x, align) = if self.columns.mirrored {
            (self.columns.left + self.columns.width + 16.0, Align2::LEFT_CENTER)
        } else {
            (self.columns.left - 16.0, Align2::RIGHT_CENTER)
        };
        painter.text(pos2(x, y), align, number, theme::medium(11.0), page.theme.ink3);
    }

    #[expect(clippy::too_many_arguments, reason = "one frame's state, passed once")]
    fn paint_caret(
        &self,
        ui: &Ui,
        page: &Page<'_>,
        laid_out: &LaidOut,
        origin: Pos2,
        within: usize,
        style: &TextStyle,
        over: &mut Vec<Shape>,
    ) {
        // Blinks for ten seconds, then stands.
        let since = ui.input(|input| input.time) - self.caret_since;
        let on = since > 10.0 || (since / 0.53) % 2.0 < 1.0;
        if since <= 10.0 {
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(530));
        }
        if on {
            let caret = laid_out.caret(within, style).translate(origin.to_vec2());
            over.push(Shape::rect_filled(
                Rect::from_min_size(caret.min - vec2(0.75, 0.0), vec2(1.5, caret.height())),
                0.0,
                page.theme.accent,
            ));
        }
    }

    /// Discs and bars at the ends of the selected annotation.
    fn paint_ends(&mut self, page: &Page<'_>, over: &mut Vec<Shape>) {
        self.handles = (None, None);
        let Some(span) = self.selected.as_ref().and_then(|selected| page.index.get(selected)) else { return };
        let colour = page.style_of(span.label).line;
        let parts: Vec<Range<usize>> = match &self.preview {
            Some((annotation, parts)) if *annotation == span.annotation.id => parts.clone(),
            _ => self.parts_in_sight(page, span).map(|(_, part)| part).collect(),
        };
        for part in parts {
            for (byte, end) in [(part.start, false), (part.end, true)] {
                let Some(place) = self.end_place(page, byte, end) else { continue };
                if end {
                    self.handles.1 = Some(place);
                } else {
                    self.handles.0.get_or_insert(place);
                }
                if !self.rect.expand(10.0).contains(place) {
                    continue;
                }
                let height = page.size * 1.11 + 6.0;
                let towards = if end { -height } else { height };
                over.push(Shape::line_segment([place, place + vec2(0.0, towards)], Stroke::new(2.0, colour)));
                over.push(Shape::circle_filled(place, 5.0, colour));
            }
        }
    }
}

/// What would be marked: its tint, and its label's line in dashes. Gives where it stands.
fn paint_proposed(
    page: &Page<'_>,
    laid_out: &LaidOut,
    origin: Pos2,
    block: &Range<usize>,
    style: &TextStyle,
    layers: &mut Layers,
) -> Option<Rect> {
    let mut whole: Option<Rect> = None;
    for (lane, (bytes, label)) in page.proposed.iter().enumerate() {
        let within = bytes.start.max(block.start)..bytes.end.min(block.end);
        if within.start >= within.end {
            continue;
        }
        laid_out.pieces(&(within.start - block.start..within.end - block.start), |line, left, right| {
            let baseline = origin.y + laid_out.lines[line].baseline;
            let rect = Rect::from_min_max(
                pos2(origin.x + left - 1.0, baseline - style.size * 0.84),
                pos2(origin.x + right + 1.0, baseline + style.size * 0.27),
            );
            layers.tints.add_colored_rect(rect, label.tint);
            let y = rect.bottom() + 2.0 + 3.4 * (lane % 3) as f32;
            draw_line(&mut layers.lanes, Pattern::Dashed, rect.left(), rect.right(), y, 1.8, label.line);
            whole = Some(whole.map_or(rect, |whole| whole.union(rect)));
        });
    }
    whole
}

/// What of a block is not article, relative to it.
fn omitted_in(page: &Page<'_>, block: &Range<usize>) -> Vec<Range<usize>> {
    let first = page.omissions.partition_point(|omission| omission.end <= block.start);
    let here = page.omissions.get(first..).unwrap_or_default().iter().take_while(|omission| omission.start < block.end);
    here.map(|omission| omission.start.max(block.start) - block.start..omission.end.min(block.end) - block.start)
        .filter(|range| !range.is_empty())
        .collect()
}

/// What is left of a block of some length without sorted ranges.
fn without(length: usize, ranges: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut kept = Vec::with_capacity(ranges.len() + 1);
    let mut from = 0;
    for range in ranges {
        if range.start > from {
            kept.push(from..range.start);
        }
        from = from.max(range.end);
    }
    if from < length {
        kept.push(from..length);
    }
    kept
}

#[expect(clippy::too_many_arguments, reason = "one frame's state, passed once")]
fn paint_selection(
    page: &Page<'_>,
    laid_out: &LaidOut,
    origin: Pos2,
    block: &Range<usize>,
    selection: &Range<usize>,
    style: &TextStyle,
    mesh: &mut Mesh,
    bounds: &mut Option<Rect>,
) {
    let within = selection.start.max(block.start)..selection.end.min(block.end);
    if within.start >= within.end {
        return;
    }
    laid_out.pieces(&(within.start - block.start..within.end - block.start), |line, left, right| {
        let metrics = &laid_out.lines[line];
        let baseline = origin.y + metrics.baseline;
        let rect =
            Rect::from_min_max(pos2(origin.x + left, baseline - style.size * 0.84), pos2(origin.x + right, baseline + style.size * 0.27));
        mesh.add_colored_rect(rect, page.theme.selection);
        let whole = Rect::from_min_max(pos2(rect.min.x, origin.y + metrics.top), pos2(rect.max.x, origin.y + metrics.bottom));
        *bounds = Some(bounds.map_or(whole, |bounds| bounds.union(whole)));
    });
}

/// A small triangle above characters that show nothing of themselves.
fn paint_marks_of_invisible(
    page: &Page<'_>,
    laid_out: &LaidOut,
    origin: Pos2,
    bytes: &Range<usize>,
    style: &TextStyle,
    over: &mut Vec<Shape>,
) {
    let text = page.text().get(bytes.clone()).unwrap_or_default();
    if text.bytes().all(|byte| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t' | b'\n')) {
        return;
    }
    // Joiners are part of ordinary spelling and emoji.
    let odd = |character: char| is_invisible(character) && !matches!(character, '\u{200c}' | '\u{200d}' | '\t' | '\u{ad}');
    for (at, _) in text.char_indices().filter(|(_, character)| odd(*character)) {
        let caret = laid_out.caret(at, style).translate(origin.to_vec2());
        let tip = caret.left_top() + vec2(0.0, 2.0);
        over.push(Shape::convex_polygon(vec![tip, tip + vec2(-3.0, -5.0), tip + vec2(3.0, -5.0)], page.theme.warn, Stroke::NONE));
    }
}

/// Joins two parts of one annotation: dotted within a line, a hook at both ends across lines.
fn draw_joint(layers: &mut Layers, before: Option<&Joint>, line: usize, at: Pos2, colour: Color32) {
    let Some(before) = before else { return };
    if before.line == line && (before.at.y - at.y).abs() < 12.0 {
        let (left, right) = (before.at.x.min(at.x), before.at.x.max(at.x));
        draw_line(&mut layers.lanes, Pattern::Dotted, left, right, at.y, 1.2, colour);
        return;
    }
    let stroke = Stroke::new(1.2, colour);
    layers.over.push(Shape::line_segment([before.at, before.at + vec2(7.0, 4.0)], stroke));
    layers.over.push(Shape::line_segment([at - vec2(7.0, 4.0), at], stroke));
}

/// Draws a line of a pattern around `y`. Phases are counted from the left edge of the screen, so that pieces meet.
pub(crate) fn draw_line(mesh: &mut Mesh, pattern: Pattern, left: f32, right: f32, y: f32, width: f32, colour: Color32) {
    let mut bar = |from: f32, to: f32, y: f32, width: f32| {
        if to > from {
            mesh.add_colored_rect(Rect::from_min_max(pos2(from, y - width / 2.0), pos2(to, y + width / 2.0)), colour);
        }
    };
    let mut dashes = |runs: &[(f32, f32)], period: f32| {
        let mut start = (left / period).floor() * period;
        while start < right {
            for (from, to) in runs {
                bar((start + from).max(left), (start + to).min(right), y, width);
            }
            start += period;
        }
    };
    match pattern {
        Pattern::Solid => bar(left, right, y, width),
        Pattern::Dotted => dashes(&[(0.0, 2.0)], 4.0),
        Pattern::Dashed => dashes(&[(0.0, 6.0)], 9.0),
        Pattern::DashDot => dashes(&[(0.0, 6.0), (8.0, 10.0)], 12.0),
        Pattern::Double => {
            bar(left, right, y - width * 0.7, width * 0.5);
            bar(left, right, y + width * 0.7, width * 0.5);
        }
        Pattern::Zigzag => {
            const STEP: f32 = 3.0;
            let height = |x: f32| {
                let phase = (x / STEP).rem_euclid(2.0);
                y + 1.1 * (1.0 - 2.0 * (phase - 1.0).abs())
            };
            let mut x = left;
            while x < right {
                let next = (((x / STEP).floor() + 1.0) * STEP).min(right);
                let half = width * 0.42;
                let first = mesh.vertices.len() as u32;
                for (x, side) in [(x, -half), (next, -half), (next, half), (x, half)] {
                    mesh.colored_vertex(pos2(x, height(x) + side), colour);
                }
                mesh.add_triangle(first, first + 1, first + 2);
                mesh.add_triangle(first, first + 2, first + 3);
                x = if next > x { next } else { right };
            }
        }
    }
}
