//! A server that says what a test wants said, and remembers what it heard.

use super::Opens;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// See above. Listens until the test process ends.
pub struct Server {
    /// Where.
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

/// Says something and hangs up.
pub fn say(what: impl Into<Vec<u8>>) -> impl Fn(&mut TcpStream) {
    let what = what.into();
    move |stream| {
        let _ = stream.write_all(&what);
    }
}

/// Reads the head of a request.
pub fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

impl Server {
    /// Says the same to everybody.
    pub fn answering(answer: Vec<u8>) -> Self {
        Self::on("127.0.0.1:0", say(answer)).unwrap()
    }

    /// Listens at `address`, if there is such a one; each connection's request is
    /// read, then `script` has it.
    pub fn on(
        address: &str,
        script: impl Fn(&mut TcpStream) + Send + Sync + 'static,
    ) -> Option<Self> {
        Self::raw(address, move |stream, heard| {
            let request = head(stream);
            heard.lock().unwrap().push(request);
            script(stream);
        })
    }

    /// The same, where `script` reads for itself.
    pub fn raw(
        address: &str,
        script: impl Fn(&mut TcpStream, &Mutex<Vec<String>>) + Send + Sync + 'static,
    ) -> Option<Self> {
        let listener = TcpListener::bind(address).ok()?;
        let port = listener.local_addr().ok()?.port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (all, script) = (Arc::clone(&heard), Arc::new(script));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
                let (all, script) = (Arc::clone(&all), Arc::clone(&script));
                std::thread::spawn(move || {
                    script(&mut stream, &all);
                    // All that was sent arrives before the end does.
                    let _ = stream.shutdown(Shutdown::Write);
                    let _ = stream.read_to_end(&mut Vec::new());
                });
            }
        });
        Some(Self { port, heard })
    }

    /// Every request, as it came.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// How many came.
    pub fn connections(&self) -> usize {
        self.heard().len()
    }

    /// An address of its.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// A gate that opens it alone.
    pub fn gate(&self) -> Opens {
        Opens("127.0.0.1".into(), self.port)
    }
}
