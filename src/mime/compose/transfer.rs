//! Transfer encodings, written. RFC 2045 section 6: 7bit where the text allows it,
//! quoted-printable or base64, whichever is shorter. Lines never exceed 78 characters.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Characters of an encoded line.
const LINE: usize = 76;
/// Characters of a line that is left as it is.
const PLAIN_LINE: usize = 78;

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    SevenBit,
    QuotedPrintable,
    Base64,
}

impl Encoding {
    /// The one for a text with CRLF line ends.
    pub fn of(text: &str) -> Self {
        if text.split("\r\n").all(is_safe_line) {
            return Self::SevenBit;
        }
        let quoted: usize = text.bytes().map(|b| if is_literal(b) { 1 } else { 3 }).sum();
        // Soft line ends and CRLFs count too.
        let quoted = quoted + quoted / 25;
        let base64 = text.len().div_ceil(3) * 4 + text.len() / 28;
        if quoted <= base64 { Self::QuotedPrintable } else { Self::Base64 }
    }

    /// Its name in a header.
    pub fn name(self) -> &'static str {
        match self {
            Self::SevenBit => "7bit",
            Self::QuotedPrintable => "quoted-printable",
            Self::Base64 => "base64",
        }
    }

    /// Writes a text with CRLF line ends.
    pub fn write(self, text: &str, out: &mut Vec<u8>) {
        match self {
            Self::SevenBit => out.extend_from_slice(text.as_bytes()),
            Self::QuotedPrintable => quoted_printable(text, out),
            Self::Base64 => base64(text.as_bytes(), out),
        }
        if !out.ends_with(b"\r\n") {
            out.extend_from_slice(b"\r\n");
        }
    }
}

/// A line nothing on the way can harm.
fn is_safe_line(line: &str) -> bool {
    line.len() <= PLAIN_LINE
        && line.bytes().all(|b| b == b'\t' || b == b' ' || b.is_ascii_graphic())
        && !line.starts_with("From ")
        && line != "."
}

fn is_literal(byte: u8) -> bool {
    (byte == b' ' || byte == b'\t' || byte.is_ascii_graphic() || byte == b'\r' || byte == b'\n')
        && byte != b'='
}

fn quoted_printable(text: &str, out: &mut Vec<u8>) {
    let mut lines = text.split("\r\n").peekable();
    while let Some(line) = lines.next() {
        quoted_line(line, out);
        if lines.peek().is_some() {
            out.extend_from_slice(b"\r\n");
        }
    }
}

fn quoted_line(line: &str, out: &mut Vec<u8>) {
    let mut column = 0;
    let last = line.chars().count().saturating_sub(1);
    // Programs that keep many letters in a file would change it; servers end letters so.
    let guarded = line.starts_with("From ") || line == ".";
    for (number, c) in line.chars().enumerate() {
        let blank_at_end = number == last && (c == ' ' || c == '\t');
        let literal = c.is_ascii()
            && c != '='
            && (c.is_ascii_graphic() || c == ' ' || c == '\t')
            && !blank_at_end
            && !(guarded && number == 0);
        let mut buffer = [0u8; 4];
        let bytes = c.encode_utf8(&mut buffer).as_bytes();
        let width = if literal { 1 } else { 3 * bytes.len() };
        // A character is never parted, and there is always room for the soft line end.
        let room = if number == last { LINE } else { LINE - 1 };
        if column + width > room {
            out.extend_from_slice(b"=\r\n");
            column = 0;
        }
        if literal {
            out.extend_from_slice(bytes);
        } else {
            for byte in bytes {
                out.extend_from_slice(format!("={byte:02X}").as_bytes());
            }
        }
        column += width;
    }
}

/// Writes base64 in lines.
pub(super) fn base64(bytes: &[u8], out: &mut Vec<u8>) {
    for chunk in bytes.chunks(LINE / 4 * 3) {
        out.extend_from_slice(STANDARD.encode(chunk).as_bytes());
        out.extend_from_slice(b"\r\n");
    }
}
