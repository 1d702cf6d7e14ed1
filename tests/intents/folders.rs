//! Folders that the user makes, renames, removes.

use super::common::desk::ACCOUNT;
use super::common::dovecot::USER;
use super::{Doing, numbers, stage};
use goyo::model::Act;

#[test]
fn folders_with_names_of_all_kinds() {
    let (server, desk) = stage(&[], 3);
    let account = desk.store().account(ACCOUNT).unwrap().id;
    for path in ["회의/2026 & 2027/자료", "a \"quoted\" name", "*%", "&-", "emoji 📮"] {
        desk.act(&Act::CreateFolder(account, path.into()));
        desk.act(&Act::Move(
            vec![desk.letters("INBOX").into_values().next().unwrap()],
            desk.folder(path),
        ));
        desk.sync();
        let lie = numbers(&server.truth(USER), 3);
        assert_eq!(lie[path].len(), 1, "{path}: {lie:?}");
        desk.settled(&server);
        desk.act(&Act::Move(vec![desk.at(path, 1)], desk.folder("INBOX")));
        desk.act(&Act::RenameFolder(desk.folder(path), format!("{path} two")));
        desk.sync();
        desk.settled(&server);
        let renamed = desk.folder(&format!("{path} two"));
        desk.act(&Act::DeleteFolder(renamed));
        desk.sync();
        desk.settled(&server);
        assert!(!server.truth(USER).keys().any(|name| name.ends_with(" two")));
    }
}

#[test]
fn a_folder_removed_with_its_letters_comes_back_with_them() {
    let (server, desk) = stage(&[], 4);
    let account = desk.store().account(ACCOUNT).unwrap().id;
    let store = desk.store();
    desk.act(&Act::CreateFolder(account, "Work".into()));
    desk.act(&Act::CreateFolder(account, "Work/Sub".into()));
    desk.act(&Act::Move(vec![desk.at("INBOX", 1)], desk.folder("Work/Sub")));
    desk.sync();
    desk.settled(&server);
    // What lies below goes first.
    assert!(store.act(&Act::DeleteFolder(desk.folder("Work"))).is_err());
    let gesture = store.act(&Act::DeleteFolder(desk.folder("Work/Sub"))).unwrap().unwrap();
    desk.sync();
    desk.settled(&server);
    let lie = numbers(&server.truth(USER), 4);
    assert!(!lie.contains_key("Work/Sub"));
    assert_eq!(lie["Trash"], [0]);
    store.undo(gesture.id).unwrap();
    desk.sync();
    desk.settled(&server);
    let lie = numbers(&server.truth(USER), 4);
    assert_eq!((&lie["Work/Sub"][..], lie["Trash"].len()), (&[0][..], 0));
}

#[test]
fn subscriptions_and_a_folder_that_is_there_already() {
    let (server, desk) = stage(&[], 1);
    let account = desk.store().account(ACCOUNT).unwrap().id;
    server.client(USER).create("Quiet");
    desk.sync();
    desk.act(&Act::Subscribe(desk.folder("Quiet"), false));
    server.client(USER).create("Same");
    desk.act(&Act::CreateFolder(account, "Same".into()));
    desk.act(&Act::Move(vec![desk.at("INBOX", 1)], desk.folder("Same")));
    desk.sync();
    desk.settled(&server);
    let truth = server.truth(USER);
    assert!(!truth["Quiet"].subscribed && truth["Same"].subscribed);
    assert_eq!(truth["Same"].letters.len(), 1);
    assert!(!desk.store().mailboxes(account).unwrap().iter().any(|m| m.path.contains('(')));
}
