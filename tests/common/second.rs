//! The second program on a mailbox: `truth.py`, which shares nothing with Goyo, reads what is
//! really there and does what another client would do meanwhile.

use super::dovecot::PASSWORD;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout};

/// Folders by name.
pub type Truth = BTreeMap<String, TrueFolder>;

/// A folder as it really is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrueFolder {
    /// `None`: it cannot be opened.
    pub uidvalidity: Option<u32>,
    pub uidnext: Option<u32>,
    pub subscribed: bool,
    pub attributes: Vec<String>,
    /// By UID.
    pub letters: BTreeMap<u32, TrueLetter>,
}

/// A letter as it really is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrueLetter {
    /// As the server writes them, sorted, without `\Recent`.
    pub flags: Vec<String>,
    /// Of its bytes, lower-case hexadecimal.
    pub sha256: String,
    pub size: u64,
}

/// What the second program read of a mailbox.
pub(super) fn truth_of(lines: impl IntoIterator<Item = Value>) -> Truth {
    let mut folders: Truth = BTreeMap::new();
    for said in lines {
        let folder = folders.entry(said["folder"].as_str().unwrap().into()).or_default();
        if let Some(uid) = said["uid"].as_u64() {
            let letter = TrueLetter {
                flags: words(&said["flags"]),
                sha256: said["sha256"].as_str().unwrap().into(),
                size: said["size"].as_u64().unwrap(),
            };
            assert!(folder.letters.insert(uid as u32, letter).is_none(), "{said} twice");
        } else {
            folder.uidvalidity = said["uidvalidity"].as_u64().map(|n| n as u32);
            folder.uidnext = said["uidnext"].as_u64().map(|n| n as u32);
            folder.subscribed = said["subscribed"].as_bool().unwrap();
            folder.attributes = words(&said["attributes"]);
        }
    }
    folders
}

/// A second program on a mailbox.
pub struct Client {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Client {
    pub(super) fn of(mut child: Child) -> Self {
        let (to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, to: Some(to), from: BufReader::new(from) }
    }

    /// Does one thing (`ACTS` of `truth.py`); the answer, whatever it is.
    pub fn ask(&mut self, what: &Value) -> Value {
        writeln!(self.to.as_mut().unwrap(), "{what}").unwrap();
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the second client died: {what}"))
    }

    /// Does one thing that must work.
    pub fn act(&mut self, what: &Value) -> Value {
        let answer = self.ask(what);
        assert_eq!(answer["ok"], true, "{what}: {answer}");
        answer
    }

    /// Adds letters to a folder; their UIDs.
    pub fn append(
        &mut self,
        folder: &str,
        flags: &[&str],
        letters: impl IntoIterator<Item = Vec<u8>>,
    ) -> Vec<u32> {
        let dir = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for (at, letter) in letters.into_iter().enumerate() {
            let path = dir.path().join(at.to_string());
            fs::write(&path, letter).unwrap();
            files.push(path);
        }
        let answer =
            self.act(&json!({"do": "append", "folder": folder, "flags": flags, "files": files}));
        numbers(&answer["uids"])
    }

    /// Sets flags: `uids` as IMAP writes sets.
    pub fn flag(&mut self, folder: &str, uids: &str, flags: &[&str]) {
        self.act(&json!({"do": "store", "folder": folder, "uids": uids, "add": flags}));
    }

    /// Clears flags.
    pub fn unflag(&mut self, folder: &str, uids: &str, flags: &[&str]) {
        self.act(&json!({"do": "store", "folder": folder, "uids": uids, "remove": flags}));
    }

    pub fn move_to(&mut self, folder: &str, uids: &str, to: &str) {
        self.act(&json!({"do": "move", "folder": folder, "uids": uids, "to": to}));
    }

    pub fn copy(&mut self, folder: &str, uids: &str, to: &str) {
        self.act(&json!({"do": "copy", "folder": folder, "uids": uids, "to": to}));
    }

    /// Removes letters for good.
    pub fn delete(&mut self, folder: &str, uids: &str) {
        self.act(&json!({"do": "delete_letters", "folder": folder, "uids": uids}));
    }

    pub fn create(&mut self, folder: &str) {
        self.act(&json!({"do": "create", "folder": folder}));
        self.act(&json!({"do": "subscribe", "folder": folder}));
    }

    pub fn remove_folder(&mut self, folder: &str) {
        self.act(&json!({"do": "delete", "folder": folder}));
    }

    pub fn rename(&mut self, folder: &str, to: &str) {
        self.act(&json!({"do": "rename", "folder": folder, "to": to}));
    }

    pub fn search(&mut self, folder: &str, query: &str) -> Vec<u32> {
        numbers(&self.act(&json!({"do": "search", "folder": folder, "query": query}))["uids"])
    }
}

/// A second program that changes from user to user; all have [`PASSWORD`].
pub struct Hands(Client);

impl Hands {
    pub(super) fn of(child: Child) -> Self {
        Self(Client::of(child))
    }

    /// Does one thing as this user; the answer, whatever it is.
    pub fn ask(&mut self, user: &str, what: Value) -> Value {
        let mut what = what;
        what["user"] = json!(user);
        what["password"] = json!(PASSWORD);
        self.0.ask(&what)
    }

    /// Does one thing that must work.
    pub fn act(&mut self, user: &str, what: Value) -> Value {
        let answer = self.ask(user, what.clone());
        assert_eq!(answer["ok"], true, "{user}: {what}: {answer}");
        answer
    }

    /// Everything the user has there.
    pub fn truth(&mut self, user: &str) -> Truth {
        let answer = self.act(user, json!({"do": "read"}));
        truth_of(answer["lines"].as_array().unwrap().iter().cloned())
    }

    /// Adds letters to a folder.
    pub fn append(&mut self, user: &str, folder: &str, letters: impl IntoIterator<Item = Vec<u8>>) {
        let dir = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for (at, letter) in letters.into_iter().enumerate() {
            let path = dir.path().join(at.to_string());
            fs::write(&path, letter).unwrap();
            files.push(path);
        }
        self.act(user, json!({"do": "append", "folder": folder, "flags": [], "files": files}));
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.to = None;
        let _ = self.child.wait();
    }
}

fn numbers(list: &Value) -> Vec<u32> {
    list.as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as u32).collect()
}

fn words(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}
