//! The receipt server (`goyo receipts serve`), by the real program: what anybody gets,
//! what the owner of a key is told, and what whoever means ill gets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod api;
mod chromium;
mod client;
mod clocks;
#[path = "../common/mod.rs"]
mod common;
mod hostile;
mod sent;
mod server;
mod told;

use server::{CHROME, Data, GMAIL, Running, goyo, hash, holds, now, token, until};
use std::time::{Duration, Instant};

#[test]
fn everybody_gets_the_same_bytes() {
    let data = Data::new();
    let key = data.key("me");
    let server = Running::start(&data.path());
    server.register(&key, &[&token(1)], 600);
    let soon = now() + 1;
    let body = format!(r#"{{"tokens":[{{"hash":"{}","expires":{soon}}}]}}"#, hash(&token(2)));
    assert_eq!(server.api("POST", "/v1/tokens", &key, &body).0, 200);
    until("it expires", || (now() > soon).then_some(()));

    let known = server.fetch(&format!("/r/{}.png", token(1)), CHROME);
    let text = String::from_utf8_lossy(&known).into_owned();
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    assert!(text.contains("content-type: image/png\r\n"), "{text}");
    assert!(text.contains("cache-control: no-store\r\n"), "{text}");
    assert!(holds(&known, b"\r\n\r\n\x89PNG\r\n\x1a\n"));
    let lower = text.to_lowercase();
    for tells in ["date:", "server:", "set-cookie", "etag", "last-modified"] {
        assert!(!lower.contains(tells), "{text}");
    }
    let others = [
        format!("/r/{}.png", token(1)),
        format!("/r/{}.png", token(2)),
        format!("/r/{}.png", token(3)),
        "/r/".to_owned(),
        "/r/.png".to_owned(),
        "/r/x".to_owned(),
        "/r/%00%ff%c3%28.png".to_owned(),
        "/r/../../etc/passwd".to_owned(),
        "/r/%2e%2e/%2e%2e/receipts.sqlite".to_owned(),
        format!("/r//{}.png", token(1)),
        format!("/r/{}.png?a=b", token(4)),
        format!("/r/{}.png", "a".repeat(8_000)),
        "/r/수신확인.png".to_owned(),
        format!("http://elsewhere.example/r/{}.png", token(5)),
    ];
    for path in others {
        for agent in [CHROME, GMAIL, "", "\t"] {
            assert_eq!(server.fetch(&path, agent), known, "{path} {agent}");
        }
    }
    // HTTP/1.0, and fields that ask for something else.
    let with = |fields: &str| {
        let path = format!("/r/{}.png", token(1));
        server.say(format!("GET {path} HTTP/1.1\r\nHost: x\r\n{fields}\r\n").as_bytes())
    };
    for fields in [
        "",
        "If-None-Match: *\r\n",
        "If-Modified-Since: Sat, 29 Oct 2044 19:43:31 GMT\r\n",
        "Range: bytes=0-3\r\n",
        "Accept: text/html\r\nAccept-Encoding: gzip, br\r\n",
        "Connection: keep-alive\r\nCookie: a=b\r\n",
    ] {
        assert_eq!(with(fields), known, "{fields}");
    }
    // HEAD has the same head and nothing else, known or not.
    let head = |token: &str| {
        server.say(format!("HEAD /r/{token}.png HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
    };
    let end = known.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    assert_eq!(head(&token(1)), &known[..end]);
    assert_eq!(head(&token(3)), &known[..end]);
}

#[test]
fn garbage_and_unknown_tokens_leave_nothing_behind() {
    let data = Data::new();
    let key = data.key("me");
    let server = Running::start(&data.path());
    server.register(&key, &[&token(1)], 600);
    for number in 100..400 {
        server.hit(&token(number), CHROME);
    }
    for path in ["/r/garbage.png", "/r/", "/nothing", "/r/%27%3BDROP%20TABLE%20token.png"] {
        server.fetch(path, CHROME);
    }
    // What comes after them is written after them: they have been looked at.
    server.hit(&token(1), CHROME);
    server.wait_for(&data, &token(1), &[("person", 1)]);
    assert_eq!((data.rows("token"), data.rows("fetcher")), (1, 1));
    assert!(!holds(&data.bytes(), token(100).as_bytes()));
    assert!(!holds(&data.bytes(), &sha(&token(100))));
    assert_eq!(server.end(), "");
}

fn sha(token: &str) -> Vec<u8> {
    use sha2::Digest as _;
    sha2::Sha256::digest(token.as_bytes()).to_vec()
}

#[test]
fn no_token_no_address_and_no_program_is_written_anywhere() {
    let data = Data::new();
    let key = data.key("me");
    let server = Running::with(&data.path(), &["--client-field", "X-Forwarded-For"]);
    server.register(&key, &[&token(1)], 600);
    let agent = "Mozilla/5.0 (Betrayer 9.8.7) Gecko/1 Firefox/130";
    server.say(
        format!(
            "GET /r/{}.png HTTP/1.1\r\nHost: tell.example\r\nUser-Agent: {agent}\r\n\
             X-Forwarded-For: 203.0.113.77\r\nReferer: https://mail.example/42\r\n\
             Cookie: who=minji\r\n\r\n",
            token(1)
        )
        .as_bytes(),
    );
    server.wait_for(&data, &token(1), &[("person", 1)]);
    let id = server.id();
    let seen = |bytes: &[u8], what: &str| {
        for secret in
            ["Betrayer", "203.0.113.77", "mail.example", "minji", "tell.example", &token(1), &key]
        {
            assert!(!holds(bytes, secret.as_bytes()), "{secret} is in {what}");
        }
    };
    seen(&data.bytes(), "its files");
    assert!(std::path::Path::new(&format!("/proc/{id}")).exists());
    let said = server.end();
    seen(said.as_bytes(), "what it says");
    seen(&data.bytes(), "its files after its end");
}

#[test]
fn fetchers_are_told_apart_by_what_they_say_and_when() {
    let data = Data::new();
    let key = data.key("me");
    let server = Running::start(&data.path());
    let long_ago = [1, 2, 3, 4, 5, 6, 7].map(token);
    server.register(&key, &long_ago.each_ref().map(String::as_str), 600);
    server.register(&key, &[&token(20)], 3);
    let body =
        format!(r#"{{"tokens":[{{"hash":"{}","expires":{}}}]}}"#, hash(&token(21)), now() + 60);
    assert_eq!(server.api("POST", "/v1/tokens", &key, &body).0, 200);

    server.hit(&token(1), CHROME);
    server.wait_for(&data, &token(1), &[("person", 1)]);
    server.hit(&token(2), GMAIL);
    server.wait_for(&data, &token(2), &[("proxy", 1)]);
    server.hit(&token(3), "Barracuda Sentinel (EE)");
    server.wait_for(&data, &token(3), &[("scanner", 1)]);
    server.hit(&token(4), "hitherto unheard of/1.0");
    server.wait_for(&data, &token(4), &[("unknown", 1)]);
    server.hit(&token(20), CHROME);
    server.wait_for(&data, &token(20), &[("soon", 1)]);
    // The letter has not even gone.
    server.hit(&token(21), CHROME);
    server.wait_for(&data, &token(21), &[("soon", 1)]);
    server.say(
        format!("HEAD /r/{}.png HTTP/1.1\r\nHost: x\r\nUser-Agent: {CHROME}\r\n\r\n", token(5))
            .as_bytes(),
    );
    server.wait_for(&data, &token(5), &[("scanner", 1)]);
    server.say(format!("GET /r/{}.png HTTP/1.1\r\nHost: x\r\nUser-Agent: {CHROME}\r\nSec-Purpose: prefetch\r\n\r\n", token(6)).as_bytes());
    server.wait_for(&data, &token(6), &[("scanner", 1)]);
    // No proxy was said to be believed: whoever claims an address is not heard.
    server.say(format!("GET /r/{}.png HTTP/1.1\r\nHost: x\r\nUser-Agent: {CHROME}\r\nX-Forwarded-For: 66.249.80.5\r\n\r\n", token(7)).as_bytes());
    server.wait_for(&data, &token(7), &[("person", 1)]);

    let events = server.events(&key, "");
    let gmail = events["events"].as_array().unwrap().iter().find(|e| e["kind"] == "proxy").unwrap();
    assert_eq!((&gmail["service"], &gmail["hash"]), (&"Gmail".into(), &hash(&token(2)).into()));
    let first = gmail["first"].as_i64().unwrap();
    assert!((now() - 30..=now()).contains(&first));

    // When the moment is told, what comes from then on is judged by it.
    data.ages(&token(21), 100);
    server.hit(&token(21), CHROME);
    server.wait_for(&data, &token(21), &[("soon", 1), ("person", 1)]);
}

#[test]
fn an_address_helps_where_the_proxy_is_believed() {
    let data = Data::new();
    let key = data.key("me");
    let server = Running::with(&data.path(), &["--client-field", "X-Forwarded-For"]);
    server.register(&key, &[&token(1), &token(2)], 600);
    let from = |token: &str, addresses: &str| {
        server.say(format!("GET /r/{token}.png HTTP/1.1\r\nHost: x\r\nUser-Agent: {CHROME}\r\nX-Forwarded-For: {addresses}\r\n\r\n").as_bytes())
    };
    from(&token(1), "203.0.113.9, 66.249.80.5");
    server.wait_for(&data, &token(1), &[("proxy", 1)]);
    // What the client itself wrote there stands before what the proxy adds.
    from(&token(2), "66.249.80.5, 203.0.113.9");
    server.wait_for(&data, &token(2), &[("person", 1)]);
}

#[test]
fn what_has_expired_is_gone_from_the_disk() {
    let data = Data::new();
    let key = data.key("me");
    let server = Running::start(&data.path());
    let ends = now() + 3;
    let body = format!(
        r#"{{"tokens":[{{"hash":"{}","expires":{ends},"sent":{}}}]}}"#,
        hash(&token(1)),
        now() - 600
    );
    assert_eq!(server.api("POST", "/v1/tokens", &key, &body).0, 200);
    server.hit(&token(1), CHROME);
    server.wait_for(&data, &token(1), &[("person", 1)]);
    assert!(holds(&data.bytes(), &sha(&token(1))));
    until("it is deleted", || (data.rows("token") == 0 && data.rows("fetcher") == 0).then_some(()));
    assert!(now() >= ends);
    until("nothing of it is on the disk", || {
        (!holds(&data.bytes(), &sha(&token(1)))).then_some(())
    });
    // And a fetch of it is one of an unknown token.
    server.hit(&token(1), CHROME);
    assert_eq!(server.events(&key, "")["events"].as_array().unwrap().len(), 0);
}

#[test]
fn counts_and_lines_of_a_token_are_bounded() {
    let data = Data::new();
    let key = data.key("me");
    let server = Running::start(&data.path());
    server.register(&key, &[&token(1)], 600);
    let names = [
        "GoogleImageProxy",
        "YahooMailProxy",
        "YandexImages",
        "Barracuda",
        "Mimecast",
        "Proofpoint",
        "Kaspersky",
        "Sophos",
        "Fortigate fortimail",
        "Zscaler",
        "Slackbot",
        "Discordbot",
        "TelegramBot",
        "LinkedInBot",
        "Twitterbot",
        "Bitdefender",
        "VirusTotal",
    ];
    for name in names {
        server.hit(&token(1), name);
    }
    // A reading is heard all the same.
    for _ in 0..1_200 {
        server.hit(&token(1), CHROME);
    }
    let person = || {
        data.database()
            .query_row("SELECT count FROM fetcher WHERE kind = 'person'", [], |row| {
                row.get::<_, i64>(0)
            })
            .ok()
    };
    until("1000 are counted", || (person() == Some(1_000)).then_some(()));
    assert_eq!(server.end(), "");
    assert_eq!(person(), Some(1_000));
    assert!(data.rows("fetcher") <= 13, "{}", data.rows("fetcher"));
}

#[test]
fn it_listens_on_loopback_alone_and_says_why() {
    let data = Data::new();
    for address in ["0.0.0.0:0", "192.0.2.1:8080", "[::]:0"] {
        let refused = goyo(&[
            "receipts",
            "serve",
            "--listen",
            address,
            "--data",
            data.path().to_str().unwrap(),
        ]);
        assert_eq!(refused.status.code(), Some(2));
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains("127.0.0.1") && said.contains("reverse proxy"), "{said}");
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused =
        goyo(&["receipts", "serve", "--listen", &address, "--data", data.path().to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains(&address));
}

#[test]
fn a_polite_end_writes_what_was_answered() {
    let data = Data::new();
    let key = data.key("me");
    let tokens: Vec<String> = (0..50).map(token).collect();
    let server = Running::start(&data.path());
    server.register(&key, &tokens.iter().map(String::as_str).collect::<Vec<_>>(), 600);
    for token in &tokens {
        server.hit(token, CHROME);
    }
    let started = Instant::now();
    assert_eq!(server.end(), "");
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(data.rows("fetcher"), 50);
    let server = Running::start(&data.path());
    assert_eq!(server.events(&key, "")["events"].as_array().unwrap().len(), 50);
}
