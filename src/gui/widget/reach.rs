//! A button that the keyboard reaches: it can have the focus, which is seen, and Enter and
//! Space press it then. What else it can do is done by Shift and Enter, or the other button of
//! the mouse.

use super::ring;
use super::wrap::{Around, Inside, Wrap};
use iced::advanced::layout::Layout;
use iced::advanced::widget::operation::Focusable;
use iced::advanced::widget::{Id, Operation};
use iced::advanced::{Shell, mouse};
use iced::keyboard::{self, Key, Modifiers, key::Named};
use iced::{Color, Event, Rectangle, Renderer, touch};

/// The name that everything has which is reached after the fields.
pub(super) const NAME: &str = "reach";

/// What makes a button one that the keyboard reaches.
pub struct Reach<Message> {
    on: Option<Message>,
    aside: Option<Message>,
    ring: Color,
    radius: f32,
}

/// Lets the keyboard reach a button that says this, if it can be pressed. `ring`: the colour
/// that shows where the focus is.
pub fn reach<'a, Message: Clone>(
    content: impl Into<super::Element<'a, Message>>,
    on: Option<Message>,
    ring: Color,
) -> Wrap<'a, Message, Reach<Message>> {
    Wrap::new(content, Reach { on, aside: None, ring, radius: 7.0 })
}

impl<Message> Wrap<'_, Message, Reach<Message>> {
    /// What else it does.
    #[must_use]
    pub fn aside(mut self, aside: Message) -> Self {
        self.around.aside = Some(aside);
        self
    }

    /// How round the ring's corners are, in logical pixels.
    #[must_use]
    pub fn radius(mut self, radius: f32) -> Self {
        self.around.radius = radius;
        self
    }
}

/// Whether it has the focus.
#[derive(Debug, Default)]
pub struct State {
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

impl<Message: Clone> Around<Message> for Reach<Message> {
    type State = State;

    fn operate(&self, state: &mut State, layout: Layout<'_>, operation: &mut dyn Operation) {
        if self.on.is_some() {
            operation.focusable(Some(&Id::new(NAME)), layout.bounds(), state);
        }
    }

    fn update(
        &mut self,
        state: &mut State,
        inside: &mut Inside<'_, '_, Message>,
        event: &Event,
        shell: &mut Shell<'_, Message>,
    ) {
        let aside = match event {
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Right)) => {
                inside.cursor.is_over(inside.bounds())
            }
            Event::Keyboard(keyboard::Event::KeyPressed {
                key: Key::Named(Named::Enter),
                modifiers,
                ..
            }) => state.is_focused && *modifiers == Modifiers::SHIFT,
            _ => false,
        };
        if let Some(aside) = self.aside.as_ref().filter(|_| aside) {
            shell.publish(aside.clone());
            shell.capture_event();
            return;
        }
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
        inside.update(event, shell);
    }

    fn draw(
        &self,
        state: &State,
        renderer: &mut Renderer,
        layout: Layout<'_>,
        viewport: &Rectangle,
    ) {
        if state.is_focused && self.on.is_some() {
            ring::draw(renderer, layout.bounds(), viewport, self.ring, self.radius);
        }
    }
}
