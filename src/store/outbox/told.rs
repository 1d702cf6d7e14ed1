//! What the user is told of letters that were sent: each thing once, whoever found it out
//! and however often Goyo ended in between.

use crate::model::{Delivered, FetcherKind, OutLetter, OutboxId, RecipientId, Reported};
use crate::store::error::Result;
use crate::store::pool::Store;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// What became known of a letter and one of its recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum News {
    /// It came back.
    CameBack,
    /// It was not sent, and is not tried any more: the user has to do something.
    NotSent,
    /// Nobody knows whether it was sent: the user has to decide.
    Unknown,
    /// It was read, as far as can be known.
    Read,
    /// Its picture was fetched, not known to be by a person.
    Fetched,
    /// Something that only matters to who looks at the letter: it was delivered, is late, or
    /// was fetched once more.
    More,
}

/// What the user is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    /// Of which letter.
    pub letter: OutboxId,
    /// Of whom.
    pub recipient: RecipientId,
    /// What.
    pub news: News,
}

/// What is known of a recipient, and what of that the user knows.
#[derive(Default)]
struct Known {
    new: Vec<News>,
    told: Vec<News>,
}

impl Known {
    /// The strongest that is new.
    fn news(&self) -> News {
        let is_new = |news: &News| match news {
            // It is no news of what was read that something fetched it.
            News::Fetched => !self.told.iter().any(|t| matches!(t, News::Fetched | News::Read)),
            News::Read | News::CameBack => !self.told.contains(news),
            // Each attempt by itself.
            News::NotSent | News::Unknown => true,
            News::More => false,
        };
        self.new.iter().copied().filter(is_new).min().unwrap_or(News::More)
    }
}

impl Store {
    /// The user was just shown how far a letter is: how its sending ended is no news to them
    /// any more, unless it was tried again since.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn shown(&self, letter: &OutLetter) -> Result<()> {
        let is_news = |state| matches!(state, Delivered::Failed | Delivered::Unknown);
        if !letter.recipients.iter().any(|recipient| is_news(recipient.state)) {
            return Ok(());
        }
        self.write_durably(|tx| {
            let mut update = tx.prepare_cached(
                "UPDATE recipient SET told = 1 WHERE id = ? AND state = ? AND at IS ?",
            )?;
            for recipient in letter.recipients.iter().filter(|r| is_news(r.state)) {
                update.execute(params![recipient.id.0, recipient.state.word(), recipient.at])?;
            }
            Ok(())
        })
    }

    /// What the user has not been told yet; from now on they have. One line a recipient, of
    /// the most that is new.
    ///
    /// # Errors
    /// When the store cannot be written: then nothing counts as told.
    pub fn untold(&self) -> Result<Vec<Told>> {
        if self.read(find)?.is_empty() {
            return Ok(Vec::new());
        }
        self.write_durably(|tx| {
            let found = find(tx)?;
            for table in ["report", "receipt_fetch", "recipient"] {
                tx.execute(&format!("UPDATE {table} SET told = 1 WHERE told = 0"), [])?;
            }
            Ok(found)
        })
    }
}

fn find(conn: &Connection) -> Result<Vec<Told>> {
    let mut select = conn.prepare_cached(
        "WITH fresh (id) AS (
            SELECT recipient_id FROM report WHERE told = 0
            UNION SELECT recipient_id FROM receipt_fetch WHERE told = 0
            UNION SELECT id FROM recipient WHERE told = 0)
         SELECT d.outbox_id, r.id, k.source, k.word, k.told FROM fresh
         JOIN recipient r ON r.id = fresh.id JOIN delivery d ON d.id = r.delivery_id
         JOIN (SELECT recipient_id, 'report' AS source, state AS word, told FROM report
               UNION ALL SELECT recipient_id, 'fetch', kind, told FROM receipt_fetch
               UNION ALL SELECT id, 'sending', state, told FROM recipient) k
         ON k.recipient_id = r.id",
    )?;
    let mut known: BTreeMap<(i64, i64), Known> = BTreeMap::new();
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (source, word): (String, String) = (row.get(2)?, row.get(3)?);
        let of = known.entry((row.get(0)?, row.get(1)?)).or_default();
        let list = if row.get(4)? { &mut of.told } else { &mut of.new };
        list.push(news(&source, &word));
    }
    let told = known.into_iter().map(|((letter, recipient), known)| Told {
        letter: OutboxId(letter),
        recipient: RecipientId(recipient),
        news: known.news(),
    });
    Ok(told.collect())
}

fn news(source: &str, word: &str) -> News {
    match source {
        "report" => match Reported::named(word) {
            Some(Reported::Failed) => News::CameBack,
            Some(Reported::Displayed) => News::Read,
            _ => News::More,
        },
        "fetch" => match FetcherKind::named(word) {
            Some(FetcherKind::Person) => News::Read,
            _ => News::Fetched,
        },
        _ => match Delivered::of(word) {
            Some(Delivered::Failed) => News::NotSent,
            Some(Delivered::Unknown) => News::Unknown,
            _ => News::More,
        },
    }
}
