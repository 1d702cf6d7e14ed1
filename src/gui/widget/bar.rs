//! The scroll bar of widgets that scroll by themselves. Offsets are `f64`: a list of
//! a million rows is taller than what an `f32` tells apart.

use crate::gui::theme::{self, Tokens};
use iced::advanced::renderer::{Quad, Renderer as _};
use iced::{Background, Border, Event, Point, Rectangle, Renderer, Size, Vector, mouse};

/// Logical pixels between the bar and the edge.
const MARGIN: f32 = 3.0;
/// Width of the bar.
const WIDTH: f32 = 6.0;
/// Width that can be grabbed.
const GRAB: f32 = 14.0;
/// The part that moves is never smaller.
const SMALLEST: f32 = 28.0;

/// Pixels of one notch of a wheel.
pub const NOTCH: f32 = 60.0;

/// How far a turn of the wheel scrolls, in logical pixels: right and down.
pub fn wheel(delta: &mouse::ScrollDelta) -> Vector {
    match delta {
        mouse::ScrollDelta::Lines { x, y } => Vector::new(-x * NOTCH, -y * NOTCH),
        mouse::ScrollDelta::Pixels { x, y } => Vector::new(-x, -y),
    }
}

/// A bar laid out.
#[derive(Debug, Clone, Copy)]
pub struct Bar {
    bounds: Rectangle,
    content: f64,
    thumb: Rectangle,
}

/// The furthest a view can be scrolled.
pub fn furthest(content: f64, view: f32) -> f64 {
    (content - f64::from(view)).max(0.0)
}

impl Bar {
    /// The bar of a view that shows a part of `content` pixels from `offset`;
    /// nothing if everything is seen.
    pub fn of(bounds: Rectangle, offset: f64, content: f64) -> Option<Self> {
        let furthest = furthest(content, bounds.height);
        if furthest <= 0.5 || bounds.height < SMALLEST * 2.0 {
            return None;
        }
        let track = bounds.height - 2.0 * MARGIN;
        let share = (f64::from(bounds.height) / content) as f32;
        let height = (track * share).max(SMALLEST);
        let at = (offset / furthest).clamp(0.0, 1.0) as f32;
        let thumb = Rectangle {
            x: bounds.x + bounds.width - WIDTH - MARGIN,
            y: bounds.y + MARGIN + (track - height) * at,
            width: WIDTH,
            height,
        };
        Some(Self { bounds, content, thumb })
    }

    /// Whether a point is on the part that moves.
    pub fn grabs(&self, at: Point) -> bool {
        let wide =
            Rectangle { x: self.bounds.x + self.bounds.width - GRAB, width: GRAB, ..self.thumb };
        wide.contains(at)
    }

    /// Whether a point is on the bar at all.
    pub fn has(&self, at: Point) -> bool {
        self.bounds.contains(at) && at.x >= self.bounds.x + self.bounds.width - GRAB
    }

    /// How far below its upper edge the moving part is held.
    pub fn held(&self, at: Point) -> f32 {
        if self.grabs(at) { at.y - self.thumb.y } else { self.thumb.height / 2.0 }
    }

    /// The offset when the moving part, held at `held`, is at `at`.
    pub fn offset(&self, at: Point, held: f32) -> f64 {
        let room = self.bounds.height - 2.0 * MARGIN - self.thumb.height;
        let share = (at.y - held - self.bounds.y - MARGIN) / room.max(1.0);
        f64::from(share.clamp(0.0, 1.0)) * furthest(self.content, self.bounds.height)
    }

    /// Draws it over what is drawn already, in a layer no larger than itself: the
    /// renderer masks a layer as a whole.
    pub fn draw(&self, renderer: &mut Renderer, tokens: Tokens, over: bool) {
        let quad = Quad {
            bounds: Rectangle::new(self.thumb.position(), Size::new(WIDTH, self.thumb.height)),
            border: Border { radius: (WIDTH / 2.0).into(), ..Default::default() },
            ..Quad::default()
        };
        renderer.with_layer(quad.bounds.expand(1.0), |renderer| {
            renderer.fill_quad(quad, Background::Color(theme::scroller(tokens, over)));
        });
    }
}

/// What the pointer does to a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pulled {
    /// It is pulled to this offset.
    To(f64),
    /// It is let go.
    LetGo,
}

/// What an event is to the bar of a view, if it is for the bar alone. `held`: how far below
/// its upper edge the moving part is held, from one event to the next.
pub fn pulled(
    bar: Option<Bar>,
    held: &mut Option<f32>,
    event: &Event,
    cursor: mouse::Cursor,
) -> Option<Pulled> {
    match event {
        Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left)) => {
            let bar = bar?;
            let at = cursor.position_over(bar.bounds).filter(|at| bar.has(*at))?;
            let by = bar.held(at);
            *held = Some(by);
            Some(Pulled::To(bar.offset(at, by)))
        }
        Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left)) => {
            held.take().map(|_| Pulled::LetGo)
        }
        Event::Mouse(mouse::Event::CursorMoved { position }) => {
            held.zip(bar).map(|(held, bar)| Pulled::To(bar.offset(*position, held)))
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn dragging_to_either_end_reaches_it() {
        let bounds = Rectangle::new(Point::new(10.0, 20.0), Size::new(100.0, 400.0));
        let content = 76.0 * 1_000_000.0;
        let bar = Bar::of(bounds, 0.0, content).unwrap();
        assert_eq!(bar.offset(Point::new(105.0, 0.0), 5.0), 0.0);
        assert_eq!(bar.offset(Point::new(105.0, 900.0), 5.0), content - 400.0);
        assert!(bar.grabs(Point::new(105.0, 30.0)));
        assert!(!bar.grabs(Point::new(50.0, 30.0)));
        assert!(Bar::of(bounds, 0.0, 400.0).is_none());
    }

    #[test]
    fn it_is_pulled_from_being_grabbed_until_it_is_let_go() {
        let bounds = Rectangle::new(Point::ORIGIN, Size::new(100.0, 400.0));
        let bar = Bar::of(bounds, 0.0, 4_000.0);
        let at = |x, y| mouse::Cursor::Available(Point::new(x, y));
        let press = Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left));
        let release = Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left));
        let moved = |y| Event::Mouse(mouse::Event::CursorMoved { position: Point::new(95.0, y) });
        let mut held = None;
        // Beside it, and before it is grabbed, nothing is for it.
        assert_eq!(pulled(bar, &mut held, &press, at(50.0, 10.0)), None);
        assert_eq!(pulled(bar, &mut held, &moved(30.0), at(95.0, 30.0)), None);
        assert_eq!(pulled(bar, &mut held, &press, at(95.0, 10.0)), Some(Pulled::To(0.0)));
        // Also where it is pulled past its end.
        let end = pulled(bar, &mut held, &moved(900.0), at(95.0, 900.0));
        assert_eq!(end, Some(Pulled::To(3_600.0)));
        assert_eq!(pulled(bar, &mut held, &release, at(95.0, 900.0)), Some(Pulled::LetGo));
        assert_eq!(pulled(bar, &mut held, &release, at(95.0, 900.0)), None);
    }
}
