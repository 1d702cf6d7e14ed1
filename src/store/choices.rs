//! How a mail is read by the user's choice, where they know better than the mail.

use super::error::Result;
use super::letters::mail_of;
use super::pool::Store;
use crate::model::LetterId;
use rusqlite::{OptionalExtension, params};

impl Store {
    /// The charset chosen by hand for a letter, if one was.
    ///
    /// # Errors
    /// When the letter is not there, or the store cannot be read.
    pub fn charset_choice(&self, letter: LetterId) -> Result<Option<String>> {
        self.read(|conn| {
            let mail = mail_of(conn, letter)?;
            Ok(conn
                .prepare_cached("SELECT charset FROM choice WHERE mail_id = ?")?
                .query_row([mail.0], |row| row.get(0))
                .optional()?)
        })
    }

    /// Remembers the charset chosen for a letter; `None` forgets the choice.
    ///
    /// # Errors
    /// When the letter is not there, or the store cannot be written.
    pub fn set_charset_choice(&self, letter: LetterId, charset: Option<&str>) -> Result<()> {
        self.write(|tx| {
            let mail = mail_of(tx, letter)?;
            match charset {
                Some(charset) => tx
                    .prepare_cached(
                        "INSERT OR REPLACE INTO choice (mail_id, charset) VALUES (?, ?)",
                    )?
                    .execute(params![mail.0, charset])?,
                None => {
                    tx.prepare_cached("DELETE FROM choice WHERE mail_id = ?")?.execute([mail.0])?
                }
            };
            Ok(())
        })
    }
}
