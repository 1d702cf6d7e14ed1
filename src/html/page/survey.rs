//! Where everything in a laid-out letter is, and what of it can be seen at all.

use blitz_dom::{BaseDocument, Node, NodeId};
use kurbo::Rect;
use std::collections::HashMap;
use style::computed_values::visibility::T as Visibility;
use style::values::computed::Overflow;

/// Far beyond any letter: the clip of what is not clipped.
const FAR: f64 = 1.0e7;

/// Where a box is, and what its ancestors do to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Its border box, in CSS pixels of the document.
    pub(super) border: Rect,
    /// Upper left corner of its content.
    pub(super) content: (f64, f64),
    /// What its own content is cut to.
    pub(super) clip: Rect,
    /// What its box itself is cut to by its ancestors.
    pub(super) outer_clip: Rect,
    /// Nothing of it is drawn.
    pub(super) hidden: bool,
    /// It takes part in the flow of the letter, and so do its ancestors.
    in_flow: bool,
}

/// Every box of a letter.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) places: HashMap<NodeId, Place>,
    /// The boxes in the order in which they are read.
    pub(super) order: Vec<NodeId>,
    /// Right edge of what is in the flow, lower edge of everything that is drawn.
    pub(super) extent: (f64, f64),
}

/// Whether an element itself, whatever its ancestors do, draws nothing.
pub(super) fn draws_nothing(node: &Node) -> bool {
    let Some(element) = node.element_data() else { return false };
    if element.attr(blitz_dom::local_name!("type")) == Some("hidden")
        && element.name.local == blitz_dom::local_name!("input")
    {
        return true;
    }
    let Some(styles) = node.primary_styles() else { return true };
    styles.clone_display().is_none()
        || styles.clone_visibility() != Visibility::Visible
        || styles.clone_opacity() <= 0.01
        || node.transform().as_deref().is_some_and(|t| t.determinant().abs() < 1.0e-6)
}

impl Survey {
    /// Walks over the boxes as laid out. `scale`: device pixels to a CSS pixel.
    pub(super) fn take(document: &BaseDocument, scale: f64) -> Self {
        let mut survey = Self::default();
        let Some(root) = document.try_root_element().map(|root| root.id) else { return survey };
        let outside = Place {
            border: Rect::ZERO,
            content: (0.0, 0.0),
            clip: Rect::new(-FAR, -FAR, FAR, FAR),
            outer_clip: Rect::new(-FAR, -FAR, FAR, FAR),
            hidden: false,
            in_flow: true,
        };
        let mut waiting = vec![root];
        while let Some(id) = waiting.pop() {
            let Some(node) = document.get_node(id) else { continue };
            if node.element_data().is_none() {
                continue;
            }
            let holder = node.containing_block().and_then(|id| survey.places.get(&id));
            let above = node.layout_parent.get().and_then(|id| survey.places.get(&id));
            let place = place(node, holder.or(above).unwrap_or(&outside), above, scale, id == root);
            if survey.places.insert(id, place).is_some() {
                continue;
            }
            survey.order.push(id);
            survey.reach(node, &place);
            if let Some(children) = node.layout_children.borrow().as_ref() {
                waiting.extend(children.iter().rev());
            }
        }
        survey
    }

    fn reach(&mut self, node: &Node, place: &Place) {
        if place.hidden {
            return;
        }
        let mut drawn = place.border;
        if let Some((width, height)) = text_size(node) {
            let (x, y) = place.content;
            drawn = drawn.union(Rect::new(x, y, x + width, y + height));
        }
        let drawn = drawn.intersect(place.clip);
        if drawn.width() <= 0.0 || drawn.height() <= 0.0 {
            return;
        }
        if place.in_flow {
            self.extent.0 = self.extent.0.max(drawn.x1);
        }
        self.extent.1 = self.extent.1.max(drawn.y1);
    }
}

/// Width and height of the lines of an inline root, in CSS pixels.
pub(super) fn text_size(node: &Node) -> Option<(f64, f64)> {
    if !node.flags.is_inline_root() {
        return None;
    }
    let text = node.element_data()?.inline_layout_data.as_ref()?;
    let scale = f64::from(text.layout.scale()).max(f64::EPSILON);
    let (width, height) = (f64::from(text.layout.width()), f64::from(text.layout.height()));
    Some((width / scale, height / scale + f64::from(text.block_offset)))
}

fn place(node: &Node, holder: &Place, above: Option<&Place>, scale: f64, is_root: bool) -> Place {
    let layout = node.final_layout();
    let mut x = holder.border.x0 + f64::from(layout.location.x);
    let mut y = holder.border.y0 + f64::from(layout.location.y);
    if let Some(transform) = node.transform().as_deref() {
        let moved = transform.translation();
        x += moved.x / scale;
        y += moved.y / scale;
    }
    let (width, height) = (f64::from(layout.size.width), f64::from(layout.size.height));
    let border = Rect::new(x, y, x + width, y + height);
    let content = (
        x + f64::from(layout.padding.left + layout.border.left),
        y + f64::from(layout.padding.top + layout.border.top),
    );
    let clips = !is_root
        && node.primary_styles().is_some_and(|styles| {
            let both = styles.get_box();
            both.overflow_x != Overflow::Visible || both.overflow_y != Overflow::Visible
        });
    let clip = if clips { holder.clip.intersect(border) } else { holder.clip };
    Place {
        border,
        content,
        clip,
        outer_clip: holder.clip,
        hidden: holder.hidden || above.is_some_and(|above| above.hidden) || draws_nothing(node),
        in_flow: holder.in_flow && !node.is_out_of_flow(),
    }
}
