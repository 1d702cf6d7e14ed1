//! Single cases, by name.

use super::bench::{Bench, letter, raw, readable};
use super::fake::Manners;
use crate::engine::intents::Told;
use crate::model::{Act, FlagChange, Flags};
use crate::store::StoreError;
use crate::store::intents::ActError;

const MODERN: Manners = Manners {
    can_move: true,
    uidplus: true,
    no_uidnext: false,
    no_search: false,
    no_keywords: false,
};
const OLD: Manners = Manners {
    can_move: false,
    uidplus: false,
    no_uidnext: true,
    no_search: true,
    no_keywords: false,
};

fn reasons(bench: &Bench) -> Vec<String> {
    let told = bench.told.iter().filter_map(|told| match told {
        Told::RolledBack(back) => Some(format!("{} {}: {}", back.kind, back.count, back.reason)),
        Told::Changed(_) => None,
    });
    told.collect()
}

#[test]
fn many_letters_go_in_one_command() {
    let mut bench = Bench::new(MODERN, 50);
    let all: Vec<_> = (0..50).map(|n| bench.letter(n)).collect();
    bench.commands();
    bench.store.act(&Act::Archive(all)).unwrap();
    assert!(bench.replay());
    let commands = bench.commands();
    assert_eq!(commands.len(), 2, "{commands:?}");
    assert!(commands[1].starts_with("MOVE UidSet([(1, 50)])"), "{commands:?}");
    bench.prove();
}

#[test]
fn what_was_not_sent_is_undone_without_a_word_to_the_server() {
    let mut bench = Bench::new(MODERN, 3);
    let before = bench.local();
    let one = bench.letter(1);
    bench.commands();
    let gesture = bench.store.act(&Act::Junk(vec![one])).unwrap().unwrap();
    assert_ne!(bench.local(), before);
    assert!(gesture.can_undo);
    bench.store.undo(gesture.id).unwrap();
    assert_eq!(readable(&bench.local()), readable(&before));
    assert!(bench.replay());
    assert_eq!(bench.commands(), [""; 0]);
    // Once only.
    let again = bench.store.undo(gesture.id);
    assert!(matches!(again, Err(StoreError::Act(ActError::Undone(_)))), "{again:?}");
    bench.prove();
}

#[test]
fn what_was_sent_is_undone_by_its_opposite() {
    let mut bench = Bench::new(MODERN, 3);
    let before = bench.local();
    let one = bench.letter(1);
    let gesture = bench.store.act(&Act::Junk(vec![one])).unwrap().unwrap();
    bench.prove();
    assert_eq!(bench.remote()["Junk"][0].1, Flags::JUNK.bits());
    bench.store.undo(gesture.id).unwrap();
    assert_eq!(readable(&bench.local()), readable(&before));
    bench.prove();
    assert_eq!(readable(&bench.remote()), readable(&before));
}

#[test]
fn letters_deleted_for_good_come_back_until_the_server_was_told() {
    let mut bench = Bench::new(MODERN, 2);
    let one = bench.letter(1);
    let gesture = bench.store.act(&Act::DeleteForGood(vec![one])).unwrap().unwrap();
    assert_eq!(bench.local()["INBOX"].len(), 1);
    // Sync does not bring it back, and its bytes are kept.
    bench.sync();
    assert_eq!(bench.local()["INBOX"].len(), 1);
    assert_eq!(bench.store.check(false, |_, _| {}).unwrap().wrong, 0);
    bench.store.undo(gesture.id).unwrap();
    assert_eq!(bench.store.raw(one).unwrap(), raw(1));
    let gesture = bench.store.act(&Act::DeleteForGood(vec![one])).unwrap().unwrap();
    bench.prove();
    assert_eq!(bench.remote()["INBOX"].len(), 1);
    let late = bench.store.undo(gesture.id);
    assert!(matches!(late, Err(StoreError::Act(ActError::CannotUndo(_)))), "{late:?}");
}

#[test]
fn the_trash_takes_what_is_deleted_and_is_emptied() {
    let mut bench = Bench::new(OLD, 4);
    let two = vec![bench.letter(0), bench.letter(1)];
    bench.store.act(&Act::Delete(two)).unwrap();
    bench.prove();
    assert_eq!((bench.remote()["INBOX"].len(), bench.remote()["Trash"].len()), (2, 2));
    // From there for good.
    bench.store.act(&Act::Delete(vec![bench.letter(0)])).unwrap();
    bench.store.act(&Act::EmptyTrash(bench.account)).unwrap();
    assert!(bench.local()["Trash"].is_empty());
    bench.prove();
    assert!(bench.remote()["Trash"].is_empty());
}

#[test]
fn what_is_put_into_the_trash_and_lies_there_stays() {
    let mut bench = Bench::new(OLD, 3);
    let both = vec![bench.letter(0), bench.letter(1)];
    for _ in 0..3 {
        // The same one twice in one gesture as well.
        let again = [both.clone(), both.clone()].concat();
        bench.store.act(&Act::Trash(again)).unwrap();
        assert_eq!((bench.local()["INBOX"].len(), bench.local()["Trash"].len()), (1, 2));
    }
    bench.prove();
    assert_eq!((bench.remote()["INBOX"].len(), bench.remote()["Trash"].len()), (1, 2));
}

#[test]
fn a_server_without_uidplus_never_expunges_letters_of_others() {
    let mut bench = Bench::new(Manners { can_move: false, uidplus: false, ..MODERN }, 4);
    // Another program has marked a letter and means to look at it once more.
    {
        let mut world = bench.world.lock().unwrap();
        let letter = &mut world.folders.get_mut("INBOX").unwrap().letters[3];
        letter.flags = letter.flags.with(Flags::DELETED);
    }
    bench.sync();
    bench.store.act(&Act::Archive(vec![bench.letter(0)])).unwrap();
    bench.store.act(&Act::DeleteForGood(vec![bench.letter(1)])).unwrap();
    assert!(bench.replay());
    bench.sync();
    // Here it is done; there they wait, marked.
    assert_eq!(bench.local()["INBOX"].len(), 2);
    assert_eq!(bench.remote()["INBOX"].len(), 4);
    assert_eq!(bench.remote()["Archive"].len(), 1);
    {
        let mut world = bench.world.lock().unwrap();
        let letter = &mut world.folders.get_mut("INBOX").unwrap().letters[3];
        letter.flags = Flags::NONE;
    }
    bench.now += 4000;
    bench.prove();
    assert_eq!(bench.remote()["INBOX"].len(), 2);
}

#[test]
fn a_refusal_takes_the_change_back_and_says_why() {
    let mut bench = Bench::new(MODERN, 3);
    let before = bench.local();
    for act in [
        Act::Move(vec![bench.letter(0)], bench.folder("Work")),
        Act::Copy(vec![bench.letter(0)], bench.folder("Work")),
        Act::DeleteForGood(vec![bench.letter(0)]),
        Act::Flag(vec![bench.letter(0)], FlagChange::flags(Flags::SEEN, Flags::NONE)),
        Act::CreateFolder(bench.account, "New".into()),
        Act::RenameFolder(bench.folder("Work"), "Play".into()),
        Act::DeleteFolder(bench.folder("Work")),
    ] {
        bench.world.lock().unwrap().refuse_in = Some(0);
        bench.store.act(&act).unwrap();
        assert_ne!(bench.local(), before, "{act:?}");
        assert!(bench.replay());
        assert_eq!(readable(&bench.local()), readable(&before), "{act:?}");
        let told = reasons(&bench);
        assert_eq!(told, [format!("{} 1: the server refused: not today", act.word())]);
        bench.told.clear();
        bench.prove();
    }
}

#[test]
fn a_folder_is_made_where_there_is_none_for_the_archive() {
    let mut bench = Bench::new(MODERN, 2);
    bench.world.lock().unwrap().folders.remove("Archive");
    bench.sync();
    let gesture = bench.store.act(&Act::Archive(vec![bench.letter(0)])).unwrap().unwrap();
    assert_eq!(bench.local()["Archive"].len(), 1);
    // Undone before it was sent: neither folder nor letter are there.
    bench.store.undo(gesture.id).unwrap();
    assert!(!bench.local().contains_key("Archive"));
    bench.store.act(&Act::Archive(vec![bench.letter(0)])).unwrap();
    bench.prove();
    assert_eq!(bench.remote()["Archive"].len(), 1);
}

#[test]
fn what_goes_into_a_folder_that_is_not_made_stays_out() {
    let mut bench = Bench::new(MODERN, 3);
    let before = bench.local();
    bench.store.act(&Act::CreateFolder(bench.account, "New".into())).unwrap();
    let new = bench.folder("New");
    bench.store.act(&Act::Move(vec![bench.letter(0)], new)).unwrap();
    bench.store.act(&Act::Copy(vec![bench.letter(1)], new)).unwrap();
    bench.world.lock().unwrap().refuse_in = Some(0);
    assert!(bench.replay());
    assert_eq!(readable(&bench.local()), readable(&before));
    assert_eq!(reasons(&bench).len(), 3, "{:?}", reasons(&bench));
    bench.prove();
}

#[test]
fn folders_are_removed_with_their_letters_in_the_trash_and_come_back() {
    let mut bench = Bench::new(MODERN, 3);
    let work = bench.folder("Work");
    bench.store.act(&Act::Move(vec![bench.letter(0)], work)).unwrap();
    bench.prove();
    let before = bench.local();
    let gesture = bench.store.act(&Act::DeleteFolder(work)).unwrap().unwrap();
    assert!(!bench.local().contains_key("Work"));
    bench.prove();
    assert!(!bench.remote().contains_key("Work"));
    assert_eq!(bench.remote()["Trash"].len(), 1);
    bench.store.undo(gesture.id).unwrap();
    bench.prove();
    assert_eq!(readable(&bench.remote()), readable(&before));
}

#[test]
fn a_folder_with_letters_nobody_knows_of_here_is_not_removed() {
    let mut bench = Bench::new(MODERN, 1);
    bench.world.lock().unwrap().folders.get_mut("Work").unwrap().put(&letter(7));
    bench.store.act(&Act::DeleteFolder(bench.folder("Work"))).unwrap();
    assert!(bench.replay());
    assert_eq!(bench.remote()["Work"].len(), 1);
    assert!(reasons(&bench)[0].contains("letters in the folder"), "{:?}", reasons(&bench));
    bench.prove();
}

#[test]
fn folders_are_renamed_with_what_is_below_them() {
    let mut bench = Bench::new(MODERN, 2);
    let account = bench.account;
    bench.store.act(&Act::CreateFolder(account, "Work/2026".into())).unwrap();
    let sub = bench.folder("Work/2026");
    bench.store.act(&Act::Move(vec![bench.letter(0)], sub)).unwrap();
    let rename = Act::RenameFolder(bench.folder("Work"), "Old/Work".into());
    let gesture = bench.store.act(&rename).unwrap().unwrap();
    assert_eq!(bench.local()["Old/Work/2026"].len(), 1);
    bench.prove();
    assert_eq!(bench.remote()["Old/Work/2026"].len(), 1);
    bench.store.undo(gesture.id).unwrap();
    bench.prove();
    assert_eq!(bench.remote()["Work/2026"].len(), 1);
}

#[test]
fn a_letter_another_program_removed_is_dropped_quietly() {
    for manners in [MODERN, OLD] {
        let mut bench = Bench::new(manners, 4);
        let gone = |bench: &Bench| {
            bench.world.lock().unwrap().folders.get_mut("INBOX").unwrap().letters.clear();
        };
        let work = bench.folder("Work");
        bench.store.act(&Act::Move(vec![bench.letter(0)], work)).unwrap();
        let seen = FlagChange::flags(Flags::SEEN, Flags::NONE);
        bench.store.act(&Act::Flag(vec![bench.letter(1)], seen)).unwrap();
        bench.store.act(&Act::Copy(vec![bench.letter(2)], work)).unwrap();
        bench.store.act(&Act::DeleteForGood(vec![bench.letter(3)])).unwrap();
        gone(&bench);
        bench.prove();
        assert_eq!(reasons(&bench), [""; 0]);
        assert!(bench.local()["INBOX"].is_empty() && bench.local()["Work"].is_empty());
    }
}

#[test]
fn a_letter_another_program_moved_to_the_same_folder_is_there_once() {
    for manners in [MODERN, OLD] {
        for sync_between in [false, true] {
            let mut bench = Bench::new(manners, 2);
            bench.store.act(&Act::Archive(vec![bench.letter(0)])).unwrap();
            {
                let mut world = bench.world.lock().unwrap();
                let moved = world.folders.get_mut("INBOX").unwrap().letters.remove(0);
                world.folders.get_mut("Archive").unwrap().put(&moved);
            }
            if sync_between {
                bench.sync();
            }
            bench.prove();
            assert_eq!(bench.local()["Archive"].len(), 1);
            assert_eq!(reasons(&bench), [""; 0]);
        }
    }
}

#[test]
fn letters_are_found_again_when_the_server_numbers_a_folder_anew() {
    for manners in [MODERN, OLD] {
        for sync_between in [false, true] {
            let mut bench = Bench::new(manners, 6);
            bench.store.act(&Act::Archive(vec![bench.letter(1), bench.letter(4)])).unwrap();
            bench.store.act(&Act::DeleteForGood(vec![bench.letter(2)])).unwrap();
            let star = FlagChange::flags(Flags::FLAGGED, Flags::NONE);
            bench.store.act(&Act::Flag(vec![bench.letter(3)], star)).unwrap();
            {
                let mut world = bench.world.lock().unwrap();
                let inbox = world.folders.get_mut("INBOX").unwrap();
                inbox.uidvalidity += 1;
                inbox.letters.reverse();
                for (at, letter) in inbox.letters.iter_mut().enumerate() {
                    letter.uid = 1 + at as u32;
                }
                inbox.uidnext = 7;
            }
            if sync_between {
                bench.sync();
                assert_eq!(bench.local()["INBOX"].len(), 3);
            }
            bench.prove();
            assert_eq!(reasons(&bench), [""; 0]);
            assert_eq!(bench.remote()["INBOX"].len(), 3);
            assert_eq!(bench.remote()["Archive"].len(), 2);
        }
    }
}

#[test]
fn drafts_are_taken_in_once_and_stay_here_when_they_are_refused() {
    for manners in [MODERN, OLD] {
        let mut bench = Bench::new(manners, 0);
        let work = bench.folder("Work");
        let incoming = || {
            use crate::store::{Circumstances, Incoming, Packer, prepare};
            let raw = raw(11);
            let with = Circumstances { now: super::bench::NOW, ..Circumstances::default() };
            Incoming::New(Box::new(prepare(
                crate::mime::parse(&raw),
                &with,
                &mut Packer::new(None),
            )))
        };
        // The answer is lost after each possible step.
        for point in 0..8 {
            let (gesture, _) = bench.store.append(work, &incoming(), Flags::DRAFT, None).unwrap();
            bench.world.lock().unwrap().break_in = Some(point);
            bench.replay();
            bench.world.lock().unwrap().break_in = None;
            bench.restart();
            bench.prove();
            assert_eq!(bench.remote()["Work"].len(), 1, "at point {point}");
            bench.store.undo(gesture.id).unwrap();
            bench.prove();
            assert!(bench.remote()["Work"].is_empty());
        }
        bench.store.append(work, &incoming(), Flags::DRAFT, None).unwrap();
        bench.world.lock().unwrap().refuse_in = Some(0);
        assert!(bench.replay());
        assert_eq!(bench.local()["Work"].len(), 1);
        assert_eq!(reasons(&bench), ["append 1: the server refused: not today"]);
    }
}

#[test]
fn letters_go_between_accounts_and_lie_in_one_of_them_at_any_moment() {
    let mut bench = Bench::new(MODERN, 2);
    let local = bench.store.ensure_folder("local/kept").unwrap();
    let gesture = bench.store.act(&Act::Move(vec![bench.letter(0)], local)).unwrap().unwrap();
    bench.prove();
    assert_eq!(bench.remote()["INBOX"].len(), 1);
    assert_eq!(bench.store.total(Some(local)).unwrap(), 1);
    bench.store.undo(gesture.id).unwrap();
    bench.prove();
    assert_eq!(bench.remote()["INBOX"].len(), 2);
    assert_eq!(bench.store.total(Some(local)).unwrap(), 0);
    // Refused there: back where it was.
    let there = bench.store.act(&Act::Copy(vec![bench.letter(1)], local)).unwrap().unwrap();
    assert_eq!(there.changed, 1);
    let row = bench.store.ids(local).unwrap()[0].0;
    bench.store.act(&Act::Move(vec![row], bench.folder("Work"))).unwrap();
    bench.world.lock().unwrap().refuse_in = Some(0);
    assert!(bench.replay());
    assert_eq!(bench.store.total(Some(local)).unwrap(), 1);
    assert!(bench.local()["Work"].is_empty());
    bench.prove();
}

#[test]
fn each_flag_has_the_users_last_word_and_the_servers_otherwise() {
    let mut bench = Bench::new(MODERN, 2);
    let one = bench.letter(1);
    let star = FlagChange::flags(Flags::FLAGGED, Flags::NONE);
    let gesture = bench.store.act(&Act::Flag(vec![one], star)).unwrap().unwrap();
    // Meanwhile another program reads it, stars it and gives it a word.
    {
        let mut world = bench.world.lock().unwrap();
        let letter = &mut world.folders.get_mut("INBOX").unwrap().letters[1];
        letter.flags = Flags::SEEN.with(Flags::FLAGGED);
        letter.keywords.insert("$label1".into());
    }
    bench.sync();
    assert_eq!(bench.store.letter(one).unwrap().flags, Flags::SEEN.with(Flags::FLAGGED));
    // Taken back before it was sent: what the other did remains.
    bench.store.undo(gesture.id).unwrap();
    assert_eq!(bench.store.letter(one).unwrap().flags, Flags::SEEN.with(Flags::FLAGGED));
    let change = FlagChange::flags(Flags::ANSWERED, Flags::FLAGGED);
    bench.store.act(&Act::Flag(vec![one], change)).unwrap();
    bench.prove();
    let letter = bench.remote()["INBOX"][1].clone();
    assert_eq!(letter.1, Flags::SEEN.with(Flags::ANSWERED).bits());
    assert_eq!(letter.2, "$label1");
}

#[test]
fn a_label_that_the_server_does_not_keep_is_taken_back_and_nothing_else() {
    let mut bench = Bench::new(Manners { no_keywords: true, ..MODERN }, 3);
    let (zero, one) = (bench.letter(0), bench.letter(1));
    let give = |words: &[&str]| FlagChange {
        add_words: words.iter().map(|word| (*word).to_owned()).collect(),
        ..FlagChange::flags(Flags::FLAGGED, Flags::NONE)
    };
    // What programs say among themselves is nothing the user waits for.
    bench.store.act(&Act::Flag(vec![zero], give(&["$NotJunk"]))).unwrap();
    bench.store.act(&Act::Flag(vec![one], give(&["$label2"]))).unwrap();
    bench
        .store
        .act(&Act::Flag(vec![zero, one], FlagChange::flags(Flags::SEEN, Flags::NONE)))
        .unwrap();
    bench.replay();
    assert_eq!(reasons(&bench), ["flag 1: this server does not keep this label"]);
    assert_eq!(bench.store.letter(one).unwrap().labels, []);
    for letter in [zero, one] {
        assert!(bench.store.letter(letter).unwrap().flags.has(Flags::SEEN));
    }
    let flags: Vec<u32> = bench.remote()["INBOX"].iter().map(|letter| letter.1).collect();
    assert_eq!(flags[..2], [Flags::SEEN.with(Flags::FLAGGED).bits(); 2]);
}

#[test]
fn flags_another_program_set_meanwhile_come_back_with_what_is_undone() {
    let mut bench = Bench::new(MODERN, 2);
    let (zero, one) = (bench.letter(0), bench.letter(1));
    let moved = bench.store.act(&Act::Archive(vec![zero])).unwrap().unwrap();
    let deleted = bench.store.act(&Act::DeleteForGood(vec![one])).unwrap().unwrap();
    for letter in &mut bench.world.lock().unwrap().folders.get_mut("INBOX").unwrap().letters {
        letter.flags = Flags::FLAGGED;
    }
    bench.sync();
    // Where it lies now it has them already.
    assert_eq!(bench.store.letter(zero).unwrap().flags, Flags::FLAGGED);
    bench.store.undo(deleted.id).unwrap();
    bench.store.undo(moved.id).unwrap();
    assert_eq!(bench.store.letter(zero).unwrap().flags, Flags::FLAGGED);
    assert_eq!(bench.store.letter(one).unwrap().flags, Flags::FLAGGED);
    bench.prove();
}

#[test]
fn a_flag_told_before_the_deletion_is_undone_stays() {
    let mut bench = Bench::new(MODERN, 1);
    let zero = bench.letter(0);
    let seen = FlagChange::flags(Flags::SEEN, Flags::NONE);
    bench.store.act(&Act::Flag(vec![zero], seen)).unwrap();
    let deleted = bench.store.act(&Act::DeleteForGood(vec![zero])).unwrap().unwrap();
    // SELECT, STORE and its answer; the line breaks before the deletion.
    bench.world.lock().unwrap().break_in = Some(3);
    bench.replay();
    bench.world.lock().unwrap().break_in = None;
    if bench.store.undo(deleted.id).is_ok() {
        assert_eq!(bench.store.letter(zero).unwrap().flags, Flags::SEEN);
    }
    bench.prove();
}

#[test]
fn what_is_gone_for_good_is_counted_when_the_rest_comes_back() {
    let mut bench = Bench::new(MODERN, 3);
    bench.store.act(&Act::Trash(vec![bench.letter(0)])).unwrap();
    bench.prove();
    // One lies in the trash and goes for good, two go there.
    let three = (0..3).map(|n| bench.letter(n)).collect();
    let gesture = bench.store.act(&Act::Delete(three)).unwrap().unwrap();
    assert_eq!((gesture.changed, gesture.left), (3, 0));
    bench.prove();
    let undone = bench.store.undo(gesture.id).unwrap();
    assert_eq!((undone.changed, undone.left), (2, 1));
    assert_eq!(bench.local()["INBOX"].len(), 2);
    bench.prove();
    // All of it came back: nothing is left.
    let gesture = bench.store.act(&Act::Archive(vec![bench.letter(1)])).unwrap().unwrap();
    bench.prove();
    assert_eq!(bench.store.undo(gesture.id).unwrap().left, 0);
}
