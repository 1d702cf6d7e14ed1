//! How an answer of IMAP stands in the log: without letters, and without what is said in a
//! login.

use super::frame::{Frame, MARK};
use crate::net::log::{Log, plain};

impl Log {
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
}
