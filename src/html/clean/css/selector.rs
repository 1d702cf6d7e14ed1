//! Selectors (Selectors 4), rewritten token by token and bounded.

use super::Refused;
use super::value::{string, word};
use cssparser::{ParseError, Parser, Token};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What a letter's rules reach: the whole document, or one of several bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Scope {
    Document,
    Body(usize),
}

/// Around a list of selectors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Within<'p> {
    pub scope: Scope,
    /// The selectors of the rule it stands in (CSS Nesting 1).
    pub parent: Option<&'p str>,
    /// `p` has another name where it holds blocks.
    pub paragraphs: bool,
}

/// Bytes of a list of selectors that are written.
const MAX_LIST: usize = 8_192;

/// Stands for the rule around until the selector is read; no letter can write it.
const PARENT: char = '\u{FDD0}';

/// Bytes of one selector.
const MAX_SELECTOR: usize = 1_024;

/// Compound selectors of one selector.
const MAX_STEPS: usize = 16;

/// Attributes that elements still have when they are drawn.
const KEPT: [&str; 9] =
    ["class", "id", "style", "dir", "lang", "colspan", "rowspan", "start", "alt"];

/// Different old attributes that selectors may ask for.
const MAX_ASKED: usize = 32;

/// Functional pseudo-classes that are cheap.
const FUNCTIONS: [&str; 9] = [
    "not",
    "is",
    "where",
    "matches",
    "nth-child",
    "nth-last-child",
    "nth-of-type",
    "nth-last-of-type",
    "lang",
];

/// Rewrites a list of selectors; whether any is left.
pub(super) fn list(
    parser: &mut Parser<'_>,
    within: Within<'_>,
    asked: &mut BTreeSet<String>,
    out: &mut String,
) -> bool {
    let selectors = parser.parse_comma_separated_ignoring_errors(|one| {
        let mut text = String::new();
        match (within.parent, within.scope) {
            (Some(_), _) | (None, Scope::Document) => {}
            (None, Scope::Body(number)) => {
                let _ = write!(text, ".goyo-b{number} ");
            }
        }
        let mut steps = 0;
        let any = !one.is_exhausted();
        let read = compound(one, within, asked, &mut text, &mut steps, 0);
        if within.parent.is_some() && !text.contains(PARENT) {
            text.insert_str(0, &format!("{PARENT} "));
        }
        if let Some(parent) = within.parent {
            let times = text.matches(PARENT).count();
            if times.saturating_mul(parent.len()) > MAX_SELECTOR {
                return Err(ParseError::custom(Refused));
            }
            text = text.replace(PARENT, &format!(":is({parent})"));
        }
        while one.next().is_ok() {}
        read.map_err(ParseError::<Refused>::custom)?;
        if steps > MAX_STEPS || text.len() > MAX_SELECTOR || !any {
            return Err(ParseError::custom(Refused));
        }
        Ok(text)
    });
    for selector in selectors {
        if out.len() + selector.len() > MAX_LIST {
            break;
        }
        if !out.is_empty() {
            out.push(',');
        }
        out.push_str(selector.trim_end());
    }
    !out.is_empty()
}

fn compound(
    parser: &mut Parser<'_>,
    within: Within<'_>,
    asked: &mut BTreeSet<String>,
    out: &mut String,
    steps: &mut usize,
    depth: u8,
) -> Result<(), Refused> {
    if depth > 3 {
        return Err(Refused);
    }
    let mut first = true;
    let mut pseudo = false;
    while let Ok(token) = parser.next_including_whitespace() {
        if out.len() > MAX_SELECTOR {
            return Err(Refused);
        }
        let after_colon = std::mem::take(&mut pseudo);
        match token.clone() {
            Token::WhiteSpace(_) if first => continue,
            Token::WhiteSpace(_) => {
                *steps += 1;
                out.push(' ');
            }
            Token::Ident(name) => {
                let root = name.eq_ignore_ascii_case("body")
                    || name.eq_ignore_ascii_case("html")
                    || (after_colon && name.eq_ignore_ascii_case("root"));
                match within.scope {
                    // The body of one among several is a box.
                    Scope::Body(number) if root && depth == 0 && within.parent.is_none() => {
                        out.truncate(out.rfind(".goyo-b").unwrap_or(0));
                        let _ = write!(out, ".goyo-b{number}");
                    }
                    // Where a picture is not there, something else stands for it.
                    _ if !after_colon
                        && !out.ends_with('.')
                        && name.eq_ignore_ascii_case("img") =>
                    {
                        out.push_str(":is(img,goyo-img)");
                    }
                    // A paragraph that holds blocks has another name.
                    _ if within.paragraphs
                        && !after_colon
                        && !out.ends_with('.')
                        && name.eq_ignore_ascii_case("p") =>
                    {
                        out.push_str(":is(p,goyo-p)");
                    }
                    _ => word(&name, out),
                }
            }
            Token::IDHash(name) | Token::Hash(name) => {
                out.push('#');
                word(&name, out);
            }
            Token::Colon => {
                pseudo = true;
                out.push(':');
            }
            Token::Comma if depth > 0 => out.push(','),
            Token::Delim('.') => out.push('.'),
            Token::Delim('&') if within.parent.is_some() => out.push(PARENT),
            Token::Delim('*') => out.push('*'),
            Token::Delim(c @ ('>' | '+' | '~')) => {
                *steps += 1;
                out.push(c);
            }
            Token::Number { int_value: Some(value), has_sign, .. } if depth > 0 => {
                let sign = if has_sign && value >= 0 { "+" } else { "" };
                let _ = write!(out, "{sign}{value}");
            }
            // `2n+1`
            Token::Dimension { int_value: Some(value), unit, .. } if depth > 0 => {
                let _ = write!(out, "{value}");
                word(&unit, out);
            }
            Token::Function(name) => {
                if !FUNCTIONS.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                    return Err(Refused);
                }
                out.push_str(&name.to_ascii_lowercase());
                out.push('(');
                let read: Result<(), ParseError<Refused>> = parser.parse_nested_block(|inner| {
                    let read = compound(inner, within, asked, out, steps, depth + 1);
                    while inner.next().is_ok() {}
                    read.map_err(ParseError::custom)
                });
                read.map_err(|_| Refused)?;
                out.push(')');
            }
            Token::SquareBracketBlock => {
                out.push('[');
                let read: Result<(), ParseError<Refused>> = parser.parse_nested_block(|inner| {
                    let read = attribute(inner, asked, out);
                    while inner.next().is_ok() {}
                    read.map_err(ParseError::custom)
                });
                read.map_err(|_| Refused)?;
                out.push(']');
            }
            _ => return Err(Refused),
        }
        first = false;
    }
    Ok(())
}

/// `[name]`, `[name=value]`, `[name*="value" i]`…
fn attribute(
    parser: &mut Parser<'_>,
    asked: &mut BTreeSet<String>,
    out: &mut String,
) -> Result<(), Refused> {
    let name = parser.expect_ident().map_err(|_| Refused)?.to_ascii_lowercase();
    if !KEPT.contains(&name.as_str()) {
        let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit());
        if !plain || name.len() > 40 {
            return Err(Refused);
        }
        if !asked.contains(&name) {
            if asked.len() >= MAX_ASKED {
                return Err(Refused);
            }
            asked.insert(name.clone());
        }
        // Kept under another name: under its own it would say something.
        out.push_str("a-");
    }
    word(&name, out);
    while let Ok(token) = parser.next() {
        match token.clone() {
            Token::Delim('=') => out.push('='),
            Token::IncludeMatch => out.push_str("~="),
            Token::DashMatch => out.push_str("|="),
            Token::PrefixMatch => out.push_str("^="),
            Token::SuffixMatch => out.push_str("$="),
            Token::SubstringMatch => out.push_str("*="),
            Token::QuotedString(text) if text.len() <= 200 => string(&text, out),
            Token::Ident(text) if text.len() <= 200 => {
                if out.ends_with('=') {
                    string(&text, out);
                } else {
                    out.push(' ');
                    word(&text, out);
                }
            }
            Token::Number { int_value: Some(value), .. } => {
                // Not what the standard allows, and what some write.
                let _ = write!(out, "'{value}'");
            }
            _ => return Err(Refused),
        }
    }
    Ok(())
}
