//! Servers that fail at every step: what the user is told, what the server has, and what
//! becomes of the letter when it is tried again.

use super::common::fake_smtp::{At, Does};
use super::{
    desk_at, each, once, outbox, retry_now, send_command, send_now, server, states, taken,
};
use serde_json::Value;
use std::time::{Duration, Instant};

fn says(text: &str) -> Does {
    Does::Says(text.into())
}

fn id(letter: &Value) -> &str {
    letter["id"].as_str().unwrap()
}

/// A letter to three. At each of these faults nothing was delivered and that is certain: it
/// waits, and the next attempt brings it to each once.
#[test]
fn what_fails_before_the_end_of_the_letter_is_tried_again() {
    let faults = [
        (At::Greeting, Does::HangsUp),
        (At::Greeting, says("421 4.3.2 too busy")),
        (At::Hello, Does::HangsUp),
        (At::Hello, says("421 4.3.2 too busy")),
        (At::Auth, Does::HangsUp),
        (At::Auth, says("454 4.7.0 temporary authentication failure")),
        (At::Auth, says("535 5.7.8 wrong password")),
        (At::Mail, Does::HangsUp),
        (At::Mail, says("421 4.3.2 shutting down")),
        (At::Mail, says("450 4.1.8 not now")),
        (At::Mail, says("451 4.3.0 not now")),
        (At::Mail, says("452 4.3.1 no room")),
        (At::Recipient(None), Does::HangsUp),
        (At::Recipient(None), says("421 4.3.2 shutting down")),
        (At::Data, Does::HangsUp),
        (At::Data, says("421 4.3.2 shutting down")),
        (At::Data, says("451 4.3.0 not now")),
        (At::Middle(1_000_000), Does::HangsUp),
        (At::Dot, says("450 4.2.0 greylisted")),
        (At::Dot, says("451-4.7.1 one line\r\n451 4.7.1 and another")),
        (At::Dot, says("452 4.3.1 no room")),
        (At::Dot, says("421 4.3.2 shutting down, not taken")),
    ];
    let server = server();
    let desk = desk_at(&server);
    let to = ["lee", "park", "choi"];
    // So large that it is not all on its way when the server hangs up in the middle.
    let large = desk.home.write("large", vec![7; 8_000_000]);
    for (number, (at, does)) in faults.into_iter().enumerate() {
        let label = format!("{at:?} {does:?}");
        server.fault(at.clone(), does);
        let file = ["--attach", large.to_str().unwrap(), "--now"];
        let more = if matches!(at, At::Middle(_)) { &file[..] } else { &file[2..] };
        let sent = send_command(&desk, &to, &format!("fault {number}"), more).output().unwrap();
        let (code, letter) = super::said(&sent);
        assert_eq!(server.faults_left(), [], "{label}");
        let message_id = letter["message_id"].as_str().unwrap();
        assert_eq!(code, 1, "{label}: {letter}");
        assert_eq!(letter["state"], "retry", "{label}: {letter}");
        assert!(letter["next_attempt"].is_string(), "{label}: {letter}");
        assert!(letter["server_reply"].is_string(), "{label}: {letter}");
        assert!(taken(&server, message_id).values().all(|count| *count <= 1), "{label}");
        let (code, letter) = retry_now(&desk, id(&letter));
        assert_eq!((code, &letter["state"]), (0, &Value::from("sent")), "{label}: {letter}");
        assert_eq!(taken(&server, message_id), once(&to), "{label}");
    }
    // One connection broke, and no letter went over it twice.
    assert!(outbox(&desk).iter().all(|letter| letter["state"] == "sent"));
}

/// What a server refuses for good is handed back with its words, and not tried again.
#[test]
fn what_is_refused_for_good_is_handed_back_with_the_servers_words() {
    let server = server();
    let desk = desk_at(&server);
    for (at, reply) in [
        (At::Mail, "550 5.7.1 not from you"),
        (At::Data, "554 5.5.1 no valid recipients"),
        (At::Dot, "550 5.7.1 we do not like it"),
        (At::Dot, "552 5.3.4 too large"),
        (At::Dot, "554-5.7.1 spam, we think\r\n554 5.7.1 see https://example.org/why"),
    ] {
        server.fault(at.clone(), says(reply));
        let (code, letter) = send_now(&desk, &["lee", "park"], reply);
        assert_eq!(server.faults_left(), [], "{reply}");
        assert_eq!(code, 1, "{reply}: {letter}");
        assert_eq!(states(&letter), each(&["lee", "park"], "failed"), "{reply}");
        assert!(letter.get("next_attempt").is_none(), "{letter}");
        let words = letter["server_reply"].as_str().unwrap();
        let first = reply.split("\r\n").next().unwrap().replace("554-", "554 ");
        assert!(words.starts_with(&first), "{words}");
        assert_eq!(taken(&server, letter["message_id"].as_str().unwrap()).len(), 0);
        // It can be taken back, and is a draft again.
        let back = desk.command().args(["--json", "outbox", "cancel", id(&letter)]).output();
        assert!(back.unwrap().status.success());
    }
    assert_eq!(outbox(&desk).len(), 0);
    let drafts = desk.home.json(&["drafts", "list"]);
    assert_eq!(drafts.len(), 5);
    assert_eq!(drafts[0]["to"][0]["addr"], "lee@example.org");
}

/// Each recipient has a state of their own, and those who have the letter do not get it
/// again.
#[test]
fn recipients_are_told_apart() {
    let server = server();
    let desk = desk_at(&server);
    let at = |user: &str| At::Recipient(Some(format!("{user}@example.org")));
    server.fault(at("park"), says("550 5.1.1 no such user"));
    server.fault(at("choi"), says("450 4.2.1 mailbox busy"));
    let (code, letter) = send_now(&desk, &["lee", "park", "choi"], "three of them");
    assert_eq!(code, 1);
    let message_id = letter["message_id"].as_str().unwrap();
    let mut expected = each(&["lee"], "sent");
    expected.extend(each(&["park"], "failed"));
    expected.extend(each(&["choi"], "retry"));
    assert_eq!(states(&letter), expected);
    let park = &letter["recipients"][1];
    assert_eq!(park["reply"], "550 5.1.1 no such user");
    assert_eq!(taken(&server, message_id), once(&["lee"]));
    // The one who is left gets it; the one who was refused is asked for again, by the user.
    server.fault(at("park"), says("550 5.1.1 no such user"));
    let (_, letter) = retry_now(&desk, id(&letter));
    expected.extend(each(&["choi"], "sent"));
    assert_eq!(states(&letter), expected);
    assert_eq!(taken(&server, message_id), once(&["lee", "choi"]));
    // Taken back, the draft goes to the one who does not have it.
    let back = desk.command().args(["--json", "outbox", "cancel", id(&letter)]).output().unwrap();
    assert!(back.status.success());
    let drafts = desk.home.json(&["drafts", "list"]);
    let to: Vec<&str> =
        drafts[0]["to"].as_array().unwrap().iter().map(|a| a["addr"].as_str().unwrap()).collect();
    assert_eq!(to, ["park@example.org"]);
}

/// After the end of the letter has been said, silence is not failure: it is told, and not
/// tried again until the user says so.
#[test]
fn silence_after_the_end_of_the_letter_is_unknown_and_never_tried_again_by_itself() {
    let server = server();
    let desk = desk_at(&server);
    for (does, count) in [(Does::HangsUp, 0), (Does::TakesAndHangsUp, 1)] {
        server.fault(At::Dot, does);
        let (code, letter) = send_now(&desk, &["lee"], "into the silence");
        assert_eq!((code, &letter["state"]), (3, &Value::from("unknown")), "{letter}");
        assert!(letter.get("next_attempt").is_none());
        let message_id = letter["message_id"].as_str().unwrap();
        assert_eq!(taken(&server, message_id).get("lee").copied().unwrap_or(0), count);
        // Other letters go on over it; this one stays as it is.
        let (code, _) = send_now(&desk, &["lee"], "another");
        assert_eq!(code, 0);
        let known = outbox(&desk);
        let same = known.iter().find(|known| known["id"] == letter["id"]).unwrap();
        assert_eq!(same["state"], "unknown");
        assert_eq!(taken(&server, message_id).get("lee").copied().unwrap_or(0), count);
        // The user decides: the same letter, by its Message-ID, once more.
        let (code, again) = retry_now(&desk, id(&letter));
        assert_eq!((code, &again["message_id"]), (0, &letter["message_id"]));
        assert_eq!(taken(&server, message_id)["lee"], count + 1);
    }
}

#[test]
fn several_letters_go_over_one_connection() {
    let server = server();
    let desk = desk_at(&server);
    for number in 0..3 {
        let queued = send_command(&desk, &["lee"], &format!("letter {number}"), &[]);
        let mut queued = queued;
        assert!(queued.output().unwrap().status.success());
    }
    assert!(outbox(&desk).iter().all(|letter| letter["state"] == "queued"));
    let (code, _) = send_now(&desk, &["lee"], "the fourth");
    assert_eq!(code, 0);
    assert!(outbox(&desk).iter().all(|letter| letter["state"] == "sent"));
    assert_eq!(server.heard().len(), 1, "{:?}", server.heard());
    assert_eq!(server.taken().len(), 4);
}

#[test]
fn a_letter_for_later_waits_and_can_be_taken_back() {
    let server = server();
    let desk = desk_at(&server);
    let mut later = send_command(&desk, &["lee"], "later", &["--at", "2099-01-01T00:00:00+09:00"]);
    let (code, queued) = super::said(&later.output().unwrap());
    assert_eq!((code, &queued["queued"]), (0, &Value::from(true)));
    send_now(&desk, &["lee"], "now");
    let known = outbox(&desk);
    let waits = known.iter().find(|letter| letter["id"] == queued["id"]).unwrap();
    assert_eq!(waits["next_attempt"], "2098-12-31T15:00:00Z");
    assert_eq!(waits["state"], "queued");
    assert_eq!(server.taken().len(), 1);
    let id = queued["id"].as_str().unwrap();
    let back = desk.command().args(["--json", "outbox", "cancel", id]).output().unwrap();
    assert!(back.status.success());
    assert_eq!(outbox(&desk).len(), 1);
    assert_eq!(desk.home.json(&["drafts", "list"])[0]["subject"], "later");
}

#[test]
fn what_cannot_be_sent_leaves_nothing_behind() {
    let server = server();
    let desk = desk_at(&server);
    let nobody = send_command(&desk, &[], "to nobody", &["--now"]).output().unwrap();
    assert_eq!(nobody.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("recipient"));
    let wrong = send_command(&desk, &[], "x", &["--to", "not an address"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(desk.home.json(&["drafts", "list"]).is_empty());
    assert!(outbox(&desk).is_empty());
}

/// A Goyo that stays goes on by itself, however often the server was not there.
#[test]
fn a_server_that_was_away_is_tried_again_by_itself() {
    let server = server();
    let desk = desk_at(&server);
    server.fault(At::Greeting, Does::HangsUp);
    server.fault(At::Greeting, says("421 4.3.2 too busy"));
    let watching = desk.watch();
    for number in 0..3 {
        let mut queued = send_command(&desk, &["lee"], &format!("waits {number}"), &[]);
        assert!(queued.output().unwrap().status.success());
    }
    // The second pause is that of a server that says "later": the user is quicker.
    let limit = Instant::now() + Duration::from_secs(60);
    let put_off = |letter: &Value| letter["server_reply"].to_string().contains("too busy");
    while !outbox(&desk).iter().any(put_off) {
        assert!(Instant::now() < limit, "{:?} {:?}", server.heard(), outbox(&desk));
        std::thread::sleep(Duration::from_millis(50));
    }
    for letter in outbox(&desk) {
        let again = desk.command().args(["--json", "outbox", "retry", id(&letter)]).output();
        assert!(again.unwrap().status.success());
    }
    while server.taken().len() < 3 {
        assert!(Instant::now() < limit, "{:?}", server.heard());
        std::thread::sleep(Duration::from_millis(50));
    }
    // Not one login for each letter, each time.
    assert!(server.heard().len() <= 4, "{:?}", server.heard());
    watching.stop();
}

/// One recipient waits, and the others are refused for good: the one is tried again.
#[test]
fn who_was_put_off_is_tried_again_when_the_letter_is_refused_for_others() {
    let server = server();
    let desk = desk_at(&server);
    server.fault(At::Recipient(Some("park@example.org".into())), says("451 4.2.1 later"));
    server.fault(At::Data, says("554 5.7.1 no"));
    let (_, letter) = send_now(&desk, &["lee", "park"], "one of two");
    let mut expected = each(&["lee"], "failed");
    expected.extend(each(&["park"], "retry"));
    assert_eq!(states(&letter), expected);
    assert!(letter["next_attempt"].is_string(), "{letter}");
}

#[test]
fn an_account_with_letters_on_their_way_is_not_removed() {
    let server = server();
    let desk = desk_at(&server);
    send_command(&desk, &["lee"], "still here", &["--at", "2099-01-01T00:00"]).output().unwrap();
    let removed = desk.command().args(["account", "remove", "work"]).output().unwrap();
    assert!(!removed.status.success());
    assert!(String::from_utf8_lossy(&removed.stderr).contains("not sent yet"));
    assert_eq!(outbox(&desk).len(), 1);
}
