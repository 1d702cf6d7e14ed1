//! Cells that are lower than their row: the engine takes the height of a cell by
//! the word, where it only says how low a row may be (CSS 2.2, 17.5.3).

use super::survey::Survey;
use blitz_dom::{BaseDocument, Node, NodeId, local_name};
use style::values::computed::Size;

/// Cells that are looked after.
const MAX_CELLS: usize = 20_000;

/// What a cell's height is to be instead: at least so many CSS pixels, or that of
/// its row.
pub(super) type Height = Option<f32>;

/// The cells that do not fill their row.
pub(super) fn too_low(document: &BaseDocument, survey: &Survey) -> Vec<(NodeId, Height)> {
    let mut found = Vec::new();
    for (_, row) in document.tree().iter() {
        if row.element_data().is_none_or(|element| element.name.local != local_name!("tr")) {
            continue;
        }
        let cells = || row.children.iter().filter_map(|id| cell(document, survey, *id));
        let height = cells().map(|(_, height, _)| height).fold(0.0, f64::max);
        for (id, own, asked) in cells() {
            match asked {
                Asked::Length(least) if own + 0.5 < height => found.push((id, Some(least))),
                Asked::Part => found.push((id, None)),
                _ => {}
            }
        }
        if found.len() >= MAX_CELLS {
            break;
        }
    }
    found
}

/// What the letter says of a cell's height.
enum Asked {
    Nothing,
    Length(f32),
    /// A percentage of less than everything.
    Part,
}

fn cell(document: &BaseDocument, survey: &Survey, id: NodeId) -> Option<(NodeId, f64, Asked)> {
    let node = document.get_node(id)?;
    let element = node.element_data()?;
    let is_cell =
        element.name.local == local_name!("td") || element.name.local == local_name!("th");
    let spans = element.attr(local_name!("rowspan")).is_some_and(|rows| rows.trim() != "1");
    if !is_cell || spans {
        return None;
    }
    Some((id, survey.places.get(&id)?.border.height(), asked(node)))
}

fn asked(node: &Node) -> Asked {
    let height = node.primary_styles().map(|styles| styles.clone_height());
    let Some(Size::LengthPercentage(height)) = height else { return Asked::Nothing };
    match (height.0.to_length(), height.0.to_percentage()) {
        (Some(length), _) => Asked::Length(length.px()),
        (_, Some(part)) if part.0 < 1.0 => Asked::Part,
        _ => Asked::Nothing,
    }
}
