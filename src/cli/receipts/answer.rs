//! `goyo receipts answer ID`

use crate::cli::{CliError, Context, Exit, Result};
use crate::engine::protocol::NotDone;
use crate::engine::writing;
use crate::model::LetterId;
use crate::store::Store;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The letter that asks, as list and search print it
    id: i64,
}

#[derive(Serialize)]
struct Answered {
    id: Option<String>,
    queued: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    // Written beside whoever has the profile: that one sends it.
    let store = Store::open(&context.existing()?)?;
    let id = LetterId(args.id);
    let subject = format!("Read: {}", store.letter(id)?.subject);
    let words = "Your letter was shown to me. That does not say that I read or understood it.";
    let answered =
        writing::answer_receipt(&store, id, &subject, words).map_err(|why| match why {
            NotDone::NoRequest | NotDone::NoAccount => CliError::Usage(why.to_string()),
            other => CliError::Failed(other.to_string()),
        })?;
    let mut out = context.output();
    match context.json {
        true => out.object(&Answered {
            id: answered.map(|id| id.to_string()),
            queued: answered.is_some(),
        })?,
        false => out.line(match answered {
            Some(_) => "the answer is in the outbox; 'goyo sync' or an open window sends it",
            None => "this request was answered before",
        })?,
    }
    out.finish()?;
    Ok(Exit::Done)
}
