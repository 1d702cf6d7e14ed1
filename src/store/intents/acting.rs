//! A gesture of the user's while it is being made: each step changes what is shown and notes
//! down what the server is to be told of it, in one transaction.

use super::act::{ActError, FolderRow, folder, folders_of_role, junk, set_flags};
use super::{Detail, Intent, Kind, PlaceRow, State, insert, insert_place, of_place, place};
use crate::model::{
    AccountId, FlagChange, Flags, FolderId, Gesture, GestureId, IntentId, LetterId, MailId, Role,
};
use crate::store::error::{Result, StoreError};
use crate::store::letters::{self, Incoming};
use crate::store::search::{index, merge};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::BTreeSet;

/// Gestures that can be undone, at most.
const KEPT: i64 = 1000;
/// Rows of the journal kept for that, about.
const KEPT_ROWS: i64 = 200_000;
/// `mail.props`: only the header is here.
const PARTIAL: i64 = 8;

/// A gesture being made.
pub(in crate::store) struct Acting<'t> {
    pub(in crate::store) tx: &'t Transaction<'t>,
    pub(super) id: GestureId,
    kind: String,
    pub(super) tally: Tally,
}

/// What a gesture has come to so far.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub(super) changed: usize,
    /// What was to be taken back and could not be.
    pub(super) left: usize,
    folders: BTreeSet<FolderId>,
    accounts: BTreeSet<AccountId>,
    final_only: bool,
}

impl Tally {
    pub(super) fn nothing() -> Self {
        Self {
            changed: 0,
            left: 0,
            folders: BTreeSet::new(),
            accounts: BTreeSet::new(),
            final_only: true,
        }
    }
}

impl<'t> Acting<'t> {
    pub(in crate::store) fn begin(tx: &'t Transaction<'t>, kind: &str) -> Result<Self> {
        tx.prepare_cached("INSERT INTO gesture (kind) VALUES (?)")?.execute([kind])?;
        Ok(Self::resume(tx, GestureId(tx.last_insert_rowid()), kind, Tally::nothing()))
    }

    /// Goes on with a gesture that was begun in another transaction.
    pub(super) fn resume(tx: &'t Transaction<'t>, id: GestureId, kind: &str, tally: Tally) -> Self {
        Self { tx, id, kind: kind.to_owned(), tally }
    }

    /// Leaves it, to go on with it in another transaction.
    pub(super) fn pause(self) -> Tally {
        self.tally
    }

    /// What was done; a gesture that did nothing leaves no trace.
    pub(in crate::store) fn end(self) -> Result<Option<Gesture>> {
        let tx = self.tx;
        let noted =
            tx.prepare_cached("SELECT 1 FROM intent WHERE gesture = ?")?.exists([self.id.0])?;
        if !noted {
            tx.prepare_cached("DELETE FROM gesture WHERE id = ?")?.execute([self.id.0])?;
        }
        if self.tally.changed == 0 {
            return Ok(None);
        }
        // What is long ago and settled is not undone any more. What is being done in parts, or
        // taken back so, is not settled.
        tx.prepare_cached(
            "DELETE FROM gesture WHERE id <= max(?1, coalesce((SELECT gesture FROM intent
             WHERE id <= (SELECT max(id) FROM intent) - ?2 ORDER BY id DESC LIMIT 1), 0))
             AND id <> ?3 AND NOT EXISTS (SELECT 1 FROM intent
             WHERE gesture = gesture.id AND state IN ('waiting', 'sent'))
             AND NOT EXISTS (SELECT 1 FROM unfinished
             WHERE gesture = gesture.id OR undoes = gesture.id)",
        )?
        .execute([self.id.0 - KEPT, KEPT_ROWS, self.id.0])?;
        Ok(Some(Gesture {
            id: self.id,
            kind: self.kind,
            changed: self.tally.changed,
            folders: self.tally.folders.into_iter().collect(),
            accounts: self.tally.accounts.into_iter().collect(),
            can_undo: noted && !self.tally.final_only,
            left: self.tally.left,
        }))
    }

    /// An intent about something in a folder, with nothing else said.
    pub(super) fn blank(&self, kind: Kind, folder: &FolderRow) -> Intent {
        Intent {
            id: IntentId(0),
            gesture: self.id,
            account: folder.account,
            kind,
            place: None,
            made: None,
            mail: None,
            folder: None,
            uidvalidity: None,
            uid: None,
            target: None,
            change: FlagChange::default(),
            base: Flags::NONE,
            detail: Detail::default(),
            // Where there is no server all is done with the local change.
            state: if folder.served { State::Waiting } else { State::Done },
            needs: None,
            tries: 0,
            error: None,
        }
    }

    pub(super) fn note(&mut self, intent: &Intent) -> Result<IntentId> {
        if intent.state == State::Waiting {
            self.tally.accounts.insert(intent.account);
        }
        self.tally.final_only &= intent.kind == Kind::Delete && intent.state == State::Done;
        insert(self.tx, intent)
    }

    pub(super) fn touch(&mut self, folder: &FolderRow) {
        self.tally.folders.insert(folder.id);
    }

    /// Something was done to these folders that leaves no row.
    pub(super) fn changed_in(&mut self, folders: impl IntoIterator<Item = FolderId>) {
        self.tally.folders.extend(folders);
    }

    pub(super) fn row(&self, id: FolderId) -> Result<FolderRow> {
        let row = folder(self.tx, id)?.filter(|row| !row.hidden);
        Ok(row.ok_or(ActError::NoFolder)?)
    }

    /// A folder that letters are to go to.
    pub(super) fn target(&self, id: FolderId) -> Result<FolderRow> {
        let row = self.row(id)?;
        match row.selectable {
            true => Ok(row),
            false => Err(ActError::NoLetters(row.path).into()),
        }
    }

    /// Sets and clears flags. Letters that have gone are passed over.
    pub(in crate::store) fn flag(
        &mut self,
        letters: &[LetterId],
        change: &FlagChange,
    ) -> Result<()> {
        for id in letters {
            let Some(row) = place(self.tx, *id)? else { continue };
            let change = change.narrowed(row.flags, row.keywords.as_deref());
            if change.is_empty() {
                continue;
            }
            let folder = self.row(row.folder)?;
            let (flags, words) = change.apply(row.flags, row.keywords.as_deref());
            // What is on its way already stands on the server's flags.
            let base = of_place(self.tx, *id)?.into_iter().find(|i| i.kind == Kind::Flag);
            let (base, base_words) = match base {
                Some(intent) => (intent.base, intent.detail.base_words),
                None => (row.flags, row.keywords.clone()),
            };
            set_flags(self.tx, *id, flags, words.as_deref())?;
            self.note(&Intent {
                place: Some(*id),
                folder: Some(row.folder),
                uidvalidity: row.uid.and(folder.uidvalidity),
                uid: row.uid,
                change,
                base,
                detail: Detail { base_words, ..Detail::default() },
                ..self.blank(Kind::Flag, &folder)
            })?;
            self.touch(&folder);
            self.tally.changed += 1;
        }
        Ok(())
    }

    /// Puts letters into another folder.
    pub(super) fn put(&mut self, letters: &[LetterId], to: FolderId) -> Result<()> {
        let target = self.target(to)?;
        for id in letters {
            let Some(row) = place(self.tx, *id)? else { continue };
            if row.folder == to {
                continue;
            }
            let from = self.row(row.folder)?;
            let elsewhere = from.account != target.account && (from.served || target.served);
            match elsewhere {
                true => self.carry(&row, &from, &target)?,
                false => {
                    self.note(&Intent {
                        place: Some(*id),
                        folder: Some(row.folder),
                        uidvalidity: row.uid.and(from.uidvalidity),
                        uid: row.uid,
                        target: Some(to),
                        ..self.blank(Kind::Move, &from)
                    })?;
                }
            }
            self.tx
                .prepare_cached("UPDATE place SET folder_id = ?, uid = NULL WHERE id = ?")?
                .execute([to.0, id.0])?;
            self.touch(&from);
            self.touch(&target);
            self.tally.changed += 1;
        }
        Ok(())
    }

    /// To another account: taken in there first, removed here after that.
    fn carry(&mut self, row: &PlaceRow, from: &FolderRow, target: &FolderRow) -> Result<()> {
        self.whole(row)?;
        if !of_place(self.tx, row.id)?.is_empty() || (from.served && row.uid.is_none()) {
            return Err(ActError::StillMoving(row.id).into());
        }
        let mut needs = None;
        if target.served {
            needs = Some(self.note(&Intent {
                made: Some(row.id),
                folder: Some(from.id),
                uidvalidity: row.uid.and(from.uidvalidity),
                uid: row.uid,
                target: Some(target.id),
                base: row.flags,
                detail: Detail { base_words: row.keywords.clone(), ..Detail::default() },
                ..self.blank(Kind::Append, target)
            })?);
        }
        if from.served {
            self.note(&Intent {
                // Named as what it became only: its place is not there any more.
                made: Some(row.id),
                mail: Some(row.mail),
                folder: Some(from.id),
                uidvalidity: row.uid.and(from.uidvalidity),
                uid: row.uid,
                target: Some(target.id),
                base: row.flags,
                needs,
                ..self.blank(Kind::Delete, from)
            })?;
        }
        Ok(())
    }

    /// All of a letter must be here.
    fn whole(&self, row: &PlaceRow) -> Result<()> {
        let props: i64 = self
            .tx
            .prepare_cached("SELECT props FROM mail WHERE id = ?")?
            .query_row([row.mail.0], |row| row.get(0))?;
        match props & PARTIAL {
            0 => Ok(()),
            _ => Err(ActError::NotHere(row.id).into()),
        }
    }

    /// Puts copies of letters into a folder.
    pub(super) fn copy(&mut self, letters: &[LetterId], to: FolderId) -> Result<()> {
        let target = self.target(to)?;
        for id in letters {
            let Some(row) = place(self.tx, *id)? else { continue };
            let from = self.row(row.folder)?;
            let copy = PlaceRow { folder: to, uid: None, ..row.clone() };
            let made = insert_place(self.tx, None, &copy)?;
            // The server copies what it has; what it has not is taken in there.
            let there = from.account == target.account;
            if !there && target.served {
                self.whole(&row)?;
            }
            self.note(&Intent {
                place: there.then_some(*id),
                made: Some(made),
                folder: there.then_some(row.folder),
                uidvalidity: row.uid.filter(|_| there).and(from.uidvalidity),
                uid: row.uid.filter(|_| there),
                target: Some(to),
                base: row.flags,
                detail: Detail { base_words: row.keywords.clone(), ..Detail::default() },
                ..self.blank(if there { Kind::Copy } else { Kind::Append }, &target)
            })?;
            self.touch(&target);
            self.tally.changed += 1;
        }
        Ok(())
    }

    /// Into the trash; what lies there stays.
    pub(super) fn trash(&mut self, letters: &[LetterId]) -> Result<()> {
        self.throw_away(letters, false)
    }

    /// Into the trash; for good what lies there.
    pub(in crate::store) fn delete(&mut self, letters: &[LetterId]) -> Result<()> {
        self.throw_away(letters, true)
    }

    fn throw_away(&mut self, letters: &[LetterId], for_good: bool) -> Result<()> {
        for id in letters {
            let Some(row) = place(self.tx, *id)? else { continue };
            let from = self.row(row.folder)?;
            if from.role != Some(Role::Trash) {
                let trash = self.by_role(from.account, Role::Trash)?;
                self.put(&[*id], trash)?;
            } else if for_good {
                self.remove(&[*id])?;
            }
        }
        Ok(())
    }

    /// Marks letters as junk, or as none, and puts them where they belong then. Each counts
    /// once.
    pub(super) fn judge(&mut self, letters: &[LetterId], is_junk: bool) -> Result<()> {
        let before = self.tally.changed;
        self.flag(letters, &junk(is_junk))?;
        let marked = std::mem::replace(&mut self.tally.changed, before);
        match is_junk {
            true => self.put_by_role(letters, Role::Junk)?,
            // What was never among junk stays where it is.
            false => {
                for id in letters {
                    if self.role_at(*id)? == Some(Role::Junk) {
                        self.put_by_role(&[*id], Role::Inbox)?;
                    }
                }
            }
        }
        self.tally.changed = self.tally.changed.max(marked);
        Ok(())
    }

    /// Removes letters for good.
    pub(in crate::store) fn remove(&mut self, letters: &[LetterId]) -> Result<()> {
        for id in letters {
            let Some(row) = place(self.tx, *id)? else { continue };
            let from = self.row(row.folder)?;
            let blank = self.blank(Kind::Delete, &from);
            let (flags, words) = base_of(self.tx, &row)?;
            self.note(&Intent {
                place: Some(*id),
                // Its bytes are kept until the server has said yes.
                mail: (blank.state == State::Waiting).then_some(row.mail),
                folder: Some(row.folder),
                uidvalidity: row.uid.and(from.uidvalidity),
                uid: row.uid,
                base: flags,
                detail: Detail { base_words: words, ..Detail::default() },
                ..blank
            })?;
            self.tx.prepare_cached("DELETE FROM place WHERE id = ?")?.execute([id.0])?;
            letters::forget_if_nowhere(self.tx, row.mail)?;
            self.touch(&from);
            self.tally.changed += 1;
        }
        Ok(())
    }

    /// Adds a letter of the user's own making.
    pub(in crate::store) fn append(
        &mut self,
        folder: FolderId,
        letter: &Incoming,
        flags: Flags,
        date: Option<i64>,
    ) -> Result<LetterId> {
        let target = self.target(folder)?;
        let mail = mail_of_incoming(self.tx, letter)?;
        let row = PlaceRow { id: LetterId(0), folder, mail, uid: None, flags, keywords: None };
        let made = insert_place(self.tx, None, &row)?;
        self.note(&Intent {
            made: Some(made),
            target: Some(folder),
            base: flags,
            detail: Detail { date, ..Detail::default() },
            ..self.blank(Kind::Append, &target)
        })?;
        self.touch(&target);
        self.tally.changed += 1;
        Ok(made)
    }

    /// Forgets a letter that no server has, and is not to have.
    pub(in crate::store) fn forget(&mut self, id: LetterId) -> Result<()> {
        let Some(row) = place(self.tx, id)? else { return Ok(()) };
        self.tx.prepare_cached("DELETE FROM place WHERE id = ?")?.execute([id.0])?;
        letters::forget_if_nowhere(self.tx, row.mail)?;
        self.tally.folders.insert(row.folder);
        self.tally.changed += 1;
        Ok(())
    }

    /// Puts letters away; those that are, stay. Of a conversation what was sent, or is being
    /// written, stays where it is looked for: it goes only where nothing else is meant.
    pub(super) fn archive(&mut self, letters: &[LetterId]) -> Result<()> {
        let own = |role| matches!(role, Some(Role::Sent | Role::Drafts));
        let mut roles = Vec::with_capacity(letters.len());
        for id in letters {
            roles.push((*id, self.role_at(*id)?));
        }
        let all_own = roles.iter().all(|(_, role)| own(*role));
        for (id, role) in roles {
            let stays = matches!(role, Some(Role::Archive | Role::All)) || own(role) && !all_own;
            if !stays {
                self.put_by_role(&[id], Role::Archive)?;
            }
        }
        Ok(())
    }

    /// What the folder of a letter is for.
    fn role_at(&self, id: LetterId) -> Result<Option<Role>> {
        let Some(row) = place(self.tx, id)? else { return Ok(None) };
        Ok(self.row(row.folder)?.role)
    }

    pub(super) fn put_by_role(&mut self, letters: &[LetterId], role: Role) -> Result<()> {
        for id in letters {
            let Some(row) = place(self.tx, *id)? else { continue };
            let account = self.row(row.folder)?.account;
            let to = self.by_role(account, role)?;
            self.put(&[*id], to)?;
        }
        Ok(())
    }

    /// The folder of an account for something, made if there is none.
    pub(in crate::store) fn by_role(&mut self, account: AccountId, role: Role) -> Result<FolderId> {
        // Where everything is kept anyway, that is the archive.
        let stand_in = (role == Role::Archive).then_some(Role::All);
        for role in [Some(role), stand_in].into_iter().flatten() {
            for found in folders_of_role(self.tx, account, role)? {
                if self.row(found)?.selectable {
                    return Ok(found);
                }
            }
        }
        let path = match role {
            Role::Inbox => "INBOX",
            Role::Sent => "Sent",
            Role::Drafts => "Drafts",
            Role::Archive | Role::All => "Archive",
            Role::Junk => "Junk",
            Role::Trash => "Trash",
        };
        let known: Option<i64> = self
            .tx
            .prepare_cached(
                "SELECT id FROM folder WHERE account_id = ? AND path = ? COLLATE NOCASE
                 AND hidden = 0 AND selectable = 1",
            )?
            .query_row(params![account.0, path], |row| row.get(0))
            .optional()?;
        if let Some(id) = known {
            self.tx
                .prepare_cached("UPDATE folder SET role = ? WHERE id = ? AND role IS NULL")?
                .execute(params![role.word(), id])?;
            return Ok(FolderId(id));
        }
        let changed = self.tally.changed;
        let id = self.create_folder(account, path, Some(role))?;
        // It is by the way.
        self.tally.changed = changed;
        Ok(id)
    }
}

fn mail_of_incoming(tx: &Transaction<'_>, letter: &Incoming) -> Result<MailId> {
    let sha = match letter {
        Incoming::Known(sha) => sha,
        Incoming::New(prepared) => {
            if letters::mail_by_sha(tx, &prepared.sha)?.is_none() {
                let id = letters::insert_mail(tx, prepared)?;
                index::insert(tx, &mut [(id, &prepared.entry)])?;
                merge::settle(tx)?;
            }
            &prepared.sha
        }
    };
    letters::mail_by_sha(tx, sha)?
        .ok_or_else(|| StoreError::Damaged("a letter vanished while it was added".into()))
}

/// The server's flags of a letter.
fn base_of(conn: &Connection, row: &PlaceRow) -> Result<(Flags, Option<String>)> {
    Ok(of_place(conn, row.id)?
        .into_iter()
        .find(|intent| intent.kind == Kind::Flag)
        .map_or((row.flags, row.keywords.clone()), |i| (i.base, i.detail.base_words)))
}
