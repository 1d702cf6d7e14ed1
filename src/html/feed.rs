//! Feeds a document to html5ever's tokenizer piece by piece.
//!
//! The tokenizer compares every attribute of a tag with all those before it: one
//! tag of a few megabytes would keep it busy for hours. So a tag is cut after
//! [`MAX_ATTRIBUTES`]: the main tokenizer sees it closed there, and the rest is
//! read aside, as so many further tags of the same name, for its references.
//!
//! Where a tag begins is not guessed. Pieces end at every `<`, and whatever is
//! complete has been told to the sink by then; when nothing was told, the
//! tokenizer is in the middle of the markup that began at the `<` before.
//! Comments, raw text and scripts need no second tokenizer for that.

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;

/// Attributes of a tag that are read together. Letters of people and of mailing
/// services stay far below; the time for a document grows with it.
pub(super) const MAX_ATTRIBUTES: usize = 256;

/// Bytes given to the tokenizer at once, so that it holds no copy of the document.
const SLICE: usize = 64 * 1024;

/// What follows a `<` in foreign content.
const CDATA: &str = "![CDATA[";

/// What stands between the tokenizer and a tree builder.
pub(super) trait Gate: TokenSink {
    /// Whether a token came since it was asked last.
    fn take_told(&self) -> bool;
    /// Whether the current element is SVG's or MathML's.
    fn is_foreign(&self) -> bool;
    /// Reads attributes of the tag that comes next, which has too many.
    fn excess(&self, tag: &Tag);
}

/// Reads a document through the gate, which comes back.
pub(super) fn feed<G: Gate>(html: &str, gate: G) -> G {
    let mut feeder = Feeder {
        html,
        at: 0,
        input: BufferQueue::default(),
        tokenizer: Tokenizer::new(gate, TokenizerOpts::default()),
    };
    feeder.run();
    feeder.tokenizer.end();
    feeder.tokenizer.sink
}

/// Where the tokenizer is when a piece begins.
enum Place {
    /// In text: the piece ends with the next `<`.
    Text,
    /// Behind a `<` that stood in text.
    Open,
    /// In a tag.
    Tag(TagReader),
    /// In a comment or the like.
    Other,
}

struct Feeder<'h, G> {
    html: &'h str,
    /// What stands before it was read.
    at: usize,
    input: BufferQueue,
    tokenizer: Tokenizer<G>,
}

impl<G: Gate> Feeder<'_, G> {
    fn run(&mut self) {
        let mut place = Place::Text;
        while self.at < self.html.len() {
            let rest = self.rest(self.at);
            let end = memchr::memchr(b'<', rest.as_bytes())
                .map_or(self.html.len(), |offset| self.at + offset + 1);
            if matches!(place, Place::Open) {
                if rest.starts_with(CDATA) && self.tokenizer.sink.is_foreign() {
                    // Told at its end only, or at every NUL: its end is looked for.
                    let inside = rest.get(CDATA.len()..).unwrap_or("").as_bytes();
                    let end = memchr::memmem::find(inside, b"]]>")
                        .map_or(self.html.len(), |offset| self.at + CDATA.len() + offset + 3);
                    self.feed_to(end);
                    place = Place::Text;
                    continue;
                }
                place = open(rest, self.at);
            }
            if let Place::Tag(tag) = &mut place
                // Fewer bytes cannot hold that many.
                && end - tag.from > 2 * MAX_ATTRIBUTES
                && let Some(cut) = tag.read(self.html, end, MAX_ATTRIBUTES)
            {
                // Told of something before it? Then it is text that looks like a tag.
                if !self.feed_to(cut) {
                    self.skip_excess(tag);
                }
                place = Place::Text;
                continue;
            }
            let told = self.feed_to(end);
            if told || matches!(place, Place::Text) {
                place = Place::Open;
            }
        }
    }

    fn rest(&self, from: usize) -> &str {
        self.html.get(from..).unwrap_or("")
    }

    /// Feeds up to there; whether the sink was told of anything.
    fn feed_to(&mut self, end: usize) -> bool {
        self.tokenizer.sink.take_told();
        while self.at < end {
            let next = self.html.floor_char_boundary(end.min(self.at + SLICE));
            let Some(piece) = self.html.get(self.at..next) else {
                break;
            };
            self.at = next;
            self.feed_piece(piece);
        }
        self.at = end;
        self.tokenizer.sink.take_told()
    }

    fn feed_piece(&self, piece: &str) {
        self.input.push_back(StrTendril::from_slice(piece));
        while !matches!(self.tokenizer.feed(&self.input), TokenizerResult::Done) {}
    }

    /// Reads the attributes of a tag from here to its end aside, and closes it.
    fn skip_excess(&mut self, tag: &mut TagReader) {
        let name = tag.name(self.html);
        loop {
            let from = self.at;
            let limit = tag.attributes.saturating_add(MAX_ATTRIBUTES);
            let next = tag.read(self.html, self.html.len(), limit);
            self.at = next.unwrap_or(tag.read);
            if let Some(name) = name {
                // The `>` of the tag is not part of it.
                let end = if tag.ended() { self.at - 1 } else { self.at };
                let attributes = self.html.get(from..end).unwrap_or("");
                if let Some(tag) = aside(name, attributes) {
                    self.tokenizer.sink.excess(&tag);
                }
            }
            if next.is_none() {
                break;
            }
        }
        if tag.ended() {
            // A blank, lest a slash before the cut close the element.
            self.feed_piece(if tag.closes_itself { " />" } else { " >" });
        }
    }
}

/// What begins with that, behind a `<`.
fn open(rest: &str, at: usize) -> Place {
    let mut bytes = rest.bytes();
    let first = bytes.next();
    let letter = match first {
        Some(b'/') => bytes.next(),
        other => other,
    };
    match (first, letter) {
        (_, Some(letter)) if letter.is_ascii_alphabetic() => Place::Tag(TagReader::new(at)),
        // `</>` is nothing at all; `<<` is text and another beginning.
        (Some(b'/'), Some(b'>')) => Place::Text,
        _ => Place::Other,
    }
}

/// One tag of excess attributes, read by a tokenizer of its own.
fn aside(name: &str, attributes: &str) -> Option<Tag> {
    #[derive(Default)]
    struct First(RefCell<Option<Tag>>);
    impl TokenSink for First {
        type Handle = ();
        fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
            if let Token::TagToken(tag) = token {
                self.0.borrow_mut().get_or_insert(tag);
            }
            TokenSinkResult::Continue
        }
    }
    let tokenizer = Tokenizer::new(First::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    for piece in ["<", name, " ", attributes, ">"] {
        input.push_back(StrTendril::from_slice(piece));
    }
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.sink.0.take()
}

/// The states of the standard's tokenizer inside a tag (HTML 13.2.5.8, .32-.40).
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Name,
    BeforeAttribute,
    Attribute,
    AfterAttribute,
    BeforeValue,
    Quoted(u8),
    Unquoted,
    AfterQuoted,
    Slash,
    Ended,
}

/// Counts the attributes of a tag.
struct TagReader {
    /// Behind its `<`.
    from: usize,
    /// What stands before it was read.
    read: usize,
    state: State,
    attributes: usize,
    closes_itself: bool,
}

impl TagReader {
    fn new(from: usize) -> Self {
        Self { from, read: from, state: State::Name, attributes: 0, closes_itself: false }
    }

    fn ended(&self) -> bool {
        self.state == State::Ended
    }

    /// Reads on up to `end` or the end of the tag; where an attribute begins that is
    /// one too many, stops and says so.
    fn read(&mut self, html: &str, end: usize, limit: usize) -> Option<usize> {
        use State::*;
        let bytes = html.as_bytes().get(..end)?;
        while self.state != Ended {
            let byte = *bytes.get(self.read)?;
            let blank = matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c' | b' ');
            let next = match (self.state, byte) {
                (Quoted(quote), _) if byte == quote => AfterQuoted,
                // Much of a document may stand in one value.
                (Quoted(quote), _) => {
                    let rest = bytes.get(self.read..)?;
                    self.read += memchr::memchr(quote, rest).unwrap_or(rest.len());
                    continue;
                }
                (BeforeValue, b'"' | b'\'') => Quoted(byte),
                (BeforeValue, _) if blank => BeforeValue,
                (_, b'>') => {
                    self.closes_itself = self.state == Slash;
                    Ended
                }
                (Unquoted, _) if blank => BeforeAttribute,
                (BeforeValue | Unquoted, _) => Unquoted,
                (_, b'/') => Slash,
                (Name, _) if blank => BeforeAttribute,
                (Name, _) => Name,
                (Attribute | AfterAttribute, b'=') => BeforeValue,
                (Attribute | AfterAttribute, _) if blank => AfterAttribute,
                (Attribute, _) => Attribute,
                (_, _) if blank => BeforeAttribute,
                (BeforeAttribute | AfterAttribute | AfterQuoted | Slash | Ended, _) => {
                    if self.attributes >= limit {
                        return Some(self.read);
                    }
                    self.attributes += 1;
                    Attribute
                }
            };
            self.state = next;
            self.read += 1;
        }
        None
    }

    /// Its name, of a start tag.
    fn name<'h>(&self, html: &'h str) -> Option<&'h str> {
        /// Names we know are shorter, and it is repeated.
        const LONGEST: usize = 64;
        let rest = html.get(self.from..)?;
        let end = rest
            .bytes()
            .position(|b| matches!(b, b'\t' | b'\n' | b'\r' | b'\x0c' | b' ' | b'/' | b'>'))
            .unwrap_or(rest.len());
        let name = rest.get(..end)?;
        if name.is_empty() {
            return None;
        }
        Some(if end > LONGEST { "unknown" } else { name })
    }
}
