//! Long quoted parts that are folded away: which parts of a letter those are, and
//! what is in them. Whether one is open is the reader's business; found words and
//! copied text need what is in a folded one.

use super::Token;
use super::elements::{is_block, is_table_part};
use super::output::{Attributes, Output};
use super::template::{mark_fold, mark_fold_end};
use super::tree::{Kind, NodeId, Tree};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// Lines a quoted part may have without being folded.
const SHORT: usize = 12;

/// Folds of a letter.
const MAX_FOLDS: usize = 500;

/// Bytes of text of all folds.
const MAX_TEXT: usize = 1024 * 1024;

/// Blank lines that do not end a quoted part.
const MAX_GAP: usize = 2;

/// Characters of a line of HTML, about.
const LINE: usize = 90;

/// Elements between a line that begins a quoted part and the box it begins.
const MAX_UP: usize = 12;

/// Nodes that are looked through for the text of a fold.
const MAX_NODES: usize = 100_000;

/// What programs write between dashes above the letter they answer, lower case.
const SEPARATORS: [&str; 8] = [
    "original message",
    "original email",
    "원본 메시지",
    "원본 메일",
    "원본메시지",
    "원본메일",
    "ursprüngliche nachricht",
    "元のメッセージ",
];

/// A quoted part that may be folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fold {
    /// Its lines, about.
    pub lines: usize,
    /// Its text.
    pub text: String,
    /// Its pictures.
    pub tokens: Range<Token>,
}

/// What is written on a fold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// On one that is closed; `#` stands for its number of lines.
    pub show: String,
    /// On one that is open.
    pub hide: String,
}

/// How the folds of a letter are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folding {
    /// What is written on them.
    pub labels: Labels,
    /// The open ones, by number.
    pub open: BTreeSet<u32>,
}

/// Whether a line says that the letter which is answered begins.
fn is_separator(line: &str) -> bool {
    let line = line.trim();
    let inner = line.trim_matches('-');
    // As many as make it no list and no signature, on both sides.
    line.len() - inner.len() >= 6
        && line.starts_with("---")
        && line.ends_with("---")
        && SEPARATORS.contains(&inner.trim().to_lowercase().as_str())
}

/// The lines of a text that are to be folded: first and behind the last.
/// `is_quoted` says of a line whether it bears a mark.
pub(super) fn of_lines(lines: &[&str], is_quoted: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let mut folds = Vec::new();
    // Whether the letter has said anything itself, but for "so-and-so wrote:".
    let mut said = false;
    let mut last: Option<&str> = None;
    let mut at = 0;
    while let Some(line) = lines.get(at).filter(|_| folds.len() < MAX_FOLDS) {
        if is_separator(line) {
            if (said || last.is_some()) && lines.len() - at > SHORT {
                folds.push(at..lines.len());
            }
            break;
        }
        if !is_quoted(line) {
            if !line.trim().is_empty() {
                said |= last.replace(line).is_some();
            }
            at += 1;
            continue;
        }
        let mut end = at + 1;
        let mut gap = 0;
        while let Some(line) = lines.get(end + gap).filter(|_| gap <= MAX_GAP) {
            if is_quoted(line) {
                end += gap + 1;
                gap = 0;
            } else if line.trim().is_empty() {
                gap += 1;
            } else {
                break;
            }
        }
        let above = said || last.is_some_and(|line| !line.trim_end().ends_with(':'));
        if above && end - at > SHORT {
            folds.push(at..end);
        }
        at = end;
    }
    folds
}

/// Folds in a tree: where they may begin, and what was said above them.
#[derive(Debug, Default)]
pub(super) struct Folds {
    /// In which box a part begins with which child; it goes on to the end of the box.
    from: HashMap<NodeId, NodeId>,
    /// The one that is being written: the box, or the element, it ends with.
    inside: Option<NodeId>,
    /// Characters said above the line that is being written, on it, and on the last
    /// one before it.
    said: usize,
    line: usize,
    last: usize,
    /// What was said ends with a colon.
    colon: bool,
}

impl Folds {
    /// Looks for the lines that begin a quoted part.
    pub fn of(tree: &Tree) -> Self {
        let mut folds = Self::default();
        for (id, node) in tree.nodes.iter().enumerate() {
            let begins = match &node.kind {
                Kind::Text(text) => text.len() < 200 && text.contains("---") && is_separator(text),
                Kind::Element { attributes, .. } => is_answered(Attributes(attributes)),
                Kind::Nothing => false,
            };
            if begins && folds.from.len() < MAX_FOLDS {
                folds.begin(tree, id);
            }
        }
        folds
    }

    /// From a node up to the box it is the first in, below what holds the letter.
    fn begin(&mut self, tree: &Tree, mut id: NodeId) {
        for _ in 0..MAX_UP {
            let Some(node) = tree.get(id) else { return };
            let Some(parent) = node.parent else { return };
            let name = tree.get(parent).and_then(|node| node.html_name()).unwrap_or("html");
            let mut before = node.previous;
            let mut looked_at = 0;
            while let Some(node) = before.and_then(|id| tree.get(id)) {
                let blank = match &node.kind {
                    Kind::Text(text) => text.trim().is_empty(),
                    Kind::Element { .. } => node.html_name() == Some("br"),
                    Kind::Nothing => true,
                };
                looked_at += 1;
                if !blank || looked_at > 20 {
                    break;
                }
                before = node.previous;
            }
            let holds = matches!(name, "body" | "td" | "th");
            if before.is_some() || holds {
                let flows = holds || !is_table_part(name) && !matches!(name, "html" | "ul" | "ol");
                if flows {
                    self.from.entry(parent).or_insert(id);
                }
                return;
            }
            id = parent;
        }
    }

    /// The child with which a quoted part begins in this box.
    pub fn starts(&self, parent: NodeId) -> Option<NodeId> {
        self.from.get(&parent).copied()
    }

    /// Text is written.
    pub fn text(&mut self, text: &str) {
        let count = text.chars().filter(|c| !c.is_whitespace()).count();
        self.line += count;
        if count > 0 {
            self.colon = text.trim_end().ends_with([':', '：']);
        }
    }

    /// A line ends.
    pub fn end_line(&mut self) {
        if self.line > 0 {
            self.said += self.line;
            self.last = std::mem::take(&mut self.line);
        }
    }

    /// Whether anything stands above but "so-and-so wrote:".
    fn has_words_above(&self) -> bool {
        let said = self.said + self.line;
        let last = if self.line > 0 { self.line } else { self.last };
        said > if self.colon { last } else { 0 }
    }

    /// Begins a fold, if it is to be one: an element, or all from a child of a box on.
    pub fn open(
        &mut self,
        tree: &Tree,
        holder: NodeId,
        from: Option<NodeId>,
        out: &mut Output<'_>,
    ) -> bool {
        if self.inside.is_some() || out.folds.len() >= MAX_FOLDS || !self.has_words_above() {
            return false;
        }
        let mut text = match from {
            Some(from) => {
                let next = |id: &NodeId| tree.get(*id).and_then(|node| node.next);
                text_of(tree, std::iter::successors(Some(from), next))
            }
            None => text_of(tree, std::iter::once(holder)),
        };
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let lines = lines.map(|line| 1 + line.chars().count() / LINE).sum();
        if lines <= SHORT {
            return false;
        }
        let room = MAX_TEXT.saturating_sub(out.folds.iter().map(|fold| fold.text.len()).sum());
        text.truncate(text.floor_char_boundary(room));
        self.inside = Some(holder);
        begin(lines, text, out);
        true
    }

    /// Ends the fold that began with this element or box.
    pub fn close(&mut self, holder: NodeId, out: &mut Output<'_>) {
        if self.inside == Some(holder) {
            self.inside = None;
            end(out);
        }
    }
}

/// Begins what is folded.
pub(super) fn begin(lines: usize, text: String, out: &mut Output<'_>) {
    let number = u32::try_from(out.folds.len()).unwrap_or(u32::MAX);
    let first = u32::try_from(out.filter.pictures.count()).unwrap_or(u32::MAX);
    out.folds.push(Fold { lines, text, tokens: first..first });
    mark_fold(number, &mut out.html);
}

/// Ends it.
pub(super) fn end(out: &mut Output<'_>) {
    let pictures = u32::try_from(out.filter.pictures.count()).unwrap_or(u32::MAX);
    if let Some(fold) = out.folds.last_mut() {
        fold.tokens.end = pictures;
    }
    mark_fold_end(&mut out.html);
}

/// Whether an element is a quotation as mail programs make them.
pub(super) fn is_quotation(name: &str, attributes: Attributes<'_>) -> bool {
    let cites = || attributes.get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("cite"));
    let class = attributes.get("class").unwrap_or("");
    let has = |known: &str| class.split_ascii_whitespace().any(|class| class == known);
    match name {
        "blockquote" => cites() || has("gmail_quote") || has("protonmail_quote") || has("cite"),
        "div" => has("yahoo_quoted") || has("protonmail_quote"),
        _ => false,
    }
}

/// Whether an element is where Outlook begins the letter that is answered.
fn is_answered(attributes: Attributes<'_>) -> bool {
    let id = attributes.get("id").unwrap_or("");
    let class = attributes.get("class").unwrap_or("");
    matches!(id.strip_prefix("x_").unwrap_or(id), "divRplyFwdMsg" | "appendonsend")
        || class.split_ascii_whitespace().any(|class| class == "OutlookMessageHeader")
}

/// The text of nodes, in lines.
fn text_of(tree: &Tree, nodes: impl Iterator<Item = NodeId>) -> String {
    enum Step {
        Node(NodeId),
        Break,
    }
    let mut text = String::new();
    let mut looked_at = 0;
    for id in nodes {
        let mut steps = vec![Step::Node(id)];
        while let Some(step) = steps.pop() {
            looked_at += 1;
            if looked_at > MAX_NODES || text.len() > MAX_TEXT {
                return text;
            }
            let id = match step {
                Step::Node(id) => id,
                Step::Break => {
                    end_line(&mut text);
                    continue;
                }
            };
            let Some(node) = tree.get(id) else { continue };
            match &node.kind {
                Kind::Nothing => {}
                Kind::Text(words) => {
                    for word in words.split_ascii_whitespace() {
                        if !text.is_empty() && !text.ends_with([' ', '\n']) {
                            text.push(' ');
                        }
                        text.push_str(word);
                    }
                    if words.ends_with(|c: char| c.is_ascii_whitespace())
                        && !text.ends_with([' ', '\n'])
                    {
                        text.push(' ');
                    }
                }
                Kind::Element { .. } => {
                    let name = node.html_name().unwrap_or("");
                    if matches!(name, "script" | "style" | "title" | "head" | "template") {
                        continue;
                    }
                    if name == "br" {
                        text.push('\n');
                        continue;
                    }
                    if is_block(name) || name == "tr" {
                        end_line(&mut text);
                        steps.push(Step::Break);
                    }
                    let mut child = node.last;
                    while let Some(id) = child {
                        steps.push(Step::Node(id));
                        child = tree.get(id).and_then(|node| node.previous);
                    }
                }
            }
        }
    }
    text
}

fn end_line(text: &mut String) {
    text.truncate(text.trim_end_matches(' ').len());
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}
