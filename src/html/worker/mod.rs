//! The process that cleans, lays out and paints letters, and the pipe to it.
//!
//! It is the program itself, started with [`VERB`]: without network, files or new
//! processes (Linux: landlock and seccomp), with limits on memory and time. If a
//! letter kills it, another one is started and the caller is told.

pub mod protocol;

use protocol::{Request, Response};

/// The hidden verb that makes the program a drawing process.
pub const VERB: &str = "drawing-process";

/// What can go wrong with the drawing process.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    /// It could not be started.
    #[error("the drawing process could not be started: {0}")]
    Start(String),
    /// The letter killed it.
    #[error("the drawing process died on this letter")]
    Died,
    /// The letter kept it too long, and it was killed.
    #[error("this letter took too long to draw")]
    TooLong,
    /// It said something that is no answer; it was killed.
    #[error("the drawing process gave a broken answer")]
    Broken,
    /// It refused.
    #[error("{0}")]
    Refused(String),
}

/// A drawing process, started before it is needed.
#[derive(Debug)]
pub struct Worker {}

impl Worker {
    /// Starts one. Returns at once; it warms up by itself.
    pub fn start() -> Result<Self, WorkerError> {
        Err(WorkerError::Start("not built".into()))
    }

    /// Asks and waits, at most the time limit of that request. After an error of
    /// kind `Died`, `TooLong` or `Broken` a fresh process is already starting, and
    /// every open document is forgotten.
    pub fn call(&mut self, _request: &Request) -> Result<Response, WorkerError> {
        Err(WorkerError::Died)
    }

    /// The process id, for those who watch its memory.
    pub fn pid(&self) -> u32 {
        0
    }
}
