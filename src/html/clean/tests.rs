#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;

fn of(html: &str) -> Cleaned {
    clean(&[Body::Html(html.into())])
}

fn shown(html: &str) -> String {
    of(html).html(Scheme::Light, &|_| true)
}

fn refused(html: &str) -> String {
    of(html).html(Scheme::Light, &|_| false)
}

/// The letter's part of a document: what stands behind our own style.
fn body(html: &str) -> String {
    let whole = shown(html);
    whole[whole.find("<body").unwrap()..].to_owned()
}

#[test]
fn a_letter_comes_out() {
    let html = body(
        "<p>Hi <a href='http://a.example/x'>there</a><img src='http://b.example/p.png' width=10>",
    );
    assert!(html.contains("<a href=\"goyo-link:0\">there</a>"), "{html}");
    assert!(html.contains("src=\"goyo:0\""), "{html}");
}

#[test]
fn refused_pictures_leave_their_text() {
    let html = refused("<img src='http://b.example/p.png' alt='Our logo'>");
    assert!(html.contains(">Our logo<"), "{html}");
    assert!(!html.contains("<img"), "{html}");
}

#[test]
#[ignore = "prints a file: GOYO_HTML=file"]
fn print() {
    let path = std::env::var("GOYO_HTML").unwrap();
    let html = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let start = std::time::Instant::now();
    let cleaned = of(&html);
    let took = start.elapsed();
    println!("{}", cleaned.html(Scheme::Light, &|_| false));
    eprintln!("{took:?}");
}
