//! Who a letter is really from, as far as the account's own server says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use goyo::mime;
use goyo::model::{Proof, Reason, Reference, Rule, Scope, Verdict, Visible};
use goyo::privacy::{Policy, judge, proof};

const OURS: &str = "mx.own.example";

/// The proof of a letter with these lines above its From.
fn proven(lines: &str, from: &str) -> Option<String> {
    let raw = format!("{lines}From: {from}\r\nSubject: x\r\n\r\nbody\r\n");
    match proof(&mime::parse(raw.as_bytes()), Some(OURS)) {
        Proof::ServerClaim { domain } => Some(domain),
        Proof::None => None,
        Proof::Own { .. } => panic!("nobody checked that here"),
    }
}

/// The same for one field of the account's own server.
fn says(results: &str, from: &str) -> Option<String> {
    proven(&format!("Authentication-Results: {OURS}; {results}\r\n"), from)
}

const NEWS: &str = "News <news@mail.shop.co.kr>";

#[test]
fn what_counts_as_proof() {
    let shop = Some("shop.co.kr");
    for (results, expected) in [
        ("dmarc=pass header.from=mail.shop.co.kr", shop),
        ("dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=MAIL.shop.co.kr", shop),
        ("dmarc=pass", shop),
        ("spf=fail smtp.mailfrom=x.example; dkim=pass header.d=shop.co.kr", shop),
        ("dkim=pass header.i=@bounce.shop.co.kr header.s=s1 header.b=abc", shop),
        ("dkim=fail header.d=shop.co.kr; dkim=pass header.d=shop.co.kr", shop),
        ("spf=pass smtp.mailfrom=bounce@b.shop.co.kr", shop),
        ("spf=pass smtp.mailfrom=b.shop.co.kr smtp.helo=out.relay.example", shop),
        ("dmarc=none header.from=mail.shop.co.kr; dkim=pass header.d=shop.co.kr", shop),
        ("dkim/1=pass reason=\"good (2048-bit)\" header.d=shop.co.kr", shop),
        ("1; dkim=pass header.d=shop.co.kr", shop),
        // Not aligned: signed by a mailing service, sent by another domain.
        ("dkim=pass header.d=mailer.example; spf=pass smtp.mailfrom=b@mailer.example", None),
        // `co.kr` is nobody's domain.
        ("dkim=pass header.d=co.kr", None),
        ("dkim=pass header.d=other.co.kr", None),
        ("dkim=pass header.d=shop.co.kr.evil.example", None),
        ("dkim=pass header.d=myshop.co.kr", None),
        // The name a machine gives itself proves nothing of the sender.
        ("spf=pass smtp.helo=mail.shop.co.kr", None),
        ("spf=pass smtp.mailfrom= smtp.helo=mail.shop.co.kr", None),
        ("spf=softfail smtp.mailfrom=a@shop.co.kr; dkim=neutral header.d=shop.co.kr", None),
        ("dkim=passed header.d=shop.co.kr", None),
        // The verdict on the From outweighs what it was drawn from.
        ("dmarc=fail header.from=mail.shop.co.kr; dkim=pass header.d=shop.co.kr", None),
        ("dmarc=temperror; spf=pass smtp.mailfrom=shop.co.kr", None),
        ("dmarc=pass header.from=evil.example", None),
        ("arc=pass; x-dkim=pass header.d=shop.co.kr; iprev=pass", None),
        ("none", None),
        ("", None),
    ] {
        assert_eq!(says(results, NEWS).as_deref(), expected, "{results}");
    }
}

#[test]
fn only_the_own_server_is_believed() {
    let good = "dmarc=pass header.from=mail.shop.co.kr";
    for id in ["mx.other.example", "own.example", "xmx.own.example", "", "mx.own.example.evil.test"]
    {
        assert_eq!(
            proven(&format!("Authentication-Results: {id}; {good}\r\n"), NEWS),
            None,
            "{id}"
        );
    }
    for id in ["MX.OWN.example", "mx.own.example.", "\"mx.own.example\"", "mx.own.example 1"] {
        let line = format!("Authentication-Results: {id}; {good}\r\n");
        assert_eq!(proven(&line, NEWS).as_deref(), Some("shop.co.kr"), "{id}");
    }
    // Imported mail has no own server.
    let raw = format!("Authentication-Results: {OURS}; {good}\r\nFrom: {NEWS}\r\n\r\n");
    for server in [None, Some("")] {
        assert_eq!(proof(&mime::parse(raw.as_bytes()), server), Proof::None);
    }
    // Nor does a field without a name of a server count.
    assert_eq!(proven(&format!("Authentication-Results: {good}\r\n"), NEWS), None);
    assert_eq!(proven(&format!("ARC-Authentication-Results: i=1; {OURS}; {good}\r\n"), NEWS), None);
}

#[test]
fn what_a_sender_writes_in_the_servers_name_is_not_believed() {
    let forged =
        format!("Authentication-Results: {OURS}; dmarc=pass header.from=mail.shop.co.kr\r\n");
    let received =
        "Received: from evil.example by mx.own.example; Mon, 16 Nov 2026 10:00:00 +0000\r\n";
    let truth = |results: &str| format!("Authentication-Results: {OURS}; {results}\r\n");
    for honest in [
        truth("dmarc=fail header.from=mail.shop.co.kr"),
        truth("spf=pass smtp.mailfrom=evil.example; dmarc=fail"),
        // The server's words in two fields.
        truth("dkim=none") + &truth("dmarc=fail header.from=mail.shop.co.kr"),
    ] {
        // The server's own field on top of its Received, or below it.
        for lines in [
            format!("{honest}{received}{forged}"),
            format!("{received}{honest}{forged}"),
            format!("{received}{honest}X-Sender: x\r\n{received}{forged}"),
        ] {
            assert_eq!(proven(&lines, NEWS), None, "{lines}");
        }
    }
    // A server that says nothing of DMARC, and the sender's word for it.
    let silent = truth("spf=pass smtp.mailfrom=evil.example");
    for lines in [format!("{silent}{received}{forged}"), format!("{received}{silent}{forged}")] {
        assert_eq!(proven(&lines, NEWS), None, "{lines}");
    }
    // What others wrote above and below changes nothing.
    let other = "Authentication-Results: relay.example; dmarc=fail\r\n";
    let lines = format!("{other}{received}{}{other}", truth("dkim=pass header.d=shop.co.kr"));
    assert_eq!(proven(&lines, NEWS).as_deref(), Some("shop.co.kr"));
}

#[test]
fn words_of_the_sender_that_a_server_repeats_are_not_its_own() {
    for results in [
        "dkim=pass reason=\"ok header.d=shop.co.kr\" header.d=evil.example",
        "dkim=pass reason=\"x; dmarc=pass header.from=mail.shop.co.kr\" header.d=evil.example",
        "dkim=pass reason=\"a\\\" header.d=shop.co.kr \\\"b\" header.d=evil.example",
        "dkim=pass (header.d=shop.co.kr) header.d=evil.example",
        "dkim=pass (a \\) header.d=shop.co.kr) header.d=evil.example",
        "dkim=pass (a (b) header.d=shop.co.kr) header.d=evil.example",
        "spf=pass smtp.mailfrom=\"x smtp.mailfrom=a@shop.co.kr\"@evil.example",
        "spf=pass smtp.mailfrom=\"a@shop.co.kr\"@evil.example",
        "spf=pass smtp.mailfrom==?utf-8?q?x;_dmarc=3Dpass_?=@evil.example",
        "spf=pass smtp.mailfrom==?utf-8?b?OyBkbWFyYz1wYXNz?=@evil.example",
        // Two that differ: it is anybody's guess.
        "dkim=pass header.d=evil.example header.d=shop.co.kr",
    ] {
        assert_eq!(says(results, NEWS), None, "{results}");
    }
}

#[test]
fn froms_that_name_nobody_in_particular() {
    let good = "dmarc=pass";
    for from in [
        "a@shop.co.kr, b@evil.example",
        "nobody",
        "a@co.kr",
        "a@[192.0.2.1]",
        "a@localhost",
        "",
        "undisclosed:;",
        "a@shop.co.kr\r\nFrom: b@evil.example",
    ] {
        assert_eq!(says(good, from), None, "{from}");
    }
    assert_eq!(says(good, "\"a@evil.example\" <b@Shop.CO.kr>").as_deref(), Some("shop.co.kr"));
    let korean = says("dkim=pass header.d=xn--3e0b707e.kr", "a@mail.한국.kr");
    assert_eq!(korean.as_deref(), Some("xn--3e0b707e.kr"));
}

/// A rule made on a proven letter is for proven letters.
#[test]
fn a_rule_is_not_for_who_only_claims_the_address() {
    let field = |results: &str| {
        format!(
            "Authentication-Results: {OURS}; {results}\r\nFrom: {NEWS}\r\n\
             Content-Type: text/html\r\n\r\n<img src='https://img.shop.co.kr/a.png'>"
        )
    };
    let verdict = |raw: &str, rules: &[Rule], server: Option<&str>| {
        let letter = mime::parse(raw.as_bytes());
        let policy = Policy::for_letter(&letter, rules, proof(&letter, server));
        let reference = Reference {
            url: "https://img.shop.co.kr/a.png".into(),
            element: "img[src]".into(),
            visible: Visible::Yes,
            after_html: false,
            size: (None, None),
            alt: None,
            part: 0,
        };
        judge(&policy, &reference, None)
    };
    let honest = field("dkim=pass header.d=shop.co.kr");
    let forged = field("dkim=none; dmarc=fail header.from=mail.shop.co.kr");
    let elsewhere = field("dmarc=pass header.from=mail.shop.co.kr");
    let made_on = proof(&mime::parse(honest.as_bytes()), Some(OURS));
    for (scope, reason) in [
        (Scope::Sender("news@mail.shop.co.kr".into()), Reason::Sender),
        (Scope::Domain("shop.co.kr".into()), Reason::Domain),
    ] {
        let rules = [Rule { scope: scope.clone(), proof: made_on.clone() }];
        assert_eq!(verdict(&honest, &rules, Some(OURS)), Verdict::Allow(reason));
        assert_eq!(verdict(&elsewhere, &rules, Some(OURS)), Verdict::Allow(reason));
        assert_eq!(verdict(&forged, &rules, Some(OURS)), Verdict::Refuse(Reason::Unproven));
        // The same letter as a file: nobody vouches for it.
        assert_eq!(verdict(&honest, &rules, None), Verdict::Refuse(Reason::Unproven));
        // A rule that was made without proof asks for none.
        let rules = [Rule { scope, proof: Proof::None }];
        assert_eq!(verdict(&forged, &rules, Some(OURS)), Verdict::Allow(reason));
    }
    // "Never" holds for whoever claims to be them.
    let never = [Rule { scope: Scope::Never("news@mail.shop.co.kr".into()), proof: made_on }];
    assert_eq!(verdict(&forged, &never, None), Verdict::Refuse(Reason::NeverForSender));
}

proptest::proptest! {
    #[test]
    fn any_field_is_read(value in "[a-z0-9.=;()\"\\\\@ \t/-]{0,120}") {
        let _ = says(&value, NEWS);
        let _ = proven(&format!("Authentication-Results: {value}\r\n"), NEWS);
    }
}
