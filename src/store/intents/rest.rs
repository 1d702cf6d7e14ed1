//! What of a gesture that is done in parts is still to be done, written down: the end of the
//! program, however it comes, loses nothing of it.

use super::acting::Tally;
use crate::model::{AccountId, Act, FlagChange, Flags, FolderId, GestureId};
use crate::store::error::Result;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};

/// What is done.
#[derive(Debug, Clone)]
pub(super) enum Doing {
    /// This, with the letters that are written down beside it.
    Act(Act),
    /// A gesture is taken back.
    Undo(GestureId),
}

/// A letter and the folder it lay in when it was asked for, or an intent.
pub(super) type Item = (i64, Option<FolderId>);

/// A gesture that was begun and not ended.
#[derive(Debug)]
pub(super) struct Unfinished {
    pub(super) id: GestureId,
    pub(super) word: String,
    pub(super) doing: Doing,
    pub(super) items: Vec<Item>,
    pub(super) tally: Tally,
}

/// An act as it is written down, without its letters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Written {
    kind: String,
    /// The folder or account it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    yes: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    add_words: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remove_words: Vec<String>,
    add: u32,
    remove: u32,
}

/// Writes down a gesture before anything of it is done.
pub(super) fn write(
    tx: &Transaction<'_>,
    word: &str,
    doing: &Doing,
    items: &[Item],
) -> Result<GestureId> {
    tx.prepare_cached("INSERT INTO gesture (kind) VALUES (?)")?.execute([word])?;
    let id = GestureId(tx.last_insert_rowid());
    let (act, undoes) = match doing {
        Doing::Act(act) => (Some(serde_json::to_string(&written(act)).unwrap_or_default()), None),
        Doing::Undo(gesture) => (None, Some(gesture.0)),
    };
    tx.prepare_cached("INSERT INTO unfinished (gesture, act, undoes) VALUES (?, ?, ?)")?
        .execute(params![id.0, act, undoes])?;
    write_items(tx, id, items)?;
    Ok(id)
}

fn write_items(tx: &Transaction<'_>, id: GestureId, items: &[Item]) -> Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT OR IGNORE INTO unfinished_item (gesture, id, folder_id) VALUES (?, ?, ?)",
    )?;
    for (item, folder) in items {
        insert.execute(params![id.0, item, folder.map(|id| id.0)])?;
    }
    Ok(())
}

/// Which letters something about a folder means is known by now.
pub(super) fn settle(
    tx: &Transaction<'_>,
    id: GestureId,
    doing: &Doing,
    items: &[Item],
) -> Result<()> {
    if let Doing::Act(act) = doing {
        let act = serde_json::to_string(&written(act)).unwrap_or_default();
        tx.prepare_cached("UPDATE unfinished SET act = ? WHERE gesture = ?")?
            .execute(params![act, id.0])?;
    }
    write_items(tx, id, items)
}

/// A part of a gesture was done: these items of it.
pub(super) fn done(
    tx: &Transaction<'_>,
    id: GestureId,
    items: impl IntoIterator<Item = i64>,
    tally: &Tally,
) -> Result<()> {
    let mut delete =
        tx.prepare_cached("DELETE FROM unfinished_item WHERE gesture = ? AND id = ?")?;
    for item in items {
        delete.execute([id.0, item])?;
    }
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    tx.prepare_cached("UPDATE unfinished SET changed = ?, left_over = ? WHERE gesture = ?")?
        .execute(params![count(tally.changed), count(tally.left), id.0])?;
    Ok(())
}

/// A gesture is done.
pub(super) fn ended(tx: &Transaction<'_>, id: GestureId) -> Result<()> {
    tx.prepare_cached("DELETE FROM unfinished WHERE gesture = ?")?.execute([id.0])?;
    Ok(())
}

/// Nothing of a gesture is to be done any more; without a trace where nothing was.
pub(super) fn forget(tx: &Transaction<'_>, id: GestureId) -> Result<()> {
    ended(tx, id)?;
    tx.prepare_cached(
        "DELETE FROM gesture WHERE id = ?1
         AND NOT EXISTS (SELECT 1 FROM intent WHERE gesture = ?1)",
    )?
    .execute([id.0])?;
    Ok(())
}

/// A gesture is taken back: nothing more of it is done, and nothing more taken back.
pub(super) fn taken_back(tx: &Transaction<'_>, id: GestureId) -> Result<()> {
    tx.prepare_cached("DELETE FROM unfinished WHERE gesture = ?1 OR undoes = ?1")?
        .execute([id.0])?;
    Ok(())
}

/// What was begun and not ended, in its order. What is being taken back is not gone on with.
pub(super) fn all(conn: &Connection) -> Result<Vec<Unfinished>> {
    let mut ids = conn.prepare_cached(
        "SELECT gesture FROM unfinished WHERE gesture NOT IN
         (SELECT undoes FROM unfinished WHERE undoes IS NOT NULL) ORDER BY gesture",
    )?;
    let ids = ids.query_map([], |row| row.get(0).map(GestureId))?;
    let ids = ids.collect::<std::result::Result<Vec<_>, _>>()?;
    let found: Result<Vec<Option<Unfinished>>> = ids.into_iter().map(|id| read(conn, id)).collect();
    Ok(found?.into_iter().flatten().collect())
}

/// The taking back of a gesture that was begun and not ended.
pub(super) fn undo_of(conn: &Connection, gesture: GestureId) -> Result<Option<Unfinished>> {
    let id: Option<i64> = conn
        .prepare_cached("SELECT gesture FROM unfinished WHERE undoes = ?")?
        .query_row([gesture.0], |row| row.get(0))
        .optional()?;
    id.map_or(Ok(None), |id| read(conn, GestureId(id)))
}

fn read(conn: &Connection, id: GestureId) -> Result<Option<Unfinished>> {
    let mut tally = Tally::nothing();
    let (word, act, undoes): (String, Option<String>, Option<i64>) = conn
        .prepare_cached(
            "SELECT g.kind, u.act, u.undoes, u.changed, u.left_over
             FROM unfinished u JOIN gesture g ON g.id = u.gesture WHERE g.id = ?",
        )?
        .query_row([id.0], |row| {
            let count = |n: i64| usize::try_from(n).unwrap_or(0);
            (tally.changed, tally.left) = (count(row.get(3)?), count(row.get(4)?));
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    let doing = match (undoes, act) {
        (Some(gesture), _) => Doing::Undo(GestureId(gesture)),
        // Written by us; a damaged one is not guessed at.
        (None, act) => match act.and_then(|act| serde_json::from_str(&act).ok()).and_then(act_of) {
            Some(act) => Doing::Act(act),
            None => return Ok(None),
        },
    };
    let mut items = conn.prepare_cached(
        "SELECT id, folder_id FROM unfinished_item WHERE gesture = ? ORDER BY id",
    )?;
    let items = items
        .query_map([id.0], |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.map(FolderId))))?;
    let items = items.collect::<std::result::Result<_, _>>()?;
    Ok(Some(Unfinished { id, word, doing, items, tally }))
}

fn written(act: &Act) -> Written {
    let mut out = Written::default();
    out.kind = match act {
        Act::Flag(_, change) => {
            (out.add, out.remove) = (change.add.bits(), change.remove.bits());
            out.add_words.clone_from(&change.add_words);
            out.remove_words.clone_from(&change.remove_words);
            "flag"
        }
        Act::Move(_, to) => {
            out.id = Some(to.0);
            "move"
        }
        Act::Copy(_, to) => {
            out.id = Some(to.0);
            "copy"
        }
        Act::Trash(_) => "trash",
        Act::Delete(_) => "delete",
        Act::DeleteForGood(_) => "delete-for-good",
        Act::Archive(_) => "archive",
        Act::Junk(_) => "junk",
        Act::NotJunk(_) => "not-junk",
        Act::MarkAllRead(folder) => {
            out.id = Some(folder.0);
            "mark-all-read"
        }
        Act::EmptyTrash(account) => {
            out.id = Some(account.0);
            "empty-trash"
        }
        Act::CreateFolder(account, path) => {
            (out.id, out.path) = (Some(account.0), Some(path.clone()));
            "create-folder"
        }
        Act::RenameFolder(folder, path) => {
            (out.id, out.path) = (Some(folder.0), Some(path.clone()));
            "rename-folder"
        }
        Act::DeleteFolder(folder) => {
            out.id = Some(folder.0);
            "delete-folder"
        }
        Act::Subscribe(folder, yes) => {
            (out.id, out.yes) = (Some(folder.0), Some(*yes));
            "subscribe"
        }
    }
    .to_owned();
    out
}

fn act_of(written: Written) -> Option<Act> {
    let none = Vec::new;
    let folder = written.id.map(FolderId);
    let account = written.id.map(AccountId);
    Some(match written.kind.as_str() {
        "flag" => {
            let change = FlagChange {
                add: Flags::from_bits(written.add),
                remove: Flags::from_bits(written.remove),
                add_words: written.add_words,
                remove_words: written.remove_words,
            };
            Act::Flag(none(), change)
        }
        "move" => Act::Move(none(), folder?),
        "copy" => Act::Copy(none(), folder?),
        "trash" => Act::Trash(none()),
        "delete" => Act::Delete(none()),
        "delete-for-good" => Act::DeleteForGood(none()),
        "archive" => Act::Archive(none()),
        "junk" => Act::Junk(none()),
        "not-junk" => Act::NotJunk(none()),
        "mark-all-read" => Act::MarkAllRead(folder?),
        "empty-trash" => Act::EmptyTrash(account?),
        "create-folder" => Act::CreateFolder(account?, written.path?),
        "rename-folder" => Act::RenameFolder(folder?, written.path?),
        "delete-folder" => Act::DeleteFolder(folder?),
        "subscribe" => Act::Subscribe(folder?, written.yes?),
        _ => return None,
    })
}
