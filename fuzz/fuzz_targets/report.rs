//! Any bytes are a bounce, a receipt or a picture: nothing that reads them may panic, and
//! what they say is bounded.
#![no_main]

use goyo::mime::{self, picture, report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    for kind in ["delivery-status", "disposition-notification"] {
        let mut whole = format!(
            "Return-Path: <>\r\nMIME-Version: 1.0\r\nContent-Type: message/{kind}\r\n\r\n"
        )
        .into_bytes();
        whole.extend_from_slice(raw);
        check(&whole);
    }
    let mut prose =
        b"Return-Path: <>\r\nFrom: mailer-daemon@x\r\nSubject: failure notice\r\n\r\n".to_vec();
    prose.extend_from_slice(raw);
    check(&prose);
    check(raw);
    if let Some(cleaned) = picture::clean(raw) {
        // What is clean stays as it is.
        let again = picture::clean(&cleaned.bytes).expect("a picture");
        assert!(!again.removed);
        assert!(cleaned.bytes.len() <= raw.len() + 64);
    }
});

fn check(raw: &[u8]) {
    let letter = mime::parse(raw);
    let _ = report::request(&letter);
    if let Some(report) = report::read(&letter) {
        assert!(!report.outcomes.is_empty() && report.outcomes.len() <= 1_000);
        for outcome in &report.outcomes {
            assert!(outcome.recipient.contains('@'));
            assert!(!outcome.said.contains(['\r', '\n', '\0']));
            assert!(outcome.said.len() <= 1_100);
        }
    }
}
