//! Answers and letters handed on, as they begin: quoted by the drawing process, without what
//! would tell the other side of us.
#![cfg(feature = "render")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Home;
use common::window::Window;
use goyo::engine::protocol::{Command, Event, NotDone, Start, Target, To};
use goyo::html::clean::Scheme;
use goyo::html::worker::protocol::View;
use goyo::model::{AccountKind, Address, Flags, Identity, LetterId, Role, Settings};
use goyo::store::intents::ActError;
use goyo::store::{
    Arrival, Changes, Circumstances, Content, Cursor, FlagsOf, Incoming, Packer, Remote, Store,
    prepare_header,
};

const TRACKED: &str = "From: =?utf-8?B?67Cc7Iug?= <shop@example.net>\r\nTo: kim@example.org\r\n\
    Subject: sale\r\nMessage-ID: <sale@example.net>\r\nDate: Sat, 21 Nov 2026 18:30:00 +0900\r\n\
    MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
    <p>Hello <a href='https://shop.example/x?utm_source=mail'>here</a></p>\
    <img src='https://cos2.navercorp.com/received/abc' width=1 height=1>\r\n";

#[test]
fn an_answer_quotes_without_what_tells_and_says_when_as_the_other_wrote_it() {
    let home = Home::new();
    let path = home.write("sale.eml", TRACKED);
    home.import(&path, "local/in");
    let letter = {
        let store = Store::open(&home.profile()).unwrap();
        let settings = Settings::default();
        store.add_account("work", AccountKind::Imap, "kim@example.org", &settings).unwrap();
        store.list(None, 0, 1).unwrap()[0].id
    };
    let mut window = Window::open(&home.profile());
    let begun = window.begin(Start::Answer(letter, To::Author));
    let draft = &begun.row.draft;
    assert_eq!(draft.subject, "Re: sale");
    assert_eq!(draft.to[0].addr, "shop@example.net");
    assert_eq!(draft.identity.from.addr, "kim@example.org");
    assert_eq!(draft.context.in_reply_to, ["sale@example.net"]);
    let quotation = draft.quotation.as_ref().unwrap();
    assert_eq!(quotation.intro, "2026-11-21 18:30 발신 wrote:");
    let whole = format!("{} {}", quotation.html, quotation.text);
    assert!(whole.contains("Hello") && whole.contains("https://shop.example/x"), "{whole}");
    assert!(!whole.contains("navercorp") && !whole.contains("utm_source"), "{whole}");
    assert_eq!((begun.left_out.trackers, begun.left_out.links), (1, 1));

    let begun = window.begin(Start::Forward(letter));
    let quotation = begun.row.draft.quotation.as_ref().unwrap();
    assert!(quotation.intro.contains("From: 발신 <shop@example.net>"), "{}", quotation.intro);
    assert!(begun.row.draft.context.in_reply_to.is_empty());
}

/// Two accounts, the second with a second address, and a letter in the second one's inbox
/// that went to `to`.
fn second_account(home: &Home, to: &str) -> LetterId {
    let store = Store::open(&home.profile()).unwrap();
    let also = Address { name: None, addr: "shopping@example.org".into() };
    let also = Identity { from: also, ..Identity::default() };
    let settings = Settings { identities: vec![also], ..Settings::default() };
    store.add_account("work", AccountKind::Imap, "kim@example.com", &Settings::default()).unwrap();
    let account = store.add_account("home", AccountKind::Imap, "kim@example.org", &settings);
    let inbox = Remote {
        remote: "INBOX".into(),
        path: "INBOX".into(),
        role: Some(Role::Inbox),
        selectable: true,
        subscribed: true,
    };
    let inbox = store.meet_mailboxes(account.unwrap(), &[inbox]).unwrap()[0].id;
    // The header is all there is of it: it says enough.
    let header = format!("From: shop@example.net\r\nTo: {to}\r\nSubject: sale\r\n\r\n");
    let with = Circumstances { now: 1_800_000_000, delivered: None, trackers: 0, sha: None };
    let size = header.len() as u64 + 100;
    let header = prepare_header(header.as_bytes(), size, &with, &mut Packer::new(None));
    let content = Content::Mail(Incoming::New(Box::new(header)));
    let flags = Some(FlagsOf::new(Flags::NONE, &[]));
    let cursor = Cursor { uidvalidity: Some(7), ..Cursor::default() };
    store.apply(inbox, &Changes { cursor: Some(cursor), ..Changes::default() }).unwrap();
    let arrived = vec![Arrival { uid: 1, flags, content, twin: None }];
    let applied = store.apply(inbox, &Changes { arrived, ..Changes::default() }).unwrap();
    applied.new[0].1
}

#[test]
fn a_list_is_left_as_whom_it_writes_to() {
    let link = "mailto:leave@shop.example?subject=off".to_owned();
    for (to, from) in
        [("list@shop.example", "kim@example.org"), ("Shopping@example.org", "shopping@example.org")]
    {
        let home = Home::new();
        let letter = second_account(&home, to);
        let mut window = Window::open(&home.profile());
        let begun = window.begin(Start::Mailto(link.clone(), Some(letter)));
        assert_eq!(begun.row.draft.identity.from.addr, from, "{to}");
        assert_eq!(begun.row.account, begun.identities[1].0);
        assert_eq!(begun.row.draft.to[0].addr, "leave@shop.example");
        // What the desktop asks for belongs to no letter.
        let begun = window.begin(Start::Mailto(link.clone(), None));
        assert_eq!(begun.row.draft.identity.from.addr, "kim@example.com");
    }
}

#[test]
fn of_a_letter_that_is_not_here_whole_nothing_is_saved() {
    let home = Home::new();
    let letter = second_account(&home, "kim@example.org");
    let mut window = Window::open(&home.profile());
    let view = View { width: 600.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };
    window.commands.send(Command::Open(1, letter, view));
    window.wait(|event| matches!(event, Event::Opened(1, _)).then_some(()));
    let dir = home.path("saved");
    let parts = vec![(0, "a.pdf".into())];
    for command in [
        Command::SaveLetter { doc: 1, to: Target::In(dir.clone(), "sale.eml".into()) },
        Command::SaveAll { doc: 1, parts, dir: dir.clone() },
        Command::Save { doc: 1, part: 0, to: Target::In(dir.clone(), "a.pdf".into()) },
    ] {
        window.commands.send(command);
        let why = window.wait(|event| match event {
            Event::NotSaved(_, why) => Some(why),
            Event::Saved(path) => panic!("{path:?}"),
            Event::SavedAll(..) => panic!("saved"),
            _ => None,
        });
        assert_eq!(why, NotDone::Act(ActError::NotHere(letter)));
    }
    assert!(!dir.exists());
}
