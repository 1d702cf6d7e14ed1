//! Letters in and out: adding, reading, removing.

use super::error::{Result, StoreError};
use super::folders;
use super::intents::ActError;
use super::outbox;
use super::pool::Store;
use super::prepare::{PROP_PARTIAL, Prepared};
use super::raw::{self, Dictionary, Sha};
use super::search::{index, merge};
use super::threads;
use crate::model::{Flags, FolderId, Label, LetterId, MailId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::BTreeSet;

/// What became of a letter that was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is new in its folder.
    New(LetterId),
    /// The same bytes lay in the same folder already; its flags were kept.
    Duplicate(LetterId),
    /// It was said to be known, and was forgotten meanwhile: it is not here.
    Vanished,
}

/// A letter to add: worked out, or known to lie in the store already.
#[derive(Debug)]
pub enum Incoming {
    /// A new one.
    New(Box<Prepared>),
    /// The store has these bytes.
    Known(Sha),
}

/// So many new mails in one go make a segment that need not be merged soon.
pub(super) const MANY: usize = 500;
/// Labels that are told of at once.
const LABELS: usize = 200;
/// Mails of which only the header is here.
pub(super) const PARTIAL_MAILS: &str =
    "SELECT id FROM mail INDEXED BY mail_partial WHERE props & 8 <> 0";

impl Store {
    /// Whether the store has a mail with these bytes.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn knows(&self, sha: &Sha) -> Result<bool> {
        self.look(|conn| Ok(mail_by_sha(conn, sha)?.is_some()))
    }

    /// Adds letters to folders in one transaction, each with its thread and its
    /// search entry. The same bytes in the same folder stay one letter.
    ///
    /// # Errors
    /// When the store cannot be written; nothing is added then.
    pub fn add(&self, batch: &[(FolderId, Incoming, Flags)]) -> Result<Vec<Added>> {
        // Mails in the order of time: growing numbers are written best.
        let mut order: Vec<usize> = (0..batch.len()).collect();
        order.sort_by_key(|index| match batch.get(*index) {
            Some((_, Incoming::New(prepared), _)) => prepared.date,
            _ => i64::MIN,
        });
        self.write(|tx| {
            let mut entries = Vec::new();
            for index in order {
                if let Some((_, Incoming::New(prepared), _)) = batch.get(index)
                    && mail_by_sha(tx, &prepared.sha)?.is_none()
                {
                    entries.push((insert_mail(tx, prepared)?, &prepared.entry));
                }
            }
            // Many letters at once bring a segment of a good size; it is few that
            // leave many small ones.
            let many = entries.len() >= MANY;
            index::insert(tx, &mut entries)?;
            if !many {
                merge::settle(tx)?;
            }
            let folders: BTreeSet<FolderId> = batch.iter().map(|(folder, ..)| *folder).collect();
            for folder in folders {
                if !folders::shown(tx, folder)? {
                    return Err(ActError::NoFolder.into());
                }
            }
            // Places in the order given: theirs is the order of export.
            batch
                .iter()
                .map(|(folder, letter, flags)| {
                    let sha = match letter {
                        Incoming::Known(sha) => sha,
                        Incoming::New(prepared) => &prepared.sha,
                    };
                    match mail_by_sha(tx, sha)? {
                        Some(mail) => insert_place(tx, *folder, mail, *flags),
                        None => Ok(Added::Vanished),
                    }
                })
                .collect()
        })
    }

    /// The dictionary letters of this store are compressed with, if it has one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn dictionary(&self) -> Result<Option<Dictionary>> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached("SELECT id, data FROM dictionary ORDER BY id DESC LIMIT 1")?
                .query_row([], |row| Ok(Dictionary::new(row.get(0)?, row.get(1)?)))
                .optional()?)
        })
    }

    /// Makes a dictionary from letters like those to come. Too few or too odd
    /// letters make none, which does no harm.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn train(&self, samples: &[Vec<u8>]) -> Result<()> {
        if let Some(data) = raw::train(samples) {
            self.write(|tx| {
                tx.execute("INSERT INTO dictionary (data) VALUES (?)", [data])?;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Whether all of a letter is here, not its header only.
    ///
    /// # Errors
    /// [`StoreError::NoLetter`] if it is not there.
    pub fn is_whole(&self, id: LetterId) -> Result<bool> {
        self.read(|conn| {
            conn.prepare_cached(
                "SELECT m.props & 8 = 0 FROM place p JOIN mail m ON m.id = p.mail_id
                 WHERE p.id = ?",
            )?
            .query_row([id.0], |row| row.get(0))
            .optional()?
            .ok_or(StoreError::NoLetter(id))
        })
    }

    /// The letter as it came, byte for byte; its header, where that is all there is
    /// ([`Self::is_whole`]).
    ///
    /// # Errors
    /// [`StoreError::NoLetter`] if it is not there, [`StoreError::Damaged`] if
    /// what is stored is not what was written.
    pub fn raw(&self, id: LetterId) -> Result<Vec<u8>> {
        self.read(|conn| {
            let (raw_id, identity) = conn
                .prepare_cached(
                    "SELECT m.raw_id, m.sha256, m.size, m.props
                     FROM place p JOIN mail m ON m.id = p.mail_id WHERE p.id = ?",
                )?
                .query_row([id.0], |row| {
                    Ok((row.get(0)?, Identity::new(row.get(1)?, row.get(2)?, row.get(3)?)))
                })
                .optional()?
                .ok_or(StoreError::NoLetter(id))?;
            let raw = raw::read(conn, &self.unpacker, raw_id)?;
            if !identity.is_of(&raw) {
                return Err(StoreError::Damaged(format!("letter {id} is not what was kept")));
            }
            Ok(raw)
        })
    }

    /// Ids of a folder's letters, oldest first: the order of export.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn ids(&self, folder: FolderId) -> Result<Vec<(LetterId, Flags)>> {
        self.read(|conn| {
            let mut statement =
                conn.prepare_cached("SELECT id, flags FROM place WHERE folder_id = ? ORDER BY id")?;
            let rows = statement.query_map([folder.0], |row| {
                Ok((LetterId(row.get(0)?), Flags::from_bits(row.get(1)?)))
            })?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
    }

    /// Whether another letter, of other content, carries the Message-ID of this one: an
    /// oddity worth telling.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn message_id_used_elsewhere(&self, letter: LetterId) -> Result<bool> {
        self.read(|conn| {
            // One of which only the header is here may be the same letter.
            let other = "SELECT 1 FROM place p JOIN mail m ON m.id = p.mail_id
                         JOIN mail o ON o.msgid = m.msgid
                         WHERE p.id = ? AND o.id <> m.id AND o.props & 8 = 0";
            Ok(conn.prepare_cached(other)?.exists([letter.0])?)
        })
    }

    /// All labels that letters have, the usual ones first, then by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn labels(&self) -> Result<Vec<Label>> {
        let all = self.read(|conn| {
            let mut seen = conn.prepare_cached(
                "SELECT DISTINCT keywords FROM place INDEXED BY place_keywords
                 WHERE keywords IS NOT NULL",
            )?;
            let mut rows = seen.query([])?;
            let mut labels: Vec<Label> = Vec::new();
            while let Some(row) = rows.next()?
                && labels.len() < LABELS
            {
                let keywords: String = row.get(0)?;
                Label::among(&keywords).into_iter().for_each(|label| label.join(&mut labels));
            }
            Ok(labels)
        });
        let mut labels = all?;
        labels.sort_by_cached_key(|label| {
            (label.number().unwrap_or(usize::MAX), label.name().to_lowercase())
        });
        Ok(labels)
    }

    /// The keywords of a letter that are no flags of [`Flags`]: sorted, separated by
    /// spaces.
    ///
    /// # Errors
    /// [`StoreError::NoLetter`] if it is not there.
    pub fn keywords(&self, id: LetterId) -> Result<Option<String>> {
        self.read(|conn| {
            conn.prepare_cached("SELECT keywords FROM place WHERE id = ?")?
                .query_row([id.0], |row| row.get(0))
                .optional()?
                .ok_or(StoreError::NoLetter(id))
        })
    }

    /// Sets the flags of letters; unknown ids are passed over.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_flags(&self, letters: &[(LetterId, Flags)]) -> Result<()> {
        self.write(|tx| {
            for (id, flags) in letters {
                tx.prepare_cached("UPDATE place SET flags = ? WHERE id = ?")?
                    .execute(params![flags.bits(), id.0])?;
            }
            Ok(())
        })
    }

    /// Removes letters for good. What lies in no folder any more is forgotten
    /// with its bytes and its search entry.
    ///
    /// # Errors
    /// When the store cannot be written; nothing is removed then.
    pub fn remove(&self, letters: &[LetterId]) -> Result<()> {
        self.write(|tx| {
            for id in letters {
                let mail: Option<i64> = tx
                    .prepare_cached("DELETE FROM place WHERE id = ? RETURNING mail_id")?
                    .query_row([id.0], |row| row.get(0))
                    .optional()?;
                if let Some(mail) = mail {
                    forget_if_nowhere(tx, MailId(mail))?;
                }
            }
            Ok(())
        })
    }
}

/// What the bytes of a mail must agree with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    sha: Sha,
    size: i64,
    partial: bool,
}

impl Identity {
    pub(super) fn new(sha: Sha, size: i64, props: i64) -> Self {
        Self { sha, size, partial: props & PROP_PARTIAL != 0 }
    }

    /// Whether these are its bytes.
    pub(super) fn is_of(&self, raw: &[u8]) -> bool {
        match self.partial {
            true => raw::header_sha(raw, self.size.unsigned_abs()) == self.sha,
            false => raw::sha256(raw) == self.sha && raw.len() as i64 == self.size,
        }
    }
}

pub(super) fn mail_by_sha(conn: &Connection, sha: &Sha) -> Result<Option<MailId>> {
    Ok(conn
        .prepare_cached("SELECT id FROM mail WHERE sha256 = ?")?
        .query_row([sha], |row| row.get(0).map(MailId))
        .optional()?)
}

pub(super) fn insert_mail(tx: &Transaction<'_>, letter: &Prepared) -> Result<MailId> {
    let raw_id = raw::insert(tx, &letter.pieces)?;
    let thread = threads::assign(tx, letter.msgid, &letter.refs)?;
    let id = free_id(tx, letter.date, &letter.sha)?;
    tx.prepare_cached(
        "INSERT INTO mail (id, raw_id, sha256, size, date, msgid, refs, thread_id, props, trackers,
         sender, rcpt, subject, preview) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        id.0,
        raw_id,
        letter.sha,
        letter.size as i64,
        letter.date,
        letter.msgid,
        (!letter.refs.is_empty()).then(|| threads::pack(&letter.refs)),
        thread.0,
        letter.props,
        letter.trackers,
        letter.sender,
        letter.rcpt,
        letter.subject,
        letter.preview,
    ])?;
    outbox::meet(tx, id, &letter.claim, letter.date)?;
    Ok(id)
}

/// The number nearest above `date` that no mail has. Where many fall on the same
/// second it looks further and further away, so that it never looks long.
fn free_id(tx: &Transaction<'_>, date: i64, sha: &Sha) -> Result<MailId> {
    let mut taken = tx.prepare_cached("SELECT 1 FROM mail WHERE id = ?")?;
    let mut spread = sha.chunks_exact(4).filter_map(|four| four.try_into().ok()).cycle();
    let mut id = date.max(1);
    let mut step: u32 = 0;
    while taken.exists([id])? || index::is_removed(tx, id)? {
        step += 1;
        // 1, 2, 3, 4, then some second in a stretch twice as long each time.
        let random = i64::from(u32::from_be_bytes(spread.next().unwrap_or([1; 4])));
        id = match step {
            1..5 => date.max(1) + i64::from(step),
            _ => date.max(1) + 1 + random.wrapping_add(i64::from(step)) % (1 << step.min(30)),
        };
    }
    Ok(MailId(id))
}

fn insert_place(
    tx: &Transaction<'_>,
    folder: FolderId,
    mail: MailId,
    flags: Flags,
) -> Result<Added> {
    let there: Option<i64> = tx
        .prepare_cached("SELECT id FROM place WHERE folder_id = ? AND mail_id = ?")?
        .query_row([folder.0, mail.0], |row| row.get(0))
        .optional()?;
    if let Some(id) = there {
        return Ok(Added::Duplicate(LetterId(id)));
    }
    tx.prepare_cached("INSERT INTO place (folder_id, mail_id, flags) VALUES (?, ?, ?)")?
        .execute(params![folder.0, mail.0, flags.bits()])?;
    Ok(Added::New(LetterId(tx.last_insert_rowid())))
}

/// The mail of a letter.
pub(super) fn mail_of(conn: &Connection, letter: LetterId) -> Result<MailId> {
    conn.prepare_cached("SELECT mail_id FROM place WHERE id = ?")?
        .query_row([letter.0], |row| row.get(0).map(MailId))
        .optional()?
        .ok_or(StoreError::NoLetter(letter))
}

/// Removes a mail that lies in no folder.
pub(super) fn forget_if_nowhere(tx: &Transaction<'_>, mail: MailId) -> Result<()> {
    // What the user deleted is kept until the server has said yes.
    let kept = "SELECT 1 FROM place WHERE mail_id = ?1
                UNION ALL SELECT 1 FROM intent WHERE mail_id = ?1";
    if tx.prepare_cached(kept)?.exists([mail.0])? {
        return Ok(());
    }
    index::remove(tx, mail)?;
    let gone: Option<(i64, i64)> = tx
        .prepare_cached("DELETE FROM mail WHERE id = ? RETURNING raw_id, thread_id")?
        .query_row([mail.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((raw_id, thread)) = gone {
        raw::remove(tx, raw_id)?;
        tx.prepare_cached("UPDATE thread SET mails = mails - 1 WHERE id = ?")?.execute([thread])?;
    }
    Ok(())
}
