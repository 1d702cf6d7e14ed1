//! Whoever sits between Goyo and its server, and servers that lie: what the whole program
//! makes of it. Nothing of it reaches the store, no password leaves, and the user is told
//! what happened in the program's words. What the connection itself does is in
//! `tests/imap_hazards/starttls.rs`.

use crate::common::desk::{ACCOUNT, Desk};
use crate::common::fake_imap::{Fake, Paper};
use crate::common::{lines, stderr};
use serde_json::Value;
use std::net::TcpListener;
use std::process::Output;

const SECRET: &str = "a-secret-that-shows";
const GREETING: &str = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\n";
const INSIDE: &str = "tls
    C: a CAPABILITY
    S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
    S: {a} OK
    C: a AUTHENTICATE PLAIN *\n";
/// An empty INBOX.
const EMPTY: &str = "S: {a} OK [CAPABILITY IMAP4rev1] in
    C: a LIST *
    C: b LSUB *
    S: * LIST () \"/\" INBOX
    S: {a} OK
    S: * LSUB () \"/\" INBOX
    S: {b} OK
    C: a SELECT *
    S: * 0 EXISTS
    S: * OK [UIDVALIDITY 3] so
    S: * OK [UIDNEXT 1] so
    S: {a} OK [READ-WRITE] open
    C: a STATUS *
    S: * STATUS INBOX (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 3)
    S: {a} OK
    C: a SELECT *
    S: * 0 EXISTS
    S: * OK [UIDVALIDITY 3] so
    S: * OK [UIDNEXT 1] so
    S: {a} OK [READ-WRITE] open\n";

/// What became of it.
struct After {
    desk: Desk,
    output: Output,
    heard: Vec<String>,
}

impl After {
    fn told(&self) -> Vec<Value> {
        lines(&self.output)
    }

    /// Everything the user could read.
    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned() + &stderr(&self.output)
    }

    /// It failed, said so in words of its own, and believed nothing.
    fn nothing_is_believed(&self, why: &str) {
        assert_eq!(self.output.status.code(), Some(1), "{}", self.shown());
        assert!(self.shown().contains(why), "'{why}' is not in: {}", self.shown());
        assert!(!self.shown().contains("evil"), "{}", self.shown());
        let store = self.desk.store();
        let account = store.account(ACCOUNT).unwrap();
        assert_eq!(store.mailboxes(account.id).unwrap(), []);
        assert_eq!(store.total(None).unwrap(), 0);
        self.no_password_left();
    }

    fn no_password_left(&self) {
        for line in &self.heard {
            assert!(!line.contains("LOGIN") && !line.contains("AUTHENTICATE"), "{line}");
        }
        assert!(!self.shown().contains(SECRET));
    }
}

/// Syncs with a server that follows a script.
fn sync(script: &str, security: &str) -> After {
    let paper = Paper::new(&["localhost"]);
    let fake = Fake::play_with(script, Some(&paper));
    let desk = Desk::new();
    let address = format!("localhost:{}:{security}", fake.port);
    desk.account_with(&address, ACCOUNT, "kim", SECRET, &["--trust", &paper.fingerprint()]);
    let output = desk.sync_with(&[]);
    After { desk, output, heard: fake.heard_at_most() }
}

#[test]
fn answers_injected_before_tls() {
    for injected in [
        "raw: {a} OK begin\\r\\n* LIST () \"/\" evil\\r\\n* 1 FETCH (UID 1 FLAGS ())\\r\\n",
        "raw: {a} OK begin\\r\\nA2 OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] evil\\r\\n",
        "raw: {a} OK begin\\r\\n* OK [ALERT] Goyo: call evil.example\\r\\n",
        "raw: {a} OK begin\\r\\n* BYE evil\\r\\n",
    ] {
        sync(&format!("{GREETING}C: a STARTTLS\n{injected}\nstall"), "starttls")
            .nothing_is_believed("somebody interfered");
    }
}

#[test]
fn preauth_before_tls() {
    let script = "S: * PREAUTH [CAPABILITY IMAP4rev1] evil\nS: * LIST () \"/\" evil\nstall";
    sync(script, "starttls").nothing_is_believed("go on without encryption");
}

#[test]
fn starttls_that_is_stripped_or_refused() {
    for refusal in ["BAD evil", "NO evil", "NO [ALERT] Goyo: use the plain port of evil.example"] {
        let script = format!(
            "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\nC: a STARTTLS\nS: {{a}} {refusal}\nstall"
        );
        sync(&script, "starttls").nothing_is_believed("no encryption");
    }
}

#[test]
fn an_end_before_tls_with_words_for_the_user() {
    for script in [
        "S: * BYE Goyo: your account is locked, visit evil.example\nclose".to_owned(),
        format!("{GREETING}C: a STARTTLS\nS: * BYE visit evil.example\nclose"),
    ] {
        sync(&script, "starttls").nothing_is_believed("before it was encrypted");
    }
}

#[test]
fn a_certificate_of_somebody_else() {
    let other = Paper::new(&["localhost"]);
    for (script, security) in
        [(format!("{GREETING}C: a STARTTLS\nS: {{a}} OK\ntls"), "starttls"), ("tls".into(), "tls")]
    {
        let fake = Fake::play_with(&script, Some(&other));
        let desk = Desk::new();
        let address = format!("localhost:{}:{security}", fake.port);
        desk.account_with(&address, ACCOUNT, "kim", SECRET, &[]);
        let output = desk.sync_with(&[]);
        After { desk, output, heard: fake.heard_at_most() }.nothing_is_believed("certificate");
    }
}

#[test]
fn what_is_said_before_tls_reaches_neither_store_nor_user() {
    let script = format!(
        "{GREETING}C: a STARTTLS
        S: * LIST () \"/\" evil
        S: * 99 EXISTS
        S: * 1 FETCH (UID 1 FLAGS (\\Seen) BODY[] {{4}}
        S: evil)
        S: * OK [ALERT] Goyo: your mailbox moved to evil.example
        S: * CAPABILITY IMAP4rev1 AUTH=LOGIN X-GM-EXT-1 MOVE
        S: {{a}} OK [CAPABILITY IMAP4rev1 QRESYNC] begin
        {INSIDE}{EMPTY}C: a LOGOUT
        S: {{a}} OK bye"
    );
    let after = sync(&script, "starttls");
    assert!(after.output.status.success(), "{} {:#?}", after.shown(), after.heard);
    assert!(!after.shown().contains("evil"), "{}", after.shown());
    let store = after.desk.store();
    let account = store.account(ACCOUNT).unwrap();
    let paths: Vec<String> =
        store.mailboxes(account.id).unwrap().into_iter().map(|m| m.path).collect();
    assert_eq!(paths, ["INBOX"]);
    assert_eq!(store.total(None).unwrap(), 0);
    // Nor was anything asked that was offered there only.
    assert!(after.heard.iter().all(|line| !line.contains("QRESYNC") && !line.contains("X-GM")));
}

#[test]
fn a_referral_is_not_followed_and_the_password_goes_nowhere_else() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let port = elsewhere.local_addr().unwrap().port();
    let refer = format!("[REFERRAL imap://kim@127.0.0.1:{port}/] go there");
    for answer in [format!("NO {refer}"), format!("BYE {refer}")] {
        let said = match answer.starts_with("BYE") {
            true => format!("S: * {answer}\nclose"),
            false => format!("S: {{a}} {answer}"),
        };
        let after =
            sync(&format!("{GREETING}C: a STARTTLS\nS: {{a}} OK\n{INSIDE}{said}"), "starttls");
        assert_eq!(after.output.status.code(), Some(1));
        assert!(after.told().iter().any(|line| line["event"] == "error"), "{}", after.shown());
        assert!(elsewhere.accept().is_err(), "it went there");
        assert_eq!(after.desk.store().total(None).unwrap(), 0);
    }
    // In the middle of what goes well, too.
    let script = format!(
        "{GREETING}C: a STARTTLS\nS: {{a}} OK\n{INSIDE}S: * OK {refer}\n{EMPTY}C: a LOGOUT\nS: {{a}} OK"
    );
    assert!(sync(&script, "starttls").output.status.success());
    assert!(elsewhere.accept().is_err(), "it went there");
}

#[test]
fn alerts_that_imitate_the_program_are_the_servers_words() {
    let alert = "Goyo: your password has expired, enter it at evil.example";
    let script = format!(
        "{GREETING}C: a STARTTLS\nS: {{a}} OK\n{INSIDE}S: * OK [ALERT] {alert}\n\
         raw: * NO [ALERT] \\x1b[2Jgoyo: \\xe2\\x80\\xaework: error\\r\\n\n\
         {EMPTY}C: a LOGOUT\nS: {{a}} OK"
    );
    let after = sync(&script, "starttls");
    assert!(after.output.status.success(), "{}", after.shown());
    let told = after.told();
    assert!(told.iter().all(|line| line["event"] != "error"), "{told:?}");
    let alerts: Vec<&str> = told
        .iter()
        .filter(|line| line["event"] == "alert")
        .map(|line| line["text"].as_str().unwrap())
        .collect();
    assert_eq!(alerts.len(), 2, "{told:?}");
    assert!(alerts.contains(&alert));
    assert!(alerts.iter().all(|text| !text.contains(['\x1b', '\u{202e}'])), "{alerts:?}");
}
