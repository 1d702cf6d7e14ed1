//! `goyo check [--repair]`

use super::{Context, Exit, Result};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Mend what can be mended
    #[arg(long)]
    repair: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let (store, _lock) = context.store_to_check()?;
    let bar = match std::io::stderr().is_terminal() {
        true => ProgressBar::no_length(),
        false => ProgressBar::hidden(),
    };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} letters  {eta} left") {
        bar.set_style(style);
    }
    let found = store.check(args.repair, |at, of| {
        bar.set_length(of);
        bar.set_position(at);
    });
    bar.finish_and_clear();
    let found = found?;
    let mut out = context.output();
    if context.json {
        out.object(&found)?;
    } else {
        for finding in &found.findings {
            let end = if finding.repaired { " (mended)" } else { "" };
            out.line(&format!("{}: {}{end}", finding.kind, finding.text))?;
        }
        out.line(&match (found.wrong, found.is_sound()) {
            (0, _) => format!("{} letters, all sound", found.letters),
            (n, true) => format!("{} letters; {n} findings, all mended", found.letters),
            (n, false) if args.repair => format!(
                "{} letters; {n} findings, {} mended; import the damaged letters again to have them back",
                found.letters, found.repaired
            ),
            (n, false) => {
                format!(
                    "{} letters; {n} findings; 'goyo check --repair' mends them",
                    found.letters
                )
            }
        })?;
    }
    out.finish()?;
    Ok(if found.is_sound() { Exit::Done } else { Exit::Failed })
}
