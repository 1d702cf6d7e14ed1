//! What browsers do with letters and the engine does not, said in the letter's
//! stead: boxes of inline elements, and the line heights of old documents.

use super::elements::is_block;
use super::output::Attributes;
use super::tree::{Kind, Node, NodeId, Tree};

/// Characters of an inline element that may become a box.
const MAX_BOXED: usize = 60;

/// Elements looked at below or above one.
const MAX_LOOKED_AT: usize = 200;

/// Whether an inline element has a border or padding, which the engine draws only
/// of boxes, and is short enough to be one.
pub(super) fn is_boxed(tree: &Tree, id: NodeId, name: &str, attributes: Attributes<'_>) -> bool {
    if !matches!(name, "a" | "span" | "font" | "b" | "strong" | "em" | "i" | "u" | "small" | "code")
    {
        return false;
    }
    let Some(style) = attributes.get("style").filter(|style| style.len() < 2_000) else {
        return false;
    };
    let mut has = false;
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let property = property.trim().to_ascii_lowercase();
        match property.as_str() {
            "display" | "float" | "position" => return false,
            "border" | "border-left" | "border-right" | "border-top" | "border-bottom"
            | "border-width" | "padding" | "padding-left" | "padding-right" => {
                has |= value.bytes().any(|b| (b'1'..=b'9').contains(&b));
            }
            _ => {}
        }
    }
    let mut characters = 0;
    has && below(tree, id, |kind, name| {
        if let Kind::Text(text) = kind {
            characters += text.chars().count();
        }
        characters <= MAX_BOXED && !name.is_some_and(|name| is_block(name) || name == "br")
    })
}

/// Whether everything below an element is as asked.
fn below(tree: &Tree, id: NodeId, mut asked: impl FnMut(&Kind, Option<&str>) -> bool) -> bool {
    let mut waiting = vec![id];
    let mut looked_at = 0;
    while let Some(parent) = waiting.pop() {
        for child in tree.children(parent) {
            looked_at += 1;
            let Some(node) = tree.get(child) else { return false };
            if looked_at > MAX_LOOKED_AT || !asked(&node.kind, node.html_name()) {
                return false;
            }
            waiting.push(child);
        }
    }
    true
}

fn is_holder(name: &str) -> bool {
    matches!(
        name,
        "td" | "th" | "p" | "div" | "center" | "li" | "form" | "blockquote" | "dd" | "dt" | "body"
    )
}

fn is_space(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_whitespace())
}

/// Whether a block holds pictures and nothing else: in old documents its lines are
/// then as high as the pictures (Quirks Mode 3.6).
pub(super) fn holds_pictures_only(tree: &Tree, id: NodeId, name: &str) -> bool {
    if !is_holder(name) {
        return false;
    }
    let mut pictures = false;
    let only = below(tree, id, |kind, name| match (kind, name) {
        (Kind::Text(text), _) => is_space(text),
        (_, Some("img")) => {
            pictures = true;
            true
        }
        (_, Some("a" | "font" | "b" | "span" | "map" | "area" | "center")) => true,
        (Kind::Nothing, _) => true,
        _ => false,
    });
    only && pictures
}

/// Whether a block of an old document has no words of its own: its lines are then as
/// high as what stands in them (Quirks Mode 3.5).
pub(super) fn has_no_words(tree: &Tree, id: NodeId) -> bool {
    let Some(name) = tree.get(id).and_then(|node| node.html_name()) else { return false };
    if !is_holder(name) {
        return false;
    }
    let mut elements = false;
    let mut empty_line = true;
    for (count, child) in tree.children(id).enumerate() {
        let Some(node) = tree.get(child) else { return false };
        match (&node.kind, node.html_name()) {
            (Kind::Text(text), _) if is_space(text) => {}
            (Kind::Nothing, _) => {}
            // A line of its own has the height of the block's own words.
            (_, Some("br")) if empty_line => return false,
            (_, Some("br")) => empty_line = true,
            (_, Some("a" | "font" | "b" | "i" | "u" | "strong" | "em" | "span" | "img")) => {
                elements = true;
                empty_line = false;
            }
            (_, Some(name)) if is_block(name) => empty_line = true,
            _ => return false,
        }
        if count > MAX_LOOKED_AT {
            return false;
        }
    }
    // Only where no height was asked for.
    let mut at = Some(id);
    for _ in 0..30 {
        let Some(node) = at.and_then(|id| tree.get(id)) else { return false };
        if let Kind::Element { attributes, .. } = &node.kind {
            let style = attributes.iter().find(|a| &*a.name.local == "style");
            let asked = style.is_some_and(|style| {
                let style = style.value.to_ascii_lowercase();
                style.contains("line-height") || style.contains("font:")
            });
            if asked {
                return false;
            }
        }
        if matches!(node.html_name(), Some("td" | "th" | "body")) {
            return elements;
        }
        at = node.parent;
    }
    false
}

/// The style a cell's own height is turned into: the engine takes it by the word,
/// where it only says how low the cell may be.
pub(super) fn cell_height(attributes: Attributes<'_>) -> String {
    let style = attributes.get("style").filter(|style| style.len() < 2_000).unwrap_or("");
    let height = style.split(';').rev().find_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        property.trim().eq_ignore_ascii_case("height").then(|| value.trim().to_ascii_lowercase())
    });
    let Some(height) = height else { return String::new() };
    let factor = if height.ends_with("px") {
        1.0
    } else if height.ends_with("pt") {
        4.0 / 3.0
    } else {
        return String::new();
    };
    let number = height.trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim();
    match number.parse::<f32>() {
        Ok(number) if number > 0.0 && number < 5_000.0 => {
            format!("height:auto!important;min-height:{}px;", number * factor)
        }
        _ => String::new(),
    }
}

/// Margins that old documents do not have: above what is first in a cell or the
/// body, below what is last in a cell (HTML 15.3.10).
pub(super) fn lost_margins(tree: &Tree, id: NodeId, name: &str) -> &'static str {
    let has_margins = matches!(
        name,
        "p" | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "dl"
            | "dir"
            | "menu"
            | "pre"
            | "blockquote"
    );
    let Some(node) = tree.get(id).filter(|_| has_margins) else { return "" };
    let parent = node.parent.and_then(|id| tree.get(id)).and_then(|node| node.html_name());
    let alone = |mut next: Option<NodeId>, forwards: bool| {
        for _ in 0..MAX_LOOKED_AT {
            let Some(node) = next.and_then(|id| tree.get(id)) else { return next.is_none() };
            match &node.kind {
                Kind::Text(text) if is_space(text) => {}
                Kind::Nothing => {}
                _ => return false,
            }
            next = if forwards { node.next } else { node.previous };
        }
        false
    };
    let first = alone(node.previous, false);
    match parent {
        Some("td" | "th") => match (first, alone(node.next, true)) {
            (true, true) => "margin-top:0;margin-bottom:0;",
            (true, false) => "margin-top:0;",
            (false, true) => "margin-bottom:0;",
            (false, false) => "",
        },
        Some("body") if first => "margin-top:0;",
        _ => "",
    }
}

/// Whether any table stands in a paragraph, as it may in old documents.
pub(super) fn has_paragraphs_with_tables(tree: &Tree) -> bool {
    let is_in_paragraph = |table: &Node| {
        let above = std::iter::successors(table.parent, |id| tree.get(*id)?.parent);
        above.take(MAX_LOOKED_AT).any(|id| tree.get(id).is_some_and(|n| n.html_name() == Some("p")))
    };
    tree.quirks && tree.nodes.iter().any(|n| n.html_name() == Some("table") && is_in_paragraph(n))
}

/// Columns of the first row of a table.
pub(super) fn columns(tree: &Tree, table: NodeId) -> u32 {
    let mut columns = 0;
    let mut waiting = vec![table];
    while let Some(parent) = waiting.pop() {
        for child in tree.children(parent) {
            match tree.get(child).and_then(|node| node.html_name()) {
                Some("td" | "th") => {
                    let spans = super::output::attributes(tree, child)
                        .and_then(|attributes| attributes.get("colspan"))
                        .and_then(super::hints::integer)
                        .and_then(|n| u32::try_from(n).ok());
                    columns += spans.unwrap_or(1).clamp(1, 200);
                }
                Some("tr") => {
                    waiting.clear();
                    waiting.push(child);
                    break;
                }
                Some("tbody" | "thead" | "tfoot") => {
                    waiting.push(child);
                    break;
                }
                _ => {}
            }
        }
    }
    columns.clamp(1, 200)
}
