//! Conversations: one row of the list for all their letters, which unfolds to them, and what
//! is done to all of them at once. The store behind the window is a real one.

mod meant;
mod stack;

use super::window_stage::Stage;
use goyo::engine::protocol::{Command, Event};
use goyo::gui::screen::mail::{Action, Message, Place};
use goyo::gui::shelf::Shelf;
use goyo::mime;
use goyo::model::{Act, Flags, FolderId, LetterId};
use goyo::store::{Circumstances, Incoming, Packer, Store, prepare};
use iced::keyboard::Modifiers;
use iced::keyboard::key::Named;
use std::collections::BTreeMap;
use tempfile::TempDir;

/// A window before a store.
struct House {
    stage: Stage,
    store: Store,
    shelf: Shelf,
    inbox: FolderId,
    sent: FolderId,
    /// Actions that were seen to.
    seen: usize,
    _dir: TempDir,
}

/// A letter: its number, which is its minute too, what it answers, and who wrote it.
fn raw(id: usize, answers: &[usize], from: &str) -> Vec<u8> {
    let answers: Vec<String> = answers.iter().map(|id| format!("<{id}@x>")).collect();
    format!(
        "From: {from}\r\nTo: minji@example.kr\r\nMessage-ID: <{id}@x>\r\nReferences: {}\r\nDate: \
         Fri, 20 Nov 2026 {:02}:{:02}:00 +0900\r\nSubject: talk {id}\r\n\r\nwords of {id}\r\n",
        answers.join(" "),
        id / 60,
        id % 60,
    )
    .into_bytes()
}

impl House {
    /// Six letters: 1, 3, 5 and 6 of one conversation, with one sent in between; 2 and 4 alone.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let inbox = store.ensure_folder("local/inbox").unwrap();
        store.set_role(inbox, Some(goyo::model::Role::Inbox)).unwrap();
        let sent = store.ensure_folder("local/sent").unwrap();
        store.set_role(sent, Some(goyo::model::Role::Sent)).unwrap();
        let archive = store.ensure_folder("local/archive").unwrap();
        store.set_role(archive, Some(goyo::model::Role::Archive)).unwrap();
        let trash = store.ensure_folder("local/trash").unwrap();
        store.set_role(trash, Some(goyo::model::Role::Trash)).unwrap();
        let stage = Stage::new();
        let shelf = Shelf::new(dir.path());
        let mut house = Self { stage, store, shelf, inbox, sent, seen: 0, _dir: dir };
        house.comes(1, &[], "Ara <ara@example.org>");
        house.comes(2, &[], "Bora <bora@example.org>");
        house.comes(3, &[1], "Chan <chan@example.org>");
        house.comes(4, &[], "Dohyun <d@example.org>");
        house.put(house.sent, 30, &[1, 3], "Minji <minji@example.kr>");
        house.comes(5, &[1], "Eunsoo <e@example.org>");
        house.comes(6, &[1, 3, 30], "Chan <chan@example.org>");
        house.stage.state.bundled = true;
        house.stage.send(Message::PlaceChosen(Place::Folder(inbox)));
        house.settles();
        house
    }

    fn put(&self, folder: FolderId, id: usize, answers: &[usize], from: &str) -> LetterId {
        let raw = raw(id, answers, from);
        let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
        let prepared = prepare(mime::parse(&raw), &with, &mut Packer::new(None));
        let letter = Incoming::New(Box::new(prepared));
        self.store.add(&[(folder, letter, Flags::NONE)]).unwrap();
        self.id(id)
    }

    /// A letter comes in.
    fn comes(&self, id: usize, answers: &[usize], from: &str) -> LetterId {
        self.put(self.inbox, id, answers, from)
    }

    fn id(&self, id: usize) -> LetterId {
        let rows = self.store.list(None, 0, 1_000).unwrap();
        rows.into_iter().find(|row| row.subject == format!("talk {id}")).unwrap().id
    }

    /// What is asked of the store and of the engine is done, until nothing is.
    fn settles(&mut self) {
        while let Some(action) = self.stage.actions.get(self.seen).cloned() {
            self.seen += 1;
            match action {
                Action::Read(read) => {
                    let message = self.shelf.read(read);
                    self.stage.send(message);
                }
                Action::Ask(Command::Act(act)) => match self.store.act(&act).unwrap() {
                    Some(gesture) => {
                        self.stage.happens(Event::Changed(gesture.folders.clone()));
                        self.stage.happens(Event::Gesture(gesture));
                    }
                    None => self.stage.happens(Event::Unchanged),
                },
                Action::Ask(Command::Undo(gesture)) => {
                    let undone = self.store.undo(gesture).unwrap();
                    self.stage.happens(Event::Changed(undone.folders.clone()));
                    self.stage.happens(Event::Undone(gesture, 0));
                }
                Action::Later(goyo::gui::screen::mail::Due::Refresh, _) => {
                    self.stage.send(Message::Due(goyo::gui::screen::mail::Due::Refresh));
                }
                _ => {}
            }
        }
    }

    /// The rows: number of the letter, letters it stands for, how far to the right.
    fn rows(&self) -> Vec<(usize, usize, u8)> {
        use goyo::gui::screen::mail::fold::Fold;
        let total = self.stage.state.list.total.unwrap();
        (0..total)
            .map(|at| {
                let row = self.stage.state.list.row(at).unwrap();
                let depth = match row.fold {
                    Fold::Open(stand) => stand.branch.depth,
                    _ => 0,
                };
                (row.letter.subject["talk ".len()..].parse().unwrap(), row.count(), depth)
            })
            .collect()
    }

    fn key(&mut self, key: Named) {
        self.stage.key(key);
        self.settles();
    }

    fn character(&mut self, character: &str) {
        self.stage.character(character);
        self.settles();
    }

    /// The row at hand.
    fn here(&self) -> (usize, usize) {
        let (at, id) = self.stage.state.list.selected.unwrap();
        let subject = self.store.letter(id).unwrap().subject;
        (at, subject["talk ".len()..].parse().unwrap())
    }

    /// How many letters lie in each folder.
    fn lie(&self) -> BTreeMap<String, u64> {
        let folders = self.store.folders().unwrap();
        folders.into_iter().filter(|f| f.total > 0).map(|f| (f.path, f.total)).collect()
    }

    fn acted(&self) -> Option<Act> {
        let asked = self.stage.asked().into_iter().rev();
        asked.filter_map(|c| if let Command::Act(act) = c { Some(act) } else { None }).next()
    }
}

fn lying(of: &[(&str, u64)]) -> BTreeMap<String, u64> {
    of.iter().map(|(path, count)| ((*path).to_owned(), *count)).collect()
}

const FOLDED: [(usize, usize, u8); 3] = [(6, 4, 0), (4, 1, 0), (2, 1, 0)];
const UNFOLDED: [(usize, usize, u8); 6] =
    [(1, 1, 0), (3, 1, 1), (6, 1, 2), (5, 1, 1), (4, 1, 0), (2, 1, 0)];

#[test]
fn a_conversation_is_one_row_that_says_who_is_part_of_it() {
    let mut house = House::new();
    assert_eq!(house.rows(), FOLDED);
    house.stage.sees("Chan, Eunsoo, Ara");
    house.stage.sees("4");
    house.stage.sees("talk 6");
    // How many letters lie there, not how many rows.
    house.stage.sees("6통");
    house.stage.sees_not("talk 3");
    // Letter by letter, if that is wanted, which is remembered.
    house.stage.character("o");
    house.stage.click("대화로 묶어 보기");
    assert!(house.stage.actions.contains(&Action::Remember));
    house.settles();
    assert_eq!(house.rows().len(), 6);
    house.stage.sees("talk 3");
    assert!(!house.stage.state.bundled);
}

#[test]
fn a_row_unfolds_to_its_letters_by_who_answered_whom_and_folds_again() {
    let mut house = House::new();
    house.key(Named::ArrowDown);
    assert_eq!(house.here(), (0, 6));
    house.key(Named::ArrowRight);
    assert_eq!(house.rows(), UNFOLDED);
    // The letter that was open is chosen where it stands now.
    assert_eq!(house.here(), (2, 6));
    // The keys that move go through them.
    house.key(Named::ArrowUp);
    assert_eq!(house.here(), (1, 3));
    assert_eq!(house.stage.opened().1, house.id(3));
    house.character("j");
    house.character("ㅓ");
    assert_eq!(house.here(), (3, 5));
    house.character("j");
    assert_eq!(house.here(), (4, 4));
    // A letter by itself has nothing to fold.
    house.key(Named::ArrowLeft);
    house.key(Named::ArrowRight);
    assert_eq!(house.rows(), UNFOLDED);
    house.character("k");
    // From anywhere in it; the row that stands for the letter is the one at hand.
    house.key(Named::ArrowLeft);
    assert_eq!(house.rows(), FOLDED);
    assert_eq!(house.here().0, 0);
    house.character("j");
    assert_eq!(house.here(), (1, 4));
}

#[test]
fn the_mark_of_a_row_unfolds_it_without_opening_anything() {
    let mut house = House::new();
    house.stage.click("4");
    house.settles();
    assert_eq!(house.rows(), UNFOLDED);
    assert!(!house.stage.asked().iter().any(|asked| matches!(asked, Command::Open(..))));
    house.stage.click("4");
    house.settles();
    assert_eq!(house.rows(), FOLDED);
}

#[test]
fn what_is_done_to_a_folded_row_is_done_to_all_its_letters_here_and_taken_back_at_once() {
    let before = lying(&[("inbox", 6), ("sent", 1)]);
    let cases =
        [("e", "archive", "4통을 보관했어요."), ("#", "trash", "4통을 휴지통으로 옮겼어요.")];
    for (key, folder, said) in cases {
        let mut house = House::new();
        house.key(Named::ArrowDown);
        house.character(key);
        // What was sent lies where it lay.
        assert_eq!(house.lie(), lying(&[("inbox", 2), ("sent", 1), (folder, 4)]), "{key}");
        house.stage.sees(said);
        assert_eq!(house.rows(), FOLDED[1..]);
        // The next one takes its place.
        assert_eq!(house.here(), (0, 4));
        house.character("z");
        assert_eq!(house.lie(), before);
        assert_eq!(house.rows(), FOLDED);
    }
}

#[test]
fn a_folded_row_is_read_and_starred_as_a_whole() {
    let mut house = House::new();
    house.key(Named::ArrowDown);
    let flags = |house: &House| -> Vec<Flags> {
        [1, 3, 5, 6].iter().map(|id| house.store.letter(house.id(*id)).unwrap().flags).collect()
    };
    house.character("u");
    house.stage.sees("4통을 읽음으로 표시했어요.");
    assert!(flags(&house).iter().all(|flags| flags.has(Flags::SEEN)));
    // One unread letter makes it unread: it is read again as a whole.
    let unread = goyo::model::FlagChange::flags(Flags::NONE, Flags::SEEN);
    house.store.act(&Act::Flag(vec![house.id(3)], unread)).unwrap();
    house.stage.happens(Event::Changed(vec![house.inbox]));
    house.settles();
    assert!(!house.stage.state.list.row(0).unwrap().flags().has(Flags::SEEN));
    house.character("u");
    assert!(flags(&house).iter().all(|flags| flags.has(Flags::SEEN)));
    house.character("u");
    assert!(flags(&house).iter().all(|flags| !flags.has(Flags::SEEN)));
    house.character("s");
    assert!(flags(&house).iter().all(|flags| flags.has(Flags::FLAGGED)));
    house.stage.sees("4통에 중요 표시를 했어요.");
    let sent = house.store.letter(house.id(30)).unwrap().flags;
    assert!(!sent.has(Flags::FLAGGED));
}

#[test]
fn of_an_unfolded_conversation_one_letter_is_meant() {
    let mut house = House::new();
    house.key(Named::ArrowDown);
    house.key(Named::ArrowRight);
    house.key(Named::ArrowUp);
    house.character("e");
    assert_eq!(house.acted(), Some(Act::Archive(vec![house.id(3)])));
    // What answered it stands below what it answered; it is at hand now.
    let rows = [(1, 1, 0), (5, 1, 1), (6, 1, 1), (4, 1, 0), (2, 1, 0)];
    assert_eq!(house.rows(), rows);
}

#[test]
fn folded_rows_are_picked_counted_and_moved_with_all_their_letters() {
    let mut house = House::new();
    house.key(Named::ArrowDown);
    house.stage.named(Named::ArrowDown, Modifiers::SHIFT);
    house.settles();
    house.stage.sees("메일 5통을 골랐어요");
    house.stage.click_row(0, Modifiers::COMMAND);
    house.stage.sees("메일 1통을 골랐어요");
    house.stage.click_row(0, Modifiers::COMMAND);
    house.stage.sees("메일 5통을 골랐어요");
    house.character("e");
    assert_eq!(house.lie(), lying(&[("archive", 5), ("inbox", 1), ("sent", 1)]));
    house.stage.sees("5통을 보관했어요.");
    assert_eq!(house.rows(), FOLDED[2..]);
    house.character("z");
    house.stage.chord("a");
    house.settles();
    house.stage.sees("메일 6통을 골랐어요");
    house.key(Named::Escape);
    // By its menu, and by the pointer.
    house.stage.right_click_row(0);
    house.settles();
    assert_eq!(house.stage.state.list.many.count(), 4);
    house.key(Named::Escape);
    house.stage.lift_row(0);
    house.stage.sees("4통");
    house.stage.carry_over("보관함");
    house.stage.drop_on("보관함");
    house.settles();
    assert_eq!(house.lie(), lying(&[("archive", 4), ("inbox", 2), ("sent", 1)]));
}

#[test]
fn in_the_trash_a_folded_row_is_asked_about_with_its_number() {
    let mut house = House::new();
    house.key(Named::ArrowDown);
    house.character("#");
    let trash = house.store.folders().unwrap().into_iter().find(|f| f.path == "trash").unwrap();
    house.stage.send(Message::PlaceChosen(Place::Folder(trash.id)));
    house.settles();
    house.key(Named::ArrowDown);
    house.character("#");
    house.stage.sees("메일 4통을 아주 지울까요?");
    house.key(Named::Enter);
    assert_eq!(house.lie(), lying(&[("inbox", 2), ("sent", 1)]));
}

#[test]
fn new_mail_joins_a_folded_row_and_what_is_chosen_stays_chosen() {
    let mut house = House::new();
    house.stage.send(Message::Moved(2));
    house.settles();
    house.key(Named::ArrowUp);
    house.key(Named::ArrowUp);
    assert_eq!(house.here(), (0, 6));
    let opened = house.stage.opened().1;
    house.comes(7, &[], "Gaon <g@example.org>");
    house.comes(8, &[1, 3, 30, 6], "Ara <ara@example.org>");
    house.stage.happens(Event::Changed(vec![house.inbox]));
    house.settles();
    assert_eq!(house.rows(), [(8, 5, 0), (7, 1, 0), (4, 1, 0), (2, 1, 0)]);
    house.stage.sees("Ara, Chan, Eunsoo");
    // The letter one reads is still the one at hand, and its row is still its conversation's.
    assert_eq!((house.here(), house.stage.opened().1), ((0, 6), opened));
    // A letter of another conversation moves it down, and nothing else.
    house.comes(9, &[], "Gaon <g@example.org>");
    house.stage.happens(Event::Changed(vec![house.inbox]));
    house.settles();
    assert_eq!(house.here(), (1, 6));
    // All of it is meant, with what has come.
    house.character("e");
    assert_eq!(house.lie()["archive"], 5);
    // Unfolded, it comes to its place below what it answers.
    house.character("z");
    house.stage.send(Message::Moved(isize::MIN));
    house.stage.send(Message::Moved(1));
    house.key(Named::ArrowRight);
    house.comes(10, &[1, 3], "Chan <chan@example.org>");
    house.stage.happens(Event::Changed(vec![house.inbox]));
    house.settles();
    let rows: Vec<_> = house.rows().into_iter().take(6).collect();
    assert_eq!(rows, [(1, 1, 0), (3, 1, 1), (6, 1, 2), (8, 1, 3), (10, 1, 2), (5, 1, 1)]);
}

#[test]
fn a_letter_of_a_conversation_that_is_chosen_beside_the_open_one_is_meant_alone() {
    use goyo::gui::screen::mail::conversation::Message as Conversation;
    let mut house = House::new();
    house.key(Named::ArrowDown);
    let opened = |house: &mut House| {
        let (doc, id, _) = house.stage.opened();
        let letter = super::window_stage::letter(id, super::window_stage::LETTER);
        house.stage.happens(Event::Opened(doc, std::sync::Arc::new(letter)));
        house.settles();
    };
    opened(&mut house);
    house.stage.send(Message::Conversation(Conversation::Chosen(house.id(3))));
    opened(&mut house);
    // Its row is lit still, and stays that of the conversation.
    house.stage.happens(Event::Changed(vec![house.inbox]));
    house.settles();
    assert_eq!((house.rows().as_slice(), house.here()), (FOLDED.as_slice(), (0, 3)));
    house.character("e");
    assert_eq!(house.acted(), Some(Act::Archive(vec![house.id(3)])));
    assert_eq!(house.rows()[0], (6, 3, 0));
    // The row again: all that is left.
    house.stage.send(Message::RowChosen(0));
    house.character("e");
    assert_eq!(house.lie(), lying(&[("archive", 4), ("inbox", 2), ("sent", 1)]));
}
