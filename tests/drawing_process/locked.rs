//! What a drawing process cannot do, tried from inside it.
#![cfg(target_os = "linux")]

use goyo::html::worker::protocol::{Request, Response};
use goyo::html::worker::{PROBE_VERB, VERB, Worker};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const GOYO: &str = env!("CARGO_BIN_EXE_goyo");

/// How the attempts of a probe behind these walls ended; which walls stood.
fn probe(walls: &str) -> (String, BTreeMap<String, String>) {
    let output = Command::new(GOYO)
        .args([PROBE_VERB, walls])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (lock, attempts) = text.split_once('\n').unwrap_or_else(|| panic!("{text}"));
    let attempts = attempts.lines().map(|line| line.split_once('\t').unwrap());
    (lock.into(), attempts.map(|(name, end)| (name.into(), end.into())).collect())
}

/// Everything the probe tries but becoming another program, which ends it.
const ATTEMPTS: usize = 23;

#[test]
fn without_walls_every_attempt_succeeds_so_that_a_refusal_means_something() {
    let (_, attempts) = probe("none");
    assert_eq!(attempts.len(), ATTEMPTS, "{attempts:?}");
    for (name, end) in attempts {
        assert_eq!(end, "done", "{name}");
    }
}

#[test]
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn behind_all_walls_every_attempt_is_refused() {
    let (lock, attempts) = probe("all");
    assert!(lock.contains("limits: true, calls: true"), "{lock}");
    assert_eq!(attempts.len(), ATTEMPTS + 1, "{attempts:?}");
    for (name, end) in attempts {
        match name.as_str() {
            // These end in an error of the library that has no number.
            "look up a name" | "allocate beyond its room" => assert_eq!(end, "refused", "{name}"),
            _ => assert_eq!(end, "1", "{name}: not EPERM"),
        }
    }
}

#[test]
fn the_file_system_is_closed_by_a_wall_of_its_own() {
    let (lock, attempts) = probe("files");
    if !lock.contains("files: true") {
        return eprintln!("this kernel has no landlock: nothing to test");
    }
    for name in ["read a file", "write a file", "list a folder", "start a program"] {
        assert_eq!(attempts[name], "13", "{name}: not EACCES");
    }
}

#[test]
fn the_limits_are_a_wall_of_their_own() {
    let (lock, attempts) = probe("limits");
    assert!(lock.contains("limits: true"), "{lock}");
    assert_eq!(attempts["allocate beyond its room"], "refused");
    for name in ["read a file", "list a folder", "listen", "connect", "make a pipe"] {
        assert_eq!(attempts[name], "24", "{name}: not EMFILE");
    }
}

#[test]
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn every_thread_of_the_drawing_process_is_locked() {
    let mut worker = Worker::start_program(GOYO).unwrap();
    let lock = worker.lock().unwrap();
    assert!(lock.calls && lock.limits, "{lock:?}");
    let mut threads = 0;
    for task in std::fs::read_dir(format!("/proc/{}/task", worker.pid())).unwrap() {
        let status = std::fs::read_to_string(task.unwrap().path().join("status")).unwrap();
        for line in ["NoNewPrivs:\t1", "Seccomp:\t2"] {
            assert!(status.lines().any(|l| l == line), "{line}\n{status}");
        }
        threads += 1;
    }
    assert_eq!(threads, 2, "threads that none of us started");
}

#[test]
fn it_dies_with_the_program_that_started_it() {
    // Its pipe stays open in our hands: that is not what ends it.
    let mut shell = Command::new("/bin/sh")
        .args(["-c", "exec 3<&0; \"$0\" \"$1\" <&3 >/dev/null & echo $!; wait", GOYO, VERB])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let _pipe = shell.stdin.take();
    let mut pid = String::new();
    BufReader::new(shell.stdout.take().unwrap()).read_line(&mut pid).unwrap();
    let path = format!("/proc/{}/status", pid.trim());
    let status = || std::fs::read_to_string(&path).unwrap_or_default();
    let deadline = Instant::now() + Duration::from_secs(20);
    let wait_for = |what: &dyn Fn(&str) -> bool| {
        while !what(&status()) {
            assert!(Instant::now() < deadline, "{}", status());
            std::thread::sleep(Duration::from_millis(2));
        }
    };
    wait_for(&|status| status.contains("NoNewPrivs:\t1"));
    shell.kill().unwrap();
    shell.wait().unwrap();
    wait_for(&|status| status.is_empty() || status.contains("State:\tZ"));
}

#[test]
fn it_does_not_die_with_the_thread_that_started_it() {
    let worker = std::thread::spawn(|| Worker::start_program(GOYO).unwrap());
    let mut worker = worker.join().unwrap();
    let pid = worker.pid();
    assert_eq!(worker.call(&Request::Ping), Ok(Response::Done));
    assert_eq!(worker.pid(), pid);
}
