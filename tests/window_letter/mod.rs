//! The open letter: its conversation, and its sender.

mod files;
mod inside;
mod menu;
mod people;
mod sender;

use super::window_stage::{LETTER, Stage, letter, row};
use goyo::engine::protocol::{Command, Event, Start, Trust};
use goyo::gui::screen::mail::conversation::Message as Conversation;
use goyo::gui::screen::mail::{Action, Menu, Message, Read, Sheet};
use goyo::i18n::Language;
use goyo::model::{
    Act, Address, Answer, Flags, LetterId, Proof, RequestMade, Rule, Scope, ThreadId,
};
use goyo::store::LetterRow;
use iced::keyboard::key::Named;
use std::sync::Arc;

pub const THREAD: ThreadId = ThreadId(70);

/// A letter of the conversation.
pub fn one(id: i64, folder: &str, from: &str) -> LetterRow {
    let mut letter = row(id - 1).letter;
    letter.thread = THREAD;
    letter.account = "minji@naver.com".into();
    letter.folder = folder.into();
    letter.from = Some(Address { name: None, addr: from.into() });
    letter.preview = format!("first words of {id}");
    letter.flags = Flags::SEEN;
    letter
}

/// A letter of a conversation is clicked on; its conversation is read before it is open.
pub fn clicked(letters: &[LetterRow]) -> Stage {
    let mut stage = Stage::in_folder("INBOX", 2);
    let generation = stage.state.list.generation;
    let mut rows = vec![row(0), row(1)];
    for row in &mut rows {
        row.letter.account = "minji@naver.com".into();
        row.letter.folder = "INBOX".into();
    }
    rows[0].letter.thread = THREAD;
    rows[0].thread = letters.len() as u64;
    stage.send(Message::Page(generation, 0, Ok((rows, 2))));
    stage.click("letter 0");
    let (doc, id, _) = stage.opened();
    if letters.len() > 1 {
        assert!(stage.reads().contains(&Read::Conversation(id, THREAD)), "{:?}", stage.reads());
        stage.send(Message::Conversation(Conversation::Read(id, letters.to_vec())));
    }
    stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
    stage
}

/// The letter that was asked for has come.
pub fn comes(stage: &mut Stage) -> LetterId {
    let (doc, id, _) = stage.opened();
    stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
    id
}

pub fn three() -> [LetterRow; 3] {
    let mut newest = one(1, "INBOX", "eunsoo@example.com");
    newest.flags = Flags::NONE;
    [
        one(21, "INBOX", "minho@example.com"),
        // Written by the user: it lies elsewhere.
        one(22, "Archive", "minji@naver.com"),
        newest,
    ]
}

#[test]
fn a_conversation_is_stacked_around_the_open_letter_from_all_folders() {
    let mut stage = clicked(&three());
    stage.sees("주고받은 메일 3통");
    stage.sees("minho@example.com");
    stage.sees("first words of 21");
    // One's own is told apart, and where it lies is said where that is elsewhere.
    stage.sees("나");
    stage.sees("first words of 22");
    let places = stage.texts().into_iter().filter(|text| text == "보관함").count();
    assert_eq!(places, 2, "in the sidebar, and beside the letter");
    // The open one is not listed besides: its bar is its own.
    stage.sees_not("first words of 1");
    stage.sees("외부 이미지 2개를 막았어요. 그중 1개는 추적용이에요.");

    stage.click("first words of 22");
    assert_eq!(comes(&mut stage), LetterId(22));
    // Both are open now, each with a bar of its own.
    stage.sees_not("first words of 1");
    stage.sees("first words of 21");
    stage.sees_not("first words of 22");
    let bar = "외부 이미지 2개를 막았어요. 그중 1개는 추적용이에요.";
    let all = stage.texts().into_iter().filter(|text| text == bar).count();
    assert!(all >= 1, "{all}");
    // What is done now is done to that letter.
    stage.character("s");
    let Some(Command::Act(Act::Flag(ids, _))) = stage.last_asked() else {
        panic!("{:?}", stage.last_asked())
    };
    assert_eq!(ids, [LetterId(22)]);
}

#[test]
fn a_letter_that_lies_elsewhere_is_put_away_once_and_is_not_shown_any_more() {
    let mut stage = clicked(&three());
    stage.click("first words of 22");
    comes(&mut stage);
    stage.character("#");
    // Pressed again, it is not done again: it lies in the trash, where that is for good.
    stage.character("#");
    stage.key(Named::Delete);
    let acts: Vec<Command> =
        stage.asked().into_iter().filter(|asked| matches!(asked, Command::Act(_))).collect();
    assert_eq!(acts, [Command::Act(Act::Trash(vec![LetterId(22)]))]);
    assert!(stage.state.open.is_none());
}

#[test]
fn n_and_p_go_through_a_conversation_in_either_script() {
    let mut stage = clicked(&three());
    stage.character("p");
    assert_eq!(comes(&mut stage), LetterId(22));
    stage.character("ㅔ");
    assert_eq!(comes(&mut stage), LetterId(21));
    // There is none before the first.
    let asked = stage.asked().len();
    stage.character("p");
    assert_eq!(stage.asked().len(), asked);
    // What was gone through is open still: nothing is asked for on the way back.
    let hand = |stage: &Stage| stage.state.open.as_ref().unwrap().id;
    stage.character("ㅜ");
    assert_eq!(hand(&stage), Some(LetterId(22)));
    stage.character("n");
    assert_eq!((hand(&stage), stage.opened().1), (Some(LetterId(1)), LetterId(21)));
    // Held down, each press is one letter on, though none has come yet.
    let mut stage = clicked(&three());
    stage.character("p");
    stage.character("p");
    assert_eq!(comes(&mut stage), LetterId(21));
}

#[test]
fn a_conversation_that_comes_after_its_letter_is_shown_and_one_of_another_is_not() {
    let mut stage = clicked(&[one(1, "INBOX", "a@example.com")]);
    stage.sees_not("주고받은 메일 3통");
    // An answer to what was asked of another letter.
    let other = [one(50, "INBOX", "b@example.com"), one(51, "INBOX", "b@example.com")];
    stage.send(Message::Conversation(Conversation::Read(LetterId(50), other.to_vec())));
    stage.sees_not("first words of 50");
    stage.send(Message::Conversation(Conversation::Read(LetterId(1), three().to_vec())));
    stage.sees("주고받은 메일 3통");
    // Another letter: nothing is left of it.
    stage.click("letter 1");
    comes(&mut stage);
    stage.sees_not("first words of 21");
}

#[test]
fn letters_can_be_shown_alone_and_that_is_remembered() {
    let mut stage = clicked(&three());
    stage.character("v");
    stage.sees_not("first words of 21");
    assert!(!stage.state.stacked);
    assert!(stage.actions.contains(&Action::Remember));
    // Nothing is read for it any more.
    let read = |stage: &Stage| {
        let reads = stage.reads().into_iter();
        reads.filter(|read| matches!(read, Read::Conversation(..))).count()
    };
    let before = read(&stage);
    stage.click("letter 1");
    comes(&mut stage);
    stage.click("letter 0");
    comes(&mut stage);
    assert_eq!(read(&stage), before);
    // Back again, for the letter that is open.
    stage.send(Message::MenuToggled(Menu::More));
    stage.click("주고받은 메일과 함께 보기");
    assert_eq!(stage.reads().last(), Some(&Read::Conversation(LetterId(1), THREAD)));
}

#[test]
fn of_a_long_conversation_the_letters_beside_the_open_one_are_listed_until_all_are_wanted() {
    let mut letters: Vec<_> = (100..140).map(|id| one(id, "INBOX", "a@example.com")).collect();
    letters.push(one(1, "INBOX", "a@example.com"));
    let mut stage = clicked(&letters);
    stage.sees("주고받은 메일 41통");
    stage.sees("first words of 139");
    stage.sees("first words of 138");
    stage.sees_not("first words of 137");
    stage.click("앞선 메일 38통");
    stage.sees("first words of 137");
    stage.has("first words of 100");
    stage.sees_not("first words of 100");
    // The letter keeps most of the window.
    stage.click("first words of 139");
    comes(&mut stage);
    stage.has("first words of 100");
}

#[test]
fn pictures_that_all_track_or_were_all_fetched_are_not_counted_twice() {
    let raw = LETTER.replace(
        "<img src=\"https://img.navercorp.example/logo.png\" width=120 height=30 alt=Pay>",
        "",
    );
    let mut stage = Stage::with_open(&raw);
    stage.sees("추적용 외부 이미지 1개를 막았어요.");
    stage.state.language = Language::English;
    stage.sees("Stopped 1 remote picture. It is there to track.");
    let two = raw.replace(
        "</body>",
        "<img src=\"https://cos2.navercorp.com/received/c3\" width=1 height=1></body>",
    );
    let mut stage = Stage::with_open(&two);
    stage.sees("추적용 외부 이미지 2개를 막았어요.");
    stage.state.language = Language::English;
    stage.sees("Stopped 2 remote pictures. All of them are there to track.");
    let none = LETTER
        .replace("<img src=\"https://cos2.navercorp.com/received/a1b2\" width=1 height=1>", "");
    let mut stage = Stage::with_open(&none);
    stage.sees("외부 이미지 1개를 막았어요.");
    stage.state.language = Language::English;
    stage.sees("Stopped 1 remote picture.");
    stage.sees("Fetching it may tell the picture server when you opened this, and roughly where.");
    // Fetched before, and hidden now.
    let mut ledger = stage.ledger();
    let url = ledger.ledger.entries[0].reference.url.clone();
    let answer = Answer::Status(200);
    ledger.requests = vec![RequestMade { url, at: 1_795_238_040, bytes: 2048, answer }];
    stage.happens(Event::Ledger(stage.doc(), Arc::new(ledger)));
    stage.sees("Hiding 1 remote picture. It was fetched before.");
    stage.state.language = Language::Korean;
    stage.sees("전에 불러온 외부 이미지 1개를 가리고 있어요.");
}

fn newsletter(header: &str) -> String {
    LETTER.replacen("MIME-Version", &format!("{header}\nMIME-Version"), 1)
}

#[test]
fn leaving_a_list_says_first_how_and_does_nothing_by_itself() {
    let mut stage = Stage::with_open(&newsletter(
        "List-Unsubscribe: <mailto:leave@shop.example?subject=off>,\n \
         <https://shop.example/u?id=7&utm_source=mail>\n\
         List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ));
    let before = stage.actions.len();
    stage.click("구독 끊기");
    stage.sees("이 메일 구독을 끊을까요?");
    stage.sees("leave@shop.example 앞으로 보낼 메일을 써 둘게요. 보내기 전에 읽고 고칠 수 있어요.");
    stage.sees(
        "요청 한 번으로 끊는 방법도 메일에 적혀 있어요. 고요가 스스로 요청을 보내는 일은 없어요.",
    );
    // Nobody has proven whose letter it is: that is said before anything else.
    assert!(stage.texts().iter().any(|text| text.starts_with("누가 보냈는지 확인되지 않았거나")));
    assert_eq!(stage.actions.len(), before, "nothing was asked of anybody");

    // A link goes through the dialogue of all links, and goes whole: it says who leaves.
    stage.click("링크 살펴보기");
    stage.sees("이 링크를 열까요?");
    assert!(!stage.actions.iter().any(|action| matches!(action, Action::Visit(_))));
    stage.click("브라우저로 열기");
    let whole = "https://shop.example/u?id=7&utm_source=mail".to_owned();
    assert_eq!(stage.last(), Some(Action::Visit(whole)));

    // A letter is written, and not sent.
    stage.click("구독 끊기");
    stage.click("메일 만들기");
    let link = "mailto:leave@shop.example?subject=off".to_owned();
    let Some(Command::Write(_, Start::Mailto(written, letter), _)) = stage.last_asked() else {
        panic!("{:?}", stage.last_asked())
    };
    // From where the letter lies, not from whatever account is the first.
    assert_eq!((written, letter), (link, stage.state.open.as_ref().unwrap().id));
    assert!(letter.is_some());
    assert!(stage.state.writing.is_some() && stage.state.sheet.is_none());
}

#[test]
fn a_letter_that_offers_no_way_out_has_no_button_for_it() {
    for header in ["X-Nothing: here", "List-Unsubscribe: <javascript:alert(1)>"] {
        let mut stage = Stage::with_open(&newsletter(header));
        stage.sees_not("구독 끊기");
    }
}

#[test]
fn a_sender_is_blocked_after_it_was_said_what_that_does_and_does_not() {
    let mut stage = Stage::with_open(LETTER);
    stage.send(Message::MenuToggled(Menu::More));
    stage.click("이 발신자 차단");
    stage.sees("‘pay@navercorp.example’ 발신자를 차단할까요?");
    stage.sees("메일이 오는 것까지 막지는 못해요. 새 메일은 전처럼 받은편지함에 와요.");
    let doc = stage.doc();
    assert!(!stage.asked().contains(&Command::Trust(doc, Trust::Never)));
    stage.click("차단");
    assert_eq!(stage.last_asked(), Some(Command::Trust(doc, Trust::Never)));
    stage.sees("pay@navercorp.example의 이미지는 이제 항상 막아요.");
    assert!(!stage.asked().iter().any(|command| matches!(command, Command::Act(_))));

    // And taken back where it was done.
    let rule = Rule { scope: Scope::Never("pay@navercorp.example".into()), proof: Proof::None };
    let mut ledger = stage.ledger();
    ledger.rules = vec![rule.clone()];
    stage.happens(Event::Ledger(doc, Arc::new(ledger)));
    stage.send(Message::MenuToggled(Menu::More));
    stage.sees_not("이 발신자 차단");
    stage.click("이 발신자 차단 풀기");
    assert_eq!(stage.last_asked(), Some(Command::Forget(rule)));
}

#[test]
fn a_letter_of_a_blocked_sender_goes_to_junk_where_that_is_wanted() {
    let mut stage = clicked(&[one(1, "INBOX", "a@example.com")]);
    let doc = stage.doc();
    stage.send(Message::MenuToggled(Menu::More));
    stage.click("이 발신자 차단");
    stage.click("차단하고 이 메일은 스팸으로");
    let asked = stage.asked();
    assert!(asked.contains(&Command::Trust(doc, Trust::Never)), "{asked:?}");
    assert!(asked.contains(&Command::Act(Act::Junk(vec![LetterId(1)]))), "{asked:?}");
}

#[test]
fn the_header_and_the_ledger_are_scrolled_by_keys() {
    let pictures: String =
        (0..30).map(|at| format!("<img src=\"https://img.example/{at}.png\">")).collect();
    let raw = LETTER.replace("</body>", &format!("{pictures}</body>"));
    let mut stage = Stage::with_open(&raw);
    stage.send(Message::SheetOpened(Sheet::Header));
    let last = "multipart/mixed";
    let sees = |stage: &mut Stage, keys: &[Named]| {
        stage.texts_after(keys, false).iter().any(|text| text == last)
    };
    assert!(!sees(&mut stage, &[]));
    assert!(sees(&mut stage, &[Named::End]));
    assert!(!sees(&mut stage, &[Named::End, Named::Home]));
    assert!(sees(&mut stage, &[Named::PageDown; 12]));
    assert!(!sees(&mut stage, &[Named::End, Named::PageUp]));
    assert!(sees(&mut stage, &[Named::ArrowDown; 80]));
    stage.key(Named::Escape);
    stage.send(Message::SheetOpened(Sheet::Ledger));
    // How high it is is told first.
    stage.key(Named::Shift);
    for (key, from, to) in
        [(Named::ArrowDown, 0.0, 60.0), (Named::ArrowUp, 60.0, 0.0), (Named::ArrowUp, 0.0, 0.0)]
    {
        assert_eq!(stage.state.ledger.0, from);
        stage.key(key);
        assert_eq!(stage.state.ledger.0, to, "{key:?}");
    }
    stage.key(Named::PageDown);
    let page = stage.state.ledger.0;
    assert!((400.0..800.0).contains(&page), "{page}");
    stage.key(Named::End);
    assert!(stage.state.ledger.0 > page);
    stage.key(Named::Home);
    assert_eq!(stage.state.ledger.0, 0.0);
    // The list under it has not moved.
    assert_eq!(stage.state.list.selected.map(|(at, _)| at), Some(0));
}
