//! Orders of lists, kept as long as the list is the same: pages of it are read from there.
//!
//! Promise: while one looks at a list with the unread letters first, or those with a star, a
//! letter that is read or starred stays where it is; it goes to its place the next time.

use super::screen::mail::list::PAGE;
use super::screen::mail::many::{End, Span};
use super::screen::mail::{Place, is_inbox};
use crate::model::{LetterId, Role};
use crate::store::{Among, LetterRow, Result, Sort, Store};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// The order of one list, eight bytes a letter.
#[derive(Debug, Clone)]
struct Order {
    generation: u64,
    begun: u64,
    place: Place,
    sort: Sort,
    letters: Arc<[LetterId]>,
}

/// The order that was made last.
#[derive(Debug, Clone, Default)]
pub struct Orders(Arc<Mutex<Option<Order>>>);

impl Orders {
    /// A page of a list in an order, and all rows there are: of which reading, and which was
    /// the first since one looks at it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn page(
        &self,
        store: &Store,
        (generation, begun): (u64, u64),
        (place, sort): (Place, Sort),
        first: usize,
    ) -> Result<(Vec<LetterRow>, usize)> {
        // Two pages of one list are often asked for at once: the order is made for the first.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept
            .take()
            .filter(|order| (order.begun, order.place, order.sort) == (begun, place, sort));
        let letters: Arc<[LetterId]> = match before {
            Some(order) if order.generation >= generation => order.letters,
            before => {
                let fresh = order(store, place, sort)?;
                match before.filter(|_| matches!(sort, Sort::Unread | Sort::Starred)) {
                    Some(before) => settled(&before.letters, fresh).into(),
                    None => fresh.into(),
                }
            }
        };
        let order = Order { generation, begun, place, sort, letters: Arc::clone(&letters) };
        *kept = Some(order);
        drop(kept);
        let to = first.saturating_add(PAGE).min(letters.len());
        let rows = store.rows_of(letters.get(first..to).unwrap_or_default())?;
        Ok((rows, letters.len()))
    }

    /// The letters between two ends of a list in an order, both included. An end that is not
    /// there any more is where its row was.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn span(
        &self,
        store: &Store,
        (place, sort): (Place, Sort),
        (one, other): (End, End),
    ) -> Result<Span> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // As it is seen, where it is seen in an order that is kept.
        let order: Arc<[LetterId]> = match kept {
            Some(kept) if (kept.place, kept.sort) == (place, sort) => kept.letters,
            _ => order(store, place, sort)?.into(),
        };
        let at = |(row, id): End| {
            let found = id.and_then(|id| order.iter().position(|other| *other == id));
            found.unwrap_or_else(|| row.min(order.len().saturating_sub(1)))
        };
        let (from, to) = (at(one).min(at(other)), at(one).max(at(other)));
        let mut letters = order.get(from..=to).unwrap_or_default().to_vec();
        letters.sort_unstable();
        // Of a folder it is known what it is for.
        let trashed = match place {
            Place::All => store.count_in(&letters, Role::Trash)?,
            _ => 0,
        };
        Ok(Span { letters: letters.into(), trashed })
    }
}

/// An order in which those letters stay where they were that were there before; others come
/// before the letter they precede in the fresh one.
pub(in crate::gui) fn settled<T: Copy + Eq + Hash>(before: &[T], fresh: Vec<T>) -> Vec<T> {
    let known: HashSet<T> = before.iter().copied().collect();
    let there: HashSet<T> = fresh.iter().copied().collect();
    let mut settled = Vec::with_capacity(fresh.len());
    let mut preceding: HashMap<T, Vec<T>> = HashMap::new();
    let mut new = Vec::new();
    for id in fresh {
        if !known.contains(&id) {
            new.push(id);
        } else if !new.is_empty() {
            preceding.insert(id, std::mem::take(&mut new));
        }
    }
    for id in before.iter().filter(|id| there.contains(id)) {
        settled.extend(preceding.remove(id).unwrap_or_default());
        settled.push(*id);
    }
    settled.extend(new);
    settled
}

fn order(store: &Store, place: Place, sort: Sort) -> Result<Vec<LetterId>> {
    among(store, place, |among| store.order(among, sort))
}

/// What is listed at a place.
pub(super) fn among<T>(
    store: &Store,
    place: Place,
    list: impl FnOnce(Among<'_>) -> Result<T>,
) -> Result<T> {
    match place {
        Place::Folder(id) => list(Among::Folders(&[id])),
        Place::Inboxes => {
            let folders = store.folders()?;
            let inboxes: Vec<_> =
                folders.iter().filter(|f| is_inbox(f)).map(|folder| folder.id).collect();
            list(Among::Folders(&inboxes))
        }
        _ => list(Among::All),
    }
}
