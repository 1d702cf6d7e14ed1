//! What is typed is kept in a moment, whatever else the engine is at.

use super::common::desk::{ACCOUNT, Desk};
use super::common::dovecot::{PASSWORD, USER};
use super::common::window::Window;
use goyo::engine::protocol::{Command, Event, NotDone, Start};
use goyo::html::clean::Scheme;
use goyo::html::worker::protocol::View;
use goyo::model::{Draft, DraftBody};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, Instant};

const VIEW: View = View { width: 600.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };

/// A profile whose account can neither read nor send.
fn desk() -> Desk {
    let desk = Desk::new();
    let nowhere = "127.0.0.1:1:plain";
    desk.account_with(nowhere, ACCOUNT, USER, PASSWORD, &["--smtp", nowhere]);
    desk
}

fn text(draft: &Draft, words: &str) -> Draft {
    Draft { body: DraftBody::Marked(words.into()), ..draft.clone() }
}

#[test]
fn what_is_typed_is_kept_while_the_drawing_process_says_nothing() {
    let desk = desk();
    let silent = desk.home.path("silent");
    let fakes = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drawing_process/fake.sh");
    symlink(fakes, &silent).unwrap();
    let mut window = Window::open_with(&desk.home.profile(), silent);
    let begun = window.begin(Start::New(None, Vec::new()));
    let (id, account) = (begun.row.id, begun.row.account);
    let letter = desk.home.write("letter.eml", "Subject: s\nContent-Type: text/html\n\n<p>x</p>");
    // The engine waits for an answer that does not come, and then for others.
    for doc in 1..=5 {
        window.commands.send(Command::OpenFile(doc, letter.clone(), VIEW));
    }
    let words = text(&begun.row.draft, "그동안 쓴 글");
    window.commands.send(Command::SaveDraft(id, account, Box::new(words.clone()), 7));
    let mut waited_for = 0;
    window.wait(|event| match event {
        Event::Opened(..) | Event::NotOpened(..) => {
            waited_for += 1;
            None
        }
        Event::DraftSaved(saved, 7) => (saved == id).then_some(()),
        _ => None,
    });
    assert!(waited_for < 5, "it was kept when all letters were done with");
    assert_eq!(desk.store().draft(id).unwrap().draft.body, words.body);
}

#[test]
fn what_is_asked_of_a_draft_goes_by_what_was_typed_before() {
    let desk = desk();
    let mut window = Window::open(&desk.home.profile());
    let begun = window.begin(Start::New(None, Vec::new()));
    let (id, account) = (begun.row.id, begun.row.account);
    for round in 0..50_u64 {
        let words = text(&begun.row.draft, &format!("{round}번째 글"));
        window.commands.send(Command::SaveDraft(id, account, Box::new(words.clone()), round));
        let version = window.looked_through(id);
        let row = desk.store().draft(id).unwrap();
        assert_eq!((row.version, row.draft.body), (version, words.body));
    }
    // And the end of the program.
    let last = text(&begun.row.draft, "끝");
    window.commands.send(Command::SaveDraft(id, account, Box::new(last.clone()), 99));
    window.commands.send(Command::Quit);
    window.ended();
    assert_eq!(desk.store().draft(id).unwrap().draft.body, last.body);
}

#[test]
fn a_pipe_is_no_file_and_keeps_nobody_waiting() {
    let desk = desk();
    let pipe = desk.home.path("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    let mut window = Window::open(&desk.home.profile());
    let begun = window.begin(Start::New(None, Vec::new()));
    window.commands.send(Command::Attach(begun.row.id, vec![pipe.clone()]));
    let failed = window.wait(|event| match event {
        Event::Files(_, files, failed) => {
            assert!(files.is_empty());
            Some(failed)
        }
        _ => None,
    });
    assert_eq!(failed, [(pipe, NotDone::NoFile)]);
}

/// How long each save takes while a file of 25 MB is attached, the letter looked through,
/// shown and put away, over and over. Figures with `--nocapture`.
#[test]
fn saves_go_on_while_large_files_are_handled() {
    let desk = desk();
    let mut bytes = Vec::with_capacity(25_000_000);
    let mut state = 1_u64;
    while bytes.len() < 25_000_000 {
        // Does not compress, as the files people send.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        bytes.extend_from_slice(&state.to_be_bytes());
    }
    let file = desk.home.path("영상.bin");
    std::fs::write(&file, &bytes).unwrap();
    let mut window = Window::open(&desk.home.profile());
    let begun = window.begin(Start::New(None, Vec::new()));
    let (id, account) = (begun.row.id, begun.row.account);
    let other = window.begin(Start::New(None, Vec::new()));
    let mut took: Vec<Duration> = Vec::new();
    let (mut files, mut looks, mut shown, mut put_away) = (0, 0, 0, 0);
    for edits in 0..600_u64 {
        // Beginning the other one says so too.
        if edits >= 170 && put_away >= 4 {
            break;
        }
        match edits {
            10 | 60 => window.commands.send(Command::Attach(id, vec![file.clone()])),
            20 | 70 => window.commands.send(Command::Preflight(id, edits)),
            30 | 80 => window.commands.send(Command::OpenDraft(1, id, VIEW)),
            40 | 90 | 130 => window.commands.send(Command::PutAway(id)),
            _ => {}
        }
        // In the end another letter is written, while the first is filed.
        let typed = if edits < 125 { &begun.row } else { &other.row };
        let words = text(&typed.draft, &format!("{edits}번째 글"));
        let asked = Instant::now();
        window.commands.send(Command::SaveDraft(typed.id, account, Box::new(words), edits));
        window.wait(|event| match event {
            Event::Files(_, held, failed) => {
                assert!(failed.is_empty(), "{failed:?}");
                files = held.len();
                None
            }
            Event::Preflight(..) => {
                looks += 1;
                None
            }
            Event::Opened(..) | Event::NotOpened(..) => {
                shown += 1;
                None
            }
            Event::Drafts => {
                put_away += 1;
                None
            }
            Event::DraftSaved(_, saved) => (saved == edits).then_some(()),
            Event::DraftNotSaved(_, why) => panic!("{why}"),
            _ => None,
        });
        took.push(asked.elapsed());
        // Twenty keystrokes a second.
        std::thread::sleep(Duration::from_millis(50).saturating_sub(asked.elapsed()));
    }
    took.sort_unstable();
    let of = |part: usize| took[(took.len() - 1) * part / 100];
    println!(
        "saves: {} p50 {:?} p90 {:?} p99 {:?} max {:?}; files {files}, looks {looks}, shown {shown}, put away {put_away}",
        took.len(),
        of(50),
        of(90),
        of(99),
        of(100)
    );
    assert!(of(100) < Duration::from_secs(5), "{:?}", of(100));
}
