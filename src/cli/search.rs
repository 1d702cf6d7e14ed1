//! `goyo search QUERY [--limit N]`

use super::{Context, Exit, Result};
use crate::store::StoreError;
use crate::store::search::{self, Order, Search};

/// Characters of a snippet.
const SNIPPET: usize = 120;

#[derive(Debug, clap::Args)]
#[command(after_help = "The question: words, \"phrases\", beginnings*, OR, -not, (…), and \
    from: to: cc: subject: filename: list: in: has:attachment is:unread is:flagged \
    before:2026-11-21 after:2026 larger:1M smaller:10k. Chinese, Japanese and Korean are found \
    by any part of a word.")]
pub(super) struct Args {
    /// The question; several words need no quotes
    #[arg(required = true)]
    query: Vec<String>,
    /// At most so many letters
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Best hits first instead of newest
    #[arg(long)]
    best: bool,
    /// Do not show where the hits are: quicker
    #[arg(long)]
    no_snippets: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let store = context.store()?;
    let node = search::parse(&args.query.join(" ")).map_err(StoreError::from)?;
    let order = if args.best { Order::Best } else { Order::Newest };
    let search = Search { node, order, limit: args.limit };
    let rows = store.search(&search)?;
    let mut out = context.output();
    for row in &rows {
        let snippet = match args.no_snippets {
            true => None,
            // A letter that is damaged is found all the same.
            false => store.snippet(row.id, &search, SNIPPET).ok(),
        };
        out.letter(row, snippet.as_ref())?;
    }
    if rows.is_empty() && !context.json {
        out.line("no letters found")?;
    }
    out.finish()?;
    Ok(Exit::Done)
}
