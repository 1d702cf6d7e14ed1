//! An account opened in the settings: what is typed stays until it is saved or taken back.

use crate::window_compose::row;
use crate::window_stage::Stage;
use goyo::engine::accounts::{Change, Failure, Tested, Trouble};
use goyo::engine::protocol::{Command, Event, Writing};
use goyo::gui::screen::mail::preferences::account::{Keep, Message as Page};
use goyo::gui::screen::mail::preferences::{Message as Prefer, Section};
use goyo::gui::screen::mail::{Action, Field, Message, Part, Sheet};
use goyo::model::{
    Account, AccountId, AccountKind, Address, Draft, DraftId, FolderId, FolderPolicy, Identity,
    Secret, Settings,
};
use iced::Size;
use iced::keyboard::key::Named;
use iced::widget::text_editor::{Action as Edit, Edit as Typed};
use std::sync::Arc;

const ID: AccountId = AccountId(2);

fn account(settings: Settings) -> Account {
    Account {
        id: ID,
        name: "minji@naver.com".into(),
        kind: AccountKind::Imap,
        address: Some("minji@naver.com".into()),
        settings,
    }
}

fn identity(name: &str, addr: &str, signature: &str) -> Identity {
    Identity {
        from: Address { name: Some(name.into()), addr: addr.into() },
        reply_to: Vec::new(),
        signature: signature.into(),
    }
}

/// With the account open, in a window so high that all of it is in sight.
fn opened() -> Stage {
    let mut stage = Stage::in_folder("INBOX", 1);
    stage.state.window = Size::new(1280.0, 1700.0);
    let settings = Settings { sender: "김민지".into(), ..Settings::default() };
    stage.send(Message::Accounts(vec![account(settings)], false));
    stage.chord(",");
    stage.click("계정");
    stage.click("바꾸기");
    stage
}

fn page(stage: &mut Stage, message: Page) {
    stage.send(Message::OfAccount(message));
}

fn types(stage: &mut Stage, field: Field, text: &str) {
    page(stage, Page::Typed(field, text.into()));
}

fn signs(stage: &mut Stage, at: usize, text: &str) {
    let text = Arc::new(text.to_owned());
    page(stage, Page::Signed(at, Edit::Edit(Typed::Paste(text))));
}

fn change(stage: &Stage) -> Change {
    match stage.last_asked() {
        Some(Command::ChangeAccount(ID, change)) => *change,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_signature_and_another_address_are_typed_and_saved() {
    let mut stage = opened();
    stage.sees("보내는 이름과 서명");
    stage.sees("minji@naver.com");
    // The cursor is where one types first.
    assert_eq!(stage.last(), Some(Action::Focus(Field::Writer(Part::Name, 0))));
    stage.click_field("writer-name-0");
    stage.types("Kim");
    signs(&mut stage, 0, "김민지\n02-0000-0000\n\n");
    stage.sees("저장하지 않은 변경이 있어요.");
    stage.click("이름과 주소 추가");
    assert_eq!(stage.last(), Some(Action::Focus(Field::Writer(Part::Name, 1))));
    types(&mut stage, Field::Writer(Part::Address, 1), "no address@");
    stage.sees("메일 주소가 아니에요: no address@");
    // It is not saved as it is, and the cursor goes there.
    stage.click("저장");
    assert_eq!(stage.last(), Some(Action::Focus(Field::Writer(Part::Address, 1))));
    types(&mut stage, Field::Writer(Part::Address, 1), "MINJI@naver.com");
    stage.sees("이미 있는 주소예요: MINJI@naver.com");
    types(&mut stage, Field::Writer(Part::Address, 1), "sales@example.kr");
    types(&mut stage, Field::Writer(Part::Reply, 1), "a@example.kr, b@example.kr");
    signs(&mut stage, 1, "영업팀");
    stage.click("저장");
    let identities = change(&stage).identities.unwrap();
    assert_eq!(identities.len(), 2);
    assert_eq!(identities[0].signature, "김민지\n02-0000-0000");
    assert!(identities[0].from.name.as_deref().unwrap().contains("Kim"), "{identities:?}");
    assert_eq!(identities[1].from.addr, "sales@example.kr");
    assert_eq!(identities[1].reply_to.len(), 2);
    assert_eq!(identities[1].signature, "영업팀");
    // Nothing is typed over what is being saved.
    types(&mut stage, Field::Proxy, "x");
    stage.happens(Event::AccountChanged(ID, Ok(())));
    stage.sees("저장했어요.");
    stage.sees_not("저장하지 않은 변경이 있어요.");
}

#[test]
fn how_much_is_kept_and_the_proxy_are_checked_as_they_are_typed() {
    let mut stage = opened();
    stage.click("제목만");
    stage.sees("제목과 보낸사람만 받아 둬요. 본문은 메일을 열 때 가져와요.");
    stage.click("최근 것만");
    types(&mut stage, Field::Days, "0");
    stage.sees("며칠인지 1부터 36500까지의 숫자로 넣어 주세요.");
    types(&mut stage, Field::Days, "30일");
    types(&mut stage, Field::Proxy, "127.0.0.1:9050");
    stage.sees("프록시 주소가 아니에요. socks5://서버:포트 또는 http://서버:포트처럼 넣어 주세요.");
    types(&mut stage, Field::Proxy, "socks5://me:secret@127.0.0.1:9050");
    stage.sees(
        "프록시의 비밀번호는 아직 안전하게 저장할 수 없어요. 비밀번호가 필요 없는 프록시를 넣어 주세요.",
    );
    types(&mut stage, Field::Proxy, "socks5://127.0.0.1:9050");
    // By the keyboard, from a field.
    stage.in_field(
        "proxy",
        iced::keyboard::Key::Named(Named::Enter),
        iced::keyboard::Modifiers::default(),
    );
    let change = change(&stage);
    assert_eq!(change.policy, Some(FolderPolicy::Days(30)));
    assert_eq!(change.proxy, Some(Some("socks5://127.0.0.1:9050".into())));
    // An arrow in a field leads nowhere else.
    stage.key(Named::ArrowDown);
    stage.sees("보내는 이름과 서명");
    let failure = Arc::new(Failure::of(Trouble::Store("full".into())));
    stage.happens(Event::AccountChanged(ID, Err(failure)));
    // It says so, and what was typed is still there to be saved.
    stage.sees("저장하지 않은 변경이 있어요.");
    stage.click("되돌리기");
    stage.sees_not("저장하지 않은 변경이 있어요.");
}

#[test]
fn what_is_typed_is_kept_while_one_is_elsewhere_and_asked_about_before_the_window_closes() {
    let mut stage = opened();
    types(&mut stage, Field::Proxy, "socks5://127.0.0.1:9050");
    stage.key(Named::Escape);
    stage.sees("계정 추가");
    stage.sees("저장하지 않은 변경이 있어요.");
    stage.key(Named::Escape);
    stage.send(Message::CloseWanted);
    assert_eq!(
        stage.state.sheet,
        Some(Sheet::Ask(goyo::gui::screen::mail::Ask::CloseUnsaved(Some(ID))))
    );
    stage.sees("저장하지 않고 닫을까요?");
    assert!(!stage.asked().contains(&Command::Quit));
    stage.key(Named::Escape);
    // What is not saved is in sight.
    stage.sees("새 비밀번호");
    stage.click("저장");
    assert_eq!(change(&stage).proxy, Some(Some("socks5://127.0.0.1:9050".into())));
    stage.happens(Event::AccountChanged(ID, Ok(())));
    stage.send(Message::CloseWanted);
    assert!(stage.asked().contains(&Command::Quit));
}

#[test]
fn thrown_away_on_purpose_it_does_not_keep_the_window() {
    let mut stage = opened();
    page(&mut stage, Page::PasswordTyped(Secret::new("half a".into())));
    stage.send(Message::CloseWanted);
    assert!(!stage.asked().contains(&Command::Quit));
    stage.click("버리고 닫기");
    assert!(stage.asked().contains(&Command::Quit));
}

#[test]
fn what_is_thrown_away_is_what_was_named_and_the_rest_is_asked_about() {
    let mut stage = opened();
    types(&mut stage, Field::Proxy, "socks5://127.0.0.1:9050");
    stage.send(Message::PicturesProxyTyped("socks5://127.0.0.1:9150".into()));
    stage.send(Message::CloseWanted);
    stage.click("버리고 닫기");
    assert!(!stage.asked().contains(&Command::Quit));
    stage.sees("이미지를 불러올 프록시를 바꾸고 아직 저장하지 않았어요.");
    stage.click("버리고 닫기");
    assert!(stage.asked().contains(&Command::Quit));
}

#[test]
fn a_password_that_is_being_kept_is_not_lost_with_the_window() {
    let mut stage = opened();
    page(&mut stage, Page::PasswordTyped(Secret::new("another one".into())));
    stage.click("저장");
    stage.send(Message::CloseWanted);
    assert!(!stage.asked().contains(&Command::Quit));
    stage.key(Named::Escape);
    stage.happens(Event::PasswordKept(ID, Ok(())));
    stage.send(Message::CloseWanted);
    assert!(stage.asked().contains(&Command::Quit));
}

#[test]
fn a_draft_begun_again_is_written_as_one_is_now_and_unsigned_stays_unsigned() {
    let (mut stage, own, writing) =
        (Stage::in_folder("INBOX", 1), identity("민지", "minji@naver.com", "새 서명"), DraftId(1));
    let begun = |stage: &mut Stage, was: Identity| {
        stage.character("c");
        let Some(Command::Write(id, ..)) = stage.last_asked() else { panic!() };
        let row = row(writing, ID, Draft { identity: was, ..Draft::default() });
        let identities = vec![(ID, own.clone())];
        let writing =
            Writing { row, identities, left_out: Default::default(), receipt_server: None };
        stage.happens(Event::Writing(id, Ok(Box::new(writing))));
    };
    begun(&mut stage, identity("민지", "minji@naver.com", "옛 서명"));
    stage.sees("새 서명");
    stage.sees_not("옛 서명");
    stage.state.writing = None;
    begun(&mut stage, identity("민지", "minji@naver.com", ""));
    stage.sees_not("새 서명");
    let settings = Settings { identities: vec![own.clone()], ..Settings::default() };
    stage.send(Message::Accounts(vec![account(settings)], false));
    stage.sees_not("새 서명");
    stage.state.writing = None;
    // The address is gone: it is written from the account's own, and that is said.
    begun(&mut stage, identity("영업", "sales@example.kr", "영업팀"));
    stage.sees("이제 sales@example.kr 주소로는 보내지 않아서 보내는사람을 바꿨어요.");
    stage.sees("새 서명");
}

#[test]
fn a_test_saves_first_and_says_what_works() {
    let mut stage = opened();
    page(&mut stage, Page::PasswordTyped(Secret::new("another one".into())));
    stage.click("연결 확인");
    let secret = Secret::new("another one".into());
    assert_eq!(stage.last_asked(), Some(Command::SetPassword(ID, secret)));
    stage.happens(Event::PasswordKept(ID, Ok(())));
    let Some(Command::TestKept(number, ID)) = stage.last_asked() else { panic!() };
    stage.sees("확인하는 중…");
    // An answer to something else is none to this.
    let works = Tested { folders: 7, capabilities: Vec::new(), sends: Some(true) };
    stage.happens(Event::AccountTested(1, Ok(works.clone())));
    stage.sees("확인하는 중…");
    stage.happens(Event::AccountTested(number, Ok(works)));
    stage.sees("연결됐어요. 폴더 7개를 읽을 수 있고, 메일도 보낼 수 있어요.");
    stage.click("연결 확인");
    let Some(Command::TestKept(number, ID)) = stage.last_asked() else { panic!() };
    let failure = Arc::new(Failure::of(Trouble::NoPassword));
    stage.happens(Event::AccountTested(number, Err(failure)));
    assert!(stage.texts().iter().any(|text| text.contains("비밀번호")));
}

#[test]
fn a_letter_being_written_shows_the_signature_of_the_one_who_writes() {
    let mut stage = Stage::in_folder("INBOX", 1);
    let settings = Settings {
        identities: vec![
            identity("민지", "minji@naver.com", "김민지 드림"),
            identity("영업", "sales@example.kr", "영업팀\n02-0000-0000"),
        ],
        ..Settings::default()
    };
    stage.send(Message::Accounts(vec![account(settings.clone())], false));
    stage.character("c");
    let Some(Command::Write(id, ..)) = stage.last_asked() else { panic!() };
    let own = settings.identities.clone();
    let row = row(DraftId(1), ID, Draft { identity: own[0].clone(), ..Draft::default() });
    let writing = Writing {
        row,
        identities: own.iter().map(|own| (ID, own.clone())).collect(),
        left_out: Default::default(),
        receipt_server: None,
    };
    stage.happens(Event::Writing(id, Ok(Box::new(writing))));
    stage.sees("김민지 드림");
    stage.chord_with("f", iced::keyboard::Modifiers::SHIFT);
    stage.sees("영업팀\n02-0000-0000");
    stage.sees_not("김민지 드림");
    // Changed in the settings meanwhile: the letter has it.
    let mut settings = settings;
    settings.identities[1].signature = "영업팀 · 서울".into();
    stage.send(Message::Accounts(vec![account(settings)], false));
    stage.sees("영업팀 · 서울");
    let written = stage.state.writing.as_ref().unwrap().written();
    assert_eq!(written.identity.signature, "영업팀 · 서울");
}

#[test]
fn how_much_of_a_folder_is_kept_is_chosen_from_its_menu() {
    let mut stage = Stage::in_folder("INBOX", 1);
    stage.right_click("Projects/Rust");
    stage.click("이 컴퓨터에 둘 메일…");
    stage.sees("계정과 같게 (전부)");
    stage.click("최근 90일");
    let folder = FolderId(15);
    let kept = Command::KeepOfFolder(folder, Some(FolderPolicy::Days(90)));
    assert_eq!((stage.last_asked(), stage.state.sheet), (Some(kept), None));
    stage.send(Message::KeepWanted(folder));
    stage.keys(&[Named::Tab, Named::Enter]);
    assert_eq!(stage.last_asked(), Some(Command::KeepOfFolder(folder, None)));
}

#[test]
fn only_what_was_typed_is_changed_and_the_rest_is_shown_as_it_is_by_now() {
    let mut stage = opened();
    let reply = Address { name: Some("Kim, Minji".into()), addr: "kim@example.kr".into() };
    let own = Identity {
        from: Address { name: None, addr: "minji@naver.com".into() },
        reply_to: vec![reply.clone()],
        signature: String::new(),
    };
    let settings = |proxy: &str| Settings {
        sender: "다른 이름".into(),
        identities: vec![own.clone()],
        proxy: Some(proxy.into()),
        ..Settings::default()
    };
    // Changed elsewhere, by a verb of the command line.
    let now = settings("socks5://127.0.0.1:9050");
    stage.send(Message::Accounts(vec![account(now)], false));
    types(&mut stage, Field::Writer(Part::Name, 0), "김민지");
    // While something is typed it is not typed over.
    let now = settings("socks5://127.0.0.1:9150");
    stage.send(Message::Accounts(vec![account(now)], false));
    stage.click("저장");
    let change = change(&stage);
    assert_eq!((change.policy, change.proxy), (None, None));
    // A name with a comma is one name.
    assert_eq!(change.identities.unwrap()[0].reply_to, [reply]);
}

#[test]
fn another_section_leaves_the_account() {
    let mut stage = opened();
    page(&mut stage, Page::Kept(Keep::Nothing));
    stage.send(Message::Preferences(Prefer::SectionChosen(Section::About)));
    stage.sees("사용 허가");
    stage.click("계정");
    stage.sees("계정 추가");
}

#[test]
fn while_an_account_is_tested_nothing_of_it_can_be_chosen() {
    let mut stage = opened();
    let choices = ["전부", "최근 것만", "제목만", "두지 않기"];
    for choice in choices {
        assert!(stage.is_reached(choice), "{choice}");
    }
    page(&mut stage, Page::Tested);
    stage.sees("확인하는 중…");
    for choice in choices {
        assert!(!stage.is_reached(choice), "{choice}");
    }
}
