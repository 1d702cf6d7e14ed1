//! How many bytes of letters may be on their way between the threads.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Bytes of letters on their way at most (one larger letter travels alone).
const ON_THE_WAY: usize = 32 * 1024 * 1024;

/// Limits the bytes on their way.
#[derive(Default)]
pub(super) struct Budget {
    held: Mutex<usize>,
    freed: Condvar,
}

impl Budget {
    /// Waits until `bytes` more are allowed; false when it is over meanwhile.
    pub(super) fn take(&self, bytes: usize, is_over: impl Fn() -> bool) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        while *held > 0 && *held + bytes > ON_THE_WAY {
            if is_over() {
                return false;
            }
            let wait = Duration::from_millis(50);
            let woken = self.freed.wait_timeout(held, wait);
            held = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        *held += bytes;
        true
    }

    pub(super) fn give_back(&self, bytes: usize) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held = held.saturating_sub(bytes);
        self.freed.notify_all();
    }
}
