//! Letters from servers → store: two threads work them out, one writes them, in batches.
//!
//! Promise: memory is bounded however fast a server is: who brings a letter waits for room
//! first. What was handed over is written, or told as failed; [`Tally::settled`] says when.

use super::SyncEvent;
use crate::engine::working::{Around, stand_back, work_out};
use crate::engine::{EngineError, Result};
use crate::fail;
use crate::model::FolderId;
use crate::store::{
    Applied, Arrival, Changes, Content, Dictionary, FlagsOf, Incoming, Packer, Store, StoreError,
};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc};

/// Threads that work letters out.
const WORKERS: usize = 2;
/// Kibibytes of letters on their way at most; one larger letter travels alone.
const ROOM: u32 = 20 * 1024;
/// What a letter takes up beside its bytes, in kibibytes.
const BESIDE: u32 = 2;
/// A transaction ends at so many letters or bytes.
const BATCH_LETTERS: usize = 4000;
const BATCH_BYTES: usize = 11 * 1024 * 1024;
/// What has come is shown after so long at the latest.
const BATCH_TIME: Duration = Duration::from_millis(1500);
/// So long nothing more comes: somebody may be waiting.
const LULL: Duration = Duration::from_millis(5);
/// Letters to make a dictionary from, and of each so many bytes.
const SAMPLES: usize = 400;
const SAMPLE_LETTER: usize = 16 * 1024;

/// Letters of one folder on their way.
pub(super) struct Tally {
    folder: FolderId,
    state: Mutex<TallyState>,
    changed: Notify,
    tell: Arc<dyn Fn(SyncEvent) + Send + Sync>,
}

#[derive(Default)]
struct TallyState {
    on_the_way: usize,
    /// Bytes of whole letters that were worked out.
    worked_out: u64,
    applied: Applied,
    /// UIDs of letters that could not be worked out.
    failed: Vec<u32>,
    error: Option<StoreError>,
}

impl Tally {
    /// For a folder; `tell` hears of what was written.
    pub(super) fn new(folder: FolderId, tell: Arc<dyn Fn(SyncEvent) + Send + Sync>) -> Arc<Self> {
        Arc::new(Self { folder, state: Mutex::default(), changed: Notify::new(), tell })
    }

    fn state(&self) -> MutexGuard<'_, TallyState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn done(&self, letters: usize, change: impl FnOnce(&mut TallyState)) {
        let mut state = self.state();
        state.on_the_way = state.on_the_way.saturating_sub(letters);
        change(&mut state);
        if state.on_the_way == 0 {
            self.changed.notify_one();
        }
    }

    fn error(&self) -> Option<StoreError> {
        self.state().error.clone()
    }

    /// Bytes of the letters handed over so far that were worked out: what takes the time.
    pub(super) fn worked_out(&self) -> u64 {
        self.state().worked_out
    }
}

/// What became of letters that were handed over.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// What was written.
    pub applied: Applied,
    /// UIDs of letters that could not be worked out.
    pub failed: Vec<u32>,
}

/// A letter that came.
pub(super) struct Carried {
    pub uid: u32,
    pub flags: Option<FlagsOf>,
    pub delivered: Option<i64>,
    /// What the server knows it by, whatever folders it lies in.
    pub twin: Option<u64>,
    /// Bytes of the whole letter, where these are its header only.
    pub header_of: Option<u64>,
    pub bytes: Vec<u8>,
}

struct Waiting {
    letter: Carried,
    room: OwnedSemaphorePermit,
    tally: Arc<Tally>,
}

struct Ready {
    arrival: Arrival,
    _room: OwnedSemaphorePermit,
    tally: Arc<Tally>,
}

/// What the threads share.
struct Shared {
    store: Arc<Store>,
    /// How many wait for what is on its way to be written.
    hurried: AtomicUsize,
    dictionary: RwLock<Option<Dictionary>>,
    /// Grows when there is another dictionary.
    dictionaries: AtomicU64,
    /// Beginnings of letters to make one of; `None`: there is one, or none can be made.
    samples: Mutex<Option<Vec<Vec<u8>>>>,
}

/// The way into the store; for all accounts of a profile.
#[derive(Clone)]
pub struct Intake {
    to_work: mpsc::Sender<Waiting>,
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Intake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Intake")
    }
}

impl Intake {
    /// Starts its threads. They end when the last of its clones is gone and all is
    /// written.
    ///
    /// # Errors
    /// When the system gives no thread, or the store cannot be read.
    pub fn start(store: &Arc<Store>) -> Result<Self> {
        Self::start_as(store, || {})
    }

    /// The same, with threads that come after all others of this computer: while a window
    /// is open it comes first.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_behind(store: &Arc<Store>) -> Result<Self> {
        Self::start_as(store, stand_back)
    }

    /// `begin` is done first on each thread.
    fn start_as(store: &Arc<Store>, begin: fn()) -> Result<Self> {
        let dictionary = store.dictionary()?;
        let shared = Arc::new(Shared {
            store: Arc::clone(store),
            hurried: AtomicUsize::new(0),
            samples: Mutex::new(dictionary.is_none().then(Vec::new)),
            dictionary: RwLock::new(dictionary),
            dictionaries: AtomicU64::new(0),
        });
        let (to_work, work) = mpsc::channel(256);
        // The room is what bounds them: while a batch is written the next is worked out.
        let (to_write, ready) = sync_channel(4096);
        let work = Arc::new(Mutex::new(work));
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        for _ in 0..WORKERS {
            let (shared, work, to_write) =
                (Arc::clone(&shared), Arc::clone(&work), to_write.clone());
            thread("letters").spawn(move || {
                begin();
                work_all_out(&shared, &work, &to_write);
            })?;
        }
        let writer = Arc::clone(&shared);
        thread("writer").spawn(move || {
            begin();
            write_all(&writer, &ready);
        })?;
        Ok(Self { to_work, room: Arc::new(Semaphore::new(ROOM as usize)), shared })
    }

    /// Hands a letter over, as soon as there is room for it.
    ///
    /// # Errors
    /// When the store could not be written: there is no use in bringing more.
    pub(super) async fn bring(&self, letter: Carried, tally: &Arc<Tally>) -> Result<()> {
        if let Some(error) = tally.error() {
            return Err(error.into());
        }
        fail::point(|| "letter:brought".into());
        let size = u32::try_from(letter.bytes.len() / 1024).unwrap_or(u32::MAX);
        let room = size.saturating_add(BESIDE).min(ROOM);
        let ended = || EngineError::from(std::io::Error::other("the store's threads have ended"));
        let room = Arc::clone(&self.room).acquire_many_owned(room).await.map_err(|_| ended())?;
        tally.state().on_the_way += 1;
        let waiting = Waiting { letter, room, tally: Arc::clone(tally) };
        if self.to_work.send(waiting).await.is_err() {
            tally.done(1, |_| {});
            return Err(ended());
        }
        Ok(())
    }

    /// Waits until everything handed over under this tally is written, and takes what
    /// became of it.
    ///
    /// # Errors
    /// When the store could not be written.
    pub(super) async fn settled(&self, tally: &Tally) -> Result<Settled> {
        self.shared.hurried.fetch_add(1, Ordering::Relaxed);
        loop {
            let changed = tally.changed.notified();
            if tally.state().on_the_way == 0 {
                break;
            }
            changed.await;
        }
        self.shared.hurried.fetch_sub(1, Ordering::Relaxed);
        let mut state = tally.state();
        if let Some(error) = state.error.take() {
            return Err(error.into());
        }
        Ok(Settled {
            applied: std::mem::take(&mut state.applied),
            failed: std::mem::take(&mut state.failed),
        })
    }
}

impl Shared {
    /// Keeps the beginning of a letter until there are enough to make a dictionary of;
    /// then makes it.
    fn sample(&self, raw: &[u8]) {
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(gathered) = samples.as_mut() else { return };
        gathered.push(raw.get(..SAMPLE_LETTER).unwrap_or(raw).to_vec());
        if gathered.len() < SAMPLES {
            return;
        }
        let gathered = samples.take().unwrap_or_default();
        drop(samples);
        // Without a dictionary letters are larger, and that is all.
        if self.store.train(&gathered).is_ok()
            && let Ok(dictionary) = self.store.dictionary()
        {
            *self.dictionary.write().unwrap_or_else(PoisonError::into_inner) = dictionary;
            self.dictionaries.fetch_add(1, Ordering::Release);
        }
    }

    fn packer(&self) -> (u64, Packer) {
        let version = self.dictionaries.load(Ordering::Acquire);
        let dictionary = self.dictionary.read().unwrap_or_else(PoisonError::into_inner);
        (version, Packer::new(dictionary.as_ref()))
    }
}

fn work_all_out(
    shared: &Shared,
    work: &Mutex<mpsc::Receiver<Waiting>>,
    to_write: &SyncSender<Ready>,
) {
    let (mut version, mut packer) = shared.packer();
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        let Some(Waiting { letter, mut room, tally }) = next else { return };
        if shared.dictionaries.load(Ordering::Acquire) != version {
            (version, packer) = shared.packer();
        }
        let around = Around {
            now: jiff::Timestamp::now().as_second(),
            delivered: letter.delivered,
            header_of: letter.header_of,
        };
        let worked = work_out(&letter.bytes, &around, Some(&shared.store), &mut packer);
        if letter.header_of.is_none() {
            shared.sample(&letter.bytes);
        }
        let Carried { uid, flags, twin, header_of, bytes, .. } = letter;
        if header_of.is_none() {
            tally.state().worked_out += bytes.len() as u64;
        }
        drop(bytes);
        let Some(incoming) = worked else {
            tally.done(1, |state| state.failed.push(uid));
            continue;
        };
        // Worked out it takes up less.
        if let Incoming::New(prepared) = &incoming {
            let weight = prepared.weight() / 1024 + BESIDE as usize;
            drop(room.split(room.num_permits().saturating_sub(weight)));
        }
        let arrival = Arrival { uid, flags, content: Content::Mail(incoming), twin };
        if let Err(lost) = to_write.send(Ready { arrival, _room: room, tally }) {
            lost.0.tally.done(1, |_| {});
        }
    }
}

/// Letters that are written together.
struct Batch {
    letters: Vec<Ready>,
    bytes: usize,
    since: Instant,
}

impl Batch {
    fn new() -> Self {
        Self { letters: Vec::new(), bytes: 0, since: Instant::now() }
    }

    fn push(&mut self, ready: Ready) {
        if self.letters.is_empty() {
            self.since = Instant::now();
        }
        if let Content::Mail(Incoming::New(prepared)) = &ready.arrival.content {
            self.bytes += prepared.weight();
        }
        self.letters.push(ready);
    }

    fn is_full(&self) -> bool {
        self.letters.len() >= BATCH_LETTERS
            || self.bytes >= BATCH_BYTES
            || (!self.letters.is_empty() && self.since.elapsed() >= BATCH_TIME)
    }

    /// Writes what there is, a transaction a folder.
    fn write(&mut self, store: &Store) {
        let mut letters = std::mem::replace(self, Self::new()).letters;
        letters.sort_by_key(|ready| Arc::as_ptr(&ready.tally) as usize);
        let mut rest = letters.into_iter().peekable();
        while let Some(first) = rest.next() {
            let tally = Arc::clone(&first.tally);
            let mut arrived = vec![first.arrival];
            let mut room = vec![first._room];
            while let Some(next) = rest.next_if(|next| Arc::ptr_eq(&next.tally, &tally)) {
                arrived.push(next.arrival);
                room.push(next._room);
            }
            let count = arrived.len();
            let written = store.apply(tally.folder, &Changes { arrived, ..Changes::default() });
            drop(room);
            if written.is_ok() {
                (tally.tell)(SyncEvent::Changed(tally.folder));
            }
            tally.done(count, |state| match written {
                Ok(applied) => add(&mut state.applied, applied),
                Err(error) => state.error = Some(error),
            });
        }
    }
}

/// Puts two outcomes together.
pub(super) fn add(sum: &mut Applied, one: Applied) {
    sum.new.extend(one.new);
    sum.completed += one.completed;
    sum.flags_changed += one.flags_changed;
    sum.expunged += one.expunged;
    sum.missing.extend(one.missing);
}

fn write_all(shared: &Shared, ready: &Receiver<Ready>) {
    let mut batch = Batch::new();
    loop {
        let wait = match batch.letters.is_empty() {
            true => ready.recv().map_err(|_| RecvTimeoutError::Disconnected),
            false => ready.recv_timeout(LULL),
        };
        let hurried = shared.hurried.load(Ordering::Relaxed) > 0;
        match wait {
            Ok(one) => batch.push(one),
            Err(RecvTimeoutError::Timeout) if hurried => batch.write(&shared.store),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                batch.write(&shared.store);
                return;
            }
        }
        if batch.is_full() {
            batch.write(&shared.store);
        }
    }
}
