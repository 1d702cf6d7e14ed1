//! Goyo dies at every step of sending (`kill -9`), or the server does.

use super::common::fake_smtp::{At, Does, Server};
use super::{desk_at, outbox, retry_now, send_command, server, states, taken};
use crate::common::desk::Desk;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

const TO: [&str; 3] = ["lee", "park", "choi"];

fn kills() -> usize {
    std::env::var("GOYO_SEND_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(150)
}

/// After whatever happened to the letter of this subject: each recipient has it once, or it
/// is told that nobody knows, or it is not sent and still here. Whether it was unknown.
fn settle(desk: &Desk, server: &Server, subject: &str) -> bool {
    let known = outbox(desk);
    let drafts = desk.home.json(&["drafts", "list"]);
    let Some(letter) = known.iter().find(|letter| letter["subject"] == subject) else {
        // It had not been given away yet: nobody has it.
        let named = server
            .taken()
            .iter()
            .any(|letter| String::from_utf8_lossy(&letter.bytes).contains(subject));
        assert!(!named, "{subject}: sent without a trace");
        return false;
    };
    // A letter is a draft or on its way, never both.
    assert!(!drafts.iter().any(|draft| draft["subject"] == subject), "{subject}: also a draft");
    let message_id = letter["message_id"].as_str().unwrap().to_owned();
    let mut letter = letter.clone();
    let mut doubtful = false;
    for _ in 0..6 {
        // What an ended Goyo left behind is settled by the next that sends.
        let nudge = send_command(desk, &["nobody"], "nudge", &["--now"]).output().unwrap();
        assert_eq!(nudge.status.code(), Some(0), "{}", String::from_utf8_lossy(&nudge.stderr));
        let known = outbox(desk);
        letter = known.iter().find(|l| l["subject"] == subject).unwrap().clone();
        let by_user = states(&letter);
        let has = taken(server, &message_id);
        for (user, state) in &by_user {
            let count = has.get(user).copied().unwrap_or(0);
            match state.as_str() {
                "sent" => assert_eq!(count, 1, "{subject}: {user} has it {count} times: {letter}"),
                "unknown" => assert!(count <= 1, "{subject}: {user}: {letter}"),
                _ => assert_eq!(count, 0, "{subject}: {user} has it, and it is {state}"),
            }
        }
        doubtful |= by_user.values().any(|state| state == "unknown");
        if by_user.values().all(|state| state == "sent" || state == "unknown") {
            break;
        }
        retry_waiting(desk, &letter);
    }
    let done = states(&letter);
    assert!(done.values().all(|state| state == "sent" || state == "unknown"), "{letter}");
    doubtful
}

/// Tries those again who certainly do not have it; never those of whom nobody knows.
fn retry_waiting(desk: &Desk, letter: &serde_json::Value) {
    if states(letter).values().all(|state| state != "unknown") {
        retry_now(desk, letter["id"].as_str().unwrap());
    }
}

/// Every point that sending passes, and how often.
fn points(desk: &Desk) -> BTreeMap<String, u32> {
    let trace = desk.home.path("trace");
    let mut command = send_command(desk, &TO, "traced", &["--now"]);
    let output = command.env("GOYO_FAIL_TRACE", &trace).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut found = BTreeMap::new();
    for name in fs::read_to_string(&trace).unwrap().lines() {
        *found.entry(name.to_owned()).or_default() += 1;
    }
    found
}

#[test]
fn killed_at_every_point_each_gets_it_once_or_it_is_told() {
    let server = server();
    let desk = desk_at(&server);
    let points = points(&desk);
    for name in [
        "store:give:before",
        "store:give:after",
        "outbox:envelope",
        "outbox:content",
        "store:commit_attempt:after",
        "outbox:commit",
        "outbox:committed",
        "store:end_attempt:before",
        "store:end_attempt:after",
    ] {
        assert!(points.contains_key(name), "{name} is not passed: {points:?}");
    }
    let (mut died, mut doubtful) = (0, 0);
    for round in 0..(kills() / 60).max(1) {
        for (name, count) in &points {
            for number in 1..=*count {
                let subject = format!("{name}-{number}-{round}");
                let mut command = send_command(&desk, &TO, &subject, &["--now"]);
                let output = command.env("GOYO_FAIL_AT", format!("{name}#{number}")).output();
                died += usize::from(output.unwrap().status.signal() == Some(9));
                let unknown = settle(&desk, &server, &subject);
                let may =
                    ["commit_attempt:after", "outbox:commit", "smtp:dot", "end_attempt:before"];
                assert!(!unknown || may.iter().any(|part| name.contains(part)), "{subject}");
                doubtful += usize::from(unknown);
            }
        }
    }
    println!("TOTAL points: {died} kills, {doubtful} unknown, {} points", points.len());
    assert!(died >= points.len(), "{died} of {}", points.len());
    assert!(doubtful >= 3);
}

#[test]
fn killed_at_any_moment_each_gets_it_once_or_it_is_told() {
    let server = server();
    let desk = desk_at(&server);
    let since = Instant::now();
    send_command(&desk, &TO, "how long", &["--now"]).output().unwrap();
    let mut whole = since.elapsed();
    let (mut died, mut doubtful) = (0, 0);
    let mut dice: u64 = 0x9e37_79b9_7f4a_7c15;
    for number in 0..kills() / 3 {
        let subject = format!("any moment {number}");
        // Slow at some step, so that every step is hit.
        let slow = [At::Mail, At::Recipient(None), At::Data, At::Dot];
        if number % 2 == 0 {
            server.fault(slow[number / 2 % slow.len()].clone(), Does::Drips);
        }
        let mut child = send_command(&desk, &TO, &subject, &["--now"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let moment = whole.mul_f64((dice % 1100) as f64 / 1000.0);
        // The moment is what is tested here.
        std::thread::sleep(moment);
        let _ = child.kill();
        let is_killed = child.wait().unwrap().signal() == Some(9);
        died += usize::from(is_killed);
        if !is_killed {
            // It is quicker by now than when it was timed.
            whole = whole.mul_f64(0.9);
        }
        // The server may still be at what it has heard.
        std::thread::sleep(Duration::from_millis(20));
        doubtful += usize::from(settle(&desk, &server, &subject));
    }
    println!("TOTAL any moment: {died} kills, {doubtful} unknown");
    assert!(died > kills() / 6, "{died}");
}

#[test]
fn servers_that_die_at_any_step_get_it_once_or_it_is_told() {
    let server = server();
    let desk = desk_at(&server);
    let steps = [
        (At::Greeting, Does::HangsUp, false),
        (At::Hello, Does::HangsUp, false),
        (At::Auth, Does::HangsUp, false),
        (At::Mail, Does::HangsUp, false),
        (At::Recipient(None), Does::HangsUp, false),
        (At::Recipient(Some("choi@example.org".into())), Does::HangsUp, false),
        (At::Data, Does::HangsUp, false),
        (At::Dot, Does::HangsUp, true),
        (At::Dot, Does::TakesAndHangsUp, true),
        (At::Quit, Does::HangsUp, false),
    ];
    let (mut died, mut doubtful) = (0, 0);
    for number in 0..kills() / 3 {
        let (at, does, may) = steps[number % steps.len()].clone();
        let subject = format!("dies {number}");
        server.fault(at.clone(), does);
        let mut command = send_command(&desk, &TO, &subject, &["--now"]);
        command.output().unwrap();
        died += usize::from(server.faults_left().is_empty());
        let unknown = settle(&desk, &server, &subject);
        assert_eq!(unknown, may, "{at:?}");
        doubtful += usize::from(unknown);
    }
    println!("TOTAL servers: {died} kills, {doubtful} unknown");
    assert_eq!(died, kills() / 3);
}
