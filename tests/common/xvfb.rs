//! A screen of the test's own: an X server that shows nothing to anybody.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// An X server; it ends when it is dropped.
pub struct Xvfb {
    server: Child,
    pub display: String,
}

impl Xvfb {
    /// A server that takes connections. What it shows is in a file in this directory.
    ///
    /// Its number is our own: two servers that look for a free one at the same moment get in
    /// each other's way. And it goes on (`-noreset`) when its last client leaves: one that
    /// begins anew cuts off whoever connects meanwhile.
    pub fn start(memory: &Path) -> Self {
        Self::of((1280, 800), memory)
    }

    /// The same with so many pixels.
    pub fn of((width, height): (u32, u32), memory: &Path) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        std::fs::create_dir_all("/tmp/.X11-unix").unwrap();
        let mut said = String::new();
        for _ in 0..5 {
            let more = NEXT.fetch_add(1, Ordering::Relaxed) * 7_919;
            let number = 100 + (std::process::id() + more) % 50_000;
            let mut server = Command::new("Xvfb")
                .args([&format!(":{number}"), "-displayfd", "1", "-screen", "0"])
                .args([&format!("{width}x{height}x24"), "-nolisten", "tcp", "-noreset", "-fbdir"])
                .arg(memory)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("Xvfb");
            let mut line = String::new();
            BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
            if line.trim() == number.to_string() {
                return Self { server, display: format!(":{number}") };
            }
            // The number is somebody's.
            let _ = server.kill();
            server.wait().unwrap();
            let _ = server.stderr.take().unwrap().read_to_string(&mut said);
        }
        panic!("no X server: {said}");
    }
}

impl Drop for Xvfb {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
