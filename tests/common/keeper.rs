//! Servers of the tests' own are ended with the test however that ends: also when it is
//! killed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// A shell that ends the server it started when the pipe to it closes.
pub struct Keeper {
    shell: Child,
    pipe: Option<ChildStdin>,
}

impl Keeper {
    /// Has a shell start a server, by a line in which `"$0"` and `"$1"` stand for the
    /// arguments, and waits until it answers. `None`: it ended by itself, as it does when
    /// somebody else has its port. What it says goes to the file `said`.
    pub fn launch(
        mut shell: Command,
        line: &str,
        args: [&OsStr; 2],
        said: &Path,
        answers: impl Fn() -> bool,
    ) -> Option<Self> {
        let script = format!(
            "exec 3<&0\n{line} 3<&- & server=$!\n\
             {{ cat <&3 >/dev/null; kill $server 2>/dev/null; }} &\nexec 3<&-\nwait $server"
        );
        let log = File::create(said).unwrap();
        shell.arg("-c").arg(script).args(args).stdin(Stdio::piped());
        let mut shell = shell.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let pipe = shell.stdin.take();
        let mut keeper = Self { shell, pipe };
        let limit = Instant::now() + Duration::from_secs(30);
        while Instant::now() < limit {
            if keeper.shell.try_wait().unwrap().is_some() {
                return None;
            }
            if answers() {
                return Some(keeper);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let said = fs::read(said).unwrap_or_default();
        panic!("{args:?} does not answer:\n{}", String::from_utf8_lossy(&said));
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.shell.wait();
    }
}

/// Whether somebody at this port greets with these bytes; they are told goodbye.
pub fn greets(port: u16, greeting: [u8; 4], goodbye: &[u8]) -> bool {
    let Ok(mut tcp) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    tcp.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut heard = [0; 4];
    let greeted = tcp.read_exact(&mut heard).is_ok() && heard == greeting;
    let _ = tcp.write_all(goodbye);
    greeted
}

/// Launches again what was stopped: the old one may still be giving its ports back.
pub fn insist(mut launch: impl FnMut() -> bool) {
    for _ in 0..50 {
        if launch() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("it does not start again");
}
