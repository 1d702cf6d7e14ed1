//! A letter being written stands in the place of list and letter; what comes of it is said
//! here.
//!
//! Promise: a letter that was left is heard of to its end. That it lies among the drafts is
//! said when it does; one that could not be kept, or about which something is asked before
//! it goes, comes back to its writer; one that is thrown away can be wanted back.

use super::{Action, Due, Notice, Place, Read, State};
use crate::engine::protocol::{Command, Event, NotDone, Phrases, Start, To, WriteId, Writing};
use crate::gui::screen::compose::{self, Left, TAKE_BACK};
use crate::i18n::Words;
use crate::model::{AccountId, Identity, LetterId, OutboxId, Role};
use std::time::Duration;

/// A second.
const TICK: Duration = Duration::from_secs(1);
/// A letter that was thrown away can be wanted back so long.
const THROWN: Duration = Duration::from_secs(10);

impl State {
    /// A letter is to be written.
    pub(super) fn write(&mut self, start: Start) -> Vec<Action> {
        // Nothing is begun in a window that goes.
        if self.is_closing() {
            return Vec::new();
        }
        let mut actions = self.make_room();
        if let Start::Draft(draft) = start
            && let Some(at) = self.departed.iter().position(|left| left.draft == Some(draft))
        {
            let left = self.departed.remove(at);
            actions.extend(self.come_back(left));
            return actions;
        }
        self.menu = None;
        self.sheet = None;
        self.places_shown = false;
        self.next_write = self.next_write.wrapping_add(1);
        let words = Words::new(self.language);
        let notice = words.say("letter-notice");
        // Numbers of its previews are far from those of letters.
        let doc = u32::MAX / 2 + self.next_write.wrapping_mul(1000) % (u32::MAX / 4);
        let how = self.how();
        self.writing = Some(Box::new(compose::State::new(self.next_write, notice, how, doc)));
        actions.push(Action::Ask(Command::Write(
            self.next_write,
            start,
            Box::new(phrases(&words)),
        )));
        actions
    }

    /// The letter that is being written is put away.
    pub(super) fn stop_writing(&mut self) -> Vec<Action> {
        let Some(writing) = &mut self.writing else { return Vec::new() };
        let actions = writing.put_away();
        self.composed(actions)
    }

    /// The letter that is being written is put away for another. One that had waited for its
    /// writer may come in its place: it goes on waiting, and that is said.
    fn make_room(&mut self) -> Vec<Action> {
        let mut actions = self.stop_writing();
        if let Some(came) = self.writing.take() {
            let notice = waiting_said(&came);
            self.departed.push(*came);
            actions.extend(self.say(notice));
        }
        actions
    }

    /// An answer to the letter at hand, or that letter handed on.
    pub(super) fn answer(&mut self, start: impl FnOnce(LetterId) -> Start) -> Vec<Action> {
        match self.at_hand().map(|row| row.id) {
            Some(letter) => self.write(start(letter)),
            None => Vec::new(),
        }
    }

    /// The account of what is looked at: one writes from there.
    pub(super) fn account_at_hand(&self) -> Option<AccountId> {
        let Place::Folder(id) = self.list.place else { return None };
        let folder = self.folders.iter().find(|folder| folder.id == id)?;
        self.account_of(folder)
    }

    /// Whether the letter at hand lies among drafts.
    pub(super) fn is_draft(&self) -> bool {
        self.role_at_hand() == Some(Role::Drafts)
    }

    /// Whether the letter at hand lies where one's own letters do.
    pub(super) fn is_own(&self) -> bool {
        matches!(self.role_at_hand(), Some(Role::Drafts | Role::Sent))
    }

    /// Something happens to the letter being written.
    pub(super) fn compose(&mut self, message: compose::Message) -> Vec<Action> {
        let Some(writing) = &mut self.writing else { return Vec::new() };
        let actions = writing.update(message);
        self.composed(actions)
    }

    /// Accounts were read: who one can write as.
    pub(super) fn writers_known(&mut self, writers: Vec<(AccountId, Identity)>) -> Vec<Action> {
        let Some(writing) = &mut self.writing else { return Vec::new() };
        let actions = writing.writers_known(writers);
        self.composed(actions)
    }

    fn composed(&mut self, actions: Vec<compose::Action>) -> Vec<Action> {
        let mut out = Vec::new();
        for action in actions {
            match action {
                compose::Action::Ask(command) => out.push(Action::Ask(command)),
                compose::Action::Suggest(typed) => out.push(Action::Read(Read::Addresses(typed))),
                compose::Action::Later(due, after) => {
                    out.push(Action::Later(Due::Compose(due), after));
                }
                compose::Action::Focus(field) => out.push(Action::Cursor(field)),
                compose::Action::Leave(left) => {
                    let Some(writing) = self.writing.take() else { continue };
                    out.extend(self.left(left, *writing));
                }
            }
        }
        out
    }

    fn left(&mut self, left: Left, writing: compose::State) -> Vec<Action> {
        let mut actions = match left {
            Left::Empty => Vec::new(),
            Left::PutAway => self.say(Notice::PutAway),
            Left::Awaited => {
                self.departed.push(writing);
                Vec::new()
            }
            Left::Discarded => {
                let id = writing.id;
                self.thrown.push(writing);
                let mut actions = self.say(Notice::Discarded(id));
                actions.push(Action::Later(Due::Discard(id), THROWN));
                actions
            }
            Left::NotBegun(why) => self.say(Notice::Failed(why)),
            Left::Given(letter, at) => self.given(letter, at),
        };
        // One that waits for its writer has its turn.
        if self.writing.is_none()
            && let Some(at) = self.departed.iter().position(|left| left.needs_writer())
        {
            let left = self.departed.remove(at);
            actions.extend(self.come_back(left));
        }
        actions
    }

    /// A letter is in the outbox.
    fn given(&mut self, letter: OutboxId, at: Option<i64>) -> Vec<Action> {
        self.gave(letter);
        if let Some(at) = at {
            return self.say(Notice::Scheduled(letter, at));
        }
        self.goes_before_closing(letter);
        self.sending = Some((letter, TAKE_BACK));
        vec![Action::Later(Due::Countdown(letter), TICK)]
    }

    /// A letter that was left is before its writer again.
    fn come_back(&mut self, mut writing: compose::State) -> Vec<Action> {
        let actions = writing.come_back();
        self.closing = None;
        self.menu = None;
        self.sheet = None;
        self.writing = Some(Box::new(writing));
        self.composed(actions)
    }

    /// A letter that was left is wanted back.
    pub(super) fn want_back(&mut self, id: WriteId) -> Vec<Action> {
        self.notice = None;
        let of = |list: &mut Vec<compose::State>| {
            let at = list.iter().position(|left| left.id == id)?;
            Some(list.remove(at))
        };
        let Some(left) = of(&mut self.thrown).or_else(|| of(&mut self.departed)) else {
            return Vec::new();
        };
        let mut actions = self.make_room();
        actions.extend(self.come_back(left));
        actions
    }

    /// Letters are thrown away for good: this one, or all that were.
    pub(super) fn throw_away(&mut self, only: Option<WriteId>) -> Vec<Action> {
        let gone = |left: &mut compose::State| only.is_none_or(|id| left.id == id);
        let drafts = self.thrown.extract_if(.., gone).filter_map(|left| left.draft);
        drafts.map(|draft| Action::Ask(Command::Discard(draft))).collect()
    }

    /// The engine says something of a letter that was left.
    fn of_departed(&mut self, at: usize, event: Event) -> Vec<Action> {
        let mut left = self.departed.remove(at);
        let mut out = Vec::new();
        let mut given = None;
        for action in left.update(compose::Message::Engine(event)) {
            match action {
                compose::Action::Ask(command) => out.push(Action::Ask(command)),
                compose::Action::Leave(Left::Given(letter, at)) => given = Some((letter, at)),
                // Nobody looks at it.
                _ => {}
            }
        }
        if let Some((letter, at)) = given {
            out.extend(self.given(letter, at));
        } else if left.needs_writer() {
            let notice = waiting_said(&left);
            if self.writing.is_none() {
                out.extend(self.come_back(left));
                return out;
            }
            self.departed.push(left);
            self.closing = None;
            out.extend(self.say(notice));
        } else if left.is_awaited() {
            self.departed.push(left);
        } else {
            out.extend(self.say(Notice::PutAway));
        }
        out.extend(self.close_on());
        out
    }

    /// Whether letters that were left are still to be heard of.
    pub(super) fn awaits_departed(&self) -> bool {
        !self.departed.is_empty()
    }

    /// A second has passed since a letter was sent.
    pub(super) fn countdown(&mut self, letter: OutboxId) -> Vec<Action> {
        match &mut self.sending {
            Some((of, left)) if *of == letter => {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    self.sending = None;
                    return Vec::new();
                }
                vec![Action::Later(Due::Countdown(letter), TICK)]
            }
            _ => Vec::new(),
        }
    }

    /// The letter that was sent last is wanted back.
    pub(super) fn take_back(&mut self, letter: OutboxId) -> Vec<Action> {
        self.sending = None;
        if matches!(self.notice, Some(Notice::Scheduled(..))) {
            self.notice = None;
        }
        vec![Action::Ask(Command::TakeBack(letter))]
    }

    /// The engine says something of letters being written or sent.
    pub(super) fn of_writing(&mut self, event: Event) -> Vec<Action> {
        let draft = match &event {
            // It is a draft again, and the window goes.
            Event::TakenBack(_, Ok(_)) if self.is_closing() => return Vec::new(),
            Event::TakenBack(_, Ok(draft)) => return self.write(Start::Draft(*draft)),
            Event::TakenBack(_, Err(why)) => return self.say(Notice::Failed(why.clone())),
            Event::Writing(id, begun) => return self.begun(*id, begun.clone()),
            Event::DraftSaved(draft, _)
            | Event::DraftNotSaved(draft, _)
            | Event::Files(draft, ..)
            | Event::Preflight(draft, ..)
            | Event::NotLookedThrough(draft, _)
            | Event::Given(draft, _) => *draft,
            _ => return Vec::new(),
        };
        let of = |left: &compose::State| left.draft == Some(draft);
        if self.writing.as_deref().is_some_and(of) {
            return self.compose(compose::Message::Engine(event));
        }
        if let Some(at) = self.departed.iter().position(of) {
            return self.of_departed(at, event);
        }
        if let Some(thrown) = self.thrown.iter_mut().find(|left| of(left)) {
            thrown.update(compose::Message::Engine(event));
        }
        Vec::new()
    }

    /// A letter to be written is here, or not.
    fn begun(&mut self, id: WriteId, begun: Result<Box<Writing>, NotDone>) -> Vec<Action> {
        let draft = begun.as_ref().ok().map(|writing| writing.row.id);
        if self.writing.as_ref().is_none_or(|writing| writing.id != id) {
            // It was left before it came.
            let left = draft.map(|draft| Action::Ask(Command::PutAway(draft)));
            return left.into_iter().collect();
        }
        // What is newer than what the store has of it, or was to be thrown away: that is it.
        let of = |left: &compose::State| draft.is_some() && left.draft == draft;
        if let Some(at) = self.departed.iter().position(of) {
            self.writing = None;
            let left = self.departed.remove(at);
            return self.come_back(left);
        }
        self.thrown.retain(|left| !of(left));
        self.compose(compose::Message::Engine(Event::Writing(id, begun)))
    }
}

/// That a letter waits for its writer, and why.
fn waiting_said(left: &compose::State) -> Notice {
    match left.problem.clone() {
        Some(why) => Notice::NotKept(left.id, why),
        None => Notice::Unanswered(left.id),
    }
}

/// Words of the writer's language that stand in letters.
fn phrases(words: &Words) -> Phrases {
    Phrases {
        wrote: words
            .say_with("letter-wrote", &[("name", "{name}".into()), ("date", "{date}".into())]),
        forwarded: words.say("letter-forwarded"),
        labels: [
            words.say("letter-from"),
            words.say("letter-date"),
            words.say("letter-subject"),
            words.say("letter-to"),
            words.say("letter-cc"),
        ],
        notice: words.say("letter-notice"),
    }
}

/// How one answers.
pub(super) fn to_sender(letter: LetterId) -> Start {
    Start::Answer(letter, To::Author)
}

/// How one answers everybody.
pub(super) fn to_all(letter: LetterId) -> Start {
    Start::Answer(letter, To::Everybody)
}
