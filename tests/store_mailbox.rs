//! Folders of servers in the store: letters by UID, headers that become letters, flags,
//! what is gone, cursors, and what the user did meanwhile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use goyo::mime;
use goyo::model::{
    AccountId, AccountKind, Act, Flags, FolderId, FolderPolicy, LetterId, Role, Settings,
};
use goyo::store::{
    Arrival, Changes, Circumstances, Content, Cursor, FlagsOf, Incoming, Mailbox, Packer, Remote,
    Store, header_sha, prepare, prepare_header, search,
};
use rusqlite::Connection;
use tempfile::TempDir;

const WITH: Circumstances =
    Circumstances { now: 1_800_000_000, delivered: None, trackers: 0, sha: None };

struct Home {
    store: Store,
    account: AccountId,
    folder: FolderId,
    dir: TempDir,
}

fn remote(name: &str, role: Option<Role>) -> Remote {
    Remote { remote: name.into(), path: name.into(), role, selectable: true, subscribed: true }
}

impl Home {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let account =
            store.add_account("work", AccountKind::Imap, "a@b.example", &Settings::default());
        let account = account.unwrap();
        let met = store.meet_mailboxes(account, &[remote("INBOX", Some(Role::Inbox))]).unwrap();
        let folder = met[0].id;
        let home = Self { store, account, folder, dir };
        home.apply(Changes { cursor: Some(seven()), ..Changes::default() });
        home
    }

    fn apply(&self, changes: Changes) -> goyo::store::Applied {
        self.store.apply(self.folder, &changes).unwrap()
    }

    fn arrive(&self, arrived: Vec<Arrival>) -> Vec<LetterId> {
        let applied = self.apply(Changes { arrived, ..Changes::default() });
        applied.new.into_iter().map(|(_, id)| id).collect()
    }

    /// UID, flags, keywords and wholeness of all letters.
    fn known(&self) -> Vec<(u32, Flags, Option<String>, bool)> {
        let known = self.store.known(self.folder).unwrap();
        known.into_iter().map(|k| (k.uid, k.flags, k.keywords, k.whole)).collect()
    }

    fn mailbox(&self) -> Mailbox {
        self.store.mailbox(self.folder).unwrap().unwrap()
    }

    fn found(&self, query: &str) -> usize {
        let node = search::parse(query).unwrap();
        let search = search::Search { node, order: search::Order::Newest, limit: 100 };
        self.store.search(&search).unwrap().len()
    }

    fn sql(&self, sql: &str) {
        Connection::open(self.store.path()).unwrap().execute_batch(sql).unwrap();
    }

    fn check(&self) {
        let found = self.store.check(false, |_, _| {}).unwrap();
        assert_eq!(found.wrong, 0, "{:?}", found.findings);
    }
}

/// UIDVALIDITY 7, and nothing else known.
fn seven() -> Cursor {
    Cursor { uidvalidity: Some(7), ..Cursor::default() }
}

fn flags(flags: Flags) -> FlagsOf {
    FlagsOf::new(flags, &[])
}

fn letter(id: &str, word: &str) -> Vec<u8> {
    format!(
        "From: kim@x.example\r\nMessage-ID: <{id}@x>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n\
         Subject: about {id}\r\n\r\n{word}\r\n"
    )
    .into_bytes()
}

fn header(letter: &[u8]) -> &[u8] {
    let end = letter.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    &letter[..end]
}

fn whole(uid: u32, raw: &[u8]) -> Arrival {
    let prepared = prepare(mime::parse(raw), &WITH, &mut Packer::new(None));
    let content = Content::Mail(Incoming::New(Box::new(prepared)));
    Arrival { uid, flags: Some(flags(Flags::NONE)), content, twin: None }
}

fn partial(uid: u32, raw: &[u8]) -> Arrival {
    let prepared = prepare_header(header(raw), raw.len() as u64, &WITH, &mut Packer::new(None));
    let content = Content::Mail(Incoming::New(Box::new(prepared)));
    Arrival { uid, flags: Some(flags(Flags::NONE)), content, twin: None }
}

#[test]
fn the_same_bytes_twice_in_a_folder_are_two_letters() {
    let home = Home::new();
    let raw = letter("one", "apple");
    let new = home.arrive(vec![whole(1, &raw), whole(2, &raw)]);
    assert_eq!(new.len(), 2);
    assert_ne!(new[0], new[1]);
    assert_eq!((home.mailbox().total, home.found("apple")), (2, 2));
    // One goes, the other stays.
    let applied = home.apply(Changes { vanished: vec![(1, 1)], ..Changes::default() });
    assert_eq!(applied.expunged, 1);
    assert_eq!(home.store.raw(new[1]).unwrap(), raw);
    assert_eq!(home.found("apple"), 1);
    home.check();
}

#[test]
fn a_header_becomes_the_letter_and_stays_the_same_letter() {
    let home = Home::new();
    let raw = letter("one", "apple");
    let id = home.arrive(vec![partial(4, &raw)])[0];
    assert!(!home.store.is_whole(id).unwrap());
    assert_eq!(home.store.raw(id).unwrap(), header(&raw));
    let row = home.store.letter(id).unwrap();
    assert_eq!((row.subject.as_str(), row.size), ("about one", raw.len() as u64));
    assert_eq!((home.found("subject:one"), home.found("apple")), (1, 0));
    assert_eq!(home.known(), [(4, Flags::NONE, None, false)]);
    home.check();

    let applied = home.apply(Changes { arrived: vec![whole(4, &raw)], ..Changes::default() });
    assert_eq!((applied.new.len(), applied.completed), (0, 1));
    assert!(home.store.is_whole(id).unwrap());
    assert_eq!(home.store.raw(id).unwrap(), raw);
    assert_eq!((home.found("apple"), home.mailbox().total), (1, 1));
    assert_eq!(home.store.thread_sizes(&[home.store.letter(id).unwrap().thread]).unwrap(), [1]);
    home.check();

    // The header once more, late: nothing is lost by it.
    let again = home.apply(Changes { arrived: vec![partial(4, &raw)], ..Changes::default() });
    assert_eq!((again.new.len(), again.completed), (0, 0));
    assert_eq!(home.store.raw(id).unwrap(), raw);
    home.check();
}

#[test]
fn a_letter_that_is_all_header_is_not_taken_for_the_header_of_another() {
    let home = Home::new();
    let long = letter("one", "apple");
    let bare = header(&long).to_vec();
    let ids = home.arrive(vec![whole(1, &bare), partial(2, &long)]);
    assert!(home.store.is_whole(ids[0]).unwrap());
    assert!(!home.store.is_whole(ids[1]).unwrap());
    home.apply(Changes { arrived: vec![whole(2, &long)], ..Changes::default() });
    assert_eq!(home.store.raw(ids[0]).unwrap(), bare);
    assert_eq!(home.store.raw(ids[1]).unwrap(), long);
    home.check();
}

#[test]
fn a_mail_that_is_here_needs_not_come_again() {
    let home = Home::new();
    let raw = letter("one", "apple");
    let met =
        home.store.meet_mailboxes(home.account, &[remote("Archive", Some(Role::Archive))]).unwrap();
    let archive = met.iter().find(|m| m.remote == "Archive").unwrap().id;
    home.arrive(vec![whole(1, &raw)]);
    let known = |uid| Arrival {
        uid,
        flags: Some(flags(Flags::SEEN)),
        content: Content::Mail(Incoming::Known(goyo::store::sha256(&raw))),
        twin: None,
    };
    let changes = Changes { arrived: vec![known(9)], cursor: Some(seven()), ..Changes::default() };
    let applied = home.store.apply(archive, &changes).unwrap();
    assert_eq!(applied.new.len(), 1);
    assert_eq!(home.store.raw(applied.new[0].1).unwrap(), raw);
    // Gone meanwhile: the UID is told, so that it is fetched.
    home.apply(Changes { vanished: vec![(1, 1)], ..Changes::default() });
    home.store.apply(archive, &Changes { vanished: vec![(9, 9)], ..Changes::default() }).unwrap();
    let applied = home.apply(Changes { arrived: vec![known(10)], ..Changes::default() });
    assert_eq!((applied.new.len(), applied.missing), (0, vec![10]));
    home.check();
}

#[test]
fn flags_keywords_and_counts_follow_the_server() {
    let home = Home::new();
    home.arrive(vec![whole(1, &letter("one", "a")), whole(2, &letter("two", "b"))]);
    let words = ["$label1".to_owned(), "zeta".to_owned()];
    let changes = vec![
        (1, FlagsOf::new(Flags::SEEN.with(Flags::FLAGGED), &words)),
        (2, flags(Flags::NONE)),
        (77, flags(Flags::SEEN)),
    ];
    let applied = home.apply(Changes { flags: changes, ..Changes::default() });
    assert_eq!(applied.flags_changed, 1);
    assert_eq!(home.known()[0].1, Flags::SEEN.with(Flags::FLAGGED));
    assert_eq!(home.known()[0].2.as_deref(), Some("$label1 zeta"));
    assert_eq!(home.store.folder("work/INBOX").unwrap().unread, 1);
    home.check();
}

#[test]
fn what_the_user_did_is_not_undone_by_what_the_server_says() {
    let home = Home::new();
    let id = home.arrive(vec![whole(1, &letter("one", "a"))])[0];
    // A star set and the seen mark cleared here, and letter 5 deleted here.
    home.sql(&format!(
        "INSERT INTO gesture (id, kind) VALUES (1, 'flag'), (2, 'delete');
         INSERT INTO intent (gesture, account_id, kind, place_id, folder_id, uidvalidity, uid,
         added, removed, state) VALUES (1, {a}, 'flag', {id}, {f}, 7, 1, 4, 1, 'waiting');
         INSERT INTO intent (gesture, account_id, kind, folder_id, uidvalidity, uid, state) VALUES
         (2, {a}, 'delete', {f}, 7, 5, 'waiting')",
        a = home.account,
        f = home.folder
    ));
    let said = flags(Flags::SEEN.with(Flags::ANSWERED));
    home.apply(Changes { flags: vec![(1, said.clone())], ..Changes::default() });
    assert_eq!(home.known()[0].1, Flags::FLAGGED.with(Flags::ANSWERED));
    home.arrive(vec![whole(5, &letter("five", "pear"))]);
    assert_eq!((home.known().len(), home.found("pear")), (1, 0));
    home.check();
    // Confirmed: from now on the server's word counts.
    home.sql("DELETE FROM intent");
    home.apply(Changes { flags: vec![(1, said)], ..Changes::default() });
    assert_eq!(home.known()[0].1, Flags::SEEN.with(Flags::ANSWERED));
    home.arrive(vec![whole(5, &letter("five", "pear"))]);
    assert_eq!((home.known().len(), home.found("pear")), (2, 1));
    home.check();
}

#[test]
fn cursor_and_rows_are_written_together_or_not_at_all() {
    let home = Home::new();
    let cursor = Cursor {
        uidvalidity: Some(7),
        uidnext: Some(3),
        highestmodseq: Some(u64::from(u32::MAX) + 5),
        lowest_uid: Some(1),
        messages: Some(1),
        unseen: Some(1),
    };
    home.apply(Changes {
        arrived: vec![whole(2, &letter("one", "a"))],
        cursor: Some(cursor),
        ..Changes::default()
    });
    assert_eq!(home.mailbox().cursor, cursor);
    assert!(cursor.is_whole());
    // A write that fails half-way: a UID that the table refuses to have twice.
    home.sql("CREATE TRIGGER full BEFORE UPDATE OF uidnext ON folder BEGIN SELECT raise(ABORT, 'full'); END");
    let changes = Changes {
        arrived: vec![whole(3, &letter("two", "b"))],
        flags: vec![(2, flags(Flags::SEEN))],
        vanished: vec![(1, 1)],
        cursor: Some(Cursor { uidnext: Some(4), ..cursor }),
    };
    home.store.apply(home.folder, &changes).unwrap_err();
    home.sql("DROP TRIGGER full");
    assert_eq!(home.known(), [(2, Flags::NONE, None, true)]);
    assert_eq!(home.mailbox().cursor, cursor);
    home.check();
}

#[test]
fn letters_keep_themselves_when_the_server_counts_anew() {
    let home = Home::new();
    let (one, two, lost) = (letter("one", "a"), letter("two", "b"), letter("lost", "c"));
    let ids = home.arrive(vec![whole(1, &one), whole(2, &two), whole(3, &lost), partial(4, &two)]);
    home.store.forget_uids(home.folder).unwrap();
    assert_eq!((home.known(), home.mailbox().cursor), (vec![], Cursor::default()));
    assert_eq!(home.mailbox().total, 4);
    home.check();

    // The new UIDs come with their headers: what is here is not fetched again.
    let orphans = home.store.orphans(home.folder).unwrap();
    let find = |raw: &[u8]| {
        let sha = header_sha(header(raw), raw.len() as u64);
        orphans.iter().filter(|o| o.sha == sha).map(|o| o.id).collect::<Vec<_>>()
    };
    assert_eq!(find(&one), [ids[0]]);
    assert_eq!(find(&two), [ids[1], ids[3]]);
    let home_again = |uid, id| Arrival {
        uid,
        flags: Some(flags(Flags::SEEN)),
        content: Content::Orphan(id),
        twin: None,
    };
    let cursor = Cursor { uidvalidity: Some(8), ..Cursor::default() };
    let applied = home.apply(Changes {
        arrived: vec![home_again(101, ids[0]), home_again(102, ids[1])],
        cursor: Some(cursor),
        ..Changes::default()
    });
    assert!(applied.new.is_empty());
    assert_eq!(home.store.drop_orphans(home.folder, &[ids[2], ids[3], ids[0]]).unwrap(), 2);
    let known = home.store.known(home.folder).unwrap();
    let known: Vec<_> = known.iter().map(|k| (k.uid, k.id, k.flags)).collect();
    assert_eq!(known, [(101, ids[0], Flags::SEEN), (102, ids[1], Flags::SEEN)]);
    home.check();
}

#[test]
fn one_put_here_by_the_user_gets_the_uid_it_comes_with() {
    let home = Home::new();
    let raw = letter("sent", "a");
    let id = home.arrive(vec![whole(1, &raw)])[0];
    home.sql(&format!("UPDATE place SET uid = NULL WHERE id = {id}"));
    assert!(home.arrive(vec![whole(6, &raw)]).is_empty());
    assert_eq!(home.store.known(home.folder).unwrap()[0].id, id);
    assert_eq!(home.mailbox().total, 1);
    home.check();
}

#[test]
fn of_a_conversation_what_was_sent_stays_when_it_is_put_away() {
    let home = Home::new();
    let folders = [
        remote("INBOX", Some(Role::Inbox)),
        remote("Sent", Some(Role::Sent)),
        remote("Archive", Some(Role::Archive)),
    ];
    let met = home.store.meet_mailboxes(home.account, &folders).unwrap();
    let of = |name: &str| met.iter().find(|folder| folder.remote == name).unwrap().id;
    let sent = Changes { cursor: Some(seven()), ..Changes::default() };
    home.store.apply(of("Sent"), &sent).unwrap();
    let came = home.arrive(vec![whole(1, &letter("a", "asked")), whole(2, &letter("b", "thanks"))]);
    let arrived = vec![whole(1, &letter("c", "answer")), whole(2, &letter("d", "more"))];
    let sent =
        home.store.apply(of("Sent"), &Changes { arrived, ..Changes::default() }).unwrap().new;
    let sent: Vec<_> = sent.into_iter().map(|(_, id)| id).collect();
    let lies = |id| home.store.letter(id).unwrap().folder;
    home.store.act(&Act::Archive(vec![came[0], sent[0], came[1]])).unwrap();
    assert_eq!([came[0], sent[0], came[1]].map(lies), ["Archive", "Sent", "Archive"]);
    // Where nothing else is meant, it is meant.
    home.store.act(&Act::Archive(vec![sent[1]])).unwrap();
    assert_eq!([sent[0], sent[1]].map(lies), ["Sent", "Archive"]);
}

#[test]
fn folders_are_met_renamed_and_removed() {
    let home = Home::new();
    let raw = letter("one", "apple");
    home.arrive(vec![whole(1, &raw)]);
    let met = [
        remote("INBOX", Some(Role::Inbox)),
        Remote { path: "가/나".into(), ..remote("&rAA-/&sJg-", None) },
        Remote { path: "가/나".into(), subscribed: false, ..remote("&rAA-.&sJg-", None) },
    ];
    let known = home.store.meet_mailboxes(home.account, &met).unwrap();
    let paths: Vec<&str> = known.iter().map(|m| m.path.as_str()).collect();
    assert_eq!(paths, ["INBOX", "가/나", "가/나 (2)"]);
    // Again: nothing new, nothing lost.
    assert_eq!(home.store.meet_mailboxes(home.account, &met).unwrap(), known);
    assert_eq!(home.mailbox().cursor, seven());

    home.store.set_policy(home.folder, Some(FolderPolicy::Days(30))).unwrap();
    home.store.rename_mailbox(home.folder, "Letters", "Letters").unwrap();
    let renamed = home.mailbox();
    assert_eq!((renamed.remote.as_str(), renamed.path.as_str()), ("Letters", "Letters"));
    assert_eq!((renamed.policy, renamed.total), (Some(FolderPolicy::Days(30)), 1));

    home.store.remove_mailbox(home.folder).unwrap();
    assert_eq!(home.store.mailbox(home.folder).unwrap(), None);
    assert_eq!(home.found("apple"), 0);
    home.check();
}

#[test]
fn a_check_sees_uids_that_mean_nothing_and_mends_them() {
    let home = Home::new();
    home.arrive(vec![whole(1, &letter("one", "a"))]);
    home.sql("UPDATE folder SET uidvalidity = NULL, uidnext = 9 WHERE remote = 'INBOX'");
    let found = home.store.check(false, |_, _| {}).unwrap();
    let kinds: Vec<&str> = found.findings.iter().map(|f| f.kind).collect();
    assert_eq!(kinds, ["mailbox", "mailbox"]);
    assert!(home.store.check(true, |_, _| {}).unwrap().is_sound());
    home.check();
    assert_eq!((home.known().len(), home.mailbox().total), (0, 1));
    drop(home.dir);
}
