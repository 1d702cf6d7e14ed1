//! Programs that are no drawing process.

use crate::{STEP, VIEW, html};
use goyo::html::worker::protocol::{Request, Response};
use goyo::html::worker::{Worker, WorkerError};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, Instant};

/// Asks a fake program; the answer, and how long it took.
fn ask(name: &str, request: &Request) -> (Result<Response, WorkerError>, Duration) {
    with(name, |worker| worker.call(request))
}

fn with<T>(name: &str, asked: impl FnOnce(&mut Worker) -> T) -> (T, Duration) {
    let dir = tempfile::tempdir().unwrap();
    let program = dir.path().join(name);
    symlink(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drawing_process/fake.sh"), &program)
        .unwrap();
    let mut worker = Worker::start_program(&program).unwrap();
    let started = Instant::now();
    let answer = asked(&mut worker);
    (answer, started.elapsed())
}

fn error(name: &str, request: &Request) -> WorkerError {
    let (answer, took) = ask(name, request);
    assert!(took < Duration::from_secs(7), "{name}: {took:?}");
    answer.expect_err(name)
}

#[test]
fn one_that_speaks_the_language_is_understood() {
    assert_eq!(ask("polite", &Request::Ping).0, Ok(Response::Done));
    let (tile, _) = ask("tile", &Request::Paint(1, 0, 1));
    let Ok(Response::Tile(tile)) = tile else { panic!("{tile:?}") };
    assert_eq!((tile.y, tile.size, tile.pixels.as_slice()), (0, (2, 1), &b"RGBArgba"[..]));
}

#[test]
fn one_that_is_not_there_or_is_another_program_says_so() {
    let missing = Worker::start_program("/nonexistent/goyo").unwrap_err();
    assert!(matches!(missing, WorkerError::Start(_)), "{missing}");
    for name in ["ends-at-once", "talks-at-once", "cannot-lock"] {
        let error = error(name, &Request::Ping);
        assert!(matches!(error, WorkerError::Start(_)), "{name}: {error}");
        assert!(!error.to_string().contains('\x1b'));
    }
}

#[test]
fn one_of_another_version_is_not_spoken_to() {
    for request in [Request::Ping, Request::Open(1, html("x"), VIEW)] {
        assert_eq!(error("other-version", &request), WorkerError::OtherVersion);
    }
}

#[test]
fn one_that_dies_is_told() {
    for name in ["ends", "ends-in-answer"] {
        assert_eq!(error(name, &Request::Ping), WorkerError::Died, "{name}");
    }
}

#[test]
fn one_that_never_answers_is_killed_in_time() {
    for name in ["silent", "silent-with-children"] {
        let (answer, took) = ask(name, &Request::Ping);
        assert_eq!(answer, Err(WorkerError::TooLong), "{name}");
        assert!(took < Duration::from_millis(2400), "{name}: {took:?}");
    }
    // One that does not even read what it is sent.
    let large = Request::Open(1, html(&"x".repeat(8 << 20)), VIEW);
    let (answer, took) = ask("silent", &large);
    assert_eq!(answer, Err(WorkerError::TooLong));
    assert!((2..5).contains(&took.as_secs()), "{took:?}");
}

#[test]
fn one_that_grows_is_killed_before_it_is_too_large() {
    let open = Request::Open(1, html("x"), VIEW);
    let patience = Duration::from_secs(20);
    let (answer, _) = with("grows", |worker| worker.call_within(&open, patience));
    assert_eq!(answer, Err(WorkerError::TooLarge));
}

#[test]
fn what_is_no_answer_is_broken() {
    let names = ["talks", "long-frame", "other-number", "more-than-a-message", "no-such-answer"];
    for name in names.into_iter().chain(["tile", "endless-sentence"]) {
        assert_eq!(error(name, &Request::Ping), WorkerError::Broken, "{name}");
    }
}

#[test]
fn an_answer_must_fit_what_was_asked() {
    for (name, request) in [
        // Done is no strip, no letter and no place.
        ("polite", Request::Paint(1, 0, 10)),
        ("polite", Request::Open(1, html("x"), VIEW)),
        ("polite", Request::Find(1, "x".into())),
        // A strip from elsewhere, or higher than asked.
        ("tile", Request::Paint(1, 5, 10)),
        ("tile", Request::Paint(1, 0, 0)),
        ("huge-tile", Request::Paint(1, 0, 20_000)),
        ("hit-without-links", Request::Hit(1, (1.0, 1.0))),
        ("stop-without-links", Request::Step(1, STEP)),
        ("endless-stop", Request::Step(1, STEP)),
        ("endless-list", Request::Find(1, "x".into())),
    ] {
        assert_eq!(error(name, &request), WorkerError::Broken, "{name} {request:?}");
    }
}

#[test]
fn a_refusal_is_shown_without_what_would_move_a_terminal() {
    assert_eq!(error("refuses", &Request::Ping), WorkerError::Refused("nono".into()));
}

#[test]
fn of_our_environment_it_gets_what_finds_fonts_and_no_more() {
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some() && std::env::var_os("HOME").is_some());
    let told = WorkerError::Refused("home, no cargo".into());
    assert_eq!(error("environment", &Request::Ping), told);
}
