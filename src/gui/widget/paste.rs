//! A field into which whole lists are pasted: the toolkit's own takes lines and tabs out of
//! what is pasted, and makes one word of many.

use iced::advanced::clipboard::Kind;
use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::operation::Focusable;
use iced::advanced::widget::tree::Tree;
use iced::advanced::widget::{Id, Operation, Widget};
use iced::advanced::{Clipboard, Shell, mouse, overlay, renderer};
use iced::keyboard::{self, Key};
use iced::{Event, Length, Rectangle, Renderer, Size, Theme, Vector};

/// A field with a way of its own to paste lists.
pub struct Paste<'a, Message> {
    field: super::Element<'a, Message>,
    on: Box<dyn Fn(String) -> Message + 'a>,
}

/// Says what is pasted into a field, where it holds lines or tabs.
pub fn paste<'a, Message>(
    field: impl Into<super::Element<'a, Message>>,
    on: impl Fn(String) -> Message + 'a,
) -> Paste<'a, Message> {
    Paste { field: field.into(), on: Box::new(on) }
}

/// Whether the field has the cursor.
struct Here(bool);

impl Operation for Here {
    fn focusable(&mut self, _: Option<&Id>, _: Rectangle, field: &mut dyn Focusable) {
        self.0 |= field.is_focused();
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

fn pastes(event: &Event) -> bool {
    let Event::Keyboard(keyboard::Event::KeyPressed { key, modifiers, .. }) = event else {
        return false;
    };
    matches!(key, Key::Character(c) if matches!(c.as_str(), "v" | "V" | "ㅍ"))
        && modifiers.command()
        && !modifiers.alt()
}

impl<Message> Widget<Message, Theme, Renderer> for Paste<'_, Message> {
    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.field)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(std::slice::from_ref(&self.field));
    }

    fn size(&self) -> Size<Length> {
        self.field.as_widget().size()
    }

    fn layout(
        &mut self,
        tree: &mut Tree,
        renderer: &Renderer,
        limits: &layout::Limits,
    ) -> layout::Node {
        match tree.children.first_mut() {
            Some(child) => self.field.as_widget_mut().layout(child, renderer, limits),
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
            self.field.as_widget_mut().operate(child, layout, renderer, operation);
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
        let mut here = Here(false);
        if pastes(event) {
            self.operate(tree, layout, renderer, &mut here);
        }
        let text = if here.0 { clipboard.read(Kind::Standard) } else { None };
        if let Some(text) = text.filter(|text| text.trim().contains(['\n', '\r', '\t'])) {
            shell.publish((self.on)(text));
            shell.capture_event();
            return;
        }
        if let Some(child) = tree.children.first_mut() {
            self.field
                .as_widget_mut()
                .update(child, event, layout, cursor, renderer, clipboard, shell, viewport);
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
            self.field.as_widget().mouse_interaction(child, layout, cursor, viewport, renderer)
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
            self.field.as_widget().draw(child, renderer, theme, style, layout, cursor, viewport);
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
        self.field.as_widget_mut().overlay(child, layout, renderer, viewport, translation)
    }
}

impl<'a, Message: 'a> From<Paste<'a, Message>> for super::Element<'a, Message> {
    fn from(paste: Paste<'a, Message>) -> Self {
        Self::new(paste)
    }
}
