//! JPEG (ITU T.81): segments up to the end of the first picture. Kept are what draws it,
//! JFIF's resolution, ICC profiles and Adobe's colour transform; not Exif, XMP, IPTC,
//! comments, makers' segments, thumbnails, further pictures and videos behind the end.

use super::bytes::Reader;
use super::exif;

pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(bytes);
    reader.take(2).filter(|start| *start == [0xff, 0xd8])?;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(&[0xff, 0xd8]);
    let mut turned = None;
    let mut head = Vec::new();
    let mut has_frame = false;
    let mut has_scan = false;
    // JFIF comes first, then the orientation, then everything else.
    let mut rest = Vec::with_capacity(bytes.len());
    loop {
        let marker = next_marker(&mut reader)?;
        match marker {
            0xd9 => break,
            // Alone, without a length: none of them may stand here.
            0x00 | 0x01 | 0xd0..=0xd8 | 0xff => return None,
            _ => {}
        }
        let length = usize::from(reader.u16_be()?).checked_sub(2)?;
        let segment = reader.take(length)?;
        match marker {
            0xe0 if segment.starts_with(b"JFIF\0") && segment.len() >= 14 => {
                if head.is_empty() {
                    // Version, units, densities; a thumbnail of no size.
                    let mut jfif = segment.get(..12)?.to_vec();
                    jfif.extend_from_slice(&[0, 0]);
                    write(&mut head, marker, &jfif)?;
                }
            }
            0xe1 => {
                if let Some(tiff) = segment.strip_prefix(b"Exif\0") {
                    let tiff = tiff.get(1..).unwrap_or(&[]);
                    turned = turned.or_else(|| exif::orientation(tiff));
                }
            }
            0xe2 if segment.starts_with(b"ICC_PROFILE\0") => write(&mut rest, marker, segment)?,
            0xee if segment.starts_with(b"Adobe") => {
                write(&mut rest, marker, segment.get(..12).unwrap_or(segment))?;
            }
            // Makers' segments and comments.
            0xe0..=0xef | 0xfe => {}
            // Extensions nobody draws.
            0xf0..=0xfd | 0x02..=0xbf => {}
            0xda => {
                has_scan = true;
                write(&mut rest, marker, segment)?;
                let length = scan_length(reader.0)?;
                rest.extend_from_slice(reader.take(length)?);
            }
            _ => {
                has_frame |= matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
                write(&mut rest, marker, segment)?;
            }
        }
    }
    if !has_frame || !has_scan {
        return None;
    }
    out.extend_from_slice(&head);
    if let Some(turned) = turned {
        let mut segment = b"Exif\0\0".to_vec();
        segment.extend_from_slice(&exif::only(turned));
        write(&mut out, 0xe1, &segment)?;
    }
    out.extend_from_slice(&rest);
    out.extend_from_slice(&[0xff, 0xd9]);
    Some(out)
}

/// The next marker; any number of 0xff may stand before one.
fn next_marker(reader: &mut Reader<'_>) -> Option<u8> {
    if reader.byte()? != 0xff {
        return None;
    }
    loop {
        match reader.byte()? {
            0xff => {}
            marker => return Some(marker),
        }
    }
}

/// How long the coded data of a scan is: up to a marker that is no restart.
fn scan_length(data: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(0xff, data.get(from..)?)?;
        match data.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => from = at + 2,
            0xff => from = at + 1,
            _ => return Some(at),
        }
    }
}

fn write(out: &mut Vec<u8>, marker: u8, segment: &[u8]) -> Option<()> {
    let length = u16::try_from(segment.len() + 2).ok()?;
    out.extend_from_slice(&[0xff, marker]);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(segment);
    Some(())
}
