//! `goyo drafts list`

use super::output::{local, rfc3339};
use super::{Context, Exit, Result};
use crate::model::Address;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List letters that are being written, those changed last first
    List,
}

#[derive(Serialize)]
struct DraftJson<'a> {
    id: String,
    account: &'a str,
    subject: &'a str,
    to: &'a [Address],
    changed: String,
    files: Vec<&'a str>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let Verb::List = args.verb;
    let store = context.store()?;
    let accounts = store.accounts()?;
    let mut out = context.output();
    for row in store.drafts()? {
        let account = accounts.iter().find(|account| account.id == row.account);
        match context.json {
            true => out.object(&DraftJson {
                id: row.id.to_string(),
                account: account.map_or("", |account| account.name.as_str()),
                subject: &row.draft.subject,
                to: &row.draft.to,
                changed: rfc3339(row.changed),
                files: row.files.iter().map(|file| file.name.as_str()).collect(),
            })?,
            false => {
                let to: Vec<&str> = row.draft.to.iter().map(Address::label).collect();
                let to = to.join(", ");
                let subject = &row.draft.subject;
                out.line(&format!("{:>5} {}  {to}  {subject}", row.id, local(row.changed)))?;
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}
