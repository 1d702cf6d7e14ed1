//! What hands do beside typing: syllables that are begun, and the keyboard instead of the
//! mouse.

use super::{DRAFT, OUT, addressed, begun, edits};
use crate::window_stage::{Stage, Then};
use goyo::engine::protocol::{Command, Event, When};
use goyo::model::{Draft, DraftBody};
use goyo::privacy::preflight::Finding;
use iced::keyboard::key::Named;

/// The draft that was given to the store before anything else was asked.
fn saved(stage: &Stage) -> Draft {
    super::saved(stage)
}

#[test]
fn a_syllable_that_is_begun_is_part_of_the_letter_that_is_sent_left_or_closed_over() {
    let sent = |stage: &Stage| {
        let asked = stage.asked();
        let save = asked.iter().position(|c| matches!(c, Command::SaveDraft(..))).unwrap();
        let look = asked.iter().rposition(|c| *c == Command::Preflight(DRAFT, edits(stage)));
        assert!(look.is_some_and(|look| save < look), "{asked:?}");
    };
    let mut stage = begun(addressed());
    stage.begins("compose-subject", "글", Then::Clicks("보내기"));
    assert_eq!(saved(&stage).subject, "일정글");
    sent(&stage);

    let mut stage = begun(addressed());
    stage.begins("compose-body", "한", Then::Clicks("보내기"));
    assert_eq!(saved(&stage).body, DraftBody::Marked("한".into()));
    sent(&stage);

    let mut stage = begun(addressed());
    stage.begins("compose-subject", "글", Then::Presses(Named::Escape));
    assert_eq!(saved(&stage).subject, "일정글");
    assert_eq!(stage.last_asked(), Some(Command::PutAway(DRAFT)));

    // Another field: it stays where it was begun.
    let mut stage = begun(addressed());
    stage.begins("compose-subject", "글", Then::Presses(Named::Tab));
    assert_eq!(stage.state.writing.as_ref().unwrap().subject, "일정글");
    assert_eq!(stage.state.writing.as_ref().unwrap().body.text().trim(), "");

    let mut stage = begun(addressed());
    stage.begins("compose-subject", "글", Then::Closes);
    assert_eq!(stage.state.writing.as_ref().unwrap().subject, "일정글");
}

#[test]
fn a_syllable_that_the_input_method_finishes_itself_is_there_once() {
    let mut stage = begun(addressed());
    stage.begins("compose-subject", "글", Then::Finishes("글"));
    assert_eq!(saved(&stage).subject, "일정글");
}

#[test]
fn every_button_of_a_letter_can_be_pressed_by_key() {
    let tabs = |count: usize| vec![Named::Tab; count];
    // To, subject, words; then the buttons from the top: throw away, close, later, send.
    for (buttons, key, wanted) in
        [(4, Named::Enter, true), (4, Named::Space, true), (2, Named::Space, false)]
    {
        let mut stage = begun(addressed());
        let mut keys = tabs(3 + buttons);
        keys.push(key);
        stage.keys(&keys);
        let sends =
            stage.asked().iter().any(|c| matches!(c, Command::Preflight(_, edits) if *edits > 0))
                || !stage.state.writing.as_ref().is_some_and(|w| w.is_writing());
        assert!(sends, "{buttons} {key:?}");
        assert_eq!(stage.state.writing.is_some(), wanted, "{buttons} {key:?}");
    }
}

#[test]
fn what_is_asked_is_answered_by_key() {
    let mut stage = begun(addressed());
    super::sends(&mut stage, vec![Finding::AttachmentForgotten("첨부".into())]);
    stage.sees("보내기 전에 확인해 주세요");
    // Back is first, then the letter goes.
    stage.keys(&[Named::Tab, Named::Tab, Named::Enter]);
    assert_eq!(stage.last_asked(), Some(Command::Give(DRAFT, When::After(10), super::VERSION)));
    stage.happens(Event::Given(DRAFT, Ok((OUT, 0))));
}
