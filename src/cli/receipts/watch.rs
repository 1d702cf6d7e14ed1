//! What becomes known of letters that were sent while `goyo sync --watch` looks on.

use crate::cli::Result;
use crate::model::{ReceiptState, RecipientId};
use crate::store::Store;
use crate::store::outbox::ReceiptRow;
use std::collections::HashMap;

/// Letters that are looked at, the newest first.
const LETTERS: u32 = 1_000;

/// What was known when it was looked at last.
pub(in crate::cli) struct Known(HashMap<RecipientId, (ReceiptState, u64)>);

impl Known {
    /// What is known now; of that nothing is said.
    pub(in crate::cli) fn of(store: &Store) -> Result<Self> {
        let mut known = Self(HashMap::new());
        known.changes(store)?;
        Ok(known)
    }

    /// Of whom more is known than when it was asked last.
    pub(in crate::cli) fn changes(&mut self, store: &Store) -> Result<Vec<ReceiptRow>> {
        let mut rows = store.receipts(LETTERS)?;
        rows.retain(|row| {
            let now = (row.standing.state, row.standing.count);
            // That a letter has gone is no news of its recipient.
            let before = self.0.insert(row.recipient, now);
            let nothing = [ReceiptState::Unread, ReceiptState::Unconfirmable];
            before != Some(now) && !nothing.contains(&now.0)
        });
        Ok(rows)
    }
}
