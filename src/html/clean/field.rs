//! Fields of a form, as still boxes: as large as in a browser, with their first
//! words; nothing can be typed or sent.

use super::hints::integer;
use super::output::{Attributes, Output};
use super::template::escape;
use super::tree::{Kind, NodeId, Tree};
use std::fmt::Write as _;

/// Options of a menu that are looked at.
const MAX_OPTIONS: usize = 500;

/// Writes an `input`, `select` or `textarea`.
pub(super) fn write(
    tree: &Tree,
    id: NodeId,
    name: &str,
    attributes: Attributes<'_>,
    out: &mut Output<'_>,
) {
    let kind = attributes.get("type").unwrap_or("").trim().to_ascii_lowercase();
    let checked = attributes.get("checked").is_some();
    let class = match (name, kind.as_str()) {
        ("input", "hidden") => return,
        ("input", "checkbox") if checked => "goyo-check goyo-on",
        ("input", "checkbox") => "goyo-check",
        ("input", "radio") if checked => "goyo-check goyo-round goyo-on",
        ("input", "radio") => "goyo-check goyo-round",
        ("input", "submit" | "button" | "reset") => "goyo-button",
        _ => "goyo-input",
    };
    let mut hints = String::new();
    let count = |name: &str, otherwise: i32| {
        attributes.get(name).and_then(integer).filter(|n| *n > 0).unwrap_or(otherwise).min(200)
    };
    let shown = match name {
        "textarea" => {
            let height = count("rows", 2) * 16 + 6;
            let width = count("cols", 20) as f32 * 0.825 + 1.65;
            let _ = write!(hints, "width:{width}em;height:{height}px;white-space:pre-wrap;");
            text_of(tree, id)
        }
        "select" => {
            let rows = count("size", if attributes.get("multiple").is_some() { 4 } else { 1 });
            let menu = Menu::read(tree, id);
            // Beside the longest of its words stands an arrow, or a bar.
            let _ = write!(hints, "width:{}px;", menu.width + 24.0);
            if rows > 1 {
                let _ = write!(hints, "height:{}px;white-space:pre;", rows * 17 + 2);
                menu.options
                    .into_iter()
                    .take(rows.unsigned_abs() as usize)
                    .collect::<Vec<_>>()
                    .join("\n")
            } else {
                menu.chosen
            }
        }
        _ if class.starts_with("goyo-check") => String::new(),
        _ => {
            if class == "goyo-input" {
                let width = count("size", 20) as f32 * 0.825 + 3.225;
                let _ = write!(hints, "width:{width}em;");
            }
            let shown = attributes.get("value").filter(|value| !value.is_empty());
            let shown = shown.or(attributes.get("placeholder"));
            shown
                .unwrap_or(match kind.as_str() {
                    "submit" => "Submit",
                    "reset" => "Reset",
                    _ => "",
                })
                .to_owned()
        }
    };
    out.html.push_str("<span");
    out.common(attributes, hints, class);
    out.html.push('>');
    let shown = out.admit(&shown);
    escape(shown, &mut out.html);
    out.html.push_str("</span>");
}

fn text_of(tree: &Tree, id: NodeId) -> String {
    let mut text = String::new();
    for child in tree.children(id) {
        if let Some(Kind::Text(piece)) = tree.get(child).map(|node| &node.kind) {
            text.push_str(piece);
        }
    }
    text
}

/// The words of a menu.
#[derive(Default)]
struct Menu {
    options: Vec<String>,
    /// The one that is chosen, or the first.
    chosen: String,
    /// Of the longest, in pixels, about.
    width: f32,
}

impl Menu {
    fn read(tree: &Tree, id: NodeId) -> Self {
        let mut menu = Self::default();
        let mut is_chosen = false;
        let mut waiting: Vec<NodeId> = vec![id];
        while let Some(parent) = waiting.pop() {
            for child in tree.children(parent) {
                let Some(Kind::Element { name, attributes }) = tree.get(child).map(|n| &n.kind)
                else {
                    continue;
                };
                match &*name.local {
                    "optgroup" if parent == id => waiting.push(child),
                    "option" if menu.options.len() < MAX_OPTIONS => {
                        let text = text_of(tree, child).trim().to_owned();
                        menu.width = menu.width.max(width(&text));
                        let says = Attributes(attributes).get("selected").is_some();
                        if menu.options.is_empty() || (says && !is_chosen) {
                            menu.chosen.clone_from(&text);
                            is_chosen |= says;
                        }
                        menu.options.push(text);
                    }
                    _ => {}
                }
            }
        }
        menu
    }
}

/// The width of small letters, about.
fn width(text: &str) -> f32 {
    let wide = |c| unicode_width::UnicodeWidthChar::width(c) == Some(2);
    text.chars().take(100).map(|c| if wide(c) { 11.6 } else { 6.9 }).sum()
}
