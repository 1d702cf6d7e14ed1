//! What the user does reaches a real server once: offline, undone, beside a second
//! program, whatever moment Goyo is killed at. The truth is read by a client that shares
//! nothing with Goyo.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod conflicts;
mod folders;
mod killed;
mod replayed;

use common::desk::{ACCOUNT, Desk};
use common::dovecot::{Dovecot, Setup, TrueLetter, Truth, USER};
use common::letters::letters;
use goyo::model::{Act, FolderId, LetterId};
use goyo::store::sha256;
use std::collections::BTreeMap;

/// Servers that can do everything, and such that lack something.
const LACKING: [&[&str]; 4] =
    [&[], &["MOVE"], &["MOVE", "UIDPLUS"], &["CONDSTORE", "QRESYNC", "UIDPLUS"]];

/// A server of this kind with so many letters in its inbox, and a profile in step with it.
fn stage(without: &[&str], many: u64) -> (Dovecot, Desk) {
    let server = Setup::new().without(without).start();
    server.deliver(USER, letters(0..many));
    let desk = Desk::at(&server);
    desk.sync();
    (server, desk)
}

fn hex(raw: &[u8]) -> String {
    sha256(raw).iter().map(|byte| format!("{byte:02x}")).collect()
}

trait Doing {
    fn act(&self, act: &Act);
    fn folder(&self, path: &str) -> FolderId;
    /// The letter under this UID.
    fn at(&self, path: &str, uid: u32) -> LetterId;
    /// All is settled: here as there, and again changes nothing on either side.
    fn settled(&self, server: &Dovecot);
}

impl Doing for Desk {
    fn act(&self, act: &Act) {
        self.store().act(act).unwrap().expect("something to do");
    }

    fn folder(&self, path: &str) -> FolderId {
        self.store().folder(&format!("{ACCOUNT}/{path}")).unwrap().id
    }

    fn at(&self, path: &str, uid: u32) -> LetterId {
        self.letters(path)[&uid]
    }

    fn settled(&self, server: &Dovecot) {
        let account = self.store().account(ACCOUNT).unwrap().id;
        assert_eq!(self.store().pending_count(account).unwrap(), 0);
        // What came of it is learnt with the next look at the latest.
        self.sync();
        self.is_true_to(server);
        let truth = lasting(server.truth(USER));
        assert_eq!(self.sync().counts(), (0, 0, 0));
        assert_eq!(lasting(server.truth(USER)), truth, "a second sync changed something");
        self.is_true_to(server);
    }
}

/// Without what a server says of the moment only.
fn lasting(mut truth: Truth) -> Truth {
    for folder in truth.values_mut() {
        folder.attributes.retain(|word| word != "\\Marked" && word != "\\UnMarked");
    }
    truth
}

/// Which letters lie where: numbers of `common::letters`, sorted.
fn numbers(truth: &Truth, many: u64) -> BTreeMap<String, Vec<u64>> {
    let known: BTreeMap<String, u64> =
        (0..many).map(|number| (hex(&common::letters::letter(number)), number)).collect();
    truth
        .iter()
        .map(|(name, folder)| {
            let mut numbers: Vec<u64> =
                folder.letters.values().map(|letter| known[&letter.sha256]).collect();
            numbers.sort_unstable();
            (name.clone(), numbers)
        })
        .collect()
}

/// A letter on the server by its number.
fn there(truth: &Truth, folder: &str, number: u64) -> TrueLetter {
    let sha = hex(&common::letters::letter(number));
    truth[folder].letters.values().find(|letter| letter.sha256 == sha).unwrap().clone()
}
