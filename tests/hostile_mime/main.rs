//! Letters that mean harm, or were mangled on their way: each must be parsed in
//! bounded time on a small stack, and must show something or say what is wrong.
//!
//! Memory is not measured here but where a whole process runs: the test of the
//! command line does that.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may stop the test")]

mod bodies;
mod headers;
mod shapes;

use goyo::mime::{self, Content, Letter};
use std::time::Duration;

/// What a case must come to, beyond being parsed in time.
type Expect = fn(&Letter<'_>);

struct Case {
    name: &'static str,
    letter: fn() -> Vec<u8>,
    expect: Expect,
}

fn case(name: &'static str, letter: fn() -> Vec<u8>, expect: Expect) -> Case {
    Case { name, letter, expect }
}

fn has(letter: &Letter<'_>, kind: &str) {
    assert!(letter.defects.iter().any(|d| d.kind == kind), "no {kind} among {:?}", letter.defects);
}

fn shows(letter: &Letter<'_>, text: &str) {
    let shown = letter.text();
    assert!(shown.contains(text), "{text:?} is not in {:?}", shown.get(..shown.len().min(300)));
}

fn text(head: &str, body: &str) -> Vec<u8> {
    format!("From: a@example.com\r\nSubject: s\r\n{head}\r\n\r\n{body}").into_bytes()
}

/// `depth` letters in letters.
fn nested_letters(depth: usize) -> Vec<u8> {
    let mut raw = "Subject: in\r\nContent-Type: message/rfc822\r\n\r\n".repeat(depth);
    raw.push_str("Subject: last\r\n\r\nthe core\r\n");
    raw.into_bytes()
}

fn nested_multiparts(depth: usize, closed: bool) -> Vec<u8> {
    let mut raw = String::new();
    for n in 0..depth {
        raw.push_str(&format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"));
    }
    raw.push_str("\r\nthe core\r\n");
    if closed {
        for n in (0..depth).rev() {
            raw.push_str(&format!("--b{n}--\r\n"));
        }
    }
    raw.into_bytes()
}

fn many_parts(count: usize, part: &str) -> Vec<u8> {
    let mut raw = String::from("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for _ in 0..count {
        raw.push_str("--b\r\n");
        raw.push_str(part);
    }
    raw.push_str("--b--\r\n");
    raw.into_bytes()
}

/// base64 of a letter in base64 of a letter …
fn nested_encoded(depth: usize) -> Vec<u8> {
    let mut raw = b"Subject: core\r\n\r\nthe core\r\n".to_vec();
    for _ in 0..depth {
        let mut outer =
            b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n".to_vec();
        outer.extend(base64(&raw).into_bytes());
        raw = outer;
    }
    raw
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let word =
            group.iter().fold(0u32, |w, b| w << 8 | u32::from(*b)) << (8 * (3 - group.len()));
        for place in 0..4 {
            if place <= group.len() {
                out.push(char::from(DIGITS[(word >> (18 - 6 * place) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

fn flood(unit: &str, bytes: usize) -> String {
    unit.repeat(bytes / unit.len())
}

const MB: usize = 1 << 20;

fn anything_or_defect(_: &Letter<'_>) {}

/// Every way in which the rest of the program looks at a letter.
fn look_at(letter: &Letter<'_>) -> bool {
    let text = letter.text();
    let preview = letter.preview(120);
    assert!(preview.chars().count() <= 120);
    let html = letter.html();
    let mut content = 0;
    for (index, part) in letter.parts.iter().enumerate() {
        assert!(part.parent.is_none_or(|parent| parent < index));
        assert_eq!(part.parent.is_none(), index == 0);
        if let Some(range) = &part.body_range {
            assert!(range.start <= range.end && range.end <= letter.raw.len());
        }
        if let Some(name) = &part.file_name {
            assert!(!name.is_empty() && name.len() <= 255 && !name.contains(['/', '\\']));
        }
        content += match &part.content {
            Content::Text(text) | Content::Html(text) => text.len(),
            Content::Binary(bytes) => bytes.len(),
            _ => 0,
        };
    }
    for index in letter.html_body.iter().chain(&letter.text_body).chain(&letter.attachments) {
        assert!(*index < letter.parts.len());
    }
    let _ = letter.nested(1);
    let shows = !text.trim().is_empty() || html.is_some() || content > 0;
    shows || !letter.attachments.is_empty() || !letter.envelope.subject.is_empty()
}

/// How long this thread has worked, whatever else the computer did meanwhile.
fn worked() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(stat.split(' ').next().unwrap().parse().unwrap())
}

#[test]
fn hostile_letters_are_parsed_in_time_and_say_what_is_wrong() {
    let cases: Vec<Case> =
        [shapes::cases(), headers::cases(), bodies::cases()].into_iter().flatten().collect();
    assert!(cases.len() >= 40);
    for case in cases {
        // A stack smaller than any thread of the program has.
        let thread = std::thread::Builder::new().stack_size(2 * MB).name(case.name.to_owned());
        let run = thread.spawn(move || {
            let raw = (case.letter)();
            let start = worked();
            let letter = mime::parse(&raw);
            let parsed = worked() - start;
            assert!(!letter.parts.is_empty(), "{}: no part", case.name);
            let shown = look_at(&letter);
            let taken = worked() - start;
            assert!(
                shown || !letter.defects.is_empty(),
                "{}: neither shown nor explained",
                case.name
            );
            for defect in &letter.defects {
                assert!(defect.text.ends_with('.'), "{}: {:?}", case.name, defect);
            }
            (case.expect)(&letter);
            drop(letter);
            if std::env::var_os("GOYO_TEST_TIMES").is_some() {
                println!(
                    "{:8.3} {:8.3} s  {}",
                    parsed.as_secs_f64(),
                    taken.as_secs_f64(),
                    case.name
                );
            }
            assert!(taken <= Duration::from_secs(5), "{}: {taken:?}", case.name);
        });
        run.unwrap().join().unwrap_or_else(|_| panic!("{} failed", case.name));
    }
}
