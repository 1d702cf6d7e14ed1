//! `goyo`: arguments → a verb of the command line, the window, or the drawing process.

use goyo::cli::{self, Outcome};
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::main() {
        Outcome::Exit(code) => code,
        Outcome::Window(window) => open(window),
    }
}

#[cfg(feature = "gui")]
fn open(window: cli::Window) -> ExitCode {
    goyo::gui::run(window.profile, window.demo, window.open)
}

#[cfg(not(feature = "gui"))]
fn open(_: cli::Window) -> ExitCode {
    eprintln!(
        "goyo: this build has no window; 'goyo --help' lists what works from the command line"
    );
    ExitCode::from(2)
}
