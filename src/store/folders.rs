//! Accounts and folders.

use super::error::{Result, StoreError};
use super::mailbox::policy;
use super::pool::Store;
use crate::model::{AccountId, FolderId, FolderPolicy, Role};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use std::str::FromStr;

/// A folder as lists of folders show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Folder {
    /// Its key.
    #[serde(skip)]
    pub id: FolderId,
    /// Name of its account.
    pub account: String,
    /// Its path inside the account, levels separated by `/`.
    pub path: String,
    /// What it is for: a word of [`Role`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Letters in it.
    pub total: u64,
    /// Unread ones.
    pub unread: u64,
    /// How much of it is kept here; `None`: as its account says.
    #[serde(skip)]
    pub policy: Option<FolderPolicy>,
}

impl Folder {
    /// `account/path`, as the command line writes it.
    pub fn name(&self) -> String {
        format!("{}/{}", self.account, self.path)
    }
}

impl Store {
    /// All folders, by account and path.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn folders(&self) -> Result<Vec<Folder>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT f.id, a.name, f.path, f.role, f.total, f.unread, f.policy
                 FROM folder f JOIN account a ON a.id = f.account_id WHERE f.hidden = 0
                 ORDER BY a.id, f.path",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(Folder {
                    id: FolderId(row.get(0)?),
                    account: row.get(1)?,
                    path: row.get(2)?,
                    role: row.get(3)?,
                    total: row.get::<_, i64>(4)?.unsigned_abs(),
                    unread: row.get::<_, i64>(5)?.unsigned_abs(),
                    policy: policy(row.get(6)?),
                })
            })?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
    }

    /// The folder called `name`: `account/path`, a role, or a path of the local
    /// account.
    ///
    /// # Errors
    /// [`StoreError::NoFolder`] if there is none.
    pub fn folder(&self, name: &str) -> Result<Folder> {
        let folders = self.folders()?;
        let named = |f: &&Folder| f.name() == name || (f.account == "local" && f.path == name);
        let role = Role::from_str(name).ok().map(Role::word);
        folders
            .iter()
            .find(named)
            .or_else(|| folders.iter().find(|f| role.is_some() && f.role.as_deref() == role))
            .cloned()
            .ok_or_else(|| no_folder(name, &folders))
    }

    /// The folder called `account/path`, made if it is not there. A path without
    /// a known account belongs to the local one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn ensure_folder(&self, name: &str) -> Result<FolderId> {
        self.write(|tx| {
            let name = name.trim_matches('/');
            let (account, path) = split_account(tx, name)?;
            if path.is_empty() {
                return Err(no_folder(name, &[]));
            }
            tx.prepare_cached(
                "INSERT INTO folder (account_id, path) VALUES (?, ?)
                 ON CONFLICT (account_id, path) DO NOTHING",
            )?
            .execute(params![account.0, path])?;
            let id = tx
                .prepare_cached("SELECT id FROM folder WHERE account_id = ? AND path = ?")?
                .query_row(params![account.0, path], |row| row.get(0).map(FolderId))?;
            // Nobody would see what is put into one that was removed.
            shown(tx, id)?;
            Ok(id)
        })
    }

    /// Says what a folder is for, or that it is an ordinary one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_role(&self, folder: FolderId, role: Option<Role>) -> Result<()> {
        self.write(|tx| {
            tx.prepare_cached("UPDATE folder SET role = ? WHERE id = ?")?
                .execute(params![role.map(Role::word), folder.0])?;
            Ok(())
        })
    }
}

/// A folder that letters come into is one that is seen: one that was removed here comes back,
/// where no server is to be told of it. Whether it is seen.
pub(super) fn shown(tx: &Transaction<'_>, id: FolderId) -> Result<bool> {
    tx.prepare_cached(
        "UPDATE folder SET hidden = 0 WHERE id = ? AND hidden
         AND account_id IN (SELECT id FROM account WHERE kind <> 'imap')",
    )?
    .execute([id.0])?;
    Ok(tx.prepare_cached("SELECT 1 FROM folder WHERE id = ? AND hidden = 0")?.exists([id.0])?)
}

/// Folders named in an error at most.
const NAMED: usize = 12;

fn no_folder(name: &str, folders: &[Folder]) -> StoreError {
    let mut known: Vec<String> = folders.iter().take(NAMED).map(Folder::name).collect();
    match folders.len().checked_sub(NAMED) {
        Some(more @ 1..) => known.push(format!("{more} more")),
        _ if known.is_empty() => known.push("none yet".to_owned()),
        _ => {}
    }
    StoreError::NoFolder { name: name.to_owned(), known: known.join(", ") }
}

fn split_account<'n>(conn: &Connection, name: &'n str) -> Result<(AccountId, &'n str)> {
    let mut find = conn.prepare_cached("SELECT id FROM account WHERE name = ?")?;
    if let Some((account, path)) = name.split_once('/')
        && let Some(id) = find.query_row([account], |row| row.get(0)).optional()?
    {
        return Ok((AccountId(id), path));
    }
    Ok((AccountId(find.query_row(["local"], |row| row.get(0))?), name))
}
