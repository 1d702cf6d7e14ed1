//! What is attached is looked at here, without another program: a picture, a page or a text
//! becomes a letter of its own that holds nothing else, and goes the way of all letters
//! through the drawing process and its limits. It is from nobody, so no rule lets it fetch
//! anything. An attached letter is read as one that lies in a file.

use super::protocol::{Event, OpenError};
use super::run::Engine;
use crate::html::worker::protocol::{DocId, View};
use crate::mime::{self, Content, charset};
use crate::model::Obstacle;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

/// What an attachment can be looked at as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Inside {
    /// A picture of a kind that is decoded.
    Picture,
    /// Text.
    Text,
    /// HTML.
    Page,
    /// A letter.
    Letter,
}

/// What an attachment is looked at as, by what the letter says of it; what says nothing goes
/// by its name. The bytes are judged where they are drawn.
pub fn inside(media_type: &str, name: Option<&str>) -> Option<Inside> {
    let ending = name.and_then(|name| name.rsplit_once('.'));
    let ending = ending.map(|(_, ending)| ending.to_ascii_lowercase());
    let by_name = match ending.as_deref().unwrap_or_default() {
        "png" | "jpg" | "jpeg" | "jpe" | "gif" | "webp" | "bmp" | "ico" => Some(Inside::Picture),
        "txt" | "text" | "log" | "csv" | "tsv" | "md" | "diff" | "patch" => Some(Inside::Text),
        "html" | "htm" | "xhtml" => Some(Inside::Page),
        "eml" => Some(Inside::Letter),
        _ => None,
    };
    match media_type {
        "image/png"
        | "image/jpeg"
        | "image/jpg"
        | "image/pjpeg"
        | "image/gif"
        | "image/webp"
        | "image/bmp"
        | "image/x-ms-bmp"
        | "image/x-icon"
        | "image/vnd.microsoft.icon" => Some(Inside::Picture),
        "text/html" | "application/xhtml+xml" => Some(Inside::Page),
        "message/rfc822" | "message/global" => Some(Inside::Letter),
        "application/octet-stream" | "binary/octet-stream" | "application/x-download" => by_name,
        other if other.starts_with("text/") => match by_name {
            Some(Inside::Page | Inside::Letter) => by_name,
            _ => Some(Inside::Text),
        },
        _ => None,
    }
}

impl Engine {
    /// Opens a part of an open letter as a letter of its own. `height`: no picture is drawn
    /// higher than so many logical pixels; `otherwise` stands where one cannot be drawn.
    pub(super) fn open_part(
        &mut self,
        doc: DocId,
        (of, part): (DocId, usize),
        (height, otherwise): (f32, &str),
        view: View,
    ) {
        let found =
            self.documents.get(&of).filter(|(_, document)| self.missing(document).is_none());
        match found.and_then(|(_, document)| as_letter(&document.raw, part, height, otherwise)) {
            Some(raw) => self.open_raw(doc, None, Arc::new(raw), None, view),
            None => {
                self.tell(Event::NotOpened(doc, OpenError::Unreadable(Obstacle::Missing)));
            }
        }
    }
}

/// A part of a letter as a letter; nothing where it is not to be looked at here.
fn as_letter(raw: &[u8], part: usize, height: f32, otherwise: &str) -> Option<Vec<u8>> {
    let letter = mime::parse(raw);
    let entity = letter.parts.get(part)?;
    let bytes = letter.bytes(part)?;
    let text = || match &entity.content {
        Content::Text(text) | Content::Html(text) => text.to_string(),
        _ => charset::decode(&bytes, None).0.into_owned(),
    };
    Some(match inside(&entity.media_type, entity.file_name.as_deref())? {
        Inside::Letter => bytes.into_owned(),
        Inside::Text => alone("text/plain", &text()),
        Inside::Page => alone("text/html", &text()),
        Inside::Picture => picture(&bytes, height, otherwise),
    })
}

/// A letter that is nothing but this text.
fn alone(media_type: &str, text: &str) -> Vec<u8> {
    let head = "MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\nContent-Type:";
    format!("{head} {media_type}; charset=utf-8\r\n\r\n{}\r\n", STANDARD.encode(text)).into_bytes()
}

/// A letter that is nothing but this picture.
fn picture(bytes: &[u8], height: f32, otherwise: &str) -> Vec<u8> {
    let height = height.clamp(40.0, 8192.0) as u32;
    let otherwise = otherwise.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let page = format!(
        "<div style=\"text-align:center\"><img src=\"cid:it\" alt=\"{otherwise}\" \
         style=\"max-width:100%;max-height:{height}px\"></div>"
    );
    let (page, bytes) = (STANDARD.encode(page), STANDARD.encode(bytes));
    format!(
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=it\r\n\r\n\
         --it\r\nContent-Type: text/html; charset=utf-8\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{page}\r\n\
         --it\r\nContent-Type: application/octet-stream\r\nContent-ID: <it>\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{bytes}\r\n--it--\r\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_not_looked_at_and_a_name_counts_only_where_nothing_else_is_said() {
        assert_eq!(inside("image/png", Some("a.exe")), Some(Inside::Picture));
        assert_eq!(inside("image/svg+xml", Some("a.svg")), None);
        assert_eq!(inside("application/pdf", Some("a.png")), None);
        assert_eq!(inside("application/octet-stream", Some("휴가.JPG")), Some(Inside::Picture));
        assert_eq!(inside("application/octet-stream", Some("a.exe")), None);
        assert_eq!(inside("application/octet-stream", None), None);
        assert_eq!(inside("text/csv", None), Some(Inside::Text));
        assert_eq!(inside("text/plain", Some("a.html")), Some(Inside::Page));
        assert_eq!(inside("message/rfc822", None), Some(Inside::Letter));
    }
}
