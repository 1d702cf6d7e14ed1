//! An account that stays in step by itself.

use crate::common::desk::Desk;
use crate::common::dovecot::{Dovecot, USER};
use crate::common::letters::{letter, letters};
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(20);

#[test]
fn new_mail_shows_within_a_second_of_its_delivery() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..30));
    let desk = Desk::at(&server);
    let watching = desk.watch();
    watching.wait_for("idle", SOON);
    let mut other = server.client(USER);
    let mut slowest = Duration::ZERO;
    for number in 100..105 {
        let since = Instant::now();
        other.append("INBOX", &[], [letter(number)]);
        let new = watching.wait_for("new", SOON);
        slowest = slowest.max(since.elapsed());
        assert_eq!(
            (new["folder"].as_str(), new["ids"].as_array().unwrap().len()),
            (Some("work/INBOX"), 1)
        );
    }
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    println!("new mail shown after {slowest:?} at most");
    watching.stop();
    desk.is_true_to(&server);
}

#[test]
fn flags_and_deletions_of_another_client_show_by_themselves() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..10));
    let desk = Desk::at(&server);
    let watching = desk.watch();
    watching.wait_for("idle", SOON);
    let mut other = server.client(USER);
    other.flag("INBOX", "3", &["\\Flagged"]);
    other.delete("INBOX", "5");
    let limit = Instant::now() + SOON;
    let right = || {
        let inbox = desk.mailbox("work", "INBOX").unwrap();
        let known = desk.store().known(inbox.id).unwrap();
        known.len() == 9 && known[2].flags == goyo::model::Flags::FLAGGED
    };
    while !right() {
        assert!(Instant::now() < limit, "it does not show");
        std::thread::sleep(Duration::from_millis(20));
    }
    watching.stop();
    desk.is_true_to(&server);
}

#[test]
fn a_lost_connection_is_no_error_and_comes_back() {
    let mut server = Dovecot::new();
    server.deliver(USER, letters(0..10));
    let desk = Desk::at(&server);
    let watching = desk.watch();
    watching.wait_for("idle", SOON);
    server.stop();
    let offline = watching.wait_for("offline", SOON);
    assert!(offline["seconds"].as_u64().unwrap() <= 300);
    server.deliver(USER, letters(20..23));
    server.go_on();
    watching.wait_for("idle", Duration::from_secs(60));
    watching.stop();
    desk.is_true_to(&server);
}
