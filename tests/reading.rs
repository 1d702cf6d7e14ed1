//! Reading through the engine and the real drawing process: nothing is fetched before
//! the reader says so, then only what can be seen, and every decision can be taken
//! back. A picture server on loopback counts what reaches it.
#![cfg(feature = "render")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod desk;

use desk::{Desk, Server, VIEW, album, newsletter, red_square, verdict_of};
use goyo::engine::protocol::{Command, Event, Fallback, NotDone, OpenError, Trust};
use goyo::engine::reading::{Circumstances, Reader};
use goyo::html::worker::{Worker, WorkerError};
use goyo::model::{AccountKind, Answer, Failing, Reason, Remote, Settings, Verdict, Way};
use goyo::privacy::links::LinkReport;
use goyo::store::Store;
use std::sync::Arc;

#[test]
fn nothing_is_fetched_until_the_reader_says_so_and_then_only_what_can_be_seen() {
    let server = Server::start();
    let mut desk = Desk::with(&[newsletter(&server, "news@shop.example", "one")], &server);
    let letter = desk.open(1, "one");
    assert_eq!(letter.fallback, None);
    assert_eq!(letter.ledger.ledger.entries.len(), 3);
    assert_eq!(letter.ledger.since_opened, 0);
    assert!(!desk.is_red(1));
    assert_eq!(server.paths(), Vec::<String>::new());

    desk.commands.send(Command::ShowOnce(1));
    let ledger = desk.settled(1);
    desk.redrawn(1);
    assert_eq!(server.paths(), ["/banner.png"]);
    assert!(desk.is_red(1));
    assert_eq!(verdict_of(&ledger, "/banner.png"), Verdict::Allow(Reason::Once));
    assert_eq!(verdict_of(&ledger, "/open.gif"), Verdict::Refuse(Reason::Tracker));
    assert_eq!(verdict_of(&ledger, "/after.gif"), Verdict::Refuse(Reason::Tracker));
    assert_eq!(ledger.since_opened, 1);
    assert!(ledger.requests[0].url.ends_with("/banner.png"));
    assert_eq!(ledger.requests[0].answer, Answer::Status(200));
    assert_eq!(ledger.requests[0].bytes, red_square().len() as u64);

    // Taken back: the picture goes, nothing more is asked.
    desk.commands.send(Command::HideAgain(1));
    desk.redrawn(1);
    assert!(!desk.is_red(1));
    assert_eq!(server.paths(), ["/banner.png"]);

    // A pixel allowed by hand is fetched, and only that one.
    let pixel = format!("http://127.0.0.1:{}/open.gif", server.port);
    desk.commands.send(Command::AllowByHand(1, pixel));
    let ledger = desk.settled(1);
    assert_eq!(verdict_of(&ledger, "/open.gif"), Verdict::Allow(Reason::ByHand));
    assert_eq!(server.paths(), ["/banner.png", "/open.gif"]);
}

#[test]
fn a_trusted_sender_shows_pictures_in_the_next_letter_until_it_is_taken_back() {
    let server = Server::start();
    let letters = [
        newsletter(&server, "news@shop.example", "one"),
        newsletter(&server, "NEWS@shop.example", "two"),
        newsletter(&server, "other@shop.example", "three"),
    ];
    let mut desk = Desk::with(&letters, &server);
    desk.open(1, "one");
    desk.commands.send(Command::Trust(1, Trust::Sender));
    let rules = desk.until(|event| match event {
        Event::Rules(rules) => Some(rules),
        _ => None,
    });
    assert_eq!(rules.len(), 1);
    desk.redrawn(1);
    assert!(desk.is_red(1));

    desk.open(2, "two");
    desk.redrawn(2);
    assert!(desk.is_red(2));
    // Another address of that domain has no leave.
    desk.open(3, "three");
    assert!(!desk.is_red(3));
    assert_eq!(server.paths(), ["/banner.png", "/banner.png"]);

    desk.commands.send(Command::Forget(rules[0].clone()));
    desk.redrawn(1);
    assert!(!desk.is_red(1));
    assert!(!desk.is_red(2));
    desk.commands.send(Command::Close(2));
    let again = desk.open(2, "two");
    assert_eq!(verdict_of(&again.ledger, "/banner.png"), Verdict::Refuse(Reason::Default));
    assert_eq!(server.paths(), ["/banner.png", "/banner.png"]);
    // What was asked in the past stays in the ledger.
    assert_eq!(again.ledger.requests.len(), 1);
    assert_eq!(again.ledger.since_opened, 0);
}

#[test]
fn never_beats_the_domain_and_the_domain_covers_its_senders() {
    let server = Server::start();
    let letters = [
        newsletter(&server, "news@shop.example", "one"),
        newsletter(&server, "other@mail.shop.example", "two"),
    ];
    let mut desk = Desk::with(&letters, &server);
    desk.open(1, "one");
    desk.commands.send(Command::Trust(1, Trust::Domain));
    desk.redrawn(1);
    desk.open(2, "two");
    desk.redrawn(2);
    assert!(desk.is_red(2));
    desk.commands.send(Command::Trust(2, Trust::Never));
    desk.redrawn(2);
    assert!(!desk.is_red(2));
    assert!(desk.is_red(1));
}

fn never(never: bool) -> Command {
    Command::SetRemote(Remote { never, by: Way::Accounts })
}

#[test]
fn where_nothing_is_ever_fetched_rules_rest_and_open_letters_are_hidden() {
    let server = Server::start();
    let letters = [
        newsletter(&server, "news@shop.example", "one"),
        newsletter(&server, "news@shop.example", "two"),
        newsletter(&server, "other@shop.example", "three"),
    ];
    let mut desk = Desk::with(&letters, &server);
    desk.open(1, "one");
    desk.commands.send(Command::Trust(1, Trust::Sender));
    desk.redrawn(1);
    assert!(desk.is_red(1));
    desk.open(3, "three");
    desk.commands.send(Command::ShowOnce(3));
    desk.redrawn(3);
    assert_eq!(server.paths(), ["/banner.png", "/banner.png"]);

    // Both are hidden at once, though one was allowed by a rule and one this time.
    desk.commands.send(never(true));
    let told = desk.until(|event| match event {
        Event::Remote(remote) => Some(remote),
        _ => None,
    });
    assert!(told.never);
    let mut hidden = std::collections::HashSet::new();
    while hidden.len() < 2 {
        let (doc, ledger) = desk.until(|event| match event {
            Event::Ledger(doc, ledger) => Some((doc, ledger)),
            _ => None,
        });
        assert_eq!(verdict_of(&ledger, "/banner.png"), Verdict::Refuse(Reason::Never));
        hidden.insert(doc);
    }
    assert!(!desk.is_red(1) && !desk.is_red(3));

    // The next letter of a sender that is trusted fetches nothing, nor does any word.
    let two = desk.open(2, "two");
    assert_eq!(verdict_of(&two.ledger, "/banner.png"), Verdict::Refuse(Reason::Never));
    assert_eq!(two.ledger.rules.len(), 1);
    desk.commands.send(Command::ShowOnce(2));
    let banner = format!("http://127.0.0.1:{}/banner.png", server.port);
    desk.commands.send(Command::AllowByHand(2, banner));
    assert!(!desk.is_red(2));
    assert_eq!(server.paths(), ["/banner.png", "/banner.png"]);
    assert!(Store::open(&desk.profile).unwrap().remote().unwrap().never);

    // Switched back, the rule speaks again; what was shown this time is over.
    desk.commands.send(never(false));
    desk.redrawn(1);
    assert!(desk.is_red(1) && !desk.is_red(3));
}

#[test]
fn what_is_under_way_is_cut_when_nothing_is_to_be_fetched_any_more() {
    let server = Server::held();
    let mut desk = Desk::with(&[album(&server, 20, "one")], &server);
    desk.open(1, "one");
    desk.commands.send(Command::ShowOnce(1));
    server.hears(6);
    desk.commands.send(never(true));
    let ledger = desk.settled(1);
    assert_eq!(verdict_of(&ledger, "/00.png"), Verdict::Refuse(Reason::Never));
    assert_eq!(ledger.requests.len(), 6);
    assert!(ledger.requests.iter().all(|made| made.answer == Answer::Failed(Failing::TakenBack)));
    server.let_go();
    assert_eq!(server.paths().len(), 6, "the rest was asked for all the same");
}

#[test]
fn pictures_go_the_way_that_is_chosen_for_them() {
    let (server, accounts, own) = (Server::start(), Server::start(), Server::start());
    // A name that only a proxy could know.
    let there = format!("http://127.0.0.1:{}", server.port);
    let letter = |name| {
        newsletter(&server, "news@shop.example", name)
            .replace(&there, "http://pictures.shop.example")
    };
    let mut desk = Desk::with(&["one", "two", "three"].map(letter), &server);
    let settings = Settings {
        proxy: Some(format!("http://127.0.0.1:{}", accounts.port)),
        ..Settings::default()
    };
    let store = Store::open(&desk.profile).unwrap();
    store.add_account("work", AccountKind::Imap, "kim@example.org", &settings).unwrap();
    let by = Way::Proxy(format!("http://127.0.0.1:{}", own.port));
    for (doc, name, by, came) in [
        (1, "one", Way::Accounts, [1, 0]),
        (2, "two", by, [1, 1]),
        (3, "three", Way::Direct, [1, 1]),
    ] {
        desk.commands.send(Command::SetRemote(Remote { never: false, by: by.clone() }));
        desk.open(doc, name);
        desk.commands.send(Command::ShowOnce(doc));
        let ledger = desk.settled(doc);
        let shown = matches!(ledger.requests[0].answer, Answer::Status(200));
        assert_eq!(shown, by != Way::Direct, "{:?}", ledger.requests);
        let asked = [&accounts, &own].map(|server| server.paths().len());
        assert_eq!(asked, came, "{name}");
    }
    assert_eq!(accounts.paths(), ["http://pictures.shop.example/banner.png"]);
    assert!(server.paths().is_empty());
    // What is no proxy is no way, and nothing is changed by it.
    desk.commands
        .send(Command::SetRemote(Remote { never: true, by: Way::Proxy("ftp://x".into()) }));
    while !matches!(desk.next(), Event::Failed(NotDone::Proxy(_))) {}
    let Event::Remote(remote) = desk.next() else { panic!("it is not said what is so") };
    assert_eq!(remote, Remote { never: false, by: Way::Direct });
}

#[test]
fn what_is_under_way_goes_anew_by_the_proxy_that_is_chosen_meanwhile() {
    let (server, first, second) = (Server::start(), Server::held(), Server::start());
    // A name that only a proxy could know.
    let there = format!("http://127.0.0.1:{}", server.port);
    let letter = album(&server, 20, "one").replace(&there, "http://pictures.shop.example");
    let mut desk = Desk::with(&[letter], &server);
    let by = |proxy: &Server| {
        let by = Way::Proxy(format!("http://127.0.0.1:{}", proxy.port));
        Command::SetRemote(Remote { never: false, by })
    };
    desk.commands.send(by(&first));
    desk.open(1, "one");
    desk.commands.send(Command::ShowOnce(1));
    first.hears(6);
    desk.commands.send(by(&second));
    // The first has not answered anything: all of it comes through the second.
    second.hears(20);
    first.let_go();
    assert_eq!(first.paths().len(), 6, "the rest was asked for the old way all the same");
}

#[test]
fn a_request_carries_nothing_but_the_address() {
    let server = Server::start();
    let mut desk = Desk::with(&[newsletter(&server, "news@shop.example", "one")], &server);
    desk.open(1, "one");
    desk.commands.send(Command::ShowOnce(1));
    desk.settled(1);
    let asked = server.asked.lock().unwrap();
    let head = asked[0].to_ascii_lowercase();
    let names: Vec<&str> =
        head.lines().skip(1).filter_map(|line| line.split_once(':')).map(|(n, _)| n).collect();
    for name in &names {
        assert!(
            ["host", "user-agent", "accept", "accept-encoding", "connection"].contains(name),
            "{head}"
        );
    }
    assert!(!head.contains("goyo"), "{head}");
}

/// A letter in EUC-KR, with a picture.
fn in_euc_kr(server: &Server) -> Vec<u8> {
    let mut raw = format!(
        "From: News <news@shop.example>\r\nTo: minji@example.com\r\nSubject: one\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/html; charset=euc-kr\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n<body style=\"margin:0\">\
         <img src=\"http://127.0.0.1:{}/banner.png\" width=120 height=80 alt=b><p>",
        server.port
    )
    .into_bytes();
    // 안녕하세요, in ISO 8859-1: ¾È³çÇÏ¼¼¿ä.
    raw.extend(b"\xbe\xc8\xb3\xe7\xc7\xcf\xbc\xbc\xbf\xe4</p></body>\r\n");
    raw
}

#[test]
fn a_charset_chosen_by_hand_is_used_for_a_file_and_what_was_allowed_still_stands() {
    let server = Server::start();
    let mut desk = Desk::with(&[newsletter(&server, "news@shop.example", "other")], &server);
    let file = desk.profile.join("letter.eml");
    std::fs::write(&file, in_euc_kr(&server)).unwrap();
    desk.commands.send(Command::OpenFile(1, file, VIEW));
    desk.opened(1);
    assert!(desk.finds(1, "안녕하세요"));
    desk.commands.send(Command::ShowOnce(1));
    desk.settled(1);
    assert!(desk.is_red(1));

    desk.commands.send(Command::Charset(1, Some("iso-8859-1".into())));
    let letter = desk.opened(1);
    assert_eq!(letter.charsets.first().map(String::as_str), Some("iso-8859-1"));
    assert!(desk.finds(1, "¾È³çÇÏ¼¼¿ä"));
    // The picture is still shown, was not asked for again, and its request is told.
    assert!(desk.is_red(1));
    assert_eq!(server.paths(), ["/banner.png"]);
    assert_eq!(letter.ledger.since_opened, 1);
    assert_eq!(letter.ledger.requests.len(), 1);
    assert!(letter.ledger.once);

    desk.commands.send(Command::Charset(1, None));
    desk.opened(1);
    assert!(desk.finds(1, "안녕하세요"));
}

#[test]
fn a_letter_that_becomes_text_has_the_links_of_its_text() {
    let raw = "From: a@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nsee https://text.example/only\r\n\
         --b\r\nContent-Type: text/html\r\n\r\n<a href=\"https://html.example/one\">one</a> \
         <a href=\"https://html.example/two\">two</a>\r\n--b--\r\n";
    let worker = Worker::start_program(env!("CARGO_BIN_EXE_goyo"));
    let mut reader = Reader::with(worker);
    let raw = Arc::new(raw.as_bytes().to_vec());
    let (mut document, mut open) =
        reader.open(1, None, Arc::clone(&raw), &Circumstances::default(), VIEW);
    let targets = |links: &[LinkReport]| -> Vec<String> {
        links.iter().map(|link| link.target.clone()).collect()
    };
    let html = ["https://html.example/one", "https://html.example/two"];
    assert_eq!(targets(&open.links), html);
    // Its first strip is too much for the process, before the window was told of it.
    reader.recover(&mut document, &WorkerError::Died);
    document.tell_drawn(&mut open);
    assert_eq!(open.fallback, Some(Fallback::Died));
    assert!(open.laid.is_some());
    assert_eq!(targets(&open.links), ["https://text.example/only"]);
    assert_eq!(targets(&document.redrawn().links), ["https://text.example/only"]);
    // What the header report tells of the letter stays what the letter has.
    assert_eq!(targets(&open.report.links), html);
}

#[test]
fn where_nothing_can_be_drawn_there_is_its_text() {
    let raw = "From: a@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n\
               Content-Type: text/html; charset=utf-8\r\n\r\n<p>안녕 <b>민지</b></p>\r\n";
    let mut reader = Reader::with(Worker::start_program(env!("CARGO_BIN_EXE_goyo")));
    let raw = Arc::new(raw.as_bytes().to_vec());
    let (mut document, mut open) = reader.open(1, None, raw, &Circumstances::default(), VIEW);
    assert_eq!(open.text, "");
    // The process is gone, and so is the program to start another from.
    reader = Reader::with(Err(WorkerError::Start("gone".into())));
    reader.recover(&mut document, &WorkerError::Died);
    document.tell_drawn(&mut open);
    assert_eq!(open.laid, None);
    assert_eq!(open.text.trim(), "안녕 민지");
    assert_eq!(document.redrawn().text.trim(), "안녕 민지");
}

#[test]
fn a_file_is_read_by_the_rules_of_all_mail_and_leaves_nothing_in_the_store() {
    let server = Server::start();
    let mut desk = Desk::with(&[newsletter(&server, "news@shop.example", "other")], &server);
    let file = desk.profile.join("letter.eml");
    std::fs::write(&file, newsletter(&server, "news@shop.example", "from a file")).unwrap();
    desk.commands.send(Command::OpenFile(1, file, VIEW));
    let letter = desk.opened(1);
    assert_eq!((letter.letter, letter.subject.as_str()), (None, "from a file"));
    // Refused, as in a letter of the mailbox.
    assert!(server.paths().is_empty() && !desk.is_red(1));
    desk.commands.send(Command::ShowOnce(1));
    desk.settled(1);
    assert!(desk.is_red(1));
    desk.commands.send(Command::Close(1));
    let other = desk.letter("other");
    desk.open(2, "other");
    let store = Store::open(&desk.profile).unwrap();
    assert_eq!(store.total(None).unwrap(), 1);
    assert!(store.requests(other).unwrap().is_empty());
    assert_eq!(store.rules().unwrap(), []);
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_writes_to_is_not_waited_for() {
    let server = Server::start();
    let mut desk = Desk::with(&[newsletter(&server, "news@shop.example", "other")], &server);
    let pipe = desk.profile.join("pipe.eml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    for (doc, path) in [(1, pipe), (2, "/dev/zero".into()), (3, desk.profile.clone())] {
        desk.commands.send(Command::OpenFile(doc, path, VIEW));
        while !matches!(desk.next(), Event::NotOpened(of, OpenError::Unreadable(_)) if of == doc) {}
    }
    desk.open(4, "other");
}

#[test]
fn what_is_attached_is_looked_at_by_the_drawing_process_and_fetches_nothing() {
    use base64::Engine as _;
    let server = Server::start();
    let inner = newsletter(&server, "inner@shop.example", "inner");
    let picture = base64::engine::general_purpose::STANDARD.encode(red_square());
    let page = format!("<p>page</p><img src=\"http://127.0.0.1:{}/in.png\">", server.port);
    let around = format!(
        "From: a@example.com\r\nSubject: around\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=around\r\n\r\n\
         --around\r\nContent-Type: text/plain\r\n\r\nsee\r\n\
         --around\r\nContent-Type: image/png; name=a.png\r\n\
         Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n{picture}\r\n\
         --around\r\nContent-Type: text/html; name=a.html\r\n\
         Content-Disposition: attachment\r\n\r\n{page}\r\n\
         --around\r\nContent-Type: message/rfc822\r\n\
         Content-Disposition: attachment\r\n\r\n{inner}\r\n\
         --around\r\nContent-Type: image/png; name=b.png\r\n\
         Content-Disposition: attachment\r\n\r\nnone\r\n--around--\r\n"
    );
    let mut desk = Desk::with(&[around], &server);
    let open = desk.open(1, "around");
    let parts: Vec<usize> = open.report.attachments.iter().map(|line| line.part).collect();
    assert_eq!(parts.len(), 4);
    let mut look = |doc, at: usize| {
        let otherwise = "cannot be shown".to_owned();
        let part = parts[at];
        desk.commands.send(Command::OpenPart {
            doc,
            of: 1,
            part,
            height: 60.0,
            otherwise,
            view: VIEW,
        });
        desk.opened(doc)
    };
    let shown = look(2, 0);
    assert_eq!((shown.letter, shown.fallback), (None, None));
    let page = look(3, 1);
    assert!(page.ledger.ledger.entries.iter().all(|entry| entry.allowed().is_none()));
    assert_eq!(page.ledger.ledger.entries.len(), 1);
    let letter = look(4, 2);
    assert_eq!(letter.subject, "inner");
    assert_eq!(letter.ledger.ledger.entries.len(), 3);
    look(5, 3);
    // The picture stands in the middle, no higher than was said: 90 of 120 pixels wide.
    let tile = desk.tile(2);
    let red = |x: usize, y: usize| {
        let at = (y * tile.size.0 as usize + x) * 4;
        tile.pixels[at] > 180 && tile.pixels[at + 1] < 60
    };
    let middle = tile.size.0 as usize / 2;
    let rows: Vec<usize> = (0..tile.size.1 as usize).filter(|y| red(middle, *y)).collect();
    assert!((58..=62).contains(&rows.len()), "{}", rows.len());
    let row = rows[rows.len() / 2];
    let wide = (0..tile.size.0 as usize).filter(|x| red(*x, row)).count();
    assert!((88..=92).contains(&wide), "{wide}");
    assert!(desk.finds(3, "page"));
    assert!(desk.finds(5, "cannot be shown"));
    assert_eq!(server.paths(), Vec::<String>::new());
}
