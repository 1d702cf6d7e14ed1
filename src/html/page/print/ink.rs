//! Strokes, fills, pictures and letters of a recorded letter, put on sheets of a PDF.
//!
//! What a PDF cannot say is left out or said simpler: blurred shadows are a few steps,
//! shadows inside boxes and masks are left away.

use super::letters::{Face, Letters};
use super::paint::{mixed, paint};
use super::pictures::{Pictures, is_tiled};
use super::sheets::{Line, Span};
use anyrender::recording::{GlyphRunCommand, RenderCommand};
use anyrender::{Paint, Scene};
use krilla::geom::{Path, PathBuilder, Point, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph, Tag};
use kurbo::{Affine, BezPath, PathEl, Rect, RoundedRect, Shape, Vec2};
use peniko::{Compose, FontData, Mix};
use std::collections::{HashMap, HashSet};

/// Points of paths and letters that are put on paper, at most.
const MARKS: usize = 8_000_000;

/// Farther out nothing is drawn, in points.
const FAR: f64 = 30_000.0;

/// Layers in layers that are opened; what is deeper is drawn into the last.
const DEEPEST: usize = 64;

/// Steps of a blurred edge.
const STEPS: u8 = 8;

/// A letter as it was painted once, and where it goes.
pub(super) struct Plate {
    scene: Scene,
    place: Affine,
    /// From top to bottom, each command's reach; `None`: unknown.
    reach: Vec<Option<Span>>,
    /// Layers that are not drawn, by the command that opens them.
    dropped: HashSet<usize>,
    /// Points to a pixel.
    pub(super) scale: f64,
    /// Where it begins, and how high it is.
    pub(super) top: f64,
    pub(super) height: f64,
    /// Its lines of text, and what is better not cut.
    pub(super) lines: Vec<Line>,
    pub(super) solid: Vec<Span>,
}

/// What of a plate goes on a sheet.
pub(super) struct Window<'w> {
    pub(super) span: Span,
    pub(super) column: f64,
    /// From the plate to the sheet.
    pub(super) to: Vec2,
    /// Whether letters on this base line belong on this sheet.
    pub(super) own: &'w dyn Fn(f64) -> bool,
}

/// Layers that the engine opens in one scene, at most: what comes after is drawn unclipped.
const LAYERS: usize = 1024;

impl Plate {
    /// Whether something of it may be drawn unclipped.
    pub(super) fn is_crowded(&self) -> bool {
        let is_layer = |command: &&RenderCommand| {
            matches!(command, RenderCommand::PushLayer(_) | RenderCommand::PushClipLayer(_))
        };
        self.scene.commands.iter().filter(is_layer).count() >= LAYERS
    }

    /// What was painted, `scale` points to a pixel, from `top` on.
    pub(super) fn new(scene: Scene, scale: f64, top: f64, height: f64) -> Self {
        let place = Affine::scale(scale).then_translate(Vec2::new(0.0, top));
        let reach = scene.commands.iter().map(|command| reach(command, place)).collect();
        let dropped = dropped(&scene.commands);
        let (lines, solid) = (Vec::new(), Vec::new());
        Self { scene, place, scale, reach, dropped, top, height, lines, solid }
    }
}

fn reach(command: &RenderCommand, place: Affine) -> Option<Span> {
    let (bounds, transform) = match command {
        RenderCommand::PushLayer(layer) => (layer.clip.bounding_box(), layer.transform),
        RenderCommand::PushClipLayer(layer) => (layer.clip.bounding_box(), layer.transform),
        RenderCommand::PopLayer => return None,
        RenderCommand::Stroke(stroke) => {
            let out = stroke.style.width * 2.0;
            (stroke.shape.bounding_box().inflate(out, out), stroke.transform)
        }
        RenderCommand::Fill(fill) => (fill.shape.bounding_box(), fill.transform),
        RenderCommand::GlyphRun(run) => {
            let base = baseline(run, place)?;
            let size = f64::from(run.font_size) * height_of(place * run.transform);
            return Some(Span { top: base - size * 1.5, bottom: base + size });
        }
        RenderCommand::BoxShadow(shadow) => {
            let out = shadow.std_dev * 3.0;
            (shadow.rect.inflate(out, out), shadow.transform)
        }
    };
    let bounds = (place * transform).transform_rect_bbox(bounds);
    bounds.is_finite().then_some(Span { top: bounds.y0, bottom: bounds.y1 })
}

/// Layers that take something away from what they lie on: a PDF has nothing like that.
/// Where that was all that made sense of the layer below, it goes as well.
fn dropped(commands: &[RenderCommand]) -> HashSet<usize> {
    let mut dropped = HashSet::new();
    let mut open: Vec<usize> = Vec::new();
    for (index, command) in commands.iter().enumerate() {
        match command {
            RenderCommand::PushLayer(layer) => {
                if layer.blend.compose != Compose::SrcOver {
                    dropped.insert(index);
                    if layer.blend.compose == Compose::DestOut {
                        dropped.extend(open.last());
                    }
                }
                open.push(index);
            }
            RenderCommand::PushClipLayer(_) => open.push(index),
            RenderCommand::PopLayer => {
                open.pop();
            }
            _ => {}
        }
    }
    dropped
}

/// Where the first glyph of a run stands, from above.
fn baseline(run: &GlyphRunCommand, place: Affine) -> Option<f64> {
    let first = run.glyphs.first()?;
    let at = kurbo::Point::new(f64::from(first.x), f64::from(first.y));
    let base = (place * run.transform * at).y;
    base.is_finite().then_some(base)
}

/// How much higher a transform makes things.
fn height_of(transform: Affine) -> f64 {
    let [_, _, c, d, ..] = transform.as_coeffs();
    c.hypot(d)
}

/// A layer that was pushed.
enum Layer {
    /// Nothing was drawn in it yet: the command that opens it.
    Waiting(usize),
    /// It takes so many steps to leave it.
    Open(u8),
    /// Nothing of it is drawn.
    Hidden,
}

/// What puts letters on paper. Fonts and pictures are kept from sheet to sheet.
pub(super) struct Ink {
    letters: Letters,
    /// With whether they may be embedded.
    fonts: HashMap<Face, Option<(Font, bool)>>,
    /// No font is embedded: letters are mere shapes.
    shapes: bool,
    pictures: Pictures,
    left: usize,
}

impl Ink {
    pub(super) fn new(letters: Letters, shapes: bool) -> Self {
        Self { letters, fonts: HashMap::new(), shapes, pictures: Pictures::default(), left: MARKS }
    }

    /// The same for a new file, without fonts.
    pub(super) fn of_shapes(self) -> Self {
        Self::new(self.letters, true)
    }

    /// More was to be drawn than is ever drawn.
    pub(super) fn is_dry(&self) -> bool {
        self.left == 0
    }

    /// Puts what of a plate is in the window on a sheet.
    pub(super) fn print(&mut self, surface: &mut Surface<'_>, plate: &Plate, window: &Window<'_>) {
        let place = plate.place.then_translate(window.to);
        let Span { top, bottom } = window.span;
        let frame = Rect::new(0.0, top, window.column, bottom) + window.to;
        let Some(frame) = path(&frame.to_path(0.1), Affine::IDENTITY) else { return };
        surface.push_clip_path(&frame, &FillRule::NonZero);
        let mut layers: Vec<Layer> = Vec::new();
        // What of each layer can be seen, as boxes.
        let mut clips: Vec<Rect> = Vec::new();
        for (index, command) in plate.scene.commands.iter().enumerate() {
            let seen = plate.reach.get(index).copied().flatten();
            let seen = seen.is_none_or(|reach| reach.bottom > top && reach.top < bottom);
            match command {
                RenderCommand::PushLayer(_) | RenderCommand::PushClipLayer(_) => {
                    let hidden = matches!(layers.last(), Some(Layer::Hidden));
                    let hidden = hidden || !seen || plate.dropped.contains(&index);
                    layers.push(if hidden { Layer::Hidden } else { Layer::Waiting(index) });
                    let own = clip_of(command, place).unwrap_or(EVERYWHERE);
                    clips.push(clips.last().copied().unwrap_or(EVERYWHERE).intersect(own));
                }
                RenderCommand::PopLayer => {
                    clips.pop();
                    if let Some(Layer::Open(steps)) = layers.pop() {
                        (0..steps).for_each(|_| surface.pop());
                    }
                }
                _ if matches!(layers.last(), Some(Layer::Hidden)) || self.is_dry() => {}
                RenderCommand::GlyphRun(run) => {
                    let Some(base) = baseline(run, plate.place) else { continue };
                    let size = f64::from(run.font_size) * height_of(plate.place * run.transform);
                    let own = (window.own)(base);
                    // What is nearly as high as a sheet goes over several, as shapes.
                    let giant = !own && seen && size > (bottom - top) * 0.5;
                    let clip = clips.last().copied().unwrap_or(EVERYWHERE);
                    let seen = seen_of(run, place, clip);
                    if (own || giant)
                        && seen.contains(&true)
                        && open(surface, plate, &mut layers, place)
                    {
                        self.write(surface, run, &seen, place, giant);
                    }
                }
                _ if !seen => {}
                command => {
                    if open(surface, plate, &mut layers, place) {
                        self.draw(surface, command, place);
                    }
                }
            }
        }
        for layer in layers.into_iter().rev() {
            if let Layer::Open(steps) = layer {
                (0..steps).for_each(|_| surface.pop());
            }
        }
        surface.pop();
    }

    fn draw(&mut self, surface: &mut Surface<'_>, command: &RenderCommand, place: Affine) {
        match command {
            RenderCommand::Fill(fill) => {
                let whole = place * fill.transform;
                let Some(shape) = self.path(&fill.shape, whole) else { return };
                let rule = rule(fill.fill);
                let brush = whole * fill.brush_transform.unwrap_or_default();
                if let Paint::Image(image) = &fill.brush {
                    let covered = fill.shape.bounding_box();
                    let tiled = is_tiled(image, fill.brush_transform, covered);
                    self.pictures.draw(surface, image, (&shape, rule), (brush, tiled));
                } else if let Some((paint, opacity)) = paint(&fill.brush, brush) {
                    surface.set_stroke(None);
                    surface.set_fill(Some(Fill { paint, opacity, rule }));
                    surface.draw_path(&shape);
                }
            }
            RenderCommand::Stroke(stroke) => {
                let whole = place * stroke.transform;
                let brush = whole * stroke.brush_transform.unwrap_or_default();
                let scale = whole.determinant().abs().sqrt();
                let width = (stroke.style.width * scale) as f32;
                let Some((paint, opacity)) = paint(&stroke.brush, brush) else { return };
                let Some(shape) = self.path(&stroke.shape, whole) else { return };
                if !(width > 0.0 && width < FAR as f32) {
                    return;
                }
                surface.set_fill(None);
                surface.set_stroke(Some(Stroke {
                    paint,
                    width,
                    miter_limit: (stroke.style.miter_limit as f32).max(1.0),
                    line_cap: match stroke.style.start_cap {
                        kurbo::Cap::Butt => LineCap::Butt,
                        kurbo::Cap::Round => LineCap::Round,
                        kurbo::Cap::Square => LineCap::Square,
                    },
                    line_join: match stroke.style.join {
                        kurbo::Join::Miter => LineJoin::Miter,
                        kurbo::Join::Round => LineJoin::Round,
                        kurbo::Join::Bevel => LineJoin::Bevel,
                    },
                    opacity,
                    dash: dash(&stroke.style, scale),
                }));
                surface.draw_path(&shape);
            }
            RenderCommand::BoxShadow(shadow) => {
                let blur = shadow.std_dev.clamp(0.0, 1000.0);
                let [.., alpha] = shadow.brush.components;
                let steps = if blur < 0.5 { 1 } else { STEPS };
                // Laid over each other the steps come to the colour.
                let alpha = 1.0 - (1.0 - alpha.clamp(0.0, 0.995)).powf(1.0 / f32::from(steps));
                let colour = Paint::Solid(shadow.brush.with_alpha(alpha));
                let Some((paint, opacity)) = paint(&colour, Affine::IDENTITY) else { return };
                for step in 0..steps {
                    let out = blur * (1.5 - 3.0 * (f64::from(step) + 0.5) / f64::from(steps));
                    let out = if steps == 1 { 0.0 } else { out };
                    let radius = (shadow.radius + out).max(0.0);
                    let rect = shadow.rect.inflate(out, out);
                    if rect.width() <= 0.0 || rect.height() <= 0.0 {
                        continue;
                    }
                    let shape = RoundedRect::from_rect(rect, radius).to_path(0.1);
                    let Some(shape) = self.path(&shape, place * shadow.transform) else { return };
                    let rule = FillRule::NonZero;
                    let paint = paint.clone();
                    surface.set_stroke(None);
                    surface.set_fill(Some(Fill { paint, opacity, rule }));
                    surface.draw_path(&shape);
                }
            }
            _ => {}
        }
    }

    /// A path, as long as there is room for it.
    fn path(&mut self, shape: &BezPath, transform: Affine) -> Option<Path> {
        self.left = self.left.saturating_sub(shape.elements().len());
        if self.left == 0 { None } else { path(shape, transform) }
    }

    /// Letters that are `seen`, as text; as mere shapes if they are `shown` a second time.
    fn write(
        &mut self,
        surface: &mut Surface<'_>,
        run: &GlyphRunCommand,
        seen: &[bool],
        place: Affine,
        shown: bool,
    ) {
        let size = run.font_size;
        if !(size > 0.0 && size.is_finite()) {
            return;
        }
        self.left = self.left.saturating_sub(run.glyphs.len());
        let said = self.letters.said(&run.font_data, run.glyphs.iter().map(|g| g.id).collect());
        let mut text = String::new();
        let mut from = 0;
        let mut kept = Vec::with_capacity(run.glyphs.len());
        for (at, (glyph, seen)) in run.glyphs.iter().zip(seen).enumerate() {
            let of = said.get(at).map(Option::as_deref);
            let next = run.glyphs.get(at + 1);
            // What only tells where a line may break takes no room.
            let empty = of == Some(Some("")) && next.is_some_and(|next| next.x == glyph.x);
            if !seen || empty {
                from = text.len();
                continue;
            }
            // Those that stand for one thing together have one text.
            if !matches!(of, Some(None)) {
                from = text.len();
                text.push_str(of.flatten().unwrap_or_default());
            }
            kept.push((glyph, from..text.len()));
        }
        let Some(first) = kept.first().map(|(glyph, _)| (glyph.x, glyph.y)) else { return };
        let whole = place * run.transform;
        let at = Vec2::new(f64::from(first.0), f64::from(first.1));
        // As in a strip on the screen: the engine counts upwards when it slants.
        let slant = run.glyph_transform.map_or(Affine::IDENTITY, |slant| {
            let [a, b, c, d, e, f] = slant.as_coeffs();
            Affine::new([a, -b, -c, d, e, -f])
        });
        let Some(to) = matrix(whole * Affine::translate(at) * slant) else { return };
        let Some((paint, opacity)) = paint(&run.brush, whole) else { return };
        let opacity = opacity.get() * run.brush_alpha.clamp(0.0, 1.0);
        let Some(opacity) = NormalizedF32::new(opacity) else { return };
        let font = self.font(&run.font_data, &run.normalized_coords);
        let Some((font, may_embed)) = font else { return };
        let mut glyphs = Vec::with_capacity(kept.len());
        let mut rest = kept.into_iter().peekable();
        while let Some((glyph, text)) = rest.next() {
            let next = rest.peek().map_or(0.0, |(next, _)| next.x - glyph.x);
            let up = (first.1 - glyph.y) / size;
            let id = GlyphId::new(glyph.id);
            glyphs.push(KrillaGlyph::new(id, next / size, 0.0, up, 0.0, text, None));
        }
        let shapes = shown || self.shapes || !may_embed;
        surface.push_transform(&to);
        surface.set_stroke(None);
        surface.set_fill(Some(Fill { paint, opacity, rule: FillRule::NonZero }));
        surface.draw_glyphs(Point::from_xy(0.0, 0.0), &glyphs, font, &text, size, shapes);
        surface.pop();
    }

    fn font(&mut self, data: &FontData, coords: &[i16]) -> Option<(Font, bool)> {
        let face: Face = (data.data.id(), data.index, coords.to_vec());
        if let Some(known) = self.fonts.get(&face) {
            return known.clone();
        }
        let axes: Vec<(Tag, f32)> =
            self.letters.axes(&face).iter().map(|(tag, value)| (Tag::new(tag), *value)).collect();
        let (bytes, _) = data.data.clone().into_raw_parts();
        let may = may_embed(bytes.as_ref().as_ref(), data.index);
        let font = Font::new_variable(bytes.into(), data.index, &axes).map(|font| (font, may));
        self.fonts.insert(face, font.clone());
        font
    }
}

/// What is not clipped.
const EVERYWHERE: Rect = Rect::new(-1.0e9, -1.0e9, 1.0e9, 1.0e9);

/// The box of what can be seen in a layer.
fn clip_of(command: &RenderCommand, place: Affine) -> Option<Rect> {
    let (bounds, transform) = match command {
        RenderCommand::PushLayer(layer) => (layer.clip.bounding_box(), layer.transform),
        RenderCommand::PushClipLayer(layer) => (layer.clip.bounding_box(), layer.transform),
        _ => return None,
    };
    let bounds = (place * transform).transform_rect_bbox(bounds);
    bounds.is_finite().then_some(bounds)
}

/// Which glyphs of a run can be seen through a clip: text that nobody sees is not to be found
/// on paper either.
fn seen_of(run: &GlyphRunCommand, place: Affine, clip: Rect) -> Vec<bool> {
    let whole = place * run.transform;
    let size = f64::from(run.font_size);
    let mut glyphs = run.glyphs.iter().peekable();
    let mut seen = Vec::with_capacity(run.glyphs.len());
    while let Some(glyph) = glyphs.next() {
        let (x, y) = (f64::from(glyph.x), f64::from(glyph.y));
        let wide = glyphs.peek().map_or(size * 0.5, |next| f64::from(next.x) - x);
        let wide = wide.clamp(size * 0.05, size * 2.0);
        // From the top of small letters to the base line: what must be seen to be read.
        let read = whole.transform_rect_bbox(Rect::new(x, y - size * 0.5, x + wide, y));
        let through = read.intersect(clip);
        let share = |part: f64, of: f64| part > of * 0.1;
        seen.push(share(through.width(), read.width()) && share(through.height(), read.height()));
    }
    seen
}

/// Whether a font lets its letters be put into a file, and only those that are used: `fsType`
/// of its table OS/2. A font without one says nothing against it.
pub(super) fn may_embed(font: &[u8], index: u32) -> bool {
    let number = |at: usize| -> Option<usize> {
        let four = font.get(at..at.checked_add(4)?)?;
        usize::try_from(u32::from_be_bytes(four.try_into().ok()?)).ok()
    };
    let kind = || -> Option<u16> {
        let start = match font.get(..4)? {
            b"ttcf" => number(usize::try_from(index).ok()?.checked_mul(4)?.checked_add(12)?)?,
            _ => 0,
        };
        let tables = number(start.checked_add(4)?)? >> 16;
        let mut entries = (0..tables).map(|table| start + 12 + table * 16);
        let entry = entries.find(|at| font.get(*at..at + 4) == Some(b"OS/2"))?;
        let at = number(entry + 8)?.checked_add(8)?;
        let two = font.get(at..at.checked_add(2)?)?;
        Some(u16::from_be_bytes(two.try_into().ok()?))
    };
    const RESTRICTED: u16 = 0x0002;
    const LESS: u16 = 0x0004 | 0x0008;
    const WHOLE_OR_BITMAPS: u16 = 0x0100 | 0x0200;
    kind().is_none_or(|kind| {
        let restricted = kind & RESTRICTED != 0 && kind & LESS == 0;
        !restricted && kind & WHOLE_OR_BITMAPS == 0
    })
}

/// Opens the layers that wait; whether anything can be drawn in them.
fn open(surface: &mut Surface<'_>, plate: &Plate, layers: &mut [Layer], place: Affine) -> bool {
    let mut opened = layers.iter().filter(|layer| matches!(layer, Layer::Open(1..))).count();
    for layer in layers {
        let Layer::Waiting(index) = layer else { continue };
        let (clip, transform, fill, blend, alpha) = match plate.scene.commands.get(*index) {
            Some(RenderCommand::PushLayer(layer)) => {
                let mix = Some(layer.blend.mix).filter(|mix| *mix != Mix::Normal);
                (&layer.clip, layer.transform, layer.fill, mix, layer.alpha)
            }
            Some(RenderCommand::PushClipLayer(layer)) => {
                (&layer.clip, layer.transform, layer.fill, None, 1.0)
            }
            _ => continue,
        };
        if opened >= DEEPEST {
            *layer = Layer::Open(0);
            continue;
        }
        let Some(clip) = path(clip, place * transform) else {
            *layer = Layer::Hidden;
            return false;
        };
        let mut steps = 1;
        surface.push_clip_path(&clip, &rule(fill));
        if let Some(mix) = blend {
            surface.push_blend_mode(mixed(mix));
            steps += 1;
        }
        // Nearly opaque is what the painter makes of layers it wants apart.
        if alpha < 0.99
            && let Some(opacity) = NormalizedF32::new(alpha.max(0.0))
        {
            surface.push_opacity(opacity);
            steps += 1;
        }
        *layer = Layer::Open(steps);
        opened += 1;
    }
    true
}

/// A path on the sheet; `None` if nothing is left of it.
fn path(shape: &BezPath, transform: Affine) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let to = |point: kurbo::Point| {
        let point = transform * point;
        let within = |at: f64| at.is_finite().then(|| at.clamp(-FAR, FAR) as f32);
        Some((within(point.x)?, within(point.y)?))
    };
    for element in shape.elements() {
        match element {
            PathEl::MoveTo(a) => {
                let (x, y) = to(*a)?;
                builder.move_to(x, y);
            }
            PathEl::LineTo(a) => {
                let (x, y) = to(*a)?;
                builder.line_to(x, y);
            }
            PathEl::QuadTo(a, b) => {
                let ((ax, ay), (x, y)) = (to(*a)?, to(*b)?);
                builder.quad_to(ax, ay, x, y);
            }
            PathEl::CurveTo(a, b, c) => {
                let ((ax, ay), (bx, by), (x, y)) = (to(*a)?, to(*b)?, to(*c)?);
                builder.cubic_to(ax, ay, bx, by, x, y);
            }
            PathEl::ClosePath => builder.close(),
        }
    }
    builder.finish()
}

/// A transform a PDF can have: one that can be undone.
pub(super) fn matrix(transform: Affine) -> Option<Transform> {
    let [a, b, c, d, e, f] = transform.as_coeffs();
    let sane = transform.is_finite() && e.abs() < FAR && f.abs() < FAR;
    let sane = sane
        && transform.determinant().abs() > 1.0e-9
        && [a, b, c, d].iter().all(|s| s.abs() < FAR);
    sane.then(|| Transform::from_row(a as f32, b as f32, c as f32, d as f32, e as f32, f as f32))
}

fn rule(fill: peniko::Fill) -> FillRule {
    match fill {
        peniko::Fill::NonZero => FillRule::NonZero,
        peniko::Fill::EvenOdd => FillRule::EvenOdd,
    }
}

fn dash(style: &kurbo::Stroke, scale: f64) -> Option<StrokeDash> {
    let array: Vec<f32> = style.dash_pattern.iter().map(|dash| (dash * scale) as f32).collect();
    let sane = array.iter().all(|dash| dash.is_finite() && *dash >= 0.0) && array.len() <= 16;
    let drawn = array.iter().sum::<f32>() > 0.05;
    let offset = (style.dash_offset * scale) as f32;
    (sane && drawn && offset.is_finite()).then_some(StrokeDash { array, offset })
}
