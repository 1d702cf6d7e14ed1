//! The form of the index: which letter has which word where.
//!
//! A segment is a set of mails, numbered from the newest (0) on, and never
//! changes. For each word it has a list: the numbers of the mails that have it,
//! and for each of them the positions. Lists stand in blocks of about
//! [`BLOCK`] bytes in the order of their keys, keys front-coded. Numbers are
//! differences in LEB128; the lowest bit of a position says that another one of
//! the same mail follows. Whatever a damaged block holds, reading it ends and
//! stays inside it.

use super::place::{Place, tag};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Entrance;

/// Size a block is closed at, in bytes. One list may make it larger.
pub const BLOCK: usize = 4000;

fn put(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_len(out: &mut Vec<u8>, len: usize) {
    put(out, u32::try_from(len).unwrap_or(u32::MAX));
}

/// Takes numbers and pieces off bytes; nothing when they end.
#[derive(Debug, Clone, Copy)]
pub struct Take<'b>(pub &'b [u8]);

impl<'b> Take<'b> {
    /// The next number.
    #[inline]
    pub fn number(&mut self) -> Option<u32> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        if first < 0x80 {
            return Some(u32::from(first));
        }
        let mut value = u32::from(first & 0x7f);
        let mut shift = 7;
        loop {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(value);
            }
            shift += 7;
        }
    }

    /// The next `len` bytes.
    #[inline]
    pub fn bytes(&mut self, len: usize) -> Option<&'b [u8]> {
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

    /// The positions of one mail: numbers up to one whose lowest bit is clear.
    #[inline]
    fn positions(&mut self) -> Option<&'b [u8]> {
        let start = self.0;
        while self.number()? & 1 == 1 {}
        start.get(..start.len() - self.0.len())
    }

    fn sized(&mut self) -> Option<&'b [u8]> {
        let len = self.number()? as usize;
        self.bytes(len)
    }
}

/// Numbers, ascending, from their differences.
#[inline]
fn ascending(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let mut take = Take(bytes);
    let mut at: u32 = 0;
    std::iter::from_fn(move || {
        at = at.wrapping_add(take.number()?);
        Some(at)
    })
}

/// Positions of a word in one mail, ascending.
pub fn positions(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let mut take = Take(bytes);
    let mut at: u32 = 0;
    std::iter::from_fn(move || {
        at = at.wrapping_add(take.number()? >> 1);
        Some(at)
    })
}

/// The words of one letter with their positions, in no order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry(Vec<u8>);

impl Entry {
    /// Bytes it takes up.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn lists(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut take = Take(&self.0);
        std::iter::from_fn(move || Some((take.sized()?, take.positions()?)))
    }

    /// Keys and positions.
    pub fn words(&self) -> impl Iterator<Item = (&[u8], impl Iterator<Item = u32>)> {
        self.lists().map(|(key, bytes)| (key, positions(bytes)))
    }
}

/// Makes an [`Entry`], word by word.
#[derive(Debug, Default)]
pub struct EntryBuilder {
    entry: Vec<u8>,
    last: u32,
    /// The difference that was not written yet: whether more follow is not known.
    waiting: Option<u32>,
}

impl EntryBuilder {
    /// With room for so many bytes.
    pub fn with_room(bytes: usize) -> Self {
        Self { entry: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// Begins a word. Each comes once, and has a position.
    pub fn word(&mut self, place: Option<Place>, word: &str) {
        self.close(false);
        let tag = tag(place);
        put_len(&mut self.entry, word.len() + usize::from(tag.is_some()));
        self.entry.extend(tag);
        self.entry.extend_from_slice(word.as_bytes());
        self.last = 0;
    }

    /// A position of the word; they ascend.
    pub fn position(&mut self, position: u32) {
        self.close(true);
        self.waiting = Some(position.saturating_sub(self.last));
        self.last = position;
    }

    fn close(&mut self, more: bool) {
        if let Some(waiting) = self.waiting.take() {
            // 31 bits are enough: a letter has no more bytes than that indexed.
            put(&mut self.entry, waiting << 1 | u32::from(more));
        }
    }

    /// The entry.
    pub fn finish(mut self) -> Entry {
        self.close(false);
        self.entry.shrink_to_fit();
        Entry(self.entry)
    }
}

/// A list as it grows.
#[derive(Debug, Clone, Default)]
pub struct List {
    last: u32,
    docs: Vec<u8>,
    positions: Vec<u8>,
}

impl List {
    /// Whether no mail is in it.
    pub fn is_empty(&self) -> bool {
        self.docs.is_empty()
    }

    /// Makes it empty; its room is used again.
    pub fn clear(&mut self) {
        self.last = 0;
        self.docs.clear();
        self.positions.clear();
    }

    /// Adds a mail; numbers ascend.
    pub fn add(&mut self, doc: u32, positions: &[u8]) {
        put(&mut self.docs, doc.wrapping_sub(self.last));
        self.last = doc;
        self.positions.extend_from_slice(positions);
    }
}

/// A word in one mail, while a segment is gathered. There are hundreds of thousands.
#[derive(Debug, Clone, Copy)]
struct Occurrence {
    /// The mail, in [`SegmentBuilder::entries`].
    mail: u32,
    /// Where its positions begin in the mail's entry.
    start: u32,
    /// The word's next mail, in [`SegmentBuilder::all`]; itself where there is none.
    next: u32,
}

/// Gathers letters into a segment. Nothing of their entries is copied before the blocks
/// are written.
#[derive(Debug, Default)]
pub struct SegmentBuilder<'e> {
    /// The first and the last mail of each word, in `all`.
    words: HashMap<&'e [u8], (u32, u32), RandomState>,
    all: Vec<Occurrence>,
    /// Of all mails, with their numbers.
    entries: Vec<(u32, &'e Entry)>,
}

impl<'e> SegmentBuilder<'e> {
    /// Adds the next mail's entry; mails come newest first.
    pub fn add(&mut self, doc: u32, entry: &'e Entry) {
        let mail = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries.push((doc, entry));
        let mut take = Take(&entry.0);
        while let Some(key) = take.sized() {
            let start = entry.0.len() - take.0.len();
            // More than that many words are in no segment: a batch has a few million.
            let (Ok(at), Ok(start), Some(_)) =
                (u32::try_from(self.all.len()), u32::try_from(start), take.positions())
            else {
                return;
            };
            self.all.push(Occurrence { mail, start, next: at });
            match self.words.entry(key) {
                Entrance::Occupied(mut word) => {
                    let (_, last) = word.get_mut();
                    if let Some(before) = self.all.get_mut(*last as usize) {
                        before.next = at;
                    }
                    *last = at;
                }
                Entrance::Vacant(word) => {
                    word.insert((at, at));
                }
            }
        }
    }

    /// The segment's blocks, in order.
    pub fn finish(self) -> Vec<Block> {
        // Most are told apart by their first bytes, which stand here, not somewhere else.
        let mut words: Vec<(u64, &[u8], u32)> =
            self.words.iter().map(|(key, (first, _))| (beginning(key), *key, *first)).collect();
        words.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)));
        let mut writer = BlockWriter::default();
        let mut blocks = Vec::new();
        let mut list = List::default();
        for (_, key, first) in words {
            list.clear();
            let mut at = first;
            while let Some(one) = self.all.get(at as usize) {
                if let Some((doc, entry)) = self.entries.get(one.mail as usize) {
                    let rest = entry.0.get(one.start as usize..).unwrap_or_default();
                    list.add(*doc, Take(rest).positions().unwrap_or_default());
                }
                if one.next == at {
                    break;
                }
                at = one.next;
            }
            blocks.extend(writer.add(key, &list));
        }
        blocks.extend(writer.finish());
        blocks
    }
}

/// The first eight bytes of a key, as a number in the order of keys.
fn beginning(key: &[u8]) -> u64 {
    let mut first = [0; 8];
    first.iter_mut().zip(key).for_each(|(to, byte)| *to = *byte);
    u64::from_be_bytes(first)
}

/// A block: its first key, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The key of its first list.
    pub first: Vec<u8>,
    /// Its bytes.
    pub data: Vec<u8>,
}

/// Writes lists that come in the order of their keys into blocks.
#[derive(Debug, Default)]
pub struct BlockWriter {
    first: Vec<u8>,
    last: Vec<u8>,
    data: Vec<u8>,
}

impl BlockWriter {
    /// Adds a list; returns a block when one is full.
    pub fn add(&mut self, key: &[u8], list: &List) -> Option<Block> {
        let size = list.docs.len() + list.positions.len();
        let full = !self.data.is_empty() && self.data.len() + size > BLOCK;
        let block = if full { self.close() } else { None };
        if self.data.is_empty() {
            self.first = key.to_vec();
            self.last.clear();
        }
        let shared = self.last.iter().zip(key).take_while(|(a, b)| a == b).count();
        let suffix = key.get(shared..).unwrap_or_default();
        put_len(&mut self.data, shared);
        put_len(&mut self.data, suffix.len());
        self.data.extend_from_slice(suffix);
        put_len(&mut self.data, list.docs.len());
        put_len(&mut self.data, list.positions.len());
        self.data.extend_from_slice(&list.docs);
        self.data.extend_from_slice(&list.positions);
        self.last.clear();
        self.last.extend_from_slice(key);
        block
    }

    fn close(&mut self) -> Option<Block> {
        let data = std::mem::take(&mut self.data);
        (!data.is_empty()).then(|| Block { first: std::mem::take(&mut self.first), data })
    }

    /// The last block.
    pub fn finish(mut self) -> Option<Block> {
        self.close()
    }
}

/// A list as it stands in a block.
#[derive(Debug, Clone, Copy)]
pub struct ListRef<'b> {
    docs: &'b [u8],
    positions: &'b [u8],
}

impl<'b> ListRef<'b> {
    /// The mails' numbers, ascending.
    #[inline]
    pub fn docs(&self) -> impl Iterator<Item = u32> + use<'b> {
        ascending(self.docs)
    }

    /// The mails' numbers with the bytes of their positions.
    pub fn docs_with_positions(&self) -> impl Iterator<Item = (u32, &'b [u8])> + use<'b> {
        let mut at = Take(self.positions);
        self.docs().map_while(move |doc| Some((doc, at.positions()?)))
    }
}

/// Reads the lists of a block in order.
#[derive(Debug)]
pub struct BlockReader<'b> {
    take: Take<'b>,
    key: Vec<u8>,
}

impl<'b> BlockReader<'b> {
    /// A reader of a block's bytes.
    pub fn new(data: &'b [u8]) -> Self {
        Self { take: Take(data), key: Vec::new() }
    }

    /// The key of the list that [`Self::next_list`] gave last.
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// The next list; nothing at the end.
    pub fn next_list(&mut self) -> Option<ListRef<'b>> {
        let shared = self.take.number()? as usize;
        let suffix = self.take.sized()?;
        self.key.truncate(shared);
        self.key.extend_from_slice(suffix);
        let docs = self.take.number()? as usize;
        let positions = self.take.number()? as usize;
        Some(ListRef { docs: self.take.bytes(docs)?, positions: self.take.bytes(positions)? })
    }

    /// The list of `key`, if the block has it.
    pub fn find(mut self, key: &[u8]) -> Option<ListRef<'b>> {
        while let Some(list) = self.next_list() {
            match self.key.as_slice().cmp(key) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => return Some(list),
                std::cmp::Ordering::Greater => return None,
            }
        }
        None
    }
}

/// A [`BlockReader`] that owns its block and stands at one list.
#[derive(Debug, Default)]
pub struct BlockCursor {
    data: Vec<u8>,
    key: Vec<u8>,
    list: usize,
    next: usize,
}

impl BlockCursor {
    /// Stands before the first list of `data`.
    pub fn new(data: Vec<u8>) -> Self {
        Self { data, ..Self::default() }
    }

    /// Goes to the next list; false at the end.
    pub fn advance(&mut self) -> bool {
        let rest = self.data.get(self.next..).unwrap_or_default();
        let mut reader = BlockReader { take: Take(rest), key: std::mem::take(&mut self.key) };
        let found = reader.next_list().is_some();
        self.list = self.next;
        self.next = self.data.len() - reader.take.0.len();
        self.key = reader.key;
        found
    }

    /// The key of the list.
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// The list.
    pub fn list(&self) -> Option<ListRef<'_>> {
        BlockReader::new(self.data.get(self.list..)?).next_list()
    }
}

/// Mail ids, newest first, as differences.
pub fn pack_ids(ids: &[i64]) -> Vec<u8> {
    let mut out = Vec::with_capacity(ids.len() * 3 + 8);
    let mut before: Option<i64> = None;
    for id in ids {
        match before {
            None => out.extend_from_slice(&id.to_be_bytes()),
            Some(before) => {
                let mut difference = before.wrapping_sub(*id).cast_unsigned();
                while difference >= 0x80 {
                    out.push((difference & 0x7f) as u8 | 0x80);
                    difference >>= 7;
                }
                out.push(difference as u8);
            }
        }
        before = Some(*id);
    }
    out
}

/// The reverse of [`pack_ids`].
pub fn unpack_ids(bytes: &[u8]) -> Vec<i64> {
    let Some((first, mut rest)) = bytes.split_first_chunk::<8>() else {
        return Vec::new();
    };
    let mut id = i64::from_be_bytes(*first);
    let mut ids = vec![id];
    while !rest.is_empty() {
        let (mut difference, mut shift) = (0_u64, 0_u32);
        loop {
            let Some((&byte, after)) = rest.split_first() else {
                return ids;
            };
            rest = after;
            difference |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte < 0x80 {
                break;
            }
        }
        id = id.wrapping_sub(difference.cast_signed());
        ids.push(id);
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::super::cut::Cutter;
    use super::super::place::key;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn entry(text: &str) -> Entry {
        let mut cutter = Cutter::default();
        cutter.add(text, Place::Body);
        cutter.finish()
    }

    proptest! {
        #[test]
        fn a_segment_holds_what_was_put_in(texts in proptest::collection::vec("[a-d가-라 ]{0,40}", 1..20)) {
            let entries: Vec<Entry> = texts.iter().map(|text| entry(text)).collect();
            let mut builder = SegmentBuilder::default();
            let mut expected: BTreeMap<Vec<u8>, Vec<(u32, Vec<u32>)>> = BTreeMap::new();
            for (doc, entry) in entries.iter().enumerate() {
                builder.add(doc as u32, entry);
                for (key, positions) in entry.words() {
                    expected.entry(key.to_vec()).or_default().push((doc as u32, positions.collect()));
                }
            }
            let mut found = BTreeMap::new();
            for block in builder.finish() {
                let mut reader = BlockReader::new(&block.data);
                while let Some(list) = reader.next_list() {
                    let docs: Vec<_> = list
                        .docs_with_positions()
                        .map(|(doc, bytes)| (doc, positions(bytes).collect::<Vec<_>>()))
                        .collect();
                    prop_assert_eq!(docs.len(), list.docs().count());
                    found.insert(reader.key().to_vec(), docs);
                }
            }
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn a_damaged_block_is_read_to_an_end(data in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = BlockReader::new(&data);
            while let Some(list) = reader.next_list() {
                for (_, bytes) in list.docs_with_positions() {
                    positions(bytes).for_each(drop);
                }
            }
            unpack_ids(&data);
        }

        #[test]
        fn ids_come_back(mut ids in proptest::collection::vec(any::<i64>(), 0..30)) {
            ids.sort_unstable_by(|a, b| b.cmp(a));
            ids.dedup();
            prop_assert_eq!(unpack_ids(&pack_ids(&ids)), ids);
        }
    }

    #[test]
    fn a_list_is_found_in_its_block() {
        let (both, one) = (entry("apple pear"), entry("pear"));
        let mut builder = SegmentBuilder::default();
        builder.add(0, &both);
        builder.add(7, &one);
        let [block] = builder.finish().try_into().unwrap();
        let find = |word: &str| {
            BlockReader::new(&block.data)
                .find(&key(None, word))
                .map(|l| l.docs().collect::<Vec<_>>())
        };
        assert_eq!(find("pear"), Some(vec![0, 7]));
        assert_eq!(find("apple"), Some(vec![0]));
        assert_eq!(find("pea"), None);
        assert_eq!(find("zebra"), None);
    }
}
