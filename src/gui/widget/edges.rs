//! Borders between panes that can be dragged; a double click puts one back where it was
//! meant to be.

use super::wrap::{Around, Inside, Wrap};
use crate::gui::theme::Tokens;
use iced::advanced::layout::Layout;
use iced::advanced::{Renderer as _, Shell, mouse, renderer};
use iced::mouse::Interaction;
use iced::{Color, Event, Point, Rectangle, Renderer};

/// Logical pixels beside a border, to the left and to the right, where it can be grabbed. The
/// scroll bar of a list lies to the left of its border.
const NEAR: (f32, f32) = (2.0, 5.0);
/// Width of a border that can be, or is being, dragged.
const WIDE: f32 = 3.0;

/// What is done with a border.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pull {
    /// It is to be here: logical pixels from the left edge of all panes.
    To(f32),
    /// It is to be where it is when nobody has moved it.
    Back,
    /// It is let go.
    Done,
}

/// The borders of a view.
pub struct Edges<'a, Name, Message> {
    edges: Vec<(Name, f32)>,
    tokens: Tokens,
    on: Box<dyn Fn(Name, Pull) -> Message + 'a>,
}

/// Lets borders be dragged: their names, and where they are, in logical pixels from the left
/// edge of the view.
pub fn edges<'a, Name: Copy + PartialEq + 'static, Message>(
    content: impl Into<super::Element<'a, Message>>,
    edges: Vec<(Name, f32)>,
    tokens: Tokens,
    on: impl Fn(Name, Pull) -> Message + 'a,
) -> Wrap<'a, Message, Edges<'a, Name, Message>> {
    Wrap::new(content, Edges { edges, tokens, on: Box::new(on) })
}

/// What the view cannot know.
pub struct State<Name> {
    /// The border that is being dragged, and how far from it it was grabbed.
    held: Option<(Name, f32)>,
    /// The border under the pointer.
    over: Option<Name>,
    last: Option<(Name, mouse::Click)>,
}

impl<Name> Default for State<Name> {
    fn default() -> Self {
        Self { held: None, over: None, last: None }
    }
}

impl<Name: Copy + PartialEq, Message> Edges<'_, Name, Message> {
    /// The border at a point, and how far right of it that is.
    fn at(&self, bounds: Rectangle, at: Option<Point>) -> Option<(Name, f32)> {
        let at = at.filter(|at| bounds.contains(*at))?;
        let mut found = self.edges.iter().map(|(name, x)| (*name, at.x - bounds.x - x));
        let (left, right) = NEAR;
        found.find(|(_, right_of)| (-left..=right).contains(right_of))
    }
}

impl<Name: Copy + PartialEq + 'static, Message> Around<Message> for Edges<'_, Name, Message> {
    type State = State<Name>;

    fn update(
        &mut self,
        state: &mut State<Name>,
        inside: &mut Inside<'_, '_, Message>,
        event: &Event,
        shell: &mut Shell<'_, Message>,
    ) {
        let bounds = inside.bounds();
        if let Event::Mouse(event) = event {
            let taken = match event {
                mouse::Event::ButtonPressed(mouse::Button::Left) => {
                    self.pressed(state, bounds, inside.cursor, shell)
                }
                mouse::Event::CursorMoved { position } => {
                    self.moved(state, bounds, *position, inside.cursor, shell)
                }
                mouse::Event::ButtonReleased(mouse::Button::Left) => match state.held.take() {
                    Some((name, _)) => {
                        shell.publish((self.on)(name, Pull::Done));
                        shell.request_redraw();
                        true
                    }
                    None => false,
                },
                _ => false,
            };
            if taken {
                shell.capture_event();
                return;
            }
        }
        inside.update(event, shell);
    }

    fn pointer(
        &self,
        state: &State<Name>,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
    ) -> Option<Interaction> {
        let over = state.held.is_some() || self.at(layout.bounds(), cursor.position()).is_some();
        over.then_some(Interaction::ResizingHorizontally)
    }

    fn draw(
        &self,
        state: &State<Name>,
        renderer: &mut Renderer,
        layout: Layout<'_>,
        viewport: &Rectangle,
    ) {
        let shown = state.held.map(|(name, _)| name).or(state.over);
        let edge = self.edges.iter().find(|(name, _)| Some(*name) == shown);
        let bounds = layout.bounds();
        let Some((_, x)) = edge else { return };
        let line = Rectangle { x: bounds.x + x - 1.0, width: WIDE, ..bounds };
        if let Some(bounds) = line.intersection(viewport) {
            let quad = renderer::Quad { bounds, ..Default::default() };
            // Only passed over, it is said quietly.
            let a = if state.held.is_some() { 1.0 } else { 0.4 };
            let color = Color { a, ..self.tokens.accent };
            // Lists lie on layers of their own.
            renderer.with_layer(bounds, |renderer| renderer.fill_quad(quad, color));
        }
    }
}

impl<Name: Copy + PartialEq, Message> Edges<'_, Name, Message> {
    fn pressed(
        &self,
        state: &mut State<Name>,
        bounds: Rectangle,
        cursor: mouse::Cursor,
        shell: &mut Shell<'_, Message>,
    ) -> bool {
        let at = cursor.position();
        let (Some((name, right_of)), Some(at)) = (self.at(bounds, at), at) else { return false };
        let before = state.last.filter(|(of, _)| *of == name).map(|(_, click)| click);
        let click = mouse::Click::new(at, mouse::Button::Left, before);
        if click.kind() == mouse::click::Kind::Double {
            state.last = None;
            shell.publish((self.on)(name, Pull::Back));
        } else {
            state.last = Some((name, click));
            state.held = Some((name, right_of));
        }
        shell.request_redraw();
        true
    }

    fn moved(
        &self,
        state: &mut State<Name>,
        bounds: Rectangle,
        to: Point,
        cursor: mouse::Cursor,
        shell: &mut Shell<'_, Message>,
    ) -> bool {
        if let Some((name, right_of)) = state.held {
            // A hand that trembles while it clicks moves nothing.
            let begun = state.last.map(|(_, click)| click.position());
            if begun.is_none_or(|begun| begun.distance(to) >= 3.0) {
                state.last = None;
                shell.publish((self.on)(name, Pull::To(to.x - bounds.x - right_of)));
            }
            return true;
        }
        let over = self.at(bounds, cursor.position()).map(|(name, _)| name);
        if over != state.over {
            state.over = over;
            shell.request_redraw();
        }
        false
    }
}
