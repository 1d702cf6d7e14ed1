//! Untrusted HTML → references and links (and, later, safe HTML).
//!
//! [`references`] reads the document as it came, by the parsing algorithm of the
//! HTML standard, before anything is cleaned: a cleaner that drops what it does
//! not like would make the ledger lie. It reports everything any program might
//! fetch, in document order. Nothing is fetched, resolved or looked up here; time
//! and memory are bounded by the size of the letter; nothing panics.

mod address;
mod collector;
mod document;
mod sight;
mod style;
mod vectors;

use crate::mime::{self, Content, Letter};
use crate::model::{Link, Reference, Visible};
use crate::privacy::{self, Report};
use collector::Collector;

/// Every reference of an HTML document. `part` is the ordinal of the part it is.
pub fn references(html: &str, part: usize) -> Vec<Reference> {
    read(html, part, None).0
}

/// Every link of an HTML document.
pub fn links(html: &str) -> Vec<Link> {
    read(html, 0, None).1
}

fn read(html: &str, part: usize, base: Option<&str>) -> (Vec<Reference>, Vec<Link>) {
    let mut collector = Collector::new(part);
    document::read(html, &mut collector);
    collector.finish(base)
}

/// Every reference of a letter, in the order of its parts: what its HTML refers
/// to, what its header and its parts' headers refer to. Attached HTML is not read:
/// it is not opened with the letter.
pub fn references_of(letter: &Letter<'_>) -> Vec<Reference> {
    collect(letter, false).0
}

/// Every link of a letter: of its HTML, and of its text where it has no HTML.
pub fn links_of(letter: &Letter<'_>) -> Vec<Link> {
    collect(letter, true).1
}

fn collect(letter: &Letter<'_>, with_links: bool) -> (Vec<Reference>, Vec<Link>) {
    let mut references = Vec::new();
    let mut links = Vec::new();
    let mut has_html = false;
    for (index, part) in letter.parts.iter().enumerate() {
        references.extend(header_references(part, index));
        if part.is_attachment && !letter.html_body.contains(&index) {
            continue;
        }
        match &part.content {
            Content::Html(html) => {
                let (found, more) = read(html, index, content_base(part));
                has_html = true;
                references.extend(found);
                links.extend(more);
            }
            Content::Binary(bytes) if is_markup(&part.media_type) => {
                let text = String::from_utf8_lossy(bytes);
                let (found, more) = read(&text, index, content_base(part));
                references.extend(found);
                links.extend(more);
            }
            Content::Text(text) if is_markup(&part.media_type) => {
                references.extend(read(text, index, content_base(part)).0);
            }
            Content::Text(text) if part.media_type == "text/css" => {
                let mut collector = Collector::new(index);
                collector.sheet(text);
                references.extend(collector.finish(content_base(part)).0);
            }
            _ => {}
        }
    }
    if with_links && !has_html {
        for part in letter
            .text_body
            .iter()
            .filter_map(|index| letter.parts.get(*index))
        {
            if let Content::Text(text) = &part.content {
                links.extend(privacy::links::in_text(text));
            }
        }
    }
    (references, links)
}

fn is_markup(media_type: &str) -> bool {
    matches!(
        media_type,
        "image/svg+xml" | "application/xhtml+xml" | "text/xml" | "application/xml"
    )
}

/// RFC 2557: `Content-Base`, `Content-Location`.
fn content_base<'a>(part: &'a mime::Part<'_>) -> Option<&'a str> {
    ["content-base", "content-location"]
        .into_iter()
        .find_map(|name| {
            let field = part
                .fields
                .iter()
                .find(|field| field.name.eq_ignore_ascii_case(name))?;
            let value = field.value.trim().trim_matches('"');
            address::is_far(value).then_some(value)
        })
}

/// What a header refers to: bodies and pictures that live elsewhere.
fn header_references(part: &mime::Part<'_>, index: usize) -> Vec<Reference> {
    const PICTURES: [&str; 5] = [
        "x-image-url",
        "x-face-url",
        "bimi-location",
        "x-gravatar-url",
        "avatar",
    ];
    let mut found = Vec::new();
    let mut tell = |element: String, url: &str| {
        let url = address::tidy(url);
        if address::is_far(&url) {
            found.push(Reference {
                url: url.into_owned(),
                element,
                visible: Visible::Unknown,
                after_html: false,
                size: (None, None),
                alt: None,
                part: index,
            });
        }
    };
    for field in &part.fields {
        let name = field.name.to_ascii_lowercase();
        if PICTURES.contains(&name.as_str()) {
            let value = field.value.trim().trim_matches(['"', '<', '>']);
            tell(
                format!("header:{name}"),
                value.trim_start_matches("l=").trim(),
            );
        } else if name == "link" {
            for url in address::bare(&field.value) {
                tell("header:link".into(), url);
            }
        }
    }
    if part.media_type == "message/external-body" {
        for (name, value) in &part.params {
            match name.as_str() {
                // RFC 2017: white space in the address does not count.
                "url" => {
                    let url: String = value.chars().filter(|c| !c.is_whitespace()).collect();
                    tell("message/external-body".into(), &url);
                }
                "site" => tell("message/external-body".into(), &format!("ftp://{value}/")),
                _ => {}
            }
        }
    }
    found
}

/// The privacy report of a letter, offline. `own` are the reader's addresses,
/// where they are known.
pub fn inspect(raw: &[u8], own: &[String]) -> Report {
    let letter = mime::parse(raw);
    let (references, links) = collect(&letter, true);
    privacy::report(&letter, references, &links, own)
}
