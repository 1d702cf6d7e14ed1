//! What can be said of an element's visibility without laying it out.
//!
//! Only what the letter declares on the element and around it is believed; when
//! that says nothing the answer is "unknown", never a guess.

use crate::model::Visible;
use std::borrow::Cow;

/// What an element declares of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sight {
    /// It and everything in it takes up no room, or room nobody can look at.
    pub hidden: bool,
    /// `visibility`, which what is inside may take back.
    pub invisible: Option<bool>,
    /// Width and height in CSS pixels.
    pub width: Option<f32>,
    /// See `width`.
    pub height: Option<f32>,
    /// One of them was declared in a way that needs a layout (`50%`).
    pub relative: bool,
}

/// What an element inherits.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Around {
    /// Some ancestor is hidden.
    pub hidden: bool,
    /// `visibility: hidden` is in force.
    pub invisible: bool,
}

impl Around {
    /// What the children of an element with this `sight` inherit.
    pub fn within(self, sight: Sight) -> Self {
        Self {
            hidden: self.hidden || sight.hidden,
            invisible: sight.invisible.unwrap_or(self.invisible),
        }
    }

    /// Whether it cannot be seen.
    pub fn conceals(self) -> bool {
        self.hidden || self.invisible
    }
}

impl Sight {
    /// Reads the `style` attribute.
    pub fn style(&mut self, style: &str) {
        let text = plain(style);
        let mut seen = Style::default();
        for declaration in text.split(';') {
            let Some((name, value)) = declaration.split_once(':') else {
                continue;
            };
            let name = lower(name.trim());
            // Most of a style says nothing of what is looked at here.
            if seen.knows(&name) {
                seen.declare(&name, &lower(value.trim()), self);
            }
        }
        seen.conclude(self);
    }

    /// Reads a `width` or `height` attribute.
    pub fn dimension(&mut self, wide: bool, value: &str) {
        let place = if wide { &mut self.width } else { &mut self.height };
        // A declared style is stronger than the attribute, whichever comes first.
        if place.is_some() {
            return;
        }
        let value = value.trim_start();
        let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
        let (number, rest) = value.split_at_checked(end).unwrap_or((value, ""));
        if rest.trim_start().starts_with('%') {
            self.relative = true;
        } else {
            *place = number.parse().ok();
        }
    }

    /// What its size alone says.
    pub fn by_size(&self) -> Visible {
        match (self.width, self.height) {
            (Some(width), Some(height)) if width * height <= 1.0 => Visible::No,
            (Some(width), Some(height)) if width >= 2.0 && height >= 2.0 => Visible::Yes,
            (Some(one), None) | (None, Some(one)) if one <= 0.0 => Visible::No,
            (Some(_), Some(_)) => Visible::Unknown,
            (Some(_), None) | (None, Some(_)) if self.relative => Visible::Unknown,
            // The other side follows the picture's own shape.
            (Some(one), None) | (None, Some(one)) if one <= 1.0 => Visible::No,
            (Some(_), None) | (None, Some(_)) => Visible::Yes,
            (None, None) => Visible::Unknown,
        }
    }
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// Without comments, escapes undone.
fn plain(style: &str) -> Cow<'_, str> {
    let bytes = style.as_bytes();
    let has_escape = memchr::memchr(b'\\', bytes).is_some();
    if !has_escape && memchr::memmem::find(bytes, b"/*").is_none() {
        return Cow::Borrowed(style);
    }
    let mut text = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, after)) = rest.split_once("/*") {
        text.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    if has_escape {
        text = unescape(&text);
    }
    Cow::Owned(text)
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let mut code = 0_u32;
        let mut digits = 0;
        while let Some(digit) = chars.peek().and_then(|c| c.to_digit(16)).filter(|_| digits < 6) {
            code = code * 16 + digit;
            digits += 1;
            chars.next();
        }
        if digits == 0 {
            out.extend(chars.next());
        } else {
            out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            if chars.peek().is_some_and(char::is_ascii_whitespace) {
                chars.next();
            }
        }
    }
    out
}

#[derive(Default)]
struct Style {
    display_none: bool,
    clear: bool,
    clipped: bool,
    far: bool,
    positioned: bool,
    offset: bool,
    cut: bool,
    hidden_overflow: bool,
    width: Option<f32>,
    height: Option<f32>,
    max_width: Option<f32>,
    max_height: Option<f32>,
}

/// How far is certainly off the canvas.
const FAR: f32 = 500.0;

impl Style {
    fn knows(&self, name: &str) -> bool {
        matches!(
            name,
            "display"
                | "visibility"
                | "content-visibility"
                | "opacity"
                | "filter"
                | "-ms-filter"
                | "width"
                | "height"
                | "max-width"
                | "max-height"
                | "overflow"
                | "overflow-x"
                | "overflow-y"
                | "position"
                | "left"
                | "top"
                | "right"
                | "bottom"
                | "inset"
                | "margin"
                | "margin-left"
                | "margin-top"
                | "margin-right"
                | "text-indent"
                | "transform"
                | "-webkit-transform"
                | "-ms-transform"
                | "clip"
                | "clip-path"
                | "-webkit-clip-path"
        )
    }

    fn declare(&mut self, name: &str, value: &str, sight: &mut Sight) {
        let value = value.trim_end_matches("!important").trim_end();
        let first = value.split_ascii_whitespace().next().unwrap_or("");
        match name {
            "display" => self.display_none = first == "none",
            "visibility" => match first {
                "hidden" | "collapse" => sight.invisible = Some(true),
                "visible" | "initial" => sight.invisible = Some(false),
                _ => {}
            },
            "content-visibility" => self.display_none |= first == "hidden",
            "opacity" => {
                let number = first.trim_end_matches('%');
                let scale = if number.len() < first.len() { 0.01 } else { 1.0 };
                self.clear = number.parse::<f32>().is_ok_and(|n| n * scale < 0.02);
            }
            "filter" | "-ms-filter" => {
                let packed: String = value.chars().filter(|c| !c.is_whitespace()).collect();
                self.clear |= ["opacity(0)", "opacity(0%)", "opacity=0)"]
                    .iter()
                    .any(|word| packed.contains(word));
            }
            "width" => set(&mut self.width, first, sight),
            "height" => set(&mut self.height, first, sight),
            "max-width" => self.max_width = length(first),
            "max-height" => self.max_height = length(first),
            "overflow" | "overflow-x" | "overflow-y" => {
                self.hidden_overflow = matches!(first, "hidden" | "clip");
            }
            "position" => self.positioned = matches!(first, "absolute" | "fixed" | "relative"),
            "left" | "top" | "right" | "bottom" | "inset" => {
                self.offset |= lengths(value).any(|l| l <= -FAR || l >= 10.0 * FAR);
            }
            "margin" | "margin-left" | "margin-top" | "margin-right" | "text-indent" => {
                self.far |= lengths(value).any(|l| l <= -2.0 * FAR);
            }
            "transform" | "-webkit-transform" | "-ms-transform" => {
                let packed: String = value.chars().filter(|c| !c.is_whitespace()).collect();
                self.far |= packed.contains("scale(0)") || packed.contains("scale(0,0)");
                self.far |= packed.contains("translate")
                    && lengths(value).any(|l| l <= -2.0 * FAR || l >= 10.0 * FAR);
            }
            "clip" => {
                let all_small = lengths(value).all(|l| l <= 1.0);
                self.cut = value.starts_with("rect") && all_small && lengths(value).count() >= 4;
            }
            "clip-path" | "-webkit-clip-path" => {
                let packed: String = value.chars().filter(|c| !c.is_whitespace()).collect();
                self.clipped = ["inset(50%)", "inset(100%)", "circle(0)", "circle(0px)"]
                    .iter()
                    .any(|word| packed.starts_with(word));
            }
            _ => {}
        }
    }

    fn conclude(self, sight: &mut Sight) {
        let least = |own: Option<f32>, most: Option<f32>| match (own, most) {
            (Some(own), Some(most)) => Some(own.min(most)),
            // A limit is no size, unless it leaves none.
            (None, Some(most)) if most <= 1.0 => Some(most),
            (own, _) => own,
        };
        let width = least(self.width, self.max_width);
        let height = least(self.height, self.max_height);
        let gone = |side: Option<f32>| side.is_some_and(|l| l <= 0.0);
        let dot = |side: Option<f32>| side.is_some_and(|l| l <= 1.0);
        let no_room = gone(width) || gone(height) || (dot(width) && dot(height));
        sight.hidden |= self.display_none
            || self.clear
            || self.clipped
            || self.far
            || (self.positioned && (self.offset || self.cut))
            || (self.hidden_overflow && no_room);
        sight.width = width.or(sight.width);
        sight.height = height.or(sight.height);
    }
}

fn set(place: &mut Option<f32>, value: &str, sight: &mut Sight) {
    match length(value) {
        Some(length) => *place = Some(length),
        None if value.contains('%') => sight.relative = true,
        None => {}
    }
}

/// A CSS length in pixels; nothing for what needs a layout.
fn length(value: &str) -> Option<f32> {
    let unit_at = value
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+'))
        .unwrap_or(value.len());
    let (number, unit) = value.split_at_checked(unit_at)?;
    let number: f32 = number.parse().ok()?;
    let pixels = match unit {
        "px" | "" => 1.0,
        "pt" => 4.0 / 3.0,
        "pc" | "em" | "rem" => 16.0,
        "ex" | "ch" => 8.0,
        "in" => 96.0,
        "cm" => 37.8,
        "mm" => 3.78,
        _ => return None,
    };
    Some(number * pixels)
}

fn lengths(value: &str) -> impl Iterator<Item = f32> {
    value.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')')).filter_map(length)
}
