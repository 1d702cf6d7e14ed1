//! The window is closed while letters are on their way, or wait for their writer.

use super::leaving::{exits, full, gives, late, quits, said, typed};
use super::outbox::out;
use super::{DRAFT, OUT, addressed, begun, kept, looked_through, sends, wanted, writing};
use crate::window_stage::Stage;
use goyo::engine::protocol::{Command, Event, Start};
use goyo::gui::screen::compose::Message as Compose;
use goyo::gui::screen::mail::{Action, Due, Message, Read};
use goyo::model::{Delivered, Draft, DraftId};

fn subject(stage: &Stage) -> &str {
    &stage.state.writing.as_ref().expect("a letter is written").subject
}

fn new_letter(stage: &mut Stage) -> u32 {
    stage.send(Message::WriteWanted(Start::New(None, Vec::new())));
    wanted(stage).0
}

#[test]
fn a_letter_that_came_back_is_not_lost_when_yet_another_is_begun() {
    let mut stage = typed();
    let second = new_letter(&mut stage);
    stage.happens(Event::DraftNotSaved(DRAFT, full()));
    let third = new_letter(&mut stage);
    assert!(third != second && stage.state.writing.as_ref().unwrap().id == third);
    // Its writer is reminded of it, and it is there when the other is left.
    stage.sees("이어서 쓰기");
    stage.send(Message::Compose(Compose::Left));
    assert_eq!(subject(&stage), "일정!");
}

#[test]
fn a_letter_that_is_wanted_back_comes_although_another_waits_for_its_writer() {
    let mut stage = typed();
    // Another is thrown away, and a third begun, before the first turns out not to be kept.
    let thrown = new_letter(&mut stage);
    let mut other = writing(Draft { subject: "다른".into(), ..addressed() });
    other.row.id = DraftId(8);
    stage.happens(Event::Writing(thrown, Ok(Box::new(other))));
    stage.send(Message::Compose(Compose::Discarded));
    new_letter(&mut stage);
    stage.happens(Event::DraftNotSaved(DRAFT, full()));
    stage.send(Message::WritingWanted(thrown));
    assert_eq!(subject(&stage), "다른");
    // The first has its turn, and nothing is waited for in vain when the window is closed.
    stage.send(Message::CloseWanted);
    assert_eq!(subject(&stage), "일정!");
    stage.send(Message::CloseWanted);
    kept(&mut stage);
    assert!(quits(&stage));
}

#[test]
fn a_letter_that_was_sent_is_not_cancelled_by_closing_twice_or_by_waiting() {
    let closing = || {
        let mut stage = begun(addressed());
        stage.click("보내기");
        stage.send(Message::CloseWanted);
        stage.send(Message::CloseWanted);
        said(&mut stage);
        stage.sees("보내는 중인 메일을 마저 보내고 닫을게요.");
        stage.sees_not("지금 닫기");
        stage.send(Message::CloseWanted);
        assert!(!exits(&stage) && !quits(&stage));
        late(&mut stage);
        assert!(!exits(&stage));
        stage.sees("메일 1통을 아직 보내지 못했어요. 지금 닫으면 보내지 않고 임시보관함에 남아요.");
        stage
    };
    let mut stage = closing();
    kept(&mut stage);
    looked_through(&mut stage, Vec::new());
    stage.happens(Event::Given(DRAFT, Ok((OUT, 0))));
    assert!(gives(&stage) && quits(&stage) && !exits(&stage));
    stage.sees("보내는 중인 메일을 마저 보내고 닫을게요.");
    // The user's word is enough.
    let mut stage = closing();
    stage.click("그래도 닫기");
    assert!(exits(&stage));
    // An engine that is gone gives nothing away.
    let mut stage = begun(addressed());
    stage.click("보내기");
    stage.send(Message::CloseWanted);
    stage.happens(Event::Ended);
    assert!(!exits(&stage));
    stage.click("그래도 닫기");
    assert!(exits(&stage));
}

#[test]
fn a_double_click_closes_no_sooner_than_it_is_said() {
    let mut stage = Stage::with_rows(1);
    stage.send(Message::CloseWanted);
    stage.send(Message::CloseWanted);
    assert!(quits(&stage) && !exits(&stage));
    said(&mut stage);
    stage.click("지금 닫기");
    assert!(exits(&stage));
}

#[test]
fn what_was_to_come_of_a_closing_that_was_given_up_means_nothing_for_the_next() {
    let mut stage = typed();
    stage.send(Message::CloseWanted);
    let dues = |stage: &Stage| -> Vec<Due> {
        let due = |action: &Action| match action {
            Action::Later(due @ (Due::Closing(_) | Due::Closed(_)), _) => Some(*due),
            _ => None,
        };
        stage.actions.iter().filter_map(due).collect()
    };
    let old = dues(&stage);
    stage.happens(Event::DraftNotSaved(DRAFT, full()));
    assert!(stage.state.writing.is_some());
    stage.send(Message::CloseWanted);
    kept(&mut stage);
    assert!(quits(&stage) && dues(&stage).len() > old.len());
    for due in old {
        stage.send(Message::Due(due));
    }
    assert!(!exits(&stage));
    stage.sees_not("저장하고 닫는 중이에요.");
    late(&mut stage);
    assert!(exits(&stage));
}

/// A letter is in its ten seconds, and the window is closed; the engine has ended, and this
/// became of the letter.
fn closed_over(state: Delivered) -> Stage {
    let mut stage = begun(addressed());
    sends(&mut stage, Vec::new());
    stage.happens(Event::Given(DRAFT, Ok((OUT, 0))));
    stage.send(Message::CloseWanted);
    stage.happens(Event::Ended);
    assert!(!exits(&stage));
    assert!(matches!(stage.reads().last(), Some(Read::Outbox(_))));
    let letter = out(state, None);
    let waits = if state == Delivered::Sent { Vec::new() } else { vec![letter.clone()] };
    stage.send(Message::OutboxRead(Ok((waits, vec![letter]))));
    stage
}

#[test]
fn the_window_says_what_has_not_gone_and_closes_on_the_users_word() {
    assert!(exits(&closed_over(Delivered::Sent)));
    for (state, told) in [
        (Delivered::Retry, "메일 1통을 아직 보내지 못했어요. 고요를 다시 켜면 이어서 보내요."),
        (Delivered::Queued, "메일 1통을 아직 보내지 못했어요. 고요를 다시 켜면 이어서 보내요."),
        (
            Delivered::Failed,
            "메일 1통은 보내지 못했거나, 보냈는지 알 수 없어요. 고요를 다시 켜서 보낼편지함을 확인해 주세요.",
        ),
    ] {
        let mut stage = closed_over(state);
        stage.sees(told);
        stage.sees_not("보내기 취소");
        assert!(!exits(&stage), "{state:?}");
        stage.click("그래도 닫기");
        assert!(exits(&stage), "{state:?}");
    }
    // A letter that was waiting for its next try before was promised nothing.
    let mut stage = Stage::with_rows(1);
    stage.send(Message::OutboxRead(Ok((vec![out(Delivered::Retry, None)], Vec::new()))));
    stage.send(Message::CloseWanted);
    stage.happens(Event::Ended);
    assert!(exits(&stage));
}

#[test]
fn an_engine_that_does_not_end_is_no_reason_to_say_nothing() {
    let mut stage = begun(addressed());
    sends(&mut stage, Vec::new());
    stage.happens(Event::Given(DRAFT, Ok((OUT, 0))));
    stage.send(Message::CloseWanted);
    late(&mut stage);
    assert!(!exits(&stage));
    stage.send(Message::OutboxRead(Ok((vec![out(Delivered::Retry, None)], Vec::new()))));
    stage.sees("메일 1통을 아직 보내지 못했어요. 고요를 다시 켜면 이어서 보내요.");
}

#[test]
fn keys_do_nothing_to_what_lies_under_a_closing_window() {
    let mut stage = Stage::in_folder("INBOX", 3);
    stage.send(Message::CloseWanted);
    said(&mut stage);
    let before = stage.actions.len();
    for key in ["c", "r", "e", "s", "j", "/", "?", "z"] {
        stage.character(key);
    }
    stage.chord("k");
    stage.click_field("search");
    assert_eq!(stage.actions.len(), before, "{:?}", &stage.actions[before..]);
    assert!(stage.state.sheet.is_none());
    // But a letter is taken back.
    let mut stage = begun(addressed());
    sends(&mut stage, Vec::new());
    stage.happens(Event::Given(DRAFT, Ok((OUT, 0))));
    stage.send(Message::CloseWanted);
    said(&mut stage);
    stage.character("z");
    assert_eq!(stage.last_asked(), Some(Command::TakeBack(OUT)));
}
