//! Is there a display, and what a window on it needs? Said in a sentence where there
//! is none, or where the toolkit gives up in its own way: it panics.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// Why no window can be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDisplay {
    /// Neither kind of display is named.
    #[error(
        "there is no display here (neither WAYLAND_DISPLAY nor DISPLAY is set), so there is no \
         window; {WITHOUT}"
    )]
    None,
    /// One is named, but nothing answers there.
    #[error("nothing answers on the display {0}, so there is no window; {WITHOUT}")]
    Silent(String),
    /// A library of the system that a window needs is not installed: its file.
    #[error(
        "{0} is not installed, and without it there is no window; on Debian and Ubuntu: apt \
         install libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 (under Wayland: \
         libwayland-client0 libxkbcommon0); {WITHOUT}"
    )]
    Library(String),
    /// The display would not have us: what the toolkit says.
    #[error("the display refused: {0}; {WITHOUT}")]
    Refused(String),
}

/// What there is to do without a display.
const WITHOUT: &str = "without a window, 'goyo render FILE --out DIR' draws letters into pictures, \
                       'goyo inspect FILE' tells what they would give away, and 'goyo list', \
                       'search' and 'show' read your mail";

/// Looks for a display, where windows need one to be named.
///
/// # Errors
/// [`NoDisplay`] when there is none.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn probe() -> Result<(), NoDisplay> {
    use std::env::var;
    use std::os::unix::net::UnixStream;
    use std::path::{Path, PathBuf};
    let named = |name| var(name).ok().filter(|value| !value.is_empty());
    let (wayland, x11) = (named("WAYLAND_DISPLAY"), named("DISPLAY"));
    if let Some(name) = &wayland {
        let socket = match named("XDG_RUNTIME_DIR") {
            Some(dir) if !name.starts_with('/') => Path::new(&dir).join(name),
            _ => PathBuf::from(name),
        };
        if UnixStream::connect(socket).is_ok() {
            return Ok(());
        }
    }
    if let Some(name) = &x11 {
        match local_x11(name) {
            // Another machine's display: the toolkit will find out.
            None => return Ok(()),
            Some(socket) if UnixStream::connect(&socket).is_ok() => return Ok(()),
            // Some servers listen under an abstract name only.
            Some(_) if cfg!(target_os = "linux") && abstract_x11(name) => return Ok(()),
            Some(_) => {}
        }
    }
    match x11.or(wayland) {
        Some(name) => Err(NoDisplay::Silent(name)),
        None => Err(NoDisplay::None),
    }
}

/// Other systems always have one.
///
/// # Errors
/// None.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub fn probe() -> Result<(), NoDisplay> {
    Ok(())
}

/// The socket of a display of this machine: `:N`, `unix:N`, `:N.S`.
#[cfg(all(unix, not(target_os = "macos")))]
fn local_x11(display: &str) -> Option<std::path::PathBuf> {
    let number = number(display)?;
    Some(std::path::PathBuf::from(format!("/tmp/.X11-unix/X{number}")))
}

#[cfg(all(unix, not(target_os = "macos")))]
fn number(display: &str) -> Option<u32> {
    let (host, rest) = display.rsplit_once(':')?;
    if !host.is_empty() && host != "unix" {
        return None;
    }
    rest.split('.').next()?.parse().ok()
}

#[cfg(target_os = "linux")]
fn abstract_x11(display: &str) -> bool {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::net::{SocketAddr, UnixStream};
    number(display)
        .and_then(|n| SocketAddr::from_abstract_name(format!("/tmp/.X11-unix/X{n}")).ok())
        .is_some_and(|address| UnixStream::connect_addr(&address).is_ok())
}

#[cfg(all(unix, not(target_os = "macos"), not(target_os = "linux")))]
fn abstract_x11(_: &str) -> bool {
    false
}

/// Runs the window. What the toolkit panics with where it finds no library, or no
/// display, becomes a sentence; any other panic goes its way.
///
/// # Errors
/// [`NoDisplay`] when the window could not be opened.
pub fn open<T>(run: impl FnOnce() -> T) -> Result<T, NoDisplay> {
    let said: Arc<Mutex<Option<NoDisplay>>> = Arc::default();
    let told = Arc::clone(&said);
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        match info.payload_as_str().and_then(reason) {
            Some(reason) => *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason),
            None => usual(info),
        }
    }));
    let ended = panic::catch_unwind(AssertUnwindSafe(run));
    match (ended, said.lock().unwrap_or_else(PoisonError::into_inner).take()) {
        (Ok(ended), _) => Ok(ended),
        (Err(_), Some(reason)) => Err(reason),
        (Err(other), None) => panic::resume_unwind(other),
    }
}

/// What is wrong when the toolkit panics with this, if it is a matter of the display.
fn reason(message: &str) -> Option<NoDisplay> {
    let of_start = message.starts_with("Create event loop");
    let of_library = message.starts_with("Library ") && message.ends_with("could not be loaded.");
    if !of_start && !of_library {
        return None;
    }
    if message.contains("NoWaylandLib") {
        return Some(NoDisplay::Library("libwayland-client.so.0".to_owned()));
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    let library = message
        .split(|c| !is_part(c))
        .map(|word| word.trim_end_matches('.'))
        .find(|word| word.starts_with("lib") && word.contains(".so"));
    Some(match library {
        Some(library) => NoDisplay::Library(library.to_owned()),
        None => NoDisplay::Refused(message.chars().take(300).collect()),
    })
}

/// The one back end that is built in draws on every computer. If the environment asks
/// the toolkit for another, the program is run again with that wish corrected: a
/// program must not change its own environment while it runs.
pub fn with_own_backend() -> Option<ExitCode> {
    const WISH: &str = "ICED_BACKEND";
    const OWN: &str = "tiny-skia";
    let wish = std::env::var(WISH).ok()?;
    if wish.is_empty() || wish.split(',').any(|name| name == OWN || name == "software") {
        return None;
    }
    let program = std::env::current_exe().ok()?;
    let ended = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(WISH, OWN)
        .status();
    Some(match ended {
        Ok(status) => {
            ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
        }
        Err(error) => {
            eprintln!("goyo: the window could not be opened with {WISH}={wish}: {error}");
            ExitCode::from(1)
        }
    })
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::{NoDisplay, number, reason};

    #[test]
    fn libraries_that_are_missing_are_named() {
        // What winit 0.30 and xkbcommon-dl 0.4 say on a Debian without them.
        let missing = |message: &str| match reason(message) {
            Some(NoDisplay::Library(library)) => library,
            other => format!("{other:?}"),
        };
        let start = "Create event loop: Os(OsError { line: 788, file: \"/winit/linux/mod.rs\", \
                     error: XNotSupported(LibraryOpenError(OpenError { kind: Library, detail: \
                     \"opening library failed (libXcursor.so.1: cannot open shared object file: \
                     No such file or directory); opening library failed (libXcursor.so: cannot \
                     open\" })) })";
        assert_eq!(missing(start), "libXcursor.so.1");
        let later = "Library libxkbcommon-x11.so could not be loaded.";
        assert_eq!(missing(later), "libxkbcommon-x11.so");
        let wayland =
            "Create event loop: Os(OsError { error: WaylandError(Connection(NoWaylandLib)) })";
        assert_eq!(missing(wayland), "libwayland-client.so.0");
        let refused = "Create event loop: Os(OsError { error: XNotSupported(XOpenDisplayFailed) })";
        assert!(matches!(reason(refused), Some(NoDisplay::Refused(_))));
        // A mistake of ours is not dressed up as one of the system's.
        assert_eq!(reason("index out of bounds: the len is 3 but the index is 7"), None);
    }

    #[test]
    fn displays_of_this_machine_are_told_from_others() {
        assert_eq!(number(":0"), Some(0));
        assert_eq!(number("unix:12.1"), Some(12));
        assert_eq!(number("localhost:10.0"), None);
        assert_eq!(number("nonsense"), None);
    }
}
