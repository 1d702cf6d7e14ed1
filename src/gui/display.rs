//! Is there a display? Said in a sentence where there is none, before the toolkit
//! gives up in its own way.

use std::process::ExitCode;

/// Why no window can be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDisplay {
    /// Neither kind of display is named.
    #[error(
        "there is no display here (neither WAYLAND_DISPLAY nor DISPLAY is set); \
         'goyo render' and 'goyo inspect' work without one"
    )]
    None,
    /// One is named, but nothing answers there.
    #[error(
        "nothing answers on the display {0}; start one, or use 'goyo render' and \
         'goyo inspect', which work without one"
    )]
    Silent(String),
}

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
    use super::number;

    #[test]
    fn displays_of_this_machine_are_told_from_others() {
        assert_eq!(number(":0"), Some(0));
        assert_eq!(number("unix:12.1"), Some(12));
        assert_eq!(number("localhost:10.0"), None);
        assert_eq!(number("nonsense"), None);
    }
}
