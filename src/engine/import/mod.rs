//! Archives → store. One thread reads, two work letters out, one writes.
//!
//! Promise: memory is bounded whatever the archive's size; letters get their
//! numbers in the archive's order; stopping at any moment, by request or by
//! force, leaves whole letters only, and importing again completes the rest.

mod budget;
mod folders;
mod job;
mod read;
mod refused;

pub use self::refused::{Passed, Refusal, Refused};

use self::budget::Budget;
use self::folders::Folders;
use self::job::{Job, JobKind};
use super::Result;
use super::working::{Around, stand_back, work_out as work_out_one};
use crate::archive;
use crate::model::{Flags, FolderId};
use crate::store::{Added, Incoming, Packer, Store};
use crate::window_thread::keep_out_of;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Threads that work letters out.
const WORKERS: usize = 2;
/// A transaction ends after so much time.
const BATCH_TIME: Duration = Duration::from_secs(2);
/// Passed-over letters told one by one at most.
const TOLD: usize = 100;

/// How much of the computer an import may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// All there is: nobody does anything else meanwhile.
    Alone,
    /// What others leave: letters are read and written meanwhile.
    Beside,
}

impl Pace {
    /// A transaction ends at so many letters, or so many bytes. Others who write wait for one.
    fn batch(self) -> (usize, usize) {
        match self {
            Self::Alone => (4000, 24 * 1024 * 1024),
            // Enough of them for a segment of a good size.
            Self::Beside => (1000, 6 * 1024 * 1024),
        }
    }
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportProgress {
    /// Letters dealt with.
    pub letters: u64,
    /// Those of them that are in the store for good.
    pub kept: u64,
    /// Bytes of the archives read so far.
    pub bytes: u64,
    /// Bytes of all archives.
    pub total_bytes: u64,
    /// All letters are kept; the index is being tidied up.
    pub tidying: bool,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// New letters.
    pub imported: u64,
    /// Letters that lay there already.
    pub duplicate: u64,
    /// Letters that were kept but not understood, and those passed over.
    pub broken: u64,
    /// Those of them that were passed over: they are not here.
    pub passed: u64,
    /// What was passed over (the first hundred).
    pub refused: Vec<Refused>,
    /// Folders that were not made: there were too many of them, or their names were too long.
    /// Their letters are in the folder above.
    pub gathered: u64,
    /// It was stopped before the end.
    pub stopped: bool,
}

/// A letter on its way.
struct Carried {
    seq: u64,
    folder: FolderId,
    raw: Vec<u8>,
    flags: Flags,
    delivered: Option<i64>,
}

/// A letter worked out.
struct Ready {
    seq: u64,
    weight: usize,
    folder: FolderId,
    /// Nothing when it could not be worked out.
    letter: Option<Incoming>,
    flags: Flags,
}

/// What the threads share.
struct Shared<'a> {
    store: &'a Store,
    stop: &'a AtomicBool,
    pace: Pace,
    /// Set when the writer failed: nobody need go on.
    failed: AtomicBool,
    budget: Budget,
    bytes: AtomicU64,
    refused: Mutex<(u64, Vec<Refused>)>,
    now: i64,
    /// There was no letter before: none need be looked for.
    fresh: bool,
}

impl Shared<'_> {
    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.failed.load(Ordering::Relaxed)
    }

    fn refuse(&self, what: Passed, why: Refusal) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.0 += 1;
        if refused.1.len() < TOLD {
            refused.1.push(Refused { what, why });
        }
    }
}

/// Imports what lies at `paths` into `folder` (`account/path`), or into folders
/// of the local account named after the archives.
///
/// `stop` may be set at any time, from a signal handler too; `progress` is called
/// a few times a second.
///
/// # Errors
/// When there is no mail at a path, or the store cannot be written. What was
/// committed before stays.
pub fn import(
    store: &Store,
    paths: &[PathBuf],
    folder: Option<&str>,
    stop: &AtomicBool,
    progress: impl FnMut(ImportProgress),
) -> Result<Imported> {
    let mut done = Imported::default();
    import_at(Pace::Alone, store, paths, folder, stop, progress, &mut done)?;
    Ok(done)
}

/// The same at a pace. `done`: what came in, whether or not the rest could.
///
/// # Errors
/// As [`import`].
pub(super) fn import_at(
    pace: Pace,
    store: &Store,
    paths: &[PathBuf],
    folder: Option<&str>,
    stop: &AtomicBool,
    mut progress: impl FnMut(ImportProgress),
    done: &mut Imported,
) -> Result<()> {
    keep_out_of("an archive");
    let mut sources = Vec::new();
    for path in paths {
        sources.extend(archive::find(path, stop)?.into_iter().map(|source| (path, source)));
    }
    let mut jobs = Vec::new();
    let mut folders = Folders::new(store, folder)?;
    for (path, source) in sources {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let folder = folders.of(path, &source)?;
        jobs.push(Job { folder, kind: JobKind::of(source) });
    }
    done.gathered = folders.gathered();
    let total_bytes = jobs.iter().map(|job| job.kind.size()).sum();
    if store.dictionary()?.is_none() && !stop.load(Ordering::Relaxed) {
        store.train(&job::samples(&jobs))?;
    }
    let shared = Shared {
        store,
        stop,
        pace,
        failed: AtomicBool::new(false),
        budget: Budget::default(),
        bytes: AtomicU64::new(0),
        refused: Mutex::default(),
        now: jiff::Timestamp::now().as_second(),
        fresh: store.folders()?.iter().all(|folder| folder.total == 0),
    };
    let (to_work, work) = sync_channel::<Carried>(256);
    let (to_write, ready) = sync_channel::<Ready>(256);
    let work = Mutex::new(work);
    let outcome = std::thread::scope(|scope| {
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        for _ in 0..WORKERS {
            let to_write = to_write.clone();
            thread("worker").spawn_scoped(scope, || work_out(&shared, &work, to_write))?;
        }
        thread("reader").spawn_scoped(scope, || read::read_all(&shared, &jobs, to_work))?;
        drop(to_write);
        let outcome = write_all(&shared, ready, done, |letters, kept| {
            let bytes = shared.bytes.load(Ordering::Relaxed);
            progress(ImportProgress { letters, kept, bytes, total_bytes, tidying: false });
        });
        shared.failed.store(outcome.is_err(), Ordering::Relaxed);
        outcome
    });
    let (refused, told) = shared.refused.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.broken += refused;
    done.passed = refused;
    done.refused = told;
    done.stopped = stop.load(Ordering::Relaxed);
    let tidy = !done.stopped && outcome.is_ok() && store.is_untidy(true)?;
    if tidy {
        let letters = done.imported + done.duplicate;
        let bytes = total_bytes;
        progress(ImportProgress { letters, kept: letters, bytes, total_bytes, tidying: true });
    }
    outcome?;
    if tidy {
        store.tidy_while(|| !stop.load(Ordering::Relaxed))?;
    }
    match pace {
        Pace::Alone => store.give_back()?,
        // Who reads and writes is not to wait for all of the log.
        Pace::Beside => store.give_back_room()?,
    }
    Ok(())
}

fn work_out(shared: &Shared<'_>, work: &Mutex<Receiver<Carried>>, to_write: SyncSender<Ready>) {
    if shared.pace == Pace::Beside {
        stand_back();
    }
    let dictionary = shared.store.dictionary().unwrap_or_default();
    let mut packer = Packer::new(dictionary.as_ref());
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Carried { seq, folder, raw, flags, delivered }) = next else {
            return;
        };
        let weight = raw.len();
        let around = Around { now: shared.now, delivered, header_of: None };
        let known_in = (!shared.fresh).then_some(shared.store);
        let letter = work_out_one(&raw, &around, known_in, &mut packer);
        if letter.is_none() {
            shared.refuse(Passed::Letter(seq + 1), Refusal::Fault);
        }
        drop(raw);
        if to_write.send(Ready { seq, weight, folder, letter, flags }).is_err() {
            // Nobody writes any more: let the reader run out.
            shared.failed.store(true, Ordering::Relaxed);
            while work.lock().unwrap_or_else(PoisonError::into_inner).recv().is_ok() {}
            return;
        }
    }
}

fn write_all(
    shared: &Shared<'_>,
    ready: Receiver<Ready>,
    done: &mut Imported,
    mut progress: impl FnMut(u64, u64),
) -> Result<()> {
    let mut early: BTreeMap<u64, Ready> = BTreeMap::new();
    let mut next = 0;
    let mut batch = Batch::default();
    let mut letters = 0;
    loop {
        let wait = ready.recv_timeout(Duration::from_millis(200));
        let ended = matches!(wait, Err(std::sync::mpsc::RecvTimeoutError::Disconnected));
        if let Ok(one) = wait {
            early.insert(one.seq, one);
        }
        while let Some(one) = early.remove(&next) {
            next += 1;
            letters += 1;
            shared.budget.give_back(one.weight);
            batch.push(one);
        }
        progress(letters, done.imported + done.duplicate);
        if batch.is_full(shared.pace) || ended || shared.stop.load(Ordering::Relaxed) {
            batch.write(shared, done)?;
        }
        if ended || shared.stop.load(Ordering::Relaxed) {
            // Dropping the channel tells the others to stop.
            return Ok(());
        }
    }
}

struct Batch {
    letters: Vec<(FolderId, Incoming, Flags)>,
    /// Which each of them is.
    numbers: Vec<u64>,
    broken: u64,
    bytes: usize,
    since: Instant,
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            letters: Vec::new(),
            numbers: Vec::new(),
            broken: 0,
            bytes: 0,
            since: Instant::now(),
        }
    }
}

impl Batch {
    fn push(&mut self, one: Ready) {
        let Some(letter) = one.letter else { return };
        if let Incoming::New(prepared) = &letter {
            self.bytes += prepared.weight();
            self.broken += u64::from(prepared.is_broken());
        }
        self.letters.push((one.folder, letter, one.flags));
        self.numbers.push(one.seq + 1);
    }

    fn is_full(&self, pace: Pace) -> bool {
        let (letters, bytes) = pace.batch();
        self.letters.len() >= letters
            || self.bytes >= bytes
            || (!self.letters.is_empty() && self.since.elapsed() >= BATCH_TIME)
    }

    fn write(&mut self, shared: &Shared<'_>, done: &mut Imported) -> Result<()> {
        let batch = std::mem::take(self);
        for (added, number) in shared.store.add(&batch.letters)?.into_iter().zip(batch.numbers) {
            match added {
                Added::New(_) => done.imported += 1,
                Added::Duplicate(_) => done.duplicate += 1,
                Added::Vanished => shared.refuse(Passed::Letter(number), Refusal::Vanished),
            }
        }
        done.broken += batch.broken;
        Ok(())
    }
}
