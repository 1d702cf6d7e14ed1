//! Any moment: Goyo is killed while it syncs what the user did, and a second program changes
//! the same mailbox meanwhile. `GOYO_SEED` begins elsewhere.
//!
//! Who may do what, so that it is known what must come of it: letters with even numbers are
//! put elsewhere by the user, those with odd ones by the other program, and on servers with
//! MOVE every third by both: that one must then lie somewhere, once. Flags are set by both.

use super::ground::{Ground, Play, Scene, View, ended, held};
use super::scenes::stood;
use super::{LACKING, Runs, kills};
use crate::common::desk::hex;
use crate::common::letters::{Dice, letter};
use goyo::model::{Act, FlagChange, Flags, LetterId};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

const FOLDERS: [&str; 5] = ["INBOX", "Work", "Old", "Archive", "Trash"];
/// Points that are died at, where it is not just any moment.
const POINTS: [&str; 10] = [
    "store:sending:after",
    "store:confirm:before",
    "store:confirm:after",
    "store:apply:before",
    "store:apply:after",
    "apply:flags",
    "imap:UID MOVE:leaving",
    "imap:UID MOVE:left",
    "imap:UID MOVE:answered",
    "imap:STATUS:left",
];
/// The same where MOVE is COPY, STORE and EXPUNGE.
const POINTS_OF_COPIES: [&str; 10] = [
    "store:sending:after",
    "store:copied:before",
    "store:copied:after",
    "store:confirm:before",
    "store:apply:before",
    "imap:UID COPY:leaving",
    "imap:UID COPY:left",
    "imap:UID COPY:answered",
    "imap:UID STORE:answered",
    "imap:UID STORE:left",
];

/// Whose letter it is to put elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Users,
    Others,
    Both,
}

fn whose(number: u64, can_move: bool) -> Whose {
    match (number % 3, number % 2) {
        (0, _) if can_move => Whose::Both,
        (_, 0) => Whose::Users,
        _ => Whose::Others,
    }
}

/// What is known of the mailbox.
struct Model {
    can_move: bool,
    numbers: BTreeMap<String, u64>,
    next: u64,
    /// Letters only the other program puts elsewhere, and those that it has removed.
    gone: Vec<u64>,
    others: BTreeMap<u64, String>,
}

impl Model {
    fn new(scene: &View, can_move: bool) -> Self {
        let numbers: BTreeMap<String, u64> =
            (0..100).chain(1000..1100).map(|number| (hex(&letter(number)), number)).collect();
        let mut others = BTreeMap::new();
        for (folder, letters) in scene {
            for (sha, _) in letters {
                others.insert(numbers[sha], folder.clone());
            }
        }
        Self { can_move, numbers, next: 1000, gone: Vec::new(), others }
    }

    /// Numbers of what lies where, of letters that are so-and-so's.
    fn of(&self, view: &View, whose_letters: Whose) -> BTreeMap<u64, Vec<String>> {
        let mut places: BTreeMap<u64, Vec<String>> = BTreeMap::new();
        for (folder, letters) in view {
            for (sha, _) in letters {
                let number = self.numbers[sha];
                if whose(number, self.can_move) == whose_letters {
                    places.entry(number).or_default().push(folder.clone());
                }
            }
        }
        places
    }
}

/// The user does a few things, with letters the user may.
fn user_acts(play: &Play<'_>, model: &Model, dice: &mut Dice) {
    let store = play.desk.store();
    for _ in 0..=dice.below(3) {
        let from = play.folder(dice.pick(&FOLDERS));
        let to = play.folder(dice.pick(&FOLDERS));
        let all = store.ids(from).unwrap();
        let number = |id: LetterId| model.numbers[&hex(&store.raw(id).unwrap())];
        let mut some: Vec<LetterId> = Vec::new();
        for (id, _) in all {
            let theirs = whose(number(id), model.can_move) == Whose::Others;
            if !theirs && dice.below(2) == 0 {
                some.push(id);
            }
        }
        let act = match dice.below(8) {
            0 => Act::Flag(some, FlagChange::flags(Flags::SEEN, Flags::FLAGGED)),
            1 => Act::Flag(some, FlagChange::flags(Flags::FLAGGED, Flags::SEEN)),
            2 => Act::Archive(some),
            3 => Act::Copy(some.into_iter().filter(|id| users(model, number(*id))).collect(), to),
            4 => Act::DeleteForGood(
                some.into_iter().filter(|id| users(model, number(*id))).take(1).collect(),
            ),
            _ => Act::Move(some, to),
        };
        if let Some(gesture) = store.act(&act).unwrap()
            && dice.below(6) == 0
            && gesture.can_undo
        {
            store.undo(gesture.id).unwrap();
        }
    }
}

fn users(model: &Model, number: u64) -> bool {
    whose(number, model.can_move) == Whose::Users
}

/// The second program does one thing.
fn other_acts(play: &mut Play<'_>, model: &mut Model, dice: &mut Dice) {
    match dice.below(6) {
        0 => {
            // Its own only, so that it is known where it must be.
            let mut number = model.next;
            while whose(number, model.can_move) != Whose::Others {
                number += 1;
            }
            model.next = number + 1;
            if number < 1100 {
                let user = play.user.clone();
                play.ground.hands.append(&user, "INBOX", [letter(number)]);
                model.others.insert(number, "INBOX".into());
            }
        }
        1 | 2 => {
            // Flags of any letters.
            let folder = dice.pick(&FOLDERS);
            let uid = 1 + dice.below(12);
            let uids = format!("{uid}:{}", uid + 2);
            play.other(
                json!({"do": "store", "folder": folder, "uids": uids, "add": ["\\Answered"]}),
            );
        }
        _ => {
            let known: Vec<u64> = model.others.keys().copied().collect();
            let number = known[dice.below(known.len() as u64) as usize];
            let owner = whose(number, model.can_move);
            if owner == Whose::Users {
                return;
            }
            let from = match owner {
                Whose::Others => model.others[&number].clone(),
                _ => (*dice.pick(&FOLDERS)).to_owned(),
            };
            let query = format!("HEADER Message-ID <letter-{number}@test.example>");
            let found = play.other(json!({"do": "search", "folder": from, "query": query}));
            let Some(uid) = found["uids"][0].as_u64() else {
                assert_ne!(owner, Whose::Others, "letter {number} is not in {from}");
                return;
            };
            let uid = uid.to_string();
            if owner == Whose::Others && dice.below(4) == 0 {
                play.other(json!({"do": "delete_letters", "folder": from, "uids": uid}));
                model.others.remove(&number);
                model.gone.push(number);
                return;
            }
            let to = (*dice.pick(&FOLDERS)).to_owned();
            if to != from {
                play.other(json!({"do": "move", "folder": from, "uids": uid, "to": to}));
                model.others.insert(number, to);
            }
        }
    }
}

/// One run; how often Goyo was killed, and how often too late.
fn run(ground: &mut Ground, scene: &Scene, seed: u64, without: &[&str]) -> (usize, usize) {
    let can_move = !without.contains(&"MOVE");
    let tells_which = !without.contains(&"UIDPLUS");
    let points = if can_move { &POINTS } else { &POINTS_OF_COPIES };
    let mut dice = Dice::new(seed);
    let mut play = ground.copy(scene);
    let mut model = Model::new(&play.view(), can_move);
    let (mut killed, mut missed) = (0, 0);
    for round in 0..=dice.below(3) {
        if round == 0 || dice.below(2) == 0 {
            user_acts(&play, &model, &mut dice);
        }
        let seen = model.of(&play.view(), Whose::Users);
        let at = match dice.below(2) {
            0 => None,
            _ => Some(format!("{}#{}", dice.pick(points), 1 + dice.below(2))),
        };
        let verb: &[&str] = if dice.below(4) == 0 { &["sync", "--watch"] } else { &["sync"] };
        let mut child = play.spawn(verb, at.as_deref());
        for _ in 0..dice.below(3) {
            std::thread::sleep(Duration::from_millis(dice.below(20)));
            other_acts(&mut play, &mut model, &mut dice);
        }
        match at {
            Some(_) if verb.len() == 1 => drop(ended(&mut child)),
            _ => std::thread::sleep(Duration::from_millis(dice.below(80))),
        }
        let _ = child.kill();
        match ended(&mut child).success() {
            true => missed += 1,
            false => killed += 1,
        }
        assert_eq!(model.of(&play.view(), Whose::Users), seen, "what the user sees changed");
    }
    let seen = model.of(&play.view(), Whose::Users);
    // Where only EXPUNGE removes letters, those that the other program was just about to
    // remove were in the way: it is tried again later.
    let later: Option<fn(&mut Play<'_>)> = Some(|play| play.an_hour_later());
    let truth = held(&play.recovers(later.filter(|_| !tells_which)));
    let plain: View = truth
        .into_iter()
        .map(|(name, letters)| (name.replace(" (unsubscribed)", ""), letters))
        .collect();
    assert_eq!(model.of(&plain, Whose::Users), seen, "the user's letters");
    let theirs: BTreeMap<u64, Vec<String>> = model
        .others
        .iter()
        .filter(|(number, _)| whose(**number, can_move) == Whose::Others)
        .map(|(number, folder)| (*number, vec![folder.clone()]))
        .collect();
    assert_eq!(model.of(&plain, Whose::Others), theirs, "the other program's letters");
    for (number, places) in model.of(&plain, Whose::Both) {
        assert_eq!(places.len(), 1, "letter {number} lies in {places:?}");
    }
    let both = |number: &&u64| whose(**number, can_move) == Whose::Both;
    let there = model.of(&plain, Whose::Both).len();
    assert_eq!(there, model.others.keys().filter(both).count(), "letters of both");
    play.leave();
    (killed, missed)
}

fn drive(kind: usize) {
    let without = LACKING[kind];
    let wanted = (kills() * 2 / 5).div_ceil(LACKING.len());
    let from: u64 = std::env::var("GOYO_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut ground = Ground::new(without, 20_000);
    let mut play = ground.play();
    stood(&mut play);
    let scene = play.into_scene();
    let mut runs = Runs::new(format!("{without:?}, any moment"));
    let mut seed = from + kind as u64 * 1_000_000;
    while runs.killed < wanted {
        let label = format!("seed {seed}");
        let run = runs.try_to(&label, || run(&mut ground, &scene, seed, without));
        if let Some((killed, missed)) = run {
            runs.killed += killed;
            runs.missed += missed;
        }
        seed += 1;
        if seed.is_multiple_of(20) {
            println!("{without:?} seed {seed}: {runs}");
        }
    }
    runs.end();
}

crate::on_every_server!(drive);
