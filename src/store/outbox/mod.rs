//! The outbox: letters given away to be sent, what became of each for each recipient, and
//! what others say became of it.
//!
//! Promise: a letter's state is on the disk before its bytes leave; what was given away is
//! given to a server once for each recipient, or the user is told that nobody knows
//! (*unknown*), and it is not tried again by itself; a letter is either a draft or on its
//! way, never both and never neither. The user's own copy is made in the transaction that
//! learns that a server has taken the letter.

mod attempt;
mod filed;
mod list;
mod receipts;
mod reports;
mod told;

pub use attempt::{Attempt, End, Said, Settled};
pub use receipts::{Open, ReceiptRow};
pub use reports::ReportRow;
pub(super) use reports::{Claim, claim, meet};
pub use told::{News, Told};

use list::out_letter;

use super::drafts;
use super::error::Result;
use super::intents::Acting;
use super::letters::Incoming;
use super::pool::Store;
use super::threads;
use crate::mime::compose::Delivery;
use crate::model::{
    AccountId, Address, Delivered, DraftId, FlagChange, Flags, Hindrance, LetterId, OutboxId,
    RecipientId, Seal, Word,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sha2::{Digest as _, Sha256};

/// Why something with a letter being written or sent is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OutboxError {
    /// There is no such draft.
    #[error("there is no draft {0}; 'goyo drafts list' lists them")]
    NoDraft(DraftId),
    /// It was given away to be sent.
    #[error("draft {0} waits to be sent and cannot be changed; take it back first")]
    Given(DraftId),
    /// It was changed after it was built.
    #[error("draft {0} was changed just now; send it again")]
    Changed(DraftId),
    /// Its files are too large together.
    #[error("the files are larger together than any server takes; share them in another way")]
    TooMuch,
    /// There is no such letter in the outbox.
    #[error("there is no letter {0} in the outbox; 'goyo outbox list' lists them")]
    NoLetter(OutboxId),
    /// A server has it, or may have.
    #[error("letter {0} cannot be taken back: a server has it, or may have it")]
    TooLate(OutboxId),
    /// An account whose letters are not sent yet is to be removed.
    #[error(
        "{0} letters of this account are not sent yet; send them, or take them back, then remove it"
    )]
    StillSending(usize),
    /// An account whose drafts lie on this computer alone is to be removed.
    #[error(
        "{0} drafts of this account are not on its server; send them, let them be synced, or say \
         --drafts discard to lose them with it"
    )]
    StillWriting(usize),
    /// There is nothing to try again.
    #[error("letter {0} has nothing left to send")]
    Nothing(OutboxId),
}

/// Lines of a letter's conversation that are kept.
const MAX_LINES: i64 = 2_000;

/// A draft that is given away.
#[derive(Debug, Clone)]
pub struct Given<'g> {
    /// Which draft.
    pub draft: DraftId,
    /// The version it was built of.
    pub version: i64,
    /// Its Message-ID without brackets.
    pub message_id: &'g str,
    /// The chance and the date it was built with.
    pub seal: &'g Seal,
    /// Its transactions.
    pub deliveries: &'g [Delivery],
    /// It has HTML.
    pub html: bool,
    /// Not to be sent before, in seconds since 1970.
    pub not_before: i64,
}

/// An answer that is given away.
#[derive(Debug, Clone)]
pub struct GivenAnswer<'g> {
    /// The letter that asked.
    pub about: LetterId,
    /// From this account.
    pub account: AccountId,
    /// Its Message-ID without brackets.
    pub message_id: &'g str,
    /// Its subject.
    pub subject: &'g str,
    /// To whom.
    pub recipient: &'g str,
    /// Its bytes.
    pub bytes: &'g [u8],
    /// It needs a server that knows SMTPUTF8.
    pub smtputf8: bool,
    /// The moment, in seconds since 1970.
    pub now: i64,
}

impl Store {
    /// Gives a draft away: from now on it is sent, or taken back whole. On the disk when
    /// this returns.
    ///
    /// # Errors
    /// [`OutboxError`] as [`StoreError::Outbox`](super::StoreError::Outbox), or when the
    /// store cannot be written.
    pub fn give(&self, given: &Given<'_>) -> Result<OutboxId> {
        self.write_durably(|tx| {
            let draft = drafts::row_of(tx, given.draft)?;
            if draft.queued {
                return Err(OutboxError::Given(given.draft).into());
            }
            if draft.version != given.version {
                return Err(OutboxError::Changed(given.draft).into());
            }
            tx.prepare_cached("UPDATE draft SET queued = 1 WHERE id = ?")?
                .execute([given.draft.0])?;
            let choice = &draft.draft.receipt;
            let has_token = given.deliveries.iter().any(|delivery| delivery.token.is_some());
            let pixel = choice.pixel.as_ref().filter(|_| has_token);
            tx.prepare_cached(
                "INSERT INTO outbox (account_id, draft_id, message_id, msgid, subject, seed, date,
                 not_before, pixel, mdn, html) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                draft.account.0,
                given.draft.0,
                given.message_id,
                threads::hash(given.message_id),
                draft.draft.subject,
                given.seal.seed,
                given.seal.date,
                given.not_before,
                pixel.map(|pixel| &pixel.server),
                choice.mdn,
                given.html,
            ])?;
            let letter = OutboxId(tx.last_insert_rowid());
            for delivery in given.deliveries {
                insert_delivery(tx, letter, given.not_before, delivery)?;
            }
            Ok(letter)
        })
    }

    /// Gives a letter away that is no draft: the answer to a request for a receipt. The
    /// letter it answers is marked so in the same moment, and is not answered twice: then
    /// there is nothing.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn give_answer(&self, given: &GivenAnswer<'_>) -> Result<Option<OutboxId>> {
        self.write_durably(|tx| {
            let mut acting = Acting::begin(tx, "receipt")?;
            let done = FlagChange::flags(Flags::MDN_SENT, Flags::NONE);
            acting.flag(&[given.about], &done)?;
            if acting.end()?.is_none() {
                return Ok(None);
            }
            tx.prepare_cached(
                "INSERT INTO outbox (account_id, raw, message_id, msgid, subject, seed, date,
                 not_before, mdn, html) VALUES (?, ?, ?, ?, ?, x'', ?6, ?6, 0, 0)",
            )?
            .execute(params![
                given.account.0,
                given.bytes,
                given.message_id,
                threads::hash(given.message_id),
                given.subject,
                given.now,
            ])?;
            let letter = OutboxId(tx.last_insert_rowid());
            // From nobody: an answer that cannot be delivered is not reported (RFC 8098, 3).
            let delivery = Delivery {
                sender: String::new(),
                recipients: vec![given.recipient.to_owned()],
                people: vec![Address { name: None, addr: given.recipient.to_owned() }],
                token: None,
                envelope_id: String::new(),
                smtputf8: given.smtputf8,
            };
            insert_delivery(tx, letter, given.now, &delivery)?;
            Ok(Some(letter))
        })
    }

    /// Takes a letter back: it is a draft again. Where some of its recipients have it
    /// already, the draft goes to the others, and what is known of the letter is kept. Of
    /// whom it is not known whether they have it is among those others: the user decides.
    ///
    /// # Errors
    /// [`OutboxError::TooLate`] while it is being handed over, or when all have it.
    pub fn take_back(&self, id: OutboxId) -> Result<DraftId> {
        self.write_durably(|tx| {
            let letter = out_letter(tx, id)?;
            let draft = letter.draft.ok_or(OutboxError::TooLate(id))?;
            let going = letter.recipients.iter().any(|r| r.state == Delivered::Sending);
            if going || is_trying(tx, id)? {
                return Err(OutboxError::TooLate(id).into());
            }
            let has = |state: Delivered| state == Delivered::Sent;
            let may_have = |state| matches!(state, Delivered::Sent | Delivered::Unknown);
            if letter.recipients.iter().any(|r| may_have(r.state)) {
                let taken: Vec<&str> = letter
                    .recipients
                    .iter()
                    .filter(|r| has(r.state))
                    .map(|r| r.address.addr.as_str())
                    .collect();
                drafts::readdress(tx, draft, |addr| {
                    !taken.iter().any(|taken| taken.eq_ignore_ascii_case(addr))
                })?;
                // What was sent stays, with what is known of it.
                let word = Word::hindered(Hindrance::Cancelled, "taken back");
                for recipient in letter.recipients.iter().filter(|r| !r.state.is_settled()) {
                    set_recipient(tx, recipient.id, Delivered::Failed, Some(&word))?;
                }
                tx.prepare_cached("UPDATE delivery SET next_attempt = NULL WHERE outbox_id = ?")?
                    .execute([id.0])?;
                tx.prepare_cached("UPDATE outbox SET draft_id = NULL WHERE id = ?")?
                    .execute([id.0])?;
            } else {
                tx.prepare_cached("DELETE FROM outbox WHERE id = ?")?.execute([id.0])?;
            }
            tx.prepare_cached("UPDATE draft SET queued = 0 WHERE id = ?")?.execute([draft.0])?;
            Ok(draft)
        })
    }

    /// Tries a letter again, now: for those it waits for, those a server refused, and
    /// those of whom it is not known whether they got it.
    ///
    /// # Errors
    /// [`OutboxError::Nothing`] when everybody has it.
    pub fn try_again(&self, id: OutboxId, now: i64) -> Result<()> {
        self.write_durably(|tx| {
            out_letter(tx, id)?;
            let left = "state IN ('queued', 'retry', 'failed', 'unknown')";
            let some: bool = tx
                .prepare_cached(&format!(
                    "SELECT 1 FROM recipient WHERE {left} AND delivery_id IN
                     (SELECT id FROM delivery WHERE outbox_id = ?)"
                ))?
                .exists([id.0])?;
            let is_built: bool = tx
                .prepare_cached(
                    "SELECT 1 FROM outbox WHERE id = ?
                     AND (draft_id IS NOT NULL OR raw IS NOT NULL)",
                )?
                .exists([id.0])?;
            if !some || !is_built {
                return Err(OutboxError::Nothing(id).into());
            }
            // Five days of tries begin again.
            tx.prepare_cached("UPDATE outbox SET not_before = ? WHERE id = ?")?
                .execute([now, id.0])?;
            tx.prepare_cached(&format!(
                "UPDATE delivery SET next_attempt = ?2, attempts = 0 WHERE outbox_id = ?1
                 AND state = 'idle' AND EXISTS
                 (SELECT 1 FROM recipient WHERE delivery_id = delivery.id AND {left})"
            ))?
            .execute(params![id.0, now])?;
            // Whoever fetches next does so after the new departure, or before it.
            tx.prepare_cached(&format!(
                "UPDATE receipt SET departed = NULL WHERE recipient_id IN
                 (SELECT id FROM recipient WHERE {left} AND delivery_id IN
                  (SELECT id FROM delivery WHERE outbox_id = ? AND state = 'idle'))"
            ))?
            .execute([id.0])?;
            tx.prepare_cached(&format!(
                "UPDATE recipient SET state = 'queued' WHERE {left} AND delivery_id IN
                 (SELECT id FROM delivery WHERE outbox_id = ? AND state = 'idle')"
            ))?
            .execute([id.0])?;
            Ok(())
        })
    }

    /// Leaves a letter as it is: those of whom it is not known whether they got it are
    /// taken to have it, the others are given up. `copy`: the user's own, for Sent, where
    /// somebody may have it and there is none yet.
    ///
    /// # Errors
    /// [`OutboxError::TooLate`] while it is being handed over; else when the store cannot
    /// be written.
    pub fn leave_it(&self, id: OutboxId, copy: Option<&Incoming>, now: i64) -> Result<Settled> {
        self.write_durably(|tx| {
            let letter = out_letter(tx, id)?;
            if is_trying(tx, id)? {
                return Err(OutboxError::TooLate(id).into());
            }
            // Given up, not come back: nobody was handed anything.
            let word = Word::hindered(Hindrance::Cancelled, "given up");
            let waits = |state| matches!(state, Delivered::Queued | Delivered::Retry);
            for recipient in letter.recipients.iter().filter(|r| waits(r.state)) {
                set_recipient(tx, recipient.id, Delivered::Failed, Some(&word))?;
            }
            tx.prepare_cached("UPDATE delivery SET next_attempt = NULL WHERE outbox_id = ?")?
                .execute([id.0])?;
            let mut acting = Acting::begin(tx, "sent")?;
            if letter.recipients.iter().any(|r| r.state == Delivered::Unknown) {
                attempt::file_copy(&mut acting, id, copy, None, now)?;
            }
            close(&mut acting, id)?;
            Settled::of(acting)
        })
    }
}

fn insert_delivery(
    tx: &Transaction<'_>,
    letter: OutboxId,
    not_before: i64,
    delivery: &Delivery,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO delivery (outbox_id, sender, envelope_id, token, smtputf8, next_attempt)
         VALUES (?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        letter.0,
        delivery.sender,
        delivery.envelope_id,
        delivery.token,
        delivery.smtputf8,
        not_before,
    ])?;
    let id = tx.last_insert_rowid();
    for (address, person) in delivery.recipients.iter().zip(&delivery.people) {
        let shown = serde_json::to_string(person).unwrap_or_default();
        tx.prepare_cached("INSERT INTO recipient (delivery_id, address, shown) VALUES (?, ?, ?)")?
            .execute(params![id, address, shown])?;
        if let Some(token) = &delivery.token {
            tx.prepare_cached("INSERT INTO receipt (recipient_id, hash) VALUES (?, ?)")?
                .execute(params![tx.last_insert_rowid(), Sha256::digest(token).as_slice()])?;
        }
    }
    Ok(())
}

fn is_trying(conn: &Connection, id: OutboxId) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT 1 FROM delivery WHERE outbox_id = ? AND state <> 'idle'")?
        .exists([id.0])?)
}

fn set_recipient(
    tx: &Transaction<'_>,
    id: RecipientId,
    state: Delivered,
    word: Option<&Word>,
) -> Result<()> {
    let said = word.and_then(|word| serde_json::to_string(word).ok());
    // What the user did is no news to them.
    let theirs = word.is_some_and(|word| word.why == Some(Hindrance::Cancelled));
    let is_news = matches!(state, Delivered::Failed | Delivered::Unknown) && !theirs;
    tx.prepare_cached(
        "UPDATE recipient SET state = ?, said = coalesce(?, said), at = unixepoch(), told = ?
         WHERE id = ?",
    )?
    .execute(params![state.word(), said, !is_news, id.0])?;
    Ok(())
}

/// A letter of which nothing is left to do: its draft goes, and with it what tokens could
/// be worked out of; the letter it answered is marked so.
fn close(acting: &mut Acting<'_>, id: OutboxId) -> Result<()> {
    let tx = acting.tx;
    let draft: Option<i64> = tx
        .prepare_cached("SELECT draft_id FROM outbox WHERE id = ?")?
        .query_row([id.0], |row| row.get(0))?;
    let may_have = |state| matches!(state, Delivered::Sent | Delivered::Unknown);
    let somebody = out_letter(tx, id)?.recipients.iter().any(|r| may_have(r.state));
    if let Some(draft) = draft.map(DraftId) {
        let answered: Option<(i64, u32)> = tx
            .prepare_cached(
                "SELECT answers, answers_flag FROM draft WHERE id = ? AND answers IS NOT NULL",
            )?
            .query_row([draft.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .filter(|_| somebody);
        if let Some((letter, flags)) = answered {
            let change = FlagChange::flags(Flags::from_bits(flags), Flags::NONE);
            acting.flag(&[LetterId(letter)], &change)?;
        }
        drafts::discard(acting, draft)?;
    }
    tx.prepare_cached("UPDATE outbox SET draft_id = NULL, raw = NULL, seed = x'' WHERE id = ?")?
        .execute([id.0])?;
    tx.prepare_cached("UPDATE delivery SET token = NULL WHERE outbox_id = ?")?.execute([id.0])?;
    Ok(())
}
