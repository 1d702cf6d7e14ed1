//! `kill -9` at any moment of telling the server: nothing lost, nothing doubled, and the
//! server ends with what the user saw.
//!
//! `GOYO_KILLS` says how often (20 by default), `GOYO_BIN` which build to kill.

use super::common::desk::{ACCOUNT, Desk};
use super::common::dovecot::{Truth, USER};
use super::common::letters::Dice;
use super::{Doing, LACKING, hex, stage};
use goyo::model::{Act, FlagChange, Flags, LetterId};
use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

const LETTERS: u64 = 40;
const FOLDERS: [&str; 5] = ["INBOX", "Archive", "Junk", "Trash", "Sent"];

/// What lies where with which flags, as the user sees it.
type View = BTreeMap<String, Vec<(String, u32)>>;

fn view(desk: &Desk) -> View {
    let store = desk.store();
    let mut view = View::new();
    for path in FOLDERS {
        let mut letters: Vec<(String, u32)> = store
            .ids(desk.folder(path))
            .unwrap()
            .into_iter()
            .map(|(id, flags)| (hex(&store.raw(id).unwrap()), flags.bits()))
            .collect();
        letters.sort();
        view.insert(path.to_owned(), letters);
    }
    view
}

/// The same of the server.
fn truth(truth: &Truth) -> View {
    let bits = |flags: &[String]| {
        flags.iter().fold(Flags::NONE, |all, flag| match flag.as_str() {
            "\\Seen" => all.with(Flags::SEEN),
            "\\Flagged" => all.with(Flags::FLAGGED),
            "$Junk" => all.with(Flags::JUNK),
            _ => all,
        })
    };
    FOLDERS
        .iter()
        .map(|path| {
            let mut letters: Vec<(String, u32)> = truth[*path]
                .letters
                .values()
                .map(|letter| (letter.sha256.clone(), bits(&letter.flags).bits()))
                .collect();
            letters.sort();
            ((*path).to_owned(), letters)
        })
        .collect()
}

/// A few things a user might do.
fn busy(desk: &Desk, dice: &mut Dice) {
    let store = desk.store();
    for _ in 0..4 {
        let from = desk.folder(FOLDERS[dice.below(5) as usize]);
        let to = desk.folder(FOLDERS[dice.below(5) as usize]);
        let all: Vec<LetterId> = store.ids(from).unwrap().into_iter().map(|(id, _)| id).collect();
        let some: Vec<LetterId> = all.into_iter().filter(|_| dice.below(3) == 0).collect();
        let act = match dice.below(6) {
            0 => Act::Flag(some, FlagChange::flags(Flags::SEEN, Flags::FLAGGED)),
            1 => Act::Flag(some, FlagChange::flags(Flags::FLAGGED, Flags::SEEN)),
            2 => Act::Junk(some),
            3 => Act::Archive(some),
            _ => Act::Move(some, to),
        };
        if let Some(gesture) = store.act(&act).unwrap()
            && dice.below(5) == 0
        {
            store.undo(gesture.id).unwrap();
        }
    }
}

fn kills() -> u64 {
    std::env::var("GOYO_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20)
}

#[test]
fn killed_at_any_moment_nothing_is_lost_and_nothing_doubled() {
    let each = kills().div_ceil(LACKING.len() as u64);
    let mut killed = 0;
    for (seed, without) in LACKING.iter().enumerate() {
        let (server, desk) = stage(without, LETTERS);
        let mut dice = Dice::new(seed as u64 + 1);
        // How long it takes when nobody kills it.
        busy(&desk, &mut dice);
        let started = Instant::now();
        desk.sync();
        let whole = started.elapsed();
        for _ in 0..each {
            busy(&desk, &mut dice);
            let seen = view(&desk);
            // A few in a row, then to the end.
            for _ in 0..=dice.below(3) {
                let mut child = desk
                    .command()
                    .args(["--json", "sync"])
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap();
                let share = dice.below(1000) as f64 / 1000.0;
                std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * share));
                child.kill().unwrap();
                killed += u64::from(!child.wait().unwrap().success());
                assert_eq!(view(&desk), seen, "{without:?}: what the user sees changed");
            }
            desk.sync();
            let account = desk.store().account(ACCOUNT).unwrap().id;
            assert_eq!(desk.store().pending_count(account).unwrap(), 0);
            assert_eq!(truth(&server.truth(USER)), seen, "{without:?}");
            assert_eq!(view(&desk), seen, "{without:?}");
        }
        desk.settled(&server);
    }
    println!("{killed} kills");
}
