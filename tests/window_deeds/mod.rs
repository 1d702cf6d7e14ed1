//! What the user does to letters: asked of the engine, shown at once, taken back, and
//! taken back by a server.

use super::window_stage::{LETTER, Stage, letter, row};
use goyo::engine::protocol::{Command, Event, NotDone};
use goyo::engine::sync::SyncEvent;
use goyo::gui::screen::mail::{Due, Message, Sheet};
use goyo::model::{AccountId, Act, FlagChange, Flags, FolderId, GestureId, LetterId, Obstacle};
use goyo::store::intents::{ActError, RolledBack, Why};
use iced::keyboard::key::Named;
use std::sync::Arc;
use std::time::Duration;

const INBOX: &str = "INBOX";

/// With the second of three letters open.
fn reading(path: &str) -> Stage {
    let mut stage = Stage::in_folder(path, 3);
    open(&mut stage, 1);
    stage
}

fn open(stage: &mut Stage, at: i64) {
    stage.click(&format!("letter {at}"));
    arrives(stage);
}

/// The letter that was asked for last is open.
fn arrives(stage: &mut Stage) -> LetterId {
    let (doc, id, _) = stage.opened();
    stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
    id
}

fn id(at: i64) -> LetterId {
    row(at).letter.id
}

fn acted(stage: &Stage) -> Vec<Act> {
    let acts = stage.asked().into_iter().filter_map(|command| match command {
        Command::Act(act) => Some(act),
        _ => None,
    });
    acts.collect()
}

#[test]
fn archiving_shows_the_next_letter_at_once_and_z_brings_the_first_back() {
    for key in ["e", "ㄷ"] {
        let mut stage = reading(INBOX);
        stage.character(key);
        assert_eq!(acted(&stage), [Act::Archive(vec![id(1)])]);
        // Before anybody has answered.
        assert_eq!(stage.rows(), [0, 2]);
        assert_eq!(stage.opened().1, id(2));
        stage.done(7, "archive", true);
        arrives(&mut stage);
        stage.read(INBOX, vec![0, 2]);
        stage.sees("보관했어요.");
        stage.sees("되돌리기");
        stage.character("z");
        assert!(stage.asked().contains(&Command::Undo(GestureId(7))));
        stage.happens(Event::Undone(GestureId(7), 0));
        stage.sees("되돌렸어요.");
        // It is looked at again.
        assert_eq!(stage.opened().1, id(1));
        // What was taken back is not taken back twice.
        let asked = stage.asked().len();
        stage.character("z");
        assert_eq!(stage.asked().len(), asked);
    }
}

#[test]
fn z_right_after_a_deed_means_that_deed_and_not_the_one_before() {
    let mut stage = reading(INBOX);
    stage.character("s");
    stage.done(1, "flag", true);
    stage.character("e");
    stage.character("z");
    assert!(!stage.asked().iter().any(|command| matches!(command, Command::Undo(_))));
    stage.done(2, "archive", true);
    assert!(stage.asked().contains(&Command::Undo(GestureId(2))));
    assert!(!stage.asked().contains(&Command::Undo(GestureId(1))));
    // What came to nothing is not taken back, nor what was before it instead.
    stage.happens(Event::Undone(GestureId(2), 0));
    open(&mut stage, 0);
    stage.character("u");
    assert!(matches!(acted(&stage).last(), Some(Act::Flag(ids, _)) if *ids == [id(0)]));
    stage.character("z");
    stage.happens(Event::Unchanged);
    assert!(!stage.asked().contains(&Command::Undo(GestureId(1))));
    stage.character("z");
    assert_eq!(stage.last_asked(), Some(Command::Undo(GestureId(1))));
}

#[test]
fn z_while_deeds_are_under_way_takes_back_those_and_the_last_first() {
    let undone = |stage: &Stage| -> Vec<i64> {
        let asked = stage.asked().into_iter();
        asked
            .filter_map(|command| if let Command::Undo(id) = command { Some(id.0) } else { None })
            .collect()
    };
    let mut stage = reading(INBOX);
    stage.character("s");
    stage.done(1, "flag", true);
    // One that takes long, and one after it.
    stage.character("s");
    stage.character("u");
    stage.character("z");
    stage.character("z");
    stage.done(2, "flag", true);
    // The other stands on it.
    assert_eq!(undone(&stage), [0; 0]);
    stage.done(3, "flag", true);
    assert_eq!(undone(&stage), [3, 2]);
    // One that cannot be taken back lets those before alone.
    stage.character("s");
    stage.character("z");
    stage.done(4, "flag", false);
    assert_eq!(undone(&stage), [3, 2]);
    // Only the one that was not done is not waited for any more.
    stage.character("s");
    stage.character("u");
    stage.character("z");
    stage.happens(Event::NotActed(None, NotDone::Store(Obstacle::Full)));
    assert_eq!(undone(&stage), [3, 2]);
    stage.done(5, "flag", true);
    assert_eq!(undone(&stage), [3, 2, 5]);
    // What was not taken back, because of a full disk, can be tried again.
    stage.happens(Event::NotActed(Some(GestureId(5)), NotDone::Store(Obstacle::Full)));
    stage.character("z");
    assert_eq!(undone(&stage), [3, 2, 5, 5]);
    stage.happens(Event::NotActed(Some(GestureId(5)), NotDone::Act(ActError::CannotUndo("gone"))));
    stage.character("z");
    assert_eq!(undone(&stage), [3, 2, 5, 5, 1]);
}

#[test]
fn however_many_wait_the_one_that_is_being_done_is_known() {
    let mut stage = reading(INBOX);
    for _ in 0..60 {
        stage.character("s");
    }
    let gestures = 1..=60;
    for gesture in gestures {
        stage.done(gesture, "flag", true);
    }
    for _ in 0..60 {
        stage.character("z");
    }
    let asked = stage.asked().into_iter();
    let undone = asked.filter(|command| matches!(command, Command::Undo(_)));
    // So many are kept.
    assert_eq!(undone.count(), 50);
}

#[test]
fn each_deed_has_its_key_and_its_button() {
    let into = FolderId(15);
    let cases: [(&str, &str, Act, &str); 3] = [
        ("#", "삭제", Act::Trash(vec![id(1)]), "휴지통으로 옮겼어요."),
        ("!", "", Act::Junk(vec![id(1)]), "스팸메일함으로 옮겼어요."),
        ("e", "보관", Act::Archive(vec![id(1)]), "보관했어요."),
    ];
    for (key, button, act, said) in cases {
        let kind = act.word();
        let mut stage = reading(INBOX);
        stage.character(key);
        assert_eq!(acted(&stage), std::slice::from_ref(&act));
        stage.done(1, kind, true);
        stage.sees(said);
        if !button.is_empty() {
            let mut stage = reading(INBOX);
            stage.click(button);
            assert_eq!(acted(&stage), [act]);
        }
    }
    let mut stage = reading(INBOX);
    stage.key(Named::Delete);
    assert_eq!(acted(&stage), [Act::Trash(vec![id(1)])]);
    // Into a folder that is found by a few signs of its name.
    let mut stage = reading(INBOX);
    stage.character("m");
    assert_eq!(stage.state.sheet, Some(Sheet::Move));
    stage.sees("어디로 옮길까요?");
    stage.send(Message::MoveTyped("rus".into()));
    stage.key(Named::Enter);
    assert_eq!(acted(&stage), [Act::Move(vec![id(1)], into)]);
    assert_eq!(stage.rows(), [0, 2]);
    stage.done(2, "move", true);
    stage.sees("‘Projects/Rust’ 폴더로 옮겼어요.");
    // Or by its name in the user's language, with the arrows.
    let mut stage = reading(INBOX);
    stage.character("m");
    stage.key(Named::ArrowDown);
    stage.key(Named::ArrowDown);
    stage.key(Named::ArrowUp);
    stage.key(Named::Enter);
    assert_eq!(acted(&stage), [Act::Move(vec![id(1)], FolderId(13))], "the second: junk");
    let mut stage = reading(INBOX);
    stage.character("m");
    stage.send(Message::MoveTyped("보관".into()));
    stage.key(Named::Enter);
    assert_eq!(acted(&stage).last(), Some(&Act::Move(vec![id(1)], FolderId(12))));
}

#[test]
fn star_and_unread_are_shown_at_once_and_undone_by_z() {
    let mut stage = reading(INBOX);
    stage.character("s");
    let star = FlagChange::flags(Flags::FLAGGED, Flags::NONE);
    assert_eq!(acted(&stage), [Act::Flag(vec![id(1)], star)]);
    assert!(stage.state.list.row(1).unwrap().letter.flags.has(Flags::FLAGGED));
    stage.done(3, "flag", true);
    stage.sees("중요 표시를 했어요.");
    stage.character("z");
    assert_eq!(stage.last_asked(), Some(Command::Undo(GestureId(3))));
    // It was unread when it was opened, and counts as read after a moment.
    stage.send(Message::Due(Due::Seen(stage.doc())));
    assert!(stage.state.list.row(1).unwrap().letter.flags.has(Flags::SEEN));
    stage.character("u");
    let unread = FlagChange::flags(Flags::NONE, Flags::SEEN);
    assert_eq!(acted(&stage).last(), Some(&Act::Flag(vec![id(1)], unread)));
    // And stays unread, as the user wants it, though it is still looked at.
    let asked = stage.asked().len();
    stage.send(Message::Due(Due::Seen(stage.doc())));
    assert_eq!(stage.asked().len(), asked);
    stage.character("ㅕ");
    let read = FlagChange::flags(Flags::SEEN, Flags::NONE);
    assert_eq!(acted(&stage).last(), Some(&Act::Flag(vec![id(1)], read)));
}

#[test]
fn what_a_server_will_not_do_is_said_with_its_reason_and_stays_until_it_is_read() {
    let mut stage = reading(INBOX);
    stage.character("e");
    stage.done(9, "archive", true);
    stage.happens(Event::RolledBack(RolledBack {
        gesture: GestureId(9),
        reason: Why::Full("[OVERQUOTA] no room".into()),
        kind: "archive".into(),
        count: 1,
    }));
    stage.happens(Event::Changed(vec![FolderId(11)]));
    stage.send(Message::Due(Due::Refresh));
    stage.read(INBOX, vec![0, 1, 2]);
    stage.sees("되돌려 놓았어요. 서버에 남은 자리가 없어요. (‘[OVERQUOTA] no room’)");
    assert_eq!(stage.rows(), [0, 1, 2]);
    // What went well before goes away; this does not.
    for said in 0..20 {
        stage.send(Message::Due(Due::Notice(said)));
    }
    stage.sees("되돌려 놓았어요. 서버에 남은 자리가 없어요. (‘[OVERQUOTA] no room’)");
}

#[test]
fn what_the_engine_could_not_do_is_shown_as_it_is_again() {
    let mut stage = reading(INBOX);
    stage.character("e");
    assert_eq!(stage.rows(), [0, 2]);
    stage.happens(Event::NotActed(None, NotDone::Act(ActError::NoFolder)));
    stage.sees("이 폴더가 이제 없어요.");
    stage.read(INBOX, vec![0, 1, 2]);
    assert_eq!(stage.rows(), [0, 1, 2]);
}

#[test]
fn what_lies_in_the_trash_goes_for_good_only_after_asking() {
    let mut stage = reading("Trash");
    stage.character("#");
    stage.sees("이 메일을 아주 지울까요?");
    assert_eq!(acted(&stage), []);
    // Nothing else is done while it is asked.
    stage.character("e");
    assert_eq!(acted(&stage), []);
    stage.key(Named::Escape);
    stage.sees_not("이 메일을 아주 지울까요?");
    assert_eq!(stage.rows(), [0, 1, 2]);
    stage.key(Named::Delete);
    stage.key(Named::Enter);
    assert_eq!(acted(&stage), [Act::DeleteForGood(vec![id(1)])]);
    stage.done(4, "delete-for-good", false);
    stage.sees("아주 지웠어요.");
    // What cannot be undone does not offer it.
    stage.sees_not("되돌리기");
    stage.click("휴지통 비우기");
    stage.sees("휴지통을 비울까요?");
    stage.sees("휴지통의 메일 3통이 서버에서도 지워져요. 되돌릴 수 없어요.");
    stage.click("비우기");
    assert_eq!(acted(&stage).last(), Some(&Act::EmptyTrash(AccountId(2))));
}

#[test]
fn junk_that_is_none_goes_back_and_the_archive_is_not_archived() {
    let mut stage = reading("Junk");
    stage.character("!");
    assert_eq!(acted(&stage), [Act::NotJunk(vec![id(1)])]);
    let mut stage = reading("Archive");
    stage.character("e");
    assert_eq!(acted(&stage), []);
    assert_eq!(stage.rows(), [0, 1, 2]);
}

#[test]
fn all_of_a_folder_is_read_at_one_click() {
    let mut stage = Stage::in_folder(INBOX, 3);
    stage.click("모두 읽음으로");
    assert_eq!(acted(&stage), [Act::MarkAllRead(FolderId(11))]);
    stage.done(5, "mark-all-read", true);
    stage.sees("1통을 읽음으로 표시했어요.");
}

#[test]
fn the_last_letter_leaves_an_empty_folder_and_nothing_open() {
    let mut stage = Stage::in_folder(INBOX, 1);
    open(&mut stage, 0);
    let doc = stage.doc();
    stage.character("e");
    assert!(stage.asked().contains(&Command::Close(doc)));
    stage.sees("이 편지함은 비어 있어요");
}

#[test]
fn signs_that_are_written_with_shift_are_keys_as_well() {
    let mut stage = reading(INBOX);
    stage.shifted("3", "#");
    assert_eq!(acted(&stage), [Act::Trash(vec![id(1)])]);
    let mut stage = reading(INBOX);
    stage.shifted("1", "!");
    assert_eq!(acted(&stage), [Act::Junk(vec![id(1)])]);
    let mut stage = reading(INBOX);
    stage.shifted("a", "A");
    assert_eq!(acted(&stage), [Act::MarkAllRead(FolderId(11))]);
}

#[test]
fn typing_does_nothing_to_letters() {
    let mut stage = reading(INBOX);
    stage.click_field("search");
    stage.types("e#!zus");
    assert_eq!(acted(&stage), []);
}

#[test]
fn offline_says_what_waits_and_that_nothing_is_lost() {
    let mut stage = Stage::in_folder(INBOX, 3);
    let account = AccountId(2);
    stage.happens(Event::Sync(account, SyncEvent::Offline(Duration::from_secs(30))));
    stage.sees("오프라인이에요. 연결되면 이어서 받아요.");
    stage.happens(Event::Sync(account, SyncEvent::Waiting(2)));
    stage.sees("오프라인이에요. 바꾼 것 2가지는 연결되면 서버에 알려요.");
    stage.happens(Event::Sync(account, SyncEvent::Idle));
    stage.sees("바꾼 것 2가지를 서버에 알리는 중…");
    stage.happens(Event::Sync(account, SyncEvent::Waiting(0)));
    stage.sees("동기화 완료");
}

#[test]
fn a_mailbox_that_is_nearly_full_at_its_server_says_so() {
    let mut stage = Stage::in_folder(INBOX, 3);
    let quota = |used| SyncEvent::Quota { used, allowed: 10_000_000_000 };
    stage.happens(Event::Sync(AccountId(2), quota(8_900_000_000)));
    stage.happens(Event::Sync(AccountId(2), SyncEvent::Idle));
    stage.sees("동기화 완료");
    stage.happens(Event::Sync(AccountId(2), quota(9_200_000_000)));
    stage.sees("서버의 메일함이 거의 찼어요: 10.0 GB 중 9.2 GB");
}

#[test]
fn changes_that_come_by_the_thousand_are_read_together() {
    let mut stage = Stage::in_folder(INBOX, 3);
    stage.actions.clear();
    for _ in 0..1000 {
        stage.happens(Event::Changed(vec![FolderId(11)]));
    }
    assert_eq!(stage.reads().len(), 3, "folders, accounts, one page: {:?}", stage.reads());
    // The answer alone is not enough: it is read again after a rest.
    stage.read(INBOX, vec![0, 1, 2]);
    assert_eq!(stage.reads().len(), 3);
    stage.send(Message::Due(Due::Refresh));
    assert_eq!(stage.reads().len(), 6);
    stage.read(INBOX, vec![3, 0, 1, 2]);
    stage.send(Message::Due(Due::Refresh));
    assert_eq!(stage.reads().len(), 6, "nothing has changed since");
    assert_eq!(stage.rows(), [3, 0, 1, 2]);
}

#[test]
fn what_did_not_come_back_is_said() {
    let mut stage = reading(INBOX);
    stage.character("e");
    stage.done(7, "archive", true);
    stage.character("z");
    stage.happens(Event::Undone(GestureId(7), 3));
    stage.sees("되돌렸어요. 다만 3통은 완전히 지워졌거나 그 뒤에 옮겨져서 돌아오지 않았어요.");
    stage.sees_not("되돌렸어요.");
}

#[test]
fn z_while_a_deed_runs_asks_for_it_at_once_and_says_when_it_is_back() {
    let mut stage = reading(INBOX);
    stage.character("s");
    stage.character("e");
    stage.character("z");
    assert_eq!(stage.last_asked(), Some(Command::Withdraw(1)));
    stage.character("z");
    assert_eq!(stage.last_asked(), Some(Command::Withdraw(2)));
    stage.happens(Event::Withdrawn(1, 0));
    stage.sees("되돌렸어요.");
    stage.happens(Event::Withdrawn(2, 0));
    // Nothing is left to take back.
    let asked = stage.asked().len();
    stage.character("z");
    assert_eq!(stage.asked().len(), asked);
}

#[test]
fn what_is_gone_on_with_at_the_start_is_said_and_can_be_taken_back() {
    let mut stage = reading(INBOX);
    stage.character("s");
    let gesture = goyo::model::Gesture {
        id: GestureId(9),
        kind: "move".into(),
        changed: 12,
        folders: Vec::new(),
        accounts: Vec::new(),
        can_undo: true,
        left: 0,
    };
    stage.happens(Event::GoneOn(gesture));
    stage.sees("지난번에 하던 일을 마저 했어요. (메일 12통)");
    // What was asked meanwhile still waits for its answer.
    stage.done(10, "flag", true);
    stage.character("z");
    assert_eq!(stage.last_asked(), Some(Command::Undo(GestureId(10))));
    stage.character("z");
    assert_eq!(stage.last_asked(), Some(Command::Undo(GestureId(9))));
}
