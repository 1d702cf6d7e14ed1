//! The parsed letter.

use crate::model::Envelope;
use std::borrow::Cow;
use std::ops::Range;

/// One header field.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    /// Its name as written, without the colon.
    pub name: Cow<'a, str>,
    /// Its value as it came: bytes after the colon up to the end of the field,
    /// folding and all.
    pub raw: &'a [u8],
    /// Its value unfolded, its encoded words decoded.
    pub value: Cow<'a, str>,
}

/// What a part holds.
#[derive(Debug, Clone)]
pub enum Content<'a> {
    /// Text of any kind but HTML, decoded to Unicode, line ends as they came.
    Text(Cow<'a, str>),
    /// HTML, decoded to Unicode.
    Html(Cow<'a, str>),
    /// Anything else, its transfer encoding undone.
    Binary(Cow<'a, [u8]>),
    /// A letter in the letter (message/rfc822, message/global): the part that
    /// follows in [`Letter::parts`] with this one as parent is its header and body.
    Message,
    /// A multipart: its children follow.
    Multipart,
}

/// One node of the MIME tree.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// Place in the tree as IMAP numbers it (RFC 9051 section 6.4.5): `1.2`;
    /// empty for the letter itself.
    pub path: String,
    /// Index of the parent in [`Letter::parts`].
    pub parent: Option<usize>,
    /// Depth in the tree, the letter itself being 0.
    pub depth: usize,
    /// Its header, decoded. For the letter itself: the letter's header.
    pub fields: Vec<Field<'a>>,
    /// Lower-case `type/subtype`; `text/plain` where none was declared.
    pub media_type: String,
    /// Parameters of Content-Type, names in lower case, RFC 2231 decoded.
    pub params: Vec<(String, String)>,
    /// The charset the text was decoded with, lower-case WHATWG-like name
    /// (`euc-kr`, `iso-2022-kr`, `utf-8`, …), for text only.
    pub charset: Option<String>,
    /// The charset the letter declared, as written.
    pub declared_charset: Option<String>,
    /// `base64`, `quoted-printable`, `7bit`, … as declared, lower case.
    pub transfer_encoding: String,
    /// `inline`, `attachment`, … as declared, lower case; empty when absent.
    pub disposition: String,
    /// Whether it is an attachment: what [`Letter::attachments`] lists, and in
    /// letters in the letter what is declared to be one.
    pub is_attachment: bool,
    /// File name from Content-Disposition or Content-Type, decoded, without any
    /// directory, never empty.
    pub file_name: Option<String>,
    /// `Content-ID` without brackets.
    pub content_id: Option<String>,
    /// Where its body stands in the raw letter, where that is known (not inside
    /// encoded nested letters).
    pub body_range: Option<Range<usize>>,
    /// Size of the decoded content in bytes.
    pub size: usize,
    /// What it holds.
    pub content: Content<'a>,
}

/// Something wrong with the letter, as a person would be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// Stable, short, machine-readable: `no-header`, `unclosed-boundary`, …
    pub kind: &'static str,
    /// One English sentence.
    pub text: String,
}

/// A parsed letter. Borrows from the bytes it came from.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    /// The bytes.
    pub raw: &'a [u8],
    /// The decoded header's essence.
    pub envelope: Envelope,
    /// The MIME tree, depth first; the first is the letter itself, always there.
    pub parts: Vec<Part<'a>>,
    /// Indexes of the parts a reader is shown as the body, in order: of
    /// alternatives the best (HTML), of everything inline text all of it.
    pub html_body: Vec<usize>,
    /// The same, preferring plain text.
    pub text_body: Vec<usize>,
    /// Indexes of the parts that are attachments.
    pub attachments: Vec<usize>,
    /// What was wrong with it.
    pub defects: Vec<Defect>,
    /// Envelopes of the letters in the letter, by the index of the part that is
    /// their header and body; in ascending order.
    pub(super) nested: Vec<(usize, Envelope)>,
}
