//! What servers do that real ones seldom do in a test: every hazard and quirk that is known,
//! and attacks on the change to TLS. Nothing lost, nothing believed, a clear error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
#[path = "imap_hazards/hazards.rs"]
mod hazards;
#[path = "imap_hazards/login.rs"]
mod login;
#[path = "imap_hazards/quirks.rs"]
mod quirks;
#[path = "imap_hazards/starttls.rs"]
mod starttls;

use common::fake_imap::{Fake, Paper};
use goyo::model::{Secret, Security, Server};
use goyo::net::imap::{
    Connection, Credentials, Endpoint, Fetched, ImapError, Log, Options, Request, Result, UidSet,
    Wanted,
};
use std::time::Duration;

const PASSWORD: &str = "hunter2 소금";

fn kim() -> Credentials {
    Credentials::Password { user: "kim".into(), password: Secret::new(PASSWORD.into()) }
}

fn at(fake: &Fake, security: Security, paper: Option<&Paper>) -> Endpoint {
    let pin = paper.map(Paper::fingerprint);
    Endpoint {
        server: Server { host: "localhost".into(), port: fake.port, security, pin },
        proxy: None,
    }
}

/// Everything as usual, but with little patience.
fn options() -> Options {
    Options {
        authorities: Some(Vec::new()),
        connect: Duration::from_secs(5),
        handshake: Duration::from_secs(5),
        greeting: Duration::from_millis(1500),
        answer: Duration::from_millis(1500),
        work: Duration::from_millis(1500),
        done: Duration::from_millis(500),
        ..Options::default()
    }
}

/// A script that begins with a login on a server that offers these.
fn inside(offers: &str, rest: &str) -> String {
    format!(
        "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
        C: login AUTHENTICATE PLAIN *
        S: {{login}} OK [CAPABILITY IMAP4rev1 {offers}] in
        {rest}"
    )
}

async fn plain(fake: &Fake) -> Result<Connection> {
    let endpoint = at(fake, Security::Plain, None);
    Connection::open_with(&endpoint, &kim(), &Log::default(), &options()).await
}

async fn connect(fake: &Fake) -> Connection {
    let log = Log::default();
    let opened =
        Connection::open_with(&at(fake, Security::Plain, None), &kim(), &log, &options()).await;
    opened.unwrap_or_else(|error| panic!("{error}: {:#?}", log.lines()))
}

/// A connection to a server that offers these and then plays the rest.
async fn play(offers: &str, rest: &str) -> (Fake, Connection) {
    let fake = Fake::play(&inside(offers, rest));
    let connection = connect(&fake).await;
    (fake, connection)
}

async fn fetch(connection: &mut Connection, wanted: Wanted) -> Result<Vec<Fetched>> {
    let request = Request { set: UidSet::range(1, 9), by_sequence: false, wanted };
    fetch_all(connection, vec![request]).await
}

async fn fetch_all(connection: &mut Connection, requests: Vec<Request>) -> Result<Vec<Fetched>> {
    let mut fetching = connection.fetch(requests).await?;
    let mut all = Vec::new();
    while let Some(fetched) = fetching.next().await? {
        all.push(fetched);
    }
    Ok(all)
}

fn uids(all: &[Fetched]) -> Vec<u32> {
    all.iter().filter_map(|fetched| fetched.uid).collect()
}

/// The kind of an error: its name.
fn kind(error: &ImapError) -> String {
    let text = format!("{error:?}");
    text.split(['(', ' ', '{']).next().unwrap().to_owned()
}
