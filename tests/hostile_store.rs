//! Archives made to hurt: kept or refused with a sentence, in 5 s and 300 MB of
//! the whole program, each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Home, run_measured, stderr};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

/// Of work, on however many processors.
const TIME: Duration = Duration::from_secs(5);
const MEMORY: u64 = 300_000_000;

fn import(home: &Home, path: &Path) -> (Output, Value) {
    let mut command = home.command();
    command.args(["--json", "import", path.to_str().unwrap(), "--folder", "local/a"]);
    let (output, peak, took) = run_measured(&mut command);
    let said = stderr(&output);
    assert!(took < TIME, "took {took:?}; {said}");
    assert!(peak < MEMORY, "{} MB; {said}", peak / 1_000_000);
    assert!(peak > 1_000_000, "memory was not measured");
    assert!(!said.contains("panicked"), "{said}");
    let done = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {:?} {said}", output.status));
    (output, done)
}

/// Imports one letter, which must be kept, come back as it was, and leave a sound
/// store.
fn kept(raw: &[u8]) -> Home {
    let home = Home::new();
    let path = home.write("x.eml", raw);
    let (_, done) = import(&home, &path);
    assert_eq!(done["imported"], 1, "{done}");
    let id = home.json(&["list"])[0]["id"].as_str().unwrap().to_owned();
    assert!(home.run(&["show", &id, "--raw"]).stdout == raw);
    assert!(home.run(&["show", &id]).status.success());
    home.check();
    home
}

#[test]
fn a_line_of_100_mb() {
    let mut raw = b"From: a@x\nSubject: long\n\n".to_vec();
    raw.resize(100_000_000, b'x');
    kept(&raw);
}

#[test]
fn a_hundred_megabytes_of_words() {
    let mut raw = b"From: a@x\nSubject: long\n\nfirstword ".to_vec();
    let mut index = 0_u64;
    while raw.len() < 100_000_000 {
        write!(raw, "w{:x} ", index.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40).unwrap();
        index += 1;
    }
    let home = kept(&raw);
    assert_eq!(home.found("firstword").len(), 1);
}

#[test]
fn a_hundred_megabytes_of_html() {
    let mut raw = b"From: a@x\nContent-Type: text/html\n\n".to_vec();
    while raw.len() < 100_000_000 {
        raw.extend_from_slice(b"<p>paragraph <img src=http://t.example/x.png> &amp; more</p>\n");
    }
    kept(&raw);
}

#[test]
fn an_attachment_of_90_mb() {
    let mut raw = b"From: a@x\nContent-Type: application/zip; name=big.zip\n\
        Content-Transfer-Encoding: base64\n\n"
        .to_vec();
    while raw.len() < 90_000_000 {
        raw.extend_from_slice(
            b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\n",
        );
    }
    kept(&raw);
}

#[test]
fn a_million_header_fields() {
    let mut raw = b"From: a@x\n".to_vec();
    for index in 0..1_000_000 {
        writeln!(raw, "X-Flood-{index}: {index}").unwrap();
    }
    raw.extend_from_slice(b"\nbody\n");
    kept(&raw);
}

#[test]
fn a_hundred_thousand_references() {
    let mut raw = b"From: a@x\nMessage-ID: <me@x>\nReferences:".to_vec();
    for index in 0..100_000 {
        write!(raw, "\n <{index}@flood.example>").unwrap();
    }
    raw.extend_from_slice(b"\n\nbody\n");
    kept(&raw);
}

#[test]
fn letters_of_one_second() {
    let home = Home::new();
    let mut mbox = Vec::new();
    for index in 0..5000 {
        write!(
            mbox,
            "From a@b.c Mon Nov 16 10:00:00 2026\nDate: Mon, 16 Nov 2026 10:00:00 +0000\n\
             From: a@x\nSubject: {index}\n\nbody\n\n"
        )
        .unwrap();
    }
    let (_, done) = import(&home, &home.write("x.mbox", mbox));
    assert_eq!(done["imported"], 5000);
    home.check();
}

#[test]
fn letters_of_absurd_dates_stand_in_a_list() {
    let home = Home::new();
    for (index, date) in [
        "Fri, 31 Dec 9999 23:59:59 +0000",
        "Mon, 1 Jan 0001 00:00:00 +0000",
        "Thu, 1 Jan 1970 00:00:00 +0000",
        "Mon, 99 Foo 2026 99:99:99 +9999",
        "1e308",
        "-9223372036854775808",
        "",
    ]
    .iter()
    .enumerate()
    {
        home.write(&format!("mail/{index}.eml"), format!("From: a@x\nDate: {date}\n\n{index}\n"));
    }
    let (_, done) = import(&home, &home.path("mail"));
    assert_eq!(done["imported"], 7);
    assert_eq!(home.json(&["list"]).len(), 7);
    assert_eq!(home.found("after:1980 before:2100").len(), 7);
    home.check();
}

#[test]
fn threads_that_eat_each_other() {
    let home = Home::new();
    let mut mbox = Vec::new();
    // Pairs, then letters that join ever more of them, in the worst order.
    for index in 0..3000 {
        let refs: String =
            (0..40).map(|n| format!(" <{}@x>", (index * 7919 + n * 104_729) % 3000)).collect();
        write!(
            mbox,
            "From a@b.c Mon Nov 16 10:00:00 2026\nFrom: a@x\nMessage-ID: <{index}@x>\n\
             References:{refs}\n\nbody {index}\n\n"
        )
        .unwrap();
    }
    let (_, done) = import(&home, &home.write("x.mbox", mbox));
    assert_eq!(done["imported"], 3000);
    home.check();
}

#[test]
fn threads_that_grow_by_being_eaten() {
    // Single letters first, then letters that join them to the pile one by one,
    // each time with the pile on the younger side.
    let home = Home::new();
    let mut mbox = Vec::new();
    let mut letter = |id: String, refs: String| {
        write!(
            mbox,
            "From a@b.c Mon Nov 16 10:00:00 2026\nFrom: a@x\nMessage-ID: <{id}@x>\n\
             References: {refs}\n\nbody {id}\n\n"
        )
        .unwrap();
    };
    let count = 4000;
    for index in 0..count {
        letter(format!("s{index}"), String::new());
    }
    for index in (1..count).rev() {
        letter(format!("j{index}"), format!("<s{index}@x> <s{}@x>", index - 1));
    }
    let (_, done) = import(&home, &home.write("x.mbox", mbox));
    assert_eq!(done["imported"], 2 * count - 1);
    home.check();
}

#[test]
fn a_pipe_among_the_letters_is_passed_by() {
    let home = Home::new();
    home.write("mail/good.eml", "From: a@x\n\ngood\n");
    let pipe = home.path("mail/pipe.eml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (_, done) = import(&home, &home.path("mail"));
    assert_eq!(done["imported"], 1);
}

#[test]
fn a_letter_that_is_too_large_is_refused_with_a_sentence_and_the_rest_kept() {
    let home = Home::new();
    let path = home.path("x.mbox");
    let mut file = std::fs::File::create(&path).unwrap();
    let from = b"From a@b.c Mon Nov 16 10:00:00 2026\n";
    file.write_all(&[from, &b"Subject: first\n\nfirst\n\n"[..]].concat()).unwrap();
    file.write_all(&[from, &b"Subject: huge\n\n"[..]].concat()).unwrap();
    let line = vec![b'y'; 1_000_000];
    for _ in 0..140 {
        file.write_all(&line).unwrap();
        file.write_all(b"\n").unwrap();
    }
    file.write_all(&[&b"\n"[..], from, &b"Subject: last\n\nlast\n\n"[..]].concat()).unwrap();
    drop(file);
    let (output, done) = import(&home, &path);
    assert_eq!((done["imported"].as_u64(), done["broken"].as_u64()), (Some(2), Some(1)));
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("140 MB"), "{}", stderr(&output));
    home.check();
}

/// A file of 2 GB streams through: it is sparse, so it costs no room, and its one
/// endless letter is passed over.
#[test]
fn an_mbox_of_2_gb_streams_through() {
    let home = Home::new();
    let path = home.path("x.mbox");
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(b"From a@b.c Mon Nov 16 10:00:00 2026\nSubject: first\n\nfirst\n\n").unwrap();
    file.write_all(b"From a@b.c Mon Nov 16 10:00:00 2026\nSubject: huge\n\n").unwrap();
    file.set_len(2 << 30).unwrap();
    drop(file);
    let (output, done) = import(&home, &path);
    assert_eq!((done["imported"].as_u64(), done["broken"].as_u64()), (Some(1), Some(1)));
    assert!(stderr(&output).contains("2147 MB"), "{}", stderr(&output));
    home.check();
}

#[test]
fn files_that_are_no_archive_are_refused_with_a_sentence() {
    let home = Home::new();
    home.write("mail/good.eml", "From: a@x\n\ngood\n");
    home.write("mail/noise.bin", [0xff; 100_000]);
    home.write("mail/deep/deeper/more.eml", "From: b@x\n\nmore\n");
    std::os::unix::fs::symlink(home.path("mail"), home.path("mail/loop")).unwrap();
    let (_, done) = import(&home, &home.path("mail"));
    assert_eq!(done["imported"], 2);
    let output = home.run(&["import", home.path("mail/noise.bin").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("no mail found"), "{}", stderr(&output));
}
