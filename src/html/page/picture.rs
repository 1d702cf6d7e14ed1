//! Pictures of a letter: bytes of unknown truth → pixels, within limits.
//!
//! The size is read and judged before anything is decoded, and no more memory is
//! taken than it promised. Of a moving picture the first frame is drawn. SVG is
//! refused: it is a program that reads files. Colour profiles are ignored.

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::sync::Arc;

/// Bytes of one picture, as it came.
pub const MAX_PICTURE_BYTES: usize = 32 * 1024 * 1024;

/// Pixels of one picture, as it came.
pub const MAX_PICTURE_PIXELS: u64 = 64_000_000;

/// Bytes of all pictures of one letter, decoded.
pub const MAX_DECODED_BYTES: usize = 128 * 1024 * 1024;

/// No letter is drawn wider than this many device pixels of a picture.
const KEPT_WIDTH: u32 = 2048;

/// Pixels that are kept of one picture.
const KEPT_PIXELS: u64 = 16_000_000;

/// Memory a decoder may take before it knows the size: a colour profile unpacks to
/// a thousand times its bytes.
const MAX_HEADER_MEMORY: u64 = 64 * 1024 * 1024;

/// Memory a decoder may take for itself.
const MAX_WORKING_MEMORY: u64 = 320 * 1024 * 1024;

/// A picture of a letter, decoded under our limits.
#[derive(Clone)]
pub struct Picture {
    /// Width and height in pixels, as kept.
    pub size: (u32, u32),
    /// Width and height it says it has; larger than `size` if it was reduced.
    pub natural: (u32, u32),
    /// RGBA, 4 bytes a pixel.
    pub pixels: Arc<Vec<u8>>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture")
            .field("size", &self.size)
            .field("natural", &self.natural)
            .finish_non_exhaustive()
    }
}

/// Decodes a picture of unknown kind, within limits of bytes and pixels.
/// `None` if it is none, is refused (SVG) or is too large.
pub fn decode(bytes: &[u8]) -> Option<Picture> {
    if bytes.is_empty() || bytes.len() > MAX_PICTURE_BYTES {
        return None;
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    if !matches!(
        reader.format()?,
        ImageFormat::Png
            | ImageFormat::Jpeg
            | ImageFormat::Gif
            | ImageFormat::WebP
            | ImageFormat::Bmp
            | ImageFormat::Ico
    ) {
        return None;
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(u32::from(u16::MAX));
    limits.max_image_height = Some(u32::from(u16::MAX));
    limits.max_alloc = Some(MAX_HEADER_MEMORY);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().ok()?;
    limits.max_alloc = Some(MAX_WORKING_MEMORY);
    decoder.set_limits(limits).ok()?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > MAX_PICTURE_PIXELS || decoder.total_bytes() > MAX_WORKING_MEMORY {
        return None;
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    let kept = kept(width, height);
    if kept != (width, height) {
        image = image.thumbnail_exact(kept.0, kept.1);
    }
    image.apply_orientation(orientation);
    let image = image.into_rgba8();
    let size = image.dimensions();
    // Turned by a quarter: so is the size it says it has.
    let turned = (size.0 >= size.1) != (kept.0 >= kept.1);
    let natural = if turned { (height, width) } else { (width, height) };
    Some(Picture { size, natural, pixels: Arc::new(image.into_raw()) })
}

/// The size a picture is kept in.
fn kept(width: u32, height: u32) -> (u32, u32) {
    let by_width = f64::from(KEPT_WIDTH) / f64::from(width);
    let pixels = u64::from(width) * u64::from(height);
    let scale = by_width.min(1.0);
    let by_pixels = (KEPT_PIXELS as f64 / (pixels as f64 * scale * scale)).sqrt();
    let scale = scale * by_pixels.min(1.0);
    if scale >= 1.0 {
        return (width, height);
    }
    let reduced = |length: u32| (f64::from(length) * scale).round().max(1.0) as u32;
    (reduced(width), reduced(height))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use image::{Rgba, RgbaImage};
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    fn encoded(width: u32, height: u32, colour: [u8; 4], format: ImageFormat) -> Vec<u8> {
        let image = DynamicImage::ImageRgba8(RgbaImage::from_pixel(width, height, Rgba(colour)));
        let image = match format {
            ImageFormat::Jpeg => DynamicImage::ImageRgb8(image.into_rgb8()),
            _ => image,
        };
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn crc(bytes: &[u8]) -> u32 {
        let mut crc = u32::MAX;
        for byte in bytes {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
            }
        }
        !crc
    }

    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let mut checked = kind.to_vec();
        checked.extend_from_slice(data);
        let mut bytes = (data.len() as u32).to_be_bytes().to_vec();
        bytes.extend_from_slice(&checked);
        bytes.extend_from_slice(&crc(&checked).to_be_bytes());
        bytes
    }

    /// A PNG that claims a size; its data is a run of stored deflate blocks of zeros.
    fn claiming(width: u32, height: u32, blocks: usize) -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        let mut header = width.to_be_bytes().to_vec();
        header.extend_from_slice(&height.to_be_bytes());
        header.extend_from_slice(&[8, 6, 0, 0, 0]);
        png.extend(chunk(b"IHDR", &header));
        let mut data = vec![0x78, 0x01];
        for _ in 0..blocks {
            data.extend_from_slice(&[0, 0xFF, 0xFF, 0, 0]);
            data.extend(std::iter::repeat_n(0_u8, 0xFFFF));
        }
        png.extend(chunk(b"IDAT", &data));
        png.extend(chunk(b"IEND", &[]));
        png
    }

    #[test]
    fn the_usual_kinds_are_read() {
        for format in [
            ImageFormat::Png,
            ImageFormat::Jpeg,
            ImageFormat::Gif,
            ImageFormat::WebP,
            ImageFormat::Bmp,
            ImageFormat::Ico,
        ] {
            let picture = decode(&encoded(20, 10, [200, 30, 40, 255], format)).unwrap();
            assert_eq!((picture.size, picture.natural), ((20, 10), (20, 10)), "{format:?}");
            assert_eq!(picture.pixels.len(), 20 * 10 * 4);
            for (got, wanted) in picture.pixels[..4].iter().zip([200_u8, 30, 40, 255]) {
                assert!(got.abs_diff(wanted) < 8, "{format:?}: {:?}", &picture.pixels[..4]);
            }
        }
    }

    #[test]
    fn what_is_no_picture_or_a_program_is_refused() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/hostname'/></svg>";
        for bytes in [&b""[..], b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<html>", svg] {
            assert!(decode(bytes).is_none());
        }
        assert!(decode(&vec![0; MAX_PICTURE_BYTES + 1]).is_none());
    }

    #[test]
    fn a_thousand_million_pixels_are_refused_by_their_header() {
        let start = Instant::now();
        for (width, height) in [(31_623, 31_623), (u32::MAX, 1), (1, u32::MAX), (65_535, 65_535)] {
            assert!(decode(&claiming(width, height, 1)).is_none(), "{width}×{height}");
        }
        assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
    }

    #[test]
    fn data_beyond_the_size_it_claims_is_not_unpacked() {
        // 32 MB of zeros behind a header of 2×2 pixels.
        let bytes = claiming(2, 2, 500);
        let start = Instant::now();
        assert!(decode(&bytes).is_none_or(|picture| picture.pixels.len() == 16));
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }

    #[test]
    fn of_a_moving_picture_the_first_frame_is_kept() {
        let mut bytes = Vec::new();
        {
            let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
            for colour in [[255, 0, 0, 255], [0, 0, 255, 255]] {
                let frame = image::Frame::new(RgbaImage::from_pixel(4, 4, Rgba(colour)));
                encoder.encode_frame(frame).unwrap();
            }
        }
        assert_eq!(decode(&bytes).unwrap().pixels[..4], [255, 0, 0, 255]);
    }

    #[test]
    fn a_photograph_is_kept_at_the_size_it_can_be_seen_in() {
        let picture = decode(&encoded(5000, 3000, [9, 9, 9, 255], ImageFormat::Png)).unwrap();
        assert_eq!(picture.natural, (5000, 3000));
        assert_eq!(picture.size, (2048, 1229));
        // A long drawing keeps its width.
        let picture = decode(&encoded(700, 9000, [9, 9, 9, 255], ImageFormat::Png)).unwrap();
        assert_eq!(picture.size, (700, 9000));
    }

    #[test]
    fn a_photograph_taken_sideways_stands_upright() {
        // JPEG with an EXIF segment that says orientation 6: turn right by a quarter.
        let mut image = RgbaImage::from_pixel(32, 16, Rgba([255, 255, 255, 255]));
        for y in 0..16 {
            for x in 0..16 {
                image.put_pixel(x, y, Rgba([255, 0, 0, 255]));
            }
        }
        let mut jpeg = Cursor::new(Vec::new());
        let image = DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(image).into_rgb8());
        image.write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
        let jpeg = jpeg.into_inner();
        let exif: &[u8] =
            b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let mut turned = jpeg[..2].to_vec();
        turned.extend_from_slice(&[0xFF, 0xE1]);
        turned.extend_from_slice(&(exif.len() as u16 + 2).to_be_bytes());
        turned.extend_from_slice(exif);
        turned.extend_from_slice(&jpeg[2..]);
        let picture = decode(&turned).unwrap();
        assert_eq!((picture.size, picture.natural), ((16, 32), (16, 32)));
        // The left half, red, is now the upper half.
        let at = |x: usize, y: usize| &picture.pixels[(y * 16 + x) * 4..][..3];
        assert!(at(8, 4)[1] < 60 && at(8, 28)[1] > 200, "{:?} {:?}", at(8, 4), at(8, 28));
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(
            kind in 0_usize..6,
            rest in proptest::collection::vec(any::<u8>(), 0..400),
            at in 0_usize..120,
        ) {
            let mut bytes = encoded(6, 5, [1, 2, 3, 255], [
                ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif,
                ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Ico,
            ][kind]);
            let at = at.min(bytes.len());
            for (index, byte) in rest.iter().enumerate() {
                if let Some(place) = bytes.get_mut(at + index) {
                    *place = *byte;
                }
            }
            if let Some(picture) = decode(&bytes) {
                let (width, height) = picture.size;
                prop_assert_eq!(picture.pixels.len(), width as usize * height as usize * 4);
            }
        }
    }
}
