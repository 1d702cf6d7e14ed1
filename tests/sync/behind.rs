//! Answers that were true when the server gave them and are not any more: another connection
//! of ours has brought a letter there meanwhile. It has no UID that such an answer could
//! prove gone.

use crate::common::desk::{ACCOUNT, Desk};
use crate::common::letters::{letter, letters};
use crate::common::odd_imap::{Odd, OddServer};
use crate::day::Hand as _;
use goyo::model::{Act, LetterId};
use goyo::store::intents::Sending;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Moves a letter of the inbox into "Kept" while that is being opened, as the connection
/// does that the user's deeds have: the server does it, its answer is read and kept. What
/// lies in "Kept" after the folder was brought in step by the answer from before.
fn moved_meanwhile(odd: Odd, before: u64, after: u64) -> (LetterId, BTreeMap<u32, LetterId>) {
    let server = Arc::new(OddServer::start(odd, [letter(0)]));
    {
        let mut world = server.world();
        world.create("Kept", "");
        for bytes in letters(1..1 + before) {
            world.deliver("Kept", &[], bytes);
        }
    }
    let desk = Arc::new(Desk::new());
    desk.account_at(&server.address(), ACCOUNT, "kim", "secret");
    desk.sync();
    let moved = desk.letters("INBOX")[&1];
    let (there, here) = (Arc::clone(&server), Arc::clone(&desk));
    let uid = u32::try_from(before + 1).unwrap();
    let moves = move || {
        let store = here.store();
        let account = store.account(ACCOUNT).unwrap().id;
        store.act(&Act::Move(vec![moved], here.folder("Kept"))).unwrap();
        let wave = store.wave(account, 0).unwrap();
        let ids: Vec<_> = wave.iter().map(|task| task.intent.id).collect();
        let sending = Sending { after: Some((77, uid)) };
        assert_eq!(store.sending(&ids, &sending).unwrap().len(), 1);
        let mut world = there.world();
        world.remove("INBOX", 1);
        assert_eq!(world.deliver("Kept", &[], letter(0)), uid);
        store.confirm(&[(ids[0], Some((77, uid)))]).unwrap();
    };
    {
        // So that the folder is opened at all.
        let mut world = server.world();
        for gone in after..before {
            world.remove("Kept", u32::try_from(gone).unwrap() + 1);
        }
        world.odd.meanwhile = Some(("Kept", Box::new(moves)));
    }
    desk.sync();
    assert!(server.world().odd.meanwhile.is_none(), "the folder was opened");
    let kept = desk.letters("Kept");
    desk.sync();
    desk.is_true(ACCOUNT, &server.truth());
    desk.home.check();
    (moved, kept)
}

#[test]
fn that_a_folder_is_empty_says_nothing_of_a_letter_that_came_since() {
    for no_uidnext in [false, true] {
        let odd = Odd { no_uidnext, ..Odd::default() };
        let (moved, kept) = moved_meanwhile(odd, 2, 0);
        assert_eq!(kept, BTreeMap::from([(3, moved)]), "without UIDNEXT: {no_uidnext}");
    }
}

#[test]
fn a_list_from_before_says_nothing_of_a_letter_that_came_since() {
    for no_uidnext in [false, true] {
        let odd = Odd { no_uidnext, ..Odd::default() };
        let (moved, kept) = moved_meanwhile(odd, 3, 2);
        assert_eq!(kept.get(&4), Some(&moved), "without UIDNEXT: {no_uidnext}");
        assert_eq!(kept.len(), 3);
    }
}
