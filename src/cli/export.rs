//! `goyo export --folder F --out PATH [--format mboxrd|maildir|eml]`

use super::{Context, Exit, Result, stop_flag};
use crate::engine::{self, ExportFormat};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder: account/path, or a role (inbox, sent, …)
    #[arg(long, value_name = "FOLDER")]
    folder: String,
    /// A file for mboxrd, a directory for the others
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// The form of the archive
    #[arg(long, value_enum, default_value = "mboxrd")]
    format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Mboxrd,
    Maildir,
    Eml,
}

impl From<Format> for ExportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Mboxrd => Self::Mboxrd,
            Format::Maildir => Self::Maildir,
            Format::Eml => Self::Eml,
        }
    }
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let store = context.store()?;
    let folder = store.folder(&args.folder)?;
    let stop = stop_flag();
    let done = engine::export(&store, &folder, &args.out, args.format.into(), &stop, |_, _| {})?;
    let mut out = context.output();
    if context.json {
        out.object(&done)?;
    } else {
        out.line(&format!("{} letters written to {}", done.exported, args.out.display()))?;
    }
    out.finish()?;
    if done.damaged > 0 {
        eprintln!(
            "goyo: {} letters are damaged and were left out; 'goyo check' names them",
            done.damaged
        );
    }
    if done.not_here > 0 {
        eprintln!(
            "goyo: of {} letters only the header is here, and they were left out; 'goyo sync' \
             brings the rest",
            done.not_here
        );
    }
    Ok(if done.stopped || done.damaged > 0 || done.not_here > 0 {
        Exit::Failed
    } else {
        Exit::Done
    })
}
