//! A process locked as the drawing process is that then tries what it must not be
//! able to do, and says how each attempt ended. For tests, and for whoever wants to
//! know what this system gives: `goyo drawing-process-probe`.
//!
//! Without an argument all walls stand; `none`, `limits` and `files` put up that one
//! alone. The first line says which stand; each line after it is an attempt, a tab, and
//! `done` or the number of the error.

use super::Lock;
use super::lock::Walls;
use std::fs::File;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::process::{Command, Stdio};

/// What must be known before the walls stand.
pub(super) struct Probe {
    #[cfg(unix)]
    parent: Option<rustix::process::Pid>,
    /// Files that were open before: not to be used either.
    #[cfg(unix)]
    open: io::Result<(File, File)>,
}

/// Gets ready; which walls the argument names.
pub(super) fn load() -> (Walls, Probe) {
    let walls = match std::env::args().nth(2).as_deref() {
        Some("none") => Walls::None,
        Some("limits") => Walls::Limits,
        Some("files") => Walls::Files,
        _ => Walls::All,
    };
    #[cfg(unix)]
    let probe = {
        let null = File::options().write(true).open("/dev/null");
        let open = null.and_then(|null| Ok((File::open("/dev/zero")?, null)));
        Probe { parent: rustix::process::getppid(), open }
    };
    #[cfg(not(unix))]
    let probe = Probe {};
    (walls, probe)
}

/// Tries everything.
#[cfg_attr(not(unix), allow(unused_variables))]
pub(super) fn attempts(
    probe: &Probe,
    lock: Result<Lock, String>,
    out: &mut File,
) -> io::Result<()> {
    out.write_all(format!("{lock:?}\n").as_bytes())?;
    let mut say = |name: &str, result: io::Result<()>| {
        let end = match result {
            Ok(()) => "done".into(),
            Err(error) => error.raw_os_error().map_or("refused".into(), |code| code.to_string()),
        };
        out.write_all(format!("{name}\t{end}\n").as_bytes())
    };
    say("read a file", File::open("/etc/passwd").map(drop))?;
    say("read its own files", File::open("/proc/self/environ").map(drop))?;
    say("write a file", write_a_file())?;
    say("list a folder", std::fs::read_dir("/").map(drop))?;
    say("make a folder", make_a_folder())?;
    say("look at a file", std::fs::metadata("/etc/passwd").map(drop))?;
    say("listen", TcpListener::bind("127.0.0.1:0").map(drop))?;
    say("connect", connect())?;
    say("send a datagram", UdpSocket::bind("127.0.0.1:0").map(drop))?;
    say("look up a name", ("localhost", 80).to_socket_addrs().map(drop))?;
    say("start a thread", start_a_thread())?;
    say("allocate beyond its room", allocate())?;
    #[cfg(unix)]
    unix(probe, &mut say)?;
    let command = || {
        let mut command = Command::new("/bin/true");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    say("start a program", command().spawn().and_then(|mut child| child.wait()).map(drop))?;
    #[cfg(unix)]
    say("become a program", Err(std::os::unix::process::CommandExt::exec(&mut command())))?;
    Ok(())
}

#[cfg(unix)]
fn unix(
    probe: &Probe,
    say: &mut dyn FnMut(&str, io::Result<()>) -> io::Result<()>,
) -> io::Result<()> {
    use rustix::process::{Signal, kill_process};
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;

    say("make sockets", UnixStream::pair().map(drop))?;
    say("make a pipe", rustix::pipe::pipe().map(drop).map_err(Into::into))?;
    say("double a pipe", io::stdin().as_fd().try_clone_to_owned().map(drop))?;
    if let Ok((zero, null)) = &probe.open {
        say("read elsewhere", io::Read::read(&mut &*zero, &mut [0]).map(drop))?;
        say("write elsewhere", (&*null).write(b".").map(drop))?;
    }
    // A signal that does nothing to one that runs.
    let signalled = probe.parent.map_or(Ok(()), |parent| kill_process(parent, Signal::CONT));
    say("signal its parent", signalled.map_err(Into::into))?;
    let core = rustix::process::Resource::Core;
    let limit = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    say("set a limit", rustix::process::setrlimit(core, limit).map_err(Into::into))?;
    say("go elsewhere", std::env::set_current_dir("/"))?;
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::MemfdFlags;
        let file = rustix::fs::memfd_create("probe", MemfdFlags::CLOEXEC);
        say("make a file of memory", file.map(drop).map_err(Into::into))?;
        let behaviour = rustix::process::DumpableBehavior::Dumpable;
        let dumpable = rustix::process::set_dumpable_behavior(behaviour);
        say("let others look into it", dumpable.map_err(Into::into))?;
    }
    Ok(())
}

fn write_a_file() -> io::Result<()> {
    let path = std::env::temp_dir().join(format!("goyo-probe-{}", std::process::id()));
    let written = File::create(&path).and_then(|mut file| file.write_all(b"x"));
    let _ = std::fs::remove_file(path);
    written
}

fn make_a_folder() -> io::Result<()> {
    let path = std::env::temp_dir().join(format!("goyo-probe-{}.d", std::process::id()));
    std::fs::create_dir(&path)?;
    std::fs::remove_dir(path)
}

/// A connection to nobody: that it is refused by the other side is one made.
fn connect() -> io::Result<()> {
    match TcpStream::connect("127.0.0.1:1") {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
        other => other.map(drop),
    }
}

fn start_a_thread() -> io::Result<()> {
    let thread = std::thread::Builder::new().spawn(|| {})?;
    thread.join().map_err(|_| io::Error::other("it died"))
}

fn allocate() -> io::Result<()> {
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(400 << 20).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))
}
