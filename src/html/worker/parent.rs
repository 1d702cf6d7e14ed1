//! The caller's end: asks, waits within a limit, checks what came, and starts
//! another process if a letter was too much for one.

use super::process::{Process, sentence};
use super::protocol::{DocId, Hit, Laid, Rect, Request, Response, Source};
use super::wire::{self, Expected};
use super::{Lock, MAX_PDF, MAX_SHEETS, MAX_SIDE, WorkerError};
use crate::window_thread::keep_out_of;
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::time::Duration;

/// The bytes of pictures that are sent at once; those beyond are left out, so that
/// a letter full of them is still drawn.
const MAX_PICTURES: usize = 40 << 20;

/// How long printing may take.
const PRINTING: Duration = Duration::from_secs(60);

/// A drawing process, started before it is needed.
pub struct Worker {
    program: PathBuf,
    process: Option<Process>,
    number: u32,
    /// Open documents and how many links each has.
    open: BTreeMap<DocId, usize>,
    peak: u64,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Worker").field("pid", &self.pid()).finish_non_exhaustive()
    }
}

/// Resident memory of a drawing process, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Now.
    pub now: u64,
    /// At its peak.
    pub peak: u64,
}

impl Worker {
    /// Starts one. Returns at once; it warms up by itself.
    ///
    /// # Errors
    /// `Start` if the system refuses, and in a build that cannot draw.
    pub fn start() -> Result<Self, WorkerError> {
        if !cfg!(feature = "render") {
            return Err(WorkerError::Start("this build of the program does not draw".into()));
        }
        // On Linux this is the program that runs, even after an update replaced it.
        let own = PathBuf::from("/proc/self/exe");
        let program = match cfg!(target_os = "linux") && own.exists() {
            true => Ok(own),
            false => std::env::current_exe(),
        };
        Self::start_program(program.map_err(|error| WorkerError::Start(error.to_string()))?)
    }

    /// Starts one from another program, for tests: their own program draws nothing.
    ///
    /// # Errors
    /// `Start` if the system refuses.
    pub fn start_program(program: impl Into<PathBuf>) -> Result<Self, WorkerError> {
        let mut worker = Self {
            program: program.into(),
            process: None,
            number: 0,
            open: BTreeMap::new(),
            peak: 0,
        };
        worker.restart()?;
        Ok(worker)
    }

    /// Asks and waits, at most the time limit of that request. After an error other
    /// than `Refused` and `NotOpen` a fresh process is already starting, and every open
    /// document is forgotten.
    ///
    /// # Errors
    /// Every kind of [`WorkerError`].
    pub fn call(&mut self, request: &Request) -> Result<Response, WorkerError> {
        self.call_within(request, limit(request))
    }

    /// The same with a time limit of the caller's own.
    ///
    /// # Errors
    /// As [`Worker::call`].
    pub fn call_within(
        &mut self,
        request: &Request,
        most: Duration,
    ) -> Result<Response, WorkerError> {
        keep_out_of("the drawing process");
        let result = self.ask(request, most);
        if let Err(error) = &result
            && !matches!(error, WorkerError::Refused(_) | WorkerError::NotOpen)
        {
            // If that fails the next call tries again, and says why it cannot.
            let _ = self.restart();
        }
        result
    }

    /// The process id, for those who watch its memory; 0 while there is none.
    pub fn pid(&self) -> u32 {
        self.process.as_ref().map_or(0, Process::pid)
    }

    /// Memory of the process that runs; its peak includes that of those before it.
    /// `None` where the system does not tell.
    pub fn memory(&mut self) -> Option<Memory> {
        let (now, peak) = self.process.as_mut()?.look()?;
        self.peak = self.peak.max(peak);
        Some(Memory { now, peak: self.peak })
    }

    /// How far the process locked itself. Waits until it is ready.
    ///
    /// # Errors
    /// As [`Worker::call`].
    pub fn lock(&mut self) -> Result<Lock, WorkerError> {
        self.call(&Request::Ping)?;
        Ok(self.process.as_ref().and_then(Process::lock).unwrap_or_default())
    }

    fn restart(&mut self) -> Result<(), WorkerError> {
        keep_out_of("the drawing process");
        self.stop();
        let process = Process::start(&self.program);
        self.process = Some(process.map_err(|error| WorkerError::Start(error.to_string()))?);
        Ok(())
    }

    fn stop(&mut self) {
        self.open.clear();
        if let Some(mut process) = self.process.take() {
            process.look();
            self.peak = self.peak.max(process.peak);
        }
    }

    fn ask(&mut self, request: &Request, most: Duration) -> Result<Response, WorkerError> {
        self.number = self.number.wrapping_add(1);
        let frame = match &fitting(request) {
            Some(less) => wire::frame(self.number, less),
            None => wire::frame(self.number, request),
        };
        let too_large = || WorkerError::Refused("This letter is too large to be drawn.".into());
        let frame = frame.ok_or_else(too_large)?;
        // One that ended while nobody asked anything of it took nothing along.
        let idle = self.open.is_empty();
        if !self.process.as_mut().is_some_and(|process| !idle || process.lives()) {
            self.restart()?;
        }
        let process = self.process.as_mut().ok_or(WorkerError::Died)?;
        process.ready()?;
        let expected = Expected::of(self.number, request);
        let response = process.ask(frame, expected, most)?;
        self.check(request, response)
    }

    /// Whether what is said to be somewhere in a letter is a link of it, if it is any.
    fn has_link(&self, doc: DocId, hit: Hit) -> bool {
        let links = self.open.get(&doc).copied().unwrap_or(0);
        hit.link.is_none_or(|link| usize::try_from(link).is_ok_and(|link| link < links))
    }

    /// Whether an answer is one to this request, and within reason.
    fn check(
        &mut self,
        request: &Request,
        mut response: Response,
    ) -> Result<Response, WorkerError> {
        let right = match (request, &mut response) {
            (_, Response::NotOpen) => return Err(WorkerError::NotOpen),
            (_, Response::Refused(why)) => return Err(WorkerError::Refused(sentence(why))),
            (Request::Open(doc, ..), Response::Opened(opened)) => {
                self.open.insert(*doc, opened.links.len());
                // Only what the ledger tells of is ever fetched.
                let known: HashSet<&str> =
                    opened.references.iter().map(|reference| reference.url.as_str()).collect();
                opened.remote.retain(|(_, url)| known.contains(url.as_str()));
                laid(&opened.laid)
            }
            (Request::Read(..), Response::Read(..)) | (Request::Quote(..), Response::Quoted(_)) => {
                true
            }
            (
                Request::Pictures(..) | Request::View(..) | Request::Fold(..),
                Response::Laid(answer),
            ) => laid(answer),
            // Its bounds are those it was read by.
            (Request::Paint(..), Response::Tile(_)) => true,
            (Request::Hit(doc, _), Response::Hit(hit)) => self.has_link(*doc, *hit),
            (Request::Step(doc, _), Response::Stop(stop)) => stop.as_ref().is_none_or(|stop| {
                self.has_link(*doc, stop.hit)
                    && !stop.boxes.is_empty()
                    && stop.boxes.iter().all(finite)
            }),
            (Request::Select(..), Response::Selection(boxes, _)) => boxes.iter().all(finite),
            (Request::Find(..), Response::Found(places, opened)) => {
                places.iter().flatten().all(finite) && opened.iter().all(laid)
            }
            (Request::Print(..), Response::Printed(printed)) => {
                let sheets = usize::try_from(printed.sheets).unwrap_or(usize::MAX);
                (1..=MAX_SHEETS).contains(&sheets)
                    && printed.pdf.starts_with(b"%PDF-")
                    && printed.pdf.len() <= MAX_PDF
            }
            (Request::Print(..), Response::NotPrinted(_)) => true,
            (Request::Close(doc), Response::Done) => {
                self.open.remove(doc);
                true
            }
            (Request::Ping, Response::Done) => true,
            #[cfg(debug_assertions)]
            (Request::Sabotage, Response::Done) => true,
            _ => false,
        };
        if right { Ok(response) } else { Err(WorkerError::Broken) }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop();
    }
}

/// How long a request may take. A letter that takes longer is shown as text; that must
/// have happened within five seconds.
fn limit(request: &Request) -> Duration {
    match request {
        Request::Open(..)
        | Request::Pictures(..)
        | Request::View(..)
        | Request::Fold(..)
        | Request::Quote(..)
        // Folded parts may have to be laid out first.
        | Request::Find(..) => Duration::from_millis(2500),
        Request::Paint(..) => Duration::from_secs(2),
        // Nobody waits for it to read on: it is done by a process of its own.
        Request::Print(..) => PRINTING,
        _ => Duration::from_secs(1),
    }
}

fn laid(laid: &Laid) -> bool {
    let (width, height) = laid.device;
    width <= MAX_SIDE && height <= MAX_SIDE && laid.factor.is_finite() && laid.factor > 0.0
}

fn finite(rect: &Rect) -> bool {
    [rect.x, rect.y, rect.width, rect.height].iter().all(|side| side.is_finite())
}

/// The same request with as many of its pictures as may be sent, if that is not all.
fn fitting(request: &Request) -> Option<Request> {
    let mut room = MAX_PICTURES;
    let mut fits = |bytes: &Vec<u8>| match room.checked_sub(bytes.len()) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    match request {
        Request::Open(doc, source, view) => {
            let kept: Vec<bool> = source.parts.iter().map(|part| fits(&part.bytes)).collect();
            if kept.iter().all(|kept| *kept) {
                return None;
            }
            let parts = source.parts.iter().zip(&kept).filter(|(_, kept)| **kept);
            let parts = parts.map(|(part, _)| part.clone()).collect();
            let (bodies, folds) = (source.bodies.clone(), source.folds.clone());
            Some(Request::Open(*doc, Source { bodies, parts, folds }, *view))
        }
        Request::Pictures(doc, pictures) => {
            let kept: Vec<_> = pictures.iter().filter(|(_, bytes)| fits(bytes)).cloned().collect();
            (kept.len() < pictures.len()).then_some(Request::Pictures(*doc, kept))
        }
        _ => None,
    }
}
