use super::*;

const VIEW: View = View { width: 900.0, scale: 1.5, zoom: 1.25, scheme: Scheme::Dark, fit: true };

fn order() -> Print {
    let lines = vec![("보낸사람".to_owned(), "<b>한지우</b> & \u{202e}moc".to_owned())];
    Print { title: "견적 <문의>".into(), language: "ko".into(), lines, ..Print::default() }
}

#[test]
fn a_letter_is_as_before_when_it_was_printed() {
    let mut engine = Engine::with_fonts(false);
    let mut page = Page::from_html(&mut engine, "<p>안녕하세요</p><hr><p>fi</p>", VIEW);
    let (laid, before) = (page.laid(), page.paint(0, 300));
    let printed = page.print(&mut engine, &order()).unwrap();
    assert_eq!((printed.sheets, printed.whole), (1, true));
    assert!(printed.pdf.starts_with(b"%PDF-"));
    assert_eq!((page.laid().device, page.laid().factor), (laid.device, laid.factor));
    assert_eq!(page.paint(0, 300), before);
    // The same letter gives the same file: nothing of the moment is in it.
    assert_eq!(page.print(&mut engine, &order()).unwrap(), printed);
}

#[test]
fn what_is_above_a_letter_is_text_and_nothing_else() {
    let html = head::head(&order());
    assert!(html.contains("견적 &lt;문의&gt;"), "{html}");
    assert!(html.contains("&lt;b&gt;한지우&lt;/b&gt; &amp; moc"), "{html}");
}

#[test]
fn glyphs_say_what_they_were_made_of() {
    let mut engine = Engine::with_fonts(false);
    let page = Page::from_html(&mut engine, "<p>가나 office e\u{301}</p><li>x", VIEW);
    let mut letters = Letters::default();
    letters.learn(&page.document);
    let mut said = String::new();
    for id in &page.survey.order {
        let Some(lines) = lines_of(&page.document, *id) else { continue };
        for item in lines.layout.lines().flat_map(|line| line.items()) {
            let PositionedLayoutItem::GlyphRun(run) = item else { continue };
            let glyphs = run.glyphs().map(|glyph| glyph.id).collect();
            let of = letters.said(run.run().font(), glyphs);
            said.extend(of.iter().flatten().map(|said| said.as_ref()));
        }
    }
    assert!(said.contains("가나 office e\u{301}"), "{said}");
}

#[test]
fn a_font_that_may_not_be_embedded_is_known() {
    // A table directory with OS/2 alone, and its `fsType`.
    let font = |kind: u16| {
        let mut font = vec![0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        font.extend(b"OS/2");
        font.extend([0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 96]);
        font.extend([0; 8]);
        font.extend(kind.to_be_bytes());
        font.extend([0; 86]);
        font
    };
    let may = |kind| ink::may_embed(&font(kind), 0);
    for kind in [0, 0x0004, 0x0008, 0x000c] {
        assert!(may(kind), "{kind:#x}");
    }
    // Restricted; no subsets; bitmaps only.
    for kind in [0x0002, 0x0100, 0x0104, 0x0200] {
        assert!(!may(kind), "{kind:#x}");
    }
    assert!(ink::may_embed(b"no font", 0));
}
