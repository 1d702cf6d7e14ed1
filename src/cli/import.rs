//! `goyo import PATH… [--folder F]`

use super::{Context, Exit, Result, stop_flag};
use crate::engine::{self, ImportProgress};
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// mbox files, Maildirs, .eml files, or directories of these
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Where the letters go: account/path; made if it is not there
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
}

#[derive(serde::Serialize)]
struct Done {
    imported: u64,
    duplicate: u64,
    broken: u64,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let (store, _lock) = context.store_to_write()?;
    let stop = stop_flag();
    let bar = progress_bar();
    let done = engine::import(&store, &args.paths, args.folder.as_deref(), &stop, |at| {
        show_progress(&bar, at);
    });
    bar.finish_and_clear();
    let done = done?;
    for refused in &done.refused {
        eprintln!("goyo: {}: {}", refused.what, refused.why);
    }
    if done.gathered > 0 {
        eprintln!(
            "goyo: too many folders, or names that are too long: {} were not made; their letters \
             are in the folder above",
            done.gathered
        );
    }
    if done.stopped {
        eprintln!("goyo: stopped; what came in is kept, and importing again brings the rest");
    }
    let mut out = context.output();
    if context.json {
        out.object(&Done {
            imported: done.imported,
            duplicate: done.duplicate,
            broken: done.broken,
        })?;
    } else {
        out.line(&format!(
            "{} letters imported, {} were here already, {} could not be understood",
            done.imported, done.duplicate, done.broken
        ))?;
    }
    out.finish()?;
    let whole = done.refused.is_empty() && !done.stopped;
    Ok(if whole { Exit::Done } else { Exit::Failed })
}

fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template(
        "{bar:30} {percent:>3}%  {msg}  {binary_bytes_per_sec}  {eta} left",
    ) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

fn show_progress(bar: &ProgressBar, at: ImportProgress) {
    bar.set_length(at.total_bytes);
    bar.set_position(at.bytes);
    bar.set_message(match at.tidying {
        true => format!("{} letters kept; making search quick…", HumanCount(at.letters)),
        false => format!(
            "{} letters, {} of {}",
            HumanCount(at.letters),
            HumanBytes(at.bytes),
            HumanBytes(at.total_bytes)
        ),
    });
}
