//! Commands as they are written: what came from elsewhere can end no line.

use super::Result;
use super::error::ImapError;
use super::types::UidSet;
use std::time::Duration;

/// Longest text of a set in one command (RFC 7162, section 4, allows 8,192 bytes a line).
const SET: usize = 6_000;

/// A part of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Literal(Vec<u8>),
}

/// A command, without its tag.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Command {
    pub pieces: Vec<Piece>,
    /// The same for the log.
    pub shown: String,
    /// How long its answer may stay away.
    pub wait: Duration,
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Command {
    /// A command whose words are ours.
    pub(super) fn new(text: impl Into<String>, wait: Duration) -> Self {
        let text = text.into();
        Self { shown: text.clone(), pieces: vec![Piece::Text(text)], wait }
    }

    /// More words of ours.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.shown.push_str(text);
        self.push(text);
        self
    }

    fn push(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    /// Any string: quoted, or a literal where that cannot be.
    pub(super) fn string(mut self, text: &str) -> Self {
        let shown = self.shown.len();
        self = self.secret(text);
        self.shown.truncate(shown);
        self.shown.push_str(&format!("{text:?}"));
        self
    }

    /// A string that is not shown.
    pub(super) fn secret(mut self, text: &str) -> Self {
        self.shown.push('…');
        let quotable = |byte: u8| (b' '..=b'~').contains(&byte);
        if text.len() <= 1000 && text.bytes().all(quotable) {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"");
            self.push(&format!("\"{text}\""));
        } else {
            self.pieces.push(Piece::Literal(text.as_bytes().to_vec()));
        }
        self
    }

    /// Flags in brackets.
    ///
    /// # Errors
    /// [`ImapError::Bad`] for what is no flag.
    pub(super) fn flags(self, flags: &[String]) -> Result<Self> {
        for flag in flags {
            let name = flag.strip_prefix('\\').unwrap_or(flag);
            let atom = |byte: u8| byte.is_ascii_graphic() && !b"(){%*\"\\]".contains(&byte);
            if name.is_empty() || name.len() > 200 || !name.bytes().all(atom) {
                return Err(ImapError::Bad(format!("{flag:?} is no flag")));
            }
        }
        Ok(self.text(&format!("({})", flags.join(" "))))
    }
}

/// A set as it is written, in pieces that fit on a line each. Always ascending.
pub(super) fn sets(set: &UidSet) -> Vec<String> {
    let mut ranges = set.0.clone();
    ranges.sort_unstable();
    let mut all: Vec<String> = Vec::new();
    for (from, to) in ranges {
        let range = match from == to {
            true => from.to_string(),
            false if to == u32::MAX => format!("{from}:*"),
            false => format!("{from}:{to}"),
        };
        match all.last_mut() {
            Some(last) if last.len() + range.len() < SET => {
                last.push(',');
                last.push_str(&range);
            }
            _ => all.push(range),
        }
    }
    all
}
