//! The value of a declaration, rewritten token by token: what is not understood
//! makes the declaration go, as it would in a browser.

use super::super::colour::{Colour, Role};
use super::super::template::{self, plain};
use super::property::Property;
use super::{Filter, Refused};
use cssparser::{ParseError, Parser, Token};
use std::fmt::Write as _;

/// Functions inside functions.
const MAX_DEPTH: u8 = 12;

/// Characters of one value that are written.
const MAX_VALUE: usize = 8_192;

/// Of whole numbers that make the engine make things.
const MAX_COUNT: f32 = 100.0;

/// Of numbers with relative units, and of bare ones.
const MAX_RELATIVE: f32 = 1_000.0;
const MAX_NUMBER: f32 = 100_000.0;

/// Functions that are written as they are, their arguments read like a value.
const PLAIN_FUNCTIONS: [&str; 44] = [
    "calc",
    "circle",
    "clamp",
    "color",
    "conic-gradient",
    "counter",
    "counters",
    "ellipse",
    "fit-content",
    "hwb",
    "inset",
    "lab",
    "lch",
    "linear-gradient",
    "matrix",
    "max",
    "min",
    "minmax",
    "oklab",
    "oklch",
    "polygon",
    "radial-gradient",
    "rect",
    "repeat",
    "repeating-conic-gradient",
    "repeating-linear-gradient",
    "repeating-radial-gradient",
    "rotate",
    "rotatex",
    "rotatey",
    "rotatez",
    "round",
    "scale",
    "scalex",
    "scaley",
    "scalez",
    "skew",
    "skewx",
    "skewy",
    "translate",
    "translate3d",
    "translatex",
    "translatey",
    "translatez",
];

/// Units that are kept; the first ones are of absolute lengths, in pixels.
const ABSOLUTE: [(&str, f32); 7] = [
    ("px", 1.0),
    ("pt", 4.0 / 3.0),
    ("pc", 16.0),
    ("in", 96.0),
    ("cm", 37.8),
    ("mm", 3.78),
    ("q", 0.945),
];
const RELATIVE: [&str; 18] = [
    "em", "rem", "ex", "ch", "vw", "vh", "vmin", "vmax", "ic", "lh", "fr", "deg", "rad", "grad",
    "turn", "dvh", "svh", "lvh",
];

type Read = Result<(), ParseError<Refused>>;

fn refuse<T>() -> Result<T, ParseError<Refused>> {
    Err(ParseError::custom(Refused))
}

impl Filter<'_> {
    /// Reads a value to its end, `!important` included.
    pub(super) fn value(
        &mut self,
        parser: &mut Parser<'_>,
        property: &Property,
        out: &mut String,
    ) -> Read {
        let from = out.len();
        self.tokens(parser, property, out, 0, true)?;
        if out.len() == from { refuse() } else { Ok(()) }
    }

    fn tokens(
        &mut self,
        parser: &mut Parser<'_>,
        property: &Property,
        out: &mut String,
        depth: u8,
        top: bool,
    ) -> Read {
        let limit = out.len().saturating_add(MAX_VALUE);
        let mut fresh = true;
        loop {
            let before = parser.position();
            let token = match parser.next_including_whitespace() {
                Ok(token) => token.clone(),
                Err(_) => return Ok(()),
            };
            if out.len() > limit {
                return refuse();
            }
            if self.quirks
                && top
                && let Some((role, colour)) =
                    without_hash(property, &token, parser.slice_from(before))
            {
                self.colours.write(colour, role, out);
                fresh = false;
                continue;
            }
            match token {
                Token::WhiteSpace(_) if fresh => continue,
                Token::WhiteSpace(_) => out.push(' '),
                Token::Ident(ident) => self.ident(&ident, property, out)?,
                Token::Hash(digits) | Token::IDHash(digits) => {
                    match (property.role, Colour::hash(&digits)) {
                        (Some(role), Some(colour)) => self.colours.write(colour, role, out),
                        _ => return refuse(),
                    }
                }
                Token::Number { value, int_value, .. } => {
                    self.number(value, int_value.is_some(), property, depth, out);
                }
                Token::Percentage { unit_value, .. } => {
                    let value = unit_value * 100.0;
                    let _ = write!(out, "{}%", value.clamp(-10_000.0, 10_000.0));
                }
                Token::Dimension { value, unit, .. } => dimension(value, &unit, property, out)?,
                Token::QuotedString(text) if property.strings => string(&text, out),
                Token::UnquotedUrl(url) if property.pictures && depth == 0 => {
                    self.picture(&url, property, out)?;
                }
                Token::Comma => out.push(','),
                // Blanks around, so that there are never two in a row.
                Token::Delim('/') => out.push_str(" / "),
                Token::Delim('*') if depth > 0 => out.push_str(" * "),
                Token::Delim('+') if depth > 0 => out.push_str(" + "),
                Token::Delim('-') if depth > 0 => out.push_str(" - "),
                Token::Delim('!') if top => {
                    let important =
                        parser.next().is_ok_and(|token| {
                            matches!(token, Token::Ident(word) if word.eq_ignore_ascii_case("important"))
                        });
                    if !important || parser.next().is_ok() {
                        return refuse();
                    }
                    out.push_str("!important");
                    return Ok(());
                }
                Token::Function(name) => self.function(&name, parser, property, out, depth)?,
                Token::ParenthesisBlock if depth > 0 => {
                    out.push('(');
                    self.nested(parser, property, out, depth)?;
                    out.push(')');
                }
                _ => return refuse(),
            }
            fresh = false;
        }
    }

    fn nested(
        &mut self,
        parser: &mut Parser<'_>,
        property: &Property,
        out: &mut String,
        depth: u8,
    ) -> Read {
        if depth >= MAX_DEPTH {
            return refuse();
        }
        parser.parse_nested_block(|inner| self.tokens(inner, property, out, depth + 1, false))
    }

    fn ident(&mut self, ident: &str, property: &Property, out: &mut String) -> Read {
        if let Some(role) = property.role
            && let Some(colour) = Colour::named(ident)
        {
            self.colours.write(colour, role, out);
            return Ok(());
        }
        let is = |word: &str| ident.eq_ignore_ascii_case(word);
        match property.name {
            // A letter is not the window it is shown in.
            "position" if is("fixed") || is("sticky") || is("-webkit-sticky") => return refuse(),
            // Nothing scrolls inside a letter: what would be out of reach is shown.
            "overflow" | "overflow-x" | "overflow-y" if is("auto") || is("scroll") => {
                out.push_str("visible");
                return Ok(());
            }
            // The other meaning of a quirk of Word.
            "font-size" if is("normal") => return refuse(),
            _ => {}
        }
        word(ident, out);
        Ok(())
    }

    fn number(
        &mut self,
        value: f32,
        whole: bool,
        property: &Property,
        depth: u8,
        out: &mut String,
    ) {
        if property.counts && whole {
            let _ = write!(out, "{}", value.clamp(-MAX_COUNT, MAX_COUNT));
        } else if self.quirks && depth == 0 && property.lengths && value != 0.0 {
            let _ = write!(out, "{}px", value.clamp(-property.most, property.most));
        } else {
            let _ = write!(out, "{}", value.clamp(-MAX_NUMBER, MAX_NUMBER));
        }
    }

    fn picture(&mut self, url: &str, property: &Property, out: &mut String) -> Read {
        let name = self.variables.teller(url).unwrap_or(property.name);
        let Some(token) = self.pictures.style(url, name) else {
            return refuse();
        };
        template::mark_style_picture(token, out);
        Ok(())
    }

    fn function(
        &mut self,
        name: &str,
        parser: &mut Parser<'_>,
        property: &Property,
        out: &mut String,
        depth: u8,
    ) -> Read {
        let is = |word: &str| name.eq_ignore_ascii_case(word);
        if is("url") || is("src") {
            if !property.pictures || depth > 0 {
                return refuse();
            }
            let url = parser.parse_nested_block(first_string)?;
            return self.picture(&url, property, out);
        }
        if is("image-set") || is("-webkit-image-set") {
            if !property.pictures || depth > 0 {
                return refuse();
            }
            let url = parser.parse_nested_block(first_of_set)?;
            return self.picture(&url, property, out);
        }
        if is("rgb") || is("rgba") || is("hsl") || is("hsla") {
            let Some(role) = property.role else {
                return refuse();
            };
            let hsl = is("hsl") || is("hsla");
            let colour = parser.parse_nested_block(|inner| colour(inner, hsl))?;
            self.colours.write(colour, role, out);
            return Ok(());
        }
        // `var(--x, …)`: what it would be is not known, what it else would be is.
        if is("var") {
            let from = out.len();
            let depth = depth.saturating_add(1);
            if depth > MAX_DEPTH {
                return refuse();
            }
            parser.parse_nested_block(|inner| {
                inner.expect_ident()?;
                inner.expect_comma()?;
                self.tokens(inner, property, out, depth - 1, false)
            })?;
            return if out.len() == from { refuse() } else { Ok(()) };
        }
        let name = name.strip_prefix("-webkit-").unwrap_or(name);
        let Some(name) = PLAIN_FUNCTIONS.iter().find(|known| known.eq_ignore_ascii_case(name))
        else {
            return refuse();
        };
        if matches!(*name, "counter" | "counters") && property.name != "content" {
            return refuse();
        }
        out.push_str(name);
        out.push('(');
        self.nested(parser, property, out, depth)?;
        out.push(')');
        Ok(())
    }
}

/// The colour of `color: 336699` in an old document (Quirks Mode 3.1).
fn without_hash(property: &Property, token: &Token<'_>, written: &str) -> Option<(Role, Colour)> {
    let takes = property.name == "color"
        || property.name == "background-color"
        || (property.name.starts_with("border-") && property.name.ends_with("-color"));
    let of_a_kind = matches!(
        token,
        Token::Ident(_)
            | Token::Number { int_value: Some(_), .. }
            | Token::Dimension { int_value: Some(_), .. }
    );
    let role = property.role.filter(|_| takes && of_a_kind && matches!(written.len(), 3 | 6))?;
    Some((role, Colour::hash(written)?))
}

fn dimension(value: f32, unit: &str, property: &Property, out: &mut String) -> Read {
    if let Some((unit, pixels)) =
        ABSOLUTE.iter().find(|(known, _)| unit.eq_ignore_ascii_case(known))
    {
        let most = property.most / pixels;
        let _ = write!(out, "{}{unit}", value.clamp(-most, most));
        return Ok(());
    }
    let Some(unit) = RELATIVE.iter().find(|known| unit.eq_ignore_ascii_case(known)) else {
        return refuse();
    };
    let most = if property.most < MAX_RELATIVE { 20.0 } else { MAX_RELATIVE };
    let _ = write!(out, "{}{unit}", value.clamp(-most, most));
    Ok(())
}

/// Writes an identifier; whatever is not a plain name is escaped.
pub(super) fn word(ident: &str, out: &mut String) {
    for (at, c) in ident.chars().enumerate() {
        let c = plain(c);
        let digit = c.is_ascii_digit() && (at == 0 || (at == 1 && ident.starts_with('-')));
        let lone = c == '-' && ident.len() == 1;
        if (c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || c > '\u{9f}') && !digit && !lone
        {
            out.push(c);
        } else {
            let _ = write!(out, "\\{:x} ", c as u32);
        }
    }
}

/// Writes a string; nothing in it can end it, or look like an address or markup.
pub(in super::super) fn string(text: &str, out: &mut String) {
    out.push('\'');
    for c in text.chars() {
        let c = plain(c);
        if c < ' '
            || matches!(c, '\'' | '"' | '\\' | '<' | '>' | '&' | '/' | ':' | '(' | '@' | '\x7f')
        {
            let _ = write!(out, "\\{:x} ", c as u32);
        } else {
            out.push(c);
        }
    }
    out.push('\'');
}

fn first_string(parser: &mut Parser<'_>) -> Result<String, ParseError<Refused>> {
    let text = parser.expect_string()?.to_string();
    while parser.next().is_ok() {}
    Ok(text)
}

/// The picture of an `image-set()` for a plain screen, or the first.
fn first_of_set(parser: &mut Parser<'_>) -> Result<String, ParseError<Refused>> {
    let mut first: Option<String> = None;
    let mut last: Option<String> = None;
    let mut plain: Option<String> = None;
    while let Ok(token) = parser.next() {
        match token.clone() {
            Token::QuotedString(url) | Token::UnquotedUrl(url) => {
                last = Some(url.to_string());
                first.get_or_insert_with(|| url.to_string());
            }
            Token::Function(name) if name.eq_ignore_ascii_case("url") => {
                let url = parser.parse_nested_block(first_string)?;
                first.get_or_insert_with(|| url.clone());
                last = Some(url);
            }
            Token::Dimension { value: 1.0, .. } => plain = plain.or_else(|| last.take()),
            _ => {}
        }
    }
    match plain.or(first) {
        Some(url) => Ok(url),
        None => refuse(),
    }
}

/// The arguments of `rgb()` or `hsl()`, with commas or without.
fn colour(parser: &mut Parser<'_>, hsl: bool) -> Result<Colour, ParseError<Refused>> {
    let mut parts = [0.0_f32; 3];
    let mut alpha = 1.0_f32;
    let mut count = 0;
    while let Ok(token) = parser.next() {
        let value = match token {
            Token::Comma | Token::Delim('/') => continue,
            Token::Number { value, .. } if count == 3 => *value,
            Token::Percentage { unit_value, .. } if count == 3 || hsl => *unit_value,
            Token::Percentage { unit_value, .. } => unit_value * 255.0,
            Token::Number { value, .. } if hsl && count > 0 => value / 100.0,
            Token::Number { value, .. } => *value,
            Token::Dimension { value, unit, .. } if hsl && count == 0 => {
                match unit.to_ascii_lowercase().as_str() {
                    "deg" => *value,
                    "rad" => value.to_degrees(),
                    "grad" => value * 0.9,
                    "turn" => value * 360.0,
                    _ => return refuse(),
                }
            }
            Token::Ident(word) if word.eq_ignore_ascii_case("none") => 0.0,
            // `rgb(1 2 3 / var(--opacity))`: opaque.
            Token::Function(name) if count == 3 && name.eq_ignore_ascii_case("var") => {
                let _: Read = parser.parse_nested_block(|inner| {
                    while inner.next().is_ok() {}
                    Ok(())
                });
                1.0
            }
            _ => return refuse(),
        };
        match parts.get_mut(count) {
            Some(part) => *part = value,
            None if count == 3 => alpha = value,
            None => return refuse(),
        }
        count += 1;
    }
    if count < 3 {
        return refuse();
    }
    let [one, two, three] = parts;
    let alpha = if alpha.is_finite() { alpha.clamp(0.0, 1.0) } else { 1.0 };
    if hsl {
        return Ok(Colour::hsl(one, two.clamp(0.0, 1.0), three.clamp(0.0, 1.0), alpha));
    }
    let channel = |value: f32| value.clamp(0.0, 255.0).round() as u8;
    Ok(Colour { red: channel(one), green: channel(two), blue: channel(three), alpha })
}

/// A colour to be written where a property is not at hand.
pub(in super::super) fn write_colour(
    filter: &mut Filter<'_>,
    name: &str,
    colour: Colour,
    role: Role,
    out: &mut String,
) {
    out.push_str(name);
    out.push(':');
    filter.colours.write(colour, role, out);
    out.push(';');
}
