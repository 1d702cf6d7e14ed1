//! What the pointer does to a list beside choosing a row: picking several with Shift and
//! Ctrl, asking for a menu, and carrying rows elsewhere.
//!
//! A plain click stays with the row under it.

use super::bar::Bar;
use super::rows::Window;
use super::wrap::{Around, Inside, Wrap};
use iced::advanced::{Shell, mouse};
use iced::keyboard::{self, Modifiers, key::Named};
use iced::mouse::Button;
use iced::{Event, Point, Rectangle};

/// Logical pixels that a pressed pointer moves before it carries what is under it.
const SLACK: f32 = 6.0;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Press {
    /// All rows from where one was up to this one.
    Range(usize),
    /// This row as well, or no longer.
    One(usize),
    /// The menu of this row, at this point; without a row, that of where one is.
    Menu(Option<usize>, Point),
    /// This row was lifted, at this point.
    Lifted(usize, Point),
    /// What was lifted is here now.
    Carried(Point),
    /// Whether it is to be copied where it is let go.
    Copies(bool),
    /// It was let go.
    LetGo,
}

/// A list that rows are picked from.
pub struct Pick<'a, Message> {
    window: Window,
    carried: bool,
    here: Option<usize>,
    on: Box<dyn Fn(Press) -> Message + 'a>,
}

/// Lets rows be picked from a list that stands so. `carried`: something is being carried;
/// `here`: the row one is at.
pub fn pick<'a, Message>(
    list: impl Into<super::Element<'a, Message>>,
    window: Window,
    carried: bool,
    here: Option<usize>,
    on: impl Fn(Press) -> Message + 'a,
) -> Wrap<'a, Message, Pick<'a, Message>> {
    Wrap::new(list, Pick { window, carried, here, on: Box::new(on) })
}

/// Whether the pointer carries something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Carrying {
    #[default]
    No,
    /// It was lifted; the view does not know yet.
    Lifted,
    Yes,
}

/// What the view cannot know.
#[derive(Debug, Default)]
pub struct State {
    modifiers: Modifiers,
    pressed: Option<(usize, Point)>,
    carrying: Carrying,
}

impl<Message> Pick<'_, Message> {
    fn row(&self, bounds: Rectangle, at: Point) -> Option<usize> {
        let down = f64::from(at.y - bounds.y) + self.window.offset;
        let row = (down / f64::from(self.window.row.max(1.0))).floor();
        (row >= 0.0 && row < self.window.total as f64).then_some(row as usize)
    }
}

impl<Message> Around<Message> for Pick<'_, Message> {
    type State = State;

    fn update(
        &mut self,
        state: &mut State,
        inside: &mut Inside<'_, '_, Message>,
        event: &Event,
        shell: &mut Shell<'_, Message>,
    ) {
        match (state.carrying, self.carried) {
            (Carrying::Lifted, true) => state.carrying = Carrying::Yes,
            // Escape, say.
            (Carrying::Yes, false) => {
                state.carrying = Carrying::No;
                state.pressed = None;
            }
            _ => {}
        }
        let bounds = inside.bounds();
        match event {
            Event::Keyboard(keyboard::Event::ModifiersChanged(modifiers)) => {
                state.modifiers = *modifiers;
                if state.carrying != Carrying::No {
                    shell.publish((self.on)(Press::Copies(modifiers.command())));
                }
            }
            Event::Keyboard(keyboard::Event::KeyPressed {
                key: keyboard::Key::Named(key),
                modifiers,
                ..
            }) if (*key == Named::ContextMenu || (*key == Named::F10 && modifiers.shift()))
                && !modifiers.command() =>
            {
                let row = self.here.unwrap_or_else(|| self.window.in_sight().start);
                let top = row as f64 * f64::from(self.window.row) - self.window.offset;
                let down = (top as f32 + self.window.row * 0.6).clamp(0.0, bounds.height);
                let at = Point::new(bounds.x + bounds.width * 0.3, bounds.y + down);
                shell.publish((self.on)(Press::Menu(None, at)));
                shell.capture_event();
                return;
            }
            Event::Mouse(mouse::Event::ButtonPressed(button @ (Button::Left | Button::Right))) => {
                let at = inside.cursor.position_over(bounds);
                let bar = Bar::of(bounds, self.window.offset, self.window.content());
                let at = at.filter(|at| !bar.is_some_and(|bar| bar.has(*at)));
                if let Some((row, at)) = at.and_then(|at| Some((self.row(bounds, at)?, at))) {
                    let press = match button {
                        Button::Right => Some(Press::Menu(Some(row), at)),
                        _ if state.modifiers.shift() => Some(Press::Range(row)),
                        _ if state.modifiers.command() => Some(Press::One(row)),
                        _ => None,
                    };
                    if let Some(press) = press {
                        shell.publish((self.on)(press));
                        shell.capture_event();
                        return;
                    }
                    state.pressed = Some((row, at));
                }
            }
            Event::Mouse(mouse::Event::CursorMoved { position }) => {
                if let (Some((row, from)), Carrying::No) = (state.pressed, state.carrying)
                    && from.distance(*position) > SLACK
                {
                    state.carrying = Carrying::Lifted;
                    // The row is not clicked when the pointer lets go.
                    let mut messages = Vec::new();
                    let cursor = std::mem::replace(&mut inside.cursor, mouse::Cursor::Unavailable);
                    let let_go = Event::Mouse(mouse::Event::ButtonReleased(Button::Left));
                    inside.update(&let_go, &mut Shell::new(&mut messages));
                    inside.cursor = cursor;
                    shell.publish((self.on)(Press::Lifted(row, *position)));
                    shell.publish((self.on)(Press::Copies(state.modifiers.command())));
                    return;
                }
                if state.carrying != Carrying::No {
                    shell.publish((self.on)(Press::Carried(*position)));
                    return;
                }
            }
            Event::Mouse(mouse::Event::ButtonReleased(Button::Left)) => {
                state.pressed = None;
                if std::mem::take(&mut state.carrying) != Carrying::No {
                    shell.publish((self.on)(Press::LetGo));
                    return;
                }
            }
            _ => {}
        }
        inside.update(event, shell);
    }
}
