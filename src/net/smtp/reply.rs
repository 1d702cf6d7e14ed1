//! What a server answers (RFC 5321, 4.2; RFC 2034), cut out of the bytes as they come.
//!
//! Promises: a reply is handed over whole or not at all; lines, their number and all of it
//! together are bounded; lines of different codes, line ends that are none, and NUL are no
//! reply. Nothing here panics, whatever comes.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Bytes of a line at most, its end not counted (RFC 5321 has 510).
pub const MAX_LINE: usize = 2_000;
/// Lines of a reply at most.
pub const MAX_LINES: usize = 128;
/// Characters of a line that are kept.
const KEPT: usize = 1_000;

/// An enhanced status code (RFC 3463): class, subject, detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Enhanced(
    /// 2: done; 4: not now; 5: not at all.
    pub u8,
    /// What it is about: 1 the address, 2 the mailbox, 3 the system, 7 policy…
    pub u16,
    /// What exactly.
    pub u16,
);

impl fmt::Display for Enhanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// A reply. Its words are the server's: cut, without control characters, never ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// 200 to 599.
    pub code: u16,
    /// The enhanced code, where the server gave one that agrees with the code.
    pub enhanced: Option<Enhanced>,
    /// What it says, line by line, without the codes: at least one line, which may be empty.
    pub lines: Vec<String>,
}

impl Reply {
    /// Done, as asked.
    pub fn is_positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// It wants to hear more.
    pub fn is_intermediate(&self) -> bool {
        self.code / 100 == 3
    }

    /// Not now: trying again later may help.
    pub fn is_transient(&self) -> bool {
        self.code / 100 == 4
    }

    /// Not at all: the same again is refused again.
    pub fn is_permanent(&self) -> bool {
        self.code / 100 == 5
    }

    /// The server's words on one line.
    pub fn text(&self) -> String {
        let words: Vec<&str> =
            self.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
        words.join(" ")
    }
}

/// `550 5.1.1 no such user`.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(enhanced) = self.enhanced {
            write!(f, " {enhanced}")?;
        }
        let text = self.text();
        match text.is_empty() {
            true => Ok(()),
            false => write!(f, " {text}"),
        }
    }
}

/// Why bytes are no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Nonsense {
    /// A line has no end.
    #[error("a line has no end")]
    Line,
    /// A reply has no end.
    #[error("its answer has no end")]
    Lines,
    /// A line does not begin with a code.
    #[error("a line does not begin with a code")]
    Code,
    /// One reply with two codes.
    #[error("one answer with different codes")]
    Mixed,
    /// A line end that is none, or NUL.
    #[error("a line with control characters in it")]
    Control,
}

/// Cuts replies out of what a server sends, in whatever pieces that comes. After an error
/// nothing more can be made of the connection.
#[derive(Debug, Default)]
pub struct Replies {
    line: Vec<u8>,
    code: Option<u16>,
    lines: Vec<String>,
    enhanced: Option<Enhanced>,
}

impl Replies {
    /// With nothing read yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether part of a reply was taken.
    pub fn is_inside(&self) -> bool {
        self.code.is_some() || !self.line.is_empty()
    }

    /// Takes what has come up to the end of a reply: how many bytes that was, and the reply
    /// if it is whole.
    ///
    /// # Errors
    /// When this is no reply.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(usize, Option<Reply>), Nonsense> {
        let mut taken = 0;
        loop {
            let rest = bytes.get(taken..).unwrap_or_default();
            let Some(at) = memchr::memchr(b'\n', rest) else {
                self.grow(rest)?;
                return Ok((bytes.len(), None));
            };
            self.grow(rest.get(..at).unwrap_or_default())?;
            taken += at + 1;
            if let Some(reply) = self.line_up()? {
                return Ok((taken, Some(reply)));
            }
        }
    }

    /// Adds to the line, which may hold a CR at its very end only.
    fn grow(&mut self, more: &[u8]) -> Result<(), Nonsense> {
        let returned = self.line.last() == Some(&b'\r');
        if returned && !more.is_empty() {
            return Err(Nonsense::Control);
        }
        let inner = more.strip_suffix(b"\r").unwrap_or(more);
        if memchr::memchr2(b'\r', b'\0', inner).is_some() {
            return Err(Nonsense::Control);
        }
        if self.line.len() + more.len() > MAX_LINE + 1 {
            return Err(Nonsense::Line);
        }
        self.line.extend_from_slice(more);
        Ok(())
    }

    /// A whole line: the reply, if it was the last of it.
    fn line_up(&mut self) -> Result<Option<Reply>, Nonsense> {
        let line = std::mem::take(&mut self.line);
        let line = line.strip_suffix(b"\r").ok_or(Nonsense::Control)?;
        let (digits, rest) = line.split_at_checked(3).ok_or(Nonsense::Code)?;
        let code = std::str::from_utf8(digits).ok().and_then(|digits| match digits.as_bytes() {
            [b'2'..=b'5', b'0'..=b'9', b'0'..=b'9'] => digits.parse().ok(),
            _ => None,
        });
        let code: u16 = code.ok_or(Nonsense::Code)?;
        if self.code.is_some_and(|before| before != code) {
            return Err(Nonsense::Mixed);
        }
        let (last, words) = match rest.split_first() {
            None => (true, rest),
            Some((b' ', words)) => (true, words),
            Some((b'-', words)) => (false, words),
            Some(_) => return Err(Nonsense::Code),
        };
        if self.lines.len() >= MAX_LINES {
            return Err(Nonsense::Lines);
        }
        let words = shown(words);
        let (enhanced, words) = enhanced(code, &words);
        if self.lines.is_empty() {
            self.enhanced = enhanced;
        }
        self.lines.push(words.to_owned());
        self.code = Some(code);
        if !last {
            return Ok(None);
        }
        let done = std::mem::take(self);
        Ok(Some(Reply { code, enhanced: done.enhanced, lines: done.lines }))
    }
}

/// A server's words as they can be shown.
fn shown(words: &[u8]) -> String {
    let text = String::from_utf8_lossy(words);
    text.chars().take(KEPT).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The enhanced code that a line begins with, and the words behind it.
fn enhanced(code: u16, words: &str) -> (Option<Enhanced>, &str) {
    let (first, rest) = words.split_once(' ').unwrap_or((words, ""));
    let number = |text: &str| {
        let good = (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        good.then(|| text.parse::<u16>().ok()).flatten()
    };
    let mut parts = first.split('.').map(number);
    let found = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Some(class)), Some(Some(subject)), Some(Some(detail)), None)
            if class == code / 100 && matches!(class, 2 | 4 | 5) =>
        {
            u8::try_from(class).ok().map(|class| Enhanced(class, subject, detail))
        }
        _ => None,
    };
    match found {
        Some(_) => (found, rest),
        None => (None, words),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All replies in these bytes, which come in pieces of a size.
    fn cut(bytes: &[u8], size: usize) -> Result<Vec<Reply>, Nonsense> {
        let mut replies = Replies::new();
        let mut all = Vec::new();
        for mut piece in bytes.chunks(size) {
            while !piece.is_empty() {
                let (taken, reply) = replies.take(piece)?;
                all.extend(reply);
                piece = &piece[taken..];
            }
        }
        Ok(all)
    }

    fn one(text: &str) -> Result<Reply, Nonsense> {
        let replies = cut(text.as_bytes(), text.len())?;
        assert_eq!(replies.len(), 1, "{text:?}");
        Ok(replies.into_iter().next().unwrap())
    }

    #[test]
    fn replies_of_servers() {
        let reply = one("250-fake\r\n250-SIZE 10\r\n250 \r\n").unwrap();
        assert_eq!(reply.lines, ["fake", "SIZE 10", ""]);
        assert!(reply.is_positive() && reply.enhanced.is_none());
        let reply = one("550-5.1.1 no such user\r\n550 5.1.1 here\r\n").unwrap();
        assert_eq!(reply.enhanced, Some(Enhanced(5, 1, 1)));
        assert_eq!(reply.to_string(), "550 5.1.1 no such user here");
        assert!(reply.is_permanent());
        // No words, and no blank (RFC 5321, 4.2).
        assert_eq!(one("354\r\n").unwrap().to_string(), "354");
        assert!(one("354 go on\r\n").unwrap().is_intermediate());
        assert!(one("451 4.7.1 greylisted\r\n").unwrap().is_transient());
        // Not a code of this class, or not a code at all: words.
        for words in ["5.1.1 x", "4.1 x", "4.1.1.1 x", "4.1.1000 x", "4..1 x", "4.1.1x"] {
            let reply = one(&format!("450 {words}\r\n")).unwrap();
            assert_eq!((reply.enhanced, reply.text().as_str()), (None, words));
        }
        // What could harm a terminal is not there.
        assert_eq!(one("250 \x1b[2J\u{85}\u{9b}x\r\n").unwrap().text(), "[2J  x");
    }

    #[test]
    fn what_is_no_reply() {
        for (bytes, error) in [
            ("250 ok\n", Nonsense::Control),
            ("250 o\rk\r\n", Nonsense::Control),
            ("250 ok\r\r\n", Nonsense::Control),
            ("250 o\0k\r\n", Nonsense::Control),
            ("\r\n", Nonsense::Code),
            ("25\r\n", Nonsense::Code),
            ("2500 ok\r\n", Nonsense::Code),
            ("250~ok\r\n", Nonsense::Code),
            ("199 ok\r\n", Nonsense::Code),
            ("600 ok\r\n", Nonsense::Code),
            ("+50 ok\r\n", Nonsense::Code),
            ("٢٥٠ ok\r\n", Nonsense::Code),
            ("250-ok\r\n550 no\r\n", Nonsense::Mixed),
            ("250-ok\r\n\r\n", Nonsense::Code),
        ] {
            for size in [1, 2, 3, 1000] {
                assert_eq!(cut(bytes.as_bytes(), size), Err(error), "{bytes:?}");
            }
        }
        let line = |length: usize| format!("250 {}\r\n", "x".repeat(length - 4));
        assert!(one(&line(MAX_LINE)).is_ok());
        assert_eq!(one(&line(MAX_LINE + 1)), Err(Nonsense::Line));
        let lines = |count: usize| format!("{}250 x\r\n", "250-x\r\n".repeat(count - 1));
        assert_eq!(one(&lines(MAX_LINES)).unwrap().lines.len(), MAX_LINES);
        assert_eq!(one(&lines(MAX_LINES + 1)), Err(Nonsense::Lines));
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(
            lines in proptest::collection::vec(
                "(250|251|550|99|2x)?[ -]?(5\\.1\\.1 )?[ -~\r\n\0가]{0,20}(\r\n|\n|\r)?",
                0..8,
            ),
            size in 1_usize..40,
        ) {
            let bytes = lines.concat().into_bytes();
            prop_assert_eq!(cut(&bytes, size), cut(&bytes, bytes.len().max(1)));
        }

        #[test]
        fn what_was_written_is_read(
            code in 200_u16..600,
            lines in proptest::collection::vec("[a-z가-힣][ -~가-힣]{0,80}", 1..20),
        ) {
            let last = lines.len() - 1;
            let text: String = lines
                .iter()
                .enumerate()
                .map(|(at, line)| format!("{code}{}{line}\r\n", if at == last { ' ' } else { '-' }))
                .collect();
            prop_assert_eq!(one(&text).unwrap(), Reply { code, enhanced: None, lines });
        }
    }
}
