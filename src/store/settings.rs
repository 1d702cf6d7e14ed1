//! Settings of the profile that are not an account's: small texts by name.

use super::error::Result;
use super::pool::Store;
use rusqlite::{OptionalExtension, params};

/// The address of the user's receipt server.
pub const RECEIPT_SERVER: &str = "receipts.server";

impl Store {
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
        self.write(|tx| {
            match value {
                Some(value) => tx
                    .prepare_cached("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)")?
                    .execute(params![name, value])?,
                None => tx.prepare_cached("DELETE FROM setting WHERE name = ?")?.execute([name])?,
            };
            Ok(())
        })
    }
}
