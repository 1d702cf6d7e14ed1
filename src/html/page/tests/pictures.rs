//! Pictures: only those given are drawn, and who could see them is told.

use super::*;
use Visible::{No, Unknown, Yes};

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
