//! A letter is kept, sent off, or put away: nothing that was typed is lost on any of these ways.

use super::people::is_sound;
use super::{Action, Field, Left, Line, Stage, State};
use crate::engine::protocol::{Command, ComposeError, NotDone, When};

impl State {
    /// Hands what has changed to the store.
    pub(super) fn save(&mut self) -> Vec<Action> {
        let Some(draft) = self.draft.filter(|_| self.sent != self.edits) else {
            return Vec::new();
        };
        self.sent = self.edits;
        let written = Box::new(self.written());
        vec![Action::Ask(Command::SaveDraft(draft, self.account, written, self.edits))]
    }

    /// Sends it off: saved, then looked through, then given away.
    pub(super) fn send(&mut self, when: When) -> Vec<Action> {
        let Some(draft) = self.draft else { return Vec::new() };
        let mut actions = self.enter_all();
        self.problem = None;
        let written = self.written();
        let why = match written.recipients().find(|person| !is_sound(person)) {
            Some(wrong) => Some(ComposeError::Address(wrong.addr.clone())),
            None => written.recipients().next().is_none().then_some(ComposeError::NoRecipient),
        };
        if let Some(why) = why {
            self.problem = Some(NotDone::Letter(why));
            actions.push(Action::Focus(Field::People(Line::To)));
            return actions;
        }
        actions.extend(self.save());
        actions.push(Action::Ask(Command::Preflight(draft, self.edits)));
        self.stage = Stage::Looking(when);
        actions
    }

    pub(super) fn give(&mut self, when: When) -> Vec<Action> {
        let Some(draft) = self.draft else { return Vec::new() };
        self.stage = Stage::Giving(when);
        vec![Action::Ask(Command::Give(draft, when, self.looked))]
    }

    pub(super) fn close_preview(&mut self) -> Vec<Action> {
        let preview = self.preview.take();
        preview.map(|preview| Action::Ask(Command::Close(preview.doc))).into_iter().collect()
    }

    /// Menus and sheets first; then the letter is put away.
    pub(super) fn leave(&mut self) -> Vec<Action> {
        if self.menu.take().is_some() {
            return Vec::new();
        }
        if self.suggested.take().is_some_and(|(_, people, _)| !people.is_empty()) {
            return Vec::new();
        }
        match self.stage {
            Stage::Asking(_) => {
                self.stage = Stage::Writing;
                return Vec::new();
            }
            // The engine answers in a moment.
            Stage::Looking(_) | Stage::Giving(_) => return Vec::new(),
            Stage::Coming | Stage::Writing => {}
        }
        self.put_away()
    }

    /// Puts the letter away. One that is on its way to be sent goes on; one that could not
    /// be kept comes back: see [`Left::Awaited`].
    pub fn put_away(&mut self) -> Vec<Action> {
        self.menu = None;
        self.suggested = None;
        self.problem = None;
        self.failed.clear();
        let going = matches!(self.stage, Stage::Looking(_) | Stage::Giving(_));
        if !going {
            // A question nobody answers is no yes.
            if matches!(self.stage, Stage::Asking(_)) {
                self.stage = Stage::Writing;
            }
            self.enter_all();
        }
        let empty = self.is_empty();
        let mut actions = self.save();
        actions.extend(self.close_preview());
        if !going {
            actions.extend(self.draft.map(|draft| Action::Ask(Command::PutAway(draft))));
        }
        let left = match (empty, self.is_awaited()) {
            (true, _) => Left::Empty,
            (false, true) => Left::Awaited,
            (false, false) => Left::PutAway,
        };
        actions.push(Action::Leave(left));
        actions
    }

    /// The letter is before its writer again.
    pub fn come_back(&mut self) -> Vec<Action> {
        // Nobody heard it meanwhile.
        self.timer = false;
        let mut actions = self.save();
        if self.is_writing() {
            actions.push(Action::Focus(Field::Body));
        }
        actions
    }
}
