//! Settings of the profile that are not an account's: small texts by name.

use super::error::Result;
use super::pool::Store;
use crate::model::{Remote, Way};
use rusqlite::{OptionalExtension, Transaction, params};

/// The address of the user's receipt server.
pub const RECEIPT_SERVER: &str = "receipts.server";

/// Whether no picture from outside is ever fetched, and the way to those that are.
const NEVER: &str = "remote.never";
const WAY: &str = "remote.way";
/// That way, where there is no proxy on it.
const DIRECT: &str = "direct";

impl Store {
    /// What is done about pictures from outside.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn remote(&self) -> Result<Remote> {
        let by = match self.setting(WAY)? {
            None => Way::Accounts,
            Some(way) if way == DIRECT => Way::Direct,
            Some(proxy) => Way::Proxy(proxy),
        };
        Ok(Remote { never: self.setting(NEVER)?.is_some(), by })
    }

    /// Decides that, all of it or nothing.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_remote(&self, remote: &Remote) -> Result<()> {
        let way = match &remote.by {
            Way::Accounts => None,
            Way::Direct => Some(DIRECT),
            Way::Proxy(proxy) => Some(proxy.as_str()),
        };
        self.write(|tx| {
            write(tx, NEVER, remote.never.then_some("yes"))?;
            write(tx, WAY, way)
        })
    }

    /// A setting, if it was made.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        self.read(|conn| {
            Ok(conn
                .prepare_cached("SELECT value FROM setting WHERE name = ?")?
                .query_row([name], |row| row.get(0))
                .optional()?)
        })
    }

    /// Makes a setting; `None` forgets it.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_setting(&self, name: &str, value: Option<&str>) -> Result<()> {
        self.write(|tx| write(tx, name, value))
    }
}

fn write(tx: &Transaction<'_>, name: &str, value: Option<&str>) -> Result<()> {
    match value {
        Some(value) => tx
            .prepare_cached("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)")?
            .execute(params![name, value])?,
        None => tx.prepare_cached("DELETE FROM setting WHERE name = ?")?.execute([name])?,
    };
    Ok(())
}
