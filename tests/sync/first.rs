//! The first time: everything comes, as it is; and with the second nothing.

use crate::common::desk::{ACCOUNT, Desk};
use crate::common::dovecot::{Dovecot, Format, PASSWORD, Setup, USER, Way};
use crate::common::letters::{letter, letters};
use crate::common::{lines, stderr};
use goyo::model::{FolderPolicy, Role};

#[test]
fn everything_comes_as_it_is() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    other.append("INBOX", &[], letters(0..130));
    other.append("INBOX", &["\\Seen", "\\Flagged", "$label1", "Zeta"], letters(130..160));
    other.append("INBOX", &["\\Answered", "$Forwarded", "$MDNSent", "$Junk"], [letter(161)]);
    other.append("Drafts", &["\\Draft"], [letter(162)]);
    // The same bytes twice in a folder, and once more in another.
    other.append("Archive", &["\\Seen"], [letter(7), letter(7)]);
    for folder in ["일/회의 & 자료", "INBOX/below", "with space", "(~odd}*"] {
        other.create(folder);
        other.append(folder, &[], [letter(170)]);
    }
    // No header, no body, nothing but a line; bytes that are no text.
    other.append(
        "with space",
        &[],
        [
            b"\r\n".to_vec(),
            b"just a line\r\n".to_vec(),
            b"Subject: only a header\r\n\r\n".to_vec(),
            [b"Subject: eight bits\r\n\r\n".as_slice(), &(128..=255).collect::<Vec<u8>>()].concat(),
        ],
    );
    let desk = Desk::at(&server);
    let told = desk.sync();
    desk.is_true_to(&server);
    assert_eq!(told.counts(), (160 + 1 + 1 + 2 + 4 + 4, 0, 0));
    // Found by their words, too.
    assert_eq!(desk.home.found("subject:162").len(), 1);
    let inbox = desk.mailbox(ACCOUNT, "INBOX").unwrap();
    assert_eq!(inbox.role, Some(Role::Inbox));
    for (path, role) in [("Sent", Role::Sent), ("Trash", Role::Trash), ("Junk", Role::Junk)] {
        assert_eq!(desk.mailbox(ACCOUNT, path).unwrap().role, Some(role));
    }
}

#[test]
fn the_second_time_nothing_comes_and_no_folder_is_opened() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..300));
    let desk = Desk::at(&server);
    assert_eq!(desk.sync().counts(), (300, 0, 0));
    let again = desk.sync();
    assert_eq!(again.counts(), (0, 0, 0));
    assert_eq!(again.done()["opened"], 0, "{}", again.done());
    assert!(again.done()["round_trips"].as_u64().unwrap() <= 8, "{}", again.done());
    assert!(again.bytes() < 4000, "{}", again.done());
    assert!(again.events("folder").is_empty());
    desk.is_true_to(&server);
}

#[test]
fn large_letters_come_in_pieces_and_whole() {
    let server = Dovecot::new();
    let large = |megabytes: usize, more: usize| {
        let mut letter = b"Subject: large\r\n\r\n".to_vec();
        let line = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/==-\r\n";
        while letter.len() < megabytes * 1024 * 1024 {
            letter.extend_from_slice(line);
        }
        letter.truncate(megabytes * 1024 * 1024 + more);
        letter
    };
    let mut other = server.client(USER);
    // Just a multiple of a piece, one less, one more; and some small ones around.
    other.append("INBOX", &[], letters(0..5));
    other.append("INBOX", &[], [large(4, 0), large(3, 1), large(7, 12_345)]);
    other.append("INBOX", &[], letters(5..10));
    let desk = Desk::at(&server);
    assert_eq!(desk.sync().counts(), (13, 0, 0));
    desk.is_true_to(&server);
}

#[test]
fn over_tls_and_starttls_and_with_sdbox_it_is_the_same() {
    let server = Setup::new().format(Format::Sdbox).user("lee", "other").start();
    server.client(USER).append("INBOX", &["\\Seen"], letters(0..20));
    server.client("lee").append("INBOX", &[], letters(20..40));
    let desk = Desk::at(&server);
    desk.account(&server, "tls", USER, PASSWORD, Way::Tls);
    desk.account(&server, "lee", "lee", "other", Way::StartTls);
    // Three accounts at once.
    let output =
        desk.command().env("SSL_CERT_FILE", server.authority()).args(["--json", "sync"]).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let done = lines(&output).iter().filter(|line| line["event"] == "done").count();
    assert_eq!(done, 3);
    desk.is_true(ACCOUNT, &server.truth(USER));
    desk.is_true("tls", &server.truth(USER));
    desk.is_true("lee", &server.truth("lee"));
    desk.home.check();
}

#[test]
fn one_account_and_one_folder_can_be_chosen() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    other.append("INBOX", &[], letters(0..3));
    other.append("Archive", &[], letters(3..5));
    let desk = Desk::at(&server);
    assert!(desk.sync_with(&["--folder", "work/Archive"]).status.success());
    assert_eq!(desk.letters("Archive").len(), 2);
    assert_eq!(desk.letters("INBOX").len(), 0);
    assert!(desk.sync_with(&["--account", ACCOUNT]).status.success());
    desk.is_true_to(&server);
    let nobody = desk.sync_with(&["--account", "nobody"]);
    assert!(!nobody.status.success());
    assert!(stderr(&nobody).contains("nobody"), "{}", stderr(&nobody));
}

#[test]
fn a_folder_is_kept_as_its_policy_says_and_completed_when_that_changes() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    other.append("INBOX", &[], letters(0..4));
    let desk = Desk::at(&server);
    desk.sync();
    let inbox = desk.mailbox(ACCOUNT, "INBOX").unwrap().id;
    desk.store().set_policy(inbox, Some(FolderPolicy::Headers)).unwrap();
    other.append("INBOX", &["\\Seen"], letters(10..14));
    desk.sync();
    let known = desk.store().known(inbox).unwrap();
    assert_eq!(known.iter().filter(|k| k.whole).count(), 4);
    assert_eq!(known.len(), 8);
    let id = known[6].id;
    let subject = desk.store().letter(id).unwrap().subject;
    assert!(subject.ends_with("12"), "{subject}");
    desk.home.check();
    // Delivered just now, all of them: these days' letters are kept whole.
    desk.store().set_policy(inbox, Some(FolderPolicy::Days(2))).unwrap();
    other.append("INBOX", &[], letters(14..16));
    desk.sync();
    let known = desk.store().known(inbox).unwrap();
    assert_eq!((known.len(), known[9].whole), (10, true));
    desk.store().set_policy(inbox, None).unwrap();
    let told = desk.sync();
    assert_eq!(told.counts().0, 0);
    // The letter is the same one, whole now.
    assert!(desk.store().is_whole(id).unwrap());
    assert_eq!(desk.store().known(inbox).unwrap()[6].id, id);
    desk.is_true_to(&server);
}

#[test]
fn a_wrong_password_is_said_and_nothing_else_happens() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..3));
    let desk = Desk::at(&server);
    desk.sync();
    desk.account(&server, "wrong", USER, "not this", Way::Plain);
    let output = desk.sync_with(&[]);
    assert_eq!(output.status.code(), Some(1));
    let told = lines(&output);
    let error = told.iter().find(|line| line["event"] == "error").unwrap();
    assert_eq!(error["account"], "wrong");
    // The other account is brought in step all the same.
    assert!(told.iter().any(|line| line["event"] == "done" && line["account"] == ACCOUNT));
    desk.is_true_to(&server);
}
