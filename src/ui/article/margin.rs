//! The margin: a chip for each annotation at its line, and the links of one annotation as curves between chips. Dragging a chip onto
//! another links them.

use super::{ArticleView, Chips, Columns, Page, ViewEvent, Visible, layout::Line, paint::draw_line};
use crate::{
    display::span_index::Span,
    model::{Annotation, Id},
    ui::theme::{self, LabelStyle},
};
use egui::{Align2, Color32, CornerRadius, CursorIcon, Mesh, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

/// Height of a chip, and from one chip to the next.
const CHIP: f32 = 20.0;
const CHIP_PITCH: f32 = 24.0;
/// How far a curve bulges away from the text.
const BULGE: f32 = 22.0;
/// Curves in one frame; an annotation with more links has them all in the inspector.
pub(crate) const MOST_CURVES: usize = 16;

/// Chips in one frame; more cannot be seen.
const MOST_CHIPS: usize = 80;
/// Chips beside one line; where more annotations begin, the last place says how many.
const BESIDE_A_LINE: usize = 6;

/// A chip that wants a place in the margin.
struct Chip {
    annotation: Id<Annotation>,
    words: String,
    links: usize,
    style: LabelStyle,
    line_top: f32,
    /// How many more annotations begin in its line, and the first of them.
    more: Option<(usize, Id<Annotation>)>,
}

impl Chip {
    fn new(page: &Page<'_>, span: &Span, line_top: f32) -> Self {
        let annotation = span.annotation.id.clone();
        let links = (page.link_count)(&annotation);
        Self { words: (page.chip)(&span.annotation), links, style: page.style_of(span.label), line_top, more: None, annotation }
    }
}

impl ArticleView {
    /// The annotations that begin in the lines in sight, as many beside a line as can be read.
    fn wanted_chips(&self, page: &Page<'_>) -> Vec<Chip> {
        let mut chips: Vec<Chip> = Vec::new();
        let selected = self.selected.as_ref().and_then(|selected| page.index.slot(selected));
        for visible in &self.visible {
            let (Some(laid_out), Some(marked)) = (self.laid_out(visible.block), self.marked.get(visible.block)) else { continue };
            for line in &laid_out.lines {
                let line_top = visible.origin.y + f32::midpoint(line.top, line.bottom) - CHIP / 2.0;
                if line_top <= self.rect.top() - CHIP || line_top >= self.rect.bottom() || chips.len() >= MOST_CHIPS {
                    continue;
                }
                let here = marked.named_in(&line.bytes);
                let shown = if here.len() > BESIDE_A_LINE { BESIDE_A_LINE - 1 } else { here.len() };
                let (named, hidden) = here.split_at(shown);
                let mut slots: Vec<_> = named.iter().map(|start| start.slot).collect();
                // The selected one has its chip, wherever it stands among them.
                let kept = selected.filter(|selected| page.index.span(*selected).is_some_and(|span| begins_in(page, visible, span, line)));
                if let (Some(kept), Some(last), false) = (kept, slots.last_mut(), hidden.is_empty())
                    && !named.iter().any(|start| start.slot == kept)
                {
                    *last = kept;
                }
                chips.extend(slots.into_iter().filter_map(|slot| Some(Chip::new(page, page.index.span(slot)?, line_top))));
                let next = hidden.first().and_then(|start| page.index.span(start.slot)).map(|span| span.annotation.id.clone());
                if let (Some(next), Some(last)) = (next, chips.last_mut()) {
                    last.more = Some((hidden.len(), next));
                }
            }
        }
        chips
    }

    /// Says how many more annotations begin in a line than have a chip; a click lists them.
    fn more_ui(&self, ui: &Ui, page: &Page<'_>, place: Pos2, (more, next): &(usize, Id<Annotation>)) -> bool {
        let galley = ui.painter().layout_no_wrap(format!("+{more}"), theme::medium(11.0), page.theme.ink2);
        let small = self.columns.chips == Chips::Marks;
        let size = galley.size() + if small { vec2(4.0, 0.0) } else { vec2(16.0, CHIP - galley.size().y) };
        let rect = Rect::from_min_size(if self.columns.mirrored { pos2(place.x - size.x, place.y) } else { place }, size);
        let response = ui.interact(rect, Self::widget_id().with(("more", next)), Sense::CLICK);
        let words = format!("{} begin in this line", crate::display::line::count(*more, "more annotation"));
        crate::ui::widgets::named(&response, &words);
        let painter = ui.painter_at(self.rect);
        let fill = if response.hovered() { page.theme.hover2 } else { page.theme.paper };
        painter.rect(rect, CornerRadius::same(10), fill, Stroke::NONE, StrokeKind::Inside);
        painter.galley(rect.center() - galley.size() / 2.0, galley, page.theme.ink2);
        response.on_hover_text(format!("{words}. A click lists them.")).clicked()
    }

    /// The names in the margin: each at its line, pushed down so that none covers another. A click selects, a drag links.
    pub(super) fn chips_ui(&mut self, ui: &mut Ui, page: &Page<'_>, overflow: &[(f32, usize)], events: &mut Vec<ViewEvent>) {
        let Columns { left, width, chips: kind, mirrored } = self.columns;
        let painter = ui.painter_at(self.rect);
        let mut free = f32::NEG_INFINITY;
        let marks = kind == Chips::Marks;
        let mut hovered = None;
        let dragged_from = self.linking.clone();
        let from = dragged_from.as_ref().or(page.aim.map(|aim| &aim.from)).and_then(|from| page.index.get(from));
        let mouse = ui.input(|input| input.pointer.latest_pos());
        let mut placed: Vec<(Id<Annotation>, Rect)> = Vec::new();
        for chip in self.wanted_chips(page) {
            let top = chip.line_top.max(free);
            if top > self.rect.bottom() {
                break;
            }
            let is_selected = self.selected.as_ref() == Some(&chip.annotation);
            let galley = painter.layout_no_wrap(chip.words.clone(), theme::medium(12.0), page.theme.ink);
            let count = (chip.links > 0).then(|| painter.layout_no_wrap(chip.links.to_string(), theme::medium(11.0), page.theme.ink3));
            let more = count.as_ref().map_or(0.0, |count| count.size().x + 6.0);
            let size = if marks { vec2(16.0, 12.0) } else { vec2((galley.size().x + 37.0 + more).min(152.0), CHIP) };
            let pitch = if marks { 14.0 } else { CHIP_PITCH };
            free = top + pitch;
            if let Some(more) = &chip.more {
                let away = if marks { 6.0 } else { 20.0 };
                let place = pos2(if mirrored { left - away } else { left + width + away }, free);
                if self.more_ui(ui, page, place, more) {
                    events.push(ViewEvent::List(more.1.clone()));
                }
                free += pitch;
            }
            let x = match (mirrored, marks) {
                (false, true) => left + width + 6.0,
                (false, false) => left + width + 20.0,
                (true, true) => left - 6.0 - size.x,
                (true, false) => left - 20.0 - size.x,
            };
            let rect = Rect::from_min_size(pos2(x, top), size);
            placed.push((chip.annotation.clone(), rect));
            let id = Self::widget_id().with(("chip", &chip.annotation));
            // Chips are for the mouse; the keyboard walks annotations with ] and [, and screen readers read the marks in the text.
            let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG);
            if response.clicked() {
                events.push(ViewEvent::Select(Some(chip.annotation.clone())));
            }
            if response.drag_started() {
                self.linking = Some(chip.annotation.clone());
            }
            if response.hovered() {
                hovered = Some(chip.annotation.clone());
            }
            let is_from = from.is_some_and(|from| from.annotation.id == chip.annotation);
            let is_target = page.aim.is_some_and(|aim| aim.target.as_ref() == Some(&chip.annotation))
                || (dragged_from.is_some() && mouse.is_some_and(|mouse| rect.expand(2.0).contains(mouse)));
            let fits = from
                .filter(|_| !is_from)
                .and_then(|from| Some((page.fits)(&from.annotation, &page.index.get(&chip.annotation)?.annotation)));
            if marks {
                if response.hovered() || is_selected {
                    painter.rect_filled(rect.expand(2.0), 4.0, page.theme.hover);
                }
                let mut sample = Mesh::default();
                draw_line(&mut sample, chip.style.pattern, rect.left() + 1.0, rect.right() - 1.0, rect.center().y, 1.8, chip.style.line);
                painter.add(Shape::mesh(sample));
                response.on_hover_text(&chip.words);
                continue;
            }
            let takes = fits == Some(true);
            let (fill, edge) = match (is_selected || is_from || (is_target && takes), response.hovered()) {
                (true, _) => (chip.style.tint, Stroke::new(2.0, chip.style.line)),
                (false, true) => (page.theme.hover2, Stroke::new(1.0, page.theme.line2)),
                (false, false) => (page.theme.raised, Stroke::new(1.0, page.theme.line2)),
            };
            let steps_back = fits == Some(false);
            if takes && !is_target {
                painter.rect_filled(rect, CornerRadius::same(10), fill);
                painter.extend(dashed_pill(rect, chip.style.line));
            } else {
                painter.rect(rect, CornerRadius::same(10), fill, edge, StrokeKind::Inside);
            }
            let ink = if steps_back { page.theme.ink3 } else { page.theme.ink };
            let line = if steps_back { page.theme.line2 } else { chip.style.line };
            let mut sample = Mesh::default();
            draw_line(&mut sample, chip.style.pattern, rect.left() + 8.0, rect.left() + 24.0, rect.center().y, 1.8, line);
            painter.add(Shape::mesh(sample));
            let words = rect.left_center() + vec2(29.0, -galley.size().y / 2.0);
            let room = Rect::from_min_max(rect.min, rect.max - vec2(7.0 + more, 0.0));
            painter.with_clip_rect(room.intersect(self.rect)).galley_with_override_text_color(words, galley, ink);
            if let Some(count) = count {
                let place = pos2(rect.right() - 8.0 - count.size().x, rect.center().y - count.size().y / 2.0);
                painter.galley(place, count, page.theme.ink3);
            }
        }
        for (top, more) in overflow {
            let x = if mirrored { left + width + 4.0 } else { left - 44.0 };
            painter.text(pos2(x, top + 26.0), Align2::LEFT_TOP, format!("+{more}"), theme::medium(11.0), page.theme.ink2);
        }
        if hovered.is_some() {
            self.hovered = hovered;
        }
        self.chips = placed;
        self.curves(ui, page);
        self.drag_link(ui, page, events);
    }

    /// The links of the selected or hovered annotation.
    fn curves(&self, ui: &Ui, page: &Page<'_>) {
        let aimed = page.aim.map(|aim| (aim.from.clone(), aim.target.clone()));
        let (active, links) = match aimed {
            Some((from, Some(target))) => (from.clone(), vec![(from, target)]),
            Some((_, None)) => return,
            None => {
                let Some(active) = self.hovered.as_ref().filter(|hovered| (page.link_count)(hovered) > 0).or(self.selected.as_ref()) else {
                    return;
                };
                (active.clone(), (page.linked)(active))
            }
        };
        let place = |annotation: &Id<Annotation>| self.chips.iter().find(|(of, _)| of == annotation).map(|(_, rect)| *rect);
        let painter = ui.painter_at(self.rect);
        let stroke = Stroke::new(1.5, page.theme.ink2);
        let mut off_screen: Vec<Id<Annotation>> = Vec::new();
        for (from, to) in links.into_iter().take(MOST_CURVES) {
            let (start, end) = (place(&from), place(&to));
            match (start, end) {
                (Some(start), Some(end)) => self.curve(&painter, self.outer(start), self.outer(end), true, stroke),
                (Some(near), None) | (None, Some(near)) => {
                    let far = if from == active { &to } else { &from };
                    if off_screen.contains(far) {
                        continue;
                    }
                    off_screen.push(far.clone());
                    self.curve_to_edge(&painter, page, near, far, off_screen.len(), stroke);
                }
                (None, None) => {}
            }
        }
    }

    /// The end of a chip away from the text.
    fn outer(&self, chip: Rect) -> Pos2 {
        if self.columns.mirrored { chip.left_center() } else { chip.right_center() }
    }

    fn curve(&self, painter: &egui::Painter, start: Pos2, end: Pos2, arrow: bool, stroke: Stroke) {
        let away = if self.columns.mirrored { -1.0 } else { 1.0 };
        // Beyond every chip between the two, so that the curve crosses none.
        let (top, bottom) = (start.y.min(end.y), start.y.max(end.y));
        let between = self.chips.iter().filter(|(_, rect)| top <= rect.center().y && rect.center().y <= bottom);
        let widest = between.map(|(_, rect)| self.outer(*rect).x * away).fold((start.x * away).max(end.x * away), f32::max);
        let reach = (widest + BULGE * 1.33) * away;
        let points = [start, pos2(reach, start.y), pos2(reach, end.y), end + vec2(away * if arrow { 5.0 } else { 0.0 }, 0.0)];
        painter.add(egui::epaint::CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke));
        if arrow {
            let tip = end + vec2(away, 0.0);
            let corners = vec![tip, tip + vec2(7.0 * away, -3.5), tip + vec2(7.0 * away, 3.5)];
            painter.add(Shape::convex_polygon(corners, stroke.color, Stroke::NONE));
        }
    }

    /// A link that leads off the screen ends at its edge, with an arrow and the paragraph.
    fn curve_to_edge(&self, painter: &egui::Painter, page: &Page<'_>, near: Rect, far: &Id<Annotation>, nth: usize, stroke: Stroke) {
        let Some(span) = page.index.get(far) else { return };
        let text = page.index.text();
        let number = text.index.number_of_paragraph(text.index.paragraph_from_byte(span.bounds().start));
        let first = self.visible.first().map_or(0, |visible| page.index.blocks().bytes(visible.block).start);
        let up = span.bounds().start < first;
        let words = format!("{} ¶ {number}", if up { "↑" } else { "↓" });
        let galley = painter.layout_no_wrap(words, theme::medium(11.0), page.theme.ink2);
        let size = vec2(galley.size().x + 14.0, CHIP);
        let step = (nth - 1) as f32 * CHIP_PITCH;
        let y = if up { self.rect.top() + 4.0 + step } else { self.rect.bottom() - 4.0 - CHIP - step };
        let x = if self.columns.mirrored {
            self.columns.left - 24.0 - 148.0
        } else {
            self.columns.left + self.columns.width + 20.0 + 148.0 - size.x
        };
        let rect = Rect::from_min_size(pos2(x.clamp(self.rect.left() + 4.0, self.rect.right() - size.x - 14.0), y), size);
        self.curve(painter, self.outer(near), self.outer(rect), false, stroke);
        painter.rect(rect, CornerRadius::same(10), page.theme.raised, Stroke::new(1.0, page.theme.line2), StrokeKind::Inside);
        painter.galley(rect.center() - galley.size() / 2.0, galley, page.theme.ink2);
    }

    /// A dashed curve from the chip that is dragged to the pointer, and the link when it is let go over another.
    fn drag_link(&mut self, ui: &Ui, page: &Page<'_>, events: &mut Vec<ViewEvent>) {
        let Some(from) = self.linking.clone() else { return };
        let (mouse, down) = ui.input(|input| (input.pointer.latest_pos(), input.pointer.primary_down()));
        let Some(mouse) = mouse else {
            self.linking = None;
            return;
        };
        if down {
            ui.set_cursor_icon(CursorIcon::Grabbing);
            if let Some((_, start)) = self.chips.iter().find(|(of, _)| *of == from) {
                let painter = ui.painter_at(self.rect);
                let line = Shape::dashed_line(&[self.outer(*start), mouse], Stroke::new(1.5, page.theme.ink2), 5.0, 4.0);
                painter.extend(line);
            }
            return;
        }
        self.linking = None;
        let over = self.chips.iter().find(|(_, rect)| rect.expand(2.0).contains(mouse)).map(|(to, _)| to.clone());
        if let Some(to) = over.filter(|to| *to != from) {
            events.push(ViewEvent::Link { from, to });
        }
    }
}

/// Whether an annotation begins in a line of a block in sight.
fn begins_in(page: &Page<'_>, visible: &Visible, span: &Span, line: &Line) -> bool {
    let block = page.index.blocks().bytes(visible.block).start;
    span.bounds().start.checked_sub(block).is_some_and(|byte| line.bytes.contains(&byte))
}

/// The edge of a chip in dashes: a link may lead here.
fn dashed_pill(rect: Rect, colour: Color32) -> Vec<Shape> {
    let radius = rect.height() / 2.0 - 0.5;
    let rect = rect.shrink(0.5);
    let mut points = Vec::with_capacity(40);
    let arc = |centre: Pos2, from: f32, points: &mut Vec<Pos2>| {
        for step in 0..=8_u8 {
            let angle = from + std::f32::consts::PI * f32::from(step) / 8.0;
            points.push(centre + vec2(angle.cos(), angle.sin()) * radius);
        }
    };
    let quarter = std::f32::consts::FRAC_PI_2;
    arc(pos2(rect.right() - radius, rect.center().y), -quarter, &mut points);
    arc(pos2(rect.left() + radius, rect.center().y), quarter, &mut points);
    points.extend(points.first().copied());
    Shape::dashed_line(&points, Stroke::new(1.5, colour), 4.0, 3.0)
}
