#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;

/// Exif as a camera writes it: little-endian, make, orientation, a place to GPS.
fn camera(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0x0f, 0x01, 2, 0, 11, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend([0, 0, 0, 0]);
    tiff.extend(b"SecretMaker\0GPS 37.5665N");
    tiff
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![0xff, marker];
    out.extend((content.len() as u16 + 2).to_be_bytes());
    out.extend(content);
    out
}

/// The parts of a JPEG that draw it.
fn drawn() -> Vec<u8> {
    let mut out = segment(0xdb, &[0; 65]);
    out.extend(segment(0xc0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]));
    out.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
    out.extend([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]);
    out
}

fn jpeg(orientation: u8) -> Vec<u8> {
    let mut out = vec![0xff, 0xd8];
    out.extend(segment(0xe0, b"JFIF\0\x01\x01\x01\0\x48\0\x48\x01\x01Sec"));
    let exif = [b"Exif\0\0".to_vec(), camera(orientation)].concat();
    out.extend(segment(0xe1, &exif));
    out.extend(segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x>Secret</x>"));
    out.extend(segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"));
    out.extend(segment(0xe2, b"MPF\0Secret"));
    out.extend(segment(0xed, b"Photoshop 3.0\0Secret"));
    out.extend(segment(0xfe, b"Secret comment"));
    out.extend(drawn());
    out.extend([0xff, 0xd9]);
    out.extend(b"Secret video behind the end");
    out
}

fn has(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn a_jpeg_keeps_its_pixels_colours_and_turn_and_nothing_else() {
    let cleaned = clean(&jpeg(6)).unwrap();
    assert!(cleaned.removed);
    assert!(!has(&cleaned.bytes, b"Sec") && !has(&cleaned.bytes, b"GPS"));
    let mut expected = vec![0xff, 0xd8];
    expected.extend(segment(0xe0, b"JFIF\0\x01\x01\x01\0\x48\0\x48\0\0"));
    let turn = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    expected.extend(segment(0xe1, turn));
    expected.extend(segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"));
    expected.extend(drawn());
    expected.extend([0xff, 0xd9]);
    assert_eq!(cleaned.bytes, expected);
    // What is clean stays as it is.
    let again = clean(&cleaned.bytes).unwrap();
    assert!(!again.removed && again.bytes == cleaned.bytes);
    // Upright needs no word.
    assert!(!has(&clean(&jpeg(1)).unwrap().bytes, b"Exif"));
}

#[test]
fn a_picture_broken_off_anywhere_is_left_alone_and_never_panics() {
    let whole = jpeg(6);
    let end = whole.windows(2).rposition(|two| two == [0xff, 0xd9]).unwrap() + 2;
    for length in 0..end {
        assert_eq!(clean(&whole[..length]), None, "{length}");
    }
    for whole in [png(), webp(), gif()] {
        for length in 0..whole.len() {
            let _ = clean(&whole[..length]);
        }
    }
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut out = (content.len() as u32).to_be_bytes().to_vec();
    out.extend(name);
    out.extend(content);
    let mut sum = flate2::Crc::new();
    sum.update(&out[4..]);
    out.extend(sum.sum().to_be_bytes());
    out
}

fn png() -> Vec<u8> {
    let mut out = png::SIGNATURE.to_vec();
    out.extend(chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]));
    out.extend(chunk(b"tEXt", b"Author\0Secret"));
    out.extend(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0Secret"));
    out.extend(chunk(b"tIME", &[7, 234, 1, 1, 1, 1, 1]));
    out.extend(chunk(b"caBX", b"Secret"));
    out.extend(chunk(b"gAMA", &[0, 0, 0xb1, 0x8f]));
    out.extend(chunk(b"IDAT", b"data"));
    out.extend(chunk(b"eXIf", &camera(3)));
    out.extend(chunk(b"IEND", b""));
    out.extend(b"Secret");
    out
}

#[test]
fn a_png_keeps_what_draws_it() {
    let cleaned = clean(&png()).unwrap();
    let mut expected = png::SIGNATURE.to_vec();
    expected.extend(chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]));
    expected.extend(chunk(b"gAMA", &[0, 0, 0xb1, 0x8f]));
    let turn = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0";
    expected.extend(chunk(b"eXIf", turn));
    expected.extend(chunk(b"IDAT", b"data"));
    expected.extend(chunk(b"IEND", b""));
    assert_eq!(cleaned.bytes, expected);
}

fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, content) in chunks {
        body.extend(*name);
        body.extend((content.len() as u32).to_le_bytes());
        body.extend(*content);
        if content.len() % 2 == 1 {
            body.push(0);
        }
    }
    let mut out = b"RIFF".to_vec();
    out.extend((body.len() as u32).to_le_bytes());
    out.extend(body);
    out
}

fn webp() -> Vec<u8> {
    let mut out = riff(&[
        (b"VP8X", &[0x2c, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        (b"ICCP", b"colours"),
        (b"VP8 ", b"data!"),
        (b"EXIF", &camera(8)),
        (b"XMP ", b"Secret"),
        (b"SeCr", b"Secret"),
    ]);
    out.extend(b"Secret");
    out
}

#[test]
fn a_webp_keeps_what_draws_it() {
    let turn = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0";
    let expected = riff(&[
        (b"VP8X", &[0x28, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        (b"ICCP", b"colours"),
        (b"VP8 ", b"data!"),
        (b"EXIF", turn),
    ]);
    assert_eq!(clean(&webp()).unwrap().bytes, expected);
}

fn gif() -> Vec<u8> {
    let mut out = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    out.extend(b"\x21\xfe\x06Secret\0");
    out.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
    out.extend(b"\x21\xff\x0bXMP DataXMP\x06Secret\0");
    out.extend(b"\x21\xf9\x04\x01\0\0\0\0");
    out.extend(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b");
    out.extend(b"Secret");
    out
}

#[test]
fn a_gif_keeps_its_frames_and_how_often_they_repeat() {
    let mut expected = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    expected.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
    expected.extend(b"\x21\xf9\x04\x01\0\0\0\0");
    expected.extend(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b");
    assert_eq!(clean(&gif()).unwrap().bytes, expected);
}

#[test]
fn what_is_not_cleaned_here_is_known_for_it() {
    assert_eq!(kind(b"\0\0\0\x18ftypheic\0\0\0\0"), Some(Kind::Heif));
    assert_eq!(kind(b"II*\0\x08\0\0\0"), Some(Kind::Tiff));
    assert_eq!(clean(b"II*\0\x08\0\0\0"), None);
    assert_eq!(kind(b"%PDF-1.7"), None);
}
