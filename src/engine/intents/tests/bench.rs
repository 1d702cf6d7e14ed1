//! A profile, a server in memory, and a sync as simple as can be between them.

use super::fake::{Fake, Folder, Letter, Manners, World};
use crate::engine::intents::{ReplayError, Told, replay};
use crate::mime;
use crate::model::{AccountId, AccountKind, Flags, FolderId, LetterId, Role, Settings};
use crate::net::imap::ImapError;
use crate::store::{
    Arrival, Changes, Circumstances, Content, Cursor, FlagsOf, Incoming, Packer, Remote, Store,
    prepare,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

pub const NOW: i64 = 1_800_000_000;

pub struct Bench {
    pub dir: TempDir,
    pub store: Store,
    pub world: Arc<Mutex<World>>,
    pub account: AccountId,
    pub told: Vec<Told>,
    pub now: i64,
}

/// A letter as everybody sees it: its bytes, flags and keywords.
pub type Seen = (Vec<u8>, u32, String);

pub fn raw(number: usize) -> Vec<u8> {
    // Every fifth has no Message-ID.
    let id = match number % 5 {
        4 => String::new(),
        _ => format!("Message-ID: <{number}@x>\r\n"),
    };
    format!("From: a@example.org\r\n{id}Subject: letter {number}\r\n\r\nbody {number}\r\n")
        .into_bytes()
}

pub fn letter(number: usize) -> Letter {
    Letter { uid: 0, raw: raw(number), flags: Flags::NONE, keywords: BTreeSet::new() }
}

impl Bench {
    /// An account whose inbox holds so many letters, with the folders everybody has.
    pub fn new(manners: Manners, letters: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let account =
            store.add_account("a", AccountKind::Imap, "a@x", &Settings::default()).unwrap();
        let mut world = World { manners, ..World::default() };
        for (at, name) in ["INBOX", "Archive", "Junk", "Trash", "Work"].iter().enumerate() {
            let folder = Folder { uidvalidity: 10 + at as u32, uidnext: 1, letters: Vec::new() };
            world.folders.insert((*name).to_owned(), folder);
        }
        for number in 0..letters {
            world.folders.get_mut("INBOX").unwrap().put(&letter(number));
        }
        let world = Arc::new(Mutex::new(world));
        let mut bench = Self { dir, store, world, account, told: Vec::new(), now: NOW };
        bench.sync();
        bench
    }

    /// The program dies and is started again.
    pub fn restart(&mut self) {
        self.store = Store::open(self.dir.path()).unwrap();
    }

    /// Replays on a new connection. Whether it came to its end.
    pub fn replay(&mut self) -> bool {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut fake = Fake::new(&self.world);
        let told = &mut self.told;
        let mut tell = |event: Told| told.push(event);
        let done =
            runtime.block_on(replay(&self.store, &mut fake, self.account, self.now, &mut tell));
        match done {
            Ok(_) => true,
            Err(ReplayError::Server(ImapError::Lost(_))) => false,
            Err(ReplayError::Store(error)) if error.to_string().contains("fail point") => false,
            Err(error) => panic!("{error}"),
        }
    }

    /// Replays until nothing is pending, also what is put off.
    pub fn settle(&mut self) {
        self.world.lock().unwrap().break_in = None;
        self.world.lock().unwrap().refuse_in = None;
        for _ in 0..20 {
            assert!(self.replay());
            self.now += 4000;
            if self.store.pending_count(self.account).unwrap() == 0 {
                return;
            }
        }
        panic!("it never ends: {:?}", self.store.wave(self.account, i64::MAX).unwrap());
    }

    pub fn folder(&self, name: &str) -> FolderId {
        self.store.folder(&format!("a/{name}")).unwrap().id
    }

    /// The letter of this number, wherever it lies; the first if there are more.
    pub fn letter(&self, number: usize) -> LetterId {
        let raw = raw(number);
        self.letters().into_iter().find(|id| self.store.raw(*id).unwrap() == raw).unwrap()
    }

    /// All letters, copies too.
    pub fn letters(&self) -> Vec<LetterId> {
        let folders = self.store.folders().unwrap();
        let rows = |folder: &crate::store::Folder| {
            self.store.list(Some(folder.id), 0, 1000).unwrap().into_iter().map(|row| row.id)
        };
        folders.iter().flat_map(rows).collect()
    }

    /// Brings every folder in step, looking at all of it each time.
    pub fn sync(&mut self) {
        let folders: Vec<(String, Folder)> = {
            let world = self.world.lock().unwrap();
            world.folders.iter().map(|(name, folder)| (name.clone(), folder.clone())).collect()
        };
        let remotes: Vec<Remote> = folders
            .iter()
            .map(|(name, _)| Remote {
                remote: name.clone(),
                path: name.clone(),
                role: match name.as_str() {
                    "INBOX" => Some(Role::Inbox),
                    "Archive" => Some(Role::Archive),
                    "Junk" => Some(Role::Junk),
                    "Trash" => Some(Role::Trash),
                    _ => None,
                },
                selectable: true,
                subscribed: true,
            })
            .collect();
        let boxes = self.store.meet_mailboxes(self.account, &remotes).unwrap();
        let moving = self.store.folders_in_motion().unwrap();
        for mailbox in &boxes {
            let Some((_, folder)) = folders.iter().find(|(name, _)| *name == mailbox.remote) else {
                if !moving.contains(&mailbox.id) {
                    self.store.remove_mailbox(mailbox.id).unwrap();
                }
                continue;
            };
            self.sync_folder(mailbox.id, mailbox.cursor.uidvalidity, folder);
        }
    }

    fn sync_folder(&self, id: FolderId, known_validity: Option<u32>, folder: &Folder) {
        if known_validity.is_some_and(|known| known != folder.uidvalidity) {
            self.store.forget_uids(id).unwrap();
        }
        let known: BTreeMap<u32, LetterId> =
            self.store.known(id).unwrap().into_iter().map(|k| (k.uid, k.id)).collect();
        let mut packer = Packer::new(None);
        let with = Circumstances { now: NOW, ..Circumstances::default() };
        let mut changes = Changes {
            cursor: Some(Cursor {
                uidvalidity: Some(folder.uidvalidity),
                uidnext: Some(folder.uidnext),
                lowest_uid: Some(1),
                ..Cursor::default()
            }),
            ..Changes::default()
        };
        // UIDs mean something from when UIDVALIDITY is known.
        let first = Changes { cursor: changes.cursor, ..Changes::default() };
        self.store.apply(id, &first).unwrap();
        for letter in &folder.letters {
            let flags = FlagsOf::new(letter.flags, &letter.words());
            match known.contains_key(&letter.uid) {
                true => changes.flags.push((letter.uid, flags)),
                false => changes.arrived.push(Arrival {
                    uid: letter.uid,
                    flags: Some(flags),
                    content: Content::Mail(Incoming::New(Box::new(prepare(
                        mime::parse(&letter.raw),
                        &with,
                        &mut packer,
                    )))),
                    twin: None,
                }),
            }
        }
        let there: BTreeSet<u32> = folder.letters.iter().map(|letter| letter.uid).collect();
        changes.vanished =
            known.keys().filter(|uid| !there.contains(uid)).map(|uid| (*uid, *uid)).collect();
        self.store.apply(id, &changes).unwrap();
        let orphans: Vec<LetterId> =
            self.store.orphans(id).unwrap().into_iter().map(|orphan| orphan.id).collect();
        self.store.drop_orphans(id, &orphans).unwrap();
    }

    /// What the user sees, by folder.
    pub fn local(&self) -> BTreeMap<String, Vec<Seen>> {
        let mut seen = BTreeMap::new();
        for folder in self.store.folders().unwrap() {
            if folder.account != "a" {
                continue;
            }
            let mut letters: Vec<Seen> = Vec::new();
            for (id, flags) in self.store.ids(folder.id).unwrap() {
                let words = self.store.keywords(id).unwrap().unwrap_or_default();
                letters.push((self.store.raw(id).unwrap(), flags.bits(), words));
            }
            letters.sort();
            seen.insert(folder.path.clone(), letters);
        }
        seen
    }

    /// What the server has, by folder.
    pub fn remote(&self) -> BTreeMap<String, Vec<Seen>> {
        let world = self.world.lock().unwrap();
        let seen =
            |letter: &Letter| (letter.raw.clone(), letter.flags.bits(), letter.words().join(" "));
        world
            .folders
            .iter()
            .map(|(name, folder)| {
                let mut letters: Vec<Seen> = folder.letters.iter().map(seen).collect();
                letters.sort();
                (name.clone(), letters)
            })
            .collect()
    }

    /// All is settled: both have the same, the store is sound, and doing it again changes
    /// nothing.
    pub fn prove(&mut self) {
        self.settle();
        self.sync();
        assert_eq!(readable(&self.local()), readable(&self.remote()));
        assert_eq!(self.local(), self.remote());
        let found = self.store.check(false, |_, _| {}).unwrap();
        assert_eq!(found.wrong, 0, "{found:?}");
        let before = self.world.lock().unwrap().commands.len();
        assert!(self.replay());
        assert_eq!(self.world.lock().unwrap().commands.len(), before, "a second replay says more");
        self.sync();
        assert_eq!(readable(&self.local()), readable(&self.remote()));
    }

    pub fn commands(&self) -> Vec<String> {
        std::mem::take(&mut self.world.lock().unwrap().commands)
    }
}

/// For assertions that a person can read.
pub fn readable(all: &BTreeMap<String, Vec<Seen>>) -> BTreeMap<String, Vec<String>> {
    let line = |(raw, flags, words): &Seen| {
        let text = String::from_utf8_lossy(raw);
        let subject = text.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or("?");
        format!("{subject} {flags} {words}")
    };
    all.iter().map(|(name, letters)| (name.clone(), letters.iter().map(line).collect())).collect()
}
