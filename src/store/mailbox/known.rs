//! What of a folder is here already.

use crate::model::{AccountId, Flags, FolderId, LetterId};
use crate::store::error::{Result, StoreError};
use crate::store::letters::PARTIAL_MAILS;
use crate::store::pool::Store;
use crate::store::raw::{self, Sha};
use rusqlite::{OptionalExtension, params};
use std::collections::{HashMap, HashSet};

/// A letter of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its UID.
    pub uid: u32,
    /// The letter.
    pub id: LetterId,
    /// Its flags here.
    pub flags: Flags,
    /// Other keywords, sorted, separated by spaces.
    pub keywords: Option<String>,
    /// All of it is here, not the header only.
    pub whole: bool,
}

/// A letter that lost its UID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    /// The letter.
    pub id: LetterId,
    /// Its identity by header and size; see [`crate::store::header_sha`].
    pub sha: Sha,
}

impl Store {
    /// The letters of a folder that have a UID, by UID. Cheap: a tenth of a second for a
    /// hundred thousand.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn known(&self, folder: FolderId) -> Result<Vec<Known>> {
        self.read(|conn| {
            let partial: HashSet<i64> = conn
                .prepare_cached(PARTIAL_MAILS)?
                .query_map([], |row| row.get(0))?
                .collect::<std::result::Result<_, _>>()?;
            let mut statement = conn.prepare_cached(
                "SELECT uid, id, flags, keywords, mail_id FROM place
                 WHERE folder_id = ? AND uid IS NOT NULL ORDER BY uid",
            )?;
            let rows = statement.query_map([folder.0], |row| {
                Ok(Known {
                    uid: row.get(0)?,
                    id: LetterId(row.get(1)?),
                    flags: Flags::from_bits(row.get(2)?),
                    keywords: row.get(3)?,
                    whole: !partial.contains(&row.get(4)?),
                })
            })?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
    }

    /// UIDs of the letters of a folder of which only the header is here.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn partial(&self, folder: FolderId) -> Result<Vec<u32>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                // Told which: SQLite would look at every mail, and for each of those found at
                // every letter of the folder.
                "SELECT p.uid FROM mail m INDEXED BY mail_partial
                 CROSS JOIN place p INDEXED BY place_mail ON p.mail_id = m.id
                 WHERE m.props & 8 <> 0 AND p.folder_id = ? AND p.uid IS NOT NULL",
            )?;
            let rows = statement.query_map([folder.0], |row| row.get(0))?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
    }

    /// Those of them that are not older than this.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn partial_since(&self, folder: FolderId, since: i64) -> Result<Vec<u32>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT p.uid FROM mail m INDEXED BY mail_partial
                 CROSS JOIN place p INDEXED BY place_mail ON p.mail_id = m.id
                 WHERE m.props & 8 <> 0 AND p.folder_id = ? AND p.uid IS NOT NULL
                   AND m.date >= ?",
            )?;
            let rows = statement.query_map([folder.0, since], |row| row.get(0))?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
    }

    /// Where the server has a letter: the folder and its UID there, if it is known.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn uid_of(&self, letter: LetterId) -> Result<Option<(FolderId, u32)>> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached("SELECT folder_id, uid FROM place WHERE id = ? AND uid > 0")?
                .query_row([letter.0], |row| Ok((FolderId(row.get(0)?), row.get(1)?)))
                .optional()?)
        })
    }

    /// The highest UID of a folder's letters; 0 where none has one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn highest_uid(&self, folder: FolderId) -> Result<u32> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT coalesce(max(uid), 0) FROM place
                     WHERE folder_id = ? AND uid IS NOT NULL",
                )?
                .query_row([folder.0], |row| row.get(0))?)
        })
    }

    /// UIDs of the letters of a folder from this one on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn uids_from(&self, folder: FolderId, from: u32) -> Result<Vec<u32>> {
        self.read(|conn| {
            let mut statement =
                conn.prepare_cached("SELECT uid FROM place WHERE folder_id = ? AND uid >= ?")?;
            let rows = statement.query_map(params![folder.0, from], |row| row.get(0))?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
    }

    /// How many letters of a folder have UIDs in these ranges, both ends in them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_uids_in(&self, folder: FolderId, ranges: &[(u32, u32)]) -> Result<u64> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT count(*) FROM place WHERE folder_id = ? AND uid BETWEEN ? AND ?",
            )?;
            let mut count = 0;
            for (from, to) in ranges {
                let some: i64 =
                    statement.query_row(params![folder.0, from, to], |row| row.get(0))?;
                count += some.unsigned_abs();
            }
            Ok(count)
        })
    }

    /// How many UIDs of a folder are known: those of its letters, and those of letters the
    /// user has taken away and the server still has.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_uids(&self, folder: FolderId) -> Result<u64> {
        self.read(|conn| {
            let here: i64 = conn
                .prepare_cached("SELECT count(*) FROM place WHERE folder_id = ? AND uid > 0")?
                .query_row([folder.0], |row| row.get(0))?;
            let hidden: i64 = conn
                .prepare_cached(
                    "SELECT count(DISTINCT uid) FROM intent WHERE folder_id = ?1 AND uid > 0
                     AND kind IN ('move', 'delete') AND state IN ('waiting', 'sent')
                     AND uid NOT IN (SELECT uid FROM place WHERE folder_id = ?1 AND uid > 0)",
                )?
                .query_row([folder.0], |row| row.get(0))?;
            Ok((here + hidden).unsigned_abs())
        })
    }

    /// Where nobody counts changes of flags, and those of the newest letters are compared
    /// each time: the UIDs, both ends in them, of so many others, below those that were
    /// compared last. `None` where there are no others.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn flag_window(&self, folder: FolderId, letters: u32) -> Result<Option<(u32, u32)>> {
        self.read(|conn| {
            let ends = |below: Option<u32>| -> Result<Option<(u32, u32)>> {
                let passed_over = if below.is_some() { 0 } else { letters };
                let ends: (Option<u32>, Option<u32>) = conn
                    .prepare_cached(
                        "SELECT min(uid), max(uid) FROM (SELECT uid FROM place
                         WHERE folder_id = ?1 AND uid > 0 AND (?2 IS NULL OR uid < ?2)
                         ORDER BY uid DESC LIMIT ?3 OFFSET ?4)",
                    )?
                    .query_row(params![folder.0, below, letters, passed_over], |row| {
                        Ok((row.get(0)?, row.get(1)?))
                    })?;
                Ok(ends.0.zip(ends.1))
            };
            let from: Option<u32> = conn
                .prepare_cached("SELECT flags_from FROM folder WHERE id = ?")?
                .query_row([folder.0], |row| row.get(0))
                .optional()?
                .flatten();
            match from {
                Some(from) => Ok(ends(Some(from))?.or(ends(None)?)),
                None => ends(None),
            }
        })
    }

    /// Flags of letters from this UID on have been compared.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn flags_compared(&self, folder: FolderId, from: u32) -> Result<()> {
        self.write(|tx| {
            tx.prepare_cached("UPDATE folder SET flags_from = ? WHERE id = ?")?
                .execute(params![from, folder.0])?;
            Ok(())
        })
    }

    /// Mails of an account that its server knows by these names, whatever folders they lie
    /// in: their SHA-256, and whether all of them is here.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn twins(&self, account: AccountId, names: &[u64]) -> Result<HashMap<u64, (Sha, bool)>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT m.sha256, m.props & 8 FROM twin t JOIN mail m ON m.id = t.mail_id
                 WHERE t.account_id = ? AND t.name = ?",
            )?;
            let mut twins = HashMap::new();
            for name in names {
                let twin: Option<(Sha, i64)> = statement
                    .query_row(params![account.0, name.cast_signed()], |row| {
                        Ok((row.get(0)?, row.get(1)?))
                    })
                    .optional()?;
                twins.extend(twin.map(|(sha, partial)| (*name, (sha, partial == 0))));
            }
            Ok(twins)
        })
    }

    /// The letters of a folder that have none, each with what its header and size say
    /// about it. Reads each: a matter of seconds for many.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn orphans(&self, folder: FolderId) -> Result<Vec<Orphan>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT p.id, m.raw_id, m.sha256, m.size, m.props & 8
                 FROM place p JOIN mail m ON m.id = p.mail_id
                 WHERE p.folder_id = ? AND p.uid IS NULL ORDER BY p.id",
            )?;
            let mut rows = statement.query([folder.0])?;
            let mut orphans = Vec::new();
            while let Some(row) = rows.next()? {
                let id = LetterId(row.get(0)?);
                let (sha, size): (Sha, i64) = (row.get(2)?, row.get(3)?);
                let sha = match row.get::<_, i64>(4)? {
                    0 => match raw::read(conn, &self.unpacker, row.get(1)?) {
                        Ok(letter) => raw::header_sha(header_of(&letter), size.unsigned_abs()),
                        // What cannot be read is fetched again.
                        Err(StoreError::Damaged(_)) => continue,
                        Err(error) => return Err(error),
                    },
                    _ => sha,
                };
                orphans.push(Orphan { id, sha });
            }
            Ok(orphans)
        })
    }
}

/// The header of a letter with the empty line behind it.
fn header_of(letter: &[u8]) -> &[u8] {
    let end = memchr::memmem::find(letter, b"\r\n\r\n").map(|at| at + 4);
    end.and_then(|end| letter.get(..end)).unwrap_or(letter)
}
