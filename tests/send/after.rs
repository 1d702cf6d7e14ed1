//! What comes after sending: servers that file copies themselves, and answers to requests
//! for a receipt.

use super::common::desk::{ACCOUNT, Desk};
use super::common::dovecot::USER;
use super::common::lines;
use super::common::place::{Place, place, place_with};
use super::common::postfix::DOMAIN;
use goyo::engine::protocol::NotDone;
use goyo::engine::writing;
use goyo::model::LetterId;
use serde_json::Value;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// The server files what lee got, as Gmail and Exchange do: with lines of its own above.
fn files_itself(place: &Place, count: usize) {
    let sent = place.dovecot.wait_for("lee", count);
    let mut filed = b"Received: from smtp by the.server.example; 1\r\n".to_vec();
    filed.extend_from_slice(sent.last().unwrap());
    place.dovecot.client(USER).append("Sent", &["\\Seen"], [filed]);
}

fn in_sent(place: &Place) -> usize {
    place.dovecot.letters(USER, "Sent").len()
}

fn shown_in_sent(desk: &Desk) -> Vec<Value> {
    let output = desk.command().args(["--json", "list", "--folder", "work/Sent"]).output().unwrap();
    lines(&output)
}

#[test]
fn a_server_that_files_copies_itself_has_one_and_so_have_we() {
    let place = place_with(&["--files-sent", "yes"]);
    let (code, _) = place.send(&["lee"], "filed by the server", &[]);
    assert_eq!(code, 0);
    // Kept here at once; the server is not given another.
    assert_eq!(shown_in_sent(&place.desk).len(), 1);
    place.desk.sync();
    assert_eq!(in_sent(&place), 0);
    files_itself(&place, 1);
    place.desk.sync();
    place.desk.sync();
    assert_eq!(in_sent(&place), 1);
    assert_eq!(shown_in_sent(&place.desk).len(), 1);
    place.desk.is_true_to(&place.dovecot);
    place.desk.home.check();
}

#[test]
fn a_filed_copy_with_a_live_picture_is_replaced_by_ours() {
    let place = place_with(&["--files-sent", "yes"]);
    let (code, letter) = place.send(&["lee"], "with a picture", &[]);
    assert_eq!(code, 0);
    // As if every recipient had a picture of their own.
    let id = letter["id"].as_str().unwrap();
    let database = rusqlite::Connection::open(place.desk.store().path()).unwrap();
    let sql = "UPDATE outbox SET pixel = 'https://receipts.example' WHERE id = ?";
    assert_eq!(database.execute(sql, [id]).unwrap(), 1);
    drop(database);
    files_itself(&place, 1);
    for _ in 0..3 {
        place.desk.sync();
    }
    let left = place.dovecot.letters(USER, "Sent");
    assert_eq!(left.len(), 1);
    let left = String::from_utf8(left.into_values().next().unwrap()).unwrap();
    assert!(!left.contains("the.server.example"), "{left}");
    assert_eq!(shown_in_sent(&place.desk).len(), 1);
    place.desk.is_true_to(&place.dovecot);
}

#[test]
fn what_the_server_filed_settles_what_nobody_knew() {
    let place = place_with(&["--files-sent", "yes"]);
    let (code, letter) = place.send(&["lee"], "did it arrive?", &[]);
    assert_eq!(code, 0);
    let id = letter["id"].as_str().unwrap().to_owned();
    // As if the answer had been lost.
    let database = rusqlite::Connection::open(place.desk.store().path()).unwrap();
    database.execute("UPDATE recipient SET state = 'unknown'", []).unwrap();
    drop(database);
    let known = |desk: &Desk| {
        let found = super::outbox(desk);
        found.iter().find(|letter| letter["id"] == *id).unwrap()["state"].clone()
    };
    place.desk.sync();
    assert_eq!(known(&place.desk), "unknown");
    files_itself(&place, 1);
    place.desk.sync();
    assert_eq!(known(&place.desk), "sent");
}

const ASKS: &str = "Return-Path: <lee@example.org>\r\nFrom: Lee <lee@example.org>\r\n\
    To: kim@example.org\r\nSubject: please\r\nMessage-ID: <asks@example.org>\r\n\
    Date: Sun, 22 Nov 2026 09:00:00 +0000\r\n\
    Disposition-Notification-To: lee@example.org\r\n\r\nDid you read it?\r\n";

/// What an independent reader makes of an answer.
const READER: &str = r#"
import sys, json, email, email.policy
m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
parts = list(m.iter_parts())
note = parts[1].get_payload(0) if parts[1].is_multipart() else parts[1]
json.dump({"type": m.get_content_type(), "report": m.get_param("report-type"),
           "path": str(m["return-path"]), "kinds": [p.get_content_type() for p in parts],
           "fields": {k.lower(): str(v) for k, v in note.items()}}, sys.stdout)
"#;

#[test]
fn a_request_for_a_receipt_is_answered_once_and_never_by_itself() {
    let place = place();
    place.dovecot.deliver(USER, [ASKS.as_bytes().to_vec()]);
    place.desk.sync();
    let inbox = place.desk.letters("INBOX");
    let id = inbox.values().next().unwrap().to_string();
    // Shown, and brought in step again: nobody is told.
    assert!(place.desk.home.run(&["show", &id]).status.success());
    place.desk.sync();
    assert_eq!(place.dovecot.letters("lee", "INBOX").len(), 0);

    let answer = || {
        let output = place.desk.command().args(["--json", "receipts", "answer", &id]).output();
        lines(&output.unwrap()).pop().unwrap()
    };
    // Not to another than was shown.
    let other = writing::answer_receipt(
        &place.desk.store(),
        LetterId(id.parse().unwrap()),
        "boss@example.org",
        "Read",
        "Shown.",
    );
    assert_eq!(other, Err(NotDone::OtherAsker));
    let answered = answer();
    assert_eq!((&answered["queued"], &answered["to"]), (&true.into(), &"lee@example.org".into()));
    assert_eq!(answer()["queued"], false);
    place.desk.sync();
    let letters = place.dovecot.wait_for("lee", 1);
    let mut child = Command::new("python3")
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&letters[0]).unwrap();
    let read: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(read["type"], "multipart/report");
    assert_eq!(read["report"], "disposition-notification");
    assert_eq!(read["path"], "<>", "{read}");
    assert_eq!(read["kinds"][1], "message/disposition-notification");
    let fields = &read["fields"];
    assert_eq!(fields["original-message-id"], "<asks@example.org>");
    assert_eq!(fields["disposition"], "manual-action/MDN-sent-manually; displayed");
    let recipient = fields["final-recipient"].as_str().unwrap().replace(' ', "");
    assert_eq!(recipient, format!("rfc822;kim@{DOMAIN}"));
    // Other programs see that it was answered.
    place.desk.sync();
    let truth = place.dovecot.truth(USER);
    let flags = &truth["INBOX"].letters.values().next().unwrap().flags;
    assert!(flags.iter().any(|flag| flag.eq_ignore_ascii_case("$MDNSent")), "{flags:?}");
    assert_eq!(place.desk.letters("INBOX").len(), 1);
    assert!(
        place.desk.mailbox(ACCOUNT, "Sent").is_none_or(|_| shown_in_sent(&place.desk).is_empty())
    );
}

#[test]
fn a_request_that_another_program_has_answered_is_not_answered_again() {
    let place = place();
    let asks = [ASKS.as_bytes().to_vec()];
    place.dovecot.client(USER).append("INBOX", &["$MDNSent"], asks);
    place.desk.sync();
    let id = place.desk.letters("INBOX").into_values().next().unwrap().to_string();
    let output = place.desk.command().args(["--json", "receipts", "answer", &id]).output();
    assert_eq!(lines(&output.unwrap()).pop().unwrap()["queued"], false);
    place.desk.sync();
    assert_eq!(place.dovecot.letters("lee", "INBOX").len(), 0);
}

#[test]
fn an_answer_that_says_displayed_is_tied_to_who_sent_it() {
    let place = place();
    let (_, letter) = place.send(&["lee"], "asking", &["--receipt", "mdn"]);
    let id: i64 = letter["id"].as_str().unwrap().parse().unwrap();
    // Lee's own Goyo says so.
    let message_id = letter["message_id"].as_str().unwrap();
    let answer = format!(
        "Return-Path: <>\r\nFrom: lee@example.org\r\nTo: kim@example.org\r\nSubject: Read\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; \
         report-type=disposition-notification; boundary=b\r\n\r\n--b\r\n\r\nread\r\n--b\r\n\
         Content-Type: message/disposition-notification\r\n\r\n\
         Final-Recipient: rfc822; lee@example.org\r\nOriginal-Message-ID: <{message_id}>\r\n\
         Disposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n"
    );
    // Of a letter nobody sent, and of a recipient who got none: not believed.
    let other = answer.replace(message_id, "another@example.org");
    let stranger =
        answer.replace("rfc822; lee@", "rfc822; stranger@").replace("<>", "<x@y.example>");
    place.dovecot.deliver(USER, [answer.into_bytes(), other.into_bytes(), stranger.into_bytes()]);
    place.until("the answer", |desk| {
        !desk.store().reports(goyo::model::OutboxId(id)).unwrap().is_empty()
    });
    let reports = place.desk.store().reports(goyo::model::OutboxId(id)).unwrap();
    let displayed: Vec<_> =
        reports.iter().filter(|report| report.state.name() == "displayed").collect();
    assert!(!displayed.is_empty());
    assert!(displayed.iter().all(|report| report.letter.is_some()));
}
