//! The window is closed and opened again: one is where one was.

use crate::window_stage::{LETTER, Stage, letter, row};
use goyo::engine::protocol::{Command, Event, OpenLedger, OpenLetter};
use goyo::gui::screen::mail::spot::{Kept, Spot};
use goyo::gui::screen::mail::{Message, Place, Read};
use goyo::model::{Flags, FolderId, LetterId, Reason, Verdict};
use goyo::store::Folder;
use std::sync::Arc;

/// A page of the folder 11, whose rows are these letters, from `first` on.
fn page(stage: &mut Stage, letters: &[i64], first: usize, total: usize) {
    let wanted = |read: &Read| match read {
        Read::Page(generation, Place::Folder(FolderId(11)), from) if *from == first => {
            Some(*generation)
        }
        _ => None,
    };
    let generation = stage.reads().iter().rev().find_map(wanted).expect("the page is asked for");
    let rows = letters.iter().map(|id| {
        let mut row = row(*id - 1);
        row.letter.flags = Flags::SEEN;
        row
    });
    stage.send(Message::Page(generation, first, Ok((rows.collect(), total))));
}

fn opened(stage: &Stage) -> Option<LetterId> {
    stage.asked().into_iter().rev().find_map(|command| match command {
        Command::Open(_, id, _) => Some(id),
        _ => None,
    })
}

/// In the folder, with the third letter open; `allow`: its pictures are.
fn reading(allow: Option<Reason>, flags: Flags) -> Spot {
    let mut stage = Stage::in_folder("INBOX", 4);
    stage.send(Message::RowChosen(2));
    let (doc, id, _) = stage.opened();
    let mut open = letter(id, LETTER);
    if let Some(reason) = allow {
        let mut ledger = OpenLedger::clone(&open.ledger);
        ledger.ledger.entries[0].verdict = Verdict::Allow(reason);
        open.ledger = Arc::new(ledger);
    }
    stage.happens(Event::Opened(doc, Arc::new(open)));
    stage.state.list.set_flags(id, flags, Flags::NONE);
    stage.state.spot().unwrap()
}

#[test]
fn the_letter_that_was_read_is_open_again() {
    let spot = reading(None, Flags::SEEN);
    let expected = Spot { place: Kept::Folder(11), row: 2, letter: Some(3), open: true };
    assert_eq!(spot, expected);
    let mut stage = Stage::back(spot.clone());
    // Closed again before anything has come, one comes back to the same.
    assert_eq!(stage.state.spot(), Some(spot));
    page(&mut stage, &[1, 2, 3, 4], 0, 4);
    assert_eq!(opened(&stage), Some(LetterId(3)));
    assert_eq!(stage.state.list.selected, Some((2, LetterId(3))));
    // What has come meanwhile has moved it down.
    let mut stage = Stage::back(expected);
    page(&mut stage, &[7, 6, 1, 2, 3, 4], 0, 6);
    assert_eq!(opened(&stage), Some(LetterId(3)));
    assert_eq!(stage.state.list.selected, Some((4, LetterId(3))));
}

#[test]
fn starting_the_program_fetches_nothing_and_reads_nothing() {
    for (allow, flags) in [
        (Some(Reason::Sender), Flags::SEEN),
        (Some(Reason::Domain), Flags::SEEN),
        (None, Flags::NONE),
    ] {
        let spot = reading(allow, flags);
        assert!(!spot.open, "{allow:?}");
        let mut stage = Stage::back(spot);
        page(&mut stage, &[1, 2, 3, 4], 0, 4);
        assert_eq!(opened(&stage), None);
        assert_eq!(stage.state.list.selected, Some((2, LetterId(3))));
    }
    // What was allowed this once is not allowed any more.
    assert!(reading(Some(Reason::Once), Flags::SEEN).open);
}

#[test]
fn a_letter_far_down_is_found_beyond_the_first_page_that_comes() {
    let spot = Spot { place: Kept::Folder(11), row: 301, letter: Some(1301), open: true };
    let mut stage = Stage::back(spot);
    // Two rows above it are shown as well: they are of the page before.
    page(&mut stage, &(1200..1300).collect::<Vec<_>>(), 200, 1000);
    assert_eq!(opened(&stage), None);
    page(&mut stage, &(1300..1400).collect::<Vec<_>>(), 300, 1000);
    assert_eq!(opened(&stage), Some(LetterId(1301)));
}

#[test]
fn what_has_gone_is_not_waited_for() {
    let spot = Spot { place: Kept::Folder(11), row: 2, letter: Some(3), open: true };
    let mut stage = Stage::back(spot.clone());
    page(&mut stage, &[1, 2, 4], 0, 3);
    assert_eq!(opened(&stage), None);
    assert_eq!(stage.state.spot().unwrap().letter, None);
    // A folder that has gone is left for the inbox.
    let mut stage = Stage::back(spot.clone());
    let inbox = Folder {
        id: FolderId(21),
        account: "other".into(),
        path: "INBOX".into(),
        role: Some("inbox".into()),
        total: 1,
        unread: 0,
        policy: None,
    };
    stage.send(Message::Folders(Ok(vec![inbox])));
    assert_eq!(stage.state.list.place, Place::Folder(FolderId(21)));
    // Whoever is faster than the disk stays where he went.
    let mut stage = Stage::back(spot);
    stage.send(Message::PlaceChosen(Place::Starred));
    assert_eq!(stage.state.spot().unwrap().place, Kept::Starred);
}

#[test]
fn a_letter_from_the_command_line_comes_before_the_one_of_last_time() {
    let spot = Spot { place: Kept::Folder(11), row: 2, letter: Some(3), open: true };
    let mut stage = Stage::back(spot);
    stage.send(Message::FileWanted("/tmp/a.eml".into()));
    page(&mut stage, &[1, 2, 3, 4], 0, 4);
    assert_eq!(opened(&stage), None);
    assert_eq!(stage.state.list.selected, None);
}

#[test]
fn the_list_is_read_beside_a_letter_from_the_command_line() {
    let mut stage = Stage::new();
    stage.send(Message::FileWanted("/tmp/a.eml".into()));
    let Some(Command::OpenFile(doc, ..)) = stage.last_asked() else { panic!() };
    let shown = OpenLetter { letter: None, ..letter(LetterId(0), LETTER) };
    stage.happens(Event::Opened(doc, Arc::new(shown)));
    stage.send(Message::Folders(Ok(Vec::new())));
    assert!(stage.reads().iter().any(|read| matches!(read, Read::Page(_, Place::All, 0))));
    assert!(stage.state.open.is_some());
}

#[test]
fn a_search_is_left_for_the_place_it_was_made_in() {
    let mut stage = Stage::in_folder("INBOX", 3);
    stage.click_field("search");
    stage.types("회의");
    stage.send(Message::SearchEntered);
    assert_eq!(stage.state.spot().unwrap().place, Kept::Folder(11));
}
