//! The engine is asked to end while letters are on their way: as when a window is closed.

use super::common::desk::{Desk, PASSPHRASE};
use super::common::fake_smtp::{At, Does, Gate, Server};
use super::common::window::Window;
use super::{desk_at, server};
use goyo::engine::protocol::{Command, Event, Start, When};
use goyo::model::{Address, Delivered, Draft, OutboxId, Secret};
use std::time::Duration;

/// On a busy machine, and still shorter than anything is waited for.
const AT_ONCE: Duration = Duration::from_secs(12);

/// A letter is given away, to go after so many seconds.
fn given(desk: &Desk, after: u32) -> (Window, OutboxId) {
    let mut window = Window::open(&desk.home.profile());
    window.commands.send(Command::Unlock(Secret::new(PASSPHRASE.into())));
    let lee = Address { name: None, addr: "lee@example.org".into() };
    let begun = window.begin(Start::New(None, vec![lee]));
    let (id, account) = (begun.row.id, begun.row.account);
    window.save(id, account, Draft { subject: "마지막".into(), ..begun.row.draft });
    let version = window.looked_through(id);
    window.commands.send(Command::Give(id, When::After(after), version));
    let letter = window.wait(|event| match event {
        Event::Given(given, letter) => (given == id).then(|| letter.unwrap().0),
        _ => None,
    });
    (window, letter)
}

fn state(desk: &Desk, letter: OutboxId) -> Delivered {
    desk.store().out_letter(letter).unwrap().state
}

fn took(server: &Server) -> usize {
    server.taken().len()
}

#[test]
fn with_nothing_on_its_way_it_ends_at_once() {
    let desk = desk_at(&server());
    let mut window = Window::open(&desk.home.profile());
    window.commands.send(Command::Quit);
    let took = window.ends();
    assert!(took < AT_ONCE, "{took:?}");
}

#[test]
fn a_letter_that_could_still_be_taken_back_goes_first() {
    let server = server();
    let desk = desk_at(&server);
    let (mut window, letter) = given(&desk, 8);
    assert_eq!(took(&server), 0);
    window.commands.send(Command::Quit);
    window.ends();
    assert_eq!((took(&server), state(&desk, letter)), (1, Delivered::Sent));
}

#[test]
fn while_it_waits_a_letter_can_be_taken_back() {
    let server = server();
    let desk = desk_at(&server);
    let (mut window, letter) = given(&desk, 10);
    window.commands.send(Command::Quit);
    window.commands.send(Command::TakeBack(letter));
    let since = window.ends();
    assert!(since < AT_ONCE, "{since:?}");
    assert_eq!((took(&server), desk.store().outbox(9).unwrap().len()), (0, 0));
    assert_eq!(desk.store().drafts().unwrap()[0].draft.subject, "마지막");
}

#[test]
fn a_letter_for_tomorrow_is_not_waited_for() {
    let server = server();
    let desk = desk_at(&server);
    let (mut window, letter) = given(&desk, 86_400);
    window.commands.send(Command::Quit);
    let since = window.ends();
    assert!(since < AT_ONCE, "{since:?}");
    assert_eq!((took(&server), state(&desk, letter)), (0, Delivered::Queued));
}

#[test]
fn the_answer_to_a_letter_whose_end_was_said_is_waited_for() {
    let server = server();
    let gate = Gate::default();
    server.fault(At::Dot, Does::Holds(gate.clone()));
    let desk = desk_at(&server);
    let (mut window, letter) = given(&desk, 0);
    gate.is_reached();
    window.commands.send(Command::Quit);
    assert_eq!(state(&desk, letter), Delivered::Sending);
    // Longer than anything else is waited for, it waits for this.
    assert!(!window.commands.farewell().wait(Duration::from_secs(27)));
    assert!(!window.has_ended());
    gate.let_go();
    window.ends();
    assert_eq!((took(&server), state(&desk, letter)), (1, Delivered::Sent));
}

#[test]
fn what_cannot_be_finished_in_time_is_not_begun_and_goes_the_next_time() {
    let server = server();
    let gate = Gate::default();
    server.fault(At::Data, Does::Holds(gate.clone()));
    let desk = desk_at(&server);
    let (mut window, letter) = given(&desk, 0);
    gate.is_reached();
    window.commands.send(Command::Quit);
    let since = window.ends();
    assert!(since < Duration::from_secs(45), "{since:?}");
    // Nothing that the server hears from now on is the end of it.
    gate.let_go();
    assert_eq!(took(&server), 0);
    let mut window = Window::open(&desk.home.profile());
    window.commands.send(Command::Unlock(Secret::new(PASSPHRASE.into())));
    window.wait(|_| (state(&desk, letter) == Delivered::Sent).then_some(()));
    assert_eq!(took(&server), 1);
}

#[test]
fn what_becomes_known_while_it_ends_is_told_at_the_next_start() {
    let server = server();
    server.fault(At::Recipient(None), Does::Says("550 5.1.1 nobody".into()));
    let desk = desk_at(&server);
    let (mut window, letter) = given(&desk, 3);
    window.commands.send(Command::Quit);
    window.ends();
    assert_eq!(state(&desk, letter), Delivered::Failed);
    let mut window = Window::open(&desk.home.profile());
    window.wait(|event| match event {
        Event::Told(told) => told.iter().any(|told| told.letter == letter).then_some(()),
        _ => None,
    });
}
