//! Sending: every step at which it can fail, attacks on the change to TLS, what goes over
//! the wire byte by byte, and a real Postfix.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;
mod postfix;

use goyo::model::{Secret, Security, Server};
use goyo::net::smtp::{Credentials, Endpoint, Options};
use std::time::Duration;

const PASSWORD: &str = common::dovecot::PASSWORD;

fn kim() -> Credentials {
    Credentials::Password { user: "kim".into(), password: Secret::new(PASSWORD.into()) }
}

fn at(port: u16, security: Security, pin: Option<String>) -> Endpoint {
    Endpoint { server: Server { host: "localhost".into(), port, security, pin }, proxy: None }
}

#[allow(dead_code)]
/// Everything as usual, but with little patience.
fn options() -> Options {
    Options {
        authorities: Some(Vec::new()),
        connect: Duration::from_secs(5),
        handshake: Duration::from_secs(5),
        greeting: Duration::from_millis(1500),
        answer: Duration::from_millis(1500),
        envelope: Duration::from_millis(1500),
        data: Duration::from_millis(1500),
        block: Duration::from_millis(1500),
        commit: Duration::from_millis(1500),
    }
}
