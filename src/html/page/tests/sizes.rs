//! Zoom, scale and width: a page fits, and is never higher than the limit.

use super::*;

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
fn what_grows_with_its_room_is_made_to_fit_too() {
    let html = "<style>body{margin:0}</style>
        <div style='width:100%;padding:0 20px;height:30px;background:#f00'></div>";
    let page = Page::from_html(&mut engine(), html, VIEW);
    assert_eq!(page.laid().device.0, 400);
    assert!((0.7..1.0).contains(&page.laid().factor), "{}", page.laid().factor);
}

#[test]
fn one_long_word_does_not_make_a_letter_small() {
    let html = format!("<p>https://a.test/{}</p>", "0123456789abcdef".repeat(20));
    let page = bare(&html);
    assert_eq!(page.laid().factor, 1.0);
    assert_eq!(page.laid().device.0, 400);
}
