//! Letters that ask for receipts, from `goyo send` to `goyo receipts list`: with the real
//! receipt server, and a server of mail that only takes.

use crate::common::desk::Desk;
use crate::common::dovecot::PASSWORD;
use crate::common::fake_smtp::{At, Does, Server, Setup};
use crate::common::lines;
use crate::server::{CHROME, Data, GMAIL, Running, hash, holds, now, until};
use goyo::model::{FetcherKind, ReceiptEvent, TokenHash};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Output, Stdio};

/// Somebody who sends letters and has a receipt server.
pub struct Sender {
    pub data: Data,
    pub key: String,
    pub receipts: Running,
    pub mail: Server,
    pub desk: Desk,
}

impl Sender {
    pub fn new() -> Self {
        Self::with(Setup::new())
    }

    pub fn with(setup: Setup) -> Self {
        let data = Data::new();
        let key = data.key("me");
        let receipts = Running::start(&data.path());
        let mail = setup.login("kim", PASSWORD).start();
        let desk = Desk::new();
        let smtp = format!("127.0.0.1:{}:plain", mail.port);
        desk.account_with("127.0.0.1:1:plain", "work", "kim", PASSWORD, &["--smtp", &smtp]);
        let sender = Self { data, key, receipts, mail, desk };
        let set = sender.set_server(&sender.url(), &sender.key);
        assert!(set.status.success(), "{set:?}");
        sender
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.receipts.address)
    }

    fn set_server(&self, url: &str, key: &str) -> Output {
        let mut child = self
            .desk
            .command()
            .args(["receipts", "server", "set", url, "--key-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(key.as_bytes());
        child.wait_with_output().unwrap()
    }

    pub fn send(&self, to: &[&str], more: &[&str]) -> (i32, Value) {
        self.give(to, &[&["--now"], more].concat())
    }

    /// Into the outbox, if nothing more is said.
    pub fn give(&self, to: &[&str], more: &[&str]) -> (i32, Value) {
        let text = self.desk.home.write("text", "읽어 주세요.\n");
        let mut command = self.desk.command();
        command.args(["--json", "send", "--account", "work", "--subject", "안녕하세요"]);
        for user in to {
            command.arg("--to").arg(format!("{user}@example.org"));
        }
        let output = command.arg("--body-file").arg(text).args(more).output().unwrap();
        let said = lines(&output);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(said.len(), 1, "{error}");
        (output.status.code().unwrap(), said[0].clone())
    }

    /// A letter with text and HTML that asks for a receipt by a picture.
    pub fn send_with_picture(&self, to: &[&str]) -> (i32, Value) {
        let html = self.desk.home.write("html", "<p>읽어 <b>주세요</b>.</p>");
        self.send(to, &["--html-file", html.to_str().unwrap(), "--receipt", "pixel"])
    }

    /// What is known, by the name before the @.
    pub fn list(&self) -> BTreeMap<String, Value> {
        let output = self.desk.command().args(["--json", "receipts", "list"]).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && error.is_empty(), "{error}");
        let user =
            |row: &Value| row["recipient"].as_str().unwrap().split('@').next().unwrap().to_owned();
        lines(&output).into_iter().map(|row| (user(&row), row)).collect()
    }

    /// Waits until a recipient's state is this.
    pub fn until(&self, user: &str, state: &str) -> Value {
        let mut last = Value::Null;
        until(&format!("{user} is {state}"), || {
            last = self.list().remove(user).unwrap();
            (last["state"] == state).then(|| last.clone())
        })
    }

    /// The bytes that a recipient got, and the token in them.
    pub fn got(&self, user: &str) -> (Vec<u8>, Option<String>) {
        let to = format!("{user}@example.org");
        let taken = self.mail.taken();
        let letter = taken.iter().find(|letter| letter.recipients.contains(&to)).unwrap();
        let html = html(&letter.bytes).unwrap_or_default();
        let address = format!("{}/r/", self.url());
        let token = html.split_once(&address).map(|(_, rest)| rest[..32].to_owned());
        (letter.bytes.clone(), token)
    }

    /// Has the letter with this token have gone so many seconds ago.
    pub fn ago(&self, token: &str, seconds: i64) {
        self.data.ages(token, seconds);
    }
}

/// The HTML of a letter.
pub fn html(bytes: &[u8]) -> Option<String> {
    let letter = goyo::mime::parse(bytes);
    letter.parts.iter().find_map(|part| match &part.content {
        goyo::mime::Content::Html(html) => Some(html.to_string()),
        _ => None,
    })
}

#[test]
fn each_recipient_has_a_state_of_their_own() {
    let sender = Sender::new();
    let (code, sent) = sender.send_with_picture(&["minji", "junho", "sora", "unopened"]);
    assert_eq!((code, &sent["state"]), (0, &json!("sent")), "{sent}");
    let names = ["minji", "junho", "sora", "unopened"];
    let tokens: BTreeMap<&str, String> =
        names.into_iter().map(|name| (name, sender.got(name).1.unwrap())).collect();
    assert_eq!(tokens.values().collect::<std::collections::BTreeSet<_>>().len(), 4);

    // The server knows four hashes, and when the letters went; nothing else.
    let conn = sender.data.database();
    let told: i64 = conn
        .query_row("SELECT count(*) FROM token WHERE sent IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!((sender.data.rows("token"), told), (4, 4));
    let kept = sender.data.bytes();
    for secret in ["example.org", "minji", &tokens["minji"], sent["message_id"].as_str().unwrap()] {
        assert!(!holds(&kept, secret.as_bytes()), "{secret}");
    }
    for (_, row) in sender.list() {
        assert_eq!(
            (&row["state"], &row["count"], &row["fetchers"]),
            (&json!("unread"), &json!(0), &json!([]))
        );
        assert_eq!((row.get("first"), &row["message_id"]), (None, &sent["message_id"]));
    }

    sender.ago(&tokens["minji"], 120);
    sender.receipts.hit(&tokens["minji"], CHROME);
    sender.ago(&tokens["junho"], 120);
    sender.receipts.hit(&tokens["junho"], GMAIL);
    sender.ago(&tokens["sora"], 3);
    sender.receipts.hit(&tokens["sora"], CHROME);
    let read = sender.until("minji", "read");
    assert_eq!((&read["count"], &read["fetchers"][0]["kind"]), (&json!(1), &json!("person")));
    assert!(read["first"].as_str().unwrap().ends_with('Z'), "{read}");
    let fetched = sender.until("junho", "fetched");
    assert_eq!(
        (&fetched["fetchers"][0]["kind"], &fetched["fetchers"][0]["service"]),
        (&json!("proxy"), &json!("Gmail"))
    );
    assert_eq!(sender.until("sora", "fetched")["fetchers"][0]["kind"], "soon");
    // Opened again later: the first time stays, and is a reading now.
    sender.ago(&tokens["sora"], 120);
    sender.receipts.hit(&tokens["sora"], CHROME);
    let read = sender.until("sora", "read");
    assert_eq!(read["count"], 2);
    assert_eq!(sender.until("unopened", "unread")["count"], 0);
    assert_eq!(sender.list(), sender.list());
}

#[test]
fn what_cannot_be_confirmed_is_said_so() {
    let sender = Sender::new();
    // Text alone has no picture, asked for or not; an answer can be asked for.
    assert_eq!(sender.send(&["plain"], &["--receipt", "pixel"]).0, 0);
    assert_eq!(sender.send(&["nothing"], &[]).0, 0);
    assert_eq!(sender.send(&["answer"], &["--receipt", "mdn"]).0, 0);
    let list = sender.list();
    assert_eq!(list["plain"]["state"], "unconfirmable");
    assert_eq!(list["nothing"]["state"], "unconfirmable");
    assert_eq!(list["answer"]["state"], "unread");
    assert_eq!(sender.data.rows("token"), 0);
}

#[test]
fn a_recipient_the_server_refuses_has_bounced() {
    let refused = At::Recipient(Some("gone@example.org".into()));
    let says = Does::Says("550 5.1.1 no such user".into());
    let sender = Sender::with(Setup::new().fault(refused, says));
    sender.send_with_picture(&["gone", "minji"]);
    let list = sender.list();
    assert_eq!(list["gone"]["state"], "bounced");
    assert_eq!(list["minji"]["state"], "unread");
}

#[test]
fn a_letter_waits_for_the_receipt_server() {
    let Sender { data, key, receipts, mail, desk } = Sender::new();
    let address = receipts.address;
    receipts.kill();
    let html = desk.home.write("html", "<p>읽어 주세요.</p>");
    let text = desk.home.write("text", "읽어 주세요.\n");
    let send = desk
        .command()
        .args([
            "--json",
            "send",
            "--account",
            "work",
            "--subject",
            "s",
            "--now",
            "--to",
            "a@example.org",
        ])
        .args(["--receipt", "pixel", "--body-file"])
        .arg(&text)
        .arg("--html-file")
        .arg(&html)
        .output()
        .unwrap();
    let said = &lines(&send)[0];
    assert_eq!(said["state"], "retry", "{said}");
    assert!(mail.taken().is_empty(), "it went, and nobody would have known of its picture");
    // It is back, at the same address.
    let mut again = std::process::Command::new(env!("CARGO_BIN_EXE_goyo"))
        .args(["receipts", "serve", "--listen", &address.to_string(), "--data"])
        .arg(data.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until("it listens", || std::net::TcpStream::connect(address).ok());
    let id = said["id"].as_str().unwrap();
    let retried = desk.command().args(["--json", "outbox", "retry", id, "--now"]).output().unwrap();
    assert_eq!(lines(&retried)[0]["state"], "sent");
    assert_eq!((mail.taken().len(), data.rows("token")), (1, 1));
    again.kill().unwrap();
    again.wait().unwrap();
    drop(key);
}

#[test]
fn the_key_is_tried_and_kept_out_of_sight() {
    let sender = Sender::new();
    let show = |sender: &Sender| {
        let shown =
            sender.desk.command().args(["--json", "receipts", "server", "show"]).output().unwrap();
        (shown.status.code().unwrap(), lines(&shown))
    };
    assert_eq!(show(&sender), (0, vec![json!({"server": sender.url()})]));
    let wrong = sender.set_server(&sender.url(), "a-wrong-key");
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("does not know this key"));
    for (url, key) in [
        ("http://receipts.example", sender.key.as_str()),
        ("receipts.example", &sender.key),
        (&sender.url(), ""),
        (&sender.url(), "two words"),
    ] {
        let refused = sender.set_server(url, key);
        assert!(!refused.status.success(), "{url} {key}");
        assert!(!String::from_utf8_lossy(&refused.stderr).contains(&sender.key));
    }
    // The one that worked is still there.
    assert_eq!(show(&sender).1, vec![json!({"server": sender.url()})]);
    assert_eq!(sender.send_with_picture(&["minji"]).0, 0);
    for file in walk(&sender.desk.home.profile()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!holds(&bytes, sender.key.as_bytes()), "the key is in {}", file.display());
    }
    let removed = sender.desk.command().args(["receipts", "server", "remove"]).output().unwrap();
    assert!(removed.status.success(), "{removed:?}");
    assert_eq!(show(&sender).0, 2);
    // What is known stays known.
    assert_eq!(sender.list()["minji"]["state"], "unread");
}

fn walk(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(walk(&path)),
            false => found.push(path),
        }
    }
    found
}

/// A receipt server is no friend by itself: what it tells may be wrong in every way.
#[test]
fn a_server_that_tells_nonsense_changes_no_letter() {
    let sender = Sender::new();
    sender.send_with_picture(&["minji"]);
    let token = sender.got("minji").1.unwrap();
    let store = sender.desk.store();
    let event = |kind, service: Option<&str>, first, count| ReceiptEvent {
        hash: TokenHash::of(&token),
        kind,
        service: service.map(str::to_owned),
        first,
        last: first,
        count,
    };
    let stranger =
        ReceiptEvent { hash: TokenHash([9; 32]), ..event(FetcherKind::Person, None, 5, 1) };
    let nobody = event(FetcherKind::Person, None, 5, 0);
    assert!(store.receive_receipts(&[stranger, nobody], "a-1").unwrap().is_empty());
    assert!(store.untold().unwrap().is_empty());

    let proxy = event(FetcherKind::Proxy, Some("Gm\u{7}ail"), now(), 3);
    assert_eq!(store.receive_receipts(std::slice::from_ref(&proxy), "a-2").unwrap().len(), 1);
    // The same again is nothing new; less is not believed.
    assert!(store.receive_receipts(std::slice::from_ref(&proxy), "a-2").unwrap().is_empty());
    let less = ReceiptEvent { count: 1, ..proxy };
    assert!(store.receive_receipts(&[less], "a-3").unwrap().is_empty());
    assert_eq!(store.receipts_cursor().unwrap().as_deref(), Some("a-3"));
    let row = store.receipts(10).unwrap().remove(0);
    assert_eq!(
        (row.standing.count, row.standing.fetchers[0].service.as_deref()),
        (3, Some("Gmail"))
    );

    let many: Vec<ReceiptEvent> = (0..5_000)
        .map(|number| {
            event(
                FetcherKind::Scanner,
                Some(&"x".repeat(1 + number % 900)),
                number as i64,
                u64::MAX,
            )
        })
        .collect();
    store.receive_receipts(&many, "a-4").unwrap();
    let row = store.receipts(10).unwrap().remove(0);
    assert!(row.standing.fetchers.len() <= 33, "{}", row.standing.fetchers.len());
    let checked = store.check(false, |_, _| {}).unwrap();
    assert_eq!(checked.wrong, 0);
    drop(store);
    assert!(
        sender
            .data
            .database()
            .query_row("SELECT hash FROM token", [], |row| row.get::<_, Vec<u8>>(0))
            .is_ok()
    );
    assert_eq!(hash(&token).len(), 64);
}
