//! Deeds while the disk is full, at every write of them: what the user is told is what is so, and
//! at the next start, with room again, what was put off is gone on with.

use super::*;
use crate::engine::Options;
use crate::mime;
use crate::model::{Flags, FolderId, LetterId, Obstacle, Role};
use crate::store::{Circumstances, Incoming, Packer, prepare};
use tempfile::TempDir;
use tokio::sync::mpsc::Receiver;

/// More than are done in one part.
const LETTERS: usize = 230;

struct Bench {
    engine: Engine,
    events: Receiver<Event>,
    from: FolderId,
    trash: FolderId,
    dir: TempDir,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (engine, _, events) = Engine::of(dir.path(), Options::default()).unwrap();
        let store = &engine.store;
        let from = store.ensure_folder("local/from").unwrap();
        let trash = store.ensure_folder("local/bin").unwrap();
        store.set_role(trash, Some(Role::Trash)).unwrap();
        let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
        let letters: Vec<_> = (0..LETTERS)
            .map(|number| {
                let raw = format!("Message-ID: <{number}@x>\r\n\r\nletter {number}\r\n");
                let parsed = mime::parse(raw.as_bytes());
                let prepared = Box::new(prepare(parsed, &with, &mut Packer::new(None)));
                (from, Incoming::New(prepared), Flags::NONE)
            })
            .collect();
        store.add(&letters).unwrap();
        Self { engine, events, from, trash, dir }
    }

    fn letters(&self) -> Vec<LetterId> {
        let letters = self.engine.store.ids(self.from).unwrap();
        letters.into_iter().map(|(id, _)| id).collect()
    }

    fn count(&self, folder: FolderId) -> u64 {
        self.engine.store.total(Some(folder)).unwrap()
    }

    /// How many are read of those that were not moved.
    fn read(&self) -> usize {
        let letters = self.engine.store.ids(self.from).unwrap();
        letters.into_iter().filter(|(_, flags)| flags.has(Flags::SEEN)).count()
    }

    fn does_all(&mut self) {
        while !self.engine.deeds.are_done() {
            self.engine.do_part();
        }
    }

    /// What came of it, but for what changed.
    fn told(&mut self) -> Vec<Event> {
        let mut told = Vec::new();
        while let Ok(event) = self.events.try_recv() {
            let about = matches!(
                event,
                Event::NotActed(..)
                    | Event::Failed(_)
                    | Event::Gesture(_)
                    | Event::Undone(..)
                    | Event::GoneOn(_)
                    | Event::Unchanged
                    | Event::Withdrawn(..)
            );
            told.extend(about.then_some(event));
        }
        told
    }

    /// There is room again, and the program starts.
    fn starts_again(self) -> Self {
        let Self { engine, events, from, trash, dir } = self;
        drop((engine, events));
        let (engine, _, events) = Engine::of(dir.path(), Options::default()).unwrap();
        let mut bench = Self { engine, events, from, trash, dir };
        bench.engine.take_up_deeds();
        bench.does_all();
        assert!(bench.engine.store.check(false, |_, _| {}).unwrap().is_sound());
        assert!(bench.engine.store.unfinished().unwrap().is_empty());
        bench
    }
}

const PUT_OFF: NotDone = NotDone::PutOff(Obstacle::Full);
const NOT_DONE: NotDone = NotDone::Store(Obstacle::Full);

#[test]
fn what_is_asked_for_while_the_disk_is_full_is_not_begun_or_put_off() {
    let mut put_off = 0;
    for writes in 0.. {
        let mut bench = Bench::new();
        bench.engine.store.fill_in(Some(writes));
        bench.engine.deed(Command::Act(Act::Trash(bench.letters())));
        bench.does_all();
        let told = bench.told();
        assert_eq!(bench.count(bench.from) + bench.count(bench.trash), LETTERS as u64);
        match &told[..] {
            [Event::NotActed(None, why)] if *why == NOT_DONE => {
                assert_eq!(bench.count(bench.trash), 0);
                // It is not done behind one's back later.
                let mut bench = bench.starts_again();
                assert_eq!((bench.count(bench.trash), bench.told().len()), (0, 0));
            }
            [Event::NotActed(None, why)] if *why == PUT_OFF => {
                put_off += 1;
                let mut bench = bench.starts_again();
                assert_eq!(bench.count(bench.trash), LETTERS as u64);
                let told = bench.told();
                assert!(
                    matches!(&told[..], [Event::GoneOn(gesture)] if gesture.changed == LETTERS)
                );
            }
            [Event::Gesture(_)] => break,
            told => panic!("{writes}: {told:?}"),
        }
    }
    assert!(put_off >= 2);
}

#[test]
fn what_waits_its_turn_is_put_off_when_it_comes_and_deleting_is_not() {
    // A part of the first is done, the second is written down; and then there is no room.
    for (empties, writes) in [(false, 0), (true, 0), (false, 1), (true, 1)] {
        let mut bench = Bench::new();
        let here = bench.engine.store.accounts().unwrap()[0].id;
        let letters = bench.letters();
        let (some, others) = letters.split_at(210);
        bench.engine.deed(Command::Act(Act::Trash(some.to_vec())));
        let act = match empties {
            true => Act::EmptyTrash(here),
            false => Act::Flag(others.to_vec(), FlagChange::flags(Flags::SEEN, Flags::NONE)),
        };
        bench.engine.deed(Command::Act(act));
        bench.engine.store.fill_in(Some(writes));
        bench.does_all();
        let told = bench.told();
        let [first, Event::NotActed(None, second)] = &told[..] else { panic!("{told:?}") };
        match writes {
            0 => assert!(matches!(first, Event::NotActed(None, why) if *why == PUT_OFF)),
            _ => assert!(matches!(first, Event::Gesture(_))),
        }
        match empties {
            true => assert_eq!(*second, NotDone::DeletingStopped(Obstacle::Full)),
            false => assert_eq!(*second, PUT_OFF),
        }
        let bench = bench.starts_again();
        // What was in the trash stays there; the others are read.
        assert_eq!(bench.count(bench.trash), 210);
        assert_eq!(bench.read(), if empties { 0 } else { LETTERS - 210 });
    }
}

#[test]
fn taking_back_while_the_disk_is_full_is_not_begun_or_put_off() {
    let mut put_off = 0;
    for writes in 0.. {
        let mut bench = Bench::new();
        bench.engine.deed(Command::Act(Act::Trash(bench.letters())));
        bench.does_all();
        let [Event::Gesture(gesture)] = &bench.told()[..] else { panic!("it is not done") };
        let gesture = gesture.id;
        bench.engine.store.fill_in(Some(writes));
        bench.engine.deed(Command::Undo(gesture));
        bench.does_all();
        match &bench.told()[..] {
            [Event::NotActed(Some(id), why)] if *why == NOT_DONE => {
                assert_eq!((*id, bench.count(bench.trash)), (gesture, LETTERS as u64));
                // Asked for again, it is done.
                bench.engine.store.fill_in(None);
                bench.engine.deed(Command::Undo(gesture));
                bench.does_all();
                assert!(matches!(bench.told()[..], [Event::Undone(id, 0)] if id == gesture));
                assert_eq!(bench.count(bench.from), LETTERS as u64);
            }
            [Event::NotActed(Some(id), why)] if *why == PUT_OFF => {
                assert_eq!(*id, gesture);
                put_off += 1;
                let bench = bench.starts_again();
                assert_eq!((bench.count(bench.trash), bench.read()), (0, 0));
            }
            [Event::Undone(..)] => break,
            told => panic!("{writes}: {told:?}"),
        }
    }
    assert!(put_off >= 2);
}
