//! Accounts, but for their secrets.

use super::error::{Result, StoreError};
use super::letters::forget_if_nowhere;
use super::pool::Store;
use crate::model::{Account, AccountId, AccountKind, LetterId, MailId, Settings};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

/// Letters removed in one transaction.
const REMOVED_AT_ONCE: i64 = 2000;

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

    /// The account with this id, while it is there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn account_by_id(&self, id: AccountId) -> Result<Option<Account>> {
        self.read(|conn| by_id(conn, id))
    }

    /// The account a letter is of.
    ///
    /// # Errors
    /// [`StoreError::NoLetter`] if it is not there.
    pub fn account_of(&self, letter: LetterId) -> Result<Account> {
        self.read(|conn| {
            conn.prepare_cached(
                "SELECT a.id, a.name, a.kind, a.address, a.settings
                 FROM place p JOIN folder f ON f.id = p.folder_id
                 JOIN account a ON a.id = f.account_id WHERE p.id = ?",
            )?
            .query_row([letter.0], account)
            .optional()?
            .ok_or(StoreError::NoLetter(letter))
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

    /// Changes an account's settings as they are at this moment: nothing that was learnt
    /// meanwhile is lost. Where another share of its folders is kept, those that follow the
    /// account are compared with the server's in full again.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`] if it is gone; [`StoreError::LocalAccount`] for the one of
    /// this computer, which has no settings; else when the store cannot be written.
    pub fn change_account(&self, id: AccountId, change: impl FnOnce(&mut Settings)) -> Result<()> {
        self.write(|tx| {
            let known = by_id(tx, id)?.ok_or_else(|| StoreError::NoAccount(id.0.to_string()))?;
            if known.kind == AccountKind::Local {
                return Err(StoreError::LocalAccount);
            }
            let mut settings = known.settings.clone();
            change(&mut settings);
            tx.prepare_cached("UPDATE account SET settings = ? WHERE id = ?")?
                .execute(params![text(&settings), id.0])?;
            if settings.policy != known.settings.policy {
                tx.prepare_cached(
                    "UPDATE folder SET lowest_uid = NULL WHERE account_id = ? AND policy IS NULL",
                )?
                .execute([id.0])?;
            }
            Ok(())
        })
    }

    /// Removes an account with its folders, letters and intents. What lies in no other
    /// folder is forgotten with its bytes and its search entry. Broken off, the account
    /// is still there, with fewer letters.
    ///
    /// # Errors
    /// [`StoreError::LocalAccount`] for the one of this computer; else when the store
    /// cannot be written.
    pub fn remove_account(&self, id: AccountId) -> Result<()> {
        let local = self.read(|conn| {
            Ok(conn
                .prepare_cached("SELECT 1 FROM account WHERE id = ? AND kind = 'local'")?
                .exists([id.0])?)
        })?;
        if local {
            return Err(StoreError::LocalAccount);
        }
        // A part at a time: others wait while one is written.
        while self.write(|tx| remove_letters(tx, id))? {}
        self.write(|tx| {
            tx.prepare_cached("DELETE FROM account WHERE id = ?")?.execute([id.0])?;
            Ok(())
        })?;
        self.give_back()
    }
}

fn by_id(conn: &Connection, id: AccountId) -> Result<Option<Account>> {
    Ok(conn
        .prepare_cached("SELECT id, name, kind, address, settings FROM account WHERE id = ?")?
        .query_row([id.0], account)
        .optional()?)
}

/// Removes some letters of an account; whether there were any.
fn remove_letters(tx: &Transaction<'_>, id: AccountId) -> Result<bool> {
    let mut gone = tx.prepare_cached(
        "DELETE FROM place WHERE id IN (SELECT p.id FROM place p
         JOIN folder f ON f.id = p.folder_id WHERE f.account_id = ? LIMIT ?)
         RETURNING mail_id",
    )?;
    let mails: Vec<i64> = gone
        .query_map(params![id.0, REMOVED_AT_ONCE], |row| row.get(0))?
        .collect::<std::result::Result<_, _>>()?;
    for mail in &mails {
        forget_if_nowhere(tx, MailId(*mail))?;
    }
    Ok(!mails.is_empty())
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
