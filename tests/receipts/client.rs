//! The program's way to a receipt server: to a real one, and to what only claims to be one.

use crate::server::{CHROME, Data, Running, token};
use goyo::model::{FetcherKind, Registration, Secret, TokenHash};
use goyo::net::receipts::{ReceiptServer, ReceiptServerError};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn at(address: &str) -> ReceiptServer {
    ReceiptServer::at(address, None).unwrap()
}

/// Hears one request and says these bytes, then more of them `times` times; what it heard.
fn fake(says: Vec<u8>, more: Vec<u8>, times: usize) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        let (mut heard, mut some) = (Vec::new(), [0; 4096]);
        while let Ok(read @ 1..) = stream.read(&mut some) {
            heard.extend_from_slice(&some[..read]);
            if heard.ends_with(b"\r\n\r\n") {
                break;
            }
        }
        let _ = stream.write_all(&says);
        for _ in 0..times {
            if stream.write_all(&more).is_err() {
                break;
            }
        }
        String::from_utf8_lossy(&heard).into_owned()
    });
    (address, heard)
}

#[test]
fn a_real_server_is_told_and_asked() {
    let data = Data::new();
    let key = Secret::new(data.key("me"));
    let running = Running::start(&data.path());
    let server = at(&format!("http://{}/", running.address));
    // More than the server takes at once.
    let tokens: Vec<Registration> = (0..1_200)
        .map(|number| Registration {
            hash: TokenHash::of(&token(number)),
            lives: 600,
            ago: Some(600),
        })
        .collect();
    run(server.register(&key, &tokens)).unwrap();
    assert_eq!(data.rows("token"), 1_200);
    let nothing = run(server.events(&key, None)).unwrap();
    assert!(nothing.events.is_empty() && !nothing.more);
    running.hit(&token(7), CHROME);
    running.wait_for(&data, &token(7), &[("person", 1)]);
    let told = run(server.events(&key, Some(&nothing.next))).unwrap();
    assert_eq!(told.events.len(), 1);
    let event = &told.events[0];
    assert_eq!(
        (event.hash, event.kind, event.count, &event.service),
        (TokenHash::of(&token(7)), FetcherKind::Person, 1, &None)
    );
    assert!(run(server.events(&key, Some(&told.next))).unwrap().events.is_empty());
    let wrong = run(server.events(&Secret::new("wrong".into()), None));
    assert_eq!(wrong, Err(ReceiptServerError::Key));
    running.kill();
    let gone = run(server.events(&key, None)).unwrap_err();
    assert!(matches!(gone, ReceiptServerError::Connect(_)) && gone.is_passing(), "{gone:?}");
}

#[test]
fn a_request_names_no_program_and_no_person() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n{\"events\":[],\"next\":\"a\"}";
    let (address, heard) = fake(answer.to_vec(), Vec::new(), 0);
    run(at(&address).events(&Secret::new("the-key".into()), Some("a\r\nX: y&b=c"))).unwrap();
    let heard = heard.join().unwrap();
    let mut fields: Vec<String> = heard
        .lines()
        .skip(1)
        .filter_map(|line| Some(line.split_once(':')?.0.to_ascii_lowercase()))
        .collect();
    fields.sort();
    assert_eq!(fields, ["accept", "authorization", "connection", "host"], "{heard}");
    // What a server gave as cursor cannot break out of its place.
    assert!(heard.starts_with("GET /v1/events?since=aXybc HTTP/1.1\r\n"), "{heard}");
}

#[test]
fn what_is_no_receipt_server_is_found_out() {
    let garbled: Vec<&[u8]> = vec![
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"events\":[",
        b"HTTP/1.1 200 OK\r\nContent-Length: 37\r\n\r\n{\"events\":[{\"hash\":\"zz\"}],\"next\":\"a\"}",
    ];
    for says in garbled {
        let (address, _heard) = fake(says.to_vec(), Vec::new(), 0);
        let told = run(at(&address).events(&Secret::new("key".into()), None)).unwrap_err();
        let shown = String::from_utf8_lossy(says).into_owned();
        assert!(matches!(told, ReceiptServerError::Garbled(_)), "{shown}: {told:?}");
    }
    // Nothing is followed: the key would go along.
    let moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n";
    let (address, _heard) = fake(moved.to_vec(), Vec::new(), 0);
    let told = run(at(&address).events(&Secret::new("key".into()), None)).unwrap_err();
    assert!(matches!(told, ReceiptServerError::Refused { status: 302, .. }), "{told:?}");
    // Its words are shown on one line, and no more of them than fit there.
    let said = format!("{{\"error\":\"no\\u0007\\n{}\"}}", "x".repeat(5_000));
    let full = format!("HTTP/1.1 507 No\r\nContent-Length: {}\r\n\r\n{said}", said.len());
    let (address, _heard) = fake(full.into_bytes(), Vec::new(), 0);
    let told = run(at(&address).events(&Secret::new("key".into()), None)).unwrap_err().to_string();
    assert!(told.len() < 300 && !told.contains(char::is_control), "{told}");
}

#[test]
fn an_answer_without_end_is_given_up() {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
    let (address, _heard) = fake(head, chunk, 1_000);
    let started = Instant::now();
    let told = run(at(&address).events(&Secret::new("key".into()), None)).unwrap_err();
    assert!(matches!(told, ReceiptServerError::Garbled(_)), "{told:?}");
    assert!(started.elapsed() < Duration::from_secs(15));
    let (address, _heard) = fake(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n".to_vec(), 100_000);
    let told = run(at(&address).events(&Secret::new("key".into()), None)).unwrap_err();
    assert!(matches!(told, ReceiptServerError::Garbled(_)), "{told:?}");
}

#[test]
fn a_server_nobody_vouches_for_gets_no_key() {
    let paper = crate::common::fake_imap::Paper::new(&["localhost"]);
    let fake = crate::common::fake_imap::Fake::play_with("tls\nstall\n", Some(&paper));
    let server = at(&format!("https://localhost:{}", fake.port));
    let told = run(server.events(&Secret::new("key".into()), None)).unwrap_err();
    assert!(
        matches!(told, ReceiptServerError::Tls(_) | ReceiptServerError::NoRoots)
            && !told.is_passing(),
        "{told:?}"
    );
}
