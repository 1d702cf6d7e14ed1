//! Decisions about letters, through the engine and the real drawing process: whom a rule
//! serves, what is told while pictures are fetched, what taking back takes back.
#![cfg(feature = "render")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod desk;

use desk::{Desk, Server, VIEW, newsletter, verdict_of};
use goyo::engine::protocol::{Command, Event, Trust};
use goyo::engine::{self, Options};
use goyo::model::{Reason, Verdict};
use goyo::store::Store;

/// What the reader's own server wrote above a letter whose signature is the sender's.
fn proven(letter: &str) -> String {
    format!(
        "Authentication-Results: mx.example.com; dkim=pass header.d=shop.example;\r\n\
         \tdmarc=pass header.from=shop.example\r\n{letter}"
    )
}

#[test]
fn a_rule_made_of_a_letter_with_proof_serves_no_letter_without() {
    let server = Server::start();
    let from = "news@shop.example";
    let letters = [
        proven(&newsletter(&server, from, "one")),
        newsletter(&server, from, "spoofed"),
        proven(&newsletter(&server, from, "two")),
    ];
    let mut desk = Desk::with(&letters, &server);
    let one = desk.open(1, "one");
    assert!(one.ledger.proven && !one.ledger.unproven);
    desk.commands.send(Command::Trust(1, Trust::Sender));
    desk.redrawn(1);
    assert_eq!(server.paths(), ["/banner.png"]);

    let spoofed = desk.open(2, "spoofed");
    assert!(!spoofed.ledger.proven && spoofed.ledger.unproven);
    assert_eq!(verdict_of(&spoofed.ledger, "/banner.png"), Verdict::Refuse(Reason::Unproven));
    // Nor can that letter, or its domain, put another rule in the place of this one.
    for trust in [Trust::Sender, Trust::Domain] {
        desk.commands.send(Command::Trust(2, trust));
        assert!(!desk.is_red(2));
    }
    assert_eq!(Store::open(&desk.profile).unwrap().rules().unwrap().len(), 1);
    // This once it may be looked at all the same; the rule is still said not to be used.
    desk.commands.send(Command::ShowOnce(2));
    assert!(desk.settled(2).unproven);
    desk.redrawn(2);
    assert!(desk.is_red(2));

    desk.open(3, "two");
    desk.redrawn(3);
    assert!(desk.is_red(3));
    assert_eq!(server.paths(), ["/banner.png"; 3]);
}

#[test]
fn the_demo_knows_its_reader_and_its_server() {
    let demo = goyo::demo::Demo::start().unwrap();
    let program = Some(env!("CARGO_BIN_EXE_goyo").into());
    let options = Options { program, ..demo.options() };
    let (commands, mut events) = engine::start(demo.profile(), options).unwrap();
    let rows = Store::open(demo.profile()).unwrap().list(None, 0, 100).unwrap();
    let mut open = |doc: u32, sender: &str| {
        let of = |row: &&goyo::store::LetterRow| {
            row.from.as_ref().is_some_and(|from| from.addr.starts_with(sender))
        };
        commands.send(Command::Open(doc, rows.iter().find(of).unwrap().id, VIEW));
        loop {
            if let Event::Opened(_, letter) = events.blocking_recv().unwrap() {
                return letter;
            }
        }
    };
    let spoofed = open(1, "gyeol.han@");
    let said = &spoofed.report.auth;
    assert!(said.claims.iter().any(|c| c.trusted && c.method == "dmarc" && c.result == "fail"));
    assert!(!spoofed.ledger.proven);
    let names = goyo::demo::LETTERS.iter().find(|sample| sample.name == "36-undisclosed").unwrap();
    let undisclosed = rows.iter().find(|row| row.subject == names.subject).unwrap();
    commands.send(Command::Open(2, undisclosed.id, VIEW));
    let letter = loop {
        if let Event::Opened(2, letter) = events.blocking_recv().unwrap() {
            break letter;
        }
    };
    assert!(letter.report.warnings.iter().any(|w| w.kind == "not-addressed-to-you"));
}
