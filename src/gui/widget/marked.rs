//! What the arrows have come to is brought into sight, in a list that is scrolled.

use super::wrap::{Around, Inside, Wrap};
use iced::Event;
use iced::advanced::Shell;
use iced::advanced::widget::Id;
use iced::widget::container;

/// The name of what the arrows have come to.
const NAME: &str = "marked";

/// A list in which one thing is marked.
pub struct Marked {
    at: Option<usize>,
}

/// Lets a list, which is scrolled, show the thing that is marked: the how many-th.
pub fn showing<'a, Message>(
    list: impl Into<super::Element<'a, Message>>,
    at: Option<usize>,
) -> Wrap<'a, Message, Marked> {
    Wrap::new(list, Marked { at })
}

/// One thing of the list; `on`: it is the one that is marked.
pub fn marked<'a, Message: 'a>(
    on: bool,
    thing: impl Into<super::Element<'a, Message>>,
) -> super::Element<'a, Message> {
    let thing = container(thing);
    if on { thing.id(Id::new(NAME)).into() } else { thing.into() }
}

impl<Message> Around<Message> for Marked {
    type State = Option<usize>;

    fn update(
        &mut self,
        shown: &mut Option<usize>,
        inside: &mut Inside<'_, '_, Message>,
        event: &Event,
        shell: &mut Shell<'_, Message>,
    ) {
        if std::mem::replace(shown, self.at) != self.at {
            inside.reveal_named(Id::new(NAME));
            shell.request_redraw();
        }
        inside.update(event, shell);
    }
}
