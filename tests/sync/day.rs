//! A day in the life of a mailbox: letters come, another client changes them, so does the
//! user, all at once. The same over every way to a server, and with every kind of server.

use crate::common::desk::{ACCOUNT, Desk};
use crate::common::dovecot::{Dovecot, USER};
use crate::common::letters::{letter, letters};
use goyo::model::{Act, FlagChange, Flags, FolderId, LetterId};
use std::io::copy;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

/// What the user does.
pub trait Hand {
    fn act(&self, act: &Act);
    fn folder(&self, path: &str) -> FolderId;
    /// Some letters under their UIDs.
    fn some(&self, path: &str, uids: impl IntoIterator<Item = u32>) -> Vec<LetterId>;
}

impl Hand for Desk {
    fn act(&self, act: &Act) {
        self.store().act(act).unwrap().expect("something to do");
    }

    fn folder(&self, path: &str) -> FolderId {
        self.store().folder(&format!("{ACCOUNT}/{path}")).unwrap().id
    }

    fn some(&self, path: &str, uids: impl IntoIterator<Item = u32>) -> Vec<LetterId> {
        let known = self.letters(path);
        uids.into_iter().map(|uid| known[&uid]).collect()
    }
}

/// Sets one flag.
pub fn set(flag: Flags) -> FlagChange {
    FlagChange::flags(flag, Flags::NONE)
}

/// Nothing is on its way, both sides have the same, and once more changes nothing.
pub fn settles(desk: &Desk, server: &Dovecot) {
    desk.sync();
    let store = desk.store();
    let account = store.account(ACCOUNT).unwrap().id;
    assert_eq!(store.pending_count(account).unwrap(), 0, "still to be told");
    desk.is_true_to(server);
    let truth = server.truth(USER);
    for mailbox in store.mailboxes(account).unwrap() {
        assert_eq!(mailbox.subscribed, truth[&mailbox.path].subscribed, "{}", mailbox.path);
    }
    assert_eq!(desk.sync().counts(), (0, 0, 0));
    desk.is_true_to(server);
}

/// Goes through a day.
pub fn a_day(desk: &Desk, server: &Dovecot) {
    let mut other = server.client(USER);
    other.append("INBOX", &[], letters(0..60));
    other.append("INBOX", &["\\Seen", "$label1", "Zeta"], letters(60..70));
    other.append("Archive", &["\\Answered", "$Forwarded"], letters(70..75));
    other.create("일/회의 & 자료");
    other.append("일/회의 & 자료", &[], [letter(75), letter(3)]);
    settles(desk, server);

    other.append("INBOX", &["\\Flagged"], letters(80..85));
    other.flag("INBOX", "3:7", &["\\Flagged", "$todo"]);
    other.unflag("INBOX", "61:64", &["\\Seen", "Zeta"]);
    other.delete("INBOX", "10:14,70");
    other.move_to("INBOX", "20:22", "Archive");
    other.copy("INBOX", "23", "Drafts");
    other.create("New");
    settles(desk, server);

    // Both at once, and at the same letters.
    desk.act(&Act::Flag(desk.some("INBOX", [3, 4, 30, 31]), set(Flags::SEEN)));
    desk.act(&Act::Move(desk.some("INBOX", [32, 33, 34]), desk.folder("일/회의 & 자료")));
    desk.act(&Act::Copy(desk.some("INBOX", [35, 36]), desk.folder("Archive")));
    desk.act(&Act::Delete(desk.some("INBOX", [37, 38])));
    desk.act(&Act::DeleteForGood(desk.some("INBOX", [39])));
    desk.act(&Act::Junk(desk.some("INBOX", [40])));
    desk.act(&Act::Move(desk.some("Archive", [1]), desk.folder("INBOX")));
    other.flag("INBOX", "30:33", &["\\Answered"]);
    other.delete("INBOX", "38,41");
    other.append("INBOX", &[], letters(90..93));
    settles(desk, server);
}

/// Has the server's administrator do something.
pub fn doveadm(server: &Dovecot, args: &[&str]) {
    let settings = server.authority().with_file_name("dovecot.conf");
    let output =
        std::process::Command::new("doveadm").arg("-c").arg(settings).args(args).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "doveadm {args:?}: {error}");
}

/// A port behind which there is now one server, now another.
pub fn relay(first: u16) -> (u16, Arc<AtomicU16>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let target = Arc::new(AtomicU16::new(first));
    let to = Arc::clone(&target);
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let client = client.unwrap();
            let server = TcpStream::connect(("127.0.0.1", to.load(Ordering::Relaxed))).unwrap();
            for (mut from, mut to) in [
                (client.try_clone().unwrap(), server.try_clone().unwrap()),
                (server.try_clone().unwrap(), client.try_clone().unwrap()),
            ] {
                std::thread::spawn(move || {
                    let _ = copy(&mut from, &mut to);
                    let _ = to.shutdown(Shutdown::Write);
                });
            }
        }
    });
    (port, target)
}
