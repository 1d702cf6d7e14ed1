//! What goes over the pipe to the drawing process and comes back.
//!
//! Lengths are CSS pixels of the letter at zoom 1 unless said otherwise; device
//! pixels = CSS pixels × zoom × scale.

use crate::html::clean::{Body, Scheme, Token};
use crate::model::{Link, Reference};
use serde::{Deserialize, Serialize};

/// Number of an open document, chosen by the caller.
pub type DocId = u32;

/// How a document is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Width of the column it is drawn in, in logical pixels.
    pub width: f32,
    /// Device pixels to a logical pixel.
    pub scale: f32,
    /// The reader's zoom, 0.5 ..= 3.
    pub zoom: f32,
    /// Light or dark.
    pub scheme: Scheme,
    /// Draw what is wider than the column smaller, so that it fits.
    pub fit: bool,
}

/// A picture that came in the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InlinePart {
    /// Its Content-ID without angle brackets.
    pub id: Option<String>,
    /// Its Content-Location.
    pub location: Option<String>,
    /// Its bytes, of unknown truth.
    pub bytes: Vec<u8>,
}

/// A letter to draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its bodies in order, with the ordinal of the part each one is.
    pub bodies: Vec<(usize, Body)>,
    /// The pictures it brought along.
    pub parts: Vec<InlinePart>,
}

/// A point or a size in CSS pixels.
pub type Point = (f32, f32);

/// x, y, width, height in CSS pixels of the laid-out document.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// A way to select text.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Select {
    /// From where the button went down to where the pointer is.
    Range(Point, Point),
    /// The word at a point.
    Word(Point),
    /// The paragraph at a point.
    Paragraph(Point),
    /// Everything.
    All,
    /// Nothing.
    None,
}

/// What is asked of the drawing process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Clean, lay out. Answer: [`Response::Opened`].
    Open(DocId, Source, View),
    /// Bytes of remote pictures that were allowed. Answer: [`Response::Laid`].
    Pictures(DocId, Vec<(Token, Vec<u8>)>),
    /// Another width, zoom or scheme. Answer: [`Response::Laid`].
    View(DocId, View),
    /// Paint a strip: y and height in device pixels. Answer: [`Response::Tile`].
    Paint(DocId, u32, u32),
    /// What is at a point. Answer: [`Response::Hit`].
    Hit(DocId, Point),
    /// Select. Answer: [`Response::Selection`].
    Select(DocId, Select),
    /// Every place of a text, case and width folded. Answer: [`Response::Found`].
    Find(DocId, String),
    /// Forget a document. Answer: [`Response::Done`].
    Close(DocId),
    /// Answer: [`Response::Done`].
    Ping,
}

/// How a document came out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Laid {
    /// Width and height in device pixels.
    pub device: (u32, u32),
    /// CSS pixels to device pixels.
    pub factor: f32,
    /// Milliseconds the engine worked: cleaning, style, layout.
    pub ms: f32,
}

/// A document just opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// Everything its HTML refers to, in document order, `visible` as laid out.
    pub references: Vec<Reference>,
    /// Its remote pictures: token and address, the addresses as in `references`.
    pub remote: Vec<(Token, String)>,
    /// Its links, by number.
    pub links: Vec<Link>,
    /// How it came out.
    pub laid: Laid,
}

/// What is at a point.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hit {
    /// Number of the link there.
    pub link: Option<u32>,
    /// Text that can be selected.
    pub text: bool,
}

/// A strip of pixels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tile {
    /// Upper edge in device pixels.
    pub y: u32,
    /// Width and height in device pixels.
    pub size: (u32, u32),
    /// RGBA, 4 bytes a pixel, opaque.
    pub pixels: Vec<u8>,
}

/// What the drawing process answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// To [`Request::Open`].
    Opened(Opened),
    /// To [`Request::Pictures`] and [`Request::View`].
    Laid(Laid),
    /// To [`Request::Paint`].
    Tile(Tile),
    /// To [`Request::Hit`].
    Hit(Hit),
    /// To [`Request::Select`]: where, and the text.
    Selection(Vec<Rect>, String),
    /// To [`Request::Find`]: the boxes of each place.
    Found(Vec<Vec<Rect>>),
    /// To [`Request::Close`] and [`Request::Ping`].
    Done,
    /// It could not be done (no such document, too large); the process lives.
    Refused(String),
}
