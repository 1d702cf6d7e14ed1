//! Where servers say no or have only so much: quota, rights, shared folders, and folders
//! and letters of sizes that take more than one step.

use crate::common::desk::{ACCOUNT, Desk};
use crate::common::dovecot::{Dovecot, Setup, USER};
use crate::common::letters::{letter, letters};
use crate::common::lines;
use crate::day::{Hand, set, settles};
use goyo::model::{Act, FlagChange, Flags, FolderPolicy};
use serde_json::Value;
use std::time::{Duration, Instant};

fn new_form() -> bool {
    let version = std::process::Command::new("dovecot").arg("--version").output().unwrap();
    !version.stdout.starts_with(b"2.3")
}

/// A large letter of lines that all differ.
fn large(megabytes: usize) -> Vec<u8> {
    let mut letter = b"Subject: large\r\nMessage-ID: <large@test.example>\r\n\r\n".to_vec();
    let mut number = 0_u64;
    while letter.len() < megabytes * 1024 * 1024 {
        letter.extend_from_slice(format!("{number:x} {}\r\n", "+/=-".repeat(15)).as_bytes());
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    }
    letter
}

/// 400 KiB for every account.
fn quota() -> &'static str {
    match new_form() {
        true => {
            "mail_plugins = quota\nquota User {\n  storage_size = 400k\n  storage_grace = 0\n}\n\
             protocol imap {\n  mail_plugins = quota imap_quota\n}"
        }
        false => {
            "mail_plugins = quota\nplugin {\n  quota = count:User\n  quota_rule = *:storage=400K\n  \
             quota_grace = 0\n  quota_vsizes = yes\n}\nprotocol imap {\n  mail_plugins = quota imap_quota\n}"
        }
    }
}

#[test]
fn how_full_the_mailbox_is_is_told() {
    let server = Setup::new().set(quota()).start();
    let mut bytes = b"Subject: bulky\r\n\r\n".to_vec();
    bytes.resize(150_000, b'x');
    server.client(USER).append("INBOX", &[], [bytes]);
    let desk = Desk::at(&server);
    let watching = desk.watch();
    let told = watching.wait_for("quota", Duration::from_secs(30));
    assert_eq!(told["allowed"], 400 * 1024);
    // The server counts in KiB.
    let used = told["used"].as_u64().unwrap();
    assert!((149_000..=151_000).contains(&used), "{told}");
    watching.stop();
}

#[test]
fn a_full_mailbox_takes_no_copy_and_loses_none() {
    let server = Setup::new().set(quota()).start();
    let mut other = server.client(USER);
    let mut bytes = b"Subject: bulky\r\n\r\n".to_vec();
    bytes.resize(150_000, b'x');
    other.append("INBOX", &[], [letter(1), bytes.clone()]);
    bytes.resize(160_000, b'y');
    other.append("INBOX", &[], [bytes]);
    let desk = Desk::at(&server);
    settles(&desk, &server);
    // A copy does not fit, a move does.
    let archive = desk.folder("Archive");
    desk.act(&Act::Copy(desk.some("INBOX", [2]), archive));
    desk.act(&Act::Flag(desk.some("INBOX", [1]), set(Flags::SEEN)));
    let told = lines(&desk.sync_with(&[]));
    let back: Vec<&Value> = told.iter().filter(|line| line["event"] == "rolled_back").collect();
    assert_eq!(back.len(), 1, "{told:?}");
    assert_eq!(back[0]["kind"], "copy");
    assert!(!back[0]["reason"].as_str().unwrap().is_empty());
    settles(&desk, &server);
    desk.act(&Act::Move(desk.some("INBOX", [1]), archive));
    settles(&desk, &server);
    assert_eq!(server.truth(USER)["Archive"].letters.len(), 1);
    // Once there is room again, it goes.
    other.delete("INBOX", "3");
    desk.sync();
    desk.act(&Act::Copy(desk.some("INBOX", [2]), archive));
    settles(&desk, &server);
    assert_eq!(server.truth(USER)["Archive"].letters.len(), 2);
}

/// Folders that are there for everybody: `lee` may do everything, `kim` has these rights
/// (RFC 4314).
fn shared(rights: &[(&str, &str)]) -> Dovecot {
    let setup = Setup::new().user("lee", "another");
    let server = match new_form() {
        true => setup.set(
            "mail_plugins = acl\nprotocol imap {\n  mail_plugins = acl imap_acl\n}\n\
             acl_driver = vfile\nnamespace public {\n  type = public\n  separator = /\n  \
             prefix = Public/\n  mail_driver = maildir\n  mail_path = %{home}/../public\n  \
             subscriptions = no\n  list = yes\n}\nnamespace inbox {\n  subscriptions = yes\n}",
        ),
        false => setup.set(
            "mail_plugins = acl\nprotocol imap {\n  mail_plugins = acl imap_acl\n}\n\
             plugin {\n  acl = vfile\n}\nnamespace public {\n  type = public\n  separator = /\n  \
             prefix = Public/\n  location = maildir:%h/../public\n  \
             subscriptions = no\n  list = yes\n}",
        ),
    }
    .start();
    let root = server.home("public");
    for (name, rights) in rights {
        let folder = root.join(format!(".{name}"));
        for part in ["cur", "new", "tmp"] {
            std::fs::create_dir_all(folder.join(part)).unwrap();
        }
        let all = format!("user=lee lrwstipekxa\nuser={USER} {rights}\n");
        std::fs::write(folder.join("dovecot-acl"), all).unwrap();
    }
    // It belongs to whom mail belongs to.
    let mut own = std::process::Command::new("chown");
    let like = format!("--reference={}", root.parent().unwrap().display());
    assert!(own.args(["-R", &like]).arg(&root).status().unwrap().success());
    let mut lee = server.client("lee");
    for (name, _) in rights {
        lee.append(&format!("Public/{name}"), &[], letters(0..6));
    }
    server
}

/// UIDs of a folder, as who may read it is told.
fn shared_truth(server: &Dovecot, name: &str) -> Vec<u32> {
    server.truth(USER)[name].letters.keys().copied().collect()
}

#[test]
fn a_shared_folder_that_may_only_be_read() {
    let server = shared(&[("Notices", "lr")]);
    server.client(USER).append("INBOX", &[], letters(10..12));
    let path = "Public/Notices";
    let mut kim = server.client(USER);
    kim.act(&serde_json::json!({"do": "subscribe", "folder": path}));
    let desk = Desk::at(&server);
    desk.sync();
    assert_eq!(desk.letters(path).into_keys().collect::<Vec<u32>>(), shared_truth(&server, path));
    desk.is_true_to(&server);
    // What the server does not take is taken back, or never sent; nothing is lost.
    desk.act(&Act::Move(desk.some(path, [2]), desk.folder("INBOX")));
    desk.act(&Act::DeleteForGood(desk.some(path, [3])));
    desk.act(&Act::Copy(desk.some("INBOX", [1]), desk.folder(path)));
    let told = lines(&desk.sync_with(&[]));
    let back: Vec<&str> = told
        .iter()
        .filter(|line| line["event"] == "rolled_back")
        .map(|line| line["kind"].as_str().unwrap())
        .collect();
    assert_eq!(back, ["move", "delete-for-good", "copy"], "{told:?}");
    desk.sync();
    desk.is_true_to(&server);
    assert_eq!(desk.letters(path).len(), 6);
    assert_eq!(shared_truth(&server, path).len(), 6);
    server.client("lee").flag("Public/Notices", "4", &["\\Flagged"]);
    server.client("lee").append("Public/Notices", &[], [letter(7)]);
    desk.sync();
    desk.sync();
    desk.is_true_to(&server);
}

#[test]
fn a_shared_folder_that_may_be_written_to() {
    let server = shared(&[("Team", "lrwstipe")]);
    let path = "Public/Team";
    let mut kim = server.client(USER);
    kim.act(&serde_json::json!({"do": "subscribe", "folder": path}));
    kim.append("INBOX", &[], letters(10..14));
    let desk = Desk::at(&server);
    settles(&desk, &server);
    desk.act(&Act::Move(desk.some(path, [2]), desk.folder("INBOX")));
    desk.act(&Act::Copy(desk.some("INBOX", [1]), desk.folder(path)));
    desk.act(&Act::Flag(desk.some(path, [3]), set(Flags::FLAGGED)));
    let mut lee = server.client("lee");
    lee.delete("Public/Team", "4");
    lee.append("Public/Team", &[], [letter(30)]);
    settles(&desk, &server);
    let team = &server.truth("lee")["Public/Team"].letters;
    assert_eq!(team.len(), 6 - 1 + 1 - 1 + 1);
    assert!(team[&3].flags.contains(&"\\Flagged".to_owned()));
}

#[test]
fn a_folder_that_may_be_seen_and_not_opened() {
    let server = shared(&[("Closed", "l"), ("Team", "lr")]);
    let mut kim = server.client(USER);
    for name in ["Public/Closed", "Public/Team"] {
        kim.ask(&serde_json::json!({"do": "subscribe", "folder": name}));
    }
    kim.append("INBOX", &[], letters(10..14));
    let desk = Desk::at(&server);
    let output = desk.sync_with(&[]);
    let told = lines(&output);
    // It is told, and everything else is brought in step.
    let errors: Vec<&Value> = told.iter().filter(|line| line["event"] == "error").collect();
    if desk.mailbox(ACCOUNT, "Public/Closed").is_some() {
        assert_eq!(errors.len(), 1, "{told:?}");
        assert!(errors[0]["folder"].as_str().unwrap().ends_with("Closed"));
    }
    assert_eq!(desk.letters("INBOX").len(), 4);
    assert_eq!(desk.letters("Public/Team").len(), 6);
    desk.home.check();
}

#[test]
fn more_keywords_than_fit_on_a_letter() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    other.append("INBOX", &[], letters(0..10));
    let words: Vec<String> = (0..40).map(|number| format!("word{number}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    for (at, some) in words.chunks(8).enumerate() {
        other.flag("INBOX", &format!("{}:{}", at + 1, at + 4), some);
    }
    let desk = Desk::at(&server);
    settles(&desk, &server);
    let mut change = set(Flags::FORWARDED.with(Flags::MDN_SENT));
    change.add_words = ["$todo", "하나", "word3", "Word4"].map(str::to_owned).to_vec();
    change.remove_words = ["word0", "WORD1"].map(str::to_owned).to_vec();
    change.add_words.retain(|word| word.is_ascii());
    desk.act(&Act::Flag(desk.some("INBOX", [1, 2, 9]), change));
    other.unflag("INBOX", "2:3", &["word2", "word8"]);
    settles(&desk, &server);
    let flags = &server.truth(USER)["INBOX"].letters[&9].flags;
    assert!(flags.contains(&"$Forwarded".to_owned()) && flags.contains(&"$todo".to_owned()));
}

#[test]
fn flags_of_a_large_folder_whose_changes_nobody_counts() {
    let server = Setup::new().without(&["QRESYNC", "CONDSTORE"]).start();
    let small = |number: u32| format!("Subject: {number}\r\n\r\n{number}\r\n").into_bytes();
    server.deliver(USER, (0..12_500).map(small));
    let desk = Desk::at(&server);
    desk.sync();
    desk.is_true_to(&server);
    let mut other = server.client(USER);
    // Far from the newest, in the middle, among the newest.
    other.flag("INBOX", "1:20", &["\\Seen"]);
    other.flag("INBOX", "6000:6010,7000", &["\\Flagged", "$todo"]);
    other.flag("INBOX", "12400:12450", &["\\Answered"]);
    // What is newest shows at once; the others in turn, with no pass asking for all.
    let first = desk.sync();
    let many = first.counts().1;
    assert!((51..83).contains(&many), "{}", first.done());
    assert!(first.bytes() < 700_000, "{}", first.done());
    for _ in 0..2 {
        desk.sync();
    }
    desk.is_true_to(&server);
    // A second round finds what changed after the first.
    other.flag("INBOX", "30:40", &["\\Seen"]);
    other.delete("INBOX", "50");
    for _ in 0..3 {
        desk.sync();
    }
    desk.is_true_to(&server);
}

#[test]
fn letters_of_every_size_and_shape() {
    let server = Dovecot::new();
    server.deliver(
        USER,
        [
            Vec::new(),
            b"\n".to_vec(),
            b"no header\n".to_vec(),
            b"Subject: bare ends\nTo: kim\n\nline\nline\n".to_vec(),
            b"Subject: mixed ends\r\n\nline\r\nline\n\r\n".to_vec(),
            b"Subject: no end at all\n\nlast".to_vec(),
            b"Subject: NUL \0 inside\n\n\0\0\0\n".to_vec(),
            [b"Subject: one line\n\n".as_slice(), &vec![b'x'; 1_200_000]].concat(),
            [b"X-Long: ".as_slice(), &vec![b'y'; 300_000], b"\n\nbody\n"].concat(),
            [b"Subject: 8bit\n\n".as_slice(), &(1..=255).collect::<Vec<u8>>()].concat(),
            b"Subject: looks like IMAP\n\n)\r\nA1 OK done\r\n* BYE\r\n* 1 EXPUNGE\r\n".to_vec(),
        ],
    );
    let desk = Desk::at(&server);
    settles(&desk, &server);
}

#[test]
fn a_letter_of_forty_megabytes() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    other.append("INBOX", &[], [letter(1), large(40), letter(2)]);
    let desk = Desk::at(&server);
    settles(&desk, &server);
    // It goes to another folder without coming again.
    let carried = desk.letters("INBOX")[&2];
    desk.act(&Act::Archive(vec![carried]));
    let told = desk.sync();
    assert!(told.bytes() < 1_000_000, "{}", told.done());
    settles(&desk, &server);
    assert_eq!(desk.letters("Archive").into_values().collect::<Vec<_>>(), [carried]);
}

#[test]
fn headers_only_then_some_days_then_everything() {
    let server = Dovecot::new();
    let mut other = server.client(USER);
    let now = jiff::Timestamp::now().as_second();
    let dir = tempfile::tempdir().unwrap();
    // One a week, the oldest first.
    for number in 0..20_u64 {
        let file = dir.path().join(number.to_string());
        std::fs::write(&file, letter(number)).unwrap();
        let date = now - (20 - number as i64) * 7 * 86_400;
        other.act(&serde_json::json!({
            "do": "append", "folder": "INBOX", "files": [file], "date": date
        }));
    }
    let desk = Desk::at(&server);
    let whole = || {
        let id = desk.mailbox(ACCOUNT, "INBOX").unwrap().id;
        let known = desk.store().known(id).unwrap();
        (known.len(), known.iter().filter(|letter| letter.whole).count())
    };
    // Known before anything was fetched.
    desk.sync_with(&["--folder", "work/Archive"]);
    let inbox = desk.mailbox(ACCOUNT, "INBOX").unwrap().id;
    desk.store().set_policy(inbox, Some(FolderPolicy::Headers)).unwrap();
    desk.sync();
    assert_eq!(whole(), (20, 0));
    desk.home.check();
    // Flags, moves and deletions go on without the letters.
    other.flag("INBOX", "3", &["\\Flagged"]);
    other.delete("INBOX", "4");
    desk.act(&Act::Flag(desk.some("INBOX", [5]), set(Flags::SEEN)));
    desk.act(&Act::Archive(desk.some("INBOX", [6])));
    desk.sync();
    assert_eq!(whole(), (18, 0));
    desk.store().set_policy(inbox, Some(FolderPolicy::Days(30))).unwrap();
    desk.sync();
    let (_, some) = whole();
    assert!(some <= 4, "{some}");
    other.append("INBOX", &[], [letter(50)]);
    desk.sync();
    assert_eq!(whole().0, 19);
    desk.store().set_policy(inbox, Some(FolderPolicy::Nothing)).unwrap();
    other.append("INBOX", &[], [letter(51)]);
    desk.sync();
    assert_eq!(whole().0, 19);
    desk.store().set_policy(inbox, None).unwrap();
    desk.sync();
    settles(&desk, &server);
    assert_eq!(whole(), (20, 20));
}

#[test]
fn a_watch_beside_another_that_does_the_same() {
    // Two profiles in IDLE and a client: whatever one does shows in the other.
    let server = Dovecot::new();
    server.deliver(USER, letters(0..40));
    let desks = [Desk::at(&server), Desk::at(&server)];
    let soon = Duration::from_secs(30);
    let watching = desks.each_ref().map(Desk::watch);
    for watch in &watching {
        watch.wait_for("idle", soon);
    }
    let mut other = server.client(USER);
    other.flag("INBOX", "3:5", &["\\Flagged"]);
    other.delete("INBOX", "10:12");
    other.append("INBOX", &["\\Seen"], letters(50..54));
    other.move_to("INBOX", "20", "Archive");
    let limit = Instant::now() + soon;
    let right = |desk: &Desk| {
        let inbox = desk.mailbox(ACCOUNT, "INBOX").unwrap().id;
        let known = desk.store().known(inbox).unwrap();
        let flagged = known.iter().filter(|letter| letter.flags.has(Flags::FLAGGED)).count();
        (known.len(), flagged) == (40 - 3 + 4 - 1, 3)
    };
    while !desks.iter().all(right) {
        assert!(Instant::now() < limit, "it does not show");
        std::thread::sleep(Duration::from_millis(50));
    }
    for watch in watching {
        watch.stop();
    }
    for desk in &desks {
        desk.sync();
    }
    // One tells the server, the other hears of it.
    let change = FlagChange::flags(Flags::SEEN, Flags::FLAGGED);
    desks[0].act(&Act::Flag(desks[0].some("INBOX", [3]), change));
    desks[1].act(&Act::Archive(desks[1].some("INBOX", [4])));
    for desk in [&desks[0], &desks[1], &desks[0]] {
        desk.sync();
    }
    for desk in &desks {
        settles(desk, &server);
    }
}
