//! Accounts, but for their secrets.

use super::error::{Result, StoreError};
use super::pool::Store;
use crate::model::{Account, AccountId, AccountKind, Settings};
use rusqlite::{OptionalExtension, Row, params};

impl Store {
    /// All accounts, in the order they were made; the local one is the first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn accounts(&self) -> Result<Vec<Account>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, name, kind, address, settings FROM account ORDER BY id",
            )?;
            let rows = statement.query_map([], account)?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
    }

    /// The account of this name.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`] if there is none.
    pub fn account(&self, name: &str) -> Result<Account> {
        self.read(|conn| {
            conn.prepare_cached(
                "SELECT id, name, kind, address, settings FROM account WHERE name = ?",
            )?
            .query_row([name], account)
            .optional()?
            .ok_or_else(|| StoreError::NoAccount(name.to_owned()))
        })
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`StoreError::AccountExists`] if the name is taken or cannot be one.
    pub fn add_account(
        &self,
        name: &str,
        kind: AccountKind,
        address: &str,
        settings: &Settings,
    ) -> Result<AccountId> {
        // A slash would make folder names ambiguous.
        if name.is_empty() || name.contains('/') || name.chars().any(char::is_control) {
            return Err(StoreError::AccountName(name.to_owned()));
        }
        self.write(|tx| {
            let taken =
                tx.prepare_cached("SELECT 1 FROM account WHERE name = ?")?.exists([name])?;
            if taken {
                return Err(StoreError::AccountExists(name.to_owned()));
            }
            tx.prepare_cached(
                "INSERT INTO account (name, kind, address, settings) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![name, word(kind), address, text(settings)])?;
            Ok(AccountId(tx.last_insert_rowid()))
        })
    }

    /// Changes the settings of an account.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_account(&self, id: AccountId, settings: &Settings) -> Result<()> {
        self.write(|tx| {
            tx.prepare_cached("UPDATE account SET settings = ? WHERE id = ?")?
                .execute(params![text(settings), id.0])?;
            Ok(())
        })
    }
}

fn text(settings: &Settings) -> String {
    serde_json::to_string(settings).unwrap_or_else(|_| "{}".into())
}

fn word(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Local => "local",
        AccountKind::Imap => "imap",
        AccountKind::Pop3 => "pop3",
    }
}

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: AccountId(row.get(0)?),
        name: row.get(1)?,
        kind: match row.get_ref(2)?.as_str()? {
            "imap" => AccountKind::Imap,
            "pop3" => AccountKind::Pop3,
            _ => AccountKind::Local,
        },
        address: row.get(3)?,
        // Settings of a newer program that are not understood here are the usual ones.
        settings: serde_json::from_str(row.get_ref(4)?.as_str()?).unwrap_or_default(),
    })
}
