//! Going to a place by two keys, G and its letter, as many mail programs have it; and the
//! list of all keys.

use super::sheet::panel;
use super::{Message, Place, State};
use crate::gui::screen::pieces::{across, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::model::Role;
use iced::keyboard::{Key, Modifiers};
use iced::widget::{Column, Row, column, container, row, scrollable, space, text};
use iced::{Center, Fill};

/// Where a letter leads after G.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Goal {
    /// What came in.
    Inbox,
    /// Every letter.
    All,
    /// Those with a star.
    Starred,
    /// What was sent.
    Sent,
    /// What is being written.
    Drafts,
    /// What is on its way.
    Outbox,
    /// What is known of what was sent.
    Receipts,
    /// What was put away.
    Archive,
    /// Junk.
    Junk,
    /// What was deleted.
    Trash,
}

/// Each goal with its letter, the same key of a Korean keyboard, and its name.
const GOALS: [(Goal, &str, &str, &str); 10] = [
    (Goal::Inbox, "i", "ㅑ", "folder-inbox"),
    (Goal::Starred, "s", "ㄴ", "place-starred"),
    (Goal::All, "a", "ㅁ", "place-all"),
    (Goal::Drafts, "d", "ㅇ", "folder-drafts"),
    (Goal::Sent, "t", "ㅅ", "folder-sent"),
    (Goal::Outbox, "o", "ㅐ", "folder-outbox"),
    (Goal::Receipts, "r", "ㄱ", "place-receipts"),
    (Goal::Archive, "e", "ㄷ", "folder-archive"),
    (Goal::Junk, "j", "ㅓ", "folder-junk"),
    (Goal::Trash, "x", "ㅌ", "folder-trash"),
];

/// All other keys, by what they are for.
const KEYS: [(&str, &[(&str, &str)]); 4] = [
    (
        "keys-moving",
        &[
            ("J  K  ↓  ↑", "keys-next"),
            ("Shift+J  K  ↓  ↑", "keys-pick"),
            ("Ctrl+A", "keys-pick-all"),
            ("→  ←", "keys-fold"),
            ("Enter", "keys-open"),
            ("Space", "keys-page"),
            ("N  P", "keys-thread"),
            ("Shift+→  ←", "keys-open-all"),
            ("V", "keys-stacked"),
            ("H", "keys-head"),
            ("Esc", "keys-back"),
            ("G …", "keys-go"),
            ("O", "keys-sort"),
            ("F6", "keys-around"),
            ("]  [", "keys-links"),
            ("Shift+F10", "keys-menu"),
            ("Ctrl+Shift+F10", "keys-folder-menu"),
            ("Ctrl+.", "keys-account-menu"),
            (".", "keys-letter-menu"),
            ("/  Ctrl+K", "keys-search"),
            ("Ctrl+Shift+K", "missing-entry"),
            ("Ctrl+F  F3", "keys-find"),
            ("Ctrl +  −  0", "keys-zoom"),
            ("Ctrl+C", "keys-copy"),
            ("D", "keys-ledger"),
            ("W", "keys-people"),
            ("I", "keys-header"),
            ("Ctrl+U", "keys-source"),
            ("Ctrl+[  ]  \\", "keys-panes"),
            ("Ctrl+Shift+[  ]  \\", "keys-side"),
            ("Ctrl+,", "keys-settings"),
            ("Ctrl+S", "keys-save-letter"),
            ("Ctrl+Shift+S", "keys-save-all"),
            ("Ctrl+P", "keys-print"),
            ("?", "keys-this"),
            ("Ctrl+Q", "keys-quit"),
        ],
    ),
    (
        "keys-letter",
        &[
            ("U", "keys-unread"),
            ("S", "keys-star"),
            ("E", "keys-archive"),
            ("#  Del", "keys-delete"),
            ("!", "keys-junk"),
            ("M", "keys-move"),
            ("Shift+M", "keys-copy-to"),
            ("L", "keys-label"),
            ("1 – 5", "keys-label-usual"),
            ("Z", "keys-undo"),
            ("Shift+A", "keys-all-read"),
        ],
    ),
    (
        "keys-answering",
        &[
            ("C", "keys-write"),
            ("R", "keys-answer"),
            ("A", "keys-answer-all"),
            ("F", "keys-forward"),
            ("T", "keys-journey"),
        ],
    ),
    (
        "keys-writing",
        &[
            ("Tab", "keys-tab"),
            ("Ctrl+Enter", "keys-send"),
            ("Ctrl+S", "keys-save"),
            ("Ctrl+Shift+A", "keys-attach"),
            ("Ctrl+Shift+C  B", "keys-copies"),
            ("Ctrl+B  I  K  L", "keys-marks"),
            ("Ctrl+Shift+P", "keys-preview"),
            ("Ctrl+Shift+L", "keys-later"),
            ("Ctrl+Shift+R", "keys-receipt"),
            ("Ctrl+Shift+D", "keys-discard"),
        ],
    ),
];

/// What a key after G says.
pub(super) fn second(key: Option<&Key>, modifiers: Modifiers) -> Message {
    let Some(Key::Character(c)) = key.map(Key::as_ref) else { return Message::Gone(None) };
    let c = c.to_lowercase();
    let goal = GOALS.iter().find(|(_, latin, korean, _)| c == *latin || c == *korean);
    Message::Gone(goal.filter(|_| !modifiers.command()).map(|(goal, ..)| *goal))
}

impl State {
    /// The place of a goal, if there is one.
    pub(super) fn place_of(&self, goal: Goal) -> Option<Place> {
        let role = match goal {
            Goal::All => return Some(Place::All),
            Goal::Starred => return Some(Place::Starred),
            Goal::Outbox => return Some(Place::Outbox),
            Goal::Receipts => return Some(Place::Receipts),
            Goal::Inbox if self.inboxes() > 1 => return Some(Place::Inboxes),
            Goal::Inbox => {
                let inbox = self.folders.iter().find(|folder| super::is_inbox(folder));
                return inbox.map(|folder| Place::Folder(folder.id));
            }
            Goal::Sent => Role::Sent,
            Goal::Drafts => Role::Drafts,
            Goal::Archive => Role::Archive,
            Goal::Junk => Role::Junk,
            Goal::Trash => Role::Trash,
        };
        // That of the account one is at, else the first.
        let here = self.account_at_hand();
        let mut of_role =
            self.folders.iter().filter(|folder| super::sidebar::role(folder) == Some(role));
        let first = of_role.clone().next();
        let own = of_role.find(|folder| here.is_some() && self.account_of(folder) == here);
        own.or(first).map(|folder| Place::Folder(folder.id))
    }

    /// Where one can go, while it is asked.
    pub(super) fn goals_over<'a>(&'a self, look: Look<'a>) -> Option<Element<'a, Message>> {
        if !self.going {
            return None;
        }
        let t = look.tokens;
        let there = GOALS.iter().filter(|(goal, ..)| self.place_of(*goal).is_some());
        let one = |(_, key, _, name): &(Goal, &'static str, &str, &str)| {
            row![cap(&key.to_uppercase(), look), words(look.say(name), size::SECOND, t.ink)]
                .spacing(8)
                .align_y(Center)
        };
        let goals = Row::with_children(there.map(|goal| one(goal).into())).spacing(18);
        let title = words(look.say("keys-go-where"), size::SECOND, t.ink2).font(theme::SEMIBOLD);
        let card = container(column![title, goals.wrap().vertical_spacing(8)].spacing(10))
            .padding([12, 16])
            .max_width(760)
            .style(theme::raised(t, 10.0));
        Some(container(card).align_bottom(Fill).center_x(Fill).padding(44).into())
    }

    /// Every key.
    pub(super) fn keys_sheet<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let t = look.tokens;
        let mut all = Column::new().spacing(18).padding([16, 20]);
        for (title, keys) in KEYS {
            let title = words(look.say(title), size::HINT, t.ink3).font(theme::SEMIBOLD);
            let lines = keys.iter().map(|(key, name)| {
                row![
                    container(cap(key, look)).width(150),
                    words(look.say(name), size::SECOND, t.ink).width(Fill),
                ]
                .align_y(Center)
                .into()
            });
            all = all.push(column![title, Column::with_children(lines).spacing(8)].spacing(10));
        }
        let goals = GOALS.iter().map(|(_, key, _, name)| {
            let pair = format!("G  {}", key.to_uppercase());
            row![
                container(cap(&pair, look)).width(150),
                words(look.say(name), size::SECOND, t.ink).width(Fill),
            ]
            .align_y(Center)
            .into()
        });
        let title = words(look.say("keys-go"), size::HINT, t.ink3).font(theme::SEMIBOLD);
        all = all.push(column![title, Column::with_children(goals).spacing(8)].spacing(10));
        let body = column![scrollable(all).height(Fill).width(Fill).style(theme::scroll(t))];
        let body = column![body, across(t), space().height(0)];
        panel(look.say("keys-title"), look.say("keys-hint"), body, 420.0, look)
    }
}

/// A key as it is printed on a keyboard.
fn cap<'a>(key: &str, look: Look<'a>) -> Element<'a, Message> {
    let t = look.tokens;
    container(text(key.to_owned()).size(size::HINT).font(theme::SEMIBOLD).color(t.ink2))
        .padding([2, 7])
        .style(theme::card(t.side, t.line, 5.0))
        .into()
}
