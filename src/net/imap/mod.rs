//! IMAP (RFC 3501, 9051) over one connection.
//!
//! Promise: a command is done only when the server's tagged OK was read; what the server
//! says besides is handed over, never lost; a connection that was left in the middle of an
//! answer is never used again. Nothing is decided here.

mod error;
mod types;

pub use error::ImapError;
pub use types::{
    Appended, Capabilities, Copied, Credentials, Endpoint, Fetched, Listed, Log, Quirks, Request,
    Resync, Selected, Status, Store, StoreHow, Traffic, UidSet, Unsolicited, Wanted,
};

use std::time::Duration;

/// What functions here return.
pub type Result<T> = std::result::Result<T, ImapError>;

/// A connection on which the user is logged in.
#[derive(Debug)]
pub struct Connection {
    capabilities: Capabilities,
    quirks: Quirks,
    traffic: Traffic,
}

/// Answers to one or more FETCH commands, in the order they come. Left before its end, the
/// connection is not used again.
#[derive(Debug)]
pub struct Fetching<'c> {
    connection: &'c mut Connection,
}

impl Fetching<'_> {
    /// The next answer; `None` after the last command's tagged OK.
    ///
    /// # Errors
    /// [`ImapError::No`] and [`ImapError::Bad`] after a refusal: what came before it is
    /// sound, and the connection goes on. Everything else ends the connection.
    pub async fn next(&mut self) -> Result<Option<Fetched>> {
        let _ = &self.connection;
        Err(ImapError::Unfinished)
    }
}

impl Connection {
    /// Connects, protects the connection as the account says, logs in, reads what the
    /// server can do, says who we are (ID) and compresses where that is offered.
    ///
    /// # Errors
    /// What went wrong, in kinds that the user can be helped with.
    pub async fn open(_at: &Endpoint, _who: &Credentials, _log: &Log) -> Result<Self> {
        Err(ImapError::Unfinished)
    }

    /// What the server can do.
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// What is known to be odd about it.
    pub fn quirks(&self) -> Quirks {
        self.quirks
    }

    /// What went over the line so far.
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// What the server said unasked since the last call, in its order. Never cut short: a
    /// flood of it ends the connection instead.
    pub fn take_unsolicited(&mut self) -> Vec<Unsolicited> {
        Vec::new()
    }

    /// All folders, with what is known of their roles and whether they are subscribed.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn list(&mut self) -> Result<Vec<Listed>> {
        Err(ImapError::Unfinished)
    }

    /// How these folders stand (STATUS, pipelined), in their order; a folder that was
    /// refused has its refusal.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn status(&mut self, _mailboxes: &[String]) -> Result<Vec<Result<Status>>> {
        Err(ImapError::Unfinished)
    }

    /// Opens a folder. With `resync` and a server that can, changes since then come with it
    /// (QRESYNC: `changed` and `vanished` of the answer; CONDSTORE: HIGHESTMODSEQ only).
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn select(&mut self, _mailbox: &str, _resync: Option<&Resync>) -> Result<Selected> {
        Err(ImapError::Unfinished)
    }

    /// Asks for letters of the open folder: one command for each request, the next sent
    /// before the answer to the last has ended.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn fetch(&mut self, _requests: Vec<Request>) -> Result<Fetching<'_>> {
        Err(ImapError::Unfinished)
    }

    /// UIDs of the open folder that match (UID SEARCH).
    ///
    /// # Errors
    /// As [`ImapError`] says; a refusal is never an empty answer.
    pub async fn search(&mut self, _query: &str) -> Result<Vec<u32>> {
        Err(ImapError::Unfinished)
    }

    /// Changes flags of letters of the open folder. The answer tells who was changed
    /// since (`MODIFIED`, RFC 7162), if `unchanged_since` was given.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn store(&mut self, _store: &Store) -> Result<Vec<u32>> {
        Err(ImapError::Unfinished)
    }

    /// Copies letters of the open folder.
    ///
    /// # Errors
    /// As [`ImapError`] says; [`ImapError::NoSuchMailbox`] where the server says TRYCREATE.
    pub async fn copy(&mut self, _uids: &UidSet, _to: &str) -> Result<Option<Copied>> {
        Err(ImapError::Unfinished)
    }

    /// Moves letters of the open folder (RFC 6851).
    ///
    /// # Errors
    /// [`ImapError::Unoffered`] where the server cannot: copy, mark and expunge then.
    pub async fn move_to(&mut self, _uids: &UidSet, _to: &str) -> Result<Option<Copied>> {
        Err(ImapError::Unfinished)
    }

    /// Removes letters that are marked `\Deleted`: these only.
    ///
    /// # Errors
    /// [`ImapError::Unoffered`] without UIDPLUS: a plain EXPUNGE would remove others too.
    pub async fn expunge(&mut self, _uids: &UidSet) -> Result<()> {
        Err(ImapError::Unfinished)
    }

    /// Removes every letter of the open folder that is marked `\Deleted`.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn expunge_all(&mut self) -> Result<()> {
        Err(ImapError::Unfinished)
    }

    /// Adds a letter to a folder, with its flags (as IMAP writes them) and date.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn append(
        &mut self,
        _mailbox: &str,
        _flags: &[String],
        _date: Option<i64>,
        _letter: &[u8],
    ) -> Result<Option<Appended>> {
        Err(ImapError::Unfinished)
    }

    /// Makes, removes, renames, subscribes to a folder.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn create(&mut self, _mailbox: &str) -> Result<()> {
        Err(ImapError::Unfinished)
    }

    /// See [`Self::create`].
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn delete(&mut self, _mailbox: &str) -> Result<()> {
        Err(ImapError::Unfinished)
    }

    /// See [`Self::create`].
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn rename(&mut self, _mailbox: &str, _to: &str) -> Result<()> {
        Err(ImapError::Unfinished)
    }

    /// See [`Self::create`].
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn subscribe(&mut self, _mailbox: &str, _yes: bool) -> Result<()> {
        Err(ImapError::Unfinished)
    }

    /// Used and allowed bytes, where the server tells (RFC 9208).
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn quota(&mut self) -> Result<Option<(u64, u64)>> {
        Err(ImapError::Unfinished)
    }

    /// Does nothing, which lets the server tell what is new.
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn noop(&mut self) -> Result<()> {
        Err(ImapError::Unfinished)
    }

    /// Waits until the server has something to tell, `interrupt` is ready, or `longest` has
    /// passed (IDLE; NOOP every so often where that is not offered). What was told is in
    /// [`Self::take_unsolicited`].
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn idle(
        &mut self,
        _longest: Duration,
        _interrupt: impl Future<Output = ()> + Send,
    ) -> Result<()> {
        Err(ImapError::Unfinished)
    }

    /// Says good-bye. Never waits long.
    pub async fn close(self) {}
}
