//! Links, selections and what is found: where they are, in pixels of the letter.

use super::*;

fn links(html: &str, points: &[Point]) -> Vec<(Option<u32>, bool)> {
    let mut page = bare(html);
    points.iter().map(|point| page.hit(*point)).map(|hit| (hit.link, hit.text)).collect()
}

#[test]
fn links_are_gone_through_as_they_are_read_and_unseen_ones_passed_over() {
    let html = "<style>body{margin:0}</style>
        <p><a href='goyo-link:3'>first <b>link</b></a> and <a href='goyo-link:1'>second</a></p>
        <div style='display:none'><a href='goyo-link:7'>hidden</a></div>
        <a href='goyo-link:8'></a><a href='https://a.test/'>none of ours</a>
        <div style='height:500px'></div>
        <a href='goyo-link:2'><img width=40 height=40></a>
        <a href='goyo-fold:0' style='display:block;height:50px'>fold</a>";
    let mut page = bare(html);
    let mut step = |from, back, top| {
        let stop = page.step(Step { from, back, top }).unwrap();
        let hit = page.hit({
            let first = stop.boxes[0];
            (first.x + first.width / 2.0, first.y + first.height / 2.0)
        });
        assert_eq!((hit.link, hit.fold), (stop.hit.link, stop.hit.fold), "it stands there");
        (stop.at, stop.hit.link.map_or(-1, i64::from))
    };
    let (first, link) = step(None, false, 0.0);
    assert_eq!(link, 3);
    let (second, link) = step(Some(first), false, 0.0);
    assert_eq!(link, 1);
    let (picture, link) = step(Some(second), false, 0.0);
    assert_eq!(link, 2);
    let (fold, link) = step(Some(picture), false, 0.0);
    assert_eq!(link, -1);
    assert_eq!(step(Some(fold), false, 0.0), (first, 3), "around");
    assert_eq!(step(Some(first), true, 0.0), (fold, -1));
    assert_eq!(step(Some(fold), true, 0.0), (picture, 2));
    // From what is in sight; below the last, from the first.
    assert_eq!(step(None, false, 300.0), (picture, 2));
    assert_eq!(step(None, false, 9000.0), (first, 3));
    assert_eq!(step(None, true, 0.0), (fold, -1));
    assert_eq!(step(Some(u32::MAX), false, 0.0), (first, 3));
    assert_eq!(bare("<p>no link").step(Step { from: None, back: false, top: 0.0 }), None);
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
