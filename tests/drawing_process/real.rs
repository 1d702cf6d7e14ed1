//! The program itself as drawing process.

use crate::{STEP, VIEW, html};
use goyo::html::worker::protocol::{Request, Response, Select, Source};
use goyo::html::worker::{Worker, WorkerError};
use std::time::Duration;

fn worker() -> Worker {
    Worker::start_program(env!("CARGO_BIN_EXE_goyo")).unwrap()
}

#[test]
fn it_answers_everything_that_can_be_asked() {
    let mut worker = worker();
    assert_eq!(worker.call(&Request::Ping), Ok(Response::Done));
    let opened = worker.call(&Request::Open(7, html("<p>Good morning, morning"), VIEW));
    let Ok(Response::Opened(opened)) = opened else { panic!("{opened:?}") };
    assert!(opened.references.is_empty() && opened.remote.is_empty());
    for (request, answers) in [
        (Request::Pictures(7, vec![(0, b"GIF89a".to_vec())]), "Laid"),
        (Request::View(7, goyo::html::worker::protocol::View { zoom: 2.0, ..VIEW }), "Laid"),
        (Request::Paint(7, 0, 64), "Tile"),
        (Request::Hit(7, (10.0, 10.0)), "Hit"),
        (Request::Select(7, Select::All), "Selection"),
        (Request::Find(7, "morning".into()), "Found"),
        (Request::Step(7, STEP), "Stop"),
        (Request::Fold(7, 0), "Laid"),
        (Request::Close(7), "Done"),
    ] {
        let answer = format!("{:?}", worker.call(&request).unwrap());
        assert!(answer.starts_with(answers), "{request:?}: {answer}");
    }
    let gone = worker.call(&Request::Paint(7, 0, 64));
    assert!(matches!(gone, Err(WorkerError::NotOpen)), "{gone:?}");
}

#[test]
fn a_found_word_opens_the_fold_it_is_in_and_says_how_the_letter_came_out() {
    let mut worker = worker();
    let quoted = "<p>quoted".repeat(30);
    let labels = goyo::html::clean::Labels { show: "# lines".into(), hide: "fold".into() };
    let letter = html(&format!("<p>Yes.<blockquote type=cite>{quoted}</blockquote>"));
    let letter = Source { folds: Some(labels), ..letter };
    let Ok(Response::Opened(opened)) = worker.call(&Request::Open(1, letter, VIEW)) else {
        panic!()
    };
    let found = |worker: &mut Worker, what: &str| match worker
        .call(&Request::Find(1, what.into()))
        .unwrap()
    {
        Response::Found(places, laid) => (places.len(), laid.map(|laid| laid.device.1)),
        other => panic!("{other:?}"),
    };
    assert_eq!(found(&mut worker, "yes"), (1, None));
    let (places, height) = found(&mut worker, "Quoted");
    assert_eq!(places, 30);
    assert!(height.unwrap() > opened.laid.device.1 + 500, "{height:?}");
    assert_eq!(found(&mut worker, "Quoted"), (30, None));
    let Ok(Response::Laid(laid)) = worker.call(&Request::Fold(1, 0)) else { panic!() };
    assert_eq!(laid.device.1, opened.laid.device.1);
}

#[test]
fn the_letter_not_looked_at_for_longest_is_forgotten() {
    let mut worker = worker();
    for doc in 0..8 {
        worker.call(&Request::Open(doc, html("x"), VIEW)).unwrap();
    }
    worker.call(&Request::Hit(0, (0.0, 0.0))).unwrap();
    worker.call(&Request::Open(8, html("x"), VIEW)).unwrap();
    for doc in [0, 2, 3, 4, 5, 6, 7, 8] {
        worker.call(&Request::Hit(doc, (0.0, 0.0))).unwrap();
    }
    let forgotten = worker.call(&Request::Hit(1, (0.0, 0.0)));
    assert!(matches!(forgotten, Err(WorkerError::NotOpen)), "{forgotten:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_large_letters_took_goes_back_when_they_are_closed_while_others_stay() {
    let mut worker = worker();
    worker.call(&Request::Open(0, html("<p>It stays."), VIEW)).unwrap();
    let now = |worker: &mut Worker| worker.memory().unwrap().now >> 20;
    let before = now(&mut worker);
    let mut most = 0;
    let large = "<p>Many <b>small</b> things <i>side</i> by side".repeat(3_000);
    for doc in [1, 3, 5] {
        let open = Request::Open(doc, html(&large), VIEW);
        worker.call_within(&open, Duration::from_secs(60)).unwrap();
        most = now(&mut worker) - before;
        assert!(most > 15, "not large: {before} MB, then {most} more");
        // What is put behind it must not hold it.
        worker.call(&Request::Open(doc + 1, html("<p>It stays too."), VIEW)).unwrap();
        worker.call(&Request::Close(doc)).unwrap();
    }
    let after = now(&mut worker) - before;
    assert!(after < most / 2, "of {most} MB {after} are left");
}

#[test]
fn after_a_death_the_next_call_works_on_a_fresh_process() {
    let mut worker = worker();
    worker.call(&Request::Open(1, html("x"), VIEW)).unwrap();
    let first = worker.pid();
    kill(first);
    assert_eq!(worker.call(&Request::Hit(1, (0.0, 0.0))), Err(WorkerError::Died));
    assert_ne!(worker.pid(), first);
    let gone = worker.call(&Request::Hit(1, (0.0, 0.0)));
    assert!(matches!(gone, Err(WorkerError::NotOpen)), "{gone:?}");
    worker.call(&Request::Open(1, html("x"), VIEW)).unwrap();
    // One that died while nothing was open is nobody's loss.
    worker.call(&Request::Close(1)).unwrap();
    kill(worker.pid());
    assert_eq!(worker.call(&Request::Ping), Ok(Response::Done));
}

#[test]
fn it_ends_when_its_pipe_does() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_goyo"))
        .arg(goyo::html::worker::VERB)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_letter_beyond_every_size_is_refused_and_the_process_lives() {
    let mut worker = worker();
    let pid = worker.pid();
    for megabytes in [17, 70] {
        let letter = html(&"x".repeat(megabytes << 20));
        let answer = worker.call(&Request::Open(1, letter, VIEW));
        assert!(matches!(answer, Err(WorkerError::Refused(_))), "{answer:?}");
    }
    assert_eq!(worker.call(&Request::Ping), Ok(Response::Done));
    assert_eq!(worker.pid(), pid);
}

/// Kills and waits until all of it is dead (it stays a zombie until it is reaped).
fn kill(pid: u32) {
    let id = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
    let state = || std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let threads = || std::fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count);
    while cfg!(target_os = "linux") && !(state().contains(") Z ") && threads() <= 1) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn what_the_engine_complains_of_on_its_standard_error_does_not_end_it() {
    let mut worker = worker();
    let pid = worker.pid();
    // Words of scripts that are written without spaces, for which it has no dictionary.
    let text = "ไทยไทยไทย ລາວລາວລາວ မြန်မာမြန်မာ ខ្មែរខ្មែរ 漢字仮名交じり文の長い行 𠀀𠀁";
    worker.call(&Request::Open(1, html(&text.repeat(50)), VIEW)).unwrap();
    worker.call(&Request::Paint(1, 0, 600)).unwrap();
    assert_eq!(worker.pid(), pid);
}
