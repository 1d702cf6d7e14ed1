//! Archives on disk: mbox, Maildir and single `.eml` files, read and written
//! byte for byte, streaming.
//!
//! Promise: a letter comes out of an archive as the bytes that went in; one that
//! is larger than [`MAX_LETTER`] is passed over and said so; no archive, however
//! large, is held in memory.

mod maildir;
mod mbox;
mod walk;

pub use maildir::{MaildirWriter, flags_of_name, name_with_flags};
pub use mbox::{MboxItem, MboxReader, from_line_date, write_mboxrd};
pub use walk::{Source, SourceKind, find, mbox_name};

use std::path::PathBuf;
use std::sync::Arc;

/// Largest letter that is kept, in bytes. Servers refuse far smaller ones.
pub const MAX_LETTER: usize = 128 * 1024 * 1024;

/// An archive could not be read or written.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// A file.
    #[error("{}: {source}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What.
        #[source]
        source: Arc<std::io::Error>,
    },
    /// Neither mbox, nor Maildir, nor a letter, nor a directory of them.
    #[error("{}: no mail found in it (mbox, Maildir, .eml or a directory of these)", .0.display())]
    NoMail(PathBuf),
}

impl ArchiveError {
    pub(crate) fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::Io { path: path.into(), source: Arc::new(source) }
    }
}
