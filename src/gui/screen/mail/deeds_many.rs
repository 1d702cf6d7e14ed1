//! What is done to all picked letters: one gesture, taken back by one `z`, said once with
//! how many there were.

use super::deeds::Deed;
use super::list::Row;
use super::picking::{Mark, Pick};
use super::{Action, Ask, Field, List, Message, Moving, Place, Sheet, State};
use crate::engine::protocol::Command;
use crate::model::{Act, FlagChange, Flags, FolderId, LetterId, Role};
use std::collections::{BTreeMap, BTreeSet};

impl List {
    /// Shows the picked letters changed before the store has them changed: every row is told
    /// which of its own they are.
    pub(super) fn change_picked(&mut self, change: impl Fn(&mut Row, &BTreeSet<LetterId>)) {
        let many = std::mem::take(&mut self.many);
        let change = |at: usize, row: &mut Row| {
            let picked = row.letters().filter(|id| many.has(at, *id)).collect();
            change(row, &picked);
        };
        self.rows_to_change().for_each(|(at, row)| change(at, row));
        let at = self.selected.map_or(0, |(at, _)| at);
        self.chosen_to_change().into_iter().for_each(|row| change(at, row));
        self.many = many;
    }

    /// Takes the picked letters out, before the store is read again; the first row that one
    /// of them had. Rows of which it cannot be said where they are now are read again.
    fn take_out_picked(&mut self) -> Option<usize> {
        let renewed = self.many.renewed();
        let many = std::mem::replace(&mut self.many, renewed);
        let count = many.count();
        let rows = self.take_rows();
        // Of one that stands for several some may be left.
        let picked = |at: usize, row: &Row| -> BTreeSet<LetterId> {
            row.letters().filter(|id| many.has(at, *id)).collect()
        };
        let of = |at: usize, row: &Row| match many.has_row(at, row) {
            false => 0,
            true if many.letters().is_none() => 1,
            true => picked(at, row).len(),
        };
        let known: usize = rows.iter().map(|(at, row)| of(*at, row)).sum();
        let first = rows.iter().find(|(at, row)| of(**at, row) > 0).map(|(at, _)| *at);
        let mut kept = BTreeMap::new();
        let (mut gone, mut next, mut letters) = (0, 0, 0);
        for (at, mut row) in rows {
            if known < count && at != next {
                break;
            }
            next = at + 1;
            letters += of(at, &row);
            let picked = picked(at, &row);
            match row.take_out(&picked) {
                false => gone += 1,
                true => drop(kept.insert(at - gone, row)),
            }
        }
        self.put_rows(kept, gone + count.saturating_sub(letters));
        first
    }
}

impl State {
    /// What the user does, if it is about picked letters.
    pub(super) fn deed_of_many(&mut self, message: &Message) -> Option<Vec<Action>> {
        if !self.is_many() {
            return None;
        }
        let mark = |state: &mut Self, flag, (without, with)| {
            let mark = if state.some_picked_without(flag) { without } else { with };
            state.mark_many(mark)
        };
        Some(match message {
            Message::StarToggled => mark(self, Flags::FLAGGED, (Mark::Starred, Mark::Unstarred)),
            Message::SeenToggled => mark(self, Flags::SEEN, (Mark::Read, Mark::Unread)),
            Message::Archived => match self.role_of_place() {
                Some(Role::Archive | Role::All) => Vec::new(),
                _ => self.put_many(message, Deed::Archived, Act::Archive),
            },
            Message::Deleted => self.delete_many(message),
            Message::Junked => match self.role_of_place() {
                Some(Role::Junk) => self.put_many(message, Deed::NotJunk, Act::NotJunk),
                _ => self.put_many(message, Deed::Junked, Act::Junk),
            },
            Message::Confirmed(Ask::DeleteMany { .. }) => {
                self.sheet = None;
                match self.role_of_place() {
                    Some(Role::Trash) => self.put_many(message, Deed::Gone, Act::DeleteForGood),
                    _ => self.put_many(message, Deed::Trashed, Act::Delete),
                }
            }
            _ => return None,
        })
    }

    /// All of a folded conversation in the trash is to go for good.
    pub(super) fn delete_several(&mut self) -> Vec<Action> {
        let meant = self.meant();
        self.pick_these(meant);
        self.delete_many(&Message::Deleted)
    }

    /// What lies in the trash goes for good, after asking.
    fn delete_many(&mut self, message: &Message) -> Vec<Action> {
        if self.picked_or(message).is_none() {
            return Vec::new();
        }
        let count = self.list.many.count();
        let trashed = match self.role_of_place() {
            Some(Role::Trash) => count,
            // Of a folded conversation it is not seen here which of it lies in the trash:
            // that stays there, and the rest comes to it.
            _ if self.picked_rows().any(Row::is_folded) => 0,
            _ => self.picked_in_trash(),
        };
        match trashed {
            0 => self.put_many(message, Deed::Trashed, Act::Trash),
            _ => self.ask(Ask::DeleteMany { count, trashed }),
        }
    }

    /// What the folder that is shown is for.
    pub(super) fn role_of_place(&self) -> Option<Role> {
        let Place::Folder(id) = self.list.place else { return None };
        let folder = self.folders.iter().find(|folder| folder.id == id)?;
        super::sidebar::role(folder)
    }

    /// Marks all picked letters; they stay picked.
    pub(super) fn mark_many(&mut self, mark: Mark) -> Vec<Action> {
        let Some(letters) = self.picked_or(&Message::Pick(Pick::Marked(mark))) else {
            return Vec::new();
        };
        let (deed, add, remove) = match mark {
            Mark::Read => (Deed::Read, Flags::SEEN, Flags::NONE),
            Mark::Unread => (Deed::Unread, Flags::NONE, Flags::SEEN),
            Mark::Starred => (Deed::Starred, Flags::FLAGGED, Flags::NONE),
            Mark::Unstarred => (Deed::Unstarred, Flags::NONE, Flags::FLAGGED),
        };
        if matches!(mark, Mark::Read | Mark::Unread) {
            self.keep_unread(&letters);
        }
        self.list.change_picked(|row, of| row.set_flags(of, add, remove));
        self.flag(deed, letters, FlagChange::flags(add, remove))
    }

    /// Letters that are shown with other flags by now get them.
    pub(super) fn flag(
        &mut self,
        deed: Deed,
        letters: Vec<LetterId>,
        change: FlagChange,
    ) -> Vec<Action> {
        if letters.is_empty() {
            return Vec::new();
        }
        self.kept_here(deed, letters.len());
        vec![Action::Ask(Command::Act(Act::Flag(letters, change)))]
    }

    /// Something was asked for that leaves so many letters where they are: those that are
    /// picked stay picked, but for what only a menu had picked.
    fn kept_here(&mut self, deed: Deed, many: usize) {
        self.kept_many(deed, many);
        self.menu = None;
        if self.list.many.by_menu {
            self.let_go();
        }
    }

    /// Something that takes all picked letters elsewhere. Nothing is opened in their place.
    fn put_many(
        &mut self,
        message: &Message,
        deed: Deed,
        act: impl FnOnce(Vec<LetterId>) -> Act,
    ) -> Vec<Action> {
        let Some(letters) = self.picked_or(message) else { return Vec::new() };
        if letters.is_empty() {
            return Vec::new();
        }
        self.menu = None;
        self.kept_many(deed, letters.len());
        let leaves = matches!(self.list.place, Place::Folder(_) | Place::Inboxes);
        let mut actions = Vec::new();
        let before = self.list.many.take_before();
        if leaves || deed == Deed::Gone {
            let gone = |id: LetterId| letters.binary_search(&id).is_ok();
            if self.coming.and_then(|(_, id)| id).is_some_and(gone) {
                actions.extend(self.cancel_coming());
            }
            if self.open.as_ref().and_then(|open| open.id).is_some_and(gone) {
                actions.extend(self.close());
            }
            let at = self.list.take_out_picked();
            self.list.selected = None;
            match (before.filter(|(_, row)| !gone(row.letter.id)), at) {
                (Some((at, row)), _) => self.list.keep_chosen(at, row),
                (None, Some(at)) => {
                    let last = self.list.total.unwrap_or(0).saturating_sub(1);
                    self.list.select(at.min(last));
                }
                (None, None) => {}
            }
        } else if let Some((at, row)) = before {
            self.forget_many();
            self.list.keep_chosen(at, row);
        } else {
            self.forget_many();
        }
        actions.push(Action::Ask(Command::Act(act(letters))));
        actions
    }

    /// Puts all picked letters, or copies of them, into a folder.
    pub(super) fn put_many_into(&mut self, to: FolderId, copies: bool) -> Vec<Action> {
        let again = Message::MovedTo(to);
        if !copies {
            return self.put_many(&again, Deed::Moved(to), |letters| Act::Move(letters, to));
        }
        let Some(letters) = self.picked_or(&again) else {
            self.moving.copies = true;
            return Vec::new();
        };
        self.kept_here(Deed::Copied(to), letters.len());
        vec![Action::Ask(Command::Act(Act::Copy(letters, to)))]
    }

    /// Puts a copy of the letter at hand into a folder.
    pub(super) fn copy_into(&mut self, to: FolderId) -> Vec<Action> {
        let letters = self.meant();
        if letters.is_empty() {
            return Vec::new();
        }
        self.kept_many(Deed::Copied(to), letters.len());
        vec![Action::Ask(Command::Act(Act::Copy(letters, to)))]
    }

    /// A folder for copies is to be chosen.
    pub(super) fn want_copy(&mut self) -> Vec<Action> {
        let Some(moving) = self.choice() else { return Vec::new() };
        self.moving = Moving { copies: true, ..moving };
        self.menu = None;
        self.sheet = Some(Sheet::Move);
        vec![Action::Focus(Field::Folder)]
    }

    /// A choice of folders for all picked letters.
    pub(super) fn choice_of_many(&self) -> Moving {
        let from = match self.list.place {
            Place::Folder(id) => self.folders.iter().find(|folder| folder.id == id),
            _ => None,
        };
        let account = from.map(|folder| folder.account.clone());
        let first = || self.picked_rows().next().map(|row| row.letter.account.clone());
        Moving {
            from: from.map(|folder| folder.id),
            account: account.or_else(first).unwrap_or_default(),
            ..Moving::default()
        }
    }
}
