//! How wide single signs are, learned from lines that were laid out: where a long line has to
//! be cut is known before it is laid out, which takes a hundred times as long as to add up.
//!
//! What is told is a guess: of signs that are drawn together (ligatures, marks above letters,
//! scripts whose letters join) nothing is learned, and pairs may stand closer than alone.

use iced::Font;
use iced::advanced::text;
use std::cell::RefCell;
use std::collections::HashMap;

type Paragraph = <iced::Renderer as text::Renderer>::Paragraph;

/// Signs of a font and size that are remembered; with more, all are learned anew.
const KEPT: usize = 8192;

/// A font in a size: signs are as wide in one line of it as in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Face {
    font: Font,
    size: u32,
}

thread_local! {
    static KNOWN: RefCell<HashMap<Face, HashMap<char, f32>>> = RefCell::default();
}

impl Face {
    /// A font, so large in logical pixels.
    pub fn new(font: Font, size: f32) -> Self {
        Self { font, size: size.to_bits() }
    }

    /// Remembers how wide the signs of a line are.
    pub fn learn(self, line: &Paragraph) {
        KNOWN.with_borrow_mut(|known| {
            let known = known.entry(self).or_default();
            if known.len() > KEPT {
                known.clear();
            }
            for run in line.buffer().layout_runs() {
                for glyph in run.glyphs {
                    let mut signs = run.text.get(glyph.start..glyph.end).unwrap_or("").chars();
                    // A sign that no font has may be in one that is found later.
                    if let (Some(sign), None) = (signs.next(), signs.next())
                        && stands_alone(sign)
                        && glyph.glyph_id != 0
                    {
                        known.insert(sign, glyph.w);
                    }
                }
            }
        });
    }

    /// Where a text ends, in bytes, of which as much is kept as stands in so much room, in
    /// logical pixels; `None` where a sign until there is not known.
    pub fn fits(self, text: &str, room: f32) -> Option<usize> {
        KNOWN.with_borrow(|known| {
            let known = known.get(&self)?;
            let mut left = room;
            for (at, sign) in text.char_indices() {
                left -= known.get(&sign)?;
                if left < 0.0 {
                    return Some(at);
                }
            }
            Some(text.len())
        })
    }
}

/// Whether a sign is as wide wherever it stands: Latin, Greek and Cyrillic letters, Hangul,
/// Chinese and Japanese ones, numbers and their punctuation.
fn stands_alone(sign: char) -> bool {
    matches!(
        sign,
        ' '..='~'
            | '\u{a0}'..='\u{ac}'
            | '\u{ae}'..='\u{24f}'
            | '\u{370}'..='\u{481}'
            | '\u{48a}'..='\u{52f}'
            | '\u{2010}'..='\u{2027}'
            | '\u{2030}'..='\u{205e}'
            | '\u{20a0}'..='\u{20bf}'
            | '\u{2190}'..='\u{21ff}'
            | '\u{3000}'..='\u{3029}'
            | '\u{3030}'..='\u{303d}'
            | '\u{3041}'..='\u{3096}'
            | '\u{309b}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{ff01}'..='\u{ff60}'
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::gui::theme;
    use iced::advanced::text::{Paragraph as _, Text};
    use iced::{Pixels, Size, alignment};

    fn laid_out(content: &str, size: f32) -> Paragraph {
        Paragraph::with_text(Text {
            content,
            bounds: Size::INFINITE,
            size: Pixels(size),
            line_height: text::LineHeight::Absolute(Pixels(20.0)),
            font: theme::REGULAR,
            align_x: text::Alignment::Left,
            align_y: alignment::Vertical::Top,
            shaping: text::Shaping::Advanced,
            wrapping: text::Wrapping::None,
        })
    }

    #[test]
    fn what_was_seen_in_one_line_is_known_of_another() {
        crate::gui::load_fonts();
        // A size of this test's own.
        let face = Face::new(theme::REGULAR, 13.5);
        assert_eq!(face.fits("다음 주 회의", 40.0), None);
        face.learn(&laid_out("회의, 다음 주 (Monday)", 13.5));
        let again = "주 다음 회의";
        let wide = laid_out(again, 13.5).min_width();
        assert_eq!(face.fits(again, wide + 1.0), Some(again.len()));
        let cut = face.fits(again, wide / 2.0).unwrap();
        let half = laid_out(&again[..cut], 13.5).min_width();
        assert!(half <= wide / 2.0 && half + 14.0 > wide / 2.0, "{half} of {wide}");
        // What comes behind the end is not asked for, what comes before it is.
        assert_eq!(face.fits("회의 Ω", 5.0), Some(0));
        assert_eq!(face.fits("Ω", 5.0), None);
        assert_eq!(Face::new(theme::REGULAR, 13.75).fits("회의", 40.0), None);
    }

    #[test]
    fn of_signs_that_are_drawn_together_nothing_is_learned() {
        crate::gui::load_fonts();
        let face = Face::new(theme::REGULAR, 13.25);
        let joined = ["\u{1100}\u{1161}", "e\u{301}", "👩‍👩‍👧", "क्ष"];
        joined.iter().for_each(|text| face.learn(&laid_out(text, 13.25)));
        for text in joined {
            assert_eq!(face.fits(text, 1000.0), None, "{text}");
        }
    }
}
