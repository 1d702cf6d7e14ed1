//! Going from pane to pane by keyboard: F6, as many mail programs have it. In the sidebar and
//! in the letter a ring shows what the keys are for; everywhere else they are for the list.

use super::open::Open;
use super::{Action, Message as Mail, Place, State};
use crate::engine::protocol::Command;
use crate::gui::theme::Look;
use crate::gui::widget::letter::Did;
use crate::html::worker::protocol::{DocId, Step, Stop as Link};
use crate::i18n::Words;
use crate::model::AccountId;
use iced::keyboard::{Key, Modifiers, key::Named};
use iced::{Color, Vector};

/// Logical pixels an arrow scrolls a letter.
const LINE: f32 = 48.0;
/// Further than any letter goes.
const FAR: f32 = 1e8;
/// The first consonants of Hangul syllables, in their order.
const INITIALS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];

/// What the keys are for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Focus {
    /// The list, and the letter that is chosen there.
    #[default]
    List,
    /// This line of the sidebar.
    Side(Stop),
    /// The text of the letter.
    Letter,
}

/// A line of the sidebar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A place.
    Place(Place),
    /// The heading of an account.
    Account(AccountId),
}

/// Something done by keyboard to what has the focus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Message {
    /// To the next pane; `true`: to the one before.
    Next(bool),
    /// So many lines further in the sidebar.
    Moved(isize),
    /// To the next line whose name begins so.
    Typed(char),
    /// Open what is there.
    Entered,
    /// Fold the account away; `false`: show it again.
    Folded(bool),
    /// Its menu.
    Menu,
    /// To the next link of the letter; `true`: to the one before.
    Step(bool),
    /// Open the link that was come to.
    Followed,
    /// Back to the list.
    Left,
}

impl State {
    /// What the keys are for, as it can be seen.
    pub(super) fn focus(&self) -> Focus {
        let is_free = self.writing.is_none() || self.preferences.is_some();
        match self.focus {
            Focus::Side(_) if is_free && self.side_is_seen() => self.focus,
            Focus::Letter if self.letter_can_be_read() && !self.are_places_over() => Focus::Letter,
            _ => Focus::List,
        }
    }

    /// The ring around this line of the sidebar, if it has one.
    pub(super) fn ring_of(&self, stop: Stop, look: Look<'_>) -> Option<Color> {
        (self.focus() == Focus::Side(stop)).then_some(look.tokens.accent)
    }

    /// The ring around the letter, if it has one.
    pub(super) fn ring_of_letter(&self, look: Look<'_>) -> Option<Color> {
        (self.focus() == Focus::Letter).then_some(look.tokens.accent)
    }

    fn side_is_seen(&self) -> bool {
        self.arranged().side.is_some() || self.are_places_over()
    }

    fn letter_can_be_read(&self) -> bool {
        self.open.is_some() && !self.shows_many() && self.are_letters_in_front()
    }

    /// Whoever goes on elsewhere is no longer where F6 has led.
    pub(super) fn leave_pane(&mut self, message: &Mail) {
        let elsewhere = matches!(
            message,
            Mail::PlaceChosen(_)
                | Mail::RowChosen(_)
                | Mail::WriteWanted(_)
                | Mail::Entered(_)
                | Mail::FindOpened
                | Mail::Preferences(_)
                | Mail::PlacesToggled
                | Mail::BackToList
        );
        if elsewhere {
            self.focus = Focus::List;
        }
    }

    pub(super) fn of_focus(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Next(back) => return self.next_pane(back),
            Message::Left => return self.leave_side(),
            Message::Step(back) => return self.step_to_link(back),
            Message::Followed => {
                let hit = self.open.as_ref().and_then(Open::come_to);
                return hit.map_or_else(Vec::new, |hit| self.follow_link(hit));
            }
            _ => {}
        }
        let Focus::Side(stop) = self.focus() else { return Vec::new() };
        match message {
            Message::Moved(by) => self.step_in_side(stop, by),
            Message::Typed(typed) => self.find_in_side(stop, typed),
            Message::Folded(fold) => self.fold_in_side(stop, fold),
            Message::Entered => match stop {
                Stop::Place(place) => self.update(Mail::PlaceChosen(place)),
                Stop::Account(account) => self.update(Mail::AccountFolded(account)),
            },
            Message::Menu => match stop {
                Stop::Place(Place::Folder(folder)) => self.open_menu_of(folder),
                Stop::Place(_) => Vec::new(),
                Stop::Account(account) => self.open_menu_of_account(account),
            },
            Message::Next(_) | Message::Left | Message::Step(_) | Message::Followed => Vec::new(),
        }
    }

    fn next_pane(&mut self, back: bool) -> Vec<Action> {
        let stops = self.stops();
        let here = Stop::Place(self.list.place);
        let side = stops.iter().find(|stop| **stop == here).or(stops.first());
        let side = side.map(|stop| Focus::Side(*stop));
        let letter = self.letter_can_be_read().then_some(Focus::Letter);
        let panes: Vec<Focus> = side.into_iter().chain([Focus::List]).chain(letter).collect();
        let is_side = |pane: &Focus| matches!(pane, Focus::Side(_));
        let now = self.focus();
        let at = panes.iter().position(|pane| *pane == now || is_side(pane) && is_side(&now));
        let step = if back { panes.len() - 1 } else { 1 };
        let next = panes.get((at.unwrap_or(0) + step) % panes.len()).copied().unwrap_or_default();
        self.menu = None;
        self.places_shown = self.is_narrow() && is_side(&next);
        self.focus = next;
        self.in_letter = next == Focus::Letter;
        vec![Action::LeaveFields, Action::RevealPlace]
    }

    fn leave_side(&mut self) -> Vec<Action> {
        self.focus = Focus::List;
        self.places_shown = false;
        if let Some(open) = &mut self.open {
            open.stop = None;
        }
        Vec::new()
    }

    /// From link to link of the letter, around and around.
    fn step_to_link(&mut self, back: bool) -> Vec<Action> {
        if !self.letter_can_be_read() {
            return Vec::new();
        }
        self.focus = Focus::Letter;
        let scale = self.scale;
        let Some(open) = &self.open else { return Vec::new() };
        let Some(laid) = open.laid else { return Vec::new() };
        let from = open.stop.as_ref().map(|stop| stop.at);
        let top = open.top() * scale / laid.factor.max(0.01);
        let step = Step { from, back, top };
        vec![Action::LeaveFields, Action::Ask(Command::Step(open.doc, step))]
    }

    /// The link is known that was asked for.
    pub(super) fn come_to(&mut self, doc: DocId, stop: Option<Link>) -> Vec<Action> {
        let Some(open) = self.open.as_mut().filter(|open| open.doc == doc) else {
            return Vec::new();
        };
        let first = stop.as_ref().and_then(|stop| stop.boxes.first().copied());
        open.stop = stop;
        if let Some(rect) = first {
            self.reveal_in_letter(rect);
        }
        self.paint()
    }

    fn put_in_side(&mut self, stop: Stop) -> Vec<Action> {
        self.focus = Focus::Side(stop);
        vec![Action::RevealPlace]
    }

    fn step_in_side(&mut self, from: Stop, by: isize) -> Vec<Action> {
        let stops = self.stops();
        let last = stops.len().saturating_sub(1);
        let at = stops.iter().position(|stop| *stop == from);
        let to = at.map_or(0, |at| at.saturating_add_signed(by).min(last));
        stops.get(to).map_or_else(Vec::new, |stop| self.put_in_side(*stop))
    }

    /// From name to name that begins so, around and around.
    fn find_in_side(&mut self, from: Stop, typed: char) -> Vec<Action> {
        let words = Words::new(self.language);
        let stops = self.stops();
        let after = stops.iter().position(|stop| *stop == from).map_or(0, |at| at + 1);
        let mut around = stops.iter().cycle().skip(after).take(stops.len());
        let found =
            around.find(|stop| begins_with(&self.called_in_side(**stop, &words), typed)).copied();
        found.map_or_else(Vec::new, |stop| self.put_in_side(stop))
    }

    fn called_in_side(&self, stop: Stop, words: &Words) -> String {
        match stop {
            Stop::Place(place) => super::view::place_called(self, place, words),
            Stop::Account(id) => self.name_of(id).unwrap_or_default().to_owned(),
        }
    }

    fn fold_in_side(&mut self, stop: Stop, fold: bool) -> Vec<Action> {
        match stop {
            Stop::Account(id) if self.folded.contains(&id) != fold => {
                self.update(Mail::AccountFolded(id))
            }
            Stop::Account(_) if !fold => self.step_in_side(stop, 1),
            // From a folder to the heading it stands under.
            Stop::Place(Place::Folder(folder)) if fold => {
                let folder = self.folders.iter().find(|known| known.id == folder);
                let account = folder.and_then(|folder| self.account_of(folder)).map(Stop::Account);
                let account = account.filter(|account| self.stops().contains(account));
                account.map_or_else(Vec::new, |account| self.put_in_side(account))
            }
            _ => Vec::new(),
        }
    }
}

/// Whether a name begins with what was typed: a Hangul syllable also with its consonant.
fn begins_with(name: &str, typed: char) -> bool {
    let Some(first) = name.chars().find(|c| c.is_alphanumeric()) else { return false };
    let syllable = u32::from(first).checked_sub(0xAC00).filter(|at| *at < 19 * 588);
    let initial = syllable.and_then(|at| INITIALS.get(usize::try_from(at / 588).ok()?));
    first.to_lowercase().eq(typed.to_lowercase()) || initial == Some(&typed)
}

/// Keys of F6, and of where it has led, before any field or button has them.
pub(super) fn first(state: &State, key: &Key, modifiers: Modifiers) -> Option<Mail> {
    let said = |message| Some(Mail::Focus(message));
    if matches!(key.as_ref(), Key::Named(Named::F6)) && !modifiers.command() {
        return said(Message::Next(modifiers.shift()));
    }
    if modifiers.command() || state.menu.is_some() {
        return None;
    }
    match state.focus() {
        Focus::List => None,
        Focus::Letter => in_letter(key, modifiers),
        Focus::Side(_) if super::picking::asks_for_menu(key, modifiers) => said(Message::Menu),
        Focus::Side(_) => match key.as_ref() {
            Key::Named(Named::Escape | Named::Tab) => said(Message::Left),
            Key::Named(Named::ArrowDown) => said(Message::Moved(1)),
            Key::Named(Named::ArrowUp) => said(Message::Moved(-1)),
            Key::Named(Named::PageDown) => said(Message::Moved(10)),
            Key::Named(Named::PageUp) => said(Message::Moved(-10)),
            Key::Named(Named::Home) => said(Message::Moved(isize::MIN)),
            Key::Named(Named::End) => said(Message::Moved(isize::MAX)),
            Key::Named(Named::ArrowLeft) => said(Message::Folded(true)),
            Key::Named(Named::ArrowRight) => said(Message::Folded(false)),
            Key::Named(Named::Enter | Named::Space) => said(Message::Entered),
            Key::Character("?" | "/") => None,
            Key::Character(typed) => match typed.chars().next().filter(|c| c.is_alphanumeric()) {
                Some(typed) => said(Message::Typed(typed)),
                None => said(Message::Moved(0)),
            },
            // Nothing is deleted that does not have the focus.
            Key::Named(Named::Delete | Named::Backspace) => said(Message::Moved(0)),
            _ => None,
        },
    }
}

/// Keys of the letter's text.
fn in_letter(key: &Key, modifiers: Modifiers) -> Option<Mail> {
    let by = |down: f32| Some(Mail::Letter(Did::ScrolledBy(Vector::new(0.0, down))));
    match key.as_ref() {
        Key::Named(Named::Escape) => Some(Mail::Focus(Message::Left)),
        Key::Named(Named::Tab) => Some(Mail::Focus(Message::Step(modifiers.shift()))),
        Key::Named(Named::Enter) => Some(Mail::Focus(Message::Followed)),
        Key::Named(Named::ArrowDown) => by(LINE),
        Key::Named(Named::ArrowUp) => by(-LINE),
        Key::Named(Named::Home) => by(-FAR),
        Key::Named(Named::End) => by(FAR),
        Key::Named(Named::PageDown) => Some(Mail::Paged(0.9)),
        Key::Named(Named::PageUp) => Some(Mail::Paged(-0.9)),
        Key::Named(Named::Space) => Some(Mail::Paged(if modifiers.shift() { -0.9 } else { 0.9 })),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::begins_with;

    #[test]
    fn a_name_is_found_by_its_first_letter_in_either_script() {
        assert!(begins_with("받은편지함", 'ㅂ') && begins_with("받은편지함", '받'));
        assert!(begins_with("힣", 'ㅎ') && !begins_with("받은편지함", 'ㅅ'));
        assert!(begins_with("Projects/Rust", 'p') && begins_with("[Gmail]", 'g'));
        assert!(!begins_with("", 'a'));
    }
}
