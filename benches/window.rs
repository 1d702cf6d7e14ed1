//! What the window's thread takes in a large mailbox: `benches/window.py` makes one and runs
//! this on it, `PROFILE PROGRAM [ONLY]`.
//!
//! A frame is what `benches/arriving.rs` calls one: what was told to the screen and follows
//! from it, the view, its layout, and painting it whole in software at 1280 × 800. It comes
//! every 16 ms while something is scrolled or typed, and at once where somebody waits for a
//! folder or a letter. Both are said by the clock, which counts what else the machine does,
//! and as processor time of this thread.
//!
//! Exits with 1 where a target is missed by the clock.
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
use goyo::engine::protocol::Command;
use goyo::gui::screen::mail::{Field, Message, Place};
use goyo::gui::widget::rows::Scroll;
use iced::keyboard::{self, Key, Modifiers, key};
use iced::{Event as Input, Point, mouse};
use std::path::Path;
use std::time::{Duration, Instant};

const FRAME: Duration = Duration::from_millis(16);
const PATIENCE: Duration = Duration::from_secs(30);
/// Over the list, and over the letter.
const LIST: Point = Point::new(400.0, 400.0);
const LETTER: Point = Point::new(900.0, 600.0);

/// What is typed into the search: words of the made-up letters, common and rare.
const TYPED: [&str; 8] = [
    "회의 일정",
    "version",
    "프로젝트 계획",
    "the",
    "from:kim",
    "배송",
    "error report",
    "비밀번호",
];

/// Times of one kind, and what they may take.
struct Figure {
    name: &'static str,
    /// The share that must keep to the target, and the target in milliseconds.
    target: Option<(f64, f64)>,
    clock: Vec<Duration>,
    thread: Vec<Duration>,
}

impl Figure {
    fn new(name: &'static str, target: Option<(f64, f64)>) -> Self {
        Self { name, target, clock: Vec::new(), thread: Vec::new() }
    }

    fn add(&mut self, (clock, thread): (Duration, Duration)) {
        self.clock.push(clock);
        self.thread.push(thread);
    }

    /// Says it; whether it is reached.
    fn said(mut self) -> bool {
        line(self.name, &mut self.clock);
        line("  processor time", &mut self.thread);
        let Some((of, target)) = self.target else { return true };
        let (clock, thread) = (share(&self.clock, of), share(&self.thread, of));
        let said = |is| if is { "reached" } else { "MISSED" };
        println!(
            "  {} times; p{:.0} may be {target} ms: {} by the clock, {} as processor time",
            self.clock.len(),
            of * 100.0,
            said(clock <= target),
            said(thread <= target)
        );
        clock <= target
    }
}

/// What has come by now.
fn news(window: &mut Window) -> Vec<Message> {
    let mut messages: Vec<Message> = window.read.try_iter().collect();
    while let Ok(event) = window.events.try_recv() {
        messages.push(Message::Engine(event));
    }
    messages.extend(window.due());
    messages
}

/// One frame with all that follows from what came and what is done, by the clock and as
/// processor time.
fn step(window: &mut Window, messages: Vec<Message>, input: &[Input]) -> (Duration, Duration) {
    let (clock, thread) = (Instant::now(), busy());
    messages.into_iter().for_each(|message| window.told(message));
    let follows = window.frame(input);
    follows.into_iter().for_each(|message| window.told(message));
    (clock.elapsed(), busy().saturating_sub(thread))
}

/// Frames whenever something comes, until it is so and shown.
fn until(window: &mut Window, what: &str, mut is: impl FnMut(&Window) -> bool) {
    let begun = Instant::now();
    while !is(window) {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        let messages = news(window);
        if messages.is_empty() {
            std::thread::sleep(Duration::from_micros(100));
            continue;
        }
        step(window, messages, &[]);
    }
}

/// A while of frames without anything.
fn rest(window: &mut Window, times: usize) {
    for _ in 0..times {
        let messages = news(window);
        step(window, messages, &[]);
        std::thread::sleep(FRAME / 4);
    }
}

/// Whether every row in sight has been read.
fn rows_shown(window: &Window) -> bool {
    let list = &window.state.list;
    list.total.is_some() && list.window().in_sight().all(|at| list.row(at).is_some())
}

/// Whether every strip in sight has been painted.
fn letter_shown(window: &Window) -> bool {
    let Some(open) = &window.state.open else { return false };
    let Some(laid) = open.laid else { return true };
    let strip = goyo::engine::protocol::STRIP;
    let (from, height) = (open.offset.y.max(0.0) as u32, window.state.view.height as u32);
    let to = (from + height).min(laid.device.1.saturating_sub(1));
    (from / strip..=to / strip).all(|at| open.strips.has(at * strip))
}

fn folder(window: &Window, name: &str) -> Place {
    let mut folders = window.state.folders.iter();
    Place::Folder(folders.find(|folder| folder.path == name).expect("made by window.py").id)
}

fn go(window: &mut Window, place: Place) {
    step(window, vec![Message::PlaceChosen(place)], &[]);
    until(window, "the folder is shown", |window| {
        window.state.list.place == place && rows_shown(window)
    });
}

fn wheel(down: f32) -> Input {
    let delta = mouse::ScrollDelta::Lines { x: 0.0, y: -down };
    Input::Mouse(mouse::Event::WheelScrolled { delta })
}

/// Scrolls by the wheel where the pointer is, so many frames; in how many of them something
/// in sight was still missing.
fn scroll(
    window: &mut Window,
    figure: &mut Figure,
    turns: &[(usize, f32)],
    shown: fn(&Window) -> bool,
) -> usize {
    let mut missing = 0;
    for (frames, down) in turns {
        for _ in 0..*frames {
            let next = Instant::now() + FRAME;
            let messages = news(window);
            let took = step(window, messages, &[wheel(*down)]);
            figure.add(took);
            missing += usize::from(!shown(window));
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
        }
    }
    missing
}

fn list(window: &mut Window) -> bool {
    let large = folder(window, "large");
    go(window, large);
    println!("{} letters in the list", window.state.list.total.unwrap());
    window.pointer = LIST;
    rest(window, 30);
    window.parts = [Vec::new(), Vec::new()];
    let mut wheels = Figure::new("list: a frame while scrolling", Some((0.99, 8.3)));
    let turns = [(600, 1.0), (300, -1.0), (300, 3.0)];
    let mut missing = scroll(window, &mut wheels, &turns, rows_shown);
    let mut reached = wheels.said();
    line("  of it view and layout", &mut window.parts[0]);
    line("  of it painting", &mut window.parts[1]);
    let mut screens = Figure::new("list: another screen every frame", Some((0.99, 8.3)));
    missing += scroll(window, &mut screens, &[(300, 12.0)], rows_shown);
    reached &= screens.said();
    println!("  frames in which a row was still to be read: {missing}");
    let mut bar = Figure::new("list: dragged by its bar", Some((0.99, 8.3)));
    let most = window.state.list.total.unwrap() as f64 * 76.0;
    for at in 0..400_u32 {
        let next = Instant::now() + FRAME;
        let mut messages = news(window);
        let to = most * f64::from(at.wrapping_mul(389) % 400) / 400.0;
        messages.push(Message::ListScrolled(Scroll::To(to)));
        bar.add(step(window, messages, &[]));
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    until(window, "the rows come", rows_shown);
    bar.said() && reached
}

fn long_letter(window: &mut Window) -> bool {
    let long = folder(window, "long");
    go(window, long);
    step(window, vec![Message::RowChosen(0)], &[]);
    until(window, "the letter is shown", letter_shown);
    let laid = window.state.open.as_ref().unwrap().laid.expect("it is drawn");
    println!("a letter {} px high", laid.device.1);
    window.pointer = LETTER;
    rest(window, 30);
    window.parts = [Vec::new(), Vec::new()];
    let mut wheels = Figure::new("letter: a frame while scrolling", Some((0.99, 8.3)));
    let turns = [(400, 1.0), (400, -1.0), (150, 3.0), (150, -3.0)];
    let missing = scroll(window, &mut wheels, &turns, letter_shown);
    let reached = wheels.said();
    line("  of it view and layout", &mut window.parts[0]);
    line("  of it painting", &mut window.parts[1]);
    println!("  frames in which a strip in sight was still to be painted: {missing}");
    reached
}

fn folders(window: &mut Window) -> bool {
    let places = [
        folder(window, "large"),
        folder(window, "small"),
        Place::All,
        folder(window, "long"),
        Place::Starred,
    ];
    let mut switch = Figure::new("folder: until its list is shown", Some((1.0, 50.0)));
    for round in 0..20 {
        for place in places {
            let (clock, thread) = (Instant::now(), busy());
            go(window, place);
            if round > 0 {
                switch.add((clock.elapsed(), busy().saturating_sub(thread)));
            }
            rest(window, 6);
        }
    }
    switch.said()
}

fn letters(window: &mut Window) -> bool {
    let large = folder(window, "large");
    go(window, large);
    let total = window.state.list.total.unwrap();
    let mut opened = Figure::new("letter: until it is shown", Some((0.95, 60.0)));
    for turn in 0..310_usize {
        let at = turn.wrapping_mul(7_919) % total;
        let to = Scroll::To(at as f64 * 76.0);
        step(window, vec![Message::ListScrolled(to)], &[]);
        until(window, "the rows come", rows_shown);
        rest(window, 4);
        let id = window.state.list.row(at).expect("it is in sight").letter.id;
        let (clock, thread) = (Instant::now(), busy());
        step(window, vec![Message::RowChosen(at)], &[]);
        until(window, "the letter is shown", |window| {
            window.state.open.as_ref().is_some_and(|open| open.id == Some(id))
                && letter_shown(window)
        });
        if turn >= 10 {
            opened.add((clock.elapsed(), busy().saturating_sub(thread)));
        }
        rest(window, 4);
    }
    opened.said()
}

fn typed(text: &str) -> Input {
    Input::Keyboard(keyboard::Event::KeyPressed {
        key: Key::Character(text.into()),
        modified_key: Key::Character(text.into()),
        physical_key: key::Physical::Unidentified(key::NativeCode::Unidentified),
        location: keyboard::Location::Standard,
        modifiers: Modifiers::empty(),
        text: Some(text.into()),
        repeat: false,
    })
}

fn search(window: &mut Window) -> bool {
    go(window, Place::All);
    window.pointer = LIST;
    let mut typing = Figure::new("search: a frame while typing", Some((0.99, 16.0)));
    let mut hits = Figure::new("search: from the last letter to its hits", None);
    let mut found = 0;
    for round in 0..3 {
        for words in TYPED {
            step(window, vec![Message::Entered(Field::Search)], &[]);
            rest(window, 10);
            for (at, sign) in words.chars().enumerate() {
                // Some letters follow each other fast, and some after results have come.
                let frames = if (at + round) % 3 == 0 { 24 } else { 6 };
                for frame in 0..frames {
                    let next = Instant::now() + FRAME;
                    let messages = news(window);
                    let input =
                        if frame == 0 { vec![typed(&sign.to_string())] } else { Vec::new() };
                    typing.add(step(window, messages, &input));
                    std::thread::sleep(next.saturating_duration_since(Instant::now()));
                }
            }
            let (clock, thread) = (Instant::now(), busy());
            let mut answered = false;
            for _ in 0..40 {
                let next = Instant::now() + FRAME;
                let messages = news(window);
                typing.add(step(window, messages, &[]));
                if !answered && window.state.search.answered.as_deref() == Some(words) {
                    answered = true;
                    hits.add((clock.elapsed(), busy().saturating_sub(thread)));
                }
                std::thread::sleep(next.saturating_duration_since(Instant::now()));
            }
            assert_eq!(window.state.search.text, words, "it was not typed");
            found += window.state.list.total.unwrap_or(0);
            step(window, vec![Message::SearchCleared], &[]);
            until(window, "the list is back", rows_shown);
        }
    }
    println!("{found} letters found in {} searches", 3 * TYPED.len());
    hits.said();
    typing.said()
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let (profile, program, only) = match &args[..] {
        [profile, program] => (profile, program, ""),
        [profile, program, only] => (profile, program, only.as_str()),
        _ => {
            println!("run by benches/window.py: PROFILE PROGRAM [ONLY]");
            return;
        }
    };
    let mut window = Window::open(Path::new(profile), program);
    until(&mut window, "the folders are read", |window| window.state.folders.len() >= 3);
    rest(&mut window, 60);
    type Measure = (&'static str, fn(&mut Window) -> bool);
    let measures: [Measure; 5] = [
        ("list", list),
        ("long", long_letter),
        ("folders", folders),
        ("letters", letters),
        ("search", search),
    ];
    let mut reached = true;
    for (name, measure) in measures {
        if only.is_empty() || only == name {
            reached &= measure(&mut window);
        }
    }
    window.commands.send(Command::Quit);
    window.commands.farewell().wait(Duration::from_secs(30));
    std::process::exit(if reached { 0 } else { 1 });
}
