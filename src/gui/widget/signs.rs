//! How wide single signs are, learned from lines that were laid out: where a long line has to
//! be cut is known before it is laid out, which takes a hundred times as long as to add up.
//!
//! What is told is a guess: of signs that are drawn together (ligatures, marks above letters,
//! scripts whose letters join) nothing is learned, and pairs may stand closer than alone.
//!
//! Also which font stands in for Chinese and Japanese signs, which the window's typeface lacks:
//! it is looked for once. Looking for it anew took most of the time of each such line.

use iced::Font;
use iced::advanced::graphics::text::cosmic_text::fontdb::ID;
use iced::advanced::graphics::text::font_system;
use iced::advanced::text;
use iced::font::Family;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::PoisonError;

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
    static STANDING_IN: RefCell<HashMap<(Font, Script), Font>> = RefCell::default();
}

/// Scripts of which a whole line may lack signs in the window's typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Script {
    Han,
    Kana,
}

fn script(sign: char) -> Option<Script> {
    match sign {
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => Some(Script::Han),
        '\u{3041}'..='\u{30ff}' => Some(Script::Kana),
        _ => None,
    }
}

/// A line in pieces, each with the font that stands in for its signs, where one is known.
pub fn pieces(font: Font, line: &str) -> Vec<(Range<usize>, Font)> {
    let mut pieces: Vec<(Range<usize>, Font)> = Vec::new();
    STANDING_IN.with_borrow(|known| {
        for (at, sign) in line.char_indices() {
            let needs = script(sign).and_then(|script| known.get(&(font, script)).copied());
            let needs = needs.unwrap_or(font);
            let end = at + sign.len_utf8();
            match pieces.last_mut() {
                Some((range, last)) if *last == needs => range.end = end,
                _ => pieces.push((at..end, needs)),
            }
        }
    });
    pieces
}

/// A font in the place of another: that of the face that signs were taken from.
fn stand_in(font: Font, face: ID) -> Option<Font> {
    let mut system = font_system().write().unwrap_or_else(PoisonError::into_inner);
    let (name, _) = system.raw().db().face(face)?.families.first()?;
    // The toolkit wants names that are never gone. There is one for each font and script.
    Some(Font { family: Family::Name(String::leak(name.clone())), ..font })
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
                        self.learn_stand_in(sign, glyph.font_id);
                    }
                }
            }
        });
    }

    fn learn_stand_in(self, sign: char, face: ID) {
        let Some(script) = script(sign) else { return };
        STANDING_IN.with_borrow_mut(|known| {
            if !known.contains_key(&(self.font, script))
                && let Some(font) = stand_in(self.font, face)
            {
                known.insert((self.font, script), font);
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
        laid_out_in(content, size, theme::REGULAR)
    }

    fn laid_out_in(content: &str, size: f32, font: Font) -> Paragraph {
        Paragraph::with_text(Text {
            content,
            bounds: Size::INFINITE,
            size: Pixels(size),
            line_height: text::LineHeight::Absolute(Pixels(20.0)),
            font,
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
    fn the_font_that_stands_in_is_looked_for_once() {
        crate::gui::load_fonts();
        let face = Face::new(theme::SEMIBOLD, 13.5);
        let line = "회의 議事録 メモ";
        assert_eq!(pieces(theme::SEMIBOLD, line), [(0..line.len(), theme::SEMIBOLD)]);
        let before = laid_out_in("議事録", 13.5, theme::SEMIBOLD);
        face.learn(&before);
        let known = pieces(theme::SEMIBOLD, line);
        let ids = |line: &Paragraph| -> Vec<ID> {
            line.buffer()
                .layout_runs()
                .flat_map(|run| run.glyphs)
                .map(|glyph| glyph.font_id)
                .collect()
        };
        // Where the computer has no font with these signs nothing is known.
        if before.buffer().layout_runs().flat_map(|run| run.glyphs).all(|glyph| glyph.glyph_id != 0)
        {
            let Some((range, font)) = known.get(1) else { panic!("{known:?}") };
            assert!(line[range.clone()].starts_with("議事録"), "{known:?}");
            assert_eq!(ids(&laid_out_in("議事録", 13.5, *font)), ids(&before));
        }
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
