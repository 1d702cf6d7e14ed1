//! What came of a folder, written in one go.

use super::{Cursor, remove_places, set_cursor};
use crate::fail;
use crate::model::{Flags, FolderId, LetterId, MailId};
use crate::store::error::Result;
use crate::store::intents::{self, Met, Pending};
use crate::store::letters::{self, Incoming};
use crate::store::pool::Store;
use crate::store::prepare::{PROP_PARTIAL, Prepared};
use crate::store::raw::Sha;
use crate::store::search::{index, merge};
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::{HashMap, HashSet};

/// What came of a letter.
#[derive(Debug)]
pub enum Content {
    /// All of it, or its header ([`crate::store::prepare_header`]).
    Mail(Incoming),
    /// Nothing: it is this one, which had lost its UID.
    Orphan(LetterId),
}

/// Flags as a server has them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlagsOf {
    /// Those Goyo knows.
    pub flags: Flags,
    /// Other keywords, sorted, separated by spaces.
    pub keywords: Option<String>,
}

impl FlagsOf {
    /// Of what a server says.
    pub fn new(flags: Flags, keywords: &[String]) -> Self {
        Self { flags, keywords: (!keywords.is_empty()).then(|| keywords.join(" ")) }
    }
}

/// A letter that came.
#[derive(Debug)]
pub struct Arrival {
    /// Its UID.
    pub uid: u32,
    /// Its flags; `None`: not known, as they are.
    pub flags: Option<FlagsOf>,
    /// What came of it.
    pub content: Content,
    /// What the server knows it by, whatever folders it lies in (Gmail).
    pub twin: Option<u64>,
}

/// Everything that is written together.
#[derive(Debug, Default)]
pub struct Changes {
    /// Letters that came, whole or with their header only.
    pub arrived: Vec<Arrival>,
    /// Flags of letters that are here; others are passed over.
    pub flags: Vec<(u32, FlagsOf)>,
    /// UIDs that are gone: ranges, both ends in them.
    pub vanished: Vec<(u32, u32)>,
    /// Where the folder stands after this.
    pub cursor: Option<Cursor>,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Letters that were not here before, by UID.
    pub new: Vec<(u32, LetterId)>,
    /// Letters of which there was the header only, and now is all.
    pub completed: u64,
    /// Letters whose flags changed.
    pub flags_changed: u64,
    /// Letters that are gone.
    pub expunged: u64,
    /// UIDs whose letters were said to be here and are not: they must be fetched.
    pub missing: Vec<u32>,
}

impl Store {
    /// Writes what came of a folder: all of it in one transaction, or nothing.
    ///
    /// The same bytes under two UIDs are two letters. A letter whose header was here
    /// stays the same letter when the rest comes; one the user has put here and the
    /// server now shows gets its UID. What the user has moved away or deleted and the
    /// server does not know of yet does not come back; flags the user set stay set.
    ///
    /// # Errors
    /// When the store cannot be written; nothing has changed then.
    pub fn apply(&self, folder: FolderId, changes: &Changes) -> Result<Applied> {
        self.write(|tx| {
            let pending = intents::of_folder(tx, folder)?;
            let mut applied = Applied::default();
            let mails = insert_mails(tx, changes, &pending)?;
            let mut fresh = Fresh::of(folder);
            for (arrival, mail) in changes.arrived.iter().zip(mails) {
                if !fresh.takes(tx, arrival, mail, &pending, &mut applied)? {
                    // Those before it are in their places when this one comes.
                    fresh.write(tx, &mut applied)?;
                    arrive(tx, folder, arrival, mail, &pending, &mut applied)?;
                }
            }
            fresh.write(tx, &mut applied)?;
            for arrival in &changes.arrived {
                remember_twin(tx, folder, arrival)?;
            }
            fail::point(|| "apply:arrived".into());
            for (uid, flags) in &changes.flags {
                if let Some(place) = place_of(tx, folder, *uid)? {
                    applied.flags_changed += u64::from(set_flags(tx, &place, flags, &pending)?);
                } else if pending.hides(*uid) {
                    let words = flags.keywords.as_deref();
                    intents::settle_hidden(tx, folder, *uid, flags.flags, words)?;
                }
            }
            fail::point(|| "apply:flags".into());
            for (from, to) in &changes.vanished {
                let (from, to) = (*from.min(to), *from.max(to));
                intents::vanished(tx, folder, from, to)?;
                applied.expunged += remove_places(
                    tx,
                    "folder_id = ?1 AND uid BETWEEN ?2 AND ?3",
                    params![folder.0, from, to],
                )?;
            }
            if let Some(cursor) = &changes.cursor {
                fail::point(|| "apply:cursor".into());
                set_cursor(tx, folder, cursor)?;
            }
            Ok(applied)
        })
    }
}

/// Writes the mails that are new, with their search entries; the mail of each arrival.
fn insert_mails(
    tx: &Transaction<'_>,
    changes: &Changes,
    pending: &Pending,
) -> Result<Vec<Option<MailId>>> {
    let mut order: Vec<(i64, &Prepared)> = Vec::new();
    for arrival in &changes.arrived {
        if let Content::Mail(Incoming::New(prepared)) = &arrival.content
            && !pending.hides(arrival.uid)
        {
            order.push((prepared.date, prepared));
        }
    }
    // Mails in the order of time: growing numbers are written best.
    order.sort_by_key(|(date, _)| *date);
    let mut entries = Vec::new();
    let mut made: HashMap<&Sha, MailId> = HashMap::with_capacity(order.len());
    for (_, prepared) in order {
        if letters::mail_by_sha(tx, &prepared.sha)?.is_none() {
            let id = letters::insert_mail(tx, prepared)?;
            entries.push((id, &prepared.entry));
            made.insert(&prepared.sha, id);
        }
    }
    index::insert(tx, &mut entries)?;
    // Many bring a segment of a good size; it is few that leave many small ones.
    if (1..letters::MANY).contains(&entries.len()) {
        merge::settle(tx)?;
    }
    let mail = |arrival: &Arrival| match &arrival.content {
        Content::Mail(Incoming::New(prepared)) => match made.get(&prepared.sha) {
            Some(mail) => Ok(Some(*mail)),
            None => letters::mail_by_sha(tx, &prepared.sha),
        },
        Content::Mail(Incoming::Known(sha)) => letters::mail_by_sha(tx, sha),
        Content::Orphan(_) => Ok(None),
    };
    changes.arrived.iter().map(mail).collect()
}

/// A place as it is.
struct PlaceRow {
    id: i64,
    mail: i64,
    flags: Flags,
    keywords: Option<String>,
}

fn place_of(tx: &Transaction<'_>, folder: FolderId, uid: u32) -> Result<Option<PlaceRow>> {
    Ok(tx
        .prepare_cached(
            "SELECT id, mail_id, flags, keywords FROM place WHERE folder_id = ? AND uid = ?",
        )?
        .query_row(params![folder.0, uid], |row| {
            Ok(PlaceRow {
                id: row.get(0)?,
                mail: row.get(1)?,
                flags: Flags::from_bits(row.get(2)?),
                keywords: row.get(3)?,
            })
        })
        .optional()?)
}

/// Places written by one statement: it costs SQLite a copy of every page that it changes.
const TOGETHER: usize = 64;

/// Letters that are new in their folder, and about which nothing is pending: they are put
/// into their places many at a time.
struct Fresh<'c> {
    folder: FolderId,
    rows: Vec<(&'c Arrival, MailId)>,
    uids: HashSet<u32>,
}

impl<'c> Fresh<'c> {
    fn of(folder: FolderId) -> Self {
        Self { folder, rows: Vec::new(), uids: HashSet::new() }
    }

    /// Takes a letter, if it is such a one.
    fn takes(
        &mut self,
        tx: &Transaction<'_>,
        arrival: &'c Arrival,
        mail: Option<MailId>,
        pending: &Pending,
        applied: &mut Applied,
    ) -> Result<bool> {
        let uid = arrival.uid;
        let (Content::Mail(_), Some(mail)) = (&arrival.content, mail) else { return Ok(false) };
        if pending.expects()
            || pending.hides(uid)
            || self.uids.contains(&uid)
            || place_of(tx, self.folder, uid)?.is_some()
        {
            return Ok(false);
        }
        self.rows.push((arrival, mail));
        self.uids.insert(uid);
        if self.rows.len() >= TOGETHER {
            self.write(tx, applied)?;
        }
        Ok(true)
    }

    /// Writes those that were taken.
    fn write(&mut self, tx: &Transaction<'_>, applied: &mut Applied) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let count = match self.rows.len() {
            TOGETHER => TOGETHER,
            _ => 1,
        };
        let rows = (0..count).map(|row| {
            let at = 2 + row * 4;
            format!("(?1, ?{at}, ?{}, ?{}, ?{})", at + 1, at + 2, at + 3)
        });
        let rows = rows.collect::<Vec<_>>().join(", ");
        let mut insert = tx.prepare_cached(&format!(
            "INSERT INTO place (folder_id, mail_id, uid, flags, keywords) VALUES {rows}
             RETURNING uid, id"
        ))?;
        for together in self.rows.chunks(count) {
            insert.raw_bind_parameter(1, self.folder.0)?;
            let mut at = 2;
            for (arrival, mail) in together {
                let flags = arrival.flags.as_ref();
                insert.raw_bind_parameter(at, mail.0)?;
                insert.raw_bind_parameter(at + 1, arrival.uid)?;
                insert.raw_bind_parameter(at + 2, flags.map_or(Flags::NONE, |f| f.flags).bits())?;
                insert.raw_bind_parameter(at + 3, flags.and_then(|f| f.keywords.as_deref()))?;
                at += 4;
            }
            let mut written = insert.raw_query();
            while let Some(row) = written.next()? {
                applied.new.push((row.get(0)?, LetterId(row.get(1)?)));
            }
        }
        self.rows.clear();
        self.uids.clear();
        Ok(())
    }
}

fn arrive(
    tx: &Transaction<'_>,
    folder: FolderId,
    arrival: &Arrival,
    mail: Option<MailId>,
    pending: &Pending,
    applied: &mut Applied,
) -> Result<()> {
    let uid = arrival.uid;
    if let Some(place) = place_of(tx, folder, uid)? {
        if let Some(mail) = mail {
            match complete(tx, &place, mail)? {
                true => applied.completed += 1,
                // It came in vain, and may lie nowhere.
                false => letters::forget_if_nowhere(tx, mail)?,
            }
        }
        if let Some(flags) = &arrival.flags {
            applied.flags_changed += u64::from(set_flags(tx, &place, flags, pending)?);
        }
        return Ok(());
    }
    if pending.hides(uid) {
        if let Some(flags) = &arrival.flags {
            let words = flags.keywords.as_deref();
            intents::settle_hidden(tx, folder, uid, flags.flags, words)?;
        }
        return Ok(());
    }
    // One the user has put here, or that lost its UID: it gets this one.
    let met = match (&arrival.content, mail) {
        (Content::Orphan(id), _) => adopt(tx, folder, uid, *id)?,
        (_, Some(mail)) if pending.expects() => intents::meet(tx, folder, uid, mail)?,
        _ => Met::New,
    };
    let mail = match (met, mail) {
        (Met::New, Some(mail)) => mail,
        (Met::New, None) => {
            applied.missing.push(uid);
            return Ok(());
        }
        (Met::Hidden, mail) => return mail.map_or(Ok(()), |m| letters::forget_if_nowhere(tx, m)),
        (Met::Letter(_), mail) => {
            if let Some(place) = place_of(tx, folder, uid)? {
                if let Some(mail) = mail {
                    as_the_server_has_it(tx, &place, mail)?;
                }
                if let Some(flags) = &arrival.flags {
                    applied.flags_changed += u64::from(set_flags(tx, &place, flags, pending)?);
                }
            }
            return Ok(());
        }
    };
    let flags = arrival.flags.clone().unwrap_or_default();
    tx.prepare_cached(
        "INSERT INTO place (folder_id, mail_id, uid, flags, keywords) VALUES (?, ?, ?, ?, ?)",
    )?
    .execute(params![folder.0, mail.0, uid, flags.flags.bits(), flags.keywords])?;
    applied.new.push((uid, LetterId(tx.last_insert_rowid())));
    Ok(())
}

/// Keeps in mind which mail the server knows by this name.
fn remember_twin(tx: &Transaction<'_>, folder: FolderId, arrival: &Arrival) -> Result<()> {
    let Some(name) = arrival.twin else { return Ok(()) };
    tx.prepare_cached(
        "INSERT INTO twin (account_id, name, mail_id)
         SELECT f.account_id, ?3, p.mail_id FROM place p JOIN folder f ON f.id = p.folder_id
         WHERE p.folder_id = ?1 AND p.uid = ?2
         ON CONFLICT DO UPDATE SET mail_id = excluded.mail_id",
    )?
    .execute(params![folder.0, arrival.uid, name.cast_signed()])?;
    Ok(())
}

/// A letter that lost its UID gets this one.
fn adopt(tx: &Transaction<'_>, folder: FolderId, uid: u32, id: LetterId) -> Result<Met> {
    let mail: Option<i64> = tx
        .prepare_cached("SELECT mail_id FROM place WHERE id = ? AND folder_id = ? AND uid IS NULL")?
        .query_row([id.0, folder.0], |row| row.get(0))
        .optional()?;
    let Some(mail) = mail else { return Ok(Met::New) };
    let changed = tx
        .prepare_cached("SELECT 1 FROM intent WHERE place_id = ? AND state IN ('waiting', 'sent')")?
        .exists([id.0])?;
    if changed {
        return intents::meet(tx, folder, uid, MailId(mail));
    }
    tx.prepare_cached("UPDATE place SET uid = ? WHERE id = ?")?.execute(params![uid, id.0])?;
    Ok(Met::Letter(id))
}

/// The bytes that were here before the server told its own: its are the ones that count.
fn as_the_server_has_it(tx: &Transaction<'_>, place: &PlaceRow, mail: MailId) -> Result<()> {
    if place.mail == mail.0 {
        return Ok(());
    }
    if is_partial(tx, mail.0)? {
        return letters::forget_if_nowhere(tx, mail);
    }
    replace(tx, place, mail)
}

/// The rest of a letter has come. False if there was nothing to complete.
fn complete(tx: &Transaction<'_>, place: &PlaceRow, mail: MailId) -> Result<bool> {
    if place.mail == mail.0 || !is_partial(tx, place.mail)? || is_partial(tx, mail.0)? {
        return Ok(false);
    }
    replace(tx, place, mail)?;
    Ok(true)
}

fn replace(tx: &Transaction<'_>, place: &PlaceRow, mail: MailId) -> Result<()> {
    tx.prepare_cached("UPDATE place SET mail_id = ? WHERE id = ?")?.execute([mail.0, place.id])?;
    // What was written down of it while only its header was here is about it still.
    for sql in [
        "UPDATE request SET mail_id = ?1 WHERE mail_id = ?2",
        "UPDATE OR IGNORE choice SET mail_id = ?1 WHERE mail_id = ?2",
    ] {
        tx.prepare_cached(sql)?.execute([mail.0, place.mail])?;
    }
    letters::forget_if_nowhere(tx, MailId(place.mail))
}

fn is_partial(tx: &Transaction<'_>, mail: i64) -> Result<bool> {
    let props: Option<i64> = tx
        .prepare_cached("SELECT props FROM mail WHERE id = ?")?
        .query_row([mail], |row| row.get(0))
        .optional()?;
    Ok(props.is_some_and(|props| props & PROP_PARTIAL != 0))
}

/// Gives a letter the server's flags, but for what the user has changed since.
fn set_flags(
    tx: &Transaction<'_>,
    place: &PlaceRow,
    flags: &FlagsOf,
    pending: &Pending,
) -> Result<bool> {
    let letter = LetterId(place.id);
    if pending.changes(letter) {
        intents::settle_flags(tx, letter, flags.flags, flags.keywords.as_deref())?;
    }
    let (wanted, keywords) = pending.over(letter, flags.flags, flags.keywords.as_deref());
    if place.flags != wanted {
        tx.prepare_cached("UPDATE place SET flags = ?, keywords = ? WHERE id = ?")?
            .execute(params![wanted.bits(), keywords, place.id])?;
    } else if place.keywords != keywords {
        // The counts need not be worked out again for this.
        tx.prepare_cached("UPDATE place SET keywords = ? WHERE id = ?")?
            .execute(params![keywords, place.id])?;
    } else {
        return Ok(false);
    }
    Ok(true)
}
