//! Letters we build are read back as they were meant: by Python's `email`, by mail-parser,
//! and by this program. Nothing else is in them.
//!
//! `GOYO_LETTERS=50000` makes up more of them (5,000 otherwise).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod letters;

use goyo::mime::{compose, parse};
use goyo::model::Seal;
use letters::{Expected, letter};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Python, reading one letter after another.
struct Python {
    child: Child,
    letters: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Python {
    fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compose/read.py");
        let mut child = Command::new("python3")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        let letters = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, letters, answers }
    }

    fn read(&mut self, raw: &[u8]) -> Value {
        let letters = self.letters.as_mut().unwrap();
        letters.write_all(&(raw.len() as u32).to_be_bytes()).unwrap();
        letters.write_all(raw).unwrap();
        letters.flush().unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).expect("an answer")
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        drop(self.letters.take());
        let _ = self.child.wait();
    }
}

fn seal(number: u64) -> Seal {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_be_bytes());
    Seal { seed, date: 1_000_000_000 + number as i64 * 86_399 }
}

fn count() -> u64 {
    std::env::var("GOYO_LETTERS").ok().and_then(|n| n.parse().ok()).unwrap_or(5_000)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// A quarter of the letters each, side by side.
#[test]
fn what_is_built_is_read_back_by_others_1() {
    read_back(0);
}

#[test]
fn what_is_built_is_read_back_by_others_2() {
    read_back(1);
}

#[test]
fn what_is_built_is_read_back_by_others_3() {
    read_back(2);
}

#[test]
fn what_is_built_is_read_back_by_others_4() {
    read_back(3);
}

fn read_back(quarter: u64) {
    let mut python = Python::start();
    for number in (0..count()).filter(|number| number % 4 == quarter) {
        let (draft, expected) = letter(number);
        let built = compose::build(&draft, &seal(number)).unwrap();
        assert_eq!(built.deliveries.len() > 1, expected.pixel, "letter {number}");
        let raw = built.bytes(built.deliveries.last().unwrap());
        let read = python.read(&raw);
        let told = || format!("letter {number}:\n{read:#}\n{}", String::from_utf8_lossy(&raw));
        by_python(&read, &expected, &told);
        assert_eq!(read["date"], seal(number).date, "{}", told());
        assert_eq!(read["message_id"], format!("<{}>", built.message_id), "{}", told());
        by_mail_parser(&raw, &read, &expected, &told);
        only_what_was_said(&raw, &expected, &told);
    }
}

fn people(of: &Value) -> Vec<[String; 2]> {
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    of.as_array().unwrap().iter().map(|p| [text(&p[0]), text(&p[1])]).collect()
}

/// Python before 3.13 puts blanks between the encoded words of a name that needs several
/// of them, against RFC 2047; mail-parser is asked for these to the letter.
fn known_to_python(people: &[[String; 2]]) -> Vec<[String; 2]> {
    let known = |name: &String| match name.len() > 45 {
        true => name.replace(' ', ""),
        false => name.clone(),
    };
    people.iter().map(|[name, addr]| [known(name), addr.clone()]).collect()
}

fn by_python(read: &Value, expected: &Expected, told: &dyn Fn() -> String) {
    assert_eq!(read["defects"].as_array().unwrap().len(), 0, "{}", told());
    assert_eq!(read["subject"], expected.subject, "{}", told());
    let from = std::slice::from_ref(&expected.from);
    for (field, meant) in [
        ("from", from),
        ("to", &expected.to),
        ("cc", &expected.cc),
        ("reply_to", &expected.reply_to),
    ] {
        assert_eq!(known_to_python(&people(&read[field])), known_to_python(meant), "{}", told());
    }
    let references: Vec<&str> =
        read["references"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(references, expected.references, "{}", told());
    assert_eq!(read["zone"], f64::from(expected.zone) * 60.0, "{}", told());

    assert_eq!(read["texts"].as_array().unwrap().len(), 1, "{}", told());
    let lines: Vec<(usize, String)> = read["texts"][0]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| (l[0].as_u64().unwrap() as usize, l[1].as_str().unwrap().to_owned()))
        .collect();
    if let Some(meant) = &expected.lines {
        assert_eq!(&lines, meant, "{}", told());
        assert_eq!(read["html"].as_array().unwrap().len(), 0, "{}", told());
    }
    if let Some(meant) = &expected.words {
        let is_mark = |word: &&str| *word != "-" && *word != "1.";
        let text: Vec<&str> =
            lines.iter().flat_map(|(_, line)| line.split_whitespace()).filter(is_mark).collect();
        assert_eq!(&text, meant, "{}", told());
        let html = read["html"][0]["text"].as_str().unwrap();
        let html: Vec<&str> = html.split_whitespace().collect();
        let seen: Vec<&String> = meant.iter().filter(|word| *word != "그림").collect();
        assert_eq!(html, seen, "{}", told());
        let pictures = read["html"][0]["pictures"].as_array().unwrap();
        let ids = read["ids"].as_object().unwrap();
        let shown: Vec<&str> = pictures
            .iter()
            .filter_map(|src| src.as_str().unwrap().strip_prefix("cid:"))
            .map(|id| ids[id].as_str().unwrap())
            .collect();
        assert_eq!(shown, expected.shown, "{}", told());
        let pixels = pictures.iter().filter(|src| src.as_str().unwrap().starts_with("https:"));
        assert_eq!(pixels.count(), usize::from(expected.pixel), "{}", told());
    }

    let files: Vec<(&str, &str)> = read["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["name"].as_str().unwrap(), f["sha256"].as_str().unwrap()))
        .collect();
    let meant: Vec<(&str, String)> =
        expected.files.iter().map(|(name, bytes)| (name.as_str(), sha256(bytes))).collect();
    let meant: Vec<(&str, &str)> = meant.iter().map(|(n, s)| (*n, s.as_str())).collect();
    assert_eq!(files, meant, "{}", told());

    // Lines, words and bytes as the standards want them.
    assert_eq!(read["bare"], false, "{}", told());
    assert_eq!(read["ascii"], true, "{}", told());
    assert!(read["longest"].as_u64().unwrap() <= 998, "{}", told());
    assert!(read["longest_encoded"].as_u64().unwrap() <= 76, "{}", told());
    assert!(read["longest_word"].as_u64().unwrap() <= 75, "{}", told());
    if expected.references.iter().all(|id| id.len() <= 60) {
        assert!(read["longest_header"].as_u64().unwrap() <= 78, "{}", told());
    }
}

fn by_mail_parser(raw: &[u8], read: &Value, expected: &Expected, told: &dyn Fn() -> String) {
    use mail_parser::{Address, MimeHeaders as _};
    let letter = mail_parser::MessageParser::default().parse(raw).unwrap();
    assert_eq!(letter.subject().unwrap_or(""), expected.subject, "{}", told());
    let people = |address: Option<&Address<'_>>| -> Vec<[String; 2]> {
        address
            .into_iter()
            .flat_map(|a| a.iter())
            .map(|a| [a.name().unwrap_or("").to_owned(), a.address().unwrap_or("").to_owned()])
            .collect()
    };
    // It takes quotes off local parts.
    let unquoted = |people: &[[String; 2]]| -> Vec<[String; 2]> {
        people.iter().map(|[name, addr]| [name.clone(), addr.replace('"', "")]).collect()
    };
    assert_eq!(unquoted(&people(letter.to())), unquoted(&expected.to), "{}", told());
    assert_eq!(unquoted(&people(letter.cc())), unquoted(&expected.cc), "{}", told());
    let text = letter.text_part(0).unwrap().text_contents().unwrap().replace("\r\n", "\n");
    assert_eq!(text, read["texts"][0]["raw"].as_str().unwrap(), "{}", told());
    let files: Vec<(&str, &[u8])> = letter
        .attachments()
        .filter(|part| part.attachment_name().is_some())
        .map(|part| (part.attachment_name().unwrap(), part.contents()))
        .collect();
    let names: Vec<&str> = expected.files.iter().map(|(name, _)| name.as_str()).collect();
    let mut seen: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let mut meant = names.clone();
    seen.sort_unstable();
    meant.sort_unstable();
    assert_eq!(seen, meant, "{}", told());
}

/// Neither blind copies nor anything of this computer.
fn only_what_was_said(raw: &[u8], expected: &Expected, told: &dyn Fn() -> String) {
    const FIELDS: [&str; 16] = [
        "date",
        "from",
        "reply-to",
        "to",
        "cc",
        "subject",
        "message-id",
        "in-reply-to",
        "references",
        "disposition-notification-to",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
        "content-id",
        "",
    ];
    let letter = parse(raw);
    assert!(letter.defects.is_empty(), "{:?} {}", letter.defects, told());
    assert_eq!(letter.envelope.subject, expected.subject.replace('\u{feff}', ""), "{}", told());
    for part in &letter.parts {
        for field in &part.fields {
            let name = field.name.to_ascii_lowercase();
            assert!(FIELDS.contains(&name.as_str()), "{name} {}", told());
            assert!(!field.value.contains(&expected.hidden), "{}", told());
            assert!(!field.value.contains("숨은이"), "{}", told());
        }
    }
    assert!(letter.envelope.bcc.is_empty());
    let text = String::from_utf8_lossy(raw);
    assert!(!text.contains(&expected.hidden), "{}", told());
    assert!(!text.to_ascii_lowercase().contains("\nbcc:"), "{}", told());
    if expected.zone == 0 {
        let date = text.lines().next().unwrap();
        assert!(date.starts_with("Date: ") && date.ends_with(" +0000"), "{}", told());
    }
}

/// Host name, user name, local address, clock and zone cannot be in what is built: nothing
/// that builds can ask for them.
#[test]
fn what_builds_letters_asks_nobody_for_host_user_clock_or_zone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mime");
    let mut sources = Vec::new();
    for room in ["compose", "picture", "report"] {
        for entry in std::fs::read_dir(root.join(room)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.ends_with(".rs") && !name.ends_with("tests.rs") {
                sources.push(path);
            }
        }
    }
    assert!(sources.len() > 15, "{sources:?}");
    for path in sources {
        let source = std::fs::read_to_string(&path).unwrap();
        for word in [
            "std::env",
            "std::fs",
            "std::time",
            "std::process",
            "SystemTime",
            "Instant",
            "jiff",
            "gethostname",
            "hostname",
            "whoami",
            "dirs::",
            "sys_locale",
            "rustix",
            "libc",
            "UdpSocket",
            "TcpStream",
            "env!",
            "User-Agent:",
            "X-Mailer:",
        ] {
            assert!(!source.contains(word), "{} names {word}", path.display());
        }
    }
}
