//! `goyo outbox list|retry|cancel`

use super::output::{Output, local, rfc3339};
use super::send::Sending;
use super::{Context, Exit, Result};
use crate::model::{Delivered, OutLetter, OutboxId};
use crate::store::Store;
use serde::Serialize;

/// Letters that are listed.
const MOST: u32 = 1_000;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List letters that were given away to be sent, the newest first
    List {
        /// Only those that are not sent, or not to all
        #[arg(long)]
        waiting: bool,
    },
    /// Try a letter again: for those it waits for, who were refused, or of whom nobody knows
    Retry {
        /// Its number
        id: i64,
        /// Send it now, and say what came of it; exit 3 if nobody knows
        #[arg(long)]
        now: bool,
    },
    /// Take a letter back: it is a draft again
    Cancel {
        /// Its number
        id: i64,
    },
}

pub(super) fn run(context: &Context, args: &Args) -> Result {
    let store = context.store()?;
    let mut out = context.output();
    match args.verb {
        Verb::List { waiting } => {
            let letters = if waiting { store.waiting_outbox()? } else { store.outbox(MOST)? };
            for letter in &letters {
                match context.json {
                    true => out.object(&LetterJson::of(letter))?,
                    false => say(&mut out, letter)?,
                }
            }
        }
        Verb::Retry { id, now } => {
            if now {
                return retry_now(context, OutboxId(id));
            }
            store.try_again(OutboxId(id), crate::engine::writing::now())?;
            shown(context, &store, &mut out, id)?;
        }
        Verb::Cancel { id } => {
            let draft = store.take_back(OutboxId(id))?;
            match context.json {
                true => out.object(&Cancelled { id: id.to_string(), draft: draft.to_string() })?,
                false => out.line(&format!("letter {id} is draft {draft} again"))?,
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn retry_now(context: &Context, id: OutboxId) -> Result {
    let sending = Sending::begin(context)?;
    let letter = sending.store.out_letter(id)?;
    sending.store.try_again(id, crate::engine::writing::now())?;
    let account = sending.store.account_by_id(letter.account)?;
    let account = account.ok_or(crate::store::outbox::OutboxError::NoLetter(id));
    sending.now(context, &account.map_err(crate::store::StoreError::from)?, id)
}

fn shown(context: &Context, store: &Store, out: &mut Output, id: i64) -> Result<()> {
    let letter = store.out_letter(OutboxId(id))?;
    match context.json {
        true => out.object(&LetterJson::of(&letter))?,
        false => say(out, &letter)?,
    }
    Ok(())
}

#[derive(Serialize)]
struct Cancelled {
    id: String,
    draft: String,
}

/// A letter of the outbox.
#[derive(Serialize)]
pub(super) struct LetterJson<'a> {
    id: String,
    message_id: &'a str,
    subject: &'a str,
    state: &'static str,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_reply: Option<String>,
    recipients: Vec<RecipientJson<'a>>,
}

#[derive(Serialize)]
struct RecipientJson<'a> {
    address: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<String>,
}

impl<'a> LetterJson<'a> {
    pub(super) fn of(letter: &'a OutLetter) -> Self {
        Self {
            id: letter.id.to_string(),
            message_id: &letter.message_id,
            subject: &letter.subject,
            state: letter.state.word(),
            attempts: letter.attempts,
            next_attempt: letter.next_attempt.map(rfc3339),
            server_reply: letter.word.as_ref().map(|word| word.line()),
            recipients: letter
                .recipients
                .iter()
                .map(|recipient| RecipientJson {
                    address: &recipient.address.addr,
                    state: recipient.state.word(),
                    reply: recipient.word.as_ref().map(|word| word.line()),
                })
                .collect(),
        }
    }
}

/// A letter of the outbox, for people.
pub(super) fn say(out: &mut Output, letter: &OutLetter) -> std::io::Result<()> {
    let next = letter.next_attempt.map(|at| format!(", next {}", local(at))).unwrap_or_default();
    out.line(&format!("{:>5} {}{next}  {}", letter.id, letter.state.word(), letter.subject))?;
    for recipient in &letter.recipients {
        let said = recipient.word.as_ref().map(|word| word.line()).unwrap_or_default();
        let state = recipient.state.word();
        out.line(&format!("        {}: {state}  {said}", recipient.address.addr))?;
        if recipient.state == Delivered::Unknown {
            out.line(&format!(
                "        nobody knows whether it arrived; ask, then 'goyo outbox retry {}'",
                letter.id
            ))?;
        }
    }
    Ok(())
}

/// How a verb ends that waited for a letter.
pub(super) fn exit_of(state: Delivered) -> Exit {
    match state {
        Delivered::Sent => Exit::Done,
        Delivered::Unknown => Exit::Code(3),
        _ => Exit::Failed,
    }
}
