//! A button that the keyboard reaches: it can have the focus, which is seen, and Enter and
//! Space press it then.

use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::operation::Focusable;
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Id, Operation, Widget};
use iced::advanced::{Clipboard, Renderer as _, Shell, mouse, overlay, renderer};
use iced::keyboard::{self, Key, key::Named};
use iced::{Border, Color, Event, Length, Rectangle, Renderer, Size, Theme, Vector, touch};

/// Width of the ring around what has the focus, in logical pixels.
const RING: f32 = 2.0;

/// The name that everything has which is reached after the fields.
pub(super) const NAME: &str = "reach";

/// A button that the keyboard reaches.
pub struct Reach<'a, Message> {
    content: super::Element<'a, Message>,
    on: Option<Message>,
    ring: Color,
    radius: f32,
}

/// Lets the keyboard reach a button that says this, if it can be pressed. `ring`: the colour
/// that shows where the focus is.
pub fn reach<'a, Message>(
    content: impl Into<super::Element<'a, Message>>,
    on: Option<Message>,
    ring: Color,
) -> Reach<'a, Message> {
    Reach { content: content.into(), on, ring, radius: 7.0 }
}

impl<Message> Reach<'_, Message> {
    /// How round the ring's corners are, in logical pixels.
    #[must_use]
    pub fn radius(self, radius: f32) -> Self {
        Self { radius, ..self }
    }
}

#[derive(Debug, Default)]
struct State {
    is_focused: bool,
}

impl Focusable for State {
    fn is_focused(&self) -> bool {
        self.is_focused
    }

    fn focus(&mut self) {
        self.is_focused = true;
    }

    fn unfocus(&mut self) {
        self.is_focused = false;
    }
}

impl<Message: Clone> Widget<Message, Theme, Renderer> for Reach<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.content)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(std::slice::from_ref(&self.content));
    }

    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
    }

    fn layout(
        &mut self,
        tree: &mut Tree,
        renderer: &Renderer,
        limits: &layout::Limits,
    ) -> layout::Node {
        match tree.children.first_mut() {
            Some(child) => self.content.as_widget_mut().layout(child, renderer, limits),
            None => layout::Node::new(limits.max()),
        }
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        if self.on.is_some() {
            let state = tree.state.downcast_mut::<State>();
            operation.focusable(Some(&Id::new(NAME)), layout.bounds(), state);
        }
        if let Some(child) = tree.children.first_mut() {
            self.content.as_widget_mut().operate(child, layout, renderer, operation);
        }
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
        let state = tree.state.downcast_mut::<State>();
        match event {
            // Whoever points needs no ring.
            Event::Mouse(mouse::Event::ButtonPressed(_))
            | Event::Touch(touch::Event::FingerPressed { .. })
                if std::mem::take(&mut state.is_focused) =>
            {
                shell.request_redraw();
            }
            Event::Keyboard(keyboard::Event::KeyPressed {
                key: Key::Named(Named::Enter | Named::Space),
                modifiers,
                ..
            }) if state.is_focused && modifiers.is_empty() => {
                if let Some(on) = &self.on {
                    shell.publish(on.clone());
                    shell.capture_event();
                    return;
                }
            }
            _ => {}
        }
        if let Some(child) = tree.children.first_mut() {
            self.content
                .as_widget_mut()
                .update(child, event, layout, cursor, renderer, clipboard, shell, viewport);
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
        tree.children.first().map_or(mouse::Interaction::None, |child| {
            self.content.as_widget().mouse_interaction(child, layout, cursor, viewport, renderer)
        })
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
        if let Some(child) = tree.children.first() {
            self.content.as_widget().draw(child, renderer, theme, style, layout, cursor, viewport);
        }
        let is_focused = tree.state.downcast_ref::<State>().is_focused && self.on.is_some();
        if is_focused && layout.bounds().intersects(viewport) {
            let border = Border { color: self.ring, width: RING, radius: self.radius.into() };
            let quad = renderer::Quad { bounds: layout.bounds(), border, ..Default::default() };
            renderer.fill_quad(quad, Color::TRANSPARENT);
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
        let child = tree.children.first_mut()?;
        self.content.as_widget_mut().overlay(child, layout, renderer, viewport, translation)
    }
}

impl<'a, Message: Clone + 'a> From<Reach<'a, Message>> for super::Element<'a, Message> {
    fn from(reach: Reach<'a, Message>) -> Self {
        Self::new(reach)
    }
}
