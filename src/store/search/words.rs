//! Which word of a letter stands where: a table that is used again for the next letter, and
//! holds no text but points at it.

use super::entry::EntryBuilder;
use super::gather::beginning;
use foldhash::fast::RandomState;
use std::hash::BuildHasher;

/// Where a word stands in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) start: u32,
    pub(super) len: u32,
}

impl Word {
    #[inline]
    pub(super) fn of(self, text: &[u8]) -> &[u8] {
        let start = self.start as usize;
        text.get(start..start + self.len as usize).unwrap_or_default()
    }

    /// Its first eight bytes. No word has a byte of zero: of one that is not longer this
    /// is all.
    #[inline]
    fn beginning(self, text: &[u8]) -> u64 {
        beginning(text.get(self.start as usize..).unwrap_or_default(), self.len as usize)
    }
}

/// A word, and where it occurs first.
#[derive(Debug, Clone, Copy)]
struct Known {
    word: Word,
    position: u32,
    /// Its next occurrence and the last one, in [`Words::again`].
    next: u32,
    last: u32,
}

/// Which word of a letter stands where: a table of open addresses, half full at most.
#[derive(Debug, Default)]
pub(super) struct Words {
    known: Vec<Known>,
    /// Further occurrences: their positions, and the next of the same word.
    again: Vec<(u32, u32)>,
    slots: Vec<Slot>,
    /// The letter; what slots say of others does not count.
    letter: u32,
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    beginning: u64,
    word: u32,
    letter: u32,
}

/// No occurrence.
const NONE: u32 = u32::MAX;

impl Words {
    /// Adds an occurrence; positions ascend.
    #[inline]
    pub(super) fn add(&mut self, text: &[u8], word: Word, position: u32) {
        if self.known.len() * 2 >= self.slots.len() {
            self.grow(text);
        }
        let beginning = word.beginning(text);
        let mask = self.slots.len() - 1;
        let mut at = self.hash(text, word, beginning) & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.letter != self.letter {
                let index = u32::try_from(self.known.len()).unwrap_or(NONE);
                *slot = Slot { beginning, word: index, letter: self.letter };
                self.known.push(Known { word, position, next: NONE, last: NONE });
                return;
            }
            if slot.beginning == beginning
                && let Some(known) = self.known.get_mut(slot.word as usize)
                && known.word.len == word.len
                && (word.len <= 8 || known.word.of(text) == word.of(text))
            {
                let index = u32::try_from(self.again.len()).unwrap_or(NONE);
                match known.last {
                    NONE => known.next = index,
                    last => {
                        if let Some((_, next)) = self.again.get_mut(last as usize) {
                            *next = index;
                        }
                    }
                }
                known.last = index;
                self.again.push((position, NONE));
                return;
            }
            at = (at + 1) & mask;
        }
    }

    #[inline]
    fn hash(&self, text: &[u8], word: Word, beginning: u64) -> usize {
        let hash = match word.len {
            0..=8 => self.hasher.hash_one(beginning),
            _ => self.hasher.hash_one(word.of(text)),
        };
        hash as usize
    }

    #[cold]
    fn grow(&mut self, text: &[u8]) {
        let size = (self.slots.len() * 2).max(1024);
        self.slots.clear();
        self.slots.resize(size, Slot::default());
        self.letter = 1;
        let mask = size - 1;
        for (index, known) in (0_u32..).zip(&self.known) {
            let beginning = known.word.beginning(text);
            let mut at = self.hash(text, known.word, beginning) & mask;
            while self.slots.get(at).is_some_and(|slot| slot.letter == self.letter) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = Slot { beginning, word: index, letter: self.letter };
            }
        }
    }

    pub(super) fn write(&self, text: &[u8], entry: &mut EntryBuilder) {
        for known in &self.known {
            entry.word(None, known.word.of(text));
            entry.position(known.position);
            let mut at = known.next;
            while let Some((position, next)) = self.again.get(at as usize) {
                entry.position(*position);
                at = *next;
            }
        }
    }

    /// Bytes it holds, about.
    pub(super) fn room(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>() + self.again.capacity() * 8
    }

    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.again.clear();
        match self.letter.checked_add(1) {
            Some(next) => self.letter = next,
            None => {
                self.slots.clear();
                self.letter = 0;
            }
        }
    }
}
