//! A letter's HTML as a tree, by the algorithm browsers use (HTML 13.2).
//!
//! The same limits as where references are collected: a tag of a million
//! attributes, formatting elements by the thousand, nesting without end cost no
//! more than their bytes. Where a limit is reached tags are left out, and what
//! stands in them is kept.

use super::super::feed;
use super::super::limits::{self, Limits, MAX_ELEMENTS as MAX_BUILT};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, ExpandedName, LocalName, Namespace, QualName};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Nesting that is built: a little more than is drawn.
const MAX_DEPTH: u32 = 400;

/// Number of a node in its tree.
pub(super) type NodeId = usize;

/// What a node is.
#[derive(Debug)]
pub(super) enum Kind {
    /// The document, or what was not kept.
    Nothing,
    Element {
        name: QualName,
        attributes: Vec<Attribute>,
    },
    Text(StrTendril),
}

/// A node, with the numbers of those around it.
#[derive(Debug)]
pub(super) struct Node {
    pub kind: Kind,
    pub parent: Option<NodeId>,
    pub previous: Option<NodeId>,
    pub next: Option<NodeId>,
    pub first: Option<NodeId>,
    pub last: Option<NodeId>,
}

/// A tree; node 0 is the document.
#[derive(Debug)]
pub(super) struct Tree {
    pub nodes: Vec<Node>,
    pub quirks: bool,
    /// Some of them: what once was called transitional.
    pub limited: bool,
}

impl Node {
    fn new(kind: Kind) -> Self {
        Self { kind, parent: None, previous: None, next: None, first: None, last: None }
    }

    /// Name of an HTML element.
    pub fn html_name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Element { name, .. } if name.ns == html5ever::ns!(html) => Some(&name.local),
            _ => None,
        }
    }
}

impl Tree {
    /// A node by its number.
    pub fn get(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// The children of a node.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = self.get(id).and_then(|node| node.first);
        std::iter::from_fn(move || {
            let this = next?;
            next = self.get(this).and_then(|node| node.next);
            Some(this)
        })
    }

    fn detach(&mut self, id: NodeId) {
        let Some(node) = self.nodes.get_mut(id) else { return };
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        match previous.and_then(|id| self.nodes.get_mut(id)) {
            Some(previous) => previous.next = next,
            None => {
                if let Some(parent) = parent.and_then(|id| self.nodes.get_mut(id)) {
                    parent.first = next;
                }
            }
        }
        match next.and_then(|id| self.nodes.get_mut(id)) {
            Some(next) => next.previous = previous,
            None => {
                if let Some(parent) = parent.and_then(|id| self.nodes.get_mut(id)) {
                    parent.last = previous;
                }
            }
        }
    }

    /// Puts a node before another one, or at the end of a parent's children.
    fn place(&mut self, id: NodeId, parent: NodeId, before: Option<NodeId>) {
        self.detach(id);
        let previous = match before {
            Some(before) => self.nodes.get(before).and_then(|node| node.previous),
            None => self.nodes.get(parent).and_then(|node| node.last),
        };
        if let Some(node) = self.nodes.get_mut(id) {
            node.parent = Some(parent);
            node.previous = previous;
            node.next = before;
        }
        match previous.and_then(|id| self.nodes.get_mut(id)) {
            Some(previous) => previous.next = Some(id),
            None => {
                if let Some(parent) = self.nodes.get_mut(parent) {
                    parent.first = Some(id);
                }
            }
        }
        match before.and_then(|id| self.nodes.get_mut(id)) {
            Some(before) => before.previous = Some(id),
            None => {
                if let Some(parent) = self.nodes.get_mut(parent) {
                    parent.last = Some(id);
                }
            }
        }
    }

    fn add(&mut self, kind: Kind) -> NodeId {
        self.nodes.push(Node::new(kind));
        self.nodes.len() - 1
    }

    /// Text joins the text before it.
    fn insert_text(&mut self, text: StrTendril, parent: NodeId, before: Option<NodeId>) {
        let previous = match before {
            Some(before) => self.nodes.get(before).and_then(|node| node.previous),
            None => self.nodes.get(parent).and_then(|node| node.last),
        };
        if let Some(Node { kind: Kind::Text(there), .. }) =
            previous.and_then(|id| self.nodes.get_mut(id))
        {
            there.push_tendril(&text);
            return;
        }
        let id = self.add(Kind::Text(text));
        self.place(id, parent, before);
    }
}

/// Reads a document.
pub(super) fn parse(html: &str) -> Tree {
    let tree = Tree { nodes: vec![Node::new(Kind::Nothing)], quirks: false, limited: false };
    let sink = Sink { tree: RefCell::new(tree), document: handle(0), depth: Cell::new(0) };
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let gate = Gate {
        builder: TreeBuilder::new(sink, options),
        limits: Limits::default(),
        raw: Cell::new(false),
    };
    let gate = feed::feed(html, gate);
    gate.builder.sink.tree.into_inner()
}

/// How the tree builder knows a node.
#[derive(Debug)]
struct Known {
    id: NodeId,
    name: QualName,
    integration_point: bool,
    depth: Cell<u32>,
    has_parent: Cell<bool>,
}

fn handle(id: NodeId) -> Rc<Known> {
    Rc::new(Known {
        id,
        name: QualName::new(None, Namespace::default(), LocalName::default()),
        integration_point: false,
        depth: Cell::new(0),
        has_parent: Cell::new(false),
    })
}

struct Sink {
    tree: RefCell<Tree>,
    document: Rc<Known>,
    /// Depth of what was put in its place last.
    depth: Cell<u32>,
}

impl Sink {
    fn insert(&self, child: NodeOrText<Rc<Known>>, parent: NodeId, before: Option<NodeId>) {
        match child {
            NodeOrText::AppendNode(child) if child.id != 0 => {
                child.has_parent.set(true);
                self.tree.borrow_mut().place(child.id, parent, before);
            }
            NodeOrText::AppendNode(_) => {}
            NodeOrText::AppendText(text) => {
                self.tree.borrow_mut().insert_text(text, parent, before);
            }
        }
    }
}

impl TreeSink for Sink {
    type Handle = Rc<Known>;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Rc<Known> {
        Rc::clone(&self.document)
    }

    fn elem_name<'a>(&'a self, target: &'a Rc<Known>) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> Rc<Known> {
        let id = self.tree.borrow_mut().add(Kind::Element { name: name.clone(), attributes });
        Rc::new(Known {
            id,
            name,
            integration_point: flags.mathml_annotation_xml_integration_point,
            depth: Cell::new(0),
            has_parent: Cell::new(false),
        })
    }

    // Comments are not kept: the document stands for all of them.
    fn create_comment(&self, _: StrTendril) -> Rc<Known> {
        Rc::clone(&self.document)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Rc<Known> {
        Rc::clone(&self.document)
    }

    fn append(&self, parent: &Rc<Known>, child: NodeOrText<Rc<Known>>) {
        if let NodeOrText::AppendNode(child) = &child {
            let depth = parent.depth.get().saturating_add(1);
            child.depth.set(depth);
            self.depth.set(depth);
        }
        self.insert(child, parent.id, None);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Rc<Known>,
        previous: &Rc<Known>,
        child: NodeOrText<Rc<Known>>,
    ) {
        if element.has_parent.get() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Rc<Known>) -> Rc<Known> {
        Rc::clone(target)
    }

    fn same_node(&self, x: &Rc<Known>, y: &Rc<Known>) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        let mut tree = self.tree.borrow_mut();
        tree.quirks = mode == QuirksMode::Quirks;
        tree.limited = mode == QuirksMode::LimitedQuirks;
    }

    fn append_before_sibling(&self, sibling: &Rc<Known>, child: NodeOrText<Rc<Known>>) {
        let parent = self.tree.borrow().get(sibling.id).and_then(|node| node.parent);
        let Some(parent) = parent else { return };
        if let NodeOrText::AppendNode(child) = &child {
            child.depth.set(sibling.depth.get());
            self.depth.set(sibling.depth.get());
        }
        self.insert(child, parent, Some(sibling.id));
    }

    fn add_attrs_if_missing(&self, target: &Rc<Known>, more: Vec<Attribute>) {
        if let Some(Node { kind: Kind::Element { attributes, .. }, .. }) =
            self.tree.borrow_mut().nodes.get_mut(target.id)
        {
            for attribute in more {
                // A thousand `<body>` may bring a thousand attributes each.
                if attributes.len() < feed::MAX_ATTRIBUTES
                    && !attributes.iter().any(|there| there.name == attribute.name)
                {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Rc<Known>) {
        target.has_parent.set(false);
        self.tree.borrow_mut().detach(target.id);
    }

    fn reparent_children(&self, node: &Rc<Known>, new_parent: &Rc<Known>) {
        let mut tree = self.tree.borrow_mut();
        while let Some(first) = tree.get(node.id).and_then(|node| node.first) {
            tree.place(first, new_parent.id, None);
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &Rc<Known>) -> bool {
        handle.integration_point
    }
}

struct Gate {
    builder: TreeBuilder<Rc<Known>, Sink>,
    limits: Limits,
    /// The text of an element that was left out is being read, and is no text to show.
    raw: Cell<bool>,
}

impl feed::Gate for Gate {
    fn take_told(&self) -> bool {
        self.limits.take_told()
    }

    fn is_foreign(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }

    fn excess(&self, _: &Tag) {}
}

impl Gate {
    fn is_full(&self) -> bool {
        self.builder.sink.tree.borrow().nodes.len() > 2 * MAX_BUILT as usize
    }

    fn start_tag(&self, tag: Tag, line: u64) -> TokenSinkResult<Rc<Known>> {
        use feed::Gate as _;
        let too_deep = self.limits.are_skipping() || self.builder.sink.depth.get() > MAX_DEPTH;
        if too_deep || self.is_full() {
            let Some(kind) = self.limits.leave_out(&tag, self.is_foreign()) else {
                return TokenSinkResult::Continue;
            };
            self.raw.set(true);
            return TokenSinkResult::RawData(kind);
        }
        if !self.limits.may_format(&tag) {
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(Token::TagToken(tag), line)
    }

    fn end_tag(&self, tag: Tag, line: u64) -> TokenSinkResult<Rc<Known>> {
        self.raw.set(false);
        if self.limits.ends_skipped() || self.is_full() {
            return TokenSinkResult::Continue;
        }
        let name = tag.name.clone();
        let result = self.builder.process_token(Token::TagToken(tag), line);
        self.limits.end(&name, &self.builder.sink.depth);
        result
    }
}

impl TokenSink for Gate {
    type Handle = Rc<Known>;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Rc<Known>> {
        self.limits.hear(&token);
        let result = match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => self.start_tag(tag, line),
            Token::TagToken(tag) => self.end_tag(tag, line),
            Token::CommentToken(_) | Token::ParseError(_) => TokenSinkResult::Continue,
            Token::CharacterTokens(_) if self.is_full() || self.raw.get() => {
                TokenSinkResult::Continue
            }
            other => self.builder.process_token(other, line),
        };
        limits::answer(result)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        use feed::Gate as _;
        self.is_foreign()
    }
}
