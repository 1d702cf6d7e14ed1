//! A field that says when somebody points into it.

use super::wrap::{Around, Inside, Wrap};
use iced::advanced::Shell;
use iced::{Event, mouse, touch};

/// What is said of a field.
pub struct Watch<Message>(Message);

/// Says this when a click has put the cursor into a field.
pub fn watch<'a, Message: Clone>(
    field: impl Into<super::Element<'a, Message>>,
    on: Message,
) -> Wrap<'a, Message, Watch<Message>> {
    Wrap::new(field, Watch(on))
}

impl<Message: Clone> Around<Message> for Watch<Message> {
    type State = ();

    fn update(
        &mut self,
        (): &mut (),
        inside: &mut Inside<'_, '_, Message>,
        event: &Event,
        shell: &mut Shell<'_, Message>,
    ) {
        inside.update(event, shell);
        let pressed = matches!(
            event,
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left))
                | Event::Touch(touch::Event::FingerPressed { .. })
        );
        if pressed && inside.has_cursor() {
            shell.publish(self.0.clone());
        }
    }
}
