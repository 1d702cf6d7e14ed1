//! Going somewhere by two keys, and the list of all keys.

use super::window_stage::Stage;
use goyo::gui::screen::mail::{Goal, Place};
use iced::keyboard::key::Named;

fn place(stage: &Stage, role: &str) -> Place {
    let folder = stage.state.folders.iter().find(|f| f.role.as_deref() == Some(role));
    Place::Folder(folder.unwrap().id)
}

#[test]
fn g_and_a_letter_go_to_a_place_in_either_script() {
    let mut stage = Stage::in_folder("INBOX", 3);
    stage.character("g");
    stage.sees("어디로 갈까요?");
    stage.character("e");
    stage.sees_not("어디로 갈까요?");
    assert_eq!(stage.state.list.place, place(&stage, "archive"));
    stage.character("ㅎ");
    stage.character("ㅑ");
    assert_eq!(stage.state.list.place, place(&stage, "inbox"));
    // From a place with keys of its own as well.
    for (key, there) in [("r", Place::Receipts), ("o", Place::Outbox), ("a", Place::All)] {
        stage.character("g");
        stage.character(key);
        assert_eq!(stage.state.list.place, there);
    }
}

#[test]
fn g_and_anything_else_go_nowhere_and_do_nothing_else() {
    let mut stage = Stage::in_folder("INBOX", 3);
    let here = stage.state.list.place;
    stage.key(Named::ArrowDown);
    let asked = stage.asked().len();
    // E alone would archive, Escape close, Q is no key at all.
    stage.character("g");
    stage.key(Named::Shift);
    stage.sees("어디로 갈까요?");
    stage.key(Named::Escape);
    stage.sees_not("어디로 갈까요?");
    stage.character("g");
    stage.character("q");
    assert_eq!((stage.state.list.place, stage.asked().len()), (here, asked));
    // While one types it is a letter.
    stage.click_field("search");
    stage.types("gt");
    assert_eq!(stage.state.search.text, "gt");
    assert_eq!(stage.state.list.place, here);
}

#[test]
fn a_place_that_is_not_there_is_not_offered() {
    let mut stage = Stage::with_rows(3);
    let here = stage.state.list.place;
    stage.character("g");
    stage.sees("받은편지함");
    stage.sees_not("임시보관함");
    stage.character("d");
    assert_eq!(stage.state.list.place, here);
    stage.send(goyo::gui::screen::mail::Message::Gone(Some(Goal::Trash)));
    assert_eq!(stage.state.list.place, here);
}

#[test]
fn a_question_mark_lists_every_key_and_escape_closes_the_list() {
    let mut stage = Stage::in_folder("INBOX", 3);
    stage.shifted("/", "?");
    stage.sees("단축키");
    stage.has("되돌리기");
    // Nothing is done to letters under the list.
    let asked = stage.asked().len();
    stage.character("e");
    assert_eq!(stage.asked().len(), asked);
    stage.key(Named::Escape);
    stage.sees_not("단축키");
}
