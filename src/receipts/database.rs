//! What the receipt server keeps: keys (their hashes), tokens (their hashes), and who
//! fetched, counted by kind.
//!
//! Promises: what a function here reported as done is on disk. Every change of what is
//! told of a key's tokens gets the next number of that key, in the transaction that makes
//! the change; a cursor is such a number and the name of this database, so that nothing is
//! skipped and nothing comes twice without having changed, and a cursor of another
//! database begins anew. What has expired is overwritten, not only unlinked.

use super::hits::Hit;
use super::{ReceiptsError, Result, bounds};
use crate::model::{FetcherKind, ReceiptEvent, Registration, TokenHash, hexadecimal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Name of the database inside the server's directory.
const DATABASE: &str = "receipts.sqlite";
/// The form this program writes.
const FORM: i64 = 2;
/// What every key begins with, so that one can be recognised where it should not be.
const KEY: &str = "goyo-receipts-";

const SCHEMA: &str = r"
CREATE TABLE server (name TEXT NOT NULL) STRICT;
-- seq: the number of the last change of what is told of this key's tokens.
CREATE TABLE key (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    name    TEXT NOT NULL UNIQUE,
    hash    BLOB NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    seq     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE token (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    key_id  INTEGER NOT NULL REFERENCES key ON DELETE CASCADE,
    hash    BLOB NOT NULL UNIQUE,
    sent    INTEGER,
    expires INTEGER NOT NULL
) STRICT;
CREATE INDEX token_key ON token (key_id);
CREATE INDEX token_expires ON token (expires);
-- One line a token, kind and service; no service is ''.
CREATE TABLE fetcher (
    token_id INTEGER NOT NULL REFERENCES token ON DELETE CASCADE,
    kind     TEXT NOT NULL,
    service  TEXT NOT NULL,
    key_id   INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (token_id, kind, service)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX fetcher_seq ON fetcher (key_id, seq);
";

/// registered: when it was made known first, by this server's clock.
const SECOND: &str = "ALTER TABLE token ADD COLUMN registered INTEGER";

/// A key, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// What it is called.
    pub name: String,
    /// When it was made, in seconds since 1970 UTC.
    pub created: i64,
    /// How many tokens of it have not expired.
    pub tokens: u64,
}

/// What the owner of a key is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    pub events: Vec<ReceiptEvent>,
    /// Where to go on.
    pub next: String,
    /// There is more at once.
    pub more: bool,
}

/// The database of a receipt server, one connection of it.
#[derive(Debug)]
pub struct Database {
    conn: Connection,
    /// Names this database in cursors.
    name: String,
}

impl Database {
    /// Opens what lies in a directory, and makes it if it is not there.
    ///
    /// # Errors
    /// When the directory cannot be used, or a newer program wrote it.
    pub fn open(dir: &Path) -> Result<Self> {
        directory(dir)
            .map_err(|why| ReceiptsError::Directory { path: dir.to_owned(), why: Arc::new(why) })?;
        own(&dir.join(DATABASE))
            .map_err(|why| ReceiptsError::Directory { path: dir.to_owned(), why: Arc::new(why) })?;
        let mut conn = Connection::open(dir.join(DATABASE))?;
        conn.busy_timeout(Duration::from_secs(10))?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        // A cursor that was handed out is never taken back, not by a power cut either.
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.pragma_update(None, "secure_delete", true)?;
        conn.pragma_update(None, "journal_size_limit", 4 << 20)?;
        conn.pragma_update(None, "cache_size", -4096)?;
        conn.pragma_update(None, "trusted_schema", false)?;
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let form: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if form > FORM {
            return Err(ReceiptsError::TooNew(dir.to_owned()));
        }
        if form == 0 {
            tx.execute_batch(SCHEMA)?;
            tx.execute("INSERT INTO server (name) VALUES (?)", [hexadecimal(&chance::<8>()?)])?;
        }
        if form < 2 {
            tx.execute_batch(SECOND)?;
        }
        tx.pragma_update(None, "user_version", FORM)?;
        let name = tx.query_row("SELECT name FROM server", [], |row| row.get(0))?;
        tx.commit()?;
        Ok(Self { conn, name })
    }

    /// Opens what lies in a directory.
    ///
    /// # Errors
    /// As [`Database::open`], and when there is nothing.
    pub fn open_existing(dir: &Path) -> Result<Self> {
        match dir.join(DATABASE).exists() {
            true => Self::open(dir),
            false => Err(ReceiptsError::Nothing(dir.to_owned())),
        }
    }

    fn begin(&mut self) -> Result<Transaction<'_>> {
        Ok(self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// Makes a key. It is returned this once: only its hash is kept.
    ///
    /// # Errors
    /// When the name is taken or cannot be one, or the database cannot be written.
    pub fn new_key(&mut self, name: &str) -> Result<String> {
        let name = name.trim();
        let length = name.chars().count();
        if !(1..=bounds::NAME).contains(&length) || name.chars().any(char::is_control) {
            return Err(ReceiptsError::Name);
        }
        let key = format!("{KEY}{}", URL_SAFE_NO_PAD.encode(chance::<32>()?));
        let tx = self.begin()?;
        let made = tx.execute(
            "INSERT OR IGNORE INTO key (name, hash, created) VALUES (?, ?, ?)",
            params![name, digest(&key), super::now()],
        )?;
        if made == 0 {
            return Err(ReceiptsError::NameTaken(name.to_owned()));
        }
        tx.commit()?;
        Ok(key)
    }

    /// All keys, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn keys(&self) -> Result<Vec<KeyRow>> {
        let mut rows = self.conn.prepare(
            "SELECT name, created, (SELECT count(*) FROM token WHERE key_id = key.id
                                     AND expires > ?) FROM key ORDER BY name",
        )?;
        let rows = rows.query_map([super::now()], |row| {
            Ok(KeyRow {
                name: row.get(0)?,
                created: row.get(1)?,
                tokens: row.get::<_, i64>(2)?.unsigned_abs(),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Removes a key with its tokens and all that was seen of them.
    ///
    /// # Errors
    /// When there is none of that name, or the database cannot be written.
    pub fn remove_key(&mut self, name: &str) -> Result<()> {
        let tx = self.begin()?;
        if tx.execute("DELETE FROM key WHERE name = ?", [name.trim()])? == 0 {
            return Err(ReceiptsError::NoKey(name.to_owned()));
        }
        tx.commit()?;
        self.settle()
    }

    /// Whose key this is.
    pub(super) fn owner(&self, key: &str) -> Result<Option<i64>> {
        let mut find = self.conn.prepare_cached("SELECT id FROM key WHERE hash = ?")?;
        Ok(find.query_row([digest(key)], |row| row.get(0)).optional()?)
    }

    /// Makes tokens of a key known, all or none. Known ones take what is said now: a later
    /// end, the moment the letter went.
    ///
    /// That a letter went before its token was known, or is yet to go, says a sender whose
    /// clock was set meanwhile: then it is taken to go now, as it is told right after.
    pub(super) fn register(&mut self, key: i64, tokens: &[Registration], now: i64) -> Result<()> {
        for (at, token) in tokens.iter().enumerate() {
            let why = match token.lives {
                ..=0 => "it has expired already",
                1..=bounds::LIFE => continue,
                _ => "it would live longer than tokens do here",
            };
            return Err(ReceiptsError::Token { at, why });
        }
        let tx = self.begin()?;
        for (at, token) in tokens.iter().enumerate() {
            let written = tx
                .prepare_cached(
                    "INSERT INTO token (key_id, hash, sent, expires, registered)
                     VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (hash) DO UPDATE SET
                        sent = CASE WHEN excluded.sent IS NULL THEN sent
                                    WHEN excluded.sent BETWEEN coalesce(registered, 0) AND ?5
                                    THEN excluded.sent ELSE ?5 END,
                        expires = excluded.expires
                     WHERE key_id = ?1",
                )?
                .execute(params![
                    key,
                    token.hash.0,
                    token.ago.map(|ago| now.saturating_sub(ago.max(0))),
                    now.saturating_add(token.lives),
                    now
                ])?;
            if written == 0 {
                return Err(ReceiptsError::Token { at, why: "it belongs to somebody else" });
            }
        }
        let count = |sql: &str, of: i64| -> Result<u64> {
            let count: i64 = tx.prepare_cached(sql)?.query_row([of], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        };
        let own = count("SELECT count(*) FROM token WHERE key_id = ?", key)?;
        let all = count("SELECT count(*) FROM token WHERE id > ?", 0)?;
        if own > bounds::TOKENS_OF_KEY || all > bounds::TOKENS {
            return Err(ReceiptsError::Full);
        }
        tx.commit()?;
        Ok(())
    }

    /// What has changed for the owner of a key since a cursor.
    pub(super) fn events(&self, key: i64, since: Option<&str>) -> Result<Page> {
        let last: i64 = self
            .conn
            .prepare_cached("SELECT seq FROM key WHERE id = ?")?
            .query_row([key], |row| row.get(0))?;
        let since = since
            .and_then(|cursor| cursor.strip_prefix(&self.name)?.strip_prefix('-')?.parse().ok())
            // Ahead of us: from before a backup was put back.
            .filter(|seq: &i64| (0..=last).contains(seq))
            .unwrap_or(0);
        let mut select = self.conn.prepare_cached(
            "SELECT fetcher.seq, hash, kind, service, first, last, count
             FROM fetcher JOIN token ON token.id = token_id
             WHERE fetcher.key_id = ? AND fetcher.seq > ? ORDER BY fetcher.seq LIMIT ?",
        )?;
        let most = i64::try_from(bounds::EVENTS).unwrap_or(i64::MAX);
        let mut rows = select.query(params![key, since, most.saturating_add(1)])?;
        let (mut events, mut next, mut more) = (Vec::new(), since, false);
        while let Some(row) = rows.next()? {
            if events.len() == bounds::EVENTS {
                more = true;
                break;
            }
            next = row.get(0)?;
            let (kind, service): (String, String) = (row.get(2)?, row.get(3)?);
            events.push(ReceiptEvent {
                hash: TokenHash(row.get(1)?),
                kind: FetcherKind::named(&kind).unwrap_or(FetcherKind::Unknown),
                service: (!service.is_empty()).then_some(service),
                first: row.get(4)?,
                last: row.get(5)?,
                count: row.get::<_, i64>(6)?.unsigned_abs(),
            });
        }
        Ok(Page { events, next: format!("{}-{next}", self.name), more })
    }

    /// Counts hits. Those of tokens that are not known leave nothing behind.
    pub(super) fn count(&mut self, hits: &[Hit]) -> Result<()> {
        let mut lines: HashMap<(i64, FetcherKind, &str), Line> = HashMap::new();
        {
            let mut find = self
                .conn
                .prepare_cached("SELECT id, sent FROM token WHERE hash = ? AND expires > ?")?;
            for hit in hits {
                let known = find
                    .query_row(params![hit.hash.0, hit.at], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()?;
                let Some((token, sent)) = known else { continue };
                let kind = match is_soon(sent, hit.at) {
                    true => FetcherKind::Soon,
                    false => hit.judged.kind,
                };
                let line = lines
                    .entry((token, kind, hit.judged.service.unwrap_or_default()))
                    .or_insert(Line { first: hit.at, last: hit.at, count: 0 });
                line.first = line.first.min(hit.at);
                line.last = line.last.max(hit.at);
                line.count = line.count.saturating_add(1);
            }
        }
        if lines.is_empty() {
            return Ok(());
        }
        let tx = self.begin()?;
        for ((token, kind, service), line) in &lines {
            add(&tx, *token, *kind, service, line)?;
        }
        Ok(tx.commit()?)
    }

    /// Deletes what has expired; how many tokens that were.
    pub(super) fn sweep(&mut self, now: i64) -> Result<usize> {
        let mut swept = 0;
        loop {
            let tx = self.begin()?;
            let some = tx
                .prepare_cached(
                    "DELETE FROM token WHERE id IN
                        (SELECT id FROM token WHERE expires <= ? LIMIT 1000)",
                )?
                .execute([now])?;
            tx.commit()?;
            swept += some;
            if some == 0 {
                break;
            }
        }
        if swept > 0 {
            self.settle()?;
        }
        Ok(swept)
    }

    /// Whether anything has expired.
    pub(super) fn has_expired(&self, now: i64) -> Result<bool> {
        let mut find =
            self.conn.prepare_cached("SELECT 1 FROM token WHERE expires <= ? LIMIT 1")?;
        Ok(find.exists([now])?)
    }

    /// Empties the log of writes, in which what was deleted may still stand.
    pub(super) fn settle(&self) -> Result<()> {
        // Busy is no failure: the next one empties it.
        self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

#[derive(Debug)]
struct Line {
    first: i64,
    last: i64,
    count: i64,
}

/// Whether a fetch was before, or right after, the letter was delivered.
fn is_soon(sent: Option<i64>, at: i64) -> bool {
    sent.is_none_or(|sent| at < sent.saturating_add(bounds::SOON))
}

/// Adds to a line of a token, if that is still there and there is room.
fn add(
    tx: &Transaction<'_>,
    token: i64,
    kind: FetcherKind,
    service: &str,
    line: &Line,
) -> Result<()> {
    let most = i64::try_from(bounds::COUNT).unwrap_or(i64::MAX);
    let had: Option<i64> = tx
        .prepare_cached(
            "SELECT count FROM fetcher WHERE token_id = ? AND kind = ? AND service = ?",
        )?
        .query_row(params![token, kind.name(), service], |row| row.get(0))
        .optional()?;
    match had {
        Some(had) if had >= most => return Ok(()),
        Some(_) => {}
        // A reading always has room: no flood of other names keeps it out.
        None if kind != FetcherKind::Person => {
            let lines: i64 = tx
                .prepare_cached("SELECT count(*) FROM fetcher WHERE token_id = ?")?
                .query_row([token], |row| row.get(0))?;
            if lines.unsigned_abs() >= bounds::LINES {
                return Ok(());
            }
        }
        None => {}
    }
    let key = tx
        .prepare_cached(
            "UPDATE key SET seq = seq + 1 WHERE id = (SELECT key_id FROM token WHERE id = ?)
             RETURNING id, seq",
        )?
        .query_row([token], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
        .optional()?;
    // The key was removed meanwhile.
    let Some((key, seq)) = key else { return Ok(()) };
    tx.prepare_cached(
        "INSERT INTO fetcher (token_id, kind, service, key_id, seq, first, last, count)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, min(?8, ?9))
         ON CONFLICT (token_id, kind, service) DO UPDATE SET
            seq = excluded.seq, first = min(first, excluded.first),
            last = max(last, excluded.last), count = min(count + ?8, ?9)",
    )?
    .execute(params![
        token,
        kind.name(),
        service,
        key,
        seq,
        line.first,
        line.last,
        line.count,
        most
    ])?;
    Ok(())
}

/// A file for its owner alone, whoever may look into the directory.
fn own(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// The directory, for its owner alone.
fn directory(dir: &Path) -> std::io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// A key is 256 bits of chance: one round of a plain hash says nothing of it.
fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

fn chance<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| ReceiptsError::NoChance)?;
    Ok(bytes)
}
