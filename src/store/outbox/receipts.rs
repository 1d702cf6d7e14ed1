//! Receipts asked for by a picture: what the receipt server was told of them, what it told,
//! and what all that is known of a letter's recipients amounts to.
//!
//! What the server tells is written with the place to go on from, in one transaction: no
//! crash makes a fetch be missed or counted twice. The server is not believed more than it
//! needs to be: what it says of tokens that are not ours is passed over, and counts only
//! grow.

use crate::model::{
    Delivered, Evidence, Fetcher, FetcherKind, Hindrance, OutboxId, ReceiptEvent, RecipientId,
    Reported, Standing, TokenHash, Word, standing,
};
use crate::store::error::Result;
use crate::store::pool::Store;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::{BTreeMap, BTreeSet};

/// Where the receipt server is gone on from.
const CURSOR: &str = "receipts.cursor";
/// Kinds and services of fetchers kept for a recipient.
const LINES: i64 = 32;
/// Characters of a service's name.
const SERVICE: usize = 60;

/// What is known of a letter and one of its recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// The letter.
    pub letter: OutboxId,
    /// Its Message-ID without brackets.
    pub message_id: String,
    /// Its subject.
    pub subject: String,
    /// When the server that sends took it for this recipient, in seconds since 1970.
    pub sent: Option<i64>,
    /// The recipient.
    pub recipient: RecipientId,
    /// Their address.
    pub address: String,
    /// What is known.
    pub standing: Standing,
}

/// What there is to ask the receipt server for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Pictures it knows and has not forgotten yet.
    pub pictures: u64,
    /// When the latest of their letters went, in seconds since 1970; absent while none has.
    pub latest: Option<i64>,
}

impl Store {
    /// Whether anything may still be fetched.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open_receipts(&self, now: i64) -> Result<Open> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT count(*), max(CASE WHEN r.state = 'sent' THEN r.at END)
                     FROM receipt c JOIN recipient r ON r.id = c.recipient_id
                     WHERE c.registered IS NOT NULL AND c.expires > ?",
                )?
                .query_row([now], |row| {
                    Ok(Open { pictures: row.get::<_, i64>(0)?.unsigned_abs(), latest: row.get(1)? })
                })?)
        })
    }

    /// Pictures whose letters have gone, which the receipt server at this address has not
    /// been told yet; and when they went, in seconds since 1970.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn untold_departures(&self, server: &str, now: i64) -> Result<Vec<(TokenHash, i64)>> {
        self.read(|conn| {
            let mut select = conn.prepare_cached(
                "SELECT c.hash, coalesce(r.at, o.sent)
                 FROM receipt c JOIN recipient r ON r.id = c.recipient_id
                 JOIN delivery d ON d.id = r.delivery_id JOIN outbox o ON o.id = d.outbox_id
                 WHERE c.registered IS NOT NULL AND c.departed IS NULL AND c.expires > ?
                 AND r.state IN ('sent', 'unknown') AND o.pixel = ?
                 AND coalesce(r.at, o.sent) IS NOT NULL ORDER BY c.recipient_id",
            )?;
            let rows = select
                .query_map(params![now, server], |row| Ok((TokenHash(row.get(0)?), row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The receipt server was told when these went, and knows them until then, in seconds
    /// since 1970.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn departures_told(&self, told: &[(TokenHash, i64)], expires: i64) -> Result<()> {
        self.write(|tx| {
            for (hash, sent) in told {
                tx.prepare_cached("UPDATE receipt SET departed = ?, expires = ? WHERE hash = ?")?
                    .execute(params![sent, expires, hash.0])?;
            }
            Ok(())
        })
    }

    /// Where to go on asking the receipt server.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn receipts_cursor(&self) -> Result<Option<String>> {
        self.setting(CURSOR)
    }

    /// Begins anew: the next answer is of another server, or another key.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn forget_receipts_cursor(&self) -> Result<()> {
        self.set_setting(CURSOR, None)
    }

    /// Writes down what the receipt server told, and where to go on. Returns the letters of
    /// which more is known now.
    ///
    /// # Errors
    /// When the store cannot be written: then it is asked again from the same place.
    pub fn receive_receipts(
        &self,
        events: &[ReceiptEvent],
        next: &str,
    ) -> Result<BTreeSet<OutboxId>> {
        self.write(|tx| {
            let mut changed = BTreeSet::new();
            for event in events {
                if let Some(letter) = receive(tx, event)? {
                    changed.insert(letter);
                }
            }
            tx.prepare_cached("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)")?
                .execute([CURSOR, next])?;
            Ok(changed)
        })
    }

    /// What is known of everybody a letter was given away for: those it went to, may have
    /// gone to, or came back from. The newest letters first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn receipts(&self, limit: u32) -> Result<Vec<ReceiptRow>> {
        self.read(|conn| {
            let newest = "SELECT id FROM outbox ORDER BY queued DESC, id DESC LIMIT ?";
            rows(conn, &format!("o.id IN ({newest})"), limit.into())
        })
    }

    /// The same of one letter.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn receipts_of(&self, letter: OutboxId) -> Result<Vec<ReceiptRow>> {
        self.read(|conn| rows(conn, "o.id = ?", letter.0))
    }
}

fn kind(name: &str) -> FetcherKind {
    FetcherKind::named(name).unwrap_or(FetcherKind::Unknown)
}

/// Writes one event down; the letter, if more is known of it now.
fn receive(tx: &Connection, event: &ReceiptEvent) -> Result<Option<OutboxId>> {
    let found: Option<(i64, i64)> = tx
        .prepare_cached(
            "SELECT c.recipient_id, d.outbox_id FROM receipt c
             JOIN recipient r ON r.id = c.recipient_id JOIN delivery d ON d.id = r.delivery_id
             WHERE c.hash = ?",
        )?
        .query_row([event.hash.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((recipient, letter)) = found else { return Ok(None) };
    let service: String = event
        .service
        .as_deref()
        .unwrap_or_default()
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(SERVICE)
        .collect();
    let count = i64::try_from(event.count.min(1 << 40)).unwrap_or(0);
    if count == 0 {
        return Ok(None);
    }
    let many: i64 = tx
        .prepare_cached(
            "SELECT count(*) FROM receipt_fetch WHERE recipient_id = ?
             AND NOT (kind = ? AND service = ?)",
        )?
        .query_row(params![recipient, event.kind.name(), service], |row| row.get(0))?;
    if many >= LINES {
        return Ok(None);
    }
    let written = tx
        .prepare_cached(
            "INSERT INTO receipt_fetch (recipient_id, kind, service, first, last, count)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (recipient_id, kind, service) DO UPDATE SET
                first = min(first, excluded.first), last = max(last, excluded.last),
                count = max(count, excluded.count)
             WHERE excluded.count > count OR excluded.first < first",
        )?
        .execute(params![
            recipient,
            event.kind.name(),
            service,
            event.first,
            event.last.max(event.first),
            count
        ])?;
    Ok((written > 0).then_some(OutboxId(letter)))
}

fn rows(conn: &Connection, condition: &str, with: i64) -> Result<Vec<ReceiptRow>> {
    let mut evidence: BTreeMap<i64, Evidence> = BTreeMap::new();
    let mut found: Vec<ReceiptRow> = Vec::new();
    let joined = "FROM recipient r JOIN delivery d ON d.id = r.delivery_id
         JOIN outbox o ON o.id = d.outbox_id";
    let mut select = conn.prepare_cached(&format!(
        "SELECT o.id, o.message_id, o.subject, r.id, r.address, r.state, r.said, r.at, o.mdn,
         EXISTS (SELECT 1 FROM receipt c WHERE c.recipient_id = r.id AND registered IS NOT NULL)
         {joined} WHERE {condition} AND r.state IN ('sent', 'unknown', 'failed')
         ORDER BY o.queued DESC, o.id DESC, r.id"
    ))?;
    let mut rows = select.query([with])?;
    while let Some(row) = rows.next()? {
        let state: String = row.get(5)?;
        let state = Delivered::of(&state).unwrap_or(Delivered::Unknown);
        let said: Option<String> = row.get(6)?;
        let word: Option<Word> = said.and_then(|said| serde_json::from_str(&said).ok());
        let why = word.and_then(|word| word.why);
        let at: Option<i64> = row.get(7)?;
        let mut known = Evidence { mdn: row.get(8)?, pixel: row.get(9)?, ..Evidence::default() };
        if state == Delivered::Failed {
            // It came back only where a server said so; what the user gave up, or what never
            // left here, is no evidence of anything.
            if !matches!(why, Some(Hindrance::Refused | Hindrance::GaveUp)) {
                continue;
            }
            known.reports.push((Reported::Failed, at.unwrap_or_default()));
        }
        let recipient: i64 = row.get(3)?;
        evidence.insert(recipient, known);
        found.push(ReceiptRow {
            letter: OutboxId(row.get(0)?),
            message_id: row.get(1)?,
            subject: row.get(2)?,
            sent: at.filter(|_| state == Delivered::Sent),
            recipient: RecipientId(recipient),
            address: row.get(4)?,
            standing: standing(&Evidence::default()),
        });
    }
    let mut reports = conn.prepare_cached(&format!(
        "SELECT p.recipient_id, p.state, p.at FROM report p JOIN recipient r
         ON r.id = p.recipient_id JOIN delivery d ON d.id = r.delivery_id
         JOIN outbox o ON o.id = d.outbox_id WHERE {condition}"
    ))?;
    let mut rows = reports.query([with])?;
    while let Some(row) = rows.next()? {
        let (of, state): (_, String) = (evidence.get_mut(&row.get(0)?), row.get(1)?);
        if let (Some(of), Some(what)) = (of, Reported::named(&state)) {
            of.reports.push((what, row.get(2)?));
        }
    }
    let mut fetches = conn.prepare_cached(&format!(
        "SELECT f.recipient_id, f.kind, f.service, f.first, f.count FROM receipt_fetch f
         JOIN recipient r ON r.id = f.recipient_id JOIN delivery d ON d.id = r.delivery_id
         JOIN outbox o ON o.id = d.outbox_id WHERE {condition}"
    ))?;
    let mut rows = fetches.query([with])?;
    while let Some(row) = rows.next()? {
        let Some(of) = evidence.get_mut(&row.get(0)?) else { continue };
        let (name, service): (String, String) = (row.get(1)?, row.get(2)?);
        of.fetchers.push(Fetcher {
            kind: kind(&name),
            service: (!service.is_empty()).then_some(service),
            first: row.get(3)?,
            count: row.get::<_, i64>(4)?.unsigned_abs(),
        });
    }
    for row in &mut found {
        if let Some(evidence) = evidence.get(&row.recipient.0) {
            row.standing = standing(evidence);
        }
    }
    Ok(found)
}
