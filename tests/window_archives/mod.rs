//! Mail brought in from archives, and written into them, from the window: what is asked of the
//! engine, how far it is, and what is said of it.

use super::window_stage::Stage;
use goyo::engine::protocol::{
    Archived, Archiving, Command, Doing, Event, ExportFormat, Exported, Imported, NotDone, Passed,
    Refusal, Refused,
};
use goyo::gui::screen::compose::{self, Message as Compose};
use goyo::gui::screen::mail::archives::Message as Archive;
use goyo::gui::screen::mail::choosing::Choose;
use goyo::gui::screen::mail::preferences::Section;
use goyo::gui::screen::mail::{Action, Field, Menu, Message, Sheet};
use goyo::model::{FolderId, Obstacle};
use goyo::store::Folder;
use iced::keyboard::key::Named;
use std::sync::Arc;

/// The settings, where it begins; with a folder of this computer and one of a server.
fn storage() -> Stage {
    let mut stage = Stage::with_rows(3);
    let folder = |id, account: &str, path: &str, role: Option<&str>| Folder {
        id: FolderId(id),
        account: account.into(),
        path: path.into(),
        role: role.map(str::to_owned),
        total: 3,
        unread: 0,
        policy: None,
    };
    stage.send(Message::Folders(Ok(vec![
        folder(1, "local", "inbox", Some("inbox")),
        folder(2, "local", "옛메일", None),
        folder(3, "minji@naver.com", "Projects", None),
    ])));
    stage.chord(",");
    stage.click("저장 공간");
    stage
}

fn imports(stage: &Stage) -> Option<(Vec<String>, Option<String>)> {
    match stage.last_asked() {
        Some(Command::Import { paths, folder }) => {
            Some((paths.iter().map(|path| path.display().to_string()).collect(), folder))
        }
        _ => None,
    }
}

fn far(doing: Doing, letters: u64, done: u64) -> Event {
    Event::Archiving(Archiving { doing, letters, bytes: 2_500_000, done, all: 100 })
}

fn ended(archived: Archived) -> Event {
    Event::Archived(Arc::new(archived))
}

#[test]
fn mail_is_brought_in_from_several_places_into_a_new_folder() {
    let mut stage = storage();
    stage.click("가져오기…");
    assert_eq!(stage.state.sheet, Some(Sheet::Import));
    assert_eq!(stage.last(), Some(Action::Focus(Field::ArchivePath)));
    stage.sees("비워 두면 가져오는 파일 이름으로 이 컴퓨터에 폴더를 만들어요.");
    // Nothing to bring in yet.
    stage.click("가져오기");
    assert_eq!((imports(&stage), stage.state.sheet), (None, Some(Sheet::Import)));
    stage.click_field("box-path");
    stage.types("/a.mbox");
    stage.key(Named::Enter);
    stage.click("더하기");
    stage.sees("/a.mbox");
    stage.click_field("box-path");
    stage.types("/b");
    stage.click_field("box-folder");
    stage.types("/일 //2019/");
    stage.sees("이 컴퓨터에 ‘일/2019’ 폴더를 새로 만들어요.");
    stage.click("가져오기");
    // What was typed and not added yet is meant as well.
    let both = vec!["/a.mbox".to_owned(), "/b".to_owned()];
    assert_eq!(imports(&stage), Some((both, Some("local/일/2019".into()))));
    assert_eq!(stage.state.sheet, None);
}

#[test]
fn a_folder_that_is_there_is_chosen_and_none_of_a_server_is_offered() {
    let mut stage = storage();
    stage.send(Message::Archives(Archive::ImportWanted));
    let names = |stage: &mut Stage| stage.texts().iter().filter(|text| *text == "Projects").count();
    // Beside the sheet it is still seen.
    assert_eq!(names(&mut stage), 1);
    stage.click_field("box-path");
    stage.types("/a.mbox");
    stage.send(Message::Archives(Archive::FolderChosen(FolderId(1))));
    stage.sees("‘받은편지함’에 더해요. 이미 있는 메일은 두 번 들어오지 않아요.");
    stage.in_field("box-folder", iced::keyboard::Key::Named(Named::Enter), Default::default());
    assert_eq!(imports(&stage), Some((vec!["/a.mbox".into()], Some("local/inbox".into()))));
}

#[test]
fn how_far_it_is_is_seen_in_the_settings_and_in_the_status_line_and_it_is_stopped() {
    let mut stage = storage();
    stage.happens(far(Doing::Looking, 0, 0));
    stage.sees("메일을 찾는 중");
    stage.happens(far(Doing::Importing, 12_345, 42));
    stage.sees("메일을 가져오는 중");
    stage.sees("12,345통 · 2.5 MB · 42%");
    // One at a time.
    stage.click("가져오기…");
    assert_eq!(stage.state.sheet, None);
    stage.key(Named::Escape);
    stage.sees("메일을 가져오는 중 · 12,345통 · 2.5 MB · 42%");
    stage.chord(",");
    stage.click("저장 공간");
    stage.click("멈추기");
    assert_eq!(stage.last_asked(), Some(Command::StopArchiving));
    stage.sees("멈추는 중");
    stage.happens(far(Doing::Importing, 12_400, 43));
    stage.sees("멈추는 중");
    let done = Imported { imported: 12_400, stopped: true, ..Imported::default() };
    stage.happens(ended(Archived::Import(done, None)));
    stage.sees("메일 12,400통을 가져왔어요.");
    stage.sees("중간에 멈췄어요. 들어온 메일은 그대로 있고, 다시 가져오면 나머지가 들어와요.");
    assert!(stage.state.archives.job.is_none() && stage.state.notice.is_none());
    stage.click("닫기");
    stage.sees_not("메일 12,400통을 가져왔어요.");
}

#[test]
fn what_came_in_was_there_and_was_not_understood_is_told_apart() {
    let mut stage = storage();
    stage.happens(far(Doing::Importing, 1, 1));
    let refused = Refused {
        what: Passed::InMbox("/a.mbox".into(), "z@example.com Thu Jan  1".into()),
        why: Refusal::TooLarge(140_000_000),
    };
    let done = Imported {
        imported: 1_234,
        duplicate: 12,
        broken: 4,
        passed: 3,
        gathered: 0,
        refused: vec![refused],
        stopped: false,
    };
    stage.happens(ended(Archived::Import(done, None)));
    stage.sees("메일 1,234통을 가져왔어요.");
    stage.sees("12통은 이미 있어서 그대로 뒀어요.");
    stage.sees("1통은 알아보기 어려운 데가 있지만 받은 그대로 들어왔어요.");
    stage.sees("3개는 가져오지 못했어요. 원래 자리에 그대로 있어요.");
    stage.sees("· /a.mbox (z@example.com Thu Jan  1): 너무 커요(140.0 MB).");
    stage.sees("· 그 밖에 2개");
    stage.sees_not("중간에 멈췄어요. 들어온 메일은 그대로 있고, 다시 가져오면 나머지가 들어와요.");
}

#[test]
fn whoever_is_elsewhere_is_told_and_led_to_it() {
    let mut stage = storage();
    stage.key(Named::Escape);
    stage.happens(far(Doing::Importing, 1, 1));
    let trouble = NotDone::At("/a.mbox".into(), Obstacle::Denied);
    let done = Imported { imported: 7, ..Imported::default() };
    stage.happens(ended(Archived::Import(done, Some(trouble))));
    stage.sees("메일 7통을 가져왔어요.");
    stage.click("자세히");
    let section = stage.state.preferences.as_ref().map(|preferences| preferences.section);
    assert_eq!(section, Some(Section::Storage));
    stage.sees("끝까지 가져오지 못했어요. /a.mbox: 읽거나 쓸 권한이 없어요.");
    stage.happens(Event::Failed(NotDone::Archiving));
    stage.sees("다른 가져오기나 내보내기가 아직 끝나지 않았어요.");
}

#[test]
fn a_folder_is_exported_from_its_menu_in_a_form_that_is_chosen() {
    let mut stage = storage();
    stage.key(Named::Escape);
    stage.send(Message::MenuToggled(Menu::Folder(FolderId(1))));
    stage.click("내보내기…");
    assert_eq!((stage.state.sheet, stage.state.menu), (Some(Sheet::Export), None));
    stage.click("Maildir");
    stage.sees("메일마다 파일 하나예요. 읽음과 중요 표시가 함께 가요.");
    stage.click("내보내기");
    let export = |dir: Option<&str>, form, name: &str, folder| {
        Some(Action::Export(FolderId(folder), form, dir.map(Into::into), name.into()))
    };
    // To where all is saved.
    assert_eq!(stage.last(), export(None, ExportFormat::Maildir, "받은편지함", 1));
    // The form is remembered, the folder is not.
    stage.chord(",");
    stage.click("저장 공간");
    stage.click("내보내기…");
    stage.click("내보내기");
    assert_eq!(stage.state.sheet, Some(Sheet::Export), "which folder?");
    stage.click_field("box-folder");
    stage.types("proj");
    // One of a server as well.
    stage.keys(&[]);
    stage.send(Message::Archives(Archive::FolderChosen(FolderId(3))));
    stage.click_field("box-path");
    stage.types("/out");
    stage.key(Named::Enter);
    stage.click("내보내기");
    assert_eq!(stage.last(), export(Some("/out"), ExportFormat::Maildir, "Projects", 3));
}

#[test]
fn enter_chooses_the_first_folder_that_was_found_and_pressed_again_begins() {
    let mut stage = storage();
    let enter = |stage: &mut Stage| {
        stage.in_field("box-folder", iced::keyboard::Key::Named(Named::Enter), Default::default());
    };
    stage.send(Message::Archives(Archive::ExportWanted(None)));
    // Nothing is typed yet: nothing was found.
    enter(&mut stage);
    assert_eq!(stage.state.archives.export.folder, None);
    stage.click_field("box-folder");
    stage.types("proj");
    stage.sees("Enter");
    enter(&mut stage);
    assert_eq!(stage.state.archives.export.folder, Some(FolderId(3)));
    assert_eq!(stage.state.sheet, Some(Sheet::Export));
    stage.sees_not("Enter");
    enter(&mut stage);
    assert!(matches!(stage.last(), Some(Action::Export(FolderId(3), ..))), "{:?}", stage.last());
    // What no folder fits is none.
    stage.send(Message::Archives(Archive::ExportWanted(None)));
    stage.send(Message::Archives(Archive::FolderTyped("nowhere".into())));
    enter(&mut stage);
    assert_eq!(
        (stage.state.archives.export.folder, stage.state.sheet),
        (None, Some(Sheet::Export))
    );
}

#[test]
fn what_was_written_and_what_was_left_out_is_said() {
    let mut stage = storage();
    stage.happens(far(Doing::Exporting, 10, 50));
    stage.sees("메일을 내보내는 중");
    let done = Exported { exported: 1_000, damaged: 1, not_here: 2, stopped: false };
    stage.happens(ended(Archived::Export(Some("/out/a.mbox".into()), done, None)));
    stage.sees("메일 1,000통을 내보냈어요: /out/a.mbox");
    stage.sees("손상된 1통은 빠졌어요.");
    stage.sees("아직 다 받지 못한 2통은 빠졌어요. 메일을 한 번 열면 마저 받아요.");
    // Copies the place of what was exported, which stands first.
    stage.happens(far(Doing::Exporting, 10, 50));
    let stopped = Exported { exported: 5, stopped: true, ..Exported::default() };
    stage.happens(ended(Archived::Export(None, stopped, None)));
    stage.sees("중간에 멈췄어요. 파일은 남기지 않았어요.");
    stage.happens(far(Doing::Exporting, 10, 50));
    stage.happens(ended(Archived::Export(Some("/out/a".into()), stopped, None)));
    stage.sees("중간에 멈췄어요. 메일 5통은 여기에 있어요: /out/a");
    let full = NotDone::At("/out/a.mbox".into(), Obstacle::Full);
    let some = Exported { exported: 5, ..Exported::default() };
    stage.happens(ended(Archived::Export(None, some, Some(full))));
    stage.sees("내보내지 못했어요.");
    stage.sees("/out/a.mbox: 디스크에 자리가 없어요. 자리를 비우고 다시 해 주세요.");
}

#[test]
fn it_is_all_done_by_the_keyboard() {
    let mut stage = storage();
    stage.send(Message::Archives(Archive::ExportWanted(None)));
    // The fields, then the folders: the first of them.
    let tabs = |count: usize| [Named::Tab].repeat(count);
    stage.keys(&[tabs(3), vec![Named::Enter]].concat());
    assert_eq!(stage.state.archives.export.folder, Some(FolderId(1)));
    stage.key(Named::Escape);
    assert_eq!(stage.state.sheet, None);
    assert!(stage.state.preferences.is_some());
}

#[test]
fn the_desktops_chooser_is_offered_where_there_is_one_and_fills_the_form_in() {
    let mut stage = storage();
    stage.send(Message::Archives(Archive::ImportWanted));
    stage.sees_not("파일 고르기…");
    stage.send(Message::ChooserFound);
    stage.click("파일 고르기…");
    assert_eq!(stage.last(), Some(Action::Choose(Choose::ImportFiles)));
    let both = vec!["/b.mbox".into(), "/c.mbox".into()];
    stage.send(Message::Chosen(Choose::ImportFiles, Some(both)));
    stage.click("폴더 고르기…");
    assert_eq!(stage.last(), Some(Action::Choose(Choose::ImportFolder)));
    // The user changed their mind.
    stage.send(Message::Chosen(Choose::ImportFolder, Some(Vec::new())));
    stage.click("가져오기");
    let paths = vec!["/b.mbox".to_owned(), "/c.mbox".to_owned()];
    assert_eq!(imports(&stage), Some((paths, None)));
    stage.send(Message::Archives(Archive::ExportWanted(Some(FolderId(1)))));
    stage.click("폴더 고르기…");
    stage.send(Message::Chosen(Choose::ExportFolder, Some(vec!["/usb".into()])));
    stage.click("내보내기");
    let name = "받은편지함".to_owned();
    let export = Action::Export(FolderId(1), ExportFormat::Mboxrd, Some("/usb".into()), name);
    assert_eq!(stage.last(), Some(export));
}

#[test]
fn files_are_attached_by_the_desktops_chooser_and_typed_where_there_is_none() {
    let attach = || Message::Compose(Compose::MenuToggled(compose::Menu::Attach));
    let mut stage = Stage::with_rows(1);
    stage.character("c");
    let id = stage.state.writing.as_ref().unwrap().id;
    // None has been found: the field is there at once.
    stage.send(attach());
    assert_eq!(stage.state.writing.as_ref().unwrap().menu, Some(compose::Menu::Attach));
    stage.send(attach());
    stage.send(Message::ChooserFound);
    stage.send(attach());
    assert_eq!(stage.last(), Some(Action::Choose(Choose::Attach(id))));
    assert_eq!(stage.state.writing.as_ref().unwrap().menu, None);
    // It has gone since: the field is there, now and from now on.
    stage.send(Message::Chosen(Choose::Attach(id), None));
    assert_eq!(stage.state.writing.as_ref().unwrap().menu, Some(compose::Menu::Attach));
    stage.send(attach());
    stage.send(attach());
    assert_eq!(stage.state.writing.as_ref().unwrap().menu, Some(compose::Menu::Attach));
    // What was chosen for a letter that has been left since goes nowhere.
    let asked = stage.asked().len();
    stage.send(Message::Chosen(Choose::Attach(id + 1), Some(vec!["/a.pdf".into()])));
    assert_eq!(stage.asked().len(), asked);
}
