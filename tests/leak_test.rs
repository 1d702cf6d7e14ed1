//! `goyo leak-test`: nothing gets out; and when something is broken on purpose, it
//! says so.
#![cfg(feature = "render")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{lines, program, stderr};
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::{Command, Output};

fn leak_test(args: &[&str]) -> Output {
    Command::new(program()).args(["--json", "leak-test"]).args(args).output().unwrap()
}

/// Its one object, and how it ended.
fn outcome(args: &[&str]) -> (Value, i32) {
    let output = leak_test(args);
    let mut objects = lines(&output);
    assert_eq!(objects.len(), 1, "{args:?}: {}", stderr(&output));
    (objects.remove(0), output.status.code().unwrap())
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

/// In a namespace everything is counted; elsewhere what is not counted is not claimed.
fn counts_what_it_says(found: &Value) {
    let counted = found["isolation"] == "namespace";
    assert!(counted || found["isolation"] == "listeners", "{found}");
    for key in ["packets", "lookups"] {
        assert_eq!(found.get(key).is_some(), counted, "{found}");
    }
}

#[test]
fn nothing_gets_out() {
    let (found, code) = outcome(&[]);
    counts_what_it_says(&found);
    assert_eq!(names(&found["leaked"]), [""; 0]);
    assert_eq!(names(&found["missed"]), [""; 0]);
    for counter in ["packets", "lookups", "hits", "stray"] {
        assert_eq!(found.get(counter).and_then(Value::as_u64).unwrap_or(0), 0, "{found}");
    }
    let vectors = found["vectors"].as_u64().unwrap();
    let (opened, fallback) =
        (found["opened"].as_u64().unwrap(), found["fallback"].as_u64().unwrap());
    assert!(vectors >= 250, "{found}");
    assert_eq!(opened + fallback, vectors, "{found}");
    // A letter shown as text proves nothing of the engine.
    assert!(fallback <= vectors / 100, "{found}");
    assert_eq!(code, 0);
}

#[test]
fn the_vectors_cover_what_is_known() {
    let output = leak_test(&["--list"]);
    assert!(output.status.success());
    let all = lines(&output);
    let groups: BTreeSet<&str> = all.iter().map(|v| v["group"].as_str().unwrap()).collect();
    for group in [
        "pictures",
        "backgrounds",
        "sound and film",
        "objects",
        "frames",
        "link rel",
        "head",
        "forms and pings",
        "svg",
        "mathml",
        "vml and office",
        "xml",
        "css properties",
        "css rules",
        "look-up or handshake alone",
        "header",
        "attachments",
        "mime",
        "charsets",
    ] {
        assert!(groups.contains(group), "{group}");
    }
    for vector in &all {
        let why = vector.get("why").and_then(Value::as_str);
        assert_eq!(vector["ledger"] == "nothing", why.is_some(), "{vector}");
    }
}

#[test]
fn listeners_alone_claim_no_more_than_they_count() {
    let (found, code) = outcome(&["--no-namespace", "--only", "css rules"]);
    assert_eq!(found["isolation"], "listeners");
    counts_what_it_says(&found);
    assert_eq!((found["hits"].as_u64(), code), (Some(0), 0), "{found}");
}

#[test]
fn a_choice_of_nothing_is_wrong_usage() {
    let output = leak_test(&["--only", "no vector is called that"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

/// Letters that nobody cleaned bring their addresses to the engine; it has no network,
/// and it is noticed all the same.
#[cfg(debug_assertions)]
#[test]
fn a_broken_cleaner_is_noticed() {
    let (found, code) = outcome(&["--sabotage", "cleaner", "--only", "css rules"]);
    assert_eq!(code, 1, "{found}");
    assert!(found["stray"].as_u64().unwrap() >= 20, "{found}");
    assert!(names(&found["leaked"]).contains(&"css rules: @import, string"), "{found}");
}

/// Where everything judged is allowed, letters reach the listener, and names the
/// resolver.
#[cfg(debug_assertions)]
#[test]
fn a_broken_gate_is_noticed() {
    for isolation in [&[][..], &["--no-namespace"][..]] {
        let args = [&["--sabotage", "gate", "--only", "pictures: img src"][..], isolation].concat();
        let (found, code) = outcome(&args);
        assert_eq!(code, 1, "{found}");
        counts_what_it_says(&found);
        assert!(found["hits"].as_u64().unwrap() >= 5, "{found}");
        assert!(names(&found["leaked"]).contains(&"pictures: img src"), "{found}");
        for counter in ["packets", "lookups"] {
            assert_ne!(found.get(counter).and_then(Value::as_u64), Some(0), "{found}");
        }
    }
}
