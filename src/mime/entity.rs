//! One node of the tree: its header read, its content decoded.

use super::charset;
use super::envelope;
use super::file_name;
use super::header::{self, Block};
use super::letter::{Content, Field, Part};
use super::params::Parameterised;
use super::structure::{Gathered, HEADER_BUDGET, Kind};
use super::transfer::{self, Transfer};
use crate::model::Envelope;
use std::borrow::Cow;
use std::ops::Range;

/// What the header of an entity says of its content.
#[derive(Debug, Default)]
pub(crate) struct Head<'a> {
    pub fields: Vec<Field<'a>>,
    pub media_type: String,
    pub params: Vec<(String, String)>,
    pub declared_charset: Option<String>,
    pub transfer_encoding: String,
    pub disposition: String,
    pub file_name: Option<String>,
    pub content_id: Option<String>,
}

/// An entity and where it stands.
#[derive(Debug)]
pub(crate) struct Entity<'a> {
    pub head: Head<'a>,
    pub kind: Kind,
    pub parent: Option<usize>,
    pub path: String,
    pub depth: usize,
    /// It is a letter of its own: the whole one, or the inside of message/rfc822.
    pub is_letter: bool,
    pub body: Range<usize>,
}

impl<'a> Head<'a> {
    /// Reads the fields of a header block.
    pub(crate) fn read(
        raw: &'a [u8],
        block: &Block,
        in_digest: bool,
        gathered: &mut Gathered,
    ) -> Self {
        let spans = block.fields.iter().map(|span| {
            let name = raw.get(span.name.clone()).unwrap_or(&[]);
            (name, raw.get(span.value.clone()).unwrap_or(&[]))
        });
        let first = |wanted: &str| {
            let mut spans = spans.clone();
            spans
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes()))
                .map(|(_, value)| value)
        };
        // The charset of the body is a hint for raw eight-bit text around it.
        let content_type =
            first("content-type").map(|v| Parameterised::parse(v, None)).unwrap_or_default();
        let declared_charset =
            content_type.get("charset").filter(|c| !c.is_empty()).map(str::to_owned);
        let hint = declared_charset.as_deref();
        let disposition =
            first("content-disposition").map(|v| Parameterised::parse(v, hint)).unwrap_or_default();
        let transfer_encoding = first("content-transfer-encoding")
            .map(|v| Parameterised::parse(v, None).value)
            .unwrap_or_default();
        let file_name = disposition
            .get("filename")
            .or_else(|| disposition.get("name"))
            .or_else(|| content_type.get("name"))
            .or_else(|| content_type.get("filename"))
            .and_then(file_name::sanitise);
        let content_id = first("content-id")
            .map(|v| header::decode_with_hint(v, hint))
            .map(|id| id.trim_matches(['<', '>', ' ']).to_owned())
            .filter(|id| !id.is_empty());
        let media_type =
            media_type(&content_type, in_digest, &transfer_encoding, file_name.is_some());
        let fields = spans
            .map(|(name, value)| {
                let room = HEADER_BUDGET.saturating_sub(gathered.header_bytes);
                let readable = value.get(..room.min(value.len())).unwrap_or(&[]);
                if readable.len() < value.len() || value.len() > header::MAX_VALUE {
                    gathered.defect(
                        "long-header",
                        "The header is so long that not all of it is shown.",
                    );
                }
                gathered.header_bytes += readable.len().min(header::MAX_VALUE);
                Field {
                    name: String::from_utf8_lossy(name),
                    raw: value,
                    value: header::decode_with_hint(readable, hint),
                }
            })
            .collect();
        Self {
            fields,
            media_type,
            params: content_type.params,
            declared_charset,
            transfer_encoding,
            disposition: disposition.value,
            file_name,
            content_id,
        }
    }

    /// The boundary of a multipart. A blank at its end was lost in transport.
    pub(crate) fn boundary(&self) -> Option<&str> {
        let boundary = self.params.iter().find(|(name, _)| name == "boundary")?.1.trim_end();
        (!boundary.is_empty()).then_some(boundary)
    }

    /// Whether it is a letter in the letter.
    pub(crate) fn is_message(&self) -> bool {
        matches!(self.media_type.as_str(), "message/rfc822" | "message/global" | "message/news")
    }

    /// Whether a transfer encoding hides its bytes.
    pub(crate) fn is_encoded(&self) -> bool {
        Transfer::named(&self.transfer_encoding).0 != Transfer::Plain
    }
}

/// RFC 2045 section 5.2: what says nothing sensible is text/plain. Unless it
/// is plainly a file.
fn media_type(declared: &Parameterised, in_digest: bool, encoding: &str, named: bool) -> String {
    let value: String = declared.value.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some((main, sub)) = value.split_once('/') {
        // `text/plain/foo`, `text/html,`: what is sensible of it.
        let sub = sub.split(['/', ',', '"']).next().unwrap_or("");
        if !main.is_empty() && !sub.is_empty() {
            return format!("{main}/{sub}");
        }
    }
    match value.trim_matches(['/', '"']) {
        "" if in_digest => "message/rfc822".to_owned(),
        "multipart" => "multipart/mixed".to_owned(),
        "html" => "text/html".to_owned(),
        "" | "text" | "plain" => "text/plain".to_owned(),
        _ if named || encoding == "base64" => "application/octet-stream".to_owned(),
        _ => "text/plain".to_owned(),
    }
}

impl<'a> Entity<'a> {
    /// The envelope, where this is a letter.
    pub(crate) fn envelope(&self) -> Envelope {
        envelope::read(&self.head.fields, self.head.declared_charset.as_deref())
    }

    /// Decodes the content and makes it a part.
    pub(crate) fn into_part(
        self,
        raw: &'a [u8],
        hint: Option<&str>,
        gathered: &mut Gathered,
    ) -> Part<'a> {
        let body = raw.get(self.body.clone()).unwrap_or(&[]);
        let Head { fields, media_type, params, declared_charset, transfer_encoding, .. } =
            self.head;
        let (transfer, known) = Transfer::named(&transfer_encoding);
        if !known {
            gathered.defect(
                "unknown-transfer-encoding",
                format!(
                    "The transfer encoding “{}” is not known; the part is shown as it came.",
                    transfer_encoding.chars().take(40).collect::<String>()
                ),
            );
        }
        let mut charset = None;
        let (content, size) = match self.kind {
            Kind::Multipart => (Content::Multipart, body.len()),
            Kind::Message => (Content::Message, body.len()),
            Kind::Opaque => {
                let (text, used) =
                    charset::decode_with_hint(body, declared_charset.as_deref(), hint);
                charset = Some(used.to_owned());
                (Content::Text(text), body.len())
            }
            Kind::Leaf => {
                let (bytes, flawed) = transfer.decode(body);
                if flawed {
                    gathered.defect(
                        "bad-transfer-encoding",
                        "The transfer encoding of a part is damaged; what could be read is shown.",
                    );
                }
                let bytes = match transfer {
                    // Text that is no base64 though it says so is text.
                    Transfer::Base64 if flawed && is_text(&media_type) && !is_printable(&bytes) => {
                        transfer::base64_with_tail(body)
                            .filter(|bytes| is_printable(bytes))
                            .map_or(Cow::Borrowed(body), Cow::Owned)
                    }
                    _ => bytes,
                };
                let size = bytes.len();
                let content = if is_text(&media_type) {
                    let html = matches!(media_type.as_str(), "text/html" | "application/xhtml+xml");
                    let meta = match (&declared_charset, html) {
                        (None, true) => meta_charset(&bytes),
                        _ => None,
                    };
                    let declared = declared_charset.as_deref().or(meta.as_deref());
                    let (text, used) = decode_cow(bytes, declared, hint);
                    charset = Some(used.to_owned());
                    if html { Content::Html(text) } else { Content::Text(text) }
                } else {
                    Content::Binary(bytes)
                };
                (content, size)
            }
        };
        Part {
            path: self.path,
            parent: self.parent,
            depth: self.depth,
            is_attachment: self.head.disposition == "attachment",
            disposition: self.head.disposition,
            fields,
            media_type,
            params,
            charset,
            declared_charset,
            transfer_encoding,
            file_name: self.head.file_name,
            content_id: self.head.content_id,
            body_range: Some(self.body),
            size,
            content,
        }
    }
}

/// Whether bytes may be text: no controls but those of lines and ISO-2022.
fn is_printable(bytes: &[u8]) -> bool {
    !bytes.iter().any(|b| matches!(b, 0..=8 | 0x0b | 0x10..=0x1a | 0x1c..=0x1f | 0x7f))
}

/// Types whose bytes are text to be read.
fn is_text(media_type: &str) -> bool {
    media_type.starts_with("text/")
        || matches!(
            media_type,
            "message/delivery-status"
                | "message/disposition-notification"
                | "message/global-delivery-status"
                | "message/global-disposition-notification"
                | "message/global-headers"
                | "message/rfc822-headers"
                | "message/feedback-report"
                | "application/xhtml+xml"
        )
}

fn decode_cow<'a>(
    bytes: Cow<'a, [u8]>,
    declared: Option<&str>,
    hint: Option<&str>,
) -> (Cow<'a, str>, &'static str) {
    match bytes {
        Cow::Borrowed(bytes) => charset::decode_with_hint(bytes, declared, hint),
        Cow::Owned(bytes) => {
            let (text, used) = match charset::decode_with_hint(&bytes, declared, hint) {
                (Cow::Owned(text), used) => (Some(text), used),
                (Cow::Borrowed(text), used) if text.len() != bytes.len() => {
                    (Some(text.to_owned()), used)
                }
                (Cow::Borrowed(_), used) => (None, used),
            };
            // Borrowed whole means that the bytes are the text already.
            let text = text.unwrap_or_else(|| {
                String::from_utf8(bytes)
                    .unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
            });
            (Cow::Owned(text), used)
        }
    }
}

/// The charset an HTML page names in a `<meta>` near its top.
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(2048))?;
    let mut rest = head;
    loop {
        let at = rest.windows(8).position(|w| w.eq_ignore_ascii_case(b"charset="))?;
        rest = rest.get(at + 8..)?;
        let label: String = rest
            .iter()
            .map(|b| char::from(*b))
            .skip_while(|c| matches!(c, '"' | '\'' | ' '))
            .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
            .take(40)
            .collect();
        // A page that can be read as bytes to find this is no UTF-16.
        if charset::canonical(&label).is_some_and(|name| !name.starts_with("utf-16")) {
            return Some(label);
        }
    }
}

impl Part<'_> {
    /// The same part, standing on its own bytes.
    pub(crate) fn into_owned<'b>(self) -> Part<'b> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Part {
            fields: self
                .fields
                .into_iter()
                .map(|f| Field { name: own(f.name), raw: &[], value: own(f.value) })
                .collect(),
            body_range: None,
            content: match self.content {
                Content::Text(text) => Content::Text(own(text)),
                Content::Html(text) => Content::Html(own(text)),
                Content::Binary(bytes) => Content::Binary(Cow::Owned(bytes.into_owned())),
                Content::Message => Content::Message,
                Content::Multipart => Content::Multipart,
            },
            path: self.path,
            parent: self.parent,
            depth: self.depth,
            media_type: self.media_type,
            params: self.params,
            charset: self.charset,
            declared_charset: self.declared_charset,
            transfer_encoding: self.transfer_encoding,
            is_attachment: self.is_attachment,
            disposition: self.disposition,
            file_name: self.file_name,
            content_id: self.content_id,
            size: self.size,
        }
    }
}
