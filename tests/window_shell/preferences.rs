//! The settings: what is chosen holds at once, and is remembered.

use super::{in_window, open_first};
use crate::window_stage::{Stage, row};
use goyo::engine::protocol::{Command, Event, Storage};
use goyo::gui::screen::mail::preferences::Section;
use goyo::gui::screen::mail::{Action, Field, Message, Place, Read, Sheet};
use goyo::gui::taste::{Density, Light, TextSize};
use goyo::gui::theme::Mode;
use goyo::i18n::Language;
use goyo::model::{Reason, Remote, Verdict, Way};
use iced::Size;
use iced::keyboard::key::Named;
use std::sync::Arc;

fn section(stage: &Stage) -> Option<Section> {
    stage.state.preferences.as_ref().map(|preferences| preferences.section)
}

#[test]
fn they_are_opened_and_closed_by_key_and_button() {
    let mut stage = in_window(1280.0, 800.0);
    stage.click("설정");
    stage.sees("언어");
    stage.sees_not("letter 0");
    stage.key(Named::Escape);
    stage.sees("letter 0");
    stage.chord(",");
    stage.sees("언어");
    stage.chord(",");
    stage.sees("letter 0");
    // From the middle of a word in the search, too.
    stage.in_field(
        "search",
        iced::keyboard::Key::Character(",".into()),
        iced::keyboard::Modifiers::COMMAND,
    );
    stage.sees("언어");
    // Whoever goes elsewhere has left them.
    stage.click("중요");
    assert_eq!(section(&stage), None);
    assert_eq!(stage.state.list.place, Place::Starred);
}

#[test]
fn sections_are_gone_through_by_mouse_and_keyboard() {
    let mut stage = in_window(1280.0, 800.0);
    stage.chord(",");
    for (name, seen, there) in [
        ("알림", "새 메일이 오면", Section::Notifications),
        ("개인정보", "추적용 이미지는 계속 막아요", Section::Privacy),
        ("계정", "아직 메일 계정이 없어요.", Section::Accounts),
        ("수신확인 서버", "서버 주소", Section::Receipts),
        ("저장 공간", "크기를 재고 있어요.", Section::Storage),
        ("고요에 대해", "사용 허가", Section::About),
        ("모양", "글자 크기", Section::Appearance),
    ] {
        stage.click(name);
        assert_eq!(section(&stage), Some(there));
        stage.has(seen);
    }
    stage.key(Named::ArrowDown);
    assert_eq!(section(&stage), Some(Section::Notifications));
    stage.character("ㅓ");
    assert_eq!(section(&stage), Some(Section::Privacy));
    stage.key(Named::End);
    assert_eq!(section(&stage), Some(Section::About));
    stage.key(Named::Home);
    assert_eq!(section(&stage), Some(Section::Appearance));
}

#[test]
fn a_choice_is_made_by_the_keyboard_alone() {
    let mut stage = in_window(1280.0, 800.0);
    stage.chord(",");
    // The cross, seven sections, Korean, English.
    stage.keys(&[[Named::Tab].repeat(10), vec![Named::Enter]].concat());
    assert_eq!(stage.state.language, Language::English);
    stage.sees("Settings");
}

#[test]
fn the_desktop_is_followed_where_that_is_chosen() {
    let mut stage = Stage::with_open(crate::window_stage::LETTER);
    stage.chord(",");
    stage.click("시스템 따라");
    assert_eq!(stage.state.taste.light, Light::Desktop);
    assert_eq!(stage.last(), Some(Action::Remember));
    // It says nothing: that is said, rather than that it is followed.
    stage.sees("이 데스크톱은 밝기를 알려 주지 않아서 지금은 밝게 보여요.");
    stage.send(Message::DesktopIs(Some(Mode::Dark)));
    assert_eq!(stage.state.mode, Mode::Dark);
    let drawn_dark = |command: &Command| {
        matches!(command, Command::View(_, view)
            if view.scheme == goyo::html::clean::Scheme::Dark)
    };
    assert!(stage.asked().iter().any(drawn_dark), "the letter is dark as well");
    stage.sees_not("이 데스크톱은 밝기를 알려 주지 않아서 지금은 밝게 보여요.");
    stage.send(Message::DesktopIs(Some(Mode::Light)));
    assert_eq!(stage.state.mode, Mode::Light);
    stage.click("어둡게");
    assert_eq!((stage.state.mode, stage.last()), (Mode::Dark, Some(Action::Remember)));
    stage.send(Message::DesktopIs(None));
    assert_eq!(stage.state.mode, Mode::Dark);
}

#[test]
fn larger_text_leaves_less_room_and_letters_are_drawn_as_sharp() {
    let mut stage = Stage::with_open(crate::window_stage::LETTER);
    stage.chord(",");
    stage.click("125%");
    assert_eq!(stage.state.taste.text, TextSize::nearest(125));
    assert_eq!(stage.state.window, Size::new(1024.0, 640.0));
    assert!(stage.actions.contains(&Action::Remember));
    let view = stage.asked().into_iter().rev().find_map(|command| match command {
        Command::View(_, view) => Some(view),
        _ => None,
    });
    assert_eq!(view.expect("the letter is laid out anew").scale, 1.25);
    // On a screen of twice the pixels.
    stage.send(Message::Scale(2.0));
    assert_eq!(stage.state.scale, 2.5);
    stage.click("100%");
    assert_eq!((stage.state.window, stage.state.scale), (Size::new(1280.0, 800.0), 2.0));
}

#[test]
fn close_rows_show_more_letters_and_are_chosen_and_opened_alike() {
    let mut stage = Stage::with_total(100_000);
    let count =
        |stage: &mut Stage| stage.texts().iter().filter(|text| text.starts_with("letter ")).count();
    let before = count(&mut stage);
    stage.sees("preview");
    stage.chord(",");
    stage.click("촘촘하게");
    assert_eq!(stage.last(), Some(Action::Remember));
    assert_eq!(stage.state.taste.density, Density::Compact);
    stage.key(Named::Escape);
    let after = count(&mut stage);
    assert!(after > before + before / 2, "{before} {after}");
    stage.sees_not("preview");
    stage.click("letter 12");
    assert_eq!(stage.opened().1, row(12).letter.id);
    // A place that is gone to has such rows as well.
    stage.send(Message::PlaceChosen(Place::All));
    assert_eq!(stage.state.list.window().row, 44.0);
}

#[test]
fn a_letter_being_written_is_there_again_when_the_settings_are_closed() {
    let mut stage = in_window(1280.0, 800.0);
    stage.character("c");
    assert!(stage.state.writing.is_some());
    stage.chord(",");
    stage.sees("언어");
    stage.key(Named::Escape);
    assert_eq!(section(&stage), None);
    assert!(stage.state.writing.is_some());
}

#[test]
fn panes_are_put_back_where_some_were_moved() {
    let mut stage = in_window(1280.0, 800.0);
    stage.chord(",");
    stage.click("모두 처음대로");
    assert_ne!(stage.last(), Some(Action::Remember), "there is nothing to put back");
    stage.state.panes.list = Some(500);
    stage.click("모두 처음대로");
    assert_eq!(stage.state.panes.list, None);
    assert_eq!(stage.last(), Some(Action::Remember));
}

#[test]
fn the_room_that_mail_takes_is_measured_by_the_engine() {
    let mut stage = in_window(1280.0, 800.0);
    stage.chord(",");
    stage.click("저장 공간");
    assert_eq!(stage.last_asked(), Some(Command::MeasureStorage));
    let storage = Storage {
        place: "/home/minji/.local/share/goyo".into(),
        database: 12_300_000,
        profile: 15_000_000,
    };
    stage.happens(Event::Storage(storage.clone()));
    stage.sees("12.3 MB");
    stage.sees("15.0 MB");
    stage.sees("/home/minji/.local/share/goyo");
    stage.click("위치 복사");
    assert_eq!(stage.last(), Some(Action::Copy("/home/minji/.local/share/goyo".into())));
    stage.click("다시 재기");
    assert_eq!(stage.last_asked(), Some(Command::MeasureStorage));
    stage.sees("크기를 재고 있어요.");
    // An answer that comes when nobody looks harms nothing.
    stage.key(Named::Escape);
    stage.key(Named::Escape);
    stage.happens(Event::Storage(storage));
    assert_eq!(section(&stage), None);
}

#[test]
fn what_exists_elsewhere_is_a_click_away() {
    let mut stage = in_window(1280.0, 800.0);
    stage.chord(",");
    stage.click("계정");
    stage.click("계정 추가");
    assert_eq!(stage.last(), Some(Action::AddAccount(true)));
    stage.click("수신확인 서버");
    assert!(stage.reads().contains(&Read::ReceiptServer));
    stage.send(Message::ReceiptServerRead(None));
    stage.sees("아직 정하지 않았어요.");
    stage.click("서버 정하기");
    assert_eq!(stage.state.sheet, Some(Sheet::ReceiptServer));
    stage.key(Named::Escape);
    stage.happens(Event::ReceiptServerSet(9, Ok(("https://r.example".into(), None))));
    stage.sees("https://r.example");
    stage.sees("다른 서버로 바꾸기");
    stage.click("수신확인 보기");
    assert_eq!((stage.state.list.place, section(&stage)), (Place::Receipts, None));
}

#[test]
fn nothing_is_done_to_the_letter_behind_the_settings() {
    let mut stage = in_window(1280.0, 800.0);
    open_first(&mut stage);
    stage.chord(",");
    let asked = stage.asked().len();
    for key in ["e", "#", "s", "u", "r", "m", "!"] {
        stage.character(key);
    }
    stage.key(Named::Delete);
    assert_eq!(stage.asked().len(), asked, "{:?}", stage.asked());
}

#[test]
fn pictures_from_outside_are_switched_off_for_all_letters() {
    let mut stage = in_window(1280.0, 1000.0);
    stage.chord(",");
    stage.click("개인정보");
    stage.click("불러오지 않기");
    let never = Remote { never: true, by: Way::Accounts };
    assert_eq!(stage.last_asked(), Some(Command::SetRemote(never.clone())));
    stage.happens(Event::Remote(never));
    stage.click("메일마다 정하기");
    assert_eq!(stage.last_asked(), Some(Command::SetRemote(Remote::default())));
    // What the engine did not take is not shown as if it held.
    stage.happens(Event::Remote(Remote { never: true, by: Way::Direct }));
    stage.sees(
        "계정에 프록시가 있어도 이미지는 바로 불러와요. 서버가 이 컴퓨터의 주소를 볼 수 있어요.",
    );
}

#[test]
fn a_proxy_for_pictures_is_typed_checked_and_saved() {
    let mut stage = in_window(1280.0, 1000.0);
    stage.chord(",");
    stage.click("개인정보");
    stage.click("따로 정하기");
    assert_eq!(stage.last(), Some(Action::Focus(Field::PicturesProxy)));
    // Nothing goes another way yet, and it does not look so.
    let hidden = "이미지를 이 프록시를 거쳐 불러와요. 서버는 이 컴퓨터의 주소를 보지 못해요.";
    let not_yet = "저장하면 이 프록시로 불러와요. 그때까지는 위에 고른 길을 그대로 써요.";
    stage.sees_not(hidden);
    stage.sees(not_yet);
    let asked = stage.asked().len();
    stage.click_field("proxy-of-pictures");
    stage.types("127.0.0.1");
    stage.sees("프록시 주소가 아니에요. socks5://서버:포트 또는 http://서버:포트처럼 넣어 주세요.");
    stage.send(Message::PicturesProxyTyped("socks5://127.0.0.1:9050".into()));
    assert_eq!(stage.asked().len(), asked, "nothing goes there before it is saved");
    // It is not lost by closing the window.
    stage.key(Named::Escape);
    stage.send(Message::CloseWanted);
    stage.sees("이미지를 불러올 프록시를 바꾸고 아직 저장하지 않았어요.");
    stage.key(Named::Escape);
    stage.click("저장");
    let by = Way::Proxy("socks5://127.0.0.1:9050".into());
    let own = Remote { never: false, by };
    assert_eq!(stage.last_asked(), Some(Command::SetRemote(own.clone())));
    // The engine could not keep it: what was typed is still there, and what is so is said.
    stage.happens(Event::Remote(Remote::default()));
    stage.sees_not(hidden);
    stage.click("저장");
    stage.happens(Event::Remote(own));
    stage.sees(hidden);
    stage.sees_not(not_yet);
    stage.click("바로 연결");
    let direct = Remote { never: false, by: Way::Direct };
    assert_eq!(stage.last_asked(), Some(Command::SetRemote(direct)));
}

#[test]
fn where_nothing_is_ever_fetched_a_letter_offers_the_settings_alone() {
    let mut stage = Stage::with_open(crate::window_stage::LETTER);
    stage.sees("이번만 이미지 표시");
    let mut ledger = stage.ledger();
    for entry in &mut ledger.ledger.entries {
        entry.verdict = Verdict::Refuse(Reason::Never);
    }
    let doc = stage.doc();
    stage.happens(Event::Ledger(doc, Arc::new(ledger)));
    stage.sees("설정에서 외부 이미지를 불러오지 않게 해 두었어요.");
    stage.sees_not("이번만 이미지 표시");
    // The ledger tells why, and offers nothing either.
    stage.character("d");
    stage.sees("설정에서 막음");
    stage.sees_not("허용(이번만)");
    stage.key(Named::Escape);
    stage.click("설정 보기");
    assert_eq!(section(&stage), Some(Section::Privacy));
}
