//! What the user did, told to the server (RFC 3501, 4315, 6851).
//!
//! Promise: each change reaches the server once, whatever moment the program or the
//! connection dies at: an intent is written down as sent, on the disk, before its bytes
//! leave; one that was sent and not confirmed is looked for on the server before it is sent
//! again. A refusal takes the local change back with a reason; what may pass is tried again
//! later. Rules for two programs changing the same mailbox: `docs/sync.md`.

mod find;
mod folders;
mod send;
mod server;
#[cfg(test)]
mod tests;

pub use server::Server;

use crate::model::{AccountId, FolderId, IntentId};
use crate::net::imap::{ImapError, Listed, Selected};
use crate::store::intents::{Kind, RolledBack, Settled, State, Task, Why};
use crate::store::{Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// Why replay ended before its end. What was not confirmed is replayed the next time.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReplayError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The connection; it is not to be used any more.
    #[error(transparent)]
    Server(#[from] ImapError),
}

type Result<T> = std::result::Result<T, ReplayError>;

/// What is told while replay goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The rows of these folders changed here.
    Changed(Vec<FolderId>),
    /// Something of the user's was taken back, with a reason.
    RolledBack(RolledBack),
}

/// What replay did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Intents the server has carried out.
    pub done: u64,
    /// Intents it would not.
    pub refused: u64,
    /// When something that was put off is to be tried again, in seconds since 1970.
    pub again: Option<i64>,
    /// The connection has another folder open than before: its name on the wire.
    pub selected: Option<String>,
}

/// Seconds until something that was refused for now is tried again, the first time.
const FIRST_DELAY: i64 = 20;
/// At most so many.
const LONGEST_DELAY: i64 = 3600;
/// Tries until a refusal counts as final.
const TRIES: u32 = 6;
/// Seconds between looks at whether letters can be removed for good.
const LATER: i64 = 3600;
/// Letters in one command at most, and ranges of their UIDs.
const LETTERS: usize = 20_000;
const RANGES: usize = 250;

/// Tells the server of an account what is pending, until nothing is that can be done now.
/// The folder that is open on the connection may be another one after this.
///
/// # Errors
/// When the store cannot be written or the connection fails; replaying again, on another
/// connection, goes on from there.
pub async fn replay<S: Server>(
    store: &Store,
    server: &mut S,
    account: AccountId,
    now: i64,
    tell: &mut (dyn FnMut(Told) + Send),
) -> Result<Replayed> {
    let mut replay = Replay {
        store,
        server,
        now,
        open: None,
        listed: None,
        replayed: Replayed::default(),
        tell,
    };
    let outcome = replay.run(account).await;
    let mut replayed = replay.replayed;
    outcome?;
    replayed.selected = replay.open.map(|(mailbox, _)| mailbox);
    replayed.again = store.next_try(account)?;
    Ok(replayed)
}

struct Replay<'r, S> {
    store: &'r Store,
    server: &'r mut S,
    now: i64,
    /// The open folder.
    open: Option<(String, Selected)>,
    /// All folders, once asked for.
    listed: Option<Vec<Listed>>,
    replayed: Replayed,
    tell: &'r mut (dyn FnMut(Told) + Send),
}

/// Tasks that go into the same commands.
type Group = Vec<Task>;

impl<S: Server> Replay<'_, S> {
    async fn run(&mut self, account: AccountId) -> Result<()> {
        let mut last: Vec<Task> = Vec::new();
        loop {
            let wave = self.store.wave(account, self.now)?;
            if wave.is_empty() {
                return Ok(());
            }
            if wave == last {
                // A server that answers yes and does nothing must not keep us busy.
                self.put_off(&wave, "the server says yes but does nothing")?;
                last.clear();
                continue;
            }
            for group in groups(wave.clone()) {
                self.group(group).await?;
            }
            last = wave;
        }
    }

    async fn group(&mut self, group: Group) -> Result<()> {
        let Some(first) = group.first() else { return Ok(()) };
        if first.intent.kind.is_of_folder() {
            for task in &group {
                self.folder(task).await?;
            }
            return Ok(());
        }
        if first.intent.kind == Kind::Append {
            for task in &group {
                self.append(task).await?;
            }
            return Ok(());
        }
        match self.placed(group).await? {
            Some(group) => self.letters(group).await,
            None => Ok(()),
        }
    }

    /// Opens a folder, unless it is. A refusal is the inner error.
    async fn select(&mut self, mailbox: &str) -> Result<std::result::Result<Selected, ImapError>> {
        if let Some((open, selected)) = &self.open
            && open == mailbox
        {
            return Ok(Ok(selected.clone()));
        }
        self.open = None;
        match refusable(self.server.select(mailbox).await)? {
            Ok(selected) => {
                self.open = Some((mailbox.to_owned(), selected.clone()));
                Ok(Ok(selected))
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    fn settled(&mut self, settled: Settled) {
        if !settled.folders.is_empty() {
            (self.tell)(Told::Changed(settled.folders.into_iter().collect()));
        }
        for back in settled.rolled_back {
            self.replayed.refused += back.count as u64;
            (self.tell)(Told::RolledBack(back));
        }
    }

    fn confirm(&mut self, done: &[(IntentId, Option<(u32, u32)>)]) -> Result<()> {
        if done.is_empty() {
            return Ok(());
        }
        self.replayed.done += done.len() as u64;
        let settled = self.store.confirm(done)?;
        self.settled(settled);
        Ok(())
    }

    fn refuse(&mut self, ids: &[IntentId], reason: &Why) -> Result<()> {
        let settled = self.store.refuse(ids, reason)?;
        self.settled(settled);
        Ok(())
    }

    fn gone(&mut self, ids: &[IntentId]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let settled = self.store.gone(ids)?;
        self.settled(settled);
        Ok(())
    }

    /// What the server refused is tried again, or taken back.
    fn refused(&mut self, group: &[Task], why: &ImapError) -> Result<()> {
        let (again, never): (Vec<&Task>, Vec<&Task>) =
            group.iter().partition(|task| may_pass(why) && task.intent.tries + 1 < TRIES);
        if !again.is_empty() {
            let again: Vec<Task> = again.into_iter().cloned().collect();
            self.put_off(&again, &why.to_string())?;
        }
        match never.is_empty() {
            true => Ok(()),
            false => {
                let ids: Vec<IntentId> = never.iter().map(|task| task.intent.id).collect();
                self.refuse(&ids, &said(why))
            }
        }
    }

    fn put_off(&mut self, group: &[Task], why: &str) -> Result<()> {
        for task in group {
            let delay = FIRST_DELAY << task.intent.tries.min(10);
            let until = self.now + delay.min(LONGEST_DELAY);
            self.store.put_off(&[task.intent.id], until, why)?;
        }
        Ok(())
    }
}

/// A refusal, as it is told to the user.
fn said(why: &ImapError) -> Why {
    match why {
        ImapError::No(words)
        | ImapError::NotNow(words)
        | ImapError::Bad(words)
        | ImapError::AlreadyThere(words) => Why::Refused(words.clone()),
        ImapError::OverQuota(words) => Why::Full(words.clone()),
        ImapError::NoSuchMailbox(_) => Why::NoFolder,
        other => Why::Refused(other.to_string()),
    }
}

/// What another moment may change.
fn may_pass(why: &ImapError) -> bool {
    match why {
        ImapError::No(words) => {
            let words = words.to_ascii_lowercase();
            // Servers without the codes of RFC 5530 say it in words.
            ["unavailable", "try again", "temporar", "too many"]
                .iter()
                .any(|sign| words.contains(sign))
        }
        ImapError::NotNow(_) => true,
        _ => false,
    }
}

/// A refusal is not an end of the connection.
fn refusable<T>(
    answer: std::result::Result<T, ImapError>,
) -> Result<std::result::Result<T, ImapError>> {
    match answer {
        Err(error) if error.is_refusal() => Ok(Err(error)),
        Err(error) => Err(error.into()),
        Ok(answer) => Ok(Ok(answer)),
    }
}

/// Puts together what one command can do, in the order of the journal.
fn groups(wave: Vec<Task>) -> Vec<Group> {
    let mut keys: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for task in wave {
        let i = &task.intent;
        // What was sent before must be looked for first.
        let known = (i.uid.is_some(), i.uidvalidity, i.detail.after, i.detail.copied);
        let key = match i.kind.is_of_folder() || i.kind == Kind::Append {
            true => format!("{}", i.id),
            false => format!(
                "{:?} {:?} {:?} {:?} {:?} {}",
                i.folder,
                i.kind,
                i.target,
                i.change,
                known,
                i.state == State::Sent
            ),
        };
        let at = *keys.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(task),
            None => groups.push(vec![task]),
        }
    }
    groups.into_iter().flat_map(pieces).collect()
}

/// Cuts a group so that each piece fits a command.
fn pieces(mut group: Group) -> Vec<Group> {
    group.sort_by_key(|task| (task.intent.uid, task.intent.id));
    let mut pieces: Vec<Group> = Vec::new();
    let mut ranges = 0;
    let mut last: Option<u32> = None;
    for task in group {
        let uid = task.intent.uid;
        let follows = last.is_some() && uid.is_some() && last.and_then(|l| l.checked_add(1)) == uid;
        ranges += usize::from(!follows);
        last = uid;
        match pieces.last_mut() {
            Some(piece) if piece.len() < LETTERS && ranges <= RANGES => piece.push(task),
            _ => {
                ranges = 1;
                pieces.push(vec![task]);
            }
        }
    }
    pieces
}

/// The intents of a group.
fn ids(group: &[Task]) -> Vec<IntentId> {
    group.iter().map(|task| task.intent.id).collect()
}

/// The UIDs of a group.
fn uids(group: &[Task]) -> BTreeSet<u32> {
    group.iter().filter_map(|task| task.intent.uid).collect()
}
