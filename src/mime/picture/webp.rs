//! WebP (RFC 9649): kept are the picture, its frames, transparency and colour profile; not
//! Exif, XMP, unknown chunks, and whatever stands behind its end.

use super::bytes::Reader;
use super::exif;

const EXIF_FLAG: u8 = 0x08;
const XMP_FLAG: u8 = 0x04;

pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(bytes);
    reader.take(4).filter(|tag| *tag == b"RIFF")?;
    let length = usize::try_from(reader.u32_le()?).ok()?;
    let mut reader = Reader(reader.0.get(..length)?);
    reader.take(4).filter(|tag| *tag == b"WEBP")?;
    let turned = orientation(reader);
    let mut body = b"WEBP".to_vec();
    let mut has_picture = false;
    let mut extended = false;
    while let Some(chunk) = next(&mut reader)? {
        match chunk.name {
            b"VP8X" => {
                let (flags, rest) = chunk.content.split_first()?;
                let mut content = vec![flags & !(EXIF_FLAG | XMP_FLAG)];
                if let Some(flags) = content.first_mut().filter(|_| turned.is_some()) {
                    *flags |= EXIF_FLAG;
                }
                content.extend_from_slice(rest);
                extended = true;
                write(&mut body, b"VP8X", &content)?;
            }
            b"VP8 " | b"VP8L" => {
                has_picture = true;
                write(&mut body, chunk.name, chunk.content)?;
            }
            b"ANMF" => {
                has_picture = true;
                write(&mut body, b"ANMF", &frame(chunk.content)?)?;
            }
            b"ALPH" | b"ANIM" | b"ICCP" => write(&mut body, chunk.name, chunk.content)?,
            _ => {}
        }
    }
    if let Some(turned) = turned.filter(|_| extended) {
        write(&mut body, b"EXIF", &exif::only(turned))?;
    }
    if !has_picture {
        return None;
    }
    let mut out = b"RIFF".to_vec();
    out.extend_from_slice(&u32::try_from(body.len()).ok()?.to_le_bytes());
    out.extend_from_slice(&body);
    Some(out)
}

struct Chunk<'b> {
    name: &'b [u8; 4],
    content: &'b [u8],
}

/// The next chunk, `Some(None)` at the end, nothing where it is broken off.
fn next<'b>(reader: &mut Reader<'b>) -> Option<Option<Chunk<'b>>> {
    if reader.0.is_empty() {
        return Some(None);
    }
    let name = reader.take(4)?.try_into().ok()?;
    let length = usize::try_from(reader.u32_le()?).ok()?;
    let content = reader.take(length)?;
    if length % 2 == 1 {
        // Some writers forget the last one.
        reader.byte();
    }
    Some(Some(Chunk { name, content }))
}

/// One frame of an animation: what it is, then its own chunks.
fn frame(content: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(content);
    let mut out = reader.take(16)?.to_vec();
    while let Some(chunk) = next(&mut reader)? {
        if matches!(chunk.name, b"ALPH" | b"VP8 " | b"VP8L") {
            write(&mut out, chunk.name, chunk.content)?;
        }
    }
    Some(out)
}

fn orientation(mut reader: Reader<'_>) -> Option<u8> {
    while let Some(chunk) = next(&mut reader)? {
        if chunk.name == b"EXIF" {
            // Some writers put JPEG's prefix before it.
            let tiff = chunk.content.strip_prefix(b"Exif\0\0").unwrap_or(chunk.content);
            return exif::orientation(tiff);
        }
    }
    None
}

fn write(out: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) -> Option<()> {
    out.extend_from_slice(name);
    out.extend_from_slice(&u32::try_from(content.len()).ok()?.to_le_bytes());
    out.extend_from_slice(content);
    if content.len() % 2 == 1 {
        out.push(0);
    }
    Some(())
}
