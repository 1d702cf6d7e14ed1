//! Which parts are the body, which are attachments. RFC 2046 section 5.1, RFC
//! 2387 (related), RFC 1847 (signed, encrypted), RFC 6522 (report).

use super::letter::{Content, Part};

/// What a part of the tree has to show.
#[derive(Default)]
struct Shown {
    /// Preferring HTML.
    html: Vec<usize>,
    /// Preferring plain text.
    text: Vec<usize>,
    has_html: bool,
    has_plain: bool,
}

/// The outcome.
#[derive(Default)]
pub(crate) struct Selection {
    pub html: Vec<usize>,
    pub text: Vec<usize>,
    pub attachments: Vec<usize>,
    /// Pictures the HTML shows in their place.
    pub shown_in_html: Vec<usize>,
}

struct Chooser<'p, 'a> {
    parts: &'p [Part<'a>],
    children: Vec<Vec<usize>>,
    attachments: Vec<usize>,
    first_text: Option<usize>,
    /// The letter in the letter that is shown, when there is nothing else.
    shown_letter: Option<usize>,
}

/// Chooses. `parts` is the tree, depth first.
pub(crate) fn select(parts: &[Part<'_>]) -> Selection {
    let mut children = vec![Vec::new(); parts.len()];
    for (index, part) in parts.iter().enumerate() {
        if let Some(siblings) = part.parent.and_then(|p| children.get_mut(p)) {
            siblings.push(index);
        }
    }
    let first_text =
        parts.iter().position(|p| matches!(p.content, Content::Text(_) | Content::Html(_)));
    let mut chooser =
        Chooser { parts, children, attachments: Vec::new(), first_text, shown_letter: None };
    let shown = chooser.visit(0);
    let mut attachments = chooser.attachments;
    attachments.sort_unstable();
    attachments.dedup();
    // What the HTML shows in its place needs no second place in the list.
    let cids = Cids::of(parts);
    let (shown_in_html, attachments) = attachments.into_iter().partition(|index| {
        parts.get(*index).is_some_and(|part| {
            (part.media_type.starts_with("image/") || !part.is_attachment)
                && part.content_id.as_deref().is_some_and(|id| cids.mention(id))
        })
    });
    Selection { html: shown.html, text: shown.text, attachments, shown_in_html }
}

/// Content-IDs the HTML parts refer to.
struct Cids(Vec<String>);

impl Cids {
    fn of(parts: &[Part<'_>]) -> Self {
        let mut found = Vec::new();
        if !parts.iter().any(|p| p.content_id.is_some()) {
            return Self(found);
        }
        for part in parts {
            let Content::Html(html) = &part.content else {
                continue;
            };
            let mut rest: &str = html;
            while let Some(at) = memchr::memchr(b':', rest.as_bytes()) {
                let before = rest.as_bytes().get(at.saturating_sub(3)..at).unwrap_or(&[]);
                rest = rest.get(at + 1..).unwrap_or("");
                if before.eq_ignore_ascii_case(b"cid") && found.len() < 10_000 {
                    let id = rest
                        .split(['"', '\'', '>', ' ', ')', '\n', '\r', '&', ';'])
                        .next()
                        .unwrap_or("");
                    if id.len() <= 512 {
                        let id = percent_encoding::percent_decode_str(id).decode_utf8_lossy();
                        found.push(id.into_owned());
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        Self(found)
    }

    fn mention(&self, id: &str) -> bool {
        self.0.binary_search_by(|known| known.as_str().cmp(id)).is_ok()
    }
}

impl Chooser<'_, '_> {
    /// Depth is bounded where the tree is built.
    fn visit(&mut self, index: usize) -> Shown {
        let Some(part) = self.parts.get(index) else {
            return Shown::default();
        };
        match &part.content {
            Content::Multipart => self.multipart(index),
            Content::Message => {
                self.attachments.push(index);
                // A letter that is nothing but another letter shows that one.
                if index == 0 || part.parent == self.shown_letter {
                    self.shown_letter = Some(index);
                    let child = self.child_list(index).first().copied();
                    return child.map(|c| self.visit(c)).unwrap_or_default();
                }
                Shown::default()
            }
            Content::Binary(_) => {
                self.attachments.push(index);
                Shown::default()
            }
            Content::Html(_) | Content::Text(_) if !self.is_body_text(index) => {
                self.attachments.push(index);
                Shown::default()
            }
            Content::Html(_) => {
                Shown { html: vec![index], text: vec![index], has_html: true, has_plain: false }
            }
            Content::Text(_) => {
                // Files that were found in the text of a letter without parts.
                self.attachments.extend(self.child_list(index));
                Shown { html: vec![index], text: vec![index], has_html: false, has_plain: true }
            }
        }
    }

    /// Whether a text part is read in the letter and not saved from it.
    fn is_body_text(&self, index: usize) -> bool {
        let Some(part) = self.parts.get(index) else {
            return false;
        };
        if part.is_attachment {
            return false;
        }
        if part.media_type.starts_with("multipart/") || part.media_type.starts_with("message/rfc") {
            // A container that could not be opened is shown as source.
            return true;
        }
        let readable = matches!(
            part.media_type.as_str(),
            "text/plain"
                | "text/html"
                | "text/enriched"
                | "text/richtext"
                | "text/markdown"
                | "text/x-markdown"
                | "text/x-amp-html"
                | "application/xhtml+xml"
        );
        // `inline` with a file name is what Apple's program writes for text
        // that was dropped into a letter: a file, unless it is all there is.
        readable && (part.file_name.is_none() || self.first_text == Some(index))
    }

    fn child_list(&self, index: usize) -> Vec<usize> {
        self.children.get(index).cloned().unwrap_or_default()
    }

    fn multipart(&mut self, index: usize) -> Shown {
        let children = self.child_list(index);
        let subtype = self
            .parts
            .get(index)
            .and_then(|p| p.media_type.split_once('/'))
            .map_or("mixed", |(_, subtype)| subtype);
        match subtype {
            "alternative" => self.alternative(&children),
            "related" => {
                let root = self.related_root(index, &children);
                self.only(root, &children)
            }
            "signed" | "report" => self.only(children.first().copied(), &children),
            "encrypted" => {
                for child in children {
                    self.visit(child);
                }
                Shown::default()
            }
            _ => {
                let mut all = Shown::default();
                for child in children {
                    let shown = self.visit(child);
                    all.html.extend(shown.html);
                    all.text.extend(shown.text);
                    all.has_html |= shown.has_html;
                    all.has_plain |= shown.has_plain;
                }
                all
            }
        }
    }

    /// The best is the last (RFC 2046 section 5.1.4), HTML if there is any.
    fn alternative(&mut self, children: &[usize]) -> Shown {
        let mut shown: Vec<(usize, Shown)> = Vec::new();
        for child in children {
            let is_amp = self.parts.get(*child).is_some_and(|p| p.media_type == "text/x-amp-html");
            let one = self.visit(*child);
            let is_empty = one.html.is_empty() && one.text.is_empty();
            if !is_amp && !is_empty {
                shown.push((*child, one));
            }
        }
        let html_at =
            shown.iter().rposition(|(_, s)| s.has_html).or_else(|| shown.len().checked_sub(1));
        let text_at = shown
            .iter()
            .position(|(_, s)| s.has_plain && !s.has_html)
            .or_else(|| shown.iter().position(|(_, s)| s.has_plain))
            .or_else(|| shown.len().checked_sub(1));
        let at = |n: Option<usize>| n.and_then(|n| shown.get(n)).map(|(_, s)| s);
        Shown {
            html: at(html_at).map(|s| s.html.clone()).unwrap_or_default(),
            text: at(text_at).map(|s| s.text.clone()).unwrap_or_default(),
            has_html: shown.iter().any(|(_, s)| s.has_html),
            has_plain: shown.iter().any(|(_, s)| s.has_plain),
        }
    }

    /// One child is the body, the others belong to it.
    fn only(&mut self, root: Option<usize>, children: &[usize]) -> Shown {
        let mut body = Shown::default();
        for child in children {
            let shown = self.visit(*child);
            let is_body = Some(*child) == root
                || (body.html.is_empty() && Some(*child) > root && !shown.html.is_empty());
            if is_body {
                body = shown;
            } else {
                self.attachments.extend(shown.html);
                self.attachments.extend(shown.text);
            }
        }
        body
    }

    /// RFC 2387: what `start` names, else the first.
    fn related_root(&self, index: usize, children: &[usize]) -> Option<usize> {
        let start = self
            .parts
            .get(index)
            .and_then(|p| p.params.iter().find(|(name, _)| name == "start"))
            .map(|(_, id)| id.trim_matches(['<', '>', ' ']));
        let named = start.and_then(|start| {
            children
                .iter()
                .copied()
                .find(|c| self.parts.get(*c).and_then(|p| p.content_id.as_deref()) == Some(start))
        });
        named.or_else(|| children.first().copied())
    }
}
