//! Headers and dates.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "1,000,000 header lines",
            || {
                let mut raw = flood("X-Flood: y\r\n", 12_000_000).into_bytes();
                raw.extend(b"Subject: late\r\n\r\nbody");
                raw
            },
            |l| {
                has(l, "too-many-fields");
                assert_eq!(l.envelope.subject, "late");
                shows(l, "body");
            },
        ),
        case(
            "one header field of 50 MB",
            || {
                let mut raw = b"X-Long: ".to_vec();
                raw.extend(flood("y", 50 * MB).into_bytes());
                raw.extend(b"\r\nSubject: s\r\n\r\nbody");
                raw
            },
            |l| {
                has(l, "long-header");
                assert_eq!(l.envelope.subject, "s");
            },
        ),
        case(
            "a subject of 50 MB of encoded words",
            || {
                let mut raw = b"Subject: ".to_vec();
                raw.extend(flood("=?utf-8?B?7ZWc?= \r\n ", 50 * MB).into_bytes());
                raw.extend(b"\r\n\r\nbody");
                raw
            },
            |l| assert!(l.envelope.subject.len() < MB),
        ),
        case(
            "a million continuation lines",
            || {
                let mut raw = b"Subject: s".to_vec();
                raw.extend(flood("\r\n x", 4_000_000).into_bytes());
                raw.extend(b"\r\n\r\nbody");
                raw
            },
            |l| shows(l, "body"),
        ),
        case(
            "a million addresses",
            || {
                let mut raw = b"To: ".to_vec();
                raw.extend(flood("a@b.c,\r\n ", 9_000_000).into_bytes());
                raw.extend(b"\r\n\r\nbody");
                raw
            },
            |l| assert_eq!(l.envelope.to.len(), 10_000),
        ),
        case(
            "addresses of nothing but opening marks",
            || {
                let mut raw = b"To: ".to_vec();
                raw.extend(flood("<\"([:;@=?a?q?", 2 * MB).into_bytes());
                raw.extend(b"\r\n\r\nbody");
                raw
            },
            |l| shows(l, "body"),
        ),
        case(
            "encoded words that never end",
            || {
                let mut raw = b"Subject: ".to_vec();
                raw.extend(flood("=?utf-8?q?", MB).into_bytes());
                raw.extend(b"\r\n\r\nbody");
                raw
            },
            |l| shows(l, "body"),
        ),
        case(
            "a million parameters",
            || {
                let mut raw = b"Content-Type: text/plain".to_vec();
                raw.extend(flood("; a*0*=b", 8_000_000).into_bytes());
                raw.extend(b"\r\n\r\nbody");
                raw
            },
            |l| shows(l, "body"),
        ),
        case(
            "comments nested a million deep",
            || {
                let mut raw = b"Date: ".to_vec();
                raw.extend(flood("(", 1_000_000).into_bytes());
                raw.extend(b"\r\nContent-Type: text/plain;");
                raw.extend(flood("(", 60_000).into_bytes());
                raw.extend(b"\r\n\r\nbody");
                raw
            },
            |l| shows(l, "body"),
        ),
        case(
            "500,000 ids in References",
            || {
                let mut raw = b"References:".to_vec();
                raw.extend(flood("\r\n <a@b>", 4_000_000).into_bytes());
                raw.extend(b"\r\n\r\nbody");
                raw
            },
            |l| assert!(l.envelope.references.len() <= 2_000),
        ),
        // Dates.
        case(
            "a date beyond every calendar",
            || b"Date: Fri, 99 Xyz 999999999999 99:99:99 +9999\r\n\r\nbody".to_vec(),
            |l| {
                assert_eq!(l.envelope.date, None);
            },
        ),
        case(
            "31 February",
            || b"Date: Wed, 31 Feb 2024 10:00:00 +0000\r\n\r\nbody".to_vec(),
            |l| {
                assert_eq!(l.envelope.date, None);
            },
        ),
    ]
}
