//! A second program at the same mailbox: the rules of docs/sync.md.

use super::common::desk::ACCOUNT;
use super::common::dovecot::USER;
use super::{Doing, LACKING, numbers, stage, there};
use goyo::model::{Act, FlagChange, Flags};

#[test]
fn two_programs_at_the_same_letters() {
    for without in LACKING {
        let (server, desk) = stage(without, 12);
        let mut other = server.client(USER);
        let uid = |uid| desk.at("INBOX", uid);
        let archive = desk.folder("Archive");
        // The same letters, before Goyo can tell.
        desk.act(&Act::Archive(vec![uid(1), uid(2), uid(3), uid(4)]));
        other.move_to("INBOX", "1", "Archive"); // To the same folder,
        other.move_to("INBOX", "2", "Sent"); // to another,
        other.delete("INBOX", "3"); // for good,
        other.flag("INBOX", "4", &["\\Answered"]); // or only its flags.
        desk.act(&Act::Flag(vec![uid(5), uid(6)], FlagChange::flags(Flags::FLAGGED, Flags::NONE)));
        other.flag("INBOX", "5", &["\\Seen"]);
        other.delete("INBOX", "6");
        desk.act(&Act::Copy(vec![uid(7), uid(8)], archive));
        other.delete("INBOX", "7");
        other.copy("INBOX", "8", "Archive");
        desk.act(&Act::DeleteForGood(vec![uid(9), uid(10)]));
        other.move_to("INBOX", "9", "Sent");
        other.delete("INBOX", "10");
        desk.sync();
        desk.settled(&server);
        let truth = server.truth(USER);
        let lie = numbers(&truth, 12);
        assert_eq!(lie["INBOX"], [4, 7, 10, 11], "{without:?}");
        // Both made a copy of one.
        assert_eq!(lie["Archive"], [0, 3, 7, 7], "{without:?}");
        assert_eq!(lie["Sent"], [1, 8]);
        assert_eq!(there(&truth, "Archive", 3).flags, ["\\Answered"]);
        assert_eq!(there(&truth, "INBOX", 4).flags, ["\\Flagged", "\\Seen"]);
    }
}

#[test]
fn sync_in_between_does_not_bring_back_what_the_user_moved() {
    for without in LACKING {
        let (server, desk) = stage(without, 6);
        let mut other = server.client(USER);
        let store = desk.store();
        let gesture = store.act(&Act::Archive(vec![desk.at("INBOX", 1)])).unwrap().unwrap();
        other.flag("INBOX", "1:6", &["\\Seen"]);
        other.append("INBOX", &[], super::letters(6..8));
        desk.sync();
        desk.settled(&server);
        store.undo(gesture.id).unwrap();
        other.flag("Archive", "1", &["\\Flagged"]);
        desk.sync();
        desk.settled(&server);
        let truth = server.truth(USER);
        assert_eq!(numbers(&truth, 8)["INBOX"], [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(there(&truth, "INBOX", 0).flags, ["\\Flagged", "\\Seen"]);
    }
}

#[test]
fn what_the_server_refuses_is_taken_back_with_its_reason() {
    let (server, desk) = stage(&[], 3);
    let mut other = server.client(USER);
    other.create("Doomed");
    desk.sync();
    let one = desk.at("INBOX", 1);
    desk.act(&Act::Move(vec![one], desk.folder("Doomed")));
    other.remove_folder("Doomed");
    let output = desk.sync_with(&[]);
    let told = super::common::lines(&output);
    let back: Vec<_> = told.iter().filter(|line| line["event"] == "rolled_back").collect();
    assert_eq!(back.len(), 1, "{told:?}");
    assert_eq!((&back[0]["kind"], &back[0]["count"]), (&"move".into(), &1.into()));
    assert!(!back[0]["reason"].as_str().unwrap().is_empty());
    desk.settled(&server);
    assert_eq!(desk.at("INBOX", 1), one);
}

#[test]
fn a_folder_numbered_anew_with_changes_on_their_way() {
    for without in LACKING {
        let (mut server, desk) = stage(without, 8);
        desk.act(&Act::Archive(vec![desk.at("INBOX", 2), desk.at("INBOX", 5)]));
        desk.act(&Act::DeleteForGood(vec![desk.at("INBOX", 3)]));
        desk.act(&Act::Flag(
            vec![desk.at("INBOX", 4)],
            FlagChange::flags(Flags::FLAGGED, Flags::NONE),
        ));
        server.stop();
        // Without its list of UIDs Dovecot makes a new one.
        let maildir = server.home(USER).join("Maildir");
        for entry in std::fs::read_dir(&maildir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name == "dovecot-uidlist" || name.starts_with("dovecot.index") {
                std::fs::remove_file(path).unwrap();
            }
        }
        server.go_on();
        desk.sync();
        desk.settled(&server);
        let truth = server.truth(USER);
        let lie = numbers(&truth, 8);
        assert_eq!(lie["INBOX"].len(), 5, "{without:?} {lie:?}");
        assert_eq!(lie["Archive"].len(), 2);
        let starred = truth["INBOX"].letters.values().filter(|l| l.flags == ["\\Flagged"]);
        assert_eq!(starred.count(), 1);
    }
}

#[test]
fn letters_of_another_program_that_are_marked_are_not_expunged_with_ours() {
    let (server, desk) = stage(&["UIDPLUS", "MOVE"], 4);
    let mut other = server.client(USER);
    other.flag("INBOX", "4", &["\\Deleted"]);
    desk.sync();
    desk.act(&Act::Archive(vec![desk.at("INBOX", 1)]));
    desk.act(&Act::DeleteForGood(vec![desk.at("INBOX", 2)]));
    desk.sync();
    let truth = server.truth(USER);
    assert_eq!(numbers(&truth, 4)["INBOX"], [0, 1, 2, 3]);
    assert_eq!(numbers(&truth, 4)["Archive"], [0]);
    // Here it is done, and stays so.
    assert_eq!(desk.letters("INBOX").keys().copied().collect::<Vec<u32>>(), [3, 4]);
    desk.sync();
    assert_eq!(desk.letters("INBOX").keys().copied().collect::<Vec<u32>>(), [3, 4]);
    let account = desk.store().account(ACCOUNT).unwrap().id;
    assert_eq!(desk.store().pending_count(account).unwrap(), 2);
}
