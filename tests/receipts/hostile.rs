//! Requests nobody means well with.

use crate::server::{CHROME, Data, PATIENCE, Running, holds, token};
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

/// Resident memory of a process, in bytes.
fn memory(id: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_ascii_whitespace().next().unwrap().parse::<u64>().unwrap() * 1024
}

fn ready() -> (Data, String, Running) {
    let data = Data::new();
    let key = data.key("me");
    let server = Running::start(&data.path());
    server.register(&key, &[&token(1)], 600);
    (data, key, server)
}

/// The server still does its work.
fn is_well(data: &Data, server: &Running) {
    server.hit(&token(1), CHROME);
    crate::server::until("it is counted", || (data.rows("fetcher") == 1).then_some(()));
    assert_eq!((data.rows("token"), data.rows("fetcher")), (1, 1));
}

#[test]
fn nonsense_is_answered_or_hung_up_on() {
    let (data, key, server) = ready();
    let long = "a".repeat(100_000);
    let path = format!("/r/{}.png", token(7));
    let nonsense: Vec<Vec<u8>> = vec![
        b"\r\n\r\n\r\n".to_vec(),
        b"\0\0\0\0\0\0\0\0\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"GET\r\n\r\n".to_vec(),
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        b"GET /r/\xff\xfe\xc3\x28.png HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        b"GET \\r\\x HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        b"GET r/x HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello").into_bytes(),
        format!("DELETE {path} HTTP/1.1\r\nHost: x\r\n\r\n").into_bytes(),
        format!("GET /r/{long} HTTP/1.1\r\nHost: x\r\n\r\n").into_bytes(),
        format!("GET {path} HTTP/1.1\r\nX: {long}\r\n\r\n").into_bytes(),
        format!("GET {path} HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(1_000)).into_bytes(),
        format!("GET {path} HTTP/1.1\r\nHost: x\r\n continued: y\r\n\r\n").into_bytes(),
        format!("GET {path} HTTP/1.1\r\nBad Name: y\r\n\r\n").into_bytes(),
        format!("GET {path} HTTP/1.1\r\nUser-Agent: \x01\x02\x7f\r\n\r\n").into_bytes(),
        format!("POST /v1/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").into_bytes(),
        format!("POST /v1/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{{}}").into_bytes(),
        format!("POST /v1/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n").into_bytes(),
        format!("POST /v1/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Length: -1\r\n\r\n").into_bytes(),
    ];
    for request in nonsense {
        let started = Instant::now();
        let answer = server.say(&request);
        let shown = String::from_utf8_lossy(&request[..request.len().min(60)]).into_owned();
        assert!(started.elapsed() < Duration::from_secs(12), "{shown}");
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "{shown}");
        if !request.starts_with(b"GET /r/") {
            assert!(!answer.starts_with(b"HTTP/1.1 200"), "{shown}");
        }
        // What is echoed can be shown to somebody.
        assert!(
            !holds(&answer, b"evil.example") && !holds(&answer, token(7).as_bytes()),
            "{shown}"
        );
    }
    is_well(&data, &server);
    assert_eq!(server.end(), "");
}

#[test]
fn paths_lead_nowhere_else() {
    let (data, _, server) = ready();
    for path in [
        "/",
        "/r",
        "//r/x.png",
        "/./r/x.png",
        "/x/../r/x.png",
        "/receipts.sqlite",
        "/%2e%2e/receipts.sqlite",
        "/../receipts.sqlite",
        "/v1",
        "/v1/",
        "/v1/tokens/",
        "/V1/events",
        "/v1/tokens",
        "/v1//events",
        "/v2/events",
    ] {
        let answer = server.fetch(path, CHROME);
        let status = &answer[9..12];
        assert!(
            [b"404", b"405"].iter().any(|s| *s == status),
            "{path}: {}",
            String::from_utf8_lossy(&answer)
        );
        assert!(!holds(&answer, b"SQLite") && !holds(&answer, b"PNG"), "{path}");
    }
    is_well(&data, &server);
}

#[test]
fn of_several_requests_in_one_breath_the_first_is_answered() {
    let (data, key, server) = ready();
    let one =
        format!("GET /r/{}.png HTTP/1.1\r\nHost: x\r\nUser-Agent: {CHROME}\r\n\r\n", token(1));
    let answer = server.say(one.repeat(5_000).as_bytes());
    let ends = answer.windows(9).filter(|nine| *nine == b"HTTP/1.1 ").count();
    assert_eq!(ends, 1);
    assert!(holds(&answer, b"connection: close"));
    // A request hidden in the body of another is not heard.
    let hidden = format!(
        "GET /r/{}.png HTTP/1.1\r\nHost: x\r\nContent-Length: 200\r\n\r\n\
         GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n",
        token(3)
    );
    assert!(!holds(&server.say(hidden.as_bytes()), b"events"));
    server.wait_for(&data, &token(1), &[("person", 1)]);
}

#[test]
fn who_never_ends_does_not_stay() {
    let (data, key, server) = ready();
    let begin = |text: String| {
        let mut stream = server.connect();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    };
    let path = format!("/r/{}.png", token(3));
    // Nothing at all, half a line, half a head, a head that drips, a body that never comes.
    let mut silent: Vec<_> = vec![
        begin(String::new()),
        begin("GE".to_owned()),
        begin(format!("GET {path} HTTP/1.1\r\nHost: x\r\n")),
        begin(format!(
            "POST /v1/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\
             Content-Length: 1000\r\n\r\n{{\"tokens\":["
        )),
        begin(format!(
            "POST /v1/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\
             Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
        )),
    ];
    let mut dripping = begin(format!("GET {path} HTTP/1.1\r\n"));
    let started = Instant::now();
    while dripping.write_all(b"X: y\r\n").is_ok() {
        assert!(started.elapsed() < PATIENCE, "a dripping head may go on for ever");
        std::thread::sleep(Duration::from_millis(100));
    }
    for stream in &mut silent {
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 200"));
    }
    assert!(started.elapsed() < PATIENCE);
    assert_eq!(data.rows("token"), 1);
    is_well(&data, &server);
}

#[test]
fn large_bodies_are_not_read() {
    let (data, key, server) = ready();
    let before = memory(server.id());
    let many: String = std::iter::repeat_n("[", 64 << 20).collect();
    for (key, status) in [(key.as_str(), "413"), ("no key", "401")] {
        let head = format!(
            "POST /v1/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\
             Content-Length: {}\r\n\r\n",
            many.len()
        );
        let mut stream = server.connect();
        stream.write_all(head.as_bytes()).unwrap();
        // It hangs up on what is too much; until then it may be talked to.
        let _ = stream.write_all(many.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        if !answer.is_empty() {
            assert_eq!(&answer[9..12], status.as_bytes());
        }
    }
    // With time to listen, the answer is heard.
    let small = "[".repeat(300 << 10);
    assert_eq!(server.api("POST", "/v1/tokens", &key, &small).0, 413);
    let grown = memory(server.id()).saturating_sub(before);
    assert!(grown < 24 << 20, "grew by {} KiB", grown >> 10);
    is_well(&data, &server);
}

#[test]
fn hundreds_of_connections_do_not_keep_others_out_for_long() {
    let (data, _, server) = ready();
    let before = memory(server.id());
    let mut crowd = Vec::new();
    for _ in 0..600 {
        let Ok(mut stream) = std::net::TcpStream::connect(server.address) else { break };
        let _ = stream.write_all(b"GET /r/");
        crowd.push(stream);
    }
    assert!(crowd.len() > 400, "{}", crowd.len());
    let started = Instant::now();
    is_well(&data, &server);
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
    let grown = memory(server.id()).saturating_sub(before);
    assert!(grown < 48 << 20, "grew by {} KiB", grown >> 10);
    drop(crowd);
    is_well_again(&server);
}

fn is_well_again(server: &Running) {
    server.hit(&token(1), CHROME);
}
