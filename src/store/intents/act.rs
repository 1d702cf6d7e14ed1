//! What the user does to letters, done here at once.

use super::acting::Acting;
use super::undo;
use crate::model::{
    AccountId, Act, FlagChange, Flags, FolderId, Gesture, GestureId, LetterId, Role,
};
use crate::store::error::Result;
use crate::store::letters::Incoming;
use crate::store::pool::Store;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::str::FromStr;

/// Why something the user asked for is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ActError {
    /// The folder is not there (any more).
    #[error("this folder is not there any more")]
    NoFolder,
    /// There is a folder of this path.
    #[error("there is a folder '{0}' already")]
    FolderExists(String),
    /// Not a path for a folder.
    #[error("'{0}' cannot be the name of a folder")]
    FolderName(String),
    /// The account needs this folder.
    #[error("'{0}' cannot be renamed or removed: mail programs and the server rely on it")]
    FolderNeeded(String),
    /// There are folders below it.
    #[error("'{0}' has folders below it; remove those first")]
    FolderHasFolders(String),
    /// A folder that only holds folders.
    #[error("'{0}' holds folders only, no letters")]
    NoLetters(String),
    /// Only the header of a letter is here, and all of it is needed.
    #[error("letter {0} is not here in full yet; open it once, then try again")]
    NotHere(LetterId),
    /// The letter is on its way between folders, and is now to go to another account.
    #[error("letter {0} is still being moved on the server; try again when that is done")]
    StillMoving(LetterId),
    /// There is no such gesture, or it is too long ago.
    #[error("there is nothing to take back under number {0}")]
    NoGesture(GestureId),
    /// It has been taken back.
    #[error("number {0} has been taken back already")]
    Undone(GestureId),
    /// It cannot be taken back.
    #[error("this cannot be taken back: {0}")]
    CannotUndo(&'static str),
}

impl ActError {
    /// What is said of a letter that stays where it is for this, while others come back.
    pub(super) fn left(&self) -> &'static str {
        match self {
            Self::NotHere(_) => "the letters are not here in full",
            Self::StillMoving(_) => "the letters are still being moved on the server",
            Self::CannotUndo(why) => why,
            _ => "the folder the letters came from is gone",
        }
    }
}

impl Store {
    /// Does what the user asks for: here at once, and noted down for the server, in one
    /// transaction. Nothing if there was nothing to do.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Act`] when it cannot be done; nothing has changed then.
    pub fn act(&self, act: &Act) -> Result<Option<Gesture>> {
        self.write(|tx| {
            let mut acting = Acting::begin(tx, act.word())?;
            acting.act(act)?;
            acting.end()
        })
    }

    /// Adds a letter of the user's own making to a folder: a draft, a copy of what was
    /// sent. `date`: when it counts as arrived, in seconds since 1970.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Act`] when it cannot be done; nothing has changed then.
    pub fn append(
        &self,
        folder: FolderId,
        letter: &Incoming,
        flags: Flags,
        date: Option<i64>,
    ) -> Result<(Gesture, LetterId)> {
        self.write(|tx| {
            let mut acting = Acting::begin(tx, "append")?;
            let made = acting.append(folder, letter, flags, date)?;
            let gesture = acting.end()?.ok_or(ActError::NoFolder)?;
            Ok((gesture, made))
        })
    }
}

impl Acting<'_> {
    /// Does what the user asks for.
    pub(super) fn act(&mut self, act: &Act) -> Result<()> {
        let tx = self.tx;
        match act {
            Act::Flag(letters, change) => self.flag(letters, change)?,
            Act::Move(letters, to) => self.put(letters, *to)?,
            Act::Copy(letters, to) => self.copy(letters, *to)?,
            Act::Trash(letters) => self.trash(letters)?,
            Act::Delete(letters) => self.delete(letters)?,
            Act::DeleteForGood(letters) => self.remove(letters)?,
            Act::Archive(letters) => self.archive(letters)?,
            Act::Junk(letters) => self.judge(letters, true)?,
            Act::NotJunk(letters) => self.judge(letters, false)?,
            Act::MarkAllRead(folder) => {
                let unread = letters_of(tx, *folder, "AND flags & 1 = 0")?;
                self.flag(&unread, &FlagChange::flags(Flags::SEEN, Flags::NONE))?;
            }
            Act::EmptyTrash(account) => {
                for trash in folders_of_role(tx, *account, Role::Trash)? {
                    self.remove(&letters_of(tx, trash, "")?)?;
                }
            }
            Act::CreateFolder(account, path) => {
                self.create_folder(*account, path, None)?;
            }
            Act::RenameFolder(folder, path) => self.rename_folder(*folder, path)?,
            Act::DeleteFolder(folder) => self.delete_folder(*folder)?,
            Act::Subscribe(folder, yes) => self.subscribe(*folder, *yes)?,
        }
        Ok(())
    }
}

/// `$Junk`, and the words other programs have for it.
pub(super) fn junk(yes: bool) -> FlagChange {
    let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect();
    match yes {
        true => FlagChange {
            add: Flags::JUNK,
            remove_words: words(&["$NotJunk", "NonJunk"]),
            ..FlagChange::default()
        },
        false => FlagChange {
            remove: Flags::JUNK,
            add_words: words(&["$NotJunk"]),
            remove_words: words(&["Junk"]),
            ..FlagChange::default()
        },
    }
}

pub(super) fn letters_of(
    conn: &Connection,
    folder: FolderId,
    condition: &str,
) -> Result<Vec<LetterId>> {
    let sql = format!("SELECT id FROM place WHERE folder_id = ? {condition} ORDER BY id");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([folder.0], |row| row.get(0).map(LetterId))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

pub(super) fn has_letters(conn: &Connection, folder: FolderId) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT 1 FROM place WHERE folder_id = ?")?.exists([folder.0])?)
}

pub(super) fn folders_of_role(
    conn: &Connection,
    account: AccountId,
    role: Role,
) -> Result<Vec<FolderId>> {
    let mut statement = conn.prepare_cached(
        "SELECT id FROM folder WHERE account_id = ? AND role = ? AND hidden = 0 ORDER BY id",
    )?;
    let rows =
        statement.query_map(params![account.0, role.word()], |row| row.get(0).map(FolderId))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// A folder's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FolderRow {
    pub id: FolderId,
    pub account: AccountId,
    pub path: String,
    pub role: Option<Role>,
    pub uidvalidity: Option<u32>,
    pub selectable: bool,
    pub subscribed: bool,
    pub hidden: bool,
    /// A server keeps it.
    pub served: bool,
}

pub(super) fn folder(conn: &Connection, id: FolderId) -> Result<Option<FolderRow>> {
    Ok(conn
        .prepare_cached(
            "SELECT f.id, f.account_id, f.path, f.role, f.uidvalidity, f.selectable,
             f.subscribed, f.hidden, a.kind = 'imap'
             FROM folder f JOIN account a ON a.id = f.account_id WHERE f.id = ?",
        )?
        .query_row([id.0], |row| {
            let role: Option<String> = row.get(3)?;
            Ok(FolderRow {
                id: FolderId(row.get(0)?),
                account: AccountId(row.get(1)?),
                path: row.get(2)?,
                role: role.and_then(|word| Role::from_str(&word).ok()),
                uidvalidity: row.get(4)?,
                selectable: row.get(5)?,
                subscribed: row.get(6)?,
                hidden: row.get(7)?,
                served: row.get(8)?,
            })
        })
        .optional()?)
}

pub(super) fn set_flags(
    tx: &Transaction<'_>,
    id: LetterId,
    flags: Flags,
    keywords: Option<&str>,
) -> Result<()> {
    tx.prepare_cached("UPDATE place SET flags = ?, keywords = ? WHERE id = ?")?
        .execute(params![flags.bits(), keywords, id.0])?;
    Ok(())
}

impl Store {
    /// Takes back what was done at a gesture: drops what the server has not heard of, and
    /// does the opposite of the rest, which is a gesture of its own. Letters that went on
    /// from where the gesture put them stay where they are.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Act`] when there is nothing to take back.
    pub fn undo(&self, gesture: GestureId) -> Result<Gesture> {
        self.write(|tx| undo::undo(tx, gesture))
    }
}
