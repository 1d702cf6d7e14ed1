//! Sending: every step at which it can fail, attacks on the change to TLS, what goes over
//! the wire byte by byte, and a real Postfix.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod accounts;
mod bytes;
mod certificates;
mod login;
mod postfix;
mod proxies;
mod replies;
mod starttls;
mod steps;

use common::fake_imap::Paper;
use goyo::model::{Secret, Security, Server};
use goyo::net::smtp::{
    CommitError, Credentials, Endpoint, Envelope, Log, Options, Reply, Said, Session, SmtpError,
};
use std::time::Duration;

const PASSWORD: &str = common::dovecot::PASSWORD;

const LETTER: &[u8] = b"From: kim@example.org\r\nSubject: hello\r\n\r\nA line\r\n.dot\r\n";

fn kim() -> Credentials {
    Credentials::Password { user: "kim".into(), password: Secret::new(PASSWORD.into()) }
}

fn at(port: u16, security: Security, pin: Option<String>) -> Endpoint {
    Endpoint { server: Server { host: "localhost".into(), port, security, pin }, proxy: None }
}

fn pinned(port: u16, security: Security, paper: &Paper) -> Endpoint {
    at(port, security, Some(paper.fingerprint()))
}

/// Everything as usual, but with little patience.
fn options() -> Options {
    patience(Duration::from_millis(1500))
}

fn patience(wait: Duration) -> Options {
    Options {
        authorities: Some(Vec::new()),
        connect: Duration::from_secs(5),
        handshake: Duration::from_secs(5),
        greeting: wait,
        answer: wait,
        envelope: wait,
        data: wait,
        block: wait,
        commit: wait,
    }
}

/// A connection in clear, without a login.
async fn open(port: u16) -> Session {
    let log = Log::default();
    let opened = Session::open_with(&at(port, Security::Plain, None), None, &log, &options()).await;
    opened.unwrap_or_else(|error| panic!("{error}: {:#?}", log.lines()))
}

fn envelope(to: &[&str]) -> Envelope {
    Envelope {
        sender: "kim@example.org".into(),
        recipients: to.iter().map(|to| (*to).to_owned()).collect(),
        size: LETTER.len() as u64,
        ..Envelope::default()
    }
}

/// How far a letter came.
#[derive(Debug)]
enum Came {
    Open(SmtpError),
    Envelope(SmtpError),
    Nobody(Vec<Said>),
    Content(SmtpError),
    Commit(CommitError),
    #[allow(dead_code)] // Shown when a test fails.
    Sent(Reply),
}

/// Sends a letter; what became of it, and whether the connection is good for another.
async fn send(session: &mut Session, envelope: &Envelope, letter: &[u8]) -> Came {
    let said = match session.envelope(envelope).await {
        Ok(said) => said,
        Err(error) => return Came::Envelope(error),
    };
    assert_eq!(said.len(), envelope.recipients.len());
    if said.iter().all(|said| !said.is_accepted()) {
        return Came::Nobody(said);
    }
    if let Err(error) = session.content(letter, |_| ()).await {
        return Came::Content(error);
    }
    match session.commit().await {
        Ok(reply) => Came::Sent(reply),
        Err(error) => Came::Commit(error),
    }
}
