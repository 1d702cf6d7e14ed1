//! The properties that are kept, and what may stand in each.

use super::super::colour::Role;

/// What is known of a property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) struct Property {
    /// Its name as it is written out.
    pub name: &'static str,
    /// What colours in it are used for.
    pub role: Option<Role>,
    /// It may hold pictures.
    pub pictures: bool,
    /// It may hold strings.
    pub strings: bool,
    /// Numbers in it are lengths where a letter forgot the unit.
    pub lengths: bool,
    /// Its largest length in pixels.
    pub most: f32,
    /// Its whole numbers count things that are made: columns, rows, lines.
    pub counts: bool,
}

/// No box needs to be larger. Pages of a hundred thousand pixels are made of many.
const MOST: f32 = 20_000.0;

/// No letter is larger.
const MOST_FONT: f32 = 400.0;

/// Properties, sorted by name, and kinds: `i` ink, `p` paper, `l` line, `k` colours
/// that are kept, `u` pictures, `s` strings, `n` lengths, `c` counts, `f` letters.
const PROPERTIES: [(&str, &str); 148] = [
    ("align-content", ""),
    ("align-items", ""),
    ("align-self", ""),
    ("aspect-ratio", ""),
    ("background", "pun"),
    ("background-attachment", ""),
    ("background-clip", ""),
    ("background-color", "p"),
    ("background-image", "pu"),
    ("background-origin", ""),
    ("background-position", "n"),
    ("background-position-x", "n"),
    ("background-position-y", "n"),
    ("background-repeat", ""),
    ("background-size", "n"),
    ("border", "ln"),
    ("border-bottom", "ln"),
    ("border-bottom-color", "l"),
    ("border-bottom-left-radius", "n"),
    ("border-bottom-right-radius", "n"),
    ("border-bottom-style", ""),
    ("border-bottom-width", "n"),
    ("border-collapse", ""),
    ("border-color", "l"),
    ("border-image", "lu"),
    ("border-image-outset", ""),
    ("border-image-repeat", ""),
    ("border-image-slice", ""),
    ("border-image-source", "lu"),
    ("border-image-width", ""),
    ("border-left", "ln"),
    ("border-left-color", "l"),
    ("border-left-style", ""),
    ("border-left-width", "n"),
    ("border-radius", "n"),
    ("border-right", "ln"),
    ("border-right-color", "l"),
    ("border-right-style", ""),
    ("border-right-width", "n"),
    ("border-spacing", "n"),
    ("border-style", ""),
    ("border-top", "ln"),
    ("border-top-color", "l"),
    ("border-top-left-radius", "n"),
    ("border-top-right-radius", "n"),
    ("border-top-style", ""),
    ("border-top-width", "n"),
    ("border-width", "n"),
    ("bottom", "n"),
    ("box-shadow", "k"),
    ("box-sizing", ""),
    ("caption-side", ""),
    ("clear", ""),
    ("clip", "n"),
    ("clip-path", ""),
    ("color", "i"),
    ("column-count", "c"),
    ("column-gap", "n"),
    ("column-rule", "l"),
    ("column-width", "n"),
    ("columns", "c"),
    ("content", "us"),
    ("counter-increment", ""),
    ("counter-reset", ""),
    ("direction", ""),
    ("display", ""),
    ("empty-cells", ""),
    ("flex", ""),
    ("flex-basis", "n"),
    ("flex-direction", ""),
    ("flex-flow", ""),
    ("flex-grow", ""),
    ("flex-shrink", ""),
    ("flex-wrap", ""),
    ("float", ""),
    ("font", "sf"),
    ("font-family", "s"),
    ("font-feature-settings", "s"),
    ("font-size", "nf"),
    ("font-stretch", ""),
    ("font-style", ""),
    ("font-variant", ""),
    ("font-variant-caps", ""),
    ("font-variant-numeric", ""),
    ("font-weight", ""),
    ("gap", "n"),
    ("grid-area", "c"),
    ("grid-auto-columns", "c"),
    ("grid-auto-flow", ""),
    ("grid-auto-rows", "c"),
    ("grid-column", "c"),
    ("grid-column-end", "c"),
    ("grid-column-start", "c"),
    ("grid-row", "c"),
    ("grid-row-end", "c"),
    ("grid-row-start", "c"),
    ("grid-template-areas", "s"),
    ("grid-template-columns", "c"),
    ("grid-template-rows", "c"),
    ("height", "n"),
    ("hyphens", ""),
    ("isolation", ""),
    ("justify-content", ""),
    ("justify-items", ""),
    ("justify-self", ""),
    ("left", "n"),
    ("letter-spacing", "nf"),
    ("line-break", ""),
    ("line-height", "f"),
    ("list-style", "u"),
    ("list-style-image", "u"),
    ("list-style-position", ""),
    ("list-style-type", "s"),
    ("margin", "n"),
    ("margin-bottom", "n"),
    ("margin-left", "n"),
    ("margin-right", "n"),
    ("margin-top", "n"),
    ("max-height", "n"),
    ("max-width", "n"),
    ("min-height", "n"),
    ("min-width", "n"),
    ("mix-blend-mode", ""),
    ("object-fit", ""),
    ("object-position", "n"),
    ("opacity", ""),
    ("order", ""),
    ("outline", "ln"),
    ("outline-color", "l"),
    ("outline-offset", "n"),
    ("outline-style", ""),
    ("outline-width", "n"),
    ("overflow", ""),
    ("overflow-wrap", ""),
    ("overflow-x", ""),
    ("overflow-y", ""),
    ("padding", "n"),
    ("padding-bottom", "n"),
    ("padding-left", "n"),
    ("padding-right", "n"),
    ("padding-top", "n"),
    ("place-content", ""),
    ("place-items", ""),
    ("place-self", ""),
    ("position", ""),
    ("quotes", "s"),
    ("right", "n"),
    ("row-gap", "n"),
];

/// The same, continued.
const MORE: [(&str, &str); 32] = [
    ("tab-size", ""),
    ("table-layout", ""),
    ("text-align", ""),
    ("text-align-last", ""),
    ("text-decoration", "i"),
    ("text-decoration-color", "i"),
    ("text-decoration-line", ""),
    ("text-decoration-style", ""),
    ("text-decoration-thickness", "n"),
    ("text-indent", "n"),
    ("text-overflow", ""),
    ("text-shadow", "k"),
    ("text-transform", ""),
    ("text-underline-offset", "n"),
    ("text-wrap", ""),
    ("top", "n"),
    ("transform", ""),
    ("transform-origin", "n"),
    ("translate", "n"),
    ("unicode-bidi", ""),
    ("vertical-align", "n"),
    ("visibility", ""),
    ("white-space", ""),
    ("width", "n"),
    ("word-break", ""),
    ("word-spacing", "nf"),
    ("word-wrap", ""),
    ("writing-mode", ""),
    ("z-index", ""),
    ("margin-inline", "n"),
    ("margin-inline-end", "n"),
    ("margin-inline-start", "n"),
];

/// Spellings of one browser, of which the plain one is meant.
const PREFIXED: [&str; 15] = [
    "align-items",
    "background-clip",
    "background-size",
    "border-bottom-left-radius",
    "border-bottom-right-radius",
    "border-radius",
    "border-top-left-radius",
    "border-top-right-radius",
    "box-shadow",
    "box-sizing",
    "flex",
    "hyphens",
    "justify-content",
    "transform",
    "transform-origin",
];

/// A property by its name as written; nothing if it is not kept.
pub(in super::super) fn find(written: &str) -> Option<Property> {
    /// The longest above.
    const LONGEST: usize = 40;
    if written.len() > LONGEST {
        return None;
    }
    let lower;
    let name = if written.bytes().any(|b| b.is_ascii_uppercase()) {
        lower = written.to_ascii_lowercase();
        &lower
    } else {
        written
    };
    let name = match name.strip_prefix("-webkit-").or_else(|| name.strip_prefix("-moz-")) {
        Some(plain) => PREFIXED.iter().find(|known| **known == plain)?,
        None => name,
    };
    let (name, kinds) = PROPERTIES
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()
        .and_then(|at| PROPERTIES.get(at))
        .or_else(|| MORE.iter().find(|(known, _)| *known == name))?;
    let has = |kind: char| kinds.contains(kind);
    let role = match kinds.chars().next() {
        Some('i') => Some(Role::Ink),
        Some('p') => Some(Role::Paper),
        Some('l') => Some(Role::Line),
        Some('k') => Some(Role::Kept),
        _ => None,
    };
    Some(Property {
        name,
        role,
        pictures: has('u'),
        strings: has('s'),
        lengths: has('n'),
        most: if has('f') { MOST_FONT } else { MOST },
        counts: has('c'),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_every_name_is_found() {
        assert!(PROPERTIES.is_sorted());
        for (name, _) in PROPERTIES.iter().chain(&MORE) {
            assert_eq!(find(&name.to_uppercase()).map(|p| p.name), Some(*name));
        }
        for name in PREFIXED {
            assert_eq!(find(&format!("-webkit-{name}")).map(|p| p.name), Some(name));
        }
    }

    #[test]
    fn what_moves_binds_or_imports_is_not_kept() {
        for name in ["behavior", "-moz-binding", "animation", "transition", "--x", "mso-hide"] {
            assert_eq!(find(name), None, "{name}");
        }
    }
}
