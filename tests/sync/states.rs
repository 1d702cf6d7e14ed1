//! Mailboxes whose numbers change under us: counted anew, put back from a copy, moved to
//! another server, close to where numbers end.

use crate::common::desk::{ACCOUNT, Desk};
use crate::common::dovecot::{Dovecot, PASSWORD, Setup, USER, Way};
use crate::common::letters::letters;
use crate::day::{Hand, doveadm, relay, set, settles};
use goyo::model::{Act, Flags};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Servers that count changes, and one that does not.
fn kinds() -> [Setup; 2] {
    [Setup::new(), Setup::new().without(&["QRESYNC", "CONDSTORE"])]
}

fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    let copied = Command::new("cp").arg("-a").args([from, to]).status().unwrap();
    assert!(copied.success());
}

#[test]
fn uidvalidity_that_changes_between_two_passes() {
    for setup in kinds() {
        let server = setup.start();
        server.deliver(USER, letters(0..40));
        let desk = Desk::at(&server);
        settles(&desk, &server);
        let before: Vec<_> = desk.letters("INBOX").into_values().collect();
        doveadm(&server, &["mailbox", "update", "-u", USER, "--uid-validity", "77", "INBOX"]);
        assert_eq!(server.truth(USER)["INBOX"].uidvalidity, Some(77));
        server.client(USER).delete("INBOX", "5");
        desk.sync();
        let after: Vec<_> = desk.letters("INBOX").into_values().collect();
        assert_eq!(after.iter().filter(|id| before.contains(id)).count(), 39);
        settles(&desk, &server);
    }
}

#[test]
fn uidvalidity_that_changes_while_letters_come() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..1500));
    let desk = Desk::at(&server);
    let mut child = desk.command().args(["--json", "sync"]).stdout(Stdio::null()).spawn().unwrap();
    let mut validity = 100;
    while child.try_wait().unwrap().is_none() {
        validity += 1;
        let text = validity.to_string();
        doveadm(&server, &["mailbox", "update", "-u", USER, "--uid-validity", &text, "INBOX"]);
        std::thread::sleep(Duration::from_millis(150));
    }
    desk.home.check();
    desk.sync();
    settles(&desk, &server);
}

#[test]
fn uidvalidity_that_changes_while_we_watch() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..40));
    let desk = Desk::at(&server);
    let watching = desk.watch();
    watching.wait_for("idle", Duration::from_secs(30));
    doveadm(&server, &["mailbox", "update", "-u", USER, "--uid-validity", "4242", "INBOX"]);
    let mut other = server.client(USER);
    other.append("INBOX", &[], letters(50..53));
    let limit = Instant::now() + Duration::from_secs(30);
    while desk.mailbox(ACCOUNT, "INBOX").unwrap().cursor.uidvalidity != Some(4242)
        || desk.letters("INBOX").len() != 43
    {
        assert!(Instant::now() < limit, "it is not noticed");
        std::thread::sleep(Duration::from_millis(50));
    }
    watching.stop();
    settles(&desk, &server);
}

#[test]
fn a_mailbox_put_back_from_a_copy() {
    // The same UIDVALIDITY, and UIDs that are given to other letters: what a server that is
    // restored does, although it must not.
    for setup in kinds() {
        let mut server = setup.start();
        let mut other = server.client(USER);
        other.append("INBOX", &[], letters(0..30));
        drop(other);
        let (home, copied) = (server.home(USER), server.home("copy"));
        server.stop();
        copy(&home, &copied);
        server.go_on();
        let mut other = server.client(USER);
        other.append("INBOX", &["\\Seen"], letters(30..40));
        other.flag("INBOX", "1:10", &["\\Flagged"]);
        let desk = Desk::at(&server);
        settles(&desk, &server);
        drop(other);
        server.stop();
        copy(&copied, &home);
        server.go_on();
        // Fewer than before, under the same numbers.
        server.client(USER).append("INBOX", &[], letters(50..55));
        desk.sync();
        settles(&desk, &server);
        assert_eq!(desk.home.found("subject:35").len(), 0);
        assert_eq!(desk.home.found("subject:52").len(), 1);
    }
}

#[test]
fn changes_counted_from_the_beginning_again() {
    let mut server = Dovecot::new();
    let mut other = server.client(USER);
    other.append("INBOX", &[], letters(0..30));
    for round in 0..40 {
        other.flag("INBOX", "1:30", &[["\\Seen", "\\Answered"][round % 2]]);
        other.unflag("INBOX", "1:30", &[["\\Answered", "\\Seen"][round % 2]]);
    }
    let desk = Desk::at(&server);
    settles(&desk, &server);
    let modseq = desk.mailbox(ACCOUNT, "INBOX").unwrap().cursor.highestmodseq;
    drop(other);
    // Its indexes are lost; UIDs and flags lie in files beside the letters.
    server.stop();
    for entry in std::fs::read_dir(server.home(USER).join("Maildir")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("dovecot.index") {
            std::fs::remove_file(path).unwrap();
        }
    }
    server.go_on();
    let mut other = server.client(USER);
    other.flag("INBOX", "3:6", &["\\Flagged"]);
    other.delete("INBOX", "9");
    desk.sync();
    settles(&desk, &server);
    assert!(desk.mailbox(ACCOUNT, "INBOX").unwrap().cursor.highestmodseq < modseq);
}

#[test]
fn numbers_close_to_their_end() {
    for setup in kinds() {
        let server = setup.start();
        let mut other = server.client(USER);
        other.append("INBOX", &[], letters(0..5));
        let desk = Desk::at(&server);
        settles(&desk, &server);
        let update = ["mailbox", "update", "-u", USER];
        doveadm(&server, &[&update[..], &["--min-next-uid", "4294960000", "INBOX"]].concat());
        let modseq = "4611686018427387904";
        doveadm(&server, &[&update[..], &["--min-highest-modseq", modseq, "INBOX"]].concat());
        other.append("INBOX", &[], letters(5..10));
        other.flag("INBOX", "2,4294960001", &["\\Flagged"]);
        settles(&desk, &server);
        assert!(desk.letters("INBOX").contains_key(&4_294_960_004));
        desk.act(&Act::Archive(desk.some("INBOX", [1, 4_294_960_002])));
        desk.act(&Act::Flag(desk.some("INBOX", [4_294_960_003]), set(Flags::SEEN)));
        settles(&desk, &server);
    }
}

#[test]
fn a_mailbox_that_moved_to_another_server() {
    // All letters, other numbers, other UIDVALIDITY, in every folder at once.
    let old = Dovecot::new();
    let mut other = old.client(USER);
    other.append("INBOX", &["\\Seen"], letters(0..20));
    other.append("Archive", &[], letters(20..30));
    let (port, target) = relay(old.port(Way::Plain));
    let desk = Desk::new();
    desk.account_at(&format!("localhost:{port}:plain"), ACCOUNT, USER, PASSWORD);
    settles(&desk, &old);
    let new = Setup::new().without(&["QRESYNC", "CONDSTORE"]).start();
    let mut other = new.client(USER);
    other.append("INBOX", &[], letters(90..95));
    other.append("INBOX", &["\\Seen"], letters(0..20));
    other.delete("INBOX", "1:5");
    other.append("Archive", &[], letters(22..30));
    target.store(new.port(Way::Plain), Ordering::Relaxed);
    desk.sync();
    settles(&desk, &new);
    assert_eq!(desk.store().total(None).unwrap(), 28);
}
