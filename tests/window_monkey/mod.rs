//! Hands that know nothing: keys, clicks, the wheel, drags and other sizes, at random but
//! always the same. Nothing breaks, and what was opened still opens. `tests/monkey/run` does
//! twenty thousand times as much with the real program.

use super::window_stage::{LETTER, Stage, letter, row};
use goyo::engine::protocol::{Command, Event};
use goyo::gui::screen::mail::{Action, Message, Read};
use iced::Size;
use iced::keyboard::{Key, Modifiers, key::Named};
use std::sync::Arc;

/// Events of one journey.
const EVENTS: usize = 150;

/// Numbers at random, always the same (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    fn point(&mut self, size: Size) -> (f32, f32) {
        let mut within = |most: f32| self.below(most as u64) as f32;
        (within(size.width), within(size.height))
    }
}

const NAMED: [Named; 16] = [
    Named::ArrowDown,
    Named::ArrowDown,
    Named::ArrowUp,
    Named::ArrowLeft,
    Named::ArrowRight,
    Named::Enter,
    Named::Enter,
    Named::Escape,
    Named::Tab,
    Named::PageDown,
    Named::Home,
    Named::End,
    Named::Backspace,
    Named::Delete,
    Named::Space,
    Named::ContextMenu,
];
const WRITTEN: &str = "abcdefghijklmnoprstuvwxyz/?#[],.ㅊㅎ가";

fn does(stage: &mut Stage, dice: &mut Dice) {
    let size = stage.state.window;
    match dice.below(20) {
        0..=4 => stage.key(dice.one(&NAMED)),
        5..=7 => {
            let signs: Vec<char> = WRITTEN.chars().collect();
            stage.character(&dice.one(&signs).to_string());
        }
        8 => {
            let keys: Vec<Key> = "abcdefklmnprsvxz,1"
                .chars()
                .map(|sign| Key::Character(sign.to_string().into()))
                .collect();
            let key = keys[dice.below(keys.len() as u64) as usize].clone();
            let held =
                [Modifiers::COMMAND, Modifiers::SHIFT, Modifiers::COMMAND | Modifiers::SHIFT];
            stage.pressed(key, dice.one(&held));
        }
        9 => stage.named(dice.one(&NAMED), Modifiers::SHIFT),
        10..=13 => {
            let (x, y) = dice.point(size);
            stage.click_at(x, y);
        }
        14 => stage.right_click_row(dice.below(7) as usize),
        15..=16 => {
            let (x, y) = dice.point(size);
            stage.wheel(x, y, dice.below(12) as i32 - 4);
        }
        17..=18 => {
            let (from, to) = (dice.point(size), dice.point(size));
            stage.drag(from, to);
        }
        _ => {
            let (width, height) = (dice.below(1300) + 320, dice.below(800) + 240);
            stage.send(Message::Resized(Size::new(width as f32, height as f32)));
        }
    }
}

/// The store and the engine answer what was asked since last time, as far as they read
/// letters; the rest they leave.
fn answer(stage: &mut Stage, answered: &mut usize) {
    while *answered < stage.actions.len() {
        let action = stage.actions[*answered].clone();
        *answered += 1;
        match action {
            Action::Ask(Command::Open(doc, id, _)) => {
                stage.happens(Event::Opened(doc, Arc::new(letter(id, LETTER))));
            }
            Action::Read(
                Read::Page(generation, _, first) | Read::Sorted((generation, _), _, _, first),
            ) => {
                let rows = (first..first + 100).map(|at| row(at as i64)).collect();
                stage.send(Message::Page(generation, first, Ok((rows, 5_000))));
            }
            Action::Read(Read::Search(generation, _)) => {
                stage.send(Message::Found(generation, Ok((0..20).map(row).collect())));
            }
            Action::SearchSoon(typed) => stage.send(Message::SearchDue(typed)),
            _ => {}
        }
    }
}

fn plays(seed: u64) {
    let (mut stage, mut dice, mut answered) = (Stage::with_rows(60), Dice(seed), 0);
    for _ in 0..EVENTS {
        does(&mut stage, &mut dice);
        answer(&mut stage, &mut answered);
    }
    // It can be got out of whatever was got into, and a letter opens.
    stage.send(Message::Resized(Size::new(1280.0, 800.0)));
    assert!(!stage.texts().is_empty(), "seed {seed}: nothing is shown");
    for _ in 0..12 {
        stage.key(Named::Escape);
        answer(&mut stage, &mut answered);
    }
    stage.send(Message::PlaceChosen(goyo::gui::screen::mail::Place::All));
    answer(&mut stage, &mut answered);
    stage.send(Message::RowChosen(2));
    answer(&mut stage, &mut answered);
    let open = stage.state.open.as_ref().and_then(|open| open.id);
    assert_eq!(open, Some(row(2).letter.id), "seed {seed}");
}

#[test]
fn a_monkey_breaks_nothing() {
    plays(20_261_122);
}

#[test]
fn another_monkey_breaks_nothing() {
    plays(0x0a51_e77e);
}

#[test]
fn a_third_one_neither() {
    plays(3);
}
