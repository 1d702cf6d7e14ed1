//! How often a key may ask.

use super::bounds;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Leave to ask, by key: so much at once, so much a second after that.
#[derive(Debug, Default)]
pub(super) struct Pace {
    keys: Mutex<HashMap<i64, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Pace {
    /// Whether this key may ask at `at`; takes the leave. Keys are few: those that are
    /// known are no more than were made by hand.
    pub(super) fn allows(&self, key: i64, at: Instant) -> bool {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let full = f64::from(bounds::BURST);
        let bucket = keys.entry(key).or_insert(Bucket { left: full, at });
        let waited = at.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + waited * f64::from(bounds::PACE)).min(full);
        bucket.at = at;
        if bucket.left < 1.0 {
            return false;
        }
        bucket.left -= 1.0;
        true
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_key_that_asks_too_often_waits_and_others_do_not() {
        let (pace, start) = (Pace::default(), Instant::now());
        let allowed = (0..1_000).filter(|_| pace.allows(1, start)).count();
        assert_eq!(allowed, usize::try_from(bounds::BURST).unwrap());
        assert!(pace.allows(2, start));
        let later = start + Duration::from_secs(10);
        let allowed = (0..1_000).filter(|_| pace.allows(1, later)).count();
        assert_eq!(allowed, usize::try_from(10 * bounds::PACE).unwrap());
    }
}
