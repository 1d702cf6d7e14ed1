//! Encoded words, RFC 2047 with the errata of real life.
//!
//! Neighbouring words of one charset are joined as bytes before they are
//! decoded, because senders split inside a character (and inside a shift state
//! of ISO-2022-JP). Words inside quoted strings, glued to other text, with raw
//! blanks, or without their closing `?=` are decoded too.

use super::charset;
use super::header::raw_text;
use super::transfer;
use std::borrow::Cow;

/// The longest encoded word that is looked for: the RFC allows 75 characters,
/// senders that never fold write kilobytes.
const MAX_WORD: usize = 16 * 1024;

/// One encoded word.
struct Word<'a> {
    charset: &'a str,
    base64: bool,
    text: &'a [u8],
}

/// Words of one charset that stand together.
struct Run<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    /// base64 that stopped inside a group of four, to be joined with the next.
    held: Vec<u8>,
}

impl<'a> Run<'a> {
    fn new(charset: &'a str) -> Self {
        Self { charset, bytes: Vec::new(), held: Vec::new() }
    }

    fn push(&mut self, word: &Word<'_>) {
        if word.base64 {
            let digits = word.text.iter().filter(|b| !b.is_ascii_whitespace());
            self.held.extend(digits);
            if self.held.len().is_multiple_of(4) || self.held.contains(&b'=') {
                self.settle();
            }
        } else {
            self.settle();
            decode_q(word.text, &mut self.bytes);
        }
    }

    fn settle(&mut self) {
        if !self.held.is_empty() {
            let held = std::mem::take(&mut self.held);
            self.bytes.extend_from_slice(&transfer::base64(&held).0);
        }
    }

    fn finish(mut self, out: &mut String) {
        self.settle();
        out.push_str(&charset::decode(&self.bytes, Some(self.charset)).0);
    }
}

/// Decodes the encoded words of an unfolded value.
pub(crate) fn decode<'a>(value: &'a [u8], hint: Option<&str>) -> Cow<'a, str> {
    if memchr::memmem::find(value, b"=?").is_none() {
        return raw_text(value, hint);
    }
    let mut out = String::with_capacity(value.len());
    let mut run: Option<Run<'_>> = None;
    let mut plain = 0; // where text that is no encoded word began
    let mut at = 0;
    while let Some(found) =
        value.get(at..).and_then(|rest| memchr::memmem::find(rest, b"=?")).map(|n| at + n)
    {
        let Some((word, length)) = value.get(found..).and_then(word) else {
            at = found + 2;
            continue;
        };
        let between = value.get(plain..found).unwrap_or(&[]);
        let blank = between.iter().all(u8::is_ascii_whitespace);
        match &mut run {
            Some(last) if blank && last.charset.eq_ignore_ascii_case(word.charset) => {
                last.push(&word);
            }
            _ => {
                let after_word = run.is_some();
                if let Some(last) = run.take() {
                    last.finish(&mut out);
                }
                if !(blank && after_word) {
                    out.push_str(&raw_text(between, hint));
                }
                let mut next = Run::new(word.charset);
                next.push(&word);
                run = Some(next);
            }
        }
        at = found + length;
        plain = at;
    }
    if let Some(last) = run.take() {
        last.finish(&mut out);
    }
    out.push_str(&raw_text(value.get(plain..).unwrap_or(&[]), hint));
    Cow::Owned(out)
}

/// Length of the encoded word at the head of `bytes`, if one stands there.
pub(crate) fn length(bytes: &[u8]) -> Option<usize> {
    word(bytes).map(|(_, length)| length)
}

/// The encoded word at the head of `bytes`, and its length.
fn word(bytes: &[u8]) -> Option<(Word<'_>, usize)> {
    let rest = bytes.strip_prefix(b"=?")?;
    // No charset's name is longer; this keeps a flood of `=?` linear.
    let mark = memchr::memchr(b'?', rest.get(..80.min(rest.len()))?)?;
    let charset = std::str::from_utf8(rest.get(..mark)?).ok()?;
    // RFC 2231 section 5: `charset*language`.
    let charset = charset.split('*').next().unwrap_or(charset).trim();
    if charset.is_empty() || charset.contains(|c: char| c.is_whitespace() || "<>\"".contains(c)) {
        return None;
    }
    let rest = rest.get(mark + 1..)?;
    let (base64, rest) = match rest {
        [b'B' | b'b', b'?', tail @ ..] => (true, tail),
        [b'Q' | b'q', b'?', tail @ ..] => (false, tail),
        _ => return None,
    };
    let rest = rest.get(..rest.len().min(MAX_WORD)).unwrap_or(rest);
    let text_at = 2 + mark + 3;
    let end = match memchr::memmem::find(rest, b"?=") {
        // `?=` that belongs to the next word means this one was never closed.
        Some(end) if memchr::memmem::find(rest.get(..end)?, b"=?").is_none_or(|n| n == 0) => {
            return Some(closed(charset, base64, rest.get(..end)?, text_at + end + 2));
        }
        Some(end) => end.min(unclosed(rest)),
        None => unclosed(rest),
    };
    Some(closed(charset, base64, rest.get(..end)?, text_at + end))
}

fn closed<'a>(charset: &'a str, base64: bool, text: &'a [u8], length: usize) -> (Word<'a>, usize) {
    (Word { charset, base64, text }, length)
}

/// Where a word without `?=` ends: at the first blank or quote.
fn unclosed(rest: &[u8]) -> usize {
    rest.iter()
        .position(|b| matches!(b, b' ' | b'\t' | b'"' | b'<' | b',' | b'?'))
        .unwrap_or(rest.len())
}

/// The Q encoding: quoted-printable with `_` for the blank.
fn decode_q(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    loop {
        rest = match rest {
            [] => break,
            [b'_', tail @ ..] => {
                out.push(b' ');
                tail
            }
            [b'=', high, low, tail @ ..] => match transfer::hex_pair(*high, *low) {
                Some(byte) => {
                    out.push(byte);
                    tail
                }
                None => {
                    out.push(b'=');
                    rest.get(1..).unwrap_or(&[])
                }
            },
            [byte, tail @ ..] => {
                out.push(*byte);
                tail
            }
        };
    }
}
