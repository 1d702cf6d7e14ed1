//! Bytes in any charset → Unicode.
//!
//! Promise: text never arrives as garbage when there is a way to read it, and
//! decoding never fails. `encoding_rs` (the WHATWG encodings) does what it has;
//! `korean` and `seven_bit` add what mail still carries and it does not:
//! ISO-2022-KR (RFC 1557), Johab (KS X 1001 annex 3), HZ (RFC 1843), UTF-7
//! (RFC 2152). A declared charset is believed unless the bytes contradict it.

mod detect;
mod korean;
mod label;
mod seven_bit;
#[cfg(test)]
mod tests;

use encoding_rs::Encoding;
use std::borrow::Cow;

pub(crate) use label::Charset;

/// The charsets offered where a reader chooses one by hand.
pub const SELECTABLE: &[&str] = &[
    "utf-8",
    "euc-kr",
    "iso-2022-kr",
    "johab",
    "iso-2022-jp",
    "shift_jis",
    "euc-jp",
    "gb18030",
    "gbk",
    "hz-gb-2312",
    "big5",
    "windows-1252",
    "iso-8859-2",
    "iso-8859-15",
    "windows-1250",
    "windows-1251",
    "koi8-r",
    "koi8-u",
    "iso-8859-5",
    "ibm866",
    "windows-1253",
    "iso-8859-7",
    "windows-1254",
    "windows-1255",
    "iso-8859-8",
    "windows-1256",
    "iso-8859-6",
    "windows-1257",
    "windows-1258",
    "windows-874",
    "macintosh",
    "utf-7",
    "utf-16le",
    "utf-16be",
];

/// Decodes text that was declared to be in `declared` (or in nothing), and says
/// which charset it was decoded with.
///
/// The declaration gives way where the bytes cannot be what it says: valid
/// multi-byte UTF-8 under a Western label, Korean bytes under a Western label,
/// escape sequences of ISO-2022 under anything.
pub fn decode<'a>(bytes: &'a [u8], declared: Option<&str>) -> (Cow<'a, str>, &'static str) {
    decode_with_hint(bytes, declared, None)
}

/// [`decode`] with a second opinion for text that declares nothing: the charset
/// of the letter around it. The hint is taken where it decodes without a flaw.
pub fn decode_with_hint<'a>(
    bytes: &'a [u8],
    declared: Option<&str>,
    hint: Option<&str>,
) -> (Cow<'a, str>, &'static str) {
    if let Some(text) = detect::by_byte_order_mark(bytes) {
        return text;
    }
    let declared = declared.and_then(Charset::for_label);
    let eight_bit = !bytes.is_ascii();
    if !eight_bit && declared.is_none_or(Charset::is_ascii_superset) && !bytes.contains(&0x1b) {
        // The one path most mail takes: nothing to decode at all.
        if let Ok(text) = std::str::from_utf8(bytes) {
            return (Cow::Borrowed(text), declared.map_or("us-ascii", Charset::name));
        }
    }
    match declared {
        Some(charset) => detect::believing(bytes, charset, hint),
        None => detect::guess(bytes, hint.and_then(Charset::for_label)),
    }
}

/// Decodes with exactly the charset a reader chose; absent when the name is not
/// known. What cannot be decoded becomes U+FFFD.
pub fn decode_as<'a>(bytes: &'a [u8], charset: &str) -> Option<Cow<'a, str>> {
    Charset::for_label(charset).map(|charset| charset.decode(bytes).0)
}

/// The lower-case name of the charset a label stands for; absent when unknown.
pub fn canonical(label: &str) -> Option<&'static str> {
    Charset::for_label(label).map(Charset::name)
}

impl Charset {
    /// Decodes without a second thought; the flag says whether something in the
    /// bytes was not of this charset.
    pub(crate) fn decode(self, bytes: &[u8]) -> (Cow<'_, str>, bool) {
        match self {
            Self::Ascii => ascii(bytes),
            Self::Whatwg(encoding) => whatwg(bytes, encoding),
            Self::Iso2022Kr => korean::iso_2022_kr(bytes),
            Self::Johab => korean::johab(bytes),
            Self::Hz => seven_bit::hz(bytes),
            Self::Utf7 => seven_bit::utf_7(bytes),
            Self::Utf16 => whatwg(bytes, detect::utf_16_order(bytes)),
            Self::Utf32 => seven_bit::utf_32(bytes),
        }
    }
}

fn whatwg<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> (Cow<'a, str>, bool) {
    encoding.decode_without_bom_handling(bytes)
}

fn ascii(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let (text, _) = whatwg(bytes, encoding_rs::WINDOWS_1252);
    (text, !bytes.is_ascii())
}
