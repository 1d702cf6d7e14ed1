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
mod scram;
mod types;
pub mod utf7;
mod wire;

pub use error::ImapError;
pub use fetch::Fetching;
pub use open::Options;
pub use types::{
    Appended, Capabilities, Copied, Credentials, Endpoint, Fetched, Listed, Log, Quirks, Request,
    Resync, Selected, Status, Store, StoreHow, Traffic, UidSet, Unsolicited, Wanted,
};

use dialogue::Dialogue;

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
