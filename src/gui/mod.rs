//! The window (feature `gui`): shows what the engine says, asks it for what the user
//! wants. It touches neither the network nor a letter's bytes.

use std::path::PathBuf;
use std::process::ExitCode;

/// Opens the window.
pub fn run(_profile: Option<PathBuf>, _demo: bool, _open: Option<String>) -> ExitCode {
    ExitCode::from(2)
}
