//! Anything in any order.

use super::bench::{Bench, Seen, letter, readable};
use super::fake::Manners;
use crate::model::{Act, FlagChange, Flags, FolderId, GestureId, LetterId};
use crate::store::StoreError;
use crate::store::intents::{Kind, State};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Flag(u8, u8),
    Move(u8, u8),
    Copy(u8, u8),
    Delete(u8),
    ForGood(u8),
    Archive(u8),
    Junk(u8),
    NotJunk(u8),
    Read(u8),
    Empty,
    /// Take back the last gesture.
    Undo,
    Sync,
    /// Replay, with so many fail points of the line, or of the store, left.
    Replay(Option<u8>, Option<u8>),
    Restart,
    /// Another program: flags, moves, removes, brings; the server numbers anew; refuses.
    Other(u8, u8, u8),
    Renumber(u8),
    Refuse(u8),
}

const FOLDERS: [&str; 5] = ["INBOX", "Archive", "Junk", "Trash", "Work"];

fn own() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any::<u8>(), 0..6_u8).prop_map(|(l, f)| Step::Flag(l, f)),
        5 => (any::<u8>(), 0..5_u8).prop_map(|(l, f)| Step::Move(l, f)),
        2 => (any::<u8>(), 0..5_u8).prop_map(|(l, f)| Step::Copy(l, f)),
        2 => any::<u8>().prop_map(Step::Delete),
        1 => any::<u8>().prop_map(Step::ForGood),
        2 => any::<u8>().prop_map(Step::Archive),
        2 => any::<u8>().prop_map(Step::Junk),
        1 => any::<u8>().prop_map(Step::NotJunk),
        1 => (0..5_u8).prop_map(Step::Read),
        1 => Just(Step::Empty),
        3 => Just(Step::Undo),
        3 => Just(Step::Sync),
        6 => (proptest::option::weighted(0.7, 0..24_u8), proptest::option::weighted(0.4, 0..24_u8))
            .prop_map(|(line, store)| Step::Replay(line, store)),
        1 => Just(Step::Restart),
    ]
}

fn all() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => own(),
        2 => (0..4_u8, any::<u8>(), any::<u8>()).prop_map(|(a, b, c)| Step::Other(a, b, c)),
        1 => (0..5_u8).prop_map(Step::Renumber),
        1 => (0..4_u8).prop_map(Step::Refuse),
    ]
}

fn manners() -> impl Strategy<Value = Manners> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(can_move, uidplus, no_uidnext, no_search)| Manners {
            can_move,
            uidplus,
            no_uidnext,
            no_search,
            no_keywords: false,
        },
    )
}

fn modern() -> impl Strategy<Value = Manners> {
    Just(Manners {
        can_move: true,
        uidplus: true,
        no_uidnext: false,
        no_search: false,
        no_keywords: false,
    })
}

fn change(number: u8) -> FlagChange {
    let word = |add: &[&str], remove: &[&str]| FlagChange {
        add_words: add.iter().map(|w| (*w).to_owned()).collect(),
        remove_words: remove.iter().map(|w| (*w).to_owned()).collect(),
        ..FlagChange::default()
    };
    match number {
        0 => FlagChange::flags(Flags::SEEN, Flags::NONE),
        1 => FlagChange::flags(Flags::NONE, Flags::SEEN),
        2 => FlagChange::flags(Flags::FLAGGED, Flags::SEEN),
        3 => FlagChange::flags(Flags::ANSWERED, Flags::FLAGGED),
        4 => word(&["$label1"], &[]),
        _ => word(&["$label2"], &["$label1"]),
    }
}

/// Letters a step is about: one or a few.
fn picked(bench: &Bench, number: u8) -> Vec<LetterId> {
    let mut ids = bench.letters();
    ids.sort();
    let many = if number.is_multiple_of(4) { 3 } else { 1 };
    let from = usize::from(number) % ids.len().max(1);
    ids.into_iter().skip(from).take(many).collect()
}

fn act(bench: &Bench, step: &Step) -> Option<Act> {
    let to = |number: &u8| -> FolderId { bench.folder(FOLDERS[usize::from(*number) % 5]) };
    Some(match step {
        Step::Flag(l, f) => Act::Flag(picked(bench, *l), change(*f)),
        Step::Move(l, f) => Act::Move(picked(bench, *l), to(f)),
        Step::Copy(l, f) => Act::Copy(picked(bench, *l), to(f)),
        Step::Delete(l) => Act::Delete(picked(bench, *l)),
        Step::ForGood(l) => Act::DeleteForGood(picked(bench, *l)),
        Step::Archive(l) => Act::Archive(picked(bench, *l)),
        Step::Junk(l) => Act::Junk(picked(bench, *l)),
        Step::NotJunk(l) => Act::NotJunk(picked(bench, *l)),
        Step::Read(f) => Act::MarkAllRead(to(f)),
        Step::Empty => Act::EmptyTrash(bench.account),
        _ => return None,
    })
}

/// The machinery's part of a step.
fn work(bench: &mut Bench, step: &Step) {
    match step {
        Step::Sync => bench.sync(),
        Step::Restart => bench.restart(),
        Step::Replay(line, store) => {
            bench.world.lock().unwrap().break_in = line.map(u32::from);
            bench.store.fail_in(store.map(u32::from));
            if !bench.replay() {
                bench.restart();
            }
            bench.store.fail_in(None);
            bench.world.lock().unwrap().break_in = None;
        }
        _ => {}
    }
}

type View = BTreeMap<String, Vec<Seen>>;

/// All letters of a view.
fn flat(view: &View) -> Vec<Seen> {
    let mut all: Vec<Seen> = view.values().flatten().cloned().collect();
    all.sort();
    all
}

fn case(mut bench: Bench, steps: &[Step]) {
    // What the user sees changes by what the user does, and by nothing else.
    let mut view = bench.local();
    let mut done: Vec<(GestureId, View, bool)> = Vec::new();
    for step in steps {
        if let Some(act) = act(&bench, step) {
            let before = bench.local();
            let final_one =
                matches!(act, Act::Delete(_) | Act::DeleteForGood(_) | Act::EmptyTrash(_));
            if let Some(gesture) = bench.store.act(&act).unwrap() {
                done.push((gesture.id, before, final_one));
            }
            view = bench.local();
        } else if matches!(step, Step::Undo) {
            if let Some((gesture, before, final_one)) = done.pop() {
                match bench.store.undo(gesture) {
                    Ok(_) if final_one => {
                        // Those the server was told of are gone; nothing else is.
                        let (now, all) = (flat(&bench.local()), flat(&before));
                        assert!(now.len() <= all.len() && now.len() >= flat(&view).len());
                        done.clear();
                    }
                    Ok(_) => assert_eq!(readable(&bench.local()), readable(&before)),
                    Err(StoreError::Act(_)) if final_one => done.clear(),
                    Err(error) => panic!("{error}"),
                }
            }
            view = bench.local();
        } else {
            work(&mut bench, step);
        }
        assert_eq!(readable(&bench.local()), readable(&view), "after {step:?}");
        let listed = bench.store.list(None, 0, 10_000).unwrap().len();
        assert_eq!(bench.store.total(None).unwrap(), listed as u64, "after {step:?}");
    }
    bench.prove();
    assert_eq!(readable(&bench.remote()), readable(&view));
    let refused =
        bench.told.iter().any(|t| matches!(t, crate::engine::intents::Told::RolledBack(_)));
    assert!(!refused, "{:?}", bench.told);
}

/// What another program does.
fn other(bench: &mut Bench, what: u8, which: u8, to: u8, next: &mut usize, fates: &mut Fates) {
    // A copy that was made and not confirmed may be what is moved away now.
    let tasks = bench.store.wave(bench.account, i64::MAX).unwrap();
    let half_copied =
        tasks.iter().any(|task| task.intent.kind == Kind::Copy && task.intent.state == State::Sent);
    let mut world = bench.world.lock().unwrap();
    let all: Vec<(String, u32)> = world
        .folders
        .iter()
        .flat_map(|(name, folder)| folder.letters.iter().map(|l| (name.clone(), l.uid)))
        .collect();
    if what == 3 || all.is_empty() {
        let new = letter(*next);
        *next += 1;
        fates.entry(new.raw.clone()).or_default().most += 1;
        world.folders.get_mut("INBOX").unwrap().put(&new);
        return;
    }
    let (from, uid) = all[usize::from(which) % all.len()].clone();
    let folder = world.folders.get_mut(&from).unwrap();
    let at = folder.letters.iter().position(|l| l.uid == uid).unwrap();
    match what {
        0 => {
            let letter = &mut folder.letters[at];
            letter.flags = match to % 3 {
                0 => letter.flags.with(Flags::SEEN),
                1 => letter.flags.without(Flags::SEEN).with(Flags::FLAGGED),
                _ => letter.flags.with(Flags::ANSWERED),
            };
        }
        1 => {
            let moved = folder.letters.remove(at);
            // It may be the original of a move by copying that was broken off half-way.
            if !world.manners.can_move || half_copied {
                fates.entry(moved.raw.clone()).or_default().most += 1;
            }
            let to = FOLDERS[usize::from(to) % 5];
            world.folders.get_mut(to).unwrap().put(&moved);
        }
        _ => {
            let gone = folder.letters.remove(at);
            fates.entry(gone.raw).or_default().may_go = true;
        }
    }
}

/// What may have become of a letter.
#[derive(Debug, Clone, Copy, Default)]
struct Fate {
    /// So many of it at most.
    most: usize,
    /// Somebody removed one of it for good.
    may_go: bool,
}

type Fates = BTreeMap<Vec<u8>, Fate>;

fn count(view: &View) -> BTreeMap<Vec<u8>, usize> {
    let mut counted = BTreeMap::new();
    for (raw, _, _) in flat(view) {
        *counted.entry(raw).or_insert(0) += 1;
    }
    counted
}

fn contested(mut bench: Bench, steps: &[Step]) {
    let mut fates: Fates = BTreeMap::new();
    for (raw, many) in count(&bench.remote()) {
        fates.insert(raw, Fate { most: many, may_go: false });
    }
    let mut next = 100;
    let mut done: Vec<GestureId> = Vec::new();
    for step in steps {
        if let Some(act) = act(&bench, step) {
            let before = count(&bench.local());
            if let Some(gesture) = bench.store.act(&act).unwrap() {
                done.push(gesture.id);
            }
            for (raw, many) in count(&bench.local()) {
                let more = many.saturating_sub(before.get(&raw).copied().unwrap_or(0));
                fates.entry(raw).or_default().most += more;
            }
            for (raw, many) in before {
                let left = count(&bench.local()).get(&raw).copied().unwrap_or(0);
                fates.entry(raw).or_default().may_go |= left < many;
            }
        } else {
            match step {
                Step::Undo => {
                    let before = count(&bench.local());
                    if let Some(gesture) = done.pop() {
                        match bench.store.undo(gesture) {
                            Ok(_) | Err(StoreError::Act(_)) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                    for (raw, many) in before {
                        let left = count(&bench.local()).get(&raw).copied().unwrap_or(0);
                        fates.entry(raw).or_default().may_go |= left < many;
                    }
                }
                Step::Other(what, which, to) => {
                    other(&mut bench, *what, *which, *to, &mut next, &mut fates);
                }
                Step::Renumber(which) => {
                    let mut world = bench.world.lock().unwrap();
                    let name = FOLDERS[usize::from(*which) % 5];
                    let folder = world.folders.get_mut(name).unwrap();
                    folder.uidvalidity += 100;
                    folder.letters.reverse();
                    for (at, letter) in folder.letters.iter_mut().enumerate() {
                        letter.uid = 1 + at as u32;
                    }
                    folder.uidnext = 1 + folder.letters.len() as u32;
                }
                Step::Refuse(after) => {
                    bench.world.lock().unwrap().refuse_in = Some(u32::from(*after));
                }
                step => work(&mut bench, step),
            }
        }
    }
    bench.prove();
    let left = count(&bench.remote());
    for (raw, fate) in &fates {
        let many = left.get(raw).copied().unwrap_or(0);
        let name = String::from_utf8_lossy(raw).into_owned();
        assert!(many > 0 || fate.may_go, "lost: {name}");
        assert!(many <= fate.most, "{many} of {fate:?}: {name}");
    }
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("GOYO_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(24);
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 400, ..Default::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_server_ends_with_what_the_user_saw(
        manners in manners(),
        steps in proptest::collection::vec(own(), 1..24),
    ) {
        case(Bench::new(manners, 7), &steps);
    }

    #[test]
    fn a_modern_server_ends_with_what_the_user_saw(
        manners in modern(),
        steps in proptest::collection::vec(own(), 1..24),
    ) {
        case(Bench::new(manners, 7), &steps);
    }

    #[test]
    fn whatever_others_do_at_a_modern_server_nothing_is_lost_and_nothing_doubled(
        manners in modern(),
        steps in proptest::collection::vec(all(), 1..30),
    ) {
        contested(Bench::new(manners, 7), &steps);
    }

    #[test]
    fn whatever_others_do_nothing_is_lost_and_nothing_doubled(
        manners in manners(),
        steps in proptest::collection::vec(all(), 1..30),
    ) {
        contested(Bench::new(manners, 7), &steps);
    }
}

/// The line breaks when copies are marked, whose originals the server would not mark.
#[test]
fn copies_that_were_about_to_be_removed_again_do_not_stay_marked() {
    let steps = [
        Step::Refuse(1),
        Step::Move(200, 1),
        Step::Delete(0),
        Step::Replay(Some(11), None),
        Step::Move(33, 2),
        Step::Flag(0, 0),
    ];
    for (no_uidnext, no_search) in [(false, false), (true, false), (false, true), (true, true)] {
        for line in 8..14 {
            let mut steps = steps.clone();
            steps[3] = Step::Replay(Some(line), None);
            let (can_move, uidplus, no_keywords) = (false, false, false);
            let manners = Manners { can_move, uidplus, no_uidnext, no_search, no_keywords };
            contested(Bench::new(manners, 7), &steps);
        }
    }
}
