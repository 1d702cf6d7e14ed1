//! SMTP (RFC 5321) as mail programs speak it to their own server (RFC 6409).
//!
//! Promises: until the final dot has left nothing can have been delivered, and an error says
//! so; after it, only the server's word or [`CommitError::Doubt`]. Every recipient has an
//! answer of its own. Nothing from before TLS is believed, kept or shown; every wait ends;
//! what is sent holds neither the computer's name nor its address. Nothing is decided here.
//!
//! From the bottom: `reply` (bytes to replies) · `wire` (bytes, TLS, time, log) · `open`
//! (from settings to a connection on which one is logged in) · `transaction` (a letter).

mod error;
mod login;
mod open;
mod path;
mod reply;
mod transaction;
mod types;
mod wire;

pub use super::log::Log;
pub use super::reach::{Credentials, Endpoint};
pub use error::{CommitError, SmtpError, Step};
pub use reply::{Enhanced, MAX_LINE, MAX_LINES, Nonsense, Replies, Reply};
pub use transaction::check;
pub use types::{Envelope, Notify, Offers, Options, Said, Traffic};

use wire::Wire;

/// What functions here return.
pub type Result<T> = std::result::Result<T, SmtpError>;

/// A connection, logged in where that was asked for; good for several letters, one after the
/// other. A call that is dropped before it returned leaves a connection that can only be
/// dropped too.
#[derive(Debug)]
pub struct Session {
    wire: Wire,
    offers: Offers,
    options: Options,
    state: State,
    /// The letter that was begun was announced as one that is not 7-bit.
    declared: bool,
}

/// How far a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// None was begun.
    Ready,
    /// It has an envelope.
    Begun {
        /// Recipients that the server took.
        accepted: usize,
    },
    /// All of it but its end was sent.
    Poured,
    /// Something is being done; if it never came to its end, the connection is of no use.
    Busy,
}

impl Session {
    /// What the server can do: after TLS.
    pub fn offers(&self) -> &Offers {
        &self.offers
    }

    /// What went over the line so far.
    pub fn traffic(&self) -> Traffic {
        self.wire.traffic()
    }

    /// Whether another letter can be begun: the connection neither broke nor is in the
    /// middle of a letter's content. It may have ended meanwhile: see [`Self::noop`].
    pub fn reusable(&self) -> bool {
        matches!(self.state, State::Ready | State::Begun { .. })
    }

    /// The conversation since the last call, one line each, `C: `, `S: ` and `-- ` before
    /// it; secrets blanked, letters left out. At most the last 400 lines. Of a connection
    /// that could not be opened only the log knows.
    pub fn take_conversation(&mut self) -> Vec<String> {
        self.wire.take_told()
    }
}
