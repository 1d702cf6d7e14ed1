//! The real program on a real screen, driven by keys as a user drives it, with a real
//! Dovecot, a real Postfix and a receipt server behind it.
//!
//! `GOYO_PICTURES=DIR` keeps what was seen.
#![cfg(feature = "window-tests")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;
mod pictures;
#[path = "../receipts/server.rs"]
#[allow(dead_code)]
mod server;
mod stage;
mod story;
mod web;

use common::desk::Desk;
use common::dovecot::USER;
use common::lines;
use common::place::{place, read_by_python};
use common::postfix::DOMAIN;
use goyo::model::{DraftBody, DraftId};
use serde_json::Value;
use server::{CHROME, Data, Running};
use sha2::{Digest as _, Sha256};
use stage::{Screen, until};
use std::io::Write as _;
use std::process::Stdio;

/// A picture that a receiver can look at: a few colours.
fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(320, 200, |x, y| image::Rgb([x as u8, y as u8, 160]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

fn said(desk: &Desk, args: &[&str]) -> Vec<Value> {
    let output = desk.command().arg("--json").args(args).output().unwrap();
    assert!(output.status.success(), "{args:?} {}", String::from_utf8_lossy(&output.stderr));
    lines(&output)
}

/// Waits for a draft with this subject.
fn draft(desk: &Desk, subject: &str) -> Value {
    until(&format!("a draft '{subject}'"), || {
        said(desk, &["drafts", "list"]).into_iter().find(|draft| draft["subject"] == subject)
    })
}

/// The text of a draft.
fn text_of(desk: &Desk, draft: &Value) -> String {
    let id = draft["id"].as_str().unwrap().parse().unwrap();
    match desk.store().draft(DraftId(id)).unwrap().draft.body {
        DraftBody::Text(text) | DraftBody::Marked(text) => text,
        DraftBody::Html { .. } => panic!("the window writes no HTML"),
    }
}

/// Sends what is being written; what it makes known was read before.
fn send(screen: &Screen, desk: &Desk) {
    let waiting = said(desk, &["outbox", "list"]).len();
    screen.press_and_see(&["ctrl+Return"]);
    if said(desk, &["outbox", "list"]).len() == waiting {
        screen.press(&["ctrl+Return"]);
    }
    until("it waits to be sent", || {
        (said(desk, &["outbox", "list"]).len() > waiting).then_some(())
    });
}

fn receipt_server(desk: &Desk, data: &Data, key: &str) -> Running {
    let running = Running::start(&data.path());
    let url = format!("http://{}", running.address);
    let mut set = desk
        .command()
        .args(["receipts", "server", "set", &url, "--key-stdin"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    set.stdin.take().unwrap().write_all(key.as_bytes()).unwrap();
    assert!(set.wait().unwrap().success());
    running
}

#[test]
fn in_korean_and_in_the_light_a_letter_is_answered_sent_and_asked_after() {
    a_day("ko", false);
}

#[test]
fn in_english_and_in_the_dark_a_letter_is_answered_sent_and_asked_after() {
    a_day("en", true);
}

fn a_day(language: &str, dark: bool) {
    let place = place();
    let desk = &place.desk;
    let data = Data::new();
    let key = data.key("kim");
    let receipts = receipt_server(desk, &data, &key);
    let see = |name: &str| format!("{language}-{name}");
    let screen = Screen::start();
    let window = screen.window(desk, language, dark);

    // A letter comes, and is read.
    let lunch = format!(
        "From: 이서연 <lee@{DOMAIN}>\r\nTo: {USER}@{DOMAIN}\r\nSubject: 점심 약속\r\n\
         Message-ID: <lunch@{DOMAIN}>\r\nDate: Fri, 20 Nov 2026 11:30:00 +0900\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         다음 주 목요일 점심 어때요?\r\n"
    );
    place.dovecot.client(USER).append("INBOX", &[], [lunch.into_bytes()]);
    until("the letter comes", || (!desk.letters("INBOX").is_empty()).then_some(()));
    // From elsewhere: the window may have gone to the inbox by itself.
    screen.press_and_see(&["g", "s"]);
    screen.press_and_see(&["g", "i"]);
    screen.press_and_see(&["Down"]);
    screen.keep(&see("reading"));

    // It is answered, with a picture; taken back, and sent.
    screen.press_and_see(&["r"]);
    let answer = "좋아요, 목요일에 봬요. 지난번에 찍은 사진도 보내요 🙂";
    screen.pastes(answer);
    let begun = draft(desk, "Re: 점심 약속");
    let picture = picture();
    let path = desk.home.write("사진.png", &picture);
    screen.press_and_see(&["ctrl+shift+a"]);
    screen.pastes(path.to_str().unwrap());
    screen.press(&["Return"]);
    until("the picture is kept", || {
        let draft = draft(desk, "Re: 점심 약속");
        (draft["files"].as_array().unwrap().len() == 1).then_some(())
    });
    until("the text is kept", || text_of(desk, &begun).starts_with(answer).then_some(()));
    screen.keep(&see("answering"));
    send(&screen, desk);
    screen.press(&["z"]);
    until("it is taken back", || said(desk, &["outbox", "list"]).is_empty().then_some(()));
    assert!(place.dovecot.letters("lee", "INBOX").is_empty(), "ten seconds had passed");
    let again = draft(desk, "Re: 점심 약속");
    assert!(text_of(desk, &again).starts_with(answer));
    screen.keep(&see("taken back"));
    send(&screen, desk);
    screen.keep(&see("can be taken back"));
    let got = place.dovecot.wait_for("lee", 1);
    let read = read_by_python(&got[0]);
    assert_eq!(read["subject"], "Re: 점심 약속");
    assert_eq!(read["reply"], format!("<lunch@{DOMAIN}>"));
    assert!(read["text"].as_str().unwrap().starts_with(answer), "{read}");
    let hash: String = Sha256::digest(&picture).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(read["pictures"], Value::from(vec![hash]), "{read}");
    until("the first is marked as answered", || {
        let truth = place.dovecot.truth(USER);
        let mut letters = truth["INBOX"].letters.values();
        letters.any(|letter| letter.flags.iter().any(|flag| flag == "\\Answered")).then_some(())
    });
    screen.keep(&see("sent"));

    // The program is killed while somebody writes; nothing that was seen is lost.
    screen.press_and_see(&["c"]);
    screen.types(&format!("park@{DOMAIN},"));
    screen.press(&["Tab"]);
    screen.pastes("끊긴 편지");
    screen.press(&["Tab"]);
    screen.pastes("여기까지 쓰다가 ");
    screen.types("the lights went out");
    let whole = "여기까지 쓰다가 the lights went out";
    let begun = draft(desk, "끊긴 편지");
    until("all of it is kept", || (text_of(desk, &begun).trim_end() == whole).then_some(()));
    window.kill();
    let window = screen.window(desk, language, dark);
    screen.press_and_see(&["g", "d"]);
    screen.press_and_see(&["Down"]);
    screen.keep(&see("found again"));
    screen.press_and_see(&["Return"]);
    // It asks for a receipt by a picture: the second of the choices.
    screen.press_and_see(&["ctrl+shift+r"]);
    screen.press_and_see(&["ctrl+shift+r"]);
    screen.keep(&see("asking for a receipt"));
    send(&screen, desk);
    let got = place.dovecot.wait_for("park", 1);
    let read = read_by_python(&got[0]);
    assert!(read["text"].as_str().unwrap().starts_with(whole), "{read}");

    // Its receiver opens it, later.
    let (_, token) = read["html"].as_str().unwrap().split_once("/r/").expect("a picture");
    let token: String = token.chars().take(32).collect();
    until("its departure is known", || {
        let sql = "SELECT count(*) FROM token WHERE sent IS NOT NULL";
        let count = data.database().query_row(sql, [], |row| row.get::<_, i64>(0));
        count.is_ok_and(|count| count > 0).then_some(())
    });
    data.ages(&token, 3_600);
    receipts.hit(&token, CHROME);
    screen.press_and_see(&["g", "r"]);
    until("it is known to be read", || {
        let known = said(desk, &["receipts", "list"]);
        known.iter().any(|row| row["state"] == "read").then_some(())
    });
    screen.keep(&see("receipts"));
    screen.press_and_see(&["g", "t"]);
    screen.press_and_see(&["Down"]);
    screen.press_and_see(&["t"]);
    screen.keep(&see("what became of it"));
    drop(window);
}
