//! The words of one letter, for the index: each with its positions, those of the header once
//! more by their place. What a letter's second rendering repeats is left out.

use super::entry::{Entry, EntryBuilder};
use super::fold::{Piece, fold_into, pairs, pieces};
use super::place::Place;
use super::words::{Word, Words};
use foldhash::fast::RandomState;
use std::collections::HashSet;
use std::ops::Range;

/// Text kept from one letter for the next at most, in bytes: room for it is used again.
const KEPT: usize = 1024 * 1024;

/// Gathers the words of one letter, then of the next.
#[derive(Debug, Default)]
pub struct Cutter {
    text: String,
    words: Words,
    /// Words of the header, where they stand, and their positions.
    placed: Vec<(Place, Word, u32)>,
    position: u32,
    entry: EntryBuilder,
}

impl Cutter {
    /// Adds a text that stands in `place`. No phrase reaches from one text into
    /// the next. Where it stands from now on, for [`Self::add_unseen`].
    pub fn add(&mut self, text: &str, place: Place) -> Range<usize> {
        let start = self.text.len();
        fold_into(text, &mut self.text);
        self.cut_from(start, place);
        start..self.text.len()
    }

    /// Adds what `text`, the second rendering of `first`, says beyond it: nothing,
    /// a few words, or, where it says much else, all of it.
    pub fn add_unseen(&mut self, text: &str, first: &[Range<usize>], place: Place) {
        let start = self.text.len();
        fold_into(text, &mut self.text);
        let Self { text, words, placed, position, .. } = self;
        let first = first.iter().filter_map(|range| text.get(range.clone()));
        let seen: HashSet<Piece<'_>, RandomState> = first.flat_map(pieces).collect();
        let second = text.get(start..).unwrap_or_default();
        let (mut all, mut unseen) = (0, 0);
        for piece in pieces(second) {
            all += 1;
            unseen += usize::from(!seen.contains(&piece));
        }
        let mut cut = Cut { text, words, placed, position, place };
        if unseen * 10 > all {
            cut.run(start, |_| true);
        } else if unseen > 0 {
            cut.run(start, |piece| !seen.contains(piece));
        } else {
            self.text.truncate(start);
        }
    }

    /// Cuts the folded text from `start` on.
    fn cut_from(&mut self, start: usize, place: Place) {
        let Self { text, words, placed, position, .. } = self;
        Cut { text, words, placed, position, place }.run(start, |_| true);
    }

    /// The letter's entry for the index. What comes after is the next letter's.
    pub fn finish(&mut self) -> Entry {
        self.words.write(self.text.as_bytes(), &mut self.entry);
        self.write_placed();
        let entry = self.entry.finish();
        self.clear();
        entry
    }

    /// Forgets what was added.
    pub fn clear(&mut self) {
        if self.text.capacity() > KEPT || self.words.room() > KEPT {
            *self = Self::default();
        } else {
            self.text.clear();
            self.words.clear();
            self.placed.clear();
            self.position = 0;
            self.entry.clear();
        }
    }

    /// The words of the header once more, by their place. They are few.
    fn write_placed(&mut self) {
        let text = self.text.as_bytes();
        self.placed.sort_unstable_by(|a, b| {
            let one =
                |(place, word, position): &(Place, Word, u32)| (*place, word.of(text), *position);
            one(a).cmp(&one(b))
        });
        let mut before = None;
        for (place, word, position) in &self.placed {
            let word = word.of(text);
            if before != Some((place, word)) {
                self.entry.word(Some(*place), word);
                before = Some((place, word));
            }
            self.entry.position(*position);
        }
    }
}

/// A folded text that is being cut.
struct Cut<'c> {
    text: &'c str,
    words: &'c mut Words,
    placed: &'c mut Vec<(Place, Word, u32)>,
    position: &'c mut u32,
    place: Place,
}

impl Cut<'_> {
    #[inline]
    fn run(&mut self, start: usize, wanted: impl Fn(&Piece<'_>) -> bool) {
        let text = self.text;
        let mut skipping = false;
        for piece in pieces(text.get(start..).unwrap_or_default()) {
            if !wanted(&piece) {
                skipping = true;
                continue;
            }
            // A hole, so that no phrase reaches over what was left out.
            *self.position += u32::from(std::mem::take(&mut skipping));
            match piece {
                Piece::Word(word) => self.push(word),
                Piece::Cjk(run) => pairs(run, true).for_each(|pair| self.push(pair)),
            }
        }
        *self.position += 1;
    }

    #[inline]
    fn push(&mut self, word: &str) {
        // A word is a piece of `text`: its place is told by its address.
        let start = word.as_ptr() as usize - self.text.as_ptr() as usize;
        if let (Ok(start), Ok(len)) = (u32::try_from(start), u32::try_from(word.len())) {
            let word = Word { start, len };
            self.words.add(self.text.as_bytes(), word, *self.position);
            if self.place != Place::Body {
                self.placed.push((self.place, word, *self.position));
            }
            *self.position += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::place::key;
    use super::*;

    #[test]
    fn an_entry_has_every_word_with_its_places_and_positions() {
        let mut cutter = Cutter::default();
        cutter.add("Red apple", Place::Subject);
        cutter.add("an apple, an 사과나무", Place::Body);
        let entry = cutter.finish();
        let mut words: Vec<(Vec<u8>, Vec<u32>)> =
            entry.words().map(|(key, positions)| (key.to_vec(), positions.collect())).collect();
        words.sort();
        let word = |place: Option<Place>, word: &str, at: &[u32]| (key(place, word), at.to_vec());
        assert_eq!(
            words,
            [
                word(Some(Place::Subject), "apple", &[1]),
                word(Some(Place::Subject), "red", &[0]),
                word(None, "an", &[3, 5]),
                word(None, "apple", &[1, 4]),
                word(None, "red", &[0]),
                word(None, "과나", &[7]),
                word(None, "나무", &[8]),
                word(None, "무", &[9]),
                word(None, "사과", &[6]),
            ]
        );
    }
    #[test]
    fn a_second_rendering_adds_only_what_it_says_beyond() {
        let first = "one two three four five six seven eight nine ten 사과나무 밭";
        let words = |second: &str| {
            let mut cutter = Cutter::default();
            let nowhere = cutter.add(first, Place::Body);
            let seen = cutter.text.get(nowhere).unwrap().to_owned();
            let mut cutter = Cutter { text: seen.clone(), ..Cutter::default() };
            cutter.add_unseen(second, std::slice::from_ref(&(0..seen.len())), Place::Body);
            let entry = cutter.finish();
            let mut words: Vec<(String, Vec<u32>)> = entry
                .words()
                .map(|(key, at)| (String::from_utf8(key.to_vec()).unwrap(), at.collect()))
                .collect();
            words.sort();
            words
        };
        assert_eq!(words(first), []);
        // A part of a run that is no run of the first: parts of it are asked for too.
        let more = format!("{first} {first} 사과 {first}");
        assert_eq!(words(&more), [("과".into(), vec![2]), ("사과".into(), vec![1])]);
        // Something else altogether is a text of its own.
        assert_eq!(words("one other text").len(), 3);
    }
}
