//! The menu of a place in the open letter.

use crate::window_stage::{LETTER, Stage};
use goyo::engine::protocol::{Command, Event};
use goyo::gui::screen::mail::Action;
use goyo::html::worker::protocol::{Hit, Point, Rect, Select};
use iced::keyboard::key::Named;

/// The menu is asked for there, in the window; what lies there is asked for first.
fn asked(stage: &mut Stage) -> Point {
    stage.actions.clear();
    stage.right_click_at(900.0, 500.0);
    let Some(Command::Hit(doc, at)) = stage.last_asked() else { panic!("{:?}", stage.actions) };
    assert_eq!(doc, stage.doc());
    at
}

/// The menu of a place where there is text, and this link.
fn opened(stage: &mut Stage, link: Option<u32>) {
    let at = asked(stage);
    stage.happens(Event::Hit(stage.doc(), at, Hit { link, text: true, fold: None }));
}

#[test]
fn a_link_is_copied_without_what_tells_and_nothing_is_opened() {
    let mut stage = Stage::with_open(LETTER);
    let at = asked(&mut stage);
    stage.sees_not("주소 복사");
    // What lies elsewhere, where the pointer was before, is no answer.
    stage.happens(Event::Hit(stage.doc(), (1.0, 1.0), Hit::default()));
    stage.sees_not("모두 선택");
    stage.happens(Event::Hit(stage.doc(), at, Hit { link: Some(0), text: true, fold: None }));
    stage.sees("링크 열기…");
    stage.click("주소 복사");
    assert_eq!(stage.last(), Some(Action::Copy("http://evil.example/login?a=1".into())));
    stage.sees_not("링크 열기…");
    assert!(stage.actions.iter().all(|action| !matches!(action, Action::Visit(_))));
}

#[test]
fn where_a_link_leads_is_asked_before_it_is_opened() {
    let mut stage = Stage::with_open(LETTER);
    opened(&mut stage, Some(0));
    stage.key(Named::ArrowDown);
    stage.key(Named::Enter);
    stage.sees("이 링크를 열까요?");
    assert!(stage.actions.iter().all(|action| !matches!(action, Action::Visit(_))));
}

#[test]
fn what_is_selected_is_copied_and_all_of_it_selected() {
    let mut stage = Stage::with_open(LETTER);
    opened(&mut stage, None);
    stage.sees_not("링크 열기…");
    stage.click("모두 선택");
    assert_eq!(stage.last_asked(), Some(Command::Select(stage.doc(), Select::All)));
    let rect = Rect { x: 1.0, y: 2.0, width: 29.0, height: 14.0 };
    stage.happens(Event::Selection(stage.doc(), vec![rect], "총 12건".into()));
    // What is selected stays so while the menu is asked for.
    opened(&mut stage, None);
    stage.click("복사");
    assert_eq!(stage.last(), Some(Action::Copy("총 12건".into())));
}

#[test]
fn a_number_the_letter_does_not_have_is_no_link() {
    let mut stage = Stage::with_open(LETTER);
    opened(&mut stage, Some(99));
    stage.sees("모두 선택");
    stage.sees_not("링크 열기…");
}
