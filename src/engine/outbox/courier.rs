//! Who carries an account's letters: at once what can go, later what is put off.

use super::attempt::Went;
use super::{Post, PostEvent};
use crate::engine::Result;
use crate::engine::writing::now;
use crate::net::smtp::Session;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Where nothing waits, the store is asked again this often: clocks are set, computers
/// sleep, and another process may have put something into the outbox.
const LOOK: Duration = Duration::from_secs(5);
/// After a failure of the store, or a server that cannot be reached just now.
const PAUSE: Duration = Duration::from_secs(10);

impl Post {
    /// Sends everything that is due, over as few connections as it takes.
    ///
    /// # Errors
    /// When the store cannot be read or written; nothing is sent without it.
    pub async fn once(&self) -> Result<()> {
        self.round().await.map(|_| ())
    }

    /// Whether the server can be given more.
    async fn round(&self) -> Result<Went> {
        self.store.recover_outbox(self.account.id)?;
        let mut session: Option<Session> = None;
        let mut went = Went::On;
        loop {
            let due = self.store.due(self.account.id, now())?;
            let mut some = false;
            for id in due {
                match self.attempt(id, &mut session, now()).await? {
                    Some(Went::On) => some = true,
                    Some(Went::Stop) => {
                        went = Went::Stop;
                        break;
                    }
                    None => {}
                }
            }
            if !some || matches!(went, Went::Stop) {
                break;
            }
        }
        if let Some(session) = session {
            session.quit().await;
        }
        Ok(went)
    }
}

/// An account whose letters are sent as their time comes. Dropped, it ends when the letter
/// it is at has been handed over.
#[derive(Debug)]
pub struct Courier {
    shared: Arc<Shared>,
    task: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    nudge: Notify,
    ended: AtomicBool,
}

impl Courier {
    /// Starts it, on the runtime one is in, when `before`, that of the same account, has
    /// ended.
    pub fn start(post: Post, before: Option<Self>) -> Self {
        let shared = Arc::new(Shared::default());
        let seen = Arc::clone(&shared);
        let before = before.and_then(Self::end);
        let task = tokio::spawn(async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            carry(&post, &seen).await;
        });
        Self { shared, task: Some(task) }
    }

    /// There may be something to send.
    pub fn nudge(&self) {
        self.shared.nudge.notify_one();
    }

    fn end(mut self) -> Option<JoinHandle<()>> {
        self.task.take()
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        self.shared.nudge.notify_one();
    }
}

async fn carry(post: &Post, shared: &Shared) {
    while !shared.ended.load(Ordering::Relaxed) {
        let least = match post.round().await {
            Ok(Went::On) => Duration::ZERO,
            Ok(Went::Stop) | Err(_) => PAUSE,
        };
        post.tell(PostEvent::Outbox);
        let next = post.store.next_due(post.account.id).ok().flatten();
        let wait = match next {
            Some(next) => {
                let seconds = u64::try_from(next.saturating_sub(now())).unwrap_or(0);
                Duration::from_secs(seconds).clamp(least, LOOK)
            }
            None => LOOK.max(least),
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = shared.nudge.notified() => {}
        }
    }
}
