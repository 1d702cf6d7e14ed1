//! What is found while a document is read: references, links, the base.

use super::address::{self, Kind};
use super::sight::{Around, Sight};
use super::{document, style, vectors};
use crate::model::{Link, Reference, Visible};
use html5ever::LocalName;
use html5ever::tokenizer::Tag;

/// References and links kept of one document. What lies beyond is not listed, and
/// so is never fetched either.
pub(super) const MAX_FOUND: usize = 20_000;

/// What a document refers to.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub references: Vec<Reference>,
    pub links: Vec<Link>,
    /// One of the lists was cut at [`MAX_FOUND`].
    pub cut: bool,
}

/// Documents inside documents: comments, srcdoc, data.
const MAX_NESTING: u8 = 4;

/// Characters kept of a link's text.
const MAX_TEXT: usize = 500;

/// A reference before the base is known.
#[derive(Debug)]
struct Found {
    reference: Reference,
    relative: bool,
    /// How many `</html>` had been seen.
    ends: u32,
}

/// What collects.
#[derive(Debug, Default)]
pub(super) struct Collector {
    part: usize,
    found: Vec<Found>,
    links: Vec<Link>,
    base: Option<String>,
    /// `</html>` seen so far.
    ends: u32,
    /// What the current place inherits: for comments and raw text.
    around: Around,
    prefix: String,
    nesting: u8,
    /// Some references or links found no room.
    cut: bool,
    /// The raw-text element being read, its text, and whether it is hidden.
    raw: Option<(LocalName, String)>,
    /// A link is open: it is the last of `links`.
    in_link: bool,
}

impl Collector {
    pub fn new(part: usize) -> Self {
        Self { part, ..Self::default() }
    }

    /// Reads a start tag: what it declares of its sight, and where in the list
    /// its own references begin.
    pub fn element(&mut self, tag: &Tag, around: Around) -> (Sight, usize) {
        self.around = around;
        let from = self.found.len();
        let sight = vectors::sight(tag);
        vectors::references(tag, &sight, self);
        if sight.hidden || sight.invisible == Some(true) {
            self.conceal(from);
        }
        match &*tag.name {
            "style" | "noframes" | "noembed" | "iframe" => {
                self.raw = Some((tag.name.clone(), String::new()));
            }
            "script" if vectors::is_rules(tag) => {
                self.raw = Some((tag.name.clone(), String::new()));
            }
            _ => {}
        }
        (sight, from)
    }

    /// Reads attributes that a tag has beyond those read together. What the others
    /// declare is not known here, so nothing is said to be visible.
    pub fn excess(&mut self, tag: &Tag, around: Around) {
        self.around = around;
        let from = self.found.len();
        let sight = vectors::sight(tag);
        vectors::references(tag, &sight, self);
        if sight.hidden || sight.invisible == Some(true) || around.conceals() {
            self.conceal(from);
        }
        for found in self.found.iter_mut().skip(from) {
            if found.reference.visible == Visible::Yes {
                found.reference.visible = Visible::Unknown;
            }
        }
    }

    /// Reads an end tag.
    pub fn end(&mut self, name: &LocalName) {
        match &**name {
            "html" if self.nesting == 0 => self.ends = self.ends.saturating_add(1),
            "a" => self.in_link = false,
            _ => {}
        }
        if self.raw.as_ref().is_some_and(|(open, _)| open == name) {
            self.finish_raw();
        }
    }

    fn finish_raw(&mut self) {
        let Some((name, text)) = self.raw.take() else {
            return;
        };
        match &*name {
            "style" => {
                self.sheet(&text);
                // Some programs end a style sooner than others.
                if holds_tags(&text) {
                    self.nested(&text, "style", false);
                }
            }
            "script" => {
                for url in address::bare(&text) {
                    self.push("script", url, Visible::Unknown, None);
                }
            }
            // Shown by programs that know no frames.
            _ => self.nested(&text, &name, false),
        }
    }

    /// Reads text.
    pub fn text(&mut self, text: &str) {
        if let Some((_, raw)) = &mut self.raw {
            raw.push_str(text);
            return;
        }
        if self.in_link {
            self.link_text(text);
        }
    }

    /// Reads a comment: the conditional ones of one mail program, and what XML
    /// calls processing instructions.
    pub fn comment(&mut self, text: &str, around: Around) {
        self.around = around;
        if let Some(rest) = text.strip_prefix("?xml-stylesheet") {
            if let Some(url) = address::pseudo_attribute(rest, "href") {
                self.push("?xml-stylesheet", url, Visible::Unknown, None);
            }
        } else if let Some(rest) = text.strip_prefix("?import") {
            if let Some(url) = address::pseudo_attribute(rest, "implementation") {
                self.push("?import", url, Visible::Unknown, None);
            }
        } else if text.trim_start().starts_with("[if")
            && let Some((_, inside)) = text.split_once("]>")
        {
            self.nested(inside, "comment", false);
        }
    }

    /// Reads the document type: only XML programs would fetch its definition.
    pub fn doctype(&mut self, system: &str) {
        if !system.starts_with("http://www.w3.org/") && !system.starts_with("https://www.w3.org/") {
            self.push("!doctype", system, Visible::Unknown, None);
        }
    }

    /// Reads what an XML document declares: programs that read XML fetch it.
    pub fn entities(&mut self, xml: &str) {
        for url in address::entities(xml) {
            self.push("!entity", url, Visible::Unknown, None);
        }
    }

    /// Reads a style sheet.
    pub fn sheet(&mut self, css: &str) {
        if style::may_refer(css) {
            // Whose style it is, only a layout knows.
            style::references(css, &mut |owner, url| {
                self.push(&format!("css:{owner}"), url, Visible::Unknown, None);
            });
        }
    }

    /// Reads a document inside this one.
    pub fn nested(&mut self, html: &str, prefix: &str, css: bool) {
        let may_refer = html.contains(['=', '(']) || html.contains("import") || html.contains("<!");
        if !may_refer || self.nesting >= MAX_NESTING {
            return;
        }
        let mut inner = Self {
            part: self.part,
            nesting: self.nesting + 1,
            prefix: format!("{}{prefix}:", self.prefix),
            around: self.around,
            ..Self::default()
        };
        if css {
            inner.sheet(html);
        } else {
            document::read(html, &mut inner);
            inner.finish_raw();
        }
        if self.around.conceals() {
            inner.conceal(0);
        }
        if self.base.is_none() {
            self.base = inner.base;
        }
        self.cut |= inner.cut;
        for mut found in inner.found {
            if self.found.len() >= MAX_FOUND {
                self.cut = true;
                break;
            }
            found.ends = self.ends;
            self.found.push(found);
        }
        let room = MAX_FOUND.saturating_sub(self.links.len());
        self.cut |= inner.links.len() > room;
        // An open link must stay the last one.
        let at = if self.in_link { self.links.len().saturating_sub(1) } else { self.links.len() };
        self.links.splice(at..at, inner.links.into_iter().take(room));
    }

    /// Notes a reference.
    pub fn push(
        &mut self,
        element: &str,
        written: &str,
        visible: Visible,
        picture: Option<(&Sight, Option<String>)>,
    ) {
        let url = address::tidy(written);
        let relative = match address::kind(&url) {
            Kind::Inside => return,
            Kind::Data => {
                self.data(&url, element);
                return;
            }
            Kind::Absolute => false,
            Kind::Relative => true,
        };
        if self.found.len() >= MAX_FOUND {
            self.cut = true;
            return;
        }
        let (size, alt) =
            picture.map(|(sight, alt)| ((sight.width, sight.height), alt)).unwrap_or_default();
        let reference = Reference {
            url: url.into_owned(),
            element: format!("{}{element}", self.prefix),
            visible,
            after_html: false,
            size,
            alt,
            part: self.part,
        };
        self.found.push(Found { reference, relative, ends: self.ends });
    }

    fn data(&mut self, url: &str, element: &str) {
        if self.nesting >= MAX_NESTING {
            return;
        }
        let Some((media_type, text)) = address::data(url) else {
            return;
        };
        match media_type.as_str() {
            "text/css" => self.nested(&text, "data", true),
            "text/html"
            | "image/svg+xml"
            | "application/xhtml+xml"
            | "text/xml"
            | "application/xml" => {
                if media_type != "text/html" {
                    self.entities(&text);
                }
                self.nested(&text, "data", false);
            }
            _ if element == "link[href]" => self.nested(&text, "data", true),
            _ => {}
        }
    }

    /// Says of everything found from there on that nobody sees it.
    pub fn conceal(&mut self, from: usize) {
        for found in self.found.iter_mut().skip(from) {
            found.reference.visible = Visible::No;
        }
    }

    /// Notes `<base href>`: the first one counts.
    pub fn set_base(&mut self, written: &str) {
        let url = address::tidy(written);
        if self.base.is_none() && address::is_far(&url) {
            self.base = Some(url.into_owned());
        }
    }

    /// Notes a link; the text that follows is its own.
    pub fn link(&mut self, href: &str, open: bool) {
        let href = address::tidy(href);
        self.in_link = false;
        if href.is_empty() || href.starts_with('#') {
            return;
        }
        if self.links.len() >= MAX_FOUND {
            self.cut = true;
            return;
        }
        self.links.push(Link { href: href.into_owned(), text: String::new() });
        self.in_link = open;
    }

    /// Adds to the text of the open link.
    pub fn link_text(&mut self, text: &str) {
        let Some(link) = self.links.last_mut().filter(|_| self.in_link) else {
            return;
        };
        for word in text.split_whitespace() {
            if link.text.len() > MAX_TEXT {
                return;
            }
            // Words of one text node were parted by space; two nodes may be one word.
            let parted = text.starts_with(char::is_whitespace) || !text.starts_with(word);
            if !link.text.is_empty() && parted && !link.text.ends_with(' ') {
                link.text.push(' ');
            }
            link.text.extend(word.chars().take(MAX_TEXT));
        }
        if text.ends_with(char::is_whitespace) && !link.text.is_empty() {
            link.text.push(' ');
        }
    }

    /// Whether a link is open.
    pub fn in_link(&self) -> bool {
        self.in_link
    }

    /// What the document says its relative addresses are relative to.
    pub fn base(mut self) -> Option<url::Url> {
        self.finish_raw();
        parse_base(self.base.as_deref()?)
    }

    /// Everything found, addresses resolved.
    pub fn finish(mut self, base: Option<&str>) -> Findings {
        self.finish_raw();
        let base = self.base.as_deref().or(base).and_then(parse_base);
        let ends = self.ends;
        let references = self
            .found
            .into_iter()
            .filter_map(|found| {
                let mut reference = found.reference;
                if found.relative {
                    reference.url = address::resolve(base.as_ref(), &reference.url)?;
                }
                reference.after_html = ends > 0 && found.ends == ends;
                if reference.after_html {
                    reference.visible = Visible::No;
                }
                Some(reference)
            })
            .collect();
        let links = self
            .links
            .into_iter()
            .map(|mut link| {
                if address::kind(&link.href) == Kind::Relative
                    && let Some(url) = address::resolve(base.as_ref(), &link.href)
                {
                    link.href = url;
                }
                link.text.truncate(link.text.trim_end().len());
                link
            })
            .collect();
        Findings { references, links, cut: self.cut }
    }
}

/// Whether there may be tags in a text.
fn holds_tags(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes)
        .any(|at| bytes.get(at + 1).is_some_and(|next| next.is_ascii_alphabetic() || *next == b'/'))
}

fn parse_base(base: &str) -> Option<url::Url> {
    let whole = if base.starts_with("//") { format!("https:{base}") } else { base.to_owned() };
    url::Url::parse(&whole).ok()
}
