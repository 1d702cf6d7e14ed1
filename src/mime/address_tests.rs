//! Expected values agree with Python's `email.utils.getaddresses` where it reads
//! the field; comments say where it does not.

use super::*;
use proptest::prelude::*;

fn read(raw: &str) -> Vec<(String, String)> {
    pairs(list(raw.as_bytes(), None))
}

fn pairs(addresses: Vec<Address>) -> Vec<(String, String)> {
    addresses.into_iter().map(|a| (a.name.unwrap_or_default(), a.addr)).collect()
}

#[track_caller]
fn same(raw: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(n, a)| ((*n).to_owned(), (*a).to_owned())).collect();
    assert_eq!(read(raw), expected, "{raw}");
}

#[test]
fn addresses_of_rfc_5322() {
    same("john@example.com", &[("", "john@example.com")]);
    same("John Doe <john@example.com>", &[("John Doe", "john@example.com")]);
    same("<john@example.com>", &[("", "john@example.com")]);
    same(
        "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
        &[("Mary Smith", "mary@x.test"), ("", "jdoe@example.org"), ("Who?", "one@y.test")],
    );
    same(
        r#"<boss@nil.test>, "Giant; \"Big\" Box" <sysservices@example.net>"#,
        &[("", "boss@nil.test"), (r#"Giant; "Big" Box"#, "sysservices@example.net")],
    );
    // Appendix A.1.3 and A.5.
    same(
        "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
        &[("Ed Jones", "c@a.test"), ("", "joe@where.test"), ("John", "jdoe@one.test")],
    );
    same("Undisclosed recipients:;", &[]);
    same(
        "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
        &[("Pete (A nice ) chap)", "pete(hisaccount)@silly.test(hishost)")],
    );
    same("jdoe@test . example", &[("", "jdoe@test.example")]);
    same("<@machine.tld,@b.tld:mary@example.net>", &[("", "mary@example.net")]);
    same("john@example.com (John Doe)", &[("John Doe", "john@example.com")]);
    same(r#""john doe"@example.com"#, &[("", r#""john doe"@example.com"#)]);
    same(
        "a@[IPv6:2001:db8::1], b@[192.0.2.1]",
        &[("", "a@[IPv6:2001:db8::1]"), ("", "b@[192.0.2.1]")],
    );
}

#[test]
fn addresses_as_they_are_written() {
    same(r#""a@b" <c@d>"#, &[("a@b", "c@d")]);
    same("Kim kim@example.com", &[("Kim", "kim@example.com")]);
    same("a@x.test; b@x.test;", &[("", "a@x.test"), ("", "b@x.test")]);
    same("a@x.test,, ,b@x.test,", &[("", "a@x.test"), ("", "b@x.test")]);
    same("Kim <kim@x.test", &[("Kim", "kim@x.test")]);
    same("Kim <kim@x.test, Lee <lee@x.test>", &[("Kim", "kim@x.test"), ("Lee", "lee@x.test")]);
    same("\"Kim <kim@x.test>", &[("Kim", "kim@x.test")]);
    same("Kim (unclosed <kim@x.test>", &[("Kim unclosed", "kim@x.test")]);
    same("kim@x.test>", &[("", "kim@x.test")]);
    same("< kim@x.test >", &[("", "kim@x.test")]);
    same("mailto:kim@x.test", &[("", "kim@x.test")]);
    same("<mailto:kim@x.test>", &[("", "kim@x.test")]);
    same("'Kim' <kim@x.test>", &[("Kim", "kim@x.test")]);
    same(r#""'kim@x.test'" <kim@x.test>"#, &[("kim@x.test", "kim@x.test")]);
    same("undisclosed-recipients", &[("", "undisclosed-recipients")]);
    same("Brokers<>", &[("", "Brokers")]);
    same("<>", &[]);
    same("", &[]);
    same("a@x.test\r\n\tb@y.test", &[("a@x.test", "b@y.test")]);
    same("[Lists] News <n@x.test>", &[("[Lists] News", "n@x.test")]);
    same(
        "Friends: a@x.test, Kim <b@x.test>; c@x.test",
        &[("", "a@x.test"), ("Kim", "b@x.test"), ("", "c@x.test")],
    );
}

#[test]
fn names_in_every_encoding() {
    same("=?utf-8?B?6rmA7LKg7IiY?= <kim@x.test>", &[("김철수", "kim@x.test")]);
    same("\"=?utf-8?B?6rmA7LKg7IiY?=\" <kim@x.test>", &[("김철수", "kim@x.test")]);
    same("=?utf-8?Q?Kim,_Ch=2E?= <kim@x.test>", &[("Kim, Ch.", "kim@x.test")]);
    same("=?utf-8?Q?Kim, Ch.?= <kim@x.test>", &[("Kim, Ch.", "kim@x.test")]);
    same("=?euc-kr?B?seg=?= =?euc-kr?B?w7a89g==?= <kim@x.test>", &[("김철수", "kim@x.test")]);
    same("David H=?ISO-8859-1?B?9g==?=hn <dh@x.test>", &[("David Höhn", "dh@x.test")]);
    same("\"Kim\u{202e}\u{7}\" <kim@x.test>", &[("Kim", "kim@x.test")]);
    let (raw, ..) = encoding_rs::EUC_KR.encode("김철수 <kim@x.test>");
    assert_eq!(pairs(list(&raw, None)), [("김철수".into(), "kim@x.test".into())]);
    same("김철수@예시.한국", &[("", "김철수@예시.한국")]);
}

#[test]
fn an_encoded_word_cannot_pretend_to_be_an_address() {
    // https://www.mailsploit.com: potus@whitehouse.gov, a NUL, and the real host.
    same(
        "=?utf-8?b?cG90dXNAd2hpdGVob3VzZS5nb3Y=?==?utf-8?Q?=00?=@evil.test",
        &[("", "=?utf-8?b?cG90dXNAd2hpdGVob3VzZS5nb3Y=?==?utf-8?Q?=00?=@evil.test")],
    );
    assert_eq!(
        list(b"=?utf-8?b?cG90dXNAd2hpdGVob3VzZS5nb3Y=?= <x@evil.test>", None)[0].domain(),
        Some("evil.test")
    );
}

#[test]
fn message_ids() {
    assert_eq!(ids(b" <a@b>"), ["a@b"]);
    assert_eq!(ids(b"<a@b> <c@d>\r\n\t<e@f>"), ["a@b", "c@d", "e@f"]);
    assert_eq!(ids(b"<a@b><c@d>"), ["a@b", "c@d"]);
    assert_eq!(ids(b"a@b"), ["a@b"]);
    assert_eq!(ids(b"<a @ b >"), ["a@b"]);
    assert_eq!(ids(b"<a@b <c@d>"), ["a@b", "c@d"]);
    assert_eq!(ids(b"<a@b>, <c@d>"), ["a@b", "c@d"]);
    assert_eq!(ids(b"Message from Kim of Monday <a@b>"), ["a@b"]);
    assert_eq!(ids(b"Your letter of Monday, a@b"), ["a@b"]);
    assert_eq!(ids(b"no-at-sign"), ["no-at-sign"]);
    assert!(ids(b"Your letter of Monday").is_empty());
    assert!(ids(b"<>").is_empty());
    assert!(ids(b"").is_empty());
}

proptest! {
    #[test]
    fn reading_never_fails(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
        for address in list(&raw, Some("euc-kr")) {
            prop_assert!(!address.addr.is_empty());
            prop_assert!(!address.addr.chars().any(char::is_control));
        }
        prop_assert!(ids(&raw).iter().all(|id| !id.is_empty()));
    }

    #[test]
    fn marks_in_any_order(raw in "[<>()\\[\\]\"\\\\:;,@a. =?]{0,60}") {
        prop_assert!(list(raw.as_bytes(), None).iter().all(|a| !a.addr.is_empty()));
    }

    #[test]
    fn what_is_written_properly_is_read_back(
        names in proptest::collection::vec("[A-Za-z가-힣\",;:<>@()]{0,12}", 1..6),
        group in any::<bool>(),
    ) {
        let expected: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(n, name)| (name.clone(), format!("u{n}@host{n}.test")))
            .collect();
        let mut written: Vec<String> = expected
            .iter()
            .map(|(name, addr)| {
                format!("\"{}\" <{addr}>", name.replace('\\', "\\\\").replace('"', "\\\""))
            })
            .collect();
        if group {
            written[0].insert_str(0, "Group: ");
        }
        let read = read(&written.join(",\r\n "));
        // A name in quotes of its own loses them.
        let plain = |s: &str| s.trim_matches(['"', '\'']).to_owned();
        prop_assert_eq!(
            read.iter().map(|(n, a)| (plain(n), a.clone())).collect::<Vec<_>>(),
            expected.iter().map(|(n, a)| (plain(n), a.clone())).collect::<Vec<_>>()
        );
    }
}
