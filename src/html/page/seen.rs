//! Whether a picture of a letter could be seen, as it was laid out.

use super::gate;
use super::survey::{Place, Survey, draws_nothing};
use crate::html::clean::{Slot, Token};
use crate::model::Visible;
use blitz_dom::{BaseDocument, LocalName, Node, NodeId, local_name};
use kurbo::Rect;

/// The attribute of what stands in for a picture, with its token.
const MARK: &str = "data-g";

/// What only takes the room of a picture: the cleaner hides it.
const SPACE: &str = "goyo-space";

/// Area in CSS pixels that nobody sees.
const UNSEEN: f64 = 1.0;

/// The size a picture of unknown size is taken to have when it is asked whether
/// the place where it stands can be seen.
const NOMINAL: f64 = 16.0;

/// Whether each picture can be seen; `None` for one that stands nowhere. `has` says which pictures are there; `canvas`
/// is the size of the document in CSS pixels.
pub(super) fn visible(
    document: &BaseDocument,
    survey: &Survey,
    slots: &[Slot],
    has: &dyn Fn(Token) -> bool,
    canvas: (f64, f64),
) -> Vec<Option<Visible>> {
    let mut best: Vec<Option<Visible>> = vec![None; slots.len()];
    let mark = LocalName::from(MARK);
    let canvas = Rect::new(0.0, 0.0, canvas.0, canvas.1);
    let mut tell = |token: Token, seen: Visible| {
        if let Some(known) = best.get_mut(token as usize) {
            *known = Some(known.map_or(seen, |known| clearer(known, seen)));
        }
    };
    for (id, node) in document.tree().iter() {
        let Some(element) = node.element_data() else { continue };
        let stands_in = element.attr(mark.clone()).and_then(|value| value.parse().ok());
        let is_picture = element.name.local == local_name!("img");
        let drawn = element.attr(local_name!("src")).filter(|_| is_picture).and_then(gate::token);
        let marked: Option<Token> = drawn.or(stands_in);
        if let Some((token, slot)) = marked.and_then(|t| Some((t, slots.get(t as usize)?))) {
            tell(token, picture(document, survey, id, node, slot, has(token), canvas));
        }
        for image in element.background_images.iter().flatten() {
            if let Some(token) = gate::token(image.url.as_str()) {
                tell(token, background(document, survey, id, canvas));
            }
        }
    }
    best
}

fn clearer(one: Visible, other: Visible) -> Visible {
    match (one, other) {
        (Visible::Yes, _) | (_, Visible::Yes) => Visible::Yes,
        (Visible::Unknown, _) | (_, Visible::Unknown) => Visible::Unknown,
        _ => Visible::No,
    }
}

/// The box of an element, or of the nearest one around it that has one; and
/// whether something in between hides it.
fn surroundings<'s>(
    document: &BaseDocument,
    survey: &'s Survey,
    id: NodeId,
) -> Option<(&'s Place, bool, bool)> {
    let mut own = true;
    let mut hidden = false;
    let mut next = Some(id);
    while let Some(id) = next {
        if let Some(place) = survey.places.get(&id) {
            return Some((place, own, hidden || place.hidden));
        }
        let node = document.get_node(id)?;
        hidden |= draws_nothing(node);
        own = false;
        next = node.parent;
    }
    None
}

fn area(rect: Rect) -> f64 {
    rect.width().max(0.0) * rect.height().max(0.0)
}

/// The boxes of an element that is part of a line.
fn pieces(document: &BaseDocument, id: NodeId) -> Option<Rect> {
    document
        .node_client_rects(id)
        .into_iter()
        .map(|r| Rect::new(r.x, r.y, r.x + r.width, r.y + r.height))
        .reduce(|all, rect| all.union(rect))
}

fn picture(
    document: &BaseDocument,
    survey: &Survey,
    id: NodeId,
    node: &Node,
    slot: &Slot,
    there: bool,
    canvas: Rect,
) -> Visible {
    let Some((place, own, mut hidden)) = surroundings(document, survey, id) else {
        return Visible::No;
    };
    if own && is_space(node) {
        let around = node.parent.and_then(|parent| surroundings(document, survey, parent));
        hidden = around.is_none_or(|(_, _, hidden)| hidden);
    }
    if hidden {
        return Visible::No;
    }
    let border = if own { place.border } else { pieces(document, id).unwrap_or(place.border) };
    let styled = node
        .primary_styles()
        .is_some_and(|styles| !styles.clone_width().is_auto() && !styles.clone_height().is_auto());
    let none = [slot.size.0, slot.size.1].iter().flatten().any(|length| *length <= 0.0);
    let tiny = matches!(slot.size, (Some(w), Some(h)) if f64::from(w) * f64::from(h) <= UNSEEN);
    if none || tiny {
        return Visible::No;
    }
    let known = there || styled || (slot.size.0.is_some() && slot.size.1.is_some());
    let (judged, canvas) = if known {
        (border, canvas)
    } else {
        let size = (border.width().max(NOMINAL), border.height().max(NOMINAL));
        let judged = Rect::new(border.x0, border.y0, border.x0 + size.0, border.y0 + size.1);
        // The document would grow with it.
        (judged, Rect { y1: f64::INFINITY, ..canvas })
    };
    // An element's own clip cuts what is inside it, which a picture is.
    if area(judged.intersect(place.clip_around(own)).intersect(canvas)) <= UNSEEN {
        return Visible::No;
    }
    if known { Visible::Yes } else { Visible::Unknown }
}

fn is_space(node: &Node) -> bool {
    let Some(element) = node.element_data() else { return false };
    let hidden_by_letter = element
        .attr(local_name!("style"))
        .is_some_and(|style| style.contains("visibility") || style.contains("opacity"));
    let mut classes = element.attr(local_name!("class")).unwrap_or("").split_ascii_whitespace();
    classes.any(|class| class == SPACE) && !hidden_by_letter
}

fn background(document: &BaseDocument, survey: &Survey, id: NodeId, canvas: Rect) -> Visible {
    let Some((place, own, hidden)) = surroundings(document, survey, id) else {
        return Visible::No;
    };
    let border = if own { place.border } else { pieces(document, id).unwrap_or(place.border) };
    if hidden || area(border.intersect(place.clip).intersect(canvas)) <= UNSEEN {
        return Visible::No;
    }
    Visible::Yes
}

impl Place {
    /// What cuts a picture whose own box this is (or is in).
    fn clip_around(&self, own: bool) -> Rect {
        if own && area(self.border) <= UNSEEN {
            // A box that has no size yet does not clip itself.
            return self.outer_clip;
        }
        self.clip
    }
}
