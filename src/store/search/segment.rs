//! The form of the index: which letter has which word where.
//!
//! A segment is a set of mails, numbered from the newest (0) on, and never
//! changes. For each word it has a list: the numbers of the mails that have it,
//! and for each of them the positions. Lists stand in blocks of about
//! [`BLOCK`] bytes in the order of their keys, keys front-coded. Numbers are
//! differences in LEB128 ([`super::numbers`]). Whatever a damaged block holds,
//! reading it ends and stays inside it.

use super::numbers::{Take, ascending, put, put_len};

/// Size a block is closed at, in bytes. One list may make it larger.
pub const BLOCK: usize = 4000;

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
    #[inline]
    pub fn add(&mut self, doc: u32, positions: &[u8]) {
        put(&mut self.docs, doc.wrapping_sub(self.last));
        self.last = doc;
        self.positions.extend_from_slice(positions);
    }

    /// Adds several mails with all their positions; numbers ascend.
    pub fn add_all(&mut self, docs: &[u32], positions: &[u8]) {
        for doc in docs {
            put(&mut self.docs, doc.wrapping_sub(self.last));
            self.last = *doc;
        }
        self.positions.extend_from_slice(positions);
    }
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

    pub(super) fn close(&mut self) -> Option<Block> {
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

    /// The positions of its mails, in their order.
    pub fn positions(&self) -> Positions<'b> {
        Positions(Take(self.positions))
    }

    /// The mails' numbers with the bytes of their positions.
    pub fn docs_with_positions(&self) -> impl Iterator<Item = (u32, &'b [u8])> + use<'b> {
        let mut at = Take(self.positions);
        self.docs().map_while(move |doc| Some((doc, at.positions()?)))
    }
}

/// Positions of mail after mail, as bytes.
#[derive(Debug, Clone, Copy)]
pub struct Positions<'b>(Take<'b>);

impl<'b> Positions<'b> {
    /// Those of the next so many mails.
    pub fn of_next(&mut self, mails: usize) -> &'b [u8] {
        let start = self.0.0;
        for _ in 0..mails {
            if self.0.positions().is_none() {
                break;
            }
        }
        start.get(..start.len() - self.0.0.len()).unwrap_or_default()
    }

    /// Those of all mails that are left.
    pub fn rest(self) -> &'b [u8] {
        self.0.0
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

#[cfg(test)]
mod tests {
    use super::super::cut::Cutter;
    use super::super::entry::Entry;
    use super::super::gather::SegmentBuilder;
    use super::super::numbers::{pack_ids, positions, unpack_ids};
    use super::super::place::{Place, key};
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
        let [block] = builder.finish().collect::<Vec<_>>().try_into().unwrap();
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
