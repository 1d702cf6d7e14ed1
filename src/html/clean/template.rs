//! A cleaned document with what depends on the reader left open: colours (light
//! or dark paper) and pictures (there, or a placeholder).
//!
//! While it is made, open places are marked in the text by noncharacters that no
//! other text may hold ([`plain`] takes them out); they travel through ammonia like
//! any other character.

use super::Token;
use super::colour::{Colour, Role};
use super::fold::{Fold, Folding, Labels};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

const OPEN: char = '\u{FDD0}';
const CLOSE: char = '\u{FDD1}';

/// Stand for what is escaped in text on its way through ammonia, whose time for a
/// text grows with the square of what it escapes. Three bytes each.
const AMPERSAND: char = '\u{FDD2}';
const LESS: char = '\u{FDD3}';
const GREATER: char = '\u{FDD4}';
const NO_BREAK: char = '\u{FDD5}';

/// Writes the text of a letter.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        out.push(match c {
            '&' => AMPERSAND,
            '<' => LESS,
            '>' => GREATER,
            '\u{A0}' => NO_BREAK,
            c => plain(c),
        });
    }
}

/// A character that belongs to the letter, or a replacement for one of ours.
pub(super) fn plain(c: char) -> char {
    if matches!(c, '\u{FDD0}'..='\u{FDD5}' | '\0') { char::REPLACEMENT_CHARACTER } else { c }
}

/// Colours by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Colours {
    known: HashMap<(Colour, Role), u32, foldhash::fast::FixedState>,
    list: Vec<(Colour, Role)>,
}

impl Colours {
    /// Writes a colour, to be settled when it is known on what paper.
    pub fn write(&mut self, colour: Colour, role: Role, out: &mut String) {
        if role == Role::Kept {
            colour.write(out);
            return;
        }
        let next = self.list.len() as u32;
        let number = *self.known.entry((colour, role)).or_insert(next);
        if number == next {
            self.list.push((colour, role));
        }
        mark('c', number, out);
    }
}

fn mark(kind: char, number: u32, out: &mut String) {
    let _ = write!(out, "{OPEN}{kind}{number}{CLOSE}");
}

/// Writes the picture of a style.
pub(super) fn mark_style_picture(token: Token, out: &mut String) {
    mark('u', token, out);
}

/// Begins what is drawn when the picture is there.
pub(super) fn mark_picture(token: Token, out: &mut String) {
    mark('p', token, out);
}

/// Begins what is drawn when it is not.
pub(super) fn mark_otherwise(out: &mut String) {
    mark('q', 0, out);
}

/// Ends both.
pub(super) fn mark_end(out: &mut String) {
    mark('e', 0, out);
}

/// Begins a part that may be folded.
pub(super) fn mark_fold(number: u32, out: &mut String) {
    mark('f', number, out);
}

/// Ends it.
pub(super) fn mark_fold_end(out: &mut String) {
    mark('g', 0, out);
}

#[derive(Debug, Clone)]
enum Piece {
    Text(Range<usize>),
    /// A fold begins; what is in it ends elsewhere.
    Fold(u32, usize),
    /// In dark, and in light.
    Colour(u32),
    StylePicture(Token),
    /// What follows is for a picture that is there; for others go on elsewhere.
    Picture(Token, usize),
    GoTo(usize),
}

/// See the module.
#[derive(Debug, Clone, Default)]
pub(super) struct Template {
    text: String,
    pieces: Vec<Piece>,
    /// Each colour in light and in dark, ready to be written.
    colours: Vec<(String, String)>,
    /// Where the `Picture` and `GoTo` pieces are that wait for their target.
    waiting: Vec<usize>,
}

/// What a fold is opened and closed by.
fn handle(number: u32, lines: usize, labels: &Labels, open: bool, out: &mut String) {
    out.push_str("<span class=\"goyo-fold\"");
    if !open {
        // What is in it is copied for it.
        let _ = write!(out, " g-fold=\"{number}\"");
    }
    let _ = write!(out, "><a href=\"goyo-fold:{number}\">");
    let label = match open {
        true => labels.hide.clone(),
        false => labels.show.replace('#', &lines.to_string()),
    };
    for c in label.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            c => out.push(plain(c)),
        }
    }
    out.push_str("</a></span>");
}

/// How a text is to be escaped further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// HTML, where character references are read.
    Html,
    /// A style sheet, already escaped.
    Css,
}

impl Template {
    /// Settles the colours: no more may be added.
    pub fn colours(&mut self, colours: &Colours, turn: bool) {
        let written = |colour: Colour| {
            let mut text = String::new();
            colour.write(&mut text);
            text
        };
        self.colours = colours
            .list
            .iter()
            .map(|&(colour, role)| {
                let dark = if turn { colour.dark(role) } else { colour };
                (written(colour), written(dark))
            })
            .collect();
    }

    fn text(&mut self, text: &str, syntax: Syntax) {
        if text.is_empty() {
            return;
        }
        let from = self.text.len();
        match syntax {
            Syntax::Css => self.text.push_str(text),
            Syntax::Html => self.html(text),
        }
        match self.pieces.last_mut() {
            // Pieces that are targets begin anew.
            Some(Piece::Text(last)) if last.end == from && self.waiting.is_empty() => {
                last.end = self.text.len();
            }
            _ => self.pieces.push(Piece::Text(from..self.text.len())),
        }
    }

    /// What the letter says may look like an address. Nothing that does stands in
    /// the document, not even in its text: two slashes and `url(` are written as
    /// character references.
    fn html(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut from = 0;
        let mut copy = |to: usize, more: &str, next: usize, out: &mut String| {
            out.push_str(text.get(from..to).unwrap_or(""));
            out.push_str(more);
            from = next;
        };
        // 0xEF begins the characters of our own.
        for at in memchr::memchr3_iter(b'/', b'(', 0xEF, bytes) {
            let before = |back: usize| {
                at.checked_sub(back).and_then(|at| bytes.get(at)).map(u8::to_ascii_lowercase)
            };
            match bytes.get(at) {
                Some(b'/') if before(1) == Some(b'/') => {
                    copy(at, "&#47;", at + 1, &mut self.text);
                }
                Some(b'(')
                    if before(1) == Some(b'l')
                        && before(2) == Some(b'r')
                        && before(3) == Some(b'u') =>
                {
                    copy(at, "&#40;", at + 1, &mut self.text);
                }
                Some(0xEF) => {
                    let end = at + AMPERSAND.len_utf8();
                    let what = text.get(at..end).and_then(|c| c.chars().next());
                    let escaped = match what {
                        Some(AMPERSAND) => "&amp;",
                        Some(LESS) => "&lt;",
                        Some(GREATER) => "&gt;",
                        Some(NO_BREAK) => "\u{A0}",
                        _ => continue,
                    };
                    copy(at, escaped, end, &mut self.text);
                }
                _ => {}
            }
        }
        copy(text.len(), "", text.len(), &mut self.text);
    }

    /// Adds marked text.
    pub fn add(&mut self, marked: &str, syntax: Syntax) {
        let mut rest = marked;
        while let Some((before, after)) = rest.split_once(OPEN) {
            self.text(before, syntax);
            let Some((mark, after)) = after.split_once(CLOSE) else {
                return;
            };
            rest = after;
            let mut chars = mark.chars();
            let kind = chars.next();
            let Ok(number) = chars.as_str().parse::<u32>() else {
                continue;
            };
            match kind {
                Some('c') => self.pieces.push(Piece::Colour(number)),
                Some('u') => self.pieces.push(Piece::StylePicture(number)),
                Some('p') => {
                    self.waiting.push(self.pieces.len());
                    self.pieces.push(Piece::Picture(number, usize::MAX));
                }
                Some('f') => {
                    self.waiting.push(self.pieces.len());
                    self.pieces.push(Piece::Fold(number, usize::MAX));
                }
                Some('q') => {
                    let here = self.pieces.len();
                    self.pieces.push(Piece::GoTo(usize::MAX));
                    self.arrive(here + 1);
                    self.waiting.push(here);
                }
                Some('e' | 'g') => {
                    let here = self.pieces.len();
                    self.arrive(here);
                    // The end of a picture is a piece of its own, lest what follows
                    // be joined to what stands before it.
                    self.pieces.push(Piece::GoTo(here + 1));
                }
                _ => {}
            }
        }
        self.text(rest, syntax);
    }

    fn arrive(&mut self, target: usize) {
        let waiting = self.waiting.pop().and_then(|at| self.pieces.get_mut(at));
        if let Some(Piece::Picture(_, to) | Piece::Fold(_, to) | Piece::GoTo(to)) = waiting {
            *to = target;
        }
    }

    /// The document. `folds` says how the folds are drawn; without it they are not.
    pub fn write(
        &self,
        dark: bool,
        has: &dyn Fn(Token) -> bool,
        folds: Option<(&Folding, &[Fold])>,
        out: &mut String,
    ) {
        out.reserve(self.text.len() + 8 * self.pieces.len());
        let mut at = 0;
        while let Some(piece) = self.pieces.get(at) {
            at += 1;
            match piece {
                Piece::Text(range) => out.push_str(self.text.get(range.clone()).unwrap_or("")),
                Piece::Colour(number) => {
                    if let Some((light, turned)) = self.colours.get(*number as usize) {
                        out.push_str(if dark { turned } else { light });
                    }
                }
                Piece::StylePicture(token) => {
                    let _ = write!(out, "url(goyo:{token})");
                }
                Piece::Fold(number, end) => {
                    if let Some((folding, folds)) = folds
                        && let Some(fold) = folds.get(*number as usize)
                        && *end < self.pieces.len()
                    {
                        let open = folding.open.contains(number);
                        handle(*number, fold.lines, &folding.labels, open, out);
                        if !open {
                            at = (*end).max(at);
                        }
                    }
                }
                Piece::Picture(token, otherwise) if !has(*token) => at = (*otherwise).max(at),
                Piece::Picture(..) => {}
                // Never back: whatever the marks say, this ends.
                Piece::GoTo(target) => at = (*target).max(at),
            }
        }
    }
}
