//! The sample mailbox (`goyo --demo`) and its local tracker, which counts its hits.
//!
//! Everything is thrown away at the end. The letters are ours; the tracker listens on
//! loopback and says of each hit what its owner would just have learned.

use std::path::{Path, PathBuf};

/// What can go wrong with the demo.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DemoError {
    /// No room, no port, …
    #[error("the demo could not be set up: {0}")]
    SetUp(String),
}

/// One hit on the local tracker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// When, in seconds since 1970.
    pub at: i64,
    /// Path and query that were asked for.
    pub path: String,
    /// What kind of thing it was.
    pub kind: HitKind,
    /// For whom it was: the letter's subject.
    pub letter: String,
}

/// What was asked of the tracker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HitKind {
    /// A picture to look at.
    Picture,
    /// A pixel to be counted.
    Pixel,
    /// Anything else: a style sheet, a font, an unknown path.
    Other,
}

/// A running demo: its profile and its tracker. Dropping it removes everything.
#[derive(Debug)]
pub struct Demo {}

impl Demo {
    /// Makes the profile, imports the letters and starts the tracker.
    ///
    /// # Errors
    /// When there is no room or no free port.
    pub fn start() -> Result<Self, DemoError> {
        Ok(Self {})
    }

    /// The throw-away profile.
    pub fn profile(&self) -> &Path {
        Path::new("")
    }

    /// Host and port of the tracker, the only private ones that may be reached.
    pub fn tracker(&self) -> (String, u16) {
        ("127.0.0.1".into(), 0)
    }

    /// Every hit so far, oldest first.
    pub fn hits(&self) -> Vec<Hit> {
        Vec::new()
    }
}

/// Writes the sample letters as `.eml` files, for those who want to look at them.
///
/// # Errors
/// When they cannot be written.
pub fn write_letters(_into: &Path, _tracker: (&str, u16)) -> Result<Vec<PathBuf>, DemoError> {
    Ok(Vec::new())
}
