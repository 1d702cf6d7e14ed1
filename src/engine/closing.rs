//! The end of the engine, in order.
//!
//! Promise: what was asked before is done; a deed about so many letters that it would take too
//! long is gone on with at the next start. Letters that wait for their first ten seconds to
//! pass go before Goyo does, if they can; what is being handed over is finished. No letter
//! becomes *unknown* because a window was closed: what cannot be finished in time is not
//! begun, and of a letter whose end was said the answer is awaited. All of it is bounded.

use super::keeping::Keeping;
use super::outbox::LAST_LETTER;
use super::run::Engine;
use super::writing::now;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A letter that is due within so many seconds still goes: those that can be taken back for
/// ten seconds, and a little.
const SOON: i64 = 12;
/// So long is waited for their time to come.
const WAITS: Duration = Duration::from_secs(14);
/// And so long in all; only answers that decide are awaited longer.
const ENDS: Duration = Duration::from_secs(25);
/// Whether they have gone is looked at this often.
pub(super) const LOOK: Duration = Duration::from_millis(50);

/// Since when it ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closing {
    since: Instant,
    until: i64,
}

impl Closing {
    pub(super) fn begin() -> Self {
        Self { since: Instant::now(), until: now() + SOON }
    }

    /// Whether what can wait is put by for the next start.
    pub(super) fn is_late(self) -> bool {
        self.since.elapsed() >= WAITS
    }
}

impl Engine {
    /// Whether nothing is waited for any more.
    pub(super) fn can_end(&self, closing: Closing) -> bool {
        let waits = |keeping: &Keeping| {
            keeping.senders().any(|account| {
                // A store that cannot be read has nothing that could be sent.
                self.store.goes_by(account, closing.until).unwrap_or(false)
            })
        };
        // What is being printed is on the disk soon.
        if !self.prints.is_empty() && closing.since.elapsed() < ENDS {
            return false;
        }
        // What comes from an archive, or goes into one, ends between two letters.
        let waits = self.keeping.as_ref().is_some_and(waits) || self.archives.are_busy();
        closing.is_late() || !waits
    }

    /// Ends it: what was typed is kept, what is being handed over is finished.
    pub(super) fn end(mut self, closing: Closing) {
        self.saver.end();
        if let Some(keeping) = self.keeping.take() {
            let left = ENDS.saturating_sub(closing.since.elapsed());
            keeping.end(left.min(LAST_LETTER));
        }
    }
}

/// Tells that the engine is gone: it says so when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Gone(Arc<(Mutex<bool>, Condvar)>);

/// Waits for that.
#[derive(Debug, Clone)]
pub struct Farewell(Arc<(Mutex<bool>, Condvar)>);

impl Gone {
    pub(super) fn farewell(&self) -> Farewell {
        Farewell(Arc::clone(&self.0))
    }
}

impl Drop for Gone {
    fn drop(&mut self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }
}

impl Farewell {
    /// Waits until the engine is gone, at most so long. Whether it is.
    pub fn wait(&self, longest: Duration) -> bool {
        let gone = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.1.wait_timeout_while(gone, longest, |gone| !*gone);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}
