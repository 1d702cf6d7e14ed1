//! Untrusted HTML → references and links, and HTML that may be drawn.
//!
//! [`references`] reads the document as it came, by the parsing algorithm of the
//! HTML standard, before anything is cleaned: a cleaner that drops what it does
//! not like would make the ledger lie. It reports everything any program might
//! fetch, in document order. Nothing is fetched, resolved or looked up here; time
//! and memory are bounded by the size of the letter; nothing panics.

mod address;
pub mod clean;
mod collector;
mod document;
mod feed;
mod limits;
#[cfg(feature = "render")]
pub mod page;
mod quote;
mod sight;
mod style;
mod vectors;
pub mod worker;

use crate::mime::{self, Content, Letter};
use crate::model::{Link, Reference, Visible};
use crate::privacy::oddities::{Known, Warning};
use crate::privacy::{self, Report};
use collector::{Collector, Findings, MAX_FOUND};
pub use quote::{LeftOut, Quoted, quote};
use std::collections::HashSet;

/// Bytes of HTML (and of what else may refer to something) that are read of one
/// letter. A letter with more is shown as text and never drawn, so that nothing
/// beyond is ever fetched; people write a hundredth of it.
pub const MAX_HTML: usize = 16 * 1024 * 1024;

/// Every reference of an HTML document. `part` is the ordinal of the part it is.
pub fn references(html: &str, part: usize) -> Vec<Reference> {
    read(beginning(html, MAX_HTML), part, None).references
}

/// Every link of an HTML document.
pub fn links(html: &str) -> Vec<Link> {
    read(beginning(html, MAX_HTML), 0, None).links
}

fn read(html: &str, part: usize, base: Option<&str>) -> Findings {
    let mut collector = Collector::new(part);
    document::read(html, &mut collector);
    collector.finish(base)
}

fn beginning(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or("")
}

/// Every reference of a letter, in the order of its parts: what its HTML refers
/// to, what its header and its parts' headers refer to. Attached HTML is not read:
/// it is not opened with the letter.
pub fn references_of(letter: &Letter<'_>) -> Vec<Reference> {
    collect(letter, false).found.references
}

/// The references of a letter that stand beside the HTML that is drawn: in its
/// header, in its parts' headers, in style sheets and pictures it brought along.
pub fn references_beside(letter: &Letter<'_>) -> Vec<Reference> {
    gather(letter, false, &letter.html_body).found.references
}

/// Every link of a letter: of its HTML, and of its text where it has no HTML.
pub fn links_of(letter: &Letter<'_>) -> Vec<Link> {
    collect(letter, true).found.links
}

/// What was found in a letter, and how much more may still be read of it.
struct Collected {
    found: Findings,
    room: usize,
    too_large: bool,
}

impl Collected {
    /// The part of a text there is still room for.
    fn admit<'t>(&mut self, text: &'t str) -> &'t str {
        let read = beginning(text, self.room);
        self.room -= read.len();
        self.too_large |= read.len() < text.len();
        read
    }

    fn add(&mut self, more: Findings) {
        self.found.references.extend(more.references);
        self.found.links.extend(more.links);
        self.found.cut |= more.cut;
        // Many parts are no way around the limit.
        let lists = (&mut self.found.references, &mut self.found.links);
        self.found.cut |= lists.0.len() > MAX_FOUND || lists.1.len() > MAX_FOUND;
        lists.0.truncate(MAX_FOUND);
        lists.1.truncate(MAX_FOUND);
    }

    fn warnings(&self) -> impl Iterator<Item = Warning> {
        let too_large = self.too_large.then(warning_too_large);
        too_large.into_iter().chain(self.found.cut.then(warning_list_cut))
    }
}

/// Only the beginning of its HTML was looked through.
pub fn warning_too_large() -> Warning {
    let text = format!(
        "Its HTML is larger than {} MB: only the beginning was looked through, and the letter is shown as text.",
        MAX_HTML >> 20
    );
    Warning { kind: "html-too-large", text }
}

/// It refers or links to more than is listed.
pub fn warning_list_cut() -> Warning {
    let text = format!(
        "It refers or links to more than {MAX_FOUND} places: the others are not listed, and nothing is fetched from them."
    );
    Warning { kind: "list-cut", text }
}

/// Looking through it took too long.
pub fn warning_not_listed() -> Warning {
    let text = "It could not be looked through in time: what it refers to is not listed, and nothing is fetched for it.";
    Warning { kind: "not-listed", text: text.into() }
}

/// Whether lists of so many references and links are all there is.
pub fn is_cut(references: usize, links: usize) -> bool {
    references >= MAX_FOUND || links >= MAX_FOUND
}

fn collect(letter: &Letter<'_>, with_links: bool) -> Collected {
    gather(letter, with_links, &[])
}

/// Collects from every part but the HTML of those in `without`.
fn gather(letter: &Letter<'_>, with_links: bool, without: &[usize]) -> Collected {
    let mut all = Collected { found: Findings::default(), room: MAX_HTML, too_large: false };
    let mut has_html = false;
    for (index, part) in letter.parts.iter().enumerate() {
        all.add(Findings { references: header_references(part, index), ..Findings::default() });
        if part.is_attachment && !letter.html_body.contains(&index) {
            continue;
        }
        match &part.content {
            Content::Html(html) if without.contains(&index) => {
                has_html = true;
                if let Some(base) = content_base(part) {
                    let html = all.admit(html);
                    all.add(by_base(html, index, base));
                }
            }
            Content::Html(html) => {
                has_html = true;
                let html = all.admit(html);
                all.add(read(html, index, content_base(part)));
            }
            Content::Binary(bytes) if is_markup(&part.media_type) => {
                let (read_bytes, rest) = bytes.split_at(bytes.len().min(all.room));
                all.too_large |= !rest.is_empty();
                let text = String::from_utf8_lossy(read_bytes);
                let text = all.admit(&text);
                all.add(entities(text, index));
                all.add(read(text, index, content_base(part)));
            }
            Content::Text(text) if is_markup(&part.media_type) => {
                let text = all.admit(text);
                all.add(entities(text, index));
                all.add(Findings { links: Vec::new(), ..read(text, index, content_base(part)) });
            }
            Content::Text(text) if part.media_type == "text/css" => {
                let mut collector = Collector::new(index);
                collector.sheet(all.admit(text));
                all.add(collector.finish(content_base(part)));
            }
            _ => {}
        }
    }
    if with_links && !has_html {
        for part in letter.text_body.iter().filter_map(|index| letter.parts.get(*index)) {
            if let Content::Text(text) = &part.content {
                all.add(Findings { links: privacy::links::in_text(text), ..Findings::default() });
            }
        }
    }
    all
}

/// What a document refers to only by the base its part's header gives it: drawn, it
/// has no base but its own.
fn by_base(html: &str, part: usize, base: &str) -> Findings {
    let own = read(html, part, None).references;
    let own: HashSet<_> = own.iter().map(|r| (r.url.as_str(), r.element.as_str())).collect();
    let mut references = read(html, part, Some(base)).references;
    references.retain(|r| !own.contains(&(r.url.as_str(), r.element.as_str())));
    Findings { references, ..Findings::default() }
}

/// What an XML part declares.
fn entities(xml: &str, part: usize) -> Findings {
    let mut collector = Collector::new(part);
    collector.entities(xml);
    collector.finish(None)
}

fn is_markup(media_type: &str) -> bool {
    matches!(media_type, "image/svg+xml" | "application/xhtml+xml" | "text/xml" | "application/xml")
}

/// RFC 2557: `Content-Base`, `Content-Location`.
fn content_base<'a>(part: &'a mime::Part<'_>) -> Option<&'a str> {
    ["content-base", "content-location"].into_iter().find_map(|name| {
        let field = part.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))?;
        let value = field.value.trim().trim_matches('"');
        address::is_far(value).then_some(value)
    })
}

/// What a header refers to: bodies and pictures that live elsewhere.
fn header_references(part: &mime::Part<'_>, index: usize) -> Vec<Reference> {
    const PICTURES: [&str; 5] =
        ["x-image-url", "x-face-url", "bimi-location", "x-gravatar-url", "avatar"];
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
            // BIMI's is a list of tags, the address in `l`.
            let tag = value.split(';').find_map(|tag| tag.trim().strip_prefix("l="));
            tell(format!("header:{name}"), tag.unwrap_or(value).trim());
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
    let all = collect(&letter, true);
    let warnings: Vec<Warning> = all.warnings().collect();
    let Findings { references, links, .. } = all.found;
    let mut report =
        privacy::report(&letter, references, &links, Known { own, ..Known::default() });
    report.warnings.extend(warnings);
    report
}
