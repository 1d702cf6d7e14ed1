//! `kill -9` at any moment of an import: the store is sound, and importing again
//! ends complete with nothing doubled.
//!
//! `GOYO_KILLS` says how often (20 by default), `GOYO_BIN` which build to kill.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Home;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

const LETTERS: usize = 5000;

/// An mbox of letters that differ, thread and take a while.
fn archive(home: &Home) -> std::path::PathBuf {
    let path = home.path("five-thousand.mbox");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    for index in 0..LETTERS {
        let filler = "lorem ipsum dolor 가나다라 마바사 ".repeat(10 + index % 40);
        write!(
            out,
            "From a@b.c Mon Nov 16 10:00:00 2026\n\
             From: writer{index}@example.org\nMessage-ID: <{index}@x>\nReferences: <{}@x>\n\
             Date: Mon, {} Nov 2026 {:02}:{:02}:00 +0000\nSubject: letter {index}\n\n\
             unique{index} {filler}\n\n",
            index / 7,
            1 + index % 27,
            index % 24,
            index % 60,
        )
        .unwrap();
    }
    out.flush().unwrap();
    path
}

fn kills() -> u32 {
    std::env::var("GOYO_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20)
}

#[test]
fn killed_at_any_moment_nothing_is_lost_and_nothing_doubled() {
    let home = Home::new();
    let mbox = archive(&home);
    let args = ["import", mbox.to_str().unwrap(), "--folder", "local/a", "--json"];
    // How long it takes when nobody kills it.
    let started = Instant::now();
    assert_eq!(home.object(&args[..4])["imported"], LETTERS);
    let whole = started.elapsed();
    // A fixed seed: a failure can be had again.
    let mut state = 0x9e37_79b9_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        f64::from((state >> 33) as u32) / f64::from(1_u32 << 31)
    };
    let mut killed = 0;
    let mut moments = BTreeSet::new();
    while killed < kills() {
        std::fs::remove_dir_all(home.profile()).unwrap();
        let mut child =
            home.command().args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * random()));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            continue; // It was quicker.
        }
        killed += 1;
        if !home.profile().join("mail.sqlite").exists() {
            moments.insert(0);
        } else {
            let found = home.object(&["check"]);
            assert_eq!(found["wrong"], 0, "kill {killed}: {found}");
            moments.insert(found["letters"].as_u64().unwrap());
        }
        let again = home.object(&args[..4]);
        let sum = again["imported"].as_u64().unwrap() + again["duplicate"].as_u64().unwrap();
        assert_eq!(sum, LETTERS as u64, "kill {killed}: {again}");
        assert_eq!(again["broken"], 0);
        let found = home.object(&["check"]);
        assert_eq!((&found["wrong"], &found["letters"]), (&json!(0), &json!(LETTERS)));
        assert_eq!(home.found(&format!("unique{}", LETTERS - 1)).len(), 1);
    }
    println!("{killed} kills; letters kept at the moment of death: {moments:?}");
}

#[test]
fn a_polite_stop_keeps_what_came_in_and_says_so() {
    let home = Home::new();
    let mbox = archive(&home);
    let child = home
        .command()
        .args(["import", mbox.to_str().unwrap(), "--folder", "local/a"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Once the store is there the handler is too.
    while !home.profile().join("mail.sqlite-wal").exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    if output.status.code() == Some(1) {
        assert!(common::stderr(&output).contains("stopped"), "{}", common::stderr(&output));
    } else {
        // It had just ended, or died before it could be polite: sound all the same.
        assert!(output.status.success() || output.status.code().is_none());
    }
    home.check();
}
