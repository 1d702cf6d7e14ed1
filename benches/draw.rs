//! How long letters take to draw, in this process and through the drawing process.
//!
//! `cargo bench --bench draw -- PATH…`: files of one letter each, mbox files,
//! directories of both. Every HTML body is cleaned, laid out 800 pixels wide and its
//! first 1,200 pixels painted, pictures blocked. Prints one table; names the letters
//! that were not drawn; exits 1 if the drawing process died on one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use goyo::archive::{MboxItem, MboxReader};
use goyo::html::clean::{Body, Scheme, clean};
use goyo::html::page::Engine;
use goyo::html::worker::protocol::{Request, Response, Source, View};
use goyo::html::worker::{Worker, WorkerError};
use goyo::{html, mime};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

const VIEW: View = View { width: 800.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };
const HEIGHT: u32 = 1200;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(html::worker::VERB) {
        return html::worker::child::main();
    }
    // Layout recurses with the nesting of a letter.
    let work = std::thread::Builder::new().stack_size(256 << 20).spawn(measure).unwrap();
    work.join().unwrap()
}

/// HTML bodies with the letter each is from.
fn bodies(path: &Path, found: &mut Vec<(String, String)>) {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| bodies(entry, found));
        return;
    }
    let bytes = std::fs::read(path).unwrap();
    let mut take = |raw: &[u8], name: String| {
        if let Some(html) = mime::parse(raw).html() {
            found.push((name, html));
        }
    };
    if bytes.starts_with(b"From ") {
        let mut reader = MboxReader::new(bytes.as_slice());
        let mut number = 0;
        while let Ok(Some(item)) = reader.next_letter() {
            if let MboxItem::Letter { raw, .. } = item {
                number += 1;
                take(&raw, format!("{}#{number}", path.display()));
            }
        }
    } else {
        take(&bytes, path.display().to_string());
    }
}

fn measure() -> ExitCode {
    let mut found = Vec::new();
    for path in std::env::args().skip(1).filter(|arg| arg != "--bench") {
        bodies(Path::new(&path), &mut found);
    }
    let bytes: usize = found.iter().map(|(_, html)| html.len()).sum();
    println!("{} HTML bodies, {:.1} MB", found.len(), bytes as f64 / 1e6);

    let mut engine = Engine::new();
    let mut worker = Worker::start().unwrap();
    worker.call(&Request::Ping).unwrap();
    let (mut cleaning, mut laying, mut painting, mut own, mut piped) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut died, mut refused) = (0, 0);
    // Some to warm up, as a program that is open is warm; their times do not count.
    let warm = found.len().min(20);
    for (at, (name, html)) in found.iter().take(warm).chain(&found).enumerate() {
        if at == warm {
            for times in [&mut cleaning, &mut laying, &mut painting, &mut own, &mut piped] {
                times.clear();
            }
            (died, refused) = (0, 0);
        }
        let source =
            Source { bodies: vec![(0, Body::Html(html.clone()))], parts: Vec::new(), folds: None };
        let open = Request::Open(1, source, VIEW);
        let start = Instant::now();
        let answer = worker.call(&open).and_then(|_| worker.call(&Request::Paint(1, 0, HEIGHT)));
        match answer {
            Ok(Response::Tile(_)) => {
                piped.push(start.elapsed().as_secs_f64() * 1000.0);
                let body = [Body::Html(html.clone())];
                let start = Instant::now();
                let references = html::references(html, 0);
                let cleaned = clean(&body);
                let clean = start.elapsed().as_secs_f64() * 1000.0;
                let mut page = engine.open(cleaned, VIEW);
                let _ = page.visible();
                let laid = start.elapsed().as_secs_f64() * 1000.0;
                let tile = page.paint(0, page.laid().device.1.min(HEIGHT));
                let whole = start.elapsed().as_secs_f64() * 1000.0;
                drop((references, tile));
                cleaning.push(clean);
                laying.push(laid - clean);
                painting.push(whole - laid);
                own.push(whole);
            }
            Err(WorkerError::Refused(why)) => {
                refused += 1;
                println!("refused: {name}: {why}");
            }
            other => {
                died += 1;
                println!("not drawn: {name}: {:?}", other.err());
            }
        }
    }
    println!("{:<34}{:>8}{:>8}{:>8}{:>8}", "ms", "p50", "p95", "p99", "max");
    let mut added: Vec<f64> = piped.iter().zip(&own).map(|(piped, own)| piped - own).collect();
    for (what, times) in [
        ("references and cleaning", &mut cleaning),
        ("style and layout", &mut laying),
        ("painting", &mut painting),
        ("all, in this process", &mut own),
        ("all, through the drawing process", &mut piped),
        ("what the pipe adds", &mut added),
    ] {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!("{what:<34}{:>8.1}{:>8.1}{:>8.1}{:>8.1}", at(0.5), at(0.95), at(0.99), at(1.0));
    }
    if let Some(memory) = worker.memory() {
        println!(
            "the drawing process: {:.1} MB now, {:.1} MB at its peak",
            memory.now as f64 / 1e6,
            memory.peak as f64 / 1e6
        );
    }
    println!("died or too long: {died}, refused: {refused}");
    if died == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
