//! Answers and letters handed on, as they begin: quoted by the drawing process, without what
//! would tell the other side of us.
#![cfg(feature = "render")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Home;
use common::window::Window;
use goyo::engine::protocol::{Start, To};
use goyo::model::{AccountKind, Settings};
use goyo::store::Store;

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
