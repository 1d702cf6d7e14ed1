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
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Receiver;

/// A picture server that remembers what it was asked.
pub struct Server {
    pub port: u16,
    pub asked: Arc<Mutex<Vec<String>>>,
    /// Whether it answers, and that this has changed.
    gate: Arc<(Mutex<bool>, Condvar)>,
}

impl Server {
    pub fn start() -> Self {
        let server = Self::held();
        server.let_go();
        server
    }

    /// One that hears, but answers only when it is let go.
    pub fn held() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let gate = Arc::new((Mutex::new(false), Condvar::new()));
        let (log, held) = (Arc::clone(&asked), Arc::clone(&gate));
        let picture = Arc::new(red_square());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, log) = (stream.unwrap(), Arc::clone(&log));
                let (held, picture) = (Arc::clone(&held), Arc::clone(&picture));
                std::thread::spawn(move || answer(stream, &log, &held, &picture));
            }
        });
        Self { port, asked, gate }
    }

    /// From now on it answers.
    pub fn let_go(&self) {
        *self.gate.0.lock().unwrap() = true;
        self.gate.1.notify_all();
    }

    /// Waits until it has heard so many requests.
    pub fn hears(&self, count: usize) {
        let since = Instant::now();
        while self.asked.lock().unwrap().len() < count {
            assert!(since.elapsed() < Duration::from_secs(30), "{:?}", self.paths());
            std::thread::yield_now();
        }
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

fn answer(
    mut stream: TcpStream,
    log: &Mutex<Vec<String>>,
    gate: &(Mutex<bool>, Condvar),
    picture: &[u8],
) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).unwrap_or(0) != 1 {
            return;
        }
        head.push(byte[0]);
    }
    log.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
    let open = gate.0.lock().unwrap();
    drop(gate.1.wait_timeout_while(open, Duration::from_secs(60), |open| !*open).unwrap());
    let length = picture.len();
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    let _ = stream.write_all(picture);
}

/// A letter with so many pictures to look at, /00.png and so on.
pub fn album(server: &Server, count: usize, subject: &str) -> String {
    let at = format!("http://127.0.0.1:{}", server.port);
    let pictures: String = (0..count)
        .map(|n| format!("<img src=\"{at}/{n:02}.png\" width=120 height=80 alt=photo>"))
        .collect();
    format!(
        "From: Album <album@shop.example>\r\nTo: minji@example.com\r\nSubject: {subject}\r\n\
         Message-ID: <{subject}@example.com>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n\
         <html><body style=\"margin:0\">{pictures}</body></html>\r\n"
    )
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
            Event::Found(of, _, places) if of == doc => Some(!places.is_empty()),
            _ => None,
        })
    }
}
