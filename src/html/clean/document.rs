//! One document out of the bodies of a letter.

use super::colour::{Colour, Role};
use super::css::{Filter, Scope};
use super::output::{self, Output};
use super::slots::Pictures;
use super::template::{Colours, Syntax, Template};
use super::tree::{self, Kind, NodeId, Tree};
use super::write;
use super::{Body, Cleaned, base, gate, mend, text};
use crate::html::collector::Collector;
use crate::html::{self, MAX_HTML};
use std::fmt::Write as _;

/// Style elements of a letter.
const MAX_STYLES: usize = 2_000;

/// What is written besides the body itself.
#[derive(Default)]
struct Parts {
    sheets: String,
    /// The attributes of `<body>`, where there is one body of HTML only.
    body: String,
}

/// See [`super::clean`].
pub(super) fn clean(bodies: &[Body]) -> Cleaned {
    let mut room = MAX_HTML;
    let mut cut = false;
    let mut admit = |text: &str| {
        let read = html::beginning(text, room).to_owned();
        room -= read.len();
        cut |= read.len() < text.len();
        read
    };
    enum Read {
        Html(Tree, Option<url::Url>),
        Text(String),
    }
    let read: Vec<Read> = bodies
        .iter()
        .map(|body| match body {
            Body::Html(html) => {
                let html = admit(html);
                let base = base_of(&html);
                Read::Html(tree::parse(&html), base)
            }
            Body::Text(text) => Read::Text(admit(text)),
        })
        .collect();

    let elements = read.iter().map(|read| match read {
        Read::Html(tree, _) => tree.nodes.len(),
        Read::Text(_) => 1,
    });
    let mut pictures = Pictures::default();
    let mut colours = Colours::default();
    let mut links = Vec::new();
    let filter = Filter::new(&mut pictures, &mut colours, elements.sum());
    let mut out = Output::new(filter, &mut links);
    let mut parts = Parts::default();
    let alone = matches!(read.as_slice(), [Read::Html(..)]);
    let mut quirks = false;
    for (number, read) in read.iter().enumerate() {
        match read {
            Read::Html(tree, base) => {
                quirks |= alone && tree.quirks;
                out.filter.quirks = tree.quirks;
                out.filter.pictures.base.clone_from(base);
                html_body(tree, (!alone).then_some(number), &mut parts, &mut out);
            }
            Read::Text(text) => {
                out.filter.quirks = false;
                text::write(text, &mut out);
            }
        }
    }

    let mut ours = String::new();
    base::sheet(quirks, out.filter.colours, &mut ours);
    if !alone {
        ours.push_str(":where(body){margin:0}\n");
    }
    out.hints.sheet(&mut ours);
    let body = gate::pass(&out.html);
    let own_dark = out.filter.dark;
    let folds = std::mem::take(&mut out.folds);
    cut |= out.cut;

    let mut document = Template::default();
    document.add("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><style>", Syntax::Css);
    document.add(&ours, Syntax::Css);
    document.add("</style>", Syntax::Css);
    if !parts.sheets.is_empty() {
        document.add("<style>", Syntax::Css);
        document.add(&parts.sheets, Syntax::Css);
        document.add("</style>", Syntax::Css);
    }
    document.add("</head><body", Syntax::Css);
    document.add(&parts.body, Syntax::Html);
    document.add(">", Syntax::Css);
    document.add(&body, Syntax::Html);
    document.add("</body></html>", Syntax::Css);
    document.colours(&colours, !own_dark);
    cut |= pictures.cut;
    Cleaned { slots: pictures.slots, links, folds, cut, document }
}

/// What relative addresses are relative to, as where references are collected.
fn base_of(html: &str) -> Option<url::Url> {
    let named = memchr::memchr2_iter(b'b', b'B', html.as_bytes())
        .any(|at| html.get(at..at + 4).is_some_and(|word| word.eq_ignore_ascii_case("base")));
    if !named {
        return None;
    }
    let mut collector = Collector::new(0);
    html::document::read(html, &mut collector);
    collector.base()
}

fn html_body(tree: &Tree, number: Option<usize>, parts: &mut Parts, out: &mut Output<'_>) {
    let scope = number.map_or(Scope::Document, Scope::Body);
    styles(tree, scope, parts, out);
    let named = |parent: NodeId, name: &str| {
        tree.children(parent).find(|id| tree.get(*id).and_then(|n| n.html_name()) == Some(name))
    };
    let Some(body) = named(0, "html").and_then(|html| named(html, "body")) else {
        return;
    };
    let root = named(0, "html").and_then(|html| output::attributes(tree, html));
    if let Some(style) = root.and_then(|root| root.get("style")).filter(|_| number.is_none()) {
        let style = out.filter.style(style);
        if !style.is_empty() {
            parts.sheets.insert_str(0, &format!("html{{{style}}}\n"));
        }
    }
    out.has_line_heights = ["line-height", "font:"].iter().any(|said| parts.sheets.contains(said));
    out.keeps_space = parts.sheets.contains("white-space:pre");
    let attributes = output::attributes(tree, body).unwrap_or_default();
    let mut hints = out.body_hints(attributes);
    if tree.quirks && !out.has_line_heights && mend::has_no_words(tree, body) {
        hints.push_str("line-height:0;");
    }
    if let Some(colour) = attributes.get("link").and_then(Colour::legacy) {
        let mut rule = String::new();
        let inside = number.map_or(String::new(), |number| format!(".goyo-b{number} "));
        let _ = write!(rule, ":where({inside}a[href]){{");
        out.filter.colour("color", colour, Role::Ink, &mut rule);
        rule.push_str("}\n");
        parts.sheets.insert_str(0, &rule);
    }
    match number {
        None => {
            out.common(attributes, hints, "");
            parts.body = std::mem::take(&mut out.html);
            write::body(tree, body, out);
        }
        Some(number) => {
            out.html.push_str("<div");
            out.common(attributes, hints, &format!("goyo-body goyo-b{number}"));
            out.html.push('>');
            write::body(tree, body, out);
            out.html.push_str("</div>");
        }
    }
}

/// Every style sheet of a document, wherever it stands.
fn styles(tree: &Tree, scope: Scope, parts: &mut Parts, out: &mut Output<'_>) {
    let mut sheets: Vec<String> = Vec::new();
    for (id, node) in tree.nodes.iter().enumerate() {
        match node.html_name() {
            Some("style") if sheets.len() < MAX_STYLES => {}
            Some("meta") => {
                scheme(tree, id, out);
                continue;
            }
            _ => continue,
        }
        let Some(attributes) = output::attributes(tree, id) else { continue };
        let kind = attributes.get("type").unwrap_or("").trim();
        if !kind.is_empty() && !kind.eq_ignore_ascii_case("text/css") {
            continue;
        }
        let mut css = String::new();
        for child in tree.children(id) {
            if let Some(Kind::Text(text)) = tree.get(child).map(|node| &node.kind) {
                css.push_str(text);
            }
        }
        match attributes.get("media").map(str::trim) {
            None | Some("" | "all" | "screen") => sheets.push(css),
            Some(media) if !media.contains(['{', '}', ';', '\\']) => {
                sheets.push(format!("@media {media}{{{css}\n}}"));
            }
            Some(_) => {}
        }
    }
    out.filter.paragraphs = mend::has_paragraphs_with_tables(tree);
    out.filter.begin(sheets.iter().map(String::as_str));
    for css in &sheets {
        out.sheet(css, scope, &mut parts.sheets);
    }
}

/// `<meta name="color-scheme" content="light dark">`
fn scheme(tree: &Tree, id: NodeId, out: &mut Output<'_>) {
    let Some(attributes) = output::attributes(tree, id) else { return };
    let name = attributes.get("name").unwrap_or("").trim();
    if name.eq_ignore_ascii_case("color-scheme")
        || name.eq_ignore_ascii_case("supported-color-schemes")
    {
        let content = attributes.get("content").unwrap_or("");
        out.filter.dark |=
            content.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("dark"));
    }
}
