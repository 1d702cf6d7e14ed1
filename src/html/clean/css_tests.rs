//! Custom properties, `@supports` and nested rules, as letters bring them.

use super::tests::of;
use super::*;

fn light(html: &str) -> String {
    of(html).html(Scheme::Light, &|_| true)
}

/// Every address of a letter is in the ledger under the name of its slot.
fn addresses(html: &str) -> Vec<String> {
    let cleaned = of(html);
    tests::assert_listed(&cleaned, &crate::html::references(html, 0));
    let shown = cleaned.html(Scheme::Light, &|_| true);
    assert!(!shown.contains("//"), "{shown}");
    cleaned.slots.into_iter().map(|slot| slot.url).collect()
}

#[test]
fn custom_properties_are_put_in() {
    let html = light(
        "<style>.b{color:var(--ink);padding:var(--gap, 3px) var( --none , 4px )}
         :root{--ink: #123456; --gap:calc(2px + var(--one)); --one:1px}
         .c{background:rgb(var(--rgb), .5);--rgb:1,2,3}.d{color:var(--none)}</style><p class=b>x",
    );
    assert!(html.contains(".b{color:#123456;padding:calc(2px  +  1px)  4px;}"), "{html}");
    assert!(html.contains(".c{background:rgba(1,2,3,0.500);}"), "{html}");
    assert!(!html.contains(".d{") && !html.contains("--"), "{html}");
    // What the element says of itself counts first, and only there.
    let html = light(
        "<!DOCTYPE html><style>:root{--w:10px}</style><p style='--w:20px;width:var(--w)'>a<p style='width:var(--w)'>b",
    );
    assert!(html.contains("width:20px;\">a") && html.contains("width:10px;\">b"), "{html}");
}

#[test]
fn the_root_of_a_letter_wins_and_dark_paper_has_its_own() {
    let html = light(
        "<style>:root{--a:1px}.x{--a:2px}.y{width:var(--a)}
         @media print{:root{--a:9px}}@media (max-width:300px){:root{--a:8px}}</style><p class=y>x",
    );
    assert!(html.contains(".y{width:1px;}"), "{html}");
    let html = light(
        "<style>:root{--bg:#ffffff}@media (prefers-color-scheme:dark){:root{--bg:#101010}}
         .y{background-color:var(--bg)}</style><p class=y>x",
    );
    let light = html.find(".y{background-color:#ffffff;}").expect("in light");
    let dark = html.find("@media (prefers-color-scheme:dark){\n.y{background-color:#101010;}");
    assert!(dark.expect("in dark") > light, "{html}");
}

#[test]
fn addresses_in_custom_properties_are_tokens_and_listed() {
    assert_eq!(
        addresses(
            "<style>:root{--a:url(http://a.example/1);--b:var(--a)}p{background:var(--b)}</style><p>x"
        ),
        ["http://a.example/1"]
    );
    assert_eq!(
        addresses("<p style=\"--A: url('http://a.example/2' ); background-image: var(--A)\">x"),
        ["http://a.example/2"]
    );
    assert_eq!(
        addresses(
            "<style>p{&:hover{background:url(http://a.example/3)}
             @supports (display:grid){b &{background:url(http://a.example/4)}}}</style><p>x"
        ),
        ["http://a.example/3", "http://a.example/4"]
    );
    // What is not closed ends where its value does.
    let style = "<p style='--a:url(http://a.example/5'><p style='background:var(--a), red'>x";
    assert!(addresses(style).is_empty());
}

#[test]
fn conditions_that_hold_leave_their_contents() {
    let html = light(
        "<style>@supports (display:grid) and (not (-ms-x:y)){.a{color:#010101}
         @media (min-width:10px){.b{color:#020202}}}
         @supports (-ms-ime-align:auto){.c{color:#030303}}
         @layer base{.d{color:#040404}} @layer a, b; .e{color:#050505}</style><p>x",
    );
    for (class, kept) in [("a", true), ("b", true), ("c", false), ("d", true), ("e", true)] {
        assert_eq!(html.contains(&format!(".{class}{{color")), kept, "{class} in {html}");
    }
}

#[test]
fn nested_rules_mean_what_they_would_alone() {
    let html = light(
        "<style>.a, .b{color:#010101; .c &{color:#020202} > i{color:#030303}
         b{color:#040404;&:hover{color:#050505}} @media (min-width:9px){color:#060606}
         a:hover{color:#070707} width:5px}.z{*color:red;height:6px}</style><p>x",
    );
    for kept in [
        ".a,.b{color:#010101;width:5px;}",
        ".c :is(.a,.b){color:#020202;}",
        ":is(.a,.b) > i{color:#030303;}",
        ":is(.a,.b) b{color:#040404;}",
        ":is(:is(.a,.b) b):hover{color:#050505;}",
        "@media (min-width:9px){\n.a,.b{color:#060606;}\n}",
        ":is(.a,.b) a:hover{color:#070707;}",
        ".z{height:6px;}",
    ] {
        assert!(html.contains(kept), "{kept} in {html}");
    }
}

#[test]
fn custom_properties_without_end_cost_no_more_than_a_style() {
    // Each is ten of the one before: ten to the hundredth.
    let mut css = String::from(":root{--v0:1px;");
    for n in 1..100 {
        let before = format!("var(--v{}) ", n - 1).repeat(10);
        css.push_str(&format!("--v{n}:{before};"));
    }
    css.push_str("--e0:;");
    for n in 1..100 {
        let before = format!("var(--e{})", n - 1).repeat(20);
        css.push_str(&format!("--e{n}:{before};"));
    }
    css.push_str("--x:var(--y);--y:var(--x)}");
    for n in 0..2_000 {
        css.push_str(&format!(
            "p{{margin:var(--v{});padding:var(--e{});width:var(--x)}}",
            n % 100,
            n % 100
        ));
    }
    // And nests without end.
    css.push_str(&"&{".repeat(5_000));
    css.push_str(&".a,".repeat(2_000));
    let before = std::time::Instant::now();
    let html = light(&format!("<style>{css}</style><p>x"));
    assert!(before.elapsed().as_secs() < 3, "{:?}", before.elapsed());
    assert!(html.len() < 1_000_000, "{}", html.len());
    assert!(html.contains("margin:1px;"), "{}", html.len());
}

#[test]
fn colours_of_old_letters_may_lack_their_mark() {
    let old = light("<p style='color:336699;background-color:abc;border-color:1a1b1c'>x");
    assert!(old.contains("color:#336699;background-color:#aabbcc;border-color:#1a1b1c"), "{old}");
    let new = light("<!DOCTYPE html><p style='color:336699;color:red'>x");
    assert!(!new.contains("336699") || new.contains("color:336699;"), "{new}");
}
