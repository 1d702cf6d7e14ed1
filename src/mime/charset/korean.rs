//! ISO-2022-KR (RFC 1557) and Johab (KS X 1001 annex 3, code page 1361).

use encoding_rs::EUC_KR;
use std::borrow::Cow;

const SHIFT_OUT: u8 = 0x0e;
const SHIFT_IN: u8 = 0x0f;

/// ISO-2022-KR. The designation `ESC $ ) C`, which the RFC wants once at the
/// start, is often missing (in header fields always) and is not asked for.
pub(super) fn iso_2022_kr(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    // Setting the eighth bit of what stands between SO and SI makes it EUC-KR.
    let mut euc = Vec::with_capacity(bytes.len());
    let mut hangul = false;
    let mut rest = bytes;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            0x1b => {
                if let Some(after) = tail.strip_prefix(b"$)C") {
                    rest = after;
                } else {
                    euc.push(byte);
                }
            }
            SHIFT_OUT => hangul = true,
            SHIFT_IN => hangul = false,
            b'\n' => {
                // RFC 1557: every line starts in ASCII.
                hangul = false;
                euc.push(byte);
            }
            0x21..=0x7e if hangul => euc.push(byte | 0x80),
            _ => euc.push(byte),
        }
    }
    let (text, flawed) = EUC_KR.decode_without_bom_handling(&euc);
    (Cow::Owned(text.into_owned()), flawed)
}

/// Johab: a syllable is its three letters, five bits each.
pub(super) fn johab(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let mut out = String::with_capacity(bytes.len() * 2);
    let mut flawed = false;
    let mut rest = bytes;
    while let Some((&lead, tail)) = rest.split_first() {
        rest = tail;
        if lead.is_ascii() {
            // 0x5C is drawn as the won sign in Korea but means the backslash.
            out.push(char::from(lead));
            continue;
        }
        let Some((&trail, after)) = tail.split_first() else {
            out.push('\u{fffd}');
            flawed = true;
            break;
        };
        match johab_pair(lead, trail) {
            Some(character) => {
                out.push(character);
                rest = after;
            }
            None => {
                out.push('\u{fffd}');
                flawed = true;
                // An ASCII byte after a broken lead is itself.
                if !trail.is_ascii() {
                    rest = after;
                }
            }
        }
    }
    (Cow::Owned(out), flawed)
}

fn johab_pair(lead: u8, trail: u8) -> Option<char> {
    match lead {
        0x84..=0xd3 => johab_hangul(u16::from_be_bytes([lead, trail])),
        0xd8..=0xde | 0xe0..=0xf9 => johab_ks_x_1001(lead, trail),
        _ => None,
    }
}

/// Compatibility letters for initials standing alone, in order of the initials.
const INITIALS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];

/// The same for finals.
const FINALS: [char; 27] = [
    'ㄱ', 'ㄲ', 'ㄳ', 'ㄴ', 'ㄵ', 'ㄶ', 'ㄷ', 'ㄹ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ', 'ㄿ', 'ㅀ', 'ㅁ',
    'ㅂ', 'ㅄ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ',
];

fn johab_hangul(code: u16) -> Option<char> {
    /// A five-bit field: the letter's number, or the filler.
    enum Letter {
        Fill,
        Number(u32),
    }
    use Letter::{Fill, Number};
    let initial = match u32::from(code >> 10 & 0x1f) {
        1 => Fill,
        n @ 2..=20 => Number(n - 2),
        _ => return None,
    };
    // The medial's numbers leave gaps so that no trail byte is a control.
    let medial = match u32::from(code >> 5 & 0x1f) {
        2 => Fill,
        n @ 3..=7 => Number(n - 3),
        n @ 10..=15 => Number(n - 5),
        n @ 18..=23 => Number(n - 7),
        n @ 26..=29 => Number(n - 9),
        _ => return None,
    };
    let last = match u32::from(code & 0x1f) {
        1 => Fill,
        n @ 2..=17 => Number(n - 1),
        n @ 19..=29 => Number(n - 2),
        _ => return None,
    };
    match (initial, medial, last) {
        (Number(i), Number(m), Fill) => char::from_u32(0xac00 + (i * 21 + m) * 28),
        (Number(i), Number(m), Number(f)) => char::from_u32(0xac00 + (i * 21 + m) * 28 + f),
        (Number(i), Fill, Fill) => INITIALS.get(i as usize).copied(),
        (Fill, Number(m), Fill) => char::from_u32(0x314f + m),
        (Fill, Fill, Number(f)) => FINALS.get(f as usize - 1).copied(),
        (Fill, Fill, Fill) => Some('\u{3164}'),
        _ => None,
    }
}

/// The symbols and Hanja of KS X 1001, two of its rows for each lead byte.
fn johab_ks_x_1001(lead: u8, trail: u8) -> Option<char> {
    let cell = match trail {
        0x31..=0x7e => trail - 0x31,
        0x91..=0xfe => trail - 0x43,
        _ => return None,
    };
    let row = match lead {
        0xd9..=0xde => 2 * (lead - 0xd9),
        0xe0..=0xf9 => 2 * (lead - 0xe0) + 41,
        _ => return None,
    };
    let (row, cell) = if cell < 94 { (row, cell) } else { (row + 1, cell - 94) };
    let euc = [row.checked_add(0xa1)?, cell.checked_add(0xa1)?];
    let (text, flawed) = EUC_KR.decode_without_bom_handling(&euc);
    let mut characters = text.chars();
    match (characters.next(), characters.next(), flawed) {
        (Some(character), None, false) => Some(character),
        _ => None,
    }
}
