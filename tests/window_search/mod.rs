//! Searching: what is completed, remembered, and where one looks; letters that did not come.

mod orders;

use super::window_stage::{Stage, row};
use goyo::engine::protocol::Command;
use goyo::gui::screen::mail::missing::Message as Missing;
use goyo::gui::screen::mail::searching::Message as Searching;
use goyo::gui::screen::mail::{Action, Due, Message, Read};
use goyo::i18n::Language;
use goyo::model::Address;
use goyo::store::LetterRow;
use iced::keyboard::{Key, Modifiers, key::Named};

/// The last question the store was asked.
fn question(stage: &Stage) -> Option<String> {
    stage.reads().into_iter().rev().find_map(|read| match read {
        Read::Search(_, question) => Some(question),
        _ => None,
    })
}

fn typed(text: &str) -> Stage {
    let mut stage = Stage::in_folder("INBOX", 3);
    stage.click_field("search");
    stage.types(text);
    stage
}

#[test]
fn operators_are_completed_by_keys_as_one_types() {
    let mut stage = typed("견적 fr");
    stage.sees("from:");
    stage.sees("보낸 사람의 이름이나 주소");
    stage.key(Named::ArrowDown);
    stage.key(Named::Enter);
    assert_eq!(stage.state.search.text, "견적 from:");
    assert!(stage.actions.iter().any(|action| matches!(action, Action::CursorToEnd(_))));
    // The list below has not moved.
    assert_eq!(stage.state.list.selected, None);
    // What follows is completed too, by the tabulator: the first.
    let mut stage = typed("is:u");
    stage.sees("읽지 않은 메일");
    stage.key(Named::Tab);
    assert_eq!(stage.state.search.text, "is:unread ");
    stage.sees_not("읽지 않은 메일");
    // Without what it is not.
    let mut stage = typed("-has");
    stage.key(Named::Tab);
    assert_eq!(stage.state.search.text, "-has:");
    stage.click("has:attachment");
    assert_eq!(stage.state.search.text, "-has:attachment ");
}

#[test]
fn in_korean_they_have_korean_names_that_the_search_understands() {
    let mut stage = typed("보낸");
    stage.sees("보낸사람:");
    stage.sees_not("from:");
    let mut stage2 = typed("상태:안");
    stage2.key(Named::Tab);
    assert_eq!(stage2.state.search.text, "상태:안읽음 ");
    let asked = goyo::store::search::parse("상태:안읽음").unwrap();
    assert_eq!(asked, goyo::store::search::parse("is:unread").unwrap());
    // In an English window they are English as long as nobody types Korean.
    stage.state.language = Language::English;
    stage.send(Message::SearchCleared);
    stage.click_field("search");
    stage.types("su");
    stage.sees("subject:");
    stage.sees("Words in the subject");
}

#[test]
fn days_are_written_out_for_those_who_ask_since_when() {
    let mut stage = typed("after:2");
    stage.sees("오늘");
    stage.sees("이번 달");
    stage.key(Named::Tab);
    let text = stage.state.search.text.clone();
    assert!(goyo::store::search::parse(&text).is_ok() && text.starts_with("after:20"), "{text}");
}

#[test]
fn people_are_read_off_the_windows_thread_and_offered() {
    let mut stage = typed("from:영");
    assert!(stage.reads().contains(&Read::People("영".into())));
    let person = Address { name: Some("박영희".into()), addr: "park@example.kr".into() };
    let late = Message::Searching(Searching::People("ㅇ".into(), vec![person.clone()]));
    stage.send(late);
    stage.sees_not("from:park@example.kr");
    stage.send(Message::Searching(Searching::People("영".into(), vec![person])));
    stage.sees("박영희");
    stage.click("from:park@example.kr");
    assert_eq!(stage.state.search.text, "from:park@example.kr ");
}

#[test]
fn typing_asks_the_store_nothing_but_after_a_moment() {
    let mut stage = typed("견적서");
    assert_eq!(question(&stage), None, "{:?}", stage.reads());
    assert!(stage.actions.iter().any(|action| matches!(action, Action::SearchSoon(_))));
    stage.send(Message::SearchEntered);
    assert_eq!(question(&stage).as_deref(), Some("견적서"));
}

#[test]
fn what_is_searched_for_is_remembered_offered_and_forgotten() {
    let mut stage = typed("견적서");
    stage.send(Message::SearchEntered);
    assert_eq!(stage.state.help.recent, ["견적서"]);
    assert!(stage.actions.contains(&Action::Remember));
    // What was only typed on the way is not.
    stage.send(Message::SearchTyped("김장".into()));
    stage.send(Message::SearchCleared);
    assert_eq!(stage.state.help.recent, ["견적서"]);
    // A click into the empty field offers it.
    stage.sees_not("최근 검색");
    stage.click_field("search");
    stage.types("a");
    stage.send(Message::SearchTyped(String::new()));
    stage.sees("최근 검색");
    stage.click("견적서");
    assert_eq!(stage.state.search.text, "견적서");
    assert_eq!(question(&stage).as_deref(), Some("견적서"));
    // And it can be forgotten.
    stage.send(Message::SearchTyped(String::new()));
    stage.click("비우기");
    assert!(stage.state.help.recent.is_empty());
    stage.sees_not("최근 검색");
}

#[test]
fn many_searches_are_not_remembered_for_ever() {
    let mut stage = Stage::in_folder("INBOX", 3);
    for n in 0..30 {
        stage.send(Message::SearchTyped(format!("word{n}")));
        stage.send(Message::SearchEntered);
    }
    let recent = &stage.state.help.recent;
    assert_eq!((recent.len(), recent[0].as_str()), (8, "word29"));
}

#[test]
fn escape_closes_what_is_offered_before_it_leaves_the_search() {
    let mut stage = typed("fr");
    stage.key(Named::Escape);
    stage.sees_not("from:");
    assert_eq!(stage.state.search.text, "fr");
    stage.key(Named::Escape);
    assert_eq!(stage.state.search.text, "");
}

#[test]
fn one_searches_everywhere_or_in_the_folder_one_came_from() {
    let mut stage = typed("견적 요청");
    stage.sees_not("전체");
    stage.send(Message::SearchEntered);
    assert_eq!(question(&stage).as_deref(), Some("견적 요청"));
    stage.sees("전체");
    stage.click("받은편지함만");
    assert_eq!(question(&stage).as_deref(), Some("in:\"minji@naver.com/INBOX\" (견적 요청)"));
    stage.click("전체");
    assert_eq!(question(&stage).as_deref(), Some("견적 요청"));
    // Elsewhere one begins everywhere again.
    stage.click("받은편지함만");
    stage.send(Message::SearchCleared);
    stage.send(Message::PlaceChosen(goyo::gui::screen::mail::Place::All));
    stage.send(Message::SearchTyped("견적".into()));
    stage.send(Message::SearchEntered);
    assert_eq!(question(&stage).as_deref(), Some("견적"));
}

/// A letter as the store would find it.
fn found(id: i64, folder: &str) -> LetterRow {
    let mut letter = row(id).letter;
    letter.account = "minji@naver.com".into();
    letter.folder = folder.into();
    letter
}

#[test]
fn a_letter_that_did_not_come_is_looked_for_where_it_may_lie() {
    let mut stage = Stage::in_folder("INBOX", 3);
    stage.in_field("search", Key::Character("K".into()), Modifiers::COMMAND | Modifiers::SHIFT);
    stage.sees("안 온 메일 찾기");
    stage.sees("그래도 없다면");
    stage.click_field("missing");
    stage.types("영희");
    assert!(!stage.reads().iter().any(|read| matches!(read, Read::Missing(..))));
    let due = stage.actions.iter().rev().find_map(|action| match action {
        Action::Later(due @ Due::Missing(_), _) => Some(*due),
        _ => None,
    });
    stage.send(Message::Due(due.unwrap()));
    let (number, asked) = stage
        .reads()
        .into_iter()
        .find_map(|read| match read {
            Read::Missing(number, question) => Some((number, question)),
            _ => None,
        })
        .unwrap();
    assert_eq!(asked, "영희");
    let letters = vec![found(40, "Junk"), found(41, "Projects/Rust"), found(42, "INBOX")];
    stage.send(Message::Missing(Missing::Found(number, Ok(letters))));
    stage.sees("스팸메일함에 있어요");
    stage.sees("다른 편지함에 있어요");
    stage.sees("받은편지함에 이미 와 있어요");
    stage.sees_not("휴지통에 있어요");
    // An answer to what was typed before is none to this.
    stage.send(Message::Missing(Missing::Found(number + 7, Ok(Vec::new()))));
    stage.sees("스팸메일함에 있어요");

    stage.click("letter 40");
    assert_eq!(stage.opened().1, row(40).letter.id);
    assert!(stage.state.sheet.is_none());
}

#[test]
fn where_nothing_is_found_it_is_said_what_else_there_is_to_do() {
    let mut stage = typed("영희");
    stage.send(Message::SearchEntered);
    let generation = stage.state.list.generation;
    stage.send(Message::Found(generation, Ok(Vec::new())));
    stage.sees("찾는 메일이 없어요");
    stage.click("안 온 메일 찾기");
    // What was searched for is what is missing.
    assert!(stage.reads().iter().any(|read| matches!(read, Read::Missing(_, q) if q == "영희")));
    let number = stage.reads().iter().rev().find_map(|read| match read {
        Read::Missing(number, _) => Some(*number),
        _ => None,
    });
    stage.send(Message::Missing(Missing::Found(number.unwrap(), Ok(Vec::new()))));
    stage.sees("이 컴퓨터에는 없어요");
    stage.sees("아직 서버에 묻지 않았어요.");
    stage.click("지금 모든 서버에 묻기");
    assert_eq!(stage.last_asked(), Some(Command::SyncNow(None)));
    stage.key(Named::Escape);
    stage.sees_not("그래도 없다면");
}

#[test]
fn an_operator_without_its_value_is_not_searched_for_as_a_word() {
    let mut stage = typed("is:");
    stage.send(Message::SearchEntered);
    assert_eq!(question(&stage), None);
    let mut stage = typed("견적 -보낸사람:");
    stage.send(Message::SearchEntered);
    assert_eq!(question(&stage).as_deref(), Some("견적"));
    // What only looks like one is text.
    let mut stage = typed("회의:");
    stage.send(Message::SearchEntered);
    assert_eq!(question(&stage).as_deref(), Some("회의:"));
}
