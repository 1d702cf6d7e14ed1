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
