//! Expected values: RFC 2231's examples, and Python's `email` where it reads
//! the same.

use super::*;
use proptest::prelude::*;

#[track_caller]
fn file(raw: &str, expected: &str) {
    let read = Parameterised::parse(raw.as_bytes(), None);
    assert_eq!(read.get("filename").or(read.get("name")), Some(expected), "{raw}");
}

#[test]
fn the_examples_of_rfc_2231() {
    let read = |raw: &str| Parameterised::parse(raw.as_bytes(), None);
    let external = read(
        "message/external-body; access-type=URL;\r\n URL*0=\"ftp://\";\r\n URL*1=\"cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar\"",
    );
    assert_eq!(external.value, "message/external-body");
    assert_eq!(external.get("url"), Some("ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar"));
    assert_eq!(external.get("access-type"), Some("URL"));
    let language =
        read("application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A");
    assert_eq!(language.get("title"), Some("This is ***fun***"));
    let mixed = read(
        "application/x-stuff\r\n ;title*0*=us-ascii'en'This%20is%20even%20more%20\r\n ;title*1*=%2A%2A%2Afun%2A%2A%2A%20\r\n ;title*2=\"isn't it!\"",
    );
    assert_eq!(mixed.get("title"), Some("This is even more ***fun*** isn't it!"));
}

#[test]
fn file_names_in_every_dress() {
    file("attachment; filename=a.txt", "a.txt");
    file("attachment; filename=\"a b.txt\"", "a b.txt");
    file("attachment; filename=a b.txt", "a b.txt");
    file("attachment; filename=\"a\\\"b.txt\"", "a\"b.txt");
    file("attachment; filename=\"C:\\temp\\a.txt\"", "C:\\temp\\a.txt");
    file("attachment; filename=\"unclosed.txt", "unclosed.txt");
    file("attachment;filename=a.txt;size=3", "a.txt");
    file("attachment; FileName = \"a.txt\" ; x=y", "a.txt");
    file("attachment; filename=\"a;b.txt\"", "a;b.txt");
    file("attachment; filename*=utf-8''%ED%95%9C%EA%B8%80.txt", "한글.txt");
    file(
        "attachment; filename*=UTF-8'ko'%ED%95%9C%EA%B8%80.txt; filename=\"fallback.txt\"",
        "한글.txt",
    );
    file(
        "attachment; filename=\"fallback.txt\"; filename*=UTF-8''%ED%95%9C%EA%B8%80.txt",
        "한글.txt",
    );
    file("attachment; filename*=euc-kr''%C7%D1%B1%DB.txt", "한글.txt");
    file("attachment; filename*=iso-2022-kr''%0EGQ1[%0F.txt", "한글.txt");
    // A character cut between sections; sections out of order.
    file("attachment; filename*1*=%95%9C.txt; filename*0*=utf-8''%ED", "한.txt");
    file("attachment; filename*0=\"a\"; filename*1=\"b.txt\"", "ab.txt");
    // Ten sections and more.
    let long: String = (0..12).map(|n| format!("; filename*{n}=\"{}\"", n % 10)).collect();
    file(&format!("attachment{long}"), "012345678901");
    // Encoded words, which RFC 2047 forbids here and everybody writes.
    file("attachment; filename=\"=?utf-8?B?7ZWc6riALnR4dA==?=\"", "한글.txt");
    file("attachment; filename==?utf-8?B?7ZWc6riALnR4dA==?=", "한글.txt");
    file("attachment; filename=\"=?euc-kr?B?x9Gx2w==?=\r\n =?euc-kr?B?LnR4dA==?=\"", "한글.txt");
    file("attachment; filename*=\"utf-8''%ED%95%9C.txt\"", "한.txt");
    file("attachment; filename=utf-8''%ED%95%9C.txt", "한.txt");
    file("attachment; filename=100%.txt", "100%.txt");
    file("attachment; filename*=100%25.txt", "100%.txt");
    file("attachment; filename=한글.txt", "한글.txt");
    let (raw, ..) = encoding_rs::EUC_KR.encode("attachment; filename=\"한글문서.txt\"");
    assert_eq!(Parameterised::parse(&raw, None).get("filename"), Some("한글문서.txt"));
    let (raw, ..) = encoding_rs::SHIFT_JIS.encode("attachment; filename=\"会議.txt\"");
    assert_eq!(Parameterised::parse(&raw, Some("shift_jis")).get("filename"), Some("会議.txt"));
}

#[test]
fn content_types_as_they_are_written() {
    for (raw, value, charset) in [
        ("text/plain; charset=utf-8", "text/plain", Some("utf-8")),
        ("TEXT/Plain; CHARSET=UTF-8", "text/plain", Some("UTF-8")),
        ("text/plain charset=us-ascii", "text/plain", Some("us-ascii")),
        ("text/plain; charset=us-ascii (Plain text)", "text/plain", Some("us-ascii")),
        ("text/plain (comment); charset=utf-8", "text/plain", Some("utf-8")),
        ("text/plain;; ;charset=utf-8;", "text/plain", Some("utf-8")),
        ("text/plain; charset=\"utf-8\" name=x.txt", "text/plain", Some("utf-8")),
        ("text/plain; charset=utf-8 name=x.txt", "text/plain", Some("utf-8")),
        ("text/plain; charset = utf-8", "text/plain", Some("utf-8")),
        ("text/plain; charset", "text/plain", None),
        ("charset=utf-8", "", Some("utf-8")),
        ("text", "text", None),
        ("", "", None),
        (";", "", None),
    ] {
        let read = Parameterised::parse(raw.as_bytes(), None);
        assert_eq!((read.value.as_str(), read.get("charset")), (value, charset), "{raw}");
    }
}

proptest! {
    #[test]
    fn reading_never_fails(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
        for (_, value) in Parameterised::parse(&raw, None).params {
            prop_assert!(!value.chars().any(char::is_control));
        }
    }

    #[test]
    fn marks_in_any_order(raw in "[a-c;=\"*0-9'%( )\\\\]{0,60}") {
        let _ = Parameterised::parse(raw.as_bytes(), None);
    }

    #[test]
    fn what_is_written_by_the_rfc_is_read_back(name in "[가-힣a-zA-Z0-9 ;\"%'*()]{1,30}", cut in 1usize..9) {
        let encoded: String = name.bytes().map(|b| format!("%{b:02X}")).collect();
        let whole = format!("attachment; filename*=utf-8''{encoded}");
        let read = Parameterised::parse(whole.as_bytes(), None);
        prop_assert_eq!(read.get("filename"), Some(name.trim()));
        let sections: String = encoded
            .as_bytes()
            .chunks(3 * cut)
            .enumerate()
            .map(|(n, piece)| {
                let head = if n == 0 { "utf-8''" } else { "" };
                format!(";\r\n filename*{n}*={head}{}", std::str::from_utf8(piece).unwrap())
            })
            .collect();
        let read = Parameterised::parse(format!("attachment{sections}").as_bytes(), None);
        prop_assert_eq!(read.get("filename"), Some(name.trim()));
    }
}
