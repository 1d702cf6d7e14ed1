//! Pictures of a letter on paper: each is kept once, with as many pixels as can be seen.

use super::ink::matrix;
use krilla::geom::{Path, Size};
use krilla::image::Image;
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, Pattern};
use krilla::surface::Surface;
use kurbo::{Affine, Rect};
use peniko::{Extend, ImageBrush, ImageFormat};
use std::collections::HashMap;

/// Pixels to an inch that a picture keeps.
const SHARP: f64 = 240.0;

/// Pictures that were drawn, kept from sheet to sheet.
#[derive(Default)]
pub(super) struct Pictures(HashMap<(u64, u32), Option<Image>>);

impl Pictures {
    /// Draws a picture within a shape, once or, where it is `tiled`, over and over.
    pub(super) fn draw(
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
        self.0.entry((data.data.id(), width)).or_insert_with(make).clone()
    }
}

/// Whether a picture is repeated where it is drawn.
pub(super) fn is_tiled(brush: &ImageBrush, transform: Option<Affine>, covered: Rect) -> bool {
    let extends = [brush.sampler.x_extend, brush.sampler.y_extend];
    let one = Rect::new(0.0, 0.0, f64::from(brush.image.width), f64::from(brush.image.height));
    let transform = transform.unwrap_or_default();
    extends != [Extend::Pad; 2]
        && transform.determinant().abs() > 1.0e-9
        && !one.inflate(0.5, 0.5).contains_rect(transform.inverse().transform_rect_bbox(covered))
}
