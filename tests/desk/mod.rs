//! A desk for reading: an engine with the real drawing process on a profile of its own,
//! and a picture server on loopback that counts what reaches it.
#![allow(dead_code)]

use goyo::engine::protocol::{Command, Event, OpenLedger, OpenLetter};
use goyo::engine::{self, Commands, Options};
use goyo::html::clean::Scheme;
use goyo::html::worker::protocol::{Laid, Tile, View};
use goyo::model::{LetterId, Verdict};
use goyo::store::Store;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc::Receiver;

/// A picture server that remembers what it was asked.
pub struct Server {
    pub port: u16,
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn start() -> Self {
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
    pub fn paths(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let mut paths: Vec<String> =
            asked.iter().map(|head| head.split(' ').nth(1).unwrap_or("?").to_owned()).collect();
        paths.sort();
        paths
    }
}

pub fn red_square() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(120, 80, image::Rgb([220, 0, 0]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    png.into_inner()
}

/// A newsletter with one picture to look at and two pixels to be counted.
pub fn newsletter(server: &Server, from: &str, subject: &str) -> String {
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

pub struct Desk {
    pub commands: Commands,
    pub events: Receiver<Event>,
    pub runtime: tokio::runtime::Runtime,
    pub profile: PathBuf,
    _dir: tempfile::TempDir,
}

impl Desk {
    pub fn with(letters: &[String], server: &Server) -> Self {
        let options = Options {
            reachable: vec![("127.0.0.1".into(), server.port)],
            authserv: Some("mx.example.com".into()),
            ..Options::default()
        };
        Self::start(letters, options)
    }

    pub fn start(letters: &[String], options: Options) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let profile = dir.path().join("profile");
        import(dir.path(), &profile, letters);
        let options = Options { program: Some(env!("CARGO_BIN_EXE_goyo").into()), ..options };
        let (commands, events) = engine::start(&profile, options).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        Self { commands, events, runtime, profile, _dir: dir }
    }

    pub fn next(&mut self) -> Event {
        let events = &mut self.events;
        self.runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(30), events.recv()).await })
            .expect("the engine says nothing")
            .expect("the engine has ended")
    }

    pub fn until<T>(&mut self, mut want: impl FnMut(Event) -> Option<T>) -> T {
        loop {
            let event = self.next();
            assert!(!matches!(event, Event::Failed(_) | Event::NotOpened(..)), "{event:?}");
            if let Some(found) = want(event) {
                return found;
            }
        }
    }

    pub fn open(&mut self, doc: u32, subject: &str) -> Arc<OpenLetter> {
        let letter = self.letter(subject);
        self.commands.send(Command::Open(doc, letter, VIEW));
        self.until(|event| match event {
            Event::Opened(of, letter) if of == doc => Some(letter),
            _ => None,
        })
    }

    pub fn letter(&self, subject: &str) -> LetterId {
        let store = Store::open(&self.profile).unwrap();
        let rows = store.list(None, 0, 100).unwrap();
        rows.iter().find(|row| row.subject == subject).unwrap().id
    }

    /// The ledger once nothing is being fetched any more.
    pub fn settled(&mut self, doc: u32) -> Arc<OpenLedger> {
        self.until(|event| match event {
            Event::Ledger(of, ledger) if of == doc && !ledger.fetching => Some(ledger),
            _ => None,
        })
    }

    pub fn redrawn(&mut self, doc: u32) -> Laid {
        self.until(|event| match event {
            Event::Redrawn(of, redrawn) if of == doc => {
                assert_eq!(redrawn.fallback, None);
                Some(redrawn.laid.unwrap())
            }
            _ => None,
        })
    }

    /// Whether the banner is drawn red at the letter's upper left.
    pub fn is_red(&mut self, doc: u32) -> bool {
        let tile = self.tile(doc);
        let at = (40 * tile.size.0 as usize + 60) * 4;
        tile.pixels[at] > 180 && tile.pixels[at + 1] < 60 && tile.pixels[at + 2] < 60
    }

    pub fn tile(&mut self, doc: u32) -> Arc<Tile> {
        self.commands.send(Command::Paint(doc, 0, 200));
        self.until(|event| match event {
            Event::Tile(of, tile) if of == doc => Some(tile),
            _ => None,
        })
    }
}

pub const VIEW: View =
    View { width: 600.0, scale: 1.0, zoom: 1.0, scheme: Scheme::Light, fit: true };

pub fn import(dir: &Path, profile: &Path, letters: &[String]) {
    let store = Store::open(profile).unwrap();
    let mut paths = Vec::new();
    for (n, letter) in letters.iter().enumerate() {
        let path = dir.join(format!("{n}.eml"));
        std::fs::write(&path, letter).unwrap();
        paths.push(path);
    }
    engine::import(&store, &paths, Some("local/inbox"), &AtomicBool::new(false), |_| {}).unwrap();
}

pub fn verdict_of(ledger: &OpenLedger, path: &str) -> Verdict {
    ledger.ledger.entries.iter().find(|e| e.reference.url.ends_with(path)).unwrap().verdict
}

impl Desk {
    pub fn opened(&mut self, doc: u32) -> Arc<OpenLetter> {
        self.until(|event| match event {
            Event::Opened(of, letter) if of == doc => Some(letter),
            _ => None,
        })
    }

    pub fn finds(&mut self, doc: u32, text: &str) -> bool {
        self.commands.send(Command::Find(doc, text.into()));
        self.until(|event| match event {
            Event::Found(of, places) if of == doc => Some(!places.is_empty()),
            _ => None,
        })
    }
}
