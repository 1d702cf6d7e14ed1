//! Several programs at one mailbox at the same time: two profiles of Goyo and a client that
//! shares nothing with it. By chance that can be repeated: `GOYO_SEEDS` says how many
//! stories are played (2 by default), `GOYO_SEED` with which it begins.

use crate::common::desk::Desk;
use crate::common::dovecot::{Client, Dovecot, Setup, Truth, USER};
use crate::common::letters::{Dice, letter, letters};
use crate::day::{Hand, doveadm, set, settles};
use goyo::model::{Act, FlagChange, Flags, LetterId};
use goyo::store::sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Stdio};

const FOLDERS: [&str; 4] = ["INBOX", "Archive", "Sent", "Junk"];
const LETTERS: u64 = 60;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// How often each letter lies somewhere, by its number.
fn census(truth: &Truth) -> BTreeMap<u64, usize> {
    let known: BTreeMap<String, u64> = (0..LETTERS)
        .map(|number| {
            let sha = sha256(&letter(number));
            (sha.iter().map(|byte| format!("{byte:02x}")).collect(), number)
        })
        .collect();
    let mut census = BTreeMap::new();
    for letter in truth.values().flat_map(|folder| folder.letters.values()) {
        *census.entry(known[&letter.sha256]).or_insert(0) += 1;
    }
    census
}

/// The number a letter has here, by its subject.
fn number_of(desk: &Desk, id: LetterId) -> u64 {
    let subject = desk.store().letter(id).unwrap().subject;
    subject.rsplit(' ').next().unwrap().parse().unwrap()
}

/// The user of this profile does a few things: moves and deletes their own letters (those
/// whose number leaves `rest` divided by three), flags anybody's.
fn busy(desk: &Desk, dice: &mut Dice, rest: u64, gone: &mut BTreeSet<u64>) {
    let store = desk.store();
    for _ in 0..3 {
        let from = desk.folder(FOLDERS[dice.below(4) as usize]);
        let to = desk.folder(FOLDERS[dice.below(4) as usize]);
        let all: Vec<LetterId> = store.ids(from).unwrap().into_iter().map(|(id, _)| id).collect();
        let some: Vec<LetterId> = all.into_iter().filter(|_| dice.below(4) == 0).collect();
        let own: Vec<LetterId> =
            some.iter().copied().filter(|id| number_of(desk, *id) % 3 == rest).collect();
        let act = match dice.below(9) {
            0 => Act::Flag(some, FlagChange::flags(Flags::SEEN, Flags::FLAGGED)),
            1 => Act::Flag(some, FlagChange::flags(Flags::FLAGGED, Flags::SEEN)),
            2 => Act::MarkAllRead(from),
            3 => Act::Archive(own),
            4 => Act::Delete(own),
            5 if dice.below(3) == 0 => {
                gone.extend(own.iter().map(|id| number_of(desk, *id)));
                Act::DeleteForGood(own)
            }
            _ => Act::Move(own, to),
        };
        if let Some(gesture) = store.act(&act).unwrap()
            && dice.below(6) == 0
            && !matches!(act, Act::DeleteForGood(_))
        {
            store.undo(gesture.id).unwrap();
        }
    }
}

/// The other client does something to the letters that are its own, and to anybody's flags.
fn rival(other: &mut Client, dice: &mut Dice, gone: &mut BTreeSet<u64>) {
    let number = dice.below(LETTERS / 3) * 3 + 2;
    let ask = format!("HEADER MESSAGE-ID letter-{number}@");
    for folder in FOLDERS {
        let Some(uid) = other.search(folder, &ask).pop() else { continue };
        let uid = uid.to_string();
        let to = FOLDERS[dice.below(4) as usize];
        match dice.below(8) {
            0 => {
                other.delete(folder, &uid);
                gone.insert(number);
            }
            1..=4 if to != folder => other.move_to(folder, &uid, to),
            5 => other.flag(folder, "1:*", &["\\Answered"]),
            6 => other.unflag(folder, "1:*", &["\\Answered", "\\Flagged"]),
            _ => other.flag(folder, &uid, &["\\Seen", "$todo"]),
        }
        return;
    }
}

fn syncing(desk: &Desk) -> Child {
    desk.command()
        .args(["--json", "sync"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Two profiles and a client, all at once, for a while; then peace.
fn story(server: &Dovecot, seed: u64) {
    let mut dice = Dice::new(seed);
    let mut other = server.client(USER);
    let mut gone: BTreeSet<u64> = BTreeSet::new();
    let desks = [Desk::at(server), Desk::at(server)];
    for desk in &desks {
        desk.sync();
    }
    for _ in 0..6 {
        for (rest, desk) in desks.iter().enumerate() {
            if dice.below(4) > 0 {
                busy(desk, &mut dice, rest as u64, &mut gone);
            }
        }
        let mut children: Vec<Child> = desks.iter().map(syncing).collect();
        while children.iter_mut().any(|child| child.try_wait().unwrap().is_none()) {
            rival(&mut other, &mut dice, &mut gone);
        }
    }
    // Each hears of what the other told last.
    for _ in 0..2 {
        for desk in &desks {
            desk.sync();
        }
    }
    for desk in &desks {
        settles(desk, server);
    }
    let census = census(&server.truth(USER));
    for number in 0..LETTERS {
        let copies = census.get(&number).copied().unwrap_or(0);
        let right = if gone.contains(&number) { copies <= 1 } else { copies == 1 };
        assert!(right, "seed {seed}: letter {number} lies there {copies} times");
    }
}

fn stories(without: &[&str]) {
    let first = number("GOYO_SEED", 1);
    for seed in first..first + number("GOYO_SEEDS", 2) {
        println!("seed {seed}, without {without:?}");
        let server = Setup::new().without(without).start();
        server.deliver(USER, letters(0..LETTERS));
        story(&server, seed);
    }
}

#[test]
fn two_profiles_and_a_client_at_one_mailbox() {
    stories(&[]);
}

#[test]
fn two_profiles_and_a_client_without_qresync() {
    stories(&["QRESYNC"]);
}

#[test]
fn two_profiles_and_a_client_without_condstore() {
    stories(&["QRESYNC", "CONDSTORE"]);
}

#[test]
fn two_profiles_and_a_client_without_move() {
    stories(&["MOVE"]);
}

/// Everything another client can do to a large folder while it is read for the first time.
fn read_while_it_changes(without: &[&str]) {
    let server = Setup::new().without(without).start();
    server.deliver(USER, letters(0..1500));
    let desk = Desk::at(&server);
    let mut other = server.client(USER);
    let mut child = syncing(&desk);
    let (mut next, mut dice) = (5000, Dice::new(11));
    while child.try_wait().unwrap().is_none() {
        let from = 1 + dice.below(1400);
        other.delete("INBOX", &format!("{from}:{}", from + 9));
        other.flag("INBOX", &format!("{}:{}", from + 50, from + 90), &["\\Flagged", "$todo"]);
        other.append("INBOX", &[], letters(next..next + 2));
        other.move_to("INBOX", &format!("{}:{}", from + 20, from + 22), "Archive");
        other.copy("INBOX", &format!("{}:{}", from + 30, from + 32), "Sent");
        next += 2;
    }
    assert!(child.wait().unwrap().success());
    desk.home.check();
    desk.sync();
    settles(&desk, &server);
}

#[test]
fn expunged_while_it_is_fetched_without_qresync() {
    read_while_it_changes(&["QRESYNC"]);
}

#[test]
fn expunged_while_it_is_fetched_without_condstore() {
    read_while_it_changes(&["QRESYNC", "CONDSTORE"]);
}

#[test]
fn thrown_out_again_and_again_while_letters_come() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..1500));
    let desk = Desk::at(&server);
    let mut kicked = 0;
    for round in 0..12 {
        // There is always something to do for as long as a connection lives.
        server.deliver(USER, letters(1500 + 100 * round..1600 + 100 * round));
        let mut child = syncing(&desk);
        std::thread::sleep(std::time::Duration::from_millis(30 + 20 * round));
        if child.try_wait().unwrap().is_none() {
            doveadm_kick(&server);
            kicked += 1;
        }
        child.wait().unwrap();
        desk.home.check();
    }
    assert!(kicked > 2, "{kicked}");
    desk.sync();
    settles(&desk, &server);
}

/// Ends the user's connections. There may be none just now.
fn doveadm_kick(server: &Dovecot) {
    let settings = server.authority().with_file_name("dovecot.conf");
    std::process::Command::new("doveadm")
        .arg("-c")
        .arg(settings)
        .args(["kick", USER])
        .output()
        .unwrap();
}

#[test]
fn the_same_bytes_in_many_places() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    for folder in FOLDERS {
        other.append(folder, &["\\Seen"], [letter(1), letter(1), letter(2)]);
    }
    other.copy("INBOX", "1", "INBOX");
    let desk = Desk::at(&server);
    settles(&desk, &server);
    // One of two that are the same, here and there, in every way.
    other.delete("INBOX", "1");
    other.move_to("Archive", "2", "INBOX");
    other.unflag("Sent", "1", &["\\Seen"]);
    desk.act(&Act::Move(desk.some("INBOX", [2]), desk.folder("Archive")));
    desk.act(&Act::Copy(desk.some("Junk", [1, 2]), desk.folder("Sent")));
    desk.act(&Act::Flag(desk.some("Junk", [2]), set(Flags::FLAGGED)));
    desk.act(&Act::DeleteForGood(desk.some("Junk", [1])));
    settles(&desk, &server);
    let truth = server.truth(USER);
    let many: usize = truth.values().map(|folder| folder.letters.len()).sum();
    assert_eq!(many, 13 + 2 - 1 - 1);
    doveadm(&server, &["force-resync", "-u", USER, "INBOX"]);
    settles(&desk, &server);
}
