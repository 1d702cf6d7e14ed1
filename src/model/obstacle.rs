//! What stood in the way of reading or writing something, by what a person can do
//! about it: the window says it in the user's language.

use std::io;

/// What stood in the way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// There is no room left.
    #[error("the disk is full; make room and try again")]
    Full,
    /// It may not be read, or not be written.
    #[error("this may not be read or written here; look at whom the folder belongs to")]
    Denied,
    /// It is not there.
    #[error("it is not there any more")]
    Missing,
    /// Something of that name is there already.
    #[error("something of that name is there already, and is not written over")]
    Taken,
    /// Somebody else works on it.
    #[error("something else is working on it; try again in a moment")]
    Busy,
    /// What was read is not what was written.
    #[error("what is stored is damaged; 'goyo check' tells more")]
    Damaged,
    /// Anything else, in the system's words.
    #[error("{0}")]
    Other(String),
}

impl From<&io::Error> for Obstacle {
    fn from(error: &io::Error) -> Self {
        use io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::Denied,
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::Missing,
            ErrorKind::AlreadyExists => Self::Taken,
            ErrorKind::ResourceBusy | ErrorKind::WouldBlock => Self::Busy,
            _ => Self::Other(error.to_string()),
        }
    }
}
