//! From a draft to the outbox.

use super::super::protocol::NotDone;
use super::When;
use crate::mime::compose;
use crate::model::{DraftId, Obstacle, OutboxId, Seal};
use crate::store::Store;
use crate::store::outbox::{Given, OutboxError};
use ring::rand::{SecureRandom as _, SystemRandom};
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, in seconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// The chance and the date of a new letter.
///
/// # Errors
/// When the system gives no chance: nothing may be sent then.
pub fn seal(date: i64) -> Result<Seal, NotDone> {
    let mut seed = [0; 32];
    SystemRandom::new()
        .fill(&mut seed)
        .map_err(|_| NotDone::Thread(Obstacle::Other("the system gives no randomness".into())))?;
    Ok(Seal { seed, date })
}

/// Builds a draft, as it was saved last, and puts it into the outbox. When it goes, in
/// seconds since 1970. `version`: the one that is meant, where another must not go.
///
/// # Errors
/// What keeps it from becoming a letter; it is a draft still. [`OutboxError::Changed`] when
/// it is another version.
pub fn give(
    store: &Store,
    id: DraftId,
    when: When,
    version: Option<i64>,
) -> Result<(OutboxId, i64), NotDone> {
    let now = now();
    let not_before = match when {
        When::After(seconds) => now.saturating_add(i64::from(seconds)),
        When::At(time) => time.max(now),
    };
    let row = store.draft(id)?;
    if row.queued {
        return Err(OutboxError::Given(id).into());
    }
    if version.is_some_and(|version| version != row.version) {
        return Err(OutboxError::Changed(id).into());
    }
    let draft = store.whole_draft(id)?;
    // A letter for later tells when it goes, not when it was written.
    let seal = seal(if matches!(when, When::At(_)) { not_before } else { now })?;
    let built = compose::build(&draft, &seal)?;
    let html = compose::preview_html(&draft).is_some();
    let letter = store.give(&Given {
        draft: id,
        version: row.version,
        message_id: &built.message_id,
        seal: &seal,
        deliveries: &built.deliveries,
        html,
        not_before,
    })?;
    Ok((letter, not_before))
}
