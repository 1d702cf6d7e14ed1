//! Pictures that are none, are larger than they look, or never end.

use crate::{Hostile, many, may, must};
use base64::Engine;

/// A GIF of one pixel.
const PIXEL: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn data(kind: &str, bytes: &[u8]) -> String {
    format!("data:{kind};base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes))
}

fn shown(name: &'static str, bytes: Vec<u8>) -> Hostile {
    must(name, "<p>before<img src='cid:a' alt=a><p>after").with(bytes)
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind, data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &body, &crc(&body).to_be_bytes()].concat()
}

/// RFC 1951: a run of zero bytes, 258 of them to 13 bits, behind an RFC 1950 head.
fn zeros(count: usize) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let (mut bits, mut held) = (0_u64, 0);
    let mut put = |value: u64, length: u32, out: &mut Vec<u8>| {
        bits |= value << held;
        held += length;
        while held >= 8 {
            out.push((bits & 0xff) as u8);
            bits >>= 8;
            held -= 8;
        }
    };
    put(0b011, 3, &mut out); // The last block, fixed codes.
    put(0b0000_1100, 8, &mut out); // The literal 0, code 00110000, its first bit first.
    for _ in 0..count / 258 {
        put(0b1010_0011, 8, &mut out); // Length 258, code 11000101.
        put(0, 5, &mut out); // Distance 1.
    }
    put(0, 7, &mut out); // The end.
    put(0, 8, &mut out);
    out
}

fn png(width: u32, height: u32, depth: u8, colour: u8, pixels: Vec<u8>) -> Vec<u8> {
    let head =
        [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, colour, 0, 0, 0]].concat();
    [
        &b"\x89PNG\r\n\x1a\n"[..],
        &chunk(b"IHDR", &head),
        &chunk(b"IDAT", &pixels),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

fn gif(frames: usize, (width, height): (u16, u16)) -> Vec<u8> {
    let mut gif = b"GIF89a".to_vec();
    gif.extend(width.to_le_bytes());
    gif.extend(height.to_le_bytes());
    gif.extend(b"\x80\0\0\xff\0\0\0\0\0");
    for _ in 0..frames {
        gif.extend(b"!\xf9\x04\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0");
    }
    gif.push(b';');
    gif
}

fn bmp(width: i32, height: i32, bits: u16, compression: u32) -> Vec<u8> {
    let mut bmp = b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bmp.extend(width.to_le_bytes());
    bmp.extend(height.to_le_bytes());
    bmp.extend(1_u16.to_le_bytes());
    bmp.extend(bits.to_le_bytes());
    bmp.extend(compression.to_le_bytes());
    bmp.extend([0; 20]);
    bmp.extend([0xff; 64]);
    bmp
}

fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut body = b"WEBPVP8X\x0a\0\0\0\x10\0\0\0".to_vec();
    body.extend(&(width - 1).to_le_bytes()[..3]);
    body.extend(&(height - 1).to_le_bytes()[..3]);
    body.extend(b"VP8L\x10\0\0\0\x2f\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0");
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    [&b"RIFF"[..], &length, &body].concat()
}

fn jpeg(width: u16, height: u16, scans: usize) -> Vec<u8> {
    let mut jpeg = b"\xff\xd8\xff\xdb\0\x43\0".to_vec();
    jpeg.extend([1; 64]);
    jpeg.extend(b"\xff\xc2\0\x0b\x08");
    jpeg.extend(height.to_be_bytes());
    jpeg.extend(width.to_be_bytes());
    jpeg.extend(b"\x01\x01\x11\0");
    jpeg.extend(b"\xff\xc4\0\x14\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    for _ in 0..scans {
        jpeg.extend(b"\xff\xda\0\x08\x01\x01\0\0\0\0\0\0\0\0");
    }
    jpeg.extend(b"\xff\xd9");
    jpeg
}

fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    (0..count).map(|_| next()).collect()
}

pub fn all() -> Vec<Hostile> {
    let pixel = data("image/gif", PIXEL);
    let whole = png(7900, 7900, 8, 2, zeros(7900 * (7900 * 3 + 1) + 258));
    vec![
        shown("PNG of 10^9 pixels", png(31_623, 31_623, 8, 6, zeros(1 << 20))),
        shown("PNG of 2^31 by 2^31", png(0x7fff_ffff, 0x7fff_ffff, 16, 6, zeros(1000))),
        shown("PNG of 0 by 0", png(0, 0, 8, 6, zeros(1000))),
        shown("PNG that unpacks to 187 MB", whole.clone()),
        shown("PNG of two pixels that unpacks to 1 GB", png(2, 1, 8, 6, zeros(1 << 30))),
        may("20 PNGs that unpack to 187 MB", many("", 20, |i| format!("<img src='cid:a' width={i}>"), "")).with(whole.clone()),
        may("8 different PNGs that unpack to 187 MB", many("", 8, |i| {
            let bytes = [&whole[..], &[i as u8]].concat();
            format!("<img src='{}' width=9>", data("image/png", &bytes))
        }, "")),
        shown("PNG, cut short", whole[..whole.len() / 2].to_vec()),
        shown("PNG of a text chunk of 30 MB", {
            let text = [&b"Comment\0"[..], &vec![b'x'; 30 << 20]].concat();
            let head = [&[0, 0, 0, 1, 0, 0, 0, 1][..], &[8, 6, 0, 0, 0]].concat();
            [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &head), &chunk(b"tEXt", &text)].concat()
        }),
        shown("PNG with a compressed profile of 1 GB", {
            let profile = [&b"x\0\0"[..], &zeros(1 << 30)].concat();
            let head = [&[0, 0, 0, 1, 0, 0, 0, 1][..], &[8, 6, 0, 0, 0]].concat();
            [
                &b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &head), &chunk(b"iCCP", &profile),
                &chunk(b"IDAT", &zeros(258)), &chunk(b"IEND", b""),
            ].concat()
        }),
        shown("GIF of 10,000 frames", gif(10_000, (1, 1))),
        shown("GIF of 1,000,000 frames", gif(1_000_000, (1, 1))),
        shown("GIF of 65,535 by 65,535", gif(1, (65_535, 65_535))),
        shown("GIF of 8,000 by 8,000 and 1,000 frames", gif(1000, (8000, 8000))),
        shown("GIF, cut short", gif(10, (9, 9))[..40].to_vec()),
        shown("JPEG of 65,500 by 65,500", jpeg(65_500, 65_500, 1)),
        shown("JPEG of 4,000 by 4,000 and 10,000 scans", jpeg(4000, 4000, 10_000)),
        shown("WebP of 16,384 by 16,384", webp(16_384, 16_384)),
        shown("WebP of 2^24 by 2^24", webp(1 << 24, 1 << 24)),
        shown("BMP of 2^31 by -2^31", bmp(i32::MAX, i32::MIN, 32, 0)),
        shown("BMP of 30,000 by 2,000 in runs", bmp(30_000, 2000, 8, 1)),
        shown("BMP of one bit", bmp(60_000, 1000, 1, 0)),
        shown("ICO of 65,535 pictures", {
            let mut ico = b"\0\0\x01\0\xff\xff".to_vec();
            for _ in 0..65_535 {
                ico.extend(b"\0\0\0\0\x01\0\x20\0\xff\xff\xff\x7f\x16\0\0\0");
            }
            ico
        }),
        shown("ICO with a PNG of 10^9 pixels", {
            let png = png(31_623, 31_623, 8, 6, zeros(1000));
            let length = u32::try_from(png.len()).unwrap().to_le_bytes();
            [&b"\0\0\x01\0\x01\0\0\0\0\0\x01\0\x20\0"[..], &length, b"\x16\0\0\0", &png].concat()
        }),
        shown("SVG that reads files and asks servers", b"<svg xmlns='http://www.w3.org/2000/svg' width='99' height='99'><image href='file:///etc/passwd' width='99' height='99'/><image href='http://127.0.0.1:1/x.png'/></svg>".to_vec()),
        shown("SVG of entities", b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><svg><text>&c;&c;</text></svg>".to_vec()),
        shown("a picture of noise", noise(1 << 20)),
        shown("a PNG of noise", png(999, 999, 8, 6, noise(1 << 20))),
        shown("a GIF of noise", [&gif(0, (999, 999))[..13], &noise(1 << 20)].concat()),
        shown("a picture of 39 MB of noise", noise(39 << 20)),
        shown("a picture of 60 MB", noise(60 << 20)),
        may("10,000 pictures as data", format!("<img src='{pixel}'>").repeat(10_000)),
        may("10,000 different pictures as data", many("", 10_000, |i| {
            let bytes = [PIXEL, &i.to_le_bytes()].concat();
            format!("<img src='{}' width=5 height=5>", data("image/gif", &bytes))
        }, "")),
        may("10,000 backgrounds as data", format!("<i style='background:url({pixel})'>x</i>").repeat(10_000)),
        may("100,000 times one part", "<img src='cid:a'>".repeat(100_000)).with(PIXEL.to_vec()),
        may("a pixel drawn 10^6 wide", "<img src='cid:a' width=1000000 height=1000000>").with(PIXEL.to_vec()),
        may("a pixel repeated over 10^6", "<div style='background:url(cid:a);width:1000000px;height:1000000px'>x").with(PIXEL.to_vec()),
        may("a pixel repeated by the hundredth", "<div style='background:url(cid:a) 0 0/.01px .01px;height:5000px'>x").with(PIXEL.to_vec()),
        must("data that is none", "<img src='data:'><img src='data:;base64,====' width=9 height=9><img src='data:image/png,%00%'><img src='data:text/html,<script>'>x"),
        must("data of 10 MB", format!("<img src='data:image/png;base64,{}'>x", "QUFB".repeat(2_500_000))),
        must("pictures in pictures", "<picture><source srcset='cid:a 1x, cid:b 2x'><img src='cid:a' srcset='cid:a 999999999w' sizes='calc(1e30vw)'></picture>".repeat(500)),
        may("border-image, list-style, cursor, mask", "<ul style='list-style:url(cid:a);cursor:url(cid:a),auto;border:9px solid;border-image:url(cid:a) 30 round;mask:url(cid:a)'><li>x</ul>".repeat(500)).with(PIXEL.to_vec()),
        shown("no bytes", Vec::new()),
    ]
}
