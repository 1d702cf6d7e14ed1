//! Allowed pictures on their way: from a letter's ledger through the journal to a
//! server on loopback and back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Home;
use goyo::engine::protocol::NotDone;
use goyo::engine::remote::{self, Brought, Journal, Kept, Leash, MAX_PICTURES, Unkept};
use goyo::mime;
use goyo::model::{
    Allowed, Answer, Flags, LedgerEntry, LetterId, Reason, Reference, RequestMade, Verdict, Visible,
};
use goyo::net::http::Client;
use goyo::privacy::{self, Policy};
use goyo::store::{Added, Circumstances, Incoming, Packer, RequestId, Store, StoreError, prepare};
use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

type Script = dyn Fn(&str) -> Vec<u8> + Send + Sync;

/// A server on loopback: what it answers to each path, and what it was asked.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(script: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (all, script) = (Arc::clone(&asked), Arc::new(script) as Arc<Script>);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let (all, script) = (Arc::clone(&all), Arc::clone(&script));
                std::thread::spawn(move || {
                    let mut head = Vec::new();
                    let mut byte = [0];
                    while !head.ends_with(b"\r\n\r\n") {
                        if !stream.read(&mut byte).is_ok_and(|n| n == 1) {
                            return;
                        }
                        head.push(byte[0]);
                    }
                    let head = String::from_utf8(head).unwrap();
                    let path = head.split(' ').nth(1).unwrap().to_owned();
                    all.lock().unwrap().push(path.clone());
                    let _ = stream.write_all(&script(&path));
                    let _ = stream.shutdown(Shutdown::Write);
                    let _ = stream.read_to_end(&mut Vec::new());
                });
            }
        });
        Self { port, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.sort();
        asked
    }

    fn policy(&self) -> Policy {
        let reachable = vec![("127.0.0.1".to_owned(), self.port)];
        Policy { once: true, reachable, ..Policy::default() }
    }
}

fn picture(bytes: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len());
    [head.as_bytes(), bytes].concat()
}

fn to(location: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

fn leave(url: &str, reason: Reason) -> Allowed {
    let reference = Reference {
        url: url.into(),
        element: "img[src]".into(),
        visible: Visible::Yes,
        after_html: false,
        size: (None, None),
        alt: None,
        part: 0,
    };
    LedgerEntry { reference, verdict: Verdict::Allow(reason), tracker: None }.allowed().unwrap()
}

async fn fetch(policy: &Policy, urls: &[String]) -> Brought {
    let allowed: Vec<Allowed> = urls.iter().map(|url| leave(url, Reason::Once)).collect();
    remote::fetch(&Client::default(), &allowed, policy, Arc::new(Unkept)).await
}

fn add(store: &Store, raw: &[u8]) -> LetterId {
    let folder = store.ensure_folder("local/a").unwrap();
    let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
    let prepared = prepare(mime::parse(raw), &with, &mut Packer::new(None));
    match store.add(&[(folder, Incoming::New(Box::new(prepared)), Flags::NONE)]).unwrap()[0] {
        Added::New(id) | Added::Duplicate(id) => id,
        Added::Vanished => panic!("it is given whole"),
    }
}

#[tokio::test]
async fn a_letters_pictures_come_and_its_pixels_are_never_asked_for() {
    let server = Server::new(|path| picture(path.as_bytes()));
    let html = format!(
        "<img src='{a}' width=600 height=200 alt='Sale'>\
         <img src='{a}'>\
         <td background='{b}'>\
         <img src='{p}' width=1 height=1>\
         <img src='{t}' width=600 height=10 alt=x>\
         <img src='https://cos2.navercorp.com/received/abc' width=100 height=100>\
         <link rel=stylesheet href='{c}'><iframe src='{d}'></iframe>",
        a = server.url("/a.png"),
        b = server.url("/b.png"),
        p = server.url("/pixel.gif"),
        t = server.url("/o/reader%40example.org.png"),
        c = server.url("/c.css"),
        d = server.url("/d.html"),
    );
    let raw = format!(
        "From: shop@example.com\r\nTo: Reader@example.org\r\nContent-Type: text/html\r\n\r\n{html}"
    );
    let letter = mime::parse(raw.as_bytes());
    let reachable = vec![("127.0.0.1".to_owned(), server.port)];
    let policy = Policy {
        once: true,
        reachable,
        ..Policy::for_letter(&letter, &[], goyo::model::Proof::None)
    };
    let ledger = privacy::ledger(&letter, goyo::html::references_of(&letter), &policy);
    let allowed: Vec<Allowed> = ledger.entries.iter().filter_map(|e| e.allowed()).collect();
    let brought = remote::fetch(&Client::default(), &allowed, &policy, Arc::new(Unkept)).await;
    assert_eq!(server.asked(), ["/a.png", "/b.png"]);
    assert_eq!(
        brought.pictures,
        [(server.url("/a.png"), b"/a.png".to_vec()), (server.url("/b.png"), b"/b.png".to_vec())]
    );
    assert_eq!(brought.requests.len(), 2);
    assert!(brought.requests.iter().all(|r| r.bytes == 6 && r.answer == Answer::Status(200)));
}

#[tokio::test]
async fn the_same_address_is_asked_once_whatever_follows_its_hash() {
    let server = Server::new(|path| picture(path.as_bytes()));
    let urls = ["/a.png#1", "/a.png#2", "/a.png", "/a.png#1", "/b.png"].map(|p| server.url(p));
    let brought = fetch(&server.policy(), &urls).await;
    assert_eq!(server.asked(), ["/a.png", "/b.png"]);
    let brought: HashMap<String, Vec<u8>> = brought.pictures.into_iter().collect();
    assert_eq!(brought.len(), 4);
    for url in urls {
        assert!(brought.contains_key(&url), "{url}");
    }
}

#[tokio::test]
async fn redirects_are_followed_one_by_one_and_written_down() {
    let server = Server::new(|path| match path {
        "/1" => to("/2"),
        "/2" => to("3?x=1"),
        "/3?x=1" => picture(b"there"),
        _ => panic!("{path}"),
    });
    let brought = fetch(&server.policy(), &[server.url("/1")]).await;
    assert_eq!(brought.pictures, [(server.url("/1"), b"there".to_vec())]);
    let told: Vec<(String, Answer)> =
        brought.requests.into_iter().map(|r| (r.url, r.answer)).collect();
    assert_eq!(
        told,
        [
            (server.url("/1"), Answer::Redirect(server.url("/2"))),
            (server.url("/2"), Answer::Redirect(server.url("/3?x=1"))),
            (server.url("/3?x=1"), Answer::Status(200)),
        ]
    );
}

#[tokio::test]
async fn chains_and_circles_end() {
    let server = Server::new(|path| {
        let n: u32 = path.trim_start_matches('/').parse().unwrap_or(0);
        match path {
            "/circle" => to("/again"),
            "/again" => to("/circle"),
            "/self" => to("/self#x"),
            "/6" => picture(b"six"),
            _ => to(&format!("/{}", n + 1)),
        }
    });
    // Five redirects: from /1 to /6.
    let brought = fetch(&server.policy(), &[server.url("/1")]).await;
    assert_eq!((brought.pictures.len(), brought.requests.len()), (1, 6));
    // Six are one too many.
    let brought = fetch(&server.policy(), &[server.url("/0")]).await;
    assert_eq!((brought.pictures.len(), brought.requests.len()), (0, 6));
    let stopped = Answer::Stopped { to: server.url("/6"), why: None };
    assert_eq!(brought.requests[5].answer, stopped);
    for (path, requests) in [("/circle", 2), ("/self", 1)] {
        let brought = fetch(&server.policy(), &[server.url(path)]).await;
        assert_eq!(brought.requests.len(), requests, "{path}");
        let last = &brought.requests.last().unwrap().answer;
        assert!(matches!(last, Answer::Stopped { why: None, .. }), "{path}: {last:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_judged_like_an_address_of_the_letter() {
    let elsewhere = Server::new(|_| picture(b"no"));
    let far = elsewhere.port;
    for (location, why) in [
        (format!("http://127.0.0.1:{far}/"), Reason::Address),
        (format!("http://localhost:{far}/"), Reason::Address),
        (format!("http://[::1]:{far}/"), Reason::Address),
        (format!("http://2130706433:{far}/"), Reason::Address),
        ("http://169.254.169.254/latest/meta-data/".to_owned(), Reason::Address),
        ("http://router.lan/".to_owned(), Reason::Address),
        ("file:///etc/passwd".to_owned(), Reason::Address),
        ("ftp://ftp.example.org/".to_owned(), Reason::Address),
        ("http://user:pw@shop.example.org/".to_owned(), Reason::Address),
        // Trackers known by name, and what carries the reader's address.
        ("https://cos2.navercorp.com/received/abc".to_owned(), Reason::Tracker),
        ("https://ems-counter.mail.daum.net/x".to_owned(), Reason::Tracker),
        ("https://track.ems.11st.co.kr/1".to_owned(), Reason::Tracker),
        ("https://shop.example.org/?for=reader%40example.org".to_owned(), Reason::Tracker),
        ("https://shop.example.org/cmVhZGVyQGV4YW1wbGUub3Jn.png".to_owned(), Reason::Tracker),
    ] {
        let sent = location.clone();
        let server = Server::new(move |_| to(&sent));
        let policy = Policy { recipients: vec!["Reader@example.org".into()], ..server.policy() };
        let brought = fetch(&policy, &[server.url("/a.png")]).await;
        assert!(brought.pictures.is_empty());
        let made: Vec<&str> = brought.requests.iter().map(|r| r.url.as_str()).collect();
        assert_eq!(made, [server.url("/a.png")], "{location}");
        // The ledger tells where it led, and why nobody went there.
        match &brought.requests[0].answer {
            Answer::Stopped { to, why: said } => {
                assert_eq!(*said, Some(why), "{location}");
                assert_eq!(*to, url::Url::parse(&location).unwrap().to_string());
            }
            other => panic!("{location}: {other:?}"),
        }
    }
    assert!(elsewhere.asked().is_empty());
}

/// Remembers what was written down; asks a server whether it was asked already.
struct Watched {
    kept: Kept,
    begun: Mutex<Vec<String>>,
}

impl Journal for Watched {
    type Ticket = RequestId;

    fn begin(&self, urls: &[&str]) -> Result<Vec<RequestId>, StoreError> {
        let tickets = self.kept.begin(urls)?;
        self.begun.lock().unwrap().extend(urls.iter().map(|url| (*url).to_owned()));
        Ok(tickets)
    }

    fn finish(&self, ticket: RequestId, made: &RequestMade) -> Result<(), StoreError> {
        self.kept.finish(ticket, made)
    }
}

#[tokio::test]
async fn a_request_is_in_the_store_before_the_server_hears_of_it() {
    let home = Home::new();
    let store = Arc::new(Store::open(&home.profile()).unwrap());
    let letter = add(&store, b"From: a@b.example\n\nx\n");
    let reader = Arc::clone(&store);
    let server = Server::new(move |path| {
        // At the moment the request is heard.
        let known = reader.requests(letter).unwrap();
        let written = known.iter().any(|r| r.url.ends_with(path) && r.answer == Answer::Unknown);
        match (written, path) {
            (false, _) => b"HTTP/1.1 500 Not written down\r\n\r\n".to_vec(),
            (true, "/far.png") => to("/near.png"),
            (true, _) => picture(b"yes"),
        }
    });
    let journal = Arc::new(Watched {
        kept: Kept { store: Arc::clone(&store), letter },
        begun: Mutex::default(),
    });
    let urls = ["/a.png", "/far.png", "/b.png"].map(|path| server.url(path));
    let allowed: Vec<Allowed> = urls.iter().map(|url| leave(url, Reason::Once)).collect();
    let brought =
        remote::fetch(&Client::default(), &allowed, &server.policy(), Arc::clone(&journal)).await;
    assert_eq!(brought.pictures.len(), 3, "{:?}", brought.requests);
    assert_eq!(brought.problem, None);
    let mut kept = store.requests(letter).unwrap();
    assert_eq!(kept.len(), 4);
    assert!(!kept.iter().any(|request| request.answer == Answer::Unknown));
    let mut told = brought.requests;
    for list in [&mut kept, &mut told] {
        list.sort_by(|a, b| a.url.cmp(&b.url));
    }
    assert_eq!(kept, told);
    let begun = journal.begun.lock().unwrap();
    assert_eq!(begun[..3], urls);
    assert_eq!(begun[3..], [server.url("/near.png")]);
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_asked() {
    let home = Home::new();
    let store = Arc::new(Store::open(&home.profile()).unwrap());
    let letter = add(&store, b"From: a@b.example\n\nx\n");
    store.remove(&[letter]).unwrap();
    let server = Server::new(|_| picture(b"no"));
    let allowed = [leave(&server.url("/a.png"), Reason::Once)];
    let journal = Arc::new(Kept { store, letter });
    let brought = remote::fetch(&Client::default(), &allowed, &server.policy(), journal).await;
    assert!(brought.pictures.is_empty() && brought.requests.is_empty());
    assert!(matches!(brought.problem, Some(NotDone::NotAsked(_))), "{:?}", brought.problem);
    assert!(server.asked().is_empty());
}

/// Fails after so many.
struct Full(AtomicUsize);

impl Journal for Full {
    type Ticket = ();

    fn begin(&self, urls: &[&str]) -> Result<Vec<()>, StoreError> {
        match self.0.fetch_sub(1, Ordering::Relaxed) {
            0 => Err(StoreError::Damaged("the disk is full".into())),
            _ => Ok(vec![(); urls.len()]),
        }
    }

    fn finish(&self, (): (), _: &RequestMade) -> Result<(), StoreError> {
        Ok(())
    }
}

#[tokio::test]
async fn nor_is_the_next_step_of_a_redirect() {
    let server = Server::new(|path| match path {
        "/1" => to("/2"),
        _ => picture(b"no"),
    });
    let allowed = [leave(&server.url("/1"), Reason::Once)];
    let journal = Arc::new(Full(AtomicUsize::new(1)));
    let brought = remote::fetch(&Client::default(), &allowed, &server.policy(), journal).await;
    assert_eq!(server.asked(), ["/1"]);
    assert!(brought.pictures.is_empty() && brought.problem.is_some());
}

#[tokio::test]
async fn never_more_than_six_at_once_nor_more_than_there_may_be() {
    // Every answer waits until six are there, or a moment has passed.
    let gate = Arc::new((Mutex::new((0_usize, 0_usize)), Condvar::new()));
    let inside = Arc::clone(&gate);
    let server = Server::new(move |_| {
        let (count, changed) = &*inside;
        let mut now = count.lock().unwrap();
        now.0 += 1;
        now.1 = now.1.max(now.0);
        changed.notify_all();
        if now.1 < 6 {
            now = changed.wait_timeout_while(now, Duration::from_secs(5), |n| n.1 < 6).unwrap().0;
        }
        now.0 -= 1;
        picture(b"x")
    });
    let urls: Vec<String> = (0..MAX_PICTURES + 50).map(|n| server.url(&format!("/{n}"))).collect();
    let brought = fetch(&server.policy(), &urls).await;
    assert_eq!(brought.pictures.len(), MAX_PICTURES);
    assert_eq!(server.asked().len(), MAX_PICTURES);
    assert_eq!(gate.0.lock().unwrap().1, 6);
    // The first ones, in the letter's order; of the others it is told.
    assert!(brought.pictures.iter().zip(&urls).all(|((url, _), first)| url == first));
    assert_eq!(brought.problem, Some(NotDone::TooMany { left: 50 }));
}

#[tokio::test]
async fn what_is_taken_back_is_not_asked_and_what_is_under_way_is_given_up() {
    // Every answer waits until it is let go.
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let held = Arc::clone(&gate);
    let server = Server::new(move |path| {
        let (open, changed) = &*held;
        let open = open.lock().unwrap();
        let wait = Duration::from_secs(20);
        drop(changed.wait_timeout_while(open, wait, |open| !*open).unwrap());
        picture(path.as_bytes())
    });
    let urls: Vec<String> = (0..30).map(|n| server.url(&format!("/{n:02}"))).collect();
    let allowed: Vec<Allowed> = urls.iter().map(|url| leave(url, Reason::Once)).collect();
    let journal = Arc::new(Full(AtomicUsize::new(1000)));
    let leash = Leash::default();
    let (reins, policy, client) = (leash.clone(), server.policy(), Client::default());
    let fetching =
        tokio::spawn(
            async move { remote::fetch_on(&leash, &client, &allowed, &policy, journal).await },
        );
    while server.asked().len() < 6 {
        tokio::task::yield_now().await;
    }
    // The first and the last are still wanted.
    reins.hold([urls[0].clone(), urls[29].clone()].into());
    while server.asked().len() < 7 {
        tokio::task::yield_now().await;
    }
    *gate.0.lock().unwrap() = true;
    gate.1.notify_all();
    let brought = fetching.await.unwrap();
    let asked = ["/00", "/01", "/02", "/03", "/04", "/05", "/29"];
    assert_eq!(server.asked(), asked);
    assert_eq!(brought.pictures.len(), 2);
    assert_eq!(brought.taken_back.len(), 28);
    // Five were made, and are told: given up.
    assert_eq!(brought.requests.len(), 7);
    let given_up = brought.requests.iter().filter(|r| matches!(r.answer, Answer::Failed(_)));
    assert_eq!(given_up.count(), 5);
}

#[tokio::test]
async fn a_batch_that_takes_too_long_asks_nothing_more() {
    let server = Server::new(|_| {
        std::thread::sleep(Duration::from_millis(300));
        picture(b"slow")
    });
    let urls: Vec<String> = (0..60).map(|n| server.url(&format!("/{n}"))).collect();
    let allowed: Vec<Allowed> = urls.iter().map(|url| leave(url, Reason::Once)).collect();
    let leash = Leash::of(Duration::from_millis(100));
    let journal = Arc::new(Unkept);
    let policy = server.policy();
    let brought = remote::fetch_on(&leash, &Client::default(), &allowed, &policy, journal).await;
    // What was under way is waited for.
    assert_eq!((brought.pictures.len(), server.asked().len()), (6, 6));
    assert_eq!(brought.left_out, urls[6..]);
    assert_eq!(brought.problem, Some(NotDone::TooLong { left: 54 }));
}

#[tokio::test]
async fn where_nobody_is_reached_nobody_was_told() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let policy = Policy {
        once: true,
        reachable: vec![("127.0.0.1".to_owned(), nobody)],
        ..Policy::default()
    };
    let url = format!("http://127.0.0.1:{nobody}/a.png");
    let brought = fetch(&policy, &[url]).await;
    let answer = &brought.requests[0].answer;
    assert!(matches!(answer, Answer::Unreached(_)) && !answer.told(), "{answer:?}");
    // Whoever hears a request and says nothing of use was told.
    let server = Server::new(|_| b"nonsense".to_vec());
    let brought = fetch(&server.policy(), &[server.url("/")]).await;
    assert!(brought.requests[0].answer.told());
}

#[tokio::test]
async fn a_letter_brings_so_much_and_no_more() {
    let server = Server::new(|_| picture(&vec![b'x'; 15 << 20]));
    let urls: Vec<String> = (0..7).map(|n| server.url(&format!("/{n}"))).collect();
    let brought = fetch(&server.policy(), &urls).await;
    let whole: usize = brought.pictures.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(whole <= 64 << 20, "{whole}");
    assert!(brought.pictures.len() < 5);
    let given_up = brought.requests.iter().filter(|r| matches!(r.answer, Answer::Failed(_)));
    assert_eq!(given_up.count(), 7 - brought.pictures.len());
}

#[tokio::test]
async fn one_bad_picture_spoils_no_other() {
    let server = Server::new(|path| match path {
        "/broken" => b"\0\0\0".to_vec(),
        "/gone" => b"HTTP/1.1 404 Not Found\r\n\r\n".to_vec(),
        "/cut" => b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".to_vec(),
        _ => picture(b"good"),
    });
    let urls = ["/broken", "/gone", "/cut", "/good"].map(|path| server.url(path));
    let brought = fetch(&server.policy(), &urls).await;
    assert_eq!(brought.pictures, [(server.url("/good"), b"good".to_vec())]);
    let answer =
        |path: &str| &brought.requests.iter().find(|r| r.url == server.url(path)).unwrap().answer;
    assert!(matches!(answer("/broken"), Answer::Failed(_)));
    assert_eq!(*answer("/gone"), Answer::Status(404));
    assert!(matches!(answer("/cut"), Answer::Failed(_)));
    let nothing = fetch(&server.policy(), &[]).await;
    assert_eq!(nothing, Brought::default());
}

#[test]
fn where_a_redirect_may_lead() {
    let policy =
        Policy { once: true, recipients: vec!["reader@example.org".into()], ..Policy::default() };
    let follow = |from: &str, reason: Reason, to: &str| {
        policy
            .follow(&leave(from, reason), to)
            .map(|leave| (leave.url().to_owned(), leave.reason()))
    };
    let shop = "https://shop.example.org/a.png";
    let cdn = "https://cdn.example.net/a.png?sig=8f14e45fceea167a5a36dedd4bea2543";
    // A name of its own for the file says no more than the address before it.
    for reason in [Reason::Once, Reason::Sender, Reason::Domain, Reason::ByHand] {
        assert_eq!(follow(shop, reason, cdn), Ok((cdn.to_owned(), reason)));
    }
    // Never to less safety; to more is well.
    let plain = "http://shop.example.org/a.png";
    assert_eq!(follow(shop, Reason::Once, plain), Err(Reason::Address));
    assert_eq!(follow("//shop.example.org/a", Reason::Once, plain), Err(Reason::Address));
    assert_eq!(follow(plain, Reason::Once, shop), Ok((shop.to_owned(), Reason::Once)));
    // By hand one service was allowed, not whoever it hands the reader on to.
    let (naver, kakao) = (
        "https://cos2.navercorp.com/received/a",
        "https://ems-counter.mail.daum.net/emscount/v1/emails/1/events/open",
    );
    let within = "https://cos2.navercorp.com/received/b";
    assert_eq!(follow(naver, Reason::ByHand, within), Ok((within.to_owned(), Reason::ByHand)));
    assert_eq!(follow(naver, Reason::ByHand, kakao), Err(Reason::Tracker));
    assert_eq!(follow(shop, Reason::ByHand, naver), Err(Reason::Tracker));
    assert_eq!(follow(shop, Reason::Once, naver), Err(Reason::Tracker));
    let named = "https://shop.example.org/reader@example.org/a.png";
    assert_eq!(follow(shop, Reason::Once, named), Err(Reason::Tracker));
}

#[test]
fn what_a_name_may_stand_for() {
    let policy = Policy { reachable: vec![("demo.test".into(), 4025)], ..Policy::default() };
    for (ip, may) in [
        ("8.8.8.8", true),
        ("211.249.220.24", true),
        ("2606:4700::1111", true),
        ("::ffff:8.8.8.8", true),
        ("64:ff9b::808:808", true),
        ("127.0.0.1", false),
        ("127.255.255.254", false),
        ("0.0.0.0", false),
        ("0.1.2.3", false),
        ("10.0.0.1", false),
        ("172.31.255.255", false),
        ("172.32.0.1", true),
        ("192.168.0.1", false),
        ("169.254.169.254", false),
        ("100.64.0.1", false),
        ("100.127.255.255", false),
        ("192.0.0.8", false),
        ("192.0.2.1", false),
        ("198.18.0.1", false),
        ("198.51.100.1", false),
        ("203.0.113.1", false),
        ("224.0.0.1", false),
        ("240.0.0.1", false),
        ("255.255.255.255", false),
        ("::", false),
        ("::1", false),
        ("::ffff:127.0.0.1", false),
        ("::ffff:169.254.169.254", false),
        ("::127.0.0.1", false),
        ("::ffff:0:127.0.0.1", false),
        ("64:ff9b::7f00:1", false),
        ("64:ff9b:1::1", false),
        ("2002:7f00:1::", false),
        ("2002:808:808::", true),
        ("2001::1", false),
        ("2001:db8::1", false),
        ("3fff::1", false),
        ("fe80::1", false),
        ("fe80::5efe:7f00:1", false),
        ("2606:4700::5efe:a00:1", false),
        ("fec0::1", false),
        ("fc00::1", false),
        ("fdff::1", false),
        ("ff02::1", false),
        ("100::1", false),
        ("5f00::1", false),
        ("4000::1", false),
    ] {
        let to = std::net::SocketAddr::new(ip.parse().unwrap(), 443);
        assert_eq!(policy.may_connect("x.example.org", to), may, "{ip}");
    }
    // Opened for its own name and port alone.
    let here = |port| std::net::SocketAddr::from(([127, 0, 0, 1], port));
    assert!(policy.may_connect("demo.test", here(4025)));
    assert!(!policy.may_connect("demo.test", here(4026)));
    assert!(!policy.may_connect("x.example.org", here(4025)));
    // A demo reaches its own and nothing else.
    let only = Policy { only_reachable: true, ..policy };
    assert!(!only.may_connect("x.example.org", ([8, 8, 8, 8], 443).into()));
    assert!(only.may_connect("demo.test", here(4025)));
    // Where other services listen a picture has no business.
    let once = Policy { once: true, ..Policy::default() };
    for (port, may) in
        [(80, true), (443, true), (8080, true), (25, false), (22, false), (6667, false)]
    {
        assert_eq!(once.may_reach(&format!("http://example.org:{port}/")), may, "{port}");
    }
    assert!(!once.may_reach(&format!("https://example.org/{}", "x".repeat(9000))));
}
