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
use std::hash::BuildHasher;

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
pub struct Entry(Box<[u8]>);

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

/// Makes an [`Entry`], word by word; then the next. Its room is used again.
#[derive(Debug, Default)]
pub struct EntryBuilder {
    entry: Vec<u8>,
    last: u32,
    /// The difference that was not written yet: whether more follow is not known.
    waiting: Option<u32>,
}

impl EntryBuilder {
    /// Begins a word. Each comes once, and has a position.
    #[inline]
    pub fn word(&mut self, place: Option<Place>, word: &[u8]) {
        self.close(false);
        let tag = tag(place);
        put_len(&mut self.entry, word.len() + usize::from(tag.is_some()));
        self.entry.extend(tag);
        self.entry.extend_from_slice(word);
        self.last = 0;
    }

    /// A position of the word; they ascend.
    #[inline]
    pub fn position(&mut self, position: u32) {
        self.close(true);
        self.waiting = Some(position.saturating_sub(self.last));
        self.last = position;
    }

    #[inline]
    fn close(&mut self, more: bool) {
        if let Some(waiting) = self.waiting.take() {
            // 31 bits are enough: a letter has no more bytes than that indexed.
            put(&mut self.entry, waiting << 1 | u32::from(more));
        }
    }

    /// The entry.
    pub fn finish(&mut self) -> Entry {
        self.close(false);
        let entry = Entry(self.entry.as_slice().into());
        self.clear();
        entry
    }

    /// Forgets what was begun.
    pub fn clear(&mut self) {
        self.entry.clear();
        self.waiting = None;
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

/// A word of a segment that is being gathered.
#[derive(Debug, Clone, Copy)]
struct Word {
    beginning: u64,
    /// The mail that has it first, in [`SegmentBuilder::entries`], and where the word
    /// stands in that mail's entry.
    mail: u32,
    start: u32,
    len: u32,
    /// How many mails have it; then, where the next of them goes.
    mails: u32,
}

impl Word {
    #[inline]
    fn key<'e>(&self, entries: &[(u32, &'e Entry)]) -> &'e [u8] {
        let start = self.start as usize;
        let key = entries
            .get(self.mail as usize)
            .and_then(|(_, entry)| entry.0.get(start..start + self.len as usize));
        key.unwrap_or_default()
    }
}

/// A word in one mail: where its positions begin in the mail's entry, or they themselves
/// where they are few bytes, as most are. There are hundreds of thousands.
#[derive(Debug, Clone, Copy, Default)]
struct Occurrence {
    /// The mail, in [`SegmentBuilder::entries`].
    mail: u32,
    positions: u32,
}

/// The positions stand here, the first in the lowest byte. No entry is that large.
const HERE: u32 = 1 << 31;

/// Gathers letters into a segment. Nothing of their entries is copied before the blocks
/// are written.
#[derive(Debug, Default)]
pub struct SegmentBuilder<'e> {
    words: Vec<Word>,
    /// Which word has which number: open addresses, half full at most.
    slots: Vec<(u64, u32)>,
    hasher: RandomState,
    /// The number of each word of each mail, in the order of the entries.
    all: Vec<u32>,
    /// Of all mails, with their numbers.
    entries: Vec<(u32, &'e Entry)>,
}

/// No word.
const FREE: u32 = u32::MAX;

impl<'e> SegmentBuilder<'e> {
    /// Adds the next mail's entry; mails come newest first.
    pub fn add(&mut self, doc: u32, entry: &'e Entry) {
        let mail = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries.push((doc, entry));
        let mut take = Take(&entry.0);
        while let Some(len) = take.number() {
            let start = entry.0.len() - take.0.len();
            let (Ok(start), Some(_), Some(_)) =
                (u32::try_from(start), take.bytes(len as usize), take.positions())
            else {
                return;
            };
            let beginning =
                beginning(entry.0.get(start as usize..).unwrap_or_default(), len as usize);
            let word = Word { beginning, mail, start, len, mails: 0 };
            let number = self.number(word);
            self.all.push(number);
        }
    }

    /// The number of a word.
    #[inline]
    fn number(&mut self, word: Word) -> u32 {
        if self.words.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = self.hash(&word) & mask;
        loop {
            let Some(slot) = self.slots.get_mut(at) else { return FREE };
            if slot.1 == FREE {
                let number = u32::try_from(self.words.len()).unwrap_or(FREE);
                *slot = (word.beginning, number);
                self.words.push(Word { mails: 1, ..word });
                return number;
            }
            if slot.0 == word.beginning
                && let Some(known) = self.words.get_mut(slot.1 as usize)
                && known.len == word.len
                // Keys hold no byte of zero: of a short one its beginning is all.
                && (word.len <= 8 || known.key(&self.entries) == word.key(&self.entries))
            {
                known.mails += 1;
                return slot.1;
            }
            at = (at + 1) & mask;
        }
    }

    #[inline]
    fn hash(&self, word: &Word) -> usize {
        let hash = match word.len {
            0..=8 => self.hasher.hash_one(word.beginning),
            _ => self.hasher.hash_one(word.key(&self.entries)),
        };
        hash as usize
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1 << 12);
        self.slots.clear();
        self.slots.resize(size, (0, FREE));
        let mask = size - 1;
        for (number, word) in (0_u32..).zip(&self.words) {
            let mut at = self.hash(word) & mask;
            while self.slots.get(at).is_some_and(|slot| slot.1 != FREE) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = (word.beginning, number);
            }
        }
    }

    /// The segment's blocks, in order.
    pub fn finish(self) -> impl Iterator<Item = Block> + use<'e> {
        let Self { mut words, slots, all, entries, .. } = self;
        drop(slots);
        // Most are told apart by their first bytes, which stand here, not somewhere else.
        let mut order: Vec<(u64, u32)> =
            (0_u32..).zip(&words).map(|(number, word)| (word.beginning, number)).collect();
        order.sort_unstable_by(|a, b| {
            let key = |number: u32| words.get(number as usize).map(|word| word.key(&entries));
            a.0.cmp(&b.0).then_with(|| key(a.1).cmp(&key(b.1)))
        });
        // Each word's mails stand together, in the order of the words.
        let mut next = 0;
        for (_, number) in &order {
            if let Some(word) = words.get_mut(*number as usize) {
                next += std::mem::replace(&mut word.mails, next);
            }
        }
        let sorted = sorted(&mut words, &all, &entries);
        drop(all);
        let mut writer = BlockWriter::default();
        let mut list = List::default();
        let mut order = order.into_iter();
        let mut from = 0;
        let mut last = false;
        std::iter::from_fn(move || {
            for (_, number) in order.by_ref() {
                let Some(word) = words.get(number as usize) else { continue };
                list.clear();
                let mails = sorted.get(from..word.mails as usize).unwrap_or_default();
                from = word.mails as usize;
                for one in mails {
                    let Some((doc, entry)) = entries.get(one.mail as usize) else { continue };
                    let here = one.positions.to_le_bytes();
                    let bytes = match one.positions & HERE {
                        0 => entry.0.get(one.positions as usize..).unwrap_or_default(),
                        _ => here.as_slice(),
                    };
                    list.add(*doc, Take(bytes).positions().unwrap_or_default());
                }
                if let Some(block) = writer.add(word.key(&entries), &list) {
                    return Some(block);
                }
            }
            match std::mem::replace(&mut last, true) {
                false => writer.close(),
                true => None,
            }
        })
    }
}

/// The mails of all words, each word's from where it says on.
fn sorted(words: &mut [Word], all: &[u32], entries: &[(u32, &Entry)]) -> Vec<Occurrence> {
    let mut sorted = vec![Occurrence::default(); all.len()];
    let mut numbers = all.iter();
    for (mail, (_, entry)) in (0_u32..).zip(entries) {
        let mut take = Take(&entry.0);
        while let Some(len) = take.number() {
            if take.bytes(len as usize).is_none() {
                break;
            }
            let start = entry.0.len() - take.0.len();
            let Some(positions) = take.positions() else { break };
            let Some(number) = numbers.next() else { break };
            let Some(word) = words.get_mut(*number as usize) else { continue };
            if let Some(place) = sorted.get_mut(word.mails as usize) {
                let positions = match *positions {
                    [a] => HERE | u32::from(a),
                    [a, b] => HERE | u32::from_le_bytes([a, b, 0, 0]),
                    [a, b, c] => HERE | u32::from_le_bytes([a, b, c, 0]),
                    _ => u32::try_from(start).unwrap_or(0),
                };
                *place = Occurrence { mail, positions };
            }
            word.mails += 1;
        }
    }
    sorted
}

/// The first eight bytes of a key of that length, as a number in the order of keys; zeros
/// follow a shorter one. `bytes` begin with the key.
#[inline]
pub(super) fn beginning(bytes: &[u8], len: usize) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(eight) if len >= 8 => u64::from_be_bytes(*eight),
        Some(eight) => u64::from_be_bytes(*eight) & !(u64::MAX >> (len * 8)),
        None => {
            let mut first = [0; 8];
            first.iter_mut().zip(bytes.iter().take(len)).for_each(|(to, byte)| *to = *byte);
            u64::from_be_bytes(first)
        }
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
