//! The window, the real engine and a real server: what the user does by keys and buttons is
//! shown at once and is so on the server in the end, offline and undone as well; what the
//! server will not do is back, with the reason. The truth is read by a client that shares
//! nothing with Goyo.
#![cfg(feature = "window-tests")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::desk::{ACCOUNT, Desk};
use common::dovecot::{Dovecot, Setup, Truth, USER};
use common::letters::letters;
use common::program;
use goyo::engine::protocol::{Command, Event, NotDone};
use goyo::engine::{Commands, Options, start};
use goyo::gui::screen::mail::labels::Message as Labels;
use goyo::gui::screen::mail::{Action, Ask, Due, Message, Notice, Phase, Place, State};
use goyo::gui::shelf::Shelf;
use goyo::gui::theme::Mode;
use goyo::i18n::Language;
use goyo::model::{Label, LetterId, Secret};
use goyo::store::intents::Why;
use goyo::store::{Store, sha256};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Receiver;

/// Longest time anything may take here.
const PATIENCE: Duration = Duration::from_secs(60);

/// A window without pixels: its state, with the engine and the store behind it.
struct Window {
    state: State,
    shelf: Shelf,
    store: Store,
    commands: Commands,
    events: Receiver<Event>,
    /// Acts asked for, or their undoing, that the engine has not answered yet.
    asked: usize,
}

impl Window {
    fn open(desk: &Desk) -> Self {
        let profile = desk.home.profile();
        let options = Options { program: Some(program()), ..Options::default() };
        let (commands, events) = start(&profile, options).unwrap();
        commands.send(Command::Unlock(Secret::new("a sentence that nobody guesses".into())));
        let mut window = Self {
            state: State::new(Language::Korean, Mode::Light, false),
            shelf: Shelf::new(&profile),
            store: Store::open(&profile).unwrap(),
            commands,
            events,
            asked: 0,
        };
        let first = window.state.start();
        window.follow(first);
        window.until("in step", |state| {
            state.sync.values().any(|standing| standing.phase == Phase::InStep)
        });
        let inbox = window.folder("INBOX");
        window.does(Message::PlaceChosen(Place::Folder(inbox)));
        window
    }

    fn folder(&self, path: &str) -> goyo::model::FolderId {
        self.store.folder(&format!("{ACCOUNT}/{path}")).unwrap().id
    }

    fn follow(&mut self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Ask(command) => {
                    self.asked +=
                        usize::from(matches!(command, Command::Act(_) | Command::Undo(..)));
                    self.commands.send(command);
                }
                Action::Read(read) => {
                    let answer = self.shelf.read(read);
                    self.does(answer);
                }
                // A moment has passed.
                Action::Later(due @ (Due::Refresh | Due::Seen(_)), _) => {
                    self.does(Message::Due(due));
                }
                _ => {}
            }
        }
    }

    fn does(&mut self, message: Message) {
        let actions = self.state.update(message);
        self.follow(actions);
    }

    /// Goes on until something holds.
    fn until(&mut self, what: &str, mut holds: impl FnMut(&State) -> bool) {
        let since = Instant::now();
        while !holds(&self.state) {
            assert!(since.elapsed() < PATIENCE, "{what}: {:?}", self.state.sync);
            match self.events.try_recv() {
                Ok(event) => self.hears(event),
                Err(_) => std::thread::sleep(Duration::from_millis(2)),
            }
        }
    }

    fn hears(&mut self, event: Event) {
        let answers = matches!(
            event,
            Event::Gesture(_)
                | Event::Unchanged
                | Event::Withdrawn(..)
                | Event::Undone(..)
                | Event::NotActed(..)
        );
        self.asked = self.asked.saturating_sub(usize::from(answers));
        self.does(Message::Engine(event));
    }

    /// Opens the letter in this row; its number and what its bytes are known by.
    fn reads(&mut self, at: usize) -> (LetterId, String) {
        self.does(Message::RowChosen(at));
        let id = self.state.list.row(at).expect("a row").letter.id;
        self.until("open", |state| state.open.as_ref().is_some_and(|open| open.id == Some(id)));
        (id, self.known_by(id))
    }

    fn known_by(&self, id: LetterId) -> String {
        sha256(&self.store.raw(id).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn shows(&self, id: LetterId) -> bool {
        let total = self.state.list.total.unwrap_or(0);
        (0..total).any(|at| self.state.list.row(at).is_some_and(|row| row.letter.id == id))
    }

    /// The server has heard of everything.
    fn told(&mut self) {
        let since = Instant::now();
        let account = self.store.account(ACCOUNT).unwrap().id;
        while self.asked > 0 || self.store.pending_count(account).unwrap() > 0 {
            assert!(since.elapsed() < PATIENCE, "{:?}", self.state.sync);
            match self.events.try_recv() {
                Ok(event) => self.hears(event),
                Err(_) => std::thread::sleep(Duration::from_millis(2)),
            }
        }
        // The window has heard of that as well.
        self.until("nothing waits", |state| state.sync.values().all(|s| s.waiting == 0));
    }

    /// Closes it: the profile is free again.
    fn close(mut self) {
        self.commands.send(Command::Quit);
        let since = Instant::now();
        while !matches!(
            self.events.try_recv(),
            Err(tokio::sync::mpsc::error::TryRecvError::Disconnected)
        ) {
            assert!(since.elapsed() < PATIENCE, "the engine does not end");
            std::thread::yield_now();
        }
    }
}

fn stage() -> (Dovecot, Desk) {
    let server = Setup::new().start();
    server.deliver(USER, letters(0..10));
    server.client(USER).create("Projects");
    let desk = Desk::at(&server);
    desk.sync();
    (server, desk)
}

/// What lies in a folder of the server.
fn lies(truth: &Truth, folder: &str) -> Vec<String> {
    truth[folder].letters.values().map(|letter| letter.sha256.clone()).collect()
}

fn flags(truth: &Truth, folder: &str, sha: &str) -> Vec<String> {
    let mut found = truth[folder].letters.values().filter(|letter| letter.sha256 == sha);
    found.next().expect("it lies there").flags.clone()
}

#[test]
fn what_is_done_in_the_window_is_so_on_the_server() {
    let (mut server, desk) = stage();
    let mut window = Window::open(&desk);
    assert_eq!(window.state.list.total, Some(10));

    // A star, and read by being looked at.
    let (_, starred) = window.reads(0);
    window.does(Message::StarToggled);
    // One of the usual labels, and one that is made by its name.
    let trip = Label::named("봄 여행").unwrap();
    window.does(Message::Labels(Labels::Switched(2)));
    window.does(Message::Labels(Labels::Set(trip.clone(), true)));
    // Each of these takes the letter away, and the next one is shown.
    let mut gone = Vec::new();
    for deed in [Message::Archived, Message::Deleted, Message::Junked] {
        let (id, sha) = window.reads(1);
        window.does(deed);
        assert!(!window.shows(id), "shown before anybody answered");
        gone.push(sha);
    }
    let (_, moved) = window.reads(1);
    window.does(Message::MoveWanted);
    window.does(Message::MoveTyped("proj".into()));
    window.does(Message::MoveEntered);
    // One that is taken back, after the server has heard of it.
    let (back_id, back) = window.reads(1);
    window.does(Message::Archived);
    window.told();
    assert!(lies(&server.truth(USER), "Archive").contains(&back));
    window.does(Message::Undone);
    window.until("taken back", |state| state.notice == Some(Notice::Undone));
    window.until("shown again", |state| {
        (0..10).any(|at| state.list.row(at).is_some_and(|row| row.letter.id == back_id))
    });
    window.told();

    let truth = server.truth(USER);
    assert_eq!(lies(&truth, "Archive"), [gone[0].clone()]);
    assert_eq!(lies(&truth, "Trash"), [gone[1].clone()]);
    assert_eq!(lies(&truth, "Junk"), [gone[2].clone()]);
    assert_eq!(lies(&truth, "Projects"), [moved]);
    assert!(lies(&truth, "INBOX").contains(&back));
    assert_eq!(lies(&truth, "INBOX").len(), 6);
    let kept = flags(&truth, "INBOX", &starred);
    assert!(kept.contains(&"\\Flagged".into()) && kept.contains(&"\\Seen".into()), "{kept:?}");

    assert!(kept.contains(&"$label2".into()), "{kept:?}");
    assert!(kept.contains(&trip.keyword().to_owned()), "{kept:?}");

    // Without a connection the same is shown, waits, and is told later.
    server.stop();
    window.until("offline", |state| {
        state.sync.values().any(|standing| standing.phase == Phase::Offline)
    });
    let (id, offline) = window.reads(2);
    window.does(Message::Archived);
    assert!(!window.shows(id));
    window.until("it waits", |state| state.sync.values().any(|standing| standing.waiting > 0));
    server.go_on();
    window.commands.send(Command::SyncNow(None));
    window.told();
    assert!(lies(&server.truth(USER), "Archive").contains(&offline));

    // All of the folder at once.
    window.does(Message::AllRead(window.folder("INBOX")));
    window.until("done", |state| matches!(state.notice, Some(Notice::Did(_))));
    window.told();
    let truth = server.truth(USER);
    let inbox = &truth["INBOX"].letters;
    assert!(inbox.values().all(|letter| letter.flags.contains(&"\\Seen".into())), "{inbox:?}");

    // And all else is as it is there, letter by letter.
    window.close();
    desk.sync();
    desk.is_true_to(&server);
}

#[test]
fn what_the_server_will_not_do_is_back_with_the_reason() {
    let (server, desk) = stage();
    let mut window = Window::open(&desk);
    server.client(USER).remove_folder("Projects");
    let (id, sha) = window.reads(3);
    window.does(Message::MoveWanted);
    window.does(Message::MoveTyped("proj".into()));
    window.does(Message::MoveEntered);
    assert!(!window.shows(id));
    window.until("taken back", |state| {
        matches!(&state.notice, Some(Notice::Failed(NotDone::TakenBack(Why::NoFolder))))
    });
    window.until("shown again", |state| {
        (0..10).any(|at| state.list.row(at).is_some_and(|row| row.letter.id == id))
    });
    assert!(lies(&server.truth(USER), "INBOX").contains(&sha));
    window.close();
    desk.sync();
    desk.is_true_to(&server);
}

#[test]
fn an_account_that_is_removed_leaves_its_server_and_nothing_here() {
    let (server, desk) = stage();
    let mut window = Window::open(&desk);
    let account = window.store.account(ACCOUNT).unwrap().id;
    window.reads(0);
    window.does(Message::RemoveWanted(account));
    assert!(window.state.open.is_some(), "it is only asked");
    window.does(Message::Confirmed(Ask::RemoveAccount(account)));
    window.until("gone", |state| state.accounts.iter().all(|known| known.id != account));
    assert!(window.state.open.is_none());
    window.until("no folder of it", |state| state.folders.iter().all(|f| f.account != ACCOUNT));
    // Whoever was logged in has left, and nobody comes again.
    let log = |word: &str| server.log().matches(word).count();
    let since = Instant::now();
    while log("Disconnected: ") < log("imap-login: Info: Login: ") {
        assert!(since.elapsed() < PATIENCE, "{}", server.log());
        std::thread::yield_now();
    }
    let logins = log("imap-login: Info: Login: ");
    window.commands.send(Command::SyncNow(None));
    window.close();
    assert_eq!(log("imap-login: Info: Login: "), logins);
    assert!(desk.store().account(ACCOUNT).is_err());
    assert_eq!(desk.store().total(None).unwrap(), 0);
    // On the server all is as it was.
    assert_eq!(server.truth(USER)["INBOX"].letters.len(), 10);
}
