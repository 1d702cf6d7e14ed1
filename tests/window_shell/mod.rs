//! Panes and their borders, narrow windows, and the settings.

mod account_page;
mod pins;
mod preferences;

use crate::window_stage::{LETTER, Stage, letter, row};
use goyo::engine::protocol::{Command, Event};
use goyo::gui::screen::mail::panes::Panes;
use goyo::gui::screen::mail::{Action, Message, Place};
use iced::Size;
use iced::keyboard::{Modifiers, key::Named};
use std::sync::Arc;

/// Where the border right of the list is, and where it is with the sidebar at its width.
const LIST: f32 = 216.0 + 1.0 + 360.0;

fn in_window(width: f32, height: f32) -> Stage {
    let mut stage = Stage::with_rows(3);
    stage.state.window = Size::new(width, height);
    stage
}

fn open_first(stage: &mut Stage) {
    stage.click("letter 0");
    let (doc, id, _) = stage.opened();
    stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
}

#[test]
fn borders_are_dragged_and_what_stands_beside_them_moves_along() {
    let mut stage = in_window(1280.0, 800.0);
    let before = stage.left_of("읽을 메일을 골라 주세요");
    stage.drag((LIST + 1.0, 400.0), (LIST + 101.0, 400.0));
    assert_eq!(stage.state.panes.list, Some(460));
    assert_eq!(stage.last(), Some(Action::Remember));
    // It stands in the middle of what is left.
    assert!((stage.left_of("읽을 메일을 골라 주세요") - before - 50.0).abs() < 1.5);
    let before = stage.left_of("letter 0");
    stage.drag((216.0, 300.0), (266.0, 300.0));
    assert_eq!(stage.state.panes.side, Some(266));
    assert!((stage.left_of("letter 0") - before - 50.0).abs() < 1.5);
    // The list keeps the width it was given.
    assert_eq!(stage.state.panes.list, Some(460));
}

#[test]
fn no_pane_can_be_dragged_away() {
    let mut stage = in_window(1280.0, 800.0);
    stage.drag((LIST, 400.0), (1270.0, 400.0));
    assert_eq!(stage.state.panes.list, Some(1280 - 217 - 1 - 440));
    stage.drag((1280.0 - 441.0, 400.0), (3.0, 400.0));
    assert_eq!(stage.state.panes.list, Some(260));
    stage.drag((216.0, 400.0), (900.0, 400.0));
    assert_eq!(stage.state.panes.side, Some(340));
    stage.drag((340.0, 400.0), (2.0, 400.0));
    assert_eq!(stage.state.panes.side, Some(176));
    // What was chosen in a large window is given there again, and a letter its room meanwhile.
    stage.state.panes = Panes { side: Some(340), list: Some(720) };
    stage.state.window = Size::new(1000.0, 700.0);
    open_first(&mut stage);
    stage.sees("11월 결제 내역을 알려드려요");
    assert_eq!(stage.state.panes.list, Some(720));
}

#[test]
fn a_double_click_on_a_border_puts_it_back() {
    let mut stage = in_window(1280.0, 800.0);
    stage.state.panes = Panes { side: None, list: Some(300) };
    let at = (216.0 + 1.0 + 300.0 + 2.0, 500.0);
    stage.press(&[at]);
    assert_eq!(stage.state.panes.list, Some(300), "one click moves nothing");
    stage.press(&[at, at]);
    assert_eq!(stage.state.panes.list, None);
    assert_eq!(stage.last(), Some(Action::Remember));
}

#[test]
fn a_click_beside_a_border_goes_to_what_is_there() {
    let mut stage = in_window(1280.0, 800.0);
    let y = stage.middle_of("letter 1").1 - 20.0;
    stage.click_at(LIST - 20.0, y);
    assert_eq!(stage.opened().1, row(1).letter.id);
    assert_eq!(stage.state.panes, Panes::default());
}

#[test]
fn borders_are_moved_by_keys() {
    let mut stage = in_window(1280.0, 800.0);
    stage.chord("]");
    assert_eq!(stage.state.panes.list, Some(384));
    assert_eq!(stage.last(), Some(Action::Remember));
    stage.chord("[");
    stage.chord("[");
    assert_eq!(stage.state.panes.list, Some(336));
    stage.chord("\\");
    assert_eq!(stage.state.panes.list, None);
    stage.chord_with("]", Modifiers::SHIFT);
    assert_eq!(stage.state.panes, Panes { side: Some(240), list: None });
    stage.chord_with("\\", Modifiers::SHIFT);
    assert_eq!(stage.state.panes, Panes::default());
    // To what is sensible, and no further.
    (0..40).for_each(|_| stage.chord("]"));
    assert_eq!(stage.state.panes.list, Some(1280 - 217 - 1 - 440));
    // Every key is in the list of keys.
    stage.shifted("/", "?");
    stage.has("Ctrl+[  ]  \\");
    stage.has("목록 좁게, 넓게, 처음대로");
    stage.has("Ctrl+,");
}

#[test]
fn a_border_under_a_sheet_cannot_be_grabbed() {
    let mut stage = in_window(1280.0, 800.0);
    stage.shifted("/", "?");
    stage.drag((LIST, 400.0), (LIST + 80.0, 400.0));
    assert_eq!(stage.state.panes, Panes::default());
}

#[test]
fn a_middling_window_has_list_and_letter_and_the_folders_a_click_away() {
    for (width, height) in [(960.0, 640.0), (760.0, 480.0)] {
        let mut stage = in_window(width, height);
        stage.sees("letter 0");
        stage.sees("읽을 메일을 골라 주세요");
        stage.sees_not("모아보기");
        stage.click_at(26.0, 26.0);
        stage.sees("모아보기");
        stage.click("중요");
        stage.sees_not("모아보기");
        assert_eq!(stage.state.list.place, Place::Starred);
        // Writing, settings and other places have the button too.
        for place in [Place::Outbox, Place::Receipts] {
            stage.send(Message::PlaceChosen(place));
            stage.click_at(34.0, 26.0);
            stage.sees("모아보기");
            stage.key(Named::Escape);
        }
        stage.chord(",");
        stage.sees("모양");
        stage.click_at(34.0, 26.0);
        stage.sees("모아보기");
    }
}

#[test]
fn a_small_window_has_one_pane_and_a_way_back() {
    let mut stage = in_window(506.0, 400.0);
    stage.sees("letter 0");
    stage.sees_not("읽을 메일을 골라 주세요");
    // A key chooses, and opens nothing: the list would be gone.
    stage.key(Named::ArrowDown);
    stage.key(Named::ArrowDown);
    assert!(!stage.asked().iter().any(|asked| matches!(asked, Command::Open(..))));
    assert_eq!(stage.state.list.selected, Some((1, row(1).letter.id)));
    stage.key(Named::Enter);
    let (doc, id, _) = stage.opened();
    assert_eq!(id, row(1).letter.id);
    stage.sees_not("letter 0");
    stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
    stage.sees("11월 결제 내역을 알려드려요");
    // From letter to letter.
    stage.character("k");
    let (doc, id, _) = stage.opened();
    assert_eq!(id, row(0).letter.id);
    stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
    stage.sees_not("letter 0");
    // Back by the button.
    stage.click_at(26.0, 26.0);
    stage.sees("letter 0");
    assert!(stage.asked().contains(&Command::Close(doc)));
    // And by Escape; what lies over the letter is closed first.
    open_first(&mut stage);
    stage.character("m");
    stage.key(Named::Escape);
    stage.sees("11월 결제 내역을 알려드려요");
    stage.key(Named::Escape);
    stage.sees("letter 0");
    // Where one can see, the way back is there while a letter is coming, too.
    stage.click("letter 2");
    stage.sees("메일을 여는 중이에요");
    stage.click_at(26.0, 26.0);
    stage.sees("letter 2");
    assert_eq!(stage.state.coming, None);
}

#[test]
fn in_a_low_window_a_letter_has_room_and_what_stands_above_it_is_a_line_away() {
    let mut stage = in_window(760.0, 480.0);
    open_first(&mut stage);
    stage.sees("11월 결제 내역을 알려드려요");
    stage.sees_not("이번만 이미지 표시");
    // More than half of the window is the letter's.
    assert!(stage.state.view.height > 240.0, "{:?}", stage.state.view);
    stage.character("h");
    stage.sees("이번만 이미지 표시");
    stage.sees("pay@navercorp.example");
    stage.character("ㅗ");
    stage.sees_not("이번만 이미지 표시");
    stage.click("11월 결제 내역을 알려드려요");
    stage.sees("이번만 이미지 표시");
    // The next letter is seen, not what stands above it.
    stage.character("j");
    let (doc, id, _) = stage.opened();
    stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
    stage.sees_not("이번만 이미지 표시");
    // A higher window shows both.
    stage.state.window = Size::new(760.0, 640.0);
    stage.sees("이번만 이미지 표시");
}

#[test]
fn a_window_that_grows_shows_what_was_looked_at() {
    let mut stage = in_window(506.0, 400.0);
    open_first(&mut stage);
    stage.state.window = Size::new(1280.0, 800.0);
    stage.sees("11월 결제 내역을 알려드려요");
    stage.sees("letter 1");
    stage.sees("모아보기");
}
