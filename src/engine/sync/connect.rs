//! From an account to a connection of it, and one pass over that.

use super::{Intake, Only, Report, Session, SyncEvent, Tell, authserv};
use crate::engine::writing::now;
use crate::engine::{EngineError, Result, accounts};
use crate::model::Account;
use crate::net::imap::{Connection, Endpoint, Log, Traffic};
use crate::secrets::Vault;
use crate::store::Store;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Connecting and logging in takes no longer than this.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the work on an account needs.
#[derive(Clone)]
pub struct Line {
    /// The store.
    pub store: Arc<Store>,
    /// Where the account's password is.
    pub vault: Vault,
    /// The account.
    pub account: Account,
    /// The way into the store.
    pub intake: Intake,
    /// Who hears of what happens.
    pub tell: Tell,
    /// The conversation with its server.
    pub log: Log,
}

impl Line {
    pub(super) fn tell(&self, event: SyncEvent) {
        (self.tell)(self.account.id, event);
    }

    /// Connects and logs in.
    ///
    /// # Errors
    /// What stands in the way.
    pub(super) async fn open(&self) -> Result<Connection> {
        let settings = &self.account.settings;
        let Some(server) = settings.imap.clone() else {
            return Err(EngineError::NoServer(self.account.name.clone()));
        };
        let secret = accounts::secret(&self.vault, &self.account).await?;
        let who = accounts::credentials(settings, secret);
        let at = Endpoint { server, proxy: settings.proxy.clone() };
        let open = Connection::open(&at, &who, &self.log);
        let opened = tokio::time::timeout(PATIENCE, open).await;
        Ok(opened.unwrap_or(Err(crate::net::imap::ImapError::TimedOut))?)
    }

    /// Brings the account in step once.
    ///
    /// # Errors
    /// What ended it; what was brought until then is kept.
    pub async fn once(&self, only: &Only) -> Result<Report> {
        self.tell(SyncEvent::Connecting);
        let since = Instant::now();
        let mut connection = self.open().await?;
        let tell = Arc::clone(&self.tell);
        let report = Session::new(&self.store, &self.account, &self.intake, &mut connection, tell)
            .run(only, since, Traffic::default())
            .await?;
        connection.close().await;
        self.meet_filed()?;
        if report.counts.new > 0 {
            self.learn()?;
        }
        self.tell(SyncEvent::Done(report));
        Ok(report)
    }

    /// Meets copies of what was sent that the server filed itself.
    pub(super) fn meet_filed(&self) -> Result<()> {
        if accounts::files_sent(&self.account.settings) {
            let settled = self.store.meet_filed(self.account.id, now())?;
            for folder in settled.folders {
                self.tell(SyncEvent::Changed(folder));
            }
        }
        Ok(())
    }

    /// Learns from the letters in whose name the server vouches for senders.
    pub(super) fn learn(&self) -> Result<()> {
        authserv::learn(&self.store, self.account.id)
    }
}
