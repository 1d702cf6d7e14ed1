//! Who is named in a letter, and what can be done with each.

use super::{LETTER, Stage};
use goyo::engine::protocol::{Command, Event, Start};
use goyo::gui::screen::mail::{Action, Message, Place, Read};
use goyo::model::Address;
use std::sync::Arc;

/// A letter to so many, and copies.
fn to_many(stage: &mut Stage, count: usize) {
    let open = stage.state.open.as_ref().unwrap();
    let mut letter = open.letter.as_ref().clone();
    let to =
        |n: usize| Address { name: Some(format!("name {n}")), addr: format!("n{n}@b.example") };
    letter.to = (0..count).map(to).collect();
    letter.cc = vec![Address { name: None, addr: "copy@c.example".into() }];
    stage.happens(Event::Opened(stage.doc(), Arc::new(letter)));
}

#[test]
fn everybody_named_is_unfolded_by_a_key_and_by_the_line_that_counts_them() {
    let mut stage = Stage::with_open(LETTER);
    to_many(&mut stage, 3);
    stage.sees_not("n2@b.example");
    stage.character("w");
    for seen in ["pay@navercorp.example", "name 2", "n2@b.example", "copy@c.example", "참조"] {
        stage.sees(seen);
    }
    stage.character("w");
    stage.sees_not("n2@b.example");
    let line = stage.texts().into_iter().find(|text| text.contains("외 3명")).unwrap();
    stage.click(&line);
    stage.sees("n2@b.example");
}

#[test]
fn of_very_many_it_is_said_how_many_more_there_are() {
    let mut stage = Stage::with_open(LETTER);
    to_many(&mut stage, 250);
    stage.character("w");
    let texts = stage.everything();
    // The sender is one of the hundred.
    assert!(texts.iter().any(|text| text == "n98@b.example"));
    assert!(!texts.iter().any(|text| text == "n99@b.example"));
    assert!(texts.iter().any(|text| text == "외 151명"), "{texts:#?}");
}

#[test]
fn an_address_is_copied_written_to_and_searched_for() {
    let mut stage = Stage::with_open(LETTER);
    to_many(&mut stage, 2);
    stage.character("w");
    stage.click("n1@b.example");
    stage.click("주소 복사");
    assert!(stage.actions.contains(&Action::Copy("n1@b.example".into())));
    stage.sees_not("주소 복사");
    stage.click("n1@b.example");
    stage.click("이 주소에서 온 메일 찾기");
    assert_eq!(stage.state.list.place, Place::Search);
    let asked = "from:\"n1@b.example\"";
    let is_it = |read: &Read| matches!(read, Read::Search(_, question) if question == asked);
    assert!(stage.reads().iter().any(is_it), "{:?}", stage.reads());
    stage.click("copy@c.example");
    stage.click("이 주소로 메일 쓰기");
    let whom = Address { name: None, addr: "copy@c.example".into() };
    let asked = stage.asked();
    let written = asked.iter().any(|command| {
        matches!(command, Command::Write(_, Start::New(_, to), _) if *to == [whom.clone()])
    });
    assert!(written, "{asked:?}");
    stage.send(Message::MenuClosed);
}
