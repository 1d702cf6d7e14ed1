//! Widths of the columns of tables (CSS 2.2, 17.5.2.2), which the engine does not
//! know: it takes the first row's word for it, forgets parts in percent and shares
//! what is left out evenly. Mail is made of tables.
//!
//! The engine lays a table out as a grid. Once a document has been laid out, its
//! tables are measured (the longest word of each column, and how wide it would like
//! to be), and every table is told the widths its columns have in a browser, from
//! the outer ones inwards. The boxes are kept for that, so it costs layouts only.

use super::columns::Wish;
use blitz_dom::node::SpecialElementData;
use blitz_dom::{BaseDocument, Node, NodeId, local_name};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use style::computed_values::box_sizing::T as BoxSizing;
use style::computed_values::table_layout::T as TableLayout;
use style::properties::ComputedValues;
use style::selector_parser::RestyleDamage;
use style::servo_arc::Arc as Shared;
use style::values::computed::{Length, LengthPercentage, Size};
use style::values::generics::NonNegative;
use taffy::style_helpers::{TaffyMaxContent as _, TaffyMinContent as _, length};
use taffy::{CompactLength, Dimension, LengthPercentageAuto, TrackSizingFunction};

/// Tables of one letter that are cared for. Each costs its columns.
const MAX_TABLES: usize = 3_000;

/// Columns of a table that is cared for.
const MAX_COLUMNS: usize = 1_000;

/// Numbers of columns that cells span, each measured by itself.
const MAX_KINDS: usize = 3;

/// What a cell may ask for, in CSS pixels.
const MAX_SPAN: f32 = 100_000.0;

/// How often the widths are told anew, because a table outside had changed.
const MAX_ROUNDS: usize = 4;

/// A cell that has more than one column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    cell: NodeId,
    pub(super) first: usize,
    pub(super) columns: usize,
    pub(super) wish: Wish,
    /// How wide it must be, and would like to be: 0 where the columns it has are wide
    /// enough without it.
    pub(super) least: f32,
    pub(super) liked: f32,
}

/// A table as it says it is.
#[derive(Debug)]
pub(super) struct Table {
    id: NodeId,
    /// The table it stands in.
    outer: Option<NodeId>,
    /// Its width is given, in pixels or in percent.
    pub(super) definite: bool,
    pub(super) wishes: Vec<Wish>,
    pub(super) spans: Vec<Span>,
    /// How wide each column must be, and would like to be.
    pub(super) least: Vec<f32>,
    pub(super) liked: Vec<f32>,
    /// What it has been told.
    told: Option<Vec<f32>>,
}

/// Styles that were changed for a layout, and as they were.
#[derive(Debug, Default)]
pub(super) struct Changed(Vec<(NodeId, Shared<ComputedValues>)>);

impl Changed {
    /// Puts back what was there, for the next layout to read.
    pub(super) fn undo(&mut self, document: &mut BaseDocument) {
        for (id, styles) in self.0.drain(..) {
            set_styles(document, id, styles);
        }
    }
}

/// Lays tables out anew, once the document has been laid out. `width`: of the
/// column, in CSS pixels.
pub(super) fn lay_out(document: &mut BaseDocument, width: f32) -> Changed {
    let mut changed = Changed::default();
    let mut tables = read(document);
    if tables.is_empty() {
        return changed;
    }
    let nodes: Vec<NodeId> = document.tree().iter().map(|(id, _)| id).collect();
    free_cells(document, &tables, &mut changed);
    // Cells that span columns are measured apart, by how many they span: what they
    // need tells nothing of each column.
    let mut kinds: Vec<usize> =
        tables.iter().flat_map(|table| table.spans.iter().map(|span| span.columns)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() > MAX_KINDS {
        kinds.truncate(MAX_KINDS - 1);
        kinds.push(usize::MAX);
    }
    measure(document, &mut tables, &nodes, None);
    for kind in kinds {
        measure(document, &mut tables, &nodes, Some(kind));
    }
    for table in &tables {
        for span in &table.spans {
            set_width(document, span.cell, Size::auto());
        }
    }
    for table in &mut tables {
        table.settle();
        let width = table.box_width(document, width);
        tell(document, table.id, table.first_tracks(), width);
    }
    for _ in 0..MAX_ROUNDS {
        again(document, &nodes);
        let mut moved = HashSet::new();
        let mut news = false;
        for table in &mut tables {
            // What it stands in has another width now: its own is not known yet.
            if table.outer.is_some_and(|outer| moved.contains(&outer)) {
                moved.insert(table.id);
                continue;
            }
            let now = columns(document, table.id);
            let whole = document.get_node(table.id).map_or(0.0, |n| n.final_layout().size.width);
            let whole = whole - around(document, table.id).unwrap_or(0.0);
            let wanted = table.distribute(whole);
            let near = now.len() == wanted.len()
                && now.iter().zip(&wanted).all(|(now, wanted)| (now - wanted).abs() < 0.5);
            if near {
                continue;
            }
            news = true;
            moved.insert(table.id);
            let tracks = wanted.iter().map(|width| length(*width)).collect();
            tell(document, table.id, tracks, None);
            table.told = Some(wanted);
        }
        if !news {
            break;
        }
    }
    // The engine does the rest of its work, but keeps the boxes it has made: they
    // hold what was just said.
    for id in &nodes {
        if let Some(node) = document.get_node_mut(*id) {
            node.insert_damage(RestyleDamage::RELAYOUT);
        }
    }
    let before = document.incremental_layout();
    document.set_incremental_layout(true);
    document.resolve(0.0);
    document.set_incremental_layout(before);
    changed
}

/// The tables whose columns the engine gets wrong, outer ones first.
fn read(document: &BaseDocument) -> Vec<Table> {
    let mut tables = Vec::new();
    let Some(root) = document.try_root_element().map(|root| root.id) else { return tables };
    let mut waiting = vec![(root, None)];
    while let Some((id, outer)) = waiting.pop() {
        let Some(node) = document.get_node(id) else { continue };
        let mut inside = outer;
        if let Some(table) = Table::read(document, id, node, outer) {
            if tables.len() >= MAX_TABLES {
                break;
            }
            inside = Some(id);
            tables.push(table);
        }
        waiting.extend(node.children.iter().rev().map(|child| (*child, inside)));
    }
    tables
}

/// Measures the columns of all tables without the cells that span several, or those
/// cells that span so many.
fn measure(
    document: &mut BaseDocument,
    tables: &mut [Table],
    nodes: &[NodeId],
    kind: Option<usize>,
) {
    let counts = |span: &Span| match kind {
        None => false,
        Some(usize::MAX) => true,
        Some(kind) => span.columns == kind,
    };
    for table in &*tables {
        for span in &table.spans {
            let width = if counts(span) { Size::auto() } else { nothing() };
            set_width(document, span.cell, width);
        }
    }
    for track in [TrackSizingFunction::MIN_CONTENT, TrackSizingFunction::MAX_CONTENT] {
        for table in &*tables {
            tell(document, table.id, vec![track; table.wishes.len()], None);
        }
        again(document, nodes);
        for table in &mut *tables {
            let mut found = columns(document, table.id);
            found.resize(table.wishes.len(), 0.0);
            let least = track == TrackSizingFunction::MIN_CONTENT;
            if kind.is_none() {
                *if least { &mut table.least } else { &mut table.liked } = found;
                continue;
            }
            let alone = if least { &table.least } else { &table.liked };
            for span in table.spans.iter_mut().filter(|span| counts(span)) {
                let range = span.first..(span.first + span.columns).min(found.len());
                let sum = |all: &[f32]| all.get(range.clone()).unwrap_or_default().iter().sum();
                let (with, without): (f32, f32) = (sum(&found), sum(alone));
                if with > without + 0.5 && span.least.max(span.liked) < MAX_SPAN {
                    *if least { &mut span.least } else { &mut span.liked } = with;
                }
            }
        }
    }
}

fn nothing() -> Size {
    Size::LengthPercentage(NonNegative(LengthPercentage::new_length(Length::new(0.0))))
}

/// Another width for a box, whatever its style said.
fn set_width(document: &mut BaseDocument, id: NodeId, width: Size) {
    let styles = document.get_node(id).and_then(Node::primary_styles).map(|s| s.clone());
    let Some(styles) = styles.filter(|styles| styles.clone_width() != width) else { return };
    let mut other = (*styles).clone();
    other.mutate_position().width = width;
    set_styles(document, id, Shared::new(other));
}

/// Lets the cells of tables be as wide as their columns: what they say of their own
/// width has been read, and would only keep them from being measured.
fn free_cells(document: &mut BaseDocument, tables: &[Table], changed: &mut Changed) {
    let mut known: HashMap<*const ComputedValues, Shared<ComputedValues>> = HashMap::new();
    for table in tables {
        for (id, _, columns) in cells(document, table.id) {
            let styles = document.get_node(id).and_then(Node::primary_styles).map(|s| s.clone());
            let Some(styles) = styles else { continue };
            if styles.clone_width().is_auto() {
                if columns > 1 {
                    changed.0.push((id, styles));
                }
                continue;
            }
            let free = known.entry(std::ptr::from_ref(&*styles)).or_insert_with(|| {
                let mut free = (*styles).clone();
                free.mutate_position().width = Size::auto();
                Shared::new(free)
            });
            let free = free.clone();
            changed.0.push((id, styles));
            set_styles(document, id, free);
        }
    }
}

fn set_styles(document: &mut BaseDocument, id: NodeId, styles: Shared<ComputedValues>) {
    if let Some(node) = document.get_node_mut(id)
        && let Some(mut data) = node.try_stylo_element_data_mut().and_then(|data| data.get_mut())
    {
        data.styles.primary = Some(styles);
    }
}

/// The cells of a table: first column, how many columns. (What the engine notes of
/// columns forgets the cells that reach down from rows above.)
fn cells(document: &BaseDocument, table: NodeId) -> Vec<(NodeId, usize, usize)> {
    let Some(element) = document.get_node(table).and_then(Node::element_data) else {
        return Vec::new();
    };
    let SpecialElementData::TableRoot(context) = &element.special_data else { return Vec::new() };
    let said = |id, name| {
        let said = document.get_node(id)?.attr(name)?.parse::<u16>().ok()?;
        Some(usize::from(said).clamp(1, MAX_COLUMNS))
    };
    // The row from which on each column is free again.
    let mut free: Vec<usize> = Vec::new();
    let (mut row, mut column) = (0, 0);
    let mut cells = Vec::new();
    for cell in &context.cells {
        let here = usize::from(cell.row);
        if here != row {
            (row, column) = (here, 0);
        }
        let columns = said(cell.node_id, local_name!("colspan")).unwrap_or(1);
        let rows = said(cell.node_id, local_name!("rowspan")).unwrap_or(1);
        let taken = |at: usize| free.get(at).is_some_and(|free| *free > here);
        while (column..column + columns).any(taken) {
            column += 1;
        }
        if free.len() < column + columns {
            free.resize(column + columns, 0);
        }
        for free in free.iter_mut().skip(column).take(columns) {
            *free = here + rows;
        }
        cells.push((cell.node_id, column, columns));
        column += columns;
    }
    cells
}

/// Lays out what has been told.
fn again(document: &mut BaseDocument, nodes: &[NodeId]) {
    for id in nodes {
        if let Some(node) = document.get_node_mut(*id) {
            node.clear_layout_cache();
        }
    }
    document.resolve_layout();
}

/// Tells a table the widths of its columns, and its own.
fn tell(
    document: &mut BaseDocument,
    table: NodeId,
    tracks: Vec<TrackSizingFunction>,
    width: Option<BoxWidth>,
) {
    let Some(element) = document.get_node_mut(table).and_then(Node::element_data_mut) else {
        return;
    };
    let SpecialElementData::TableRoot(context) = &mut element.special_data else { return };
    let Some(context) = Arc::get_mut(context) else { return };
    context.style.grid_template_columns = tracks.into_iter().map(Into::into).collect();
    // The height of a table only says how low it may be.
    let height = context.style.size.height;
    if height.tag() == CompactLength::LENGTH_TAG {
        context.style.min_size.height = LengthPercentageAuto::length(height.value());
        context.style.size.height = Dimension::auto();
    }
    let Some(width) = width else { return };
    context.style.min_size.width = LengthPercentageAuto::length(width.least);
    if let Some(size) = width.size {
        context.style.size.width = size;
        context.style.max_size.width = LengthPercentageAuto::percent(1.0);
    }
}

/// How wide the columns of a table came out, in CSS pixels.
fn columns(document: &BaseDocument, table: NodeId) -> Vec<f32> {
    let Some(element) = document.get_node(table).and_then(Node::element_data) else {
        return Vec::new();
    };
    let SpecialElementData::TableRoot(context) = &element.special_data else { return Vec::new() };
    let info = context.computed_grid_info.borrow();
    let Some(info) = info.as_ref() else { return Vec::new() };
    info.columns.positions.iter().map(|track| (track.end - track.start).max(0.0)).collect()
}

/// The width of a table's box.
#[derive(Debug, Clone, Copy)]
struct BoxWidth {
    /// Never less than its words need.
    least: f32,
    /// Where it gives none, and its columns ask for parts of it.
    size: Option<Dimension>,
}

/// What a box says of its width. `outer`: padding and border belong to it.
fn wish(node: &Node, outer: bool) -> Wish {
    let Some(styles) = node.primary_styles() else { return Wish::Auto };
    let Size::LengthPercentage(width) = styles.clone_width() else { return Wish::Auto };
    if let Some(part) = width.0.to_percentage() {
        return if part.0 > 0.0 { Wish::Part(part.0.min(1.0)) } else { Wish::Auto };
    }
    let Some(pixels) = width.0.to_length().map(|length| length.px()) else { return Wish::Auto };
    if pixels <= 0.0 {
        return Wish::Auto;
    }
    let around = if outer && styles.clone_box_sizing() == BoxSizing::ContentBox {
        let layout = node.final_layout();
        layout.padding.left + layout.padding.right + layout.border.left + layout.border.right
    } else {
        0.0
    };
    Wish::Pixels(pixels + around)
}

impl Table {
    /// Reads a table, if it is one whose columns the engine gets wrong.
    fn read(
        document: &BaseDocument,
        id: NodeId,
        node: &Node,
        outer: Option<NodeId>,
    ) -> Option<Self> {
        let SpecialElementData::TableRoot(context) = &node.element_data()?.special_data else {
            return None;
        };
        let count = context.style.grid_template_columns.len();
        if count == 0 || count > MAX_COLUMNS {
            return None;
        }
        let styles = node.primary_styles()?;
        let definite = matches!(styles.clone_width(), Size::LengthPercentage(_));
        if definite && styles.clone_table_layout() == TableLayout::Fixed {
            return None;
        }
        let mut wishes = vec![Wish::Auto; count];
        for (column, wish_of) in context.columns.iter().zip(&mut wishes) {
            *wish_of = wish(document.get_node(column.node_id)?, false);
        }
        let mut spans = Vec::new();
        for (cell, first, columns) in cells(document, id) {
            let wish = wish(document.get_node(cell)?, true);
            if columns > 1 {
                spans.push(Span { cell, first, columns, wish, least: 0.0, liked: 0.0 });
            } else if let Some(before) = wishes.get_mut(first) {
                *before = before.or(wish);
            }
        }
        spans.sort_by_key(|span| span.columns);
        let (least, liked) = (Vec::new(), Vec::new());
        Some(Self { id, outer, definite, wishes, spans, least, liked, told: None })
    }

    fn box_width(&self, document: &BaseDocument, column: f32) -> Option<BoxWidth> {
        let around = around(document, self.id)?;
        let least = self.least.iter().sum::<f32>() + around;
        let parts = self.wishes.iter().any(|wish| wish.part().is_some());
        if self.definite || !parts {
            return Some(BoxWidth { least, size: None });
        }
        // So wide that each part holds what it would like.
        let mut rest = 0.0;
        let mut left = 1.0;
        let mut needed: f32 = 0.0;
        for (wish, liked) in self.wishes.iter().zip(&self.liked) {
            match wish.part() {
                Some(part) => {
                    left -= part;
                    needed = needed.max(liked / part.max(0.001));
                }
                None => rest += liked,
            }
        }
        if rest > 0.0 {
            needed = needed.max(rest / left.max(0.001));
        }
        let needed = (needed + around).min(column.max(least));
        Some(BoxWidth { least, size: Some(Dimension::length(needed)) })
    }
}

/// Borders, padding and gaps of a table: what its width has beside its columns.
fn around(document: &BaseDocument, table: NodeId) -> Option<f32> {
    let element = document.get_node(table)?.element_data()?;
    let SpecialElementData::TableRoot(context) = &element.special_data else { return None };
    let info = context.computed_grid_info.borrow();
    let tracks = &info.as_ref()?.columns.positions;
    let gaps = tracks.windows(2).map(|pair| match pair {
        [one, two] => (two.start - one.end).max(one.start - two.end).max(0.0),
        _ => 0.0,
    });
    // The same on both sides, wherever the first column is.
    let edge = tracks.iter().map(|track| track.start).fold(f32::INFINITY, f32::min);
    Some(if edge.is_finite() { edge * 2.0 + gaps.sum::<f32>() } else { 0.0 })
}
