//! What others say became of a letter: delivery reports, bounces and answers (RFC 3464,
//! 8098), tied to the letter and the recipient they name when they arrive, in the
//! transaction that brings them in.
//!
//! A report is a claim: it is tied only where it names a letter that was sent from here
//! and somebody it was sent to.

use crate::mime::Letter;
use crate::mime::report::{self, Form, Outcome, Reason, Report, State};
use crate::model::{LetterId, MailId, OutboxId, RecipientId};
use crate::store::error::Result;
use crate::store::pool::Store;
use rusqlite::{Connection, Transaction, params};

/// Reports of one recipient that are kept.
const MAX_REPORTS: i64 = 100;

/// What an arriving letter claims.
pub(in crate::store) type Claim = Option<Box<Report>>;

/// What a letter claims, if it is a report.
pub(in crate::store) fn claim(letter: &Letter<'_>) -> Claim {
    report::read(letter).map(Box::new)
}

/// What a report says of a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// Of whom.
    pub recipient: RecipientId,
    /// How it is written.
    pub form: Form,
    /// What it says.
    pub state: State,
    /// Why, for what failed or waits.
    pub reason: Option<Reason>,
    /// The enhanced status code (RFC 3463).
    pub status: Option<String>,
    /// The server's words.
    pub said: String,
    /// When it was written, in seconds since 1970.
    pub at: i64,
    /// The letter that says it, where it still lies somewhere.
    pub letter: Option<LetterId>,
}

/// Writes down what an arrived letter claims, where it speaks of a letter sent from here.
pub(in crate::store) fn meet(
    tx: &Transaction<'_>,
    mail: MailId,
    claim: &Claim,
    at: i64,
) -> Result<()> {
    let Some(report) = claim else { return Ok(()) };
    for outcome in &report.outcomes {
        let Some((recipient, sure)) = recipient_of(tx, report, outcome)? else { continue };
        let many: i64 = tx
            .prepare_cached("SELECT count(*) FROM report WHERE recipient_id = ?")?
            .query_row([recipient], |row| row.get(0))?;
        if many >= MAX_REPORTS {
            continue;
        }
        tx.prepare_cached(
            "INSERT OR IGNORE INTO report (recipient_id, mail_id, form, state, reason, status,
             said, sure, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            recipient,
            mail.0,
            report.form.word(),
            outcome.state.name(),
            outcome.reason.map(Reason::word),
            outcome.status,
            outcome.said,
            sure,
            at,
        ])?;
    }
    Ok(())
}

/// Whom an outcome is of: somebody the letter it names was sent to; and whether none of the
/// others could have made it up: all know the Message-ID, only servers the envelope's.
fn recipient_of(
    conn: &Connection,
    report: &Report,
    outcome: &Outcome,
) -> Result<Option<(i64, bool)>> {
    let by_envelope = "SELECT r.id, r.address FROM recipient r
         JOIN delivery d ON d.id = r.delivery_id WHERE d.envelope_id = ?";
    let by_message_id = "SELECT r.id, r.address FROM recipient r
         JOIN delivery d ON d.id = r.delivery_id JOIN outbox o ON o.id = d.outbox_id
         WHERE o.message_id = ?";
    let named = [(by_envelope, &report.envelope_id), (by_message_id, &report.message_id)];
    for (by_envelope, (sql, key)) in [true, false].into_iter().zip(named) {
        let Some(key) = key.as_ref().filter(|key| !key.is_empty()) else { continue };
        let mut statement = conn.prepare_cached(sql)?;
        let rows = statement
            .query_map([key], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
        let people = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        let is = |address: &str| {
            address.eq_ignore_ascii_case(&outcome.recipient)
                || outcome.ended_at.as_deref().is_some_and(|end| end.eq_ignore_ascii_case(address))
        };
        if let Some((id, _)) = people.iter().find(|(_, address)| is(address)) {
            return Ok(Some((*id, by_envelope || people.len() == 1)));
        }
        // Handed on to an address nobody here knows: it can be one person only.
        if let [(id, _)] = people.as_slice() {
            return Ok(Some((*id, true)));
        }
    }
    Ok(None)
}

impl Store {
    /// What is said of the recipients of a letter, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn reports(&self, letter: OutboxId) -> Result<Vec<ReportRow>> {
        self.read(|conn| rows(conn, letter))
    }
}

fn rows(conn: &Connection, letter: OutboxId) -> Result<Vec<ReportRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT p.recipient_id, p.form, p.state, p.reason, p.status, p.said, p.at,
         (SELECT min(id) FROM place WHERE mail_id = p.mail_id)
         FROM report p JOIN recipient r ON r.id = p.recipient_id
         JOIN delivery d ON d.id = r.delivery_id WHERE d.outbox_id = ? ORDER BY p.at, p.id",
    )?;
    let mut rows = statement.query([letter.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (form, state): (String, String) = (row.get(1)?, row.get(2)?);
        // What a newer program wrote and this one does not know is not shown.
        let (Some(form), Some(state)) = (Form::of(&form), State::named(&state)) else { continue };
        let reason: Option<String> = row.get(3)?;
        found.push(ReportRow {
            recipient: RecipientId(row.get(0)?),
            form,
            state,
            reason: reason.as_deref().and_then(Reason::of),
            status: row.get(4)?,
            said: row.get(5)?,
            at: row.get(6)?,
            letter: row.get::<_, Option<i64>>(7)?.map(LetterId),
        });
    }
    Ok(found)
}

/// See [`Store::bounced_addresses`].
pub(super) fn bounced(conn: &Connection) -> Result<Vec<String>> {
    // A later letter that arrived, or was read, says that the address is good again.
    let mut statement = conn.prepare_cached(
        "SELECT r.address, max(p.at) AS latest FROM report p
         JOIN recipient r ON r.id = p.recipient_id
         WHERE p.sure AND p.state = 'failed' AND p.reason IN ('no-such-user', 'no-such-domain', 'disabled')
         GROUP BY r.address
         HAVING NOT EXISTS (SELECT 1 FROM report q JOIN recipient s ON s.id = q.recipient_id
          WHERE s.address = r.address AND q.at > latest
          AND q.state IN ('delivered', 'displayed'))
         ORDER BY latest DESC LIMIT 10000",
    )?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
