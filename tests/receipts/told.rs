//! What becomes known of letters is told once: to the window by its engine, to programs by
//! `goyo sync --watch`.

use crate::common::fake_smtp::{At, Does, Setup};
use crate::sent::Sender;
use crate::server::{CHROME, GMAIL, until};
use goyo::engine::protocol::{Command, Event};
use goyo::engine::{self, Options};
use goyo::model::{FetcherKind, ReceiptEvent, ReceiptState, Secret, TokenHash};
use goyo::store::outbox::{News, Told};
use std::time::Duration;
use tokio::sync::mpsc::Receiver;

/// An engine at work on the sender's profile.
fn engine(sender: &Sender) -> (engine::Commands, Receiver<Event>) {
    let options =
        Options { program: Some(env!("CARGO_BIN_EXE_goyo").into()), ..Options::default() };
    engine::start(&sender.desk.home.profile(), options).unwrap()
}

/// What the engine tells the window of the wanted kind, in time.
fn told<T>(
    events: &mut Receiver<Event>,
    what: &str,
    mut wanted: impl FnMut(Event) -> Option<T>,
) -> T {
    until(what, || {
        while let Ok(event) = events.try_recv() {
            if let Some(found) = wanted(event) {
                return Some(found);
            }
        }
        None
    })
}

fn news(event: Event) -> Option<Vec<Told>> {
    match event {
        Event::Told(told) => Some(told),
        _ => None,
    }
}

#[test]
fn an_open_window_hears_of_readings_by_itself() {
    let sender = Sender::new();
    sender.send_with_picture(&["minji", "junho"]);
    let tokens = ["minji", "junho"].map(|name| sender.got(name).1.unwrap());
    sender.ago(&tokens[0], 120);
    sender.ago(&tokens[1], 120);
    sender.receipts.hit(&tokens[0], CHROME);
    sender.receipts.wait_for(&sender.data, &tokens[0], &[("person", 1)]);

    let (commands, mut events) = engine(&sender);
    // Without the passphrase there is no key; with it the server is asked at once.
    commands.send(Command::Unlock(Secret::new(crate::common::desk::PASSPHRASE.into())));
    let first = told(&mut events, "the first reading", news);
    let store = sender.desk.store();
    let minji = store.receipts(10).unwrap().remove(0);
    assert_eq!(minji.address, "minji@example.org");
    let read = Told { letter: minji.letter, recipient: minji.recipient, news: News::Read };
    assert_eq!(first, [read]);

    // Whoever looks at the list does not wait for the clock.
    sender.receipts.hit(&tokens[1], GMAIL);
    sender.receipts.wait_for(&sender.data, &tokens[1], &[("proxy", 1)]);
    commands.send(Command::AskReceipts);
    let second = told(&mut events, "the second", news);
    assert_eq!(second.iter().map(|told| told.news).collect::<Vec<_>>(), [News::Fetched]);
    let states: Vec<_> =
        store.receipts(10).unwrap().into_iter().map(|row| row.standing.state).collect();
    assert_eq!(states, [ReceiptState::Read, ReceiptState::Fetched]);
    // The command line beside it is not kept out.
    assert_eq!(sender.list()["minji"]["state"], "read");
}

#[test]
fn a_reading_is_told_once_however_often_it_is_learnt() {
    let sender = Sender::new();
    sender.send_with_picture(&["minji", "junho"]);
    let store = sender.desk.store();
    let event = |name: &str, kind, service: Option<&str>, count| ReceiptEvent {
        hash: TokenHash::of(&sender.got(name).1.unwrap()),
        kind,
        service: service.map(str::to_owned),
        first: 1_800_000_000,
        last: 1_800_000_000,
        count,
    };
    let learn = |events: &[ReceiptEvent]| {
        store.receive_receipts(events, "a-1").unwrap();
        store.untold().unwrap().into_iter().map(|told| told.news).collect::<Vec<_>>()
    };
    assert_eq!(learn(&[]), []);
    let proxy = event("minji", FetcherKind::Proxy, Some("Gmail"), 1);
    assert_eq!(learn(std::slice::from_ref(&proxy)), [News::Fetched]);
    assert_eq!(learn(&[proxy]), []);
    // Once more, by somebody else: it was fetched, as before.
    assert_eq!(learn(&[event("minji", FetcherKind::Scanner, None, 1)]), [News::More]);
    assert_eq!(learn(&[event("minji", FetcherKind::Person, None, 1)]), [News::Read]);
    assert_eq!(learn(&[event("minji", FetcherKind::Person, None, 7)]), []);
    assert_eq!(learn(&[event("minji", FetcherKind::Soon, None, 1)]), [News::More]);
    // Of two things at once the one that says more.
    let both =
        [event("junho", FetcherKind::Soon, None, 1), event("junho", FetcherKind::Person, None, 1)];
    assert_eq!(learn(&both), [News::Read]);
    drop(store);
    assert_eq!(sender.desk.store().untold().unwrap(), []);
}

#[test]
fn what_was_not_sent_or_may_have_been_is_told_and_told_once() {
    let refused = At::Recipient(Some("gone@example.org".into()));
    let says = Does::Says("550 5.1.1 no such user".into());
    let sender = Sender::with(Setup::new().fault(refused, says).fault(At::Dot, Does::HangsUp));
    for name in ["gone", "minji"] {
        sender.give(&[name], &[]);
        // There is no server to read from; what waits is sent.
        sender.desk.sync_with(&[]);
    }
    let states: Vec<_> = sender.desk.store().outbox(2).unwrap().iter().map(|l| l.state).collect();
    assert_eq!(states, [goyo::model::Delivered::Unknown, goyo::model::Delivered::Failed]);

    let (commands, mut events) = engine(&sender);
    let first: Vec<_> = told(&mut events, "both", news).iter().map(|told| told.news).collect();
    assert_eq!(first, [News::NotSent, News::Unknown]);
    // Tried again, and taken: nothing to tell. Given up by the user: they know.
    let letters = sender.desk.store().outbox(2).unwrap();
    commands.send(Command::Unlock(Secret::new(crate::common::desk::PASSPHRASE.into())));
    commands.send(Command::TryAgain(letters[0].id));
    commands.send(Command::LeaveIt(letters[1].id));
    until("it is sent", || sender.desk.store().waiting_outbox().unwrap().is_empty().then_some(()));
    drop(commands);
    told(&mut events, "its end", |event| {
        assert!(!matches!(event, Event::Told(_)), "{event:?}");
        matches!(event, Event::Outbox).then_some(())
    });
    assert_eq!(sender.desk.store().untold().unwrap(), []);
}

#[test]
fn what_a_command_said_of_its_letter_is_not_told_again() {
    let refused = || At::Recipient(Some("gone@example.org".into()));
    let says = || Does::Says("550 5.1.1 no such user".into());
    let setup = Setup::new().fault(refused(), says()).fault(At::Dot, Does::HangsUp);
    let sender = Sender::with(setup);
    let untold = || -> Vec<News> {
        let told = sender.desk.store().untold().unwrap();
        told.iter().map(|told| told.news).collect()
    };
    let (code, letter) = sender.send(&["gone"], &[]);
    assert_eq!((code, &letter["state"]), (1, &"failed".into()), "{letter}");
    assert_eq!(untold(), []);
    assert_eq!(sender.send(&["minji"], &[]).0, 3);
    assert_eq!(untold(), []);
    // Tried again by a command that waits for it, and by one that does not.
    let id = letter["id"].as_str().unwrap();
    sender.mail.fault(refused(), says());
    let again = sender.desk.command().args(["outbox", "retry", id, "--now"]).output().unwrap();
    assert_eq!(again.status.code(), Some(1), "{again:?}");
    assert_eq!(untold(), []);
    sender.mail.fault(refused(), says());
    assert!(sender.desk.home.run(&["outbox", "retry", id]).status.success());
    sender.desk.sync_with(&[]);
    assert_eq!(untold(), [News::NotSent]);
}

#[test]
fn programs_hear_of_readings_while_they_watch() {
    let sender = Sender::new();
    sender.send_with_picture(&["minji", "junho", "sora"]);
    let tokens = ["minji", "junho"].map(|name| sender.got(name).1.unwrap());
    for token in &tokens {
        sender.ago(token, 120);
    }
    // What was listed before is no news.
    sender.receipts.hit(&tokens[1], GMAIL);
    sender.until("junho", "fetched");
    sender.receipts.hit(&tokens[0], CHROME);
    sender.receipts.wait_for(&sender.data, &tokens[0], &[("person", 1)]);
    let watching = sender.desk.watch();
    let receipt = watching.wait_for("receipt", Duration::from_secs(30));
    assert_eq!(
        (&receipt["recipient"], &receipt["state"], &receipt["count"]),
        (&"minji@example.org".into(), &"read".into(), &1.into())
    );
    assert_eq!(receipt["fetchers"][0]["kind"], "person");
    assert!(receipt["message_id"].is_string() && receipt["first"].is_string());
    watching.stop();
}

#[test]
fn a_receipt_server_that_cannot_be_asked_is_named_while_watching() {
    let Sender { receipts, desk, mail: _mail, data: _data, .. } = {
        let sender = Sender::new();
        sender.send_with_picture(&["minji"]);
        sender
    };
    receipts.kill();
    let watching = desk.watch();
    let error = watching.wait_for("error", Duration::from_secs(30));
    let text = error["text"].as_str().unwrap();
    assert!(text.contains("receipt server could not be reached"), "{text}");
    assert!(error.get("account").is_none());
}
