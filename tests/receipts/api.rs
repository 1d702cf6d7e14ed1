//! Keys, registrations, events.

use crate::server::{CHROME, Data, Running, goyo, hash, holds, now, token, until};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[test]
fn keys_are_printed_once_and_kept_as_hashes() {
    let data = Data::new();
    let key = data.key("minji");
    assert!(key.len() > 40 && !key.contains(char::is_whitespace), "{key}");
    assert!(!holds(&data.bytes(), key.as_bytes()));
    let other = data.key("team");
    assert_ne!(key, other);
    let dir = data.path();
    let dir = dir.to_str().unwrap();
    let again = goyo(&["receipts", "key", "new", "--data", dir, "--name", "minji"]);
    assert_eq!(again.status.code(), Some(2));
    let list = || {
        let listed = goyo(&["--json", "receipts", "key", "list", "--data", dir]);
        assert!(listed.status.success());
        let text = String::from_utf8(listed.stdout).unwrap();
        text.lines()
            .map(|line| {
                serde_json::from_str::<Value>(line).unwrap()["name"].as_str().unwrap().to_owned()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(list(), ["minji", "team"]);
    let server = Running::start(&data.path());
    server.register(&key, &[&token(1)], 600);
    server.register(&other, &[&token(2)], 600);
    // Removed while the server runs: at once, with all that was its.
    assert!(goyo(&["receipts", "key", "remove", "minji", "--data", dir]).status.success());
    assert_eq!(server.api("GET", "/v1/events", &key, "").0, 401);
    assert_eq!(server.api("GET", "/v1/events", &other, "").0, 200);
    assert_eq!((list(), data.rows("token")), (vec!["team".to_owned()], 1));
    assert_eq!(goyo(&["receipts", "key", "remove", "minji", "--data", dir]).status.code(), Some(2));
    let nowhere = data.path().join("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    assert_eq!(goyo(&["receipts", "key", "list", "--data", nowhere]).status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn others_on_the_machine_cannot_look_in() {
    use std::os::unix::fs::PermissionsExt as _;
    let data = Data::new();
    data.key("me");
    let mode = std::fs::metadata(data.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
}

#[test]
fn nobody_asks_without_a_key_and_nobody_sees_anothers() {
    let data = Data::new();
    let (minji, junho) = (data.key("minji"), data.key("junho"));
    let server = Running::start(&data.path());
    server.register(&minji, &[&token(1)], 600);
    server.register(&junho, &[&token(2)], 600);
    server.hit(&token(1), CHROME);
    server.hit(&token(2), CHROME);
    server.wait_for(&data, &token(2), &[("person", 1)]);
    for (key, own) in [(&minji, 1), (&junho, 2)] {
        let told = server.events(key, "");
        let events = told["events"].as_array().unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0]["hash"], hash(&token(own)));
    }
    // Nor does one's cursor open the other's events, nor can a token be taken over.
    let cursor = server.events(&minji, "")["next"].as_str().unwrap().to_owned();
    for event in server.events(&junho, &cursor)["events"].as_array().unwrap() {
        assert_eq!(event["hash"], hash(&token(2)));
    }
    let stolen = json!({"tokens": [
        {"hash": hash(&token(9)), "expires": now() + 60},
        {"hash": hash(&token(1)), "expires": now() + 60},
    ]});
    let (status, said) = server.api("POST", "/v1/tokens", &junho, &stolen.to_string());
    assert_eq!(status, 409, "{said}");
    // All or none.
    assert_eq!(data.rows("token"), 2);

    for key in ["", "goyo-receipts-", "wrong", &minji[..minji.len() - 1], &minji.to_uppercase()] {
        assert_eq!(server.api("GET", "/v1/events", key, "").0, 401, "{key}");
        assert_eq!(server.api("POST", "/v1/tokens", key, r#"{"tokens":[]}"#).0, 401, "{key}");
    }
    let basic = server.say(
        format!("GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {minji}\r\n\r\n")
            .as_bytes(),
    );
    assert!(basic.starts_with(b"HTTP/1.1 401 "));
    let bare = server.say(b"GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(bare.starts_with(b"HTTP/1.1 401 "));
    // A key in the address would stand in a proxy's log: it is not heard there.
    let asked = format!("/v1/events?key={minji}&access_token={minji}");
    assert_eq!(server.api("GET", &asked, "", "").0, 401);
}

#[test]
fn registrations_are_judged_whole() {
    let data = Data::new();
    let key = data.key("me");
    let server = Running::start(&data.path());
    let good = json!({"hash": hash(&token(1)), "expires": now() + 60});
    let post = |tokens: Value| {
        server.api("POST", "/v1/tokens", &key, &json!({"tokens": tokens}).to_string()).0
    };
    for bad in [
        json!({"hash": "abc", "expires": now() + 60}),
        json!({"hash": token(1), "expires": now() + 60}),
        json!({"hash": hash(&token(2))}),
        json!({"hash": hash(&token(2)), "expires": "tomorrow"}),
        json!({"hash": hash(&token(2)), "expires": 1e300}),
        json!([]),
        json!(null),
    ] {
        assert_eq!(post(json!([good, bad])), 400, "{bad}");
    }
    for bad in [now(), now() - 1, i64::MIN, now() + 500 * 86_400, i64::MAX] {
        let bad = json!({"hash": hash(&token(2)), "expires": bad});
        assert_eq!(post(json!([good, bad])), 409, "{bad}");
    }
    for body in ["", "{", "[]", "null", "{\"tokens\":{}}", "\u{0}", &"[".repeat(100_000)] {
        assert_eq!(server.api("POST", "/v1/tokens", &key, body).0, 400, "{body:.20}");
    }
    let many: Vec<Value> = (0..1_001)
        .map(|number| json!({"hash": hash(&token(number)), "expires": now() + 60}))
        .collect();
    assert_eq!(post(json!(many)), 413);
    assert_eq!(data.rows("token"), 0);
    assert_eq!(post(json!(many[..1_000])), 200);
    // Once more changes nothing: an answer may have been lost.
    assert_eq!(post(json!(many[..1_000])), 200);
    assert_eq!(data.rows("token"), 1_000);
}

#[test]
fn a_key_that_asks_all_the_time_is_told_to_wait() {
    let data = Data::new();
    let (key, other) = (data.key("me"), data.key("other"));
    let server = Running::start(&data.path());
    let mut refused = 0;
    for _ in 0..200 {
        match server.api("GET", "/v1/events", &key, "").0 {
            200 => {}
            429 => refused += 1,
            status => panic!("{status}"),
        }
    }
    assert!(refused > 50, "{refused}");
    assert_eq!(server.api("GET", "/v1/events", &other, "").0, 200);
    // Readers are not touched by it.
    server.hit(&token(1), CHROME);
}

/// What an owner knows after asking, until there is nothing more.
fn collect(
    server: &Running,
    key: &str,
    cursor: &mut String,
    known: &mut BTreeMap<String, i64>,
) -> usize {
    let mut came = 0;
    loop {
        let told = server.events(key, cursor);
        for event in told["events"].as_array().unwrap() {
            came += 1;
            let name =
                format!("{} {}", event["hash"].as_str().unwrap(), event["kind"].as_str().unwrap());
            let count = event["count"].as_i64().unwrap();
            // Nothing comes twice without having grown.
            let before = known.insert(name, count);
            assert!(before.is_none_or(|before| before < count), "{before:?} {event}");
        }
        *cursor = told["next"].as_str().unwrap().to_owned();
        if told["more"] == false {
            return came;
        }
    }
}

#[test]
fn a_cursor_never_skips_and_never_repeats() {
    let data = Data::new();
    let key = data.key("me");
    let server = Running::start(&data.path());
    let tokens: Vec<String> = (0..40).map(token).collect();
    server.register(&key, &tokens.iter().map(String::as_str).collect::<Vec<_>>(), 600);
    let (mut cursor, mut known) = (String::new(), BTreeMap::new());
    assert_eq!(collect(&server, &key, &mut cursor, &mut known), 0);
    // Fetches go on while the owner asks.
    std::thread::scope(|scope| {
        for part in 0..4 {
            let (server, tokens) = (&server, &tokens);
            scope.spawn(move || {
                for _ in 0..5 {
                    for token in tokens.iter().skip(part).step_by(4) {
                        server.hit(token, CHROME);
                    }
                }
            });
        }
        for _ in 0..10 {
            collect(&server, &key, &mut cursor, &mut known);
        }
    });
    until("all have come", || {
        std::thread::sleep(std::time::Duration::from_millis(500));
        collect(&server, &key, &mut cursor, &mut known);
        (known.len() == 40 && known.values().all(|count| *count == 5)).then_some(())
    });
    assert_eq!(collect(&server, &key, &mut cursor, &mut known), 0);
    // A cursor that is none, or of another server, begins anew.
    for foreign in ["", "x", "0123456789abcdef-3", "-1", "99999999999999999999", "%00"] {
        assert_eq!(
            server.events(&key, foreign)["events"].as_array().unwrap().len(),
            40,
            "{foreign}"
        );
    }
}

#[test]
fn more_than_one_answer_holds_comes_in_several() {
    let data = Data::new();
    let key = data.key("me");
    let server = Running::start(&data.path());
    let tokens: Vec<String> = (0..1_100).map(token).collect();
    let names: Vec<&str> = tokens.iter().map(String::as_str).collect();
    for some in names.chunks(1_000) {
        server.register(&key, some, 600);
    }
    for token in &tokens {
        server.hit(token, CHROME);
    }
    until("all are counted", || (data.rows("fetcher") == 1_100).then_some(()));
    let first = server.events(&key, "");
    assert_eq!((first["events"].as_array().unwrap().len(), &first["more"]), (1_000, &json!(true)));
    let rest = server.events(&key, first["next"].as_str().unwrap());
    assert_eq!((rest["events"].as_array().unwrap().len(), &rest["more"]), (100, &json!(false)));
}

/// `kill -9` at any moment: what was acknowledged is there, and what was told is neither
/// forgotten nor told again.
#[test]
fn nothing_acknowledged_is_lost_by_a_kill() {
    let data = Data::new();
    let key = data.key("me");
    let (mut cursor, mut known) = (String::new(), BTreeMap::new());
    let mut acknowledged = Vec::new();
    for round in 0..12_u32 {
        let server = Running::start(&data.path());
        let stop = std::sync::atomic::AtomicBool::new(false);
        let address = server.address;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // Fetches until the server is no more.
                use std::io::{Read as _, Write as _};
                for number in (0..200).cycle() {
                    if stop.load(std::sync::atomic::Ordering::SeqCst) {
                        break;
                    }
                    let Ok(mut stream) = std::net::TcpStream::connect(address) else { break };
                    let request = format!(
                        "GET /r/{}.png HTTP/1.1\r\nHost: x\r\nUser-Agent: {CHROME}\r\n\r\n",
                        token(number)
                    );
                    let _ = stream.write_all(request.as_bytes());
                    let _ = stream.read_to_end(&mut Vec::new());
                }
            });
            for number in 0..4 {
                let number = round * 4 + number;
                server.register(&key, &[&token(number)], 600);
                acknowledged.push(hash(&token(number)));
                collect(&server, &key, &mut cursor, &mut known);
            }
            std::thread::sleep(std::time::Duration::from_millis(u64::from(round) * 7));
            stop.store(true, std::sync::atomic::Ordering::SeqCst);
            server.kill();
        });
        let stored: Vec<String> = {
            let conn = data.database();
            let mut rows = conn.prepare("SELECT lower(hex(hash)) FROM token").unwrap();
            rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        for hash in &acknowledged {
            assert!(stored.contains(hash), "{hash} is lost in round {round}");
        }
        let sound: String =
            data.database().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
    }
    // What the owner was told bit by bit is what there is.
    let server = Running::start(&data.path());
    collect(&server, &key, &mut cursor, &mut known);
    let mut whole = BTreeMap::new();
    collect(&server, &key, &mut String::new(), &mut whole);
    assert_eq!(known, whole);
    assert!(!whole.is_empty());
}
