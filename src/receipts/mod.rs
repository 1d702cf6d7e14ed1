//! The self-hosted receipt server: it knows hashes of tokens, answers everybody with one
//! picture, and tells the owner of a token who fetched it.
//!
//! Promises: an answer to `/r/…` has the same bytes whether the token is known, unknown,
//! expired or garbage, and waits for no look-up; unknown tokens leave nothing behind. Who
//! fetches is judged at that moment ([`judge`]); address and User-Agent are never written
//! anywhere. Memory, disk and time are bounded whatever is sent ([`bounds`]). What was
//! acknowledged survives a crash, and a cursor never skips an event (see [`Database`]).
//! Plain HTTP/1.1 (RFC 9112) on loopback only: TLS is the business of a reverse proxy.

mod api;
pub mod bounds;
mod database;
mod hits;
mod judge;
mod pace;
mod picture;
mod serve;

pub use database::{Database, KeyRow};
pub use judge::{Judge, Judged};
pub use serve::{Options, Server};

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// What goes wrong with the receipt server.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiptsError {
    /// Not on loopback.
    #[error(
        "{0} can be reached from other computers, and this server speaks plain HTTP: let it \
         listen on 127.0.0.1 and put a reverse proxy with TLS before it"
    )]
    NotLoopback(SocketAddr),
    /// It cannot listen there.
    #[error("cannot listen on {at}: {why}")]
    Listen {
        /// Where.
        at: SocketAddr,
        /// What the system said.
        why: Arc<std::io::Error>,
    },
    /// The directory cannot be made or read.
    #[error("cannot use the directory {path}: {why}")]
    Directory {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: Arc<std::io::Error>,
    },
    /// There is no server's data there.
    #[error("there are no receipts in {0}; 'goyo receipts key new --data {0}' begins there")]
    Nothing(PathBuf),
    /// A newer Goyo wrote it.
    #[error("the receipts in {0} were written by a newer Goyo; update Goyo to serve them")]
    TooNew(PathBuf),
    /// The database would not.
    #[error("the database of receipts: {0}")]
    Database(Arc<rusqlite::Error>),
    /// There is no such key.
    #[error("there is no key called '{0}'; 'goyo receipts key list' names them")]
    NoKey(String),
    /// The name is taken.
    #[error("there is a key called '{0}' already; choose another --name")]
    NameTaken(String),
    /// A name nobody could type or read.
    #[error("a key's name has 1 to {} characters, and no control characters", bounds::NAME)]
    Name,
    /// A token cannot be registered.
    #[error("token {at}: {why}")]
    Token {
        /// Which of those sent, from 0.
        at: usize,
        /// What is wrong with it.
        why: &'static str,
    },
    /// No more tokens fit.
    #[error("there is no room for more tokens; those that expire make room")]
    Full,
    /// There is no chance to be had.
    #[error("the system gives no random numbers")]
    NoChance,
    /// No threads, no timers.
    #[error("the server cannot run: {0}")]
    Run(Arc<std::io::Error>),
}

impl From<rusqlite::Error> for ReceiptsError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

/// What functions here return.
pub type Result<T> = std::result::Result<T, ReceiptsError>;

/// Seconds since 1970 UTC.
fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0)
}
