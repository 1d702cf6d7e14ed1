//! One line of text that ends in … where there is no room, with pieces marked.
//!
//! Laid out when its text or its room changes, never otherwise: once where the width of its
//! signs is known by now, at most twice where it is not.

use super::signs::{Face, pieces};
use crate::gui::theme;
use iced::advanced::layout::{self, Layout};
use iced::advanced::text::{self, Paragraph as _, Renderer as _};
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Operation, Widget};
use iced::advanced::{mouse, renderer};
use iced::widget::text::{LineHeight, Shaping, Span, Wrapping};
use iced::{Color, Font, Length, Pixels, Point, Rectangle, Renderer, Size, Theme, alignment};
use std::ops::Range;
use unicode_width::UnicodeWidthChar as _;

type Paragraph = <Renderer as text::Renderer>::Paragraph;

/// Longest text that is laid out, in bytes: no line of a screen holds more.
const LONGEST: usize = 400;
/// So many times the room a text has to be as wide as, by its signs one by one, for being taken
/// as wider than it: pairs of them stand closer than alone.
const WIDER: f32 = 1.05;

/// A line of text.
#[derive(Debug, Clone)]
pub struct Line {
    text: String,
    marks: Vec<Range<usize>>,
    mark: Color,
    size: f32,
    height: f32,
    font: Font,
    color: Color,
    width: Length,
}

/// A line in a colour; as wide as there is room.
pub fn line(text: impl Into<String>, size: f32, color: Color) -> Line {
    let mut text: String = text.into();
    // A line break inside would make it two.
    if text.contains(char::is_control) {
        text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    }
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    Line {
        text,
        marks: Vec::new(),
        mark: color,
        size,
        height: (size * 1.4).round(),
        font: theme::REGULAR,
        color,
        width: Length::Fill,
    }
}

impl Line {
    /// Its font.
    #[must_use]
    pub fn font(self, font: Font) -> Self {
        Self { font, ..self }
    }

    /// The height of the line in logical pixels.
    #[must_use]
    pub fn height(self, height: f32) -> Self {
        Self { height, ..self }
    }

    /// Its width: `Shrink` is as wide as its text.
    #[must_use]
    pub fn width(self, width: impl Into<Length>) -> Self {
        Self { width: width.into(), ..self }
    }

    /// Marks byte ranges of the text with a colour.
    #[must_use]
    pub fn marks(self, marks: &[Range<usize>], color: Color) -> Self {
        Self { marks: marks.to_vec(), mark: color, ..self }
    }

    fn paragraph(&self, content: &str) -> Paragraph {
        let format = text::Text {
            content: (),
            bounds: Size::new(f32::INFINITY, self.height),
            size: Pixels(self.size),
            line_height: LineHeight::Absolute(Pixels(self.height)),
            font: self.font,
            align_x: text::Alignment::Left,
            align_y: alignment::Vertical::Top,
            shaping: Shaping::Advanced,
            wrapping: Wrapping::None,
        };
        let pieces = pieces(self.font, content);
        if self.marks.is_empty() && pieces.iter().all(|(_, font)| *font == self.font) {
            return Paragraph::with_text(format.with_content(content));
        }
        let mut spans: Vec<Span<'_, (), Font>> = Vec::new();
        // A mark that ends inside a sign is none.
        let ends_well = |mark: &&Range<usize>| {
            let is_end = |at: usize| content.is_char_boundary(at.min(content.len()));
            is_end(mark.start) && is_end(mark.end)
        };
        for (piece, font) in pieces {
            let mut at = piece.start;
            let mut push = |to: usize, color: Option<Color>| {
                let said = content.get(at..to.max(at)).unwrap_or_default();
                if !said.is_empty() {
                    // In colour only: a bolder font would take the rest of the word along.
                    spans.push(Span::new(said).font(font).color_maybe(color));
                }
                at = to.max(at);
            };
            for mark in self.marks.iter().filter(ends_well) {
                push(mark.start.min(piece.end), None);
                push(mark.end.min(piece.end), Some(self.mark));
            }
            push(piece.end, None);
        }
        Paragraph::with_spans(format.with_content(spans.as_slice()))
    }

    /// As much of the text as is most likely wider than this room: the rest is not seen, and
    /// laying it out takes as long as what is.
    fn beginning(&self, room: f32) -> &str {
        let mut left = room + self.size;
        for (at, sign) in self.text.char_indices() {
            if left < 0.0 {
                return self.text.get(..at).unwrap_or(&self.text);
            }
            left -= self.size * if sign.width() == Some(2) { 0.8 } else { 0.42 };
        }
        &self.text
    }

    /// The line, and how wide it is as a whole: just that it is wider, where it was cut.
    fn laid_out(&self, room: f32) -> (Paragraph, f32) {
        if let Some(cut) = self.guessed(room) {
            let paragraph = self.cut(cut);
            if paragraph.min_width() <= room {
                return (paragraph, f32::INFINITY);
            }
        }
        let begins = self.beginning(room);
        let mut paragraph = self.paragraph(begins);
        if begins.len() < self.text.len() && paragraph.min_width() <= room {
            // It is narrower than most.
            paragraph = self.paragraph(&self.text);
        }
        let whole = paragraph.min_width();
        if whole > room {
            let at = Point::new((room - self.size).max(0.0), self.height / 2.0);
            paragraph = self.cut(paragraph.hit_test(at).map_or(0, |hit| hit.cursor()));
        }
        (paragraph, whole)
    }

    /// Where the text must end for the … to fit behind it, if it is known to be wider than
    /// this room, and how wide its signs are.
    fn guessed(&self, room: f32) -> Option<usize> {
        let face = self.face();
        let is_wider = face.fits(&self.text, WIDER * room)? < self.text.len();
        is_wider.then(|| face.fits(&self.text, room - self.size))?
    }

    fn face(&self) -> Face {
        Face::new(self.font, self.size)
    }

    fn cut(&self, at: usize) -> Paragraph {
        let at = self.text.floor_char_boundary(at.min(self.text.len()));
        let head = self.text.get(..at).unwrap_or_default().trim_end();
        self.paragraph(&format!("{head}…"))
    }

    /// What was laid out, and what depends on it.
    fn same(&self, was: &Kept) -> bool {
        was.text == self.text
            && was.marks == self.marks
            && was.mark == self.mark
            && was.size.to_bits() == self.size.to_bits()
            && was.font == self.font
    }
}

struct Kept {
    text: String,
    marks: Vec<Range<usize>>,
    mark: Color,
    size: f32,
    font: Font,
    room: f32,
    whole: f32,
    paragraph: Paragraph,
}

#[derive(Default)]
struct State(Option<Kept>);

impl<Message> Widget<Message, Theme, Renderer> for Line {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn size(&self) -> Size<Length> {
        Size::new(self.width, Length::Fixed(self.height))
    }

    fn layout(&mut self, tree: &mut Tree, _: &Renderer, limits: &layout::Limits) -> layout::Node {
        let state = tree.state.downcast_mut::<State>();
        let room = limits.width(self.width).max().width;
        let fits = |kept: &Kept| {
            kept.room.to_bits() == room.to_bits() || (kept.whole <= room && kept.whole <= kept.room)
        };
        let kept = match state.0.take().filter(|kept| self.same(kept) && fits(kept)) {
            Some(kept) => kept,
            None => {
                let (paragraph, whole) = self.laid_out(room);
                self.face().learn(&paragraph);
                Kept {
                    text: self.text.clone(),
                    marks: self.marks.clone(),
                    mark: self.mark,
                    size: self.size,
                    font: self.font,
                    room,
                    whole,
                    paragraph,
                }
            }
        };
        let width = kept.paragraph.min_width().min(room);
        state.0 = Some(kept);
        layout::Node::new(limits.resolve(
            self.width,
            Length::Fixed(self.height),
            Size::new(width.ceil(), self.height),
        ))
    }

    fn operate(
        &mut self,
        _: &mut Tree,
        layout: Layout<'_>,
        _: &Renderer,
        operation: &mut dyn Operation,
    ) {
        operation.text(None, layout.bounds(), &self.text);
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        _: &Theme,
        _: &renderer::Style,
        layout: Layout<'_>,
        _: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let state = tree.state.downcast_ref::<State>();
        let bounds = layout.bounds();
        if let (Some(kept), Some(clip)) = (&state.0, bounds.intersection(viewport)) {
            // Letters that reach below the line are not cut.
            let clip = Rectangle { y: clip.y - 2.0, height: clip.height + 4.0, ..clip };
            let clip = clip.intersection(viewport).unwrap_or(clip);
            renderer.fill_paragraph(&kept.paragraph, bounds.position(), self.color, clip);
        }
    }
}

impl<'a, Message: 'a> From<Line> for super::Element<'a, Message> {
    fn from(line: Line) -> Self {
        Self::new(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_text_about_what_is_seen_is_laid_out() {
        let begins = |text: &str, room| line(text, 10.0, Color::BLACK).beginning(room).len();
        assert_eq!(begins("short", 300.0), 5);
        // Latin letters are about half as wide as high, Korean ones nearly as wide.
        assert!((70..80).contains(&begins(&"n".repeat(300), 300.0)));
        assert!((36..42).contains(&(begins(&"가".repeat(100), 300.0) / 3)));
        assert_eq!(begins("", 0.0), 0);
    }
}
