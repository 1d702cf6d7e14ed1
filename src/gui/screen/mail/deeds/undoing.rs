//! What became of what the user did, as the engine answers, and taking it back: the last first,
//! each finding what it left.

use super::super::{Action, Notice, Place, State, is_inbox, list};
use super::{Deed, Done, Kept};
use crate::engine::protocol::{Command, NotDone};
use crate::model::{Gesture, GestureId};
use crate::store::intents::{RolledBack, Why};

/// What can be taken back by key, at most.
const KEPT: usize = 50;

impl State {
    pub(in super::super) fn undo(&mut self) -> Vec<Action> {
        // What was done last may not have been answered yet: it is meant, not what was before.
        if let Some(kept) = self.deeds.asked.iter_mut().rev().find(|kept| !kept.undo) {
            self.deeds.withdrawn += 1;
            kept.undo = true;
            kept.withdrawn = Some(self.deeds.withdrawn);
            return vec![Action::Ask(Command::Withdraw(self.deeds.withdrawn))];
        }
        match self.deeds.done.back_mut() {
            Some((_, kept)) => kept.undo = true,
            None => return Vec::new(),
        }
        self.undo_now()
    }

    /// Takes back what is done by now and was to be taken back, the last first: each finds
    /// what it left.
    fn undo_now(&mut self) -> Vec<Action> {
        let mut actions = Vec::new();
        while !self.deeds.asked.iter().any(|kept| kept.undo)
            && let Some(at) = self.deeds.done.iter().rposition(|(_, kept)| kept.undo)
            && let Some((gesture, mut kept)) = self.deeds.done.remove(at)
        {
            kept.undo = false;
            self.deeds.undoing.push_back((gesture, kept));
            self.notice = None;
            actions.push(Action::Ask(Command::Undo(gesture)));
        }
        actions
    }

    /// The engine has done what was asked.
    pub(in super::super) fn done(&mut self, gesture: Gesture) -> Vec<Action> {
        let asked = &mut self.deeds.asked;
        // What came to nothing was never answered.
        while asked.front().is_some_and(|kept| kept.deed.word() != gesture.kind) {
            asked.pop_front();
        }
        let Some(kept) = asked.pop_front() else { return Vec::new() };
        let deed = kept.deed;
        if gesture.can_undo {
            if self.deeds.done.len() >= KEPT {
                self.deeds.done.pop_front();
            }
            self.deeds.done.push_back((gesture.id, kept));
        }
        let done = Done { deed, count: gesture.changed, can_undo: gesture.can_undo };
        let mut actions = self.say(Notice::Did(done));
        actions.extend(self.undo_now());
        actions
    }

    /// What was not wanted any more is not done.
    pub(in super::super) fn withdrawn(&mut self, number: u64, left: usize) -> Vec<Action> {
        let asked = &mut self.deeds.asked;
        let found = asked.iter().position(|kept| kept.withdrawn == Some(number));
        let kept = found.and_then(|at| asked.remove(at));
        // It was shown as done.
        let mut actions = self.changed();
        actions.extend(self.came_back(kept, left));
        actions.extend(self.undo_now());
        actions
    }

    /// What was broken off when the program ended is done by now.
    pub(in super::super) fn gone_on(&mut self, gesture: &Gesture) -> Vec<Action> {
        let deed = match gesture.kind.ends_with("-folder") || gesture.kind == "subscribe" {
            true => Deed::FolderResumed,
            false => Deed::Resumed,
        };
        if gesture.can_undo {
            let kept = Kept { deed, letter: None, many: 0, undo: false, withdrawn: None };
            self.deeds.done.push_back((gesture.id, kept));
        }
        self.say(Notice::Did(Done { deed, count: gesture.changed, can_undo: gesture.can_undo }))
    }

    /// It was so already: there is nothing to take back of it.
    pub(in super::super) fn unchanged(&mut self) -> Vec<Action> {
        self.deeds.asked.pop_front();
        self.undo_now()
    }

    /// What was asked for was not done, or this was not taken back.
    pub(in super::super) fn not_acted(
        &mut self,
        undo: Option<GestureId>,
        why: NotDone,
    ) -> Vec<Action> {
        match undo {
            None => drop(self.deeds.asked.pop_front()),
            Some(gesture) => {
                let found = self.deeds.undoing.iter().position(|(id, _)| *id == gesture);
                let kept = found.and_then(|at| self.deeds.undoing.remove(at));
                // What cannot be taken back is not offered again; what failed is.
                if let Some(kept) = kept.filter(|_| !matches!(why, NotDone::Act(_))) {
                    self.deeds.done.push_back(kept);
                }
            }
        }
        let mut actions = self.failed(why);
        actions.extend(self.undo_now());
        actions
    }

    /// The engine has taken it back.
    pub(in super::super) fn undone(&mut self, gesture: GestureId, left: usize) -> Vec<Action> {
        let found = self.deeds.undoing.iter().position(|(id, _)| *id == gesture);
        let kept = found.and_then(|at| self.deeds.undoing.remove(at)).map(|(_, kept)| kept);
        self.came_back(kept, left)
    }

    fn came_back(&mut self, kept: Option<Kept>, left: usize) -> Vec<Action> {
        let mut actions = self.say(match left {
            0 => Notice::Undone,
            left => Notice::UndoneInPart(left),
        });
        if let Some((at, row)) = kept.filter(|kept| !kept.deed.keeps_place()).and_then(|k| k.letter)
            && self.is_shown_in_place(&row)
        {
            // The letter that comes back is looked at again.
            let id = row.letter.id;
            self.list.keep_chosen(at, row);
            if self.open.as_ref().and_then(|open| open.id) != Some(id) {
                actions.extend(self.open_letter(id));
            }
        }
        actions
    }

    /// A server would not do what was done here.
    pub(in super::super) fn rolled_back(&mut self, back: RolledBack) -> Vec<Action> {
        // What was undone and then found out about is no news.
        if back.reason == Why::Undone {
            return Vec::new();
        }
        self.say(Notice::Failed(NotDone::TakenBack(back.reason)))
    }

    /// Something was not done.
    pub(in super::super) fn failed(&mut self, why: NotDone) -> Vec<Action> {
        let mut actions = Vec::new();
        // What was shown before it was done is not so.
        if matches!(
            why,
            NotDone::Act(_)
                | NotDone::InPart(..)
                | NotDone::Store(_)
                | NotDone::PutOff(_)
                | NotDone::DeletingStopped(_)
        ) {
            actions = self.changed();
        }
        actions.extend(self.say(Notice::Failed(why)));
        actions
    }

    /// Whether a letter that lay here belongs into what the list shows now.
    fn is_shown_in_place(&self, row: &list::Row) -> bool {
        self.folder_of(&row.letter).is_some_and(|folder| match self.list.place {
            Place::Folder(id) => folder.id == id,
            Place::Inboxes => is_inbox(folder),
            _ => false,
        })
    }
}
