//! The list of letters: which rows there are, which are read, what is selected.
//! Of a hundred thousand letters it holds a few pages.

use super::Place;
use super::fold::Fold;
use super::many::Many;
use crate::gui::taste::Density;
use crate::gui::widget::rows::Window;
use crate::model::{Flags, LetterId, ThreadId};
use crate::store::search::Snippet;
use crate::store::{LetterRow, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rows of a page.
pub const PAGE: usize = 100;
/// Pages that are kept.
const KEPT: usize = 8;

/// A row as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The letter.
    pub letter: LetterRow,
    /// Letters of its conversation.
    pub thread: u64,
    /// How its subject, its sender and its text answer the search.
    pub marks: Option<Box<Marks>>,
    /// How it stands in its conversation.
    pub fold: Fold,
}

/// Where a search hit a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Marks {
    /// In the sender.
    pub from: Snippet,
    /// In the subject.
    pub subject: Snippet,
    /// In the text: read later, for rows in sight.
    pub text: Option<Snippet>,
}

/// The list.
#[derive(Debug)]
pub struct List {
    /// What it shows.
    pub place: Place,
    /// Which reading its rows are of: answers to earlier ones are passed over.
    pub generation: u64,
    /// The reading that was the first of this place since it was gone to.
    pub begun: u64,
    /// The reading that was the first since the store has changed.
    pub reading: u64,
    /// Conversations whose letters stand below each other.
    pub unfolded: Arc<BTreeSet<ThreadId>>,
    /// How far it is scrolled.
    pub offset: f64,
    /// Height of its view.
    pub height: f32,
    /// How close its rows stand.
    pub density: Density,
    /// Rows there are, once that is known.
    pub total: Option<usize>,
    /// The letter that is selected, and its row.
    pub selected: Option<(usize, LetterId)>,
    /// A row that is to be selected once it has been read.
    pub wanted: Option<usize>,
    /// Several that are picked at once.
    pub many: Many,
    /// Why there are no rows.
    pub error: Option<StoreError>,
    /// The selected letter as it was read last.
    chosen: Option<Row>,
    /// It is meant by itself, though its row may stand for several.
    alone: bool,
    rows: BTreeMap<usize, Row>,
    asked: BTreeSet<usize>,
    /// Pages whose rows are of the present reading.
    fresh: BTreeSet<usize>,
    snippets: BTreeSet<LetterId>,
}

impl List {
    /// An empty list of a place.
    pub fn new(place: Place) -> Self {
        Self {
            place,
            generation: 0,
            begun: 0,
            reading: 0,
            unfolded: Arc::default(),
            offset: 0.0,
            height: 700.0,
            density: Density::default(),
            total: None,
            selected: None,
            wanted: None,
            many: Many::default(),
            error: None,
            chosen: None,
            alone: false,
            rows: BTreeMap::new(),
            asked: BTreeSet::new(),
            fresh: BTreeSet::new(),
            snippets: BTreeSet::new(),
        }
    }

    /// Where it stands.
    pub fn window(&self) -> Window {
        Window {
            total: self.total.unwrap_or(0),
            row: self.density.row(),
            offset: self.offset,
            height: self.height,
        }
    }

    /// A row, if it has been read.
    pub fn row(&self, at: usize) -> Option<&Row> {
        self.rows.get(&at)
    }

    /// Rows that were read, with their places.
    pub fn rows_read(&self) -> impl Iterator<Item = (usize, &Row)> {
        self.rows.iter().map(|(at, row)| (*at, row))
    }

    /// The same, to be shown otherwise before the store has it.
    pub(super) fn rows_to_change(&mut self) -> impl Iterator<Item = (usize, &mut Row)> {
        self.rows.iter_mut().map(|(at, row)| (*at, row))
    }

    /// The selected letter, likewise.
    pub(super) fn chosen_to_change(&mut self) -> Option<&mut Row> {
        self.chosen.as_mut()
    }

    /// Rows that were read, to be given back by [`Self::put_rows`].
    pub(super) fn take_rows(&mut self) -> BTreeMap<usize, Row> {
        std::mem::take(&mut self.rows)
    }

    /// What is left after `gone` letters were taken out.
    pub(super) fn put_rows(&mut self, rows: BTreeMap<usize, Row>, gone: usize) {
        self.rows = rows;
        self.total = self.total.map(|total| total.saturating_sub(gone));
        self.offset = self.window().clamp(self.offset);
    }

    /// Where a letter stands among the rows that were read: the row of its own, or the one
    /// that stands for it.
    pub fn at(&self, id: LetterId) -> Option<usize> {
        let is_fresh = |at: &usize| self.fresh.contains(&(*at / PAGE));
        let find = |fresh: bool| {
            let rows = || self.rows.iter().filter(move |(at, _)| !fresh || is_fresh(at));
            let own = rows().find(|(_, row)| row.letter.id == id);
            own.or_else(|| rows().find(|(_, row)| row.holds(id))).map(|(at, _)| *at)
        };
        // Rows of an earlier reading may lie elsewhere by now.
        find(true).or_else(|| find(false))
    }

    /// Everything anew: another place, or another question.
    pub fn restart(&mut self, place: Place) {
        let mut chosen = self.chosen.take();
        if let Some(row) = &mut chosen {
            // What else its row stood for is not seen until it has been read again.
            row.fold = Fold::Alone;
        }
        *self = Self {
            generation: self.generation + 1,
            begun: self.generation + 1,
            reading: self.generation + 1,
            height: self.height,
            density: self.density,
            chosen,
            alone: self.alone || place != self.place,
            many: self.many.renewed(),
            ..Self::new(place)
        };
    }

    /// The same place anew: what is shown stays until the new rows come.
    pub fn refresh(&mut self) {
        self.refold();
        self.reading = self.generation;
    }

    /// The same letters in other rows.
    pub fn refold(&mut self) {
        self.generation += 1;
        self.asked.clear();
        self.fresh.clear();
        self.snippets.clear();
    }

    /// Whether all these rows, both included, are of one reading: others may lie elsewhere
    /// by now.
    pub fn is_of_one_reading(&self, from: usize, to: usize) -> bool {
        (from / PAGE..=to / PAGE).all(|page| self.fresh.contains(&page))
    }

    /// Pages in sight, and the ones beside them, that were not asked for yet.
    pub fn missing(&mut self) -> Vec<usize> {
        let Some(total) = self.total else { return Vec::new() };
        let sight = self.window().in_sight();
        let first = sight.start.saturating_sub(PAGE / 4) / PAGE;
        let last = (sight.end + PAGE / 4).min(total.saturating_sub(1)) / PAGE;
        (first..=last).filter(|page| total > 0 && self.asked.insert(*page)).collect()
    }

    /// Other rows: the first one in sight stays the first.
    pub fn set_density(&mut self, density: Density) {
        let first = self.offset / f64::from(self.density.row());
        self.density = density;
        self.offset = self.window().clamp(first * f64::from(density.row()));
    }

    /// A page was asked for.
    pub fn asked(&mut self, page: usize) {
        self.asked.insert(page);
    }

    /// Rows in sight whose piece of text has not been read yet.
    pub fn without_text(&mut self) -> Vec<LetterId> {
        let sight = self.window().in_sight();
        let rows = self.rows.range(sight);
        rows.filter(|(_, row)| row.marks.as_ref().is_some_and(|marks| marks.text.is_none()))
            .map(|(_, row)| row.letter.id)
            .filter(|id| self.snippets.insert(*id))
            .collect()
    }

    /// Keeps rows that were read from `first` on; of `count` expected.
    pub fn keep(&mut self, first: usize, rows: Vec<Row>) {
        let end = first + PAGE;
        self.rows.retain(|at, _| *at < first || *at >= end);
        for (at, row) in rows.into_iter().enumerate() {
            self.rows.insert(first + at, row);
        }
        self.fresh.insert(first / PAGE);
        let here = self.window().in_sight().start / PAGE;
        while self.rows.len() > KEPT * PAGE {
            let low = self.rows.keys().next().map_or(0, |at| at / PAGE);
            let high = self.rows.keys().next_back().map_or(0, |at| at / PAGE);
            let far = if here.abs_diff(low) > here.abs_diff(high) { low } else { high };
            self.rows.retain(|at, _| at / PAGE != far);
            self.asked.remove(&far);
            self.fresh.remove(&far);
        }
        self.find_selected();
    }

    /// Keeps all the rows there are.
    pub fn keep_all(&mut self, mut rows: Vec<Row>) {
        self.total = Some(rows.len());
        // Pieces of text already read are shown until they come again.
        let mut texts: BTreeMap<LetterId, Snippet> = std::mem::take(&mut self.rows)
            .into_values()
            .filter_map(|row| Some((row.letter.id, row.marks?.text?)))
            .collect();
        for row in &mut rows {
            if let Some(marks) = &mut row.marks {
                marks.text = texts.remove(&row.letter.id);
            }
        }
        self.rows = rows.into_iter().enumerate().collect();
        self.offset = self.window().clamp(self.offset);
        self.find_selected();
    }

    /// How many rows there are now.
    pub fn set_total(&mut self, total: usize) {
        self.total = Some(total);
        self.rows.retain(|at, _| *at < total);
        self.offset = self.window().clamp(self.offset);
    }

    /// Keeps the piece of text of a row.
    pub fn keep_text(&mut self, id: LetterId, text: Snippet) {
        for row in self.rows.values_mut().filter(|row| row.letter.id == id) {
            if let Some(marks) = &mut row.marks {
                marks.text = Some(text.clone());
            }
        }
    }

    /// Shows flags before the store has them.
    pub fn set_flags(&mut self, id: LetterId, add: Flags, remove: Flags) {
        self.change_of(&[id], |row, of| row.set_flags(of, add, remove));
    }

    /// Shows these letters changed: every row is told which they are.
    pub(super) fn change_of(
        &mut self,
        letters: &[LetterId],
        change: impl Fn(&mut Row, &BTreeSet<LetterId>),
    ) {
        let letters: BTreeSet<LetterId> = letters.iter().copied().collect();
        for row in self.rows.values_mut().chain(&mut self.chosen) {
            change(row, &letters);
        }
    }

    /// The letter that is selected, as it was read last: its row may be out of sight.
    pub fn chosen(&self) -> Option<&Row> {
        self.chosen.as_ref()
    }

    /// Selects a letter that was chosen elsewhere: at about this row. What is done is done to
    /// what this row stands for: to a letter alone, though the list's row may stand for more.
    pub fn keep_chosen(&mut self, at: usize, row: Row) {
        self.alone = row.fold == Fold::Alone;
        self.selected = Some((at, row.letter.id));
        self.chosen = Some(row);
        self.find_selected();
    }

    /// The same, of its letter alone.
    pub fn keep_chosen_alone(&mut self, at: usize, row: Row) {
        self.keep_chosen(at, Row { fold: Fold::Alone, ..row });
    }

    /// The selected letter alone is meant until its row has been read again.
    pub(super) fn part_chosen(&mut self, thread: ThreadId) {
        if let Some(row) = self.chosen.as_mut().filter(|row| row.letter.thread == thread) {
            row.fold = Fold::Alone;
        }
    }

    /// Nothing is selected.
    pub fn choose_nothing(&mut self) {
        (self.selected, self.chosen) = (None, None);
    }

    /// Takes letters of one row out, before the store is read again; where it was. A row
    /// that stands for others as well stays.
    pub fn take_out(&mut self, letters: &[LetterId]) -> Option<usize> {
        let id = *letters.first()?;
        let at = self.at(id)?;
        let row = self.rows.get_mut(&at)?;
        if row.take_out(&letters.iter().copied().collect()) {
            // What it says of the newest is so until it has been read again.
            return (!letters.contains(&row.letter.id)).then_some(at);
        }
        let below = self.rows.split_off(&at);
        self.rows.extend(below.into_iter().skip(1).map(|(at, row)| (at.saturating_sub(1), row)));
        self.total = self.total.map(|total| total.saturating_sub(1));
        self.offset = self.window().clamp(self.offset);
        match self.selected {
            Some((_, selected)) if letters.contains(&selected) => self.selected = None,
            Some((row, other)) if row > at => self.selected = Some((row - 1, other)),
            _ => {}
        }
        Some(at)
    }

    /// Selects a row and brings it into sight.
    pub fn select(&mut self, at: usize) -> Option<LetterId> {
        let row = self.rows.get(&at)?;
        let id = row.letter.id;
        self.chosen = Some(row.clone());
        self.alone = false;
        self.selected = Some((at, id));
        self.offset = self.window().reveal(at);
        Some(id)
    }

    /// The row `by` rows from the selected one.
    pub fn beside(&self, by: isize) -> Option<usize> {
        let total = self.total.filter(|total| *total > 0)?;
        let at = match self.selected {
            None => return Some(if by == isize::MAX { total - 1 } else { 0 }),
            Some((at, _)) => at.saturating_add_signed(by).min(total - 1),
        };
        Some(at)
    }

    /// New letters move the selected one down.
    fn find_selected(&mut self) {
        let Some((at, id)) = self.selected else { return };
        let here = self.rows.get(&at).filter(|row| row.letter.id == id).map(|_| at);
        let Some(at) = here.or_else(|| self.at(id)) else { return };
        let Some(row) = self.rows.get(&at) else { return };
        self.selected = Some((at, id));
        let own = row.letter.id == id;
        let mut row = row.clone();
        if !own {
            // The row stands for it, and says of the newest what was known of this one.
            let Some(chosen) = self.chosen.take().filter(|chosen| chosen.letter.id == id) else {
                return;
            };
            row.letter = chosen.letter;
        }
        if self.alone {
            row.fold = Fold::Alone;
        }
        self.chosen = Some(row);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
pub(super) mod tests {
    use super::*;
    use crate::model::ThreadId;

    pub fn row(id: i64) -> Row {
        let letter = LetterRow {
            id: LetterId(id),
            thread: ThreadId(id),
            account: "local".into(),
            folder: "inbox".into(),
            from: None,
            to: Vec::new(),
            subject: format!("letter {id}"),
            date: 0,
            flags: Flags::NONE,
            labels: Vec::new(),
            size: 0,
            has_attachment: false,
            trackers: 0,
            preview: String::new(),
        };
        Row::of(letter)
    }

    fn rows(first: usize) -> Vec<Row> {
        (first..first + PAGE).map(|at| row(at as i64)).collect()
    }

    #[test]
    fn a_long_list_is_read_where_it_is_looked_at_and_holds_a_few_pages() {
        let mut list = List::new(Place::All);
        list.set_total(100_000);
        assert_eq!(list.missing(), [0]);
        assert!(list.missing().is_empty(), "asked twice");
        for page in 0..40 {
            list.offset = f64::from(list.density.row()) * (page * PAGE) as f64;
            list.missing();
            list.keep(page * PAGE, rows(page * PAGE));
        }
        assert!(list.rows.len() <= KEPT * PAGE);
        assert!(list.row(39 * PAGE).is_some() && list.row(0).is_none());
        // What was dropped is read again when it is looked at again.
        list.offset = 0.0;
        assert!(list.missing().contains(&0));
    }

    #[test]
    fn closer_rows_leave_what_was_looked_at_in_sight() {
        let mut list = List::new(Place::All);
        list.set_total(1_000);
        list.offset = 76.0 * 50.0;
        list.set_density(Density::Compact);
        assert_eq!((list.window().in_sight().start, list.window().row), (50, 44.0));
        list.set_density(Density::Comfortable);
        assert_eq!(list.offset, 76.0 * 50.0);
        // A place that is gone to has them as well.
        list.set_density(Density::Compact);
        list.restart(Place::Starred);
        assert_eq!(list.window().row, 44.0);
    }

    #[test]
    fn the_selected_letter_stays_selected_when_new_ones_come() {
        let mut list = List::new(Place::All);
        list.set_total(100);
        list.keep(0, rows(0));
        assert_eq!(list.select(5), Some(LetterId(5)));
        list.refresh();
        list.set_total(101);
        let mut newer = vec![row(1000)];
        newer.extend(rows(0).into_iter().take(99));
        list.keep(0, newer);
        assert_eq!(list.selected, Some((6, LetterId(5))));
        assert_eq!(list.beside(1), Some(7));
        assert_eq!(list.beside(-100), Some(0));
    }
}
