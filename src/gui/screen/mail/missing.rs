//! A letter one waits for and does not see: looked for where it may lie instead, among junk,
//! in the trash, in every other folder of every account. Then it is said what else there is
//! to do.

use super::list::Row;
use super::not_done::obstacle_said;
use super::sheet::panel;
use super::sync::Phase;
use super::{Action, Due, Field, Message as Mail, Read, Sheet, State};
use crate::engine::protocol::Command;
use crate::gui::screen::pieces::{across, sender_said, small, subject_said, tag, tight, words};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::i18n::grouped;
use crate::model::{AccountKind, LetterId, Role};
use crate::store::{LetterRow, StoreError};
use iced::widget::{Column, button, column, container, row, scrollable, space, text_input};
use iced::{Center, Fill};
use std::time::Duration;

/// Letters that are found at most.
pub const FOUND: usize = 200;
/// Letters of a group that are shown.
const SHOWN: usize = 20;
/// How long it waits for the next letter to be typed.
const TYPING: Duration = Duration::from_millis(140);
/// Height of a found letter in logical pixels.
const LINE: f32 = 52.0;

/// What happens while one looks for it.
#[derive(Debug, Clone)]
pub enum Message {
    /// A letter is to be looked for.
    Wanted,
    /// Typed: who it is from, or what it is about.
    Typed(String),
    /// Look at once.
    Entered,
    /// What was found, by the how many-th question.
    Found(u64, Result<Vec<LetterRow>, StoreError>),
    /// This is the one.
    Chosen(LetterId),
    /// Ask all servers for new mail now.
    AskServers,
}

/// The search for it.
#[derive(Debug, Clone, Default)]
pub struct Missing {
    /// What is typed.
    pub text: String,
    /// Counts what was typed.
    typed: u64,
    /// The last that was asked.
    asked: String,
    /// What was found, if it was asked.
    found: Option<Result<Vec<LetterRow>, StoreError>>,
    /// The servers were asked for new mail.
    looked: bool,
}

/// Where a letter may lie, in the order in which it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Junk,
    Trash,
    Elsewhere,
    Inbox,
}

impl Where {
    const ALL: [(Self, &'static str, Icon); 4] = [
        (Self::Junk, "missing-junk", Icon::Junk),
        (Self::Trash, "missing-trash", Icon::Trash),
        (Self::Elsewhere, "missing-elsewhere", Icon::Folder),
        (Self::Inbox, "missing-inbox", Icon::Inbox),
    ];
}

impl State {
    /// Something happens while one looks for a letter.
    pub(super) fn look_for(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Wanted => {
                // What was searched for is what is missing.
                let text = self.search.text.trim().to_owned();
                self.help.open = false;
                self.menu = None;
                self.missing = Missing { typed: self.missing.typed + 1, ..Missing::default() };
                self.sheet = Some(Sheet::Missing);
                let mut actions = vec![Action::Focus(Field::Missing)];
                if !text.is_empty() && !text.contains(':') {
                    self.missing.text = text;
                    actions.extend(self.look_now());
                }
                actions
            }
            Message::Typed(text) => {
                self.missing.text = text.chars().filter(|c| !c.is_control()).take(200).collect();
                self.missing.typed += 1;
                vec![Action::Later(Due::Missing(self.missing.typed), TYPING)]
            }
            Message::Entered => self.look_now(),
            Message::Found(typed, found) => {
                if typed == self.missing.typed {
                    self.missing.found = Some(found);
                } else {
                    // Nothing is known of what is asked now, be it the same words again.
                    self.missing.asked.clear();
                }
                Vec::new()
            }
            Message::Chosen(id) => {
                let Some(Ok(found)) = &self.missing.found else { return Vec::new() };
                let Some(letter) = found.iter().find(|row| row.id == id).cloned() else {
                    return Vec::new();
                };
                self.sheet = None;
                let mut actions = self.show_letters();
                let at = self.list.selected.map_or(0, |(at, _)| at);
                self.list.keep_chosen(at, Row::of(letter));
                actions.extend(self.open_letter(id));
                actions
            }
            Message::AskServers => {
                self.missing.looked = true;
                vec![Action::Ask(Command::SyncNow(None))]
            }
        }
    }

    /// The question was left alone long enough.
    pub(super) fn missing_due(&mut self, typed: u64) -> Vec<Action> {
        match typed == self.missing.typed {
            true => self.look_now(),
            false => Vec::new(),
        }
    }

    /// The same once mail has come or gone.
    pub(super) fn missing_again(&mut self) -> Vec<Action> {
        if self.sheet != Some(Sheet::Missing) {
            return Vec::new();
        }
        self.missing.asked.clear();
        self.look_now()
    }

    fn look_now(&mut self) -> Vec<Action> {
        let text = self.missing.text.trim().to_owned();
        if text == self.missing.asked {
            return Vec::new();
        }
        self.missing.asked.clone_from(&text);
        if text.is_empty() {
            self.missing.found = None;
            return Vec::new();
        }
        let question = super::place::question(&text);
        vec![Action::Read(Read::Missing(self.missing.typed, question))]
    }

    fn lies(&self, letter: &LetterRow) -> Option<Where> {
        let folder = self.folder_of(letter);
        Some(match folder.and_then(super::sidebar::role) {
            Some(Role::Junk) => Where::Junk,
            Some(Role::Trash) => Where::Trash,
            // What one wrote oneself is not waited for.
            Some(Role::Sent | Role::Drafts) => return None,
            _ if folder.is_some_and(super::is_inbox) => Where::Inbox,
            _ => Where::Elsewhere,
        })
    }

    pub(super) fn missing_sheet<'a>(&'a self, look: Look<'a>) -> Element<'a, Mail> {
        let t = look.tokens;
        let missing = &self.missing;
        let field = text_input(&look.say("missing-field"), &missing.text)
            .id(Field::Missing.id())
            .on_input(|text| Mail::Missing(Message::Typed(text)))
            .on_submit(Mail::Missing(Message::Entered))
            .size(size::BODY)
            .padding([8, 10])
            .style(theme::framed_field(t));
        let mut body: Column<'a, Mail> = Column::new().spacing(16).padding([0, 20]);
        match &missing.found {
            None => {}
            Some(Err(error)) => {
                let said = match error {
                    StoreError::Query(_) => look.say("missing-question"),
                    error => obstacle_said(&error.obstacle(), look),
                };
                body = body.push(words(said, size::SECOND, t.bad));
            }
            Some(Ok(found)) => {
                let mut some = false;
                for (place, title, mark) in Where::ALL {
                    let here: Vec<&LetterRow> =
                        found.iter().filter(|row| self.lies(row) == Some(place)).collect();
                    if !here.is_empty() {
                        some = true;
                        body = body.push(self.group(title, mark, &here, look));
                    }
                }
                if !some {
                    let said = column![
                        icon(Icon::Search, t.ink3).size(28.0),
                        words(look.say("missing-none"), size::BODY, t.ink2).font(theme::SEMIBOLD),
                        words(look.say("missing-none-hint"), size::HINT, t.ink3).center(),
                    ]
                    .spacing(8)
                    .align_x(Center);
                    body = body.push(container(said).padding([20, 10]).center_x(Fill));
                }
            }
        }
        body = body.push(self.what_else(look)).push(space().height(4));
        let body = scrollable(body).height(Fill).width(Fill).style(theme::scroll(t));
        let field = container(field).padding([14, 20]);
        let body = column![field, body];
        panel(look.say("missing-title"), look.say("missing-hint"), body, 520.0, look)
    }

    fn group<'a>(
        &'a self,
        title: &'static str,
        mark: Icon,
        here: &[&'a LetterRow],
        look: Look<'a>,
    ) -> Element<'a, Mail> {
        let t = look.tokens;
        let count = grouped(i64::try_from(here.len()).unwrap_or(i64::MAX));
        let head = row![
            icon(mark, t.ink2),
            words(look.say(title), size::SECOND, t.ink).font(theme::SEMIBOLD).width(Fill),
            words(count, size::HINT, t.ink3),
        ]
        .spacing(8)
        .align_y(Center);
        let mut lines = Column::new();
        for (at, letter) in here.iter().take(SHOWN).enumerate() {
            if at > 0 {
                lines = lines.push(across(t));
            }
            lines = lines.push(self.found_line(letter, look));
        }
        let card = container(lines).padding(1).width(Fill).clip(true);
        let card = card.style(theme::card(t.surface, t.line, 8.0));
        let more = here.len().checked_sub(SHOWN).filter(|more| *more > 0).map(|more| {
            let more = i64::try_from(more).unwrap_or(i64::MAX);
            words(
                look.words.say_with("missing-more", &[("count", more.into())]),
                size::HINT,
                t.ink3,
            )
        });
        column![head, card].push(more).spacing(8).into()
    }

    fn found_line<'a>(&'a self, letter: &'a LetterRow, look: Look<'a>) -> Element<'a, Mail> {
        let t = look.tokens;
        let who = sender_said(letter.from.as_ref(), look);
        let subject = subject_said(&letter.subject, look);
        let name = match self.folder_of(letter) {
            Some(folder) => super::sidebar::folder_name(folder, look),
            None => letter.folder.clone(),
        };
        // What the title of the group says already is not said again.
        let elsewhere = self.lies(letter) == Some(Where::Elsewhere);
        let several = self.accounts_with_mail() > 1 && letter.account != "local";
        let name = match (several, elsewhere) {
            (true, true) => format!("{} · {name}", letter.account),
            (true, false) => letter.account.clone(),
            (false, true) => name,
            (false, false) => String::new(),
        };
        let name: String = name.chars().take(36).collect();
        let when = look.clock.short(look.words, letter.date);
        let first = row![
            line(who, size::SECOND, t.ink).font(theme::SEMIBOLD).height(18.0),
            tight(when, size::HINT, t.ink3, theme::REGULAR),
        ]
        .spacing(8)
        .align_y(Center);
        let second = row![line(subject, size::HINT, t.ink2).height(18.0)]
            .push((!name.is_empty()).then(|| tag(None, name, t.ink3, t.paper)))
            .spacing(8)
            .align_y(Center);
        let chosen = Mail::Missing(Message::Chosen(letter.id));
        let line = button(container(column![first, second].spacing(2)).center_y(Fill))
            .padding([0, 12])
            .width(Fill)
            .height(LINE)
            .style(theme::quiet(t, t.ink))
            .on_press(chosen.clone());
        crate::gui::widget::reach::reach(line, Some(chosen), t.accent).into()
    }

    /// What else there is to do: whether all servers were asked, and what may have happened.
    fn what_else<'a>(&'a self, look: Look<'a>) -> Element<'a, Mail> {
        let t = look.tokens;
        let servers = self.accounts.iter().filter(|account| account.kind != AccountKind::Local);
        let mut lines: Column<'a, Mail> = Column::new().spacing(8);
        let mut some = false;
        for account in servers {
            some = true;
            let phase = self.sync.get(&account.id).map(|standing| &standing.phase);
            let trouble = self.sync.get(&account.id).is_some_and(|s| s.trouble.is_some());
            let (mark, ink, said) = match phase {
                _ if trouble => (Icon::Warn, t.bad, "missing-trouble"),
                Some(Phase::InStep) => (Icon::Check, t.accent, "missing-in-step"),
                Some(Phase::Offline) => (Icon::Warn, t.warn, "missing-offline"),
                Some(Phase::Connecting | Phase::Folder(..) | Phase::Receiving(_)) => {
                    (Icon::Sync, t.ink3, "missing-coming")
                }
                Some(Phase::Unknown) | None => (Icon::Info, t.ink3, "missing-unknown"),
            };
            let name: String = account.name.chars().take(60).collect();
            let said = row![
                icon(mark, ink).size(14.0),
                tight(name, size::HINT, t.ink, theme::SEMIBOLD),
                line(look.say(said), size::HINT, t.ink2),
            ];
            lines = lines.push(said.spacing(8).align_y(Center));
        }
        if some {
            let asked = if self.missing.looked { "missing-asked" } else { "missing-ask" };
            let ask = Mail::Missing(Message::AskServers);
            lines = lines.push(row![small(Some(Icon::Sync), look.say(asked), Some(ask), look)]);
        }
        let perhaps =
            ["missing-perhaps-address", "missing-perhaps-late", "missing-perhaps-refused"];
        let perhaps = perhaps.into_iter().map(|said| {
            row![
                words("·".to_owned(), size::HINT, t.ink3),
                words(look.say(said), size::HINT, t.ink2).width(Fill),
            ]
            .spacing(8)
            .into()
        });
        let lines = lines.push(Column::with_children(perhaps).spacing(4));
        let title = words(look.say("missing-else"), size::SECOND, t.ink).font(theme::SEMIBOLD);
        column![across(t), title, lines].spacing(10).into()
    }
}
