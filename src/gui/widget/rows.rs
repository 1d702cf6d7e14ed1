//! A virtual list: rows of one height, of which only those in sight exist.

use super::bar::{self, Bar, Pulled};
use crate::gui::theme::Tokens;
use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Id, Operation, Widget};
use iced::advanced::{Clipboard, Shell, mouse, overlay, renderer};
use iced::{Event, Length, Point, Rectangle, Renderer, Size, Theme, Vector, window};
use std::ops::Range;

/// The name that every virtual list has.
pub const NAME: &str = "rows";

/// Where a list stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Rows there are.
    pub total: usize,
    /// Height of each in logical pixels.
    pub row: f32,
    /// How far it is scrolled, in logical pixels.
    pub offset: f64,
    /// Height of the view in logical pixels, as last told.
    pub height: f32,
}

impl Window {
    /// The rows that are in sight, wholly or in part.
    pub fn in_sight(&self) -> Range<usize> {
        let row = f64::from(self.row.max(1.0));
        let first = (self.offset / row).floor().max(0.0) as usize;
        let last = ((self.offset + f64::from(self.height)) / row).ceil().max(0.0) as usize;
        first.min(self.total)..last.min(self.total)
    }

    /// The nearest offset the list can have.
    pub fn clamp(&self, offset: f64) -> f64 {
        offset.clamp(0.0, bar::furthest(self.content(), self.height))
    }

    /// The offset that brings a row into sight, moving as little as possible.
    pub fn reveal(&self, row: usize) -> f64 {
        let top = row as f64 * f64::from(self.row);
        let bottom = top + f64::from(self.row);
        let offset = if top < self.offset {
            top
        } else if bottom > self.offset + f64::from(self.height) {
            bottom - f64::from(self.height)
        } else {
            self.offset
        };
        self.clamp(offset)
    }

    /// Height of all rows in logical pixels.
    pub(super) fn content(&self) -> f64 {
        self.total as f64 * f64::from(self.row)
    }
}

/// How a list is scrolled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scroll {
    /// By so many logical pixels; several may come before the list is drawn again.
    By(f64),
    /// To an offset.
    To(f64),
}

impl Scroll {
    /// Where this leads from an offset.
    pub fn applied_to(self, offset: f64) -> f64 {
        match self {
            Self::By(by) => offset + by,
            Self::To(to) => to,
        }
    }
}

/// The list.
pub struct Rows<'a, Message> {
    window: Window,
    first: usize,
    children: Vec<super::Element<'a, Message>>,
    tokens: Tokens,
    on_scroll: Box<dyn Fn(Scroll) -> Message + 'a>,
    on_height: Box<dyn Fn(f32) -> Message + 'a>,
}

/// A list of the rows that `row` makes of their numbers. `on_scroll` is told of
/// scrolling, `on_height` the height of the view when it changes.
pub fn rows<'a, Message>(
    window: Window,
    tokens: Tokens,
    row: impl Fn(usize) -> super::Element<'a, Message>,
    on_scroll: impl Fn(Scroll) -> Message + 'a,
    on_height: impl Fn(f32) -> Message + 'a,
) -> Rows<'a, Message> {
    let in_sight = window.in_sight();
    Rows {
        window,
        first: in_sight.start,
        children: in_sight.map(row).collect(),
        tokens,
        on_scroll: Box::new(on_scroll),
        on_height: Box::new(on_height),
    }
}

struct State {
    held: Option<f32>,
    /// The row that the first child is of.
    first: usize,
}

impl<Message> Rows<'_, Message> {
    fn bar(&self, bounds: Rectangle) -> Option<Bar> {
        Bar::of(bounds, self.window.offset, self.window.content())
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Rows<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State { held: None, first: self.first })
    }

    fn children(&self) -> Vec<Tree> {
        self.children.iter().map(Tree::new).collect()
    }

    fn diff(&self, tree: &mut Tree) {
        // A row that stays in sight keeps what is known of it, its text laid out above all.
        let state = tree.state.downcast_mut::<State>();
        let before = std::mem::replace(&mut state.first, self.first);
        let by = self.first.abs_diff(before);
        if by < tree.children.len() {
            match self.first > before {
                true => tree.children.rotate_left(by),
                false => tree.children.rotate_right(by),
            }
        }
        tree.diff_children(&self.children);
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fill)
    }

    fn layout(
        &mut self,
        tree: &mut Tree,
        renderer: &Renderer,
        limits: &layout::Limits,
    ) -> layout::Node {
        let size = limits.max();
        let row = Size::new(size.width, self.window.row);
        let limits = layout::Limits::new(row, row);
        let shift = self.first as f64 * f64::from(self.window.row) - self.window.offset;
        let nodes = self
            .children
            .iter_mut()
            .zip(&mut tree.children)
            .enumerate()
            .map(|(at, (child, tree))| {
                let y = shift + at as f64 * f64::from(self.window.row);
                child
                    .as_widget_mut()
                    .layout(tree, renderer, &limits)
                    .move_to(Point::new(0.0, (y as f32).round()))
            })
            .collect();
        layout::Node::with_children(size, nodes)
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        // Rows at its edges are seen in part.
        operation.container(Some(&Id::new(NAME)), layout.bounds());
        operation.traverse(&mut |operation| {
            for ((child, tree), layout) in
                self.children.iter_mut().zip(&mut tree.children).zip(layout.children())
            {
                child.as_widget_mut().operate(tree, layout, renderer, operation);
            }
        });
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        let bounds = layout.bounds();
        if matches!(event, Event::Window(window::Event::RedrawRequested(_)))
            && (bounds.height - self.window.height).abs() > 0.5
        {
            shell.publish((self.on_height)(bounds.height));
        }
        let bar = self.bar(bounds);
        let state = tree.state.downcast_mut::<State>();
        if let Some(pulled) = bar::pulled(bar, &mut state.held, event, cursor) {
            match pulled {
                Pulled::To(to) => shell.publish((self.on_scroll)(Scroll::To(to))),
                Pulled::LetGo => shell.request_redraw(),
            }
            shell.capture_event();
            return;
        }
        // What lies outside the view cannot be clicked.
        let inside = cursor.is_over(bounds);
        for ((child, tree), layout) in
            self.children.iter_mut().zip(&mut tree.children).zip(layout.children())
        {
            let cursor = if inside { cursor } else { mouse::Cursor::Unavailable };
            child
                .as_widget_mut()
                .update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
        }
        if let Event::Mouse(mouse::Event::WheelScrolled { delta }) = event
            && inside
            && !shell.is_event_captured()
        {
            let down = bar::wheel(delta).y;
            shell.publish((self.on_scroll)(Scroll::By(f64::from(down))));
            shell.capture_event();
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        if tree.state.downcast_ref::<State>().held.is_some() || !cursor.is_over(layout.bounds()) {
            return mouse::Interaction::None;
        }
        self.children
            .iter()
            .zip(&tree.children)
            .zip(layout.children())
            .map(|((child, tree), layout)| {
                child.as_widget().mouse_interaction(tree, layout, cursor, viewport, renderer)
            })
            .max()
            .unwrap_or_default()
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        use iced::advanced::Renderer as _;
        let bounds = layout.bounds();
        let Some(clip) = bounds.intersection(viewport) else { return };
        let state = tree.state.downcast_ref::<State>();
        let held = state.held.is_some();
        let inside =
            if cursor.is_over(bounds) && !held { cursor } else { mouse::Cursor::Unavailable };
        renderer.with_layer(clip, |renderer| {
            for ((child, tree), layout) in
                self.children.iter().zip(&tree.children).zip(layout.children())
            {
                child.as_widget().draw(tree, renderer, theme, style, layout, inside, &clip);
            }
        });
        if let Some(bar) = self.bar(bounds) {
            let over = held || cursor.position_over(bounds).is_some_and(|at| bar.has(at));
            bar.draw(renderer, self.tokens, over);
        }
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        overlay::from_children(&mut self.children, tree, layout, renderer, viewport, translation)
    }
}

impl<'a, Message: 'a> From<Rows<'a, Message>> for super::Element<'a, Message> {
    fn from(rows: Rows<'a, Message>) -> Self {
        Self::new(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_million_rows_only_those_in_sight_exist() {
        let at = |offset| Window { total: 1_000_000, row: 76.0, offset, height: 700.0 };
        assert_eq!(at(0.0).in_sight(), 0..10);
        assert_eq!(at(38.0).in_sight(), 0..10);
        assert_eq!(at(76.0 * 999_990.0).in_sight(), 999_990..1_000_000);
        assert_eq!(at(0.0).clamp(1e12), 76.0 * 1e6 - 700.0);
    }

    /// A row that keeps the number it was made with.
    struct Numbered(usize);

    impl Widget<(), Theme, Renderer> for Numbered {
        fn tag(&self) -> tree::Tag {
            tree::Tag::of::<usize>()
        }

        fn state(&self) -> tree::State {
            tree::State::new(self.0)
        }

        fn size(&self) -> Size<Length> {
            Size::new(Length::Fill, Length::Fill)
        }

        fn layout(&mut self, _: &mut Tree, _: &Renderer, limits: &layout::Limits) -> layout::Node {
            layout::Node::new(limits.max())
        }

        fn draw(
            &self,
            _: &Tree,
            _: &mut Renderer,
            _: &Theme,
            _: &renderer::Style,
            _: Layout<'_>,
            _: mouse::Cursor,
            _: &Rectangle,
        ) {
        }
    }

    #[test]
    fn a_row_that_stays_in_sight_keeps_its_state() {
        let at = |offset: f64| {
            let window = Window { total: 1_000, row: 50.0, offset, height: 210.0 };
            let row = |number| super::super::Element::new(Numbered(number));
            rows(window, Tokens::of(crate::gui::theme::Mode::Light), row, |_| (), |_| ())
        };
        let mut tree = Tree::new(&at(500.0) as &dyn Widget<(), Theme, Renderer>);
        let mut known = |offset: f64| {
            let list = at(offset);
            list.diff(&mut tree);
            let made = tree.children.iter().map(|row| *row.state.downcast_ref::<usize>());
            (list.first, made.collect::<Vec<_>>())
        };
        assert_eq!(known(500.0), (10, vec![10, 11, 12, 13, 14]));
        // Down by two: the rows that came into sight took the place of those that went.
        assert_eq!(known(600.0), (12, vec![12, 13, 14, 10, 11]));
        assert_eq!(known(550.0), (11, vec![11, 12, 13, 14, 10]));
        // One more is in sight, in part.
        assert_eq!(known(595.0), (11, vec![11, 12, 13, 14, 10, 16]));
        assert_eq!(known(20.0).0, 0);
    }

    #[test]
    fn a_row_is_revealed_with_the_least_movement() {
        let window = Window { total: 100, row: 76.0, offset: 760.0, height: 700.0 };
        assert_eq!(window.reveal(12), 760.0);
        assert_eq!(window.reveal(9), 9.0 * 76.0);
        assert_eq!(window.reveal(19), 20.0 * 76.0 - 700.0);
        assert_eq!(window.reveal(0), 0.0);
    }
}
