//! The socket on Unix: `window.sock` in the profile; where that name is too long for a
//! socket, or the file system takes none, in a directory that is the user's alone.

use super::{ANSWER, Asked, Handed, HandoverError, WINDOW, Wish, wire};
use rustix::process::geteuid;
use sha2::{Digest as _, Sha256};
use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Its name in a profile.
const NAME: &str = "window.sock";
/// Longest name of a socket in bytes: 103 on macOS, 107 on Linux, and a few to spare.
const LONGEST: usize = 100;
/// Bytes by which the name under which it is made is longer than that of its directory.
const MAKING: usize = "/.goyo-XXXXXX/s".len();
/// How long somebody may take to say what they wish.
const SAY: Duration = Duration::from_secs(2);
/// How many are heard at the same time; more are turned away, and ask again.
const HEARD: usize = 8;
/// Pause after the system refused a connection: it is short of something.
const SHORT: Duration = Duration::from_millis(200);

/// The socket, and the thread that listens on it.
#[derive(Debug)]
pub struct Listener {
    socket: UnixListener,
    path: PathBuf,
    /// Which file it was made as: another in its place is not ours to remove.
    file: (u64, u64),
    stop: Arc<AtomicBool>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if identity(&self.path).is_some_and(|file| file == self.file) {
            let _ = fs::remove_file(&self.path);
        }
        // Wakes the thread, where the system knows that; else it ends with the process.
        let _ = rustix::net::shutdown(&self.socket, rustix::net::Shutdown::Both);
    }
}

pub fn listen(profile: &Path, on: impl FnMut(Asked) + Send + 'static) -> io::Result<Listener> {
    let mut failed = io::Error::from(ErrorKind::Unsupported);
    for place in places(profile) {
        match place.make() {
            Ok(socket) => return serve(socket, place.path, on),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

fn serve(
    socket: UnixListener,
    path: PathBuf,
    on: impl FnMut(Asked) + Send + 'static,
) -> io::Result<Listener> {
    let stop = Arc::new(AtomicBool::new(false));
    let listener = Listener {
        file: identity(&path).unwrap_or_default(),
        socket: socket.try_clone()?,
        path,
        stop: Arc::clone(&stop),
    };
    let (on, heard) = (Arc::new(Mutex::new(on)), Arc::new(()));
    std::thread::Builder::new().name("handover".into()).spawn(move || {
        while !stop.load(Ordering::SeqCst) {
            match socket.accept() {
                Ok(_) if Arc::strong_count(&heard) > HEARD => {}
                Ok((stream, _)) => {
                    let (on, heard) = (Arc::clone(&on), Arc::clone(&heard));
                    // One that waits for the window keeps nobody else waiting.
                    let attending = std::thread::Builder::new().name("handed".into());
                    let attending = attending.spawn(move || {
                        // Whoever goes away, or says nothing of sense, is told nothing.
                        drop(attend(stream, &on, WINDOW));
                        drop(heard);
                    });
                    if attending.is_err() {
                        std::thread::sleep(SHORT);
                    }
                }
                Err(_) => std::thread::sleep(SHORT),
            }
        }
    })?;
    Ok(listener)
}

/// Hears one wish, and says whether it was taken in this time.
fn attend(
    mut stream: UnixStream,
    on: &Mutex<impl FnMut(Asked)>,
    window: Duration,
) -> io::Result<()> {
    if !is_ours(&stream) {
        return Ok(());
    }
    let until = Instant::now() + SAY;
    let mut head = [0; wire::HEAD];
    read_until(&mut stream, &mut head, until)?;
    let Some((kind, length)) = wire::read_head(&head) else { return Ok(()) };
    let mut rest = vec![0; length];
    read_until(&mut stream, &mut rest, until)?;
    let Some(wish) = wire::read(kind, rest) else { return Ok(()) };
    let (asked, answer) = Asked::new(wish);
    (on.lock().unwrap_or_else(PoisonError::into_inner))(asked);
    let taken = answer.wait(window);
    stream.set_write_timeout(Some(SAY))?;
    stream.write_all(&wire::answer(taken))
}

pub fn hand_over(profile: &Path, wish: &Wish) -> Result<Handed, HandoverError> {
    for place in places(profile) {
        if !place.is_safe() {
            continue;
        }
        let Ok(stream) = UnixStream::connect(&place.path) else { continue };
        if !is_ours(&stream) {
            continue;
        }
        return match ask(stream, wish) {
            Ok(true) => Ok(Handed::Taken),
            Ok(false) => Ok(Handed::Nobody),
            Err(error) if is_late(&error) => {
                Err(HandoverError::Silent { profile: profile.to_owned() })
            }
            // It went away while it was asked.
            Err(_) => Ok(Handed::Nobody),
        };
    }
    Ok(Handed::Nobody)
}

/// Whether it was taken.
fn ask(mut stream: UnixStream, wish: &Wish) -> io::Result<bool> {
    let Some(bytes) = wire::write(wish) else { return Ok(false) };
    stream.set_write_timeout(Some(ANSWER))?;
    stream.write_all(&bytes)?;
    let mut answer = [0; wire::ANSWER];
    read_until(&mut stream, &mut answer, Instant::now() + ANSWER)?;
    Ok(answer == wire::answer(true))
}

/// Fills `bytes`, with one limit for all of them: not one for each.
fn read_until(stream: &mut UnixStream, bytes: &mut [u8], until: Instant) -> io::Result<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(rest) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(read) => rest = rest.get_mut(read..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock)
}

/// Whether the other side is the same user. Elsewhere the mode of the socket and of its
/// directory say so.
#[cfg(target_os = "linux")]
fn is_ours(stream: &UnixStream) -> bool {
    rustix::net::sockopt::socket_peercred(stream).is_ok_and(|other| other.uid == geteuid())
}

#[cfg(not(target_os = "linux"))]
fn is_ours(_: &UnixStream) -> bool {
    true
}

/// Where a socket may lie.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    path: PathBuf,
    /// Its directory is shared with others by its nature, so it must be ours alone.
    guarded: bool,
}

/// In the order in which they are tried, by both sides. The profile is the first since it is
/// the same for everybody; the environment of a desktop and of a shell may differ.
fn places(profile: &Path) -> Vec<Place> {
    let profile = fs::canonicalize(profile).unwrap_or_else(|_| profile.to_owned());
    let mut places = vec![Place { path: profile.join(NAME), guarded: false }];
    let hash = Sha256::digest(profile.as_os_str().as_encoded_bytes());
    let name: String = hash.iter().take(10).map(|byte| format!("{byte:02x}")).collect();
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let runtime = runtime.filter(|dir| dir.is_absolute()).map(|dir| dir.join("goyo"));
    let temp = std::env::temp_dir().join(format!("goyo-{}", geteuid().as_raw()));
    for dir in runtime.into_iter().chain([temp]) {
        places.push(Place { path: dir.join(format!("{name}.sock")), guarded: true });
    }
    places.retain(Place::is_short);
    places
}

impl Place {
    fn dir(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("/"))
    }

    fn is_short(&self) -> bool {
        let dir = self.dir().as_os_str().len();
        self.path.as_os_str().len() <= LONGEST && dir + MAKING <= LONGEST
    }

    /// Whether nobody else can have put a socket there.
    fn is_safe(&self) -> bool {
        !self.guarded
            || fs::symlink_metadata(self.dir()).is_ok_and(|dir| {
                dir.is_dir() && dir.uid() == geteuid().as_raw() && dir.mode() & 0o077 == 0
            })
    }

    /// Makes the socket under a name that nobody knows, closes it to others, and puts it
    /// into its place, in which one of somebody who is gone may lie.
    fn make(&self) -> io::Result<UnixListener> {
        let dir = self.dir();
        if self.guarded {
            match DirBuilder::new().mode(0o700).create(dir) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        if !self.is_safe() {
            return Err(ErrorKind::PermissionDenied.into());
        }
        let making = tempfile::Builder::new().prefix(".goyo-").rand_bytes(6).tempdir_in(dir)?;
        let made = making.path().join("s");
        let socket = UnixListener::bind(&made)?;
        fs::set_permissions(&made, Permissions::from_mode(0o600))?;
        fs::rename(&made, &self.path)?;
        Ok(socket)
    }
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::symlink_metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// Everything that comes is put on this channel.
    fn listening(profile: &Path) -> (Listener, mpsc::Receiver<Asked>) {
        let (sender, asked) = mpsc::channel();
        (listen(profile, move |wish| drop(sender.send(wish))).unwrap(), asked)
    }

    #[test]
    fn nobody_is_told_that_it_was_taken_before_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let (_listener, asked) = listening(dir.path());
        let letter = Wish::Letter("/tmp/a.eml".into());
        let handed = std::thread::scope(|scope| {
            let handed = scope.spawn(|| hand_over(dir.path(), &letter));
            let first = asked.recv().unwrap();
            assert!(!handed.is_finished());
            assert_eq!(first.take(), Some(letter.clone()));
            assert_eq!(first.take(), None, "once");
            handed.join().unwrap()
        });
        assert_eq!(handed, Ok(Handed::Taken));
        // A window that goes before it took something gives it back.
        let handed = std::thread::scope(|scope| {
            let handed = scope.spawn(|| hand_over(dir.path(), &Wish::Raise));
            drop(asked.recv().unwrap());
            handed.join().unwrap()
        });
        assert_eq!(handed, Ok(Handed::Nobody));
    }

    #[test]
    fn the_socket_is_for_its_owner_and_goes_with_the_window() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(NAME);
        let (listener, _asked) = listening(dir.path());
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        // A second one, as after a kill, takes the place; the first leaves it alone then.
        let (second, _asked) = listening(dir.path());
        drop(listener);
        assert!(path.exists());
        drop(second);
        assert!(!path.exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left behind");
        assert_eq!(hand_over(dir.path(), &Wish::Raise), Ok(Handed::Nobody));
    }

    #[test]
    fn a_socket_of_somebody_who_is_gone_is_nobody_and_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        drop(UnixListener::bind(dir.path().join(NAME)).unwrap());
        assert!(dir.path().join(NAME).exists());
        assert_eq!(hand_over(dir.path(), &Wish::Raise), Ok(Handed::Nobody));
        let (_listener, asked) = listening(dir.path());
        let taker = std::thread::spawn(move || asked.recv().unwrap().take());
        assert_eq!(hand_over(dir.path(), &Wish::Raise), Ok(Handed::Taken));
        assert_eq!(taker.join().unwrap(), Some(Wish::Raise));
    }

    #[test]
    fn what_has_gone_back_is_not_taken_as_well() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        theirs.write_all(&wire::write(&Wish::Raise).unwrap()).unwrap();
        let (sender, asked) = mpsc::channel();
        let on = Mutex::new(move |wish| drop(sender.send(wish)));
        // The window is slower than it may be.
        attend(ours, &on, Duration::ZERO).unwrap();
        let mut answer = [0; wire::ANSWER];
        theirs.read_exact(&mut answer).unwrap();
        assert_eq!(answer, wire::answer(false));
        assert_eq!(asked.recv().unwrap().take(), None);
    }

    #[test]
    fn one_that_waits_for_the_window_keeps_nobody_else_waiting() {
        let dir = tempfile::tempdir().unwrap();
        let (_listener, asked) = listening(dir.path());
        let first = Wish::Write("mailto:a@example.com".into());
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| hand_over(dir.path(), &first));
            let held = asked.recv().unwrap();
            let second = scope.spawn(|| hand_over(dir.path(), &Wish::Raise));
            let next = asked.recv_timeout(WINDOW / 2).unwrap();
            assert_eq!(next.take(), Some(Wish::Raise));
            assert_eq!(second.join().unwrap(), Ok(Handed::Taken));
            assert_eq!(held.take(), Some(first.clone()));
            assert_eq!(waiting.join().unwrap(), Ok(Handed::Taken));
        });
    }

    #[test]
    fn a_profile_with_a_long_name_is_found_as_well() {
        let dir = tempfile::tempdir().unwrap();
        let profile = dir.path().join("편지".repeat(30));
        fs::create_dir(&profile).unwrap();
        let (listener, asked) = listening(&profile);
        assert!(!listener.path.starts_with(&profile));
        assert_eq!(fs::metadata(listener.path.parent().unwrap()).unwrap().mode() & 0o777, 0o700);
        let taker = std::thread::spawn(move || asked.recv().unwrap().take());
        assert_eq!(hand_over(&profile, &Wish::Raise), Ok(Handed::Taken));
        taker.join().unwrap();
    }

    #[test]
    fn nonsense_and_silence_hold_nobody_up_for_long() {
        let dir = tempfile::tempdir().unwrap();
        let (_listener, asked) = listening(dir.path());
        let taker = std::thread::spawn(move || asked.recv().unwrap().take());
        let mut nonsense = UnixStream::connect(dir.path().join(NAME)).unwrap();
        nonsense.write_all(&[0xff; 4096]).unwrap();
        let mut endless = UnixStream::connect(dir.path().join(NAME)).unwrap();
        endless.write_all(b"goyo\x01w\xff\xff\xff\xff").unwrap();
        // Says something now and then, but never all of it.
        let mut slow = UnixStream::connect(dir.path().join(NAME)).unwrap();
        slow.write_all(b"goyo\x01w\x00\x00\x04\x00").unwrap();
        let dripping = std::thread::spawn(move || {
            while slow.write_all(b"m").is_ok() {
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        let begun = Instant::now();
        assert_eq!(hand_over(dir.path(), &Wish::Raise), Ok(Handed::Taken));
        assert!(begun.elapsed() < SAY * 3);
        assert_eq!(taker.join().unwrap(), Some(Wish::Raise));
        dripping.join().unwrap();
        // Those who spoke nonsense are told nothing.
        let mut said = Vec::new();
        let _ = endless.read_to_end(&mut said);
        assert!(said.is_empty());
    }
}
