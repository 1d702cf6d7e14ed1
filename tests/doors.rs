//! The doors of the house: which room may import which. The table is that of
//! `src/lib.rs`; a new door is opened here, on purpose, or not at all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A room and what it may import.
const DOORS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("mime", &["model"]),
    ("privacy", &["model", "mime"]),
    ("html", &["model", "mime", "privacy"]),
    ("archive", &["model"]),
    ("store", &["model", "mime"]),
    ("secrets", &["model"]),
    ("net", &["model"]),
    ("handover", &[]),
    ("receipts", &["model"]),
    ("engine", &["model", "mime", "privacy", "html", "archive", "store", "secrets", "net"]),
    ("demo", &["model", "store", "engine"]),
    (
        "cli",
        &[
            "model", "mime", "privacy", "html", "archive", "store", "secrets", "net", "receipts",
            "engine", "demo", "i18n", "handover",
        ],
    ),
    ("gui", &["model", "privacy", "html", "store", "engine", "demo", "i18n", "handover"]),
];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Rooms named behind `crate::` in a source, also inside `use crate::{a, b}`.
fn rooms_named(source: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (at, _) in source.match_indices("crate::") {
        let rest = &source[at + "crate::".len()..];
        let list = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default(),
            None => rest,
        };
        let parts: Vec<&str> = match rest.starts_with('{') {
            true => list.split(',').collect(),
            false => vec![list],
        };
        for part in parts {
            let word: String = part
                .trim()
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            named.insert(word);
        }
    }
    named
}

#[test]
fn rooms_open_only_their_own_doors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rooms: BTreeSet<&str> = DOORS.iter().map(|(room, _)| *room).collect();
    for (room, may) in DOORS {
        let mut files = Vec::new();
        sources(&root.join(room), &mut files);
        assert!(!files.is_empty(), "{room} is empty");
        for file in files {
            let named = rooms_named(&fs::read_to_string(&file).unwrap());
            for other in named.iter().filter(|n| rooms.contains(n.as_str()) && n != room) {
                assert!(
                    may.contains(&other.as_str()),
                    "{} opens the door to {other}, which {room} may not",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn every_room_has_its_doors_written_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let known: BTreeSet<String> = DOORS.iter().map(|(room, _)| (*room).to_owned()).collect();
    let rooms: BTreeSet<String> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(rooms, known);
}

#[test]
fn the_guard_sees_doors_in_every_spelling() {
    let source = "use crate::store::Store;\nlet x = crate::net::dial();\nuse crate::{html, mime};";
    let named: Vec<String> = rooms_named(source).into_iter().collect();
    assert_eq!(named, ["html", "mime", "net", "store"]);
}
