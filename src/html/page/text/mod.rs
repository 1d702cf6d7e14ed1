//! The text of a laid-out letter in the order it is read: what is at a point, what
//! is between two points, where a word stands.

mod fold;

use super::survey::{Survey, text_size};
use crate::html::clean::Fold;
use crate::html::worker::protocol::{Hit, Point, Rect, Select};
use blitz_dom::node::TextLayout;
use blitz_dom::{BaseDocument, LocalName, Node, NodeId, local_name};
use fold::Folded;
use kurbo::Rect as Area;
use parley::{Affinity, Cursor, Selection};
use std::collections::HashMap;
use std::ops::Range;

/// Places of a text that are found.
pub const MAX_MATCHES: usize = 1000;

/// Boxes that are told of one selection.
const MAX_RECTS: usize = 20_000;

/// Bytes of text that are looked through.
const MAX_SEARCHED: usize = 4 * 1024 * 1024;

/// Lines that belong together: those of one inline root.
struct Block {
    node: NodeId,
    /// Where its lines start, in CSS pixels.
    origin: (f64, f64),
    /// What its lines cover, and what they are cut to.
    lines: Area,
    clip: Area,
    /// The table cell it is in.
    cell: Option<NodeId>,
}

/// A part of the text of a block: boxes in a line come between its parts.
struct Piece {
    block: usize,
    bytes: Range<usize>,
    /// Where it starts in [`Text::content`].
    start: usize,
    /// What it says stands for this fold, which is closed.
    fold: Option<usize>,
}

impl Piece {
    fn end(&self) -> usize {
        self.start + self.bytes.len()
    }
}

/// The text of a letter, in the order it is read.
pub(super) struct Text {
    /// With what stands between the pieces: line breaks, tabs, spaces.
    content: String,
    blocks: Vec<Block>,
    pieces: Vec<Piece>,
    by_node: HashMap<NodeId, usize>,
    folded: std::cell::OnceCell<Folded>,
}

enum Step {
    Visit(NodeId),
    Piece(usize, Range<usize>),
}

pub(super) fn lines_of(document: &BaseDocument, node: NodeId) -> Option<&TextLayout> {
    let node = document.get_node(node)?;
    node.flags.is_inline_root().then(|| node.element_data()?.inline_layout_data.as_deref())?
}

impl Text {
    pub(super) fn read(document: &BaseDocument, survey: &Survey) -> Self {
        let mut text = Self {
            content: String::new(),
            blocks: Vec::new(),
            pieces: Vec::new(),
            by_node: HashMap::new(),
            folded: std::cell::OnceCell::new(),
        };
        let mut steps: Vec<Step> = Vec::new();
        steps.extend(document.try_root_element().map(|root| Step::Visit(root.id)));
        while let Some(step) = steps.pop() {
            match step {
                Step::Visit(id) => text.visit(document, survey, id, &mut steps),
                Step::Piece(block, bytes) => text.add(document, block, bytes),
            }
        }
        text
    }

    fn visit(
        &mut self,
        document: &BaseDocument,
        survey: &Survey,
        id: NodeId,
        steps: &mut Vec<Step>,
    ) {
        let (Some(node), Some(place)) = (document.get_node(id), survey.places.get(&id)) else {
            return;
        };
        if place.hidden {
            return;
        }
        let Some(lines) = lines_of(document, id) else {
            if let Some(children) = node.layout_children.borrow().as_ref() {
                steps.extend(children.iter().rev().map(|child| Step::Visit(*child)));
            }
            return;
        };
        let (x, y) = place.content;
        let (width, height) = text_size(node).unwrap_or_default();
        let block = self.blocks.len();
        self.blocks.push(Block {
            node: id,
            origin: (x, y + f64::from(lines.block_offset)),
            lines: Area::new(x, y, x + width, y + height),
            clip: place.clip,
            cell: cell(document, id),
        });
        self.by_node.insert(id, block);
        let mut parts = Vec::new();
        let mut from = 0;
        for inside in lines.layout.inline_boxes() {
            let at = lines.text.floor_char_boundary(inside.index).max(from);
            parts.push(Step::Piece(block, from..at));
            parts.push(Step::Visit(NodeId::from_u64(inside.id)));
            from = at;
        }
        parts.push(Step::Piece(block, from..lines.text.len()));
        steps.extend(parts.into_iter().rev());
    }

    fn add(&mut self, document: &BaseDocument, block: usize, bytes: Range<usize>) {
        let Some(this) = self.blocks.get(block) else { return };
        let seen = this.lines.intersect(this.clip);
        if bytes.is_empty() || seen.width() < 0.5 || seen.height() < 0.5 {
            return;
        }
        let Some(part) = lines_of(document, this.node).and_then(|l| l.text.get(bytes.clone()))
        else {
            return;
        };
        let this_node = this.node;
        let before = self.pieces.last().map(|piece| piece.block);
        let joint = before.and_then(|before| self.blocks.get(before).map(|b| (before, b)));
        let joint = joint.map_or("", |(index, before)| {
            let spaced = part.starts_with(char::is_whitespace)
                || self.content.ends_with(char::is_whitespace);
            let on_one_line =
                before.lines.y0 < this.lines.y1 - 1.0 && this.lines.y0 < before.lines.y1 - 1.0;
            let gap = this.lines.y0 - before.lines.y1;
            match () {
                () if index == block => "",
                () if on_one_line && before.cell != this.cell => "\t",
                () if on_one_line && (spaced || this.lines.x0 - before.lines.x1 < 1.0) => "",
                () if on_one_line => " ",
                () if self.content.ends_with('\n') => "",
                () if gap > 0.5 * line_height(before).min(line_height(this)) => "\n\n",
                () => "\n",
            }
        });
        self.content.push_str(joint);
        let start = self.content.len();
        self.content.push_str(part);
        let fold = fold(document, this_node);
        self.pieces.push(Piece { block, bytes, start, fold });
    }

    /// The place in the text at a point, or the nearest.
    fn at(&self, document: &BaseDocument, point: Point) -> Option<(usize, usize)> {
        let exact = document.find_text_position(point.0, point.1);
        let exact = exact.and_then(|(node, byte)| Some((*self.by_node.get(&node)?, byte)));
        if exact.is_some() {
            return exact;
        }
        let (x, y) = (f64::from(point.0), f64::from(point.1));
        let away = |from: f64, to: f64, at: f64| (from - at).max(at - to).max(0.0);
        let distance = |area: Area| away(area.y0, area.y1, y) * 4.0 + away(area.x0, area.x1, x);
        let mut nearest: Option<(usize, f64)> = None;
        for piece in &self.pieces {
            let Some(block) = self.blocks.get(piece.block) else { continue };
            let far = distance(block.lines);
            if nearest.is_none_or(|(_, known)| far < known) {
                nearest = Some((piece.block, far));
            }
        }
        let (index, _) = nearest?;
        let block = self.blocks.get(index)?;
        let lines = lines_of(document, block.node)?;
        let (x, y) = block.inside(lines, point);
        Some((index, Cursor::from_point(&lines.layout, x, y).index()))
    }

    /// The place in the whole text of a place in a block.
    fn offset(&self, block: usize, byte: usize) -> Option<usize> {
        let mut last = None;
        for piece in self.pieces.iter().filter(|piece| piece.block == block) {
            if byte < piece.bytes.start {
                return last.or(Some(piece.start));
            }
            last = Some(piece.start + byte.min(piece.bytes.end) - piece.bytes.start);
            if byte <= piece.bytes.end {
                return last;
            }
        }
        last
    }

    pub(super) fn select(
        &self,
        document: &BaseDocument,
        select: Select,
        folds: &[Fold],
    ) -> (Vec<Rect>, String) {
        let range = match select {
            Select::None => None,
            Select::All => Some(0..self.content.len()),
            Select::Range(from, to) => self.between(document, from, to),
            Select::Word(at) => self.around(document, at, Selection::word_from_point),
            Select::Paragraph(at) => self.around(document, at, Selection::hard_line_from_point),
        };
        let Some(range) = range.filter(|range| range.start < range.end) else {
            return (Vec::new(), String::new());
        };
        let whole = self.said(&range, folds);
        let said = match select {
            Select::Range(..) => whole.as_str(),
            _ => whole.trim(),
        };
        (self.rects(document, &range), said.replace('\u{A0}', " "))
    }

    /// A part of the text, with what is folded in it.
    fn said(&self, range: &Range<usize>, folds: &[Fold]) -> String {
        let mut said = String::new();
        let mut from = range.start;
        let handles = self.pieces.iter().filter_map(|piece| Some((piece, piece.fold?)));
        for (piece, fold) in handles {
            let fold = folds.get(fold).filter(|_| range.start <= piece.start);
            if let Some(fold) = fold.filter(|_| piece.end() <= range.end && from <= piece.start) {
                said.push_str(self.content.get(from..piece.start).unwrap_or_default());
                said.push_str(fold.text.trim_end());
                from = piece.end();
            }
        }
        said.push_str(self.content.get(from..range.end).unwrap_or_default());
        said
    }

    fn between(&self, document: &BaseDocument, from: Point, to: Point) -> Option<Range<usize>> {
        let from = self.at(document, from)?;
        let to = self.at(document, to)?;
        let (from, to) = (self.offset(from.0, from.1)?, self.offset(to.0, to.1)?);
        Some(from.min(to)..from.max(to))
    }

    fn around(
        &self,
        document: &BaseDocument,
        at: Point,
        select: impl Fn(&parley::Layout<blitz_dom::node::TextBrush>, f32, f32) -> Selection,
    ) -> Option<Range<usize>> {
        let (index, _) = self.at(document, at)?;
        let block = self.blocks.get(index)?;
        let lines = lines_of(document, block.node)?;
        let (x, y) = block.inside(lines, at);
        let bytes = select(&lines.layout, x, y).text_range();
        Some(self.offset(index, bytes.start)?..self.offset(index, bytes.end)?)
    }

    pub(super) fn find(&self, document: &BaseDocument, query: &str) -> Vec<Vec<Rect>> {
        let folded = self.folded.get_or_init(|| {
            let end = self.content.floor_char_boundary(MAX_SEARCHED);
            Folded::new(self.content.get(..end).unwrap_or_default())
        });
        folded
            .places(query)
            .map(|range| self.rects(document, &range))
            .filter(|rects| !rects.is_empty())
            .take(MAX_MATCHES)
            .collect()
    }

    /// The boxes of a part of the text, line by line.
    fn rects(&self, document: &BaseDocument, range: &Range<usize>) -> Vec<Rect> {
        let mut rects = Vec::new();
        let first = self.pieces.partition_point(|piece| piece.end() <= range.start);
        for piece in self.pieces.iter().skip(first) {
            if piece.start >= range.end || rects.len() >= MAX_RECTS {
                break;
            }
            let from = range.start.max(piece.start) - piece.start + piece.bytes.start;
            let to = range.end.min(piece.end()) - piece.start + piece.bytes.start;
            let Some(block) = self.blocks.get(piece.block) else { continue };
            let Some(lines) = lines_of(document, block.node) else { continue };
            block.rects(lines, from..to, &mut rects);
        }
        rects.truncate(MAX_RECTS);
        rects
    }
}

fn line_height(block: &Block) -> f64 {
    block.lines.height().clamp(8.0, 24.0)
}

/// Whether a text holds another, as [`Text::find`] would find it.
pub(super) fn holds(text: &str, query: &str) -> bool {
    Folded::new(text).places(query).next().is_some()
}

/// The closed fold whose handle something is in.
fn fold(document: &BaseDocument, id: NodeId) -> Option<usize> {
    let mut next = Some(id);
    for _ in 0..3 {
        let node = document.get_node(next?)?;
        let number = node.element_data().and_then(|e| e.attr(LocalName::from("g-fold")));
        if let Some(number) = number {
            return number.parse().ok();
        }
        next = node.parent.or_else(|| node.layout_parent.get());
    }
    None
}

/// The table cell something is in.
fn cell(document: &BaseDocument, id: NodeId) -> Option<NodeId> {
    let mut next = Some(id);
    while let Some(id) = next {
        let node = document.get_node(id)?;
        let is_cell = node.element_data().is_some_and(|element| {
            element.name.local == local_name!("td") || element.name.local == local_name!("th")
        });
        if is_cell && !node.is_anonymous() {
            return Some(id);
        }
        next = node.layout_parent.get();
    }
    None
}

impl Block {
    /// A point of the document as the lines count: device pixels from their origin.
    fn inside(&self, lines: &TextLayout, point: Point) -> (f32, f32) {
        let scale = f64::from(lines.layout.scale());
        let x = (f64::from(point.0) - self.origin.0) * scale;
        let y = (f64::from(point.1) - self.origin.1) * scale;
        (x as f32, y as f32)
    }

    fn rects(&self, lines: &TextLayout, bytes: Range<usize>, rects: &mut Vec<Rect>) {
        let layout = &lines.layout;
        let scale = f64::from(layout.scale()).max(f64::EPSILON);
        let from = Cursor::from_byte_index(layout, bytes.start, Affinity::Downstream);
        let to = Cursor::from_byte_index(layout, bytes.end, Affinity::Upstream);
        Selection::new(from, to).geometry_with(layout, |line, _| {
            let area = Area::new(
                self.origin.0 + line.x0 / scale,
                self.origin.1 + line.y0 / scale,
                self.origin.0 + line.x1 / scale,
                self.origin.1 + line.y1 / scale,
            );
            let seen = area.intersect(self.clip);
            if seen.width() > 0.0 && seen.height() > 0.0 && rects.len() < MAX_RECTS {
                rects.push(Rect {
                    x: seen.x0 as f32,
                    y: seen.y0 as f32,
                    width: seen.width() as f32,
                    height: seen.height() as f32,
                });
            }
        });
    }
}

/// What is at a point.
pub(super) fn hit(document: &BaseDocument, at: Point) -> Hit {
    let Some(found) = document.hit(at.0, at.1) else { return Hit::default() };
    let hit = Hit { text: found.is_text, ..Hit::default() };
    let mut next = Some(found.node_id);
    while let Some(node) = next.and_then(|id| document.get_node(id)) {
        if let Some(led) = led_to(node) {
            return Hit { text: hit.text, ..led };
        }
        next = node.parent.or_else(|| node.layout_parent.get());
    }
    hit
}

/// Which link or fold an element is, if it is one.
pub(super) fn led_to(node: &Node) -> Option<Hit> {
    let link = node.element_data().filter(|e| e.name.local == local_name!("a"))?;
    let address = link.attr(local_name!("href"));
    let number = |scheme| address.and_then(|address| address.strip_prefix(scheme)?.parse().ok());
    Some(Hit { link: number("goyo-link:"), fold: number("goyo-fold:"), text: false })
}
