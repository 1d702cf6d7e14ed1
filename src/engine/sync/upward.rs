//! What the user did, told to the server before anything is asked of it.

use super::{Session, SyncEvent};
use crate::engine::intents::{ReplayError, Told, replay};
use crate::engine::{EngineError, Result};
use std::time::Duration;

impl Session<'_> {
    /// Tells the server what is pending. Another folder may be open after this. How long
    /// until something that was put off is to be tried again, if that is so.
    ///
    /// # Errors
    /// What ends the connection, and what the store says.
    pub(super) async fn upward(&mut self) -> Result<Option<Duration>> {
        let (store, id) = (self.store, self.account.id);
        let Some(first) = store.next_try(id)? else { return Ok(None) };
        let now = jiff::Timestamp::now().as_second();
        let mut again = Some(first);
        if first <= now {
            let teller = self.teller();
            let mut tell = |told: Told| match told {
                Told::Changed(folders) => {
                    folders.into_iter().for_each(|folder| teller(SyncEvent::Changed(folder)));
                }
                Told::RolledBack(back) => teller(SyncEvent::RolledBack(back)),
            };
            let replayed = replay(store, self.connection, id, now, &mut tell).await;
            again = replayed
                .map_err(|error| match error {
                    ReplayError::Store(error) => EngineError::from(error),
                    ReplayError::Server(error) => EngineError::from(error),
                })?
                .again;
            teller(SyncEvent::Waiting(store.pending_count(id)?));
        }
        Ok(again.map(|at| Duration::from_secs(at.saturating_sub(now).max(1).unsigned_abs())))
    }
}
