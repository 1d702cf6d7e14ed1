//! Addresses in CSS (CSS Syntax 3, Values 4, Images 4), read token by token.
//!
//! No grammar is imposed: whatever tokenises as an address is reported, in
//! whatever property or at-rule it stands, because programs differ in what they
//! forgive. Escapes and comments are the tokenizer's work.

use super::address;
use cssparser::{CowRcStr, ParseError, Parser, Token};

/// Functions whose strings are addresses.
const ADDRESS_FUNCTIONS: [&str; 14] = [
    "url",
    "src",
    "url-prefix",
    "image",
    "image-set",
    "-webkit-image-set",
    "-moz-image-set",
    "-o-image-set",
    "cross-fade",
    "-webkit-cross-fade",
    "alphaimageloader",
    "dximagetransform.microsoft.alphaimageloader",
    "-webkit-canvas",
    "uri",
];

/// Functions whose strings are something else, inside the ones above as well.
const OTHER_FUNCTIONS: [&str; 7] = ["type", "format", "local", "tech", "layer", "attr", "var"];

#[derive(Clone)]
struct Place<'i> {
    /// The property, or the at-rule with its `@`, that owns what is read.
    owner: Option<CowRcStr<'i>>,
    /// The owner is an at-rule.
    at_rule: bool,
    /// Strings are addresses here.
    strings: bool,
    /// Inside a value: colons and semicolons do not start declarations.
    in_value: bool,
}

/// Whether a piece of CSS can hold an address at all: saves parsing most styles.
pub(super) fn may_refer(css: &str) -> bool {
    memchr::memchr3(b'(', b'\\', b'@', css.as_bytes()).is_some()
}

/// Calls `found(owner, address)` for every address; the owner is a property
/// (`background-image`) or an at-rule (`@import`), lower case.
pub(super) fn references(css: &str, found: &mut dyn FnMut(&str, &str)) {
    let mut parser = Parser::new(css);
    let top = Place { owner: None, at_rule: false, strings: false, in_value: false };
    walk(&mut parser, &top, found);
}

/// The same for the value of one property.
pub(super) fn value(property: &str, css: &str, found: &mut dyn FnMut(&str, &str)) {
    let mut parser = Parser::new(css);
    let owner = Some(CowRcStr::from(property.to_owned()));
    let inside = Place { owner, at_rule: false, strings: false, in_value: true };
    walk(&mut parser, &inside, found);
}

// Depth is bounded by the parser's own limit of nested blocks (75): beyond it the
// tokens of a block are read as if they stood in the block around.
fn walk<'i>(parser: &mut Parser<'i>, start: &Place<'i>, found: &mut dyn FnMut(&str, &str)) {
    let mut place = start.clone();
    // Whether the next identifier may be a property's name, and that identifier.
    let mut fresh = !start.in_value;
    let mut name: Option<CowRcStr<'i>> = None;
    loop {
        let token = match parser.next() {
            Ok(token) => token.clone(),
            Err(_) => return,
        };
        match token {
            Token::Ident(ident) if fresh => {
                name = Some(ident);
                fresh = false;
                continue;
            }
            Token::Colon => {
                if let Some(name) = name.take() {
                    place.owner = Some(name);
                    place.at_rule = false;
                }
            }
            Token::Semicolon if !start.in_value => {
                place = start.clone();
                fresh = true;
            }
            Token::AtKeyword(keyword) => {
                place.owner = Some(keyword);
                place.at_rule = true;
                fresh = false;
            }
            Token::UnquotedUrl(url) | Token::BadUrl(url) => tell(&place, &url, found),
            Token::QuotedString(text) | Token::BadString(text) => {
                // A string of a custom property becomes an address where it is put in.
                let custom = place.owner.as_deref().is_some_and(|name| name.starts_with("--"));
                let is_address = place.strings
                    || (custom && !place.at_rule && address::is_far(&text))
                    || (place.at_rule
                        && !start.in_value
                        && place.owner.as_deref().is_some_and(|keyword| {
                            keyword.eq_ignore_ascii_case("import")
                                || keyword.eq_ignore_ascii_case("namespace")
                        }));
                if is_address {
                    tell(&place, &text, found);
                }
            }
            Token::Function(function) => {
                fresh = false;
                let is = |known: &&str| function.eq_ignore_ascii_case(known);
                let strings = if ADDRESS_FUNCTIONS.iter().any(is) {
                    true
                } else {
                    place.strings && !OTHER_FUNCTIONS.iter().any(is)
                };
                nested(parser, &Place { strings, in_value: true, ..place.clone() }, found);
            }
            Token::ParenthesisBlock | Token::SquareBracketBlock => {
                fresh = false;
                nested(parser, &Place { in_value: true, ..place.clone() }, found);
            }
            Token::CurlyBracketBlock => {
                // Of at-rules with a block only @font-face owns what is inside.
                let font = place.at_rule
                    && place.owner.as_deref().is_some_and(|k| k.eq_ignore_ascii_case("font-face"));
                let inner = Place {
                    owner: place.owner.clone().filter(|_| font),
                    at_rule: font,
                    strings: false,
                    in_value: font,
                };
                nested(parser, &inner, found);
                place = start.clone();
                fresh = !start.in_value;
            }
            // `*background: …`, and the marks that hide a sheet from old programs.
            Token::Delim(_) | Token::CDO | Token::CDC if fresh => continue,
            _ => fresh = false,
        }
        name = None;
    }
}

fn nested<'i>(parser: &mut Parser<'i>, place: &Place<'i>, found: &mut dyn FnMut(&str, &str)) {
    let _: Result<(), ParseError<()>> = parser.parse_nested_block(|inner| {
        walk(inner, place, found);
        Ok(())
    });
}

fn tell(place: &Place<'_>, url: &str, found: &mut dyn FnMut(&str, &str)) {
    let owner = place.owner.as_deref().unwrap_or("value").to_ascii_lowercase();
    // The names of the standards' own namespaces are written like addresses.
    if owner == "namespace" && url.starts_with("http://www.w3.org/") {
        return;
    }
    if place.at_rule {
        found(&format!("@{owner}"), url);
    } else {
        found(&owner, url);
    }
}
