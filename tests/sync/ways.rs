//! The same day over every way to a server, and with servers that can do more or less.

use crate::common::desk::{ACCOUNT, Desk};
use crate::common::dovecot::{Dovecot, Format, PASSWORD, Setup, USER, Way};
use crate::common::letters::{letter, letters};
use crate::day::{a_day, settles};
use goyo::model::{Act, Flags};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A profile with an account that reaches the server this way, by its authority.
fn desk_over(server: &Dovecot, way: Way) -> Desk {
    let mut desk = Desk::new();
    desk.authority = Some(server.authority());
    desk.account(server, ACCOUNT, USER, PASSWORD, way);
    desk
}

#[test]
fn over_plain() {
    let server = Dovecot::new();
    a_day(&desk_over(&server, Way::Plain), &server);
}

#[test]
fn over_starttls() {
    let server = Dovecot::new();
    a_day(&desk_over(&server, Way::StartTls), &server);
}

#[test]
fn over_tls() {
    let server = Dovecot::new();
    a_day(&desk_over(&server, Way::Tls), &server);
}

#[test]
fn over_tls_with_a_certificate_that_nobody_but_the_user_vouches_for() {
    let server = Dovecot::new();
    let desk = Desk::new();
    let trust = ["--trust", &server.fingerprint()];
    desk.account_with(&server.address(Way::Tls), ACCOUNT, USER, PASSWORD, &trust);
    a_day(&desk, &server);
}

#[test]
fn with_sdbox() {
    let server = Setup::new().format(Format::Sdbox).start();
    a_day(&Desk::at(&server), &server);
}

#[test]
fn without_qresync() {
    let server = Setup::new().without(&["QRESYNC"]).start();
    a_day(&Desk::at(&server), &server);
}

#[test]
fn without_condstore() {
    let server = Setup::new().without(&["QRESYNC", "CONDSTORE"]).start();
    a_day(&Desk::at(&server), &server);
}

#[test]
fn without_move_and_uidplus() {
    let server = Setup::new().without(&["MOVE", "UIDPLUS"]).start();
    a_day(&Desk::at(&server), &server);
}

#[test]
fn with_nothing_but_imap4rev1() {
    let server = Setup::new().set("imap_capability = IMAP4rev1").start();
    a_day(&Desk::at(&server), &server);
}

/// A SOCKS5 proxy, and how many bytes it has carried from the server.
fn proxy() -> (u16, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let carried = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&carried);
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (mut client, count) = (client.unwrap(), Arc::clone(&count));
            std::thread::spawn(move || {
                let mut head = [0; 3];
                client.read_exact(&mut head).unwrap();
                client.write_all(&[5, 0]).unwrap();
                // VER CMD RSV ATYP=name LENGTH
                let mut ask = [0; 5];
                client.read_exact(&mut ask).unwrap();
                assert_eq!(ask[3], 3, "names are for the proxy to look up");
                let mut name = vec![0; usize::from(ask[4]) + 2];
                client.read_exact(&mut name).unwrap();
                let port = u16::from_be_bytes([name[name.len() - 2], name[name.len() - 1]]);
                let mut server = TcpStream::connect(("127.0.0.1", port)).unwrap();
                client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).unwrap();
                let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || {
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(Shutdown::Write);
                });
                let mut buffer = vec![0; 64 * 1024];
                while let Ok(some @ 1..) = server.read(&mut buffer) {
                    count.fetch_add(some as u64, Ordering::Relaxed);
                    if client.write_all(&buffer[..some]).is_err() {
                        break;
                    }
                }
                let _ = client.shutdown(Shutdown::Both);
            });
        }
    });
    (port, carried)
}

#[test]
fn compressed_through_a_proxy() {
    // A plugin, until Dovecot 2.4.
    let version = std::process::Command::new("dovecot").arg("--version").output();
    let old = version.is_ok_and(|version| version.stdout.starts_with(b"2.3"));
    let plugin = "protocol imap {\n  mail_plugins = imap_zlib\n}";
    let server = if old { Setup::new().set(plugin).start() } else { Dovecot::new() };
    let (port, carried) = proxy();
    let mut desk = Desk::new();
    desk.authority = Some(server.authority());
    let proxy = format!("socks5://127.0.0.1:{port}");
    let address = server.address(Way::StartTls);
    desk.account_with(&address, ACCOUNT, USER, PASSWORD, &["--proxy", &proxy]);
    a_day(&desk, &server);
    // What compresses well goes over in much less than its size.
    let mut large = b"Subject: large\r\n\r\n".to_vec();
    while large.len() < 3_000_000 {
        large.extend_from_slice(b"the same line again and again, as in many a log\r\n");
    }
    server.client(USER).append("INBOX", &[], [large]);
    let before = carried.load(Ordering::Relaxed);
    settles(&desk, &server);
    let went = carried.load(Ordering::Relaxed) - before;
    assert!((10_000..1_000_000).contains(&went), "{went} bytes");
}

#[test]
fn with_dots_between_levels_and_everything_below_inbox() {
    // As Courier and Cyrus have it.
    let server = Setup::new()
        .without_special_folders()
        .set("namespace inbox {\n  separator = .\n  prefix = INBOX.\n}")
        .start();
    let mut other = server.client(USER);
    other.append("INBOX", &[], letters(0..10));
    for folder in ["INBOX.Sent", "INBOX.일.회의", "INBOX.일"] {
        other.create(folder);
        other.append(folder, &["\\Seen"], letters(10..14));
    }
    let desk = Desk::at(&server);
    let is_true = || {
        let truth = server.truth(USER);
        let truth = truth.into_iter().map(|(name, one)| (name.replace('.', "/"), one)).collect();
        desk.is_true(ACCOUNT, &truth);
        desk.home.check();
    };
    desk.sync();
    is_true();
    let folder = |path: &str| desk.mailbox(ACCOUNT, path).unwrap().id;
    let store = desk.store();
    let account = store.account(ACCOUNT).unwrap().id;
    let inbox = desk.letters("INBOX");
    store.act(&Act::Move(vec![inbox[&1]], folder("INBOX/일/회의"))).unwrap();
    store.act(&Act::Flag(vec![inbox[&2]], crate::day::set(Flags::FLAGGED))).unwrap();
    store.act(&Act::CreateFolder(account, "INBOX/일/보고".into())).unwrap();
    other.rename("INBOX.Sent", "INBOX.Post.Out");
    other.append("INBOX.Post.Out", &[], [letter(40)]);
    desk.sync();
    desk.sync();
    is_true();
    assert_eq!(desk.sync().counts(), (0, 0, 0));
    is_true();
    assert!(server.truth(USER).contains_key("INBOX.일.보고"));
}

#[test]
fn two_accounts_of_one_profile_and_a_letter_that_goes_from_one_to_the_other() {
    let server = Setup::new().user("lee", "other word").start();
    server.client(USER).append("INBOX", &["\\Flagged"], letters(0..20));
    server.client("lee").append("INBOX", &[], letters(10..30));
    let desk = Desk::at(&server);
    desk.account(&server, "lee", "lee", "other word", Way::Plain);
    let sync = || {
        let output = desk.sync_with(&[]);
        assert!(output.status.success(), "{}", crate::common::stderr(&output));
    };
    let are_true = || {
        desk.is_true(ACCOUNT, &server.truth(USER));
        desk.is_true("lee", &server.truth("lee"));
        desk.home.check();
    };
    sync();
    are_true();
    let store = desk.store();
    let to = store.folder("lee/Archive").unwrap().id;
    let inbox = desk.letters("INBOX");
    store.act(&Act::Move(vec![inbox[&1], inbox[&15]], to)).unwrap();
    store.act(&Act::Copy(vec![inbox[&2]], to)).unwrap();
    // What is added to one has to be confirmed before it goes from the other.
    sync();
    sync();
    sync();
    are_true();
    let (kim, lee) = (server.truth(USER), server.truth("lee"));
    assert_eq!((kim["INBOX"].letters.len(), lee["Archive"].letters.len()), (18, 3));
    assert!(lee["Archive"].letters.values().all(|letter| letter.flags == ["\\Flagged"]));
}

#[test]
fn one_mailbox_as_two_accounts() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..30));
    let desk = Desk::at(&server);
    desk.account(&server, "again", USER, PASSWORD, Way::StartTls);
    let mut desk = desk;
    desk.authority = Some(server.authority());
    let sync = || assert!(desk.sync_with(&[]).status.success());
    sync();
    let store = desk.store();
    let inbox = desk.letters("INBOX");
    store.act(&Act::Archive(vec![inbox[&3], inbox[&4]])).unwrap();
    store.act(&Act::Flag(vec![inbox[&5]], crate::day::set(Flags::SEEN))).unwrap();
    sync();
    sync();
    let truth = server.truth(USER);
    desk.is_true(ACCOUNT, &truth);
    desk.is_true("again", &truth);
    desk.home.check();
    assert_eq!(truth["Archive"].letters.len(), 2);
}
