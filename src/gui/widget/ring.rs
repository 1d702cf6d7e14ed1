//! A ring around what keys are for.

use super::wrap::{Around, Wrap};
use iced::advanced::layout::Layout;
use iced::advanced::{Renderer as _, renderer};
use iced::{Border, Color, Rectangle, Renderer};

/// Its width in logical pixels.
const WIDTH: f32 = 2.0;

/// The ring of a view, if it has one.
pub struct Ring {
    color: Option<Color>,
    radius: f32,
}

/// Draws a ring of this colour around a view; `radius`: how round its corners are, in logical
/// pixels.
pub fn ring<'a, Message>(
    content: impl Into<super::Element<'a, Message>>,
    color: Option<Color>,
    radius: f32,
) -> Wrap<'a, Message, Ring> {
    Wrap::new(content, Ring { color, radius })
}

impl<Message> Around<Message> for Ring {
    type State = ();

    fn draw(&self, (): &(), renderer: &mut Renderer, layout: Layout<'_>, viewport: &Rectangle) {
        if let Some(color) = self.color {
            draw(renderer, layout.bounds(), viewport, color, self.radius);
        }
    }
}

/// Draws it along these bounds.
pub(super) fn draw(
    renderer: &mut Renderer,
    bounds: Rectangle,
    viewport: &Rectangle,
    color: Color,
    radius: f32,
) {
    if bounds.intersects(viewport) {
        let border = Border { color, width: WIDTH, radius: radius.into() };
        let quad = renderer::Quad { bounds, border, ..Default::default() };
        renderer.fill_quad(quad, Color::TRANSPARENT);
    }
}
