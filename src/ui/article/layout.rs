//! One geometry for everything: hit-testing, caret, highlights and accessibility read the lines and clusters that are made here;
//! the shaper is never asked again.

#![allow(clippy::indexing_slicing, reason = "lines and clusters are indexed by places found in them")]
#![allow(clippy::string_slice, reason = "offsets of clusters are character boundaries of the text that was shaped")]
#![allow(clippy::cast_possible_truncation, reason = "a block is at most some kilobytes long")]

use super::atlas::{Atlas, Quad};
use crate::ui::fonts::{self, SystemFonts};
use egui::{Color32, Pos2, Rect, Vec2, pos2, vec2};
use parley::{FontContext, FontFamily, LayoutContext, LineHeight, StyleProperty};
use std::ops::Range;

/// A width from which on lines are not broken.
pub(crate) const UNBOUNDED: f32 = 1e6;

/// What a stretch of text is set in. Sizes are logical pixels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TextStyle {
    /// Families, first choice first.
    pub(crate) family: &'static str,
    /// Weight, 400 is regular.
    pub(crate) weight: f32,
    /// Size.
    pub(crate) size: f32,
    /// Height of a line.
    pub(crate) line_height: f32,
}

impl TextStyle {
    /// Article text.
    pub(crate) fn reading(size: f32, line_height: f32) -> Self {
        Self { family: fonts::READING, weight: 400.0, size, line_height }
    }

    /// Words of an article within the interface.
    pub(crate) fn interface(size: f32, weight: f32) -> Self {
        Self { family: fonts::INTERFACE, weight, size, line_height: (size * 1.4).round() }
    }
}

/// One letter with its marks: bytes drawn between two places, relative to the block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cluster {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) rtl: bool,
}

impl Cluster {
    /// Where a caret before this letter stands.
    pub(crate) fn leading(&self) -> f32 {
        if self.rtl { self.right } else { self.left }
    }

    /// Where a caret behind this letter stands.
    pub(crate) fn trailing(&self) -> f32 {
        if self.rtl { self.left } else { self.right }
    }
}

/// One line of a block, relative to it.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) bytes: Range<usize>,
    pub(crate) top: f32,
    pub(crate) bottom: f32,
    pub(crate) baseline: f32,
    /// In the order of the text.
    pub(crate) clusters: Vec<Cluster>,
    has_rtl: bool,
}

impl Line {
    /// The cluster that holds a byte, or the last one.
    pub(crate) fn cluster_at(&self, byte: usize) -> Option<&Cluster> {
        let at = self.clusters.partition_point(|cluster| cluster.end as usize <= byte);
        self.clusters.get(at).or(self.clusters.last())
    }
}

/// A block laid out at a width.
pub(crate) struct LaidOut {
    pub(crate) lines: Vec<Line>,
    pub(crate) size: Vec2,
    pub(crate) rtl: bool,
    /// Whether a character had no glyph in any font.
    pub(crate) lacks_glyph: bool,
    quads: Vec<Quad>,
    /// For each line, where its quads begin.
    line_quads: Vec<usize>,
}

impl LaidOut {
    pub(crate) fn empty() -> Self {
        Self { lines: Vec::new(), size: Vec2::ZERO, rtl: false, lacks_glyph: false, quads: Vec::new(), line_quads: Vec::new() }
    }

    /// The line at a height; the first and the last take what is beyond.
    pub(crate) fn line_at(&self, y: f32) -> usize {
        self.lines.partition_point(|line| line.bottom <= y).min(self.lines.len().saturating_sub(1))
    }

    /// The line that holds a byte; at a wrap, the later one.
    pub(crate) fn line_of(&self, byte: usize) -> usize {
        self.lines.partition_point(|line| line.bytes.end <= byte).min(self.lines.len().saturating_sub(1))
    }

    /// The boundary between letters that is nearest to a point.
    ///
    /// The letter under the pointer decides first: edges that two directions share are ambiguous, so that matching the nearest edge
    /// fails at bidi joins.
    pub(crate) fn hit(&self, point: Pos2) -> usize {
        let Some(line) = self.lines.get(self.line_at(point.y)) else { return 0 };
        let side = |cluster: &Cluster| {
            let left_half = point.x < (cluster.left + cluster.right) * 0.5;
            (if left_half == cluster.rtl { cluster.end } else { cluster.start }) as usize
        };
        if let Some(cluster) = line.clusters.iter().find(|cluster| cluster.left <= point.x && point.x < cluster.right) {
            return side(cluster);
        }
        let distance = |cluster: &&Cluster| (point.x - point.x.clamp(cluster.left, cluster.right)).abs();
        let inked = line.clusters.iter().filter(|cluster| cluster.left < cluster.right);
        inked.min_by(|one, other| distance(one).total_cmp(&distance(other))).map_or(line.bytes.start, side)
    }

    /// The byte of the letter under a point, when there is one.
    pub(crate) fn letter_at(&self, point: Pos2) -> Option<usize> {
        let line = self.lines.get(self.line_at(point.y)).filter(|line| line.top <= point.y && point.y < line.bottom)?;
        line.clusters.iter().find(|cluster| cluster.left <= point.x && point.x < cluster.right).map(|cluster| cluster.start as usize)
    }

    /// Where the caret before a byte stands: the leading edge of the letter that follows.
    pub(crate) fn caret(&self, byte: usize, style: &TextStyle) -> Rect {
        let Some(line) = self.lines.get(self.line_of(byte)) else { return Rect::from_min_size(Pos2::ZERO, vec2(0.0, style.line_height)) };
        let at = line.clusters.partition_point(|cluster| cluster.end as usize <= byte);
        let x = match line.clusters.get(at) {
            Some(cluster) => cluster.leading(),
            None => line.clusters.last().map_or(0.0, Cluster::trailing),
        };
        Rect::from_min_max(pos2(x, line.baseline - style.size * 0.84), pos2(x, line.baseline + style.size * 0.27))
    }

    /// The visual pieces of a byte range: line, left, right; one a piece that hangs together.
    pub(crate) fn pieces(&self, bytes: &Range<usize>, mut piece: impl FnMut(usize, f32, f32)) {
        if bytes.is_empty() || self.lines.is_empty() {
            return;
        }
        for at in self.line_of(bytes.start)..=self.line_of(bytes.end - 1) {
            let line = &self.lines[at];
            let from = line.clusters.partition_point(|cluster| cluster.end as usize <= bytes.start);
            let to = line.clusters.partition_point(|cluster| (cluster.start as usize) < bytes.end);
            if from >= to {
                continue;
            }
            let taken = &line.clusters[from..to];
            if !line.has_rtl {
                piece(at, taken[0].left, taken[taken.len() - 1].right);
                continue;
            }
            let mut extents: Vec<(f32, f32)> = taken.iter().map(|cluster| (cluster.left, cluster.right)).collect();
            extents.sort_by(|one, other| one.0.total_cmp(&other.0));
            let mut current = extents[0];
            for (left, right) in extents.into_iter().skip(1) {
                if left - current.1 < 0.6 {
                    current.1 = current.1.max(right);
                } else {
                    piece(at, current.0, current.1);
                    current = (left, right);
                }
            }
            piece(at, current.0, current.1);
        }
    }

    /// The caret's next stop to the right or left, as it looks on the screen; `None` at the line's end.
    pub(crate) fn step(&self, byte: usize, right: bool) -> Option<usize> {
        let line = self.lines.get(self.line_of(byte))?;
        let forward = line.cluster_at(byte).is_some_and(|cluster| cluster.rtl) != right;
        let at = line.clusters.partition_point(|cluster| cluster.end as usize <= byte);
        if forward {
            line.clusters.get(at).map(|cluster| cluster.end as usize)
        } else {
            at.checked_sub(1).map(|at| line.clusters[at].start as usize)
        }
    }

    /// Adds the glyphs of the visible lines to a mesh; those in `strong` pieces (line, left, right) in another colour.
    pub(crate) fn paint(&self, atlas: &Atlas, ink: &Ink<'_>, mesh: &mut egui::Mesh) {
        let Ink { origin, scale, clip, .. } = *ink;
        for (at, line) in self.lines.iter().enumerate() {
            if origin.y + line.bottom < clip.top() || origin.y + line.top > clip.bottom() {
                continue;
            }
            let end = self.line_quads.get(at + 1).copied().unwrap_or(self.quads.len());
            let strong: Vec<&(usize, f32, f32)> = ink.strong.iter().filter(|(line, _, _)| *line == at).collect();
            for quad in &self.quads[self.line_quads[at]..end] {
                let middle = quad.rect.center().x / scale;
                let is_strong = strong.iter().any(|(_, left, right)| *left <= middle && middle < *right);
                atlas.paint(quad, origin, scale, if is_strong { ink.strong_colour } else { ink.colour }, mesh);
            }
        }
    }
}

/// Where and in which colours a layout is painted.
pub(crate) struct Ink<'i> {
    pub(crate) origin: Pos2,
    /// Pixels per point.
    pub(crate) scale: f32,
    /// What is in sight.
    pub(crate) clip: Rect,
    pub(crate) colour: Color32,
    /// Pieces in the other colour: line, left, right.
    pub(crate) strong: &'i [(usize, f32, f32)],
    pub(crate) strong_colour: Color32,
}

/// Shapes text and keeps its glyphs: one for the article and for article words in panels, so that Arabic is right everywhere.
pub(crate) struct TextEngine {
    fonts: FontContext,
    /// Fonts that were not looked through yet.
    further: SystemFonts,
    layouts: LayoutContext<()>,
    pub(crate) atlas: Atlas,
}

impl TextEngine {
    pub(crate) fn new(system: SystemFonts) -> Self {
        Self { fonts: fonts::context(SystemFonts::None), further: system, layouts: LayoutContext::new(), atlas: Atlas::new() }
    }

    /// Lays a block out; `width` in logical pixels, `scale` in pixels per logical pixel.
    pub(crate) fn layout(&mut self, text: &str, style: &TextStyle, width: f32, scale: f32, rtl: Option<bool>) -> LaidOut {
        let laid_out = self.shape(text, style, width, scale, rtl);
        // Looking through the fonts of the system takes as long as opening the window: only for who needs one.
        if laid_out.lacks_glyph && self.further == SystemFonts::Fallback {
            self.further = SystemFonts::None;
            self.fonts.collection.load_system_fonts();
            return self.shape(text, style, width, scale, rtl);
        }
        laid_out
    }

    fn shape(&mut self, text: &str, style: &TextStyle, width: f32, scale: f32, rtl: Option<bool>) -> LaidOut {
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, text, scale, true);
        builder.push_default(StyleProperty::FontFamily(FontFamily::Source(style.family.into())));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::FontWeight(parley::FontWeight::new(style.weight)));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(style.line_height)));
        builder.push_default(StyleProperty::OverflowWrap(parley::OverflowWrap::Anywhere));
        if let Some(rtl) = rtl {
            builder.set_base_direction(if rtl { parley::BaseDirection::Rtl } else { parley::BaseDirection::Ltr });
        }
        let mut layout: parley::Layout<()> = builder.build(text);
        layout.break_all_lines((width < UNBOUNDED).then_some(width * scale));
        layout.align(parley::Alignment::Start, parley::AlignmentOptions::default());
        self.finish(text, &layout, scale)
    }

    fn finish(&mut self, text: &str, layout: &parley::Layout<()>, scale: f32) -> LaidOut {
        let mut laid_out = LaidOut { size: vec2(layout.width(), layout.height()) / scale, rtl: layout.is_rtl(), ..LaidOut::empty() };
        for line in layout.lines() {
            let metrics = line.metrics();
            let mut clusters = Vec::new();
            let mut has_rtl = false;
            let mut x = metrics.offset + metrics.inline_min_coord;
            for run in line.runs() {
                has_rtl |= run.is_rtl();
                for cluster in run.visual_clusters() {
                    let bytes = cluster.text_range();
                    let advance = cluster.advance();
                    let (left, right) = (x / scale, (x + advance) / scale);
                    clusters.push(Cluster { start: bytes.start as u32, end: bytes.end as u32, left, right, rtl: cluster.is_rtl() });
                    x += advance;
                }
            }
            if has_rtl {
                clusters.sort_by_key(|cluster| cluster.start);
            }
            // White space at a wrap takes no room, or highlights would stick out of the column.
            let blank = |cluster: &Cluster| text[cluster.start as usize..cluster.end as usize].chars().all(char::is_whitespace);
            let inked = clusters.iter().rposition(|cluster| !blank(cluster)).map_or(0, |last| last + 1);
            if let Some(edge) = clusters.get(inked).map(Cluster::leading) {
                for cluster in &mut clusters[inked..] {
                    (cluster.left, cluster.right) = (edge, edge);
                }
            }
            laid_out.line_quads.push(laid_out.quads.len());
            for item in line.items() {
                let parley::PositionedLayoutItem::GlyphRun(glyphs) = item else { continue };
                let run = glyphs.run();
                let coords: Vec<i16> = run.normalized_coords().iter().map(|coord| coord.to_bits()).collect();
                let face = self.atlas.face(run.font(), run.font_size(), &coords, run.synthesis());
                for glyph in glyphs.positioned_glyphs() {
                    laid_out.lacks_glyph |= glyph.id == 0;
                    laid_out.quads.extend(self.atlas.quad(face, glyph.id, glyph.x, glyph.y));
                }
            }
            laid_out.lines.push(Line {
                bytes: line.text_range(),
                top: metrics.block_min_coord / scale,
                bottom: metrics.block_max_coord / scale,
                baseline: metrics.baseline / scale,
                clusters,
                has_rtl,
            });
        }
        laid_out
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp, reason = "the caret takes the very number of its letter")]

    use super::*;
    use proptest::prelude::*;
    use std::cell::RefCell;

    thread_local! {
        static ENGINE: RefCell<TextEngine> = RefCell::new(TextEngine::new(SystemFonts::None));
    }

    fn lay_out(text: &str, width: f32) -> LaidOut {
        ENGINE.with_borrow_mut(|engine| engine.layout(text, &TextStyle::reading(18.0, 31.0), width, 1.0, None))
    }

    fn mixed() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[a-z]{1,7}",
            Just("الاتفاقَ".to_owned()),
            Just("2014".to_owned()),
            Just("צה\"ל".to_owned()),
            Just("(World Bank)".to_owned()),
            Just("“قال”".to_owned()),
            Just("Москва".to_owned()),
            Just("é́".to_owned()),
            Just("fi ffi".to_owned()),
            Just("\u{200f}".to_owned()),
            Just(" ".to_owned()),
            Just(", ".to_owned()),
        ];
        prop::collection::vec(piece, 1..40).prop_map(|pieces| pieces.join(" "))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

        #[test]
        fn a_click_near_the_side_of_a_letter_gives_that_side(text in mixed(), width in 150_f32..700.0) {
            let laid_out = lay_out(&text, width);
            for line in &laid_out.lines {
                for letter in line.clusters.iter().filter(|letter| letter.right - letter.left > 1.0) {
                    let y = f32::midpoint(line.top, line.bottom);
                    let fifth = (letter.right - letter.left) * 0.2;
                    let (before, behind) = if letter.rtl { (letter.right - fifth, letter.left + fifth) } else { (letter.left + fifth, letter.right - fifth) };
                    prop_assert_eq!(laid_out.hit(pos2(before, y)), letter.start as usize);
                    prop_assert_eq!(laid_out.hit(pos2(behind, y)), letter.end as usize);
                    prop_assert_eq!(laid_out.letter_at(pos2(before, y)), Some(letter.start as usize));
                }
            }
        }

        #[test]
        fn letters_fill_the_text_in_order_and_lines_follow_each_other(text in mixed(), width in 150_f32..700.0) {
            let laid_out = lay_out(&text, width);
            let mut reached = 0;
            for (line, next) in laid_out.lines.iter().zip(laid_out.lines.iter().skip(1)) {
                prop_assert!(line.bottom <= next.top + 0.5 && line.bytes.end == next.bytes.start);
            }
            for letter in laid_out.lines.iter().flat_map(|line| &line.clusters) {
                prop_assert_eq!(letter.start as usize, reached);
                reached = letter.end as usize;
            }
            prop_assert_eq!(reached, text.len());
        }

        #[test]
        fn the_pieces_of_a_range_are_as_wide_as_its_letters(text in mixed(), width in 150_f32..700.0, ends in any::<(prop::sample::Index, prop::sample::Index)>()) {
            let laid_out = lay_out(&text, width);
            let letters: Vec<&Cluster> = laid_out.lines.iter().flat_map(|line| &line.clusters).collect();
            let (one, two) = (ends.0.index(letters.len()), ends.1.index(letters.len()));
            let taken = &letters[one.min(two)..=one.max(two)];
            let range = taken[0].start as usize..taken[taken.len() - 1].end as usize;
            let (mut width, mut boxes) = (0.0, Vec::new());
            laid_out.pieces(&range, |line, left, right| {
                width += right - left;
                boxes.push((line, left, right));
            });
            let wanted: f32 = taken.iter().map(|letter| letter.right - letter.left).sum();
            // Pieces that nearly touch are joined, each by less than a pixel.
            prop_assert!((width - wanted).abs() < 1.0 + boxes.len() as f32, "{width} {wanted}");
        }

        #[test]
        fn the_caret_stands_at_its_letter_and_walks_a_line_in_visual_order(text in mixed()) {
            let laid_out = lay_out(&text, UNBOUNDED);
            let style = TextStyle::reading(18.0, 31.0);
            for letter in &laid_out.lines[0].clusters {
                prop_assert_eq!(laid_out.caret(letter.start as usize, &style).left(), letter.leading());
            }
            if !laid_out.lines[0].has_rtl {
                let (mut byte, mut x) = (0, f32::NEG_INFINITY);
                while let Some(next) = laid_out.step(byte, true) {
                    let caret = laid_out.caret(next, &style).left();
                    prop_assert!(next > byte && caret >= x);
                    (byte, x) = (next, caret);
                }
                prop_assert_eq!(byte, text.len());
            }
        }
    }

    #[test]
    fn arabic_stands_at_the_right_and_runs_to_the_left() {
        let laid_out = lay_out("قال المسؤول", 400.0);
        let clusters = &laid_out.lines[0].clusters;
        assert!(laid_out.rtl && clusters[0].right > 390.0 && clusters[0].left > clusters[3].left);
        assert_eq!(laid_out.step(0, false), Some(2), "left goes on");
        assert_eq!(laid_out.step(2, true), Some(0), "right goes back");
    }

    #[test]
    fn fonts_of_the_system_are_looked_through_when_a_letter_needs_one() {
        let mut engine = TextEngine::new(SystemFonts::Fallback);
        let mut needs = |text: &str| {
            engine.layout(text, &TextStyle::reading(18.0, 31.0), 400.0, 1.0, None);
            engine.further == SystemFonts::None
        };
        assert!(!needs("plain and مزيج and עברית and Русский"), "bundled faces have these");
        assert!(needs("\u{16800}"), "no bundled face has Bamum");
    }

    #[test]
    fn a_script_without_a_font_is_noticed() {
        assert!(lay_out("\u{16800}", 400.0).lacks_glyph, "no bundled face has Bamum");
        assert!(!lay_out("plain and مزيج and עברית and Русский", 400.0).lacks_glyph);
    }
}
