//! What was found, in another order; and where one searches, wherever one comes from.

use super::{Stage, found, typed};
use goyo::gui::screen::mail::list::Row;
use goyo::gui::screen::mail::{Menu, Message, Place, Read};
use goyo::model::{Account, AccountId, AccountKind, Flags, FolderId};
use goyo::store::{Folder, Sort};

fn last_read(stage: &Stage) -> Read {
    let found = |read: &Read| matches!(read, Read::Search(..) | Read::SearchBy(..));
    stage.reads().into_iter().rfind(found).unwrap()
}

#[test]
fn what_was_found_is_put_in_an_order_and_stays_so_for_the_next_search() {
    let mut stage = typed("견적");
    stage.send(Message::SearchEntered);
    stage.sees("최신순");
    stage.send(Message::MenuToggled(Menu::Sort));
    stage.sees("크기순");
    // It is found, not listed: nothing to be bundled.
    stage.click("잘 맞는 순");
    let generation = stage.state.list.generation;
    assert_eq!(last_read(&stage), Read::SearchBy(generation, "견적".into(), Sort::Best));
    stage.send(Message::SearchTyped("회의".into()));
    stage.send(Message::SearchEntered);
    let generation = stage.state.list.generation;
    assert_eq!(last_read(&stage), Read::SearchBy(generation, "회의".into(), Sort::Best));
    // A folder has no best.
    stage.send(Message::SearchCleared);
    stage.send(Message::MenuToggled(Menu::Sort));
    stage.sees_not("잘 맞는 순");
}

#[test]
fn starred_letters_have_an_order_of_their_own() {
    let mut stage = Stage::in_folder("INBOX", 2);
    stage.send(Message::PlaceChosen(Place::Starred));
    let generation = stage.state.list.generation;
    assert_eq!(last_read(&stage), Read::Search(generation, "is:flagged".into()));
    stage.send(Message::MenuToggled(Menu::Sort));
    stage.sees_not("중요 메일 먼저");
    stage.click("안 읽은 메일 먼저");
    let generation = stage.state.list.generation;
    assert_eq!(last_read(&stage), Read::SearchBy(generation, "is:flagged".into(), Sort::Unread));
    let rows = |seen: [bool; 3], order: [i64; 3]| {
        let row = |(id, seen): (i64, bool)| {
            let mut letter = found(id, "INBOX");
            letter.flags = if seen { Flags::SEEN } else { Flags::NONE };
            Row::of(letter)
        };
        order.into_iter().zip(seen).map(row).collect::<Vec<_>>()
    };
    stage.send(Message::Found(generation, Ok(rows([false, false, true], [0, 1, 2]))));
    assert_eq!(stage.rows(), [0, 1, 2]);
    // One that was read stays where it is while one looks.
    stage.send(Message::Engine(goyo::engine::protocol::Event::Resync));
    let generation = stage.state.list.generation;
    stage.send(Message::Found(generation, Ok(rows([false, true, true], [1, 0, 2]))));
    assert_eq!(stage.rows(), [0, 1, 2]);
    // It is remembered for that place.
    stage.send(Message::PlaceChosen(Place::All));
    stage.send(Message::PlaceChosen(Place::Starred));
    assert!(matches!(last_read(&stage), Read::SearchBy(_, _, Sort::Unread)));
}

#[test]
fn from_everywhere_one_searches_in_one_of_several_accounts() {
    let mut stage = Stage::in_folder("INBOX", 2);
    let account = |id: i64, name: &str| Account {
        id: AccountId(id),
        name: name.into(),
        kind: AccountKind::Imap,
        address: Some(name.into()),
        settings: goyo::model::Settings::default(),
    };
    let both = vec![account(2, "minji@naver.com"), account(3, "minji@daum.net")];
    stage.send(Message::Accounts(both, false));
    let mut folders = stage.state.folders.clone();
    folders.push(Folder {
        id: FolderId(30),
        account: "minji@daum.net".into(),
        ..folders[0].clone()
    });
    stage.send(Message::Folders(Ok(folders)));
    stage.send(Message::PlaceChosen(Place::Starred));
    stage.send(Message::SearchTyped("견적".into()));
    stage.send(Message::SearchEntered);
    stage.sees("전체");
    stage.click("minji@daum.net 계정만");
    let Read::Search(_, question) = last_read(&stage) else { panic!() };
    assert_eq!(question, "in:\"minji@daum.net/\" (견적)");
    stage.sees("minji@naver.com 계정만");
}
