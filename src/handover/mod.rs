//! One window per profile: the Goyo that has it listens on a local socket, and one that is
//! started later hands over what it was given, and ends.
//!
//! Promise: whoever hands something over is told that it was taken only when the window has
//! it; what is not taken is not lost, since the later one then opens a window itself. What
//! comes through the socket is bounded in length and time and is from the same user only.
//! The socket is an offer, not a lock: the lock of the profile says who has it.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;
mod wire;

#[cfg(not(unix))]
use elsewhere as system;
#[cfg(unix)]
use unix as system;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use url::Url;

/// How long a window may take to say that it has something.
const WINDOW: Duration = Duration::from_secs(8);
/// How long whoever hands over waits for that.
const ANSWER: Duration = Duration::from_secs(10);

/// What a start of the program is to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// The window.
    Raise,
    /// The letter in this file; an absolute path.
    Letter(PathBuf),
    /// A letter to be written, by this `mailto:` link.
    Write(String),
}

/// Why an argument is no wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoWish {
    /// There is nothing of that name.
    #[error("is neither a verb nor a file; 'goyo --help' lists the verbs")]
    Nothing,
    /// It is a directory.
    #[error("is a folder, not a letter; 'goyo import' brings the letters in a folder in")]
    Folder,
    /// It is a pipe, a device or the like.
    #[error("is no plain file, so it is not opened as a letter")]
    NoFile,
    /// It is too long for a link or a path.
    #[error("is too long")]
    TooLong,
}

impl Wish {
    /// What an argument of the command line asks for: a `mailto:` link, a path, or the
    /// `file:` address of one, which is how some desktops name a file.
    ///
    /// # Errors
    /// [`NoWish`] where it is none of those, or the file cannot be a letter.
    pub fn of(argument: &OsStr) -> Result<Self, NoWish> {
        if argument.len() > wire::MAX {
            return Err(NoWish::TooLong);
        }
        let text = argument.to_str();
        if let Some(link) = text.filter(|text| begins(text, "mailto:")) {
            return Ok(Self::Write(link.to_owned()));
        }
        let address = text.filter(|text| begins(text, "file:")).and_then(|text| {
            let address = Url::parse(text).ok()?;
            address.to_file_path().ok()
        });
        let path = address.unwrap_or_else(|| PathBuf::from(argument));
        let path = std::path::absolute(path).map_err(|_| NoWish::Nothing)?;
        match std::fs::metadata(&path) {
            Ok(found) if found.is_file() => Ok(Self::Letter(path)),
            Ok(found) if found.is_dir() => Err(NoWish::Folder),
            Ok(_) => Err(NoWish::NoFile),
            Err(_) => Err(NoWish::Nothing),
        }
    }
}

fn begins(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// A wish that came through the socket. Dropped without being taken, it goes back to
/// whoever had it.
#[derive(Debug, Clone)]
pub struct Asked {
    wish: Wish,
    taken: mpsc::Sender<()>,
    settled: Arc<AtomicBool>,
}

/// Waits until a wish is taken.
struct Answer {
    taken: mpsc::Receiver<()>,
    settled: Arc<AtomicBool>,
}

impl Asked {
    fn new(wish: Wish) -> (Self, Answer) {
        let (sender, taken) = mpsc::channel();
        let settled = Arc::new(AtomicBool::new(false));
        let answer = Answer { taken, settled: Arc::clone(&settled) };
        (Self { wish, taken: sender, settled }, answer)
    }

    /// Takes it: from now on it is ours to fulfil. Nothing where it was taken before, or has
    /// gone back to whoever had it, who shows it then.
    pub fn take(&self) -> Option<Wish> {
        if self.settled.swap(true, Ordering::SeqCst) {
            return None;
        }
        // Where nobody hears it any more, it is in `settled`.
        let _ = self.taken.send(());
        Some(self.wish.clone())
    }
}

impl Answer {
    /// Whether it is taken within this time; if not, it cannot be taken any more.
    fn wait(&self, longest: Duration) -> bool {
        self.taken.recv_timeout(longest).is_ok() || self.settled.swap(true, Ordering::SeqCst)
    }
}

/// How handing over ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    /// The window has it.
    Taken,
    /// No window has this profile, or one that is just going.
    Nobody,
}

/// Why nothing could be handed over although somebody has the profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandoverError {
    /// The other one does not answer.
    #[error(
        "a Goyo window is open on this profile ({}) but does not answer; close it, or end its \
         process, and try again", profile.display()
    )]
    Silent {
        /// The profile.
        profile: PathBuf,
    },
}

/// The socket of a profile, as long as this lives.
#[derive(Debug)]
pub struct Listener(#[allow(dead_code)] system::Listener);

/// Listens for whoever is started on this profile later. The caller has the profile's lock,
/// so a socket that lies there is of somebody who is gone, and is replaced. `on` gets every
/// wish, on a thread of the listener.
///
/// # Errors
/// When no place takes a socket. Two windows are still kept apart by the lock; only
/// handing over does not work then.
pub fn listen(profile: &Path, on: impl FnMut(Asked) + Send + 'static) -> std::io::Result<Listener> {
    system::listen(profile, on).map(Listener)
}

/// Hands a wish over to the window that has this profile, if there is one.
///
/// # Errors
/// [`HandoverError`] when there is one that does not answer.
pub fn hand_over(profile: &Path, wish: &Wish) -> Result<Handed, HandoverError> {
    system::hand_over(profile, wish)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn arguments_say_what_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let letter = dir.path().join("한글 메일.eml");
        std::fs::write(&letter, b"Subject: x\r\n\r\n").unwrap();
        let of = |text: &str| Wish::of(OsStr::new(text));
        assert_eq!(of("MailTo:a@example.com"), Ok(Wish::Write("MailTo:a@example.com".into())));
        assert_eq!(Wish::of(letter.as_os_str()), Ok(Wish::Letter(letter.clone())));
        // As a desktop may name it: with everything but ASCII encoded.
        let address = Url::from_file_path(&letter).unwrap();
        assert!(address.as_str().contains("%20") && address.as_str().is_ascii());
        assert_eq!(of(address.as_str()), Ok(Wish::Letter(letter)));
        assert_eq!(Wish::of(dir.path().as_os_str()), Err(NoWish::Folder));
        assert_eq!(of("file://other.example/etc/passwd"), Err(NoWish::Nothing));
        assert_eq!(of("no-such-verb"), Err(NoWish::Nothing));
        #[cfg(target_os = "linux")]
        assert_eq!(of("/dev/zero"), Err(NoWish::NoFile));
        assert_eq!(of(&"x".repeat(wire::MAX + 1)), Err(NoWish::TooLong));
    }
}
