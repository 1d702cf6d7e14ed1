//! Conversations in the list: one row for all letters of one that lie here, which unfolds to
//! its letters below each other, and what is done to all of them at once.

use super::list::Row;
use super::{Action, Message as Said, Read, State};
use crate::gui::bundles::Asked;
use crate::model::{Flags, LetterId, ThreadId};
use crate::store::{Branch, Bundle};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Conversations that are unfolded at a time, at most: with more, others are folded again.
const UNFOLDED: usize = 100;

/// What happens to conversations in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// The list by conversation from now on, or letter by letter.
    Switched,
    /// The conversation of this row is unfolded, or folded again.
    Toggled(usize),
    /// That of the row one is at is unfolded.
    Unfolded,
    /// It is folded again.
    Folded,
}

/// How a row stands in its conversation.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Fold {
    /// By itself.
    #[default]
    Alone,
    /// For several letters; the row's own is the newest of them.
    Closed(Box<Bundle>),
    /// One of several below each other.
    Open(Stand),
}

/// A letter among those of its conversation that are below each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// Whom it answers.
    pub branch: Branch,
    /// The how many-th it is, from 0.
    pub nth: usize,
    /// Of how many.
    pub of: usize,
}

impl Row {
    /// A row of a letter that stands by itself.
    pub fn of(letter: crate::store::LetterRow) -> Self {
        Self { letter, thread: 1, marks: None, fold: Fold::Alone }
    }

    fn bundle(&self) -> Option<&Bundle> {
        match &self.fold {
            Fold::Closed(bundle) => Some(bundle),
            Fold::Alone | Fold::Open(_) => None,
        }
    }

    /// Whether it stands for several letters.
    pub fn is_folded(&self) -> bool {
        self.bundle().is_some()
    }

    /// How many letters it stands for.
    pub fn count(&self) -> usize {
        self.bundle().map_or(1, |bundle| bundle.letters.len())
    }

    /// The letters it stands for, the newest first.
    pub fn letters(&self) -> impl Iterator<Item = LetterId> {
        let several = self.bundle().map(|bundle| bundle.letters.as_slice()).unwrap_or_default();
        let one = several.is_empty().then_some(self.letter.id);
        one.into_iter().chain(several.iter().map(|(id, _)| *id))
    }

    /// Whether it stands for this letter.
    pub fn holds(&self, id: LetterId) -> bool {
        self.letter.id == id || self.letters().any(|other| other == id)
    }

    /// Its flags: read if all of its letters are, with a star if one has one.
    pub fn flags(&self) -> Flags {
        let Some(bundle) = self.bundle() else { return self.letter.flags };
        let mut flags = self.letter.flags.without(Flags::SEEN).without(Flags::FLAGGED);
        if bundle.letters.iter().all(|(_, flags)| flags.has(Flags::SEEN)) {
            flags = flags.with(Flags::SEEN);
        }
        if bundle.letters.iter().any(|(_, flags)| flags.has(Flags::FLAGGED)) {
            flags = flags.with(Flags::FLAGGED);
        }
        flags
    }

    /// Whether one of its letters is without this flag.
    pub fn has_without(&self, flag: Flags) -> bool {
        match self.bundle() {
            None => !self.letter.flags.has(flag),
            Some(bundle) => bundle.letters.iter().any(|(_, flags)| !flags.has(flag)),
        }
    }

    /// References of its letters that are trackers.
    pub fn trackers(&self) -> u64 {
        self.bundle().map_or(self.letter.trackers, |bundle| bundle.trackers)
    }

    /// Whether one of its letters has attachments.
    pub fn has_attachment(&self) -> bool {
        self.bundle().map_or(self.letter.has_attachment, |bundle| bundle.has_attachment)
    }

    /// Shows flags of one of its letters before the store has them.
    pub(super) fn set_flags(&mut self, of: &BTreeSet<LetterId>, add: Flags, remove: Flags) {
        let change = |flags: &mut Flags| *flags = flags.with(add).without(remove);
        if of.contains(&self.letter.id) {
            change(&mut self.letter.flags);
        }
        if let Fold::Closed(bundle) = &mut self.fold {
            let of_it = bundle.letters.iter_mut().filter(|(id, _)| of.contains(id));
            of_it.for_each(|(_, flags)| change(flags));
        }
    }

    /// Takes letters out of those it stands for; whether any is left.
    pub(super) fn take_out(&mut self, gone: &BTreeSet<LetterId>) -> bool {
        let Fold::Closed(bundle) = &mut self.fold else {
            return !gone.contains(&self.letter.id);
        };
        bundle.letters.retain(|(id, _)| !gone.contains(id));
        match bundle.letters.as_slice() {
            [] => false,
            [(one, _)] if *one == self.letter.id => {
                self.fold = Fold::Alone;
                true
            }
            _ => true,
        }
    }
}

impl State {
    /// Whether the list stands by conversation.
    pub(super) fn is_bundled(&self) -> bool {
        self.bundled && self.is_listed()
    }

    /// The list that is shown, by conversation.
    pub(super) fn bundles_asked(&self) -> Asked {
        Asked {
            place: self.list.place,
            sort: self.sort_here(),
            reading: self.list.reading,
            begun: self.list.begun,
            unfolded: Arc::clone(&self.list.unfolded),
        }
    }

    /// Something happens to conversations in the list.
    pub(super) fn of_fold(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Switched => self.switch_bundles(),
            Message::Toggled(at) => match self.list.row(at).map(|row| &row.fold) {
                Some(Fold::Closed(_)) => self.unfold(at),
                Some(Fold::Open(_)) => self.fold(at),
                _ => Vec::new(),
            },
            Message::Unfolded => {
                let Some(at) = self.row_at_hand() else { return Vec::new() };
                match self.list.row(at).map(|row| &row.fold) {
                    Some(Fold::Closed(_)) => self.unfold(at),
                    Some(Fold::Open(stand)) if stand.nth == 0 => self.update(Said::Moved(1)),
                    _ => Vec::new(),
                }
            }
            Message::Folded => self.row_at_hand().map_or_else(Vec::new, |at| self.fold(at)),
        }
    }

    fn row_at_hand(&self) -> Option<usize> {
        self.list.head().or(self.list.selected.map(|(at, _)| at))
    }

    fn switch_bundles(&mut self) -> Vec<Action> {
        self.menu = None;
        self.let_go();
        self.bundled = !self.bundled;
        let selected = self.list.selected;
        self.list.restart(self.list.place);
        self.list.selected = selected.map(|(_, id)| (0, id));
        let mut actions = self.read_first();
        actions.push(Action::Remember);
        actions
    }

    /// The conversation of a folded row stands below each other from now on.
    fn unfold(&mut self, at: usize) -> Vec<Action> {
        let Some(thread) = self.list.row(at).map(|row| row.letter.thread) else {
            return Vec::new();
        };
        // One of those below each other is meant from now on.
        self.list.part_chosen(thread);
        self.refold(|unfolded| {
            if unfolded.len() >= UNFOLDED {
                unfolded.pop_first();
            }
            unfolded.insert(thread);
        })
    }

    /// That of a letter among others stands in one row again.
    fn fold(&mut self, at: usize) -> Vec<Action> {
        let Some((thread, nth)) = self.list.row(at).and_then(|row| match row.fold {
            Fold::Open(stand) => Some((row.letter.thread, stand.nth)),
            _ => None,
        }) else {
            return Vec::new();
        };
        let head = at.saturating_sub(nth);
        // What was chosen of it is chosen still, by the row that stands for it.
        if let Some((row, id)) = self.list.selected
            && self.list.row(row).is_some_and(|row| row.letter.thread == thread)
        {
            self.list.selected = Some((head, id));
        }
        self.list.offset = self.list.window().reveal(head);
        self.refold(|unfolded| {
            unfolded.remove(&thread);
        })
    }

    fn refold(&mut self, change: impl FnOnce(&mut BTreeSet<ThreadId>)) -> Vec<Action> {
        self.menu = None;
        change(Arc::make_mut(&mut self.list.unfolded));
        self.list.refold();
        self.read_first()
    }

    /// The letters that what the user does is about: of a folded conversation all that lie
    /// here, the newest first.
    pub(super) fn meant(&self) -> Vec<LetterId> {
        let Some(id) = self.at_hand().map(|row| row.id) else { return Vec::new() };
        match self.list.chosen().filter(|_| !self.is_many()) {
            Some(row) if row.letter.id == id => row.letters().collect(),
            _ => vec![id],
        }
    }

    /// Flags of what the user does something to: read if all of it is, with a star if one
    /// has one.
    pub(super) fn flags_at_hand(&self) -> Option<Flags> {
        let letter = self.at_hand()?;
        let chosen = self.list.chosen().filter(|_| !self.is_many());
        let chosen = chosen.filter(|row| row.letter.id == letter.id);
        Some(chosen.map_or(letter.flags, Row::flags))
    }

    /// A page of the list by conversation, from this row.
    pub(super) fn bundles_page(&self, generation: u64, first: usize) -> Read {
        Read::Bundles(generation, self.bundles_asked(), first)
    }
}
