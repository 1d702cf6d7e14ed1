//! What the pointer does with keys held, and what is carried by it.

use super::Stage;
use iced::keyboard::{self, Key, Modifiers, key};
use iced::mouse::{Button, Event as Mouse};
use iced::{Event, Point};

/// Where a row of the list is.
pub fn row_at(at: usize) -> Point {
    Point::new(250.0, 90.0 + 76.0 * at as f32 + 30.0)
}

fn held(modifiers: Modifiers) -> Event {
    Event::Keyboard(keyboard::Event::ModifiersChanged(modifiers))
}

impl Stage {
    /// Clicks a row with these keys held.
    pub fn click_row(&mut self, at: usize, modifiers: Modifiers) {
        self.act(|simulator| {
            let _ = simulator.simulate([held(modifiers)]);
            simulator.point_at(row_at(at));
            let _ = simulator.simulate(iced_test::simulator::click());
        });
    }

    /// Asks for the menu of a row.
    pub fn right_click_row(&mut self, at: usize) {
        self.act(|simulator| {
            simulator.point_at(row_at(at));
            let _ = simulator.simulate([Event::Mouse(Mouse::ButtonPressed(Button::Right))]);
            let _ = simulator.simulate([Event::Mouse(Mouse::ButtonReleased(Button::Right))]);
        });
    }

    /// Asks for the menu of what these words stand on.
    pub fn right_click(&mut self, text: &str) {
        let (x, y) = self.middle_of(text);
        self.right_click_at(x - 20.0, y - 22.0);
    }

    /// Asks for the menu of what is there in the window.
    pub fn right_click_at(&mut self, x: f32, y: f32) {
        self.act(|simulator| {
            simulator.point_at(Point::new(x, y));
            let _ = simulator.simulate([Event::Mouse(Mouse::ButtonPressed(Button::Right))]);
        });
    }

    /// Presses on a row and moves away with it.
    pub fn lift_row(&mut self, at: usize) {
        let from = row_at(at);
        let to = Point::new(from.x - 40.0, from.y + 12.0);
        self.act(|simulator| {
            simulator.point_at(from);
            let _ = simulator.simulate([Event::Mouse(Mouse::ButtonPressed(Button::Left))]);
            simulator.point_at(to);
            let _ = simulator.simulate([Event::Mouse(Mouse::CursorMoved { position: to })]);
        });
    }

    /// Carries it over these words.
    pub fn carry_over(&mut self, text: &str) {
        let (x, y) = self.middle_of(text);
        let to = Point::new(x - 20.0, y - 22.0);
        self.act(|simulator| {
            simulator.point_at(to);
            let _ = simulator.simulate([Event::Mouse(Mouse::CursorMoved { position: to })]);
        });
    }

    /// Lets go over these words.
    pub fn drop_on(&mut self, text: &str) {
        let (x, y) = self.middle_of(text);
        let to = Point::new(x - 20.0, y - 22.0);
        self.act(|simulator| {
            simulator.point_at(to);
            let _ = simulator.simulate([Event::Mouse(Mouse::ButtonReleased(Button::Left))]);
        });
    }

    /// A named key with these held.
    pub fn named(&mut self, key: key::Named, modifiers: Modifiers) {
        self.pressed(Key::Named(key), modifiers);
    }

    /// A key with these held.
    pub fn pressed(&mut self, key: Key, modifiers: Modifiers) {
        let event = Event::Keyboard(keyboard::Event::KeyPressed {
            key: key.clone(),
            modified_key: key,
            physical_key: key::Physical::Unidentified(key::NativeCode::Unidentified),
            location: keyboard::Location::Standard,
            modifiers,
            text: None,
            repeat: false,
        });
        self.act(|simulator| {
            let _ = simulator.simulate([event]);
        });
    }
}
