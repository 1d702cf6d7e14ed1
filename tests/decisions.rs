//! Decisions about letters, through the engine and the real drawing process: whom a rule
//! serves, what is told while pictures are fetched, what taking back takes back.
#![cfg(feature = "render")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod desk;

use desk::{Desk, Server, VIEW, album, newsletter, verdict_of};
use goyo::engine::protocol::{Command, Event, NotDone, Target, Trust};
use goyo::engine::{self, Options};
use goyo::model::{AccountId, Act, FlagChange, Flags, Obstacle, Reason, Verdict};
use goyo::store::Store;
use goyo::store::intents::ActError;

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

fn paths(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("/{n:02}.png")).collect()
}

#[test]
fn requests_are_counted_when_they_leave_not_when_the_answers_are_there() {
    let server = Server::held();
    let mut desk = Desk::with(&[album(&server, 9, "one")], &server);
    desk.open(1, "one");
    desk.commands.send(Command::ShowOnce(1));
    // Nothing was answered yet, and will not be before this is told.
    desk.until(|event| match event {
        Event::Asked(1, 6) => Some(()),
        _ => None,
    });
    server.hears(6);
    server.let_go();
    let mut counted = 6;
    let ledger = desk.until(|event| match event {
        Event::Asked(1, count) => {
            assert!(count > counted);
            counted = count;
            None
        }
        Event::Ledger(1, ledger) if !ledger.fetching => Some(ledger),
        _ => None,
    });
    assert_eq!((counted, ledger.since_opened), (9, 9));
    assert_eq!(ledger.shown.len(), 9);
}

#[test]
fn taking_back_stops_what_is_being_fetched_and_showing_again_brings_it() {
    let server = Server::held();
    let mut desk = Desk::with(&[album(&server, 12, "one")], &server);
    let letter = desk.letter("one");
    desk.open(1, "one");
    desk.commands.send(Command::ShowOnce(1));
    server.hears(6);
    desk.commands.send(Command::HideAgain(1));
    let ledger = desk.settled(1);
    // Six had left; they are told, and no other leaves.
    assert_eq!((ledger.requests.len(), ledger.since_opened), (6, 6));
    assert!(ledger.shown.is_empty());
    server.let_go();
    assert_eq!(server.paths(), paths(6));
    assert_eq!(Store::open(&desk.profile).unwrap().requests(letter).unwrap().len(), 6);

    desk.commands.send(Command::ShowOnce(1));
    let ledger = desk.settled(1);
    assert_eq!(ledger.shown.len(), 12);
    desk.redrawn(1);
    assert!(desk.is_red(1));
    assert_eq!(ledger.since_opened, 18);
}

#[test]
fn what_is_taken_back_and_allowed_again_at_once_is_shown_in_the_end() {
    let server = Server::held();
    let mut desk = Desk::with(&[album(&server, 3, "one")], &server);
    desk.open(1, "one");
    desk.commands.send(Command::ShowOnce(1));
    server.hears(3);
    desk.commands.send(Command::HideAgain(1));
    desk.commands.send(Command::ShowOnce(1));
    server.let_go();
    let shown = desk.until(|event| match event {
        Event::Ledger(1, ledger) if ledger.shown.len() == 3 => Some(ledger.shown.clone()),
        _ => None,
    });
    assert!(shown.iter().all(|url| url.ends_with(".png")));
}

#[test]
fn closing_a_letter_stops_what_is_being_fetched_for_it() {
    let server = Server::held();
    let letters = [album(&server, 40, "one"), newsletter(&server, "news@shop.example", "two")];
    let mut desk = Desk::with(&letters, &server);
    let letter = desk.letter("one");
    desk.open(1, "one");
    desk.commands.send(Command::ShowOnce(1));
    server.hears(6);
    desk.commands.send(Command::Close(1));
    desk.open(2, "two");
    server.let_go();
    desk.commands.send(Command::ShowOnce(2));
    desk.settled(2);
    let mut asked = paths(6);
    asked.push("/banner.png".into());
    assert_eq!(server.paths(), asked);
    assert_eq!(Store::open(&desk.profile).unwrap().requests(letter).unwrap().len(), 6);
}

#[test]
fn attachments_of_one_name_are_saved_beside_each_other_whatever_comes_after() {
    let letter = "From: a@example.com\r\nTo: minji@example.com\r\nSubject: one\r\n\
                  MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
                  --b\r\nContent-Type: text/plain\r\n\r\nsee below\r\n\
                  --b\r\nContent-Type: application/pdf\r\n\
                  Content-Disposition: attachment; filename=a.pdf\r\n\r\nfirst\r\n--b--\r\n";
    let server = Server::start();
    let mut desk = Desk::with(&[letter.to_owned()], &server);
    let open = desk.open(1, "one");
    let part = open.report.attachments[0].part;
    let dir = desk.profile.join("not/there/yet");
    let save = |part| Command::Save { doc: 1, part, to: Target::In(dir.clone(), "a.pdf".into()) };
    for _ in 0..3 {
        desk.commands.send(save(part));
    }
    desk.commands.send(Command::Close(1));
    // Too late, and said so.
    desk.commands.send(save(part));
    let mut saved = Vec::new();
    let (late, why) = desk.until(|event| match event {
        Event::Saved(path) => {
            saved.push(path);
            None
        }
        Event::NotSaved(path, why) => Some((path, why)),
        _ => None,
    });
    assert_eq!(saved, ["a.pdf", "a (1).pdf", "a (2).pdf"].map(|name| dir.join(name)));
    assert!(saved.iter().all(|path| std::fs::read(path).unwrap() == b"first"));
    assert_eq!(late, dir.join("a.pdf"));
    assert_eq!(why, NotDone::File(Obstacle::Missing));
}

#[test]
fn a_letter_is_saved_as_it_came_and_all_that_is_attached_together() {
    let letter = "From: a@example.com\r\nTo: minji@example.com\r\nSubject: one\r\n\
                  MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
                  --b\r\nContent-Type: text/plain\r\n\r\nsee below\r\n\
                  --b\r\nContent-Type: application/pdf\r\n\
                  Content-Disposition: attachment; filename=a.pdf\r\n\r\nfirst\r\n\
                  --b\r\nContent-Type: text/plain\r\n\
                  Content-Disposition: attachment; filename=../a.pdf\r\n\r\nsecond\r\n--b--\r\n";
    let server = Server::start();
    let mut desk = Desk::with(&[letter.to_owned()], &server);
    let open = desk.open(1, "one");
    let dir = desk.profile.join("saved");
    desk.commands
        .send(Command::SaveLetter { doc: 1, to: Target::In(dir.clone(), "하나.eml".into()) });
    let path = desk.until(|event| match event {
        Event::Saved(path) => Some(path),
        _ => None,
    });
    assert_eq!(path, dir.join("하나.eml"));
    assert_eq!(std::fs::read(&path).unwrap(), *open.raw);
    let parts = open.report.attachments.iter();
    let mut parts: Vec<_> =
        parts.map(|file| (file.part, file.name.clone().unwrap_or_default())).collect();
    assert_eq!(parts.len(), 2);
    // One that is not there keeps none of the others from being saved.
    parts.insert(1, (99, "gone.pdf".into()));
    desk.commands.send(Command::SaveAll { doc: 1, parts, dir: dir.clone() });
    let saved = desk.until(|event| match event {
        Event::SavedAll(folder, count) => Some((folder, count)),
        _ => None,
    });
    assert_eq!(saved, (dir.clone(), 2));
    let (late, why) = desk.until(|event| match event {
        Event::NotSaved(path, why) => Some((path, why)),
        _ => None,
    });
    assert_eq!((late, why), (dir.join("gone.pdf"), NotDone::NoFile));
    // Nothing left the folder, whatever the letter called it.
    let mut names: Vec<String> = std::fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(std::fs::read(dir.join("a.pdf")).unwrap() == b"first");
}

#[test]
fn a_letter_is_printed_as_it_is_shown_and_nothing_is_asked_for_it() {
    let server = Server::start();
    let mut desk = Desk::with(&[newsletter(&server, "news@shop.example", "one")], &server);
    let open = desk.open(1, "one");
    let dir = desk.profile.join("printed");
    let say = |key: &str, _: usize| key.to_owned();
    let order = engine::printing::order(&open, "ko", None, &say);
    assert_eq!(order.title, "one");
    let print = |desk: &mut Desk, name: &str| {
        let (order, dir) = (Box::new(order.clone()), dir.clone());
        desk.commands.send(Command::Print { doc: 1, order, to: Target::In(dir, name.into()) });
        let path = desk.until(|event| match event {
            Event::Saved(path) => Some(path),
            Event::NotSaved(_, why) => panic!("{why}"),
            _ => None,
        });
        let pdf = std::fs::read(&path).unwrap();
        assert!(pdf.starts_with(b"%PDF-"), "{path:?}");
        let pictures = |what: &[u8]| pdf.windows(what.len()).filter(|at| *at == what).count();
        (path, pictures(b"/Subtype/Image") + pictures(b"/Subtype /Image"))
    };
    let (path, pictures) = print(&mut desk, "하나.pdf");
    assert_eq!((path, pictures), (dir.join("하나.pdf"), 0));
    assert!(server.paths().is_empty());
    desk.commands.send(Command::ShowOnce(1));
    desk.redrawn(1);
    assert!(desk.is_red(1));
    let asked = server.paths();
    // Beside what is there already.
    let (path, pictures) = print(&mut desk, "하나.pdf");
    assert_eq!((path, pictures), (dir.join("하나 (1).pdf"), 1));
    // Taken back, it is on no paper either.
    desk.commands.send(Command::HideAgain(1));
    desk.redrawn(1);
    assert_eq!(print(&mut desk, "둘.pdf").1, 0);
    assert_eq!(server.paths(), asked);
    // Of a letter that is not open nothing is written.
    let order = Box::new(order.clone());
    desk.commands.send(Command::Print {
        doc: 9,
        order,
        to: Target::In(dir.clone(), "x.pdf".into()),
    });
    let why = desk.until(|event| match event {
        Event::NotSaved(_, why) => Some(why),
        _ => None,
    });
    assert_eq!(why, NotDone::File(Obstacle::Missing));
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 3);
}

#[test]
fn a_letter_being_printed_is_printed_once_and_waited_for_when_the_window_closes() {
    let server = Server::start();
    let mut desk = Desk::with(&[newsletter(&server, "news@shop.example", "one")], &server);
    let open = desk.open(1, "one");
    let dir = desk.profile.join("printed");
    let say = |key: &str, _: usize| key.to_owned();
    let order = Box::new(engine::printing::order(&open, "ko", None, &say));
    // A key that is held.
    for _ in 0..5 {
        let (order, dir) = (order.clone(), dir.clone());
        desk.commands.send(Command::Print { doc: 1, order, to: Target::In(dir, "one.pdf".into()) });
    }
    let farewell = desk.commands.farewell();
    desk.commands.send(Command::Quit);
    assert!(farewell.wait(std::time::Duration::from_secs(60)));
    let files: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files, [dir.join("one.pdf")]);
    assert!(std::fs::read(&files[0]).unwrap().trim_ascii_end().ends_with(b"%%EOF"));
}

#[test]
fn a_letter_is_opened_while_very_many_are_marked() {
    let server = Server::start();
    let letters: Vec<String> = (0..3000)
        .map(|n| format!("From: a@x.example\r\nSubject: letter {n}\r\n\r\nwords\r\n"))
        .collect();
    let mut desk = Desk::with(&letters, &server);
    let store = Store::open(&desk.profile).unwrap();
    let all: Vec<_> = store.list(None, 0, 5000).unwrap().iter().map(|row| row.id).collect();
    assert_eq!(all.len(), 3000);
    let other = all[1234];
    let marked = || {
        store.list(None, 0, 5000).unwrap().iter().filter(|r| r.flags.has(Flags::FLAGGED)).count()
    };
    let change = FlagChange::flags(Flags::FLAGGED, Flags::NONE);
    desk.commands.send(Command::Act(Act::Flag(all, change)));
    desk.commands.send(Command::Open(2, other, VIEW));
    let mut opened = false;
    let gesture = desk.until(|event| match event {
        Event::Opened(2, _) => {
            opened = true;
            None
        }
        Event::Gesture(gesture) => Some(gesture),
        _ => None,
    });
    assert!(opened, "the letter was kept waiting");
    assert_eq!((gesture.changed, marked()), (3000, 3000));
    desk.commands.send(Command::Undo(gesture.id));
    // What is asked next is about what was taken back.
    desk.commands.send(Command::Undo(gesture.id));
    desk.until(|event| match event {
        Event::Undone(id, 0) => (id == gesture.id).then_some(()),
        _ => None,
    });
    let again = |event: &Event| match event {
        Event::NotActed(Some(id), NotDone::Act(ActError::Undone(_))) => *id == gesture.id,
        _ => false,
    };
    while !again(&desk.next()) {}
    assert_eq!(marked(), 0);
    // One that is under way when the window closes is finished.
    let all: Vec<_> = store.list(None, 0, 5000).unwrap().iter().map(|row| row.id).collect();
    let change = FlagChange::flags(Flags::FLAGGED, Flags::NONE);
    desk.commands.send(Command::Act(Act::Flag(all, change)));
    let farewell = desk.commands.farewell();
    desk.commands.send(Command::Quit);
    assert!(farewell.wait(std::time::Duration::from_secs(60)));
    assert_eq!(marked(), 3000);
}

#[test]
fn an_account_goes_after_what_was_asked_before_and_a_deed_survives_the_end() {
    let letters: Vec<String> = (0..1500)
        .map(|n| format!("From: a@x.example\r\nSubject: letter {n}\r\n\r\nwords\r\n"))
        .collect();
    let options = Options { only_reachable: true, ..Options::default() };
    let mut desk = Desk::start(&letters, options.clone());
    let store = Store::open(&desk.profile).unwrap();
    let all: Vec<_> = store.list(None, 0, 5000).unwrap().iter().map(|row| row.id).collect();
    let star = FlagChange::flags(Flags::FLAGGED, Flags::NONE);
    desk.commands.send(Command::Act(Act::Flag(all.clone(), star.clone())));
    desk.commands.send(Command::RemoveAccount(AccountId(7)));
    // The samples' engine removes none; it says so when it comes to that.
    let mut told = Vec::new();
    while told.len() < 2 {
        match desk.next() {
            Event::Gesture(_) => told.push("done"),
            Event::NoAccountsHere => told.push("account"),
            _ => {}
        }
    }
    assert_eq!(told, ["done", "account"]);
    let farewell = desk.commands.farewell();
    desk.commands.send(Command::Quit);
    assert!(farewell.wait(std::time::Duration::from_secs(60)));
    // Here a program is killed in the middle of a deed; the next one finishes it.
    let mut work = store.begin(Act::Flag(all, star.inverse())).unwrap();
    store.go_on(&mut work).unwrap();
    drop(work);
    let (commands, mut events) = engine::start(&desk.profile, options).unwrap();
    // It says so, and that can be taken back.
    let gone_on = |event: Event| matches!(event, Event::GoneOn(gesture) if gesture.can_undo);
    while !gone_on(events.blocking_recv().unwrap()) {}
    let marked = store.list(None, 0, 5000).unwrap();
    assert_eq!(marked.iter().filter(|row| row.flags.has(Flags::FLAGGED)).count(), 0);
    let farewell = commands.farewell();
    drop(commands);
    assert!(farewell.wait(std::time::Duration::from_secs(60)));
    // Nothing is deleted that nobody sees being deleted.
    let all: Vec<_> = marked.iter().map(|row| row.id).collect();
    let mut work = store.begin(Act::DeleteForGood(all)).unwrap();
    store.go_on(&mut work).unwrap();
    drop(work);
    let left = store.total(None).unwrap();
    assert!(left > 0);
    let options = Options { only_reachable: true, ..Options::default() };
    let (commands, mut events) = engine::start(&desk.profile, options).unwrap();
    let stopped = |event: Event| matches!(event, Event::Failed(NotDone::DeletingBrokenOff));
    while !stopped(events.blocking_recv().unwrap()) {}
    assert_eq!((store.total(None).unwrap(), store.unfinished().unwrap().len()), (left, 0));
    drop(commands);
}
