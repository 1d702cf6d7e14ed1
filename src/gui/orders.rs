//! Orders of lists, kept as long as the list is the same: pages of it are read from there.

use super::screen::mail::list::PAGE;
use super::screen::mail::many::{End, Span};
use super::screen::mail::{Place, is_inbox};
use crate::model::{LetterId, Role};
use crate::store::{Among, LetterRow, Result, Sort, Store};
use std::sync::{Arc, Mutex, PoisonError};

/// The order of one list, eight bytes a letter.
#[derive(Debug, Clone)]
struct Order {
    generation: u64,
    place: Place,
    sort: Sort,
    letters: Arc<[LetterId]>,
}

/// The order that was made last.
#[derive(Debug, Clone, Default)]
pub struct Orders(Arc<Mutex<Option<Order>>>);

impl Orders {
    /// A page of a list in an order, and all rows there are. `generation`: of which reading.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn page(
        &self,
        store: &Store,
        generation: u64,
        (place, sort): (Place, Sort),
        first: usize,
    ) -> Result<(Vec<LetterRow>, usize)> {
        // Two pages of one list are often asked for at once: the order is made for the first.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |order: &Order| {
            (order.generation, order.place, order.sort) == (generation, place, sort)
        };
        let letters = match kept.as_ref().filter(|order| same(order)) {
            Some(order) => Arc::clone(&order.letters),
            None => {
                let letters: Arc<[LetterId]> = order(store, place, sort)?.into();
                let letters_kept = Arc::clone(&letters);
                *kept = Some(Order { generation, place, sort, letters: letters_kept });
                letters
            }
        };
        drop(kept);
        let to = first.saturating_add(PAGE).min(letters.len());
        let rows = store.rows_of(letters.get(first..to).unwrap_or_default())?;
        Ok((rows, letters.len()))
    }
}

/// The letters between two ends of a list in an order, both included. An end that is not
/// there any more is where its row was.
///
/// # Errors
/// When the store cannot be read.
pub fn span(store: &Store, place: Place, sort: Sort, (one, other): (End, End)) -> Result<Span> {
    let order = order(store, place, sort)?;
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

fn order(store: &Store, place: Place, sort: Sort) -> Result<Vec<LetterId>> {
    match place {
        Place::Folder(id) => store.order(Among::Folders(&[id]), sort),
        Place::Inboxes => {
            let folders = store.folders()?;
            let inboxes: Vec<_> =
                folders.iter().filter(|f| is_inbox(f)).map(|folder| folder.id).collect();
            store.order(Among::Folders(&inboxes), sort)
        }
        _ => store.order(Among::All, sort),
    }
}
