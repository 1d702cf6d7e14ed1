//! Which letters of a conversation are meant by what the user does: never one that is not
//! shown, was not asked about, or was not chosen.

use super::{House, lying};
use goyo::engine::protocol::{Command, Event};
use goyo::gui::screen::mail::conversation::Message as Conversation;
use goyo::gui::screen::mail::{Action, Due, Message, Place};
use goyo::gui::widget::letter::Did;
use goyo::model::{Act, FolderId};
use iced::keyboard::key::Named;

impl House {
    fn folder(&self, path: &str) -> FolderId {
        let folders = self.store.folders().unwrap();
        folders.into_iter().find(|folder| folder.path == path).unwrap().id
    }

    fn is_opened(&mut self) {
        let (doc, id, _) = self.stage.opened();
        let letter = super::super::window_stage::letter(id, super::super::window_stage::LETTER);
        self.stage.happens(Event::Opened(doc, std::sync::Arc::new(letter)));
        self.settles();
    }
}

#[test]
fn elsewhere_the_open_letter_alone_is_meant() {
    let mut house = House::new();
    house.key(Named::ArrowDown);
    house.is_opened();
    house.stage.send(Message::PlaceChosen(Place::Folder(house.folder("archive"))));
    house.settles();
    house.character("#");
    assert_eq!(house.acted(), Some(Act::Trash(vec![house.id(6)])));
    assert_eq!(house.lie(), lying(&[("inbox", 5), ("sent", 1), ("trash", 1)]));
}

#[test]
fn of_a_long_conversation_that_was_just_unfolded_one_letter_is_meant() {
    let mut house = House::new();
    house.comes(100, &[], "Ara <ara@example.org>");
    for id in 101..260 {
        house.comes(id, &[id - 1], "Bora <bora@example.org>");
    }
    house.stage.happens(Event::Changed(vec![house.inbox]));
    house.settles();
    house.stage.send(Message::Moved(isize::MIN));
    house.settles();
    assert_eq!(house.here(), (0, 259));
    house.key(Named::ArrowRight);
    house.character("e");
    assert_eq!(house.acted(), Some(Act::Archive(vec![house.id(259)])));
}

#[test]
fn only_the_letter_that_was_asked_about_is_deleted_for_good() {
    let mut house = House::new();
    let trash = house.folder("trash");
    let asked = house.put(trash, 50, &[], "Gaon <g@example.org>");
    house.stage.send(Message::PlaceChosen(Place::Folder(trash)));
    house.settles();
    house.key(Named::ArrowDown);
    house.character("#");
    house.put(trash, 51, &[50], "Gaon <g@example.org>");
    house.stage.happens(Event::Changed(vec![trash]));
    house.settles();
    house.key(Named::Enter);
    assert_eq!(house.acted(), Some(Act::DeleteForGood(vec![asked])));
    assert_eq!(house.lie()["trash"], 1);
}

#[test]
fn in_another_order_the_conversation_that_is_open_is_asked_about_and_no_other() {
    let mut house = House::new();
    let trash = house.folder("trash");
    for id in 100..230 {
        house.put(trash, id, &[], "Gaon <g@example.org>");
    }
    house.put(trash, 231, &[], "Ara <ara@example.org>");
    let open = house.put(trash, 232, &[231], "Ara <ara@example.org>");
    house.put(trash, 99, &[], "Chan <chan@example.org>");
    house.put(trash, 98, &[99], "Chan <chan@example.org>");
    house.stage.send(Message::PlaceChosen(Place::Folder(trash)));
    house.settles();
    house.key(Named::ArrowDown);
    house.is_opened();
    assert_eq!(house.here(), (0, 232));
    house.character("o");
    house.stage.click("오래된 순");
    house.settles();
    house.character("#");
    house.key(Named::Enter);
    // Its row is pages away: the letter that is open is all that is known of it here.
    assert_eq!(house.acted(), Some(Act::DeleteForGood(vec![open])));
}

#[test]
fn a_letter_meant_alone_is_so_after_a_menu_and_after_it_was_taken_back() {
    let mut house = House::new();
    house.key(Named::ArrowDown);
    house.is_opened();
    house.stage.send(Message::Conversation(Conversation::Chosen(house.id(3))));
    house.is_opened();
    house.stage.right_click_row(1);
    house.key(Named::Escape);
    house.character("e");
    assert_eq!(house.acted(), Some(Act::Archive(vec![house.id(3)])));
    house.character("z");
    house.character("e");
    assert_eq!(house.acted(), Some(Act::Archive(vec![house.id(3)])));
}

#[test]
fn among_all_mail_nothing_of_a_folded_row_goes_for_good() {
    let mut house = House::new();
    let old = house.id(1);
    house.store.act(&Act::Trash(vec![old])).unwrap();
    assert_eq!(house.lie()["trash"], 1);
    house.stage.send(Message::PlaceChosen(Place::All));
    house.settles();
    house.stage.send(Message::Moved(isize::MIN));
    house.character("#");
    let act = house.acted().unwrap();
    let Act::Trash(letters) = &act else { panic!("{act:?}") };
    assert!(letters.contains(&house.id(6)), "{letters:?}");
    assert!(house.store.letter(old).is_ok(), "gone for good");
}

#[test]
fn among_all_mail_each_letter_of_a_folded_row_is_judged_by_where_it_lies() {
    let mut house = House::new();
    house.store.act(&Act::Archive(vec![house.id(6)])).unwrap();
    house.stage.send(Message::PlaceChosen(Place::All));
    house.settles();
    house.stage.send(Message::Moved(isize::MIN));
    house.settles();
    house.character("e");
    // The newest was put away before; the others are now.
    assert_eq!(house.lie()["inbox"], 2);
    assert!(house.lie()["archive"] >= 4);
    // Of what is said to be no junk, only what lies there comes out.
    let house = House::new();
    house.store.act(&Act::Junk(vec![house.id(6)])).unwrap();
    house.store.act(&Act::NotJunk(vec![house.id(30), house.id(6)])).unwrap();
    assert_eq!(house.lie(), lying(&[("inbox", 6), ("sent", 1)]));
}

#[test]
fn what_was_marked_as_unread_stays_so_in_every_open_letter() {
    let mut house = House::new();
    house.key(Named::ArrowDown);
    house.is_opened();
    let open = |action: &Action| match action {
        Action::Ask(Command::Open(doc, id, _)) => Some((*doc, *id)),
        _ => None,
    };
    let hand = house.stage.doc();
    let asked: Vec<_> = house.stage.actions.iter().filter_map(open).collect();
    for (doc, id) in asked.into_iter().filter(|(doc, _)| *doc != hand) {
        let letter = super::super::window_stage::letter(id, super::super::window_stage::LETTER);
        house.stage.happens(Event::Opened(doc, std::sync::Arc::new(letter)));
    }
    house.settles();
    // The one that was sent lies elsewhere, and is not meant.
    let sent = house.id(30);
    let beside = house.stage.state.stack.beside.iter().filter(|open| open.id != Some(sent));
    let beside: Vec<_> = beside.map(|open| open.doc).collect();
    assert!(!beside.is_empty());
    // Read, and not: all of the row.
    house.character("u");
    house.character("u");
    let asked = house.stage.asked().len();
    for doc in beside {
        let seen = Message::Letter(Did::Seen(0.0, 400.0, 20.0));
        house.stage.send(Message::InOne(doc, Box::new(seen)));
        house.stage.send(Message::Due(Due::Seen(doc)));
    }
    let marked = |command: &Command| matches!(command, Command::Flag { .. });
    assert!(!house.stage.asked()[asked..].iter().any(marked));
}
