//! The conversation of the open letter: the letters before it and after it, from every
//! folder, each folded to a line that a click or a key opens in its place.
//!
//! Promise: one letter is drawn at a time, however many there are. The lines are read from
//! the store beside the letter and never hold it up.

use super::list::Row;
use super::open::Open;
use super::tools::tip;
use super::{Action, Place, Read, State, is_inbox};
use crate::gui::screen::pieces::{across, sender_said, tag, tight};
use crate::gui::theme::{self, Look, size};
use crate::gui::widget::Element;
use crate::gui::widget::icon::{Icon, icon};
use crate::gui::widget::line::line;
use crate::model::{Flags, LetterId, Role};
use crate::store::LetterRow;
use iced::widget::{Column, button, column, container, row, scrollable, space};
use iced::{Center, Fill, Padding};

/// Letters of a conversation that are read: the newest, and the open one.
pub const MOST: usize = 200;
/// Height of a folded letter in logical pixels.
const LINE: f32 = 34.0;
/// Letters beside the open one that are listed, before it and after it, as long as nobody
/// asks for all.
const BESIDE: (usize, usize) = (2, 2);
/// Lines that are seen without scrolling once all are listed.
const SEEN: f32 = 5.0;

/// What happens to a conversation.
#[derive(Debug, Clone)]
pub enum Message {
    /// It was read: for which letter, and its letters, the oldest first.
    Read(LetterId, Vec<LetterRow>),
    /// A letter of it is to be opened.
    Chosen(LetterId),
    /// The next one, or the one before.
    Moved(isize),
    /// All of them are listed, or only those beside the open one.
    Unfolded,
    /// Conversations are shown from now on, or letters alone.
    Switched,
}

/// The conversation of the open letter.
#[derive(Debug, Clone, Default)]
pub struct Conversation {
    /// Its letters, the oldest first; none where it has but one.
    pub letters: Vec<LetterRow>,
    /// That of the letter that is being opened.
    coming: Vec<LetterRow>,
    /// All of them are listed.
    pub whole: bool,
}

fn has(letters: &[LetterRow], id: LetterId) -> bool {
    letters.iter().any(|letter| letter.id == id)
}

/// The letters around an open one: those before it, and those after it.
type Around<'a> = (&'a [LetterRow], &'a [LetterRow]);

impl State {
    /// Something happens to the conversation.
    pub(super) fn of_conversation(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Read(of, letters) => {
                let open = self.open.as_ref().and_then(|open| open.id);
                if open.is_some_and(|open| open == of || has(&letters, open)) {
                    self.anchored(|state| state.conversation.letters = letters);
                    let mut actions = self.close_gone();
                    actions.extend(self.begin_stack());
                    return actions;
                } else if self.coming.is_some_and(|(_, id)| id == Some(of)) {
                    self.conversation.coming = letters;
                }
                Vec::new()
            }
            Message::Chosen(id) => self.choose_in_conversation(id),
            Message::Moved(by) => {
                let Some(at) = self.place_in_conversation() else { return Vec::new() };
                let to = at.checked_add_signed(by);
                let id = to.and_then(|to| self.conversation.letters.get(to)).map(|row| row.id);
                id.map_or_else(Vec::new, |id| self.choose_in_conversation(id))
            }
            Message::Unfolded => {
                self.anchored(|state| state.conversation.whole = !state.conversation.whole);
                Vec::new()
            }
            Message::Switched => {
                self.menu = None;
                self.stacked = !self.stacked;
                self.conversation = Conversation::default();
                let mut actions = vec![Action::Remember];
                actions.extend(self.leave_stack());
                if let Some(open) = &mut self.open {
                    open.seen = None;
                }
                actions.extend(self.paint());
                actions.extend(self.read_conversation());
                actions
            }
        }
    }

    fn choose_in_conversation(&mut self, id: LetterId) -> Vec<Action> {
        let letters = &self.conversation.letters;
        let Some(letter) = letters.iter().find(|letter| letter.id == id).cloned() else {
            return Vec::new();
        };
        if let Some(actions) = self.choose_in_stack(id) {
            return actions;
        }
        let letters = &self.conversation.letters;
        let thread = u64::try_from(letters.len()).unwrap_or(u64::MAX);
        // The list stays where it is, also where the letter is not in it.
        let at = self.list.selected.map_or(0, |(at, _)| at);
        self.list.keep_chosen_alone(at, Row { thread, ..Row::of(letter) });
        if self.open.as_ref().is_some_and(|open| open.id == Some(id)) {
            return self.cancel_coming();
        }
        self.open_letter(id)
    }

    /// Where the letter that was chosen last stands in the conversation.
    fn place_in_conversation(&self) -> Option<usize> {
        let coming = self.coming.and_then(|(_, id)| id);
        let id = coming.or_else(|| self.open.as_ref().and_then(|open| open.id))?;
        self.conversation.letters.iter().position(|letter| letter.id == id)
    }

    /// What is read for the letter that was chosen last, if it is one of several.
    pub(super) fn read_conversation(&self) -> Vec<Action> {
        let chosen = self.list.chosen().filter(|row| self.stacked && row.thread > 1);
        let read = |row: &Row| Action::Read(Read::Conversation(row.letter.id, row.letter.thread));
        chosen.map(read).into_iter().collect()
    }

    /// The same once something has changed.
    pub(super) fn conversation_again(&self) -> Vec<Action> {
        match self.open.as_ref().is_some_and(|open| open.id.is_some()) {
            true => self.read_conversation(),
            false => Vec::new(),
        }
    }

    /// A letter is open: its conversation may have come before it, or is yet to come.
    pub(super) fn conversation_opened(&mut self) {
        let Some(id) = self.open.as_ref().and_then(|open| open.id) else {
            self.conversation = Conversation::default();
            return;
        };
        let coming = std::mem::take(&mut self.conversation.coming);
        if has(&coming, id) {
            self.conversation.whole &= has(&self.conversation.letters, id);
            self.conversation.letters = coming;
        } else if !has(&self.conversation.letters, id) {
            self.conversation = Conversation::default();
        }
    }

    /// Whether a row of the list stands for the open letter, which is another one of the same
    /// conversation.
    pub(super) fn stands_for_open(&self, letter: &LetterRow) -> bool {
        let chosen = self.list.chosen().map(|row| &row.letter);
        self.stacked
            && chosen.is_some_and(|chosen| chosen.thread == letter.thread)
            && self.list.selected.is_some_and(|(_, id)| self.list.at(id).is_none())
    }

    /// Whether the open letter is one of several, which are shown with it.
    pub(super) fn is_stacked(&self, open: &Open) -> bool {
        self.around(open).is_some()
    }

    fn around(&self, open: &Open) -> Option<Around<'_>> {
        let letters = &self.conversation.letters;
        let at = letters.iter().position(|letter| Some(letter.id) == open.id)?;
        let some = self.stacked && letters.len() > 1;
        let (before, from) = letters.split_at_checked(at).filter(|_| some)?;
        Some((before, from.get(1..).unwrap_or_default()))
    }

    /// How many letters the open one is one of, to be switched.
    pub(super) fn conversation_count<'a>(
        &'a self,
        open: &Open,
        look: Look<'a>,
    ) -> Option<Element<'a, super::Message>> {
        self.around(open)?;
        let t = look.tokens;
        let count = i64::try_from(self.conversation.letters.len()).unwrap_or(i64::MAX);
        let said = look.words.say_with("thread-of", &[("count", count.into())]);
        let count = button(tag(Some(Icon::List), said, t.ink2, t.paper))
            .padding(0)
            .style(theme::quiet(t, t.ink2))
            .on_press(super::Message::Conversation(Message::Switched));
        Some(tip(count, look.say("tool-alone"), "V", look))
    }

    /// The letters before the open one.
    pub(super) fn letters_before<'a>(
        &'a self,
        open: &Open,
        look: Look<'a>,
    ) -> Option<Element<'a, super::Message>> {
        let (before, _) = self.around(open)?;
        let hidden = match self.conversation.whole {
            true => 0,
            false => before.len().checked_sub(BESIDE.0).filter(|more| *more > 1).unwrap_or(0),
        };
        let shown = before.get(hidden..).unwrap_or_default();
        let rest = (hidden > 0).then(|| unfold("thread-before", hidden, Icon::Up, look));
        let fold = (self.conversation.whole && before.len() > BESIDE.0 + 1)
            .then(|| fold_again(Icon::Down, look));
        // The key opens the one next to the open letter.
        let key = |at: usize| if at + 1 == shown.len() { "P" } else { "" };
        let lines = shown.iter().enumerate();
        let lines = lines.map(|(at, letter)| self.folded(letter, key(at), look)).collect();
        stack_of(lines, rest.or(fold), true, look)
    }

    /// Those after it.
    pub(super) fn letters_after<'a>(
        &'a self,
        open: &Open,
        look: Look<'a>,
    ) -> Option<Element<'a, super::Message>> {
        let (_, after) = self.around(open)?;
        let hidden = match self.conversation.whole {
            true => 0,
            false => after.len().checked_sub(BESIDE.1).filter(|more| *more > 1).unwrap_or(0),
        };
        let shown = after.get(..after.len() - hidden).unwrap_or_default();
        let rest = (hidden > 0).then(|| unfold("thread-after", hidden, Icon::Down, look));
        let fold = (self.conversation.whole && after.len() > BESIDE.1 + 1)
            .then(|| fold_again(Icon::Up, look));
        let key = |at: usize| if at == 0 { "N" } else { "" };
        let lines = shown.iter().enumerate();
        let lines = lines.map(|(at, letter)| self.folded(letter, key(at), look)).collect();
        stack_of(lines, rest.or(fold), false, look)
    }

    /// A letter as one line: who, first words, where it lies, when.
    pub(super) fn folded<'a>(
        &'a self,
        letter: &'a LetterRow,
        key: &'static str,
        look: Look<'a>,
    ) -> Element<'a, super::Message> {
        let t = look.tokens;
        let unread = !letter.flags.has(Flags::SEEN);
        let font = if unread { theme::SEMIBOLD } else { theme::REGULAR };
        let who = match self.is_mine(letter) {
            true => look.say("thread-me"),
            false => sender_said(letter.from.as_ref(), look),
        };
        let dot: Element<'a, super::Message> = if unread {
            container(space()).width(7).height(7).style(theme::tag(t.accent)).into()
        } else {
            space().width(7).into()
        };
        let mut inside = row![
            dot,
            line(who, size::SECOND, t.ink).font(font).width(120.0),
            line(letter.preview.clone(), size::HINT, if unread { t.ink2 } else { t.ink3 }),
        ]
        .spacing(8)
        .align_y(Center);
        // Where it lies, where that is neither here nor where mail comes in.
        let folder = self
            .folder_of(letter)
            .filter(|folder| !is_inbox(folder) && self.list.place != Place::Folder(folder.id));
        if let Some(folder) = folder {
            let name = super::sidebar::folder_name(folder, look);
            inside = inside.push(tag(None, name, t.ink3, t.paper));
        }
        if letter.has_attachment {
            inside = inside.push(icon(Icon::Clip, t.ink3).size(14.0));
        }
        let when = look.clock.short(look.words, letter.date);
        inside = inside.push(tight(when, size::HINT, t.ink3, theme::REGULAR));
        let chosen = super::Message::Conversation(Message::Chosen(letter.id));
        let line = button(container(inside).center_y(Fill))
            .padding([0, 12])
            .width(Fill)
            .height(LINE)
            .style(theme::quiet(t, t.ink))
            .on_press(chosen);
        tip(line, look.say("thread-open"), key, look)
    }

    /// Whether it was written here.
    pub(super) fn is_mine(&self, letter: &LetterRow) -> bool {
        let sent = self.folder_of(letter).and_then(super::sidebar::role);
        matches!(sent, Some(Role::Sent | Role::Drafts))
            || letter.from.as_ref().is_some_and(|from| self.is_of_account(&from.addr))
    }
}

pub(super) fn unfold<'a>(
    said: &str,
    hidden: usize,
    mark: Icon,
    look: Look<'a>,
) -> Element<'a, super::Message> {
    let count = i64::try_from(hidden).unwrap_or(i64::MAX);
    more(look.words.say_with(said, &[("count", count.into())]), mark, look)
}

fn fold_again(mark: Icon, look: Look<'_>) -> Element<'_, super::Message> {
    more(look.say("thread-fold"), mark, look)
}

fn more<'a>(said: String, mark: Icon, look: Look<'a>) -> Element<'a, super::Message> {
    let t = look.tokens;
    let inside = row![icon(mark, t.accent).size(14.0), line(said, size::HINT, t.accent)]
        .spacing(8)
        .align_y(Center);
    button(container(inside).center_y(Fill))
        .padding([0, 10])
        .width(Fill)
        .height(LINE - 6.0)
        .style(theme::quiet(t, t.ink))
        .on_press(super::Message::Conversation(Message::Unfolded))
        .into()
}

/// Lines below each other in a card, of many the ones next to the letter; `more`: what lists
/// all of them or fewer, on the side away from the letter.
fn stack_of<'a>(
    lines: Vec<Element<'a, super::Message>>,
    more: Option<Element<'a, super::Message>>,
    before: bool,
    look: Look<'a>,
) -> Option<Element<'a, super::Message>> {
    let t = look.tokens;
    if lines.is_empty() {
        return None;
    }
    let many = lines.len() as f32 > SEEN;
    let mut all = Column::new();
    for (at, line) in lines.into_iter().enumerate() {
        if at > 0 {
            all = all.push(across(t));
        }
        all = all.push(line);
    }
    let all: Element<'a, super::Message> = match many {
        false => all.into(),
        true => {
            // Room for the bar beside them.
            let all = container(all).padding(Padding { right: 10.0, ..Padding::ZERO });
            let thin = scrollable::Scrollbar::new().width(4).scroller_width(4).margin(2);
            let thin = scrollable::Direction::Vertical(match before {
                true => thin.anchor(scrollable::Anchor::End),
                false => thin,
            });
            let all = scrollable(all).direction(thin).height(SEEN * LINE).width(Fill);
            all.style(theme::scroll(t)).into()
        }
    };
    let all = match (more, before) {
        (Some(more), true) => column![more, across(t), all],
        (Some(more), false) => column![all, across(t), more],
        (None, _) => column![all],
    };
    let card = container(all).padding(1).width(Fill).clip(true);
    let card = card.style(theme::card(t.surface, t.line, 8.0));
    let padding = Padding { top: 0.0, right: 24.0, bottom: 10.0, left: 24.0 };
    Some(column![container(card).padding(padding).width(Fill)].into())
}
