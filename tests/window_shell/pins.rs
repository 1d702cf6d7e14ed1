//! Folders on top of the sidebar.

use super::Stage;
use goyo::gui::screen::mail::picking::Pick;
use goyo::gui::screen::mail::pins::Message as Pins;
use goyo::gui::screen::mail::{Action, Message, Place};
use goyo::model::{AccountId, FolderId};

/// How often a text stands there.
fn times(stage: &mut Stage, text: &str) -> usize {
    stage.texts().iter().filter(|seen| *seen == text).count()
}

#[test]
fn a_folder_stands_on_top_and_is_taken_off_again_by_its_menu() {
    let mut stage = Stage::in_folder("INBOX", 1);
    let rust = FolderId(15);
    assert_eq!(times(&mut stage, "Projects/Rust"), 1);
    stage.send(Message::Pick(Pick::FolderMenu(rust)));
    stage.click("위에 두기");
    assert!(stage.actions.contains(&Action::Remember));
    assert_eq!(times(&mut stage, "Projects/Rust"), 2);
    // It is still seen, and gone to, where its account is folded.
    stage.send(Message::AccountFolded(AccountId(2)));
    assert_eq!(times(&mut stage, "Projects/Rust"), 1);
    stage.click("Projects/Rust");
    assert_eq!(stage.state.list.place, Place::Folder(rust));
    // Its menu opens there, by the pointer and by the key; once.
    stage.send(Message::Pick(Pick::PlaceMenu));
    assert_eq!(times(&mut stage, "위에서 내리기"), 1);
    stage.send(Message::AccountFolded(AccountId(2)));
    stage.send(Message::Pins(Pins::Menu(rust)));
    assert_eq!(times(&mut stage, "위에서 내리기"), 1);
    stage.click("위에서 내리기");
    // In its account, and above its letters.
    assert_eq!(times(&mut stage, "Projects/Rust"), 2);
}

#[test]
fn a_folder_on_top_keeps_its_place_when_it_is_renamed_and_is_gone_when_it_is_gone() {
    let mut stage = Stage::in_folder("INBOX", 1);
    let rust = FolderId(15);
    stage.send(Message::Pins(Pins::Toggled(rust)));
    let mut folders = stage.state.folders.clone();
    for folder in folders.iter_mut().filter(|folder| folder.id == rust) {
        folder.path = "Projects/Ferrous".into();
    }
    stage.send(Message::Folders(Ok(folders.clone())));
    assert_eq!(times(&mut stage, "Projects/Ferrous"), 2);
    folders.retain(|folder| folder.id != rust);
    stage.send(Message::Folders(Ok(folders)));
    assert_eq!(times(&mut stage, "Projects/Ferrous"), 0);
}

#[test]
fn the_keys_go_through_each_folder_once() {
    let mut stage = Stage::in_folder("INBOX", 1);
    stage.send(Message::Pins(Pins::Toggled(FolderId(15))));
    stage.send(Message::PlaceChosen(Place::All));
    let mut seen = Vec::new();
    for _ in 0..20 {
        stage.send(Message::PlaceMoved(1));
        if let Place::Folder(id) = stage.state.list.place
            && seen.last() != Some(&id.0)
        {
            seen.push(id.0);
        }
    }
    assert_eq!(seen, [15, 11, 12, 13, 14]);
}
