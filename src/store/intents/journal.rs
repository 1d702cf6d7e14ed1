//! What is to be sent next, and what must be written down before and after.

use super::settle::{At, Settled, located, mail_of, reflag};
use super::{Intent, Kind, PENDING, of_place, read, select, update};
use crate::model::{AccountId, Flags, FolderId, IntentId, LetterId};
use crate::store::error::Result;
use crate::store::pool::Store;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::{HashMap, HashSet};

/// Intents looked at for one wave; the rest come with a later one.
const LOOKED_AT: i64 = 20_000;

/// An intent that may be carried out now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// It.
    pub intent: Intent,
    /// The name on the wire of the folder it is about or in; `None`: the server has none.
    pub mailbox: Option<String>,
    /// The same of the folder it leads to.
    pub target: Option<String>,
    /// The folder's path here.
    pub path: Option<String>,
}

/// What is written down with `sent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sending {
    /// UIDVALIDITY and UIDNEXT of the target folder just before.
    pub after: Option<(u32, u32)>,
}

/// Who must wait for whom, met in the order of the journal.
#[derive(Default)]
struct Order {
    letters: HashSet<LetterId>,
    /// Folders that an earlier intent about a letter touches.
    touched: HashSet<FolderId>,
    /// Folders that an earlier one is about.
    folders: HashSet<FolderId>,
    paths: HashMap<FolderId, String>,
}

impl Order {
    /// Whether an intent need not wait for an earlier one; it is met in any case.
    fn meets(&mut self, intent: &Intent) -> bool {
        let about: Vec<FolderId> = match intent.kind.is_of_folder() {
            true => self.family(intent.folder),
            false => intent.folder.iter().chain(&intent.target).copied().collect(),
        };
        let mut free = about.iter().all(|folder| !self.folders.contains(folder));
        if intent.kind.is_of_folder() {
            free &= about.iter().all(|folder| !self.touched.contains(folder));
            self.folders.extend(about);
        } else {
            self.touched.extend(about);
        }
        // What a removal was made of is only remembered.
        let made = intent.made.filter(|_| intent.kind != Kind::Delete);
        for letter in [intent.place, made].into_iter().flatten() {
            free &= self.letters.insert(letter);
        }
        free
    }

    /// A folder with all above and below it.
    fn family(&self, folder: Option<FolderId>) -> Vec<FolderId> {
        let Some(path) = folder.and_then(|id| self.paths.get(&id)) else {
            return folder.into_iter().collect();
        };
        let under = |low: &str, high: &str| {
            low.strip_prefix(high).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.paths
            .iter()
            .filter(|(_, other)| under(other, path) || under(path, other))
            .map(|(id, _)| *id)
            .collect()
    }
}

impl Store {
    /// Intents of an account that can be carried out now, in any order among themselves:
    /// none of them waits for another. Later waves hold what waited for these.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn wave(&self, account: AccountId, now: i64) -> Result<Vec<Task>> {
        self.read(|conn| {
            let rows = select_limited(conn, account)?;
            let mut order = Order::default();
            if rows.iter().any(|(intent, _)| intent.kind.is_of_folder()) {
                order.paths = paths(conn, account)?;
            }
            let mut tasks = Vec::new();
            for (intent, not_before) in rows {
                let free = order.meets(&intent) && not_before <= now && is_met(conn, &intent)?;
                if free {
                    let mailbox = intent.folder.map(|id| names(conn, id)).transpose()?.flatten();
                    let target = intent.target.map(|id| names(conn, id)).transpose()?.flatten();
                    let (mailbox, path) = mailbox.map_or((None, None), |(m, p)| (m, Some(p)));
                    let target = target.and_then(|(mailbox, _)| mailbox);
                    tasks.push(Task { intent, mailbox, target, path });
                }
            }
            Ok(tasks)
        })
    }

    /// When the first of what is put off is to be tried again, in seconds since 1970;
    /// `None` when nothing is pending.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn next_try(&self, account: AccountId) -> Result<Option<i64>> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached(&format!(
                    "SELECT min(not_before) FROM intent WHERE account_id = ? AND {PENDING}"
                ))?
                .query_row([account.0], |row| row.get(0))?)
        })
    }

    /// How many intents of an account the server does not know of yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn pending_count(&self, account: AccountId) -> Result<u64> {
        self.read(|conn| {
            let count: i64 = conn
                .prepare_cached(&format!(
                    "SELECT count(*) FROM intent WHERE account_id = ? AND {PENDING}"
                ))?
                .query_row([account.0], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }

    /// Writes down that these are about to be sent, on the disk: the bytes may leave after
    /// this. Those that were taken back meanwhile are left out of the answer.
    ///
    /// # Errors
    /// When the store cannot be written: then nothing may be sent.
    pub fn sending(&self, ids: &[IntentId], sending: &Sending) -> Result<Vec<IntentId>> {
        self.write_durably(|tx| {
            let mut alive = Vec::new();
            for id in ids {
                let Some(mut intent) = read(tx, *id)? else { continue };
                if !intent.state.is_pending() {
                    continue;
                }
                if let Some((validity, next)) = sending.after {
                    intent.detail.after_validity = Some(validity);
                    intent.detail.after = Some(next);
                }
                intent.state = super::State::Sent;
                update(tx, &intent)?;
                alive.push(*id);
            }
            Ok(alive)
        })
    }

    /// The copying half of these moves is done: the copies' UIDs, where the server told.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn copied(&self, ids: &[(IntentId, Option<(u32, u32)>)]) -> Result<()> {
        self.write_durably(|tx| {
            for (id, at) in ids {
                let Some(mut intent) = read(tx, *id)? else { continue };
                intent.detail.copied = true;
                if let Some((validity, uid)) = at {
                    intent.detail.after_validity = Some(*validity);
                    intent.detail.copy_uid = Some(*uid);
                }
                update(tx, &intent)?;
            }
            Ok(())
        })
    }

    /// The copies that [`Self::copied`] told of are about to be removed again.
    ///
    /// # Errors
    /// When the store cannot be written: then nothing may be removed.
    pub fn uncopied(&self, ids: &[IntentId]) -> Result<()> {
        self.write_durably(|tx| {
            for id in ids {
                let Some(mut intent) = read(tx, *id)? else { continue };
                (intent.detail.copied, intent.detail.copy_uid) = (false, None);
                update(tx, &intent)?;
            }
            Ok(())
        })
    }

    /// The letters of these are not under the UIDs that were known; they must be looked for.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn unplaced(&self, ids: &[IntentId]) -> Result<()> {
        self.write(|tx| {
            for id in ids {
                if let Some(mut intent) = read(tx, *id)? {
                    (intent.uid, intent.uidvalidity) = (None, None);
                    update(tx, &intent)?;
                }
            }
            Ok(())
        })
    }

    /// The UIDs of the folder these are about have lost their meaning.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn renumbered(&self, ids: &[IntentId]) -> Result<()> {
        self.write(|tx| {
            for id in ids {
                if let Some(mut intent) = read(tx, *id)? {
                    (intent.uid, intent.uidvalidity) = (None, None);
                    intent.detail.renumbered = true;
                    update(tx, &intent)?;
                }
            }
            Ok(())
        })
    }

    /// Where the letter of an intent is known to have come to in the target folder:
    /// UIDVALIDITY and UID. Sync may have met it there before the answer to our command.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn arrived(&self, intent: &Intent) -> Result<Option<(u32, u32)>> {
        let letter = if intent.kind == Kind::Move { intent.place } else { intent.made };
        let (Some(letter), Some(target)) = (letter, intent.target) else { return Ok(None) };
        if let Some(at) = intent.detail.after_validity.zip(intent.detail.copy_uid) {
            return Ok(Some(at));
        }
        self.read(|conn| {
            let validity: Option<u32> = conn
                .prepare_cached("SELECT uidvalidity FROM folder WHERE id = ?")?
                .query_row([target.0], |row| row.get(0))
                .optional()?
                .flatten();
            let Some(validity) = validity else { return Ok(None) };
            if let Some(row) = super::place(conn, letter)?
                && row.folder == target
                && let Some(uid) = row.uid
            {
                return Ok(Some((validity, uid)));
            }
            // The user may have moved it on since.
            let later = of_place(conn, letter)?.into_iter().find(|later| later.id > intent.id);
            let at = later.filter(|later| later.folder == Some(target));
            Ok(at.and_then(|later| later.uidvalidity.zip(later.uid)))
        })
    }

    /// The name on the wire of the folder with this path.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn remote_of(&self, account: AccountId, path: &str) -> Result<Option<String>> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached("SELECT remote FROM folder WHERE account_id = ? AND path = ?")?
                .query_row(params![account.0, path], |row| row.get(0))
                .optional()?
                .flatten())
        })
    }

    /// A letter that an intent is about was found under this UID.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn found(&self, id: IntentId, uidvalidity: u32, uid: u32) -> Result<()> {
        self.write(|tx| {
            let Some(intent) = read(tx, id)? else { return Ok(()) };
            let (Some(place), Some(folder)) = (intent.place, intent.folder) else {
                tx.prepare_cached("UPDATE intent SET uidvalidity = ?, uid = ? WHERE id = ?")?
                    .execute(params![uidvalidity, uid, id.0])?;
                return Ok(());
            };
            // It, and what comes after it until the letter is moved on.
            let at = At { folder, uidvalidity: Some(uidvalidity), uid: Some(uid) };
            located(tx, IntentId(id.0 - 1), place, &at)
        })
    }

    /// To be tried again at this moment (seconds since 1970).
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn put_off(&self, ids: &[IntentId], until: i64, why: &str) -> Result<()> {
        self.write(|tx| {
            for id in ids {
                tx.prepare_cached(&format!(
                    "UPDATE intent SET tries = tries + 1, not_before = ?, error = ?
                     WHERE id = ? AND {PENDING}"
                ))?
                .execute(params![until, why, id.0])?;
            }
            Ok(())
        })
    }

    /// The server's flags of a letter, seen after it refused to change them.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn flags_seen(&self, letter: LetterId, flags: Flags, words: Option<&str>) -> Result<()> {
        self.write(|tx| {
            for mut intent in of_place(tx, letter)? {
                intent.base = flags;
                intent.detail.base_words = words.map(str::to_owned);
                update(tx, &intent)?;
            }
            reflag(tx, letter, flags, words)
        })
    }

    /// Whether the letter under this UID is one that is here, or one that the user has taken
    /// away, and so not the one that is looked for.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn is_taken(&self, folder: FolderId, uidvalidity: u32, uid: u32) -> Result<bool> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached(&format!(
                    "SELECT 1 FROM place p JOIN folder f ON f.id = p.folder_id
                     WHERE p.folder_id = ?1 AND p.uid = ?3 AND f.uidvalidity = ?2
                     UNION ALL SELECT 1 FROM intent WHERE folder_id = ?1 AND uid = ?3
                     AND uidvalidity = ?2 AND kind IN ('move', 'delete') AND {PENDING}"
                ))?
                .exists(params![folder.0, uidvalidity, uid])?)
        })
    }

    /// A folder is not on the server: what was to be done with it is settled.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn folder_gone(&self, folder: FolderId) -> Result<Settled> {
        self.write(|tx| {
            let mut settled = Settled::default();
            super::settle::folder_gone(tx, folder, &mut settled)?;
            Ok(settled)
        })
    }

    /// A folder has this name on the wire now, those below it accordingly: `before` is the
    /// beginning of theirs, for which `name` is put.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn named(&self, folder: FolderId, name: &str, before: Option<&str>) -> Result<()> {
        self.write(|tx| {
            if let Some(before) = before {
                tx.prepare_cached(
                    "UPDATE folder SET remote = ?1 || substr(remote, length(?2) + 1)
                     WHERE account_id = (SELECT account_id FROM folder WHERE id = ?3)
                     AND substr(remote, 1, length(?2)) = ?2 AND id <> ?3
                     AND path > (SELECT path FROM folder WHERE id = ?3) || '/'
                     AND path < (SELECT path FROM folder WHERE id = ?3) || '0'",
                )?
                .execute(params![name, before, folder.0])?;
            }
            give_name(tx, folder, name)
        })
    }

    /// Bytes of an intent's letter.
    ///
    /// # Errors
    /// When the store cannot be read or what is stored is damaged.
    pub fn intent_raw(&self, intent: &Intent) -> Result<Option<Vec<u8>>> {
        self.read(|conn| {
            let Some(mail) = mail_of(conn, intent)? else { return Ok(None) };
            super::content::bytes(conn, &self.unpacker, mail).map(Some)
        })
    }
}

/// Gives a folder its name on the wire. Sync may have met it under another row.
fn give_name(tx: &Transaction<'_>, folder: FolderId, name: &str) -> Result<()> {
    let other: Option<i64> = tx
        .prepare_cached(
            "SELECT id FROM folder WHERE remote = ?1 AND id <> ?2 AND account_id =
             (SELECT account_id FROM folder WHERE id = ?2)",
        )?
        .query_row(params![name, folder.0], |row| row.get(0))
        .optional()?;
    if let Some(other) = other {
        // The letters here go over to the row that sync keeps in step.
        for sql in [
            "UPDATE OR IGNORE place SET folder_id = ?1 WHERE folder_id = ?2",
            "UPDATE intent SET folder_id = ?1 WHERE folder_id = ?2",
            "UPDATE intent SET target_id = ?1 WHERE target_id = ?2",
        ] {
            tx.prepare_cached(sql)?.execute([folder.0, other])?;
        }
        tx.prepare_cached(
            "UPDATE folder SET uidvalidity = NULL, uidnext = NULL, highestmodseq = NULL,
             lowest_uid = NULL WHERE id = ?",
        )?
        .execute([folder.0])?;
        tx.prepare_cached("DELETE FROM folder WHERE id = ?")?.execute([other])?;
    }
    tx.prepare_cached("UPDATE folder SET remote = ? WHERE id = ?")?
        .execute(params![name, folder.0])?;
    Ok(())
}

fn select_limited(conn: &Connection, account: AccountId) -> Result<Vec<(Intent, i64)>> {
    let first = select(
        conn,
        &format!(
            "id IN (SELECT id FROM intent WHERE account_id = ? AND {PENDING}
             ORDER BY id LIMIT {LOOKED_AT})"
        ),
        [account.0],
    )?;
    let mut when = conn.prepare_cached("SELECT not_before FROM intent WHERE id = ?")?;
    first
        .into_iter()
        .map(|intent| Ok((when.query_row([intent.id.0], |row| row.get(0))?, intent)))
        .map(|found: Result<(i64, Intent)>| found.map(|(when, intent)| (intent, when)))
        .collect()
}

/// Whether what an intent needs is done.
fn is_met(conn: &Connection, intent: &Intent) -> Result<bool> {
    let Some(needs) = intent.needs else { return Ok(true) };
    let pending = conn
        .prepare_cached(&format!("SELECT 1 FROM intent WHERE id = ? AND {PENDING}"))?
        .exists([needs.0])?;
    Ok(!pending)
}

fn names(conn: &Connection, id: FolderId) -> Result<Option<(Option<String>, String)>> {
    Ok(conn
        .prepare_cached("SELECT remote, path FROM folder WHERE id = ?")?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

fn paths(conn: &Connection, account: AccountId) -> Result<HashMap<FolderId, String>> {
    let mut statement = conn.prepare_cached("SELECT id, path FROM folder WHERE account_id = ?")?;
    let rows = statement.query_map([account.0], |row| Ok((FolderId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}
