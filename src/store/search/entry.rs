//! The words of one letter, on their way into a segment: each with its positions, as the
//! bytes that will stand there.

use super::numbers::{Take, positions, put, put_len};
use super::place::{Place, tag};

/// The words of one letter with their positions, in no order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry(pub(super) Box<[u8]>);

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
