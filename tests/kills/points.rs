//! Every point by its name: each write of sync and of the journal, each command, each hit.

use super::ground::{Ground, Play, Scene, View, held};
use super::scenes::{ACTED, MANY, Plan, SYNCED};
use super::{LACKING, Runs, kills};
use crate::common::letters::Dice;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where each write is reached: its function, what the server lacks (in [`LACKING`]), the
/// plan.
const REACHED: &[(&str, usize, &str)] = &[
    ("act", 0, "goyo folder delete"),
    ("append", 0, "keep a draft"),
    ("undo", 0, "goyo undo"),
    ("apply", 0, "first"),
    ("apply", 0, "headers"),
    ("drop_orphans", 0, "renumbered"),
    ("forget_uids", 0, "renumbered"),
    ("meet_mailboxes", 0, "first"),
    ("remove_mailbox", 0, "changes"),
    ("rename_mailbox", 0, "changes"),
    ("sending", 2, "move"),
    ("copied", 2, "move"),
    ("confirm", 2, "move"),
    ("confirm_leaving", 2, "where another has marked letters"),
    ("put_off", 2, "where another has marked letters"),
    ("unplaced", 0, "where letters have gone"),
    ("gone", 0, "where letters have gone"),
    ("folder_gone", 0, "where folders have gone"),
    ("refuse", 0, "where folders have gone"),
    ("renumbered", 0, "where letters are renumbered"),
    ("found", 0, "where letters are renumbered"),
    ("named", 0, "rename a folder"),
    // Of other rooms.
    ("train", 0, "many"),
];

/// Points at which something once was left behind.
const ONCE: &[(&str, usize, &str)] = &[
    // Folders that nobody was subscribed to.
    ("imap:SUBSCRIBE:leaving#1", 0, "create a folder"),
    ("imap:RENAME:answered#1", 0, "rename a folder"),
    ("imap:UNSUBSCRIBE:leaving#1", 0, "rename a folder"),
    // Letters marked for removal by one half of a move that kept another from its end.
    ("imap:UID SEARCH:leaving#1", 2, "both at once"),
];

/// Writes that no real server brings about at our bidding, and where they are broken off
/// instead.
const ELSEWHERE: &[&str] = &[
    // A server that refuses STORE or EXPUNGE: `src/engine/intents/tests`.
    "flags_seen",
    "left_behind",
    "uncopied",
    // What the window does in parts, each as a verb does the whole: the same place.
    "go_on",
    "put_by",
    "stopped",
    "settle",
    "withdraw",
    "forget",
    // A setting.
    "set_policy",
    // A server that gives UIDs twice, and a folder of more than ten thousand letters without
    // CONDSTORE: `tests/sync`, where nobody dies at them.
    "doubt_uids",
    "flags_compared",
];

/// Rooms in which every write must be in one of the two lists.
const ROOMS: [&str; 2] = ["src/store/mailbox", "src/store/intents"];

/// Commands that change something there.
const TELLING: [&str; 10] = [
    "UID STORE",
    "UID COPY",
    "UID MOVE",
    "UID EXPUNGE",
    "EXPUNGE",
    "APPEND",
    "CREATE",
    "DELETE",
    "RENAME",
    "SUBSCRIBE",
];

/// What happens when nobody dies: the points that are passed, and what the server has then.
fn reference(
    ground: &mut Ground,
    scene: &Scene,
    verb: &[&str],
    then: Option<fn(&mut Play<'_>)>,
) -> (Vec<String>, View) {
    let mut play = ground.copy(scene);
    let trace = play.desk.home.path("trace");
    let mut command = play.command(verb);
    let output = command.env("GOYO_FAIL_TRACE", &trace).output().unwrap();
    // 1: something was taken back.
    let fine = matches!(output.status.code(), Some(0 | 1));
    assert!(fine, "{verb:?}: {}", String::from_utf8_lossy(&output.stderr));
    let passed = std::fs::read_to_string(&trace).unwrap();
    let truth = play.recovers(then);
    play.leave();
    (passed.lines().map(str::to_owned).collect(), held(&truth))
}

/// Points and the how-manyeth time, of what was passed: all that may leave something
/// different behind. Between two writes it makes no difference which answer was read last.
fn places(passed: &[String]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in passed {
        *counts.entry(name).or_default() += 1;
    }
    let mut places = Vec::new();
    for (name, times) in counts {
        let verb = name.strip_prefix("imap:").and_then(|rest| rest.rsplit_once(':'));
        let telling = verb.is_none_or(|(verb, _)| TELLING.contains(&verb) || verb == "literal");
        let times = if telling { times } else { 1 };
        // Letters are alike.
        let step = if name == "letter:brought" { 5 } else { 1 };
        places.extend((1..=times).step_by(step).map(|hit| (name.to_owned(), hit)));
    }
    places
}

/// A plan on a server.
struct Driven {
    scene: Scene,
    verb: Vec<String>,
    then: Option<fn(&mut Play<'_>)>,
    passed: Vec<String>,
    /// What the server may have in the end: what it had, if an act died before it was
    /// written; what it was told.
    before: Option<View>,
    after: View,
}

impl Driven {
    fn new(ground: &mut Ground, plan: &Plan) -> Self {
        let (scene, verb) = plan.scene(ground);
        let before = (verb != ["sync"]).then(|| {
            let mut play = ground.copy(&scene);
            let truth = play.recovers(plan.then);
            play.leave();
            held(&truth)
        });
        let words: Vec<&str> = verb.iter().map(String::as_str).collect();
        let (passed, after) = reference(ground, &scene, &words, plan.then);
        Self { scene, verb, then: plan.then, passed, before, after }
    }

    /// Dies there, and is started again; whether it did die.
    fn run(&self, ground: &mut Ground, name: &str, hit: usize) -> bool {
        let mut play = ground.copy(&self.scene);
        let verb: Vec<&str> = self.verb.iter().map(String::as_str).collect();
        let died = play.dies(&verb, &format!("{name}#{hit}"));
        let view = held(&play.recovers(self.then));
        let unwritten = self.before.as_ref() == Some(&view) && !name.ends_with(":after");
        assert!(unwritten || view == self.after, "there is {view:#?}\nnot {:#?}", self.after);
        play.leave();
        died
    }
}

fn plans() -> impl Iterator<Item = &'static Plan> {
    SYNCED.iter().chain(ACTED)
}

/// Kills at all points of all plans, or at some of them.
fn drive(kind: usize) {
    let without = LACKING[kind];
    let budget = kills() * 3 / 5 / LACKING.len();
    let every = kills() >= 5000;
    let survey = std::env::var_os("GOYO_SURVEY").is_some();
    let only = std::env::var("GOYO_SCENE").ok();
    let mut ground = Ground::new(without, 20_000);
    let mut runs = Runs::new(format!("{without:?}"));
    let mut dice = Dice::new(kind as u64);
    let mut reached = BTreeSet::new();
    let mine: Vec<&Plan> = plans()
        .enumerate()
        .filter(|(at, plan)| match &only {
            Some(only) => only.split(';').any(|only| only == plan.name),
            None => every || survey || at % LACKING.len() == kind,
        })
        .map(|(_, plan)| plan)
        .collect();
    let each = budget.div_ceil(mine.len().max(1));
    for plan in mine {
        let Some(driven) = runs.try_to(plan.name, || Driven::new(&mut ground, plan)) else {
            continue;
        };
        reached.extend(driven.passed.iter().cloned());
        let mut places = places(&driven.passed);
        while !every && places.len() > each {
            places.swap_remove(dice.below(places.len() as u64) as usize);
        }
        for (name, hit) in places {
            let label = format!("{} at {name}#{hit}", plan.name);
            if let Some(died) = runs.try_to(&label, || driven.run(&mut ground, &name, hit)) {
                runs.count(died);
            }
        }
        println!("{without:?} {}: {runs}", plan.name);
    }
    if survey {
        println!("{without:?}: {reached:#?}");
    }
    runs.end();
}

crate::on_every_server!(drive);

/// Functions in which a room writes.
fn writes_of(room: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(room)).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut function = "";
        for line in text.lines() {
            if let Some((_, rest)) = line.split_once("fn ") {
                function = rest.split(['(', '<']).next().unwrap();
            }
            if line.contains(".write(|") || line.contains(".write_durably(|") {
                found.insert(function.to_owned());
            }
        }
    }
    found
}

#[test]
fn nothing_is_left_behind_where_something_once_was() {
    let mut runs = Runs::new("once".into());
    for (kind, without) in LACKING.into_iter().enumerate() {
        let mine: Vec<_> = ONCE.iter().filter(|(_, of, _)| *of == kind).collect();
        if mine.is_empty() {
            continue;
        }
        let mut ground = Ground::new(without, 100);
        for (point, _, name) in mine {
            let plan = plans().find(|plan| plan.name == *name).unwrap();
            let driven = Driven::new(&mut ground, plan);
            let (name, hit) = point.rsplit_once('#').unwrap();
            let hit = hit.parse().unwrap();
            let label = format!("{} at {point}", plan.name);
            let died = runs.try_to(&label, || driven.run(&mut ground, name, hit));
            assert_ne!(died, Some(false), "{label} is not passed");
            runs.count(died == Some(true));
        }
    }
    runs.end();
}

#[test]
fn every_write_is_reached_and_died_at() {
    let written: BTreeSet<String> = ROOMS.into_iter().flat_map(writes_of).collect();
    let listed: BTreeSet<String> = REACHED
        .iter()
        .map(|(name, _, _)| *name)
        .chain(ELSEWHERE.iter().copied())
        .map(str::to_owned)
        .collect();
    let forgotten: Vec<&String> = written.difference(&listed).collect();
    assert!(forgotten.is_empty(), "writes that nobody dies at: {forgotten:?}");
    assert!(ELSEWHERE.iter().all(|name| written.contains(*name)), "one that is no more");
    let mut runs = Runs::new("every write".into());
    for (kind, without) in LACKING.into_iter().enumerate() {
        let mine: Vec<_> = REACHED.iter().filter(|(_, of, _)| *of == kind).collect();
        if mine.is_empty() {
            continue;
        }
        let mut ground = Ground::new(without, 2_000);
        let names: BTreeSet<&str> = mine.iter().map(|(_, _, plan)| *plan).collect();
        for plan in plans().chain([&MANY]).filter(|plan| names.contains(plan.name)) {
            let driven = Driven::new(&mut ground, plan);
            for (write, _, _) in mine.iter().filter(|(_, _, of)| *of == plan.name) {
                for moment in ["before", "after"] {
                    let name = format!("store:{write}:{moment}");
                    let times = driven.passed.iter().filter(|passed| **passed == name).count();
                    assert!(times > 0, "{} does not come by {name}", plan.name);
                    let hits: BTreeSet<usize> = [1, times].into();
                    for hit in hits {
                        let label = format!("{} at {name}#{hit}", plan.name);
                        let died = runs.try_to(&label, || driven.run(&mut ground, &name, hit));
                        runs.count(died == Some(true));
                    }
                }
            }
        }
    }
    runs.end();
}
