//! The orders of a list, read from a store.

use goyo::gui::orders::Orders;
use goyo::gui::screen::mail::Place;
use goyo::mime;
use goyo::model::{Act, FlagChange, Flags, LetterId};
use goyo::store::{Among, Circumstances, Incoming, Packer, Sort, Store, prepare};

fn add(store: &Store, day: u32, flags: Flags) -> LetterId {
    let folder = store.ensure_folder("local/inbox").unwrap();
    let raw = format!(
        "From: a@a.example\r\nSubject: {day}\r\nDate: {day} Nov 2026 10:00:00 +0000\r\n\r\nx"
    );
    let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
    let prepared = Box::new(prepare(mime::parse(raw.as_bytes()), &with, &mut Packer::new(None)));
    store.add(&[(folder, Incoming::New(prepared), flags)]).unwrap();
    store.order(Among::Folders(&[folder]), Sort::Newest).unwrap()[0]
}

#[test]
fn a_letter_that_is_read_stays_where_it_is_until_the_list_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let flags = [Flags::SEEN, Flags::NONE, Flags::SEEN, Flags::NONE];
    let ids: Vec<_> = (1..).zip(flags).map(|(day, flags)| add(&store, day, flags)).collect();
    let list = (Place::Folder(store.folders().unwrap()[0].id), Sort::Unread);
    let orders = Orders::default();
    let seen = |generation, begun| {
        let (rows, total) = orders.page(&store, (generation, begun), list, 0).unwrap();
        assert_eq!(rows.len(), total);
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(seen(5, 5), [ids[3], ids[1], ids[2], ids[0]]);
    let read = FlagChange::flags(Flags::SEEN, Flags::NONE);
    store.act(&Act::Flag(vec![ids[3]], read)).unwrap();
    assert_eq!(seen(6, 5), [ids[3], ids[1], ids[2], ids[0]]);
    // What comes stands where it belongs, what goes is gone.
    let new = add(&store, 9, Flags::NONE);
    store.act(&Act::Delete(vec![ids[2]])).unwrap();
    let now = seen(7, 5);
    assert_eq!(now.len(), 4);
    assert!(now.iter().position(|id| *id == new) < now.iter().position(|id| *id == ids[1]));
    assert!(!now.contains(&ids[2]));
    // Gone to again, it is in its place.
    assert_eq!(seen(8, 8), [new, ids[1], ids[3], ids[0]]);
    // A range of it, by its ends wherever they are by now.
    let ends = ((0, Some(ids[1])), (9, Some(ids[0])));
    let span = orders.span(&store, list, ends).unwrap();
    assert_eq!(*span.letters, [ids[0], ids[1], ids[3]]);
}
