//! Strokes, fills, pictures and letters of a recorded letter, put on sheets of a PDF.
//!
//! What a PDF cannot say is left out or said simpler: blurred shadows are a few steps,
//! shadows inside boxes and masks are left away.

use super::letters::{Face, Letters};
use super::sheets::{Line, Span};
use anyrender::recording::{GlyphRunCommand, RenderCommand};
use anyrender::{Paint, Scene};
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Size, Transform};
use krilla::image::Image;
use krilla::num::NormalizedF32;
use krilla::paint::{
    Fill, FillRule, LineCap, LineJoin, LinearGradient, Pattern, RadialGradient, SpreadMethod, Stop,
    Stroke, StrokeDash, SweepGradient,
};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph, Tag};
use kurbo::{Affine, BezPath, PathEl, Rect, RoundedRect, Shape, Vec2};
use peniko::color::{AlphaColor, Srgb};
use peniko::{Compose, Extend, FontData, Gradient, GradientKind, ImageBrush, ImageFormat, Mix};
use std::collections::{HashMap, HashSet};

/// Points of paths and letters that are put on paper, at most.
const MARKS: usize = 8_000_000;

/// Farther out nothing is drawn, in points.
const FAR: f64 = 30_000.0;

/// Pixels to an inch that a picture keeps.
const SHARP: f64 = 240.0;

/// Layers in layers that are opened; what is deeper is drawn into the last.
const DEEPEST: usize = 64;

/// Colours of a gradient, at most.
const STOPS: usize = 64;

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

impl Plate {
    pub(super) fn new(scene: Scene, place: Affine, top: f64, height: f64) -> Self {
        let reach = scene.commands.iter().map(|command| reach(command, place)).collect();
        let dropped = dropped(&scene.commands);
        Self { scene, place, reach, dropped, top, height, lines: Vec::new(), solid: Vec::new() }
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
    fonts: HashMap<Face, Option<Font>>,
    pictures: HashMap<(u64, u32), Option<Image>>,
    left: usize,
}

impl Ink {
    pub(super) fn new(letters: Letters) -> Self {
        Self { letters, fonts: HashMap::new(), pictures: HashMap::new(), left: MARKS }
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
        for (index, command) in plate.scene.commands.iter().enumerate() {
            let seen = plate.reach.get(index).copied().flatten();
            let seen = seen.is_none_or(|reach| reach.bottom > top && reach.top < bottom);
            match command {
                RenderCommand::PushLayer(_) | RenderCommand::PushClipLayer(_) => {
                    let hidden = matches!(layers.last(), Some(Layer::Hidden));
                    let hidden = hidden || !seen || plate.dropped.contains(&index);
                    layers.push(if hidden { Layer::Hidden } else { Layer::Waiting(index) });
                }
                RenderCommand::PopLayer => {
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
                    if (own || giant) && open(surface, plate, &mut layers, place) {
                        self.write(surface, run, place, giant);
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
                    self.picture(surface, image, (&shape, rule), (brush, tiled));
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

    fn picture(
        &mut self,
        surface: &mut Surface<'_>,
        brush: &ImageBrush,
        (shape, rule): (&Path, FillRule),
        (transform, tiled): (Affine, bool),
    ) {
        let (width, height) = (brush.image.width, brush.image.height);
        let Some(size) = Size::from_wh(width as f32, height as f32) else { return };
        let opacity = NormalizedF32::new(brush.sampler.alpha.clamp(0.0, 1.0));
        let (Some(to), Some(opacity)) = (matrix(transform), opacity) else { return };
        // On paper it needs no more pixels than can be seen.
        let across = transform.as_coeffs()[0].hypot(transform.as_coeffs()[1]);
        let needed = (f64::from(width) * across / 72.0 * SHARP).ceil().max(1.0);
        let kept = if needed * 1.5 < f64::from(width) { needed as u32 } else { width };
        let Some(image) = self.image(brush, kept) else { return };
        if !tiled {
            surface.push_clip_path(shape, &rule);
            surface.push_transform(&to);
            if opacity != NormalizedF32::ONE {
                surface.push_opacity(opacity);
            }
            surface.draw_image(image, size);
            if opacity != NormalizedF32::ONE {
                surface.pop();
            }
            surface.pop();
            surface.pop();
            return;
        }
        let mut builder = surface.stream_builder();
        let mut tile = builder.surface();
        tile.draw_image(image, size);
        tile.finish();
        let stream = builder.finish();
        let (width, height) = (width as f32, height as f32);
        let paint = Pattern { stream, transform: to, width, height }.into();
        surface.set_stroke(None);
        surface.set_fill(Some(Fill { paint, opacity, rule }));
        surface.draw_path(shape);
    }

    fn image(&mut self, brush: &ImageBrush, width: u32) -> Option<Image> {
        let data = &brush.image;
        let make = || {
            let pixels = data.data.data();
            if data.format != ImageFormat::Rgba8
                || data.format.size_in_bytes(data.width, data.height) != Some(pixels.len())
            {
                return None;
            }
            if width >= data.width {
                return Some(Image::from_rgba8(pixels.to_vec(), data.width, data.height));
            }
            let whole = image::ImageBuffer::<image::Rgba<u8>, &[u8]>::from_raw(
                data.width,
                data.height,
                pixels,
            )?;
            let height = u64::from(data.height) * u64::from(width) / u64::from(data.width).max(1);
            let height = u32::try_from(height).ok()?.max(1);
            let less = image::imageops::thumbnail(&whole, width, height);
            Some(Image::from_rgba8(less.into_raw(), width, height))
        };
        self.pictures.entry((data.data.id(), width)).or_insert_with(make).clone()
    }

    /// Letters, as text; as mere shapes if they are `shown` a second time.
    fn write(
        &mut self,
        surface: &mut Surface<'_>,
        run: &GlyphRunCommand,
        place: Affine,
        shown: bool,
    ) {
        let Some(first) = run.glyphs.first().copied() else { return };
        let size = run.font_size;
        if !(size > 0.0 && size.is_finite()) {
            return;
        }
        self.left = self.left.saturating_sub(run.glyphs.len());
        let whole = place * run.transform;
        let at = Vec2::new(f64::from(first.x), f64::from(first.y));
        // As in a strip on the screen: the engine counts upwards when it slants.
        let slant = run.glyph_transform.map_or(Affine::IDENTITY, |slant| {
            let [a, b, c, d, e, f] = slant.as_coeffs();
            Affine::new([a, -b, -c, d, e, -f])
        });
        let Some(to) = matrix(whole * Affine::translate(at) * slant) else { return };
        let Some((paint, opacity)) = paint(&run.brush, whole) else { return };
        let opacity = opacity.get() * run.brush_alpha.clamp(0.0, 1.0);
        let Some(opacity) = NormalizedF32::new(opacity) else { return };
        let Some(font) = self.font(&run.font_data, &run.normalized_coords) else { return };
        let mut text = String::new();
        let mut glyphs = Vec::with_capacity(run.glyphs.len());
        let mut rest = run.glyphs.iter().peekable();
        while let Some(glyph) = rest.next() {
            let from = text.len();
            text.push_str(self.letters.said(&run.font_data, glyph.id));
            let next = rest.peek().map_or(0.0, |next| next.x - glyph.x);
            let up = (first.y - glyph.y) / size;
            let id = GlyphId::new(glyph.id);
            glyphs.push(KrillaGlyph::new(id, next / size, 0.0, up, 0.0, from..text.len(), None));
        }
        surface.push_transform(&to);
        surface.set_stroke(None);
        surface.set_fill(Some(Fill { paint, opacity, rule: FillRule::NonZero }));
        surface.draw_glyphs(Point::from_xy(0.0, 0.0), &glyphs, font, &text, size, shown);
        surface.pop();
    }

    fn font(&mut self, data: &FontData, coords: &[i16]) -> Option<Font> {
        let face: Face = (data.data.id(), data.index, coords.to_vec());
        if let Some(known) = self.fonts.get(&face) {
            return known.clone();
        }
        let axes: Vec<(Tag, f32)> =
            self.letters.axes(&face).iter().map(|(tag, value)| (Tag::new(tag), *value)).collect();
        let (bytes, _) = data.data.clone().into_raw_parts();
        let font = Font::new_variable(bytes.into(), data.index, &axes);
        self.fonts.insert(face, font.clone());
        font
    }
}

/// Whether a picture is repeated where it is drawn.
fn is_tiled(brush: &ImageBrush, transform: Option<Affine>, covered: Rect) -> bool {
    let extends = [brush.sampler.x_extend, brush.sampler.y_extend];
    let one = Rect::new(0.0, 0.0, f64::from(brush.image.width), f64::from(brush.image.height));
    let transform = transform.unwrap_or_default();
    extends != [Extend::Pad; 2]
        && transform.determinant().abs() > 1.0e-9
        && !one.inflate(0.5, 0.5).contains_rect(transform.inverse().transform_rect_bbox(covered))
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
fn matrix(transform: Affine) -> Option<Transform> {
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

fn mixed(mix: Mix) -> krilla::blend::BlendMode {
    use krilla::blend::BlendMode;
    match mix {
        Mix::Normal => BlendMode::Normal,
        Mix::Multiply => BlendMode::Multiply,
        Mix::Screen => BlendMode::Screen,
        Mix::Overlay => BlendMode::Overlay,
        Mix::Darken => BlendMode::Darken,
        Mix::Lighten => BlendMode::Lighten,
        Mix::ColorDodge => BlendMode::ColorDodge,
        Mix::ColorBurn => BlendMode::ColorBurn,
        Mix::HardLight => BlendMode::HardLight,
        Mix::SoftLight => BlendMode::SoftLight,
        Mix::Difference => BlendMode::Difference,
        Mix::Exclusion => BlendMode::Exclusion,
        Mix::Hue => BlendMode::Hue,
        Mix::Saturation => BlendMode::Saturation,
        Mix::Color => BlendMode::Color,
        Mix::Luminosity => BlendMode::Luminosity,
    }
}

fn dash(style: &kurbo::Stroke, scale: f64) -> Option<StrokeDash> {
    let array: Vec<f32> = style.dash_pattern.iter().map(|dash| (dash * scale) as f32).collect();
    let sane = array.iter().all(|dash| dash.is_finite() && *dash >= 0.0) && array.len() <= 16;
    let drawn = array.iter().sum::<f32>() > 0.05;
    let offset = (style.dash_offset * scale) as f32;
    (sane && drawn && offset.is_finite()).then_some(StrokeDash { array, offset })
}

fn colour(colour: AlphaColor<Srgb>) -> Option<(rgb::Color, NormalizedF32)> {
    let [r, g, b, _] = colour.to_rgba8().to_u8_array();
    let [.., alpha] = colour.components;
    let alpha = NormalizedF32::new(if alpha.is_finite() { alpha.clamp(0.0, 1.0) } else { 0.0 })?;
    Some((rgb::Color::new(r, g, b), alpha))
}

/// A colour or gradient, and how opaque it is. `None` if it cannot be seen.
fn paint(brush: &Paint, transform: Affine) -> Option<(krilla::paint::Paint, NormalizedF32)> {
    match brush {
        Paint::Solid(solid) => {
            let (colour, alpha) = colour(*solid)?;
            (alpha.get() > 0.0).then(|| (colour.into(), alpha))
        }
        Paint::Gradient(gradient) => graded(gradient, transform),
        Paint::Image(_) | Paint::Resource(_) | Paint::Custom(_) => None,
    }
}

fn graded(gradient: &Gradient, transform: Affine) -> Option<(krilla::paint::Paint, NormalizedF32)> {
    let mut least = 0.0_f32;
    let mut stops = Vec::new();
    for stop in gradient.stops.iter().take(STOPS) {
        let offset = if stop.offset.is_finite() { stop.offset.clamp(least, 1.0) } else { least };
        least = offset;
        let (colour, opacity) = colour(stop.color.to_alpha_color::<Srgb>())?;
        stops.push(Stop { offset: NormalizedF32::new(offset)?, color: colour.into(), opacity });
    }
    if stops.len() < 2 {
        let only = stops.pop()?;
        return Some((only.color.into(), only.opacity));
    }
    let transform = matrix(transform)?;
    let spread_method = match gradient.extend {
        Extend::Pad => SpreadMethod::Pad,
        Extend::Repeat => SpreadMethod::Repeat,
        Extend::Reflect => SpreadMethod::Reflect,
    };
    let anti_alias = false;
    let paint = match gradient.kind {
        GradientKind::Linear(line) => {
            let (x1, y1) = (line.start.x as f32, line.start.y as f32);
            let (x2, y2) = (line.end.x as f32, line.end.y as f32);
            LinearGradient { x1, y1, x2, y2, transform, spread_method, stops, anti_alias }.into()
        }
        GradientKind::Radial(circle) => {
            let (fx, fy) = (circle.start_center.x as f32, circle.start_center.y as f32);
            let (cx, cy) = (circle.end_center.x as f32, circle.end_center.y as f32);
            let (fr, cr) = (circle.start_radius, circle.end_radius);
            // Repeated circles are more than a PDF has.
            let spread_method = SpreadMethod::Pad;
            let circle = RadialGradient {
                fx,
                fy,
                fr,
                cx,
                cy,
                cr,
                transform,
                spread_method,
                stops,
                anti_alias,
            };
            circle.into()
        }
        GradientKind::Sweep(sweep) => {
            let (cx, cy) = (sweep.center.x as f32, sweep.center.y as f32);
            let (start, end) = (sweep.start_angle.to_degrees(), sweep.end_angle.to_degrees());
            let sweep = SweepGradient {
                cx,
                cy,
                start_angle: start,
                end_angle: end,
                transform,
                spread_method,
                stops,
                anti_alias,
            };
            sweep.into()
        }
    };
    Some((paint, NormalizedF32::ONE))
}
