//! Folders: names of all kinds, levels, and what becomes of letters when folders are
//! renamed, exchanged, made anew, taken away, now and while they are read.

use crate::common::desk::{ACCOUNT, Desk};
use crate::common::dovecot::{Dovecot, Setup, USER};
use crate::common::letters::{letter, letters};
use crate::day::{Hand, settles};
use goyo::model::{Act, LetterId};
use std::collections::BTreeMap;
use std::process::Stdio;

#[test]
fn names_of_all_kinds() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    let names = [
        "받은 편지 & 자료",
        "a \"quoted\" name",
        "back\\slash",
        "50% off",
        "star*",
        "two  spaces",
        "&",
        "&-",
        "&AOk-",
        "📮 우편/📬",
        "가나다",           // in one piece,
        "\u{1100}\u{1161}", // and in its parts
        "(brackets) {3} [x]",
        "日本語/中文/한국어/ไทย/עברית",
        "Inbox2",
        "NIL",
        "UPPER",
        "upper",
        "a.very.long'name;with,marks:and=more!than#enough$of^them|really?<yes>`so`",
    ];
    for (number, name) in names.iter().enumerate() {
        // What this server does not take is not a name here.
        let made = other.ask(&serde_json::json!({"do": "create", "folder": name}));
        if made["ok"] == true {
            other.append(name, &["\\Seen"], [letter(number as u64)]);
        }
    }
    let desk = Desk::at(&server);
    settles(&desk, &server);
    let truth = server.truth(USER);
    assert!(names.iter().filter(|name| truth.contains_key(**name)).count() >= 15, "{truth:?}");
    // And each can be written to.
    for path in truth.keys().filter(|path| *path != "INBOX") {
        let Some(letter) = desk.letters(path).into_values().next() else { continue };
        desk.act(&Act::Copy(vec![letter], desk.folder("INBOX")));
        desk.act(&Act::Move(vec![letter], desk.folder("Archive")));
    }
    settles(&desk, &server);
}

#[test]
fn a_tree_that_gets_another_name_at_its_root() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    for (number, name) in ["Work", "Work/A", "Work/A/deep", "Work/B"].iter().enumerate() {
        other.create(name);
        let from = number as u64 * 10;
        other.append(name, &[], letters(from..from + 8));
    }
    let desk = Desk::at(&server);
    settles(&desk, &server);
    let letters_of = |root: &str| -> Vec<BTreeMap<u32, LetterId>> {
        ["", "/A", "/A/deep", "/B"].iter().map(|b| desk.letters(&format!("{root}{b}"))).collect()
    };
    let before = letters_of("Work");
    other.rename("Work", "Büro");
    assert_eq!(desk.sync().counts(), (0, 0, 0));
    settles(&desk, &server);
    // The same letters, not fetched again.
    assert_eq!(letters_of("Büro"), before);
}

#[test]
fn a_folder_taken_away_and_made_anew_with_other_letters() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    other.create("Lists");
    other.append("Lists", &["\\Flagged"], letters(0..20));
    let desk = Desk::at(&server);
    settles(&desk, &server);
    other.remove_folder("Lists");
    other.create("Lists");
    // One of the old ones is among them.
    other.append("Lists", &[], [letter(3)]);
    other.append("Lists", &[], letters(30..45));
    desk.sync();
    settles(&desk, &server);
}

#[test]
fn two_folders_that_exchange_their_names() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    for (name, from) in [("One", 0), ("Two", 20)] {
        other.create(name);
        other.append(name, &[], letters(from..from + 15));
    }
    let desk = Desk::at(&server);
    settles(&desk, &server);
    other.rename("One", "Three");
    other.rename("Two", "One");
    other.rename("Three", "Two");
    desk.sync();
    settles(&desk, &server);
}

#[test]
fn levels_that_are_no_folders() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    other.create("a/b/c");
    other.append("a/b/c", &[], letters(0..3));
    let desk = Desk::at(&server);
    settles(&desk, &server);
    // A folder above appears, and another is left without what lay in it.
    other.create("a");
    other.append("a", &[], letters(3..5));
    settles(&desk, &server);
    other.remove_folder("a/b/c");
    settles(&desk, &server);
    other.remove_folder("a");
    settles(&desk, &server);
    assert!(desk.mailbox(ACCOUNT, "a/b").is_none());
}

#[test]
fn folders_that_come_and_go_while_they_are_read() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    for number in 0..12 {
        let name = format!("F{number}");
        other.create(&name);
        other.append(&name, &[], letters(number * 30..number * 30 + 30));
    }
    let desk = Desk::at(&server);
    for round in 0..3 {
        let child = desk.command().args(["--json", "sync"]).stdout(Stdio::null()).spawn();
        let mut child = child.unwrap();
        for number in round * 4..round * 4 + 4 {
            match number % 3 {
                0 => other.remove_folder(&format!("F{number}")),
                1 => other.rename(&format!("F{number}"), &format!("G{number}")),
                _ => other.create(&format!("H{number}")),
            }
        }
        // A folder that is gone meanwhile may be told as one that could not be opened.
        child.wait().unwrap();
        desk.home.check();
    }
    desk.sync();
    settles(&desk, &server);
}

#[test]
fn hundreds_of_folders_are_looked_at_in_a_few_round_trips() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    for number in 0..200 {
        let name = format!("Project {}/{number}", number / 20);
        other.create(&name);
        other.append(&name, &[], [letter(number)]);
    }
    let desk = Desk::at(&server);
    settles(&desk, &server);
    other.append("Project 3/66", &[], [letter(300)]);
    let told = desk.sync();
    assert_eq!(told.counts(), (1, 0, 0));
    assert_eq!(told.done()["opened"], 1);
    assert!(told.done()["round_trips"].as_u64().unwrap() <= 20, "{}", told.done());
    settles(&desk, &server);
}

#[test]
fn only_empty_folders_and_an_empty_mailbox() {
    let server = Setup::new().without_special_folders().start();
    let desk = Desk::at(&server);
    settles(&desk, &server);
    let mut other = server.client(USER);
    for name in ["A", "A/B", "C"] {
        other.create(name);
    }
    settles(&desk, &server);
    other.append("A/B", &[], [letter(1)]);
    settles(&desk, &server);
    other.delete("A/B", "1");
    settles(&desk, &server);
    assert_eq!(desk.store().total(None).unwrap(), 0);
}

#[test]
fn subscriptions_go_both_ways() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    for name in ["A", "B", "C"] {
        other.create(name);
    }
    other.act(&serde_json::json!({"do": "unsubscribe", "folder": "B"}));
    let desk = Desk::at(&server);
    settles(&desk, &server);
    assert!(!desk.mailbox(ACCOUNT, "B").unwrap().subscribed);
    other.act(&serde_json::json!({"do": "subscribe", "folder": "B"}));
    desk.act(&Act::Subscribe(desk.folder("A"), false));
    desk.act(&Act::Subscribe(desk.folder("C"), false));
    other.act(&serde_json::json!({"do": "unsubscribe", "folder": "C"}));
    settles(&desk, &server);
    let truth = server.truth(USER);
    assert_eq!(["A", "B", "C"].map(|name| truth[name].subscribed), [false, true, false]);
}
