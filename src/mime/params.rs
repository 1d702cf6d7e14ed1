//! `type/subtype; name=value` fields: Content-Type and Content-Disposition.
//!
//! RFC 2045 section 5.1, RFC 2183, RFC 2231 (continuations, charsets, percent
//! encoding, in any order), and what programs write instead: encoded words,
//! quoted and not, raw eight-bit bytes, names with blanks that nobody quoted.

use super::charset;
use super::encoded_word;
use super::header::{harmless, unfold};
use percent::decode as percent_decoded;
use std::borrow::Cow;

/// More parameters than this are not read.
const MAX_PARAMS: usize = 200;
/// More of a field than this is not read.
const MAX_FIELD: usize = 64 * 1024;

/// A field with parameters, taken apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameterised {
    /// What stands before the first semicolon, lower case.
    pub value: String,
    /// The parameters, names in lower case, values decoded.
    pub params: Vec<(String, String)>,
}

impl Parameterised {
    /// Reads a field's raw value.
    pub(crate) fn parse(raw: &[u8], hint: Option<&str>) -> Self {
        let raw = raw.get(..MAX_FIELD).unwrap_or(raw);
        let unfolded = unfold(raw);
        let (value, rest) = split_value(&unfolded);
        let mut raw_params = Vec::new();
        let mut rest = rest;
        let mut comments = true;
        while raw_params.len() < MAX_PARAMS && !rest.is_empty() {
            let (param, after) = next_param(rest, &mut comments);
            raw_params.extend(param);
            rest = after;
        }
        Self {
            value: String::from_utf8_lossy(value).trim().to_ascii_lowercase(),
            params: assemble(raw_params, hint),
        }
    }

    /// A parameter's value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

struct RawParam<'a> {
    name: String,
    value: Cow<'a, [u8]>,
}

/// The value before the parameters. Comments in it are dropped; a value that
/// starts with a parameter (`; charset=…`, `charset=…`) is empty.
fn split_value(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|b| matches!(b, b';' | b'(')).unwrap_or(bytes.len());
    let (value, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    if value.contains(&b'=') && !value.contains(&b'/') {
        return (&[], bytes);
    }
    // `text/plain charset=utf-8`: the semicolon was forgotten.
    let value = value.trim_ascii();
    match value.iter().position(u8::is_ascii_whitespace) {
        Some(blank) if value.get(blank..).is_some_and(|v| v.contains(&b'=')) => {
            let start = bytes.len() - bytes.trim_ascii_start().len();
            (value.get(..blank).unwrap_or(value), bytes.get(start + blank..).unwrap_or(&[]))
        }
        _ => (value, rest),
    }
}

/// One `name=value` and what follows it. `comments` is put out by the first
/// parenthesis that is never closed: it and those behind it are no comments.
fn next_param<'b>(bytes: &'b [u8], comments: &mut bool) -> (Option<RawParam<'b>>, &'b [u8]) {
    let mut rest = bytes;
    loop {
        rest = match rest {
            [b';' | b' ' | b'\t' | b',', tail @ ..] => tail,
            [b'(', tail @ ..] => match comments.then(|| skip_comment(tail)).flatten() {
                Some(after) => after,
                None => {
                    *comments = false;
                    tail
                }
            },
            _ => break,
        };
    }
    let Some(equals) = rest.iter().position(|b| matches!(b, b'=' | b';')) else {
        return (None, &[]);
    };
    let (name, after) = rest.split_at_checked(equals).unwrap_or((rest, &[]));
    if after.first() != Some(&b'=') {
        return (None, after);
    }
    let name = String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase();
    let after = after.get(1..).unwrap_or(&[]).trim_ascii_start();
    let (value, rest) = match after.strip_prefix(b"\"") {
        Some(quoted) => quoted_value(quoted),
        None => bare_value(after),
    };
    ((!name.is_empty()).then_some(RawParam { name, value }), rest)
}

/// What follows a comment; absent when it is never closed.
fn skip_comment(bytes: &[u8]) -> Option<&[u8]> {
    let mut depth = 1usize;
    let mut rest = bytes;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'\\' => rest = rest.get(1..).unwrap_or(&[]),
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(rest);
                }
            }
            _ => {}
        }
    }
    None
}

/// After the opening quote: up to the closing one. A quote that is never closed
/// ends with the field.
fn quoted_value(bytes: &[u8]) -> (Cow<'_, [u8]>, &[u8]) {
    let mut value = Vec::new();
    let mut rest = bytes;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'\\' => match tail {
                // Windows paths: `C:\new\file` has no quoted pairs in it.
                [escaped @ (b'"' | b'\\'), tail @ ..] => {
                    value.push(*escaped);
                    rest = tail;
                }
                _ => value.push(byte),
            },
            b'"' => {
                let end = rest.iter().position(|b| *b == b';').unwrap_or(rest.len());
                return (Cow::Owned(value), rest.get(end..).unwrap_or(&[]));
            }
            _ => value.push(byte),
        }
    }
    (Cow::Owned(value), &[])
}

/// A value without quotes: up to the semicolon, because file names with blanks
/// are often left bare; but `charset=utf-8 name=x` is two parameters.
fn bare_value(bytes: &[u8]) -> (Cow<'_, [u8]>, &[u8]) {
    let end = bytes.iter().position(|b| *b == b';').unwrap_or(bytes.len());
    let mut end = end;
    if let Some(second) = bytes.get(..end).and_then(second_param) {
        end = second;
    }
    let (value, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    // A comment behind it.
    let value = match value.windows(2).position(|w| w == b" (") {
        Some(at) if value.trim_ascii_end().ends_with(b")") && !value.contains(&b'.') => {
            value.get(..at).unwrap_or(value)
        }
        _ => value,
    };
    (Cow::Borrowed(value.trim_ascii_end()), rest)
}

fn second_param(value: &[u8]) -> Option<usize> {
    let blank = value.iter().position(|b| matches!(b, b' ' | b'\t'))?;
    let after = value.get(blank..)?.trim_ascii_start();
    let name = after.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-*".contains(b)).count();
    (name > 2 && after.get(name) == Some(&b'=') && after.get(name + 1) != Some(&b'?'))
        .then_some(blank)
}

/// Joins continuations (`name*0`, `name*1*`, …) and decodes.
fn assemble(raw: Vec<RawParam<'_>>, hint: Option<&str>) -> Vec<(String, String)> {
    struct Section<'a> {
        number: Option<u32>,
        extended: bool,
        value: Cow<'a, [u8]>,
    }
    let mut names: Vec<(String, Vec<Section<'_>>)> = Vec::new();
    for param in raw {
        let mut pieces = param.name.split('*');
        let base = pieces.next().unwrap_or("").trim().to_owned();
        let mut number = None;
        let mut extended = false;
        for piece in pieces {
            if piece.is_empty() {
                extended = true;
            } else {
                number = piece.parse().ok();
            }
        }
        let section = Section { number, extended, value: param.value };
        match names.iter_mut().find(|(name, _)| *name == base) {
            Some((_, sections)) => sections.push(section),
            None => names.push((base, vec![section])),
        }
    }
    names
        .into_iter()
        .map(|(name, mut sections)| {
            // The extended form outranks the plain one (RFC 6266 says so, RFC
            // 2231 means it); of two plain ones the first counts.
            if let Some(at) = sections.iter().position(|s| s.extended && s.number.is_none()) {
                let whole = sections.swap_remove(at);
                return (name, extended_text(&whole.value, true, hint));
            }
            if sections.iter().any(|s| s.number.is_some()) {
                sections.retain(|s| s.number.is_some());
                sections.sort_by_key(|s| s.number);
                sections.dedup_by_key(|s| s.number);
                let any_extended = sections.iter().any(|s| s.extended);
                let mut joined = Vec::new();
                for section in &sections {
                    if section.extended || !any_extended {
                        joined.extend_from_slice(&section.value);
                    } else {
                        // A plain section among extended ones is literal.
                        joined.extend(section.value.iter().flat_map(|b| match b {
                            b'%' => b"%25".to_vec(),
                            other => vec![*other],
                        }));
                    }
                }
                let text = if any_extended {
                    let first = sections.first().is_some_and(|s| s.extended);
                    extended_text(&joined, first, hint)
                } else {
                    plain_text(&joined, hint)
                };
                return (name, text);
            }
            let value = sections.first().map(|s| s.value.as_ref()).unwrap_or_default();
            (name, plain_text(value, hint))
        })
        .collect()
}

/// `charset'language'percent-encoded`.
fn extended_text(value: &[u8], with_charset: bool, hint: Option<&str>) -> String {
    let mut quotes = value.iter().enumerate().filter(|(_, b)| **b == b'\'').map(|(at, _)| at);
    let (charset, text) = match (quotes.next(), quotes.next()) {
        (Some(first), Some(second)) if with_charset => (
            std::str::from_utf8(value.get(..first).unwrap_or(&[])).ok().filter(|c| !c.is_empty()),
            value.get(second + 1..).unwrap_or(&[]),
        ),
        _ => (None, value),
    };
    let bytes = percent_decoded(text);
    // Some programs put an encoded word into the extended form as well.
    if bytes.windows(2).any(|w| w == b"=?") {
        return harmless(&encoded_word::decode(&bytes, hint));
    }
    harmless(&charset::decode_with_hint(&bytes, charset, hint).0)
}

fn plain_text(value: &[u8], hint: Option<&str>) -> String {
    // `utf-8''%ED%95%9C` written without the asterisk.
    if let Some(quote) = value.iter().position(|b| *b == b'\'')
        && value.get(quote + 1) == Some(&b'\'')
        && value.contains(&b'%')
        && std::str::from_utf8(value.get(..quote).unwrap_or(&[]))
            .is_ok_and(|label| charset::canonical(label).is_some())
    {
        return extended_text(value, true, hint);
    }
    harmless(&encoded_word::decode(value, hint))
}

mod percent {
    use crate::mime::transfer::hex_pair;

    /// Percent-decoding; a percent sign that is no escape stays.
    pub(super) fn decode(text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut rest = text;
        loop {
            rest = match rest {
                [] => return out,
                [b'%', high, low, tail @ ..] if hex_pair(*high, *low).is_some() => {
                    out.extend(hex_pair(*high, *low));
                    tail
                }
                [byte, tail @ ..] => {
                    out.push(*byte);
                    tail
                }
            };
        }
    }
}

#[cfg(test)]
#[path = "params_tests.rs"]
mod tests;
