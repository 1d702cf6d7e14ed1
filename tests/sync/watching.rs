//! An account that stays in step by itself.

use crate::common::desk::Desk;
use crate::common::dovecot::{Dovecot, USER};
use crate::common::letters::{letter, letters};
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(20);

#[test]
fn new_mail_shows_by_itself_when_it_is_delivered() {
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
    // Long before all folders are looked at again; how soon exactly, `benches/sync.py` tells.
    assert!(slowest < Duration::from_secs(10), "{slowest:?}");
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

/// Until this is so.
fn becomes(what: &str, so: impl Fn() -> bool) {
    let limit = Instant::now() + Duration::from_secs(45);
    while !so() {
        assert!(Instant::now() < limit, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn many(desk: &Desk) -> usize {
    desk.letters("INBOX").len()
}

#[test]
fn thrown_out_while_watching_it_comes_back_and_misses_nothing() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..10));
    let desk = Desk::at(&server);
    let watching = desk.watch();
    watching.wait_for("idle", SOON);
    let settings = server.authority().with_file_name("dovecot.conf");
    let mut kick = std::process::Command::new("doveadm");
    assert!(kick.arg("-c").arg(settings).args(["kick", USER]).status().unwrap().success());
    server.client(USER).append("INBOX", &[], letters(20..23));
    becomes("what came meanwhile does not show", || many(&desk) == 13);
    watching.stop();
    desk.is_true_to(&server);
}

#[test]
fn a_server_that_starts_anew_again_and_again() {
    let mut server = Dovecot::new();
    server.deliver(USER, letters(0..10));
    let desk = Desk::at(&server);
    let watching = desk.watch();
    watching.wait_for("idle", SOON);
    for round in 1..=2 {
        server.stop();
        server.deliver(USER, letters(round * 20..round * 20 + 5));
        server.go_on();
        becomes("it does not come back", || many(&desk) == 10 + 5 * round as usize);
    }
    watching.stop();
    desk.is_true_to(&server);
}

#[test]
fn where_one_connection_is_allowed_it_makes_do_with_one() {
    // One for Goyo, one for the other client.
    let limit = "protocol imap {\n  mail_max_userip_connections = 2\n}";
    let server = crate::common::dovecot::Setup::new().set(limit).start();
    let mut other = server.client(USER);
    other.append("INBOX", &[], letters(0..10));
    other.append("Archive", &[], letters(10..20));
    let desk = Desk::at(&server);
    let watching = desk.watch();
    watching.wait_for("idle", SOON);
    other.append("INBOX", &[], letters(20..22));
    other.flag("INBOX", "2", &["\\Flagged"]);
    becomes("new mail does not show", || many(&desk) == 12);
    watching.stop();
    drop(other);
    desk.sync();
    desk.is_true_to(&server);
}

#[test]
fn a_busy_inbox_while_watching() {
    for without in [&[][..], &["QRESYNC"], &["QRESYNC", "CONDSTORE"]] {
        let server = crate::common::dovecot::Setup::new().without(without).start();
        server.deliver(USER, letters(0..200));
        let desk = Desk::at(&server);
        let watching = desk.watch();
        watching.wait_for("idle", SOON);
        let mut other = server.client(USER);
        for round in 0..15_u64 {
            other.append("INBOX", &[], letters(1000 + round * 3..1003 + round * 3));
            other.delete("INBOX", &format!("{}:{}", round * 7 + 1, round * 7 + 3));
            other.flag("INBOX", &format!("{}", 120 + round), &["\\Seen", "$todo"]);
            other.move_to("INBOX", &format!("{}", 150 + round), "Archive");
        }
        let seen = || {
            let inbox = desk.mailbox("work", "INBOX").unwrap().id;
            let known = desk.store().known(inbox).unwrap();
            known.iter().filter(|k| k.flags.has(goyo::model::Flags::SEEN)).count()
        };
        becomes("it does not show", || many(&desk) == 200 + 45 - 45 - 15 && seen() == 15);
        watching.stop();
        desk.sync();
        desk.is_true_to(&server);
    }
}
