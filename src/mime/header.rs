//! Header fields: where they stand, and what they say to a reader.
//!
//! RFC 5322 section 2.2 (fields and folding), RFC 2047 (through
//! `encoded_word`). Promise: a value never holds a line end, a control
//! character, or a character that turns the direction of what follows it.

use super::charset;
use super::encoded_word;
use std::borrow::Cow;
use std::ops::Range;

/// The longest value that is decoded; what is longer is cut with an ellipsis.
pub(crate) const MAX_VALUE: usize = 256 * 1024;

/// Decodes a field's value for reading: unfolded, encoded words decoded, raw
/// eight-bit text brought to Unicode, dangerous characters taken out.
pub fn decode(raw: &[u8]) -> String {
    decode_with_hint(raw, None).into_owned()
}

/// [`decode`] for a letter whose body declares a charset, which is a hint for
/// raw eight-bit text in its header.
pub fn decode_with_hint<'a>(raw: &'a [u8], hint: Option<&str>) -> Cow<'a, str> {
    let cut = raw.len() > MAX_VALUE;
    let raw = raw.get(..MAX_VALUE).unwrap_or(raw);
    let mut text = match unfold(raw) {
        // Printable ASCII without an encoded word: nearly every field.
        Cow::Borrowed(raw) if is_plain(raw) => String::from_utf8_lossy(raw.trim_ascii()),
        Cow::Owned(raw) if is_plain(&raw) => {
            Cow::Owned(String::from_utf8_lossy(raw.trim_ascii()).into_owned())
        }
        unfolded => Cow::Owned(harmless(&encoded_word::decode(unfolded.trim_ascii(), hint))),
    };
    if cut {
        text.to_mut().push('…');
    }
    text
}

fn is_plain(raw: &[u8]) -> bool {
    raw.trim_ascii().iter().all(|b| (0x20..0x7f).contains(b))
        && memchr::memmem::find(raw, b"=?").is_none()
}

/// Takes the line ends out; a tab after one becomes a space.
pub(crate) fn unfold(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr3(b'\r', b'\n', b'\t', raw).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memchr3(b'\r', b'\n', b'\t', rest) {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        if rest.get(at) == Some(&b'\t') {
            out.push(b' ');
        }
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// Text for one line of the window: no line ends, no controls, and none of the
/// characters that reorder what is drawn after them (U+202A–202E, U+2066–2069),
/// with which a sender can dress `exe.gpj` as `jpg.exe`.
pub(crate) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' | '\n' | '\u{2028}' | '\u{2029}' | '\u{85}' => out.push(' '),
            c if c.is_control() => {}
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {}
            c => out.push(c),
        }
    }
    let trimmed = out.trim();
    if trimmed.len() == out.len() { out } else { trimmed.to_owned() }
}

/// Raw bytes of a header without any encoded word, to Unicode.
pub(crate) fn raw_text<'a>(bytes: &'a [u8], hint: Option<&str>) -> Cow<'a, str> {
    charset::decode_with_hint(bytes, None, hint).0
}

/// Fields everybody knows that are kept though the limit is reached.
const KEPT_ANYWAY: usize = 16;

/// One field as it stands in the letter.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    /// Its name.
    pub name: Range<usize>,
    /// What follows the colon, up to the line end of its last line.
    pub value: Range<usize>,
}

/// A header block, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Its fields, in order.
    pub fields: Vec<Span>,
    /// Where the body begins.
    pub body: usize,
    /// Text began without the empty line that ends a header.
    pub no_separator: bool,
    /// Lines that are no field were skipped.
    pub junk: usize,
    /// Fields beyond the limit were skipped.
    pub skipped: usize,
}

/// One line of the letter: where it begins, where its text ends, where the next
/// begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub start: usize,
    pub end: usize,
    pub next: usize,
}

/// The line at `start`; LF, CRLF and a lone CR all end one.
pub(crate) fn line_at(raw: &[u8], start: usize) -> Option<Line> {
    let rest = raw.get(start..).filter(|r| !r.is_empty())?;
    let Some(length) = memchr::memchr2(b'\r', b'\n', rest) else {
        return Some(Line { start, end: raw.len(), next: raw.len() });
    };
    let end = start + length;
    let next = match rest.get(length..) {
        Some([b'\r', b'\n', ..]) => end + 2,
        _ => end + 1,
    };
    Some(Line { start, end, next })
}

/// How a line stands in a header.
enum Kind {
    /// A field; the length of its name and where its value starts.
    Field(usize, usize),
    /// The continuation of one.
    Folded,
    /// mbox's `From `, or its quoted form.
    Envelope,
    /// A field without a name.
    Nameless,
    /// None of these.
    Text,
}

fn kind(line: &[u8]) -> Kind {
    match line.first() {
        Some(b' ' | b'\t') => return Kind::Folded,
        Some(b':') => return Kind::Nameless,
        _ => {}
    }
    if line.starts_with(b"From ") || line.starts_with(b">From ") {
        return Kind::Envelope;
    }
    let name = line.iter().take_while(|b| (0x21..0x7f).contains(*b) && **b != b':').count();
    let after = line.get(name..).unwrap_or(&[]);
    // RFC 5322 section 4.5: old mail has blanks before the colon.
    let blanks = after.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    if after.get(blanks) == Some(&b':') { Kind::Field(name, name + blanks + 1) } else { Kind::Text }
}

/// Field names that make a line a field beyond doubt.
fn is_known(name: &[u8]) -> bool {
    const KNOWN: [&[u8]; 24] = [
        b"from",
        b"to",
        b"cc",
        b"bcc",
        b"subject",
        b"date",
        b"sender",
        b"reply-to",
        b"message-id",
        b"in-reply-to",
        b"references",
        b"received",
        b"return-path",
        b"mime-version",
        b"content-type",
        b"content-transfer-encoding",
        b"content-disposition",
        b"content-id",
        b"dkim-signature",
        b"delivered-to",
        b"user-agent",
        b"list-id",
        b"status",
        b"authentication-results",
    ];
    KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The same, and what programs add of their own.
fn is_usual(name: &[u8]) -> bool {
    is_known(name) || name.get(..2).is_some_and(|x| x.eq_ignore_ascii_case(b"x-"))
}

/// Whether a field everybody knows begins at `start`.
fn known_field_at(raw: &[u8], start: usize) -> bool {
    line_at(raw, start).is_some_and(|line| {
        // Long lines are looked at from their head only: a name is short.
        let text = raw.get(line.start..line.end.min(line.start + 128)).unwrap_or(&[]);
        matches!(kind(text), Kind::Field(name, _) if is_usual(text.get(..name).unwrap_or(&[])))
    })
}

/// Takes the header that begins at `start` apart. `ends_part` says whether a
/// line is a boundary of something around it, which ends the header too.
///
/// At the head of a letter (`letter`), empty lines and a byte order mark before
/// the first field are stepped over.
pub(crate) fn block(
    raw: &[u8],
    start: usize,
    letter: bool,
    max_fields: usize,
    ends_part: impl Fn(&[u8]) -> bool,
) -> Block {
    let mut block = Block::default();
    let mut at = start;
    if letter {
        at = skip_lead(raw, start);
    }
    while let Some(line) = line_at(raw, at) {
        let text = raw.get(line.start..line.end).unwrap_or(&[]);
        if text.is_empty() {
            block.body = line.next;
            return block;
        }
        if text.starts_with(b"--") && ends_part(text) {
            block.body = line.start;
            return block;
        }
        // A name is short; a line of 100 MB is not searched for its colon.
        match kind(text.get(..text.len().min(1024)).unwrap_or(text)) {
            Kind::Folded => {
                if let Some(last) = block.fields.last_mut() {
                    // A line of skipped fields would otherwise be glued to the last kept.
                    if block.skipped == 0 {
                        last.value.end = line.end;
                    }
                } else if letter || !text.trim_ascii().is_empty() {
                    block.no_separator = true;
                    block.body = line.start;
                    return block;
                }
            }
            Kind::Field(name, value) => {
                let known = raw.get(at..at + name).is_some_and(is_known);
                if block.fields.len() < max_fields
                    || (known && block.fields.len() < max_fields + KEPT_ANYWAY)
                {
                    block.fields.push(Span {
                        name: line.start..line.start + name,
                        value: line.start + value..line.end,
                    });
                } else {
                    block.skipped += 1;
                }
            }
            Kind::Envelope if block.fields.is_empty() || known_field_at(raw, line.next) => {}
            Kind::Nameless => block.junk += 1,
            Kind::Envelope | Kind::Text => {
                // One odd line between two fields is skipped; anything else is
                // the body of a header that lacks its empty line.
                let in_header = letter || !block.fields.is_empty();
                if in_header && !text.starts_with(b"-") && known_field_at(raw, line.next) {
                    block.junk += 1;
                } else {
                    block.no_separator = true;
                    block.body = line.start;
                    return block;
                }
            }
        }
        at = line.next;
    }
    block.body = raw.len();
    block
}

/// Steps over what stands before the first field, if a field follows.
fn skip_lead(raw: &[u8], start: usize) -> usize {
    let mut at = start;
    if raw.get(at..).is_some_and(|r| r.starts_with(b"\xef\xbb\xbf")) {
        at += 3;
    }
    let lead = at;
    while let Some(line) = line_at(raw, at) {
        let text = raw.get(line.start..line.end).unwrap_or(&[]);
        if !text.trim_ascii().is_empty() {
            break;
        }
        at = line.next;
    }
    let envelope = raw.get(at..).is_some_and(|r| r.starts_with(b"From "));
    if at == lead || envelope || known_field_at(raw, at) { at } else { lead }
}

#[cfg(test)]
#[path = "header_tests.rs"]
mod tests;
