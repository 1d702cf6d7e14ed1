//! The way out for what belongs to no account: to the receipt server, to who is asked about
//! new domains, to remote pictures.
//!
//! Promise: who has a proxy is not seen beside it.

use super::run::Engine;
use crate::model::{LetterId, Way};
use crate::store::{Store, StoreError};

/// The address of this proxy, which was named for everything, else of the first that an
/// account has.
///
/// # Errors
/// When the accounts cannot be read: then nobody is to be asked.
pub fn proxy(store: &Store, named: Option<&str>) -> Result<Option<String>, StoreError> {
    if let Some(named) = named {
        return Ok(Some(named.to_owned()));
    }
    Ok(store.accounts()?.into_iter().find_map(|account| account.settings.proxy))
}

impl Engine {
    /// The way to the pictures of this letter.
    pub(super) fn way_to_pictures(
        &self,
        letter: Option<LetterId>,
    ) -> Result<Option<String>, StoreError> {
        match &self.remote.by {
            _ if self.options.proxy.is_some() => self.proxy(),
            Way::Direct => Ok(None),
            Way::Proxy(proxy) => Ok(Some(proxy.clone())),
            Way::Accounts => {
                let account = letter.map(|letter| self.store.account_of(letter)).transpose()?;
                match account.and_then(|account| account.settings.proxy) {
                    Some(proxy) => Ok(Some(proxy)),
                    None => self.proxy(),
                }
            }
        }
    }

    /// The same for what the window asks.
    pub(super) fn proxy(&self) -> Result<Option<String>, StoreError> {
        proxy(&self.store, self.options.proxy.as_deref())
    }
}
