//! A picture of a letter: what is drawn when its bytes are there, and the
//! placeholder for when they are not.

use super::hints::Reader;
use super::output::{Attributes, Output};
use super::template::{escape, mark_end, mark_otherwise, mark_picture};
use crate::html::sight::Sight;
use std::fmt::Write as _;

/// The element of a placeholder; selectors that name `img` mean it too.
pub(super) const PLACEHOLDER: &str = "goyo-img";

/// No side is longer than that.
const MAX_SIDE: f32 = 20_000.0;

/// One candidate of a picture: where it stood, its address.
struct Candidate<'t> {
    element: String,
    url: &'t str,
}

/// The candidate for a plain screen: a picture's own source, or the one of `srcset`
/// that is for one device pixel, or its first.
fn choose<'t>(
    name: &str,
    attributes: Attributes<'t>,
    sources: &[Attributes<'t>],
) -> Option<Candidate<'t>> {
    for source in sources {
        let plain = source.get("media").is_none()
            && source.get("type").is_none_or(|kind| {
                let kind = kind.trim().to_ascii_lowercase();
                ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(&kind.as_str())
            });
        if plain
            && attributes.get("src").is_none_or(|src| src.trim().is_empty())
            && let Some(url) = source.get("srcset").and_then(of_set)
        {
            return Some(Candidate { element: "source[srcset]".into(), url });
        }
    }
    if let Some(src) = attributes.get("src").filter(|src| !src.trim().is_empty()) {
        return Some(Candidate { element: format!("{name}[src]"), url: src });
    }
    let url = attributes.get("srcset").and_then(of_set)?;
    Some(Candidate { element: format!("{name}[srcset]"), url })
}

/// The candidate of a `srcset` that is for one device pixel, or its first.
fn of_set(set: &str) -> Option<&str> {
    let mut first = None;
    for url in crate::html::address::srcset(set).take(50) {
        first.get_or_insert(url);
        // What stands behind the address, up to the next comma.
        let from = url.as_ptr() as usize - set.as_ptr() as usize + url.len();
        let after = set.get(from..).unwrap_or("");
        let descriptor = after.split(',').next().unwrap_or("").trim();
        if descriptor.is_empty() || descriptor == "1x" {
            return Some(url);
        }
    }
    first
}

/// What stands in for a picture.
enum Placeholder {
    /// It takes no room.
    Nothing,
    /// It only takes room.
    Space,
    /// A box with the text in it, if there is any that fits.
    Box(bool),
    /// The text alone.
    Text,
}

fn placeholder(size: (Option<f32>, Option<f32>), alt: &str, url: &str) -> Placeholder {
    /// Sides of things that only hold others apart.
    const THIN: f32 = 3.0;
    let named_spacer = || {
        let file = url.rsplit(['/', '\\']).next().unwrap_or("").to_ascii_lowercase();
        ["spacer", "blank", "clear", "trans", "dot.", "pixel", "1x1", "space."]
            .iter()
            .any(|word| file.contains(word))
    };
    match size {
        (Some(width), Some(height)) => {
            if width <= THIN || height <= THIN || (alt.is_empty() && named_spacer()) {
                Placeholder::Space
            } else {
                Placeholder::Box(!alt.is_empty() && width >= 30.0 && height >= 16.0)
            }
        }
        (Some(one), None) | (None, Some(one)) if one <= THIN || alt.is_empty() => {
            Placeholder::Space
        }
        (Some(_), None) | (None, Some(_)) => Placeholder::Box(true),
        (None, None) if alt.is_empty() => Placeholder::Nothing,
        (None, None) => Placeholder::Text,
    }
}

/// Writes a picture, in both ways; its declared size.
pub(super) fn write<'t>(
    name: &str,
    attributes: Attributes<'t>,
    sources: &[Attributes<'t>],
    out: &mut Output<'_>,
) -> (Option<f32>, Option<f32>) {
    let mut sight = Sight::default();
    sight.style(attributes.get("style").unwrap_or(""));
    let styled = (sight.width, sight.height);
    for (wide, name) in [(true, "width"), (false, "height")] {
        if let Some(value) = attributes.get(name) {
            sight.dimension(wide, value);
        }
    }
    let clamp = |side: Option<f32>| side.map(|l| l.clamp(0.0, MAX_SIDE));
    let size = (clamp(sight.width), clamp(sight.height));
    let alt = attributes.get("alt").unwrap_or("").trim();
    let candidate = choose(name, attributes, sources);
    let url = candidate.as_ref().map_or("", |candidate| candidate.url);
    let token = candidate.and_then(|candidate| {
        let alt = attributes.get("alt");
        out.filter.pictures.add(candidate.url, candidate.element, size, alt)
    });

    let mut hints = String::new();
    let get = |name: &str| attributes.get(name);
    let mut reader = Reader { attribute: &get, colours: out.filter.colours };
    reader.read("img", &[], &mut hints);

    if let Some(token) = token {
        mark_picture(token, &mut out.html);
        let _ = write!(out.html, "<img src=\"goyo:{token}\" data-g=\"{token}\"");
        out.common(attributes, hints.clone(), "");
        out.html.push('>');
        mark_otherwise(&mut out.html);
    }
    let kind = placeholder(size, alt, url);
    match kind {
        // Takes no room, and tells whether its place is hidden.
        Placeholder::Nothing => {
            if let Some(token) = token {
                let _ = write!(out.html, "<span data-g=\"{token}\"></span>");
            }
        }
        Placeholder::Text => {
            out.html.push_str("<span class=\"goyo-alt\"");
            if let Some(token) = token {
                let _ = write!(out.html, " data-g=\"{token}\"");
            }
            out.html.push('>');
            shown(alt, out);
            out.html.push_str("</span>");
        }
        Placeholder::Space | Placeholder::Box(_) => {
            // Its shape is that of the attributes, where the style leaves one side open.
            if let (Some(width), Some(height)) = size
                && styled.0.is_none()
                && width > 0.0
                && height > 0.0
            {
                let _ = write!(hints, "aspect-ratio:{width}/{height};");
            }
            if let (Some(width), Some(height)) = size
                && matches!(kind, Placeholder::Box(true))
                && is_one_line(alt, width)
            {
                // In the middle of its box.
                let _ = write!(hints, "line-height:{}px;", (height - 2.0).max(16.0));
            }
            let _ = write!(out.html, "<{PLACEHOLDER}");
            if let Some(token) = token {
                let _ = write!(out.html, " data-g=\"{token}\"");
            }
            let boxed = matches!(kind, Placeholder::Box(_));
            out.common(attributes, hints, if boxed { "goyo-box" } else { "goyo-space" });
            out.html.push('>');
            if matches!(kind, Placeholder::Box(true)) {
                shown(alt, out);
            }
            let _ = write!(out.html, "</{PLACEHOLDER}>");
        }
    }
    if token.is_some() {
        mark_end(&mut out.html);
    }
    size
}

/// Writes the room of a frame that says how large it is; what would be in it is
/// nowhere. Those that are not meant to be seen have no room.
pub(super) fn frame(attributes: Attributes<'_>, out: &mut Output<'_>) {
    /// Sides a frame has that says only the other one.
    const WIDTH: f32 = 300.0;
    const HEIGHT: f32 = 150.0;
    /// What is smaller is nothing to look at.
    const LEAST: f32 = 10.0;
    let mut sight = Sight::default();
    sight.style(attributes.get("style").unwrap_or(""));
    for (wide, name) in [(true, "width"), (false, "height")] {
        if let Some(value) = attributes.get(name) {
            sight.dimension(wide, value);
        }
    }
    let said = sight.width.is_some() || sight.height.is_some();
    let (width, height) = (sight.width.unwrap_or(WIDTH), sight.height.unwrap_or(HEIGHT));
    if !said || sight.hidden || width < LEAST || height < LEAST {
        return;
    }
    let mut hints = format!("width:{WIDTH}px;height:{HEIGHT}px;");
    let get = |name: &str| attributes.get(name);
    let mut reader = Reader { attribute: &get, colours: out.filter.colours };
    reader.read("img", &[], &mut hints);
    let _ = write!(out.html, "<{PLACEHOLDER}");
    out.common(attributes, hints, "goyo-box");
    let _ = write!(out.html, "></{PLACEHOLDER}>");
}

/// Whether a text in small letters fits into one line of a box.
fn is_one_line(text: &str, width: f32) -> bool {
    let needed: f32 = text
        .chars()
        .take(1_000)
        .map(|c| if unicode_width::UnicodeWidthChar::width(c) == Some(2) { 11.5 } else { 7.0 })
        .sum();
    needed + 6.0 <= width
}

fn shown(alt: &str, out: &mut Output<'_>) {
    let alt = crate::html::beginning(alt, 300);
    let alt = out.admit(alt);
    escape(alt, &mut out.html);
}

#[cfg(test)]
mod tests {
    use super::of_set;

    #[test]
    fn the_candidate_for_a_plain_screen_is_chosen() {
        assert_eq!(of_set("a.png 2x, b.png 1x"), Some("b.png"));
        assert_eq!(of_set("a.png, b.png 2x"), Some("a.png"));
        assert_eq!(of_set("a.png 320w, b.png 640w"), Some("a.png"));
        assert_eq!(of_set(" "), None);
    }
}
