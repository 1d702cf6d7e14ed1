//! What is in the outbox → the server that sends (RFC 5321, 6409).
//!
//! Promise: a letter reaches a server once for each recipient, or the user is told that
//! nobody knows; *sent* is said after the server's 250 and never before. What a server
//! refuses for now is tried again at growing intervals, for five days; what it refuses for
//! good, and what nobody knows, waits for the user. Being offline is a normal state.

mod attempt;
mod courier;
mod schedule;

pub use attempt::own_copy_of;
pub use courier::{Courier, Ending, LAST_LETTER};

use super::accounts;
use super::receipts::{Desk, ReceiptsTrouble};
use super::writing::now;
use crate::model::{Account, AccountId, FolderId, TokenHash};
use crate::net::smtp::Log;
use crate::secrets::Vault;
use crate::store::Store;
use std::sync::Arc;
use std::time::Duration;

/// How long the next letter waits for the receipt server to hear that one has gone.
const DEPARTURE: Duration = Duration::from_secs(8);

/// What is told while letters are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostEvent {
    /// Letters of the outbox have changed.
    Outbox,
    /// The rows of these folders have changed, and the servers of these accounts are to be
    /// told.
    Filed(Vec<FolderId>, Vec<AccountId>),
}

/// Who hears of it.
pub type TellPost = Arc<dyn Fn(AccountId, PostEvent) + Send + Sync>;

/// What sending needs.
#[derive(Clone)]
pub struct Post {
    /// The store.
    pub store: Arc<Store>,
    /// Where the account's password is.
    pub vault: Vault,
    /// The account.
    pub account: Account,
    /// Who hears of what happens.
    pub tell: TellPost,
    /// The conversation with its server.
    pub log: Log,
}

impl Post {
    fn tell(&self, event: PostEvent) {
        (self.tell)(self.account.id, event);
    }

    /// Makes receipt pictures known to the receipt server.
    async fn register_tokens(
        &self,
        server: &str,
        hashes: &[Vec<u8>],
    ) -> Result<(), ReceiptsTrouble> {
        let hashes: Vec<TokenHash> = hashes
            .iter()
            .filter_map(|hash| Some(TokenHash(hash.as_slice().try_into().ok()?)))
            .collect();
        self.receipts().register(server, &hashes, now()).await
    }

    /// Tells the receipt server that letters have gone. What it cannot be told now it is
    /// told when it is asked next.
    async fn tell_departures(&self) {
        let _ = tokio::time::timeout(DEPARTURE, self.receipts().tell_departures(now())).await;
    }

    fn receipts(&self) -> Desk {
        Desk {
            store: Arc::clone(&self.store),
            vault: self.vault.clone(),
            proxy: self.account.settings.proxy.clone(),
        }
    }

    /// Whether the server files a copy of what it sends itself.
    fn files_sent(&self) -> bool {
        accounts::files_sent(&self.account.settings)
    }
}
