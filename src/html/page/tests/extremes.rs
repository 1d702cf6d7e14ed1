//! The deepest letters and absurd numbers: a page comes of them, or one that failed.

use super::*;

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
