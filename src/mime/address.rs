//! Address lists and message ids, RFC 5322 sections 3.4 and 3.6.4, with the
//! obsolete forms and the mistakes that real mail is full of.
//!
//! Promise: linear time, at most [`MAX_ADDRESSES`] addresses, and no address
//! that is there is lost because of a missing bracket, quote or comma.

use super::encoded_word;
use super::header::{harmless, raw_text, unfold};
use crate::model::Address;
use std::borrow::Cow;

/// More addresses than this are not read.
pub const MAX_ADDRESSES: usize = 10_000;
/// More message ids than this are not read.
const MAX_IDS: usize = 2_000;
/// No more of a field than this is read.
const MAX_FIELD: usize = 4 * 1024 * 1024;

/// Reads a field's raw value as a list of addresses. Groups are flattened.
pub fn list(raw: &[u8], hint: Option<&str>) -> Vec<Address> {
    let raw = raw.get(..MAX_FIELD).unwrap_or(raw);
    let text = unfold(raw);
    let mut reader = Reader { rest: &text, hint, found: Vec::new(), ..Reader::default() };
    reader.run();
    reader.found
}

/// A piece of a phrase.
struct Piece<'a> {
    bytes: Cow<'a, [u8]>,
    /// It stood in quotes.
    quoted: bool,
    /// A blank stood before it.
    spaced: bool,
}

#[derive(Default)]
struct Reader<'a> {
    rest: &'a [u8],
    hint: Option<&'a str>,
    found: Vec<Address>,
    // The mailbox being read.
    phrase: Vec<Piece<'a>>,
    comment: Vec<u8>,
    angle: Option<&'a [u8]>,
    spaced: bool,
    // What was looked for up to the end once and is not there.
    no_quote: bool,
    no_bracket: bool,
    no_paren: bool,
    no_square: bool,
}

impl<'a> Reader<'a> {
    fn run(&mut self) {
        while let Some((&byte, tail)) = self.rest.split_first() {
            if self.found.len() >= MAX_ADDRESSES {
                return;
            }
            match byte {
                b' ' | b'\t' => {
                    self.spaced = true;
                    self.rest = tail;
                }
                b',' | b';' => {
                    self.finish();
                    self.rest = tail;
                }
                b':' if self.is_group_name() => {
                    self.phrase.clear();
                    self.comment.clear();
                    self.rest = tail;
                }
                b'"' if !self.no_quote => self.quoted(tail),
                b'(' if !self.no_paren => self.comment(tail),
                b'<' => self.bracketed(tail),
                b'[' if !self.no_square => self.square(),
                b'>' => self.rest = tail,
                _ => self.atom(),
            }
        }
        self.finish();
    }

    /// `Friends:` begins a group; `mailto:` and `http:` do not, nor does a
    /// colon inside an address.
    fn is_group_name(&self) -> bool {
        self.angle.is_none()
            && !self.phrase.is_empty()
            && !self.phrase.iter().any(|p| !p.quoted && p.bytes.contains(&b'@'))
    }

    fn quoted(&mut self, tail: &'a [u8]) {
        let mut text = Vec::new();
        let mut rest = tail;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            match byte {
                b'\\' => {
                    if let Some((&escaped, after)) = rest.split_first() {
                        text.push(escaped);
                        rest = after;
                    }
                }
                b'"' => {
                    self.push(Cow::Owned(text), true);
                    self.rest = rest;
                    return;
                }
                _ => text.push(byte),
            }
        }
        // Never closed: the quote means nothing, here and further on.
        self.no_quote = true;
        self.rest = tail;
    }

    fn comment(&mut self, tail: &'a [u8]) {
        let mut depth = 1usize;
        let mut rest = tail;
        let start = self.comment.len();
        if start > 0 {
            self.comment.push(b' ');
        }
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            match byte {
                b'\\' => {
                    if let Some((&escaped, after)) = rest.split_first() {
                        self.comment.push(escaped);
                        rest = after;
                    }
                    continue;
                }
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        self.spaced = true;
                        self.rest = rest;
                        return;
                    }
                }
                _ => {}
            }
            self.comment.push(byte);
        }
        self.comment.truncate(start);
        self.no_paren = true;
        self.rest = tail;
    }

    /// After `<`. Without its `>`, the address ends at the next blank or comma.
    fn bracketed(&mut self, tail: &'a [u8]) {
        let close = if self.no_bracket { None } else { memchr::memchr(b'>', tail) };
        self.no_bracket |= close.is_none();
        // `<a@b, "C" <d@e>`: the first bracket was never closed.
        let reach = close.unwrap_or(tail.len());
        let inside = tail.get(..reach).unwrap_or(tail);
        let reopened = memchr::memchr(b'<', inside);
        let (inside, rest) = match (close, reopened) {
            (Some(_), None) => (inside, tail.get(reach + 1..).unwrap_or(&[])),
            _ => {
                let limit = reopened.unwrap_or(reach);
                let end = inside
                    .get(..limit)
                    .unwrap_or(inside)
                    .iter()
                    .position(|b| matches!(b, b',' | b';' | b' '))
                    .unwrap_or(limit);
                (inside.get(..end).unwrap_or(inside), tail.get(end..).unwrap_or(&[]))
            }
        };
        if self.angle.is_some_and(|a| !a.trim_ascii().is_empty()) {
            // Two in a row: the comma between them was forgotten.
            self.finish();
        }
        self.angle = Some(inside);
        self.spaced = true;
        self.rest = rest;
    }

    /// `[IPv6:…]` holds colons that are not a group's. Elsewhere it is text.
    fn square(&mut self) {
        match memchr::memchr(b']', self.rest) {
            Some(end) => {
                let (literal, rest) =
                    self.rest.split_at_checked(end + 1).unwrap_or((self.rest, &[]));
                self.push(Cow::Borrowed(literal), false);
                self.rest = rest;
            }
            None => self.no_square = true,
        }
    }

    /// Anything else, up to the next character that means something.
    fn atom(&mut self) {
        let rest = self.rest;
        // Raw commas and blanks inside an encoded word belong to it.
        let length = match encoded_word::length(rest) {
            Some(length) => length,
            None => {
                let special = |b: &u8| b" \t,;:\"(<>[".contains(b);
                let first = rest.iter().skip(1).position(special).map_or(rest.len(), |n| n + 1);
                match memchr::memmem::find(rest.get(1..first).unwrap_or(&[]), b"=?") {
                    Some(word) => word + 1,
                    None => first,
                }
            }
        };
        let (atom, rest) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        self.push(Cow::Borrowed(atom), false);
        self.rest = rest;
    }

    fn push(&mut self, bytes: Cow<'a, [u8]>, quoted: bool) {
        let spaced = std::mem::take(&mut self.spaced);
        self.phrase.push(Piece { bytes, quoted, spaced });
    }

    /// The mailbox is complete.
    fn finish(&mut self) {
        let phrase = std::mem::take(&mut self.phrase);
        let comment = std::mem::take(&mut self.comment);
        let angle = self.angle.take().map(address).filter(|a| !a.is_empty());
        self.spaced = false;
        let address = match angle {
            Some(addr) => {
                let name = match (self.name(&phrase), self.text(&comment)) {
                    (Some(name), Some(comment)) => Some(format!("{name} ({comment})")),
                    (name, comment) => name.or(comment),
                };
                Some(Address { name, addr })
            }
            None => self.without_brackets(&phrase, &comment),
        };
        self.found.extend(address);
    }

    fn without_brackets(&self, phrase: &[Piece<'_>], comment: &[u8]) -> Option<Address> {
        // The pieces around the last `@` that are not parted from it by blanks.
        let at = phrase.iter().rposition(|p| !p.quoted && p.bytes.contains(&b'@'));
        let Some(at) = at else {
            // No address at all: "undisclosed-recipients", a bare user name, or
            // an address that was put in quotes whole.
            let name = self.name(phrase).or_else(|| self.text(comment))?;
            return Some(Address { name: None, addr: name });
        };
        // RFC 5322 section 4.4: blanks may stand around the dots and the `@`.
        let parted = |n: usize| {
            let before = n.checked_sub(1).and_then(|b| phrase.get(b));
            phrase.get(n).is_some_and(|p| {
                p.spaced && !p.bytes.starts_with(b"@") && !p.bytes.starts_with(b".")
            }) && !before.is_some_and(|b| b.bytes.ends_with(b"@") || b.bytes.ends_with(b"."))
        };
        let start = (0..=at).rev().find(|n| *n == 0 || parted(*n)).unwrap_or(0);
        let end = (at + 1..phrase.len()).find(|n| parted(*n)).unwrap_or(phrase.len());
        let mut written = Vec::new();
        for piece in phrase.get(start..end).unwrap_or(&[]) {
            if piece.quoted {
                written.push(b'"');
                written.extend_from_slice(&piece.bytes);
                written.push(b'"');
            } else {
                written.extend_from_slice(&piece.bytes);
            }
        }
        let addr = address(&written);
        if addr.is_empty() {
            return None;
        }
        let before = self.name(phrase.get(..start).unwrap_or(&[]));
        let name = before
            .or_else(|| self.text(comment))
            .or_else(|| self.name(phrase.get(end..).unwrap_or(&[])));
        Some(Address { name, addr })
    }

    /// A phrase as a reader sees it.
    fn name(&self, phrase: &[Piece<'_>]) -> Option<String> {
        let mut joined = Vec::new();
        for piece in phrase {
            if piece.spaced && !joined.is_empty() {
                joined.push(b' ');
            }
            joined.extend_from_slice(&piece.bytes);
        }
        self.text(&joined)
    }

    fn text(&self, bytes: &[u8]) -> Option<String> {
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() {
            return None;
        }
        let text = if bytes.is_ascii() && !bytes.windows(2).any(|w| w == b"=?") {
            raw_text(bytes, None)
        } else {
            encoded_word::decode(bytes, self.hint)
        };
        let text = harmless(&text);
        // Names quoted twice: `'Kim'`, `"'Kim'"`, and quotes inside the encoding.
        let inner = text
            .strip_prefix('\'')
            .and_then(|t| t.strip_suffix('\''))
            .or_else(|| text.strip_prefix('"').and_then(|t| t.strip_suffix('"')))
            .map(|t| t.trim().to_owned());
        let text = inner.unwrap_or(text);
        (!text.is_empty()).then_some(text)
    }
}

/// An address as written, without its route, blanks and controls.
fn address(bytes: &[u8]) -> String {
    let bytes = bytes.trim_ascii();
    let bytes = match bytes.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case(b"mailto:") => bytes.get(7..).unwrap_or(&[]),
        _ => bytes,
    };
    // RFC 5322 section 4.4: `@relay1,@relay2:user@host`.
    let bytes = match (bytes.first(), memchr::memchr(b':', bytes)) {
        (Some(b'@'), Some(colon)) => bytes.get(colon + 1..).unwrap_or(&[]),
        _ => bytes,
    };
    // An address that is one encoded word is decoded. One with a word before its
    // own `@` is not: `=?…?=@attacker` would read `boss@bank@attacker`.
    let text = if bytes.windows(2).any(|w| w == b"=?") && !bytes.contains(&b'@') {
        encoded_word::decode(bytes, None)
    } else {
        raw_text(bytes, None)
    };
    let text = harmless(&text);
    // Blanks are only real inside a quoted local part.
    if text.starts_with('"') { text } else { text.chars().filter(|c| *c != ' ').collect() }
}

/// Message ids: what stands between angle brackets; without any, what stands
/// between blanks. Ids that hold blanks keep none.
pub fn ids(raw: &[u8]) -> Vec<String> {
    let raw = raw.get(..MAX_FIELD).unwrap_or(raw);
    let text = unfold(raw);
    let mut found = Vec::new();
    let mut rest: &[u8] = &text;
    while let Some(open) = memchr::memchr(b'<', rest) {
        let after = rest.get(open + 1..).unwrap_or(&[]);
        // A bracket that is never closed ends at the next one that opens.
        let end = memchr::memchr2(b'<', b'>', after).unwrap_or(after.len());
        push_id(&mut found, after.get(..end).unwrap_or(&[]));
        rest = after.get(end..).unwrap_or(&[]);
        if found.len() >= MAX_IDS {
            return found;
        }
    }
    if found.is_empty() {
        for word in text.split(|b| matches!(b, b' ' | b',')).take(MAX_IDS) {
            // Old In-Reply-To fields are prose: only what looks like an id counts.
            if word.contains(&b'@') || !text.trim_ascii().contains(&b' ') {
                push_id(&mut found, word);
            }
        }
    }
    found
}

fn push_id(found: &mut Vec<String>, bytes: &[u8]) {
    let id: String =
        harmless(&raw_text(bytes, None)).chars().filter(|c| !c.is_whitespace()).collect();
    let id = id.trim_matches(['<', '>']);
    if !id.is_empty() {
        found.push(id.to_owned());
    }
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
