//! An account that stays in step: one connection waits on the inbox (IDLE, RFC 2177) and
//! is there for what the user does, one goes over all folders now and then.
//!
//! Promise: being offline is a normal state, and no error. Connections that fail, or that
//! succeed and are lost again and again, are tried less and less often, at moments that
//! differ from one Goyo to the next. After the computer slept, everything is looked at
//! anew at once.

use super::{Line, Only, Session, SyncEvent};
use crate::engine::accounts::{self, Failure, Trouble};
use crate::engine::{EngineError, Result};
use crate::model::{FolderPolicy, LetterId, Role};
use crate::net::imap::Connection;
use crate::store::Mailbox;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// All folders are looked at this often.
const SWEEP: Duration = Duration::from_secs(5 * 60);
/// IDLE is renewed this often.
const RENEW: Duration = Duration::from_secs(290);
/// Waiting before the first new try, and at most.
const SHORTEST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// Where the user has to do something first, it is tried this often.
const HOPELESS: Duration = Duration::from_secs(30 * 60);
/// A connection that lived so long was a good one.
const LIVED: Duration = Duration::from_secs(120);
/// How often the clocks are compared, and by how much they may differ.
const CLOCK: Duration = Duration::from_secs(15);
const SLEPT: Duration = Duration::from_secs(30);

/// How long is waited before the next try.
#[derive(Debug, Clone)]
struct BackOff {
    next: Duration,
}

impl BackOff {
    fn new() -> Self {
        Self { next: SHORTEST }
    }

    /// How long to wait now, after a connection that lived so long; `dice` is anything.
    fn wait(&mut self, lived: Duration, dice: u64) -> Duration {
        if lived >= LIVED {
            self.next = SHORTEST;
        }
        let base = self.next;
        self.next = (base * 2).min(LONGEST);
        // Between half and all of it.
        let half = base / 2;
        half + half.mul_f64((dice % 1024) as f64 / 1024.0)
    }
}

/// An account being kept in step. Dropped, it ends.
#[derive(Debug)]
pub struct Watch {
    shared: Arc<Nudges>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Nudges {
    /// Look at everything now.
    sweep: Notify,
    /// The user has done something: the server is to be told.
    acted: Notify,
    /// Try again now, if it is waited.
    again: Notify,
    /// Letters of which only the header is here, and the user wants to read all.
    wanted: Mutex<Vec<LetterId>>,
}

impl Watch {
    /// Starts it.
    pub fn start(line: Line) -> Self {
        let shared = Arc::new(Nudges::default());
        let nudges = Arc::clone(&shared);
        let task = tokio::spawn(async move { keep(&line, &nudges).await });
        Self { shared, task }
    }

    /// Looks at everything now.
    pub fn now(&self) {
        self.shared.sweep.notify_one();
        self.shared.again.notify_one();
    }

    /// This letter is wanted whole, now. [`SyncEvent::Whole`] tells of it.
    pub fn want(&self, letter: LetterId) {
        self.shared.wanted.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
        self.acted();
    }

    /// The user has done something that the server is to be told of.
    pub fn acted(&self) {
        self.shared.acted.notify_one();
        self.shared.again.notify_one();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep(line: &Line, nudges: &Nudges) {
    let mut back_off = BackOff::new();
    loop {
        let since = Instant::now();
        let ended = tokio::select! {
            ended = connected(line, nudges) => ended,
            () = slept() => Ok(()),
        };
        let Err(error) = ended else { continue };
        let mut wait = back_off.wait(since.elapsed(), RandomState::new().hash_one(since));
        match &error {
            EngineError::Imap(imap) if imap.is_passing() => {}
            // It needs the user, or the store is in trouble: said, and tried seldom.
            error => {
                let text = error.to_string();
                line.tell(SyncEvent::Error { folder: None, text });
                line.tell(SyncEvent::Stopped(Arc::new(failure(line, error.clone()))));
                wait = HOPELESS;
            }
        }
        line.tell(SyncEvent::Offline(wait));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = nudges.again.notified() => {}
            () = slept() => {}
        }
    }
}

/// What an error means to the user.
fn failure(line: &Line, error: EngineError) -> Failure {
    let settings = &line.account.settings;
    match (error, &settings.imap) {
        (EngineError::Imap(error), Some(server)) => {
            let provider = accounts::provider_for(line.account.address.as_deref(), settings);
            Failure::from_imap(error, server, provider)
        }
        (EngineError::NoPassword(_), _) => Failure::of(Trouble::NoPassword),
        (EngineError::NoServer(_), _) => Failure::of(Trouble::NoServer),
        (error, _) => error.into(),
    }
}

/// Returns when the computer has slept: its clock has gone further than ours.
async fn slept() {
    loop {
        let (wall, here) = (SystemTime::now(), Instant::now());
        tokio::time::sleep(CLOCK).await;
        let passed = wall.elapsed().unwrap_or_default();
        if passed > here.elapsed() + SLEPT {
            return;
        }
    }
}

/// Works until a connection is lost.
async fn connected(line: &Line, nudges: &Nudges) -> Result<()> {
    line.tell(SyncEvent::Connecting);
    let mut front = line.open().await?;
    session(line, &mut front).upward().await?;
    // What the user looks at, before anything else.
    inbox(line, &mut front).await?;
    match line.open().await {
        Ok(back) => tokio::select! {
            ended = wait_on_inbox(line, nudges, front) => ended,
            ended = sweep(line, nudges, back) => ended,
        },
        // Servers that allow one connection only.
        Err(EngineError::Imap(_)) => alone(line, nudges, front).await,
        Err(error) => Err(error),
    }
}

fn session<'l>(line: &'l Line, connection: &'l mut Connection) -> Session<'l> {
    let tell = Arc::clone(&line.tell);
    Session::new(&line.store, &line.account, &line.intake, connection, tell)
}

/// Brings the inbox in step; the newest of it only, while the rest is still on its way.
async fn inbox(line: &Line, connection: &mut Connection) -> Result<()> {
    let find = || -> Result<_> {
        let mailboxes = line.store.mailboxes(line.account.id)?;
        let inbox = mailboxes.into_iter().find(|m| m.role == Some(Role::Inbox) && m.selectable);
        // Of one of which nothing is kept here nothing is brought.
        let kept = |m: &Mailbox| m.policy.unwrap_or(line.account.settings.policy);
        Ok(inbox.filter(|inbox| kept(inbox) != FolderPolicy::Nothing))
    };
    let known = match find()? {
        Some(known) => Some(known),
        None => {
            session(line, connection).folders().await?;
            find()?
        }
    };
    let Some(mailbox) = known else { return Ok(()) };
    let mut session = session(line, connection);
    match mailbox.cursor.is_whole() {
        true => session.folder(&mailbox, None).await?,
        false => session.screenful(&mailbox).await?,
    };
    Ok(())
}

async fn wait_on_inbox(line: &Line, nudges: &Nudges, mut front: Connection) -> Result<()> {
    let mut wait = RENEW;
    loop {
        front.idle(wait, nudges.acted.notified()).await?;
        session(line, &mut front).unasked();
        let again = session(line, &mut front).upward().await?;
        wait = again.map_or(RENEW, |again| again.min(RENEW));
        wanted(line, nudges, &mut front).await?;
        // Whatever woke us: looked at again always.
        inbox(line, &mut front).await?;
    }
}

/// Brings the letters the user waits for.
async fn wanted(line: &Line, nudges: &Nudges, connection: &mut Connection) -> Result<()> {
    loop {
        // Taken out one by one: what a lost connection left is asked for on the next.
        let next = {
            let wanted = nudges.wanted.lock().unwrap_or_else(PoisonError::into_inner);
            wanted.first().copied()
        };
        let Some(letter) = next else { return Ok(()) };
        session(line, connection).letter(letter).await?;
        let mut wanted = nudges.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.retain(|other| *other != letter);
    }
}

async fn sweep(line: &Line, nudges: &Nudges, mut back: Connection) -> Result<()> {
    loop {
        pass(line, &mut back).await?;
        tokio::select! {
            () = tokio::time::sleep(SWEEP) => {}
            () = nudges.sweep.notified() => {}
        }
    }
}

async fn alone(line: &Line, nudges: &Nudges, mut only: Connection) -> Result<()> {
    loop {
        pass(line, &mut only).await?;
        let swept = Instant::now();
        // `pass` may have left another folder open.
        while swept.elapsed() < SWEEP {
            inbox(line, &mut only).await?;
            let nudged = async {
                tokio::select! {
                    () = nudges.acted.notified() => {}
                    () = nudges.sweep.notified() => {}
                }
            };
            let left = SWEEP.saturating_sub(swept.elapsed()).min(RENEW);
            only.idle(left, nudged).await?;
            session(line, &mut only).unasked();
            session(line, &mut only).upward().await?;
            wanted(line, nudges, &mut only).await?;
        }
    }
}

async fn pass(line: &Line, connection: &mut Connection) -> Result<()> {
    let before = connection.traffic();
    let report = session(line, connection).run(&Only::All, Instant::now(), before).await?;
    if let Some((used, allowed)) = connection.quota().await? {
        line.tell(SyncEvent::Quota { used, allowed });
    }
    line.meet_filed()?;
    if report.counts.new > 0 {
        line.learn()?;
    }
    if line.store.is_untidy(true)? {
        line.store.tidy()?;
    }
    line.tell(SyncEvent::Done(report));
    line.tell(SyncEvent::Idle);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_become_rarer_and_differ_and_a_good_connection_forgives() {
        let mut back_off = BackOff::new();
        let mut last = Duration::ZERO;
        for _ in 0..20 {
            let wait = back_off.wait(Duration::from_secs(1), 1023);
            assert!(wait >= last && wait <= LONGEST);
            last = wait;
        }
        assert!(last > LONGEST / 2);
        // Connected and lost at once is no success.
        assert!(back_off.wait(Duration::from_secs(30), 0) >= LONGEST / 2);
        assert!(back_off.wait(LIVED, 1023) <= SHORTEST);
        // Two Goyos do not come at the same moment.
        let mut other = BackOff::new();
        assert_ne!(other.wait(Duration::ZERO, 7), BackOff::new().wait(Duration::ZERO, 800));
    }
}
