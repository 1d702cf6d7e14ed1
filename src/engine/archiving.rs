//! Mail from archives and into them, asked for in the window: one job at a time, on a thread of
//! its own, behind whoever reads or is being sent for.
//!
//! Promise: it is told how far a job is, a few times a second at most; it can be stopped at any
//! time, and every one that was begun tells what came of it, once. What has come in by then is
//! kept, an mbox that is not whole is not there, and nothing is written over.

use super::EngineError;
use super::export::{ExportFormat, ExportProgress, Exported, export_beside};
use super::import::{ImportProgress, Imported, Pace, import_at};
use super::protocol::{Command, Event, NotDone};
use super::run::{Engine, Inner};
use crate::archive::ArchiveError;
use crate::model::{FolderId, Obstacle};
use crate::store::Store;
use crate::store::intents::ActError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc as wait};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How far it is is told this often at most.
const TOLD: Duration = Duration::from_millis(200);
/// That letters have come is told this often at most: they are read again then.
const SHOWN: Duration = Duration::from_secs(1);

/// What a job is about just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doing {
    /// Mail is looked for.
    Looking,
    /// Letters come in.
    Importing,
    /// All of them are kept; search is made quick.
    Tidying,
    /// Letters are written.
    Exporting,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archiving {
    /// What it is about.
    pub doing: Doing,
    /// Letters dealt with.
    pub letters: u64,
    /// Bytes of mail read or written.
    pub bytes: u64,
    /// How much is done, of `all`; 0 of 0 where that is not known yet.
    pub done: u64,
    /// How much there is to do.
    pub all: u64,
}

impl Archiving {
    fn looking() -> Self {
        Self { doing: Doing::Looking, letters: 0, bytes: 0, done: 0, all: 0 }
    }
}

/// What came of a job; and why not all of it, where something stood in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Archived {
    /// Mail was brought in.
    Import(Imported, Option<NotDone>),
    /// A folder was written: where it is now, where something of it is anywhere.
    Export(Option<PathBuf>, Exported, Option<NotDone>),
}

/// The job that is at work.
#[derive(Debug, Default)]
pub(super) struct Archives(Option<Job>);

#[derive(Debug)]
struct Job {
    stop: Arc<AtomicBool>,
    over: Arc<AtomicBool>,
}

impl Archives {
    /// Whether one is at work still.
    pub(super) fn are_busy(&self) -> bool {
        self.0.as_ref().is_some_and(|job| !job.over.load(Ordering::Acquire))
    }

    /// The job is to end.
    pub(super) fn stop(&self) {
        if let Some(job) = &self.0 {
            job.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// What is to be done.
enum Work {
    Import { paths: Vec<PathBuf>, folder: Option<String> },
    Export { folder: FolderId, form: ExportFormat, dir: PathBuf, name: String },
}

/// What a job works with.
struct Desk {
    store: Arc<Store>,
    stop: Arc<AtomicBool>,
    tell: Teller,
}

impl Engine {
    /// Begins or ends a job. Whatever comes of it is told.
    pub(super) fn archive(&mut self, command: Command) {
        let work = match command {
            Command::Import { paths, folder } => Work::Import { paths, folder },
            Command::Export { folder, form, dir, name } => Work::Export { folder, form, dir, name },
            Command::StopArchiving => return self.archives.stop(),
            _ => return,
        };
        if self.archives.are_busy() {
            return self.tell(Event::Failed(NotDone::Archiving));
        }
        let (stop, over) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
        let (told, back) = (Arc::clone(&over), self.back.clone());
        let desk = Desk {
            store: Arc::clone(&self.store),
            stop: Arc::clone(&stop),
            tell: Teller::new(self.events.clone()),
        };
        let begun = std::thread::Builder::new().name("archiving".into()).spawn(move || {
            let archived = work.done(desk);
            // The next may begin as soon as this is heard of.
            told.store(true, Ordering::Release);
            let _: Result<(), wait::SendError<_>> =
                back.send(Inner::Answer(Event::Archived(Arc::new(archived))));
        });
        match begun {
            Ok(_) => {
                self.archives.0 = Some(Job { stop, over });
                self.tell(Event::Archiving(Archiving::looking()));
            }
            Err(error) => {
                self.tell(Event::Failed(NotDone::Thread(Obstacle::from(&error))));
            }
        }
    }
}

impl Work {
    /// Does it. Nobody is to wait for ever for its end, whatever we failed on.
    fn done(self, desk: Desk) -> Archived {
        let fault = || Some(NotDone::Fault);
        match self {
            Self::Import { paths, folder } => {
                let mut done = Imported::default();
                let work = || desk.import(&paths, folder.as_deref(), &mut done);
                let trouble = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| fault());
                Archived::Import(done, trouble)
            }
            Self::Export { folder, form, dir, name } => {
                let (mut done, mut out) = (Exported::default(), None);
                let work = || desk.export(folder, form, (dir, name), &mut out, &mut done);
                let trouble = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| fault());
                Archived::Export(out, done, trouble)
            }
        }
    }
}

impl Desk {
    fn import(
        mut self,
        paths: &[PathBuf],
        folder: Option<&str>,
        done: &mut Imported,
    ) -> Option<NotDone> {
        let tell = &mut self.tell;
        let (store, stop) = (&self.store, &self.stop);
        let progress = |at: ImportProgress| tell.imported(at);
        import_at(Pace::Beside, store, paths, folder, stop, progress, done).err().map(NotDone::from)
    }

    fn export(
        mut self,
        folder: FolderId,
        form: ExportFormat,
        (dir, name): (PathBuf, String),
        out: &mut Option<PathBuf>,
        done: &mut Exported,
    ) -> Option<NotDone> {
        let tell = &mut self.tell;
        let progress = |at: ExportProgress| {
            tell.far(Archiving {
                doing: Doing::Exporting,
                letters: at.letters,
                bytes: at.bytes,
                done: at.letters,
                all: at.total,
            });
        };
        let known = match self.store.folders() {
            Ok(folders) => folders.into_iter().find(|known| known.id == folder),
            Err(error) => return Some(error.into()),
        };
        let Some(known) = known else {
            return Some(NotDone::Act(ActError::NoFolder));
        };
        let to = (dir.as_path(), name.as_str());
        export_beside(&self.store, &known, to, form, &self.stop, progress, (out, done))
            .err()
            .map(NotDone::from)
    }
}

/// Tells how far a job is. What nobody has room for is left out: more comes.
struct Teller {
    events: mpsc::Sender<Event>,
    told: Option<(Doing, Instant)>,
    shown: (u64, Instant),
}

impl Teller {
    fn new(events: mpsc::Sender<Event>) -> Self {
        Self { events, told: None, shown: (0, Instant::now()) }
    }

    fn far(&mut self, at: Archiving) {
        let is_new = |(doing, when): (Doing, Instant)| doing != at.doing || when.elapsed() >= TOLD;
        if self.told.is_none_or(is_new) {
            self.told = Some((at.doing, Instant::now()));
            let _ = self.events.try_send(Event::Archiving(at));
        }
    }

    fn imported(&mut self, at: ImportProgress) {
        let (shown, when) = self.shown;
        if at.kept > shown && when.elapsed() >= SHOWN {
            self.shown = (at.kept, Instant::now());
            let _ = self.events.try_send(Event::Resync);
        }
        self.far(Archiving {
            doing: if at.tidying { Doing::Tidying } else { Doing::Importing },
            letters: at.letters,
            bytes: at.bytes,
            done: at.bytes.min(at.total_bytes),
            all: at.total_bytes,
        });
    }
}

impl From<EngineError> for NotDone {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::Thread(error) => Self::Thread(Obstacle::from(error.as_ref())),
            EngineError::Archive(ArchiveError::Io { path, source }) => {
                Self::At(path, Obstacle::from(source.as_ref()))
            }
            EngineError::Archive(ArchiveError::NoMail(path)) => Self::NoMail(path),
            other => Self::Store(Obstacle::Other(other.to_string())),
        }
    }
}
