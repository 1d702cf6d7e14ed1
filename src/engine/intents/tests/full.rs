//! A disk that is full, at every write of what is done in parts: nothing is lost, it is said what
//! is wrong, and where there is room again it goes on.

use super::bench::{Bench, readable};
use super::parts::{MODERN, all, finished, star};
use crate::model::{Act, GestureId, LetterId, Obstacle};
use crate::store::intents::{Progress, Work};
use crate::store::{Result, StoreError};

fn to_the_end(bench: &Bench, work: &mut Work) -> Result<Progress> {
    loop {
        match bench.store.go_on(work)? {
            Progress::More => {}
            done => return Ok(done),
        }
    }
}

/// The disk was full, which is what is said; every letter is somewhere, and the store is sound.
fn sees_it(bench: &Bench, error: &StoreError) {
    assert_eq!(error.obstacle(), Obstacle::Full);
    assert!(error.to_string().contains("make room on the disk"), "{error}");
    assert_eq!(bench.local().values().map(Vec::len).sum::<usize>(), 230);
    assert!(bench.store.check(false, |_, _| {}).unwrap().is_sound());
}

/// There is room again, and the program starts: what was written down is gone on with.
fn goes_on(bench: &mut Bench) -> Option<GestureId> {
    bench.restart();
    let works = bench.store.unfinished().unwrap().into_iter();
    let last = works.map(|mut work| finished(bench, &mut work).id).last();
    assert_eq!(bench.store.unfinished().unwrap().len(), 0);
    last
}

#[test]
fn what_is_done_and_taken_back_goes_on_where_the_disk_was_full() {
    let flag: fn(Vec<LetterId>) -> Act = |letters| Act::Flag(letters, star());
    for act in [Act::Junk, flag] {
        let (mut written, mut back) = (0, 0);
        for writes in 0.. {
            let mut bench = Bench::new(MODERN, 230);
            let before = bench.local();
            let letters = all(&bench);
            bench.store.fill_in(Some(writes));
            let begun = bench.store.begin(act(letters));
            let done = begun.and_then(|mut work| to_the_end(&bench, &mut work));
            let mut whole = None;
            match done {
                Ok(Progress::Done(gesture)) => whole = gesture.map(|gesture| gesture.id),
                Ok(other) => panic!("{other:?}"),
                Err(error) => {
                    sees_it(&bench, &error);
                    // Nothing of it is done, or all that is not done yet is written down.
                    if bench.store.unfinished().unwrap().is_empty() {
                        assert_eq!(bench.local(), before);
                        continue;
                    }
                    written += 1;
                }
            }
            bench.store.fill_in(None);
            let gesture = goes_on(&mut bench).or(whole).unwrap();
            let done = bench.local();
            assert!(done.iter().all(|(name, letters)| match act(Vec::new()) {
                Act::Junk(_) => letters.len() == if name == "Junk" { 230 } else { 0 },
                _ => letters.iter().all(|letter| letter.1 != 0),
            }));
            // And the way back, from its first write on.
            bench.store.fill_in(Some(writes - 1));
            let begun = bench.store.begin_undo(gesture);
            if let Err(error) = begun.and_then(|mut work| to_the_end(&bench, &mut work)) {
                sees_it(&bench, &error);
                back += 1;
            }
            bench.store.fill_in(None);
            bench.restart();
            match bench.store.unfinished().unwrap().is_empty() {
                // Asked for again.
                true if bench.local() == done => {
                    let mut work = bench.store.begin_undo(gesture).unwrap();
                    finished(&bench, &mut work);
                }
                _ => assert!(goes_on(&mut bench).is_some()),
            }
            assert_eq!(readable(&bench.local()), readable(&before));
            bench.prove();
            if whole.is_some() {
                break;
            }
        }
        assert!(written >= 2 && back >= 1, "{written} {back}");
    }
}

#[test]
fn what_is_not_wanted_any_more_is_done_or_taken_back_where_the_disk_was_full() {
    for writes in 0.. {
        let mut bench = Bench::new(MODERN, 230);
        let before = bench.local();
        let mut work = bench.store.begin(Act::Junk(all(&bench))).unwrap();
        assert!(matches!(bench.store.go_on(&mut work).unwrap(), Progress::More));
        bench.store.fill_in(Some(writes));
        let withdrawn = bench.store.withdraw(&mut work);
        let is_back = withdrawn.is_ok();
        let done = withdrawn.and_then(|_| to_the_end(&bench, &mut work));
        let whole = done.is_ok();
        if let Err(error) = done {
            sees_it(&bench, &error);
        }
        bench.store.fill_in(None);
        let _ = goes_on(&mut bench);
        match is_back {
            true => assert_eq!(readable(&bench.local()), readable(&before)),
            false => assert_eq!(bench.local()["Junk"].len(), 230),
        }
        bench.prove();
        if whole {
            break;
        }
    }
}

#[test]
fn what_waits_is_not_lost_where_the_disk_is_full_when_its_turn_comes() {
    let mut bench = Bench::new(MODERN, 230);
    let inbox = bench.folder("INBOX");
    bench.store.fill_in(Some(0));
    let error = bench.store.put_act_by(Act::MarkAllRead(inbox)).map(|_| ()).unwrap_err();
    sees_it(&bench, &error);
    bench.store.fill_in(None);
    let mut work = bench.store.put_act_by(Act::MarkAllRead(inbox)).unwrap();
    bench.store.fill_in(Some(0));
    let error = bench.store.settle(&mut work).unwrap_err();
    sees_it(&bench, &error);
    assert!(work.is_written());
    let error = bench.store.forget(work).unwrap_err();
    sees_it(&bench, &error);
    bench.store.fill_in(None);
    bench.restart();
    let mut works = bench.store.unfinished().unwrap();
    bench.store.settle(&mut works[0]).unwrap();
    assert_eq!(finished(&bench, &mut works[0]).changed, 230);
    bench.prove();
}
