//! The window is to be closed: what is being written is kept first, what is just being sent
//! goes first, and that is said. Asked for a second time it goes at once; the engine finishes
//! what it is at all the same.

use super::sheet::dialogue_of;
use super::view::{link_button, words};
use super::{Action, Due, Message, State};
use crate::engine::protocol::Command;
use crate::gui::theme::{Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::model::{Delivered, OutLetter};
use iced::widget::{column, row, space};
use iced::{Center, Fill};
use std::time::Duration;

/// The window waits so long: a little longer than the engine does.
const LONGEST: Duration = Duration::from_secs(30);
/// What takes longer than this is said.
const AT_ONCE: Duration = Duration::from_millis(300);
/// Letters that are due within so many seconds go first: see the engine.
const SOON: i64 = 12;

/// How far closing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Closing {
    /// The engine was asked to end.
    asked: bool,
    /// It takes long enough to be said.
    said: bool,
}

impl State {
    /// The window is to be closed.
    pub(super) fn close_window(&mut self) -> Vec<Action> {
        if self.closing.is_some() || self.ended {
            return vec![Action::Exit];
        }
        let mut actions = self.stop_writing();
        // One that needs its writer stays.
        if self.writing.is_some() {
            return actions;
        }
        actions.extend(self.throw_away(None));
        self.menu = None;
        self.closing = Some(Closing { asked: false, said: false });
        actions.push(Action::Later(Due::Closing, AT_ONCE));
        actions.push(Action::Later(Due::Closed, LONGEST));
        actions.extend(self.close_on());
        actions
    }

    /// Goes on with it, once nothing that was written is waited for.
    pub(super) fn close_on(&mut self) -> Vec<Action> {
        let awaits = self.awaits_departed();
        match &mut self.closing {
            Some(closing) if !closing.asked && !awaits => {
                closing.asked = true;
                vec![Action::Ask(Command::Quit)]
            }
            _ => Vec::new(),
        }
    }

    /// Whether it is being closed.
    pub fn is_closing(&self) -> bool {
        self.closing.is_some()
    }

    /// It takes a while.
    pub(super) fn say_closing(&mut self) {
        if let Some(closing) = &mut self.closing {
            closing.said = true;
        }
    }

    pub(super) fn closing_over<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        let t = look.tokens;
        self.closing.filter(|closing| closing.said)?;
        let soon = look.clock.now.as_second() + SOON;
        let goes = |letter: &OutLetter| match letter.state {
            Delivered::Sending => true,
            Delivered::Queued => letter.not_before <= soon,
            _ => false,
        };
        let said = match self.outbox.letters.iter().any(goes) || self.sending.is_some() {
            true => look.say("closing-sending"),
            false => look.say("closing-saving"),
        };
        let said = row![icon(Icon::Sent, t.accent), words(said, size::BODY, t.ink).width(Fill)]
            .spacing(10)
            .align_y(Center);
        let now = link_button(look.say("closing-now"), Message::CloseWanted, look);
        let body = column![said, row![space().width(Fill), now]].spacing(12);
        // A click beside it means nothing.
        Some(dialogue_of(body, 440.0, Message::MenuClosed, look))
    }
}
