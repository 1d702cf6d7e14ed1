//! Long quotations: what is folded, and what is in it.

use super::*;
use std::collections::BTreeSet;

fn folding(open: &[u32]) -> Folding {
    let labels = Labels { show: "… # lines <quoted>".into(), hide: "fold".into() };
    Folding { labels, open: open.iter().copied().collect::<BTreeSet<_>>() }
}

fn text(text: &str) -> Cleaned {
    clean(&[Body::Text(text.into())])
}

fn html(html: &str) -> Cleaned {
    clean(&[Body::Html(html.into())])
}

fn drawn(cleaned: &Cleaned, open: &[u32]) -> String {
    let whole = cleaned.folded(Scheme::Light, &|_| false, Some(&folding(open)));
    whole[whole.find("<body").unwrap()..].to_owned()
}

fn lines(mark: &str, count: usize) -> String {
    (1..=count).map(|n| format!("{mark}line {n}\n")).collect()
}

#[test]
fn a_long_quotation_is_folded_below_words() {
    let cleaned = text(&format!("Yes.\n\nAnn wrote:\n{}\nBye", lines("> ", 13)));
    assert_eq!(cleaned.folds.len(), 1);
    assert_eq!(cleaned.folds[0].lines, 13);
    assert!(cleaned.folds[0].text.starts_with("> line 1\n> line 2\n"));
    let closed = drawn(&cleaned, &[]);
    assert!(closed.contains("<a href=\"goyo-fold:0\">… 13 lines &lt;quoted></a>"), "{closed}");
    assert!(closed.contains("Yes.") && closed.contains("Bye"), "{closed}");
    assert!(!closed.contains("line 7"), "{closed}");
    let open = drawn(&cleaned, &[0]);
    assert!(open.contains(">fold</a>") && open.contains("line 7"), "{open}");
    // Where nobody folds, nothing is said of folds.
    let plain = cleaned.html(Scheme::Light, &|_| false);
    assert!(plain.contains("line 7") && !plain.contains("goyo-fold:"), "{plain}");
}

#[test]
fn what_is_short_or_alone_stays() {
    for whole in [
        format!("Yes.\n{}", lines("> ", 12)),
        // A letter that only passes on what it quotes.
        lines("> ", 40),
        format!("Ann wrote:\n{}\nI agree.", lines("> ", 40)),
        format!("-----Original Message-----\n{}", lines("", 40)),
        format!("Yes.\n-----Something else-----\n{}", lines("", 40)),
        format!("Yes.\n----- Original Message\n{}", lines("", 40)),
    ] {
        assert!(text(&whole).folds.is_empty(), "{whole}");
    }
    let long = "<p>line".repeat(40);
    for whole in [
        format!("<p>Yes.<blockquote type=cite>{}</blockquote>", "<p>line".repeat(12)),
        format!("<blockquote type=cite>{long}</blockquote>"),
        format!("<div>Ann wrote:</div><blockquote type=cite>{long}</blockquote><p>Yes."),
        // Not every indented part is a quotation.
        format!("<p>Yes.<blockquote>{long}</blockquote>"),
        format!("<div class=gmail_quote>---------- Forwarded message ---------{long}</div>"),
    ] {
        assert!(html(&whole).folds.is_empty(), "{whole}");
    }
}

#[test]
fn quotations_of_programs_are_known() {
    let long = "<p>line".repeat(20);
    for whole in [
        format!("<p>Yes.<blockquote type=CITE>{long}</blockquote><p>Bye"),
        format!(
            "Yes.<div class=gmail_quote>Ann wrote:<blockquote class='gmail_quote x'>{long}</blockquote></div>Bye"
        ),
        format!("<div>Yes.</div><div class=yahoo_quoted>{long}</div>Bye"),
        format!("<td>Bye Yes.<div><p>-----Original Message-----</p>{long}</div>"),
        format!("<p>Bye Yes.</p><p>&nbsp;</p><div><font>-----원본 메시지-----</font></div>{long}"),
        format!("<p>Bye Yes.</p><hr><div id=divRplyFwdMsg>From: Ann</div><div>{long}</div>"),
        format!("<p>Bye Yes.<br>-----Original Message-----<br>{}", "line<br>".repeat(20)),
    ] {
        let cleaned = html(&whole);
        assert_eq!(cleaned.folds.len(), 1, "{whole}");
        let closed = drawn(&cleaned, &[]);
        assert!(closed.contains("Yes.") && closed.contains("Bye"), "{closed}");
        assert!(
            !closed.contains("line<") && closed.matches("goyo-fold:0").count() == 1,
            "{closed}"
        );
        let open = drawn(&cleaned, &[0]);
        assert!(open.matches("line").count() >= 20, "{open}");
    }
}

#[test]
fn a_text_after_a_separator_is_folded_to_its_end() {
    let cleaned = text(&format!("네.\n\n-----원본 메시지-----\n{}", lines("", 15)));
    assert_eq!(cleaned.folds.len(), 1);
    let closed = drawn(&cleaned, &[]);
    assert!(closed.contains("네.") && !closed.contains("line 15"), "{closed}");
    // Several parts, opened one by one.
    let two = lines("> ", 20);
    let cleaned = text(&format!("One.\n{two}\nTwo.\n{two}\nThree."));
    assert_eq!(cleaned.folds.len(), 2);
    let second = drawn(&cleaned, &[1]);
    assert!(second.contains("goyo-fold:0\">… 20") && second.contains("goyo-fold:1\">fold"));
    assert_eq!(second.matches("line 20").count(), 1, "{second}");
}

#[test]
fn a_fold_knows_its_pictures_and_holds_no_second_one() {
    let inner = format!("<blockquote type=cite>{}</blockquote>", "<p>deep".repeat(20));
    let cleaned = html(&format!(
        "<img src=http://a.example/0><p>Yes.<blockquote type=cite><img src=http://a.example/1>{inner}</blockquote><img src=http://a.example/2>"
    ));
    assert_eq!(cleaned.folds.len(), 1);
    assert_eq!(cleaned.folds[0].tokens, 1..2);
    assert!(!drawn(&cleaned, &[]).contains("data-g=\"1\""));
    assert!(drawn(&cleaned, &[0]).contains("data-g=\"1\""));
}

#[test]
fn a_letter_cannot_make_folds_of_its_own() {
    let cleaned = html(
        "<style>[fold]{color:red}</style><p>a<a href='goyo-fold:0' g-fold=0 fold=0 class=goyo-fold>x</a>",
    );
    let shown = drawn(&cleaned, &[]);
    assert!(!shown.contains("goyo-fold") && !shown.contains("g-fold"), "{shown}");
}
