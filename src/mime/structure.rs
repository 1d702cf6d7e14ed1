//! The MIME tree: which bytes are whose. RFC 2046 section 5.1.
//!
//! One pass over the letter with a stack of open boundaries, as a list and not
//! as recursion, so that neither depth nor number of parts can hurt. A boundary
//! counts only as a whole line, and the boundary of an outer multipart ends
//! everything inside it, closed or not (a nested multipart that lost its closing
//! line must not swallow its neighbours). mail-parser, which does neither, is
//! used for transfer encodings only.

use super::entity::{Entity, Head};
use super::header::{self, line_at};
use super::letter::Defect;
use std::ops::Range;

/// Multiparts and letters in letters nested deeper than this stay source text.
pub(crate) const MAX_DEPTH: usize = 100;
/// No more parts than this are told apart.
pub(crate) const MAX_PARTS: usize = 100_000;
/// No more fields than this are kept of one header.
const MAX_FIELDS: usize = 10_000;
/// No more fields than this are kept of a letter and all its parts.
const MAX_ALL_FIELDS: usize = 400_000;

/// How much header text a letter may have decoded before the rest is only kept
/// raw; fields of ordinary mail take some kilobytes.
pub(crate) const HEADER_BUDGET: usize = 16 * 1024 * 1024;

/// What an entity turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Multipart,
    Message,
    Leaf,
    /// Declared to be a container, but its inside cannot be told apart.
    Opaque,
}

/// An open container.
struct Frame {
    part: usize,
    children: usize,
    /// Absent for a letter in the letter.
    boundary: Option<Vec<u8>>,
    digest: bool,
    /// What its children's paths begin with.
    prefix: String,
}

/// A boundary line.
struct Hit {
    start: usize,
    next: usize,
    level: usize,
    closes: bool,
}

/// What is gathered over a letter and the letters encoded in it.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub defects: Vec<Defect>,
    pub header_bytes: usize,
    pub parts: usize,
    pub fields: usize,
}

impl Gathered {
    /// Says what is wrong, once for each kind.
    pub(crate) fn defect(&mut self, kind: &'static str, text: impl Into<String>) {
        if !self.defects.iter().any(|d| d.kind == kind) {
            self.defects.push(Defect { kind, text: text.into() });
        }
    }
}

struct Splitter<'a, 'g> {
    raw: &'a [u8],
    gathered: &'g mut Gathered,
    stack: Vec<Frame>,
    entities: Vec<Entity<'a>>,
}

/// Takes a letter apart. The first entity is the letter itself, always there.
pub(crate) fn split<'a>(raw: &'a [u8], gathered: &mut Gathered) -> Vec<Entity<'a>> {
    let mut splitter = Splitter { raw, gathered, stack: Vec::new(), entities: Vec::new() };
    let mut next = Some(0);
    while let Some(start) = next {
        next = splitter.entity(start);
    }
    splitter.close_down_to(0, raw.len(), true);
    splitter.entities
}

impl<'a> Splitter<'a, '_> {
    /// Reads the entity at `start`; returns where the next one starts.
    fn entity(&mut self, start: usize) -> Option<usize> {
        let parent = self.stack.last();
        let is_letter = parent.is_none_or(|frame| frame.boundary.is_none());
        let digest = parent.is_some_and(|frame| frame.digest);
        let room = MAX_FIELDS.min(MAX_ALL_FIELDS.saturating_sub(self.gathered.fields));
        let block = header::block(self.raw, start, is_letter, room, |line| {
            self.boundary_in(line).is_some()
        });
        self.gathered.fields += block.fields.len();
        self.header_defects(&block, is_letter, start);
        let head = Head::read(self.raw, &block, digest, self.gathered);
        let kind = self.kind(&head);
        let index = self.entities.len();
        let (parent, path) = self.place(kind);
        let depth = self.stack.len();
        self.entities.push(Entity {
            head,
            kind,
            parent,
            path,
            depth,
            is_letter,
            body: block.body..self.raw.len(),
        });
        self.gathered.parts += 1;
        if self.gathered.parts >= MAX_PARTS {
            self.gathered.defect(
                "too-many-parts",
                format!("The letter has more than {MAX_PARTS} parts; what follows is not shown."),
            );
            if let Some(last) = self.entities.last_mut() {
                last.kind = if kind == Kind::Leaf { Kind::Leaf } else { Kind::Opaque };
            }
            return None;
        }
        match kind {
            Kind::Message => {
                let prefix = self.entities.get(index).map(|e| e.path.clone()).unwrap_or_default();
                self.stack.push(Frame {
                    part: index,
                    children: 0,
                    boundary: None,
                    digest: false,
                    prefix: if prefix.is_empty() { "1".to_owned() } else { prefix },
                });
                Some(block.body)
            }
            Kind::Multipart => self.open_multipart(index, block.body),
            Kind::Leaf | Kind::Opaque => {
                let hit = self.next_boundary(block.body, self.stack.len());
                self.end_entity(index, &hit);
                self.follow(hit)
            }
        }
    }

    fn header_defects(&mut self, block: &header::Block, is_letter: bool, start: usize) {
        if is_letter && block.fields.is_empty() {
            let what = if self.raw.get(start..).is_none_or(<[u8]>::is_empty) {
                ("empty", "The letter is empty.")
            } else {
                ("no-header", "The letter has no header; all of it is shown as its text.")
            };
            if start == 0 {
                self.gathered.defect(what.0, what.1);
            }
        } else if block.no_separator {
            self.gathered.defect(
                "no-separator",
                "The empty line between header and body is missing; the body was taken to begin \
                 where the first line stands that is no header field.",
            );
        }
        if block.junk > 0 {
            self.gathered.defect(
                "header-junk",
                "The header holds lines that are no fields; they were skipped.",
            );
        }
        if block.skipped > 0 {
            self.gathered
                .defect("too-many-fields", "A header has so many fields that not all are shown.");
        }
    }

    fn kind(&mut self, head: &Head<'_>) -> Kind {
        let multipart = head.media_type.starts_with("multipart/");
        if !multipart && !head.is_message() {
            return Kind::Leaf;
        }
        if self.stack.len() >= MAX_DEPTH {
            self.gathered.defect(
                "nested-too-deep",
                format!("Parts nested more than {MAX_DEPTH} deep are shown as source text."),
            );
            return Kind::Opaque;
        }
        if multipart {
            if head.boundary().is_some() {
                return Kind::Multipart;
            }
            self.gathered.defect(
                "no-boundary",
                "A multipart names no boundary; its content is shown as text.",
            );
            return Kind::Opaque;
        }
        // A letter in base64 (which RFC 2046 forbids) is taken apart later.
        if head.is_encoded() { Kind::Leaf } else { Kind::Message }
    }

    /// Parent and IMAP path of the entity that is about to be pushed.
    fn place(&mut self, kind: Kind) -> (Option<usize>, String) {
        let Some(frame) = self.stack.last_mut() else {
            return (None, String::new());
        };
        frame.children += 1;
        let path = if frame.boundary.is_none() && kind == Kind::Multipart {
            // The body of a letter in a letter has no number of its own when
            // it is a multipart; its parts count on directly.
            format!("{}.TEXT", frame.prefix)
        } else if frame.prefix.is_empty() {
            frame.children.to_string()
        } else {
            format!("{}.{}", frame.prefix, frame.children)
        };
        (Some(frame.part), path)
    }

    fn open_multipart(&mut self, index: usize, body: usize) -> Option<usize> {
        let (boundary, digest, prefix) = match self.entities.get(index) {
            Some(entity) => (
                entity.head.boundary().unwrap_or_default().as_bytes().to_vec(),
                entity.head.media_type == "multipart/digest",
                entity.path.trim_end_matches(".TEXT").to_owned(),
            ),
            None => return None,
        };
        self.stack.push(Frame {
            part: index,
            children: 0,
            boundary: Some(boundary),
            digest,
            prefix,
        });
        let level = self.stack.len() - 1;
        let hit = self.next_boundary(body, self.stack.len());
        match hit {
            Some(hit) if hit.level == level && !hit.closes => Some(hit.next),
            hit => {
                // Its boundary never comes, or only the closing one.
                self.stack.pop();
                if let Some(entity) = self.entities.get_mut(index) {
                    entity.kind = Kind::Opaque;
                }
                self.gathered.defect(
                    "boundary-not-found",
                    "The boundary a multipart names never comes; its content is shown as text.",
                );
                self.end_entity(index, &hit);
                match hit {
                    Some(hit) if hit.level == level => {
                        let after = self.next_boundary(hit.next, self.stack.len());
                        self.follow(after)
                    }
                    other => self.follow(other),
                }
            }
        }
    }

    /// Sets where an entity's body ends: before the line end in front of the
    /// boundary, which belongs to the boundary.
    fn end_entity(&mut self, index: usize, hit: &Option<Hit>) {
        let end = hit.as_ref().map_or(self.raw.len(), |hit| hit.start);
        if let Some(entity) = self.entities.get_mut(index) {
            let start = entity.body.start.min(end);
            let end = if hit.is_some() { before_line_end(self.raw, start..end) } else { end };
            entity.body = start..end;
        }
    }

    /// Goes on after a boundary line: to the next part, or up the tree.
    fn follow(&mut self, hit: Option<Hit>) -> Option<usize> {
        let mut hit = hit?;
        loop {
            self.close_down_to(hit.level + 1, hit.start, true);
            if !hit.closes {
                return Some(hit.next);
            }
            self.close_down_to(hit.level, hit.next, false);
            hit = self.next_boundary(hit.next, self.stack.len())?;
        }
    }

    /// Closes the containers above `level`.
    fn close_down_to(&mut self, level: usize, end: usize, missing: bool) {
        while self.stack.len() > level {
            let Some(frame) = self.stack.pop() else {
                return;
            };
            if missing && frame.boundary.is_some() {
                self.gathered.defect(
                    "unclosed-boundary",
                    "A multipart lacks its closing boundary; it was taken to end where the next \
                     outer part begins or the letter ends.",
                );
            }
            if let Some(entity) = self.entities.get_mut(frame.part) {
                let start = entity.body.start.min(end);
                let to_end = end == self.raw.len();
                let end =
                    if missing && !to_end { before_line_end(self.raw, start..end) } else { end };
                entity.body = start..end;
            }
        }
    }

    /// The first line at or after `from` (a line's start) that is a boundary of
    /// one of the lowest `levels` open containers.
    fn next_boundary(&self, from: usize, levels: usize) -> Option<Hit> {
        if !self.stack.iter().take(levels).any(|f| f.boundary.is_some()) {
            return None;
        }
        let dashes = memchr::memmem::Finder::new(b"--");
        let mut at = from;
        loop {
            let found = at + dashes.find(self.raw.get(at..)?)?;
            let at_line = found == from
                || matches!(
                    found.checked_sub(1).and_then(|b| self.raw.get(b)),
                    Some(b'\n' | b'\r')
                );
            if !at_line {
                // Step over the whole run: a letter may be all dashes.
                let run = self.raw.get(found..)?.iter().take_while(|b| **b == b'-').count();
                at = found + run;
                continue;
            }
            let line = line_at(self.raw, found)?;
            if let Some((level, closes)) =
                self.raw.get(line.start..line.end).and_then(|text| self.boundary_in(text))
            {
                return Some(Hit { start: line.start, next: line.next, level, closes });
            }
            at = line.end.max(found + 2);
        }
    }

    /// Which container a line is a boundary of, the outermost first: when a
    /// letter carries another with the same boundary, the outer one counts.
    fn boundary_in(&self, line: &[u8]) -> Option<(usize, bool)> {
        let text = line.strip_prefix(b"--")?;
        let kept = text.iter().rposition(|b| !matches!(b, b' ' | b'\t')).map_or(0, |n| n + 1);
        let text = text.get(..kept)?;
        self.stack.iter().enumerate().find_map(|(level, frame)| {
            let rest = text.strip_prefix(frame.boundary.as_deref()?)?;
            match rest {
                b"" => Some((level, false)),
                b"--" => Some((level, true)),
                _ => None,
            }
        })
    }
}

/// The end of `range` without one line end.
fn before_line_end(raw: &[u8], range: Range<usize>) -> usize {
    let body = raw.get(range.clone()).unwrap_or(&[]);
    let kept = body
        .strip_suffix(b"\r\n")
        .or_else(|| body.strip_suffix(b"\n"))
        .or_else(|| body.strip_suffix(b"\r"))
        .unwrap_or(body);
    range.start + kept.len()
}
