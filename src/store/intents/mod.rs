//! The journal of what the user does: the local change and what the server is to be told
//! of it, in one transaction (RFC 3501, 6851, 4315).
//!
//! Promise: what the user did is shown at once and survives a crash; it reaches the server
//! once or is taken back with a reason; sync never undoes it meanwhile. What holds at any
//! moment, and what `tests` prove:
//! - the flags of a letter are the server's (`base`) with its pending changes over them;
//! - a letter with a pending move lies where the user put it, without a UID, and the place
//!   the server has it in is written in its first pending intent;
//! - intents of one letter are carried out in their order, one at a time.
//!
//! Accounts without a server have the same rows, done from the start: they are what
//! [`Store::undo`] reads.

mod act;
mod acting;
mod back;
mod content;
mod folder_acts;
mod journal;
mod meet;
mod rest;
mod settle;
mod undo;
mod why;
mod work;

pub use act::ActError;
pub use content::Identity;
pub use journal::{Sending, Task};
pub use meet::{Met, Pending};
pub use settle::{RolledBack, Settled};
pub use why::Why;
pub use work::{Progress, Work};

pub(super) use acting::Acting;
pub(super) use meet::{
    adopt_folder, drop_folder, forget_uids, meet, of_folder, settle_flags, settle_hidden, vanished,
};

use super::error::Result;
use crate::model::{AccountId, FlagChange, Flags, FolderId, GestureId, IntentId, LetterId, MailId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

/// Condition for what the server does not know yet, or is not known to know.
const PENDING: &str = "state IN ('waiting', 'sent')";

/// What a server is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// To set and clear flags.
    Flag,
    /// To put a letter elsewhere.
    Move,
    /// To put a copy of it elsewhere.
    Copy,
    /// To remove it for good.
    Delete,
    /// To take in a letter that is here only.
    Append,
    /// To make a folder.
    Create,
    /// To rename one.
    Rename,
    /// To remove one.
    Remove,
    /// To subscribe to one, or not any more.
    Subscribe,
}

impl Kind {
    const NAMED: [(Self, &'static str); 9] = [
        (Self::Flag, "flag"),
        (Self::Move, "move"),
        (Self::Copy, "copy"),
        (Self::Delete, "delete"),
        (Self::Append, "append"),
        (Self::Create, "create"),
        (Self::Rename, "rename"),
        (Self::Remove, "remove"),
        (Self::Subscribe, "subscribe"),
    ];

    fn word(self) -> &'static str {
        Self::NAMED.into_iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    fn of(word: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(_, name)| *name == word).map(|(kind, _)| kind)
    }

    /// It is about a folder, not a letter.
    pub fn is_of_folder(self) -> bool {
        matches!(self, Self::Create | Self::Rename | Self::Remove | Self::Subscribe)
    }
}

/// How far an intent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// The server has heard nothing of it.
    Waiting,
    /// It may have.
    Sent,
    /// It has said yes, or need not know.
    Done,
    /// It said no; the local change was taken back.
    Failed,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn is_pending(self) -> bool {
        matches!(self, Self::Waiting | Self::Sent)
    }
}

/// What only some intents have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// Keywords to set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_words: Vec<String>,
    /// Keywords to clear.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_words: Vec<String>,
    /// The server's keywords: see the column `base`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_words: Option<String>,
    /// The UID the target folder would have given next when this was sent: what has a lower
    /// one did not come of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
    /// UIDVALIDITY of the target folder then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_validity: Option<u32>,
    /// A move by copying has copied; what is left is to remove the original.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub copied: bool,
    /// The UID of the copy, if the server told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_uid: Option<u32>,
    /// The folder's UIDs lost their meaning after this was noted down.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub renumbered: bool,
    /// A folder's path before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// A folder's path after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// To subscribe, or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yes: Option<bool>,
    /// When the letter to be taken in arrived, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<i64>,
}

/// A row of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Its number; later ones are greater.
    pub id: IntentId,
    /// What it is part of.
    pub gesture: GestureId,
    /// Whose server is told.
    pub account: AccountId,
    /// What it is told.
    pub kind: Kind,
    /// The letter.
    pub place: Option<LetterId>,
    /// What it became here: a copy, an added letter.
    pub made: Option<LetterId>,
    /// Its bytes, for what is not here any more.
    pub mail: Option<MailId>,
    /// The folder the server has it in, or the folder this is about.
    pub folder: Option<FolderId>,
    /// What `uid` is good for.
    pub uidvalidity: Option<u32>,
    /// Its UID there, if known.
    pub uid: Option<u32>,
    /// Where it is to go.
    pub target: Option<FolderId>,
    /// What changes of its flags.
    pub change: FlagChange,
    /// The server's flags.
    pub base: Flags,
    /// What only some have.
    pub detail: Detail,
    /// How far it is.
    pub state: State,
    /// What must be done first.
    pub needs: Option<IntentId>,
    /// How often it was tried in vain.
    pub tries: u32,
    /// Why it failed.
    pub error: Option<String>,
}

const COLUMNS: &str = "id, gesture, account_id, kind, place_id, made_id, mail_id, folder_id, \
                       uidvalidity, uid, target_id, added, removed, base, detail, state, needs, \
                       tries, error";

fn intent(row: &Row<'_>) -> rusqlite::Result<Intent> {
    let unknown = |column: usize| {
        rusqlite::Error::InvalidColumnType(column, "intent".into(), rusqlite::types::Type::Text)
    };
    // Written by us; a damaged one is taken for one without.
    let mut detail: Detail = serde_json::from_str(row.get_ref(14)?.as_str()?).unwrap_or_default();
    Ok(Intent {
        id: IntentId(row.get(0)?),
        gesture: GestureId(row.get(1)?),
        account: AccountId(row.get(2)?),
        kind: Kind::of(row.get_ref(3)?.as_str()?).ok_or_else(|| unknown(3))?,
        place: row.get::<_, Option<i64>>(4)?.map(LetterId),
        made: row.get::<_, Option<i64>>(5)?.map(LetterId),
        mail: row.get::<_, Option<i64>>(6)?.map(MailId),
        folder: row.get::<_, Option<i64>>(7)?.map(FolderId),
        uidvalidity: row.get(8)?,
        uid: row.get(9)?,
        target: row.get::<_, Option<i64>>(10)?.map(FolderId),
        change: FlagChange {
            add: Flags::from_bits(row.get(11)?),
            remove: Flags::from_bits(row.get(12)?),
            add_words: std::mem::take(&mut detail.add_words),
            remove_words: std::mem::take(&mut detail.remove_words),
        },
        base: Flags::from_bits(row.get(13)?),
        detail,
        state: match row.get_ref(15)?.as_str()? {
            "waiting" => State::Waiting,
            "sent" => State::Sent,
            "failed" => State::Failed,
            _ => State::Done,
        },
        needs: row.get::<_, Option<i64>>(16)?.map(IntentId),
        tries: row.get(17)?,
        error: row.get(18)?,
    })
}

/// A row to be written; its number is given then.
fn insert(tx: &Transaction<'_>, intent: &Intent) -> Result<IntentId> {
    tx.prepare_cached(
        "INSERT INTO intent (gesture, account_id, kind, place_id, made_id, mail_id, folder_id,
         uidvalidity, uid, target_id, added, removed, base, detail, state, needs)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        intent.gesture.0,
        intent.account.0,
        intent.kind.word(),
        intent.place.map(|id| id.0),
        intent.made.map(|id| id.0),
        intent.mail.map(|id| id.0),
        intent.folder.map(|id| id.0),
        intent.uidvalidity,
        intent.uid,
        intent.target.map(|id| id.0),
        intent.change.add.bits(),
        intent.change.remove.bits(),
        intent.base.bits(),
        detail_text(intent),
        intent.state.word(),
        intent.needs.map(|id| id.0),
    ])?;
    Ok(IntentId(tx.last_insert_rowid()))
}

fn detail_text(intent: &Intent) -> String {
    let detail = Detail {
        add_words: intent.change.add_words.clone(),
        remove_words: intent.change.remove_words.clone(),
        ..intent.detail.clone()
    };
    serde_json::to_string(&detail).unwrap_or_else(|_| "{}".into())
}

/// Writes down what has changed of an intent but its flags' base.
fn update(tx: &Transaction<'_>, intent: &Intent) -> Result<()> {
    tx.prepare_cached(
        "UPDATE intent SET place_id = ?, made_id = ?, mail_id = ?, folder_id = ?,
         uidvalidity = ?, uid = ?, target_id = ?, base = ?, detail = ?, state = ?, error = ?
         WHERE id = ?",
    )?
    .execute(params![
        intent.place.map(|id| id.0),
        intent.made.map(|id| id.0),
        intent.mail.map(|id| id.0),
        intent.folder.map(|id| id.0),
        intent.uidvalidity,
        intent.uid,
        intent.target.map(|id| id.0),
        intent.base.bits(),
        detail_text(intent),
        intent.state.word(),
        intent.error,
        intent.id.0,
    ])?;
    Ok(())
}

fn read(conn: &Connection, id: IntentId) -> Result<Option<Intent>> {
    Ok(conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM intent WHERE id = ?"))?
        .query_row([id.0], intent)
        .optional()?)
}

/// Rows for which a condition holds, in their order.
fn select(conn: &Connection, condition: &str, with: impl rusqlite::Params) -> Result<Vec<Intent>> {
    let sql = format!("SELECT {COLUMNS} FROM intent WHERE {condition} ORDER BY id");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(with, intent)?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

/// Pending intents of a letter, in their order.
fn of_place(conn: &Connection, place: LetterId) -> Result<Vec<Intent>> {
    select(conn, &format!("place_id = ? AND {PENDING}"), [place.0])
}

/// A letter's row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PlaceRow {
    id: LetterId,
    folder: FolderId,
    mail: MailId,
    uid: Option<u32>,
    flags: Flags,
    keywords: Option<String>,
}

fn place(conn: &Connection, id: LetterId) -> Result<Option<PlaceRow>> {
    Ok(conn
        .prepare_cached(
            "SELECT id, folder_id, mail_id, uid, flags, keywords FROM place WHERE id = ?",
        )?
        .query_row([id.0], |row| {
            Ok(PlaceRow {
                id: LetterId(row.get(0)?),
                folder: FolderId(row.get(1)?),
                mail: MailId(row.get(2)?),
                uid: row.get(3)?,
                flags: Flags::from_bits(row.get(4)?),
                keywords: row.get(5)?,
            })
        })
        .optional()?)
}

fn insert_place(tx: &Transaction<'_>, id: Option<LetterId>, row: &PlaceRow) -> Result<LetterId> {
    tx.prepare_cached(
        "INSERT INTO place (id, folder_id, mail_id, uid, flags, keywords)
         VALUES (?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        id.map(|id| id.0),
        row.folder.0,
        row.mail.0,
        row.uid,
        row.flags.bits(),
        row.keywords,
    ])?;
    Ok(LetterId(tx.last_insert_rowid()))
}
