//! Proves that database, raw letters, threads, counts and search agree, and
//! mends what can be mended.

use super::error::{Result, StoreError};
use super::letters::Identity;
use super::pool::Store;
use super::prepare;
use super::raw::{self, Unpacker};
use super::search::index::{self, Sum};
use super::search::merge;
use super::{letters, threads};
use crate::mime;
use crate::model::MailId;
use rusqlite::{Connection, Transaction, params};
use serde::Serialize;
use std::collections::HashMap;

/// Findings listed one by one at most; the rest are only counted.
const LISTED: usize = 1000;
/// Bytes of the index gathered at most when it is made anew.
const REBUILD_BYTES: usize = 24 * 1024 * 1024;
/// Removes the slices that no letter and no block has.
const LOOSE_SLICES: &str = "DELETE FROM slice WHERE id NOT IN (
    SELECT s.id FROM raw v JOIN slice s ON s.id BETWEEN v.slice AND v.slice + v.slices - 1
    UNION ALL
    SELECT s.id FROM block v JOIN slice s ON s.id BETWEEN v.slice AND v.slice + v.slices - 1)";
/// Mails looked at between two reports of progress.
const STRIDE: u64 = 64;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `database`, `raw`, `index`, `thread`, `count`, `nowhere`, `room`,
    /// `record`, `mailbox`.
    pub kind: &'static str,
    /// One sentence.
    pub text: String,
    /// It has been mended.
    pub repaired: bool,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Letters (places) in the store.
    pub letters: u64,
    /// Different mails.
    pub mails: u64,
    /// How many things are wrong, also those not listed.
    pub wrong: u64,
    /// How many of them were mended.
    pub repaired: u64,
    /// The first thousand.
    pub findings: Vec<Finding>,
}

impl Findings {
    /// Nothing wrong, or all of it mended.
    pub fn is_sound(&self) -> bool {
        self.wrong == self.repaired
    }

    fn add(&mut self, kind: &'static str, text: String, repaired: bool) {
        self.wrong += 1;
        self.repaired += u64::from(repaired);
        if self.findings.len() < LISTED {
            self.findings.push(Finding { kind, text, repaired });
        }
    }
}

struct MailFacts {
    id: MailId,
    raw_id: i64,
    identity: Identity,
    msgid: Option<i64>,
    refs: Vec<i64>,
    thread: i64,
}

impl Store {
    /// Checks everything; with `repair`, mends what can be mended. `progress` is
    /// told how many mails of how many have been looked at.
    ///
    /// # Errors
    /// When the store cannot be read at all.
    pub fn check(&self, repair: bool, mut progress: impl FnMut(u64, u64)) -> Result<Findings> {
        let mut found = Findings::default();
        let mut writer = self.writer();
        let tx = writer.transaction()?;
        records(&tx, repair, &mut found)?;
        database(&tx, &mut found)?;
        found.letters = count(&tx, "SELECT count(*) FROM place")?;
        found.mails = count(&tx, "SELECT count(*) FROM mail")?;
        let (mut indexed, twice) = index::sums(&tx)?;
        let mut anew = twice > 0;
        for _ in 0..twice {
            found.add("index", "search knows a mail twice".to_owned(), repair);
        }
        let total = found.mails;
        let mut strayed = 0;
        let mut seen = 0;
        let mut after = i64::MIN;
        while let Some(mail) = next_mail(&tx, after)? {
            after = mail.id.0;
            seen += 1;
            if seen % STRIDE == 0 {
                progress(seen, total);
            }
            let in_index = indexed.remove(&mail.id.0);
            anew |= mail_agrees(&tx, &self.unpacker, &mail, in_index, repair, &mut found)?;
            strayed += u64::from(!thread_agrees(&tx, &mail, &mut found)?);
        }
        progress(total, total);
        for id in indexed.into_keys() {
            if repair {
                index::remove(&tx, MailId(id))?;
            }
            found.add("index", format!("search knows a mail {id} that is not there"), repair);
        }
        if anew && repair {
            rebuild_index(&tx, &self.unpacker)?;
        }
        if strayed > 0 && repair {
            rebuild_threads(&tx)?;
            found.repaired += strayed;
            for finding in found.findings.iter_mut().filter(|f| f.kind == "thread") {
                finding.repaired = true;
            }
        }
        nowhere(&tx, repair, &mut found)?;
        if strayed == 0 {
            threads_count(&tx, repair, &mut found)?;
        }
        leftovers(&tx, repair, &mut found)?;
        counts(&tx, repair, &mut found)?;
        mailboxes(&tx, repair, &mut found)?;
        match repair {
            true => tx.commit()?,
            false => tx.rollback()?,
        }
        Ok(found)
    }
}

fn count(conn: &Connection, sql: &str) -> Result<u64> {
    Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
}

/// Tables that keep what was decided and asked of a mail.
const RECORDS: [&str; 3] = ["ledger", "request", "choice"];

/// What is written of mails that are not there, and what cannot be read of the rest.
fn records(tx: &Transaction<'_>, repair: bool, found: &mut Findings) -> Result<()> {
    for table in RECORDS {
        let loose = format!("FROM {table} WHERE mail_id NOT IN (SELECT id FROM mail)");
        let lines = count(tx, &format!("SELECT count(*) {loose}"))?;
        if lines > 0 {
            if repair {
                tx.execute(&format!("DELETE {loose}"), [])?;
            }
            found.add("record", format!("{lines} of {table} speak of no mail"), repair);
        }
    }
    super::rules::agree(tx, repair, |text| found.add("record", text, repair))
}

/// SQLite's own proof of the file and of what refers to what.
fn database(tx: &Transaction<'_>, found: &mut Findings) -> Result<()> {
    let mut statement = tx.prepare("PRAGMA integrity_check(100)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        if text != "ok" {
            found.add("database", format!("the database file is damaged: {text}"), false);
        }
    }
    let mut statement = tx.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, target): (String, String) = (row.get(0)?, row.get(2)?);
        if RECORDS.contains(&table.as_str()) {
            continue; // Told by `records`.
        }
        found.add("database", format!("a {table} refers to a {target} that is not there"), false);
    }
    Ok(())
}

fn next_mail(tx: &Transaction<'_>, after: i64) -> Result<Option<MailFacts>> {
    let mut statement = tx.prepare_cached(
        "SELECT id, raw_id, sha256, size, msgid, refs, thread_id, props FROM mail WHERE id > ?
         ORDER BY id LIMIT 1",
    )?;
    let mut rows = statement.query([after])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let refs: Option<Vec<u8>> = row.get(5)?;
    Ok(Some(MailFacts {
        id: MailId(row.get(0)?),
        raw_id: row.get(1)?,
        identity: Identity::new(row.get(2)?, row.get(3)?, row.get(7)?),
        msgid: row.get(4)?,
        refs: threads::unpack(&refs.unwrap_or_default()),
        thread: row.get(6)?,
    }))
}

fn mail_agrees(
    tx: &Transaction<'_>,
    unpacker: &Unpacker,
    mail: &MailFacts,
    in_index: Option<Sum>,
    repair: bool,
    found: &mut Findings,
) -> Result<bool> {
    let id = mail.id;
    let raw = match raw::read(tx, unpacker, mail.raw_id) {
        Ok(raw) if mail.identity.is_of(&raw) => raw,
        Ok(_) => {
            damaged(tx, id, repair)?;
            found.add("raw", format!("mail {id} is not what was kept"), false);
            return Ok(false);
        }
        Err(error @ StoreError::Damaged(_)) => {
            damaged(tx, id, repair)?;
            found.add("raw", format!("mail {id}: {error}"), false);
            return Ok(false);
        }
        Err(error) => return Err(error),
    };
    let entry = prepare::entry(&mime::parse(&raw));
    let wrong = in_index != Some(Sum::of(&entry));
    if wrong {
        found.add("index", format!("search does not know mail {id} as it is"), repair);
    }
    Ok(wrong)
}

/// A damaged mail gives up its name, so that the same letter can be imported again.
fn damaged(tx: &Transaction<'_>, id: MailId, repair: bool) -> Result<()> {
    if repair {
        tx.execute("UPDATE mail SET sha256 = randomblob(32) WHERE id = ?", [id.0])?;
    }
    Ok(())
}

/// Indexes every mail anew.
fn rebuild_index(tx: &Transaction<'_>, unpacker: &Unpacker) -> Result<()> {
    tx.execute_batch("DELETE FROM block; DELETE FROM segment; DELETE FROM removed;")?;
    // Which slices were the index's own a damaged index cannot say; what belongs to
    // letters can.
    tx.execute_batch(LOOSE_SLICES)?;
    let mut after = i64::MIN;
    let mut entries = Vec::new();
    let mut bytes = 0;
    loop {
        let mail = next_mail(tx, after)?;
        if let Some(mail) = &mail {
            after = mail.id.0;
            // A damaged one was told already; it is found by nothing.
            if let Ok(raw) = raw::read(tx, unpacker, mail.raw_id) {
                let entry = prepare::entry(&mime::parse(&raw));
                bytes += entry.len();
                entries.push((mail.id, entry));
            }
        }
        let full = entries.len() >= 2000 || bytes >= REBUILD_BYTES;
        if full || (mail.is_none() && !entries.is_empty()) {
            let mut batch: Vec<_> = entries.iter().map(|(id, entry)| (*id, entry)).collect();
            index::insert(tx, &mut batch)?;
            entries.clear();
            bytes = 0;
        }
        if mail.is_none() {
            return merge::merge_all(tx);
        }
    }
}

fn thread_agrees(tx: &Transaction<'_>, mail: &MailFacts, found: &mut Findings) -> Result<bool> {
    for hash in mail.refs.iter().copied().chain(mail.msgid) {
        if threads::of_hash(tx, hash)? != Some(mail.thread) {
            let text = format!("mail {} is not in the conversation it belongs to", mail.id);
            found.add("thread", text, false);
            return Ok(false);
        }
    }
    Ok(true)
}

fn rebuild_threads(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM msgid", [])?;
    // Each mail gets its thread anew.
    let newest: i64 =
        tx.query_row("SELECT coalesce(max(id), 0) FROM thread", [], |row| row.get(0))?;
    let mut after = i64::MIN;
    while let Some(mail) = next_mail(tx, after)? {
        after = mail.id.0;
        let thread = threads::assign(tx, mail.msgid, &mail.refs)?;
        tx.prepare_cached("UPDATE mail SET thread_id = ? WHERE id = ?")?
            .execute([thread.0, mail.id.0])?;
    }
    // The old ones stay as numbers that nothing refers to.
    tx.execute("UPDATE thread SET merged = NULL, mails = 0 WHERE id <= ?", [newest])?;
    Ok(())
}

/// Bytes that belong to nothing: they only take up room.
fn leftovers(tx: &Transaction<'_>, repair: bool, found: &mut Findings) -> Result<()> {
    let loose = "FROM raw WHERE id NOT IN (SELECT raw_id FROM mail)
                 AND id NOT IN (SELECT more FROM raw_more)";
    let raws = count(tx, &format!("SELECT count(*) {loose}"))?;
    if raws > 0 && repair {
        tx.execute(&format!("DELETE {loose}"), [])?;
    }
    let owned = count(tx, "SELECT coalesce(sum(slices), 0) FROM raw")?
        + count(tx, "SELECT coalesce(sum(slices), 0) FROM block")?;
    let slices = count(tx, "SELECT count(*) FROM slice")?;
    if slices > owned && repair {
        tx.execute_batch(LOOSE_SLICES)?;
    }
    if raws > 0 || slices > owned {
        found.add("room", "bytes that belong to no letter take up room".to_owned(), repair);
    }
    Ok(())
}

/// Mails that lie in no folder.
fn nowhere(tx: &Transaction<'_>, repair: bool, found: &mut Findings) -> Result<()> {
    let mut statement = tx.prepare(
        "SELECT id FROM mail WHERE id NOT IN (SELECT mail_id FROM place)
         AND id NOT IN (SELECT mail_id FROM intent WHERE mail_id IS NOT NULL)",
    )?;
    let ids: Vec<i64> =
        statement.query_map([], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?;
    for id in ids {
        if repair {
            letters::forget_if_nowhere(tx, MailId(id))?;
        }
        found.add("nowhere", format!("mail {id} lies in no folder"), repair);
    }
    Ok(())
}

/// What is said of how far folders are in step with servers. Where that cannot be, the
/// folder is compared with the server anew.
fn mailboxes(tx: &Transaction<'_>, repair: bool, found: &mut Findings) -> Result<()> {
    let uids = "uid IS NOT NULL AND (uid NOT BETWEEN 1 AND 4294967295 OR folder_id IN
                (SELECT id FROM folder WHERE remote IS NULL OR uidvalidity IS NULL))";
    let places = count(tx, &format!("SELECT count(*) FROM place WHERE {uids}"))?;
    if places > 0 {
        if repair {
            tx.execute(&format!("UPDATE place SET uid = NULL WHERE {uids}"), [])?;
        }
        found.add("mailbox", format!("{places} letters have a UID that means nothing"), repair);
    }
    let cursors = "(lowest_uid IS NOT NULL OR highestmodseq IS NOT NULL OR uidnext IS NOT NULL)
                   AND (uidvalidity IS NULL OR remote IS NULL)";
    let folders = count(tx, &format!("SELECT count(*) FROM folder WHERE {cursors}"))?;
    if folders > 0 {
        if repair {
            tx.execute(
                &format!(
                    "UPDATE folder SET lowest_uid = NULL, highestmodseq = NULL, uidnext = NULL,
                     messages = NULL, unseen = NULL WHERE {cursors}"
                ),
                [],
            )?;
        }
        let text = format!("{folders} folders are in step with nothing");
        found.add("mailbox", text, repair);
    }
    Ok(())
}

/// How many letters conversations say they have.
fn threads_count(tx: &Transaction<'_>, repair: bool, found: &mut Findings) -> Result<()> {
    let threads = "merged IS NULL
                   AND mails <> (SELECT count(*) FROM mail WHERE thread_id = thread.id)";
    let miscounted = count(tx, &format!("SELECT count(*) FROM thread WHERE {threads}"))?;
    if miscounted > 0 {
        if repair {
            tx.execute(
                &format!(
                    "UPDATE thread SET mails =
                     (SELECT count(*) FROM mail WHERE thread_id = thread.id) WHERE {threads}"
                ),
                [],
            )?;
        }
        let text = format!("{miscounted} conversations count their letters wrong");
        found.add("count", text, repair);
    }
    Ok(())
}

fn counts(tx: &Transaction<'_>, repair: bool, found: &mut Findings) -> Result<()> {
    let mut real: HashMap<i64, (i64, i64)> = HashMap::new();
    let mut statement =
        tx.prepare("SELECT folder_id, count(*), sum(flags & 1 = 0) FROM place GROUP BY folder_id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        real.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
    }
    let mut statement = tx.prepare("SELECT id, path, total, unread FROM folder")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, path): (i64, String) = (row.get(0)?, row.get(1)?);
        let counted = real.get(&id).copied().unwrap_or_default();
        if counted != (row.get(2)?, row.get(3)?) {
            if repair {
                tx.execute(
                    "UPDATE folder SET total = ?, unread = ? WHERE id = ?",
                    params![counted.0, counted.1, id],
                )?;
            }
            found.add("count", format!("folder {path} counts its letters wrong"), repair);
        }
    }
    Ok(())
}
