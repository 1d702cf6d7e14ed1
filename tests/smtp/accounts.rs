//! Accounts that read and send, tried on the command line.

use super::PASSWORD;
use super::common::accounts;
use super::common::dovecot::{Dovecot, Setup, USER, Way};
use super::common::fake_imap::Paper;
use super::common::fake_smtp::{self, At, Does};
use super::common::postfix::Postfix;
use super::common::{Home, stderr};
use serde_json::Value;
use std::process::Output;

fn add(home: &Home, imap: &str, smtp: &str) {
    accounts::add(home, &["--imap", imap, "--smtp", smtp], PASSWORD);
}

fn test(home: &Home, more: &[&str]) -> (Output, Value) {
    accounts::test(accounts::command(home), more)
}

#[test]
fn an_account_is_tried_where_it_reads_and_where_it_sends() {
    let dovecot = Setup::new().receiving().start();
    let postfix = Postfix::start(&dovecot);
    let home = Home::new();
    add(&home, &dovecot.address(Way::Tls), &postfix.address(Way::StartTls));
    let (_, said) = test(&home, &[]);
    assert_eq!((&said["reason"], &said["sending"]), (&"certificate".into(), &Value::Null));
    assert_eq!(said["sha256"], dovecot.fingerprint());
    // Trusted where it is shown: by both.
    let (output, said) = test(&home, &["--trust", postfix.fingerprint()]);
    assert_eq!(said["ok"], true, "{}", stderr(&output));
    assert_eq!(said["sends"], true);
    let (_, said) = test(&home, &[]);
    assert_eq!(said["sends"], true);
}

/// What is said of an account that reads well and sends by this server.
fn sends_by(dovecot: &Dovecot, smtp: &str) -> (Value, Value, String, String) {
    let home = Home::new();
    add(&home, &dovecot.address(Way::Plain), smtp);
    let (output, said) = test(&home, &[]);
    let text = said["text"].as_str().unwrap_or_default().to_owned();
    (said["reason"].clone(), said["sending"].clone(), text, stderr(&output))
}

#[test]
fn why_an_account_cannot_send_is_said_as_what_can_be_done() {
    let dovecot = Dovecot::new();
    let fails = |setup: fake_smtp::Setup, security: &str| {
        let server = setup.start();
        let (reason, sending, text, shown) =
            sends_by(&dovecot, &format!("localhost:{}:{security}", server.port));
        assert_eq!(sending, true, "{reason} {text}");
        assert!(text.starts_with("Mail can be read, but not sent."), "{text}");
        assert!(!shown.contains(PASSWORD));
        (reason.as_str().unwrap().to_owned(), text)
    };
    let login = || fake_smtp::Setup::new().login(USER, PASSWORD);
    let refusal = Does::Says("535 5.7.139 SmtpClientAuthentication is disabled".into());
    let (reason, text) = fails(login().fault(At::Auth, refusal), "plain");
    assert_eq!(reason, "refused");
    assert!(text.contains("Sending by SMTP may be switched off"), "{text}");
    assert!(text.contains("SmtpClientAuthentication is disabled"), "{text}");
    let (reason, _) = fails(fake_smtp::Setup::new(), "plain");
    assert_eq!(reason, "no-login");
    let (reason, text) = fails(login(), "starttls");
    assert_eq!(reason, "no-encryption");
    assert!(text.contains("465"), "{text}");
    let (reason, text) = fails(login(), "tls");
    assert_eq!(reason, "tls");
    assert!(text.contains("587 is STARTTLS"), "{text}");
    let not_smtp = Does::SaysAndHangsUp("* OK I am another kind of server".into());
    let (reason, _) = fails(login().fault(At::Greeting, not_smtp), "plain");
    assert_eq!(reason, "not-smtp");
    let (reason, text) = fails(login().fault(At::Greeting, Does::Says("554 no".into())), "plain");
    assert_eq!(reason, "unwilling");
    assert!(text.contains("“554") || text.contains("“no”"), "{text}");
    let paper = Paper::new(&["localhost"]);
    let fingerprint = paper.fingerprint();
    let (reason, text) = fails(login().over(Way::Tls, paper), "tls");
    assert_eq!(reason, "certificate");
    assert!(text.contains(&fingerprint), "{text}");
    let server = login().start();
    let (reason, ..) = sends_by(&dovecot, &format!("localhost:{}:plain", server.port));
    assert_eq!(reason, Value::Null);
}
