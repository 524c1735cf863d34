//! Glyphs of article text in one texture: outlines are rasterised on first use, at four sub-pixel places.

// Pixels of images that this file sizes itself are indexed directly.
#![allow(clippy::indexing_slicing, reason = "rows and columns come from the sizes of the images they index")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "glyphs are at most a thousand pixels wide and high")]

use egui::{Color32, ColorImage, Pos2, Rect, TextureId, TextureOptions, epaint::ImageDelta, pos2};
use skrifa::MetadataProvider as _;
use std::collections::HashMap;
use vello_cpu::{color, kurbo, peniko};

/// Horizontal places within a pixel at which a glyph is drawn differently.
const PLACES: f32 = 4.0;
/// Width of the texture; every graphics driver takes it.
const WIDTH: usize = 2048;
/// Height at which the atlas is full and begins anew.
const HIGHEST: usize = 4096;
/// Longest side of a glyph that is drawn.
const LARGEST: usize = 1000;

/// A face at a size: index into the atlas's list.
pub(crate) type FaceId = u16;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct GlyphKey {
    face: FaceId,
    place: u8,
    glyph: u32,
}

struct Face {
    data: parley::FontData,
    size: f32,
    coords: Vec<skrifa::instance::NormalizedCoord>,
    bold: bool,
    skew: f32,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct FaceKey {
    blob: u64,
    index: u32,
    size: u32,
    coords: Vec<i16>,
    bold: bool,
    skew: u32,
}

/// A glyph in the texture, in pixels.
#[derive(Debug, Clone, Copy)]
struct Slot {
    min: [u16; 2],
    size: [u16; 2],
    offset: [i16; 2],
    coloured: bool,
}

/// A glyph of a layout: where it goes, and where it is in the texture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quad {
    /// Relative to the layout, in pixels.
    pub(crate) rect: Rect,
    slot: u32,
}

/// The texture and what is where in it.
pub(crate) struct Atlas {
    faces: Vec<Face>,
    face_ids: HashMap<FaceKey, FaceId>,
    slots: Vec<Slot>,
    slot_ids: HashMap<GlyphKey, Option<u32>>,
    image: ColorImage,
    changed: Option<[usize; 4]>,
    grown: bool,
    texture: Option<TextureId>,
    shelf: [usize; 3],
    full: bool,
}

impl Atlas {
    pub(crate) fn new() -> Self {
        Self {
            faces: Vec::new(),
            face_ids: HashMap::new(),
            slots: Vec::new(),
            slot_ids: HashMap::new(),
            image: ColorImage::filled([WIDTH, 512], Color32::TRANSPARENT),
            changed: None,
            grown: true,
            texture: None,
            shelf: [1, 1, 0],
            full: false,
        }
    }

    /// Whether glyphs were left out; then [`Atlas::clear`] it and lay everything out again.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// Forgets all glyphs; layouts made before are void. The texture is used again.
    pub(crate) fn clear(&mut self) {
        let texture = self.texture;
        *self = Self { texture, ..Self::new() };
    }

    /// Names a face at a size in pixels.
    pub(crate) fn face(&mut self, data: &parley::FontData, size: f32, coords: &[i16], synthesis: parley::fontique::Synthesis) -> FaceId {
        let (bold, skew) = (synthesis.embolden(), synthesis.skew().unwrap_or(0.0));
        let key =
            FaceKey { blob: data.data.id(), index: data.index, size: size.to_bits(), coords: coords.to_vec(), bold, skew: skew.to_bits() };
        if let Some(face) = self.face_ids.get(&key) {
            return *face;
        }
        let face = self.faces.len() as FaceId;
        let coords = coords.iter().map(|bits| skrifa::instance::NormalizedCoord::from_bits(*bits)).collect();
        self.faces.push(Face { data: data.clone(), size, coords, bold, skew });
        self.face_ids.insert(key, face);
        face
    }

    /// The quad of a glyph whose origin is at `x`, `y` pixels; `None` for one without ink.
    pub(crate) fn quad(&mut self, face: FaceId, glyph: u32, x: f32, y: f32) -> Option<Quad> {
        let place = (x * PLACES).round();
        let key = GlyphKey { face, glyph, place: place.rem_euclid(PLACES) as u8 };
        let id = if let Some(id) = self.slot_ids.get(&key) {
            *id
        } else {
            let slot = self.rasterise(key);
            let id = slot.map(|slot| {
                self.slots.push(slot);
                (self.slots.len() - 1) as u32
            });
            self.slot_ids.insert(key, id);
            id
        }?;
        let slot = self.slots[id as usize];
        let min = pos2((place / PLACES).floor() + f32::from(slot.offset[0]), y.round() + f32::from(slot.offset[1]));
        let size = egui::vec2(f32::from(slot.size[0]), f32::from(slot.size[1]));
        Some(Quad { rect: Rect::from_min_size(min, size), slot: id })
    }

    /// Adds a quad to a mesh at `origin`, in points; `scale` is pixels per point. Coloured glyphs keep their colours.
    pub(crate) fn paint(&self, quad: &Quad, origin: Pos2, scale: f32, colour: Color32, mesh: &mut egui::Mesh) {
        let Some(slot) = self.slots.get(quad.slot as usize) else { return };
        let [width, height] = self.image.size;
        let uv = |x: u16, y: u16| pos2(f32::from(x) / width as f32, f32::from(y) / height as f32);
        let uv = Rect::from_min_max(uv(slot.min[0], slot.min[1]), uv(slot.min[0] + slot.size[0], slot.min[1] + slot.size[1]));
        let rect = Rect::from_min_max(origin + quad.rect.min.to_vec2() / scale, origin + quad.rect.max.to_vec2() / scale);
        mesh.add_rect_with_uv(rect, uv, if slot.coloured { Color32::WHITE } else { colour });
    }

    /// Uploads what is new; once a frame, before the frame ends.
    pub(crate) fn texture(&mut self, ctx: &egui::Context) -> TextureId {
        let textures = ctx.tex_manager();
        let mut textures = textures.write();
        let Some(texture) = self.texture else {
            let texture = textures.alloc("article glyphs".to_owned(), self.image.clone().into(), TextureOptions::LINEAR);
            self.texture = Some(texture);
            (self.grown, self.changed) = (false, None);
            return texture;
        };
        if self.grown {
            // Meshes made earlier in this frame have the texture's old height in their coordinates.
            ctx.request_repaint();
            textures.set(texture, ImageDelta::full(self.image.clone(), TextureOptions::LINEAR));
            (self.grown, self.changed) = (false, None);
        } else if let Some([left, top, right, bottom]) = self.changed.take() {
            let rows = (top..bottom).flat_map(|row| self.image.pixels[row * WIDTH + left..row * WIDTH + right].iter().copied());
            let image = ColorImage::new([right - left, bottom - top], rows.collect());
            textures.set(texture, ImageDelta::partial([left, top], image, TextureOptions::LINEAR));
        }
        texture
    }

    fn rasterise(&mut self, key: GlyphKey) -> Option<Slot> {
        let face = self.faces.get(usize::from(key.face))?;
        let (pixels, size, offset, coloured) = coloured(face, key.glyph).or_else(|| outline(face, key))?;
        let [x, y] = self.allocate(size)?;
        for (row, line) in pixels.chunks_exact(size[0]).enumerate() {
            let start = (y + row) * WIDTH + x;
            self.image.pixels[start..start + size[0]].copy_from_slice(line);
        }
        let [left, top, right, bottom] = self.changed.unwrap_or([x, y, x, y]);
        self.changed = Some([left.min(x), top.min(y), right.max(x + size[0]), bottom.max(y + size[1])]);
        Some(Slot { min: [x as u16, y as u16], size: [size[0] as u16, size[1] as u16], offset, coloured })
    }

    /// Room on the current shelf, or on a new one.
    fn allocate(&mut self, [width, height]: [usize; 2]) -> Option<[usize; 2]> {
        let [mut x, mut y, mut tallest] = self.shelf;
        if x + width + 1 > WIDTH {
            (x, y, tallest) = (1, y + tallest + 1, 0);
        }
        while y + height + 1 > self.image.size[1] {
            if self.image.size[1] >= HIGHEST {
                self.full = true;
                return None;
            }
            self.image.size[1] *= 2;
            self.image.pixels.resize(WIDTH * self.image.size[1], Color32::TRANSPARENT);
            self.grown = true;
        }
        self.shelf = [x + width + 1, y, tallest.max(height)];
        Some([x, y])
    }
}

type Raster = (Vec<Color32>, [usize; 2], [i16; 2], bool);

/// A glyph with colours of its own, as emoji have.
fn coloured(face: &Face, glyph: u32) -> Option<Raster> {
    let font = skrifa::FontRef::from_index(face.data.data.as_ref(), face.data.index).ok()?;
    let id = skrifa::GlyphId::new(glyph);
    let size = skrifa::instance::Size::new(face.size);
    if font.color_glyphs().get(id).is_none() && font.bitmap_strikes().glyph_for_size(size, id).is_none() {
        return None;
    }
    // The bounds are not known beforehand: room for one em around the em box, then cropped.
    let canvas_side = (3.0 * face.size).ceil().clamp(1.0, LARGEST as f32) as u16;
    let origin = [face.size, 2.0 * face.size];
    let data = peniko::FontData::new(peniko::Blob::new(std::sync::Arc::new(face.data.data.as_ref().to_vec())), face.data.index);
    let coords: Vec<i16> = face.coords.iter().map(|coord| coord.to_bits()).collect();
    let mut context = vello_cpu::RenderContext::new(canvas_side, canvas_side);
    let mut resources = vello_cpu::Resources::new();
    context.set_paint(color::OpaqueColor::<color::Srgb>::WHITE);
    let run = context.glyph_run(&mut resources, &data).font_size(face.size).hint(false).normalized_coords(&coords);
    run.fill_glyphs(std::iter::once(vello_cpu::Glyph { id: glyph, x: origin[0], y: origin[1] }));
    let mut canvas = vello_cpu::Pixmap::new(canvas_side, canvas_side);
    context.render(&mut canvas, &mut resources);
    let row = usize::from(canvas_side);
    let pixels: Vec<Color32> =
        canvas.data_as_u8_slice().chunks_exact(4).map(|p| Color32::from_rgba_premultiplied(p[0], p[1], p[2], p[3])).collect();
    let (mut min, mut max) = ([row, row], [0, 0]);
    for (at, _) in pixels.iter().enumerate().filter(|(_, pixel)| pixel.a() != 0) {
        let place = [at % row, at / row];
        for axis in 0..2 {
            min[axis] = min[axis].min(place[axis]);
            max[axis] = max[axis].max(place[axis] + 1);
        }
    }
    if max[0] <= min[0] || max[1] <= min[1] {
        return None;
    }
    let cropped = (min[1]..max[1]).flat_map(|line| pixels[line * row + min[0]..line * row + max[0]].iter().copied()).collect();
    let offset = [(min[0] as f32 - origin[0]).round() as i16, (min[1] as f32 - origin[1]).round() as i16];
    Some((cropped, [max[0] - min[0], max[1] - min[1]], offset, true))
}

/// An ordinary glyph as coverage in white, so that the vertex colour is its colour.
fn outline(face: &Face, key: GlyphKey) -> Option<Raster> {
    let font = skrifa::FontRef::from_index(face.data.data.as_ref(), face.data.index).ok()?;
    let glyph = font.outline_glyphs().get(skrifa::GlyphId::new(key.glyph))?;
    let mut pen = Pen { path: kurbo::BezPath::new(), shift: f64::from(f32::from(key.place) / PLACES) };
    let location = skrifa::instance::LocationRef::new(&face.coords);
    glyph.draw(skrifa::outline::DrawSettings::unhinted(skrifa::instance::Size::new(face.size), location), &mut pen).ok()?;
    let mut path = pen.path;
    if face.skew != 0.0 {
        path.apply_affine(kurbo::Affine::skew(-f64::from(face.skew).to_radians().tan(), 0.0));
    }
    let bounds = kurbo::Shape::bounding_box(&path).inflate(if face.bold { 1.0 } else { 0.0 }, 0.0).expand();
    let (width, height) = (bounds.width() as usize, bounds.height() as usize);
    if width == 0 || height == 0 || width > LARGEST || height > LARGEST {
        return None;
    }
    let mut context = vello_cpu::RenderContext::new(width as u16, height as u16);
    context.set_transform(kurbo::Affine::translate((-bounds.x0, -bounds.y0)));
    context.set_paint(color::OpaqueColor::<color::Srgb>::WHITE);
    context.fill_path(&path);
    if face.bold {
        context.set_stroke(kurbo::Stroke::new(f64::from(face.size) / 24.0));
        context.stroke_path(&path);
    }
    let mut canvas = vello_cpu::Pixmap::new(width as u16, height as u16);
    context.render(&mut canvas, &mut vello_cpu::Resources::new());
    let coverage = canvas.data_as_u8_slice().chunks_exact(4).map(|p| Color32::from_rgba_premultiplied(p[3], p[3], p[3], p[3]));
    Some((coverage.collect(), [width, height], [bounds.x0 as i16, bounds.y0 as i16], false))
}

/// Collects an outline, y pointing down.
struct Pen {
    path: kurbo::BezPath,
    shift: f64,
}

impl Pen {
    fn point(&self, x: f32, y: f32) -> kurbo::Point {
        kurbo::Point::new(f64::from(x) + self.shift, -f64::from(y))
    }
}

impl skrifa::outline::OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.point(x, y));
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.point(x, y));
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (control, end) = (self.point(cx, cy), self.point(x, y));
        self.path.quad_to(control, end);
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let (first, second, end) = (self.point(ax, ay), self.point(bx, by), self.point(x, y));
        self.path.curve_to(first, second, end);
    }
    fn close(&mut self) {
        self.path.close_path();
    }
}
