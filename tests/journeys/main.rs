//! Journeys (`*.ice`) through the whole program on the sample mailbox: its window without a
//! display, its engine, its process that draws letters. A step that is not possible yet is
//! tried again for a while, as a user waits for what is coming.
#![cfg(feature = "window-tests")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use goyo::demo::Demo;
use goyo::engine;
use goyo::gui::{Started, program};
use goyo::handover::Wish;
use iced::futures::StreamExt as _;
use iced::futures::channel::mpsc;
use iced_test::emulator::{Emulator, Event};
use iced_test::{Ice, Instruction};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long any step may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is tried.
const AGAIN: Duration = Duration::from_millis(50);

/// Goes through a journey in this language, as the demo looks to whoever chose it.
fn goes(name: &str, language: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/journeys").join(name);
    let journey = Ice::parse(&std::fs::read_to_string(&path).unwrap()).expect(name);
    assert!(journey.instructions.len() > 5, "{name}");
    let demo = Arc::new(Demo::start().unwrap());
    let liked = format!(r#"{{"language":"{language}","light":"light"}}"#);
    std::fs::write(demo.profile().join("window.json"), liked).unwrap();
    let options =
        engine::Options { program: Some(env!("CARGO_BIN_EXE_goyo").into()), ..demo.options() };
    let (commands, events) = engine::start(demo.profile(), options).unwrap();
    let started = Started {
        profile: demo.profile().to_owned(),
        commands: commands.clone(),
        events,
        demo: Some(demo),
        wish: Wish::Raise,
        asked: None,
    };
    let program = program(started);
    let (sender, mut told) = mpsc::channel(100);
    let mut window = Emulator::new(sender, &program, journey.mode, journey.viewport);
    let mut left = journey.instructions.into_iter();
    let mut now: Option<Instruction> = None;
    let mut since = Instant::now();
    loop {
        match iced::futures::executor::block_on(told.next()).expect("the window ended") {
            Event::Action(action) => window.perform(&program, action),
            Event::Ready => {
                let Some(next) = left.next() else { break };
                since = Instant::now();
                now = Some(next.clone());
                window.run(&program, next);
            }
            Event::Failed(step) => {
                assert!(since.elapsed() < PATIENCE, "{name}: never: {step}");
                assert_eq!(now.as_ref(), Some(&step));
                // What came meanwhile is taken first.
                let until = Instant::now() + AGAIN;
                while Instant::now() < until {
                    match told.try_recv() {
                        Ok(Event::Action(action)) => window.perform(&program, action),
                        Ok(Event::Ready | Event::Failed(_)) => {}
                        Err(_) => std::thread::sleep(Duration::from_millis(2)),
                    }
                }
                window.run(&program, step);
            }
        }
    }
    commands.send(engine::protocol::Command::Quit);
    commands.farewell().wait(PATIENCE);
}

#[test]
fn a_letter_is_read_and_archived_and_that_is_taken_back() {
    goes("archive.ice", "ko");
}

#[test]
fn korean_is_found_in_the_middle_of_a_word() {
    goes("search.ice", "ko");
}

#[test]
fn the_language_is_changed_while_it_runs() {
    goes("language.ice", "en");
}

#[test]
fn pictures_are_shown_once_and_trackers_still_are_not() {
    goes("pictures.ice", "en");
}
