//! Taking back what was done at a gesture.

use super::act::{ActError, folder, has_letters};
use super::acting::Acting;
use super::back::take_back;
use super::folder_acts::{below, repath};
use super::settle::{At, Settled, located};
use super::{Detail, Intent, Kind, PENDING, State, Why, of_place, place, rest};
use crate::model::{FolderId, Gesture, GestureId, IntentId, LetterId};
use crate::store::error::{Result, StoreError};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// What taking back has come to so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Undoing {
    /// Why something could not be taken back.
    refused: Option<&'static str>,
}

pub(super) fn undo(tx: &Transaction<'_>, id: GestureId) -> Result<Gesture> {
    let mut intents = intents_of(tx, id)?;
    let mut acting = Acting::begin(tx, "undo")?;
    // The last first: each finds what it left.
    intents.reverse();
    let undoing = part(&mut acting, &intents, Undoing::default())?;
    close(&acting, id, undoing)?;
    let gesture = acting.end()?;
    Ok(gesture.ok_or(ActError::NoGesture(id))?)
}

/// What was noted down at a gesture that can still be taken back, in its order.
pub(super) fn intents_of(conn: &Connection, id: GestureId) -> Result<Vec<IntentId>> {
    let undone: Option<bool> = conn
        .prepare_cached("SELECT undone FROM gesture WHERE id = ?")?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    match undone {
        None => return Err(ActError::NoGesture(id).into()),
        Some(true) => return Err(ActError::Undone(id).into()),
        Some(false) => {}
    }
    let mut statement =
        conn.prepare_cached("SELECT id FROM intent WHERE gesture = ? ORDER BY id")?;
    let rows = statement.query_map([id.0], |row| row.get(0).map(IntentId))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// Takes these back, in this order.
pub(super) fn part(
    acting: &mut Acting<'_>,
    intents: &[IntentId],
    mut undoing: Undoing,
) -> Result<Undoing> {
    let tx = acting.tx;
    let mut rows = Vec::with_capacity(intents.len());
    for id in intents {
        rows.extend(super::read(tx, *id)?);
    }
    for intent in rows {
        if intent.state == State::Failed {
            continue;
        }
        if may_drop(tx, &intent)? {
            drop_intent(acting, &intent)?;
        } else if let Some(why) = or_leave(acting, |acting| invert(acting, &intent))? {
            undoing.refused = Some(why);
            acting.tally.left += 1;
        }
    }
    Ok(undoing)
}

/// Where something cannot be done to one letter, it stays as it is, whole, and the others go on.
/// Why it stays.
pub(super) fn or_leave(
    acting: &mut Acting<'_>,
    work: impl FnOnce(&mut Acting<'_>) -> Result<Option<&'static str>>,
) -> Result<Option<&'static str>> {
    let tx = acting.tx;
    let before = acting.tally.clone();
    tx.execute_batch("SAVEPOINT one")?;
    let done = match work(acting) {
        Err(StoreError::Act(why)) => {
            tx.execute_batch("ROLLBACK TO one")?;
            acting.tally = before;
            Ok(Some(why.left()))
        }
        done => done,
    };
    if done.is_ok() {
        tx.execute_batch("RELEASE one")?;
    }
    done
}

/// Where a part of this list begins that ends with it: what was noted down together, each
/// needing the one before, is taken back together.
pub(super) fn part_of(conn: &Connection, intents: &[IntentId], longest: usize) -> Result<usize> {
    let mut from = intents.len().saturating_sub(longest);
    while let Some((before, first)) =
        from.checked_sub(1).and_then(|at| Some((intents.get(at)?, intents.get(from)?)))
    {
        if super::read(conn, *first)?.and_then(|intent| intent.needs) != Some(*before) {
            break;
        }
        from -= 1;
    }
    Ok(from)
}

/// It is taken back, once.
pub(super) fn close(acting: &Acting<'_>, id: GestureId, undoing: Undoing) -> Result<()> {
    rest::taken_back(acting.tx, id)?;
    if acting.tally.changed == 0 {
        let why = undoing.refused.unwrap_or("nothing of it is left");
        return Err(ActError::CannotUndo(why).into());
    }
    acting.tx.prepare_cached("UPDATE gesture SET undone = 1 WHERE id = ?")?.execute([id.0])?;
    Ok(())
}

/// Whether the server has heard nothing of an intent, and nothing has been built on it.
fn may_drop(tx: &Transaction<'_>, intent: &Intent) -> Result<bool> {
    if intent.state != State::Waiting {
        return Ok(false);
    }
    Ok(match intent.kind {
        Kind::Flag | Kind::Move | Kind::Delete => {
            // What was carried to another account is dropped with its other half.
            match intent.needs {
                Some(needs) => {
                    super::read(tx, needs)?.is_some_and(|other| other.state == State::Waiting)
                        || super::read(tx, needs)?.is_none()
                }
                // To an account without a server: it is the same letter there.
                None => match carried(intent) {
                    Some(made) => {
                        place(tx, made)?.is_some_and(|row| Some(row.folder) == intent.target)
                    }
                    None => true,
                },
            }
        }
        Kind::Copy | Kind::Append => match intent.made {
            Some(made) => {
                let target = intent.target;
                of_place(tx, made)?.is_empty()
                    && place(tx, made)?.is_some_and(|row| Some(row.folder) == target)
            }
            None => false,
        },
        Kind::Create | Kind::Rename | Kind::Remove | Kind::Subscribe => {
            let others = tx
                .prepare_cached(&format!(
                    "SELECT 1 FROM intent WHERE id <> ?1 AND {PENDING} AND (folder_id = ?2
                     AND id > ?1 AND kind IN ('create', 'rename', 'remove', 'subscribe')
                     OR ?3 AND (folder_id = ?2 OR target_id = ?2))"
                ))?
                .exists(params![
                    intent.id.0,
                    intent.folder.map(|id| id.0),
                    intent.kind == Kind::Create
                ])?;
            let empty = match (intent.kind, intent.folder) {
                (Kind::Create, Some(folder)) => !has_letters(tx, folder)?,
                _ => true,
            };
            !others && empty
        }
    })
}

/// The letter that a removal is the other half of, where no server has taken it in.
fn carried(intent: &Intent) -> Option<LetterId> {
    intent.made.filter(|_| intent.kind == Kind::Delete && intent.needs.is_none())
}

fn drop_intent(acting: &mut Acting<'_>, intent: &Intent) -> Result<()> {
    let tx = acting.tx;
    tx.prepare_cached("DELETE FROM intent WHERE id = ?")?.execute([intent.id.0])?;
    let mut settled = Settled::default();
    // A letter of the user's own goes with its intent: it was to be undone.
    if intent.kind == Kind::Append && intent.folder.is_none() {
        if let Some(row) = intent.made.map(|id| place(tx, id)).transpose()?.flatten() {
            acting.changed_in([row.folder]);
            super::settle::drop_place(tx, &row)?;
        }
    } else if let (Some(made), Some(folder)) = (carried(intent), intent.folder) {
        let at = At { folder, uidvalidity: intent.uidvalidity, uid: intent.uid };
        located(tx, intent.id, made, &at)?;
        acting.changed_in(intent.folder.into_iter().chain(intent.target));
    } else {
        take_back(tx, intent, &Why::Undone, &mut settled)?;
        if let Some(mail) = intent.mail {
            crate::store::letters::forget_if_nowhere(tx, mail)?;
        }
    }
    acting.changed_in(settled.folders);
    acting.tally.changed += 1;
    Ok(())
}

/// Does the opposite of what was sent or done; why not, if that cannot be.
fn invert(acting: &mut Acting<'_>, intent: &Intent) -> Result<Option<&'static str>> {
    let tx = acting.tx;
    let here = |id: Option<FolderId>| -> Result<Option<FolderId>> {
        let Some(id) = id else { return Ok(None) };
        Ok(folder(tx, id)?.filter(|row| !row.hidden).map(|row| row.id))
    };
    match intent.kind {
        Kind::Flag => {
            if let Some(letter) = intent.place {
                acting.flag(&[letter], &intent.change.inverse())?;
            }
        }
        Kind::Move => {
            let row = intent.place.map(|id| place(tx, id)).transpose()?.flatten();
            // It came back by itself.
            if row.as_ref().is_some_and(|row| Some(row.folder) == intent.folder) {
                return Ok(None);
            }
            let Some(row) = row.filter(|row| Some(row.folder) == intent.target) else {
                return Ok(Some("the letters are somewhere else by now"));
            };
            match here(intent.folder)? {
                Some(back) => acting.put(&[row.id], back)?,
                None => return Ok(Some("the folder the letters came from is gone")),
            }
        }
        Kind::Copy | Kind::Append => {
            let row = intent.made.map(|id| place(tx, id)).transpose()?.flatten();
            let Some(row) = row.filter(|row| Some(row.folder) == intent.target) else {
                return Ok(Some("the letters are somewhere else by now"));
            };
            match (intent.kind, here(intent.folder)?) {
                (Kind::Append, Some(back)) => acting.put(&[row.id], back)?,
                _ => acting.remove(&[row.id])?,
            }
        }
        Kind::Delete if intent.made.is_some() => match intent.needs {
            // Undone with its other half.
            Some(_) => {}
            // Carried to an account without a server.
            None => {
                let row = intent.made.map(|id| place(tx, id)).transpose()?.flatten();
                let Some(row) = row.filter(|row| Some(row.folder) == intent.target) else {
                    return Ok(Some("the letters are somewhere else by now"));
                };
                match here(intent.folder)? {
                    Some(back) => acting.put(&[row.id], back)?,
                    None => return Ok(Some("the folder the letters came from is gone")),
                }
            }
        },
        Kind::Delete => return Ok(Some("the letters are gone for good")),
        Kind::Create => {
            let Some(id) = here(intent.folder)? else { return Ok(None) };
            // One that was made because a gesture needed it stays for the next.
            if acting.row(id)?.role.is_some() {
                return Ok(None);
            }
            if has_letters(tx, id)? {
                return Ok(Some("there are letters in the folder by now"));
            }
            if !below(tx, &acting.row(id)?)?.is_empty() {
                return Ok(Some("there are folders in the folder by now"));
            }
            acting.delete_folder(id)?;
        }
        Kind::Rename => {
            if let (Some(id), Some(from), Some(to)) =
                (here(intent.folder)?, &intent.detail.from, &intent.detail.to)
            {
                let row = acting.row(id)?;
                if row.path != *to {
                    return Ok(Some("the folder has yet another name by now"));
                }
                repath(acting, &row, from)?;
                let detail =
                    Detail { from: Some(to.clone()), to: Some(from.clone()), ..Detail::default() };
                acting.note(&Intent {
                    folder: Some(id),
                    detail,
                    ..acting.blank(Kind::Rename, &row)
                })?;
                acting.tally.changed += 1;
            }
        }
        Kind::Remove => {
            let row = intent.folder.map(|id| folder(tx, id)).transpose()?.flatten();
            let Some(row) = row.filter(|row| row.hidden) else {
                return Ok(Some("the folder is gone"));
            };
            acting.create_folder(row.account, &row.path, row.role)?;
        }
        Kind::Subscribe => {
            if let (Some(id), Some(yes)) = (here(intent.folder)?, intent.detail.yes) {
                acting.subscribe(id, !yes)?;
            }
        }
    }
    Ok(None)
}
