//! The sample mailbox: every letter is what it is meant to be, the demo imports them
//! where they belong, and what is fetched from its tracker is counted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use goyo::demo::{Demo, HitKind, LETTERS, READER, Reader, Sample};
use goyo::html;
use goyo::model::{Flags, Role};
use goyo::privacy::{Policy, Proof};
use goyo::store::Store;
use goyo::store::search::{self, Order, Search};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What a letter was written to be: `assets/demo/expect.json`, by hand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// References to something outside.
    remote: usize,
    /// Of them, pictures on the demo's tracker that people look at.
    pictures: usize,
    /// Of them, what is there to report the reading.
    pixels: usize,
    /// Services known by name among the pixels.
    services: BTreeSet<String>,
    /// Where the others lie: hosts, or domains they are below.
    elsewhere: BTreeSet<String>,
    /// Kinds of what is odd about it; no other defect is in it.
    warnings: BTreeSet<String>,
    /// Kinds of receipts it asks for.
    receipts: Vec<String>,
    /// Attachments.
    attachments: usize,
    /// A word that it is found by.
    phrase: String,
}

fn expected() -> BTreeMap<String, Expected> {
    serde_json::from_str(include_str!("../assets/demo/expect.json")).unwrap()
}

fn host(url: &str) -> String {
    let url = if url.starts_with("//") { format!("https:{url}") } else { url.to_owned() };
    url::Url::parse(&url).unwrap().host_str().unwrap().to_owned()
}

/// Every sample letter as it arrives, with a tracker at 127.0.0.1:4444.
fn letters() -> (tempfile::TempDir, Vec<(Sample, Vec<u8>)>) {
    let dir = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = goyo::demo::write_letters(dir.path(), ("127.0.0.1", 4444)).unwrap();
    assert_eq!(paths.len(), LETTERS.len());
    let letters = LETTERS
        .iter()
        .zip(paths)
        .map(|(sample, path)| {
            assert!(path.ends_with(format!("{}.eml", sample.name)));
            (*sample, std::fs::read(path).unwrap())
        })
        .collect();
    (dir, letters)
}

fn get(demo: &Demo, path: &str) -> Vec<u8> {
    let (host, port) = demo.tracker();
    let mut stream = TcpStream::connect((host.as_str(), port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: Test/1\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

#[test]
fn the_demo_fills_its_folders_and_leaves_nothing_behind() {
    let start = Instant::now();
    let demo = Demo::start().unwrap();
    println!("demo started in {:?}", start.elapsed());
    let profile = demo.profile().to_owned();
    {
        let store = Store::open(&profile).unwrap();
        for (role, name) in [
            (Role::Inbox, "local/받은편지함"),
            (Role::Sent, "local/보낸편지함"),
            (Role::Archive, "local/보관함"),
            (Role::Junk, "local/스팸메일함"),
        ] {
            let folder = store.folder(role.word()).unwrap();
            assert_eq!(folder.name(), name);
            let path = name.split_once('/').unwrap().1;
            let expected = LETTERS.iter().filter(|sample| sample.folder == path).count();
            assert_eq!(folder.total, expected as u64, "{name}");
        }
        let inbox = store.folder("inbox").unwrap();
        assert!(0 < inbox.unread && inbox.unread < inbox.total);
    }
    drop(demo);
    assert!(!profile.exists() && !profile.parent().unwrap().exists());
}

#[test]
fn letters_have_the_subjects_that_hits_are_told_by() {
    let demo = Demo::start().unwrap();
    for (sample, raw) in letters().1 {
        let letter = goyo::mime::parse(&raw);
        assert!(!raw.windows(2).any(|two| two == b"{{"), "{}: a placeholder is left", sample.name);
        let before = demo.hits().len();
        get(&demo, &format!("/{:02}/o/x.gif", sample.number));
        let hits = demo.hits();
        assert_eq!(hits.len(), before + 1);
        assert_eq!(hits[before].letter, letter.envelope.subject, "{}", sample.name);
    }
}

#[test]
fn every_letter_is_what_it_was_written_to_be() {
    let expected = expected();
    let (_dir, letters) = letters();
    assert_eq!(letters.len(), expected.len());
    for (sample, raw) in letters {
        let name = sample.name;
        let expected = &expected[name];
        let report = html::inspect(&raw, &[READER.to_owned()]);
        let on_tracker = |url: &str| url.starts_with("http://127.0.0.1:4444/");
        assert_eq!(report.remote.len(), expected.remote, "{name}: references");
        let pictures =
            report.remote.iter().filter(|r| r.tracker.is_none() && on_tracker(&r.url)).count();
        assert_eq!(pictures, expected.pictures, "{name}: pictures");
        let pixels: Vec<_> = report.remote.iter().filter_map(|r| r.tracker.as_ref()).collect();
        assert_eq!(pixels.len(), expected.pixels, "{name}: pixels");
        let services: BTreeSet<String> = pixels.iter().filter_map(|t| t.service.clone()).collect();
        assert_eq!(services, expected.services, "{name}: services");

        let others: Vec<String> =
            report.remote.iter().filter(|r| !on_tracker(&r.url)).map(|r| host(&r.url)).collect();
        let below = |host: &str, of: &str| host == of || host.ends_with(&format!(".{of}"));
        assert!(
            others.iter().all(|h| expected.elsewhere.iter().any(|of| below(h, of)))
                && expected.elsewhere.iter().all(|of| others.iter().any(|h| below(h, of))),
            "{name}: {others:?}"
        );

        let own = if sample.folder == "보낸편지함" { "nobody@haneul.example" } else { READER };
        let warnings: BTreeSet<String> = html::inspect(&raw, &[own.to_owned()])
            .warnings
            .iter()
            .map(|warning| warning.kind.to_owned())
            .filter(|kind| own == READER || kind != "not-addressed-to-you")
            .collect();
        assert_eq!(warnings, expected.warnings, "{name}: warnings");
        let receipts: Vec<String> = report
            .receipt_requests
            .iter()
            .map(|request| format!("{:?}", request.kind).to_lowercase())
            .collect();
        assert_eq!(receipts, expected.receipts, "{name}: receipts");
        assert_eq!(report.attachments.len(), expected.attachments, "{name}: attachments");
    }
}

#[test]
fn every_picture_and_pixel_is_served_and_counted_as_what_it_is() {
    let expected = expected();
    let demo = Demo::start().unwrap();
    let live = demo.subscribe();
    let (own_host, port) = demo.tracker();
    let own = format!("http://{own_host}:{port}");
    let dir = tempfile::tempdir().unwrap();
    let paths = goyo::demo::write_letters(dir.path(), (&own_host, port)).unwrap();
    for (sample, path) in LETTERS.iter().zip(paths) {
        let raw = std::fs::read(path).unwrap();
        let report = html::inspect(&raw, &[READER.to_owned()]);
        let subject = goyo::mime::parse(&raw).envelope.subject;
        let mut pictures = 0;
        for line in &report.remote {
            let Some(path) = line.url.strip_prefix(&own) else { continue };
            let answer = get(&demo, path);
            assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\nContent-Type: image/"), "{path}");
            let hit = live.recv_timeout(Duration::from_secs(10)).unwrap();
            assert_eq!(hit.path, path);
            assert_eq!(hit.letter, subject, "{path}");
            assert_eq!(hit.user_agent.as_deref(), Some("Test/1"));
            assert_eq!(hit.kind == HitKind::Pixel, line.tracker.is_some(), "{path}");
            pictures += usize::from(hit.kind == HitKind::Picture);
            let reader = match (sample.number, hit.kind) {
                (15, HitKind::Pixel) => Reader::Address,
                (_, HitKind::Pixel) => Reader::Token,
                _ if path.ends_with("?r=4820-1177-0936") => Reader::Token,
                _ => Reader::Nobody,
            };
            assert_eq!(hit.reader, reader, "{path}");
        }
        assert_eq!(pictures, expected[sample.name].pictures, "{}", sample.name);
    }
    let before = demo.hits().len();
    get(&demo, "/fonts/a.woff2");
    assert_eq!(demo.hits().len(), before + 1);
    assert_eq!(demo.hits()[before].kind, HitKind::Other);
}

#[test]
fn every_letter_is_found_by_a_word_of_its_own() {
    let demo = Demo::start().unwrap();
    let store = Store::open(demo.profile()).unwrap();
    let letters = letters().1;
    for (name, expected) in expected() {
        let node = search::parse(&expected.phrase).unwrap();
        let found = store.search(&Search { node, order: Order::Newest, limit: 40 }).unwrap();
        let (_, raw) = letters.iter().find(|(sample, _)| sample.name == name).unwrap();
        let subject = goyo::mime::parse(raw).envelope.subject;
        let is_there = found.iter().any(|row| row.subject == subject);
        assert!(is_there, "{name} is not found by {}: {found:#?}", expected.phrase);
        assert!(found.len() <= 3, "{name}: {} is no word of its own", expected.phrase);
    }
}

#[test]
fn the_conversation_has_its_branches() {
    let demo = Demo::start().unwrap();
    let store = Store::open(demo.profile()).unwrap();
    let inbox = store.folder("inbox").unwrap();
    let rows = store.list(Some(inbox.id), 0, 100).unwrap();
    let first = rows.iter().find(|row| row.subject == "프로젝트 A 2차 회의 일정").unwrap();
    assert!(first.flags.has(Flags::ANSWERED));
    let parents: Vec<Option<usize>> =
        store.thread(first).unwrap().iter().map(|row| row.parent).collect();
    // 08 ─┬─ 09 ── 11
    //     └─ 10 ── 12 ── 13, oldest first.
    assert_eq!(parents, [None, Some(0), Some(0), Some(1), Some(2), Some(4)]);
}

#[test]
fn the_list_always_looks_fresh() {
    let demo = Demo::start().unwrap();
    let store = Store::open(demo.profile()).unwrap();
    let now = jiff::Timestamp::now().as_second();
    let inbox = store.folder("inbox").unwrap();
    let rows = store.list(Some(inbox.id), 0, 100).unwrap();
    assert!(rows.iter().all(|row| row.date <= now), "a letter from the future");
    assert!(now - rows[0].date < 3600, "nothing of the last hour");
    assert!(now - rows.last().unwrap().date < 60 * 86_400);
    let flagged = rows.iter().filter(|row| row.flags.has(Flags::FLAGGED)).count();
    assert!((1..=3).contains(&flagged));
}

/// RFC 5322 section 2.1.1, 2.2: what was written correctly is so to the letter.
#[test]
fn headers_are_written_as_the_standard_wants_them() {
    for (sample, raw) in letters().1 {
        let end = raw.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let text = raw.windows(2).filter(|two| two[1] == b'\n').all(|two| two[0] == b'\r');
        assert!(text, "{}: a bare line feed", sample.name);
        assert!(raw.split(|b| *b == b'\n').all(|line| line.len() <= 1000), "{}", sample.name);
        // One was written before headers had charsets, one by a toaster.
        if matches!(sample.number, 21 | 30) {
            continue;
        }
        let header = std::str::from_utf8(&raw[..end]).unwrap();
        for line in header.split("\r\n") {
            assert!(line.is_ascii() && line.len() <= 78, "{}: {line}", sample.name);
            assert!(!line.trim().is_empty(), "{}: an empty line", sample.name);
            let folded = line.starts_with([' ', '\t']);
            let name = line.split_once(':').map_or("", |(name, _)| name);
            let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
            assert!(folded || is_name, "{}: {line}", sample.name);
        }
        for once in ["From:", "Date:", "Message-ID:", "Subject:", "To:"] {
            let count = header.split("\r\n").filter(|line| line.starts_with(once)).count();
            assert_eq!(count, 1, "{}: {once}", sample.name);
        }
    }
}

#[test]
fn addresses_in_a_letter_of_text_are_links_as_they_were_written() {
    let (_, raw) = &letters().1[33];
    let report = html::inspect(raw, &[]);
    let links: Vec<&str> = report.links.iter().map(|link| link.href.as_str()).collect();
    assert_eq!(links.len(), 4);
    assert!(links[0].ends_with("&utm_campaign=night_trains_2027"));
    assert!(links[1].ends_with("%3Fok%3D1&gclid=Cj0KCQiA"));
    assert!(links[2].ends_with("open=05:00-01:30#north-stairs"));
    assert_eq!(report.links[3].target, "https://tickets.gullrail.example/help");
}

#[test]
fn nothing_but_the_tracker_can_be_reached_whatever_is_allowed() {
    let demo = Demo::start().unwrap();
    let options = demo.options();
    assert!(options.proxy.is_none());
    let (host, port) = demo.tracker();
    let dir = tempfile::tempdir().unwrap();
    let mut reached = 0;
    for path in goyo::demo::write_letters(dir.path(), (&host, port)).unwrap() {
        let raw = std::fs::read(path).unwrap();
        let letter = goyo::mime::parse(&raw);
        let references = html::references_of(&letter);
        let policy = Policy {
            once: true,
            by_hand: references.iter().map(|reference| reference.url.clone()).collect(),
            reachable: options.reachable.clone(),
            only_reachable: options.only_reachable,
            ..Policy::for_letter(&letter, &[], Proof::None)
        };
        for entry in goyo::privacy::ledger(&letter, references, &policy).entries {
            let on_tracker = entry.reference.url.starts_with(&format!("http://{host}:{port}/"));
            assert_eq!(entry.allowed().is_some(), on_tracker, "{}", entry.reference.url);
            reached += usize::from(on_tracker);
        }
    }
    assert!(reached > 40, "{reached}");
}
