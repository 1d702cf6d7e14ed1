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

/// Every HTML and text body under a directory of letters: no panic, no address, and
/// how long it took. `GOYO_LETTERS=dir`.
#[test]
#[ignore = "needs a corpus: GOYO_LETTERS=directory"]
fn corpus() {
    use std::time::{Duration, Instant};
    let mut files = vec![std::path::PathBuf::from(std::env::var("GOYO_LETTERS").unwrap())];
    let (mut times, mut write, mut count) = (Vec::new(), Duration::ZERO, 0);
    let mut slowest = (Duration::ZERO, std::path::PathBuf::new());
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let letter = crate::mime::parse(&bytes);
        let bodies: Vec<Body> = letter
            .html_body
            .iter()
            .filter_map(|index| match &letter.parts.get(*index)?.content {
                crate::mime::Content::Html(html) => Some(Body::Html(html.to_string())),
                crate::mime::Content::Text(text) => Some(Body::Text(text.to_string())),
                _ => None,
            })
            .collect();
        let start = Instant::now();
        let cleaned = clean(&bodies);
        let took = start.elapsed();
        let start = Instant::now();
        let html = cleaned.html(Scheme::Dark, &|token| token % 2 == 0);
        write += start.elapsed();
        assert_no_address(&html);
        assert!(cleaned.slots.len() < 20_001);
        count += 1;
        if bodies.iter().any(|b| matches!(b, Body::Html(_))) {
            times.push(took);
            if took > slowest.0 {
                slowest = (took, path);
            }
        }
    }
    times.sort();
    println!(
        "{count} letters, {} with HTML: p50 {:?}, p95 {:?}, p99 {:?}, most {:?} ({}); writing all {write:?}",
        times.len(),
        times[times.len() / 2],
        times[times.len() * 95 / 100],
        times[times.len() * 99 / 100],
        slowest.0,
        slowest.1.display()
    );
}

/// What the engine could take for an address: nothing but our tokens.
fn assert_no_address(html: &str) {
    assert!(!html.contains("//"), "two slashes: …{}…", around(html, "//"));
    let lower = html.to_ascii_lowercase();
    for (at, _) in lower.match_indices("url(") {
        assert!(lower[at..].starts_with("url(goyo:"), "{}", &lower[at..(at + 40).min(lower.len())]);
    }
    for (at, _) in lower.match_indices("@import").chain(lower.match_indices("@font-face")) {
        // Only as the letter's text.
        assert!(at > lower.find("<body").unwrap(), "{}", around(html, "@"));
    }
    let tree = tree::parse(html);
    for node in &tree.nodes {
        let tree::Kind::Element { name, attributes } = &node.kind else { continue };
        let element = &*name.local;
        assert!(
            write::names().any(|known| known == element)
                || ["html", "head", "meta", "style", "body"].contains(&element),
            "<{element}>"
        );
        for attribute in attributes {
            let (name, value) = (&*attribute.name.local, &*attribute.value);
            match name {
                "href" => assert!(value.strip_prefix("goyo-link:").is_some_and(is_number), "{value}"),
                "src" => assert!(value.strip_prefix("goyo:").is_some_and(is_number), "{value}"),
                "style" => assert!(!value.contains("//") && !value.contains('<'), "{value}"),
                "class" | "id" | "dir" | "lang" | "colspan" | "rowspan" | "span" | "start"
                | "reversed" | "value" | "data-slot" | "charset" => {}
                other => {
                    assert!(other.starts_with("g-") || other.starts_with("a-"), "{other}={value}");
                    assert!(!value.contains("//"), "{other}={value}");
                }
            }
        }
        // Nothing is asked of the engine but what the letter's own styles may ask.
        assert!(element != "meta" || attributes.len() == 1);
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<u32>().is_ok()
}

fn around<'a>(html: &'a str, what: &str) -> &'a str {
    let at = html.find(what).unwrap_or(0);
    let from = html.floor_char_boundary(at.saturating_sub(80));
    &html[from..html.ceil_char_boundary((at + 80).min(html.len()))]
}
