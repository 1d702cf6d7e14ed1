//! Much text, line by line: only the lines in sight are laid out. For a letter's
//! source, and for letters shown as text.

use super::bar::{self, Bar};
use crate::gui::theme::{Look, Tokens};
use iced::advanced::layout::{self, Layout};
use iced::advanced::text::Renderer as _;
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Operation, Widget};
use iced::advanced::{Clipboard, Shell, mouse, renderer, text};
use iced::widget::text::{LineHeight, Shaping, Wrapping};
use iced::{Event, Font, Length, Pixels, Point, Rectangle, Renderer, Size, Theme, alignment};
use std::sync::Arc;

/// Text cut into lines that fit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cut {
    lines: Arc<Vec<String>>,
}

/// Most lines that are kept.
const MOST: usize = 400_000;

impl Cut {
    /// Cuts text at its line ends, and at words where a line is wider than `columns`
    /// (East Asian characters are two wide). Not for the window's thread.
    pub fn new(text: &str, columns: usize) -> Self {
        use unicode_width::UnicodeWidthChar as _;
        let mut lines = Vec::new();
        for line in text.lines() {
            if lines.len() >= MOST {
                break;
            }
            let (mut start, mut wide, mut space) = (0, 0, None);
            for (at, c) in line.char_indices() {
                let width = if c == '\t' { 4 } else { c.width().unwrap_or(0) };
                if wide + width > columns && at > start {
                    let cut = space.filter(|cut| *cut > start).unwrap_or(at);
                    lines.push(shown(line.get(start..cut).unwrap_or_default()));
                    start = cut;
                    wide = line
                        .get(start..at)
                        .map_or(0, |l| l.chars().map(|c| c.width().unwrap_or(0)).sum());
                    space = None;
                }
                wide += width;
                if c == ' ' {
                    space = Some(at + 1);
                }
            }
            lines.push(shown(line.get(start..).unwrap_or_default()));
        }
        Self { lines: Arc::new(lines) }
    }

    /// How many lines.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

fn shown(line: &str) -> String {
    line.chars()
        .flat_map(|c| {
            let tab = c == '\t';
            let shown = if c.is_control() { ' ' } else { c };
            std::iter::repeat_n(shown, if tab { 4 } else { 1 })
        })
        .collect()
}

/// The view of it.
pub struct Lines {
    cut: Cut,
    font: Font,
    size: f32,
    height: f32,
    padding: f32,
    tokens: Tokens,
}

/// Shows cut text; it keeps its own place.
pub fn lines(cut: &Cut, look: Look<'_>, font: Font, size: f32, height: f32) -> Lines {
    Lines { cut: cut.clone(), font, size, height, padding: 20.0, tokens: look.tokens }
}

#[derive(Default)]
struct State {
    offset: f64,
    held: Option<f32>,
    of: Option<Arc<Vec<String>>>,
}

impl Lines {
    fn content(&self) -> f64 {
        self.cut.len() as f64 * f64::from(self.height) + 2.0 * f64::from(self.padding)
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Lines {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fill)
    }

    fn layout(&mut self, tree: &mut Tree, _: &Renderer, limits: &layout::Limits) -> layout::Node {
        let state = tree.state.downcast_mut::<State>();
        if !state.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, &self.cut.lines)) {
            *state = State { of: Some(Arc::clone(&self.cut.lines)), ..State::default() };
        }
        layout::Node::new(limits.max())
    }

    fn operate(
        &mut self,
        _: &mut Tree,
        layout: Layout<'_>,
        _: &Renderer,
        operation: &mut dyn Operation,
    ) {
        for line in self.cut.lines.iter().take(200) {
            operation.text(None, layout.bounds(), line);
        }
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _: &Renderer,
        _: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        _: &Rectangle,
    ) {
        let bounds = layout.bounds();
        let state = tree.state.downcast_mut::<State>();
        let bar = Bar::of(bounds, state.offset, self.content());
        let furthest = bar::furthest(self.content(), bounds.height);
        match event {
            Event::Mouse(mouse::Event::WheelScrolled { delta }) if cursor.is_over(bounds) => {
                let down = bar::wheel(delta).y;
                state.offset = (state.offset + f64::from(down)).clamp(0.0, furthest);
                shell.capture_event();
                shell.request_redraw();
            }
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)) => {
                if let (Some(bar), Some(at)) = (bar, cursor.position_over(bounds))
                    && bar.has(at)
                {
                    let held = bar.held(at);
                    state.held = Some(held);
                    state.offset = bar.offset(at, held);
                    shell.capture_event();
                    shell.request_redraw();
                }
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => {
                state.held = None;
            }
            Event::Mouse(mouse::Event::CursorMoved { position }) => {
                if let (Some(held), Some(bar)) = (state.held, bar) {
                    state.offset = bar.offset(*position, held);
                    shell.request_redraw();
                }
            }
            _ => {}
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        _: &Theme,
        _: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        use iced::advanced::Renderer as _;
        let bounds = layout.bounds();
        let Some(clip) = bounds.intersection(viewport) else { return };
        let state = tree.state.downcast_ref::<State>();
        let top = state.offset - f64::from(self.padding);
        let first = (top / f64::from(self.height)).floor().max(0.0) as usize;
        let count = (bounds.height / self.height).ceil() as usize + 2;
        renderer.with_layer(clip, |renderer| {
            for (at, line) in self.cut.lines.iter().enumerate().skip(first).take(count) {
                let y = at as f64 * f64::from(self.height) - top;
                let text = text::Text {
                    content: line.clone(),
                    bounds: Size::new(f32::INFINITY, self.height),
                    size: Pixels(self.size),
                    line_height: LineHeight::Absolute(Pixels(self.height)),
                    font: self.font,
                    align_x: text::Alignment::Left,
                    align_y: alignment::Vertical::Top,
                    shaping: Shaping::Advanced,
                    wrapping: Wrapping::None,
                };
                let at = Point::new(bounds.x + self.padding, bounds.y + (y as f32).round());
                renderer.fill_text(text, at, self.tokens.ink, clip);
            }
        });
        if let Some(bar) = Bar::of(bounds, state.offset, self.content()) {
            let over =
                state.held.is_some() || cursor.position_over(bounds).is_some_and(|at| bar.has(at));
            bar.draw(renderer, self.tokens, over);
        }
    }
}

impl<'a, Message: 'a> From<Lines> for super::Element<'a, Message> {
    fn from(lines: Lines) -> Self {
        Self::new(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_at_words_and_wide_characters_count_twice() {
        let cut = Cut::new("one two three\n\n가나다라마바사", 8);
        let want = ["one two ", "three", "", "가나다라", "마바사"];
        assert_eq!(*cut.lines, want);
        assert_eq!(*Cut::new("a\tb\u{7}", 80).lines, ["a    b "]);
    }
}
