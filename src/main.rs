//! `goyo`: arguments → a verb of the command line, or the window.

use std::process::ExitCode;

fn main() -> ExitCode {
    goyo::cli::main()
}
