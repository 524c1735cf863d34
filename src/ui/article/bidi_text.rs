//! Words of an article within the interface: drawn by the engine of the article, so that Arabic and Hebrew are right there too.

use super::layout::{Ink, LaidOut, TextEngine, TextStyle, UNBOUNDED};
use egui::{Color32, Mesh, Pos2, Rect, Sense, Shape, Ui, pos2, vec2};
use std::collections::HashMap;

/// Words, size with weight, width, scale, and whether they are set in the interface's face.
type WordKey = (String, u32, u32, u32, bool);

/// Laid-out words that were used lately.
#[derive(Default)]
pub(crate) struct WordCache {
    entries: HashMap<WordKey, (LaidOut, u64)>,
    frame: u64,
}

/// Words that are kept at most before those not seen lately go.
const KEPT: usize = 500;

impl WordCache {
    /// To be called once a frame.
    pub(crate) fn begin_frame(&mut self) {
        self.frame += 1;
        if self.entries.len() > KEPT {
            let frame = self.frame;
            self.entries.retain(|_, (_, seen)| *seen + 60 > frame);
        }
    }

    /// Forgets everything, as when the atlas was cleared.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    fn get(&mut self, engine: &mut TextEngine, words: &str, style: &TextStyle, width: f32, scale: f32) -> &LaidOut {
        let is_interface = style.family == crate::ui::fonts::INTERFACE;
        let key = (
            words.to_owned(),
            style.size.to_bits() ^ style.weight.to_bits().rotate_left(8),
            width.to_bits(),
            scale.to_bits(),
            is_interface,
        );
        let frame = self.frame;
        let entry = self.entries.entry(key).or_insert_with(|| (engine.layout(words, style, width, scale, None), frame));
        entry.1 = frame;
        &entry.0
    }
}

/// Lines of a label at most.
const LABEL_LINES: usize = 40;
/// Letters that so many lines hold.
const LABEL_LETTERS: usize = 8_000;

/// Everything that drawing article words needs.
pub(crate) struct Words<'e> {
    pub(crate) engine: &'e mut TextEngine,
    pub(crate) cache: &'e mut WordCache,
}

impl Words<'_> {
    /// Draws words on one line into a rectangle, cut with an ellipsis; right-to-left words stand at its right. Gives their width.
    pub(crate) fn line(&mut self, ui: &Ui, rect: Rect, words: &str, style: &TextStyle, colour: Color32) -> f32 {
        if words.is_empty() {
            return 0.0;
        }
        let scale = ui.pixels_per_point();
        let shown: String = crate::display::safe::brief(words).chars().take(200).collect();
        let whole = self.cache.get(self.engine, &shown, style, UNBOUNDED, scale);
        if whole.size.x <= rect.width() + 0.5 {
            return self.draw(ui, rect, &shown, style, UNBOUNDED, colour, 1);
        }
        // The longest beginning that fits with an ellipsis, by the letters of the first line in their order.
        let room = rect.width() - style.size * 0.9;
        let mut used = 0.0;
        let mut end = 0;
        if let Some(line) = whole.lines.first() {
            for letter in &line.clusters {
                used += letter.right - letter.left;
                if used > room {
                    break;
                }
                end = letter.end as usize;
            }
        }
        let cut = format!("{}…", shown.get(..end).unwrap_or_default().trim_end());
        self.draw(ui, rect, &cut, style, UNBOUNDED, colour, 1)
    }

    /// The width of words on one line.
    pub(crate) fn width(&mut self, words: &str, style: &TextStyle, scale: f32) -> f32 {
        if words.is_empty() {
            return 0.0;
        }
        let shown: String = crate::display::safe::brief(words).chars().take(200).collect();
        self.cache.get(self.engine, &shown, style, UNBOUNDED, scale).size.x
    }

    /// Draws words wrapped to the width of a rectangle, `most` lines at most. Gives the height used.
    pub(crate) fn paragraph(&mut self, ui: &Ui, rect: Rect, words: &str, style: &TextStyle, colour: Color32, most: usize) -> f32 {
        let scale = ui.pixels_per_point();
        let laid_out = self.cache.get(self.engine, words, style, rect.width(), scale);
        let lines = laid_out.lines.len();
        if lines <= most {
            let height = laid_out.size.y;
            self.draw(ui, rect, words, style, rect.width(), colour, most);
            return height;
        }
        let end = most.checked_sub(1).and_then(|last| laid_out.lines.get(last)).map_or(0, |line| line.bytes.end);
        let shorter = words.get(..end).unwrap_or_default();
        let last_word = shorter.trim_end().rfind(char::is_whitespace).unwrap_or(shorter.len());
        let cut = format!("{}…", shorter.get(..last_word).unwrap_or_default().trim_end());
        self.draw(ui, rect, &cut, style, rect.width(), colour, most);
        self.cache.get(self.engine, &cut, style, rect.width(), scale).size.y
    }

    /// The height that [`Words::paragraph`] will use.
    pub(crate) fn height(&mut self, ui: &Ui, width: f32, words: &str, style: &TextStyle, most: usize) -> f32 {
        let laid_out = self.cache.get(self.engine, words, style, width, ui.pixels_per_point());
        laid_out.lines.get(..laid_out.lines.len().min(most)).and_then(<[_]>::last).map_or(style.line_height, |line| line.bottom)
    }

    /// Takes room for words wrapped to what is left of the width, and draws them; screen readers hear them.
    pub(crate) fn label(&mut self, ui: &mut Ui, words: &str, style: &TextStyle, colour: Color32) {
        let end = words.char_indices().nth(LABEL_LETTERS).map_or(words.len(), |(at, _)| at);
        let shown = crate::display::safe::one_line(words.get(..end).unwrap_or_default());
        let width = ui.available_width();
        let height = self.height(ui, width, &shown, style, LABEL_LINES);
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &*shown));
        if ui.is_rect_visible(rect) {
            self.paragraph(ui, rect, &shown, style, colour, LABEL_LINES);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what is drawn, where and how")]
    fn draw(&mut self, ui: &Ui, rect: Rect, words: &str, style: &TextStyle, width: f32, colour: Color32, most: usize) -> f32 {
        let scale = ui.pixels_per_point();
        let laid_out = self.cache.get(self.engine, words, style, width, scale);
        let used = laid_out.size.x;
        let first_left =
            laid_out.lines.first().map_or(0.0, |line| line.clusters.iter().map(|letter| letter.left).fold(f32::INFINITY, f32::min));
        let single = most == 1;
        let top = if single { rect.center().y - style.line_height / 2.0 } else { rect.top() };
        // A single line is laid out without bounds, where right-to-left words end anywhere: they are moved to the right edge.
        let left = match (single, laid_out.rtl) {
            (true, true) => rect.right() - used - first_left,
            (true, false) => rect.left() - first_left,
            (false, _) => rect.left(),
        };
        let snapped = |at: Pos2| pos2((at.x * scale).round() / scale, (at.y * scale).round() / scale);
        let texture = self.engine.atlas.texture(ui.ctx());
        let mut mesh = Mesh::with_texture(texture);
        let origin = snapped(pos2(left, top));
        let ink = Ink { origin, scale, clip: ui.clip_rect(), colour, strong: &[], strong_colour: colour };
        laid_out.paint(&self.engine.atlas, &ink, &mut mesh);
        if !mesh.is_empty() {
            ui.painter().add(Shape::mesh(mesh));
        }
        used
    }
}
