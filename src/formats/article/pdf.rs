//! The text layer of PDF files, by `hayro`: every glyph with its place, put together to lines and paragraphs here. What a page draws is
//! not looked at. Columns, hyphens and page heads need a look, and the user is told so.

use super::{ArticleError, Choices, Imported, docx::article};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache, InterpreterSettings, SoftMask,
    font::GlyphRun,
    hayro_cmap::BfString,
    interpret_page,
    kurbo::{Affine, BezPath, Point, Rect},
};
use hayro_syntax::Pdf;

/// Largest file in bytes, most pages, most glyphs of all pages.
const LARGEST: usize = 64 << 20;
const PAGES: usize = 2_000;
const GLYPHS: usize = 8_000_000;

/// Reads the text layer.
pub fn read(name: &str, bytes: &[u8], _choices: &Choices) -> Result<Imported, ArticleError> {
    let name_of = || name.to_owned();
    if bytes.len() > LARGEST {
        return Err(ArticleError::TooLarge { name: name_of(), limit: LARGEST });
    }
    let damaged = |what: &str| ArticleError::Damaged { name: name_of(), what: what.to_owned() };
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| damaged(&format!("no PDF that can be read ({error:?})")))?;
    let pages = pdf.pages();
    if pages.len() > PAGES {
        return Err(damaged("it has more than 2,000 pages"));
    }
    let cache = InterpreterCache::new();
    let (mut paragraphs, mut glyphs, mut unknown, mut columns) = (Vec::new(), 0, 0, false);
    for page in pages.iter() {
        let (width, height) = page.render_dimensions();
        let frame = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut context = Context::new(Affine::IDENTITY, frame, &cache, pdf.xref(), InterpreterSettings::default());
        let mut text = Glyphs { left: GLYPHS - glyphs, ..Glyphs::default() };
        interpret_page(page, &mut context, &mut text);
        glyphs += text.found.len();
        unknown += text.unknown;
        if text.left == 0 {
            return Err(damaged("it has more letters than an article"));
        }
        let lines = lines(text.found);
        columns |= has_columns(&lines);
        paragraphs.extend(join(lines));
    }
    if paragraphs.iter().all(|paragraph: &String| paragraph.trim().is_empty()) {
        return Err(ArticleError::NoText { name: name_of() });
    }
    let mut warnings =
        vec!["Text of a PDF: compare it with the page. Heads, page numbers and captions may stand inside the article.".to_owned()];
    let hyphens = unhyphenate(&mut paragraphs);
    if hyphens > 0 {
        warnings.push(format!("{hyphens} words that were broken at a line end were joined."));
    }
    if columns {
        warnings.push("The page seems to have columns: check the order of the lines.".to_owned());
    }
    if unknown > 0 {
        warnings.push(format!("{unknown} letters have no character in the file and were left out."));
    }
    article(name, bytes, "pdf", &paragraphs, "", warnings)
}

/// A glyph: where it begins, how large it is, what it says.
#[derive(Debug, Clone)]
struct Placed {
    x: f64,
    y: f64,
    size: f64,
    /// Where it ends, as far as its font says.
    end: f64,
    text: String,
}

/// Collects glyphs in the order in which the page draws them.
#[derive(Default)]
struct Glyphs {
    found: Vec<Placed>,
    unknown: usize,
    left: usize,
}

impl Device<'_> for Glyphs {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        for glyph in run.glyphs() {
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            let Some(text) = glyph.as_unicode() else {
                self.unknown += 1;
                continue;
            };
            let text = match text {
                BfString::Char(letter) => letter.to_string(),
                BfString::String(letters) => letters,
            };
            let transform = props.transform * glyph.transform();
            let at = transform * Point::ZERO;
            // Glyphs are drawn in thousandths of their size.
            let up = transform * Point::new(0.0, 1_000.0);
            let size = ((up.x - at.x).powi(2) + (up.y - at.y).powi(2)).sqrt();
            let size = if size.is_finite() && size > 0.1 { size } else { 10.0 };
            if at.x.is_finite() && at.y.is_finite() && text.chars().all(|letter| letter != '\0') {
                self.found.push(Placed { x: at.x, y: at.y, size, end: at.x + size * 0.5, text });
            }
        }
    }

    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {}

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// A line: where it stands, and its words.
#[derive(Debug, Clone)]
struct Line {
    x: f64,
    y: f64,
    size: f64,
    text: String,
}

/// Glyphs on one height that follow each other are a line; a gap is a space.
fn lines(glyphs: Vec<Placed>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut before: Option<Placed> = None;
    for glyph in glyphs {
        let same = before
            .as_ref()
            .is_some_and(|before| (before.y - glyph.y).abs() < before.size * 0.5 && (glyph.x - before.x).abs() < before.size * 40.0);
        match (lines.last_mut(), &before) {
            (Some(line), Some(before)) if same => {
                // Without widths, a step well beyond that of letters is a space; most writers draw the space itself.
                let gap = glyph.x - before.end;
                if gap > before.size * 0.45 && !line.text.ends_with(' ') && !glyph.text.starts_with(' ') {
                    line.text.push(' ');
                }
                line.text.push_str(&glyph.text);
            }
            _ => lines.push(Line { x: glyph.x, y: glyph.y, size: glyph.size, text: glyph.text.clone() }),
        }
        before = Some(glyph);
    }
    lines.retain(|line| !line.text.trim().is_empty());
    lines
}

/// Lines that begin high again, at another place to the right: columns.
fn has_columns(lines: &[Line]) -> bool {
    let jumps =
        lines.iter().zip(lines.iter().skip(1)).filter(|(one, next)| next.y > one.y + one.size * 5.0 && next.x > one.x + one.size * 10.0);
    lines.len() > 8 && jumps.count() > 0
}

/// Lines at the usual distance are a paragraph.
fn join(lines: Vec<Line>) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut distances: Vec<f64> =
        lines.iter().zip(lines.iter().skip(1)).map(|(one, next)| one.y - next.y).filter(|distance| *distance > 0.0).collect();
    distances.sort_by(f64::total_cmp);
    let usual = distances.get(distances.len() / 3).copied().unwrap_or(12.0);
    let mut before: Option<Line> = None;
    for line in lines {
        let follows = before.as_ref().is_some_and(|before| {
            let distance = before.y - line.y;
            distance > -before.size && distance < usual * 1.35 && (before.size - line.size).abs() < before.size * 0.15
        });
        match paragraphs.last_mut() {
            Some(paragraph) if follows => {
                if !paragraph.ends_with(' ') {
                    paragraph.push('\n');
                }
                paragraph.push_str(line.text.trim());
            }
            _ => paragraphs.push(line.text.trim().to_owned()),
        }
        before = Some(line);
    }
    paragraphs
}

/// Joins lines of a paragraph, and words that a hyphen breaks at a line end; says how many words.
fn unhyphenate(paragraphs: &mut [String]) -> usize {
    let mut joined = 0;
    for paragraph in paragraphs {
        let mut out = String::with_capacity(paragraph.len());
        for line in paragraph.split('\n') {
            let lower = line.chars().next().is_some_and(char::is_lowercase);
            let broken = out.ends_with(['-', '\u{ad}', '\u{2010}']) && out.chars().rev().nth(1).is_some_and(char::is_alphabetic);
            if broken && lower {
                out.pop();
                joined += 1;
            } else if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(line);
        }
        *paragraph = out;
    }
    joined
}
