//! The tree of a letter, written out again: known elements, presentational
//! attributes as hints, pictures as tokens, links as numbers. No recursion.

use super::MAX_DEPTH;
use super::elements::{Become, PARAGRAPH, becomes, is_block, is_table_part};
use super::field;
use super::fold::{self, Folds};
use super::grid::{self, Grid};
use super::hints::{self, Push, Reader, Table};
use super::maps::{self, Maps};
use super::mend;
use super::output::{Attributes, Output, attribute};
use super::picture;
use super::template::escape;
use super::text::without_tabs;
use super::tree::{Kind, NodeId, Tree};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Elements that are drawn.
pub(super) const MAX_ELEMENTS: usize = 50_000;

/// Tables in tables.
const MAX_TABLES: usize = 50;

/// Columns and rows one cell may span, and all cells of a letter together.
const MAX_SPAN: u32 = 200;
const MAX_CELLS: u32 = 200_000;

/// Sources of a picture that are looked at, with what stands between them.
const MAX_SOURCES: usize = 50;

/// Bytes of a link's text that are kept.
const MAX_LINK_TEXT: usize = 500;

/// What must be done when an element ends.
struct Close {
    /// Its end tag, where it was written.
    name: Option<&'static str>,
    is_table: bool,
    is_flat: bool,
    is_link: bool,
    keeps_space: bool,
    push: Push,
    /// The element that ends, where it is folded.
    fold: Option<NodeId>,
}

enum Step {
    Node(NodeId),
    /// From this child of a box on it is quoted.
    Fold(NodeId, NodeId),
    EndFold(NodeId),
    Close(Close),
}

struct Walk<'w, 'a> {
    tree: &'w Tree,
    out: &'w mut Output<'a>,
    steps: Vec<Step>,
    depth: usize,
    tables: Vec<Table>,
    grids: Vec<Grid>,
    /// Tables that are not built, around this place.
    flat: usize,
    push: Push,
    /// Elements around this place that keep their white space.
    kept: usize,
    /// The column of such text, where tabulators stop.
    column: usize,
    link: Option<usize>,
    /// What is being begun holds pictures only: its lines are as high as they are.
    pictures_only: bool,
    folds: Folds,
    maps: Maps<'w>,
}

/// Writes the contents of a body.
pub(super) fn body(tree: &Tree, body: NodeId, out: &mut Output<'_>) {
    let mut walk = Walk {
        tree,
        out,
        steps: Vec::new(),
        depth: 2,
        tables: Vec::new(),
        grids: Vec::new(),
        flat: 0,
        push: Push::None,
        kept: 0,
        column: 0,
        link: None,
        pictures_only: false,
        folds: Folds::of(tree),
        maps: maps::of(tree),
    };
    walk.children(body);
    walk.run();
}

impl<'w> Walk<'w, '_> {
    fn run(&mut self) {
        while let Some(step) = self.steps.pop() {
            match step {
                Step::Node(id) => self.node(id),
                Step::Close(close) => self.close(&close),
                Step::Fold(parent, from) => {
                    self.folds.end_line();
                    if self.link.is_none() {
                        self.folds.open(self.tree, parent, Some(from), self.out);
                    }
                }
                Step::EndFold(parent) => self.folds.close(parent, self.out),
            }
        }
    }

    fn close(&mut self, close: &Close) {
        if let Some(name) = close.name {
            let _ = write!(self.out.html, "</{name}>");
            self.depth -= 1;
            if is_block(name) || name == PARAGRAPH || name == "tr" {
                self.folds.end_line();
            }
        }
        if let Some(id) = close.fold {
            self.folds.close(id, self.out);
        }
        if close.is_table {
            self.tables.pop();
            self.grids.pop();
        }
        if close.is_flat {
            self.flat -= 1;
        }
        self.kept -= usize::from(close.keeps_space);
        if close.is_link {
            self.link = None;
        }
        self.push = close.push;
    }

    fn children(&mut self, id: NodeId) {
        let quoted = self.folds.starts(id);
        if quoted.is_some() {
            self.steps.push(Step::EndFold(id));
        }
        let mut child = self.tree.get(id).and_then(|node| node.last);
        while let Some(at) = child {
            self.steps.push(Step::Node(at));
            if quoted == Some(at) {
                self.steps.push(Step::Fold(id, at));
            }
            child = self.tree.get(at).and_then(|node| node.previous);
        }
    }

    fn node(&mut self, id: NodeId) {
        let tree = self.tree;
        let Some(node) = tree.get(id) else { return };
        match &node.kind {
            Kind::Nothing => {}
            Kind::Text(text) => self.text(id, text),
            Kind::Element { name, attributes } if name.ns == html5ever::ns!(html) => {
                self.element(id, &name.local, Attributes(attributes));
            }
            // Of mathematics the letters, of drawings nothing.
            Kind::Element { name, .. } if name.ns == html5ever::ns!(mathml) => self.children(id),
            Kind::Element { .. } => {}
        }
    }

    fn text(&mut self, id: NodeId, text: &str) {
        let parent = self.tree.get(id).and_then(|node| node.parent);
        let parent = parent.and_then(|id| self.tree.get(id)).and_then(|node| node.html_name());
        let structure =
            matches!(parent, Some("table" | "tbody" | "thead" | "tfoot" | "tr" | "colgroup"));
        if structure && text.bytes().all(|b| b.is_ascii_whitespace()) {
            return;
        }
        let text = match self.kept > 0 || self.out.keeps_space {
            true => without_tabs(text, &mut self.column),
            false => Cow::Borrowed(text),
        };
        let text = self.out.admit(&text);
        // One line end at the beginning does not count, each time it is read.
        if matches!(parent, Some("pre" | "listing")) && text.starts_with('\n') {
            self.out.html.push_str("\n\n");
        }
        self.folds.text(text);
        escape(text, &mut self.out.html);
        self.link_text(text);
    }

    fn link_text(&mut self, text: &str) {
        let Some(link) = self.link.and_then(|number| self.out.links.get_mut(number)) else {
            return;
        };
        for c in text.chars() {
            if link.text.len() > MAX_LINK_TEXT {
                return;
            }
            if !c.is_whitespace() {
                link.text.push(c);
            } else if !link.text.is_empty() && !link.text.ends_with(' ') {
                link.text.push(' ');
            }
        }
    }

    fn element(&mut self, id: NodeId, name: &'w str, attributes: Attributes<'w>) {
        let mut close = Close {
            name: None,
            is_table: false,
            is_flat: false,
            is_link: false,
            keeps_space: false,
            fold: None,
            push: self.push,
        };
        let full = self.depth >= MAX_DEPTH || self.out.elements >= MAX_ELEMENTS;
        self.out.cut |= self.out.elements >= MAX_ELEMENTS;
        let tree = self.tree;
        let written = match becomes(name) {
            Become::Gone => return,
            Become::Unwrapped => {
                self.children(id);
                return;
            }
            Become::Picture => {
                if self.out.elements < MAX_ELEMENTS {
                    self.out.elements += 1;
                    self.picture(id, name, attributes);
                }
                return;
            }
            Become::Field => {
                if !full {
                    self.out.elements += 1;
                    match attributes.get("type").map(str::trim) {
                        Some(kind) if name == "input" && kind.eq_ignore_ascii_case("image") => {
                            self.picture(id, name, attributes);
                        }
                        _ => field::write(tree, id, name, attributes, self.out),
                    }
                }
                return;
            }
            Become::Frame => {
                if self.out.elements < MAX_ELEMENTS {
                    self.out.elements += 1;
                    picture::frame(attributes, self.out);
                }
                return;
            }
            Become::Line => {
                if self.out.elements < MAX_ELEMENTS && (self.flat == 0 || !is_table_part(name)) {
                    self.out.elements += 1;
                    self.folds.end_line();
                    self.line(name, attributes);
                }
                return;
            }
            Become::Named(written) => written,
        };
        if name == "caption" && self.flat == 0 && !full {
            self.caption(id, attributes, close);
            return;
        }
        let starts_flat = name == "table" && (full || self.tables.len() >= MAX_TABLES);
        if starts_flat {
            self.flat += 1;
            close.is_flat = true;
        }
        if full || (self.flat > 0 && is_table_part(name)) {
            self.steps.push(Step::Close(close));
            self.children(id);
            return;
        }
        if is_block(name) {
            self.folds.end_line();
        }
        if fold::is_quotation(name, attributes)
            && self.link.is_none()
            && self.folds.open(tree, id, None, self.out)
        {
            close.fold = Some(id);
        }
        self.out.elements += 1;
        self.depth += 1;
        close.name = Some(written);
        let mut hints = String::new();
        let written = self.hints(id, name, written, attributes, &mut close, &mut hints);
        let html = &mut self.out.html;
        html.push('<');
        html.push_str(written);
        let class = match name {
            "button" => "goyo-button",
            _ if self.pictures_only => "goyo-flat",
            _ => "",
        };
        self.out.common(attributes, hints, class);
        match name {
            "a" => self.link(attributes, &mut close),
            "tr" => self.grids.last_mut().into_iter().for_each(Grid::row),
            "thead" | "tbody" | "tfoot" => self.grids.last_mut().into_iter().for_each(Grid::group),
            "td" | "th" => self.spans(id, attributes),
            "colgroup" => self.span(attributes),
            "ol" => {
                for name in ["start", "reversed"] {
                    self.number(name, attributes);
                }
            }
            "li" => self.number("value", attributes),
            _ => {}
        }
        self.out.html.push('>');
        self.steps.push(Step::Close(close));
        self.children(id);
    }

    /// A caption is written as a first row: the engine leaves captions out.
    fn caption(&mut self, id: NodeId, attributes: Attributes<'_>, mut close: Close) {
        let parent = self.tree.get(id).and_then(|node| node.parent);
        let columns = parent.map_or(1, |table| mend::columns(self.tree, table));
        self.out.elements += 3;
        self.out.html.push_str("<thead><tr><td");
        let hints = "padding:0;border:0;text-align:center;".to_owned();
        self.out.common(attributes, hints, "");
        if columns > 1 {
            let _ = write!(self.out.html, " colspan=\"{columns}\"");
        }
        self.out.html.push('>');
        self.depth += 1;
        close.name = Some("td></tr></thead");
        self.steps.push(Step::Close(close));
        self.children(id);
    }

    /// What the old attributes say; the name under which it is written.
    fn hints(
        &mut self,
        id: NodeId,
        name: &str,
        written: &'static str,
        attributes: Attributes<'_>,
        close: &mut Close,
        hints: &mut String,
    ) -> &'static str {
        let mut written = written;
        if written == "p" && self.holds_block(id) {
            // Read again, it would end where the block begins.
            written = PARAGRAPH;
            hints.push_str("margin-top:1em;margin-bottom:1em;");
            close.name = Some(written);
        }
        let styled = |what: &str| {
            attributes.get("style").is_some_and(|style| {
                style
                    .as_bytes()
                    .windows(what.len())
                    .any(|w| w.eq_ignore_ascii_case(what.as_bytes()))
            })
        };
        if written == "pre" || styled("white-space") {
            close.keeps_space = true;
            self.kept += 1;
            self.column = 0;
        }
        // A box with a width of its own in one that pushes its blocks.
        let pushed = match self.push {
            Push::None => "",
            _ if attributes.get("align").is_some() && name == "table" => "",
            _ if name != "table"
                && !(is_block(name) && (styled("width") || attributes.get("width").is_some())) =>
            {
                ""
            }
            Push::Center => "margin-left:auto;margin-right:auto;",
            Push::Right => "margin-left:auto;",
            Push::Left => "margin-right:auto;",
        };
        hints.push_str(pushed);
        let get = |name: &str| attributes.get(name);
        let mut reader = Reader { attribute: &get, colours: self.out.filter.colours };
        let push = reader.read(name, &self.tables, hints);
        if name == "table" {
            let cells = reader.of_cells();
            self.tables.push(cells);
            self.grids.push(Grid::default());
            close.is_table = true;
            if self.out.filter.quirks {
                self.push = Push::None;
            }
        }
        if push != Push::None {
            self.push = push;
        } else if styled("text-align") {
            self.push = Push::None;
        }
        if matches!(name, "table" | "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "div") {
            self.out.background(name, attributes, hints);
        }
        if mend::is_boxed(self.tree, id, name, attributes) {
            hints.push_str("display:inline-block;");
        }
        if matches!(name, "td" | "th") {
            hints.push_str(&mend::cell_height(attributes));
        }
        if self.tree.quirks {
            hints.push_str(mend::lost_margins(self.tree, id, name));
        }
        self.pictures_only = (self.tree.quirks || self.tree.limited)
            && mend::holds_pictures_only(self.tree, id, name);
        self.line_height(id, hints);
        if name == "dialog" && attributes.get("open").is_none() {
            hints.push_str("display:none;");
        }
        written
    }

    /// Line heights of old documents.
    fn line_height(&self, id: NodeId, hints: &mut String) {
        let tree = self.tree;
        if self.pictures_only {
            hints.push_str("line-height:0;");
            return;
        }
        if !tree.quirks || self.out.has_line_heights {
            return;
        }
        if mend::has_no_words(tree, id) {
            hints.push_str("line-height:0;");
        } else if let Some(parent) = tree.get(id).and_then(|node| node.parent)
            && mend::has_no_words(tree, parent)
        {
            hints.push_str("line-height:normal;");
        }
    }

    /// Whether anything in it would end a paragraph.
    fn holds_block(&self, id: NodeId) -> bool {
        let mut at = self.tree.get(id).and_then(|node| node.first);
        while let Some(this) = at {
            let Some(node) = self.tree.get(this) else { return false };
            if node.html_name().is_some_and(is_block) {
                return true;
            }
            at = node.first.or(node.next);
            // Up until there is a next one, or the paragraph is at its end.
            let mut up = this;
            while at.is_none() {
                match self.tree.get(up).and_then(|node| node.parent) {
                    Some(parent) if parent != id => {
                        up = parent;
                        at = self.tree.get(parent).and_then(|node| node.next);
                    }
                    _ => return false,
                }
            }
        }
        false
    }

    fn link(&mut self, attributes: Attributes<'_>, close: &mut Close) {
        let Some(href) = attributes.get("href") else { return };
        let Some(number) = self.out.link(href) else { return };
        let _ = write!(self.out.html, " href=\"goyo-link:{number}\"");
        self.link = Some(number);
        close.is_link = true;
    }

    /// How many columns and rows a cell has: as many as are free.
    fn spans(&mut self, id: NodeId, attributes: Attributes<'_>) {
        let read = |name: &str| {
            let n = attributes.get(name).and_then(hints::integer).unwrap_or(1);
            u32::try_from(n).unwrap_or(1).min(MAX_SPAN)
        };
        let rows = match read("rowspan") {
            1 => 1,
            asked => grid::rows(self.tree, id, asked),
        };
        let asked = read("colspan").max(1);
        let columns = self.grids.last_mut().map_or(asked, |grid| grid.cell(asked, rows));
        self.out.cells = self.out.cells.saturating_add(columns * rows);
        if self.out.cells > MAX_CELLS {
            return;
        }
        if columns > 1 {
            let _ = write!(self.out.html, " colspan=\"{columns}\"");
        }
        if rows > 1 {
            let _ = write!(self.out.html, " rowspan=\"{rows}\"");
        }
    }

    fn span(&mut self, attributes: Attributes<'_>) {
        if let Some(span @ 2..) = attributes.get("span").and_then(hints::integer) {
            let span = span.min(50);
            let _ = write!(self.out.html, " span=\"{span}\"");
        }
    }

    fn number(&mut self, name: &str, attributes: Attributes<'_>) {
        if let Some(value) = attributes.get(name) {
            let value = hints::integer(value).map(|n| n.to_string()).unwrap_or_default();
            attribute(name, &value, &mut self.out.html);
        }
    }

    fn line(&mut self, name: &str, attributes: Attributes<'_>) {
        let mut hints = String::new();
        let get = |name: &str| attributes.get(name);
        let mut reader = Reader { attribute: &get, colours: self.out.filter.colours };
        reader.read(name, &self.tables, &mut hints);
        let clears = name == "br"
            && (hints.contains("clear:")
                || attributes.get("style").is_some_and(|style| style.contains("clear")));
        if clears {
            // The engine clears at blocks only.
            self.out.html.push_str("<br><span");
            self.out.common(attributes, hints, "goyo-clear");
            self.out.html.push_str("></span>");
            return;
        }
        self.out.html.push('<');
        self.out.html.push_str(name);
        self.out.common(attributes, hints, "");
        if name == "col" {
            self.span(attributes);
        }
        self.out.html.push('>');
    }

    fn picture(&mut self, id: NodeId, name: &str, attributes: Attributes<'_>) {
        if let Some(alt) = attributes.get("alt")
            && self.link.is_some()
        {
            self.link_text(&format!(" {alt} "));
        }
        let parent = self.tree.get(id).and_then(|node| node.parent);
        let sources = parent
            .filter(|id| self.tree.get(*id).and_then(|n| n.html_name()) == Some("picture"))
            .map(|parent| {
                self.tree
                    .children(parent)
                    .take(MAX_SOURCES)
                    .take_while(|child| *child != id)
                    .filter_map(|child| match &self.tree.get(child)?.kind {
                        Kind::Element { name, attributes } if &*name.local == "source" => {
                            Some(Attributes(attributes))
                        }
                        _ => None,
                    })
                    .collect::<Vec<_>>()
            })
            .unwrap_or_default();
        let areas =
            attributes.get("usemap").and_then(|name| self.maps.get(name.trim().strip_prefix('#')?));
        let Some(areas) = areas.filter(|_| self.link.is_none()) else {
            picture::write(name, attributes, &sources, self.out);
            return;
        };
        self.out.html.push_str("<span class=\"goyo-map\">");
        let size = picture::write(name, attributes, &sources, self.out);
        maps::write(areas, size, self.out);
        self.out.html.push_str("</span>");
    }
}
