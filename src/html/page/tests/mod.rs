//! Letters laid out and painted, without the fonts of the machine; what the tests share.

mod drawing;
mod extremes;
mod hits;
mod looked_at;
mod pictures;
mod sizes;
mod writing;

use super::*;
use crate::html::clean::{Body, Slot, SlotSource, clean};

/// Without the fonts of the machine, so that every machine sees the same.
fn engine() -> Engine {
    Engine::with_fonts(false)
}

const VIEW: View = View { width: 400.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };

impl Page {
    pub(super) fn from_html(engine: &mut Engine, html: &str, view: View) -> Self {
        let mut page = Self::bare(Cleaned::default(), view);
        page.html = Some(format!("<!DOCTYPE html><html><body>{html}</body></html>"));
        page.rebuild(engine);
        assert!(!page.failed(), "{html}");
        page
    }

    fn whole(&mut self) -> Tile {
        self.paint(0, MAX_HEIGHT)
    }
}

fn page(html: &str) -> Page {
    Page::from_html(&mut engine(), html, VIEW)
}

fn bare(html: &str) -> Page {
    page(&format!("<style>body{{margin:0}}</style>{html}"))
}

/// A page in a column of another width.
pub(super) fn page_of_width(html: &str, width: f32) -> Page {
    Page::from_html(&mut engine(), html, View { width, ..VIEW })
}

fn at(tile: &Tile, x: u32, y: u32) -> [u8; 3] {
    let start = ((y - tile.y) * tile.size.0 + x) as usize * 4;
    tile.pixels[start..start + 3].try_into().unwrap()
}

const RED: [u8; 3] = [255, 0, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const WHITE: [u8; 3] = [255, 255, 255];

/// The smallest box around everything that is not paper.
fn ink(tile: &Tile) -> Option<(u32, u32, u32, u32)> {
    let mut found: Option<(u32, u32, u32, u32)> = None;
    for y in 0..tile.size.1 {
        for x in 0..tile.size.0 {
            if at(tile, x, y + tile.y) != WHITE {
                let (x0, y0, x1, y1) = found.unwrap_or((x, y, x, y));
                found = Some((x0.min(x), y0.min(y), x1.max(x), y1.max(y)));
            }
        }
    }
    found
}

fn picture(width: u32, height: u32, colour: [u8; 4]) -> Picture {
    let pixels = colour.repeat((width * height) as usize);
    Picture { size: (width, height), natural: (width, height), pixels: Arc::new(pixels) }
}
