//! Much text, line by line: only the lines in sight are laid out. For a letter's
//! source, and for letters shown as text. It is marked with the mouse like a drawn
//! letter: by dragging, a word with two presses, a paragraph with three.

use super::bar::{self, Bar};
use crate::gui::theme::{Look, Tokens};
use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::Quad;
use iced::advanced::text::{Hit, Paragraph as _, Renderer as _};
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Operation, Widget};
use iced::advanced::{Clipboard, Shell, mouse, renderer, text};
use iced::widget::text::{LineHeight, Shaping, Wrapping};
use iced::{
    Background, Event, Font, Length, Pixels, Point, Rectangle, Renderer, Size, Theme, alignment,
};
use std::sync::Arc;

type Paragraph = <Renderer as text::Renderer>::Paragraph;

/// Text cut into lines that fit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cut {
    lines: Arc<Vec<Row>>,
}

/// A line as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    text: String,
    /// The next one is the same line of the text: this one was too wide.
    goes_on: bool,
}

/// A place in cut text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Spot {
    /// The line, as it is shown.
    pub line: usize,
    /// The byte in it.
    pub byte: usize,
}

/// A marked piece of cut text, from where it was begun to where it ends; that may be
/// before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Marked {
    /// Where it was begun.
    pub from: Spot,
    /// Where it ends.
    pub to: Spot,
}

impl Marked {
    /// Both ends, the upper one first.
    fn ends(self) -> (Spot, Spot) {
        (self.from.min(self.to), self.from.max(self.to))
    }
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
                    let text = shown(line.get(start..cut).unwrap_or_default());
                    lines.push(Row { text, goes_on: true });
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
            let text = shown(line.get(start..).unwrap_or_default());
            lines.push(Row { text, goes_on: false });
        }
        Self { lines: Arc::new(lines) }
    }

    /// All of it, marked; `None` when there is nothing.
    pub fn all(&self) -> Option<Marked> {
        let last = self.lines.last()?;
        let to = Spot { line: self.lines.len() - 1, byte: last.text.len() };
        Some(Marked { from: Spot::default(), to })
    }

    /// The text of what is marked: lines that were cut to fit are whole again.
    pub fn text(&self, marked: Marked) -> String {
        let (from, to) = marked.ends();
        let mut text = String::new();
        for (at, row) in self.lines.iter().enumerate().skip(from.line) {
            let start = if at == from.line { from.byte } else { 0 };
            if at >= to.line {
                let end = to.byte.min(row.text.len());
                text.push_str(row.text.get(start..end).unwrap_or_default());
                break;
            }
            text.push_str(row.text.get(start..).unwrap_or_default());
            if !row.goes_on {
                text.push('\n');
            }
        }
        text
    }

    /// The word at a place.
    fn word(&self, at: Spot) -> Marked {
        let text = self.lines.get(at.line).map_or("", |row| row.text.as_str());
        let before = text.get(..at.byte).unwrap_or_default();
        let after = text.get(at.byte..).unwrap_or_default();
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let from = before.trim_end_matches(is_part).len();
        let to = text.len() - after.trim_start_matches(is_part).len();
        let spot = |byte| Spot { line: at.line, byte };
        Marked { from: spot(from), to: spot(to) }
    }

    /// The line of the text at a place, however many it was cut into.
    fn paragraph(&self, at: Spot) -> Marked {
        let goes_on = |line: usize| self.lines.get(line).is_some_and(|row| row.goes_on);
        let mut from = at.line;
        while from > 0 && goes_on(from - 1) {
            from -= 1;
        }
        let mut to = at.line;
        while goes_on(to) && to + 1 < self.lines.len() {
            to += 1;
        }
        let byte = self.lines.get(to).map_or(0, |row| row.text.len());
        Marked { from: Spot { line: from, byte: 0 }, to: Spot { line: to, byte } }
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
pub struct Lines<'a, Message> {
    cut: Cut,
    marked: Option<Marked>,
    on: Box<dyn Fn(Option<Marked>) -> Message + 'a>,
    font: Font,
    size: f32,
    height: f32,
    padding: f32,
    tokens: Tokens,
}

/// Shows cut text; it keeps its own place. `on` is told what is marked from now on.
pub fn lines<'a, Message>(
    cut: &Cut,
    marked: Option<Marked>,
    on: impl Fn(Option<Marked>) -> Message + 'a,
    look: Look<'_>,
    (font, size, height): (Font, f32, f32),
) -> Lines<'a, Message> {
    let (cut, on) = (cut.clone(), Box::new(on));
    Lines { cut, marked, on, font, size, height, padding: 20.0, tokens: look.tokens }
}

#[derive(Default)]
struct State {
    offset: f64,
    held: Option<f32>,
    // Where the button went down, while it is.
    down: Option<Spot>,
    last: Option<mouse::Click>,
    of: Option<Arc<Vec<Row>>>,
}

impl<Message> Lines<'_, Message> {
    fn written<Content>(&self, content: Content) -> text::Text<Content, Font> {
        text::Text {
            content,
            bounds: Size::new(f32::INFINITY, self.height),
            size: Pixels(self.size),
            line_height: LineHeight::Absolute(Pixels(self.height)),
            font: self.font,
            align_x: text::Alignment::Left,
            align_y: alignment::Vertical::Top,
            shaping: Shaping::Advanced,
            wrapping: Wrapping::None,
        }
    }

    /// The place in the text that is nearest to a point.
    fn spot(&self, bounds: Rectangle, offset: f64, at: Point) -> Spot {
        let y = f64::from(at.y - bounds.y) + offset - f64::from(self.padding);
        let line = (y / f64::from(self.height)).floor().max(0.0) as usize;
        let line = line.min(self.cut.len().saturating_sub(1));
        let text = self.cut.lines.get(line).map_or("", |row| row.text.as_str());
        let x = at.x - bounds.x - self.padding;
        if x <= 0.0 || text.is_empty() {
            return Spot { line, byte: 0 };
        }
        let laid = Paragraph::with_text(self.written(text));
        let byte = match laid.hit_test(Point::new(x, self.height / 2.0)) {
            Some(Hit::CharOffset(byte)) => text.floor_char_boundary(byte.min(text.len())),
            None => text.len(),
        };
        Spot { line, byte }
    }

    /// How far into a line a place stands, in logical pixels.
    fn reach(&self, text: &str, byte: usize) -> f32 {
        match text.get(..byte) {
            None | Some("") => 0.0,
            Some(before) => Paragraph::with_text(self.written(before)).min_width(),
        }
    }

    /// Where a line of the text is marked: from, to.
    fn mark(&self, line: usize, text: &str, bounds: Rectangle) -> Option<(f32, f32)> {
        let (from, to) = self.marked?.ends();
        if line < from.line || line > to.line || from == to {
            return None;
        }
        let left = if line == from.line { self.reach(text, from.byte) } else { 0.0 };
        let right = match line == to.line {
            true => self.reach(text, to.byte),
            false => bounds.width - 2.0 * self.padding,
        };
        (right > left).then_some((left, right))
    }
    fn content(&self) -> f64 {
        self.cut.len() as f64 * f64::from(self.height) + 2.0 * f64::from(self.padding)
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Lines<'_, Message> {
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
        for row in self.cut.lines.iter().take(200) {
            operation.text(None, layout.bounds(), &row.text);
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
                let Some(at) = cursor.position_over(bounds) else { return };
                shell.capture_event();
                if let Some(bar) = bar.filter(|bar| bar.has(at)) {
                    let held = bar.held(at);
                    state.held = Some(held);
                    state.offset = bar.offset(at, held);
                    shell.request_redraw();
                    return;
                }
                let click = mouse::Click::new(at, mouse::Button::Left, state.last);
                let spot = self.spot(bounds, state.offset, at);
                let marked = match click.kind() {
                    mouse::click::Kind::Single => None,
                    mouse::click::Kind::Double => Some(self.cut.word(spot)),
                    mouse::click::Kind::Triple => Some(self.cut.paragraph(spot)),
                };
                state.down = marked.is_none().then_some(spot);
                state.last = Some(click);
                if marked != self.marked {
                    shell.publish((self.on)(marked));
                }
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => {
                state.held = None;
                state.down = None;
            }
            Event::Mouse(mouse::Event::CursorMoved { position }) => {
                if let (Some(held), Some(bar)) = (state.held, bar) {
                    state.offset = bar.offset(*position, held);
                    shell.request_redraw();
                } else if let Some(from) = state.down {
                    // Beyond an edge the text moves along.
                    let beyond = (position.y - bounds.y).min(0.0)
                        + (position.y - bounds.y - bounds.height).max(0.0);
                    let by = f64::from(beyond.clamp(-40.0, 40.0));
                    state.offset = (state.offset + by).clamp(0.0, furthest);
                    let to = self.spot(bounds, state.offset, *position);
                    let marked = (from != to).then_some(Marked { from, to });
                    if marked != self.marked {
                        shell.publish((self.on)(marked));
                    }
                }
            }
            _ => {}
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        _: &Rectangle,
        _: &Renderer,
    ) -> mouse::Interaction {
        let bounds = layout.bounds();
        let state = tree.state.downcast_ref::<State>();
        let bar = Bar::of(bounds, state.offset, self.content());
        match cursor.position_over(bounds) {
            Some(at) if !bar.is_some_and(|bar| bar.has(at)) => mouse::Interaction::Text,
            _ => mouse::Interaction::None,
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
            for (at, row) in self.cut.lines.iter().enumerate().skip(first).take(count) {
                let y = (at as f64 * f64::from(self.height) - top) as f32;
                let place = Point::new(bounds.x + self.padding, bounds.y + y.round());
                if let Some((left, right)) = self.mark(at, &row.text, bounds) {
                    let bounds = Rectangle {
                        x: place.x + left,
                        y: place.y,
                        width: right - left,
                        height: self.height,
                    };
                    let quad = Quad { bounds, ..Quad::default() };
                    renderer.fill_quad(quad, Background::Color(self.tokens.marked));
                }
                renderer.fill_text(self.written(row.text.clone()), place, self.tokens.ink, clip);
            }
        });
        if let Some(bar) = Bar::of(bounds, state.offset, self.content()) {
            let over =
                state.held.is_some() || cursor.position_over(bounds).is_some_and(|at| bar.has(at));
            bar.draw(renderer, self.tokens, over);
        }
    }
}

impl<'a, Message: 'a> From<Lines<'a, Message>> for super::Element<'a, Message> {
    fn from(lines: Lines<'a, Message>) -> Self {
        Self::new(lines)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_at_words_and_wide_characters_count_twice() {
        let cut = Cut::new("one two three\n\n가나다라마바사", 8);
        let want = ["one two ", "three", "", "가나다라", "마바사"];
        assert_eq!(rows(&cut), want);
        assert_eq!(rows(&Cut::new("a\tb\u{7}", 80)), ["a    b "]);
    }

    fn rows(cut: &Cut) -> Vec<&str> {
        cut.lines.iter().map(|row| row.text.as_str()).collect()
    }

    #[test]
    fn what_is_marked_is_the_text_as_it_was_before_it_was_cut() {
        let text = "one two three\n\n가나다라마바사";
        let cut = Cut::new(text, 8);
        assert_eq!(cut.text(cut.all().unwrap()), text);
        let spot = |line, byte| Spot { line, byte };
        // "two three": over a cut, begun at its end.
        let marked = Marked { from: spot(1, 5), to: spot(0, 4) };
        assert_eq!(cut.text(marked), "two three");
        assert_eq!(cut.text(cut.word(spot(0, 5))), "two");
        assert_eq!(cut.text(cut.paragraph(spot(1, 0))), "one two three");
        assert_eq!(cut.text(cut.paragraph(spot(4, 0))), "가나다라마바사");
        assert_eq!(Cut::default().all(), None);
    }
}
