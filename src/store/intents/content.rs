//! How a letter is recognised where its UID is not known.

use super::Intent;
use super::settle::mail_of;
use crate::mime;
use crate::model::MailId;
use crate::store::error::{Result, StoreError};
use crate::store::pool::Store;
use crate::store::raw::{self, Unpacker};
use rusqlite::{Connection, OptionalExtension};

/// What a letter is recognised by: its Message-ID with its size, or its whole header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `Message-ID` without its angle brackets.
    pub message_id: Option<String>,
    /// Its bytes.
    pub size: u64,
    /// The header, line ends as CR LF, without the empty line behind it.
    header: Vec<u8>,
}

impl Identity {
    /// Of a letter, or of its header and what the server says of its size.
    pub fn of(bytes: &[u8], size: u64) -> Self {
        let message_id = mime::parse(bytes).envelope.message_id;
        Self { message_id, size, header: header(bytes) }
    }

    /// Whether both are the same letter. Some servers tell wrong sizes: the same
    /// Message-ID in the same header is enough.
    pub fn is(&self, other: &Self) -> bool {
        let ids = self.message_id.is_some() && self.message_id == other.message_id;
        self.header == other.header && (ids || self.size == other.size)
            || ids && self.size == other.size
    }
}

/// The header of a letter, with one kind of line ends.
fn header(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in bytes.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// The bytes of a mail.
pub(super) fn bytes(conn: &Connection, unpacker: &Unpacker, mail: MailId) -> Result<Vec<u8>> {
    let raw_id: Option<i64> = conn
        .prepare_cached("SELECT raw_id FROM mail WHERE id = ?")?
        .query_row([mail.0], |row| row.get(0))
        .optional()?;
    match raw_id {
        Some(raw_id) => raw::read(conn, unpacker, raw_id),
        None => Err(StoreError::Damaged(format!("mail {mail} is missing"))),
    }
}

impl Store {
    /// What the letter of an intent is recognised by; `None` if it is not here any more.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn identity(&self, intent: &Intent) -> Result<Option<Identity>> {
        self.read(|conn| {
            let Some(mail) = mail_of(conn, intent)? else { return Ok(None) };
            let size: i64 = conn
                .prepare_cached("SELECT size FROM mail WHERE id = ?")?
                .query_row([mail.0], |row| row.get(0))?;
            match bytes(conn, &self.unpacker, mail) {
                Ok(bytes) => Ok(Some(Identity::of(&bytes, size.unsigned_abs()))),
                // What cannot be read cannot be recognised either.
                Err(StoreError::Damaged(_)) => Ok(None),
                Err(error) => Err(error),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, size: u64) -> Identity {
        Identity::of(text.as_bytes(), size)
    }

    #[test]
    fn a_letter_is_recognised_by_its_message_id_and_size_or_its_header() {
        let whole = of("Message-ID: <a@x>\r\nSubject: s\r\n\r\nbody\r\n", 40);
        // Its header as a server gives it; another server counts line ends once.
        assert!(whole.is(&of("Message-ID: <a@x>\r\nSubject: s\r\n\r\n", 40)));
        assert!(whole.is(&of("Message-ID: <a@x>\nSubject: s\n\n", 36)));
        // A server that adds a field of its own.
        assert!(whole.is(&of("X-UID: 5\r\nMessage-ID: <a@x>\r\nSubject: s\r\n\r\n", 40)));
        // The same id on another letter: a mailing list's copy.
        assert!(!whole.is(&of("Message-ID: <a@x>\r\nSubject: [list] s\r\n\r\n", 48)));
        assert!(!whole.is(&of("Message-ID: <b@x>\r\nSubject: s\r\n\r\n", 40)));
    }

    #[test]
    fn without_a_message_id_header_and_size_must_agree() {
        let whole = of("Subject: s\r\n\r\nbody\r\n", 20);
        assert!(whole.is(&of("Subject: s\r\n\r\n", 20)));
        assert!(!whole.is(&of("Subject: s\r\n\r\n", 21)));
        assert!(!whole.is(&of("Subject: t\r\n\r\n", 20)));
    }
}
