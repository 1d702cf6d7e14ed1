//! When the receipt server is asked.

use super::{Desk, ReceiptsTrouble};
use crate::engine::writing::now;
use crate::model::OutboxId;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// The store is looked at this often: another process may have sent something.
const LOOK: Duration = Duration::from_secs(20);
/// Waiting after a failure, at first and at most.
const SHORTEST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// Who hears of it: letters of which more is known now; or why the server cannot be asked,
/// once until it can be again.
pub type TellReceipts = Arc<dyn Fn(Result<BTreeSet<OutboxId>, ReceiptsTrouble>) + Send + Sync>;

/// How long is waited between two questions, by the seconds since the latest letter went.
fn pause(age: i64) -> Duration {
    const HOUR: i64 = 3_600;
    Duration::from_secs(match age {
        ..HOUR => 60,
        HOUR..86_400 => 5 * 60,
        86_400..604_800 => 30 * 60,
        _ => 3 * 60 * 60,
    })
}

/// Asks while receipts are open. Dropped, it ends.
#[derive(Debug)]
pub struct Poller {
    nudge: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Poller {
    /// Starts it, on the runtime one is in.
    pub fn start(desk: Desk, tell: TellReceipts) -> Self {
        let nudge = Arc::new(Notify::new());
        let nudged = Arc::clone(&nudge);
        let task = tokio::spawn(async move { keep(&desk, &tell, &nudged).await });
        Self { nudge, task }
    }

    /// Asks now: the user looks at the list.
    pub fn now(&self) {
        self.nudge.notify_one();
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep(desk: &Desk, tell: &TellReceipts, nudged: &Notify) {
    let mut asked: Option<Instant> = None;
    let mut failing: Option<Duration> = None;
    let mut now_please = false;
    loop {
        if let Some(wait) = wait(desk, failing) {
            let due = now_please || asked.is_none_or(|at| at.elapsed() >= wait);
            if due {
                asked = Some(Instant::now());
                failing = match desk.ask(now()).await {
                    Ok(changed) => {
                        // That it can be asked again is told, too.
                        if !changed.is_empty() || failing.is_some() {
                            tell(Ok(changed));
                        }
                        None
                    }
                    Err(error) => {
                        if failing.is_none() {
                            tell(Err(error));
                        }
                        Some(failing.map_or(SHORTEST, |wait| wait.saturating_mul(2).min(LONGEST)))
                    }
                };
            }
        }
        now_please = tokio::select! {
            () = tokio::time::sleep(LOOK) => false,
            () = nudged.notified() => true,
        };
    }
}

/// How long to wait from one question to the next; absent where there is nothing to ask.
fn wait(desk: &Desk, failing: Option<Duration>) -> Option<Duration> {
    let now = now();
    let open = desk.store.open_receipts(now).ok().filter(|open| open.pictures > 0)?;
    let address = super::server(&desk.store).ok().flatten()?;
    if failing.is_some() {
        return failing;
    }
    // The server has to know when a letter went before its reader opens it.
    match desk.store.untold_departures(&address, now) {
        Ok(departed) if !departed.is_empty() => Some(Duration::ZERO),
        _ => Some(pause(open.latest.map_or(0, |latest| now.saturating_sub(latest)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_less_and_less_often() {
        let ages = [0, 3_599, 3_600, 86_400, 604_800, 100 * 86_400];
        let pauses: Vec<u64> = ages.into_iter().map(|age| pause(age).as_secs()).collect();
        assert_eq!(pauses, [60, 60, 300, 1_800, 10_800, 10_800]);
        // A clock that was set back.
        assert_eq!(pause(-5).as_secs(), 60);
    }
}
