//! Everything beyond the mail servers, as a proxy that the account goes through: whatever is
//! asked for is a picture of one colour, and is counted. Lines to the mail servers go on.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The colour of its pictures, which nothing else in the window has.
pub const COLOUR: [u8; 3] = [0xB4, 0x32, 0xC8];

pub struct Web {
    /// As `goyo account add --proxy` takes it.
    pub address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Web {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let all = Arc::clone(&asked);
        std::thread::spawn(move || {
            for line in listener.incoming().flatten() {
                let all = Arc::clone(&all);
                std::thread::spawn(move || answer(line, &all));
            }
        });
        Self { address, asked }
    }

    /// What was asked for so far, sorted.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.sort();
        asked
    }
}

fn answer(line: TcpStream, asked: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(line.try_clone().ok()?);
    let mut head = Vec::new();
    loop {
        let mut field = String::new();
        if reader.read_line(&mut field).ok()? == 0 {
            return None;
        }
        if field == "\r\n" {
            break;
        }
        head.push(field);
    }
    let mut words = head.first()?.split(' ');
    let (method, what) = (words.next()?, words.next()?);
    let mut line = line;
    match what.strip_prefix("localhost:").filter(|_| method == "CONNECT") {
        Some(port) => {
            let server = TcpStream::connect(("127.0.0.1", port.parse().ok()?)).ok()?;
            line.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").ok()?;
            let (mut there, mut back) = (server.try_clone().ok()?, server);
            let mut here = line.try_clone().ok()?;
            std::thread::spawn(move || {
                // What the reader has read ahead goes first.
                let _ = std::io::copy(&mut reader, &mut there);
                let _ = there.shutdown(Shutdown::Write);
            });
            let _ = std::io::copy(&mut back, &mut here);
            let _ = here.shutdown(Shutdown::Both);
        }
        None => {
            asked.lock().unwrap().push(what.to_owned());
            let mut body = std::io::Cursor::new(Vec::new());
            image::RgbImage::from_pixel(240, 90, image::Rgb(COLOUR))
                .write_to(&mut body, image::ImageFormat::Png)
                .ok()?;
            let body = body.into_inner();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            line.write_all(&[head.as_bytes(), &body].concat()).ok()?;
        }
    }
    Some(())
}
