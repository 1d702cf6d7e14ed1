//! Documents made to hurt: time and memory stay bounded, and the ledger is not
//! blinded by them.

use goyo::{html, mime};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::time::Duration;

/// What this thread has worked so far: a busy machine does not make it more.
fn worked() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec.unsigned_abs() as u32)
}

fn within<T>(seconds: u64, what: &str, work: impl FnOnce() -> T) -> T {
    let started = worked();
    let result = work();
    let took = worked() - started;
    assert!(took < Duration::from_secs(seconds), "{what} took {took:?}");
    result
}

fn distinct(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, index| {
        let _ = write!(text, " a{index}=1");
        text
    })
}

const SRC: &str = " src=//tail.example/x";
const AFTER: &str = "<img src=//after.example/y>";

/// What is found in 200,000 attributes, the last of which refers to something, and
/// behind them.
fn found(what: &str, html: &str) -> (bool, bool) {
    let references = within(2, what, || html::references(html, 0));
    let has = |host: &str| references.iter().any(|r| r.url.contains(host));
    (has("//tail.example/x"), has("//after.example/y"))
}

#[test]
fn a_tag_of_200_000_attributes() {
    let many = distinct(200_000);
    let equal = " a=1".repeat(200_000);
    let packed = "/a".repeat(200_000);
    let quoted: String = (0..200_000).map(|i| format!("a{i}='<b c=\">'")).collect();
    for (name, attributes) in
        [("distinct", &many), ("equal", &equal), ("packed", &packed), ("quoted", &quoted)]
    {
        for (before, after) in [
            ("<img", ">"),
            ("<img", "/>"),
            ("<a", ">"),
            ("<style", "></style>"),
            ("<title", "></title>"),
            ("<script", "></script>"),
            ("<p>&am<img", ">"),
            ("</><img", ">"),
            ("<<img", ">"),
            ("<svg><image", "/></svg>"),
            ("<svg><![CDATA[]]><image", "/></svg>"),
            ("<svg><![CDATA[\0]]><image", "/></svg>"),
            ("<math><mi", "></mi></math>"),
            ("<!-- ' --><img", ">"),
            ("<!-- <p title=' --><img", ">"),
            ("<!-><img", ">"),
            ("<!x><img", ">"),
            ("<style></</style><img", ">"),
            ("<script><!--<script></script title='--></script><img", ">"),
            ("<textarea><p title='</textarea><img", ">"),
            ("<!doctype html public '><img", ">"),
        ] {
            let what = format!("{before} {name}");
            let html = format!("{before} {attributes}{SRC}{after}{AFTER}");
            assert_eq!(found(&what, &html), (true, true), "{what}");
        }
        // No attributes there, whatever it looks like.
        for (before, after) in [
            ("</p", ">"),
            ("<!-- <a", "-->"),
            ("<!-- <a", "> -->"),
            ("<style><a", "></style>"),
            ("<style></styles", "></style>"),
            ("<svg><![CDATA[ <a", "]]></svg>"),
            ("<svg><![CDATA[ \0 <a", "]]></svg>"),
            ("<script><!--<script></script", "></script>--></script>"),
            ("<title><a", "></title>"),
            ("<?a", ">"),
            ("<!a", ">"),
        ] {
            let what = format!("{before} {name}");
            let html = format!("{before} {attributes}{after}{AFTER}");
            let (_, behind) = found(&what, &html);
            // What is quoted ends comments of that kind, and begins tags itself.
            let bogus = matches!(before, "<?a" | "<!a") && name == "quoted";
            assert!(behind || bogus, "{what}");
        }
        // A tag that never ends is none.
        let _ = found("endless", &format!("<a {attributes}"));
        let _ = found("plaintext", &format!("<plaintext><a {attributes}>"));
        let nested = format!("<iframe srcdoc=\"<img {}{SRC}>\">", attributes.replace('"', ""));
        assert!(found("srcdoc", &nested).0, "{name}");
    }
}

#[test]
fn what_a_cut_tag_is_stays() {
    let many = distinct(1_000);
    let html = format!(
        "<div style='display:none'{many}><img src=//a.example width=9 height=9></div>{AFTER}"
    );
    let references = html::references(&html, 0);
    assert_eq!(references[0].visible, goyo::model::Visible::No);
    assert_eq!(references[1].visible, goyo::model::Visible::Unknown);
    // A slash at the cut does not close the element.
    let slashed = "/a".repeat(1_000);
    let html =
        format!("<svg><g style='display:none' {slashed}><image href=//a.example /></g></svg>");
    assert_eq!(html::references(&html, 0)[0].visible, goyo::model::Visible::No);
    let html = format!("<a href=//a.example{many} href=//b.example>text</a>");
    let links = html::links(&html);
    let last = links.last().unwrap();
    assert_eq!((last.href.as_str(), last.text.as_str()), ("//a.example", "text"));
    assert!(links.iter().any(|link| link.href == "//b.example"));
}

#[test]
fn formatting_elements_that_differ() {
    let mut html = String::from("<p>");
    for index in 0..250 {
        let _ = write!(html, "<b id={index}>");
    }
    for index in 0..400_000 {
        let _ = write!(html, "<b id=x{index} b c d e f></b>");
    }
    html.push_str(AFTER);
    assert!(within(10, "formatting", || html::references(&html, 0)).len() == 1);
    let many = distinct(250);
    let html = format!("<b{many} z>").repeat(5_000) + AFTER;
    assert!(within(5, "formatting with attributes", || html::references(&html, 0)).len() == 1);
    let html = format!("<b{many} z></b>").repeat(5_000) + AFTER;
    assert!(within(5, "formatting with attributes", || html::references(&html, 0)).len() == 1);
}

fn letter_of(html: &str, times: usize) -> Vec<u8> {
    let mut raw = b"From: a@x\nContent-Type: text/html\n\n".to_vec();
    for _ in 0..times {
        raw.extend_from_slice(html.as_bytes());
    }
    raw
}

#[test]
fn a_hundred_megabytes() {
    let line = "<p>paragraph <img src=http://t.example/x.png> &amp; more</p>\n";
    let raw = letter_of(line, 100_000_000 / line.len());
    let letter = mime::parse(&raw);
    let references = within(3, "the references", || html::references_of(&letter));
    assert_eq!(references.len(), 20_000);
    let report = within(10, "the report", || html::inspect(&raw, &[]));
    let kinds: Vec<_> = report.warnings.iter().map(|warning| warning.kind).collect();
    assert!(kinds.contains(&"html-too-large"), "{kinds:?}");
    assert!(kinds.contains(&"list-cut"), "{kinds:?}");
}

#[test]
fn the_report_says_what_was_not_read() {
    let kinds = |raw: &[u8]| -> Vec<&'static str> {
        let report = html::inspect(raw, &[]);
        report.warnings.iter().map(|warning| warning.kind).collect()
    };
    let said = |raw: &[u8]| {
        let kinds = kinds(raw);
        (kinds.contains(&"html-too-large"), kinds.contains(&"list-cut"))
    };
    assert_eq!(said(&letter_of("<img src=//a.example>", 20_000)), (false, false));
    assert_eq!(said(&letter_of("<img src=//a.example>", 20_001)), (false, true));
    assert_eq!(said(&letter_of("<a href=//a.example>x</a>", 20_001)), (false, true));
    assert_eq!(said(&letter_of("<p>long</p>\n", html::MAX_HTML / 12)), (false, false));
    assert_eq!(said(&letter_of("<p>long</p>\n", html::MAX_HTML / 12 + 1)), (true, false));
    // Not by parts either.
    let mut raw = b"From: a@x\nContent-Type: multipart/mixed; boundary=b\n\n".to_vec();
    for _ in 0..3 {
        raw.extend_from_slice(b"--b\nContent-Type: text/html\n\n");
        for _ in 0..7_000 {
            raw.extend_from_slice(b"<img src=//a.example>\n");
        }
    }
    raw.extend_from_slice(b"--b--\n");
    assert_eq!(said(&raw), (false, true));
}

const PIECES: [&str; 44] = [
    "<img src=//h/N>",
    "<a href='//h/N'>",
    "<img",
    "<a",
    "<p",
    "</p",
    ">",
    "/>",
    "'",
    "\"",
    "=",
    " x=",
    " y='",
    " z=\"",
    "<!--",
    "-->",
    "--!>",
    "<!",
    "<!doctype ",
    "<?",
    "</",
    "</>",
    "<",
    "/",
    "<style>",
    "</style",
    "</style>",
    "<script>",
    "</script>",
    "</script",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
    "<svg>",
    "</svg>",
    "<![CDATA[",
    "]]>",
    "\0",
    "&am",
    "&",
    "text",
    "<b>",
    "\r",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is found with a few attributes is found with too many.
    #[test]
    fn too_many_attributes_hide_nothing(picks in proptest::collection::vec(0..PIECES.len() + 6, 1..24)) {
        let write = |count: usize| {
            let many = (0..count).fold(String::from(" "), |text, index| format!("{text}a{index} "));
            let mut html = String::new();
            for (index, pick) in picks.iter().enumerate() {
                match PIECES.get(*pick) {
                    Some(piece) => html.push_str(&piece.replace('N', &format!("{index}!"))),
                    None => html.push_str(&many),
                }
            }
            html
        };
        let few = html::references(&write(3), 0);
        let many = html::references(&write(300), 0);
        for reference in &few {
            let number = reference.url.split("//h/").nth(1).and_then(|rest| rest.split('!').next());
            let Some(number) = number else { continue };
            let same = format!("//h/{number}!");
            prop_assert!(many.iter().any(|r| r.url.contains(&same)), "{:?} in {:?}", reference, write(3));
        }
    }
}
