//! Letters written to hurt whoever draws them, through the program itself: each is
//! shown, or the caller is told why not, within the limits of time, and neither
//! process takes much memory. The next letter is drawn after every one of them.
//!
//! `GOYO_HOSTILE` names documents to try (part of the name); a table is printed.
//! `GOYO_WAIT` says how many seconds a reader may wait: 5 is promised, for a release
//! build on a machine that does nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg(all(unix, feature = "render"))]

mod floods;
mod markup;
mod nesting;
mod pictures;
mod styles;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use goyo::engine::reading::{Circumstances, Reader};
use goyo::html::clean::{Body, Scheme};
use goyo::html::worker::protocol::{InlinePart, Request, Response, Select, Source, View};
use goyo::html::worker::{Worker, WorkerError};
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const VIEW: View = View { width: 800.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };

/// How long a process may take to open one.
const OPEN: Duration = Duration::from_secs(10);

/// One at a time, where tests share a process: its memory is looked at.
static ALONE: Mutex<()> = Mutex::new(());

/// Resident bytes neither process may reach.
const MOST: u64 = 500 << 20;

/// A letter and its name.
pub struct Hostile {
    name: &'static str,
    source: Source,
    /// It must be drawn: there is little in it, or what is too much can be left out.
    must_draw: bool,
}

/// An HTML letter that may be too much.
pub fn may(name: &'static str, html: impl Into<String>) -> Hostile {
    let source =
        Source { bodies: vec![(0, Body::Html(html.into()))], parts: Vec::new(), folds: None };
    Hostile { name, source, must_draw: false }
}

/// An HTML letter that must be drawn.
pub fn must(name: &'static str, html: impl Into<String>) -> Hostile {
    Hostile { must_draw: true, ..may(name, html) }
}

impl Hostile {
    /// With a picture it brought along, as `cid:a`.
    pub fn with(mut self, bytes: Vec<u8>) -> Self {
        self.source.parts.push(InlinePart { id: Some("a".into()), location: None, bytes });
        self
    }

    /// As plain text.
    pub fn as_text(mut self) -> Self {
        for (_, body) in &mut self.source.bodies {
            if let Body::Html(text) = body {
                *body = Body::Text(std::mem::take(text));
            }
        }
        self
    }
}

/// `before`, `count` numbered pieces, `after`.
pub fn many(before: &str, count: usize, piece: impl Fn(usize) -> String, after: &str) -> String {
    let mut text = String::from(before);
    for index in 0..count {
        text.push_str(&piece(index));
    }
    text + after
}

fn all() -> Vec<fn() -> Vec<Hostile>> {
    vec![nesting::all, styles::all, pictures::all, floods::all, markup::all]
}

/// Asks everything a reader would; `Err` says who gave up.
fn read(worker: &mut Worker, letter: Source) -> Result<(), WorkerError> {
    // Longer than a reader would wait: the machine may be busy with other tests.
    let opened = worker.call_within(&Request::Open(1, letter, VIEW), OPEN)?;
    let Response::Opened(opened) = opened else { panic!("{opened:?}") };
    let height = opened.laid.device.1;
    for y in [0, height / 2, height.saturating_sub(600)] {
        let Response::Tile(tile) = worker.call(&Request::Paint(1, y, 600))? else { panic!() };
        let (width, rows) = tile.size;
        assert_eq!(tile.pixels.len(), width as usize * rows as usize * 4);
    }
    worker.call(&Request::Hit(1, (50.0, 50.0)))?;
    worker.call(&Request::Select(1, Select::Range((0.0, 0.0), (500.0, 500.0))))?;
    worker.call(&Request::Find(1, "a".into()))?;
    Ok(())
}

/// Resident bytes of this process at their peak.
fn own_peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) << 10
}

/// Something harmless, with its first pixel rows.
fn harmless() -> Source {
    let html = "<body bgcolor='#ff0000'><p>Hello</p></body>".to_owned();
    Source { bodies: vec![(0, Body::Html(html))], parts: Vec::new(), folds: None }
}

#[test]
fn every_one_is_shown_or_refused_in_time_and_the_next_letter_is_drawn() {
    let _alone = ALONE.lock();
    let only = std::env::var("GOYO_HOSTILE").unwrap_or_default();
    let mut names = std::collections::BTreeSet::new();
    let (mut table, mut wrong) = (String::new(), Vec::new());
    for group in all() {
        for hostile in group() {
            let Hostile { name, source, must_draw } = hostile;
            assert!(names.insert(name), "{name} twice");
            if !name.contains(&only) {
                continue;
            }
            // A fresh process each: its memory is then this letter's.
            let mut worker = Worker::start_program(env!("CARGO_BIN_EXE_goyo")).unwrap();
            worker.call(&Request::Ping).unwrap();
            let (started, pid) = (Instant::now(), worker.pid());
            let result = read(&mut worker, source);
            let took = started.elapsed();
            let peak = worker.memory().map_or(0, |memory| memory.peak);
            let end = match &result {
                Ok(()) => "drawn".to_owned(),
                Err(error) => format!("{error:?}"),
            };
            let line = format!("{name:40} {took:>9.0?} {:>4} MB  {end}", peak >> 20);
            println!("{line}");
            writeln!(table, "{line}").unwrap();
            // What is asked of it: to open in ten, three strips of two seconds each, two calls of
            // one, to find; a call ends at its limit.
            if took > Duration::from_secs(10 + 3 * 2 + 2 + 3) {
                wrong.push(format!("{name}: {took:?}"));
            }
            if peak >= MOST || own_peak() >= MOST {
                wrong.push(format!("{name}: {} MB, {} MB here", peak >> 20, own_peak() >> 20));
            }
            let refusals = matches!(result, Err(WorkerError::Refused(_)));
            if refusals || result.is_ok() {
                assert_eq!(worker.pid(), pid, "{name}: it answered, and was killed");
            }
            if matches!(result, Err(WorkerError::Broken | WorkerError::Start(_))) {
                wrong.push(format!("{name}: {end}"));
            }
            if must_draw && result.is_err() {
                wrong.push(format!("{name} must be drawn: {end}"));
            }
            let next = read(&mut worker, harmless());
            assert_eq!(next, Ok(()), "the letter after {name}");
        }
    }
    assert!(!only.is_empty() || names.len() >= 60, "{}", names.len());
    assert!(wrong.is_empty(), "{wrong:#?}\n{table}");
}

/// The document as somebody would send it.
fn letter(source: &Source) -> Vec<u8> {
    let mut raw = b"From: a@b.example\r\nSubject: Hostile\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/related; boundary=x\r\n\r\n"
        .to_vec();
    let mut part = |header: &str, bytes: &[u8]| {
        raw.extend(format!("--x\r\n{header}Content-Transfer-Encoding: base64\r\n\r\n").bytes());
        for line in STANDARD.encode(bytes).as_bytes().chunks(76) {
            raw.extend(line);
            raw.extend(b"\r\n");
        }
    };
    for (_, body) in &source.bodies {
        let (kind, text) = match body {
            Body::Html(html) => ("html", html),
            Body::Text(text) => ("plain", text),
        };
        part(&format!("Content-Type: text/{kind}; charset=utf-8\r\n"), text.as_bytes());
    }
    for picture in &source.parts {
        let id = picture.id.as_deref().unwrap();
        part(&format!("Content-Type: image/png\r\nContent-ID: <{id}>\r\n"), &picture.bytes);
    }
    raw.extend(b"--x--\r\n");
    raw
}

#[test]
fn a_reader_gets_every_letter_or_its_text_in_time() {
    let _alone = ALONE.lock();
    let only = std::env::var("GOYO_HOSTILE").unwrap_or_default();
    // By construction 4.5 s of drawing; more is for machines busy with other tests.
    let most = std::env::var("GOYO_WAIT").ok().and_then(|wait| wait.parse().ok());
    let most = Duration::from_secs(most.unwrap_or(20));
    let (with, mut wrong, mut shown_as_text) = (Circumstances::default(), Vec::new(), 0);
    let mut reader = Reader::with(Worker::start_program(env!("CARGO_BIN_EXE_goyo")));
    for hostile in all().iter().flat_map(|group| group()) {
        if !hostile.name.contains(&only) {
            continue;
        }
        // A process that was just started is warm before anybody opens a letter.
        reader.call(&Request::Ping).unwrap();
        let raw = Arc::new(letter(&hostile.source));
        let started = Instant::now();
        let (document, open) = reader.open(1, None, raw, &with, VIEW);
        let took = started.elapsed();
        println!("{:40} {took:>9.0?} {:?}", hostile.name, open.fallback);
        if took > most {
            wrong.push(format!("{}: {took:?}", hostile.name));
        }
        if open.laid.is_none() && open.text.trim().is_empty() && open.fallback.is_none() {
            wrong.push(format!("{}: nothing is shown", hostile.name));
        }
        shown_as_text += usize::from(open.fallback.is_some());
        let _ = reader.call(&Request::Close(document.doc));
    }
    println!("{shown_as_text} shown as text; {} MB here", own_peak() >> 20);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
