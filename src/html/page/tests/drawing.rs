//! Boxes, tables, lists and strips: what is drawn is where the letter says.

use super::*;

#[test]
fn a_box_is_where_the_letter_says() {
    let mut page = page(
        "<div style='position:absolute;left:30px;top:20px;width:100px;height:50px;background:#f00'></div>",
    );
    let tile = page.whole();
    assert_eq!(tile.size.0, 400);
    for (x, y) in [(30, 20), (129, 69), (80, 45)] {
        assert_eq!(at(&tile, x, y), RED);
    }
    for (x, y) in [(29, 45), (130, 45), (80, 19)] {
        assert_eq!(at(&tile, x, y), WHITE);
    }
    assert_eq!(page.gate.refused(), 0);
}

#[test]
fn every_pixel_is_opaque_and_the_paper_is_the_letters_own_or_the_schemes() {
    let mut page = bare("<p style='opacity:.4'>x</p>");
    let tile = page.whole();
    assert!(tile.pixels.chunks(4).all(|pixel| pixel[3] == 255));
    assert_eq!(at(&tile, 399, 0), WHITE);

    let mut own = bare("<style>body{background:#00f}</style>");
    let tile = own.whole();
    assert_eq!(at(&tile, 399, 0), BLUE);

    let dark = View { scheme: Scheme::Dark, ..VIEW };
    let mut page = Page::from_html(&mut engine(), "<p>x</p>", dark);
    let tile = page.whole();
    assert_eq!(at(&tile, 399, 0), [0x1B, 0x1F, 0x22]);
    let brightest = tile.pixels.chunks(4).map(|p| p[0]).max().unwrap();
    assert!(brightest > 180, "ink is light on dark paper: {brightest}");
}

#[test]
fn the_letter_is_told_the_scheme() {
    let html = "<style>@media (prefers-color-scheme:dark){div{background:#f00}} div{height:9px}</style><div></div>";
    let mut engine = engine();
    let mut page = Page::from_html(&mut engine, html, VIEW);
    let tile = page.whole();
    assert_eq!(at(&tile, 20, 12), WHITE);
    page.set_view(&mut engine, View { scheme: Scheme::Dark, ..VIEW });
    let tile = page.whole();
    assert_eq!(at(&tile, 20, 12), RED);
}

#[test]
fn text_flows_around_a_float() {
    let words = "말 ".repeat(120);
    let mut page = bare(&format!(
        "<div style='float:left;width:100px;height:60px;background:#f00'></div><div style='font-size:16px'>{words}</div>"
    ));
    let tile = page.whole();
    assert_eq!(at(&tile, 50, 30), RED);
    let beside = (0..60).any(|y| (101..400).any(|x| at(&tile, x, y) != WHITE));
    let under = (66..tile.size.1).any(|y| (0..90).any(|x| at(&tile, x, y) != WHITE));
    let inside = (0..60).any(|y| (0..100).any(|x| at(&tile, x, y) != RED));
    assert!(beside && under && !inside);
}

#[test]
fn tables_keep_columns_spans_and_padding() {
    let mut page = bare(
        "<table style='border-collapse:collapse;width:300px' cellspacing=0>
         <tr><td style='padding:10px;background:#f00;width:100px;height:20px'></td>
             <td style='padding:0;background:#00f'></td></tr>
         <tr><td colspan=2 style='padding:0;height:30px;background:#0f0'></td></tr></table>",
    );
    let tile = page.whole();
    assert_eq!(at(&tile, 5, 20), RED);
    assert_eq!(at(&tile, 290, 20), BLUE);
    assert_eq!(at(&tile, 5, 55), [0, 255, 0]);
    assert_eq!(at(&tile, 295, 55), [0, 255, 0]);
    assert_eq!(page.laid().device.1, 70);
}

#[test]
fn strips_join_without_a_seam() {
    let mut rows = String::new();
    for row in 0..60 {
        rows.push_str(&format!(
            "<tr><td style='padding:{}px;border:1px solid #999;border-radius:5px'>{row} 고요한 편지 <b>bold</b> <i>slanted</i>
             <u>under</u></td><td style='background:linear-gradient(#fdd,#ddf);box-shadow:0 3px 9px #0006'>gradient</td></tr>",
            row % 7
        ));
    }
    let html = format!(
        "<table>{rows}</table><div style='height:12px'>{}</div>
         <p style='position:fixed;bottom:5px;right:5px;background:#ff0'>fixed</p>",
        "lines that stick out of a box that is too low for them ".repeat(60)
    );
    let mut engine = engine();
    for (scale, zoom) in [(1.0, 1.0), (1.5, 1.0), (2.0, 1.1), (1.25, 0.7)] {
        let view = View { scale, zoom, ..VIEW };
        let mut page = Page::from_html(&mut engine, &html, view);
        let whole = page.whole();
        assert_eq!(whole.size, page.laid().device);
        for step in [256, 301, 97] {
            let mut joined = Vec::new();
            let mut y = 0;
            while y < whole.size.1 {
                let tile = page.paint(y, step);
                assert_eq!((tile.y, tile.size.0), (y, whole.size.0));
                y += tile.size.1;
                joined.extend(tile.pixels);
            }
            let differs = joined.iter().zip(&whole.pixels).position(|(a, b)| a.abs_diff(*b) > 1);
            let row = differs.map(|at| at / 4 / whole.size.0 as usize);
            assert_eq!((row, joined.len()), (None, whole.pixels.len()), "{scale} {zoom} {step}");
        }
    }
}

#[test]
fn a_strip_draws_what_it_shows_and_little_else() {
    // One paragraph of some 15,000 lines, below a table of 3,000 rows.
    let text = "긴 편지의 한 줄입니다. ".repeat(30_000);
    let rows = "<tr><td>a<td>b<td>c</tr>".repeat(3_000);
    let mut page = bare(&format!("<table>{rows}</table><p>{text}</p>"));
    let (width, height) = page.laid().device;
    assert!(height > 100_000, "{height}");
    let paper = page.paper();
    let mut glyphs = |y, height| {
        let mut scene = anyrender::Scene::new();
        strip::show(&mut page.document, &mut scene, 1.0, paper, y, (width, height));
        let runs = scene.commands.iter().filter_map(|command| match command {
            anyrender::recording::RenderCommand::GlyphRun(run) => Some(run.glyphs.len()),
            _ => None,
        });
        runs.sum::<usize>()
    };
    let all = glyphs(0, height);
    assert!(all > 250_000, "{all}");
    for y in [0, height / 3, height / 2, height - 300] {
        let some = glyphs(y, 256);
        // A screen of small type has some hundreds of letters.
        assert!((20..3_000).contains(&some), "{some} of {all} at {y}");
    }
}

#[test]
fn strips_outside_the_page_are_empty() {
    let mut page = bare("<p>x</p>");
    let (width, height) = page.laid().device;
    for (y, asked) in [(height, 10), (u32::MAX, u32::MAX), (0, 0)] {
        let tile = page.paint(y, asked);
        assert_eq!((tile.size, tile.pixels.len()), ((width, 0), 0));
    }
    assert_eq!(page.paint(height - 1, 10).size, (width, 1));
}

#[test]
fn items_of_lists_are_numbered_as_the_letter_says() {
    // The same number looks the same, however it came about.
    let drawn =
        |list: &str| bare(&format!("<div style='font-size:30px'>{list}</div>")).whole().pixels;
    let seven = drawn("<ol start=7><li>x</ol>");
    assert_eq!(drawn("<ol><li value=7>x</ol>"), seven);
    assert_ne!(drawn("<ol><li>x</ol>"), seven);
    let both = drawn("<ol start=2><li>x</ol><ol><li>y</ol>");
    assert_eq!(drawn("<ol reversed start=2><li>x</li></ol><ol><li>y</ol>"), both);
    let roman = drawn("<ol style='list-style-type:lower-roman'><li>x</ol>");
    assert_eq!(drawn("<ol style='list-style-type:\"i. \"'><li>x</ol>"), roman);
}

#[test]
fn cells_fill_their_row_whatever_height_they_were_given() {
    let mut page = bare(
        "<table style='border-spacing:0;width:300px'><tr>
         <td style='padding:0;height:60px;background:#00f'></td>
         <td style='padding:0;height:20px;background:#f00'></td>
         <td style='padding:0;height:30%;background:#f00'></td></tr></table>",
    );
    let tile = page.whole();
    assert_eq!(page.laid().device.1, 60);
    for x in [150, 290] {
        assert_eq!(at(&tile, x, 57), RED, "{x}");
    }
}
