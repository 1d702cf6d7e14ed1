//! What was passed over, and why: typed, so that the window can say it in the user's language;
//! as text it is English, for the command line.

use crate::archive::MAX_LETTER;
use crate::model::Obstacle;
use std::io;
use std::path::PathBuf;

/// A letter, or an archive, that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which.
    pub what: Passed,
    /// Why, and what to do.
    pub why: Refusal,
}

/// Which it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Passed {
    /// A file, or all of an archive.
    #[error("{}", .0.display())]
    File(PathBuf),
    /// A letter of an mbox: the archive, and what stands behind `From `.
    #[error("{}: From {}", .0.display(), .1)]
    InMbox(PathBuf, String),
    /// The how many-th letter of all.
    #[error("letter {0}")]
    Letter(u64),
}

/// Why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is larger than the largest letter that is kept: so many bytes.
    #[error(
        "the letter is {} MB; Goyo keeps letters up to {} MB, so it was left where it is",
        .0 / 1_000_000,
        MAX_LETTER / 1_000_000
    )]
    TooLarge(u64),
    /// It does not begin as an mbox does.
    #[error("this is no mbox: it does not begin with a 'From ' line")]
    NoMbox,
    /// It lies in more directories than are followed.
    #[error("it lies too deep in directories inside directories; import it by itself")]
    TooDeep,
    /// It could not be read.
    #[error("{0}")]
    File(Obstacle),
    /// It lay here when it was read, and was deleted before it was kept.
    #[error("it was deleted here while it was read; import it again to have it back")]
    Vanished,
    /// We failed on it.
    #[error("Goyo failed on it, which is a fault of Goyo; it was left where it is")]
    Fault,
}

impl From<&io::Error> for Refusal {
    fn from(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData => Self::NoMbox,
            // Only those that were not followed are read as if they were letters.
            io::ErrorKind::IsADirectory => Self::TooDeep,
            _ => Self::File(Obstacle::from(error)),
        }
    }
}
