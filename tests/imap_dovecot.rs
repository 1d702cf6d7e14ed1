//! The IMAP connection against a real Dovecot; what came of it is told by an independent
//! client.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::dovecot::{Dovecot, PASSWORD, Setup, USER, Way};
use common::letters::{letter, letters};
use goyo::model::{Flags, Role, Secret, Security, Server};
use goyo::net::imap::{
    Connection, Credentials, Endpoint, Fetched, ImapError, Log, Options, Request, Resync, Store,
    StoreHow, UidSet, Unsolicited, Wanted, utf7,
};
use std::time::Duration;

fn endpoint(server: &Dovecot, way: Way) -> Endpoint {
    let security = match way {
        Way::Plain => Security::Plain,
        Way::StartTls => Security::StartTls,
        Way::Tls => Security::Tls,
    };
    let pin = (way != Way::Plain).then(|| server.fingerprint());
    let server = Server { host: "localhost".into(), port: server.port(way), security, pin };
    Endpoint { server, proxy: None }
}

fn kim() -> Credentials {
    Credentials::Password { user: USER.into(), password: Secret::new(PASSWORD.into()) }
}

/// One that can compress: a plugin, until 2.4.
fn packing() -> Dovecot {
    let version = std::process::Command::new("dovecot").arg("--version").output();
    let old = version.is_ok_and(|version| version.stdout.starts_with(b"2.3"));
    let plugin = "protocol imap {\n  mail_plugins = imap_zlib\n}";
    if old { Setup::new().set(plugin).start() } else { Dovecot::new() }
}

async fn open(server: &Dovecot) -> Connection {
    Connection::open(&endpoint(server, Way::Tls), &kim(), &Log::default()).await.unwrap()
}

async fn fetch(connection: &mut Connection, requests: Vec<Request>) -> Vec<Fetched> {
    let mut fetching = connection.fetch(requests).await.unwrap();
    let mut all = Vec::new();
    while let Some(fetched) = fetching.next().await.unwrap() {
        all.push(fetched);
    }
    all
}

fn wanted(from: u32, to: u32, wanted: Wanted) -> Request {
    Request { set: UidSet::range(from, to), by_sequence: false, wanted }
}

#[tokio::test]
async fn letters_come_whole_over_every_way_also_compressed() {
    let server = packing();
    server.deliver(USER, letters(0..30));
    for (way, compress) in [
        (Way::Plain, Some(true)),
        (Way::StartTls, None),
        (Way::Tls, Some(false)),
        (Way::Tls, Some(true)),
    ] {
        let log = Log::default();
        let options = Options { compress, ..Options::default() };
        let opened = Connection::open_with(&endpoint(&server, way), &kim(), &log, &options).await;
        let mut connection = opened.unwrap_or_else(|error| panic!("{error}: {:#?}", log.lines()));
        let selected = connection.select("INBOX", None).await.unwrap();
        assert_eq!((selected.exists, selected.uidnext), (30, Some(31)));
        assert!(selected.uidvalidity.is_some() && selected.highestmodseq.is_some());
        assert!(selected.permanent.contains(&"\\*".to_owned()) && !selected.read_only);
        let mut all = fetch(
            &mut connection,
            vec![
                wanted(21, 30, Wanted::Whole),
                wanted(11, 20, Wanted::Whole),
                wanted(1, 10, Wanted::Whole),
            ],
        )
        .await;
        all.sort_by_key(|fetched| fetched.uid);
        assert_eq!(all.len(), 30);
        for (number, fetched) in (0..).zip(&all) {
            let want = letter(number);
            assert_eq!(fetched.bytes.as_deref(), Some(&*want), "{way:?} {compress:?}");
            assert_eq!(fetched.size, Some(want.len() as u64));
            assert!(fetched.delivered.is_some_and(|at| at > 1_600_000_000));
        }
        // Nothing secret, no letter.
        let said = log.lines().join("\n");
        assert!(!said.contains("battery") && said.contains("AUTHENTICATE"), "{said}");
        assert!(!said.contains("Subject:"), "{said}");
        let traffic = connection.traffic();
        let size: u64 = all.iter().filter_map(|fetched| fetched.size).sum();
        assert_eq!(compress == Some(true), traffic.read < size, "{traffic:?}");
        connection.close().await;
    }
}

#[tokio::test]
async fn what_is_asked_for_comes() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..5));
    let mut connection = open(&server).await;
    connection.select("INBOX", None).await.unwrap();
    let header = fetch(&mut connection, vec![wanted(2, 2, Wanted::Header)]).await;
    let whole = letter(1);
    let end = whole.windows(4).position(|part| part == b"\r\n\r\n").unwrap() + 4;
    assert_eq!(header[0].bytes.as_deref(), Some(&whole[..end]));
    let piece = Wanted::Piece { offset: 10, length: 50 };
    let piece = fetch(&mut connection, vec![wanted(2, 2, piece)]).await;
    assert_eq!(piece[0].bytes.as_deref(), Some(&whole[10..60]));
    let last = Request { set: UidSet::range(4, 5), by_sequence: true, wanted: Wanted::Flags };
    let last = fetch(&mut connection, vec![last]).await;
    assert_eq!(last.iter().map(|one| one.uid).collect::<Vec<_>>(), [Some(4), Some(5)]);
    assert_eq!(last[0].flags, Some(Flags::NONE));
    assert_eq!(connection.search("ALL").await.unwrap(), [1, 2, 3, 4, 5]);
    assert!(matches!(connection.search("NONSENSE").await, Err(ImapError::Bad(_))));
    assert_eq!(connection.search("UID 2:3").await.unwrap(), [2, 3]);
    assert!(connection.quota().await.unwrap().is_none());
}

#[tokio::test]
async fn folders_are_made_listed_and_taken_away() {
    let server = Dovecot::new();
    let mut connection = open(&server).await;
    let name = utf7::encode("회의/자료 & \"기록\" \\");
    connection.create(&name).await.unwrap();
    connection.subscribe(&name, true).await.unwrap();
    assert!(matches!(connection.create(&name).await, Err(ImapError::AlreadyThere(_))));
    let listed = connection.list().await.unwrap();
    let role = |role| listed.iter().find(|one| one.role == Some(role)).unwrap();
    assert_eq!(role(Role::Inbox).mailbox, "INBOX");
    for (known, mailbox) in [
        (Role::Sent, "Sent"),
        (Role::Trash, "Trash"),
        (Role::Junk, "Junk"),
        (Role::Drafts, "Drafts"),
        (Role::Archive, "Archive"),
    ] {
        assert_eq!(role(known).mailbox, mailbox);
        assert!(role(known).subscribed && role(known).selectable);
    }
    let own = listed.iter().find(|one| one.mailbox == name).unwrap();
    assert_eq!(own.levels, ["회의", "자료 & \"기록\" \\"]);
    assert!(own.subscribed);
    let names: Vec<String> = [name.clone(), "INBOX".into(), "nowhere".into(), "Sent".into()].into();
    let status = connection.status(&names).await.unwrap();
    assert_eq!(status[0].as_ref().unwrap().messages, 0);
    assert!(status[1].as_ref().unwrap().highestmodseq.is_some());
    assert!(matches!(&status[2], Err(ImapError::NoSuchMailbox(_))), "{status:?}");
    assert!(status[3].is_ok());
    connection.rename(&name, &utf7::encode("기록")).await.unwrap();
    assert!(matches!(connection.select(&name, None).await, Err(ImapError::NoSuchMailbox(_))));
    connection.delete(&utf7::encode("기록")).await.unwrap();
    assert!(!server.truth(USER).contains_key("기록"));
}

#[tokio::test]
async fn letters_are_flagged_copied_moved_added_and_removed() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..6));
    let mut connection = open(&server).await;
    let inbox = connection.select("INBOX", None).await.unwrap();
    let flags = |uids, how, flags: &[&str], unchanged_since| Store {
        uids,
        how,
        flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
        unchanged_since,
    };
    let change = flags(UidSet::of([1, 2, 3]), StoreHow::Add, &["\\Seen", "$Work", "$Junk"], None);
    assert!(connection.store(&change).await.unwrap().is_empty());
    let change = flags(UidSet::of([2]), StoreHow::Remove, &["\\Seen"], None);
    connection.store(&change).await.unwrap();
    // Changed since the folder was opened: not changed again.
    let change = flags(UidSet::of([1, 4]), StoreHow::Add, &["\\Flagged"], inbox.highestmodseq);
    assert_eq!(connection.store(&change).await.unwrap(), [1]);
    assert!(
        connection.store(&flags(UidSet::of([1]), StoreHow::Add, &["a b"], None)).await.is_err()
    );
    assert!(matches!(
        connection.copy(&UidSet::of([1]), "nowhere").await,
        Err(ImapError::NoSuchMailbox(_))
    ));
    let copied = connection.copy(&UidSet::of([1, 3]), "Archive").await.unwrap().unwrap();
    assert_eq!(copied.uids, [(1, 1), (3, 2)]);
    connection.take_unsolicited();
    let moved = connection.move_to(&UidSet::of([5]), "Archive").await.unwrap().unwrap();
    assert_eq!(moved.uids, [(5, 3)]);
    let gone = connection.take_unsolicited();
    assert!(gone.contains(&Unsolicited::Vanished(UidSet::of([5]))), "{gone:?}");
    let change = flags(UidSet::of([3, 6]), StoreHow::Add, &["\\Deleted"], None);
    connection.store(&change).await.unwrap();
    connection.expunge(&UidSet::of([6])).await.unwrap();
    let letter = letter(77);
    let with = ["\\Seen".to_owned(), "$Forwarded".to_owned()];
    let added = connection.append("Sent", &with, Some(837_596_665), &letter).await;
    let added = added.unwrap().unwrap();
    assert_eq!(added.uid, 1);
    assert!(matches!(
        connection.append("nowhere", &[], None, &letter).await,
        Err(ImapError::NoSuchMailbox(_))
    ));
    connection.noop().await.unwrap();
    connection.close().await;
    let truth = server.truth(USER);
    let inbox = &truth["INBOX"].letters;
    assert_eq!(inbox.keys().copied().collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(inbox[&1].flags, ["$Junk", "$Work", "\\Seen"]);
    assert_eq!(inbox[&2].flags, ["$Junk", "$Work"]);
    assert_eq!(inbox[&4].flags, ["\\Flagged"]);
    assert_eq!(truth["Archive"].letters.len(), 3);
    assert_eq!(truth["Sent"].letters[&1].flags, ["$Forwarded", "\\Seen"]);
}

#[tokio::test]
async fn changes_since_come_with_the_folder() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..8));
    let mut connection = open(&server).await;
    assert!(connection.capabilities().has("QRESYNC"));
    let before = connection.select("INBOX", None).await.unwrap();
    connection.select("Sent", None).await.unwrap();
    let mut other = server.client(USER);
    other.flag("INBOX", "3", &["\\Flagged", "$Label1"]);
    other.delete("INBOX", "5:6");
    let resync = Resync {
        uidvalidity: before.uidvalidity.unwrap(),
        modseq: before.highestmodseq.unwrap(),
        known: Some(UidSet::range(1, 8)),
    };
    let after = connection.select("INBOX", Some(&resync)).await.unwrap();
    assert_eq!(after.exists, 6);
    assert!(after.vanished.has(5) && after.vanished.has(6) && !after.vanished.has(4));
    assert_eq!(after.changed.len(), 1);
    assert_eq!(after.changed[0].uid, Some(3));
    assert_eq!(after.changed[0].keywords, ["$Label1"]);
    // The same for a folder that is open.
    other.flag("INBOX", "4", &["\\Seen"]);
    let since = Wanted::Changed { since: after.highestmodseq.unwrap(), vanished: true };
    let changed = fetch(&mut connection, vec![wanted(1, u32::MAX, since)]).await;
    assert!(changed.iter().any(|one| one.uid == Some(4) && one.modseq.is_some()), "{changed:?}");
}

#[tokio::test]
async fn idle_tells_at_once_and_can_be_interrupted() {
    let server = Dovecot::new();
    server.deliver(USER, letters(0..2));
    let mut connection = open(&server).await;
    connection.select("INBOX", None).await.unwrap();
    let mut other = server.client(USER);
    let (told, ()) =
        tokio::join!(connection.idle(Duration::from_secs(30), std::future::pending()), async {
            tokio::task::spawn_blocking(move || other.append("INBOX", &[], letters(5..6)))
                .await
                .unwrap();
        });
    told.unwrap();
    let news = connection.take_unsolicited();
    assert!(news.contains(&Unsolicited::Exists(3)), "{news:?}");
    connection.idle(Duration::from_secs(30), async {}).await.unwrap();
    connection.idle(Duration::from_millis(50), std::future::pending()).await.unwrap();
    connection.noop().await.unwrap();
    // Given up half-way, it is not used again.
    let left = connection.idle(Duration::from_secs(30), std::future::pending());
    assert!(tokio::time::timeout(Duration::from_millis(300), left).await.is_err());
    assert!(!connection.is_sound());
    assert!(matches!(connection.noop().await, Err(ImapError::Lost(_))));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_certificate_are_told() {
    let server = Setup::new().start();
    let wrong = Credentials::Password { user: USER.into(), password: Secret::new("no".into()) };
    let refused = Connection::open(&endpoint(&server, Way::Tls), &wrong, &Log::default()).await;
    assert!(matches!(refused, Err(ImapError::Login(_))), "{refused:?}");
    for way in [Way::Tls, Way::StartTls] {
        let mut stranger = endpoint(&server, way);
        stranger.server.pin = None;
        match Connection::open(&stranger, &kim(), &Log::default()).await {
            Err(ImapError::Certificate { sha256, why }) => {
                assert_eq!(sha256, server.fingerprint());
                assert!(why.contains("nobody"), "{why}");
            }
            other => panic!("{other:?}"),
        }
        // Another one than the pinned one is not believed either.
        stranger.server.pin = Some("00".repeat(32));
        let refused = Connection::open(&stranger, &kim(), &Log::default()).await;
        assert!(matches!(refused, Err(ImapError::Certificate { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn an_authority_is_believed_without_a_pin() {
    let server = Dovecot::new();
    let pem = std::fs::read_to_string(server.authority()).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    use base64::Engine as _;
    let der = base64::engine::general_purpose::STANDARD.decode(body).unwrap();
    let options = Options { authorities: Some(vec![der]), ..Options::default() };
    let mut at = endpoint(&server, Way::Tls);
    at.server.pin = None;
    Connection::open_with(&at, &kim(), &Log::default(), &options).await.unwrap();
    at.server.host = "127.0.0.1".into();
    Connection::open_with(&at, &kim(), &Log::default(), &options).await.unwrap();
    // Nobody at all vouches for anybody.
    let options = Options { authorities: Some(Vec::new()), ..options };
    let refused = Connection::open_with(&at, &kim(), &Log::default(), &options).await;
    assert!(matches!(refused, Err(ImapError::Certificate { .. })), "{refused:?}");
}

/// `GOYO_SPEED=…/Maildir cargo test --test imap_dovecot -- --ignored --nocapture speed`
#[tokio::test]
#[ignore = "a measurement, of a Maildir of one's own"]
async fn speed_of_whole_letters() {
    let from = std::path::PathBuf::from(std::env::var_os("GOYO_SPEED").unwrap());
    let server = packing();
    let mut files: Vec<_> = std::fs::read_dir(from.join("cur")).unwrap().collect();
    files.extend(std::fs::read_dir(from.join("new")).unwrap());
    let letters = files.into_iter().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    server.deliver(USER, letters);
    for (what, way, compress) in [
        ("warming up", Way::Plain, false),
        ("plain", Way::Plain, false),
        ("TLS", Way::Tls, false),
        ("TLS and compressed", Way::Tls, true),
    ] {
        let options = Options { compress: Some(compress), ..Options::default() };
        let at = endpoint(&server, way);
        let opened = Connection::open_with(&at, &kim(), &Log::default(), &options).await;
        let mut connection = opened.unwrap();
        let exists = connection.select("INBOX", None).await.unwrap().exists;
        for asked in [Wanted::Flags, Wanted::Header, Wanted::Whole] {
            let begun = std::time::Instant::now();
            let before = connection.traffic();
            let windows = (1..=exists).step_by(500).map(|from| wanted(from, from + 499, asked));
            let windows: Vec<Request> = windows.collect();
            let mut fetching = connection.fetch(windows).await.unwrap();
            let (mut letters, mut bytes) = (0_u32, 0);
            while let Some(fetched) = fetching.next().await.unwrap() {
                letters += 1;
                bytes += fetched.bytes.map_or(0, |bytes| bytes.len());
            }
            assert_eq!(letters, exists);
            let (after, spent) = (connection.traffic(), begun.elapsed().as_secs_f64());
            println!(
                "{what}, {asked:?}: {letters} in {spent:.2} s, {:.0}/s, {:.1} MB/s, {} bytes over \
                 the line, {} round trips",
                f64::from(letters) / spent,
                bytes as f64 / spent / 1e6,
                after.read - before.read,
                after.round_trips - before.round_trips,
            );
        }
        connection.close().await;
    }
}
