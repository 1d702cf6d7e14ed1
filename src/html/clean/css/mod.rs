//! Style sheets and `style` attributes, rewritten by a real CSS parser (CSS
//! Syntax 3): known properties with values that are understood, and pictures as
//! tokens. Nothing is copied that was not read.

mod media;
mod property;
mod selector;
mod supports;
mod value;
mod variable;

use super::colour::Role;
use super::slots::Pictures;
use super::template::Colours;
use cssparser::{Delimiter, ParseError, Parser, Token};
use std::collections::{BTreeSet, HashMap};

pub(super) use selector::Scope;
pub(super) use value::string;
use variable::Variables;

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
    /// It has paragraphs with blocks in them, which have another name.
    pub paragraphs: bool,
    /// Old attributes its selectors ask for.
    pub asked: BTreeSet<String>,
    rules: usize,
    written: usize,
    known: HashMap<String, String, foldhash::fast::FixedState>,
    variables: Variables,
}

/// Where a rule stands.
#[derive(Debug, Clone, Copy)]
struct Place<'p> {
    scope: Scope,
    /// The selectors of the rule around it.
    parent: Option<&'p str>,
    /// Conditions and rules around it.
    depth: u8,
}

impl Place<'_> {
    fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
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
            paragraphs: false,
            asked: BTreeSet::new(),
            rules,
            written: 0,
            known: HashMap::default(),
            variables: Variables::default(),
        }
    }

    /// Reads the custom properties of the style sheets of a body, before anything
    /// is rewritten.
    pub fn begin<'s>(&mut self, sheets: impl Iterator<Item = &'s str>) {
        self.known.clear();
        self.variables.clear();
        for css in sheets.filter(|css| variable::may_be_in(css)) {
            let mut parser = Parser::new(css);
            parser.set_nested_block_limit(MAX_BLOCKS);
            self.variables.used = true;
            self.variables.read(&mut parser, false, 0);
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
        if variable::may_be_in(css) {
            self.variables.read_local(&mut parser);
        }
        self.declarations(&mut parser, None, &mut out);
        self.variables.forget_local();
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
        self.rules(&mut parser, Place { scope, parent: None, depth: 0 }, out);
    }

    /// Rewrites declarations; `nest` takes the rules among them: their place, and
    /// where they are written.
    fn declarations(
        &mut self,
        parser: &mut Parser<'_>,
        mut nest: Option<(Place<'_>, &mut String)>,
        out: &mut String,
    ) {
        loop {
            let start = parser.state();
            let name = match parser.next() {
                Ok(Token::Semicolon) => continue,
                Ok(Token::Ident(name)) => name.clone(),
                Ok(_) => {
                    match &mut nest {
                        Some((place, nested)) => {
                            parser.reset(&start);
                            self.rule(parser, *place, nested);
                        }
                        None => skip_declaration(parser),
                    }
                    continue;
                }
                Err(_) => return,
            };
            // `a:hover { … }` and `a b { … }` are rules, not declarations.
            if let Some((place, nested)) = &mut nest
                && property::find(&name).is_none()
                && begins_rule(parser)
            {
                parser.reset(&start);
                self.rule(parser, *place, nested);
                continue;
            }
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
                let at = value.state();
                let start = value.position();
                while value.next().is_ok() {}
                let written = value.slice_from(start);
                if variable::asked_in(written)
                    && let Ok(whole) = self.variables.put_in(written)
                {
                    return self.value(&mut Parser::new(&whole), &property, out);
                }
                value.reset(&at);
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

    fn rules(&mut self, parser: &mut Parser<'_>, place: Place<'_>, out: &mut String) {
        loop {
            let start = parser.state();
            match parser.next() {
                Err(_) => return,
                Ok(Token::CDO | Token::CDC | Token::Semicolon) => continue,
                Ok(_) => parser.reset(&start),
            }
            self.rule(parser, place, out);
        }
    }

    /// One rule with its block, or to the end of what is none.
    fn rule(&mut self, parser: &mut Parser<'_>, place: Place<'_>, out: &mut String) {
        let start = parser.state();
        if let Ok(Token::AtKeyword(keyword)) = parser.next() {
            let keyword = keyword.to_ascii_lowercase();
            match keyword.as_str() {
                "media" if place.depth < MAX_MEDIA => self.media(parser, place, out),
                "supports" if place.depth < MAX_MEDIA => {
                    self.group(parser, place, supports::holds, out);
                }
                "layer" if place.depth < MAX_MEDIA => self.group(parser, place, |_| true, out),
                _ => skip_at_rule(parser),
            }
            return;
        }
        parser.reset(&start);
        // What is no selector ends where a declaration would, inside a block.
        let ends = match place.parent {
            Some(_) => Delimiter::CurlyBracketBlock | Delimiter::Semicolon,
            None => Delimiter::CurlyBracketBlock,
        };
        let mut selectors = String::new();
        let kept = parser.parse_until_before(ends, |prelude| {
            let within = selector::Within {
                scope: place.scope,
                parent: place.parent,
                paragraphs: self.paragraphs,
            };
            let kept = selector::list(prelude, within, &mut self.asked, &mut selectors);
            while prelude.next().is_ok() {}
            if kept { Ok(()) } else { Err(ParseError::<Refused>::custom(Refused)) }
        });
        let block = parser.state();
        if !matches!(parser.next(), Ok(Token::CurlyBracketBlock)) {
            return;
        }
        let selectors = kept.is_ok().then_some(selectors.as_str());
        self.variables.differs = false;
        self.block(parser, selectors, place, out);
        if std::mem::take(&mut self.variables.differs) && !self.variables.in_dark {
            // The same once more, with what the letter says for dark paper.
            parser.reset(&block);
            let _ = parser.next();
            out.push_str("@media (prefers-color-scheme:dark){\n");
            self.variables.in_dark = true;
            self.block(parser, selectors, place, out);
            self.variables.in_dark = false;
            out.push_str("}\n");
        }
    }

    /// The block of a rule whose opening was read.
    fn block(
        &mut self,
        parser: &mut Parser<'_>,
        selectors: Option<&str>,
        place: Place<'_>,
        out: &mut String,
    ) {
        let from = out.len();
        let _: Result<(), ParseError<Refused>> = parser.parse_nested_block(|block| {
            let Some(selectors) =
                selectors.filter(|_| self.rules > 0 && self.written <= MAX_SHEETS)
            else {
                while block.next().is_ok() {}
                return Ok(());
            };
            if self.variables.used {
                self.variables.read_local(block);
            }
            let deeper = Place { parent: Some(selectors), ..place.deeper() };
            self.written_rule(selectors, block, (place.depth < MAX_MEDIA).then_some(deeper), out);
            self.variables.forget_local();
            Ok(())
        });
        if place.parent.is_none() {
            self.written += out.len() - from;
        }
    }

    /// What stands in a condition.
    fn contents(&mut self, parser: &mut Parser<'_>, place: Place<'_>, out: &mut String) {
        let Some(parent) = place.parent else {
            return self.rules(parser, place.deeper(), out);
        };
        // In a rule declarations may stand in it as well.
        self.written_rule(parent, parser, Some(place.deeper()), out);
    }

    /// Writes a rule: what it declares, then the rules that stand in it, which are read
    /// where `inner` says they are.
    fn written_rule(
        &mut self,
        selectors: &str,
        parser: &mut Parser<'_>,
        inner: Option<Place<'_>>,
        out: &mut String,
    ) {
        let from = out.len();
        out.push_str(selectors);
        out.push('{');
        let inside = out.len();
        let mut nested = String::new();
        self.declarations(parser, inner.map(|place| (place, &mut nested)), out);
        if out.len() == inside {
            out.truncate(from);
        } else {
            out.push_str("}\n");
            self.rules = self.rules.saturating_sub(1);
        }
        out.push_str(&nested);
    }

    /// `@supports`, `@layer`: the contents alone, if they hold.
    fn group(
        &mut self,
        parser: &mut Parser<'_>,
        place: Place<'_>,
        holds: impl FnOnce(&mut Parser<'_>) -> bool,
        out: &mut String,
    ) {
        let mut kept = false;
        let _: Result<(), ParseError<Refused>> = parser.parse_until_before(
            Delimiter::CurlyBracketBlock | Delimiter::Semicolon,
            |prelude| {
                kept = holds(prelude);
                while prelude.next().is_ok() {}
                Ok(())
            },
        );
        if !matches!(parser.next(), Ok(Token::CurlyBracketBlock)) {
            return;
        }
        let _: Result<(), ParseError<Refused>> = parser.parse_nested_block(|block| {
            if kept {
                self.contents(block, place, out);
            }
            while block.next().is_ok() {}
            Ok(())
        });
    }

    fn media(&mut self, parser: &mut Parser<'_>, place: Place<'_>, out: &mut String) {
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
            let before = self.variables.in_dark;
            self.variables.in_dark |= for_dark;
            self.contents(block, place, out);
            self.variables.in_dark = before;
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

/// Whether a block comes before the declaration would end. The parser stays where
/// it is.
fn begins_rule(parser: &mut Parser<'_>) -> bool {
    let start = parser.state();
    let ends = Delimiter::Semicolon | Delimiter::CurlyBracketBlock;
    let _: Result<(), ParseError<Refused>> = parser.parse_until_before(ends, |rest| {
        while rest.next().is_ok() {}
        Ok(())
    });
    let is_rule = matches!(parser.next(), Ok(Token::CurlyBracketBlock));
    parser.reset(&start);
    is_rule
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
