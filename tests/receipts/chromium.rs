//! Letters opened by a real browser, as a receiver's webmail or mail program would.

use crate::sent::{Sender, html};
use crate::server::{GMAIL, until};
use serde_json::json;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Shows HTML in headless Chromium, which must end by itself.
fn show(home: &Path, html: &str) {
    let page = home.join("letter.html");
    std::fs::write(&page, format!("<!doctype html><meta charset=utf-8>{html}")).unwrap();
    let mut child = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        .args(["--no-first-run", "--disable-background-networking", "--disable-component-update"])
        .args(["--disable-sync", "--no-default-browser-check", "--dump-dom"])
        // Nobody but this computer is asked for anything.
        .arg("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
        .arg(format!("--user-data-dir={}", home.join("chromium").display()))
        .arg(format!("file://{}", page.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromium is needed: tests/run installs it");
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > Duration::from_secs(90) {
            child.kill().unwrap();
            panic!("chromium does not end");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let shown = child.wait_with_output().unwrap();
    let dom = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.status.success() && dom.contains("주세요"), "{shown:?}");
}

#[test]
fn a_receiver_who_opens_it_in_a_browser_has_read_it() {
    let sender = Sender::new();
    assert_eq!(sender.send_with_picture(&["minji", "junho", "sora"]).0, 0);
    let home = tempfile::tempdir().unwrap();

    // The sender's own copy, opened first: nothing is counted for anybody.
    let own = sender.desk.home.found("안녕하세요");
    assert_eq!(own.len(), 1, "{own:?}");
    let raw = sender.desk.home.run(&["show", &own[0], "--raw"]).stdout;
    let copy = html(&raw).unwrap();
    assert!(!copy.contains("/r/"), "{copy}");
    for name in ["minji", "junho", "sora"] {
        sender.ago(&sender.got(name).1.unwrap(), 120);
    }
    show(home.path(), &copy);

    // Three seconds after delivery.
    let (bytes, token) = sender.got("sora");
    sender.ago(&token.unwrap(), 3);
    show(home.path(), &html(&bytes).unwrap());
    let soon = sender.until("sora", "fetched");
    assert_eq!((&soon["fetchers"][0]["kind"], &soon["count"]), (&json!("soon"), &json!(1)));

    // By a service's proxy.
    sender.receipts.hit(&sender.got("junho").1.unwrap(), GMAIL);
    assert_eq!(sender.until("junho", "fetched")["fetchers"][0]["service"], "Gmail");
    assert_eq!(sender.list()["minji"]["count"], 0);

    // By the reader, and by the reader again.
    let (bytes, _) = sender.got("minji");
    show(home.path(), &html(&bytes).unwrap());
    assert_eq!(sender.until("minji", "read")["fetchers"][0]["kind"], "person");
    show(home.path(), &html(&bytes).unwrap());
    until("both are counted", || (sender.list()["minji"]["count"] == 2).then_some(()));
}

#[test]
fn a_receiver_with_goyo_is_not_seen() {
    let sender = Sender::new();
    assert_eq!(sender.send_with_picture(&["minji"]).0, 0);
    let (bytes, token) = sender.got("minji");
    sender.ago(&token.unwrap(), 120);
    let reader = crate::common::Home::new();
    let file = reader.write("letter.eml", bytes);
    assert_eq!(reader.import(&file, "local/inbox")["imported"], 1);
    let id = reader.found("안녕하세요").remove(0);
    assert!(reader.run(&["show", &id]).status.success());
    let told = reader.object(&["inspect", file.to_str().unwrap()]);
    let remote = told["remote"].as_array().unwrap();
    assert!(
        remote
            .iter()
            .any(|r| r["url"].as_str().unwrap().contains("/r/") && r["verdict"] == "refuse"),
        "{told}"
    );
    let row = sender.list().remove("minji").unwrap();
    assert_eq!((&row["state"], &row["count"]), (&json!("unread"), &json!(0)));
}
