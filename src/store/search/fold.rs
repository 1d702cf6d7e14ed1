//! Folding and cutting of text, the same for what is indexed and what is asked.
//!
//! Promise (the definition of recall): a Latin word is found by itself and by
//! its beginnings, text in scripts written without spaces by any part of it, both
//! without regard to case, width, compatibility forms and Latin accents.
//!
//! How: runs of CJK are cut into overlapping pairs plus the last letter alone,
//! `가나다` → `가나 나다 다`; everything else into words. So a part of two letters
//! or more is a phrase of pairs, and a single letter is the beginning of one.

use std::borrow::Cow;
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

pub(super) fn fold_into(text: &str, out: &mut String) {
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

#[cfg(test)]
mod tests {
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
}
