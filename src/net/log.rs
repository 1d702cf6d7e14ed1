//! The conversation of an account, for who has to find out what went wrong: the last lines
//! of it, secrets blanked, letters left out.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Lines that are kept.
const KEPT: usize = 500;
/// Characters of a line.
const WIDE: usize = 300;

/// The conversation of an account: its last 500 lines, secrets blanked, letters left out.
/// Cheap to clone: clones are one log.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<VecDeque<String>>>);

impl Log {
    /// The last lines, oldest first: `C: ` what we said, `S: ` what the server said, `-- `
    /// what is to be said about it.
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// One line more.
    pub(super) fn push(&self, line: String) {
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

    /// What is to be said about it.
    pub(super) fn note(&self, text: &str) {
        self.push(plain("-- ", text.as_bytes()));
    }
}

/// A line for people: no control characters, not too wide.
pub(super) fn plain(start: &str, line: &[u8]) -> String {
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
