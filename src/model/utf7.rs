//! Names as IMAP writes them (RFC 3501, section 5.1.3: modified UTF-7).
//!
//! Promise: what [`encode`] wrote, [`decode`] reads back, character by character. What is
//! not modified UTF-7 is `None`: many servers keep names that are not, and who shows them
//! shows them as they are.

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Writes a name for the wire.
pub fn encode(name: &str) -> String {
    let mut wire = String::with_capacity(name.len());
    let mut units: Vec<u8> = Vec::new();
    let flush = |units: &mut Vec<u8>, wire: &mut String| {
        if !units.is_empty() {
            wire.push('&');
            BASE64.encode_string(&*units, wire);
            wire.push('-');
            units.clear();
        }
    };
    for character in name.chars() {
        match character {
            ' '..='~' => {
                flush(&mut units, &mut wire);
                wire.push(character);
                if character == '&' {
                    wire.push('-');
                }
            }
            _ => {
                let mut pair = [0; 2];
                for unit in character.encode_utf16(&mut pair) {
                    units.extend_from_slice(&unit.to_be_bytes());
                }
            }
        }
    }
    flush(&mut units, &mut wire);
    wire
}

/// Reads a name from the wire; `None` if it is not modified UTF-7.
pub fn decode(wire: &str) -> Option<String> {
    if !wire.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return None;
    }
    let mut name = String::with_capacity(wire.len());
    let mut rest = wire;
    while let Some((plain, shifted)) = rest.split_once('&') {
        name.push_str(plain);
        let (shifted, after) = shifted.split_once('-')?;
        rest = after;
        if shifted.is_empty() {
            name.push('&');
            continue;
        }
        let bytes = BASE64.decode(shifted).ok()?;
        let (units, odd) = bytes.as_chunks::<2>();
        if !odd.is_empty() || units.is_empty() {
            return None;
        }
        let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
        for character in char::decode_utf16(units) {
            name.push(character.ok()?);
        }
    }
    name.push_str(rest);
    Some(name)
}

/// A name as it is shown: decoded, or as it is where that cannot be done.
pub fn shown(wire: &str) -> String {
    decode(wire).unwrap_or_else(|| wire.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_the_rfc_and_of_servers() {
        for (wire, name) in [
            ("INBOX", "INBOX"),
            ("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"),
            ("Hi Mom -&Jjo--!", "Hi Mom -☺-!"),
            ("&ZeVnLIqe-", "日本語"),
            ("Item 3 is &AKM-1.", "Item 3 is £1."),
            ("&vPSwuNO4ycDVaA-", "보낸편지함"),
            ("Tom &- Jerry", "Tom & Jerry"),
            ("&2D3cDA-", "🐌"),
            ("Entw&APw-rfe", "Entwürfe"),
            ("", ""),
        ] {
            assert_eq!(decode(wire).as_deref(), Some(name), "{wire}");
            assert_eq!(encode(name), wire, "{name}");
        }
    }

    #[test]
    fn what_is_not_modified_utf_7_is_shown_as_it_is() {
        for wire in ["AT&T", "&", "&AAA", "&====-", "&2D0-", "Entwürfe", "&A-", "a\tb", "&!-"] {
            assert_eq!(decode(wire), None, "{wire}");
            assert_eq!(shown(wire), wire);
        }
    }

    proptest! {
        #[test]
        fn every_name_comes_back(name: String) {
            let wire = encode(&name);
            prop_assert!(wire.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            prop_assert_eq!(decode(&wire), Some(name));
        }

        #[test]
        fn anything_may_be_decoded(wire in "[&+,A-Za-z0-9/ -]{0,40}|\\PC{0,20}") {
            let _ = shown(&wire);
        }
    }
}
