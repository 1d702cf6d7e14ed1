//! PNG (third edition), also animated: kept are the chunks that say how it is drawn; not
//! texts, time, Exif and XMP, unknown chunks, and whatever stands behind its end.

use super::bytes::Reader;
use super::exif;

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

const KEPT: [&[u8; 4]; 20] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP",
    b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT", b"sTER",
];

pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(bytes.strip_prefix(SIGNATURE)?);
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(SIGNATURE);
    // Exif may stand before or behind the picture: what is kept of it stands before.
    let turned = orientation(reader);
    let mut told = false;
    loop {
        let all = reader.0;
        let length = usize::try_from(reader.u32_be()?).ok()?;
        let name = reader.take(4)?;
        reader.take(length)?;
        reader.take(4)?;
        let chunk = all.get(..length.checked_add(12)?)?;
        if name == b"IDAT" && !told {
            told = true;
            if let Some(turned) = turned {
                write(&mut out, b"eXIf", &exif::only(turned));
            }
        }
        if KEPT.iter().any(|kept| kept.as_slice() == name) {
            out.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return told.then_some(out);
        }
    }
}

fn orientation(mut reader: Reader<'_>) -> Option<u8> {
    loop {
        let length = usize::try_from(reader.u32_be()?).ok()?;
        let name = reader.take(4)?;
        let content = reader.take(length)?;
        reader.take(4)?;
        if name == b"eXIf" {
            return exif::orientation(content);
        }
    }
}

fn write(out: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    let mut sum = flate2::Crc::new();
    sum.update(name);
    sum.update(content);
    out.extend_from_slice(&u32::try_from(content.len()).unwrap_or(0).to_be_bytes());
    out.extend_from_slice(name);
    out.extend_from_slice(content);
    out.extend_from_slice(&sum.sum().to_be_bytes());
}
