//! A mail's ledger: what it refers to and what was decided of each, as of its last
//! opening.

use super::error::{Result, StoreError};
use super::letters::mail_of;
use super::pool::Store;
use crate::model::{
    Ledger, LedgerEntry, LetterId, MailId, Reason, Reference, Tracker, Verdict, Visible,
};
use rusqlite::{Connection, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// Lines kept of one mail at most.
pub const MAX_LINES: usize = 20_000;
/// Bytes kept of an address. Longer ones are never fetched.
pub(super) const MAX_ADDRESS: usize = 8 * 1024;
/// Bytes kept of a picture's other text, of an element's name, of a service's.
const MAX_WORDS: usize = 1024;

const COLUMNS: &str = "url, element, visible, after_html, width, height, alt, part, verdict, \
                       reason, tracker, service";

impl Store {
    /// Keeps the ledger of a letter in place of the one from its last opening. Of a
    /// monstrous one the first [`MAX_LINES`] lines.
    ///
    /// # Errors
    /// When the letter is not there, or the store cannot be written.
    pub fn record_ledger(&self, letter: LetterId, ledger: &Ledger) -> Result<()> {
        let lines: Vec<LedgerEntry> = ledger.entries.iter().take(MAX_LINES).map(kept).collect();
        // Most openings find what the last one found. What cannot be read is replaced.
        if self.ledger(letter).is_ok_and(|before| before.entries == lines) {
            return Ok(());
        }
        self.write(|tx| {
            let mail = mail_of(tx, letter)?;
            tx.prepare_cached("DELETE FROM ledger WHERE mail_id = ?")?.execute([mail.0])?;
            let mut insert = tx.prepare_cached(&format!(
                "INSERT INTO ledger (mail_id, ordinal, {COLUMNS})
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            ))?;
            for (ordinal, line) in lines.iter().enumerate() {
                let LedgerEntry { reference: r, verdict, tracker } = line;
                let (verdict, reason) = match verdict {
                    Verdict::Allow(reason) => ("allow", reason),
                    Verdict::Refuse(reason) => ("refuse", reason),
                };
                insert.execute(params![
                    mail.0,
                    ordinal as i64,
                    r.url,
                    r.element,
                    r.visible.known(),
                    r.after_html,
                    r.size.0,
                    r.size.1,
                    r.alt,
                    r.part as i64,
                    verdict,
                    word(reason)?,
                    tracker.as_ref().map(|t| word(&t.kind)).transpose()?,
                    tracker.as_ref().and_then(|t| t.service.as_deref()),
                ])?;
            }
            Ok(())
        })
    }

    /// The ledger of a letter's last opening; empty if it was never opened.
    ///
    /// # Errors
    /// When the letter is not there, or the store cannot be read.
    pub fn ledger(&self, letter: LetterId) -> Result<Ledger> {
        self.read(|conn| stored(conn, mail_of(conn, letter)?))
    }
}

fn stored(conn: &Connection, mail: MailId) -> Result<Ledger> {
    let sql = format!("SELECT {COLUMNS} FROM ledger WHERE mail_id = ? ORDER BY ordinal");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([mail.0])?;
    let mut ledger = Ledger::default();
    while let Some(row) = rows.next()? {
        ledger.entries.push(line(row)?);
    }
    Ok(ledger)
}

fn line(row: &Row<'_>) -> Result<LedgerEntry> {
    let reference = Reference {
        url: row.get(0)?,
        element: row.get(1)?,
        visible: match row.get(2)? {
            Some(true) => Visible::Yes,
            Some(false) => Visible::No,
            None => Visible::Unknown,
        },
        after_html: row.get(3)?,
        size: (row.get(4)?, row.get(5)?),
        alt: row.get(6)?,
        part: usize::try_from(row.get::<_, i64>(7)?).unwrap_or_default(),
    };
    let reason: Reason = named(row.get(9)?)?;
    let verdict = match row.get_ref(8)?.as_str().map_err(rusqlite::Error::from)? {
        "allow" => Verdict::Allow(reason),
        _ => Verdict::Refuse(reason),
    };
    let tracker = match row.get(10)? {
        Some(kind) => Some(Tracker { service: row.get(11)?, kind: named(kind)? }),
        None => None,
    };
    Ok(LedgerEntry { reference, verdict, tracker })
}

/// The line as it can be kept.
fn kept(line: &LedgerEntry) -> LedgerEntry {
    let reference = Reference {
        url: shortened(&line.reference.url, MAX_ADDRESS).into_owned(),
        element: shortened(&line.reference.element, MAX_WORDS).into_owned(),
        alt: line.reference.alt.as_deref().map(|alt| shortened(alt, MAX_WORDS).into_owned()),
        // What is no number SQLite keeps as nothing.
        size: (
            line.reference.size.0.filter(|n| n.is_finite()),
            line.reference.size.1.filter(|n| n.is_finite()),
        ),
        ..line.reference.clone()
    };
    LedgerEntry { reference, verdict: line.verdict, tracker: line.tracker.clone() }
}

/// The beginning of a text that is too long, marked as one.
pub(super) fn shortened(text: &str, bytes: usize) -> Cow<'_, str> {
    if text.len() <= bytes {
        return Cow::Borrowed(text);
    }
    let end = text.floor_char_boundary(bytes);
    Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default()))
}

/// The word a kind is written with.
fn word(kind: &impl Serialize) -> Result<String> {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Damaged("a kind without a word".into())),
    }
}

fn named<T: DeserializeOwned>(word: String) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(word))
        .map_err(|error| StoreError::Damaged(format!("a line of a ledger: {error}")))
}
