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
        for run in lines.layout.lines().flat_map(|line| line.runs()) {
            for glyph in run.clusters().flat_map(|cluster| cluster.glyphs()) {
                said.push_str(letters.said(run.font(), glyph.id));
            }
        }
    }
    assert!(said.contains("가나 office "), "{said}");
}
