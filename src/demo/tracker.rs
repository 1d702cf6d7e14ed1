//! The demo's tracker: a small HTTP/1.1 server (RFC 9112) on loopback that serves the
//! sample letters' pictures and pixels and writes down who asked for what, as the
//! sender's real one would.
//!
//! It serves nothing but what is compiled in. A request may be [`MAX_HEADER`] bytes
//! long and take [`PATIENCE`]; [`MAX_CONNECTIONS`] are served at a time; nothing a
//! client sends can grow what is kept beyond [`MAX_HITS`].

use super::letters::READER;
use super::pictures;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;
use sha2::Digest as _;
use std::collections::{HashMap, VecDeque};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Bytes of a request at most.
const MAX_HEADER: usize = 8 * 1024;
/// How long a request and its answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections at a time.
const MAX_CONNECTIONS: usize = 32;
/// Hits that are kept.
const MAX_HITS: usize = 10_000;
/// Characters kept of a path, or of a field.
const MAX_TEXT: usize = 2000;

/// One hit on the local tracker: what its owner has in the log now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// When, in seconds since 1970.
    pub at: i64,
    /// Path and query that were asked for.
    pub path: String,
    /// What kind of thing it was.
    pub kind: HitKind,
    /// For whom it was: the letter's subject; empty when no letter asks for it.
    pub letter: String,
    /// What the address said of the reader.
    pub reader: Reader,
    /// The program that asked, as it named itself.
    pub user_agent: Option<String>,
    /// Languages the program said it wanted.
    pub language: Option<String>,
    /// The page the program said it came from.
    pub referer: Option<String>,
    /// Whether it sent a cookie.
    pub cookie: bool,
}

/// What was asked of the tracker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HitKind {
    /// A picture to look at.
    Picture,
    /// A pixel to be counted.
    Pixel,
    /// Anything else: a style sheet, a font, an unknown path.
    Other,
}

/// What an address says of who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reader {
    /// Nothing: all receivers have the same.
    Nobody,
    /// A token that was made for one receiver.
    Token,
    /// The receiver's own mail address, in clear or in a wrapping.
    Address,
}

/// The running tracker. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Tracker {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    subjects: HashMap<u8, String>,
    log: Mutex<Log>,
    connections: AtomicUsize,
    ended: AtomicBool,
}

#[derive(Debug, Default)]
struct Log {
    hits: VecDeque<Hit>,
    subscribers: Vec<SyncSender<Hit>>,
}

impl Tracker {
    /// Listens on a free port of loopback. `subjects` by the letters' numbers.
    ///
    /// # Errors
    /// When there is no port, or no thread.
    pub fn start(subjects: HashMap<u8, String>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            subjects,
            log: Mutex::default(),
            connections: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        });
        let thread = std::thread::Builder::new().name("tracker".to_owned()).spawn({
            let shared = Arc::clone(&shared);
            move || listen(&listener, &shared)
        })?;
        Ok(Self { address, shared, thread: Some(thread) })
    }

    pub fn address(&self) -> (String, u16) {
        (self.address.ip().to_string(), self.address.port())
    }

    pub fn hits(&self) -> Vec<Hit> {
        self.shared.log().hits.iter().cloned().collect()
    }

    pub fn subscribe(&self) -> Receiver<Hit> {
        let (to, hits) = sync_channel(256);
        self.shared.log().subscribers.push(to);
        hits
    }
}

impl Drop for Tracker {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        self.shared.log().subscribers.clear();
        // It waits for a connection: here is one. If there can be none, it stays
        // behind, holding a port and nothing else.
        let woken = TcpStream::connect_timeout(&self.address, Duration::from_secs(1)).is_ok();
        if let Some(thread) = self.thread.take().filter(|_| woken) {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, hit: Hit) {
        let mut log = self.log();
        // The order of the log is the order of the hits, for subscribers as well.
        log.subscribers
            .retain(|to| !matches!(to.try_send(hit.clone()), Err(TrySendError::Disconnected(_))));
        if log.hits.len() == MAX_HITS {
            log.hits.pop_front();
        }
        log.hits.push_back(hit);
    }
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.ended.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else {
            // Out of descriptors: give others time to close theirs.
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        if shared.connections.fetch_add(1, Ordering::SeqCst) >= MAX_CONNECTIONS {
            shared.connections.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        let guest = Guest { shared: Arc::clone(shared) };
        // Without a thread there is no answer: the connection is closed.
        let _ = std::thread::Builder::new()
            .name("tracker-guest".to_owned())
            .stack_size(256 * 1024)
            .spawn(move || guest.serve(stream));
    }
}

/// A connection's place among the [`MAX_CONNECTIONS`]; free again when dropped.
struct Guest {
    shared: Arc<Shared>,
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.shared.connections.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Guest {
    fn serve(&self, mut stream: TcpStream) {
        let until = Instant::now() + PATIENCE;
        let answer = match read_header(&mut stream, until) {
            Ok(Some(header)) => self.answer(&header),
            Ok(None) => Answer::bare(431, "Request Header Fields Too Large"),
            Err(_) => return,
        };
        let _ = write_answer(&mut stream, &answer, until);
        let _ = stream.shutdown(Shutdown::Both);
    }

    fn answer(&self, header: &[u8]) -> Answer {
        let text = String::from_utf8_lossy(header);
        let mut lines = text.split("\r\n");
        let mut words = lines.next().unwrap_or("").split(' ');
        let (method, path, version) = (words.next(), words.next(), words.next());
        let with_body = match method {
            Some("GET") => true,
            Some("HEAD") => false,
            _ => return Answer::bare(405, "Method Not Allowed"),
        };
        let (Some(path), Some("HTTP/1.1" | "HTTP/1.0"), None) = (path, version, words.next())
        else {
            return Answer::bare(400, "Bad Request");
        };
        if !path.starts_with('/') {
            return Answer::bare(400, "Bad Request");
        }
        let fields: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(':')).collect();
        let field = |name: &str| {
            let found = fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.trim().chars().take(MAX_TEXT).collect::<String>())
        };
        let served = serve(path);
        let kind = served.as_ref().map_or(HitKind::Other, |(kind, _)| *kind);
        self.shared.note(Hit {
            at: jiff::Timestamp::now().as_second(),
            path: path.chars().take(MAX_TEXT).collect(),
            kind,
            letter: number(path)
                .and_then(|number| self.shared.subjects.get(&number).cloned())
                .unwrap_or_default(),
            reader: reader(path, kind),
            user_agent: field("user-agent"),
            language: field("accept-language"),
            referer: field("referer"),
            cookie: field("cookie").is_some(),
        });
        match served {
            Some((_, (media_type, body))) => {
                Answer { status: 200, reason: "OK", media_type, body, with_body }
            }
            None => Answer { with_body, ..Answer::bare(404, "Not Found") },
        }
    }
}

/// What is written back.
struct Answer {
    status: u16,
    reason: &'static str,
    media_type: &'static str,
    body: &'static [u8],
    with_body: bool,
}

impl Answer {
    fn bare(status: u16, reason: &'static str) -> Self {
        let body = reason.as_bytes();
        Self { status, reason, media_type: "text/plain", body, with_body: true }
    }
}

/// A request up to its empty line; nothing when it is too long.
fn read_header(stream: &mut TcpStream, until: Instant) -> io::Result<Option<Vec<u8>>> {
    let mut header = Vec::with_capacity(1024);
    let mut piece = [0; 1024];
    loop {
        stream.set_read_timeout(Some(left(until)?))?;
        let read = match stream.read(&mut piece) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        // The end may lie across two pieces.
        let from = header.len().saturating_sub(3);
        header.extend_from_slice(piece.get(..read).unwrap_or_default());
        let end = header.get(from..).and_then(|new| memchr::memmem::find(new, b"\r\n\r\n"));
        if let Some(end) = end {
            header.truncate(from + end);
            return Ok((header.len() <= MAX_HEADER).then_some(header));
        }
        if header.len() > MAX_HEADER {
            return Ok(None);
        }
    }
}

fn write_answer(stream: &mut TcpStream, answer: &Answer, until: Instant) -> io::Result<()> {
    let Answer { status, reason, media_type, body, with_body } = answer;
    let mut bytes = format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    if *with_body {
        bytes.extend_from_slice(body);
    }
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        stream.set_write_timeout(Some(left(until)?))?;
        match stream.write(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => rest = rest.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn left(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// What a path brings: `/NN/name.png` a picture; `/NN/o/…` and the paths that
/// well-known newsletter programs use, a pixel.
fn serve(path: &str) -> Option<(HitKind, (&'static str, &'static [u8]))> {
    /// Where pixels lie, by the programs that put them there.
    const PIXELS: [&str; 7] = [
        "/o/",             // our own making
        "/wf/open",        // SendGrid
        "/track/open.php", // Mailchimp
        "/tr/op/",         // Brevo
        "/campaign/",      // Listmonk
        "/open.php",       // CiviCRM, Interspire
        "/mtracking.gif",  // Mautic
    ];
    let plain = path.split(['?', '#']).next().unwrap_or(path);
    if PIXELS.iter().any(|pixel| plain.contains(pixel)) {
        return Some((HitKind::Pixel, pictures::pixel(plain.ends_with(".png"))));
    }
    let name = plain.rsplit('/').next().unwrap_or("");
    pictures::find(name).map(|picture| (HitKind::Picture, picture))
}

/// The letter a path belongs to: `/NN/…`, or `…?c=NN`.
fn number(path: &str) -> Option<u8> {
    let (plain, query) = path.split_once('?').unwrap_or((path, ""));
    let first = plain.trim_start_matches('/').split('/').next().unwrap_or("");
    let campaign = query.split('&').find_map(|pair| pair.strip_prefix("c="));
    [Some(first), campaign]
        .into_iter()
        .flatten()
        .filter(|word| word.len() == 2)
        .find_map(|word| word.parse().ok())
}

/// What a path says of the reader. The tracker knows its tokens: pixels are made one
/// a receiver, pictures that carry one say so by a query.
fn reader(path: &str, kind: HitKind) -> Reader {
    let decoded = percent_decode_str(path).decode_utf8_lossy().to_ascii_lowercase();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let digests = [
        hex(&md5::Md5::digest(READER)),
        hex(&sha1::Sha1::digest(READER)),
        hex(&sha2::Sha256::digest(READER)),
        hex(READER.as_bytes()),
    ];
    let named = decoded.contains(READER)
        || digests.iter().any(|digest| decoded.contains(digest))
        || path.contains(&URL_SAFE_NO_PAD.encode(READER));
    if named {
        Reader::Address
    } else if kind == HitKind::Pixel || (kind == HitKind::Picture && path.contains('?')) {
        Reader::Token
    } else {
        Reader::Nobody
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn tracker() -> Tracker {
        Tracker::start(HashMap::from([(3, "세 번째".to_owned())])).unwrap()
    }

    fn ask(tracker: &Tracker, request: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(tracker.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // A server that has heard enough may close before everything is written.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    }

    fn status(answer: &[u8]) -> &str {
        let line = answer.split(|b| *b == b'\r').next().unwrap();
        std::str::from_utf8(line).unwrap()
    }

    #[test]
    fn a_pixel_is_counted_with_all_that_it_tells() {
        let tracker = tracker();
        let live = tracker.subscribe();
        let request = "GET /03/o/9f8e7d6c5b4a.gif HTTP/1.1\r\nHost: a\r\nUser-Agent: Reader/1\r\n\
                       Accept-Language: ko\r\nCookie: id=1\r\nReferer: http://webmail/\r\n\r\n";
        let answer = ask(&tracker, request.as_bytes());
        assert_eq!(status(&answer), "HTTP/1.1 200 OK");
        assert!(memchr::memmem::find(&answer, b"GIF89a").is_some());
        let hits = tracker.hits();
        let [hit] = hits.as_slice() else { panic!("{hits:?}") };
        assert_eq!(hit.kind, HitKind::Pixel);
        assert_eq!(hit.letter, "세 번째");
        assert_eq!(hit.path, "/03/o/9f8e7d6c5b4a.gif");
        assert_eq!(hit.reader, Reader::Token);
        assert_eq!(hit.user_agent.as_deref(), Some("Reader/1"));
        assert_eq!(hit.language.as_deref(), Some("ko"));
        assert_eq!(hit.referer.as_deref(), Some("http://webmail/"));
        assert!(hit.cookie);
        let now = jiff::Timestamp::now().as_second();
        assert!((now - 60..=now).contains(&hit.at), "{}", hit.at);
        assert_eq!(&live.recv_timeout(Duration::from_secs(5)).unwrap(), hit);
    }

    #[test]
    fn paths_say_who_reads() {
        let base64 = "bWluamkua2ltQGhhbmV1bC5leGFtcGxl"; // python3 base64
        // md5sum and sha256sum of the reader's address, md5sum of another one.
        let md5 = "5bd5ab0bc8d33f24fa7063bbcb5bd921";
        let sha256 = "0a460a786a26192419785b1589bbc6db4ec9f4689220789642f01b90838f8bb0";
        let another = "3d85de8912b433744656623644d0a543";
        for (path, kind, expected) in [
            ("/03/hero.jpg", HitKind::Picture, Reader::Nobody),
            ("/03/hero.jpg?r=81b2", HitKind::Picture, Reader::Token),
            ("/03/o/1.gif", HitKind::Pixel, Reader::Token),
            ("/03/o/?to=Minji.Kim%40haneul.example", HitKind::Pixel, Reader::Address),
            (&format!("/03/o/{base64}.gif"), HitKind::Pixel, Reader::Address),
            (&format!("/03/o/{md5}.gif"), HitKind::Pixel, Reader::Address),
            (&format!("/03/o/?id={sha256}"), HitKind::Pixel, Reader::Address),
            (&format!("/03/o/{another}.gif"), HitKind::Pixel, Reader::Token),
            ("/style.css", HitKind::Other, Reader::Nobody),
        ] {
            assert_eq!(reader(path, kind), expected, "{path}");
        }
    }

    #[test]
    fn every_picture_is_one() {
        for &(name, media_type, bytes) in pictures::PICTURES {
            let path = format!("/03/{name}");
            let (kind, (said, body)) = serve(&path).unwrap();
            assert_eq!((kind, said, body), (HitKind::Picture, media_type, bytes));
            let begins: &[u8] = match media_type {
                "image/png" => b"\x89PNG\r\n\x1a\n",
                "image/jpeg" => b"\xff\xd8\xff",
                "image/gif" => b"GIF8",
                "image/webp" => b"RIFF",
                other => panic!("{other}"),
            };
            assert!(bytes.starts_with(begins), "{name}");
        }
        assert!(serve("/03/nothing.png").is_none());
        assert!(serve("/../../etc/passwd").is_none());
    }

    #[test]
    fn nonsense_is_answered_and_not_counted() {
        let tracker = tracker();
        for (request, expected) in [
            (&b"POST /03/o/1.gif HTTP/1.1\r\n\r\n"[..], "HTTP/1.1 405 Method Not Allowed"),
            (b"GET /\r\n\r\n", "HTTP/1.1 400 Bad Request"),
            (b"GET http://a/ HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request"),
            (b"\x16\x03\x01\x02\r\n\r\n", "HTTP/1.1 405 Method Not Allowed"),
        ] {
            assert_eq!(status(&ask(&tracker, request)), expected);
        }
        let long = [b"GET /".as_slice(), &vec![b'a'; 2 * MAX_HEADER]].concat();
        ask(&tracker, &long);
        assert_eq!(tracker.hits(), []);
        let answer = ask(&tracker, b"GET /unknown HTTP/1.1\r\n\r\n");
        assert_eq!(status(&answer), "HTTP/1.1 404 Not Found");
        assert_eq!(tracker.hits()[0].kind, HitKind::Other);
        assert_eq!(tracker.hits()[0].letter, "");
    }

    #[test]
    fn many_silent_guests_neither_pile_up_nor_stay() {
        let tracker = tracker();
        let silent: Vec<TcpStream> = (0..3 * MAX_CONNECTIONS)
            .map(|_| TcpStream::connect(tracker.address).unwrap())
            .collect();
        // Those beyond the limit are closed at once, the others when patience ends.
        for mut stream in silent {
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            let outcome = stream.read(&mut [0]);
            let closed = match &outcome {
                Ok(read) => *read == 0,
                Err(error) => error.kind() == io::ErrorKind::ConnectionReset,
            };
            assert!(closed, "{outcome:?}");
        }
        assert!(tracker.shared.connections.load(Ordering::SeqCst) <= MAX_CONNECTIONS);
        let answer = ask(&tracker, b"GET /03/o/1.gif HTTP/1.1\r\n\r\n");
        assert_eq!(status(&answer), "HTTP/1.1 200 OK");
    }

    #[test]
    fn it_ends_when_dropped() {
        let tracker = tracker();
        let live = tracker.subscribe();
        let address = tracker.address;
        drop(tracker);
        assert!(live.recv().is_err());
        assert!(TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err());
    }
}
