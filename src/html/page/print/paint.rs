//! Colours, gradients and blending as a PDF has them.

use super::ink::matrix;
use anyrender::Paint;
use krilla::blend::BlendMode;
use krilla::color::rgb;
use krilla::num::NormalizedF32;
use krilla::paint::{LinearGradient, RadialGradient, SpreadMethod, Stop, SweepGradient};
use kurbo::Affine;
use peniko::color::{AlphaColor, Srgb};
use peniko::{Extend, Gradient, GradientKind, Mix};

/// Colours of a gradient, at most.
const STOPS: usize = 64;

pub(super) fn mixed(mix: Mix) -> BlendMode {
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

fn colour(colour: AlphaColor<Srgb>) -> Option<(rgb::Color, NormalizedF32)> {
    let [r, g, b, _] = colour.to_rgba8().to_u8_array();
    let [.., alpha] = colour.components;
    let alpha = NormalizedF32::new(if alpha.is_finite() { alpha.clamp(0.0, 1.0) } else { 0.0 })?;
    Some((rgb::Color::new(r, g, b), alpha))
}

/// A colour or gradient, and how opaque it is. `None` if it cannot be seen.
pub(super) fn paint(
    brush: &Paint,
    transform: Affine,
) -> Option<(krilla::paint::Paint, NormalizedF32)> {
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
