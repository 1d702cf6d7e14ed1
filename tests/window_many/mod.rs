//! Several letters at once: picked, done something to, carried, asked about in menus; and
//! the list in other orders.

mod orders;

use super::window_stage::{LETTER, Stage, letter, row};
use goyo::engine::protocol::{Command, Event};
use goyo::gui::screen::mail::many::Span;
use goyo::gui::screen::mail::picking::Pick;
use goyo::gui::screen::mail::{Action, Due, Menu, Message, Place, Read, Sheet};
use goyo::model::{AccountId, Act, FlagChange, Flags, FolderId, Gesture, GestureId, LetterId};
use goyo::store::Sort;
use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};
use std::sync::Arc;

const INBOX: &str = "INBOX";
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;

fn id(at: i64) -> LetterId {
    row(at).letter.id
}

fn ids(range: std::ops::RangeInclusive<i64>) -> Vec<LetterId> {
    range.map(id).collect()
}

fn acted(stage: &Stage) -> Vec<Act> {
    let acts = stage.asked().into_iter().filter_map(|command| match command {
        Command::Act(act) => Some(act),
        _ => None,
    });
    acts.collect()
}

/// The engine has done it to so many letters.
fn done(stage: &mut Stage, gesture: i64, kind: &str, changed: usize) {
    stage.happens(Event::Changed(Vec::new()));
    stage.happens(Event::Gesture(Gesture {
        id: GestureId(gesture),
        kind: kind.into(),
        changed,
        folders: Vec::new(),
        accounts: vec![AccountId(2)],
        can_undo: true,
        left: 0,
    }));
}

fn opens(stage: &Stage) -> usize {
    stage.asked().iter().filter(|command| matches!(command, Command::Open(..))).count()
}

#[test]
fn letters_are_picked_by_keys_and_let_go_and_nothing_is_opened_or_read_meanwhile() {
    for (down, up) in [("J", "K"), ("ㅓ", "ㅏ")] {
        let mut stage = Stage::reading(8);
        let opened = opens(&stage);
        stage.named(Named::ArrowDown, SHIFT);
        stage.pressed(Key::Character(down.into()), SHIFT);
        stage.sees("메일 3통을 골랐어요");
        stage.pressed(Key::Character(up.into()), SHIFT);
        stage.sees("메일 2통을 골랐어요");
        // Beyond where it began, upwards.
        for _ in 0..5 {
            stage.named(Named::ArrowUp, SHIFT);
        }
        stage.sees("메일 2통을 골랐어요");
        assert!(stage.state.list.many.has(0, id(0)) && stage.state.list.many.has(1, id(1)));
        // The open letter is not read behind them.
        let asked = stage.asked().len();
        stage.send(Message::Due(Due::Seen(stage.doc())));
        stage.character("r");
        stage.chord("c");
        stage.key(Named::Space);
        assert_eq!((stage.asked().len(), opens(&stage)), (asked, opened));
        stage.key(Named::Escape);
        stage.sees_not("메일 2통을 골랐어요");
        stage.sees("11월 결제 내역을 알려드려요");
        assert_eq!(stage.state.list.selected, Some((1, id(1))));
    }
}

#[test]
fn letters_are_picked_by_the_pointer_in_a_range_and_one_by_one() {
    let mut stage = Stage::reading(8);
    stage.click_row(4, SHIFT);
    stage.sees("메일 4통을 골랐어요");
    assert_eq!(stage.state.list.many.letters(), Some(ids(1..=4)));
    stage.click_row(2, CTRL);
    assert_eq!(stage.state.list.many.letters(), Some(vec![id(1), id(3), id(4)]));
    stage.click_row(6, CTRL);
    stage.sees("메일 4통을 골랐어요");
    assert_eq!(stage.state.list.many.letters(), Some(vec![id(1), id(3), id(4), id(6)]));
    // A plain click is a plain click.
    stage.click_row(5, Modifiers::empty());
    assert!(!stage.state.list.many.is_any());
    assert_eq!(stage.opened().1, id(5));
}

#[test]
fn all_of_a_hundred_thousand_are_picked_at_once_and_their_numbers_come_from_the_store() {
    let mut stage = Stage::in_folder(INBOX, 100);
    let rows = (0..100).map(row).collect();
    stage.send(Message::Page(stage.state.list.generation, 0, Ok((rows, 100_000))));
    stage.chord("a");
    stage.sees("메일 100,000통을 골랐어요");
    let Some(Action::Read(Read::Span(number, place, Sort::Newest, (from, to)))) = stage.last()
    else {
        panic!("{:?}", stage.last())
    };
    assert_eq!(place, Place::Folder(FolderId(11)));
    // From the first that was seen, to whatever is the last.
    assert_eq!((from, to), ((0, Some(id(0))), (usize::MAX, None)));
    // What is done before they have come is done when they come.
    stage.character("e");
    assert_eq!(acted(&stage), []);
    let all: Arc<[LetterId]> = (1..=100_000).map(LetterId).collect();
    let span = Span { letters: Arc::clone(&all), trashed: 0 };
    // An answer to something else is none.
    stage.send(Message::Pick(Pick::Read(number - 1, Ok(span.clone()))));
    assert_eq!(acted(&stage), []);
    stage.send(Message::Pick(Pick::Read(number, Ok(span))));
    assert_eq!(acted(&stage), [Act::Archive(all.to_vec())]);
    stage.sees("메일 100,000통을 처리하는 중…");
    stage.sees("이 편지함은 비어 있어요");
    done(&mut stage, 3, "archive", 100_000);
    stage.sees("100,000통을 보관했어요.");
    stage.character("z");
    assert!(stage.asked().contains(&Command::Undo(GestureId(3))));
}

#[test]
fn what_is_picked_stays_picked_and_nothing_joins_it_when_mail_comes() {
    let mut stage = Stage::reading(8);
    stage.click_row(3, SHIFT);
    stage.happens(Event::Changed(vec![FolderId(11)]));
    stage.read(INBOX, vec![20, 0, 1, 21, 2, 3, 4, 5, 6, 7]);
    stage.sees("메일 3통을 골랐어요");
    assert_eq!(stage.state.list.many.letters(), Some(ids(1..=3)));
    // The range goes on from its letter, wherever that is by now.
    stage.click_row(6, SHIFT);
    let mut letters = vec![id(21)];
    letters.extend(ids(1..=4));
    letters.sort_unstable();
    assert_eq!(stage.state.list.many.letters(), Some(letters));
}

#[test]
fn of_rows_that_may_have_moved_the_store_says_which_letters_they_are() {
    let mut stage = Stage::reading(8);
    // Something has changed; the rows are read anew, and have not come yet.
    stage.state.list.refresh();
    stage.click_row(3, SHIFT);
    let asks = |read: &Read| matches!(read, Read::Span(..));
    assert!(stage.reads().iter().any(asks), "{:?}", stage.reads());
    assert_eq!(stage.state.list.many.letters(), None);
}

#[test]
fn what_a_menu_had_picked_goes_with_it_however_it_goes() {
    let mut stage = Stage::reading(8);
    stage.click_row(2, Modifiers::empty());
    stage.right_click_row(5);
    assert!(stage.state.list.many.is_any());
    // The letter that was clicked before comes now, and the menu goes.
    let (doc, id, _) = stage.opened();
    stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
    assert!(stage.state.menu.is_none());
    stage.character("e");
    assert_eq!(acted(&stage), [Act::Archive(vec![id])]);
}

#[test]
fn what_is_carried_is_let_go_when_another_letter_is_chosen() {
    let mut stage = Stage::reading(8);
    stage.click_row(3, SHIFT);
    stage.lift_row(2);
    stage.character("j");
    stage.carry_over("Projects/Rust");
    stage.drop_on("Projects/Rust");
    assert_eq!(acted(&stage), []);
}

#[test]
fn everything_is_done_to_all_picked_in_one_gesture_and_said_once() {
    let star = FlagChange::flags(Flags::FLAGGED, Flags::NONE);
    let read = FlagChange::flags(Flags::SEEN, Flags::NONE);
    let picked = || ids(1..=3);
    let cases: [(&str, &str, Act, &str); 5] = [
        ("e", "보관", Act::Archive(picked()), "3통을 보관했어요."),
        ("#", "삭제", Act::Trash(picked()), "3통을 휴지통으로 옮겼어요."),
        ("!", "스팸으로", Act::Junk(picked()), "3통을 스팸메일함으로 옮겼어요."),
        ("s", "중요 표시", Act::Flag(picked(), star), "3통에 중요 표시를 했어요."),
        ("u", "읽음으로 표시", Act::Flag(picked(), read), "3통을 읽음으로 표시했어요."),
    ];
    for (key, button, act, said) in cases {
        for by_button in [false, true] {
            let mut stage = Stage::reading(8);
            stage.click_row(3, SHIFT);
            match by_button {
                true => stage.click(button),
                false => stage.character(key),
            }
            assert_eq!(acted(&stage), std::slice::from_ref(&act));
            let stays = matches!(act, Act::Flag(..));
            assert_eq!(stage.rows().len(), if stays { 8 } else { 5 });
            assert_eq!(stage.state.list.many.is_any(), stays);
            // Nothing is opened that nobody has asked for.
            assert_eq!(opens(&stage), 1);
            done(&mut stage, 7, act.word(), 3);
            stage.sees(said);
            stage.character("z");
            assert!(stage.asked().contains(&Command::Undo(GestureId(7))));
        }
    }
}

#[test]
fn what_is_all_starred_loses_its_stars() {
    let mut stage = Stage::reading(8);
    stage.click_row(3, SHIFT);
    stage.character("s");
    stage.character("s");
    let unstar = FlagChange::flags(Flags::NONE, Flags::FLAGGED);
    assert_eq!(acted(&stage).last(), Some(&Act::Flag(ids(1..=3), unstar)));
}

#[test]
fn all_picked_are_moved_or_copied_into_a_folder_that_is_chosen_once() {
    let mut stage = Stage::reading(8);
    stage.click_row(3, SHIFT);
    stage.character("m");
    stage.sees("어디로 옮길까요?");
    stage.send(Message::MoveTyped("rus".into()));
    stage.key(Named::Enter);
    assert_eq!(acted(&stage), [Act::Move(ids(1..=3), FolderId(15))]);
    done(&mut stage, 2, "move", 3);
    stage.sees("3통을 ‘Projects/Rust’ 폴더로 옮겼어요.");

    let mut stage = Stage::reading(8);
    stage.click_row(3, SHIFT);
    stage.pressed(Key::Character("M".into()), SHIFT);
    stage.sees("어디에 복사할까요?");
    stage.send(Message::MoveTyped("rus".into()));
    stage.key(Named::Enter);
    assert_eq!(acted(&stage), [Act::Copy(ids(1..=3), FolderId(15))]);
    assert_eq!(stage.rows().len(), 8);
    done(&mut stage, 2, "copy", 3);
    stage.sees("3통을 ‘Projects/Rust’ 폴더에 복사했어요.");
    // One alone as well, and the next choice moves again.
    let mut stage = Stage::reading(8);
    stage.pressed(Key::Character("ㅡ".into()), SHIFT);
    stage.key(Named::Enter);
    assert_eq!(acted(&stage), [Act::Copy(vec![id(1)], FolderId(12))]);
    stage.character("m");
    stage.sees("어디로 옮길까요?");
}

#[test]
fn what_lies_in_the_trash_is_asked_about_before_it_goes_for_good() {
    let mut stage = Stage::in_folder("Trash", 8);
    stage.chord("a");
    stage.key(Named::Delete);
    stage.sees("메일 8통을 아주 지울까요?");
    assert_eq!(acted(&stage), []);
    stage.key(Named::Enter);
    assert_eq!(acted(&stage), [Act::DeleteForGood(ids(0..=7))]);
    assert_eq!(stage.rows(), Vec::<i64>::new());
}

#[test]
fn letters_are_carried_to_a_folder_which_is_lit_and_escape_puts_them_down() {
    let mut stage = Stage::reading(8);
    stage.click_row(3, SHIFT);
    stage.lift_row(2);
    stage.sees("3통");
    stage.carry_over("Projects/Rust");
    stage.sees("‘Projects/Rust’ 폴더로 3통 옮기기");
    stage.key(Named::Escape);
    stage.sees_not("‘Projects/Rust’ 폴더로 3통 옮기기");
    assert!(stage.state.drag.is_none());
    // They are picked still.
    stage.sees("메일 3통을 골랐어요");
    stage.lift_row(2);
    stage.carry_over("Projects/Rust");
    stage.drop_on("Projects/Rust");
    assert_eq!(acted(&stage), [Act::Move(ids(1..=3), FolderId(15))]);
    assert!(stage.state.drag.is_none());
    assert_eq!(stage.rows(), [0, 4, 5, 6, 7]);
    done(&mut stage, 4, "move", 3);
    stage.character("z");
    assert!(stage.asked().contains(&Command::Undo(GestureId(4))));
}

#[test]
fn in_a_narrow_window_the_folders_come_out_while_letters_are_carried() {
    let mut stage = Stage::reading(8);
    stage.send(Message::Resized(iced::Size::new(900.0, 800.0)));
    stage.sees_not("Projects/Rust");
    stage.click_row(3, SHIFT);
    stage.lift_row(2);
    stage.carry_over("Projects/Rust");
    stage.key(Named::Escape);
    stage.sees_not("Projects/Rust");
    stage.lift_row(2);
    stage.carry_over("Projects/Rust");
    stage.drop_on("Projects/Rust");
    assert_eq!(acted(&stage), [Act::Move(ids(1..=3), FolderId(15))]);
    stage.sees_not("Projects/Rust");
    // With room for the list alone its foot says what is picked.
    let mut stage = Stage::in_folder(INBOX, 8);
    stage.send(Message::Resized(iced::Size::new(640.0, 800.0)));
    stage.sees("letter 3");
    stage.chord("a");
    stage.sees("letter 3");
    stage.sees("메일 8통을 골랐어요");
}

#[test]
fn one_letter_is_carried_without_being_opened_and_with_ctrl_it_is_copied() {
    let mut stage = Stage::reading(8);
    stage.lift_row(4);
    stage.sees("1통");
    stage.carry_over("Projects/Rust");
    stage.drop_on("Projects/Rust");
    assert_eq!(acted(&stage), [Act::Move(vec![id(4)], FolderId(15))]);
    assert_eq!(opens(&stage), 1);
    // What was open is open still, and chosen.
    assert_eq!(stage.state.list.selected, Some((1, id(1))));
    stage.lift_row(2);
    use goyo::gui::widget::pick::Press;
    stage.send(Message::Pick(Pick::Press(Press::Copies(true))));
    stage.carry_over("Projects/Rust");
    stage.sees("‘Projects/Rust’ 폴더에 1통 복사");
    stage.drop_on("Projects/Rust");
    assert_eq!(acted(&stage).last(), Some(&Act::Copy(vec![id(2)], FolderId(15))));
    // Where it lies already nothing happens.
    let asked = acted(&stage).len();
    stage.lift_row(2);
    stage.carry_over("받은편지함");
    stage.drop_on("받은편지함");
    stage.send(Message::Pick(Pick::Press(Press::LetGo)));
    assert_eq!(acted(&stage).len(), asked);
    assert!(stage.state.drag.is_none() && !stage.state.list.many.is_any());
}

#[test]
fn a_row_has_a_menu_that_does_not_open_its_letter() {
    let mut stage = Stage::reading(8);
    stage.right_click_row(3);
    assert_eq!(stage.state.menu, Some(Menu::Row));
    stage.sees("폴더에 복사");
    // The open letter is still shown.
    stage.sees("11월 결제 내역을 알려드려요");
    // Below the three kinds of answers.
    stage.send(Message::Pick(Pick::Chosen(3)));
    assert_eq!(acted(&stage), [Act::Archive(vec![id(3)])]);
    assert_eq!(stage.rows(), [0, 1, 2, 4, 5, 6, 7]);
    assert_eq!(opens(&stage), 1);
    assert_eq!(stage.state.list.selected, Some((1, id(1))));
    // A click elsewhere leaves everything as it was.
    stage.right_click_row(3);
    stage.click_at(900.0, 500.0);
    assert_eq!(stage.state.menu, None);
    assert!(!stage.state.list.many.is_any());
    stage.character("s");
    let star = FlagChange::flags(Flags::FLAGGED, Flags::NONE);
    assert_eq!(acted(&stage).last(), Some(&Act::Flag(vec![id(1)], star)));
}

#[test]
fn the_menu_opens_and_is_gone_through_by_keys() {
    for (key, modifiers) in [(Named::ContextMenu, Modifiers::empty()), (Named::F10, SHIFT)] {
        let mut stage = Stage::reading(8);
        stage.click_row(3, SHIFT);
        stage.named(key, modifiers);
        assert_eq!(stage.state.menu, Some(Menu::Row));
        // Several are not answered: the first entry puts them away.
        stage.key(Named::ArrowDown);
        stage.key(Named::ArrowUp);
        stage.key(Named::Enter);
        assert_eq!(acted(&stage), [Act::Archive(ids(1..=3))]);
        assert_eq!(stage.state.menu, None);
    }
}

#[test]
fn a_letter_is_moved_by_its_menu_and_what_was_asked_is_forgotten_when_it_is_given_up() {
    let mut stage = Stage::reading(8);
    stage.right_click_row(3);
    stage.click("폴더로 옮기기");
    assert_eq!(stage.state.sheet, Some(Sheet::Move));
    stage.key(Named::Escape);
    assert!(!stage.state.list.many.is_any());
    stage.right_click_row(3);
    stage.click("폴더로 옮기기");
    stage.key(Named::Enter);
    assert_eq!(acted(&stage), [Act::Move(vec![id(3)], FolderId(12))]);
}

#[test]
fn a_folder_has_a_menu() {
    let mut stage = Stage::in_folder(INBOX, 3);
    stage.right_click("Projects/Rust");
    assert_eq!(stage.state.menu, Some(Menu::Folder(FolderId(15))));
    stage.sees("폴더 열기");
    stage.send(Message::Pick(Pick::Chosen(1)));
    assert_eq!(acted(&stage), [Act::MarkAllRead(FolderId(15))]);
    assert_eq!(stage.state.menu, None);
}

#[test]
fn folders_are_made_named_and_removed_from_their_menu() {
    let mut stage = Stage::in_folder(INBOX, 3);
    stage.right_click("Projects/Rust");
    stage.click("새 폴더");
    stage.sees("새 폴더를 만들어요");
    // Nothing is no name.
    stage.send(Message::Pick(Pick::NameTyped(" / ".into())));
    stage.send(Message::Pick(Pick::NameEntered));
    assert_eq!(acted(&stage), []);
    stage.send(Message::Pick(Pick::NameTyped("Projects/고요 ".into())));
    stage.click("만들기");
    let made = Act::CreateFolder(AccountId(2), "Projects/고요".into());
    assert_eq!(acted(&stage), [made]);
    done(&mut stage, 1, "create-folder", 1);
    stage.sees("폴더를 만들었어요.");
    stage.right_click("Projects/Rust");
    stage.click("이름 바꾸기");
    stage.send(Message::Pick(Pick::NameTyped("Rust".into())));
    stage.click("바꾸기");
    let named = Act::RenameFolder(FolderId(15), "Rust".into());
    assert_eq!(acted(&stage).last(), Some(&named));
    stage.right_click("Projects/Rust");
    stage.click("폴더 지우기");
    stage.sees("‘Projects/Rust’ 폴더를 지울까요?");
    assert_eq!(acted(&stage).last(), Some(&named));
    stage.key(Named::Enter);
    assert_eq!(acted(&stage).last(), Some(&Act::DeleteFolder(FolderId(15))));
    // The inbox stays what it is.
    stage.right_click("받은편지함");
    stage.sees("새 폴더");
    stage.sees_not("이름 바꾸기");
    stage.sees_not("폴더 지우기");
}

#[test]
fn the_list_is_put_in_another_order_and_each_folder_remembers_its_own() {
    let mut stage = Stage::reading(8);
    stage.click("최신순");
    stage.sees("제목순");
    stage.click("보낸사람순");
    assert!(stage.actions.contains(&Action::Remember));
    let inbox = Place::Folder(FolderId(11));
    let sorted = |stage: &Stage| {
        stage.reads().into_iter().rev().find_map(|read| match read {
            Read::Sorted((generation, _), place, sort, first) => {
                Some((generation, place, sort, first))
            }
            _ => None,
        })
    };
    let (generation, place, sort, first) = sorted(&stage).unwrap();
    assert_eq!((place, sort, first), (inbox, Sort::Sender, 0));
    stage.sees("보낸사람순");
    let rows: Vec<_> = [5, 1, 3].map(row).into_iter().collect();
    stage.send(Message::Page(generation, 0, Ok((rows, 3))));
    assert_eq!(stage.rows(), [5, 1, 3]);
    // The letter that was chosen is chosen still, where it is now.
    assert_eq!(stage.state.list.selected, Some((1, id(1))));
    // Another folder has its own.
    stage.send(Message::PlaceChosen(Place::Folder(FolderId(12))));
    stage.sees("최신순");
    stage.send(Message::PlaceChosen(inbox));
    stage.sees("보낸사람순");
    // By keys, in Korean too.
    for key in ["o", "ㅐ"] {
        let mut stage = Stage::in_folder(INBOX, 3);
        stage.character(key);
        stage.key(Named::ArrowDown);
        stage.key(Named::ArrowDown);
        stage.key(Named::Enter);
        assert_eq!(stage.state.sort_here(), Sort::Oldest);
    }
    // So have those with a star.
    let mut stage = Stage::in_folder(INBOX, 3);
    stage.send(Message::PlaceChosen(Place::Starred));
    stage.sees("최신순");
}
