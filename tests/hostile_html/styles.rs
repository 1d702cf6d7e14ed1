//! Style sheets as bombs.

use crate::{Hostile, many, may, must};

fn sheet(css: &str) -> String {
    format!("<style>{css}</style><body><div class=a id=b><p>Some <b>text</b> to style</p></div>")
}

/// A sheet over a document of a thousand elements.
fn over_many(css: &str) -> String {
    format!("<style>{css}</style>{}", "<div class=a><p><i>x</i><b>y</b></p></div>".repeat(300))
}

fn styled(css: &str) -> String {
    format!("<div style='{css}'>Some text to style</div>")
}

pub fn all() -> Vec<Hostile> {
    vec![
        may("5 MB of style sheet", sheet(&many("", 120_000, |i| format!(".c{i} p{{color:#{i:06x}}} "), ""))),
        may("100,000 media queries", sheet(&many("", 100_000, |i| format!("@media(min-width:{i}px){{p{{margin:{i}px}}}}"), ""))),
        must("media queries in media queries", sheet(&("@media screen{".repeat(50_000) + "p{color:red}"))),
        must("nested rules", sheet(&("div{&".repeat(50_000) + "p{color:red}"))),
        must("@supports in @supports", sheet(&format!("@supports {} (color:red) {}{{p{{color:red}}}}", "(".repeat(50_000), ")".repeat(50_000)))),
        must("@layer, @container, @scope", sheet(&many("", 20_000, |i| format!("@layer l{i}{{@container (width>{i}px){{@scope (.a){{p{{color:red}}}}}}}}"), ""))),
        must("100,000 imports", sheet(&many("", 100_000, |i| format!("@import url(https://example.org/{i}.css);"), ""))),
        may("selector of 100,000 parts", over_many(&format!("{} {{color:red}}", "div ".repeat(100_000)))),
        may("selector list of 100,000", over_many(&many("", 100_000, |i| format!(".c{i},"), "p{color:red}"))),
        may(":not in :not", over_many(&format!("p{}x{}{{color:red}}", ":not(".repeat(20_000), ")".repeat(20_000)))),
        may(":is in :is", over_many(&format!("{}p{}{{color:red}}", ":is(".repeat(2000), ",b)".repeat(2000)))),
        may(":has chains", over_many(&"div:has(p:has(~ div):not(:has(i))) b{color:red}".repeat(500))),
        may(":nth chains", over_many(&many("", 3000, |i| format!(":nth-child({i}n+1 of :nth-last-child(2n)) ~ p > b{{color:red}}"), ""))),
        may("universal chains", over_many(&"* * * * * * ~ * + * > * * *{color:red}".repeat(1000))),
        may("attribute selectors", over_many(&many("", 3000, |i| format!("[class*=a{i} i] [style~=x] *{{color:red}}"), ""))),
        may("var() explosion", sheet(&many(":root{--x0:aaaaaaaaaa;", 60, |i| format!("--x{}:var(--x{i}) var(--x{i});", i + 1), "} p{font-family:var(--x60);color:var(--x60)}"))),
        may("var() in a circle", sheet(&many(":root{", 10_000, |i| format!("--x{i}:var(--x{});", (i + 1) % 10_000), "} p{color:var(--x1)}"))),
        must("calc nested", styled(&format!("width:{}1px{}", "calc(1px + ".repeat(20_000), ")".repeat(20_000)))),
        must("calc, min, max, clamp", styled(&format!("width:{}1px{}", "max(1px,min(2px,".repeat(200), "))".repeat(200)))),
        must("brackets never closed", styled(&"width:((((([[[[{{{{".repeat(20_000))),
        may("10,000 gradients", styled(&many("background:", 10_000, |_| "linear-gradient(red,blue),".into(), "red"))),
        may("gradient of 100,000 colours", styled(&many("background:linear-gradient(", 100_000, |i| format!("#{i:06x},"), "red);height:900px"))),
        may("conic and radial gradients repeated", styled("height:9000px;background:repeating-radial-gradient(circle,red 0 0.0001px,blue 0 0.0002px),repeating-conic-gradient(red 0 0.00001deg,blue 0 0.00002deg)")),
        may("background repeated by the pixel", styled("height:100000px;background:linear-gradient(red,blue) 0 0/0.01px 0.01px")),
        may("10,000 shadows", styled(&many("box-shadow:", 10_000, |i| format!("0 0 {i}px red,"), "0 0 1px blue"))),
        may("shadow of a million pixels", styled("box-shadow:0 0 1000000px 1000000px red, inset 0 0 1000000px red")),
        may("text shadow of a million pixels", styled(&many("text-shadow:", 1000, |i| format!("0 0 {i}000px red,"), "0 0 1px red"))),
        may("blur of a million pixels", styled("filter:blur(1000000px) drop-shadow(0 0 1000000px red);backdrop-filter:blur(1000000px);height:1000px")),
        may("filters in filters", format!("{}x", "<div style='filter:blur(20px);opacity:.99;mix-blend-mode:multiply'>".repeat(200))),
        may("layers of opacity", format!("{}x", "<div style='opacity:.999;transform:rotate(1deg);overflow:hidden;border-radius:9px'>".repeat(200))),
        may("transforms", styled("transform:scale(1e9) rotate(1e9deg) skew(89.9999deg) translate(1e30px) matrix(1e38,1e38,1e38,1e38,1e38,1e38)")),
        must("transform of nothing", styled("transform:scale(0) matrix(0,0,0,0,0,0) perspective(0)")),
        may("radius of a million", styled("border-radius:1e9px/1e-9px;border:1e6px dotted red;outline:1e6px dashed blue")),
        may("a million dots", styled("border:0.01px dotted red;width:1e6px;height:1e6px")),
        may("dashes", styled("border:1px dashed red;width:16000px;height:190000px")),
        may("clip-path, mask", styled(&many("clip-path:polygon(", 100_000, |i| format!("{}px {}px,", i % 977, i % 991), "0 0)"))),
        must("length of 10^30 px", styled("width:1e30px;height:1e30px;margin:-1e30px;padding:1e30px")),
        must("lengths that are no numbers", styled("width:calc(1px/0);height:calc(infinity*1px);margin:calc(NaN*1px)")),
        must("negative lengths", styled("width:-1px;margin:-99999px;padding:-1px;text-indent:-9999999px;letter-spacing:-99px")),
        may("font of a million pixels", styled("font-size:1000000px")),
        may("font of 10^30 em", styled("font-size:1e30em;line-height:1e30")),
        may("font sizes multiplied", format!("{}x", "<div style='font-size:200%'>".repeat(200))),
        may("letter-spacing of a million", styled("letter-spacing:1000000px;word-spacing:1e9px;tab-size:1000000000")),
        may("line height of nothing", styled("line-height:0.00001;font-size:0.00001px")),
        may("zoom and rem", "<html style='font-size:1e6px;zoom:1000'><p style='margin:100rem;zoom:1e9'>x".to_owned()),
        may("grid of a million", styled("display:grid;grid-template-columns:repeat(1000000,1px);grid-template-rows:repeat(1000000,1px)")),
        may("grid placed a million away", "<div style='display:grid'><p style='grid-column:1000000000/span 1000000;grid-row:999999999'>x</p><p style='grid-area:-1000000000'>y".to_owned()),
        may("grid auto-fill", styled("display:grid;grid-template-columns:repeat(auto-fill,0.001px);gap:0.001px;width:1e9px")),
        may("grid of many items", format!("<div style='display:grid;grid-template-columns:repeat(500,auto)'>{}", "<i>x</i>".repeat(20_000))),
        may("flex of many items", format!("<div style='display:flex;flex-wrap:wrap;align-items:baseline'>{}", "<i style='flex:1 1 auto'>x y</i>".repeat(20_000))),
        may("columns", format!("<div style='columns:1000000 0.1px;column-rule:1px solid red'>{}", "x y z ".repeat(20_000))),
        may("counters", format!("<style>p{{counter-increment:a 2147483647}} p::before{{content:counters(a,'.') counter(a,upper-roman) counter(b,hangul)}}</style>{}", "<p>x".repeat(20_000))),
        may("counter of a roman million", "<style>p{counter-reset:a 2147483647} p::before{content:counter(a,upper-roman) counter(a,lower-alpha) counter(a,hebrew)}</style><p>x<ol type=I start=2147483647><li>x".to_owned()),
        may("content repeated", format!("<style>*::before,*::after{{content:'{}'}}</style>{}", "x ".repeat(2000), "<b>".repeat(200))),
        may("first-letter, first-line, marker", format!("<style>*::first-letter{{font-size:200%}} *::first-line{{font-size:150%}} *::marker{{content:'xxxxxxxx'}}</style>{}", "<ul><li>abc".repeat(100))),
        may("animations", sheet(&many("", 10_000, |i| format!("@keyframes k{i}{{from{{left:0}}to{{left:{i}px}}}}"), "*{animation:k1 .0001s infinite, k2 1ms infinite;transition:all .0001s}"))),
        must("positions", many("", 2000, |i| format!("<div style='position:fixed;top:{i}px;z-index:{i};inset:0'><i style='position:sticky;position:absolute;left:-99999px'>x</i></div>"), "")),
        must("fonts as data", format!("<style>@font-face{{font-family:x;src:url(data:font/woff2;base64,{})}} p{{font-family:x}}</style><p>x", "d09GMgABAAAA".repeat(100_000))),
        must("10,000 font faces", sheet(&many("", 10_000, |i| format!("@font-face{{font-family:f{i};src:url(https://example.org/{i}.woff2)}}p{{font-family:f{i}}}"), ""))),
        must("10,000 families", styled(&many("font-family:", 10_000, |i| format!("Font{i},"), "serif"))),
        must("escapes", sheet(&("\\".repeat(100_000) + "\\0\\110000\\d800{color:red}"))),
        must("comment never closed", sheet(&("/*".repeat(500_000)))),
        must("attribute of 10 MB", styled(&"color:red;".repeat(1_000_000))),
        may("100,000 styled elements", many("", 100_000, |i| format!("<i style='color:#{i:06x}'>x</i>"), "")),
    ]
}
