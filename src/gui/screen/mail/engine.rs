//! What follows from what the engine says.

use super::deeds::SEEN_AFTER;
use super::open::{Open, Wanted};
use super::{Action, Due, Notice, Read, Sheet, State};
use crate::engine::protocol::{Command, Event, NotDone, OpenLetter};
use crate::gui::screen::compose;
use crate::html::worker::protocol::{DocId, Hit, Laid};
use crate::model::Flags;
use std::sync::Arc;

impl State {
    pub(super) fn engine(&mut self, event: Event) -> Vec<Action> {
        if let Some(actions) = self.engine_beside(&event) {
            return actions;
        }
        let scale = self.scale;
        let open = |state: &mut Self, doc: DocId| state.open.take_if(|open| open.doc == doc);
        match event {
            Event::Outbox => {
                let mut actions = self.read_outbox();
                actions.extend(self.journey_again());
                actions
            }
            Event::Told(told) => self.told(&told),
            Event::Receipts(_) => self.journey_again(),
            Event::ReceiptAnswered(letter, answered) => self.receipt_answered(letter, answered),
            Event::ReceiptsAsked(trouble) => {
                self.receipts.asked(trouble);
                Vec::new()
            }
            Event::ReceiptServerSet(number, set) => self.receipt_server_set(number, set),
            event if self.is_of_preview(&event) => self.preview_told(event),
            event if self.writing.as_ref().is_some_and(|writing| writing.has_doc(&event)) => {
                self.compose(compose::Message::Engine(event))
            }
            Event::Writing(..)
            | Event::DraftSaved(..)
            | Event::DraftNotSaved(..)
            | Event::Files(..)
            | Event::Preflight(..)
            | Event::NotLookedThrough(..)
            | Event::Given(..)
            | Event::TakenBack(..) => self.of_writing(event),
            Event::Opened(doc, letter) => self.opened(doc, letter),
            Event::NotOpened(doc, why) => {
                if self.coming.is_some_and(|(coming, _)| coming == doc) {
                    self.coming = None;
                    if self.stays_outside(doc) {
                        return self.say(Notice::Failed(NotDone::NoFile));
                    }
                    let closed = self.close();
                    self.not_opened = Some(why);
                    return closed;
                }
                Vec::new()
            }
            Event::Laid(doc, laid) => self.laid(doc, Some(laid)),
            Event::Redrawn(doc, redrawn) => {
                let mut ask = Vec::new();
                let laid = redrawn.laid;
                let mut other_links = false;
                if let Some(mut open) = open(self, doc) {
                    open.fallback = redrawn.fallback;
                    other_links = open.links != redrawn.links;
                    open.links = redrawn.links;
                    if laid.is_none() {
                        open.laid = None;
                        open.selected = (Vec::new(), String::new());
                        let text: Arc<str> = redrawn.text.into();
                        ask.push(Action::Read(Read::Text(doc, text, self.columns())));
                    }
                    self.open = Some(open);
                }
                // The number of a link of what was drawn before means another one now.
                if other_links && matches!(self.sheet, Some(Sheet::Link(_))) {
                    self.sheet = None;
                }
                ask.extend(self.laid(doc, laid));
                ask
            }
            Event::Ledger(doc, ledger) => {
                if let Some(open) = self.open.as_mut().filter(|open| open.doc == doc) {
                    open.judged(ledger);
                }
                Vec::new()
            }
            Event::Asked(doc, count) => {
                if let Some(open) = self.open.as_mut().filter(|open| open.doc == doc) {
                    open.requests = count;
                }
                Vec::new()
            }
            Event::Tile(doc, tile) => {
                if let Some(open) = self.open.as_mut().filter(|open| open.doc == doc) {
                    open.painted(&tile);
                }
                Vec::new()
            }
            Event::Hit(doc, at, hit) => self.hit(doc, at, hit),
            Event::Stop(doc, stop) => self.come_to(doc, stop),
            Event::Selection(doc, rects, text) => {
                if let Some(open) = self.open.as_mut().filter(|open| open.doc == doc) {
                    open.selected = (rects, text);
                }
                Vec::new()
            }
            Event::Found(doc, text, places) => {
                if let Some(mut open) = open(self, doc) {
                    // An answer to what was typed before is none to this.
                    let top = open.top();
                    if let Some(find) = open.find.as_mut().filter(|find| find.text == text) {
                        // The first one at or below what is seen.
                        let factor = open.laid.map_or(1.0, |laid| laid.factor / scale);
                        let below = |rects: &Vec<_>| {
                            rects.first().is_some_and(
                                |rect: &crate::html::worker::protocol::Rect| rect.y * factor >= top,
                            )
                        };
                        find.here = places.iter().position(below).unwrap_or(0);
                        find.places = places;
                        find.answered = true;
                    }
                    self.open = Some(open);
                    self.reveal_found();
                }
                self.paint()
            }
            Event::Archiving(_) | Event::Archived(_) => self.archiving_told(event),
            Event::Storage(storage) => self.measured(storage),
            Event::Saved(path) => self.say(Notice::Saved(path)),
            Event::Printed(path, lacking) => self.say(Notice::Printed(path, lacking)),
            Event::SavedAll(folder, count) => self.say(Notice::SavedAll(folder, count)),
            Event::NotSaved(path, why) => self.say(Notice::NotSaved(path, why)),
            Event::Sync(account, event) => self.sync_told(account, event),
            Event::Conversation(account, lines) => self.talked(account, &lines),
            Event::AccountRemoved(account, outcome) => self.account_removed(account, outcome),
            Event::Changed(_) | Event::AccountAdded(Ok(_)) | Event::Resync => self.changed(),
            Event::Gesture(gesture) => self.done(gesture),
            Event::Unchanged => self.unchanged(),
            Event::Withdrawn(number, left) => self.withdrawn(number, left),
            Event::GoneOn(gesture) => self.gone_on(&gesture),
            Event::Undone(gesture, left) => self.undone(gesture, left),
            Event::NotActed(undo, why) => self.not_acted(undo, why),
            Event::RolledBack(back) => self.rolled_back(back),
            Event::AccountChanged(..) | Event::PasswordKept(..) | Event::AccountTested(..) => {
                self.account_told(event)
            }
            // Whoever shows the form of an account, or a letter being written, answers these.
            Event::ServersFound(..)
            | Event::AccountAdded(Err(_))
            | Event::NoAccountsHere
            | Event::Drafts => Vec::new(),
            Event::Rules(rules) => {
                self.rules = rules;
                let seen = self.sheet == Some(Sheet::Rules);
                seen.then_some(Action::Read(Read::Rules)).into_iter().collect()
            }
            Event::Remote(remote) => {
                self.remote_told(remote);
                Vec::new()
            }
            Event::Failed(why) => self.failed(why),
            Event::Ended => {
                self.ended = true;
                self.closing_ends()
            }
        }
    }

    pub(super) fn opened(&mut self, doc: DocId, letter: Arc<OpenLetter>) -> Vec<Action> {
        if let Some(mut actions) = self.opened_beside(doc, &letter) {
            actions.extend(self.paint());
            return actions;
        }
        if self.stack.beside.iter().any(|open| open.doc == doc) {
            // Read again in another charset.
            let again = self.as_if_open(doc, |state| state.opened(doc, letter));
            return again.unwrap_or_default();
        }
        let mut actions = Vec::new();
        let mut charset = None;
        match &self.open {
            // Read again in another charset.
            Some(open) if open.doc == doc => charset.clone_from(&open.charset),
            _ if self.coming.is_some_and(|(coming, _)| coming == doc) => {
                actions.extend(self.comes_within(doc));
                match self.stay_beside() {
                    Some(gone) => actions.extend(gone),
                    None => actions.extend(self.close()),
                }
                self.coming = None;
                // What is asked or chosen has nothing to do with what is in sight.
                if !matches!(
                    self.sheet,
                    Some(
                        Sheet::Move
                            | Sheet::Labels
                            | Sheet::FolderName
                            | Sheet::Keep(_)
                            | Sheet::Ask(_)
                            | Sheet::Talk(_)
                    )
                ) {
                    self.sheet = None;
                }
            }
            _ => return vec![Action::Ask(Command::Close(doc))],
        }
        self.menu = None;
        self.not_opened = None;
        self.source = None;
        self.source_marked = None;
        self.ledger.0 = 0.0;
        self.unfolded = false;
        let again = self.open.as_ref().is_some_and(|open| open.doc == doc);
        let mut open = Open::new(doc, letter);
        open.charset = charset;
        if open.laid.is_none() {
            let text: Arc<str> = open.letter.text.as_str().into();
            actions.push(Action::Read(Read::Text(doc, text, self.columns())));
        }
        let id = open.id;
        self.open = Some(open);
        self.conversation_opened();
        let begun = self.begin_stack();
        if begun.is_empty() && !again {
            self.reveal_open();
        }
        actions.extend(begun);
        if id.is_some() && !self.open_flags().has(Flags::SEEN) {
            actions.push(Action::Later(Due::Seen(doc), SEEN_AFTER));
        }
        actions.extend(self.read_journey());
        if self.sheet == Some(Sheet::Source) {
            actions.extend(self.open_sheet(Sheet::Source));
        }
        actions.extend(self.paint());
        actions
    }

    pub(super) fn laid(&mut self, doc: DocId, laid: Option<Laid>) -> Vec<Action> {
        let (view, scale) = (self.view, self.scale);
        let mut again = None;
        if let Some(open) = self.open.as_mut().filter(|open| open.doc == doc)
            && let Some(laid) = laid
        {
            open.laid_out(laid, view, scale);
            // What was found lies elsewhere now.
            if let Some(find) = &open.find
                && !find.text.is_empty()
            {
                again = Some(Action::Ask(Command::Find(doc, find.text.clone())));
            }
        }
        let mut actions = self.paint();
        actions.extend(again);
        actions
    }

    pub(super) fn hit(&mut self, doc: DocId, at: (f32, f32), hit: Hit) -> Vec<Action> {
        let Some(open) = self.open.as_mut().filter(|open| open.doc == doc) else {
            return Vec::new();
        };
        let wanted = open.wanted.take_if(|(place, _)| *place == at);
        open.under = hit;
        match wanted {
            Some((_, Wanted::Followed)) => self.follow_link(hit),
            Some((_, Wanted::Menu(inside))) => self.open_menu_in_letter(inside),
            None => Vec::new(),
        }
    }

    /// What is there is a link, or opens and closes a folded part.
    pub(super) fn follow_link(&mut self, hit: Hit) -> Vec<Action> {
        let Some(open) = &self.open else { return Vec::new() };
        let doc = open.doc;
        match open.link(hit.link) {
            Some((at, _)) => self.open_sheet(Sheet::Link(at)),
            None => {
                hit.fold.map(|fold| Action::Ask(Command::Fold(doc, fold))).into_iter().collect()
            }
        }
    }
}
