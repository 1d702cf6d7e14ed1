//! Writing and sending, as a user does it: what is shown, and what is asked of the engine.

mod closing;
mod hands;
mod leaving;
mod outbox;
mod receipts;

use crate::window_stage::{LETTER, Stage, letter};
use goyo::engine::protocol::{Command, ComposeError, Event, NotDone, Start, To, When, Writing};
use goyo::engine::writing::LeftOut;
use goyo::gui::screen::compose::{self, Line, Message as Compose};
use goyo::gui::screen::mail::{Action, Due, Message, Read};
use goyo::model::{
    AccountId, Address, Draft, DraftBody, DraftId, Identity, Obstacle, OutboxId, Quotation,
};
use goyo::privacy::preflight::Finding;
use goyo::store::DraftRow;
use iced::keyboard::key::Named;
use std::sync::Arc;

const DRAFT: DraftId = DraftId(7);
const OUT: OutboxId = OutboxId(31);

fn minji() -> Identity {
    let from = Address { name: Some("민지".into()), addr: "minji@naver.com".into() };
    Identity { from, ..Identity::default() }
}

fn work() -> Identity {
    let from = Address { name: None, addr: "minji@hanbit.co.kr".into() };
    Identity { from, ..Identity::default() }
}

fn person(addr: &str) -> Address {
    Address { name: None, addr: addr.into() }
}

/// A draft as the store has it, saved once.
pub fn row(id: DraftId, account: AccountId, draft: Draft) -> DraftRow {
    DraftRow {
        id,
        account,
        draft,
        files: Vec::new(),
        version: 1,
        changed: 0,
        queued: false,
        answers: None,
        copy: None,
    }
}

pub fn writing(draft: Draft) -> Writing {
    Writing {
        row: row(DRAFT, AccountId(2), Draft { identity: minji(), ..draft }),
        identities: vec![(AccountId(2), minji()), (AccountId(3), work())],
        left_out: LeftOut::default(),
        receipt_server: None,
    }
}

/// What the engine is asked to begin.
fn wanted(stage: &Stage) -> (u32, Start) {
    let wanted = stage.asked().into_iter().rev().find_map(|command| match command {
        Command::Write(id, start, _) => Some((id, start)),
        _ => None,
    });
    wanted.expect("a letter was to be written")
}

/// A letter is being written: `draft`, or an empty one.
fn begun(draft: Draft) -> Stage {
    let mut stage = Stage::with_rows(3);
    stage.character("c");
    let (id, start) = wanted(&stage);
    assert_eq!(start, Start::New(None, Vec::new()));
    stage.happens(Event::Writing(id, Ok(Box::new(writing(draft)))));
    stage
}

/// A time that was asked for comes.
fn saves(stage: &mut Stage) -> Draft {
    let id = stage.state.writing.as_ref().expect("a letter is written").id;
    stage.send(Message::Due(Due::Compose(compose::Due::Save(id))));
    saved(stage)
}

/// The draft as it was last given to the store.
fn saved(stage: &Stage) -> Draft {
    let saved = stage.asked().into_iter().rev().find_map(|command| match command {
        Command::SaveDraft(DRAFT, _, draft, _) => Some(*draft),
        _ => None,
    });
    saved.expect("it was saved")
}

fn addressed() -> Draft {
    Draft { to: vec![person("park@partner.co.kr")], subject: "일정".into(), ..Draft::default() }
}

/// The version that the engine looks through.
const VERSION: i64 = 41;

/// The number of changes that the store was last told of.
fn edits(stage: &Stage) -> u64 {
    let last = stage.asked().into_iter().rev().find_map(|command| match command {
        Command::SaveDraft(DRAFT, _, _, edits) | Command::Preflight(DRAFT, edits) => Some(edits),
        _ => None,
    });
    last.unwrap_or(0)
}

/// The engine has looked through the letter as it was asked to last.
fn looked_through(stage: &mut Stage, findings: Vec<Finding>) {
    let edits = edits(stage);
    stage.happens(Event::Preflight(DRAFT, edits, VERSION, findings));
}

/// The engine has kept the letter as it was asked to last.
fn kept(stage: &mut Stage) {
    let edits = edits(stage);
    stage.happens(Event::DraftSaved(DRAFT, edits));
}

fn sends(stage: &mut Stage, findings: Vec<Finding>) {
    stage.click("보내기");
    assert_eq!(stage.last_asked(), Some(Command::Preflight(DRAFT, edits(stage))));
    kept(stage);
    looked_through(stage, findings);
}

#[test]
fn a_letter_is_written_by_key_saved_as_it_is_typed_and_sent_with_a_chance_to_take_it_back() {
    let mut stage = begun(Draft::default());
    stage.sees("새 메일");
    stage.sees("보내는사람");
    stage.click_field("compose-to");
    stage.types("park@partner.co.kr,");
    stage.sees("park@partner.co.kr");
    stage.click_field("compose-subject");
    stage.types("회의 일정");
    stage.click_field("compose-body");
    stage.types("안녕하세요.");
    // Soon, not at each sign.
    let id = stage.state.writing.as_ref().unwrap().id;
    let due = Due::Compose(compose::Due::Save(id));
    let times = stage.actions.iter().filter_map(|action| match action {
        Action::Later(other, after) if *other == due => Some(*after),
        _ => None,
    });
    assert_eq!(times.collect::<Vec<_>>(), [compose::SAVED_WITHIN]);
    let draft = saves(&mut stage);
    assert_eq!(draft.to, [person("park@partner.co.kr")]);
    assert_eq!(draft.subject, "회의 일정");
    assert_eq!(draft.body, DraftBody::Marked("안녕하세요.".into()));
    stage.sees("저장하는 중…");
    kept(&mut stage);
    stage.sees("임시보관함에 저장됨");

    sends(&mut stage, vec![Finding::Time(None)]);
    assert_eq!(stage.last_asked(), Some(Command::Give(DRAFT, When::After(10), VERSION)));
    stage.happens(Event::Given(DRAFT, Ok((OUT, 0))));
    assert!(stage.state.writing.is_none());
    stage.sees("곧 보내요. 10초 안에 취소할 수 있어요.");
    stage.send(Message::Due(Due::Countdown(OUT)));
    stage.sees("곧 보내요. 9초 안에 취소할 수 있어요.");
    stage.click("보내기 취소");
    assert_eq!(stage.last_asked(), Some(Command::TakeBack(OUT)));
    // It is written on as it was.
    stage.happens(Event::TakenBack(OUT, Ok(DRAFT)));
    assert_eq!(wanted(&stage).1, Start::Draft(DRAFT));
}

#[test]
fn the_chance_to_take_it_back_ends_and_z_is_one_while_it_lasts() {
    let mut stage = begun(addressed());
    sends(&mut stage, Vec::new());
    stage.happens(Event::Given(DRAFT, Ok((OUT, 0))));
    stage.character("z");
    assert_eq!(stage.last_asked(), Some(Command::TakeBack(OUT)));
    stage.happens(Event::TakenBack(
        OUT,
        Err(NotDone::Outbox(goyo::store::outbox::OutboxError::TooLate(OUT))),
    ));
    stage.sees("취소할 수 없어요. 서버가 이미 받았거나 받았을 수 있어요.");

    let mut stage = begun(addressed());
    sends(&mut stage, Vec::new());
    stage.happens(Event::Given(DRAFT, Ok((OUT, 0))));
    for _ in 0..10 {
        stage.send(Message::Due(Due::Countdown(OUT)));
    }
    stage.sees_not("보내기 취소");
}

#[test]
fn a_letter_to_nobody_is_not_sent_and_says_so() {
    let mut stage = begun(Draft::default());
    stage.click("보내기");
    stage.sees("받는사람이 없어요. 받는사람, 참조, 숨은참조 가운데 한 곳에 적어 주세요.");
    assert!(!stage.asked().iter().any(|command| matches!(command, Command::Give(..))));
}

#[test]
fn what_could_not_be_saved_is_not_sent() {
    let mut stage = begun(addressed());
    stage.click_field("compose-subject");
    stage.types("!");
    stage.click("보내기");
    stage.happens(Event::DraftNotSaved(DRAFT, NotDone::Store(Obstacle::Full)));
    // The engine looked through what it had.
    looked_through(&mut stage, Vec::new());
    assert!(!stage.asked().iter().any(|command| matches!(command, Command::Give(..))));
    stage.sees(
        "메일 저장소를 읽거나 쓰지 못했어요. 디스크에 자리가 없어요. 자리를 비우고 다시 해 주세요.",
    );
    // The next try saves again.
    let before = stage.asked().len();
    stage.click("보내기");
    let again = stage.asked().split_off(before);
    assert!(
        matches!(again.as_slice(), [Command::SaveDraft(..), Command::Preflight(..)]),
        "{again:?}"
    );
}

#[test]
fn only_what_was_looked_through_as_it_stands_is_sent() {
    let mut stage = begun(addressed());
    stage.click_field("compose-subject");
    stage.types("!");
    let before = edits(&stage);
    stage.click("보내기");
    let given = |stage: &Stage| stage.asked().iter().any(|c| matches!(c, Command::Give(..)));
    // An answer of before the last words, and one about words that are not kept.
    stage.happens(Event::Preflight(DRAFT, before, VERSION - 1, Vec::new()));
    looked_through(&mut stage, Vec::new());
    assert!(!given(&stage));
    // Kept: what was asked in between is looked through again.
    kept(&mut stage);
    looked_through(&mut stage, Vec::new());
    assert_eq!(stage.last_asked(), Some(Command::Give(DRAFT, When::After(10), VERSION)));

    // What could not be kept is not taken for kept when something older was.
    let mut stage = begun(addressed());
    stage.click_field("compose-subject");
    stage.types("!");
    saves(&mut stage);
    let first = edits(&stage);
    stage.types("?");
    saves(&mut stage);
    stage.happens(Event::DraftNotSaved(DRAFT, NotDone::Store(Obstacle::Full)));
    stage.happens(Event::DraftSaved(DRAFT, first));
    stage.click("보내기");
    looked_through(&mut stage, Vec::new());
    assert!(!given(&stage));
}

#[test]
fn a_file_that_could_not_be_added_stops_the_letter_and_stays_in_sight() {
    let mut stage = begun(addressed());
    let missing = std::path::PathBuf::from("/nowhere/계약서.pdf");
    stage.send(Message::Compose(compose::Message::FileDropped(missing.clone())));
    stage.click("보내기");
    kept(&mut stage);
    let why = NotDone::Store(Obstacle::Full);
    stage.happens(Event::Files(DRAFT, Vec::new(), vec![(missing, why)]));
    looked_through(&mut stage, Vec::new());
    assert!(!stage.asked().iter().any(|command| matches!(command, Command::Give(..))));
    stage.happens(Event::Files(DRAFT, Vec::new(), Vec::new()));
    assert_eq!(stage.state.writing.as_ref().unwrap().failed.len(), 1);
    // Files over the window while it is being looked through leave nothing behind.
    stage.click("보내기");
    stage.send(Message::Compose(compose::Message::FilesOver(true)));
    stage.send(Message::Compose(compose::Message::FileDropped("/other".into())));
    assert!(!stage.state.writing.as_ref().unwrap().files_over);
}

#[test]
fn a_letter_that_cannot_be_built_says_why_and_is_written_on() {
    let mut stage = begun(addressed());
    sends(&mut stage, Vec::new());
    let why = NotDone::Letter(ComposeError::Address("park".into()));
    stage.happens(Event::Given(DRAFT, Err(why)));
    stage.sees("‘park’은(는) 메일 주소가 아니에요. name@example.com처럼 적어 주세요.");
    stage.click_field("compose-subject");
    stage.types("?");
    assert_eq!(saves(&mut stage).subject, "일정?");
}

#[test]
fn what_looks_like_a_mistake_is_asked_about_and_mended_by_one_click() {
    let mut draft = addressed();
    draft.to = vec![person("kim@gmial.com")];
    let mut stage = begun(draft);
    let mistyped =
        Finding::Mistyped { address: "kim@gmial.com".into(), meant: "kim@gmail.com".into() };
    let found = vec![mistyped, Finding::AttachmentForgotten("첨부".into()), Finding::Time(None)];
    sends(&mut stage, found);
    assert!(!stage.asked().iter().any(|command| matches!(command, Command::Give(..))));
    stage.sees("보내기 전에 확인해 주세요");
    stage.sees("kim@gmial.com — 혹시 kim@gmail.com 아닌가요?");
    stage.sees("“첨부”(이)라고 썼는데 첨부 파일이 없어요.");
    stage.sees_not("보낸 시각(세계 표준시). 시간대는 알리지 않아요.");
    stage.click("kim@gmail.com(으)로 고쳐서 보내기");
    assert_eq!(saved(&stage).to, [person("kim@gmail.com")]);
    assert_eq!(stage.last_asked(), Some(Command::Preflight(DRAFT, edits(&stage))));
    kept(&mut stage);
    // What is left is asked about again.
    looked_through(&mut stage, vec![Finding::AttachmentForgotten("첨부".into())]);
    stage.click("그대로 보내기");
    assert_eq!(stage.last_asked(), Some(Command::Give(DRAFT, When::After(10), VERSION)));
}

#[test]
fn escape_puts_the_letter_away_saved() {
    let mut stage = begun(addressed());
    stage.click_field("compose-subject");
    stage.types("!");
    stage.key(Named::Escape);
    let asked = stage.asked();
    let last = &asked[asked.len() - 2..];
    assert!(matches!(&last[0], Command::SaveDraft(DRAFT, _, draft, _) if draft.subject == "일정!"));
    assert_eq!(last[1], Command::PutAway(DRAFT));
    assert!(stage.state.writing.is_none());
    stage.sees_not("임시보관함에 두었어요.");
    kept(&mut stage);
    stage.sees("임시보관함에 두었어요.");
}

#[test]
fn a_letter_that_is_left_before_it_came_is_put_away_when_it_comes() {
    let mut stage = Stage::with_rows(1);
    stage.character("c");
    let (id, _) = wanted(&stage);
    stage.key(Named::Escape);
    stage.happens(Event::Writing(id, Ok(Box::new(writing(Draft::default())))));
    assert_eq!(stage.last_asked(), Some(Command::PutAway(DRAFT)));
    assert!(stage.state.writing.is_none());
}

#[test]
fn keys_answer_and_hand_on_the_letter_at_hand() {
    for (key, korean, start) in [
        ("r", "ㄱ", Start::Answer(goyo::model::LetterId(1), To::Author)),
        ("a", "ㅁ", Start::Answer(goyo::model::LetterId(1), To::Everybody)),
        ("f", "ㄹ", Start::Forward(goyo::model::LetterId(1))),
    ] {
        for key in [key, korean] {
            let mut stage = Stage::with_open(LETTER);
            stage.character(key);
            assert_eq!(wanted(&stage).1, start, "{key}");
        }
    }
    let mut stage = Stage::with_open(LETTER);
    stage.click("답장");
    assert!(matches!(wanted(&stage).1, Start::Answer(_, To::Author)));
}

#[test]
fn what_is_quoted_is_folded_below_and_can_be_taken_out() {
    let quotation = Quotation {
        intro: "11월 20일, 박영희 님이 씀:".into(),
        text: "네, 좋아요.\n\n내일 봬요.".into(),
        ..Quotation::default()
    };
    let mut stage = Stage::with_open(LETTER);
    stage.character("r");
    let (id, _) = wanted(&stage);
    let mut begun = writing(Draft { quotation: Some(quotation), ..addressed() });
    begun.left_out = LeftOut { references: 2, trackers: 1, links: 3 };
    stage.happens(Event::Writing(id, Ok(Box::new(begun))));
    stage.sees("답장");
    stage.sees("인용한 메일 2줄");
    stage.sees("뺀 것: 추적 1 · 외부 이미지 2 · 정리한 링크 3");
    stage.click("인용한 메일 2줄");
    stage.sees("11월 20일, 박영희 님이 씀:\n네, 좋아요.\n\n내일 봬요.");
    stage.click("빼기");
    stage.sees_not("인용한 메일 2줄");
    assert_eq!(saves(&mut stage).quotation, None);
}

#[test]
fn addresses_are_suggested_and_taken_by_key() {
    let mut stage = begun(Draft::default());
    stage.click_field("compose-to");
    stage.types("pa");
    assert!(stage.reads().contains(&Read::Addresses("pa".into())));
    let found = vec![person("park@partner.co.kr"), person("paul@example.com")];
    // An answer to what was typed before is none.
    stage.send(Message::Compose(Compose::Suggested("p".into(), found.clone())));
    assert!(stage.state.writing.as_ref().unwrap().suggested.as_ref().unwrap().1.is_empty());
    stage.send(Message::Compose(Compose::Suggested("pa".into(), found)));
    stage.key(Named::ArrowDown);
    stage.key(Named::Enter);
    assert_eq!(saves(&mut stage).to, [person("paul@example.com")]);
}

#[test]
fn a_wrong_address_is_marked_and_taken_out_by_backspace() {
    let mut stage = begun(Draft::default());
    stage.click_field("compose-to");
    stage.types("a@x.kr;nobody;");
    assert_eq!(saves(&mut stage).to, [person("a@x.kr"), person("nobody")]);
    // It is not even tried to send it there.
    let before = stage.asked().len();
    stage.click("보내기");
    stage.sees("‘nobody’은(는) 메일 주소가 아니에요. name@example.com처럼 적어 주세요.");
    assert!(!stage.asked().split_off(before).iter().any(|c| matches!(c, Command::Preflight(..))));
    stage.send(Message::Compose(Compose::PeopleTyped(Line::To, String::new())));
    assert_eq!(saves(&mut stage).to, [person("a@x.kr")]);
}

#[test]
fn the_letter_is_looked_at_as_its_reader_gets_it() {
    let mut stage = begun(addressed());
    stage.click("미리보기");
    let Some(Command::OpenDraft(doc, DRAFT, _)) = stage.last_asked() else { panic!() };
    let mut opened = letter(goyo::model::LetterId(0), LETTER);
    opened.letter = None;
    stage.happens(Event::Opened(doc, Arc::new(opened)));
    assert!(stage.state.open.is_none(), "it is no letter of the list");
    let painted = stage.asked().iter().any(|c| matches!(c, Command::Paint(of, 0, _) if *of == doc));
    assert!(painted);
    stage.click("쓰기");
    assert_eq!(stage.last_asked(), Some(Command::Close(doc)));
}

#[test]
fn a_letter_is_sent_later_at_a_time_that_is_typed() {
    let mut stage = begun(addressed());
    stage.click("예약 발송");
    stage.sees("1시간 뒤");
    stage.sees("내일 오전 9:00");
    stage.click_field("compose-later");
    stage.types("11월 23일 오후 2:30");
    stage.click("11월 23일 오후 2:30에 보내기");
    looked_through(&mut stage, Vec::new());
    let at = 1_795_239_000 + 2 * 86_400;
    assert_eq!(stage.last_asked(), Some(Command::Give(DRAFT, When::At(at), VERSION)));
    stage.happens(Event::Given(DRAFT, Ok((OUT, at))));
    stage.sees("11월 23일 오후 2:30에 보낼게요.");
    stage.click("보내기 취소");
    assert_eq!(stage.last_asked(), Some(Command::TakeBack(OUT)));
}

#[test]
fn receipts_are_off_and_a_picture_needs_a_server() {
    let mut stage = begun(addressed());
    stage.sees("이미지로 확인하려면 수신확인 서버가 필요해요.");
    stage.click("상대의 응답으로");
    let draft = saves(&mut stage);
    assert!(draft.receipt.mdn && draft.receipt.pixel.is_none());

    let mut stage = Stage::with_rows(1);
    stage.character("c");
    let (id, _) = wanted(&stage);
    let mut begun = writing(addressed());
    begun.receipt_server = Some("https://receipts.example".into());
    stage.happens(Event::Writing(id, Ok(Box::new(begun))));
    stage.click("이미지로");
    let pixel = saves(&mut stage).receipt.pixel.unwrap();
    assert_eq!(pixel.server, "https://receipts.example");
    assert_eq!(
        pixel.notice,
        "이 메일은 수신확인을 요청합니다. 이미지를 표시하면 보낸 사람이 연 시각을 알 수 있습니다."
    );
    stage.click("요청 안 함");
    assert_eq!(saves(&mut stage).receipt, goyo::model::ReceiptChoice::default());
}

#[test]
fn another_identity_writes_from_its_own_account() {
    let mut stage = begun(addressed());
    stage.click("민지 <minji@naver.com>");
    stage.click("minji@hanbit.co.kr");
    saves(&mut stage);
    let saved = stage.asked().into_iter().rev().find_map(|command| match command {
        Command::SaveDraft(_, account, draft, _) => Some((account, draft.identity)),
        _ => None,
    });
    assert_eq!(saved, Some((AccountId(3), work())));
}

#[test]
fn a_mailto_link_is_written_here() {
    let mut stage = Stage::with_open(LETTER);
    let letter = stage.state.open.as_ref().unwrap().id;
    for link in ["mailto:a@example.com?subject=hi", "MAILTO:a@example.com?attach=/etc/passwd"] {
        stage.send(Message::Visited(link.into()));
        assert_eq!(wanted(&stage).1, Start::Mailto(link.into(), letter));
    }
    assert!(letter.is_some());
    assert!(!stage.actions.iter().any(|action| matches!(action, Action::Visit(_))));
}
