//! A view around one other: of its size, drawn as it is, and told what it is told, but for
//! what is [`Around`] it.

use super::reveal;
use iced::advanced::clipboard::Kind;
use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::operation::Focusable;
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Id, Operation, Widget};
use iced::advanced::{Clipboard, Shell, mouse, overlay, renderer};
use iced::mouse::Interaction;
use iced::{Event, Length, Rectangle, Renderer, Size, Theme, Vector};

/// A view, and what is around it.
pub struct Wrap<'a, Message, A> {
    content: super::Element<'a, Message>,
    pub(super) around: A,
}

impl<'a, Message, A: Around<Message>> Wrap<'a, Message, A> {
    pub(super) fn new(content: impl Into<super::Element<'a, Message>>, around: A) -> Self {
        Self { content: content.into(), around }
    }
}

/// What is added to a view.
pub trait Around<Message> {
    /// What is remembered as long as the view is there.
    type State: Default + 'static;

    /// The view was made anew.
    fn renewed(_: &mut Self::State) {}

    /// Something is done with all that can be focused: the view itself comes after this.
    fn operate(&self, _: &mut Self::State, _: Layout<'_>, _: &mut dyn Operation) {}

    /// Something happened. The view hears of it by [`Inside::update`] alone.
    fn update(
        &mut self,
        _: &mut Self::State,
        inside: &mut Inside<'_, '_, Message>,
        event: &Event,
        shell: &mut Shell<'_, Message>,
    ) {
        inside.update(event, shell);
    }

    /// What the pointer looks like where that is not for the view to say.
    fn pointer(&self, _: &Self::State, _: Layout<'_>, _: mouse::Cursor) -> Option<Interaction> {
        None
    }

    /// Is drawn over the view.
    fn draw(&self, _: &Self::State, _: &mut Renderer, _: Layout<'_>, _: &Rectangle) {}
}

/// Names the state of a wrap: `()` alone would name that of every view that has none, and one
/// of those may have stood in its place.
struct Kept<State>(std::marker::PhantomData<State>);

/// The view inside, while something happens.
pub struct Inside<'i, 'a, Message> {
    content: &'i mut super::Element<'a, Message>,
    tree: &'i mut Tree,
    layout: Layout<'i>,
    renderer: &'i Renderer,
    clipboard: &'i mut dyn Clipboard,
    viewport: &'i Rectangle,
    /// Where the pointer is.
    pub cursor: mouse::Cursor,
}

impl<Message> Inside<'_, '_, Message> {
    /// Tells the view of it.
    pub fn update(&mut self, event: &Event, shell: &mut Shell<'_, Message>) {
        self.content.as_widget_mut().update(
            self.tree,
            event,
            self.layout,
            self.cursor,
            self.renderer,
            self.clipboard,
            shell,
            self.viewport,
        );
    }

    /// Does something with all that can be focused in the view.
    pub fn operate(&mut self, operation: &mut dyn Operation) {
        let content = self.content.as_widget_mut();
        content.operate(self.tree, self.layout, self.renderer, operation);
    }

    /// Scrolls what has this name into sight.
    pub fn reveal_named(&mut self, id: Id) {
        self.reveal_found(reveal::Find::of(id));
    }

    /// Scrolls what has the focus into sight.
    pub fn reveal(&mut self) {
        self.reveal_found(reveal::Find::default());
    }

    fn reveal_found(&mut self, mut find: reveal::Find) {
        self.operate(&mut find);
        if let Some(mut reveal) = find.reveal() {
            self.operate(&mut reveal);
        }
    }

    /// Whether a field in the view has the cursor.
    pub fn has_cursor(&mut self) -> bool {
        let mut cursor = Cursor(false);
        self.operate(&mut cursor);
        cursor.0
    }

    /// Where the view is.
    pub fn bounds(&self) -> Rectangle {
        self.layout.bounds()
    }

    /// The text that would be pasted.
    pub fn pasted(&self) -> Option<String> {
        self.clipboard.read(Kind::Standard)
    }
}

/// Whether a field has the cursor.
struct Cursor(bool);

impl Operation for Cursor {
    fn focusable(&mut self, _: Option<&Id>, _: Rectangle, field: &mut dyn Focusable) {
        self.0 |= field.is_focused();
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

impl<Message, A: Around<Message>> Widget<Message, Theme, Renderer> for Wrap<'_, Message, A> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Kept<A::State>>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(A::State::default())
    }

    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.content)]
    }

    fn diff(&self, tree: &mut Tree) {
        A::renewed(tree.state.downcast_mut());
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
        self.around.operate(tree.state.downcast_mut(), layout, operation);
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
        let Some(child) = tree.children.first_mut() else { return };
        let content = &mut self.content;
        let mut inside =
            Inside { content, tree: child, layout, renderer, clipboard, viewport, cursor };
        self.around.update(tree.state.downcast_mut(), &mut inside, event, shell);
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> Interaction {
        if let Some(pointer) = self.around.pointer(tree.state.downcast_ref(), layout, cursor) {
            return pointer;
        }
        tree.children.first().map_or(Interaction::None, |child| {
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
        self.around.draw(tree.state.downcast_ref(), renderer, layout, viewport);
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

impl<'a, Message: 'a, A: Around<Message> + 'a> From<Wrap<'a, Message, A>>
    for super::Element<'a, Message>
{
    fn from(wrap: Wrap<'a, Message, A>) -> Self {
        Self::new(wrap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::widget::Element;
    use crate::gui::widget::watch::watch;
    use iced::widget::space;

    #[test]
    fn a_wrap_without_a_state_takes_the_place_of_a_view_without_one() {
        let bare: Element<'_, ()> = space().into();
        let mut tree = Tree::new(&bare);
        let wrapped: Element<'_, ()> = watch(space(), ()).into();
        tree.diff(&wrapped);
        assert_eq!(tree.children.len(), 1);
        // And gives it back.
        tree.diff(&bare);
        assert!(tree.children.is_empty());
    }
}
