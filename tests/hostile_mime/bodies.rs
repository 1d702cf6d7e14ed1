//! Bodies: encodings, charsets, HTML, file names.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "one line of 100 MB",
            || {
                let mut raw = b"Subject: s\r\n\r\n".to_vec();
                raw.extend(flood("y", 100 * MB).into_bytes());
                raw
            },
            |l| assert_eq!(l.parts[0].size, 100 * MB),
        ),
        case(
            "100 MB of base64 that is none",
            || {
                let mut raw =
                    b"Content-Transfer-Encoding: base64\r\nContent-Type: application/x-y\r\n\r\n"
                        .to_vec();
                raw.extend(flood("ab!=", 100 * MB).into_bytes());
                raw
            },
            |l| has(l, "bad-transfer-encoding"),
        ),
        case(
            "padding between all the base64",
            || {
                let mut raw =
                    b"Content-Transfer-Encoding: base64\r\nContent-Type: application/x-y\r\n\r\n"
                        .to_vec();
                raw.extend(flood("YQ==\n", 20 * MB).into_bytes());
                raw
            },
            |l| assert_eq!(l.parts[0].size, 20 * MB / 5),
        ),
        case(
            "quoted-printable of nothing but equals signs",
            || {
                let mut raw = b"Content-Transfer-Encoding: quoted-printable\r\n\r\n".to_vec();
                raw.extend(flood("=", 50 * MB).into_bytes());
                raw
            },
            |l| has(l, "bad-transfer-encoding"),
        ),
        case(
            "begin, begin, begin",
            || {
                let mut raw = b"Subject: s\r\n\r\n".to_vec();
                raw.extend(flood("begin 644 a\n#86%A\n", 10 * MB).into_bytes());
                raw
            },
            |l| shows(l, "begin"),
        ),
        case(
            "10,000 uuencoded files",
            || {
                let mut raw = b"Subject: s\r\n\r\n".to_vec();
                raw.extend("begin 644 a\n#86%A\n`\nend\n".repeat(10_000).into_bytes());
                raw
            },
            |l| assert!(!l.attachments.is_empty()),
        ),
        case(
            "unknown transfer encoding",
            || text("Content-Transfer-Encoding: x-mystery", "body"),
            |l| {
                has(l, "unknown-transfer-encoding");
                shows(l, "body");
            },
        ),
        case(
            "unknown charset",
            || text("Content-Type: text/plain; charset=x-mystery", "h\u{e9}llo"),
            |l| {
                shows(l, "h\u{e9}llo");
            },
        ),
        case(
            "invalid UTF-8",
            || {
                [b"Content-Type: text/plain; charset=utf-8\r\n\r\nab\xff\xfe\xc0\x80 cd \xed\xa0\x80".as_slice(), &[0xf8; 100]].concat()
            },
            |l| {
                shows(l, "ab");
            },
        ),
        case(
            "UTF-7 that never ends",
            || {
                let mut raw = text("Content-Type: text/plain; charset=utf-7", "+");
                raw.extend(flood("AAAA", 10 * MB).into_bytes());
                raw
            },
            anything_or_defect,
        ),
        case(
            "escape sequences by the million",
            || {
                let mut raw = text("Content-Type: text/plain; charset=iso-2022-kr", "");
                raw.extend(flood("\u{1b}$)C\u{e}", 10 * MB).into_bytes());
                raw
            },
            anything_or_defect,
        ),
        case(
            "HTML tags nested a million deep",
            || {
                let mut raw = text("Content-Type: text/html", "");
                raw.extend(flood("<div><ul><blockquote><b>", 20 * MB).into_bytes());
                raw.extend(b"the core");
                raw
            },
            |l| shows(l, "the core"),
        ),
        case(
            "HTML of nothing but <",
            || {
                let mut raw = text("Content-Type: text/html", "");
                raw.extend(flood("<", 20 * MB).into_bytes());
                raw
            },
            anything_or_defect,
        ),
        case(
            "one HTML tag with a million attributes",
            || {
                let mut raw = text("Content-Type: text/html", "<p ");
                for n in 0..200_000 {
                    raw.extend(format!("a{n}=b ").into_bytes());
                }
                raw.extend(b">the core");
                raw
            },
            anything_or_defect,
        ),
        case(
            "a file name that climbs out",
            || {
                text(
                    "Content-Type: application/x-y; name=\"../../../etc/passwd\"\r\nContent-Disposition: attachment",
                    "x",
                )
            },
            |l| assert_eq!(l.parts[0].file_name.as_deref(), Some("passwd")),
        ),
        case(
            "text that claims to be binary and named by nothing",
            || {
                text(
                    "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"..\"",
                    "x",
                )
            },
            |l| assert_eq!(l.parts[0].file_name, None),
        ),
        case(
            "random bytes",
            || {
                let mut state = 0x2545_f491_4f6c_dd1d_u64;
                (0..5 * MB)
                    .map(|_| {
                        state ^= state << 13;
                        state ^= state >> 7;
                        state ^= state << 17;
                        state as u8
                    })
                    .collect()
            },
            anything_or_defect,
        ),
        case(
            "every byte as a header",
            || (0..=255u8).cycle().take(100_000).collect(),
            anything_or_defect,
        ),
    ]
}
