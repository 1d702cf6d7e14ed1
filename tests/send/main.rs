//! Letters given away, by the program itself: through a real Postfix into a real Dovecot; to
//! servers that fail at every step; and killed at every step, on either side. Each recipient
//! gets each letter once, or the user is told that nobody knows.
//!
//! `GOYO_SEND_KILLS` says how often somebody is killed, about (150 if it is not set).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod after;
mod closing;
#[path = "../common/mod.rs"]
mod common;
mod drafts;
mod faults;
mod kills;
mod real;
mod typing;
mod wire;

use common::desk::Desk;
use common::fake_smtp::{Server, Setup};
use common::lines;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::{Command, Output};

/// A profile whose account sends through this server, and cannot be read.
fn desk_at(server: &Server) -> Desk {
    let desk = Desk::new();
    let smtp = format!("127.0.0.1:{}:plain", server.port);
    let more = ["--smtp", &smtp, "--sender", "김고요"];
    desk.account_with("127.0.0.1:1:plain", "work", "kim", common::dovecot::PASSWORD, &more);
    desk
}

fn server() -> Server {
    Setup::new().login("kim", common::dovecot::PASSWORD).start()
}

/// `goyo send`, to these users, with more arguments.
fn send_command(desk: &Desk, to: &[&str], subject: &str, more: &[&str]) -> Command {
    let body = desk.home.write("body", "본문이에요.\n.\n..점으로 시작하는 줄\n");
    let mut command = desk.command();
    command.args(["--json", "send", "--account", "work", "--subject", subject]);
    for user in to {
        command.arg("--to").arg(format!("{user}@example.org"));
    }
    command.arg("--body-file").arg(body).args(more);
    command
}

/// What it said, which must be one object, and how it ended.
fn said(output: &Output) -> (i32, Value) {
    let objects = lines(output);
    let error = String::from_utf8_lossy(&output.stderr);
    let [object] = objects.as_slice() else { panic!("{objects:?} {error}") };
    (output.status.code().unwrap_or(-1), object.clone())
}

fn send_now(desk: &Desk, to: &[&str], subject: &str) -> (i32, Value) {
    said(&send_command(desk, to, subject, &["--now"]).output().unwrap())
}

fn retry_now(desk: &Desk, id: &str) -> (i32, Value) {
    said(&desk.command().args(["--json", "outbox", "retry", id, "--now"]).output().unwrap())
}

fn outbox(desk: &Desk) -> Vec<Value> {
    let output = desk.command().args(["--json", "outbox", "list"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    lines(&output)
}

/// The states of a letter's recipients, by the name before the @.
fn states(letter: &Value) -> BTreeMap<String, String> {
    let recipients = letter["recipients"].as_array().unwrap();
    let pair = |r: &Value| {
        let user = r["address"].as_str().unwrap().split('@').next().unwrap().to_owned();
        (user, r["state"].as_str().unwrap().to_owned())
    };
    recipients.iter().map(pair).collect()
}

/// How often a server took a letter, for each recipient.
fn taken(server: &Server, message_id: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let named = format!("Message-ID: <{message_id}>");
    for letter in server.taken() {
        if String::from_utf8_lossy(&letter.bytes).contains(&named) {
            for recipient in &letter.recipients {
                let user = recipient.split('@').next().unwrap().to_owned();
                *found.entry(user).or_default() += 1;
            }
        }
    }
    found
}

fn each(users: &[&str], state: &str) -> BTreeMap<String, String> {
    users.iter().map(|user| ((*user).to_owned(), state.to_owned())).collect()
}

fn once(users: &[&str]) -> BTreeMap<String, usize> {
    users.iter().map(|user| ((*user).to_owned(), 1)).collect()
}
