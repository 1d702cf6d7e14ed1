//! Folding and cutting of text, the same for what is indexed and what is asked.
//!
//! Promise (the definition of recall): a Latin word is found by itself and by
//! its beginnings, text in scripts written without spaces by any part of it, both
//! without regard to case, width, compatibility forms and Latin accents.
//!
//! How: runs of CJK are cut into overlapping pairs plus the last letter alone,
//! `가나다` → `가나 나다 다`; everything else into words. So a part of two letters
//! or more is a phrase of pairs, and a single letter is the beginning of one.

use super::place::Place;
use super::segment::{Entry, EntryBuilder, beginning};
use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::BuildHasher;
use std::ops::Range;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Longest word that is told apart, in bytes; what follows is ignored, in the
/// index and in the question alike.
const WORD: usize = 64;

/// How a character takes part in search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Separates.
    Gap,
    /// Part of a word.
    Word,
    /// A letter of a script written without spaces (or, as Hangul, with
    /// endings glued to the word).
    Cjk,
}

#[inline]
fn class(c: char) -> Class {
    match c {
        'a'..='z' | '0'..='9' | 'A'..='Z' => Class::Word,
        '\0'..='\u{a9}' => Class::Gap,
        '\u{ac00}'..='\u{d7a3}' | '\u{4e00}'..='\u{9fff}' => Class::Cjk,
        _ => rare_class(c),
    }
}

fn rare_class(c: char) -> Class {
    match c {
        // Thai, Lao, Myanmar, Khmer: no spaces between words either.
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        // Hangul Jamo, kana, Bopomofo, compatibility Jamo, kanji marks.
        | '\u{1100}'..='\u{11ff}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{3096}'
        | '\u{309d}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}'
        | '\u{3105}'..='\u{318e}'
        | '\u{31a0}'..='\u{31bf}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{a960}'..='\u{a97c}'
        | '\u{d7a4}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Class::Cjk,
        _ if c.is_alphanumeric() || is_combining_mark(c) => Class::Word,
        _ => Class::Gap,
    }
}

/// Characters that nobody sees and that would only tear words apart.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{300}'..='\u{36f}')
}

/// Folds one character into `out`.
fn fold_char(c: char, out: &mut String) {
    match c {
        '\0'..='\x7f' => out.push(c.to_ascii_lowercase()),
        '\u{ac00}'..='\u{d7a3}' | '\u{4e00}'..='\u{9fff}' | '\u{3041}'..='\u{30ff}' => out.push(c),
        'ς' => out.push('σ'),
        _ if is_invisible(c) => {}
        // Latin, Greek, Cyrillic with accents.
        '\u{c0}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}' => {
            decompose_canonical(c, |d| {
                if !is_invisible(d) {
                    for lower in d.to_lowercase() {
                        // The lower case of some capitals brings an accent along.
                        if !is_invisible(lower) {
                            out.push(if lower == 'ς' { 'σ' } else { lower });
                        }
                    }
                }
            });
        }
        _ => out.extend(c.to_lowercase()),
    }
}

/// Text as search compares it: compatibility forms composed, lower case, no
/// Latin accents, nothing invisible.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

fn fold_into(text: &str, out: &mut String) {
    out.reserve(text.len());
    if text.is_ascii() {
        let start = out.len();
        out.push_str(text);
        if let Some(added) = out.get_mut(start..) {
            added.make_ascii_lowercase();
        }
        return;
    }
    // Nearly all text is of letters that fold to themselves.
    if text.chars().all(folds_to_itself) {
        let start = out.len();
        out.push_str(text);
        if let Some(added) = out.get_mut(start..) {
            added.make_ascii_lowercase();
        }
    } else {
        fold_slowly(text, out);
    }
}

/// Whether folding leaves a letter as it is, but for the case of ASCII.
#[inline]
fn folds_to_itself(c: char) -> bool {
    matches!(c, '\0'..='\x7f'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}')
}

fn fold_slowly(text: &str, out: &mut String) {
    let composed: Cow<'_, str> = match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => text.into(),
        _ => text.nfkc().collect::<String>().into(),
    };
    for c in composed.chars() {
        fold_char(c, out);
    }
}

/// Whether `c` is part of no word.
pub fn is_gap(c: char) -> bool {
    class(c) == Class::Gap
}

/// Whether a word ends between two neighbours.
pub fn breaks_word(left: Option<char>, right: Option<char>) -> bool {
    !matches!((left.map(class), right.map(class)), (Some(Class::Word), Some(Class::Word)))
}

/// A stretch of text between gaps, all of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Piece<'a> {
    /// A word, cut to its first 64 bytes.
    Word(&'a str),
    /// A run of CJK letters.
    Cjk(&'a str),
}

/// Cuts folded text into pieces.
pub fn pieces(folded: &str) -> Pieces<'_> {
    Pieces { text: folded, at: 0 }
}

/// See [`pieces`].
#[derive(Debug)]
pub struct Pieces<'a> {
    text: &'a str,
    at: usize,
}

/// What a byte at the beginning of a character says of its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    Gap,
    Word,
    /// The whole character must be looked at.
    Other,
}

/// Nearly all bytes are ASCII.
const LEADS: [Lead; 256] = {
    let mut leads = [Lead::Other; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        #[allow(clippy::indexing_slicing)]
        {
            leads[byte as usize] =
                if byte.is_ascii_alphanumeric() { Lead::Word } else { Lead::Gap };
        }
        byte += 1;
    }
    leads
};

impl Pieces<'_> {
    #[inline]
    fn lead(&self, at: usize) -> Option<Lead> {
        let byte = *self.text.as_bytes().get(at)?;
        LEADS.get(usize::from(byte)).copied()
    }

    /// The class of the character at `at`, which is not ASCII, and its length.
    #[inline]
    fn class_at(&self, at: usize) -> Option<(Class, usize)> {
        let c = self.text.get(at..)?.chars().next()?;
        Some((class(c), c.len_utf8()))
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    #[inline]
    fn next(&mut self) -> Option<Piece<'a>> {
        let mut at = self.at;
        let kind = loop {
            match self.lead(at)? {
                Lead::Gap => at += 1,
                Lead::Word => break Class::Word,
                Lead::Other => match self.class_at(at)? {
                    (Class::Gap, len) => at += len,
                    (kind, _) => break kind,
                },
            }
        };
        let start = at;
        loop {
            match self.lead(at) {
                Some(Lead::Word) if kind == Class::Word => at += 1,
                Some(Lead::Other) => match self.class_at(at) {
                    Some((class, len)) if class == kind => at += len,
                    _ => break,
                },
                _ => break,
            }
        }
        self.at = at;
        let run = self.text.get(start..at)?;
        Some(match kind {
            Class::Cjk => Piece::Cjk(run),
            _ => Piece::Word(clip(run)),
        })
    }
}

/// The first [`WORD`] bytes of a word.
#[inline]
fn clip(word: &str) -> &str {
    if word.len() <= WORD {
        return word;
    }
    word.get(..word.floor_char_boundary(WORD)).unwrap_or(word)
}

/// The tokens of a CJK run: overlapping pairs, and the last letter where
/// `with_last` (always in the index).
pub fn pairs(run: &str, with_last: bool) -> impl Iterator<Item = &str> {
    let mut at = run.char_indices().map(|(i, _)| i);
    let mut start = at.next();
    let mut middle = at.next();
    let mut ended = false;
    std::iter::from_fn(move || {
        let from = start?;
        match middle {
            Some(mid) => {
                let next = at.next();
                let token = run.get(from..next.unwrap_or(run.len()));
                start = Some(mid);
                middle = next;
                token
            }
            None if with_last && !ended => {
                ended = true;
                run.get(from..)
            }
            None => None,
        }
    })
}

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

/// Where a word stands in a text.
#[derive(Debug, Clone, Copy)]
struct Word {
    start: u32,
    len: u32,
}

impl Word {
    #[inline]
    fn of(self, text: &[u8]) -> &[u8] {
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
struct Words {
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
    fn add(&mut self, text: &[u8], word: Word, position: u32) {
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

    fn write(&self, text: &[u8], entry: &mut EntryBuilder) {
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
    fn room(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>() + self.again.capacity() * 8
    }

    fn clear(&mut self) {
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

#[cfg(test)]
mod tests {
    use super::super::place::key;
    use super::*;

    fn tokens(text: &str) -> String {
        let folded = fold(text);
        let mut words = Vec::new();
        for piece in pieces(&folded) {
            match piece {
                Piece::Word(word) => words.push(word),
                Piece::Cjk(run) => words.extend(pairs(run, true)),
            }
        }
        words.join(" ")
    }

    #[test]
    fn cjk_runs_become_pairs_and_the_last_letter() {
        assert_eq!(tokens("가나다"), "가나 나다 다");
        assert_eq!(tokens("김"), "김");
        assert_eq!(tokens("iPhone을 샀다"), "iphone 을 샀다 다");
        assert_eq!(tokens("東京タワー"), "東京 京タ タワ ワー ー");
    }

    #[test]
    fn folding_ignores_case_width_accents_and_what_is_invisible() {
        assert_eq!(fold("Ｆｕｌｌ ＲÉSUMÉ İstanbul"), "full resume istanbul");
        assert_eq!(fold("ｶﾞｷﾞ"), "ガギ");
        assert_eq!(fold("Σίσυφος ΣΊΣΥΦΟΣ"), "σισυφοσ σισυφοσ");
        // Hangul as macOS writes it in file names: decomposed.
        assert_eq!(fold("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"), "한글");
        assert_eq!(fold("new\u{ad}slet\u{200b}ter"), "newsletter");
    }

    #[test]
    fn words_are_split_at_everything_that_is_no_letter() {
        assert_eq!(tokens("don't mail kim@naver.com, 3.14"), "don t mail kim naver com 3 14");
    }

    #[test]
    fn an_endless_word_is_clipped_at_a_character() {
        let long = "é".repeat(100) + "ñ";
        assert_eq!(tokens(&long), "e".repeat(64));
        assert_eq!(tokens(&"ж".repeat(40)).len(), 64);
    }

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
