//! Archives → store. One thread reads, two work letters out, one writes.
//!
//! Promise: memory is bounded whatever the archive's size; letters get their
//! numbers in the archive's order; stopping at any moment, by request or by
//! force, leaves whole letters only, and importing again completes the rest.

use super::Result;
use crate::archive::{self, MAX_LETTER, MboxItem, MboxReader, Source, SourceKind};
use crate::model::{Flags, FolderId};
use crate::store::{Added, Circumstances, Incoming, Packer, Store, prepare, sha256};
use crate::{html, mime, privacy};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Threads that work letters out.
const WORKERS: usize = 2;
/// Bytes of letters on their way at most (one larger letter travels alone).
const ON_THE_WAY: usize = 32 * 1024 * 1024;
/// A transaction ends at so many letters, bytes or so much time.
const BATCH_LETTERS: usize = 4000;
const BATCH_BYTES: usize = 24 * 1024 * 1024;
const BATCH_TIME: Duration = Duration::from_secs(2);
/// Letters looked at to make a dictionary, and bytes of an mbox read for them.
const SAMPLES: usize = 600;
const SAMPLE_BYTES: u64 = 8 * 1024 * 1024;
/// Passed-over letters told one by one at most.
const TOLD: usize = 100;

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportProgress {
    /// Letters dealt with.
    pub letters: u64,
    /// Bytes of the archives read so far.
    pub bytes: u64,
    /// Bytes of all archives.
    pub total_bytes: u64,
    /// All letters are kept; the index is being tidied up.
    pub tidying: bool,
}

/// A letter, or an archive, that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which.
    pub what: String,
    /// Why, and what to do.
    pub why: String,
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
    /// What was passed over (the first hundred).
    pub refused: Vec<Refused>,
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
    letter: Incoming,
    broken: bool,
    flags: Flags,
}

/// Limits the bytes on their way.
#[derive(Default)]
struct Budget {
    held: Mutex<usize>,
    freed: Condvar,
}

impl Budget {
    /// Waits until `bytes` more are allowed; false when it is over meanwhile.
    fn take(&self, bytes: usize, is_over: impl Fn() -> bool) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        while *held > 0 && *held + bytes > ON_THE_WAY {
            if is_over() {
                return false;
            }
            let wait = Duration::from_millis(50);
            let woken = self.freed.wait_timeout(held, wait);
            held = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        *held += bytes;
        true
    }

    fn give_back(&self, bytes: usize) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held = held.saturating_sub(bytes);
        self.freed.notify_all();
    }
}

/// What the threads share.
struct Shared<'a> {
    store: &'a Store,
    stop: &'a AtomicBool,
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

    fn refuse(&self, what: impl Into<String>, why: impl Into<String>) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.0 += 1;
        if refused.1.len() < TOLD {
            refused.1.push(Refused {
                what: what.into(),
                why: why.into(),
            });
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
    mut progress: impl FnMut(ImportProgress),
) -> Result<Imported> {
    let mut jobs = Vec::new();
    for path in paths {
        for source in archive::find(path)? {
            let folder = store.ensure_folder(&folder_name(path, &source, folder))?;
            jobs.push(Job {
                folder,
                kind: JobKind::of(source),
            });
        }
    }
    let total_bytes = jobs.iter().map(|job| job.kind.size()).sum();
    if store.dictionary()?.is_none() {
        store.train(&samples(&jobs))?;
    }
    let shared = Shared {
        store,
        stop,
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
    let mut done = Imported::default();
    let outcome = std::thread::scope(|scope| {
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        thread("reader").spawn_scoped(scope, || read_all(&shared, &jobs, to_work))?;
        for _ in 0..WORKERS {
            let to_write = to_write.clone();
            thread("worker").spawn_scoped(scope, || work_out(&shared, &work, to_write))?;
        }
        drop(to_write);
        let outcome = write_all(&shared, ready, &mut done, |letters| {
            let bytes = shared.bytes.load(Ordering::Relaxed);
            progress(ImportProgress {
                letters,
                bytes,
                total_bytes,
                tidying: false,
            });
        });
        shared.failed.store(outcome.is_err(), Ordering::Relaxed);
        outcome
    });
    let (refused, told) = shared
        .refused
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    done.broken += refused;
    done.refused = told;
    done.stopped = stop.load(Ordering::Relaxed);
    let tidy = !done.stopped && outcome.is_ok() && store.is_untidy()?;
    if tidy {
        let letters = done.imported + done.duplicate;
        progress(ImportProgress {
            letters,
            bytes: total_bytes,
            total_bytes,
            tidying: true,
        });
    }
    outcome?;
    if tidy {
        store.tidy()?;
    }
    store.give_back()?;
    Ok(done)
}

/// The folder a source's letters go to.
fn folder_name(path: &Path, source: &Source, folder: Option<&str>) -> String {
    let top = match folder {
        Some(folder) => folder.trim_end_matches('/').to_owned(),
        None => {
            let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            let name = match path.is_dir() {
                true => path.file_name(),
                false => path.file_stem(),
            };
            // A single letter brings no folder of its own.
            let loose = matches!(source.kind, SourceKind::Letters(_)) && path.is_file();
            match name.filter(|_| !loose) {
                Some(name) => format!("local/{}", name.to_string_lossy().trim_start_matches('.')),
                None => "local/import".to_owned(),
            }
        }
    };
    match source.below.as_str() {
        "" => top,
        below => format!("{top}/{below}"),
    }
}

/// One source and where its letters go.
struct Job {
    folder: FolderId,
    kind: JobKind,
}

enum JobKind {
    Mbox(PathBuf),
    /// Files of one letter each; in a Maildir their names carry flags.
    Files {
        files: Vec<PathBuf>,
        maildir: bool,
    },
}

impl JobKind {
    fn of(source: Source) -> Self {
        match source.kind {
            SourceKind::Mbox => Self::Mbox(source.path),
            SourceKind::Letters(files) => Self::Files {
                files,
                maildir: false,
            },
            SourceKind::Maildir => Self::Files {
                files: maildir_files(&source.path),
                maildir: true,
            },
        }
    }

    /// Bytes, for the progress bar only: a few files stand for many.
    fn size(&self) -> u64 {
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |meta| meta.len());
        match self {
            Self::Mbox(path) => size(path),
            Self::Files { files, .. } => {
                let step = files.len() / 2000 + 1;
                files
                    .iter()
                    .step_by(step)
                    .map(|file| size(file))
                    .sum::<u64>()
                    * step as u64
            }
        }
    }
}

/// Letters from here and there, to make a dictionary of.
fn samples(jobs: &[Job]) -> Vec<Vec<u8>> {
    let each = SAMPLES / jobs.len().max(1) + 1;
    let mut samples = Vec::new();
    for job in jobs.iter().take(SAMPLES) {
        match &job.kind {
            JobKind::Mbox(path) => {
                let Ok(file) = File::open(path) else { continue };
                let mut reader = MboxReader::new(file.take(SAMPLE_BYTES));
                for _ in 0..each {
                    match reader.next_letter() {
                        Ok(Some(MboxItem::Letter { raw, .. })) => samples.push(raw),
                        Ok(Some(MboxItem::TooLarge { .. })) => {}
                        Ok(None) | Err(_) => break,
                    }
                }
            }
            JobKind::Files { files, .. } => {
                for path in files.iter().step_by(files.len() / each + 1) {
                    let mut raw = Vec::new();
                    let read = File::open(path).and_then(|f| f.take(1 << 14).read_to_end(&mut raw));
                    if read.is_ok() {
                        samples.push(raw);
                    }
                }
            }
        }
    }
    samples
}

/// Files of `new` and `cur`, in order of name.
fn maildir_files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for sub in ["new", "cur"] {
        let Ok(entries) = std::fs::read_dir(root.join(sub)) else {
            continue;
        };
        files.extend(
            entries
                .filter_map(std::result::Result::ok)
                .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
                .map(|entry| entry.path()),
        );
    }
    files.sort_by_cached_key(|path| path.file_name().map(std::ffi::OsStr::to_owned));
    files
}

fn read_all(shared: &Shared<'_>, jobs: &[Job], to_work: SyncSender<Carried>) {
    let mut seq = 0;
    // Hands a letter on; false when nobody wants any more.
    let mut carry = |folder, raw: Vec<u8>, flags, delivered| {
        if shared.is_over() || !shared.budget.take(raw.len(), || shared.is_over()) {
            return false;
        }
        seq += 1;
        to_work
            .send(Carried {
                seq: seq - 1,
                folder,
                raw,
                flags,
                delivered,
            })
            .is_ok()
    };
    for Job { folder, kind } in jobs {
        let more = match kind {
            JobKind::Mbox(path) => read_mbox(shared, path, |raw, flags, delivered| {
                carry(*folder, raw, flags, delivered)
            }),
            JobKind::Files { files, maildir } => read_files(shared, files, |path, raw| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let flags = if *maildir {
                    archive::flags_of_name(&name)
                } else {
                    Flags::NONE
                };
                carry(*folder, raw, flags, None)
            }),
        };
        if !more {
            break;
        }
    }
}

fn read_mbox(
    shared: &Shared<'_>,
    path: &Path,
    mut carry: impl FnMut(Vec<u8>, Flags, Option<i64>) -> bool,
) -> bool {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => {
            shared.refuse(path.display().to_string(), error.to_string());
            return true;
        }
    };
    let mut reader = MboxReader::new(file);
    let before = shared.bytes.load(Ordering::Relaxed);
    loop {
        let item = reader.next_letter();
        shared
            .bytes
            .store(before + reader.position(), Ordering::Relaxed);
        match item {
            Ok(Some(MboxItem::Letter { raw, from_line })) => {
                let flags = flags_of_status(&raw);
                if !carry(raw, flags, archive::from_line_date(&from_line)) {
                    return false;
                }
            }
            Ok(Some(MboxItem::TooLarge { size, from_line })) => {
                shared.refuse(
                    format!("{}: From {from_line}", path.display()),
                    too_large(size),
                );
            }
            Ok(None) => return true,
            Err(error) => {
                shared.refuse(path.display().to_string(), error.to_string());
                return true;
            }
        }
    }
}

fn too_large(size: u64) -> String {
    format!(
        "the letter is {} MB; Goyo keeps letters up to {} MB, so it was left where it is",
        size / 1_000_000,
        MAX_LETTER / 1_000_000
    )
}

fn read_files(
    shared: &Shared<'_>,
    files: &[PathBuf],
    mut carry: impl FnMut(&Path, Vec<u8>) -> bool,
) -> bool {
    for path in files {
        let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
        shared.bytes.fetch_add(size, Ordering::Relaxed);
        if size > MAX_LETTER as u64 {
            shared.refuse(path.display().to_string(), too_large(size));
            continue;
        }
        let mut raw = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        let read = File::open(path).and_then(|f| f.take(MAX_LETTER as u64).read_to_end(&mut raw));
        match read {
            Ok(_) if !carry(path, raw) => return false,
            Ok(_) => {}
            Err(error) => shared.refuse(path.display().to_string(), error.to_string()),
        }
    }
    true
}

/// Flags that mbox programs keep in `Status` and `X-Status` fields.
fn flags_of_status(raw: &[u8]) -> Flags {
    let mut flags = Flags::NONE;
    for line in raw
        .split(|b| *b == b'\n')
        .take_while(|line| !line.trim_ascii().is_empty())
        .take(200)
    {
        let Some(colon) = line.iter().position(|b| *b == b':') else {
            continue;
        };
        let (name, value) = line.split_at(colon);
        let known: &[(u8, Flags)] = match name.to_ascii_lowercase().as_slice() {
            b"status" => &[(b'R', Flags::SEEN)],
            b"x-status" => &[
                (b'A', Flags::ANSWERED),
                (b'F', Flags::FLAGGED),
                (b'T', Flags::DRAFT),
                (b'D', Flags::DELETED),
            ],
            _ => continue,
        };
        for (letter, flag) in known {
            if value.contains(letter) {
                flags = flags.with(*flag);
            }
        }
    }
    flags
}

fn work_out(shared: &Shared<'_>, work: &Mutex<Receiver<Carried>>, to_write: SyncSender<Ready>) {
    let dictionary = shared.store.dictionary().unwrap_or_default();
    let mut packer = Packer::new(dictionary.as_ref());
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Carried {
            seq,
            folder,
            raw,
            flags,
            delivered,
        }) = next
        else {
            return;
        };
        let weight = raw.len();
        let sha = sha256(&raw);
        // An error here shows again, and is told, when the letter is written.
        let known = !shared.fresh && shared.store.knows(&sha).unwrap_or(false);
        let (letter, broken) = if known {
            (Incoming::Known(sha), false)
        } else {
            let letter = mime::parse(&raw);
            let references = html::references_of(&letter);
            let ledger = privacy::ledger(&letter, references, &privacy::Policy::default());
            let with = Circumstances {
                now: shared.now,
                delivered,
                trackers: ledger.trackers(),
            };
            let prepared = prepare(letter, &with, &mut packer);
            let broken = prepared.is_broken();
            (Incoming::New(Box::new(prepared)), broken)
        };
        drop(raw);
        if to_write
            .send(Ready {
                seq,
                weight,
                folder,
                letter,
                broken,
                flags,
            })
            .is_err()
        {
            // Nobody writes any more: let the reader run out.
            shared.failed.store(true, Ordering::Relaxed);
            while work
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .recv()
                .is_ok()
            {}
            return;
        }
    }
}

fn write_all(
    shared: &Shared<'_>,
    ready: Receiver<Ready>,
    done: &mut Imported,
    mut progress: impl FnMut(u64),
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
        progress(letters);
        if batch.is_full() || ended || shared.stop.load(Ordering::Relaxed) {
            batch.write(shared.store, done)?;
        }
        if ended || shared.stop.load(Ordering::Relaxed) {
            // Dropping the channel tells the others to stop.
            return Ok(());
        }
    }
}

struct Batch {
    letters: Vec<(FolderId, Incoming, Flags)>,
    broken: u64,
    bytes: usize,
    since: Instant,
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            letters: Vec::new(),
            broken: 0,
            bytes: 0,
            since: Instant::now(),
        }
    }
}

impl Batch {
    fn push(&mut self, one: Ready) {
        if let Incoming::New(prepared) = &one.letter {
            self.bytes += prepared.weight();
        }
        self.broken += u64::from(one.broken);
        self.letters.push((one.folder, one.letter, one.flags));
    }

    fn is_full(&self) -> bool {
        self.letters.len() >= BATCH_LETTERS
            || self.bytes >= BATCH_BYTES
            || (!self.letters.is_empty() && self.since.elapsed() >= BATCH_TIME)
    }

    fn write(&mut self, store: &Store, done: &mut Imported) -> Result<()> {
        let batch = std::mem::take(self);
        for added in store.add(&batch.letters)? {
            match added {
                Added::New(_) => done.imported += 1,
                Added::Duplicate(_) => done.duplicate += 1,
            }
        }
        done.broken += batch.broken;
        Ok(())
    }
}
