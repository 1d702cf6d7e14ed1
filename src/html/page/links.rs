//! The links and folds of a letter one after the other, in the order in which they are read.

use super::survey::{Place, Survey, draws_nothing};
use super::text;
use crate::html::worker::protocol::{Hit, MAX_BOXES, Rect, Step, Stop};
use blitz_dom::{BaseDocument, NodeId};
use kurbo::Rect as Area;

/// Links whose places are looked for to find one that can be seen.
const MAX_TRIED: usize = 200;
/// Boxes inside a link that are looked at where it has none itself.
const MAX_INSIDE: usize = 200;

/// The next one that can be seen, around and around.
pub(super) fn step(document: &BaseDocument, survey: &Survey, step: Step) -> Option<Stop> {
    let all = all(document);
    let count = all.len();
    let from = step.from.and_then(|from| usize::try_from(from).ok()).filter(|from| *from < count);
    let ahead = |turn: usize| match (from, step.back) {
        (Some(from), false) => (from + 1 + turn) % count,
        (Some(from), true) => (from + count - 1 - turn) % count,
        (None, false) => turn,
        (None, true) => count - 1 - turn,
    };
    let top = f64::from(step.top);
    let mut tried = 0;
    let mut above = None;
    for at in (0..count).map(ahead) {
        let Some((id, hit)) = all.get(at) else { continue };
        let Some((place, own)) = surroundings(document, survey, *id) else { continue };
        // Where one begins to go through them, what is above is passed over.
        let passed = from.is_none() && !step.back;
        if passed && place.border.y1 < top && above.is_some() {
            continue;
        }
        if tried == MAX_TRIED {
            break;
        }
        tried += 1;
        let boxes = boxes(document, survey, *id, place, own);
        let Some(lowest) = boxes.iter().map(|area| area.y1).reduce(f64::max) else { continue };
        let boxes = boxes.into_iter().map(|area| Rect {
            x: area.x0 as f32,
            y: area.y0 as f32,
            width: area.width() as f32,
            height: area.height() as f32,
        });
        let found = Stop { at: u32::try_from(at).ok()?, hit: *hit, boxes: boxes.collect() };
        if passed && lowest < top {
            above.get_or_insert(found);
            continue;
        }
        return Some(found);
    }
    above
}

/// Every link and fold.
fn all(document: &BaseDocument) -> Vec<(NodeId, Hit)> {
    let mut all = Vec::new();
    let mut waiting: Vec<NodeId> =
        document.try_root_element().map(|root| root.id).into_iter().collect();
    while let Some(id) = waiting.pop() {
        let Some(node) = document.get_node(id) else { continue };
        if let Some(hit) = text::led_to(node).filter(|hit| hit.link.is_some() || hit.fold.is_some())
        {
            all.push((id, hit));
        }
        waiting.extend(node.children.iter().rev());
    }
    all
}

/// The box of an element, or of the nearest one around it that has one, and whether it is its
/// own; `None` where nothing of it is drawn.
fn surroundings<'s>(
    document: &BaseDocument,
    survey: &'s Survey,
    id: NodeId,
) -> Option<(&'s Place, bool)> {
    let mut next = Some(id);
    while let Some(at) = next {
        if let Some(place) = survey.places.get(&at) {
            return (!place.hidden).then_some((place, at == id));
        }
        let node = document.get_node(at)?;
        if draws_nothing(node) {
            return None;
        }
        next = node.parent;
    }
    None
}

/// Where a link can be seen.
fn boxes(
    document: &BaseDocument,
    survey: &Survey,
    id: NodeId,
    place: &Place,
    own: bool,
) -> Vec<Area> {
    let seen = |area: Area, clip: Area| {
        let area = area.intersect(clip);
        (area.width() >= 1.0 && area.height() >= 1.0).then_some(area)
    };
    let mut boxes: Vec<Area> = Vec::new();
    match own {
        true => boxes.extend(seen(place.border, place.outer_clip)),
        false => {
            let parts = document.node_client_rects(id).into_iter();
            let parts = parts.map(|r| Area::new(r.x, r.y, r.x + r.width, r.y + r.height));
            boxes.extend(parts.filter_map(|part| seen(part, place.clip)).take(MAX_BOXES));
        }
    }
    if boxes.is_empty() {
        // A picture in a line, or what stands out of its link.
        let mut waiting = vec![id];
        for _ in 0..MAX_INSIDE {
            let Some(node) = waiting.pop().and_then(|id| document.get_node(id)) else { break };
            if let Some(place) = survey.places.get(&node.id).filter(|place| !place.hidden) {
                boxes.extend(seen(place.border, place.outer_clip));
            }
            waiting.extend(node.children.iter().rev());
        }
        boxes.truncate(MAX_BOXES);
    }
    boxes
}
