//! What tests of the command line share: a profile that goes away, and the
//! program run in it.
#![allow(dead_code)] // Each test binary uses its own half.

pub mod accounts;
mod certificates;
pub mod desk;
pub mod dovecot;
pub mod fake_imap;
pub mod fake_smtp;
mod keeper;
pub mod letters;
pub mod odd_imap;
mod odd_world;
pub mod place;
pub mod postfix;
mod second;
pub mod window;
pub mod xvfb;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;
use tempfile::TempDir;

/// A throw-away profile and a place for files.
pub struct Home {
    dir: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn profile(&self) -> PathBuf {
        self.path("profile")
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(program());
        command.arg("--profile").arg(self.profile()).env("TZ", "UTC").env("NO_COLOR", "1");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command().args(args).output().unwrap()
    }

    /// Runs a verb that must succeed; its JSON lines.
    pub fn json(&self, args: &[&str]) -> Vec<Value> {
        let output = self.command().arg("--json").args(args).output().unwrap();
        assert!(
            output.status.success(),
            "{args:?}: {:?} {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        lines(&output)
    }

    /// The one JSON object a verb prints.
    pub fn object(&self, args: &[&str]) -> Value {
        let mut lines = self.json(args);
        assert_eq!(lines.len(), 1, "{args:?}");
        lines.remove(0)
    }

    pub fn import(&self, path: &Path, folder: &str) -> Value {
        self.object(&["import", path.to_str().unwrap(), "--folder", folder])
    }

    /// Ids of the letters that a search finds, newest first.
    pub fn found(&self, query: &str) -> Vec<String> {
        self.json(&["search", "--", query])
            .iter()
            .map(|line| line["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Proves the store.
    pub fn check(&self) {
        let found = self.object(&["check"]);
        assert_eq!(found["wrong"], 0, "{found}");
    }
}

/// The program: the one just built, or another build of it named by `GOYO_BIN`.
pub fn program() -> PathBuf {
    std::env::var_os("GOYO_BIN").map_or_else(|| env!("CARGO_BIN_EXE_goyo").into(), PathBuf::from)
}

pub fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8(output.stdout.clone())
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command and reports the most memory it ever had resident, in bytes, and how long
/// it worked ([`processor_time`]).
pub fn run_measured(command: &mut Command) -> (Output, u64, Duration) {
    use std::process::Stdio;
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let process = format!("/proc/{}", child.id());
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let (mut peak, mut work) = (0, Duration::ZERO);
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                peak = peak.max(high_water_mark(&process));
                work = work.max(processor_time(&process));
                std::thread::sleep(Duration::from_millis(2));
            }
            (peak, work)
        });
        let output = child.wait_with_output().unwrap();
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        let (peak, work) = watcher.join().unwrap();
        (output, peak, work)
    })
}

/// What a process has worked so far in code of its own, whatever else the computer did
/// meanwhile. The kernel's share is not counted: bringing 2 GB from a disk into its cache takes
/// a tenth of a second on one computer and five on another.
fn processor_time(process: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("{process}/stat")).unwrap_or_default();
    // Its name, in parentheses, may hold anything; hundredths of a second follow.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let user = fields.split_ascii_whitespace().nth(11).and_then(|field| field.parse().ok());
    Duration::from_millis(10 * user.unwrap_or(0_u64))
}

fn high_water_mark(process: &str) -> u64 {
    std::fs::read_to_string(format!("{process}/status"))
        .ok()
        .and_then(|text| {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.to_owned();
            line.split_ascii_whitespace().next()?.parse::<u64>().ok()
        })
        .map_or(0, |kib| kib * 1024)
}
