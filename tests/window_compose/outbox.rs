//! The outbox, the journey of a sent letter and the list of receipts, as a user sees them.

use super::{OUT, person, wanted};
use crate::window_stage::{LETTER, Stage, letter};
use goyo::engine::protocol::{Command, Event, Form, Reason, Start};
use goyo::gui::screen::mail::journey::Journey;
use goyo::gui::screen::mail::receipts::Line;
use goyo::gui::screen::mail::{Action, Message, Place, Read};
use goyo::model::{
    AccountId, Delivered, DraftId, Evidence, Fetcher, FetcherKind, FolderId, Hindrance, LetterId,
    OutLetter, OutRecipient, OutboxId, RecipientId, Reported, Standing, Word, standing,
};
use goyo::store::Folder;
use goyo::store::outbox::{News, ReportRow, Told};
use iced::keyboard::key::Named;
use std::sync::Arc;

/// 2026-11-21 14:30 in Seoul.
const NOW: i64 = 1_795_239_000;

pub(super) fn out(state: Delivered, word: Option<Word>) -> OutLetter {
    let recipient = OutRecipient {
        id: RecipientId(1),
        address: person("park@partner.co.kr"),
        state,
        word: word.clone(),
        at: Some(NOW),
    };
    OutLetter {
        id: OUT,
        account: AccountId(2),
        message_id: "1@naver.com".into(),
        subject: "견적 문의".into(),
        state,
        attempts: 2,
        next_attempt: Some(NOW + 120),
        word,
        queued: NOW - 60,
        not_before: NOW - 50,
        sent: (state == Delivered::Sent).then_some(NOW),
        draft: Some(DraftId(7)),
        copy: None,
        pixel: None,
        mdn: false,
        recipients: vec![recipient],
    }
}

fn said(why: Option<Hindrance>, code: u16, text: &str) -> Option<Word> {
    Some(Word { why, code: Some(code), text: text.into() })
}

/// The outbox is looked at, with this letter in it.
fn looking_at(letter: OutLetter) -> Stage {
    let mut stage = Stage::with_rows(2);
    stage.happens(Event::Outbox);
    assert_eq!(stage.reads().last(), Some(&Read::Outbox(Vec::new())));
    stage.send(Message::OutboxRead(Ok((vec![letter], Vec::new()))));
    stage.click("보낼편지함");
    assert_eq!(stage.state.list.place, Place::Outbox);
    stage
}

#[test]
fn the_outbox_is_a_place_only_while_something_is_in_it() {
    let mut stage = Stage::with_rows(2);
    stage.sees_not("보낼편지함");
    let mut stage = looking_at(out(Delivered::Queued, None));
    stage.sees("견적 문의");
    stage.sees("곧 보내요.");
    stage.send(Message::OutboxRead(Ok((Vec::new(), Vec::new()))));
    stage.sees_not("보낼편지함");
    assert_eq!(stage.state.list.place, Place::All);
}

#[test]
fn a_letter_that_is_tried_again_says_when_why_and_in_whose_words() {
    let word = said(Some(Hindrance::Refused), 451, "4.7.1 greylisted");
    let mut stage = looking_at(out(Delivered::Retry, word));
    stage.sees("오후 2:32에 다시 보내요. 지금까지 2번 시도했어요.");
    stage.sees("서버가 받아 주지 않았어요.");
    stage.sees("서버의 말: “451 4.7.1 greylisted”");
    stage.click("지금 보내기");
    assert_eq!(stage.last_asked(), Some(Command::TryAgain(OUT)));
    stage.click("보내기 취소");
    assert_eq!(stage.last_asked(), Some(Command::TakeBack(OUT)));
}

#[test]
fn what_nobody_knows_is_said_and_left_to_the_user() {
    let word = Some(Word::hindered(Hindrance::NoAnswer, "connection lost"));
    let mut stage = looking_at(out(Delivered::Unknown, word));
    stage.sees("알 수 없음");
    stage.sees(
        "서버가 이 메일을 받았는지 알 수 없어요. 메일을 다 보낸 뒤 서버의 대답을 듣지 못했어요.",
    );
    stage.sees(
        "다시 보내면 두 번 갈 수 있고, 그대로 두면 가지 않았을 수 있어요. 그래서 저절로 다시 \
         보내지 않아요.",
    );
    for (button, key, command) in [
        ("다시 보내기", "s", Command::TryAgain(OUT)),
        ("보낸 것으로 두기", "l", Command::LeaveIt(OUT)),
        ("임시보관함으로", "d", Command::TakeBack(OUT)),
    ] {
        stage.click(button);
        assert_eq!(stage.last_asked(), Some(command.clone()));
        let before = stage.asked().len();
        stage.character(key);
        assert_eq!(stage.asked().split_off(before), [command]);
    }
}

#[test]
fn keys_stay_with_the_letter_they_were_about_when_the_outbox_changes() {
    let numbered = |number: i64| OutLetter {
        id: OutboxId(number),
        subject: format!("메일 {number}"),
        ..out(Delivered::Unknown, None)
    };
    let read = |stage: &mut Stage, numbers: &[i64]| {
        let letters = numbers.iter().map(|number| numbered(*number)).collect();
        stage.send(Message::OutboxRead(Ok((letters, Vec::new()))));
    };
    let mut stage = looking_at(numbered(1));
    read(&mut stage, &[1, 2, 3]);
    stage.character("j");
    // One more comes before it.
    read(&mut stage, &[9, 1, 2, 3]);
    stage.character("s");
    assert_eq!(stage.last_asked(), Some(Command::TryAgain(OutboxId(2))));
    // It goes: its neighbour is not it.
    read(&mut stage, &[9, 1, 3]);
    let before = stage.asked().len();
    for key in ["s", "l", "d"] {
        stage.character(key);
    }
    assert_eq!(stage.asked().split_off(before), []);
    stage.character("j");
    stage.character("s");
    assert_eq!(stage.last_asked(), Some(Command::TryAgain(OutboxId(3))));
    stage.character("k");
    stage.character("l");
    assert_eq!(stage.last_asked(), Some(Command::LeaveIt(OutboxId(1))));
}

#[test]
fn the_line_that_is_looked_at_stays_so_when_the_list_of_receipts_changes() {
    let mut stage = listed();
    stage.click("still@x.kr");
    let mut lines = stage.state.receipts.lines.clone();
    lines.insert(0, line(8, "new@x.kr", Evidence::default()));
    stage.send(Message::ReceiptsRead(Ok(lines.clone())));
    assert_eq!(stage.reads().last(), Some(&Read::Sent(OutboxId(3))));
    stage.character("r");
    let Start::FollowUp(asked) = wanted(&stage).1 else { panic!("something else") };
    assert_eq!(asked.to.addr, "still@x.kr");
    stage.send(Message::Compose(goyo::gui::screen::compose::Message::Left));
    // It goes: nobody else is asked in its place.
    lines.retain(|line| line.address != "still@x.kr");
    stage.send(Message::ReceiptsRead(Ok(lines)));
    let before = stage.asked().len();
    stage.character("r");
    assert_eq!(stage.asked().split_off(before), []);
    stage.key(Named::ArrowDown);
    assert_eq!(stage.reads().last(), Some(&Read::Sent(OutboxId(4))));
}

#[test]
fn what_failed_is_fixed_and_sent_again() {
    let word = said(Some(Hindrance::Refused), 550, "5.1.1 no such user");
    let mut stage = looking_at(out(Delivered::Failed, word));
    stage.sees("보내지 못함");
    stage.click("고쳐서 다시 보내기");
    assert_eq!(stage.last_asked(), Some(Command::TakeBack(OUT)));
    stage.happens(Event::TakenBack(OUT, Ok(DraftId(7))));
    assert_eq!(wanted(&stage).1, Start::Draft(DraftId(7)));
}

#[test]
fn recipients_that_fared_differently_are_told_apart() {
    let mut letter = out(Delivered::Failed, said(None, 250, "ok"));
    letter.recipients.push(OutRecipient {
        id: RecipientId(2),
        address: person("lee@team.kr"),
        state: Delivered::Sent,
        word: said(None, 250, "2.1.5 ok"),
        at: Some(NOW),
    });
    let mut stage = looking_at(letter);
    stage.sees("lee@team.kr");
    stage.sees("보냄");
    stage.sees("250 2.1.5 ok");
}

#[test]
fn that_it_was_sent_is_said_once_the_server_has_it() {
    let mut stage = super::begun(super::addressed());
    super::sends(&mut stage, Vec::new());
    stage.happens(Event::Given(super::DRAFT, Ok((OUT, 0))));
    stage.happens(Event::Outbox);
    assert_eq!(stage.reads().last(), Some(&Read::Outbox(vec![OUT])));
    // It waits still.
    let waits = out(Delivered::Queued, None);
    stage.send(Message::OutboxRead(Ok((vec![waits.clone()], vec![waits]))));
    stage.sees("곧 보내요. 10초 안에 취소할 수 있어요.");
    let sent = out(Delivered::Sent, said(None, 250, "2.0.0 queued as 1A2B3C"));
    stage.send(Message::OutboxRead(Ok((Vec::new(), vec![sent]))));
    stage.sees("보냈어요. 250 2.0.0 queued as 1A2B3C");
    stage.happens(Event::Outbox);
    assert_eq!(stage.reads().last(), Some(&Read::Outbox(Vec::new())));
}

fn journey(standing: Standing, reports: Vec<ReportRow>) -> Journey {
    Journey {
        letter: out(Delivered::Sent, said(None, 250, "2.0.0 queued as 1A2B3C")),
        reports,
        standings: vec![standing],
        lines: vec![
            (NOW, "C: MAIL FROM:<minji@naver.com>".into()),
            (NOW, "S: 250 2.1.0 ok".into()),
            (NOW, "C: .".into()),
            (NOW, "S: 250 2.0.0 queued as 1A2B3C".into()),
        ],
    }
}

fn bounce() -> ReportRow {
    ReportRow {
        recipient: RecipientId(1),
        form: Form::Dsn,
        state: Reported::Failed,
        reason: Some(Reason::NoSuchUser),
        status: Some("5.1.1".into()),
        said: "550 5.1.1 user unknown".into(),
        at: NOW + 60,
        letter: None,
    }
}

fn bounced() -> Standing {
    standing(&Evidence { reports: vec![(Reported::Failed, NOW + 60)], ..Evidence::default() })
}

#[test]
fn a_sent_letter_tells_its_way_and_what_was_said_about_it() {
    let mut stage = Stage::in_folder("INBOX", 2);
    let sent = Folder {
        id: FolderId(11),
        account: "minji@naver.com".into(),
        path: "INBOX".into(),
        role: Some("sent".into()),
        total: 2,
        unread: 0,
        policy: None,
    };
    stage.send(Message::Folders(Ok(vec![sent])));
    stage.click("letter 0");
    let (doc, id, _) = stage.opened();
    stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
    assert!(stage.reads().contains(&Read::Journey(id)));
    stage.send(Message::JourneyRead(id, Some(Box::new(journey(bounced(), vec![bounce()])))));
    stage.sees("반송");
    stage.sees("되돌아온 메일이에요.");
    stage.character("t");
    stage.sees("보낸 메일의 경로");
    stage.sees("발신 서버 접수");
    stage.sees("11월 21일 오후 2:30 · “250 2.0.0 queued as 1A2B3C”");
    stage.sees("park@partner.co.kr: 반송");
    stage.sees("11월 21일 오후 2:31 · 없는 주소예요 · “550 5.1.1 user unknown”");
    stage.sees("MAIL FROM:<minji@naver.com>");
    stage.sees("되돌아올 주소를 말해요.");
    stage.sees("메일이 끝났다고 해요. 서버가 받았다고 대답해야 보낸 것이 돼요.");
    // More becomes known.
    let before = stage.reads().len();
    let told = |news| Told { letter: OUT, recipient: bounce().recipient, news };
    stage.happens(Event::Told(vec![told(News::CameBack), told(News::More)]));
    assert_eq!(stage.reads().split_off(before), [Read::Journey(id)]);
    assert!(matches!(stage.last(), Some(Action::NotifyTold(told)) if told.len() == 1));
}

#[test]
fn a_letter_that_was_not_sent_from_here_has_no_journey() {
    let mut stage = Stage::in_folder("INBOX", 1);
    stage.click("letter 0");
    let (doc, id, _) = stage.opened();
    stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
    assert!(!stage.reads().contains(&Read::Journey(id)));
    stage.send(Message::JourneyRead(LetterId(999), Some(Box::new(journey(bounced(), vec![])))));
    stage.sees_not("되돌아온 메일이에요.");
}

fn line(number: i64, address: &str, evidence: Evidence) -> Line {
    Line {
        letter: OutboxId(number),
        subject: format!("메일 {number}"),
        address: address.into(),
        sent: Some(NOW - 600),
        standing: standing(&evidence),
    }
}

fn listed() -> Stage {
    let fetched = |kind, service: Option<&str>| Evidence {
        pixel: true,
        fetchers: vec![Fetcher {
            kind,
            service: service.map(str::to_owned),
            first: NOW - 300,
            count: 2,
        }],
        ..Evidence::default()
    };
    let mut stage = Stage::with_rows(1);
    stage.click("수신확인");
    assert!(stage.reads().contains(&Read::Receipts));
    assert!(stage.asked().contains(&Command::AskReceipts));
    stage.send(Message::ReceiptsRead(Ok(vec![
        line(1, "read@x.kr", fetched(FetcherKind::Person, None)),
        line(2, "proxy@x.kr", fetched(FetcherKind::Proxy, Some("Gmail"))),
        line(3, "still@x.kr", Evidence { pixel: true, ..Evidence::default() }),
        line(4, "text@x.kr", Evidence::default()),
        line(
            5,
            "old@x.kr",
            Evidence { reports: vec![(Reported::Failed, NOW)], ..Evidence::default() },
        ),
    ])));
    stage
}

#[test]
fn the_list_of_receipts_says_what_is_known_and_no_more() {
    let mut stage = listed();
    stage.sees("읽음 · 오후 2:25");
    stage.sees("2회 호출");
    stage.sees("이미지 호출됨");
    stage.sees("읽지 않음");
    stage.sees("아직 확인된 것이 없어요.");
    stage.sees("확인불가");
    stage.sees("사람이 연 것으로 보여요. 끝까지 읽었다는 뜻은 아니에요.");
    assert_eq!(stage.reads().last(), Some(&Read::Sent(OutboxId(1))));
    let known = standing(&Evidence { pixel: true, ..Evidence::default() });
    stage.send(Message::ReceiptJourney(OutboxId(1), Some(Box::new(journey(known, vec![])))));
    stage.sees("발신 서버 접수");
}

#[test]
fn the_list_is_filtered_and_walked_through_by_key() {
    let mut stage = listed();
    stage.character("4");
    stage.sees("old@x.kr");
    stage.sees_not("read@x.kr");
    assert_eq!(stage.reads().last(), Some(&Read::Sent(OutboxId(5))));
    stage.character("1");
    stage.key(Named::ArrowDown);
    assert_eq!(stage.reads().last(), Some(&Read::Sent(OutboxId(2))));
    stage.click("반송");
    assert_eq!(stage.reads().last(), Some(&Read::Sent(OutboxId(5))));
}

#[test]
fn a_polite_question_is_the_next_step_where_nothing_is_known() {
    let mut stage = listed();
    stage.sees_not("확인 요청 보내기");
    stage.click("still@x.kr");
    stage.click("확인 요청 보내기");
    let Start::FollowUp(asked) = wanted(&stage).1 else { panic!("something else") };
    assert_eq!((asked.about, &asked.to), (OutboxId(3), &person("still@x.kr")));
    assert_eq!(asked.subject, "확인 부탁드려요: 메일 3");
    assert!(asked.words.contains("‘메일 3’ 메일을 보내 드렸는데"), "{}", asked.words);
    assert!(asked.words.contains('\n'));
}

#[test]
fn keys_do_nothing_to_what_lies_under_a_sheet() {
    // To a letter on its way.
    let mut stage = looking_at(out(Delivered::Retry, None));
    stage.shifted("/", "?");
    let before = stage.actions.len();
    for key in ["s", "d", "l", "j", "c", "z"] {
        stage.character(key);
    }
    assert_eq!(stage.actions.len(), before, "{:?}", &stage.actions[before..]);
    stage.key(Named::Escape);
    stage.character("s");
    assert_eq!(stage.last_asked(), Some(Command::TryAgain(OUT)));
    // To the list of receipts.
    let mut stage = listed();
    let filter = stage.state.receipts.filter;
    stage.shifted("/", "?");
    let before = stage.actions.len();
    for key in ["r", "2", "3", "k", "j"] {
        stage.character(key);
    }
    assert_eq!(stage.actions.len(), before, "{:?}", &stage.actions[before..]);
    assert_eq!(stage.state.receipts.filter, filter);
    stage.key(Named::Escape);
    stage.character("2");
    assert_ne!(stage.state.receipts.filter, filter);
}
