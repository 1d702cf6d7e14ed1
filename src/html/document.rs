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
use super::limits::{self, Limits, MAX_ELEMENTS, is_void};
use super::sight::{Around, Sight};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, ExpandedName, LocalName, Namespace, QualName};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Nesting that is still built. The engine that draws stops sooner.
const MAX_DEPTH: u32 = 256;

/// Reads a document into the collector.
pub(super) fn read(html: &str, collector: &mut Collector) {
    let sink = Sink::default();
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let gate = Gate {
        builder: TreeBuilder::new(sink, options),
        collector: RefCell::new(std::mem::take(collector)),
        limits: Limits::default(),
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
    limits: Limits,
}

impl feed::Gate for Gate {
    fn take_told(&self) -> bool {
        self.limits.take_told()
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
    fn start_tag(&self, tag: Tag, line: u64) -> TokenSinkResult<Rc<Node>> {
        let foreign = self.is_foreign();
        let sink = &self.builder.sink;
        let (sight, from) = self.collector.borrow_mut().element(&tag, sink.around.get());
        let too_deep = self.limits.are_skipping() || sink.depth.get() > MAX_DEPTH;
        if too_deep || sink.created.get() > MAX_ELEMENTS {
            return self
                .limits
                .leave_out(&tag, foreign)
                .map_or(TokenSinkResult::Continue, TokenSinkResult::RawData);
        }
        if !self.limits.may_format(&tag) {
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
        if self.limits.ends_skipped() || self.builder.sink.created.get() > MAX_ELEMENTS {
            return TokenSinkResult::Continue;
        }
        let name = tag.name.clone();
        let result = self.builder.process_token(Token::TagToken(tag), line);
        self.limits.end(&name, &self.builder.sink.depth);
        result
    }
}

impl TokenSink for Gate {
    type Handle = Rc<Node>;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Rc<Node>> {
        self.limits.hear(&token);
        let result = match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => self.start_tag(tag, line),
            Token::TagToken(tag) => self.end_tag(tag, line),
            Token::CharacterTokens(text) => {
                self.collector.borrow_mut().text(&text);
                if self.limits.are_skipping() || self.builder.sink.created.get() > MAX_ELEMENTS {
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
        limits::answer(result)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.is_foreign()
    }
}
