//! Small drawings (icons, the logo), painted once into a picture of the size in which they
//! are shown, and kept.
//!
//! As geometry the renderer would paint each of them anew in every frame behind a mask of
//! the whole window: forty of them took longer than everything else together.

use iced::Color;
use iced::advanced::image::Handle;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use tiny_skia::{FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};

/// Pictures kept at most; with more, all are painted anew.
const KEPT: usize = 1024;
/// Pixels of a side at most.
const LARGEST: f32 = 512.0;

thread_local! {
    static SCALE: Cell<f32> = const { Cell::new(1.0) };
    static DRAWN: RefCell<HashMap<Key, Handle>> = RefCell::default();
}

/// From now on the windows of this thread show so many pixels for a logical one.
pub fn scale(scale: f32) {
    SCALE.set(scale);
}

/// One drawing in one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    name: (&'static str, u32),
    colors: [[u8; 4]; 2],
    side: u32,
}

/// What tells a drawing from others: its name, a number of its own, and its colours.
pub type Name = ((&'static str, u32), [Color; 2]);

/// A line or an area of a drawing.
#[derive(Debug, Clone, Copy)]
pub struct Part<'p> {
    /// Commands `M`, `L`, `C` and `Z` of SVG, absolute, their numbers between spaces.
    pub path: &'p str,
    /// Its colour.
    pub color: Color,
    /// Width of the line, in units of the drawing; nothing: the area within.
    pub line: Option<f32>,
}

/// The picture of a drawing `units` square, shown in so many logical pixels; `parts` are
/// asked for when it is painted first.
pub fn picture<'p>(
    (name, colors): Name,
    units: f32,
    logical: f32,
    parts: impl FnOnce() -> Vec<Part<'p>>,
) -> Option<Handle> {
    let side = (logical * SCALE.get()).round().clamp(1.0, LARGEST);
    let colors = colors.map(Color::into_rgba8);
    let key = Key { name, colors, side: side as u32 };
    DRAWN.with_borrow_mut(|drawn| {
        if let Some(known) = drawn.get(&key) {
            return Some(known.clone());
        }
        if drawn.len() >= KEPT {
            drawn.clear();
        }
        let handle = paint(key.side, side / units, &parts())?;
        drawn.insert(key, handle.clone());
        Some(handle)
    })
}

fn paint(side: u32, by: f32, parts: &[Part<'_>]) -> Option<Handle> {
    let mut pixels = Pixmap::new(side, side)?;
    let by = Transform::from_scale(by, by);
    for part in parts {
        let Some(path) = path(part.path) else { continue };
        let [red, green, blue, alpha] = part.color.into_rgba8();
        let mut paint = Paint { anti_alias: true, ..Paint::default() };
        paint.set_color_rgba8(red, green, blue, alpha);
        match part.line {
            Some(width) => {
                let stroke = Stroke {
                    width,
                    line_cap: LineCap::Round,
                    line_join: LineJoin::Round,
                    ..Stroke::default()
                };
                pixels.stroke_path(&path, &paint, &stroke, by, None);
            }
            None => pixels.fill_path(&path, &paint, FillRule::Winding, by, None),
        }
    }
    let rgba = pixels.pixels().iter().flat_map(|pixel| {
        let pixel = pixel.demultiply();
        [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
    });
    Some(Handle::from_rgba(side, side, rgba.collect::<Vec<u8>>()))
}

fn path(strokes: &str) -> Option<Path> {
    let mut path = PathBuilder::new();
    let mut rest = strokes;
    while let Some(command) = rest.chars().next() {
        let after = rest.get(1..).unwrap_or("");
        let end = after.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (numbers, next) = after.split_at(end);
        let n: Vec<f32> = numbers.split_ascii_whitespace().filter_map(|n| n.parse().ok()).collect();
        match (command, n.as_slice()) {
            ('M', [x, y]) => path.move_to(*x, *y),
            ('L', [x, y]) => path.line_to(*x, *y),
            ('C', [a, b, c, d, x, y]) => path.cubic_to(*a, *b, *c, *d, *x, *y),
            ('Z', []) => path.close(),
            _ => {}
        }
        rest = next;
    }
    path.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const RED: Color = Color::from_rgb(1.0, 0.0, 0.0);

    fn square(color: Color, logical: f32) -> Handle {
        let part = Part { path: "M 2 2 L 6 2 L 6 6 L 2 6 Z", color, line: None };
        picture((("square", 0), [color; 2]), 8.0, logical, || vec![part]).unwrap()
    }

    fn pixels(handle: &Handle) -> (u32, &[u8]) {
        let Handle::Rgba { width, pixels, .. } = handle else { panic!("{handle:?}") };
        (*width, pixels)
    }

    #[test]
    fn a_drawing_is_painted_in_its_colour_and_kept() {
        let first = square(RED, 16.0);
        let (width, bytes) = pixels(&first);
        assert_eq!((width, bytes.len()), (16, 16 * 16 * 4));
        assert_eq!(bytes[..4], [0; 4]);
        let middle = (8 * 16 + 8) * 4;
        assert_eq!(bytes[middle..middle + 4], [255, 0, 0, 255]);
        // The same one again, by its number; another colour, size or scale is another.
        let again = square(RED, 16.0);
        assert_eq!(first.id(), again.id());
        let black = square(Color::BLACK, 16.0);
        let larger = square(RED, 24.0);
        scale(2.0);
        let scaled = square(RED, 16.0);
        scale(1.0);
        assert_ne!(first.id(), black.id());
        assert_eq!((pixels(&larger).0, pixels(&scaled).0), (24, 32));
    }

    #[test]
    fn a_line_has_its_width_and_nonsense_paints_nothing() {
        let line = Part { path: "M 0 4 L 8 4", color: RED, line: Some(2.0) };
        let drawn = picture((("line", 0), [RED; 2]), 8.0, 8.0, || vec![line]).unwrap();
        let (_, bytes) = pixels(&drawn);
        let rows: Vec<u8> = (0..8).map(|row| bytes[(row * 8 + 4) * 4 + 3]).collect();
        assert_eq!(rows, [0, 0, 0, 255, 255, 0, 0, 0]);
        let odd = Part { path: "M x Q 1 ü 2 L", color: RED, line: Some(2.0) };
        let drawn = picture((("odd", 0), [RED; 2]), 8.0, 8.0, || vec![odd]).unwrap();
        assert!(pixels(&drawn).1.iter().all(|byte| *byte == 0));
    }
}
