//! The sample mailbox: every letter is what it is meant to be, the demo imports them
//! where they belong, and what is fetched from its tracker is counted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use goyo::demo::{Demo, HitKind, LETTERS, READER, Reader, Sample};
use goyo::html;
use goyo::model::Role;
use goyo::store::Store;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

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
fn what_is_fetched_is_counted_by_kind() {
    let demo = Demo::start().unwrap();
    let live = demo.subscribe();
    let address = demo.tracker();
    let dir = tempfile::tempdir().unwrap();
    let paths = goyo::demo::write_letters(dir.path(), (&address.0, address.1)).unwrap();
    let own = format!("http://{}:{}", address.0, address.1);
    // The statement: four pictures, a pixel of its own, a receipt elsewhere.
    let report = html::inspect(&std::fs::read(&paths[0]).unwrap(), &[READER.to_owned()]);
    for line in &report.remote {
        let Some(path) = line.url.strip_prefix(&own) else { continue };
        let answer = get(&demo, path);
        assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"), "{path}");
        let hit = live.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(hit.path, path);
        assert_eq!(hit.user_agent.as_deref(), Some("Test/1"));
        let is_pixel = line.tracker.is_some();
        assert_eq!(hit.kind, if is_pixel { HitKind::Pixel } else { HitKind::Picture });
        assert_eq!(hit.reader, if is_pixel { Reader::Token } else { Reader::Nobody });
    }
    let kinds: Vec<HitKind> = demo.hits().iter().map(|hit| hit.kind).collect();
    assert_eq!(
        kinds,
        [HitKind::Picture, HitKind::Picture, HitKind::Picture, HitKind::Picture, HitKind::Pixel]
    );
    get(&demo, "/fonts/a.woff2");
    assert_eq!(demo.hits().last().unwrap().kind, HitKind::Other);
}
