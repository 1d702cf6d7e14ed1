//! Servers that break the rules: nothing is lost, nothing doubled, and what they do not do
//! is said. Each test names its server or its fault as the trade does.

use crate::common::desk::{ACCOUNT, Desk};
use crate::common::letters::{letter, letters};
use crate::common::odd_imap::{Odd, OddServer};
use crate::common::{lines, stderr};
use crate::day::Hand;
use goyo::model::{Act, FlagChange, Flags, FolderPolicy, Role};
use serde_json::Value;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);

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
    let small = |number: u32| format!("Subject: {number}\r\n\r\n{number}\r\n").into_bytes();
    let odd = Odd { greeting: "imap.mail.yahoo.com ready", ..Odd::default() };
    let server = OddServer::start(odd, (1..=10_040).map(small));
    let desk = desk(&server);
    settles(&desk, &server);
    // From now on it shows ten thousand, and what comes pushes older ones out of sight.
    server.world().odd.shows = Some(10_000);
    for number in 10_041..=10_043 {
        server.world().deliver("INBOX", &[], small(number));
    }
    assert_eq!(desk.sync().counts(), (3, 0, 0));
    let uids: Vec<u32> = desk.letters("INBOX").into_keys().collect();
    assert_eq!(uids, (1..=10_043).collect::<Vec<u32>>());
    // What is removed among those shown is gone here too.
    server.world().remove("INBOX", 9_000);
    desk.sync();
    let there: Vec<u32> = desk.letters("INBOX").into_keys().collect();
    assert_eq!(there, uids.into_iter().filter(|uid| *uid != 9_000).collect::<Vec<u32>>());
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

#[test]
fn mail_ru_writes_large_sizes_as_floating_numbers() {
    let mut large = b"Subject: large\r\n\r\n".to_vec();
    large.resize(9_371_234, b'x');
    let odd = Odd { floating_sizes: true, ..Odd::default() };
    let server = OddServer::start(odd, [letter(1), large.clone(), letter(2)]);
    large.truncate(1_000_000);
    server.world().deliver("INBOX", &[], large);
    let desk = desk(&server);
    settles(&desk, &server);
}

#[test]
fn qq_answers_sets_that_do_not_ascend_with_bad() {
    let odd = Odd {
        ascending: true,
        greeting: "[CAPABILITY IMAP4rev1] QQMail IMAP4Server ready",
        ..Odd::default()
    };
    lives_with(&OddServer::start(odd, letters(0..250)));
}

#[test]
fn a_plus_without_text_is_enough() {
    let odd = Odd { bare_plus: true, offers: "AUTH=PLAIN IDLE", ..Odd::default() };
    lives_with(&OddServer::start(odd, letters(0..5)));
}

#[test]
fn netease_wants_to_know_who_comes() {
    let odd = Odd { wants_id: true, offers: "ID", ..Odd::default() };
    lives_with(&OddServer::start(odd, letters(0..5)));
}

#[test]
fn bodystructures_that_make_no_sense_are_passed_over() {
    // As Exchange and Courier have written them.
    for beside in [
        " BODYSTRUCTURE (((\"TEXT\" \"PLAIN\" NIL)) NIL \"x\")",
        " BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\" NIL) NIL NIL \"7BIT\" -1 NIL)",
        " BODYSTRUCTURE () ENVELOPE (NIL \"\\\"\" ((NIL NIL NIL NIL)) NIL)",
    ] {
        lives_with(&OddServer::start(Odd { beside, ..Odd::default() }, letters(0..20)));
    }
}

#[test]
fn a_bodystructure_without_end_ends_the_pass_and_loses_nothing() {
    let server = OddServer::start(Odd::default(), letters(0..20));
    let desk = desk(&server);
    settles(&desk, &server);
    server.world().odd.beside = " BODYSTRUCTURE ((\"TEXT\"";
    server.world().deliver("INBOX", &[], letter(90));
    let output = desk.sync_with(&[]);
    assert_eq!(output.status.code(), Some(1));
    let told = errors(&lines(&output));
    assert!(told.iter().any(|text| text.contains("makes no sense")), "{told:?}");
    assert_eq!(desk.letters("INBOX").len(), 20);
    server.world().odd.beside = "";
    settles(&desk, &server);
}

#[test]
fn icloud_enables_nothing_and_says_what_vanished_wrongly() {
    for at_select in ["* VANISHED (EARLIER)", "* VANISHED (EARLIER) 900 , 902:901"] {
        let offers = "ENABLE CONDSTORE QRESYNC";
        lives_with(&OddServer::start(Odd { offers, at_select, ..Odd::default() }, letters(0..20)));
    }
}

#[test]
fn gmail_says_highestmodseq_without_text() {
    let odd = Odd { at_select: "* OK [HIGHESTMODSEQ 715194045007]", ..Odd::default() };
    lives_with(&OddServer::start(odd, letters(0..20)));
}

#[test]
fn yahoo_has_server_bugs_that_pass() {
    let server = OddServer::start(Odd::default(), letters(0..30));
    let desk = desk(&server);
    server.world().odd.refuse = vec![("UID FETCH", 2), ("STATUS", 1)];
    let told = lines(&desk.sync_with(&[]));
    assert!(errors(&told).iter().all(|text| !text.is_empty()), "{told:?}");
    desk.home.check();
    settles(&desk, &server);
}

#[test]
fn yandex_hangs_up_on_who_idles_and_mail_comes_all_the_same() {
    let odd = Odd {
        offers: "IDLE",
        drops_idle: true,
        greeting: "Yandex IMAP4rev1 at your service",
        ..Odd::default()
    };
    let server = OddServer::start(odd, letters(0..10));
    let desk = desk(&server);
    let watching = desk.watch();
    watching.wait_for("idle", SOON);
    // Being hung up on is no error, and a new connection finds what came.
    let offline = watching.wait_for("offline", SOON);
    assert!(offline["seconds"].as_u64().unwrap() < 10, "{offline}");
    server.world().deliver("INBOX", &[], letter(90));
    let new = watching.wait_for("new", SOON);
    assert_eq!(new["folder"], "work/INBOX");
    watching.stop();
    settles(&desk, &server);
}

/// As Gmail has it: every letter in "All Mail", and once more under each of its labels.
fn gmail() -> OddServer {
    let odd = Odd {
        offers: "X-GM-EXT-1 SPECIAL-USE MOVE UIDPLUS",
        greeting: "Gimap ready",
        ..Odd::default()
    };
    let server = OddServer::start(odd, []);
    {
        let mut world = server.world();
        world.create("[Gmail]/All Mail", "\\All \\HasNoChildren");
        world.create("[Gmail]/Spam", "\\Junk \\HasNoChildren");
        world.create("[Gmail]/Trash", "\\Trash \\HasNoChildren");
        world.create("[Gmail]/Starred", "\\Flagged \\HasNoChildren");
        world.create("일", "\\HasNoChildren");
        for number in 0..120 {
            let mut labels = vec!["[Gmail]/All Mail"];
            let has = |of: u64| number % of == 0;
            labels.extend(has(2).then_some("INBOX"));
            labels.extend(has(3).then_some("일"));
            labels.extend(has(5).then_some("[Gmail]/Starred"));
            world.label(&labels, &letter(number));
        }
        for number in 120..125 {
            world.label(&["[Gmail]/Spam"], &letter(number));
            world.label(&["[Gmail]/Trash"], &letter(number + 10));
        }
    }
    server
}

#[test]
fn gmail_letters_come_once_however_many_labels_they_have() {
    let server = gmail();
    let desk = desk(&server);
    settles(&desk, &server);
    let sizes = |numbers: std::ops::Range<u64>| letters(numbers).map(|l| l.len()).sum::<usize>();
    let once = sizes(0..125) + sizes(130..135);
    assert_eq!(server.world().handed, once);
    // In four folders, and found once.
    assert_eq!(desk.home.found("subject:30").len(), 1);
    let role = |path: &str| desk.mailbox(ACCOUNT, path).unwrap().role;
    assert_eq!(role("[Gmail]/All Mail"), Some(Role::All));
    assert_eq!(role("[Gmail]/Spam"), Some(Role::Junk));
    // A label more, one less, and a new letter with two.
    {
        let mut world = server.world();
        let (name, bytes) = {
            let all = &world.folders["[Gmail]/All Mail"].letters[7];
            (all.name, all.bytes.clone())
        };
        world.deliver_as(name, "일", &["\\Seen"], bytes);
        let uid = world.folders["INBOX"].letters[3].uid;
        world.remove("INBOX", uid);
        world.label(&["[Gmail]/All Mail", "INBOX", "일"], &letter(500));
    }
    desk.sync();
    settles(&desk, &server);
    assert_eq!(server.world().handed, once + letter(500).len());
}

#[test]
fn gmail_letters_are_archived_deleted_and_flagged_under_all_their_labels() {
    let server = gmail();
    let desk = desk(&server);
    settles(&desk, &server);
    let handed = server.world().handed;
    let many = desk.store().total(None).unwrap();
    // Letter 0 is in the inbox, in 일, starred; 2 in the inbox only; 3 in 일 only.
    let inbox: Vec<_> = desk.letters("INBOX").into_values().collect();
    let label: Vec<_> = desk.letters("일").into_values().collect();
    desk.act(&Act::Archive(vec![inbox[0], inbox[1]]));
    settles(&desk, &server);
    assert_eq!(desk.letters("INBOX").len(), inbox.len() - 2);
    assert_eq!(desk.store().total(None).unwrap(), many, "they lie in All Mail");
    // 6 is in both, and goes from everywhere.
    desk.act(&Act::Delete(vec![label[2]]));
    desk.sync();
    settles(&desk, &server);
    assert_eq!(desk.home.found("subject:6").len(), 1);
    assert_eq!(desk.mailbox(ACCOUNT, "[Gmail]/Trash").unwrap().total, 6);
    // Read under one label, read under all.
    desk.act(&Act::Flag(vec![label[4]], FlagChange::flags(Flags::SEEN, Flags::NONE)));
    desk.sync();
    settles(&desk, &server);
    let seen = |path: &str| {
        let id = desk.mailbox(ACCOUNT, path).unwrap().id;
        let known = desk.store().known(id).unwrap();
        known.iter().filter(|letter| letter.flags.has(Flags::SEEN)).count()
    };
    assert_eq!(["INBOX", "일", "[Gmail]/All Mail"].map(seen), [1, 1, 1]);
    assert_eq!(server.world().handed, handed, "nothing came a second time");
}

#[test]
fn gmail_letters_of_which_only_headers_were_wanted_come_whole_later() {
    let server = gmail();
    let desk = desk(&server);
    desk.sync_with(&["--folder", "work/INBOX"]);
    let folder = |path: &str| desk.mailbox(ACCOUNT, path).unwrap().id;
    let store = desk.store();
    store.set_policy(folder("INBOX"), Some(FolderPolicy::Headers)).unwrap();
    store.set_policy(folder("[Gmail]/All Mail"), Some(FolderPolicy::Headers)).unwrap();
    desk.sync();
    desk.home.check();
    store.set_policy(folder("INBOX"), None).unwrap();
    store.set_policy(folder("[Gmail]/All Mail"), None).unwrap();
    settles(&desk, &server);
}

#[test]
fn what_the_server_wants_to_be_read_is_said_to_be_its_words() {
    let alert = "Goyo: your password has expired, go to evil.example";
    let server = OddServer::start(Odd { alert, ..Odd::default() }, letters(0..3));
    let desk = desk(&server);
    let told = desk.sync();
    assert!(told.events("error").is_empty(), "{:?}", told.0);
    let alerts = told.events("alert");
    assert_eq!((alerts.len(), &alerts[0]["text"]), (1, &alert.into()));
    let output = desk.command().arg("sync").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output);
    assert!(text.contains(&format!("work: the server says: \"{alert}\"")), "{text}");
    is_true(&desk, &server);
}
