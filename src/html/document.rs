//! A whole letter's HTML read once, by the algorithm browsers use (HTML 13.2).
//!
//! Every start tag passes through a [`Gate`] between tokenizer and tree builder,
//! so that tags the tree would drop (a second `<body>`, a `<frame>` outside its
//! frameset) are seen all the same. No tree is kept: of the elements still open
//! only what their children inherit. Time and memory are bounded by the letter:
//! below [`MAX_DEPTH`] nested elements, and after [`MAX_ELEMENTS`] of them, tags
//! are still read for references but no longer built into the tree.

use super::collector::Collector;
use super::feed::{self, Gate as _};
use super::sight::{Around, Sight};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, ExpandedName, LocalName, Namespace, QualName};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Nesting that is still built. The engine that draws stops sooner.
const MAX_DEPTH: u32 = 256;

/// Elements that are still built, those the tree builder adds included: a few
/// hundred bytes can make it open the same hundred elements again and again.
pub(super) const MAX_ELEMENTS: u32 = 200_000;

/// Comparisons of attributes, about, that may be spent on formatting elements: for
/// each the tree builder sorts and compares the attributes of all open ones of its
/// name. Beyond, they are read but not built.
pub(super) const MAX_COMPARISONS: usize = 20_000_000;

/// Reads a document into the collector.
pub(super) fn read(html: &str, collector: &mut Collector) {
    let sink = Sink::default();
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let gate = Gate {
        builder: TreeBuilder::new(sink, options),
        collector: RefCell::new(std::mem::take(collector)),
        skipped: Cell::new(0),
        formatting: Default::default(),
        comparisons: Cell::new(0),
        told: Cell::new(false),
    };
    *collector = feed::feed(html, gate).collector.take();
}

/// What is kept of an element.
#[derive(Debug)]
pub(super) struct Node {
    name: QualName,
    sight: Sight,
    around: Cell<Around>,
    depth: Cell<u32>,
    has_parent: Cell<bool>,
    integration_point: bool,
}

impl Node {
    fn new(name: QualName, sight: Sight, integration_point: bool) -> Rc<Self> {
        Rc::new(Self {
            name,
            sight,
            around: Cell::default(),
            depth: Cell::default(),
            has_parent: Cell::default(),
            integration_point,
        })
    }

    fn inside(&self) -> Around {
        self.around.get().within(self.sight)
    }
}

/// The tree builder's sink: a tree without branches.
struct Sink {
    document: Rc<Node>,
    /// What the tag being processed declares, for the element made of it.
    pending: RefCell<Option<(LocalName, Sight)>>,
    /// The element made of it.
    made: RefCell<Option<Rc<Node>>>,
    created: Cell<u32>,
    /// Depth of what was put in its place last.
    depth: Cell<u32>,
    /// What the current place inherits.
    around: Cell<Around>,
}

impl Default for Sink {
    fn default() -> Self {
        let name = QualName::new(None, Namespace::default(), LocalName::default());
        Self {
            document: Node::new(name, Sight::default(), false),
            pending: RefCell::default(),
            made: RefCell::default(),
            created: Cell::default(),
            depth: Cell::default(),
            around: Cell::default(),
        }
    }
}

impl Sink {
    fn place(&self, child: NodeOrText<Rc<Node>>, around: Around, depth: u32) {
        if let NodeOrText::AppendNode(child) = child {
            child.around.set(around);
            child.depth.set(depth);
            child.has_parent.set(true);
            self.depth.set(depth);
        }
    }
}

impl TreeSink for Sink {
    type Handle = Rc<Node>;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Rc<Node> {
        Rc::clone(&self.document)
    }

    fn elem_name<'a>(&'a self, target: &'a Rc<Node>) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, _: Vec<Attribute>, flags: ElementFlags) -> Rc<Node> {
        self.created.set(self.created.get().saturating_add(1));
        let mut pending = self.pending.borrow_mut();
        let of_this_tag = pending.take_if(|(tag, _)| is_made_of(&name.local, tag));
        let sight = of_this_tag.as_ref().map(|(_, sight)| *sight).unwrap_or_default();
        let node = Node::new(name, sight, flags.mathml_annotation_xml_integration_point);
        if of_this_tag.is_some() {
            *self.made.borrow_mut() = Some(Rc::clone(&node));
        }
        node
    }

    fn create_comment(&self, _: StrTendril) -> Rc<Node> {
        Rc::clone(&self.document)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Rc<Node> {
        Rc::clone(&self.document)
    }

    fn append(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        // A comment is no node of ours: it is the document, which stays its own root.
        if matches!(&child, NodeOrText::AppendNode(node) if Rc::ptr_eq(node, &self.document)) {
            return;
        }
        self.place(child, parent.inside(), parent.depth.get().saturating_add(1));
    }

    fn append_based_on_parent_node(
        &self,
        element: &Rc<Node>,
        previous: &Rc<Node>,
        child: NodeOrText<Rc<Node>>,
    ) {
        if element.has_parent.get() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn pop(&self, node: &Rc<Node>) {
        self.around.set(node.around.get());
    }

    fn get_template_contents(&self, target: &Rc<Node>) -> Rc<Node> {
        Rc::clone(target)
    }

    fn same_node(&self, x: &Rc<Node>, y: &Rc<Node>) -> bool {
        Rc::ptr_eq(x, y)
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        if matches!(&child, NodeOrText::AppendNode(node) if Rc::ptr_eq(node, &self.document)) {
            return;
        }
        self.place(child, sibling.around.get(), sibling.depth.get());
    }

    fn add_attrs_if_missing(&self, _: &Rc<Node>, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Rc<Node>) {
        target.has_parent.set(false);
    }

    // What children inherit was settled when they came; the adoption agency moves
    // them under a copy of the same element.
    fn reparent_children(&self, _: &Rc<Node>, _: &Rc<Node>) {}

    fn is_mathml_annotation_xml_integration_point(&self, handle: &Rc<Node>) -> bool {
        handle.integration_point
    }
}

/// Whether an element is the one its tag asked for: SVG's names get their
/// capitals back, and `<image>` becomes `<img>`.
fn is_made_of(element: &LocalName, tag: &LocalName) -> bool {
    element.eq_ignore_ascii_case(tag) || (&**tag == "image" && &**element == "img")
}

/// Between tokenizer and tree builder: everything passes, and is read here.
struct Gate {
    builder: TreeBuilder<Rc<Node>, Sink>,
    collector: RefCell<Collector>,
    /// Open elements that were read but not built.
    skipped: Cell<u32>,
    /// Formatting elements begun and not ended, by name, at most.
    formatting: [Cell<usize>; FORMATTING.len()],
    comparisons: Cell<usize>,
    /// A token came.
    told: Cell<bool>,
}

impl feed::Gate for Gate {
    fn take_told(&self) -> bool {
        self.told.take()
    }

    fn is_foreign(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }

    fn excess(&self, tag: &Tag) {
        let around = self.builder.sink.around.get();
        self.collector.borrow_mut().excess(tag, around);
    }
}

impl Gate {
    fn formatting(&self, name: &str) -> Option<&Cell<usize>> {
        let index = FORMATTING.iter().position(|known| *known == name)?;
        self.formatting.get(index)
    }

    /// Whether there is time for one more element of that kind.
    fn may_format(&self, tag: &Tag) -> bool {
        let Some(open) = self.formatting(&tag.name) else {
            return true;
        };
        let now = open.get() * (1 + tag.attrs.len());
        self.comparisons.set(self.comparisons.get().saturating_add(now));
        if self.comparisons.get() > MAX_COMPARISONS {
            return false;
        }
        open.set(open.get() + 1);
        true
    }

    fn start_tag(&self, tag: Tag, line: u64) -> TokenSinkResult<Rc<Node>> {
        let foreign = self.is_foreign();
        let sink = &self.builder.sink;
        let (sight, from) = self.collector.borrow_mut().element(&tag, sink.around.get());
        let too_deep = self.skipped.get() > 0 || sink.depth.get() > MAX_DEPTH;
        if too_deep || sink.created.get() > MAX_ELEMENTS {
            if !tag.self_closing && !is_void(&tag.name) {
                self.skipped.set(self.skipped.get().saturating_add(1));
            }
            return raw_kind(&tag.name)
                .filter(|_| !foreign)
                .map_or(TokenSinkResult::Continue, TokenSinkResult::RawData);
        }
        if !self.may_format(&tag) {
            return TokenSinkResult::Continue;
        }
        let void = is_void(&tag.name);
        *sink.pending.borrow_mut() = Some((tag.name.clone(), sight));
        let result = self.builder.process_token(Token::TagToken(tag), line);
        sink.pending.borrow_mut().take();
        if let Some(node) = sink.made.borrow_mut().take() {
            if node.inside().conceals() {
                self.collector.borrow_mut().conceal(from);
            }
            sink.around.set(if void { node.around.get() } else { node.inside() });
        }
        result
    }

    fn end_tag(&self, tag: Tag, line: u64) -> TokenSinkResult<Rc<Node>> {
        self.collector.borrow_mut().end(&tag.name);
        if self.skipped.get() > 0 {
            self.skipped.set(self.skipped.get() - 1);
            return TokenSinkResult::Continue;
        }
        if self.builder.sink.created.get() > MAX_ELEMENTS {
            return TokenSinkResult::Continue;
        }
        if let Some(open) = self.formatting(&tag.name) {
            open.set(open.get().saturating_sub(1));
        }
        let result = self.builder.process_token(Token::TagToken(tag), line);
        // What closes makes room again; the next element says how much.
        let depth = &self.builder.sink.depth;
        depth.set(depth.get().saturating_sub(1));
        result
    }
}

impl TokenSink for Gate {
    type Handle = Rc<Node>;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Rc<Node>> {
        if !matches!(token, Token::ParseError(_)) {
            self.told.set(true);
        }
        let result = match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => self.start_tag(tag, line),
            Token::TagToken(tag) => self.end_tag(tag, line),
            Token::CharacterTokens(text) => {
                self.collector.borrow_mut().text(&text);
                if self.skipped.get() > 0 || self.builder.sink.created.get() > MAX_ELEMENTS {
                    return TokenSinkResult::Continue;
                }
                self.builder.process_token(Token::CharacterTokens(text), line)
            }
            Token::CommentToken(text) => {
                let around = self.builder.sink.around.get();
                self.collector.borrow_mut().comment(&text, around);
                TokenSinkResult::Continue
            }
            Token::DoctypeToken(doctype) => {
                self.collector.borrow_mut().doctype(doctype.system_id.as_deref().unwrap_or(""));
                self.builder.process_token(Token::DoctypeToken(doctype), line)
            }
            Token::ParseError(_) => TokenSinkResult::Continue,
            other => self.builder.process_token(other, line),
        };
        match result {
            // No script runs here, and the charset was settled before.
            TokenSinkResult::Script(_) | TokenSinkResult::EncodingIndicator(_) => {
                TokenSinkResult::Continue
            }
            other => other,
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.is_foreign()
    }
}

/// The formatting elements of the standard (HTML 13.2.4.2) of which more than one
/// can be open.
pub(super) const FORMATTING: [&str; 12] =
    ["b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"];

pub(super) fn is_void(name: &LocalName) -> bool {
    matches!(
        &**name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "image"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// How the tokenizer goes on after elements that hold raw text.
pub(super) fn raw_kind(name: &LocalName) -> Option<RawKind> {
    match &**name {
        "title" | "textarea" => Some(RawKind::Rcdata),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
        "script" => Some(RawKind::ScriptData),
        _ => None,
    }
}
