//! Moving among places, searches and rows: what is read for that, and what is opened.

use super::{Action, Due, Place, Read, Search, State, list};
use crate::engine::protocol::Command;
use crate::model::LetterId;
use crate::store::{Folder, StoreError};
use std::path::PathBuf;
use std::time::Duration;

/// The store is read again at most this often.
const REST: Duration = Duration::from_millis(250);

/// How far what is shown is behind the store.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fresh {
    /// It is being read.
    reading: bool,
    /// It was read a moment ago.
    resting: bool,
    /// It has changed since.
    stale: bool,
}

impl State {
    pub(super) fn folders_read(&mut self, folders: Vec<Folder>) -> Vec<Action> {
        self.folders = folders;
        // A folder that is gone is left.
        let gone = match self.list.place {
            Place::Folder(id) => !self.folders.iter().any(|folder| folder.id == id),
            Place::Inboxes => self.inboxes() == 0,
            _ => false,
        };
        if gone {
            self.placed = false;
            self.back = None;
            self.list.restart(Place::All);
            let found = self.folders_placed();
            return if found.is_empty() { self.read_first() } else { found };
        }
        self.folders_placed()
    }

    /// Where to be, as long as nobody has chosen that.
    fn folders_placed(&mut self) -> Vec<Action> {
        // Until somebody has chosen where to be.
        let reads = self.open.as_ref().is_some_and(|open| open.id.is_some());
        if !self.placed && self.list.place == Place::All && !reads {
            // The inbox, where there is one with mail in it; all of them, where there are more.
            let some = self.folders.iter().find(|f| f.total > 0 && super::is_inbox(f));
            let place = match (some, self.inboxes()) {
                // The first mail of an account may be on its way.
                (None, _) if self.list.total.is_some() => return Vec::new(),
                (None, _) => Place::All,
                (Some(_), 2..) => Place::Inboxes,
                (Some(folder), _) => Place::Folder(folder.id),
            };
            self.placed = place != Place::All;
            self.list.restart(place);
            return self.read_first();
        }
        Vec::new()
    }

    /// How many inboxes there are.
    pub(super) fn inboxes(&self) -> usize {
        self.folders.iter().filter(|folder| super::is_inbox(folder)).count()
    }

    pub(super) fn page_read(
        &mut self,
        generation: u64,
        first: usize,
        page: Result<(Vec<list::Row>, usize), StoreError>,
    ) -> Vec<Action> {
        if generation != self.list.generation {
            return Vec::new();
        }
        let again = self.has_read();
        if !again.is_empty() {
            // Rows of before: shown until the newer ones come.
            if let Ok((rows, total)) = page {
                self.list.set_total(total);
                self.list.keep(first, rows);
            }
            return again;
        }
        match page {
            Ok((rows, total)) => {
                self.list.error = None;
                self.list.set_total(total);
                self.list.keep(first, rows);
                let mut actions = self.read_rows();
                actions.extend(self.select_back());
                if let Some(at) = self.list.wanted.filter(|at| self.list.row(*at).is_some()) {
                    actions.extend(self.choose(at));
                }
                actions
            }
            Err(error) => {
                self.list.error = Some(error);
                Vec::new()
            }
        }
    }

    pub(super) fn found(
        &mut self,
        generation: u64,
        rows: Result<Vec<list::Row>, StoreError>,
    ) -> Vec<Action> {
        if generation != self.list.generation {
            return Vec::new();
        }
        let again = self.has_read();
        match rows {
            Ok(rows) => {
                self.list.error = None;
                let rows = self.where_they_were(rows);
                self.list.keep_all(rows);
                let mut actions = self.select_back();
                if !again.is_empty() {
                    actions.extend(again);
                    return actions;
                }
                actions.extend(self.read_rows());
                actions
            }
            Err(error) => {
                self.list.error = Some(error);
                self.list.keep_all(Vec::new());
                Vec::new()
            }
        }
    }

    pub(super) fn go(&mut self, place: Place) -> Vec<Action> {
        self.placed = true;
        self.back = None;
        self.search = Search { typed: self.search.typed + 1, ..Default::default() };
        self.help.open = false;
        self.help.scope = super::searching::Scope::All;
        self.menu = None;
        // What went while it was not looked at is chosen no more.
        match place {
            Place::Outbox => self.stay_with_letter(),
            Place::Receipts => self.receipts.here = false,
            _ => {}
        }
        self.list.restart(place);
        let mut actions = self.read_first();
        if place == Place::Receipts {
            actions.push(Action::Ask(Command::AskReceipts));
        }
        actions
    }

    /// To the place so many further down the sidebar.
    pub(super) fn go_beside(&mut self, by: isize) -> Vec<Action> {
        let places = self.places();
        let here = places.iter().position(|place| *place == self.list.place);
        let last = places.len().saturating_sub(1);
        let to = here.map_or(0, |here| here.saturating_add_signed(by).min(last));
        match places.get(to) {
            Some(place) if Some(to) != here => self.go(*place),
            _ => Vec::new(),
        }
    }

    pub(super) fn search_now(&mut self) -> Vec<Action> {
        let text = super::searching::finished(&self.search.text).to_owned();
        if text.is_empty() || self.search.answered.as_ref() == Some(&text) {
            return Vec::new();
        }
        if self.list.place != Place::Search {
            self.search.before = Some((self.list.place, self.list.offset));
        }
        self.search.answered = Some(text);
        self.list.restart(Place::Search);
        self.read_first()
    }

    pub(super) fn leave_search(&mut self) -> Vec<Action> {
        self.search.answered = None;
        if self.list.place != Place::Search {
            return Vec::new();
        }
        let (place, offset) = self.search.before.take().unwrap_or((Place::All, 0.0));
        let selected = self.open.as_ref().and_then(|open| open.id);
        self.list.restart(place);
        self.list.offset = offset;
        self.list.selected = selected.map(|id| (0, id));
        self.read_first()
    }

    /// The first rows of a place that was just gone to.
    pub(super) fn read_first(&mut self) -> Vec<Action> {
        let read = match self.list.place {
            Place::Outbox => return self.read_outbox(),
            Place::Receipts => return vec![Action::Read(Read::Receipts)],
            Place::Starred => self.found_by("is:flagged".into()),
            Place::Search => {
                let text = self.search.answered.clone().unwrap_or_default();
                self.found_by(self.scoped(question(&text)))
            }
            _ => self.first_page(),
        };
        vec![Action::Read(read)]
    }

    /// Rows that are in sight and were not read yet.
    pub(super) fn read_rows(&mut self) -> Vec<Action> {
        let generation = self.list.generation;
        match self.list.place {
            Place::Search => {
                let ids = self.list.without_text();
                match &self.search.answered {
                    Some(text) if !ids.is_empty() => {
                        let question = self.scoped(question(text));
                        vec![Action::Read(Read::Snippets(generation, question, ids))]
                    }
                    _ => Vec::new(),
                }
            }
            Place::Starred | Place::Outbox | Place::Receipts => Vec::new(),
            place => self
                .list
                .missing()
                .into_iter()
                .map(|page| page * list::PAGE)
                .map(|first| Action::Read(self.page_of(generation, place, first)))
                .collect(),
        }
    }

    /// The store has changed. It is read again at once; what changes while that goes on,
    /// and shortly after, is read together: letters may come by the thousand.
    pub(super) fn changed(&mut self) -> Vec<Action> {
        if self.fresh.reading || self.fresh.resting {
            self.fresh.stale = true;
            return Vec::new();
        }
        self.refresh()
    }

    /// What was asked for by [`State::refresh`] has been read, or enough time has passed.
    pub(super) fn refresh_again(&mut self) -> Vec<Action> {
        match self.fresh.stale && !self.fresh.reading && !self.fresh.resting {
            true => self.refresh(),
            false => Vec::new(),
        }
    }

    /// The rows asked for by [`State::refresh`] have come.
    pub(super) fn has_read(&mut self) -> Vec<Action> {
        self.fresh.reading = false;
        self.refresh_again()
    }

    /// It may be read again.
    pub(super) fn rested(&mut self) -> Vec<Action> {
        self.fresh.resting = false;
        self.refresh_again()
    }

    /// Folders and the rows in sight anew.
    pub(super) fn refresh(&mut self) -> Vec<Action> {
        // These have no rows to wait for.
        let reading = !matches!(self.list.place, Place::Outbox | Place::Receipts);
        self.fresh = Fresh { reading, resting: true, stale: false };
        self.list.refresh();
        let mut actions = vec![Action::Read(Read::Folders), Action::Read(Read::Accounts)];
        actions.extend(self.read_first());
        actions.extend(self.conversation_again());
        actions.extend(self.missing_again());
        actions.push(Action::Later(Due::Refresh, REST));
        actions
    }

    /// A row was clicked.
    pub(super) fn choose(&mut self, at: usize) -> Vec<Action> {
        self.list.wanted = None;
        match self.list.select(at) {
            Some(id) if self.open.as_ref().is_some_and(|open| open.id == Some(id)) => {
                self.cancel_coming()
            }
            Some(id) => self.open_letter(id),
            None => Vec::new(),
        }
    }

    /// A row was moved to; one that is not read yet is only brought into sight.
    pub(super) fn move_to(&mut self, at: usize) -> Vec<Action> {
        let mut actions = self.choose(at);
        if self.list.row(at).is_none() {
            self.list.wanted = Some(at);
            self.list.offset = self.list.window().reveal(at);
        }
        actions.extend(self.read_rows());
        actions
    }

    /// A row was moved to where its letter would take the room of the list: it is chosen,
    /// and opened by a key of its own.
    pub(super) fn point_to(&mut self, at: usize) -> Vec<Action> {
        self.list.wanted = None;
        if self.list.select(at).is_none() {
            self.list.offset = self.list.window().reveal(at);
        }
        self.read_rows()
    }

    pub(super) fn open_letter(&mut self, id: LetterId) -> Vec<Action> {
        if let Some(actions) = self.open_in_stack(id) {
            return actions;
        }
        let mut actions = self.cancel_coming();
        self.forget_many();
        let doc = self.number();
        self.coming = Some((doc, Some(id)));
        self.not_opened = None;
        self.menu = None;
        actions.push(Action::Ask(Command::Open(doc, id, self.how())));
        actions.extend(self.read_conversation());
        actions
    }

    /// The letter in a file is to be shown. It lies in no folder, so no row is selected.
    pub(super) fn open_file(&mut self, path: PathBuf) -> Vec<Action> {
        let mut actions = self.stop_writing();
        actions.extend(self.cancel_coming());
        self.forget_many();
        let doc = self.number();
        self.coming = Some((doc, None));
        self.not_opened = None;
        self.menu = None;
        self.sheet = None;
        self.places_shown = false;
        self.list.selected = None;
        self.list.wanted = None;
        actions.push(Action::Ask(Command::OpenFile(doc, path, self.how())));
        actions
    }
}

/// The question the store is asked: a last word that is still being written is a
/// beginning. Words in scripts without spaces are found anywhere as they are.
pub(super) fn question(text: &str) -> String {
    let text = text.trim();
    let last = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let word = last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphanumeric());
    let operator = last == "OR";
    if word && !operator && text.matches('"').count().is_multiple_of(2) {
        return format!("{text}*");
    }
    text.to_owned()
}
