//! How fluent the window is while letters arrive: `benches/arriving.py` starts a server and
//! runs this on a profile with one account.
//!
//! A frame is everything the window's thread does: what was told to the screen and follows
//! from it, the view, its layout, and painting it in software at 1280 × 800, whole, as the
//! program does (`App::style`); with `GOYO_PAINT=parts` only what of it changed. Frames
//! follow each other every 16 ms while letters arrive; the list is scrolled all the while,
//! and a letter is opened now and then. What is read in the store is read as the program
//! does it, on other threads.
//!
//! Beside the frames it holds what is said against what is so: letters that were said to
//! have come against those that lie in the store whole, and the time it was said to take
//! against the time it took.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod frame;

use frame::window::Window;
use frame::{busy, line, share};
use goyo::engine::protocol::{Command, Event};
use goyo::engine::sync::SyncEvent;
use goyo::gui::screen::mail::Message;
use goyo::model::FolderId;
use iced::{Event as Input, mouse};
use rusqlite::{Connection, OpenFlags};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const FRAME: Duration = Duration::from_millis(16);

/// What was said of the letters, and what was so.
#[derive(Default)]
struct Said {
    /// When, how many of how many, how long it was to take yet.
    at: Vec<(Instant, FolderId, u64, u64, Option<Duration>)>,
    /// Said, and in the store at that moment or just after.
    beside: Vec<(u64, u64)>,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let [profile, program, expected] = &args[..] else {
        println!("run by benches/arriving.py: PROFILE PROGRAM LETTERS");
        return;
    };
    let (profile, expected) = (PathBuf::from(profile), expected.parse::<u64>().unwrap());
    let store = profile.join("mail.sqlite");
    let mut window = Window::open(&profile, program);
    let truth = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let (mut frames, mut busies) = (Vec::new(), Vec::new());
    let (mut told, mut changed, mut reads_made) = (0_u64, 0_u64, 0_u64);
    let mut said = Said::default();
    let (mut since, mut idle) = (None, false);
    let mut turn = 0_u64;
    let begun = Instant::now();
    while !idle && begun.elapsed() < Duration::from_secs(900) {
        let next = Instant::now() + FRAME;
        let mut messages: Vec<Message> = window.read.try_iter().collect();
        reads_made += messages.len() as u64;
        while let Ok(event) = window.events.try_recv() {
            told += 1;
            match &event {
                Event::Changed(_) => changed += 1,
                Event::Sync(_, SyncEvent::Progress(progress)) => {
                    since.get_or_insert_with(Instant::now);
                    said.at.push((
                        Instant::now(),
                        progress.folder,
                        progress.letters,
                        progress.letters_total,
                        progress.left,
                    ));
                }
                Event::Sync(_, SyncEvent::Idle) => idle = true,
                _ => {}
            }
            messages.push(Message::Engine(event));
        }
        messages.extend(window.due());
        turn += 1;
        let down = if (turn / 60).is_multiple_of(2) { -1.0 } else { 1.0 };
        let delta = mouse::ScrollDelta::Lines { x: 0.0, y: down };
        let wheel = Input::Mouse(mouse::Event::WheelScrolled { delta });
        if turn.is_multiple_of(120) && window.state.list.total.unwrap_or(0) > 5 {
            messages.push(Message::RowChosen(window.state.list.window().in_sight().start + 1));
        }
        let (wall, cpu) = (Instant::now(), busy());
        messages.into_iter().for_each(|message| window.told(message));
        let follows = window.frame(&[wheel]);
        follows.into_iter().for_each(|message| window.told(message));
        let (wall, cpu) = (wall.elapsed(), busy().saturating_sub(cpu));
        if since.is_some() {
            frames.push(wall);
            busies.push(cpu);
        }
        // Beside the frames: what is said, and what is so.
        if turn.is_multiple_of(30)
            && let Some((_, folder, letters, ..)) = said.at.last()
        {
            let whole: i64 = truth
                .query_row(
                    "SELECT count(*) FROM place p JOIN mail m ON m.id = p.mail_id
                     WHERE p.folder_id = ? AND m.props & 8 = 0",
                    [folder.0],
                    |row| row.get(0),
                )
                .unwrap();
            said.beside.push((*letters, whole.unsigned_abs()));
        }
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    let took = since.map_or(Duration::ZERO, |since| since.elapsed());
    window.commands.send(Command::Quit);
    println!(
        "{expected} letters in {:.1} s; {told} events, {changed} of changes, {reads_made} answers of the store",
        took.as_secs_f64()
    );
    println!("{} frames while they came", frames.len());
    line("frame", &mut frames);
    line("processor time of it", &mut busies);
    line("  view and layout", &mut window.parts[0]);
    line("  painting", &mut window.parts[1]);
    window.painted.sort_unstable();
    let middle = window.painted.get(window.painted.len() / 2).copied().unwrap_or(0);
    println!(
        "painted: half of the frames at least {:.0} % of the window",
        f64::from(middle) / 10_240.0
    );
    let total: i64 = truth.query_row("SELECT count(*) FROM place", [], |row| row.get(0)).unwrap();
    println!("in the store: {total}");
    let Some((_, _, letters, all, _)) = said.at.last().copied() else { return };
    println!("said at the end: {letters} / {all}");
    let (mut ahead, mut behind) = (0_i64, 0_i64);
    for (letters, whole) in &said.beside {
        let more = *letters as i64 - *whole as i64;
        ahead = ahead.max(more);
        behind = behind.max(-more);
    }
    println!(
        "said to have come, not in the store yet: at most {ahead}; there, not said yet: at most {behind}"
    );
    let mut steps = said.at.windows(2);
    let falls = steps.any(|pair| pair[1].1 == pair[0].1 && pair[1].2 < pair[0].2);
    println!("what was said ever went back: {falls}");
    let half =
        said.at.iter().find(|(_, _, letters, all, left)| letters * 2 >= *all && left.is_some());
    if let (Some((at, _, _, _, Some(left))), Some((end, ..))) = (half, said.at.last()) {
        let was = end.duration_since(*at);
        println!(
            "time left, said half-way: {:.1} s; it was {:.1} s",
            left.as_secs_f64(),
            was.as_secs_f64()
        );
    }
    let fluent = share(&frames, 0.99) <= 16.0;
    let true_to_it = total.unsigned_abs() == expected && letters == all && !falls;
    println!("p99 <= 16 ms: {fluent}; progress true: {true_to_it}");
    std::process::exit(if fluent && true_to_it { 0 } else { 1 });
}
