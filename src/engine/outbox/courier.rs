//! Who carries an account's letters: at once what can go, later what is put off.
//!
//! Promise: a courier that is told to end takes no more letters; the one it is at goes on as
//! long as it may, and after that long no end of a letter is said any more. A letter whose
//! end was said is waited for longer than any other: nobody could know of it.

use super::attempt::Went;
use super::{Post, PostEvent};
use crate::engine::Result;
use crate::engine::writing::now;
use crate::net::smtp::Session;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Where nothing waits, the store is asked again this often: clocks are set, computers
/// sleep, and another process may have put something into the outbox.
const LOOK: Duration = Duration::from_secs(5);
/// After a failure of the store, or a server that cannot be reached just now.
const PAUSE: Duration = Duration::from_secs(10);
/// After so many attempts the receipt server hears what has gone.
const TOLD: u32 = 20;
/// Between two rounds, whatever comes.
const SHORTEST: Duration = Duration::from_millis(250);
/// At its end Goyo waits so long for the letter that is just being handed over.
pub const LAST_LETTER: Duration = Duration::from_secs(20);
/// After that, so long for the answer to the end of a letter.
const LAST_ANSWER: Duration = Duration::from_secs(90);

impl Post {
    /// Sends everything that is due, over as few connections as it takes.
    ///
    /// # Errors
    /// When the store cannot be read or written; nothing is sent without it.
    pub async fn once(&self) -> Result<()> {
        self.round(&Shared::default()).await.map(|_| ())
    }

    /// Whether the server can be given more.
    async fn round(&self, shared: &Shared) -> Result<Went> {
        if self.store.recover_outbox(self.account.id)? > 0 {
            self.tell(PostEvent::Outbox);
        }
        let mut session: Option<Session> = None;
        let mut went = Went::On;
        let mut made = 0_u32;
        'due: loop {
            let mut some = false;
            for id in self.store.due(self.account.id, now())? {
                if shared.has_ended() {
                    break 'due;
                }
                match self.attempt(id, &mut session, &shared.saying, now()).await? {
                    Some(Went::On | Went::WithoutPictures) => {
                        some = true;
                        made += 1;
                        if made.is_multiple_of(TOLD) {
                            self.tell_departures().await;
                        }
                    }
                    Some(Went::Stop) => {
                        went = Went::Stop;
                        break 'due;
                    }
                    None => {}
                }
            }
            if !some {
                break;
            }
        }
        if let Some(session) = session {
            session.quit().await;
        }
        if made > 0 {
            self.tell_departures().await;
        }
        Ok(went)
    }
}

/// An account whose letters are sent as their time comes. Dropped, it ends when the letter
/// it is at has been handed over; [`Self::end`] tells when that is.
#[derive(Debug)]
pub struct Courier {
    shared: Arc<Shared>,
    task: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    nudge: Notify,
    ended: AtomicBool,
    saying: Saying,
}

impl Shared {
    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }
}

/// Whether the end of a letter may be said, and whether one has been. Shared by the couriers
/// of an account, one after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Saying(Arc<Mutex<Said>>);

#[derive(Debug, Default)]
struct Said {
    /// No more ends are said.
    cut: bool,
    /// One was, and what came of it is not written down yet.
    end: bool,
}

impl Saying {
    fn said(&self) -> MutexGuard<'_, Said> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The end of a letter is about to be said: whether it may.
    pub(super) fn may_end(&self) -> bool {
        let mut said = self.said();
        said.end = !said.cut;
        said.end
    }

    /// What came of it is written down.
    pub(super) fn settled(&self) {
        self.said().end = false;
    }

    /// No more ends are said from now on. Whether one has been that is not settled.
    fn cut(&self) -> bool {
        let mut said = self.said();
        said.cut = true;
        said.end
    }
}

/// A courier that is at its last letter.
#[derive(Debug)]
pub struct Ending {
    task: JoinHandle<()>,
    saying: Saying,
}

impl Courier {
    /// Starts it, on the runtime one is in, when `before`, that of the same account, has
    /// ended: two would hand the same letter over twice.
    pub fn start(post: Post, before: Option<Ending>) -> Self {
        let saying = before.as_ref().map(|before| before.saying.clone()).unwrap_or_default();
        let shared = Arc::new(Shared { saying, ..Shared::default() });
        let seen = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            if let Some(before) = before {
                let _ = before.task.await;
            }
            carry(&post, &seen).await;
        });
        Self { shared, task: Some(task) }
    }

    /// There may be something to send.
    pub fn nudge(&self) {
        self.shared.nudge.notify_one();
    }

    /// Takes no more letters; what is returned ends with the one it is at.
    pub fn end(mut self) -> Option<Ending> {
        let task = self.task.take()?;
        Some(Ending { task, saying: self.shared.saying.clone() })
    }

    /// Waits for couriers that are at their last letter, but not for ever.
    pub async fn see_off(couriers: impl IntoIterator<Item = Self>) {
        let endings = couriers.into_iter().filter_map(Self::end).collect();
        Ending::all(endings, LAST_LETTER).await;
    }
}

impl Ending {
    /// Waits so long for all of these. Then no more ends of letters are said, and only the
    /// answers to those that were are waited for.
    pub async fn all(mut endings: Vec<Self>, longest: Duration) {
        let all = async {
            for ending in &mut endings {
                let _ = (&mut ending.task).await;
            }
        };
        if tokio::time::timeout(longest, all).await.is_ok() {
            return;
        }
        let said: Vec<Self> = endings.into_iter().filter(|ending| ending.saying.cut()).collect();
        let answers = async {
            for ending in said {
                if !ending.task.is_finished() {
                    let _ = ending.task.await;
                }
            }
        };
        let _ = tokio::time::timeout(LAST_ANSWER, answers).await;
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        self.shared.nudge.notify_one();
    }
}

async fn carry(post: &Post, shared: &Shared) {
    while !shared.has_ended() {
        let least = match post.round(shared).await {
            Ok(Went::On | Went::WithoutPictures) => SHORTEST,
            Ok(Went::Stop) | Err(_) => PAUSE,
        };
        let wait = match post.store.next_due(post.account.id).ok().flatten() {
            Some(next) => {
                let seconds = u64::try_from(next.saturating_sub(now())).unwrap_or(0);
                Duration::from_secs(seconds).min(LOOK)
            }
            None => LOOK,
        };
        tokio::select! {
            () = tokio::time::sleep(wait.max(least)) => {}
            () = shared.nudge.notified() => {}
        }
    }
}
