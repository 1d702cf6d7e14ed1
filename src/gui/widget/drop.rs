//! A menu below what opens it. A click elsewhere closes it.

use iced::advanced::layout::{self, Layout};
use iced::advanced::overlay::{self, Overlay};
use iced::advanced::widget::tree::Tree;
use iced::advanced::widget::{Operation, Widget};
use iced::advanced::{Clipboard, Shell, mouse, renderer};
use iced::{Event, Length, Point, Rectangle, Renderer, Size, Theme, Vector};

/// Logical pixels between a menu and what opens it.
const GAP: f32 = 4.0;

/// Something with a menu.
pub struct Drop<'a, Message> {
    // The thing, and its menu when it is open.
    children: Vec<super::Element<'a, Message>>,
    on_close: Message,
    of_field: bool,
}

/// Puts a menu under a view; without one it is just the view.
pub fn drop<'a, Message>(
    under: impl Into<super::Element<'a, Message>>,
    menu: Option<super::Element<'a, Message>>,
    on_close: Message,
) -> Drop<'a, Message> {
    let children = std::iter::once(under.into()).chain(menu).collect();
    Drop { children, on_close, of_field: false }
}

impl<Message> Drop<'_, Message> {
    /// It is the menu of a field: a click into the field is the field's, and closes nothing.
    #[must_use]
    pub fn of_field(mut self) -> Self {
        self.of_field = true;
        self
    }
}

impl<'a, Message: Clone + 'a> Widget<Message, Theme, Renderer> for Drop<'a, Message> {
    fn children(&self) -> Vec<Tree> {
        self.children.iter().map(Tree::new).collect()
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(&self.children);
    }

    fn size(&self) -> Size<Length> {
        self.children
            .first()
            .map_or(Size::new(Length::Shrink, Length::Shrink), |child| child.as_widget().size())
    }

    fn layout(
        &mut self,
        tree: &mut Tree,
        renderer: &Renderer,
        limits: &layout::Limits,
    ) -> layout::Node {
        match (self.children.first_mut(), tree.children.first_mut()) {
            (Some(child), Some(tree)) => child.as_widget_mut().layout(tree, renderer, limits),
            _ => layout::Node::new(Size::ZERO),
        }
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        if let (Some(child), Some(tree)) = (self.children.first_mut(), tree.children.first_mut()) {
            child.as_widget_mut().operate(tree, layout, renderer, operation);
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
        if let (Some(child), Some(tree)) = (self.children.first_mut(), tree.children.first_mut()) {
            child
                .as_widget_mut()
                .update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
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
        match (self.children.first(), tree.children.first()) {
            (Some(child), Some(tree)) => {
                child.as_widget().mouse_interaction(tree, layout, cursor, viewport, renderer)
            }
            _ => mouse::Interaction::None,
        }
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
        if let (Some(child), Some(tree)) = (self.children.first(), tree.children.first()) {
            child.as_widget().draw(tree, renderer, theme, style, layout, cursor, viewport);
        }
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        _: &Renderer,
        _: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        let menu = self.children.get_mut(1)?;
        let tree = tree.children.get_mut(1)?;
        let under = layout.bounds() + translation;
        Some(overlay::Element::new(Box::new(Menu {
            menu,
            tree,
            under,
            on_close: self.on_close.clone(),
            of_field: self.of_field,
        })))
    }
}

impl<'a, Message: Clone + 'a> From<Drop<'a, Message>> for super::Element<'a, Message> {
    fn from(drop: Drop<'a, Message>) -> Self {
        Self::new(drop)
    }
}

struct Menu<'a, 'b, Message> {
    menu: &'b mut super::Element<'a, Message>,
    tree: &'b mut Tree,
    under: Rectangle,
    on_close: Message,
    of_field: bool,
}

impl<Message: Clone> Overlay<Message, Theme, Renderer> for Menu<'_, '_, Message> {
    fn layout(&mut self, renderer: &Renderer, bounds: Size) -> layout::Node {
        let room = layout::Limits::new(Size::ZERO, bounds);
        let node = self.menu.as_widget_mut().layout(self.tree, renderer, &room);
        let size = node.size();
        // Below, or above where there is no room; never beyond the window.
        let below = self.under.y + self.under.height + GAP;
        let y = if below + size.height <= bounds.height {
            below
        } else {
            (self.under.y - GAP - size.height).max(0.0)
        };
        let right = self.under.x + self.under.width;
        let x = if self.under.x + size.width <= bounds.width - GAP {
            self.under.x
        } else {
            (right - size.width).max(0.0)
        };
        node.move_to(Point::new(x, y))
    }

    fn operate(&mut self, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        self.menu.as_widget_mut().operate(self.tree, layout, renderer, operation);
    }

    fn update(
        &mut self,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
    ) {
        let bounds = layout.bounds();
        self.menu
            .as_widget_mut()
            .update(self.tree, event, layout, cursor, renderer, clipboard, shell, &bounds);
        if let Event::Mouse(mouse::Event::ButtonPressed(_)) = event
            && !shell.is_event_captured()
            && !(self.of_field && cursor.is_over(self.under))
        {
            if !cursor.is_over(bounds) {
                shell.publish(self.on_close.clone());
            }
            shell.capture_event();
        }
    }

    fn mouse_interaction(
        &self,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        let bounds = layout.bounds();
        let inside =
            self.menu.as_widget().mouse_interaction(self.tree, layout, cursor, &bounds, renderer);
        if inside == mouse::Interaction::None && cursor.is_over(bounds) {
            return mouse::Interaction::Idle;
        }
        inside
    }

    fn draw(
        &self,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
    ) {
        let bounds = layout.bounds();
        // A shadow lies outside.
        let viewport = bounds.expand(24.0);
        self.menu.as_widget().draw(self.tree, renderer, theme, style, layout, cursor, &viewport);
    }
}
