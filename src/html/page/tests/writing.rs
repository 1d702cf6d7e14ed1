//! Fonts: Hangul and Latin are drawn with letters, whatever family is named.

use super::*;

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
