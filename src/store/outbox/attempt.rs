//! One attempt to hand a letter over, step by step. Each step is on the disk before what
//! follows it happens, so that whatever moment the program dies at, it is known whether a
//! server can have the letter.

use super::{MAX_LINES, close, out_letter, set_recipient};
use crate::model::{
    AccountId, Delivered, DeliveryId, DraftId, Flags, FolderId, Hindrance, OutboxId, RecipientId,
    Role, Seal, Word,
};
use crate::store::error::{Result, StoreError};
use crate::store::intents::Acting;
use crate::store::letters::Incoming;
use crate::store::pool::Store;
use rusqlite::{OptionalExtension, Transaction, params};

/// Seconds until the next attempt where nobody said when.
const UNSURE: i64 = 30 * 60;

/// What an attempt is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Which transaction.
    pub id: DeliveryId,
    /// Of which letter.
    pub letter: OutboxId,
    /// What it is built of; absent where it is sent as it is.
    pub draft: Option<DraftId>,
    /// What is sent as it is.
    pub raw: Option<Vec<u8>>,
    /// With what chance and date.
    pub seal: Seal,
    /// `MAIL FROM`.
    pub sender: String,
    /// `ENVID`; empty for none.
    pub envelope_id: String,
    /// The receipt token in its bytes.
    pub token: Option<String>,
    /// It needs a server that knows SMTPUTF8.
    pub smtputf8: bool,
    /// Recipients who do not have it yet: `RCPT TO`.
    pub recipients: Vec<(RecipientId, String)>,
    /// Which attempt this is, from 1.
    pub number: u32,
    /// When the letter was to go first, in seconds since 1970.
    pub since: i64,
    /// The user's own copy lies in Sent.
    pub has_copy: bool,
    /// The receipt server does not know its picture yet: the SHA-256 of its token, and of
    /// the letter's others that it does not know either.
    pub unregistered: Vec<Vec<u8>>,
    /// The receipt server.
    pub pixel: Option<String>,
}

/// What a server said to one recipient before the letter's bytes.
pub type Said = (RecipientId, Word);

/// How an attempt ended.
#[derive(Debug, Clone, Default)]
pub struct End<'e> {
    /// Of recipients: what came of it. Others are as they were.
    pub recipients: Vec<(RecipientId, Delivered, Word)>,
    /// When those that are left are tried again, in seconds since 1970; half an hour from
    /// now, where nothing else is known.
    pub next: Option<i64>,
    /// No server was reached: the days in which one may put the letter off have not begun.
    pub offline: bool,
    /// What to say of the attempt as a whole.
    pub word: Option<Word>,
    /// The user's own copy, for Sent; made only where some recipient has the letter now,
    /// and there is none yet.
    pub copy: Option<&'e Incoming>,
    /// The server files a copy itself: this one is not given to it before, in seconds
    /// since 1970.
    pub hold: Option<i64>,
    /// The conversation: when, in seconds since 1970, and what was said.
    pub lines: Vec<(i64, String)>,
}

/// What else changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Folders whose rows changed.
    pub folders: Vec<FolderId>,
    /// Accounts whose servers are to be told.
    pub accounts: Vec<AccountId>,
}

impl Settled {
    pub(super) fn of(acting: Acting<'_>) -> Result<Self> {
        Ok(acting.end()?.map_or_else(Self::default, |gesture| Self {
            folders: gesture.folders,
            accounts: gesture.accounts,
        }))
    }
}

impl Store {
    /// Transactions of an account whose time has come, those that wait longest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn due(&self, account: AccountId, now: i64) -> Result<Vec<DeliveryId>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT d.id FROM delivery d JOIN outbox o ON o.id = d.outbox_id
                 WHERE d.next_attempt <= ?2 AND d.state = 'idle' AND o.account_id = ?1
                 ORDER BY d.next_attempt, d.id LIMIT 1000",
            )?;
            let rows =
                statement.query_map(params![account.0, now], |row| row.get(0).map(DeliveryId))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// When the next transaction of an account is due, in seconds since 1970.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn next_due(&self, account: AccountId) -> Result<Option<i64>> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT min(d.next_attempt) FROM delivery d
                     JOIN outbox o ON o.id = d.outbox_id
                     WHERE d.state = 'idle' AND d.next_attempt IS NOT NULL AND o.account_id = ?",
                )?
                .query_row([account.0], |row| row.get(0))?)
        })
    }

    /// Whether something of an account is being handed over, or is due by then for the first
    /// time, in seconds since 1970.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn goes_by(&self, account: AccountId, until: i64) -> Result<bool> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT 1 FROM delivery d JOIN outbox o ON o.id = d.outbox_id
                     WHERE o.account_id = ?1 AND (d.state <> 'idle' OR (d.next_attempt <= ?2
                      AND EXISTS (SELECT 1 FROM recipient r
                       WHERE r.delivery_id = d.id AND r.state = 'queued')))",
                )?
                .exists(params![account.0, until])?)
        })
    }

    /// Begins an attempt; from now on the letter cannot be taken back. Nothing where it is
    /// not due any more.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn begin_attempt(&self, id: DeliveryId, now: i64) -> Result<Option<Attempt>> {
        self.write_durably(|tx| {
            let due: bool = tx
                .prepare_cached(
                    "SELECT 1 FROM delivery WHERE id = ? AND state = 'idle' AND next_attempt <= ?",
                )?
                .exists(params![id.0, now])?;
            if !due {
                return Ok(None);
            }
            let Some(mut attempt) = attempt(tx, id)? else {
                tx.prepare_cached("UPDATE delivery SET next_attempt = NULL WHERE id = ?")?
                    .execute([id.0])?;
                return Ok(None);
            };
            let mut statement = tx.prepare_cached(
                "SELECT id, address FROM recipient WHERE delivery_id = ?
                 AND state IN ('queued', 'retry') ORDER BY id",
            )?;
            let rows =
                statement.query_map([id.0], |row| Ok((RecipientId(row.get(0)?), row.get(1)?)))?;
            attempt.recipients = rows.collect::<rusqlite::Result<_>>()?;
            if !attempt.unregistered.is_empty() {
                let mut statement = tx.prepare_cached(
                    "SELECT c.hash FROM receipt c JOIN recipient r ON r.id = c.recipient_id
                     JOIN delivery d ON d.id = r.delivery_id
                     WHERE d.outbox_id = ? AND c.registered IS NULL",
                )?;
                let rows = statement.query_map([attempt.letter.0], |row| row.get(0))?;
                attempt.unregistered = rows.collect::<rusqlite::Result<_>>()?;
            }
            if attempt.recipients.is_empty() {
                tx.prepare_cached("UPDATE delivery SET next_attempt = NULL WHERE id = ?")?
                    .execute([id.0])?;
                return Ok(None);
            }
            tx.prepare_cached(
                "UPDATE delivery SET state = 'trying', attempts = attempts + 1 WHERE id = ?",
            )?
            .execute([id.0])?;
            Ok(Some(attempt))
        })
    }

    /// The end of the letter is about to be said to the server, for the recipients it
    /// accepted; of the others it is written down what it said. On the disk when this
    /// returns: should nothing follow, it is not known whether those have the letter.
    ///
    /// # Errors
    /// When the store cannot be written: then the end of the letter must not be said.
    pub fn commit_attempt(
        &self,
        id: DeliveryId,
        number: u32,
        accepted: &[RecipientId],
        refused: &[(RecipientId, Delivered, Word)],
    ) -> Result<()> {
        self.write_durably(|tx| {
            // Whoever else may be at it: one of us says the end.
            let mine = tx
                .prepare_cached(
                    "UPDATE delivery SET state = 'committing' WHERE id = ? AND state = 'trying'
                     AND attempts = ?",
                )?
                .execute(params![id.0, number])?;
            if mine == 0 {
                return Err(StoreError::Damaged("another attempt at the same letter".into()));
            }
            for recipient in accepted {
                set_recipient(tx, *recipient, Delivered::Sending, None)?;
            }
            for (recipient, state, word) in refused {
                set_recipient(tx, *recipient, *state, Some(word))?;
            }
            Ok(())
        })
    }

    /// Ends an attempt: what came of it, and the user's own copy, in one transaction, on
    /// the disk when this returns.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn end_attempt(&self, id: DeliveryId, end: &End<'_>, now: i64) -> Result<Settled> {
        self.write_durably(|tx| {
            let letter: i64 = tx
                .prepare_cached("SELECT outbox_id FROM delivery WHERE id = ?")?
                .query_row([id.0], |row| row.get(0))?;
            let letter = OutboxId(letter);
            for (recipient, state, word) in &end.recipients {
                set_recipient(tx, *recipient, *state, Some(word))?;
            }
            let left: bool = tx
                .prepare_cached(
                    "SELECT 1 FROM recipient WHERE delivery_id = ? AND state IN ('queued', 'retry')",
                )?
                .exists([id.0])?;
            tx.prepare_cached(
                "UPDATE delivery SET state = 'idle', next_attempt = ?, said = coalesce(?, said)
                 WHERE id = ?",
            )?
            .execute(params![
                left.then(|| end.next.unwrap_or(now + UNSURE)),
                end.word.as_ref().and_then(|word| serde_json::to_string(word).ok()),
                id.0
            ])?;
            note(tx, letter, &end.lines)?;
            let mut acting = Acting::begin(tx, "sent")?;
            let sent = |(_, state, _): &(RecipientId, Delivered, Word)| *state == Delivered::Sent;
            if end.recipients.iter().any(sent) {
                file_copy(&mut acting, letter, end.copy, end.hold, now)?;
            }
            if end.offline {
                tx.prepare_cached("UPDATE outbox SET not_before = ? WHERE id = ? AND sent IS NULL")?
                    .execute([now, letter.0])?;
            }
            let known = out_letter(tx, letter)?;
            if known.recipients.iter().all(|recipient| recipient.state == Delivered::Sent) {
                close(&mut acting, letter)?;
            }
            Settled::of(acting)
        })
    }

    /// The server of an account cannot be reached, or does not let it in: what is due for it
    /// waits as well, in seconds since 1970. `pictures`: only what waits for the receipt
    /// server does. Each letter trying for itself would look like
    /// an attack.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn put_off_due(
        &self,
        account: AccountId,
        now: i64,
        until: i64,
        pictures: bool,
    ) -> Result<()> {
        self.write(|tx| {
            tx.prepare_cached(
                "UPDATE delivery SET next_attempt = ?3 WHERE next_attempt <= ?2
                 AND state = 'idle'
                 AND outbox_id IN (SELECT id FROM outbox WHERE account_id = ?1)
                 AND (NOT ?4 OR EXISTS (SELECT 1 FROM receipt c
                  JOIN recipient r ON r.id = c.recipient_id
                  WHERE r.delivery_id = delivery.id AND c.registered IS NULL))",
            )?
            .execute(params![account.0, now, until, pictures])?;
            Ok(())
        })
    }

    /// What was being sent for an account when Goyo ended: what the end had not been said
    /// of is tried again; of what it had, nobody knows. How many recipients that is. To be
    /// called when nothing is being sent for it.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn recover_outbox(&self, account: AccountId) -> Result<usize> {
        const STUCK: &str = "SELECT d.id FROM delivery d JOIN outbox o ON o.id = d.outbox_id
             WHERE d.state <> 'idle' AND o.account_id = ?";
        let some = self.read(|conn| Ok(conn.prepare_cached(STUCK)?.exists([account.0])?))?;
        if !some {
            return Ok(0);
        }
        self.write_durably(|tx| {
            let word = Word::hindered(
                Hindrance::Interrupted,
                "Goyo ended before the server said whether it took the letter",
            );
            let word = serde_json::to_string(&word).unwrap_or_default();
            let doubtful = tx.execute(
                &format!(
                    "UPDATE recipient SET state = 'unknown', said = ?2, at = unixepoch(), told = 0
                     WHERE state = 'sending' AND delivery_id IN ({STUCK}1)"
                ),
                params![account.0, word],
            )?;
            let idle = format!("UPDATE delivery SET state = 'idle' WHERE id IN ({STUCK}1)");
            tx.execute(&idle, [account.0])?;
            Ok(doubtful)
        })
    }

    /// The receipt server knows the picture of these tokens (their SHA-256) until then, in
    /// seconds since 1970.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn registered(&self, hashes: &[Vec<u8>], now: i64, expires: i64) -> Result<()> {
        self.write_durably(|tx| {
            for hash in hashes {
                tx.prepare_cached("UPDATE receipt SET registered = ?, expires = ? WHERE hash = ?")?
                    .execute(params![now, expires, hash])?;
            }
            Ok(())
        })
    }
}

/// Everything about an attempt but its recipients.
fn attempt(tx: &Transaction<'_>, id: DeliveryId) -> Result<Option<Attempt>> {
    let found = tx
        .prepare_cached(
            "SELECT o.id, o.draft_id, o.seed, o.date, d.sender, d.envelope_id, d.token,
             d.smtputf8, d.attempts, o.not_before, o.copy_id, o.pixel, o.raw,
             EXISTS (SELECT 1 FROM receipt c JOIN recipient r ON r.id = c.recipient_id
              WHERE r.delivery_id = d.id AND c.registered IS NULL)
             FROM delivery d JOIN outbox o ON o.id = d.outbox_id
             WHERE d.id = ? AND (o.draft_id IS NOT NULL OR o.raw IS NOT NULL)",
        )?
        .query_row([id.0], |row| {
            Ok(Attempt {
                id,
                letter: OutboxId(row.get(0)?),
                draft: row.get::<_, Option<i64>>(1)?.map(DraftId),
                // Of what is sent as it is there is none.
                seal: Seal { seed: row.get(2).unwrap_or_default(), date: row.get(3)? },
                sender: row.get(4)?,
                envelope_id: row.get(5)?,
                token: row.get(6)?,
                smtputf8: row.get(7)?,
                recipients: Vec::new(),
                number: row.get::<_, u32>(8)?.saturating_add(1),
                since: row.get(9)?,
                has_copy: row.get::<_, Option<i64>>(10)?.is_some(),
                pixel: row.get(11)?,
                raw: row.get(12)?,
                unregistered: match row.get(13)? {
                    true => vec![Vec::new()],
                    false => Vec::new(),
                },
            })
        })
        .optional()?;
    Ok(found)
}

/// Puts the user's own copy into Sent, as soon as somebody has the letter.
pub(super) fn file_copy(
    acting: &mut Acting<'_>,
    letter: OutboxId,
    copy: Option<&Incoming>,
    hold: Option<i64>,
    now: i64,
) -> Result<()> {
    let tx = acting.tx;
    tx.prepare_cached("UPDATE outbox SET sent = ? WHERE id = ? AND sent IS NULL")?
        .execute([now, letter.0])?;
    let known = out_letter(tx, letter)?;
    let Some(copy) = copy.filter(|_| known.copy.is_none()) else { return Ok(()) };
    let folder = acting.by_role(known.account, Role::Sent)?;
    let made = acting.append(folder, copy, Flags::SEEN, Some(now))?;
    tx.prepare_cached("UPDATE outbox SET copy_id = ? WHERE id = ?")?.execute([made.0, letter.0])?;
    if let Some(until) = hold {
        tx.prepare_cached(
            "UPDATE intent SET not_before = ? WHERE made_id = ? AND kind = 'append'
             AND state IN ('waiting', 'sent')",
        )?
        .execute([until, made.0])?;
    }
    Ok(())
}

/// Adds to the conversation about a letter.
fn note(tx: &Transaction<'_>, letter: OutboxId, lines: &[(i64, String)]) -> Result<()> {
    let last: i64 = tx
        .prepare_cached("SELECT coalesce(max(seq), 0) FROM outbox_line WHERE outbox_id = ?")?
        .query_row([letter.0], |row| row.get(0))?;
    let mut insert = tx
        .prepare_cached("INSERT INTO outbox_line (outbox_id, seq, at, line) VALUES (?, ?, ?, ?)")?;
    for ((at, line), seq) in lines.iter().zip(last + 1..) {
        insert.execute(params![letter.0, seq, at, line])?;
    }
    // What was said last is what one looks for.
    tx.prepare_cached("DELETE FROM outbox_line WHERE outbox_id = ? AND seq <= ?")?
        .execute([letter.0, last + lines.len() as i64 - MAX_LINES])?;
    Ok(())
}
