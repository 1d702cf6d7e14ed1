//! A strip of a letter as a scene: what cannot touch it is not drawn.
//!
//! The engine leaves out boxes outside the strip, but not lines of a paragraph: a
//! letter that is one paragraph of a megabyte would be drawn whole for each strip.

use anyrender::{Filter, Glyph, NormalizedCoord, PaintRef, PaintScene, RenderContext};
use blitz_dom::BaseDocument;
use kurbo::{Affine, Rect, Shape, Stroke, Vec2};
use peniko::{BlendMode, Color, Fill, FontData, StyleRef};
use std::sync::Arc;

/// Device pixels above and below a strip in which boxes are still drawn: shadows
/// and outlines reach out of their boxes.
pub(super) const REACH: u32 = 128;

/// Shows the strip of a document that begins `y` device pixels down, on its paper.
pub(super) fn show(
    document: &mut BaseDocument,
    scene: &mut impl PaintScene,
    factor: f64,
    paper: Color,
    y: u32,
    (width, height): (u32, u32),
) {
    let above = REACH.min(y);
    document.set_viewport_scroll(blitz_dom::Point { x: 0.0, y: exact(y - above, factor) });
    let sheet = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    scene.fill(Fill::NonZero, Affine::IDENTITY, paper, None, &sheet);
    let drawn = above + height + REACH;
    let mut strip = Strip::new(scene, above, height);
    blitz_paint::paint_scene(&mut strip, document, factor, width, drawn, 0, 0);
    document.set_viewport_scroll(blitz_dom::Point { x: 0.0, y: 0.0 });
}

/// The scroll position that comes out at exactly this device pixel: what is drawn
/// must fall on the same pixels in every strip.
pub(super) fn exact(y: u32, factor: f64) -> f64 {
    let y = f64::from(y);
    let near = y / factor;
    [near, near.next_up(), near.next_down()]
        .into_iter()
        .find(|scroll| scroll * factor == y)
        .unwrap_or(near)
}

/// A scene of which only a part can be seen: `height` pixels, `above` pixels below
/// its upper edge.
pub(super) struct Strip<'s, S> {
    inner: &'s mut S,
    above: f64,
    height: f64,
}

impl<'s, S: PaintScene> Strip<'s, S> {
    pub(super) fn new(inner: &'s mut S, above: u32, height: u32) -> Self {
        Self { inner, above: f64::from(above), height: f64::from(height) }
    }

    fn moved(&self, transform: Affine) -> Affine {
        transform.then_translate(Vec2::new(0.0, -self.above))
    }

    fn misses(&self, bounds: Rect) -> bool {
        // What has no bounds is left to the painter.
        bounds.is_finite() && (bounds.y1 < 0.0 || bounds.y0 > self.height)
    }
}

impl<S: PaintScene> RenderContext for Strip<'_, S> {}

impl<S: PaintScene> PaintScene for Strip<'_, S> {
    fn reset(&mut self) {
        self.inner.reset();
    }

    fn push_layer(
        &mut self,
        fill: Fill,
        blend: impl Into<BlendMode>,
        alpha: f32,
        transform: Affine,
        clip: &impl Shape,
        filter: Option<Arc<Filter>>,
        backdrop: Option<Arc<Filter>>,
    ) {
        let transform = self.moved(transform);
        self.inner.push_layer(fill, blend, alpha, transform, clip, filter, backdrop);
    }

    fn push_clip_layer(&mut self, fill: Fill, transform: Affine, clip: &impl Shape) {
        let transform = self.moved(transform);
        self.inner.push_clip_layer(fill, transform, clip);
    }

    fn pop_layer(&mut self) {
        self.inner.pop_layer();
    }

    fn stroke<'a>(
        &mut self,
        style: &Stroke,
        transform: Affine,
        brush: impl Into<PaintRef<'a>>,
        brush_transform: Option<Affine>,
        shape: &impl Shape,
    ) {
        let transform = self.moved(transform);
        let reach = style.width * 2.0;
        let bounds = shape.bounding_box().inflate(reach, reach);
        if !self.misses(transform.transform_rect_bbox(bounds)) {
            self.inner.stroke(style, transform, brush, brush_transform, shape);
        }
    }

    fn fill<'a>(
        &mut self,
        style: Fill,
        transform: Affine,
        brush: impl Into<PaintRef<'a>>,
        brush_transform: Option<Affine>,
        shape: &impl Shape,
    ) {
        let transform = self.moved(transform);
        if !self.misses(transform.transform_rect_bbox(shape.bounding_box())) {
            self.inner.fill(style, transform, brush, brush_transform, shape);
        }
    }

    fn draw_glyphs<'a, 's: 'a>(
        &'s mut self,
        font: &'a FontData,
        font_size: f32,
        hint: bool,
        normalized_coords: &'a [NormalizedCoord],
        embolden: Vec2,
        style: impl Into<StyleRef<'a>>,
        brush: impl Into<PaintRef<'a>>,
        brush_alpha: f32,
        transform: Affine,
        glyph_transform: Option<Affine>,
        glyphs: impl Iterator<Item = Glyph> + Clone,
    ) {
        // No glyph of a font for reading is higher or deeper than four times its size.
        let reach = f64::from(font_size) * 4.0;
        let mut bounds: Option<Rect> = None;
        for glyph in glyphs.clone() {
            let point = Rect::new(
                f64::from(glyph.x),
                f64::from(glyph.y),
                f64::from(glyph.x),
                f64::from(glyph.y),
            );
            bounds = Some(bounds.map_or(point, |bounds| bounds.union(point)));
        }
        let Some(bounds) = bounds else { return };
        let transform = self.moved(transform);
        if self.misses(transform.transform_rect_bbox(bounds.inflate(reach, reach))) {
            return;
        }
        // The painter rounds the base line to a pixel, and halves away from zero: what
        // is cut by the upper edge of a strip would move against the strip above.
        let base = glyphs.clone().next().map_or(0.0, |glyph| f64::from(glyph.y));
        let base = (transform * kurbo::Point::new(0.0, base)).y;
        let nudge = if ((base - base.floor()) - 0.5).abs() < 1.0e-3 { 2.0e-3 } else { 0.0 };
        let transform = transform.then_translate(Vec2::new(0.0, nudge));
        // The engine counts upwards when it slants a font that has no italics, the
        // painter downwards: letters would lean back.
        let glyph_transform = glyph_transform.map(|slant| {
            let [a, b, c, d, e, f] = slant.as_coeffs();
            Affine::new([a, -b, -c, d, e, -f])
        });
        self.inner.draw_glyphs(
            font,
            font_size,
            hint,
            normalized_coords,
            embolden,
            style,
            brush,
            brush_alpha,
            transform,
            glyph_transform,
            glyphs,
        );
    }

    fn draw_box_shadow(
        &mut self,
        transform: Affine,
        rect: Rect,
        brush: Color,
        radius: f64,
        std_dev: f64,
    ) {
        let transform = self.moved(transform);
        let reach = std_dev * 4.0;
        if !self.misses(transform.transform_rect_bbox(rect.inflate(reach, reach))) {
            self.inner.draw_box_shadow(transform, rect, brush, radius, std_dev);
        }
    }
}
