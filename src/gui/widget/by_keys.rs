//! A view that is scrolled by keys as it is by the wheel: arrows, Page Up and Down, Space, Home
//! and End. Whatever scrolls in it need not know of keys.

use super::bar::NOTCH;
use super::wrap::{Around, Inside, Wrap};
use iced::advanced::{Shell, mouse};
use iced::keyboard::{self, Key, Modifiers, key::Named};
use iced::{Event, mouse::ScrollDelta};

/// Of what is seen so much stays in sight when a page is turned, in logical pixels.
const STAYS: f32 = 48.0;
/// Further than anything is long.
const FAR: f32 = 1.0e9;

/// What scrolls a view by keys.
#[derive(Debug)]
pub struct ByKeys;

/// Lets a view be scrolled by keys that nothing in it takes for itself.
pub fn by_keys<'a, Message>(
    content: impl Into<super::Element<'a, Message>>,
) -> Wrap<'a, Message, ByKeys> {
    Wrap::new(content, ByKeys)
}

/// How far down a key scrolls what is this high.
fn down(key: &Key, modifiers: Modifiers, height: f32) -> Option<f32> {
    let page = (height - STAYS).max(NOTCH);
    let by = match key.as_ref() {
        Key::Named(Named::Space) if modifiers == Modifiers::SHIFT => -page,
        _ if !modifiers.is_empty() => return None,
        Key::Named(Named::ArrowDown) => NOTCH,
        Key::Named(Named::ArrowUp) => -NOTCH,
        Key::Named(Named::PageDown | Named::Space) => page,
        Key::Named(Named::PageUp) => -page,
        Key::Named(Named::Home) => -FAR,
        Key::Named(Named::End) => FAR,
        _ => return None,
    };
    Some(by)
}

impl<Message> Around<Message> for ByKeys {
    type State = ();

    fn update(
        &mut self,
        (): &mut (),
        inside: &mut Inside<'_, '_, Message>,
        event: &Event,
        shell: &mut Shell<'_, Message>,
    ) {
        inside.update(event, shell);
        let Event::Keyboard(keyboard::Event::KeyPressed { key, modifiers, .. }) = event else {
            return;
        };
        let bounds = inside.bounds();
        let Some(down) = down(key, *modifiers, bounds.height) else { return };
        if shell.is_event_captured() {
            return;
        }
        // Turned where the view is, wherever the pointer is.
        let middle = mouse::Cursor::Available(bounds.center());
        let cursor = std::mem::replace(&mut inside.cursor, middle);
        let delta = ScrollDelta::Pixels { x: 0.0, y: -down };
        inside.update(&Event::Mouse(mouse::Event::WheelScrolled { delta }), shell);
        inside.cursor = cursor;
        shell.capture_event();
        shell.request_redraw();
    }
}
