//! Receipts by a picture: the user's receipt server is told of tokens before a letter goes
//! and of the moment when it went, and asked who fetched while that may still happen.
//!
//! Promises: a letter with a picture goes only when the server has its token on disk; the
//! key goes to the server it was given for and to no other; the server is asked often in
//! the first hour and rarely in the end, and not at all when nothing is open.

mod poll;

pub use poll::{Poller, TellReceipts};

use crate::model::{OutboxId, Registration, Secret, TokenHash};
use crate::net::http::{Proxy, ProxyError};
use crate::net::receipts::{ReceiptServer, ReceiptServerError};
use crate::secrets::{self, SecretsError, Vault};
use crate::store::settings::RECEIPT_SERVER;
use crate::store::{Store, StoreError};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Seconds for which a receipt is open: 120 days. The server forgets it then.
pub const OPEN: i64 = 120 * 86_400;
/// Tokens that are made known in one go.
const AT_ONCE: usize = 500;
/// Answers that are taken in one go; the rest comes with the next.
const ANSWERS: usize = 200;

/// What can go wrong with receipts.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiptsTrouble {
    /// In the store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// In the place of the keys.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// With the server.
    #[error(transparent)]
    Server(#[from] ReceiptServerError),
    /// With the proxy.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// There is none.
    #[error("there is no receipt server; 'goyo receipts server set URL --key-stdin' names one")]
    NoServer,
    /// The letter's picture lies on another server than the one that is set.
    #[error(
        "the letter's picture lies on {0}, and the receipt server is another now; take the letter \
         back and send it anew, or set that server again"
    )]
    Other(String),
    /// No key is kept.
    #[error("no key is kept for the receipt server; 'goyo receipts server set' takes one")]
    NoKey,
    /// A key has no blanks and is not empty.
    #[error("that is no key; 'goyo receipts key new' on the server prints one")]
    KeyForm,
}

impl ReceiptsTrouble {
    /// Whether trying again later may help without the user.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Server(error) => error.is_passing(),
            Self::Store(_) => true,
            _ => false,
        }
    }
}

type Result<T> = std::result::Result<T, ReceiptsTrouble>;

/// The way to the user's receipt server.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The store.
    pub store: Arc<Store>,
    /// Where the key is.
    pub vault: Vault,
    /// The address of a SOCKS5 or HTTP proxy.
    pub proxy: Option<String>,
}

impl Desk {
    fn reach(&self, address: &str) -> Result<ReceiptServer> {
        let proxy = self.proxy.as_deref().map(Proxy::parse).transpose()?;
        Ok(ReceiptServer::at(address, proxy)?)
    }

    /// The server that is set, and its key.
    async fn server(&self) -> Result<(ReceiptServer, Secret)> {
        let address = server(&self.store)?.ok_or(ReceiptsTrouble::NoServer)?;
        let vault = self.vault.clone();
        // The keyring may wait for the user: not on this thread.
        let key = tokio::task::spawn_blocking(move || vault.get(secrets::RECEIPT_SERVER)).await;
        let key = key.map_err(|_| ReceiptsTrouble::NoKey)??.ok_or(ReceiptsTrouble::NoKey)?;
        Ok((self.reach(&address)?, key))
    }

    /// Makes the tokens of a letter's pictures known to the server the letter names, before
    /// it goes. They are on that server's disk, and that is written down, when this returns.
    ///
    /// # Errors
    /// When the server is not the one that is set, cannot be reached or would not.
    pub async fn register(&self, address: &str, hashes: &[TokenHash], now: i64) -> Result<()> {
        let (server, key) = self.server().await?;
        if server.address() != address.trim_end_matches('/') {
            return Err(ReceiptsTrouble::Other(address.to_owned()));
        }
        let expires = now.saturating_add(OPEN);
        let new = |hash: &TokenHash| Registration { hash: *hash, lives: OPEN, ago: None };
        for some in hashes.chunks(AT_ONCE) {
            let new: Vec<Registration> = some.iter().map(new).collect();
            server.register(&key, &new).await?;
            let known: Vec<Vec<u8>> = some.iter().map(|hash| hash.0.to_vec()).collect();
            self.store.registered(&known, now, expires)?;
        }
        Ok(())
    }

    /// Tells the server which letters have gone, and when: from then on a fetch may be a
    /// reader's.
    ///
    /// # Errors
    /// When it cannot be told; it is told later.
    pub async fn tell_departures(&self, now: i64) -> Result<()> {
        let Some(address) = server(&self.store)? else { return Ok(()) };
        let departed = self.store.untold_departures(&address, now)?;
        if departed.is_empty() {
            return Ok(());
        }
        let (server, key) = self.server().await?;
        let told: Vec<Registration> = departed
            .iter()
            .map(|(hash, sent)| Registration {
                hash: *hash,
                lives: OPEN,
                ago: Some(now.saturating_sub(*sent).max(0)),
            })
            .collect();
        server.register(&key, &told).await?;
        Ok(self.store.departures_told(&departed, now.saturating_add(OPEN))?)
    }

    /// Tells and asks everything. Returns the letters of which more is known now.
    ///
    /// # Errors
    /// When the server cannot be asked. What came until then is kept.
    pub async fn ask(&self, now: i64) -> Result<BTreeSet<OutboxId>> {
        // A departure that is refused does not keep what is known of others.
        let told = self.tell_departures(now).await;
        let (server, key) = self.server().await?;
        let mut cursor = self.store.receipts_cursor()?;
        let mut changed = BTreeSet::new();
        for _ in 0..ANSWERS {
            let events = server.events(&key, cursor.as_deref()).await?;
            changed.extend(self.store.receive_receipts(&events.events, &events.next)?);
            if !events.more || cursor.as_ref() == Some(&events.next) {
                break;
            }
            cursor = Some(events.next);
        }
        // What came is not lost with it: the next question tells again.
        if changed.is_empty() {
            told?;
        }
        Ok(changed)
    }
}

/// The address of the user's receipt server.
///
/// # Errors
/// When the store cannot be read.
pub fn server(store: &Store) -> Result<Option<String>> {
    Ok(store.setting(RECEIPT_SERVER)?)
}

/// Tries a receipt server with a key: whether it knows it.
///
/// # Errors
/// What stands in the way.
pub async fn test(address: &str, key: &Secret, proxy: Option<&str>) -> Result<()> {
    let proxy = proxy.map(Proxy::parse).transpose()?;
    let server = ReceiptServer::at(address, proxy)?;
    server.events(key, Some("")).await?;
    Ok(())
}

/// Sets the receipt server and its key. Returns its address as it stands in letters.
///
/// # Errors
/// When that is no address or no key, or they cannot be kept.
pub fn set_server(store: &Store, vault: &Vault, address: &str, key: &Secret) -> Result<String> {
    let text = key.reveal();
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(ReceiptsTrouble::KeyForm);
    }
    let address = ReceiptServer::at(address, None)?.address();
    // In this order: a new key never meets the old server.
    store.set_setting(RECEIPT_SERVER, None)?;
    vault.set(secrets::RECEIPT_SERVER, key)?;
    store.set_setting(RECEIPT_SERVER, Some(&address))?;
    store.forget_receipts_cursor()?;
    Ok(address)
}

/// Forgets the receipt server and its key. What is known of receipts stays.
///
/// # Errors
/// When there is none, or it cannot be forgotten.
pub fn remove_server(store: &Store, vault: &Vault) -> Result<()> {
    if server(store)?.is_none() {
        return Err(ReceiptsTrouble::NoServer);
    }
    store.set_setting(RECEIPT_SERVER, None)?;
    store.forget_receipts_cursor()?;
    Ok(vault.remove(secrets::RECEIPT_SERVER)?)
}
