//! GIF (89a): kept are pictures, their timing and how often they repeat; not comments,
//! XMP and other applications' blocks, and whatever stands behind the end.

use super::bytes::Reader;

pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(bytes);
    let mut out = reader.take(13)?.to_vec();
    out.extend_from_slice(table(&mut reader, *out.get(10)?)?);
    let mut has_picture = false;
    loop {
        match reader.byte()? {
            0x3b => {
                out.push(0x3b);
                return has_picture.then_some(out);
            }
            0x2c => {
                has_picture = true;
                let place = reader.take(9)?;
                out.push(0x2c);
                out.extend_from_slice(place);
                out.extend_from_slice(table(&mut reader, *place.get(8)?)?);
                out.push(reader.byte()?);
                out.extend_from_slice(blocks(&mut reader)?);
            }
            0x21 => {
                let label = reader.byte()?;
                let content = blocks(&mut reader)?;
                let repeats = content.get(1..12).is_some_and(|name| {
                    name == b"NETSCAPE2.0" || name == b"ANIMEXTS1.0" || name == b"ICCRGBG1012"
                });
                // Graphic control and plain text are drawn.
                if matches!(label, 0xf9 | 0x01) || label == 0xff && repeats {
                    out.extend_from_slice(&[0x21, label]);
                    out.extend_from_slice(content);
                }
            }
            _ => return None,
        }
    }
}

/// A table of colours, where the flags say that there is one.
fn table<'b>(reader: &mut Reader<'b>, flags: u8) -> Option<&'b [u8]> {
    if flags & 0x80 == 0 {
        return Some(&[]);
    }
    reader.take(3 << ((flags & 7) + 1))
}

/// Blocks up to the empty one that ends them, with it.
fn blocks<'b>(reader: &mut Reader<'b>) -> Option<&'b [u8]> {
    let all = reader.0;
    loop {
        let length = usize::from(reader.byte()?);
        if length == 0 {
            return all.get(..all.len() - reader.0.len());
        }
        reader.take(length)?;
    }
}
