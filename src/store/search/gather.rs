//! Gathering the words of many letters into one segment, once each, in the order of their
//! keys: what takes the time when mail comes in. Nothing is copied that can be pointed at.

use super::entry::Entry;
use super::numbers::Take;
use super::segment::{Block, BlockWriter, List};
use foldhash::fast::RandomState;
use std::hash::BuildHasher;

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
