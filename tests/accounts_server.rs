//! Accounts against a real server: what works over every way in, and what is said when it
//! does not; on the command line and as the window asks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::accounts::{command, test};
use common::dovecot::{Dovecot, PASSWORD, Setup, USER, Way};
use common::fake_smtp;
use common::{Home, program, stderr};
use goyo::engine::accounts::{self, Advice, Change, Log, NewAccount, Trouble, server};
use goyo::engine::protocol::{Command as Ask, Event, NoReceipts};
use goyo::engine::sync::SyncEvent;
use goyo::engine::{Commands, Options, start};
use goyo::model::{AccountId, FolderPolicy, Identity, Proves, Secret, Settings};
use goyo::store::Store;
use serde_json::Value;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Adds account `work`, whose server is reached this way, with this password.
fn add(home: &Home, imap: &str, password: &str) {
    common::accounts::add(home, &["--imap", imap], password);
}

#[test]
fn it_works_over_every_way_in_with_an_authority_that_is_believed() {
    let server = Dovecot::new();
    for way in [Way::Plain, Way::StartTls, Way::Tls] {
        let home = Home::new();
        add(&home, &server.address(way), PASSWORD);
        let mut trusting = command(&home);
        trusting.env("SSL_CERT_FILE", server.authority());
        let (output, said) = test(trusting, &[]);
        assert_eq!(said["ok"], true, "{way:?}: {}", stderr(&output));
        assert_eq!(said["folders"], 6);
        let offered = said["capabilities"].as_array().unwrap();
        assert!(offered.contains(&Value::from("IDLE")), "{said}");
    }
}

#[test]
fn a_wrong_password_is_said_to_be_one_and_shown_nowhere() {
    let server = Dovecot::new();
    let home = Home::new();
    add(&home, &server.address(Way::Plain), "not the password");
    let (output, said) = test(command(&home), &[]);
    assert_eq!(said["reason"], "refused", "{said}");
    assert_eq!(said["advice"], Value::from(vec!["check-password"]));
    assert!(said["said"].as_str().unwrap().contains("Authentication failed"), "{said}");
    for text in [&output.stdout, &output.stderr] {
        assert!(!String::from_utf8_lossy(text).contains("not the password"));
    }
}

#[test]
fn a_certificate_nobody_vouches_for_is_believed_only_when_it_is_the_one() {
    let server = Dovecot::new();
    for way in [Way::StartTls, Way::Tls] {
        let home = Home::new();
        add(&home, &server.address(way), PASSWORD);
        let (output, said) = test(command(&home), &[]);
        assert_eq!(said["reason"], "certificate", "{way:?}: {}", stderr(&output));
        assert_eq!(said["sha256"], server.fingerprint());
        assert!(stderr(&output).contains("--trust"), "{}", stderr(&output));

        // Another one's fingerprint does not help, and is not remembered.
        let wrong = "00".repeat(32);
        let (_, said) = test(command(&home), &["--trust", &wrong]);
        assert_eq!(said["reason"], "certificate");
        let (_, said) = test(command(&home), &["--trust", &server.fingerprint().to_uppercase()]);
        assert_eq!(said["ok"], true, "{said}");
        let (_, said) = test(command(&home), &[]);
        assert_eq!(said["ok"], true, "{said}");

        // Another server in its place has another certificate.
        let other = Setup::new().start();
        let mut store = Store::open(&home.profile()).unwrap();
        let account = store.account("work").unwrap();
        let mut settings = account.settings;
        settings.imap.as_mut().unwrap().port = other.port(way);
        store.set_account(account.id, &settings).unwrap();
        store = Store::open(&home.profile()).unwrap();
        drop(store);
        let (_, said) = test(command(&home), &[]);
        assert_eq!(said["reason"], "certificate", "{said}");
        assert_eq!(said["sha256"], other.fingerprint());
        assert!(!other.log().contains("Login: user="), "{}", other.log());
    }
}

#[test]
fn what_else_goes_wrong_has_a_reason() {
    let server = Setup::new().without_tls().start();
    let port = server.port(Way::Plain);
    let reason = |imap: &str| {
        let home = Home::new();
        add(&home, imap, PASSWORD);
        test(command(&home), &[]).1["reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(reason(&format!("localhost:{port}:starttls")), "no-encryption");
    assert_eq!(reason(&format!("localhost:{port}:tls")), "tls");
    assert_eq!(reason("localhost:1:plain"), "connect");
    assert_eq!(reason("no-such-name.invalid:993:tls"), "name");
    // Nothing was told to a server that could not be trusted.
    assert!(!server.log().contains("user=<kim>"), "{}", server.log());

    let speaks_http = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = speaks_http.local_addr().unwrap().port();
    std::thread::spawn(move || {
        while let Ok((mut tcp, _)) = speaks_http.accept() {
            let _ = tcp.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        }
    });
    assert_eq!(reason(&format!("127.0.0.1:{port}:plain")), "not-imap");
}

#[test]
fn the_conversation_is_kept_without_the_password_in_any_spelling() {
    // base64 of "\0kim\0", the password; of the password alone; of the user alone.
    let spelled = [
        "AGtpbQBjb3JyZWN0IGhvcnNlL2JhdHRlcnk9c3RhcGxl",
        "Y29ycmVjdCBob3JzZS9iYXR0ZXJ5PXN0YXBsZQ==",
    ];
    for mechanism in ["plain", "login", "scram-sha-256", "plain login scram-sha-256"] {
        let server = Setup::new().set(&format!("auth_mechanisms = {mechanism}")).start();
        let new = work(&server.address(Way::Plain), PASSWORD);
        let log = Log::default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let tested =
            runtime.block_on(accounts::test(None, &new.settings, &new.secret, &log)).unwrap();
        assert_eq!(tested.folders, 6, "{mechanism}");
        let lines = log.lines();
        let said = lines.join("\n");
        assert!(said.contains("LIST"), "{said}");
        for secret in spelled.iter().chain([&PASSWORD]) {
            assert!(!said.contains(secret), "{mechanism}: {said}");
            assert!(!format!("{log:?}").contains(secret), "{mechanism}");
        }
    }
}

/// An engine as the window has it.
struct Stage {
    home: Home,
    ask: Commands,
    events: tokio::sync::mpsc::Receiver<Event>,
    runtime: tokio::runtime::Runtime,
}

impl Stage {
    fn new() -> Self {
        let home = Home::new();
        let options = Options { program: Some(program()), ..Options::default() };
        let (ask, events) = start(&home.profile(), options).unwrap();
        ask.send(Ask::Unlock(Secret::new("typed by the user".into())));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { home, ask, events, runtime }
    }

    /// The next answer; how mail comes in step meanwhile is not of interest here.
    fn next(&mut self) -> Event {
        let events = &mut self.events;
        let wait = async {
            loop {
                match events.recv().await {
                    Some(Event::Sync(..) | Event::Changed(_) | Event::Resync | Event::Rules(_)) => {
                    }
                    other => return other,
                }
            }
        };
        let wait = async { tokio::time::timeout(Duration::from_secs(60), wait).await };
        self.runtime.block_on(wait).expect("no event came").expect("the engine ended")
    }
}

fn work(imap: &str, password: &str) -> NewAccount {
    NewAccount {
        name: "work".into(),
        address: "kim@example.org".into(),
        settings: Settings {
            user: USER.into(),
            imap: Some(server(imap).unwrap()),
            proves: Proves::Password,
            ..Settings::default()
        },
        secret: Secret::new(password.into()),
    }
}

#[test]
fn the_window_tests_adds_and_removes_an_account() {
    let server = Dovecot::new();
    let mut stage = Stage::new();

    let mut new = work(&server.address(Way::Tls), PASSWORD);
    stage.ask.send(Ask::TestAccount(1, Box::new(new.clone())));
    let Event::AccountTested(1, Err(failure)) = stage.next() else { panic!("it was believed") };
    let sha256 = server.fingerprint();
    assert_eq!(failure.trouble, Trouble::Certificate { sha256: sha256.clone() });

    new.settings.imap.as_mut().unwrap().pin = Some(sha256);
    let mut wrong = new.clone();
    wrong.secret = Secret::new("not the password".into());
    stage.ask.send(Ask::TestAccount(2, Box::new(wrong)));
    let Event::AccountTested(2, Err(failure)) = stage.next() else { panic!("it was let in") };
    assert_eq!(
        (&failure.trouble, &failure.advice[..]),
        (&Trouble::Refused, &[Advice::CheckPassword][..])
    );
    assert!(!format!("{failure:?} {new:?}").contains(PASSWORD));

    stage.ask.send(Ask::TestAccount(3, Box::new(new.clone())));
    let Event::AccountTested(3, Ok(tested)) = stage.next() else { panic!("it does not work") };
    assert_eq!(tested.folders, 6);

    stage.ask.send(Ask::AddAccount(Box::new(new.clone())));
    let Event::AccountAdded(Ok(id)) = stage.next() else { panic!("it was not added") };
    stage.ask.send(Ask::AddAccount(Box::new(new)));
    let Event::AccountAdded(Err(failure)) = stage.next() else { panic!("it was added twice") };
    assert_eq!(failure.trouble, Trouble::NameTaken);

    // What is kept works, until it is replaced by what does not.
    stage.ask.send(Ask::TestKept(4, id));
    assert!(matches!(stage.next(), Event::AccountTested(4, Ok(_))));
    stage.ask.send(Ask::SetPassword(id, Secret::new("not the password".into())));
    assert_eq!(stage.next(), Event::PasswordKept(id, Ok(())));
    stage.ask.send(Ask::TestKept(5, id));
    assert!(matches!(stage.next(), Event::AccountTested(5, Err(_))));

    stage.ask.send(Ask::RemoveAccount(id));
    assert_eq!(stage.next(), Event::AccountRemoved(id, Ok(())));
    let accounts = Store::open(&stage.home.profile()).unwrap().accounts().unwrap();
    assert_eq!(accounts.len(), 1, "{accounts:?}");
    stage.ask.send(Ask::TestKept(6, id));
    let Event::AccountTested(6, Err(failure)) = stage.next() else { panic!("it is still there") };
    assert_eq!(failure.trouble, Trouble::Gone);
    stage.ask.send(Ask::RemoveAccount(AccountId(1)));
    assert!(matches!(stage.next(), Event::AccountRemoved(AccountId(1), Err(_))));
}

/// A SOCKS5 proxy that counts who comes.
fn socks() -> (u16, Arc<AtomicUsize>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let came = Arc::new(AtomicUsize::new(0));
    let counts = Arc::clone(&came);
    std::thread::spawn(move || {
        while let Ok((mut tcp, _)) = listener.accept() {
            counts.fetch_add(1, Ordering::SeqCst);
            std::thread::spawn(move || -> Option<()> {
                let mut two = [0; 2];
                tcp.read_exact(&mut two).ok()?;
                let mut methods = vec![0; usize::from(two[1])];
                tcp.read_exact(&mut methods).ok()?;
                tcp.write_all(&[5, 0]).ok()?;
                let mut head = [0; 4];
                tcp.read_exact(&mut head).ok()?;
                let host = match head[3] {
                    1 => {
                        let mut ip = [0; 4];
                        tcp.read_exact(&mut ip).ok()?;
                        std::net::Ipv4Addr::from(ip).to_string()
                    }
                    _ => {
                        let mut length = [0; 1];
                        tcp.read_exact(&mut length).ok()?;
                        let mut name = vec![0; usize::from(length[0])];
                        tcp.read_exact(&mut name).ok()?;
                        String::from_utf8(name).ok()?
                    }
                };
                let mut to = [0; 2];
                tcp.read_exact(&mut to).ok()?;
                let far = std::net::TcpStream::connect((host, u16::from_be_bytes(to))).ok()?;
                tcp.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).ok()?;
                let (mut there, mut back) = (far.try_clone().ok()?, tcp.try_clone().ok()?);
                std::thread::spawn(move || drop(std::io::copy(&mut there, &mut back)));
                std::io::copy(&mut tcp, &mut { far }).ok()?;
                Some(())
            });
        }
    });
    (port, came)
}

/// Waits until the account is in step.
fn in_step(stage: &mut Stage) {
    let events = &mut stage.events;
    let wait = async {
        while let Some(event) = events.recv().await {
            if matches!(event, Event::Sync(_, SyncEvent::Idle)) {
                return;
            }
        }
        panic!("the engine ended");
    };
    let wait = async { tokio::time::timeout(Duration::from_secs(60), wait).await };
    stage.runtime.block_on(wait).expect("it does not come in step");
}

#[test]
fn an_account_that_is_changed_is_kept_in_step_anew_by_the_way_and_the_share_it_says() {
    let server = Dovecot::new();
    server.deliver(USER, [b"From: a@example.org\r\nSubject: old\r\n\r\nthe body\r\n".to_vec()]);
    let mut stage = Stage::new();
    let mut new = work(&server.address(Way::Plain), PASSWORD);
    new.settings.policy = FolderPolicy::Nothing;
    stage.ask.send(Ask::AddAccount(Box::new(new)));
    let Event::AccountAdded(Ok(id)) = stage.next() else { panic!("it was not added") };
    in_step(&mut stage);
    let store = Store::open(&stage.home.profile()).unwrap();
    let whole = |store: &Store| {
        let rows = store.list(None, 0, 10).unwrap();
        rows.iter().filter(|row| store.is_whole(row.id).unwrap()).count()
    };
    assert_eq!(store.list(None, 0, 10).unwrap().len(), 0, "nothing was to be kept");
    let keep = |policy| Box::new(Change { policy: Some(policy), ..Change::default() });
    stage.ask.send(Ask::ChangeAccount(id, keep(FolderPolicy::Headers)));
    assert_eq!(stage.next(), Event::AccountChanged(id, Ok(())));
    in_step(&mut stage);
    assert_eq!((store.list(None, 0, 10).unwrap().len(), whole(&store)), (1, 0));

    // Who writes is nothing to the server.
    let (port, came) = socks();
    let own = Identity {
        from: goyo::model::Address { name: Some("Kim".into()), addr: "kim@example.org".into() },
        signature: "Kim".into(),
        ..Identity::default()
    };
    let identities = Some(vec![own]);
    stage.ask.send(Ask::ChangeAccount(id, Box::new(Change { identities, ..Change::default() })));
    assert_eq!(stage.next(), Event::AccountChanged(id, Ok(())));

    let proxy = Some(Some(format!("socks5://127.0.0.1:{port}")));
    let policy = Some(FolderPolicy::Everything);
    let change = Change { proxy, policy, ..Change::default() };
    stage.ask.send(Ask::ChangeAccount(id, Box::new(change)));
    assert_eq!(stage.next(), Event::AccountChanged(id, Ok(())));
    in_step(&mut stage);
    assert!(came.load(Ordering::SeqCst) > 0, "it went past the proxy");
    assert_eq!(whole(&store), 1, "the rest of the letter has not come");
    assert_eq!(store.account("work").unwrap().settings.identities[0].signature, "Kim");

    // What cannot be changes nothing, and is said.
    let proxy = Some(Some("ftp://127.0.0.1".into()));
    stage.ask.send(Ask::ChangeAccount(id, Box::new(Change { proxy, ..Change::default() })));
    let Event::AccountChanged(_, Err(failure)) = stage.next() else { panic!("it was believed") };
    assert_eq!(failure.trouble, Trouble::NotProxy);
}

#[test]
fn the_window_hears_which_of_the_two_servers_fails() {
    let dovecot = Dovecot::new();
    let mut stage = Stage::new();
    let mut new = work(&dovecot.address(Way::Plain), PASSWORD);
    let mut try_it = |number, smtp: &str| {
        new.settings.smtp = Some(server(smtp).unwrap());
        stage.ask.send(Ask::TestAccount(number, Box::new(new.clone())));
        match stage.next() {
            Event::AccountTested(of, tested) if of == number => tested,
            other => panic!("{other:?}"),
        }
    };
    let failure = try_it(1, "127.0.0.1:1:plain").unwrap_err();
    assert_eq!((&failure.trouble, failure.sending), (&Trouble::Connect, true));

    let others = fake_smtp::Setup::new().login("somebody else", "x").start();
    let failure = try_it(2, &format!("127.0.0.1:{}:plain", others.port)).unwrap_err();
    assert_eq!((&failure.trouble, failure.sending), (&Trouble::Refused, true));

    let smtp = fake_smtp::Setup::new().login(USER, PASSWORD).start();
    let smtp = format!("127.0.0.1:{}:plain", smtp.port);
    assert_eq!(try_it(3, &smtp).unwrap().sends, Some(true));

    // Where it cannot be read from, sending is not tried.
    new.settings.smtp = Some(server(&smtp).unwrap());
    new.settings.imap = Some(server("127.0.0.1:1:plain").unwrap());
    stage.ask.send(Ask::TestAccount(4, Box::new(new)));
    let Event::AccountTested(4, Err(failure)) = stage.next() else { panic!("it works") };
    assert_eq!((&failure.trouble, failure.sending), (&Trouble::Connect, false));
}

#[test]
fn the_demo_touches_no_account() {
    let home = Home::new();
    let options = Options { program: Some(program()), only_reachable: true, ..Options::default() };
    let (ask, mut events) = start(&home.profile(), options).unwrap();
    assert_eq!(events.blocking_recv(), Some(Event::Rules(Vec::new())));
    let server = Setup::new().without_tls().start();
    let new = work(&server.address(Way::Plain), PASSWORD);
    for command in [Ask::TestAccount(1, Box::new(new.clone())), Ask::AddAccount(Box::new(new))] {
        ask.send(command);
        assert_eq!(events.blocking_recv(), Some(Event::NoAccountsHere));
    }
    // Nor a receipt server: whoever names one hears that, and does not wait for ever.
    let key = Secret::new("k3y".to_owned());
    ask.send(Ask::SetReceiptServer(3, "https://receipts.example".to_owned(), key));
    let named = Event::ReceiptServerSet(3, Err(NoReceipts::Demo));
    assert_eq!(events.blocking_recv(), Some(named));
    assert_eq!(server.log().matches("Login").count(), 0);
}
