//! Which charset bytes are really in.

use super::label::Charset;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use std::borrow::Cow;

type Decoded<'a> = (Cow<'a, str>, &'static str);

/// How much of a text the detector reads: enough to tell, and bounded.
const SAMPLE: usize = 64 * 1024;

/// A byte order mark outranks everything that was declared.
pub(super) fn by_byte_order_mark(bytes: &[u8]) -> Option<Decoded<'_>> {
    let (encoding, length) = Encoding::for_bom(bytes)?;
    let rest = bytes.get(length..)?;
    let charset = Charset::Whatwg(encoding);
    // FF FE 00 00 is UTF-32, not UTF-16 followed by a NUL.
    if encoding == encoding_rs::UTF_16LE && rest.starts_with(&[0, 0]) {
        return Some((Charset::Utf32.decode(bytes).0, Charset::Utf32.name()));
    }
    let (text, flawed) = charset.decode(rest);
    if flawed && encoding != UTF_8 && rest.len() % 2 == 1 {
        // Two bytes of Latin text that happen to look like a mark.
        return None;
    }
    Some((text, charset.name()))
}

/// Bytes that were declared to be in `charset`.
pub(super) fn believing<'a>(bytes: &'a [u8], charset: Charset, hint: Option<&str>) -> Decoded<'a> {
    let stateful = escapes(bytes);
    if let Some(real) = stateful
        && real != charset
        && (charset.is_single_byte() || charset.is_ascii_superset())
        && bytes.is_ascii()
    {
        return with(bytes, real);
    }
    let utf_8 = Charset::Whatwg(UTF_8);
    if charset == utf_8 {
        return declared_utf_8(bytes, hint);
    }
    if charset.is_western() {
        if bytes.is_ascii() {
            return with(bytes, charset);
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            return (Cow::Borrowed(text), "utf-8");
        }
        if charset == Charset::Ascii {
            return guess(bytes, hint.and_then(Charset::for_label));
        }
        if is_plainly_korean(bytes) {
            return with(bytes, Charset::Whatwg(encoding_rs::EUC_KR));
        }
        return with(bytes, charset);
    }
    let (text, flawed) = charset.decode(bytes);
    if !flawed || bytes.is_ascii() {
        return (text, charset.name());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), "utf-8");
    }
    // A few broken bytes do not make it another charset; mostly broken does.
    let broken = text.chars().filter(|c| *c == '\u{fffd}').count();
    let high = bytes.iter().filter(|b| !b.is_ascii()).count();
    if broken * 8 > high
        && let Some(better) = flawless_guess(bytes)
    {
        return better;
    }
    (text, charset.name())
}

fn declared_utf_8<'a>(bytes: &'a [u8], hint: Option<&str>) -> Decoded<'a> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), "utf-8");
    }
    let (fine, broken) = utf_8_balance(bytes);
    if fine <= broken {
        if let Some(hint) = hint.and_then(Charset::for_label)
            && let (text, false) = hint.decode(bytes)
            && !hint.is_single_byte()
        {
            return (text, hint.name());
        }
        if let Some(better) = flawless_guess(bytes) {
            return better;
        }
    }
    (String::from_utf8_lossy(bytes), "utf-8")
}

/// Text that declared nothing we know.
pub(super) fn guess(bytes: &[u8], hint: Option<Charset>) -> Decoded<'_> {
    if let Some(charset) = escapes(bytes) {
        let (text, flawed) = charset.decode(bytes);
        if !flawed {
            return (text, charset.name());
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), if bytes.is_ascii() { "us-ascii" } else { "utf-8" });
    }
    if let Some(hint) = hint
        && hint != Charset::Ascii
    {
        let (text, flawed) = hint.decode(bytes);
        let korean = hint.is_western() && is_plainly_korean(bytes);
        if !flawed && !korean {
            return (text, hint.name());
        }
    }
    if is_plainly_korean(bytes) {
        return with(bytes, Charset::Whatwg(encoding_rs::EUC_KR));
    }
    // Cut in the middle of a character, mostly: bytes that form valid UTF-8
    // sequences again and again are UTF-8, with a flaw.
    let (fine, broken) = utf_8_balance(bytes);
    if fine > 4 * broken {
        return (String::from_utf8_lossy(bytes), "utf-8");
    }
    let (text, charset) = detected_text(bytes);
    (text, charset.name())
}

/// How many characters beyond ASCII decoding as UTF-8 finds, and how many times
/// it fails.
fn utf_8_balance(bytes: &[u8]) -> (usize, usize) {
    let (mut fine, mut broken) = (0, 0);
    for chunk in sample(bytes).utf8_chunks() {
        fine += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    (fine, broken)
}

/// The part of a text that is looked at: from a little before its first
/// eight-bit byte, because long ASCII heads say nothing.
fn sample(bytes: &[u8]) -> &[u8] {
    let first = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0);
    let rest = bytes.get(first.saturating_sub(64)..).unwrap_or(bytes);
    rest.get(..SAMPLE.min(rest.len())).unwrap_or(rest)
}

/// The detector's reading. It is made for pages full of text; on a letter with
/// three eight-bit bytes it finds Polish where a pound sign stands.
fn detected_text(bytes: &[u8]) -> (Cow<'_, str>, Charset) {
    let charset = Charset::Whatwg(detected(bytes));
    let (text, _) = charset.decode(bytes);
    let latin = matches!(
        charset.name(),
        "windows-1250"
            | "windows-1254"
            | "windows-1257"
            | "windows-1258"
            | "iso-8859-2"
            | "iso-8859-3"
            | "iso-8859-4"
            | "iso-8859-10"
            | "iso-8859-13"
            | "iso-8859-14"
            | "iso-8859-16"
    );
    if latin && letters_inside_words(&text) < 2 {
        let western = Charset::Whatwg(encoding_rs::WINDOWS_1252);
        return (western.decode(bytes).0, western);
    }
    (text, charset)
}

/// Small letters beyond ASCII that follow another letter, up to two of them:
/// proof that the text has words in that alphabet.
fn letters_inside_words(text: &str) -> usize {
    let mut before = ' ';
    let mut found = 0;
    for c in text.chars() {
        if !c.is_ascii() && c.is_lowercase() && before.is_alphabetic() {
            found += 1;
            if found == 2 {
                break;
            }
        }
        before = c;
    }
    found
}

fn flawless_guess(bytes: &[u8]) -> Option<Decoded<'_>> {
    if is_plainly_korean(bytes) {
        return Some(with(bytes, Charset::Whatwg(encoding_rs::EUC_KR)));
    }
    let (text, charset) = detected_text(bytes);
    (!text.contains('\u{fffd}')).then(|| (text, charset.name()))
}

fn with(bytes: &[u8], charset: Charset) -> Decoded<'_> {
    (charset.decode(bytes).0, charset.name())
}

fn detected(bytes: &[u8]) -> &'static Encoding {
    let sample = sample(bytes);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    // A sample that stops short may stop inside a character.
    detector.feed(sample, sample.len() < SAMPLE);
    detector.guess(None, Utf8Detection::Allow)
}

/// ISO-2022 announces itself: `ESC $ ) C` is Korean, `ESC $ B`, `ESC $ @`,
/// `ESC ( J` and `ESC ( I` Japanese.
fn escapes(bytes: &[u8]) -> Option<Charset> {
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(0x1b, rest) {
        let tail = rest.get(at + 1..).unwrap_or(&[]);
        match tail {
            [b'$', b')', b'C', ..] => return Some(Charset::Iso2022Kr),
            [b'$', b'B' | b'@', ..] | [b'(', b'J' | b'I', ..] => {
                return Some(Charset::Whatwg(encoding_rs::ISO_2022_JP));
            }
            _ => rest = tail,
        }
    }
    None
}

/// Whether eight-bit bytes read as Korean in EUC-KR and as nothing sensible in
/// a Western charset: they come in pairs, and nearly every pair is a Hangul
/// syllable of KS X 1001 (rows 16 to 40), whose lead bytes are what Latin-1
/// calls `°` to `È` and accented lower-case letters never are.
fn is_plainly_korean(bytes: &[u8]) -> bool {
    let mut hangul = 0usize;
    let mut other = 0usize;
    let mut rest = sample(bytes);
    let cut = rest.len() == SAMPLE;
    loop {
        rest = match rest {
            [lead, tail @ ..] if lead.is_ascii() => tail,
            [0xb0..=0xc8, 0xa1..=0xfe, tail @ ..] => {
                hangul += 1;
                tail
            }
            // Symbols of the same charset, the extension of CP949, Hanja.
            [0xa1..=0xaf | 0xca..=0xfd, 0xa1..=0xfe, tail @ ..]
            | [0x81..=0xc6, 0x41..=0x5a | 0x61..=0x7a | 0x81..=0xa0, tail @ ..] => {
                other += 1;
                tail
            }
            [_] if cut => break,
            [] => break,
            _ => return false,
        };
    }
    // One syllable may be chance ("Ça" is not, but "°±" is); two rarely are.
    hangul >= 2 && hangul >= other * 3
}

/// Byte order of UTF-16 without a mark: text has its zeros on the high side.
pub(super) fn utf_16_order(bytes: &[u8]) -> &'static Encoding {
    let sample = bytes.get(..4096.min(bytes.len())).unwrap_or(bytes);
    let (mut even, mut odd) = (0usize, 0usize);
    for pair in sample.chunks_exact(2) {
        if let [first, second] = pair {
            even += usize::from(*first == 0);
            odd += usize::from(*second == 0);
        }
    }
    // RFC 2781: big-endian where nothing says otherwise.
    if odd > even { encoding_rs::UTF_16LE } else { encoding_rs::UTF_16BE }
}
