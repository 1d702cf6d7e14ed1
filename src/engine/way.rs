//! The way out for what belongs to no account: to the receipt server, to who is asked about
//! new domains, to remote pictures.
//!
//! Promise: who has a proxy is not seen beside it.

use super::run::Engine;
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
    /// The same for what the window asks.
    pub(super) fn proxy(&self) -> Result<Option<String>, StoreError> {
        proxy(&self.store, self.options.proxy.as_deref())
    }
}
