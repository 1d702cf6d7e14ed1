//! `goyo list [--folder F] [--limit N]`

use super::{Context, Exit, Result};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder: account/path, or a role; all folders if not given
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// At most so many letters
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Pass over so many of the newest first
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let store = context.store()?;
    let folder = args.folder.as_deref().map(|name| store.folder(name)).transpose()?;
    let rows = store.list(folder.map(|f| f.id), args.offset, args.limit)?;
    let mut out = context.output();
    for row in &rows {
        out.letter(row, None)?;
    }
    if rows.is_empty() && !context.json {
        out.line("no letters")?;
    }
    out.finish()?;
    Ok(Exit::Done)
}
