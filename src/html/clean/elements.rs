//! What becomes of each element of a letter.

use super::picture;

/// What an element becomes.
pub(super) enum Become {
    Named(&'static str),
    /// Only what is in it is drawn.
    Unwrapped,
    Gone,
    Picture,
    Field,
    /// Only its room is drawn.
    Frame,
    Line,
}

/// A paragraph with blocks in it; selectors that name `p` mean it too.
pub(super) const PARAGRAPH: &str = "goyo-p";

/// Elements that are written under their own name, sorted.
const KEPT: [&str; 72] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "caption",
    "center",
    "cite",
    "code",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "i",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "menu",
    "nav",
    "nobr",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

/// Every element that may be written.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KEPT.into_iter().chain(["br", "col", "hr", "wbr", "img", picture::PLACEHOLDER, PARAGRAPH])
}

/// What becomes of an element.
pub(super) fn becomes(name: &str) -> Become {
    if let Ok(at) = KEPT.binary_search(&name) {
        return KEPT.get(at).map_or(Become::Unwrapped, |name| Become::Named(name));
    }
    match name {
        "br" | "col" | "hr" | "wbr" => Become::Line,
        "img" => Become::Picture,
        "iframe" => Become::Frame,
        "input" | "select" | "textarea" => Become::Field,
        "button" => Become::Named("span"),
        "form" | "fieldset" | "legend" | "details" | "summary" | "marquee" | "dialog"
        | "search" | "hgroup" => Become::Named("div"),
        "listing" | "xmp" | "plaintext" => Become::Named("pre"),
        "body" | "html" | "object" | "applet" | "video" | "audio" | "picture" | "noscript"
        | "canvas" | "map" | "optgroup" | "option" => Become::Unwrapped,
        "script" | "style" | "title" | "head" | "meta" | "link" | "base" | "basefont"
        | "bgsound" | "frame" | "frameset" | "noframes" | "noembed" | "embed" | "template"
        | "xml" | "area" | "param" | "source" | "track" | "keygen" | "datalist" => Become::Gone,
        _ => Become::Named("span"),
    }
}

/// Elements that end a paragraph.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dd"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "legend"
            | "li"
            | "listing"
            | "main"
            | "marquee"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "plaintext"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "ul"
            | "xmp"
    )
}

/// Parts of tables, which mean nothing without one.
pub(super) fn is_table_part(name: &str) -> bool {
    matches!(
        name,
        "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "caption" | "col" | "colgroup"
    )
}
