//! Text as it is compared when something is looked for: without case, width,
//! composition (NFC or NFD), invisible characters, and one space for any white
//! space. Syllables of Hangul are compared whole.

use memchr::memmem;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// A folded text that knows where each of its characters came from.
pub(super) struct Folded {
    text: String,
    /// Where a character of `text` starts, and the part of the original it stands for.
    from: Vec<(u32, Range<u32>)>,
}

/// Letters that complete the one before them: marks, vowels and finals of Hangul.
fn completes(c: char) -> bool {
    canonical_combining_class(c) != 0
        || is_combining_mark(c)
        || matches!(c, '\u{1160}'..='\u{11FF}' | '\u{D7B0}'..='\u{D7FF}')
}

fn invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

impl Folded {
    pub(super) fn new(original: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(original.len()), from: Vec::new() };
        let mut letters = original.char_indices().peekable();
        let mut letter = String::new();
        while let Some((start, c)) = letters.next() {
            letter.clear();
            letter.push(c);
            let mut end = start + c.len_utf8();
            while let Some((at, next)) = letters.next_if(|(_, next)| completes(*next)) {
                // Nobody writes forty marks on a letter.
                if letter.len() < 128 {
                    letter.push(next);
                }
                end = at + next.len_utf8();
            }
            let of = narrow(start)..narrow(end);
            for c in letter.nfkc().flat_map(char::to_lowercase).nfc() {
                folded.push(c, of.clone());
            }
        }
        folded
    }

    fn push(&mut self, c: char, of: Range<u32>) {
        if invisible(c) {
            return;
        }
        let c = if c.is_whitespace() { ' ' } else { c };
        if c == ' ' && self.text.ends_with(' ') {
            return;
        }
        self.from.push((narrow(self.text.len()), of));
        self.text.push(c);
    }

    /// Every place of `query` in the original, one after another.
    pub(super) fn places(&self, query: &str) -> impl Iterator<Item = Range<usize>> + '_ {
        let query = Self::new(query.trim()).text;
        let finder = memmem::Finder::new(query.as_bytes()).into_owned();
        let length = query.len();
        let mut at = 0;
        std::iter::from_fn(move || {
            if length == 0 {
                return None;
            }
            let start = at + finder.find(self.text.as_bytes().get(at..)?)?;
            at = start + length;
            let first = self.from.partition_point(|(known, _)| (*known as usize) < start);
            let after = self.from.partition_point(|(known, _)| (*known as usize) < at);
            let first = self.from.get(first)?.1.start as usize;
            let last = self.from.get(after.checked_sub(1)?)?.1.end as usize;
            Some(first..last)
        })
    }
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn places<'t>(text: &'t str, query: &str) -> Vec<&'t str> {
        Folded::new(text).places(query).map(|range| &text[range]).collect()
    }

    #[test]
    fn case_width_and_composition_do_not_count() {
        assert_eq!(places("Ｇｏｙｏ GOYO goyo", "goyo"), ["Ｇｏｙｏ", "GOYO", "goyo"]);
        let apart = "\u{1100}\u{1169}\u{110B}\u{116D}함";
        assert_eq!(places(apart, "고요"), ["\u{1100}\u{1169}\u{110B}\u{116D}"]);
        assert_eq!(places("고요함", "\u{1100}\u{1169}\u{110B}\u{116D}"), ["고요"]);
        assert_eq!(places("Cafe\u{301} CAFÉ", "café"), ["Cafe\u{301}", "CAFÉ"]);
    }

    #[test]
    fn a_part_of_a_korean_word_is_found_but_not_a_part_of_a_syllable() {
        assert_eq!(places("안녕하세요", "하세"), ["하세"]);
        assert!(places("각하", "가").is_empty());
    }

    #[test]
    fn white_space_and_what_cannot_be_seen_do_not_count() {
        assert_eq!(places("a\u{A0}\n b", "a b"), ["a\u{A0}\n b"]);
        assert_eq!(places("in\u{AD}vis\u{200B}ible", "invisible"), ["in\u{AD}vis\u{200B}ible"]);
        assert!(places("anything", "  ").is_empty());
    }

    #[test]
    fn places_do_not_overlap() {
        assert_eq!(places("aaaa", "aa").len(), 2);
    }

    proptest! {
        #[test]
        fn every_place_is_a_part_of_the_text_and_folds_to_the_query(
            text in "[aAbＡ가나고 \u{301}\u{1100}\u{1161}ßﬁ\u{200B}]{0,40}",
            query in "[aAbＡ가나고ßﬁ]{1,3}",
        ) {
            let wanted = Folded::new(&query).text;
            for place in Folded::new(&text).places(&query) {
                let part = text.get(place).expect("cut inside a character");
                prop_assert!(Folded::new(part).text.contains(&wanted));
            }
        }
    }
}
