//! What is attached is looked at: in a sheet, or as the letter it is.

use super::{LETTER, Stage, letter};
use goyo::engine::protocol::{Command, Event, OpenError};
use goyo::gui::screen::mail::Action;
use goyo::html::worker::protocol::DocId;
use goyo::model::{LetterId, Obstacle};
use iced::keyboard::key::Named;
use std::sync::Arc;

/// With a page, a picture, something that is not looked at, a letter and a text.
fn much() -> String {
    let part = |kind: &str, name: &str, body: &str| {
        format!(
            "--b\nContent-Type: {kind}; name={name}\n\
             Content-Disposition: attachment; filename={name}\n\n{body}\n"
        )
    };
    let parts = [
        part("image/png", "a.png", "x"),
        part("application/pdf", "b.pdf", "x"),
        part("message/rfc822", "c.eml", "Subject: inside\nFrom: a@example.com\n\nhello"),
        part("text/plain", "d.txt", "x"),
    ];
    LETTER.replace("--b--\n", &format!("{}--b--\n", parts.concat()))
}

/// What was asked for last: its number, and the name of the part.
fn asked(stage: &Stage) -> (DocId, String) {
    let raw = much().replace('\n', "\r\n");
    let parsed = goyo::mime::parse(raw.as_bytes());
    match stage.last_asked() {
        Some(Command::OpenPart { doc, part, .. }) => {
            (doc, parsed.parts[part].file_name.clone().unwrap())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn attachments_are_looked_at_one_after_the_other_and_saved_from_there() {
    let mut stage = Stage::with_open(&much());
    stage.click("a.png");
    let (picture, name) = asked(&stage);
    assert_eq!(name, "a.png");
    stage.sees("불러오는 중이에요");
    let mut drawn = letter(LetterId(0), LETTER);
    drawn.letter = None;
    stage.happens(Event::Opened(picture, Arc::new(drawn)));
    stage.sees_not("불러오는 중이에요");
    // What lies under the sheet stays.
    assert_eq!(stage.state.open.as_ref().unwrap().letter.subject, "11월 결제 내역을 알려드려요");
    let painted = |command: &Command| matches!(command, Command::Paint(doc, ..) if *doc == picture);
    assert!(stage.asked().iter().any(painted));
    // It is scrolled by keys: by a line, and by a page of which something stays in sight.
    let top = |stage: &Stage| {
        let open = stage.state.preview.as_ref().unwrap().leaf.open.as_ref();
        open.unwrap().offset.y
    };
    stage.key(Named::ArrowDown);
    let line = top(&stage);
    assert!(line > 0.0);
    stage.key(Named::PageDown);
    assert!(top(&stage) > 2.0 * line);
    stage.key(Named::PageUp);
    stage.key(Named::ArrowUp);
    assert_eq!(top(&stage), 0.0);
    // The one that cannot be looked at, and the letter, are passed over.
    stage.key(Named::ArrowRight);
    let (text, name) = asked(&stage);
    assert_eq!(name, "d.txt");
    assert!(stage.asked().contains(&Command::Close(picture)));
    stage.key(Named::ArrowRight);
    assert_eq!(asked(&stage).0, text, "it is the last one");
    stage.character("s");
    assert!(matches!(stage.last(), Some(Action::Save(_, _, name)) if name == "d.txt"));
    stage.happens(Event::NotOpened(text, OpenError::Unreadable(Obstacle::Missing)));
    stage.sees("이 파일은 여기서 보여 줄 수 없어요. 저장해서 확인해 주세요.");
    stage.key(Named::Escape);
    stage.sees_not("이 파일은 여기서 보여 줄 수 없어요. 저장해서 확인해 주세요.");
    assert!(stage.asked().contains(&Command::Close(text)));
    // What cannot be looked at is saved, as ever.
    stage.click("b.pdf");
    stage.sees("다른 프로그램에서 열면 열었다는 사실이 밖으로 알려질 수 있어요.");
}

#[test]
fn what_is_looked_at_stays_where_it_is_when_it_is_said_that_it_is_saved() {
    let mut stage = Stage::with_open(&much());
    stage.click("a.png");
    let about = stage.texts().into_iter().find(|text| text.starts_with("image/png · "));
    let about = about.expect("what it is stands above it");
    let (before, _) = stage.place_of(&about);
    stage.character("s");
    stage.happens(Event::Saved("/home/minji/a.png".into()));
    stage.sees("저장했어요: /home/minji/a.png");
    assert_eq!(stage.place_of(&about).0, before);
}

#[test]
fn an_attached_letter_is_a_letter_and_has_a_way_back() {
    let mut stage = Stage::with_open(&much());
    let (outside, id) = (stage.doc(), stage.state.open.as_ref().unwrap().id.unwrap());
    stage.click("c.eml");
    let (inside, _) = asked(&stage);
    let mut within = letter(LetterId(0), "Subject: inside\nFrom: a@example.com\n\nhello\n");
    within.letter = None;
    stage.happens(Event::Opened(inside, Arc::new(within)));
    assert_eq!(stage.state.open.as_ref().unwrap().letter.subject, "inside");
    assert!(stage.asked().contains(&Command::Close(outside)));
    stage.sees("첨부된 메일을 보고 있어요");
    stage.key(Named::Escape);
    let (again, back, _) = stage.opened();
    assert_eq!(back, id);
    stage.happens(Event::Opened(again, Arc::new(letter(id, &much()))));
    stage.sees_not("첨부된 메일을 보고 있어요");
    assert_eq!(stage.doc(), again);
}

#[test]
fn an_attached_letter_that_cannot_be_read_leaves_the_one_that_is_open() {
    let mut stage = Stage::with_open(&much());
    let outside = stage.doc();
    stage.click("c.eml");
    let (inside, _) = asked(&stage);
    stage.happens(Event::NotOpened(inside, OpenError::Unreadable(Obstacle::Missing)));
    assert_eq!(stage.doc(), outside);
    stage.sees_not("첨부된 메일을 보고 있어요");
}
