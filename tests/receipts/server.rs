//! The receipt server as its users meet it: the real program, its port, and its files seen
//! through a connection of another hand.

use rusqlite::Connection;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long anything here may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 \
     Safari/537.36";
pub const GMAIL: &str = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com \
     GoogleImageProxy)";

pub fn goyo(args: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_goyo")).args(args).output().unwrap()
}

pub fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// A token as letters carry it.
pub fn token(number: u32) -> String {
    format!("{number:032x}")
}

pub fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Asks until there is an answer.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The server's files, and keys to them.
pub struct Data {
    dir: TempDir,
}

impl Data {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub fn key(&self, name: &str) -> String {
        let data = self.path();
        let made =
            goyo(&["receipts", "key", "new", "--data", data.to_str().unwrap(), "--name", name]);
        assert!(made.status.success(), "{made:?}");
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    }

    /// A second connection to its database.
    pub fn database(&self) -> Connection {
        Connection::open(self.path().join("receipts.sqlite")).unwrap()
    }

    pub fn rows(&self, table: &str) -> i64 {
        self.database()
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
            .unwrap()
    }

    /// Time goes by, for one token: it was made known so many seconds earlier, and its letter
    /// went then.
    pub fn ages(&self, token: &str, seconds: i64) {
        let sql = "UPDATE token SET registered = ?2, sent = ?2 WHERE hash = ?1";
        let hash = Sha256::digest(token.as_bytes()).to_vec();
        assert_eq!(self.database().execute(sql, (hash, now() - seconds)).unwrap(), 1);
    }

    /// Everything that lies on disk, as bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap_or_default()).collect()
    }
}

pub fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// The running program.
pub struct Running {
    child: Child,
    pub address: SocketAddr,
}

impl Running {
    pub fn start(data: &Path) -> Self {
        Self::with(data, &[])
    }

    pub fn with(data: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_goyo"))
            .args(["--json", "receipts", "serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let address = said["listening"].as_str().unwrap().parse().unwrap();
        Self { child, address }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// A polite end; what the program said on stderr.
    pub fn end(mut self) -> String {
        let id = rustix::process::Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success());
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Says these bytes on a new connection; everything that is answered.
    pub fn say(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        // A server that has had enough may have closed already.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    }

    /// Fetches a path as a program of that name would.
    pub fn fetch(&self, path: &str, agent: &str) -> Vec<u8> {
        self.say(
            format!("GET {path} HTTP/1.1\r\nHost: x\r\nUser-Agent: {agent}\r\n\r\n").as_bytes(),
        )
    }

    pub fn hit(&self, token: &str, agent: &str) {
        let answer = self.fetch(&format!("/r/{token}.png"), agent);
        assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", String::from_utf8_lossy(&answer));
    }

    /// An answer of the API: status and JSON.
    pub fn api(&self, method: &str, path: &str, key: &str, body: &str) -> (u16, Value) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = self.say(request.as_bytes());
        let text = String::from_utf8(answer).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// Registers tokens that were delivered `ago` seconds ago.
    pub fn register(&self, key: &str, tokens: &[&str], ago: i64) {
        let tokens: Vec<Value> = tokens
            .iter()
            .map(|token| {
                serde_json::json!({
                    "hash": hash(token), "lives": 3_600, "ago": ago,
                })
            })
            .collect();
        let body = serde_json::json!({ "tokens": tokens }).to_string();
        let (status, said) = self.api("POST", "/v1/tokens", key, &body);
        assert_eq!((status, &said["registered"]), (200, &Value::from(tokens.len())), "{said}");
    }

    pub fn events(&self, key: &str, since: &str) -> Value {
        let path = format!("/v1/events?since={since}");
        let (status, said) = self.api("GET", &path, key, "");
        assert_eq!(status, 200, "{said}");
        said
    }

    /// Waits until these are the fetchers of a token, as `(kind, count)`, in the order of
    /// their changes.
    pub fn wait_for(&self, data: &Data, token: &str, wanted: &[(&str, i64)]) {
        let bytes: Vec<u8> = Sha256::digest(token.as_bytes()).to_vec();
        let wanted: Vec<(String, i64)> =
            wanted.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect();
        let mut last = Vec::new();
        until(&format!("{wanted:?}"), || {
            let conn = data.database();
            let mut rows = conn
                .prepare(
                    "SELECT kind, count FROM fetcher JOIN token ON token.id = token_id
                     WHERE hash = ? ORDER BY seq",
                )
                .unwrap();
            let found: Vec<(String, i64)> = rows
                .query_map([&bytes], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            last.clone_from(&found);
            (found == wanted).then_some(())
        });
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
