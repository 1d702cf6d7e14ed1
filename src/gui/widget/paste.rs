//! A field into which whole lists are pasted: the toolkit's own takes lines and tabs out of
//! what is pasted, and makes one word of many.

use super::wrap::{Around, Inside, Wrap};
use iced::Event;
use iced::advanced::Shell;
use iced::keyboard::{self, Key};

/// A way of its own to paste lists.
pub struct Paste<'a, Message>(Box<dyn Fn(String) -> Message + 'a>);

/// Says what is pasted into a field, where it holds lines or tabs.
pub fn paste<'a, Message>(
    field: impl Into<super::Element<'a, Message>>,
    on: impl Fn(String) -> Message + 'a,
) -> Wrap<'a, Message, Paste<'a, Message>> {
    Wrap::new(field, Paste(Box::new(on)))
}

fn pastes(event: &Event) -> bool {
    let Event::Keyboard(keyboard::Event::KeyPressed { key, modifiers, .. }) = event else {
        return false;
    };
    matches!(key, Key::Character(c) if matches!(c.as_str(), "v" | "V" | "ㅍ"))
        && modifiers.command()
        && !modifiers.alt()
}

impl<Message> Around<Message> for Paste<'_, Message> {
    type State = ();

    fn update(
        &mut self,
        (): &mut (),
        inside: &mut Inside<'_, '_, Message>,
        event: &Event,
        shell: &mut Shell<'_, Message>,
    ) {
        let text = if pastes(event) && inside.has_cursor() { inside.pasted() } else { None };
        if let Some(text) = text.filter(|text| text.trim().contains(['\n', '\r', '\t'])) {
            shell.publish((self.0)(text));
            shell.capture_event();
            return;
        }
        inside.update(event, shell);
    }
}
