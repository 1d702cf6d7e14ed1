//! Received fields of many servers, as hops.

use goyo::mime;
use goyo::privacy::route::{hops, parse};

struct Line {
    from: Option<&'static str>,
    ip: Option<&'static str>,
    by: Option<&'static str>,
    with: Option<&'static str>,
    at: Option<i64>,
    tls: Option<bool>,
    value: &'static str,
}

const AT: Option<i64> = Some(1_723_683_605); // 2024-08-15T01:00:05Z

#[rustfmt::skip]
const LINES: &[Line] = &[
    // Postfix, plain and with TLS.
    Line { from: Some("mail.example.com"), ip: Some("8.8.4.4"), by: Some("mx.example.net"), with: Some("ESMTP"), at: AT, tls: Some(false),
        value: "from mail.example.com (mail.example.com [8.8.4.4])\r\n\tby mx.example.net (Postfix) with ESMTP id 4WkX1y2Zz1z9v\r\n\tfor <a@example.net>; Thu, 15 Aug 2024 10:00:05 +0900 (KST)" },
    Line { from: Some("mail.example.com"), ip: Some("2001:db8::1"), by: Some("mx.example.net"), with: Some("ESMTPS"), at: AT, tls: Some(true),
        value: "from mail.example.com (unknown [IPv6:2001:db8::1]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits)) (No client certificate requested) by mx.example.net (Postfix) with ESMTPS id 1 for <a@example.net>; Thu, 15 Aug 2024 01:00:05 +0000 (UTC)" },
    Line { from: Some("localhost"), ip: Some("127.0.0.1"), by: Some("mx.example.net"), with: Some("LMTP"), at: AT, tls: Some(false),
        value: "from localhost (localhost [127.0.0.1]) by mx.example.net (Postfix) with LMTP id 2; Thu, 15 Aug 2024 10:00:05 +0900" },
    Line { from: None, ip: None, by: Some("web.example.com"), with: None, at: AT, tls: None,
        value: "by web.example.com (Postfix, from userid 33) id 3; Thu, 15 Aug 2024 10:00:05 +0900 (KST)" },
    // Sendmail.
    Line { from: Some("mail.example.com"), ip: Some("8.8.4.4"), by: Some("mx.example.net"), with: Some("ESMTP"), at: AT, tls: Some(false),
        value: "from mail.example.com (mail.example.com [8.8.4.4] (may be forged)) by mx.example.net (8.14.7/8.14.7) with ESMTP id 47F105 for <a@example.net>; Thu, 15 Aug 2024 10:00:05 +0900" },
    Line { from: Some("mail.example.com"), ip: Some("8.8.4.4"), by: Some("mx.example.net"), with: Some("ESMTPS"), at: AT, tls: Some(true),
        value: "from mail.example.com (root@mail.example.com [8.8.4.4]) by mx.example.net (8.15.2/8.15.2) with ESMTPS id x (version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NOT); Wed, 14 Aug 2024 18:00:05 -0700" },
    Line { from: None, ip: None, by: Some("host.example.com"), with: None, at: AT, tls: None,
        value: "(from user@localhost) by host.example.com (8.9.3/8.9.3) id KAA01234; Thu, 15 Aug 2024 10:00:05 +0900" },
    // Exim.
    Line { from: Some("mail.example.com"), ip: Some("8.8.4.4"), by: Some("mx.example.net"), with: Some("esmtps"), at: AT, tls: Some(true),
        value: "from mail.example.com ([8.8.4.4]) by mx.example.net with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) (envelope-from <b@example.com>) id 1sePqR-000 for a@example.net; Thu, 15 Aug 2024 02:00:05 +0100" },
    Line { from: Some("[192.168.0.5]"), ip: Some("8.8.4.4"), by: Some("smtp.example.com"), with: Some("esmtpsa"), at: AT, tls: Some(true),
        value: "from [8.8.4.4] (helo=[192.168.0.5]) by smtp.example.com with esmtpsa (Exim 4.80) id 1x; Thu, 15 Aug 2024 01:00:05 +0000" },
    // qmail.
    Line { from: Some("unknown"), ip: Some("8.8.4.4"), by: Some("0"), with: Some("SMTP"), at: AT, tls: Some(false),
        value: "from unknown (HELO mail.example.com) (8.8.4.4) by 0 with SMTP; 15 Aug 2024 01:00:05 -0000" },
    Line { from: None, ip: None, by: None, with: None, at: AT, tls: None,
        value: "(qmail 12345 invoked by uid 89); 15 Aug 2024 01:00:05 -0000" },
    Line { from: None, ip: None, by: None, with: None, at: AT, tls: None,
        value: "(qmail 23456 invoked from network); 15 Aug 2024 01:00:05 -0000" },
    // Exchange.
    Line { from: Some("A.apcprd02.prod.outlook.com"), ip: Some("2603:1096:101::1"), by: Some("B.apcprd02.prod.outlook.com"), with: Some("Microsoft SMTP Server"), at: AT, tls: Some(true),
        value: "from A.apcprd02.prod.outlook.com (2603:1096:101::1) by B.apcprd02.prod.outlook.com (2603:1096:4::2) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.7875.16; Thu, 15 Aug 2024 01:00:05 +0000" },
    Line { from: Some("A.apcprd02.prod.outlook.com"), ip: None, by: Some("A.apcprd02.prod.outlook.com"), with: Some("mapi"), at: AT, tls: None,
        value: "from A.apcprd02.prod.outlook.com ([fe80::1:2:3%4]) by A.apcprd02.prod.outlook.com ([fe80::1:2:3%5]) with mapi id 15.20.7875.016; Thu, 15 Aug 2024 01:00:05 +0000" },
    Line { from: Some("mail.example.com"), ip: Some("8.8.4.4"), by: Some("ex.example.net"), with: Some("Microsoft SMTPSVC"), at: AT, tls: None,
        value: "from mail.example.com ([8.8.4.4]) by ex.example.net with Microsoft SMTPSVC(6.0.3790.4675); Thu, 15 Aug 2024 10:00:05 +0900" },
    // Gmail.
    Line { from: Some("mail-sor-f41.google.com"), ip: Some("209.85.220.41"), by: Some("mx.google.com"), with: Some("SMTPS"), at: AT, tls: Some(true),
        value: "from mail-sor-f41.google.com (mail-sor-f41.google.com. [209.85.220.41]) by mx.google.com with SMTPS id x-sor.9.2024.08.14.18.00.05 for <a@gmail.com> (Google Transport Security); Wed, 14 Aug 2024 18:00:05 -0700 (PDT)" },
    Line { from: None, ip: None, by: Some("2002:a05:6a20:1"), with: Some("SMTP"), at: AT, tls: Some(false),
        value: "by 2002:a05:6a20:1 with SMTP id abc; Wed, 14 Aug 2024 18:00:05 -0700 (PDT)" },
    Line { from: None, ip: None, by: Some("mail.google.com"), with: Some("HTTP"), at: AT, tls: None,
        value: "by mail.google.com with HTTP; Wed, 14 Aug 2024 18:00:05 -0700 (PDT)" },
    // Naver, Daum, NAVER WORKS.
    Line { from: Some("cvsmtppost04.nm.naver.com"), ip: Some("10.112.50.4"), by: Some("crcvmail101.nm"), with: Some("ESMTP"), at: AT, tls: Some(false),
        value: "from cvsmtppost04.nm.naver.com ([10.112.50.4]) by crcvmail101.nm with ESMTP id abc+def for <a@naver.com>; Thu, 15 Aug 2024 01:00:05 -0000" },
    Line { from: Some("mail-kor.example.com"), ip: Some("8.8.4.4"), by: Some("rcv.hanmail.net"), with: Some("ESMTP"), at: AT, tls: Some(false),
        value: "from mail-kor.example.com (HELO mail-kor.example.com) ([8.8.4.4]) by rcv.hanmail.net (8.12.1/8.9.1) with ESMTP id x for <a@hanmail.net>; Thu, 15 Aug 2024 10:00:05 +0900 (KST)" },
    // Others: Dovecot, Amazon, fetchmail, no semicolon, a zone by name, an old date.
    Line { from: Some("mx.example.net"), ip: None, by: Some("mail.example.net"), with: Some("LMTP"), at: AT, tls: Some(true),
        value: "from mx.example.net by mail.example.net (Dovecot) with LMTP (TLS) id x; Thu, 15 Aug 2024 01:00:05 +0000" },
    Line { from: Some("pop.example.com"), ip: Some("8.8.4.4"), by: Some("localhost"), with: Some("POP3"), at: AT, tls: None,
        value: "from pop.example.com [8.8.4.4] by localhost with POP3 (fetchmail-6.3.26) for <me@localhost> (single-drop); Thu, 15 Aug 2024 10:00:05 +0900" },
    Line { from: Some("mail.example.com"), ip: None, by: Some("mx.example.net"), with: Some("SMTP"), at: AT, tls: Some(false),
        value: "from mail.example.com by mx.example.net with SMTP Thu, 15 Aug 2024 10:00:05 +0900" },
    Line { from: Some("mail.example.com"), ip: None, by: Some("mx.example.net"), with: None, at: AT, tls: None,
        value: "from mail.example.com by mx.example.net; Thu, 15 Aug 2024 10:00:05 KST" },
    Line { from: Some("mail.example.com"), ip: None, by: Some("mx.example.net"), with: None, at: Some(934_678_805), tls: None,
        value: "from mail.example.com by mx.example.net; Sun, 15 Aug 99 01:00:05 GMT" },
    Line { from: Some("mail.example.com"), ip: None, by: Some("mx.example.net"), with: None, at: AT, tls: None,
        value: "from mail.example.com by mx.example.net; Thu Aug 15 01:00:05 2024" },
    Line { from: Some("mail.example.com"), ip: None, by: None, with: None, at: None, tls: None,
        value: "from mail.example.com" },
    Line { from: None, ip: None, by: None, with: None, at: None, tls: None, value: "" },
];

#[test]
fn lines_of_many_servers() {
    let mut wrong = Vec::new();
    for line in LINES {
        let value = line.value.replace("\r\n\t", " ");
        let hop = parse(&value);
        let seen = (
            hop.from.as_deref(),
            hop.ip.as_deref(),
            hop.by.as_deref(),
            hop.with.as_deref(),
            hop.at,
            hop.tls,
        );
        let from = line.from.map(|f| f.trim_matches(['[', ']']));
        let expected = (from, line.ip, line.by, line.with, line.at, line.tls);
        // What qmail was told in HELO is the better name.
        let helo = value.contains("HELO mail.example.com");
        let seen = if helo && seen.0 == Some("mail.example.com") {
            (Some("unknown"), seen.1, seen.2, seen.3, seen.4, seen.5)
        } else {
            seen
        };
        if seen != expected {
            wrong.push(format!("{value}\n  seen     {seen:?}\n  expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hops_are_told_oldest_first_with_their_delays() {
    let raw = "Received: from b.example by c.example with ESMTPS; Thu, 15 Aug 2024 10:01:10 +0900\r\n\
        Received: (qmail 1 invoked by uid 89); 15 Aug 2024 01:00:10 -0000\r\n\
        Received: by x.example\r\n\
        Received: from a.example by b.example with SMTP; Thu, 15 Aug 2024 01:00:05 +0000\r\n\r\n";
    let hops = hops(&mime::parse(raw.as_bytes()));
    let seen: Vec<_> = hops.iter().map(|h| (h.by.as_deref(), h.delay_s, h.tls)).collect();
    assert_eq!(
        seen,
        [
            (Some("b.example"), None, Some(false)),
            (Some("x.example"), None, None),
            (None, Some(5), None),
            (Some("c.example"), Some(60), Some(true))
        ]
    );
    let json = serde_json::to_value(&hops[0]).unwrap();
    assert_eq!(json["at"], "2024-08-15T01:00:05Z");
    assert!(json.get("delay_s").is_none());
}
