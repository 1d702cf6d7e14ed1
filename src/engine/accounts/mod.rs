//! Accounts: what is known of their providers, whether they work, how they come and go.
//!
//! Promise: an account is there with its password or not at all; when it goes, its
//! letters, its wishes and its password go with it; why one does not work is said in a
//! way that helps.

mod change;
mod desk;
mod finding;
mod providers;
mod server;
mod trouble;

pub use change::{Change, LONGEST_SIGNATURE, MOST_DAYS, change, is_own, writers};
pub use finding::{find, is_worth_asking};
pub use providers::{
    AppPassword, Known, Needs, Provider, Source, UserForm, provider_at, provider_by_mx,
    provider_of, providers, settings_for,
};
pub use server::{ServerForm, server};
pub use trouble::{Advice, Failure, Sentence, Trouble};

use super::{EngineError, Result, writing};
use crate::model::{Account, AccountId, AccountKind, Proves, Secret, Settings};
use crate::net::http::Proxy;
pub use crate::net::imap::Log;
use crate::net::imap::{Connection, Credentials, Endpoint, ImapError};
use crate::net::smtp::{Session, SmtpError};
use crate::secrets::Vault;
use crate::store::outbox::OutboxError;
use crate::store::{Store, StoreError};
use std::time::Duration;

/// A test takes no longer than this.
const PATIENCE: Duration = Duration::from_secs(60);

/// An account as it is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// What it is to be called here.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Where it is.
    pub settings: Settings,
    /// Its password.
    pub secret: Secret,
}

/// What a test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// Folders on the server.
    pub folders: usize,
    /// What it offers, in its words.
    pub capabilities: Vec<String>,
    /// Whether letters can be sent; absent where that was not tried.
    pub sends: Option<bool>,
}

/// Who provides this account: by its address, else by its server.
pub fn provider_for(address: Option<&str>, settings: &Settings) -> Option<&'static Provider> {
    address
        .and_then(provider_of)
        .or_else(|| settings.imap.as_ref().and_then(|server| provider_at(&server.host)))
}

/// The password that is kept for an account.
///
/// # Errors
/// When there is none, or the place of the passwords cannot be read.
pub(super) async fn secret(vault: &Vault, account: &Account) -> Result<Secret> {
    let (vault, id) = (vault.clone(), account.id.0);
    // The keyring may wait for the user: not on this thread.
    let secret = tokio::task::spawn_blocking(move || vault.get(id)).await;
    let missing = || EngineError::NoPassword(account.name.clone());
    secret.map_err(|_| missing())??.ok_or_else(missing)
}

/// Whether the server that sends files a copy itself, as the account says, or else as it is
/// known of its provider.
pub fn files_sent(settings: &Settings) -> bool {
    settings.files_sent.unwrap_or_else(|| {
        let at = settings.smtp.as_ref().and_then(|server| provider_at(&server.host));
        at.is_some_and(|provider| provider.files_sent)
    })
}

/// What logs an account in.
pub fn credentials(settings: &Settings, secret: Secret) -> Credentials {
    let user = settings.user.clone();
    match settings.proves {
        Proves::Password => Credentials::Password { user, password: secret },
        Proves::Token => Credentials::Token { user, token: secret },
    }
}

/// Connects, logs in, lists the folders and leaves.
///
/// # Errors
/// Why that does not work, and what to do about it.
pub async fn test(
    address: Option<&str>,
    settings: &Settings,
    secret: &Secret,
    log: &Log,
) -> std::result::Result<Tested, Failure> {
    let provider = provider_for(address, settings);
    // Who knows a way in says so by a server of their own.
    let foreign = |server: &crate::model::Server| {
        provider.and_then(|provider| provider.imap.as_ref()).is_none_or(|at| at.host != server.host)
    };
    if let Some(needs) = provider.and_then(|provider| provider.needs)
        && settings.proves == Proves::Password
        && !settings.imap.as_ref().is_some_and(foreign)
    {
        return Err(Failure { provider, ..Failure::of(Trouble::Lacking(needs)) });
    }
    let Some(server) = &settings.imap else { return Err(Failure::of(Trouble::NoServer)) };
    let endpoint = Endpoint { server: server.clone(), proxy: settings.proxy.clone() };
    let credentials = credentials(settings, secret.clone());
    let work = async {
        let mut connection = Connection::open(&endpoint, &credentials, log).await?;
        let folders = connection.list().await?.len();
        let capabilities = connection.capabilities().words.iter().cloned().collect();
        connection.close().await;
        Ok(Tested { folders, capabilities, sends: None })
    };
    tokio::time::timeout(PATIENCE, work)
        .await
        .unwrap_or(Err(ImapError::TimedOut))
        .map_err(|error| Failure::from_imap(error, server, provider))
}

/// The same, and then with the server that sends, where the account has one: connects, logs
/// in and leaves.
///
/// # Errors
/// As [`test`]; a failure with the server that sends says so ([`Failure::sending`]).
pub async fn test_both(
    address: Option<&str>,
    settings: &Settings,
    secret: &Secret,
    log: &Log,
) -> std::result::Result<Tested, Failure> {
    let mut tested = test(address, settings, secret, log).await?;
    let Some(server) = &settings.smtp else { return Ok(tested) };
    let endpoint = Endpoint { server: server.clone(), proxy: settings.proxy.clone() };
    let credentials = credentials(settings, secret.clone());
    let work = async {
        let session = Session::open(&endpoint, Some(&credentials), log).await?;
        session.quit().await;
        Ok(())
    };
    tokio::time::timeout(PATIENCE, work)
        .await
        .unwrap_or(Err(SmtpError::TimedOut))
        .map_err(|error| Failure::from_smtp(error, server, provider_for(address, settings)))?;
    tested.sends = Some(true);
    Ok(tested)
}

/// As [`test_both`], with the password that is kept for the account.
///
/// # Errors
/// As [`test_both`], and when there is no password.
pub async fn test_kept(
    account: &Account,
    vault: &Vault,
    log: &Log,
) -> std::result::Result<Tested, Failure> {
    let secret = kept(account, vault).await?;
    test_both(account.address.as_deref(), &account.settings, &secret, log).await
}

/// The password that is kept for an account.
async fn kept(account: &Account, vault: &Vault) -> std::result::Result<Secret, Failure> {
    let (vault, id) = (vault.clone(), account.id.0);
    // The keyring may wait for the user: not on this thread.
    let secret = tokio::task::spawn_blocking(move || vault.get(id)).await;
    match secret {
        Ok(Ok(Some(secret))) => Ok(secret),
        Ok(Err(error)) => Err(Failure::of(Trouble::Secrets(error))),
        Ok(Ok(None)) | Err(_) => Err(Failure::of(Trouble::NoPassword)),
    }
}

/// Whether this can be the proxy of an account.
///
/// # Errors
/// When it is no proxy, or holds a password: settings lie in the store as they are.
pub fn check_proxy(address: &str) -> Result<()> {
    Proxy::parse(address)?;
    match url::Url::parse(address.trim()) {
        Ok(url) if url.password().is_some() => Err(EngineError::ProxyPassword),
        _ => Ok(()),
    }
}

/// Makes an account and keeps its password: both or neither.
///
/// # Errors
/// When the store or the place of the passwords refuses.
pub fn add(
    store: &Store,
    vault: &Vault,
    name: &str,
    address: &str,
    settings: &Settings,
    secret: &Secret,
) -> Result<AccountId> {
    settings.proxy.as_deref().map(check_proxy).transpose()?;
    let id = store.add_account(name, AccountKind::Imap, address, settings)?;
    if let Err(error) = vault.set(id.0, secret) {
        store.remove_account(id)?;
        return Err(error.into());
    }
    Ok(id)
}

/// What becomes of drafts that lie on this computer alone when their account is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Drafts {
    /// The account stays as long as there are any.
    #[default]
    Keep,
    /// They go with it.
    Discard,
}

/// Removes an account with its password, folders, letters and what waits for its server.
/// Broken off, it is done again from the start.
///
/// # Errors
/// While letters of it are not sent, or drafts are to be kept and nowhere else; when the
/// place of the passwords or the store refuses. A password that cannot be removed keeps the
/// account, so that it is not forgotten there.
pub fn remove(store: &Store, vault: &Vault, account: AccountId, drafts: Drafts) -> Result<()> {
    let unsent = store.unsent(account)?;
    if unsent > 0 {
        return Err(StoreError::Outbox(OutboxError::StillSending(unsent)).into());
    }
    if drafts == Drafts::Keep {
        let rows = store.drafts_here_alone(account)?;
        let unsaved = rows.iter().filter(|row| !writing::is_empty(row)).count();
        if unsaved > 0 {
            return Err(StoreError::Outbox(OutboxError::StillWriting(unsaved)).into());
        }
    }
    vault.remove(account.0)?;
    Ok(store.remove_account(account)?)
}
