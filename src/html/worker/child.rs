//! The drawing process itself: loads fonts, locks itself, then answers what comes
//! down its pipe until that ends.

use super::desk::Desk;
use super::lock::{self, Walls};
use super::protocol::Request;
use super::wire::{self, MAX_FRAME, Ready, VERSION, WireError};
use super::{Lock, probe};
use crate::html::page::{Engine, STACK};
use std::fs::File;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc;

/// Runs the drawing process until its pipe ends.
pub fn main() -> ExitCode {
    run(|| {
        let desk = Desk::new(Engine::new());
        (Walls::All, |pipe, lock| serve(desk, pipe, lock))
    })
}

/// Locks a process in the same way and tries what it must not be able to do.
pub fn probe() -> ExitCode {
    run(|| {
        let (walls, probe) = probe::load();
        (walls, move |(_, mut out), lock| Ok(probe::attempts(&probe, lock, &mut out)?))
    })
}

/// Its pipe: requests, answers.
type Pipe = (File, File);

/// Loads, locks, then works, on a thread of our stack.
fn run<W>(load: impl FnOnce() -> (Walls, W) + Send + 'static) -> ExitCode
where
    W: FnOnce(Pipe, Result<Lock, String>) -> Result<(), WireError>,
{
    lock::die_with_parent();
    // Where a letter broke the program is nobody's to read.
    std::panic::set_hook(Box::new(|_| {}));
    let (loaded, loading) = mpsc::channel();
    let (locked, locking) = mpsc::channel();
    let drawing = std::thread::Builder::new().name("drawing".into()).stack_size(STACK);
    let drawing = drawing.spawn(move || {
        let pipe = pipe()?;
        let (walls, work) = load();
        let lock = lock::lock(walls, (&pipe.0, &pipe.1), &loaded, &locking);
        work(pipe, lock)
    });
    lock::first_thread(&loading, &locked);
    match drawing.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn serve(
    mut desk: Desk,
    (mut requests, mut answers): Pipe,
    lock: Result<Lock, String>,
) -> Result<(), WireError> {
    let locked = lock.is_ok();
    let frame = wire::frame(0, &Ready { version: VERSION, lock }).unwrap_or_default();
    answers.write_all(&frame)?;
    if !locked {
        return Ok(());
    }
    loop {
        let (number, request): (u32, Request) = match wire::read(&mut requests, MAX_FRAME) {
            Ok(next) => next,
            // The program closed the pipe: there is nothing more to draw.
            Err(WireError::Ended(end)) if end.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        };
        let Some(response) = desk.answer(request) else { break };
        wire::answer(&mut answers, number, &response)?;
    }
    Ok(())
}

/// Both ends without the buffers of the standard streams.
fn pipe() -> io::Result<Pipe> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        let requests = io::stdin().as_fd().try_clone_to_owned()?;
        let answers = io::stdout().as_fd().try_clone_to_owned()?;
        Ok((File::from(requests), File::from(answers)))
    }
    #[cfg(windows)]
    {
        use std::os::windows::io::AsHandle;
        let requests = io::stdin().as_handle().try_clone_to_owned()?;
        let answers = io::stdout().as_handle().try_clone_to_owned()?;
        Ok((File::from(requests), File::from(answers)))
    }
}
