//! What another client does to the mailbox between two passes.

use crate::common::desk::{ACCOUNT, Desk};
use crate::common::dovecot::{Dovecot, Setup, USER};
use crate::common::letters::{letter, letters};
use goyo::model::{Act, FlagChange, Flags};

/// Servers that count changes, that count flags only, that count nothing.
fn kinds() -> [Setup; 3] {
    [
        Setup::new(),
        Setup::new().without(&["QRESYNC"]),
        Setup::new().without(&["QRESYNC", "CONDSTORE"]),
    ]
}

#[test]
fn what_came_changed_and_went_is_found_however_the_server_tells() {
    for setup in kinds() {
        let server = setup.start();
        let mut other = server.client(USER);
        other.append("INBOX", &[], letters(0..60));
        other.append("Archive", &["\\Seen"], letters(60..70));
        let desk = Desk::at(&server);
        desk.sync();
        let before = desk.letters("INBOX");

        other.append("INBOX", &["\\Flagged"], letters(100..105));
        other.flag("INBOX", "3,5,10:12", &["\\Seen", "$label2"]);
        other.unflag("Archive", "2:4", &["\\Seen"]);
        other.delete("INBOX", "20:29,1,60");
        other.move_to("INBOX", "40:42", "Archive");
        other.copy("INBOX", "44", "Archive");
        let told = desk.sync();
        assert_eq!(told.counts(), (5 + 4, 5 + 3, 12 + 3));
        desk.is_true_to(&server);
        // What stayed is the same letter as before.
        let after = desk.letters("INBOX");
        assert!(after.iter().filter(|(uid, _)| **uid <= 60).all(|(u, id)| before[u] == *id));
        assert_eq!(desk.sync().counts(), (0, 0, 0));
        desk.is_true_to(&server);
    }
}

#[test]
fn a_change_of_flags_alone_costs_little() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..400));
    let desk = Desk::at(&server);
    desk.sync();
    server.client(USER).flag("INBOX", "77", &["\\Seen"]);
    let told = desk.sync();
    assert_eq!(told.counts(), (0, 1, 0));
    assert!(told.bytes() < 5000, "{}", told.done());
    assert!(told.done()["round_trips"].as_u64().unwrap() <= 8, "{}", told.done());
    desk.is_true_to(&server);
}

#[test]
fn a_folder_that_was_emptied_is_empty_here() {
    for setup in kinds() {
        let server = setup.start();
        let mut other = server.client(USER);
        other.append("INBOX", &[], letters(0..20));
        let desk = Desk::at(&server);
        desk.sync();
        other.delete("INBOX", "1:*");
        assert_eq!(desk.sync().counts(), (0, 0, 20));
        desk.is_true_to(&server);
        assert_eq!(desk.home.found("lorem").len(), 0);
    }
}

#[test]
fn folders_come_and_go_and_keep_their_letters_when_renamed() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    other.create("Projects");
    other.create("Projects/Kiln");
    other.append("Projects/Kiln", &["\\Seen"], letters(0..40));
    other.create("Old");
    other.append("Old", &[], letters(40..45));
    let desk = Desk::at(&server);
    desk.sync();
    let before = desk.letters("Projects/Kiln");

    other.rename("Projects/Kiln", "Projects/가마");
    other.remove_folder("Old");
    other.create("New");
    other.append("New", &[], letters(45..47));
    let told = desk.sync();
    assert_eq!(told.counts(), (2, 0, 5));
    desk.is_true_to(&server);
    // Not fetched again: the same letters.
    assert_eq!(desk.letters("Projects/가마"), before);
}

#[test]
fn letters_are_not_fetched_again_when_the_server_counts_anew() {
    let mut server = Dovecot::new();
    server.deliver(USER, letters(0..50));
    let mut other = server.client(USER);
    other.append("INBOX", &["\\Flagged"], [letter(3)]);
    let desk = Desk::at(&server);
    desk.sync();
    let before: Vec<_> = desk.letters("INBOX").into_values().collect();
    other.delete("INBOX", "10");
    drop(other);
    // Another UIDVALIDITY, and other UIDs.
    server.stop();
    let maildir = server.home(USER).join("Maildir");
    for name in std::fs::read_dir(&maildir).unwrap() {
        let path = name.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("dovecot.index") || name == "dovecot-uidvalidity" {
            std::fs::remove_file(&path).unwrap();
        }
        if name == "dovecot-uidlist" {
            let list = std::fs::read_to_string(&path).unwrap();
            let (first, rest) = list.split_once('\n').unwrap();
            let head: Vec<&str> = first
                .split(' ')
                .map(|word| match word.as_bytes()[0] {
                    b'V' => "V1234567",
                    b'N' => "N2000",
                    _ => word,
                })
                .collect();
            let moved: String = rest
                .lines()
                .map(|line| {
                    let (uid, tail) = line.split_once(' ').unwrap();
                    format!("{} {tail}\n", uid.parse::<u32>().unwrap() + 1000)
                })
                .collect();
            std::fs::write(&path, format!("{}\n{moved}", head.join(" "))).unwrap();
        }
    }
    server.go_on();
    server.client(USER).append("INBOX", &[], [letter(99)]);
    let told = desk.sync();
    desk.is_true_to(&server);
    assert_eq!(told.counts().0, 1, "{}", told.done());
    let after = desk.letters("INBOX");
    assert_eq!(after.keys().next(), Some(&1001));
    let same = after.values().filter(|id| before.contains(id)).count();
    assert_eq!(same, 50, "the same letters as before");
    assert_eq!(desk.sync().counts(), (0, 0, 0));
}

#[test]
fn what_the_user_did_offline_stays_while_the_server_says_otherwise() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    other.append("INBOX", &[], letters(0..10));
    let desk = Desk::at(&server);
    desk.sync();
    let letters = desk.letters("INBOX");
    let archive = desk.mailbox(ACCOUNT, "Archive").unwrap().id;
    {
        let store = desk.store();
        let change = FlagChange::flags(Flags::FLAGGED, Flags::NONE);
        store.act(&Act::Flag(vec![letters[&2]], change)).unwrap();
        store.act(&Act::Move(vec![letters[&4]], archive)).unwrap();
        store.act(&Act::DeleteForGood(vec![letters[&6]])).unwrap();
    }
    other.flag("INBOX", "2", &["\\Seen"]);
    other.flag("INBOX", "4,6", &["\\Seen"]);
    // Whether or not the pass brings it to the server: it is not undone here.
    desk.sync();
    let store = desk.store();
    let row = store.letter(letters[&2]).unwrap();
    assert_eq!(row.flags, Flags::FLAGGED.with(Flags::SEEN));
    let uids: Vec<u32> = desk.letters("INBOX").into_keys().collect();
    assert_eq!(uids, [1, 2, 3, 5, 7, 8, 9, 10]);
    assert_eq!(store.letter(letters[&4]).unwrap().folder, "Archive");
    assert!(store.letter(letters[&6]).is_err());
    desk.home.check();
}

#[test]
fn many_letters_that_change_at_once_all_change_here() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..1500));
    let desk = Desk::at(&server);
    desk.sync();
    let mut other = server.client(USER);
    other.flag("INBOX", "1:*", &["\\Seen"]);
    other.delete("INBOX", "3:1200");
    other.append("INBOX", &[], letters(2000..2100));
    assert_eq!(desk.sync().counts(), (100, 302, 1198));
    desk.is_true_to(&server);
}
