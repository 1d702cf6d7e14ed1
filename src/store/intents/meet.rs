//! What sync must know of the journal, so that what a server says never undoes what the
//! user did since.

use super::settle::{At, Settled, located};
use super::{Intent, Kind, PENDING, of_place, select, update};
use crate::model::{AccountId, FlagChange, Flags, FolderId, LetterId, MailId};
use crate::store::error::Result;
use crate::store::pool::Store;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::{HashMap, HashSet};

/// What is pending of a folder's letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pending {
    hidden: HashSet<u32>,
    removed: HashSet<u32>,
    flags: HashMap<LetterId, Vec<FlagChange>>,
    expects: bool,
}

impl Pending {
    /// Whether the user has moved this letter away or deleted it: it is not shown here
    /// again although the server has it.
    pub fn hides(&self, uid: u32) -> bool {
        self.hidden.contains(&uid)
    }

    /// Whether it is to be removed from this folder on the server, and nothing else.
    pub fn is_removed(&self, uid: u32) -> bool {
        self.removed.contains(&uid)
    }

    /// What is shown of a letter whose flags on the server are these.
    pub fn over(
        &self,
        letter: LetterId,
        flags: Flags,
        keywords: Option<&str>,
    ) -> (Flags, Option<String>) {
        let mut shown = (flags, keywords.map(str::to_owned));
        for change in self.flags.get(&letter).into_iter().flatten() {
            shown = change.apply(shown.0, shown.1.as_deref());
        }
        shown
    }

    /// Whether flags of this letter are changed on the way: [`settle_flags`] must be told
    /// what the server says.
    pub fn changes(&self, letter: LetterId) -> bool {
        self.flags.contains_key(&letter)
    }

    /// Whether [`meet`] must be asked of every letter that is new in the folder.
    pub fn expects(&self) -> bool {
        self.expects
    }
}

/// What a letter that is new in a folder turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// New.
    New,
    /// This letter, which the user put here, or which lost its UID. It has its UID now.
    Letter(LetterId),
    /// One that the user has taken away again: not shown here.
    Hidden,
}

impl Store {
    /// What is pending of a folder's letters.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn pending(&self, folder: FolderId) -> Result<Pending> {
        self.read(|conn| of_folder(conn, folder))
    }

    /// Folders of which an intent is pending that makes, renames or removes them: what a
    /// server lists says nothing about them yet. With them those the user removed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn folders_in_motion(&self) -> Result<HashSet<FolderId>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(&format!(
                "SELECT folder_id FROM intent WHERE {PENDING} AND folder_id IS NOT NULL
                 AND kind IN ('create', 'rename', 'remove')
                 UNION SELECT id FROM folder WHERE hidden"
            ))?;
            let rows = statement.query_map([], |row| row.get(0).map(FolderId))?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
    }
}

/// What is pending of a folder's letters.
pub(in crate::store) fn of_folder(conn: &Connection, folder: FolderId) -> Result<Pending> {
    let mut pending = Pending::default();
    let there = select(conn, &format!("folder_id = ? AND {PENDING}"), [folder.0])?;
    for intent in &there {
        match (intent.kind, intent.uid) {
            (Kind::Move | Kind::Delete, Some(uid)) => {
                pending.hidden.insert(uid);
                // What a move has copied is only to be removed as well.
                if intent.kind == Kind::Delete || intent.detail.copied {
                    pending.removed.insert(uid);
                }
            }
            (Kind::Append, Some(_)) => {}
            (kind, None) if !kind.is_of_folder() => pending.expects = true,
            _ => {}
        }
    }
    // A letter lies here although the intents about its flags still speak of where it was.
    let mut statement = conn.prepare_cached(
        // What is pending is little, letters are many: in this order.
        "SELECT i.place_id, i.id FROM intent i CROSS JOIN place p ON p.id = i.place_id
         WHERE i.account_id = (SELECT account_id FROM folder WHERE id = ?1)
         AND i.state IN ('waiting', 'sent') AND i.kind = 'flag' AND p.folder_id = ?1
         ORDER BY i.id",
    )?;
    let flagged: Vec<(i64, i64)> = statement
        .query_map([folder.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<std::result::Result<_, _>>()?;
    for (place, id) in flagged {
        if let Some(intent) = super::read(conn, crate::model::IntentId(id))? {
            pending.flags.entry(LetterId(place)).or_default().push(intent.change);
        }
    }
    pending.expects |= conn
        .prepare_cached(&format!(
            "SELECT 1 FROM place WHERE folder_id = ?1 AND uid IS NULL
             UNION ALL SELECT 1 FROM intent WHERE target_id = ?1 AND {PENDING} LIMIT 1"
        ))?
        .exists([folder.0])?;
    Ok(pending)
}

/// The server's flags of a letter of which changes are pending: those are changes of these
/// from now on.
pub(in crate::store) fn settle_flags(
    tx: &Transaction<'_>,
    letter: LetterId,
    flags: Flags,
    keywords: Option<&str>,
) -> Result<()> {
    for mut intent in of_place(tx, letter)? {
        if matches!(intent.kind, Kind::Flag | Kind::Delete) {
            intent.base = flags;
            intent.detail.base_words = keywords.map(str::to_owned);
            update(tx, &intent)?;
        }
    }
    Ok(())
}

/// The server's flags of a letter that the user has taken away from this folder and that the
/// server still has here: it has them where it lies now, and when it comes back. That it is
/// marked as deleted is our own doing, where a server can only move by copying.
pub(in crate::store) fn settle_hidden(
    tx: &Transaction<'_>,
    folder: FolderId,
    uid: u32,
    flags: Flags,
    keywords: Option<&str>,
) -> Result<()> {
    let flags = flags.without(Flags::DELETED);
    let condition =
        format!("folder_id = ? AND uid = ? AND kind IN ('move', 'delete') AND {PENDING}");
    for intent in select(tx, &condition, params![folder.0, uid])? {
        if let Some(letter) = intent.place {
            settle_flags(tx, letter, flags, keywords)?;
            super::settle::reflag(tx, letter, flags, keywords)?;
        }
    }
    Ok(())
}

/// A letter is new in a folder under this UID; what is known of it is this mail (whole, or
/// the header of one). Says what it is, and gives it its UID where it is one that was
/// waited for.
pub(in crate::store) fn meet(
    tx: &Transaction<'_>,
    folder: FolderId,
    uid: u32,
    mail: MailId,
) -> Result<Met> {
    let uidvalidity: Option<u32> = tx
        .prepare_cached("SELECT uidvalidity FROM folder WHERE id = ?")?
        .query_row([folder.0], |row| row.get(0))
        .optional()?
        .flatten();
    let key = Key::of(tx, mail)?;
    // One that lost its UID while the user took it away, or changed it.
    let lost = select(
        tx,
        &format!(
            "folder_id = ? AND uid IS NULL AND kind IN ('flag', 'move', 'copy', 'delete')
             AND {PENDING}"
        ),
        [folder.0],
    )?;
    for intent in lost {
        // It may only now be on its way to this folder: then it is not here yet.
        if on_its_way(tx, &intent)? || !key.is_of(tx, &intent)? {
            continue;
        }
        let at = At { folder, uidvalidity, uid: Some(uid) };
        let Some(place) = intent.place else {
            tx.prepare_cached("UPDATE intent SET uidvalidity = ?, uid = ? WHERE id = ?")?
                .execute(params![uidvalidity, uid, intent.id.0])?;
            return Ok(Met::Hidden);
        };
        located(tx, crate::model::IntentId(intent.id.0 - 1), place, &at)?;
        return shown(tx, folder, uid);
    }
    // One that was sent here: it has come, though we were not told.
    let sent = select(
        tx,
        &format!(
            "target_id = ? AND kind IN ('move', 'copy', 'append') AND state = 'sent'
             AND {PENDING}"
        ),
        [folder.0],
    )?;
    for intent in sent {
        let before = intent.detail.after.is_some_and(|after| uid < after);
        let Some(place) = (match intent.kind {
            Kind::Move => intent.place,
            _ => intent.made,
        }) else {
            continue;
        };
        let has = super::place(tx, place)?;
        let settled = has.as_ref().is_some_and(|row| row.folder == folder && row.uid.is_some());
        if before || settled || !key.is_of(tx, &intent)? {
            continue;
        }
        let at = At { folder, uidvalidity, uid: Some(uid) };
        located(tx, intent.id, place, &at)?;
        // Replay must not wait for what is known now.
        if uidvalidity.is_some() && intent.kind != Kind::Move {
            let mut intent = intent;
            intent.detail.copy_uid = Some(uid);
            intent.detail.after_validity = uidvalidity;
            update(tx, &intent)?;
        }
        return shown(tx, folder, uid);
    }
    // One that was put here and the server never told its UID, or that lost it.
    let mut waiting = tx.prepare_cached(
        "SELECT p.id FROM place p WHERE p.folder_id = ?1 AND p.uid IS NULL
         AND (p.mail_id = ?2 OR (SELECT msgid FROM mail WHERE id = p.mail_id) = ?3)
         AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.state IN ('waiting', 'sent')
             AND i.place_id = p.id AND i.kind = 'move')
         AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.state IN ('waiting', 'sent')
             AND i.made_id = p.id AND i.kind IN ('copy', 'append'))
         ORDER BY p.mail_id = ?2 DESC, p.id",
    )?;
    let places: Vec<i64> = waiting
        .query_map(params![folder.0, mail.0, key.msgid], |row| row.get(0))?
        .collect::<std::result::Result<_, _>>()?;
    for id in places {
        let Some(row) = super::place(tx, LetterId(id))? else { continue };
        if key.is(&Key::of(tx, row.mail)?) {
            tx.prepare_cached("UPDATE place SET uid = ? WHERE id = ?")?
                .execute([i64::from(uid), id])?;
            return Ok(Met::Letter(LetterId(id)));
        }
    }
    Ok(Met::New)
}

/// What is shown under a UID now that a letter got it.
fn shown(tx: &Transaction<'_>, folder: FolderId, uid: u32) -> Result<Met> {
    let id: Option<i64> = tx
        .prepare_cached("SELECT id FROM place WHERE folder_id = ? AND uid = ?")?
        .query_row(params![folder.0, uid], |row| row.get(0))
        .optional()?;
    Ok(id.map_or(Met::Hidden, |id| Met::Letter(LetterId(id))))
}

/// Whether an earlier intent still has to bring the letter to where this one speaks of.
fn on_its_way(conn: &Connection, intent: &Intent) -> Result<bool> {
    let Some(place) = intent.place else { return Ok(false) };
    Ok(conn
        .prepare_cached(&format!(
            "SELECT 1 FROM intent WHERE {PENDING} AND id < ?1 AND
             (place_id = ?2 AND kind = 'move' OR made_id = ?2 AND kind IN ('copy', 'append'))"
        ))?
        .exists(params![intent.id.0, place.0])?)
}

/// What mails are compared by here: their row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    mail: MailId,
    msgid: Option<i64>,
    size: i64,
}

impl Key {
    fn of(conn: &Connection, mail: MailId) -> Result<Self> {
        Ok(conn
            .prepare_cached("SELECT msgid, size FROM mail WHERE id = ?")?
            .query_row([mail.0], |row| Ok(Self { mail, msgid: row.get(0)?, size: row.get(1)? }))?)
    }

    fn is(&self, other: &Self) -> bool {
        self.mail == other.mail
            || self.msgid.is_some() && (self.msgid, self.size) == (other.msgid, other.size)
    }

    fn is_of(&self, conn: &Connection, intent: &Intent) -> Result<bool> {
        match super::settle::mail_of(conn, intent)? {
            Some(mail) => Ok(self.is(&Self::of(conn, mail)?)),
            None => Ok(false),
        }
    }
}

/// Letters of these UIDs (both ends included) are gone from the server, as it says: replay
/// looks whether they were moved, and drops what was to be done with them if not. To be
/// called before their places are removed.
pub(in crate::store) fn vanished(
    tx: &Transaction<'_>,
    folder: FolderId,
    from: u32,
    to: u32,
) -> Result<()> {
    tx.prepare_cached(&format!(
        "UPDATE intent SET state = 'done' WHERE folder_id = ?1 AND uid BETWEEN ?2 AND ?3
         AND kind = 'flag' AND {PENDING} AND EXISTS (SELECT 1 FROM place p
         WHERE p.id = place_id AND p.folder_id = ?1 AND p.uid = intent.uid)"
    ))?
    .execute(params![folder.0, from, to])?;
    tx.prepare_cached(&format!(
        "UPDATE intent SET uid = NULL, uidvalidity = NULL
         WHERE folder_id = ?1 AND uid BETWEEN ?2 AND ?3 AND {PENDING}"
    ))?
    .execute(params![folder.0, from, to])?;
    Ok(())
}

/// The UIDs of a folder have lost their meaning: what is pending of its letters must find
/// them anew.
pub(in crate::store) fn forget_uids(
    tx: &Transaction<'_>,
    folder: FolderId,
    from: u32,
) -> Result<()> {
    tx.prepare_cached(&format!(
        "UPDATE intent SET uid = NULL, uidvalidity = NULL,
         detail = json_set(detail, '$.renumbered', json('true'))
         WHERE folder_id = ? AND uid >= ? AND {PENDING}"
    ))?
    .execute(params![folder.0, from])?;
    Ok(())
}

/// A folder is gone from the server: what is pending of it is settled. To be called before
/// its row is removed.
pub(in crate::store) fn drop_folder(tx: &Transaction<'_>, folder: FolderId) -> Result<Settled> {
    let mut settled = Settled::default();
    super::settle::folder_gone(tx, folder, &mut settled)?;
    Ok(settled)
}

/// A server lists a folder that is not known by this name: the row of one that the user
/// made here, or removed a while ago, is taken for it.
pub(in crate::store) fn adopt_folder(
    tx: &Transaction<'_>,
    account: AccountId,
    path: &str,
    remote: &str,
) -> Result<Option<i64>> {
    let id: Option<i64> = tx
        .prepare_cached(
            "SELECT id FROM folder WHERE account_id = ? AND path = ? AND remote IS NULL",
        )?
        .query_row(params![account.0, path], |row| row.get(0))
        .optional()?;
    if let Some(id) = id {
        tx.prepare_cached("UPDATE folder SET remote = ?, hidden = 0 WHERE id = ?")?
            .execute(params![remote, id])?;
    }
    Ok(id)
}
