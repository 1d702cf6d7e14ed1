//! The last gate: ammonia, with nothing allowed but what we write ourselves.
//!
//! Everything that comes out of the tree passes here, so that a mistake of ours
//! lets nothing through that is not on this list.

use super::elements;
use ammonia::{Builder, UrlRelative};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Nesting that may come out: formatting elements that are opened again can make
/// it deeper than what went in.
const MAX_DEPTH: usize = super::MAX_DEPTH + 64;

static GATE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let of = |names: &[&'static str]| names.iter().copied().collect::<HashSet<_>>();
    let mut gate = bare();
    gate.tags(elements::names().collect())
        .clean_content_tags(of(&["script", "style"]))
        .generic_attributes(of(&["class", "id", "dir", "lang", "style"]))
        .generic_attribute_prefixes(of(&["g-", "a-"]))
        .add_tag_attributes("img", ["data-g"])
        .add_tag_attributes("span", ["data-g"])
        .add_tag_attributes("goyo-img", ["data-g"]);
    gate
});

/// Lets nothing pass yet but the attributes that tables, lists, links and pictures need,
/// with no address but our own: what gates have in common.
pub(in crate::html) fn bare() -> Builder<'static> {
    let of = |names: &[&'static str]| names.iter().copied().collect::<HashSet<_>>();
    let mut gate = Builder::empty();
    gate.tag_attributes(HashMap::from([
        ("a", of(&["href"])),
        ("img", of(&["src"])),
        ("td", of(&["colspan", "rowspan"])),
        ("th", of(&["colspan", "rowspan"])),
        ("col", of(&["span"])),
        ("colgroup", of(&["span"])),
        ("ol", of(&["start", "reversed"])),
        ("li", of(&["value"])),
    ]))
    .url_schemes(of(&["goyo", "goyo-link"]))
    .url_relative(UrlRelative::Deny)
    .link_rel(None)
    .strip_comments(true);
    gate
}

/// What may pass of a body.
pub(super) fn pass(html: &str) -> String {
    let passed = GATE.clean(html).to_string();
    if depth(&passed) <= MAX_DEPTH {
        return passed;
    }
    // Nothing that people write. Its text alone, then.
    let mut gate = Builder::empty();
    gate.clean_content_tags(HashSet::from(["script", "style"]));
    gate.clean(&passed).to_string()
}

/// How deep the elements of a serialised document are nested.
fn depth(html: &str) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    let bytes = html.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
        match bytes.get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'a'..=b'z') => {
                let rest = html.get(at + 1..).unwrap_or("");
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
                let name = rest.get(..end).unwrap_or("");
                if !matches!(name, "br" | "col" | "hr" | "img" | "wbr") {
                    depth += 1;
                    most = most.max(depth);
                }
            }
            _ => {}
        }
    }
    most
}
