//! Bringing what has the focus, or a name, into sight: whatever it stands in is scrolled so
//! far.

use iced::advanced::widget::operation::scrollable::AbsoluteOffset;
use iced::advanced::widget::operation::{Focusable, Scrollable};
use iced::advanced::widget::{Id, Operation, operation::Outcome};
use iced::{Rectangle, Vector};

/// Logical pixels that are left beside it.
const MARGIN: f32 = 8.0;

/// Something that is scrolled: the how many-th, where it is, and how far it is scrolled.
type Scrolled = (usize, Rectangle, Vector);

/// Brings what has this name into sight.
pub fn named(id: Id) -> impl Operation<()> + 'static {
    Find::of(id)
}

/// Finds it, and how far all around it has to be scrolled.
#[derive(Debug, Default)]
pub(super) struct Find {
    /// Its name; without one it is what has the focus.
    id: Option<Id>,
    count: usize,
    /// What the views that come next stand in.
    begins: Option<Scrolled>,
    around: Vec<Scrolled>,
    by: Vec<(usize, Vector)>,
}

impl Find {
    /// Finds what has this name.
    pub(super) fn of(id: Id) -> Self {
        Self { id: Some(id), ..Self::default() }
    }

    /// What does it; `None` where all is in sight.
    pub(super) fn reveal(&self) -> Option<Reveal> {
        (!self.by.is_empty()).then(|| Reveal { count: 0, by: self.by.clone() })
    }

    fn found(&mut self, bounds: Rectangle) {
        let mut seen = bounds;
        for (which, place, translation) in self.around.iter().rev() {
            seen = seen - *translation;
            let by = Vector::new(
                beyond(seen.x, seen.width, place.x, place.width),
                beyond(seen.y, seen.height, place.y, place.height),
            );
            if by != Vector::ZERO {
                self.by.push((*which, by));
                seen = seen - by;
            }
        }
    }
}

impl Operation for Find {
    fn scrollable(
        &mut self,
        _: Option<&Id>,
        bounds: Rectangle,
        _: Rectangle,
        translation: Vector,
        _: &mut dyn Scrollable,
    ) {
        self.begins = Some((self.count, bounds, translation));
        self.count += 1;
    }

    fn focusable(&mut self, _: Option<&Id>, bounds: Rectangle, field: &mut dyn Focusable) {
        if self.id.is_none() && field.is_focused() {
            self.found(bounds);
        }
    }

    fn container(&mut self, id: Option<&Id>, bounds: Rectangle) {
        if id.is_some() && self.id.as_ref() == id {
            self.found(bounds);
        }
    }

    fn finish(&self) -> Outcome<()> {
        match self.reveal() {
            Some(reveal) => Outcome::Chain(Box::new(reveal)),
            None => Outcome::None,
        }
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        let begins = self.begins.take();
        let depth = self.around.len();
        self.around.extend(begins);
        operate(self);
        self.around.truncate(depth);
    }
}

/// How far something is beyond an edge; what is larger than its place is seen from its
/// beginning.
fn beyond(from: f32, length: f32, edge: f32, room: f32) -> f32 {
    let (before, after) = (from - edge, from + length - edge - room);
    if before > -0.5 && after < 0.5 {
        0.0
    } else if before < 0.0 || length + 2.0 * MARGIN > room {
        before - MARGIN
    } else {
        after + MARGIN
    }
}

/// Scrolls.
#[derive(Debug)]
pub(super) struct Reveal {
    count: usize,
    by: Vec<(usize, Vector)>,
}

impl Operation for Reveal {
    fn scrollable(
        &mut self,
        _: Option<&Id>,
        bounds: Rectangle,
        content: Rectangle,
        _: Vector,
        state: &mut dyn Scrollable,
    ) {
        if let Some((_, by)) = self.by.iter().find(|(which, _)| *which == self.count) {
            state.scroll_by(AbsoluteOffset { x: by.x, y: by.y }, bounds, content);
        }
        self.count += 1;
    }

    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }
}

#[cfg(test)]
mod tests {
    use super::beyond;

    #[test]
    fn only_what_is_beyond_an_edge_is_moved_and_just_so_far() {
        assert_eq!(beyond(50.0, 20.0, 0.0, 100.0), 0.0);
        assert_eq!(beyond(90.0, 20.0, 0.0, 100.0), 18.0);
        assert_eq!(beyond(-5.0, 20.0, 0.0, 100.0), -13.0);
        // Too large for its place: its beginning is seen.
        assert_eq!(beyond(30.0, 200.0, 0.0, 100.0), 22.0);
    }
}
