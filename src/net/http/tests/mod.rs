//! Against scripted servers on loopback: what leaves, what may come back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod proxies;
mod server;
mod tls;

use super::*;
use crate::model::{LedgerEntry, Reason, Reference, Verdict, Visible};
use server::Server;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

/// Names as a test has them, and what was asked.
#[derive(Debug, Default)]
pub(crate) struct FixedNames {
    known: HashMap<String, Vec<IpAddr>>,
    asked: Mutex<Vec<String>>,
}

impl FixedNames {
    pub(crate) fn look_up(&self, name: &str, port: u16) -> Option<Vec<SocketAddr>> {
        self.asked.lock().unwrap().push(name.to_owned());
        let found = self.known.get(name)?;
        Some(found.iter().map(|ip| SocketAddr::new(*ip, port)).collect())
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Opens exactly one host and port.
struct Opens(String, u16);

impl Gate for Opens {
    fn is_opened(&self, host: &str, port: u16) -> bool {
        self.0 == host && self.1 == port
    }

    fn may_connect(&self, host: &str, to: SocketAddr) -> bool {
        self.is_opened(host, to.port())
    }
}

/// Lets every address pass but those of the machine itself.
struct NotHere;

impl Gate for NotHere {
    fn is_opened(&self, _: &str, _: u16) -> bool {
        false
    }

    fn may_connect(&self, _: &str, to: SocketAddr) -> bool {
        !to.ip().is_loopback()
    }
}

/// Lets everything pass; opens nothing.
struct Anywhere;

impl Gate for Anywhere {
    fn is_opened(&self, _: &str, _: u16) -> bool {
        false
    }

    fn may_connect(&self, _: &str, _: SocketAddr) -> bool {
        true
    }
}

fn leave(url: &str) -> Allowed {
    let reference = Reference {
        url: url.into(),
        element: "img[src]".into(),
        visible: Visible::Yes,
        after_html: false,
        size: (None, None),
        alt: None,
        part: 0,
    };
    let verdict = Verdict::Allow(Reason::Once);
    LedgerEntry { reference, verdict, tracker: None }.allowed().unwrap()
}

/// A client that gives up soon.
fn client() -> Client {
    let limits = Limits {
        connect: Duration::from_millis(1500),
        whole: Duration::from_secs(3),
        stall: Duration::from_millis(700),
        grace: Duration::from_millis(900),
        slowest: 1000,
        body: 1024 * 1024,
        head: 16 * 1024,
        fields: 50,
    };
    Client { limits, ..Client::default() }
}

fn knowing(names: &[(&str, &[&str])]) -> (Client, Arc<FixedNames>) {
    let known = names
        .iter()
        .map(|(name, ips)| ((*name).to_owned(), ips.iter().map(|ip| ip.parse().unwrap()).collect()))
        .collect();
    let names = Arc::new(FixedNames { known, asked: Mutex::default() });
    (Client { names: Names::Fixed(Arc::clone(&names)), ..client() }, names)
}

async fn get(client: &Client, url: &str, gate: &dyn Gate) -> Fetched {
    client.get(&leave(url), gate, &Budget::new(64 << 20)).await
}

/// What a client makes of an answer.
async fn answered(answer: impl Into<Vec<u8>>) -> Fetched {
    let server = Server::answering(answer.into());
    get(&client(), &server.url("/a.png"), &server.gate()).await
}

fn body(bytes: &[u8]) -> Result<Answered, FetchError> {
    Ok(Answered::Body(bytes.to_vec()))
}

const OK: &str = "HTTP/1.1 200 OK\r\n";

#[tokio::test]
async fn a_request_says_nothing_of_the_reader() {
    let answer = "HTTP/1.1 200 OK\r\nSet-Cookie: you=1; Max-Age=9999999\r\nETag: \"you\"\r\n\
                  Last-Modified: Mon, 16 Nov 2026 10:00:00 GMT\r\nAlt-Svc: h3=\":443\"\r\n\
                  Content-Length: 3\r\n\r\nGIF";
    let server = Server::answering(answer.as_bytes().to_vec());
    let client = client();
    let url = server.url("/o/a%20b.png?x=1&y=%ED%95%9C#top");
    for _ in 0..2 {
        assert_eq!(get(&client, &url, &server.gate()).await.answer, body(b"GIF"));
    }
    // Byte for byte, and the second time nothing is known of the first.
    let expected = format!(
        "GET /o/a%20b.png?x=1&y=%ED%95%9C HTTP/1.1\r\n\
         Host: 127.0.0.1:{}\r\n\
         User-Agent: Mozilla/5.0\r\n\
         Accept: image/*,*/*;q=0.8\r\n\
         Accept-Encoding: identity\r\n\
         Connection: close\r\n\r\n",
        server.port
    );
    assert_eq!(server.heard(), [expected.clone(), expected]);
}

#[tokio::test]
async fn addresses_as_people_write_them() {
    for (written, target) in [
        ("/그림 1.png?이름=값", "/%EA%B7%B8%EB%A6%BC%201.png?%EC%9D%B4%EB%A6%84=%EA%B0%92"),
        ("/a|b^c`d{e}\"f.png?g|h\"i<j>k", "/a%7Cb%5Ec%60d%7Be%7D%22f.png?g%7Ch%22i%3Cj%3Ek"),
        ("/a/../b/./c.png", "/b/c.png"),
        ("/?", "/?"),
        ("", "/"),
        ("/a\r\nX-Evil: 1", "/aX-Evil:%201"),
        ("/%0d%0aX-Evil:1", "/%0d%0aX-Evil:1"),
    ] {
        let server = Server::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx".to_vec());
        let got = get(&client(), &server.url(written), &server.gate()).await;
        assert_eq!(got.answer, body(b"x"), "{written}");
        let heard = server.heard();
        assert_eq!(heard[0].lines().next().unwrap(), format!("GET {target} HTTP/1.1"));
        assert_eq!(heard[0].lines().count(), 7, "{written}");
    }
}

#[tokio::test]
async fn what_is_no_address_of_the_web_is_not_asked() {
    for url in [
        "file:///etc/passwd",
        "ftp://x.org/",
        "data:image/png;base64,AAAA",
        "cid:a@b",
        "/relative",
        "",
        "http://",
        "http://user:pw@127.0.0.1/",
        "gopher://127.0.0.1/",
    ] {
        let got = get(&client(), url, &Anywhere).await;
        assert_eq!(got, Fetched { bytes: 0, answer: Err(FetchError::Address) }, "{url}");
    }
}

#[tokio::test]
async fn a_name_is_judged_by_what_it_stands_for() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx".to_vec());
    let (client, names) = knowing(&[
        ("rebound.example.org", &["127.0.0.1"]),
        // One bad answer among good ones spoils them all.
        ("mixed.example.org", &["192.0.2.1", "127.0.0.1"]),
        ("six.example.org", &["::1"]),
        ("nothing.example.org", &[]),
    ]);
    for name in ["rebound.example.org", "mixed.example.org", "six.example.org"] {
        let url = format!("http://{name}:{}/", server.port);
        let got = get(&client, &url, &NotHere).await;
        assert_eq!(got.answer, Err(FetchError::Private(name.into())));
    }
    for name in ["nothing.example.org", "unknown.example.org"] {
        let got = get(&client, &format!("http://{name}/"), &NotHere).await;
        assert_eq!(got.answer, Err(FetchError::Name(name.into())));
    }
    assert_eq!(server.connections(), 0);
    assert_eq!(names.asked().len(), 5);
    // Where it may be reached: one look-up, and the name is what the server hears.
    let url = format!("http://Rebound.example.org:{}/x", server.port);
    assert_eq!(get(&client, &url, &Anywhere).await.answer, body(b"x"));
    assert_eq!(names.asked().len(), 6);
    assert!(server.heard()[0].contains(&format!("Host: rebound.example.org:{}\r\n", server.port)));
}

#[tokio::test]
async fn numbers_are_judged_without_asking_anybody() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx".to_vec());
    let (client, names) = knowing(&[]);
    let port = server.port;
    for host in ["127.0.0.1", "[::1]", "localhost", "2130706433", "0x7f.1", "LOCALHOST."] {
        let got = get(&client, &format!("http://{host}:{port}/"), &NotHere).await;
        assert!(matches!(got.answer, Err(FetchError::Private(_))), "{host}: {got:?}");
    }
    // Opened is this host at this port and nothing beside it.
    let gate = server.gate();
    assert_eq!(get(&client, &format!("http://127.0.0.1:{port}/"), &gate).await.answer, body(b"x"));
    for url in [
        format!("http://127.0.0.1:{}/", port ^ 1),
        "http://127.0.0.1/".to_owned(),
        format!("http://127.0.0.2:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
    ] {
        let got = get(&client, &url, &gate).await;
        assert!(matches!(got.answer, Err(FetchError::Private(_))), "{url}: {got:?}");
    }
    assert_eq!(server.connections(), 1);
    assert!(names.asked().is_empty());
}

#[tokio::test]
async fn a_server_on_the_sixth_version() {
    let Some(server) = Server::on("[::1]:0", server::say(format!("{OK}\r\nsix"))) else {
        return; // A machine without it.
    };
    let url = format!("http://[::1]:{}/", server.port);
    let got = get(&client(), &url, &Opens("[::1]".into(), server.port)).await;
    assert_eq!(got.answer, body(b"six"));
    assert!(server.heard()[0].contains(&format!("Host: [::1]:{}\r\n", server.port)));
}

#[tokio::test]
async fn bodies_however_they_come() {
    let whole = [
        format!("{OK}Content-Length: 5\r\n\r\nhello"),
        // More than was announced is not read.
        format!("{OK}Content-Length: 5\r\n\r\nhello and a lot more"),
        format!("{OK}\r\nhello"),
        format!("{OK}Content-Encoding: identity\r\n\r\nhello"),
        format!(
            "{OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: x\r\n\r\n"
        ),
        "HTTP/1.0 200 OK\r\n\r\nhello".to_owned(),
        "HTTP/1.1 103 Early Hints\r\nLink: </x.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n\
         Content-Length: 5\r\n\r\nhello"
            .to_owned(),
        "HTTP/1.1 203 From a cache\r\nContent-Length: 5\r\n\r\nhello".to_owned(),
    ];
    for answer in whole {
        let got = answered(answer.clone()).await;
        assert_eq!(got, Fetched { bytes: 5, answer: body(b"hello") }, "{answer}");
    }
    let empty = answered(format!("{OK}Content-Length: 0\r\n\r\n")).await;
    assert_eq!(empty, Fetched { bytes: 0, answer: body(b"") });
}

#[tokio::test]
async fn other_answers_bring_no_picture() {
    for status in [204, 206, 304, 400, 401, 403, 404, 410, 429, 500, 503, 999] {
        let answer = format!("HTTP/1.1 {status} x\r\nContent-Length: 4\r\n\r\nbody");
        let got = answered(answer).await;
        assert_eq!(got, Fetched { bytes: 0, answer: Ok(Answered::Status(status)) });
    }
}

#[tokio::test]
async fn a_redirect_is_handed_back_and_not_followed() {
    for (status, location, to) in [
        (301, "/b.png", Some("http://127.0.0.1:PORT/b.png")),
        (302, "//x.example.org/b", Some("http://x.example.org/b")),
        (303, "https://x.example.org/b?c=d#e", Some("https://x.example.org/b?c=d")),
        (307, "b", Some("http://127.0.0.1:PORT/dir/b")),
        (308, "?q", Some("http://127.0.0.1:PORT/dir/a.png?q")),
        (302, "file:///etc/passwd", Some("file:///etc/passwd")),
        (302, "http://[::1/", None),
        (300, "/b.png", None),
        (305, "/b.png", None),
    ] {
        let server = Server::answering(
            format!("HTTP/1.1 {status} x\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
                .into_bytes(),
        );
        let got = get(&client(), &server.url("/dir/a.png"), &server.gate()).await;
        let expected = match to {
            Some(to) => Answered::Redirect(to.replace("PORT", &server.port.to_string())),
            None => Answered::Status(status),
        };
        assert_eq!(got.answer, Ok(expected), "{location}");
        assert_eq!(server.connections(), 1);
    }
    // Two that differ lead nowhere.
    let two = answered("HTTP/1.1 302 x\r\nLocation: /a\r\nLocation: /b\r\n\r\n").await;
    assert_eq!(two.answer, Ok(Answered::Status(302)));
    let none = answered("HTTP/1.1 302 x\r\n\r\n").await;
    assert_eq!(none.answer, Ok(Answered::Status(302)));
}

#[tokio::test]
async fn answers_that_lie_or_make_no_sense() {
    let many = "A: b\r\n".repeat(100);
    let long = "x".repeat(64 * 1024);
    for answer in [
        format!("{OK}Content-Length: 50\r\n\r\nonly this"),
        format!("{OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhel"),
        format!("{OK}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"),
        format!("{OK}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx"),
        format!("{OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
        format!("{OK}Content-Length: -5\r\n\r\nhello"),
        format!("{OK}Content-Length: 99999999999999999999999\r\n\r\nhello"),
        format!("{OK}{many}\r\nhello"),
        format!("{OK}X: {long}\r\n\r\nhello"),
        String::new(),
        "\0\0\0\0\u{1}\u{2}\u{3}".to_owned(),
        "220 smtp.example.org ESMTP\r\n".to_owned(),
        "hello".to_owned(),
        "HTTP/9.9 200 OK\r\n\r\nhello".to_owned(),
        "HTTP/1.1 20 OK\r\n\r\nhello".to_owned(),
        "HTTP/1.1 200 OK\r\nbroken header\r\n\r\nhello".to_owned(),
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\nhello".to_owned(),
    ] {
        let got = answered(answer.clone()).await;
        let beginning: String = answer.chars().take(60).collect();
        let garbled = matches!(got.answer, Err(FetchError::Garbled(_)) | Ok(Answered::Status(101)));
        assert!(garbled, "{beginning}: {got:?}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_given_up() {
    let announced = answered(format!("{OK}Content-Length: 1048577\r\n\r\n")).await;
    let too_large = Err(FetchError::TooLarge { most: 1 });
    assert_eq!(announced, Fetched { bytes: 0, answer: too_large.clone() });
    let mut endless = format!("{OK}\r\n").into_bytes();
    endless.resize(2 << 20, b'x');
    let got = answered(endless).await;
    assert_eq!(got.answer, too_large);
    assert!(got.bytes > 1 << 20 && got.bytes <= 2 << 20, "{}", got.bytes);
    // To the byte.
    let mut fits = format!("{OK}Content-Length: 1048576\r\n\r\n").into_bytes();
    fits.resize(fits.len() + (1 << 20), b'x');
    assert_eq!(answered(fits).await.bytes, 1 << 20);
}

#[tokio::test]
async fn packed_without_being_asked() {
    for packing in ["gzip", "br", "GZIP, identity", "zstd"] {
        let got = answered(format!("{OK}Content-Encoding: {packing}\r\n\r\n\x1f\x08bomb")).await;
        assert_eq!(got, Fetched { bytes: 0, answer: Err(FetchError::Packed) }, "{packing}");
    }
}

#[tokio::test]
async fn many_requests_share_one_budget() {
    let mut answer = format!("{OK}Content-Length: 600\r\n\r\n").into_bytes();
    answer.resize(answer.len() + 600, b'x');
    let server = Server::answering(answer);
    let (client, budget, gate) = (client(), Budget::new(1000), server.gate());
    let ask = || async { client.get(&leave(&server.url("/")), &gate, &budget).await.answer };
    assert_eq!(ask().await, body(&[b'x'; 600]));
    assert_eq!(ask().await, Err(FetchError::Together));
    // Nothing is left: nobody is asked.
    assert_eq!(ask().await, Err(FetchError::Together));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn slow_servers_are_given_up() {
    let drip = |pause: u64| {
        move |stream: &mut std::net::TcpStream| {
            use std::io::Write as _;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            // As long as anybody listens.
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(pause));
            }
        }
    };
    // A byte now and then is too little, a long pause is too long.
    for pause in [100, 1500] {
        let server = Server::on("127.0.0.1:0", drip(pause)).unwrap();
        let started = Instant::now();
        let got = get(&client(), &server.url("/"), &server.gate()).await;
        assert_eq!(got.answer, Err(FetchError::TooSlow));
        assert!(got.bytes > 0 && got.bytes < 100);
        assert!(started.elapsed() < Duration::from_millis(2500), "{:?}", started.elapsed());
    }
    // So is a head that never ends, and one that never begins.
    let server = Server::on("127.0.0.1:0", |stream| {
        use std::io::Write as _;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"A: b\r\n").is_ok() {
            std::thread::sleep(Duration::from_millis(200));
        }
    })
    .unwrap();
    let got = get(&client(), &server.url("/"), &server.gate()).await;
    assert_eq!(got, Fetched { bytes: 0, answer: Err(FetchError::TooSlow) });
    let server = Server::on("127.0.0.1:0", |stream| {
        use std::io::Read as _;
        let _ = stream.read_to_end(&mut Vec::new());
    })
    .unwrap();
    let got = get(&client(), &server.url("/"), &server.gate()).await;
    assert_eq!(got, Fetched { bytes: 0, answer: Err(FetchError::TooSlow) });
}

#[tokio::test]
async fn a_port_where_nobody_listens() {
    // Bound and let go: nobody is there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let gate = Opens("127.0.0.1".into(), port);
    let got = get(&client(), &format!("http://127.0.0.1:{port}/"), &gate).await;
    assert!(matches!(got.answer, Err(FetchError::Connect(_))), "{got:?}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_answer_is_survived(head in "(HTTP/1.1 [0-9]{3} x\r\n)?([A-Za-z-]{0,12}:? ?[ -~]{0,20}\r?\n){0,5}", tail in proptest::collection::vec(0_u8..=255, 0..200)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let answer = [head.as_bytes(), b"\r\n", &tail].concat();
        let got = runtime.block_on(answered(answer));
        proptest::prop_assert!(got.bytes <= 200);
    }
}
