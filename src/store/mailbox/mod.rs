//! Folders of servers: what they are called there, how far they are in step, and what
//! came of them (RFC 3501, 7162).
//!
//! Promise: letters, flags, what is gone and the folder's cursor are written in one
//! transaction, so a cursor never speaks of rows that are not here. A letter that first
//! came with its header only stays the same letter when the rest of it comes. What the
//! user did and the server does not know yet is never overwritten by what the server says.

mod apply;
mod known;

pub use apply::{Applied, Arrival, Changes, Content, FlagsOf};
pub use known::{Known, Orphan};

use super::error::Result;
use super::intents::{self, Settled};
use super::letters;
use super::pool::Store;
use crate::model::{AccountId, FolderId, FolderPolicy, LetterId, MailId, Role, folder_level};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use std::collections::HashSet;
use std::str::FromStr;

/// How far a folder is in step with the server. `None`: not known, or not offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The UIDs here are of this.
    pub uidvalidity: Option<u32>,
    /// What comes gets this UID or a higher one.
    pub uidnext: Option<u32>,
    /// Flags are known up to this (RFC 7162).
    pub highestmodseq: Option<u64>,
    /// All letters from this UID up to `uidnext` are here, their headers at least.
    pub lowest_uid: Option<u32>,
    /// Letters there when it was last in step.
    pub messages: Option<u32>,
    /// Unread ones there then.
    pub unseen: Option<u32>,
}

impl Cursor {
    /// Whether every letter up to `uidnext` is here, its header at least.
    pub fn is_whole(&self) -> bool {
        self.lowest_uid == Some(1) && self.uidvalidity.is_some()
    }
}

/// A folder of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Its key.
    pub id: FolderId,
    /// Whose it is.
    pub account: AccountId,
    /// Its path here, levels separated by `/`.
    pub path: String,
    /// Its name on the wire.
    pub remote: String,
    /// What it is for.
    pub role: Option<Role>,
    /// It can be opened.
    pub selectable: bool,
    /// The user is subscribed to it.
    pub subscribed: bool,
    /// How much of it is kept; `None`: as the account says.
    pub policy: Option<FolderPolicy>,
    /// How far it is in step.
    pub cursor: Cursor,
    /// Letters here.
    pub total: u64,
}

/// A folder as its server tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Its name on the wire.
    pub remote: String,
    /// The path it gets here.
    pub path: String,
    /// What it is for.
    pub role: Option<Role>,
    /// It can be opened.
    pub selectable: bool,
    /// The user is subscribed to it.
    pub subscribed: bool,
}

const COLUMNS: &str = "id, account_id, path, remote, role, selectable, subscribed, policy, \
                       uidvalidity, uidnext, highestmodseq, lowest_uid, messages, unseen, total";

fn mailbox(row: &Row<'_>) -> rusqlite::Result<Mailbox> {
    let role: Option<String> = row.get(4)?;
    let policy: Option<String> = row.get(7)?;
    Ok(Mailbox {
        id: FolderId(row.get(0)?),
        account: AccountId(row.get(1)?),
        path: row.get(2)?,
        remote: row.get(3)?,
        role: role.and_then(|word| Role::from_str(&word).ok()),
        selectable: row.get(5)?,
        subscribed: row.get(6)?,
        policy: self::policy(policy),
        cursor: Cursor {
            uidvalidity: row.get(8)?,
            uidnext: row.get(9)?,
            highestmodseq: row.get::<_, Option<i64>>(10)?.map(i64::unsigned_abs),
            lowest_uid: row.get(11)?,
            messages: row.get(12)?,
            unseen: row.get(13)?,
        },
        total: row.get::<_, i64>(14)?.unsigned_abs(),
    })
}

/// How much of a folder is kept, as it is written down; what a newer program wrote and is not
/// understood here is as the account says.
pub(super) fn policy(text: Option<String>) -> Option<FolderPolicy> {
    text.and_then(|text| serde_json::from_str(&text).ok())
}

fn mailboxes(conn: &Connection, account: AccountId) -> Result<Vec<Mailbox>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM folder WHERE account_id = ? AND remote IS NOT NULL AND hidden = 0 ORDER BY id"
    ))?;
    let rows = statement.query_map([account.0], mailbox)?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

impl Store {
    /// The folders of an account that a server has, in the order they were met.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn mailboxes(&self, account: AccountId) -> Result<Vec<Mailbox>> {
        self.read(|conn| mailboxes(conn, account))
    }

    /// One of them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn mailbox(&self, folder: FolderId) -> Result<Option<Mailbox>> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM folder WHERE id = ? AND remote IS NOT NULL"
                ))?
                .query_row([folder.0], mailbox)
                .optional()?)
        })
    }

    /// Takes in what a server says of its folders: new ones are made, known ones brought
    /// up to date. Those it does not name stay; see [`Self::remove_mailbox`]. A role is
    /// given to the first that claims it.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn meet_mailboxes(&self, account: AccountId, met: &[Remote]) -> Result<Vec<Mailbox>> {
        let known = self.mailboxes(account)?;
        let same = |m: &Mailbox, r: &Remote| {
            m.remote == r.remote
                && (m.role, m.selectable, m.subscribed) == (r.role, r.selectable, r.subscribed)
        };
        // Usually nothing is new, and nothing need be written.
        if met.iter().all(|r| known.iter().any(|m| same(m, r))) {
            return Ok(known);
        }
        self.write(|tx| {
            for remote in met {
                let id: Option<i64> = tx
                    .prepare_cached("SELECT id FROM folder WHERE account_id = ? AND remote = ?")?
                    .query_row(params![account.0, remote.remote], |row| row.get(0))
                    .optional()?;
                let role = remote.role.map(Role::word);
                // One the user has made here, or removed a while ago, is the same.
                let id = match id {
                    Some(id) => Some(id),
                    None => intents::adopt_folder(tx, account, &remote.path, &remote.remote)?,
                };
                match id {
                    Some(id) => tx
                        .prepare_cached(
                            "UPDATE folder SET role = coalesce(?1, role), selectable = ?2,
                             subscribed = CASE WHEN EXISTS (SELECT 1 FROM intent
                             WHERE folder_id = ?4 AND kind = 'subscribe'
                             AND state IN ('waiting', 'sent')) THEN subscribed ELSE ?3 END
                             WHERE id = ?4",
                        )?
                        .execute(params![role, remote.selectable, remote.subscribed, id])?,
                    None => tx
                        .prepare_cached(
                            "INSERT INTO folder (account_id, path, remote, role, selectable,
                             subscribed) VALUES (?, ?, ?, ?, ?, ?)",
                        )?
                        .execute(params![
                            account.0,
                            free_path(tx, account, &remote.path, &remote.remote)?,
                            remote.remote,
                            role,
                            remote.selectable,
                            remote.subscribed,
                        ])?,
                };
            }
            mailboxes(tx, account)
        })
    }

    /// A folder has another name now, there and here. Its letters stay.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn rename_mailbox(&self, folder: FolderId, remote: &str, path: &str) -> Result<()> {
        self.write(|tx| {
            let account: Option<i64> = tx
                .prepare_cached("SELECT account_id FROM folder WHERE id = ?")?
                .query_row([folder.0], |row| row.get(0))
                .optional()?;
            if let Some(account) = account {
                let path = free_path(tx, AccountId(account), path, remote)?;
                tx.prepare_cached("UPDATE folder SET remote = ?, path = ? WHERE id = ?")?
                    .execute(params![remote, path, folder.0])?;
            }
            Ok(())
        })
    }

    /// A folder is gone, and the letters in it. What the user wanted of them is settled.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn remove_mailbox(&self, folder: FolderId) -> Result<Settled> {
        self.write(|tx| {
            let settled = intents::drop_folder(tx, folder)?;
            remove_places(tx, "folder_id = ?1", params![folder.0])?;
            tx.prepare_cached("DELETE FROM folder WHERE id = ? AND remote IS NOT NULL")?
                .execute([folder.0])?;
            Ok(settled)
        })
    }

    /// How much of a folder is kept here; `None`: as the account says.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_policy(&self, folder: FolderId, policy: Option<FolderPolicy>) -> Result<()> {
        let text = policy.and_then(|policy| serde_json::to_string(&policy).ok());
        self.write(|tx| {
            // What it brings is found by comparing all of the folder.
            tx.prepare_cached("UPDATE folder SET policy = ?, lowest_uid = NULL WHERE id = ?")?
                .execute(params![text, folder.0])?;
            Ok(())
        })
    }

    /// The server counts its UIDs anew: letters here lose theirs and wait, as
    /// [`Orphan`]s, for the new ones. The folder is not in step any more.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn forget_uids(&self, folder: FolderId) -> Result<()> {
        self.write(|tx| forget_from(tx, folder, 0))
    }

    /// The server gives UIDs a second time: what comes gets `uidnext`, although higher ones
    /// are known. Letters here from there on lose theirs, and so do so many `letters` below,
    /// which may be others by now; see [`Self::forget_uids`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn doubt_uids(&self, folder: FolderId, uidnext: u32, letters: u32) -> Result<()> {
        self.write(|tx| {
            let from: Option<u32> = tx
                .prepare_cached(
                    "SELECT min(uid) FROM (SELECT uid FROM place WHERE folder_id = ?
                     AND uid < ? ORDER BY uid DESC LIMIT ?)",
                )?
                .query_row(params![folder.0, uidnext, letters], |row| row.get(0))?;
            forget_from(tx, folder, from.unwrap_or(0))
        })
    }

    /// Removes the letters of a folder that found no new UID, but for those the user has
    /// put there and the server does not know of yet. How many.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn drop_orphans(&self, folder: FolderId, orphans: &[LetterId]) -> Result<u64> {
        self.write(|tx| {
            let mut dropped = 0;
            for id in orphans {
                dropped += remove_places(
                    tx,
                    "folder_id = ?1 AND uid IS NULL AND id = ?2
                     AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.place_id = ?2
                     AND i.state IN ('waiting', 'sent'))
                     AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.made_id = ?2
                     AND i.state IN ('waiting', 'sent'))",
                    params![folder.0, id.0],
                )?;
            }
            Ok(dropped)
        })
    }
}

fn forget_from(tx: &Transaction<'_>, folder: FolderId, uid: u32) -> Result<()> {
    intents::forget_uids(tx, folder, uid)?;
    tx.prepare_cached("UPDATE place SET uid = NULL WHERE folder_id = ? AND uid >= ?")?
        .execute(params![folder.0, uid])?;
    set_cursor(tx, folder, &Cursor::default())
}

fn set_cursor(tx: &Transaction<'_>, folder: FolderId, cursor: &Cursor) -> Result<()> {
    tx.prepare_cached(
        "UPDATE folder SET uidvalidity = ?, uidnext = ?, highestmodseq = ?, lowest_uid = ?,
         messages = ?, unseen = ? WHERE id = ?",
    )?
    .execute(params![
        cursor.uidvalidity,
        cursor.uidnext,
        cursor.highestmodseq.map(|modseq| i64::try_from(modseq).unwrap_or(i64::MAX)),
        cursor.lowest_uid,
        cursor.messages,
        cursor.unseen,
        folder.0,
    ])?;
    Ok(())
}

/// Removes places, and mails that lie nowhere then. How many places.
fn remove_places(
    tx: &Transaction<'_>,
    condition: &str,
    with: impl rusqlite::Params,
) -> Result<u64> {
    let mails: Vec<i64> = tx
        .prepare_cached(&format!("DELETE FROM place WHERE {condition} RETURNING mail_id"))?
        .query_map(with, |row| row.get(0))?
        .collect::<std::result::Result<_, _>>()?;
    let different: HashSet<i64> = mails.iter().copied().collect();
    for mail in different {
        letters::forget_if_nowhere(tx, MailId(mail))?;
    }
    Ok(mails.len() as u64)
}

/// The path, or one like it that no other folder of the account has.
fn free_path(
    tx: &Transaction<'_>,
    account: AccountId,
    wanted: &str,
    remote: &str,
) -> Result<String> {
    let wanted: Vec<String> = wanted.split('/').map(folder_level).collect();
    let wanted = wanted.join("/");
    let mut taken = tx.prepare_cached(
        "SELECT 1 FROM folder WHERE account_id = ? AND path = ? AND remote IS NOT ?",
    )?;
    let mut path = wanted.clone();
    let mut number = 1;
    while taken.exists(params![account.0, path, remote])? {
        number += 1;
        path = format!("{wanted} ({number})");
    }
    Ok(path)
}
