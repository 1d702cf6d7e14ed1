//! The thread that keeps what is typed. It does nothing else: whatever the engine is at, a
//! large file or a slow drawing process, what was typed is on the disk in a moment.

use crate::engine::protocol::Event;
use crate::engine::run::Inner;
use crate::model::{AccountId, Draft, DraftId};
use crate::store::Store;
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use tokio::sync::mpsc;

/// A draft as it was after so many changes.
#[derive(Debug)]
pub(in crate::engine) struct Typed {
    pub id: DraftId,
    pub account: AccountId,
    pub draft: Box<Draft>,
    pub edits: u64,
}

#[derive(Debug)]
enum Asked {
    Keep(Typed),
    /// Tells when all that was asked for before is done.
    Settle(SyncSender<()>),
    /// There is nothing more to come.
    End,
}

/// Hands over what was typed. Cloned freely.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Saver(Sender<Asked>);

impl Saver {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn start(
        store: Arc<Store>,
        events: mpsc::Sender<Event>,
        back: Sender<Inner>,
    ) -> io::Result<Self> {
        let (to, asked) = channel();
        std::thread::Builder::new()
            .name("drafts".into())
            .spawn(move || keep(&store, &asked, &events, &back))?;
        Ok(Self(to))
    }

    /// Keeps this. Never waits.
    pub fn keep(&self, typed: Typed) {
        let _ = self.0.send(Asked::Keep(typed));
    }

    /// Waits until all is kept that was handed over before.
    pub fn settle(&self) {
        let (to, settled) = sync_channel(1);
        if self.0.send(Asked::Settle(to)).is_ok() {
            let _ = settled.recv();
        }
    }

    /// Waits likewise, and lets the thread end.
    pub fn end(&self) {
        self.settle();
        let _ = self.0.send(Asked::End);
    }
}

fn keep(
    store: &Store,
    asked: &Receiver<Asked>,
    events: &mpsc::Sender<Event>,
    back: &Sender<Inner>,
) {
    let mut queue: VecDeque<Asked> = VecDeque::new();
    while let Ok(first) = asked.recv() {
        queue.push_back(first);
        queue.extend(asked.try_iter());
        while let Some(next) = queue.pop_front() {
            let typed = match next {
                Asked::Settle(to) => {
                    let _ = to.send(());
                    continue;
                }
                Asked::Keep(typed) => typed,
                Asked::End => return,
            };
            // What was typed after it is kept all the same.
            let later = |other: &Asked| matches!(other, Asked::Keep(later) if later.id == typed.id);
            if queue.iter().any(later) {
                continue;
            }
            let event = match store.save_draft(typed.id, typed.account, &typed.draft) {
                Ok(_) => {
                    let _ = back.send(Inner::Typed(typed.id));
                    Event::DraftSaved(typed.id, typed.edits)
                }
                Err(error) => Event::DraftNotSaved(typed.id, error.into()),
            };
            // Nobody listens any more: the window is closing.
            let _ = events.blocking_send(event);
        }
    }
}
