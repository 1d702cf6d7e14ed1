#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::mime::parse;
use crate::model::{Address, Identity, Seal};

fn read_back(raw: &str) -> Report {
    let raw = raw.replace('\n', "\r\n");
    read(&parse(raw.as_bytes())).expect("a report")
}

fn one(raw: &str) -> (Report, Outcome) {
    let report = read_back(raw);
    assert_eq!(report.outcomes.len(), 1, "{report:?}");
    let outcome = report.outcomes[0].clone();
    (report, outcome)
}

/// A delivery report around the blocks of its second part.
fn dsn(blocks: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.com (Mail Delivery System)\n\
         To: minji@example.com\nSubject: Undelivered Mail Returned to Sender\n\
         Auto-Submitted: auto-replied\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n\
         --b\nContent-Type: text/plain\n\nI'm sorry to have to inform you about other@example.net.\n\n\
         --b\nContent-Type: message/delivery-status\n\n{blocks}\n\
         --b\nContent-Type: text/rfc822-headers\n\nFrom: minji@example.com\n\
         Message-ID: <one@example.com>\nSubject: x\n\n--b--\n"
    )
}

#[test]
fn a_delivery_report_names_letter_recipients_and_reasons() {
    let raw = dsn("Reporting-MTA: dns; mx.example.com\nOriginal-Envelope-Id: 0123abcd\n\
         Arrival-Date: Fri, 16 Oct 2026 00:00:00 +0000\n\n\
         Final-Recipient: rfc822; end@example.org\n\
         Original-Recipient: rfc822;list@example.org\nAction: failed\nStatus: 5.1.1\n\
         Remote-MTA: dns; mail.example.org\n\
         Diagnostic-Code: smtp; 550 5.1.1 <end@example.org>: Recipient address\n    rejected: User unknown\n\n\
         Final-Recipient: rfc822; full@naver.com\nAction: failed\nStatus: 5.2.2\n\
         Diagnostic-Code: smtp; 552 5.2.2 Mailbox full\n\n\
         Final-Recipient: rfc822; slow@example.org\nAction: delayed\nStatus: 4.4.1\n\
         Diagnostic-Code: X-Postfix; connect to mail.example.org: Connection timed out\n\n\
         Final-Recipient: rfc822; good@example.org\nAction: delivered (to mailbox)\nStatus: 2.0.0\n");
    let report = read_back(&raw);
    assert_eq!(report.form, Form::Dsn);
    assert_eq!(report.message_id.as_deref(), Some("one@example.com"));
    assert_eq!(report.envelope_id.as_deref(), Some("0123abcd"));
    let told: Vec<_> = report
        .outcomes
        .iter()
        .map(|o| (o.recipient.as_str(), o.state, o.reason, o.status.as_deref().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("list@example.org", State::Failed, Some(Reason::NoSuchUser), "5.1.1"),
            ("full@naver.com", State::Failed, Some(Reason::MailboxFull), "5.2.2"),
            ("slow@example.org", State::Delayed, Some(Reason::Unreachable), "4.4.1"),
            ("good@example.org", State::Delivered, None, "2.0.0"),
        ]
    );
    assert_eq!(report.outcomes[0].ended_at.as_deref(), Some("end@example.org"));
    assert_eq!(
        report.outcomes[0].said,
        "550 5.1.1 <end@example.org>: Recipient address rejected: User unknown"
    );
}

#[test]
fn the_reports_of_gmail_and_exchange_are_understood() {
    // Gmail answers the letter, and brings back its header in a part of its own.
    let gmail = "Return-Path: <>\nFrom: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n\
        To: minji@example.com\nAuto-Submitted: auto-replied\nX-Failed-Recipients: nobody@gmail.com\n\
        Subject: Delivery Status Notification (Failure)\nReferences: <two@example.com>\n\
        In-Reply-To: <two@example.com>\nMIME-Version: 1.0\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=g\n\n\
        --g\nContent-Type: text/plain; charset=UTF-8\n\n** Address not found **\n\n\
        Your message wasn't delivered to nobody@gmail.com because the address couldn't be found.\n\
        --g\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; googlemail.com\n\n\
        Final-Recipient: rfc822; nobody@gmail.com\nAction: failed\nStatus: 5.1.1\n\
        Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.\n\
        \x20550 5.1.1 https://support.example/?p=NoSuchUser\n\n--g--\n";
    let (report, outcome) = one(gmail);
    assert_eq!(report.message_id.as_deref(), Some("two@example.com"));
    assert_eq!(outcome.recipient, "nobody@gmail.com");
    assert_eq!((outcome.state, outcome.reason), (State::Failed, Some(Reason::NoSuchUser)));
    // Exchange: the words know better than the code.
    let (_, outcome) = one(&dsn(
        "Reporting-MTA: dns;SERVER.example.com\n\nFinal-recipient: RFC822;who@contoso.example\n\
         Action: failed\nStatus: 5.7.1\n\
         Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup\n",
    ));
    assert_eq!(outcome.reason, Some(Reason::NoSuchUser));
    let (_, outcome) = one(&dsn(
        "Final-Recipient: rfc822;a@nowhere.example\nAction: failed\nStatus: 5.4.4\n\
         Diagnostic-Code: X-Postfix; Host or domain name not found. Name service error for name=nowhere.example\n",
    ));
    assert_eq!(outcome.reason, Some(Reason::NoSuchDomain));
    // An address of another script (RFC 6533), and a server that names no action.
    let (_, outcome) = one(&dsn("Final-Recipient: utf-8; \\x{D64D}@example.org\nStatus: 4.2.2\n"));
    assert_eq!(outcome.recipient, "홍@example.org");
    assert_eq!((outcome.state, outcome.reason), (State::Delayed, Some(Reason::MailboxFull)));
}

/// A bounce of prose.
fn prose(from: &str, subject: &str, text: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: {from}\nTo: minji@example.com\nSubject: {subject}\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: 8bit\n\n{text}\n"
    )
}

const RETURNED: &str = "Received: from laptop (unknown)\nFrom: minji@example.com\n\
    To: someone@example.org\nMessage-ID: <three@example.com>\nSubject: x\n\nbystander@example.net\n";

#[test]
fn bounces_of_prose_are_understood() {
    let qmail = format!(
        "Hi. This is the qmail-send program at mail.example.com.\n\
         I'm afraid I wasn't able to deliver your message to the following addresses.\n\
         This is a permanent error; I've given up. Sorry it didn't work out.\n\n\
         <gone@example.org>:\n192.0.2.7 does not like recipient.\n\
         Remote host said: 550 5.1.1 unknown user\nGiving up on 192.0.2.7.\n\n\
         --- Below this line is a copy of the message.\n\n{RETURNED}"
    );
    let (report, outcome) = one(&prose("MAILER-DAEMON@mail.example.com", "failure notice", &qmail));
    assert_eq!(report.form, Form::Prose);
    assert_eq!(report.message_id.as_deref(), Some("three@example.com"));
    assert_eq!(outcome.recipient, "gone@example.org");
    assert_eq!((outcome.state, outcome.reason), (State::Failed, Some(Reason::NoSuchUser)));
    assert_eq!(outcome.status.as_deref(), Some("5.1.1"));
    assert!(outcome.said.contains("Remote host said: 550 5.1.1 unknown user"));

    let exim = format!(
        "This message was created automatically by mail delivery software.\n\n\
         A message that you sent could not be delivered to one or more of its\n\
         recipients. This is a permanent error. The following address(es) failed:\n\n\
         \x20 gone@example.org\n    host mx.example.org [192.0.2.7]\n\
         \x20   SMTP error from remote mail server after RCPT TO:<gone@example.org>:\n\
         \x20   552 5.2.2 Over quota\n\
         \x20 other@nowhere.example\n    Unrouteable address\n\n\
         ------ This is a copy of the message, including all the headers. ------\n\n{RETURNED}"
    );
    let report = read_back(&prose(
        "Mail Delivery System <Mailer-Daemon@mail.example.com>",
        "Mail delivery failed: returning message to sender",
        &exim,
    ));
    let told: Vec<_> = report.outcomes.iter().map(|o| (o.recipient.as_str(), o.reason)).collect();
    assert_eq!(
        told,
        [
            ("gone@example.org", Some(Reason::MailboxFull)),
            ("other@nowhere.example", Some(Reason::NoSuchDomain)),
        ]
    );
    assert_eq!(report.message_id.as_deref(), Some("three@example.com"));

    let sendmail = format!(
        "The original message was received at Fri, 16 Oct 2026 09:00:00 +0900\n\
         from localhost\n\n   ----- The following addresses had permanent fatal errors -----\n\
         <gone@example.org>\n    (reason: 550 5.1.1 <gone@example.org>... User unknown)\n\n\
         \x20  ----- Transcript of session follows -----\n... while talking to mx.example.org.:\n\
         550 5.1.1 <gone@example.org>... User unknown\n\n   ----- Original message -----\n{RETURNED}"
    );
    let (_, outcome) = one(&prose(
        "Mail Delivery Subsystem <MAILER-DAEMON@example.com>",
        "Returned mail: see transcript for details",
        &sendmail,
    ));
    assert_eq!(
        (outcome.recipient.as_str(), outcome.reason),
        ("gone@example.org", Some(Reason::NoSuchUser))
    );

    let exchange = "Your message did not reach some or all of the intended recipients.\n\n\
        \x20     Subject:  x\n      Sent:     10/16/2026 9:00 AM\n\n\
        The following recipient(s) cannot be reached:\n\n\
        \x20     gone@example.org on 10/16/2026 9:00 AM\n\
        \x20           The message could not be delivered because the recipient's mailbox is full.\n";
    let (_, outcome) = one(&prose("postmaster@example.org", "Undeliverable: x", exchange));
    assert_eq!(
        (outcome.recipient.as_str(), outcome.reason),
        ("gone@example.org", Some(Reason::MailboxFull))
    );

    let delayed = "This message was created automatically by mail delivery software.\n\
        A message that you sent has not yet been delivered to one or more of its recipients.\n\
        The address to which the message has not yet been delivered is:\n\n  slow@example.org\n\
        \x20   Delay reason: connection timed out\n\nNo action is required on your part. Delivery attempts will\n\
        continue for some time, and this warning message only tells you so.\n";
    let (_, outcome) =
        one(&prose("Mailer-Daemon@example.com", "Warning: message delayed", delayed));
    assert_eq!((outcome.state, outcome.reason), (State::Delayed, Some(Reason::Unreachable)));
}

#[test]
fn korean_bounces_are_understood() {
    let naver = "메일이 아래와 같은 이유로 전송되지 못하였습니다.\n\n\
        받는사람 : 없는이@naver.example\n받는사람 : gone@naver.com으로 보낸 메일\n\
        실패 사유 : 550 5.1.1 존재하지 않는 사용자입니다.\n\n\
        원본 메일 정보\nMessage-ID: <four@example.com>\n보낸사람 : minji@example.com\n";
    let report = read_back(&prose("postmaster@naver.com", "메일 전송 실패 안내", naver));
    let named: Vec<_> = report.outcomes.iter().map(|o| o.recipient.as_str()).collect();
    assert_eq!(named, ["없는이@naver.example", "gone@naver.com"]);
    assert_eq!(report.outcomes[1].reason, Some(Reason::NoSuchUser));
    assert_eq!(report.message_id.as_deref(), Some("four@example.com"));

    let daum = "보내신 메일이 반송되었습니다.\n받는 사람: full@hanmail.net\n\
        반송 이유: 받는 사람의 메일함 용량이 초과되어 메일을 받을 수 없습니다.\n\
        문의: help@kakao.example\n";
    let (_, outcome) = one(&prose("MAILER-DAEMON@daum.net", "[반송] 메일이 반송되었습니다", daum));
    assert_eq!(outcome.recipient, "full@hanmail.net");
    assert_eq!(outcome.reason, Some(Reason::MailboxFull));

    for (words, reason) in [
        ("휴면 계정입니다", Reason::Disabled),
        ("수신거부된 발신자입니다", Reason::Refused),
        ("도메인을 찾을 수 없습니다", Reason::NoSuchDomain),
        ("메일 서버에 연결할 수 없습니다", Reason::Unreachable),
        ("메일 크기가 너무 큽니다", Reason::TooLarge),
    ] {
        let text = format!("메일 발송에 실패했습니다.\n수신자: who@example.kr ({words})\n");
        let (_, outcome) = one(&prose("mailer-daemon@example.kr", "발송 실패", &text));
        assert_eq!(outcome.reason, Some(reason), "{words}");
    }
}

#[test]
fn letters_of_people_and_notes_of_absence_are_no_bounces() {
    let letter = |text: &str| {
        let raw = text.replace('\n', "\r\n");
        read(&parse(raw.as_bytes()))
    };
    let person = "Return-Path: <a@example.org>\nFrom: a@example.org\nTo: minji@example.com\n\
        Subject: delivery failed?\n\nI could not be delivered, b@example.org says.\n";
    assert_eq!(letter(person), None);
    let absent = "Return-Path: <>\nFrom: a@example.org\nTo: minji@example.com\n\
        Subject: Out of office\nAuto-Submitted: auto-replied\n\nWrite to b@example.org meanwhile.\n";
    assert_eq!(letter(absent), None);
    assert_eq!(letter(""), None);
}

fn seal() -> Seal {
    Seal { seed: [3; 32], date: 1_792_108_800 }
}

const ASKING: &str = "Return-Path: <boss@example.org>\nFrom: Boss <boss@example.org>\n\
    To: minji@example.com\nSubject: Plan\nMessage-ID: <five@example.org>\n\
    Disposition-Notification-To: Boss <boss@example.org>\nX-Mailer: Secret\n\nRead this.\n";

fn asked(raw: &str) -> Result<MdnRequest, Unanswerable> {
    let raw = raw.replace('\n', "\r\n");
    request(&parse(raw.as_bytes()))
}

#[test]
fn an_answer_says_what_was_decided_and_nothing_of_this_computer() {
    let asked = asked(ASKING).unwrap();
    assert!(!asked.must_ask);
    let identity = Identity {
        from: Address { name: Some("김민지".into()), addr: "minji@example.com".into() },
        ..Identity::default()
    };
    let saying = Saying {
        disposed: Disposed::Displayed,
        decided: Decided::ForThisLetter,
        subject: "읽음: Plan",
        words: "보내신 메일을 화면에 띄웠어요.\n",
    };
    let answer = answer(&asked, &identity, saying, &seal()).unwrap();
    assert_eq!(answer.recipient, "boss@example.org");
    let raw = String::from_utf8(answer.bytes.clone()).unwrap();
    let expected = "Content-Type: message/disposition-notification\r\n\r\n\
        Final-Recipient: rfc822;minji@example.com\r\n\
        Original-Message-ID: <five@example.org>\r\n\
        Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--";
    assert!(raw.contains(expected), "{raw}");
    assert!(!raw.contains("Secret") && !raw.contains("Reporting-UA") && raw.is_ascii());
    let letter = parse(&answer.bytes);
    let report = read(&letter).unwrap();
    assert_eq!(report.form, Form::Mdn);
    assert_eq!(report.message_id.as_deref(), Some("five@example.org"));
    assert_eq!(report.outcomes[0].state, State::Displayed);
    assert_eq!(report.outcomes[0].recipient, "minji@example.com");
    assert_eq!(letter.text().trim(), "보내신 메일을 화면에 띄웠어요.");
    // An answer asks for none.
    assert_eq!(request(&letter), Err(Unanswerable::NotAsked));
}

#[test]
fn a_rule_does_not_answer_to_somewhere_else() {
    for (from, to) in [
        ("Return-Path: <boss@example.org>\n", "Return-Path: <other@example.org>\n"),
        ("Return-Path: <boss@example.org>\n", ""),
    ] {
        let asked = asked(&ASKING.replace(from, to)).unwrap();
        assert!(asked.must_ask);
        let saying = Saying {
            disposed: Disposed::Displayed,
            decided: Decided::ForTheSender,
            subject: "x",
            words: "x",
        };
        let identity = Identity {
            from: Address { name: None, addr: "minji@example.com".into() },
            ..Identity::default()
        };
        assert_eq!(answer(&asked, &identity, saying, &seal()), Err(MdnError::MustAsk));
    }
}

#[test]
fn only_who_is_named_alone_can_be_answered() {
    let field = "Disposition-Notification-To: Boss <boss@example.org>\n";
    for (instead, why) in [
        ("", Unanswerable::NotAsked),
        ("Disposition-Notification-To: nobody\n", Unanswerable::NoAddress),
        ("Disposition-Notification-To: boss@example.org@b.example\n", Unanswerable::NoAddress),
        ("Disposition-Notification-To:\n", Unanswerable::NoAddress),
        ("Disposition-Notification-To: boss@example.org, b@example.org\n", Unanswerable::Several),
        // The one that would be shown is none, the other would be told.
        ("Disposition-Notification-To: boss, b@example.org\n", Unanswerable::Several),
        ("Disposition-Notification-To: All: boss@example.org, b@example.org;\n", {
            Unanswerable::Several
        }),
        (
            "Disposition-Notification-To: boss@example.org\n\
             disposition-notification-to: b@example.org\n",
            Unanswerable::Several,
        ),
    ] {
        assert_eq!(asked(&ASKING.replace(field, instead)), Err(why), "{instead}");
    }
    assert_eq!(asked(ASKING).unwrap().to.addr, "boss@example.org");
}

#[test]
fn answers_of_other_programs_are_understood() {
    let mdn = |disposition: &str| {
        format!(
            "From: b@example.org\nTo: minji@example.com\nSubject: Read: x\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=disposition-notification; boundary=m\n\n\
             --m\nContent-Type: text/plain\n\nYour message was read.\n\
             --m\nContent-Type: message/disposition-notification\n\n\
             Reporting-UA: laptop; Program 1.0\nOriginal-Recipient: rfc822;list@example.org\n\
             Final-Recipient: rfc822; b@example.org\nOriginal-Message-ID: <one@example.com>\n\
             Disposition: {disposition}\n\n--m--\n"
        )
    };
    for (disposition, state) in [
        ("manual-action/MDN-sent-manually; displayed", State::Displayed),
        ("automatic-action/MDN-sent-automatically; deleted/error", State::Deleted),
        ("manual-action/MDN-sent-manually;displayed/warning", State::Displayed),
        ("automatic-action/MDN-sent-automatically; processed", State::Processed),
        ("manual-action/MDN-sent-manually; denied", State::Denied),
    ] {
        let (report, outcome) = one(&mdn(disposition));
        assert_eq!(outcome.state, state, "{disposition}");
        assert_eq!(report.message_id.as_deref(), Some("one@example.com"));
        assert_eq!(outcome.recipient, "list@example.org");
        assert_eq!(outcome.ended_at.as_deref(), Some("b@example.org"));
    }
}

/// Numbers that only look like chance.
fn roll(state: &mut u64, sides: usize) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state % sides as u64) as usize
}

#[test]
fn damaged_reports_are_read_without_a_panic() {
    let samples: Vec<Vec<u8>> = [
        dsn("Final-Recipient: utf-8; \\x{D64D}\\x{@x.example\nAction: failed\nStatus: 5.1.1\n"),
        prose(
            "mailer-daemon@x.example",
            "failure notice",
            "<가a@x.example나>: 550 5.1.1 없는 사용자",
        ),
        ASKING.to_owned(),
        "From: b@x.example\nContent-Type: message/disposition-notification\n\n\
         Final-Recipient: rfc822;b@x.example\nDisposition: a/b; displayed/error\n"
            .to_owned(),
    ]
    .map(|sample| sample.replace('\n', "\r\n").into_bytes())
    .to_vec();
    let state = &mut 88_172_645_463_325_252;
    for turn in 0..4_000 {
        let mut raw = samples[turn % samples.len()].clone();
        for _ in 0..=roll(state, 8) {
            let at = roll(state, raw.len());
            match roll(state, 4) {
                0 => raw[at] = roll(state, 256) as u8,
                1 => raw.truncate(at.max(1)),
                2 => raw.insert(at, b";:<>@\n\r \\\""[roll(state, 10)]),
                _ => {
                    let piece = raw[at..(at + roll(state, 40)).min(raw.len())].to_vec();
                    raw.extend(piece);
                }
            }
        }
        let letter = parse(&raw);
        let _ = request(&letter);
        for outcome in read(&letter).into_iter().flat_map(|report| report.outcomes) {
            assert!(outcome.recipient.contains('@'), "{outcome:?}");
            assert!(!outcome.said.contains(['\r', '\n']), "{outcome:?}");
        }
    }
}
