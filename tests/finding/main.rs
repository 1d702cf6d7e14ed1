//! Whose mail servers a domain of one's own has, by DNS: what is asked, what is believed, and
//! what a resolver can do to us.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod fake_dns;

use fake_dns::{FakeDns, MX, Reply, SRV, mx, name, srv, srv_of};
use goyo::engine::accounts::{Known, Source, find};
use goyo::engine::protocol::{Command, Event};
use goyo::engine::{Commands, Options, start};
use goyo::model::{AccountKind, Secret, Security, Settings};
use goyo::net::dns::{Dns, DnsError};
use goyo::store::Store;
use std::io::Read as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Receiver;

fn ask(dns: &FakeDns, address: &str) -> Result<Option<Known>, DnsError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(find(&Dns::at(dns.at), address))
}

/// Answers every question about receivers with these, all others with "no such name".
fn receivers(hosts: &[(u16, &str)]) -> FakeDns {
    let records: Vec<_> = hosts.iter().map(|(preference, host)| mx(*preference, host)).collect();
    FakeDns::start(move |_, kind| match kind {
        MX => Reply::Records(records.clone()),
        _ => Reply::Code(3),
    })
}

/// Answers with these SRV records; nobody receives.
fn services(imaps: Vec<(u16, Vec<u8>)>, submissions: Vec<(u16, Vec<u8>)>) -> FakeDns {
    FakeDns::start(move |name, kind| match kind {
        SRV if name.starts_with("_imaps._tcp.") => Reply::Records(imaps.clone()),
        SRV if name.starts_with("_submissions._tcp.") => Reply::Records(submissions.clone()),
        _ => Reply::Records(Vec::new()),
    })
}

#[test]
fn a_companys_provider_is_known_by_who_receives_its_mail() {
    for (host, id, imap) in [
        ("kr1-aspmx1.worksmobile.com", "naver-works", Some("imap.worksmobile.com")),
        ("ASPMX.L.GOOGLE.COM", "gmail", Some("imap.gmail.com")),
        ("in1-smtp.messagingengine.com", "fastmail", Some("imap.fastmail.com")),
        ("mx.zoho.com", "zoho", Some("imap.zoho.com")),
        ("mx1.dooray.com", "dooray", Some("imap.dooray.com")),
        ("hanbit-sangsa-co-kr.mail.protection.outlook.com", "office365", None),
        ("spam.hiworks.com", "hiworks", None),
        ("mail.gabia.com", "gabia", None),
    ] {
        let dns = receivers(&[(10, host)]);
        let known = ask(&dns, "Minji.Kim@hanbit-sangsa.co.kr").unwrap().unwrap();
        assert_eq!(known.provider.unwrap().id, id);
        assert_eq!(known.source, Source::Receivers);
        // A domain of one's own has no users that are known by half an address.
        assert_eq!(known.settings.user, "Minji.Kim@hanbit-sangsa.co.kr");
        if let Some(imap) = imap {
            assert_eq!(known.settings.imap.unwrap().host, imap);
        }
        assert!(known.provider.unwrap().imap.is_some() || known.provider.unwrap().needs.is_some());
        // One question, and the domain is all that is in it.
        assert_eq!(dns.asked(), ["hanbit-sangsa.co.kr. 15"]);
    }
}

#[test]
fn the_preferred_receiver_counts() {
    let dns = receivers(&[(50, "mx.zoho.com"), (10, "aspmx.l.google.com"), (1, "gate.nobody.kr")]);
    assert_eq!(ask(&dns, "kim@hanbit.kr").unwrap().unwrap().provider.unwrap().id, "gmail");
}

#[test]
fn who_is_in_the_list_is_not_asked_about_and_neither_is_what_is_no_domain_out_there() {
    let dns = receivers(&[(10, "aspmx.l.google.com")]);
    for listed in ["minji@naver.com", "a@GMAIL.com", "kim", "@", "a@b c", "kim@[10.0.0.1]"] {
        assert_eq!(ask(&dns, listed), Ok(None), "{listed}");
    }
    for nowhere in [
        "kim@hanbit.example",
        "kim@example.org",
        "kim@mail.example.org",
        "kim@localhost",
        "kim@printer.local",
        "kim@box.home.arpa",
        "kim@abcdefgh.onion",
        "kim@korea",
        "kim@10.0.0.1",
        "kim@hanbit..kr",
        "kim@-hanbit.kr",
        "kim@han\u{0}bit.kr",
        "kim@han*bit.kr",
    ] {
        let answer = ask(&dns, nowhere);
        assert!(matches!(answer, Ok(None) | Err(DnsError::Domain(_))), "{nowhere}: {answer:?}");
    }
    assert!(matches!(ask(&dns, &format!("kim@{}.kr", "a.".repeat(130))), Err(DnsError::Domain(_))));
    assert_eq!(dns.asked(), Vec::<String>::new());
}

#[test]
fn a_domain_in_hangul_is_asked_for_as_dns_writes_it() {
    let dns = receivers(&[(10, "kr1-aspmx1.worksmobile.com")]);
    let known = ask(&dns, "김민지@한빛상사.한국").unwrap().unwrap();
    assert_eq!(known.settings.user, "김민지@한빛상사.한국");
    // As Python's "idna" codec writes it.
    assert_eq!(dns.asked(), ["xn--xx3bk6b1bu58i.xn--3e0b707e. 15"]);
}

#[test]
fn servers_that_the_domain_names_are_taken() {
    let dns = services(
        vec![
            srv(20, 0, 993, "second.hanbit.kr"),
            srv(10, 1, 993, "light.hanbit.kr"),
            srv(10, 9, 1993, "mail.hanbit.kr"),
        ],
        vec![srv(0, 0, 465, "smtp.hanbit.kr")],
    );
    let known = ask(&dns, "kim@hanbit.kr").unwrap().unwrap();
    assert_eq!(known.source, Source::Domain { elsewhere: false });
    assert!(!known.sure && known.provider.is_none());
    let (imap, smtp) = (known.settings.imap.unwrap(), known.settings.smtp.unwrap());
    assert_eq!((imap.host.as_str(), imap.port), ("mail.hanbit.kr", 1993));
    assert_eq!((smtp.host.as_str(), smtp.port), ("smtp.hanbit.kr", 465));
    assert_eq!((imap.security, smtp.security), (Security::Tls, Security::Tls));
    assert_eq!(
        dns.asked(),
        ["_imaps._tcp.hanbit.kr. 33", "_submissions._tcp.hanbit.kr. 33", "hanbit.kr. 15"]
    );
}

#[test]
fn a_server_of_another_domain_is_said_to_be_one() {
    for (imap, smtp, elsewhere) in [
        ("mail.hanbit.kr", "smtp.hanbit.kr", false),
        ("hanbit.kr", "HANBIT.kr", false),
        ("mail.hosting.kr", "smtp.hanbit.kr", true),
        ("mail.hanbit.kr", "smtp.hosting.kr", true),
        ("mail.nothanbit.kr", "smtp.hanbit.kr", true),
        ("hanbit.kr.evil.com", "smtp.hanbit.kr", true),
    ] {
        let dns = services(vec![srv(0, 0, 993, imap)], vec![srv(0, 0, 465, smtp)]);
        let known = ask(&dns, "kim@hanbit.kr").unwrap().unwrap();
        assert_eq!(known.source, Source::Domain { elsewhere }, "{imap} {smtp}");
    }
    // A provider's own server is that provider's.
    let dns = services(vec![srv(0, 0, 993, "imap.fastmail.com")], Vec::new());
    let known = ask(&dns, "kim@hanbit.kr").unwrap().unwrap();
    assert_eq!(known.provider.unwrap().id, "fastmail");
    assert_eq!(known.settings.smtp.unwrap().host, "smtp.fastmail.com");
}

#[test]
fn who_hands_in_nowhere_can_still_read() {
    let dns = FakeDns::start(|name, kind| match kind {
        SRV if name.starts_with("_imaps") => Reply::Records(vec![srv(0, 0, 993, "m.hanbit.kr")]),
        SRV => Reply::Code(2),
        _ => Reply::Code(3),
    });
    let known = ask(&dns, "kim@hanbit.kr").unwrap().unwrap();
    assert_eq!(known.settings.imap.unwrap().host, "m.hanbit.kr");
    assert_eq!(known.settings.smtp, None);
}

#[test]
fn names_that_cannot_be_a_servers_are_not_believed() {
    let bad: Vec<Vec<u8>> = vec![
        name(&[]),
        name(&[b"localhost"]),
        name(&[b"mail"]),
        name(&[b"127", b"0", b"0", b"1"]),
        name(&[b"mail", b"local"]),
        name(&[b"127.0.0.1"]),
        name(&[b"imap.gmail.com", b"evil", b"kr"]),
        name(&[b"imap.gmail.com"]),
        name(&[b"ma il", b"hanbit", b"kr"]),
        name(&[b"mail\r\nhanbit", b"kr"]),
        name(&[b"\xea\xb3\xa0", b"hanbit", b"kr"]),
        name(&[b"\xff\xfe", b"kr"]),
        name(&[b"-mail", b"kr"]),
        name(&[b"mail/..", b"kr"]),
        name(&[b"a@b", b"kr"]),
        name(&[b"x:993", b"kr"]),
    ];
    for target in bad {
        let dns = services(vec![srv_of(0, 0, 993, &target)], Vec::new());
        assert_eq!(ask(&dns, "kim@hanbit.kr"), Ok(None), "{target:?}");
    }
    let dns = services(vec![srv(0, 0, 0, "mail.hanbit.kr")], Vec::new());
    assert_eq!(ask(&dns, "kim@hanbit.kr"), Ok(None));
    // A dot inside a label does not make a provider's name.
    let dns = FakeDns::start(|_, _| {
        Reply::Records(vec![(MX, [&[0, 10][..], &name(&[b"aspmx.google.com"])].concat())])
    });
    assert_eq!(ask(&dns, "kim@hanbit.kr"), Ok(None));
}

#[test]
fn a_domain_that_is_not_there_has_no_provider() {
    assert_eq!(ask(&FakeDns::start(|_, _| Reply::Code(3)), "kim@hanbit.kr"), Ok(None));
    assert_eq!(ask(&FakeDns::start(|_, _| Reply::Records(vec![])), "kim@hanbit.kr"), Ok(None));
    for refused in [2, 5] {
        let dns = FakeDns::start(move |_, _| Reply::Code(refused));
        let answer = ask(&dns, "kim@hanbit.kr");
        assert!(matches!(answer, Err(DnsError::Failed(_))), "{answer:?}");
    }
}

#[test]
fn answers_to_other_questions_are_passed_over() {
    let dns = FakeDns::start(|_, _| {
        Reply::Forged(vec![mx(0, "mx.zoho.com")], vec![mx(10, "aspmx.l.google.com")])
    });
    assert_eq!(ask(&dns, "kim@hanbit.kr").unwrap().unwrap().provider.unwrap().id, "gmail");
}

#[test]
fn garbage_is_no_answer_and_brings_nobody_down() {
    let header = [0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
    let question = [&name(&[b"hanbit", b"kr"])[..], &[0, 15, 0, 1]].concat();
    let record = |data: &[u8]| {
        let length = u16::try_from(data.len()).unwrap().to_be_bytes();
        [&[0xC0, 12, 0, 15, 0, 1, 0, 0, 0, 60], &length[..], data].concat()
    };
    let behind = u8::try_from(12 + question.len() + 12).unwrap();
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("a header only", header.to_vec()),
        ("a name that is itself", [&header[..], &[0xC0, 12, 0, 15, 0, 1]].concat()),
        ("a name that ends nowhere", [&header[..], &question, &[0x3F, b'a']].concat()),
        ("pointers in a ring", {
            let ring = [0, 10, 0xC0, behind + 4, 0xC0, behind + 2];
            [&header[..], &question, &record(&ring)].concat()
        }),
        ("a pointer ahead", { [&header[..], &question, &record(&[0, 10, 0xC0, 0xFF])].concat() }),
        ("a pointer to itself", {
            [&header[..], &question, &record(&[0, 10, 0xC0, behind + 2])].concat()
        }),
        ("a record longer than the rest", {
            let mut record = record(&[0, 10, 1, b'a', 0]);
            record[10] = 0x7F;
            [&header[..], &question, &record].concat()
        }),
        ("a label of a kind that is none", {
            [&header[..], &question, &record(&[0, 10, 0x80, b'a', 0])].concat()
        }),
        ("more records than there are", {
            let mut header = header;
            header[4..6].copy_from_slice(&[0xFF, 0xFF]);
            [&header[..], &question, &record(&[0, 10, 1, b'a', 0])].concat()
        }),
        ("noise", (0..500_u32).map(|n| (n * 7919 % 251) as u8).collect()),
    ] {
        let dns = FakeDns::start(move |_, _| Reply::Garbage(bytes.clone()));
        let begun = Instant::now();
        let answer = ask(&dns, "kim@hanbit.kr");
        assert!(
            matches!(answer, Err(DnsError::Failed(_) | DnsError::TimedOut)),
            "{what}: {answer:?}"
        );
        assert!(begun.elapsed() < Duration::from_secs(9), "{what}");
    }
}

#[test]
fn thousands_of_receivers_are_cut_short() {
    let many: Vec<_> = (0..2000).map(|n| mx(n, &format!("m{n}.hanbit.kr"))).collect();
    let dns = FakeDns::start(move |_, _| Reply::ByTcp(many.clone()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let hosts = runtime
        .block_on(async { Dns::at(dns.at).about("hanbit.kr").unwrap().receivers().await })
        .unwrap();
    assert_eq!(hosts.len(), 32);
    assert_eq!(hosts[0], "m0.hanbit.kr");
}

#[test]
fn who_never_answers_is_not_waited_for_longer_than_five_seconds() {
    for reply in [Reply::Silence, Reply::ByTcpNever] {
        let dns = FakeDns::start(move |_, _| reply.clone());
        let begun = Instant::now();
        assert_eq!(ask(&dns, "kim@hanbit.kr"), Err(DnsError::TimedOut));
        assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
    }
    // Nobody is there at all.
    let gone = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = runtime.block_on(find(&Dns::at(gone), "kim@hanbit.kr"));
    assert!(matches!(answer, Err(DnsError::Failed(_) | DnsError::TimedOut)), "{answer:?}");
}

fn engine(profile: &Path, options: Options) -> (Commands, Receiver<Event>) {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_goyo"));
    start(profile, Options { program: Some(program), ..options }).unwrap()
}

/// What the engine answers the window.
fn engine_says(options: Options, address: &str) -> Option<Box<Known>> {
    let home = tempfile::tempdir().unwrap();
    says_in(&home.path().join("profile"), options, address)
}

fn says_in(profile: &Path, options: Options, address: &str) -> Option<Box<Known>> {
    let (ask, mut events) = engine(profile, options);
    ask.send(Command::FindServers(7, address.to_owned()));
    loop {
        match events.blocking_recv().unwrap() {
            Event::ServersFound(number, found) => {
                assert_eq!(number, 7);
                return found;
            }
            _ => continue,
        }
    }
}

#[test]
fn the_window_is_told_but_nobody_is_asked_past_a_proxy_or_in_the_demo() {
    let dns = receivers(&[(10, "kr1-aspmx1.worksmobile.com")]);
    let options = || Options { dns: Dns::at(dns.at), ..Options::default() };
    let proxy = Some("socks5://127.0.0.1:9".to_owned());
    assert_eq!(engine_says(Options { proxy, ..options() }, "kim@hanbit.kr"), None);
    assert_eq!(engine_says(Options { only_reachable: true, ..options() }, "kim@hanbit.kr"), None);
    assert_eq!(dns.asked(), Vec::<String>::new());
    // As the window starts: only an account knows the proxy.
    let home = tempfile::tempdir().unwrap();
    let profile = behind(home.path(), "socks5://127.0.0.1:9");
    assert_eq!(says_in(&profile, options(), "kim@hanbit.kr"), None);
    assert_eq!(dns.asked(), Vec::<String>::new());
    let known = engine_says(options(), "kim@hanbit.kr").unwrap();
    assert_eq!(known.provider.unwrap().id, "naver-works");
}

/// A profile with two accounts, one of which has a proxy.
fn behind(home: &Path, proxy: &str) -> PathBuf {
    let profile = home.join("profile");
    let store = Store::open(&profile).unwrap();
    let direct = Settings::default();
    store.add_account("one", AccountKind::Imap, "kim@example.org", &direct).unwrap();
    let settings = Settings { proxy: Some(proxy.to_owned()), ..Settings::default() };
    store.add_account("two", AccountKind::Imap, "lee@example.org", &settings).unwrap();
    profile
}

#[test]
fn the_receipt_server_is_tried_by_the_way_that_an_account_goes() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let home = tempfile::tempdir().unwrap();
    let profile = behind(home.path(), &format!("http://{at}"));
    let (ask, _events) = engine(&profile, Options::default());
    let key = Secret::new("k3y".to_owned());
    ask.send(Command::SetReceiptServer(1, "https://receipts.example".to_owned(), key));
    // The proxy is asked for the server by its name; nothing of the key is in the open.
    let (heard, connected) = std::sync::mpsc::channel();
    std::thread::spawn(move || heard.send(listener.accept().unwrap().0));
    let mut stream = connected.recv_timeout(Duration::from_secs(20)).expect("nobody asks it");
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut asked = Vec::new();
    while !asked.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        asked.extend(byte);
    }
    let asked = String::from_utf8(asked).unwrap();
    assert!(asked.starts_with("CONNECT receipts.example:443 HTTP/1.1\r\n"), "{asked}");
    assert!(!asked.contains("k3y"), "{asked}");
}
