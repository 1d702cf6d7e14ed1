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
struct Answered<'a> {
    id: Option<String>,
    to: &'a str,
    queued: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    // Written beside whoever has the profile: that one sends it.
    let store = Store::open(&context.existing()?)?;
    let id = LetterId(args.id);
    let subject = format!("Read: {}", store.letter(id)?.subject);
    let words = "Your letter was shown to me. That does not say that I read or understood it.";
    let not_answered = |why| match why {
        NotDone::Unanswerable(_) | NotDone::NoAccount => CliError::Usage(why.to_string()),
        other => CliError::Failed(other.to_string()),
    };
    let to = writing::receipt_asker(&store, id).map_err(not_answered)?;
    let answered = writing::answer_receipt(&store, id, &to, &subject, words);
    let answered = answered.map_err(not_answered)?;
    let mut out = context.output();
    match context.json {
        true => out.object(&Answered {
            id: answered.map(|id| id.to_string()),
            to: &to,
            queued: answered.is_some(),
        })?,
        false => out.line(&match answered {
            Some(_) => format!(
                "the answer to {to} is in the outbox; 'goyo sync' or an open window sends it"
            ),
            None => format!("this request of {to} was answered before"),
        })?,
    }
    out.finish()?;
    Ok(Exit::Done)
}
