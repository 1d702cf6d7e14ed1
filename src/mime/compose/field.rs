//! Header fields: folded at 78 characters, 7-bit clean. RFC 5322 section 2.2.3 and 3.2,
//! RFC 2047 (encoded words), RFC 2231 (parameters).
//!
//! Promise: whatever text comes in, one field goes out. Line ends, NULs and other
//! controls become blanks before anything is written, so nothing a name or subject holds
//! can begin a field of its own. Encoded words never split a character and never exceed
//! 75 characters, their lines never 76.

use super::mailbox::{Mailbox, is_atext};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Characters of a line, but for its end (RFC 5322 section 2.1.1).
const LINE: usize = 78;
/// The same where an encoded word stands in it (RFC 2047 section 2).
const ENCODED_LINE: usize = 76;
/// Characters of an encoded word.
const WORD: usize = 75;
/// Longest ASCII word or name that is written as it is.
const PLAIN: usize = 60;
/// What an encoded word is around its text: `=?UTF-8?B?` and `?=`.
const FRAME: usize = 12;

/// A field that is being written.
pub(super) struct Field {
    out: String,
    column: usize,
    /// An encoded word stands in this line: it may not be as long as others.
    encoded: bool,
}

impl Field {
    /// Begins a field. The name is ours, never from outside.
    pub fn new(name: &'static str) -> Self {
        Self { out: format!("{name}:"), column: name.len() + 1, encoded: false }
    }

    /// The bytes, with the line end.
    pub fn end(mut self) -> String {
        self.out.push_str("\r\n");
        self.out
    }

    /// Appends what may not be parted, after a blank or a fold.
    fn token(&mut self, token: &str, limit: usize) {
        let width = token.len();
        let limit = if self.encoded { limit.min(ENCODED_LINE) } else { limit };
        if self.column + 1 + width > limit && width < limit {
            self.fold();
            self.out.push_str(token);
            self.column += width;
        } else {
            self.out.push(' ');
            self.out.push_str(token);
            self.column += 1 + width;
        }
    }

    fn fold(&mut self) {
        self.out.push_str("\r\n ");
        self.column = 1;
        self.encoded = false;
    }

    /// A value that is ASCII without blanks and controls by construction. Never folded: many
    /// programs look for a Message-ID right behind its name.
    pub fn plain(mut self, value: &str) -> String {
        self.out.push(' ');
        self.out.push_str(&one_line(value));
        self.end()
    }

    /// A text: `Subject`.
    pub fn text(mut self, text: &str) -> String {
        let text = one_line(text);
        if is_plain_text(&text) {
            for word in text.split(' ').filter(|word| !word.is_empty()) {
                self.token(word, LINE);
            }
        } else {
            self.encoded(&text, "");
        }
        self.end()
    }

    /// A list of addresses: `To`.
    pub fn mailboxes(mut self, mailboxes: &[Mailbox<'_>]) -> String {
        for (number, mailbox) in mailboxes.iter().enumerate() {
            let comma = if number + 1 < mailboxes.len() { "," } else { "" };
            let path = mailbox.path();
            match mailbox.name.map(single_blanks).filter(|name| !name.is_empty()) {
                // Some readers take a quoted local part for a name, but in brackets.
                None if path.starts_with('"') => self.token(&format!("<{path}>{comma}"), LINE),
                None => self.token(&format!("{path}{comma}"), LINE),
                Some(name) => {
                    self.phrase(&name);
                    self.token(&format!("<{path}>{comma}"), LINE);
                }
            }
        }
        self.end()
    }

    /// Message ids, without brackets: `References`.
    pub fn ids<'i>(mut self, ids: impl Iterator<Item = &'i str>) -> String {
        for id in ids {
            self.token(&format!("<{id}>"), LINE);
        }
        self.end()
    }

    fn phrase(&mut self, name: &str) {
        let harmless = name.is_ascii() && !name.contains("=?") && name.len() <= PLAIN;
        if harmless && name.chars().all(|c| c == ' ' || is_atext(c)) {
            for word in name.split(' ') {
                self.token(word, LINE);
            }
        } else if harmless {
            self.token(&quoted(name), LINE);
        } else {
            // One word is better than two: some readers see a blank between them.
            let (first, rest) = cut(name, WORD - FRAME, quoted_is_shorter(name));
            let width = encoded_word(first, quoted_is_shorter(name)).len();
            if rest.is_empty() && self.column + 1 + width > ENCODED_LINE {
                self.begin_line();
            }
            self.encoded(name, "");
        }
    }

    /// Goes on in the next line; the blank that folds is written with what comes.
    fn begin_line(&mut self) {
        self.out.push_str("\r\n");
        self.column = 0;
        self.encoded = false;
    }

    /// A text in encoded words, `after` right behind the last.
    fn encoded(&mut self, text: &str, after: &str) {
        let mut rest = text;
        let q = quoted_is_shorter(text);
        while !rest.is_empty() {
            // As much as fits this line, if that is anything worth it.
            let mut room = ENCODED_LINE.saturating_sub(self.column + 1).min(WORD);
            if room < FRAME + 12 {
                self.begin_line();
                room = WORD;
            }
            let (piece, tail) = cut(rest, room - FRAME, q);
            let word = encoded_word(piece, q);
            self.out.push(' ');
            self.column += 1 + word.len();
            self.out.push_str(&word);
            self.encoded = true;
            rest = tail;
        }
        self.out.push_str(after);
        self.column += after.len();
    }

    /// Begins a field with parameters: `Content-Type`.
    pub fn value(mut self, value: &str) -> Self {
        self.token(value, LINE);
        self
    }

    /// A parameter whose value is ASCII and ours.
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        let is_token = !value.is_empty()
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&+-^_.{}~".contains(&b));
        let written = if is_token { value.to_owned() } else { quoted(value) };
        self.out.push(';');
        self.column += 1;
        self.token(&format!("{name}={written}"), LINE);
        self
    }

    /// A parameter with any value: RFC 2231, in pieces where it is long.
    pub fn text_parameter(mut self, name: &str, value: &str) -> Self {
        let value = one_line(value);
        if value.is_ascii() && value.len() <= PLAIN && !value.contains("=?") {
            self.out.push(';');
            self.column += 1;
            self.token(&format!("{name}={}", quoted(&value)), LINE);
            return self;
        }
        let encoded: Vec<String> = value.chars().map(percent).collect();
        let whole = encoded.iter().map(String::len).sum::<usize>();
        if name.len() + "*=UTF-8''".len() + whole + 2 <= LINE {
            self.out.push(';');
            self.fold();
            let parameter = format!("{name}*=UTF-8''{}", encoded.concat());
            self.column += parameter.len();
            self.out.push_str(&parameter);
            return self;
        }
        let mut number = 0;
        let mut piece = String::from("UTF-8''");
        for character in encoded {
            let width = 1 + format!("{name}*{number}*=").len() + piece.len() + character.len() + 1;
            if width > LINE {
                self.piece(name, number, &piece);
                number += 1;
                piece.clear();
            }
            piece.push_str(&character);
        }
        self.piece(name, number, &piece);
        self
    }

    fn piece(&mut self, name: &str, number: usize, piece: &str) {
        self.out.push(';');
        self.fold();
        let parameter = format!("{name}*{number}*={piece}");
        self.column += parameter.len();
        self.out.push_str(&parameter);
    }

    /// A parameter as programs older than RFC 2231 read it: encoded words in quotes.
    /// Only where it cannot be written in ASCII.
    pub fn old_parameter(mut self, name: &str, value: &str) -> Self {
        let value = one_line(value);
        if value.is_ascii() {
            return self.text_parameter(name, &value);
        }
        self.out.push(';');
        self.fold();
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.column += name.len() + 2;
        let mut rest = value.as_str();
        let mut first = true;
        while !rest.is_empty() {
            if !first {
                self.fold();
            }
            let room = (ENCODED_LINE - 1).saturating_sub(self.column).min(WORD);
            // Base64 only: nothing of it needs quoting.
            let (piece, tail) = cut(rest, room - FRAME, false);
            let word = encoded_word(piece, false);
            self.column += word.len();
            self.out.push_str(&word);
            rest = tail;
            first = false;
        }
        self.out.push('"');
        self.column += 1;
        self
    }
}

/// A value on one line: controls and separators of lines become blanks.
pub(super) fn one_line(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect();
    line.trim().to_owned()
}

/// A name on one line. Readers make one blank of several anyway.
fn single_blanks(name: &str) -> String {
    let line = one_line(name);
    let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Whether a text is read back the same when it is written as it is.
fn is_plain_text(text: &str) -> bool {
    text.bytes().all(|b| b == b' ' || b.is_ascii_graphic())
        && !text.contains("=?")
        && !text.contains("  ")
        && text.split(' ').all(|word| word.len() <= PLAIN)
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// One character as RFC 2231 has it (RFC 5987's `attr-char`).
fn percent(c: char) -> String {
    use std::fmt::Write as _;
    if c.is_ascii_alphanumeric() || "!#$&+-.^_`|~".contains(c) {
        return c.to_string();
    }
    let mut buffer = [0u8; 4];
    c.encode_utf8(&mut buffer).bytes().fold(String::with_capacity(12), |mut out, byte| {
        let _ = write!(out, "%{byte:02X}");
        out
    })
}

/// Characters that stand for themselves in the Q encoding, wherever it is used.
fn stands_in_q(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!*+-/".contains(c)
}

fn q_width(c: char) -> usize {
    if stands_in_q(c) || c == ' ' { 1 } else { 3 * c.len_utf8() }
}

fn quoted_is_shorter(text: &str) -> bool {
    text.chars().map(q_width).sum::<usize>() <= text.len().div_ceil(3) * 4
}

/// The beginning of a text whose encoding has at most `room` characters, and the rest.
/// At least one character is taken. Cut is behind a blank where there is one in the
/// latter half: some readers put a blank of their own between encoded words.
fn cut(text: &str, room: usize, q: bool) -> (&str, &str) {
    let mut end = 0;
    let mut width = 0;
    let mut behind_blank = 0;
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        width += q_width(c);
        let needed = if q { width } else { after.div_ceil(3) * 4 };
        if needed > room && end > 0 {
            return text.split_at(if behind_blank > 0 { behind_blank } else { end });
        }
        if c == ' ' && needed > room / 2 {
            behind_blank = after;
        }
        end = after;
    }
    text.split_at(end)
}

fn encoded_word(text: &str, q: bool) -> String {
    use std::fmt::Write as _;
    if !q {
        return format!("=?UTF-8?B?{}?=", STANDARD.encode(text));
    }
    let mut out = String::from("=?UTF-8?Q?");
    for c in text.chars() {
        if stands_in_q(c) {
            out.push(c);
        } else if c == ' ' {
            out.push('_');
        } else {
            let mut buffer = [0u8; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                let _ = write!(out, "={byte:02X}");
            }
        }
    }
    out.push_str("?=");
    out
}
