//! The outbox, read: what is known of letters given away.

use super::{OutboxError, reports};
use crate::model::{
    AccountId, Address, Delivered, DraftId, LetterId, OutLetter, OutRecipient, OutboxId,
    RecipientId, Seal, Word,
};
use crate::store::error::Result;
use crate::store::pool::Store;
use rusqlite::{Connection, OptionalExtension, Row};

impl Store {
    /// Letters given away, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn outbox(&self, limit: u32) -> Result<Vec<OutLetter>> {
        self.read(|conn| letters(conn, "1 ORDER BY id DESC LIMIT ?", [limit]))
    }

    /// Letters that are not sent, or not to all: what the outbox shows, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn waiting_outbox(&self) -> Result<Vec<OutLetter>> {
        self.read(|conn| {
            letters(conn, "draft_id IS NOT NULL OR raw IS NOT NULL ORDER BY id DESC", [])
        })
    }

    /// A letter that was given away.
    ///
    /// # Errors
    /// [`OutboxError::NoLetter`], or when the store cannot be read.
    pub fn out_letter(&self, id: OutboxId) -> Result<OutLetter> {
        self.read(|conn| out_letter(conn, id))
    }

    /// The address that a letter was sent from: where it comes back to.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sent_from(&self, id: OutboxId) -> Result<String> {
        self.read(|conn| {
            let found = conn
                .prepare_cached("SELECT sender FROM delivery WHERE outbox_id = ? LIMIT 1")?
                .query_row([id.0], |row| row.get(0))
                .optional()?;
            Ok(found.unwrap_or_default())
        })
    }

    /// What was sent of which this letter is the user's own copy, or has its Message-ID.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sent_as(&self, letter: LetterId) -> Result<Option<OutLetter>> {
        self.read(|conn| {
            let found: Option<i64> = conn
                .prepare_cached(
                    "SELECT o.id FROM outbox o WHERE o.copy_id = ?1
                     UNION ALL SELECT o.id FROM place p JOIN mail m ON m.id = p.mail_id
                     JOIN outbox o ON o.msgid = m.msgid WHERE p.id = ?1 LIMIT 1",
                )?
                .query_row([letter.0], |row| row.get(0))
                .optional()?;
            found.map(|id| out_letter(conn, OutboxId(id))).transpose()
        })
    }

    /// The conversation with the server about a letter: when, in seconds since 1970, and
    /// what was said. Secrets are blanked.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn out_lines(&self, id: OutboxId) -> Result<Vec<(i64, String)>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT at, line FROM outbox_line WHERE outbox_id = ? ORDER BY seq",
            )?;
            let rows = statement.query_map([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What a letter of the outbox is built of, while it can be built.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn built_of(&self, id: OutboxId) -> Result<Option<(DraftId, Seal)>> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT draft_id, seed, date FROM outbox WHERE id = ? AND draft_id IS NOT NULL",
                )?
                .query_row([id.0], |row| {
                    let seal = Seal { seed: row.get(1)?, date: row.get(2)? };
                    Ok((DraftId(row.get(0)?), seal))
                })
                .optional()?)
        })
    }

    /// How many letters of an account are not sent, or not to all.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn unsent(&self, account: AccountId) -> Result<usize> {
        Ok(self.waiting_outbox()?.iter().filter(|letter| letter.account == account).count())
    }

    /// Addresses that letters came back from, the latest first: those a server does not
    /// know, not those whose mailbox was full for a day.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn bounced_addresses(&self) -> Result<Vec<String>> {
        self.read(reports::bounced)
    }

    /// Addresses the user has written to that begin with something, or whose name holds it;
    /// the latest first. Those that bounced are left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn addresses_like(&self, text: &str, limit: usize) -> Result<Vec<Address>> {
        let wanted = text.trim().to_lowercase();
        self.read(|conn| {
            let bounced = reports::bounced(conn)?;
            let mut statement = conn.prepare_cached(
                "SELECT shown, max(id) AS latest FROM recipient GROUP BY address
                 ORDER BY latest DESC LIMIT 5000",
            )?;
            let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
            let mut found: Vec<Address> = Vec::new();
            for row in rows {
                let Ok(address) = serde_json::from_str::<Address>(&row?) else { continue };
                let name = address.name.as_deref().unwrap_or("").to_lowercase();
                let fits =
                    address.addr.to_lowercase().starts_with(&wanted) || name.contains(&wanted);
                let known = |list: &[String]| {
                    list.iter().any(|known| known.eq_ignore_ascii_case(&address.addr))
                };
                if fits && !known(&bounced) {
                    found.push(address);
                }
                if found.len() >= limit {
                    break;
                }
            }
            Ok(found)
        })
    }
}

pub(super) fn out_letter(conn: &Connection, id: OutboxId) -> Result<OutLetter> {
    let found = letters(conn, "id = ?", [id.0])?;
    Ok(found.into_iter().next().ok_or(OutboxError::NoLetter(id))?)
}

fn letters(
    conn: &Connection,
    condition: &str,
    with: impl rusqlite::Params,
) -> Result<Vec<OutLetter>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT id, account_id, message_id, subject, queued, not_before, sent, draft_id, copy_id,
         pixel, mdn FROM outbox WHERE {condition}"
    ))?;
    let rows = statement.query_map(with, |row| {
        Ok(OutLetter {
            id: OutboxId(row.get(0)?),
            account: AccountId(row.get(1)?),
            message_id: row.get(2)?,
            subject: row.get(3)?,
            state: Delivered::Queued,
            attempts: 0,
            next_attempt: None,
            word: None,
            queued: row.get(4)?,
            not_before: row.get(5)?,
            sent: row.get(6)?,
            draft: row.get::<_, Option<i64>>(7)?.map(DraftId),
            copy: row.get::<_, Option<i64>>(8)?.map(LetterId),
            pixel: row.get(9)?,
            mdn: row.get(10)?,
            recipients: Vec::new(),
        })
    })?;
    let mut found = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    for letter in &mut found {
        fill(conn, letter)?;
    }
    Ok(found)
}

/// What is known of a letter's transactions and recipients.
fn fill(conn: &Connection, letter: &mut OutLetter) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT attempts, next_attempt, said, state FROM delivery WHERE outbox_id = ? ORDER BY id",
    )?;
    let mut rows = statement.query([letter.id.0])?;
    let mut under_way = false;
    while let Some(row) = rows.next()? {
        letter.attempts = letter.attempts.max(row.get(0)?);
        let next: Option<i64> = row.get(1)?;
        letter.next_attempt = [letter.next_attempt, next].into_iter().flatten().min();
        if let Some(word) = word(row, 2)? {
            letter.word = Some(word);
        }
        under_way |= row.get::<_, String>(3)? != "idle";
    }
    let mut statement = conn.prepare_cached(
        "SELECT r.id, r.shown, r.address, r.state, r.said, r.at FROM recipient r
         JOIN delivery d ON d.id = r.delivery_id WHERE d.outbox_id = ? ORDER BY r.id",
    )?;
    let rows = statement.query_map([letter.id.0], |row| {
        let shown = serde_json::from_str(row.get_ref(1)?.as_str()?);
        Ok(OutRecipient {
            id: RecipientId(row.get(0)?),
            address: match shown {
                Ok(address) => address,
                Err(_) => Address { name: None, addr: row.get(2)? },
            },
            state: state(row, 3)?,
            word: word(row, 4)?,
            at: row.get(5)?,
        })
    })?;
    letter.recipients = rows.collect::<rusqlite::Result<_>>()?;
    let mut states: Vec<Delivered> = letter.recipients.iter().map(|r| r.state).collect();
    if under_way {
        states.push(Delivered::Sending);
    }
    letter.state = Delivered::together(states);
    Ok(())
}

fn state(row: &Row<'_>, column: usize) -> rusqlite::Result<Delivered> {
    // The table allows no other words.
    Ok(Delivered::of(row.get_ref(column)?.as_str()?).unwrap_or(Delivered::Unknown))
}

fn word(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Word>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
