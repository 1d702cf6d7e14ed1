//! A profile with accounts on a server of the test's own, brought in step by the program
//! itself, and compared with what the server really holds.

use super::dovecot::{Dovecot, PASSWORD, TrueFolder, Truth, USER, Way};
use super::{Home, lines};
use goyo::model::{Flags, LetterId};
use goyo::store::{Mailbox, Store, sha256};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The account's name here.
pub const ACCOUNT: &str = "work";
/// What opens the file of passwords.
pub const PASSPHRASE: &str = "a sentence that nobody guesses";

/// Flags, SHA-256 and size of a letter.
type Held = (Vec<String>, String, u64);

pub struct Desk {
    pub home: Home,
    /// A certificate authority that is believed beside none.
    pub authority: Option<PathBuf>,
}

impl Desk {
    /// A profile with [`ACCOUNT`] at this server.
    pub fn at(server: &Dovecot) -> Self {
        let desk = Self::new();
        desk.account(server, ACCOUNT, USER, PASSWORD, Way::Plain);
        desk
    }

    /// A profile without accounts.
    pub fn new() -> Self {
        let desk = Self { home: Home::new(), authority: None };
        desk.home.write("passphrase", PASSPHRASE);
        desk
    }

    pub fn account(&self, server: &Dovecot, name: &str, user: &str, password: &str, way: Way) {
        self.account_at(&server.address(way), name, user, password);
    }

    pub fn account_at(&self, address: &str, name: &str, user: &str, password: &str) {
        self.account_with(address, name, user, password, &[]);
    }

    /// With more arguments of `goyo account add`.
    pub fn account_with(
        &self,
        address: &str,
        name: &str,
        user: &str,
        password: &str,
        more: &[&str],
    ) {
        let mut child = self
            .command()
            .args(["account", "add", "--name", name, "--email"])
            .arg(format!("{user}@example.org"))
            .args(["--user", user, "--imap", address, "--password-stdin"])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "goyo account add");
    }

    pub fn command(&self) -> Command {
        let mut command = self.home.command();
        command.env("GOYO_PASSPHRASE_FILE", self.home.path("passphrase"));
        if let Some(authority) = &self.authority {
            command.env("SSL_CERT_FILE", authority);
        }
        command
    }

    /// Runs `goyo sync` with these arguments.
    pub fn sync_with(&self, args: &[&str]) -> Output {
        self.command().arg("--json").arg("sync").args(args).output().unwrap()
    }

    /// Brings everything in step, which must work; what was told.
    pub fn sync(&self) -> Told {
        let output = self.sync_with(&[]);
        let told = Told(lines(&output));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{:?} {error} {:?}", output.status, told.0);
        told
    }

    /// Goes on until stopped.
    pub fn watch(&self) -> Watching {
        let mut child = self
            .command()
            .args(["--json", "sync", "--watch"])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let out = child.stdout.take().unwrap();
        let (sender, events) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if sender.send(serde_json::from_str(&line).unwrap()).is_err() {
                    return;
                }
            }
        });
        Watching { child, events }
    }

    pub fn store(&self) -> Store {
        Store::open(&self.home.profile()).unwrap()
    }

    /// A folder of an account.
    pub fn mailbox(&self, account: &str, path: &str) -> Option<Mailbox> {
        let store = self.store();
        let account = store.account(account).unwrap();
        store.mailboxes(account.id).unwrap().into_iter().find(|m| m.path == path)
    }

    /// UIDs and letters of a folder.
    pub fn letters(&self, path: &str) -> BTreeMap<u32, LetterId> {
        let id = self.mailbox(ACCOUNT, path).unwrap().id;
        self.store().known(id).unwrap().into_iter().map(|k| (k.uid, k.id)).collect()
    }

    /// Everything the account has here, in the form of the truth.
    pub fn here(&self, account: &str) -> BTreeMap<String, BTreeMap<u32, Held>> {
        let store = self.store();
        let account = store.account(account).unwrap();
        let mut folders = BTreeMap::new();
        for mailbox in store.mailboxes(account.id).unwrap() {
            let mut letters = BTreeMap::new();
            for known in store.known(mailbox.id).unwrap() {
                assert!(known.whole, "only the header of {} {}", mailbox.path, known.uid);
                let raw = store.raw(known.id).unwrap();
                let flags = server_words(known.flags, known.keywords.as_deref());
                letters.insert(known.uid, (flags, hex(&raw), raw.len() as u64));
            }
            assert_eq!(mailbox.total, letters.len() as u64, "letters without UID");
            folders.insert(mailbox.path, letters);
        }
        folders
    }

    /// Compares letter by letter: folders, UIDs, flags, bytes. And proves the store.
    pub fn is_true_to(&self, server: &Dovecot) {
        self.is_true(ACCOUNT, &server.truth(USER));
        self.home.check();
    }

    pub fn is_true(&self, account: &str, truth: &Truth) {
        let there: BTreeMap<_, _> =
            truth.iter().map(|(name, folder)| (name.clone(), form(folder))).collect();
        let here = self.here(account);
        let names = |of: &BTreeMap<String, _>| of.keys().cloned().collect::<Vec<String>>();
        assert_eq!(names(&here), names(&there), "folders");
        for (name, letters) in &there {
            let ours = &here[name];
            let uids = |of: &BTreeMap<u32, _>| of.keys().copied().collect::<Vec<u32>>();
            assert_eq!(uids(ours), uids(letters), "UIDs of {name}");
            for (uid, letter) in letters {
                assert_eq!(&ours[uid], letter, "{name} {uid}");
            }
        }
    }
}

fn form(folder: &TrueFolder) -> BTreeMap<u32, (Vec<String>, String, u64)> {
    folder
        .letters
        .iter()
        .map(|(uid, letter)| (*uid, (letter.flags.clone(), letter.sha256.clone(), letter.size)))
        .collect()
}

pub fn hex(raw: &[u8]) -> String {
    sha256(raw).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Flags as a server writes them, sorted.
pub fn server_words(flags: Flags, keywords: Option<&str>) -> Vec<String> {
    let named = [
        (Flags::SEEN, "\\Seen"),
        (Flags::ANSWERED, "\\Answered"),
        (Flags::FLAGGED, "\\Flagged"),
        (Flags::DRAFT, "\\Draft"),
        (Flags::DELETED, "\\Deleted"),
        (Flags::FORWARDED, "$Forwarded"),
        (Flags::JUNK, "$Junk"),
        (Flags::MDN_SENT, "$MDNSent"),
    ];
    let mut words: Vec<String> =
        named.iter().filter(|(flag, _)| flags.has(*flag)).map(|(_, w)| (*w).to_owned()).collect();
    words.extend(keywords.unwrap_or_default().split_whitespace().map(str::to_owned));
    words.sort();
    words
}

/// What `goyo sync --json` told.
pub struct Told(pub Vec<Value>);

impl Told {
    pub fn events(&self, kind: &str) -> Vec<&Value> {
        self.0.iter().filter(|line| line["event"] == kind).collect()
    }

    /// The one line at the end.
    pub fn done(&self) -> &Value {
        let done = self.events("done");
        assert_eq!(done.len(), 1, "{:?}", self.0);
        done[0]
    }

    /// New, changed, gone.
    pub fn counts(&self) -> (u64, u64, u64) {
        let done = self.done();
        let number = |name: &str| done[name].as_u64().unwrap();
        (number("messages_new"), number("flags_changed"), number("expunged"))
    }

    pub fn bytes(&self) -> u64 {
        self.done()["bytes"].as_u64().unwrap()
    }
}

/// A `goyo sync --watch` at work.
pub struct Watching {
    child: Child,
    events: std::sync::mpsc::Receiver<Value>,
}

impl Watching {
    /// Waits for an event of this kind.
    pub fn wait_for(&self, kind: &str, longest: Duration) -> Value {
        let limit = Instant::now() + longest;
        loop {
            let left = limit.saturating_duration_since(Instant::now());
            let event = self
                .events
                .recv_timeout(left)
                .unwrap_or_else(|_| panic!("no '{kind}' within {longest:?}"));
            if event["event"] == kind {
                return event;
            }
        }
    }

    /// Ends it as Ctrl-C would; it must end well.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status:?}");
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
