//! Where a cleaned letter is written: text, attributes, hints, links.

use super::css::{Filter, Scope};
use super::fold::Fold;
use super::hints::{Hints, Reader};
use super::template::{mark_style_picture, plain};
use super::tree::{Kind, NodeId, Tree};
use crate::html::address;
use crate::html::collector::MAX_FOUND;
use crate::model::Link;
use html5ever::Attribute;
use std::fmt::Write as _;

/// Bytes of text that are drawn.
const MAX_TEXT: usize = 1024 * 1024;

/// Writes an attribute.
pub(super) fn attribute(name: &str, value: &str, out: &mut String) {
    quoted(name, value, plain, out);
}

/// The same for what holds open places.
pub(super) fn marked_attribute(name: &str, value: &str, out: &mut String) {
    quoted(name, value, |c| c, out);
}

fn quoted(name: &str, value: &str, other: impl Fn(char) -> char, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(other(c)),
        }
    }
    out.push('"');
}

/// Where everything is written.
pub(super) struct Output<'a> {
    pub html: String,
    pub links: &'a mut Vec<Link>,
    pub filter: Filter<'a>,
    pub hints: Hints,
    /// Quoted parts so far.
    pub folds: Vec<Fold>,
    /// Bytes of text so far.
    text: usize,
    pub elements: usize,
    pub cells: u32,
    /// Something was left out.
    pub cut: bool,
    /// Its style sheets speak of line heights.
    pub has_line_heights: bool,
    /// Its style sheets keep white space somewhere.
    pub keeps_space: bool,
}

/// The attributes of an element.
#[derive(Clone, Copy, Default)]
pub(super) struct Attributes<'t>(pub &'t [Attribute]);

impl<'t> Attributes<'t> {
    pub fn get(self, name: &str) -> Option<&'t str> {
        self.0.iter().find(|a| &*a.name.local == name).map(|a| &*a.value)
    }
}

impl<'a> Output<'a> {
    pub fn new(filter: Filter<'a>, links: &'a mut Vec<Link>) -> Self {
        Self {
            html: String::new(),
            links,
            filter,
            hints: Hints::default(),
            folds: Vec::new(),
            text: 0,
            elements: 0,
            cells: 0,
            cut: false,
            has_line_heights: false,
            keeps_space: false,
        }
    }

    /// The part of a text there is still room for.
    pub fn admit<'t>(&mut self, text: &'t str) -> &'t str {
        let kept = crate::html::beginning(text, MAX_TEXT.saturating_sub(self.text));
        self.text += kept.len();
        self.cut |= kept.len() < text.len();
        kept
    }

    /// Writes the attributes every element may have; `more` are further hints,
    /// `class` a class of ours.
    pub fn common(&mut self, attributes: Attributes<'_>, hints: String, class: &str) {
        let mut classes = class.to_owned();
        for name in attributes.get("class").unwrap_or("").split_ascii_whitespace() {
            // Ours are not theirs to use.
            if !name.starts_with("goyo") && classes.len() + name.len() < 1_000 {
                if !classes.is_empty() {
                    classes.push(' ');
                }
                classes.push_str(name);
            }
        }
        if !classes.is_empty() {
            attribute("class", &classes, &mut self.html);
        }
        for name in ["id", "dir", "lang"] {
            if let Some(value) = attributes.get(name).filter(|v| !v.is_empty() && v.len() < 200) {
                attribute(name, value, &mut self.html);
            }
        }
        if let Some(style) = attributes.get("style") {
            let style = self.filter.style(style);
            if !style.is_empty() {
                marked_attribute("style", &style, &mut self.html);
            }
        }
        if let Some(number) = self.hints.number(hints) {
            let _ = write!(self.html, " g-{number}=\"\"");
        }
        self.asked(attributes);
    }

    /// Old attributes that the letter's selectors ask for, under another name.
    fn asked(&mut self, attributes: Attributes<'_>) {
        if self.filter.asked.is_empty() {
            return;
        }
        for given in attributes.0 {
            let name = &*given.name.local;
            if !self.filter.asked.contains(name) {
                continue;
            }
            let value = &*given.value;
            let value = match address::scheme(value.trim()) {
                // Of an address only its kind.
                Some(scheme) => format!("{scheme}:"),
                None if value.contains("//") || value.contains("\\\\") || value.len() > 200 => {
                    String::new()
                }
                None => value.to_owned(),
            };
            attribute(&format!("a-{name}"), &value, &mut self.html);
        }
    }

    /// The background picture of an old attribute, as a hint.
    pub fn background(&mut self, name: &str, attributes: Attributes<'_>, hints: &mut String) {
        if let Some(url) = attributes.get("background")
            && let Some(token) =
                self.filter.pictures.add(url, format!("{name}[background]"), (None, None), None)
        {
            hints.push_str("background-image:");
            mark_style_picture(token, hints);
            hints.push(';');
        }
    }

    /// What the attributes of a body say: hints, and the colour of its links.
    pub fn body_hints(&mut self, attributes: Attributes<'_>) -> String {
        let mut hints = String::new();
        let get = |name: &str| attributes.get(name);
        let mut reader = Reader { attribute: &get, colours: self.filter.colours };
        reader.read("body", &[], &mut hints);
        self.background("body", attributes, &mut hints);
        hints
    }

    /// Whether one more element may be drawn; it is counted.
    pub fn room_for_element(&mut self) -> bool {
        self.elements += 1;
        self.elements <= super::write::MAX_ELEMENTS
    }

    /// The number of a new link.
    pub fn link(&mut self, href: &str) -> Option<usize> {
        let href = address::tidy(href);
        if href.is_empty() || href.starts_with('#') || self.links.len() >= MAX_FOUND {
            return None;
        }
        let resolved = (address::kind(&href) == address::Kind::Relative)
            .then(|| address::resolve(self.filter.pictures.base.as_ref(), &href))
            .flatten();
        let href = resolved.unwrap_or_else(|| href.into_owned());
        self.links.push(Link { href, text: String::new() });
        Some(self.links.len() - 1)
    }

    /// Rewrites a style sheet into another text.
    pub fn sheet(&mut self, css: &str, scope: Scope, sheets: &mut String) {
        self.filter.sheet(css, scope, sheets);
    }
}

/// The attributes of an element of the tree.
pub(super) fn attributes(tree: &Tree, id: NodeId) -> Option<Attributes<'_>> {
    match &tree.get(id)?.kind {
        Kind::Element { attributes, .. } => Some(Attributes(attributes)),
        _ => None,
    }
}
