//! The way from bytes to a [`Letter`].

use super::body;
use super::file_name;
use super::letter::{Content, Letter, Part};
use super::structure::{Gathered, Kind, split};
use super::transfer::{self, Transfer};
use crate::model::Envelope;
use std::borrow::Cow;

/// Letters encoded in letters encoded in letters: this many are opened.
const MAX_ENCODED: usize = 3;
/// uuencoded files taken out of one text.
const MAX_UUENCODED: usize = 100;

/// Parses a letter. Never fails: a letter that cannot be understood is one text
/// part and a [`Defect`](super::Defect).
pub fn parse(raw: &[u8]) -> Letter<'_> {
    crate::window_thread::keep_out_of("a letter");
    let mut gathered = Gathered::default();
    let mut tree = Tree::default();
    tree.add(raw, &mut gathered, MAX_ENCODED);
    if tree.parts.is_empty() {
        // Cannot be, but a letter without parts must not be either.
        tree.parts.push(source(raw));
    }
    let selection = body::select(&tree.parts);
    if selection.html.is_empty() && selection.attachments.is_empty() && !raw.is_empty() {
        gathered.defect("no-content", "The letter has nothing to show.");
    }
    let mut parts = tree.parts;
    for (index, part) in parts.iter_mut().enumerate() {
        if selection.attachments.binary_search(&index).is_ok() {
            part.is_attachment = true;
        } else if selection.shown_in_html.contains(&index) {
            part.is_attachment = false;
        }
    }
    let mut envelopes = tree.envelopes;
    let envelope = match envelopes.first() {
        Some((0, _)) => envelopes.remove(0).1,
        _ => Envelope::default(),
    };
    Letter {
        raw,
        envelope,
        parts,
        html_body: selection.html,
        text_body: selection.text,
        attachments: selection.attachments,
        defects: gathered.defects,
        nested: envelopes,
    }
}

/// A letter as nothing but its source.
fn source(raw: &[u8]) -> Part<'_> {
    let (text, charset) = super::charset::decode(raw, None);
    Part {
        path: String::new(),
        parent: None,
        depth: 0,
        fields: Vec::new(),
        media_type: "text/plain".to_owned(),
        params: Vec::new(),
        charset: Some(charset.to_owned()),
        declared_charset: None,
        transfer_encoding: String::new(),
        disposition: String::new(),
        is_attachment: false,
        file_name: None,
        content_id: None,
        body_range: Some(0..raw.len()),
        size: raw.len(),
        content: Content::Text(text),
    }
}

/// The parts as they come to stand in the letter.
#[derive(Default)]
struct Tree<'a> {
    parts: Vec<Part<'a>>,
    envelopes: Vec<(usize, Envelope)>,
}

impl<'a> Tree<'a> {
    fn add(&mut self, raw: &'a [u8], gathered: &mut Gathered, encoded: usize) {
        let entities = split(raw, gathered);
        let hint =
            entities.iter().find_map(|e| e.head.declared_charset.clone()).filter(|c| !c.is_empty());
        // Where each entity stands: what is found inside parts moves the rest.
        let mut places = Vec::with_capacity(entities.len());
        for entity in entities {
            let place = self.parts.len();
            places.push(place);
            if entity.is_letter {
                self.envelopes.push((place, entity.envelope()));
            }
            let letter_inside = entity.kind == Kind::Leaf && entity.head.is_message();
            let parent = entity.parent.and_then(|p| places.get(p).copied());
            let mut part = entity.into_part(raw, hint.as_deref(), gathered);
            part.parent = parent;
            let files = uuencoded_files(&mut part, place);
            let inner = match (&part.content, letter_inside && encoded > 0) {
                (Content::Binary(bytes), true) => {
                    Some(encoded_letter(bytes, &part, place, gathered, encoded))
                }
                _ => None,
            };
            if inner.is_some() {
                part.content = Content::Message;
            }
            self.parts.push(part);
            self.parts.extend(files);
            if let Some(inner) = inner {
                self.parts.extend(inner.parts);
                self.envelopes.extend(inner.envelopes);
            }
        }
    }
}

/// The letter inside a part whose transfer encoding hid it, on its own bytes.
fn encoded_letter<'a>(
    bytes: &[u8],
    around: &Part<'_>,
    place: usize,
    gathered: &mut Gathered,
    encoded: usize,
) -> Tree<'a> {
    let mut inner = Tree::default();
    inner.add(bytes, gathered, encoded - 1);
    let first = place + 1;
    let prefix = if around.path.is_empty() { "1" } else { &around.path };
    let parts = inner
        .parts
        .into_iter()
        .map(|part| {
            let mut part = part.into_owned();
            part.path = match (part.path.as_str(), &part.content) {
                ("", Content::Multipart) => format!("{prefix}.TEXT"),
                ("", _) => format!("{prefix}.1"),
                (path, _) => format!("{prefix}.{path}"),
            };
            part.parent = Some(part.parent.map_or(place, |p| p + first));
            part.depth += around.depth + 1;
            part
        })
        .collect();
    let envelopes = inner.envelopes.into_iter().map(|(at, e)| (at + first, e)).collect();
    Tree { parts, envelopes }
}

/// Takes uuencoded files out of a text and makes parts of them.
fn uuencoded_files<'a>(part: &mut Part<'a>, place: usize) -> Vec<Part<'a>> {
    let mut files = Vec::new();
    let is_plain = part.media_type == "text/plain"
        && Transfer::named(&part.transfer_encoding).0 != Transfer::Uuencode;
    let Content::Text(text) = &part.content else {
        return files;
    };
    if !is_plain || memchr::memmem::find(text.as_bytes(), b"begin ").is_none() {
        return files;
    }
    let mut kept = String::new();
    let mut rest: &str = text;
    while files.len() < MAX_UUENCODED
        && let Some(block) = transfer::uuencoded(rest.as_bytes())
    {
        kept.push_str(rest.get(..block.start).unwrap_or(""));
        rest = rest.get(block.end..).unwrap_or("");
        let name = String::from_utf8_lossy(&block.name);
        let base = if part.path.is_empty() { "1" } else { &part.path };
        files.push(Part {
            path: format!("{base}.uu{}", files.len() + 1),
            parent: Some(part.parent.unwrap_or(place)),
            depth: part.depth.max(1),
            fields: Vec::new(),
            media_type: "application/octet-stream".to_owned(),
            params: Vec::new(),
            charset: None,
            declared_charset: None,
            transfer_encoding: "x-uuencode".to_owned(),
            disposition: "attachment".to_owned(),
            is_attachment: true,
            file_name: file_name::sanitise(&name),
            content_id: None,
            body_range: None,
            size: block.bytes.len(),
            content: Content::Binary(Cow::Owned(block.bytes)),
        });
    }
    if !files.is_empty() {
        kept.push_str(rest);
        part.content = Content::Text(Cow::Owned(kept));
    }
    files
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
