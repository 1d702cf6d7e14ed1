//! A network of our own (Linux): the program again, in a fresh network namespace
//! that holds nothing but `lo`, and in which every address there is leads to us.
//!
//! What would be a packet to anywhere is so a packet on `lo`, counted by the system
//! itself; what would be a look-up comes to our resolver. `unshare` makes the
//! namespace, with root's rights or, where the system allows that, without.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Stdio};

/// How the program inside says that it could not furnish its namespace.
pub(super) const UNFURNISHED: u8 = 97;

/// Where names are looked up inside.
const RESOLVER: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// Namespaces that may be had, as `unshare` names them: root's first.
const KINDS: [&[&str]; 2] =
    [&["--net", "--mount"], &["--user", "--map-root-user", "--net", "--mount"]];

/// Sockets of services outside that would answer questions asked inside.
const OTHERS: [&str; 7] = [
    "/run/systemd/resolve/io.systemd.Resolve",
    "/run/systemd/resolve/io.systemd.Resolve.Monitor",
    "/run/nscd/socket",
    "/var/run/nscd/socket",
    "/run/avahi-daemon/socket",
    "/run/dbus/system_bus_socket",
    "/run/unscd/socket",
];

/// Runs this program again, with one more argument, in a namespace of its own; how
/// it ended. `None` where no namespace can be had.
pub(super) fn again(argument: &str) -> Option<u8> {
    let program = std::env::current_exe().ok()?;
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let kind = KINDS.into_iter().find(|kind| may_have(kind))?;
    let status = unshare(kind).arg(program).args(arguments).arg(argument).status().ok()?;
    match status.code().map(u8::try_from) {
        Some(Ok(UNFURNISHED)) => None,
        Some(Ok(code)) => Some(code),
        // Killed: nobody knows what it would have found.
        _ => Some(3),
    }
}

fn unshare(kind: &[&str]) -> Command {
    let mut command = Command::new("unshare");
    command.args(kind).arg("--");
    command
}

fn may_have(kind: &[&str]) -> bool {
    let quiet = || Stdio::null();
    let mut probe = unshare(kind);
    probe.arg("true").stdin(quiet()).stdout(quiet()).stderr(quiet());
    probe.status().is_ok_and(|status| status.success())
}

/// Makes every address lead to us, and every look-up.
///
/// # Errors
/// What the system refused: the namespace is of no use then.
pub(super) fn furnish() -> io::Result<()> {
    let netlink = Netlink::open()?;
    netlink.ask(&up())?;
    netlink.ask(&everything_is_here(2))?;
    // A system without IPv6 has no such packets either.
    let _ = netlink.ask(&everything_is_here(10));
    cover("/etc/resolv.conf", format!("nameserver {RESOLVER}\noptions timeout:1 attempts:1\n"))?;
    if Path::new("/etc/nsswitch.conf").exists() {
        cover("/etc/nsswitch.conf", "hosts: files dns\n".into())?;
    }
    for socket in OTHERS.into_iter().filter(|socket| Path::new(socket).exists()) {
        bind(OsStr::new("/dev/null"), socket)?;
    }
    Ok(())
}

/// Puts another content over a file, in this mount namespace only.
fn cover(file: &str, content: String) -> io::Result<()> {
    let mut other = tempfile::NamedTempFile::new()?;
    other.write_all(content.as_bytes())?;
    // What is mounted stays when its name is gone.
    bind(other.path().as_os_str(), file)
}

fn bind(from: &OsStr, over: &str) -> io::Result<()> {
    // A link leads to where the file really is.
    let over = std::fs::canonicalize(over)?;
    let status =
        Command::new("mount").arg("--bind").arg(from).arg(over).stderr(Stdio::null()).status()?;
    status.success().then_some(()).ok_or_else(|| io::Error::other("mount failed"))
}

/// Packets sent on any interface since the namespace was made.
pub(super) fn packets() -> io::Result<u64> {
    let table = std::fs::read_to_string("/proc/self/net/dev")?;
    let sent = table.lines().filter_map(|line| {
        let (_, numbers) = line.split_once(':')?;
        numbers.split_ascii_whitespace().nth(9)?.parse::<u64>().ok()
    });
    Ok(sent.sum())
}

/// The kernel's own way of speaking about interfaces and routes (rtnetlink(7)).
struct Netlink {
    socket: rustix::fd::OwnedFd,
}

/// Index of `lo` in every fresh namespace.
const LO: u32 = 1;

impl Netlink {
    fn open() -> io::Result<Self> {
        use rustix::net::{AddressFamily, SocketType, socket};
        // Routes and interfaces are its protocol 0.
        let socket = socket(AddressFamily::NETLINK, SocketType::RAW, None)?;
        Ok(Self { socket })
    }

    /// Asks and waits for the answer: an error number, 0 for none.
    fn ask(&self, message: &[u8]) -> io::Result<()> {
        use rustix::net::{RecvFlags, SendFlags, recv, send};
        send(&self.socket, message, SendFlags::empty())?;
        let mut answer = [0_u8; 1024];
        let (read, _) = recv(&self.socket, &mut answer, RecvFlags::empty())?;
        let number = answer.get(16..20).filter(|_| read >= 20);
        match number.and_then(|bytes| bytes.try_into().ok()).map(i32::from_ne_bytes) {
            Some(0) => Ok(()),
            Some(number) => Err(io::Error::from_raw_os_error(number.saturating_neg())),
            None => Err(io::Error::other("no answer of the kernel")),
        }
    }
}

/// `RTM_NEWLINK`: `lo`, up.
fn up() -> Vec<u8> {
    let mut body = vec![0; 4];
    for word in [LO, 1, 1] {
        body.extend(word.to_ne_bytes());
    }
    message(16, 0, &body)
}

/// `RTM_NEWROUTE`: in the table of local addresses, everything of a family on `lo`.
fn everything_is_here(family: u8) -> Vec<u8> {
    // Lengths and TOS 0, table `local`, by hand, scope `host`, type `local`.
    let mut body = vec![family, 0, 0, 0, 255, 3, 254, 2, 0, 0, 0, 0];
    // `RTA_OIF`
    body.extend(8_u16.to_ne_bytes());
    body.extend(4_u16.to_ne_bytes());
    body.extend(LO.to_ne_bytes());
    // Create it, and say so if there is one.
    message(24, 0x600, &body)
}

fn message(kind: u16, flags: u16, body: &[u8]) -> Vec<u8> {
    /// A request that is answered.
    const ASK: u16 = 1 | 4;
    let length = u32::try_from(16 + body.len()).unwrap_or(u32::MAX);
    let mut message = length.to_ne_bytes().to_vec();
    message.extend(kind.to_ne_bytes());
    message.extend((ASK | flags).to_ne_bytes());
    message.extend([0; 8]);
    message.extend(body);
    message
}
