//! Drafts, by the engine that the window talks to: kept, copied to the server once, and gone
//! from there when they are sent or thrown away.

use super::common::desk::{ACCOUNT, Desk, PASSPHRASE};
use super::common::dovecot::{Dovecot, PASSWORD, Setup, USER, Way};
use super::common::postfix::Postfix;
use super::common::window::Window;
use goyo::engine::accounts::Trouble;
use goyo::engine::protocol::{Command, Event, FollowUp, NotDone, Start, When};
use goyo::engine::writing;
use goyo::model::{Address, Draft, DraftBody, Identity, Secret};
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
    let copy = super::common::place::read_by_python(&copy);
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

#[test]
fn an_account_with_a_draft_that_lies_here_alone_is_not_removed() {
    let (dovecot, _postfix, desk) = places();
    let mut window = open(&desk);
    let begun = window.begin(Start::New(None, vec![lee()]));
    let (id, account) = (begun.row.id, begun.row.account);
    // One in which nothing is written is nothing to lose.
    window.begin(Start::New(None, Vec::new()));
    let draft = Draft { subject: "두고 갈 수 없는 글".into(), ..begun.row.draft };
    window.save(id, account, draft.clone());
    window.commands.send(Command::RemoveAccount(account));
    let refused = window.wait(|event| match event {
        Event::AccountRemoved(_, outcome) => Some(outcome.unwrap_err()),
        _ => None,
    });
    assert_eq!(refused.trouble, Trouble::StillWriting);
    window.commands.send(Command::Accounts);
    window.commands.send(Command::PutAway(id));
    assert_eq!(drafts(&dovecot, 1), ["두고 갈 수 없는 글"]);
    drop(window);
    desk.sync();

    // The server holds it: nothing is lost. Changed here, it is the only one again.
    let remove = |more: &[&str]| {
        desk.command().args(["account", "remove", ACCOUNT]).args(more).output().unwrap()
    };
    let changed = Draft { subject: "고친 글".into(), ..draft };
    desk.store().save_draft(id, account, &changed).unwrap();
    let refused = remove(&[]);
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("1 drafts") && said.contains("--drafts discard"), "{said}");
    assert_eq!(desk.store().draft(id).unwrap().draft.subject, "고친 글");
    assert!(remove(&["--drafts", "discard"]).status.success());
    assert!(desk.store().drafts().unwrap().is_empty());
    assert_eq!(drafts(&dovecot, 1), ["두고 갈 수 없는 글"]);
}

#[test]
fn an_account_whose_drafts_its_server_holds_is_removed() {
    let (dovecot, _postfix, desk) = places();
    let mut window = open(&desk);
    let begun = window.begin(Start::New(None, vec![lee()]));
    let draft = Draft { subject: "다른 곳에서 마저".into(), ..begun.row.draft };
    window.save(begun.row.id, begun.row.account, draft);
    window.commands.send(Command::PutAway(begun.row.id));
    assert_eq!(drafts(&dovecot, 1), ["다른 곳에서 마저"]);
    drop(window);
    desk.sync();
    let removed = desk.command().args(["account", "remove", ACCOUNT]).output().unwrap();
    assert!(removed.status.success(), "{removed:?}");
    assert_eq!(drafts(&dovecot, 1), ["다른 곳에서 마저"]);
}

#[test]
fn a_question_about_a_letter_comes_from_whom_it_was_sent_by() {
    let desk = Desk::new();
    let nowhere = "127.0.0.1:1:plain";
    desk.account_with(nowhere, "first", "han", PASSWORD, &["--smtp", nowhere]);
    desk.account_with(nowhere, "second", USER, PASSWORD, &["--smtp", nowhere]);
    let store = desk.store();
    let second = store.account("second").unwrap();
    let team = Identity {
        from: Address { name: Some("팀".into()), addr: "Team@example.org".into() },
        signature: "팀 드림".into(),
        ..Identity::default()
    };
    let mut settings = second.settings;
    settings.identities = vec![team.clone()];
    store.set_account(second.id, &settings).unwrap();
    let letter = Draft {
        identity: team.clone(),
        to: vec![lee()],
        subject: "답을 기다려요".into(),
        body: DraftBody::Text("언제가 좋을까요?".into()),
        ..Draft::default()
    };
    let draft = store.new_draft(second.id, &letter, None).unwrap();
    let (about, _) = writing::give(&store, draft, When::After(3_600), None).unwrap();
    let sent = store.out_letter(about).unwrap();

    let mut window = open(&desk);
    let asked = FollowUp {
        about,
        to: lee(),
        subject: "확인 부탁드려요".into(),
        words: "받으셨나요?".into(),
    };
    let begun = window.begin(Start::FollowUp(Box::new(asked)));
    assert_eq!((begun.row.account, &begun.row.draft.identity), (second.id, &team));
    assert_eq!(begun.row.draft.to, [lee()]);
    assert_eq!(begun.row.draft.context.in_reply_to, [sent.message_id]);
    // That identity is gone: from the account all the same.
    settings.identities.clear();
    store.set_account(second.id, &settings).unwrap();
    let asked = FollowUp { about, to: lee(), subject: "?".into(), words: "?".into() };
    let begun = window.begin(Start::FollowUp(Box::new(asked)));
    assert_eq!(begun.row.account, second.id);
    assert_eq!(begun.row.draft.identity.from.addr, format!("{USER}@example.org"));
}
