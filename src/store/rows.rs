//! Rows of lists: folders, all letters, conversations, what a search finds.

use super::error::{Result, StoreError};
use super::pool::Store;
use super::prepare::PROP_ATTACHMENT;
use super::search::{Search, Snippet, mark};
use super::threads::{self, Member};
use crate::mime;
use crate::model::{Address, Flags, FolderId, Label, LetterId, ThreadId};
use rusqlite::{Connection, OptionalExtension, Row};

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterRow {
    /// The letter.
    pub id: LetterId,
    /// Its conversation.
    pub thread: ThreadId,
    /// Name of its account.
    pub account: String,
    /// Path of its folder inside the account.
    pub folder: String,
    /// The first sender.
    pub from: Option<Address>,
    /// The first few receivers.
    pub to: Vec<Address>,
    /// Subject, decoded; at most 1,000 characters.
    pub subject: String,
    /// Seconds since 1970.
    pub date: i64,
    /// Its flags.
    pub flags: Flags,
    /// Its labels, by their keywords' order.
    pub labels: Vec<Label>,
    /// Bytes.
    pub size: u64,
    /// It has attachments.
    pub has_attachment: bool,
    /// References that are trackers.
    pub trackers: u64,
    /// The first words of its text.
    pub preview: String,
}

/// A letter of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadRow {
    /// The letter.
    pub letter: LetterRow,
    /// The letter it answers, if that is here: an index into the conversation.
    pub parent: Option<usize>,
}

/// Columns of a [`LetterRow`], from `place p JOIN mail m JOIN folder f JOIN account a`.
const ROW: &str = "p.id, m.thread_id, a.name, f.path, m.sender, m.rcpt, m.subject, m.date, \
                   p.flags, m.size, m.props, m.trackers, m.preview, p.keywords";
const ROW_FROM: &str = "JOIN mail m ON m.id = p.mail_id JOIN folder f ON f.id = p.folder_id \
                        JOIN account a ON a.id = f.account_id";

fn letter_row(row: &Row<'_>) -> rusqlite::Result<LetterRow> {
    let props: i64 = row.get(10)?;
    Ok(LetterRow {
        id: LetterId(row.get(0)?),
        thread: ThreadId(row.get(1)?),
        account: row.get(2)?,
        folder: row.get(3)?,
        // Written by us as JSON; a damaged one shows nothing rather than failing.
        from: serde_json::from_str(row.get_ref(4)?.as_str()?).ok(),
        to: serde_json::from_str(row.get_ref(5)?.as_str()?).unwrap_or_default(),
        subject: row.get(6)?,
        date: row.get(7)?,
        flags: Flags::from_bits(row.get(8)?),
        labels: row.get_ref(13)?.as_str_or_null()?.map(Label::among).unwrap_or_default(),
        size: row.get::<_, i64>(9)?.unsigned_abs(),
        has_attachment: props & PROP_ATTACHMENT != 0,
        trackers: row.get::<_, i64>(11)?.unsigned_abs(),
        preview: row.get(12)?,
    })
}

/// Rows of these letters in their order, without those that are gone.
pub(super) fn rows_of(conn: &Connection, letters: &[LetterId]) -> Result<Vec<LetterRow>> {
    let mut one =
        conn.prepare_cached(&format!("SELECT {ROW} FROM place p {ROW_FROM} WHERE p.id = ?"))?;
    let rows =
        letters.iter().filter_map(|id| one.query_row([id.0], letter_row).optional().transpose());
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// Folders listed together at most: SQLite merges so many.
const TOGETHER: usize = 100;

impl Store {
    /// Rows of a folder (of all folders if absent), newest first, from `offset`. Of all
    /// folders each letter comes once, though it may lie in several: under labels, as a copy.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn list(
        &self,
        folder: Option<FolderId>,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<LetterRow>> {
        self.read(|conn| {
            let Some(folder) = folder else {
                // The inbox before other folders, where everything lies anyway last.
                let sql = format!(
                    "SELECT {ROW} FROM (SELECT DISTINCT mail_id FROM place
                     ORDER BY mail_id DESC LIMIT ?1 OFFSET ?2) w
                     JOIN place p ON p.id = (SELECT q.id FROM place q
                     JOIN folder g ON g.id = q.folder_id WHERE q.mail_id = w.mail_id
                     ORDER BY g.role IS NOT 'inbox', g.role IS 'all', q.id LIMIT 1)
                     {ROW_FROM} ORDER BY p.mail_id DESC"
                );
                let mut statement = conn.prepare_cached(&sql)?;
                let rows = statement.query_map([limit as i64, offset as i64], letter_row)?;
                return Ok(rows.collect::<std::result::Result<_, _>>()?);
            };
            let total: i64 = conn
                .prepare_cached("SELECT total FROM folder WHERE id = ?")?
                .query_row([folder.0], |row| row.get(0))?;
            // Skipping costs: the far half is reached from the other end.
            let (offset, limit) = (offset as i64, limit as i64);
            let limit = limit.min(total - offset).max(0);
            let backwards = offset > total / 2;
            let (order, skip) = match backwards {
                true => ("ASC", total - offset - limit),
                false => ("DESC", offset),
            };
            let sql = format!(
                "SELECT {ROW} FROM (SELECT id, mail_id FROM place WHERE folder_id = ?1
                 ORDER BY mail_id {order}, id {order} LIMIT ?2 OFFSET ?3) w
                 JOIN place p ON p.id = w.id {ROW_FROM} ORDER BY p.mail_id DESC, p.id DESC"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            let rows = statement.query_map([folder.0, limit, skip], letter_row)?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
    }

    /// Letters of several folders, newest first, from `offset` on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn list_of(
        &self,
        folders: &[FolderId],
        offset: usize,
        limit: usize,
    ) -> Result<Vec<LetterRow>> {
        let folders = folders.get(..TOGETHER).unwrap_or(folders);
        if folders.is_empty() {
            return Ok(Vec::new());
        }
        // Each is read in its own order, and they are merged as they are read.
        let one = |folder: &FolderId| {
            format!("SELECT id, mail_id FROM place WHERE folder_id = {}", folder.0)
        };
        let all = folders.iter().map(one).collect::<Vec<_>>().join(" UNION ALL ");
        self.read(|conn| {
            let sql = format!(
                "SELECT {ROW} FROM ({all} ORDER BY mail_id DESC, id DESC LIMIT ?1 OFFSET ?2) w
                 JOIN place p ON p.id = w.id {ROW_FROM} ORDER BY p.mail_id DESC, p.id DESC"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            let rows = statement.query_map([limit as i64, offset as i64], letter_row)?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
    }

    /// How many rows [`Self::list`] has for a folder, or for all of them. Cheap: it is
    /// counted as letters come and go.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn total(&self, folder: Option<FolderId>) -> Result<u64> {
        // Mails that lie nowhere are those whose removal a server has not confirmed.
        const ALL: &str = "SELECT (SELECT count(*) FROM mail) - (SELECT count(DISTINCT mail_id)
             FROM intent i WHERE mail_id IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM place p WHERE p.mail_id = i.mail_id))";
        self.read(|conn| {
            let total: i64 = match folder {
                Some(folder) => conn
                    .prepare_cached("SELECT coalesce(sum(total), 0) FROM folder WHERE id = ?")?
                    .query_row([folder.0], |row| row.get(0))?,
                None => conn.prepare_cached(ALL)?.query_row([], |row| row.get(0))?,
            };
            Ok(total.unsigned_abs())
        })
    }

    /// Letters that answer a question.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn search(&self, search: &Search) -> Result<Vec<LetterRow>> {
        self.read(|conn| {
            let sql = format!("SELECT {ROW} FROM place p {ROW_FROM} WHERE p.id = ?");
            let mut statement = conn.prepare_cached(&sql)?;
            search
                .run(conn)?
                .into_iter()
                .map(|hit| Ok(statement.query_row([hit.place], letter_row)?))
                .collect()
        })
    }

    /// The piece of a letter's text that answers a question, about `width`
    /// characters. Subject and sender are not repeated in it.
    ///
    /// # Errors
    /// When the letter cannot be read.
    pub fn snippet(&self, id: LetterId, search: &Search, width: usize) -> Result<Snippet> {
        let raw = self.raw(id)?;
        let letter = mime::parse(&raw);
        Ok(mark(&letter.text(), &search.node.shown(), width))
    }

    /// One row.
    ///
    /// # Errors
    /// [`StoreError::NoLetter`] if it is not there.
    pub fn letter(&self, id: LetterId) -> Result<LetterRow> {
        self.read(|conn| {
            conn.prepare_cached(&format!("SELECT {ROW} FROM place p {ROW_FROM} WHERE p.id = ?"))?
                .query_row([id.0], letter_row)
                .optional()?
                .ok_or(StoreError::NoLetter(id))
        })
    }

    /// The newest letters of a conversation, at most so many, oldest first; each once though it
    /// may lie in several folders: `of` as itself, and always.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn conversation(
        &self,
        of: LetterId,
        thread: ThreadId,
        most: usize,
    ) -> Result<Vec<LetterRow>> {
        let mut rows = self.read(|conn| {
            let sql = format!(
                "SELECT {ROW} FROM (SELECT id FROM mail WHERE thread_id = ?1
                 ORDER BY id DESC LIMIT ?2) w
                 JOIN place p ON p.id = (SELECT q.id FROM place q
                 JOIN folder g ON g.id = q.folder_id WHERE q.mail_id = w.id
                 ORDER BY q.id IS NOT ?3, g.role IS NOT 'inbox', g.role IS 'all', q.id LIMIT 1)
                 {ROW_FROM} ORDER BY p.mail_id"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            let rows = statement.query_map([thread.0, most as i64, of.0], letter_row)?;
            Ok(rows.collect::<std::result::Result<Vec<_>, _>>()?)
        })?;
        if !rows.iter().any(|row| row.id == of) {
            rows.insert(0, self.letter(of)?);
        }
        Ok(rows)
    }

    /// The conversation that `shown` is part of, oldest first, each letter once
    /// though it may lie in several folders: `shown` as itself.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn thread(&self, shown: &LetterRow) -> Result<Vec<ThreadRow>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT m.id, m.msgid, m.refs,
                 coalesce(max(CASE WHEN p.id = ?2 THEN p.id END), min(p.id)) FROM mail m JOIN place p ON p.mail_id = m.id
                 WHERE m.thread_id = ?1 GROUP BY m.id ORDER BY m.id",
            )?;
            let mut members = Vec::new();
            let mut places: Vec<i64> = Vec::new();
            let mut rows = statement.query([shown.thread.0, shown.id.0])?;
            while let Some(row) = rows.next()? {
                let refs: Option<Vec<u8>> = row.get(2)?;
                members.push(Member {
                    mail: row.get(0)?,
                    msgid: row.get(1)?,
                    refs: threads::unpack(&refs.unwrap_or_default()),
                });
                places.push(row.get(3)?);
            }
            let sql = format!("SELECT {ROW} FROM place p {ROW_FROM} WHERE p.id = ?");
            let mut row = conn.prepare_cached(&sql)?;
            places
                .into_iter()
                .zip(threads::parents(&members))
                .map(|(place, parent)| {
                    Ok(ThreadRow { letter: row.query_row([place], letter_row)?, parent })
                })
                .collect()
        })
    }
}
