//! Where in a start tag a program would find something to fetch.
//!
//! One list for every element: an attribute that fetches on one element is looked
//! at on all, because programs that read mail do not agree on which is which.

use super::address;
use super::collector::Collector;
use super::sight::Sight;
use super::style;
use crate::model::Visible;
use html5ever::tokenizer::Tag;

/// Attributes that hold one address, on whatever element they stand.
const ONE_ADDRESS: [&str; 26] = [
    "src",
    "background",
    "poster",
    "lowsrc",
    "dynsrc",
    "longdesc",
    "icon",
    "data",
    "code",
    "codebase",
    "classid",
    "action",
    "formaction",
    "pluginspage",
    "pluginurl",
    "xlink:href",
    "xml:base",
    "altimg",
    "definitionurl",
    "o:href",
    "manifest",
    "profile",
    "object",
    "loopsrc",
    "implementation",
    "urn",
];

/// Attributes of SVG animations and of `<param>` that may hold one.
const MAY_HOLD: [&str; 5] = ["value", "values", "to", "from", "by"];

/// What the tag declares of its own visibility.
pub(super) fn sight(tag: &Tag) -> Sight {
    let mut sight = Sight::default();
    for attribute in &tag.attrs {
        match &*attribute.name.local {
            "style" => sight.style(&attribute.value),
            "hidden" => sight.hidden = true,
            "type" if &*tag.name == "input" => {
                sight.hidden |= attribute.value.trim().eq_ignore_ascii_case("hidden");
            }
            _ => {}
        }
    }
    for attribute in &tag.attrs {
        match &*attribute.name.local {
            "width" => sight.dimension(true, &attribute.value),
            "height" => sight.dimension(false, &attribute.value),
            _ => {}
        }
    }
    let closed = |name: &str| !tag.attrs.iter().any(|a| &*a.name.local == name);
    match &*tag.name {
        "template" => sight.hidden = true,
        "dialog" => sight.hidden |= closed("open"),
        _ => {}
    }
    sight
}

/// Whether a `<script>` holds rules that even programs without scripts obey.
pub(super) fn is_rules(tag: &Tag) -> bool {
    attribute(tag, "type").is_some_and(|value| {
        let value = value.trim();
        value.eq_ignore_ascii_case("speculationrules") || value.eq_ignore_ascii_case("importmap")
    })
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|a| &*a.name.local == name).map(|a| &*a.value)
}

/// Tells the collector of every reference and link of a tag.
pub(super) fn references(tag: &Tag, sight: &Sight, to: &mut Collector) {
    let name = &*tag.name;
    let alt = || attribute(tag, "alt").or_else(|| attribute(tag, "title")).map(str::to_owned);
    let alt = if matches!(name, "img" | "input" | "area" | "image") {
        attribute(tag, "alt").map(str::to_owned)
    } else {
        alt()
    };
    let by_size = sight.by_size();
    if name == "img"
        && to.in_link()
        && let Some(alt) = &alt
    {
        to.link_text(&format!(" {alt} "));
    }
    for attribute in &tag.attrs {
        let value: &str = &attribute.value;
        let key = &*attribute.name.local;
        let one = |to: &mut Collector, url: &str| {
            to.push(&format!("{name}[{key}]"), url, by_size, Some((sight, alt.clone())));
        };
        match key {
            "href" => href(tag, value, &mut |to, url| one(to, url), to),
            "srcset" | "imagesrcset" => {
                for url in address::srcset(value) {
                    one(to, url);
                }
            }
            "ping" | "attributionsrc" => {
                for url in value.split_ascii_whitespace() {
                    one(to, url);
                }
            }
            "archive" => {
                for url in value.split(|c: char| c.is_ascii_whitespace() || c == ',') {
                    one(to, url);
                }
            }
            "srcdoc" => to.nested(value, "srcdoc", false),
            "content" if name == "meta" => meta(tag, value, to),
            "style" if style::may_refer(value) => {
                let visible = match by_size {
                    Visible::No => Visible::No,
                    _ => Visible::Unknown,
                };
                style::references(value, &mut |owner, url| {
                    let element = format!("css:{owner}");
                    to.push(&element, url, visible, Some((sight, None)));
                });
            }
            // Only links are followed from it there.
            "xlink:href" if name == "a" => to.link(value, true),
            // Relative values of these would be anything but addresses.
            _ if MAY_HOLD.contains(&key) && may_hold(name) => {
                if style::may_refer(value) {
                    let element = format!("{name}[{key}]");
                    style::value(key, value, &mut |_, url| {
                        to.push(&element, url, Visible::Unknown, None);
                    });
                }
                for url in
                    value.split([';', ' ']).filter(|url| address::is_far(&address::tidy(url)))
                {
                    one(to, url);
                }
            }
            "classid" if name != "object" => {}
            // `<o:idmap data=1>` is Word's, and no address.
            "data" if name.starts_with("o:") => {}
            "classid" | "code" | "data" | "object"
                if value.get(..6).is_some_and(|v| v.eq_ignore_ascii_case("clsid:")) => {}
            _ if ONE_ADDRESS.contains(&key) => one(to, value),
            // Where scripts may run this ends the element around, quoted or not.
            _ if ends_noscript(value) => to.nested(value, "noscript", false),
            "alt" | "title" | "name" | "id" | "class" => {}
            // SVG's presentation attributes: fill, mask, filter, clip-path, marker…
            _ if style::may_refer(value) && !key.starts_with("on") => {
                let element = format!("{name}[{key}]");
                style::value(key, value, &mut |_, url| {
                    to.push(&element, url, Visible::Unknown, None);
                });
            }
            _ => {}
        }
    }
}

fn ends_noscript(value: &str) -> bool {
    const END: &[u8] = b"</noscript";
    memchr::memchr(b'<', value.as_bytes()).is_some()
        && value.as_bytes().windows(END.len()).any(|bytes| bytes.eq_ignore_ascii_case(END))
}

fn may_hold(element: &str) -> bool {
    matches!(
        element,
        "param"
            | "set"
            | "animate"
            | "animatemotion"
            | "animatetransform"
            | "animatecolor"
            | "t:set"
            | "t:animate"
    )
}

fn href(tag: &Tag, value: &str, one: &mut dyn FnMut(&mut Collector, &str), to: &mut Collector) {
    let name = &*tag.name;
    match name {
        "a" => to.link(value, true),
        "area" => {
            to.link(value, true);
            if let Some(alt) = attribute(tag, "alt") {
                to.link_text(alt);
            }
            to.link("", false);
        }
        "base" => {
            // Names what all the others mean; some programs look its host up.
            one(to, value);
            to.set_base(value);
        }
        // VML shapes are links, its pictures are not.
        "v:imagedata" | "v:image" | "v:fill" | "v:stroke" => one(to, value),
        _ if name.starts_with("v:") => {
            to.link(value, false);
        }
        _ => one(to, value),
    }
}

fn meta(tag: &Tag, content: &str, to: &mut Collector) {
    let Some(kind) = attribute(tag, "http-equiv") else {
        return;
    };
    let kind = kind.trim().to_ascii_lowercase();
    let element = format!("meta[{kind}]");
    match kind.as_str() {
        "refresh" => {
            if let Some(url) = address::refresh(content) {
                to.push(&element, url, Visible::Unknown, None);
            }
        }
        "content-security-policy" | "content-security-policy-report-only" => {
            for url in address::policy_reports(content) {
                to.push(&element, url, Visible::Unknown, None);
            }
        }
        "link"
        | "report-to"
        | "reporting-endpoints"
        | "nel"
        | "content-location"
        | "content-base"
        | "location"
        | "pics-label" => {
            for url in address::bare(content) {
                to.push(&element, url, Visible::Unknown, None);
            }
        }
        _ => {}
    }
}
