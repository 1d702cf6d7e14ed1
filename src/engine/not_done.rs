//! Why something the window asked for was not done. Typed, so that the window can say
//! it in the user's language; as text it is English, for the command line.

use super::receipts::ReceiptsTrouble;
use super::remote::MAX_PICTURES;
use crate::mime::compose::ComposeError;
use crate::mime::report::Unanswerable;
use crate::model::Obstacle;
use crate::net::http::ProxyError;
use crate::net::receipts::ReceiptServerError;
use crate::store::StoreError;
use crate::store::intents::{ActError, Why};
use crate::store::outbox::OutboxError;
use std::path::PathBuf;

/// What stands between us and the receipt server.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NoReceipts {
    /// That is no address of one.
    #[error("that is no address of a receipt server")]
    Address,
    /// Plain HTTP, to another computer.
    #[error("the key would go unprotected")]
    Plain,
    /// That is no key.
    #[error("that is no key")]
    KeyForm,
    /// It does not know the key.
    #[error("it does not know the key")]
    Key,
    /// No key is kept for it.
    #[error("no key is kept for it")]
    NoKey,
    /// It cannot be reached just now.
    #[error("it cannot be reached")]
    Away,
    /// The connection is not safe.
    #[error("the connection is not safe")]
    Unsafe,
    /// The demo's letters are samples: nothing is named, and no server asked.
    #[error("the demo names none, and asked none")]
    Demo,
    /// The key could not be kept or read: in words.
    #[error("{0}")]
    Secrets(String),
    /// Something else: in words.
    #[error("{0}")]
    Other(String),
}

impl From<&ReceiptsTrouble> for NoReceipts {
    fn from(trouble: &ReceiptsTrouble) -> Self {
        match trouble {
            ReceiptsTrouble::KeyForm => Self::KeyForm,
            ReceiptsTrouble::NoKey => Self::NoKey,
            ReceiptsTrouble::Secrets(error) => Self::Secrets(error.to_string()),
            ReceiptsTrouble::Server(error) => match error {
                ReceiptServerError::Address(_) => Self::Address,
                ReceiptServerError::Plain(_) => Self::Plain,
                ReceiptServerError::Key => Self::Key,
                ReceiptServerError::Tls(_) | ReceiptServerError::NoRoots => Self::Unsafe,
                ReceiptServerError::Name(_)
                | ReceiptServerError::Connect(_)
                | ReceiptServerError::TooSlow => Self::Away,
                other => Self::Other(other.to_string()),
            },
            other => Self::Other(other.to_string()),
        }
    }
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDone {
    /// The letter does not say whom it is from, so there is nobody to make a rule of.
    #[error("this letter does not say whom it is from")]
    NoSender,
    /// This part of the letter holds no file.
    #[error("this part of the letter holds no file")]
    NoFile,
    /// A file could not be written.
    #[error("{0}")]
    File(Obstacle),
    /// The store could not be read or written.
    #[error("the mail store could not be read or written: {0}")]
    Store(Obstacle),
    /// A request could not be written down, so it was not made.
    #[error("a request could not be written down, so it was not made: {0}")]
    NotAsked(Obstacle),
    /// What came of a request could not be written down.
    #[error("what came of a request could not be written down: {0}")]
    NotKept(Obstacle),
    /// A letter has more pictures than are fetched of one: so many were left out.
    #[error(
        "only the first {MAX_PICTURES} pictures of a letter are fetched; {left} more were not \
         asked for"
    )]
    TooMany {
        /// How many were not asked for.
        left: usize,
    },
    /// Fetching took longer than it may: so many pictures were left out.
    #[error("fetching took too long; {left} pictures were not asked for")]
    TooLong {
        /// How many were not asked for.
        left: usize,
    },
    /// The address of the proxy is none, so nothing was asked: as it is written,
    /// without a password.
    #[error("'{0}' is no proxy, so nothing was asked for")]
    Proxy(String),
    /// A letter is more than is ever printed.
    #[error("this letter is too large to be printed")]
    TooLargeToPrint,
    /// A font or a picture of a letter cannot be put into a PDF.
    #[error("a font or a picture of this letter cannot be put into a PDF")]
    Unwritten,
    /// A letter could not be printed.
    #[error("this letter could not be printed")]
    NotPrinted,
    /// The system gave no thread.
    #[error("the system could not start another thread: {0}")]
    Thread(Obstacle),
    /// Something with letters or folders.
    #[error(transparent)]
    Act(ActError),
    /// This; and of what was done before that was found out, so many letters stay as they
    /// are now.
    #[error("{0}; {1} letters could not be brought back to where they were")]
    InPart(Box<Self>, usize),
    /// It was stopped on the way: what is left of it is done at the next start.
    #[error("stopped on the way, and gone on with at the next start: {0}")]
    PutOff(Obstacle),
    /// Deleting was stopped on the way: what is left stays.
    #[error("deleting stopped on the way; what is not deleted yet stays: {0}")]
    DeletingStopped(Obstacle),
    /// Deleting was broken off when the program ended, and is not gone on with.
    #[error("deleting was broken off when Goyo ended; what was not deleted yet stays")]
    DeletingBrokenOff,
    /// An account is not removed, because something before it was not done.
    #[error("the account was not removed, because something asked for before was not done")]
    AccountStays,
    /// What the user did was taken back: the server would not.
    #[error("what you did was taken back: {0}")]
    TakenBack(Why),
    /// There is no account that letters could be written from.
    #[error("there is no account to write from; 'goyo account add' makes one")]
    NoAccount,
    /// The letter asks for no receipt that could be answered.
    #[error(transparent)]
    Unanswerable(#[from] Unanswerable),
    /// Another address would be told than the user was shown.
    #[error("this letter asks that another address be told than was shown: nobody was told")]
    OtherAsker,
    /// What was written cannot become a letter yet.
    #[error(transparent)]
    Letter(#[from] ComposeError),
    /// Something with a letter being written or sent.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// Something with the receipt server.
    #[error("the receipt server: {0}")]
    ReceiptServer(NoReceipts),
    /// Something stood in the way of a file or a directory: which.
    #[error("{}: {}", .0.display(), .1)]
    At(PathBuf, Obstacle),
    /// There is no mail in it.
    #[error("{}: no mail found in it (mbox, Maildir, .eml or a directory of these)", .0.display())]
    NoMail(PathBuf),
    /// Another import or export is at work.
    #[error("another import or export is at work; wait until it is done, or stop it")]
    Archiving,
    /// We failed on it.
    #[error("Goyo failed on this, which is a fault of Goyo")]
    Fault,
    /// The browser could not be started.
    #[error("the browser could not be started: {0}")]
    Browser(Obstacle),
}

impl From<ProxyError> for NotDone {
    fn from(error: ProxyError) -> Self {
        match error {
            ProxyError::Address(address) => Self::Proxy(address),
            other => Self::Proxy(other.to_string()),
        }
    }
}

impl From<StoreError> for NotDone {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Act(why) => Self::Act(why),
            StoreError::Outbox(why) => Self::Outbox(why),
            other => Self::Store(other.obstacle()),
        }
    }
}
