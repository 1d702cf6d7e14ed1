//! Layout and painting of cleaned HTML (feature `render`), in the drawing process.
//!
//! The engine (Blitz) gets one document without a single address in it, and
//! pictures already decoded by us. Nothing here opens a file or a socket; fonts
//! are read before the process is locked.

use super::clean::{Cleaned, Token};
use super::worker::protocol::{Hit, Laid, Point, Rect, Select, Tile, View};
use crate::model::Visible;

/// Fonts and other things worth keeping between documents.
#[derive(Debug)]
pub struct Engine {}

/// A picture of a letter, decoded under our limits.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// RGBA, 4 bytes a pixel.
    pub pixels: std::sync::Arc<Vec<u8>>,
}

/// Decodes a picture of unknown kind, within limits of bytes and pixels.
/// `None` if it is none, is refused (SVG) or is too large.
pub fn decode(_bytes: &[u8]) -> Option<Picture> {
    None
}

/// A document laid out.
pub struct Page {}

impl Engine {
    /// Loads what must be loaded before the process is locked.
    pub fn new() -> Self {
        Self {}
    }

    /// Lays a document out.
    pub fn open(&mut self, _cleaned: Cleaned, _view: View) -> Page {
        Page {}
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Page {
    /// How it came out.
    pub fn laid(&self) -> Laid {
        Laid { device: (0, 0), factor: 1.0, ms: 0.0 }
    }

    /// Gives it pictures and lays it out again.
    pub fn set_pictures(&mut self, _engine: &mut Engine, _pictures: Vec<(Token, Picture)>) {}

    /// Looks at it another way.
    pub fn set_view(&mut self, _engine: &mut Engine, _view: View) {}

    /// Whether each picture could be seen, by token, as laid out.
    pub fn visible(&self) -> Vec<Visible> {
        Vec::new()
    }

    /// Paints a strip: device pixels.
    pub fn paint(&mut self, y: u32, height: u32) -> Tile {
        Tile { y, size: (0, height), pixels: Vec::new() }
    }

    /// What is at a point.
    pub fn hit(&mut self, _at: Point) -> Hit {
        Hit::default()
    }

    /// Selects text.
    pub fn select(&mut self, _select: Select) -> (Vec<Rect>, String) {
        (Vec::new(), String::new())
    }

    /// Finds text.
    pub fn find(&self, _query: &str) -> Vec<Vec<Rect>> {
        Vec::new()
    }
}
