//! Letters being written. RFC 5322 is not spoken here: a draft is what its writer decided,
//! and only becomes a letter when it is sent, or copied to the server's drafts.
//!
//! Promise: what was saved is there after the program was killed; a draft that was given
//! away to be sent does not change; at most one copy of a draft lies in the Drafts folder.

use super::error::Result;
use super::intents::Acting;
use super::letters::Incoming;
use super::outbox::OutboxError;
use super::pool::Store;
use crate::model::{
    AccountId, Attachment, Draft, DraftId, FileId, Flags, Gesture, InlinePicture, LetterId, Role,
};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use std::slice::Chunks;
use std::time::Duration;

/// Bytes of a file that are written in one go: what is typed is kept in between.
const PIECE: usize = 1 << 20;
/// So long others may write between two pieces.
const BREATH: Duration = Duration::from_millis(2);

/// Bytes of files one draft can hold: what no server takes is not kept either.
pub const MAX_FILES: u64 = 100 * 1024 * 1024;

/// A file of a draft, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFile {
    /// Its number.
    pub id: FileId,
    /// What the body calls it; `None`: an attachment.
    pub picture: Option<String>,
    /// Its name.
    pub name: String,
    /// `type/subtype`.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
}

/// A draft as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Its number.
    pub id: DraftId,
    /// Whose.
    pub account: AccountId,
    /// What its writer decided, without files.
    pub draft: Draft,
    /// Its files, in their order.
    pub files: Vec<DraftFile>,
    /// Grows with every change.
    pub version: i64,
    /// When it was changed last, in seconds since 1970.
    pub changed: i64,
    /// It was given away to be sent, and does not change.
    pub queued: bool,
    /// The letter it answers or hands on.
    pub answers: Option<LetterId>,
    /// Its copy in the Drafts folder, and the version that was made of.
    pub copy: Option<(LetterId, i64)>,
}

impl Store {
    /// Begins a draft, with the files it holds. `answers`: the letter it answers or hands
    /// on, which gets these flags when it is sent.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn new_draft(
        &self,
        account: AccountId,
        draft: &Draft,
        answers: Option<(LetterId, Flags)>,
    ) -> Result<DraftId> {
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT INTO draft (account_id, content, answers, answers_flag)
                 VALUES (?, ?, ?, ?)",
            )?
            .execute(params![
                account.0,
                content(draft),
                answers.map(|(letter, _)| letter.0),
                answers.map_or(0, |(_, flags)| flags.bits()),
            ])?;
            let id = DraftId(tx.last_insert_rowid());
            for picture in &draft.pictures {
                add_file(tx, id, Some(&picture.key), &picture.file)?;
            }
            for file in &draft.attachments {
                add_file(tx, id, None, file)?;
            }
            Ok(id)
        })
    }

    /// Keeps what the writer has changed; files have ways of their own. The number of this
    /// version.
    ///
    /// # Errors
    /// [`OutboxError::NoDraft`], [`OutboxError::Given`] as [`StoreError::Outbox`]; else when
    /// the store cannot be written.
    ///
    /// [`StoreError::Outbox`]: super::StoreError::Outbox
    pub fn save_draft(&self, id: DraftId, account: AccountId, draft: &Draft) -> Result<i64> {
        self.write(|tx| {
            changing(tx, id)?;
            tx.prepare_cached("UPDATE draft SET account_id = ?, content = ? WHERE id = ?")?
                .execute(params![account.0, content(draft), id.0])?;
            touch(tx, id)
        })
    }

    /// Adds a file. `picture`: what the body calls it.
    ///
    /// # Errors
    /// As [`Self::save_draft`]; [`OutboxError::TooMuch`] when it would hold more than
    /// [`MAX_FILES`].
    pub fn attach(&self, id: DraftId, picture: Option<&str>, file: &Attachment) -> Result<FileId> {
        let mut pieces = file.bytes.chunks(PIECE);
        let first = pieces.next().unwrap_or_default();
        let size = file.bytes.len() as u64;
        let added = self.write(|tx| {
            changing(tx, id)?;
            let held: i64 = tx
                .prepare_cached("SELECT coalesce(sum(size), 0) FROM draft_file WHERE draft_id = ?")?
                .query_row([id.0], |row| row.get(0))?;
            if held.unsigned_abs() + size > MAX_FILES {
                return Err(OutboxError::TooMuch.into());
            }
            let added = insert_file(tx, id, picture, file, (first, size))?;
            if size as usize == first.len() {
                whole(tx, id, added)?;
            }
            Ok(added)
        })?;
        if size as usize == first.len() {
            return Ok(added);
        }
        let more = self.add_pieces(id, added, pieces);
        if more.is_err() {
            // Best effort: half a file is nobody's, and goes when Goyo starts at the latest.
            let _ = self.write(|tx| remove_file(tx, id, added));
        }
        more.map(|()| added)
    }

    fn add_pieces(&self, id: DraftId, file: FileId, pieces: Chunks<'_, u8>) -> Result<()> {
        for piece in pieces {
            std::thread::sleep(BREATH);
            self.write(|tx| {
                changing(tx, id)?;
                tx.prepare_cached("INSERT INTO draft_piece (file_id, bytes) VALUES (?, ?)")?
                    .execute(params![file.0, piece])?;
                Ok(())
            })?;
        }
        self.write(|tx| {
            changing(tx, id)?;
            whole(tx, id, file)
        })
    }

    /// Forgets files that were not added to their end when Goyo died. To be called when
    /// nobody adds any.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn forget_half_files(&self) -> Result<()> {
        let some = self.read(|conn| {
            Ok(conn.prepare_cached("SELECT 1 FROM draft_file WHERE NOT whole")?.exists([])?)
        })?;
        if some {
            self.write(|tx| Ok(tx.execute("DELETE FROM draft_file WHERE NOT whole", [])?))?;
        }
        Ok(())
    }

    /// Takes a file out.
    ///
    /// # Errors
    /// As [`Self::save_draft`].
    pub fn detach(&self, id: DraftId, file: FileId) -> Result<()> {
        self.write(|tx| {
            changing(tx, id)?;
            remove_file(tx, id, file)?;
            touch(tx, id)?;
            Ok(())
        })
    }

    /// A draft.
    ///
    /// # Errors
    /// [`OutboxError::NoDraft`], or when the store cannot be read.
    pub fn draft(&self, id: DraftId) -> Result<DraftRow> {
        self.read(|conn| row_of(conn, id))
    }

    /// Drafts that are still being written, those changed last first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn drafts(&self) -> Result<Vec<DraftRow>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM draft WHERE queued = 0 ORDER BY changed DESC, id DESC"
            ))?;
            // One that is damaged does not hide the others.
            let mut rows: Vec<DraftRow> =
                statement.query_map([], read_row)?.filter_map(|row| row.ok()).collect();
            for row in &mut rows {
                row.files = files_of(conn, row.id)?;
            }
            Ok(rows)
        })
    }

    /// A draft with its files.
    ///
    /// # Errors
    /// [`OutboxError::NoDraft`], or when the store cannot be read.
    pub fn whole_draft(&self, id: DraftId) -> Result<Draft> {
        self.read(|conn| {
            let mut draft = row_of(conn, id)?.draft;
            let mut statement = conn.prepare_cached(
                "SELECT picture, name, media_type, bytes, id, size FROM draft_file
                 WHERE draft_id = ? AND whole ORDER BY id",
            )?;
            let mut more =
                conn.prepare_cached("SELECT bytes FROM draft_piece WHERE file_id = ? ORDER BY id")?;
            let mut rows = statement.query([id.0])?;
            while let Some(row) = rows.next()? {
                let size = usize::try_from(row.get::<_, i64>(5)?).unwrap_or(0);
                let mut bytes = Vec::with_capacity(size.min(MAX_FILES as usize));
                bytes.extend_from_slice(row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?);
                let mut pieces = more.query([row.get::<_, i64>(4)?])?;
                while let Some(piece) = pieces.next()? {
                    bytes.extend_from_slice(
                        piece.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?,
                    );
                }
                let file = Attachment { name: row.get(1)?, media_type: row.get(2)?, bytes };
                match row.get::<_, Option<String>>(0)? {
                    Some(key) => draft.pictures.push(InlinePicture { key, file }),
                    None => draft.attachments.push(file),
                }
            }
            Ok(draft)
        })
    }

    /// The draft of which a letter in the Drafts folder is the copy.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn draft_of(&self, letter: LetterId) -> Result<Option<DraftId>> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached("SELECT id FROM draft WHERE copy_id = ?")?
                .query_row([letter.0], |row| row.get(0).map(DraftId))
                .optional()?)
        })
    }

    /// A draft begins its life as a letter of the Drafts folder, by another program or an
    /// earlier one: from now on that letter is its copy.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn adopt_copy(&self, id: DraftId, letter: LetterId) -> Result<()> {
        self.write(|tx| {
            tx.prepare_cached(
                "UPDATE draft SET copy_id = ?, copied = version, foreign_copy = 1 WHERE id = ?",
            )?
            .execute([letter.0, id.0])?;
            Ok(())
        })
    }

    /// Throws a draft away, with its copy. What changed by it, if anything did.
    ///
    /// # Errors
    /// As [`Self::save_draft`].
    pub fn discard_draft(&self, id: DraftId) -> Result<Option<Gesture>> {
        self.write(|tx| {
            changing(tx, id)?;
            let mut acting = Acting::begin(tx, "draft")?;
            discard(&mut acting, id)?;
            acting.end()
        })
    }

    /// Puts the letter that was built of a version of a draft into the Drafts folder, in
    /// the place of the one that lay there. Nothing where the draft has gone or changed
    /// meanwhile.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn copy_draft(
        &self,
        id: DraftId,
        version: i64,
        letter: &Incoming,
        now: i64,
    ) -> Result<Option<Gesture>> {
        self.write(|tx| {
            let Some(row) = find(tx, id)? else { return Ok(None) };
            if row.version != version || row.queued {
                return Ok(None);
            }
            let mut acting = Acting::begin(tx, "draft")?;
            drop_copy(&mut acting, id)?;
            let folder = acting.by_role(row.account, Role::Drafts)?;
            let flags = Flags::DRAFT.with(Flags::SEEN);
            let made = acting.append(folder, letter, flags, Some(now))?;
            tx.prepare_cached(
                "UPDATE draft SET copy_id = ?, copied = ?, foreign_copy = 0 WHERE id = ?",
            )?
            .execute(params![made.0, version, id.0])?;
            acting.end()
        })
    }

    /// Drafts of an account that its server does not hold as they are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn drafts_here_alone(&self, account: AccountId) -> Result<Vec<DraftRow>> {
        let held: Vec<i64> = self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT d.id FROM draft d JOIN place p ON p.id = d.copy_id
                 WHERE d.copied = d.version AND p.uid IS NOT NULL",
            )?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })?;
        let mut drafts = self.drafts()?;
        drafts.retain(|row| row.account == account && !held.contains(&row.id.0));
        Ok(drafts)
    }

    /// Drafts whose copy is older than they are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn uncopied_drafts(&self) -> Result<Vec<DraftId>> {
        self.read(|conn| {
            let mut statement =
                conn.prepare_cached("SELECT id FROM draft WHERE copied < version AND queued = 0")?;
            let rows = statement.query_map([], |row| row.get(0).map(DraftId))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

const COLUMNS: &str = "id, account_id, content, version, changed, queued, answers, copy_id, copied";

fn read_row(row: &Row<'_>) -> rusqlite::Result<DraftRow> {
    let copied = row.get(8)?;
    let copy: Option<i64> = row.get(7)?;
    Ok(DraftRow {
        id: DraftId(row.get(0)?),
        account: AccountId(row.get(1)?),
        draft: serde_json::from_str(row.get_ref(2)?.as_str()?).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(2, Type::Text, error.into())
        })?,
        files: Vec::new(),
        version: row.get(3)?,
        changed: row.get(4)?,
        queued: row.get(5)?,
        answers: row.get::<_, Option<i64>>(6)?.map(LetterId),
        copy: copy.map(|id| (LetterId(id), copied)),
    })
}

fn find(conn: &Connection, id: DraftId) -> Result<Option<DraftRow>> {
    Ok(conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM draft WHERE id = ?"))?
        .query_row([id.0], read_row)
        .optional()?)
}

pub(super) fn row_of(conn: &Connection, id: DraftId) -> Result<DraftRow> {
    let mut row = find(conn, id)?.ok_or(OutboxError::NoDraft(id))?;
    row.files = files_of(conn, id)?;
    Ok(row)
}

fn files_of(conn: &Connection, id: DraftId) -> Result<Vec<DraftFile>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, picture, name, media_type, size FROM draft_file
         WHERE draft_id = ? AND whole ORDER BY id",
    )?;
    let rows = statement.query_map([id.0], |row| {
        Ok(DraftFile {
            id: FileId(row.get(0)?),
            picture: row.get(1)?,
            name: row.get(2)?,
            media_type: row.get(3)?,
            size: row.get::<_, i64>(4)?.unsigned_abs(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What is written down of a draft: all but its files.
fn content(draft: &Draft) -> String {
    let bare = Draft {
        identity: draft.identity.clone(),
        to: draft.to.clone(),
        cc: draft.cc.clone(),
        bcc: draft.bcc.clone(),
        subject: draft.subject.clone(),
        body: draft.body.clone(),
        quotation: draft.quotation.clone(),
        attachments: Vec::new(),
        pictures: Vec::new(),
        context: draft.context.clone(),
        receipt: draft.receipt.clone(),
        zone: draft.zone,
        keep_picture_metadata: draft.keep_picture_metadata,
    };
    serde_json::to_string(&bare).unwrap_or_default()
}

/// The draft is there and may be changed.
fn changing(tx: &Transaction<'_>, id: DraftId) -> Result<()> {
    match find(tx, id)? {
        None => Err(OutboxError::NoDraft(id).into()),
        Some(row) if row.queued => Err(OutboxError::Given(id).into()),
        Some(_) => Ok(()),
    }
}

fn touch(tx: &Transaction<'_>, id: DraftId) -> Result<i64> {
    Ok(tx
        .prepare_cached(
            "UPDATE draft SET version = version + 1, changed = unixepoch() WHERE id = ?
             RETURNING version",
        )?
        .query_row([id.0], |row| row.get(0))?)
}

/// Adds a file in one go.
fn add_file(
    tx: &Transaction<'_>,
    id: DraftId,
    picture: Option<&str>,
    file: &Attachment,
) -> Result<FileId> {
    let size = file.bytes.len() as u64;
    let added = insert_file(tx, id, picture, file, (&file.bytes, size))?;
    tx.prepare_cached("UPDATE draft_file SET whole = 1 WHERE id = ?")?.execute([added.0])?;
    Ok(added)
}

/// Begins a file: with its first bytes, of so many.
fn insert_file(
    tx: &Transaction<'_>,
    id: DraftId,
    picture: Option<&str>,
    file: &Attachment,
    (first, size): (&[u8], u64),
) -> Result<FileId> {
    tx.prepare_cached(
        "INSERT INTO draft_file (draft_id, picture, name, media_type, bytes, size, whole)
         VALUES (?, ?, ?, ?, ?, ?, 0)",
    )?
    .execute(params![id.0, picture, file.name, file.media_type, first, size.cast_signed()])?;
    Ok(FileId(tx.last_insert_rowid()))
}

/// All of a file is here: the draft has it from now on.
fn whole(tx: &Transaction<'_>, id: DraftId, file: FileId) -> Result<()> {
    tx.prepare_cached("UPDATE draft_file SET whole = 1 WHERE id = ?")?.execute([file.0])?;
    touch(tx, id)?;
    Ok(())
}

fn remove_file(tx: &Transaction<'_>, id: DraftId, file: FileId) -> Result<()> {
    tx.prepare_cached("DELETE FROM draft_file WHERE id = ? AND draft_id = ?")?
        .execute([file.0, id.0])?;
    Ok(())
}

/// Takes a draft's copy away: for good where we made it, else into the trash, for another
/// program may have put more into it than we understand.
fn drop_copy(acting: &mut Acting<'_>, id: DraftId) -> Result<()> {
    let copy: Option<(i64, bool)> = acting
        .tx
        .prepare_cached(
            "SELECT copy_id, foreign_copy FROM draft WHERE id = ? AND copy_id IS NOT NULL",
        )?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match copy {
        Some((copy, true)) => acting.delete(&[LetterId(copy)]),
        Some((copy, false)) => acting.remove(&[LetterId(copy)]),
        None => Ok(()),
    }
}

/// Removes a draft, with its copy.
pub(super) fn discard(acting: &mut Acting<'_>, id: DraftId) -> Result<()> {
    drop_copy(acting, id)?;
    acting.tx.prepare_cached("DELETE FROM draft WHERE id = ?")?.execute([id.0])?;
    Ok(())
}

/// Writes recipients of a draft anew: those it still has to go to.
pub(super) fn readdress(
    tx: &Transaction<'_>,
    id: DraftId,
    keep: impl Fn(&str) -> bool,
) -> Result<()> {
    let Some(mut row) = find(tx, id)? else { return Ok(()) };
    for list in [&mut row.draft.to, &mut row.draft.cc, &mut row.draft.bcc] {
        list.retain(|address| keep(&address.addr));
    }
    tx.prepare_cached("UPDATE draft SET content = ? WHERE id = ?")?
        .execute(params![content(&row.draft), id.0])?;
    touch(tx, id)?;
    Ok(())
}
