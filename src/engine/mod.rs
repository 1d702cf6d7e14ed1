//! What decides: how archives come into the store and go out of it, how letters are
//! read, what is fetched for them.

pub mod accounts;
mod archiving;
mod closing;
mod deeds;
mod document;
mod documents;
mod export;
mod fetching;
mod import;
mod inside;
pub mod intents;
mod keeping;
mod naming;
mod not_done;
pub mod outbox;
pub mod printing;
pub mod protocol;
pub mod reading;
pub mod receipts;
pub mod remote;
mod run;
pub mod saving;
mod storage;
pub mod sync;
mod way;
mod working;
pub mod writing;

pub use closing::Farewell;
pub use export::{ExportFormat, Exported, export};
pub use import::{ImportProgress, Imported, Passed, Refusal, Refused, import};
pub use run::{Commands, Options, start};
pub use way::proxy;

use crate::archive::ArchiveError;
use crate::net::http::ProxyError;
use crate::net::imap::ImapError;
use crate::net::smtp::SmtpError;
use crate::secrets::SecretsError;
use crate::store::StoreError;
use std::sync::Arc;

/// What can go wrong here: the rooms below say it.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// In the store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gave no thread.
    #[error("the system could not start another thread: {0}")]
    Thread(Arc<std::io::Error>),
    /// In the address of a proxy.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// The address of a proxy holds a password.
    #[error(
        "a proxy's password has no safe place here yet; give the address of a proxy that asks \
         for none"
    )]
    ProxyPassword,
    /// Somebody is to write as what is no address.
    #[error("'{0}' is no mail address")]
    NoAddress(String),
    /// One address is there twice.
    #[error("'{0}' is there twice; an account writes under an address once")]
    AddressTwice(String),
    /// Letters of so many days cannot be kept.
    #[error("say how many days of letters are kept: from 1 to 36500")]
    Days,
    /// In the place of the passwords.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// No password is kept for an account.
    #[error("there is no password for '{0}'; 'goyo account' sets it")]
    NoPassword(String),
    /// An account without a server.
    #[error("the account '{0}' has no server to read mail from")]
    NoServer(String),
    /// On a connection to a mail server.
    #[error(transparent)]
    Imap(#[from] ImapError),
    /// On a connection to a server that sends.
    #[error(transparent)]
    Smtp(#[from] SmtpError),
    /// In an archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl From<std::io::Error> for EngineError {
    fn from(error: std::io::Error) -> Self {
        Self::Thread(Arc::new(error))
    }
}

/// What the engine's functions return.
pub type Result<T> = std::result::Result<T, EngineError>;
