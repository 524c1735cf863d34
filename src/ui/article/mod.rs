//! The article view: our own widget, virtualised by block. It reads the project's index, keeps caret and selection, and returns
//! events; it never changes a project.

#![allow(clippy::cast_possible_truncation, reason = "pixels of a window fit f32")]

pub(crate) mod accessibility;
pub(crate) mod atlas;
pub(crate) mod bidi_text;
pub(crate) mod caret;
pub(crate) mod heights;
pub(crate) mod layout;
pub(crate) mod margin;
pub(crate) mod marked;
pub(crate) mod paint;
pub(crate) mod pointer;

use crate::{
    display::span_index::{LONGEST_BLOCK, SpanIndex},
    model::{Annotation, Id},
    text::{
        Ranges,
        boundary::{self, Unit},
    },
    ui::theme::{LabelStyle, Theme},
};
use egui::{Id as WidgetId, Pos2, Rect, Response, Sense, Ui, pos2};
use heights::Heights;
use layout::{LaidOut, TextEngine, TextStyle};
use std::{collections::HashMap, ops::Range};

/// Blocks that stay laid out beyond those in sight.
const KEPT: usize = 600;
/// Frames after which a block out of sight may go.
const STALE: u64 = 120;
/// A scroll beyond this many pixels uses estimated heights instead of laying out everything on the way.
const JUMP: f64 = 20_000.0;
/// Above the first and below the last paragraph.
const MARGIN: f32 = 16.0;
/// Between paragraphs.
const GAP: f32 = 12.0;
/// Width of the scroll bar at the right.
const BAR: f32 = 10.0;

/// Where a link starts and where it leads.
pub(crate) type Ends = (Id<Annotation>, Id<Annotation>);

/// What the view is asked to show.
pub(crate) struct Page<'p> {
    pub(crate) index: &'p SpanIndex,
    /// By place in the order of labels.
    pub(crate) labels: &'p [LabelStyle],
    /// What a chip says about an annotation.
    pub(crate) chip: &'p dyn Fn(&Annotation) -> String,
    /// What a label is called, for screen readers.
    pub(crate) name: &'p dyn Fn(&Annotation) -> String,
    /// How many links an annotation has.
    pub(crate) link_count: &'p dyn Fn(&Id<Annotation>) -> usize,
    /// Its links, from and to, as many as are drawn.
    pub(crate) linked: &'p dyn Fn(&Id<Annotation>) -> Vec<Ends>,
    /// Whether two annotations can be linked, in either direction.
    pub(crate) fits: &'p dyn Fn(&Annotation, &Annotation) -> bool,
    /// In focus mode, what stays in colour.
    pub(crate) focus: Option<Focus<'p>>,
    /// What would be marked, in bytes, each in the look of its label.
    pub(crate) proposed: &'p [(Range<usize>, LabelStyle)],
    /// A link that is being made by keys.
    pub(crate) aim: Option<&'p LinkAim>,
    pub(crate) title: &'p str,
    /// The document's own direction, when it is set.
    pub(crate) rtl: Option<bool>,
    /// Ranges that are not article, in bytes, sorted.
    pub(crate) omissions: &'p [Range<usize>],
    pub(crate) unknown: LabelStyle,
    pub(crate) size: f32,
    pub(crate) line_height: f32,
    pub(crate) theme: &'p Theme,
}

impl Page<'_> {
    pub(crate) fn text(&self) -> &str {
        &self.index.text().content
    }

    /// The title, where it can be that of a block: a longer one is no headline.
    fn headline(&self) -> Option<&str> {
        (self.title.len() <= LONGEST_BLOCK).then_some(self.title)
    }

    fn is_in_focus(&self, annotation: &Annotation) -> bool {
        self.focus.as_ref().is_none_or(|focus| (focus.keeps)(annotation))
    }

    fn style_of(&self, label: usize) -> LabelStyle {
        self.labels.get(label).copied().unwrap_or(self.unknown)
    }
}

/// What stays in colour while everything else steps back.
pub(crate) struct Focus<'p> {
    /// Differs when other annotations stay in colour.
    pub(crate) key: u64,
    pub(crate) keeps: &'p dyn Fn(&Annotation) -> bool,
}

/// A link that is being made: where it starts, and what it would lead to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LinkAim {
    pub(crate) from: Id<Annotation>,
    pub(crate) target: Option<Id<Annotation>>,
}

/// What the user did in the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ViewEvent {
    /// Chose an annotation, or none.
    Select(Option<Id<Annotation>>),
    /// Asked for the list of annotations, at one of them.
    List(Id<Annotation>),
    /// Finished a selection with the pointer.
    Selected,
    /// Dragged one chip onto another.
    Link { from: Id<Annotation>, to: Id<Annotation> },
    /// Dragged an end of an annotation, and let go.
    Resize { annotation: Id<Annotation>, ranges: Ranges },
}

/// What a layout depends on.
#[derive(Debug, Clone, PartialEq)]
struct LayoutKey {
    width: u32,
    scale: u32,
    size: u32,
    line_height: u32,
    text: String,
    rtl: Option<bool>,
    title: String,
}

/// Where things are on the page this frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns {
    /// Left edge of the text.
    pub(crate) left: f32,
    pub(crate) width: f32,
    pub(crate) chips: Chips,
    /// Whether gutter and chips change sides.
    pub(crate) mirrored: bool,
}

/// How annotations are named in the margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chips {
    /// With their names.
    Named,
    /// As small marks of their pattern.
    Marks,
}

/// A block in sight and where its top left corner is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visible {
    pub(crate) block: usize,
    pub(crate) origin: Pos2,
}

/// Scroll place, caret, selection and layouts of one document.
pub(crate) struct ArticleView {
    heights: Heights,
    layouts: HashMap<usize, (LaidOut, u64)>,
    marked: marked::MarkedBlocks,
    frame: u64,
    key: Option<LayoutKey>,
    /// First block in sight, and how far it is scrolled up.
    top: (usize, f64),
    /// Where the selection began, in bytes.
    pub(crate) anchor: usize,
    /// Where the caret is, in bytes.
    pub(crate) head: usize,
    goal_x: Option<f32>,
    pub(crate) selected: Option<Id<Annotation>>,
    pub(crate) hovered: Option<Id<Annotation>>,
    drag: pointer::Drag,
    /// The annotation whose chip is being dragged.
    linking: Option<Id<Annotation>>,
    /// Time, place and count of the last presses in a row.
    last_press: (f64, Pos2, u32),
    /// Ranges of the annotation whose end is being dragged.
    pub(crate) preview: Option<(Id<Annotation>, Vec<Range<usize>>)>,
    pub(crate) columns: Columns,
    pub(crate) visible: Vec<Visible>,
    pub(crate) rect: Rect,
    reveal: Option<usize>,
    caret_since: f64,
    pub(crate) lacks_glyph: bool,
    /// Where the first start and the last end of the selected annotation are on the screen.
    pub(crate) handles: (Option<Pos2>, Option<Pos2>),
    /// First line's top, last line's bottom and left edge of the selection on the screen.
    pub(crate) selection_rect: Option<Rect>,
    /// Where what is proposed stands on the screen.
    pub(crate) proposed_rect: Option<Rect>,
    /// Where the chips of this frame are.
    pub(crate) chips: Vec<(Id<Annotation>, Rect)>,
}

impl ArticleView {
    pub(crate) fn new() -> Self {
        let columns = Columns { left: 0.0, width: 600.0, chips: Chips::Named, mirrored: false };
        Self {
            heights: Heights::default(),
            layouts: HashMap::new(),
            marked: marked::MarkedBlocks::default(),
            frame: 0,
            key: None,
            top: (0, 0.0),
            anchor: 0,
            head: 0,
            goal_x: None,
            selected: None,
            hovered: None,
            drag: pointer::Drag::None,
            linking: None,
            last_press: (f64::NEG_INFINITY, Pos2::ZERO, 0),
            preview: None,
            columns,
            visible: Vec::new(),
            rect: Rect::NOTHING,
            reveal: None,
            caret_since: 0.0,
            lacks_glyph: false,
            handles: (None, None),
            selection_rect: None,
            proposed_rect: None,
            chips: Vec::new(),
        }
    }

    /// The widget's id, for focus.
    pub(crate) fn widget_id() -> WidgetId {
        WidgetId::unique("article")
    }

    /// What is selected, in bytes.
    pub(crate) fn selection(&self) -> Range<usize> {
        self.anchor.min(self.head)..self.anchor.max(self.head)
    }

    /// What a label would take: the selection without white space at its ends.
    pub(crate) fn to_take(&self, text: &str) -> Range<usize> {
        boundary::trim(text, boundary::snap_to_graphemes(text, self.selection()))
    }

    /// Whether the pointer is selecting or dragging right now.
    pub(crate) fn is_dragging(&self) -> bool {
        self.drag.scrolls()
    }

    /// Selects bytes and shows them.
    pub(crate) fn select_bytes(&mut self, bytes: Range<usize>) {
        (self.anchor, self.head) = (bytes.start, bytes.end);
        self.goal_x = None;
        self.reveal = Some(bytes.start);
    }

    /// Puts the caret down without a selection.
    pub(crate) fn collapse(&mut self, byte: usize) {
        (self.anchor, self.head) = (byte, byte);
        self.goal_x = None;
    }

    /// Scrolls to a place with the next frame, if it is out of sight.
    pub(crate) fn reveal(&mut self, byte: usize) {
        self.reveal = Some(byte);
    }

    /// Selects the unit at the caret; what is selected already grows to the next unit around it.
    pub(crate) fn select_unit(&mut self, text: &str, unit: Unit) {
        let caret = self.selection().start;
        self.select_bytes(boundary::unit_at(text, caret, unit));
    }

    /// Forgets layouts, as when the text or the fonts changed.
    pub(crate) fn forget(&mut self) {
        self.key = None;
    }

    /// Scroll place in pixels from the top of the article.
    pub(crate) fn scroll_y(&self) -> f64 {
        self.heights.top(self.top.0) + self.top.1
    }

    /// Scrolls to a place in pixels.
    pub(crate) fn set_scroll_y(&mut self, y: f64) {
        self.top = self.heights.find(y.clamp(0.0, self.heights.total()));
    }

    /// Height of the whole article as far as it is known.
    pub(crate) fn total_height(&self) -> f64 {
        self.heights.total()
    }

    /// Draws the article into what is left of `ui` and takes the user's input.
    pub(crate) fn show(&mut self, ui: &mut Ui, page: &Page<'_>, engine: &mut TextEngine) -> Vec<ViewEvent> {
        let mut events = Vec::new();
        self.frame += 1;
        let rect = ui.available_rect_before_wrap();
        let response = ui.interact(rect, Self::widget_id(), Sense::click_and_drag());
        ui.advance_cursor_after_rect(rect);
        self.rect = rect;
        let scale = ui.pixels_per_point();
        self.columns = columns(rect, page);
        self.prepare(page, engine, scale);
        if response.has_focus() {
            let filter = egui::EventFilter { horizontal_arrows: true, vertical_arrows: true, escape: true, ..egui::EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(Self::widget_id(), filter));
            self.take_keys(ui, page, engine, scale);
        }
        self.scroll(ui, page, engine, scale, &response);
        self.lay_out_visible(page, engine, scale);
        self.mark_visible(page);
        events.extend(self.take_pointer(ui, page, &response));
        // A drag may have moved an end.
        self.mark_visible(page);
        if let Some(annotation) = accessibility::pressed_mark(ui, page, &self.visible) {
            events.push(ViewEvent::Select(Some(annotation)));
        }
        self.paint(ui, page, engine, scale, &response, &mut events);
        self.scroll_bar(ui, page.theme);
        self.expose(ui, page);
        if self.layouts.len() > KEPT {
            let frame = self.frame;
            self.layouts.retain(|_, (_, seen)| *seen + STALE > frame);
        }
        events
    }

    /// Begins anew with estimated heights when width, scale, style or text changed; the text at the top stays there.
    fn prepare(&mut self, page: &Page<'_>, engine: &mut TextEngine, scale: f32) {
        let key = LayoutKey {
            width: self.columns.width.to_bits(),
            scale: scale.to_bits(),
            size: page.size.to_bits(),
            line_height: page.line_height.to_bits(),
            text: page.index.text().id.to_string(),
            rtl: page.rtl,
            title: page.headline().unwrap_or_default().to_owned(),
        };
        if engine.atlas.is_full() {
            engine.atlas.clear();
            self.key = None;
        }
        if self.key.as_ref() == Some(&key) && self.heights.len() == page.index.blocks().len() {
            return;
        }
        let per_line = (self.columns.width / (page.size * 0.45)).max(10.0);
        let height = page.size * page.line_height;
        let blocks = page.index.blocks();
        let estimate = |block: usize| {
            let bytes = blocks.bytes(block);
            if bytes.is_empty() { 0.0 } else { (bytes.len() as f32 / per_line).ceil() * height + GAP }
        };
        self.heights = Heights::new((0..blocks.len()).map(estimate).collect());
        self.layouts.clear();
        self.top.0 = self.top.0.min(blocks.len().saturating_sub(1));
        self.head = boundary::floor(page.text(), self.head);
        self.anchor = boundary::floor(page.text(), self.anchor);
        self.key = Some(key);
    }

    /// What a block is set in: headline, Arabic a little larger, everything else.
    pub(crate) fn style_of(page: &Page<'_>, block: usize) -> TextStyle {
        let words = page.text().get(page.index.blocks().bytes(block)).unwrap_or_default();
        let is_arabic = words.chars().find(|letter| letter.is_alphabetic()).is_some_and(|letter| ('\u{600}'..='\u{77f}').contains(&letter));
        let style = TextStyle::reading(page.size, page.size * page.line_height);
        if !words.is_empty() && page.headline() == Some(words.trim()) {
            let size = page.size * 30.0 / 18.0;
            return TextStyle { size, weight: 600.0, line_height: size * if is_arabic { 1.6 } else { 1.27 }, ..style };
        }
        if is_arabic {
            return TextStyle { size: style.size * 20.0 / 18.0, line_height: style.line_height * 38.0 / 31.0, ..style };
        }
        style
    }

    fn ensure(&mut self, page: &Page<'_>, engine: &mut TextEngine, scale: f32, block: usize) {
        if let Some((_, seen)) = self.layouts.get_mut(&block) {
            *seen = self.frame;
            return;
        }
        let text = page.text().get(page.index.blocks().bytes(block)).unwrap_or_default();
        let laid_out = if text.trim().is_empty() {
            LaidOut::empty()
        } else {
            engine.layout(text, &Self::style_of(page, block), self.columns.width, scale, page.rtl)
        };
        self.lacks_glyph |= laid_out.lacks_glyph;
        let height = if laid_out.lines.is_empty() { 0.0 } else { laid_out.size.y + GAP };
        self.heights.set(block, height);
        self.layouts.insert(block, (laid_out, self.frame));
    }

    pub(crate) fn laid_out(&self, block: usize) -> Option<&LaidOut> {
        self.layouts.get(&block).map(|(laid_out, _)| laid_out)
    }

    fn scroll(&mut self, ui: &Ui, page: &Page<'_>, engine: &mut TextEngine, scale: f32, response: &Response) {
        let mut change = 0.0_f64;
        if response.contains_pointer() {
            change -= f64::from(ui.input(|input| input.smooth_scroll_delta().y));
        }
        // A drag beyond the edge scrolls, the faster the further.
        let pointer = ui.input(|input| input.pointer.latest_pos()).filter(|_| self.drag.scrolls());
        if let Some(pointer) = pointer {
            let beyond = (pointer.y - self.rect.bottom()).max(0.0) + (pointer.y - self.rect.top()).min(0.0);
            if beyond != 0.0 {
                change += f64::from(beyond) * 0.3;
                ui.request_repaint();
            }
        }
        if let Some(byte) = self.reveal.take() {
            change += self.distance_to(page, engine, scale, byte);
        }
        if change != 0.0 {
            self.scroll_by(page, engine, scale, change);
        }
        let room = f64::from(self.rect.height());
        let lowest = (self.heights.total() + f64::from(MARGIN) * 3.0 - room).max(0.0);
        if self.scroll_y() > lowest {
            self.top = self.heights.find(lowest);
        }
    }

    /// How far to scroll until a place is well in sight; 0 when it is.
    fn distance_to(&mut self, page: &Page<'_>, engine: &mut TextEngine, scale: f32, byte: usize) -> f64 {
        let block = page.index.blocks().block_at(byte);
        self.ensure(page, engine, scale, block);
        let start = page.index.blocks().bytes(block).start;
        let style = Self::style_of(page, block);
        let caret = self.laid_out(block).map_or(Rect::ZERO, |laid_out| laid_out.caret(byte.saturating_sub(start), &style));
        let room = f64::from(self.rect.height());
        let top = self.heights.top(block) + f64::from(caret.top()) - self.scroll_y();
        let bottom = top + f64::from(caret.height());
        let edge = 40.0_f64.min(room / 4.0);
        if top < edge && top > -room {
            top - edge
        } else if bottom > room - edge * 1.5 && bottom < room * 2.0 {
            bottom - room + edge * 1.5
        } else if top < edge || bottom > room - edge * 1.5 {
            top - room / 3.0
        } else {
            0.0
        }
    }

    /// Scrolls and lays out on the way, so that nothing jumps when estimates become heights.
    fn scroll_by(&mut self, page: &Page<'_>, engine: &mut TextEngine, scale: f32, change: f64) {
        if change.abs() > JUMP {
            self.set_scroll_y(self.scroll_y() + change);
            return;
        }
        let (mut block, mut offset) = (self.top.0, self.top.1 + change);
        while offset < 0.0 && block > 0 {
            block -= 1;
            self.ensure(page, engine, scale, block);
            offset += f64::from(self.heights.get(block));
        }
        offset = offset.max(0.0);
        loop {
            self.ensure(page, engine, scale, block);
            let height = f64::from(self.heights.get(block));
            if offset < height || block + 1 >= self.heights.len() {
                break;
            }
            offset -= height;
            block += 1;
        }
        self.top = (block, offset);
    }

    fn lay_out_visible(&mut self, page: &Page<'_>, engine: &mut TextEngine, scale: f32) {
        self.visible.clear();
        self.lacks_glyph = false;
        let mut block = self.top.0;
        let mut y = self.rect.top() + MARGIN - self.top.1 as f32;
        // The paragraph above may still show its last line in the margin.
        while y > self.rect.top() && block > 0 {
            block -= 1;
            self.ensure(page, engine, scale, block);
            y -= self.heights.get(block);
        }
        while y < self.rect.bottom() && block < self.heights.len() {
            self.ensure(page, engine, scale, block);
            let origin = pos2(self.columns.left, (y * scale).round() / scale);
            self.lacks_glyph |= self.laid_out(block).is_some_and(|laid_out| laid_out.lacks_glyph);
            if self.laid_out(block).is_some_and(|laid_out| !laid_out.lines.is_empty()) {
                self.visible.push(Visible { block, origin });
            }
            y += self.heights.get(block);
            block += 1;
        }
    }

    fn scroll_bar(&mut self, ui: &mut Ui, theme: &Theme) {
        let (total, room) = (self.heights.total() + f64::from(MARGIN) * 3.0, f64::from(self.rect.height()));
        if total <= room {
            return;
        }
        let bar = Rect::from_min_max(pos2(self.rect.right() - BAR, self.rect.top()), self.rect.max);
        let response = ui.interact(bar, Self::widget_id().with("bar"), Sense::click_and_drag());
        let length = ((room / total) as f32 * bar.height()).max(28.0);
        let way = bar.height() - length;
        if let Some(pointer) = response.interact_pointer_pos() {
            let share = ((pointer.y - bar.top() - length / 2.0) / way).clamp(0.0, 1.0);
            self.set_scroll_y(f64::from(share) * (total - room));
            ui.request_repaint();
        }
        let top = bar.top() + ((self.scroll_y() / (total - room)) as f32).clamp(0.0, 1.0) * way;
        let strong = response.hovered() || response.dragged();
        let handle = Rect::from_min_size(pos2(bar.left() + 2.0, top), egui::vec2(BAR - 4.0, length));
        ui.painter().rect_filled(handle, 3.0, if strong { theme.control } else { theme.line2 });
    }
}

/// Gutter, text and chips within the centre, as `design` has them: text at most 74 characters wide, chips as marks where it is tight.
fn columns(rect: Rect, page: &Page<'_>) -> Columns {
    let widest = (600.0 * page.size / 18.0).round();
    let (gutter, gap, chip) = if rect.width() >= 828.0 { (56.0, 24.0, 148.0) } else { (44.0, 16.0, 140.0) };
    let named = rect.width() - BAR - gutter - gap - chip;
    let (chips, width, margin) = if named >= 460.0 {
        (Chips::Named, named.min(widest), gap + chip)
    } else {
        (Chips::Marks, (rect.width() - BAR - gutter - 24.0).min(widest).max(160.0), 24.0)
    };
    let spare = (rect.width() - BAR - gutter - width - margin).max(0.0) / 2.0;
    let mirrored = page.rtl.unwrap_or_else(|| is_rtl(page.text()));
    let left = rect.left() + spare + if mirrored { margin } else { gutter };
    Columns { left: left.round(), width: width.round(), chips, mirrored }
}

/// Whether the first strong letter of a text is one of a right-to-left script.
pub(crate) fn is_rtl(text: &str) -> bool {
    let first = text.chars().take(4000).find(|letter| letter.is_alphabetic());
    first.is_some_and(|letter| matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'))
}
