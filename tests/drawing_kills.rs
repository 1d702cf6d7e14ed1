//! `kill -9` of the drawing process at any moment of its work: every call ends with
//! an answer or a typed error, the next one works, and nothing is left behind.
//!
//! `GOYO_WORKER_KILLS` says how often (50 by default).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg(all(target_os = "linux", feature = "render"))]

use goyo::html::clean::{Body, Scheme};
use goyo::html::worker::protocol::{Request, Response, Select, Source, View};
use goyo::html::worker::{Worker, WorkerError};
use rustix::process::{Pid, Signal, kill_process};
use std::sync::mpsc;
use std::time::{Duration, Instant};

const VIEW: View = View { width: 800.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: false };

fn letter() -> Source {
    let row =
        "<tr><td style='border:1px solid #c40'>Good morning, <b>Minji</b> 안녕하세요</td></tr>";
    let html = format!("<h1>Letter</h1><table>{}</table>", row.repeat(400));
    Source { bodies: vec![(0, Body::Html(html))], parts: Vec::new(), folds: None }
}

fn kills() -> u32 {
    std::env::var("GOYO_WORKER_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(50)
}

fn count(folder: &str) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

/// Our children, as pid and state.
fn children() -> Vec<(u32, char)> {
    let own = std::process::id().to_string();
    let stats = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let pid: u32 = entry.unwrap().file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let mut fields = stat.rsplit_once(") ")?.1.split(' ');
        let state = fields.next()?.chars().next()?;
        (fields.next()? == own).then_some((pid, state))
    });
    stats.collect()
}

/// All that is done with a letter, again and again.
fn requests(round: usize) -> Request {
    match round % 6 {
        0 => Request::Open(1, letter(), VIEW),
        1 => Request::View(1, View { width: 600.0, zoom: 1.5, ..VIEW }),
        2 => Request::Paint(1, 0, 1200),
        3 => Request::Select(1, Select::All),
        4 => Request::Paint(1, 1200, 1200),
        _ => Request::Find(1, "morning".into()),
    }
}

#[test]
fn killed_at_any_moment_the_next_call_works_and_nothing_is_left() {
    let mut worker = Worker::start_program(env!("CARGO_BIN_EXE_goyo")).unwrap();
    // How long a round takes when nobody kills it; the warming up does not count.
    assert_eq!(worker.call(&Request::Ping), Ok(Response::Done));
    let started = Instant::now();
    for round in 0..6 {
        worker.call(&requests(round)).unwrap();
    }
    let whole = started.elapsed();
    // The killer: told a process and a moment, kills it then.
    let (victims, to_kill) = mpsc::channel::<(u32, Duration)>();
    let (done, killed) = mpsc::channel();
    let killer = std::thread::spawn(move || {
        for (pid, moment) in to_kill {
            std::thread::sleep(moment);
            let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
            done.send(kill_process(pid, Signal::KILL).is_ok()).unwrap();
        }
    });
    let before = (count("/proc/self/fd"), count("/proc/self/task"));
    // A fixed seed: a failure can be had again.
    let mut state = 0x9e37_79b9_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        f64::from((state >> 33) as u32) / f64::from(1_u32 << 31)
    };
    let (mut died_in_a_call, mut errors) = (0, std::collections::BTreeMap::new());
    for kill in 0..kills() {
        let pid = worker.pid();
        // Every other one is killed while it warms up.
        if kill % 2 == 0 {
            assert_eq!(worker.call(&Request::Ping), Ok(Response::Done), "kill {kill}");
        }
        let moment = Duration::from_secs_f64(whole.as_secs_f64() * random());
        victims.send((pid, moment)).unwrap();
        let mut round = 0;
        loop {
            match worker.call(&requests(round)) {
                Ok(_) | Err(WorkerError::Refused(_)) => {}
                Err(error @ (WorkerError::Died | WorkerError::Start(_))) => {
                    died_in_a_call += 1;
                    *errors.entry(format!("{error:?}")).or_insert(0) += 1;
                }
                Err(error) => panic!("kill {kill}: {error:?}"),
            }
            if worker.pid() != pid {
                break;
            }
            round += 1;
        }
        assert!(killed.recv().unwrap());
        // The next call works.
        let opened = worker.call(&Request::Open(2, letter(), VIEW));
        assert!(matches!(opened, Ok(Response::Opened(_))), "kill {kill}: {opened:?}");
        // One child, ours, and it runs.
        let children = children();
        assert_eq!(children.len(), 1, "kill {kill}: {children:?}");
        assert!(children[0].0 == worker.pid() && children[0].1 != 'Z', "{children:?}");
        let now = (count("/proc/self/fd"), count("/proc/self/task"));
        assert_eq!(now, before, "kill {kill}: files and threads");
    }
    println!("{} kills, {died_in_a_call} in a call: {errors:?}", kills());
    drop(worker);
    assert_eq!(children(), []);
    assert_eq!(count("/proc/self/fd"), before.0 - 2);
    assert_eq!(count("/proc/self/task"), before.1 - 2);
    drop(victims);
    killer.join().unwrap();
}
