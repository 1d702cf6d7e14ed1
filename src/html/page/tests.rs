use super::*;

/// One engine for all tests: without the fonts of the machine.
fn engine() -> Engine {
    Engine::with_fonts(false)
}

const VIEW: View = View { width: 400.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };

impl Page {
    fn from_html(engine: &mut Engine, html: &str, view: View) -> Self {
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

fn at(tile: &Tile, x: u32, y: u32) -> [u8; 3] {
    let start = ((y - tile.y) * tile.size.0 + x) as usize * 4;
    tile.pixels[start..start + 3].try_into().unwrap()
}

#[test]
fn a_box_is_where_the_letter_says() {
    let mut page = page(
        "<div style='position:absolute;left:30px;top:20px;width:100px;height:50px;background:#f00'></div>",
    );
    let tile = page.whole();
    assert_eq!(tile.size.0, 400);
    for (x, y) in [(30, 20), (129, 69), (80, 45)] {
        assert_eq!(at(&tile, x, y), [255, 0, 0]);
    }
    assert_eq!(at(&tile, 29, 45), [255, 255, 255]);
    assert_eq!(at(&tile, 130, 45), [255, 255, 255]);
    assert_eq!(at(&tile, 80, 19), [255, 255, 255]);
    assert_eq!(page.gate.refused(), 0);
}
