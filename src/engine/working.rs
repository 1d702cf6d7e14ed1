//! Bytes of a letter → what is written of it: the part that archives and servers share.
//! Runs on threads of its own; a letter that finds a way to make it panic takes nobody
//! with it.

use crate::store::{Circumstances, Incoming, Packer, Store, prepare, prepare_header, sha256};
use crate::{html, mime, privacy};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How nice those threads are that come after others.
#[cfg(target_os = "linux")]
const BEHIND: i32 = 10;

/// From now on this thread comes after others.
pub(super) fn stand_back() {
    // Elsewhere this would be about the whole program.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), BEHIND);
}

/// What is known of a letter beside its bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    /// The moment of keeping it, in seconds since 1970.
    pub now: i64,
    /// When it was delivered, if somebody wrote that down.
    pub delivered: Option<i64>,
    /// Bytes of the whole letter, where these are its header only.
    pub header_of: Option<u64>,
}

/// What is to be written of a letter; nothing when it could not be worked out.
/// `known_in`: where to look whether it is there already.
pub(super) fn work_out(
    raw: &[u8],
    around: &Around,
    known_in: Option<&Store>,
    packer: &mut Packer,
) -> Option<Incoming> {
    let one = || match around.header_of {
        Some(size) => {
            let with = Circumstances {
                now: around.now,
                delivered: around.delivered,
                ..Circumstances::default()
            };
            Incoming::New(Box::new(prepare_header(raw, size, &with, packer)))
        }
        None => whole(raw, around, known_in, packer),
    };
    // Nothing here is known to panic; if a letter finds a way, it must not take the others
    // with it.
    catch_unwind(AssertUnwindSafe(one)).ok()
}

fn whole(raw: &[u8], around: &Around, known_in: Option<&Store>, packer: &mut Packer) -> Incoming {
    let sha = sha256(raw);
    // An error here shows again, and is told, when the letter is written.
    if known_in.is_some_and(|store| store.knows(&sha).unwrap_or(false)) {
        return Incoming::Known(sha);
    }
    let letter = mime::parse(raw);
    let references = html::references_of(&letter);
    let ledger = privacy::ledger(&letter, references, &privacy::Policy::default());
    let with = Circumstances {
        now: around.now,
        delivered: around.delivered,
        trackers: ledger.trackers(),
        sha: Some(sha),
    };
    Incoming::New(Box::new(prepare(letter, &with, packer)))
}
