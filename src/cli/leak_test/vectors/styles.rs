//! Style sheets: properties, forms of an address, rules, places.

use super::Sees::{Nothing, Reference};
use super::Shape::{Document, Inside};
use super::{List, Rows};

pub(super) fn add(list: &mut List) {
    for property in PROPERTIES {
        let text = format!("<p style=\"{property}: url({{URL}})\">x</p>");
        list.push("css properties", *property, Inside, text, Reference);
        let text = format!("<style>p::before {{ {property}: url('{{URL}}#a') }}</style><p>x</p>");
        list.push("css properties", format!("{property}, in a sheet"), Inside, text, Reference);
    }
    for (name, value) in VALUES {
        let text = format!("<p style=\"{value}\">x</p>");
        list.push("css values", *name, Inside, text, Reference);
        // An ampersand is itself in a sheet.
        if !value.contains('&') {
            let text = format!("<style>p {{ {value} }}</style><p>x</p>");
            list.push("css values", format!("{name}, in a sheet"), Inside, text, Reference);
        }
    }
    for (name, rule) in RULES {
        let text = format!("<style>{rule}</style><p class=a id=b>x</p>");
        list.push("css rules", *name, Inside, text, Reference);
    }
    list.rows("css places", Document, Reference, PLACES);
    for [name, css, reason] in NOTHING {
        let text = format!("<style>{css}</style><p data-u='{{URL}}'>x</p>");
        list.push("css values", *name, Inside, text, Nothing(reason));
    }
}

/// Properties that take an address, of any program.
const PROPERTIES: &[&str] = &[
    "background",
    "background-image",
    "list-style",
    "list-style-image",
    "content",
    "cursor",
    "border-image",
    "border-image-source",
    "-webkit-border-image",
    "mask",
    "mask-image",
    "mask-border-source",
    "-webkit-mask",
    "-webkit-mask-image",
    "-webkit-mask-box-image",
    "filter",
    "backdrop-filter",
    "clip-path",
    "-webkit-clip-path",
    "shape-outside",
    "offset-path",
    "fill",
    "stroke",
    "marker",
    "marker-end",
    "behavior",
    "-moz-binding",
    "-webkit-box-reflect",
    "cue-before",
    "play-during",
    "src",
    "color-profile",
    "layout-grid",
    "mso-background-source",
    "--custom",
    "x-unknown",
];

/// Declarations with an address in every form.
const VALUES: &Rows = &[
    ("no quotes", "background-image: url({URL})"),
    ("quotes", "background-image: url('{URL}')"),
    ("spaces", "background-image:   url(   '{URL}'   )"),
    ("upper case", "BACKGROUND-IMAGE: URL({URL})"),
    ("line ends", "background-image:\nurl(\n{URL}\n)"),
    ("no scheme", "background-image: url(//{TAIL})"),
    ("backslashes doubled", "background-image: url('\\\\\\\\{TAIL}')"),
    ("escape in url", "background-image: u\\72l({URL})"),
    ("escape with zeros and a space", "background-image: \\000075 rl({URL})"),
    ("escape in the property", "b\\61 ckground-image: url({URL})"),
    ("escape in the scheme", "background-image: url(\\68 ttp://{TAIL})"),
    ("escaped slashes", "background-image: url(http:\\/\\/{HOST}\\/v{N})"),
    ("escaped line end", "background-image: url('http://\\\n{TAIL}')"),
    ("all escaped", "background-image: \\75\\72\\6c(\\68\\74\\74\\70\\3a//{TAIL})"),
    ("comment before", "background-image:/* x */url({URL})"),
    ("comment around the colon", "background-image/**/:/**/url({URL})"),
    ("comment with a star", "/***/background-image: url({URL})/**"),
    ("unclosed bracket", "background-image: url({URL}"),
    ("unclosed quote", "background-image: url('{URL}"),
    ("broken address", "background-image: url({URL}'x)"),
    ("after nonsense", "color:;;:x;background-image: url({URL})"),
    ("after an unknown declaration", "foo(bar: baz; x); background-image: url({URL})"),
    ("!important", "background-image: url({URL}) !important"),
    ("second of a list", "background: none, red url({URL}) no-repeat 0 0 / cover"),
    ("url with modifiers", "background-image: url('{URL}' crossorigin(anonymous))"),
    ("src()", "background-image: src('{URL}')"),
    ("image()", "background-image: image('{URL}', red)"),
    ("image-set, string", "background-image: image-set('{URL}' 1x)"),
    ("image-set, url", "background-image: image-set(url({URL}) 1x type('image/png'))"),
    ("-webkit-image-set", "background-image: -webkit-image-set(url({URL}) 1x)"),
    ("cross-fade", "background-image: cross-fade(url({URL}), red, 50%)"),
    ("-webkit-cross-fade", "background-image: -webkit-cross-fade(url({URL}), url(cid:a), 50%)"),
    ("element of a gradient", "background-image: linear-gradient(red, red), url({URL})"),
    ("fallback of var()", "background-image: var(--none, url({URL}))"),
    ("custom property", "--a: url({URL}); background-image: var(--a)"),
    ("string in a custom property", "--a: image-set('{URL}' 1x); background-image: var(--a)"),
    (
        "custom property in a custom property",
        "--a: url({URL}); --b: var(--a) no-repeat; background: red var(--b)",
    ),
    ("custom property with an escaped name", "--\\61: url({URL}); background: v\\61r(--a)"),
    ("custom property, not closed", "--a: url('{URL}"),
    ("custom property of a piece", "--a: '{URL}'; background-image: image-set(var(--a) 1x)"),
    ("custom property of two pieces", "--a: url({URL}; background: var(--a))"),
    ("custom property used twice", "--a: url({URL}); background: var(--a); list-style: var(--a)"),
    ("fallback in a fallback", "background-image: var(--none, var(--no, url({URL})))"),
    ("fallback of a picture", "background: url(cid:a) var(--none, , ) , var(--no, url({URL}))"),
    ("env()", "background-image: env(none, url({URL}))"),
    ("if()", "background-image: if(else: url({URL}))"),
    ("cursor with a fallback", "cursor: url(cid:a), url({URL}) 2 2, auto"),
    ("content with alternative text", "content: url({URL}) / 'text'"),
    ("AlphaImageLoader", "filter: progid:DXImageTransform.Microsoft.AlphaImageLoader(src='{URL}')"),
    ("vendor hack *", "*background-image: url({URL})"),
    ("vendor hack _", "_background-image: url({URL})"),
    ("@import in a style", "@import url({URL})"),
    ("brace in a style", "}p{background-image: url({URL})"),
    ("entities", "background-image&#58; url&lpar;{URL}&rpar;"),
    ("quote entities", "background-image: url(&quot;{URL}&quot;)"),
];

/// Rules of a sheet.
const RULES: &Rows = &[
    ("@import, string", "@import '{URL}';"),
    ("@import, double quotes", "@import \"{URL}\";"),
    ("@import, url", "@import url({URL});"),
    ("@import, url and quotes", "@import url( '{URL}' );"),
    ("@import, src", "@import src('{URL}');"),
    ("@import, media", "@import '{URL}' screen and (min-width: 1px);"),
    ("@import, layer", "@import '{URL}' layer;"),
    ("@import, layer name", "@import url({URL}) layer(a.b) supports(display: grid) print;"),
    ("@import, supports", "@import '{URL}' supports(not (display: none));"),
    ("@import, scope", "@import '{URL}' scope((.a) to (.b));"),
    ("@import, upper case", "@IMPORT\n\t'{URL}'"),
    ("@import, escaped name", "@\\69 mport '{URL}';"),
    ("@import, escaped letters", "@im\\port '{URL}';"),
    ("@import, comment", "@import/**/'{URL}'/**/;"),
    ("@import, no semicolon", "@import '{URL}'"),
    ("@import, unclosed string", "@import '{URL}"),
    ("@import, unclosed url", "@import url({URL}"),
    ("@import after a rule", "p{color:red} @import '{URL}';"),
    ("@import after @charset", "@charset 'utf-8'; @import '{URL}';"),
    ("@import after @layer", "@layer a; @import '{URL}' layer(a);"),
    ("@import in @media", "@media all { @import '{URL}'; }"),
    ("@import in a rule", "p { @import '{URL}'; }"),
    ("@import in SGML marks", "<!-- @import '{URL}'; -->"),
    ("@import after a stray brace", "} @import '{URL}';"),
    ("@import of a data: sheet", "@import 'data:text/css,p{background:url({URL})}';"),
    ("@import, broken before", "@import; @import cid:a; @import '{URL}';"),
    ("@import, no scheme", "@import '//{TAIL}';"),
    ("@use", "@namespace a url({URL});"),
    ("custom property of the root", ":root { --a: url({URL}) } p { background: var(--a) }"),
    (
        "custom property for dark paper",
        ":root { --a: red } @media (prefers-color-scheme: dark) { :root { --a: url({URL}) } } p { background: var(--a) }",
    ),
    ("custom property used before", "p { background: var(--a) } html { --a: url('{URL}') }"),
    (
        "custom property in @supports",
        "@supports (--a: b) { p { --a: url({URL}); background: var(--a) } }",
    ),
    (
        "@property of a picture",
        "@property --a { syntax: '<image>'; inherits: false; initial-value: url({URL}) } p { background: var(--a) }",
    ),
    (
        "@supports and",
        "@supports (display: grid) and (color: red) { p { background: url({URL}) } }",
    ),
    ("@supports not", "@supports not (x: y) { p { background: url({URL}) } }"),
    ("@supports with an address", "@supports (background: url({URL})) { p { color: red } }"),
    (
        "@supports in @media in @layer",
        "@layer a { @media all { @supports (color: red) { p { background: url({URL}) } } } }",
    ),
    ("@supports in a rule", "p { @supports (color: red) { background: url({URL}) } }"),
    ("nested rule without &", "body { p { background: url({URL}) } }"),
    ("nested rule with &", "p { &.a { background: url({URL}) } }"),
    ("nested three deep", "body { & { p { &#b { background: url({URL}) } } } }"),
    ("nested @media", "p { @media all { background: url({URL}) } }"),
    ("nested after a declaration", "p { color: red; .x &, & { background: url({URL}) } }"),
    ("@namespace", "@namespace '{URL}';"),
    ("@document", "@document url({URL}) { p { color: red } }"),
    ("@-moz-document", "@-moz-document url-prefix('{URL}') { p { color: red } }"),
    ("@font-face", "@font-face { font-family: a; src: url({URL}) } p { font-family: a }"),
    (
        "@font-face, format",
        "@font-face { font-family: a; src: local(b), url('{URL}') format('woff2') tech(variations) } p { font: 1em a }",
    ),
    (
        "@font-face, unicode-range",
        "@font-face { font-family: a; src: url({URL}); unicode-range: U+0-10FFFF } p { font-family: a }",
    ),
    (
        "@font-face, eot",
        "@font-face { font-family: a; src: url('{URL}?#iefix') format('embedded-opentype') }",
    ),
    (
        "@font-face of a system name",
        "@font-face { font-family: Arial; src: url({URL}) } p { font-family: Arial }",
    ),
    ("@font-feature-values", "@font-feature-values a { @styleset { x: url({URL}) } }"),
    ("@font-palette-values", "@font-palette-values --a { override-colors: url({URL}) }"),
    (
        "@counter-style",
        "@counter-style a { system: cyclic; symbols: url({URL}) } p { list-style: a }",
    ),
    (
        "@property",
        "@property --a { syntax: '<url>'; inherits: true; initial-value: url({URL}) } p { background: var(--a) }",
    ),
    ("@color-profile", "@color-profile --a { src: url('{URL}') }"),
    ("@media", "@media screen { p { background: url({URL}) } }"),
    ("@media print", "@media print { p { background: url({URL}) } }"),
    ("@media as a probe", "@media (prefers-color-scheme: dark) { p { background: url({URL}) } }"),
    ("@supports", "@supports (display: block) { p { background: url({URL}) } }"),
    ("@container", "@container (min-width: 1px) { p { background: url({URL}) } }"),
    ("@layer", "@layer a { p { background: url({URL}) } }"),
    ("@scope", "@scope (p) { :scope { background: url({URL}) } }"),
    ("@starting-style", "@starting-style { p { background: url({URL}) } }"),
    ("@page", "@page { background: url({URL}) }"),
    ("@keyframes", "@keyframes a { to { background-image: url({URL}) } } p { animation: a 1s }"),
    ("@view-transition", "@view-transition { navigation: auto } p { background: url({URL}) }"),
    ("@viewport", "@viewport { width: 1px } p { background: url({URL}) }"),
    ("@font-face in @media", "@media all { @font-face { font-family: a; src: url({URL}) } }"),
    ("nested rule", "body { & p { background: url({URL}) } }"),
    ("rule after a broken one", "p { color: red } } q { x: 'a\n } p { background: url({URL}) }"),
    (":hover", "p:hover { background: url({URL}) }"),
    (":visited", "a:visited { background: url({URL}) }"),
    ("::before", "p::before { content: url({URL}) }"),
    ("::marker", "li::marker { content: url({URL}) }"),
    ("::selection", "p::selection { background: url({URL}) }"),
    ("::first-letter", "p::first-letter { background: url({URL}) }"),
    ("attribute as a probe", "input[value^=a] { background: url({URL}) }"),
    ("selector that matches nothing", "nothing#at.all { background: url({URL}) }"),
    ("the root", ":root { background: url({URL}) }"),
    ("scrollbar", "::-webkit-scrollbar { background: url({URL}) }"),
    ("cross the end of a string", "p::before { content: 'a\n; background: url({URL}) }"),
    ("open comment before", "/* * / */ p { background: url({URL}) }"),
    ("javascript:", "p { background: url(\"javascript:fetch('{URL}')\") }"),
];

/// Where a sheet stands.
const PLACES: &Rows = &[
    ("in the head", "<html><head><style>p{background:url({URL})}</style></head><p>x"),
    ("before everything", "<style>p{background:url({URL})}</style><!DOCTYPE html><p>x"),
    ("in the body", "<body><p>x<style>p{background:url({URL})}</style>"),
    ("after </body>", "<body><p>x</body><style>p{background:url({URL})}</style>"),
    ("after </html>", "<body><p>x</body></html><style>p{background:url({URL})}</style>"),
    ("never closed", "<p>x<style>p{background:url({URL})}"),
    ("in a table", "<table><style>td{background:url({URL})}</style><tr><td>x</table>"),
    ("in a select", "<select><style>p{background:url({URL})}</style></select><p>x"),
    ("in noscript", "<noscript><style>p{background:url({URL})}</style></noscript><p>x"),
    ("in a template", "<template><style>p{background:url({URL})}</style></template><p>x"),
    (
        "in a shadow root",
        "<div><template shadowrootmode=open><style>p{background:url({URL})}</style><p>x</template></div>",
    ),
    ("in svg", "<svg><style>rect{fill:url({URL})}</style><rect width=9 height=9 /></svg>"),
    (
        "in svg, CDATA",
        "<svg><style><![CDATA[rect{fill:url({URL})}]]></style><rect width=9 height=9 /></svg>",
    ),
    ("in math", "<math><style>mi{background:url({URL})}</style><mi>x</mi></math>"),
    ("media=print", "<style media=print>p{background:url({URL})}</style><p>x"),
    ("type=text/less", "<style type=text/less>p{background:url({URL})}</style><p>x"),
    ("scoped", "<div><style scoped>p{background:url({URL})}</style><p>x</div>"),
    ("title, alternate", "<style title=a>p{background:url({URL})}</style><p>x"),
    ("style of the body", "<html><body style='background:url({URL})'><p>x"),
    ("style of html", "<html style='background:url({URL})'><p>x"),
    ("style of a second body", "<body><p>x<body style='background:url({URL})'>"),
    ("style of the head", "<head style='display:block;background:url({URL})'></head><p>x"),
    ("style of an unknown element", "<x-y style='background:url({URL})'>x</x-y>"),
    ("style of a hidden element", "<p hidden style='background:url({URL})'>x"),
    ("style in svg", "<svg style='background:url({URL})'><rect style='fill:url({URL})'/></svg>"),
    ("two styles", "<p style='color:red' style='x:y'>x<p style='background:url({URL})'>x"),
    (
        "xml-stylesheet, data:",
        "<?xml-stylesheet href='data:text/css,p{background:url({URL})}'?><p>x",
    ),
];

const NOTHING: &[[&str; 3]] = &[
    ["attr(url)", "p { background: attr(data-u url) }", "no engine resolves attr() to an address"],
    [
        "attr(type(<url>))",
        "p { background: attr(data-u type(<url>)) }",
        "no engine resolves attr() to an address",
    ],
    ["expression()", "p { width: expression(new Image().src='{URL}') }", "no script runs"],
    ["a string as text", "p::before { content: '{URL}' }", "a text for people"],
    ["in a comment", "/* p { background: url({URL}) } */", "a comment"],
    ["@charset", "@charset '{URL}'; p { color: red }", "a name, no address"],
    ["-moz-element", "p { background: -moz-element(#a) }", "stays in the letter"],
];
