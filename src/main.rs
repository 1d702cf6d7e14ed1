//! `goyo`: arguments → a verb of the command line, the window, or the drawing process.

use goyo::cli::{self, Outcome};
use goyo::html::worker;
use std::process::ExitCode;

/// Gives back to the system what is freed between things that stay; see [`goyo::memory`].
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    // Before anything else is read or started: that process has no other business.
    match std::env::args_os().nth(1) {
        Some(verb) if verb == worker::VERB => return draw(false),
        Some(verb) if verb == worker::PROBE_VERB => return draw(true),
        _ => {}
    }
    match cli::main() {
        Outcome::Exit(code) => code,
        Outcome::Window(window) => {
            goyo::memory::spare();
            open(window)
        }
    }
}

#[cfg(feature = "render")]
fn draw(probe: bool) -> ExitCode {
    if probe { worker::child::probe() } else { worker::child::main() }
}

#[cfg(not(feature = "render"))]
fn draw(_: bool) -> ExitCode {
    eprintln!("goyo: this build does not draw letters");
    ExitCode::from(2)
}

#[cfg(feature = "gui")]
fn open(window: cli::Window) -> ExitCode {
    goyo::gui::run(window.profile, window.demo, window.wish)
}

#[cfg(not(feature = "gui"))]
fn open(_: cli::Window) -> ExitCode {
    eprintln!(
        "goyo: this build has no window; 'goyo --help' lists what works from the command line"
    );
    ExitCode::from(2)
}
