//! Keys for the whole window: some before any field sees them, the others only
//! when no field has taken them.

use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::operation::Focusable;
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Id, Operation, Widget};
use iced::advanced::{Clipboard, Shell, mouse, overlay, renderer};
use iced::keyboard::{self, Key, Modifiers, key::Named};
use iced::{Event, Length, Rectangle, Renderer, Size, Theme, Vector};

type Say<'a, Message> = Box<dyn Fn(&Key, Modifiers) -> Option<Message> + 'a>;
type SayNext<'a, Message> = Box<dyn Fn(Option<&Key>, Modifiers) -> Message + 'a>;

/// A view with keys.
pub struct Keys<'a, Message> {
    content: super::Element<'a, Message>,
    first: Say<'a, Message>,
    last: Say<'a, Message>,
    tabs: bool,
    second: Option<Second<'a, Message>>,
}

/// Keys that come in pairs.
struct Second<'a, Message> {
    waits: bool,
    begins: fn(&Message) -> bool,
    says: SayNext<'a, Message>,
}

/// Whether a second key is waited for, as far as the view cannot know it yet.
#[derive(Default)]
struct Pair(Option<bool>);

/// Gives a view its keys: `first` is asked before the view, `last` after it.
pub fn keys<'a, Message>(
    content: impl Into<super::Element<'a, Message>>,
    first: impl Fn(&Key, Modifiers) -> Option<Message> + 'a,
    last: impl Fn(&Key, Modifiers) -> Option<Message> + 'a,
) -> Keys<'a, Message> {
    let (first, last) = (Box::new(first), Box::new(last));
    Keys { content: content.into(), first, last, tabs: false, second: None }
}

impl<'a, Message> Keys<'a, Message> {
    /// The tabulator moves from field to field, from the last to the first. At once: what
    /// is typed right after it, a password, must not go into the field before.
    #[must_use]
    pub fn with_tabs(self) -> Self {
        Self { tabs: true, ..self }
    }

    /// After a message that begins a pair the next key means what `says` says, and nothing
    /// else; a click gives up (`None`). At once, as with tabs: the second key, alone, may
    /// well throw a letter away. `waits`: the first was pressed.
    #[must_use]
    pub fn with_second(
        self,
        waits: bool,
        begins: fn(&Message) -> bool,
        says: impl Fn(Option<&Key>, Modifiers) -> Message + 'a,
    ) -> Self {
        Self { second: Some(Second { waits, begins, says: Box::new(says) }), ..self }
    }
}

/// Counts the fields, and finds the one with the cursor.
#[derive(Default)]
struct Count {
    fields: usize,
    here: Option<usize>,
}

impl Operation for Count {
    fn focusable(&mut self, _: Option<&Id>, _: Rectangle, field: &mut dyn Focusable) {
        if field.is_focused() {
            self.here = Some(self.fields);
        }
        self.fields += 1;
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

/// Puts the cursor into one of the fields.
struct Enter {
    into: usize,
    at: usize,
}

impl Operation for Enter {
    fn focusable(&mut self, _: Option<&Id>, _: Rectangle, field: &mut dyn Focusable) {
        match self.at == self.into {
            true => field.focus(),
            false => field.unfocus(),
        }
        self.at += 1;
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Keys<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Pair>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Pair::default())
    }

    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.content)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.state.downcast_mut::<Pair>().0 = None;
        tree.diff_children(std::slice::from_ref(&self.content));
    }

    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
    }

    fn layout(
        &mut self,
        tree: &mut Tree,
        renderer: &Renderer,
        limits: &layout::Limits,
    ) -> layout::Node {
        match tree.children.first_mut() {
            Some(child) => self.content.as_widget_mut().layout(child, renderer, limits),
            None => layout::Node::new(limits.max()),
        }
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        if let Some(child) = tree.children.first_mut() {
            self.content.as_widget_mut().operate(child, layout, renderer, operation);
        }
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        let pressed = match event {
            Event::Keyboard(keyboard::Event::KeyPressed {
                key, modified_key, modifiers, ..
            }) => Some((key, modified_key, *modifiers)),
            _ => None,
        };
        // A sign by what it is, wherever it stands: `#` is 3 on most keyboards, `?` is `/`.
        let is_sign = |key: &Key| matches!(key, Key::Character(c) if c.chars().all(|c| c.is_ascii_punctuation()));
        let asked = |say: &Say<'_, Message>| {
            let (key, modified, modifiers) = pressed?;
            let (one, other) = if is_sign(modified) { (modified, key) } else { (key, modified) };
            say(one, modifiers).or_else(|| say(other, modifiers))
        };
        if let Some(second) = &self.second {
            let pair = &mut tree.state.downcast_mut::<Pair>().0;
            let clicked = matches!(event, Event::Mouse(mouse::Event::ButtonPressed(_)));
            // Shift alone is no answer.
            let key = pressed.filter(|(key, ..)| {
                use Named::{Alt, Control, Shift, Super};
                !matches!(key, Key::Named(Shift | Control | Alt | Super))
            });
            if pair.unwrap_or(second.waits) && (clicked || key.is_some()) {
                *pair = Some(false);
                let modifiers = key.map_or_else(Modifiers::default, |(_, _, modifiers)| modifiers);
                shell.publish((second.says)(key.map(|(key, ..)| key), modifiers));
                if key.is_some() {
                    shell.capture_event();
                    return;
                }
            }
        }
        if let Some((Key::Named(Named::Tab), _, modifiers)) = pressed
            && self.tabs
        {
            let mut count = Count::default();
            self.operate(tree, layout, renderer, &mut count);
            let last = count.fields.saturating_sub(1);
            let into = match (count.here, modifiers.shift()) {
                (None, false) => 0,
                (None, true) => last,
                (Some(here), false) => {
                    if here >= last {
                        0
                    } else {
                        here + 1
                    }
                }
                (Some(here), true) => here.checked_sub(1).unwrap_or(last),
            };
            self.operate(tree, layout, renderer, &mut Enter { into, at: 0 });
            shell.capture_event();
            shell.request_redraw();
            return;
        }
        if let Some(message) = asked(&self.first) {
            shell.publish(message);
            shell.capture_event();
            return;
        }
        if let Some(child) = tree.children.first_mut() {
            self.content
                .as_widget_mut()
                .update(child, event, layout, cursor, renderer, clipboard, shell, viewport);
        }
        if shell.is_event_captured() {
            return;
        }
        if let Some(message) = asked(&self.last) {
            if self.second.as_ref().is_some_and(|second| (second.begins)(&message)) {
                tree.state.downcast_mut::<Pair>().0 = Some(true);
            }
            shell.publish(message);
            shell.capture_event();
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        tree.children.first().map_or(mouse::Interaction::None, |child| {
            self.content.as_widget().mouse_interaction(child, layout, cursor, viewport, renderer)
        })
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        if let Some(child) = tree.children.first() {
            self.content.as_widget().draw(child, renderer, theme, style, layout, cursor, viewport);
        }
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        let child = tree.children.first_mut()?;
        self.content.as_widget_mut().overlay(child, layout, renderer, viewport, translation)
    }
}

impl<'a, Message: 'a> From<Keys<'a, Message>> for super::Element<'a, Message> {
    fn from(keys: Keys<'a, Message>) -> Self {
        Self::new(keys)
    }
}
