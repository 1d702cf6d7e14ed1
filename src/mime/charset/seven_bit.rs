//! HZ (RFC 1843), UTF-7 (RFC 2152), and UTF-32, which encoding_rs leaves out.

use std::borrow::Cow;

/// HZ: GB 2312 between `~{` and `~}`.
pub(super) fn hz(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let mut gb = Vec::with_capacity(bytes.len());
    let mut chinese = false;
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => break,
            [b'~', b'{', tail @ ..] if !chinese => {
                chinese = true;
                tail
            }
            [b'~', b'}', tail @ ..] => {
                chinese = false;
                tail
            }
            [b'~', b'~', tail @ ..] if !chinese => {
                gb.push(b'~');
                tail
            }
            // A soft line end.
            [b'~', b'\n', tail @ ..] | [b'~', b'\r', b'\n', tail @ ..] if !chinese => tail,
            [b'\n', tail @ ..] => {
                chinese = false;
                gb.push(b'\n');
                tail
            }
            [first @ 0x21..=0x7e, second @ 0x21..=0x7e, tail @ ..] if chinese => {
                gb.extend_from_slice(&[first | 0x80, second | 0x80]);
                tail
            }
            [byte, tail @ ..] => {
                gb.push(*byte);
                tail
            }
        };
    }
    let (text, flawed) = encoding_rs::GB18030.decode_without_bom_handling(&gb);
    (Cow::Owned(text.into_owned()), flawed)
}

/// UTF-7: UTF-16 in unpadded base64 between `+` and `-` (or anything that is
/// not base64).
pub(super) fn utf_7(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let mut out = String::with_capacity(bytes.len());
    let mut flawed = false;
    let mut rest = bytes;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'+' {
            if byte.is_ascii() {
                out.push(char::from(byte));
            } else {
                out.push('\u{fffd}');
                flawed = true;
            }
            continue;
        }
        if let Some(after) = tail.strip_prefix(b"-") {
            out.push('+');
            rest = after;
            continue;
        }
        let length = tail.iter().take_while(|b| base64_value(**b).is_some()).count();
        let (run, after) = tail.split_at_checked(length).unwrap_or((tail, &[]));
        if run.is_empty() {
            out.push('+');
            flawed = true;
            continue;
        }
        let mut units = Vec::with_capacity(length * 3 / 8 + 1);
        let (mut bits, mut held) = (0u32, 0u32);
        for value in run.iter().filter_map(|b| base64_value(*b)) {
            bits = (bits << 6) | u32::from(value);
            held += 6;
            if held >= 16 {
                held -= 16;
                units.push((bits >> held & 0xffff) as u16);
                bits &= (1 << held) - 1;
            }
        }
        // What is left must be zero padding of less than a sextet.
        flawed |= held >= 6 || bits != 0;
        for unit in char::decode_utf16(units) {
            match unit {
                Ok(character) => out.push(character),
                Err(_) => {
                    out.push('\u{fffd}');
                    flawed = true;
                }
            }
        }
        rest = after.strip_prefix(b"-").unwrap_or(after);
    }
    (Cow::Owned(out), flawed)
}

fn base64_value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// UTF-32; big-endian unless a mark or the zeros say otherwise.
pub(super) fn utf_32(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let little = match bytes {
        [0xff, 0xfe, 0, 0, ..] => true,
        [0, 0, 0xfe, 0xff, ..] => false,
        [first, _, _, last, ..] => *first != 0 && *last == 0,
        _ => false,
    };
    let mut out = String::with_capacity(bytes.len() / 4);
    let mut flawed = false;
    for unit in bytes.chunks(4) {
        let value = match <[u8; 4]>::try_from(unit) {
            Ok(four) if little => u32::from_le_bytes(four),
            Ok(four) => u32::from_be_bytes(four),
            Err(_) => u32::MAX,
        };
        match char::from_u32(value) {
            Some('\u{feff}') => {}
            Some(character) => out.push(character),
            None => {
                out.push('\u{fffd}');
                flawed = true;
            }
        }
    }
    (Cow::Owned(out), flawed)
}
