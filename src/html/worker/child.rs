//! The drawing process itself: loads fonts, locks itself, then answers what comes
//! down its pipe until that ends.

use super::Lock;
use super::desk::Desk;
use super::protocol::Request;
use super::wire::{self, MAX_FRAME, Ready, VERSION, WireError};
use crate::html::page::Engine;
use std::fs::File;
use std::io;
use std::process::ExitCode;

/// Layout recurses with the nesting of a letter, and a stack that ends cannot be
/// caught. It costs only the pages it touches.
const STACK: usize = 256 << 20;

/// Runs the drawing process until its pipe ends.
pub fn main() -> ExitCode {
    // What may be said has been said by the answers; where a letter broke the
    // program is nobody's to read.
    std::panic::set_hook(Box::new(|_| {}));
    let drawing = std::thread::Builder::new().name("drawing".into()).stack_size(STACK);
    match drawing.spawn(serve).map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn serve() -> Result<(), WireError> {
    let (mut requests, mut answers) = pipe()?;
    let mut desk = Desk::new(Engine::new());
    let ready = Ready { version: VERSION, lock: Ok(Lock::default()) };
    let frame = wire::frame(0, &ready).unwrap_or_default();
    io::Write::write_all(&mut answers, &frame)?;
    loop {
        let (number, request): (u32, Request) = match wire::read(&mut requests, MAX_FRAME) {
            Ok(next) => next,
            // The program closed the pipe: there is nothing more to draw.
            Err(WireError::Ended(end)) if end.kind() == io::ErrorKind::UnexpectedEof => {
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        wire::answer(&mut answers, number, &desk.answer(request))?;
    }
}

/// Both ends without the buffers of the standard streams.
fn pipe() -> io::Result<(File, File)> {
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
