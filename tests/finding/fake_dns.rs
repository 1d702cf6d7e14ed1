//! A resolver on loopback that says what a test wants, right or wrong (RFC 1035 by hand).

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::{Arc, Mutex};

pub const MX: u16 = 15;
pub const SRV: u16 = 33;

/// What it answers.
#[derive(Clone)]
pub enum Reply {
    /// These records, all of the name that was asked for.
    Records(Vec<(u16, Vec<u8>)>),
    /// An answer of this code and nothing else.
    Code(u8),
    /// Nothing.
    Silence,
    /// "Too long for here" by UDP, these records by TCP.
    ByTcp(Vec<(u16, Vec<u8>)>),
    /// "Too long for here" by UDP, nothing by TCP.
    ByTcpNever,
    /// These bytes behind the number of the question.
    Garbage(Vec<u8>),
    /// An answer to another question before this one.
    Forged(Vec<(u16, Vec<u8>)>, Vec<(u16, Vec<u8>)>),
}

/// The resolver; it goes with the test.
pub struct FakeDns {
    pub at: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl FakeDns {
    /// Answers by name and type.
    pub fn start(script: impl Fn(&str, u16) -> Reply + Send + Sync + 'static) -> Self {
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()) {
                break (udp, tcp);
            }
        };
        let at = udp.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let script = Arc::new(script);
        let (heard, says) = (Arc::clone(&asked), Arc::clone(&script));
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok((length, from)) = udp.recv_from(&mut buffer) {
                let question = &buffer[..length];
                let (name, kind) = read(question);
                heard.lock().unwrap().push(format!("{name} {kind}"));
                for answer in by_udp(question, &says(&name, kind)) {
                    udp.send_to(&answer, from).unwrap();
                }
            }
        });
        std::thread::spawn(move || {
            for stream in tcp.incoming() {
                let (mut stream, script) = (stream.unwrap(), Arc::clone(&script));
                std::thread::spawn(move || {
                    let mut length = [0; 2];
                    while stream.read_exact(&mut length).is_ok() {
                        let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
                        stream.read_exact(&mut question).unwrap();
                        let (name, kind) = read(&question);
                        if let Reply::ByTcp(records) = script(&name, kind) {
                            let answer = message(&question, 0, &records, false);
                            let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
                            stream.write_all(&length).unwrap();
                            stream.write_all(&answer).unwrap();
                        }
                    }
                });
            }
        });
        Self { at, asked }
    }

    /// What it was asked by UDP: name and number of the type. Once each.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.sort();
        asked.dedup();
        asked
    }
}

fn by_udp(question: &[u8], reply: &Reply) -> Vec<Vec<u8>> {
    match reply {
        Reply::Records(records) => vec![message(question, 0, records, false)],
        Reply::Code(code) => vec![message(question, *code, &[], false)],
        Reply::Silence => Vec::new(),
        Reply::ByTcp(_) | Reply::ByTcpNever => vec![message(question, 0, &[], true)],
        Reply::Garbage(bytes) => vec![[&question[..2], bytes].concat()],
        Reply::Forged(forged, real) => {
            let mut other = message(question, 0, forged, false);
            other[0] ^= 0x55;
            let mut renamed = message(question, 0, forged, false);
            renamed[13] ^= 0x01;
            vec![other, renamed, message(question, 0, real, false)]
        }
    }
}

fn read(question: &[u8]) -> (String, u16) {
    let (mut at, mut name) = (12, String::new());
    while question[at] != 0 {
        let end = at + 1 + usize::from(question[at]);
        name.push_str(std::str::from_utf8(&question[at + 1..end]).unwrap());
        name.push('.');
        at = end;
    }
    (name, u16::from_be_bytes([question[at + 1], question[at + 2]]))
}

fn message(question: &[u8], code: u8, records: &[(u16, Vec<u8>)], cut: bool) -> Vec<u8> {
    let mut end = 12;
    while question[end] != 0 {
        end += 1 + usize::from(question[end]);
    }
    let mut message = question[..2].to_vec();
    message.extend([if cut { 0x83 } else { 0x81 }, 0x80 | code, 0, 1]);
    message.extend(u16::try_from(records.len()).unwrap().to_be_bytes());
    message.extend([0, 0, 0, 0]);
    message.extend(&question[12..end + 5]);
    for (kind, data) in records {
        message.extend([0xC0, 12]);
        message.extend(kind.to_be_bytes());
        message.extend([0, 1, 0, 0, 0, 60]);
        message.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        message.extend(data);
    }
    message
}

/// A name as it is written there: labels apart, whatever is in them.
pub fn name(labels: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in labels {
        bytes.push(u8::try_from(label.len()).unwrap());
        bytes.extend(*label);
    }
    bytes.push(0);
    bytes
}

fn dotted(host: &str) -> Vec<u8> {
    name(&host.split('.').filter(|label| !label.is_empty()).map(str::as_bytes).collect::<Vec<_>>())
}

/// An MX record.
pub fn mx(preference: u16, host: &str) -> (u16, Vec<u8>) {
    (MX, [&preference.to_be_bytes()[..], &dotted(host)].concat())
}

/// An SRV record.
pub fn srv(priority: u16, weight: u16, port: u16, host: &str) -> (u16, Vec<u8>) {
    srv_of(priority, weight, port, &dotted(host))
}

/// The same, to a name in its bytes.
pub fn srv_of(priority: u16, weight: u16, port: u16, target: &[u8]) -> (u16, Vec<u8>) {
    let numbers = [priority, weight, port].map(u16::to_be_bytes).concat();
    (SRV, [&numbers, target].concat())
}
