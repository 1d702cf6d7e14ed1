//! Goyo dies at any point of keeping step with a server (`kill -9`), is started again, and
//! nothing is lost, nothing doubled: the server has what it would have had, Goyo has what
//! the server has, the store is sound, and syncing once more changes nothing.
//!
//! `points` dies at every write, every command and every step of the journal, of everything
//! a user may do; `random` at any moment, while a second program changes the same mailbox.
//! Both on servers that can do everything and on such that lack something.
//!
//! `GOYO_KILLS` says how often Goyo is killed in all, about (400 if it is not set; from 5000
//! on every point is died at on every server, whatever that takes); `tests/kills/run` runs
//! many. `GOYO_SCENE` names the only plans to be driven, with `;` between.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

/// A test for every kind of server: calls it with the place in [`LACKING`].
macro_rules! on_every_server {
    ($drive:ident) => {
        #[test]
        fn a_server_that_can_everything() {
            $drive(0);
        }

        #[test]
        fn a_server_without_move() {
            $drive(1);
        }

        #[test]
        fn a_server_without_move_and_uidplus() {
            $drive(2);
        }

        #[test]
        fn a_server_without_condstore_and_uidplus() {
            $drive(3);
        }
    };
}
use on_every_server;

mod ground;
mod points;
mod random;
mod scenes;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// Servers that can do everything, and such that lack something.
const LACKING: [&[&str]; 4] =
    [&[], &["MOVE"], &["MOVE", "UIDPLUS"], &["CONDSTORE", "QRESYNC", "UIDPLUS"]];

/// Failures that are shown; more say no more.
const SHOWN: usize = 12;

fn kills() -> usize {
    std::env::var("GOYO_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(400)
}

/// What came of many runs: one that fails does not keep the others from being run.
struct Runs {
    of: String,
    since: Instant,
    killed: usize,
    /// Goyo was done before it could be killed.
    missed: usize,
    failed: Vec<String>,
}

impl Runs {
    fn new(of: String) -> Self {
        Self { of, since: Instant::now(), killed: 0, missed: 0, failed: Vec::new() }
    }

    fn try_to<T>(&mut self, label: &str, run: impl FnOnce() -> T) -> Option<T> {
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(value) => Some(value),
            Err(why) => {
                let text = why
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or_else(|| why.downcast_ref::<&str>().copied())
                    .unwrap_or_default();
                println!("FAILED {}: {label}: {text}", self.of);
                self.failed.push(format!("{label}: {text}"));
                assert!(self.failed.len() < SHOWN, "{}:\n{}", self.of, self.failed.join("\n"));
                None
            }
        }
    }

    fn count(&mut self, died: bool) {
        match died {
            true => self.killed += 1,
            false => self.missed += 1,
        }
    }

    fn end(self) {
        println!("TOTAL {}: {self}", self.of);
        assert!(self.failed.is_empty(), "{}:\n{}", self.of, self.failed.join("\n"));
    }
}

impl std::fmt::Display for Runs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let took = Duration::from_secs(self.since.elapsed().as_secs());
        let (killed, missed, failed) = (self.killed, self.missed, self.failed.len());
        write!(f, "{killed} kills, {missed} too late, {failed} failed, {took:?}")
    }
}
