//! Letters that are hardly letters, and trees that cannot be.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        // Nothing, and next to nothing.
        case("empty", Vec::new, |l| has(l, "empty")),
        case("one line end", || b"\n".to_vec(), anything_or_defect),
        case("one nul", || vec![0], anything_or_defect),
        case("only a colon", || b":".to_vec(), anything_or_defect),
        case("only a boundary", || b"--".to_vec(), |l| has(l, "no-header")),
        case(
            "no header",
            || b"hello\r\nworld\r\n".to_vec(),
            |l| {
                has(l, "no-header");
                shows(l, "hello");
            },
        ),
        case(
            "no body",
            || b"Subject: only a header".to_vec(),
            |l| {
                assert_eq!(l.envelope.subject, "only a header");
            },
        ),
        case(
            "no separator",
            || b"Subject: s\r\nFrom: a@b\r\nHello you\r\nBye\r\n".to_vec(),
            |l| {
                has(l, "no-separator");
                shows(l, "Hello you");
            },
        ),
        case(
            "junk line between fields",
            || b"Subject: s\njunk without colon\nFrom: a@b\n\nbody".to_vec(),
            |l| {
                has(l, "header-junk");
                assert_eq!(l.envelope.from.len(), 1);
                shows(l, "body");
            },
        ),
        case(
            "mark, mbox line and blank lines first",
            || {
                b"\xef\xbb\xbf\r\n\r\nFrom me@x Mon Jan 1 00:00:00 2024\r\nSubject: s\r\n\r\nbody"
                    .to_vec()
            },
            |l| assert_eq!(l.envelope.subject, "s"),
        ),
        case(
            "bare carriage returns",
            || b"Subject: s\rFrom: a@b\r\rbody\rmore\r".to_vec(),
            |l| {
                assert_eq!(l.envelope.subject, "s");
                shows(l, "more");
            },
        ),
        case(
            "mixed line ends",
            || b"Subject: s\rFrom: a@b\nTo: c@d\r\n\nbody".to_vec(),
            |l| {
                assert_eq!(l.envelope.to.len(), 1);
                shows(l, "body");
            },
        ),
        case(
            "CR CR LF everywhere",
            || b"Subject: s\r\r\nFrom: a@b\r\r\n\r\r\nbody\r\r\n".to_vec(),
            anything_or_defect,
        ),
        case(
            "nuls in header and body",
            || b"Subject: a\0b\r\n\r\nx\0y".to_vec(),
            |l| {
                assert_eq!(l.envelope.subject, "ab");
                shows(l, "x");
            },
        ),
        case(
            "controls and direction overrides in the subject",
            || "Subject: \u{202e}gpj.exe\u{7}\u{2066}!\r\n\r\n.".as_bytes().to_vec(),
            |l| assert_eq!(l.envelope.subject, "gpj.exe!"),
        ),
        case(
            "a new header through an encoded word",
            || b"Subject: =?utf-8?Q?a=0D=0ABcc:_x@y?=\r\n\r\n.".to_vec(),
            |l| assert_eq!(l.envelope.subject, "a Bcc: x@y"),
        ),
        // Boundaries.
        case(
            "boundary that never comes",
            || text("Content-Type: multipart/mixed; boundary=x", "--y\r\n\r\nhi\r\n--y--"),
            |l| {
                has(l, "boundary-not-found");
                shows(l, "hi");
            },
        ),
        case(
            "no boundary parameter",
            || text("Content-Type: multipart/mixed", "--y\r\n\r\nhi\r\n--y--"),
            |l| {
                has(l, "no-boundary");
                shows(l, "hi");
            },
        ),
        case(
            "empty boundary",
            || text("Content-Type: multipart/mixed; boundary=\"\"", "--\r\n\r\nhi\r\n----"),
            |l| {
                has(l, "no-boundary");
                shows(l, "hi");
            },
        ),
        case(
            "closing boundary first",
            || text("Content-Type: multipart/mixed; boundary=x", "--x--\r\nhi\r\n--x\r\n\r\nlate"),
            |l| {
                has(l, "boundary-not-found");
            },
        ),
        case(
            "inner multipart never closed",
            || {
                text(
                    "Content-Type: multipart/mixed; boundary=o",
                    "--o\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\n\r\nfirst\r\n--o\r\n\r\nsecond\r\n--o--\r\n",
                )
            },
            |l| {
                has(l, "unclosed-boundary");
                shows(l, "first");
                shows(l, "second");
            },
        ),
        case(
            "boundary that is the head of another",
            || {
                text(
                    "Content-Type: multipart/mixed; boundary=Apple-Mail-1",
                    "--Apple-Mail-1\r\nContent-Type: multipart/mixed; boundary=Apple-Mail-10\r\n\r\n--Apple-Mail-10\r\n\r\ninner\r\n--Apple-Mail-10--\r\n--Apple-Mail-1\r\n\r\nouter\r\n--Apple-Mail-1--",
                )
            },
            |l| {
                shows(l, "inner");
                shows(l, "outer");
                assert_eq!(l.parts.len(), 4);
            },
        ),
        case(
            "same boundary inside",
            || {
                text(
                    "Content-Type: multipart/mixed; boundary=b",
                    "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--",
                )
            },
            anything_or_defect,
        ),
        case(
            "boundary in the middle of a line",
            || {
                text(
                    "Content-Type: multipart/mixed; boundary=b",
                    "--b\r\n\r\nnot --b here\r\n--b--",
                )
            },
            |l| shows(l, "not --b here"),
        ),
        case(
            "boundary in a header",
            || {
                text(
                    "Content-Type: multipart/mixed; boundary=b",
                    "--b\r\nContent-Type: text/plain\r\n--b\r\n\r\nx\r\n--b--",
                )
            },
            |l| shows(l, "x"),
        ),
        case(
            "one million boundary lines",
            || {
                let mut raw = text("Content-Type: multipart/mixed; boundary=b", "");
                raw.extend(flood("--b\n", 4_000_000).into_bytes());
                raw
            },
            |l| has(l, "too-many-parts"),
        ),
        case(
            "nearly boundaries",
            || {
                let mut raw = nested_multiparts(90, false);
                raw.extend(flood("--\n--b\n--b1x\n--b7\t \u{1}\n", 40 * MB).into_bytes());
                raw
            },
            |l| shows(l, "the core"),
        ),
        case(
            "100 MB of hyphens",
            || {
                let mut raw = text("Content-Type: multipart/mixed; boundary=b", "--b\r\n\r\n");
                raw.extend(flood("-", 100 * MB).into_bytes());
                raw
            },
            |l| has(l, "unclosed-boundary"),
        ),
        // Depth and number.
        case(
            "100,000 letters in letters",
            || nested_letters(100_000),
            |l| {
                has(l, "nested-too-deep");
                shows(l, "message/rfc822");
            },
        ),
        case(
            "90 letters in letters",
            || nested_letters(90),
            |l| {
                assert_eq!(l.parts.len(), 91);
                assert_eq!(l.nested(90).map(|e| e.subject.as_str()), Some("last"));
            },
        ),
        case(
            "100,000 multiparts in multiparts",
            || nested_multiparts(100_000, true),
            |l| {
                has(l, "nested-too-deep");
            },
        ),
        case(
            "99 multiparts, none closed",
            || nested_multiparts(99, false),
            |l| {
                has(l, "unclosed-boundary");
                shows(l, "the core");
            },
        ),
        case(
            "letters and multiparts in turns",
            || {
                let mut raw = String::new();
                for n in 0..50_000 {
                    raw.push_str(&format!(
                        "Content-Type: multipart/digest; boundary={n}\n\n--{n}\n\n"
                    ));
                }
                raw.into_bytes()
            },
            |l| has(l, "nested-too-deep"),
        ),
        case("20 encoded letters in each other", || nested_encoded(20), anything_or_defect),
        case("3 encoded letters in each other", || nested_encoded(3), |l| shows(l, "the core")),
        case(
            "100,000 parts",
            || many_parts(99_990, "\r\nx\r\n"),
            |l| {
                assert_eq!(l.parts.len(), 99_991);
            },
        ),
        case(
            "100,000 attachments",
            || {
                many_parts(
                    99_990,
                    "Content-Type: application/pdf; name=\"a.pdf\"\r\nContent-Disposition: attachment\r\n\r\nx\r\n",
                )
            },
            |l| assert_eq!(l.attachments.len(), 99_990),
        ),
        case("500,000 parts", || many_parts(500_000, "\r\nx\r\n"), |l| has(l, "too-many-parts")),
        case(
            "100,000 HTML parts with pictures",
            || {
                many_parts(
                    50_000,
                    "Content-Type: text/html\nContent-ID: <a@b>\n\n<img src=cid:a@b>\n",
                )
            },
            anything_or_defect,
        ),
    ]
}
