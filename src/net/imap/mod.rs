//! IMAP (RFC 3501, 9051) over one connection.
//!
//! Promise: a command is done only when the server's tagged OK was read; what the server
//! says besides is handed over, never lost; a connection that was left in the middle of an
//! answer is never used again. Nothing is decided here.

//!
//! From the bottom: `wire` (bytes, TLS, compression, time) · `frame` (whole answers) ·
//! `mend` (what servers write wrongly) · async-imap's reader and imap-proto's parser ·
//! `answer` (types of ours) · `dialogue` (commands and their ends) · the rest, by what is
//! asked for.

mod answer;
mod command;
mod date;
mod dialogue;
mod error;
mod fetch;
mod folders;
pub mod frame;
mod idle;
mod letters;
mod log;
mod login;
mod mend;
mod open;
mod pack;
mod quirks;
mod types;
mod wire;

pub use super::log::Log;
pub use super::reach::{Credentials, Endpoint};
pub use crate::model::utf7;
pub use error::ImapError;
pub use fetch::Fetching;
pub use open::Options;
pub use types::{
    Appended, Capabilities, Copied, Fetched, Listed, Quirks, Request, Resync, Selected, Status,
    Store, StoreHow, Traffic, UidSet, Unsolicited, Wanted,
};

use dialogue::Dialogue;
use mend::Guarded;

/// What functions here return.
pub type Result<T> = std::result::Result<T, ImapError>;

/// A connection on which the user is logged in.
#[derive(Debug)]
pub struct Connection {
    dialogue: Dialogue,
    quirks: Quirks,
    options: Options,
    /// The server said that QRESYNC, or CONDSTORE, is on.
    qresync: bool,
    condstore: bool,
    /// It would not IDLE.
    no_idle: bool,
}

impl Connection {
    /// What the server can do and is to be believed in: after TLS, after the login, without
    /// what its quirks forbid.
    pub fn capabilities(&self) -> &Capabilities {
        &self.dialogue.capabilities
    }

    /// What is known to be odd about it.
    pub fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// What went over the line so far.
    pub fn traffic(&self) -> Traffic {
        self.dialogue.wire_ref().map(wire::Wire::traffic).unwrap_or_default()
    }

    /// Whether it can be used: it neither broke nor was left in the middle of an answer.
    pub fn is_sound(&self) -> bool {
        self.dialogue.ready().is_ok()
    }

    /// What the server said unasked since the last call, in its order. Never cut short: a
    /// flood of it ends the connection instead.
    pub fn take_unsolicited(&mut self) -> Vec<Unsolicited> {
        self.dialogue.take_unsolicited()
    }

    /// Does nothing, which lets the server tell what is new.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn noop(&mut self) -> Result<()> {
        let command = command::Command::new("NOOP", self.options.answer);
        self.dialogue.run(&command, &[], Some).await.map(drop)
    }

    /// Says good-bye. Never waits long.
    pub async fn close(mut self) {
        use std::time::Duration;
        if self.is_sound() {
            let command = command::Command::new("LOGOUT", Duration::from_secs(2));
            // It answers with BYE, which is an end like any other.
            let _ = self.dialogue.run(&command, &[], Some).await;
        }
        if let Ok(wire) = self.dialogue.wire() {
            wire.shut().await;
        }
    }
}

/// Whether a connection would understand an answer. The whole way from its bytes, without a
/// connection: for tests that send whatever comes to mind.
pub fn is_understood(mut frame: frame::Frame) -> bool {
    let kind = frame.kind;
    let mut tries = 0;
    loop {
        match mend::guard(kind, &mut frame.line) {
            Guarded::Sound => {}
            Guarded::Mended(line) => frame.line = line,
            Guarded::Hopeless => return false,
        }
        if let Ok((_, response)) = imap_proto::Response::parse(&frame.line) {
            let answer = answer::of(&response, kind, &mut frame.literals);
            return !matches!(answer, answer::Answer::Dropped(_));
        }
        match mend::mend(kind, &frame.line) {
            Some(line) if tries == 0 => frame.line = line,
            _ => return false,
        }
        tries += 1;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use frame::{Framer, Limits};
    use proptest::prelude::*;

    fn understood(bytes: &[u8]) -> Vec<bool> {
        let mut framer = Framer::new(Limits::default());
        let (mut rest, mut all) = (bytes, Vec::new());
        while let Ok((taken, Some(frame))) = framer.take(rest) {
            all.push(is_understood(frame));
            rest = &rest[taken..];
        }
        all
    }

    #[test]
    fn answers_of_servers() {
        let sound = b"* OK\r\n* 1 FETCH (UID 1 INTERNALDATE NIL)\r\n* VANISHED\r\n+\r\nA1 OK [X]\xc3\xa9\r\n";
        assert_eq!(understood(sound), [true; 5]);
        assert_eq!(understood(b"* 1 FETCH (UID 0)\r\nhello\r\n* FOO\r\n"), [false; 3]);
    }

    proptest! {
        #[test]
        fn nothing_that_a_server_says_brings_us_down(
            line in "(\\* )?(OK|NO|1 FETCH|LIST|STATUS|VANISHED|SEARCH|CAPABILITY|QUOTA|ID|A1 OK|\\+|FLAGS|2 EXPUNGE)?( |\\(|\\)|\\[|\\]|\"|\\\\|é|NIL|UID|FLAGS|BODY\\[|INTERNALDATE|RFC822.SIZE|X-GM-LABELS|MODSEQ|COPYUID|ALERT|[0-9:,]{1,4}){0,20}",
        ) {
            let _ = understood(format!("{line}\r\n").as_bytes());
        }
    }
}
