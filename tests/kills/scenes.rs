//! What Goyo is killed at: everything a server may have changed, and everything a user may
//! do.

use super::ground::{Ground, Play, Scene};
use crate::common::desk::ACCOUNT;
use crate::common::letters::{letter, letters};
use goyo::model::{Act, FlagChange, Flags, FolderPolicy};
use goyo::store::{Circumstances, Incoming, Packer, prepare};
use serde_json::json;

/// Its name, what is done before, and the verb that is killed.
pub struct Plan {
    pub name: &'static str,
    pub prepare: fn(&mut Play<'_>),
    pub verb: fn(&Play<'_>) -> Vec<String>,
    /// What happens later, after the first sync that was not killed.
    pub then: Option<fn(&mut Play<'_>)>,
}

impl Plan {
    pub fn scene(&self, ground: &mut Ground) -> (Scene, Vec<String>) {
        let mut play = ground.play();
        (self.prepare)(&mut play);
        let verb = (self.verb)(&play);
        (play.into_scene(), verb)
    }
}

fn sync(_: &Play<'_>) -> Vec<String> {
    vec!["sync".into()]
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

const fn told(name: &'static str, prepare: fn(&mut Play<'_>)) -> Plan {
    Plan { name, prepare, verb: sync, then: None }
}

/// A sync is killed.
pub const SYNCED: &[Plan] = &[
    told("first", mailbox),
    told("changes", changes),
    told("renumbered", renumbered),
    told("large", large),
    told("headers", headers),
    told("flag", |play| {
        stood(play);
        let ids = play.ids("INBOX");
        let change = FlagChange {
            add_words: vec!["later".into()],
            ..FlagChange::flags(Flags::SEEN, Flags::FLAGGED)
        };
        act(play, &Act::Flag(ids[1..4].to_vec(), change));
    }),
    told("move", |play| {
        stood(play);
        let (ids, to) = (play.ids("INBOX"), play.folder("Work"));
        act(play, &Act::Move(ids[1..4].to_vec(), to));
    }),
    told("copy", |play| {
        stood(play);
        let (ids, to) = (play.ids("INBOX"), play.folder("Work"));
        act(play, &Act::Copy(ids[1..4].to_vec(), to));
    }),
    told("delete", |play| {
        stood(play);
        let ids = play.ids("INBOX");
        act(play, &Act::Delete(ids[2..4].to_vec()));
    }),
    told("delete for good", |play| {
        stood(play);
        let ids = play.ids("INBOX");
        act(play, &Act::DeleteForGood(ids[2..4].to_vec()));
    }),
    told("archive and junk", |play| {
        stood(play);
        let ids = play.ids("INBOX");
        act(play, &Act::Archive(ids[0..2].to_vec()));
        act(play, &Act::Junk(ids[4..6].to_vec()));
    }),
    told("flag, move, move on", |play| {
        stood(play);
        let ids = play.ids("INBOX");
        let (work, old) = (play.folder("Work"), play.folder("Old"));
        act(play, &Act::Flag(ids[0..3].to_vec(), FlagChange::flags(Flags::SEEN, Flags::NONE)));
        act(play, &Act::Move(ids[0..3].to_vec(), work));
        act(play, &Act::Flag(ids[0..2].to_vec(), FlagChange::flags(Flags::FLAGGED, Flags::NONE)));
        act(play, &Act::Move(ids[1..3].to_vec(), old));
        act(play, &Act::Copy(ids[0..1].to_vec(), old));
    }),
    told("create a folder", |play| {
        stood(play);
        let account = play.desk.store().account(ACCOUNT).unwrap().id;
        act(play, &Act::CreateFolder(account, "Fresh/편지".into()));
        let (ids, to) = (play.ids("INBOX"), play.folder("Fresh/편지"));
        act(play, &Act::Move(ids[1..3].to_vec(), to));
    }),
    told("rename a folder", |play| {
        stood(play);
        let folder = play.folder("Work");
        act(play, &Act::RenameFolder(folder, "Labour".into()));
    }),
    told("remove a folder", |play| {
        stood(play);
        let folder = play.folder("Old");
        act(play, &Act::DeleteFolder(folder));
    }),
    told("subscribe", |play| {
        stood(play);
        let folder = play.folder("Old");
        act(play, &Act::Subscribe(folder, false));
    }),
    told("empty the trash", |play| {
        stood(play);
        let account = play.desk.store().account(ACCOUNT).unwrap().id;
        act(play, &Act::EmptyTrash(account));
    }),
    told("mark all read", |play| {
        stood(play);
        let folder = play.folder("INBOX");
        act(play, &Act::MarkAllRead(folder));
    }),
    told("append", |play| {
        stood(play);
        for number in [900, 901] {
            add_draft(&play.desk.store(), number);
        }
    }),
    told("undo what was told", |play| {
        stood(play);
        let (ids, work) = (play.ids("INBOX"), play.folder("Work"));
        let store = play.desk.store();
        let moved = store.act(&Act::Move(ids[1..3].to_vec(), work)).unwrap().unwrap();
        let change = FlagChange::flags(Flags::FLAGGED, Flags::NONE);
        let flagged = store.act(&Act::Flag(ids[4..6].to_vec(), change)).unwrap().unwrap();
        let copied = store.act(&Act::Copy(ids[6..7].to_vec(), work)).unwrap().unwrap();
        drop(store);
        play.desk.sync();
        let store = play.desk.store();
        for gesture in [moved, flagged, copied] {
            store.undo(gesture.id).unwrap();
        }
    }),
    told("both at once", |play| {
        stood(play);
        let (ids, work) = (play.ids("INBOX"), play.folder("Work"));
        let change = FlagChange::flags(Flags::SEEN, Flags::NONE);
        act(play, &Act::Flag(ids[0..4].to_vec(), change));
        act(play, &Act::Move(ids[2..5].to_vec(), work));
        act(play, &Act::Delete(ids[6..7].to_vec()));
        changed(play);
    }),
    told("where letters have gone", |play| {
        stood(play);
        let (ids, work) = (play.ids("INBOX"), play.folder("Work"));
        let change = FlagChange::flags(Flags::SEEN, Flags::NONE);
        act(play, &Act::Flag(ids[0..2].to_vec(), change));
        act(play, &Act::Move(ids[2..5].to_vec(), work));
        act(play, &Act::Copy(ids[5..7].to_vec(), work));
        play.other(json!({"do": "delete_letters", "folder": "INBOX", "uids": "2,4,6"}));
    }),
    told("where folders have gone", |play| {
        stood(play);
        let (ids, old) = (play.ids("INBOX"), play.folder("Old"));
        act(play, &Act::Move(ids[2..5].to_vec(), old));
        let there = play.ids("Old");
        let change = FlagChange::flags(Flags::FLAGGED, Flags::NONE);
        act(play, &Act::Flag(there[0..1].to_vec(), change));
        play.other(json!({"do": "delete", "folder": "Old"}));
    }),
    Plan {
        name: "where another has marked letters",
        prepare: |play| {
            stood(play);
            let (ids, work) = (play.ids("INBOX"), play.folder("Work"));
            act(play, &Act::Move(ids[1..3].to_vec(), work));
            act(play, &Act::DeleteForGood(ids[4..5].to_vec()));
            let marked = json!(["\\Deleted"]);
            play.other(json!({"do": "store", "folder": "INBOX", "uids": "7", "add": marked}));
        },
        verb: sync,
        then: Some(|play| {
            let marked = json!(["\\Deleted"]);
            play.other(json!({"do": "store", "folder": "INBOX", "uids": "7", "remove": marked}));
            play.an_hour_later();
        }),
    },
    told("where letters are renumbered", |play| {
        stood(play);
        let (ids, inbox) = (play.ids("Work"), play.folder("INBOX"));
        let change = FlagChange::flags(Flags::SEEN, Flags::NONE);
        act(play, &Act::Flag(ids[0..1].to_vec(), change));
        act(play, &Act::Move(ids[1..2].to_vec(), inbox));
        anew(play);
    }),
];

/// So many letters that the store learns how to compress them.
pub const MANY: Plan = told("many", |play| {
    let user = play.user.clone();
    let short = |number| format!("Subject: {number}\r\n\r\nletter number {number}\r\n").into();
    play.ground.server.deliver(&user, (0..420).map(short));
});

/// An act is killed: what is done here at once, and its undoing.
pub const ACTED: &[Plan] = &[
    Plan {
        name: "goyo flag",
        then: None,
        prepare: stood,
        verb: |play| {
            let ids = play.ids("INBOX");
            words(&["flag", &ids[1].to_string(), "--add", "seen", "--remove", "flagged"])
        },
    },
    Plan {
        name: "goyo move",
        then: None,
        prepare: stood,
        verb: |play| {
            let ids = play.ids("INBOX");
            words(&["move", &ids[1].to_string(), &ids[2].to_string(), "--to", "work/Work"])
        },
    },
    Plan {
        name: "goyo move --copy",
        then: None,
        prepare: stood,
        verb: |play| {
            let ids = play.ids("INBOX");
            words(&["move", &ids[1].to_string(), "--copy", "--to", "work/Work"])
        },
    },
    Plan {
        name: "goyo delete",
        then: None,
        prepare: stood,
        verb: |play| words(&["delete", &play.ids("INBOX")[3].to_string()]),
    },
    Plan {
        name: "goyo delete --for-good",
        then: None,
        prepare: stood,
        verb: |play| words(&["delete", &play.ids("INBOX")[3].to_string(), "--for-good"]),
    },
    Plan {
        name: "goyo folder create",
        then: None,
        prepare: stood,
        verb: |_| words(&["folder", "create", "work/Fresh"]),
    },
    Plan {
        name: "goyo folder rename",
        then: None,
        prepare: stood,
        verb: |_| words(&["folder", "rename", "work/Work", "Labour"]),
    },
    Plan {
        name: "goyo folder delete",
        then: None,
        prepare: stood,
        verb: |_| words(&["folder", "delete", "work/Old"]),
    },
    Plan {
        name: "goyo folder read",
        then: None,
        prepare: stood,
        verb: |_| words(&["folder", "read", "work/INBOX"]),
    },
    Plan {
        name: "goyo folder empty-trash",
        then: None,
        prepare: stood,
        verb: |_| words(&["folder", "empty-trash", "work"]),
    },
    Plan { name: "keep a draft", then: None, prepare: stood, verb: |_| words(&["append"]) },
    Plan {
        name: "goyo undo",
        then: None,
        prepare: |play| {
            stood(play);
            let (ids, to) = (play.ids("INBOX"), play.folder("Work"));
            act(play, &Act::Move(ids[1..3].to_vec(), to));
            play.desk.sync();
        },
        verb: |play| {
            // The last gesture: nothing else has been done.
            let store = play.desk.store();
            let last = (1..100).rev().find(|id| is_gesture(&store, *id)).unwrap();
            words(&["undo", &last.to_string()])
        },
    },
];

/// A child of the test of this plan: what the window does when a draft is kept.
#[test]
#[ignore = "a part of another test"]
fn adds_a_draft() {
    let Some(profile) = std::env::var_os("GOYO_APPEND_IN") else { return };
    let store = goyo::store::Store::open(std::path::Path::new(&profile)).unwrap();
    add_draft(&store, 900);
}

fn add_draft(store: &goyo::store::Store, number: u64) {
    let raw = letter(number);
    let with = Circumstances { now: 1_800_000_000, delivered: None, ..Circumstances::default() };
    let prepared = prepare(goyo::mime::parse(&raw), &with, &mut Packer::new(None));
    let letter = Incoming::New(Box::new(prepared));
    let flags = Flags::SEEN.with(Flags::DRAFT);
    let drafts = store.folder(&format!("{ACCOUNT}/Drafts")).unwrap().id;
    store.append(drafts, &letter, flags, Some(1_700_000_000)).unwrap();
}

fn is_gesture(store: &goyo::store::Store, id: i64) -> bool {
    let path = store.path();
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.prepare("SELECT 1 FROM gesture WHERE id = ?").unwrap().exists([id]).unwrap()
}

fn act(play: &Play<'_>, act: &Act) {
    play.desk.store().act(act).unwrap().expect("something to do");
}

/// A few letters in a few folders.
pub fn mailbox(play: &mut Play<'_>) {
    let user = play.user.clone();
    play.ground.server.deliver(&user, letters(0..8));
    for (folder, from, to) in
        [("Work", 20, 24), ("Old", 30, 32), ("Trash", 40, 42), ("Gone", 45, 46)]
    {
        if folder != "Trash" {
            play.other(json!({"do": "create", "folder": folder}));
            play.other(json!({"do": "subscribe", "folder": folder}));
        }
        play.ground.hands.append(&user, folder, letters(from..to));
    }
    let flags = json!(["\\Flagged", "keyword"]);
    play.other(json!({"do": "store", "folder": "INBOX", "uids": "1,3", "add": flags}));
}

/// The same, in step.
pub fn stood(play: &mut Play<'_>) {
    mailbox(play);
    play.desk.sync();
}

/// In step a while ago.
fn changes(play: &mut Play<'_>) {
    stood(play);
    play.desk.sync();
    changed(play);
    play.other(json!({"do": "create", "folder": "New"}));
    let user = play.user.clone();
    play.ground.hands.append(&user, "New", letters(60..62));
    play.other(json!({"do": "rename", "folder": "Old", "to": "Older"}));
    play.other(json!({"do": "delete", "folder": "Gone"}));
}

fn changed(play: &mut Play<'_>) {
    let user = play.user.clone();
    play.ground.hands.append(&user, "INBOX", letters(50..53));
    play.other(json!({"do": "delete_letters", "folder": "INBOX", "uids": "1,6"}));
    let flags = json!(["\\Answered"]);
    play.other(json!({"do": "store", "folder": "INBOX", "uids": "2:5", "add": flags}));
    play.other(json!({"do": "move", "folder": "INBOX", "uids": "8", "to": "Archive"}));
}

/// A folder whose letters have other UIDs now, all but one of them the same letters.
fn renumbered(play: &mut Play<'_>) {
    stood(play);
    anew(play);
}

fn anew(play: &mut Play<'_>) {
    let user = play.user.clone();
    play.other(json!({"do": "delete", "folder": "Work"}));
    play.other(json!({"do": "create", "folder": "Work"}));
    play.other(json!({"do": "subscribe", "folder": "Work"}));
    play.ground.hands.append(&user, "Work", letters(70..71));
    play.ground.hands.append(&user, "Work", letters(20..23));
}

/// A letter that comes in pieces, after its header.
fn large(play: &mut Play<'_>) {
    let mut large = b"Subject: large\r\nMessage-ID: <large@test.example>\r\nMIME-Version: 1.0\r\n\
        Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        .to_vec();
    while large.len() < 2_200_000 {
        large.extend_from_slice(format!("{:0>76}\r\n", large.len()).as_bytes());
    }
    let user = play.user.clone();
    play.ground.server.deliver(&user, [letter(81), large, letter(82)]);
}

/// Headers are here; the rest is wanted as well now.
fn headers(play: &mut Play<'_>) {
    mailbox(play);
    let account = play.desk.store().account(ACCOUNT).unwrap();
    let (id, mut settings) = (account.id, account.settings);
    settings.policy = FolderPolicy::Headers;
    play.desk.store().set_account(id, &settings).unwrap();
    play.desk.sync();
    settings.policy = FolderPolicy::Everything;
    play.desk.store().set_account(id, &settings).unwrap();
}
