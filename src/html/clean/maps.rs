//! Pictures with links in them (`usemap`): each area becomes a link that lies over
//! its place.

use super::output::{Attributes, Output, attributes};
use super::tree::{Kind, Tree};
use std::collections::HashMap;
use std::fmt::Write as _;

/// Maps of a letter, and areas of all of them.
const MAX_MAPS: usize = 100;
const MAX_AREAS: usize = 1_000;

/// The areas of each map, by its name.
pub(super) type Maps<'t> = HashMap<&'t str, Vec<Attributes<'t>>>;

/// The maps of a document.
pub(super) fn of(tree: &Tree) -> Maps<'_> {
    let mut maps = Maps::new();
    let mut room = MAX_AREAS;
    for (id, node) in tree.nodes.iter().enumerate() {
        if node.html_name() != Some("map") || maps.len() >= MAX_MAPS {
            continue;
        }
        let given = attributes(tree, id).unwrap_or_default();
        let Some(name) = given.get("name").or_else(|| given.get("id")) else { continue };
        let areas: Vec<Attributes<'_>> = tree
            .children(id)
            .take(room)
            .filter_map(|child| match &tree.get(child)?.kind {
                Kind::Element { name, .. } if &*name.local == "area" => attributes(tree, child),
                _ => None,
            })
            .filter(|area| area.get("href").is_some())
            .collect();
        room -= areas.len();
        maps.entry(name).or_insert(areas);
    }
    maps
}

/// The box around an area: left, top, right, bottom.
fn bounds(area: Attributes<'_>) -> Option<[f32; 4]> {
    let shape = area.get("shape").unwrap_or("rect").trim().to_ascii_lowercase();
    let numbers: Vec<f32> = area
        .get("coords")
        .unwrap_or("")
        .split(|c: char| c == ',' || c == ';' || c.is_ascii_whitespace())
        .filter(|number| !number.is_empty())
        .take(400)
        .map(|number| number.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0.0))
        .map(|n: f32| n.clamp(0.0, 20_000.0))
        .collect();
    match (shape.as_str(), numbers.as_slice()) {
        ("circle" | "circ", [x, y, radius, ..]) => {
            Some([x - radius, y - radius, x + radius, y + radius])
        }
        ("poly" | "polygon", points) if points.len() >= 6 => {
            let side = |skip: usize| points.iter().skip(skip).step_by(2).copied();
            let least = |skip| side(skip).fold(f32::MAX, f32::min);
            let most = |skip| side(skip).fold(0.0, f32::max);
            Some([least(0), least(1), most(0), most(1)])
        }
        (_, [x, y, right, bottom, ..]) => {
            Some([x.min(*right), y.min(*bottom), x.max(*right), y.max(*bottom)])
        }
        _ => None,
    }
}

/// Writes the areas over a picture of that size.
pub(super) fn write(
    areas: &[Attributes<'_>],
    size: (Option<f32>, Option<f32>),
    out: &mut Output<'_>,
) {
    for area in areas {
        if !out.room_for_element() {
            return;
        }
        let Some([left, top, right, bottom]) = bounds(*area) else { continue };
        let Some(number) = area.get("href").and_then(|href| out.link(href)) else { continue };
        if let (Some(link), Some(alt)) = (out.links.get_mut(number), area.get("alt")) {
            link.text = crate::html::beginning(alt.trim(), 500).to_owned();
        }
        let _ = write!(out.html, "<a href=\"goyo-link:{number}\" style=\"position:absolute;");
        // Where the size is known, the areas follow the picture when it is drawn smaller.
        let mut side = |name: &str, length: f32, of: Option<f32>| {
            let _ = match of.filter(|of| *of > 0.0) {
                Some(of) => write!(out.html, "{name}:{:.2}%;", (length / of * 100.0).min(1000.0)),
                None => write!(out.html, "{name}:{length}px;"),
            };
        };
        side("left", left, size.0);
        side("top", top, size.1);
        side("width", right - left, size.0);
        side("height", bottom - top, size.1);
        out.html.push_str("\"></a>");
    }
}
