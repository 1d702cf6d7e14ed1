//! The stage that tests of sync stand on: a Dovecot of the test's own, and a reader that
//! tells what it really holds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::dovecot::{Dovecot, Format, Setup, USER, Way};
use common::letters::{letter, letters};
use goyo::store::sha256;
use serde_json::json;

fn hex(bytes: &[u8]) -> String {
    sha256(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_was_delivered_is_read_back_over_every_way() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..25));
    let want: Vec<String> = letters(0..25).map(|letter| hex(&letter)).collect();
    for way in [Way::Plain, Way::StartTls, Way::Tls] {
        let truth = server.truth_over(USER, way);
        let mut names: Vec<&String> = truth.keys().collect();
        names.sort();
        assert_eq!(names, ["Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash"]);
        assert!(truth["Sent"].attributes.contains(&"\\Sent".to_owned()));
        let inbox = &truth["INBOX"];
        assert_eq!(inbox.uidnext, Some(26));
        let mut found: Vec<&String> = inbox.letters.values().map(|l| &l.sha256).collect();
        let mut want: Vec<&String> = want.iter().collect();
        found.sort();
        want.sort();
        assert_eq!(found, want, "{way:?}");
    }
}

#[test]
fn a_second_client_changes_the_mailbox() {
    for format in [Format::Maildir, Format::Sdbox] {
        let server = Setup::new().format(format).start();
        let mut client = server.client(USER);
        client.create("회의/자료 & 기록");
        assert_eq!(client.append("INBOX", &["\\Seen"], letters(0..5)), [1, 2, 3, 4, 5]);
        client.flag("INBOX", "2:3", &["\\Flagged", "$Forwarded"]);
        client.unflag("INBOX", "2", &["\\Seen"]);
        client.move_to("INBOX", "3", "회의/자료 & 기록");
        client.copy("INBOX", "4", "Archive");
        client.delete("INBOX", "5");
        assert_eq!(client.search("INBOX", "UNSEEN"), [2]);
        let refused = client.ask(&json!({"do": "create", "folder": "INBOX"}));
        assert_eq!(refused["ok"], false);

        let truth = server.truth(USER);
        let inbox = &truth["INBOX"];
        assert_eq!(inbox.letters.keys().copied().collect::<Vec<u32>>(), [1, 2, 4]);
        assert_eq!(inbox.letters[&1].flags, ["\\Seen"]);
        assert_eq!(inbox.letters[&2].flags, ["$Forwarded", "\\Flagged"]);
        let moved = &truth["회의/자료 & 기록"];
        assert!(moved.subscribed);
        assert_eq!(moved.letters[&1].sha256, hex(&letter(2)));
        assert_eq!(moved.letters[&1].flags, ["$Forwarded", "\\Flagged", "\\Seen"]);
        assert_eq!(truth["Archive"].letters[&1].sha256, hex(&letter(3)));
        assert_eq!(truth["Archive"].letters[&1].size, letter(3).len() as u64);
    }
}

#[test]
fn what_is_hidden_is_not_offered_and_two_users_are_two() {
    let server = Setup::new()
        .user("lee", "another one")
        .without(&["MOVE", "QRESYNC", "UIDPLUS"])
        .without_tls()
        .start();
    let mut kim = server.client(USER);
    let offered = kim.act(&json!({"do": "capabilities"}))["capabilities"].clone();
    let offered: Vec<&str> =
        offered.as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    assert!(offered.contains(&"CONDSTORE") && offered.contains(&"IDLE"), "{offered:?}");
    for hidden in ["MOVE", "QRESYNC", "UIDPLUS", "STARTTLS"] {
        assert!(!offered.contains(&hidden), "{offered:?}");
    }
    kim.append("INBOX", &[], letters(0..1));
    assert_eq!(server.truth("lee")["INBOX"].letters.len(), 0);
    assert_eq!(server.truth(USER)["INBOX"].letters.len(), 1);
}

#[test]
fn it_ends_with_the_test_and_comes_back_with_the_same_mail() {
    let mut server = Dovecot::new();
    server.client(USER).append("INBOX", &[], letters(0..2));
    let before = server.truth(USER);
    server.stop();
    std::net::TcpStream::connect(("127.0.0.1", server.port(Way::Plain))).unwrap_err();
    server.go_on();
    assert_eq!(server.truth(USER), before);
    let port = server.port(Way::Tls);
    drop(server);
    std::net::TcpStream::connect(("127.0.0.1", port)).unwrap_err();
}
