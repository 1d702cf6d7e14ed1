//! Senders whose clocks are wrong: by hours, both ways, all the time or until they are set.

use crate::sent::Sender;
use crate::server::{CHROME, Data, Running, hash, now, token, until};
use rusqlite::OptionalExtension as _;
use serde_json::json;
use std::process::Command;

const HOURS: i64 = 9 * 3_600;

/// What one fetch by a browser is taken for.
fn fetched(server: &Running, data: &Data, token: &str) -> String {
    let hash = hash(token);
    let count = |kind: &str| {
        data.database()
            .query_row(
                "SELECT count FROM fetcher JOIN token ON token.id = token_id
                 WHERE lower(hex(hash)) = ? AND kind = ?",
                [&hash, kind],
                |row| row.get::<_, i64>(0),
            )
            .optional()
            .unwrap()
            .unwrap_or(0)
    };
    let before = ["person", "soon"].map(count);
    server.hit(token, CHROME);
    until("it is counted", || {
        let now = ["person", "soon"].map(count);
        match (now[0] - before[0], now[1] - before[1]) {
            (1, 0) => Some("person".to_owned()),
            (0, 1) => Some("soon".to_owned()),
            _ => None,
        }
    })
}

#[test]
fn the_server_goes_by_its_own_clock() {
    let data = Data::new();
    let key = data.key("me");
    let server = Running::start(&data.path());
    let tell = |token: &str, more: serde_json::Value| {
        let mut wanted = json!({"hash": hash(token), "lives": 600});
        wanted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, said) =
            server.api("POST", "/v1/tokens", &key, &json!({"tokens": [wanted]}).to_string());
        assert_eq!(status, 200, "{said}");
    };
    // Gone just now, as the sender's clock has it, which was set between: to the past, to the
    // future; and by moments of a clock that is wrong all the time.
    let wrong = [
        json!({"ago": 0}),
        json!({"ago": HOURS}),
        json!({"ago": -HOURS}),
        json!({"ago": i64::MAX}),
        json!({"ago": i64::MIN}),
        json!({"sent": now() - HOURS}),
        json!({"sent": now() + HOURS}),
    ];
    for (number, gone) in (1..).zip(&wrong) {
        let token = token(number);
        tell(&token, json!({}));
        assert_eq!(fetched(&server, &data, &token), "soon", "{gone}");
        tell(&token, gone.clone());
        assert_eq!(fetched(&server, &data, &token), "soon", "{gone}");
        // A minute later.
        data.ages(&token, 60);
        assert_eq!(fetched(&server, &data, &token), "person", "{gone}");
    }
    // Gone a while ago, and told only now: that is believed where it can be.
    tell(&token(90), json!({}));
    data.ages(&token(90), 600);
    tell(&token(90), json!({"ago": 120}));
    assert_eq!(fetched(&server, &data, &token(90)), "person");
    tell(&token(90), json!({"ago": 3}));
    assert_eq!(fetched(&server, &data, &token(90)), "soon");
    tell(&token(90), json!({"ago": HOURS}));
    assert_eq!(fetched(&server, &data, &token(90)), "soon");
}

/// The program itself with a clock that is wrong.
#[test]
fn a_wrong_clock_makes_no_reader_and_hides_none() {
    for wrong in ["-9h", "+9h", "-400d", "+400d"] {
        let sender = Sender::new();
        let html = sender.desk.home.write("html", "<p>읽어 주세요.</p>");
        let text = sender.desk.home.write("text", "읽어 주세요.\n");
        let mut plain = sender.desk.command();
        plain.args(["--json", "send", "--account", "work", "--subject", "s", "--now"]);
        plain.args(["--to", "minji@example.org", "--receipt", "pixel", "--body-file"]);
        plain.arg(text).arg("--html-file").arg(html);
        let mut command = Command::new("faketime");
        command.args(["-f", wrong]).arg(plain.get_program()).args(plain.get_args());
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.env("DONT_FAKE_MONOTONIC", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        let sent = command.output().unwrap();
        let said = crate::common::lines(&sent);
        assert_eq!(said[0]["state"], "sent", "{wrong}: {said:?} {sent:?}");
        let date = sender.got("minji").0;
        let date = goyo::mime::parse(&date).envelope.date.unwrap();
        assert!((date - now()).abs() > HOURS - 600, "{wrong}: the clock was right");
        let token = sender.got("minji").1.unwrap();
        let server = &sender.receipts;
        assert_eq!(fetched(server, &sender.data, &token), "soon", "{wrong}");
        sender.data.ages(&token, 60);
        assert_eq!(fetched(server, &sender.data, &token), "person", "{wrong}");
        let left: i64 = sender
            .data
            .database()
            .query_row("SELECT expires FROM token", [], |row| row.get(0))
            .unwrap();
        assert!((left - now() - 120 * 86_400).abs() < 600, "{wrong}: {left}");
    }
}
