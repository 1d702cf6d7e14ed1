//! A conversation whose letters stand below each other: some open, each drawn with a bar and
//! attachments of its own, the others folded to a line.
//!
//! Promise: a few letters are drawn at a time, however many there are; those that are not in
//! sight keep no pixels. What is pressed in a letter is about that letter.

use super::deeds::SEEN_AFTER;
use super::list::Row;
use super::open::{Open, Seen};
use super::{Action, Due, Message as Said, Read, Sheet, State};
use crate::engine::protocol::{Command, Event, OpenLetter};
use crate::gui::widget::bar::furthest;
use crate::gui::widget::letter::Did;
use crate::gui::widget::tower::Told;
use crate::html::worker::protocol::DocId;
use crate::model::{Flags, LetterId};
use std::sync::Arc;

/// Letters that are open at a time, at most: the drawing process keeps eight.
pub const MOST_OPEN: usize = 6;
/// Folded letters in a row that are all shown.
const RUN: usize = 3;
/// Height of a folded letter in logical pixels, with the space below it.
const LINE: f32 = 40.0;
/// That of an open one, as long as it is not known.
const OPEN: f32 = 300.0;
/// What is seen above a letter that is brought into sight.
const PEEK: f32 = 44.0;

/// What happens in a conversation whose letters stand below each other.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// It was scrolled, or stands otherwise.
    Told(Told),
    /// An open letter is folded again.
    Folded(LetterId),
    /// So many as can be are opened, or all but the one at hand are folded.
    All(bool),
}

/// Where a conversation stands.
#[derive(Debug)]
pub struct Stack {
    /// Open letters but the one at hand.
    pub beside: Vec<Open>,
    /// Letters that are being opened beside it.
    pub(super) coming: Vec<(DocId, LetterId)>,
    /// How far it is scrolled.
    pub offset: f64,
    /// Its height.
    pub height: f32,
    /// Where its things begin, and end.
    pub tops: Vec<f32>,
    /// This letter is to be brought into sight once it is known where it stands.
    reveal: Option<LetterId>,
    /// Unread letters have been opened.
    begun: bool,
}

impl Default for Stack {
    fn default() -> Self {
        Self {
            beside: Vec::new(),
            coming: Vec::new(),
            offset: 0.0,
            // Until that is told.
            height: 600.0,
            tops: Vec::new(),
            reveal: None,
            begun: false,
        }
    }
}

/// What stands in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// The how many-th letter, folded.
    Line(usize),
    /// The how many-th, open.
    Card(usize),
    /// So many that are not shown, before the how many-th letter.
    More(usize, usize),
}

impl State {
    /// Whether the letters of the conversation stand below each other around the open one.
    pub(super) fn is_stack(&self) -> bool {
        !self.is_short() && self.open.as_ref().is_some_and(|open| self.is_stacked(open))
    }

    /// An open letter of the conversation.
    pub(super) fn open_one(&self, id: LetterId) -> Option<&Open> {
        let all = self.open.iter().chain(&self.stack.beside);
        all.into_iter().find(|open| open.id == Some(id))
    }

    /// What stands in the conversation, from above.
    pub(super) fn items(&self) -> Vec<Item> {
        let letters = &self.conversation.letters;
        let mut items = Vec::new();
        let mut run = Vec::new();
        let whole = self.conversation.whole;
        let flush = |items: &mut Vec<Item>, run: &mut Vec<usize>, last: bool| {
            let hidden = match run.len() {
                count if whole || count <= RUN => 0,
                count => count - 2,
            };
            // The ones next to an open letter are shown.
            let (before, after) = match (items.is_empty(), last) {
                (true, false) => (0, 2),
                (_, true) => (2, 0),
                (false, false) => (1, 1),
            };
            let end = run.len() - after.min(run.len());
            for (at, letter) in run.iter().enumerate() {
                if hidden == 0 || at < before || at >= end {
                    items.push(Item::Line(*letter));
                } else if at == before {
                    items.push(Item::More(hidden, *letter));
                }
            }
            run.clear();
        };
        for (at, letter) in letters.iter().enumerate() {
            match self.open_one(letter.id) {
                None => run.push(at),
                Some(_) => {
                    flush(&mut items, &mut run, false);
                    items.push(Item::Card(at));
                }
            }
        }
        flush(&mut items, &mut run, true);
        items
    }

    /// Where things begin, as told, or about.
    fn tops(&self) -> Vec<f32> {
        let items = self.items();
        if self.stack.tops.len() == items.len() + 1 {
            return self.stack.tops.clone();
        }
        let mut down = 0.0;
        let mut tops = vec![down];
        for item in items {
            down += if matches!(item, Item::Card(_)) { OPEN } else { LINE };
            tops.push(down);
        }
        tops
    }

    /// Where a letter stands.
    fn top_of(&self, id: LetterId) -> Option<f32> {
        let at = self.items().iter().position(|item| match item {
            Item::Line(at) | Item::Card(at) => {
                self.conversation.letters.get(*at).is_some_and(|letter| letter.id == id)
            }
            Item::More(..) => false,
        })?;
        self.tops().get(at).copied()
    }

    fn stack_to(&mut self, offset: f64) {
        let content = self.tops().last().copied().unwrap_or(0.0);
        self.stack.offset = offset.clamp(0.0, furthest(f64::from(content), self.stack.height));
    }

    /// Scrolls by logical pixels.
    pub(super) fn stack_by(&mut self, by: f32) {
        // Whoever goes on from a letter is not brought back to it.
        self.stack.reveal = None;
        self.stack_to(self.stack.offset + f64::from(by));
    }

    fn reveal_in_stack(&mut self, id: LetterId) {
        self.stack.reveal = Some(id);
        if let Some(top) = self.top_of(id) {
            self.stack_to(f64::from(top - PEEK));
        }
    }

    /// Changes what stands in the conversation: the letter at hand stays where it is seen.
    pub(super) fn anchored<T>(&mut self, change: impl FnOnce(&mut Self) -> T) -> T {
        let id = self.open.as_ref().and_then(|open| open.id);
        let top = |state: &Self| id.and_then(|id| state.top_of(id));
        let before = top(self);
        let changed = change(self);
        // It is told anew where things stand.
        if self.stack.tops.len() != self.items().len() + 1 {
            self.stack.tops.clear();
        }
        if let (Some(before), Some(now)) = (before, top(self)) {
            self.stack_to(self.stack.offset + f64::from(now - before));
        }
        changed
    }

    /// Something happens in the conversation.
    pub(super) fn of_stack(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Told(Told::Scrolled(scroll)) => {
                self.stack.reveal = None;
                self.stack_to(scroll.applied_to(self.stack.offset));
                self.texts_seen()
            }
            Message::Told(Told::Stands(height, tops)) => {
                let anchor = self.open.as_ref().and_then(|open| open.id);
                let before = anchor.and_then(|id| self.top_of(id));
                (self.stack.height, self.stack.tops) = (height, tops);
                match (self.stack.reveal, before, anchor.and_then(|id| self.top_of(id))) {
                    (Some(id), ..) => {
                        if let Some(top) = self.top_of(id) {
                            self.stack_to(f64::from(top - PEEK));
                        }
                    }
                    (None, Some(before), Some(now)) => {
                        self.stack_to(self.stack.offset + f64::from(now - before));
                    }
                    _ => self.stack_by(0.0),
                }
                self.texts_seen()
            }
            Message::Folded(id) => self.fold_in_stack(id),
            Message::All(true) => {
                let letters = self.conversation.letters.iter().rev();
                let ids = letters.map(|letter| letter.id).collect();
                self.open_beside(ids)
            }
            Message::All(false) => self.anchored(Self::close_beside),
        }
    }

    /// A letter that is drawn tells what is seen of it; one that is shown as text does not: it
    /// is looked up where its card stands.
    pub(super) fn texts_seen(&mut self) -> Vec<Action> {
        let (tops, offset) = (self.tops(), self.stack.offset as f32);
        let foot = offset + self.stack.height;
        let mut actions = Vec::new();
        for (at, item) in self.items().into_iter().enumerate() {
            let (Item::Card(letter), Some([top, bottom])) = (item, tops.get(at..at + 2)) else {
                continue;
            };
            let Some(letter) = self.conversation.letters.get(letter) else { continue };
            let (id, unread) = (letter.id, !letter.flags.has(Flags::SEEN));
            let mut opens = self.open.iter_mut().chain(&mut self.stack.beside);
            let texts = opens.find(|open| open.id == Some(id) && open.laid.is_none());
            let Some(open) = texts else { continue };
            let before = open.seen.is_none() || open.is_out_of_sight();
            let height = (bottom.min(foot) - top.max(offset)).max(0.0);
            open.looked_at(Seen { top: (offset - top).max(0.0), height, begins: top - offset });
            if before && unread && !open.is_out_of_sight() {
                actions.push(Action::Later(Due::Seen(open.doc), SEEN_AFTER));
            }
        }
        actions
    }

    /// The letters of a conversation that was just opened: those that are unread are open.
    pub(super) fn begin_stack(&mut self) -> Vec<Action> {
        if self.stack.begun || !self.is_stack() {
            return Vec::new();
        }
        self.stack.begun = true;
        let letters = self.conversation.letters.iter().rev();
        let unread = letters.filter(|letter| !letter.flags.has(Flags::SEEN));
        let unread: Vec<LetterId> = unread.map(|letter| letter.id).collect();
        let first = unread.last().filter(|_| unread.len() <= MOST_OPEN);
        let open = self.open.as_ref().and_then(|open| open.id);
        if let Some(id) = first.copied().or(open) {
            self.reveal_in_stack(id);
        }
        self.open_beside(unread)
    }

    /// Opens letters beside the one at hand, as many as there is room for.
    fn open_beside(&mut self, ids: Vec<LetterId>) -> Vec<Action> {
        let mut actions = Vec::new();
        for id in ids {
            let open = self.stack.beside.len() + self.stack.coming.len() + 1;
            let is_coming = self.stack.coming.iter().any(|(_, coming)| *coming == id);
            if open >= MOST_OPEN || is_coming || self.open_one(id).is_some() {
                continue;
            }
            let doc = self.number();
            self.stack.coming.push((doc, id));
            actions.push(Action::Ask(Command::Open(doc, id, self.how())));
        }
        actions
    }

    /// A letter that was opened beside the one at hand has come; `None`: it is none of them.
    pub(super) fn opened_beside(
        &mut self,
        doc: DocId,
        letter: &Arc<OpenLetter>,
    ) -> Option<Vec<Action>> {
        let at = self.stack.coming.iter().position(|(coming, _)| *coming == doc)?;
        self.stack.coming.remove(at);
        let open = Open::new(doc, Arc::clone(letter));
        let mut actions = Vec::new();
        if open.laid.is_none() {
            let text: Arc<str> = open.letter.text.as_str().into();
            actions.push(Action::Read(Read::Text(doc, text, self.columns())));
        }
        let unread = open.id.is_some_and(|id| !self.flags_in_stack(id).has(Flags::SEEN));
        if unread {
            actions.push(Action::Later(Due::Seen(doc), SEEN_AFTER));
        }
        self.anchored(|state| state.stack.beside.push(open));
        if let Some(id) = self.stack.reveal {
            self.reveal_in_stack(id);
        }
        Some(actions)
    }

    /// The open letter makes room for another of its conversation, and stays beside it; `None`:
    /// it is to be closed.
    pub(super) fn stay_beside(&mut self) -> Option<Vec<Action>> {
        let coming = self.coming.and_then(|(_, id)| id)?;
        let there = self.conversation.letters.iter().any(|letter| letter.id == coming);
        if !there || !self.is_stack() {
            return None;
        }
        let open = self.open.take()?;
        let mut actions = Vec::new();
        self.stack.beside.push(open);
        // The one that was open longest makes room.
        if self.stack.beside.len() + self.stack.coming.len() >= MOST_OPEN {
            let gone = self.stack.beside.remove(0);
            actions.push(Action::Ask(Command::Close(gone.doc)));
        }
        self.stack.tops.clear();
        Some(actions)
    }

    /// Nothing stands beside the letter at hand any more.
    pub(super) fn close_beside(&mut self) -> Vec<Action> {
        let open = self.stack.beside.drain(..).map(|open| open.doc);
        let coming = self.stack.coming.drain(..).map(|(doc, _)| doc);
        open.chain(coming).map(|doc| Action::Ask(Command::Close(doc))).collect()
    }

    /// The conversation is left.
    pub(super) fn leave_stack(&mut self) -> Vec<Action> {
        let actions = self.close_beside();
        self.stack = Stack { height: self.stack.height, ..Stack::default() };
        actions
    }

    /// A letter of the conversation is chosen; `None`: it is not open yet.
    pub(super) fn choose_in_stack(&mut self, id: LetterId) -> Option<Vec<Action>> {
        let doc = self.stack.beside.iter().find(|open| open.id == Some(id))?.doc;
        let mut actions = self.cancel_coming();
        self.hand_alone(doc);
        self.reveal_in_stack(id);
        actions.extend(self.paint());
        Some(actions)
    }

    /// A letter is chosen in the list that is open beside the one at hand; `None`: it is not.
    pub(super) fn open_in_stack(&mut self, id: LetterId) -> Option<Vec<Action>> {
        // It comes as the one at hand, not beside it.
        if let Some(at) = self.stack.coming.iter().position(|(_, coming)| *coming == id) {
            let (doc, _) = self.stack.coming.remove(at);
            let mut actions = vec![Action::Ask(Command::Close(doc))];
            actions.extend(self.open_letter(id));
            return Some(actions);
        }
        let doc = self.stack.beside.iter().find(|open| open.id == Some(id))?.doc;
        let mut actions = self.cancel_coming();
        self.forget_many();
        self.hand_to(doc);
        self.not_opened = None;
        self.reveal_in_stack(id);
        actions.extend(self.paint());
        Some(actions)
    }

    /// Letters of the conversation that are not there any more are not open any more.
    pub(super) fn close_gone(&mut self) -> Vec<Action> {
        let letters = &self.conversation.letters;
        let there = |open: &mut Open| letters.iter().any(|letter| Some(letter.id) == open.id);
        let gone: Vec<Open> = self.stack.beside.extract_if(.., |open| !there(open)).collect();
        gone.into_iter().map(|open| Action::Ask(Command::Close(open.doc))).collect()
    }

    /// A letter that comes is brought into sight.
    pub(super) fn reveal_open(&mut self) {
        if let Some(id) = self.open.as_ref().and_then(|open| open.id).filter(|_| self.is_stack()) {
            self.reveal_in_stack(id);
        }
    }

    /// Another of the open letters is the one at hand.
    fn hand_to(&mut self, doc: DocId) -> bool {
        let Some(at) = self.stack.beside.iter().position(|open| open.doc == doc) else {
            return false;
        };
        let open = self.stack.beside.remove(at);
        self.stack.beside.extend(self.open.replace(open));
        self.menu = None;
        self.source = None;
        self.source_marked = None;
        self.ledger.0 = 0.0;
        true
    }

    /// The same, and what is done is done to that letter alone.
    fn hand_alone(&mut self, doc: DocId) -> bool {
        if !self.hand_to(doc) {
            return false;
        }
        let id = self.open.as_ref().and_then(|open| open.id);
        let row = self.conversation.letters.iter().find(|letter| Some(letter.id) == id).cloned();
        if let Some(letter) = row {
            let at = self.list.selected.map_or(0, |(at, _)| at);
            let thread = u64::try_from(self.conversation.letters.len()).unwrap_or(u64::MAX);
            self.list.keep_chosen_alone(at, Row { thread, ..Row::of(letter) });
        }
        true
    }

    /// Something is done in one of the open letters.
    pub(super) fn in_one(&mut self, doc: DocId, message: Said) -> Vec<Action> {
        if self.open.as_ref().is_some_and(|open| open.doc == doc) {
            return self.update(message);
        }
        match message {
            // All of them are laid out anew in another width, the one at hand too.
            Said::Letter(Did::Sized(_)) => self.update(message),
            // It is only looked at.
            Said::Letter(Did::Seen(..) | Did::Over(_)) => {
                self.as_if_open(doc, |state| state.update(message)).unwrap_or_default()
            }
            message if self.hand_alone(doc) => {
                let mut actions = self.cancel_coming();
                actions.extend(self.update(message));
                actions
            }
            _ => Vec::new(),
        }
    }

    /// What the engine says of a letter beside the one at hand.
    pub(super) fn engine_beside(&mut self, event: &Event) -> Option<Vec<Action>> {
        let doc = match event {
            Event::Laid(doc, _)
            | Event::Redrawn(doc, _)
            | Event::Ledger(doc, _)
            | Event::Asked(doc, _)
            | Event::Tile(doc, _)
            | Event::Hit(doc, ..)
            | Event::Stop(doc, _)
            | Event::Selection(doc, ..)
            | Event::Found(doc, ..) => *doc,
            Event::NotOpened(doc, _) => {
                let at = self.stack.coming.iter().position(|(coming, _)| coming == doc)?;
                self.stack.coming.remove(at);
                return Some(Vec::new());
            }
            _ => return None,
        };
        if !self.stack.beside.iter().any(|open| open.doc == doc) {
            return None;
        }
        let (event, sheet) = (event.clone(), self.sheet);
        let done = self.as_if_open(doc, |state| state.engine(event));
        // A sheet is about the letter at hand: what was clicked in another one is over.
        self.sheet = sheet;
        done
    }

    /// Does something as if this letter were the one at hand.
    pub(super) fn as_if_open<T>(
        &mut self,
        doc: DocId,
        act: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        let at = self.stack.beside.iter().position(|open| open.doc == doc)?;
        let open = self.stack.beside.remove(at);
        let before = self.open.replace(open);
        let sheet = self.sheet;
        let done = act(self);
        if sheet.is_some_and(|sheet| sheet != Sheet::Keys) {
            self.sheet = sheet;
        }
        if let Some(open) = std::mem::replace(&mut self.open, before) {
            self.stack.beside.insert(at.min(self.stack.beside.len()), open);
        }
        Some(done)
    }

    fn fold_in_stack(&mut self, id: LetterId) -> Vec<Action> {
        if self.stack.beside.is_empty() {
            return Vec::new();
        }
        let own = self.open.as_ref().is_some_and(|open| open.id == Some(id));
        // The newest of the others is the one at hand then.
        if own {
            let letters = self.conversation.letters.iter().rev();
            let newest = letters.filter(|letter| letter.id != id).find_map(|letter| {
                self.stack.beside.iter().find(|open| open.id == Some(letter.id))
            });
            let Some(doc) = newest.map(|open| open.doc) else { return Vec::new() };
            self.hand_alone(doc);
        }
        self.anchored(|state| {
            let at = state.stack.beside.iter().position(|open| open.id == Some(id));
            let gone = at.map(|at| state.stack.beside.remove(at));
            gone.map(|open| Action::Ask(Command::Close(open.doc))).into_iter().collect()
        })
    }

    /// Flags of a letter of the conversation.
    pub(super) fn flags_in_stack(&self, id: LetterId) -> Flags {
        let letter = self.conversation.letters.iter().find(|letter| letter.id == id);
        letter.map_or(Flags::NONE, |letter| letter.flags)
    }

    /// A letter beside the one at hand was looked at long enough.
    pub(super) fn seen_beside(&mut self, doc: DocId) -> Option<Vec<Action>> {
        let open = self.stack.beside.iter().find(|open| open.doc == doc)?;
        let id = open.id.filter(|_| !open.kept_unread)?;
        if open.is_out_of_sight() || open.seen.is_none() {
            // That counts from when it comes into sight.
            return Some(Vec::new());
        }
        if self.flags_in_stack(id).has(Flags::SEEN) {
            return Some(Vec::new());
        }
        self.list.set_flags(id, Flags::SEEN, Flags::NONE);
        for letter in self.conversation.letters.iter_mut().filter(|letter| letter.id == id) {
            letter.flags = letter.flags.with(Flags::SEEN);
        }
        let (letters, add, remove) = (vec![id], Flags::SEEN, Flags::NONE);
        Some(vec![Action::Ask(Command::Flag { letters, add, remove })])
    }
}
