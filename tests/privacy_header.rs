//! The header, explained: groups, oddities, receipts, claims of proof.

use goyo::html;
use goyo::mime;
use goyo::privacy::headers::{self, group};
use goyo::privacy::oddities::{self, Known};
use goyo::privacy::receipts::ReceiptKind;
use goyo::privacy::{auth, receipts, route};

const ORDINARY: &str = "Return-Path: <bounce@mail.shop.example.com>\r\n\
Received: from out.shop.example.com (out.shop.example.com [8.8.4.4]) by mx.naver.com with ESMTPS id 1; Thu, 15 Aug 2024 10:00:05 +0900\r\n\
Received: from app.shop.example.com by out.shop.example.com with ESMTP id 2; Thu, 15 Aug 2024 10:00:02 +0900\r\n\
From: Shop <news@shop.example.com>\r\n\
To: Reader <reader@naver.com>\r\n\
Subject: Sale\r\n\
Date: Thu, 15 Aug 2024 10:00:00 +0900\r\n\
Message-ID: <1@shop.example.com>\r\n\
\r\nHello\r\n";

fn kinds(raw: &str, known: Known<'_>) -> Vec<&'static str> {
    let letter = mime::parse(raw.as_bytes());
    let hops = route::hops(&letter);
    oddities::find(&letter, &hops, known).into_iter().map(|w| w.kind).collect()
}

/// The ordinary letter with one field in place of another.
fn with(field: &str, instead: &str) -> String {
    let start = format!("{field}:");
    let mut lines: Vec<String> = Vec::new();
    let mut done = false;
    for line in ORDINARY.split_inclusive("\r\n") {
        if line.starts_with(&start) && !done {
            done = true;
            lines.push(instead.to_owned());
        } else {
            lines.push(line.to_owned());
        }
    }
    if done { lines.concat() } else { format!("{instead}{ORDINARY}") }
}

#[test]
fn an_ordinary_letter_has_nothing_odd() {
    let own = ["reader@naver.com".to_owned()];
    assert_eq!(kinds(ORDINARY, Known { own: &own, ..Known::default() }), [""; 0]);
    assert_eq!(kinds(ORDINARY, Known::default()), [""; 0]);
}

#[test]
fn each_oddity_and_its_honest_twin() {
    #[rustfmt::skip]
    let table: &[(&str, &str, Option<&str>)] = &[
        ("Return-Path", "Return-Path: <x@evil.test.com>\r\n", Some("return-path-differs")),
        ("Return-Path", "Return-Path: <x@example.com>\r\n", None),
        ("Return-Path", "Return-Path: <>\r\n", None),
        ("Sender", "Sender: other@shop.example.com\r\n", Some("sender-differs")),
        ("Sender", "Sender: NEWS@shop.example.com\r\n", None),
        ("Reply-To", "Reply-To: <x@elsewhere.net>\r\n", Some("reply-to-elsewhere")),
        ("Reply-To", "Reply-To: <help@example.com>\r\n", None),
        ("Message-ID", "", Some("message-id-missing")),
        ("Message-ID", "Message-ID: 1@shop.example.com\r\n", Some("message-id-malformed")),
        ("Message-ID", "Message-ID: <nothing>\r\n", Some("message-id-malformed")),
        ("Message-ID", "Message-ID: <@shop.example.com>\r\n", Some("message-id-malformed")),
        ("Message-ID", "Message-ID: <1@other.net>\r\n", Some("message-id-foreign")),
        ("Message-ID", "Message-ID: <1@mail.example.com>\r\n", None),
        ("Message-ID", "Message-ID: <1@localhost>\r\n", None),
        ("Date", "", Some("date-missing")),
        ("Date", "Date: yesterday\r\n", Some("date-malformed")),
        ("Date", "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n", Some("date-absurd")),
        ("Date", "Date: Thu, 22 Aug 2024 10:00:00 +0900\r\n", Some("date-after-arrival")),
        ("Date", "Date: Thu, 15 Aug 2024 11:00:00 +0900\r\n", None),
        ("From", "From: a@shop.example.com, b@shop.example.com\r\n", Some("several-authors")),
        ("From", "From: \"ceo@bank.com\" <x@shop.example.com>\r\n", Some("name-is-an-address")),
        ("From", "From: \"CEO (ceo@bank.com)\" <x@shop.example.com>\r\n", Some("name-is-an-address")),
        ("From", "From: \"x@shop.example.com\" <x@shop.example.com>\r\n", None),
        ("From", "From: \"Kim @ Work\" <x@shop.example.com>\r\n", None),
        ("From", "From: no-reply@shop.example.com\r\n", Some("noreply")),
        ("From", "From: DoNotReply+1@shop.example.com\r\n", Some("noreply")),
        ("From", "From: reply@shop.example.com\r\n", None),
        ("Subject", "Subject: a\r\nSubject: b\r\n", Some("field-repeated")),
        ("To", "To: a@b.example\r\nTo: c@d.example\r\n", Some("field-repeated")),
        ("Keywords", "Keywords: a\r\nKeywords: b\r\n", None),
        ("Delivered-To", "Delivered-To: other@naver.com\r\n", Some("delivered-elsewhere")),
        ("Delivered-To", "Delivered-To: READER@naver.com\r\n", None),
        ("Received", "Received: from unknown.evil.net (unknown.evil.net [9.9.9.9]) by mx.naver.com; Thu, 15 Aug 2024 10:00:05 +0900\r\n", Some("route-broken")),
        ("Received", "Received: from [8.8.4.4] by mx.naver.com; Thu, 15 Aug 2024 10:00:05 +0900\r\n", None),
        ("Received", "Received: from relay (out.shop.example.com [8.8.4.4]) by mx.naver.com; Thu, 15 Aug 2024 10:00:05 +0900\r\n", None),
        ("Received", "Received: by mx.naver.com; Thu, 15 Aug 2024 10:00:05 +0900\r\n", None),
        ("Received", "Received: from out.shop.example.com by mx.naver.com; Thu, 15 Aug 2024 05:00:05 +0900\r\n", Some("route-back-in-time")),
        ("Received", "Received: from out.shop.example.com by mx.naver.com; Thu, 15 Aug 2024 09:58:05 +0900\r\n", None),
    ];
    for (field, instead, expected) in table {
        let seen = kinds(&with(field, instead), Known::default());
        let expected: Vec<&str> = expected.iter().copied().collect();
        // A date far off also moves against the hops; only what is looked for counts.
        assert_eq!(seen, expected, "{field} -> {instead}");
    }
}

#[test]
fn what_only_the_store_knows() {
    let own = ["me@naver.com".to_owned()];
    assert_eq!(kinds(ORDINARY, Known { own: &own, ..Known::default() }), ["not-addressed-to-you"]);
    let mine = ["news@shop.example.com".to_owned()];
    assert_eq!(kinds(ORDINARY, Known { own: &mine, ..Known::default() }), [""; 0]);
    assert_eq!(
        kinds(ORDINARY, Known { used_elsewhere: true, ..Known::default() }),
        ["message-id-reused"]
    );
    let no_hops = "From: a@b.example\r\nDate: Thu, 15 Aug 2024 10:00:00 +0900\r\nMessage-ID: <1@b.example>\r\n\r\n";
    assert_eq!(
        kinds(no_hops, Known { now: Some(1_700_000_000), ..Known::default() }),
        ["date-after-arrival"]
    );
    assert_eq!(kinds(no_hops, Known { now: Some(1_800_000_000), ..Known::default() }), [""; 0]);
    assert_eq!(
        kinds("Subject: x\r\n\r\n", Known::default()),
        ["no-from", "message-id-missing", "date-missing"]
    );
}

#[test]
fn a_list_may_hand_letters_on() {
    let fields = "Sender: list-bounces@lists.example.net\r\nReturn-Path: <list-bounces@lists.example.net>\r\n\
        Reply-To: list@lists.example.net\r\nDelivered-To: reader@naver.com\r\n";
    let plain = ORDINARY
        .split_once("Received")
        .map(|(_, rest)| {
            rest.replace("To: Reader <reader@naver.com>", "To: list@lists.example.net")
        })
        .unwrap_or_default();
    let direct = format!("{fields}Received{plain}");
    assert_eq!(
        kinds(&direct, Known::default()),
        ["return-path-differs", "sender-differs", "reply-to-elsewhere", "delivered-elsewhere"]
    );
    assert_eq!(
        kinds(&format!("List-Id: <list.lists.example.net>\r\n{direct}"), Known::default()),
        [""; 0]
    );
    let led_away = direct.replace("Reply-To: list@lists.example.net", "Reply-To: x@evil.test.com");
    assert_eq!(
        kinds(&format!("List-Id: <list.lists.example.net>\r\n{led_away}"), Known::default()),
        ["reply-to-elsewhere"]
    );
}

#[test]
fn fields_explain_themselves() {
    let table = [
        ("From", group::BASIC),
        ("To", group::BASIC),
        ("CC", group::COPIED),
        ("bcc", group::COPIED),
        ("Reply-To", group::SPECIAL),
        ("List-Unsubscribe", group::SPECIAL),
        ("List-Whatever", group::SPECIAL),
        ("Subject", group::IDENTITY),
        ("message-id", group::IDENTITY),
        ("References", group::THREAD),
        ("In-Reply-To", group::THREAD),
        ("Received", group::ROUTE),
        ("DKIM-Signature", group::ROUTE),
        ("ARC-Seal", group::ROUTE),
        ("X-Spam-Score", group::ROUTE),
        ("X-MS-Exchange-Foo", group::ROUTE),
        ("X-Mailer", group::CLIENT),
        ("User-Agent", group::CLIENT),
        ("MIME-Version", group::FORMAT),
        ("Content-Type", group::FORMAT),
        ("Content-Anything", group::FORMAT),
        ("X-Whatever", group::ROUTE),
    ];
    for (name, group) in table {
        let (found, note) = headers::about(name);
        assert_eq!(found, group, "{name}");
        assert!(note.is_some(), "{name}");
    }
    assert_eq!(headers::about("Foo").1, None);
    let letter = mime::parse(b"Subject: =?utf-8?B?6rOg7JqU?=\r\n folded\r\nX-Odd: 1\r\n\r\n");
    let lines = headers::explain(&letter);
    assert_eq!(lines.len(), 2);
    assert!(lines[0].value.contains("고요") && !lines[0].value.contains('\n'), "{:?}", lines[0]);
}

fn requests(raw: &str) -> Vec<(ReceiptKind, Option<String>, String)> {
    let report = html::inspect(raw.as_bytes(), &[]);
    report.receipt_requests.into_iter().map(|r| (r.kind, r.service, r.text)).collect()
}

#[test]
fn receipts_that_are_asked_for() {
    for field in [
        "Disposition-Notification-To",
        "Return-Receipt-To",
        "X-Confirm-Reading-To",
        "Return-Receipt-Requested",
    ] {
        let raw = with(field, &format!("{field}: Shop <receipts@shop.example.com>\r\n"));
        let asked = requests(&raw);
        assert_eq!(asked.len(), 1, "{field}");
        assert_eq!(asked[0].0, ReceiptKind::Mdn);
        assert_eq!(asked[0].2, "Shop asks to be told that you read this.");
    }
    let twice = with(
        "X",
        "Disposition-Notification-To: <a@b.example>\r\nReturn-Receipt-To: <a@b.example>\r\n",
    );
    assert_eq!(requests(&twice).len(), 1);
    assert_eq!(requests(ORDINARY), []);
    for (url, service) in [
        ("https://cos2.navercorp.com/received/1", "Naver"),
        ("https://ems-counter.mail.daum.net/emscount/v1/emails/1/events/open", "Kakao (Daum)"),
        ("https://track.ems.11st.co.kr/1", "11st"),
    ] {
        let raw = format!(
            "From: a@b.example\r\nContent-Type: text/html\r\n\r\n<img src='{url}'><img src='{url}'>"
        );
        let asked = requests(&raw);
        assert_eq!(asked.len(), 1, "{url}");
        assert_eq!((asked[0].0, asked[0].1.as_deref()), (ReceiptKind::Pixel, Some(service)));
        assert!(asked[0].2.contains(service) && asked[0].2.contains("could"));
    }
    // A newsletter's count of openings is no receipt between people.
    let counted = "From: a@b.example\r\nContent-Type: text/html\r\n\r\n<img src='https://pstmrk.it/open?m=1'>";
    assert_eq!(requests(counted), []);
    let letter = mime::parse(ORDINARY.as_bytes());
    assert!(receipts::requests(&letter, &goyo::model::Ledger::default()).is_empty());
}

#[test]
fn claims_are_claims() {
    let raw = with(
        "Authentication-Results",
        "Authentication-Results: mx.naver.com; spf=pass (mx: domain of a@b) smtp.mailfrom=bounce@mail.shop.example.com;\r\n\
         \tdkim=pass header.i=@shop.example.com header.s=s1 header.b=\"ab;c\"; dmarc=pass (p=REJECT; sp=NONE) header.from=shop.example.com\r\n\
         Authentication-Results: evil.test; dkim=pass header.d=bank.example\r\n\
         Received-SPF: pass (mx.naver.com: domain of x designates) client-ip=8.8.4.4; envelope-from=\"a@shop.example.com\"; helo=out; receiver=mx.naver.com\r\n",
    );
    let letter = mime::parse(raw.as_bytes());
    let believed = auth::claims(&letter, Some("MX.naver.com"));
    let seen: Vec<_> = believed
        .claims
        .iter()
        .map(|c| (c.method.as_str(), c.result.as_str(), c.domain.as_deref(), c.trusted))
        .collect();
    assert_eq!(
        seen,
        [
            ("spf", "pass", Some("mail.shop.example.com"), true),
            ("dkim", "pass", Some("shop.example.com"), true),
            ("dmarc", "pass", Some("shop.example.com"), true),
            ("dkim", "pass", Some("bank.example"), false),
            ("spf", "pass", Some("shop.example.com"), true),
        ]
    );
    assert_eq!(
        believed.summary,
        "Your mail server says: SPF pass, DKIM pass, DMARC pass, SPF pass."
    );
    let imported = auth::claims(&letter, None);
    assert!(
        imported.claims.iter().all(|c| !c.trusted)
            && imported.summary.starts_with("Cannot be checked")
    );
    let silent = auth::claims(&mime::parse(ORDINARY.as_bytes()), Some("mx.naver.com"));
    assert!(silent.claims.is_empty() && silent.summary.starts_with("Cannot be checked"));
    let without_id =
        mime::parse(b"Authentication-Results: spf=pass smtp.mailfrom=x.example; dkim=none\r\n\r\n");
    let read = auth::claims(&without_id, Some("spf=pass"));
    assert_eq!(read.claims.len(), 2);
    assert!(read.claims.iter().all(|c| !c.trusted));
    let nothing = mime::parse(b"Authentication-Results: mx.example 1; none\r\n\r\n");
    assert_eq!(auth::claims(&nothing, None).claims, []);
}

proptest::proptest! {
    #[test]
    fn any_header_is_explained(name in "[A-Za-z-]{1,30}", value in "\\PC{0,120}") {
        let raw = format!("{name}: {value}\r\nReceived: {value}\r\nAuthentication-Results: {value}\r\nReceived-SPF: {value}\r\nDate: {value}\r\nReturn-Path: {value}\r\nFrom: {value}\r\n\r\n");
        let _ = html::inspect(raw.as_bytes(), &[value]);
    }

    #[test]
    fn any_bytes_are_inspected(raw in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let _ = html::inspect(&raw, &[]);
    }

    #[test]
    fn any_page_is_read(page in "(<(/?(img|p|table|td|b|a|style|svg|iframe|!--|!DOCTYPE|base|meta)( (src|style|href|srcset|srcdoc|content|http-equiv)=['\"]?(url\\(|//a.b|refresh|data:text/html,<|@import|0;url=)?)?>?|\\PC{0,8})){0,20}") {
        for reference in html::references(&page, 0) {
            proptest::prop_assert!(!reference.url.is_empty());
        }
        let _ = html::links(&page);
    }
}
