//! Receipts, both ways: somebody asks for one; and the server that one's own need.

use super::{addressed, begun, saves, writing};
use crate::window_stage::{Stage, letter};
use goyo::engine::protocol::{Command, Event, NoReceipts, NotDone, Start};
use goyo::gui::screen::compose::Receipt;
use goyo::gui::screen::mail::{Action, Field, Message, Read};
use goyo::model::{Flags, LetterId, Secret};
use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};
use std::sync::Arc;

const ASKS: &str = "From: =?utf-8?B?67CV7JiB7Z2s?= <park@partner.co.kr>\n\
To: minji@naver.com\n\
Message-ID: <ask@partner.co.kr>\n\
Date: Sat, 21 Nov 2026 14:14:00 +0900\n\
Subject: =?utf-8?B?6rK97KCB?=\n\
Disposition-Notification-To: park@partner.co.kr\n\n\
hello\n";

/// A letter of an account on a server is open.
fn opened(raw: &str) -> (Stage, LetterId) {
    let mut stage = Stage::in_folder("INBOX", 1);
    stage.click("letter 0");
    let (doc, id, _) = stage.opened();
    stage.happens(Event::Opened(doc, Arc::new(letter(id, raw))));
    (stage, id)
}

fn answers(stage: &Stage) -> usize {
    stage.asked().iter().filter(|command| matches!(command, Command::AnswerReceipt { .. })).count()
}

#[test]
fn a_request_for_a_receipt_is_answered_by_the_users_word_alone_and_once() {
    let (mut stage, id) = opened(ASKS);
    stage.sees("박영희 님이 읽음 확인을 부탁했어요.");
    stage.sees(
        "보내면 park@partner.co.kr 주소로 읽었다는 사실과 시각이 전해져요. 저절로 보내지 않아요.",
    );
    // Looked at for long, counted as read, left and opened again: nobody is told.
    let doc = stage.doc();
    stage.send(Message::Due(goyo::gui::screen::mail::Due::Seen(doc)));
    assert_eq!(answers(&stage), 0);
    stage.click("보내기");
    let Some(Command::AnswerReceipt { letter: of, to, subject, words }) = stage.last_asked() else {
        panic!("{:?}", stage.last_asked())
    };
    assert_eq!((of, to.as_str(), subject.as_str()), (id, "park@partner.co.kr", "읽음: 경적"));
    assert!(words.contains("열어 보았습니다"), "{words}");
    stage.sees_not("보내지 않기");
    stage.happens(Event::ReceiptAnswered(id, Ok(true)));
    stage.sees("박영희 님에게 읽었다고 알려요.");
    assert_eq!(answers(&stage), 1);
}

#[test]
fn an_answer_that_could_not_be_given_says_why_and_can_be_tried_again() {
    let (mut stage, id) = opened(ASKS);
    stage.click("보내기");
    stage.happens(Event::ReceiptAnswered(id, Err(NotDone::NoAccount)));
    stage.click("보내기");
    assert_eq!(answers(&stage), 2);
}

#[test]
fn who_does_not_tell_is_not_asked_again() {
    let (mut stage, id) = opened(ASKS);
    stage.click("보내지 않기");
    stage.sees("박영희 님에게 읽었다고 알리지 않아요.");
    assert_eq!(answers(&stage), 0);
    let told = Command::Flag { letters: vec![id], add: Flags::MDN_SENT, remove: Flags::NONE };
    assert!(stage.asked().contains(&told));
    // The letter opened anew.
    let doc = stage.doc();
    stage.happens(Event::Opened(doc, Arc::new(letter(id, ASKS))));
    stage.sees("박영희 님의 읽음 확인 요청에는 이미 답했거나, 답하지 않기로 했어요.");
    stage.sees_not("보내지 않기");
}

#[test]
fn nobody_is_told_whom_the_window_does_not_name() {
    let asking = "Disposition-Notification-To: park@partner.co.kr\n";
    for several in [
        "Disposition-Notification-To: park@partner.co.kr, log@tracker.example\n",
        "Disposition-Notification-To: park, log@tracker.example\n",
        "Disposition-Notification-To: park@partner.co.kr\n\
         Disposition-Notification-To: log@tracker.example\n",
        // What looks like the user's own is not hidden.
        "Disposition-Notification-To: minji@naver.com, log@tracker.example\n",
    ] {
        let (mut stage, _) = opened(&ASKS.replace(asking, several));
        stage.sees("읽음 확인을 여러 주소로 보내 달라는 메일이라 답할 수 없어요. 알리지 않았어요.");
        stage.sees_not("보내지 않기");
        stage.send(Message::ReceiptDecided(true));
        assert_eq!(answers(&stage), 0, "{several}");
    }
    let (mut stage, _) = opened(&ASKS.replace(asking, "Disposition-Notification-To: park\n"));
    stage.sees("읽음 확인을 받을 주소가 올바르지 않아서 답할 수 없어요. 알리지 않았어요.");
    stage.sees_not("보내지 않기");
    // An older field that names another is not whom an answer would tell; and a long address
    // is there to its end.
    let host = format!("partner.co.kr.{}.tracker.example", ["a"; 30].join("."));
    let long =
        format!("Return-Receipt-To: lee@partner.co.kr\nDisposition-Notification-To: park@{host}\n");
    let (mut stage, _) = opened(&ASKS.replace(asking, &long));
    stage.sees(&format!(
        "보내면 park@{host} 주소로 읽었다는 사실과 시각이 전해져요. 저절로 보내지 않아요."
    ));
    stage.click("보내기");
    let Some(Command::AnswerReceipt { to, .. }) = stage.last_asked() else { panic!() };
    assert_eq!(to, format!("park@{host}"));
}

#[test]
fn there_is_nothing_to_answer_where_nothing_could_be() {
    // Of old fields only that a receipt is wanted is known.
    let old = ASKS.replace("Disposition-Notification-To", "Return-Receipt-To");
    let (mut stage, _) = opened(&old);
    stage.sees("park@partner.co.kr 님이 수신확인을 요청했어요. 알리지 않았어요.");
    stage.sees_not("보내지 않기");
    // One's own letter asks others.
    let own = ASKS.replace("To: park@partner.co.kr", "To: minji@naver.com");
    let (mut stage, _) = opened(&own);
    stage.sees_not("보내지 않기");
    stage.sees_not("minji@naver.com 님이 수신확인을 요청했어요. 알리지 않았어요.");
}

#[test]
fn a_receipt_by_picture_without_a_server_asks_for_one_and_goes_on() {
    let mut stage = begun(addressed());
    stage.click("이미지로");
    stage.sees("수신확인 서버");
    assert_eq!(stage.reads().last(), Some(&Read::ReceiptServer));
    stage.send(Message::ReceiptServerRead(None));
    stage.click_field("receipt-server");
    stage.types("https://r.kr");
    stage.click_field("receipt-key");
    stage.types("k3y");
    stage.click("정하기");
    let key = Secret::new("k3y".into());
    let Some(Command::SetReceiptServer(number, address, with)) = stage.last_asked() else {
        panic!("{:?}", stage.last_asked())
    };
    assert_eq!((address.as_str(), with), ("https://r.kr", key));
    stage.sees("확인하는 중…");
    stage.happens(Event::ReceiptServerSet(number, Err(NoReceipts::Key)));
    stage.sees("서버가 이 키를 몰라요. 서버에서 새 키를 만들어 주세요.");
    stage.click("정하기");
    let number = tried(&stage);
    stage.happens(Event::ReceiptServerSet(number, Ok(("https://r.kr".into(), None))));
    stage.sees("수신확인 서버를 정했어요.");
    assert_eq!(stage.state.writing.as_ref().unwrap().receipt(), Receipt::Picture);
    assert_eq!(saves(&mut stage).receipt.pixel.unwrap().server, "https://r.kr");
}

/// The number of the last try to name a server.
fn tried(stage: &Stage) -> u64 {
    match stage.last_asked() {
        Some(Command::SetReceiptServer(number, ..)) => number,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_late_answer_about_the_server_puts_a_picture_into_no_letter() {
    let mut stage = begun(addressed());
    let named = || Ok(("https://r.kr".into(), None));
    let name = |stage: &mut Stage| {
        stage.click("이미지로");
        stage.send(Message::ReceiptServerTyped("https://r.kr".into()));
        stage.send(Message::ReceiptKeyTyped(Secret::new("k3y".into())));
        stage.click("정하기");
        tried(stage)
    };
    let number = name(&mut stage);
    stage.click("취소");
    // Given up, and wanted again: the first answer is none to the second question.
    let again = name(&mut stage);
    assert_ne!(number, again);
    stage.happens(Event::ReceiptServerSet(number, Err(NoReceipts::Key)));
    stage.sees("확인하는 중…");
    stage.click("취소");
    stage.happens(Event::ReceiptServerSet(again, named()));
    // It is set, and said so; this letter asks nobody, and can now.
    stage.sees("수신확인 서버를 정했어요.");
    let writing = stage.state.writing.as_ref().unwrap();
    assert_eq!(writing.receipt(), Receipt::None);
    assert_eq!(writing.receipt_server.as_deref(), Some("https://r.kr"));
}

#[test]
fn the_server_that_one_letter_asked_for_is_not_used_by_another() {
    let mut stage = begun(addressed());
    stage.click("이미지로");
    stage.send(Message::ReceiptServerTyped("https://r.kr".into()));
    stage.send(Message::ReceiptKeyTyped(Secret::new("k3y".into())));
    stage.click("정하기");
    let number = tried(&stage);
    stage.send(Message::WriteWanted(Start::New(None, Vec::new())));
    let id = stage.state.writing.as_ref().unwrap().id;
    stage.happens(Event::Writing(id, Ok(Box::new(writing(addressed())))));
    stage.happens(Event::ReceiptServerSet(number, Ok(("https://r.kr".into(), None))));
    assert_eq!(stage.state.writing.as_ref().unwrap().receipt(), Receipt::None);
}

#[test]
fn an_answer_that_was_given_elsewhere_is_not_said_to_go_now() {
    let (mut stage, id) = opened(ASKS);
    stage.click("보내기");
    stage.happens(Event::ReceiptAnswered(id, Ok(false)));
    stage.sees("박영희 님의 읽음 확인 요청에는 이미 답했거나, 답하지 않기로 했어요.");
    stage.sees_not("박영희 님에게 읽었다고 알려요.");
}

#[test]
fn the_list_says_since_when_the_server_cannot_be_asked() {
    let mut stage = Stage::with_rows(1);
    stage.click("수신확인");
    let at = 1_795_239_000;
    stage.happens(Event::ReceiptsAsked(Some((at, NoReceipts::Away))));
    let said = "오후 2:30부터 수신확인 서버에 연결하지 못하고 있어요. 서버에 연결할 수 없어요.";
    stage.sees(said);
    // It is told anew: it is still since then.
    stage.happens(Event::ReceiptsAsked(Some((at + 600, NoReceipts::Away))));
    stage.sees(said);
    stage.happens(Event::ReceiptsAsked(None));
    stage.sees_not(said);
}

#[test]
fn an_account_that_has_no_folders_yet_is_there_and_nothing_is_to_be_imported() {
    let mut stage = Stage::in_folder("INBOX", 0);
    stage.send(Message::Folders(Ok(Vec::new())));
    stage.sees("minji@naver.com");
    let last = stage.reads().into_iter().rfind(|read| matches!(read, Read::Page(..)));
    let Some(Read::Page(generation, _, 0)) = last else { panic!() };
    stage.send(Message::Page(generation, 0, Ok((Vec::new(), 0))));
    stage.sees("메일이 오면 여기에 보여요.");
}

#[test]
fn keys_over_the_form_of_a_receipt_server_do_nothing_to_the_letter_beneath() {
    let mut stage = begun(addressed());
    stage.click("이미지로");
    stage.send(Message::ReceiptServerRead(None));
    let before = stage.asked().len();
    let (ctrl, shift) = (Modifiers::COMMAND, Modifiers::SHIFT);
    for name in ["receipt-server", "receipt-key"] {
        stage.in_field(name, Key::Character("d".into()), ctrl | shift);
        stage.in_field(name, Key::Named(Named::Enter), ctrl);
        stage.in_field(name, Key::Character("k".into()), ctrl);
        stage.in_field(name, Key::Character("s".into()), ctrl);
    }
    assert_eq!(stage.asked().len(), before, "{:?}", &stage.asked()[before..]);
    assert!(!stage.actions.contains(&Action::Focus(Field::Search)));
    let written = stage.state.writing.as_ref().expect("it is there");
    assert!(written.is_writing() && written.subject == "일정");
    // The form's own keys: Tab goes to its next field, Escape closes it.
    stage.click_field("receipt-server");
    stage.types("r");
    stage.keys(&[Named::Tab, Named::Tab]);
    stage.key(Named::Escape);
    assert!(stage.state.sheet.is_none() && stage.state.writing.is_some());
    // Then the letter has its keys again.
    stage.in_field("compose-subject", Key::Character("d".into()), ctrl | shift);
    assert!(stage.state.writing.is_none());
}
