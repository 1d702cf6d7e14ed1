//! A mail server that says what a script has it say, and hears what the script has it hear:
//! for what real servers do not do, or not often enough.
//!
//! A script, line by line:
//!
//! | line | meaning |
//! |---|---|
//! | `S: text` | says the text and CR LF; `{a}` is the tag that was heard as `a` |
//! | `raw: text` | says the text as it is, with `\r`, `\n`, `\0`, `\xNN` and `{a}` |
//! | `C: a pattern` | hears a command that fits the pattern (`*` is anything); its tag is `a` |
//! | `C: - pattern` | hears a line without a tag |
//! | `take: n` | takes n bytes |
//! | `letter` | takes everything up to a line with a dot alone, as one (SMTP) |
//! | `drip: text` | says the text and CR LF, each byte by itself |
//! | `say: n text` | says the text n times; `{#}` counts from 1 |
//! | `tls` | goes on over TLS |
//! | `deflate` | goes on compressed |
//! | `wait` | neither reads nor says anything for a while |
//! | `stall` | says nothing more, until the other side goes |
//! | `pause` | sees to it that what follows arrives by itself |
//! | `close` | hangs up |

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// A certificate of the fake's own, for `localhost`.
pub struct Paper {
    pub certificate: Vec<u8>,
    pub key: Vec<u8>,
}

impl Paper {
    /// For these names.
    pub fn new(names: &[&str]) -> Self {
        let names = names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        Self { certificate: made.cert.der().to_vec(), key: made.signing_key.serialize_der() }
    }

    /// For a server that shows it.
    pub(super) fn config(&self) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(self.certificate.clone())],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone())),
            )
            .unwrap();
        Arc::new(config)
    }

    /// For `localhost`, and no longer good.
    pub fn expired() -> Self {
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate: certificate.der().to_vec(), key: key.serialize_der() }
    }

    /// SHA-256 of it, lower-case hexadecimal.
    pub fn fingerprint(&self) -> String {
        goyo::store::sha256(&self.certificate).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// See above.
pub struct Fake {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    run: JoinHandle<Result<Vec<String>, String>>,
}

impl Fake {
    /// Plays the script to the first that connects.
    pub fn play(script: &str) -> Self {
        Self::play_with(script, None)
    }

    /// The same, with a certificate for `tls`.
    pub fn play_with(script: &str, paper: Option<&Paper>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let script = script.to_owned();
        let tls = paper.map(Paper::config);
        let run = std::thread::spawn(move || {
            let (tcp, _) = listener.accept().unwrap();
            tcp.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            tcp.set_nodelay(true).unwrap();
            let mut stage = Stage {
                way: Some(Way::Plain(tcp)),
                packing: None,
                unread: Vec::new(),
                tags: HashMap::new(),
                heard: Vec::new(),
                tls,
            };
            for line in script.lines().map(str::trim_start).filter(|line| !line.is_empty()) {
                if let Err(error) = stage.act(line) {
                    return Err(format!("at `{line}`: {error}; heard {:#?}", stage.heard));
                }
            }
            // What was said arrives, before the end does.
            stage.hang_up();
            Ok(stage.heard)
        });
        Self { port, run }
    }

    /// What it heard, line by line; the script must have come to its end.
    pub fn heard(self) -> Vec<String> {
        self.run.join().unwrap().unwrap_or_else(|error| panic!("{error}"))
    }

    /// What it heard, however far it came.
    pub fn heard_at_most(self) -> Vec<String> {
        match self.run.join().unwrap() {
            Ok(heard) => heard,
            Err(error) => vec![error],
        }
    }
}

pub(super) enum Way {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Way {
    /// Goes on over TLS.
    pub(super) fn secure(tcp: TcpStream, config: Arc<ServerConfig>) -> (Self, std::io::Result<()>) {
        let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), tcp);
        let done = stream.conn.complete_io(&mut stream.sock).map(drop);
        (Self::Tls(Box::new(stream)), done)
    }

    pub(super) fn tcp(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(stream) => &mut stream.sock,
        }
    }

    /// Says that it ends here, and waits until the other side goes.
    pub(super) fn hang_up(&mut self) {
        if let Self::Tls(stream) = self {
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
        let tcp = self.tcp();
        let _ = tcp.shutdown(std::net::Shutdown::Write);
        let _ = tcp.set_read_timeout(Some(Duration::from_secs(2)));
        let _ = std::io::copy(tcp, &mut std::io::sink());
    }

    pub(super) fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Plain(tcp) => tcp.write_all(bytes),
            Self::Tls(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
        }
    }
}

struct Stage {
    way: Option<Way>,
    packing: Option<(Compress, Decompress)>,
    /// Unpacked, and not read yet.
    unread: Vec<u8>,
    tags: HashMap<String, String>,
    heard: Vec<String>,
    tls: Option<Arc<ServerConfig>>,
}

impl Stage {
    fn way(&mut self) -> &mut Way {
        self.way.as_mut().unwrap()
    }

    fn act(&mut self, line: &str) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "S:" => self.say(format!("{}\r\n", self.with_tags(rest)).as_bytes()),
            "raw:" => {
                let bytes = unescape(&self.with_tags(rest));
                self.say(&bytes)
            }
            "say:" => {
                let (count, text) = rest.split_once(' ').unwrap();
                let text = self.with_tags(text);
                let mut all = String::new();
                for number in 1..=count.parse::<usize>().unwrap() {
                    all.push_str(&text.replace("{#}", &number.to_string()));
                    all.push_str("\r\n");
                    if all.len() > 1 << 16 {
                        self.say(std::mem::take(&mut all).as_bytes())?;
                    }
                }
                self.say(all.as_bytes())
            }
            "C:" => self.hear(rest),
            "take:" => {
                let mut bytes = vec![0; rest.parse().unwrap()];
                for byte in &mut bytes {
                    *byte = self.byte()?.ok_or("it went")?;
                }
                self.heard.push(String::from_utf8_lossy(&bytes).into_owned());
                Ok(())
            }
            "letter" => {
                let mut bytes = b"\r\n".to_vec();
                while !bytes.ends_with(b"\r\n.\r\n") {
                    bytes.push(self.byte()?.ok_or_else(|| {
                        format!("it went, after {:?}", String::from_utf8_lossy(&bytes))
                    })?);
                }
                self.heard.push(String::from_utf8_lossy(&bytes[2..]).into_owned());
                Ok(())
            }
            "drip:" => {
                for byte in format!("{rest}\r\n").bytes() {
                    self.say(&[byte])?;
                    std::thread::sleep(Duration::from_millis(2));
                }
                Ok(())
            }
            "tls" => {
                let Some(Way::Plain(tcp)) = self.way.take() else { return Err("TLS twice".into()) };
                let config = Arc::clone(self.tls.as_ref().unwrap());
                let (way, done) = Way::secure(tcp, config);
                self.way = Some(way);
                done.map_err(|error| error.to_string())
            }
            "deflate" => {
                let pack = Compress::new(Compression::fast(), false);
                self.packing = Some((pack, Decompress::new(false)));
                Ok(())
            }
            "stall" => {
                while self.byte()?.is_some() {}
                Ok(())
            }
            "wait" => {
                std::thread::sleep(Duration::from_secs(3));
                Ok(())
            }
            "pause" => {
                std::thread::sleep(Duration::from_millis(30));
                Ok(())
            }
            "close" => {
                self.hang_up();
                Ok(())
            }
            other => Err(format!("what is {other:?}?")),
        }
    }

    fn with_tags(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, tag) in &self.tags {
            text = text.replace(&format!("{{{name}}}"), tag);
        }
        text
    }

    fn say(&mut self, bytes: &[u8]) -> Result<(), String> {
        let packed = match &mut self.packing {
            Some((pack, _)) => {
                let mut packed = Vec::with_capacity(bytes.len() + 1024);
                let (mut rest, mut begun) = (bytes, pack.total_in());
                loop {
                    pack.compress_vec(rest, &mut packed, FlushCompress::Sync).unwrap();
                    rest = &rest[(pack.total_in() - begun) as usize..];
                    begun = pack.total_in();
                    if rest.is_empty() && packed.len() < packed.capacity() {
                        break packed;
                    }
                    packed.reserve(1024);
                }
            }
            None => bytes.to_vec(),
        };
        self.way().write(&packed).map_err(|error| error.to_string())
    }

    /// The next byte; `None` at the end.
    fn byte(&mut self) -> Result<Option<u8>, String> {
        loop {
            if !self.unread.is_empty() {
                return Ok(Some(self.unread.remove(0)));
            }
            let mut byte = [0];
            match self.way().read(&mut byte) {
                Ok(0) => return Ok(None),
                Ok(_) => {}
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    return Err("nothing was said".into());
                }
                Err(_) => return Ok(None),
            }
            match &mut self.packing {
                None => return Ok(Some(byte[0])),
                Some((_, unpack)) => {
                    let mut room = vec![0; 1 << 16];
                    let before = unpack.total_out();
                    unpack.decompress(&byte, &mut room, FlushDecompress::Sync).unwrap();
                    room.truncate((unpack.total_out() - before) as usize);
                    self.unread = room;
                }
            }
        }
    }

    fn hear(&mut self, expected: &str) -> Result<(), String> {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            match self.byte()? {
                Some(byte) => line.push(byte),
                None => return Err(format!("it went, after {:?}", String::from_utf8_lossy(&line))),
            }
        }
        let line = String::from_utf8_lossy(&line[..line.len() - 2]).into_owned();
        self.heard.push(line.clone());
        let (name, pattern) = expected.split_once(' ').unwrap_or((expected, ""));
        let said = match name {
            "-" => line.as_str(),
            name => {
                let (tag, said) = line.split_once(' ').ok_or_else(|| format!("{line:?}"))?;
                self.tags.insert(name.to_owned(), tag.to_owned());
                said
            }
        };
        match fits(pattern, said) {
            true => Ok(()),
            false => Err(format!("heard {said:?}")),
        }
    }

    fn hang_up(&mut self) {
        if let Some(way) = &mut self.way {
            way.hang_up();
        }
    }
}

/// Whether a text fits a pattern with `*` for anything.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (at, part) in parts.iter().enumerate() {
        if at + 1 == parts.len() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(found) => rest = &rest[found + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'\\' {
            bytes.push(*byte);
            continue;
        }
        let (kind, after) = rest.split_first().unwrap();
        rest = after;
        match kind {
            b'r' => bytes.push(b'\r'),
            b'n' => bytes.push(b'\n'),
            b'0' => bytes.push(0),
            b'x' => {
                let digits = std::str::from_utf8(&rest[..2]).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = &rest[2..];
            }
            other => bytes.push(*other),
        }
    }
    bytes
}
