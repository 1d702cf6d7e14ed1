//! Going somewhere by two keys, and the list of all keys.

use super::window_stage::{LETTER, Stage};
use goyo::engine::protocol::{Command, Event, Trust};
use goyo::gui::screen::mail::picking::Pick;
use goyo::gui::screen::mail::{Action, Ask, Due, Field, Goal, Menu, Message, PLACE, Place, Sheet};
use goyo::gui::widget::pick::Press;
use goyo::html::worker::protocol::{Hit, Rect, Step, Stop};
use goyo::model::{AccountId, Act, FolderId};
use iced::Point;
use iced::Size;
use iced::keyboard::key::Named;
use iced::keyboard::{Key, Modifiers};

fn place(stage: &Stage, role: &str) -> Place {
    let folder = stage.state.folders.iter().find(|f| f.role.as_deref() == Some(role));
    Place::Folder(folder.unwrap().id)
}

#[test]
fn g_and_a_letter_go_to_a_place_in_either_script() {
    let mut stage = Stage::in_folder("INBOX", 3);
    stage.character("g");
    stage.sees("어디로 갈까요?");
    stage.character("e");
    stage.sees_not("어디로 갈까요?");
    assert_eq!(stage.state.list.place, place(&stage, "archive"));
    stage.character("ㅎ");
    stage.character("ㅑ");
    assert_eq!(stage.state.list.place, place(&stage, "inbox"));
    // From a place with keys of its own as well.
    for (key, there) in [("r", Place::Receipts), ("o", Place::Outbox), ("a", Place::All)] {
        stage.character("g");
        stage.character(key);
        assert_eq!(stage.state.list.place, there);
    }
}

#[test]
fn g_and_anything_else_go_nowhere_and_do_nothing_else() {
    let mut stage = Stage::in_folder("INBOX", 3);
    let here = stage.state.list.place;
    stage.key(Named::ArrowDown);
    let asked = stage.asked().len();
    // E alone would archive, Escape close, Q is no key at all.
    stage.character("g");
    stage.key(Named::Shift);
    stage.sees("어디로 갈까요?");
    stage.key(Named::Escape);
    stage.sees_not("어디로 갈까요?");
    stage.character("g");
    stage.character("q");
    assert_eq!((stage.state.list.place, stage.asked().len()), (here, asked));
    // While one types it is a letter.
    stage.click_field("search");
    stage.types("gt");
    assert_eq!(stage.state.search.text, "gt");
    assert_eq!(stage.state.list.place, here);
}

#[test]
fn a_place_that_is_not_there_is_not_offered() {
    let mut stage = Stage::with_rows(3);
    let here = stage.state.list.place;
    stage.character("g");
    stage.sees("받은편지함");
    stage.sees_not("임시보관함");
    stage.character("d");
    assert_eq!(stage.state.list.place, here);
    stage.send(Message::Gone(Some(Goal::Trash)));
    assert_eq!(stage.state.list.place, here);
}

#[test]
fn a_question_mark_lists_every_key_and_escape_closes_the_list() {
    let mut stage = Stage::in_folder("INBOX", 3);
    stage.shifted("/", "?");
    stage.sees("단축키");
    stage.has("되돌리기");
    // Nothing is done to letters under the list.
    let asked = stage.asked().len();
    stage.character("e");
    assert_eq!(stage.asked().len(), asked);
    stage.key(Named::Escape);
    stage.sees_not("단축키");
}

#[test]
fn the_tabulator_reaches_what_stands_above_a_letter_and_another_key_gives_the_focus_up() {
    let shown_by = |keys: &[Named]| {
        let mut stage = Stage::with_open(LETTER);
        stage.keys(keys);
        stage.asked().iter().any(|asked| matches!(asked, Command::ShowOnce(_)))
    };
    let tabs = |count| vec![Named::Tab; count];
    let count = (1..30).find(|count| shown_by(&[tabs(*count), vec![Named::Enter]].concat()));
    let count = count.expect("pictures are shown by the keyboard alone");
    // Whoever goes on by another key does not press what was reached, a letter later.
    for after in [Named::Enter, Named::Space] {
        assert!(!shown_by(&[tabs(count), vec![Named::PageDown, after]].concat()));
    }
}

#[test]
fn the_menu_of_the_folder_one_is_in_opens_and_is_gone_through_by_keys() {
    let mut stage = Stage::in_folder("INBOX", 3);
    stage.key(Named::ArrowDown);
    stage.named(Named::F10, Modifiers::SHIFT | Modifiers::COMMAND);
    stage.sees("폴더 열기");
    stage.key(Named::ArrowDown);
    stage.key(Named::Enter);
    let asked = stage.last_asked();
    assert!(matches!(asked, Some(Command::Act(Act::MarkAllRead(FolderId(11))))), "{asked:?}");
    // An empty one has a menu too.
    let mut stage = Stage::in_folder("INBOX", 0);
    stage.named(Named::ContextMenu, Modifiers::COMMAND);
    stage.sees("폴더 열기");
    stage.key(Named::Escape);
    stage.sees_not("폴더 열기");
}

#[test]
fn after_escape_and_after_enter_keys_are_for_letters_and_not_for_the_search() {
    let mut stage = Stage::with_rows(3);
    for key in [Named::Enter, Named::Escape] {
        stage.click_field("search");
        stage.types("회의");
        stage.actions.clear();
        stage.in_field("search", Key::Named(key), Modifiers::empty());
        assert!(stage.actions.contains(&Action::LeaveFields), "{key:?}");
    }
}

#[test]
fn folders_go_on_below_what_is_carried_to_their_edge_as_long_as_it_is_there() {
    let mut stage = Stage::in_folder("INBOX", 3);
    let height = stage.state.window.height;
    let carried = |stage: &mut Stage, x: f32, y: f32| {
        stage.actions.clear();
        stage.send(Message::Pick(Pick::Press(Press::Carried(Point::new(x, y)))));
        stage.actions.iter().find_map(|action| match action {
            Action::ScrollFolders(by) => Some(*by > 0.0),
            _ => None,
        })
    };
    assert_eq!(carried(&mut stage, 40.0, height - 60.0), None, "nothing is carried");
    stage.send(Message::Pick(Pick::Press(Press::Lifted(0, Point::new(300.0, 120.0)))));
    assert_eq!(carried(&mut stage, 40.0, 300.0), None);
    assert_eq!(carried(&mut stage, 300.0, height - 60.0), None, "not over the folders");
    assert_eq!(carried(&mut stage, 40.0, height - 60.0), Some(true));
    stage.actions.clear();
    stage.send(Message::Due(Due::Edge));
    assert!(stage.later(Due::Edge), "and on");
    assert_eq!(carried(&mut stage, 40.0, 300.0), None);
    stage.send(Message::Due(Due::Edge));
    assert!(!stage.later(Due::Edge), "no longer");
    assert_eq!(carried(&mut stage, 40.0, 100.0), Some(false));
}

#[test]
fn whom_to_trust_is_chosen_by_the_arrows() {
    let trusted = |keys: &[Named]| {
        let mut stage = Stage::with_open(LETTER);
        stage.send(Message::MenuToggled(Menu::Trust));
        stage.keys(keys);
        stage.asked().into_iter().find_map(|asked| match asked {
            Command::Trust(_, trust) => Some(trust),
            _ => None,
        })
    };
    let (down, up, enter) = (Named::ArrowDown, Named::ArrowUp, Named::Enter);
    assert_eq!(trusted(&[enter]), None, "nothing is chosen yet");
    assert_eq!(trusted(&[down, enter]), Some(Trust::Sender));
    assert_eq!(trusted(&[up, enter]), Some(Trust::Never));
}

/// Every sheet, one after the other: a new one has to stand here.
fn after(sheet: Sheet) -> Option<Sheet> {
    Some(match sheet {
        Sheet::Ledger => Sheet::Header,
        Sheet::Header => Sheet::Journey,
        Sheet::Journey => Sheet::Source,
        Sheet::Source => Sheet::Link(0),
        Sheet::Link(_) => Sheet::Attachment(0),
        Sheet::Attachment(_) => Sheet::AllAttachments,
        Sheet::AllAttachments => Sheet::Preview,
        Sheet::Preview => Sheet::Leave,
        Sheet::Leave => Sheet::LeavePage,
        Sheet::LeavePage => Sheet::Block,
        Sheet::Block => Sheet::Missing,
        Sheet::Missing => Sheet::Rules,
        Sheet::Rules => Sheet::Keys,
        Sheet::Keys => Sheet::Labels,
        Sheet::Labels => Sheet::Move,
        Sheet::Move => Sheet::FolderName,
        Sheet::FolderName => Sheet::Keep(FolderId(1)),
        Sheet::Keep(_) => Sheet::Talk(AccountId(1)),
        Sheet::Talk(_) => Sheet::Ask(Ask::RemoveFolder(FolderId(1))),
        Sheet::Ask(_) => Sheet::ReceiptServer,
        Sheet::ReceiptServer => Sheet::Import,
        Sheet::Import => Sheet::Export,
        Sheet::Export => return None,
    })
}

#[test]
fn under_no_sheet_is_anything_done_to_letters() {
    let mut stage = Stage::with_open(LETTER);
    let mut next = Some(Sheet::Ledger);
    while let Some(sheet) = next {
        let (asked, selected) = (stage.asked().len(), stage.state.list.selected);
        stage.state.sheet = Some(sheet);
        stage.key(Named::Delete);
        for key in ["j", "ㅓ", "e", "s", "u", "#"] {
            stage.character(key);
        }
        assert_eq!(stage.asked().len(), asked, "{sheet:?}");
        assert_eq!(stage.state.list.selected, selected, "{sheet:?}");
        stage.key(Named::Escape);
        assert_eq!(stage.state.sheet, None, "{sheet:?}");
        next = after(sheet);
    }
}

#[test]
fn keys_with_control_mean_the_same_on_a_korean_keyboard() {
    let control = |key: &str| {
        let mut stage = Stage::with_open(LETTER);
        stage.actions.clear();
        stage.chord(key);
        let find = stage.state.open.as_ref().is_some_and(|open| open.find.is_some());
        (find, format!("{:?}", stage.actions))
    };
    for (latin, korean) in [("f", "ㄹ"), ("k", "ㅏ"), ("c", "ㅊ"), ("a", "ㅁ"), ("z", "ㅋ")] {
        assert_eq!(control(latin), control(korean), "{latin}");
    }
    assert!(control("ㄹ").0);
    assert!(control("ㅏ").1.contains(&format!("{:?}", Action::Focus(Field::Search))));
}

/// The name of the line of the sidebar that has the ring, if one has.
fn led(stage: &mut Stage) -> Option<String> {
    stage.within(PLACE)
}

#[test]
fn f6_leads_to_the_sidebar_where_arrows_letters_and_enter_open_any_folder() {
    let mut stage = Stage::in_folder("INBOX", 3);
    assert_eq!(led(&mut stage), None);
    stage.key(Named::F6);
    assert_eq!(led(&mut stage).as_deref(), Some("받은편지함"), "where one is");
    stage.key(Named::ArrowDown);
    assert_eq!(led(&mut stage).as_deref(), Some("보관함"));
    // A folder that has no key of its own, by its first letter; nothing is done to letters.
    let asked = stage.asked().len();
    stage.character("p");
    assert_eq!(led(&mut stage).as_deref(), Some("Projects/Rust"));
    stage.character("ㅎ");
    assert_eq!(led(&mut stage).as_deref(), Some("휴지통"));
    stage.key(Named::Delete);
    stage.character("e");
    assert_eq!(stage.asked().len(), asked);
    stage.key(Named::Home);
    assert_eq!(led(&mut stage).as_deref(), Some("모든 메일"));
    stage.key(Named::End);
    stage.key(Named::Enter);
    assert_eq!(stage.state.list.place, Place::Folder(FolderId(15)));
    // Now keys are for the list again.
    assert_eq!(led(&mut stage), None);
}

#[test]
fn in_the_sidebar_an_account_is_folded_and_a_folder_has_its_menu() {
    let mut stage = Stage::in_folder("INBOX", 3);
    stage.key(Named::F6);
    stage.key(Named::ArrowLeft);
    assert_eq!(led(&mut stage).as_deref(), Some("minji@naver.com"), "its account");
    stage.key(Named::ArrowLeft);
    stage.sees_not("Projects/Rust");
    stage.key(Named::ArrowRight);
    stage.sees("Projects/Rust");
    stage.key(Named::ArrowRight);
    assert_eq!(led(&mut stage).as_deref(), Some("받은편지함"));
    stage.key(Named::End);
    stage.named(Named::F10, Modifiers::SHIFT);
    stage.sees("폴더 열기");
    stage.key(Named::Escape);
    stage.sees_not("폴더 열기");
    assert_eq!(led(&mut stage).as_deref(), Some("Projects/Rust"), "back where it was asked for");
    // Away again: by Tab, by Escape, by a click.
    stage.key(Named::Tab);
    assert_eq!(led(&mut stage), None);
    stage.key(Named::F6);
    stage.key(Named::Escape);
    assert_eq!(led(&mut stage), None);
    stage.key(Named::F6);
    stage.click_at(600.0, 300.0);
    assert_eq!(led(&mut stage), None);
}

#[test]
fn f6_goes_on_to_the_letter_which_arrows_scroll_and_back() {
    let mut stage = Stage::with_open(LETTER);
    stage.state.view.height = 300.0;
    let selected = stage.state.list.selected;
    let offset = |stage: &Stage| stage.state.open.as_ref().map_or(0.0, |open| open.offset.y);
    stage.key(Named::F6);
    stage.key(Named::ArrowDown);
    assert!(offset(&stage) > 0.0);
    stage.key(Named::End);
    let end = offset(&stage);
    stage.key(Named::ArrowDown);
    assert_eq!(offset(&stage), end);
    stage.key(Named::Home);
    assert_eq!(offset(&stage), 0.0);
    assert_eq!(stage.state.list.selected, selected);
    stage.named(Named::F6, Modifiers::SHIFT);
    stage.key(Named::ArrowDown);
    assert_ne!(stage.state.list.selected, selected, "the list's again");
}

#[test]
fn in_a_narrow_window_f6_shows_the_sidebar_over_the_list() {
    let mut stage = Stage::in_folder("INBOX", 3);
    stage.state.window.width = 700.0;
    stage.key(Named::F6);
    assert_eq!(led(&mut stage).as_deref(), Some("받은편지함"));
    stage.key(Named::ArrowDown);
    stage.key(Named::Enter);
    assert_eq!(stage.state.list.place, Place::Folder(FolderId(12)));
    assert!(!stage.state.places_shown);
    stage.key(Named::F6);
    stage.key(Named::Escape);
    assert!(!stage.state.places_shown);
}

#[test]
fn what_else_there_is_for_a_letter_is_opened_and_gone_through_by_keys() {
    let (down, enter) = (Named::ArrowDown, Named::Enter);
    let mut stage = Stage::with_open(LETTER);
    stage.character(".");
    stage.sees("문자 집합");
    stage.key(Named::Escape);
    stage.sees_not("문자 집합");
    stage.character(".");
    stage.keys(&[down, enter]);
    assert_eq!((stage.state.sheet, stage.state.menu), (Some(Sheet::Header), None));
    stage.key(Named::Escape);
    // From there to the charsets, of which the last one is brought into sight.
    stage.character(".");
    stage.keys(&[down, down, down, enter]);
    assert_eq!(stage.state.menu, Some(Menu::Charset));
    stage.sees_not("WINDOWS-874");
    stage.keys(&[down; 20]);
    let seen = stage.texts_after(&[Named::Shift], false);
    assert!(seen.iter().any(|text| text == "WINDOWS-874"), "{seen:?}");
    stage.key(enter);
    let charset = Some("windows-874".to_owned());
    assert_eq!(stage.last_asked(), Some(Command::Charset(stage.doc(), charset)));
    assert_eq!(stage.state.menu, None);
}

#[test]
fn the_menu_of_an_account_is_opened_by_keys_and_pressed_again_that_of_the_next() {
    let mut stage = Stage::in_folder("INBOX", 1);
    let mut accounts = stage.state.accounts.clone();
    let mut other = accounts[0].clone();
    (other.id, other.name) = (AccountId(3), "minji@example.kr".into());
    accounts.push(other);
    stage.send(Message::Accounts(accounts, false));
    stage.chord(".");
    assert_eq!(stage.state.menu, Some(Menu::Account(AccountId(2))));
    stage.chord(".");
    assert_eq!(stage.state.menu, Some(Menu::Account(AccountId(3))));
    stage.sees("서버와 나눈 말 보기");
    stage.chord(".");
    stage.keys(&[Named::ArrowDown, Named::Enter]);
    assert_eq!(stage.state.sheet, Some(Sheet::Talk(AccountId(2))));
}

#[test]
fn what_is_said_covers_nothing_of_a_sheet_and_is_taken_back_by_key_and_pointer() {
    let said = |window: Size| {
        let mut stage = Stage::in_folder("INBOX", 3);
        stage.state.window = window;
        stage.key(Named::ArrowDown);
        stage.character("e");
        stage.done(7, "archive", true);
        stage.sees("보관했어요.");
        stage
    };
    for window in [Size::new(1280.0, 800.0), Size::new(1280.0, 600.0)] {
        for go in [
            Message::Archives(goyo::gui::screen::mail::archives::Message::ExportWanted(None)),
            Message::MoveWanted,
            Message::SheetOpened(Sheet::Rules),
        ] {
            let mut stage = said(window);
            let before = stage.everything();
            stage.send(go);
            let (notice, seen) = stage.place_of("보관했어요.");
            assert!(seen.is_some() && notice.y > window.height - 76.0);
            // Everything of the sheet that is in sight stands above it.
            for text in stage.texts().into_iter().filter(|text| !before.contains(text)) {
                let (_, seen) = stage.place_of(&text);
                let seen = seen.unwrap();
                assert!(seen.y + seen.height < notice.y, "{text:?}, {window:?}");
            }
            stage.click("되돌리기");
            assert!(matches!(stage.last_asked(), Some(Command::Undo(_))), "{window:?}");
        }
    }
    let mut stage = said(Size::new(1280.0, 800.0));
    stage.send(Message::SheetOpened(Sheet::Keys));
    stage.character("z");
    assert!(matches!(stage.last_asked(), Some(Command::Undo(_))));
    // Nothing is said any more: nothing is taken back unseen.
    let asked = stage.asked().len();
    stage.send(Message::NoticeClosed);
    stage.character("z");
    assert_eq!(stage.asked().len(), asked);
}

#[test]
fn a_link_is_come_to_marked_said_and_opened_by_keys() {
    let mut stage = Stage::with_open(LETTER);
    let doc = stage.doc();
    let asked = |stage: &Stage| match stage.last_asked() {
        Some(Command::Step(of, step)) if of == doc => step,
        other => panic!("{other:?}"),
    };
    stage.character("]");
    assert_eq!(asked(&stage), Step { from: None, back: false, top: 0.0 });
    let boxes = vec![Rect { x: 10.0, y: 700.0, width: 80.0, height: 18.0 }];
    let hit = Hit { link: Some(0), ..Hit::default() };
    stage.state.view.height = 300.0;
    stage.happens(Event::Stop(doc, Some(Stop { at: 4, hit, boxes })));
    // It is in sight, and where it leads is said.
    let offset = stage.state.open.as_ref().unwrap().offset.y;
    assert!(offset > 400.0 && offset < 700.0, "{offset}");
    stage.sees("http://evil.example/login?a=1&utm_source=mail");
    // Now Tab goes on, and Shift+Tab back.
    stage.key(Named::Tab);
    assert_eq!(asked(&stage).from, Some(4));
    stage.named(Named::Tab, Modifiers::SHIFT);
    assert!(asked(&stage).back);
    stage.key(Named::Enter);
    assert_eq!(stage.state.sheet, Some(Sheet::Link(0)));
    stage.key(Named::Escape);
    assert_eq!(stage.state.sheet, None);
    // What is not seen is not opened: it was laid out anew.
    let laid = stage.state.open.as_ref().unwrap().laid.unwrap();
    stage.happens(Event::Laid(doc, laid));
    stage.key(Named::Enter);
    assert_eq!(stage.state.sheet, None);
    stage.key(Named::Escape);
    assert!(stage.state.open.as_ref().unwrap().stop.is_none());
}

#[test]
fn a_folded_part_is_opened_by_keys() {
    let mut stage = Stage::with_open(LETTER);
    let doc = stage.doc();
    stage.character("[");
    let boxes = vec![Rect { x: 10.0, y: 20.0, width: 80.0, height: 18.0 }];
    let hit = Hit { fold: Some(2), ..Hit::default() };
    stage.happens(Event::Stop(doc, Some(Stop { at: 0, hit, boxes })));
    stage.key(Named::Enter);
    assert_eq!(stage.last_asked(), Some(Command::Fold(doc, 2)));
}

#[test]
fn arrows_go_from_attachment_to_attachment() {
    let part = |name: &str| {
        format!(
            "--b\nContent-Type: application/zip\n\
             Content-Disposition: attachment; filename={name}\n\nx\n"
        )
    };
    let parts: String = ["a.zip", "b.zip", "c.zip"].iter().map(|name| part(name)).collect();
    let letter = format!(
        "From: a@example.com\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\nhere\n{parts}--b--\n"
    );
    let saved = |keys: &[Named]| {
        let mut stage = Stage::with_open(&letter);
        stage.keys(keys);
        stage.actions.into_iter().find_map(|action| match action {
            Action::Save(_, _, name) => Some(name),
            _ => None,
        })
    };
    let tabs = |count| vec![Named::Tab; count];
    let to = (1..40).find(|count| {
        saved(&[tabs(*count), vec![Named::Enter]].concat()).as_deref() == Some("a.zip")
    });
    let to = tabs(to.expect("the first is reached by Tab"));
    for (keys, name) in [
        (vec![Named::ArrowRight], "b.zip"),
        (vec![Named::ArrowDown; 5], "c.zip"),
        (vec![Named::End, Named::ArrowLeft], "b.zip"),
        (vec![Named::End, Named::Home], "a.zip"),
    ] {
        let keys = [to.clone(), keys, vec![Named::Enter]].concat();
        assert_eq!(saved(&keys).as_deref(), Some(name));
    }
}
