//! The MIME tree of a letter: mixed(related(alternative(text, html), pictures), files),
//! each level only where it is needed. RFC 2046, 2183 (disposition), 2387 (related),
//! 2392 (`cid:`).
//!
//! File names are written twice where they are not ASCII: in `Content-Disposition` by RFC
//! 2231, and in `Content-Type` as encoded words, for programs that know nothing newer.

use super::PictureNote;
use super::body::{self, Words};
use super::field::Field;
use super::flowed::{self, Flowed};
use super::media;
use super::seal;
use super::transfer::{self, Encoding};
use crate::mime::picture;
use crate::model::{Attachment, Draft, InlinePicture, Seal};
use std::borrow::Cow;

/// The HTML part, open where the receipt's picture would stand.
#[derive(Debug, Clone)]
pub(super) struct Html {
    head: String,
    tail: String,
    encoding: Encoding,
}

/// The body of a letter with the fields that describe it.
#[derive(Debug, Clone, Default)]
pub(super) struct Body {
    before: Vec<u8>,
    html: Option<Html>,
    after: Vec<u8>,
}

impl Body {
    pub fn html(&self) -> Option<&Html> {
        self.html.as_ref()
    }

    /// About how long it will be.
    pub fn len(&self) -> usize {
        let html = self.html.as_ref().map_or(0, |html| (html.head.len() + html.tail.len()) * 2);
        self.before.len() + html + self.after.len() + 400
    }

    pub fn write(&self, pixel: Option<&str>, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.before);
        if let Some(html) = &self.html {
            let whole = [&html.head, pixel.unwrap_or(""), &html.tail].concat();
            html.encoding.write(&crlf(&whole), out);
        }
        out.extend_from_slice(&self.after);
    }

    fn now(&mut self) -> &mut Vec<u8> {
        if self.html.is_some() { &mut self.after } else { &mut self.before }
    }

    fn push(&mut self, text: &str) {
        self.now().extend_from_slice(text.as_bytes());
    }
}

/// A part beside the words.
struct File<'d> {
    name: String,
    media_type: String,
    bytes: Cow<'d, [u8]>,
    /// Its Content-ID, where the HTML shows it.
    id: Option<String>,
}

/// Builds the body of a draft. Notes go to `notes`.
pub(super) fn body(draft: &Draft, seal: &Seal, domain: &str, notes: &mut Vec<PictureNote>) -> Body {
    let mut words = body::words(draft);
    let mut related = Vec::new();
    let mut files = Vec::new();
    for (number, picture) in draft.pictures.iter().enumerate() {
        let mut file = file(&picture.file, draft.keep_picture_metadata, notes);
        let id = format!("{}@{domain}", seal::derive(seal, "content-id", &number.to_string()));
        // A picture the words do not show is a file like others.
        if refer(&mut words, picture, &id) {
            file.id = Some(id);
            related.push(file);
        } else {
            files.push(file);
        }
    }
    files.extend(draft.attachments.iter().map(|a| file(a, draft.keep_picture_metadata, notes)));

    let mut tree = Tree { body: Body::default(), seal, boundaries: 0 };
    if files.is_empty() {
        tree.content(&words, &related);
    } else {
        let boundary = tree.begin("multipart/mixed", None);
        tree.next(&boundary);
        tree.content(&words, &related);
        for file in &files {
            tree.next(&boundary);
            tree.file(file);
        }
        tree.end(&boundary);
    }
    tree.body
}

/// Puts a letter's own id in the place of a picture's key; says whether it stood anywhere.
fn refer(words: &mut Words, picture: &InlinePicture, id: &str) -> bool {
    let Some((head, tail)) = &mut words.html else { return false };
    let name = format!("cid:{}", picture.key);
    let mut found = false;
    for html in [head, tail] {
        let mut out = String::with_capacity(html.len());
        let mut rest = html.as_str();
        while let Some(at) = rest.find(&name) {
            let after = rest.get(at + name.len()..).unwrap_or("");
            out.push_str(rest.get(..at).unwrap_or(""));
            let ends = after.chars().next().is_none_or(|c| "\"')& >".contains(c));
            if ends {
                out.push_str("cid:");
                out.push_str(id);
                found = true;
            } else {
                out.push_str(&name);
            }
            rest = after;
        }
        out.push_str(rest);
        *html = out;
    }
    found
}

fn file<'d>(attachment: &'d Attachment, keep: bool, notes: &mut Vec<PictureNote>) -> File<'d> {
    let name = media::file_name(attachment);
    let mut media_type = media::media_type(attachment);
    let mut bytes = Cow::Borrowed(attachment.bytes.as_slice());
    if let Some(kind) = picture::kind(&attachment.bytes) {
        let cleaned = if keep { None } else { picture::clean(&attachment.bytes) };
        let note = match &cleaned {
            Some(cleaned) => {
                PictureNote { name: name.clone(), cleaned: cleaned.removed, may_tell: false }
            }
            None => PictureNote { name: name.clone(), cleaned: false, may_tell: true },
        };
        notes.push(note);
        if let Some(cleaned) = cleaned.filter(|cleaned| cleaned.removed) {
            bytes = Cow::Owned(cleaned.bytes);
        }
        // What it is called by its bytes, so that the reader's program shows it.
        if let Some(real) = kind.media_type() {
            media_type = real.to_owned();
        }
    }
    File { name, media_type, bytes, id: None }
}

struct Tree<'s> {
    body: Body,
    seal: &'s Seal,
    boundaries: usize,
}

impl Tree<'_> {
    /// Writes the fields of a multipart, and gives its boundary.
    fn begin(&mut self, kind: &str, of: Option<&str>) -> String {
        self.boundaries += 1;
        let chance = seal::derive(self.seal, "boundary", &self.boundaries.to_string());
        // `=_` stands in neither quoted-printable nor base64.
        let boundary = format!("=_{chance}");
        let mut field = Field::new("Content-Type").value(kind);
        if let Some(of) = of {
            field = field.parameter("type", of);
        }
        self.body.push(&field.parameter("boundary", &boundary).end());
        self.body.push("\r\n");
        boundary
    }

    fn next(&mut self, boundary: &str) {
        self.line_before();
        self.body.push(&format!("--{boundary}\r\n"));
    }

    fn end(&mut self, boundary: &str) {
        self.line_before();
        self.body.push(&format!("--{boundary}--\r\n"));
    }

    /// The line end before a boundary belongs to it: parts end with one of their own
    /// already, and what was text keeps its last.
    fn line_before(&mut self) {
        self.body.push("\r\n");
    }

    fn content(&mut self, words: &Words, related: &[File<'_>]) {
        let Some((head, tail)) = &words.html else {
            self.text(&words.text);
            return;
        };
        let boundary = self.begin("multipart/alternative", None);
        self.next(&boundary);
        self.text(&words.text);
        self.next(&boundary);
        if related.is_empty() {
            self.html(head, tail);
        } else {
            let inner = self.begin("multipart/related", Some("text/html"));
            self.next(&inner);
            self.html(head, tail);
            for file in related {
                self.next(&inner);
                self.file(file);
            }
            self.end(&inner);
        }
        self.end(&boundary);
    }

    fn text(&mut self, text: &str) {
        let Flowed { text, delsp } = flowed::flow(text);
        let encoding = Encoding::of(&text);
        let mut field = Field::new("Content-Type")
            .value("text/plain")
            .parameter("charset", "utf-8")
            .parameter("format", "flowed");
        if delsp {
            field = field.parameter("delsp", "yes");
        }
        self.body.push(&field.end());
        self.encoding(encoding.name());
        encoding.write(&text, self.body.now());
    }

    fn html(&mut self, head: &str, tail: &str) {
        // As many letters as recipients, all else identical: decided without the picture.
        let encoding = match Encoding::of(&crlf(&format!("{head}{tail}"))) {
            // The picture's line may be long.
            Encoding::SevenBit => Encoding::QuotedPrintable,
            other => other,
        };
        let field = Field::new("Content-Type").value("text/html").parameter("charset", "utf-8");
        self.body.push(&field.end());
        self.encoding(encoding.name());
        let html = Html { head: head.to_owned(), tail: tail.to_owned(), encoding };
        self.body.html = Some(html);
    }

    /// The last field of a part.
    fn encoding(&mut self, name: &'static str) {
        self.body.push(&Field::new("Content-Transfer-Encoding").plain(name));
        self.body.push("\r\n");
    }

    fn file(&mut self, file: &File<'_>) {
        let whole = match file.media_type.as_str() {
            "message/rfc822" => media::whole_letter(&file.bytes),
            _ => None,
        };
        let media_type = match (&whole, file.media_type.as_str()) {
            (None, "message/rfc822" | "message/global") => "application/octet-stream",
            (_, media_type) => media_type,
        };
        let mut field = Field::new("Content-Type").value(media_type);
        if media_type.starts_with("text/") && std::str::from_utf8(&file.bytes).is_ok() {
            field = field.parameter("charset", "utf-8");
        }
        self.body.push(&field.old_parameter("name", &file.name).end());
        let disposition = if file.id.is_some() { "inline" } else { "attachment" };
        let field = Field::new("Content-Disposition").value(disposition);
        self.body.push(&field.text_parameter("filename", &file.name).end());
        if let Some(id) = &file.id {
            self.body.push(&Field::new("Content-ID").plain(&format!("<{id}>")));
        }
        match whole {
            Some(letter) => {
                self.encoding("7bit");
                self.body.now().extend_from_slice(&letter);
            }
            None => {
                self.encoding("base64");
                transfer::base64(&file.bytes, self.body.now());
            }
        }
    }
}

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}
