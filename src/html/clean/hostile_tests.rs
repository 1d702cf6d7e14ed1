//! What strangers may write: whatever it is, no address comes out, and it ends soon.

use super::tests::{assert_listed, assert_no_address, of};
use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Pieces of which letters are made, in no order.
fn piece() -> impl Strategy<Value = String> {
    let words: &[&str] = &[
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<td background=//h.example/a>",
        "</table>",
        "<b>",
        "</b>",
        "<a href=http://h.example/l>",
        "</a>",
        "<div>",
        "</div>",
        "<style>",
        "</style>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<svg>",
        "</svg>",
        "<math>",
        "<mtext>",
        "<select>",
        "<option>",
        "<textarea>",
        "</textarea>",
        "<title>",
        "</title>",
        "<template>",
        "<noscript>",
        "</noscript>",
        "<img src=//h.example/i.png>",
        "<img src='http://h.example/i' srcset='a 2x'",
        "<body background=http://h.example/b bgcolor=red>",
        "</body>",
        "</html>",
        "<base href=http://base.example/x/>",
        "<link rel=stylesheet href=//h.example/s>",
        "<meta http-equiv=refresh content='0;url=//h.example'>",
        "<iframe src=//h.example>",
        "<input type=image src=//h.example/i>",
        "<form action=//h.example>",
        "<font face='",
        "<script>",
        "</script>",
        "<xmp>",
        "<plaintext>",
        "<pre>\n\n",
        "<br>",
        "<hr color=#fff size=2",
        " style=\"",
        " style='",
        "\"",
        "'",
        ">",
        "<",
        "=",
        "/",
        "//",
        "://",
        "http://h.example/",
        "\\\\h.example\\s",
        "url(",
        "URL( '//h.example/u' )",
        ")",
        "(",
        "{",
        "}",
        ";",
        ":",
        "@import '",
        "@import url(//h.example/c);",
        "@media print{",
        "@media (max-width:1px){",
        "@font-face{src:url(//h.example/f)}",
        "@namespace url(http://h.example);",
        "background:",
        "background-image:image-set('//h.example/1' 1x, url(//h.example/2) 2x)",
        "content:'//h.example'",
        "body",
        ".a",
        "#i",
        "[href^='http://h.example']",
        "*",
        ":hover",
        "::before",
        "color:red",
        "width:calc(1px + (2px))",
        "var(--x, url(//h.example/v))",
        "--x:url(//h.example/w)",
        "expression(alert(1))",
        "behavior:url(//h.example)",
        "filter:progid:X(src='//h.example')",
        "\\2f\\2f h.example",
        "\\75rl(//h.example/e)",
        "u\\72l(//h.example/e)",
        "/*",
        "*/",
        "&#47;&#x2f;",
        "&colon;//h.example",
        "&lt;img src=//h.example&gt;",
        "data:image/png;base64,AAAA",
        "data:text/html,<img src=//h.example/>",
        "cid:part@x",
        "javascript:alert(1)",
        "\u{fdd0}c0\u{fdd1}",
        "\u{fdd0}u0\u{fdd1}",
        "\u{fdd0}p0\u{fdd1}",
        "\u{fdd0}q0\u{fdd1}",
        "&#xfdd0;u7&#xfdd1;",
        "\\fdd0 u7\\fdd1 ",
        "\0",
        "\r\n",
        "\t",
        " ",
        "가나",
        "class=goyo-box",
        "g-1",
        "a-href=//h.example",
        "data-g=1",
    ];
    prop_oneof![
        8 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,8}",
        1 => "[ -~]{0,12}",
    ]
}

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_that_comes_out_is_an_address(html in soup()) {
        let cleaned = of(&html);
        for scheme in [Scheme::Light, Scheme::Dark] {
            assert_no_address(&cleaned.html(scheme, &|_| true));
            assert_no_address(&cleaned.html(scheme, &|_| false));
        }
        assert_listed(&cleaned, &crate::html::references(&html, 0));
        let shown = cleaned.html(Scheme::Light, &|_| true);
        for number in shown.split("href=\"goyo-link:").skip(1) {
            let number: usize = number.split('"').next().unwrap().parse().unwrap();
            prop_assert!(number < cleaned.links.len());
        }
    }

    #[test]
    fn several_bodies_and_texts_are_no_way_around(one in soup(), two in soup(), three in soup()) {
        let bodies = [Body::Html(one), Body::Text(two), Body::Html(three)];
        assert_no_address(&clean(&bodies).html(Scheme::Dark, &|token| token % 2 == 1));
    }

    #[test]
    fn styles_keep_nothing_that_could_fetch(css in soup()) {
        let html = format!("<style>{css}</style><p style=\"{}\">x", css.replace('"', "'"));
        assert_no_address(&of(&html).html(Scheme::Light, &|_| true));
    }
}

/// Cleans it, and says how long that took.
fn time(html: &str) -> (Cleaned, Duration) {
    let start = Instant::now();
    let cleaned = of(html);
    cleaned.html(Scheme::Light, &|_| false);
    (cleaned, start.elapsed())
}

/// Depth of nesting, counted by a reader that knows no HTML.
fn depth(html: &str) -> usize {
    let (mut depth, mut most) = (0_isize, 0);
    for tag in html.split('<').skip(1) {
        if tag.starts_with('/') {
            depth -= 1;
        } else if !["br", "img", "hr", "meta", "col", "wbr", "!"].iter().any(|v| tag.starts_with(v))
        {
            depth += 1;
        }
        most = most.max(depth);
    }
    most.unsigned_abs()
}

#[test]
fn nesting_is_limited() {
    for piece in [
        "<div>",
        "<b>",
        "<span><p>",
        "<table><tr><td>",
        "<ul><li>",
        "<font size=1><i>",
        "<a href=x><table><td>",
        "<svg><g>",
        "<blockquote>",
        "<section><b><p>",
    ] {
        let html = format!(
            "{}deep text<img src=http://h.example/x alt=y width=9 height=9>",
            piece.repeat(20_000)
        );
        let (cleaned, took) = time(&html);
        let out = cleaned.html(Scheme::Light, &|_| true);
        assert!(depth(&out) <= MAX_DEPTH + 80, "{piece}: {}", depth(&out));
        if !piece.contains("svg") {
            assert!(out.contains("deep text"), "{piece}");
        }
        assert!(took < Duration::from_secs(10), "{piece}: {took:?}");
    }
}

#[test]
fn tables_in_tables_are_limited() {
    let out = of(&"<table><tr><td>x".repeat(300)).html(Scheme::Light, &|_| true);
    assert!(out.matches("<table").count() <= 50, "{}", out.matches("<table").count());
}

#[test]
fn bombs_end_soon() {
    let many = |piece: &str, n: usize| piece.repeat(n);
    let bombs = [
        (
            "attributes",
            format!("<p {}>", (0..200_000).map(|n| format!("a{n}=1 ")).collect::<String>()),
        ),
        ("bold", many("<b>x<p>", 20_000)),
        ("fonts", many("<font color=red size=2 face=a>x<div>", 20_000)),
        ("styles", many("<style>a{color:red}</style>", 20_000)),
        (
            "rules",
            format!(
                "<style>{}</style>{}",
                many("td.a b{color:red}", 100_000),
                many("<td class=a><b>", 1_000)
            ),
        ),
        ("selectors", format!("<style>{}x{{color:red}}</style>", many("a b c,", 300_000))),
        ("brackets", format!("<style>a{{width:{}</style>", many("calc(", 300_000))),
        ("blocks", format!("<style>{}</style>", many("@media all{", 300_000))),
        ("values", format!("<p style='background:{}red'>", many("url(a),", 300_000))),
        (
            "variables",
            format!(
                "<style>:root{{--a0:x;{}}}p{{content:var(--a30)}}</style>",
                (1..31)
                    .map(|n| format!("--a{n}:var(--a{0})var(--a{0});", n - 1))
                    .collect::<String>()
            ),
        ),
        ("pictures", many("<img src=http://h.example/a.png width=9 height=9 alt=x>", 60_000)),
        ("links", many("<a href=http://h.example/a>x</a>", 60_000)),
        ("data", many("<img src='data:image/png;base64,AAAAAAAAAAAA'>", 60_000)),
        ("bodies", many("<body bgcolor=red background=x style='color:red' a=1>", 50_000)),
        ("srcset", format!("<img srcset='{}'>", many("a 2x,", 300_000))),
        ("cells", many("<table><tr><td colspan=1000 rowspan=65000>x</table>", 20_000)),
        ("text", many("word and ", 1_500_000)),
        ("open", many("<", 3_000_000)),
        ("comments", many("<!--[if mso]>", 300_000)),
        ("paragraphs", many("<p><object>", 50_000)),
        ("entities", many("&nbsp;&#38;&gt;", 300_000)),
        ("sources", format!("<picture>{}", many("<source srcset=a><img src=b>", 40_000))),
        (
            "maps",
            format!(
                "<map name=m>{}</map>{}",
                many("<area href=a coords=1,2,3,4>", 20_000),
                many("<img src=a usemap=#m>", 20_000)
            ),
        ),
        ("selects", many("<select><option>", 50_000)),
    ];
    for (name, html) in bombs {
        let (cleaned, took) = time(&html);
        // A debug build, on a machine with other things to do.
        assert!(took < Duration::from_secs(20), "{name}: {took:?}");
        let out = cleaned.html(Scheme::Light, &|_| false);
        assert!(out.len() < 40 * 1024 * 1024, "{name}: {} bytes", out.len());
        assert!(out.matches('<').count() < 250_000, "{name}: {}", out.matches('<').count());
        eprintln!("{name}: {took:?}, {} bytes", out.len());
    }
}

#[test]
fn a_text_without_end_is_cut_and_said_to_be() {
    let long = clean(&[Body::Text("line of words\n".repeat(400_000))]);
    assert!(long.cut);
    let out = long.html(Scheme::Light, &|_| true);
    assert!(out.len() < 2 * 1024 * 1024, "{}", out.len());
    assert!(out.contains("…</div>"));
    assert!(!clean(&[Body::Text("short".into())]).cut);
}

#[test]
fn lengths_and_spans_are_clamped() {
    let html = "<table width=99999999999 cellpadding=99999999999><tr><td colspan=99999 rowspan=99999 height=1e9 \
                style='width:1e30px;font-size:99999pt;margin:-1e12em'>x</table>";
    let out = of(html).html(Scheme::Light, &|_| true);
    let number = out
        .replace('#', "no number: #c")
        .split(|c: char| !c.is_ascii_alphanumeric())
        .find_map(|word| {
            let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            (digits.len() > 5 && digits.bytes().all(|b| b.is_ascii_digit()))
                .then(|| word.to_owned())
        });
    assert_eq!(number, None, "{out}");
}
