//! The index in the database: segments are added and proved.
//!
//! A transaction that adds mails adds one segment with their words, so mailbox
//! and search cannot disagree.

use super::entry::Entry;
use super::gather::SegmentBuilder;
use super::numbers::{pack_ids, unpack_ids};
use super::place::{self, Place};
use crate::model::MailId;
use crate::store::error::{Result, StoreError};
use crate::store::slices;
use rusqlite::{Connection, Transaction, params};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// With more segments than this a question takes noticeably longer.
pub const SCATTERED: i64 = 24;
/// With more than this it takes up noticeably more room: a twentieth of the store.
pub const AT_REST: i64 = 12;

/// Adds the words of new mails.
pub fn insert(tx: &Transaction<'_>, mails: &mut [(MailId, &Entry)]) -> Result<()> {
    if mails.is_empty() {
        return Ok(());
    }
    mails.sort_unstable_by_key(|(id, _)| Reverse(*id));
    let ids: Vec<i64> = mails.iter().map(|(id, _)| id.0).collect();
    let mut builder = SegmentBuilder::default();
    for (doc, (_, entry)) in mails.iter().enumerate() {
        builder.add(u32::try_from(doc).unwrap_or(u32::MAX), entry);
    }
    let segment = new_segment(tx, &ids)?;
    for block in builder.finish() {
        put_block(tx, segment, &block.first, &block.data)?;
    }
    Ok(())
}

pub(super) fn new_segment(tx: &Transaction<'_>, ids: &[i64]) -> Result<i64> {
    tx.prepare_cached("INSERT INTO segment (docs, ids) VALUES (?, ?)")?
        .execute(params![ids.len() as i64, pack_ids(ids)])?;
    Ok(tx.last_insert_rowid())
}

pub(super) fn put_block(
    tx: &Transaction<'_>,
    segment: i64,
    first: &[u8],
    data: &[u8],
) -> Result<()> {
    let cut = slices::put(tx, data)?;
    tx.prepare_cached(
        "INSERT INTO block (segment_id, first, slice, slices, data) VALUES (?, ?, ?, ?, ?)",
    )?
    .execute(params![segment, first, cut.slice, cut.slices, cut.data])?;
    Ok(())
}

/// Forgets a mail: its words go when its segment is merged the next time.
pub fn remove(tx: &Transaction<'_>, mail: MailId) -> Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO removed (mail_id) VALUES (?)")?.execute([mail.0])?;
    Ok(())
}

/// Whether an id may not be used because words of a mail that is gone still
/// stand under it.
pub fn is_removed(conn: &Connection, id: i64) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT 1 FROM removed WHERE mail_id = ?")?.exists([id])?)
}

/// How many segments there are.
pub fn segments(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM segment WHERE docs > 0", [], |row| row.get(0))?)
}

/// Whether what a merge left behind is to be removed.
pub fn has_remains(conn: &Connection) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT 1 FROM segment WHERE docs = 0")?.exists([])?)
}

/// The mails of a segment, newest first.
pub fn ids_of(conn: &Connection, segment: i64) -> Result<Vec<i64>> {
    let ids = conn
        .prepare_cached("SELECT ids FROM segment WHERE id = ?")?
        .query_row([segment], |row| Ok(row.get_ref(0)?.as_blob().map(unpack_ids)))?;
    Ok(ids.unwrap_or_default())
}

/// A sum over all words of a mail that does not depend on their order, for
/// comparing what is in the index with what should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum(u64);

impl Sum {
    fn add(&mut self, key: &[u8], positions: impl Iterator<Item = u32>) {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let key = hasher.finish();
        for position in positions {
            let mixed = (key ^ u64::from(position)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            self.0 = self.0.wrapping_add(mixed ^ (mixed >> 29));
        }
    }

    /// The sum an entry should have.
    pub fn of(entry: &Entry) -> Self {
        let mut sum = Self::default();
        for (key, positions) in entry.words() {
            sum.add(key, positions);
        }
        sum
    }
}

/// The sums of everything the index holds, by mail; and how often a mail stands
/// in more than one segment, which must not be.
pub fn sums(conn: &Connection) -> Result<(HashMap<i64, Sum>, u64)> {
    let mut sums: HashMap<i64, Sum> = HashMap::new();
    let mut twice = 0;
    let segments: Vec<i64> = conn
        .prepare("SELECT id FROM segment WHERE docs > 0")?
        .query_map([], |row| row.get(0))?
        .collect::<std::result::Result<_, _>>()?;
    let mut blocks =
        conn.prepare("SELECT slice, slices, data FROM block WHERE segment_id = ? ORDER BY first")?;
    let mut data = Vec::new();
    for segment in segments {
        let ids = ids_of(conn, segment)?;
        let mut own = vec![Sum::default(); ids.len()];
        let mut rows = blocks.query([segment])?;
        while let Some(row) = rows.next()? {
            data.clear();
            // What cannot be read adds nothing, so that the sums do not agree.
            match slices::read(conn, row, 0, &mut data) {
                Err(StoreError::Damaged(_)) => continue,
                other => other?,
            }
            let mut reader = super::segment::BlockReader::new(&data);
            while let Some(list) = reader.next_list() {
                for (doc, positions) in list.docs_with_positions() {
                    if let Some(sum) = own.get_mut(doc as usize) {
                        sum.add(reader.key(), super::numbers::positions(positions));
                    }
                }
            }
        }
        for (id, sum) in ids.into_iter().zip(own) {
            if !is_removed(conn, id)? {
                twice += u64::from(sums.insert(id, sum).is_some());
            }
        }
    }
    Ok((sums, twice))
}

/// The key range of words that begin with `beginning`.
pub fn range(at: Option<Place>, beginning: &str) -> (Vec<u8>, Vec<u8>) {
    let from = place::key(at, beginning);
    let mut to = from.clone();
    // No UTF-8 has this byte.
    to.push(0xff);
    (from, to)
}
