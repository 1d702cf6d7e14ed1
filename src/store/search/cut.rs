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
use super::segment::{Entry, EntryBuilder};
use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::BuildHasher;
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
    let start = out.len();
    for c in text.chars() {
        match c {
            '\0'..='\x7f' => out.push(c.to_ascii_lowercase()),
            '\u{ac00}'..='\u{d7a3}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{3041}'..='\u{3096}'
            | '\u{30a1}'..='\u{30fa}' => out.push(c),
            _ => {
                out.truncate(start);
                fold_slowly(text, out);
                return;
            }
        }
    }
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

impl Pieces<'_> {
    /// Goes on while bytes are like this: nearly all of them are ASCII.
    #[inline]
    fn skip(&mut self, like: impl Fn(&u8) -> bool) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| like(byte)).count();
    }

    /// The class of the character at `at`, and its length.
    #[inline]
    fn class_at(&self, at: usize) -> Option<(Class, usize)> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte < 0x80 {
            let word = byte.is_ascii_alphanumeric();
            return Some((if word { Class::Word } else { Class::Gap }, 1));
        }
        let c = self.text.get(at..)?.chars().next()?;
        Some((class(c), c.len_utf8()))
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let kind = loop {
            self.skip(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric());
            match self.class_at(self.at)? {
                (Class::Gap, len) => self.at += len,
                (kind, _) => break kind,
            }
        };
        let start = self.at;
        loop {
            if kind == Class::Word {
                self.skip(u8::is_ascii_alphanumeric);
            }
            match self.class_at(self.at) {
                Some((class, len)) if class == kind => self.at += len,
                _ => break,
            }
        }
        let run = self.text.get(start..self.at)?;
        Some(match kind {
            Class::Cjk => Piece::Cjk(run),
            _ => Piece::Word(clip(run)),
        })
    }
}

/// The first [`WORD`] bytes of a word.
fn clip(word: &str) -> &str {
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

#[derive(Debug, Clone, Copy)]
struct Token {
    place: Place,
    start: u32,
    len: u32,
    position: u32,
}

/// Gathers the words of one letter.
#[derive(Debug, Default)]
pub struct Cutter {
    text: String,
    tokens: Vec<Token>,
    position: u32,
}

impl Cutter {
    /// Adds a text that stands in `place`. No phrase reaches from one text into
    /// the next.
    pub fn add(&mut self, text: &str, place: Place) {
        let start = self.text.len();
        fold_into(text, &mut self.text);
        self.cut_from(start, place, |_| true);
    }

    /// Adds what `text`, the second rendering of `first`, says beyond it: nothing,
    /// a few words, or, where it says much else, all of it.
    pub fn add_unseen(&mut self, text: &str, first: &str, place: Place) {
        let first = fold(first);
        let seen: HashSet<Piece<'_>, RandomState> = pieces(&first).collect();
        let start = self.text.len();
        fold_into(text, &mut self.text);
        let second = self.text.get(start..).unwrap_or_default();
        let (mut all, mut unseen) = (0, 0);
        for piece in pieces(second) {
            all += 1;
            unseen += usize::from(!seen.contains(&piece));
        }
        if unseen == 0 {
            self.text.truncate(start);
        } else {
            let much = unseen * 10 > all;
            self.cut_from(start, place, |piece| much || !seen.contains(piece));
        }
    }

    fn word(&self, token: &Token) -> Option<&str> {
        let start = token.start as usize;
        self.text.get(start..start + token.len as usize)
    }

    /// Cuts the folded text from `start` on.
    fn cut_from(&mut self, start: usize, place: Place, wanted: impl Fn(&Piece<'_>) -> bool) {
        let Self { text, tokens, position } = self;
        // Words are about five letters long.
        tokens.reserve((text.len() - start) / 6);
        let base = text.as_ptr() as usize;
        let mut skipping = false;
        for piece in pieces(text.get(start..).unwrap_or_default()) {
            if !wanted(&piece) {
                skipping = true;
                continue;
            }
            // A hole, so that no phrase reaches over what was left out.
            *position += u32::from(std::mem::take(&mut skipping));
            let mut push = |word: &str| {
                // A word is a piece of `text`: its place is told by its address.
                let from = word.as_ptr() as usize - base;
                if let (Ok(start), Ok(len)) = (u32::try_from(from), u32::try_from(word.len())) {
                    tokens.push(Token { place, start, len, position: *position });
                    *position += 1;
                }
            };
            match piece {
                Piece::Word(word) => push(word),
                Piece::Cjk(run) => pairs(run, true).for_each(push),
            }
        }
        *position += 1;
    }

    /// The letter's entry for the index.
    pub fn finish(self) -> Entry {
        // Occurrences of one word, linked in their order.
        let mut next = vec![u32::MAX; self.tokens.len()];
        let mut groups: Vec<Group> = Vec::new();
        let mut known = Known::with_room(self.tokens.len());
        for (index, token) in self.tokens.iter().enumerate() {
            let Some(word) = self.word(token) else {
                continue;
            };
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let is_it = |group: u32| {
                let first =
                    groups.get(group as usize).and_then(|g| self.tokens.get(g.first as usize));
                first.and_then(|first| self.word(first)) == Some(word)
            };
            let new = u32::try_from(groups.len()).unwrap_or(u32::MAX);
            match known.find(word, new, is_it) {
                None => groups.push(Group { first: index, last: index }),
                Some(group) => {
                    if let Some(group) = groups.get_mut(group as usize) {
                        if let Some(link) = next.get_mut(group.last as usize) {
                            *link = index;
                        }
                        group.last = index;
                    }
                }
            }
        }
        // Each word once, its size, and about a byte a position.
        let words = groups.iter().filter_map(|group| self.tokens.get(group.first as usize));
        let bytes: usize = words.map(|token| token.len as usize + 1).sum();
        let mut entry = EntryBuilder::with_room(bytes + self.tokens.len() * 2 + 256);
        for group in &groups {
            let mut at = group.first;
            while let Some(token) = self.tokens.get(at as usize) {
                if at == group.first {
                    entry.word(None, self.word(token).unwrap_or_default());
                }
                entry.position(token.position);
                at = next.get(at as usize).copied().unwrap_or(u32::MAX);
            }
        }
        self.add_placed(&mut entry);
        entry.finish()
    }

    /// The words of the header once more, by their place. They are few.
    fn add_placed(&self, entry: &mut EntryBuilder) {
        let mut placed: Vec<(Place, &str, u32)> = self
            .tokens
            .iter()
            .filter(|token| token.place != Place::Body)
            .filter_map(|token| Some((token.place, self.word(token)?, token.position)))
            .collect();
        placed.sort_unstable();
        let mut before = None;
        for (place, word, position) in placed {
            if before != Some((place, word)) {
                entry.word(Some(place), word);
                before = Some((place, word));
            }
            entry.position(position);
        }
    }
}

/// The first and the last occurrence of a word.
struct Group {
    first: u32,
    last: u32,
}

/// Which group a word has: a table of open addresses, half full at most. Every letter
/// fills one, so it holds numbers only: a part of the hash, and the group.
struct Known {
    slots: Vec<(u32, u32)>,
    hasher: RandomState,
}

/// No group.
const FREE: u32 = u32::MAX;

impl Known {
    fn with_room(words: usize) -> Self {
        let slots = (words * 2).next_power_of_two().max(16);
        Self { slots: vec![(0, FREE); slots], hasher: RandomState::default() }
    }

    /// The group of a word, the one that `is_it`. If there is none, it is `new` from now on.
    fn find(&mut self, word: &str, new: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let hash = self.hasher.hash_one(word);
        let part = (hash >> 32) as u32;
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while let Some((other, group)) = self.slots.get_mut(at) {
            if *group == FREE {
                (*other, *group) = (part, new);
                return None;
            }
            if *other == part && is_it(*group) {
                return Some(*group);
            }
            at = (at + 1) & mask;
        }
        None
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
            cutter.add_unseen(second, first, Place::Body);
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
