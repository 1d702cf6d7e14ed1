//! Folded quotations as they are laid out: opened, found, copied.

use super::*;
use crate::html::clean::{Body, clean};

const VIEW: View = View { width: 400.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };

fn labels() -> Labels {
    Labels { show: "… # lines".into(), hide: "fold".into() }
}

fn letter(engine: &mut Engine) -> Page {
    let quoted: String = (1..=40).map(|n| format!("> quoted {n}\n")).collect();
    let text = format!("My answer.\n\nAnn wrote:\n{quoted}\nMy last words.\n");
    let page = engine.open_with(clean(&[Body::Text(text)]), VIEW, Vec::new(), Some(labels()));
    assert!(!page.failed());
    page
}

/// The first place where something can be pressed to open a fold.
fn handle(page: &mut Page) -> Option<(Point, u32)> {
    let height = page.laid().device.1;
    (0..height).step_by(4).find_map(|y| {
        let at = (30.0, y as f32);
        page.hit(at).fold.map(|fold| (at, fold))
    })
}

#[test]
fn a_fold_is_opened_and_closed_where_it_is_pressed() {
    let mut engine = Engine::with_fonts(false);
    let mut page = letter(&mut engine);
    let closed = page.laid().device.1;
    let (_, number) = handle(&mut page).expect("a handle");
    assert_eq!(number, 0);
    page.fold(&engine, number);
    assert!(page.laid().device.1 > closed + 500, "{closed} {:?}", page.laid());
    let (_, number) = handle(&mut page).expect("a handle");
    page.fold(&engine, number);
    assert_eq!(page.laid().device.1, closed);
    // There is no such fold.
    page.fold(&engine, 99);
    assert_eq!(page.laid().device.1, closed);
}

#[test]
fn another_scheme_keeps_a_fold_open() {
    let mut engine = Engine::with_fonts(false);
    let mut page = letter(&mut engine);
    page.fold(&engine, 0);
    let open = page.laid().device.1;
    page.set_view(&mut engine, View { scheme: Scheme::Dark, ..VIEW });
    assert_eq!(page.laid().device.1, open);
}

#[test]
fn a_word_in_a_fold_opens_it_and_only_such_a_word() {
    let mut engine = Engine::with_fonts(false);
    let mut page = letter(&mut engine);
    assert!(!page.unfold(&engine, "answer") && !page.unfold(&engine, "nowhere"));
    assert!(page.find("QUOTED 17").is_empty());
    assert!(page.unfold(&engine, "QUOTED 17"));
    assert_eq!(page.find("QUOTED 17").len(), 1);
    assert!(!page.unfold(&engine, "QUOTED 17"), "it is open");
}

#[test]
fn copied_text_has_what_is_folded() {
    let mut engine = Engine::with_fonts(false);
    let mut page = letter(&mut engine);
    let (_, text) = page.select(Select::All);
    assert!(text.contains("> quoted 1\n> quoted 2\n") && text.contains("> quoted 40"), "{text}");
    assert!(text.contains("My answer.") && text.ends_with("My last words."), "{text}");
    assert!(!text.contains("… 40 lines"), "{text}");
    // From the words above to the words below, by hand.
    let height = page.laid().device.1 as f32;
    let (_, dragged) = page.select(Select::Range((0.0, 0.0), (399.0, height)));
    assert!(dragged.contains("> quoted 23"), "{dragged}");
    // What ends above the fold has nothing of it.
    let (_, above) = page.select(Select::Range((0.0, 0.0), (399.0, 20.0)));
    assert!(above.contains("My answer.") && !above.contains("quoted"), "{above}");
}

#[test]
fn folded_pictures_may_come_to_be_seen() {
    let mut engine = Engine::with_fonts(false);
    let html = format!(
        "<p>Yes.<img src=http://a.example/0 width=50 height=50>
         <blockquote type=cite><img src=http://a.example/1 width=50 height=50>{}</blockquote>",
        "<p>line".repeat(20)
    );
    let cleaned = clean(&[Body::Html(html)]);
    let mut page = engine.open_with(cleaned, VIEW, Vec::new(), Some(labels()));
    assert_eq!(page.visible(), [Visible::Yes, Visible::Unknown]);
    page.fold(&engine, 0);
    assert_eq!(page.visible(), [Visible::Yes, Visible::Yes]);
}
