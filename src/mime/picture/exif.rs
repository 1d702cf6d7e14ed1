//! The one thing of EXIF that is needed to draw a picture: which way is up. TIFF 6.0
//! section 2, tag 0x0112.

/// Entries of a directory that are looked at.
const MAX_ENTRIES: u16 = 200;

/// The orientation in a TIFF structure, where it is another than upright (1).
pub(super) fn orientation(tiff: &[u8]) -> Option<u8> {
    let big = match tiff.get(..4)? {
        [b'M', b'M', 0, 42] => true,
        [b'I', b'I', 42, 0] => false,
        _ => return None,
    };
    let u16_at = |at: usize| -> Option<u16> {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let bytes = tiff.get(4..8)?.try_into().ok()?;
    let first = if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
    let first = usize::try_from(first).ok()?;
    let count = u16_at(first)?.min(MAX_ENTRIES);
    for number in 0..usize::from(count) {
        let at = first.checked_add(2 + number * 12)?;
        // One value of type SHORT stands in the entry itself.
        if u16_at(at)? == 0x0112 && u16_at(at.checked_add(2)?)? == 3 {
            let value = u16_at(at.checked_add(8)?)?;
            return u8::try_from(value).ok().filter(|value| (2..=8).contains(value));
        }
    }
    None
}

/// A TIFF structure that says the orientation and nothing else.
pub(super) fn only(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08".to_vec();
    tiff.extend_from_slice(&[0, 1]);
    tiff.extend_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    tiff.extend_from_slice(&[0, 0, 0, 0]);
    tiff
}
