//! The ring around the letters: a resolver that answers every name, and listeners
//! that take every connection. Both write down what came.

use super::vectors::DOMAIN;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What every name leads to: an address for documents (RFC 5737), ours in the
/// namespace.
const ANSWER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);

/// Ports that listen in a namespace; packets to all others are counted all the same.
const PORTS: [u16; 13] = [21, 25, 80, 110, 139, 143, 389, 443, 445, 853, 993, 8080, 8443];

/// Things written down, at most.
const MAX_NOTES: usize = 100_000;

/// How long a connection may keep a listener.
const PATIENCE: Duration = Duration::from_secs(2);

/// What came.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    /// Names that were looked up.
    pub lookups: Vec<String>,
    /// The beginning of what each connection said.
    pub hits: Vec<String>,
}

/// The listeners. They end with the program.
#[derive(Debug)]
pub(super) struct Ring {
    notes: Arc<Mutex<Notes>>,
    listener: SocketAddr,
    resolves: bool,
}

impl Ring {
    /// Listens on a port of its own; in a namespace (`everywhere`) on every port a
    /// letter is likely to name, and answers look-ups.
    ///
    /// # Errors
    /// A port that could not be had.
    pub fn draw(everywhere: bool) -> io::Result<Self> {
        let notes = Arc::new(Mutex::new(Notes::default()));
        let own = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let listener = own.local_addr()?;
        listen(own, &notes)?;
        if everywhere {
            for port in PORTS {
                listen(any(port)?, &notes)?;
            }
            resolve(any(53)?, &notes)?;
        }
        Ok(Self { notes, listener, resolves: everywhere })
    }

    /// `address:port` of the one listener that is always there.
    pub fn listener(&self) -> String {
        self.listener.to_string()
    }

    /// What came so far.
    pub fn notes(&self) -> Notes {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many look-ups and hits came so far.
    pub fn counts(&self) -> (usize, usize) {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        (notes.lookups.len(), notes.hits.len())
    }

    /// Does on purpose what no letter may do, and says whether it was seen: a look-up
    /// (where they are answered here) and a hit.
    pub fn sees(&self) -> bool {
        let name = format!("control.{DOMAIN}");
        let looked_up = !self.resolves
            || (name.as_str(), 80).to_socket_addrs().is_ok_and(|found| {
                let found: Vec<SocketAddr> = found.collect();
                found.contains(&(ANSWER, 80).into()) && knock(&found, "/control").is_ok()
            });
        let heard = knock(&[self.listener], "/control").is_ok();
        let notes = self.notes();
        let named = notes.lookups.iter().any(|name| name.starts_with("control."));
        let hits = notes.hits.iter().filter(|hit| hit.starts_with("GET /control ")).count();
        looked_up && heard && hits == if self.resolves { 2 } else { 1 } && named == self.resolves
    }

    /// Forgets what came.
    pub fn forget(&self) {
        *self.notes.lock().unwrap_or_else(PoisonError::into_inner) = Notes::default();
    }
}

/// Asks for a path and reads the answer to its end.
fn knock(addresses: &[SocketAddr], path: &str) -> io::Result<()> {
    let address = addresses.first().ok_or(io::ErrorKind::AddrNotAvailable)?;
    let mut stream = TcpStream::connect_timeout(address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    answer
        .starts_with(b"HTTP/1.1 200")
        .then_some(())
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// A port of every address, of both families where there are two.
fn any(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(("::", port)).or_else(|_| TcpListener::bind(("0.0.0.0", port)))
}

fn listen(listener: TcpListener, notes: &Arc<Mutex<Notes>>) -> io::Result<()> {
    let notes = Arc::clone(notes);
    thread(move || {
        for stream in listener.incoming().flatten() {
            let notes = Arc::clone(&notes);
            // One that keeps silent must not keep others out.
            let _ = thread(move || attend(stream, &notes));
        }
    })
}

/// Writes a connection down: that it came, then how it begins. Answers with the
/// smallest picture.
fn attend(mut stream: TcpStream, notes: &Mutex<Notes>) {
    let nothing = "(a connection that said nothing)".to_owned();
    let place = note(notes, |notes| &mut notes.hits, nothing);
    let said = hear(&mut stream).unwrap_or_default();
    let is_tls = said.first() == Some(&0x16);
    if !said.is_empty()
        && let Some(place) = place
    {
        let beginning = printable(&said);
        let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hit) = notes.hits.get_mut(place) {
            *hit = if is_tls { format!("TLS to {beginning}") } else { beginning };
        }
    }
    if !is_tls {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            PICTURE.len()
        );
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(PICTURE));
    }
}

/// One transparent pixel.
const PICTURE: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// The beginning of what a connection says.
fn hear(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let until = Instant::now() + PATIENCE;
    let mut said = Vec::new();
    let mut piece = [0; 2048];
    while said.len() < 8192 && Instant::now() < until {
        match stream.read(&mut piece) {
            Ok(read) if read > 0 => said.extend_from_slice(piece.get(..read).unwrap_or_default()),
            _ => break,
        }
        // A TLS greeting is one record; a request ends with an empty line.
        if said.first() == Some(&0x16) || said.windows(4).any(|four| four == b"\r\n\r\n") {
            break;
        }
    }
    Ok(said)
}

/// The printable ASCII of it.
fn printable(bytes: &[u8]) -> String {
    let text = bytes.iter().map(|b| if (0x20..0x7f).contains(b) { char::from(*b) } else { ' ' });
    text.collect()
}

fn note(
    notes: &Mutex<Notes>,
    which: impl FnOnce(&mut Notes) -> &mut Vec<String>,
    text: String,
) -> Option<usize> {
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    let list = which(&mut notes);
    (list.len() < MAX_NOTES).then(|| {
        list.push(text);
        list.len() - 1
    })
}

fn resolve(tcp: TcpListener, notes: &Arc<Mutex<Notes>>) -> io::Result<()> {
    let udp = UdpSocket::bind(("::", 53)).or_else(|_| UdpSocket::bind(("0.0.0.0", 53)))?;
    let by_udp = Arc::clone(notes);
    thread(move || {
        let mut packet = [0; 4096];
        while let Ok((length, from)) = udp.recv_from(&mut packet) {
            if let Some(answer) = packet.get(..length).and_then(|asked| look_up(asked, &by_udp)) {
                let _ = udp.send_to(&answer, from);
            }
        }
    })?;
    let by_tcp = Arc::clone(notes);
    thread(move || {
        for mut stream in tcp.incoming().flatten() {
            let _ = stream.set_read_timeout(Some(PATIENCE));
            let mut length = [0; 2];
            if stream.read_exact(&mut length).is_err() {
                note(
                    &by_tcp,
                    |notes| &mut notes.lookups,
                    "(a connection that asked nothing)".into(),
                );
                continue;
            }
            let mut asked = vec![0; usize::from(u16::from_be_bytes(length))];
            if stream.read_exact(&mut asked).is_ok()
                && let Some(answer) = look_up(&asked, &by_tcp)
            {
                let length = u16::try_from(answer.len()).unwrap_or_default().to_be_bytes();
                let _ = stream.write_all(&length).and_then(|()| stream.write_all(&answer));
            }
        }
    })
}

/// Writes a question down and answers it (RFC 1035): an A record for every name,
/// nothing of any other kind.
fn look_up(asked: &[u8], notes: &Mutex<Notes>) -> Option<Vec<u8>> {
    let (name, end) = question(asked).unwrap_or_else(|| ("(a question without a name)".into(), 0));
    note(notes, |notes| &mut notes.lookups, name);
    let asks_for_address = asked.get(end..end + 2)? == [0, 1];
    let mut answer = asked.get(..2)?.to_vec();
    // An answer, recursion available, no error; one question, its answer.
    answer.extend([0x81, 0x80, 0, 1, 0, u8::from(asks_for_address), 0, 0, 0, 0]);
    answer.extend(asked.get(12..end + 4)?);
    if asks_for_address {
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]);
        answer.extend(ANSWER.octets());
    }
    Some(answer)
}

/// The name in the question, and where it ends.
fn question(asked: &[u8]) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut at = 12;
    loop {
        let length = usize::from(*asked.get(at)?);
        at += 1;
        if length == 0 {
            return Some((name, at));
        }
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&printable(asked.get(at..at + length)?));
        at += length;
    }
}

fn thread(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().stack_size(256 << 10).spawn(work).map(drop)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_is_seen_and_forgotten() {
        let ring = Ring::draw(false).unwrap();
        assert!(ring.sees());
        assert_eq!(ring.counts(), (0, 1));
        ring.forget();
        assert_eq!(ring.counts(), (0, 0));
        assert!(!ring.notes().hits.iter().any(|hit| hit.contains("control")));
    }

    #[test]
    fn a_silent_connection_is_a_hit() {
        let ring = Ring::draw(false).unwrap();
        drop(TcpStream::connect(ring.listener).unwrap());
        let until = Instant::now() + Duration::from_secs(10);
        while ring.counts().1 == 0 && Instant::now() < until {
            std::thread::yield_now();
        }
        assert_eq!(ring.counts().1, 1);
    }

    #[test]
    fn a_tls_greeting_tells_the_host_it_goes_to() {
        let ring = Ring::draw(false).unwrap();
        let mut stream = TcpStream::connect(ring.listener).unwrap();
        stream.write_all(b"\x16\x03\x01\x00\x20\x01...\x00\x0cv9.leak.test").unwrap();
        let _ = stream.read(&mut [0; 1]);
        let until = Instant::now() + Duration::from_secs(10);
        while !ring.notes().hits.iter().any(|hit| hit.contains("v9.leak.test")) {
            assert!(Instant::now() < until, "{:?}", ring.notes());
            std::thread::yield_now();
        }
    }

    #[test]
    fn every_name_is_answered() {
        // The question of RFC 1035 section 4.1.2 for `v7.leak.test`, type A, class IN.
        let mut asked = vec![0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        asked.extend(b"\x02v7\x04leak\x04test\0\0\x01\0\x01");
        let notes = Mutex::new(Notes::default());
        let answer = look_up(&asked, &notes).unwrap();
        assert_eq!(notes.lock().unwrap().lookups, ["v7.leak.test"]);
        assert_eq!(&answer[..4], [0xab, 0xcd, 0x81, 0x80]);
        assert!(answer.ends_with(&[0, 4, 203, 0, 113, 7]));
        // Type AAAA: no error and no answer.
        let at = asked.len() - 3;
        asked[at] = 28;
        let answer = look_up(&asked, &notes).unwrap();
        assert_eq!(&answer[6..8], [0, 0]);
        // What is no question is counted and not answered.
        assert_eq!(look_up(&[1, 2, 3], &notes), None);
        assert_eq!(notes.lock().unwrap().lookups.len(), 3);
    }
}
