//! Expected values: RFC 2047 section 8, and Python's `email.header` where it
//! decodes the same.

use super::*;
use proptest::prelude::*;

#[track_caller]
fn is(raw: &[u8], expected: &str) {
    assert_eq!(decode(raw), expected, "{}", String::from_utf8_lossy(raw));
}

#[test]
fn the_examples_of_rfc_2047() {
    is(b"=?ISO-8859-1?Q?a?=", "a");
    is(b"=?ISO-8859-1?Q?a?= b", "a b");
    is(b"=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab");
    is(b"=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=", "ab");
    is(b"=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=", "ab");
    is(b"=?ISO-8859-1?Q?a_b?=", "a b");
    is(b"=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b");
    is(b"=?ISO-8859-8?b?7eXs+SDv4SDp7Oj08A==?=", "םולש ןב ילטפנ");
}

#[test]
fn words_split_inside_a_character() {
    // UTF-8, base64 and Q, even one after the other.
    is(b"=?utf-8?B?6rk=?= =?utf-8?B?gA==?=", "김");
    is(b"=?utf-8?Q?=EA?=\r\n =?utf-8?Q?=B9=80?=", "김");
    is(b"=?utf-8?Q?=EA=B9?= =?UTF-8?B?gA==?=", "김");
    // base64 cut inside a group of four.
    is(b"=?utf-8?B?6rmA7L?= =?utf-8?B?Kg7IiY?=", "김철수");
    // EUC-KR inside a pair; ISO-2022-JP inside its shift.
    is(b"=?euc-kr?B?sQ==?= =?euc-kr?B?6A==?=", "김");
    is(b"=?iso-2022-jp?B?GyRCRnw=?= =?iso-2022-jp?B?S1wbKEI=?=", "日本");
}

#[test]
fn korean_subjects() {
    is(b"=?ks_c_5601-1987?B?vsiz58fPvLy/5A==?=", "안녕하세요");
    is(b"=?iso-2022-kr?B?Dj5IM2cP?= hi", "안녕 hi");
    is(b"=?EUC-KR?Q?=BE=C8=B3=E7?=", "안녕");
    is(b"\xbe\xc8\xb3\xe7\xc7\xcf\xbc\xbc\xbf\xe4", "안녕하세요");
    is("안녕하세요".as_bytes(), "안녕하세요");
    is(b"\x1b$)C\x0e>H3g\x0f", "안녕");
    // Labelled EUC-KR, written in UTF-8.
    is(b"=?euc-kr?B?6rmA7LKg7IiY?=", "김철수");
}

#[test]
fn words_as_they_are_written() {
    is(b"=?utf-8?Q?a b c?=", "a b c");
    is(b"=?utf-8?Q?a_b", "a b");
    is(b"=?utf-8?Q?Really??=", "Really?");
    is(b"(=?utf-8?Q?a?=)", "(a)");
    is(b"Re:=?utf-8?Q?_a?=", "Re: a");
    is(b"\"=?utf-8?Q?a_b?=\"", "\"a b\"");
    is(b"=?utf-8*ko?Q?a?=", "a");
    is(b"=?utf-8?q?=ZZ=4?=", "=ZZ=4");
    is(b"=?utf-8?B?!!!!?=", "");
    is(b"=?utf-8?X?a?=", "=?utf-8?X?a?=");
    is(b"=? ?= ?= =?", "=? ?= ?= =?");
    is(b"=?x-unknown?Q?=ED=95=9C?=", "한");
    is(b"=?utf-8?Q?=F0=9F=98?= =?utf-8?Q?=80?= smile", "😀 smile");
    is(b"a =?utf-8?Q?b?= c =?utf-8?Q?d?=", "a b c d");
    is(b"=?us-ascii?Q?Keld?=\r\n\t=?us-ascii?Q?_J?=", "Keld J");
    is(b"=?utf-8?Q?Hello big =?utf-8?Q?World?=", "Hello big World");
}

#[test]
fn nothing_harmful_is_left() {
    is(b"a\x00b\x07c\x7f", "abc");
    is("a\u{202e}b\u{2066}c\u{2069}\u{85}d".as_bytes(), "abc d");
    is(b"=?utf-8?Q?a=0D=0Ab=00?=", "a b");
    is(b"  a\r\n\tb  ", "a b");
    is(b"", "");
}

#[test]
fn values_are_bounded() {
    let long = decode(&vec![b'a'; 1 << 20]);
    assert!(long.ends_with("a…") && long.len() <= MAX_VALUE + 3);
}

fn fields(raw: &[u8], letter: bool) -> (Vec<(String, String)>, String) {
    let block = block(raw, 0, letter, 100, |line| line == b"--end");
    let text = |range: &Range<usize>| String::from_utf8_lossy(&raw[range.clone()]).into_owned();
    (
        block.fields.iter().map(|f| (text(&f.name), text(&f.value))).collect(),
        String::from_utf8_lossy(&raw[block.body..]).into_owned(),
    )
}

#[test]
fn header_blocks() {
    let two = |b: &str| {
        (vec![("A".to_owned(), " 1".to_owned()), ("B".to_owned(), "2".to_owned())], b.to_owned())
    };
    assert_eq!(fields(b"A: 1\r\nB:2\r\n\r\nbody", true), two("body"));
    assert_eq!(fields(b"A: 1\nB:2\n\nbody", true), two("body"));
    assert_eq!(fields(b"A: 1\rB:2\r\rbody", true), two("body"));
    assert_eq!(fields(b"A : 1\nB\t:2\n\nbody", true), two("body"));
    assert_eq!(fields(b"From x@y Mon Jan  1 00:00:00 2024\nA: 1\nB:2\n\nbody", true), two("body"));
    assert_eq!(fields(b">From x@y\nA: 1\nB:2\n\nbody", true), two("body"));
    assert_eq!(fields(b"\xef\xbb\xbfA: 1\nB:2\n\nbody", true), two("body"));
    assert_eq!(fields(b"A: 1\nB:2\nnot a field\nbody", true), two("not a field\nbody"));
    assert_eq!(fields(b"A: 1\nB:2\n--end\nbody", true), two("--end\nbody"));
    assert_eq!(fields(b"A: 1\nB:2", true), two(""));
    assert_eq!(fields(b"A: 1\nB:2\n", true), two(""));
    // A part may have no header at all; a letter's blank lines are skipped.
    assert_eq!(fields(b"\nTo: x\n\nbody", false), (vec![], "To: x\n\nbody".to_owned()));
    assert_eq!(
        fields(b"\n\nTo: x\n\nbody", true),
        (vec![("To".to_owned(), " x".to_owned())], "body".to_owned())
    );
    // Folded values keep their line ends.
    assert_eq!(fields(b"A: 1\r\n 2\r\n\t3\r\n\r\n", true).0[0].1, " 1\r\n 2\r\n\t3");
}

proptest! {
    #[test]
    fn decoding_never_fails(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
        let text = decode(&raw);
        prop_assert!(!text.chars().any(char::is_control));
    }

    #[test]
    fn marks_in_any_order(raw in "[=?QBqbutf8 _\r\n\t-]{0,60}") {
        let _ = decode(raw.as_bytes());
    }

    /// Words cut at any byte, as careless senders do.
    #[test]
    fn what_is_encoded_comes_back(text in "[a-z가-힣一-龥😀]{1,40}", at in any::<prop::sample::Index>()) {
        let bytes = text.as_bytes();
        let (first, second) = bytes.split_at(at.index(bytes.len()));
        let q = |part: &[u8]| part.iter().map(|b| format!("={b:02X}")).collect::<String>();
        let raw = format!("=?utf-8?Q?{}?=\r\n =?utf-8?Q?{}?=", q(first), q(second));
        prop_assert_eq!(decode(raw.as_bytes()), text);
    }
}
