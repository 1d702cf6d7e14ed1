//! Passes that break off, and mailboxes that change while they are read.
//!
//! `GOYO_KILLS` says how often a pass is killed (20 by default).

use crate::common::desk::Desk;
use crate::common::dovecot::{Dovecot, USER};
use crate::common::letters::{Dice, letters};
use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};

fn kills() -> u32 {
    std::env::var("GOYO_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20)
}

#[test]
fn killed_at_any_moment_nothing_is_lost_and_nothing_doubled() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..1200));
    let mut other = server.client(USER);
    let mut dice = Dice::new(7);
    let mut desk = Desk::at(&server);
    let started = Instant::now();
    desk.sync();
    let whole = started.elapsed();
    desk.is_true_to(&server);
    let mut moments = BTreeSet::new();
    let mut next = 10_000;
    for round in 0..kills() {
        // Now from nothing, now from where the last one stopped, with changes.
        if round % 4 == 0 {
            desk = Desk::at(&server);
        } else {
            other.append("INBOX", &[], letters(next..next + 20));
            next += 20;
            other.flag("INBOX", &format!("{}:{}", round * 9 + 1, round * 9 + 30), &["\\Seen"]);
            let from = 1000 + round;
            other.delete("INBOX", &format!("{from}:{}", from + 2));
        }
        let mut child =
            desk.command().args(["--json", "sync"]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(dice.below(1000) as f64 / 1000.0));
        child.kill().unwrap();
        child.wait().unwrap();
        let found = desk.home.object(&["check"]);
        assert_eq!(found["wrong"], 0, "kill {round}: {found}");
        moments.insert(found["letters"].as_u64().unwrap());
        if round % 3 == 2 {
            desk.sync();
            desk.is_true_to(&server);
            assert_eq!(desk.sync().counts(), (0, 0, 0), "kill {round}");
        }
    }
    desk.sync();
    desk.is_true_to(&server);
    println!("{} kills; letters kept at the moment of death: {moments:?}", kills());
}

#[test]
fn asked_to_stop_it_keeps_what_came_and_goes_on_next_time() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..800));
    let desk = Desk::at(&server);
    let child = desk.command().args(["--json", "sync"]).stdout(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let pid = child.id().to_string();
    std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1) | None), "{:?}", output.status);
    desk.home.check();
    desk.sync();
    desk.is_true_to(&server);
}

#[test]
fn a_mailbox_that_changes_while_it_is_read_is_right_in_the_end() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..1500));
    let desk = Desk::at(&server);
    let mut other = server.client(USER);
    let mut child = desk.command().args(["--json", "sync"]).stdout(Stdio::null()).spawn().unwrap();
    let mut next = 5000;
    let mut dice = Dice::new(3);
    while child.try_wait().unwrap().is_none() {
        let from = 1 + dice.below(1400);
        other.delete("INBOX", &format!("{from}:{}", from + 5));
        other.flag("INBOX", &format!("{}:{}", from + 50, from + 90), &["\\Flagged"]);
        other.append("INBOX", &[], letters(next..next + 3));
        let from = 1 + dice.below(1400);
        other.move_to("INBOX", &format!("{from}:{}", from + 2), "Archive");
        next += 3;
    }
    assert!(child.wait().unwrap().success());
    desk.home.check();
    desk.sync();
    desk.is_true_to(&server);
    assert_eq!(desk.sync().counts(), (0, 0, 0));
}

#[test]
fn a_server_that_goes_away_takes_nothing_with_it() {
    let mut server = Dovecot::new();
    server.deliver(USER, letters(0..600));
    let desk = Desk::at(&server);
    let mut child = desk.command().args(["--json", "sync"]).stdout(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(250));
    server.stop();
    let status = child.wait().unwrap();
    desk.home.check();
    let there = desk.store().total(None).unwrap();
    let output = desk.sync_with(&[]);
    assert_eq!(output.status.code(), Some(1), "no server, and {status:?} before");
    assert_eq!(desk.store().total(None).unwrap(), there);
    server.go_on();
    desk.sync();
    desk.is_true_to(&server);
}
