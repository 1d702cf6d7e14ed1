//! What goes over the pipe to the drawing process and comes back.
//!
//! Lengths are CSS pixels of the letter at zoom 1 unless said otherwise; device
//! pixels = CSS pixels × zoom × scale.

use crate::html::clean::{Body, Labels, Scheme, Token};
use crate::html::collector::MAX_FOUND;
use crate::html::quote::Quoted;
use crate::model::{Link, Reference};
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// Places of a text that are told; a letter has fewer.
pub const MAX_PLACES: usize = 10_000;

/// Boxes of one place of a text, or of one link: it goes over as many lines.
pub const MAX_BOXES: usize = 64;

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

impl View {
    /// The same with every number in its range, whatever was asked.
    #[must_use]
    pub fn within_reason(self) -> Self {
        let within = |value: f32, low: f32, high: f32, otherwise: f32| {
            if value.is_finite() { value.clamp(low, high) } else { otherwise }
        };
        Self {
            width: within(self.width, 50.0, 8192.0, 800.0),
            scale: within(self.scale, 0.5, 4.0, 1.0),
            zoom: within(self.zoom, 0.5, 3.0, 1.0),
            ..self
        }
    }
}

/// A picture that came in the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InlinePart {
    /// Its Content-ID without angle brackets.
    pub id: Option<String>,
    /// Its Content-Location.
    pub location: Option<String>,
    /// Its bytes, of unknown truth.
    #[serde(with = "octets")]
    pub bytes: Vec<u8>,
}

/// A letter to draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its bodies in order, with the ordinal of the part each one is.
    pub bodies: Vec<(usize, Body)>,
    /// The pictures it brought along.
    pub parts: Vec<InlinePart>,
    /// What is written on its long quoted parts, folded; `None`: nothing is folded.
    pub folds: Option<Labels>,
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

/// What a letter is printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8½ × 11 in.
    Letter,
}

/// How a letter is printed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Print {
    /// On what.
    pub paper: Paper,
    /// The language of what stands around the letter, as in HTML.
    pub language: String,
    /// What stands above it in large letters: its subject.
    pub title: String,
    /// What stands below that: names and values.
    pub lines: Vec<(String, String)>,
    /// What is said where it is cut off: it is longer than what is ever printed.
    pub cut: String,
}

/// Why a letter is not printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PrintError {
    /// The engine failed on it.
    #[error("this letter cannot be laid out")]
    Failed,
    /// It is more than is ever printed.
    #[error("this letter is too large to be printed")]
    TooLarge,
    /// No PDF came of it: a font or a picture that cannot be embedded.
    #[error("this letter cannot be written as a PDF")]
    Unwritten,
}

/// A letter on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// On how many sheets.
    pub sheets: u32,
    /// All of it.
    pub whole: bool,
    /// The PDF.
    #[serde(with = "octets")]
    pub pdf: Vec<u8>,
}

/// What is asked of the drawing process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Clean, lay out. Answer: [`Response::Opened`].
    Open(DocId, Source, View),
    /// What these bodies refer and link to, of a letter that could not be laid out.
    /// Answer: [`Response::Read`].
    Read(Vec<(usize, Body)>),
    /// Bytes of remote pictures that were allowed. Answer: [`Response::Laid`].
    Pictures(DocId, #[serde(with = "octets::by_token")] Vec<(Token, Vec<u8>)>),
    /// Another width, zoom or scheme. Answer: [`Response::Laid`].
    View(DocId, View),
    /// Open a folded part, or fold it again. Answer: [`Response::Laid`].
    Fold(DocId, u32),
    /// Paint a strip: y and height in device pixels. Answer: [`Response::Tile`].
    Paint(DocId, u32, u32),
    /// What is at a point. Answer: [`Response::Hit`].
    Hit(DocId, Point),
    /// Select. Answer: [`Response::Selection`].
    Select(DocId, Select),
    /// Every place of a text, case and width folded. Answer: [`Response::Found`].
    Find(DocId, String),
    /// Quote a letter, given whole, below this line; `true`: to hand it on. Answer:
    /// [`Response::Quoted`].
    Quote(#[serde(with = "octets")] Vec<u8>, String, bool),
    /// Forget a document. Answer: [`Response::Done`].
    Close(DocId),
    /// Answer: [`Response::Done`].
    Ping,
    /// Print a document as a PDF. Answer: [`Response::Printed`], [`Response::NotPrinted`].
    Print(DocId, Box<Print>),
    /// The link that comes next. Answer: [`Response::Stop`].
    Step(DocId, Step),
    /// From now on letters are drawn as they came: this is how the leak test proves
    /// that it would see it. Answer: [`Response::Done`].
    #[cfg(debug_assertions)]
    Sabotage,
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
    #[serde(deserialize_with = "few::<_, _, MAX_FOUND>")]
    pub references: Vec<Reference>,
    /// Its remote pictures: token and address, the addresses as in `references`.
    #[serde(deserialize_with = "few::<_, _, MAX_FOUND>")]
    pub remote: Vec<(Token, String)>,
    /// Its links, by number.
    #[serde(deserialize_with = "few::<_, _, MAX_FOUND>")]
    pub links: Vec<Link>,
    /// How it came out.
    pub laid: Laid,
    /// Addresses that reached the engine and were asked for, in vain: in a cleaned
    /// letter there are none.
    pub stray: u32,
}

/// What is at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hit {
    /// Number of the link there.
    pub link: Option<u32>,
    /// Text that can be selected.
    pub text: bool,
    /// Number of the folded part that would be opened or closed there.
    pub fold: Option<u32>,
}

/// From link to link, in the order in which they are read, around and around.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The one that was come to; without it, what is in sight first.
    pub from: Option<u32>,
    /// To the one before.
    pub back: bool,
    /// What is above is out of sight.
    pub top: f32,
}

/// A link, or what opens or closes a folded part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// The how many-th it is.
    pub at: u32,
    /// Which.
    pub hit: Hit,
    /// Where it stands.
    #[serde(deserialize_with = "few::<_, _, MAX_BOXES>")]
    pub boxes: Vec<Rect>,
}

/// A strip of pixels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tile {
    /// Upper edge in device pixels.
    pub y: u32,
    /// Width and height in device pixels.
    pub size: (u32, u32),
    /// RGBA, 4 bytes a pixel, opaque. Over the pipe they follow the frame as they are.
    #[serde(skip)]
    pub pixels: Vec<u8>,
}

/// What the drawing process answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// To [`Request::Open`].
    Opened(Opened),
    /// To [`Request::Pictures`], [`Request::View`] and [`Request::Fold`].
    Laid(Laid),
    /// To [`Request::Paint`].
    Tile(Tile),
    /// To [`Request::Hit`].
    Hit(Hit),
    /// To [`Request::Select`]: where, and the text.
    Selection(Vec<Rect>, String),
    /// To [`Request::Find`]: the boxes of each place, and how the document came out
    /// where folded parts had to be opened for them.
    Found(#[serde(deserialize_with = "few::<_, _, MAX_PLACES>")] Vec<Vec<Rect>>, Option<Laid>),
    /// To [`Request::Close`] and [`Request::Ping`].
    Done,
    /// It could not be done (too large); the process lives.
    Refused(String),
    /// To [`Request::Read`].
    Read(
        #[serde(deserialize_with = "few::<_, _, MAX_FOUND>")] Vec<Reference>,
        #[serde(deserialize_with = "few::<_, _, MAX_FOUND>")] Vec<Link>,
    ),
    /// To [`Request::Quote`].
    Quoted(Box<Quoted>),
    /// The document is not open, or no longer: there are too many.
    NotOpen,
    /// To [`Request::Print`].
    Printed(Printed),
    /// It was not: why.
    NotPrinted(PrintError),
    /// To [`Request::Step`]; `None`: there is no link in it that can be seen.
    Stop(Option<Stop>),
}

/// Reads a list of at most `MOST` things: a list of small things is many times
/// larger in memory than on the wire, so a bound on the bytes alone would not do.
fn few<'de, D, T, const MOST: usize>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Few<T, const MOST: usize>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for Few<T, MOST> {
        type Value = Vec<T>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(out, "a list of at most {MOST}")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
            let mut all = Vec::new();
            while let Some(next) = list.next_element()? {
                if all.len() == MOST {
                    return Err(A::Error::custom("too many"));
                }
                all.push(next);
            }
            Ok(all)
        }
    }
    from.deserialize_seq(Few::<T, MOST>(PhantomData))
}

/// Bytes in one piece, not one by one.
mod octets {
    use super::{Deserialize, Deserializer, Serialize, fmt};
    use serde::Serializer;
    use serde::de::{Error, Visitor};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        from.deserialize_bytes(Bytes)
    }

    #[derive(Serialize, Deserialize)]
    struct Owned(#[serde(with = "self")] Vec<u8>);

    struct Lent<'a>(&'a [u8]);

    impl Serialize for Lent<'_> {
        fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            to.serialize_bytes(self.0)
        }
    }

    pub(super) mod by_token {
        use super::{Deserialize, Deserializer, Lent, Owned, Serializer};
        use crate::html::clean::Token;

        pub(in super::super) fn serialize<S: Serializer>(
            pictures: &[(Token, Vec<u8>)],
            to: S,
        ) -> Result<S::Ok, S::Error> {
            to.collect_seq(pictures.iter().map(|(token, bytes)| (token, Lent(bytes))))
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Vec<(Token, Vec<u8>)>, D::Error> {
            let list: Vec<(Token, Owned)> = Vec::deserialize(from)?;
            Ok(list.into_iter().map(|(token, Owned(bytes))| (token, bytes)).collect())
        }
    }
}
