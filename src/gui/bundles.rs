//! Lists by conversation, kept as long as the list is the same: pages of it are read from
//! there, with the letters of those conversations below each other that are unfolded.
//!
//! Promise: as in other lists, a conversation that is read or starred while one looks at a
//! list with the unread ones first stays where it is.

use super::orders::{among, settled};
use super::screen::mail::Place;
use super::screen::mail::fold::{Fold, Stand};
use super::screen::mail::list::{PAGE, Row};
use super::screen::mail::many::{End, Span};
use crate::model::{LetterId, Role, ThreadId};
use crate::store::{Branch, Bundle, Bundled, LetterRow, Result, Sort, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// A list by conversation, as it is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The place.
    pub place: Place,
    /// Its order.
    pub sort: Sort,
    /// Which reading of the store.
    pub reading: u64,
    /// The reading that was the first since one looks at it.
    pub begun: u64,
    /// Conversations whose letters stand below each other.
    pub unfolded: Arc<BTreeSet<ThreadId>>,
}

/// The list that was read last.
#[derive(Debug, Clone, Default)]
pub struct Bundles(Arc<Mutex<Option<Kept>>>);

#[derive(Debug, Clone)]
struct Kept {
    place: Place,
    sort: Sort,
    reading: u64,
    begun: u64,
    list: Arc<Bundled>,
    /// Who answered whom, of those that were unfolded.
    branches: BTreeMap<ThreadId, Arc<[Branch]>>,
}

/// A conversation whose letters stand below each other.
struct Open {
    /// Its first row.
    from: usize,
    at: usize,
    branches: Arc<[Branch]>,
}

/// What a row shows.
enum Shows {
    /// This bundle.
    Bundle(usize),
    /// The how many-th letter of an open one.
    Letter(usize, usize),
}

impl Bundles {
    /// A page of a list, and all rows there are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn page(&self, store: &Store, asked: &Asked, first: usize) -> Result<(Vec<Row>, usize)> {
        let (list, open) = self.of(store, asked)?;
        let total = rows_of(&list, &open);
        let to = first.saturating_add(PAGE).min(total);
        let shows: Vec<Shows> = (first..to).map(|row| shows(&open, row)).collect();
        let folded: Vec<&[LetterId]> = shows
            .iter()
            .filter_map(|shows| match shows {
                Shows::Bundle(at) => Some(list.letters(*at)),
                Shows::Letter(..) => None,
            })
            .collect();
        let single: Vec<LetterId> = shows
            .iter()
            .filter_map(|shows| match shows {
                Shows::Letter(at, nth) => open.get(*at)?.branches.get(*nth).map(|b| b.letter),
                Shows::Bundle(_) => None,
            })
            .collect();
        let mut bundles = store.bundles(&folded)?.into_iter().peekable();
        let mut letters = store.rows_of(&single)?.into_iter().peekable();
        let mut rows: Vec<Row> = Vec::with_capacity(shows.len());
        // What has gone meanwhile is left out, as in every list.
        for shows in shows {
            match shows {
                Shows::Bundle(at) => {
                    let of_it =
                        |(row, _): &(LetterRow, Option<Bundle>)| list.letters(at).contains(&row.id);
                    if let Some((letter, bundle)) = bundles.next_if(of_it) {
                        let fold = bundle.map_or(Fold::Alone, |b| Fold::Closed(Box::new(b)));
                        rows.push(Row { fold, ..Row::of(letter) });
                    }
                }
                Shows::Letter(at, nth) => {
                    let Some(open) = open.get(at) else { continue };
                    let Some(branch) = open.branches.get(nth).copied() else { continue };
                    if let Some(letter) = letters.next_if(|letter| letter.id == branch.letter) {
                        let of = open.branches.len();
                        let fold = Fold::Open(Stand { branch, nth, of });
                        rows.push(Row { fold, ..Row::of(letter) });
                    }
                }
            }
        }
        let threads: Vec<_> = rows.iter().map(|row| row.letter.thread).collect();
        for (row, size) in rows.iter_mut().zip(store.thread_sizes(&threads)?) {
            row.thread = size;
        }
        Ok((rows, total))
    }

    /// The letters between two ends of a list, both included: of a folded conversation all.
    /// An end that is not there any more is where its row was.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn span(&self, store: &Store, asked: &Asked, (one, other): (End, End)) -> Result<Span> {
        let (list, open) = self.of(store, asked)?;
        let last = rows_of(&list, &open).saturating_sub(1);
        let at = |(row, id): End| {
            let found = id.and_then(|id| row_of(&list, &open, id));
            found.unwrap_or_else(|| row.min(last))
        };
        let (from, to) = (at(one).min(at(other)), at(one).max(at(other)));
        let mut letters = Vec::new();
        for row in from..to.saturating_add(1).min(rows_of(&list, &open)) {
            match shows(&open, row) {
                Shows::Bundle(at) => letters.extend_from_slice(list.letters(at)),
                Shows::Letter(at, nth) => {
                    let branch = open.get(at).and_then(|open| open.branches.get(nth));
                    letters.extend(branch.map(|branch| branch.letter));
                }
            }
        }
        letters.sort_unstable();
        let trashed = match asked.place {
            Place::All => store.count_in(&letters, Role::Trash)?,
            _ => 0,
        };
        Ok(Span { letters: letters.into(), trashed })
    }

    /// The list, read if it is not kept, and what of it stands open.
    fn of(&self, store: &Store, asked: &Asked) -> Result<(Arc<Bundled>, Vec<Open>)> {
        // Two pages of one list are often asked for at once: it is read for the first.
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (asked.place, asked.sort, asked.begun);
        let before = held.take().filter(|kept| (kept.place, kept.sort, kept.begun) == key);
        let mut kept = match before {
            Some(kept) if kept.reading >= asked.reading => kept,
            before => {
                let fresh = among(store, asked.place, |among| store.bundled(among, asked.sort))?;
                let stays = matches!(asked.sort, Sort::Unread | Sort::Starred);
                let fresh = match before.filter(|_| stays) {
                    Some(before) => {
                        let order = settled(before.list.threads(), fresh.threads().to_vec());
                        fresh.arranged(&order)
                    }
                    None => fresh,
                };
                Kept {
                    place: asked.place,
                    sort: asked.sort,
                    reading: asked.reading,
                    begun: asked.begun,
                    list: Arc::new(fresh),
                    branches: BTreeMap::new(),
                }
            }
        };
        let mut open = Vec::new();
        let mut more = 0;
        if !asked.unfolded.is_empty() {
            let threads = kept.list.threads().iter().enumerate();
            for (at, thread) in threads.filter(|(_, thread)| asked.unfolded.contains(thread)) {
                let letters = kept.list.letters(at);
                if letters.len() < 2 {
                    continue;
                }
                let branches = match kept.branches.get(thread) {
                    Some(branches) => Arc::clone(branches),
                    None => {
                        let branches: Arc<[Branch]> = store.branches(*thread, letters)?.into();
                        kept.branches.insert(*thread, Arc::clone(&branches));
                        branches
                    }
                };
                let rows = branches.len().saturating_sub(1);
                open.push(Open { from: at + more, at, branches });
                more += rows;
            }
        }
        let list = Arc::clone(&kept.list);
        *held = Some(kept);
        Ok((list, open))
    }
}

impl Open {
    fn rows(&self) -> Range<usize> {
        self.from..self.from + self.branches.len()
    }
}

/// Rows of a list of which these are open.
fn rows_of(list: &Bundled, open: &[Open]) -> usize {
    open.last().map_or(list.len(), |last| last.rows().end + (list.len() - last.at - 1))
}

/// What a row shows.
fn shows(open: &[Open], row: usize) -> Shows {
    let before = open.partition_point(|open| open.from <= row);
    let Some((nth, last)) = before.checked_sub(1).and_then(|at| Some((at, open.get(at)?))) else {
        return Shows::Bundle(row);
    };
    match last.rows().contains(&row) {
        true => Shows::Letter(nth, row - last.from),
        false => Shows::Bundle(last.at + 1 + (row - last.rows().end)),
    }
}

/// The row of a letter.
fn row_of(list: &Bundled, open: &[Open], id: LetterId) -> Option<usize> {
    let found = (0..list.len()).find(|at| list.letters(*at).contains(&id))?;
    let before = open.partition_point(|open| open.at <= found);
    let Some(last) = before.checked_sub(1).and_then(|at| open.get(at)) else { return Some(found) };
    match last.at == found {
        true => {
            let nth = last.branches.iter().position(|branch| branch.letter == id);
            Some(last.from + nth.unwrap_or(0))
        }
        false => Some(last.rows().end + (found - last.at - 1)),
    }
}
