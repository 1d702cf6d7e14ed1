//! A letter that is left, thrown away, or being written when the window is closed: its writer
//! is told what became of it, and nothing of it is lost.

use super::{DRAFT, OUT, VERSION, addressed, begun, edits, kept, looked_through, sends, wanted};
use crate::window_stage::Stage;
use goyo::engine::protocol::{Command, Event, NotDone, Start, When};
use goyo::gui::screen::compose::Message as Compose;
use goyo::gui::screen::mail::{Action, Due, Message, Place};
use goyo::model::Obstacle;
use goyo::privacy::preflight::Finding;

const FULL: &str =
    "메일 저장소를 읽거나 쓰지 못했어요. 디스크에 자리가 없어요. 자리를 비우고 다시 해 주세요.";

pub(super) fn full() -> NotDone {
    NotDone::Store(Obstacle::Full)
}

/// A letter with words that are not kept yet.
pub(super) fn typed() -> Stage {
    let mut stage = begun(addressed());
    stage.click_field("compose-subject");
    stage.types("!");
    stage
}

pub(super) fn quits(stage: &Stage) -> bool {
    stage.asked().contains(&Command::Quit)
}

pub(super) fn gives(stage: &Stage) -> bool {
    stage.asked().iter().any(|command| matches!(command, Command::Give(..)))
}

pub(super) fn exits(stage: &Stage) -> bool {
    stage.actions.contains(&Action::Exit)
}

/// The time after which closing is said.
pub(super) fn said(stage: &mut Stage) {
    let due = last_due(stage, |due| matches!(due, Due::Closing(_)));
    stage.send(Message::Due(due));
}

/// The time after which the window waits no more.
pub(super) fn late(stage: &mut Stage) {
    let due = last_due(stage, |due| matches!(due, Due::Closed(_)));
    stage.send(Message::Due(due));
}

fn last_due(stage: &Stage, which: impl Fn(&Due) -> bool) -> Due {
    let mut dues = stage.actions.iter().filter_map(|action| match action {
        Action::Later(due, _) => Some(*due),
        _ => None,
    });
    dues.rfind(which).expect("it is to come")
}

#[test]
fn the_window_closes_when_the_engine_has_ended() {
    let mut stage = Stage::with_rows(1);
    stage.send(Message::CloseWanted);
    assert!(quits(&stage) && !exits(&stage));
    stage.happens(Event::Ended);
    assert!(exits(&stage));

    // Without an engine there is nothing to wait for.
    let mut stage = Stage::with_rows(1);
    stage.happens(Event::Ended);
    assert!(!exits(&stage));
    stage.send(Message::CloseWanted);
    assert!(exits(&stage));
}

#[test]
fn what_is_being_written_is_kept_before_the_window_closes() {
    let mut stage = typed();
    stage.send(Message::CloseWanted);
    let asked = stage.asked();
    let [Command::SaveDraft(DRAFT, _, draft, _), Command::PutAway(DRAFT)] =
        &asked[asked.len() - 2..]
    else {
        panic!("{asked:?}")
    };
    assert_eq!(draft.subject, "일정!");
    assert!(!quits(&stage));
    kept(&mut stage);
    assert_eq!(stage.last_asked(), Some(Command::Quit));
    stage.sees_not("저장하고 닫는 중이에요.");
    said(&mut stage);
    stage.sees("저장하고 닫는 중이에요.");
    assert!(!exits(&stage));
    late(&mut stage);
    assert!(exits(&stage));
}

#[test]
fn what_could_not_be_kept_stays_in_the_window_that_was_to_be_closed() {
    let mut stage = typed();
    stage.send(Message::CloseWanted);
    stage.happens(Event::DraftNotSaved(DRAFT, full()));
    assert!(!quits(&stage) && !exits(&stage));
    assert_eq!(stage.state.writing.as_ref().unwrap().subject, "일정!");
    stage.sees(FULL);
    // Its time comes: it is not closed any more.
    late(&mut stage);
    assert!(!exits(&stage));
    // There is room again.
    stage.send(Message::CloseWanted);
    kept(&mut stage);
    assert!(quits(&stage));
}

#[test]
fn a_letter_that_is_being_sent_goes_before_the_window_does_and_that_is_said() {
    let mut stage = begun(addressed());
    sends(&mut stage, Vec::new());
    stage.happens(Event::Given(DRAFT, Ok((OUT, 0))));
    stage.send(Message::CloseWanted);
    assert_eq!(stage.last_asked(), Some(Command::Quit));
    said(&mut stage);
    stage.sees("보내는 중인 메일을 마저 보내고 닫을게요.");
    stage.character("c");
    assert!(stage.state.writing.is_none(), "nothing is begun in a window that closes");
    // It can still be taken back; it is not written on in a window that closes.
    stage.click("보내기 취소");
    assert_eq!(stage.last_asked(), Some(Command::TakeBack(OUT)));
    stage.happens(Event::TakenBack(OUT, Ok(DRAFT)));
    assert!(stage.state.writing.is_none());
    // Asked for a second time it goes at once.
    stage.click("지금 닫기");
    assert!(exits(&stage));
}

#[test]
fn a_letter_that_is_looked_through_when_the_window_is_closed_is_sent_all_the_same() {
    let mut stage = begun(addressed());
    stage.click("보내기");
    stage.send(Message::CloseWanted);
    assert!(!quits(&stage));
    kept(&mut stage);
    looked_through(&mut stage, vec![Finding::Time(None)]);
    assert_eq!(stage.last_asked(), Some(Command::Give(DRAFT, When::After(10), VERSION)));
    assert!(!quits(&stage));
    stage.happens(Event::Given(DRAFT, Ok((OUT, 0))));
    assert_eq!(stage.last_asked(), Some(Command::Quit));
}

#[test]
fn what_is_asked_before_a_letter_goes_keeps_the_window_open() {
    let mut stage = begun(addressed());
    stage.click("보내기");
    stage.send(Message::CloseWanted);
    kept(&mut stage);
    looked_through(&mut stage, vec![Finding::AttachmentForgotten("첨부".into())]);
    assert!(!quits(&stage) && !gives(&stage));
    stage.sees("보내기 전에 확인해 주세요");
    // Closed over the question: that is no yes.
    stage.send(Message::CloseWanted);
    assert!(!gives(&stage) && quits(&stage));
}

#[test]
fn a_letter_that_is_left_while_it_is_looked_through_goes_and_can_be_taken_back() {
    let mut stage = typed();
    stage.click("보내기");
    stage.send(Message::PlaceChosen(Place::Starred));
    assert!(stage.state.writing.is_none());
    assert!(!stage.asked().contains(&Command::PutAway(DRAFT)));
    kept(&mut stage);
    stage.sees_not("임시보관함에 두었어요.");
    looked_through(&mut stage, Vec::new());
    assert!(gives(&stage));
    stage.happens(Event::Given(DRAFT, Ok((OUT, 0))));
    stage.sees("곧 보내요. 10초 안에 취소할 수 있어요.");
    stage.character("z");
    assert_eq!(stage.last_asked(), Some(Command::TakeBack(OUT)));
}

#[test]
fn a_letter_that_was_left_and_cannot_go_comes_back() {
    let refused = |event: Event| {
        let mut stage = typed();
        stage.click("보내기");
        stage.send(Message::PlaceChosen(Place::Starred));
        stage.happens(event);
        let writing = stage.state.writing.as_ref().expect("it is back");
        assert_eq!(writing.subject, "일정!");
        stage.sees(FULL);
        assert!(!gives(&stage));
    };
    refused(Event::DraftNotSaved(DRAFT, full()));
    refused(Event::NotLookedThrough(DRAFT, full()));
    refused(Event::Given(DRAFT, Err(full())));
    // Something else that fails at that moment is not about it.
    let mut stage = typed();
    stage.click("보내기");
    stage.happens(Event::Failed(full()));
    assert!(!stage.state.writing.as_ref().unwrap().is_writing());
    kept(&mut stage);
    looked_through(&mut stage, Vec::new());
    assert!(gives(&stage));
}

#[test]
fn a_letter_that_could_not_be_kept_is_told_of_while_another_is_written() {
    let mut stage = typed();
    stage.send(Message::WriteWanted(Start::New(None, Vec::new())));
    let (id, _) = wanted(&stage);
    stage.happens(Event::DraftNotSaved(DRAFT, full()));
    assert_eq!(stage.state.writing.as_ref().unwrap().id, id);
    stage.sees(&format!("쓰던 메일을 저장하거나 보내지 못했어요. {FULL}"));
    stage.click("이어서 쓰기");
    assert_eq!(stage.state.writing.as_ref().unwrap().subject, "일정!");
    // It is kept with the next change.
    let before = stage.asked().len();
    stage.send(Message::Compose(Compose::Saved));
    kept(&mut stage);
    let _ = before;
    assert!(stage.state.writing.as_ref().unwrap().is_saved());
}

#[test]
fn a_question_about_a_letter_that_was_left_is_told_of_while_another_is_written() {
    let mut stage = begun(addressed());
    stage.click("보내기");
    stage.send(Message::WriteWanted(Start::New(None, Vec::new())));
    kept(&mut stage);
    looked_through(&mut stage, vec![Finding::AttachmentForgotten("첨부".into())]);
    stage.sees("확인할 것이 있어서 아직 보내지 않은 메일이 있어요.");
    // It has its turn when the other is left, too.
    stage.send(Message::Compose(Compose::Left));
    stage.sees("보내기 전에 확인해 주세요");
    stage.click("그대로 보내기");
    assert!(gives(&stage));
}

#[test]
fn a_file_that_cannot_be_added_brings_a_letter_back_that_was_left() {
    let mut stage = begun(addressed());
    stage.send(Message::Compose(Compose::FileDropped("/nowhere/계약서.pdf".into())));
    stage.send(Message::PlaceChosen(Place::Starred));
    kept(&mut stage);
    stage.sees_not("임시보관함에 두었어요.");
    let failed = vec![("/nowhere/계약서.pdf".into(), NotDone::NoFile)];
    stage.happens(Event::Files(DRAFT, Vec::new(), failed));
    assert_eq!(stage.state.writing.as_ref().unwrap().failed.len(), 1);
}

#[test]
fn a_letter_that_is_thrown_away_can_be_wanted_back() {
    let mut stage = typed();
    let id = stage.state.writing.as_ref().unwrap().id;
    stage.send(Message::Compose(Compose::Discarded));
    stage.sees("버렸어요.");
    let gone = Command::Discard(DRAFT);
    assert!(!stage.asked().contains(&gone));
    stage.click("되돌리기");
    assert_eq!(stage.state.writing.as_ref().unwrap().subject, "일정!");
    stage.send(Message::Due(Due::Discard(id)));
    assert!(!stage.asked().contains(&gone));
    // What is typed then is kept as before.
    kept(&mut stage);
    stage.types("?");
    assert!(stage.later(Due::Compose(goyo::gui::screen::compose::Due::Save(id))));
    assert_eq!(super::saves(&mut stage).subject, "일정!?");

    stage.send(Message::Compose(Compose::Discarded));
    stage.character("z");
    assert!(stage.state.writing.is_some());
    stage.send(Message::Compose(Compose::Discarded));
    stage.send(Message::Due(Due::Discard(id)));
    assert_eq!(stage.last_asked(), Some(gone.clone()));

    // The window is closed: it is thrown away as it was to be.
    let mut stage = typed();
    stage.send(Message::Compose(Compose::Discarded));
    stage.send(Message::CloseWanted);
    let asked = stage.asked();
    assert_eq!(asked[asked.len() - 2..], [gone, Command::Quit]);
}

#[test]
fn a_chance_to_take_a_letter_back_outlasts_what_else_is_said() {
    let mut stage = begun(addressed());
    sends(&mut stage, Vec::new());
    stage.happens(Event::Given(DRAFT, Ok((OUT, 0))));
    stage.send(Message::Copied("x".into()));
    stage.sees("복사했어요");
    stage.sees("곧 보내요. 10초 안에 취소할 수 있어요.");
    stage.click("보내기 취소");
    assert_eq!(stage.last_asked(), Some(Command::TakeBack(OUT)));
    assert_eq!(edits(&stage), 0);
}
