//! Several letters picked at once: which they are.
//!
//! Promise: what is picked stays picked, and nothing else joins it, whatever comes meanwhile:
//! a range is its letters as they were when it was drawn. Of a hundred thousand it holds
//! their numbers, eight bytes each, found by the store off the window's thread; until they
//! have come the rows themselves are meant, and what is to be done with them waits.

use super::list::{List, Row};
use super::{Action, Message, Notice, Place, Read, State};
use crate::model::{Flags, LetterId, Role};
use crate::store::StoreError;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Rows of a range that are looked up among those already read.
const NEAR: usize = 1_000;

/// One end of a range: its row, and the letter there if that was read.
pub type End = (usize, Option<LetterId>);

/// What is picked.
#[derive(Debug, Default)]
pub struct Many {
    /// Their numbers, ascending.
    letters: Arc<[LetterId]>,
    /// Others, picked one by one.
    more: BTreeSet<LetterId>,
    /// Some of `letters` that were let go one by one.
    less: BTreeSet<LetterId>,
    /// Rows that are meant, until their letters are known.
    rows: Option<(usize, usize)>,
    /// Which range it is whose letters are asked for.
    number: u64,
    /// Where a range begins.
    anchor: Option<End>,
    /// Where it ends just now.
    head: Option<End>,
    /// How many of `letters` lie in the trash, where that is not seen from the place.
    trashed: usize,
    /// The row one was at before.
    before: Option<(usize, Row)>,
    /// Only a menu asked for it: it goes with the menu.
    pub by_menu: bool,
    /// What is to be done as soon as the letters are known.
    waits: Option<Box<Message>>,
}

impl Many {
    /// Whether anything is picked.
    pub fn is_any(&self) -> bool {
        self.count() > 0
    }

    /// How many letters are picked.
    pub fn count(&self) -> usize {
        match self.rows {
            Some((from, to)) => to - from + 1,
            None => (self.letters.len() + self.more.len()).saturating_sub(self.less.len()),
        }
    }

    /// Whether the letter of a row is picked.
    pub fn has(&self, at: usize, id: LetterId) -> bool {
        match self.rows {
            Some((from, to)) => (from..=to).contains(&at),
            None => {
                self.more.contains(&id)
                    || (self.letters.binary_search(&id).is_ok() && !self.less.contains(&id))
            }
        }
    }

    /// Whether a row is picked, or something of what it stands for.
    pub fn has_row(&self, at: usize, row: &Row) -> bool {
        self.is_any() && row.letters().any(|id| self.has(at, id))
    }

    /// Whether all of what it stands for is.
    fn has_all(&self, at: usize, row: &Row) -> bool {
        row.letters().all(|id| self.has(at, id))
    }

    /// The letters, ascending; none while they are being asked for.
    pub fn letters(&self) -> Option<Vec<LetterId>> {
        if self.rows.is_some() {
            return None;
        }
        let kept = self.letters.iter().filter(|id| !self.less.contains(id)).copied();
        let mut letters: Vec<LetterId> = kept.chain(self.more.iter().copied()).collect();
        letters.sort_unstable();
        letters.dedup();
        Some(letters)
    }

    /// The letter, if it is one.
    pub fn only(&self) -> Option<LetterId> {
        match (self.count(), self.rows) {
            (1, None) => {
                let kept = self.letters.iter().find(|id| !self.less.contains(id));
                kept.or_else(|| self.more.first()).copied()
            }
            _ => None,
        }
    }

    /// Nothing is picked; what was asked for before is not waited for.
    pub(super) fn renewed(&self) -> Self {
        Self { number: self.number, ..Self::default() }
    }

    /// The row one was at before, with its letter.
    pub(super) fn take_before(&mut self) -> Option<(usize, Row)> {
        self.before.take()
    }

    fn set(&mut self, letters: Arc<[LetterId]>, trashed: usize) {
        self.letters = letters;
        self.trashed = trashed;
        self.more.clear();
        self.less.clear();
        self.rows = None;
    }

    fn toggle(&mut self, id: LetterId) {
        if self.letters.binary_search(&id).is_ok() {
            if !self.less.remove(&id) {
                self.less.insert(id);
            }
        } else if !self.more.remove(&id) {
            self.more.insert(id);
        }
    }
}

/// What a range holds, as the store says.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Its letters, ascending.
    pub letters: Arc<[LetterId]>,
    /// How many of them lie in the trash.
    pub trashed: usize,
}

impl List {
    /// The row that the arrows move from, while something is picked.
    pub fn head(&self) -> Option<usize> {
        self.many.head.filter(|_| self.many.is_any()).map(|end| self.now(end))
    }

    fn end(&self, at: usize) -> End {
        (at, self.row(at).map(|row| row.letter.id))
    }

    /// Where an end of a range is now: letters move when others come.
    fn now(&self, (at, id): End) -> usize {
        let same = |id: LetterId| self.row(at).is_some_and(|row| row.holds(id));
        match id {
            Some(id) if !same(id) => self.at(id).unwrap_or(at),
            _ => at,
        }
    }

    /// Letters of rows, if all of them were read.
    fn read_between(&self, from: usize, to: usize) -> Option<Vec<LetterId>> {
        if to - from >= NEAR || !self.is_of_one_reading(from, to) {
            return None;
        }
        self.letters_of(from, to)
    }

    /// The letters that rows stand for, if all of them were read.
    pub(super) fn letters_of(&self, from: usize, to: usize) -> Option<Vec<LetterId>> {
        let mut letters = Vec::new();
        for at in from..=to {
            letters.extend(self.row(at)?.letters());
        }
        Some(letters)
    }
}

impl State {
    /// Whether what the user does is about picked letters and not the open one.
    pub(super) fn is_many(&self) -> bool {
        self.list.many.is_any()
    }

    /// Whether they are shown instead of the open letter.
    pub(super) fn shows_many(&self) -> bool {
        self.is_many() && !self.list.many.by_menu
    }

    /// The picked rows that were read, in their order.
    pub(super) fn picked_rows(&self) -> impl Iterator<Item = &Row> {
        let rows = self.list.rows_read();
        rows.filter(|(at, row)| self.list.many.has_row(*at, row)).map(|(_, row)| row)
    }

    /// To the row `by` rows further, and all rows up to there.
    pub(super) fn extend(&mut self, by: isize) -> Vec<Action> {
        let Some(last) = self.list.total.and_then(|total| total.checked_sub(1)) else {
            return Vec::new();
        };
        let here = self.list.head().or(self.list.selected.map(|(at, _)| at));
        let Some(here) = here else { return self.extend_to(0) };
        self.extend_to(here.saturating_add_signed(by).min(last))
    }

    /// All rows from where one was up to this one.
    pub(super) fn extend_to(&mut self, to: usize) -> Vec<Action> {
        self.begin_many();
        let here = self.list.selected.map(|(at, id)| (at, Some(id)));
        let anchor = self.list.many.anchor.or(here).unwrap_or_else(|| self.list.end(to));
        let from = self.list.now(anchor);
        self.list.many.anchor = Some(anchor);
        self.list.many.head = Some(self.list.end(to));
        self.list.offset = self.list.window().reveal(to);
        let mut actions = self.span(from, to);
        actions.extend(self.read_rows());
        actions
    }

    /// Every letter of the place.
    pub(super) fn pick_all(&mut self) -> Vec<Action> {
        let Some(last) = self.list.total.and_then(|total| total.checked_sub(1)) else {
            return Vec::new();
        };
        self.begin_many();
        self.list.many.head = None;
        self.span(0, last)
    }

    /// This row as well, or no longer.
    pub(super) fn pick_one(&mut self, at: usize) -> Vec<Action> {
        let Some(row) = self.list.row(at) else { return Vec::new() };
        let (id, letters): (_, Vec<_>) = (row.letter.id, row.letters().collect());
        if self.list.many.rows.is_some() {
            self.list.many.waits = Some(Box::new(Message::Pick(super::picking::Pick::One(at))));
            return Vec::new();
        }
        if !self.is_many() {
            self.begin_many();
            // The one that was chosen before is picked with it.
            if let Some((_, chosen)) = self.list.selected.filter(|(_, id)| !letters.contains(id)) {
                let chosen = self
                    .list
                    .chosen()
                    .filter(|row| row.letter.id == chosen)
                    .map_or_else(|| vec![chosen], |row| row.letters().collect());
                chosen.into_iter().for_each(|id| self.list.many.toggle(id));
            }
        }
        let row = self.list.row(at);
        let all = row.is_some_and(|row| self.list.many.has_all(at, row));
        let many = &mut self.list.many;
        many.by_menu = false;
        for id in letters {
            if many.has(at, id) == all {
                many.toggle(id);
            }
        }
        many.anchor = Some((at, Some(id)));
        many.head = Some((at, Some(id)));
        if many.count() == 0 {
            return self.let_go();
        }
        Vec::new()
    }

    /// Only this row, for a menu, without opening it. What is picked already stays so.
    pub(super) fn pick_for_menu(&mut self, at: usize) -> bool {
        let Some(row) = self.list.row(at) else { return false };
        if self.list.many.has_row(at, row) {
            return true;
        }
        let (id, letters): (_, Vec<_>) = (row.letter.id, row.letters().collect());
        let is_open = self.open.as_ref().is_some_and(|open| open.id == Some(id));
        let chosen = self.list.selected.is_some_and(|(_, chosen)| chosen == id);
        self.let_go();
        if is_open && chosen && self.coming.is_none() && letters.len() == 1 {
            return true;
        }
        self.begin_many();
        letters.into_iter().for_each(|id| self.list.many.toggle(id));
        self.list.many.by_menu = true;
        true
    }

    /// These letters, without opening one, for as long as it is asked what to do with them.
    pub(super) fn pick_these(&mut self, letters: Vec<LetterId>) {
        self.let_go();
        self.begin_many();
        letters.into_iter().for_each(|id| self.list.many.toggle(id));
        self.list.many.by_menu = true;
    }

    fn begin_many(&mut self) {
        if !self.is_many() {
            let before = self.list.selected.map(|(at, _)| at).zip(self.list.chosen().cloned());
            self.list.many = Many { before, ..self.list.many.renewed() };
            self.list.wanted = None;
        }
    }

    /// The rows between these, both included.
    fn span(&mut self, one: usize, other: usize) -> Vec<Action> {
        let (from, to) = (one.min(other), one.max(other));
        let found = matches!(self.list.place, Place::Search | Place::Starred);
        let read = match found {
            true => self.list.letters_of(from, to),
            false => self.list.read_between(from, to),
        };
        self.list.many.number += 1;
        self.list.many.by_menu = false;
        // It was about another range.
        self.list.many.waits = None;
        if let Some(mut letters) = read {
            letters.sort_unstable();
            letters.dedup();
            self.list.many.set(letters.into(), 0);
            return Vec::new();
        }
        self.list.many.rows = Some((from, to));
        // To the last one, wherever that is by now.
        let is_last = Some(to + 1) == self.list.total;
        let end = if is_last { (usize::MAX, None) } else { self.list.end(to) };
        let ends = (self.list.end(from), end);
        let (number, place) = (self.list.many.number, self.list.place);
        vec![Action::Read(match self.is_bundled() {
            true => Read::BundleSpan(number, self.bundles_asked(), ends),
            false => Read::Span(number, place, self.sort_here(), ends),
        })]
    }

    /// The store has found the letters of a range.
    pub(super) fn span_read(&mut self, number: u64, span: Result<Span, StoreError>) -> Vec<Action> {
        if number != self.list.many.number || self.list.many.rows.is_none() {
            return Vec::new();
        }
        match span {
            Ok(span) => {
                self.list.many.set(span.letters, span.trashed);
                let waits = self.list.many.waits.take();
                waits.map_or_else(Vec::new, |message| self.update(*message))
            }
            Err(error) => {
                let mut actions = self.let_go();
                actions.extend(self.say(Notice::Failed(error.into())));
                actions
            }
        }
    }

    /// Nothing is picked any more; one is where one was before.
    pub(super) fn let_go(&mut self) -> Vec<Action> {
        let before = self.list.many.take_before();
        self.forget_many();
        if let Some((at, row)) = before {
            self.list.keep_chosen(at, row);
        }
        Vec::new()
    }

    /// Nothing is picked any more, and one stays here: another row is chosen.
    pub(super) fn forget_many(&mut self) {
        self.list.many = self.list.many.renewed();
        // What was being carried is not what would be put down.
        self.drag = None;
    }

    /// The letters that are picked; where they are still being asked for, `message` comes
    /// again when they are known.
    pub(super) fn picked_or(&mut self, message: &Message) -> Option<Vec<LetterId>> {
        let letters = self.list.many.letters();
        if letters.is_none() {
            self.list.many.waits = Some(Box::new(message.clone()));
        }
        letters
    }

    /// How many of the picked letters lie in the trash and would be deleted for good.
    pub(super) fn picked_in_trash(&self) -> usize {
        let trash = |row: &&Row| {
            self.folder_of(&row.letter).and_then(super::sidebar::role) == Some(Role::Trash)
        };
        self.picked_rows().filter(trash).map(Row::count).sum::<usize>().max(self.list.many.trashed)
    }

    /// Whether one of the picked letters that were read is without this flag.
    pub(super) fn some_picked_without(&self, flag: Flags) -> bool {
        let mut rows = self.picked_rows().peekable();
        match rows.peek() {
            None => true,
            Some(_) => rows.any(|row| row.has_without(flag)),
        }
    }
}
