//! The index in the database: segments are added, merged, and proved.
//!
//! A transaction that adds mails adds one segment with their words, so mailbox
//! and search cannot disagree. Many small segments are merged into one now and
//! then, so that a question looks into few.

use super::entry::Entry;
use super::gather::{SegmentBuilder, beginning};
use super::numbers::{pack_ids, unpack_ids};
use super::place::{self, Place};
use super::segment::{BlockCursor, BlockWriter, List, Positions};
use crate::model::MailId;
use crate::store::error::{Result, StoreError};
use crate::store::slices;
use rusqlite::{Connection, Transaction, params};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

/// So many segments of about one size are merged.
const FAN: usize = 8;
/// A segment of so many mails waits until everything is merged: merging it costs more than
/// looking into it.
const LARGE: i64 = 512;
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

fn new_segment(tx: &Transaction<'_>, ids: &[i64]) -> Result<i64> {
    tx.prepare_cached("INSERT INTO segment (docs, ids) VALUES (?, ?)")?
        .execute(params![ids.len() as i64, pack_ids(ids)])?;
    Ok(tx.last_insert_rowid())
}

fn put_block(tx: &Transaction<'_>, segment: i64, first: &[u8], data: &[u8]) -> Result<()> {
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

/// Merges small segments of about one size until there are few of each.
pub fn settle(tx: &Transaction<'_>) -> Result<()> {
    loop {
        let mut sizes: HashMap<u32, Vec<i64>> = HashMap::new();
        let mut statement =
            tx.prepare_cached("SELECT id, docs FROM segment WHERE docs < ? ORDER BY id")?;
        let mut rows = statement.query([LARGE])?;
        while let Some(row) = rows.next()? {
            let docs = row.get::<_, i64>(1)?.unsigned_abs().max(1);
            sizes.entry(docs.ilog(FAN as u64)).or_default().push(row.get(0)?);
        }
        match sizes.into_values().find(|segments| segments.len() >= FAN) {
            Some(segments) => merge(tx, &segments)?,
            None => return Ok(()),
        }
    }
}

/// How many segments there are.
pub fn segments(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("SELECT count(*) FROM segment", [], |row| row.get(0))?)
}

/// Merges all segments into one.
pub fn merge_all(tx: &Transaction<'_>) -> Result<()> {
    let segments: Vec<i64> = tx
        .prepare("SELECT id FROM segment ORDER BY id")?
        .query_map([], |row| row.get(0))?
        .collect::<std::result::Result<_, _>>()?;
    let removed = tx.prepare("SELECT 1 FROM removed")?.exists([])?;
    match segments.as_slice() {
        [] => Ok(()),
        [_] if !removed => Ok(()),
        segments => merge(tx, segments),
    }
}

/// A segment that is being merged.
struct Source {
    segment: i64,
    /// New numbers of its mails; `u32::MAX` for those that are gone.
    numbers: Vec<u32>,
    /// None of them is gone.
    whole: bool,
    cursor: BlockCursor,
    first: Vec<u8>,
}

impl Source {
    /// The mails of the list it stands at, with their new numbers, without those that are
    /// gone.
    fn docs(&self) -> impl Iterator<Item = (u32, &[u8])> {
        let list = self.cursor.list().into_iter();
        list.flat_map(|list| list.docs_with_positions()).filter_map(|(doc, positions)| {
            let number = *self.numbers.get(doc as usize)?;
            (number != u32::MAX).then_some((number, positions))
        })
    }

    /// Goes to the next list, into the next block if need be.
    fn advance(&mut self, tx: &Transaction<'_>) -> Result<bool> {
        if self.cursor.advance() {
            return Ok(true);
        }
        let mut next = tx.prepare_cached(
            "SELECT slice, slices, data, first FROM block WHERE segment_id = ? AND first > ?
             ORDER BY first LIMIT 1",
        )?;
        let mut rows = next.query(params![self.segment, self.first])?;
        let Some(row) = rows.next()? else {
            return Ok(false);
        };
        let mut data = Vec::new();
        slices::read(tx, row, 0, &mut data)?;
        self.first = row.get(3)?;
        self.cursor = BlockCursor::new(data);
        Ok(self.cursor.advance())
    }
}

fn merge(tx: &Transaction<'_>, segments: &[i64]) -> Result<()> {
    let mut removed: HashSet<i64> = HashSet::new();
    let mut all: Vec<i64> = Vec::new();
    let mut each: Vec<Vec<i64>> = Vec::new();
    for segment in segments {
        let ids = ids_of(tx, *segment)?;
        for id in &ids {
            if is_removed(tx, *id)? {
                removed.insert(*id);
            } else {
                all.push(*id);
            }
        }
        each.push(ids);
    }
    all.sort_unstable_by(|a, b| b.cmp(a));
    all.dedup();
    let number = |id: &i64| match all.binary_search_by(|other| id.cmp(other)) {
        Ok(number) => u32::try_from(number).unwrap_or(u32::MAX),
        Err(_) => u32::MAX,
    };
    let target = new_segment(tx, &all)?;
    let mut sources: Vec<Source> = Vec::new();
    // By key; most are told apart by their first bytes.
    let mut order: BinaryHeap<Reverse<(u64, Vec<u8>, usize)>> = BinaryHeap::new();
    for (segment, ids) in segments.iter().zip(&each) {
        let numbers: Vec<u32> = ids.iter().map(number).collect();
        let mut source = Source {
            segment: *segment,
            whole: !numbers.contains(&u32::MAX),
            numbers,
            cursor: BlockCursor::default(),
            first: Vec::new(),
        };
        if source.advance(tx)? {
            let key = source.cursor.key();
            order.push(Reverse((beginning(key, key.len()), key.to_vec(), sources.len())));
        }
        sources.push(source);
    }
    let mut writer = BlockWriter::default();
    let mut list = List::default();
    // Sources that stand at the same key, and room for keys that is used again: there are
    // hundreds of thousands.
    let mut having: Vec<usize> = Vec::new();
    let mut spare: Vec<Vec<u8>> = Vec::new();
    let mut docs: Vec<u32> = Vec::new();
    while let Some(Reverse((_, key, first))) = order.pop() {
        having.clear();
        having.push(first);
        while order.peek().is_some_and(|Reverse((_, other, _))| *other == key) {
            if let Some(Reverse((_, other, source))) = order.pop() {
                having.push(source);
                spare.push(other);
            }
        }
        list.clear();
        merge_lists(&sources, &having, &mut docs, &mut list);
        if !list.is_empty()
            && let Some(block) = writer.add(&key, &list)
        {
            put_block(tx, target, &block.first, &block.data)?;
        }
        spare.push(key);
        for index in &having {
            if let Some(source) = sources.get_mut(*index)
                && source.advance(tx)?
            {
                let mut key = spare.pop().unwrap_or_default();
                key.clear();
                key.extend_from_slice(source.cursor.key());
                order.push(Reverse((beginning(&key, key.len()), key, *index)));
            }
        }
    }
    if let Some(block) = writer.finish() {
        put_block(tx, target, &block.first, &block.data)?;
    }
    for segment in segments {
        slices::remove(tx, "block", "segment_id = ?", *segment)?;
        tx.prepare_cached("DELETE FROM block WHERE segment_id = ?")?.execute([segment])?;
        tx.prepare_cached("DELETE FROM segment WHERE id = ?")?.execute([segment])?;
    }
    for id in removed {
        tx.prepare_cached("DELETE FROM removed WHERE mail_id = ?")?.execute([id])?;
    }
    if all.is_empty() {
        tx.prepare_cached("DELETE FROM segment WHERE id = ?")?.execute([target])?;
    }
    Ok(())
}

/// One list out of those of several segments that stand at the same key. `docs` is room
/// that is used again.
fn merge_lists(sources: &[Source], having: &[usize], docs: &mut Vec<u32>, into: &mut List) {
    docs.clear();
    let mut runs: Vec<(Range<usize>, Positions<'_>)> = Vec::with_capacity(having.len());
    for source in having.iter().filter_map(|index| sources.get(*index)) {
        let Some(list) = source.cursor.list() else { continue };
        let from = docs.len();
        if !source.whole {
            return merge_without_gone(sources, having, into);
        }
        let number = |doc: u32| source.numbers.get(doc as usize).copied().unwrap_or(u32::MAX);
        docs.extend(list.docs().map(number));
        if docs.len() > from {
            runs.push((from..docs.len(), list.positions()));
        }
    }
    let first = |range: &Range<usize>| docs.get(range.start).copied();
    while runs.len() > 1 {
        // Segments mostly hold mails of one time each: of the list whose mails come first,
        // many come before those of the others, and are taken together.
        let Some(at) = (0..runs.len()).min_by_key(|at| runs.get(*at).map(|run| first(&run.0)))
        else {
            break;
        };
        let others = runs.iter().enumerate().filter(|(other, _)| *other != at);
        let until = others.filter_map(|(_, run)| first(&run.0)).min().unwrap_or(u32::MAX);
        let Some((range, positions)) = runs.get_mut(at) else { break };
        let numbers = docs.get(range.clone()).unwrap_or_default();
        // A mail in two segments, which must not be, stays in both lists.
        let taken = numbers.iter().take_while(|number| **number <= until).count().max(1);
        let numbers = numbers.get(..taken).unwrap_or(numbers);
        if range.len() <= taken {
            into.add_all(numbers, positions.rest());
            runs.swap_remove(at);
        } else {
            into.add_all(numbers, positions.of_next(taken));
            range.start += taken;
        }
    }
    if let Some((range, positions)) = runs.pop() {
        into.add_all(docs.get(range).unwrap_or_default(), positions.rest());
    }
}

/// The same where mails are gone.
fn merge_without_gone(sources: &[Source], having: &[usize], into: &mut List) {
    let sources = having.iter().filter_map(|index| sources.get(*index));
    let mut docs: Vec<(u32, &[u8])> = sources.flat_map(Source::docs).collect();
    docs.sort_by_key(|(doc, _)| *doc);
    for (doc, positions) in docs {
        into.add(doc, positions);
    }
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
        .prepare("SELECT id FROM segment")?
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
