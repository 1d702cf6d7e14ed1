//! HTML cut into tags and text, in one pass and without copies.
//!
//! Follows the tokenizer of the WHATWG's HTML standard (section 13.2.5) as far
//! as text needs it. html5ever's own tokenizer compares every attribute of a tag
//! with all before it: one tag of 200,000 attributes takes it 24 seconds. This
//! one is linear. The table of named characters is html5ever's.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use std::borrow::Cow;

/// The longest name in the table of named characters is shorter.
const MAX_ENTITY: usize = 40;

/// A piece of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'h> {
    /// Text with its character references still in it.
    Text(&'h str),
    /// A start tag: its name as written, and what stands behind it.
    Open(&'h str, &'h str),
    /// An end tag.
    Close(&'h str),
}

/// Cuts HTML into tokens. The content of elements that hold no text for a
/// reader (scripts, styles, titles, frames) is left out.
pub(crate) struct Tokens<'h> {
    rest: &'h str,
}

impl<'h> Tokens<'h> {
    pub(crate) fn of(html: &'h str) -> Self {
        Self { rest: html }
    }

    fn advance(&mut self, by: usize) {
        self.rest = self.rest.get(by..).unwrap_or("");
    }

    fn skip_past(&mut self, from: usize, end: &str) {
        let tail = self.rest.as_bytes().get(from..).unwrap_or(&[]);
        match memchr::memmem::find(tail, end.as_bytes()) {
            Some(at) => self.advance(from + at + end.len()),
            None => self.rest = "",
        }
    }

    /// After a start tag of an element with raw content: to its end tag.
    fn skip_raw(&mut self, name: &str) {
        let script = name.eq_ignore_ascii_case("script");
        let bytes = self.rest.as_bytes();
        let mut at = 0;
        // Inside `<!-- <script> … </script> -->` an end tag ends only the inner.
        let (mut escaped, mut inner) = (false, false);
        while let Some(found) = bytes.get(at..).and_then(|b| memchr::memchr2(b'<', b'-', b)) {
            at += found;
            let tail = bytes.get(at..).unwrap_or(&[]);
            if script && tail.starts_with(b"-->") {
                (escaped, inner) = (false, false);
                at += 3;
            } else if script && tail.starts_with(b"<!--") {
                escaped = true;
                at += 2;
            } else if script && escaped && is_tag(tail.get(1..), name) {
                inner = true;
                at += 1;
            } else if tail.starts_with(b"</") && is_tag(tail.get(2..), name) {
                if !inner {
                    return self.advance(at);
                }
                inner = false;
                at += 2;
            } else {
                at += 1;
            }
        }
        self.rest = "";
    }
}

/// Whether `bytes` begin with a tag's name and what ends one.
fn is_tag(bytes: Option<&[u8]>, name: &str) -> bool {
    let Some((head, tail)) = bytes.and_then(|b| b.split_at_checked(name.len())) else {
        return false;
    };
    head.eq_ignore_ascii_case(name.as_bytes())
        && matches!(tail.first(), Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'/' | b'>'))
}

/// Elements whose content is raw and not shown.
fn is_raw(name: &str) -> bool {
    ["script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp"]
        .iter()
        .any(|raw| name.eq_ignore_ascii_case(raw))
}

impl<'h> Iterator for Tokens<'h> {
    type Item = Token<'h>;

    fn next(&mut self) -> Option<Token<'h>> {
        loop {
            let bytes = self.rest.as_bytes();
            match bytes {
                [] => return None,
                [b'<', b'a'..=b'z' | b'A'..=b'Z', ..] => {
                    let name = tag_name(self.rest.get(1..).unwrap_or(""));
                    let after = self.rest.get(1 + name.len()..).unwrap_or("");
                    let Some(length) = tag_length(after) else {
                        // A tag that is never closed shows nothing.
                        self.rest = "";
                        return None;
                    };
                    let attributes = after.get(..length).unwrap_or("");
                    self.advance(1 + name.len() + length + 1);
                    if is_raw(name) {
                        self.skip_raw(name);
                    }
                    return Some(Token::Open(name, attributes));
                }
                [b'<', b'/', b'a'..=b'z' | b'A'..=b'Z', ..] => {
                    let name = tag_name(self.rest.get(2..).unwrap_or(""));
                    let after = self.rest.get(2 + name.len()..).unwrap_or("");
                    let Some(length) = tag_length(after) else {
                        self.rest = "";
                        return None;
                    };
                    self.advance(2 + name.len() + length + 1);
                    return Some(Token::Close(name));
                }
                // The dashes may be the same: `<!-->` is a whole comment.
                [b'<', b'!', b'-', b'-', b'>', ..] => self.advance(5),
                [b'<', b'!', b'-', b'-', ..] => self.skip_past(3, "-->"),
                [b'<', b'!' | b'?' | b'/', ..] => self.skip_past(2, ">"),
                _ => {
                    let next = bytes.get(1..).and_then(|b| memchr::memchr(b'<', b));
                    let (text, rest) = self
                        .rest
                        .split_at_checked(next.map_or(bytes.len(), |n| n + 1))
                        .unwrap_or((self.rest, ""));
                    self.rest = rest;
                    return Some(Token::Text(text));
                }
            }
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

fn tag_name(text: &str) -> &str {
    let end = text.bytes().position(|b| is_blank(b) || matches!(b, b'/' | b'>'));
    text.get(..end.unwrap_or(text.len())).unwrap_or(text)
}

/// Up to the `>` that ends the tag, which one inside quotes does not.
fn tag_length(text: &str) -> Option<usize> {
    let mut length = 0;
    let mut attributes = Attributes { rest: text };
    while attributes.next().is_some() {}
    length += text.len() - attributes.rest.len();
    (attributes.rest.starts_with('>')).then_some(length)
}

/// The attributes of a tag: name as written, value with its references.
struct Attributes<'h> {
    rest: &'h str,
}

impl<'h> Iterator for Attributes<'h> {
    type Item = (&'h str, &'h str);

    fn next(&mut self) -> Option<(&'h str, &'h str)> {
        let text = self.rest;
        let bytes = text.as_bytes();
        let skip = |from: usize| {
            let tail = bytes.get(from..).unwrap_or(&[]);
            from + tail.iter().take_while(|b| is_blank(**b)).count()
        };
        let start = bytes.iter().take_while(|b| is_blank(**b) || **b == b'/').count();
        self.rest = text.get(start..).unwrap_or("");
        if matches!(bytes.get(start), None | Some(b'>')) {
            return None;
        }
        // An equals sign in front belongs to the name.
        let name_end = start
            + 1
            + bytes
                .get(start + 1..)
                .unwrap_or(&[])
                .iter()
                .take_while(|b| !is_blank(**b) && !matches!(b, b'/' | b'>' | b'='))
                .count();
        let name = text.get(start..name_end).unwrap_or("");
        let equals = skip(name_end);
        if bytes.get(equals) != Some(&b'=') {
            self.rest = text.get(equals..).unwrap_or("");
            return Some((name, ""));
        }
        let value = skip(equals + 1);
        let (from, to, next) = match bytes.get(value) {
            Some(quote @ (b'"' | b'\'')) => {
                let inside = bytes.get(value + 1..).unwrap_or(&[]);
                match memchr::memchr(*quote, inside) {
                    Some(n) => (value + 1, value + 1 + n, value + n + 2),
                    None => (value + 1, bytes.len(), bytes.len()),
                }
            }
            _ => {
                let inside = bytes.get(value..).unwrap_or(&[]);
                let n = inside.iter().take_while(|b| !is_blank(**b) && **b != b'>').count();
                (value, value + n, value + n)
            }
        };
        self.rest = text.get(next..).unwrap_or("");
        Some((name, text.get(from..to).unwrap_or("")))
    }
}

/// An attribute's value, decoded.
pub(crate) fn attribute<'h>(attributes: &'h str, name: &str) -> Option<Cow<'h, str>> {
    Attributes { rest: attributes }
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| unescape(value))
}

/// Decodes character references.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    out.push_str(text.get(..first).unwrap_or(""));
    let mut rest = text.get(first..).unwrap_or("");
    while !rest.is_empty() {
        let consumed = match rest.as_bytes() {
            [b'&', b'#', ..] => numeric(rest, &mut out),
            [b'&', b'a'..=b'z' | b'A'..=b'Z', ..] => named(rest, &mut out),
            _ => 0,
        };
        let keep_from = if consumed == 0 { 1 } else { 0 };
        rest = rest.get(consumed..).unwrap_or("");
        let next = rest
            .as_bytes()
            .get(keep_from..)
            .and_then(|b| memchr::memchr(b'&', b))
            .map_or(rest.len(), |n| n + keep_from);
        out.push_str(rest.get(..next).unwrap_or(""));
        rest = rest.get(next..).unwrap_or("");
    }
    Cow::Owned(out)
}

/// `&#…;`: how many bytes it took, 0 when it is none.
fn numeric(text: &str, out: &mut String) -> usize {
    let digits = text.get(2..).unwrap_or("");
    let (radix, prefix, digits) = match digits.as_bytes().first() {
        Some(b'x' | b'X') => (16, 3, digits.get(1..).unwrap_or("")),
        _ => (10, 2, digits),
    };
    let length = digits.bytes().take_while(|b| char::from(*b).is_digit(radix)).count();
    if length == 0 {
        return 0;
    }
    let value = digits
        .get(..length)
        .and_then(|d| u32::from_str_radix(d.trim_start_matches('0'), radix).ok())
        .unwrap_or(if digits.get(..length).is_some_and(|d| d.bytes().all(|b| b == b'0')) {
            0
        } else {
            u32::MAX
        });
    let replaced = value.checked_sub(0x80).and_then(|n| C1_REPLACEMENTS.get(n as usize));
    out.push(match replaced {
        Some(Some(c)) => *c,
        _ => char::from_u32(value).filter(|c| *c != '\0').unwrap_or('\u{fffd}'),
    });
    let end = prefix + length;
    end + usize::from(text.as_bytes().get(end) == Some(&b';'))
}

/// `&name;`, and the old names that go without the semicolon.
fn named(text: &str, out: &mut String) -> usize {
    let mut best = None;
    let name = text.get(1..).unwrap_or("");
    let length = name.bytes().take(MAX_ENTITY).take_while(u8::is_ascii_alphanumeric).count();
    let end = length + usize::from(name.as_bytes().get(length) == Some(&b';'));
    for length in (2..=end).rev() {
        // The table also holds the beginnings of names, standing for nothing.
        match name.get(..length).and_then(|n| NAMED_ENTITIES.get(n)) {
            Some((first, second)) if *first != 0 => {
                best = Some((length, *first, *second));
                break;
            }
            _ => {}
        }
    }
    let Some((length, first, second)) = best else {
        return 0;
    };
    out.extend(char::from_u32(first));
    if second != 0 {
        out.extend(char::from_u32(second));
    }
    1 + length
}
