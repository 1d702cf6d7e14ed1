//! How an intent ends: the server said yes, or no, or the letter is gone; and what that
//! means for what the user did with the letter since.

use super::act::{folder, set_flags};
use super::back::{cancel, refuse};
use super::{
    Detail, Intent, Kind, PENDING, PlaceRow, State, Why, insert_place, of_place, place, read,
    select, update,
};
use crate::model::{Flags, FolderId, GestureId, IntentId, LetterId, MailId};
use crate::store::error::Result;
use crate::store::letters;
use crate::store::pool::Store;
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::BTreeSet;

/// Where a server has a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// The folder.
    pub folder: FolderId,
    /// What the UID is good for.
    pub uidvalidity: Option<u32>,
    /// Its UID there, if known.
    pub uid: Option<u32>,
}

/// Something of the user's that was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledBack {
    /// The gesture it was part of.
    pub gesture: GestureId,
    /// What that was.
    pub kind: String,
    /// Letters (or folders) concerned.
    pub count: usize,
    /// Why.
    pub reason: Why,
}

/// What settling changed here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Folders whose rows changed.
    pub folders: BTreeSet<FolderId>,
    /// What was taken back.
    pub rolled_back: Vec<RolledBack>,
}

impl Settled {
    /// Both together.
    pub fn take(&mut self, other: Self) {
        self.folders.extend(other.folders);
        for back in other.rolled_back {
            let known = self
                .rolled_back
                .iter_mut()
                .find(|b| (b.gesture, &b.reason) == (back.gesture, &back.reason));
            match known {
                Some(known) => known.count += back.count,
                None => self.rolled_back.push(back),
            }
        }
    }
}

impl Store {
    /// The server has done these: with the UID each letter has now, where it told.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn confirm(&self, done: &[(IntentId, Option<(u32, u32)>)]) -> Result<Settled> {
        self.write(|tx| {
            let mut settled = Settled::default();
            for (id, at) in done {
                if let Some(intent) = pending(tx, *id)? {
                    confirm(tx, intent, *at, &mut settled)?;
                }
            }
            Ok(settled)
        })
    }

    /// The server will not do these. What the user did is taken back here.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn refuse(&self, ids: &[IntentId], reason: &Why) -> Result<Settled> {
        self.write(|tx| {
            let mut settled = Settled::default();
            for id in ids {
                if let Some(intent) = pending(tx, *id)? {
                    refuse(tx, intent, reason, &mut settled)?;
                }
            }
            Ok(settled)
        })
    }

    /// The letters of these are not on the server any more: what the user did with them is
    /// dropped quietly, and they go here as well.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn gone(&self, ids: &[IntentId]) -> Result<Settled> {
        self.write(|tx| {
            let mut settled = Settled::default();
            for id in ids {
                if let Some(intent) = pending(tx, *id)? {
                    gone(tx, intent, &mut settled)?;
                }
            }
            Ok(settled)
        })
    }
}

impl Store {
    /// The server has copied the letters of these moves, but the originals must stay marked
    /// for a while: they are removed later, and not shown until then. `later`: when, in
    /// seconds since 1970.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn confirm_leaving(
        &self,
        done: &[(IntentId, Option<(u32, u32)>)],
        later: i64,
    ) -> Result<Settled> {
        self.write(|tx| {
            let mut settled = Settled::default();
            for (id, at) in done {
                let Some(intent) = pending(tx, *id)? else { continue };
                let original = Intent {
                    kind: Kind::Delete,
                    place: None,
                    // The letter it became: what is undone is undone there.
                    made: intent.place,
                    detail: Detail::default(),
                    state: State::Sent,
                    ..intent.clone()
                };
                confirm(tx, intent, *at, &mut settled)?;
                let id = super::insert(tx, &original)?;
                tx.prepare_cached("UPDATE intent SET not_before = ? WHERE id = ?")?
                    .execute([later, id.0])?;
            }
            Ok(settled)
        })
    }

    /// The server has copied the letters of these moves and will not take the originals
    /// out: they lie in both folders now, and are shown so.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn left_behind(
        &self,
        done: &[(IntentId, Option<(u32, u32)>)],
        reason: &Why,
    ) -> Result<Settled> {
        self.write(|tx| {
            let mut settled = Settled::default();
            for (id, at) in done {
                let Some(intent) = pending(tx, *id)? else { continue };
                let row = intent.place.map(|id| place(tx, id)).transpose()?.flatten();
                confirm(tx, intent.clone(), *at, &mut settled)?;
                end(tx, intent.clone(), State::Failed, Some(reason))?;
                if let (Some(row), Some(folder), Some(uid)) = (row, intent.folder, intent.uid) {
                    let uid = is_current(intent.uidvalidity, tx, folder)?.then_some(uid);
                    insert_place(tx, None, &PlaceRow { folder, uid, ..row })?;
                }
                settled.take(told(tx, &intent, reason)?);
            }
            Ok(settled)
        })
    }
}

/// What is told of an intent that was taken back.
pub(super) fn told(tx: &Transaction<'_>, intent: &Intent, reason: &Why) -> Result<Settled> {
    let gesture = intent.gesture;
    let kind = tx
        .prepare_cached("SELECT kind FROM gesture WHERE id = ?")?
        .query_row([gesture.0], |row| row.get(0))?;
    Ok(Settled {
        folders: BTreeSet::new(),
        rolled_back: vec![RolledBack { gesture, kind, count: 1, reason: reason.clone() }],
    })
}

fn pending(tx: &Transaction<'_>, id: IntentId) -> Result<Option<Intent>> {
    Ok(read(tx, id)?.filter(|intent| intent.state.is_pending()))
}

pub(super) fn end(
    tx: &Transaction<'_>,
    mut intent: Intent,
    state: State,
    why: Option<&Why>,
) -> Result<()> {
    intent.state = state;
    intent.error = why.map(ToString::to_string);
    let mail = intent.mail.take();
    update(tx, &intent)?;
    match mail {
        Some(mail) => letters::forget_if_nowhere(tx, mail),
        None => Ok(()),
    }
}

fn confirm(
    tx: &Transaction<'_>,
    intent: Intent,
    at: Option<(u32, u32)>,
    settled: &mut Settled,
) -> Result<()> {
    settled.folders.extend(intent.folder.iter().chain(&intent.target));
    let there = intent.target.map(|folder| At {
        folder,
        uidvalidity: at.map(|(validity, _)| validity),
        uid: at.map(|(_, uid)| uid),
    });
    let (id, kind, place_id, made) = (intent.id, intent.kind, intent.place, intent.made);
    if kind == Kind::Flag
        && let Some(place) = place_id
    {
        let (base, words) = intent.change.apply(intent.base, intent.detail.base_words.as_deref());
        rebase(tx, place, id, base, words.as_deref())?;
    }
    if kind == Kind::Remove
        && let Some(folder) = intent.folder
    {
        tx.prepare_cached(
            "UPDATE folder SET remote = NULL, uidvalidity = NULL, uidnext = NULL,
             highestmodseq = NULL, lowest_uid = NULL WHERE id = ?",
        )?
        .execute([folder.0])?;
    }
    end(tx, intent, State::Done, None)?;
    match (kind, there) {
        (Kind::Move, Some(at)) => match place_id {
            Some(place) => located(tx, id, place, &at),
            None => Ok(()),
        },
        (Kind::Copy | Kind::Append, Some(at)) => match made {
            Some(made) => located(tx, id, made, &at),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// The flags the server has of a letter are now these: what is pending of it but `but`
/// is a change of them.
fn rebase(
    tx: &Transaction<'_>,
    place: LetterId,
    but: IntentId,
    base: Flags,
    words: Option<&str>,
) -> Result<()> {
    for mut other in of_place(tx, place)? {
        // What was deleted comes back with the flags it has by then.
        if matches!(other.kind, Kind::Flag | Kind::Delete) && other.id != but {
            other.base = base;
            other.detail.base_words = words.map(str::to_owned);
            update(tx, &other)?;
        }
    }
    Ok(())
}

/// Gives a letter the flags of `base` with its pending changes over them.
pub(super) fn reflag(
    tx: &Transaction<'_>,
    place_id: LetterId,
    base: Flags,
    words: Option<&str>,
) -> Result<()> {
    let (mut flags, mut words) = (base, words.map(str::to_owned));
    for intent in of_place(tx, place_id)?.iter().filter(|i| i.kind == Kind::Flag) {
        (flags, words) = intent.change.apply(flags, words.as_deref());
    }
    if let Some(row) = place(tx, place_id)?
        && (row.flags, &row.keywords) != (flags, &words)
    {
        set_flags(tx, place_id, flags, words.as_deref())?;
    }
    Ok(())
}

/// After intent `after` the server has a letter here. What the user did with it since is
/// about that; without a later move it lies here as well.
pub(super) fn located(
    tx: &Transaction<'_>,
    after: IntentId,
    place_id: LetterId,
    at: &At,
) -> Result<()> {
    for mut later in of_place(tx, place_id)?.into_iter().filter(|later| later.id > after) {
        if later.kind == Kind::Move && later.target == Some(at.folder) {
            // It is there already.
            end(tx, later, State::Done, None)?;
            continue;
        }
        (later.folder, later.uidvalidity, later.uid) = (Some(at.folder), at.uidvalidity, at.uid);
        update(tx, &later)?;
        if matches!(later.kind, Kind::Move | Kind::Delete) {
            return Ok(());
        }
    }
    let Some(row) = place(tx, place_id)? else { return Ok(()) };
    let uid = at.uid.filter(|_| is_current(at.uidvalidity, tx, at.folder).unwrap_or(false));
    if let Some(uid) = uid {
        // Sync, or the user, was quicker: it is here as another letter.
        let moved_on = tx
            .prepare_cached(&format!(
                "SELECT 1 FROM intent WHERE folder_id = ?1 AND uid = ?2 AND {PENDING}
                 AND kind IN ('move', 'delete') AND place_id IS NOT ?3"
            ))?
            .exists(params![at.folder.0, uid, place_id.0])?;
        if moved_on {
            return drop_place(tx, &row);
        }
        take_over(tx, at.folder, uid, place_id)?;
        if row.folder == at.folder && row.uid.is_some_and(|known| known != uid) {
            // It has a UID there that was found: this is one more.
            insert_place(tx, None, &PlaceRow { uid: Some(uid), ..row })?;
            return Ok(());
        }
    }
    if row.folder == at.folder && uid.is_none() && row.uid.is_some() {
        return Ok(());
    }
    if row.folder == at.folder {
        // The counts need not be worked out again.
        tx.prepare_cached("UPDATE place SET uid = ? WHERE id = ?")?
            .execute(params![uid, place_id.0])?;
    } else {
        tx.prepare_cached("UPDATE place SET folder_id = ?, uid = ? WHERE id = ?")?
            .execute(params![at.folder.0, uid, place_id.0])?;
    }
    Ok(())
}

/// Whether UIDs of this UIDVALIDITY are those that the folder's letters have here.
pub(super) fn is_current(
    uidvalidity: Option<u32>,
    tx: &Transaction<'_>,
    id: FolderId,
) -> Result<bool> {
    let known = folder(tx, id)?.and_then(|row| row.uidvalidity);
    Ok(uidvalidity.is_some() && known == uidvalidity)
}

/// Another letter that has this UID here is the same letter: what the user did with it
/// since is done with this one.
fn take_over(tx: &Transaction<'_>, folder: FolderId, uid: u32, by: LetterId) -> Result<()> {
    let other: Option<i64> = tx
        .prepare_cached("SELECT id FROM place WHERE folder_id = ? AND uid = ? AND id <> ?")?
        .query_row(params![folder.0, uid, by.0], |row| row.get(0))
        .optional()?;
    let Some(other) = other.map(LetterId) else { return Ok(()) };
    if let Some(row) = place(tx, other)? {
        let theirs = of_place(tx, other)?;
        // What came with it is newer.
        let (base, words) = theirs
            .iter()
            .find(|intent| intent.kind == Kind::Flag)
            .map_or((row.flags, row.keywords.clone()), |i| (i.base, i.detail.base_words.clone()));
        for mut intent in theirs {
            intent.place = Some(by);
            update(tx, &intent)?;
        }
        tx.prepare_cached("UPDATE intent SET made_id = ? WHERE made_id = ?")?
            .execute([by.0, other.0])?;
        tx.prepare_cached("DELETE FROM place WHERE id = ?")?.execute([other.0])?;
        rebase(tx, by, IntentId(0), base, words.as_deref())?;
        reflag(tx, by, base, words.as_deref())?;
        if let Some(mine) = place(tx, by)?
            && mine.mail != row.mail
        {
            tx.prepare_cached("UPDATE place SET mail_id = ? WHERE id = ?")?
                .execute([row.mail.0, by.0])?;
            letters::forget_if_nowhere(tx, mine.mail)?;
        }
        letters::forget_if_nowhere(tx, row.mail)?;
    }
    Ok(())
}

/// A letter is not here any more; nothing pending is about it.
pub(super) fn drop_place(tx: &Transaction<'_>, row: &PlaceRow) -> Result<()> {
    tx.prepare_cached("DELETE FROM place WHERE id = ?")?.execute([row.id.0])?;
    letters::forget_if_nowhere(tx, row.mail)
}

fn gone(tx: &Transaction<'_>, intent: Intent, settled: &mut Settled) -> Result<()> {
    settled.folders.extend(intent.folder.iter().chain(&intent.target));
    let id = intent.id;
    match (intent.kind, intent.place) {
        (Kind::Copy, place_id) => {
            let made = intent.made;
            end(tx, intent, State::Done, None)?;
            if let Some(made) = made {
                cancel(tx, made, None, settled)?;
            }
            // The original is as gone as its copy.
            if let Some(row) = place_id.map(|id| place(tx, id)).transpose()?.flatten()
                && row.uid.is_none()
                && of_place(tx, row.id)?.is_empty()
            {
                drop_place(tx, &row)?;
            }
            Ok(())
        }
        (Kind::Flag | Kind::Move, Some(place_id)) => {
            let known = (intent.folder, intent.uid);
            let is_move = intent.kind == Kind::Move;
            end(tx, intent, State::Done, None)?;
            // With its UID known sync tells when it is gone; the rest is for us to see.
            let row = place(tx, place_id)?;
            let ours = row.as_ref().is_some_and(|row| {
                is_move || row.uid.is_none() || (Some(row.folder), row.uid) == known
            });
            for later in of_place(tx, place_id)?.into_iter().filter(|later| later.id > id) {
                gone(tx, later, settled)?;
            }
            match place(tx, place_id)? {
                Some(row) if ours => drop_place(tx, &row),
                _ => Ok(()),
            }
        }
        _ => end(tx, intent, State::Done, None),
    }
}

/// What was pending of letters or of a folder is settled because the folder is gone from
/// the server. Letters that were to leave it stay where the user put them only if they
/// are all here; the rest goes with it.
pub(super) fn folder_gone(tx: &Transaction<'_>, id: FolderId, settled: &mut Settled) -> Result<()> {
    let condition = format!("target_id = ? AND kind <> 'delete' AND {PENDING}");
    for intent in select(tx, &condition, [id.0])?.into_iter().rev() {
        refuse(tx, intent, &Why::NoFolder, settled)?;
    }
    for intent in select(tx, &format!("folder_id = ? AND kind <> 'append' AND {PENDING}"), [id.0])?
    {
        if let Some(intent) = pending(tx, intent.id)? {
            gone(tx, intent, settled)?;
        }
    }
    Ok(())
}

/// The mail of an intent's letter.
pub(super) fn mail_of(tx: &rusqlite::Connection, intent: &Intent) -> Result<Option<MailId>> {
    if intent.mail.is_some() {
        return Ok(intent.mail);
    }
    for id in [intent.place, intent.made].into_iter().flatten() {
        if let Some(row) = place(tx, id)? {
            return Ok(Some(row.mail));
        }
        // The user has deleted it since; its bytes are kept for that.
        for later in of_place(tx, id)? {
            if later.mail.is_some() {
                return Ok(later.mail);
            }
        }
    }
    Ok(None)
}
