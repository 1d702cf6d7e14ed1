//! Servers that break the rules: nothing is lost, nothing doubled, and what they do not do
//! is said. Each test names its server or its fault as the trade does.

use crate::common::desk::{ACCOUNT, Desk};
use crate::common::letters::{letter, letters};
use crate::common::odd_imap::{Odd, OddServer};
use crate::common::{lines, stderr};
use serde_json::Value;

fn desk(server: &OddServer) -> Desk {
    let desk = Desk::new();
    desk.account_at(&server.address(), ACCOUNT, "kim", "secret");
    desk
}

fn is_true(desk: &Desk, server: &OddServer) {
    desk.is_true(ACCOUNT, &server.truth());
    desk.home.check();
}

/// Syncs, comes to the truth, and finds nothing more to do.
fn settles(desk: &Desk, server: &OddServer) {
    desk.sync();
    is_true(desk, server);
    assert_eq!(desk.sync().counts(), (0, 0, 0));
    is_true(desk, server);
}

/// First, then with a change of everything.
fn lives_with(server: &OddServer) {
    let desk = desk(server);
    settles(&desk, server);
    {
        let mut world = server.world();
        world.remove("INBOX", 3);
        world.deliver("INBOX", &["\\Flagged", "apple"], letter(500));
        let inbox = world.folders.get_mut("INBOX").unwrap();
        inbox.letters[0].flags = vec!["\\Seen".into(), "zebra".into()];
    }
    assert_eq!(desk.sync().counts(), (1, 1, 1));
    settles(&desk, server);
}

fn errors(told: &[Value]) -> Vec<String> {
    told.iter()
        .filter(|line| line["event"] == "error")
        .map(|line| line["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_server_without_any_extension() {
    lives_with(&OddServer::start(Odd::default(), letters(0..70)));
}

#[test]
fn winmail_and_163_tell_no_uidnext() {
    lives_with(&OddServer::start(Odd { no_uidnext: true, ..Odd::default() }, letters(0..20)));
}

#[test]
fn a_server_that_refuses_status() {
    lives_with(&OddServer::start(Odd { no_status: true, ..Odd::default() }, letters(0..20)));
}

#[test]
fn letters_told_twice_and_in_any_order() {
    let odd = Odd { twice: true, backwards: true, chatty: true, ..Odd::default() };
    let server = OddServer::start(odd, letters(0..30));
    let desk = desk(&server);
    settles(&desk, &server);
}

#[test]
fn sizes_that_are_wrong_either_way() {
    for size_off in [-50, 37, 4000] {
        let server = OddServer::start(Odd { size_off, ..Odd::default() }, letters(0..20));
        lives_with(&server);
    }
}

#[test]
fn large_letters_whose_sizes_are_wrong() {
    let large = |megabytes: usize| {
        let mut large = b"Subject: large\r\n\r\n".to_vec();
        large.resize(megabytes * 1024 * 1024, b'x');
        large
    };
    for size_off in [-1_500_000, 2_500_000] {
        let odd = Odd { size_off, ..Odd::default() };
        let server = OddServer::start(odd, [letter(1), large(4), large(5), letter(2)]);
        let desk = desk(&server);
        desk.sync();
        is_true(&desk, &server);
    }
}

#[test]
fn a_server_that_hands_over_no_pieces() {
    let mut large = b"Subject: large\r\n\r\n".to_vec();
    large.resize(3 * 1024 * 1024, b'x');
    let odd = Odd { no_pieces: true, ..Odd::default() };
    let server = OddServer::start(odd, [letter(1), large, letter(2)]);
    let desk = desk(&server);
    desk.sync();
    is_true(&desk, &server);
}

#[test]
fn no_uidvalidity_means_that_uids_mean_nothing_tomorrow() {
    let odd = Odd { no_uidvalidity: true, ..Odd::default() };
    let server = OddServer::start(odd, letters(0..20));
    let desk = desk(&server);
    desk.sync();
    is_true(&desk, &server);
    let before: Vec<_> = desk.letters("INBOX").into_values().collect();
    // The same letters under other UIDs, one less, one more.
    {
        let mut world = server.world();
        let inbox = world.folders.get_mut("INBOX").unwrap();
        inbox.letters.remove(4);
        for letter in &mut inbox.letters {
            letter.uid += 300;
        }
        inbox.uidnext = 400;
        world.deliver("INBOX", &[], letter(90));
    }
    let told = desk.sync();
    is_true(&desk, &server);
    assert_eq!(told.counts().0, 1);
    let after = desk.letters("INBOX");
    assert_eq!(after.values().filter(|id| before.contains(id)).count(), 19);
}

#[test]
fn uidvalidity_of_zero_is_lived_with() {
    let server = OddServer::start(Odd::default(), letters(0..5));
    server.world().folders.get_mut("INBOX").unwrap().uidvalidity = 0;
    let desk = desk(&server);
    desk.sync();
    is_true(&desk, &server);
    desk.sync();
    is_true(&desk, &server);
}

#[test]
fn a_refusal_is_never_an_empty_answer() {
    // async-imap issue 95: a tagged NO that looked like "there is nothing".
    for command in ["UID FETCH", "FETCH", "SELECT", "STATUS", "LIST", "LSUB"] {
        let server = OddServer::start(Odd::default(), letters(0..20));
        let desk = desk(&server);
        settles(&desk, &server);
        server.world().deliver("INBOX", &[], letter(90));
        server.world().odd.refuse = vec![(command, 1)];
        let output = desk.sync_with(&[]);
        let kept = desk.letters("INBOX").len();
        assert!(kept >= 20, "{command}: {kept} left; {}", stderr(&output));
        desk.home.check();
        settles(&desk, &server);
    }
}

#[test]
fn a_list_that_names_no_folder_removes_none() {
    let server = OddServer::start(Odd::default(), letters(0..10));
    let desk = desk(&server);
    settles(&desk, &server);
    server.world().odd.list_nothing = true;
    desk.sync_with(&[]);
    assert_eq!(desk.letters("INBOX").len(), 10);
    settles(&desk, &server);
}

#[test]
fn half_a_list_removes_nothing() {
    let server = OddServer::start(Odd::default(), letters(0..30));
    let desk = desk(&server);
    settles(&desk, &server);
    server.world().odd.half_a_list = true;
    server.world().deliver("INBOX", &[], letter(90));
    desk.sync_with(&[]);
    assert!(desk.letters("INBOX").len() >= 30);
    settles(&desk, &server);
}

#[test]
fn letters_that_vanish_between_two_commands() {
    let odd = Odd { vanishing: vec![4, 5, 19], ..Odd::default() };
    let server = OddServer::start(odd, letters(0..20));
    let desk = desk(&server);
    desk.sync();
    is_true(&desk, &server);
    assert_eq!(desk.letters("INBOX").len(), 17);
    settles(&desk, &server);
}

#[test]
fn exchange_cannot_read_some_letters_and_the_others_come() {
    let odd = Odd { broken: vec![7], ..Odd::default() };
    let server = OddServer::start(odd, letters(0..20));
    let desk = desk(&server);
    let output = desk.sync_with(&[]);
    let told = lines(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&told).iter().any(|text| text.contains("letter 7")), "{told:?}");
    assert_eq!(desk.letters("INBOX").len(), 19);
    desk.home.check();
    // Once it can, it comes.
    server.world().odd.broken.clear();
    settles(&desk, &server);
}

#[test]
fn yahoo_shows_the_newest_only_and_what_is_older_stays() {
    let server = OddServer::start(Odd::default(), letters(0..40));
    let desk = desk(&server);
    settles(&desk, &server);
    // From now on it shows ten, as Yahoo shows ten thousand.
    server.world().odd.greeting = "imap.mail.yahoo.com ready";
    server.world().odd.shows = Some(10);
    for number in 100..103 {
        server.world().deliver("INBOX", &[], letter(number));
    }
    desk.sync_with(&[]);
    let uids: Vec<u32> = desk.letters("INBOX").into_keys().collect();
    assert_eq!(uids, (1..=43).collect::<Vec<u32>>());
    // What is removed among those shown is gone here too.
    server.world().remove("INBOX", 40);
    desk.sync_with(&[]);
    assert!(!desk.letters("INBOX").contains_key(&40));
    assert!(desk.letters("INBOX").contains_key(&1));
    desk.home.check();
}

#[test]
fn a_connection_that_breaks_inside_a_letter() {
    let total: usize = letters(0..60).map(|letter| letter.len()).sum();
    for part in [3, 11, 17, 29] {
        let odd = Odd { hangs_up_after: Some(total * part / 30), ..Odd::default() };
        let server = OddServer::start(odd, letters(0..60));
        let desk = desk(&server);
        desk.sync_with(&[]);
        desk.home.check();
        settles(&desk, &server);
    }
}

#[test]
fn a_folder_whose_name_differs_in_case_only() {
    let server = OddServer::start(Odd::default(), letters(0..2));
    {
        let mut world = server.world();
        for name in ["Lists", "lists", "LISTS/rust"] {
            let folder = world.folders["INBOX"].clone();
            world.folders.insert(name.into(), folder);
        }
    }
    let desk = desk(&server);
    settles(&desk, &server);
}
