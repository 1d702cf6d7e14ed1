//! What was done offline, told when there is a line again.

use super::common::desk::ACCOUNT;
use super::common::dovecot::USER;
use super::{Doing, LACKING, numbers, stage, there};
use goyo::model::{Act, FlagChange, Flags};
use serde_json::Value;

#[test]
fn everything_done_offline_is_done_there_once() {
    for without in LACKING {
        let (server, desk) = stage(without, 12);
        let uid = |uid| desk.at("INBOX", uid);
        desk.act(&Act::Flag(
            vec![uid(1), uid(2)],
            FlagChange {
                add: Flags::SEEN.with(Flags::FORWARDED),
                add_words: vec!["$label1".into()],
                ..FlagChange::default()
            },
        ));
        desk.act(&Act::Move(vec![uid(2)], desk.folder("Archive")));
        desk.act(&Act::Copy(vec![uid(3)], desk.folder("Sent")));
        desk.act(&Act::Delete(vec![uid(4), uid(5)]));
        desk.act(&Act::DeleteForGood(vec![uid(6)]));
        desk.act(&Act::Archive(vec![uid(7)]));
        // On the way twice.
        let eight = uid(8);
        desk.act(&Act::Junk(vec![eight, uid(9)]));
        desk.act(&Act::NotJunk(vec![eight]));
        desk.act(&Act::MarkAllRead(desk.folder("Junk")));
        assert!(desk.letters("Archive").is_empty(), "the server has not been asked");
        desk.sync();
        let truth = server.truth(USER);
        let lie = numbers(&truth, 12);
        assert_eq!(lie["INBOX"], [0, 2, 7, 9, 10, 11], "{without:?}");
        assert_eq!(lie["Archive"], [1, 6]);
        assert_eq!(lie["Sent"], [2]);
        assert_eq!(lie["Trash"], [3, 4]);
        assert_eq!(lie["Junk"], [8]);
        assert_eq!(there(&truth, "INBOX", 0).flags, ["$Forwarded", "$label1", "\\Seen"]);
        assert_eq!(there(&truth, "Archive", 1).flags, ["$Forwarded", "$label1", "\\Seen"]);
        assert_eq!(there(&truth, "Junk", 8).flags, ["$Junk", "\\Seen"]);
        assert_eq!(there(&truth, "INBOX", 7).flags, ["$NotJunk"]);
        desk.settled(&server);
    }
}

#[test]
fn a_moved_letter_is_the_same_letter_and_its_bytes_are_not_fetched_again() {
    let (server, desk) = stage(&[], 5);
    let one = desk.at("INBOX", 1);
    desk.act(&Act::Archive(vec![one]));
    desk.sync();
    desk.settled(&server);
    assert_eq!(desk.letters("Archive")[&1], one);
}

#[test]
fn the_verbs_of_the_command_line() {
    let (server, desk) = stage(&[], 4);
    let run = |args: &[&str]| -> Value {
        let output = desk.command().arg("--json").args(args).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{args:?}: {error}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let id = |uid| desk.at("INBOX", uid).to_string();
    let (one, two, three) = (id(1), id(2), id(3));
    let flagged = run(&["flag", &one, &two, "--add", "seen,flagged,$todo"]);
    assert_eq!(
        (&flagged["kind"], &flagged["changed"], &flagged["waiting"], &flagged["can_undo"]),
        (&"flag".into(), &2.into(), &true.into(), &true.into())
    );
    run(&["flag", &one, "--remove", "flagged"]);
    run(&["folder", "create", &format!("{ACCOUNT}/회의 자료")]);
    run(&["move", &two, "--to", &format!("{ACCOUNT}/회의 자료")]);
    let deleted = run(&["delete", &three]);
    run(&["undo", deleted["gesture"].as_str().unwrap()]);
    desk.sync();
    let truth = server.truth(USER);
    let lie = numbers(&truth, 4);
    assert_eq!((&lie["INBOX"][..], &lie["회의 자료"][..]), (&[0, 2, 3][..], &[1][..]));
    assert_eq!(there(&truth, "INBOX", 0).flags, ["$todo", "\\Seen"]);
    assert_eq!(there(&truth, "회의 자료", 1).flags, ["$todo", "\\Flagged", "\\Seen"]);
    assert!(lie["Trash"].is_empty());
    desk.settled(&server);
    let gone = run(&["delete", &three, "--for-good"]);
    desk.sync();
    let late = desk.command().args(["undo", gone["gesture"].as_str().unwrap()]).output().unwrap();
    assert_eq!(late.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&late.stderr).contains("gone for good"));
    desk.settled(&server);
    // Nothing was there to be done.
    let again = run(&["flag", &one, "--add", "seen"]);
    assert_eq!((&again["changed"], &again["can_undo"]), (&0.into(), &false.into()));
}

#[test]
fn what_is_undone_after_it_was_told_is_undone_there() {
    for without in LACKING {
        let (server, desk) = stage(without, 6);
        let before = numbers(&server.truth(USER), 6);
        let store = desk.store();
        let three = [1, 2, 3].map(|uid| desk.at("INBOX", uid)).to_vec();
        let gesture = store.act(&Act::Junk(three)).unwrap().unwrap();
        desk.sync();
        assert_eq!(numbers(&server.truth(USER), 6)["Junk"], [0, 1, 2]);
        store.undo(gesture.id).unwrap();
        desk.sync();
        let truth = server.truth(USER);
        assert_eq!(numbers(&truth, 6), before);
        assert!(truth["INBOX"].letters.values().all(|letter| letter.flags.is_empty()));
        desk.settled(&server);
    }
}

#[test]
fn thousands_of_letters_are_moved_in_a_few_commands() {
    let (server, desk) = stage(&[], 2000);
    let all: Vec<_> = desk.letters("INBOX").into_values().collect();
    desk.act(&Act::MarkAllRead(desk.folder("INBOX")));
    desk.act(&Act::Archive(all));
    let done = desk.sync();
    let trips = done.done()["round_trips"].as_u64().unwrap();
    assert!(trips < 60, "{trips} round trips");
    let truth = server.truth(USER);
    assert_eq!(truth["Archive"].letters.len(), 2000);
    assert!(truth["Archive"].letters.values().all(|letter| letter.flags == ["\\Seen"]));
    desk.settled(&server);
}
