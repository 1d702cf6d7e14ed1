//! The engine as the window has it: commands go in, events come out.

use goyo::engine::protocol::{Command, Event, Phrases, Start, Writing};
use goyo::engine::{self, Commands, Options};
use goyo::model::{AccountId, Draft, DraftId};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::error::TryRecvError;

/// The engine at work on a profile, and what it tells.
pub struct Window {
    pub commands: Commands,
    events: Receiver<Event>,
}

impl Window {
    /// On this profile.
    pub fn open(profile: &Path) -> Self {
        Self::open_with(profile, super::program())
    }

    /// With another program that draws.
    pub fn open_with(profile: &Path, program: PathBuf) -> Self {
        let options = Options { program: Some(program), ..Options::default() };
        let (commands, events) = engine::start(profile, options).unwrap();
        Self { commands, events }
    }

    /// The first event that is wanted.
    pub fn wait<T>(&mut self, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        let limit = Instant::now() + Duration::from_secs(30);
        while Instant::now() < limit {
            match self.events.try_recv() {
                Ok(event) => {
                    if let Some(found) = wanted(event) {
                        return found;
                    }
                }
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
        panic!("nothing came");
    }

    /// Waits until the engine has ended: how long that took.
    pub fn ends(&mut self) -> Duration {
        let since = Instant::now();
        while since.elapsed() < Duration::from_secs(60) {
            match self.events.try_recv() {
                Ok(_) => {}
                Err(TryRecvError::Disconnected) => {
                    assert!(self.commands.farewell().wait(Duration::from_secs(20)));
                    return since.elapsed();
                }
                Err(TryRecvError::Empty) => std::thread::sleep(Duration::from_millis(2)),
            }
        }
        panic!("it does not end");
    }

    /// Whether it has.
    pub fn has_ended(&self) -> bool {
        self.commands.farewell().wait(Duration::ZERO)
    }

    /// A letter to be written.
    pub fn begin(&mut self, start: Start) -> Writing {
        let phrases = Phrases {
            wrote: "{date} {name} wrote:".into(),
            forwarded: "-- forwarded --".into(),
            labels: ["From", "Date", "Subject", "To", "Cc"].map(str::to_owned),
            ..Phrases::default()
        };
        self.commands.send(Command::Write(1, start, Box::new(phrases)));
        self.wait(|event| match event {
            Event::Writing(1, begun) => Some(*begun.unwrap()),
            _ => None,
        })
    }

    /// Keeps a draft, which must work.
    pub fn save(&mut self, id: DraftId, account: AccountId, draft: Draft) {
        self.commands.send(Command::SaveDraft(id, account, Box::new(draft), 1));
        self.wait(|event| match event {
            Event::DraftSaved(saved, 1) => (saved == id).then_some(()),
            Event::DraftNotSaved(_, why) => panic!("{why}"),
            _ => None,
        });
    }
}

impl Window {
    /// Looks through a draft as it was saved last: which version that is.
    pub fn looked_through(&mut self, id: DraftId) -> i64 {
        self.commands.send(Command::Preflight(id, 7));
        self.wait(|event| match event {
            Event::Preflight(of, 7, version, _) => (of == id).then_some(version),
            _ => None,
        })
    }
}

impl Window {
    /// Waits until the engine is gone.
    pub fn ended(mut self) {
        let limit = Instant::now() + Duration::from_secs(30);
        loop {
            match self.events.try_recv() {
                Err(TryRecvError::Disconnected) => return,
                _ => assert!(Instant::now() < limit, "the engine goes on"),
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
