//! The conversation of an account, for who has to find out what went wrong: the last lines
//! of it, secrets blanked, letters left out.

use super::frame::{Frame, MARK};
use super::types::Log;
use std::sync::PoisonError;

/// Lines that are kept.
const KEPT: usize = 500;
/// Characters of a line.
const WIDE: usize = 300;

impl Log {
    /// The last lines, oldest first: `C: ` what we said, `S: ` what the server said, `-- `
    /// what is to be said about it.
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() >= KEPT {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// What we said: already without what is secret.
    pub(super) fn said(&self, line: &str) {
        self.push(plain("C: ", line.as_bytes()));
    }

    /// What the server said. In a login its challenges are left out.
    pub(super) fn heard(&self, frame: &Frame, login: bool) {
        if login && frame.line.first() == Some(&b'+') {
            return self.push("S: + …".to_owned());
        }
        let line = frame.line.strip_suffix(b"\r\n").unwrap_or(&frame.line);
        if frame.literals.is_empty() {
            return self.push(plain("S: ", line));
        }
        let mut shown = Vec::with_capacity(line.len());
        let mut literals = frame.literals.iter();
        let mut rest = line;
        while let Some(at) = memchr::memchr(MARK, rest) {
            shown.extend_from_slice(rest.get(..at.saturating_sub(1)).unwrap_or_default());
            let size = literals.next().map_or(0, Vec::len);
            shown.extend_from_slice(format!("{{{size}}} …").as_bytes());
            rest = rest.get(at + 1..).unwrap_or_default();
            let end = rest.iter().position(|byte| *byte == b'"').map_or(rest.len(), |at| at + 1);
            rest = rest.get(end..).unwrap_or_default();
        }
        shown.extend_from_slice(rest);
        self.push(plain("S: ", &shown));
    }

    /// What is to be said about it.
    pub(super) fn note(&self, text: &str) {
        self.push(plain("-- ", text.as_bytes()));
    }
}

/// A line for people: no control characters, not too wide.
fn plain(start: &str, line: &[u8]) -> String {
    let head = line.get(..WIDE * 4).unwrap_or(line);
    // Nearly all lines are plain already.
    if head.len() <= WIDE && head.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return String::from_utf8([start.as_bytes(), head].concat()).unwrap_or_default();
    }
    let text = String::from_utf8_lossy(head);
    let mut shown = String::with_capacity(start.len() + text.len().min(WIDE));
    shown.push_str(start);
    for (count, character) in text.chars().enumerate() {
        if count == WIDE {
            shown.push('…');
            break;
        }
        shown.push(if character.is_control() { ' ' } else { character });
    }
    shown
}
