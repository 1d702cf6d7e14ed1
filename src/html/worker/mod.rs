//! The process that cleans, lays out and paints letters, and the pipe to it.
//!
//! It is the program itself, started with [`VERB`]: without network, files or new
//! processes (Linux: landlock and seccomp; `docs/sandbox.md` says what every system
//! gets), with limits on memory and time. If a letter kills it, another one is
//! started and the caller is told. What it answers is not believed: every length is
//! checked against a bound and against what was asked.

#[cfg(feature = "render")]
pub mod child;
#[cfg(feature = "render")]
mod desk;
#[cfg(feature = "render")]
mod lock;
mod parent;
#[cfg(feature = "render")]
mod probe;
mod process;
pub mod protocol;
mod wire;

use serde::{Deserialize, Serialize};

pub use parent::{Memory, Worker};

/// The hidden verb that makes the program a drawing process.
pub const VERB: &str = "drawing-process";

/// The hidden verb that locks a process in the same way and says what it can still do.
pub const PROBE_VERB: &str = "drawing-process-probe";

/// Bytes of one strip of pixels, at most: a drawing process paints a shorter strip
/// than it was asked for rather than a larger one.
pub const MAX_TILE: usize = 32 << 20;

/// Sheets of a printed letter, at most.
pub const MAX_SHEETS: usize = 200;

/// Bytes of a printed letter, at most.
pub const MAX_PDF: usize = 48 << 20;

/// Device pixels of a document, at most, either way.
const MAX_SIDE: u32 = 1 << 26;

/// Resident bytes at which a drawing process is killed.
pub const MAX_RESIDENT: u64 = 450 << 20;

/// How far a drawing process could lock itself. Which system gets what is written
/// down in `docs/sandbox.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lock {
    /// Limits of memory, files and processes are set.
    pub limits: bool,
    /// System calls it does not need are refused (seccomp), in all its threads.
    pub calls: bool,
    /// The file system is closed to it (landlock), in all its threads.
    pub files: bool,
}

/// What can go wrong with the drawing process.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    /// It could not be started.
    #[error("the drawing process could not be started: {0}")]
    Start(String),
    /// It is of another version of this program, which was replaced while it ran.
    #[error("the program was replaced by another version; start it again")]
    OtherVersion,
    /// The letter killed it.
    #[error("the drawing process died on this letter")]
    Died,
    /// The letter kept it too long, and it was killed.
    #[error("this letter took too long to draw")]
    TooLong,
    /// The letter made it grow beyond [`MAX_RESIDENT`], and it was killed.
    #[error("this letter needs too much memory to draw")]
    TooLarge,
    /// It said something that is no answer; it was killed.
    #[error("the drawing process gave a broken answer")]
    Broken,
    /// The document is not open in it, or no longer; it lives.
    #[error("this letter is no longer open in the drawing process")]
    NotOpen,
    /// It refused; it lives.
    #[error("{0}")]
    Refused(String),
}
