//! What the user does to letters: shown at once, done by the engine, taken back with `z`.
//!
//! The engine writes it down and tells the servers by and by; what a server will not do
//! comes back as an event, with a reason.

mod undoing;

use super::{Action, Ask, Message, Notice, Place, Sheet, State};
use crate::engine::protocol::Command;
use crate::model::{AccountId, Act, FlagChange, Flags, FolderId, GestureId, LetterId, Role};
use crate::store::{Folder, LetterRow};
use std::collections::VecDeque;
use std::str::FromStr;
use std::time::Duration;

/// A letter that was looked at so long counts as read.
pub const SEEN_AFTER: Duration = Duration::from_millis(1000);
/// Letters that take a moment that is noticed.
const A_WHILE: usize = 1_000;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Marked as read.
    Read,
    /// Marked as unread.
    Unread,
    /// Given a star.
    Starred,
    /// The star taken away.
    Unstarred,
    /// Given a label.
    Labelled,
    /// A label taken away.
    Unlabelled,
    /// Put away.
    Archived,
    /// Put into the trash.
    Trashed,
    /// Deleted for good.
    Gone,
    /// Put among junk.
    Junked,
    /// Put into the inbox again.
    NotJunk,
    /// Put into this folder.
    Moved(FolderId),
    /// Copied into this folder.
    Copied(FolderId),
    /// A folder made.
    FolderMade,
    /// A folder given another name.
    FolderNamed,
    /// A folder removed.
    FolderGone,
    /// A whole folder marked as read.
    AllRead,
    /// The trash emptied.
    TrashEmptied,
    /// What the end of the program had broken off, with letters.
    Resumed,
    /// The same with a folder.
    FolderResumed,
}

impl Deed {
    /// The word of [`Act::word`] for it.
    fn word(self) -> &'static str {
        match self {
            Self::Read
            | Self::Unread
            | Self::Starred
            | Self::Unstarred
            | Self::Labelled
            | Self::Unlabelled => "flag",
            Self::Archived => "archive",
            Self::Trashed => "delete",
            Self::Gone => "delete-for-good",
            Self::Junked => "junk",
            Self::NotJunk => "not-junk",
            Self::Moved(_) => "move",
            Self::Copied(_) => "copy",
            Self::FolderMade => "create-folder",
            Self::FolderNamed => "rename-folder",
            Self::FolderGone => "delete-folder",
            Self::AllRead => "mark-all-read",
            Self::TrashEmptied => "empty-trash",
            // Nobody asked for it here.
            Self::Resumed | Self::FolderResumed => "",
        }
    }

    /// What it leaves where it was.
    fn keeps_place(self) -> bool {
        matches!(
            self,
            Self::Read
                | Self::Unread
                | Self::Starred
                | Self::Unstarred
                | Self::Labelled
                | Self::Unlabelled
                | Self::AllRead
                | Self::Copied(_)
        )
    }
}

/// Something that was done, as it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// What.
    pub deed: Deed,
    /// How many letters.
    pub count: usize,
    /// It can be taken back.
    pub can_undo: bool,
}

/// What was asked of the engine, or done by it.
#[derive(Debug, Clone)]
struct Kept {
    deed: Deed,
    /// The letter, and the row it had.
    letter: Option<(usize, super::list::Row)>,
    /// How many letters it is about, if there are several.
    many: usize,
    /// It is to be taken back as soon as it is done.
    undo: bool,
    /// The number by which the engine was asked for that.
    withdrawn: Option<u64>,
}

/// What the user did.
#[derive(Debug, Clone, Default)]
pub struct Deeds {
    /// Asked for, not answered yet.
    asked: VecDeque<Kept>,
    /// Done, and can be taken back: the last at the end.
    done: VecDeque<(GestureId, Kept)>,
    /// What is being taken back.
    undoing: VecDeque<(GestureId, Kept)>,
    /// Counts what was said.
    pub(super) said: u64,
    /// Counts what was withdrawn.
    withdrawn: u64,
}

impl Deeds {
    /// How many letters something is being done to, where that takes a while.
    pub(super) fn at_work(&self) -> Option<usize> {
        let many = self.asked.iter().chain(self.undoing.iter().map(|(_, kept)| kept));
        many.map(|kept| kept.many).max().filter(|many| *many >= A_WHILE)
    }
}

impl State {
    /// Something the user does to letters.
    pub(super) fn deed(&mut self, message: Message) -> Vec<Action> {
        if let Some(actions) = self.deed_of_many(&message) {
            return actions;
        }
        match message {
            Message::StarToggled => {
                let starred = self.flags_at_hand().map(|flags| flags.has(Flags::FLAGGED));
                match starred {
                    Some(true) => self.mark(Deed::Unstarred, Flags::NONE, Flags::FLAGGED),
                    Some(false) => self.mark(Deed::Starred, Flags::FLAGGED, Flags::NONE),
                    None => Vec::new(),
                }
            }
            Message::SeenToggled => {
                let seen = self.flags_at_hand().map(|flags| flags.has(Flags::SEEN));
                self.keep_unread(&self.meant());
                match seen {
                    Some(true) => self.mark(Deed::Unread, Flags::NONE, Flags::SEEN),
                    Some(false) => self.mark(Deed::Read, Flags::SEEN, Flags::NONE),
                    None => Vec::new(),
                }
            }
            Message::Archived => match self.role_at_hand() {
                // Of a conversation some may lie elsewhere: those are put away.
                Some(Role::Archive | Role::All) if self.meant().len() == 1 => Vec::new(),
                _ => self.put(Deed::Archived, Act::Archive),
            },
            Message::Deleted => match (self.role_at_hand(), self.at_hand()) {
                (Some(Role::Trash), Some(_)) if self.meant().len() > 1 => self.delete_several(),
                (Some(Role::Trash), Some(row)) => self.ask(Ask::DeleteForGood(row.id)),
                // What lies in the trash by now is not seen to: it is never removed unasked.
                _ => self.put(Deed::Trashed, Act::Trash),
            },
            Message::Junked => match self.role_at_hand() {
                Some(Role::Junk) => self.put(Deed::NotJunk, Act::NotJunk),
                _ => self.put(Deed::Junked, Act::Junk),
            },
            Message::AllRead(folder) => {
                self.kept(Deed::AllRead, None);
                vec![Action::Ask(Command::Act(Act::MarkAllRead(folder)))]
            }
            Message::TrashEmptied(account) => self.ask(Ask::EmptyTrash(account)),
            Message::Confirmed(ask) => {
                self.sheet = None;
                self.confirmed(ask)
            }
            Message::Undone => match (&self.notice, self.sending) {
                (Some(Notice::Discarded(id)), _) => self.want_back(*id),
                (_, None) if self.blocked.is_some() => self.unblock().unwrap_or_default(),
                (Some(Notice::Did(_)), _) => self.undo(),
                (Some(Notice::Scheduled(letter, _)), _) => self.take_back(*letter),
                (_, Some((letter, _))) => self.take_back(letter),
                _ => self.undo(),
            },
            Message::MoveWanted
            | Message::MoveTyped(_)
            | Message::MoveStepped(_)
            | Message::MoveEntered
            | Message::MovedTo(_) => self.moved(message),
            _ => Vec::new(),
        }
    }

    pub(super) fn ask(&mut self, ask: Ask) -> Vec<Action> {
        self.menu = None;
        self.sheet = Some(Sheet::Ask(ask));
        Vec::new()
    }

    fn confirmed(&mut self, ask: Ask) -> Vec<Action> {
        match ask {
            Ask::DeleteForGood(id) if self.at_hand().is_some_and(|row| row.id == id) => {
                // It was asked about this one; its conversation may have grown meanwhile.
                self.put_these(vec![id], Deed::Gone, Act::DeleteForGood)
            }
            Ask::DeleteForGood(_) | Ask::DeleteMany { .. } => Vec::new(),
            Ask::EmptyTrash(account) => {
                self.kept(Deed::TrashEmptied, None);
                vec![Action::Ask(Command::Act(Act::EmptyTrash(account)))]
            }
            Ask::RemoveFolder(folder) => {
                self.kept(Deed::FolderGone, None);
                vec![Action::Ask(Command::Act(Act::DeleteFolder(folder)))]
            }
            // That alone was named; what else is not saved is asked about next.
            Ask::CloseUnsaved(named) => {
                match named {
                    Some(account) => self.drop_unsaved(account),
                    None => (self.pictures_proxy, self.way_asked) = (None, None),
                }
                self.close_window()
            }
            Ask::RemoveAccount(account) => vec![Action::Ask(Command::RemoveAccount(account))],
        }
    }

    /// What the letter's folder is for.
    pub(super) fn role_at_hand(&self) -> Option<Role> {
        let row = self.at_hand()?;
        let folder = self.folder_of(row)?;
        Role::from_str(folder.role.as_deref()?).ok()
    }

    /// The folder a letter lies in.
    pub(super) fn folder_of(&self, row: &LetterRow) -> Option<&Folder> {
        self.folders
            .iter()
            .find(|folder| folder.path == row.folder && folder.account == row.account)
    }

    /// The account of a folder.
    pub(super) fn account_of(&self, folder: &Folder) -> Option<AccountId> {
        let account = self.accounts.iter().find(|account| account.name == folder.account);
        account.map(|account| account.id)
    }

    pub(super) fn kept(&mut self, deed: Deed, letter: Option<(usize, super::list::Row)>) {
        self.blocked = None;
        // Each is answered: none is forgotten before.
        self.deeds.asked.push_back(Kept { deed, letter, many: 0, undo: false, withdrawn: None });
    }

    /// Something was asked for about so many letters.
    pub(super) fn kept_many(&mut self, deed: Deed, many: usize) {
        self.kept(deed, None);
        self.kept_count(many);
    }

    fn kept_count(&mut self, many: usize) {
        if let Some(kept) = self.deeds.asked.back_mut() {
            kept.many = many;
        }
        // What is said of the one before, with its way back, would stand there for long.
        if many >= A_WHILE && matches!(self.notice, Some(Notice::Did(_))) {
            self.notice = None;
        }
    }

    /// The user has said whether these are read: looking at them says nothing more.
    pub(super) fn keep_unread(&mut self, letters: &[LetterId]) {
        for open in self.open.iter_mut().chain(&mut self.stack.beside) {
            open.kept_unread |= open.id.is_some_and(|id| letters.contains(&id));
        }
    }

    fn mark(&mut self, deed: Deed, add: Flags, remove: Flags) -> Vec<Action> {
        let letters = self.meant();
        if letters.is_empty() {
            return Vec::new();
        }
        self.list.change_of(&letters, |row, of| row.set_flags(of, add, remove));
        self.kept_many(deed, letters.len());
        let change = FlagChange::flags(add, remove);
        vec![Action::Ask(Command::Act(Act::Flag(letters, change)))]
    }

    /// Something that takes the letter elsewhere: the next one takes its place.
    pub(super) fn put(
        &mut self,
        deed: Deed,
        act: impl FnOnce(Vec<LetterId>) -> Act,
    ) -> Vec<Action> {
        let letters = self.meant();
        self.put_these(letters, deed, act)
    }

    fn put_these(
        &mut self,
        letters: Vec<LetterId>,
        deed: Deed,
        act: impl FnOnce(Vec<LetterId>) -> Act,
    ) -> Vec<Action> {
        if letters.is_empty() {
            return Vec::new();
        }
        self.menu = None;
        let chosen = self.list.chosen().cloned();
        let leaves = match self.list.place {
            Place::Folder(_) | Place::Inboxes => true,
            Place::All | Place::Starred | Place::Search | Place::Outbox | Place::Receipts => {
                deed == Deed::Gone
            }
        };
        let at = if leaves { self.list.take_out(&letters) } else { None };
        self.kept(deed, at.zip(chosen));
        self.kept_count(letters.len());
        let mut actions = vec![Action::Ask(Command::Act(act(letters)))];
        if let Some(at) = at {
            match self.list.total {
                Some(0) | None => {
                    actions.extend(self.cancel_coming());
                    actions.extend(self.close());
                }
                Some(total) => actions.extend(self.move_to(at.min(total - 1))),
            }
        } else if leaves {
            // It was no letter of the list: what is open lies where it cannot be told.
            actions.extend(self.cancel_coming());
            actions.extend(self.close());
            self.list.choose_nothing();
        }
        actions
    }
}
