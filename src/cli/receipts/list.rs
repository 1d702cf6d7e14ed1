//! `goyo receipts list`

use crate::cli::account::wait;
use crate::cli::output::{local, rfc3339};
use crate::cli::{Context, Exit, Result};
use crate::engine;
use crate::engine::receipts::{self, Desk};
use crate::engine::writing::now;
use crate::model::{Fetcher, ReceiptState};
use crate::secrets::Vault;
use crate::store::Store;
use crate::store::outbox::ReceiptRow;
use serde::Serialize;
use std::sync::Arc;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Letters that are listed, the newest first
    #[arg(long, default_value_t = 200)]
    limit: u32,
    /// Do not ask the receipt server first
    #[arg(long)]
    offline: bool,
}

/// What is known of a letter and a recipient, as machines read it.
#[derive(Serialize)]
pub(in crate::cli) struct Row<'a> {
    message_id: &'a str,
    recipient: &'a str,
    state: ReceiptState,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    count: u64,
    fetchers: Vec<FetcherJson<'a>>,
}

#[derive(Serialize)]
struct FetcherJson<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'a str>,
    first: String,
    count: u64,
}

impl<'a> Row<'a> {
    pub(in crate::cli) fn of(row: &'a ReceiptRow) -> Self {
        Self {
            message_id: &row.message_id,
            recipient: &row.address,
            state: row.standing.state,
            first: row.standing.first.map(rfc3339),
            count: row.standing.count,
            fetchers: row.standing.fetchers.iter().map(FetcherJson::of).collect(),
        }
    }
}

impl<'a> FetcherJson<'a> {
    fn of(fetcher: &'a Fetcher) -> Self {
        Self {
            kind: fetcher.kind.name(),
            service: fetcher.service.as_deref(),
            first: rfc3339(fetcher.first),
            count: fetcher.count,
        }
    }
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    // Beside whoever has the profile: what is written twice is the same.
    let store = Arc::new(context.store()?);
    if !args.offline {
        ask(context, &store)?;
    }
    let mut out = context.output();
    for row in store.receipts(args.limit)? {
        match context.json {
            true => out.object(&Row::of(&row))?,
            false => out.line(&line(&row))?,
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// Asks the receipt server what is new. What is known already is listed all the same.
fn ask(context: &Context, store: &Arc<Store>) -> Result<()> {
    if store.open_receipts(now())?.pictures == 0 || receipts::server(store)?.is_none() {
        return Ok(());
    }
    let proxy = engine::proxy(store, None)?;
    let vault = Vault::of(&context.profile()?);
    let desk = Desk { store: Arc::clone(store), vault, proxy };
    if let Err(error) = wait(desk.ask(now()))? {
        eprintln!("goyo: {error}; what was known before is listed");
    }
    Ok(())
}

/// The same, as people read it.
pub(in crate::cli) fn line(row: &ReceiptRow) -> String {
    let standing = &row.standing;
    let first = standing.first.map(local).unwrap_or_default();
    format!(
        "{:<13} {first:<16}  {:>4}  {}  {}",
        standing.state.name(),
        standing.count,
        row.address,
        row.subject
    )
}
