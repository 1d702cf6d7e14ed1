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
mod reply;
mod types;

pub use super::log::Log;
pub use super::reach::{Credentials, Endpoint};
pub use error::{CommitError, SmtpError, Step};
pub use reply::{Enhanced, MAX_LINE, MAX_LINES, Nonsense, Replies, Reply};
pub use types::{Envelope, Notify, Offers, Options, Said, Traffic};

/// What functions here return.
pub type Result<T> = std::result::Result<T, SmtpError>;

/// A connection, logged in where that was asked for; good for several letters, one after the
/// other. A call that is dropped before it returned leaves a connection that can only be
/// dropped too.
#[derive(Debug)]
pub struct Session {
    offers: Offers,
}

/// For now.
const NOT_YET: &str = "not yet";

impl Session {
    /// Connects, protects the connection as the account says, asks what the server can do,
    /// and logs in (nobody: does not log in).
    ///
    /// # Errors
    /// What went wrong, in kinds that the user can be helped with.
    pub async fn open(at: &Endpoint, who: Option<&Credentials>, log: &Log) -> Result<Self> {
        Self::open_with(at, who, log, &Options::default()).await
    }

    /// The same, with other options.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_with(
        _at: &Endpoint,
        _who: Option<&Credentials>,
        _log: &Log,
        _options: &Options,
    ) -> Result<Self> {
        Err(SmtpError::Unusable(NOT_YET))
    }

    /// What the server can do: after TLS.
    pub fn offers(&self) -> &Offers {
        &self.offers
    }

    /// What went over the line so far.
    pub fn traffic(&self) -> Traffic {
        Traffic::default()
    }

    /// Whether another letter can be begun: the connection neither broke nor is in the
    /// middle of anything. It may have ended meanwhile: see [`Self::noop`].
    pub fn reusable(&self) -> bool {
        false
    }

    /// The conversation since the last call, one line each, `C: `, `S: ` and `-- ` before
    /// it; secrets blanked, letters left out. At most 400 lines. Of a connection that could
    /// not be opened only the log knows.
    pub fn take_conversation(&mut self) -> Vec<String> {
        Vec::new()
    }

    /// Says from whom and to whom. What the server says to each recipient, in their order;
    /// if it takes none of them, the transaction is taken back and another may begin.
    ///
    /// # Errors
    /// [`SmtpError::TooLarge`], [`SmtpError::NoUtf8`], [`SmtpError::NoEightBit`] and
    /// [`SmtpError::Address`] before anything is sent; [`SmtpError::Refused`] when the server
    /// refuses the sender (the connection stays usable); and what ends connections.
    pub async fn envelope(&mut self, _envelope: &Envelope) -> Result<Vec<Said>> {
        Err(SmtpError::Unusable(NOT_YET))
    }

    /// The letter, all but its end: until this and [`Self::commit`] returned, nothing can
    /// have been delivered. `progress` hears how many bytes of the letter have been sent.
    ///
    /// # Errors
    /// [`SmtpError::Unsendable`] before anything is sent; [`SmtpError::Refused`] when the
    /// server wants no letter; and what ends connections.
    pub async fn content(&mut self, _bytes: &[u8], _progress: impl FnMut(u64)) -> Result<()> {
        Err(SmtpError::Unusable(NOT_YET))
    }

    /// The end of the letter, and the server's word: it has the letter for every recipient
    /// it accepted, or for none.
    ///
    /// # Errors
    /// As [`CommitError`] says: certain, or not known.
    pub async fn commit(&mut self) -> std::result::Result<Reply, CommitError> {
        Err(CommitError::NotSent(SmtpError::Unusable(NOT_YET)))
    }

    /// Gives the letter up that was begun and not committed. In the middle of its content
    /// only the end of the connection does that.
    ///
    /// # Errors
    /// What ends connections. The letter is given up all the same.
    pub async fn abandon(&mut self) -> Result<()> {
        Err(SmtpError::Unusable(NOT_YET))
    }

    /// Does nothing, which shows whether the connection still stands.
    ///
    /// # Errors
    /// What ends connections.
    pub async fn noop(&mut self) -> Result<()> {
        Err(SmtpError::Unusable(NOT_YET))
    }

    /// Says good-bye. Never waits long.
    pub async fn quit(self) {}
}

/// Looks at the bytes of a letter before anything is sent: whether they can go over the wire
/// as they are. Whether they are not 7-bit ([`Envelope::eight_bit`]).
///
/// # Errors
/// [`SmtpError::Unsendable`]: a line end that is none, NUL, a line that is too long.
pub fn check(_bytes: &[u8]) -> Result<bool> {
    Ok(false)
}
