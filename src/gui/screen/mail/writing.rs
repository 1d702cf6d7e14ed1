//! A letter being written stands in the place of list and letter; what comes of it is said
//! here.

use super::{Action, Due, Notice, Place, Read, State};
use crate::engine::protocol::{Command, Event, Phrases, Start, To};
use crate::gui::screen::compose::{self, Left, TAKE_BACK};
use crate::i18n::Words;
use crate::model::{AccountId, DraftId, LetterId, OutboxId, Role};
use std::time::Duration;

/// A second.
const TICK: Duration = Duration::from_secs(1);

impl State {
    /// A letter is to be written.
    pub(super) fn write(&mut self, start: Start) -> Vec<Action> {
        let mut actions = self.stop_writing();
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
                    self.writing = None;
                    out.extend(self.left(left));
                }
            }
        }
        out
    }

    fn left(&mut self, left: Left) -> Vec<Action> {
        match left {
            Left::Empty => Vec::new(),
            Left::PutAway => self.say(Notice::PutAway),
            Left::Discarded => self.say(Notice::Discarded),
            Left::NotBegun(why) => self.say(Notice::Failed(why)),
            Left::Given(letter, at) => {
                self.gave(letter);
                if let Some(at) = at {
                    return self.say(Notice::Scheduled(letter, at));
                }
                let mut actions = self.say(Notice::Sending(letter, TAKE_BACK));
                actions.push(Action::Later(Due::Countdown(letter), TICK));
                actions
            }
        }
    }

    /// A second has passed since a letter was sent.
    pub(super) fn countdown(&mut self, letter: OutboxId) -> Vec<Action> {
        match &mut self.notice {
            Some(Notice::Sending(of, left)) if *of == letter => {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    self.notice = None;
                    return Vec::new();
                }
                vec![Action::Later(Due::Countdown(letter), TICK)]
            }
            _ => Vec::new(),
        }
    }

    /// The letter that was sent last is wanted back.
    pub(super) fn take_back(&mut self, letter: OutboxId) -> Vec<Action> {
        self.notice = None;
        vec![Action::Ask(Command::TakeBack(letter))]
    }

    /// The engine says something of letters being written or sent.
    pub(super) fn of_writing(&mut self, event: Event) -> Vec<Action> {
        match event {
            Event::TakenBack(_, Ok(draft)) => self.write(Start::Draft(draft)),
            Event::TakenBack(_, Err(why)) => self.say(Notice::Failed(why)),
            Event::Writing(id, begun) if self.writing.as_ref().is_none_or(|w| w.id != id) => {
                // It was left before it came.
                let left = begun.ok().map(|writing| writing.row.id);
                left.map(|draft: DraftId| Action::Ask(Command::PutAway(draft)))
                    .into_iter()
                    .collect()
            }
            event => self.compose(compose::Message::Engine(event)),
        }
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
