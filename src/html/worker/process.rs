//! One running drawing process: its pipes, the two threads that serve them, its
//! memory, its end.
//!
//! Writing and reading are done by threads, because either may stand still for as
//! long as the process likes. When a [`Process`] is dropped it is killed and reaped,
//! and both threads have ended.

use super::protocol::Response;
use super::wire::{self, Expected, Ready, WireError};
use super::{Lock, MAX_RESIDENT, VERB, WorkerError};
use crate::memory;
use std::io::Write;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// How long a process may take to load fonts and lock itself: the disk may be cold.
const WARM_UP: Duration = Duration::from_secs(20);

/// How often the memory of a process that keeps somebody waiting is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// The threads do little.
const STACK: usize = 256 << 10;

/// What the drawing process gets of our environment: what it needs to find its
/// libraries and the reader's fonts, and nothing that may be secret.
const ENVIRONMENT: [&str; 16] = [
    "DYLD_FALLBACK_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "FONTCONFIG_SYSROOT",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "SystemRoot",
    "USERPROFILE",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_DIRS",
    "XDG_DATA_HOME",
];

enum Said {
    Ready(Ready),
    Answer(Response),
}

/// A drawing process.
pub(super) struct Process {
    child: Child,
    frames: Option<Sender<Vec<u8>>>,
    expected: Option<Sender<Expected>>,
    said: Receiver<Result<Said, WireError>>,
    threads: Vec<JoinHandle<()>>,
    lock: Option<Lock>,
    /// Most resident bytes seen.
    pub(super) peak: u64,
}

impl Process {
    /// Starts the program; does not wait until it is warm.
    pub(super) fn start(program: &Path) -> std::io::Result<Self> {
        let mut command = command(program);
        let (started, starting) = mpsc::channel();
        let (expected, to_come) = mpsc::channel();
        let (tell, said) = mpsc::channel();
        // The system kills the process when the thread that started it ends, so the
        // thread that reads from it starts it.
        let reader = thread("drawing-answers", move || {
            let mut child = match command.spawn() {
                Ok(child) => child,
                Err(error) => return drop(started.send(Err(error))),
            };
            let Some(out) = child.stdout.take() else { return };
            if started.send(Ok(child)).is_ok() {
                read(out, &to_come, &tell);
            }
        })?;
        let mut child = match starting.recv() {
            Ok(Ok(child)) => child,
            Ok(Err(error)) => return Err(error),
            Err(_) => return Err(std::io::Error::other("no pipe")),
        };
        let input = child.stdin.take();
        let mut process = Self {
            child,
            frames: None,
            expected: Some(expected),
            said,
            threads: vec![reader],
            lock: None,
            peak: 0,
        };
        let (frames, to_write) = mpsc::channel();
        process.frames = Some(frames);
        let input = input.ok_or_else(|| std::io::Error::other("no pipe"))?;
        process.threads.push(thread("drawing-requests", move || write(input, &to_write))?);
        Ok(process)
    }

    /// The process id.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How far it locked itself, once it is ready.
    pub(super) fn lock(&self) -> Option<Lock> {
        self.lock
    }

    /// Whether it still runs.
    pub(super) fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until it is warm and locked.
    pub(super) fn ready(&mut self) -> Result<(), WorkerError> {
        if self.lock.is_some() {
            return Ok(());
        }
        let start = |sentence: &str| WorkerError::Start(sentence.into());
        match self.wait(Instant::now() + WARM_UP) {
            Ok(Said::Ready(Ready { version: wire::VERSION, lock: Ok(lock) })) => {
                self.lock = Some(lock);
                Ok(())
            }
            Ok(Said::Ready(Ready { version: wire::VERSION, lock: Err(why) })) => {
                Err(WorkerError::Start(sentence(&why)))
            }
            Ok(Said::Ready(_)) => Err(WorkerError::OtherVersion),
            Ok(Said::Answer(_)) | Err(WorkerError::Broken) => {
                Err(start("it is not the drawing process of this program"))
            }
            Err(WorkerError::Died) => Err(start("it ended at once")),
            Err(WorkerError::TooLong) => Err(start("it did not become ready")),
            Err(other) => Err(other),
        }
    }

    /// Sends a frame and waits for what is expected as its answer.
    pub(super) fn ask(
        &mut self,
        frame: Vec<u8>,
        expected: Expected,
        limit: Duration,
    ) -> Result<Response, WorkerError> {
        let deadline = Instant::now() + limit;
        // If a thread has ended, what it said last says why.
        let _ = self.expected.as_ref().map(|to| to.send(expected));
        let _ = self.frames.as_ref().map(|to| to.send(frame));
        match self.wait(deadline)? {
            Said::Answer(response) => Ok(response),
            Said::Ready(_) => Err(WorkerError::Broken),
        }
    }

    fn wait(&mut self, deadline: Instant) -> Result<Said, WorkerError> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.said.recv_timeout(left.min(LOOK)) {
                Ok(said) => return said.map_err(|error| self.end(error.into())),
                Err(RecvTimeoutError::Disconnected) => return Err(self.end(WorkerError::Died)),
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.look();
            if self.peak > MAX_RESIDENT {
                return Err(WorkerError::TooLarge);
            }
            if left.is_zero() {
                return Err(WorkerError::TooLong);
            }
        }
    }

    /// One that grew towards its limit and died was refused memory by the kernel.
    fn end(&mut self, error: WorkerError) -> WorkerError {
        // It may still be on its way out.
        self.look();
        let refused = error == WorkerError::Died && self.peak > MAX_RESIDENT / 4 * 3;
        if refused { WorkerError::TooLarge } else { error }
    }

    /// Looks at its memory: resident now and at its peak, in bytes. `None` where the
    /// system does not tell.
    pub(super) fn look(&mut self) -> Option<(u64, u64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).ok()?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib << 10)
        };
        let (now, peak) = (field("VmRSS:")?, field("VmHWM:")?);
        self.peak = self.peak.max(peak);
        Some((now, peak))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.look();
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.pid()).ok().and_then(rustix::process::Pid::from_raw)
            && matches!(self.child.try_wait(), Ok(None))
        {
            // With whatever it may have started where nothing forbids that.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        // Their channels close, their pipes are broken: both end.
        self.frames = None;
        self.expected = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// A sentence of the drawing process, as far as it may be shown.
pub(super) fn sentence(from: &str) -> String {
    from.chars().filter(|c| !c.is_control()).take(300).collect()
}

fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg(VERB).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.env_clear();
    command.envs(ENVIRONMENT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.envs(memory::SPARING);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        // A group of its own: a Ctrl-C in a terminal is for the program, which then
        // ends the drawing process itself.
        command.arg0("goyo").process_group(0).current_dir("/");
    }
    command
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    Builder::new().name(name.into()).stack_size(STACK).spawn(work)
}

fn write(mut input: ChildStdin, frames: &Receiver<Vec<u8>>) {
    #[cfg(target_os = "linux")]
    let _ = rustix::pipe::fcntl_setpipe_size(&input, wire::PIPE);
    for frame in frames {
        // A process that no longer reads is found out by the answer that is missing.
        if input.write_all(&frame).is_err() {
            return;
        }
    }
}

fn read(
    mut out: std::process::ChildStdout,
    expected: &Receiver<Expected>,
    tell: &Sender<Result<Said, WireError>>,
) {
    #[cfg(target_os = "linux")]
    let _ = rustix::pipe::fcntl_setpipe_size(&out, wire::PIPE);
    let ready = match wire::read(&mut out, 4 << 10) {
        Ok((0, ready)) => Ok(Said::Ready(ready)),
        Ok(_) => Err(WireError::Garbage),
        Err(error) => Err(error),
    };
    let mut go_on = ready.is_ok() && tell.send(ready).is_ok();
    while go_on && let Ok(expected) = expected.recv() {
        let answer = expected.read(&mut out).map(Said::Answer);
        go_on = answer.is_ok();
        go_on &= tell.send(answer).is_ok();
    }
}
