//! Content-Transfer-Encoding, RFC 2045 section 6, and uuencode (POSIX).
//!
//! mail-parser's base64 decoder does the well-formed bulk; what it refuses is
//! decoded here, leniently: everything that is not of the alphabet is skipped.

use std::borrow::Cow;

/// A transfer encoding that changes the bytes, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transfer {
    /// 7bit, 8bit, binary, or something unknown: as it is.
    Plain,
    /// RFC 2045 section 6.8.
    Base64,
    /// RFC 2045 section 6.7.
    QuotedPrintable,
    /// `x-uuencode` and its other names.
    Uuencode,
}

impl Transfer {
    /// From the field's value in lower case; the flag says whether it is known.
    pub(crate) fn named(name: &str) -> (Self, bool) {
        match name {
            "" | "7bit" | "8bit" | "binary" | "7-bit" | "8-bit" | "8bits" | "7bits" | "none"
            | "7 bit" | "8 bit" => (Self::Plain, true),
            "base64" | "base-64" | "b" | "base 64" => (Self::Base64, true),
            "quoted-printable" | "quoted printable" | "quotedprintable" | "quoted_printable"
            | "q" => (Self::QuotedPrintable, true),
            "x-uuencode" | "uuencode" | "uue" | "x-uue" => (Self::Uuencode, true),
            _ => (Self::Plain, false),
        }
    }

    /// Undoes it. The flag says whether something had to be skipped.
    pub(crate) fn decode(self, bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
        match self {
            Self::Plain => (Cow::Borrowed(bytes), false),
            Self::Base64 => {
                let (decoded, flawed) = base64(bytes);
                (Cow::Owned(decoded), flawed)
            }
            Self::QuotedPrintable => {
                let (decoded, flawed) = quoted_printable(bytes);
                (decoded, flawed)
            }
            Self::Uuencode => match uuencoded(bytes) {
                Some(block) => (Cow::Owned(block.bytes), false),
                None => (Cow::Borrowed(bytes), true),
            },
        }
    }
}

/// base64, forgiving. What follows the padding is more of it only if it is
/// well-formed base64 in itself (encoded pieces pasted together); otherwise it
/// is a footer that somebody put below.
pub(crate) fn base64(bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let mut flawed = false;
    let mut rest = bytes;
    loop {
        let end = memchr::memchr(b'=', rest).unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        flawed |= base64_run(run, &mut out);
        let padding =
            after.iter().take_while(|b| matches!(b, b'=' | b' ' | b'\t' | b'\r' | b'\n')).count();
        rest = after.get(padding..).unwrap_or(&[]);
        if rest.is_empty() {
            return (out, flawed);
        }
        let next = memchr::memchr(b'=', rest).unwrap_or(rest.len());
        let piece = rest.get(..next).unwrap_or(rest);
        let padded = rest.get(next..).unwrap_or(&[]).iter().take_while(|b| **b == b'=').count();
        let mut digits = 0usize;
        let mut foreign = false;
        for byte in piece {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/') {
                digits += 1;
            } else if !matches!(byte, b'\r' | b'\n') {
                foreign = true;
                break;
            }
        }
        if foreign || !(digits + padded).is_multiple_of(4) {
            return (out, true);
        }
    }
}

/// base64 with readable text below it, such as a footer that a list server put
/// there: the decoded lines, then that text as it stands.
pub(crate) fn base64_with_tail(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_foreign = |line: &[u8]| {
        let line = line.trim_ascii();
        line.iter().any(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')))
    };
    let mut end = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if is_foreign(line) {
            break;
        }
        end += line.len();
    }
    let (head, tail) = bytes.split_at_checked(end)?;
    if head.trim_ascii().is_empty() {
        return None;
    }
    let mut out = base64(head).0;
    out.push(b'\n');
    out.extend_from_slice(tail);
    Some(out)
}

/// base64 without padding; the flag says that something foreign was skipped.
fn base64_run(run: &[u8], out: &mut Vec<u8>) -> bool {
    if let Some(decoded) = mail_parser::decoders::base64::base64_decode(run) {
        if out.is_empty() {
            *out = decoded;
        } else {
            out.extend_from_slice(&decoded);
        }
        return false;
    }
    let (mut bits, mut count, mut flawed) = (0u32, 0u32, false);
    for byte in run {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b' ' | b'\t' | b'\r' | b'\n' => continue,
            _ => {
                flawed = true;
                continue;
            }
        };
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            let [_, first, second, third] = bits.to_be_bytes();
            out.extend_from_slice(&[first, second, third]);
            (bits, count) = (0, 0);
        }
    }
    flush(out, bits, count);
    flawed
}

fn flush(out: &mut Vec<u8>, bits: u32, count: u32) {
    match count {
        2 => out.push((bits >> 4) as u8),
        3 => out.extend_from_slice(&[(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => {}
    }
}

/// Two hexadecimal digits.
pub(crate) fn hex_pair(high: u8, low: u8) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16);
    Some((digit(high)? << 4 | digit(low)?) as u8)
}

/// Quoted-printable; an escape that is none stands for itself, as it does
/// everywhere else.
pub(crate) fn quoted_printable(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let mut out = Vec::with_capacity(bytes.len());
    let mut flawed = false;
    let mut rest = bytes;
    while !rest.is_empty() {
        // Line by line, because blanks before a line end are transport's.
        let (line, end, next) = match memchr::memchr(b'\n', rest) {
            Some(at) => {
                let text = rest.get(..at).unwrap_or(&[]);
                let (text, end): (&[u8], &[u8]) = match text.strip_suffix(b"\r") {
                    Some(text) => (text, b"\r\n"),
                    None => (text, b"\n"),
                };
                (text, end, rest.get(at + 1..).unwrap_or(&[]))
            }
            None => (rest, &b""[..], &b""[..]),
        };
        rest = next;
        let line = line.trim_ascii_end_blanks();
        let soft = line.last() == Some(&b'=');
        let mut text = if soft { line.get(..line.len() - 1).unwrap_or(&[]) } else { line };
        while let Some(at) = memchr::memchr(b'=', text) {
            let (before, after) = text.split_at_checked(at).unwrap_or((text, &[]));
            out.extend_from_slice(before);
            match after {
                [_, high, low, tail @ ..] => match hex_pair(*high, *low) {
                    Some(byte) => {
                        out.push(byte);
                        text = tail;
                    }
                    None => {
                        flawed = true;
                        out.push(b'=');
                        text = after.get(1..).unwrap_or(&[]);
                    }
                },
                _ => {
                    flawed = true;
                    out.push(b'=');
                    text = after.get(1..).unwrap_or(&[]);
                }
            }
        }
        out.extend_from_slice(text);
        if !soft {
            out.extend_from_slice(end);
        }
    }
    (Cow::Owned(out), flawed)
}

trait Blanks {
    fn trim_ascii_end_blanks(&self) -> &[u8];
}

impl Blanks for [u8] {
    fn trim_ascii_end_blanks(&self) -> &[u8] {
        let kept = self.iter().rposition(|b| !matches!(b, b' ' | b'\t')).map_or(0, |n| n + 1);
        self.get(..kept).unwrap_or(self)
    }
}

/// One uuencoded file found in text.
#[derive(Debug)]
pub(crate) struct Uublock {
    /// Where its `begin` line starts.
    pub start: usize,
    /// Where the line after its `end` starts.
    pub end: usize,
    /// The name on its `begin` line.
    pub name: Vec<u8>,
    /// What it held.
    pub bytes: Vec<u8>,
}

/// The first whole uuencoded block: `begin 644 name`, lines, `end`.
pub(crate) fn uuencoded(bytes: &[u8]) -> Option<Uublock> {
    let mut from = 0;
    loop {
        let found = from + memchr::memmem::find(bytes.get(from..)?, b"begin ")?;
        let at_line = found == 0 || matches!(bytes.get(found - 1), Some(b'\n' | b'\r'));
        match at_line.then(|| uublock_at(bytes, found)) {
            Some(Ok(block)) => return Some(block),
            // Where the broken block stopped being one: nothing before is read twice.
            Some(Err(stopped)) => from = stopped.max(found + 6),
            None => from = found + 6,
        }
    }
}

fn uublock_at(bytes: &[u8], start: usize) -> Result<Uublock, usize> {
    let head = super::header::line_at(bytes, start).ok_or(bytes.len())?;
    let line = bytes.get(head.start + 6..head.end).unwrap_or(&[]).trim_ascii();
    let mode = line.iter().take_while(|b| (b'0'..=b'7').contains(*b)).count();
    let name = line.get(mode..).unwrap_or(&[]);
    if !(3..=4).contains(&mode) || name.first() != Some(&b' ') || name.trim_ascii().is_empty() {
        return Err(head.next);
    }
    let mut out = Vec::new();
    let mut at = head.next;
    while let Some(line) = super::header::line_at(bytes, at) {
        let text = bytes.get(line.start..line.end).unwrap_or(&[]);
        at = line.next;
        if text == b"end" || text == b"end " {
            let name = name.trim_ascii().to_vec();
            return Ok(Uublock { start, end: line.next, name, bytes: out });
        }
        if !uuline(text, &mut out) {
            return Err(line.next);
        }
    }
    Err(bytes.len())
}

/// One line: its first character tells how many bytes it holds.
fn uuline(text: &[u8], out: &mut Vec<u8>) -> bool {
    let Some((&length, digits)) = text.split_first() else {
        // Some gateways put empty lines in.
        return true;
    };
    if !(0x20..=0x60).contains(&length) {
        return false;
    }
    let length = usize::from(length.wrapping_sub(0x20) & 0x3f);
    // Blanks at the end of the line may have been cut in transport.
    if digits.len() + 4 < length.div_ceil(3) * 4 && digits.len() * 3 / 4 + 3 < length {
        return false;
    }
    let wanted = out.len() + length;
    for group in digits.chunks(4) {
        if out.len() >= wanted {
            break;
        }
        let mut word = 0u32;
        for place in 0..4 {
            let digit = group.get(place).copied().unwrap_or(b' ');
            if !(0x20..=0x60).contains(&digit) {
                return false;
            }
            word = word << 6 | u32::from(digit.wrapping_sub(0x20) & 0x3f);
        }
        let [_, first, second, third] = word.to_be_bytes();
        out.extend_from_slice(&[first, second, third]);
    }
    out.resize(wanted, 0);
    true
}

#[cfg(test)]
#[path = "transfer_tests.rs"]
mod tests;
