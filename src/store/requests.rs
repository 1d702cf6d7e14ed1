//! Requests that leave this computer for a mail.
//!
//! Promise: a request is written down, and on the disk, before it is made. What came
//! of it is added after; a row without that is a request whose end nobody saw.

use super::error::{Result, StoreError};
use super::letters::mail_of;
use super::pool::Store;
use super::records::{MAX_ADDRESS, shortened};
use crate::model::{Answer, LetterId, RequestMade};
use rusqlite::params;

/// A request that was written down and is yet to be finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(i64);

/// Requests shown of a mail, the newest; older ones are kept all the same.
const SHOWN: i64 = 10_000;

impl Store {
    /// Writes down that these addresses are about to be asked for a letter. Once
    /// this returns it survives a crash, of the machine too.
    ///
    /// # Errors
    /// When the letter is not there or the store cannot be written: then nothing
    /// may be asked.
    pub fn begin_requests(&self, letter: LetterId, urls: &[&str]) -> Result<Vec<RequestId>> {
        let mut writer = self.writer();
        // Not only in the log of a system that may fail: on the disk.
        writer.execute_batch("PRAGMA synchronous = FULL")?;
        let written = (|| -> Result<Vec<RequestId>> {
            let tx = writer.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let mail = mail_of(&tx, letter)?;
            let mut ids = Vec::with_capacity(urls.len());
            {
                let mut insert =
                    tx.prepare_cached("INSERT INTO request (mail_id, url) VALUES (?, ?)")?;
                for url in urls {
                    let id = insert.insert(params![mail.0, shortened(url, MAX_ADDRESS)])?;
                    ids.push(RequestId(id));
                }
            }
            tx.commit()?;
            Ok(ids)
        })();
        writer.execute_batch("PRAGMA synchronous = NORMAL")?;
        written
    }

    /// Adds what came of a request. One whose letter has been removed meanwhile is
    /// passed over.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn finish_request(&self, id: RequestId, made: &RequestMade) -> Result<()> {
        let answer = match &made.answer {
            Answer::Unknown => None,
            answer => Some(serde_json::to_string(answer).map_err(|error| {
                StoreError::Damaged(format!("the answer to a request: {error}"))
            })?),
        };
        let bytes = i64::try_from(made.bytes).unwrap_or(i64::MAX);
        self.write(|tx| {
            tx.prepare_cached("UPDATE request SET at = ?, bytes = ?, answer = ? WHERE id = ?")?
                .execute(params![made.at, bytes, answer, id.0])?;
            Ok(())
        })
    }

    /// Every request ever made for a letter, oldest first.
    ///
    /// # Errors
    /// When the letter is not there, or the store cannot be read.
    pub fn requests(&self, letter: LetterId) -> Result<Vec<RequestMade>> {
        self.read(|conn| {
            let mail = mail_of(conn, letter)?;
            let mut statement = conn.prepare_cached(
                "SELECT url, at, bytes, answer FROM
                 (SELECT * FROM request WHERE mail_id = ? ORDER BY id DESC LIMIT ?) ORDER BY id",
            )?;
            let rows = statement.query_map([mail.0, SHOWN], |row| {
                let answer: Option<String> = row.get(3)?;
                Ok(RequestMade {
                    url: row.get(0)?,
                    at: row.get(1)?,
                    bytes: row.get::<_, i64>(2)?.unsigned_abs(),
                    answer: answer
                        .and_then(|text| serde_json::from_str(&text).ok())
                        .unwrap_or(Answer::Unknown),
                })
            })?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
    }
}
