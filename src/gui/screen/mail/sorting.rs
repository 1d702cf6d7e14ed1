//! The order of the list, remembered for each place.

use super::spot::Kept;
use super::{Action, Place, Read, State, list};
use crate::gui::orders::settled;
use crate::store::Sort;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Places whose order is remembered, at most.
const MOST: usize = 1_000;

/// Each order with its name.
pub const SORTS: [(Sort, &str); 8] = [
    (Sort::Best, "sort-best"),
    (Sort::Newest, "sort-newest"),
    (Sort::Oldest, "sort-oldest"),
    (Sort::Sender, "sort-sender"),
    (Sort::Subject, "sort-subject"),
    (Sort::Size, "sort-size"),
    (Sort::Unread, "sort-unread"),
    (Sort::Starred, "sort-starred"),
];

/// The order of each place that is not in the usual one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sorts(Vec<(Kept, Sort)>);

impl Sorts {
    /// Whether all are in the usual one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The order of a place.
    pub fn of(&self, place: Place) -> Sort {
        let kept = Kept::of(place);
        let found = self.0.iter().find(|(place, _)| Some(*place) == kept);
        found.map_or(Sort::Newest, |(_, sort)| *sort)
    }

    fn set(&mut self, place: Place, sort: Sort) {
        let Some(kept) = Kept::of(place) else { return };
        self.0.retain(|(place, _)| *place != kept);
        if sort != Sort::Newest {
            if self.0.len() >= MOST {
                self.0.remove(0);
            }
            self.0.push((kept, sort));
        }
    }
}

impl State {
    /// Whether the list can be put in another order.
    pub(super) fn can_sort(&self) -> bool {
        self.is_listed() || matches!(self.list.place, Place::Starred | Place::Search)
    }

    /// Whether the list is read page by page, and not found by a search.
    pub(super) fn is_listed(&self) -> bool {
        matches!(self.list.place, Place::Folder(_) | Place::Inboxes | Place::All)
    }

    /// The orders that make sense here: best is what answers a question.
    pub(super) fn sorts_here(&self) -> impl Iterator<Item = (Sort, &'static str)> + use<> {
        let place = self.list.place;
        SORTS.into_iter().filter(move |(sort, _)| match sort {
            Sort::Best => place == Place::Search,
            Sort::Starred => place != Place::Starred,
            _ => true,
        })
    }

    /// The order of the list.
    pub fn sort_here(&self) -> Sort {
        match self.list.place {
            Place::Search => self.help.sort,
            place if self.can_sort() => self.sorts.of(place),
            _ => Sort::Newest,
        }
    }

    /// Puts the list in an order; the letter that is chosen stays so.
    pub(super) fn sort_by(&mut self, sort: Sort) -> Vec<Action> {
        self.menu = None;
        if !self.can_sort() || sort == self.sort_here() {
            return Vec::new();
        }
        self.let_go();
        match self.list.place {
            Place::Search => self.help.sort = sort,
            place => self.sorts.set(place, sort),
        }
        let selected = self.list.selected;
        self.list.restart(self.list.place);
        self.list.selected = selected.map(|(_, id)| (0, id));
        let mut actions = self.read_first();
        actions.push(Action::Remember);
        actions
    }

    /// What answers this question, in the order of the list.
    pub(super) fn found_by(&self, question: String) -> Read {
        match self.sort_here() {
            Sort::Newest => Read::Search(self.list.generation, question),
            sort => Read::SearchBy(self.list.generation, question, sort),
        }
    }

    /// What was found, read again: in an order of flags a letter that was there stays where it
    /// was while one looks at it.
    pub(super) fn where_they_were(&self, mut rows: Vec<list::Row>) -> Vec<list::Row> {
        let last = self.list.total.and_then(|total| total.checked_sub(1));
        let before = last.and_then(|last| self.list.letters_of(0, last));
        if let (Sort::Unread | Sort::Starred, Some(before)) = (self.sort_here(), before) {
            let fresh = rows.iter().map(|row| row.letter.id).collect();
            let order = settled(&before, fresh);
            let places: HashMap<_, _> = order.into_iter().zip(0_usize..).collect();
            rows.sort_by_key(|row| places.get(&row.letter.id).copied());
        }
        rows
    }

    /// A page of the list, from this row.
    pub(super) fn page_of(&self, generation: u64, place: Place, first: usize) -> Read {
        match self.sort_here() {
            _ if self.is_bundled() => self.bundles_page(generation, first),
            Sort::Newest => Read::Page(generation, place, first),
            sort => Read::Sorted((generation, self.list.begun), place, sort, first),
        }
    }

    /// The first page of a place that was just gone to.
    pub(super) fn first_page(&mut self) -> Read {
        let first = (self.list.offset / f64::from(self.list.density.row())) as usize;
        let page = first / list::PAGE;
        self.list.asked(page);
        self.page_of(self.list.generation, self.list.place, page * list::PAGE)
    }
}
