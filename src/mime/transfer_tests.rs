//! Expected values: Python's `base64`, `quopri` and `binascii`.

use super::*;
use proptest::prelude::*;

#[track_caller]
fn b64(text: &[u8], expected: &[u8]) {
    assert_eq!(base64(text).0, expected, "{}", String::from_utf8_lossy(text));
}

#[test]
fn base64_as_it_comes() {
    b64(b"SGVsbG8=", b"Hello");
    b64(b"SGVsbG8", b"Hello");
    b64(b"SGVs\r\nbG8=\r\n", b"Hello");
    b64(b"SGV sb\tG8 =", b"Hello");
    b64(b"S!G-V_s*bG8=", b"Hello");
    b64(b"SGVsbG8====", b"Hello");
    b64(b"", b"");
    b64(b"====", b"");
    b64(b"\xff\xff", b"");
    // One digit too many is no byte.
    b64(b"SGVsbG8hA", b"Hello!");
    // Pieces encoded one by one and pasted together.
    b64(b"SGVsbG8=\nIHRoZXJl\nIQ==\n", b"Hello there!");
    // A footer below the end is none of it.
    b64(b"SGVsbG8=\n-- \nlist mailing list\n", b"Hello");
    b64(b"ecO2dMOkIHZhYW4uCg== ignored", "y\u{f6}t\u{e4} vaan.\n".as_bytes());
}

#[test]
fn readable_text_below_base64_is_kept() {
    let body = b"SGVsbG8gdGhlcmUh\n\n____ ____\nlist footer\n";
    assert_eq!(
        base64_with_tail(body).as_deref(),
        Some(b"Hello there!\n____ ____\nlist footer\n".as_slice())
    );
    assert_eq!(base64_with_tail(b"no base64 at all!"), None);
}

#[track_caller]
fn qp(text: &[u8], expected: &[u8]) {
    assert_eq!(quoted_printable(text).0.as_ref(), expected, "{}", String::from_utf8_lossy(text));
}

#[test]
fn quoted_printable_as_it_comes() {
    qp(b"a=3Db=\r\nc", b"a=bc");
    qp(b"=ED=95=9C=ed=95=9c", "한한".as_bytes());
    qp(b"soft = \t\r\nline", b"soft line");
    qp(b"blanks  \r\nat the end\t\n", b"blanks\r\nat the end\n");
    qp(b"kept=20\r\n", b"kept \r\n");
    // What is no escape stands for itself.
    qp(b"a=b c=ZZ ==3D =", b"a=b c=ZZ == ");
    qp(b"=", b"");
    qp(b"=4", b"=4");
    qp(b"bare\rreturn", b"bare\rreturn");
    assert!(quoted_printable(b"=ZZ").1);
    assert!(!quoted_printable(b"=3D=\n").1);
}

#[test]
fn uuencoded_files() {
    // Python: binascii.b2a_uu of b"Hello, uuencoded world! 0123456789abcdefghijklmnopqrstuvwxyz".
    let text = b"before\nbegin 644 a file.txt\nM2&5L;&\\L('5U96YC;V1E9\"!W;W)L9\"$@,#$R,S0U-C<X.6%B8V1E9F=H:6IK\n/;&UN;W!Q<G-T=79W>'EZ\n`\nend\nafter\n";
    let block = uuencoded(text).unwrap();
    assert_eq!(block.name, b"a file.txt");
    assert_eq!(block.bytes, b"Hello, uuencoded world! 0123456789abcdefghijklmnopqrstuvwxyz");
    assert_eq!((&text[..block.start], &text[block.end..]), (&b"before\n"[..], &b"after\n"[..]));
    // Prose is no file.
    for prose in [
        &b"begin 644 words\nthis is prose\nend\n"[..],
        b"begin with me\nend\n",
        b"begin 644 \n`\nend\n",
        b"begin 644 a\n#86%A\n",
        b"xbegin 644 a\n`\nend\n",
    ] {
        assert!(uuencoded(prose).is_none(), "{}", String::from_utf8_lossy(prose));
    }
}

proptest! {
    #[test]
    fn decoding_never_fails(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for name in ["base64", "quoted-printable", "x-uuencode", "7bit", "other"] {
            let _ = Transfer::named(name).0.decode(&bytes);
        }
        let _ = base64_with_tail(&bytes);
    }

    #[test]
    fn base64_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..200), width in 1usize..80) {
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = Vec::new();
        for group in bytes.chunks(3) {
            let word = group.iter().fold(0u32, |w, b| w << 8 | u32::from(*b)) << (8 * (3 - group.len()));
            for place in 0..4 {
                text.push(if place <= group.len() { digits[(word >> (18 - 6 * place) & 63) as usize] } else { b'=' });
                if text.iter().filter(|b| **b != b'\n').count() % width == 0 { text.push(b'\n'); }
            }
        }
        prop_assert_eq!(base64(&text), (bytes, false));
    }

    #[test]
    fn quoted_printable_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..200), width in 1usize..70) {
        let mut text = String::new();
        for (n, byte) in bytes.iter().enumerate() {
            text.push_str(&format!("={byte:02X}"));
            if n % width == 0 { text.push_str("=\r\n"); }
        }
        let (decoded, flawed) = quoted_printable(text.as_bytes());
        prop_assert_eq!((decoded.as_ref(), flawed), (bytes.as_slice(), false));
    }
}
