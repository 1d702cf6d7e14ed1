//! One pass over an account: which folders have changed, and those brought in step, in
//! the order the user looks at them.

use super::names::rank;
use super::{Counts, Intake, Report, SyncEvent, Tell};
use crate::engine::{EngineError, Result};
use crate::model::{Account, FolderId, FolderPolicy, Role};
use crate::net::imap::{Connection, Status, Traffic, Unsolicited};
use crate::store::{Mailbox, Store};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

/// So many alerts of a server are told at once.
const ALERTS: usize = 3;

/// Which folders a pass is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Only {
    /// All of them.
    #[default]
    All,
    /// This one.
    Folder(FolderId),
    /// The one of this path.
    Path(String),
}

/// A connection at work for an account.
pub struct Session<'s> {
    pub(super) store: &'s Arc<Store>,
    pub(super) account: &'s Account,
    pub(super) intake: &'s Intake,
    pub(super) connection: &'s mut Connection,
    tell: Tell,
    pub(super) report: Report,
    /// Bytes of letters that came, and how long that took, for telling how long the rest
    /// will take.
    pub(super) pace: Pace,
}

/// How fast letters come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    pub(super) bytes: u64,
    pub(super) seconds: f64,
}

impl Pace {
    /// How many seconds so many bytes will take; unknown until enough has come.
    pub(super) fn seconds_for(&self, bytes: u64) -> Option<f64> {
        let enough = self.bytes > 64 * 1024 && self.seconds > 0.01;
        enough.then(|| bytes as f64 * self.seconds / self.bytes as f64)
    }
}

impl<'s> Session<'s> {
    /// For an account, over a connection of it.
    pub fn new(
        store: &'s Arc<Store>,
        account: &'s Account,
        intake: &'s Intake,
        connection: &'s mut Connection,
        tell: Tell,
    ) -> Self {
        Self {
            store,
            account,
            intake,
            connection,
            tell,
            report: Report::default(),
            pace: Pace::default(),
        }
    }

    pub(super) fn tell(&self, event: SyncEvent) {
        (self.tell)(self.account.id, event);
    }

    /// For threads that write.
    pub(super) fn teller(&self) -> Arc<dyn Fn(SyncEvent) + Send + Sync> {
        let (tell, account) = (Arc::clone(&self.tell), self.account.id);
        Arc::new(move |event| tell(account, event))
    }

    /// How much of a folder is kept.
    pub(super) fn policy(&self, mailbox: &Mailbox) -> FolderPolicy {
        mailbox.policy.unwrap_or(self.account.settings.policy)
    }

    /// Brings everything in step, or one folder. What a server refuses about one folder is
    /// told, and the others go on.
    ///
    /// # Errors
    /// What ends the connection, and what the store says.
    pub async fn run(&mut self, only: &Only, since: Instant, before: Traffic) -> Result<Report> {
        let outcome = self.folders_of(only).await;
        let traffic = self.connection.traffic();
        self.report.bytes = traffic.read.saturating_sub(before.read);
        self.report.round_trips = traffic.round_trips.saturating_sub(before.round_trips);
        self.report.took = since.elapsed();
        self.unasked();
        outcome?;
        Ok(self.report)
    }

    async fn folders_of(&mut self, only: &Only) -> Result<()> {
        // First, so that what is read is what came of it.
        self.upward().await?;
        let mut mailboxes = self.folders().await?;
        self.report.folders = mailboxes.len() as u64;
        mailboxes.retain(|mailbox| {
            mailbox.selectable
                && self.policy(mailbox) != FolderPolicy::Nothing
                && match only {
                    Only::All => true,
                    Only::Folder(id) => mailbox.id == *id,
                    Only::Path(path) => mailbox.path == *path,
                }
        });
        mailboxes.sort_by_key(|mailbox| rank(mailbox.role));
        // A first screenful before anything else.
        let first = mailboxes
            .iter()
            .find(|m| m.role == Some(Role::Inbox) && m.cursor.uidvalidity.is_none() && m.total == 0)
            .cloned();
        let mut at_once = Counts::default();
        if let Some(inbox) = &first {
            let done = self.screenful(inbox).await;
            at_once = self.mind(Some(inbox.id), done)?.unwrap_or_default();
        }
        let names: Vec<String> = mailboxes.iter().map(|m| m.remote.clone()).collect();
        let statuses = match names.is_empty() {
            true => Vec::new(),
            false => self.connection.status(&names).await?,
        };
        for (mailbox, status) in mailboxes.iter().zip(statuses) {
            let status = match status {
                Ok(status) => Some(status),
                // Some servers refuse STATUS where SELECT works.
                Err(error) if error.is_refusal() => None,
                Err(error) => return Err(error.into()),
            };
            // The first screenful has changed it.
            let Some(mailbox) = self.store.mailbox(mailbox.id)? else { continue };
            if let Some(status) = &status
                && self.is_in_step(&mailbox, status)?
            {
                continue;
            }
            self.report.opened += 1;
            let done = self.folder(&mailbox, status.as_ref()).await;
            if let Some(mut counts) = self.mind(Some(mailbox.id), done)? {
                if first.as_ref().is_some_and(|inbox| inbox.id == mailbox.id) {
                    counts.add(at_once);
                }
                self.report.counts.add(counts);
                self.tell(SyncEvent::FolderDone {
                    folder: mailbox.id,
                    path: mailbox.path.clone(),
                    counts,
                });
            }
        }
        Ok(())
    }

    /// Tells of what a server refused; everything else goes on upwards.
    pub(super) fn mind<T>(
        &mut self,
        folder: Option<FolderId>,
        done: Result<T>,
    ) -> Result<Option<T>> {
        match done {
            Ok(value) => Ok(Some(value)),
            Err(EngineError::Imap(error)) if error.is_refusal() => {
                self.trouble(folder, error.to_string());
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// What the server has said unasked. What it wants the user to read is told.
    pub(super) fn unasked(&mut self) -> Vec<Unsolicited> {
        let mut alerts = BTreeSet::new();
        let mut said = self.connection.take_unsolicited();
        said.retain(|said| match said {
            Unsolicited::Alert(text) => {
                alerts.insert(text.clone());
                false
            }
            _ => true,
        });
        for text in alerts.into_iter().take(ALERTS) {
            self.tell(SyncEvent::Alert(text));
        }
        said
    }

    pub(super) fn trouble(&mut self, folder: Option<FolderId>, text: String) {
        self.report.errors += 1;
        self.tell(SyncEvent::Error { folder, text });
    }

    /// Whether nothing can have changed since the folder was last in step.
    fn is_in_step(&self, mailbox: &Mailbox, status: &Status) -> Result<bool> {
        let cursor = &mailbox.cursor;
        let same = cursor.is_whole()
            && status.uidvalidity == cursor.uidvalidity
            && status.uidnext.is_some()
            && status.uidnext == cursor.uidnext
            && Some(status.messages) == cursor.messages;
        // Flags are only known to be the same where the server counts their changes; an
        // empty folder has none.
        let flags = status.messages == 0
            || status.highestmodseq.is_some() && status.highestmodseq == cursor.highestmodseq;
        if !same || !flags {
            return Ok(false);
        }
        Ok(self.rest_of(mailbox)?.is_empty())
    }
}
