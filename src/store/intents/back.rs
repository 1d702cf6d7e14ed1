//! Taking back here what the user did and the server will not do, or the user does not want
//! any more: afterwards all is as if the server had never been asked, and nothing is lost that
//! is nowhere else.

use super::act::folder;
use super::settle::{At, Settled, drop_place, end, is_current, located, reflag, told};
use super::{Intent, Kind, PENDING, PlaceRow, State, Why, insert_place, of_place, place, select};
use crate::model::LetterId;
use crate::store::error::Result;
use crate::store::letters;
use rusqlite::{Transaction, params};

/// Takes an intent back here, as if the server had never been asked.
pub(super) fn take_back(
    tx: &Transaction<'_>,
    intent: &Intent,
    reason: &Why,
    settled: &mut Settled,
) -> Result<()> {
    settled.folders.extend(intent.folder.iter().chain(&intent.target));
    match intent.kind {
        Kind::Flag => match intent.place {
            Some(id) => reflag(tx, id, intent.base, intent.detail.base_words.as_deref()),
            None => Ok(()),
        },
        Kind::Move => match (intent.place, source(intent)) {
            (Some(id), Some(at)) => located(tx, intent.id, id, &at),
            _ => Ok(()),
        },
        Kind::Copy => match intent.made {
            Some(made) => cancel(tx, made, Some(reason), settled),
            None => Ok(()),
        },
        Kind::Append => append_back(tx, intent, reason, settled),
        Kind::Delete => delete_back(tx, intent),
        Kind::Create => create_back(tx, intent, reason, settled),
        Kind::Rename => rename_back(tx, intent, settled),
        Kind::Remove => unhide(tx, intent, settled),
        Kind::Subscribe => {
            if let (Some(folder), Some(yes)) = (intent.folder, intent.detail.yes) {
                tx.prepare_cached("UPDATE folder SET subscribed = ? WHERE id = ?")?
                    .execute(params![!yes, folder.0])?;
            }
            Ok(())
        }
    }
}

/// Where the server had the letter before an intent.
fn source(intent: &Intent) -> Option<At> {
    intent.folder.map(|folder| At { folder, uidvalidity: intent.uidvalidity, uid: intent.uid })
}

pub(super) fn refuse(
    tx: &Transaction<'_>,
    intent: Intent,
    reason: &Why,
    settled: &mut Settled,
) -> Result<()> {
    // Its bytes are needed for what comes back.
    end(tx, Intent { mail: None, ..intent.clone() }, State::Failed, Some(reason))?;
    take_back(tx, &intent, reason, settled)?;
    if let Some(mail) = intent.mail {
        letters::forget_if_nowhere(tx, mail)?;
    }
    for after in select(tx, &format!("needs = ? AND {PENDING}"), [intent.id.0])? {
        end(tx, after, State::Failed, Some(reason))?;
    }
    settled.take(told(tx, &intent, reason)?);
    Ok(())
}

/// Copies made of a letter that is not there, or were not to be: they go, and what the
/// user did with them since. With a reason it is told.
pub(super) fn cancel(
    tx: &Transaction<'_>,
    made: LetterId,
    reason: Option<&Why>,
    settled: &mut Settled,
) -> Result<()> {
    for intent in of_place(tx, made)? {
        settled.folders.extend(intent.folder.iter().chain(&intent.target));
        let copy = intent.made.filter(|_| intent.kind == Kind::Copy);
        let state = if reason.is_some() { State::Failed } else { State::Done };
        end(tx, intent, state, reason)?;
        // A copy of a copy leads away from it, never back.
        if let Some(copy) = copy {
            cancel(tx, copy, reason, settled)?;
        }
    }
    match place(tx, made)? {
        Some(row) => {
            settled.folders.insert(row.folder);
            drop_place(tx, &row)
        }
        None => Ok(()),
    }
}

/// A letter that was to be taken in elsewhere.
fn append_back(
    tx: &Transaction<'_>,
    intent: &Intent,
    reason: &Why,
    settled: &mut Settled,
) -> Result<()> {
    let Some(made) = intent.made else { return Ok(()) };
    match source(intent) {
        // It came from another account: back there.
        Some(at) => {
            for later in of_place(tx, made)? {
                end(tx, later, State::Failed, Some(reason))?;
            }
            if place(tx, made)?.is_some() {
                located(tx, intent.id, made, &at)?;
            }
        }
        // It is nowhere else: it stays here, and the user is told.
        None if settled_as_copy(tx, made)? => cancel(tx, made, Some(reason), settled)?,
        None => {}
    }
    Ok(())
}

/// Whether the same mail lies in another place too, so that nothing is lost with this one.
fn settled_as_copy(tx: &Transaction<'_>, made: LetterId) -> Result<bool> {
    Ok(tx
        .prepare_cached(
            "SELECT 1 FROM place p JOIN place q ON q.mail_id = p.mail_id AND q.id <> p.id
             WHERE p.id = ?",
        )?
        .exists([made.0])?)
}

/// A letter that was to be removed for good comes back.
fn delete_back(tx: &Transaction<'_>, intent: &Intent) -> Result<()> {
    let (Some(mail), Some(folder_id)) = (intent.mail, intent.folder) else { return Ok(()) };
    // One that was carried to another account is a letter of its own there.
    let id = intent.place;
    if let Some(id) = id
        && place(tx, id)?.is_some()
    {
        return Ok(());
    }
    if folder(tx, folder_id)?.is_none() {
        return Ok(());
    }
    let uid = match intent.uid {
        Some(uid) => {
            let current = is_current(intent.uidvalidity, tx, folder_id)?;
            let taken = tx
                .prepare_cached("SELECT 1 FROM place WHERE folder_id = ? AND uid = ?")?
                .exists(params![folder_id.0, uid])?;
            if taken {
                return Ok(());
            }
            current.then_some(uid)
        }
        None => None,
    };
    let words = intent.detail.base_words.clone();
    let row = PlaceRow {
        id: LetterId(0),
        folder: folder_id,
        mail,
        uid,
        flags: intent.base,
        keywords: words.clone(),
    };
    let id = insert_place(tx, id, &row)?;
    reflag(tx, id, intent.base, words.as_deref())
}

/// A folder that was to be made is not: what was to go into it stays out.
fn create_back(
    tx: &Transaction<'_>,
    intent: &Intent,
    reason: &Why,
    settled: &mut Settled,
) -> Result<()> {
    let Some(id) = intent.folder else { return Ok(()) };
    let condition = format!("target_id = ? AND id > ? AND {PENDING}");
    // The newest first: each lands where the one before had put it.
    for other in select(tx, &condition, [id.0, intent.id.0])?.into_iter().rev() {
        refuse(tx, other, reason, settled)?;
    }
    for other in select(tx, &format!("folder_id = ? AND {PENDING}"), [id.0])? {
        if other.kind.is_of_folder() {
            end(tx, other, State::Failed, Some(reason))?;
        }
    }
    let kept: bool =
        tx.prepare_cached("SELECT 1 FROM place WHERE folder_id = ?")?.exists([id.0])?;
    let sql = match kept {
        // What is only here stays where it can be seen.
        true => "UPDATE folder SET hidden = 0 WHERE id = ? AND remote IS NULL",
        false => "DELETE FROM folder WHERE id = ? AND remote IS NULL",
    };
    tx.prepare_cached(sql)?.execute([id.0])?;
    Ok(())
}

fn rename_back(tx: &Transaction<'_>, intent: &Intent, settled: &mut Settled) -> Result<()> {
    let (Some(id), Some(from), Some(to)) = (intent.folder, &intent.detail.from, &intent.detail.to)
    else {
        return Ok(());
    };
    let Some(row) = folder(tx, id)? else { return Ok(()) };
    if row.path != *to {
        return Ok(()); // The user renamed it again.
    }
    let taken = tx
        .prepare_cached("SELECT 1 FROM folder WHERE account_id = ? AND path = ?")?
        .exists(params![row.account.0, from])?;
    if taken {
        return Ok(()); // Another has that name now; sync tells what it is called.
    }
    for lower in super::folder_acts::below(tx, &row)? {
        let rest = lower.path.get(to.len()..).unwrap_or_default();
        tx.prepare_cached("UPDATE OR IGNORE folder SET path = ? WHERE id = ?")?
            .execute(params![format!("{from}{rest}"), lower.id.0])?;
        settled.folders.insert(lower.id);
    }
    tx.prepare_cached("UPDATE folder SET path = ? WHERE id = ?")?.execute(params![from, id.0])?;
    Ok(())
}

fn unhide(tx: &Transaction<'_>, intent: &Intent, settled: &mut Settled) -> Result<()> {
    if let Some(id) = intent.folder {
        tx.prepare_cached("UPDATE folder SET hidden = 0 WHERE id = ?")?.execute([id.0])?;
        settled.folders.insert(id);
    }
    Ok(())
}
