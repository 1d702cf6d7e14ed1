//! Servers → store: what came, what changed, what is gone (RFC 3501, 7162, 9051).
//!
//! Promise: after a pass without errors the store holds what the server held, letter for
//! letter, byte for byte, flag for flag, but for what the user did meanwhile; whatever
//! moment it breaks off at, nothing is lost, nothing doubled, and the next pass goes on
//! from there. What a server did not say with a tagged OK removes nothing.

mod authserv;
mod connect;
mod fetch;
mod folder;
mod folders;
mod intake;
mod names;
mod pass;
mod twins;
mod upward;
mod watch;

pub use connect::Line;
pub use intake::Intake;
pub use pass::{Only, Session};
pub use watch::Watch;

pub use crate::net::imap::Log;

use crate::engine::accounts::Failure;
use crate::model::{AccountId, FolderId, LetterId};
use crate::store::intents::RolledBack;
use std::sync::Arc;
use std::time::Duration;

/// What is told while an account is brought in step.
#[derive(Debug, Clone, PartialEq)]
pub enum SyncEvent {
    /// A connection is being made.
    Connecting,
    /// This folder is being brought in step.
    Folder {
        /// Which.
        folder: FolderId,
        /// Its path.
        path: String,
    },
    /// This folder is in step.
    FolderDone {
        /// Which.
        folder: FolderId,
        /// Its path.
        path: String,
        /// What was done.
        counts: Counts,
    },
    /// Letters are coming.
    Progress(Progress),
    /// The rows of this folder have changed.
    Changed(FolderId),
    /// Letters that are new since the last time this folder was in step: news.
    New(FolderId, Vec<LetterId>),
    /// All of this letter is here now, which was asked for.
    Whole(LetterId),
    /// The server would not do what the user did: it was taken back, and why.
    RolledBack(RolledBack),
    /// So many changes of the user's wait for the server to hear of them.
    Waiting(u64),
    /// The server wants the user to read this: its words, never to be taken for the
    /// program's.
    Alert(String),
    /// Something was not done: what happened, for the user's eyes.
    Error {
        /// In which folder.
        folder: Option<FolderId>,
        /// What happened.
        text: String,
    },
    /// There will be no connection until the user does something: what happened, and what
    /// to do. [`SyncEvent::Error`] said it in English before.
    Stopped(Arc<Failure>),
    /// How full the account is at its server, where the server tells: bytes.
    Quota {
        /// Taken.
        used: u64,
        /// At most.
        allowed: u64,
    },
    /// Everything is in step; new mail will show by itself.
    Idle,
    /// There is no connection; it is tried again after this time.
    Offline(Duration),
    /// A pass is over.
    Done(Report),
}

/// How far a folder is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Which.
    pub folder: FolderId,
    /// Its path.
    pub path: String,
    /// Letters that came.
    pub letters: u64,
    /// Letters to come in all.
    pub letters_total: u64,
    /// Bytes that came.
    pub bytes: u64,
    /// Bytes to come in all.
    pub bytes_total: u64,
    /// How long it will take at this pace, once that can be told.
    pub left: Option<Duration>,
}

/// What was done to a folder, or to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Letters that were not here before.
    pub new: u64,
    /// Letters of which there was the header only, and now is all.
    pub completed: u64,
    /// Letters whose flags changed.
    pub flags_changed: u64,
    /// Letters that are gone.
    pub expunged: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Self) {
        self.new += other.new;
        self.completed += other.completed;
        self.flags_changed += other.flags_changed;
        self.expunged += other.expunged;
    }
}

/// What a pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Letters.
    pub counts: Counts,
    /// Folders the server has.
    pub folders: u64,
    /// Folders that had to be opened.
    pub opened: u64,
    /// Bytes read from the network.
    pub bytes: u64,
    /// How often we waited for the server.
    pub round_trips: u64,
    /// How long it took, connecting included.
    pub took: Duration,
    /// Things that were not done.
    pub errors: u64,
}

/// Who hears of it.
pub type Tell = Arc<dyn Fn(AccountId, SyncEvent) + Send + Sync>;
