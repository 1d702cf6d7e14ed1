use super::*;
use crate::html::clean::{Body, Slot, SlotSource, clean};
use Visible::{No, Unknown, Yes};

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
fn hangul_and_latin_are_drawn_with_letters_not_with_boxes() {
    let mut drawn = Vec::new();
    // The last is of a private area: no font has it.
    for text in ["고", "요", "G", "\u{10FFFD}"] {
        let tile = bare(&format!("<div style='font-size:40px'>{text}</div>")).whole();
        let (x0, y0, x1, y1) = ink(&tile).unwrap_or((0, 0, 0, 0));
        drawn.push((text, x1 - x0, y1 - y0, tile.pixels));
    }
    let missing = drawn.pop().unwrap();
    for (text, width, height, pixels) in &drawn {
        assert!((20..=40).contains(width) && (20..=42).contains(height), "{text} {width}×{height}");
        assert_ne!(*pixels, missing.3, "{text} is drawn as a missing letter");
    }
    assert_ne!(drawn[0].3, drawn[1].3);
}

#[test]
fn the_weights_differ_and_no_list_of_unknown_families_draws_boxes() {
    let tile =
        |style: &str| bare(&format!("<div style=\"{style}\">고요 Goyo</div>")).whole().pixels;
    let dark = |pixels: &[u8]| pixels.chunks(4).map(|p| 255 - u64::from(p[0])).sum::<u64>();
    let weights: Vec<u64> = ["400", "600", "700"]
        .iter()
        .map(|weight| dark(&tile(&format!("font-weight:{weight}"))))
        .collect();
    assert!(weights[0] < weights[1] && weights[1] < weights[2], "{weights:?}");
    assert_eq!(tile("font-family:'No Such Font'"), tile(""));
    assert_eq!(tile("font-family:Times,serif"), tile(""));
}

#[test]
fn slanted_hangul_leans_to_the_right() {
    let lean = |style: &str| {
        let tile = bare(&format!("<div style='font-size:60px;padding-left:40px;{style}'>ㅣ</div>"))
            .whole();
        let (_, y0, _, y1) = ink(&tile).unwrap();
        let middle = |y: u32| {
            let row: Vec<u32> = (0..400).filter(|x| at(&tile, *x, y) != WHITE).collect();
            f64::from(row.iter().sum::<u32>()) / row.len() as f64
        };
        middle(y0 + 3) - middle(y1 - 3)
    };
    assert!(lean("").abs() < 1.0, "{}", lean(""));
    assert!((5.0..25.0).contains(&lean("font-style:italic")), "{}", lean("font-style:italic"));
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
fn zoom_and_scale_make_everything_larger() {
    let html =
        "<style>body{margin:0}</style><div style='width:50px;height:50px;background:#f00'></div>";
    let mut engine = engine();
    let mut page = Page::from_html(&mut engine, html, VIEW);
    for (scale, zoom, side) in
        [(1.0, 1.0, 50), (2.0, 1.0, 100), (1.0, 1.5, 75), (2.0, 0.5, 50), (1.5, 2.0, 150)]
    {
        page.set_view(&mut engine, View { scale, zoom, ..VIEW });
        let tile = page.whole();
        assert_eq!(page.laid().factor, scale * zoom);
        assert_eq!(tile.size.0, (400.0 * scale) as u32);
        assert_eq!(ink(&tile).unwrap(), (0, 0, side - 1, side - 1), "{scale} {zoom}");
    }
}

#[test]
fn another_view_is_the_same_as_opening_it_so() {
    let html = "<style>@media(max-width:350px){b{display:block;background:#fc0}}</style>
        <h1>제목</h1><p>본문 <b>강조</b> text that wraps at one width and not at another</p>
        <ul><li>하나<li>둘</ul><table width=100%><tr><td>a<td>b</table>";
    let mut engine = engine();
    let mut page = Page::from_html(&mut engine, html, VIEW);
    for view in [
        View { width: 300.0, ..VIEW },
        View { zoom: 2.0, ..VIEW },
        View { scale: 1.5, width: 700.0, ..VIEW },
        VIEW,
    ] {
        page.set_view(&mut engine, view);
        let mut fresh = Page::from_html(&mut engine, html, view);
        assert_eq!(page.laid().device, fresh.laid().device);
        assert!(page.whole() == fresh.whole(), "{view:?}");
    }
}

#[test]
fn what_is_too_wide_is_made_smaller_until_it_fits() {
    let html = "<style>body{margin:0}</style><table style='width:800px;border-spacing:0'><tr>
        <td style='background:#f00;height:40px;padding:0'></td><td style='background:#00f;padding:0;width:100px'></td></table>";
    let mut engine = engine();
    let mut page = Page::from_html(&mut engine, html, VIEW);
    assert_eq!((page.laid().factor, page.laid().device), (0.5, (400, 20)));
    let tile = page.whole();
    assert_eq!((at(&tile, 2, 10), at(&tile, 398, 10)), (RED, BLUE));

    let page = Page::from_html(&mut engine, html, View { fit: false, ..VIEW });
    assert_eq!((page.laid().factor, page.laid().device), (1.0, (800, 40)));

    let absurd =
        "<style>body{margin:0}</style><div style='width:9e9px;height:9px;background:#f00'></div>";
    let page = Page::from_html(&mut engine, absurd, VIEW);
    assert!((page.laid().factor - 0.3).abs() < 1e-6);
    assert_eq!(page.laid().device.0, MAX_WIDTH);

    // What nobody sees makes nothing smaller.
    let hidden = "<div style='position:absolute;left:9000px'>x</div><div style='width:100px;overflow:hidden'><p style='width:2000px'>y</div>";
    let page = Page::from_html(&mut engine, hidden, VIEW);
    assert_eq!((page.laid().factor, page.laid().device.0), (1.0, 400));
}

#[test]
fn a_page_is_never_higher_than_the_limit() {
    let mut page = bare("<div style='height:999999999px'></div><p>below</p>");
    assert_eq!(page.laid().device, (400, MAX_HEIGHT));
    assert_eq!(page.paint(MAX_HEIGHT - 5, 50).size.1, 5);
}

#[test]
fn pictures_are_drawn_where_they_belong_and_only_those_given() {
    let html = "<style>body{margin:0} div{width:40px;height:30px;background:url(goyo:1)} img{display:block}</style>
        <img src='goyo:0'><div></div><img src='goyo:2' width=40 height=30>";
    let mut engine = engine();
    let mut page = Page::from_html(&mut engine, html, VIEW);
    assert_eq!(ink(&page.whole()), None);
    page.set_pictures(
        &mut engine,
        vec![(0, picture(20, 10, [255, 0, 0, 255])), (1, picture(8, 8, [0, 0, 255, 255]))],
    );
    let tile = page.whole();
    assert_eq!((at(&tile, 0, 0), at(&tile, 19, 9)), (RED, RED));
    assert_eq!((at(&tile, 20, 5), at(&tile, 0, 10), at(&tile, 39, 39)), (WHITE, BLUE, BLUE));
    assert_eq!(page.laid().device.1, 70);
    assert_eq!(at(&tile, 5, 45), WHITE);
    assert_eq!(page.gate.refused(), 0);
}

#[test]
fn a_reduced_picture_takes_the_room_it_says_it_needs() {
    let reduced = Picture { natural: (3000, 1500), ..picture(300, 150, [255, 0, 0, 255]) };
    let mut engine = engine();
    for (style, size) in
        [("", (3000, 1500)), ("max-width:100%", (400, 200)), ("width:200px", (200, 100))]
    {
        let html = format!(
            "<style>body{{margin:0}}</style><img style='display:block;height:auto;{style}' src='goyo:0'>"
        );
        let mut page = Page::from_html(&mut engine, &html, View { fit: false, ..VIEW });
        page.set_pictures(&mut engine, vec![(0, reduced.clone())]);
        let tile = page.whole();
        let (x0, y0, x1, y1) = ink(&tile).unwrap();
        assert_eq!((x0, y0), (0, 0), "{style}");
        assert!(
            (x1 + 1).abs_diff(size.0) <= 1 && (y1 + 1).abs_diff(size.1) <= 1,
            "{style} {x1} {y1}"
        );
    }
}

#[test]
fn pictures_beyond_the_memory_of_a_letter_or_of_a_wrong_size_are_left_out() {
    let mut engine = engine();
    let mut page = Page::from_html(&mut engine, "", VIEW);
    let large = picture(4000, 4000, [1, 1, 1, 255]);
    let wrong = Picture { size: (5, 5), ..picture(4, 4, [1, 1, 1, 255]) };
    page.set_pictures(
        &mut engine,
        vec![(0, large.clone()), (1, large.clone()), (2, large), (3, wrong)],
    );
    assert_eq!(page.pictures.keys().copied().collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn nothing_is_asked_for_but_pictures() {
    let html = "<style>@import url(https://a.test/x.css);@font-face{font-family:F;src:url(https://a.test/f.woff)}
        p{font-family:F;background:url(https://a.test/1.png)}</style>
        <p>x</p><img src='https://a.test/2.png'><link rel=stylesheet href='https://a.test/s.css'>
        <iframe src='https://a.test/'></iframe><img src='goyo:5'><video poster='https://a.test/3'></video>";
    let mut page = Page::from_html(&mut engine(), html, VIEW);
    assert!(page.gate.refused() > 0);
    // It is drawn without waiting for what never comes.
    assert!(ink(&page.whole()).is_some());
}

fn links(html: &str, points: &[Point]) -> Vec<(Option<u32>, bool)> {
    let mut page = bare(html);
    points.iter().map(|point| page.hit(*point)).map(|hit| (hit.link, hit.text)).collect()
}

#[test]
fn a_link_is_hit_on_its_text_its_picture_and_its_block_and_nowhere_else() {
    let found = links(
        "<a href='goyo-link:7'>링크 text</a> plain
         <div><a href='goyo-link:8' style='display:block;height:50px'><b>in <i>it</i></b></a></div>
         <a href='goyo-link:9'><img width=40 height=40 style='display:block'></a>
         <a href='https://a.test/'>never</a>",
        &[(10.0, 10.0), (390.0, 10.0), (390.0, 50.0), (20.0, 95.0), (20.0, 900.0), (-5.0, 5.0)],
    );
    assert_eq!(found[0], (Some(7), true));
    assert_eq!(found[1].0, None);
    assert_eq!(found[2], (Some(8), false));
    assert_eq!(found[3].0, Some(9));
    assert_eq!(found[4], (None, false));
    assert_eq!(found[5], (None, false));
}

#[test]
fn hits_and_rects_are_in_pixels_of_the_letter_whatever_the_zoom() {
    let html = "<style>body{margin:0}</style><div style='height:100px'></div><a href='goyo-link:1'>link</a>";
    let mut engine = engine();
    let mut rects = Vec::new();
    for (scale, zoom) in [(1.0, 1.0), (2.0, 1.0), (1.0, 2.0)] {
        let mut page = Page::from_html(&mut engine, html, View { scale, zoom, ..VIEW });
        assert_eq!(page.hit((8.0, 110.0)).link, Some(1), "{scale} {zoom}");
        assert_eq!(page.hit((8.0, 50.0)).link, None);
        rects.push(page.find("link").concat()[0]);
    }
    for rect in &rects[1..] {
        for (one, other) in
            [(rect.x, rects[0].x), (rect.y, rects[0].y), (rect.width, rects[0].width)]
        {
            assert!((one - other).abs() < 1.5, "{rects:?}");
        }
    }
}

#[test]
fn everything_is_selected_in_the_order_it_is_read() {
    let mut page = bare(
        "<h1>제목</h1><p>하나 <b>둘</b><br>셋</p>
         <table><tr><td>왼쪽</td><td>오른쪽</td></tr><tr><td>아래</td><td>끝</td></tr></table>
         <div style='display:none'>숨김</div><div style='max-height:0;overflow:hidden'>preheader</div>
         <p>before <span style='display:inline-block'>inside</span> after</p>",
    );
    let (rects, text) = page.select(Select::All);
    let lines: Vec<&str> =
        text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["제목", "하나 둘", "셋", "왼쪽\t오른쪽", "아래\t끝", "before inside after"]);
    assert!(text.contains("제목\n\n하나"), "a gap is an empty line: {text:?}");
    assert!(rects.len() >= 8);
    for rect in rects {
        assert!(rect.width > 0.0 && rect.height > 0.0 && rect.x >= 0.0);
    }
}

#[test]
fn a_range_is_selected_in_either_direction() {
    let mut page = bare("<p style='margin:0'>first line</p><p style='margin:0'>second line</p>");
    let first = page.find("line").concat()[0];
    let second = page.find("second").concat()[0];
    let from = (first.x, first.y + 3.0);
    let to = (second.x + second.width, second.y + 3.0);
    for (a, b) in [(from, to), (to, from)] {
        let (rects, text) = page.select(Select::Range(a, b));
        assert_eq!(text, "line\nsecond");
        assert!(rects.len() >= 2);
    }
    // Beyond the text: from the beginning to the end.
    let (_, text) = page.select(Select::Range((-50.0, -50.0), (5000.0, 5000.0)));
    assert_eq!(text, "first line\nsecond line");
    assert_eq!(page.select(Select::None), (Vec::new(), String::new()));
    assert_eq!(page.select(Select::Range(from, from)), (Vec::new(), String::new()));
}

#[test]
fn a_word_and_a_paragraph_are_selected_at_a_point() {
    let mut page = bare("<p>조용한 <b>편</b>지 상자</p><p>다음 문단</p>");
    let rect = page.find("편지").concat()[0];
    let point = (rect.x + 3.0, rect.y + 5.0);
    assert_eq!(page.select(Select::Word(point)).1, "편지");
    assert_eq!(page.select(Select::Paragraph(point)).1, "조용한 편지 상자");
}

#[test]
fn text_is_found_across_elements_and_in_the_middle_of_words() {
    let mut page = bare(
        "<p>안녕<b>하세</b>요, ＧＯＹＯ</p><p>goyo</p><div style='display:none'>goyo</div>
         <p style='width:60px'>wrapped goyo goyo</p>",
    );
    assert_eq!(page.find("녕하세").len(), 1);
    let found = page.find("Goyo");
    assert_eq!(found.len(), 4);
    let tile = page.whole();
    for rect in found.concat() {
        let (x0, y0) = (rect.x as u32, rect.y as u32);
        let dark = (y0..y0 + rect.height as u32)
            .any(|y| (x0..x0 + rect.width as u32).any(|x| at(&tile, x, y)[0] < 128));
        assert!(dark, "nothing is written at {rect:?}");
    }
    // It goes on in the next line: two boxes.
    assert_eq!(page.find("wrapped goyo")[0].len(), 2);
    assert!(page.find("").is_empty() && page.find("nowhere").is_empty());
}

#[test]
fn no_more_than_a_thousand_places_are_told() {
    assert_eq!(bare(&"aa ".repeat(2000)).find("a").len(), text::MAX_MATCHES);
}

fn slot(size: (Option<f32>, Option<f32>)) -> Slot {
    Slot {
        url: "https://a.test/1".into(),
        element: "img".into(),
        source: SlotSource::Remote,
        size,
        alt: None,
    }
}

fn seen(html: &str, size: (Option<f32>, Option<f32>), given: bool) -> Visible {
    let mut engine = engine();
    let mut page = Page::from_html(&mut engine, html, VIEW);
    page.cleaned.slots = vec![slot(size)];
    if given {
        page.set_pictures(&mut engine, vec![(0, picture(30, 30, [9, 9, 9, 255]))]);
    }
    page.visible()[0]
}

#[test]
fn who_could_see_a_picture_is_told_by_where_it_stands() {
    let img = "<img src='goyo:0' width=60 height=40 style='width:60px;height:40px'>";
    let sized = (Some(60.0), Some(40.0));
    for (around, wanted) in [
        ("{}", Yes),
        ("<table><tr><td>{}</table>", Yes),
        ("<a href='goyo-link:1'><b>{}</b></a>", Yes),
        ("<div style='overflow:hidden;height:30px'>{}</div>", Yes),
        ("<div style='display:none'>{}</div>", No),
        ("<span style='display:none'>{}</span>", No),
        ("<div style='visibility:hidden'>{}</div>", No),
        ("<div style='opacity:0'><p>{}</div>", No),
        ("<div style='height:0;overflow:hidden'>{}</div>", No),
        (
            "<div style='max-height:0;max-width:0;overflow:hidden'><table><tr><td>{}</table></div>",
            No,
        ),
        ("<div style='position:absolute;left:-9999px'>{}</div>", No),
        ("<div style='position:absolute;top:-500px'>{}</div>", No),
        ("<div style='margin-left:-9999px'>{}</div>", No),
        ("<div style='transform:scale(0)'>{}</div>", No),
    ] {
        for given in [true, false] {
            let html = around.replace("{}", img);
            assert_eq!(seen(&html, sized, given), wanted, "{html} given: {given}");
        }
    }
}

#[test]
fn a_picture_of_no_known_size_is_known_only_when_it_is_there_or_hidden() {
    let img = "<p><img src='goyo:0'></p>";
    let unsized_ = (None, None);
    assert_eq!(seen(img, unsized_, false), Unknown);
    assert_eq!(seen(img, unsized_, true), Yes);
    let hidden = format!("<div style='height:0;overflow:hidden'>{img}</div>");
    assert_eq!(seen(&hidden, unsized_, false), No);
    // The box of the alternative text says nothing of the picture.
    assert_eq!(seen("<span data-g=0>A picture of a cat</span>", unsized_, false), Unknown);
    assert_eq!(seen("<p>It was cut away</p>", unsized_, false), Unknown);
}

#[test]
fn tiny_pictures_are_not_seen() {
    for (width, height, wanted) in [(1.0, 1.0, No), (0.0, 50.0, No), (2.0, 2.0, Yes)] {
        let html = format!("<img src='goyo:0' style='width:{width}px;height:{height}px'>");
        assert_eq!(seen(&html, (Some(width), Some(height)), false), wanted, "{html}");
        assert_eq!(seen(&html, (None, None), false), wanted, "{html}");
    }
}

#[test]
fn backgrounds_are_seen_where_their_element_has_room() {
    for (html, wanted) in [
        ("<div style='background-image:url(goyo:0);height:50px'></div>", Yes),
        ("<table><tr><td style='background:url(goyo:0) no-repeat'>text</table>", Yes),
        ("<style>.a{background:url(goyo:0)}</style><p class=a>text", Yes),
        ("<div style='background-image:url(goyo:0);height:0'></div>", No),
        ("<div style='background-image:url(goyo:0);height:1px;width:1px'></div>", No),
        ("<div style='display:none'><p style='background-image:url(goyo:0)'>x</div>", No),
    ] {
        let seen = seen(html, (None, None), false);
        // What is not shown at all may never have been asked for by the engine.
        let wanted = if html.contains("display:none") { [No, Unknown] } else { [wanted; 2] };
        assert!(wanted.contains(&seen), "{html} {seen:?}");
    }
}

/// On a stack like that of the drawing process.
fn on_its_thread(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap().join().unwrap();
}

#[test]
fn the_deepest_letters_the_cleaner_lets_through_are_drawn() {
    on_its_thread(|| {
        let mut engine = engine();
        let depth = crate::html::clean::MAX_DEPTH;
        for (open, close) in [
            ("<div>", "</div>"),
            ("<span>", "</span>"),
            ("<table><tr><td>", "</td></tr></table>"),
            ("<blockquote style='float:left'>", "</blockquote>"),
            ("<b style='display:inline-block'>", "</b>"),
            ("<div style='display:flex'>", "</div>"),
            ("<div style='position:relative;opacity:.99;overflow:hidden'>", "</div>"),
        ] {
            let count = if open.starts_with("<table") { depth / 3 } else { depth };
            let html = format!("{}<i>끝</i>{}", open.repeat(count), close.repeat(count));
            let start = Instant::now();
            let mut page = Page::from_html(&mut engine, &html, VIEW);
            page.paint(0, 500);
            assert!(!page.failed(), "{open}");
            assert_eq!(page.select(Select::All).1, "끝", "{open}");
            assert!(start.elapsed().as_secs() < 20, "{open}: {:?}", start.elapsed());
        }
    });
}

#[test]
fn absurd_numbers_break_nothing() {
    let mut engine = engine();
    for html in [
        "<p style='font-size:99999999px'>x",
        "<p style='letter-spacing:1e30px;word-spacing:-1e30px'>a b",
        "<div style='width:1e38px;height:1e38px;border:1e9px solid red'>x</div>",
        "<div style='margin:-1e6px;padding:1e6px'>x</div>",
        "<table><tr><td colspan=99999 rowspan=99999>x</table>",
        "<div style='transform:scale(1e30)'>x</div>",
        "<div style='box-shadow:0 0 99999px 99999px red;border-radius:1e9px'>x</div>",
        "<hr size=99999><ol start=2147483647><li>x<li>y</ol>",
        "",
    ] {
        let mut page = Page::from_html(&mut engine, html, VIEW);
        let (width, height) = page.laid().device;
        assert!((1..=MAX_WIDTH).contains(&width) && (1..=MAX_HEIGHT).contains(&height), "{html}");
        page.paint(0, 300);
        page.select(Select::All);
        page.find("x");
    }
    for number in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e30] {
        let view = View { width: number, scale: number, zoom: number, ..VIEW };
        let mut page = Page::from_html(&mut engine, "<p>x</p>", view);
        page.paint(0, 10);
        page.hit((number, number));
        page.select(Select::Range((number, number), (1.0, 1.0)));
    }
}

#[test]
fn an_address_nobody_can_resolve_makes_a_page_that_failed_not_a_panic() {
    let mut engine = engine();
    let mut page = Page::bare(Cleaned::default(), VIEW);
    page.html = Some("<img src='http://[bad'>".into());
    page.rebuild(&engine);
    let tile = page.paint(0, 10);
    assert!(page.failed());
    assert!(tile.pixels.chunks(4).all(|pixel| pixel == [255, 255, 255, 255]));
    assert_eq!(page.select(Select::All), (Vec::new(), String::new()));
    page.html = Some("<p>fine</p>".into());
    page.set_view(&mut engine, VIEW);
    assert!(!page.failed());
}

/// Pictures of pages, to be looked at: `GOYO_PAGES=dir cargo test -- --ignored`.
#[test]
#[ignore = "writes pictures for the eye"]
fn pages_to_look_at() {
    let Ok(dir) = std::env::var("GOYO_PAGES") else { return };
    let mut engine = Engine::new();
    for entry in std::fs::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "html") {
            continue;
        }
        let html = std::fs::read_to_string(&path).unwrap();
        for (name, scheme, width) in [
            ("light", Scheme::Light, 720.0),
            ("dark", Scheme::Dark, 720.0),
            ("narrow", Scheme::Light, 380.0),
        ] {
            let cleaned = clean(&[Body::Html(html.clone())]);
            let mut page = engine.open(cleaned, View { width, scheme, ..VIEW });
            let colours = [[220, 90, 60, 255], [60, 140, 220, 255], [90, 180, 120, 255]];
            let pictures = (0..40)
                .map(|token| (token, picture(160, 100, colours[token as usize % 3])))
                .collect();
            if name != "narrow" {
                page.set_pictures(&mut engine, pictures);
            }
            let start = Instant::now();
            let tile = page.paint(0, 2400);
            eprintln!(
                "{} {name}: {:?} laid {:.1} ms, painted {:.1} ms, failed {}",
                path.display(),
                page.laid().device,
                page.laid().ms,
                start.elapsed().as_secs_f32() * 1000.0,
                page.failed(),
            );
            let image = image::RgbaImage::from_raw(tile.size.0, tile.size.1, tile.pixels).unwrap();
            image.save(path.with_extension(format!("{name}.png"))).unwrap();
        }
    }
}

#[test]
fn hangul_in_a_letter_that_names_foreign_families_is_drawn_with_pretendard() {
    let mut engine = Engine::new();
    let mut drawn = |family: &str| {
        let html = format!("<div style=\"font:30px {family};line-height:40px\">고요한편지</div>");
        let tile = Page::from_html(&mut engine, &html, VIEW).whole();
        let (x0, y0, x1, y1) = ink(&tile).unwrap();
        // The line may stand higher or lower, as the first family says.
        let written = (y0..=y1).flat_map(|y| (x0..=x1).map(move |x| (x, y)));
        written.map(|(x, y)| at(&tile, x, y)).collect::<Vec<_>>()
    };
    let wanted = drawn("Pretendard");
    for family in
        ["Arial", "Arial,sans-serif", "Georgia,serif", "'Times New Roman'", "Verdana,'No Such'"]
    {
        assert!(drawn(family) == wanted, "{family}");
    }
}

/// Through the cleaner, with the placeholders it makes.
#[test]
fn of_a_cleaned_letter_it_is_told_who_could_see_its_pictures() {
    let letter = "<body><p>hello</p>
        <img src='https://a.test/0' width=200 height=100 alt='a cat'>
        <img src='https://a.test/1' width=1 height=1>
        <div style='display:none'><img src='https://a.test/2' width=200 height=100></div>
        <div style='max-height:0;overflow:hidden'><img src='https://a.test/3' width=200 height=100></div>
        <img src='https://a.test/spacer.gif' width=200 height=10>
        <table background='https://a.test/5'><tr><td>text</table>
        <img src='https://a.test/6'>
        <img src='https://a.test/7' width=90 height=90 style='position:absolute;left:-5000px'>";
    let mut engine = engine();
    let cleaned = clean(&[Body::Html(letter.into())]);
    let slots = cleaned.slots.clone();
    let mut page = engine.open(cleaned, VIEW);
    let wanted = [Yes, No, No, No, Yes, Yes, Unknown, No];
    for given in [false, true] {
        if given {
            let all = (0..8).map(|token| (token, picture(60, 60, [9, 9, 9, 255]))).collect();
            page.set_pictures(&mut engine, all);
        }
        for (slot, seen) in slots.iter().zip(page.visible()) {
            let number = slot.url.rsplit('/').next().unwrap();
            let number = number.parse().unwrap_or(4);
            let wanted = if given && number == 6 { Yes } else { wanted[number] };
            assert_eq!(seen, wanted, "{} given: {given}", slot.url);
        }
        assert_eq!(page.gate.refused(), 0);
    }
}

#[test]
fn what_grows_with_its_room_is_made_to_fit_too() {
    let html = "<style>body{margin:0}</style>
        <div style='width:100%;padding:0 20px;height:30px;background:#f00'></div>";
    let page = Page::from_html(&mut engine(), html, VIEW);
    assert_eq!(page.laid().device.0, 400);
    assert!((0.7..1.0).contains(&page.laid().factor), "{}", page.laid().factor);
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

#[test]
fn one_long_word_does_not_make_a_letter_small() {
    let html = format!("<p>https://a.test/{}</p>", "0123456789abcdef".repeat(20));
    let page = bare(&html);
    assert_eq!(page.laid().factor, 1.0);
    assert_eq!(page.laid().device.0, 400);
}

/// `cargo test -- --ignored --nocapture what_it_costs`.
#[test]
#[ignore = "measures"]
fn what_it_costs() {
    let start = Instant::now();
    let mut engine = Engine::new();
    eprintln!("engine: {:.1} ms", start.elapsed().as_secs_f32() * 1000.0);
    let row = "<tr><td style='padding:12px;border-bottom:1px solid #eee;font:14px/22px Arial'>
        <b>상품 이름</b> A product with a name <a href='https://shop.test/item?id=1'>더 보기</a></td>
        <td style='padding:12px;color:#c00'><span style='font-size:18px'>12,000원</span></td></tr>";
    let letter = format!("<table width=600>{}</table>", row.repeat(30_000 / row.len()));
    let mut times: Vec<(f32, f32)> = (0..40)
        .map(|_| {
            let cleaned = clean(&[Body::Html(letter.clone())]);
            let mut page = engine.open(cleaned, View { width: 720.0, ..VIEW });
            let start = Instant::now();
            page.paint(0, 800);
            (page.laid().ms, start.elapsed().as_secs_f32() * 1000.0)
        })
        .collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    eprintln!("{} bytes: {:?} median, {:?} slowest", letter.len(), times[20], times[39]);
}
