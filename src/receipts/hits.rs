//! Hits on their way from an answer to the database. The answer waits for nothing: whether
//! a token is known is looked up after it, by a thread of its own.

use super::judge::Judged;
use super::{Database, ReceiptsError, Result, bounds};
use crate::model::TokenHash;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A fetch of something that may be a token's picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub hash: TokenHash,
    /// Seconds since 1970 UTC.
    pub at: i64,
    pub judged: Judged,
}

/// Takes hits.
#[derive(Debug, Clone)]
pub(super) struct Hits(SyncSender<Hit>);

impl Hits {
    /// Hands a hit over; where too many wait already it is not counted.
    pub(super) fn note(&self, hit: Hit) {
        let _ = self.0.try_send(hit);
    }
}

/// The thread that writes; it ends when the last [`Hits`] is dropped and all is written.
#[derive(Debug)]
pub(super) struct Writer(JoinHandle<()>);

impl Writer {
    /// Begins to write.
    pub(super) fn start(database: Database) -> Result<(Hits, Self)> {
        let (to, hits) = sync_channel(bounds::WAITING);
        let thread = std::thread::Builder::new()
            .name("receipts".to_owned())
            .spawn(move || write(database, &hits))
            .map_err(|error| ReceiptsError::Run(Arc::new(error)))?;
        Ok((Hits(to), Self(thread)))
    }

    /// Waits until all is written.
    pub(super) fn finish(self) {
        let _ = self.0.join();
    }
}

fn write(mut database: Database, hits: &Receiver<Hit>) {
    let mut swept = None::<Instant>;
    let mut batch = Vec::new();
    loop {
        let patience = match swept {
            Some(at) => bounds::SWEEP.saturating_sub(at.elapsed()),
            None => Duration::ZERO,
        };
        match hits.recv_timeout(patience) {
            Ok(hit) => {
                batch.push(hit);
                batch.extend(hits.try_iter().take(bounds::BATCH.saturating_sub(1)));
                count(&mut database, &batch);
                batch.clear();
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        // Under a flood too: what has expired goes.
        if swept.is_none_or(|at| at.elapsed() >= bounds::SWEEP) {
            let now = super::now();
            if database.has_expired(now).unwrap_or(false)
                && let Err(error) = database.sweep(now)
            {
                eprintln!("goyo: {error}");
            }
            swept = Some(Instant::now());
        }
    }
    let _ = database.settle();
}

/// Counts a batch; a database that is busy or full gets a second chance.
fn count(database: &mut Database, batch: &[Hit]) {
    for last in [false, true] {
        match database.count(batch) {
            Ok(()) => return,
            Err(_) if !last => std::thread::sleep(Duration::from_millis(200)),
            Err(error) => eprintln!("goyo: {error}; some fetches were not counted"),
        }
    }
}
