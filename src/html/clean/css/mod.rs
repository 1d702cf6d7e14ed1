//! Style sheets and `style` attributes, rewritten by a real CSS parser (CSS
//! Syntax 3): known properties with values that are understood, and pictures as
//! tokens. Nothing is copied that was not read.

mod media;
mod property;
mod selector;
mod value;

use super::colour::Role;
use super::slots::Pictures;
use super::template::Colours;
use cssparser::{Delimiter, ParseError, Parser, Token};
use std::collections::{BTreeSet, HashMap};

pub(super) use selector::Scope;
pub(super) use value::string;

/// Style rules of a letter that are kept.
const MAX_RULES: usize = 20_000;

/// Bytes of style that are written for a letter.
const MAX_SHEETS: usize = 2 * 1024 * 1024;

/// Blocks in blocks that are read.
const MAX_BLOCKS: u8 = 16;

/// `@media` in `@media`.
const MAX_MEDIA: u8 = 4;

/// Bytes of a `style` attribute that are read.
const MAX_STYLE: usize = 16 * 1024;

/// Different `style` attributes that are remembered.
const MAX_KNOWN: usize = 2_000;

/// A declaration, a selector or a condition is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused;

/// Everything that rewriting styles needs and finds.
#[derive(Debug)]
pub(super) struct Filter<'a> {
    pub pictures: &'a mut Pictures,
    pub colours: &'a mut Colours,
    /// The letter asks for the ways of old browsers.
    pub quirks: bool,
    /// The letter has rules of its own for dark paper.
    pub dark: bool,
    /// Old attributes its selectors ask for.
    pub asked: BTreeSet<String>,
    rules: usize,
    written: usize,
    known: HashMap<String, String, foldhash::fast::FixedState>,
}

impl<'a> Filter<'a> {
    pub fn new(pictures: &'a mut Pictures, colours: &'a mut Colours, elements: usize) -> Self {
        /// Every element may be tried with every rule.
        const TRIES: usize = 100_000_000;
        let rules = MAX_RULES.min((TRIES / elements.max(1)).max(500));
        Self {
            pictures,
            colours,
            quirks: false,
            dark: false,
            asked: BTreeSet::new(),
            rules,
            written: 0,
            known: HashMap::default(),
        }
    }

    /// Rewrites a `style` attribute.
    pub fn style(&mut self, css: &str) -> String {
        if css.len() > MAX_STYLE {
            return String::new();
        }
        if let Some(known) = self.known.get(css) {
            return known.clone();
        }
        let before = self.pictures.count();
        let mut out = String::with_capacity(css.len());
        let mut parser = Parser::new(css);
        parser.set_nested_block_limit(MAX_BLOCKS);
        self.declarations(&mut parser, &mut out);
        // Each place of a picture is its own.
        if self.pictures.count() == before && self.known.len() < MAX_KNOWN {
            self.known.insert(css.to_owned(), out.clone());
        }
        out
    }

    /// Rewrites a style sheet.
    pub fn sheet(&mut self, css: &str, scope: Scope, out: &mut String) {
        let mut parser = Parser::new(css);
        parser.set_nested_block_limit(MAX_BLOCKS);
        self.rules(&mut parser, scope, 0, out);
    }

    fn declarations(&mut self, parser: &mut Parser<'_>, out: &mut String) {
        loop {
            let name = match parser.next() {
                Ok(Token::Semicolon) => continue,
                Ok(Token::Ident(name)) => name.clone(),
                Ok(_) => {
                    skip_declaration(parser);
                    continue;
                }
                Err(_) => return,
            };
            if name.eq_ignore_ascii_case("color-scheme") {
                self.color_scheme(parser);
                continue;
            }
            let property = property::find(&name);
            let from = out.len();
            let read = parser.parse_until_before(Delimiter::Semicolon, |value| {
                let Some(property) = property else {
                    return Err(ParseError::custom(Refused));
                };
                value.expect_colon()?;
                out.push_str(property.name);
                out.push(':');
                self.value(value, &property, out)
            });
            match read {
                Ok(()) => {
                    out.truncate(out.trim_end().len());
                    out.push(';');
                }
                Err(_) => out.truncate(from),
            }
        }
    }

    fn color_scheme(&mut self, parser: &mut Parser<'_>) {
        let _: Result<(), ParseError<Refused>> =
            parser.parse_until_before(Delimiter::Semicolon, |value| {
                while let Ok(token) = value.next() {
                    if matches!(token, Token::Ident(word) if word.eq_ignore_ascii_case("dark")) {
                        self.dark = true;
                    }
                }
                Ok(())
            });
    }

    fn rules(&mut self, parser: &mut Parser<'_>, scope: Scope, depth: u8, out: &mut String) {
        loop {
            let start = parser.state();
            let at_rule = match parser.next() {
                Err(_) => return,
                Ok(Token::CDO | Token::CDC | Token::Semicolon) => continue,
                Ok(Token::AtKeyword(keyword)) => Some(keyword.clone()),
                Ok(_) => None,
            };
            if let Some(keyword) = at_rule {
                if keyword.eq_ignore_ascii_case("media") && depth < MAX_MEDIA {
                    self.media(parser, scope, depth, out);
                } else {
                    skip_at_rule(parser);
                }
                continue;
            }
            parser.reset(&start);
            let mut selectors = String::new();
            let kept = parser.parse_until_before(Delimiter::CurlyBracketBlock, |prelude| {
                let kept = selector::list(prelude, scope, &mut self.asked, &mut selectors);
                while prelude.next().is_ok() {}
                if kept { Ok(()) } else { Err(ParseError::<Refused>::custom(Refused)) }
            });
            if !matches!(parser.next(), Ok(Token::CurlyBracketBlock)) {
                return;
            }
            let from = out.len();
            let _: Result<(), ParseError<Refused>> = parser.parse_nested_block(|block| {
                if kept.is_err() || self.rules == 0 || self.written > MAX_SHEETS {
                    while block.next().is_ok() {}
                    return Ok(());
                }
                out.push_str(&selectors);
                out.push('{');
                let inside = out.len();
                self.declarations(block, out);
                if out.len() == inside {
                    out.truncate(from);
                } else {
                    out.push_str("}\n");
                    self.rules -= 1;
                }
                Ok(())
            });
            self.written += out.len() - from;
        }
    }

    fn media(&mut self, parser: &mut Parser<'_>, scope: Scope, depth: u8, out: &mut String) {
        let mut query = String::new();
        let kept = parser.parse_until_before(
            Delimiter::CurlyBracketBlock | Delimiter::Semicolon,
            |prelude| {
                let kept = media::query(prelude, &mut query);
                while prelude.next().is_ok() {}
                kept.map_err(ParseError::<Refused>::custom)
            },
        );
        if !matches!(parser.next(), Ok(Token::CurlyBracketBlock)) {
            return;
        }
        let _: Result<(), ParseError<Refused>> = parser.parse_nested_block(|block| {
            let Ok(for_dark) = kept else {
                while block.next().is_ok() {}
                return Ok(());
            };
            let from = out.len();
            out.push_str("@media ");
            out.push_str(&query);
            out.push_str("{\n");
            let inside = out.len();
            self.rules(block, scope, depth + 1, out);
            if out.len() == inside {
                out.truncate(from);
            } else {
                // Rules for the dark that say no colour of a paper do not make one.
                self.dark |=
                    for_dark && out.get(inside..).is_some_and(|r| r.contains("background"));
                out.push_str("}\n");
            }
            Ok(())
        });
    }

    /// A declaration with a colour.
    pub fn colour(
        &mut self,
        name: &str,
        colour: super::colour::Colour,
        role: Role,
        out: &mut String,
    ) {
        value::write_colour(self, name, colour, role, out);
    }
}

fn skip_declaration(parser: &mut Parser<'_>) {
    let _: Result<(), ParseError<Refused>> =
        parser.parse_until_after(Delimiter::Semicolon, |rest| {
            while rest.next().is_ok() {}
            Ok(())
        });
}

/// To its semicolon, or behind its block.
fn skip_at_rule(parser: &mut Parser<'_>) {
    let _: Result<(), ParseError<Refused>> =
        parser.parse_until_before(Delimiter::Semicolon | Delimiter::CurlyBracketBlock, |rest| {
            while rest.next().is_ok() {}
            Ok(())
        });
    // The block is skipped with its opening when the next token is asked for.
    let _ = parser.next();
}
