//! What is done in parts, because it is about very many letters.

use super::bench::{Bench, readable};
use super::fake::Manners;
use crate::model::{AccountKind, Act, FlagChange, Flags, FolderId, Gesture, LetterId, Settings};
use crate::store::StoreError;
use crate::store::intents::{ActError, Progress, Why, Work};

pub(super) const MODERN: Manners = Manners {
    can_move: true,
    uidplus: true,
    no_uidnext: false,
    no_search: false,
    no_keywords: false,
};

pub(super) fn star() -> FlagChange {
    FlagChange::flags(Flags::FLAGGED, Flags::NONE)
}

pub(super) fn all(bench: &Bench) -> Vec<LetterId> {
    let count = bench.local()["INBOX"].len();
    (0..count).map(|n| bench.letter(n)).collect()
}

#[test]
fn very_many_letters_are_one_gesture_done_in_parts() {
    let mut bench = Bench::new(MODERN, 450);
    let before = bench.local();
    let all: Vec<_> = (0..450).map(|n| bench.letter(n)).collect();
    let (flagged, last) = (all[5], all[449]);
    let mut work = bench.store.begin(Act::Junk(all)).unwrap();
    assert_eq!(bench.local(), before);
    assert!(matches!(bench.store.go_on(&mut work).unwrap(), Progress::More));
    // Others come to write in between, and the server hears of what is done.
    assert!(bench.local()["INBOX"].len() < 450);
    let star = FlagChange::flags(Flags::FLAGGED, Flags::NONE);
    bench.store.act(&Act::Flag(vec![flagged, last], star.clone())).unwrap();
    bench.replay();
    let gesture = finished(&bench, &mut work);
    assert_eq!((gesture.changed, gesture.can_undo, gesture.kind.as_str()), (450, true, "junk"));
    assert!(bench.local()["INBOX"].is_empty());
    bench.prove();
    // All of it comes back, also what the server has heard of.
    let mut work = bench.store.begin_undo(gesture.id).unwrap();
    assert!(matches!(bench.store.go_on(&mut work).unwrap(), Progress::More));
    let undone = finished(&bench, &mut work);
    assert_eq!(undone.left, 0);
    bench.store.act(&Act::Flag(vec![flagged, last], star.inverse())).unwrap();
    assert_eq!(readable(&bench.local()), readable(&before));
    bench.prove();
    assert_eq!(readable(&bench.remote()), readable(&before));
    let again = bench.store.begin_undo(gesture.id).map(|_| ());
    assert!(matches!(again, Err(StoreError::Act(ActError::Undone(_)))), "{again:?}");
}

#[test]
fn broken_off_between_two_parts_nothing_is_lost_and_the_server_hears_of_what_was_done() {
    let mut bench = Bench::new(MODERN, 450);
    let all: Vec<_> = (0..450).map(|n| bench.letter(n)).collect();
    let mut work = bench.store.begin(Act::Junk(all)).unwrap();
    assert!(matches!(bench.store.go_on(&mut work).unwrap(), Progress::More));
    // Here the program ends, for good.
    drop(work);
    let here = bench.local();
    let left = here["INBOX"].len();
    assert!((1..450).contains(&left), "{left}");
    assert_eq!(here.values().map(|letters| letters.len()).sum::<usize>(), 450);
    assert!(bench.store.check(false, |_, _| {}).unwrap().is_sound());
    bench.prove();
    assert_eq!(bench.remote()["INBOX"].len(), left);
}

pub(super) fn finished(bench: &Bench, work: &mut Work) -> Gesture {
    loop {
        match bench.store.go_on(work).unwrap() {
            Progress::More => {}
            Progress::Done(gesture) => return gesture.unwrap(),
            back @ Progress::TakenBack { .. } => panic!("{back:?}"),
        }
    }
}

#[test]
fn a_letter_that_a_server_put_back_is_not_deleted_with_the_trash() {
    for by_name in [false, true] {
        let mut bench = Bench::new(MODERN, 450);
        let letters = all(&bench);
        let (inbox, trash) = (bench.folder("INBOX"), bench.folder("Trash"));
        bench.store.act(&Act::Trash(letters)).unwrap();
        bench.prove();
        let ids = |id| -> Vec<LetterId> {
            bench.store.ids(id).unwrap().into_iter().map(|(id, _)| id).collect()
        };
        // Of the last one the server has not heard yet that it is to lie there.
        let last = ids(trash).into_iter().max().unwrap();
        bench.store.act(&Act::Move(vec![last], inbox)).unwrap();
        let settled = bench.store.wave(bench.account, i64::MAX).unwrap();
        bench.store.confirm(&[(settled[0].intent.id, None)]).unwrap();
        bench.store.act(&Act::Trash(vec![last])).unwrap();
        let act = match by_name {
            true => Act::DeleteForGood(ids(trash)),
            false => Act::EmptyTrash(bench.account),
        };
        let mut work = bench.store.begin(act).unwrap();
        assert!(matches!(bench.store.go_on(&mut work).unwrap(), Progress::More));
        let tasks = bench.store.wave(bench.account, i64::MAX).unwrap();
        let trashing = tasks.iter().find(|task| task.intent.place == Some(last)).unwrap();
        let no = Why::Refused("not today".into());
        bench.store.refuse(&[trashing.intent.id], &no).unwrap();
        assert_eq!(ids(inbox), [last]);
        assert_eq!(finished(&bench, &mut work).changed, 449);
        assert_eq!(ids(inbox), [last], "it was deleted for good");
        assert_eq!(ids(trash), []);
    }
}

#[test]
fn what_the_end_of_the_program_broke_off_is_gone_on_with() {
    let mut bench = Bench::new(MODERN, 450);
    let before = bench.local();
    let mut work = bench.store.begin(Act::Junk(all(&bench))).unwrap();
    assert!(matches!(bench.store.go_on(&mut work).unwrap(), Progress::More));
    drop(work);
    bench.restart();
    // What was put by before any of it was done, comes after it.
    let mut few = bench.store.begin(Act::CreateFolder(bench.account, "New".into())).unwrap();
    bench.store.put_by(&mut few).unwrap();
    bench.restart();
    let mut works = bench.store.unfinished().unwrap();
    assert_eq!(works.len(), 2);
    let gesture = finished(&bench, &mut works[0]);
    assert_eq!((gesture.changed, gesture.kind.as_str()), (450, "junk"));
    assert!(bench.local()["INBOX"].is_empty());
    assert_eq!(finished(&bench, &mut works[1]).kind, "create-folder");
    assert_eq!(bench.store.unfinished().unwrap().len(), 0);
    bench.prove();
    // The same of what is taken back.
    let mut work = bench.store.begin_undo(gesture.id).unwrap();
    assert!(matches!(bench.store.go_on(&mut work).unwrap(), Progress::More));
    drop(work);
    bench.restart();
    let mut works = bench.store.unfinished().unwrap();
    assert_eq!(works.len(), 1);
    assert_eq!(finished(&bench, &mut works[0]).left, 0);
    assert_eq!(bench.store.unfinished().unwrap().len(), 0);
    let mut now = bench.local();
    now.remove("New");
    assert_eq!(readable(&now), readable(&before));
    bench.prove();
}

#[test]
fn what_was_taken_back_in_part_can_be_taken_back_again() {
    let mut bench = Bench::new(MODERN, 450);
    let gesture = bench.store.act(&Act::Flag(all(&bench), star())).unwrap().unwrap();
    let mut work = bench.store.begin_undo(gesture.id).unwrap();
    assert!(matches!(bench.store.go_on(&mut work).unwrap(), Progress::More));
    drop(work);
    let mut work = bench.store.begin_undo(gesture.id).unwrap();
    let undone = finished(&bench, &mut work);
    assert_eq!((undone.changed, undone.left), (450, 0));
    assert!(bench.local()["INBOX"].iter().all(|letter| letter.1 == 0));
    bench.prove();
}

/// Letters of which a first part has moved to a folder here, and one of the rest that cannot:
/// the bench, the folder, the one, and what is left.
fn moving_with_one_stuck() -> (Bench, FolderId, LetterId, Work) {
    let bench = Bench::new(MODERN, 450);
    let local = bench.store.ensure_folder("local/kept").unwrap();
    let letters = all(&bench);
    // On its way on the server: it cannot leave the account just now.
    let stuck = letters[420];
    bench.store.act(&Act::Flag(vec![stuck], star())).unwrap();
    let mut work = bench.store.begin(Act::Move(letters, local)).unwrap();
    assert!(matches!(bench.store.go_on(&mut work).unwrap(), Progress::More));
    (bench, local, stuck, work)
}

#[test]
fn what_cannot_be_done_after_all_is_taken_back_in_parts_and_what_stays_is_counted() {
    let (mut bench, local, stuck, mut work) = moving_with_one_stuck();
    // Two of them are deleted there, for good.
    let gone = bench.store.ids(local).unwrap()[..2].iter().map(|(id, _)| *id).collect();
    bench.replay();
    bench.store.act(&Act::Flag(vec![stuck], star().inverse())).unwrap();
    bench.store.act(&Act::DeleteForGood(gone)).unwrap();
    let mut parts = 0;
    let (why, gesture) = loop {
        match bench.store.go_on(&mut work).unwrap() {
            Progress::More => parts += 1,
            Progress::TakenBack { why, gesture, .. } => break (why.unwrap(), gesture.unwrap()),
            done @ Progress::Done(_) => panic!("{done:?}"),
        }
    };
    assert!(matches!(why, StoreError::Act(ActError::StillMoving(id)) if id == stuck), "{why:?}");
    // The part before, the one that found out, and what was taken back: not all at once.
    assert!(parts >= 3, "{parts}");
    assert_eq!(gesture.left, 2);
    assert_eq!(bench.local()["INBOX"].len(), 448);
    assert_eq!(bench.store.total(Some(local)).unwrap(), 0);
    assert_eq!(bench.store.unfinished().unwrap().len(), 0);
    bench.prove();
    assert_eq!(bench.remote()["INBOX"].len(), 448);
}

#[test]
fn one_letter_that_cannot_come_back_does_not_keep_the_others() {
    let mut bench = Bench::new(MODERN, 3);
    let local = bench.store.ensure_folder("local/kept").unwrap();
    bench.store.act(&Act::Copy(all(&bench), local)).unwrap();
    let kept: Vec<_> = bench.store.ids(local).unwrap().iter().map(|(id, _)| *id).collect();
    let gesture = bench.store.act(&Act::Move(kept.clone(), bench.folder("Work"))).unwrap().unwrap();
    bench.prove();
    // The server is still to hear of it.
    bench.store.act(&Act::Flag(vec![kept[1]], star())).unwrap();
    let undone = bench.store.undo(gesture.id).unwrap();
    assert_eq!((undone.changed, undone.left), (2, 1));
    assert_eq!(bench.store.total(Some(local)).unwrap(), 2);
    assert_eq!(bench.local()["Work"].len(), 1);
    bench.prove();
    assert_eq!(bench.remote()["Work"].len(), 1);
}

#[test]
fn letters_on_their_way_to_another_account_come_back_whole_between_two_parts() {
    let bench = Bench::new(MODERN, 150);
    let other =
        bench.store.add_account("b", AccountKind::Imap, "b@x", &Settings::default()).unwrap();
    bench.store.act(&Act::CreateFolder(other, "Kept".into())).unwrap();
    bench.store.act(&Act::CreateFolder(other, "More".into())).unwrap();
    let folder = |name: &str| bench.store.folder(&format!("b/{name}")).unwrap().id;
    let (kept, more) = (folder("Kept"), folder("More"));
    let mut letters = all(&bench);
    bench.store.act(&Act::Copy(vec![letters[0]], more)).unwrap();
    letters.push(bench.store.ids(more).unwrap()[0].0);
    let gesture = bench.store.act(&Act::Move(letters, kept)).unwrap().unwrap();
    let mut work = bench.store.begin_undo(gesture.id).unwrap();
    loop {
        let done = bench.store.go_on(&mut work).unwrap();
        let lie: usize = [kept, more, bench.folder("INBOX")]
            .iter()
            .map(|id| bench.store.ids(*id).unwrap().len())
            .sum();
        assert_eq!(lie, 151);
        if let Progress::Done(undone) = done {
            assert_eq!(undone.unwrap().left, 0);
            break;
        }
    }
    assert_eq!(bench.store.ids(kept).unwrap(), []);
}

#[test]
fn what_is_not_wanted_any_more_goes_back_and_what_was_not_begun_is_forgotten() {
    let mut bench = Bench::new(MODERN, 450);
    let before = bench.local();
    let mut work = bench.store.begin(Act::Junk(all(&bench))).unwrap();
    assert!(matches!(bench.store.go_on(&mut work).unwrap(), Progress::More));
    let mut next = bench.store.put_act_by(Act::MarkAllRead(bench.folder("INBOX"))).unwrap();
    assert!(!bench.store.withdraw(&mut next).unwrap());
    assert!(bench.store.withdraw(&mut work).unwrap());
    // The program ends on the way: it is gone to its end, and nothing forward.
    assert!(matches!(
        bench.store.go_on(&mut work).unwrap(),
        Progress::More | Progress::TakenBack { .. }
    ));
    drop(work);
    bench.restart();
    for mut work in bench.store.unfinished().unwrap() {
        assert!(work.takes_back().is_some(), "{work:?}");
        assert_eq!(finished(&bench, &mut work).left, 0);
    }
    assert_eq!(bench.store.unfinished().unwrap().len(), 0);
    assert_eq!(readable(&bench.local()), readable(&before));
    bench.prove();
}

#[test]
fn what_waits_is_gone_on_with_in_the_order_it_was_asked_for() {
    let mut bench = Bench::new(MODERN, 450);
    let letters = all(&bench);
    let mut work = bench.store.begin(Act::Flag(letters, star())).unwrap();
    assert!(matches!(bench.store.go_on(&mut work).unwrap(), Progress::More));
    bench.store.put_act_by(Act::MarkAllRead(bench.folder("INBOX"))).unwrap();
    bench.store.put_act_by(Act::CreateFolder(bench.account, "New".into())).unwrap();
    drop(work);
    bench.restart();
    let mut done = Vec::new();
    for mut work in bench.store.unfinished().unwrap() {
        bench.store.settle(&mut work).unwrap();
        let gesture = finished(&bench, &mut work);
        done.push((gesture.kind, gesture.changed));
    }
    let kinds = [("flag", 450), ("mark-all-read", 450), ("create-folder", 1)];
    assert_eq!(done, kinds.map(|(kind, count)| (kind.to_owned(), count)));
    bench.prove();
}

#[test]
fn deleting_that_is_forgotten_leaves_the_letters_where_they_lie() {
    let bench = Bench::new(MODERN, 1);
    let local = bench.store.ensure_folder("local/kept").unwrap();
    bench.store.act(&Act::Copy(all(&bench), local)).unwrap();
    let letters: Vec<_> = bench.store.ids(local).unwrap().iter().map(|(id, _)| *id).collect();
    let mut work = bench.store.begin(Act::DeleteForGood(letters)).unwrap();
    bench.store.put_by(&mut work).unwrap();
    assert!(work.may_remove() && work.is_written());
    bench.store.forget(work).unwrap();
    assert_eq!(bench.store.unfinished().unwrap().len(), 0);
    assert_eq!(bench.store.total(Some(local)).unwrap(), 1);
}

#[test]
fn at_the_next_start_one_letter_does_not_take_back_what_was_done_before() {
    let (mut bench, local, _, work) = moving_with_one_stuck();
    drop(work);
    bench.restart();
    let mut works = bench.store.unfinished().unwrap();
    assert_eq!(finished(&bench, &mut works[0]).changed, 449);
    assert_eq!(bench.store.total(Some(local)).unwrap(), 449);
    assert_eq!(bench.local()["INBOX"].len(), 1);
}
