//! What a start of the program wants shown: this one's, and those that come later and hand
//! over what they were given.

use super::{App, Mail, Message};
use crate::engine::protocol::Start;
use crate::handover::{Asked, Wish};
use iced::futures::stream;
use iced::{Task, window};
use tokio::sync::mpsc;

/// Wishes that may wait for the window; more are given back.
pub const WAITING: usize = 32;

/// Wishes, as they come.
pub(super) fn stream(receiver: mpsc::Receiver<Asked>) -> Task<Message> {
    Task::stream(stream::unfold(receiver, |mut receiver| async move {
        let asked = receiver.recv().await?;
        Some((Message::Asked(asked), receiver))
    }))
}

impl App {
    /// A later start of the program wants something.
    pub(super) fn asked(&mut self, asked: &Asked) -> Task<Message> {
        // Left untaken: whoever asks has a window of their own when this one is gone.
        if self.screen.is_closing() {
            return Task::none();
        }
        // It has gone back, and is shown by whoever had it.
        let Some(wish) = asked.take() else { return Task::none() };
        Task::batch([self.raise(), self.fulfil(wish)])
    }

    /// Shows what is wanted.
    pub(super) fn fulfil(&mut self, wish: Wish) -> Task<Message> {
        let message = match wish {
            Wish::Raise => return Task::none(),
            Wish::Letter(path) => Mail::FileWanted(path),
            Wish::Write(link) => Mail::WriteWanted(Start::Mailto(link, None)),
        };
        // What was typed into the form is there again when the form is. One that waits for a
        // server stays in front.
        if let Some(mut form) = self.account.take_if(|form| !form.is_trying()) {
            form.set_aside();
            self.account_aside = Some(form);
        }
        let actions = self.screen.update(message);
        self.act(actions)
    }

    /// Brings the window to the front. Where the desktop does not let programs do that
    /// (Wayland, and some window managers), it is asked to show that there is something.
    fn raise(&self) -> Task<Message> {
        let unseen = !self.focused;
        window::oldest().and_then(move |id| {
            let attention = match unseen {
                true => {
                    window::request_user_attention(id, Some(window::UserAttention::Informational))
                }
                false => Task::none(),
            };
            Task::batch([window::minimize(id, false), window::gain_focus(id), attention])
        })
    }

    /// The window has the keyboard, or no longer.
    pub(super) fn focus(&mut self, id: window::Id, focused: bool) -> Task<Message> {
        self.focused = focused;
        match focused {
            true => window::request_user_attention(id, None),
            false => Task::none(),
        }
    }
}
