//! Custom properties (CSS Variables 1), put in where they are asked for before a
//! value is read: what stands in one is read like everything else, and its
//! addresses become tokens in each place.
//!
//! A letter has one set of them, and one for dark paper: those of its root win,
//! else the last one counts. What one rule or `style` attribute says for itself
//! counts in it first. Other conditions do not count.

use super::Refused;
use crate::html::style;
use cssparser::{Delimiter, ParseError, Parser, Token};
use std::collections::HashMap;

/// Custom properties of a letter.
const MAX_KNOWN: usize = 1_000;

/// Bytes of the value of one.
const MAX_VALUE: usize = 2_000;

/// Bytes of a value with everything put in.
const MAX_WHOLE: usize = 8_192;

/// Custom properties in custom properties.
const MAX_DEPTH: u8 = 8;

/// How often one may be put in, in a value and in a letter.
const MAX_OF_VALUE: u32 = 64;
const MAX_OF_LETTER: u32 = 20_000;

/// What is known of them.
#[derive(Debug, Default)]
pub(super) struct Variables {
    light: HashMap<String, Variable>,
    dark: HashMap<String, Variable>,
    /// Those of the block that is being read.
    local: HashMap<String, String>,
    /// Addresses in them, and the name they are told under.
    addresses: HashMap<String, String>,
    /// There may be some in the style sheets.
    pub used: bool,
    /// The block that is being read is for dark paper.
    pub in_dark: bool,
    /// Something was put in that is another on dark paper.
    pub differs: bool,
    put_in: u32,
}

#[derive(Debug)]
struct Variable {
    value: String,
    of_root: bool,
}

/// Whether a style may say or ask for any.
pub(super) fn may_be_in(css: &str) -> bool {
    memchr::memmem::find(css.as_bytes(), b"--").is_some()
}

/// Whether a value asks for one.
pub(super) fn asked_in(value: &str) -> bool {
    value.as_bytes().windows(4).any(|four| four.eq_ignore_ascii_case(b"var("))
        || (value.contains('\\') && value.contains("--"))
}

impl Variables {
    /// Forgets all: another body begins.
    pub fn clear(&mut self) {
        let put_in = self.put_in;
        *self = Self { put_in, ..Self::default() };
    }

    /// Reads what a style sheet says of them.
    pub fn read(&mut self, parser: &mut Parser<'_>, dark: bool, depth: u8) {
        loop {
            let start = parser.state();
            let at_rule = match parser.next() {
                Err(_) => return,
                Ok(Token::CDO | Token::CDC | Token::Semicolon) => continue,
                Ok(Token::AtKeyword(keyword)) => Some(keyword.to_ascii_lowercase()),
                Ok(_) => None,
            };
            if at_rule.is_none() {
                parser.reset(&start);
            }
            let from = parser.position();
            let ends = match at_rule {
                Some(_) => Delimiter::CurlyBracketBlock | Delimiter::Semicolon,
                None => Delimiter::CurlyBracketBlock,
            };
            let _: Result<(), ParseError<Refused>> = parser.parse_until_before(ends, |prelude| {
                while prelude.next().is_ok() {}
                Ok(())
            });
            let prelude = parser.slice_from(from).to_ascii_lowercase();
            if !matches!(parser.next(), Ok(Token::CurlyBracketBlock)) {
                continue;
            }
            let _: Result<(), ParseError<Refused>> = parser.parse_nested_block(|block| {
                match at_rule.as_deref() {
                    None => {
                        let of_root = prelude.split(',').any(|one| {
                            let one = one.trim();
                            matches!(one, "*" | ":root" | "html" | "body" | ":host")
                        });
                        let addresses = &mut self.addresses;
                        let known = if dark { &mut self.dark } else { &mut self.light };
                        declared(block, &mut |name, value| {
                            let full = known.len() >= MAX_KNOWN && !known.contains_key(name);
                            let weaker = known.get(name).is_some_and(|v| v.of_root) && !of_root;
                            if !full && !weaker {
                                learn(addresses, name, value);
                                let value = Variable { value: value.to_owned(), of_root };
                                known.insert(name.to_owned(), value);
                            }
                        });
                    }
                    Some("media") if depth < MAX_DEPTH => {
                        let of_dark =
                            prelude.contains("prefers-color-scheme") && prelude.contains("dark");
                        let plain = matches!(prelude.trim(), "" | "all" | "screen");
                        if plain || of_dark {
                            self.read(block, dark || of_dark, depth + 1);
                        }
                    }
                    Some("supports" | "layer") if depth < MAX_DEPTH => {
                        self.read(block, dark, depth + 1);
                    }
                    Some(_) => {}
                }
                while block.next().is_ok() {}
                Ok(())
            });
        }
    }

    /// Reads what a block says for itself; the parser is where it was before.
    pub fn read_local(&mut self, parser: &mut Parser<'_>) {
        let start = parser.state();
        let mut local = std::mem::take(&mut self.local);
        local.clear();
        let addresses = &mut self.addresses;
        declared(parser, &mut |name, value| {
            if local.len() < MAX_KNOWN {
                learn(addresses, name, value);
                local.insert(name.to_owned(), value.to_owned());
            }
        });
        self.local = local;
        parser.reset(&start);
    }

    /// The name under which an address is told, where it stands in one of them.
    pub fn teller(&self, url: &str) -> Option<&str> {
        self.addresses.get(url).map(String::as_str)
    }

    /// The block has ended.
    pub fn forget_local(&mut self) {
        self.local.clear();
    }

    /// A value with everything put in that it asks for.
    pub fn put_in(&mut self, value: &str) -> Result<String, Refused> {
        let mut out = String::with_capacity(value.len());
        let mut left = MAX_OF_VALUE;
        self.put(&mut Parser::new(value), 0, &mut left, &mut out)?;
        Ok(out)
    }

    fn put(
        &mut self,
        parser: &mut Parser<'_>,
        depth: u8,
        left: &mut u32,
        out: &mut String,
    ) -> Result<(), Refused> {
        loop {
            let from = parser.position();
            let Ok(token) = parser.next_including_whitespace().cloned() else { return Ok(()) };
            if out.len() > MAX_WHOLE {
                return Err(Refused);
            }
            let close = match &token {
                Token::Function(name) if name.eq_ignore_ascii_case("var") => {
                    let read: Result<(), ParseError<Refused>> =
                        parser.parse_nested_block(|inner| {
                            self.one(inner, depth, left, out).map_err(ParseError::custom)
                        });
                    read.map_err(|_| Refused)?;
                    continue;
                }
                Token::Function(_) | Token::ParenthesisBlock => ')',
                Token::SquareBracketBlock => ']',
                // No value has blocks.
                Token::CurlyBracketBlock | Token::BadUrl(_) | Token::BadString(_) => {
                    return Err(Refused);
                }
                // Written anew, lest what is not closed runs into what follows.
                Token::UnquotedUrl(_) | Token::QuotedString(_) => {
                    cssparser::ToCss::to_css(&token, out).map_err(|_| Refused)?;
                    continue;
                }
                _ => {
                    out.push_str(parser.slice_from(from));
                    continue;
                }
            };
            out.push_str(parser.slice_from(from));
            let read: Result<(), ParseError<Refused>> = parser.parse_nested_block(|inner| {
                self.put(inner, depth, left, out).map_err(ParseError::custom)
            });
            read.map_err(|_| Refused)?;
            out.push(close);
        }
    }

    /// One, or what else is said.
    fn one(
        &mut self,
        inner: &mut Parser<'_>,
        depth: u8,
        left: &mut u32,
        out: &mut String,
    ) -> Result<(), Refused> {
        let name = inner.expect_ident().map_err(|_| Refused)?.to_string();
        if depth >= MAX_DEPTH || *left == 0 || self.put_in >= MAX_OF_LETTER {
            return Err(Refused);
        }
        *left -= 1;
        self.put_in += 1;
        let dark = self.dark.get(&name).map(|variable| &variable.value);
        let light = self.light.get(&name).map(|variable| &variable.value);
        let local = self.local.get(&name);
        self.differs |= local.is_none() && dark.is_some() && dark != light;
        let known = local.or_else(|| dark.filter(|_| self.in_dark)).or(light).cloned();
        // Two words are not to become one.
        out.push_str("/**/");
        match known {
            Some(value) => {
                while inner.next().is_ok() {}
                self.put(&mut Parser::new(&value), depth + 1, left, out)?;
            }
            None => {
                inner.expect_comma().map_err(|_| Refused)?;
                self.put(inner, depth, left, out)?;
            }
        }
        out.push_str("/**/");
        Ok(())
    }
}

fn learn(addresses: &mut HashMap<String, String>, name: &str, value: &str) {
    if style::may_refer(value) && addresses.len() < MAX_KNOWN {
        style::value(name, value, &mut |owner, url| {
            addresses.entry(url.to_owned()).or_insert_with(|| owner.to_owned());
        });
    }
}

/// The custom properties a block declares.
fn declared(parser: &mut Parser<'_>, found: &mut dyn FnMut(&str, &str)) {
    loop {
        let name = match parser.next() {
            Ok(Token::Ident(name)) if name.starts_with("--") => Some(name.clone()),
            Ok(Token::Semicolon) => continue,
            Ok(Token::CurlyBracketBlock) => {
                // A rule in the rule.
                continue;
            }
            Ok(_) => None,
            Err(_) => return,
        };
        let Some(name) = name else {
            // To the end of a declaration, or behind the block of a rule.
            let ends = Delimiter::Semicolon | Delimiter::CurlyBracketBlock;
            let _: Result<(), ParseError<Refused>> = parser.parse_until_before(ends, |rest| {
                while rest.next().is_ok() {}
                Ok(())
            });
            continue;
        };
        if parser.expect_colon().is_err() {
            continue;
        }
        let from = parser.position();
        let _: Result<(), ParseError<Refused>> =
            parser.parse_until_before(Delimiter::Semicolon, |rest| {
                while rest.next().is_ok() {}
                Ok(())
            });
        let value = parser.slice_from(from).trim();
        let important = value
            .rsplit_once('!')
            .filter(|(_, word)| word.trim().eq_ignore_ascii_case("important"));
        let value = important.map_or(value, |(value, _)| value);
        if value.len() <= MAX_VALUE && name.len() <= 100 {
            found(&name, value);
        }
    }
}
