//! Drafts, by the engine that the window talks to: kept, copied to the server once, and gone
//! from there when they are sent or thrown away.

use super::common::desk::{ACCOUNT, Desk, PASSPHRASE};
use super::common::dovecot::{Dovecot, PASSWORD, Setup, USER, Way};
use super::common::postfix::Postfix;
use super::common::window::Window;
use goyo::engine::protocol::{Command, Event, NotDone, Start, When};
use goyo::model::{Address, Draft, DraftBody, Secret};
use goyo::store::outbox::OutboxError;
use std::time::{Duration, Instant};

fn open(desk: &Desk) -> Window {
    let window = Window::open(&desk.home.profile());
    window.commands.send(Command::Unlock(Secret::new(PASSPHRASE.into())));
    window
}

fn places() -> (Dovecot, Postfix, Desk) {
    let dovecot = Setup::new().user("lee", PASSWORD).receiving().start();
    let postfix = Postfix::start(&dovecot);
    let desk = Desk::new();
    let smtp = postfix.address(Way::Plain);
    desk.account_with(&dovecot.address(Way::Plain), ACCOUNT, USER, PASSWORD, &["--smtp", &smtp]);
    desk.sync();
    (dovecot, postfix, desk)
}

/// What lies among the drafts on the server, once it is this many: subject lines.
fn drafts(dovecot: &Dovecot, count: usize) -> Vec<String> {
    let limit = Instant::now() + Duration::from_secs(30);
    loop {
        let found = dovecot.letters(USER, "Drafts");
        if found.len() == count || Instant::now() > limit {
            assert_eq!(found.len(), count);
            let subject = |raw: &Vec<u8>| goyo::mime::parse(raw).envelope.subject;
            return found.values().map(subject).collect();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn lee() -> Address {
    Address { name: Some("이".into()), addr: "lee@example.org".into() }
}

#[test]
fn a_draft_lies_on_the_server_once_and_goes_when_it_is_sent() {
    let (dovecot, _postfix, desk) = places();
    let mut window = open(&desk);
    let begun = window.begin(Start::New(None, vec![lee()]));
    let (id, account) = (begun.row.id, begun.row.account);
    for round in 1..=3 {
        let draft = Draft {
            subject: format!("초안 {round}"),
            body: DraftBody::Marked(format!("{round}번째 **글**")),
            ..begun.row.draft.clone()
        };
        window.save(id, account, draft);
        window.commands.send(Command::PutAway(id));
        window.wait(|event| matches!(event, Event::Drafts).then_some(()));
        let limit = Instant::now() + Duration::from_secs(30);
        while drafts(&dovecot, 1) != [format!("초안 {round}")] {
            assert!(Instant::now() < limit, "round {round}");
        }
    }
    // What lies there, by another program, is what was written.
    let copy = dovecot.letters(USER, "Drafts").into_values().next().unwrap();
    let copy = super::real::read_by_python(&copy);
    assert!(copy["text"].as_str().unwrap().contains("3번째 글"), "{copy}");
    assert!(copy["to"].as_str().unwrap().contains("lee@example.org"), "{copy}");

    let version = window.looked_through(id);
    window.commands.send(Command::Give(id, When::After(0), version));
    let letter = window.wait(|event| match event {
        Event::Given(given, letter) => (given == id).then(|| letter.unwrap().0),
        _ => None,
    });
    assert_eq!(dovecot.wait_for("lee", 1).len(), 1);
    assert_eq!(drafts(&dovecot, 0).len(), 0);
    let store = desk.store();
    let limit = Instant::now() + Duration::from_secs(30);
    while store.out_letter(letter).unwrap().state != goyo::model::Delivered::Sent {
        assert!(Instant::now() < limit);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(store.drafts().unwrap(), []);
    assert!(!store.out_lines(letter).unwrap().is_empty());
}

#[test]
fn a_letter_given_away_can_be_taken_back_and_is_the_same_draft() {
    let (dovecot, _postfix, desk) = places();
    let mut window = open(&desk);
    let begun = window.begin(Start::New(None, vec![lee()]));
    let (id, account) = (begun.row.id, begun.row.account);
    let file = desk.home.write("붙임.txt", "붙임 내용");
    window.commands.send(Command::Attach(id, vec![file, desk.home.path("missing")]));
    let (files, failed) = window.wait(|event| match event {
        Event::Files(of, files, failed) => (of == id).then_some((files, failed)),
        _ => None,
    });
    assert_eq!((files.len(), failed.len()), (1, 1));
    assert_eq!(files[0].name, "붙임.txt");
    let draft = Draft { subject: "후회할 메일".into(), ..begun.row.draft };
    window.save(id, account, draft.clone());
    // What was changed after it was looked through does not go.
    let before = window.looked_through(id);
    window.save(id, account, Draft { subject: "후회할 메일".into(), ..draft.clone() });
    window.commands.send(Command::Give(id, When::After(10), before));
    let refused = window.wait(|event| match event {
        Event::Given(given, letter) => (given == id).then_some(letter),
        _ => None,
    });
    assert_eq!(refused, Err(NotDone::Outbox(OutboxError::Changed(id))));
    assert_eq!(desk.store().outbox(10).unwrap(), []);
    let version = window.looked_through(id);
    window.commands.send(Command::Give(id, When::After(10), version));
    let letter = window.wait(|event| match event {
        Event::Given(given, letter) => (given == id).then(|| letter.unwrap().0),
        _ => None,
    });
    // While it is on its way it does not change.
    window.commands.send(Command::SaveDraft(id, account, Box::default(), 2));
    window.wait(|event| matches!(event, Event::DraftNotSaved(..)).then_some(()));
    window.commands.send(Command::TakeBack(letter));
    let back = window.wait(|event| match event {
        Event::TakenBack(of, back) => (of == letter).then(|| back.unwrap()),
        _ => None,
    });
    assert_eq!(back, id);
    let row = desk.store().draft(id).unwrap();
    assert_eq!((row.draft, row.files.len(), row.queued), (draft, 1, false));
    assert!(dovecot.letters("lee", "INBOX").is_empty());
    assert_eq!(desk.store().outbox(10).unwrap(), []);
}
