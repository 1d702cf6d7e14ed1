//! Reading through the engine and the real drawing process: nothing is fetched before
//! the reader says so, then only what can be seen, and every decision can be taken
//! back. A picture server on loopback counts what reaches it.
#![cfg(feature = "render")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use goyo::engine::protocol::{Command, Event, Fallback, OpenLedger, OpenLetter, Trust};
use goyo::engine::reading::{Circumstances, Reader};
use goyo::engine::{self, Commands, Options};
use goyo::html::clean::Scheme;
use goyo::html::worker::protocol::{Laid, Tile, View};
use goyo::html::worker::{Worker, WorkerError};
use goyo::model::{Answer, LetterId, Reason, Verdict};
use goyo::privacy::links::LinkReport;
use goyo::store::Store;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc::Receiver;

/// A picture server that remembers what it was asked.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let picture = red_square();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                log.lock().unwrap().push(head);
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    picture.len()
                );
                let _ = stream.write_all(&picture);
            }
        });
        Self { port, asked }
    }

    /// Paths asked for, sorted.
    fn paths(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let mut paths: Vec<String> =
            asked.iter().map(|head| head.split(' ').nth(1).unwrap_or("?").to_owned()).collect();
        paths.sort();
        paths
    }
}

fn red_square() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(120, 80, image::Rgb([220, 0, 0]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    png.into_inner()
}

/// A newsletter with one picture to look at and two pixels to be counted.
fn newsletter(server: &Server, from: &str, subject: &str) -> String {
    let at = format!("http://127.0.0.1:{}", server.port);
    format!(
        "From: Newsletter <{from}>\r\nTo: minji@example.com\r\nSubject: {subject}\r\n\
         Date: Fri, 20 Nov 2026 10:00:00 +0900\r\nMessage-ID: <{subject}@example.com>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <html><body style=\"margin:0\"><img src=\"{at}/banner.png\" width=\"120\" height=\"80\" alt=\"banner\">\
         <p>안녕하세요</p><img src=\"{at}/open.gif\" width=\"1\" height=\"1\">\
         </body></html><img src=\"{at}/after.gif\">\r\n"
    )
}

struct Desk {
    commands: Commands,
    events: Receiver<Event>,
    runtime: tokio::runtime::Runtime,
    profile: PathBuf,
    _dir: tempfile::TempDir,
}

impl Desk {
    fn with(letters: &[String], server: &Server) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let profile = dir.path().join("profile");
        import(dir.path(), &profile, letters);
        let options = Options {
            reachable: vec![("127.0.0.1".into(), server.port)],
            program: Some(env!("CARGO_BIN_EXE_goyo").into()),
            ..Options::default()
        };
        let (commands, events) = engine::start(&profile, options).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        Self { commands, events, runtime, profile, _dir: dir }
    }

    fn next(&mut self) -> Event {
        let events = &mut self.events;
        self.runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(30), events.recv()).await })
            .expect("the engine says nothing")
            .expect("the engine has ended")
    }

    fn until<T>(&mut self, mut want: impl FnMut(Event) -> Option<T>) -> T {
        loop {
            let event = self.next();
            assert!(!matches!(event, Event::Failed(_) | Event::NotOpened(..)), "{event:?}");
            if let Some(found) = want(event) {
                return found;
            }
        }
    }

    fn open(&mut self, doc: u32, subject: &str) -> Arc<OpenLetter> {
        let letter = self.letter(subject);
        self.commands.send(Command::Open(doc, letter, VIEW));
        self.until(|event| match event {
            Event::Opened(of, letter) if of == doc => Some(letter),
            _ => None,
        })
    }

    fn letter(&self, subject: &str) -> LetterId {
        let store = Store::open(&self.profile).unwrap();
        let rows = store.list(None, 0, 100).unwrap();
        rows.iter().find(|row| row.subject == subject).unwrap().id
    }

    /// The ledger once nothing is being fetched any more.
    fn settled(&mut self, doc: u32) -> Arc<OpenLedger> {
        self.until(|event| match event {
            Event::Ledger(of, ledger) if of == doc && !ledger.fetching => Some(ledger),
            _ => None,
        })
    }

    fn redrawn(&mut self, doc: u32) -> Laid {
        self.until(|event| match event {
            Event::Redrawn(of, redrawn) if of == doc => {
                assert_eq!(redrawn.fallback, None);
                Some(redrawn.laid.unwrap())
            }
            _ => None,
        })
    }

    /// Whether the banner is drawn red at the letter's upper left.
    fn is_red(&mut self, doc: u32) -> bool {
        let tile = self.tile(doc);
        let at = (40 * tile.size.0 as usize + 60) * 4;
        tile.pixels[at] > 180 && tile.pixels[at + 1] < 60 && tile.pixels[at + 2] < 60
    }

    fn tile(&mut self, doc: u32) -> Arc<Tile> {
        self.commands.send(Command::Paint(doc, 0, 200));
        self.until(|event| match event {
            Event::Tile(of, tile) if of == doc => Some(tile),
            _ => None,
        })
    }
}

const VIEW: View = View { width: 600.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };

fn import(dir: &Path, profile: &Path, letters: &[String]) {
    let store = Store::open(profile).unwrap();
    let mut paths = Vec::new();
    for (n, letter) in letters.iter().enumerate() {
        let path = dir.join(format!("{n}.eml"));
        std::fs::write(&path, letter).unwrap();
        paths.push(path);
    }
    engine::import(&store, &paths, Some("local/inbox"), &AtomicBool::new(false), |_| {}).unwrap();
}

fn verdict_of(ledger: &OpenLedger, path: &str) -> Verdict {
    ledger.ledger.entries.iter().find(|e| e.reference.url.ends_with(path)).unwrap().verdict
}

#[test]
fn nothing_is_fetched_until_the_reader_says_so_and_then_only_what_can_be_seen() {
    let server = Server::start();
    let mut desk = Desk::with(&[newsletter(&server, "news@shop.example", "one")], &server);
    let letter = desk.open(1, "one");
    assert_eq!(letter.fallback, None);
    assert_eq!(letter.ledger.ledger.entries.len(), 3);
    assert_eq!(letter.ledger.since_opened, 0);
    assert!(!desk.is_red(1));
    assert_eq!(server.paths(), Vec::<String>::new());

    desk.commands.send(Command::ShowOnce(1));
    let ledger = desk.settled(1);
    desk.redrawn(1);
    assert_eq!(server.paths(), ["/banner.png"]);
    assert!(desk.is_red(1));
    assert_eq!(verdict_of(&ledger, "/banner.png"), Verdict::Allow(Reason::Once));
    assert_eq!(verdict_of(&ledger, "/open.gif"), Verdict::Refuse(Reason::Tracker));
    assert_eq!(verdict_of(&ledger, "/after.gif"), Verdict::Refuse(Reason::Tracker));
    assert_eq!(ledger.since_opened, 1);
    assert!(ledger.requests[0].url.ends_with("/banner.png"));
    assert_eq!(ledger.requests[0].answer, Answer::Status(200));
    assert_eq!(ledger.requests[0].bytes, red_square().len() as u64);

    // Taken back: the picture goes, nothing more is asked.
    desk.commands.send(Command::HideAgain(1));
    desk.redrawn(1);
    assert!(!desk.is_red(1));
    assert_eq!(server.paths(), ["/banner.png"]);

    // A pixel allowed by hand is fetched, and only that one.
    let pixel = format!("http://127.0.0.1:{}/open.gif", server.port);
    desk.commands.send(Command::AllowByHand(1, pixel));
    let ledger = desk.settled(1);
    assert_eq!(verdict_of(&ledger, "/open.gif"), Verdict::Allow(Reason::ByHand));
    assert_eq!(server.paths(), ["/banner.png", "/open.gif"]);
}

#[test]
fn a_trusted_sender_shows_pictures_in_the_next_letter_until_it_is_taken_back() {
    let server = Server::start();
    let letters = [
        newsletter(&server, "news@shop.example", "one"),
        newsletter(&server, "NEWS@shop.example", "two"),
        newsletter(&server, "other@shop.example", "three"),
    ];
    let mut desk = Desk::with(&letters, &server);
    desk.open(1, "one");
    desk.commands.send(Command::Trust(1, Trust::Sender));
    let rules = desk.until(|event| match event {
        Event::Rules(rules) => Some(rules),
        _ => None,
    });
    assert_eq!(rules.len(), 1);
    desk.redrawn(1);
    assert!(desk.is_red(1));

    desk.open(2, "two");
    desk.redrawn(2);
    assert!(desk.is_red(2));
    // Another address of that domain has no leave.
    desk.open(3, "three");
    assert!(!desk.is_red(3));
    assert_eq!(server.paths(), ["/banner.png", "/banner.png"]);

    desk.commands.send(Command::Forget(rules[0].clone()));
    desk.redrawn(1);
    assert!(!desk.is_red(1));
    assert!(!desk.is_red(2));
    desk.commands.send(Command::Close(2));
    let again = desk.open(2, "two");
    assert_eq!(verdict_of(&again.ledger, "/banner.png"), Verdict::Refuse(Reason::Default));
    assert_eq!(server.paths(), ["/banner.png", "/banner.png"]);
    // What was asked in the past stays in the ledger.
    assert_eq!(again.ledger.requests.len(), 1);
    assert_eq!(again.ledger.since_opened, 0);
}

#[test]
fn never_beats_the_domain_and_the_domain_covers_its_senders() {
    let server = Server::start();
    let letters = [
        newsletter(&server, "news@shop.example", "one"),
        newsletter(&server, "other@mail.shop.example", "two"),
    ];
    let mut desk = Desk::with(&letters, &server);
    desk.open(1, "one");
    desk.commands.send(Command::Trust(1, Trust::Domain));
    desk.redrawn(1);
    desk.open(2, "two");
    desk.redrawn(2);
    assert!(desk.is_red(2));
    desk.commands.send(Command::Trust(2, Trust::Never));
    desk.redrawn(2);
    assert!(!desk.is_red(2));
    assert!(desk.is_red(1));
}

#[test]
fn a_request_carries_nothing_but_the_address() {
    let server = Server::start();
    let mut desk = Desk::with(&[newsletter(&server, "news@shop.example", "one")], &server);
    desk.open(1, "one");
    desk.commands.send(Command::ShowOnce(1));
    desk.settled(1);
    let asked = server.asked.lock().unwrap();
    let head = asked[0].to_ascii_lowercase();
    let names: Vec<&str> =
        head.lines().skip(1).filter_map(|line| line.split_once(':')).map(|(n, _)| n).collect();
    for name in &names {
        assert!(
            ["host", "user-agent", "accept", "accept-encoding", "connection"].contains(name),
            "{head}"
        );
    }
    assert!(!head.contains("goyo"), "{head}");
}

/// A letter in EUC-KR, with a picture.
fn in_euc_kr(server: &Server) -> Vec<u8> {
    let mut raw = format!(
        "From: News <news@shop.example>\r\nTo: minji@example.com\r\nSubject: one\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/html; charset=euc-kr\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n<body style=\"margin:0\">\
         <img src=\"http://127.0.0.1:{}/banner.png\" width=120 height=80 alt=b><p>",
        server.port
    )
    .into_bytes();
    // 안녕하세요, in ISO 8859-1: ¾È³çÇÏ¼¼¿ä.
    raw.extend(b"\xbe\xc8\xb3\xe7\xc7\xcf\xbc\xbc\xbf\xe4</p></body>\r\n");
    raw
}

impl Desk {
    fn opened(&mut self, doc: u32) -> Arc<OpenLetter> {
        self.until(|event| match event {
            Event::Opened(of, letter) if of == doc => Some(letter),
            _ => None,
        })
    }

    fn finds(&mut self, doc: u32, text: &str) -> bool {
        self.commands.send(Command::Find(doc, text.into()));
        self.until(|event| match event {
            Event::Found(of, places) if of == doc => Some(!places.is_empty()),
            _ => None,
        })
    }
}

#[test]
fn a_charset_chosen_by_hand_is_used_for_a_file_and_what_was_allowed_still_stands() {
    let server = Server::start();
    let mut desk = Desk::with(&[newsletter(&server, "news@shop.example", "other")], &server);
    let file = desk.profile.join("letter.eml");
    std::fs::write(&file, in_euc_kr(&server)).unwrap();
    desk.commands.send(Command::OpenFile(1, file, VIEW));
    desk.opened(1);
    assert!(desk.finds(1, "안녕하세요"));
    desk.commands.send(Command::ShowOnce(1));
    desk.settled(1);
    assert!(desk.is_red(1));

    desk.commands.send(Command::Charset(1, Some("iso-8859-1".into())));
    let letter = desk.opened(1);
    assert_eq!(letter.charsets.first().map(String::as_str), Some("iso-8859-1"));
    assert!(desk.finds(1, "¾È³çÇÏ¼¼¿ä"));
    // The picture is still shown, was not asked for again, and its request is told.
    assert!(desk.is_red(1));
    assert_eq!(server.paths(), ["/banner.png"]);
    assert_eq!(letter.ledger.since_opened, 1);
    assert_eq!(letter.ledger.requests.len(), 1);
    assert!(letter.ledger.once);

    desk.commands.send(Command::Charset(1, None));
    desk.opened(1);
    assert!(desk.finds(1, "안녕하세요"));
}

#[test]
fn a_letter_that_becomes_text_has_the_links_of_its_text() {
    let raw = "From: a@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nsee https://text.example/only\r\n\
         --b\r\nContent-Type: text/html\r\n\r\n<a href=\"https://html.example/one\">one</a> \
         <a href=\"https://html.example/two\">two</a>\r\n--b--\r\n";
    let worker = Worker::start_program(env!("CARGO_BIN_EXE_goyo"));
    let mut reader = Reader::with(worker);
    let raw = Arc::new(raw.as_bytes().to_vec());
    let (mut document, mut open) =
        reader.open(1, None, Arc::clone(&raw), &Circumstances::default(), VIEW);
    let targets = |links: &[LinkReport]| -> Vec<String> {
        links.iter().map(|link| link.target.clone()).collect()
    };
    let html = ["https://html.example/one", "https://html.example/two"];
    assert_eq!(targets(&open.links), html);
    // Its first strip is too much for the process, before the window was told of it.
    reader.recover(&mut document, &WorkerError::Died);
    document.tell_drawn(&mut open);
    assert_eq!(open.fallback, Some(Fallback::Died));
    assert!(open.laid.is_some());
    assert_eq!(targets(&open.links), ["https://text.example/only"]);
    assert_eq!(targets(&document.redrawn().links), ["https://text.example/only"]);
    // What the header report tells of the letter stays what the letter has.
    assert_eq!(targets(&open.report.links), html);
}

#[test]
fn where_nothing_can_be_drawn_there_is_its_text() {
    let raw = "From: a@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n\
               Content-Type: text/html; charset=utf-8\r\n\r\n<p>안녕 <b>민지</b></p>\r\n";
    let mut reader = Reader::with(Worker::start_program(env!("CARGO_BIN_EXE_goyo")));
    let raw = Arc::new(raw.as_bytes().to_vec());
    let (mut document, mut open) = reader.open(1, None, raw, &Circumstances::default(), VIEW);
    assert_eq!(open.text, "");
    // The process is gone, and so is the program to start another from.
    reader = Reader::with(Err(WorkerError::Start("gone".into())));
    reader.recover(&mut document, &WorkerError::Died);
    document.tell_drawn(&mut open);
    assert_eq!(open.laid, None);
    assert_eq!(open.text.trim(), "안녕 민지");
    assert_eq!(document.redrawn().text.trim(), "안녕 민지");
}
