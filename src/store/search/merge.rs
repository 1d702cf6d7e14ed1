//! Segments merged: many small ones into one now and then, so that a question looks into few.
//!
//! Promise: a mail stands in one segment that is in force, at any moment and wherever a merge is
//! broken off.

use super::gather::beginning;
use super::index::{ids_of, is_removed, new_segment, put_block};
use super::numbers::pack_ids;
use super::segment::{BlockCursor, BlockWriter, List, Positions};
use crate::store::error::Result;
use crate::store::slices;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::ops::Range;

/// So many segments of about one size are merged.
const FAN: usize = 8;
/// A segment of so many mails waits until everything is merged: merging it costs more than
/// looking into it.
const LARGE: i64 = 512;

/// Merges small segments of about one size until there are few of each.
pub fn settle(tx: &Transaction<'_>) -> Result<()> {
    loop {
        let mut sizes: HashMap<u32, Vec<i64>> = HashMap::new();
        let mut statement = tx.prepare_cached(
            "SELECT id, docs FROM segment WHERE docs > 0 AND docs < ? ORDER BY id",
        )?;
        let mut rows = statement.query([LARGE])?;
        while let Some(row) = rows.next()? {
            let docs = row.get::<_, i64>(1)?.unsigned_abs().max(1);
            sizes.entry(docs.ilog(FAN as u64)).or_default().push(row.get(0)?);
        }
        match sizes.into_values().find(|segments| segments.len() >= FAN) {
            Some(segments) => Merge::plan(tx, segments)?.at_once(tx)?,
            None => return Ok(()),
        }
    }
}

/// Merges all segments into one.
pub fn merge_all(tx: &Transaction<'_>) -> Result<()> {
    match plan_all(tx)? {
        Some(merge) => merge.at_once(tx),
        None => Ok(()),
    }
}

/// How all segments are merged into one, if that makes a difference.
pub fn plan_all(conn: &Connection) -> Result<Option<Merge>> {
    let ids = |sql| -> Result<Vec<i64>> {
        let mut statement = conn.prepare(sql)?;
        let ids = statement.query_map([], |row| row.get(0))?;
        Ok(ids.collect::<std::result::Result<_, _>>()?)
    };
    let segments = ids("SELECT id FROM segment WHERE docs > 0 ORDER BY id")?;
    let removed = ids("SELECT mail_id FROM removed")?;
    if segments.is_empty() || (segments.len() == 1 && removed.is_empty()) {
        return Ok(None);
    }
    let mut merge = Merge::plan(conn, segments)?;
    // Some may stand nowhere any more.
    merge.gone = removed;
    Ok(Some(merge))
}

/// Removes what merges left behind, so many bytes of it: segments that are not in force. Whether
/// there is more. Nobody may be merging meanwhile.
pub fn sweep(tx: &Transaction<'_>, most: usize) -> Result<bool> {
    let mut left = most;
    loop {
        let next: Option<i64> = tx
            .prepare_cached("SELECT id FROM segment WHERE docs = 0 LIMIT 1")?
            .query_row([], |row| row.get(0))
            .optional()?;
        let Some(segment) = next else { return Ok(false) };
        left = left.saturating_sub(remove_segment(tx, segment, left)?);
        if left == 0 {
            return Ok(true);
        }
    }
}

/// Removes a segment, or so many bytes of its blocks; how many they were.
fn remove_segment(tx: &Transaction<'_>, segment: i64, most: usize) -> Result<usize> {
    let mut bytes = 0;
    let mut blocks =
        tx.prepare_cached("SELECT id, slices, length(data) FROM block WHERE segment_id = ?")?;
    let mut rows = blocks.query([segment])?;
    let mut found: Vec<i64> = Vec::new();
    while bytes < most
        && let Some(row) = rows.next()?
    {
        bytes += slices::len(row.get(1)?, row.get(2)?);
        found.push(row.get(0)?);
    }
    let is_all = bytes < most;
    for block in found {
        slices::remove(tx, "block", "id = ?", block)?;
        tx.prepare_cached("DELETE FROM block WHERE id = ?")?.execute([block])?;
    }
    if is_all {
        tx.prepare_cached("DELETE FROM segment WHERE id = ?")?.execute([segment])?;
    }
    Ok(bytes)
}

/// The words of these mails stand nowhere any more: their ids may be used again.
pub fn forget_removed(tx: &Transaction<'_>, mails: &[i64]) -> Result<()> {
    let mut forget = tx.prepare_cached("DELETE FROM removed WHERE mail_id = ?")?;
    for mail in mails {
        forget.execute([mail])?;
    }
    Ok(())
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

    /// Goes to the next list, into the next block if need be, whose bytes are `moved`.
    fn advance(&mut self, tx: &Transaction<'_>, moved: &mut usize) -> Result<bool> {
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
        *moved += data.len();
        self.first = row.get(3)?;
        self.cursor = BlockCursor::new(data);
        Ok(self.cursor.advance())
    }
}

/// What a step of a merge came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is more to do.
    More,
    /// The merged segment is in force in place of the others, which remain to be swept.
    Merged,
    /// The segments are not those any more that were to be merged; what was written of the new
    /// one remains to be swept.
    Void,
}

/// Segments on their way into one, in as many transactions as one likes.
///
/// What stands in a segment never changes, so that others may write in between. The new one has
/// no mails (`docs = 0`), and so answers nothing, until it is whole; the old ones have none from
/// then on. A mail that is removed meanwhile stands in the new one, and is known as removed.
pub struct Merge {
    segments: Vec<i64>,
    /// The mails of the new segment.
    all: Vec<i64>,
    /// Mails whose words are left out.
    gone: Vec<i64>,
    target: Option<i64>,
    sources: Vec<Source>,
    /// Which source is next: by key; most are told apart by their first bytes.
    order: BinaryHeap<Reverse<(u64, Vec<u8>, usize)>>,
    writer: BlockWriter,
    room: Room,
}

/// Room that is used again: there are hundreds of thousands of keys.
#[derive(Default)]
struct Room {
    list: List,
    /// Sources that stand at the same key.
    having: Vec<usize>,
    keys: Vec<Vec<u8>>,
    docs: Vec<u32>,
}

impl Merge {
    fn plan(conn: &Connection, segments: Vec<i64>) -> Result<Self> {
        let mut gone: HashSet<i64> = HashSet::new();
        let mut all: Vec<i64> = Vec::new();
        let mut each: Vec<Vec<i64>> = Vec::new();
        for segment in &segments {
            let ids = ids_of(conn, *segment)?;
            for id in &ids {
                if is_removed(conn, *id)? {
                    gone.insert(*id);
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
        let sources = segments.iter().zip(&each).map(|(segment, ids)| {
            let numbers: Vec<u32> = ids.iter().map(number).collect();
            Source {
                segment: *segment,
                whole: !numbers.contains(&u32::MAX),
                numbers,
                cursor: BlockCursor::default(),
                first: Vec::new(),
            }
        });
        let sources = sources.collect();
        Ok(Self {
            segments,
            all,
            gone: gone.into_iter().collect(),
            target: None,
            sources,
            order: BinaryHeap::new(),
            writer: BlockWriter::default(),
            room: Room::default(),
        })
    }

    /// Mails whose words are left out: see [`forget_removed`].
    pub fn gone(&self) -> &[i64] {
        &self.gone
    }

    /// Goes on by about so many bytes read and written, one list at least.
    pub fn step(&mut self, tx: &Transaction<'_>, most: usize) -> Result<Step> {
        let mut moved = 0;
        let target = match self.target {
            _ if !self.stands(tx)? => return Ok(Step::Void),
            Some(target) => target,
            None => self.begin(tx, &mut moved)?,
        };
        while moved < most {
            if !self.next_list(tx, target, &mut moved)? {
                self.end(tx, target)?;
                return Ok(Step::Merged);
            }
        }
        Ok(Step::More)
    }

    /// All of it in one transaction.
    fn at_once(mut self, tx: &Transaction<'_>) -> Result<()> {
        while self.step(tx, usize::MAX)? == Step::More {}
        let target = self.target.filter(|_| self.all.is_empty());
        for segment in self.segments.iter().copied().chain(target) {
            remove_segment(tx, segment, usize::MAX)?;
        }
        forget_removed(tx, &self.gone)
    }

    /// Whether all that it reads and writes is there still.
    fn stands(&self, tx: &Transaction<'_>) -> Result<bool> {
        let mut there = tx.prepare_cached("SELECT 1 FROM segment WHERE id = ? AND docs > 0")?;
        for segment in &self.segments {
            if !there.exists([segment])? {
                return Ok(false);
            }
        }
        let Some(target) = self.target else { return Ok(true) };
        Ok(tx.prepare_cached("SELECT 1 FROM segment WHERE id = ?")?.exists([target])?)
    }

    fn begin(&mut self, tx: &Transaction<'_>, moved: &mut usize) -> Result<i64> {
        let target = new_segment(tx, &[])?;
        self.target = Some(target);
        for (at, source) in self.sources.iter_mut().enumerate() {
            if source.advance(tx, moved)? {
                let key = source.cursor.key();
                self.order.push(Reverse((beginning(key, key.len()), key.to_vec(), at)));
            }
        }
        Ok(target)
    }

    /// Writes the next list; false when there is none.
    fn next_list(&mut self, tx: &Transaction<'_>, target: i64, moved: &mut usize) -> Result<bool> {
        let Some(Reverse((_, key, first))) = self.order.pop() else { return Ok(false) };
        let Room { list, having, keys, docs } = &mut self.room;
        having.clear();
        having.push(first);
        while self.order.peek().is_some_and(|Reverse((_, other, _))| *other == key) {
            if let Some(Reverse((_, other, source))) = self.order.pop() {
                having.push(source);
                keys.push(other);
            }
        }
        list.clear();
        merge_lists(&self.sources, having, docs, list);
        if !list.is_empty()
            && let Some(block) = self.writer.add(&key, list)
        {
            *moved += block.data.len();
            put_block(tx, target, &block.first, &block.data)?;
        }
        keys.push(key);
        for index in having {
            if let Some(source) = self.sources.get_mut(*index)
                && source.advance(tx, moved)?
            {
                let mut key = keys.pop().unwrap_or_default();
                key.clear();
                key.extend_from_slice(source.cursor.key());
                self.order.push(Reverse((beginning(&key, key.len()), key, *index)));
            }
        }
        Ok(true)
    }

    /// The new segment is in force, and the others are not.
    fn end(&mut self, tx: &Transaction<'_>, target: i64) -> Result<()> {
        if let Some(block) = std::mem::take(&mut self.writer).finish() {
            put_block(tx, target, &block.first, &block.data)?;
        }
        let mut set = tx.prepare_cached("UPDATE segment SET docs = ?, ids = ? WHERE id = ?")?;
        for segment in &self.segments {
            set.execute(params![0, pack_ids(&[]), segment])?;
        }
        set.execute(params![self.all.len() as i64, pack_ids(&self.all), target])?;
        Ok(())
    }
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
