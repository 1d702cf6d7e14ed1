//! The window is to be closed: what is being written is kept first, what is just being sent
//! goes first, and that is said.
//!
//! Promise: nothing that was sent stays behind without a word. While a letter is still looked
//! through before it is given away, the window stays; where letters that were to go first have
//! not gone in the end, that is said, and it closes on the user's word.

use super::preferences;
use super::sheet::dialogue_of;
use super::{Action, Ask, Due, Message, Read, State};
use crate::engine::protocol::Command;
use crate::gui::screen::pieces::{link_button, words};
use crate::gui::theme::{Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::model::{Delivered, OutLetter, OutboxId};
use iced::widget::{column, row, space};
use iced::{Center, Fill};
use jiff::Timestamp;
use std::time::Duration;

/// The window waits so long: a little longer than the engine does.
const LONGEST: Duration = Duration::from_secs(30);
/// What takes longer than this is said.
const AT_ONCE: Duration = Duration::from_millis(300);
/// Letters that are due within so many seconds go first: see the engine.
const SOON: i64 = 12;

/// How far closing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closing {
    /// Which it is: what was to come of one that was given up means nothing for the next.
    number: u64,
    /// Which of its limits counts.
    limit: u64,
    stage: Stage,
    /// It takes long enough to be said.
    said: bool,
    /// Letters that were to go first.
    first: Vec<OutboxId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Letters that were left are still to be heard of.
    Hearing,
    /// They were not heard of in time.
    Unheard,
    /// The engine was asked to end.
    Asked,
    /// It has ended, or took too long: what came of the letters that were to go is read.
    Reading,
    /// So many will be tried again; so many need the user.
    Unsent(usize, usize),
}

/// Whether it goes before the window does, by the clock of now.
fn goes_first(letter: &OutLetter, now: i64) -> bool {
    match letter.state {
        Delivered::Sending => true,
        Delivered::Queued => letter.not_before <= now + SOON,
        _ => false,
    }
}

impl State {
    /// The window is to be closed.
    pub(super) fn close_window(&mut self) -> Vec<Action> {
        if self.closing.is_some() {
            return self.close_now();
        }
        if self.ended {
            return vec![Action::Exit];
        }
        if let Some(account) = self.unsaved_account() {
            let mut actions = self.show_unsaved(account);
            actions.extend(self.ask(Ask::CloseUnsaved(Some(account))));
            return actions;
        }
        if self.is_way_unsaved() {
            let section = preferences::Section::Privacy;
            let mut actions = self.prefer(preferences::Message::Opened(section));
            actions.extend(self.ask(Ask::CloseUnsaved(None)));
            return actions;
        }
        let mut actions = self.stop_writing();
        // One that needs its writer stays.
        if self.writing.is_some() {
            return actions;
        }
        actions.extend(self.throw_away(None));
        self.menu = None;
        self.closings += 1;
        let number = self.closings;
        let now = Timestamp::now().as_second();
        let letters = self.outbox.letters.iter().filter(|letter| goes_first(letter, now));
        let mut first: Vec<OutboxId> = letters.map(|letter| letter.id).collect();
        first.extend(self.sending.map(|(letter, _)| letter));
        let stage = Stage::Hearing;
        self.closing = Some(Closing { number, limit: number, stage, said: false, first });
        actions.push(Action::Later(Due::Closing(number), AT_ONCE));
        actions.push(Action::Later(Due::Closed(number), LONGEST));
        actions.extend(self.close_on());
        actions
    }

    /// It is asked for once more.
    fn close_now(&mut self) -> Vec<Action> {
        let going = self.departed.iter().any(|left| left.is_going());
        let Some(closing) = &mut self.closing else { return Vec::new() };
        match closing.stage {
            // Not by a second click, which nothing was said before.
            _ if !closing.said => Vec::new(),
            // It would stay a draft, though it was sent.
            Stage::Hearing if going => Vec::new(),
            _ => vec![Action::Exit],
        }
    }

    /// Goes on with it, once nothing that was written is waited for.
    pub(super) fn close_on(&mut self) -> Vec<Action> {
        let awaits = self.awaits_departed();
        match &mut self.closing {
            Some(closing)
                if matches!(closing.stage, Stage::Hearing | Stage::Unheard) && !awaits =>
            {
                closing.stage = Stage::Asked;
                let mut actions = Vec::new();
                // From here on the engine has its time.
                if !closing.first.is_empty() {
                    self.closings += 1;
                    closing.limit = self.closings;
                    actions.push(Action::Later(Due::Closed(closing.limit), LONGEST));
                }
                actions.push(Action::Ask(Command::Quit));
                actions
            }
            _ => Vec::new(),
        }
    }

    /// Whether it is being closed.
    pub fn is_closing(&self) -> bool {
        self.closing.is_some()
    }

    /// A letter was given away meanwhile: it goes first, too.
    pub(super) fn goes_before_closing(&mut self, letter: OutboxId) {
        if let Some(closing) = &mut self.closing {
            closing.first.push(letter);
        }
    }

    /// It takes a while.
    pub(super) fn say_closing(&mut self, number: u64) {
        if let Some(closing) = self.closing.as_mut().filter(|closing| closing.number == number) {
            closing.said = true;
        }
    }

    /// It has taken as long as it may.
    pub(super) fn close_late(&mut self, limit: u64) -> Vec<Action> {
        match self.closing.as_ref().is_some_and(|closing| closing.limit == limit) {
            true => self.closing_ends(),
            false => Vec::new(),
        }
    }

    /// The engine has ended while the window closes, or has had its time: what came of the
    /// letters that were to go first?
    pub(super) fn closing_ends(&mut self) -> Vec<Action> {
        let awaits = self.awaits_departed();
        let Some(closing) = &mut self.closing else { return Vec::new() };
        // Nobody will answer for these any more.
        if awaits {
            closing.stage = Stage::Unheard;
            closing.said = true;
            return Vec::new();
        }
        if closing.first.is_empty() {
            return vec![Action::Exit];
        }
        closing.stage = Stage::Reading;
        vec![Action::Read(Read::Outbox(Vec::new()))]
    }

    /// The outbox was read, or could not be.
    pub(super) fn closing_read(&mut self) -> Vec<Action> {
        let Some(closing) = &mut self.closing else { return Vec::new() };
        if !matches!(closing.stage, Stage::Reading | Stage::Unsent(..)) {
            return Vec::new();
        }
        let (mut again, mut needs) = (0, 0);
        for letter in self.outbox.letters.iter().filter(|of| closing.first.contains(&of.id)) {
            match letter.state {
                Delivered::Queued | Delivered::Retry => again += 1,
                Delivered::Sending | Delivered::Failed | Delivered::Unknown => needs += 1,
                Delivered::Sent => {}
            }
        }
        if again + needs == 0 {
            return vec![Action::Exit];
        }
        closing.stage = Stage::Unsent(again, needs);
        closing.said = true;
        // Nobody is there who could take one back.
        self.sending = None;
        Vec::new()
    }

    pub(super) fn closing_over<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        let closing = self.closing.as_ref().filter(|closing| closing.said)?;
        let going = self.departed.iter().filter(|left| left.is_going()).count();
        let now = look.clock.now.as_second();
        let sends = going > 0
            || self.sending.is_some()
            || self.outbox.letters.iter().any(|letter| goes_first(letter, now));
        let counted = |name: &str, count: usize| {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            look.words.say_with(name, &[("count", count.into())])
        };
        let (told, button) = match closing.stage {
            Stage::Unsent(again, needs) => {
                let told = [("closing-unsent", again), ("closing-needs", needs)];
                let told = told.into_iter().filter(|(_, count)| *count > 0);
                (told.map(|(name, count)| counted(name, count)).collect(), "closing-anyway")
            }
            Stage::Unheard if going > 0 => {
                (vec![counted("closing-not-given", going)], "closing-anyway")
            }
            Stage::Unheard => (vec![look.say("closing-not-kept")], "closing-anyway"),
            _ if sends => (vec![look.say("closing-sending")], "closing-now"),
            _ => (vec![look.say("closing-saving")], "closing-now"),
        };
        let mark = match closing.stage {
            Stage::Unsent(..) | Stage::Unheard => icon(Icon::Warn, t.warn),
            _ => icon(Icon::Sent, t.accent),
        };
        let said = told.into_iter().map(|said| words(said, size::BODY, t.ink).width(Fill).into());
        let said = iced::widget::Column::with_children(said).spacing(6);
        let said = row![mark, said].spacing(10).align_y(Center);
        // What is not possible now is not offered.
        let can = !(closing.stage == Stage::Hearing && going > 0);
        let now = can.then(|| link_button(look.say(button), Message::CloseWanted, look));
        let body = column![said, row![space().width(Fill)].push(now)].spacing(12);
        // A click beside it means nothing.
        Some(dialogue_of(body, 440.0, Message::MenuClosed, look))
    }
}
