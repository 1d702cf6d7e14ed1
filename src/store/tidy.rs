//! The store made compact again: the search index after many letters came, and the file after
//! much was removed.
//!
//! Promise: it goes by small steps, each of so many pages at most, and whoever else wants to
//! write does so between two of them; broken off anywhere, nothing is wrong, and what it left is
//! removed the next time.

use super::error::Result;
use super::pool::Store;
use super::search::index;
use super::search::merge::{self, Step};
use std::sync::TryLockError;

/// Bytes of the index that one step reads and writes: 64 pages, some thousandths of a second.
const STEP: usize = 1024 * 1024;
/// Pages given back to the file system in one go.
const GIVEN_BACK: i64 = 64;
/// Removed mails that are forgotten in one go.
const FORGOTTEN: usize = 1000;
/// It is begun so often where others merge the same segments meanwhile.
const TRIES: usize = 3;

impl Store {
    /// Whether the search index has become so scattered that [`Self::tidy`] is
    /// worth its time, or one that was broken off left something behind. `at_rest`: nobody
    /// waits for it, so it is worth it sooner.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn is_untidy(&self, at_rest: bool) -> Result<bool> {
        let most = if at_rest { index::AT_REST } else { index::SCATTERED };
        self.read(|conn| Ok(index::segments(conn)? > most || index::has_remains(conn)?))
    }

    /// Makes the search index compact and quick after many letters came. Takes a
    /// while: seconds for a hundred thousand letters.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn tidy(&self) -> Result<()> {
        self.tidy_while(|| true)
    }

    /// The same as long as `go_on`, which is asked between two steps.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn tidy_while(&self, go_on: impl FnMut() -> bool) -> Result<()> {
        self.tidy_by(STEP, go_on)
    }

    fn tidy_by(&self, bytes: usize, mut go_on: impl FnMut() -> bool) -> Result<()> {
        let _tidying = match self.tidying.try_lock() {
            Ok(tidying) => tidying,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Somebody is about it.
            Err(TryLockError::WouldBlock) => return Ok(()),
        };
        for _ in 0..TRIES {
            // What was broken off before.
            while self.write(|tx| merge::sweep(tx, bytes))? {
                if !go_on() {
                    return Ok(());
                }
            }
            let Some(mut merge) = self.read(merge::plan_all)? else { return Ok(()) };
            let mut step = Step::More;
            while step == Step::More {
                if !go_on() {
                    return Ok(());
                }
                step = self.write(|tx| merge.step(tx, bytes))?;
            }
            if step == Step::Merged {
                for mails in merge.gone().chunks(FORGOTTEN) {
                    self.write(|tx| merge::forget_removed(tx, mails))?;
                }
                break;
            }
        }
        while go_on() && self.write(|tx| merge::sweep(tx, bytes))? {}
        Ok(())
    }

    /// Makes the database file as small as what it holds.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn give_back(&self) -> Result<()> {
        self.give_back_room()?;
        self.checkpoint()
    }

    /// Gives pages that hold nothing back to the file system, when they are many.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn give_back_room(&self) -> Result<()> {
        let count = |pragma: &str| -> Result<i64> {
            Ok(self.writer().query_row(pragma, [], |row| row.get(0))?)
        };
        let mut free = count("PRAGMA freelist_count")?;
        if free < count("PRAGMA page_count")? / 20 {
            return Ok(());
        }
        while free > 0 {
            let writer = self.writer();
            let mut vacuum = writer.prepare(&format!("PRAGMA incremental_vacuum({GIVEN_BACK})"))?;
            // It frees a page a step.
            let mut steps = vacuum.query([])?;
            while steps.next()?.is_some() {}
            let left = writer.query_row("PRAGMA freelist_count", [], |row| row.get(0))?;
            // Others may have removed more meanwhile: that is for another time.
            if left >= free {
                break;
            }
            free = left;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::mime;
    use crate::model::Flags;
    use crate::store::search::{Order, Search, parse};
    use crate::store::{Circumstances, Incoming, Packer, prepare};
    use std::collections::HashSet;
    use std::ops::Range;

    /// Bytes of a step in these tests.
    const SMALL: usize = 8 * 1024;
    const PAGE: u64 = 16 * 1024;

    fn add(store: &Store, letters: Range<usize>) {
        let folder = store.ensure_folder("local/a").unwrap();
        let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
        let letters: Vec<_> = letters
            .map(|number| {
                let words = (0..60).map(|word| format!("w{}x{word} ", number * 7919 % 10_007));
                let raw = format!(
                    "From: a@example.org\nMessage-ID: <{number}@x>\nSubject: common\n\n\
                     letter{number} {}\n",
                    words.collect::<String>()
                );
                let parsed = mime::parse(raw.as_bytes());
                let prepared = Box::new(prepare(parsed, &with, &mut Packer::new(None)));
                (folder, Incoming::New(prepared), Flags::NONE)
            })
            .collect();
        store.add(&letters).unwrap();
    }

    /// Segments of several sizes.
    fn scattered(dir: &std::path::Path) -> Store {
        let store = Store::open(dir).unwrap();
        let mut from = 0;
        for size in [120, 70, 70, 9, 9, 9, 1, 1] {
            add(&store, from..from + size);
            from += size;
        }
        store
    }

    fn found(store: &Store, question: &str) -> Vec<crate::model::LetterId> {
        let node = parse(question).unwrap();
        let search = Search { node, order: Order::Newest, limit: 1000 };
        store.search(&search).unwrap().into_iter().map(|row| row.id).collect()
    }

    fn count(store: &Store, sql: &str) -> i64 {
        store.read(|conn| Ok(conn.query_row(sql, [], |row| row.get(0))?)).unwrap()
    }

    fn is_tidy(store: &Store) {
        assert_eq!(count(store, "SELECT count(*) FROM segment"), 1);
        assert_eq!(count(store, "SELECT count(*) FROM removed"), 0);
        assert_eq!(
            count(store, "SELECT count(*) FROM block WHERE segment_id <> (SELECT id FROM segment)"),
            0
        );
        assert!(store.check(false, |_, _| {}).unwrap().is_sound());
    }

    #[test]
    fn no_step_writes_more_than_so_many_pages_and_others_write_in_between() {
        let dir = tempfile::tempdir().unwrap();
        let store = scattered(dir.path());
        let log = dir.path().join("mail.sqlite-wal");
        store.checkpoint().unwrap();
        let (mut steps, mut most, mut written) = (0, 0, 0);
        store
            .tidy_by(SMALL, || {
                let size = std::fs::metadata(&log).unwrap().len();
                (steps, most, written) = (steps + 1, size.max(most), written + size);
                match steps {
                    3 => add(&store, 300..301),
                    5 => store.remove(&found(&store, "letter7")).unwrap(),
                    _ => {}
                }
                // All of it is found at any time.
                if steps % 8 == 0 {
                    assert_eq!(found(&store, "common").len(), 289);
                }
                store.checkpoint().unwrap();
                true
            })
            .unwrap();
        assert!(steps > 20, "{steps} steps");
        // What a step moves, and the pages of the tables' trees above it.
        assert!(most <= SMALL as u64 + 24 * PAGE, "{most} bytes in a step");
        assert!(written > 4 * most, "{written} bytes in all");
        assert_eq!(found(&store, "letter300").len(), 1);
        assert_eq!(found(&store, "letter7"), []);
        assert!(store.check(false, |_, _| {}).unwrap().is_sound());
        // What came and went meanwhile is for the next time.
        assert_eq!(count(&store, "SELECT count(*) FROM segment"), 2);
        store.tidy().unwrap();
        is_tidy(&store);
        assert_eq!(found(&store, "common").len(), 289);
    }

    #[test]
    fn broken_off_anywhere_nothing_is_wrong_and_nothing_is_left_the_next_time() {
        let dir = tempfile::tempdir().unwrap();
        let store = scattered(dir.path());
        store.remove(&found(&store, "letter7 OR letter150")).unwrap();
        let all: HashSet<_> = found(&store, "common").into_iter().collect();
        assert_eq!(all.len(), 287);
        for after in (0..).step_by(7) {
            let mut left = after;
            let mut whole = true;
            let go_on = || {
                whole = left > 0;
                left -= i32::from(whole);
                whole
            };
            store.tidy_by(SMALL, go_on).unwrap();
            assert_eq!(found(&store, "common").into_iter().collect::<HashSet<_>>(), all);
            assert_eq!(found(&store, "letter42").len(), 1);
            assert_eq!(found(&store, "letter150"), []);
            if whole {
                break;
            }
            assert!(store.check(false, |_, _| {}).unwrap().is_sound());
            assert!(after == 0 || store.is_untidy(true).unwrap(), "broken off after {after}");
        }
        is_tidy(&store);
    }

    #[test]
    fn where_others_merge_the_same_segments_it_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        let store = scattered(dir.path());
        let (mut steps, mut next) = (0, 300);
        store
            .tidy_by(SMALL, || {
                steps += 1;
                // Small segments, of which some are merged with those that are at work.
                if steps % 3 == 0 && next < 310 {
                    add(&store, next..next + 1);
                    next += 1;
                }
                true
            })
            .unwrap();
        assert_eq!(found(&store, "common").len(), 299);
        store.tidy().unwrap();
        is_tidy(&store);
        assert_eq!(found(&store, "common").len(), 299);
    }
}
