//! Things of any height below each other, scrolled together: of which only those in sight are
//! drawn.
//!
//! Where it stands is the view's to know: it tells how high it is and where each thing begins.

use super::bar::{self, Bar, Pulled};
use super::rows::Scroll;
use crate::gui::theme::Tokens;
use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::operation::scrollable::{AbsoluteOffset, RelativeOffset, Scrollable};
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Id, Operation, Widget};
use iced::advanced::{Clipboard, Shell, mouse, overlay, renderer};
use iced::{Event, Length, Point, Rectangle, Renderer, Size, Theme, Vector, window};

/// The name that every tower has.
pub const NAME: &str = "tower";

/// What happens to a tower.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// It was scrolled.
    Scrolled(Scroll),
    /// It is so high, and its things begin here; the last number is where they end. All in
    /// logical pixels.
    Stands(f32, Vec<f32>),
}

/// The tower.
pub struct Tower<'a, Message> {
    children: Vec<super::Element<'a, Message>>,
    offset: f64,
    known: (f32, &'a [f32]),
    tokens: Tokens,
    on: Box<dyn Fn(Told) -> Message + 'a>,
}

/// Things below each other, scrolled so far; `known`: what [`Told::Stands`] has said.
pub fn tower<'a, Message>(
    children: Vec<super::Element<'a, Message>>,
    offset: f64,
    known: (f32, &'a [f32]),
    tokens: Tokens,
    on: impl Fn(Told) -> Message + 'a,
) -> Tower<'a, Message> {
    Tower { children, offset, known, tokens, on: Box::new(on) }
}

#[derive(Default)]
struct State {
    held: Option<f32>,
    /// Where each thing begins, and where all end.
    tops: Vec<f32>,
}

impl State {
    fn content(&self) -> f64 {
        f64::from(self.tops.last().copied().unwrap_or(0.0))
    }
}

/// It is scrolled by the view alone.
impl Scrollable for State {
    fn snap_to(&mut self, _: RelativeOffset<Option<f32>>) {}

    fn scroll_to(&mut self, _: AbsoluteOffset<Option<f32>>) {}

    fn scroll_by(&mut self, _: AbsoluteOffset, _: Rectangle, _: Rectangle) {}
}

impl<Message> Widget<Message, Theme, Renderer> for Tower<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn children(&self) -> Vec<Tree> {
        self.children.iter().map(Tree::new).collect()
    }

    fn diff(&self, tree: &mut Tree) {
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
        let limits =
            layout::Limits::new(Size::new(size.width, 0.0), Size::new(size.width, f32::INFINITY));
        let mut tops = vec![0.0];
        let mut down = 0.0;
        let mut nodes = Vec::with_capacity(self.children.len());
        for (child, tree) in self.children.iter_mut().zip(&mut tree.children) {
            let node = child.as_widget_mut().layout(tree, renderer, &limits);
            let height = node.size().height.ceil();
            let y = (f64::from(down) - self.offset) as f32;
            nodes.push(node.move_to(Point::new(0.0, y.round())));
            down += height;
            tops.push(down);
        }
        tree.state.downcast_mut::<State>().tops = tops;
        layout::Node::with_children(size, nodes)
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        // What lies outside is not seen.
        let (id, bounds) = (Id::new(NAME), layout.bounds());
        let state = tree.state.downcast_mut::<State>();
        operation.scrollable(Some(&id), bounds, bounds, Vector::ZERO, state);
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
        let state = tree.state.downcast_mut::<State>();
        let bar = Bar::of(bounds, self.offset, state.content());
        if let Event::Window(window::Event::RedrawRequested(_)) = event {
            let (height, tops) = self.known;
            if (bounds.height - height).abs() > 0.5 || tops != state.tops {
                shell.publish((self.on)(Told::Stands(bounds.height, state.tops.clone())));
            }
        }
        if let Some(pulled) = bar::pulled(bar, &mut state.held, event, cursor) {
            match pulled {
                Pulled::To(to) => shell.publish((self.on)(Told::Scrolled(Scroll::To(to)))),
                Pulled::LetGo => shell.request_redraw(),
            }
            shell.capture_event();
            return;
        }
        // What lies outside the view cannot be clicked.
        let inside = cursor.is_over(bounds);
        let seen = bounds.intersection(viewport).unwrap_or(Rectangle::with_size(Size::ZERO));
        for ((child, tree), layout) in
            self.children.iter_mut().zip(&mut tree.children).zip(layout.children())
        {
            let cursor = if inside { cursor } else { mouse::Cursor::Unavailable };
            child
                .as_widget_mut()
                .update(tree, event, layout, cursor, renderer, clipboard, shell, &seen);
        }
        if let Event::Mouse(mouse::Event::WheelScrolled { delta }) = event
            && inside
            && !shell.is_event_captured()
        {
            let down = f64::from(bar::wheel(delta).y);
            shell.publish((self.on)(Told::Scrolled(Scroll::By(down))));
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
                if layout.bounds().intersection(&clip).is_some() {
                    child.as_widget().draw(tree, renderer, theme, style, layout, inside, &clip);
                }
            }
        });
        if let Some(bar) = Bar::of(bounds, self.offset, state.content()) {
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

impl<'a, Message: 'a> From<Tower<'a, Message>> for super::Element<'a, Message> {
    fn from(tower: Tower<'a, Message>) -> Self {
        Self::new(tower)
    }
}
